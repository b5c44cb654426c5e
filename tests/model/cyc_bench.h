// SPDX-License-Identifier: Apache-2.0
//
// cyc_bench.h - a requester, a DRAM and a secure processor around the cycle model
//
// Used by the tests of the whole cycle model. The requester sends queued bursts (W may run ahead of AW), keeps per-ID
// lists of what it waits for, and checks that an offered output stays until it is taken. The DRAM serves IDs in any order,
// each ID in order, and applies a write only when it answers it, so that a read that overtakes a write is caught.

#ifndef CBIT_TESTS_CYC_BENCH_H
#define CBIT_TESTS_CYC_BENCH_H

#include <stdlib.h>

#include "cbit_cyc.h"
#include "vec.h"

#ifndef BENCH_MEM_BYTES
#define BENCH_MEM_BYTES 65536u          // DRAM; addresses repeat above it
#endif
#define BENCH_BASE UINT64_C(0x1234500000)
#define BENCH_TXNS 256u
#define BENCH_DRAM 512u
#define BENCH_STROBES (256u * CBIT_MAX_BUS_BYTES)

enum { OP_LOAD = 1, OP_ACTIVATE = 3, OP_DEACTIVATE = 4, OP_WIPE_ALL = 6, OP_FLUSH = 7, OP_QUERY = 8, OP_TWEAK = 9 };
enum { REG_CTRL = 0x10, REG_STATUS = 0x18, REG_INTR_ENABLE = 0x24, REG_CMD = 0x30, REG_CMD_STATUS = 0x34, REG_KEY1 = 0x40, REG_KEY2 = 0x60,
       REG_FAULT_INFO = 0x80, REG_FAULT_ADDR_LO = 0x84, REG_FAULT_POP = 0x94, REG_FAULT_COUNT = 0x98,
       REG_CNT_RD_ENC = 0x108, REG_CNT_RMW = 0x114, REG_CNT_FAULTS = 0x118 };

typedef struct bench_txn {
  bool write, done;
  cbit_ax_in_t ax;
  uint8_t resp;                    // worst so far
  unsigned beat;                   // reads: beats received
  uint8_t data[BENCH_STROBES];     // beat k at k * bus bytes, in byte lanes
  uint64_t strb[256];
} bench_txn_t;

typedef struct bench_burst {
  cbit_ax_out_t ax;
  unsigned beat;
  unsigned first;  // writes: index of its first W beat
  uint64_t due;    // reads: cycle of the first R at the earliest
} bench_burst_t;

typedef struct bench {
  cbit_cyc_t *m;
  cbit_cyc_t *twin;    // gets the same inputs and must give the same outputs; NULL: none. The caller's
  cbit_cyc_cfg_t cfg;
  cbit_pins_in_t in;
  cbit_pins_out_t out, before;
  uint64_t rnd;
  uint64_t cycle;
  unsigned bus;        // bytes
  unsigned stall;      // percent of cycles in which a ready is low or a valid is held back
  bool hold_dram;      // the DRAM takes no addresses
  unsigned latency_r;  // cycles from an AR to its first R, at least 1
  unsigned latency_b;  // cycles from the last W beat of all to a B, at least 1; for one write at a time
  uint64_t last_w;     // cycle of that beat
  bool hold_m_b;       // the DRAM answers no more writes
  bool hold_s_b;       // the requester takes no answers of writes
  bool hold_s_r;       // the requester takes no data
  bool stable;         // check that offers stay (not while keys are killed)
  uint64_t bad_from, bad_to;  // DRAM answers SLVERR here (DRAM index)

  bench_txn_t txn[BENCH_TXNS];
  unsigned made;       // transactions ever queued; index % BENCH_TXNS
  unsigned aw_next, w_next, w_beat, ar_next;
  unsigned open;       // not done

  uint8_t mem[BENCH_MEM_BYTES];
  bench_burst_t rd[BENCH_DRAM];
  unsigned rds;
  bench_burst_t wr[BENCH_DRAM];
  unsigned wrs;
  cbit_w_t w[BENCH_DRAM * 16];
  unsigned w_in, w_used;  // W beats taken; given to a burst
  bool r_on, b_on;     // offered on the pins
  unsigned r_at, b_at;
  uint64_t dram_reads, dram_writes;  // bursts
} bench_t;

