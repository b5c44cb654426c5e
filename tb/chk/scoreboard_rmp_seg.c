// SPDX-License-Identifier: Apache-2.0
//
// scoreboard_rmp_seg.c - where the table lies, contiguous or in segments (scoreboard_rmp_int.h)
//
// The segment table is read once, by SEG_LOAD; what it held then counts from there on, whatever memory holds later.
// Rules: docs/units/rmp_seg.md, docs/rmp.md 1.5. Which address has which entry: cbit_rmp_segment_entry_addr().
#include <string.h>

#include "chk/scoreboard_rmp_int.h"
#include "util/bytes.h"

#define HIGH_BITS ((uint64_t)0xfff << 52)
#define SEG_MIN 30u
#define SEG_MAX 40u

bool sb_rmp_segmented(const sb_rmp_t *m) { return (m->cfg & 1) != 0; }
static uint32_t seg_size(const sb_rmp_t *m) { return m->cfg >> 8 & 63; }

// GiB that a segment covers.
static uint64_t cover(const sb_rmp_t *m, uint64_t entry) {
  const uint64_t size = entry & 0xfffff;
  const uint64_t most = (uint64_t)1 << (seg_size(m) - SEG_MIN);
  return size < most ? size : most;
}

static uint64_t table_of(uint64_t entry) { return entry & 0xffffffff00000; }

bool sb_rmp_in_table(const sb_rmp_t *m, uint64_t spa) {
  const uint64_t base = sb_rmp_base(m);
  if (!sb_rmp_segmented(m)) return spa >> 13 >= base >> 13 && spa >> 13 <= sb_rmp_last(m) >> 13;
  if (spa >> 13 >= base >> 13 && (spa >> 13) - (base >> 13) <= 2) return true;
  for (uint32_t i = 0; m->loaded && i < RMP_SEGMENTS; i++) {
    const uint64_t at = table_of(m->rst[i]);
    if (spa >= at && spa - at < cover(m, m->rst[i]) << 22) return true;
  }
  return false;
}

bool sb_rmp_find(const sb_rmp_t *m, uint64_t spa, uint64_t *addr) {
  if (!sb_rmp_segmented(m)) {
    const cbit_rmp_cfg_t cfg = {.rmp_base = sb_rmp_base(m), .rmp_end = sb_rmp_last(m)};
    return cbit_rmp_entry_addr(&cfg, spa, addr) != 0;
  }
  *addr = 0;
  const uint64_t i = spa >> seg_size(m);
  return spa >> 52 == 0 && i < RMP_SEGMENTS && m->loaded && cbit_rmp_segment_entry_addr(seg_size(m), m->rst[i], spa, addr) != 0;
}

uint64_t sb_rmp_rst(const sb_rmp_t *m, uint64_t addr) {
  const uint64_t i = (addr - sb_rmp_base(m) - RMP_HEAD_BYTES) / 8;
  return i < RMP_SEGMENTS ? m->rst[i] : 0;
}

uint8_t sb_rmp_seg_range(const scoreboard_t *s) {
  const sb_rmp_t *m = s->rmp;
  if ((m->base[0] >> 13 & 0x7f) != 0) return 1;
  if (sb_rmp_base(m) >> bench_cfg(s->bench)->spa_width != 0) return 3;
  return seg_size(m) < SEG_MIN || seg_size(m) > SEG_MAX ? 5 : 0;
}

// Is an entry one that SEG_LOAD refuses?
static bool bad_entry(const scoreboard_t *s, uint32_t i, uint64_t entry) {
  const uint32_t width = bench_cfg(s->bench)->spa_width;
  if ((entry & HIGH_BITS) != 0) return true;
  if ((entry & 0xfffff) == 0) return false;
  if (i >= RMP_SEGMENTS) return true;
  return table_of(entry) + (cover(s->rmp, entry) << 22) > (uint64_t)1 << width;
}

bool sb_rmp_seg_load(scoreboard_t *s, bool *good) {
  sb_rmp_t *m = s->rmp;
  *good = true;
  for (uint32_t i = 0; i < 512; i += 2) {
    uint8_t raw[16];
    if (!sb_rmp_shadow(s, sb_rmp_base(m) + RMP_HEAD_BYTES + 8 * (uint64_t)i, raw)) return false;
    for (uint32_t k = 0; k < 2; k++) {
      const uint64_t entry = le64_load(raw + (size_t)k * 8);
      if (bad_entry(s, i + k, entry)) *good = false;
      if (i + k < RMP_SEGMENTS) m->rst[i + k] = entry;
    }
  }
  return true;
}

// The control area, then the segments' tables, in turn.
bool sb_rmp_seg_each(scoreboard_t *s, bool (*page)(scoreboard_t *s, uint64_t spa, bool *good), bool *good) {
  const sb_rmp_t *m = s->rmp;
  for (uint64_t at = sb_rmp_base(m); at < sb_rmp_base(m) + 6 * 4096 && *good; at += 4096) {
    if (!page(s, at, good)) return false;
  }
  for (uint32_t i = 0; i < RMP_SEGMENTS && *good; i++) {
    const uint64_t from = table_of(m->rst[i]);
    for (uint64_t at = from; at < from + (cover(m, m->rst[i]) << 22) && *good; at += 4096) {
      if (!page(s, at, good)) return false;
    }
  }
  return true;
}
