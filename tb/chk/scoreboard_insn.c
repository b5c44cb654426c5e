// SPDX-License-Identifier: Apache-2.0
//
// scoreboard_insn.c - expected ends and writes of RMP instructions (scoreboard_insn.h)
#include "chk/scoreboard_insn.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chk/scoreboard_rmp_int.h"
#include "core/log.h"
#include "util/bytes.h"

#define RANGE ((uint64_t)1 << 21)
#define PAGES 512u
#define ITEMS 520u  // blocks of 16 bytes that one instruction writes, at most 512 entries and 2 counters

// A block of 16 bytes: entry, or two counters.
typedef struct item {
  uint64_t addr;
  uint8_t plain[16];  // as the functional layer wrote it
  uint8_t old[16], now[16];  // in DRAM, before and after
  bool written;              // a beat reached it
} item_t;

struct sb_insn {
  scoreboard_t *s;
  bool busy, done, open;  // taken; worked out; its result left open
  bool inv_shown, inv_ended, ans_shown;
  uint32_t port;
  insn_req_t req;
  uint64_t errors;        // DRAM errors when it was taken
  uint64_t c_take;
  cbit_rmp_cfg_t cfg;
  cbit_rmp_result_t want;
  uint32_t op;
  uint64_t spa;
  item_t item[ITEMS];
  uint32_t items;
  uint8_t (*range)[16];   // the 512 entries before it, NULL: not looked at
  struct {
    bool v;
    uint64_t page;
  } use[CBIT_MAX_USE];
  uint32_t uses;
  bool used;
  sb_insn_seen_t seen;
};

sb_insn_t *sb_insn_new(const scoreboard_t *s) {
  const cbit_cyc_cfg_t *c = bench_cfg(s->bench);
  if (c->rmp_insn == 0) return NULL;
  sb_insn_t *n = log_alloc(sizeof(*n));
  n->range = log_alloc(PAGES * sizeof(*n->range));
  n->uses = c->rmp_use;
  return n;
}

void sb_insn_free(sb_insn_t *n) {
  if (n == NULL) return;
  free(n->range);
  free(n);
}

const sb_insn_seen_t *sb_insn_seen(const sb_insn_t *n) { return &n->seen; }

static void fail(scoreboard_t *s, const char *what, uint64_t got, uint64_t want) {
  const sb_insn_t *n = s->insn;
  const cbit_insn_t *i = &n->req.pins;
  if (s->error[0] != '\0') return;
  snprintf(s->error, sizeof(s->error),
           "%s at port %u, page 0x%llx (rax 0x%llx, arg 0x%02x%02x%02x%02x..., asid %u): %s, got 0x%llx, expected 0x%llx",
           insn_name(i->op), n->port, (unsigned long long)n->spa, (unsigned long long)i->rax, i->arg[11], i->arg[10],
           i->arg[9], i->arg[8], i->asid, what, (unsigned long long)got, (unsigned long long)want);
}

// ---- the functional layer's memory ------------------------------------------------------------------------------

static item_t *find(sb_insn_t *n, uint64_t addr) {
  for (uint32_t i = 0; i < n->items; i++) {
    if (n->item[i].addr == addr) return &n->item[i];
  }
  return NULL;
}

static item_t *make(sb_insn_t *n, uint64_t addr) {
  item_t *t = find(n, addr);
  if (t != NULL) return t;
  if (n->items == ITEMS) {
    n->open = true;
    return &n->item[0];
  }
  t = &n->item[n->items++];
  memset(t, 0, sizeof(*t));
  t->addr = addr;
  if (!sb_rmp_shadow(n->s, addr, t->plain)) n->open = true;
  return t;
}

static int read16(void *ctx, uint64_t addr, uint8_t raw[16]) {
  sb_insn_t *n = ctx;
  memset(raw, 0, 16);
  if (!sb_rmp_shadow(n->s, addr, raw)) n->open = true;
  return 0;
}

static void write16(void *ctx, uint64_t addr, const uint8_t raw[16]) {
  memcpy(make(ctx, addr)->plain, raw, 16);
}

