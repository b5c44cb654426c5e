// SPDX-License-Identifier: Apache-2.0
//
// gen_random_insn.c - random RMP instructions and marks (gen_random.h)
//
// Stories on a few pages of a few ranges: assign, validate, adjust, query, smash, release; between them single
// instructions with owners and guest pages that the entries have, or nearly have. An entry is looked at in memory before
// it is used; with TSME, where memory holds ciphertext, what the generator wrote or meant to have made stands for it.
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "gen/gen_random_rmp.h"
#include "util/bytes.h"

#define PERCENT_TRUE 75u  // of fields that are taken from the entry
#define MASK39 (((uint64_t)1 << 39) - 1)
#define HIGHEST_ASID 1006u

typedef enum chapter { ASSIGN, VALIDATE, ADJUST, QUERY, READ, SMASH, SPLIT_USE, RELEASE, CHAPTERS } chapter_t;

// What happens to a page, one instruction after the other.
typedef struct story {
  uint32_t i, k, chapter;
  uint16_t asid;
  uint64_t gpa_page;
  bool big;
} story_t;

struct gen_insn {
  rng_t r;
  uint64_t next, next_mark;
  uint32_t gap, mark_gap, mark_pct, big_pct;
  bool owns[RANGES];
  story_t story[CBIT_MAX_INSN];
};

void gen_insn_new(gen_random_t *g, const rng_t *root) {
  gen_insn_t *n = log_alloc(sizeof(*n));
  rng_split(root, 5, &n->r);
  g->insn = n;
}

static void new_story(gen_random_t *g, story_t *s) {
  rng_t *r = &g->insn->r;
  memset(s, 0, sizeof(*s));
  s->big = rng_pct(r, g->insn->big_pct);
  s->i = rng_pct(r, 60) ? !s->big : rng_below(r, RANGES);  // a 2 MiB page needs a range without 4 KiB pages
  s->k = s->big || rng_pct(r, 15) ? 0 : rng_below(r, PAGES);
  s->asid = rng_pct(r, 90) ? g->slot[rng_range(r, 1, GEN_SLOTS - 1)] : (uint16_t)rng_range(r, 1, HIGHEST_ASID);
  s->gpa_page = rng_u64(r) & MASK39;
  if (s->big) s->gpa_page &= ~(uint64_t)511;
}

static void profile(gen_random_t *g) {
  static const uint32_t gaps[] = {0, 0, 20, 100, 500};
  gen_insn_t *n = g->insn;
  rng_t *r = &n->r;
  n->gap = gaps[rng_below(r, 5)];
  n->mark_gap = rng_pct(r, 20) ? 40 : rng_range(r, 300, 3000);
  n->mark_pct = rng_pct(r, 75) ? 4 : rng_range(r, 10, 50);  // a 2 MiB form meets any mark of its range
  n->big_pct = rng_pct(r, 25) ? 0 : rng_pct(r, 50) ? 20 : 60;
}

void gen_insn_start(gen_random_t *g) {
  gen_insn_t *n = g->insn;
  rng_t *r = &n->r;
  n->next = bench_cycle(g->b) + rng_below(r, 500);
  n->next_mark = n->next;
  for (uint32_t i = 0; i < RANGES; i++) n->owns[i] = rng_pct(r, i < 2 ? 75 : 30);
  for (uint32_t i = 0; i < CBIT_MAX_INSN; i++) new_story(g, &n->story[i]);
  profile(g);
}

bool gen_insn_owns(const gen_random_t *g, uint32_t i) { return g->insn != NULL && g->insn->owns[i]; }

// The hypervisor's; sometimes HV-Fixed, which no SubpageCount counts.
rmp_words_t gen_insn_first(gen_random_t *g, uint32_t k) {
  const rmp_words_t w = {k > 0 && rng_pct(&g->insn->r, 3) ? 4 : 0, 0};
  return w;
}

void gen_insn_dram(gen_random_t *g, dram_opt_t *d) {
  rng_t *r = &g->insn->r;
  if (rng_pct(r, 25)) d->err_write_ppm = rng_below(r, rng_pct(r, 30) ? 700000 : 150000);
  if (rng_pct(r, 50)) d->err_write_ppm = d->err_read_ppm = 0;  // instructions rarely get through with errors everywhere
  if (rng_pct(r, 60)) {  // a quick memory and few requests: many instructions
    d->stall_aw = d->stall_w = d->stall_ar = d->stall_r = d->stall_b = 0;
    d->lat_min = rng_below(r, 4);
    d->lat_max = d->lat_min + rng_below(r, 8);
    g->pending_max = rng_range(r, 1, 6);
    g->long_pct = 0;
    if (g->gap_max < 40) g->gap_max = 40;
  }
  profile(g);
}

