// SPDX-License-Identifier: Apache-2.0
//
// test_cyc_write.c - cycles of the write path: hazards, rows for a chunk, order and pace of responses
//
// What docs/units/bus_write.md says of hazd_q, rmb_q, haze_q, own_q and the row ring, seen at the model's pins.

#include "cyc_world.h"

#define REG_CNT_STALL_HAZARD 0x128
#define REG_CNT_STALL_WR_TABLE 0x130
#define NUM_IDLE 100u  // clocks after which nothing of a burst is left but its response

static const cbit_attr_t plain_attr;  // C = 0

// Queues a full-width INCR write; strobes: all or none.
static void put(bench_t *b, unsigned id, uint64_t addr, unsigned beats, bool strobes, const cbit_attr_t *attr) {
  bench_txn_t *t = bench_queue(b, true, addr, beats - 1u, 4, CBIT_BURST_INCR, id, attr);
  for (unsigned k = 0; k < beats; k++) {
    t->strb[k] = strobes ? 0xFFFFu : 0u;
  }
}

static void put_plain(bench_t *b, unsigned id, uint64_t addr) { put(b, id, addr, 1, true, &plain_attr); }

static void put_refused(bench_t *b, unsigned id) {
  cbit_attr_t attr = page_attr(1);
  attr.requester = CBIT_REQ_DEVICE;
  put(b, id, page_addr(1), 1, true, &attr);
}

static void clocks(bench_t *b, unsigned n) {
  for (unsigned i = 0; i < n; i++) {
    bench_clock(b);
  }
}

// One clock; the B pins show id, 0: nothing.
static void expect_b(bench_t *b, unsigned id) {
  bench_clock(b);
  assert_int_equal(b->out.s_b.valid, id != 0);
  assert_int_equal(b->out.s_b.id, id);
}

static world_t *new_world(void) {
  const cbit_cyc_cfg_t cfg = config(1, 128, 1);
  return world_new(&cfg, CBIT_MODE_XTS_L64, 21);
}

// ---- hazard of direct bursts ----

// A block written in part, sent, its response held back in the DRAM.
static void partial_sent(bench_t *b) {
  const cbit_attr_t attr = page_attr(1);
  b->hold_m_b = true;
  (void)one(b, true, page_addr(1) + 4, 0, 2, &attr);
  clocks(b, NUM_IDLE);
  assert_int_equal(b->wrs, 1);
}

#define NUM_CLOCKS 16
#define AT_B 6  // clock in which the response of the partial write is at the DRAM's pins

// Clocks in which AW is valid for DRAM, bit by bit; a direct burst to each of addr comes to the pins from clock at on.
static unsigned direct_clocks(bench_t *b, int at, const uint64_t *addr, unsigned n) {
  unsigned seen = 0;
  unsigned count = 0;
  partial_sent(b);
  for (int i = 0; i < NUM_CLOCKS; i++) {
    for (unsigned k = 0; i == at && k < n; k++) {
      put_plain(b, 2, addr[k]);
    }
    b->hold_m_b = i < AT_B;
    bench_clock(b);
    if (b->out.m_aw.valid) {
      assert_true(count < n);
      assert_int_equal(b->out.m_aw.addr, addr[count]);
      count++;
      seen |= 1u << i;
    }
  }
  bench_drain(b);
  assert_int_equal(count, n);
  return seen;
}

// Response at the pins in t, complete in t + 1, DONE in t + 2: a direct burst of the same page that is there already
// still waits in t + 2 and goes in t + 3. One that comes later does not wait at all.
static void test_direct_hazard(void **state) {
  (void)state;
  world_t *w = new_world();
  bench_t *b = w->b;
  const uint64_t same[] = {page_addr(1) + 0x800};  // another window
  const uint64_t other[] = {page_addr(3)};
  for (int at = 0; at < 12; at++) {
    const int free_at = AT_B + 3;
    const uint32_t before = bench_reg_read(b, REG_CNT_STALL_HAZARD);
    assert_int_equal(direct_clocks(b, at, same, 1), 1u << (at + 1 > free_at ? at + 1 : free_at));
    const uint32_t waits = at + 1 > free_at ? 0u : (uint32_t)(free_at - (at + 1));
    assert_int_equal(bench_reg_read(b, REG_CNT_STALL_HAZARD) - before, waits);
    assert_int_equal(direct_clocks(b, at, other, 1), 1u << (at + 1));
    assert_int_equal(bench_reg_read(b, REG_CNT_STALL_HAZARD) - before, waits);
  }
  world_free(w);
}

