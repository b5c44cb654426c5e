// SPDX-License-Identifier: Apache-2.0
//
// bus_write_cyc.c - the write path, cycle by cycle
//
// Pins, the queues behind them, and the order in which a clock is worked off; the parts stand in bus_write_*_cyc.c.
// All conditions of a cycle use the registers before its edge: what a later part needs of them is looked up before
// an earlier part changes it. Page: docs/units/bus_write.md. Latency: C = 0 on an empty path 1 cycle per channel;
// encrypted 7 + 2 * S cycles from pin to pin (27 with AES-128, one round per stage): tweak, then data. With Rmp = 1 the
// gate stands in front of awq, one cycle more (docs/units/rmp.md, "cbit_bus_gate", "Changes of the write path").

#include "bus/bus_write_units.h"

size_t bus_write_cyc_size(const cbit_cyc_cfg_t *cfg) {
  (void)cfg;
  return sizeof(bus_write_cyc_t);
}

void bus_write_cyc_init(bus_write_cyc_t *u, const cbit_cyc_cfg_t *cfg) {
  memset(u, 0, sizeof *u);
  u->num_wr = cfg->num_wr;
  u->id_mask = (uint16_t)((1u << cfg->id_width) - 1u);
  u->num_row = cfg->num_row;
  u->lanes = cfg->lanes;
  u->stages = (cfg->key_bits == 128u ? 10u : 14u) / cfg->rounds_per_stage;
  u->key_slots = cfg->key_slots;
  u->lb = (uint8_t)(cfg->lanes == 1u ? 4u : cfg->lanes == 2u ? 5u : 6u);
  u->row_mask = cfg->lanes == 4u ? UINT64_MAX : ((uint64_t)1 << (16u * cfg->lanes)) - 1u;
  u->backend = cbit_backend(CBIT_PATH_AUTO);
  u->route.attr_from_addr = (uint8_t)cfg->attr_from_addr;
  u->route.cbit_pos = (uint8_t)cfg->cbit_pos;
  u->route.asid_lsb = (uint8_t)cfg->asid_lsb;
  u->route.spa_width = (uint8_t)cfg->spa_width;
  u->route.lanes = (uint8_t)cfg->lanes;
  u->route.key_slots = (uint16_t)cfg->key_slots;
  u->route.rmp = (uint8_t)cfg->rmp;
  u->num_gate = cfg->rmp != 0 ? cfg->rmp_miss : 0;
  bus_write_cyc_reset(u);
}

void bus_write_cyc_reset(bus_write_cyc_t *u) {
  cyc_fifo_reset(&u->gate_f);
  cyc_fifo_reset(&u->awq_f);
  cyc_fifo_reset(&u->wq_f);
  cyc_fifo_reset(&u->bq_f);
  cyc_fifo_reset(&u->dq_f);
  cyc_fifo_reset(&u->awo_f);
  cyc_fifo_reset(&u->rmwq_f);
  u->off_q = 0;
  u->sink_code = CBIT_FAULT_NONE;
  u->bacc = 0;
  u->open = false;
  u->al = u->em = u->rm = u->fr = u->ra = u->rf = 0;
  for (unsigned e = 0; e < WR_MAX_ENTRY; e++) {
    u->entry[e].st = WR_FREE;
  }
  memset(&u->ready_sent, 0, sizeof u->ready_sent);
  memset(&u->ready_sent_was, 0, sizeof u->ready_sent_was);
  memset(&u->sent_partial, 0, sizeof u->sent_partial);
  memset(&u->sent_partial_was, 0, sizeof u->sent_partial_was);
  memset(&u->answer0, 0, sizeof u->answer0);
  memset(u->id_head, WR_NONE, sizeof u->id_head);
  memset(u->id_tail, WR_NONE, sizeof u->id_tail);
  u->dw_q = 0;
  u->wah_q = false;
  u->haz_known = false;
  u->haz_by = WR_NONE;
  u->e2 = false;
  u->pipe = 0;
  u->beat_head = u->beat_tail = u->wo_n = 0;
  u->bhold = WR_HOLD_NONE;
  u->own = WR_NONE;
  wr_rm_update(u);
}

// ---- outputs ----

