// SPDX-License-Identifier: Apache-2.0
//
// axi_host.c - the AXI4 requester (axi_host.h)
//
// Transactions move through linked queues: waiting for their address (reads and writes apart), writes waiting for
// their data to be sent (same order), and per ID those that wait for an answer. The checks of the answers live here:
// an answer must belong to the oldest transaction of its ID, with as many beats as asked, and B comes after the whole
// of W.
#include "drv/axi_host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"

#define IDS 256u

typedef struct queue {
  host_txn_t *head, *tail;
} queue_t;

struct host {
  uint32_t bytes;
  host_opt_t opt;
  rng_t rng;
  queue_t ax[2];            // [0] reads, [1] writes whose address is not taken
  queue_t w;                // writes whose data is not sent
  queue_t id[2][IDS];       // address taken, not finished
  queue_t done;
  host_txn_t *all_head, *all_tail;  // queued and flying, oldest first
  host_txn_t *free;
  bool ax_shown[2], w_shown;
  bool ax_loaded[2];        // ax_wait belongs to the head
  uint32_t ax_wait[2];
  uint32_t pending, flying[2];
  uint64_t number, cycle;
  host_event_fn on_done, on_addr;
  void *on_done_arg, *on_addr_arg;
  host_stats_t stats;
  char error[200];
};

// ---- burst arithmetic (IHI 0022, A3.4.1) ------------------------------------------------------------------------

uint64_t axi_beat_addr(uint64_t addr, uint8_t len, uint8_t size, uint8_t burst, uint32_t k) {
  if (k == 0 || burst == AXI_FIXED) return addr;
  const uint64_t aligned = addr & ~(((uint64_t)1 << size) - 1);
  const uint64_t next = aligned + ((uint64_t)k << size);
  if (burst != AXI_WRAP) return next;
  const uint64_t bytes = (uint64_t)(len + 1u) << size;
  const uint64_t low = addr / bytes * bytes;
  return low + (next - low) % bytes;
}

uint64_t axi_beat_lanes(uint64_t addr, uint8_t len, uint8_t size, uint8_t burst, uint32_t k, uint32_t bus_bytes) {
  const uint64_t a = axi_beat_addr(addr, len, size, burst, k);
  const uint64_t bytes = (uint64_t)1 << size;
  const uint64_t first = a & (bus_bytes - 1);
  const uint64_t end = (a & ~(bytes - 1) & (bus_bytes - 1)) + bytes;  // one past the last lane
  const uint64_t below_end = end >= 64 ? ~(uint64_t)0 : ((uint64_t)1 << end) - 1;
  return below_end & ~(((uint64_t)1 << first) - 1);
}

// ---- life -------------------------------------------------------------------------------------------------------

host_t *host_new(uint32_t bus_bytes, const host_opt_t *opt, const rng_t *rng) {
  host_t *h = log_alloc(sizeof(*h));
  h->bytes = bus_bytes;
  h->opt = *opt;
  h->rng = *rng;
  return h;
}

static void txn_free(host_txn_t *t) {
  free(t->data);
  free(t->strb);
  free(t->beat_resp);
  free(t);
}

void host_set_opt(host_t *h, const host_opt_t *opt) { h->opt = *opt; }

static void recycle(host_t *h, host_txn_t *t) {
  t->state = HOST_TXN_FREE;
  t->next = h->free;
  h->free = t;
}

void host_reset(host_t *h) {
  for (host_txn_t *t = h->all_head; t != NULL;) {
    host_txn_t *next = t->next_all;
    recycle(h, t);
    t = next;
  }
  h->all_head = h->all_tail = NULL;
  memset(h->ax, 0, sizeof(h->ax));
  memset(&h->w, 0, sizeof(h->w));
  memset(h->id, 0, sizeof(h->id));
  memset(h->ax_shown, 0, sizeof(h->ax_shown));
  memset(h->ax_loaded, 0, sizeof(h->ax_loaded));
  memset(h->flying, 0, sizeof(h->flying));
  h->w_shown = false;
  h->pending = 0;
}

void host_free(host_t *h) {
  if (h == NULL) return;
  host_reset(h);
  while (h->done.head != NULL) recycle(h, host_poll(h));
  while (h->free != NULL) {
    host_txn_t *t = h->free;
    h->free = t->next;
    txn_free(t);
  }
  free(h);
}

host_txn_t *host_alloc(host_t *h, const host_req_t *req) {
  host_txn_t *t = h->free;
  if (t != NULL) {
    h->free = t->next;
  } else {
    t = log_alloc(sizeof(*t));
  }
  const uint32_t beats = req->len + 1u;
  if (t->beats_cap < beats) {
    t->beats_cap = beats < 16 ? 16 : 256;
    t->data = log_realloc(t->data, (size_t)t->beats_cap * h->bytes);
    t->strb = log_realloc(t->strb, (size_t)t->beats_cap * sizeof(*t->strb));
    t->beat_resp = log_realloc(t->beat_resp, t->beats_cap);
  }
  const uint32_t cap = t->beats_cap;
  uint8_t *const data = t->data;
  uint64_t *const strb = t->strb;
  uint8_t *const beat_resp = t->beat_resp;
  memset(t, 0, sizeof(*t));
  t->beats_cap = cap;
  t->data = data;
  t->strb = strb;
  t->beat_resp = beat_resp;
  t->req = *req;
  memset(t->data, 0, (size_t)beats * h->bytes);
  memset(t->strb, 0, (size_t)beats * sizeof(*t->strb));
  return t;
}

