// SPDX-License-Identifier: Apache-2.0
//
// scoreboard_rmp.c - what the RMP check must say of each request (scoreboard_rmp.h)
#include "chk/scoreboard_rmp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chk/scoreboard_rmp_int.h"
#include "core/log.h"
#include "util/bytes.h"

#define BASE_MASK (((uint64_t)1 << 21) - 1)

sb_rmp_t *sb_rmp_new(scoreboard_t *s) {
  if (bench_cfg(s->bench)->rmp == 0) return NULL;
  sb_rmp_t *m = log_alloc(sizeof(*m));
  m->pool = log_alloc(SB_RMP_POOL * sizeof(*m->pool));
  cbit_rmp_param_init(&m->param);
  m->param.hv_inuse_wr_allowed = bench_cfg(s->bench)->rmp_inuse == 0;
  return m;
}

void sb_rmp_free(sb_rmp_t *m) {
  if (m == NULL) return;
  free(m->pool);
  free(m);
}

// ---- the shadow -------------------------------------------------------------------------------------------------

static bool in_table(const sb_rmp_t *m, uint64_t spa) { return sb_rmp_in_table(m, spa); }

uint32_t sb_rmp_own_reads(const sb_rmp_t *m) {
  uint32_t bits = 0;
  for (uint32_t i = m->walk_done; i != m->walk_n; i++) bits |= m->walk[i % 64] ? 2u : 1u;
  return bits;
}

static bool touches(const entry_t *w, uint64_t addr) {
  return w->page == (addr & ~(uint64_t)(STORE_PAGE - 1)) && w->mask[addr % STORE_PAGE / 16] != 0;
}

// A write under way, other than `but`, that touches these 16 bytes.
static const entry_t *writer(const scoreboard_t *s, uint64_t addr, const entry_t *but) {
  for (uint32_t i = 0; i < s->n; i++) {
    const entry_t *w = s->live[i];
    if (w != but && w->write && !w->inert && touches(w, addr)) return w;
  }
  return NULL;
}

// How the engine reads the table: through slot 0 with TSME.
static bool table_view(const scoreboard_t *s, uint64_t addr, sb_verdict_t *v) {
  const cbit_attr_t who = {.requester = CBIT_REQ_SP};
  host_req_t r = {.size = 4, .burst = AXI_INCR};
  bench_request(s->bench, &r, &who, addr);
  sb_sp_verdict(&s->sp, &r, v);
  if (v->open || v->fault != 0) return false;
  if (v->enc == 0) return true;
  // Cached entries outlive the key they came through.
  const uint64_t on = s->rmp->on_cycle;
  const bool linear = v->mode == CBIT_MODE_XE_LIN || v->mode == CBIT_MODE_XEX_LIN;
  return !(s->rmp->state >= RMP_ON && (s->sp.left[v->slot] >= on || s->sp.killed >= on || s->sp.test_on ||
                                       s->sp.test_cycle >= on || (linear && s->sp.table_cycle >= on)));
}

static bool shadow(scoreboard_t *s, uint64_t addr, uint8_t raw[CBIT_RMP_ENTRY_BYTES], const entry_t *but) {
  sb_verdict_t v;
  uint8_t *block = sb_image_page(&s->image, s->dram, addr) + addr % STORE_PAGE;
  uint8_t *flag = &sb_image_flags(&s->image, addr)[addr % STORE_PAGE / 16];
  if (*flag != 0) {  // an outcome was left open; once nothing is under way memory itself tells
    if (writer(s, addr, but) != NULL) return false;
    dram_peek(s->dram, addr, block, 16);
    *flag = 0;
  }
  if (!table_view(s, addr, &v)) return false;
  memcpy(raw, block, 16);
  if (v.enc != 0)
    (void)cbit_crypt_decrypt((cbit_mode_t)v.mode, &s->sp.keys[v.slot], &s->sp.table, addr, block, raw, 16);
  return true;
}

