// SPDX-License-Identifier: Apache-2.0
//
// perf_rmp.c - the table by rule, and traffic on it (perf_rmp.h)
#include "chk/perf_rmp.h"

#include <string.h>

#include "core/rmp_boot.h"
#include "util/bytes.h"

#define TABLE_BASE 0x100000u
#define RANGE_PAGES 512u
#define GPA_SHIFT ((uint64_t)1 << 24)  // GPA page = SPA page + this; a multiple of 512
#define RARE 64u

enum { CNT_RMP_ASK = 0x138, CNT_RMP_MISS = 0x13c, CNT_RMP_READ = 0x140 };  // docs/units/rmp.md

static uint16_t owner(const perf_rmp_table_t *t, uint64_t page) {
  return (uint16_t)(1 + (t->layout == PERF_RMP_2M ? page / RANGE_PAGES : page) % GEN_PERF_KEYS);
}

static rmp_words_t entry(const perf_rmp_table_t *t, uint64_t page) {
  cbit_rmp_entry_t e = {.assigned = 0};
  if (page >= t->base >> 12 && page <= t->end >> 12) return rmp_words_firmware();
  if (page < t->free_page || t->layout == PERF_RMP_NONE) return rmp_words_encode(&e);
  e.assigned = 1;
  // A 2 MiB page: everything stands in its first entry.
  if (t->layout == PERF_RMP_2M && page % RANGE_PAGES != 0) return rmp_words_encode(&e);
  e.page_size = t->layout == PERF_RMP_2M ? CBIT_RMP_2M : CBIT_RMP_4K;
  e.validated = 1;
  e.asid = owner(t, page);
  e.gpa_page = page + GPA_SHIFT;
  e.mask[0] = 0x1f;
  return rmp_words_encode(&e);
}

static void rule(void *arg, uint64_t addr, uint8_t to[16]) {
  const perf_rmp_table_t *t = arg;
  memset(to, 0, 16);
  if (addr < t->base + RMP_HEAD_BYTES) return;
  const rmp_words_t w = entry(t, (addr - t->base - RMP_HEAD_BYTES) / CBIT_RMP_ENTRY_BYTES);
  le64_store(to, w.q1);
  le64_store(to + 8, w.q2);
}

bool perf_rmp_start(perf_t *p, bench_t *b, perf_rmp_table_t *t, uint64_t pages, perf_rmp_layout_t layout) {
  const uint32_t lines = bench_cfg(b)->rmp_lines;
  const uint64_t end = TABLE_BASE + RMP_HEAD_BYTES + pages * CBIT_RMP_ENTRY_BYTES - 1;
  // First range behind the table with line 0 of the base memory.
  const uint64_t ranges = (end >> 21) / lines * lines + lines;
  *t = (perf_rmp_table_t){.base = TABLE_BASE, .end = end, .pages = pages, .free_page = ranges * RANGE_PAGES, .lines = lines,
                          .layout = layout};
  dram_set_rule(bench_dram(b), t->base, t->end, rule, t);
  perf_memory(b, false, false, 0);  // VERIFY reads the entry of every page of the table
  uint32_t state = RMP_OFF;
  bool good = bench_rmp_registers(b, t->base, t->end) && bench_sp_write(b, RMP_REG_CTRL, 1, NULL);
  for (uint32_t op = RMP_FENCE; op <= RMP_FLUSH2_DONE && good; op++) good = bench_rmp_cmd(b, op, &state) == 0;
  if ((!good || state != RMP_READY) && !bench_failed(b)) bench_fail(b, "the RMP check does not start");
  return perf_alive(p, b);
}

bool perf_rmp_relayout(perf_t *p, bench_t *b, perf_rmp_table_t *t, perf_rmp_layout_t layout) {
  if (!bench_drain(b)) return perf_alive(p, b);
  t->layout = layout;
  // A write of the secure processor to the table, here to a counter, empties the caches.
  const rmp_words_t zero = {0, 0};
  if (!bench_rmp_write(b, t->base, 1, zero) && !bench_failed(b)) bench_fail(b, "a table write was refused");
  return perf_alive(p, b);
}

