// SPDX-License-Identifier: Apache-2.0
//
// rmp_walker_cyc.c - reads of entries, their decisions and fills, and the merge with RMW
//
// Pages: docs/units/rmp_walker.md; rmp.md, "cbit_rmp_merge". Places: 0, 1 = slots of cache R, from 2 on those of cache W,
// then VERIFY's; behind the number of the instruction unit those of cache C. In each cycle the issue, the arrival and the
// pick look at registers alone; a step collects what they do to a place and applies it at the end.

#include <string.h>

#include "rmp/rmp_units.h"
#include "util/bits.h"
#include "util/bytes.h"

#define RANGE_BITS 21u  // base entry: the page at SPA with these bits cleared

void rmp_walker_cyc_init(rmp_walker_cyc_t *w, const cbit_cyc_cfg_t *cfg) {
  memset(w, 0, sizeof *w);
  w->v_place = (uint8_t)(cfg->rmp_miss + RMP_RD_SLOTS);
  w->c_place = (uint8_t)(w->v_place + 2u);
  w->lanes = (uint8_t)cfg->lanes;
  w->lb = (uint8_t)bits_log2(CBIT_BLOCK_BYTES * (uint64_t)cfg->lanes);
  w->konst = cfg->rmp_const != 0;
  w->turn_q = true;
}

void rmp_walker_cyc_reset(rmp_walker_cyc_t *w) {
  w->act = 0;
  w->need_b = w->need_o = 0;
  w->wait_b = w->wait_o = 0;
  w->err = 0;
  w->redo = 0;
  cyc_fifo_reset(&w->wrq_f);
  w->e_v = false;
  w->hold_q = RMP_SEL_NONE;
  w->turn_q = true;
}

// ---- merge ----

static bool walk_valid(const rmp_walker_cyc_t *w) { return !cyc_fifo_empty(&w->wrq_f); }

rmp_sel_t rmp_merge_cyc_sel(const rmp_walker_cyc_t *w, bool rmw_valid, bool other) {
  const bool walk = other || walk_valid(w);
  if (w->hold_q != RMP_SEL_NONE) {
    return (rmp_sel_t)w->hold_q;
  }
  if (rmw_valid && (w->turn_q || !walk)) {
    return RMP_SEL_RMW;
  }
  return walk ? RMP_SEL_WALK : RMP_SEL_NONE;
}

// ---- E ----

static rmp_wv_t verdict_for(unsigned slot, const rmp_answer_t *answer) {
  const rmp_wv_t wv = {.valid = true, .deny = answer->deny, .slot = (uint8_t)slot, .rec = answer->rec};
  return wv;
}

static bool is_firmware(const rmp_word_t *own, const rmp_word_t *base) {
  cbit_rmp_view_t view = {.covered = 1};
  rmp_word_decode(own, &view.own);
  rmp_word_decode(base, &view.base);
  return cbit_rmp_state(1, cbit_rmp_view_auth(&view)) == CBIT_RMP_FIRMWARE;
}

void rmp_walker_cyc_result(const rmp_walker_cyc_t *w, const rmp_regs_t *regs, bool tbusy, rmp_walker_result_t *result) {
  memset(result, 0, sizeof *result);
  if (!w->e_v) {
    return;
  }
  const rmp_word_t *own = w->e_first ? &w->e_base : &w->e_own;
  if (w->e_s == w->v_place) {
    result->vdone = true;
    result->vok = !w->e_err && is_firmware(own, &w->e_base);
    return;
  }
  const bool write = w->e_s >= RMP_RD_SLOTS && w->e_s < w->v_place;
  const rmp_answer_t answer = rmp_decide(regs, &w->e_q, write, true, w->e_err, own, &w->e_base);
  if (write) {
    result->w = verdict_for(w->e_s - RMP_RD_SLOTS, &answer);
  } else if (w->e_s >= w->c_place) {
    result->c = verdict_for((unsigned)w->e_s - w->c_place, &answer);
  } else {
    result->r = verdict_for(w->e_s, &answer);
  }
  if (!w->e_err && !w->e_nofill && !tbusy && !w->konst) {
    result->fill = (rmp_fill_t){true, !w->e_first, w->e_q.spa, w->e_own, w->e_base};
  }
}

// ---- each cycle ----

// The lowest place with a read to come: its request into wrq. Gives the bits of need that this uses up.
static void issue(rmp_walker_cyc_t *w, const rmp_regs_t *regs, uint32_t *issued_b, uint32_t *issued_o) {
  const uint32_t need = w->need_b | w->need_o;
  if (need == 0 || cyc_fifo_full(&w->wrq_f, RMP_WRQ_DEPTH)) {
    return;
  }
  const unsigned s = cyc_lowest(need);
  const bool own = !cyc_has(w->need_b, s);
  const uint64_t spa = own ? w->q[s].spa : w->q[s].spa & ~bits_mask(RANGE_BITS);
  uint64_t addr;
  (void)rmp_entry_addr(regs, spa, &addr);
  w->wrq[cyc_fifo_tail(&w->wrq_f, RMP_WRQ_DEPTH)] =
      (rmp_walk_req_t){addr & ~bits_mask(w->lb), (uint8_t)(CYC_TAG_WALK + 2u * s + own)};
  *(own ? issued_o : issued_b) = 1u << s;
}