static rmp_words_t look(const gen_random_t *g, uint64_t spa) {
  uint8_t raw[CBIT_RMP_ENTRY_BYTES];
  dram_peek(bench_dram(g->b), gen_seg_entry(g->rmp, spa), raw, sizeof(raw));
  return (rmp_words_t){.q1 = le64_load(raw), .q2 = le64_load(raw + 8)};
}

void gen_insn_refresh(gen_random_t *g, uint32_t i, uint32_t k) {
  gen_rmp_t *m = g->rmp;
  if (g->insn == NULL || m->tsme || m->step != RUNNING) return;
  m->entry[i][0] = look(g, m->range[i]);
  m->entry[i][k] = look(g, gen_rmp_page(m, i, k));
}

// ---- one instruction --------------------------------------------------------------------------------------------

typedef struct target {
  uint64_t spa;
  cbit_rmp_entry_t own, base;
  bool big;
  const cbit_rmp_entry_t *auth;
} target_t;

static void aim(gen_random_t *g, target_t *t, uint32_t i, uint32_t k) {
  gen_rmp_t *m = g->rmp;
  gen_insn_refresh(g, i, k);
  t->spa = gen_rmp_page(m, i, k);
  rmp_words_decode(&m->entry[i][k], &t->own);
  rmp_words_decode(&m->entry[i][0], &t->base);
  t->big = t->base.page_size != 0;
  t->auth = t->big ? &t->base : &t->own;
}

static void put(uint64_t arg[2], uint32_t at, uint32_t bits, uint64_t value) {
  const uint64_t mask = bits == 64 ? ~(uint64_t)0 : ((uint64_t)1 << bits) - 1;
  arg[at / 64] = (arg[at / 64] & ~(mask << at % 64)) | (value & mask) << at % 64;
}

// The operand of RMPUPDATE.
static void operand(act_t *a, uint64_t gpa_page, bool assigned, bool big, bool immutable, uint32_t asid) {
  a->arg[0] = gpa_page << 12;
  a->arg[1] = (uint64_t)assigned | (uint64_t)big << 8 | (uint64_t)immutable << 16 | (uint64_t)asid << 32;
}

static void update(gen_random_t *g, act_t *a, const target_t *t) {
  rng_t *r = &g->insn->r;
  const uint32_t x = rng_below(r, 100);
  const bool big = rng_pct(r, PERCENT_TRUE) ? t->big : rng_pct(r, 50);
  const bool assigned = x < 70;
  const uint32_t asid = !assigned ? 0 : rng_pct(r, 60) ? t->auth->asid : rng_pct(r, 15) ? 0 : g->slot[rng_range(r, 1, GEN_SLOTS - 1)];
  uint64_t gpa = rng_pct(r, 60) ? t->auth->gpa_page : rng_u64(r) & MASK39;
  if (big) gpa &= ~(uint64_t)511;
  operand(a, gpa, assigned, big, assigned && rng_pct(r, 6), asid);
  a->arg[0] |= rng_below(r, 4096);
  if (big) a->insn.pins.rax &= ~(RANGE - 1);
  if (big && rng_pct(r, 8)) put(a->arg, 12 + rng_below(r, 9), 1, 1);  // U4c
  if (!rng_pct(r, 12)) return;
  switch (rng_below(r, 8)) {  // U4
    case 0: put(a->arg, 64 + rng_range(r, 24, 31), 1, 1); break;
    case 1: put(a->arg, 64 + 8 * rng_below(r, 3) + rng_range(r, 1, 7), 1, 1); break;
    case 2: put(a->arg, 72, 1, 1); break;  // 2 MiB form, whatever the page is
    case 3: put(a->arg, 12 + rng_below(r, 9), 1, 1); break;
    case 4: put(a->arg, 64, 1, 0); break;
    case 5: put(a->arg, 96, 32, rng_pct(r, 40) ? 1023 : rng_pct(r, 50) ? rng_range(r, 1005, 1008) : rng_u32(r)); break;
    case 6: put(a->arg, rng_range(r, 51, 63), 1, 1); break;
    default: put(a->arg, 80, 1, 1); break;
  }
}

