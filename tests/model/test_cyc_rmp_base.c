// SPDX-License-Identifier: Apache-2.0
//
// test_cyc_rmp_base.c - a miss whose base entry is cached makes one read
//
// docs/units/rmp_walker.md, "One read for a miss whose base entry is cached": which reads are made and when, on both
// ports; table writes in each cycle between the question and its verdict; errors, lines that are replaced meanwhile. The
// unit stands alone; rmp_bench.h plays its neighbours. "t" is the cycle of the address handshake.

#define T_PAGES 8192u  // 32 MiB: ranges 2 and 10 share a base line of 8
#include "rmp_bench.h"

#define A0 UINT64_C(0x400000)  // first page of a range, three more of it
#define A UINT64_C(0x403000)
#define B UINT64_C(0x404000)
#define D UINT64_C(0x405000)
#define C UINT64_C(0x605000)   // of another range
#define E UINT64_C(0x606000)
#define FAR UINT64_C(0x1403000)  // of one whose base has the line of A's

#define OWN_ADDR(spa) (T_BASE + T_ENTRIES + ((spa) >> 12) * 16u)
#define BASE_ADDR(spa) OWN_ADDR((spa) & ~UINT64_C(0x1fffff))

static void own_page(bench_t *b, uint64_t spa, unsigned asid) {
  bench_entry(b, spa >> 12, Q1_GUEST(asid, spa >> 12), 0x1f);
}

static bench_t *on_cfg(const cbit_cyc_cfg_t *cfg) {
  static const uint64_t pages[] = {A0, A, B, D, C, E, FAR};
  bench_t *b = bench_new(cfg);
  start_up(b, RMP_ON);
  for (unsigned i = 0; i < sizeof pages / sizeof pages[0]; i++) {
    own_page(b, pages[i], 5);
  }
  b->reads = 0;
  return b;
}

static bench_t *on(void) {
  cbit_cyc_cfg_t cfg;
  cbit_cyc_cfg_default(&cfg);
  cfg.rmp_lines = 8;
  return on_cfg(&cfg);
}

// Until the verdict of the head of R is known; then its pop. Gives whether it was refused.
static bool end_r(bench_t *b) {
  for (unsigned i = 0; b->net.rmp.rd_wait; i++) {
    assert_true(i < 1000);
    tick(b);
  }
  const bool deny = b->net.rmp.rd_now ? b->net.rmp.rd_now_deny : b->net.rmp.rd_deny;
  b->net.pop_r = true;
  tick(b);
  return deny;
}

static bool end_w(bench_t *b) {
  for (unsigned i = 0; b->net.rmp.wr_wait; i++) {
    assert_true(i < 1000);
    tick(b);
  }
  const bool deny = b->net.rmp.wr_deny;
  b->net.pop_w = true;
  tick(b);
  return deny;
}

// A read by a guest, from its handshake to its pop; gives how many reads of the table it made.
static unsigned read_page(bench_t *b, uint64_t spa, unsigned asid, bool deny) {
  const uint64_t reads = b->reads;
  ask_r(b, spa, attr_guest(asid, spa));
  tick(b);
  assert_int_equal(end_r(b), deny);
  return (unsigned)(b->reads - reads);
}

// ---- which reads, and when ----

static void test_timing(void **state) {
  (void)state;
  bench_t *b = on();
  assert_int_equal(read_page(b, A, 5, false), 2);
  ask_r(b, B, attr_guest(5, B));
  tick(b);  // t + 1
  assert_true(b->net.rmp.rd_wait);
  tick(b);  // t + 2
  assert_int_equal(b->net.ev.rmp_ask, 1);
  assert_int_equal(b->net.ev.rmp_miss, 1);
  assert_false(b->net.int_req.valid);
  tick(b);  // t + 3: own alone
  assert_true(b->net.int_req.valid);
  assert_int_equal(b->net.int_req.tag, 0x83);  // slot 1
  assert_int_equal(b->net.int_req.spa, OWN_ADDR(B));
  for (unsigned i = 0; i < 6; i++) {  // c = t + 7; decided in c + 2
    tick(b);
    assert_false(b->net.int_req.valid);
    assert_true(b->net.rmp.rd_wait);
  }
  tick(b);  // c + 3 = t + 10, one cycle earlier than with two reads
  assert_false(b->net.rmp.rd_wait || b->net.rmp.rd_now || b->net.rmp.rd_deny);
  assert_false(end_r(b));
  assert_int_equal(read_page(b, B, 5, false), 0);  // filled
  assert_int_equal(read_page(b, D, 5, false), 1);  // with its base
  assert_int_equal(read_page(b, A0, 5, false), 0);
  bench_free(b);
}

