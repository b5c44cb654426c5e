// SPDX-License-Identifier: Apache-2.0
//
// bus_write_gather_cyc.c - what becomes of the oldest write request
//
// It is refused (its data sinks), goes straight to the DRAM pins (direct), or is collected into rows (gather):
// docs/units/bus_write.md, "Head decision" and "Gather". One beat a cycle.

#include "bus/bus_write_units.h"
#include "util/bytes.h"

static bool path_empty(const bus_write_cyc_t *u) {
  return u->em == u->al && !u->e2 && u->pipe == 0 && u->wo_n == 0 && cyc_fifo_empty(&u->awo_f);
}

void wr_decide(const bus_write_cyc_t *u, const cyc_net_t *net, wr_decision_t *d) {
  memset(d, 0, sizeof *d);
  d->afree = u->al - u->fr < u->num_wr;
  d->room = d->afree && u->num_row - (u->ra - u->rf) >= WR_CHUNK_ROW;
  if (cyc_fifo_empty(&u->awq_f)) {
    return;
  }
  const wr_req_t *h = &u->awq[u->awq_f.head];
  const bool started = u->off_q != 0 || u->open;
  const bool dnone = cyc_fifo_empty(&u->dq_f) && !u->wah_q && u->dw_q == 0;
  d->hf = h->fault;
  if (started) {
    d->hf = u->sink_code;  // the verdict of the first beat holds for the burst
  } else if (d->hf == CBIT_FAULT_NONE && h->enc && (h->stale || net->slot_state[h->slot] != CBIT_SLOT_ACTIVE)) {
    d->hf = CBIT_FAULT_SLOT;
  }
  if (d->hf != CBIT_FAULT_NONE) {
    d->sink = dnone;
  } else if (h->enc || started) {
    d->gather = dnone;
  } else if (!path_empty(u)) {
    d->gather = dnone && h->lock == 0;
  } else if (!cyc_fifo_full(&u->dq_f, WR_DQ_DEPTH)) {
    const bool haz = wr_hazard_direct(u, h->burst.spa);
    d->direct = d->afree && !haz;
    d->direct_haz = d->afree && haz;
    d->direct_full = !d->afree && !haz;
  }
}

bool wr_direct_w(const bus_write_cyc_t *u, const wr_decision_t *d, uint8_t *len) {
  if (!cyc_fifo_empty(&u->dq_f)) {
    *len = u->dq[u->dq_f.head];
    return true;
  }
  if (d->direct && !u->wah_q) {
    *len = u->awq[u->awq_f.head].burst.len;
    return true;
  }
  return false;
}

static void log_fault(cyc_net_t *net, const wr_req_t *h, uint8_t code) {
  net->fault_w.valid = true;
  net->fault_w.code = code;
  net->fault_w.write = true;
  net->fault_w.id = h != NULL ? h->id : 0;
  net->fault_w.user = h != NULL ? h->user : 0;
  net->fault_w.addr = h != NULL ? h->addr : 0;
  net->fault_w.rmp = code == CYC_FAULT_CHECK && h != NULL ? h->rec : (cyc_rmp_rec_t){0};
}

// Takes the next entry of the ring for the head; the caller fills in what is special.
static wr_entry_t *allocate(bus_write_cyc_t *u, const wr_req_t *h, wr_state_t st, wr_kind_t kind, unsigned *index) {
  const unsigned e = wr_index(u, u->al);
  wr_entry_t *entry = &u->entry[e];
  memset(entry, 0, sizeof *entry);
  entry->st = (uint8_t)st;
  entry->kind = (uint8_t)kind;
  entry->id = h->id;
  entry->slot = h->slot;
  entry->spa = h->burst.spa;
  entry->cache = h->cache;
  entry->prot = h->prot;
  entry->qos = h->qos;
  entry->region = h->region;
  entry->last_chunk = true;
  entry->tbl = h->tbl;
  u->al++;
  *index = e;
  return entry;
}

static void pop_head(bus_write_cyc_t *u) {
  cyc_fifo_pop(&u->awq_f, 2);
  u->off_q = 0;
}

