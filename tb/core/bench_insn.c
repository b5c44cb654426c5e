// SPDX-License-Identifier: Apache-2.0
//
// bench_insn.c - RMP instructions and marks of a bench (bench.h)
#include "core/bench_int.h"

bool bench_insn_start(bench_t *b, uint32_t port, const insn_req_t *r) {
  return !b->failed && !b->wire && insn_start(&b->insn, port, r);
}

bool bench_insn_poll(bench_t *b, uint32_t port, insn_port_t *result) { return insn_poll(&b->insn, port, result); }

bool bench_insn_mark(bench_t *b, const insn_mark_t *m) {
  return !b->failed && !b->wire && b->insn.ports != 0 && insn_mark(&b->insn, m);
}

bool bench_insn_idle(const bench_t *b) { return insn_idle(&b->insn); }
bool bench_insn_free(const bench_t *b, uint32_t port) { return port < b->insn.ports && !b->insn.port[port].busy; }
const insn_stats_t *bench_insn_stats(const bench_t *b) { return &b->insn.stats; }

bool bench_insn(bench_t *b, uint32_t port, const insn_req_t *r, insn_port_t *result) {
  if (port >= b->insn.ports) return false;
  while (b->insn_taken[port]) {  // another task's
    if (!bench_step(b)) return false;
  }
  (void)insn_poll(&b->insn, port, NULL);
  if (!bench_insn_start(b, port, r)) return false;
  b->insn_taken[port] = true;
  while (!insn_poll(&b->insn, port, result)) {
    if (!bench_step(b)) return false;
  }
  b->insn_taken[port] = false;
  b->stirs++;
  return true;
}

bool bench_insn_mark_now(bench_t *b, const insn_mark_t *m) {
  if (!bench_insn_mark(b, m)) return false;
  while (b->insn.mark_n != 0) {
    if (!bench_step(b)) return false;
  }
  return true;
}

void bench_on_inv(bench_t *b, bench_inv_fn fn, void *arg) {
  b->inv_fn = fn;
  b->inv_arg = arg;
}

typedef struct meets {
  bench_t *b;
  uint32_t bits;
} meets_t;

static void look(void *arg, const host_txn_t *t) {
  meets_t *m = arg;
  cbit_attr_t who;
  uint64_t spa = 0;
  if (!t->addr_taken) return;
  bench_request_view(m->b, &t->req, &who, &spa);
  m->bits |= t->req.write ? 2u : 1u;
  if (t->req.write && t->w_sent <= t->req.len) m->bits |= 4u;
  if (t->req.write && who.requester == CBIT_REQ_SP && m->b->sb != NULL && scoreboard_in_table(m->b->sb, spa)) m->bits |= 8u;
}

uint32_t bench_insn_meets(bench_t *b) {
  meets_t m = {b, b->sb != NULL ? scoreboard_own_reads(b->sb) << 4 : 0};
  host_each_flying(b->host, look, &m);
  return m.bits;
}

void bench_print_insn(uint32_t port, const insn_port_t *p, FILE *to) {
  const cbit_insn_t *i = &p->req.pins;
  fprintf(to, "insn=%s port=%u cycles=%llu..%llu kind=%u code=%u rax=0x%llx spa=0x%llx gpa=0x%llx asid=%u vmpl=%u cpl=%u arg=0x",
          insn_name(i->op), port, (unsigned long long)p->c_take, (unsigned long long)p->c_done, p->ans.kind, p->ans.code,
          (unsigned long long)i->rax, (unsigned long long)i->spa_page << 12, (unsigned long long)i->gpa_page << 12, i->asid,
          i->vmpl, i->cpl);
  for (uint32_t k = sizeof(i->arg); k-- > 0;) fprintf(to, "%02x", i->arg[k]);
  fputc('\n', to);
}
