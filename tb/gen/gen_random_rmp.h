// SPDX-License-Identifier: Apache-2.0
//
// gen_random_rmp.h - what start-up and traffic of the RMP check (gen_random_rmp.c) and RMP instructions
// (gen_random_insn.c) know together: the table, its ranges and pages, what the entries were when last looked at
#ifndef TB_GEN_RANDOM_RMP_H
#define TB_GEN_RANDOM_RMP_H

#include "core/rmp_boot.h"
#include "gen/gen_random_int.h"

#define RANGES 5u
#define PAGES 8u
#define PAGE 4096u
#define RANGE ((uint64_t)1 << 21)

// AGAIN: the table is written once more, later. RST, LOADING: of a segmented one, the segment table is written, loaded.
typedef enum step { WAIT, FENCING, RST, LOADING, FLUSHING, FILLING, VERIFYING, AGAIN, ENABLING, RUNNING, GIVEN_UP } step_t;

// A segmented table (gen_random_seg.c): size = seg_size. bad: SEG_LOAD must refuse it, at first.
typedef struct gen_seg {
  bool on, bad, loaded;
  uint32_t size;
  uint64_t table[RMP_SEGMENTS], gib[RMP_SEGMENTS];
} gen_seg_t;

struct gen_rmp {
  rng_t r;
  uint64_t base, end, covered;  // table (inclusive end), bytes of memory that it covers
  uint64_t range[RANGES];
  uint16_t page[PAGES];         // numbers within a range; [0] = 0
  rmp_words_t entry[RANGES][PAGES];
  step_t step;
  gen_seg_t seg;
  uint64_t begin;
  uint32_t state, filled, total, tries;
  bool spoilt, tsme;            // spoilt: a page of the table is not the firmware's, at first
  bool quiet;                   // no other traffic during start-up
  uint32_t focus_range, focus_page, focus_left;  // a page that gets most requests and rewrites for a while
  bool calm;                                     // no rewrites meanwhile: the caches stay filled
};

static inline uint64_t gen_rmp_page(const gen_rmp_t *m, uint32_t i, uint32_t k) {
  return m->range[i] + (uint64_t)m->page[k] * PAGE;
}
void gen_seg_start(gen_random_t *g);                                  // draws one, and the ranges; on = false: none
uint64_t gen_seg_entry(const gen_rmp_t *m, uint64_t spa);             // where a page's entry lies, in a table of any kind
bool gen_seg_in_table(const gen_rmp_t *m, uint64_t spa);
uint32_t gen_seg_firmware_writes(const gen_rmp_t *m);                 // bursts that make the table's pages the firmware's
uint64_t gen_seg_firmware_page(const gen_rmp_t *m, uint32_t k, uint32_t *n);  // first page of burst k, number of pages
uint32_t gen_seg_rst_writes(void);
// Write k of the segment table: address; the same two entries n times.
uint64_t gen_seg_rst_write(gen_random_t *g, uint32_t k, rmp_words_t *w, uint32_t *n);
// A page of the table itself, or next to it.
uint64_t gen_rmp_table_page(const gen_rmp_t *m, rng_t *r);
// Looks at the entry of page k of range i as instructions left it.
void gen_insn_refresh(gen_random_t *g, uint32_t i, uint32_t k);
// May the secure processor rewrite this range? Some ranges are left to the instructions.
bool gen_insn_owns(const gen_random_t *g, uint32_t i);
// First entry of page k of such a range.
rmp_words_t gen_insn_first(gen_random_t *g, uint32_t k);

#endif  // TB_GEN_RANDOM_RMP_H
