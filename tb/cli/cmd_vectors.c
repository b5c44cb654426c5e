// SPDX-License-Identifier: Apache-2.0
//
// cmd_vectors.c - known answers of NIST, IEEE and the project on the model and on the engine
//
// All files are read first: a line that cannot be read ends the program with exit code 2 before anything runs. AES-128
// records run on configuration "full", AES-256 records on "aes256", unless --config names one. The last line of the output
// counts checks: a record is one check on the functional model and one on the engine. Of the sets of the reverse map table
// (core/rmpvec.h) the decisions run on an engine with check ports, "snpc", the instructions on one with instruction ports,
// "snpi", unless --config names one; the others on the functional model alone.
#include <ctype.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chk/vec_check.h"
#include "chk/vec_rmp.h"
#include "chk/vec_rmp_chk.h"
#include "chk/vec_rmp_engine.h"
#include "cli/cmd.h"
#include "core/json.h"
#include "core/log.h"
#include "util/file.h"

int cmd_vectors(int argc, char **argv);

#define FAILS_SHOWN 20u
#define REASONS 8u
#define TABLES 16u
#define MCT_OUTER 2u
#define RIGS 4u

typedef enum side { SIDE_MODEL = 0, SIDE_ENGINE = 1, SIDES = 2 } side_t;

typedef struct set {
  vec_file_t file;
  rmpvec_file_t rmp;  // in place of file where is_rmp
  bool is_rmp;
  uint32_t ran, passed[SIDES], failed[SIDES], skipped[SIDES];
  struct {
    char text[200];
    uint32_t count;
  } reason[REASONS];
  uint32_t reasons;
} set_t;

typedef struct named_table {
  char path[512];
  cbit_tweak_table_t table;
} named_table_t;

typedef struct vectors {
  bench_opt_t bench;
  bool functional, full;
  const char *json;
  set_t *set;
  size_t sets;
  named_table_t table[TABLES];
  uint32_t tables;
  vec_rig_t *rig[2];  // AES-128, AES-256
  char rig_config[RIGS][256];  // these, RMP decisions, RMP instructions
  uint64_t cycles[RIGS], compared[RIGS];  // of rigs closed
  uint32_t fails;
  bool broken;  // an engine could not be opened or stopped
} vectors_t;

static bool arg_engine(void *to, const char *value, char err[TB_ERR_LEN]) {
  vectors_t *v = to;
  v->functional = strcmp(value, "functional") == 0;
  if (v->functional) return true;
  if (engine_kind_parse(value, &v->bench.engine.kind) && v->bench.engine.kind != ENGINE_WIRE) return true;
  snprintf(err, TB_ERR_LEN, "'%.40s' is not lockstep, rtl, model or functional", value);
  return false;
}

// ---- reading -------------------------------------------------------------------------------------------------------------

static const char *set_name(const set_t *s) { return s->is_rmp ? s->rmp.name : s->file.name; }

// Reads a file of either family into the set.
static bool read_set(set_t *s, const char *path, char err[VECFILE_ERR_LEN]) {
  _Static_assert(VECFILE_ERR_LEN >= RMPVEC_ERR_LEN, "one buffer for both readers");
  size_t len;
  char *text = vecfile_load(path, &len, err);
  if (text == NULL) return false;
  s->is_rmp = rmpvec_is(text, len);
  const bool good = s->is_rmp ? rmpvec_parse(&s->rmp, path, text, len, err) : vecfile_parse(&s->file, path, text, len, err);
  free(text);
  return good;
}

static void free_set(set_t *s) {
  if (s->is_rmp) {
    rmpvec_free(&s->rmp);
  } else {
    vecfile_free(&s->file);
  }
}

static bool add_file(vectors_t *v, const char *path) {
  char err[VECFILE_ERR_LEN];
  v->set = log_realloc(v->set, (v->sets + 1) * sizeof(*v->set));
  set_t *s = &v->set[v->sets];
  memset(s, 0, sizeof(*s));
  if (!read_set(s, path, err)) {
    fprintf(stderr, "%s\n", err);
    return false;
  }
  v->sets++;
  return true;
}

