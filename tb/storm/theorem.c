// SPDX-License-Identifier: Apache-2.0
//
// theorem.c - accesses against the ledger: T1, T2, T3 (theorem.h)
//
// The engine decides at an instant between the taking of the address and the answer. An access that came through must have
// been allowed at one of them; while an instruction is under way its new entries count from its answer on, so a judgement
// that meets one waits for it.
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "storm/theorem_int.h"

const char *theorem_name(th_name_t which) {
  static const char *const name[] = {"T1 owner", "T2 private", "T3 tenant", "T4 last value"};
  return which < TH_COUNT ? name[which] : "?";
}

void theorem_broken(theorem_t *t, th_name_t which, const char *format, ...) {
  char text[256];
  va_list ap;
  va_start(ap, format);
  vsnprintf(text, sizeof(text), format, ap);
  va_end(ap);
  uint64_t all = 0;
  t->st->broken[which]++;
  for (uint32_t i = 0; i < TH_COUNT; i++) all += t->st->broken[i];
  if (t->st->broken[which] <= TH_SHOWN)
    printf("THEOREM %s broken, cycle %llu: %s\n", theorem_name(which), (unsigned long long)bench_cycle(t->b), text);
  if (all >= TH_LIMIT) bench_fail(t->b, "THEOREMS broken %u times: stopped", TH_LIMIT);
}

// ---- rules ------------------------------------------------------------------------------------------------------

static bool is_private(const cbit_attr_t *w) {
  if (w->requester != CBIT_REQ_GUEST || w->snp == 0) return false;
  return w->cbit != 0 || w->access == CBIT_ACC_FETCH || w->access == CBIT_ACC_PT_WALK || w->access == CBIT_ACC_AD_UPDATE;
}

// Bits of a mask: read 1, write 2, execute at CPL 3 4, at CPL 0 8. Write without read allows nothing.
static bool mask_allows(uint8_t mask, const cbit_attr_t *w, bool write) {
  if (w->access == CBIT_ACC_FETCH) return (mask & (w->user_mode != 0 ? 4 : 8)) != 0;
  if (write) return (mask & 3) == 3;
  return (mask & 1) != 0;
}

static th_why_t why(const theorem_t *t, const th_flight_t *f) {
  const th_page_t *p = &t->range[th_range_of(t, f->spa)].page[th_page_of(f->spa)];
  const cbit_attr_t *w = &f->who;
  if (w->requester == CBIT_REQ_SP) return TH_OK;  // the firmware that everybody trusts: launch images
  if (!is_private(w)) return f->write && p->assigned ? TH_NOT_OWNER : TH_OK;
  if (!p->assigned || w->asid == 0 || p->asid != w->asid) return TH_NOT_OWNER;
  if (p->gpa != w->gpa_page) return TH_GPA;
  if (p->large != (w->page_size != 0)) return TH_SIZE;
  if (!p->valid) return TH_NOT_VALID;
  return mask_allows(p->mask[w->vmpl & 3], w, f->write) ? TH_OK : TH_VMPL;
}

static void look(theorem_t *t, th_flight_t *f) {
  f->why = why(t, f);
  f->right = f->right || f->why == TH_OK;
}

static bool unsettled(const theorem_t *t, const th_flight_t *f) {
  return t->pending && t->insn_range == th_range_of(t, f->spa);
}

// ---- judgement --------------------------------------------------------------------------------------------------

static const char *who_name(const cbit_attr_t *w) {
  static const char *const name[] = {"the host", "a guest", "a device", "the AMD-SP"};
  return name[w->requester & 3];
}

static void tenant(theorem_t *t, const th_flight_t *f) {
  th_range_t *r = &t->range[th_range_of(t, f->spa)];
  th_page_t *p = &r->page[th_page_of(f->spa)];
  const bool same = p->tenant && p->t_asid == f->who.asid && p->t_gpa == f->who.gpa_page;
  if (p->tenant && !same && p->t_epoch == r->epoch && f->epoch == r->epoch) {
    theorem_broken(t, TH_TENANT, "SPA 0x%llx answers ASID %u at GPA 0x%llx, and ASID %u at GPA 0x%llx before it; no RMPUPDATE between",
                   (unsigned long long)f->spa, f->who.asid, (unsigned long long)f->who.gpa_page << 12, p->t_asid,
                   (unsigned long long)p->t_gpa << 12);
  }
  t->st->moved += p->tenant && !same;
  p->tenant = true;
  p->t_asid = f->who.asid;
  p->t_gpa = f->who.gpa_page;
  p->t_epoch = f->epoch;
}

