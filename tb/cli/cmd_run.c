// SPDX-License-Identifier: Apache-2.0
//
// cmd_run.c - plays a scenario on RTL and model in lock-step and tells what each step gave
//
// The language: docs/scenario.md. Exit code 0: every expectation held, and in lock-step nothing differed and something was
// compared; 1: not so; 2: the scenario or the command line is wrong, nothing was run.
#include <stdlib.h>
#include <string.h>

#include "cli/cmd.h"
#include "core/args.h"
#include "core/log.h"
#include "core/scenario.h"
#include "core/wave.h"

int cmd_run(int argc, char **argv);

#define FILE_LIMIT (UINT64_C(256) << 10)
#define DEFINES_MAX 64u
#define REPEAT_MAX 8192u

typedef struct run_args {
  scn_run_opt_t opt;
  scn_define_t define[DEFINES_MAX];
  char *copy[DEFINES_MAX];  // names, cut from their values
  uint32_t defines;
  bool full, check;
  uint64_t limit;
} run_args_t;

static bool arg_set(void *to, const char *value, char *err) {
  run_args_t *a = (run_args_t *)to;
  const char *eq = strchr(value, '=');
  if (eq == NULL || eq == value) {
    snprintf(err, TB_ERR_LEN, "'%.200s' is not name=value", value);
    return false;
  }
  if (a->defines == DEFINES_MAX) {
    snprintf(err, TB_ERR_LEN, "more than %u variables", DEFINES_MAX);
    return false;
  }
  char *name = (char *)log_alloc((size_t)(eq - value) + 1);
  memcpy(name, value, (size_t)(eq - value));
  a->copy[a->defines] = name;
  a->define[a->defines++] = (scn_define_t){name, eq + 1};
  return true;
}

// FROM:TO, or the name of a wave file for the whole run.
static bool arg_wave(void *to, const char *value, char *err) {
  engine_opt_t *e = (engine_opt_t *)to;
  if (wave_window_parse(value, &e->wave_from, &e->wave_to, err)) {
    e->wave = true;
    return true;
  }
  const size_t n = strlen(value);
  if (n > 4 && strcmp(value + n - 4, ".fst") == 0) {
    e->wave = true;
    e->wave_file = value;
    e->wave_from = 0;
    e->wave_to = UINT64_MAX;
    return true;
  }
  snprintf(err, TB_ERR_LEN, "'%.200s' is neither FROM:TO nor the name of an .fst file", value);
  return false;
}

// One word of a command line for a shell.
static void add_word(char *buf, const char *word) {
  const size_t n = strlen(buf);
  const bool plain = word[0] != '\0' && strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=:,+") == strlen(word);
  if (n + strlen(word) + 4 < REPEAT_MAX) snprintf(buf + n, REPEAT_MAX - n, plain ? " %s" : " '%s'", word);
}

static int run(run_args_t *a, const char *path) {
  scenario_t *s = scenario_parse_file(path, a->define, a->defines, stderr);
  if (s == NULL) return 2;
  const char *config = a->opt.bench.engine.dut != NULL ? a->opt.bench.engine.dut : a->opt.bench.engine.config;
  int rc = 2;
  if (scenario_check(s, config, stderr)) {
    if (a->check) {
      printf("%s: %u steps, well-formed\n", path, s->steps);
      rc = 0;
    } else {
      rc = scenario_run(s, &a->opt);
    }
  }
  scenario_free(s);
  return rc;
}

int cmd_run(int argc, char **argv) {
  run_args_t a;
  memset(&a, 0, sizeof(a));
  a.opt.bench.seed = 1;
  a.limit = FILE_LIMIT;
  const arg_option_t options[] = {
      {"config", ARG_TEXT, &a.opt.bench.engine.config, "NAME", "configuration (default: the scenario's, else default)", NULL},
      {"dut", ARG_TEXT, &a.opt.bench.engine.dut, "FILE", "shared object to test in place of build/dut/NAME.so", NULL},
      {"engine", ARG_CALL, &a.opt.bench.engine.kind, "KIND", "lockstep (default), model, rtl or wire", bench_arg_engine},
      {"set", ARG_CALL, &a, "NAME=VALUE", "a variable of the scenario; wins over its own 'set'", arg_set},
      {"seed", ARG_U64, &a.opt.bench.seed, "N", "seed of keys and of every random choice (default 1)", NULL},
      {"json", ARG_TEXT, &a.opt.json, "FILE", "report as JSON", NULL},
      {"wave", ARG_CALL, &a.opt.bench.engine, "FILE|FROM:TO", "FST wave of the whole run, or of these cycles", arg_wave},
      {"wave-file", ARG_TEXT, &a.opt.bench.engine.wave_file, "FILE", "name of the wave file", NULL},
      {"dram-out", ARG_TEXT, &a.opt.dram_out, "FILE", "DRAM at the end: 8 bytes address, 4096 bytes data, per page", NULL},
      {"out", ARG_TEXT, &a.opt.out, "DIR", "folder for pictures and saved memory (default build/out)", NULL},
      {"full", ARG_FLAG, &a.full, NULL, "use files of any size as a whole", NULL},
      {"limit", ARG_U64, &a.limit, "BYTES", "use at most so much of a file (default 256Ki)", NULL},
      {"check", ARG_FLAG, &a.check, NULL, "only read the scenario and tell whether it is well-formed", NULL},
      {"scoreboard", ARG_FLAG, &a.opt.bench.scoreboard, NULL, "judge data and refusals of every request apart from the model, too", NULL},
      {"quiet", ARG_FLAG, &a.opt.quiet, NULL, "print failed steps and the verdict only", NULL},
      {NULL, ARG_FLAG, NULL, NULL, NULL, NULL}};
  const arg_table_t table = {"run SCENARIO [options]", "Plays a scenario (docs/scenario.md) on the engine.", options, 1, 1};
  uint32_t operands = 0;
  char repeat[REPEAT_MAX] = "build/cbit run";
  for (int i = 1; i < argc; i++) {  // without --wave and its value
    if (strcmp(argv[i], "--wave") == 0 || strcmp(argv[i], "--wave-file") == 0) i++;
    else if (strncmp(argv[i], "--wave", 6) != 0) add_word(repeat, argv[i]);
  }
  const arg_result_t parsed = args_parse(&table, argc, argv, &operands);
  int rc = parsed == ARGS_ERROR ? 2 : 0;
  if (parsed == ARGS_OK) {
    a.opt.file_limit = a.full ? UINT64_MAX : a.limit;
    a.opt.bench.repeat = repeat;
    rc = run(&a, argv[1]);
  }
  for (uint32_t i = 0; i < a.defines; i++) free(a.copy[i]);
  return rc;
}