void host_submit(host_t *h, host_txn_t *t) {
  t->number = h->number++;
  t->state = HOST_TXN_QUEUED;
  t->c_submit = h->cycle;
  t->next = t->next_w = t->next_id = t->next_all = NULL;
  t->prev_all = h->all_tail;
  if (h->all_tail != NULL) h->all_tail->next_all = t; else h->all_head = t;
  h->all_tail = t;
  queue_t *q = &h->ax[t->req.write];
  if (q->head != NULL) q->tail->next = t; else q->head = t;
  q->tail = t;
  if (t->req.write) {
    if (h->w.head != NULL) h->w.tail->next_w = t; else h->w.head = t;
    h->w.tail = t;
  }
  h->pending++;
}

host_txn_t *host_poll(host_t *h) {
  host_txn_t *t = h->done.head;
  if (t != NULL) h->done.head = t->next;
  return t;
}

host_txn_t *host_poll_user(host_t *h, const void *user) {
  host_txn_t *before = NULL;
  host_txn_t *t = h->done.head;
  while (t != NULL && t->user != user) {
    before = t;
    t = t->next;
  }
  if (t == NULL) return NULL;
  if (before != NULL) before->next = t->next; else h->done.head = t->next;
  if (h->done.tail == t) h->done.tail = before;
  return t;
}

void host_release(host_t *h, host_txn_t *t) { recycle(h, t); }

void host_on_done(host_t *h, host_event_fn fn, void *arg) {
  h->on_done = fn;
  h->on_done_arg = arg;
}

void host_on_addr(host_t *h, host_event_fn fn, void *arg) {
  h->on_addr = fn;
  h->on_addr_arg = arg;
}

// ---- drive ------------------------------------------------------------------------------------------------------

static bool stalled(host_t *h, uint8_t percent) { return percent != 0 && rng_pct(&h->rng, percent); }

static void drive_ax(host_t *h, int write, cbit_ax_in_t *ax) {
  host_txn_t *t = h->ax[write].head;
  if (!h->ax_shown[write] && t != NULL) {
    if (!h->ax_loaded[write]) {
      h->ax_loaded[write] = true;
      h->ax_wait[write] = t->req.ax_delay;
    }
    const uint32_t limit = write ? h->opt.max_writes : h->opt.max_reads;
    if (h->ax_wait[write] > 0) {
      h->ax_wait[write]--;
    } else if ((limit == 0 || h->flying[write] < limit) &&
               !stalled(h, write ? h->opt.stall_aw : h->opt.stall_ar)) {
      const host_req_t *r = &t->req;
      ax->id = r->id;
      ax->addr = r->addr;
      ax->len = r->len;
      ax->size = r->size;
      ax->burst = r->burst;
      ax->lock = r->lock;
      ax->cache = r->cache;
      ax->prot = r->prot;
      ax->qos = r->qos;
      ax->region = r->region;
      ax->user = r->user;
      t->c_offer = h->cycle;
      h->ax_shown[write] = true;
    }
  }
  ax->valid = h->ax_shown[write];
}

static void drive_w(host_t *h, cbit_w_t *w) {
  const host_txn_t *t = h->w.head;
  if (!h->w_shown && t != NULL && (t->addr_taken || !t->req.w_late) && !stalled(h, h->opt.stall_w)) {
    const uint32_t b = t->w_sent;
    const uint32_t len = t->req.len;
    w->strb = t->strb[b];
    memcpy(w->data, t->data + (size_t)b * h->bytes, h->bytes);
    w->last = t->req.bad_wlast == 1 && len > 0 ? b == len - 1u : t->req.bad_wlast == 0 && b == len;
    h->w_shown = true;
  }
  w->valid = h->w_shown;
}

void host_drive(host_t *h, cbit_pins_in_t *in) {
  drive_ax(h, 0, &in->s_ar);
  drive_ax(h, 1, &in->s_aw);
  drive_w(h, &in->s_w);
  in->s_rready = !stalled(h, h->opt.stall_r);
  in->s_bready = !stalled(h, h->opt.stall_b);
}

// ---- sample -----------------------------------------------------------------------------------------------------

static void taken(host_t *h, int write, uint64_t cycle) {
  host_txn_t *t = h->ax[write].head;
  h->ax[write].head = t->next;
  h->ax_shown[write] = false;
  h->ax_loaded[write] = false;
  t->addr_taken = true;
  t->state = HOST_TXN_FLYING;
  t->c_ax = cycle;
  h->flying[write]++;
  queue_t *q = &h->id[write][t->req.id % IDS];
  if (q->head != NULL) q->tail->next_id = t; else q->head = t;
  q->tail = t;
  if (h->on_addr != NULL) h->on_addr(h->on_addr_arg, t, cycle);
}

