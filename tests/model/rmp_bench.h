// SPDX-License-Identifier: Apache-2.0
//
// rmp_bench.h - the RMP unit of the cycle model alone, with a table in DRAM and the bus units played by the test
//
// The table lies at 1 MiB and covers the first 16 MiB, itself included, or what T_PAGES says. Members of net that the bus units or the
// registers would drive are set before a tick and fall back after it. The bench plays the internal port: a walk that is
// taken comes back `latency` cycles later, in order. With check ports or instructions `pins` are the inputs, `pout` the
// check ports' outputs of the cycle that comes next. A test with another table gives `load`.

#ifndef CBIT_TESTS_RMP_BENCH_H
#define CBIT_TESTS_RMP_BENCH_H

#include <stdlib.h>

#include "cbit_attr.h"
#include "rmp/rmp_units.h"
#include "util/bytes.h"
#include "vec.h"

#define T_BASE UINT64_C(0x100000)
#define T_END (T_BASE + T_BYTES - 1u)
#define T_ENTRIES 0x4000u  // offset of the first entry
#ifndef T_PAGES
#define T_PAGES 4096u
#endif
#define T_BYTES (T_ENTRIES + 16u * T_PAGES)
#define T_FIRST_PAGE (T_BASE >> 12)
#define T_LAST_PAGE (T_END >> 12)
#define PENDING 64u

// Entries: a page of guest 5 with everything allowed at VMPL0, of the firmware, of nobody.
#define Q1_ASSIGNED UINT64_C(1)
#define Q1_LARGE UINT64_C(2)
#define Q1_FIRMWARE UINT64_C(0x8000000000000005)
#define Q1_GUEST(asid, gpa_page) \
  (UINT64_C(0x4000000000000001) | ((uint64_t)(asid) << 51) | ((uint64_t)(gpa_page) << 12))

typedef struct bench_walk {
  uint64_t due, addr;
  uint8_t tag;
} bench_walk_t;

typedef struct bench bench_t;

struct bench {
  rmp_cyc_t *u;
  cbit_cyc_cfg_t cfg;
  cyc_net_t net;
  uint64_t cycle;
  unsigned latency;
  bool hold;          // the internal port takes nothing
  uint64_t bad_addr;  // reads of this row come back with an error; 0: none
  uint64_t reads;     // walks taken
  uint64_t last_addr;
  uint8_t last_tag;
  bench_walk_t walk[PENDING];
  unsigned first, walks;
  cbit_pins_in_t pins;
  cbit_pins_out_t pout;
  void (*load)(void *ctx, uint64_t addr, uint8_t *row);  // the row at addr; NULL: table
  void *ctx;
  uint8_t table[T_BYTES];
};

static inline void bench_entry(bench_t *b, uint64_t page, uint64_t q1, uint64_t q2) {
  uint8_t *p = b->table + T_ENTRIES + 16u * page;
  bytes_store_le64(p, q1);
  bytes_store_le64(p + 8, q2);
}

static inline void bench_out(bench_t *b) {
  rmp_cyc_out(b->u, &b->net);
  if (b->cfg.rmp_chk != 0) {
    rmp_cyc_chk_out(b->u, &b->pout);
  }
}

static inline bench_t *bench_new(const cbit_cyc_cfg_t *cfg) {
  bench_t *b = calloc(1, sizeof *b);
  assert_non_null(b);
  b->cfg = *cfg;
  b->cfg.rmp = 1;
  b->u = aligned_alloc(64, (rmp_cyc_size(&b->cfg) + 63u) & ~(size_t)63u);
  assert_non_null(b->u);
  rmp_cyc_init(b->u, &b->cfg);
  b->latency = 4;
  b->net.ctrl.smee = true;
  b->net.ctrl.mode = 4;
  b->net.rmp_reg.base = T_BASE;
  b->net.rmp_reg.end = T_END & ~UINT64_C(0x1fff);
  for (uint64_t page = T_FIRST_PAGE; page <= T_LAST_PAGE; page++) {
    bench_entry(b, page, Q1_FIRMWARE, 0);
  }
  bench_out(b);
  return b;
}

static inline bench_t *bench_default(void) {
  cbit_cyc_cfg_t cfg;
  cbit_cyc_cfg_default(&cfg);
  return bench_new(&cfg);
}

static inline void bench_free(bench_t *b) {
  free(b->u);
  free(b);
}