static void sink_beat(bus_write_cyc_t *u, cyc_net_t *net, const wr_req_t *h, uint8_t code) {
  cyc_fifo_pop(&u->wq_f, 2);
  if (u->off_q < h->burst.len) {
    u->off_q++;
    u->sink_code = code;
    return;
  }
  unsigned e;
  wr_entry_t *entry = allocate(u, h, WR_ANSWER, WR_FAULT, &e);
  entry->resp = WR_RESP_SLVERR;
  wr_id_push(u, e);
  log_fault(net, h, code);
  u->sink_code = CBIT_FAULT_NONE;
  pop_head(u);
}

// First beat of a chunk.
static void open_chunk(bus_write_cyc_t *u, cyc_net_t *net, const wr_req_t *h) {
  cyc_chunk_t chunk;
  const cyc_chunk_t *c = &chunk;
  unsigned e;
  cyc_chunk_write(&h->burst, u->off_q, &chunk);
  wr_entry_t *entry = allocate(u, h, WR_GATHER, h->enc ? WR_ENC : WR_PLAIN, &e);
  entry->spa = c->addr;
  entry->row0 = c->row0;
  entry->nrows = c->rows;
  entry->rbase = (uint16_t)(u->ra & (u->num_row - 1u));
  entry->last_chunk = c->last;
  if (u->off_q == 0) {
    u->bacc = 0;
  }
  entry->acc = u->bacc;
  if (h->enc) {
    const bool line = net->ctrl.line_mode;
    const uint8_t lo = cyc_unit_lo(c->row0, u->lb, line);
    const uint8_t hi = cyc_unit_hi((unsigned)c->row0 + c->rows - 1u, u->lb, line);
    entry->tleft = (uint8_t)(hi - lo + 1u);
    if (net->kill || h->stale || net->slot_state[h->slot] == CBIT_SLOT_EMPTY || net->slot_state[h->slot] == CBIT_SLOT_LOADED) {
      entry->dead = true;
      entry->acc = entry->acc > WR_RESP_SLVERR ? entry->acc : (uint8_t)WR_RESP_SLVERR;
    }
    net->job_w.valid = true;
    net->job_w.entry = (uint8_t)e;
    net->job_w.slot = h->slot;
    net->job_w.spa = cyc_row_addr(c->addr, c->row0, u->lb);
    net->job_w.lo = lo;
    net->job_w.hi = hi;
    net->job_w.first = lo;
  }
  wr_id_push(u, e);
  u->ra += c->rows;
  u->open = true;
  u->open_e = (uint8_t)e;
  u->open_left = c->n;
  u->open_addr = c->addr;
  memset(u->gm_q, 0, sizeof u->gm_q);
}

// Last beat of a chunk: what the masks of its blocks are.
static void close_chunk(bus_write_cyc_t *u) {
  wr_entry_t *entry = &u->entry[u->open_e];
  const unsigned lanes = u->lanes;
  bool any_row = false;
  bool any_partial = false;
  uint64_t any = 0;
  uint64_t full = 0;
  for (unsigned r = 0; r < entry->nrows; r++) {
    const uint64_t m = u->gm_q[r];
    const uint8_t row = (uint8_t)(entry->row0 + r);
    bool partial = false;
    if (m == 0) {
      continue;
    }
    for (unsigned l = 0; l < lanes; l++) {
      const uint64_t block = (m >> (16u * l)) & 0xFFFFu;
      any |= (uint64_t)(block != 0) << (r * lanes + l);
      full |= (uint64_t)(block == 0xFFFFu) << (r * lanes + l);
      partial = partial || (block != 0 && block != 0xFFFFu);
    }
    entry->first = any_row ? entry->first : row;
    entry->last = row;
    any_row = true;
    if (partial) {
      entry->pfirst = any_partial ? entry->pfirst : row;
      entry->plast = row;
      any_partial = true;
    }
  }
  entry->any = any;
  entry->full = full;
  entry->null = !any_row;
  entry->partial = any_partial && entry->kind == WR_ENC;
  entry->st = WR_READY;
  wr_mask_set(&u->ready_sent, u->open_e);
  u->open = false;
}

