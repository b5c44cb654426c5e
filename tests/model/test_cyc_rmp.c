// SPDX-License-Identifier: Apache-2.0
//
// test_cyc_rmp.c - caches, walker and merge of the RMP unit, cycle by cycle
//
// docs/units/rmp_cache.md and rmp_walker.md: when a hit and a miss are decided, what a table write does to walks and
// caches, what is filled and when it is seen, the guard, the order of reads, and the attributes of rmp.md. The unit stands
// alone; rmp_bench.h plays its neighbours. "t" is the cycle of the address handshake.

#include "rmp_bench.h"

#define A UINT64_C(0x403000)  // pages of guest 5 in one range, the first of the range, one of another range
#define B UINT64_C(0x404000)
#define A0 UINT64_C(0x400000)
#define C UINT64_C(0x605000)

static void own_page(bench_t *b, uint64_t spa, unsigned asid) {
  bench_entry(b, spa >> 12, Q1_GUEST(asid, spa >> 12), 0x1f);
}

static bench_t *on_cfg(const cbit_cyc_cfg_t *cfg) {
  bench_t *b = bench_new(cfg);
  start_up(b, RMP_ON);
  own_page(b, A, 5);
  own_page(b, B, 5);
  own_page(b, A0, 5);
  own_page(b, C, 5);
  b->reads = 0;
  return b;
}

static bench_t *on(void) {
  cbit_cyc_cfg_t cfg;
  cbit_cyc_cfg_default(&cfg);
  return on_cfg(&cfg);
}

// A read from its handshake until its verdict is known, then its pop. Gives the cycles of waiting; *deny the verdict.
static unsigned read_one(bench_t *b, uint64_t spa, uint64_t attr, bool *deny) {
  unsigned waits = 0;
  ask_r(b, spa, attr);
  tick(b);
  while (b->net.rmp.rd_wait) {
    waits++;
    assert_true(waits < 1000);
    tick(b);
  }
  *deny = b->net.rmp.rd_now ? b->net.rmp.rd_now_deny : b->net.rmp.rd_deny;
  b->net.pop_r = true;
  tick(b);
  return waits;
}

static unsigned write_one(bench_t *b, uint64_t spa, uint64_t attr, bool *deny) {
  unsigned waits = 0;
  ask_w(b, spa, attr);
  tick(b);
  while (b->net.rmp.wr_wait) {
    waits++;
    assert_true(waits < 1000);
    tick(b);
  }
  *deny = b->net.rmp.wr_deny;
  b->net.pop_w = true;
  tick(b);
  return waits;
}

static void assert_pass(bench_t *b, uint64_t spa, bool hit) {
  bool deny;
  const unsigned waits = read_one(b, spa, attr_guest(5, spa), &deny);
  assert_false(deny);
  assert_int_equal(waits == 0, hit);
}

// ---- off ----

static void test_off(void **state) {
  (void)state;
  bench_t *b = bench_default();
  bool deny;
  for (unsigned i = 0; i < 4; i++) {  // a table page of the firmware: even the guard is off
    assert_int_equal(read_one(b, T_BASE, attr_guest(5, T_BASE), &deny), 0);
    assert_false(deny);
    assert_int_equal(write_one(b, T_BASE, attr_host(), &deny), 0);
    assert_false(deny);
  }
  assert_int_equal(b->reads, 0);
  bench_free(b);
}

// ---- timing ----

static void test_miss_timing(void **state) {
  (void)state;
  bench_t *b = on();
  ask_r(b, A, attr_guest(5, A));
  tick(b);  // t + 1: D
  assert_true(b->net.rmp.rd_wait);
  assert_false(b->net.rmp.rd_now || b->net.rmp.rd_deny || b->net.int_req.valid);
  tick(b);  // t + 2: the walker has it
  assert_int_equal(b->net.ev.rmp_ask, 1);
  assert_int_equal(b->net.ev.rmp_miss, 1);
  assert_false(b->net.int_req.valid);
  tick(b);  // t + 3: base, then own
  assert_int_equal(b->net.ev.rmp_ask, 0);
  assert_true(b->net.int_req.valid);
  assert_int_equal(b->net.int_req.spa, T_BASE + T_ENTRIES + (A0 >> 12) * 16u);
  assert_int_equal(b->net.int_req.tag, 0x80);
  assert_int_equal(b->net.int_req.slot, 0);
  assert_false(b->net.int_req.enc);
  tick(b);  // t + 4
  assert_true(b->net.int_req.valid);
  assert_int_equal(b->net.int_req.spa, T_BASE + T_ENTRIES + (A >> 12) * 16u);
  assert_int_equal(b->net.int_req.tag, 0x81);
  for (unsigned i = 0; i < 4; i++) {  // the last word is at rmwd in c = t + 8
    tick(b);
    assert_false(b->net.int_req.valid);
    assert_true(b->net.rmp.rd_wait);
  }
  ticks(b, 2);  // c + 2: decided
  assert_true(b->net.rmp.rd_wait);
  tick(b);  // c + 3
  assert_false(b->net.rmp.rd_wait || b->net.rmp.rd_now || b->net.rmp.rd_deny);
  bench_free(b);
}

