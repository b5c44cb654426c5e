// SPDX-License-Identifier: Apache-2.0
//
// vec_rmp_table.c - the table that instructions work on, as a sparse memory (vec_rmp.h)
//
// Entries are kept by page number in an open hash table; what is not there is zero. The model's addresses are turned back into
// pages, so an address outside the table, or one that is not aligned, is noticed and told with the next comparison.
#include <stdlib.h>
#include <string.h>

#include "chk/vec_rmp.h"
#include "core/log.h"

#define COUNTERS 2048u
#define BOOKKEEPING 0x4000u

typedef struct slot {
  uint64_t page;
  uint64_t generation;  // used if it is the table's
  uint64_t mark;        // last mark at which the old value was kept
  uint64_t q1, q2, old1, old2;
} slot_t;

struct vec_rmp_table {
  uint64_t base, end;
  slot_t *slot;
  size_t slots, used;  // a power of two
  uint64_t generation, mark;
  uint64_t counter[COUNTERS], counter_old[COUNTERS];
  const rmpvec_item_t *in_use;
  size_t in_uses;
  bool stray;  // the model touched memory that is no part of the table
};

vec_rmp_table_t *vec_rmp_table_open(void) {
  vec_rmp_table_t *t = log_alloc(sizeof(*t));
  t->slots = 2048;
  t->slot = log_alloc(t->slots * sizeof(*t->slot));
  t->generation = 1;
  t->mark = 1;
  return t;
}

void vec_rmp_table_close(vec_rmp_table_t *t) {
  if (t == NULL) return;
  free(t->slot);
  free(t);
}

void vec_rmp_table_clear(vec_rmp_table_t *t, const cbit_rmp_cfg_t *cfg) {
  t->base = cfg->rmp_base & ~(uint64_t)0x1fff;
  t->end = cfg->rmp_end | 0x1fff;
  t->generation++;
  t->used = 0;
  t->stray = false;
  t->in_uses = 0;
  memset(t->counter, 0, sizeof(t->counter));
  vec_rmp_table_mark(t);
}

void vec_rmp_table_mark(vec_rmp_table_t *t) {
  t->mark++;
  memcpy(t->counter_old, t->counter, sizeof(t->counter));
}

static slot_t *place(slot_t *slot, size_t slots, uint64_t generation, uint64_t page) {
  size_t i = (size_t)((page * UINT64_C(0x9e3779b97f4a7c15)) >> 20) & (slots - 1);
  while (slot[i].generation == generation && slot[i].page != page) i = (i + 1) & (slots - 1);
  return &slot[i];
}

static slot_t *find(const vec_rmp_table_t *t, uint64_t page) {
  slot_t *s = place(t->slot, t->slots, t->generation, page);
  return s->generation == t->generation ? s : NULL;
}

static slot_t *make(vec_rmp_table_t *t, uint64_t page) {
  if (2 * t->used >= t->slots) {
    slot_t *more = log_alloc(2 * t->slots * sizeof(*more));
    for (size_t i = 0; i < t->slots; i++) {
      if (t->slot[i].generation == t->generation) *place(more, 2 * t->slots, t->generation, t->slot[i].page) = t->slot[i];
    }
    free(t->slot);
    t->slot = more;
    t->slots *= 2;
  }
  slot_t *s = place(t->slot, t->slots, t->generation, page);
  if (s->generation != t->generation) {
    *s = (slot_t){.page = page, .generation = t->generation};
    t->used++;
  }
  if (s->mark != t->mark) {
    s->mark = t->mark;
    s->old1 = s->q1;
    s->old2 = s->q2;
  }
  return s;
}

void vec_rmp_table_put(vec_rmp_table_t *t, const rmpvec_item_t *item) {
  if (item->kind == RVI_COUNTER) {
    t->counter[item->from % COUNTERS] = item->q1;
    return;
  }
  for (uint64_t page = item->from >> 12; page <= item->to >> 12; page++) {
    slot_t *s = make(t, page);
    s->q1 = item->q1 + (item->steps ? page * 4096 - item->from : 0);
    s->q2 = item->q2;
  }
}

// ---- what the model sees ---------------------------------------------------------------------------------------------------

static bool entry_page(vec_rmp_table_t *t, uint64_t addr, uint64_t *page) {
  const bool good = addr >= t->base + BOOKKEEPING && addr <= t->end && addr % 16 == 0;
  *page = good ? (addr - t->base - BOOKKEEPING) / 16 : 0;
  t->stray = t->stray || !good;
  return good;
}

static bool counter_index(vec_rmp_table_t *t, uint64_t addr, size_t *i) {
  const bool good = addr >= t->base && addr < t->base + 8 * COUNTERS && addr % 8 == 0;
  *i = good ? (size_t)(addr - t->base) / 8 : 0;
  t->stray = t->stray || !good;
  return good;
}

