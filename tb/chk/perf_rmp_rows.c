// SPDX-License-Identifier: Apache-2.0
//
// perf_rmp_rows.c - throughput with the RMP check on, hit rates, checks a clock (perf_rmp.h)
//
// Each flow is counted as perf_flow.c does. Before a flow of hits the same flow has filled the caches; that nothing missed
// is read from the engine's counters. Flows that miss begin with empty caches.
#include <stdio.h>
#include <string.h>

#include "chk/perf_rmp.h"
#include "core/log.h"

#define PAGES_16G ((uint64_t)1 << 22)
#define CHECKS_A_CLOCK 1.0

typedef struct rmp_case {
  perf_case_t c;  // op, burst, half
  perf_rmp_pattern_t pattern;
  perf_rmp_layout_t layout;
} rmp_case_t;

typedef struct rmp_result {
  perf_flow_t wire, bypass, off, on;
  perf_rmp_counts_t n;  // of the engine with the check on
} rmp_result_t;

static double over(uint64_t a, uint64_t b) { return b == 0 ? 0 : (double)a / (double)b; }

static const char *pattern_name(const rmp_case_t *c) {
  static const char *const name[][3] = {{"hit 4K", "hit 2M", "hit C=0"},
                                        {"local 4K", "local 2M", "local C=0"},
                                        {"uniform 4K", "uniform 2M", "unif. C=0"},
                                        {"rare 4K", "rare 2M", "rare C=0"}};
  return name[c->pattern][c->layout];
}

// The same flow on the four benches.
static bool run(perf_t *p, perf_rmp_rig_t *rig, const rmp_case_t *c, latency_t *hit, latency_t *miss, rmp_result_t *res) {
  bench_t *all[4] = {rig->r.wire, rig->r.bypass, rig->off, rig->r.on};
  perf_flow_t *to[4] = {&res->wire, &res->bypass, &res->off, &res->on};
  perf_rmp_counts_t before = {0};
  memset(res, 0, sizeof(*res));
  log_progress("RMP", p->rows, 0);
  if (!perf_rmp_relayout(p, rig->r.on, &rig->t, c->layout)) return false;
  for (size_t i = 0; i < 4; i++) {
    const bool on = i == 3;
    perf_memory(all[i], c->c.half, false, PERF_DRAM_LATENCY);
    for (int fill = on && c->pattern == PERF_RMP_HIT; fill >= 0; fill--) {
      perf_rmp_flow_t f = {.t = &rig->t, .pattern = c->pattern, .bytes = c->c.burst * bench_bus_bytes(all[i])};
      gen_perf_opt_t o = {.op = c->c.op, .burst = c->c.burst, .ids = gen_perf_ids(all[i]),
                          .seed = p->seed * 1000 + p->rows - rig->first_row, .choose = perf_rmp_choose, .arg = &f};
      if (on && hit != NULL) {
        f.hit = hit;
        f.miss = miss;
        o.done = perf_rmp_done;
      }
      if (on && !perf_rmp_count(p, all[i], &before)) return false;
      if (!perf_flow_run(p, all[i], &o, to[i])) return false;
    }
  }
  perf_rmp_counts_t *n = &res->n;
  if (!perf_rmp_count(p, rig->r.on, n)) return false;
  n->asks -= before.asks;
  n->misses -= before.misses;
  n->reads -= before.reads;
  return true;
}

static void name_row(perf_row_t *r, const char *what) {
  snprintf(r->name, sizeof(r->name), "%s.rmp.%s%s.%s.b%u.%s", r->config, what, r->op, r->pattern, r->burst, r->memory);
  for (char *at = r->name; *at != '\0'; at++) *at = *at == ' ' ? '_' : *at;
}

static perf_row_t *row_of(perf_t *p, perf_rmp_rig_t *rig, const rmp_case_t *c, const rmp_result_t *res, perf_kind_t kind) {
  perf_row_t *r = perf_row_add(p, &rig->r, kind);
  r->op = gen_perf_op_name(c->c.op);
  r->pattern = pattern_name(c);
  r->memory = c->c.half ? "half" : "full";
  r->burst = c->c.burst;
  r->ids = gen_perf_ids(rig->r.on);
  r->beats = p->beats;
  r->wire_cycles = res->wire.cycles;
  r->bypass_cycles = res->bypass.cycles;
  r->off_cycles = res->off.cycles;
  r->encrypted_cycles = res->on.cycles;
  r->dram_reads = res->on.read_beats;
  r->dram_writes = res->on.write_beats;
  r->wire_ratio = over(res->wire.cycles, res->bypass.cycles);
  r->ratio = over(res->bypass.cycles, res->on.cycles);
  r->rmp_asks = res->n.asks;
  r->rmp_misses = res->n.misses;
  r->rmp_reads = res->n.reads;
  name_row(r, "");
  return r;
}