static void guest(gen_random_t *g, act_t *a, const target_t *t) {
  rng_t *r = &g->insn->r;
  cbit_insn_t *p = &a->insn.pins;
  const uint64_t inside = t->spa >> 12 & 511;
  p->spa_page = t->spa >> 12;
  p->asid = t->auth->asid;
  p->gpa_page = t->big ? (t->auth->gpa_page & ~(uint64_t)511) | inside : t->auth->gpa_page;
  p->vmpl = rng_pct(r, 65) ? 0 : rng_below(r, 4) & 3u;
  p->snp_active = !rng_pct(r, 3);
  p->ec = !rng_pct(r, 5);
  p->rax = rng_u64(r);
  bool big = t->big != rng_pct(r, 8);
  if (!rng_pct(r, PERCENT_TRUE)) {
    switch (rng_below(r, 5)) {
      case 0: p->asid = g->slot[rng_below(r, GEN_SLOTS)]; break;
      case 1: p->gpa_page ^= (uint64_t)1 << rng_below(r, 39); break;
      case 2: p->asid = 0; break;
      case 3: p->vmpl = (uint8_t)rng_below(r, 4); break;
      default: p->spa_page ^= (uint64_t)1 << rng_below(r, 9); break;
    }
  }
  if (big && !rng_pct(r, 4)) p->rax &= ~(uint64_t)0x1ff000;
  if (p->op == CBIT_INSN_PVALIDATE) {
    a->arg[0] = rng_u64(r) << 32 | (rng_pct(r, 4) ? rng_u32(r) : big);
    a->arg[1] = (rng_u64(r) & ~(uint64_t)1) | (rng_pct(r, 70) ? t->auth->validated == 0 : rng_below(r, 2));
    return;
  }
  static const uint8_t masks[] = {0x1f, 0x0f, 0x03, 0x01, 0x02, 0x0d, 0x10, 0x00};
  uint32_t target = rng_pct(r, 80) ? rng_range(r, p->vmpl, 3) : rng_below(r, 4);
  if (rng_pct(r, 4)) target = rng_below(r, 256);
  if (p->op == CBIT_INSN_RMPQUERY) {
    a->arg[0] = rng_u64(r);
    a->arg[1] = (rng_u64(r) & ~(uint64_t)0xff) | target;
    return;
  }
  uint32_t asked = rng_pct(r, 30) ? masks[rng_below(r, 8)] : t->auth->mask[p->vmpl] & masks[rng_below(r, 8)];
  if (rng_pct(r, 10)) asked = rng_below(r, 32);
  const uint32_t vmsa = rng_pct(r, 60) ? t->auth->vmsa : rng_below(r, 2);
  a->arg[0] = big;
  a->arg[1] = target | (asked & 0x1f) << 8 | vmsa << 16;
  if (rng_pct(r, 5)) {  // A3
    if (rng_pct(r, 50)) put(a->arg, rng_range(r, 1, 63), 1, 1);
    else put(a->arg, 64 + (rng_pct(r, 40) ? rng_range(r, 13, 15) : rng_range(r, 17, 63)), 1, 1);
  }
}

static void single(gen_random_t *g, act_t *a, uint32_t i, uint32_t k) {
  static const uint8_t ops[] = {CBIT_INSN_RMPUPDATE, CBIT_INSN_RMPUPDATE, CBIT_INSN_PSMASH,    CBIT_INSN_PSMASH,
                                CBIT_INSN_RMPREAD,   CBIT_INSN_PVALIDATE, CBIT_INSN_PVALIDATE, CBIT_INSN_RMPADJUST,
                                CBIT_INSN_RMPADJUST, CBIT_INSN_RMPADJUST, CBIT_INSN_RMPQUERY,  CBIT_INSN_RMPQUERY};
  const gen_rmp_t *m = g->rmp;
  rng_t *r = &g->insn->r;
  target_t t;
  cbit_insn_t *p = &a->insn.pins;
  p->op = rng_pct(r, 1) ? (uint8_t)rng_range(r, 6, 7) : ops[rng_below(r, sizeof(ops))];
  if (p->op == CBIT_INSN_PSMASH && rng_pct(r, 85)) k = 0;
  aim(g, &t, i, k);
  const uint32_t x = rng_below(r, 100);
  if (x < 3) {         // the table itself
    t.spa = gen_rmp_table_page(m, r);
  } else if (x < 6) {  // not covered
    t.spa = m->covered + (rng_pct(r, 50) ? 0 : rng_u64(r) & ~(uint64_t)0xfff & (((uint64_t)1 << 51) - 1));
  } else if (x < 9) {  // any page of the range
    t.spa = (t.spa & ~(RANGE - 1)) + (uint64_t)rng_below(r, 512) * PAGE;
  }
  p->rax = t.spa | rng_below(r, 4096);
  if (rng_pct(r, 1)) p->rax |= (uint64_t)1 << rng_range(r, 52, 63);
  if (p->op == CBIT_INSN_RMPUPDATE) {
    update(g, a, &t);
  } else if (p->op >= CBIT_INSN_PVALIDATE) {
    guest(g, a, &t);
  } else {
    a->arg[0] = rng_u64(r);  // not looked at
    a->arg[1] = rng_u64(r);
  }
}

