// SPDX-License-Identifier: Apache-2.0
//
// bus_read_ar_cyc.c - the read path's address side: requests in, chunks out, allocation of the read table
//
// Latency: AR pin to AR pin 1 cycle; a read whose check has to walk waits for it at the head of arq. Source:
// docs/units/bus_read.md, "Chunks of an encrypted burst" and "Each cycle: AR side"; docs/units/rmp.md, "Changes of the
// read path".

#include <string.h>

#include "bus/bus_read_impl.h"

// held_q of this cycle, if the head has this ID: a refused read of the ID still had to answer a cycle ago, or has come
// since. Data of a later read must not come before its beats.
static bool held(const bus_read_cyc_t *u, unsigned id) {
  for (uint64_t left = u->fault_was; left != 0; left &= left - 1u) {
    if (u->entry[cyc_lowest(left)].id == id) {
      return true;
    }
  }
  return false;
}

void cyc_rd_ar_decide(const bus_read_cyc_t *u, const cyc_net_t *net, rd_ar_t *d) {
  d->head = cyc_fifo_empty(&u->arq) ? NULL : &u->arq_req[u->arq.head];
  d->hf = CBIT_FAULT_NONE;
  d->started = u->off_q != 0 || (u->lock_q && !u->lock_rmw_q);
  d->rmw = u->lock_q ? u->lock_rmw_q : net->int_req.valid;
  d->host = !d->rmw && d->head != NULL && (d->started || !net->rmp.rd_wait);
  d->free = u->v != u->all;
  if (d->head != NULL) {
    const cbit_route_rsp_t *r = &d->head->route;
    d->hf = r->fault;
    if (r->fault == CBIT_FAULT_NONE && r->enc && !d->started &&
        (d->head->stale || net->slot_state[r->slot] != CBIT_SLOT_ACTIVE)) {
      d->hf = CBIT_FAULT_SLOT;
    } else if (r->fault == CBIT_FAULT_NONE && !d->started && net->rmp.rd_deny) {
      d->hf = CYC_FAULT_CHECK;
    }
  }
  d->valid = d->free && ((d->rmw && net->int_req.valid) ||
                         (d->host && d->hf == CBIT_FAULT_NONE && !held(u, d->head->id)));
}

void cyc_rd_ar_show(const bus_read_cyc_t *u, const cyc_net_t *net, const rd_ar_t *d, cbit_ax_out_t *ar) {
  if (!d->valid) {
    return;
  }
  ar->valid = true;
  if (d->rmw) {
    const cyc_rmw_req_t *q = &net->int_req;
    ar->id = id_to_pins(u, id_of_rmw(u, q->tag));
    ar->addr = cyc_row_addr(q->spa, cyc_row(q->spa, u->lb), u->lb);
    ar->len = (uint8_t)(q->rows - 1u);
    ar->size = u->lb;
    ar->burst = CBIT_BURST_INCR;
    ar->cache = q->cache;
    ar->prot = q->prot;
    ar->qos = q->qos;
    ar->region = q->region;
    return;
  }
  const rd_req_t *q = d->head;
  ar->id = id_to_pins(u, q->id);
  ar->cache = q->cache;
  ar->prot = q->prot;
  ar->qos = q->qos;
  ar->region = q->region;
  if (q->route.enc) {
    ar->addr = cyc_row_addr(u->chunk.addr, u->chunk.row, u->lb);
    ar->len = (uint8_t)(u->chunk.rows - 1u);
    ar->size = u->lb;
    ar->burst = u->chunk.wmask != 0 ? CBIT_BURST_WRAP : CBIT_BURST_INCR;
  } else {
    ar->addr = q->route.spa;
    ar->len = q->len;
    ar->size = q->size;
    ar->burst = q->burst;
    ar->lock = q->lock;
  }
}

// Chunk of the head of arq, made whenever head or off_q change.
static void next_chunk(bus_read_cyc_t *u) {
  if (cyc_fifo_empty(&u->arq)) {
    return;
  }
  const rd_req_t *q = &u->arq_req[u->arq.head];
  if (q->route.enc) {
    const cyc_burst_t b = {.spa = q->route.spa, .len = q->len, .size = q->size, .burst = q->burst, .lb = u->lb};
    cyc_chunk_read(&b, u->off_q, &u->chunk);
  }
}