// Checks a clock of single beats: each burst is a question.
static void checks_row(perf_t *p, perf_rmp_rig_t *rig, const rmp_case_t *c, const rmp_result_t *res) {
  perf_row_t *r = row_of(p, rig, c, res, PERF_RMP);
  r->unit = "checks a clock";
  r->value = over(r->beats, res->on.cycles);
  r->limit = CHECKS_A_CLOCK;
  r->ok = r->value >= r->limit && r->rmp_misses == 0 && r->rmp_asks >= r->beats;
  const bool tweaks = c->c.op == GEN_PERF_MIX && !c->c.half && c->layout != PERF_RMP_NONE && rig->r.lanes < 4;
  snprintf(r->note, sizeof(r->note), "single beats, %llu questions, %llu misses%s", (unsigned long long)r->rmp_asks,
           (unsigned long long)r->rmp_misses, tweaks ? "; the shared tweak pipe allows 0.5 + 0.5" : "");
  name_row(r, "checks.");
}

static bool hit_row(perf_t *p, perf_rmp_rig_t *rig, const rmp_case_t *c) {
  rmp_result_t res;
  if (!run(p, rig, c, NULL, NULL, &res)) return false;
  perf_row_t *r = row_of(p, rig, c, &res, PERF_THROUGHPUT);
  r->wire_limit = PERF_RATIO;
  if (c->layout == PERF_RMP_NONE) {
    r->limit = PERF_RATIO;
  } else {
    perf_flow_limit(&rig->r, &c->c, r);
  }
  r->ok = r->ratio >= r->limit && r->wire_ratio >= r->wire_limit && r->rmp_misses == 0 && r->rmp_asks != 0;
  const size_t n = strlen(r->note);
  snprintf(r->note + n, sizeof(r->note) - n, "%s%llu misses", n != 0 ? "; " : "", (unsigned long long)r->rmp_misses);
  if (c->c.burst == 1) checks_row(p, rig, c, &res);
  return true;
}

static bool rate_row(perf_t *p, perf_rmp_rig_t *rig, const rmp_case_t *c) {
  rmp_result_t res;
  if (!run(p, rig, c, NULL, NULL, &res)) return false;
  perf_row_t *r = row_of(p, rig, c, &res, PERF_THROUGHPUT);
  r->wire_limit = PERF_RATIO;
  r->ok = r->wire_ratio >= r->wire_limit && r->rmp_asks != 0;
  snprintf(r->note, sizeof(r->note), "hit rate %.2f %%, %.2f times the cycles of check off, %.2f reads a miss",
           100 * (1 - over(r->rmp_misses, r->rmp_asks)), over(res.on.cycles, res.off.cycles),
           over(r->rmp_reads, r->rmp_misses));
  return true;
}

// Latency of bursts that miss among bursts that hit, at full load.
static bool rare_row(perf_t *p, perf_rmp_rig_t *rig, const rmp_case_t *c) {
  static latency_t hit;
  static latency_t miss;
  rmp_result_t res;
  latency_clear(&hit);
  latency_clear(&miss);
  // Misses are few: longer than the others.
  const uint64_t beats = p->beats;
  p->beats *= 8;
  const bool good = run(p, rig, c, &hit, &miss, &res);
  p->beats = beats;
  if (!good) return false;
  perf_row_t *r = row_of(p, rig, c, &res, PERF_RMP);
  r->beats = 8 * beats;
  r->unit = "cycles of a miss";
  r->min_cycles = miss.min;
  r->max_cycles = miss.max;
  r->mean_cycles = latency_mean(&miss);
  r->value = r->mean_cycles;
  r->limit = -1;
  r->ok = miss.count != 0;
  snprintf(r->note, sizeof(r->note),
           "full load, 1 burst of 64 misses (%llu); the others: %llu to %llu, mean %.1f; %.4f of check off",
           (unsigned long long)miss.count, (unsigned long long)hit.min, (unsigned long long)hit.max, latency_mean(&hit),
           over(res.off.cycles, res.on.cycles));
  return true;
}

