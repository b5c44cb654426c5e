// SPDX-License-Identifier: Apache-2.0
//
// perf_flow.c - throughput: endless flows, counted in a window of beats (perf.h)
//
// Counted are beats on the data bus of DRAM between two moments of steady flow, so neither filling nor emptying of any
// pipeline is in the figure. Reads of the engine's own (read-modify-write) are not counted as beats moved.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chk/perf.h"
#include "core/log.h"

bool perf_alive(perf_t *p, bench_t *b) {
  if (!bench_failed(b)) return !p->failed;
  if (!p->failed) bench_report(b, stdout);
  p->failed = true;
  return false;
}

bool perf_bench_open(perf_t *p, const char *config, engine_kind_t kind, bench_t **b) {
  bench_opt_t opt = {.seed = p->seed, .debug = true};
  opt.engine.kind = kind;
  opt.engine.config = config;
  opt.dram.fill_random = true;
  opt.host.max_reads = GEN_PERF_FLYING;
  opt.host.max_writes = GEN_PERF_FLYING;
  char err[TB_ERR_LEN];
  *b = bench_open(&opt, err);
  if (*b == NULL) {
    log_error("%s", err);
    p->failed = true;
    return false;
  }
  return bench_reset(*b) || perf_alive(p, *b);
}

bool perf_bench_on(perf_t *p, bench_t *b, cbit_mode_t mode) {
  bool good = bench_ctrl(b, mode, true, false);
  rng_t r;
  rng_seed(&r, p->seed ^ 0x6b657973u);
  for (uint32_t s = 1; s <= GEN_PERF_KEYS && good; s++) {
    uint8_t key[64];
    rng_bytes(&r, key, sizeof(key));
    good = bench_key_load(b, s, key, key + 32) == CBIT_KEY_OK && bench_slot_activate(b, s) == CBIT_KEY_OK;
  }
  if (good && (mode == CBIT_MODE_XE_LIN || mode == CBIT_MODE_XEX_LIN)) {
    uint8_t kt[16];
    cbit_tweak_table_t table;
    rng_bytes(&r, kt, sizeof(kt));
    good = cbit_tweak_table_make(&table, CBIT_TWEAK_FULL, kt) == CBIT_OK && bench_tweak_table(b, &table) == CBIT_KEY_OK;
  }
  if (!good && !bench_failed(b)) {
    bench_fail(b, "configuration %s: mode %d or keys refused", engine_config_name(bench_engine(b)), (int)mode);
  }
  return perf_alive(p, b);
}

bool perf_rig_open(perf_t *p, perf_rig_t *rig, const char *config, cbit_mode_t mode) {
  *rig = (perf_rig_t){.config = config, .mode = mode};
  if (!perf_bench_open(p, config, ENGINE_WIRE, &rig->wire) || !perf_bench_open(p, config, p->kind, &rig->bypass) ||
      !perf_bench_open(p, config, p->kind, &rig->on)) {
    perf_rig_close(p, rig);
    return false;
  }
  const cbit_cyc_cfg_t *c = bench_cfg(rig->on);
  rig->lanes = c->lanes;
  rig->rounds = c->key_bits == 128 ? 10 : 14;
  rig->stages = rig->rounds / c->rounds_per_stage;
  const bool good = bench_ctrl(rig->bypass, CBIT_MODE_NONE, true, false);
  if (good && perf_alive(p, rig->bypass) && perf_bench_on(p, rig->on, mode)) return true;
  p->failed = true;
  perf_rig_close(p, rig);
  return false;
}

void perf_rig_close(perf_t *p, perf_rig_t *rig) {
  bench_t *all[3] = {rig->wire, rig->bypass, rig->on};
  for (size_t i = 0; i < 3; i++) {
    if (all[i] != NULL && !bench_close(all[i])) p->failed = true;
  }
  rig->wire = rig->bypass = rig->on = NULL;
}

perf_row_t *perf_row_add(perf_t *p, const perf_rig_t *rig, perf_kind_t kind) {
  p->row = log_realloc(p->row, (p->rows + 1) * sizeof(*p->row));
  perf_row_t *r = &p->row[p->rows++];
  const cbit_cyc_cfg_t *c = bench_cfg(rig->on);
  *r = (perf_row_t){.kind = kind, .config = rig->config, .lanes = c->lanes, .rounds_per_stage = c->rounds_per_stage,
                    .key_bits = c->key_bits, .mode = (uint32_t)rig->mode, .op = "-", .pattern = "-", .memory = "-",
                    .dram_latency = PERF_DRAM_LATENCY, .ok = true};
  return r;
}