// The look-up is for the head of the next cycle, not for the one of this cycle.
static void test_direct_hazard_heads(void **state) {
  (void)state;
  world_t *w = new_world();
  bench_t *b = w->b;
  const uint64_t free_first[] = {page_addr(3), page_addr(1) + 0x800, page_addr(3) + 64};
  assert_int_equal(direct_clocks(b, 0, free_first, 3), (1u << 1) | (1u << (AT_B + 3)) | (1u << (AT_B + 4)));
  const uint64_t free_last[] = {page_addr(1) + 0x800, page_addr(3)};
  assert_int_equal(direct_clocks(b, 0, free_last, 2), (1u << (AT_B + 3)) | (1u << (AT_B + 4)));
  world_free(w);
}

// ---- hazard of read-modify-write ----

#define AR_AFTER_PINS 3  // clocks from a partial write at the pins to its request at the DRAM's, if none is in its way
#define AR_AFTER_B 4     // and from the response, at the DRAM's pins, of the write in its way

static void put_part(bench_t *b, uint64_t addr) {
  const cbit_attr_t attr = page_attr(1);
  (void)one(b, true, addr, 0, 2, &attr);
}

// The clock, of at most n from now on, in which a read is at the DRAM's pins; n: none.
static unsigned first_ar(bench_t *b, unsigned n) {
  for (unsigned i = 0; i < n; i++) {
    bench_clock(b);
    if (b->out.m_ar.valid) {
      return i;
    }
  }
  return n;
}

// A whole block, sent, its response held back in the DRAM: never in the way at em.
static void full_sent(bench_t *b) {
  const cbit_attr_t attr = page_attr(1);
  b->hold_m_b = true;
  put(b, 1, page_addr(1), 1, true, &attr);
  clocks(b, NUM_IDLE);
  assert_int_equal(b->wrs, 1);
}

// A partial write to addr at the pins in clock at, behind a write that is sent: its request is there in clock want.
static void run_rmw(bench_t *b, bool partial, int at, uint64_t addr, int want, uint32_t stalls) {
  const uint32_t before = bench_reg_read(b, REG_CNT_STALL_HAZARD);
  int seen = -1;
  if (partial) {
    partial_sent(b);
  } else {
    full_sent(b);
  }
  for (int i = 0; i < 2 * NUM_CLOCKS; i++) {
    if (i == at) {
      put_part(b, addr);
    }
    b->hold_m_b = i < AT_B;
    bench_clock(b);
    if (b->out.m_ar.valid) {
      assert_int_equal(seen, -1);
      seen = i;
    }
  }
  bench_drain(b);
  const uint32_t count = bench_reg_read(b, REG_CNT_STALL_HAZARD) - before;
  if (seen != want || count != stalls) {
    fail_msg("partial %d, at %d: request in %d, not %d; %u stalls, not %u", partial, at, seen, want, count, stalls);
  }
}

// Response at the pins in t, complete in t + 1, DONE in t + 2: a partial write of the same window that is at rm already
// still waits in t + 2, its request goes into rmwq in t + 3. One that comes later does not wait at all.
static void test_rmw_hazard(void **state) {
  (void)state;
  world_t *w = new_world();
  for (int at = 0; at < 12; at++) {
    const int free = at + AR_AFTER_PINS;
    const int want = free > AT_B + AR_AFTER_B ? free : AT_B + AR_AFTER_B;
    for (unsigned partial = 0; partial < 2; partial++) {
      run_rmw(w->b, partial != 0, at, page_addr(1) + 0x40, want, (uint32_t)(want - free));
      run_rmw(w->b, partial != 0, at, page_addr(1) + 0x100, free, 0);  // another window
    }
  }
  world_free(w);
}