static void judge_write(theorem_t *t, const th_flight_t *f) {
  const bool through = f->resp == 0 || f->leaked;
  if (through && !f->right) {
    const th_name_t which = f->why == TH_NOT_OWNER ? TH_OWNER : TH_PRIVATE;
    theorem_broken(t, which, "%s, ASID %u, writes SPA 0x%llx (GPA 0x%llx, VMPL %u)%s", who_name(&f->who), f->who.asid,
                   (unsigned long long)f->spa, (unsigned long long)f->who.gpa_page << 12, f->who.vmpl,
                   f->resp == 0 ? "" : " though it was refused");
  }
  if (f->resp == 0) t->st->owner_writes++;
  if (f->resp == 0 || f->right || f->why != TH_NOT_OWNER) return;
  t->st->host_refused += f->who.requester == CBIT_REQ_HOST;
  t->st->device_refused += f->who.requester == CBIT_REQ_DEVICE;
  t->st->guest_refused += f->who.requester == CBIT_REQ_GUEST;
}

static void judge(theorem_t *t, th_flight_t *f) {
  const th_page_t *p = &t->range[th_range_of(t, f->spa)].page[th_page_of(f->spa)];
  static const char *const text[] = {"nothing", "the owner", "the GPA", "the size", "Validated", "the VMPL"};
  if (f->write) judge_write(t, f);
  if (is_private(&f->who)) {
    if (p->assigned && (p->asid != f->who.asid || p->gpa != f->who.gpa_page)) t->st->foreign++;
    if (f->resp != 0) {
      t->st->refused[f->right ? TH_OK : f->why]++;
    } else {
      t->st->passed++;
      if (!f->right && !f->write)
        theorem_broken(t, TH_PRIVATE, "ASID %u at VMPL %u reads SPA 0x%llx as GPA 0x%llx; wrong: %s", f->who.asid, f->who.vmpl,
                       (unsigned long long)f->spa, (unsigned long long)f->who.gpa_page << 12, text[f->why]);
      tenant(t, f);
    }
  }
  f->txn = NULL;
}

// ---- what is seen -----------------------------------------------------------------------------------------------

static th_flight_t *flight_of(theorem_t *t, const host_txn_t *txn) {
  for (uint32_t i = 0; i < TH_FLIGHTS; i++) {
    if (t->flight[i].txn == txn && !t->flight[i].done) return &t->flight[i];
  }
  return NULL;
}

static void on_ask(void *arg, const host_txn_t *txn, const cbit_attr_t *who, uint64_t spa, size_t bytes) {
  theorem_t *t = arg;
  if (th_range_of(t, spa) == TH_RANGES) return;
  for (uint32_t i = 0; i < TH_FLIGHTS; i++) {
    th_flight_t *f = &t->flight[i];
    if (f->txn != NULL) continue;
    *f = (th_flight_t){.txn = txn, .who = *who, .spa = spa, .bytes = bytes, .write = txn->req.write};
    return;
  }
  bench_fail(t->b, "STORM more than %u accesses at once", TH_FLIGHTS);
}

static void on_addr(void *arg, const host_txn_t *txn) {
  theorem_t *t = arg;
  th_flight_t *f = flight_of(t, txn);
  t->st->requests++;
  t->st->met += t->ids > (t->flying[txn->req.id] != 0 ? 1u : 0u);
  if (t->flying[txn->req.id]++ == 0) t->ids++;
  if (f == NULL) return;
  f->taken = true;
  f->epoch = t->range[th_range_of(t, f->spa)].epoch;
  look(t, f);
}

static void on_done(void *arg, const host_txn_t *txn) {
  theorem_t *t = arg;
  th_flight_t *f = flight_of(t, txn);
  if (--t->flying[txn->req.id] == 0) t->ids--;
  if (f == NULL) return;
  f->resp = txn->resp;
  f->done = true;
  if (!unsettled(t, f)) judge(t, f);
}

