// SPDX-License-Identifier: Apache-2.0
//
// cover_insn.c - sampling of the RMP instructions' points: ends, phases as far as the pins show them, what STOP meets
#include "chk/cover_int.h"
#include "chk/scoreboard_insn.h"

// Phases by the pins. DRAIN: taken, requests of before not ended; READ: until the first AW of the unit.
enum { PHASE_NONE, PHASE_ASKED, PHASE_DRAIN, PHASE_READ, PHASE_WRITE, PHASE_INV, PHASE_ANSWER };
enum { EVENT_RESET, EVENT_KILL, EVENT_MARK };

static void event(cover_t *c, uint32_t what) {
  if (c->insn_phase != PHASE_NONE) cover_hit(c, COVER_INSN_PHASE, what, c->insn_phase - 1, 0, 0);
}

void cover_insn_reset(cover_t *c) {
  event(c, EVENT_RESET);
  c->insn_phase = PHASE_NONE;
}

void cover_insn_kill(cover_t *c) { event(c, EVENT_KILL); }

void cover_insn_take(cover_t *c, const insn_drv_t *d, uint32_t port, uint32_t meets) {
  bool others = false;
  for (uint32_t i = 0; i < d->ports; i++) others = others || (i != port && d->port[i].busy && d->port[i].hold == 0);
  cover_hit(c, COVER_INSN_PORTS, others, 0, 0, 0);
  for (uint32_t i = 0; i < COVER_INSN_MEETS; i++) {
    if ((meets >> i & 1) != 0) cover_hit(c, COVER_INSN_DRAIN, i, 0, 0, 0);
  }
}

void cover_insn_cycle(cover_t *c, const cbit_pins_in_t *in, const cbit_pins_out_t *out, const insn_drv_t *d, uint32_t flying) {
  const uint32_t id = bench_cfg(c->bench)->id_width;
  uint32_t phase = c->insn_phase;
  bool asked = false;
  for (uint32_t i = 0; i < d->ports; i++) asked = asked || in->insn[i].valid;
  if (d->now < 0) {
    phase = asked ? PHASE_ASKED : PHASE_NONE;
  } else if (out->inv_valid) {
    phase = PHASE_INV;
  } else if (out->ans_valid[d->now]) {
    phase = PHASE_ANSWER;
  } else if (phase <= PHASE_ASKED) {
    phase = PHASE_DRAIN;
  } else if (phase == PHASE_DRAIN && flying == 0 && out->m_ar.valid && (out->m_ar.id >> id & 1) != 0) {
    phase = PHASE_READ;
  } else if (phase == PHASE_READ && out->m_aw.valid) {
    phase = PHASE_WRITE;
  }
  c->insn_phase = phase;
  if (in->use_valid && !(in->use_valid && c->insn_mark)) event(c, EVENT_MARK);
  c->insn_mark = in->use_valid && !out->use_ready;
}

void cover_insn_mark(cover_t *c, const insn_mark_t *m, uint32_t uses) {
  cover_hit(c, COVER_INSN_MARK, m->slot >= uses ? 2 : m->set != 0 ? 0 : 1, 0, 0, 0);
}

void cover_insn_done(cover_t *c, const insn_port_t *p, const sb_insn_seen_t *x) {
  const uint32_t op = p->req.pins.op & 7;
  if (x == NULL) return;
  if (op < 6 && (x->read_error || x->write_error)) cover_hit(c, COVER_INSN_MCE, op, x->write_error, 0, 0);
  if (x->sure) cover_hit(c, COVER_INSN_END, x->step, 0, 0, 0);
  if (x->wrote) cover_hit(c, COVER_INSN_INV, p->req.inv_look != 0 ? 2 : p->req.inv_wait != 0, 0, 0, 0);
  if (!x->sure || p->ans.kind != CBIT_RMP_PASS || p->ans.code != 0 || op >= 6) return;
  const uint32_t form = x->big ? 2 : !x->first;
  cover_hit(c, COVER_INSN_FORM, op, form, x->base_big, 0);
  if (op != CBIT_INSN_RMPUPDATE) return;
  const uint32_t moves = x->same ? 4 : x->leaves && x->enters ? 3 : x->enters ? 2 : x->leaves;
  cover_hit(c, COVER_INSN_COUNTER, moves, x->big, 0, 0);
}