static inline unsigned bench_percent(bench_t *b) { return (unsigned)(vec_random(&b->rnd) % 100u); }

static inline bench_t *bench_new(const cbit_cyc_cfg_t *cfg, uint64_t seed) {
  bench_t *b = calloc(1, sizeof *b);
  assert_non_null(b);
  b->cfg = *cfg;
  b->m = cbit_cyc_create(cfg);
  assert_non_null(b->m);
  b->rnd = seed;
  b->bus = 16u * cfg->lanes;
  b->stable = true;
  b->in.rst_n = true;
  return b;
}

static inline void bench_free(bench_t *b) {
  cbit_cyc_free(b->m);
  free(b);
}

// Address of beat k of a burst.
static inline uint64_t bench_beat(uint64_t addr, unsigned len, unsigned size, unsigned burst, unsigned k) {
  const uint64_t bytes = (uint64_t)1 << size;
  if (burst == CBIT_BURST_FIXED || k == 0) {
    return addr;
  }
  const uint64_t next = (addr & ~(bytes - 1)) + k * bytes;
  if (burst == CBIT_BURST_INCR) {
    return next;
  }
  const uint64_t inside = bytes * (len + 1u) - 1;
  return (addr & ~inside) | (next & inside);
}

// Byte lanes of a beat: bit mask.
static inline uint64_t bench_lanes(const bench_t *b, uint64_t addr, unsigned size) {
  const unsigned low = (unsigned)(addr & (b->bus - 1u));
  const unsigned end = (unsigned)((addr & (b->bus - 1u) & ~(((uint64_t)1 << size) - 1u)) + (1u << size));
  const uint64_t up_to_end = end == 64 ? UINT64_MAX : ((uint64_t)1 << end) - 1u;
  return up_to_end & ~(((uint64_t)1 << low) - 1u);
}

// ---- DRAM ----

static inline bool bench_bad(const bench_t *b, uint64_t addr) {
  const uint64_t at = addr % BENCH_MEM_BYTES;
  return at >= b->bad_from && at < b->bad_to;
}

// One of the waiting bursts, but the first of its ID.
static inline unsigned bench_pick(bench_t *b, const bench_burst_t *q, unsigned n) {
  const unsigned at = (unsigned)(vec_random(&b->rnd) % n);
  for (unsigned i = 0; i < at; i++) {
    if (q[i].ax.id == q[at].ax.id) {
      return i;
    }
  }
  return at;
}

// Reads that may be answered; all have the same latency, so they come first.
static inline unsigned bench_due(const bench_t *b) {
  unsigned n = 0;
  while (n < b->rds && b->rd[n].due <= b->cycle) {
    n++;
  }
  return n;
}

static inline void bench_remove(bench_burst_t *q, unsigned *n, unsigned at) {
  memmove(q + at, q + at + 1, (size_t)(*n - at - 1u) * sizeof *q);
  --*n;
}

