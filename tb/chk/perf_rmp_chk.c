// SPDX-License-Identifier: Apache-2.0
//
// perf_rmp_chk.c - the check ports: cycles of an answer, answers a cycle, against docs/units/rmp_chk.md (perf_rmp.h)
//
// A question is one of the host for a write of a page that is the hypervisor's, so that it needs the table. From its
// handshake to the first cycle of its answer, no other traffic: 3 cycles if the entries are cached; else the walk, whose
// reads leave from the fourth cycle on ("The unit", table of cases). Rates: questions without a pause, answers taken at once.
#include <stdio.h>

#include "cbit_rmp.h"
#include "chk/perf_rmp.h"

#define REST 60u
#define COVERED_RANGES 16u
#define RANGE_PAGES 512u
#define RANGE_AT 4u     // first range that is asked about
#define MANY 600u       // answers of a rate
#define HIT_CYCLES 3u

typedef struct chk_rig {
  perf_t *p;
  perf_rig_t r;  // `on` alone
  perf_rmp_table_t t;
  uint32_t dram;
  uint64_t walk;  // cycles of a walk with one read
} chk_rig_t;

static chk_req_t write_of(uint64_t page) {
  return (chk_req_t){.pins = {.req = CBIT_RMP_REQ_HOST, .op = CBIT_RMP_OP_WRITE, .spa_page = page}};
}

static perf_row_t *row_of(chk_rig_t *g, const char *what) {
  perf_row_t *r = perf_row_add(g->p, &g->r, PERF_RMP);
  r->op = "check port";
  r->pattern = what;
  r->memory = "half";
  r->dram_latency = g->dram;
  snprintf(r->name, sizeof(r->name), "%s.chk.%s.dram%u", r->config, what, g->dram);
  for (char *at = r->name; *at != '\0'; at++) *at = *at == ' ' || *at == ',' ? '_' : *at;
  return r;
}

static bool one(chk_rig_t *g, const char *what, uint64_t page, uint64_t cycles, uint32_t reads) {
  bench_t *b = g->r.on;
  const chk_req_t q = write_of(page);
  perf_rmp_counts_t before;
  perf_rmp_counts_t after;
  chk_done_t got;
  if (!bench_run(b, REST) || !perf_rmp_count(g->p, b, &before) || !bench_chk(b, 0, &q, &got) || !perf_rmp_count(g->p, b, &after))
    return perf_alive(g->p, b);
  if (got.ans.deny) {
    bench_fail(b, "check port: %s is denied, kind %u", what, got.ans.kind);
    return perf_alive(g->p, b);
  }
  perf_row_t *r = row_of(g, what);
  r->unit = "cycles";
  r->encrypted_cycles = r->min_cycles = r->max_cycles = got.c_valid - got.c_take;
  r->mean_cycles = r->value = (double)r->encrypted_cycles;
  r->limit = (double)cycles;
  r->rmp_asks = after.asks - before.asks;
  r->rmp_misses = after.misses - before.misses;
  r->rmp_reads = after.reads - before.reads;
  r->ok = r->encrypted_cycles == cycles && r->rmp_asks == 1 && r->rmp_misses == (reads != 0) && r->rmp_reads == reads;
  snprintf(r->note, sizeof(r->note), "the page says %llu; %u DRAM reads", (unsigned long long)cycles, after.reads - before.reads);
  return true;
}

// Answers a cycle of so many ports, cached entries. num / den as on the page.
static bool rate(chk_rig_t *g, const char *what, uint32_t ports, uint64_t num, uint64_t den) {
  bench_t *b = g->r.on;
  const chk_req_t q = write_of((RANGE_AT + 1) * RANGE_PAGES + 1);
  const uint64_t start = bench_chk_stats(b)->answered;
  uint64_t first = 0;
  uint64_t last = 0;
  if (!bench_run(b, REST)) return perf_alive(g->p, b);
  for (uint64_t n = 0; n < MANY;) {
    for (uint32_t i = 0; i < ports; i++) {
      while (bench_chk_pending(b, i) < CHK_QUEUE && bench_chk_start(b, i, &q)) {
      }
    }
    if (!bench_step(b)) return perf_alive(g->p, b);
    if (bench_chk_stats(b)->answered - start == n) continue;
    n = bench_chk_stats(b)->answered - start;
    last = bench_cycle(b);
    if (first == 0) first = last;
  }
  if (!bench_drain(b)) return perf_alive(g->p, b);
  perf_row_t *r = row_of(g, what);
  r->unit = "answers a clock";
  r->value = (double)(MANY - 1) / (double)(last - first);
  r->limit = (double)num / (double)den;
  r->encrypted_cycles = last - first;
  // The last of several ports may come with its neighbour.
  r->ok = (last - first + 2) * num >= (MANY - 1) * den && (last - first) * num <= (MANY - 1) * den + 2 * num;
  snprintf(r->note, sizeof(r->note), "%u answers, the page says %llu in %llu cycles", MANY, (unsigned long long)num,
           (unsigned long long)den);
  return true;
}

bool perf_rmp_chk(perf_t *p, const char *config) {
  static const uint32_t dram[] = {PERF_DRAM_LATENCY, 5, 40};
  chk_rig_t g = {.p = p, .r = {.config = config, .mode = CBIT_MODE_XTS_L64}};
  bool good = perf_bench_open(p, config, p->kind, &g.r.on) && perf_bench_on(p, g.r.on, g.r.mode) &&
              perf_rmp_start(p, g.r.on, &g.t, COVERED_RANGES * RANGE_PAGES, PERF_RMP_NONE);
  for (size_t i = 0; i < (p->quick ? 1 : sizeof(dram) / sizeof(dram[0])) && good; i++) {
    const cbit_cyc_cfg_t *cfg = bench_cfg(g.r.on);
    const uint64_t range = RANGE_AT * RANGE_PAGES;
    g.dram = dram[i];
    g.walk = 10 + dram[i] + 1 + (cfg->key_bits == 128 ? 10u : 14u) / cfg->rounds_per_stage;
    perf_memory(g.r.on, true, false, dram[i]);
    good = perf_rmp_relayout(p, g.r.on, &g.t, PERF_RMP_NONE) && one(&g, "miss", range + 3, g.walk + 1, 2) &&
           one(&g, "miss, known", range + 4, g.walk + cfg->rmp_const, 1 + cfg->rmp_const) &&
           one(&g, "miss, first page", range + RANGE_PAGES, g.walk, 1);
    if (!good || cfg->rmp_const != 0) break;
    good = one(&g, "hit", range + 3, HIT_CYCLES, 0) && one(&g, "miss, another", range + RANGE_PAGES + 1, g.walk, 1) &&
           rate(&g, "one port", 1, 2, 3) && (cfg->rmp_chk < 2 || rate(&g, "two ports", 2, 1, 1));
  }
  if (g.r.on != NULL && !bench_close(g.r.on)) p->failed = true;
  return good;
}