static bool add_default(vectors_t *v) {
  static const char *const pattern[] = {"tests/vectors/nist/*/*.rsp", "tests/vectors/nist/*/*.txt",
                                        "tests/vectors/project/*.txt", "tests/vectors/rmp/*.txt"};
  bool good = true;
  for (size_t i = 0; i < sizeof(pattern) / sizeof(pattern[0]); i++) {
    char path[512];
    glob_t g;
    if (glob(engine_project_path(path, sizeof(path), pattern[i]), 0, NULL, &g) != 0) continue;
    for (size_t k = 0; k < g.gl_pathc; k++) good = add_file(v, g.gl_pathv[k]) && good;
    globfree(&g);
  }
  if (v->sets == 0 && good) {
    log_error("no vector files in tests/vectors");
    return false;
  }
  return good;
}

// The table of a tset: ttable_<tset in lower case>.txt beside the vector file. NULL: not there (told).
static const cbit_tweak_table_t *find_table(vectors_t *v, const vec_file_t *f, const vec_record_t *r) {
  const char *slash = strrchr(f->name, '/');
  const int folder = slash != NULL ? (int)(slash + 1 - f->name) : 0;
  char path[512];
  const int n = snprintf(path, sizeof(path), "%.*sttable_%s.txt", folder, f->name, r->tset);
  if (n < 0 || (size_t)n >= sizeof(path)) return NULL;
  for (char *c = path + folder; *c != '\0'; c++) *c = (char)tolower((unsigned char)*c);
  for (uint32_t i = 0; i < v->tables; i++) {
    if (strcmp(v->table[i].path, path) == 0) return &v->table[i].table;
  }
  vec_file_t t;
  char err[VECFILE_ERR_LEN];
  if (!vecfile_read(&t, path, err)) {
    fprintf(stderr, "%s:%u: error: tset %s: %s\n", f->name, r->line, r->tset, err);
    return NULL;
  }
  const bool good = t.kind == VEC_TABLE && v->tables < TABLES;
  if (!good) fprintf(stderr, "%s:%u: error: tset %s: %s is not a table, or one too many\n", f->name, r->line, r->tset, path);
  if (good) {
    named_table_t *to = &v->table[v->tables++];
    memcpy(to->path, path, sizeof(path));
    to->table = t.table;
  }
  vecfile_free(&t);
  return good ? &v->table[v->tables - 1].table : NULL;
}

static bool find_tables(vectors_t *v) {
  bool good = true;
  for (size_t s = 0; s < v->sets; s++) {
    const vec_file_t *f = &v->set[s].file;
    for (size_t i = 0; i < f->n && f->kind == VEC_PROJECT && !v->set[s].is_rmp; i++) {
      const vec_record_t *r = &f->record[i];
      if (strcmp(r->tset, "-") == 0) continue;
      if (find_table(v, f, r) == NULL) {
        good = false;
        break;
      }
    }
  }
  return good;
}

// ---- running -------------------------------------------------------------------------------------------------------------

static void note_at(vectors_t *v, set_t *s, side_t side, uint32_t line, const vec_result_t *res) {
  if (res->verdict == VEC_PASS) {
    s->passed[side]++;
    return;
  }
  if (res->verdict == VEC_FAIL) {
    s->failed[side]++;
    if (v->fails++ < FAILS_SHOWN) {
      fprintf(stderr, "%s:%u: FAIL %s: %s\n", set_name(s), line,
              side == SIDE_MODEL ? "functional" : engine_kind_name(v->bench.engine.kind), res->why);
    }
    return;
  }
  s->skipped[side]++;
  char text[200];
  snprintf(text, sizeof(text), "%s%s", side == SIDE_ENGINE && !v->functional ? "engine: " : "", res->why);
  uint32_t i = 0;
  while (i < s->reasons && strcmp(s->reason[i].text, text) != 0) i++;
  if (i == s->reasons) {
    if (i == REASONS) return;
    memcpy(s->reason[s->reasons++].text, text, sizeof(text));
  }
  s->reason[i].count++;
}