static int read8(void *ctx, uint64_t addr, uint64_t *value) {
  sb_insn_t *n = ctx;
  uint8_t raw[16] = {0};
  const item_t *t = find(n, addr & ~(uint64_t)15);
  if (n->cfg.segmented != 0 && addr >= sb_rmp_base(n->s->rmp) + RMP_HEAD_BYTES) {  // as SEG_LOAD read it
    *value = sb_rmp_rst(n->s->rmp, addr);
    return 0;
  }
  if (t != NULL) {
    memcpy(raw, t->plain, 16);
  } else if (!sb_rmp_shadow(n->s, addr & ~(uint64_t)15, raw)) {
    n->open = true;
  }
  *value = le64_load(raw + (addr & 8));
  return 0;
}

static void write8(void *ctx, uint64_t addr, uint64_t value) {
  item_t *t = make(ctx, addr & ~(uint64_t)15);
  le64_store(t->plain + (addr & 8), value);
}

static int in_use(void *ctx, uint64_t spa, uint64_t bytes) {
  const sb_insn_t *n = ctx;
  for (uint32_t i = 0; i < n->uses; i++) {
    const uint64_t at = n->use[i].page << 12;
    if (n->use[i].v && at >= spa && at - spa < bytes) return 1;
  }
  return 0;
}

static void run(sb_insn_t *n) {
  const cbit_rmp_mem_t mem = {.ctx = n, .read16 = read16, .write16 = write16, .read8 = read8, .write8 = write8, .in_use = in_use};
  const cbit_insn_t *i = &n->req.pins;
  const cbit_rmp_param_t *param = &n->s->rmp->param;
  cbit_rmp_host_insn_t h = {.rax = i->rax, .cpl = i->cpl};
  memcpy(h.operand, i->arg, 16);
  const cbit_rmp_guest_insn_t g = {.gva = i->rax, .rcx = le64_load(i->arg), .rdx = le64_load(i->arg + 8),
                                   .spa = i->spa_page << 12, .gpa = i->gpa_page << 12, .asid = i->asid, .ec = i->ec,
                                   .vmpl = i->vmpl, .cpl = i->cpl, .snp_active = i->snp_active};
  memset(&n->want, 0, sizeof(n->want));
  switch (n->op) {
    case CBIT_INSN_RMPUPDATE: cbit_rmp_rmpupdate(param, &n->cfg, &mem, &h, &n->want); break;
    case CBIT_INSN_PSMASH: cbit_rmp_psmash(param, &n->cfg, &mem, &h, &n->want); break;
    case CBIT_INSN_RMPREAD: cbit_rmp_rmpread(param, &n->cfg, &mem, &h, &n->want); break;
    case CBIT_INSN_PVALIDATE: cbit_rmp_pvalidate(param, &n->cfg, &mem, &g, &n->want); break;
    case CBIT_INSN_RMPADJUST: cbit_rmp_rmpadjust(param, &n->cfg, &mem, &g, &n->want); break;
    case CBIT_INSN_RMPQUERY: cbit_rmp_rmpquery(param, &n->cfg, &mem, &g, &n->want); break;
    default: n->want.kind = CBIT_RMP_UD; break;
  }
}

// ---- second opinion ---------------------------------------------------------------------------------------------

static bool two_mib(const cbit_insn_t *i) {
  if (i->op == CBIT_INSN_PSMASH) return true;
  if (i->op == CBIT_INSN_RMPUPDATE) return (i->arg[9] & 1) != 0;
  return (i->op == CBIT_INSN_PVALIDATE || i->op == CBIT_INSN_RMPADJUST) && i->arg[0] == 1;
}

// Entries of the page's range as they were. False: not covered, or not known.
static bool load_range(sb_insn_t *n, bool all) {
  uint64_t at = 0;
  for (uint32_t k = 0; k < PAGES; k++) {
    const uint64_t spa = (n->spa & ~(RANGE - 1)) + ((uint64_t)k << 12);
    if (!sb_rmp_find(n->s->rmp, spa, &at)) return false;
    if (!all && k != 0 && spa != (n->spa & ~(uint64_t)4095)) continue;
    if (!sb_rmp_shadow(n->s, at, n->range[k])) {
      n->open = true;
      return false;
    }
  }
  return true;
}

