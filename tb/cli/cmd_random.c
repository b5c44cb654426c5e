// SPDX-License-Identifier: Apache-2.0
//
// cmd_random.c - constrained random traffic on RTL and model in lock-step
//
// Prints the seed first and last. A failing run ends with the command that repeats it; --shrink makes it short and
// writes it as a text file that --replay plays (form: tb/gen/act.h).
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/cmd.h"
#include "core/json.h"
#include "core/log.h"
#include "gen/gen_random.h"
#include "gen/shrink.h"

int cmd_random(int argc, char **argv);

typedef struct random_opt {
  bench_opt_t bench;
  uint64_t cycles;
  uint32_t trials;
  const char *replay, *record, *shrink_file, *json, *log;
  bool shrink, no_scoreboard, no_cover, quiet;
} random_opt_t;

static bool write_json(const random_opt_t *o, bench_t *b, double seconds) {
  if (o->json == NULL) return true;
  FILE *f = fopen(o->json, "w");
  if (f == NULL) {
    log_error("option --json: cannot write %s", o->json);
    return false;
  }
  json_t j;
  json_begin(&j, f);
  bench_summary_json(b, &j);
  json_real(&j, "seconds", seconds);
  json_end(&j);
  return fclose(f) == 0;
}

// The command that repeats this run, without the wave window.
static void repeat_command(char *to, size_t size, const random_opt_t *o) {
  const engine_opt_t *e = &o->bench.engine;
  if (o->replay != NULL) {
    snprintf(to, size, "build/cbit random --replay %s", o->replay);
    return;
  }
  snprintf(to, size, "build/cbit random%s%s%s%s --engine %s --seed 0x%" PRIx64 " --cycles %" PRIu64 "%s",
           e->config != NULL ? " --config " : "", e->config != NULL ? e->config : "", e->dut != NULL ? " --dut " : "",
           e->dut != NULL ? e->dut : "", engine_kind_name(e->kind), o->bench.seed, o->cycles,
           o->no_scoreboard ? " --no-scoreboard" : "");
}

// Random from the seed. record may be NULL.
static void run_random(bench_t *b, const random_opt_t *o, act_list_t *record) {
  if (!bench_reset_pulse(b, 4)) return;
  gen_random_t *g = gen_random_new(b, o->bench.seed, record);
  while (bench_cycle(b) < o->cycles && gen_random_step(g) && bench_step(b)) {
    host_txn_t *t = NULL;
    while ((t = bench_poll(b)) != NULL) host_release(bench_host(b), t);
    if ((bench_cycle(b) & 0xffff) == 0 && !o->quiet) log_progress("random", bench_cycle(b), o->cycles);
  }
  log_progress(NULL, 0, 0);
  gen_random_free(g);
  bench_zeroise(b, false);
  if (!bench_failed(b) && bench_drain(b)) (void)bench_scoreboard_check(b);
  host_txn_t *t = NULL;
  while ((t = bench_poll(b)) != NULL) host_release(bench_host(b), t);
}

static void shrink(const random_opt_t *o, const char *reason) {
  char path[512];
  char err[TB_ERR_LEN];
  act_list_t list = {0};
  bench_opt_t opt = o->bench;
  opt.cover = false;
  opt.engine.wave = false;
  bool loaded = true;
  if (o->replay != NULL) {
    loaded = act_list_read(&list, o->replay, err);
  } else {
    snprintf(list.config, sizeof(list.config), "%s", opt.engine.config != NULL ? opt.engine.config : "default");
    if (opt.engine.dut != NULL) snprintf(list.dut, sizeof(list.dut), "%s", opt.engine.dut);
    list.engine = opt.engine.kind;
    list.seed = opt.seed;
    list.cycles = o->cycles;
    bench_t *b = bench_open(&opt, err);
    loaded = b != NULL;
    if (loaded) {
      run_random(b, o, &list);
      (void)bench_close(b);
    }
  }
  if (!loaded) {
    log_error("%s", err);
    return;
  }
  const size_t before = list.n;
  const uint32_t trials = shrink_run(&list, &opt, reason, o->trials);
  if (o->shrink_file != NULL) {
    snprintf(path, sizeof(path), "%s", o->shrink_file);
  } else {
    snprintf(path, sizeof(path), "build/shrunk-%" PRIx64 ".txt", opt.seed);
  }
  if (trials == 0) {
    printf("shrink: the recorded run did not fail when played again\n");
  } else if (!act_list_write(&list, path, reason, err)) {
    log_error("%s", err);
  } else {
    printf("shrink   %zu acts of %zu, %" PRIu64 " cycles, %u trials: build/cbit random --replay %s\n", list.n, before,
           list.cycles, trials, path);
  }
  act_list_clear(&list);
}