static void write_row(bus_write_cyc_t *u, unsigned row, const cbit_w_t *w) {
  uint8_t *to = &u->data_mem[row << u->lb];
  const uint64_t strb = w->strb & u->row_mask;
  if (strb == u->row_mask) {
    wr_copy_row(to, w->data, u->lanes);
    return;
  }
  for (unsigned i = 0; i < 16u * u->lanes; i += 8) {
    const uint64_t m = wr_expand8(strb >> i);
    bytes_store_le64(to + i, (bytes_load_le64(to + i) & ~m) | (bytes_load_le64(w->data + i) & m));
  }
}

static void gather_beat(bus_write_cyc_t *u, cyc_net_t *net, const wr_req_t *h) {
  const cbit_w_t *w = &u->wq[u->wq_f.head];
  const bool last = u->off_q == h->burst.len;
  if (!u->open) {
    open_chunk(u, net, h);
  }
  if (w->last != last) {
    log_fault(net, h, WR_FAULT_WLAST);
  }
  const wr_entry_t *entry = &u->entry[u->open_e];
  const unsigned r = (unsigned)cyc_row(u->open_addr, u->lb) - entry->row0;
  const unsigned row = (entry->rbase + r) & (u->num_row - 1u);
  u->gm_q[r] |= w->strb & u->row_mask;
  u->mask_mem[row] = u->gm_q[r];
  write_row(u, row, w);
  cyc_fifo_pop(&u->wq_f, 2);
  u->off_q++;
  u->open_left--;
  if (u->open_left == 0) {
    close_chunk(u);
  } else {
    u->open_addr = cyc_next_addr(&h->burst, u->open_addr);
  }
  if (last) {
    pop_head(u);
  }
}

static void direct_step(bus_write_cyc_t *u, cyc_net_t *net, const cbit_pins_in_t *in, const wr_decision_t *d) {
  const wr_req_t *h = d->direct ? &u->awq[u->awq_f.head] : NULL;
  const bool aw = d->direct && in->m_awready;
  const bool from_dq = !cyc_fifo_empty(&u->dq_f);
  uint8_t len;
  bool head_passed = false;  // the last beat of the head's burst, in this cycle
  if (wr_direct_w(u, d, &len) && !cyc_fifo_empty(&u->wq_f) && in->m_wready) {
    const bool last = u->dw_q == len;
    if (u->wq[u->wq_f.head].last != last) {
      log_fault(net, from_dq ? NULL : h, WR_FAULT_WLAST);
    }
    net->ev.wr_plain = true;
    cyc_fifo_pop(&u->wq_f, 2);
    u->dw_q = (uint8_t)(last ? 0u : u->dw_q + 1u);
    if (last && from_dq) {
      cyc_fifo_pop(&u->dq_f, WR_DQ_DEPTH);
    } else if (last) {
      head_passed = true;
    }
  }
  if (aw) {
    if (u->wah_q) {
      u->wah_q = false;
    } else if (!head_passed) {
      u->dq[cyc_fifo_tail(&u->dq_f, WR_DQ_DEPTH)] = h->burst.len;
      cyc_fifo_push(&u->dq_f);
    }
    unsigned e;
    (void)allocate(u, h, WR_SENT, WR_DIRECT, &e);
    wr_mask_set(&u->ready_sent, e);
    wr_id_push(u, e);
    u->em = u->al;
    u->rm = u->al;
    pop_head(u);
  } else if (head_passed) {
    u->wah_q = true;
  }
}

void wr_head_step(bus_write_cyc_t *u, cyc_net_t *net, const cbit_pins_in_t *in, const wr_decision_t *d) {
  const wr_req_t *h = &u->awq[u->awq_f.head];
  const bool w = !cyc_fifo_empty(&u->wq_f);
  if (d->direct || !cyc_fifo_empty(&u->dq_f)) {
    direct_step(u, net, in, d);
  } else if (d->sink && w) {
    if (d->afree) {
      sink_beat(u, net, h, d->hf);
    } else {
      net->ev.stall_wr_table = true;
    }
  } else if (d->gather && w) {
    if (u->open || d->room) {
      gather_beat(u, net, h);
    } else {
      net->ev.stall_wr_table = true;
    }
  }
  if (d->direct_haz) {
    net->ev.stall_hazard = true;
  }
  if (d->direct_full) {
    net->ev.stall_wr_table = true;
  }
}
