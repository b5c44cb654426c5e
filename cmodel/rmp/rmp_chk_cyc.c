// SPDX-License-Identifier: Apache-2.0
//
// rmp_chk_cyc.c - the ports on which an MMU or IOMMU asks before it caches a translation
//
// Page: docs/units/rmp_chk.md. A question waits in its port's queue, is asked of cache C in turn with those of the other
// ports, and is answered in the order in which it was asked. A port has credits for two answers, so the ring never waits
// for a port. All outputs come from registers.

#include <string.h>

#include "rmp/rmp_chk_units.h"
#include "util/bits.h"

#define PAGE_LSB 12u

void rmp_chk_cyc_init(rmp_chk_cyc_t *u, const cbit_cyc_cfg_t *cfg) {
  memset(u, 0, sizeof *u);
  u->ports = (uint8_t)cfg->rmp_chk;
  u->slots = (uint8_t)cfg->rmp_miss;
  u->spa_width = (uint8_t)cfg->spa_width;
  u->inuse = cfg->rmp_inuse != 0;
  rmp_cache_cyc_init(&u->cache, cfg, false, u->slots);
  rmp_chk_cyc_reset(u);
}

void rmp_chk_cyc_reset(rmp_chk_cyc_t *u) {
  for (unsigned i = 0; i < CBIT_MAX_CHK; i++) {
    cyc_fifo_reset(&u->qi_f[i]);
    cyc_fifo_reset(&u->ai_f[i]);
    u->cred[i] = RMP_CHK_DEPTH;
  }
  u->last = (uint8_t)(u->ports - 1u);
  cyc_fifo_reset(&u->ring_f);
  rmp_cache_cyc_reset(&u->cache);
}

// ---- outputs ----

void rmp_chk_cyc_out(const rmp_chk_cyc_t *u, cbit_pins_out_t *out) {
  for (unsigned i = 0; i < u->ports; i++) {
    out->chk_ready[i] = !cyc_fifo_full(&u->qi_f[i], RMP_CHK_DEPTH);
    out->chk_ans_valid[i] = !cyc_fifo_empty(&u->ai_f[i]);
    out->chk_ans[i] = out->chk_ans_valid[i] ? u->ai[i][u->ai_f[i].head] : (cbit_chk_answer_t){0};
  }
}

bool rmp_chk_cyc_idle(const rmp_chk_cyc_t *u) {
  for (unsigned i = 0; i < u->ports; i++) {
    if (u->cred[i] != RMP_CHK_DEPTH) {
      return false;
    }
  }
  return cyc_fifo_empty(&u->ring_f);
}

// ---- ask ----

static uint32_t wanting(const rmp_chk_cyc_t *u, bool hold) {
  uint32_t want = 0;
  if (hold || cyc_fifo_full(&u->ring_f, u->slots)) {
    return 0;
  }
  for (unsigned i = 0; i < u->ports; i++) {
    want |= !cyc_fifo_empty(&u->qi_f[i]) && u->cred[i] != 0 ? 1u << i : 0u;
  }
  return want;
}

static rmp_question_t question_of(const cbit_chk_ask_t *a) {
  const rmp_question_t q = {.spa = a->spa_page << PAGE_LSB,
                            .attr = a->gpa_page << PAGE_LSB,
                            .raw = true,
                            .ec = a->ec,
                            .ss = a->ss,
                            .snp_active = a->snp_active,
                            .req = a->req,
                            .op = a->op,
                            .map_size = a->map_size,
                            .vmpl = a->vmpl,
                            .cpl = a->cpl,
                            .asid = a->asid};
  return q;
}

static void push_ring(rmp_chk_cyc_t *u, unsigned port, const rmp_question_t *q, bool on) {
  cbit_rmp_check_req_t req;
  rmp_ask(q, false, false, &req);
  u->ring[cyc_fifo_tail(&u->ring_f, u->slots)] =
      (rmp_chk_place_t){.port = (uint8_t)port,
                        .map_size = q->map_size,
                        .row = (uint8_t)cbit_rmp_check_row(&req),
                        .req = q->req,
                        .host_write = q->req == CBIT_RMP_REQ_HOST && q->op == CBIT_RMP_OP_WRITE,
                        .on = on,
                        .high = (q->spa & ~bits_mask(u->spa_width)) != 0};
}

// ---- answer ----