static void out_address(const bus_write_cyc_t *u, const wr_decision_t *d, cbit_ax_out_t *aw) {
  memset(aw, 0, sizeof *aw);
  if (d->direct) {
    const wr_req_t *h = &u->awq[u->awq_f.head];
    aw->valid = true;
    aw->id = h->id;
    aw->addr = h->burst.spa;
    aw->len = h->burst.len;
    aw->size = h->burst.size;
    aw->burst = h->burst.burst;
    aw->lock = h->lock;
    aw->cache = h->cache;
    aw->prot = h->prot;
    aw->qos = h->qos;
    aw->region = h->region;
  } else if (!cyc_fifo_empty(&u->awo_f)) {
    const wr_entry_t *entry = &u->entry[u->awo[u->awo_f.head]];
    aw->valid = true;
    aw->id = entry->id;
    aw->addr = cyc_row_addr(entry->spa, entry->first, u->lb);
    aw->len = (uint8_t)(entry->last - entry->first);
    aw->size = u->lb;
    aw->burst = CBIT_BURST_INCR;
    aw->cache = entry->cache;
    aw->prot = entry->prot;
    aw->qos = entry->qos;
    aw->region = entry->region;
  }
}

static void out_data(const bus_write_cyc_t *u, const wr_decision_t *d, cbit_w_t *w) {
  uint8_t len;
  memset(w, 0, sizeof *w);
  if (wr_direct_w(u, d, &len)) {
    if (!cyc_fifo_empty(&u->wq_f)) {
      const cbit_w_t *from = &u->wq[u->wq_f.head];
      w->valid = true;
      w->last = u->dw_q == len;
      w->strb = from->strb;
      wr_copy_row(w->data, from->data, u->lanes);
    }
  } else if (u->wo_n > 0) {
    const wr_beat_t *b = &u->beat[u->beat_head & (WR_BEATS - 1u)];
    w->valid = true;
    w->last = b->last;
    w->strb = b->strb;
    wr_copy_row(w->data, b->data, u->lanes);
  }
}

static void out_rmw(const bus_write_cyc_t *u, cyc_rmw_req_t *req) {
  if (cyc_fifo_empty(&u->rmwq_f)) {
    req->valid = false;
  } else {
    *req = u->rmwq[u->rmwq_f.head];
  }
}

static bool in_drain(const cyc_net_t *net, unsigned slot) { return net->slot_state[slot] == CBIT_SLOT_DRAIN; }

// Something encrypted on its way uses a slot in DRAIN. Only a waiting FLUSH asks.
static bool inflight(const bus_write_cyc_t *u, const cyc_net_t *net) {
  for (uint32_t p = u->fr; p != u->al; p++) {
    const wr_entry_t *entry = &u->entry[wr_index(u, p)];
    if (entry->st != WR_DONE && entry->kind == WR_ENC && in_drain(net, entry->slot)) {
      return true;
    }
  }
  for (unsigned i = 0; i < u->awq_f.count; i++) {
    const wr_req_t *h = &u->awq[(u->awq_f.head + i) & 1u];
    if (h->enc && in_drain(net, h->slot)) {
      return true;
    }
  }
  for (unsigned i = 0; i < u->gate_f.count; i++) {
    const wr_req_t *h = &u->gate[(u->gate_f.head + i) % u->num_gate];
    if (h->enc && in_drain(net, h->slot)) {
      return true;
    }
  }
  return false;
}

// A request at the pins finds room.
static bool aw_room(const bus_write_cyc_t *u) {
  return u->num_gate != 0 ? !cyc_fifo_full(&u->gate_f, u->num_gate) : !cyc_fifo_full(&u->awq_f, 2);
}

void bus_write_cyc_out(const bus_write_cyc_t *u, cyc_net_t *net, cbit_pins_out_t *out) {
  wr_decision_t d;
  wr_decide(u, net, &d);
  out->s_awready = net->init_done && aw_room(u);
  out->s_wready = net->init_done && !cyc_fifo_full(&u->wq_f, 2);
  out->m_bready = !cyc_fifo_full(&u->bq_f, 2);
  const wr_pick_t pick = wr_pick_response(u);
  memset(&out->s_b, 0, sizeof out->s_b);
  if (pick.entry != WR_NONE && u->entry[pick.entry].last_chunk) {
    out->s_b.valid = true;
    out->s_b.id = u->entry[pick.entry].id;
    out->s_b.resp = pick.resp;
  }
  out_address(u, &d, &out->m_aw);
  out_data(u, &d, &out->m_w);
  out_rmw(u, &net->rmw_req);
  net->inflight_wr = net->flush_wait && inflight(u, net);
  net->wr_idle = cyc_fifo_empty(&u->gate_f) && cyc_fifo_empty(&u->awq_f) && u->fr == u->al;
}

// ---- clock ----

