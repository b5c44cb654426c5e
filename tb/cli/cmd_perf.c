// SPDX-License-Identifier: Apache-2.0
//
// cmd_perf.c - cycles of encryption against bypass and against a wire; speed of the simulation
//
// The plan of the measurements; how each is made stands in docs/performance.md. Rows have limits from the speed contract;
// a row that misses its limit makes the exit code 1 only with --strict. A difference of RTL and model always does.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chk/perf_rmp.h"
#include "cli/cmd.h"
#include "core/log.h"

int cmd_perf(int argc, char **argv);

#define CONFIGS_MAX 32u

typedef struct perf_cmd {
  perf_t p;
  const char *json, *configs;
  bool strict, no_speed;
  char names[512];
  const char *config[CONFIGS_MAX];
  uint32_t n;
} perf_cmd_t;

// How much is measured of a configuration: throughput in full, a few rows of it, or latency alone.
typedef enum share { SHARE_ALL, SHARE_FEW, SHARE_LATENCY } share_t;

static share_t share_of(const perf_cmd_t *c, const char *config) {
  static const char *const latency_only[] = {"aes256", "l1r2", "addr256"};
  if (c->configs != NULL) return c->p.quick ? SHARE_FEW : SHARE_ALL;
  for (size_t i = 0; i < sizeof(latency_only) / sizeof(latency_only[0]); i++) {
    if (strcmp(config, latency_only[i]) == 0) return SHARE_LATENCY;
  }
  return c->p.quick ? SHARE_FEW : SHARE_ALL;
}

static bool throughput(perf_t *p, perf_rig_t *rig, share_t share) {
  static const uint32_t burst[] = {1, 2, 4, 8, 16};
  for (int half = 1; half >= 0; half--) {
    for (gen_perf_op_t op = GEN_PERF_READ; op <= GEN_PERF_MIX; op++) {
      for (size_t k = 0; k < sizeof(burst) / sizeof(burst[0]); k++) {
        for (uint32_t kind = 0; kind < 4; kind++) {
          const bool random = (kind & 1) != 0;
          const bool many = (kind & 2) != 0;
          // A few: random addresses with many IDs, the extremes of length.
          if (share != SHARE_ALL && (!random || !many)) continue;
          if (share != SHARE_ALL && burst[k] != 1 && burst[k] != 4 && burst[k] != 16) continue;
          const perf_case_t c = {.op = op, .random = random, .half = half != 0, .burst = burst[k],
                                 .many = many, .plain = random && many};
          log_progress(rig->config, p->rows, 0);
          if (!perf_throughput(p, rig, &c)) return false;
        }
      }
    }
  }
  // Memory that answers out of order and mixes beats of different IDs.
  for (int half = 1; half >= 0 && share == SHARE_ALL; half--) {
    for (size_t k = 0; k < sizeof(burst) / sizeof(burst[0]); k++) {
      for (gen_perf_op_t op = GEN_PERF_READ; op <= GEN_PERF_MIX; op += GEN_PERF_MIX) {
        const perf_case_t c = {.op = op, .random = true, .half = half != 0, .burst = burst[k], .many = true, .mixed = true};
        if (!perf_throughput(p, rig, &c)) return false;
      }
    }
  }
  for (int half = 1; half >= 0; half--) {
    if (!perf_partial_stream(p, rig, half != 0, false)) return false;
    if (share == SHARE_ALL && !perf_partial_stream(p, rig, half != 0, true)) return false;
  }
  return true;
}

static bool residence(perf_t *p, perf_rig_t *rig, share_t share) {
  const perf_case_t c[] = {{.op = GEN_PERF_READ, .random = true, .half = true, .burst = 1},
                           {.op = GEN_PERF_READ, .random = true, .half = true, .burst = 4},
                           {.op = GEN_PERF_MIX, .random = true, .half = true, .burst = 4},
                           {.op = GEN_PERF_READ, .random = true, .half = true, .burst = 16, .mixed = true},
                           {.op = GEN_PERF_MIX, .random = true, .half = false, .burst = 16, .mixed = true},
                           {.op = GEN_PERF_MIX, .random = true, .half = true, .burst = 1},
                           {.op = GEN_PERF_MIX, .random = true, .half = false, .burst = 4},
                           {.op = GEN_PERF_MIX, .random = true, .half = false, .burst = 1}};
  const size_t n = share == SHARE_ALL ? sizeof(c) / sizeof(c[0]) : 3;
  for (size_t i = 0; i < n; i++) {
    if (!perf_residence(p, rig, &c[i])) return false;
  }
  return true;
}

static bool latencies(perf_t *p, perf_rig_t *rig) {
  // The last but one: as fast as the tweak, the last faster.
  const uint32_t dram[] = {PERF_DRAM_LATENCY, 40, 80, rig->stages + 2, rig->stages - 2};
  const size_t n = p->quick ? 2 : sizeof(dram) / sizeof(dram[0]);
  for (size_t i = 0; i < n; i++) {
    if (!perf_latency(p, rig, dram[i])) return false;
  }
  return perf_single_writes(p, rig);
}

