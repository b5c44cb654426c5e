// SPDX-License-Identifier: Apache-2.0
//
// scoreboard_chk.c - expected answers of the check ports (scoreboard_chk.h)
#include "chk/scoreboard_chk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chk/scoreboard_rmp_int.h"
#include "core/log.h"

#define RANGE_BITS 21u
#define OFFSET_2M (((uint64_t)1 << RANGE_BITS) - 1)
#define KEPT 24u  // answers that a port keeps

typedef struct asked {
  sb_ask_t a;
  bool off;           // checks were off at its handshake
  bool high;          // an address beyond SpaWidth
  bool shown, again;  // its answer is there; judged again since
  bool changed;       // its entries or marks changed meanwhile
  uint64_t c_ask, errors, stores;
  chk_req_t req;
  cbit_chk_answer_t ans;
} asked_t;

typedef struct kept {
  bool v;
  uint8_t keep;
  sb_ask_t a;
} kept_t;

struct sb_chk {
  uint32_t ports;
  asked_t q[CBIT_MAX_CHK][CHK_QUEUE];  // ring of those under way
  uint32_t at[CBIT_MAX_CHK], n[CBIT_MAX_CHK];
  kept_t kept[CBIT_MAX_CHK][KEPT];
  uint32_t kept_at[CBIT_MAX_CHK];
  sb_chk_seen_t seen;
};

sb_chk_t *sb_chk_new(const scoreboard_t *s) {
  if (bench_cfg(s->bench)->rmp_chk == 0) return NULL;
  sb_chk_t *c = log_alloc(sizeof(*c));
  c->ports = bench_cfg(s->bench)->rmp_chk;
  return c;
}

void sb_chk_free(sb_chk_t *c) { free(c); }
const sb_chk_seen_t *sb_chk_seen(const sb_chk_t *c) { return &c->seen; }

void sb_chk_reset(scoreboard_t *s) {
  sb_chk_t *c = s->chk;
  if (c == NULL) return;
  memset(c->at, 0, sizeof(c->at));
  memset(c->n, 0, sizeof(c->n));
  memset(c->kept, 0, sizeof(c->kept));
}

static asked_t *question(sb_chk_t *c, uint32_t port, uint32_t i) { return &c->q[port][(c->at[port] + i) % CHK_QUEUE]; }

static void fail(scoreboard_t *s, uint32_t port, const asked_t *x, const char *what, uint64_t got, uint64_t want) {
  const cbit_chk_ask_t *q = &x->req.pins;
  if (s->error[0] != '\0') return;
  snprintf(s->error, sizeof(s->error),
           "check port %u, question of cycle %llu (req %u, op %u, map %u, ec %u, asid %u, vmpl %u, cpl %u, spa 0x%llx, gpa 0x%llx): "
           "%s, got 0x%llx, expected 0x%llx",
           port, (unsigned long long)x->c_ask, q->req, q->op, q->map_size, q->ec, q->asid, q->vmpl, q->cpl,
           (unsigned long long)q->spa_page << 12, (unsigned long long)q->gpa_page << 12, what, (unsigned long long)got,
           (unsigned long long)want);
}

// ---- the question -----------------------------------------------------------------------------------------------

void sb_chk_ask(scoreboard_t *s, uint32_t port, const chk_req_t *r, uint64_t cycle) {
  sb_chk_t *c = s->chk;
  const sb_rmp_t *m = s->rmp;
  asked_t *x = question(c, port, c->n[port]++);
  const cbit_chk_ask_t *q = &r->pins;
  memset(x, 0, sizeof(*x));
  x->req = *r;
  x->c_ask = cycle;
  x->errors = dram_stats(s->dram)->errors;
  x->stores = m->table_writes;
  sb_ask_t *a = &x->a;
  a->asked = true;
  a->c_ax = cycle;
  a->q = (cbit_rmp_check_req_t){.spa = q->spa_page << 12, .gpa = q->gpa_page << 12, .asid = q->asid, .req = q->req, .op = q->op,
                                .map_size = q->map_size, .ec = q->ec, .vmpl = q->vmpl, .cpl = q->cpl, .ss = q->ss,
                                .vmpl_sss = m->ctrl >> 1 & 1, .snp_active = q->snp_active};
  x->high = a->q.spa >> bench_cfg(s->bench)->spa_width != 0;
  if (x->high) return;
  if (sb_rmp_unsure(m, cycle)) a->loose = true;
  x->off = m->state < RMP_ON;
  if (a->loose || x->off) return;
  a->use = sb_rmp_use(s, a->q.spa);
  sb_ask_judge(s, a);
  sb_base_chk(s, a);
}

