// SPDX-License-Identifier: Apache-2.0
//
// bus_read_cyc.c - the read path: R channels, bypass and decrypt pipe, and the unit as a whole
//
// Latency: DRAM R pin to R pin 1 cycle with C = 0, 1 + S with C = 1 (S = AES rounds / rounds per stage). Also serves the
// reads of bus_write's read-modify-writes. The address side is in bus_read_ar_cyc.c, the registers in bus_read_impl.h.
// Source: docs/units/bus_read.md.

#include "bus/bus_read_impl.h"

#include <string.h>

static size_t tweak_bytes(const cbit_cyc_cfg_t *cfg) { return (size_t)16 * cfg->lanes * 16; }

size_t bus_read_cyc_size(const cbit_cyc_cfg_t *cfg) {
  return sizeof(bus_read_cyc_t) + (size_t)cfg->num_rd * tweak_bytes(cfg);
}

void bus_read_cyc_init(bus_read_cyc_t *u, const cbit_cyc_cfg_t *cfg) {
  memset(u, 0, bus_read_cyc_size(cfg));
  u->route_cfg.attr_from_addr = (uint8_t)cfg->attr_from_addr;
  u->route_cfg.cbit_pos = (uint8_t)cfg->cbit_pos;
  u->route_cfg.asid_lsb = (uint8_t)cfg->asid_lsb;
  u->route_cfg.spa_width = (uint8_t)cfg->spa_width;
  u->route_cfg.lanes = (uint8_t)cfg->lanes;
  u->route_cfg.key_slots = (uint16_t)cfg->key_slots;
  u->route_cfg.rmp = (uint8_t)cfg->rmp;
  u->aes = cbit_backend(CBIT_PATH_AUTO);
  u->all = bits_mask(cfg->num_rd);
  u->rmp = cfg->rmp != 0;
  u->id_width = (uint8_t)cfg->id_width;
  u->id_mask = (uint16_t)bits_mask(cfg->id_width);
  u->lanes = (uint8_t)cfg->lanes;
  u->bus_bytes = 16u * cfg->lanes;
  u->lb = (uint8_t)bits_log2(u->bus_bytes);
  u->stages = (uint8_t)((cfg->key_bits == 256u ? 14u : 10u) / cfg->rounds_per_stage);
  u->tweak_bytes = (uint32_t)tweak_bytes(cfg);
  bus_read_cyc_reset(u);
}

void bus_read_cyc_reset(bus_read_cyc_t *u) {
  cyc_fifo_reset(&u->arq);
  cyc_fifo_reset(&u->rq);
  u->off_q = 0;
  u->lock_q = false;
  u->lock_rmw_q = false;
  u->turn_q = true;
  u->hold_q = SEL_NONE;
  u->passed_q = 0;
  u->v = 0;
  u->enc = 0;
  u->dead = 0;
  u->deny = 0;
  u->late_v = false;
  memset(&u->prec, 0, sizeof u->prec);
  u->fault = 0;
  u->fault_was = 0;
  u->fault_first = 0;
  u->cand_set = 0;
  memset(u->first, NO_ENTRY, sizeof u->first);
  memset(u->last, NO_ENTRY, sizeof u->last);
  memset(u->pipe, 0, sizeof u->pipe);
  u->oldest = 0;
  u->pipe_valid = 0;
  memset(u->pipe_ids, 0, sizeof u->pipe_ids);
  memset(&u->skid, 0, sizeof u->skid);
  memset(&u->rmwd, 0, sizeof u->rmwd);
}

// ---- R side, from the pins to rq ----

// A beat of the refused burst cand_q goes into rq. In the cycle after one that ended its entry, cand_q is still that entry:
// turn_q = 0 then.
static bool injects(const bus_read_cyc_t *u, bool rq_full) { return u->cand_set != 0 && u->turn_q && !rq_full; }

static void step_r(bus_read_cyc_t *u, const cbit_r_t *r, bool rq_full) {
  rd_beat_t *b = &u->rq_beat[cyc_fifo_tail(&u->rq, RQ_DEPTH)];
  const bool inj = injects(u, rq_full);
  const uint64_t cand = u->cand_set;
  u->turn_q = !inj;
  u->cand_set = u->fault_first;  // before an entry becomes done, or is allocated, in this cycle
  if (inj) {
    const unsigned e = cyc_lowest(cand);
    b->e = (uint8_t)e;
    b->resp = RESP_SLVERR;
    b->mlast = u->entry[e].rem == 0;
    memset(b->data, 0, u->bus_bytes);
    cyc_fifo_push(&u->rq);
    if (b->mlast) {
      rd_list_done(u, e);
    } else {
      u->entry[e].rem--;
    }
  } else if (r->valid && !rq_full) {
    const unsigned e = u->first[id_from_pins(u, r->id)];
    if (e == NO_ENTRY || u->entry[e].kind == KIND_FAULT) {
      return;  // data that nobody asked for
    }
    b->e = (uint8_t)e;
    b->resp = r->resp & 3u;
    b->mlast = r->last;
    memcpy(b->data, r->data, u->bus_bytes);
    cyc_fifo_push(&u->rq);
    if (r->last) {
      rd_list_done(u, e);
    }
  }
}