// rm passes the older write in the cycle before it comes to the partial one, which is written into the table just then.
static void test_rmw_passed(void **state) {
  (void)state;
  world_t *w = new_world();
  bench_t *b = w->b;
  const cbit_attr_t attr = page_attr(1);
  const uint32_t before = bench_reg_read(b, REG_CNT_STALL_HAZARD);
  b->hold_m_b = true;
  put(b, 1, page_addr(1), 1, true, &attr);
  put_part(b, page_addr(1) + 0x100);
  assert_int_equal(first_ar(b, NUM_IDLE), 1 + AR_AFTER_PINS);  // another window
  b->hold_m_b = false;
  bench_drain(b);
  assert_int_equal(bench_reg_read(b, REG_CNT_STALL_HAZARD), before);

  b->hold_m_b = true;
  put(b, 1, page_addr(1), 1, true, &attr);
  put_part(b, page_addr(1) + 0x40);
  assert_int_equal(first_ar(b, NUM_IDLE), NUM_IDLE);
  b->hold_m_b = false;
  assert_int_equal(first_ar(b, NUM_IDLE), AR_AFTER_B);
  bench_drain(b);
  // At rm from clock 3 on, to the one in which the older one is DONE.
  assert_int_equal(bench_reg_read(b, REG_CNT_STALL_HAZARD) - before, NUM_IDLE + 3u - 3u);
  world_free(w);
}

// The same with both in the table already: what keeps the older one at rm completes, its request goes, and the younger
// one, next at rm, does not slip through behind it.
static void test_rmw_chain(void **state) {
  (void)state;
  world_t *w = new_world();
  bench_t *b = w->b;
  const uint32_t before = bench_reg_read(b, REG_CNT_STALL_HAZARD);
  partial_sent(b);
  put_part(b, page_addr(1) + 0x40);
  put_part(b, page_addr(1) + 0x80);
  assert_int_equal(first_ar(b, AT_B), AT_B);
  b->hold_m_b = false;
  assert_int_equal(first_ar(b, 1), 1);  // clock AT_B: one response
  b->hold_m_b = true;
  assert_int_equal(first_ar(b, NUM_IDLE), AR_AFTER_B - 1);
  assert_int_equal(first_ar(b, NUM_IDLE), NUM_IDLE);
  b->hold_m_b = false;
  assert_int_equal(first_ar(b, NUM_IDLE), AR_AFTER_B);
  bench_drain(b);
  const uint32_t first = AT_B + 3 - 2;         // clocks 2 .. AT_B + 2
  const uint32_t second = 1u + NUM_IDLE + 3u;  // from the first request on to the second response, and 2 more
  assert_int_equal(bench_reg_read(b, REG_CNT_STALL_HAZARD) - before, first + second);
  world_free(w);
}

// A write of nothing is READY until it is an answer: in the way as well, and one cycle longer.
static void test_rmw_null(void **state) {
  (void)state;
  world_t *w = new_world();
  bench_t *b = w->b;
  const cbit_attr_t attr = page_attr(1);
  const uint32_t before = bench_reg_read(b, REG_CNT_STALL_HAZARD);
  put(b, 2, page_addr(1), 1, false, &attr);
  put_part(b, page_addr(1) + 0x40);
  unsigned clock = 0;
  for (bench_clock(b); !b->out.s_b.valid; bench_clock(b)) {
    assert_false(b->out.m_ar.valid);
    assert_true(++clock < NUM_IDLE);
  }
  assert_int_equal(b->out.s_b.id, 2);  // ANSWER since the clock before, in which rm still waits
  assert_false(b->out.m_ar.valid);
  assert_int_equal(first_ar(b, NUM_IDLE), 0);
  bench_drain(b);
  assert_int_equal(bench_reg_read(b, REG_CNT_STALL_HAZARD) - before, clock - 3u);
  world_free(w);
}

// ---- rows ----

#define STAGES 10
#define ROWS_MAX 16u  // of a chunk

