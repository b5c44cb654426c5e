// SPDX-License-Identifier: Apache-2.0
//
// gen_random_seg.c - a random segmented table (gen_random_rmp.h): segments, the segment table and what is wrong with it
//
// VERIFY reads the entry of each of the 1024 pages of table that a GiB takes, so few GiB are covered: whole segments with
// seg_size 30, else the beginning of larger ones; sizes beyond the segment too. The tables lie in the first GiB, side by side
// or apart, or in their own segment.
#include <string.h>

#include "gen/gen_random_rmp.h"

#define GIB ((uint64_t)1 << 30)
#define TABLE_OF_GIB ((uint64_t)1 << 22)
#define RST_BLOCKS 256u  // of 16 bytes
#define CONTROL_PAGES 6u

static uint64_t covered_of(const gen_seg_t *s, uint32_t i) {
  const uint64_t most = (uint64_t)1 << (s->size - 30);
  return s->gib[i] < most ? s->gib[i] : most;
}

uint64_t gen_seg_entry(const gen_rmp_t *m, uint64_t spa) {
  const gen_seg_t *s = &m->seg;
  if (!s->on) return rmp_entry_at(m->base, spa);
  const uint32_t i = (uint32_t)(spa >> s->size) & (RMP_SEGMENTS - 1);
  return s->table[i] + (spa & (((uint64_t)1 << s->size) - 1)) / PAGE * 16;
}

// A segment that covers something.
static uint32_t some(const gen_seg_t *s, rng_t *r) {
  uint32_t i = rng_below(r, RMP_SEGMENTS);
  while (covered_of(s, i) == 0) i = (i + 1) % RMP_SEGMENTS;
  return i;
}

bool gen_seg_in_table(const gen_rmp_t *m, uint64_t spa) {
  const gen_seg_t *s = &m->seg;
  if (!s->on) return spa >= (m->base & ~(uint64_t)(PAGE - 1)) && spa <= m->end;
  if (spa >= m->base && spa < m->base + CONTROL_PAGES * PAGE) return true;
  for (uint32_t i = 0; i < RMP_SEGMENTS; i++) {
    if (spa >= s->table[i] && spa - s->table[i] < covered_of(s, i) * TABLE_OF_GIB) return true;
  }
  return false;
}

uint64_t gen_rmp_table_page(const gen_rmp_t *m, rng_t *r) {
  const gen_seg_t *s = &m->seg;
  if (!s->on) return m->base + rng_below(r, (uint32_t)(m->end - m->base)) / PAGE * PAGE;
  if (rng_pct(r, 40)) return m->base + (uint64_t)rng_below(r, CONTROL_PAGES + 1) * PAGE;  // and the page behind
  const uint32_t i = some(s, r);
  const uint64_t bytes = covered_of(s, i) * TABLE_OF_GIB;
  const uint64_t at[] = {0, bytes - PAGE, bytes, rng_u64(r) % bytes & ~(uint64_t)(PAGE - 1)};
  return s->table[i] + at[rng_below(r, 4)];
}

// Entries of page i of the SPA range [from, from + pages) lie together: bursts of 256.
uint32_t gen_seg_firmware_writes(const gen_rmp_t *m) {
  uint32_t n = 1;
  for (uint32_t i = 0; i < RMP_SEGMENTS; i++) n += (uint32_t)covered_of(&m->seg, i) * 4;
  return n;
}

uint64_t gen_seg_firmware_page(const gen_rmp_t *m, uint32_t k, uint32_t *n) {
  const gen_seg_t *s = &m->seg;
  *n = CONTROL_PAGES;
  if (k == 0) return m->base;
  *n = 256;
  k--;
  for (uint32_t i = 0; i < RMP_SEGMENTS; i++) {
    const uint32_t bursts = (uint32_t)covered_of(s, i) * 4;
    if (k < bursts) return s->table[i] + (uint64_t)k * 256 * PAGE;
    k -= bursts;
  }
  return m->base;
}

