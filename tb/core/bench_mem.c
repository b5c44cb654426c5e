// SPDX-License-Identifier: Apache-2.0
//
// bench_mem.c - memory accesses: a range of bytes as bursts, attributes on the pins (bench.h)
#include <string.h>

#include "core/bench_int.h"

#define BENCH_FLIGHT 48u  // bursts of one blocking access under way at once

void bench_request(const bench_t *b, host_req_t *req, const cbit_attr_t *who, uint64_t spa) {
  const cbit_cyc_cfg_t *c = bench_cfg(b);
  req->user = cbit_attr_pack(who);
  req->addr = spa;
  if (c->attr_from_addr == 0) return;
  const uint64_t fields = (uint64_t)1 << c->cbit_pos | (uint64_t)0x3ff << c->asid_lsb;
  req->addr =
      (spa & ~fields) | (uint64_t)(who->cbit & 1u) << c->cbit_pos | (uint64_t)(who->asid & 0x3ffu) << c->asid_lsb;
}

void bench_request_view(const bench_t *b, const host_req_t *req, cbit_attr_t *who, uint64_t *spa) {
  const cbit_cyc_cfg_t *c = bench_cfg(b);
  cbit_attr_unpack(req->user, who);
  *spa = req->addr;
  if (c->attr_from_addr == 0) return;
  who->cbit = req->addr >> c->cbit_pos & 1u;
  who->asid = req->addr >> c->asid_lsb & 0x3ffu;
  *spa &= ~((uint64_t)1 << c->cbit_pos | (uint64_t)0x3ff << c->asid_lsb);
}

void bench_submit(bench_t *b, host_txn_t *t) { host_submit(b->host, t); }
host_txn_t *bench_poll(bench_t *b) { return host_poll(b->host); }

// One access under way.
typedef struct access {
  bench_t *b;
  bool write;
  const cbit_attr_t *who;
  const bench_burst_t *burst;
  uint32_t size;      // log2 of the bytes of a beat
  const uint8_t *from;
  uint8_t *to;
  bench_rsp_t rsp;
  uint32_t flying;
  uint64_t start, end;
  bool any;
} access_t;

// Moves bytes between the lanes of a burst and the caller's buffer, in the order of beats and lanes; at most len.
static void copy_lanes(const access_t *a, host_txn_t *t, size_t at, size_t len) {
  const uint32_t bus = bench_bus_bytes(a->b);
  const host_req_t *r = &t->req;
  size_t n = 0;
  for (uint32_t k = 0; k <= r->len && n < len; k++) {
    const uint64_t lanes = axi_beat_lanes(r->addr, r->len, r->size, r->burst, k, bus);
    uint8_t *row = t->data + (size_t)k * bus;
    for (uint32_t i = 0; i < bus && n < len; i++) {
      if ((lanes >> i & 1) == 0) continue;
      if (a->write) {
        row[i] = a->from[at + n];
        if (a->burst->mask == NULL || a->burst->mask[at + n] != 0) t->strb[k] |= (uint64_t)1 << i;
      } else {
        a->to[at + n] = row[i];
      }
      n++;
    }
  }
}

// Offset of the burst in the buffer travels in ax order: one entry per burst under way.
typedef struct piece {
  size_t at, len;
} piece_t;

static void collect(access_t *a, piece_t *pieces) {
  host_txn_t *t = NULL;
  while ((t = host_poll_user(a->b->host, pieces)) != NULL) {
    // Same ID: bursts end in the order in which they were submitted.
    const piece_t p = pieces[a->rsp.bursts % BENCH_FLIGHT];
    if (!a->write) copy_lanes(a, t, p.at, p.len);
    if (t->resp > a->rsp.resp) a->rsp.resp = t->resp;
    if (a->rsp.bursts == 0) {
      a->rsp.first = t->c_first - t->c_ax;
      a->start = t->c_offer;
    }
    if (t->c_done > a->end) a->end = t->c_done;
    a->rsp.bursts++;
    a->flying--;
    host_release(a->b->host, t);
  }
}

