// SPDX-License-Identifier: Apache-2.0
//
// gen_random_chk.c - random questions at the check ports (gen_random.h)
//
// Three of four are made from entries that exist: owner, guest page, mapping size, VMPL match, or one of them does not. The
// others are free, with requesters and ops that have no row, and addresses beyond the memory. Pages are those of the bus
// traffic, of the instructions and of the table's stores. Paces change now and then: questions without a pause on one port or
// on all of them, answers taken at once or late.
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "gen/gen_random_rmp.h"

#define MASK39 (((uint64_t)1 << 39) - 1)
#define LATEST 40u  // cycles until an answer is taken, at most

struct gen_chk {
  rng_t r;
  uint64_t next, next_pace;
  uint32_t gap, hold_pct, wait_pct, ports, burst;
  uint32_t i, k;  // a page that gets most questions for a while
};

void gen_chk_new(gen_random_t *g, const rng_t *root) {
  gen_chk_t *n = log_alloc(sizeof(*n));
  rng_split(root, 6, &n->r);
  g->chk = n;
}

static void pace(gen_random_t *g) {
  static const uint32_t gaps[] = {0, 0, 3, 20, 200};
  gen_chk_t *n = g->chk;
  rng_t *r = &n->r;
  n->next_pace = bench_cycle(g->b) + rng_range(r, 100, 1500);
  n->gap = gaps[rng_below(r, 5)];
  n->hold_pct = rng_pct(r, 50) ? 0 : rng_below(r, 60);
  n->wait_pct = rng_pct(r, 40) ? 0 : rng_pct(r, 30) ? 100 : rng_below(r, 60);
  n->ports = rng_pct(r, 30) ? 1 : bench_cfg(g->b)->rmp_chk;
  n->burst = rng_pct(r, 60) ? 1 : rng_range(r, 2, 8);
  n->i = rng_below(r, RANGES);
  n->k = rng_below(r, PAGES);
}

// As the entry wants it.
static void match(gen_random_t *g, cbit_chk_ask_t *q, const cbit_rmp_entry_t *e, bool big) {
  rng_t *r = &g->chk->r;
  static const uint8_t guest_ops[] = {CBIT_RMP_OP_READ,  CBIT_RMP_OP_READ,    CBIT_RMP_OP_WRITE, CBIT_RMP_OP_WRITE,
                                      CBIT_RMP_OP_FETCH, CBIT_RMP_OP_PT_READ, CBIT_RMP_OP_PT_AD};
  q->map_size = (uint8_t)(big ? rng_range(r, 1, 3) : 0);
  q->gpa_page = rng_u64(r) & MASK39;
  q->vmpl = rng_pct(r, 55) ? 0 : (uint8_t)rng_below(r, 4);
  q->cpl = rng_pct(r, 60) ? 0 : (uint8_t)rng_below(r, 4);
  q->ss = rng_pct(r, 12);
  q->ec = rng_pct(r, 30);
  q->snp_active = rng_pct(r, 50);
  if (e->asid != 0 && rng_pct(r, 75)) {
    q->asid = e->asid;
    if (rng_pct(r, e->vmsa != 0 ? 40 : 4)) {
      q->req = CBIT_RMP_REQ_HOST;
      q->op = CBIT_RMP_OP_VMRUN_VMSA;
      q->snp_active = !rng_pct(r, 10);
      return;
    }
    q->req = CBIT_RMP_REQ_GUEST_SNP;
    q->op = guest_ops[rng_below(r, sizeof(guest_ops))];
    q->ec = true;
    q->gpa_page = big ? (e->gpa_page & ~(uint64_t)511) | (q->spa_page & 511) : e->gpa_page;
    return;
  }
  q->asid = g->slot[rng_below(r, GEN_SLOTS)];
  q->req = (uint8_t)rng_below(r, CBIT_RMP_REQ_COUNT);
  q->op = (uint8_t)rng_below(r, CBIT_RMP_OP_COUNT);
  // Pairs that have a row, mostly.
  if (q->req >= CBIT_RMP_REQ_IOMMU_HOST && rng_pct(r, 85)) q->op = (uint8_t)rng_below(r, 2);
  if (q->req == CBIT_RMP_REQ_IOMMU_SELF && rng_pct(r, 85)) q->op = CBIT_RMP_OP_WRITE;
  if (q->req == CBIT_RMP_REQ_GUEST_NONSNP && rng_pct(r, 15)) q->op = CBIT_RMP_OP_VMSAVE;
}

