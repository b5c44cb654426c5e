// SPDX-License-Identifier: Apache-2.0
//
// insn_port.c - drivers of the instruction ports, of inv and of marks (insn_port.h)
#include "drv/insn_port.h"

#include <stdio.h>
#include <string.h>

void insn_init(insn_drv_t *d, uint32_t ports) {
  memset(d, 0, sizeof(*d));
  d->ports = ports;
  d->now = -1;
}

void insn_reset(insn_drv_t *d) {
  for (uint32_t i = 0; i < d->ports; i++) d->port[i] = (insn_port_t){0};
  d->now = -1;
  d->inv_shown = d->inv_held = d->ans_shown = false;
  d->mark_n = 0;
}

bool insn_start(insn_drv_t *d, uint32_t port, const insn_req_t *r) {
  if (port >= d->ports || d->port[port].busy || d->port[port].done) return false;
  d->port[port] = (insn_port_t){.busy = true, .req = *r, .hold = r->hold, .wait = r->wait};
  return true;
}

bool insn_poll(insn_drv_t *d, uint32_t port, insn_port_t *result) {
  if (port >= d->ports || !d->port[port].done) return false;
  d->port[port].done = false;
  if (result != NULL) *result = d->port[port];
  return true;
}

bool insn_mark(insn_drv_t *d, const insn_mark_t *m) {
  if (d->mark_n == INSN_MARKS) return false;
  d->mark[(d->mark_at + d->mark_n++) % INSN_MARKS] = *m;
  return true;
}

void insn_inv_continue(insn_drv_t *d) { d->inv_held = false; }

bool insn_idle(const insn_drv_t *d) {
  for (uint32_t i = 0; i < d->ports; i++) {
    if (d->port[i].busy) return false;
  }
  return d->mark_n == 0;
}

static void fail(insn_drv_t *d, const char *what, uint32_t port) {
  if (d->error[0] == '\0') snprintf(d->error, sizeof(d->error), "RMP instructions: %s (port %u)", what, port);
}

void insn_drive(insn_drv_t *d, cbit_pins_in_t *in) {
  for (uint32_t i = 0; i < d->ports; i++) {
    insn_port_t *p = &d->port[i];
    in->insn[i].valid = false;
    if (p->busy && !p->taken) {
      if (p->hold > 0) {
        p->hold--;
      } else {
        in->insn[i] = p->req.pins;
        in->insn[i].valid = true;
      }
    }
    in->ans_ready[i] = p->busy && p->wait == 0;
  }
  // Ready ahead of valid if this instruction's acknowledgement takes no time.
  const insn_req_t *now = d->now >= 0 ? &d->port[d->now].req : NULL;
  in->inv_ready = d->inv_shown ? !d->inv_held && d->inv_left == 0
                               : now != NULL && now->inv_wait == 0 && now->inv_look == 0;
  in->use_valid = d->mark_n > 0;
  if (!in->use_valid) return;
  const insn_mark_t *m = &d->mark[d->mark_at];
  in->use_slot = m->slot;
  in->use_set = m->set != 0;
  in->use_page = m->page;
}

static void sample_ports(insn_drv_t *d, const cbit_pins_in_t *in, const cbit_pins_out_t *out, uint64_t cycle) {
  for (uint32_t i = 0; i < d->ports; i++) {
    insn_port_t *p = &d->port[i];
    const bool valid = in->insn[i].valid;
    if (valid && p->c_ask == 0) p->c_ask = cycle;
    if (!out->insn_ready[i]) continue;
    if (!valid) {
      fail(d, "insn_ready without insn_valid", i);
    } else if (d->now >= 0) {
      fail(d, "an instruction is taken while another is under way", i);
    } else {
      p->taken = true;
      p->c_take = cycle;
      d->now = (int32_t)i;
      d->stats.taken++;
      if (d->ev.on_take != NULL) d->ev.on_take(d->ev.arg, i, &p->req, cycle);
    }
  }
}