static inline void bench_dram_drive(bench_t *b) {
  cbit_pins_in_t *in = &b->in;
  in->m_arready = !b->hold_dram && bench_percent(b) >= b->stall && b->rds < BENCH_DRAM - 1;
  in->m_awready = !b->hold_dram && bench_percent(b) >= b->stall && b->wrs < BENCH_DRAM - 1;
  in->m_wready = bench_percent(b) >= b->stall;
  if (!b->r_on && bench_due(b) > 0 && bench_percent(b) >= b->stall) {
    b->r_at = bench_pick(b, b->rd, bench_due(b));
    const bench_burst_t *d = &b->rd[b->r_at];
    const uint64_t a = bench_beat(d->ax.addr, d->ax.len, d->ax.size, d->ax.burst, d->beat) & ~(uint64_t)(b->bus - 1u);
    memset(&in->m_r, 0, sizeof in->m_r);
    in->m_r.valid = true;
    in->m_r.id = d->ax.id;
    in->m_r.last = d->beat == d->ax.len;
    in->m_r.resp = bench_bad(b, a) ? 2 : 0;
    memcpy(in->m_r.data, b->mem + a % BENCH_MEM_BYTES, b->bus);
    b->r_on = true;
  }
  if (!b->b_on && !b->hold_m_b && b->wrs > 0 && bench_percent(b) >= b->stall) {
    b->b_at = bench_pick(b, b->wr, b->wrs);
    const bench_burst_t *d = &b->wr[b->b_at];
    if (d->first + d->ax.len + 1u <= b->w_in && b->cycle >= b->last_w + b->latency_b) {
      in->m_b.valid = true;
      in->m_b.id = d->ax.id;
      in->m_b.resp = 0;
      for (unsigned k = 0; k <= d->ax.len; k++) {
        const cbit_w_t *w = &b->w[(d->first + k) % (BENCH_DRAM * 16)];
        const uint64_t a = bench_beat(d->ax.addr, d->ax.len, d->ax.size, d->ax.burst, k) & ~(uint64_t)(b->bus - 1u);
        assert_int_equal(w->last, k == d->ax.len);
        for (unsigned i = 0; i < b->bus; i++) {
          if ((w->strb >> i) & 1u) {
            b->mem[(a + i) % BENCH_MEM_BYTES] = w->data[i];
          }
        }
        in->m_b.resp = bench_bad(b, a) ? 2 : in->m_b.resp;
      }
      b->b_on = true;
    }
  }
}

static inline void bench_dram_take(bench_t *b) {
  const cbit_pins_out_t *out = &b->out;
  cbit_pins_in_t *in = &b->in;
  if (in->m_r.valid && out->m_rready) {
    bench_burst_t *d = &b->rd[b->r_at];
    if (d->beat++ == d->ax.len) {
      bench_remove(b->rd, &b->rds, b->r_at);
    }
    in->m_r.valid = false;
    b->r_on = false;
  }
  if (in->m_b.valid && out->m_bready) {
    bench_remove(b->wr, &b->wrs, b->b_at);
    in->m_b.valid = false;
    b->b_on = false;
  }
  if (out->m_ar.valid && in->m_arready) {
    b->rd[b->rds++] = (bench_burst_t){.ax = out->m_ar, .due = b->cycle + b->latency_r};
    b->dram_reads++;
  }
  if (out->m_aw.valid && in->m_awready) {
    b->wr[b->wrs++] = (bench_burst_t){.ax = out->m_aw, .first = b->w_used};
    b->w_used += out->m_aw.len + 1u;
    b->dram_writes++;
  }
  if (out->m_w.valid && in->m_wready) {
    b->w[b->w_in++ % (BENCH_DRAM * 16)] = out->m_w;
    b->last_w = b->cycle;
  }
}

// ---- requester ----

static inline bench_txn_t *bench_txn(bench_t *b, unsigned at) { return &b->txn[at % BENCH_TXNS]; }

// Queues a burst and gives its record; for writes the caller fills data and strb before the next clock.
static inline bench_txn_t *bench_queue(bench_t *b, bool write, uint64_t addr, unsigned len, unsigned size, unsigned burst,
                                       unsigned id, const cbit_attr_t *attr) {
  bench_txn_t *t = bench_txn(b, b->made);
  assert_true(b->made < BENCH_TXNS || t->done);
  memset(t, 0, sizeof *t);
  t->write = write;
  t->ax = (cbit_ax_in_t){.valid = true, .id = (uint16_t)id, .addr = addr, .len = (uint8_t)len, .size = (uint8_t)size,
                         .burst = (uint8_t)burst, .cache = 3, .prot = 2, .qos = 1, .user = cbit_attr_pack(attr)};
  b->made++;
  b->open++;
  return t;
}

static inline unsigned bench_next(bench_t *b, unsigned at, bool write) {
  while (at < b->made && bench_txn(b, at)->write != write) {
    at++;
  }
  return at;
}