static void second_opinion(sb_insn_t *n) {
  insn_world_t w = {.snp_en = n->cfg.snp_en != 0, .vmpl_en = n->cfg.vmpl_en != 0, .in_use = n->used};
  const cbit_insn_t *i = &n->req.pins;
  sb_insn_seen_t *x = &n->seen;
  uint32_t code = 0;
  bool sizem = false;
  x->big = two_mib(i);
  w.covered = load_range(n, n->op == CBIT_INSN_RMPUPDATE || n->op == CBIT_INSN_PSMASH);
  if (n->open) return;
  if (w.covered) {
    cbit_rmp_entry_decode(n->range[n->spa >> 12 & 511], &w.own);
    cbit_rmp_entry_decode(n->range[0], &w.base);
    for (uint32_t k = 1; k < PAGES && n->op == CBIT_INSN_RMPUPDATE; k++)
      w.immutable_sub = w.immutable_sub || (n->range[k][0] & 4) != 0;
  }
  x->step = insn_step(i, &w);
  x->sure = true;
  x->first = (n->spa >> 12 & 511) == 0;
  x->base_big = w.covered && w.base.page_size != 0;
  if (n->op == CBIT_INSN_RMPUPDATE && w.covered) {
    const uint16_t asid = (uint16_t)(le64_load(i->arg + 8) >> 32 & 1023);
    x->leaves = w.own.assigned != 0 && w.own.asid != 0;
    x->enters = (i->arg[8] & 1) != 0 && asid != 0;
    x->same = x->leaves && x->enters && asid == w.own.asid;
  }
  const cbit_rmp_verdict_kind_t kind = insn_step_end(x->step, &code, &sizem);
  const bool good = kind == n->want.kind && (kind != CBIT_RMP_PASS || code == n->want.code) &&
                    (kind != CBIT_RMP_NPF || sizem == ((n->want.exitinfo1 & CBIT_RMP_ERR_SIZEM) != 0));
  if (!good) fail(n->s, "the functional layer does not end by the step of the rules", (uint64_t)n->want.kind << 4 | n->want.code,
                  (uint64_t)kind << 4 | code);
}

// ---- working it out ---------------------------------------------------------------------------------------------

// The image takes what the instruction writes; reads under way that touch it may have either.
static void apply(sb_insn_t *n) {
  scoreboard_t *s = n->s;
  for (uint32_t k = 0; k < n->items; k++) {
    item_t *t = &n->item[k];
    uint8_t *block = sb_image_page(&s->image, s->dram, t->addr) + t->addr % STORE_PAGE;
    memcpy(t->old, block, 16);
    sb_rmp_seal(s, t->addr, t->plain, t->now);
    memcpy(block, t->now, 16);
    sb_image_flags(&s->image, t->addr)[t->addr % STORE_PAGE / 16] = 0;
    for (uint32_t i = 0; i < s->n; i++) {
      entry_t *e = s->live[i];
      if (!e->inert && e->page == (t->addr & ~(uint64_t)(STORE_PAGE - 1))) e->open[t->addr % STORE_PAGE / 16] = 1;
    }
  }
}

static void work_out(sb_insn_t *n) {
  n->done = true;
  n->items = 0;
  memset(&n->seen, 0, sizeof(n->seen));
  n->used = in_use(n, two_mib(&n->req.pins) ? n->spa & ~(RANGE - 1) : n->spa & ~(uint64_t)4095,
                   two_mib(&n->req.pins) ? RANGE : 4096) != 0;
  if (n->open) return;
  run(n);
  if (!n->open) second_opinion(n);
  if (n->open) {
    n->items = 0;
    n->seen.sure = false;
    return;
  }
  apply(n);
}

void sb_insn_take(scoreboard_t *s, uint32_t port, const insn_req_t *r, uint64_t cycle) {
  sb_insn_t *n = s->insn;
  const sb_rmp_t *m = s->rmp;
  n->s = s;
  sb_base_forget(s);
  n->busy = true;
  n->done = n->inv_shown = n->inv_ended = n->ans_shown = false;
  n->port = port;
  n->c_take = cycle;
  n->req = *r;
  n->op = r->pins.op & 7u;
  n->spa = n->op >= CBIT_INSN_PVALIDATE ? r->pins.spa_page << 12 : r->pins.rax;
  n->errors = dram_stats(s->dram)->errors;
  // Checks on in CHECK, the next cycle?
  n->open = sb_rmp_unsure(m, cycle);
  sb_rmp_cfg(m, &n->cfg);
  n->cfg.snp_en = m->state >= RMP_ON;
}