// Beats of the next burst at addr with left bytes to go: up to the 4 KiB page, max_beats and 256.
static uint32_t beats_of(const access_t *a, uint64_t addr, size_t left, size_t *bytes) {
  const uint64_t beat = (uint64_t)1 << a->size;
  if (a->burst->burst != 0) {  // FIXED and WRAP: all in one; every beat of a FIXED moves the same lanes
    const uint64_t each = a->burst->burst == 1 ? beat - (addr & (beat - 1)) : beat;
    *bytes = left;
    return (uint32_t)((left + each - 1) / each);
  }
  const uint64_t first = addr & ~(beat - 1);
  uint64_t max = (addr / 4096 + 1) * 4096 - first;
  const uint64_t limit = (a->burst->max_beats != 0 && a->burst->max_beats < 256 ? a->burst->max_beats : 256u) * beat;
  if (max > limit) max = limit;
  const uint64_t room = first + max - addr;
  *bytes = left < room ? left : (size_t)room;
  return (uint32_t)((addr + *bytes - first + beat - 1) / beat);
}

static bench_rsp_t run(access_t *a, uint64_t spa, size_t len) {
  static const bench_burst_t plain;
  bench_t *b = a->b;
  if (a->burst == NULL) a->burst = &plain;
  const uint32_t bus = bench_bus_bytes(b);
  a->size = 0;
  while ((1u << a->size) < bus) a->size++;
  if (a->burst->narrow != 0 && a->burst->narrow - 1u < a->size) a->size = a->burst->narrow - 1u;
  piece_t pieces[BENCH_FLIGHT];
  uint32_t sent = 0;
  for (size_t at = 0; at < len && !b->failed;) {
    while (a->flying == BENCH_FLIGHT && bench_step(b)) collect(a, pieces);
    if (b->failed) break;
    size_t bytes = 0;
    host_req_t req = {.write = a->write, .id = a->burst->id, .size = (uint8_t)a->size, .lock = a->burst->lock,
                      .cache = a->burst->cache, .prot = a->burst->prot, .qos = a->burst->qos,
                      .region = a->burst->region};
    req.burst = a->burst->burst == 0 ? AXI_INCR : a->burst->burst == 1 ? AXI_FIXED : AXI_WRAP;
    const uint32_t beats = beats_of(a, spa + at, len - at, &bytes);
    req.len = (uint8_t)(beats > 256 ? 255 : beats - 1);
    cbit_attr_t shown = *a->who;
    if (b->fabric != NULL) b->fabric(b->fabric_arg, &shown, spa + at, a->write);
    bench_request(b, &req, &shown, spa + at);
    host_txn_t *t = host_alloc(b->host, &req);
    t->user = pieces;
    if (b->watch.ask != NULL) b->watch.ask(b->watch.arg, t, a->who, spa + at, bytes);
    if (a->write) copy_lanes(a, t, at, bytes);
    pieces[sent++ % BENCH_FLIGHT] = (piece_t){at, bytes};
    a->flying++;
    host_submit(b->host, t);
    at += bytes;
  }
  while (a->flying > 0 && bench_step(b)) collect(a, pieces);
  a->rsp.cycles = a->end - a->start;
  if (a->rsp.resp == 2 && !b->wire && bench_fault_of(b, a->write, a->burst->id, &a->rsp.record))
    a->rsp.fault = a->rsp.record.code;
  a->rsp.ok = !b->failed && a->flying == 0;
  return a->rsp;
}

bench_rsp_t bench_write(bench_t *b, const cbit_attr_t *who, uint64_t spa, const void *data, size_t len,
                        const bench_burst_t *burst) {
  access_t a = {.b = b, .write = true, .who = who, .burst = burst, .from = data};
  return run(&a, spa, len);
}

bench_rsp_t bench_read(bench_t *b, const cbit_attr_t *who, uint64_t spa, void *data, size_t len,
                       const bench_burst_t *burst) {
  access_t a = {.b = b, .who = who, .burst = burst, .to = data};
  return run(&a, spa, len);
}