bool sb_rmp_shadow(scoreboard_t *s, uint64_t addr, uint8_t raw[CBIT_RMP_ENTRY_BYTES]) {
  return writer(s, addr, NULL) == NULL && shadow(s, addr, raw, NULL);
}

void sb_rmp_seal(scoreboard_t *s, uint64_t addr, const uint8_t plain[CBIT_RMP_ENTRY_BYTES], uint8_t sealed[CBIT_RMP_ENTRY_BYTES]) {
  sb_verdict_t v;
  memcpy(sealed, plain, 16);
  if (!table_view(s, addr, &v) || v.enc == 0) return;
  (void)cbit_crypt_encrypt((cbit_mode_t)v.mode, &s->sp.keys[v.slot], &s->sp.table, addr, plain, sealed, 16);
}

void sb_rmp_open(scoreboard_t *s, uint64_t addr, const uint8_t sealed[CBIT_RMP_ENTRY_BYTES], uint8_t plain[CBIT_RMP_ENTRY_BYTES]) {
  sb_verdict_t v;
  memcpy(plain, sealed, 16);
  if (!table_view(s, addr, &v) || v.enc == 0) return;
  (void)cbit_crypt_decrypt((cbit_mode_t)v.mode, &s->sp.keys[v.slot], &s->sp.table, addr, sealed, plain, 16);
}

// What a write under way may make of an entry. False: cannot be told.
static bool merge(const scoreboard_t *s, sb_cands_t *c, uint64_t addr, const entry_t *w) {
  const host_req_t *r = &w->t->req;
  uint8_t data[16];
  uint32_t mask = 0;
  uint32_t beats = 0;
  sb_verdict_t v;
  if (w->v.open || !table_view(s, addr, &v) || v.enc != w->v.enc || v.slot != w->v.slot) return false;
  for (uint32_t k = 0; k <= r->len; k++) {
    const uint64_t row = axi_beat_addr(w->v.spa, r->len, r->size, r->burst, k) & ~(uint64_t)(s->bus - 1);
    if (row != (addr & ~(uint64_t)(s->bus - 1))) continue;
    const uint32_t lane = (uint32_t)(addr - row);
    const uint32_t strb = (uint32_t)(w->t->strb[k] >> lane & 0xffff);
    beats += strb != 0;
    mask |= strb;
    memcpy(data, w->t->data + (size_t)k * s->bus + lane, 16);
  }
  if (beats == 0) return true;
  if (beats > 1 || (mask != 0xffff && c->n > 1)) return false;  // seen in parts; order of two parts
  const uint32_t n = c->n;
  for (uint32_t i = 0; i < (mask == 0xffff ? 1 : n); i++) {
    uint8_t raw[16];
    memcpy(raw, c->raw[i], 16);
    for (uint32_t b = 0; b < 16; b++) raw[b] = (mask >> b & 1) != 0 ? data[b] : raw[b];
    uint32_t k = 0;
    while (k < c->n && memcmp(c->raw[k], raw, 16) != 0) k++;
    if (k < c->n) continue;
    if (c->n == SB_RMP_CANDS) return false;
    memcpy(c->raw[c->n++], raw, 16);
  }
  return true;
}

static bool candidates(scoreboard_t *s, sb_cands_t *c, uint64_t addr, const entry_t *but) {
  c->n = 0;
  if (!shadow(s, addr, c->raw[0], but)) return false;
  c->n = 1;
  for (uint32_t i = 0; i < s->n; i++) {
    const entry_t *w = s->live[i];
    if (w == but || !w->write || w->inert || !touches(w, addr)) continue;
    if (!merge(s, c, addr, w)) return false;
  }
  return true;
}

// ---- the question -----------------------------------------------------------------------------------------------