static void finish(host_t *h, host_txn_t *t, uint64_t cycle) {
  const int write = t->req.write;
  h->id[write][t->req.id % IDS].head = t->next_id;
  if (t->prev_all != NULL) t->prev_all->next_all = t->next_all; else h->all_head = t->next_all;
  if (t->next_all != NULL) t->next_all->prev_all = t->prev_all; else h->all_tail = t->prev_all;
  h->pending--;
  h->flying[write]--;
  t->state = HOST_TXN_DONE;
  t->c_done = cycle;
  h->stats.errors += t->resp >= 2;
  if (write) h->stats.writes++; else h->stats.reads++;
  t->next = NULL;
  if (h->done.head != NULL) h->done.tail->next = t; else h->done.head = t;
  h->done.tail = t;
  if (h->on_done != NULL) h->on_done(h->on_done_arg, t, cycle);
}

static void take_r(host_t *h, const cbit_r_t *r, uint64_t cycle) {
  host_txn_t *t = r->id < IDS ? h->id[0][r->id].head : NULL;
  if (t == NULL) {
    if (h->error[0] == '\0')
      snprintf(h->error, sizeof(h->error), "read data for ID %u, which has no read under way", r->id);
    return;
  }
  const uint32_t b = t->r_got++;
  memcpy(t->data + (size_t)b * h->bytes, r->data, h->bytes);
  t->beat_resp[b] = r->resp;
  // Worst response; EXOKAY only if every beat says so.
  if (b == 0 || (r->resp >= 2 && r->resp > t->resp) || (r->resp == 0 && t->resp == 1)) t->resp = r->resp;
  if (b == 0) t->c_first = cycle;
  h->stats.read_beats++;
  if (r->last != (b == t->req.len)) {
    if (h->error[0] == '\0') {
      snprintf(h->error, sizeof(h->error), "RLAST %s in beat %u of %u of transaction %llu (ID %u)",
               r->last ? "high" : "low", b + 1, t->req.len + 1u, (unsigned long long)t->number, r->id);
    }
    return;
  }
  if (r->last) finish(h, t, cycle);
}

static void take_b(host_t *h, const cbit_b_t *b, uint64_t cycle) {
  host_txn_t *t = b->id < IDS ? h->id[1][b->id].head : NULL;
  if (t == NULL || t->w_sent <= t->req.len) {
    if (h->error[0] == '\0') {
      snprintf(h->error, sizeof(h->error), "write response for ID %u, which has no finished write under way", b->id);
    }
    return;
  }
  t->resp = b->resp;
  t->c_first = cycle;
  finish(h, t, cycle);
}

void host_sample(host_t *h, const cbit_pins_in_t *in, const cbit_pins_out_t *out, uint64_t cycle) {
  if (in->s_ar.valid) {
    if (out->s_arready) taken(h, 0, cycle); else h->stats.stalled_ar++;
  }
  if (in->s_aw.valid) {
    if (out->s_awready) taken(h, 1, cycle); else h->stats.stalled_aw++;
  }
  if (in->s_w.valid) {
    if (out->s_wready) {
      host_txn_t *t = h->w.head;
      if (t->w_sent == 0) t->c_w_first = cycle;
      h->stats.write_beats++;
      h->w_shown = false;
      if (t->w_sent++ == t->req.len) {
        t->c_w_last = cycle;
        h->w.head = t->next_w;
      }
    } else {
      h->stats.stalled_w++;
    }
  }
  // An answer to an address of this very cycle exists on a wire only; addresses were taken above.
  if (out->s_r.valid && in->s_rready) take_r(h, &out->s_r, cycle);
  if (out->s_b.valid && in->s_bready) take_b(h, &out->s_b, cycle);
  h->cycle = cycle + 1;
}

// ---- questions --------------------------------------------------------------------------------------------------

uint32_t host_pending(const host_t *h) { return h->pending; }
uint32_t host_reads_flying(const host_t *h) { return h->flying[0]; }
uint32_t host_writes_flying(const host_t *h) { return h->flying[1]; }
uint32_t host_id_flying(const host_t *h, bool write, uint16_t id) {
  uint32_t n = 0;
  for (const host_txn_t *t = h->id[write][id % IDS].head; t != NULL; t = t->next_id) n++;
  return n;
}
const char *host_protocol_error(const host_t *h) { return h->error[0] != '\0' ? h->error : NULL; }
const host_stats_t *host_stats(const host_t *h) { return &h->stats; }
void host_stats_clear(host_t *h) { memset(&h->stats, 0, sizeof(h->stats)); }

void host_each_flying(const host_t *h, void (*visit)(void *arg, const host_txn_t *t), void *arg) {
  for (const host_txn_t *t = h->all_head; t != NULL; t = t->next_all) visit(arg, t);
}