// The request at the pins, routed, into the place h of the gate or of awq.
static void accept_request(bus_write_cyc_t *u, cyc_net_t *net, const cbit_ax_in_t *aw, wr_req_t *h) {
  cbit_route_req_t req;
  cbit_route_rsp_t rsp;
  memset(&req, 0, sizeof req);
  req.addr = aw->addr;
  req.user = aw->user;
  req.len = aw->len;
  req.size = aw->size;
  req.burst = aw->burst;
  req.lock = aw->lock;
  u->route.smee = net->ctrl.smee;
  u->route.tsme = net->ctrl.tsme;
  u->route.mode = net->ctrl.mode;
  cbit_route(&u->route, &req, net->slot_state, &rsp);
  h->stale = false;
  h->tbl = false;
  h->burst.spa = rsp.spa;
  h->burst.len = aw->len;
  h->burst.size = aw->size;
  h->burst.burst = aw->burst;
  h->burst.lb = u->lb;
  h->id = aw->id & u->id_mask;
  h->slot = rsp.slot;
  h->fault = rsp.fault;
  h->enc = rsp.enc != 0;
  h->lock = aw->lock;
  h->cache = aw->cache;
  h->prot = aw->prot;
  h->qos = aw->qos;
  h->region = aw->region;
  h->user = cbit_attr_pack(&rsp.attr);
  h->addr = rsp.spa | (aw->addr & ~(((uint64_t)1 << CBIT_SPA_BITS) - 1u));
  h->rec = (cyc_rmp_rec_t){0};
  if (u->num_gate != 0) {
    net->ask_w = (cyc_ask_t){.valid = true, .none = h->fault != CBIT_FAULT_NONE, .spa = rsp.spa, .attr = h->user};
  }
}

// The oldest request of the gate enters awq with its verdict; awq_full as before the edge. A wipe of this cycle has
// marked it stale already.
static void leave_gate(bus_write_cyc_t *u, cyc_net_t *net, bool awq_full) {
  const cyc_rmp_out_t *r = &net->rmp;
  if (cyc_fifo_empty(&u->gate_f) || awq_full || r->wr_wait) {
    return;
  }
  wr_req_t *h = &u->awq[cyc_fifo_tail(&u->awq_f, 2)];
  *h = u->gate[u->gate_f.head];
  if (h->fault == CBIT_FAULT_NONE && r->wr_deny) {
    h->fault = CYC_FAULT_CHECK;
    h->rec = r->wr_rec;
  }
  h->tbl = r->wr_tbl;
  cyc_fifo_push(&u->awq_f);
  cyc_fifo_pop(&u->gate_f, u->num_gate);
  net->pop_w = true;
  net->tbl_begin = h->tbl;
}

static void take_address(bus_write_cyc_t *u, cyc_net_t *net, const cbit_ax_in_t *aw) {
  if (u->num_gate != 0) {
    accept_request(u, net, aw, &u->gate[cyc_fifo_tail(&u->gate_f, u->num_gate)]);
    cyc_fifo_push(&u->gate_f);
  } else {
    accept_request(u, net, aw, &u->awq[cyc_fifo_tail(&u->awq_f, 2)]);
    cyc_fifo_push(&u->awq_f);
  }
}

static void take_results(bus_write_cyc_t *u, const cyc_net_t *net) {
  const cyc_tweak_result_t *tw = &net->tw_w;
  if (tw->we) {
    wr_entry_t *entry = &u->entry[tw->entry];
    memcpy(&u->tweak_mem[((unsigned)tw->entry * WR_MAX_UNIT + tw->unit) * 16u], tw->t, 16);
    entry->tleft--;
    entry->tv |= cyc_tweak_valid(net->ctrl.line_mode, u->lb, tw->unit);
  }
  const cyc_rmw_data_t *rmw = &net->rmw_data;
  if (rmw->valid && (rmw->tag & CYC_TAG_WALK) == 0) {
    wr_entry_t *entry = &u->entry[rmw->tag];
    const unsigned row = (entry->rbase + (unsigned)rmw->row - entry->row0) & (u->num_row - 1u);
    wr_copy_row(&u->old_mem[row << u->lb], rmw->data, u->lanes);
    entry->rleft--;
    entry->rerr = entry->rerr || rmw->err;
  }
}

// Entries that the kill of this cycle meets: by their state before the edge. One whose answer is on the pins is complete.
static void find_killed(const bus_write_cyc_t *u, wr_pick_t pick, wr_mask_t *killed) {
  for (uint32_t p = u->fr; p != u->al; p++) {
    const wr_entry_t *entry = &u->entry[wr_index(u, p)];
    if (wr_index(u, p) == pick.entry && entry->last_chunk) {
      continue;
    }
    if (entry->kind == WR_ENC && (entry->st == WR_GATHER || entry->st == WR_READY || entry->st == WR_SENT)) {
      wr_mask_set(killed, wr_index(u, p));
    }
  }
}

