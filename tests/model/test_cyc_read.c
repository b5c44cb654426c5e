// SPDX-License-Identifier: Apache-2.0
//
// test_cyc_read.c - cycles of the read path: answers to refused reads, and the reads behind them
//
// What docs/units/bus_read.md says of cand_q and held_q, seen at the pins of the whole cycle model.

#include "cyc_world.h"

#define NUM_CLOCKS 40
#define MAX_READS 8
#define LATENCY 20u  // of the DRAM, more than what a test needs of clocks without its data

typedef struct step {
  unsigned at;  // comes to the pins in this clock, or in the first one after it that has room
  unsigned id;
  unsigned refused;  // beats; 0: an allowed read of one beat
  unsigned ar;       // allowed: clock in which it is valid for DRAM
} step_t;

static world_t *new_world(unsigned rmp) {
  cbit_cyc_cfg_t cfg = config(1, 128, 1);
  cfg.rmp = rmp;
  world_t *w = world_new(&cfg, CBIT_MODE_XTS_L64, 31);
  w->b->latency_r = LATENCY;
  return w;
}

// Allowed: page 3 is plain, page 1 encrypted. Refused with and without Rmp: a device with a guest's ASID.
static void put(bench_t *b, const step_t *s, unsigned page) {
  cbit_attr_t attr = page_attr(page);
  if (s->refused != 0) {
    attr.requester = CBIT_REQ_DEVICE;
    attr.cbit = 1;
    attr.asid = 5;
  }
  (void)bench_queue(b, false, page_addr(page), s->refused != 0 ? s->refused - 1u : 0, 4, CBIT_BURST_INCR, s->id, &attr);
}

// Steps in the order of at. held: clocks in which the requester takes no data, bit by bit.
static void run_steps(bench_t *b, const char *name, const step_t *s, unsigned n, unsigned page, uint64_t held) {
  unsigned put_n = 0;
  unsigned seen = 0;
  for (unsigned i = 0; i < NUM_CLOCKS; i++) {
    for (; put_n < n && s[put_n].at == i; put_n++) {
      put(b, &s[put_n], page);
    }
    b->hold_s_r = ((held >> i) & 1u) != 0;
    bench_clock(b);
    while (seen < n && s[seen].refused != 0) {
      seen++;
    }
    const bool valid = seen < n && s[seen].ar == i;
    if (b->out.m_ar.valid != valid || (valid && b->out.m_ar.id != s[seen].id)) {
      fail_msg("%s: clock %u: AR %u of ID %u, read %u", name, i, b->out.m_ar.valid, b->out.m_ar.id, seen);
    }
    seen += valid;
  }
  b->hold_s_r = false;
  bench_drain(b);
  while (seen < n && s[seen].refused != 0) {
    seen++;
  }
  assert_int_equal(seen, n);
}

// A refused read at the pins in clock 0, allocated in 1, in cand_q from 3 on, its beats in 3, 5, ... The entry is done after
// the last one; a read of the same ID is held by it in the next clock too. Whenever it comes: the one right behind is the
// head in clock 2, in which only the allocation of clock 1 tells of the refused one.
static void test_held(void **state) {
  world_t *w = new_world(*(const unsigned *)*state);
  bench_t *b = w->b;
  for (unsigned page = 1; page <= 3; page += 2) {
    for (unsigned beats = 1; beats <= 8; beats++) {
      const unsigned done = 2u * beats + 1u;  // clock of the last beat
      for (unsigned at = 0; at < done + 4u; at++) {
        const unsigned first = at == 0 ? 2u : at + 1u;  // clock in which it is the head
        const step_t same[] = {{0, 1, beats, 0}, {at, 1, 0, first > done + 2u ? first : done + 2u}};
        run_steps(b, "same ID", same, 2, page, 0);
        const step_t other[] = {{0, 1, beats, 0}, {at, 2, 0, first}};
        run_steps(b, "other ID", other, 2, page, 0);
      }
    }
  }
  world_free(w);
}

