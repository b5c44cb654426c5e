// SPDX-License-Identifier: Apache-2.0
//
// scenario_access.c - reads and writes of a scenario: blocking, one burst as it is, or not waited for (scenario_int.h)
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "core/scenario_int.h"

#define SPEED_LEAST 1024u  // bytes of an access from which on it counts for throughput

typedef struct plan {
  bool write;
  cbit_attr_t who;
  uint64_t spa;
  scn_bytes_t data;  // to write, or room for what is read
  scn_bytes_t mask;
  uint8_t burst;     // on the pins: 0 FIXED, 1 INCR, 2 WRAP, 3 reserved
  uint32_t size;     // bytes of a beat
  uint32_t len;      // beats at most, 0 = 256
  uint16_t id;
  uint8_t lock;
  bool enc;          // the key table of docs/units/route.md says: encrypted
} plan_t;

void scn_sample_add(scn_sample_t *s, uint64_t v) {
  if (s->n == s->cap) {
    s->cap = s->cap == 0 ? 64 : s->cap * 2;
    s->v = (uint64_t *)log_realloc(s->v, s->cap * sizeof(uint64_t));
  }
  s->v[s->n++] = v;
}

// Whether the functional model would encrypt this request, all slots being active.
static bool is_encrypted(scn_exec_t *x, const cbit_attr_t *who, uint64_t spa) {
  const cbit_cyc_cfg_t *c = bench_cfg(x->b);
  if (engine_kind(bench_engine(x->b)) == ENGINE_WIRE) return false;
  cbit_route_cfg_t cfg;
  cbit_route_req_t req;
  cbit_route_rsp_t rsp;
  memset(&cfg, 0, sizeof(cfg));
  memset(&req, 0, sizeof(req));
  cfg.smee = x->smee;
  cfg.tsme = x->tsme;
  cfg.mode = (uint8_t)x->mode;
  cfg.spa_width = (uint8_t)c->spa_width;
  cfg.lanes = (uint8_t)c->lanes;
  cfg.key_slots = (uint16_t)c->key_slots;
  cfg.rmp = (uint8_t)c->rmp;
  req.addr = spa;
  req.user = cbit_attr_pack(who);
  req.burst = CBIT_BURST_INCR;
  uint8_t state[CBIT_KEY_SLOTS_MAX];
  memset(state, CBIT_SLOT_ACTIVE, sizeof(state));
  cbit_route(&cfg, &req, state, &rsp);
  return rsp.enc != 0;
}

static void plan_free(plan_t *p) {
  scn_bytes_free(&p->data);
  scn_bytes_free(&p->mask);
}

static bool make_plan(scn_exec_t *x, const scn_step_t *st, plan_t *p) {
  static const uint8_t burst[] = {CBIT_BURST_INCR, CBIT_BURST_FIXED, CBIT_BURST_WRAP, 3};
  memset(p, 0, sizeof(*p));
  p->write = st->spec->op == SCN_OP_WRITE;
  p->who = x->s->who[scn_arg(st, "requester")->num].attr;
  if (scn_arg(st, "cbit")->set) p->who.cbit = (uint8_t)scn_arg(st, "cbit")->num;
  p->who.ncbit = (uint8_t)scn_arg(st, "ncbit")->num;
  if (scn_arg(st, "gpa")->set) p->who.gpa_page = scn_arg(st, "gpa")->num >> 12 & 0xffffffffffu;
  p->who.page_size = (uint8_t)scn_arg(st, "map")->num;
  p->who.access = (uint8_t)scn_arg(st, "access")->num;
  p->spa = scn_arg(st, "address")->num;
  p->burst = burst[scn_arg(st, "burst")->num & 3];
  p->size = (uint32_t)scn_arg(st, "size")->num;
  p->len = (uint32_t)scn_arg(st, "len")->num;
  p->id = (uint16_t)(scn_arg(st, "id")->num & ((1u << bench_cfg(x->b)->id_width) - 1u));
  p->lock = (uint8_t)scn_arg(st, "lock")->num;
  const uint32_t bus = bench_bus_bytes(x->b);
  if (p->size == 0 || p->size > bus) p->size = bus;
  uint64_t length = 0;
  if (!scn_size(x, scn_arg(st, "length"), &length)) return false;
  if (p->write) {
    if (!scn_value(x, scn_arg(st, "data")->data, length, &p->data)) return false;
    if (length > p->data.len) {
      scn_fail(x, "length is %llu, but the data has %zu bytes", (unsigned long long)length, p->data.len);
      return false;
    }
    if (length != 0) p->data.len = (size_t)length;
    if (scn_arg(st, "mask")->set) {
      if (!scn_value(x, scn_arg(st, "mask")->data, p->data.len, &p->mask)) return false;
      if (p->mask.len != p->data.len) {
        scn_fail(x, "the mask has %zu bytes, the data %zu", p->mask.len, p->data.len);
        return false;
      }
    }
  } else {
    p->data.data = (uint8_t *)log_alloc((size_t)length);
    p->data.len = (size_t)length;
  }
  if (p->data.len == 0) {
    scn_fail(x, "no bytes to move");
    return false;
  }
  p->enc = is_encrypted(x, &p->who, p->spa);
  return true;
}