// The word that comes back in this cycle, if any.
static inline void bench_deliver(bench_t *b) {
  cyc_rmw_data_t *d = &b->net.rmw_data;
  d->valid = false;
  if (b->walks == 0 || b->walk[b->first].due > b->cycle) {
    return;
  }
  const bench_walk_t *w = &b->walk[b->first];
  const unsigned bytes = 16u * b->cfg.lanes;
  assert_true(w->addr % bytes == 0);
  assert_true(b->load != NULL || (w->addr >= T_BASE && w->addr + bytes - 1u <= T_END));
  d->valid = true;
  d->tag = w->tag;
  d->err = w->addr == b->bad_addr;
  if (b->load != NULL) {
    b->load(b->ctx, w->addr, d->data);
  } else {
    memcpy(d->data, b->table + (w->addr - T_BASE), bytes);
  }
  b->first = (b->first + 1u) % PENDING;
  b->walks--;
}

static inline void tick(bench_t *b) {
  cyc_net_t *net = &b->net;
  bench_deliver(b);
  net->int_ready = net->int_req.valid && !b->hold;
  net->rmw_ready = net->int_ready && (net->int_req.tag & CYC_TAG_WALK) == 0;
  if (net->int_ready && (net->int_req.tag & CYC_TAG_WALK) != 0) {
    assert_true(b->walks < PENDING);
    assert_int_equal(net->int_req.rows, 1);
    b->walk[(b->first + b->walks) % PENDING] =
        (bench_walk_t){b->cycle + b->latency, net->int_req.spa, net->int_req.tag};
    b->walks++;
    b->reads++;
    b->last_addr = net->int_req.spa;
    b->last_tag = net->int_req.tag;
  }
  memset(&net->ev, 0, sizeof net->ev);
  rmp_cyc_step(b->u, net, b->cfg.rmp_chk != 0 || b->cfg.rmp_insn != 0 ? &b->pins : NULL);
  net->ask_r.valid = net->ask_w.valid = false;
  net->pop_r = net->pop_w = false;
  net->tbl_begin = net->tbl_end = false;
  net->rmp_cmd_we = false;
  b->cycle++;
  bench_out(b);
}

static inline void ticks(bench_t *b, unsigned n) {
  while (n-- > 0) {
    tick(b);
  }
}

// ---- questions ----

static inline uint64_t attr_host(void) { return CBIT_ATTR_PUT(REQUESTER, CBIT_REQ_HOST); }
static inline uint64_t attr_sp(void) { return CBIT_ATTR_PUT(REQUESTER, CBIT_REQ_SP); }

// A private access of an SNP guest to the page whose GPA is its SPA.
static inline uint64_t attr_guest(unsigned asid, uint64_t spa) {
  return CBIT_ATTR_PUT(REQUESTER, CBIT_REQ_GUEST) | CBIT_ATTR_PUT(CBIT, 1u) | CBIT_ATTR_PUT(ASID, asid) |
         CBIT_ATTR_PUT(SNP, 1u) | CBIT_ATTR_PUT(GPA_PAGE, spa >> 12);
}

static inline void ask_r(bench_t *b, uint64_t spa, uint64_t attr) {
  b->net.ask_r = (cyc_ask_t){.valid = true, .spa = spa, .attr = attr};
}

static inline void ask_w(bench_t *b, uint64_t spa, uint64_t attr) {
  b->net.ask_w = (cyc_ask_t){.valid = true, .spa = spa, .attr = attr};
}

// ---- start-up ----

// A command from its write to its end; gives the error and how long it was busy.
static inline unsigned command(bench_t *b, unsigned op, unsigned *busy) {
  unsigned n = 0;
  assert_false(b->net.rmp.busy);
  b->net.rmp_cmd_we = true;
  b->net.rmp_cmd_op = (uint8_t)op;
  tick(b);
  while (b->net.rmp.busy) {
    n++;
    assert_true(n < 100000u);
    tick(b);
  }
  if (busy != NULL) {
    *busy = n;
  }
  return b->net.rmp.error;
}

// Commands up to a state; the write path is idle.
static inline void start_up(bench_t *b, unsigned state) {
  b->net.wr_idle = true;
  while (b->net.rmp.state < state) {
    assert_int_equal(command(b, b->net.rmp.state + 1u, NULL), RMP_ERR_NONE);
  }
}

#endif  // CBIT_TESTS_RMP_BENCH_H