void sb_insn_mark(scoreboard_t *s, const insn_mark_t *m) {
  sb_insn_t *n = s->insn;
  if (m->slot >= n->uses) return;
  const uint64_t old = n->use[m->slot].page;
  n->use[m->slot].v = m->set != 0;
  n->use[m->slot].page = m->page;
  sb_chk_mark(s, old);
  sb_chk_mark(s, m->page);
}

bool sb_insn_writes(scoreboard_t *s, uint64_t addr) {
  sb_insn_t *n = s->insn;
  if (n == NULL || !n->busy || n->inv_shown || n->ans_shown) return false;
  if (!n->done) return false;
  if (n->open) {  // whatever it is, it lies in the table
    if (!s->rmp->rst_open && !sb_rmp_in_table(s->rmp, addr)) return false;
    (void)sb_image_page(&s->image, s->dram, addr);
    sb_image_flags(&s->image, addr)[addr % STORE_PAGE / 16] = 1;
    return true;
  }
  item_t *t = find(n, addr);
  if (t != NULL) t->written = true;
  return t != NULL;
}

// ---- held against the pins --------------------------------------------------------------------------------------

// Could a read or write of the unit have failed?
static bool may_fail(const sb_insn_t *n) {
  const scoreboard_t *s = n->s;
  if (dram_stats(s->dram)->errors != n->errors) return true;
  return s->sp.tsme != 0 && (s->sp.cmd_open || s->sp.cmd_pending || s->sp.zeroise || s->sp.test_on ||
                             s->sp.state[0] != CBIT_SLOT_ACTIVE || s->sp.left[0] >= n->c_take ||
                             s->sp.cycle <= s->sp.zeroise_cycle);
}

// One counter of a pair may have moved while the other has not.
static bool half_done(scoreboard_t *s, const item_t *t, const uint8_t real[16]) {
  uint8_t is[16];
  uint8_t old[16];
  if (t->addr >= sb_rmp_base(s->rmp) + RMP_HEAD_BYTES) return false;
  sb_rmp_open(s, t->addr, real, is);
  sb_rmp_open(s, t->addr, t->old, old);
  return (memcmp(is, old, 8) == 0 || memcmp(is, t->plain, 8) == 0) &&
         (memcmp(is + 8, old + 8, 8) == 0 || memcmp(is + 8, t->plain + 8, 8) == 0);
}

// DRAM against old and new blocks. settle: each may be either, and the image takes what is there.
static void check_blocks(sb_insn_t *n, bool settle) {
  scoreboard_t *s = n->s;
  for (uint32_t k = 0; k < n->items; k++) {
    item_t *t = &n->item[k];
    uint8_t real[16];
    dram_peek(s->dram, t->addr, real, 16);
    if (memcmp(real, t->now, 16) == 0) continue;
    if (!settle || !(memcmp(real, t->old, 16) == 0 || half_done(s, t, real))) {
      for (uint32_t b = 0; b < 16; b++) {
        if (real[b] == t->now[b]) continue;
        fail(s, settle ? "DRAM holds neither the old nor the new block" : "DRAM does not hold what it writes", real[b], t->now[b]);
        return;
      }
    }
    memcpy(sb_image_page(&s->image, s->dram, t->addr) + t->addr % STORE_PAGE, real, 16);
  }
}