static bool flows(perf_t *p, perf_rmp_rig_t *rig) {
  static const uint32_t burst[] = {1, 4, 16};
  const uint32_t line = CBIT_LINE_BYTES / bench_bus_bytes(rig->r.on);
  for (int layout = PERF_RMP_4K; layout <= PERF_RMP_2M; layout++) {
    for (int half = 1; half >= 0; half--) {
      for (gen_perf_op_t op = GEN_PERF_READ; op <= GEN_PERF_MIX; op++) {
        for (size_t k = 0; k < sizeof(burst) / sizeof(burst[0]); k++) {
          const rmp_case_t c = {{.op = op, .burst = burst[k], .half = half != 0},
                                PERF_RMP_HIT,
                                (perf_rmp_layout_t)layout};
          // A few: 4 KiB pages on the memory that serves one direction at a time; single beats in both directions.
          if (p->quick && (layout != PERF_RMP_4K || (half == 0 && burst[k] != 1))) continue;
          if (!hit_row(p, rig, &c)) return false;
        }
      }
    }
  }
  // Shared pages need no tweak: both directions at once ask two questions a clock.
  const rmp_case_t shared = {{.op = GEN_PERF_MIX, .burst = 1}, PERF_RMP_HIT, PERF_RMP_NONE};
  if (!hit_row(p, rig, &shared)) return false;
  for (int pattern = PERF_RMP_LOCAL; pattern <= PERF_RMP_UNIFORM; pattern++) {
    for (int layout = PERF_RMP_4K; layout <= PERF_RMP_2M; layout++) {
      for (gen_perf_op_t op = GEN_PERF_READ; op <= GEN_PERF_MIX; op++) {
        const rmp_case_t c = {{.op = op, .burst = line, .half = true},
                              (perf_rmp_pattern_t)pattern,
                              (perf_rmp_layout_t)layout};
        if (p->quick && op != GEN_PERF_MIX) continue;
        if (!rate_row(p, rig, &c)) return false;
      }
    }
  }
  for (gen_perf_op_t op = GEN_PERF_READ; op <= GEN_PERF_WRITE && !p->quick; op++) {
    const rmp_case_t c = {{.op = op, .burst = line, .half = true}, PERF_RMP_RARE, PERF_RMP_4K};
    if (!rare_row(p, rig, &c)) return false;
  }
  return true;
}

// ---- the rig ----------------------------------------------------------------------------------------------------

// A configuration without the check and of the same shape; NULL: none.
static const char *without(const cbit_cyc_cfg_t *c) {
  static const char *const name[] = {"", "full", "lanes2", "", "lanes4"};
  return c->key_bits == 128 && c->rounds_per_stage == 1 ? name[c->lanes] : NULL;
}

static bool open_encrypted(perf_t *p, const char *config, bench_t **b) {
  return perf_bench_open(p, config, p->kind, b) && perf_bench_on(p, *b, CBIT_MODE_XTS_L64);
}

static bool close_one(bench_t *b) { return b == NULL || bench_close(b); }

bool perf_rmp(perf_t *p, const char *config) {
  perf_rmp_rig_t rig = {.first_row = p->rows};
  if (!perf_rig_open(p, &rig.r, config, CBIT_MODE_XTS_L64)) return false;
  const cbit_cyc_cfg_t *cfg = bench_cfg(rig.r.on);
  const char *other = without(cfg);
  bool good = open_encrypted(p, config, &rig.off) && (other == NULL || open_encrypted(p, other, &rig.without)) &&
              perf_rmp_start(p, rig.r.on, &rig.t, PAGES_16G, PERF_RMP_4K);
  const bool insn = cfg->rmp_insn != 0;
  const bool chk = cfg->rmp_chk != 0;
  good = good && perf_rmp_single(p, &rig) && flows(p, &rig);
  // In the order in which they were opened: Verilator takes the newest context to be there while any model goes.
  perf_rig_close(p, &rig.r);
  const bool closed = close_one(rig.off);
  if (!close_one(rig.without) || !closed) p->failed = true;
  return good && (!insn || perf_rmp_insn(p, config)) && (!chk || perf_rmp_chk(p, config));
}