static void note(vectors_t *v, set_t *s, side_t side, const vec_record_t *r, const vec_result_t *res) {
  note_at(v, s, side, r != NULL ? r->line : 1u, res);
}

static vec_rig_t *rig_for(vectors_t *v, uint32_t key_bits) {
  const size_t k = v->bench.engine.config != NULL || v->bench.engine.dut != NULL ? 0 : key_bits == 256;
  if (v->rig[k] != NULL || v->broken) return v->rig[k];
  bench_opt_t opt = v->bench;
  if (opt.engine.config == NULL && opt.engine.dut == NULL) opt.engine.config = k == 0 ? "full" : "aes256";
  opt.debug = true;
  char err[TB_ERR_LEN];
  v->rig[k] = vec_rig_open(&opt, err);
  if (v->rig[k] == NULL) {
    log_error("%s", err);
    v->broken = true;
    return NULL;
  }
  snprintf(v->rig_config[k], sizeof(v->rig_config[k]), "%s", engine_config_name(bench_engine(vec_rig_bench(v->rig[k]))));
  return v->rig[k];
}

static bool close_rig(vectors_t *v, size_t k) {
  bench_t *b = vec_rig_bench(v->rig[k]);
  v->cycles[k] += bench_cycle(b);
  v->compared[k] += engine_compared_total(bench_engine(b));
  const bool good = vec_rig_close(v->rig[k]);
  v->rig[k] = NULL;
  return good;
}

// An engine that stopped is opened anew for the next set, so that one difference does not hide what comes after.
static void forget_stopped(vectors_t *v) {
  for (size_t k = 0; k < 2; k++) {
    if (v->rig[k] != NULL && bench_failed(vec_rig_bench(v->rig[k]))) (void)close_rig(v, k);
  }
}

static void run_rmp_set(vectors_t *v, set_t *s) {
  vec_rmp_t *rig = vec_rmp_open();
  for (size_t i = 0; i < s->rmp.n; i++) {
    const rmpvec_record_t *r = &s->rmp.record[i];
    const vec_result_t res = vec_rmp_check(rig, &s->rmp, i);
    if (!vec_rmp_is_check(r)) continue;
    s->ran++;
    note_at(v, s, SIDE_MODEL, r->line, &res);
  }
  vec_rmp_close(rig);
}

// What a rig of the RMP did, before it is closed.
static void count_rig(vectors_t *v, size_t k, bench_t *b) {
  v->cycles[k] += bench_cycle(b);
  v->compared[k] += engine_compared_total(bench_engine(b));
  snprintf(v->rig_config[k], sizeof(v->rig_config[0]), "%s", engine_config_name(bench_engine(b)));
}

// RMP instructions on the engine's ports.
static void run_rmp_engine(vectors_t *v, set_t *s) {
  if (s->rmp.set != RVS_INSTRUCTIONS || v->broken) return;
  bench_opt_t opt = v->bench;
  char err[TB_ERR_LEN];
  if (opt.engine.config == NULL && opt.engine.dut == NULL) opt.engine.config = "snpi";
  vec_rmp_rig_t *rig = vec_rmp_rig_open(&opt, err);
  if (rig == NULL) {
    log_error("%s", err);
    v->broken = true;
    return;
  }
  for (size_t i = 0; i < s->rmp.n; i++) {
    const rmpvec_record_t *r = &s->rmp.record[i];
    const vec_result_t res = vec_rmp_rig_check(rig, &s->rmp, i);
    log_progress("vectors", i, s->rmp.n);
    if (vec_rmp_is_check(r)) note_at(v, s, SIDE_ENGINE, r->line, &res);
    if (!bench_failed(vec_rmp_rig_bench(rig))) continue;
    bench_report(vec_rmp_rig_bench(rig), stdout);
    break;  // every later line works on what this one left
  }
  log_progress(NULL, 0, 0);
  bench_t *b = vec_rmp_rig_bench(rig);
  count_rig(v, RIGS - 1, b);
  const bool used = s->passed[SIDE_ENGINE] + s->failed[SIDE_ENGINE] != 0;
  if (!vec_rmp_rig_close(rig) && used && s->failed[SIDE_ENGINE] == 0) v->broken = true;
}