static const struct {
  const char *name;
  uint64_t held;
  unsigned n;
  step_t s[MAX_READS];
} rows[] = {
    // The look-up is for the head of the next clock, not for the one of this clock.
    {"free, then held", 0, 4, {{0, 1, 4, 0}, {0, 2, 0, 2}, {0, 1, 0, 11}, {0, 2, 0, 12}}},
    {"held, then free", 0, 3, {{0, 1, 1, 0}, {0, 1, 0, 5}, {0, 2, 0, 6}}},
    {"free in the clock of the last beat", 0, 3, {{0, 1, 2, 0}, {4, 2, 0, 5}, {4, 1, 0, 7}}},
    {"free in the clock after", 0, 3, {{0, 1, 2, 0}, {5, 2, 0, 6}, {5, 1, 0, 7}}},
    // Refused ones do not wait for refused ones: the second is allocated in clock 2, its beat comes in clock 5.
    {"two refused of an ID", 0, 3, {{0, 1, 1, 0}, {0, 1, 1, 0}, {0, 1, 0, 7}}},
    {"two refused, the first one's ID", 0, 4, {{0, 1, 1, 0}, {0, 2, 1, 0}, {0, 1, 0, 5}, {0, 2, 0, 7}}},
    {"two refused, the second one's ID", 0, 4, {{0, 1, 1, 0}, {0, 2, 1, 0}, {0, 2, 0, 7}, {0, 1, 0, 8}}},
    // A refused one behind an allowed one of its ID: data at the DRAM's pins in LATENCY + 1, the beat in LATENCY + 3.
    {"refused behind allowed", 0, 3, {{0, 1, 0, 1}, {0, 1, 1, 0}, {0, 1, 0, LATENCY + 5}}},
    // Two beats stand in rq, where the requester holds them; the third is let in only after the first has left in 10.
    {"data held", 0x3FF, 2, {{0, 1, 3, 0}, {0, 1, 0, 13}}},
    {"data held, refused one done", 0x3FF, 2, {{0, 1, 2, 0}, {0, 1, 0, 7}}},
};

static void test_held_order(void **state) {
  world_t *w = new_world(*(const unsigned *)*state);
  for (unsigned k = 0; k < sizeof rows / sizeof rows[0]; k++) {
    run_steps(w->b, rows[k].name, rows[k].s, rows[k].n, 3, rows[k].held);
  }
  world_free(w);
}

// A read-modify-write's read has no such ID: it goes while the head is held.
static void test_held_rmw(void **state) {
  (void)state;
  world_t *w = new_world(0);
  bench_t *b = w->b;
  const cbit_attr_t attr = page_attr(1);
  (void)one(b, true, page_addr(1) + 4, 0, 2, &attr);  // AR for DRAM in clock 3
  const step_t refused = {0, 0, 8, 0};
  const step_t allowed = {0, 0, 0, 19};
  put(b, &refused, 3);
  put(b, &allowed, 3);
  for (unsigned i = 0; i < NUM_CLOCKS; i++) {
    bench_clock(b);
    assert_int_equal(b->out.m_ar.valid, i == 3 || i == allowed.ar);
    assert_int_equal(b->out.m_ar.addr, i == 3 ? page_addr(1) : i == allowed.ar ? page_addr(3) : 0);
  }
  bench_drain(b);
  world_free(w);
}

// ---- which refused read is answered ----

#define MAX_BEATS 8

typedef struct r_beat {
  unsigned at;  // clock of the beat at the requester's pins: one after it went into rq
  unsigned id;
  bool refused;
} r_beat_t;

// Entries are numbered in order of the steps, but for the one that takes a place that has become free. The allowed read is
// of page 3, C = 0: data at the DRAM's pins from D on; its entry is done in D + 1, and free in D + 2 if nothing waits.
#define D (LATENCY + 1u)

