// SPDX-License-Identifier: Apache-2.0
//
// soak_int.h - inside of the random run, shared by soak*.c only: the machine, and what software knows of it
#ifndef TB_SOAK_INT_H
#define TB_SOAK_INT_H

#include "cpu/soak.h"

#define SOAK_GUESTS 2u
#define SOAK_LEVELS 2u   // VMPL 0 and 3
#define SOAK_VAS 6u      // linear pages of a guest
#define SOAK_GPAS 6u
#define SOAK_PAGES 8u    // four in each of two ranges of 2 MiB
#define SOAK_ASID 5u     // of the first guest
#define SOAK_TABLE UINT64_C(0x100000)
#define SOAK_NESTED UINT64_C(0x200000)
#define SOAK_RAM UINT64_C(0x400000)     // 2 MiB for the tables of each guest

static inline uint64_t soak_spa(uint32_t p) {
  return UINT64_C(0x800000) + (p / 4) * UINT64_C(0x200000) + p % 4 * UINT64_C(0x1000);
}
static inline uint64_t soak_gpa(uint32_t i) { return UINT64_C(0x200000) + i * UINT64_C(0x1000); }
static inline uint64_t soak_va(uint32_t i) { return UINT64_C(0x7f0000000000) + i * UINT64_C(0x1000); }
// The host has every page twice: by itself, and in its range.
static inline uint64_t soak_hva(uint32_t p, bool range) {
  return (range ? UINT64_C(0xffff880000000000) : UINT64_C(0xffff800000000000)) + soak_spa(p);
}

typedef struct soak_map {
  bool there, write, user, nx, cbit;
  uint32_t to;  // GPA or page
} soak_map_t;

typedef struct soak_page {  // what its RMP entry says
  uint32_t asid;  // 0 = the hypervisor's
  uint64_t gpa;
  bool validated;
  uint8_t mask[SOAK_LEVELS];
} soak_page_t;

typedef struct soak_text {  // what lies in a page: bytes known under the key of their block
  uint8_t byte[4096];
  bool known[4096];
  uint32_t key[256];
} soak_text_t;

typedef struct soak_guest {
  space_t space;
  vcpu_t vcpu[SOAK_LEVELS];
  soak_map_t own[SOAK_VAS], nested[SOAK_GPAS];
} soak_guest_t;

typedef struct soak {
  bench_t *b;
  soak_stats_t *st;
  rng_t rng;
  tlb_t tlb;
  soak_guest_t guest[SOAK_GUESTS];
  space_t host_space;
  vcpu_t host;
  soak_page_t page[SOAK_PAGES];
  soak_text_t text[SOAK_PAGES];
  uint32_t last_guest, last_level, last_slot;  // of the last access that came through
} soak_t;

// What an access must come to.
typedef struct soak_want {
  vcpu_end_t end;
  uint64_t error, info;
  uint64_t va, spa;
  uint32_t page, key;  // key: ASID, 0 = none
  bool ec;
} soak_want_t;

// l: index of the VMPL. inside: offset in the page.
// Paging alone. True: it lets the access through, w has page, SPA and eC.
bool soak_want_paging(const soak_t *k, uint32_t g, uint32_t l, vcpu_op_t op, uint32_t slot, uint32_t inside,
                      soak_want_t *w);
void soak_want_guest(const soak_t *k, uint32_t g, uint32_t l, vcpu_op_t op, uint32_t slot, uint32_t inside,
                     soak_want_t *w);
void soak_want_host(const soak_t *k, vcpu_op_t op, uint32_t page, bool range, uint32_t inside, soak_want_t *w);
// Compares what was read, notes what was written.
bool soak_data(soak_t *k, const soak_want_t *w, vcpu_op_t op, const uint8_t *data, uint32_t len);

#endif  // TB_SOAK_INT_H