// [docs/rmp.md 1.4] of 512 entries; pages of each ASID into count. A 2 MiB entry that is not Assigned comes from the AMD-SP
// only: PSMASH would copy it as it is.
static bool well_formed(const uint8_t (*e)[16], int64_t count[1024]) {
  uint32_t subs = 0;
  const uint64_t base = le64_load(e[0]);
  const bool big = (base & 2) != 0;
  memset(count, 0, 1024 * sizeof(*count));
  if ((base & 3) == 2) return false;
  for (uint32_t k = 0; k < PAGES; k++) {
    const uint64_t q1 = le64_load(e[k]);
    const uint32_t asid = (uint32_t)(q1 >> 51 & 1023);
    if (k > 0 && big && (q1 & 7) != 1) return false;
    if (k > 0 && (q1 & 2) != 0) return false;
    subs += k > 0 && (q1 & 1) != 0;
    if ((q1 & 1) != 0 && (k == 0 || !big)) count[asid] += big ? PAGES : 1;
  }
  count[0] = 0;
  return (base >> 3 & 511) == (big ? 0 : subs);
}

static void check_range(sb_insn_t *n) {
  scoreboard_t *s = n->s;
  int64_t before[1024];
  int64_t after[1024];
  if (n->want.changed == 0 || (n->op != CBIT_INSN_RMPUPDATE && n->op != CBIT_INSN_PSMASH)) return;
  if (!well_formed((const uint8_t (*)[16])n->range, before)) return;
  for (uint32_t k = 0; k < PAGES; k++) {
    uint64_t at = 0;
    (void)sb_rmp_find(s->rmp, (n->spa & ~(RANGE - 1)) + ((uint64_t)k << 12), &at);
    const item_t *t = find(n, at);
    if (t != NULL) memcpy(n->range[k], t->plain, 16);
  }
  if (!well_formed((const uint8_t (*)[16])n->range, after)) fail(s, "the range is not as 1.4 says any more", 1, 0);
  for (uint32_t a = 1; a < 1024; a++) {
    const uint64_t block = sb_rmp_base(s->rmp) + 8 * (uint64_t)(a & ~1u);
    const item_t *t = find(n, block);
    uint8_t old[16];
    if (t == NULL) {
      if (after[a] != before[a]) fail(s, "an ASID's pages changed, its counter did not", a, 0);
      continue;
    }
    sb_rmp_open(s, block, t->old, old);
    const uint64_t moved = le64_load(t->plain + 8 * (a & 1)) - le64_load(old + 8 * (a & 1));
    if (moved != (uint64_t)(after[a] - before[a])) fail(s, "a counter", moved, (uint64_t)(after[a] - before[a]));
  }
  s->stats.insn_ranges++;
}

static void inv_begins(sb_insn_t *n, uint32_t page) {
  scoreboard_t *s = n->s;
  n->inv_shown = true;
  if (page != (n->spa >> 21 & 0x7fffffff)) fail(s, "inv_page", page, n->spa >> 21 & 0x7fffffff);
  if (n->open) return;
  if (n->items == 0) fail(s, "inv of an instruction that writes nothing", 1, 0);
  check_blocks(n, may_fail(n));
}

static void check_answer(sb_insn_t *n, const cbit_insn_answer_t *a) {
  scoreboard_t *s = n->s;
  const cbit_rmp_result_t *v = &n->want;
  if (a->kind == CBIT_RMP_MCE) {
    n->seen.read_error = !n->inv_shown;
    n->seen.write_error = n->inv_shown;
    n->seen.sure = false;
    if (!may_fail(n)) fail(s, "a machine check without an error of the memory", a->kind, v->kind);
    if (a->code != 0 || a->cf || a->zf || a->error != 0) fail(s, "values beside a machine check", a->error, 0);
    for (uint32_t k = 0; k < n->items && !n->inv_shown; k++) {
      if (n->item[k].written) fail(s, "it wrote and there was no inv", n->item[k].addr, 0);
    }
    if (!n->inv_shown) check_blocks(n, true);
    return;
  }
  if ((n->items != 0) != n->inv_shown) fail(s, "inv before the answer", n->inv_shown, n->items != 0);
  if (n->inv_shown && !n->inv_ended) fail(s, "the answer comes before the end of inv", 1, 0);
  const bool pass = v->kind == CBIT_RMP_PASS;
  const uint64_t error = v->kind == CBIT_RMP_NPF ? v->exitinfo1 : v->kind == CBIT_RMP_VC ? v->code : 0;
  uint8_t out[16] = {0};
  if (pass && v->code == 0 && n->op == CBIT_INSN_RMPREAD) memcpy(out, v->out, 16);
  if (pass && v->code == 0 && n->op == CBIT_INSN_RMPQUERY) {
    for (uint32_t i = 0; i < 16; i++) out[i] = (uint8_t)((i < 8 ? v->rdx : v->rcx) >> (8 * (i % 8)));
  }
  if (a->kind != v->kind) fail(s, "kind of the end", a->kind, v->kind);
  if (a->code != (pass ? v->code : 0)) fail(s, "code", a->code, pass ? v->code : 0);
  if (a->cf != (pass && v->cf != 0) || a->zf != (pass && v->zf != 0))
    fail(s, "flags {CF, ZF}", (uint64_t)a->cf << 1 | a->zf, (uint64_t)v->cf << 1 | v->zf);
  if (a->error != error) fail(s, "ans_error", a->error, error);
  for (uint32_t i = 0; i < 16; i += 8) {
    if (memcmp(a->out + i, out + i, 8) != 0) fail(s, "ans_out", le64_load(a->out + i), le64_load(out + i));
  }
  check_range(n);
  n->seen.wrote = n->items != 0;
}