static void spoil(gen_random_t *g, cbit_chk_ask_t *q) {
  rng_t *r = &g->chk->r;
  switch (rng_below(r, 9)) {
    case 0: q->asid = g->slot[rng_below(r, GEN_SLOTS)]; break;
    case 1: q->gpa_page ^= (uint64_t)1 << rng_below(r, 39); break;
    case 2: q->vmpl = (uint8_t)rng_below(r, 4); break;
    case 3: q->map_size = (uint8_t)rng_below(r, 4); break;
    case 4: q->ec = !q->ec; break;
    case 5: q->req = (uint8_t)rng_below(r, 8); break;
    case 6: q->op = (uint8_t)rng_below(r, 16); break;
    case 7: q->spa_page ^= (uint64_t)1 << rng_below(r, 9); break;
    default: q->asid ^= (uint16_t)(1u << rng_below(r, 10)); break;
  }
}

static uint64_t free_page(gen_random_t *g) {
  const gen_rmp_t *m = g->rmp;
  rng_t *r = &g->chk->r;
  const uint32_t width = bench_cfg(g->b)->spa_width;
  const uint32_t x = rng_below(r, 100);
  if (x < 20) return gen_rmp_table_page(m, r) >> 12;
  if (x < 40) return (m->covered - (rng_pct(r, 50) ? PAGE : 0)) >> 12;
  if (x < 60) return rng_u64(r) & (((uint64_t)1 << (width - 12)) - 1);
  if (x < 70) return rng_u64(r) & (((uint64_t)1 << 40) - 1);
  if (x < 80 && width < 52) {  // a page of the traffic, beyond the memory
    const uint64_t page = gen_rmp_page(m, rng_below(r, RANGES), rng_below(r, PAGES)) >> 12;
    return page | (uint64_t)1 << (rng_range(r, width, 51) - 12);
  }
  return (m->range[rng_below(r, RANGES)] >> 12) + rng_below(r, 512);
}

static void question(gen_random_t *g, uint32_t port) {
  gen_chk_t *n = g->chk;
  gen_rmp_t *m = g->rmp;
  rng_t *r = &n->r;
  act_t a = {.kind = ACT_CHK, .port = port};
  cbit_chk_ask_t *q = &a.chk.pins;
  const uint32_t i = rng_pct(r, 60) ? n->i : rng_below(r, RANGES);
  const uint32_t k = rng_pct(r, 50) ? n->k : rng_below(r, PAGES);
  cbit_rmp_entry_t e;
  gen_insn_refresh(g, i, k);
  const bool big = (m->entry[i][0].q1 & 2) != 0;
  rmp_words_decode(big ? &m->entry[i][0] : &m->entry[i][k], &e);
  q->spa_page = gen_rmp_page(m, i, k) >> 12;
  if (big && rng_pct(r, 50)) q->spa_page = (q->spa_page & ~(uint64_t)511) | rng_below(r, 512);
  if (rng_pct(r, 75)) {
    match(g, q, &e, big);
    if (rng_pct(r, 25)) spoil(g, q);
  } else {
    q->spa_page = free_page(g);
    q->gpa_page = rng_pct(r, 50) ? e.gpa_page : rng_u64(r) & MASK39;
    q->asid = rng_pct(r, 50) ? e.asid : (uint16_t)rng_below(r, 1024);
    q->req = (uint8_t)rng_below(r, 8);
    q->op = (uint8_t)rng_below(r, rng_pct(r, 80) ? 12 : 16);
    const uint32_t bits = rng_u32(r);
    q->map_size = bits & 3;
    q->vmpl = bits >> 2 & 3;
    q->cpl = bits >> 4 & 3;
    q->ec = (bits >> 6 & 1) != 0;
    q->ss = (bits >> 7 & 1) != 0;
    q->snp_active = (bits >> 8 & 1) != 0;
  }
  if (rng_pct(r, n->hold_pct)) a.chk.hold = (uint8_t)rng_below(r, 20);
  if (rng_pct(r, n->wait_pct)) a.chk.wait = (uint8_t)rng_below(r, rng_pct(r, 30) ? LATEST + 1 : 5);
  (void)gen_emit(g, &a);
}

void gen_chk_step(gen_random_t *g) {
  gen_chk_t *n = g->chk;
  const uint64_t now = bench_cycle(g->b);
  if (now >= n->next_pace) pace(g);
  if (now < n->next) return;
  n->next = now + 1 + rng_below(&n->r, n->gap + 1);
  if (!gen_rmp_running(g) && !rng_pct(&n->r, 10)) n->next += 300;
  const uint32_t port = rng_below(&n->r, n->ports);
  for (uint32_t i = 0; i < n->burst && bench_chk_pending(g->b, port) < CHK_QUEUE; i++) question(g, port);
}