static uint8_t requester(const cbit_attr_t *a) {
  switch (a->requester) {
    case CBIT_REQ_HOST: return CBIT_RMP_REQ_HOST;
    case CBIT_REQ_GUEST: return a->snp != 0 ? CBIT_RMP_REQ_GUEST_SNP : CBIT_RMP_REQ_GUEST_NONSNP;
    case CBIT_REQ_SP: return CBIT_RMP_REQ_AMD_SP;
    default:
      return a->access == CBIT_ACC_LOG ? CBIT_RMP_REQ_IOMMU_SELF
             : a->asid != 0            ? CBIT_RMP_REQ_IOMMU_GUEST
                                       : CBIT_RMP_REQ_IOMMU_HOST;
  }
}

static void question(const sb_rmp_t *m, sb_ask_t *a, const cbit_attr_t *who, uint64_t spa, bool write) {
  static const uint8_t none = 15;
  uint8_t op = write ? CBIT_RMP_OP_WRITE : CBIT_RMP_OP_READ;
  a->q.req = requester(who);
  switch (who->access) {
    case CBIT_ACC_FETCH: op = write ? none : CBIT_RMP_OP_FETCH; break;
    case CBIT_ACC_PT_WALK:
    case CBIT_ACC_AD_UPDATE: op = write ? CBIT_RMP_OP_PT_AD : CBIT_RMP_OP_PT_READ; break;
    case CBIT_ACC_NPT_WALK:
    case CBIT_ACC_NPT_AD: op = write ? CBIT_RMP_OP_NPT_AD : CBIT_RMP_OP_NPT_READ; break;
    case CBIT_ACC_LOG: op = who->requester == CBIT_REQ_DEVICE ? op : none; break;
    case CBIT_ACC_VMSA:
      if (who->requester == CBIT_REQ_HOST || who->requester == CBIT_REQ_GUEST) {
        a->q.req = CBIT_RMP_REQ_HOST;
        op = CBIT_RMP_OP_VMRUN_VMSA;
      }
      break;
    default: break;
  }
  a->q.op = op;
  a->q.spa = spa;
  a->q.gpa = (who->gpa_page & (((uint64_t)1 << 39) - 1)) << 12 | (spa & 4095);
  a->q.asid = who->asid;
  a->q.map_size = who->page_size;
  a->q.ec = who->cbit;
  a->q.vmpl = who->vmpl;
  a->q.cpl = who->user_mode != 0 ? 3 : 0;
  a->q.ss = who->ss;
  a->q.vmpl_sss = m->ctrl >> 1 & 1;
  a->q.snp_active = who->snp;
}

static void check(const sb_rmp_t *m, const sb_ask_t *a, const uint8_t *own, const uint8_t *base, bool error,
                  cbit_rmp_verdict_t *v) {
  cbit_rmp_cfg_t cfg;
  cbit_rmp_view_t view;
  sb_rmp_cfg(m, &cfg);
  memset(&view, 0, sizeof(view));
  view.covered = a->covered;
  view.error = error;
  if (own != NULL) {
    cbit_rmp_entry_decode(own, &view.own);
    cbit_rmp_entry_decode(base, &view.base);
  }
  cbit_rmp_check(&m->param, &cfg, &view, &a->q, v);
}

static void make_say(const cbit_rmp_verdict_t *v, sb_say_t *say) {
  *say = (sb_say_t){.row = v->row,
                    .why = v->why,
                    .kind = v->kind,
                    .error = v->kind == CBIT_RMP_PF || v->kind == CBIT_RMP_VC ? v->code
                             : v->kind == CBIT_RMP_NPF                        ? v->exitinfo1
                                                                              : 0};
}

bool sb_ask_record(const sb_ask_t *a, const sb_say_t *say) {
  for (uint32_t i = 0; i < a->says_n; i++) {
    const sb_say_t *o = &a->says[i];
    if (o->row == say->row && o->why == say->why && o->kind == say->kind && o->error == say->error) return true;
  }
  return false;
}

static void add_say(sb_ask_t *a, const cbit_rmp_verdict_t *v) {
  if (v->kind == CBIT_RMP_PASS) {
    a->may_pass = true;
    return;
  }
  sb_say_t say;
  a->may_deny = true;
  make_say(v, &say);
  if (sb_ask_record(a, &say)) return;
  if (a->says_n == SB_RMP_SAYS) a->loose = true; else a->says[a->says_n++] = say;
}

