// SPDX-License-Identifier: Apache-2.0
//
// storm_int.h - inside of the storm, shared by storm*.c only: the machine, and what its guests and its host know
#ifndef TB_STORM_INT_H
#define TB_STORM_INT_H

#include "iommu/iommu.h"
#include "storm/storm.h"

#define ST_GUESTS 2u
#define ST_LEVELS 2u      // VMPL 0 and 3
#define ST_LIVE 2u        // regions of 2 MiB of guest memory in use at a time
#define ST_REGIONS 256u   // regions of a guest, used one after the other
#define ST_HOT 4u         // pages of a region and of a range that are used
#define ST_RANGES 20u     // of memory that the host gives and takes
#define ST_SMALL 5u       // the first of them by pages of 4 KiB, the rest whole (until they are smashed)
#define ST_LINES 32u      // lines of a page
#define ST_LINE 16u       // bytes
#define ST_EXITS 32u
#define ST_IOVAS 8u
#define ST_ASID 5u        // of the first guest
#define ST_TABLE UINT64_C(0x100000)
#define ST_NESTED UINT64_C(0x3000000)  // 2 MiB for each guest
#define ST_HOST UINT64_C(0x300000)    // host tables, I/O tables, device table, event log
#define ST_RAM UINT64_C(0x400000)     // 2 MiB for the own tables of each guest
#define ST_ARENA UINT64_C(0x800000)
#define ST_LOG (ST_HOST + UINT64_C(0xf0000))
#define ST_LOG_N 256u
#define ST_OWN UINT64_C(0x7f0000000000)     // linear, private
#define ST_SHARED UINT64_C(0x7f8000000000)  // the same memory without C-bit
#define ST_GPA UINT64_C(0x40000000)
#define ST_IOVA UINT64_C(0x10000000)

static inline uint64_t st_spa(uint32_t range, uint32_t page) { return ST_ARENA + ((uint64_t)range << 21) + ((uint64_t)page << 12); }
static inline uint64_t st_gpa(uint32_t region, uint32_t page) { return ST_GPA + ((uint64_t)region << 21) + ((uint64_t)page << 12); }
// The host has every page twice: by itself, and in its range.
static inline uint64_t st_hva(uint64_t spa, bool range) {
  return (range ? UINT64_C(0xffff880000000000) : UINT64_C(0xffff800000000000)) + spa;
}

// A page as the guest's software knows it. It validates the page once in its life.
typedef struct st_gpage {
  bool asked;                // validated
  bool busy;                 // somebody is validating it
  bool shaken;               // the host touched it since it was written (for the counts)
  bool known[ST_LINES];
  uint8_t users[ST_LINES];   // a lock: readers; 255 a writer
  uint8_t text[ST_LINES][ST_LINE];
} st_gpage_t;

typedef struct st_region {
  bool whole;                // to be validated as one page of 2 MiB, if the host backs it so
  st_gpage_t page[ST_HOT];
} st_region_t;

typedef struct st_guest {
  space_t space;
  st_region_t region[ST_REGIONS];
  uint32_t live[ST_LIVE], next;
} st_guest_t;

typedef struct st_exit {
  uint32_t guest, region, page;
} st_exit_t;

typedef struct st_book {     // whom the host gave a page
  bool used, large;
  uint32_t guest, region, page;
} st_book_t;

typedef struct storm storm_t;

typedef struct st_core {
  storm_t *k;
  uint32_t number;
  rng_t rng;
  tlb_t tlb;
  vcpu_t vcpu[ST_GUESTS][ST_LEVELS];
  uint32_t guest, level, live, page, line;  // of the last access that came through
} st_core_t;

typedef struct st_device {
  storm_t *k;
  uint32_t number;
  rng_t rng;
  iotab_t tab;
} st_device_t;

struct storm {
  bench_t *b;
  storm_stats_t *st;
  storm_opt_t opt;
  theorem_t *th;
  rng_t rng;                 // the host's
  st_guest_t guest[ST_GUESTS];
  st_core_t core[STORM_CORES_MAX];
  st_device_t device[STORM_DEVICES_MAX];
  iommu_t iommu;
  space_t host_space;
  vcpu_t host;
  tlb_t host_tlb;
  st_book_t book[ST_RANGES][ST_HOT];
  bool smashed[ST_RANGES];   // never whole again: the host does not collect 512 pages
  uint32_t whole;            // range that was given last as one page
  st_exit_t exit[ST_EXITS];
  uint32_t exits;
  bool over;
};

// An action of a core or device is done; false: the storm is over.
bool st_count(storm_t *k);
// An instruction of the host (no translation). code: its EAX; 255 if it ended otherwise. False: the bench failed.
bool st_host_insn(storm_t *k, rng_t *r, uint8_t op, uint64_t spa, const uint8_t arg[16], uint8_t *code);
bool st_rmpupdate(storm_t *k, uint64_t spa, uint64_t gpa, uint32_t asid, bool large, uint8_t *code);
// Tasks; arg: st_core_t, st_device_t, storm_t.
void st_core(void *arg);
void st_dev(void *arg);
void st_host(void *arg);
// A guest's own PVALIDATE of one page (or of its region) at VMPL 0.
void st_noted(storm_t *k, uint8_t op, bool good);

#endif  // TB_STORM_INT_H