// ---- head of rq, pipe and R pins ----

typedef struct rd_head {
  const rd_beat_t *beat;    // head of rq, NULL: none
  const rd_entry_t *entry;  // its entry
  const rd_stage_t *out;    // host's beat that may go to the R pins: in the skid, else in the last stage; NULL: none
  bool crypt, tweak_wait, ready_in, byp;
  bool plain;  // kind PLAIN, and its check does not deny
  uint8_t resp;
  rd_sel_t sel;
} rd_head_t;

static void decide_head(const bus_read_cyc_t *u, const cyc_net_t *net, rd_head_t *d) {
  const rd_stage_t *s = u->skid.valid ? &u->skid : &u->pipe[u->oldest];
  d->beat = cyc_fifo_empty(&u->rq) ? NULL : &u->rq_beat[u->rq.head];
  d->entry = NULL;
  d->crypt = false;
  d->plain = false;
  d->tweak_wait = false;
  d->ready_in = false;
  d->byp = false;
  d->resp = RESP_OKAY;
  if (d->beat != NULL) {
    const rd_entry_t *n = &u->entry[d->beat->e];
    const bool deny = cyc_has(u->deny, d->beat->e);
    const bool dead = deny || cyc_has(u->dead, d->beat->e);
    d->entry = n;
    d->plain = n->kind == KIND_PLAIN && !deny;
    d->resp = dead && (d->beat->resp & 2u) == 0 ? RESP_SLVERR : d->beat->resp;
    d->crypt = n->kind == KIND_ENC && !dead && (d->beat->resp & 2u) == 0;
    d->tweak_wait = d->crypt && ((n->tv >> cyc_tweak_line(net->ctrl.line_mode, u->lb, n->row)) & 1u) == 0;
    d->ready_in = !d->tweak_wait && (n->kind != KIND_ENC || n->rem != 0 || n->tleft == 0);
    d->byp = !d->crypt && d->ready_in && n->id < ID_RMW && u->pipe_ids[n->id] == 0;
  }
  d->out = s->valid && s->id < ID_RMW ? s : NULL;
  if (u->hold_q != SEL_NONE) {
    d->sel = (rd_sel_t)u->hold_q;
  } else if (d->byp && !(d->out != NULL && u->passed_q == PASSED_MAX)) {
    d->sel = SEL_BYP;
  } else {
    d->sel = d->out != NULL ? SEL_PIPE : SEL_NONE;
  }
}

// A beat that is not decrypted: what it shows is DRAM's data for a good and allowed read of C = 0, else zeros.
static bool beat_shows_data(const rd_head_t *d) { return d->plain && (d->beat->resp & 2u) == 0; }

static bool beat_up_last(const rd_head_t *d) {
  return d->entry->last_chunk && (d->entry->kind == KIND_ENC ? d->entry->rem == 0 : d->beat->mlast);
}

static void show_r(const bus_read_cyc_t *u, const rd_head_t *d, cbit_r_t *r) {
  if (d->sel == SEL_PIPE) {
    const rd_stage_t *s = d->out;
    r->valid = true;
    r->id = s->id;
    r->resp = s->resp;
    r->last = s->last;
    memcpy(r->data, s->data, u->bus_bytes);
  } else if (d->sel == SEL_BYP) {
    r->valid = true;
    r->id = d->entry->id;
    r->resp = d->resp;
    r->last = beat_up_last(d);
    if (beat_shows_data(d)) {
      memcpy(r->data, d->beat->data, u->bus_bytes);
    }
  }
}

static void show_rmw(const bus_read_cyc_t *u, cyc_rmw_data_t *q) {
  q->valid = u->rmwd.valid;
  if (u->rmwd.valid) {
    q->tag = u->rmwd.tag;
    q->row = u->rmwd.row;
    q->err = u->rmwd.err;
    memcpy(q->data, u->rmwd.data, u->bus_bytes);
  }
}

