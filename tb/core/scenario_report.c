// SPDX-License-Identifier: Apache-2.0
//
// scenario_report.c - what a scenario says while it runs and when it ends: text, JSON, DRAM image (scenario_int.h)
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "core/scenario_int.h"
#include "util/file.h"
#include "util/stats.h"
#include "util/bytes.h"

#define TEXT_WIDTH 62

static const char *const speed_name[] = {"read_plain", "read_encrypted", "write_plain", "write_encrypted"};
static const char *const speed_text[] = {"reads, plain", "reads, encrypted", "writes, plain", "writes, encrypted"};

static const char *engine_text(scn_exec_t *x) { return engine_kind_name(engine_kind(bench_engine(x->b))); }

void scn_report_begin(scn_exec_t *x) {
  const scn_run_opt_t *o = x->opt;
  if (o->json != NULL) {
    char dir[1024], err[FILE_ERR_LEN];
    const char *slash = strrchr(o->json, '/');
    if (slash != NULL && slash != o->json && (size_t)(slash - o->json) < sizeof(dir)) {
      snprintf(dir, sizeof(dir), "%.*s", (int)(slash - o->json), o->json);
      if (!file_make_dirs(dir, err)) log_error("%s", err);
    }
    x->json_file = fopen(o->json, "w");
    if (x->json_file == NULL) {
      log_error("cannot write '%s': %s", o->json, strerror(errno));
      x->failed++;
    } else {
      x->json = (json_t *)log_alloc(sizeof(json_t));
      json_begin(x->json, x->json_file);
      json_text(x->json, "scenario", x->s->name);
      json_text(x->json, "engine", engine_text(x));
      json_text(x->json, "config", engine_config_name(bench_engine(x->b)));
      json_u64(x->json, "seed", o->bench.seed);
      json_array(x->json, "steps");
    }
  }
  if (!o->quiet) {
    printf("scenario %s, engine %s, configuration %s, seed 0x%llx\n", x->s->name, engine_text(x),
           engine_config_name(bench_engine(x->b)), (unsigned long long)o->bench.seed);
  }
}

static void print_step(scn_exec_t *x, bool expect, bool judged) {
  const scn_step_t *st = x->step;
  if (st->spec->op == SCN_OP_SAY) {
    printf("\n%s%s%s\n", log_colour(stdout, LOG_BOLD), st->val[0].text, log_colour(stdout, LOG_PLAIN));
    return;
  }
  const char *indent = expect ? "    " : "";
  const int width = TEXT_WIDTH - (int)strlen(indent);
  const char *word = x->bad ? "FAILED" : judged ? "ok" : "";
  const log_colour_t colour = x->bad ? LOG_RED : LOG_GREEN;
  printf("%4u  %s%-*s", st->pos.line, indent, width, st->text);
  if (strlen(st->text) > (size_t)width && (x->note[0] != '\0' || word[0] != '\0')) printf("\n%*s", 6 + TEXT_WIDTH, "");
  printf(" %s%-6s%s %s\n", word[0] != '\0' ? log_colour(stdout, colour) : "", word, word[0] != '\0' ? log_colour(stdout, LOG_PLAIN) : "",
         x->note);
  if (x->dump_lines > 0) {
    const scn_bytes_t *b = &x->last.bytes;
    const size_t n = b->len < (size_t)x->dump_lines * 16 ? b->len : (size_t)x->dump_lines * 16;
    file_hexdump(stdout, "        ", x->last.addr_known ? x->last.addr : 0, b->data, n);
  }
}

void scn_report_step(scn_exec_t *x) {
  const scn_step_t *st = x->step;
  const bool expect = st->spec->op >= SCN_OP_EXPECT_DATA;
  const bool looks = st->spec->op >= SCN_OP_OBSERVE_ATTACKER;  // says what came of it, cannot fail
  const bool acts = st->spec->op == SCN_OP_WRITE || st->spec->op == SCN_OP_READ || st->spec->op == SCN_OP_FINISH ||
                    st->spec->op == SCN_OP_MEASURE || (st->spec->op >= SCN_OP_CTRL && st->spec->op <= SCN_OP_LOCK) ||
                    (st->spec->op >= SCN_OP_TWEAKS && st->spec->op <= SCN_OP_KEY_WIPE_ALL) ||
                    (st->spec->op >= SCN_OP_CPU_READ && st->spec->op <= SCN_OP_CPU_FETCH) ||
                    st->spec->op == SCN_OP_ALIAS_CHECK || st->spec->op == SCN_OP_RMP_COMMAND ||
                    st->spec->op == SCN_OP_REG_SAVE || st->spec->op == SCN_OP_REG_LOAD ||
                    st->spec->op == SCN_OP_IO_READ || st->spec->op == SCN_OP_IO_WRITE;
  const bool judged = (expect && !looks) || (acts && !st->expects_bad);
  x->steps_done++;
  if (x->bad) x->failed++;
  else if (judged) x->held++;
  if (x->opt->outcome != NULL && x->bad && x->outcome.failure[0] == '\0')
    snprintf(x->outcome.failure, TB_ERR_LEN, "line %u, '%.120s': %.300s", st->pos.line, st->text, x->note);
  if (x->opt->outcome == NULL && (!x->opt->quiet || x->bad)) print_step(x, expect, judged);
  x->dump_lines = 0;
  if (x->json == NULL) return;
  json_object(x->json, NULL);
  json_u64(x->json, "line", st->pos.line);
  json_text(x->json, "step", st->spec->words);
  json_text(x->json, "text", st->text);
  json_text(x->json, "verdict", x->bad ? "FAILED" : judged ? "ok" : "done");
  json_text(x->json, "result", x->note);
  json_u64(x->json, "cycle", bench_cycle(x->b));
  json_close(x->json);
}