static bool same_answer(const cbit_insn_answer_t *a, const cbit_insn_answer_t *b) {
  return a->kind == b->kind && a->code == b->code && a->cf == b->cf && a->zf == b->zf && a->error == b->error &&
         memcmp(a->out, b->out, sizeof(a->out)) == 0;
}

static void sample_answers(insn_drv_t *d, const cbit_pins_in_t *in, const cbit_pins_out_t *out, uint64_t cycle) {
  uint32_t valid = 0;
  for (uint32_t i = 0; i < d->ports; i++) {
    insn_port_t *p = &d->port[i];
    if (!out->ans_valid[i]) continue;
    valid++;
    if (d->now != (int32_t)i) {
      fail(d, "an answer to a port that has no instruction under way", i);
      continue;
    }
    if (!d->ans_shown) {
      p->ans = out->ans;
      p->c_valid = cycle;
    } else if (!same_answer(&p->ans, &out->ans)) {
      fail(d, "the answer changes while it waits for ans_ready", i);
    }
    if (!in->ans_ready[i]) {
      p->wait -= p->wait > 0;
      d->ans_shown = true;
      continue;
    }
    p->c_done = cycle;
    p->busy = false;
    p->done = true;
    d->now = -1;
    d->ans_shown = false;
    d->stats.answered++;
    if (d->ev.on_answer != NULL) d->ev.on_answer(d->ev.arg, i, p, cycle);
  }
  if (valid > 1) fail(d, "more than one ans_valid", 0);
  if (valid == 0 && d->ans_shown) fail(d, "ans_valid goes before ans_ready", 0);
}

static void sample_inv(insn_drv_t *d, const cbit_pins_in_t *in, const cbit_pins_out_t *out, uint64_t cycle) {
  if (!out->inv_valid) {
    if (d->inv_shown) fail(d, "inv_valid goes before inv_ready", 0);
    return;
  }
  if (d->now < 0) {
    fail(d, "inv_valid without an instruction under way", 0);
    return;
  }
  const insn_req_t *r = &d->port[d->now].req;
  if (!d->inv_shown) {
    d->inv_shown = true;
    d->inv_page = out->inv_page;
    d->inv_left = r->inv_wait < INSN_INV_MAX ? r->inv_wait : INSN_INV_MAX;
    d->inv_held = r->inv_look != 0 && d->ev.on_inv_begin != NULL && d->ev.on_inv_begin(d->ev.arg, r, cycle);
  }
  if (out->inv_page != d->inv_page) fail(d, "inv_page changes while it waits for inv_ready", 0);
  if (!in->inv_ready) {
    d->inv_left -= d->inv_left > 0;
    return;
  }
  d->inv_shown = false;
  d->stats.invs++;
  if (d->ev.on_inv != NULL) d->ev.on_inv(d->ev.arg, cycle);
}

void insn_sample(insn_drv_t *d, const cbit_pins_in_t *in, const cbit_pins_out_t *out, uint64_t cycle) {
  if (d->ports == 0) return;
  sample_ports(d, in, out, cycle);
  sample_inv(d, in, out, cycle);
  sample_answers(d, in, out, cycle);
  if (in->use_valid && out->use_ready) {
    const insn_mark_t m = d->mark[d->mark_at];
    d->mark_at = (d->mark_at + 1) % INSN_MARKS;
    d->mark_n--;
    d->stats.marks++;
    if (d->ev.on_mark != NULL) d->ev.on_mark(d->ev.arg, &m, cycle);
  }
}

const char *insn_protocol_error(const insn_drv_t *d) { return d->error[0] != '\0' ? d->error : NULL; }

const char *insn_name(unsigned op) {
  static const char *const name[] = {"RMPUPDATE", "PSMASH", "RMPREAD", "PVALIDATE", "RMPADJUST", "RMPQUERY"};
  return op < sizeof(name) / sizeof(name[0]) ? name[op] : "?";
}