typedef struct chk_note {
  vectors_t *v;
  set_t *s;
  uint64_t n;
} chk_note_t;

static void note_chk(void *arg, const rmpvec_record_t *r, const vec_result_t *res) {
  chk_note_t *c = arg;
  log_progress("vectors", c->n++, c->s->rmp.n);
  note_at(c->v, c->s, SIDE_ENGINE, r->line, res);
}

// Decisions at the check ports.
static void run_rmp_chk(vectors_t *v, set_t *s) {
  if (v->broken) return;
  bench_opt_t opt = v->bench;
  char err[TB_ERR_LEN];
  if (opt.engine.config == NULL && opt.engine.dut == NULL) opt.engine.config = "snpc";
  bench_t *b = bench_open(&opt, err);
  if (b == NULL) {
    log_error("%s", err);
    v->broken = true;
    return;
  }
  chk_note_t c = {v, s, 0};
  const bool any = bench_cfg(b)->rmp_chk != 0;
  if (any && !vec_rmp_chk_run(b, &s->rmp, note_chk, &c)) bench_report(b, stdout);
  log_progress(NULL, 0, 0);
  if (any) count_rig(v, RIGS - 2, b);
  if (!bench_close(b) && any && s->failed[SIDE_ENGINE] == 0) v->broken = true;
}

static void run_set(vectors_t *v, set_t *s, bool engine) {
  if (s->is_rmp) {
    if (!engine) run_rmp_set(v, s);
    else if (s->rmp.set == RVS_DECISIONS) run_rmp_chk(v, s);
    else run_rmp_engine(v, s);
    return;
  }
  vec_file_t *f = &s->file;
  forget_stopped(v);
  if (f->kind == VEC_TABLE) {
    if (engine) return;
    s->ran = 1;
    const vec_result_t res = vec_model_table(f);
    note(v, s, SIDE_MODEL, NULL, &res);
    return;
  }
  for (size_t i = 0; i < f->n; i++) {
    const vec_record_t *r = &f->record[i];
    const bool linear = f->kind == VEC_PROJECT && strcmp(r->tset, "-") != 0;
    const cbit_tweak_table_t *table = linear ? find_table(v, f, r) : NULL;
    if (!engine) {
      s->ran++;
      const vec_result_t res = vec_model_check(f, i, table);
      note(v, s, SIDE_MODEL, r, &res);
      continue;
    }
    log_progress("vectors", i, f->n);
    vec_rig_t *rig = rig_for(v, r->key_bits);
    if (rig == NULL) break;
    if (bench_failed(vec_rig_bench(rig))) {
      s->failed[SIDE_ENGINE]++;  // not run: the engine stopped at an earlier record of this set
      continue;
    }
    const vec_result_t res = vec_rig_check(rig, f, i, table, v->full ? UINT32_MAX : MCT_OUTER);
    // Skipped on the functional model too: told once.
    if (!(res.verdict == VEC_SKIP && (r->key_bits == 192 || (f->kind == VEC_XTS && r->bits % 128 != 0)))) {
      note(v, s, SIDE_ENGINE, r, &res);
    }
    if (bench_failed(vec_rig_bench(rig))) bench_report(vec_rig_bench(rig), stdout);
  }
  log_progress("vectors", 0, 0);
}

// ---- telling -------------------------------------------------------------------------------------------------------------

static const char *short_name(const char *path) {
  const char *at = strstr(path, "tests/vectors/");
  return at != NULL ? at + strlen("tests/vectors/") : path;
}