// The oldest entry, one row, waits for its old data and keeps all behind it in the ring: as many rows are free when the
// last burst comes. Waits: beats of it that have left the requester when it waits, two of them in wq; 0: it does not.
// after: clocks from the first AW of all for DRAM to the one in which wq has room again.
static const struct {
  const char *name;
  unsigned num_row, rows, beats, burst, waits;
  int after;
} room[] = {
    // AW comes S clocks after the first beat of the burst has left wq: the oldest entry's row makes it 16.
    {"one row, 15", 64, 15, 4, CBIT_BURST_FIXED, 2, -STAGES},
    {"one row, 16", 64, 16, 4, CBIT_BURST_FIXED, 0, 0},
    {"one row, 17", 64, 17, 4, CBIT_BURST_FIXED, 0, 0},
    {"four rows, 15", 64, 15, 4, CBIT_BURST_INCR, 2, -STAGES},
    {"four rows, 16", 64, 16, 4, CBIT_BURST_INCR, 0, 0},
    {"container, 15", 64, 15, 4, CBIT_BURST_WRAP, 2, -STAGES},
    {"container, 16", 64, 16, 4, CBIT_BURST_WRAP, 0, 0},
    {"sixteen rows, 15", 64, 15, 16, CBIT_BURST_INCR, 2, -STAGES},
    {"sixteen rows, 16", 64, 16, 16, CBIT_BURST_INCR, 0, 0},
    // 15 with the oldest one's row, 16 with the one behind it, a clock later.
    {"one row, 14", 64, 14, 4, CBIT_BURST_FIXED, 2, 1 - STAGES},
    // Each chunk of a burst asks anew.
    {"two chunks, 31", 64, 31, 32, CBIT_BURST_INCR, 16 + 2, -STAGES},
    {"two chunks, 32", 64, 32, 32, CBIT_BURST_INCR, 0, 0},
    {"small ring, 15", 32, 15, 4, CBIT_BURST_FIXED, 2, -STAGES},
    {"small ring, 16", 32, 16, 4, CBIT_BURST_FIXED, 0, 0},
};

// Queues the bursts of a case; gives the index of the last one.
static unsigned put_room(bench_t *b, unsigned k) {
  const cbit_attr_t oldest = page_attr(1);
  const cbit_attr_t fill = page_attr(2);
  const cbit_attr_t last = page_attr(4);
  unsigned rows = room[k].num_row - 1u - room[k].rows;
  (void)one(b, true, page_addr(1) + 4, 0, 2, &oldest);
  while (rows != 0) {  // the small one first
    const unsigned n = (rows - 1u) % ROWS_MAX + 1u;
    rows -= n;
    put(b, 2, page_addr(2) + 16u * rows, n, true, &fill);
  }
  bench_txn_t *t = bench_queue(b, true, page_addr(4), room[k].beats - 1u, 4, room[k].burst, 4, &last);
  memset(t->strb, 0xFF, sizeof t->strb[0] * room[k].beats);
  return b->made - 1u;
}

static void run_room(unsigned k) {
  cbit_cyc_cfg_t cfg = config(1, 128, 1);
  cfg.num_row = room[k].num_row;
  world_t *w = world_new(&cfg, CBIT_MODE_XTS_L64, 21);
  bench_t *b = w->b;
  b->hold_dram = true;
  const unsigned last = put_room(b, k);
  const unsigned waits = room[k].waits;
  int taken = 0;  // clock in which the beat that waits is taken at the pins
  int clock = 0;
  for (; clock < (int)NUM_IDLE; clock++) {
    bench_clock(b);
    taken = taken == 0 && waits != 0 && b->w_next == last && b->w_beat == waits - 1u ? clock : taken;
  }
  if (b->w_next != (waits != 0 ? last : b->made) || b->w_beat != waits || b->out.s_wready != (waits == 0)) {
    fail_msg("%s: burst %u, beat %u", room[k].name, b->w_next, b->w_beat);
  }
  b->hold_dram = false;
  int ready = 0;
  int aw = 0;
  for (; ready == 0 || aw == 0; clock++) {
    assert_true(clock < 2 * (int)NUM_IDLE);
    bench_clock(b);
    ready = ready == 0 && b->out.s_wready ? clock : ready;
    aw = aw == 0 && b->out.m_aw.valid ? clock : aw;
  }
  bench_drain(b);
  // Taken in t, at the head of wq in t + 1; gathered in the clock before wq has room.
  const uint32_t stalls = bench_reg_read(b, REG_CNT_STALL_WR_TABLE);
  if ((waits != 0 && ready - aw != room[k].after) || stalls != (waits != 0 ? (uint32_t)(ready - 2 - taken) : 0u)) {
    fail_msg("%s: room in clock %d, AW in %d, %u stalls", room[k].name, ready, aw, stalls);
  }
  world_free(w);
}