static const struct {
  const char *name;
  unsigned n, beats;
  step_t s[MAX_READS];
  r_beat_t r[MAX_BEATS];
} orders[] = {
    // ID 1 behind its allowed read is entry 1 and a candidate from D + 1 on. ID 2, entry 2, is one from D on: it stands in
    // cand_q in D + 1 and gives its beat then. Entry 1 is chosen for the next place, D + 3, and goes to its end.
    {"lower one comes when the other is chosen", 3, 5, {{0, 1, 0, 1}, {1, 1, 2, 0}, {D - 2, 2, 2, 0}},
     {{D + 1, 1, false}, {D + 2, 2, true}, {D + 4, 1, true}, {D + 6, 1, true}, {D + 8, 2, true}}},
    // ID 2 is a candidate from D + 1 on, as ID 1 is: the lower one is chosen.
    {"both come together", 3, 5, {{0, 1, 0, 1}, {1, 1, 2, 0}, {D - 1, 2, 2, 0}},
     {{D + 1, 1, false}, {D + 3, 1, true}, {D + 5, 1, true}, {D + 7, 2, true}, {D + 9, 2, true}}},
    // ID 2 is a candidate from D - 1 on and takes the place of the data in D, which is let in in D + 1. ID 1 is a candidate
    // from D + 2 on, in which ID 2, of three beats, stands in cand_q for its second.
    {"lower one comes when the other is chosen again", 3, 6, {{0, 1, 0, 1}, {1, 1, 2, 0}, {D - 3, 2, 3, 0}},
     {{D + 1, 2, true}, {D + 2, 1, false}, {D + 3, 2, true}, {D + 5, 1, true}, {D + 7, 1, true}, {D + 9, 2, true}}},
    // ID 1 is entry 1, allocated in D + 1, in which the allowed read's entry 0 is in use for the last time. ID 2 takes
    // entry 0 in D + 2 and is a candidate in D + 3, in which ID 1 stands in cand_q.
    {"lower one takes a place that is free", 3, 5, {{0, 3, 0, 1}, {D, 1, 2, 0}, {D + 1, 2, 2, 0}},
     {{D + 1, 3, false}, {D + 4, 1, true}, {D + 6, 2, true}, {D + 8, 2, true}, {D + 10, 1, true}}},
};

static void test_order(void **state) {
  world_t *w = new_world(*(const unsigned *)*state);
  bench_t *b = w->b;
  for (unsigned k = 0; k < sizeof orders / sizeof orders[0]; k++) {
    const r_beat_t *r = orders[k].r;
    unsigned put_n = 0;
    unsigned seen = 0;
    for (unsigned i = 0; i < NUM_CLOCKS; i++) {
      for (; put_n < orders[k].n && orders[k].s[put_n].at == i; put_n++) {
        put(b, &orders[k].s[put_n], 3);
      }
      bench_clock(b);
      const cbit_r_t *out = &b->out.s_r;
      const bool valid = seen < orders[k].beats && r[seen].at == i;
      if (out->valid != valid || (valid && (out->id != r[seen].id || (out->resp == 2) != r[seen].refused))) {
        fail_msg("%s: clock %u: beat %u of ID %u, resp %u; seen %u", orders[k].name, i, out->valid, out->id, out->resp,
                 seen);
      }
      seen += valid;
    }
    assert_int_equal(seen, orders[k].beats);
    assert_int_equal(b->open, 0);
  }
  world_free(w);
}

// After a reset no refused read is left to answer, in whatever clock it comes: from clock 3 on one stands in cand_q.
static void test_reset(void **state) {
  world_t *w = new_world(*(const unsigned *)*state);
  bench_t *b = w->b;
  const step_t refused = {0, 1, 8, 0};
  b->stable = false;
  b->hold_s_r = true;
  for (unsigned at = 1; at <= 8; at++) {
    put(b, &refused, 3);
    for (unsigned i = 0; i <= at; i++) {
      b->in.rst_n = i != at;
      bench_clock(b);
      assert_int_equal(b->out.s_r.valid, i >= 4);
    }
    b->in.rst_n = true;
    b->out.s_arready = false;
    for (unsigned i = 0; i < NUM_CLOCKS || !b->out.s_arready; i++) {
      assert_in_range(i, 0, 10000);
      bench_clock(b);
      assert_false(b->out.s_r.valid);
    }
  }
  world_free(w);
}

#define BOTH(test)                                                        \
  {#test ", Rmp = 0", test, NULL, NULL, &rmp_of[0]},                      \
  {#test ", Rmp = 1", test, NULL, NULL, &rmp_of[1]}

int main(void) {
  static unsigned rmp_of[] = {0, 1};
  const struct CMUnitTest tests[] = {
      BOTH(test_held),
      BOTH(test_held_order),
      cmocka_unit_test(test_held_rmw),
      BOTH(test_order),
      BOTH(test_reset),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