static void count_text(char buf[32], uint32_t passed, uint32_t failed) {
  if (failed != 0) {
    snprintf(buf, 32, "%u, %u FAIL", passed, failed);
  } else if (passed != 0) {
    snprintf(buf, 32, "%u ok", passed);
  } else {
    snprintf(buf, 32, "-");
  }
}

// What the RMP sets hold, and where they ran.
static void print_rmp(const vectors_t *v) {
  bool any = false;
  for (size_t i = 0; i < v->sets; i++) {
    const set_t *s = &v->set[i];
    if (!s->is_rmp) continue;
    const vec_rmp_counts_t n = vec_rmp_count(&s->rmp);
    any = true;
    printf("%s: ", rmpvec_set_name(s->rmp.set));
    if (s->rmp.set == RVS_INSTRUCTIONS) {
      printf("%u single cases, %u sequences of %u instructions and %u accesses\n", n.singles, n.sequences, n.in_sequences, n.accesses);
    } else {
      printf("%u\n", n.checks);
    }
  }
  if (any && !v->functional) printf("RMP sets ran on the functional model only, but for the decisions and the instructions\n");
}

static void print_table(const vectors_t *v) {
  printf("%-42s %8s %14s %14s  %s\n", "set", "records", "functional",
         v->functional ? "engine" : engine_kind_name(v->bench.engine.kind), "skipped");
  for (size_t i = 0; i < v->sets; i++) {
    const set_t *s = &v->set[i];
    char model[32];
    char engine[32];
    count_text(model, s->passed[SIDE_MODEL], s->failed[SIDE_MODEL]);
    count_text(engine, s->passed[SIDE_ENGINE], s->failed[SIDE_ENGINE]);
    printf("%-42s %8u %14s %14s  ", short_name(set_name(s)), s->ran, model, engine);
    for (uint32_t k = 0; k < s->reasons; k++) {
      printf("%s%u (%s)", k != 0 ? "; " : "", s->reason[k].count, s->reason[k].text);
    }
    printf("%s\n", s->reasons == 0 ? "-" : "");
  }
  print_rmp(v);
  const engine_kind_t kind = v->bench.engine.kind;
  for (size_t k = 0; k < RIGS; k++) {
    if (v->rig_config[k][0] == '\0') continue;
    printf("%s, configuration %s: %llu cycles", engine_kind_name(kind), v->rig_config[k], (unsigned long long)v->cycles[k]);
    if (kind == ENGINE_LOCKSTEP) printf(", %llu pin values compared", (unsigned long long)v->compared[k]);
    printf("\n");
  }
}

static bool write_json(const vectors_t *v, uint32_t passed, uint32_t failed) {
  char folder[512];
  char err[FILE_ERR_LEN];
  snprintf(folder, sizeof(folder), "%s", v->json);
  char *slash = strrchr(folder, '/');
  if (slash != NULL && slash != folder) {
    *slash = '\0';
    if (!file_make_dirs(folder, err)) {
      log_error("%s", err);
      return false;
    }
  }
  FILE *to = fopen(v->json, "w");
  if (to == NULL) {
    log_error("cannot write %s", v->json);
    return false;
  }
  json_t j;
  json_begin(&j, to);
  json_text(&j, "engine", v->functional ? "functional" : engine_kind_name(v->bench.engine.kind));
  json_array(&j, "sets");
  for (size_t i = 0; i < v->sets; i++) {
    const set_t *s = &v->set[i];
    json_object(&j, NULL);
    json_text(&j, "file", short_name(set_name(s)));
    json_text(&j, "kind", s->is_rmp ? rmpvec_set_name(s->rmp.set) : vecfile_kind_name(s->file.kind));
    json_u64(&j, "records", s->ran);
    json_u64(&j, "functional_passed", s->passed[SIDE_MODEL]);
    json_u64(&j, "functional_failed", s->failed[SIDE_MODEL]);
    json_u64(&j, "engine_passed", s->passed[SIDE_ENGINE]);
    json_u64(&j, "engine_failed", s->failed[SIDE_ENGINE]);
    json_array(&j, "skipped");
    for (uint32_t k = 0; k < s->reasons; k++) {
      json_object(&j, NULL);
      json_text(&j, "reason", s->reason[k].text);
      json_u64(&j, "count", s->reason[k].count);
      json_close(&j);
    }
    json_close(&j);
    json_close(&j);
  }
  json_close(&j);
  json_u64(&j, "passed", passed);
  json_u64(&j, "failed", failed);
  json_end(&j);
  if (fclose(to) == 0) return true;
  log_error("cannot write %s", v->json);
  return false;
}