// ---- one burst as it is ----

static bool burst_request(scn_exec_t *x, const plan_t *p, host_req_t *req) {
  const uint64_t into = p->spa & (p->size - 1);
  uint64_t beats = (into + p->data.len + p->size - 1) / p->size;
  if (p->burst == CBIT_BURST_FIXED) {
    const uint64_t each = p->size - into;
    beats = (p->data.len + each - 1) / each;
  }
  if (beats > 256) {
    scn_fail(x, "%llu beats do not fit into one burst", (unsigned long long)beats);
    return false;
  }
  memset(req, 0, sizeof(*req));
  req->write = p->write;
  req->id = p->id;
  req->len = (uint8_t)(beats - 1);
  while ((1u << req->size) < p->size) req->size++;
  req->burst = p->burst;
  req->lock = p->lock;
  bench_request(x->b, req, &p->who, p->spa);
  return true;
}

// Calls visit for every byte of a burst in the order of beats and lanes: its address, row and lane.
typedef void (*lane_fn)(void *arg, size_t n, uint64_t spa, uint32_t beat, uint32_t lane);
static void each_lane(scn_exec_t *x, const host_req_t *r, size_t len, lane_fn visit, void *arg) {
  const uint32_t bus = bench_bus_bytes(x->b);
  cbit_attr_t who;
  uint64_t spa = 0;
  bench_request_view(x->b, r, &who, &spa);
  size_t n = 0;
  for (uint32_t k = 0; k <= r->len && n < len; k++) {
    const uint64_t lanes = axi_beat_lanes(spa, r->len, r->size, r->burst, k, bus);
    const uint64_t row = axi_beat_addr(spa, r->len, r->size, r->burst, k) & ~(uint64_t)(bus - 1);
    for (uint32_t i = 0; i < bus && n < len; i++) {
      if ((lanes >> i & 1) != 0) visit(arg, n++, row + i, k, i);
    }
  }
}

typedef struct copy_arg {
  scn_exec_t *x;
  host_txn_t *t;
  uint8_t *data;
  const uint8_t *mask;
  uint32_t bus;
} copy_arg_t;

static void copy_out(void *arg, size_t n, uint64_t spa, uint32_t beat, uint32_t lane) {
  copy_arg_t *c = (copy_arg_t *)arg;
  (void)spa;
  c->t->data[(size_t)beat * c->bus + lane] = c->data[n];
  if (c->mask == NULL || c->mask[n] != 0) c->t->strb[beat] |= UINT64_C(1) << lane;
}

static void copy_in(void *arg, size_t n, uint64_t spa, uint32_t beat, uint32_t lane) {
  copy_arg_t *c = (copy_arg_t *)arg;
  (void)spa;
  c->data[n] = c->t->data[(size_t)beat * c->bus + lane];
}

static void copy_shadow(void *arg, size_t n, uint64_t spa, uint32_t beat, uint32_t lane) {
  copy_arg_t *c = (copy_arg_t *)arg;
  (void)n;
  if ((c->t->strb[beat] >> lane & 1) == 0) return;
  shadow_write(c->x->shadow, spa, &c->t->data[(size_t)beat * c->bus + lane], NULL, 1);
}

static bool submit(scn_exec_t *x, const scn_step_t *st, plan_t *p) {
  host_req_t req;
  if (!burst_request(x, p, &req)) return false;
  host_txn_t *t = host_alloc(bench_host(x->b), &req);
  copy_arg_t c = {x, t, p->data.data, p->mask.data, bench_bus_bytes(x->b)};
  if (p->write) each_lane(x, &req, p->data.len, copy_out, &c);
  scn_flight_t *f = (scn_flight_t *)log_alloc(sizeof(scn_flight_t));
  *f = (scn_flight_t){t, st, p->spa, p->data.len, NULL};
  t->user = x;
  scn_flight_t **end = &x->flight;
  while (*end != NULL) end = &(*end)->next;
  *end = f;
  bench_submit(x->b, t);
  return true;
}

