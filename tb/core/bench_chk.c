// SPDX-License-Identifier: Apache-2.0
//
// bench_chk.c - check ports of a bench (bench.h)
#include "core/bench_int.h"

static void on_ask(void *arg, uint32_t port, const chk_req_t *r, uint64_t cycle) {
  bench_t *b = arg;
  if (b->sb != NULL) scoreboard_chk_ask(b->sb, port, r, cycle);
}

static void on_valid(void *arg, uint32_t port, const cbit_chk_answer_t *a, uint64_t cycle) {
  bench_t *b = arg;
  if (b->sb != NULL) scoreboard_chk_valid(b->sb, port, a, cycle);
}

static void on_answer(void *arg, uint32_t port, const chk_done_t *d) {
  bench_t *b = arg;
  if (b->opt.log != NULL) bench_print_chk(port, d, b->opt.log);
  if (b->sb != NULL) scoreboard_chk_answer(b->sb, port, d);
  if (b->cover != NULL && b->sb != NULL) cover_chk_done(b->cover, d, scoreboard_chk_seen(b->sb));
}

void bench_chk_open(bench_t *b) {
  chk_init(&b->chk, bench_cfg(b)->rmp_chk);
  b->chk.ev = (chk_events_t){.on_ask = on_ask, .on_valid = on_valid, .on_answer = on_answer, .arg = b};
}

bool bench_chk_start(bench_t *b, uint32_t port, const chk_req_t *r) {
  return !b->failed && !b->wire && chk_start(&b->chk, port, r);
}

bool bench_chk_poll(bench_t *b, uint32_t port, chk_done_t *result) { return chk_poll(&b->chk, port, result); }
bool bench_chk_idle(const bench_t *b) { return chk_idle(&b->chk); }
uint32_t bench_chk_pending(const bench_t *b, uint32_t port) { return chk_pending(&b->chk, port); }
const chk_stats_t *bench_chk_stats(const bench_t *b) { return &b->chk.stats; }

bool bench_chk(bench_t *b, uint32_t port, const chk_req_t *r, chk_done_t *result) {
  while (chk_pending(&b->chk, port) != 0) {
    if (!bench_step(b)) return false;
  }
  while (chk_poll(&b->chk, port, NULL)) {
  }
  if (!bench_chk_start(b, port, r)) return false;
  while (!chk_poll(&b->chk, port, result)) {
    if (!bench_step(b)) return false;
  }
  return true;
}

void bench_print_chk(uint32_t port, const chk_done_t *d, FILE *to) {
  const cbit_chk_ask_t *q = &d->req.pins;
  fprintf(to,
          "chk port=%u cycles=%llu..%llu deny=%u keep=%u row=%u why=%u kind=%u error=0x%llx req=%u op=%u map=%u ec=%u asid=%u "
          "vmpl=%u cpl=%u ss=%u snp=%u spa=0x%llx gpa=0x%llx\n",
          port, (unsigned long long)d->c_take, (unsigned long long)d->c_done, d->ans.deny, d->ans.keep, d->ans.row, d->ans.why,
          d->ans.kind, (unsigned long long)d->ans.error, q->req, q->op, q->map_size, q->ec, q->asid, q->vmpl, q->cpl, q->ss,
          q->snp_active, (unsigned long long)q->spa_page << 12, (unsigned long long)q->gpa_page << 12);
}