static rmp_word_t word_of(const uint8_t *row, unsigned block) {
  const uint8_t *p = row + CBIT_BLOCK_BYTES * block;
  const rmp_word_t word = {bytes_load_le64(p), (uint32_t)bytes_load_le64(p + 8)};
  return word;
}

// A word from DRAM. A row of the bus holds `lanes` entries; a base entry is always the first of its row.
static void arrive(rmp_walker_cyc_t *w, const cyc_rmw_data_t *d) {
  const unsigned s = (d->tag & (CYC_TAG_WALK - 1u)) >> 1;
  if ((d->tag & 1u) != 0) {
    w->own[s] = word_of(d->data, w->lane[s] & (w->lanes - 1u));
    w->wait_o &= ~(1u << s);
  } else {
    w->base[s] = word_of(d->data, 0);
    w->wait_b &= ~(1u << s);
  }
  w->err |= d->err ? 1u << s : 0u;
}

// The place asks DRAM for its words, from the beginning.
static void start(rmp_walker_cyc_t *w, unsigned s) {
  const uint32_t bit = 1u << s;
  w->need_b |= bit;
  w->need_o = (w->first & bit) != 0 ? w->need_o & ~bit : w->need_o | bit;
  w->err &= ~bit;
  w->redo &= ~bit;
}

static void take_question(rmp_walker_cyc_t *w, unsigned s, const rmp_question_t *q) {
  const uint32_t bit = 1u << s;
  w->q[s] = *q;
  w->lane[s] = (uint8_t)bits_get(q->spa, 12, 2);
  w->first = rmp_first_of_range(q->spa) ? w->first | bit : w->first & ~bit;
  w->act |= bit;
  start(w, s);
}

// A miss in a cache's step D; place: that of its slot 0. A base entry that the cache has is not read again.
static void take_miss(rmp_walker_cyc_t *w, unsigned place, const rmp_cache_cyc_t *c, bool tbusy) {
  if (!rmp_cache_cyc_miss(c)) {
    return;
  }
  const unsigned s = c->d_slot + place;
  take_question(w, s, &c->d_q);
  if (rmp_cache_cyc_miss_base(c, tbusy)) {
    w->base[s] = c->d_base;
    w->need_b &= ~(1u << s);
  }
}

static void load_e(rmp_walker_cyc_t *w, unsigned s, bool tbusy) {
  w->e_v = true;
  w->e_s = (uint8_t)s;
  w->e_q = w->q[s];
  w->e_first = cyc_has(w->first, s);
  w->e_own = w->own[s];
  w->e_base = w->base[s];
  w->e_err = cyc_has(w->err, s);
  w->e_nofill = tbusy;
}

static void step_merge(rmp_walker_cyc_t *w, const rmp_walker_in_t *in) {
  const rmp_sel_t sel = rmp_merge_cyc_sel(w, in->rmw_valid, in->other);
  const bool ready = in->int_ready;
  const bool valid = sel != RMP_SEL_NONE;
  w->hold_q = (uint8_t)(valid && !ready ? sel : RMP_SEL_NONE);
  if (valid && ready) {
    w->turn_q = sel == RMP_SEL_WALK;
    if (sel == RMP_SEL_WALK && !in->other) {
      cyc_fifo_pop(&w->wrq_f, RMP_WRQ_DEPTH);
    }
  }
}

void rmp_walker_cyc_step(rmp_walker_cyc_t *w, const rmp_regs_t *regs, const rmp_walker_in_t *in) {
  // from registers
  uint32_t issued_b = 0;
  uint32_t issued_o = 0;
  const uint32_t complete = w->act & ~(w->need_b | w->need_o | w->wait_b | w->wait_o);
  const uint32_t pick = complete & (~complete + 1u);  // the lowest
  const bool restart = (pick & w->redo) != 0;
  const uint32_t picked = restart ? 0u : pick;
  issue(w, regs, &issued_b, &issued_o);
  // the edge
  step_merge(w, in);
  if ((issued_b | issued_o) != 0) {
    cyc_fifo_push(&w->wrq_f);
  }
  w->e_v = false;
  if (picked != 0) {
    load_e(w, cyc_lowest(picked), in->tbusy);
  }
  if (in->tend) {
    w->redo |= w->act & ~picked;
  }
  w->act &= ~picked;
  w->need_b &= ~issued_b;
  w->need_o &= ~issued_o;
  w->wait_b |= issued_b;
  w->wait_o |= issued_o;
  if (in->word != NULL) {
    arrive(w, in->word);
  }
  if (restart) {
    start(w, cyc_lowest(pick));
  }
  take_miss(w, 0, in->r, in->tbusy);
  take_miss(w, RMP_RD_SLOTS, in->w, in->tbusy);
  if (in->c != NULL) {
    take_miss(w, w->c_place, in->c, in->tbusy);
  }
  if (in->v_ask) {
    const rmp_question_t q = {.spa = in->v_spa};
    take_question(w, w->v_place, &q);
  }
}