// Waits for all that is under way; the bytes read, in the order of submission, become the last data.
static void collect(scn_exec_t *x, uint8_t *worst) {
  uint32_t open = 0;
  size_t total = 0;
  for (const scn_flight_t *f = x->flight; f != NULL; f = f->next) {
    open++;
    if (!f->txn->req.write) total += f->len;
  }
  while (open > 0 && !bench_failed(x->b)) {
    while (open > 0 && host_poll_user(bench_host(x->b), x) != NULL) open--;
    if (open > 0) bench_step(x->b);
  }
  const bool alive = !bench_failed(x->b);
  uint8_t *data = (uint8_t *)log_alloc(total == 0 ? 1 : total);
  size_t at = 0;
  *worst = 0;
  while (x->flight != NULL) {
    scn_flight_t *f = x->flight;
    x->flight = f->next;
    if (alive) {
      copy_arg_t c = {x, f->txn, data + at, NULL, bench_bus_bytes(x->b)};
      if (!f->txn->req.write) {
        each_lane(x, &f->txn->req, f->len, copy_in, &c);
        at += f->len;
      } else if (f->txn->resp == 1 || (f->txn->resp == 0 && f->txn->req.lock == 0)) {
        each_lane(x, &f->txn->req, f->len, copy_shadow, &c);
      }
      if (f->txn->resp > *worst) *worst = f->txn->resp;
      x->last.cycles = f->txn->c_done - f->txn->c_offer;
      x->last.addr = f->spa;
      host_release(bench_host(x->b), f->txn);
    }
    free(f);
  }
  scn_last_set(x, data, total);
}

// The records that refused bursts left in the fault log: the first is kept, all are dropped from the log.
static void drain_log(scn_exec_t *x, const bench_fault_t *first, uint32_t *records) {
  bench_fault_t f = *first;
  *records = 0;
  if (f.code == 0 && (!bench_fault_pop(x->b, &f) || f.code == 0)) return;
  x->last.fault = f.code;
  x->last.record = f;
  *records = 1;
  while (bench_fault_pop(x->b, &f) && f.code != 0) (*records)++;
}

static void note_result(scn_exec_t *x, const scn_step_t *st, uint64_t bytes, uint32_t bursts, uint32_t records) {
  const scn_last_t *l = &x->last;
  if (l->resp <= 1) {
    scn_note(x, "%s%llu byte%s in %u burst%s, %llu cycles", l->resp == 1 ? "EXOKAY, " : "", (unsigned long long)bytes,
             bytes == 1 ? "" : "s", bursts, bursts == 1 ? "" : "s", (unsigned long long)l->cycles);
    return;
  }
  if (l->fault != 0) {
    scn_note(x, "%s, fault %s: %s asid=%u cbit=%u at 0x%llx%s", scn_resp_name(l->resp), bench_fault_name(l->fault),
             l->record.write ? "write" : "read", l->record.asid, l->record.cbit ? 1u : 0u, (unsigned long long)l->record.addr,
             records > 1 ? " (and more records)" : "");
  } else {
    scn_note(x, "%s, no record", scn_resp_name(l->resp));
  }
  if (!st->expects_bad) scn_fail(x, "answered with %s", scn_resp_name(l->resp));
}

// ---- steps ----

static void run_whole(scn_exec_t *x, const scn_step_t *st, plan_t *p) {
  uint8_t worst = 0;
  uint32_t records = 0;
  const bool linear = p->burst == CBIT_BURST_INCR;
  if (!submit(x, st, p)) return;
  collect(x, &worst);
  x->last.resp = worst;
  if (p->write) {
    scn_last_set(x, p->data.data, p->data.len);
    p->data.data = NULL;
  }
  const bench_fault_t none = {0};
  if (worst == 2) drain_log(x, &none, &records);
  x->last.addr = p->spa;
  x->last.addr_known = linear;
  note_result(x, st, x->last.bytes.len, 1, records);
}