// Runs one replay or random run and tells about it. Returns the exit code.
static int run(random_opt_t *o, act_list_t *list) {
  char err[TB_ERR_LEN];
  char again[1024];
  char reason[1024] = "";
  repeat_command(again, sizeof(again), o);
  o->bench.repeat = again;
  o->bench.scoreboard = !o->no_scoreboard && o->bench.engine.kind != ENGINE_WIRE;
  o->bench.cover = !o->no_cover && o->bench.engine.kind != ENGINE_WIRE;
  if (o->log != NULL) {
    o->bench.log = fopen(o->log, "w");
    if (o->bench.log == NULL) {
      log_error("option --log: cannot write %s", o->log);
      return 2;
    }
  }
  bench_t *b = bench_open(&o->bench, err);
  if (b == NULL) {
    log_error("%s", err);
    return 2;
  }
  printf("random: seed 0x%" PRIx64 ", configuration %s, engine %s, %" PRIu64 " cycles\n", o->bench.seed,
         engine_config_name(bench_engine(b)), engine_kind_name(o->bench.engine.kind), o->cycles);
  fflush(stdout);
  const double start = log_seconds();
  act_list_t record = {0};
  if (list != NULL) {
    (void)act_list_run(b, list, NULL);
  } else {
    run_random(b, o, o->record != NULL ? &record : NULL);
  }
  const double seconds = log_seconds() - start;
  const uint64_t cycles = bench_cycle(b);
  const bool failed = bench_failed(b);
  if (o->record != NULL && list == NULL) {
    snprintf(record.config, sizeof(record.config), "%s",
             o->bench.engine.config != NULL ? o->bench.engine.config : "default");
    if (o->bench.engine.dut != NULL) snprintf(record.dut, sizeof(record.dut), "%s", o->bench.engine.dut);
    record.engine = o->bench.engine.kind;
    record.seed = o->bench.seed;
    record.cycles = o->cycles;
    if (!act_list_write(&record, o->record, again, err)) log_error("option --record: %s", err);
    act_list_clear(&record);
  }
  if (failed) {
    bench_report(b, stdout);
    snprintf(reason, sizeof(reason), "%s", bench_reason(b));
  } else if (!o->quiet) {
    bench_summary(b, stdout);
  }
  if (o->bench.log != NULL) fclose(o->bench.log);
  o->bench.log = NULL;
  bool good = write_json(o, b, seconds);
  good = bench_close(b) && good && !failed;
  if (failed && o->shrink) shrink(o, reason);
  printf("random: %s, seed 0x%" PRIx64 ", %" PRIu64 " cycles, %.0f cycles/s\n", good ? "passed" : "FAILED",
         o->bench.seed, cycles, (double)cycles / (seconds > 0 ? seconds : 1));
  return good ? 0 : 1;
}

int cmd_random(int argc, char **argv) {
  random_opt_t o = {.cycles = 100000, .trials = 2000};
  o.bench.seed = UINT64_MAX;
  const arg_option_t options[] = {
      BENCH_ARGS(&o.bench),
      {"cycles", ARG_U64, &o.cycles, "N", "length of the run (default 100000)", NULL},
      {"replay", ARG_TEXT, &o.replay, "FILE", "play a recorded run instead", NULL},
      {"record", ARG_TEXT, &o.record, "FILE", "write what the run does", NULL},
      {"shrink", ARG_FLAG, &o.shrink, NULL, "make a failing run short", NULL},
      {"shrink-to", ARG_TEXT, &o.shrink_file, "FILE", "where the short run goes (default build/shrunk-SEED.txt)", NULL},
      {"trials", ARG_U32, &o.trials, "N", "at most so many runs while shrinking (default 2000)", NULL},
      {"log", ARG_TEXT, &o.log, "FILE", "one line for every finished transaction", NULL},
      {"json", ARG_TEXT, &o.json, "FILE", "results as JSON", NULL},
      {"no-scoreboard", ARG_FLAG, &o.no_scoreboard, NULL, "lock-step comparison only", NULL},
      {"no-cover", ARG_FLAG, &o.no_cover, NULL, "do not collect functional coverage", NULL},
      {"cover-file", ARG_TEXT, &o.bench.cover_file, "FILE", "coverage counts (default build/cover/...)", NULL},
      {"quiet", ARG_FLAG, &o.quiet, NULL, "no table at the end", NULL},
      {NULL, ARG_FLAG, NULL, NULL, NULL, NULL}};
  const arg_table_t table = {"random [options]", "Constrained random traffic on RTL and model in lock-step.", options,
                             0, 0};
  const arg_result_t r = args_parse(&table, argc, argv, NULL);
  if (r != ARGS_OK) return r == ARGS_HELP ? 0 : 2;
  // Without --seed every run is a new one; its seed is printed.
  if (o.bench.seed == UINT64_MAX) o.bench.seed = ((uint64_t)time(NULL) << 16 ^ (uint64_t)getpid()) & 0xffffffffffffu;
  if (o.replay == NULL) return run(&o, NULL);
  act_list_t list;
  char err[TB_ERR_LEN];
  if (!act_list_read(&list, o.replay, err)) {
    log_error("option --replay: %s", err);
    return 2;
  }
  if (o.bench.engine.config == NULL && o.bench.engine.dut == NULL) {
    if (list.dut[0] != '\0') {
      o.bench.engine.dut = list.dut;
    } else {
      o.bench.engine.config = list.config;
    }
  }
  if (o.bench.engine.kind == ENGINE_LOCKSTEP) o.bench.engine.kind = list.engine;
  o.bench.seed = list.seed;
  o.cycles = list.cycles;
  const int code = run(&o, &list);
  act_list_clear(&list);
  return code;
}