static void for_all(scoreboard_t *s, void (*fn)(scoreboard_t *s, asked_t *x, const entry_t *w, uint64_t cycle), const entry_t *w,
                    uint64_t cycle) {
  sb_chk_t *c = s->chk;
  for (uint32_t p = 0; c != NULL && p < c->ports; p++) {
    for (uint32_t i = 0; i < c->n[p]; i++) {
      asked_t *x = question(c, p, i);
      if (!x->high && !x->off && !x->a.loose) fn(s, x, w, cycle);
    }
  }
}

static void store_begins(scoreboard_t *s, asked_t *x, const entry_t *w, uint64_t cycle) {
  (void)cycle;
  if (!x->shown && sb_ask_store(s, &x->a, w)) x->changed = true;
}

void sb_chk_store_begin(scoreboard_t *s, const entry_t *w) {
  sb_chk_t *c = s->chk;
  for_all(s, store_begins, w, 0);
  // Its software flushes what it may undo.
  for (uint32_t p = 0; c != NULL && p < c->ports; p++) {
    for (uint32_t i = 0; i < KEPT; i++) {
      kept_t *k = &c->kept[p][i];
      if (k->v && sb_ask_touched(&k->a, w)) k->v = false;
    }
  }
}

// N2. It is judged in the cycle after its handshake at the earliest.
static void store_ends(scoreboard_t *s, asked_t *x, const entry_t *w, uint64_t cycle) {
  if (x->shown || x->c_ask + 1 < cycle || !sb_ask_touched(&x->a, w)) return;
  sb_ask_again(s, &x->a, w);
}

void sb_chk_store_end(scoreboard_t *s, const entry_t *w, uint64_t cycle) { for_all(s, store_ends, w, cycle); }

static void judge_again(scoreboard_t *s, asked_t *x, const entry_t *w, uint64_t cycle) {
  (void)w;
  (void)cycle;
  x->again = x->changed = true;
  sb_ask_again(s, &x->a, NULL);
}

void sb_chk_changed(scoreboard_t *s, uint64_t cycle) { for_all(s, judge_again, NULL, cycle); }
void sb_chk_drained(scoreboard_t *s) { for_all(s, judge_again, NULL, 0); }

void sb_chk_mark(scoreboard_t *s, uint64_t page) {
  sb_chk_t *c = s->chk;
  if (c == NULL || bench_cfg(s->bench)->rmp_inuse == 0) return;
  for (uint32_t p = 0; p < c->ports; p++) {
    for (uint32_t i = 0; i < c->n[p]; i++) {
      asked_t *x = question(c, p, i);
      if (x->high || x->off || x->a.loose || x->shown || x->a.q.spa >> 12 != page) continue;
      x->a.use |= sb_rmp_use(s, x->a.q.spa);
      x->changed = true;
      sb_ask_again(s, &x->a, NULL);
    }
  }
}

// ---- the answer -------------------------------------------------------------------------------------------------

// The page's table of keep, from the row.
static uint8_t keep_of(const scoreboard_t *s, const asked_t *x, const cbit_chk_answer_t *ans) {
  const cbit_rmp_check_req_t *q = &x->a.q;
  const bool host = q->req == CBIT_RMP_REQ_HOST;
  if (ans->deny || x->off || (bench_cfg(s->bench)->rmp_inuse != 0 && host && q->op == CBIT_RMP_OP_WRITE)) return CBIT_CHK_KEEP_NOT;
  switch (cbit_rmp_check_row(q)) {
    case CBIT_RMP_ROW_1:
    case CBIT_RMP_ROW_3B:
    case CBIT_RMP_ROW_4:
    case CBIT_RMP_ROW_6:
    case CBIT_RMP_ROW_13:
    case CBIT_RMP_ROW_19:
    case CBIT_RMP_ROW_20: return q->map_size == 3 ? CBIT_CHK_KEEP_1G : q->map_size;
    case CBIT_RMP_ROW_18C:
      if (host) return CBIT_CHK_KEEP_4K;
      return q->map_size == 0 ? CBIT_CHK_KEEP_4K : CBIT_CHK_KEEP_2M;
    case CBIT_RMP_ROW_2:
    case CBIT_RMP_ROW_5A:
    case CBIT_RMP_ROW_5B:
    case CBIT_RMP_ROW_7:
    case CBIT_RMP_ROW_8:
    case CBIT_RMP_ROW_9:
    case CBIT_RMP_ROW_10:
    case CBIT_RMP_ROW_11:
    case CBIT_RMP_ROW_12:
    case CBIT_RMP_ROW_21: return q->map_size == 0 ? CBIT_CHK_KEEP_4K : CBIT_CHK_KEEP_2M;
    default: return CBIT_CHK_KEEP_4K;
  }
}