// The next chapter of a story.
static void tell(gen_random_t *g, act_t *a, story_t *s) {
  rng_t *r = &g->insn->r;
  target_t t;
  cbit_insn_t *p = &a->insn.pins;
  aim(g, &t, s->i, s->k);
  uint32_t next = s->chapter + 1;
  p->rax = t.spa | rng_below(r, 4096);
  if (s->chapter >= VALIDATE && s->chapter <= QUERY) {
    p->spa_page = t.spa >> 12;
    p->asid = s->asid;
    p->gpa_page = s->gpa_page;
    p->snp_active = p->ec = true;
    p->rax = rng_u64(r) & ~(uint64_t)0x1ff000;
    a->arg[0] = s->big;
  }
  switch ((chapter_t)s->chapter) {
    case ASSIGN:
      p->op = CBIT_INSN_RMPUPDATE;
      operand(a, rng_pct(r, 96) ? s->gpa_page : s->gpa_page ^ 1, true, s->big, false, rng_pct(r, 92) ? s->asid : 0);
      break;
    case VALIDATE:
      p->op = CBIT_INSN_PVALIDATE;
      a->arg[1] = 1;
      if (rng_pct(r, t.big ? 40 : 12)) {  // of the other size, with nothing to change: V9, V10 come before V11
        a->arg[0] ^= 1;
        a->arg[1] = t.auth->validated;
        next = VALIDATE;
      }
      break;
    case ADJUST:
      p->op = CBIT_INSN_RMPADJUST;
      a->arg[1] = rng_range(r, 1, 3) | (uint64_t)(rng_below(r, 32)) << 8 | (uint64_t)(!s->big && rng_pct(r, 20)) << 16;
      if (rng_pct(r, t.big ? 20 : 8)) a->arg[0] ^= 1;         // A10, A12
      if (rng_pct(r, t.big ? 20 : 8)) a->arg[1] |= 1 << 16;   // A14
      if (rng_pct(r, 20)) p->vmpl = (uint8_t)rng_below(r, 3);  // A5, A6, A13
      if (rng_pct(r, 40)) next = ADJUST;
      break;
    case QUERY:
      p->op = CBIT_INSN_RMPQUERY;
      a->arg[1] = rng_below(r, 4);
      break;
    case READ: p->op = CBIT_INSN_RMPREAD; break;
    case SMASH:
      p->op = CBIT_INSN_PSMASH;
      if (!s->big && rng_pct(r, 80)) next = RELEASE;
      if (s->big && rng_pct(r, 30)) next = SMASH;  // again: P6, or what an error left
      break;
    case SPLIT_USE:  // a page of what was smashed
      p->op = CBIT_INSN_RMPADJUST;
      if (s->big && rng_pct(r, 60)) {
        s->big = false;
        s->k = rng_below(r, PAGES);
        s->gpa_page |= g->rmp->page[s->k];
        p->spa_page = gen_rmp_page(g->rmp, s->i, s->k) >> 12;
      }
      p->snp_active = p->ec = true;
      p->asid = s->asid;
      p->gpa_page = s->gpa_page;
      a->arg[1] = 1 | 0x300;
      if (p->spa_page == 0) p->spa_page = t.spa >> 12;
      break;
    case RELEASE:
    default:
      p->op = CBIT_INSN_RMPUPDATE;
      operand(a, 0, false, t.big, false, 0);
      if (t.big) p->rax &= ~(RANGE - 1);
      break;
  }
  s->chapter = next;
  if (next >= CHAPTERS || rng_pct(r, 6)) new_story(g, s);
}

