// SPDX-License-Identifier: Apache-2.0
//
// rmp_seg_units.h - the segment table of a segmented RMP in registers
//
// rmp_seg_cyc.c: command SEG_LOAD, lookups, what the guard guards. Page: docs/units/rmp_seg.md. With RmpSeg = 0 nothing
// looks at it. Registers are those of the page; base_q has all bits 51:20.

#ifndef CBIT_RMP_SEG_UNITS_H
#define CBIT_RMP_SEG_UNITS_H

#include "cbit_rmp.h"
#include "top/units_cyc.h"

#define RMP_SEGMENTS 16u
#define RMP_SEG_UNIT 63u  // number in tags

typedef struct rmp_seg_cyc {
  // configuration
  uint8_t lanes, spa_width;
  bool exists;  // RmpSeg
  // registers
  uint32_t base[RMP_SEGMENTS];  // SPA[51:20]
  uint16_t cov[RMP_SEGMENTS];   // GiB; counts once loaded
  bool loaded, sreq, swait;
  uint8_t srow;
} rmp_seg_cyc_t;

// What a clock of the unit looks at beside its registers, and what it says in it.
typedef struct rmp_seg_in {
  bool work;                   // of init
  bool rd_taken;
  unsigned seg_size;           // RMP_CFG
  const cyc_rmw_data_t *word;  // a row of the table, NULL: none
} rmp_seg_in_t;

typedef struct rmp_seg_result {
  bool done, bad;
} rmp_seg_result_t;

void rmp_seg_cyc_init(rmp_seg_cyc_t *s, const cbit_cyc_cfg_t *cfg);
void rmp_seg_cyc_reset(rmp_seg_cyc_t *s);
// Address of the row that is read: rd_valid is sreq.
uint64_t rmp_seg_cyc_row(const rmp_seg_cyc_t *s, uint64_t rmp_base);
rmp_seg_result_t rmp_seg_cyc_step(rmp_seg_cyc_t *s, const rmp_seg_in_t *in);

// ---- combinational, with seg_en ----

static inline unsigned rmp_seg_cov(const rmp_seg_cyc_t *s, unsigned i) { return s->loaded ? s->cov[i] : 0; }
// Address of the entry of spa; whether it is covered.
bool rmp_seg_entry_addr(const rmp_seg_cyc_t *s, unsigned seg_size, uint64_t spa, uint64_t *addr);
// Entry i of the segment table, as the registers have it: for the functional layer.
uint64_t rmp_seg_entry(const rmp_seg_cyc_t *s, unsigned i);
// A page that the guard guards: control area, or the table of a segment.
bool rmp_seg_touch(const rmp_seg_cyc_t *s, uint64_t rmp_base, uint64_t spa);

#define RMP_CONTROL_PAGES 6u  // counters, segment table and the rest of its 8 KiB

// Pages that VERIFY asks about: area 0 is the control area, area 1 + i the table of segment i. Number of the first page,
// SPA[51:12], and how many there are.
typedef struct rmp_seg_area {
  uint64_t first;
  uint32_t pages;
} rmp_seg_area_t;
rmp_seg_area_t rmp_seg_area(const rmp_seg_cyc_t *s, uint64_t rmp_base, unsigned area);
// The area that follows: the lowest above with pages; 0: none.
unsigned rmp_seg_next_area(const rmp_seg_cyc_t *s, unsigned area);

#endif  // CBIT_RMP_SEG_UNITS_H