// The head of rq enters the pipe at the place s.
static void enter_pipe(bus_read_cyc_t *u, const cyc_net_t *net, const rd_head_t *d, rd_stage_t *s) {
  const rd_entry_t *n = d->entry;
  s->valid = true;
  s->enc = d->crypt;
  s->plain = d->plain;
  s->last = beat_up_last(d);
  s->id = n->id;
  s->slot = n->slot;
  s->resp = d->resp;
  s->row = n->row;
  s->tag = n->tag;
  if (d->crypt) {
    uint8_t buf[4 * CBIT_BLOCK_BYTES];
    const unsigned mode = net->ctrl.mode;
    const uint8_t *t = cyc_lane_tweaks(net->ctrl.line_mode, u->lb, n->row, u->tweak + (size_t)d->beat->e * u->tweak_bytes, buf);
    cyc_lane_decrypt(u->aes, mode, &net->slot_key[n->slot].k1, t, d->beat->data, s->data, u->lanes);
  } else if (beat_shows_data(d)) {
    memcpy(s->data, d->beat->data, u->bus_bytes);
  } else {
    memset(s->data, 0, u->bus_bytes);
  }
  u->pipe_ids[n->id]++;
  u->pipe_valid++;
}

// The beat at the head of rq has left: to the next column, row, or the end of the entry.
static void leave_rq(bus_read_cyc_t *u) {
  const rd_beat_t *b = &u->rq_beat[u->rq.head];
  rd_entry_t *n = &u->entry[b->e];
  bool row_done = true;
  bool end = b->mlast;
  if (n->kind == KIND_ENC) {
    const unsigned step = 1u << n->size;
    const unsigned next = (n->col & ~(step - 1u)) + step;
    end = n->rem == 0;
    row_done = end || (!n->stay && next >= u->bus_bytes);
    n->col = (uint16_t)(next & (u->bus_bytes - 1u));
    n->rem--;
    if (row_done) {
      const unsigned row = n->row + 1u;
      n->row = (uint8_t)(n->wmask != 0 ? (n->row & ~(unsigned)n->wmask) | (row & n->wmask) : row & 15u);
    }
  }
  if (row_done) {
    cyc_fifo_pop(&u->rq, RQ_DEPTH);
  }
  if (end) {
    u->v &= ~cyc_bit(b->e);
  }
}

static void give_rmw(bus_read_cyc_t *u, const rd_stage_t *s) {
  cyc_rmw_data_t *q = &u->rmwd;
  q->valid = true;
  q->tag = s->tag;
  q->row = s->row;
  q->err = (s->resp & 2u) != 0;
  memcpy(q->data, s->data, u->bus_bytes);
}

// The pipe moves on; out_leaves: the host's beat in the last stage, if there is one, goes to the R pins, else to the skid.
static void move_pipe(bus_read_cyc_t *u, const cyc_net_t *net, const rd_head_t *d, bool enters, bool out_leaves) {
  rd_stage_t *s = &u->pipe[u->oldest];
  if (s->valid) {
    if (s->id >= ID_RMW) {
      give_rmw(u, s);
      u->pipe_ids[s->id]--;
    } else if (!out_leaves) {
      u->skid = *s;
    }
    u->pipe_valid--;
    s->valid = false;
  }
  if (enters) {
    enter_pipe(u, net, d, s);
  }
  u->oldest = (uint8_t)(u->oldest + 1u == u->stages ? 0 : u->oldest + 1u);
}

static void step_head(bus_read_cyc_t *u, cyc_net_t *net, const rd_head_t *d, bool rready) {
  const bool adv = !u->skid.valid;
  const bool out_leaves = d->sel == SEL_PIPE && rready;
  const bool bypassed = d->sel == SEL_BYP && rready;
  const bool enters = d->beat != NULL && !d->byp && d->ready_in && adv;

  net->ev.stall_tweak_rd = d->tweak_wait;
  net->ev.stall_out = !adv;
  if (bypassed) {
    net->ev.rd_plain = d->plain;
  } else if (out_leaves) {
    net->ev.rd_plain = d->out->plain;
    net->ev.rd_enc = d->out->enc;
    u->pipe_ids[d->out->id]--;
  }
  u->hold_q = (uint8_t)(rready ? SEL_NONE : d->sel);
  if (d->out == NULL || out_leaves) {
    u->passed_q = 0;
  } else if (bypassed && u->passed_q < PASSED_MAX) {
    u->passed_q++;
  }
  u->rmwd.valid = false;
  if (!adv) {
    u->skid.valid = !out_leaves;
  } else if (u->pipe_valid != 0 || enters) {
    move_pipe(u, net, d, enters, out_leaves);
  }
  if (bypassed || enters) {
    leave_rq(u);
  }
}