// With TSME: may the key of the table have gone, and another one come, since it was asked?
static bool key_moved(const scoreboard_t *s, const asked_t *x) {
  return s->sp.tsme != 0 && (s->sp.cmd_open || s->sp.cmd_pending || s->sp.zeroise || s->sp.left[0] >= x->c_ask ||
                             s->sp.killed >= x->c_ask);
}

static bool may_read_error(const scoreboard_t *s, const asked_t *x) {
  if (!x->a.table) return false;
  return dram_stats(s->dram)->errors != x->errors || key_moved(s, x);
}

static bool exact(const sb_ask_t *a) {
  return !a->loose && !(a->may_pass && a->may_deny) && (!a->table || (a->base.n == 1 && (a->first || a->own.n == 1)));
}

// Another page of the range, at the same offset of spa and gpa.
static void other_page(const sb_ask_t *a, sb_ask_t *to, uint64_t pages) {
  memset(to, 0, sizeof(*to));
  to->asked = true;
  to->q = a->q;
  to->use = a->use;
  to->q.spa = (a->q.spa & ~OFFSET_2M) | ((a->q.spa + pages * 4096) & OFFSET_2M);
  to->q.gpa = (a->q.gpa & ~OFFSET_2M) | ((a->q.gpa + pages * 4096) & OFFSET_2M);
}

// keep by its meaning: nothing has changed since the question, so the shadow is what it was judged by.
static void holds_beyond(scoreboard_t *s, uint32_t port, const asked_t *x) {
  sb_ask_t o;
  if (x->ans.keep == CBIT_CHK_KEEP_4K || x->changed || x->stores != s->rmp->table_writes || !exact(&x->a)) return;
  other_page(&x->a, &o, 1 + (x->c_ask * 7) % 511);
  // A gpa whose offset in the range is another one than the spa's goes over the end of the range elsewhere.
  if ((x->a.q.gpa & OFFSET_2M) != (x->a.q.spa & OFFSET_2M)) return;
  sb_ask_judge(s, &o);
  if (exact(&o) && !o.may_pass) fail(s, port, x, "a kept answer does not hold for a page of its range", o.q.spa, 0);
}

static void verdict(scoreboard_t *s, uint32_t port, const asked_t *x) {
  const sb_ask_t *a = &x->a;
  const cbit_chk_answer_t *ans = &x->ans;
  const sb_say_t say = {.row = ans->row, .why = ans->why, .kind = ans->kind, .error = ans->error};
  const sb_say_t none = {0};
  if (x->high) {
    if (!ans->deny || ans->keep != CBIT_CHK_KEEP_NOT || memcmp(&say.error, &none.error, 8) != 0 || (say.row | say.why | say.kind) != 0)
      fail(s, port, x, "an address beyond SpaWidth {deny, keep}", (uint64_t)ans->deny << 2 | ans->keep, 7);
    return;
  }
  if (a->loose) return;
  if (!ans->deny && (ans->why != 0 || ans->kind != 0 || ans->error != 0)) fail(s, port, x, "a reason without a denial", ans->why, 0);
  if (x->off) {
    if (ans->deny) fail(s, port, x, "denied though checks are off", 1, 0);
    if (ans->keep != CBIT_CHK_KEEP_NOT) fail(s, port, x, "keep with checks off", ans->keep, CBIT_CHK_KEEP_NOT);
    return;
  }
  const uint8_t keep = keep_of(s, x, ans);
  if (ans->keep != keep) fail(s, port, x, "keep", ans->keep, keep);
  const uint8_t row = (uint8_t)cbit_rmp_check_row(&a->q);
  if (ans->row != row) fail(s, port, x, "row", ans->row, row);
  if (!ans->deny) {
    if (!a->may_pass) fail(s, port, x, "the rules deny it, it passed", 0, 1);
    if (sb_ask_private(a) && !sb_ask_may_own(s->rmp, a)) fail(s, port, x, "a private access passed without being the owner's", 0, 1);
    return;
  }
  sb_say_t error;
  sb_ask_read_error(s->rmp, a, &error);
  const bool read = ans->why == CBIT_RMP_WHY_READ && ans->kind == error.kind && ans->error == 0;
  if (read && may_read_error(s, x)) return;
  if (!a->may_deny) fail(s, port, x, "the rules let it pass, it is denied (why)", ans->why, 0);
  else if (!sb_ask_record(a, &say)) fail(s, port, x, "record {row, why, kind}",
                                         (uint64_t)say.row << 8 | (uint64_t)say.why << 4 | say.kind,
                                         (uint64_t)a->says[0].row << 8 | (uint64_t)a->says[0].why << 4 | a->says[0].kind);
}