void perf_memory(bench_t *b, bool half_duplex, bool mixed, uint32_t latency) {
  dram_opt_t o = *dram_get_opt(bench_dram(b));
  o.latency = DRAM_LAT_FIXED;
  o.lat_min = o.lat_max = latency;
  o.half_duplex = half_duplex;
  o.reorder = o.interleave = mixed;
  dram_set_opt(bench_dram(b), &o);
}

static bool is_partial(gen_perf_op_t op) { return op == GEN_PERF_PARTIAL || op == GEN_PERF_PARTIAL_SAME; }

// Beats of the requester on DRAM's data bus.
static uint64_t moved(bench_t *b, gen_perf_op_t op) {
  const dram_stats_t *s = dram_stats(bench_dram(b));
  return is_partial(op) ? s->write_beats : s->read_beats + s->write_beats;
}

bool perf_flow_run(perf_t *p, bench_t *b, const gen_perf_opt_t *opt, perf_flow_t *result) {
  gen_perf_t g;
  memset(result, 0, sizeof(*result));
  if (!perf_alive(p, b)) return false;
  dram_stats_clear(bench_dram(b));
  gen_perf_start(&g, b, opt);
  while (moved(b, opt->op) < p->warm) {
    gen_perf_step(&g);
    if (!bench_step(b)) return perf_alive(p, b);
  }
  dram_stats_clear(bench_dram(b));
  const uint64_t start = bench_cycle(b);
  while (moved(b, opt->op) < p->beats) {
    gen_perf_step(&g);
    if (!bench_step(b)) return perf_alive(p, b);
  }
  result->cycles = bench_cycle(b) - start;
  const dram_stats_t *s = dram_stats(bench_dram(b));
  result->read_beats = s->read_beats;
  result->write_beats = s->write_beats;
  result->engine_reads = s->engine_reads;
  gen_perf_stop(&g);
  result->errors = g.errors;
  if (g.errors != 0 && !bench_failed(b)) bench_fail(b, "%u accesses of a measurement were refused", (unsigned)g.errors);
  return perf_alive(p, b);
}

static double over(uint64_t a, uint64_t b) { return b == 0 ? 0 : (double)a / (double)b; }

// Both directions at once need two units of tweak work a cycle: one pipe makes one, except at four lanes.
void perf_flow_limit(const perf_rig_t *rig, const perf_case_t *c, perf_row_t *r) {
  const bool both = c->op == GEN_PERF_MIX && !c->half;
  const bool block_mode = rig->mode >= CBIT_MODE_XE_LIN && rig->mode <= CBIT_MODE_XEX_AES16;
  r->limit = PERF_RATIO;
  if (block_mode && rig->lanes > 1) {
    r->limit = 0;
    snprintf(r->note, sizeof(r->note), "mode %u makes %u tweaks a beat, one a cycle", r->mode, rig->lanes);
  } else if (both && block_mode) {
    r->limit = PERF_RATIO / 2;
    snprintf(r->note, sizeof(r->note), "one tweak pipe: 0.5 + 0.5 beats a cycle");
  } else if (both && c->burst * 16 * rig->lanes < CBIT_LINE_BYTES) {
    const double bound = c->burst == 1 && rig->lanes < 4 ? 0.5 : 1;
    r->limit = PERF_RATIO * bound;
    snprintf(r->note, sizeof(r->note), "less than a line, both ways at once: the shared tweak pipe allows %.2f + %.2f",
             bound, bound);
  }
}

