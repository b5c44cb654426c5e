// SPDX-License-Identifier: Apache-2.0
//
// gen_perf.c - traffic for measurements (gen_perf.h)
#include "gen/gen_perf.h"

#include <string.h>

const uint64_t gen_perf_read_base = 0x10000000;
const uint64_t gen_perf_write_base = 0x20000000;
const uint64_t gen_perf_plain_base = 0x30000000;

#define REGION ((uint64_t)1 << 20)

const char *gen_perf_op_name(gen_perf_op_t op) {
  static const char *const name[] = {"read", "write", "mix", "partial", "partial_same"};
  return (unsigned)op < sizeof(name) / sizeof(name[0]) ? name[op] : "?";
}

uint32_t gen_perf_ids(const bench_t *b) {
  const uint32_t there = 1u << bench_cfg(b)->id_width;
  return there < GEN_PERF_IDS ? there : GEN_PERF_IDS;
}

void gen_perf_start(gen_perf_t *g, bench_t *b, const gen_perf_opt_t *opt) {
  memset(g, 0, sizeof(*g));
  g->b = b;
  g->opt = *opt;
  rng_seed(&g->rng, opt->seed);
  // Long bursts need fewer to keep the bus busy; a short queue keeps a mix balanced within the measured window.
  uint32_t depth = 192 / opt->burst;
  if (depth < 12) depth = 12;
  if (depth > GEN_PERF_FLYING + 8) depth = GEN_PERF_FLYING + 8;
  g->waiting = opt->op == GEN_PERF_MIX ? 2 * depth : depth;
}

static uint64_t address(gen_perf_t *g, bool write, bool plain) {
  const uint64_t bytes = (uint64_t)g->opt.burst * bench_bus_bytes(g->b);
  const uint64_t base = write ? gen_perf_write_base : plain ? gen_perf_plain_base : gen_perf_read_base;
  const uint64_t window = 16 * (uint64_t)bench_bus_bytes(g->b);
  switch (g->opt.op) {
    case GEN_PERF_PARTIAL_SAME:
      return base;
    case GEN_PERF_PARTIAL:
      // One window further each time; windows of bursts under way are all different.
      return base + g->n * window % REGION;
    case GEN_PERF_READ:
    case GEN_PERF_WRITE:
    case GEN_PERF_MIX:
    default:
      break;
  }
  if (g->opt.random) return base + rng_below(&g->rng, (uint32_t)(REGION / bytes)) * bytes;
  const uint64_t at = g->next[write] % REGION;
  g->next[write] += bytes;
  return base + at;
}

static void fill(gen_perf_t *g, host_txn_t *t) {
  const uint32_t bus = bench_bus_bytes(g->b);
  const bool partial = g->opt.op == GEN_PERF_PARTIAL || g->opt.op == GEN_PERF_PARTIAL_SAME;
  // Low half of every block only.
  const uint64_t all = bus == 64 ? ~(uint64_t)0 : ((uint64_t)1 << bus) - 1;
  const uint64_t strb = partial ? all & UINT64_C(0x00ff00ff00ff00ff) : all;
  for (uint32_t k = 0; k <= t->req.len; k++) {
    for (uint32_t i = 0; i < bus; i += 8) {
      const uint64_t v = rng_u64(&g->rng);
      memcpy(t->data + (size_t)k * bus + i, &v, 8);
    }
    t->strb[k] = strb;
  }
}

static void make(gen_perf_t *g) {
  const gen_perf_opt_t *o = &g->opt;
  const bool write = o->op == GEN_PERF_MIX ? (g->n & 1) != 0 : o->op != GEN_PERF_READ;
  const bool plain = !write && o->choose == NULL && o->plain_pct != 0 && rng_pct(&g->rng, o->plain_pct);
  const uint64_t turn = o->op == GEN_PERF_MIX ? g->n / 2 : g->n;
  uint8_t size = 0;
  while ((1u << size) < bench_bus_bytes(g->b)) size++;
  host_req_t req = {.write = write, .len = (uint8_t)(o->burst - 1), .size = size, .burst = AXI_INCR};
  req.id = (uint16_t)(o->ids > 1 ? turn % o->ids : 0);
  if (o->plain_pct != 0) {
    const uint32_t half = gen_perf_ids(g->b) / 2;
    req.id = (uint16_t)(turn % half + (plain ? half : 0));
  }
  cbit_attr_t who = {.requester = CBIT_REQ_GUEST, .asid = (uint16_t)(1 + g->n % GEN_PERF_KEYS), .cbit = o->cbit && !plain};
  uint64_t spa = 0;
  if (o->choose != NULL) {
    o->choose(o->arg, &g->rng, write, turn, &who, &spa);
  } else {
    spa = address(g, write, plain);
  }
  bench_request(g->b, &req, &who, spa);
  host_txn_t *t = host_alloc(bench_host(g->b), &req);
  if (write) fill(g, t);
  bench_submit(g->b, t);
  g->n++;
}

static void collect(gen_perf_t *g) {
  host_txn_t *t = NULL;
  while ((t = bench_poll(g->b)) != NULL) {
    g->done++;
    g->errors += t->resp >= 2;
    if (g->opt.done != NULL) g->opt.done(g->opt.arg, t);
    host_release(bench_host(g->b), t);
  }
}

void gen_perf_step(gen_perf_t *g) {
  collect(g);
  if (g->stopped) return;
  while (host_pending(bench_host(g->b)) < g->waiting) make(g);
}

bool gen_perf_stop(gen_perf_t *g) {
  g->stopped = true;
  const bool good = bench_drain(g->b);
  collect(g);
  return good;
}