static int read16(void *ctx, uint64_t addr, uint8_t raw[16]) {
  vec_rmp_table_t *t = ctx;
  uint64_t page;
  const slot_t *s = entry_page(t, addr, &page) ? find(t, page) : NULL;
  rmpvec_bytes(s != NULL ? s->q1 : 0, s != NULL ? s->q2 : 0, raw);
  return 0;
}

static void write16(void *ctx, uint64_t addr, const uint8_t raw[16]) {
  vec_rmp_table_t *t = ctx;
  uint64_t page;
  if (!entry_page(t, addr, &page)) return;
  slot_t *s = make(t, page);
  s->q1 = rmpvec_half(raw);
  s->q2 = rmpvec_half(raw + 8);
}

static int read8(void *ctx, uint64_t addr, uint64_t *value) {
  vec_rmp_table_t *t = ctx;
  size_t i;
  *value = counter_index(t, addr, &i) ? t->counter[i] : 0;
  return 0;
}

static void write8(void *ctx, uint64_t addr, uint64_t value) {
  vec_rmp_table_t *t = ctx;
  size_t i;
  if (counter_index(t, addr, &i)) t->counter[i] = value;
}

static int in_use(void *ctx, uint64_t spa, uint64_t bytes) {
  const vec_rmp_table_t *t = ctx;
  for (size_t i = 0; i < t->in_uses; i++) {
    const uint64_t page = t->in_use[i].from & ~(uint64_t)0xfff;
    if (page >= spa && page - spa < bytes) return 1;
  }
  return 0;
}

cbit_rmp_mem_t vec_rmp_table_mem(vec_rmp_table_t *t) {
  return (cbit_rmp_mem_t){.ctx = t, .read16 = read16, .write16 = write16, .read8 = read8, .write8 = write8, .in_use = in_use};
}

void vec_rmp_table_in_use(vec_rmp_table_t *t, const rmpvec_item_t *page, size_t n) {
  t->in_use = page;
  t->in_uses = n;
}

// ---- what changed ----------------------------------------------------------------------------------------------------------

static bool changed(const vec_rmp_table_t *t, const slot_t *s) {
  return s->generation == t->generation && s->mark == t->mark && (s->q1 != s->old1 || s->q2 != s->old2);
}

static vec_result_t compare_pages(const vec_rmp_table_t *t, const rmpvec_item_t *item) {
  for (uint64_t page = item->from >> 12; page <= item->to >> 12; page++) {
    const uint64_t q1 = item->q1 + (item->steps ? page * 4096 - item->from : 0);
    const slot_t *s = find(t, page);
    const uint64_t got1 = s != NULL ? s->q1 : 0;
    const uint64_t got2 = s != NULL ? s->q2 : 0;
    if (got1 == q1 && got2 == item->q2 && s != NULL && changed(t, s)) continue;
    return vec_fail("entry of page 0x%llx: expected 0x%llx:0x%llx, got 0x%llx:0x%llx%s", (unsigned long long)page << 12,
                    (unsigned long long)q1, (unsigned long long)item->q2, (unsigned long long)got1, (unsigned long long)got2,
                    got1 == q1 && got2 == item->q2 ? " (unchanged)" : "");
  }
  return vec_pass();
}

static bool listed(uint64_t at, rmpvec_item_kind_t kind, const rmpvec_item_t *item, size_t n) {
  for (size_t i = 0; i < n; i++) {
    if (item[i].kind == kind && at >= item[i].from && at <= item[i].to) return true;
  }
  return false;
}

vec_result_t vec_rmp_table_compare(const vec_rmp_table_t *t, const rmpvec_item_t *item, size_t n) {
  if (t->stray) return vec_fail("the model touched memory outside the table");
  for (size_t i = 0; i < n; i++) {
    if (item[i].kind == RVI_COUNTER) {
      const uint64_t got = t->counter[item[i].from % COUNTERS];
      if (got == item[i].q1) continue;
      return vec_fail("counter of ASID %llu: expected %llu, got %llu", (unsigned long long)item[i].from,
                      (unsigned long long)item[i].q1, (unsigned long long)got);
    }
    const vec_result_t r = compare_pages(t, &item[i]);
    if (r.verdict != VEC_PASS) return r;
  }
  for (size_t i = 0; i < t->slots; i++) {
    const slot_t *s = &t->slot[i];
    if (!changed(t, s) || listed(s->page << 12, RVI_ENTRY, item, n)) continue;
    return vec_fail("entry of page 0x%llx: expected no change, got 0x%llx:0x%llx", (unsigned long long)s->page << 12,
                    (unsigned long long)s->q1, (unsigned long long)s->q2);
  }
  for (size_t i = 0; i < COUNTERS; i++) {
    if (t->counter[i] == t->counter_old[i] || listed(i, RVI_COUNTER, item, n)) continue;
    return vec_fail("counter of ASID %zu: expected no change, got %llu", i, (unsigned long long)t->counter[i]);
  }
  return vec_pass();
}