static bool other_modes(perf_t *p, const char *config) {
  static const cbit_mode_t mode[] = {CBIT_MODE_XEX_LIN, CBIT_MODE_XEX_AES16, CBIT_MODE_XTS_P4K};
  cbit_cyc_cfg_t cfg;
  char err[TB_ERR_LEN];
  if (!engine_config_find(config, &cfg, err)) {
    log_error("%s", err);
    return false;
  }
  for (size_t i = 0; i < sizeof(mode) / sizeof(mode[0]); i++) {
    if ((cfg.modes_mask >> mode[i] & 1u) == 0) continue;
    perf_rig_t rig;
    if (!perf_rig_open(p, &rig, config, mode[i])) return false;
    bool good = perf_latency(p, &rig, PERF_DRAM_LATENCY);
    const perf_case_t c[] = {{.op = GEN_PERF_READ, .random = true, .half = true, .burst = 4, .many = true},
                             {.op = GEN_PERF_WRITE, .random = true, .half = true, .burst = 4, .many = true},
                             {.op = GEN_PERF_MIX, .random = true, .half = true, .burst = 4, .many = true},
                             {.op = GEN_PERF_MIX, .random = true, .half = false, .burst = 4, .many = true}};
    for (size_t k = 0; k < sizeof(c) / sizeof(c[0]) && good; k++) good = perf_throughput(p, &rig, &c[k]);
    perf_rig_close(p, &rig);
    if (!good) return false;
  }
  return true;
}

static bool has_rmp(const char *config) {
  cbit_cyc_cfg_t cfg;
  char err[TB_ERR_LEN];
  return engine_config_find(config, &cfg, err) && cfg.rmp != 0;
}

static bool rmp_rows(perf_t *p, const char *config, uint32_t usual) {
  switch (usual) {
    case 1: return perf_rmp_insn(p, config);
    case 2: return perf_rmp_chk(p, config);
    default: return perf_rmp(p, config);
  }
}

// The RMP's rows: of the three configurations that stand for it, or of those asked for. snp: one for the figures in Hz.
static bool with_rmp(perf_cmd_t *c, const char **snp) {
  static const char *const usual[] = {"snp", "snpi", "snpc"};
  const char *const *name = c->configs == NULL ? usual : c->config;
  const uint32_t n = c->configs == NULL ? 3 : c->n;
  for (uint32_t i = 0; i < n; i++) {
    if (!has_rmp(name[i])) continue;
    if (*snp == NULL) *snp = name[i];
    // The second usual one is there for its instructions, the third for its check ports.
    if (!rmp_rows(&c->p, name[i], c->configs == NULL ? i : 0)) return false;
  }
  return true;
}

static bool measure(perf_cmd_t *c) {
  perf_t *p = &c->p;
  for (uint32_t i = 0; i < c->n; i++) {
    const share_t share = share_of(c, c->config[i]);
    perf_rig_t rig;
    if (!perf_rig_open(p, &rig, c->config[i], CBIT_MODE_XTS_L64)) return false;
    const bool good = latencies(p, &rig) && (share == SHARE_LATENCY || residence(p, &rig, share)) &&
                      (share == SHARE_LATENCY || throughput(p, &rig, share));
    perf_rig_close(p, &rig);
    if (!good) return false;
    if (!p->quick && i == 0 && !other_modes(p, c->config[i])) return false;
  }
  const char *snp = NULL;
  if (!with_rmp(c, &snp)) return false;
  log_progress(NULL, 0, 0);
  return c->no_speed || perf_speed_run(p, c->config[0], snp, p->quick ? 0.3 : 1.0);
}

static bool split(perf_cmd_t *c) {
  const char *list = c->configs != NULL ? c->configs : c->p.quick ? "full,aes256,addr256,lanes4"
                                                                  : "full,aes256,l1r2,addr256,lanes2,lanes4";
  snprintf(c->names, sizeof(c->names), "%s", list);
  for (char *at = c->names; c->n < CONFIGS_MAX;) {
    c->config[c->n++] = at;
    char *comma = strchr(at, ',');
    if (comma == NULL) return true;
    *comma = '\0';
    at = comma + 1;
  }
  log_error("option --config: too many names");
  return false;
}

int cmd_perf(int argc, char **argv) {
  static perf_cmd_t c;
  const arg_option_t options[] = {
      {"quick", ARG_FLAG, &c.p.quick, NULL, "the most telling rows only, half a minute", NULL},
      {"strict", ARG_FLAG, &c.strict, NULL, "exit code 1 if a row misses its limit", NULL},
      {"json", ARG_TEXT, &c.json, "FILE", "all rows as JSON", NULL},
      {"config", ARG_TEXT, &c.configs, "LIST", "configurations, comma between them (default: one for each figure)", NULL},
      {"engine", ARG_CALL, &c.p.kind, "KIND", "lockstep (default), rtl or model", bench_arg_checked},
      {"seed", ARG_U64, &c.p.seed, "N", "seed of addresses, data and keys", NULL},
      {"no-speed", ARG_FLAG, &c.no_speed, NULL, "cycles only, no seconds", NULL},
      {NULL, ARG_FLAG, NULL, NULL, NULL, NULL}};
  const arg_table_t table = {"perf [options]",
                             "Measures the engine against its bypass and against a wire, and the simulation.", options, 0,
                             0};
  memset(&c, 0, sizeof(c));
  c.p.seed = 1;
  uint32_t operands = 0;
  const arg_result_t got = args_parse(&table, argc, argv, &operands);
  if (got != ARGS_OK) return got == ARGS_HELP ? 0 : 2;
  if (!split(&c)) return 2;
  c.p.warm = 512;
  c.p.beats = c.p.quick ? 2048 : 4096;
  const double start = log_seconds();
  const bool whole = measure(&c);
  perf_print(&c.p, stdout);
  size_t missed = 0;
  for (size_t i = 0; i < c.p.rows; i++) missed += !c.p.row[i].ok;
  printf("\nperf: %zu rows, %zu ok, %zu missed their limit, %.0f s\n", c.p.rows, c.p.rows - missed, missed,
         log_seconds() - start);
  if (!whole || c.p.failed) log_error("the measurement stopped early");
  bool good = whole && !c.p.failed && (missed == 0 || !c.strict);
  if (c.json != NULL && !perf_json(&c.p, c.json)) good = false;
  free(c.p.row);
  return good ? 0 : 1;
}