static void test_rows(void **state) {
  (void)state;
  for (unsigned k = 0; k < sizeof room / sizeof room[0]; k++) {
    run_room(k);
  }
}

// ---- hazard at em ----

#define AW_AFTER_PINS 27        // clocks from a full write at the pins to its AW for DRAM, if nothing is in its way
#define AW_AFTER_GO (STAGES + 2)
#define EM_B 60                 // clock in which the response of the partial write is at the DRAM's pins
#define EM_CLOCKS (2 * EM_B)

static int max_int(int a, int b) { return a > b ? a : b; }
// Up to two AWs for DRAM, by clock; a full write to addr comes to the pins in clock at.
static void em_clocks(bench_t *b, int at, uint64_t addr, int aw[2]) {
  const cbit_attr_t attr = page_attr(1);
  aw[0] = aw[1] = -1;
  for (int i = 0, n = 0; i < EM_CLOCKS; i++) {
    if (i == at) {
      put(b, 2, addr, 1, true, &attr);
    }
    b->hold_m_b = i < EM_B;
    bench_clock(b);
    if (b->out.m_aw.valid) {
      assert_true(n < 2);
      aw[n++] = i;
    }
  }
  bench_drain(b);
}

// Response at the pins in t, complete in t + 1: the write at em still waits in t + 2 and goes in t + 3.
static void test_em_hazard(void **state) {
  (void)state;
  world_t *w = new_world();
  bench_t *b = w->b;
  for (int at = 0; at < EM_B + 6; at++) {
    for (unsigned other = 0; other < 2; other++) {
      int aw[2];
      const uint32_t before = bench_reg_read(b, REG_CNT_STALL_HAZARD);
      partial_sent(b);
      em_clocks(b, at, page_addr(1) + (other != 0 ? 0x100 : 0x40), aw);
      const uint32_t count = bench_reg_read(b, REG_CNT_STALL_HAZARD) - before;
      const int waits = other != 0 ? 0 : max_int(EM_B + 3 - (at + 2), 0);  // READY in at + 2
      const int want = max_int(at + AW_AFTER_PINS, other != 0 ? 0 : EM_B + 3 + AW_AFTER_GO);
      if (aw[0] != want || aw[1] != -1 || count != (uint32_t)waits) {
        fail_msg("at %d, other %u: AW in %d, not %d; %u stalls, not %d", at, other, aw[0], want, count, waits);
      }
    }
  }
  world_free(w);
}

// Close behind a partial write of one row or two, which may leave em in the cycle before, or in which it is allocated.
static void test_em_behind(void **state) {
  (void)state;
  world_t *w = new_world();
  bench_t *b = w->b;
  const cbit_attr_t attr = page_attr(1);
  for (int at = 2; at < EM_B - 2; at++) {
    for (unsigned k = 0; k < 4; k++) {
      const int rows = 1 + (int)(k & 1u);
      int aw[2];
      const uint32_t before = bench_reg_read(b, REG_CNT_STALL_HAZARD);
      (void)one(b, true, page_addr(1) + 12, (unsigned)rows - 1u, 2, &attr);  // four bytes a row
      em_clocks(b, at, page_addr(1) + (k > 1 ? 0x100 : 0x40), aw);
      const uint32_t count = bench_reg_read(b, REG_CNT_STALL_HAZARD) - before;
      const int at_em = max_int(at + 2, aw[0] - AW_AFTER_GO + rows);
      const int waits = k > 1 ? 0 : EM_B + 3 - at_em;
      const int want = max_int(at + AW_AFTER_PINS, k > 1 ? aw[0] + rows : EM_B + 3 + AW_AFTER_GO);
      if (aw[0] < 0 || aw[1] != want || count != (uint32_t)waits) {
        fail_msg("at %d, case %u: AW in %d, %d, not %d; %u stalls, not %d", at, k, aw[0], aw[1], want, count, waits);
      }
    }
  }
  world_free(w);
}