static void on_beat(void *arg, uint64_t addr, uint64_t strb, uint32_t bytes) {
  theorem_t *t = arg;
  const uint32_t range = th_range_of(t, addr);
  bool any = false;
  bool right = false;
  if (range == TH_RANGES || strb == 0) return;
  t->st->beats += t->range[range].page[th_page_of(addr)].assigned;
  const uint64_t from = addr & ~(uint64_t)(bytes - 1);
  for (uint32_t pass = 0; pass < 2; pass++) {
    for (uint32_t i = 0; i < TH_FLIGHTS; i++) {
      th_flight_t *f = &t->flight[i];
      if (f->txn == NULL || f->done || !f->write || !f->taken || f->spa >= from + bytes || f->spa + f->bytes <= from) continue;
      any = true;
      if (pass == 0) right = right || f->right;
      else if (!right) f->leaked = true;
    }
  }
  if (!any)
    theorem_broken(t, TH_OWNER, "bytes at 0x%llx reach memory, and nobody writes there", (unsigned long long)addr);
}

static void on_take(void *arg, const insn_req_t *r) {
  theorem_t *t = arg;
  const bool host = r->pins.op <= CBIT_INSN_RMPREAD;
  t->insn = *r;
  t->insn_range = th_range_of(t, host ? r->pins.rax : r->pins.spa_page << 12);
  t->pending = true;
  t->st->instructions++;
  if (t->insn_range != TH_RANGES && host) t->range[t->insn_range].epoch++;
  for (uint32_t i = 0, waiting = 0; i < bench_cfg(t->b)->rmp_insn; i++) {
    waiting += !bench_insn_free(t->b, i);
    if (waiting == 2) {
      t->st->queued++;
      break;
    }
  }
}

static void on_answer(void *arg, const insn_port_t *p) {
  theorem_t *t = arg;
  t->pending = false;
  if (t->insn_range == TH_RANGES) return;
  if (p->req.pins.op <= CBIT_INSN_RMPREAD) t->range[t->insn_range].epoch++;
  th_apply(t, &p->req, &p->ans);
  for (uint32_t i = 0; i < TH_FLIGHTS; i++) {
    th_flight_t *f = &t->flight[i];
    if (f->txn == NULL || !f->taken || th_range_of(t, f->spa) != t->insn_range) continue;
    look(t, f);
    if (f->done) judge(t, f);
  }
}

// ---- life -------------------------------------------------------------------------------------------------------

theorem_t *theorem_new(bench_t *b, uint64_t base, uint64_t table, th_stats_t *stats) {
  theorem_t *t = log_alloc(sizeof(*t));
  t->b = b;
  t->st = stats;
  t->base = base;
  t->table = table;
  const bench_watch_t w = {.ask = on_ask, .addr = on_addr, .done = on_done, .beat = on_beat, .take = on_take, .answer = on_answer,
                           .arg = t};
  bench_on_watch(b, &w);
  return t;
}

void theorem_free(theorem_t *t) {
  if (t == NULL) return;
  bench_on_watch(t->b, NULL);
  free(t);
}

bool theorem_gpa(const theorem_t *t, uint64_t spa, uint64_t *gpa_page) {
  const uint32_t range = th_range_of(t, spa);
  if (range == TH_RANGES || !t->range[range].page[th_page_of(spa)].assigned) return false;
  *gpa_page = t->range[range].page[th_page_of(spa)].gpa;
  return true;
}

const char *theorem_untested(const th_stats_t *s) {
  const struct {
    uint64_t n;
    const char *text;
  } need[] = {{s->owner_writes, "T1: no write came through"},
              {s->beats, "T1: no beat at memory on a page of a guest"},
              {s->host_refused, "T1: no write of the host to a guest's page"},
              {s->device_refused, "T1: no write of a device to a guest's page"},
              {s->guest_refused, "T1: no write of a guest to a page that is not its own"},
              {s->passed, "T2: no private access came through"},
              {s->refused[TH_NOT_OWNER], "T2: nobody tried another's page"},
              {s->refused[TH_GPA], "T2: no wrong GPA"},
              {s->refused[TH_SIZE], "T2: no wrong size"},
              {s->refused[TH_NOT_VALID], "T2: no page without Validated"},
              {s->refused[TH_VMPL], "T2: no VMPL without rights"},
              {s->foreign, "T3: nobody but the tenant asked for a page"},
              {s->moved, "T3: no page changed its tenant"},
              {s->entries, "T3: no entry was compared"},
              {s->compared, "T4: nothing was read back"},
              {s->shaken, "T4: nothing was read back from a page that the host had touched"},
              {s->excepted, "T4: no exception on a page that held something"},
              {s->met, "no request met one of another requester"},
              {s->queued, "no instruction met another port's"}};
  for (uint32_t i = 0; i < sizeof(need) / sizeof(need[0]); i++) {
    if (need[i].n == 0) return need[i].text;
  }
  return NULL;
}
