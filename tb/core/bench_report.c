// SPDX-License-Identifier: Apache-2.0
//
// bench_report.c - what went wrong, and what was compared
#include <inttypes.h>
#include <string.h>

#include "core/bench_int.h"
#include "core/json.h"
#include "core/log.h"

#define WAVE_BEFORE 120u  // cycles of the proposed wave window before and after the failure
#define WAVE_AFTER 20u

static const char *requester(unsigned r) {
  static const char *const name[] = {"host", "guest", "device", "sp"};
  return name[r & 3];
}

static void print_req(const bench_t *b, const host_req_t *r, FILE *to) {
  static const char *const burst[] = {"FIXED", "INCR", "WRAP", "3"};
  cbit_attr_t who;
  uint64_t spa = 0;
  bench_request_view(b, r, &who, &spa);
  fprintf(to,
          "op=%s id=%u spa=0x%" PRIx64
          " len=%u size=%u burst=%s%s requester=%s access=%u asid=%u cbit=%u ncbit=%u vmpl=%u",
          r->write ? "write" : "read", r->id, spa, r->len, r->size, burst[r->burst & 3], r->lock != 0 ? " lock=1" : "",
          requester(who.requester), who.access, who.asid, who.cbit, who.ncbit, who.vmpl);
}

void bench_print_past(const bench_t *b, const bench_past_t *p, FILE *to) {
  fprintf(to, "txn=%" PRIu64 " cycles=%" PRIu64 "..%" PRIu64 " resp=%u ", p->number, p->c_ax, p->c_done, p->resp);
  print_req(b, &p->req, to);
  fputc('\n', to);
}

typedef struct visit_arg {
  bench_t *b;
  FILE *to;
  uint32_t n;
} visit_arg_t;

static void print_flying(void *arg, const host_txn_t *t) {
  visit_arg_t *v = arg;
  if (t->state != HOST_TXN_FLYING && !(t->state == HOST_TXN_QUEUED && t->w_sent > 0)) return;
  if (v->n++ >= 64) return;
  fprintf(v->to, "  flying   txn=%" PRIu64 " since=%" PRIu64 " beats=%u/%u ", t->number,
          t->addr_taken ? t->c_ax : t->c_submit, t->req.write ? t->w_sent : t->r_got, t->req.len + 1u);
  print_req(v->b, &t->req, v->to);
  fputc('\n', v->to);
}

// The transaction a pin's payload belongs to cannot be told from outside for the DRAM side; the oldest one under way is
// where to begin reading.
static void find_oldest(void *arg, const host_txn_t *t) {
  const host_txn_t **oldest = arg;
  if (*oldest == NULL) *oldest = t;
}

void bench_report(bench_t *b, FILE *to) {
  if (!b->failed) return;
  const host_txn_t *oldest = NULL;
  host_each_flying(b->host, find_oldest, &oldest);
  const size_t word = strcspn(b->reason, " ");
  fprintf(to, "%s%.*s%s cycle=%" PRIu64 "%s", log_colour(to, LOG_RED), (int)word, b->reason, log_colour(to, LOG_PLAIN),
          b->cycle, b->reason + word);
  if (oldest != NULL) fprintf(to, " txn=%" PRIu64, oldest->number);
  fputc('\n', to);
  fprintf(to, "  engine   kind=%s config=%s\n", engine_kind_name(engine_kind(b->engine)),
          engine_config_name(b->engine));
  visit_arg_t v = {b, to, 0};
  host_each_flying(b->host, print_flying, &v);
  if (v.n > 64) fprintf(to, "  flying   and %u more\n", v.n - 64);
  if (v.n == 0) fprintf(to, "  flying   none\n");
  if (b->sp.busy) {
    fprintf(to, "  amd-sp   %s offset=0x%03x value=0x%08x since=%" PRIu64 "\n", b->sp.access.write ? "write" : "read",
            b->sp.access.offset, b->sp.access.value, b->sp.access.c_start);
  }
  for (uint32_t i = 0; i < b->insn.ports; i++) {
    const insn_port_t *p = &b->insn.port[i];
    if (!p->busy) continue;
    fprintf(to, p->taken ? "  insn     under way " : "  insn     asks ");
    bench_print_insn(i, p, to);
  }
  for (uint32_t i = 0; i < b->chk.ports; i++) {
    const chk_port_t *p = &b->chk.port[i];
    if (p->n != 0) fprintf(to, "  chk      port %u: %u questions under way, %u wait\n", i, p->taken, p->n - p->taken);
  }
  char memory[300];
  dram_describe(b->dram, memory, sizeof(memory));
  fprintf(to, "  dram     %s\n", memory);
  const uint64_t from = b->past_n > BENCH_RECENT ? b->past_n - BENCH_RECENT : 0;
  fprintf(to, "  recent   last %" PRIu64 " transactions, oldest first\n", b->past_n - from);
  for (uint64_t i = from; i < b->past_n; i++) {
    fputs("           ", to);
    bench_print_past(b, &b->past[i % BENCH_RECENT], to);
  }
  if (engine_kind(b->engine) == ENGINE_LOCKSTEP) {
    fprintf(to, "  compared total=%" PRIu64, engine_compared_total(b->engine));
    const char *const show[] = {"s_axi_rdata_o", "s_axi_bresp_o", "m_axi_araddr_o", "m_axi_awaddr_o", "m_axi_wdata_o"};
    for (size_t i = 0; i < engine_compared_fields(b->engine); i++) {
      uint64_t n = 0;
      const char *name = engine_compared_field(b->engine, i, &n);
      for (size_t k = 0; k < sizeof(show) / sizeof(show[0]); k++) {
        if (strcmp(name, show[k]) == 0) fprintf(to, " %s=%" PRIu64, name, n);
      }
    }
    fputc('\n', to);
  }
  fprintf(to, "  seed     0x%" PRIx64 "\n", b->opt.seed);
  if (engine_wave_file(b->engine) != NULL) {
    fprintf(to, "  wave     %s (with its .gtkw beside it)\n", engine_wave_file(b->engine));
  } else if (b->opt.repeat != NULL) {
    const uint64_t first = b->cycle > WAVE_BEFORE ? b->cycle - WAVE_BEFORE : 0;
    const bool rtl = engine_kind(b->engine) == ENGINE_LOCKSTEP || engine_kind(b->engine) == ENGINE_RTL;
    fprintf(to, "  repeat   %s", b->opt.repeat);
    if (rtl) {
      fprintf(to, " --wave %" PRIu64 ":%" PRIu64, first, b->cycle + WAVE_AFTER);
      if (engine_dut_file(b->engine) == NULL) {
        fprintf(to, "   (needs build/dut/%s.trace.so)", engine_config_name(b->engine));
      }
    }
    fputc('\n', to);
  }
}