// The first page of a range: one read and no base known; after it the others need one.
static void test_first(void **state) {
  (void)state;
  bench_t *b = on();
  assert_int_equal(read_page(b, A0, 5, false), 1);
  assert_int_equal(read_page(b, A, 5, false), 1);
  assert_int_equal(read_page(b, C, 5, false), 2);
  bench_free(b);
}

// Two misses in one cycle; bits of known: the base of R, of W. Base of R, own of R, base of W, own of W, if needed.
static void test_both(void **state) {
  (void)state;
  for (unsigned known = 0; known < 4; known++) {
    bench_t *b = on();
    uint8_t tags[4];
    unsigned n = 0;
    unsigned slot = 0;
    if ((known & 1u) != 0) {
      assert_int_equal(read_page(b, A, 5, false), 2);
      slot ^= 1u;
    } else {
      tags[n++] = 0x80;
    }
    if ((known & 2u) != 0) {
      assert_int_equal(read_page(b, C, 5, false), 2);
      slot ^= 1u;
    }
    tags[n++] = 0x81;
    if ((known & 2u) == 0) {
      tags[n++] = 0x84;
    }
    tags[n++] = 0x85;
    ask_r(b, B, attr_guest(5, B));
    ask_w(b, E, attr_guest(6, E));
    ticks(b, 3);
    for (unsigned i = 0; i < n; i++) {
      assert_true(b->net.int_req.valid);
      assert_int_equal(b->net.int_req.tag, tags[i] + (tags[i] < 0x84 ? 2u * slot : 0u));
      tick(b);
    }
    assert_false(b->net.int_req.valid);
    assert_false(end_r(b));
    assert_true(end_w(b));
    bench_free(b);
  }
}

// A fill is not looked at a second time: in the cycle of the question and in its step D it comes too late.
static void test_fill_beside(void **state) {
  (void)state;
  for (unsigned at = 0; at < 3; at++) {
    bench_t *b = on();
    ask_r(b, A, attr_guest(5, A));
    tick(b);
    ticks(b, 7);          // c = t + 8
    ticks(b, at + 1u);    // the fill is in c + 2
    const uint64_t reads = b->reads;
    ask_r(b, B, attr_guest(5, B));
    tick(b);
    assert_false(end_r(b));
    assert_false(end_r(b));
    assert_int_equal(b->reads - reads, at == 2 ? 1 : 2);
    bench_free(b);
  }
}

static void test_const(void **state) {
  (void)state;
  cbit_cyc_cfg_t cfg;
  cbit_cyc_cfg_default(&cfg);
  cfg.rmp_const = 1;
  bench_t *b = on_cfg(&cfg);
  for (unsigned i = 0; i < 3; i++) {
    assert_int_equal(read_page(b, A, 5, false), 2);
    assert_int_equal(read_page(b, B, 5, false), 2);
  }
  bench_free(b);
}

// A base entry of 2 MiB is known, and the mapping has 4 KiB: the own entry is read all the same.
static void test_large(void **state) {
  (void)state;
  bench_t *b = on();
  bench_entry(b, A0 >> 12, Q1_GUEST(5, A0 >> 12) | Q1_LARGE, 0x1f);
  assert_int_equal(read_page(b, A, 5, true), 2);
  assert_int_equal(read_page(b, B, 5, true), 1);
  assert_int_equal(b->net.rmp.rd_rec.why, 0);  // popped
  ask_r(b, D, attr_guest(5, D));
  tick(b);
  while (b->net.rmp.rd_wait) {
    tick(b);
  }
  assert_int_equal(b->net.rmp.rd_rec.why, CBIT_RMP_WHY_SIZE);
  bench_free(b);
}

// The place has a base of its own in every question: that of the last one is gone.
static void test_place_reused(void **state) {
  (void)state;
  bench_t *b = on();
  bench_entry(b, 0x600, Q1_GUEST(5, 0x600) | Q1_LARGE, 0x1f);  // range of C: large
  assert_int_equal(read_page(b, A, 5, false), 2);
  for (unsigned i = 0; i < 4; i++) {  // both slots of R get its base
    own_page(b, C + 4096u * i, 5);
    assert_int_equal(read_page(b, C + 4096u * i, 5, true), i == 0 ? 2 : 1);
    own_page(b, B + 4096u * i, 5);
    assert_int_equal(read_page(b, B + 4096u * i, 5, false), 1);
  }
  bench_free(b);
}

// ---- errors ----