// With every content of its entries that is possible.
static void evaluate_contents(const sb_rmp_t *m, sb_ask_t *a) {
  cbit_rmp_verdict_t v;
  if (!a->table) {
    check(m, a, NULL, NULL, false, &v);
    add_say(a, &v);
    return;
  }
  for (uint32_t b = 0; b < a->base.n; b++) {
    for (uint32_t o = 0; o < (a->first ? 1 : a->own.n); o++) {
      check(m, a, a->first ? a->base.raw[b] : a->own.raw[o], a->base.raw[b], false, &v);
      add_say(a, &v);
    }
  }
}

static void evaluate(const sb_rmp_t *m, sb_ask_t *a) {
  a->may_pass = a->may_deny = false;
  a->says_n = 0;
  for (uint8_t use = 0; use < 2; use++) {
    a->q.in_use = use;
    if (!a->loose && (a->use >> use & 1) != 0) evaluate_contents(m, a);
  }
  if (a->loose) a->may_pass = a->may_deny = true;
}

void sb_ask_read_error(const sb_rmp_t *m, const sb_ask_t *a, sb_say_t *say) {
  cbit_rmp_verdict_t v;
  check(m, a, NULL, NULL, true, &v);
  make_say(&v, say);
}

static void load(scoreboard_t *s, sb_ask_t *a, const entry_t *but) {
  a->loose = !candidates(s, &a->base, a->base_addr, but) ||
             (!a->first && !candidates(s, &a->own, a->own_addr, but));
  evaluate(s->rmp, a);
}

void sb_ask_judge(scoreboard_t *s, sb_ask_t *a) {
  sb_rmp_t *m = s->rmp;
  cbit_rmp_verdict_t v;
  a->covered = true;
  check(m, a, NULL, NULL, true, &v);
  a->covered = sb_rmp_find(m, a->q.spa, &a->own_addr);
  (void)sb_rmp_find(m, a->q.spa & ~BASE_MASK, &a->base_addr);
  a->table = v.why == CBIT_RMP_WHY_READ && a->covered;
  a->first = (a->q.spa & BASE_MASK) >> 12 == 0;
  if (a->table) load(s, a, NULL); else evaluate(m, a);
}

void sb_ask_again(scoreboard_t *s, sb_ask_t *a, const entry_t *but) {
  if (a->table) load(s, a, but); else evaluate(s->rmp, a);
}

bool sb_rmp_unsure(const sb_rmp_t *m, uint64_t cycle) {
  return m->lost || m->rst_open || (m->cmd_open && m->state < RMP_ON) || cycle <= m->settle;
}

static void rmp_addr(scoreboard_t *s, entry_t *e, uint64_t cycle) {
  sb_rmp_t *m = s->rmp;
  sb_ask_t *a = &e->ask;
  cbit_attr_t who;
  uint64_t spa = 0;
  memset(a, 0, sizeof(*a));
  a->may_pass = true;
  a->c_ax = cycle;
  if (!e->v.open && e->v.fault != 0) return;
  const bool unsure = sb_rmp_unsure(m, cycle);
  if (m->state == RMP_OFF && !unsure) return;
  bench_request_view(s->bench, &e->t->req, &who, &spa);
  a->asked = true;
  if (unsure) {
    a->loose = a->may_deny = true;
    return;
  }
  if (e->write && who.requester != CBIT_REQ_SP && in_table(m, e->v.spa)) {
    a->guard = a->may_deny = e->inert = true;
    a->may_pass = false;
    a->says_n = 1;
    return;
  }
  a->asked = m->state >= RMP_ON;
  if (!a->asked) return;
  question(m, a, &who, e->v.spa, e->write);
  a->use = sb_rmp_use(s, e->v.spa);
  sb_ask_judge(s, a);
  if (!a->may_pass) e->inert = true;
  for (uint32_t i = 0; i + 1 < s->n; i++) {
    if (s->live[i]->ask.c_ax != cycle || s->live[i]->write == e->write || !s->live[i]->ask.asked) continue;
    a->pair = s->live[i]->ask.pair = true;
  }
}

