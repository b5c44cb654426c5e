// SPDX-License-Identifier: Apache-2.0
//
// theorem.h - what SNP promises a guest, as four theorems about a run, judged from outside (docs/storm.md)
//
//   T1 owner    only the owner of a page writes it
//   T2 private  a private access comes through only with owner, GPA, size, Validated and VMPL right
//   T3 tenant   a page belongs to one GPA of one guest at a time
//   T4 last     a guest that validates each GPA once reads the last value it wrote, or gets an exception
//
// The judge sees who really asks (before the fabric), addresses taken, answers, write beats at memory and the instructions
// with their ends. From these alone it keeps a ledger of the pages; no function of the model, of the scoreboard or of the
// processors is used. T1 to T3 are judged here, T4 by the guests (storm_guest.c), who know what they wrote.
#ifndef TB_THEOREM_H
#define TB_THEOREM_H

#include "core/bench.h"

#define TH_RANGES 22u           // ranges of 2 MiB that are watched
#define TH_SHOWN 8u             // broken theorems that are printed
#define TH_LIMIT 100u           // then the run stops

typedef enum th_name { TH_OWNER = 0, TH_PRIVATE, TH_TENANT, TH_LAST, TH_COUNT } th_name_t;

// What is wrong with an access; the first that applies.
typedef enum th_why { TH_OK = 0, TH_NOT_OWNER, TH_GPA, TH_SIZE, TH_NOT_VALID, TH_VMPL, TH_WHYS } th_why_t;

// How often each theorem was put to the test.
typedef struct th_stats {
  uint64_t broken[TH_COUNT];
  uint64_t owner_writes, beats;                 // T1: writes that came through; beats at memory on pages of guests
  uint64_t host_refused, device_refused, guest_refused;  // writes of others to pages that are not theirs
  uint64_t passed, refused[TH_WHYS];            // T2: private accesses; refused[TH_OK]: though nothing was wrong
  uint64_t foreign, moved, entries;             // T3: accesses of others than the tenant; tenants that changed; entries compared
  uint64_t compared, shaken, excepted;          // T4: reads of known bytes; of pages that the host had touched since; exceptions
  uint64_t requests, met;                       // all, and those whose address met requests of others
  uint64_t instructions, queued;                // taken while another port had one waiting
} th_stats_t;

typedef struct theorem theorem_t;

// Watches the TH_RANGES ranges from base on; all pages are the hypervisor's. table: address of the RMP.
theorem_t *theorem_new(bench_t *b, uint64_t base, uint64_t table, th_stats_t *stats);
void theorem_free(theorem_t *t);
// A theorem is broken: prints, counts.
void theorem_broken(theorem_t *t, th_name_t which, const char *format, ...) __attribute__((format(printf, 3, 4)));
// GPA page that the ledger has for the page of spa; false: it is nobody's.
bool theorem_gpa(const theorem_t *t, uint64_t spa, uint64_t *gpa_page);
const char *theorem_name(th_name_t which);
// NULL: every theorem was put to the test in every way; else what never came.
const char *theorem_untested(const th_stats_t *s);

#endif  // TB_THEOREM_H
