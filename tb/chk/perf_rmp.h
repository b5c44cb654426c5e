// SPDX-License-Identifier: Apache-2.0
//
// perf_rmp.h - measurements with the RMP check on: a table by rule, traffic that hits or misses, instructions
//
// The table covers the first `pages` pages of memory and lies at 1 MiB. It is not written out: DRAM gives each entry by
// rule (dram_set_rule), so 16 GiB cost nothing. Pages below `free_page` are the hypervisor's (the table's own: the
// firmware's); all others belong to the guests 1 to GEN_PERF_KEYS in turn, page by page or 2 MiB range by range.
#ifndef TB_PERF_RMP_H
#define TB_PERF_RMP_H

#include "chk/perf.h"

typedef enum perf_rmp_layout {
  PERF_RMP_4K = 0,  // private pages of 4 KiB
  PERF_RMP_2M,      // private pages of 2 MiB
  PERF_RMP_NONE     // all pages are the hypervisor's: shared with guests
} perf_rmp_layout_t;

typedef struct perf_rmp_table {
  uint64_t base, end;   // RMP_BASE, RMP_END
  uint64_t pages, free_page;
  uint32_t lines;       // RmpLines
  perf_rmp_layout_t layout;
} perf_rmp_table_t;

typedef enum perf_rmp_pattern {
  PERF_RMP_HIT = 0,  // as many pages as fit the cache, half for reads and half for writes
  PERF_RMP_LOCAL,    // 4 KiB (64 KiB with pages of 2 MiB) from first byte to last, then another place
  PERF_RMP_UNIFORM,  // every burst anywhere
  PERF_RMP_RARE      // hits; one burst of 64, at random, anywhere
} perf_rmp_pattern_t;

// For gen_perf_opt_t: choose = perf_rmp_choose, arg = this.
typedef struct perf_rmp_flow {
  const perf_rmp_table_t *t;
  perf_rmp_pattern_t pattern;
  uint32_t bytes;                // of a burst
  uint64_t page[2], offset[2];   // LOCAL: where reads and writes are
  latency_t *hit, *miss;         // RARE with done = perf_rmp_done: address handshake to first data or response
} perf_rmp_flow_t;

void perf_rmp_choose(void *arg, rng_t *rng, bool write, uint64_t n, cbit_attr_t *who, uint64_t *spa);
void perf_rmp_done(void *arg, const host_txn_t *t);
// Attributes of an access to a page.
void perf_rmp_who(const perf_rmp_table_t *t, uint64_t page, cbit_attr_t *who);

// Starts the check of b (encryption is on): a table for `pages` pages, all of it as `layout` says.
bool perf_rmp_start(perf_t *p, bench_t *b, perf_rmp_table_t *t, uint64_t pages, perf_rmp_layout_t layout);
// Gives memory another layout; the caches forget what they hold.
bool perf_rmp_relayout(perf_t *p, bench_t *b, perf_rmp_table_t *t, perf_rmp_layout_t layout);

typedef struct perf_rmp_counts {
  uint32_t asks, misses, reads;
} perf_rmp_counts_t;
bool perf_rmp_count(perf_t *p, bench_t *b, perf_rmp_counts_t *c);

typedef struct perf_rmp_rig {
  perf_rig_t r;       // wire; bypassed; encryption and check on
  bench_t *off;       // the same engine, encryption on, check off
  bench_t *without;   // an engine without the check (Rmp = 0), encryption on; NULL: none of this shape is there
  perf_rmp_table_t t;
  size_t first_row;   // traffic is that of a row's place among these rows, whatever was measured before
} perf_rmp_rig_t;

// All rows of a configuration with Rmp = 1 (perf_rmp_rows.c, perf_rmp_single.c), its instructions and check ports too (perf_rmp_insn.c,
// perf_rmp_chk.c).
bool perf_rmp(perf_t *p, const char *config);
bool perf_rmp_single(perf_t *p, perf_rmp_rig_t *rig);
bool perf_rmp_insn(perf_t *p, const char *config);
bool perf_rmp_chk(perf_t *p, const char *config);

#endif  // TB_PERF_RMP_H