void sb_rmp_addr(scoreboard_t *s, entry_t *e, uint64_t cycle) {
  rmp_addr(s, e, cycle);
  sb_base_ask(s, e);
}

bool sb_rmp_key_moved(const scoreboard_t *s, const entry_t *e) {
  if (!e->ask.asked || !e->ask.table || s->sp.tsme == 0) return false;
  return s->sp.cmd_open || s->sp.cmd_pending || s->sp.zeroise || s->sp.left[0] >= e->ask.c_ax;
}

// ---- writes of the table ----------------------------------------------------------------------------------------

static bool of_table(const sb_rmp_t *m, const entry_t *w) { return m->state != RMP_OFF && in_table(m, w->page); }

bool sb_ask_touched(const sb_ask_t *a, const entry_t *w) {
  return a->asked && a->table && ((!a->first && touches(w, a->own_addr)) || touches(w, a->base_addr));
}

bool sb_ask_store(scoreboard_t *s, sb_ask_t *a, const entry_t *w) {
  if (a->loose || !sb_ask_touched(a, w)) return false;
  const bool own = !a->first && touches(w, a->own_addr);
  const bool base = touches(w, a->base_addr);
  if (own && !merge(s, &a->own, a->own_addr, w)) a->loose = true;
  if (base && !merge(s, &a->base, a->base_addr, w)) a->loose = true;
  evaluate(s->rmp, a);
  return true;
}

void sb_rmp_table_begin(scoreboard_t *s, const entry_t *w) {
  if (!of_table(s->rmp, w)) return;
  s->rmp->table_writes++;
  for (uint32_t i = 0; i < s->n; i++) {
    entry_t *e = s->live[i];
    if (e != w && sb_ask_store(s, &e->ask, w) && e->inert && e->ask.may_pass) sb_entry_wake(s, e);
  }
  sb_chk_store_begin(s, w);
}

void sb_rmp_table_end(scoreboard_t *s, const entry_t *w, uint64_t cycle) {
  if (w->inert || !of_table(s->rmp, w)) return;
  s->rmp->table_writes++;
  for (uint32_t i = 0; i < s->n; i++) {
    entry_t *e = s->live[i];
    sb_ask_t *a = &e->ask;
    if (e == w || !a->asked || !a->table) continue;
    a->wrote = a->wrote || a->walked;
    // An address taken in the cycle of the answer is judged by what was written.
    if (a->c_ax != cycle || !sb_ask_touched(a, w)) continue;
    load(s, a, w);
    if (e->inert && a->may_pass) sb_entry_wake(s, e);
  }
  sb_chk_store_end(s, w, cycle);
}

// ---- the end ----------------------------------------------------------------------------------------------------

// Invariant: owner, guest address, mapping size, Validated, and the permissions of its VMPL, by the bits of the entry.
static bool is_owner(const sb_rmp_t *m, const cbit_rmp_check_req_t *q, const uint8_t *own, const uint8_t *base) {
  const bool big = (base[0] & 2) != 0;
  const uint8_t *auth = big ? base : own;
  const uint64_t q1 = le64_load(auth);
  const uint32_t mask = auth[8 + q->vmpl];
  const uint64_t page = q1 >> 12 & (((uint64_t)1 << 39) - 1);
  const bool sss = q->ss != 0 && q->cpl < 3 && q->vmpl_sss != 0;
  uint32_t need = 1;
  if (q->op == CBIT_RMP_OP_WRITE) need = 3;
  if (q->op == CBIT_RMP_OP_PT_AD) need = 3;
  if (q->op == CBIT_RMP_OP_FETCH) need = q->cpl == 3 ? 4 : 8;
  if (sss && (q->op == CBIT_RMP_OP_READ || q->op == CBIT_RMP_OP_WRITE)) need |= 16;
  const bool address = big ? page >> 9 == q->gpa >> 21 && (q->spa >> 12 & 511) == (q->gpa >> 12 & 511)
                           : page == q->gpa >> 12;
  return (q1 & 1) != 0 && (q1 & 4) == 0 && (q1 >> 62 & 1) != 0 && q->asid != 0 && (q1 >> 51 & 1023) == q->asid &&
         address && (q->map_size != 0) == big && ((m->ctrl & 1) == 0 || (mask & need) == need);
}