void sb_chk_valid(scoreboard_t *s, uint32_t port, const cbit_chk_answer_t *ans, uint64_t cycle) {
  sb_chk_t *c = s->chk;
  if (c->n[port] == 0) return;  // the driver tells
  asked_t *x = question(c, port, 0);
  x->shown = true;
  x->again = false;
  x->ans = *ans;
  const bool was_off = x->off;
  if (!x->high && (sb_rmp_unsure(s->rmp, cycle) || (was_off && s->rmp->state >= RMP_ON))) x->a.loose = true;
  if (!x->high && x->a.table && key_moved(s, x)) x->a.loose = true;
  verdict(s, port, x);
  if (!x->high && !x->off && !ans->deny && !x->a.loose) holds_beyond(s, port, x);
}

static void keep_answer(scoreboard_t *s, uint32_t port, const asked_t *x) {
  sb_chk_t *c = s->chk;
  if (x->high || x->off || x->a.loose || x->ans.deny || x->ans.keep == CBIT_CHK_KEEP_NOT) return;
  // What came with a store of the AMD-SP is dropped by its software.
  if (x->stores != s->rmp->table_writes || !exact(&x->a)) return;
  kept_t *k = &c->kept[port][c->kept_at[port]++ % KEPT];
  *k = (kept_t){.v = true, .keep = x->ans.keep, .a = x->a};
  s->stats.chk_kept++;
}

void sb_chk_answer(scoreboard_t *s, uint32_t port, const chk_done_t *d) {
  sb_chk_t *c = s->chk;
  (void)d;
  if (c->n[port] == 0) return;
  asked_t *x = question(c, port, 0);
  if (x->again) verdict(s, port, x);  // N4
  const bool open = !x->high && x->a.loose;
  s->stats.chk_open += open;
  s->stats.chk_checked += !open;
  s->stats.chk_denied += x->ans.deny;
  const bool read = x->ans.deny && x->ans.why == CBIT_RMP_WHY_READ;
  c->seen = (sb_chk_seen_t){.sure = !open && (x->high || x->off || read || exact(&x->a)), .off = x->off, .high = x->high,
                            .table = x->a.table, .read_error = read, .changed = x->changed, .ans = x->ans};
  keep_answer(s, port, x);
  c->at[port] = (c->at[port] + 1) % CHK_QUEUE;
  c->n[port]--;
}

// ---- kept answers -----------------------------------------------------------------------------------------------

// Does what it is kept for meet the range?
static bool covers(const kept_t *k, uint64_t range) {
  const uint64_t spa = k->a.q.spa;
  return k->keep == CBIT_CHK_KEEP_1G ? spa >> 30 == range >> 9 : spa >> RANGE_BITS == range;
}

void sb_chk_inv(scoreboard_t *s, uint64_t page, bool unknown) {
  sb_chk_t *c = s->chk;
  for (uint32_t p = 0; c != NULL && p < c->ports; p++) {
    for (uint32_t i = 0; i < KEPT; i++) {
      kept_t *k = &c->kept[p][i];
      if (!k->v) continue;
      if (unknown || covers(k, page)) {
        k->v = false;
        continue;
      }
      sb_ask_t now = k->a;
      now.loose = false;
      sb_ask_again(s, &now, NULL);
      s->stats.chk_held += exact(&now);
      if (!exact(&now) || now.may_pass || s->error[0] != '\0') continue;
      snprintf(s->error, sizeof(s->error), "check port %u: an answer kept for page 0x%llx, which no inv covered, does not hold any more",
               p, (unsigned long long)now.q.spa);
    }
  }
}

// ---- reads of base entries --------------------------------------------------------------------------------------

bool sb_chk_may_fill(const scoreboard_t *s, uint32_t line, uint64_t range) {
  const sb_chk_t *c = s->chk;
  const uint32_t lines = bench_cfg(s->bench)->rmp_lines;
  for (uint32_t p = 0; c != NULL && p < c->ports; p++) {
    for (uint32_t i = 0; i < c->n[p]; i++) {
      const sb_ask_t *a = &c->q[p][(c->at[p] + i) % CHK_QUEUE].a;
      const uint64_t of = a->q.spa >> RANGE_BITS;
      if (a->loose || (a->table && (of & (lines - 1)) == line && of != range)) return true;
    }
  }
  return false;
}

bool sb_chk_wants(const scoreboard_t *s, uint64_t row) {
  const sb_chk_t *c = s->chk;
  const uint64_t mask = ~(uint64_t)(s->bus - 1);
  for (uint32_t p = 0; c != NULL && p < c->ports; p++) {
    for (uint32_t i = 0; i < c->n[p]; i++) {
      const sb_ask_t *a = &c->q[p][(c->at[p] + i) % CHK_QUEUE].a;
      if (a->loose || (a->table && ((a->own_addr & mask) == row || (a->base_addr & mask) == row))) return true;
    }
  }
  return false;
}
