// SPDX-License-Identifier: Apache-2.0
//
// storm_guest.c - cores and the guests' software on them (storm.h); T4 is judged here
//
// Guests are free of data races: a line has a lock that their software keeps, so a read has one right answer.
#include <string.h>

#include "storm/storm_int.h"

#define WRITER 255u

typedef struct place {
  uint32_t guest, level, live, region, page, line;
  st_gpage_t *at;
  vcpu_t *v;
  uint64_t inside;  // offset in the guest's memory
} place_t;

static place_t choose(st_core_t *c) {
  storm_t *k = c->k;
  place_t p;
  // Often the place of an access that came through: the TLB is to be met, and what changed under it.
  const bool again = rng_pct(&c->rng, 45);
  p.guest = again ? c->guest : rng_below(&c->rng, ST_GUESTS);
  p.level = again ? c->level : rng_pct(&c->rng, 20);
  p.live = again ? c->live : rng_below(&c->rng, ST_LIVE);
  p.page = again ? c->page : rng_below(&c->rng, ST_HOT);
  p.line = again && rng_pct(&c->rng, 60) ? c->line : rng_below(&c->rng, ST_LINES);
  p.region = k->guest[p.guest].live[p.live];
  p.at = &k->guest[p.guest].region[p.region].page[p.page];
  p.v = &c->vcpu[p.guest][p.level];
  p.inside = st_gpa(p.region, p.page) - ST_GPA + p.line * ST_LINE;
  return p;
}

static void ask_host(storm_t *k, const place_t *p) {
  for (uint32_t i = 0; i < k->exits; i++) {
    if (k->exit[i].guest == p->guest && k->exit[i].region == p->region && k->exit[i].page == p->page) return;
  }
  if (k->exits < ST_EXITS) k->exit[k->exits++] = (st_exit_t){p->guest, p->region, p->page};
}

// The guest gives a region up and goes on with memory that it has never validated.
static void retire(storm_t *k, uint32_t guest, uint32_t live) {
  st_guest_t *g = &k->guest[guest];
  if (g->next < ST_REGIONS) g->live[live] = g->next++;
}

static void count(storm_t *k, const vcpu_result_t *r) {
  k->st->accesses++;
  k->st->end[r->end]++;
  k->st->hits += r->hit;
}

// ---- PVALIDATE, RMPADJUST -----------------------------------------------------------------------------------------

static void mark(st_region_t *r, uint32_t page, bool whole, bool busy) {
  for (uint32_t i = 0; i < ST_HOT; i++) {
    if (whole || i == page) r->page[i].busy = busy;
  }
}

// Once for each GPA, but for a guest that is broken on purpose.
static void validate(st_core_t *c, const place_t *p, bool again) {
  storm_t *k = c->k;
  st_region_t *r = &k->guest[p->guest].region[p->region];
  vcpu_t *v = &c->vcpu[p->guest][0];
  bool whole = r->whole && !again;
  insn_port_t done;
  for (uint32_t i = 0; i < ST_HOT; i++) {
    if ((whole || i == p->page) && (r->page[i].busy || (r->page[i].asked && !again))) return;
  }
  mark(r, p->page, whole, true);
  const uint64_t at = whole ? st_gpa(p->region, 0) - ST_GPA : p->inside;
  v->who.user_mode = 0;
  const vcpu_result_t t = vcpu_insn(v, c->number % bench_cfg(k->b)->rmp_insn, CBIT_INSN_PVALIDATE, ST_OWN + at, whole, 1, &done);
  if (t.end == VCPU_DONE) {
    const bool good = done.ans.kind == 0 && done.ans.code == 0;
    st_noted(k, CBIT_INSN_PVALIDATE, good);
    for (uint32_t i = 0; good && i < ST_HOT; i++) {
      if (whole || i == p->page) r->page[i].asked = true;
    }
    if (!good && done.ans.kind == 0) r->whole = false;  // the host backs it by pages of 4 KiB
    if (done.ans.kind != 0) ask_host(k, p);
  } else {
    count(k, &t);
    if (t.end == VCPU_NPF) ask_host(k, p);
  }
  mark(r, p->page, whole, false);
}

static void adjust(st_core_t *c, const place_t *p) {
  storm_t *k = c->k;
  vcpu_t *v = &c->vcpu[p->guest][0];
  insn_port_t done;
  const bool query = rng_pct(&c->rng, 20);
  const uint8_t op = query ? CBIT_INSN_RMPQUERY : CBIT_INSN_RMPADJUST;
  const uint64_t mask = rng_pct(&c->rng, 60) ? 15 : rng_below(&c->rng, 16);
  v->who.user_mode = 0;
  const bool large = k->guest[p->guest].region[p->region].whole && rng_pct(&c->rng, 80);
  const uint64_t at = large ? st_gpa(p->region, 0) - ST_GPA : p->inside;
  const vcpu_result_t t = vcpu_insn(v, c->number % bench_cfg(k->b)->rmp_insn, op, ST_OWN + at, query ? 0 : large,
                                    query ? 3 : 3 | mask << 8, &done);
  if (t.end != VCPU_DONE) {
    count(k, &t);
    if (t.end == VCPU_NPF) ask_host(k, p);
    return;
  }
  st_noted(k, op, done.ans.kind == 0 && done.ans.code == 0);
}

