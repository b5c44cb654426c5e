// SPDX-License-Identifier: Apache-2.0
//
// rmp_seg_cyc.c - the segment table of a segmented RMP: read once by SEG_LOAD, checked, and kept in registers
//
// Page: docs/units/rmp_seg.md; rules G5 to G7 of docs/rmp.md. The table is read row by row through the internal port,
// beside the walker. A lookup is combinational.

#include <string.h>

#include "rmp/rmp_seg_units.h"
#include "util/bits.h"
#include "util/bytes.h"

#define MIB_LSB 20u
#define GIB_LSB 30u
#define RST_OFFSET 0x4000u
#define RST_ENTRIES 512u
#define RST_ENTRY_BYTES 8u
#define PAGES_OF_GIB 1024u  // of table for 1 GiB of memory: 4 MiB
#define MIB_OF_GIB 4u

void rmp_seg_cyc_init(rmp_seg_cyc_t *s, const cbit_cyc_cfg_t *cfg) {
  memset(s, 0, sizeof *s);
  s->lanes = (uint8_t)cfg->lanes;
  s->spa_width = (uint8_t)cfg->spa_width;
  s->exists = cfg->rmp_seg != 0;
}

void rmp_seg_cyc_reset(rmp_seg_cyc_t *s) {
  s->loaded = s->sreq = s->swait = false;
  s->srow = 0;
}

// ---- lookup ----

// Segment size as a power of 2 of GiB. Outside 30 .. 40 no lookup counts: FENCE has not been given.
static unsigned size_in_gib(unsigned seg_size) { return seg_size >= GIB_LSB && seg_size <= 40u ? seg_size - GIB_LSB : 0; }

bool rmp_seg_entry_addr(const rmp_seg_cyc_t *s, unsigned seg_size, uint64_t spa, uint64_t *addr) {
  const unsigned n = size_in_gib(seg_size);
  const uint64_t gib = bits_get(spa, GIB_LSB, CBIT_SPA_BITS - GIB_LSB);
  const uint64_t i = gib >> n;  // G5
  const uint64_t offset = gib & bits_mask(n);
  *addr = 0;
  if ((spa & ~bits_mask(CBIT_SPA_BITS)) != 0 || i >= RMP_SEGMENTS || offset >= rmp_seg_cov(s, (unsigned)i)) {  // G6
    return false;
  }
  const uint64_t page = offset << (GIB_LSB - 12u) | bits_get(spa, 12, GIB_LSB - 12u);
  *addr = (((uint64_t)s->base[i] << MIB_LSB) + page * CBIT_RMP_ENTRY_BYTES) & bits_mask(CBIT_SPA_BITS);  // G7
  return true;
}

uint64_t rmp_seg_entry(const rmp_seg_cyc_t *s, unsigned i) {
  return i < RMP_SEGMENTS ? (uint64_t)s->base[i] << MIB_LSB | rmp_seg_cov(s, i) : 0;
}

bool rmp_seg_touch(const rmp_seg_cyc_t *s, uint64_t rmp_base, uint64_t spa) {
  if ((spa >> 13) - (rmp_base >> 13) < RMP_CONTROL_PAGES / 2u) {
    return true;
  }
  for (unsigned i = 0; i < RMP_SEGMENTS; i++) {
    if ((uint32_t)bits_get(spa, MIB_LSB, 32) - s->base[i] < MIB_OF_GIB * rmp_seg_cov(s, i)) {
      return true;
    }
  }
  return false;
}

// ---- VERIFY ----

rmp_seg_area_t rmp_seg_area(const rmp_seg_cyc_t *s, uint64_t rmp_base, unsigned area) {
  if (area == 0) {
    return (rmp_seg_area_t){rmp_base >> 12, RMP_CONTROL_PAGES};
  }
  return (rmp_seg_area_t){(uint64_t)s->base[area - 1u] << (MIB_LSB - 12u), PAGES_OF_GIB * rmp_seg_cov(s, area - 1u)};
}

unsigned rmp_seg_next_area(const rmp_seg_cyc_t *s, unsigned area) {
  for (unsigned i = area; i < RMP_SEGMENTS; i++) {
    if (rmp_seg_cov(s, i) != 0) {
      return i + 1u;
    }
  }
  return 0;
}

// ---- SEG_LOAD ----

uint64_t rmp_seg_cyc_row(const rmp_seg_cyc_t *s, uint64_t rmp_base) {
  return rmp_base + RST_OFFSET + (uint64_t)s->srow * CBIT_BLOCK_BYTES * s->lanes;
}

static uint32_t cov_of(uint64_t entry, unsigned seg_size) {
  const uint64_t size = bits_get(entry, 0, MIB_LSB);
  const uint64_t whole = (uint64_t)1 << size_in_gib(seg_size);
  return (uint32_t)(size < whole ? size : whole);
}

static bool entry_bad(const rmp_seg_cyc_t *s, unsigned index, uint64_t entry, unsigned seg_size) {
  const uint32_t cov = cov_of(entry, seg_size);
  if ((entry & ~bits_mask(CBIT_SPA_BITS)) != 0) {
    return true;
  }
  if (cov == 0) {
    return false;
  }
  return index >= RMP_SEGMENTS ||
         bits_get(entry, MIB_LSB, 32) + MIB_OF_GIB * cov > (uint64_t)1 << (s->spa_width - MIB_LSB);
}

// The row that arrives: all of its entries are looked at before one is stored.
static rmp_seg_result_t take_row(rmp_seg_cyc_t *s, const cyc_rmw_data_t *d, unsigned seg_size) {
  const unsigned n = 2u * s->lanes;
  const unsigned first = n * s->srow;
  bool bad = d->err;
  for (unsigned j = 0; j < n; j++) {
    bad = bad || entry_bad(s, first + j, bytes_load_le64(d->data + RST_ENTRY_BYTES * j), seg_size);
  }
  for (unsigned j = 0; !bad && j < n && first + j < RMP_SEGMENTS; j++) {
    const uint64_t entry = bytes_load_le64(d->data + RST_ENTRY_BYTES * j);
    s->base[first + j] = (uint32_t)bits_get(entry, MIB_LSB, 32);
    s->cov[first + j] = (uint16_t)cov_of(entry, seg_size);
  }
  return (rmp_seg_result_t){.done = bad || first + n == RST_ENTRIES, .bad = bad};
}

rmp_seg_result_t rmp_seg_cyc_step(rmp_seg_cyc_t *s, const rmp_seg_in_t *in) {
  rmp_seg_result_t result = {false, false};
  if (in->work && !s->sreq && !s->swait) {
    s->sreq = true;
  } else if (in->rd_taken) {
    s->sreq = false;
    s->swait = true;
  } else if (in->word != NULL) {
    s->swait = false;
    result = take_row(s, in->word, in->seg_size);
    s->srow = result.done ? 0 : (uint8_t)(s->srow + 1u);
    s->loaded = s->loaded || (result.done && !result.bad);
  }
  return result;
}