// At the end of the cycle: this cycle's decisions and responses have not yet known of it.
static void kill_entries(bus_write_cyc_t *u, const wr_mask_t *killed) {
  for (unsigned e = 0; e < u->num_wr; e++) {
    if (cyc_has(killed->w[e >> 6], e & 63u)) {
      wr_entry_t *entry = &u->entry[e];
      entry->acc = entry->acc > WR_RESP_SLVERR ? entry->acc : (uint8_t)WR_RESP_SLVERR;
      entry->dead = true;
    }
  }
}

void bus_write_cyc_step(bus_write_cyc_t *u, cyc_net_t *net, const cbit_pins_in_t *in) {
  net->job_w.valid = false;
  net->fault_w.valid = false;
  net->ev.wr_plain = net->ev.wr_enc = false;
  net->ev.stall_tweak_wr = net->ev.stall_rmw = net->ev.stall_hazard = net->ev.stall_wr_table = false;
  net->ev.stall_rmp_wr = net->rmp.wr_wait && !cyc_fifo_empty(&u->gate_f);
  if (!in->rst_n) {
    bus_write_cyc_reset(u);
    return;
  }
  wr_decision_t d;
  wr_decide(u, net, &d);
  u->sent_partial_was = u->sent_partial;  // hazd_q, haze_q of the next cycle; in d, haz_by: of this one
  u->ready_sent_was = u->ready_sent;      // rmb_q of the next cycle; that of this cycle is in rm_look
  const bool aw_ready = net->init_done && aw_room(u);
  const bool awq_full = cyc_fifo_full(&u->awq_f, 2);
  const bool w_ready = net->init_done && !cyc_fifo_full(&u->wq_f, 2);
  const bool b_ready = !cyc_fifo_full(&u->bq_f, 2);
  const bool wo_pop = u->wo_n > 0 && in->m_wready;
  const bool awo_pop = !cyc_fifo_empty(&u->awo_f) && in->m_awready;

  const wr_pick_t pick = wr_pick_response(u);
  wr_mask_t killed = {{0, 0}};
  if (net->kill) {
    find_killed(u, pick, &killed);
    for (unsigned i = 0; i < u->awq_f.count; i++) {
      u->awq[(u->awq_f.head + i) & 1u].stale = true;
    }
    for (unsigned i = 0; i < u->gate_f.count; i++) {
      u->gate[(u->gate_f.head + i) % u->num_gate].stale = true;
    }
  }
  if (u->fr != u->em && u->entry[wr_index(u, u->fr)].st == WR_DONE) {
    u->entry[wr_index(u, u->fr)].st = WR_FREE;
    u->fr++;
  }
  net->tbl_end = pick.entry != WR_NONE && u->entry[pick.entry].last_chunk && u->entry[pick.entry].tbl && in->s_bready;
  wr_emit_step(u, net);  // before the response: what completes in this cycle is a hazard until its end
  wr_resp_step(u, in, pick);
  if (wo_pop) {
    // The queue is in use only while no direct burst is under way.
    const wr_beat_t *b = &u->beat[u->beat_head & (WR_BEATS - 1u)];
    net->ev.wr_enc = b->counted;
    net->ev.wr_plain = !b->counted;
    u->beat_head++;
    u->wo_n--;
  }
  if (awo_pop) {
    cyc_fifo_pop(&u->awo_f, 2);
  }
  wr_head_step(u, net, in, &d);
  take_results(u, net);
  if (net->kill) {
    kill_entries(u, &killed);
    wr_kill_beats(u);
  }

  leave_gate(u, net, awq_full);
  if (aw_ready && in->s_aw.valid) {
    take_address(u, net, &in->s_aw);
  }
  if (w_ready && in->s_w.valid) {
    cbit_w_t *w = &u->wq[cyc_fifo_tail(&u->wq_f, 2)];
    w->last = in->s_w.last;
    w->strb = in->s_w.strb & u->row_mask;
    wr_copy_row(w->data, in->s_w.data, u->lanes);
    cyc_fifo_push(&u->wq_f);
  }
  if (b_ready && in->m_b.valid) {
    u->bq[cyc_fifo_tail(&u->bq_f, 2)] = in->m_b;
    cyc_fifo_push(&u->bq_f);
  }
  wr_em_update(u);
  wr_rm_update(u);
}