// A partial write that is answered, not sent (keys gone; its old data in error), keeps nothing behind it.
static void test_em_answered(void **state) {
  (void)state;
  for (unsigned k = 0; k < 4; k++) {
    world_t *w = new_world();
    bench_t *b = w->b;
    b->hold_dram = true;
    put_part(b, page_addr(1) + 4);
    put(b, 2, page_addr(1) + (k < 2 ? 0x40 : 0x100), 1, true, &plain_attr);
    clocks(b, NUM_IDLE);
    if ((k & 1u) != 0) {
      b->bad_to = BENCH_MEM_BYTES;
    } else {
      assert_int_equal(bench_cmd(b, OP_WIPE_ALL, 0), 0);
    }
    int answer = -1;
    int aw = -1;
    b->hold_dram = false;
    for (int i = 0; i < EM_CLOCKS; i++) {
      bench_clock(b);
      answer = answer < 0 && b->out.s_b.valid ? i : answer;
      aw = aw < 0 && b->out.m_aw.valid ? i : aw;
    }
    assert_true(b->open == 0 && bench_txn(b, 0)->resp == 2);
    assert_int_equal(b->dram_writes, 1);
    assert_int_equal(aw - answer, AW_AFTER_GO - 1);  // ANSWER in t: own_q in t + 1, the other goes in t
    assert_int_equal(bench_reg_read(b, REG_CNT_STALL_HAZARD), 0);
    world_free(w);
  }
}

// ---- responses ----

#define NUM_B 12
#define ID_DRAM 3
#define ID_OWN 4  // and up

// Refused writes come to the pins from clock 0 on, responses of the DRAM from clock at_b on.
static const struct {
  const char *name;
  unsigned own, dram, at_b;
  unsigned held;  // clocks in which the requester is not ready, bit by bit
  uint8_t id[NUM_B];
} pace[] = {
    // sunk in 1, ANSWER in 2, own_q in 3
    {"own", 1, 0, 0, 0, {0, 0, 0, 4}},
    {"own answers in a row", 3, 0, 0, 0, {0, 0, 0, 4, 0, 5, 0, 6}},
    {"DRAM first", 1, 2, 2, 0, {0, 0, 0, 3, 3, 4}},
    {"DRAM first, two own behind", 2, 2, 2, 0, {0, 0, 0, 3, 3, 4, 0, 5}},
    {"DRAM between own answers", 2, 1, 3, 0, {0, 0, 0, 4, 3, 5}},
    {"DRAM while own_q waits", 2, 1, 4, 0, {0, 0, 0, 4, 0, 3, 5}},
    {"own held", 2, 0, 0, 0x018, {0, 0, 0, 4, 4, 4, 0, 5}},
    {"own held, DRAM waits", 2, 1, 3, 0x018, {0, 0, 0, 4, 4, 4, 3, 5}},
    {"DRAM held, own waits", 2, 1, 2, 0x018, {0, 0, 0, 3, 3, 3, 4, 0, 5}},
    {"all held", 3, 2, 3, 0x098, {0, 0, 0, 4, 4, 4, 3, 3, 3, 5, 0, 6}},
};