bool perf_throughput(perf_t *p, perf_rig_t *rig, const perf_case_t *c) {
  const uint32_t ids = c->many ? gen_perf_ids(rig->on) : 1;
  gen_perf_opt_t o = {.op = c->op, .random = c->random, .burst = c->burst, .ids = ids, .cbit = true,
                      .seed = p->seed * 1000 + p->rows};
  perf_flow_t wire;
  perf_flow_t bypass;
  perf_flow_t on;
  perf_flow_t plain = {.cycles = 0};
  bench_t *all[3] = {rig->wire, rig->bypass, rig->on};
  for (size_t i = 0; i < 3; i++) perf_memory(all[i], c->half, c->mixed, PERF_DRAM_LATENCY);
  if (!perf_flow_run(p, rig->wire, &o, &wire) || !perf_flow_run(p, rig->bypass, &o, &bypass) ||
      !perf_flow_run(p, rig->on, &o, &on)) {
    return false;
  }
  if (c->plain) {
    o.cbit = false;
    if (!perf_flow_run(p, rig->on, &o, &plain)) return false;
  }
  perf_row_t *r = perf_row_add(p, rig, PERF_THROUGHPUT);
  r->op = gen_perf_op_name(c->op);
  r->pattern = c->mixed ? "reordered" : c->random ? "random" : "sequential";
  r->memory = c->half ? "half" : "full";
  r->burst = c->burst;
  r->ids = ids;
  r->beats = p->beats;
  r->wire_cycles = wire.cycles;
  r->bypass_cycles = bypass.cycles;
  r->encrypted_cycles = on.cycles;
  r->plain_cycles = plain.cycles;
  r->wire_ratio = over(wire.cycles, bypass.cycles);
  r->ratio = over(bypass.cycles, on.cycles);
  r->dram_reads = on.read_beats;
  r->dram_writes = on.write_beats;
  r->wire_limit = PERF_RATIO;
  perf_flow_limit(rig, c, r);
  r->ok = (r->limit == 0 || r->ratio >= r->limit) && r->wire_ratio >= r->wire_limit;
  if (c->plain && over(bypass.cycles, plain.cycles) < PERF_RATIO) r->ok = false;
  if (c->op == GEN_PERF_WRITE && on.read_beats != 0) {
    r->ok = false;
    snprintf(r->note, sizeof(r->note), "%llu DRAM reads in a stream of whole writes", (unsigned long long)on.read_beats);
  }
  snprintf(r->name, sizeof(r->name), "%s.mode%u.%s.%s.b%u.ids%u.%s", r->config, r->mode, r->op, r->pattern, r->burst, r->ids,
           r->memory);
  return true;
}

bool perf_partial_stream(perf_t *p, perf_rig_t *rig, bool half, bool same_line) {
  const perf_t keep = *p;
  const gen_perf_opt_t o = {.op = same_line ? GEN_PERF_PARTIAL_SAME : GEN_PERF_PARTIAL, .burst = 1,
                            .ids = gen_perf_ids(rig->on), .cbit = true, .seed = p->seed * 1000 + p->rows};
  perf_flow_t wire;
  perf_flow_t bypass;
  perf_flow_t on;
  bench_t *all[3] = {rig->wire, rig->bypass, rig->on};
  for (size_t i = 0; i < 3; i++) perf_memory(all[i], half, false, PERF_DRAM_LATENCY);
  p->beats /= same_line ? 16 : 2;
  p->warm /= 4;
  const bool good = perf_flow_run(p, rig->wire, &o, &wire) && perf_flow_run(p, rig->bypass, &o, &bypass) &&
                    perf_flow_run(p, rig->on, &o, &on);
  const uint64_t beats = p->beats;
  p->beats = keep.beats;
  p->warm = keep.warm;
  if (!good) return false;
  perf_row_t *r = perf_row_add(p, rig, PERF_THROUGHPUT);
  r->op = gen_perf_op_name(o.op);
  r->pattern = same_line ? "one line" : "sequential";
  r->memory = half ? "half" : "full";
  r->burst = 1;
  r->ids = o.ids;
  r->beats = beats;
  r->wire_cycles = wire.cycles;
  r->bypass_cycles = bypass.cycles;
  r->encrypted_cycles = on.cycles;
  r->wire_ratio = over(wire.cycles, bypass.cycles);
  r->wire_limit = PERF_RATIO;
  // Each needs a read and a write of DRAM: two cycles of one bus, or one of each of two.
  r->ratio = over(half ? on.read_beats + on.write_beats : on.write_beats, on.cycles);
  r->dram_reads = on.read_beats;
  r->dram_writes = on.write_beats;
  const bool extra = on.engine_reads > beats + 64 || on.read_beats > beats + 64;
  snprintf(r->note, sizeof(r->note), "%s; ratio to the least possible (a read and a write of DRAM each)",
           extra ? "MORE than one read each" : "one read each");
  r->ok = r->wire_ratio >= r->wire_limit && !extra;
  snprintf(r->name, sizeof(r->name), "%s.mode%u.%s.b1.%s", r->config, r->mode, r->op, r->memory);
  return true;
}