static void test_hit_timing(void **state) {
  (void)state;
  bench_t *b = on();
  assert_pass(b, A, false);
  // pass: known in t + 1 and afterwards
  ask_r(b, A, attr_guest(5, A));
  tick(b);
  assert_true(b->net.rmp.rd_now);
  assert_false(b->net.rmp.rd_wait || b->net.rmp.rd_now_deny || b->net.rmp.rd_deny);
  tick(b);
  assert_false(b->net.rmp.rd_now || b->net.rmp.rd_wait || b->net.rmp.rd_deny);
  b->net.pop_r = true;
  tick(b);
  // the late deny: now_deny in t + 1 with its record, deny from t + 2 on
  ask_r(b, A, attr_guest(6, A));
  tick(b);
  for (unsigned i = 0; i < 3; i++) {
    assert_int_equal(b->net.rmp.rd_now, i == 0);
    assert_int_equal(b->net.rmp.rd_now_deny, i == 0);
    assert_int_equal(b->net.rmp.rd_deny, i != 0);
    assert_int_equal(b->net.rmp.rd_rec.row, CBIT_RMP_ROW_11);
    assert_int_equal(b->net.rmp.rd_rec.why, CBIT_RMP_WHY_GOWN);
    assert_int_equal(b->net.rmp.rd_rec.kind, CBIT_RMP_NPF);
    assert_int_equal(b->net.rmp.rd_rec.error, 0x580000005u);
    tick(b);
  }
  b->net.pop_r = true;
  tick(b);
  assert_false(b->net.rmp.rd_deny);  // none left
  assert_int_equal(b->reads, 2);
  bench_free(b);
}

// A head that pops in its own step D, with the next question right behind it: one a cycle.
static void test_stream(void **state) {
  (void)state;
  bench_t *b = on();
  assert_pass(b, A, false);
  ask_r(b, A, attr_guest(5, A));
  tick(b);
  for (unsigned i = 0; i < 20; i++) {
    const bool denied = (i & 1u) != 0;
    assert_true(b->net.rmp.rd_now);
    assert_int_equal(b->net.rmp.rd_now_deny, denied);
    b->net.pop_r = true;
    ask_r(b, A, attr_guest(denied ? 5 : 6, A));
    tick(b);
  }
  bench_free(b);
}

// A hit behind a miss is known, and says nothing until it is the head.
static void test_hit_behind_miss(void **state) {
  (void)state;
  bench_t *b = on();
  assert_pass(b, A, false);
  ask_r(b, C, attr_guest(5, C));
  tick(b);
  ask_r(b, A, attr_guest(6, A));
  tick(b);
  assert_true(b->net.rmp.rd_wait);
  assert_false(b->net.rmp.rd_now || b->net.rmp.rd_deny);
  assert_true(b->net.rmp.rd_now_deny);
  while (b->net.rmp.rd_wait) {
    tick(b);
  }
  assert_false(b->net.rmp.rd_deny);
  b->net.pop_r = true;
  tick(b);
  assert_true(b->net.rmp.rd_deny);
  bench_free(b);
}

// ---- both ports, order of reads, merge ----

static void test_both_miss(void **state) {
  (void)state;
  bench_t *b = on();
  const uint8_t tags[4] = {0x80, 0x81, 0x84, 0x85};  // R slot 0, W slot 0 = place 2
  ask_r(b, A, attr_guest(5, A));
  ask_w(b, C, attr_guest(6, C));
  tick(b);
  assert_true(b->net.rmp.rd_wait && b->net.rmp.wr_wait);
  tick(b);
  assert_int_equal(b->net.ev.rmp_ask, 2);
  assert_int_equal(b->net.ev.rmp_miss, 2);
  tick(b);
  for (unsigned i = 0; i < 4; i++) {
    assert_true(b->net.int_req.valid);
    assert_int_equal(b->net.int_req.tag, tags[i]);
    tick(b);
  }
  assert_false(b->net.int_req.valid);
  while (b->net.rmp.rd_wait) {
    assert_true(b->net.rmp.wr_wait);
    tick(b);
  }
  assert_false(b->net.rmp.rd_deny);
  while (b->net.rmp.wr_wait) {
    tick(b);
  }
  assert_true(b->net.rmp.wr_deny);
  assert_int_equal(b->net.rmp.wr_rec.row, CBIT_RMP_ROW_12);
  assert_int_equal(b->net.rmp.wr_rec.error, 0x580000007u);
  bench_free(b);
}

