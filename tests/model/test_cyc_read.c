// SPDX-License-Identifier: Apache-2.0
//
// test_cyc_read.c - cycles of the read path: reads behind refused reads of their ID
//
// What docs/units/bus_read.md says of held_q, seen at the pins of the whole cycle model.

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

static world_t *new_world(void) {
  const cbit_cyc_cfg_t cfg = config(1, 128, 1);
  world_t *w = world_new(&cfg, CBIT_MODE_XTS_L64, 31);
  w->b->latency_r = LATENCY;
  return w;
}

// Allowed: page 3 is plain, page 1 encrypted.
static void put(bench_t *b, const step_t *s, unsigned page) {
  cbit_attr_t attr = page_attr(page);
  attr.access = s->refused != 0 ? 7 : attr.access;
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
  (void)state;
  world_t *w = new_world();
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
  (void)state;
  world_t *w = new_world();
  for (unsigned k = 0; k < sizeof rows / sizeof rows[0]; k++) {
    run_steps(w->b, rows[k].name, rows[k].s, rows[k].n, 3, rows[k].held);
  }
  world_free(w);
}

// A read-modify-write's read has no such ID: it goes while the head is held.
static void test_held_rmw(void **state) {
  (void)state;
  world_t *w = new_world();
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

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_held),
      cmocka_unit_test(test_held_order),
      cmocka_unit_test(test_held_rmw),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