static void test_read_error(void **state) {
  (void)state;
  bench_t *b = on();
  assert_int_equal(read_page(b, A, 5, false), 2);
  b->bad_addr = BASE_ADDR(A);  // not read any more
  assert_int_equal(read_page(b, B, 5, false), 1);
  b->bad_addr = OWN_ADDR(D);
  for (unsigned i = 0; i < 2; i++) {
    ask_r(b, D, attr_guest(5, D));
    const uint64_t reads = b->reads;
    tick(b);
    while (b->net.rmp.rd_wait) {
      tick(b);
    }
    assert_true(b->net.rmp.rd_deny);
    assert_int_equal(b->net.rmp.rd_rec.why, CBIT_RMP_WHY_READ);
    assert_int_equal(b->net.rmp.rd_rec.kind, CBIT_RMP_MCE);
    assert_true(end_r(b));
    assert_int_equal(b->reads - reads, 1);
  }
  b->bad_addr = 0;
  assert_int_equal(read_page(b, D, 5, false), 1);  // nothing was filled
  assert_int_equal(read_page(b, D, 5, false), 0);
  bench_free(b);
}

// Another range's fill takes the base line between miss and verdict; the fill of the miss brings the line back.
static void test_line_replaced(void **state) {
  (void)state;
  bench_t *b = on();
  assert_int_equal(read_page(b, A, 5, false), 2);
  b->latency = 20;
  ask_w(b, FAR, attr_guest(5, FAR));
  ticks(b, 4);
  ask_r(b, B, attr_guest(5, B));  // its own word comes after both of FAR
  tick(b);
  assert_false(end_w(b));
  assert_true(b->net.rmp.rd_wait);
  assert_false(end_r(b));
  assert_int_equal(b->reads, 5);
  b->latency = 4;
  assert_int_equal(read_page(b, D, 5, false), 1);          // the line is A's again
  assert_int_equal(read_page(b, FAR + 4096u, 6, true), 2);  // and not FAR's
  bench_free(b);
}

// ---- table writes ----

// A write of A's base entry is under way from cycle t + from on (tbl_begin in the one before) and its B is in t + till.
// The question of t is about B, whose own word arrives in t + 7 with one read, in t + 8 with two; it is picked one cycle
// later. The reads of the question, its verdict, and what is cached afterwards.
static void sweep_one(int from, int till) {
  bench_t *b = on();
  assert_int_equal(read_page(b, A, 5, false), 2);
  const uint64_t reads = b->reads;
  const int first = from - 1 < 0 ? from - 1 : 0;
  for (int k = first; k <= till || k < 1 || b->net.rmp.rd_wait; k++) {
    if (k == from - 1) {
      b->net.tbl_begin = true;
    }
    if (k == till) {  // in the table with the B: a large base refuses mappings of 4 KiB
      bench_entry(b, A0 >> 12, Q1_GUEST(5, A0 >> 12) | Q1_LARGE, 0x1f);
      b->net.tbl_end = true;
    }
    if (k == 0) {
      ask_r(b, B, attr_guest(5, B));
    }
    tick(b);
    assert_true(k < 200);
  }
  const bool old_passes = !(b->net.rmp.rd_now ? b->net.rmp.rd_now_deny : b->net.rmp.rd_deny);
  (void)end_r(b);
  const uint64_t of_first = b->reads - reads;
  const bool one = from > 1;                // base known: no write under way in t and t + 1
  const int pick = one ? 8 : 9;             // of the walk without a restart
  const bool redo = till >= 2 && till < pick;
  if (till < 0) {  // over before the question: nothing is cached any more
    assert_int_equal(of_first, 2);
    assert_false(old_passes);
  } else {
    assert_int_equal(of_first, (one ? 1u : 2u) + (redo ? 2u : 0u));
    // base is read in t + 3 (data of t + 7) without the known word
    assert_int_equal(old_passes, one ? !redo : till >= pick);
  }
  // never a stale line: the new base decides from here on
  assert_int_equal(read_page(b, B, 5, true) + read_page(b, D, 5, true), (till < pick ? 0u : 2u) + 1u);
  bench_free(b);
}

static void test_table_write(void **state) {
  (void)state;
  for (int from = -3; from <= 14; from++) {
    for (int till = from; till <= 16; till++) {
      sweep_one(from, till);
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_timing),       cmocka_unit_test(test_first),        cmocka_unit_test(test_both),
      cmocka_unit_test(test_fill_beside),  cmocka_unit_test(test_const),        cmocka_unit_test(test_large),
      cmocka_unit_test(test_place_reused), cmocka_unit_test(test_read_error),   cmocka_unit_test(test_line_replaced),
      cmocka_unit_test(test_table_write),
  };
  return cmocka_run_group_tests_name("cyc_rmp_base", tests, NULL, NULL);
}