static void run_blocking(scn_exec_t *x, const scn_step_t *st, plan_t *p) {
  bench_burst_t burst;
  memset(&burst, 0, sizeof(burst));
  burst.id = p->id;
  while ((1u << burst.narrow) < p->size) burst.narrow++;
  burst.narrow++;
  burst.max_beats = (uint16_t)p->len;
  burst.lock = p->lock;
  burst.mask = p->mask.data;
  const bench_rsp_t rsp = p->write ? bench_write(x->b, &p->who, p->spa, p->data.data, p->data.len, &burst)
                                   : bench_read(x->b, &p->who, p->spa, p->data.data, p->data.len, &burst);
  x->last.resp = rsp.resp;
  x->last.cycles = rsp.cycles;
  if (!rsp.ok) return;  // the bench has failed and says so itself
  uint32_t records = 0;
  if (rsp.resp == 2) drain_log(x, &rsp.record, &records);
  if (p->write && (rsp.resp == 1 || (rsp.resp == 0 && p->lock == 0))) {
    shadow_write(x->shadow, p->spa, p->data.data, p->mask.data, p->data.len);
  }
  const uint64_t bytes = p->data.len;
  if (rsp.resp <= 1) {
    if (!p->write) scn_sample_add(&x->lat[p->enc ? 1 : 0], rsp.first);
    if (bytes >= SPEED_LEAST) {
      scn_speed_t *s = &x->speed[(p->write ? 2 : 0) + (p->enc ? 1 : 0)];
      s->bytes += bytes;
      s->cycles += rsp.cycles;
    }
  }
  scn_last_set(x, p->data.data, p->data.len);
  p->data.data = NULL;
  x->last.addr = p->spa;
  x->last.addr_known = true;
  note_result(x, st, bytes, rsp.bursts, records);
}

void scn_access(scn_exec_t *x, const scn_step_t *st) {
  plan_t p;
  const bool later = scn_arg(st, "later")->num != 0;
  if (!make_plan(x, st, &p)) {
    plan_free(&p);
    return;
  }
  memset(&x->last.record, 0, sizeof(x->last.record));
  x->last.fault = 0;
  x->last.access = true;
  x->last.command = x->last.insn = false;
  x->last.write = p.write;
  if (later) {
    if (submit(x, st, &p)) scn_note(x, "sent, not waited for");
  } else if (scn_arg(st, "whole")->num != 0 || p.burst != CBIT_BURST_INCR) {
    if (x->flight != NULL) scn_fail(x, "a burst sent as it is cannot be waited for while others are under way: finish first");
    else run_whole(x, st, &p);
  } else {
    run_blocking(x, st, &p);
  }
  plan_free(&p);
}

void scn_finish(scn_exec_t *x) {
  uint8_t worst = 0;
  uint32_t n = 0;
  for (const scn_flight_t *f = x->flight; f != NULL; f = f->next) n++;
  if (n == 0) {
    scn_fail(x, "nothing is under way (accesses with later=on)");
    return;
  }
  memset(&x->last.record, 0, sizeof(x->last.record));
  x->last.fault = 0;
  collect(x, &worst);
  x->last.access = true;
  x->last.command = x->last.insn = false;
  x->last.resp = worst;
  x->last.addr_known = n == 1;
  scn_note(x, "%u access%s ended, worst response %s", n, n == 1 ? "" : "es", scn_resp_name(worst));
  if (worst > 1 && !x->step->expects_bad) scn_fail(x, "answered with %s", scn_resp_name(worst));
}

void scn_measure(scn_exec_t *x, const scn_step_t *st) {
  plan_t p;
  memset(&p, 0, sizeof(p));
  p.who = x->s->who[scn_arg(st, "requester")->num].attr;
  if (scn_arg(st, "cbit")->set) p.who.cbit = (uint8_t)scn_arg(st, "cbit")->num;
  p.spa = scn_arg(st, "address")->num;
  const uint64_t reads = scn_arg(st, "reads")->set ? scn_arg(st, "reads")->num : 64;
  const uint64_t len = scn_arg(st, "length")->set ? scn_arg(st, "length")->num : 64;
  if (len == 0 || len > 4096) {
    scn_fail(x, "a measured read has 1 to 4096 bytes");
    return;
  }
  const bool enc = is_encrypted(x, &p.who, p.spa);
  uint8_t data[4096];
  uint64_t min = UINT64_MAX, max = 0, sum = 0;
  for (uint64_t i = 0; i < reads; i++) {
    const bench_rsp_t rsp = bench_read(x->b, &p.who, p.spa + i * len, data, (size_t)len, NULL);
    if (!rsp.ok) return;
    if (rsp.resp > 1) {
      uint32_t records = 0;
      if (rsp.resp == 2) drain_log(x, &rsp.record, &records);
      scn_fail(x, "read %llu was answered with %s", (unsigned long long)i, scn_resp_name(rsp.resp));
      return;
    }
    scn_sample_add(&x->lat[enc ? 1 : 0], rsp.first);
    if (rsp.first < min) min = rsp.first;
    if (rsp.first > max) max = rsp.first;
    sum += rsp.first;
  }
  if (reads == 0) return;
  scn_note(x, "%llu %s reads of %llu bytes, one at a time: first data after %llu to %llu cycles, mean %.1f",
           (unsigned long long)reads, enc ? "encrypted" : "plain", (unsigned long long)len, (unsigned long long)min,
           (unsigned long long)max, (double)sum / (double)reads);
}
