// SPDX-License-Identifier: Apache-2.0
//
// cover_chk.c - sampling of the check ports' points: rows, keep, what questions meet
#include "chk/cover_int.h"
#include "chk/scoreboard_chk.h"

#define AT_ONCE 3u  // cycles from a question's handshake to its answer's valid (docs/units/rmp_chk.md, "hit")
#define CREDITS 2u

// Bins of "chk_event".
enum {
  EVENT_OFF,        // checks are off
  EVENT_HIGH,       // an address beyond SpaWidth
  EVENT_ERROR,      // the table could not be read
  EVENT_CHANGED,    // a store, an instruction or a mark came between question and answer
  EVENT_AT_ONCE,    // answered as soon as can be
  EVENT_WALK,       // later, and it needed the table
  EVENT_TWO,        // an answer waits and the port asks on: both credits are used
  EVENT_FULL,       // a port is not ready
  EVENT_PORTS,      // answers of two ports in one cycle
  EVENT_STOP,       // an instruction is taken with questions under way
  EVENT_IN_INV,     // a question's handshake in a cycle of inv
  EVENT_ANS_INV,    // an answer's handshake in a cycle of inv
};

void cover_chk_done(cover_t *c, const chk_done_t *d, const sb_chk_seen_t *x) {
  const cbit_chk_answer_t *a = &d->ans;
  if (x->read_error) cover_hit(c, COVER_CHK_EVENT, EVENT_ERROR, 0, 0, 0);
  if (x->changed) cover_hit(c, COVER_CHK_EVENT, EVENT_CHANGED, 0, 0, 0);
  if (!x->sure) return;
  if (x->off) cover_hit(c, COVER_CHK_EVENT, EVENT_OFF, 0, 0, 0);
  if (x->high) cover_hit(c, COVER_CHK_EVENT, EVENT_HIGH, 0, 0, 0);
  if (x->off || x->high) return;
  const bool at_once = d->c_valid == d->c_take + AT_ONCE;
  if (at_once || x->table) cover_hit(c, COVER_CHK_EVENT, at_once ? EVENT_AT_ONCE : EVENT_WALK, 0, 0, 0);
  cover_hit(c, COVER_CHK_ROW, a->row, a->deny, 0, 0);
  cover_hit(c, COVER_CHK_KEEP, a->keep, d->req.pins.map_size, 0, 0);
}

void cover_chk_cycle(cover_t *c, const cbit_pins_in_t *in, const cbit_pins_out_t *out, const chk_drv_t *d, bool insn_taken) {
  uint32_t answers = 0;
  bool under_way = false;
  for (uint32_t i = 0; i < d->ports; i++) {
    const chk_port_t *p = &d->port[i];
    answers += out->chk_ans_valid[i];
    under_way = under_way || p->taken != 0;
    if (out->chk_ans_valid[i] && p->taken > CREDITS) cover_hit(c, COVER_CHK_EVENT, EVENT_TWO, 0, 0, 0);
    if (in->chk_valid[i] && !out->chk_ready[i]) cover_hit(c, COVER_CHK_EVENT, EVENT_FULL, 0, 0, 0);
    if (!out->inv_valid) continue;
    if (in->chk_valid[i] && out->chk_ready[i]) cover_hit(c, COVER_CHK_EVENT, EVENT_IN_INV, 0, 0, 0);
    if (out->chk_ans_valid[i] && in->chk_ans_ready[i]) cover_hit(c, COVER_CHK_EVENT, EVENT_ANS_INV, 0, 0, 0);
  }
  if (answers > 1) cover_hit(c, COVER_CHK_EVENT, EVENT_PORTS, 0, 0, 0);
  if (insn_taken && under_way) cover_hit(c, COVER_CHK_EVENT, EVENT_STOP, 0, 0, 0);
}