static int order(const void *a, const void *b) {
  const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return x < y ? -1 : x > y;
}

static void report_latency(scn_exec_t *x) {
  static const char *const name[] = {"plain", "encrypted"};
  if (x->json != NULL) json_object(x->json, "latency");
  for (unsigned i = 0; i < 2; i++) {
    scn_sample_t *s = &x->lat[i];
    if (s->n == 0) continue;
    qsort(s->v, s->n, sizeof(uint64_t), order);
    if (!x->opt->quiet) {
      printf("  latency, reads, %-10s min %llu, median %llu, max %llu cycles from the address taken to the first data (%zu reads)\n",
             name[i], (unsigned long long)s->v[0], (unsigned long long)s->v[s->n / 2], (unsigned long long)s->v[s->n - 1], s->n);
    }
    if (x->json == NULL) continue;
    json_object(x->json, name[i]);
    json_u64(x->json, "reads", s->n);
    json_u64(x->json, "min", s->v[0]);
    json_u64(x->json, "median", s->v[s->n / 2]);
    json_u64(x->json, "max", s->v[s->n - 1]);
    json_close(x->json);
  }
  if (x->json != NULL) json_close(x->json);
}

static void report_speed(scn_exec_t *x) {
  if (x->json != NULL) json_object(x->json, "throughput");
  for (unsigned i = 0; i < 4; i++) {
    const scn_speed_t *s = &x->speed[i];
    if (s->bytes == 0 || s->cycles == 0) continue;
    const double rate = (double)s->bytes / (double)s->cycles;
    if (!x->opt->quiet) {
      printf("  throughput, %-18s %.2f bytes a cycle of %u (%llu bytes in %llu cycles, accesses of 1 KiB and more)\n",
             speed_text[i], rate, bench_bus_bytes(x->b), (unsigned long long)s->bytes, (unsigned long long)s->cycles);
    }
    if (x->json == NULL) continue;
    json_object(x->json, speed_name[i]);
    json_u64(x->json, "bytes", s->bytes);
    json_u64(x->json, "cycles", s->cycles);
    json_real(x->json, "bytes_per_cycle", rate);
    json_close(x->json);
  }
  if (x->json != NULL) json_close(x->json);
}

static void report_counters(scn_exec_t *x) {
  bool good = !bench_failed(x->b);
  uint32_t value[SCN_COUNTERS] = {0};
  for (unsigned i = 0; i < scn_counters(x) && good; i++) good = bench_sp_read(x->b, scn_counter_offset(i), &value[i], NULL);
  if (x->json != NULL) json_object(x->json, "counters");
  if (good && !x->opt->quiet) printf("  counters of the engine");
  for (unsigned i = 0; i < scn_counters(x) && good; i++) {
    if (!x->opt->quiet && value[i] != 0) printf(" %s=%u", scn_counter_name(i), value[i]);
    if (x->json != NULL) json_u64(x->json, scn_counter_name(i), value[i]);
  }
  if (good && !x->opt->quiet) printf("\n");
  if (x->json != NULL) json_close(x->json);
}