// The first page of a range has one entry.
static void test_first_page(void **state) {
  (void)state;
  bench_t *b = on();
  assert_pass(b, A0, false);
  assert_int_equal(b->reads, 1);
  assert_pass(b, A0, true);
  assert_pass(b, A, false);  // its own entry is not there; base is
  assert_int_equal(b->reads, 2);
  bench_free(b);
}

static void test_merge(void **state) {
  (void)state;
  static const uint8_t tags[5] = {9, 0x81, 9, 9, 9};  // in turn as long as both are there
  bench_t *b = on();
  b->net.ctrl.tsme = true;  // K16
  b->hold = true;
  ask_r(b, A, attr_guest(5, A));
  ticks(b, 4);
  assert_true(b->net.int_req.valid && b->net.int_req.enc);
  b->net.rmw_req = (cyc_rmw_req_t){.valid = true, .tag = 9, .rows = 3, .slot = 7};
  ticks(b, 5);
  assert_int_equal(b->net.int_req.tag, 0x80);  // held once offered
  b->hold = false;
  tick(b);
  for (unsigned i = 0; i < 5; i++) {
    assert_true(b->net.int_req.valid && b->net.int_req.enc);
    assert_int_equal(b->net.int_req.tag, tags[i]);
    assert_int_equal(b->net.int_req.slot, tags[i] == 9 ? 7 : 0);
    assert_int_equal(b->net.int_req.rows, tags[i] == 9 ? 3 : 1);
    tick(b);
  }
  b->net.rmw_req.valid = false;
  b->net.ctrl.mode = 0;  // nothing is encrypted
  while (b->net.rmp.rd_wait) {
    tick(b);
  }
  b->net.pop_r = true;
  tick(b);
  ask_r(b, C, attr_guest(5, C));
  ticks(b, 3);
  assert_true(b->net.int_req.valid && !b->net.int_req.enc);
  // an RMW was taken last, so the walk goes first
  b->net.rmw_req.valid = true;
  rmp_cyc_out(b->u, &b->net);
  assert_int_equal(b->net.int_req.tag, 0x82);
  bench_free(b);
}

// ---- fills ----

// A lookup in the cycle of a fill sees the old memories: it misses. In the next cycle it hits.
static void test_fill_and_lookup(void **state) {
  (void)state;
  for (unsigned late = 0; late < 2; late++) {
    bench_t *b = on();
    ask_r(b, A, attr_guest(5, A));
    tick(b);
    ticks(b, 7);  // c = t + 8: the last word
    ticks(b, 2);  // c + 2: decided and filled
    ticks(b, late);
    ask_w(b, A, attr_guest(5, A));
    tick(b);
    assert_int_equal(b->net.rmp.wr_wait, !late);
    bench_free(b);
  }
}

static void test_conflict(void **state) {
  (void)state;
  bench_t *b = on();
  const uint64_t other = A + 32 * 4096;  // the same line of own, the same range
  own_page(b, other, 5);
  assert_pass(b, A, false);
  assert_pass(b, other, false);
  assert_pass(b, other, true);
  assert_pass(b, A, false);
  bench_free(b);
}

static void test_const(void **state) {
  (void)state;
  cbit_cyc_cfg_t cfg;
  cbit_cyc_cfg_default(&cfg);
  cfg.rmp_const = 1;
  bench_t *b = on_cfg(&cfg);
  bool deny;
  for (unsigned i = 0; i < 3; i++) {
    assert_pass(b, A, false);
    assert_int_equal(b->reads, 2u * (i + 1u));
    assert_int_equal(read_one(b, A, attr_host(), &deny), 0);  // no table needed
    assert_false(deny);
  }
  bench_free(b);
}

static void test_read_error(void **state) {
  (void)state;
  for (unsigned own = 0; own < 2; own++) {
    bench_t *b = on();
    bool deny;
    b->bad_addr = T_BASE + T_ENTRIES + ((own ? A : A0) >> 12) * 16u;
    ask_r(b, A, attr_guest(5, A));
    do {
      tick(b);
    } while (b->net.rmp.rd_wait);
    assert_true(b->net.rmp.rd_deny);
    assert_int_equal(b->net.rmp.rd_rec.why, CBIT_RMP_WHY_READ);
    assert_int_equal(b->net.rmp.rd_rec.kind, CBIT_RMP_MCE);
    assert_int_equal(b->reads, 2);
    b->net.pop_r = true;
    tick(b);
    b->bad_addr = 0;
    assert_true(read_one(b, A, attr_guest(5, A), &deny) > 0);  // nothing was filled
    assert_false(deny);
    bench_free(b);
  }
}