static inline void bench_host_drive(bench_t *b) {
  cbit_pins_in_t *in = &b->in;
  in->s_rready = bench_percent(b) >= b->stall && !b->hold_s_r;
  in->s_bready = bench_percent(b) >= b->stall && !b->hold_s_b;
  b->aw_next = bench_next(b, b->aw_next, true);
  b->w_next = bench_next(b, b->w_next, true);
  b->ar_next = bench_next(b, b->ar_next, false);
  if (!in->s_aw.valid && b->aw_next < b->made && bench_percent(b) >= b->stall) {
    in->s_aw = bench_txn(b, b->aw_next)->ax;
  }
  if (!in->s_ar.valid && b->ar_next < b->made && bench_percent(b) >= b->stall) {
    in->s_ar = bench_txn(b, b->ar_next)->ax;
  }
  if (!in->s_w.valid && b->w_next < b->made && bench_percent(b) >= b->stall) {
    const bench_txn_t *t = bench_txn(b, b->w_next);
    in->s_w.valid = true;
    in->s_w.strb = t->strb[b->w_beat];
    in->s_w.last = b->w_beat == t->ax.len;
    memcpy(in->s_w.data, t->data + (size_t)b->w_beat * b->bus, b->bus);
  }
}

// The oldest open burst of an ID.
static inline bench_txn_t *bench_match(bench_t *b, bool write, unsigned id) {
  const unsigned oldest = b->made > BENCH_TXNS ? b->made - BENCH_TXNS : 0;
  for (unsigned i = oldest; i < b->made; i++) {
    bench_txn_t *t = bench_txn(b, i);
    if (t->write == write && !t->done && t->ax.id == id) {
      return t;
    }
  }
  fail_msg("cycle %llu: response for ID %u that nothing waits for", (unsigned long long)b->cycle, id);
  return NULL;
}

static inline void bench_end(bench_t *b, bench_txn_t *t) {
  t->done = true;
  b->open--;
}

static inline void bench_host_take(bench_t *b) {
  const cbit_pins_out_t *out = &b->out;
  cbit_pins_in_t *in = &b->in;
  if (in->s_aw.valid && out->s_awready) {
    in->s_aw.valid = false;
    b->aw_next++;
  }
  if (in->s_ar.valid && out->s_arready) {
    in->s_ar.valid = false;
    b->ar_next++;
  }
  if (in->s_w.valid && out->s_wready) {
    in->s_w.valid = false;
    if (b->w_beat++ == bench_txn(b, b->w_next)->ax.len) {
      b->w_beat = 0;
      b->w_next++;
    }
  }
  if (out->s_b.valid && in->s_bready) {
    bench_txn_t *t = bench_match(b, true, out->s_b.id);
    t->resp = out->s_b.resp;
    bench_end(b, t);
  }
  if (out->s_r.valid && in->s_rready) {
    bench_txn_t *t = bench_match(b, false, out->s_r.id);
    memcpy(t->data + (size_t)t->beat * b->bus, out->s_r.data, b->bus);
    t->resp = out->s_r.resp > t->resp ? out->s_r.resp : t->resp;
    assert_int_equal(out->s_r.last, t->beat == t->ax.len);
    if (t->beat++ == t->ax.len) {
      bench_end(b, t);
    }
  }
}

// What was offered and not taken is still there, unchanged.
#define BENCH_STAYS(ch, was_ready)                                                 \
  do {                                                                             \
    if (b->before.ch.valid && !(was_ready)) {                                      \
      assert_memory_equal(&b->before.ch, &b->out.ch, sizeof b->out.ch);            \
    }                                                                              \
  } while (0)

// One clock.
static inline void bench_clock(bench_t *b) {
  b->before = b->out;
  cbit_cyc_outputs(b->m, &b->out);
  if (b->stable && b->cycle > 0) {
    BENCH_STAYS(s_r, b->in.s_rready);
    BENCH_STAYS(s_b, b->in.s_bready);
    BENCH_STAYS(m_ar, b->in.m_arready);
    BENCH_STAYS(m_aw, b->in.m_awready);
    BENCH_STAYS(m_w, b->in.m_wready);
  }
  bench_dram_drive(b);
  bench_host_drive(b);
  if (b->twin != NULL) {
    cbit_pins_out_t same = {0};
    cbit_cyc_outputs(b->twin, &same);
    assert_memory_equal(&same, &b->out, sizeof same);
    cbit_cyc_clock(b->twin, &b->in);
  }
  cbit_cyc_clock(b->m, &b->in);
  bench_dram_take(b);
  bench_host_take(b);
  b->cycle++;
}