// With TSME: what it meant to make, as memory cannot be read.
static void believe(gen_random_t *g, const act_t *a, uint32_t i, uint32_t k) {
  gen_rmp_t *m = g->rmp;
  cbit_rmp_entry_t e;
  if (!m->tsme) return;
  if (a->insn.pins.op == CBIT_INSN_RMPUPDATE) {
    const bool assigned = (a->arg[1] & 1) != 0;
    e = (cbit_rmp_entry_t){.assigned = assigned, .page_size = a->arg[1] >> 8 & 1, .asid = a->arg[1] >> 32 & 1023,
                           .gpa_page = a->arg[0] >> 12 & MASK39, .mask = {assigned ? 0x1f : 0, 0, 0, 0}};
    m->entry[i][e.page_size != 0 ? 0 : k] = rmp_words_encode(&e);
  } else if (a->insn.pins.op == CBIT_INSN_PVALIDATE) {
    rmp_words_decode(&m->entry[i][k], &e);
    e.validated = a->arg[1] & 1;
    m->entry[i][k] = rmp_words_encode(&e);
  }
}

static void pace(gen_random_t *g, insn_req_t *q) {
  rng_t *r = &g->insn->r;
  if (rng_pct(r, 25)) q->hold = (uint8_t)rng_below(r, 20);
  if (rng_pct(r, 25)) q->wait = (uint8_t)rng_below(r, rng_pct(r, 10) ? 200 : 12);
  if (rng_pct(r, 50)) q->inv_wait = (uint8_t)rng_below(r, INSN_INV_MAX + 1);
  q->inv_look = rng_pct(r, 15);
}

static void instruction(gen_random_t *g, uint32_t port) {
  gen_insn_t *n = g->insn;
  rng_t *r = &n->r;
  act_t a = {.kind = ACT_INSN, .port = port};
  story_t *s = &n->story[port];
  const uint32_t i = s->i;
  const uint32_t k = s->k;
  if (rng_pct(r, 55)) {
    tell(g, &a, s);
    believe(g, &a, i, k);
  } else {
    const uint32_t i2 = rng_pct(r, 70) ? i : rng_below(r, RANGES);
    const uint32_t k2 = rng_pct(r, 50) ? k : rng_below(r, PAGES);
    single(g, &a, i2, k2);
    believe(g, &a, i2, k2);
  }
  if (rng_pct(r, 2)) a.insn.pins.cpl = (uint8_t)rng_range(r, 1, 3);
  pace(g, &a.insn);
  // A reset, or a kill, somewhere in it.
  const uint64_t now = bench_cycle(g->b);
  const bool reset = rng_below(r, 400) == 0;
  const bool kill = rng_below(r, 200) == 0;
  if ((reset || kill) && rng_pct(r, 40)) a.insn.wait = 200;
  if (reset) g->reset_at = now + rng_range(r, 2, 150);
  if (kill) g->zeroise_at = now + rng_range(r, 2, 150);
  (void)gen_emit(g, &a);
}

static void mark(gen_random_t *g) {
  gen_insn_t *n = g->insn;
  rng_t *r = &n->r;
  const uint32_t slots = bench_cfg(g->b)->rmp_use;
  act_t a = {.kind = ACT_MARK};
  a.mark.slot = (uint8_t)(rng_pct(r, 96) ? rng_below(r, slots) : rng_below(r, CBIT_MAX_USE));
  a.mark.set = rng_pct(r, n->mark_pct);
  a.mark.page = gen_rmp_page(g->rmp, rng_pct(r, 60) ? rng_below(r, 2) : rng_below(r, RANGES), rng_below(r, PAGES)) >> 12;
  (void)gen_emit(g, &a);
}

void gen_insn_step(gen_random_t *g) {
  gen_insn_t *n = g->insn;
  rng_t *r = &n->r;
  const uint64_t now = bench_cycle(g->b);
  if (now >= n->next_mark) {
    n->next_mark = now + rng_below(r, n->mark_gap + 1);
    mark(g);
  }
  if (now < n->next) return;
  const uint32_t ports = bench_cfg(g->b)->rmp_insn;
  const uint32_t port = rng_below(r, ports);
  n->next = now + 1 + rng_below(r, n->gap + 1);
  if (!gen_rmp_running(g)) n->next += 2000;  // it ends with #UD
  if (g->flicker_end == 0 && bench_insn_free(g->b, port)) instruction(g, port);
}