static void push_job(const bus_read_cyc_t *u, cyc_net_t *net, unsigned e, uint64_t spa, unsigned row, unsigned row0,
                     unsigned rows) {
  const bool line = net->ctrl.line_mode;
  cyc_job_t *j = &net->job_r;
  j->valid = true;
  j->entry = (uint8_t)e;
  j->slot = u->entry[e].slot;
  j->spa = cyc_row_addr(spa, row, u->lb);
  j->first = cyc_unit_lo(row, u->lb, line);
  j->lo = cyc_unit_lo(row0, u->lb, line);
  j->hi = cyc_unit_hi(row0 + rows - 1u, u->lb, line);
}

static void allocate(bus_read_cyc_t *u, cyc_net_t *net, unsigned e) {
  const rd_entry_t *n = &u->entry[e];
  u->v |= cyc_bit(e);
  u->enc &= ~cyc_bit(e);
  u->dead &= ~cyc_bit(e);
  u->deny &= ~cyc_bit(e);
  if (n->kind == KIND_FAULT) {
    u->fault |= cyc_bit(e);
    u->fault_was |= cyc_bit(e);
  }
  if (n->kind == KIND_ENC) {
    u->enc |= cyc_bit(e);
    if (net->slot_state[n->slot] == CBIT_SLOT_EMPTY || net->slot_state[n->slot] == CBIT_SLOT_LOADED) {
      u->dead |= cyc_bit(e);
    }
    u->entry[e].tleft = (uint8_t)(net->job_r.hi - net->job_r.lo + 1u);
  }
  rd_list_append(u, e);
}

static void allocate_rmw(bus_read_cyc_t *u, cyc_net_t *net, unsigned e) {
  const cyc_rmw_req_t *q = &net->int_req;
  const unsigned row = cyc_row(q->spa, u->lb);
  u->entry[e] = (rd_entry_t){.id = id_of_rmw(u, q->tag), .tag = q->tag, .slot = q->slot,
                             .kind = q->enc ? KIND_ENC : KIND_PLAIN, .row = (uint8_t)row,
                             .rem = (uint8_t)(q->rows - 1u), .size = u->lb, .last_chunk = true};
  if (q->enc) {
    push_job(u, net, e, q->spa, row, row, q->rows);
  }
  allocate(u, net, e);
  // A walk was not in flight before: in DRAIN its keys may be on their way out.
  if (q->enc && (q->tag & CYC_TAG_WALK) != 0 && net->slot_state[q->slot] != CBIT_SLOT_ACTIVE) {
    u->dead |= cyc_bit(e);
  }
}

static void allocate_host(bus_read_cyc_t *u, cyc_net_t *net, unsigned e, const rd_req_t *q, unsigned fault) {
  rd_entry_t *n = &u->entry[e];
  *n = (rd_entry_t){.id = q->id, .slot = q->route.slot, .size = q->size, .last_chunk = true};
  if (fault != CBIT_FAULT_NONE) {
    n->kind = KIND_FAULT;
    n->rem = (uint8_t)(q->len - u->off_q);
  } else if (q->route.enc) {
    const cyc_chunk_t *c = &u->chunk;
    n->kind = KIND_ENC;
    n->row = c->row;
    n->col = (uint16_t)(c->addr & (u->bus_bytes - 1u));
    n->rem = (uint8_t)(c->n - 1u);
    n->wmask = c->wmask;
    n->stay = c->stay;
    n->last_chunk = c->last;
    push_job(u, net, e, c->addr, c->row, c->row0, c->rows);
  } else {
    n->kind = KIND_PLAIN;
  }
  allocate(u, net, e);
  if (q->stale && n->kind == KIND_ENC) {
    u->dead |= cyc_bit(e);
  }
}

static void make_record(cyc_fault_t *f, const rd_req_t *q, unsigned code, const cyc_rmp_rec_t *rec) {
  f->valid = true;
  f->code = (uint8_t)code;
  f->write = false;
  f->id = q->id;
  f->user = cbit_attr_pack(&q->route.attr);
  f->addr = ((uint64_t)q->addr_hi << CBIT_SPA_BITS) | q->route.spa;
  f->rmp = code == CYC_FAULT_CHECK ? *rec : (cyc_rmp_rec_t){0};
}

