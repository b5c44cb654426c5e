// SPDX-License-Identifier: Apache-2.0
//
// chk_port.c - drivers of the check ports (chk_port.h)
#include "drv/chk_port.h"

#include <stdio.h>
#include <string.h>

void chk_init(chk_drv_t *d, uint32_t ports) {
  memset(d, 0, sizeof(*d));
  d->ports = ports;
}

void chk_reset(chk_drv_t *d) { memset(d->port, 0, sizeof(d->port)); }

bool chk_start(chk_drv_t *d, uint32_t port, const chk_req_t *r) {
  if (port >= d->ports || d->port[port].n == CHK_QUEUE) return false;
  chk_port_t *p = &d->port[port];
  if (p->n == p->taken) p->hold = r->hold;
  p->q[(p->at + p->n++) % CHK_QUEUE] = (chk_done_t){.req = *r};
  return true;
}

bool chk_poll(chk_drv_t *d, uint32_t port, chk_done_t *result) {
  if (port >= d->ports || d->port[port].done_n == 0) return false;
  chk_port_t *p = &d->port[port];
  if (result != NULL) *result = p->done[p->done_at];
  p->done_at = (p->done_at + 1) % CHK_DONE;
  p->done_n--;
  return true;
}

bool chk_idle(const chk_drv_t *d) {
  for (uint32_t i = 0; i < d->ports; i++) {
    if (d->port[i].n != 0) return false;
  }
  return true;
}

uint32_t chk_pending(const chk_drv_t *d, uint32_t port) { return port < d->ports ? d->port[port].n : 0; }

static void fail(chk_drv_t *d, const char *what, uint32_t port) {
  if (d->error[0] == '\0') snprintf(d->error, sizeof(d->error), "check port %u: %s", port, what);
}

static chk_done_t *question(chk_port_t *p, uint32_t i) { return &p->q[(p->at + i) % CHK_QUEUE]; }

void chk_drive(chk_drv_t *d, cbit_pins_in_t *in) {
  for (uint32_t i = 0; i < d->ports; i++) {
    chk_port_t *p = &d->port[i];
    in->chk_valid[i] = p->taken < p->n && p->hold == 0;
    if (in->chk_valid[i]) in->chk_req[i] = question(p, p->taken)->req.pins;
    if (p->taken < p->n && p->hold > 0) p->hold--;
    // Ready ahead of valid if this answer is to be taken at once; with nothing asked now and then too.
    in->chk_ans_ready[i] = p->shown ? p->wait == 0 : p->taken > 0 && question(p, 0)->req.wait == 0;
  }
}

static void sample_ask(chk_drv_t *d, uint32_t i, const cbit_pins_in_t *in, const cbit_pins_out_t *out, uint64_t cycle) {
  chk_port_t *p = &d->port[i];
  if (!in->chk_valid[i]) return;
  chk_done_t *q = question(p, p->taken);
  if (!p->asked) q->c_ask = cycle;
  p->asked = !out->chk_ready[i];
  if (p->asked) return;
  q->c_take = cycle;
  p->taken++;
  d->stats.asked++;
  if (p->taken < p->n) p->hold = question(p, p->taken)->req.hold;
  if (d->ev.on_ask != NULL) d->ev.on_ask(d->ev.arg, i, &q->req, cycle);
}

static bool same_answer(const cbit_chk_answer_t *a, const cbit_chk_answer_t *b) {
  return a->deny == b->deny && a->keep == b->keep && a->row == b->row && a->why == b->why && a->kind == b->kind &&
         a->error == b->error;
}

static void keep_done(chk_port_t *p, const chk_done_t *q) {
  if (p->done_n == CHK_DONE) {
    p->done_at = (p->done_at + 1) % CHK_DONE;
    p->done_n--;
  }
  p->done[(p->done_at + p->done_n++) % CHK_DONE] = *q;
}

static void sample_answer(chk_drv_t *d, uint32_t i, const cbit_pins_in_t *in, const cbit_pins_out_t *out, uint64_t cycle) {
  chk_port_t *p = &d->port[i];
  if (!out->chk_ans_valid[i]) {
    if (p->shown) fail(d, "an answer goes before it is taken", i);
    p->shown = false;
    return;
  }
  if (p->taken == 0) {
    fail(d, "an answer without a question", i);
    return;
  }
  chk_done_t *q = question(p, 0);
  if (!p->shown) {
    q->ans = out->chk_ans[i];
    q->c_valid = cycle;
    p->wait = q->req.wait;
    if (d->ev.on_valid != NULL) d->ev.on_valid(d->ev.arg, i, &q->ans, cycle);
  } else if (!same_answer(&q->ans, &out->chk_ans[i])) {
    fail(d, "the answer changes while it waits", i);
  }
  p->shown = true;
  if (!in->chk_ans_ready[i]) {
    p->wait -= p->wait > 0;
    return;
  }
  q->c_done = cycle;
  const chk_done_t done = *q;
  p->at = (p->at + 1) % CHK_QUEUE;
  p->n--;
  p->taken--;
  p->shown = false;
  d->stats.answered++;
  d->stats.denied += done.ans.deny;
  keep_done(p, &done);
  if (d->ev.on_answer != NULL) d->ev.on_answer(d->ev.arg, i, &done);
}

void chk_sample(chk_drv_t *d, const cbit_pins_in_t *in, const cbit_pins_out_t *out, uint64_t cycle) {
  for (uint32_t i = 0; i < d->ports; i++) sample_answer(d, i, in, out, cycle);  // of questions of before
  for (uint32_t i = 0; i < d->ports; i++) sample_ask(d, i, in, out, cycle);
}

const char *chk_protocol_error(const chk_drv_t *d) { return d->error[0] != '\0' ? d->error : NULL; }