void bench_summary(bench_t *b, FILE *to) {
  const host_stats_t *h = host_stats(b->host);
  const dram_stats_t *d = dram_stats(b->dram);
  fprintf(to,
          "cycles %" PRIu64 ", reads %" PRIu64 " (%" PRIu64 " beats), writes %" PRIu64 " (%" PRIu64
          " beats), answered with an error %" PRIu64 "\n",
          b->cycle, h->reads, h->read_beats, h->writes, h->write_beats, h->errors);
  fprintf(to,
          "DRAM: read bursts %" PRIu64 " (%" PRIu64 " of the engine itself), beats %" PRIu64 "; write bursts %" PRIu64
          ", beats %" PRIu64 "; errors %" PRIu64 "\n",
          d->read_bursts, d->engine_reads, d->read_beats, d->write_bursts, d->write_beats, d->errors);
  fprintf(to, "latency in cycles, from address taken to last answer:\n");
  for (uint32_t i = 0; i < BENCH_CLASSES; i++) latency_print(&b->latency[i], bench_class_name[i], to);
  if (b->sb != NULL) {
    const scoreboard_stats_t *s = scoreboard_stats(b->sb);
    fprintf(to,
            "scoreboard: reads checked %" PRIu64 " (not %" PRIu64 "), bytes checked %" PRIu64 " (unknown %" PRIu64
            "), writes applied %" PRIu64 " (open %" PRIu64 "), faults as predicted %" PRIu64
            ", DRAM bytes checked %" PRIu64 " (unknown %" PRIu64 ")\n",
            s->reads_checked, s->reads_skipped, s->bytes_checked, s->bytes_unknown, s->writes_applied,
            s->writes_unknown, s->faults_checked, s->dram_bytes_checked, s->dram_bytes_unknown);
    if (b->rmp) {
      fprintf(to,
              "RMP: verdicts checked %" PRIu64 " (open %" PRIu64 "), denied %" PRIu64 ", records checked %" PRIu64 "\n",
              s->rmp_checked, s->rmp_open, s->rmp_denied, s->rmp_records);
    }
    if (b->insn.ports != 0) {
      fprintf(to, "RMP instructions: answers checked %" PRIu64 " (open %" PRIu64 "), ranges recounted %" PRIu64 ", inv %" PRIu64
              ", marks %" PRIu64 "\n", s->insn_checked, s->insn_open, s->insn_ranges, b->insn.stats.invs, b->insn.stats.marks);
    }
    if (b->chk.ports != 0) {
      fprintf(to, "check ports: answers checked %" PRIu64 " (open %" PRIu64 "), denied %" PRIu64 ", kept %" PRIu64
              ", held after an inv %" PRIu64 "\n", s->chk_checked, s->chk_open, s->chk_denied, s->chk_kept, s->chk_held);
    }
  }
  if (engine_kind(b->engine) != ENGINE_LOCKSTEP) return;
  fprintf(to, "compared, by pin:\n");
  uint32_t column = 0;
  for (size_t i = 0; i < engine_compared_fields(b->engine); i++) {
    uint64_t n = 0;
    const char *name = engine_compared_field(b->engine, i, &n);
    fprintf(to, "  %-18s %12" PRIu64 "%s", name, n, ++column % 3 == 0 ? "\n" : "");
  }
  fprintf(to, "%s  total %" PRIu64 "\n", column % 3 != 0 ? "\n" : "", engine_compared_total(b->engine));
}