static int run(vectors_t *v) {
  for (size_t i = 0; i < v->sets; i++) run_set(v, &v->set[i], false);
  for (size_t i = 0; i < v->sets && !v->functional; i++) run_set(v, &v->set[i], true);
  uint32_t passed = 0;
  uint32_t failed = v->broken ? 1 : 0;
  for (size_t i = 0; i < v->sets; i++) {
    for (size_t k = 0; k < SIDES; k++) {
      passed += v->set[i].passed[k];
      failed += v->set[i].failed[k];
    }
  }
  if (v->fails > FAILS_SHOWN) fprintf(stderr, "... and %u more\n", v->fails - FAILS_SHOWN);
  for (size_t k = 0; k < 2; k++) {
    if (v->rig[k] != NULL && !close_rig(v, k) && failed == 0) failed = 1;
  }
  print_table(v);
  bool good = failed == 0 && passed != 0;
  if (v->json != NULL && !write_json(v, passed, failed)) good = false;
  printf("vectors: %u passed, %u failed\n", passed, failed);
  return good ? 0 : 1;
}

int cmd_vectors(int argc, char **argv) {
  static vectors_t v;
  const arg_option_t options[] = {
      {"engine", ARG_CALL, &v, "KIND", "lockstep (default), rtl, model or functional (no engine)", arg_engine},
      {"config", ARG_TEXT, &v.bench.engine.config, "NAME", "one configuration (default: full for AES-128, aes256)", NULL},
      {"dut", ARG_TEXT, &v.bench.engine.dut, "FILE", "shared object to test in place of build/dut/NAME.so", NULL},
      {"full", ARG_FLAG, &v.full, NULL, "all 100 Monte Carlo iterations on the engine (default: 2)", NULL},
      {"json", ARG_TEXT, &v.json, "FILE", "results as JSON", NULL},
      {"seed", ARG_U64, &v.bench.seed, "N", "seed of the drivers", NULL},
      {"wave", ARG_CALL, &v.bench.engine, "FROM:TO", "dump these cycles as an FST wave", bench_arg_wave},
      {"wave-file", ARG_TEXT, &v.bench.engine.wave_file, "FILE", "name of the wave file", NULL},
      {NULL, ARG_FLAG, NULL, NULL, NULL, NULL}};
  const arg_table_t table = {"vectors [options] [FILE...]",
                             "Known answers on the functional model and on the engine. Without files: all of tests/vectors.",
                             options, 0, UINT32_MAX};
  memset(&v, 0, sizeof(v));
  uint32_t files = 0;
  char repeat[2048] = "build/cbit";
  for (int i = 0; i < argc; i++) {
    const size_t n = strlen(repeat);
    snprintf(repeat + n, sizeof(repeat) - n, " %s", argv[i]);
  }
  const arg_result_t got = args_parse(&table, argc, argv, &files);
  if (got != ARGS_OK) return got == ARGS_HELP ? 0 : 2;
  v.bench.repeat = repeat;
  bool good = true;
  if (files == 0) good = add_default(&v);
  for (uint32_t i = 0; i < files; i++) good = add_file(&v, argv[i + 1]) && good;
  good = good && find_tables(&v);
  const int code = good ? run(&v) : 2;
  for (size_t i = 0; i < v.sets; i++) free_set(&v.set[i]);
  free(v.set);
  return code;
}