// The entry within a row of the bus.
static void test_lanes(void **state) {
  (void)state;
  for (uint32_t lanes = 1; lanes <= 4; lanes *= 2) {
    cbit_cyc_cfg_t cfg;
    cbit_cyc_cfg_default(&cfg);
    cfg.lanes = lanes;
    bench_t *b = on_cfg(&cfg);
    for (uint64_t page = A0 >> 12; page < (A0 >> 12) + 8u; page++) {
      bool deny;
      own_page(b, page << 12, (unsigned)(100u + page));
      (void)read_one(b, page << 12, attr_guest((unsigned)(100u + page), page << 12), &deny);
      assert_false(deny);
      assert_int_equal(b->last_addr, (T_BASE + T_ENTRIES + page * 16u) / (16u * lanes) * (16u * lanes));
    }
    bench_free(b);
  }
}

// GPA[50] counts, GPA[51] does not; neither do bits 127:96 of an entry.
static void test_question(void **state) {
  (void)state;
  bench_t *b = on();
  bool deny;
  bench_entry(b, A >> 12, Q1_GUEST(5, A >> 12 | UINT64_C(1) << 38), UINT64_MAX << 32 | 0x1f);
  const uint64_t low = attr_guest(5, A);
  const uint64_t high = low | CBIT_ATTR_PUT(GPA_PAGE, UINT64_C(1) << 38);
  (void)read_one(b, A, low, &deny);
  assert_true(deny);
  (void)read_one(b, A, high, &deny);
  assert_false(deny);
  (void)read_one(b, A, high | CBIT_ATTR_PUT(GPA_PAGE, UINT64_C(1) << 39), &deny);
  assert_false(deny);
  bench_free(b);
}

// ---- table writes ----

static void begin_write(bench_t *b) {
  b->net.tbl_begin = true;
  tick(b);
}

static void test_redo(void **state) {
  (void)state;
  // the B comes in cycle t + when
  for (unsigned when = 1; when < 14; when++) {
    bench_t *b = on();
    bool deny;
    begin_write(b);
    ask_r(b, A, attr_guest(5, A));
    tick(b);  // t + 1
    ticks(b, when - 1u);
    own_page(b, A, 6);
    b->net.tbl_end = true;
    assert_true(b->net.rmp.rd_wait || when > 10);
    tick(b);  // t + when was the cycle of the B: t + 9 picks, t + 10 decides
    while (b->net.rmp.rd_wait) {
      tick(b);
    }
    // A miss of D in the cycle of the B starts after it. The own word is read from DRAM in t + 8, so a B up to then
    // shows the new entry to the first walk as well.
    assert_int_equal(b->net.rmp.rd_deny, when < 9);
    assert_int_equal(b->reads, when == 1 || when >= 9 ? 2 : 4);
    b->net.pop_r = true;
    tick(b);
    const unsigned waits = read_one(b, A, attr_guest(6, A), &deny);
    assert_false(deny);                       // never the old entry
    assert_int_equal(waits == 0, when < 9);   // what began before the B and was not redone is not filled
    bench_free(b);
  }
}

// The questions of cycle x (the B) miss, those of x + 1 find empty caches, and the walks after it fill.
static void test_empty_after_write(void **state) {
  (void)state;
  for (unsigned after = 0; after < 2; after++) {
    bench_t *b = on();
    assert_pass(b, A, false);
    assert_pass(b, A, true);
    begin_write(b);
    own_page(b, A, 6);
    tick(b);
    b->net.tbl_end = true;
    if (after) {
      tick(b);
    }
    ask_r(b, A, attr_guest(6, A));
    tick(b);
    assert_true(b->net.rmp.rd_wait);
    while (b->net.rmp.rd_wait) {
      tick(b);
    }
    assert_false(b->net.rmp.rd_deny);
    b->net.pop_r = true;
    tick(b);
    ask_r(b, A, attr_guest(6, A));
    tick(b);
    assert_true(b->net.rmp.rd_now);
    bench_free(b);
  }
}