bool perf_rmp_count(perf_t *p, bench_t *b, perf_rmp_counts_t *c) {
  return (bench_drain(b) && bench_sp_read(b, CNT_RMP_ASK, &c->asks, NULL) &&
          bench_sp_read(b, CNT_RMP_MISS, &c->misses, NULL) && bench_sp_read(b, CNT_RMP_READ, &c->reads, NULL)) ||
         perf_alive(p, b);
}

// ---- traffic ----------------------------------------------------------------------------------------------------

void perf_rmp_who(const perf_rmp_table_t *t, uint64_t page, cbit_attr_t *who) {
  *who = (cbit_attr_t){.requester = CBIT_REQ_GUEST, .asid = owner(t, page), .snp = 1, .cbit = t->layout != PERF_RMP_NONE,
                       .page_size = t->layout == PERF_RMP_2M ? CBIT_RMP_2M : CBIT_RMP_4K, .gpa_page = page + GPA_SHIFT};
}

// Page n of the set that the caches hold: lines of its own for each, first half reads, second half writes.
static uint64_t cached(const perf_rmp_table_t *t, rng_t *rng, bool write, uint64_t n) {
  const uint32_t half = t->lines / 2;
  const uint64_t line = n % half + (write ? half : 0);
  if (t->layout == PERF_RMP_2M) return t->free_page + line * RANGE_PAGES + rng_below(rng, RANGE_PAGES);
  return t->free_page + t->lines + line;  // no page is the first of its range
}

static uint64_t anywhere(const perf_rmp_table_t *t, rng_t *rng) {
  return t->free_page + rng_below(rng, (uint32_t)(t->pages - t->free_page));
}

// Bytes that LOCAL reads or writes in one place: a 4 KiB page; 64 KiB of a 2 MiB one.
static uint64_t stay(const perf_rmp_table_t *t) { return t->layout == PERF_RMP_2M ? 65536 : 4096; }

void perf_rmp_choose(void *arg, rng_t *rng, bool write, uint64_t n, cbit_attr_t *who, uint64_t *spa) {
  perf_rmp_flow_t *f = arg;
  uint64_t page = 0;
  uint64_t offset = (uint64_t)rng_below(rng, 4096 / f->bytes) * f->bytes;
  switch (f->pattern) {
    case PERF_RMP_UNIFORM:
      page = anywhere(f->t, rng);
      break;
    case PERF_RMP_LOCAL:
      if (f->offset[write] % stay(f->t) == 0) f->page[write] = anywhere(f->t, rng) & ~(stay(f->t) / 4096 - 1);
      page = f->page[write] + f->offset[write] % stay(f->t) / 4096;
      offset = f->offset[write] % 4096;
      f->offset[write] += f->bytes;
      break;
    case PERF_RMP_RARE:
      page = rng_below(rng, RARE) == 0 ? anywhere(f->t, rng) : cached(f->t, rng, write, n);
      break;
    case PERF_RMP_HIT:
    default:
      page = cached(f->t, rng, write, n);
      break;
  }
  perf_rmp_who(f->t, page, who);
  *spa = page << 12 | offset;
}

void perf_rmp_done(void *arg, const host_txn_t *t) {
  const perf_rmp_flow_t *f = arg;
  const uint64_t page = (t->req.addr & (((uint64_t)1 << 52) - 1)) >> 12;
  const uint64_t first = f->t->free_page;
  const uint64_t set = f->t->layout == PERF_RMP_2M ? (uint64_t)f->t->lines * RANGE_PAGES : 2 * f->t->lines;
  const bool hit = page >= first && page < first + set;
  latency_add(hit ? f->hit : f->miss, t->c_first - t->c_ax);
}