bool sb_ask_private(const sb_ask_t *a) {
  if (a->q.req != CBIT_RMP_REQ_GUEST_SNP) return false;
  const uint8_t op = a->q.op;
  return op == CBIT_RMP_OP_FETCH || op == CBIT_RMP_OP_PT_READ || op == CBIT_RMP_OP_PT_AD ||
         (a->q.ec != 0 && (op == CBIT_RMP_OP_READ || op == CBIT_RMP_OP_WRITE));
}

bool sb_ask_may_own(const sb_rmp_t *m, const sb_ask_t *a) {
  for (uint32_t b = 0; a->table && b < a->base.n; b++) {
    for (uint32_t o = 0; o < (a->first ? 1 : a->own.n); o++) {
      if (is_owner(m, &a->q, a->first ? a->base.raw[b] : a->own.raw[o], a->base.raw[b])) return true;
    }
  }
  return false;
}

void sb_rmp_past(scoreboard_t *s, const entry_t *e, sb_rmp_past_t *p) {
  const sb_ask_t *a = &e->ask;
  cbit_attr_t who;
  uint64_t spa = 0;
  bench_request_view(s->bench, &e->t->req, &who, &spa);
  p->info = 8u | (uint32_t)e->write << 4 | (uint32_t)who.requester << 5 | (uint32_t)who.access << 7 |
            (uint32_t)who.cbit << 10 | (uint32_t)who.vmpl << 11 | (uint32_t)who.user_mode << 13 |
            (uint32_t)who.asid << 14 | (uint32_t)(e->id & 0xff) << 24;
  p->addr = (e->t->req.addr & ~(((uint64_t)1 << 52) - 1)) | e->v.spa;
  p->gpa = who.gpa_page;
  p->loose = a->loose;
  p->read_error = a->table && (dram_stats(s->dram)->errors != e->dram_errors || sb_rmp_key_moved(s, e));
  p->n = a->says_n;
  memcpy(p->says, a->says, sizeof(p->says));
}

static void look(scoreboard_t *s, const entry_t *e, bool denied) {
  sb_rmp_t *m = s->rmp;
  const sb_ask_t *a = &e->ask;
  sb_rmp_seen_t *x = &m->seen;
  const bool on = m->state >= RMP_ON && !a->loose && !a->guard;
  *x = (sb_rmp_seen_t){.number = e->number + 1, .write = e->write, .denied = denied, .guard = a->guard};
  x->table = on && a->table;
  x->first = x->table && a->first;
  x->base_2m = x->table && a->base.n == 1 && (a->base.raw[0][0] & 2) != 0;
  x->hit = x->table && !a->walked;
  x->miss = x->table && a->walked && !a->walk_shared;
  x->redo = x->miss && a->redo;
  x->known = x->miss && !a->first && !a->reads_base;
  x->walk_error = a->walk_error && denied;
  x->sure = !a->loose && !(a->may_pass && a->may_deny) && (denied ? a->says_n == 1 && !a->may_pass : !a->may_deny);
  if (denied && a->says_n == 1) x->say = a->says[0];
  if (!denied) x->say.row = (uint8_t)cbit_rmp_check_row(&a->q);
  if (!(x->miss && a->pair)) return;
  m->pair[e->write][m->pair_n[e->write]++ % SB_RMP_PAIRS] = a->c_ax;
  for (uint32_t i = 0; i < SB_RMP_PAIRS; i++) x->both = x->both || m->pair[!e->write][i] == a->c_ax;
}