void gen_seg_start(gen_random_t *g) {
  gen_rmp_t *m = g->rmp;
  gen_seg_t *s = &m->seg;
  rng_t *r = &m->r;
  const uint32_t width = bench_cfg(g->b)->spa_width;
  memset(s, 0, sizeof(*s));
  s->on = rng_pct(r, 65);
  s->size = rng_pct(r, 40) ? 30 : rng_pct(r, 40) ? 36 : rng_range(r, 31, 40);
  if (!s->on) return;
  const uint32_t segments = s->size + 4 <= width ? RMP_SEGMENTS : 1u << (width - s->size < 4 ? width - s->size : 4);
  m->base = (uint64_t)rng_range(r, 1, 100) << 20;
  m->end = m->base + 0x1fff;  // not looked at
  s->gib[0] = s->size == 30 && rng_pct(r, 30) ? rng_range(r, 2, 0xfffff) : 1;  // beyond the segment: all of it
  uint64_t next = m->base + ((uint64_t)rng_range(r, 1, 8) << 20);
  s->table[0] = next;
  next += TABLE_OF_GIB + (rng_pct(r, 50) ? 0 : (uint64_t)rng_range(r, 1, 30) << 20);
  if (segments > 1 && rng_pct(r, 60)) {
    const uint32_t i = rng_pct(r, 40) ? 1 : rng_pct(r, 50) ? segments - 1 : rng_range(r, 1, segments - 1);
    s->gib[i] = 1;
    s->table[i] = next;
    if (rng_pct(r, 40)) s->table[i] = ((uint64_t)i << s->size) + ((uint64_t)rng_range(r, 0, 1020) << 20);  // in itself
  }
  for (uint32_t i = 0; i < RMP_SEGMENTS; i++) {  // a table of nothing
    if (s->gib[i] == 0) s->table[i] = rng_pct(r, 30) ? (uint64_t)rng_below(r, 1000) << 20 : 0;
  }
  const uint32_t edge = some(s, r);
  m->covered = ((uint64_t)edge << s->size) + covered_of(s, edge) * GIB;
  for (uint32_t i = 0; i < RANGES; i++) {
    const uint32_t k = some(s, r);
    const uint64_t bytes = covered_of(s, k) * GIB;
    const uint64_t at[] = {0, bytes - RANGE, rng_u64(r) % bytes & ~(RANGE - 1), rng_u64(r) % bytes & ~(RANGE - 1)};
    m->range[i] = ((uint64_t)k << s->size) + at[rng_below(r, 4)];
  }
  if (rng_pct(r, 30)) m->range[2] = m->base & ~(RANGE - 1);
  if (rng_pct(r, 30)) m->range[3] = s->table[0] & ~(RANGE - 1);
  s->bad = rng_pct(r, 30);
}

uint32_t gen_seg_rst_writes(void) { return 1 + RMP_SEGMENTS / 2 + 1; }

static uint64_t word(const gen_seg_t *s, uint32_t i) { return s->table[i] | s->gib[i]; }

// One of the ways in which SEG_LOAD refuses an entry.
static rmp_words_t spoil(gen_random_t *g, uint32_t *block) {
  const gen_seg_t *s = &g->rmp->seg;
  rng_t *r = &g->rmp->r;
  const uint32_t width = bench_cfg(g->b)->spa_width;
  *block = rng_below(r, RMP_SEGMENTS / 2);
  rmp_words_t w = {word(s, 2 * *block), word(s, 2 * *block + 1)};
  uint64_t *one = rng_pct(r, 50) ? &w.q1 : &w.q2;
  switch (rng_below(r, 4)) {
    case 0: *one |= (uint64_t)1 << rng_range(r, 52, 63); break;
    case 1:  // one that does not exist: its size, or its high bits
      *block = rng_pct(r, 40) ? RMP_SEGMENTS / 2 : rng_pct(r, 40) ? RST_BLOCKS - 1 : rng_range(r, RMP_SEGMENTS / 2, RST_BLOCKS - 1);
      w = (rmp_words_t){0, 0};
      *one = rng_pct(r, 70) ? 1 : (uint64_t)1 << rng_range(r, 52, 63);
      break;
    case 2: *one = (((uint64_t)1 << width) - ((uint64_t)rng_range(r, 1, 3) << 20)) | 1; break;  // beyond the memory
    default: *one = ((uint64_t)1 << 52) | 0; break;  // of size 0
  }
  return w;
}

uint64_t gen_seg_rst_write(gen_random_t *g, uint32_t k, rmp_words_t *w, uint32_t *n) {
  gen_seg_t *s = &g->rmp->seg;
  const uint64_t rst = g->rmp->base + RMP_HEAD_BYTES;
  *n = 1;
  if (k == 0) {
    *w = (rmp_words_t){0, 0};
    *n = RST_BLOCKS;
    return rst;
  }
  uint32_t block = k - 1;
  if (block < RMP_SEGMENTS / 2) {
    *w = (rmp_words_t){word(s, 2 * block), word(s, 2 * block + 1)};
  } else {
    block = 0;
    *w = (rmp_words_t){word(s, 0), word(s, 1)};
    if (s->bad) *w = spoil(g, &block);
  }
  return rst + 16 * (uint64_t)block;
}