// ---- accesses ---------------------------------------------------------------------------------------------------

// T4, the two ways out: the last value, or an exception.
static void read_back(st_core_t *c, const place_t *p, const vcpu_result_t *r, const uint8_t *data) {
  th_stats_t *th = &c->k->st->th;
  if (r->end != VCPU_DONE) {
    th->excepted++;
    return;
  }
  th->compared++;
  th->shaken += p->at->shaken;
  if (memcmp(data, p->at->text[p->line], ST_LINE) == 0) return;
  theorem_broken(c->k->th, TH_LAST, "ASID %u at VMPL %u, GPA 0x%llx: %02x%02x%02x%02x..., it wrote %02x%02x%02x%02x... last",
                 p->v->who.asid, p->v->who.vmpl, (unsigned long long)(ST_GPA + p->inside), data[0], data[1], data[2], data[3],
                 p->at->text[p->line][0], p->at->text[p->line][1], p->at->text[p->line][2], p->at->text[p->line][3]);
}

static vcpu_result_t private_access(st_core_t *c, const place_t *p, vcpu_op_t op) {
  uint8_t data[ST_LINE];
  uint8_t *users = &p->at->users[p->line];
  vcpu_result_t r;
  memset(&r, 0, sizeof(r));
  if (op == VCPU_WRITE ? *users != 0 : *users >= WRITER - 1) return r;
  const bool known = p->at->known[p->line];
  *users = (uint8_t)(op == VCPU_WRITE ? WRITER : *users + 1u);
  rng_bytes(&c->rng, data, sizeof(data));
  // The first write of a line is a whole one; later ones may be a part of it, which the engine merges.
  const bool part = op == VCPU_WRITE && known && rng_pct(&c->rng, 50);
  const uint32_t from = part ? rng_below(&c->rng, ST_LINE) : 0, len = part ? rng_range(&c->rng, 1, ST_LINE - from) : ST_LINE;
  r = vcpu_access(p->v, op, ST_OWN + p->inside + from, data, len);
  *users = (uint8_t)(op == VCPU_WRITE ? 0u : *users - 1u);
  if (r.end == VCPU_FAILED) return r;
  count(c->k, &r);
  if (op != VCPU_WRITE && known) read_back(c, p, &r, data);
  if (op != VCPU_WRITE || r.end != VCPU_DONE) return r;
  memcpy(p->at->text[p->line] + from, data, len);
  p->at->known[p->line] = true;
  p->at->shaken = false;
  return r;
}

static void shared_access(st_core_t *c, const place_t *p, vcpu_op_t op) {
  uint8_t data[ST_LINE];
  rng_bytes(&c->rng, data, sizeof(data));
  const vcpu_result_t r = vcpu_access(p->v, op, ST_SHARED + p->inside, data, sizeof(data));
  count(c->k, &r);
}

static void act(st_core_t *c) {
  storm_t *k = c->k;
  const place_t p = choose(c);
  const uint32_t pick = rng_below(&c->rng, 100);
  p.v->who.user_mode = rng_pct(&c->rng, 15);
  if (pick < 8) {
    shared_access(c, &p, rng_pct(&c->rng, 50) ? VCPU_READ : VCPU_WRITE);
    return;
  }
  if (pick < 16) {
    adjust(c, &p);
    return;
  }
  if (pick < 17 && rng_pct(&c->rng, 30)) {
    retire(k, p.guest, p.live);
    return;
  }
  const vcpu_op_t op = pick < 55 ? VCPU_READ : pick < 93 ? VCPU_WRITE : VCPU_FETCH;
  const vcpu_result_t r = private_access(c, &p, op);
  if (r.end == VCPU_NPF) ask_host(k, &p);
  if (r.end == VCPU_VC && !p.at->asked) validate(c, &p, false);
  else if (r.end == VCPU_VC && k->opt.how == STORM_BREAK_ONCE) validate(c, &p, true);
  else if (r.end == VCPU_VC && rng_pct(&c->rng, 35)) retire(k, p.guest, p.live);
  if (r.end == VCPU_DONE) {
    c->guest = p.guest;
    c->level = p.level;
    c->live = p.live;
    c->page = p.page;
    c->line = p.line;
  }
}

void st_core(void *arg) {
  st_core_t *c = arg;
  while (st_count(c->k)) {
    act(c);
    if (rng_pct(&c->rng, 30)) (void)bench_run(c->k->b, rng_range(&c->rng, 1, 60));
  }
}
