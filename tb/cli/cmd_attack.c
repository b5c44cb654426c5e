// SPDX-License-Identifier: Apache-2.0
//
// cmd_attack.c - plays threats against the protections and prints what came of each
//
// Every cell is a run on a fresh engine (chk/attack.h). Exit code 0: every cell ended as the table in
// chk/attack_table.c and attack_published.c expect, and in lock-step nothing differed; 1: not so; 2: wrong command line.
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "chk/attack.h"
#include "cli/cmd.h"
#include "core/args.h"
#include "core/log.h"

int cmd_attack(int argc, char **argv);

typedef struct attack_cmd {
  bench_opt_t bench;
  const char *json, *html, *dir;
  bool list;
} attack_cmd_t;

// All rows, or those that are named.
static bool choose(uint32_t names, char **name, bool *chosen) {
  for (size_t i = 0; i < attack_threats_n; i++) chosen[i] = names == 0;
  for (uint32_t k = 0; k < names; k++) {
    bool known = false;
    for (size_t i = 0; i < attack_threats_n; i++) {
      if (strcmp(name[k], attack_threats[i].name) != 0) continue;
      known = chosen[i] = true;
    }
    if (known) continue;
    log_error("no attack '%.60s' (cbit attack --list)", name[k]);
    return false;
  }
  return true;
}

// The configuration of the run has what the cells need.
static bool fits(const attack_cmd_t *cmd) {
  char err[TB_ERR_LEN];
  bench_t *b = bench_open(&cmd->bench, err);
  if (b == NULL) {
    log_error("%s", err);
    return false;
  }
  const bool good = bench_cfg(b)->rmp != 0 && bench_cfg(b)->rmp_insn != 0;
  if (!good) log_error("configuration '%.60s' has no RMP check with instructions (Rmp=1 RmpInsn=2 of sim/configs.list is needed)",
                       engine_config_name(bench_engine(b)));
  (void)bench_close(b);
  return good;
}

static bool play_cell(const attack_cmd_t *cmd, const attack_case_t *c, attack_cell_t *cell, char err[TB_ERR_LEN]) {
  bench_opt_t opt = cmd->bench;
  if (c->config != NULL) {  // the cell is about this configuration
    opt.engine.config = c->config;
    opt.engine.dut = NULL;
  }
  return c->scenario != NULL ? attack_scenario(c, &opt, cmd->dir, cell, err) : attack_play(c, &opt, cell, err);
}

static bool play_all(const attack_cmd_t *cmd, attack_run_t *r) {
  char err[TB_ERR_LEN];
  attack_case_t c;
  for (size_t i = 0; i < attack_threats_n; i++) {
    log_progress("attack", i + 1, attack_threats_n);
    for (uint32_t n = 0; r->chosen[i] && n < ATTACK_CASES; n++) {
      if (!attack_case_of(&attack_threats[i], n, &c) || play_cell(cmd, &c, &r->cell[i][n], err)) continue;
      log_progress(NULL, 0, 0);
      if (err[0] != '\0') log_error("%s", err);
      return false;
    }
  }
  log_progress(NULL, 0, 0);
  return true;
}

static void list(void) {
  for (size_t i = 0; i < attack_threats_n; i++) {
    const attack_threat_t *t = &attack_threats[i];
    printf("%-12s %s%s%s%s\n", t->name, t->about, t->source != NULL ? " (" : "", t->source != NULL ? t->source : "",
           t->source != NULL ? ")" : "");
  }
}

static int report(const attack_cmd_t *c, const attack_run_t *r) {
  uint32_t differing = 0;
  uint32_t failed = 0;
  char err[TB_ERR_LEN];
  attack_print(r, stdout);
  int code = attack_count(r, &differing, &failed) == 0 || differing != 0 || failed != 0 ? 1 : 0;
  if (c->json != NULL && !attack_json(r, c->json, err)) {
    log_error("%s", err);
    code = 1;
  }
  if (c->html != NULL && !attack_html(r, c->html, err)) {
    log_error("%s", err);
    code = 1;
  }
  return code;
}

int cmd_attack(int argc, char **argv) {
  attack_cmd_t c = {.bench = {.seed = 1, .engine = {.config = "snpi"}}, .dir = NULL};
  char dir[PATH_MAX];
  const arg_option_t options[] = {
      {"config", ARG_TEXT, &c.bench.engine.config, "NAME", "configuration with Rmp=1 and RmpInsn > 0 (default: snpi)", NULL},
      {"dut", ARG_TEXT, &c.bench.engine.dut, "FILE", "shared object to test in place of build/dut/NAME.so", NULL},
      {"engine", ARG_CALL, &c.bench.engine.kind, "KIND", "lockstep (default), rtl or model", bench_arg_checked},
      {"seed", ARG_U64, &c.bench.seed, "N", "seed of keys and data", NULL},
      {"dir", ARG_TEXT, &c.dir, "DIR", "folder of the scenarios (default: tests/attacks)", NULL},
      {"list", ARG_FLAG, &c.list, NULL, "names of the attacks", NULL},
      {"json", ARG_TEXT, &c.json, "FILE", "all that was seen, as JSON", NULL},
      {"html", ARG_TEXT, &c.html, "FILE", "the same as one page", NULL},
      {NULL, ARG_FLAG, NULL, NULL, NULL, NULL}};
  const arg_table_t table = {"attack [NAME...] [options]",
                             "Attack against protection: what the attacker got and the victim saw, each cell a real run.",
                             options, 0, UINT32_MAX};
  uint32_t operands = 0;
  const arg_result_t got = args_parse(&table, argc, argv, &operands);
  if (got != ARGS_OK) return got == ARGS_HELP ? 0 : 2;
  if (c.list) {
    list();
    return 0;
  }
  if (c.dir == NULL) c.dir = engine_project_path(dir, sizeof(dir), "tests/attacks");
  bool *chosen = log_alloc(attack_threats_n * sizeof(*chosen));
  attack_run_t r = {.engine = engine_kind_name(c.bench.engine.kind), .seed = c.bench.seed, .chosen = chosen};
  r.config = c.bench.engine.dut != NULL ? c.bench.engine.dut : c.bench.engine.config;
  int code = 2;
  if (choose(operands, argv + 1, chosen) && fits(&c)) {
    r.cell = log_alloc(attack_threats_n * sizeof(*r.cell));
    const double start = log_seconds();
    if (play_all(&c, &r)) {
      r.seconds = log_seconds() - start;
      code = report(&c, &r);
    }
  }
  free(r.cell);
  free(chosen);
  return code;
}