// For how much an answer holds: what its row looked at.
static uint8_t keep_of(const rmp_chk_cyc_t *u, const rmp_chk_place_t *p, bool deny) {
  const uint8_t large = p->map_size == CBIT_RMP_4K ? CBIT_CHK_KEEP_4K : CBIT_CHK_KEEP_2M;
  if (deny || !p->on || (u->inuse && p->host_write)) {
    return CBIT_CHK_KEEP_NOT;
  }
  switch (p->row) {
    case CBIT_RMP_ROW_1:
    case CBIT_RMP_ROW_3B:
    case CBIT_RMP_ROW_4:
    case CBIT_RMP_ROW_6:
    case CBIT_RMP_ROW_13:
    case CBIT_RMP_ROW_19:
    case CBIT_RMP_ROW_20:
      return p->map_size > CBIT_RMP_1G ? CBIT_CHK_KEEP_1G : p->map_size;
    case CBIT_RMP_ROW_2:
    case CBIT_RMP_ROW_5A:
    case CBIT_RMP_ROW_5B:
    case CBIT_RMP_ROW_7:
    case CBIT_RMP_ROW_8:
    case CBIT_RMP_ROW_9:
    case CBIT_RMP_ROW_10:
    case CBIT_RMP_ROW_11:
    case CBIT_RMP_ROW_12:
    case CBIT_RMP_ROW_21:
      return large;
    case CBIT_RMP_ROW_18C:
      return p->req == CBIT_RMP_REQ_HOST ? CBIT_CHK_KEEP_4K : large;
    default:
      return CBIT_CHK_KEEP_4K;
  }
}

static cbit_chk_answer_t answer_of(const rmp_chk_cyc_t *u, const rmp_chk_place_t *p, const rmp_cache_head_t *head) {
  if (p->high) {
    return (cbit_chk_answer_t){.deny = true, .keep = CBIT_CHK_KEEP_NOT};
  }
  const bool deny = head->now ? head->now_deny : head->deny;
  cbit_chk_answer_t a = {.deny = deny, .keep = keep_of(u, p, deny), .row = p->row};
  if (deny) {
    a.error = head->rec.error;
    a.why = head->rec.why;
    a.kind = head->rec.kind;
  }
  return a;
}

// ---- the edge ----

static void take(rmp_chk_cyc_t *u, unsigned i, const cbit_chk_ask_t *pin) {
  cbit_chk_ask_t *a = &u->qi[i][cyc_fifo_tail(&u->qi_f[i], RMP_CHK_DEPTH)];
  *a = *pin;
  a->spa_page &= bits_mask(CBIT_SPA_BITS - PAGE_LSB);
  a->gpa_page &= bits_mask(39);
  a->asid &= (uint16_t)bits_mask(CBIT_ASID_BITS);
  a->req &= 7u;
  a->op &= 15u;
  a->map_size &= 3u;
  a->vmpl &= 3u;
  a->cpl &= 3u;
  cyc_fifo_push(&u->qi_f[i]);
}

void rmp_chk_cyc_step(rmp_chk_cyc_t *u, const rmp_chk_in_t *in, const cbit_pins_in_t *pins, cyc_events_t *ev) {
  // from registers
  const rmp_cache_head_t head = rmp_cache_cyc_head(&u->cache);
  const uint32_t want = wanting(u, in->hold);
  const bool pop = !cyc_fifo_empty(&u->ring_f) && !head.wait;
  const unsigned from = want != 0 ? cyc_rr_pick(want, u->last, u->ports) : 0;
  rmp_cache_in_t cache = in->cache;
  cyc_ask_t ask = {.valid = want != 0};
  rmp_question_t q;
  uint32_t takes = 0;
  uint32_t taken = 0;
  for (unsigned i = 0; i < u->ports; i++) {
    takes |= pins->chk_valid[i] && !cyc_fifo_full(&u->qi_f[i], RMP_CHK_DEPTH) ? 1u << i : 0u;
    taken |= pins->chk_ans_ready[i] && !cyc_fifo_empty(&u->ai_f[i]) ? 1u << i : 0u;
  }
  // the edge
  ev->chk = pop;
  ev->stall_chk = head.wait;
  if (pop) {
    const rmp_chk_place_t *p = &u->ring[u->ring_f.head];
    u->ai[p->port][cyc_fifo_tail(&u->ai_f[p->port], RMP_CHK_DEPTH)] = answer_of(u, p, &head);
    cyc_fifo_push(&u->ai_f[p->port]);
    cyc_fifo_pop(&u->ring_f, u->slots);
  }
  if (ask.valid) {
    q = question_of(&u->qi[from][u->qi_f[from].head]);
    push_ring(u, from, &q, cache.chk_on);
    ask.none = u->ring[cyc_fifo_tail(&u->ring_f, u->slots)].high;
    ask.spa = q.spa;
    cyc_fifo_push(&u->ring_f);
    cyc_fifo_pop(&u->qi_f[from], RMP_CHK_DEPTH);
    u->cred[from]--;
    u->last = (uint8_t)from;
    cache.raw = &q;
  }
  for (unsigned i = 0; i < u->ports; i++) {
    if (cyc_has(taken, i)) {
      cyc_fifo_pop(&u->ai_f[i], RMP_CHK_DEPTH);
      u->cred[i]++;
    }
    if (cyc_has(takes, i)) {
      take(u, i, &pins->chk_req[i]);
    }
  }
  cache.ask = &ask;
  cache.pop = pop;
  rmp_cache_cyc_step(&u->cache, in->regs, &cache, in->fill);
}