static void test_response_pace(void **state) {
  (void)state;
  world_t *w = new_world();
  bench_t *b = w->b;
  for (unsigned k = 0; k < sizeof pace / sizeof pace[0]; k++) {
    b->hold_m_b = true;
    for (unsigned i = 0; i < pace[k].dram; i++) {
      put_plain(b, ID_DRAM, page_addr(ID_DRAM) + 64u * i);
    }
    clocks(b, NUM_IDLE);
    for (unsigned i = 0; i < pace[k].own; i++) {
      put_refused(b, ID_OWN + i);
    }
    for (unsigned i = 0; i < NUM_B; i++) {
      b->hold_m_b = i < pace[k].at_b;
      b->hold_s_b = ((pace[k].held >> i) & 1u) != 0;
      bench_clock(b);
      if (b->out.s_b.id != pace[k].id[i] || b->out.s_b.valid != (pace[k].id[i] != 0)) {
        fail_msg("%s: clock %u: ID %u", pace[k].name, i, b->out.s_b.id);
      }
      assert_int_equal(b->out.s_b.resp, pace[k].id[i] >= ID_OWN ? 2 : 0);
    }
    assert_int_equal(b->open, 0);
  }
  world_free(w);
}

// The same ID: the second answer is the first of its ID only when the first one is done, and no later than another one.
static void test_response_same_id(void **state) {
  (void)state;
  world_t *w = new_world();
  bench_t *b = w->b;
  put_refused(b, 4);
  put_refused(b, 4);
  static const uint8_t id[] = {0, 0, 0, 4, 0, 4, 0};
  for (unsigned i = 0; i < sizeof id; i++) {
    expect_b(b, id[i]);
  }
  assert_int_equal(b->open, 0);
  world_free(w);
}

// While an answer is held another one with a lower index comes up: own_q names that one, the pins do not.
static void test_response_held_lower(void **state) {
  (void)state;
  world_t *w = new_world();
  bench_t *b = w->b;
  const cbit_attr_t attr = page_attr(1);
  b->hold_s_b = true;
  put(b, 1, page_addr(1), 1, false, &attr);  // entry 0: nothing to write, answered once its tweaks are in
  put_refused(b, 4);                         // entry 1
  clocks(b, 4);
  for (unsigned i = 0; i < NUM_IDLE; i++) {
    expect_b(b, 4);
  }
  b->hold_s_b = false;
  expect_b(b, 4);
  expect_b(b, 0);
  expect_b(b, 1);
  expect_b(b, 0);
  assert_int_equal(b->open, 0);
  world_free(w);
}

// A chunk that is not the last of its burst completes at once, unseen; it too goes through own_q.
static void test_response_chunks(void **state) {
  (void)state;
  world_t *w = new_world();
  bench_t *b = w->b;
  const cbit_attr_t attr = page_attr(1);
  b->hold_s_b = true;
  put_refused(b, 4);
  put(b, 1, page_addr(1), 32, false, &attr);  // two windows
  clocks(b, 2u * NUM_IDLE);
  b->hold_s_b = false;
  expect_b(b, 4);
  expect_b(b, 0);
  expect_b(b, 0);  // the first chunk
  expect_b(b, 0);
  expect_b(b, 1);
  expect_b(b, 0);
  assert_int_equal(b->open, 0);
  world_free(w);
}

// A reset takes own_q with it.
static void test_response_reset(void **state) {
  (void)state;
  world_t *w = new_world();
  bench_t *b = w->b;
  put_refused(b, 4);
  clocks(b, 3);  // own_q is valid now
  b->in.rst_n = false;
  cbit_cyc_clock(b->m, &b->in);
  b->in.rst_n = true;
  for (unsigned i = 0; i < NUM_IDLE; i++) {
    expect_b(b, 0);
  }
  world_free(w);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_direct_hazard),       cmocka_unit_test(test_direct_hazard_heads),
      cmocka_unit_test(test_response_pace),       cmocka_unit_test(test_response_same_id),
      cmocka_unit_test(test_response_held_lower), cmocka_unit_test(test_response_chunks),
      cmocka_unit_test(test_response_reset),      cmocka_unit_test(test_rows),
      cmocka_unit_test(test_rmw_hazard),          cmocka_unit_test(test_rmw_passed),
      cmocka_unit_test(test_rmw_chain),           cmocka_unit_test(test_rmw_null),
      cmocka_unit_test(test_em_hazard),           cmocka_unit_test(test_em_behind),
      cmocka_unit_test(test_em_answered),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