static bool any_write(const scoreboard_t *s) {
  for (uint32_t i = 0; i < s->n; i++) {
    if (s->live[i]->write) return true;
  }
  return false;
}

static void cycle_begins(scoreboard_t *s, sb_insn_t *n, const cbit_pins_out_t *out) {
  const bool answer = out->ans_valid[n->port];
  // An AW while no write of a requester is under way is the unit's: nothing of it has reached memory yet.
  if (!n->done && out->m_aw.valid && !any_write(s)) work_out(n);
  if (!out->inv_valid && !answer) return;
  if (!n->done) work_out(n);
  if (out->inv_valid && !n->inv_shown) inv_begins(n, out->inv_page);
  if (!answer || n->ans_shown) return;
  n->ans_shown = true;
  if (n->open) {
    s->stats.insn_open++;
    return;
  }
  s->stats.insn_checked++;
  check_answer(n, &out->ans);
}

bool sb_insn_busy(const scoreboard_t *s) { return s->insn != NULL && s->insn->busy; }

// Once it writes, every question at a check port whose answer was not taken is judged by what it leaves (rmp_chk.md, N3).
void sb_insn_cycle_begins(scoreboard_t *s, const cbit_pins_out_t *out, uint64_t cycle) {
  sb_insn_t *n = s->insn;
  if (n == NULL || !n->busy) return;
  const bool was_done = n->done;
  const bool was_shown = n->inv_shown;
  const bool was_answered = n->ans_shown;
  cycle_begins(s, n, out);
  const bool moved = n->done != was_done || n->inv_shown != was_shown || n->ans_shown != was_answered;
  if (moved && (n->items != 0 || n->inv_shown)) sb_chk_changed(s, cycle);
}

uint8_t sb_rmp_use(const scoreboard_t *s, uint64_t spa) {
  if (s->insn == NULL || bench_cfg(s->bench)->rmp_inuse == 0) return 1;
  return in_use(s->insn, spa & ~(uint64_t)4095, 4096) != 0 ? 2 : 1;
}

void sb_insn_inv(scoreboard_t *s, uint32_t page, uint64_t cycle) {
  sb_insn_t *n = s->insn;
  (void)cycle;
  if (n->inv_ended) fail(s, "a second inv", 2, 1);
  n->inv_ended = true;
  sb_chk_inv(s, page, n->open);
}

void sb_insn_answer(scoreboard_t *s, uint32_t port, const insn_port_t *p) {
  sb_insn_t *n = s->insn;
  (void)p;
  if (!n->busy || port != n->port) fail(s, "an answer at a port that has no instruction", port, n->port);
  sb_base_forget(s);
  n->busy = false;
}

// Of its writes a prefix is done, each block whole.
void sb_insn_reset(scoreboard_t *s) {
  sb_insn_t *n = s->insn;
  if (n == NULL) return;
  if (n->busy && n->done && !n->open && !n->inv_shown && !n->ans_shown) check_blocks(n, true);
  n->busy = false;
  for (uint32_t i = 0; i < CBIT_MAX_USE; i++) n->use[i].v = false;
}