// From the first cycle on in which a write is under way nothing hits, though the caches are emptied at its end.
static void test_busy_misses(void **state) {
  (void)state;
  for (unsigned busy = 0; busy < 2; busy++) {
    bench_t *b = on();
    assert_pass(b, A, false);
    b->net.tbl_begin = true;
    if (busy) {
      tick(b);
    }
    ask_r(b, A, attr_guest(5, A));
    tick(b);
    assert_int_equal(b->net.rmp.rd_wait, busy);
    bench_free(b);
  }
}

// Writes that overlap: only the last B ends the time without cache.
static void test_overlapping_writes(void **state) {
  (void)state;
  bench_t *b = on();
  assert_pass(b, A, false);
  begin_write(b);
  b->net.tbl_begin = b->net.tbl_end = true;  // both: as it is
  tick(b);
  b->net.tbl_begin = true;
  tick(b);
  b->net.tbl_end = true;
  tick(b);
  assert_pass(b, A, false);  // under way: not filled
  assert_pass(b, A, false);
  b->net.tbl_end = true;
  tick(b);
  assert_pass(b, A, false);
  assert_pass(b, A, true);
  bench_free(b);
}

// ---- guard ----

static void test_guard(void **state) {
  (void)state;
  static const struct {
    uint64_t spa;
    bool inside;
  } at[] = {{T_BASE - 1u, false}, {T_BASE, true}, {T_BASE + 0x5008u, true}, {T_END, true}, {T_END + 1u, false}};
  bench_t *b = bench_default();
  b->net.rmp_cmd_we = true;
  b->net.rmp_cmd_op = RMP_CMD_FENCE;
  ticks(b, 2);
  assert_int_equal(b->net.rmp.state, RMP_FENCED);
  for (unsigned r = 0; r < 4; r++) {
    for (unsigned i = 0; i < sizeof at / sizeof at[0]; i++) {
      for (unsigned none = 0; none < 2; none++) {
        const uint64_t attr = CBIT_ATTR_PUT(REQUESTER, r);
        const bool sp = r == CBIT_REQ_SP;
        ask_r(b, at[i].spa, attr);
        ask_w(b, at[i].spa, attr);
        b->net.ask_r.none = b->net.ask_w.none = none != 0;
        tick(b);
        for (unsigned k = 0; k < 2; k++) {
          assert_false(b->net.rmp.rd_wait || b->net.rmp.rd_deny || b->net.rmp.rd_now_deny || b->net.rmp.wr_wait);
          assert_int_equal(b->net.rmp.wr_deny, at[i].inside && !sp && !none);
          assert_int_equal(b->net.rmp.wr_tbl, at[i].inside && sp);
          assert_int_equal(b->net.rmp.wr_rec.row | b->net.rmp.wr_rec.why | b->net.rmp.wr_rec.kind, 0);
          assert_int_equal(b->net.rmp.wr_rec.error, 0);
          b->net.pop_r = b->net.pop_w = k == 1;
          tick(b);
        }
        assert_false(b->net.rmp.wr_deny || b->net.rmp.wr_tbl);
      }
    }
  }
  assert_int_equal(b->reads, 0);
  bench_free(b);
}

// With checks on the guard stays, and comes before them; the AMD-SP passes both.
static void test_guard_on(void **state) {
  (void)state;
  bench_t *b = on();
  bool deny;
  assert_int_equal(write_one(b, T_BASE, attr_host(), &deny), 0);
  assert_true(deny);
  assert_int_equal(write_one(b, T_BASE, attr_sp(), &deny), 0);
  assert_false(deny);
  assert_true(write_one(b, A, attr_host(), &deny) > 0);
  assert_true(deny);
  assert_int_equal(b->net.ev.rmp_ask, 0);
  bench_free(b);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_off),
      cmocka_unit_test(test_miss_timing),
      cmocka_unit_test(test_hit_timing),
      cmocka_unit_test(test_stream),
      cmocka_unit_test(test_hit_behind_miss),
      cmocka_unit_test(test_both_miss),
      cmocka_unit_test(test_first_page),
      cmocka_unit_test(test_merge),
      cmocka_unit_test(test_fill_and_lookup),
      cmocka_unit_test(test_conflict),
      cmocka_unit_test(test_const),
      cmocka_unit_test(test_read_error),
      cmocka_unit_test(test_lanes),
      cmocka_unit_test(test_question),
      cmocka_unit_test(test_redo),
      cmocka_unit_test(test_empty_after_write),
      cmocka_unit_test(test_busy_misses),
      cmocka_unit_test(test_overlapping_writes),
      cmocka_unit_test(test_guard),
      cmocka_unit_test(test_guard_on),
  };
  return cmocka_run_group_tests_name("cyc_rmp", tests, NULL, NULL);
}