void sb_rmp_end(scoreboard_t *s, entry_t *e, const host_txn_t *t) {
  sb_rmp_t *m = s->rmp;
  const sb_ask_t *a = &e->ask;
  bool passed = t->resp < 2;
  if (!a->asked) return;
  for (uint32_t k = 0; !e->write && k <= t->req.len; k++) passed = passed || t->beat_resp[k] < 2;
  s->stats.rmp_checked += !a->loose;
  s->stats.rmp_open += a->loose;
  s->stats.rmp_denied += !passed;
  if (passed && !a->may_pass) sb_complain(s, t, "the RMP denies it, it passed", e->v.spa, t->resp, 2);
  if (passed && !a->loose && sb_ask_private(a) && !sb_ask_may_own(m, a))
    sb_complain(s, t, "a private access passed without being the owner's", e->v.spa, t->resp, 2);
  if (!passed) sb_rmp_past(s, e, &m->pool[m->pool_n++ % SB_RMP_POOL]);
  if (!e->v.open) look(s, e, !passed);
}

// ---- every cycle ------------------------------------------------------------------------------------------------

static void walk_begins(scoreboard_t *s, uint64_t addr, uint64_t cycle) {
  sb_base_read(s, addr, cycle);
  const uint64_t row = ~(uint64_t)(s->bus - 1);
  uint32_t n = 0;
  for (uint32_t pass = 0; pass < 2; pass++) {
    for (uint32_t i = 0; i < s->n; i++) {
      sb_ask_t *a = &s->live[i]->ask;
      if (!a->asked || !a->table || a->c_ax >= cycle) continue;
      if (((a->first ? a->base_addr : a->own_addr) & row) != addr) continue;  // a walk reads both, or base alone
      if (pass == 0) {
        n++;
        continue;
      }
      a->redo = a->redo || (a->wrote && n == 1);
      a->walked = true;
      a->walk_shared = a->walk_shared || n > 1;
    }
  }
}

void sb_rmp_cycle(scoreboard_t *s, const cbit_pins_in_t *in, const cbit_pins_out_t *out, uint64_t cycle) {
  sb_rmp_t *m = s->rmp;
  const uint32_t bit = bench_cfg(s->bench)->id_width;
  if (out->m_ar.valid && in->m_arready && (out->m_ar.id >> bit & 1) != 0) {
    const bool walk = m->state != RMP_OFF && in_table(m, out->m_ar.addr);
    m->walk[m->walk_n % 64] = walk;
    m->walk_at[m->walk_n++ % 64] = out->m_ar.addr;
    if (walk) walk_begins(s, out->m_ar.addr, cycle);
  }
  if (in->m_r.valid && out->m_rready && (in->m_r.id >> bit & 1) != 0 && in->m_r.last) {
    const uint32_t at = m->walk_done++ % 64;
    for (uint32_t i = 0; in->m_r.resp >= 2 && m->walk[at] && i < s->n; i++) {
      sb_ask_t *a = &s->live[i]->ask;
      const uint64_t row = ~(uint64_t)(s->bus - 1);
      a->walk_error = a->walk_error || (a->table && ((a->own_addr & row) == m->walk_at[at] ||
                                                     (a->base_addr & row) == m->walk_at[at]));
    }
  }
}

// Invariant: whatever reaches memory belongs to a write that may pass and writes there.
void sb_rmp_probe(scoreboard_t *s, uint64_t addr, uint64_t strb, uint32_t bytes) {
  for (uint32_t j = 0; j < bytes / 16; j++) {
    const uint64_t at = (addr & ~(uint64_t)(bytes - 1)) + 16 * j;
    if ((strb >> (16 * j) & 0xffff) == 0 || writer(s, at, NULL) != NULL || s->error[0] != '\0') continue;
    if (sb_insn_writes(s, at)) continue;
    snprintf(s->error, sizeof(s->error), "DRAM at 0x%llx is written, and no write under way may do that",
             (unsigned long long)at);
    return;
  }
}