// ---- tweak results, kill, slot life cycle ----

static void take_tweak(bus_read_cyc_t *u, const cyc_net_t *net) {
  const cyc_tweak_result_t *t = &net->tw_r;
  rd_entry_t *n = &u->entry[t->entry];
  memcpy(u->tweak + (size_t)t->entry * u->tweak_bytes + (size_t)16 * t->unit, t->t, 16);
  n->tv |= cyc_tweak_valid(net->ctrl.line_mode, u->lb, t->unit);
  n->tleft--;
}

// After the pipe's move. What has left the pipe, to the skid or to rmwd, is complete and stays.
static void kill(bus_read_cyc_t *u) {
  u->dead |= u->v & u->enc;
  for (unsigned i = 0; i < u->stages; i++) {
    rd_stage_t *s = &u->pipe[i];
    if (s->valid && s->enc) {
      s->enc = false;
      s->resp = RESP_SLVERR;
      memset(s->data, 0, u->bus_bytes);
    }
  }
}

static bool drains(const cyc_net_t *net, unsigned slot) { return net->slot_state[slot] == CBIT_SLOT_DRAIN; }

static bool inflight_drain(const bus_read_cyc_t *u, const cyc_net_t *net) {
  for (uint64_t left = u->v & u->enc; left != 0; left &= left - 1u) {
    if (drains(net, u->entry[cyc_lowest(left)].slot)) {
      return true;
    }
  }
  for (unsigned i = 0; i < u->stages; i++) {
    if (u->pipe[i].valid && u->pipe[i].enc && drains(net, u->pipe[i].slot)) {
      return true;
    }
  }
  for (unsigned i = 0; i < u->arq.count; i++) {
    const cbit_route_rsp_t *r = &u->arq_req[(u->arq.head + i) % ARQ_DEPTH].route;
    if (r->enc && drains(net, r->slot)) {
      return true;
    }
  }
  return false;
}

// ---- the unit ----

void bus_read_cyc_out(const bus_read_cyc_t *u, cyc_net_t *net, cbit_pins_out_t *out) {
  rd_ar_t ar;
  rd_head_t head;
  cyc_rd_ar_decide(u, net, &ar);
  decide_head(u, net, &head);
  out->s_arready = net->init_done && !cyc_fifo_full(&u->arq, ARQ_DEPTH);
  cyc_rd_ar_show(u, net, &ar, &out->m_ar);
  const bool rq_full = cyc_fifo_full(&u->rq, RQ_DEPTH);
  out->m_rready = !rq_full && !injects(u, rq_full);
  show_r(u, &head, &out->s_r);
  show_rmw(u, &net->rmw_data);
  net->inflight_rd = net->flush_wait && inflight_drain(u, net);
  net->rd_idle = cyc_fifo_empty(&u->arq) && u->v == 0;
}

void bus_read_cyc_step(bus_read_cyc_t *u, cyc_net_t *net, const cbit_pins_in_t *in) {
  rd_ar_t ar;
  rd_head_t head;
  cyc_rd_ar_decide(u, net, &ar);
  decide_head(u, net, &head);
  u->fault_was = u->fault;  // held_q of the next cycle; that of this cycle is in ar
  const bool rq_full = cyc_fifo_full(&u->rq, RQ_DEPTH);
  const bool ar_taken = in->s_ar.valid && net->init_done && !cyc_fifo_full(&u->arq, ARQ_DEPTH);
  const unsigned e = ar.free ? cyc_lowest(~u->v) : 0;  // lowest free entry, before this edge

  if (net->kill) {
    for (unsigned i = 0; i < u->arq.count; i++) {
      u->arq_req[(u->arq.head + i) % ARQ_DEPTH].stale = true;
    }
  }
  net->ev.stall_rd_table = !ar.free && (net->int_req.valid || ar.head != NULL);
  net->ev.stall_rmp_rd = net->rmp.rd_wait && ar.head != NULL;
  step_head(u, net, &head, in->s_rready);
  step_r(u, &in->m_r, rq_full);
  cyc_rd_ar_step(u, net, &ar, e, in->m_arready, ar_taken ? &in->s_ar : NULL);
  if (net->tw_r.we) {
    take_tweak(u, net);
  }
  if (net->kill) {
    kill(u);
  }
}
