// SPDX-License-Identifier: Apache-2.0
//
// cmd_attack.c - plays threats against the protections and prints what came of each
//
// Every cell of the matrix is a run on a fresh engine (chk/attack.h). Exit code 0: every cell ended as the table in
// chk/attack_table.c expects, and in lock-step nothing differed; 1: not so; 2: wrong command line.
#include <stdlib.h>
#include <string.h>

#include "chk/attack.h"
#include "cli/cmd.h"
#include "core/args.h"
#include "core/log.h"

int cmd_attack(int argc, char **argv);

typedef struct attack_cmd {
  bench_opt_t bench;
  const char *json, *threat;
  bool list;
} attack_cmd_t;

static bool arg_engine(void *to, const char *value, char err[TB_ERR_LEN]) {
  if (engine_kind_parse(value, to) && *(engine_kind_t *)to != ENGINE_WIRE) return true;
  snprintf(err, TB_ERR_LEN, "'%.40s' is not lockstep, rtl or model", value);
  return false;
}

static bool choose(const char *name, bool *chosen) {
  bool any = false;
  for (size_t i = 0; i < attack_threats_n; i++) {
    chosen[i] = name == NULL || strcmp(name, attack_threats[i].name) == 0;
    any = any || chosen[i];
  }
  if (!any) log_error("option --threat: no threat '%s' (cbit attack --list)", name);
  return any;
}

static bool play_all(const attack_cmd_t *c, attack_run_t *r) {
  char err[TB_ERR_LEN];
  size_t done = 0;
  for (size_t i = 0; i < attack_threats_n; i++) {
    for (uint32_t p = 0; p < ATTACK_PROTS; p++) {
      log_progress("attack", ++done, attack_threats_n * ATTACK_PROTS);
      if (!r->chosen[i] || (attack_threats[i].table && p != ATTACK_SNP)) continue;
      if (attack_play(&attack_threats[i], (attack_prot_t)p, &c->bench, &r->cell[i][p], err)) continue;
      log_progress(NULL, 0, 0);
      log_error("%s", err);
      return false;
    }
  }
  log_progress(NULL, 0, 0);
  return true;
}

int cmd_attack(int argc, char **argv) {
  attack_cmd_t c = {.bench = {.seed = 1, .engine = {.config = "snp"}}};
  const arg_option_t options[] = {
      {"config", ARG_TEXT, &c.bench.engine.config, "NAME", "configuration with Rmp=1 (default: snp)", NULL},
      {"dut", ARG_TEXT, &c.bench.engine.dut, "FILE", "shared object to test in place of build/dut/NAME.so", NULL},
      {"engine", ARG_CALL, &c.bench.engine.kind, "KIND", "lockstep (default), rtl or model", arg_engine},
      {"seed", ARG_U64, &c.bench.seed, "N", "seed of keys and data", NULL},
      {"threat", ARG_TEXT, &c.threat, "NAME", "only this row", NULL},
      {"list", ARG_FLAG, &c.list, NULL, "names of the rows", NULL},
      {"json", ARG_TEXT, &c.json, "FILE", "all that was seen, as JSON", NULL},
      {NULL, ARG_FLAG, NULL, NULL, NULL, NULL}};
  const arg_table_t table = {"attack [options]",
                             "Threat against protection: what the attacker got and the victim saw, each cell a real run.",
                             options, 0, 0};
  uint32_t operands = 0;
  const arg_result_t got = args_parse(&table, argc, argv, &operands);
  if (got != ARGS_OK) return got == ARGS_HELP ? 0 : 2;
  if (c.list) {
    for (size_t i = 0; i < attack_threats_n; i++) printf("%-12s %s\n", attack_threats[i].name, attack_threats[i].about);
    return 0;
  }
  bool *chosen = log_alloc(attack_threats_n * sizeof(*chosen));
  attack_run_t r = {.engine = engine_kind_name(c.bench.engine.kind), .seed = c.bench.seed, .chosen = chosen};
  r.config = c.bench.engine.dut != NULL ? c.bench.engine.dut : c.bench.engine.config;
  if (!choose(c.threat, chosen)) {
    free(chosen);
    return 2;
  }
  r.cell = log_alloc(attack_threats_n * sizeof(*r.cell));
  const double start = log_seconds();
  bool good = play_all(&c, &r);
  int code = good ? 0 : 2;
  if (good) {
    uint32_t differing = 0;
    uint32_t failed = 0;
    char err[TB_ERR_LEN];
    r.seconds = log_seconds() - start;
    attack_print(&r, stdout);
    if (attack_count(&r, &differing, &failed) == 0 || differing != 0 || failed != 0) code = 1;
    if (c.json != NULL && !attack_json(&r, c.json, err)) {
      log_error("%s", err);
      code = 1;
    }
  }
  free(r.cell);
  free(chosen);
  return code;
}