// The head's DRAM AR is taken, for entry e: what its check said, or will say at the end of this cycle.
static void check_started(bus_read_cyc_t *u, const cyc_net_t *net, const rd_req_t *q, unsigned e, bool burst_done) {
  const cyc_rmp_out_t *r = &net->rmp;
  if (r->rd_deny) {
    u->deny |= cyc_bit(e);
  }
  u->late_v = r->rd_now;
  u->late_e = (uint8_t)e;
  u->late_deny = r->rd_now_deny;
  if (burst_done && (r->rd_now ? r->rd_now_deny : r->rd_deny)) {
    make_record(&u->prec, q, CYC_FAULT_CHECK, &r->rd_rec);
  }
}

// AR side at the edge: DRAM AR handshake or fault, on an entry that was free before. Returns 1 if arq's head or off_q moved.
static bool serve(bus_read_cyc_t *u, cyc_net_t *net, const rd_ar_t *d, unsigned e, bool ready) {
  bool done = false;
  bool moved = false;
  const bool recorded = u->prec.valid;  // the record of the burst before takes this cycle's place at the log
  if (recorded) {
    net->fault_r = u->prec;
  }
  u->prec.valid = false;
  if (u->late_v && u->late_deny) {
    u->deny |= cyc_bit(u->late_e);
  }
  u->late_v = false;
  if (d->valid && ready) {
    if (d->rmw) {
      const bool walk = (net->int_req.tag & CYC_TAG_WALK) != 0;
      net->int_ready = true;
      net->rmw_ready = !walk;
      net->ev.rmw = !walk;
      net->ev.rmp_read = walk;
      allocate_rmw(u, net, e);
    } else {
      allocate_host(u, net, e, d->head, CBIT_FAULT_NONE);
      done = u->entry[e].last_chunk;
      check_started(u, net, d->head, e, done);
      if (!done) {
        u->off_q = (uint16_t)(u->off_q + u->chunk.n);
        moved = true;
      }
    }
  } else if (d->host && d->hf != CBIT_FAULT_NONE && d->free && !recorded) {
    make_record(&net->fault_r, d->head, d->hf, &net->rmp.rd_rec);
    allocate_host(u, net, e, d->head, d->hf);
    done = true;
  }
  if (done) {
    u->off_q = 0;
    cyc_fifo_pop(&u->arq, ARQ_DEPTH);
    net->pop_r = true;
    moved = true;
  }
  u->lock_q = d->valid && !ready;
  u->lock_rmw_q = d->rmw;
  return moved;
}

static void push_ar(bus_read_cyc_t *u, cyc_net_t *net, const cbit_ax_in_t *ar) {
  rd_req_t *q = &u->arq_req[cyc_fifo_tail(&u->arq, ARQ_DEPTH)];
  const cbit_route_req_t r = {
      .addr = ar->addr, .user = ar->user, .len = ar->len, .size = ar->size, .burst = ar->burst, .lock = ar->lock};
  u->route_cfg.smee = net->ctrl.smee;
  u->route_cfg.tsme = net->ctrl.tsme;
  u->route_cfg.mode = net->ctrl.mode;
  cbit_route(&u->route_cfg, &r, net->slot_state, &q->route);
  q->id = ar->id & u->id_mask;
  q->stale = false;
  q->addr_hi = (uint16_t)(ar->addr >> CBIT_SPA_BITS);
  q->len = ar->len;
  q->size = ar->size;
  q->burst = ar->burst;
  q->lock = ar->lock;
  q->cache = ar->cache;
  q->prot = ar->prot;
  q->qos = ar->qos;
  q->region = ar->region;
  cyc_fifo_push(&u->arq);
  if (u->rmp) {
    net->ask_r = (cyc_ask_t){.valid = true,
                             .none = q->route.fault != CBIT_FAULT_NONE,
                             .spa = q->route.spa,
                             .attr = cbit_attr_pack(&q->route.attr)};
  }
}

void cyc_rd_ar_step(bus_read_cyc_t *u, cyc_net_t *net, const rd_ar_t *d, unsigned e, bool ready,
                    const cbit_ax_in_t *taken) {
  const bool was_empty = cyc_fifo_empty(&u->arq);
  const bool moved = serve(u, net, d, e, ready);
  if (taken != NULL) {
    push_ar(u, net, taken);
  }
  if (moved || was_empty) {
    next_chunk(u);
  }
}