// Returns the cycles compared.
static uint64_t report_lockstep(scn_exec_t *x) {
  engine_t *e = bench_engine(x->b);
  const bool lock = engine_kind(e) == ENGINE_LOCKSTEP;
  const engine_mismatch_t *m = engine_first_mismatch(e);
  uint64_t cycles = 0, count = 0;
  size_t fields = 0;
  for (size_t i = 0; lock && i < engine_compared_fields(e); i++) {
    engine_compared_field(e, i, &count);
    if (count > cycles) cycles = count;
    fields += count > 0;
  }
  if (x->json != NULL) {
    json_u64(x->json, "cycles", bench_cycle(x->b));
    json_u64(x->json, "cycles_compared", cycles);
    json_object(x->json, "fields_compared");
    for (size_t i = 0; lock && i < engine_compared_fields(e); i++) {
      const char *name = engine_compared_field(e, i, &count);
      json_u64(x->json, name, count);
    }
    json_close(x->json);
    json_u64(x->json, "mismatches", m != NULL);
    if (m != NULL) {
      json_object(x->json, "first_mismatch");
      json_u64(x->json, "cycle", m->cycle);
      json_text(x->json, "signal", m->signal);
      json_text(x->json, "rtl", m->rtl);
      json_text(x->json, "model", m->model);
      json_close(x->json);
    }
  }
  if (!x->opt->quiet) {
    if (lock) {
      printf("  lock-step %llu cycles compared, %llu values of %zu fields, %s\n", (unsigned long long)cycles,
             (unsigned long long)engine_compared_total(e), fields, m != NULL ? "a MISMATCH" : "0 mismatches");
    } else {
      printf("  nothing was compared (engine %s), %llu cycles\n", engine_text(x), (unsigned long long)bench_cycle(x->b));
    }
  }
  return cycles;
}

// One record a page: address as 8 bytes, little-endian, then 4096 bytes.
static void dump_page(void *arg, uint64_t addr, const uint8_t *page) {
  FILE *f = (FILE *)arg;
  uint8_t head[8];
  le64_store(head, addr);
  if (fwrite(head, 1, 8, f) == 8) (void)!fwrite(page, 1, 4096, f);
}

static void write_dram(scn_exec_t *x) {
  if (x->opt->dram_out == NULL) return;
  FILE *f = fopen(x->opt->dram_out, "wb");
  bool ok = f != NULL;
  if (ok) {
    dram_each_page(bench_dram(x->b), dump_page, f);
    ok = ferror(f) == 0;
    ok = fclose(f) == 0 && ok;
  }
  if (ok) {
    if (!x->opt->quiet) printf("  DRAM image in %s\n", x->opt->dram_out);
  } else {
    log_error("cannot write '%s': %s", x->opt->dram_out, strerror(errno));
    x->failed++;
  }
}

static void report_outcome(scn_exec_t *x) {
  const scn_outcome_t *o = &x->outcome;
  json_object(x->json, "attack");
  json_text(x->json, "outcome", scn_verdict_name(o->verdict));
  json_text(x->json, "seen", o->seen);
  json_array(x->json, "refusals");
  for (uint32_t i = 0; i < o->refusals; i++) {
    json_object(x->json, NULL);
    json_text(x->json, "by", o->refusal[i].by);
    json_text(x->json, "fault", o->refusal[i].fault);
    json_close(x->json);
  }
  json_close(x->json);
  json_close(x->json);
}

int scn_report_end(scn_exec_t *x) {
  const bool lock = engine_kind(bench_engine(x->b)) == ENGINE_LOCKSTEP;
  if (x->json != NULL) json_close(x->json);  // steps
  if (!x->opt->quiet) printf("\ntotals\n");
  report_latency(x);
  report_speed(x);
  report_counters(x);
  const uint64_t cycles = report_lockstep(x);
  write_dram(x);
  bench_report(x->b, x->opt->outcome != NULL ? stderr : stdout);
  const bool good = x->failed == 0 && !bench_failed(x->b) && (!lock || cycles > 0);
  if (x->json != NULL) {
    json_u64(x->json, "steps_done", x->steps_done);
    json_u64(x->json, "steps_total", x->s->steps);
    json_u64(x->json, "expectations_held", x->held);
    json_u64(x->json, "expectations_failed", x->failed);
    if (x->outcome.observed) report_outcome(x);
    json_text(x->json, "verdict", good ? "ok" : "FAILED");
    json_end(x->json);
    if (fclose(x->json_file) != 0) log_error("cannot write '%s': %s", x->opt->json, strerror(errno));
    free(x->json);
    x->json = NULL;
  }
  x->outcome.cycles = bench_cycle(x->b);
  if (x->opt->outcome != NULL) {
    *x->opt->outcome = x->outcome;
    return good ? 0 : 1;
  }
  printf("%s%s%s %s: %u of %u steps done, %u expectations held, %u failed\n", log_colour(stdout, good ? LOG_GREEN : LOG_RED),
         good ? "ok" : "FAILED", log_colour(stdout, LOG_PLAIN), x->s->name, x->steps_done, x->s->steps, x->held, x->failed);
  return good ? 0 : 1;
}