void bench_summary_json(bench_t *b, struct json *j) {
  const host_stats_t *h = host_stats(b->host);
  const dram_stats_t *d = dram_stats(b->dram);
  json_text(j, "engine", engine_kind_name(engine_kind(b->engine)));
  json_text(j, "config", engine_config_name(b->engine));
  json_u64(j, "seed", b->opt.seed);
  json_u64(j, "cycles", b->cycle);
  json_bool(j, "failed", b->failed);
  if (b->failed) json_text(j, "reason", b->reason);
  json_object(j, "requester");
  json_u64(j, "reads", h->reads);
  json_u64(j, "writes", h->writes);
  json_u64(j, "read_beats", h->read_beats);
  json_u64(j, "write_beats", h->write_beats);
  json_u64(j, "errors", h->errors);
  json_close(j);
  json_object(j, "dram");
  json_u64(j, "read_bursts", d->read_bursts);
  json_u64(j, "engine_reads", d->engine_reads);
  json_u64(j, "read_beats", d->read_beats);
  json_u64(j, "write_bursts", d->write_bursts);
  json_u64(j, "write_beats", d->write_beats);
  json_u64(j, "errors", d->errors);
  json_u64(j, "busy_cycles", d->busy_cycles);
  json_close(j);
  json_object(j, "latency");
  for (uint32_t i = 0; i < BENCH_CLASSES; i++) {
    const latency_t *l = &b->latency[i];
    json_object(j, bench_class_name[i]);
    json_u64(j, "count", l->count);
    json_u64(j, "min", l->min);
    json_real(j, "mean", latency_mean(l));
    json_u64(j, "median", latency_quantile(l, 500));
    json_u64(j, "p99", latency_quantile(l, 990));
    json_u64(j, "max", l->max);
    json_close(j);
  }
  json_close(j);
  if (b->sb != NULL) {
    const scoreboard_stats_t *s = scoreboard_stats(b->sb);
    json_object(j, "scoreboard");
    json_u64(j, "reads_checked", s->reads_checked);
    json_u64(j, "reads_skipped", s->reads_skipped);
    json_u64(j, "bytes_checked", s->bytes_checked);
    json_u64(j, "bytes_unknown", s->bytes_unknown);
    json_u64(j, "writes_applied", s->writes_applied);
    json_u64(j, "writes_unknown", s->writes_unknown);
    json_u64(j, "faults_checked", s->faults_checked);
    json_u64(j, "dram_bytes_checked", s->dram_bytes_checked);
    json_u64(j, "dram_bytes_unknown", s->dram_bytes_unknown);
    if (b->rmp) {
      json_u64(j, "rmp_checked", s->rmp_checked);
      json_u64(j, "rmp_open", s->rmp_open);
      json_u64(j, "rmp_denied", s->rmp_denied);
      json_u64(j, "rmp_records", s->rmp_records);
    }
    if (b->insn.ports != 0) {
      json_u64(j, "insn_checked", s->insn_checked);
      json_u64(j, "insn_open", s->insn_open);
      json_u64(j, "insn_ranges", s->insn_ranges);
      json_u64(j, "insn_invs", b->insn.stats.invs);
      json_u64(j, "insn_marks", b->insn.stats.marks);
    }
    if (b->chk.ports != 0) {
      json_u64(j, "chk_checked", s->chk_checked);
      json_u64(j, "chk_open", s->chk_open);
      json_u64(j, "chk_denied", s->chk_denied);
      json_u64(j, "chk_kept", s->chk_kept);
      json_u64(j, "chk_held", s->chk_held);
    }
    json_close(j);
  }
  if (engine_kind(b->engine) == ENGINE_LOCKSTEP) {
    json_u64(j, "compared_total", engine_compared_total(b->engine));
    json_object(j, "compared");
    for (size_t i = 0; i < engine_compared_fields(b->engine); i++) {
      uint64_t n = 0;
      const char *name = engine_compared_field(b->engine, i, &n);
      json_u64(j, name, n);
    }
    json_close(j);
  }
}