// Until every queued burst is answered.
static inline void bench_drain(bench_t *b) {
  for (unsigned i = 0; b->open > 0; i++) {
    if (i > 200000) {
      fail_msg("cycle %llu: %u bursts hang", (unsigned long long)b->cycle, b->open);
    }
    bench_clock(b);
  }
}

// ---- secure processor ----

static inline unsigned bench_reg_write(bench_t *b, unsigned addr, uint32_t data) {
  cbit_pins_in_t *in = &b->in;
  in->l_awvalid = in->l_wvalid = in->l_bready = true;
  in->l_awaddr = (uint16_t)addr;
  in->l_wdata = data;
  in->l_wstrb = 15;
  for (unsigned i = 0; i < 100; i++) {
    bench_clock(b);
    in->l_awvalid = in->l_awvalid && !b->out.l_awready;
    in->l_wvalid = in->l_wvalid && !b->out.l_wready;
    if (b->out.l_bvalid) {
      in->l_bready = false;
      return b->out.l_bresp;
    }
  }
  fail_msg("no answer to a register write");
  return 0;
}

// Gives the response.
static inline unsigned bench_reg_try(bench_t *b, unsigned addr, uint32_t *data) {
  cbit_pins_in_t *in = &b->in;
  in->l_arvalid = in->l_rready = true;
  in->l_araddr = (uint16_t)addr;
  for (unsigned i = 0; i < 100; i++) {
    bench_clock(b);
    in->l_arvalid = in->l_arvalid && !b->out.l_arready;
    if (b->out.l_rvalid) {
      in->l_rready = false;
      *data = b->out.l_rdata;
      return b->out.l_rresp;
    }
  }
  fail_msg("no answer to a register read");
  return 0;
}

static inline uint32_t bench_reg_read(bench_t *b, unsigned addr) {
  uint32_t data = 0;
  assert_int_equal(bench_reg_try(b, addr, &data), 0);
  return data;
}

// Starts a command, waits for its end, gives its error.
static inline unsigned bench_cmd(bench_t *b, unsigned op, unsigned slot) {
  assert_int_equal(bench_reg_write(b, REG_CMD, op | (slot << 16)), 0);
  uint32_t status = 1;
  for (unsigned i = 0; (status & 1u) != 0; i++) {
    assert_true(i < 100000);
    status = bench_reg_read(b, REG_CMD_STATUS);
  }
  return (status >> 4) & 15u;
}

static inline void bench_key_words(bench_t *b, unsigned reg, const uint8_t *key, unsigned bytes) {
  for (unsigned i = 0; i < bytes; i += 4) {
    const uint32_t word = (uint32_t)key[i] | ((uint32_t)key[i + 1] << 8) | ((uint32_t)key[i + 2] << 16) |
                          ((uint32_t)key[i + 3] << 24);
    assert_int_equal(bench_reg_write(b, reg + i, word), 0);
  }
}

// Loads and activates a slot.
static inline void bench_key(bench_t *b, unsigned slot, const uint8_t *k1, const uint8_t *k2) {
  bench_key_words(b, REG_KEY1, k1, b->cfg.key_bits / 8);
  bench_key_words(b, REG_KEY2, k2, b->cfg.key_bits / 8);
  assert_int_equal(bench_cmd(b, OP_LOAD, slot), 0);
  assert_int_equal(bench_cmd(b, OP_ACTIVATE, slot), 0);
}

// Waits for the initial wipe, then sets CTRL: smee, mode.
static inline void bench_start(bench_t *b, unsigned mode) {
  b->in.debug = mode == CBIT_MODE_XE_LIN;
  while ((bench_reg_read(b, REG_STATUS) & 1u) == 0) {
  }
  assert_int_equal(bench_reg_write(b, REG_CTRL, 1u | (mode << 4)), 0);
}

#endif  // CBIT_TESTS_CYC_BENCH_H
