// SPDX-License-Identifier: Apache-2.0
//
// test_cyc_rmp_insn_time.c - the RMP instructions of the cycle model: cycles, ports, marks, counters
//
// docs/units/rmp_insn.md: the rows of "Cycle tables" as exact cycles for several widths and latencies, who is served when
// and what stays until it is taken, marks, and the registers.

#include "cyc_insn.h"

#define RANGE 512u
#define SPA(page) ((uint64_t)(page) << 12)
#define GPA(page) (UINT64_C(0x12345000) + SPA(page))
#define GPA2 UINT64_C(0x40000000)
#define REST_OPEN 34u

static void set_guest(rig_t *r, unsigned page, unsigned asid, bool valid) {
  entry_set(r, page, Q1_A | Q1_OWNER(asid, GPA(page) >> 12) | (valid ? Q1_VALID : 0), 0x1f);
}

static void set_large(rig_t *r, unsigned asid) {
  entry_set(r, RANGE, Q1_A | Q1_LARGE | Q1_OWNER(asid, GPA2 >> 12), 0x1f);
  for (unsigned i = 1; i < 512; i++) {
    entry_set(r, RANGE + i, Q1_A, 0);
  }
}

// ---- cycle tables ----

typedef struct lat {
  unsigned l, k, s;  // as on the page
  unsigned lanes;
} lat_t;

static void expect_run(rig_t *r, cbit_insn_t i, unsigned kind, unsigned code, uint64_t ans, uint64_t stop) {
  const insn_run_t t = insn_do(r, &i);
  assert_int_equal(t.answer.kind, kind);
  assert_int_equal(t.answer.code, code);
  assert_int_equal(t.ans - t.v, ans);
  assert_int_equal(t.stop, stop);
}

// Ends with writes: load cycle of WRITE in w (from v), and the cycles of the items together.
static void expect_write(rig_t *r, cbit_insn_t i, unsigned w, unsigned items) {
  expect_run(r, i, KIND_PASS, 0, w + items + 2u, w + items + 1u - 3u);
}

static void check_small(rig_t *r, const lat_t *x) {
  const unsigned d = 9u + x->l + x->s;
  const unsigned item = 5u + x->k;
  // PVALIDATE, RMPADJUST: v + 17 + L + S + K, stop 13 + L + S + K; first page of a range: one less
  set_guest(r, 3, 5, false);
  set_guest(r, 0, 5, false);
  expect_run(r, insn_guest(CBIT_INSN_PVALIDATE, SPA(3), GPA(3), 0, 1), KIND_PASS, 0, 17u + x->l + x->s + x->k,
             13u + x->l + x->s + x->k);
  expect_run(r, insn_guest(CBIT_INSN_RMPADJUST, SPA(3), GPA(3), 0, 1), KIND_PASS, 0, 17u + x->l + x->s + x->k,
             13u + x->l + x->s + x->k);
  expect_run(r, insn_guest(CBIT_INSN_PVALIDATE, SPA(0), GPA(0), 0, 1), KIND_PASS, 0, 16u + x->l + x->s + x->k,
             12u + x->l + x->s + x->k);
  // ends in DECIDE: 10 + L + S, stop 7 + L + S
  expect_run(r, insn_guest(CBIT_INSN_PVALIDATE, SPA(3), GPA(3), 0, 1), KIND_PASS, 0, 10u + x->l + x->s, 7u + x->l + x->s);
  expect_run(r, insn_host(CBIT_INSN_RMPREAD, SPA(3)), KIND_PASS, 0, 10u + x->l + x->s, 7u + x->l + x->s);
  expect_run(r, insn_guest(CBIT_INSN_RMPQUERY, SPA(0), GPA(0), 0, 1), KIND_PASS, 0, 9u + x->l + x->s, 6u + x->l + x->s);
  expect_run(r, insn_host(CBIT_INSN_PSMASH, SPA(0)), KIND_PASS, 4, 9u + x->l + x->s, 6u + x->l + x->s);
  // RMPUPDATE 4 KiB: n items, r counters
  entry_set(r, 0, Q1_COUNT(10), 0);
  for (unsigned reads = 0; reads < 3; reads++) {
    const unsigned w = reads == 0 ? d + 1u : d + reads + x->l + x->s + 2u + 2u;
    entry_set(r, 3, reads == 2 ? Q1_A | Q1_OWNER(6, 3) : reads == 1 ? 0 : Q1_A, 0);
    expect_write(r, insn_update(SPA(3), GPA(3), 1, 0, 0, reads == 0 ? 0 : 5), w, (reads == 0 ? 1u : 3u) * item);
  }
  // one ASID for both: r = 1, one counter item; the first page of its range
  expect_write(r, insn_update(SPA(3), GPA(4), 1, 0, 0, 5), d + 1u + x->l + x->s + 4u, 2u * item);
  expect_write(r, insn_update(0, GPA(4), 1, 0, 0, 5), d + x->l + x->s + 4u, 2u * item);
}

static void check_large(rig_t *r, const lat_t *x) {
  const unsigned d = 8u + x->l + x->s;
  const unsigned m = 256u / x->lanes;
  const unsigned halves = 2u * (4u + m + x->k);
  const unsigned f = d + 512u / x->lanes + x->l + x->s + 2u;
  const unsigned item = 5u + x->k;
  set_large(r, 5);
  expect_write(r, insn_host(CBIT_INSN_PSMASH, SPA(RANGE)), d + 1u, halves);
  // RMPUPDATE 2 MiB of a range of 4 KiB: SCAN, then r counters
  for (unsigned reads = 0; reads < 3; reads++) {
    const unsigned w = reads == 0 ? f + 2u : f + reads + 1u + x->l + x->s + 2u + 2u;
    for (unsigned i = 0; i < 512; i++) {
      entry_set(r, RANGE + i, 0, 0);
    }
    entry_set(r, RANGE, reads == 2 ? Q1_A | Q1_OWNER(6, 3) : 0, 0);
    expect_write(r, insn_update(SPA(RANGE), GPA2, 1, 1, 0, reads == 0 ? 0 : 5), w, halves + reads * item);
  }
  // of a large one: no SCAN
  expect_write(r, insn_update(SPA(RANGE), 0, 0, 1, 0, 0), d + 1u + x->l + x->s + 4u, halves + item);
}

static void test_cycles(void **state) {
  (void)state;
  static const lat_t x[] = {{1, 1, 10, 1}, {20, 10, 10, 1}, {3, 2, 14, 2}, {13, 7, 5, 4}, {28, 1, 7, 2}};
  for (unsigned k = 0; k < sizeof x / sizeof x[0]; k++) {
    cbit_cyc_cfg_t cfg = insn_config(x[k].lanes, 1);
    cfg.key_bits = x[k].s % 7u == 0 ? 256 : 128;
    cfg.rounds_per_stage = x[k].s < 10 ? 2 : 1;
    if (cfg.rounds_per_stage == 2) {
      cfg.sbox = 0;
      cfg.tweak_sbox = 2;
    }
    rig_t *r = insn_rig_cfg(&cfg);
    r->b->latency_r = x[k].l;
    r->b->latency_b = x[k].k;
    check_small(r, &x[k]);
    check_large(r, &x[k]);
    rig_free(r);
  }
}

// The example of the page: Lanes 1, S 10, L 20, K 10.
static void test_example(void **state) {
  (void)state;
  rig_t *r = insn_rig(1, 1);
  r->b->latency_r = 20;
  r->b->latency_b = 10;
  set_guest(r, 3, 5, false);
  expect_run(r, insn_guest(CBIT_INSN_PVALIDATE, SPA(3), GPA(3), 0, 1), KIND_PASS, 0, 57, 53);
  expect_run(r, insn_update(SPA(RANGE), GPA2, 1, 1, 0, 5), KIND_PASS, 0, 1175, 1171);
  rig_free(r);
}

// A row a cycle needs NumRd >= L + 2: an entry of the read table is taken again L + 2 cycles after its AR.
static void test_scan_rate(void **state) {
  (void)state;
  for (unsigned l = 26; l <= 34; l++) {
    rig_t *r = insn_rig(1, 1);
    r->b->latency_r = l;
    r->b->latency_b = 1;
    const cbit_insn_t i = insn_update(SPA(RANGE), GPA2, 1, 1, 0, 0);
    const insn_run_t t = insn_do(r, &i);
    const uint64_t full = 8u + 2u * (l + 10u) + 512u + 2u + 2u + 2u * 261u + 2u;
    assert_true(r->b->cfg.num_rd >= l + 2u ? t.ans - t.v == full : t.ans - t.v > full);
    rig_free(r);
  }
}

// ---- ports ----

static void test_ports(void **state) {
  (void)state;
  for (unsigned ports = 2; ports <= 8; ports += 3) {
    rig_t *r = insn_rig(1, ports);
    set_guest(r, 3, 5, true);
    bench_t *b = r->b;
    unsigned last = ports - 1u;
    for (unsigned round = 0; round < 40; round++) {
      const uint32_t asks = 1u + (uint32_t)(vec_random(&b->rnd) % ((1u << ports) - 1u));
      for (unsigned i = 0; i < ports; i++) {
        b->in.ans_ready[i] = true;
        if (((asks >> i) & 1u) != 0) {  // its number comes back in the masks
          b->in.insn[i] = insn_guest(CBIT_INSN_RMPQUERY, SPA(3), GPA(3), 0, i < 4 ? i : 0);
          b->in.insn[i].cpl = i < 4 ? 0 : 1;
        }
      }
      for (uint32_t left = asks; left != 0;) {
        unsigned want = last;
        do {
          want = (want + 1u) % ports;
        } while (((left >> want) & 1u) == 0);
        insn_run_t t = {.ready = NEVER, .inv = NEVER, .ans = NEVER};
        for (unsigned n = 0; !insn_clock(r, want, &t); n++) {
          assert_true(n < 1000);
          for (unsigned i = 0; i < CBIT_MAX_INSN; i++) {
            assert_true(i == want || (!b->out.insn_ready[i] && !b->out.ans_valid[i]));
          }
        }
        assert_int_equal(t.answer.kind, want < 4 ? KIND_PASS : KIND_GP);
        if (want < 4) {
          assert_int_equal(t.answer.out[0], want);
        }
        left &= ~(1u << want);
        last = want;
      }
    }
    rig_free(r);
  }
}

// Answer and invalidation stay until they are taken; nothing else begins.
static void test_holds(void **state) {
  (void)state;
  rig_t *r = insn_rig(1, 2);
  set_guest(r, 3, 5, false);
  bench_t *b = r->b;
  rig_clocks(r, 40);
  const cbit_insn_t i = insn_guest(CBIT_INSN_PVALIDATE, SPA(3), GPA(3), 0, 1);
  insn_run_t t = insn_begin(r, 1, &i);
  b->in.ans_ready[1] = false;
  b->in.inv_ready = false;
  while (!b->out.inv_valid) {
    (void)insn_clock(r, 1, &t);
  }
  b->in.insn[0] = insn_host(CBIT_INSN_RMPREAD, SPA(3));
  // open in INV: the requester's own accesses go on
  const cbit_attr_t host = {.requester = CBIT_REQ_HOST};
  bench_txn_t *rd = rig_queue(r, false, SPA(3), 0, 1, &host);
  bench_txn_t *wr = rig_queue(r, true, SPA(9), 3, 2, &host);
  for (unsigned n = 0; n < 200; n++) {
    (void)insn_clock(r, 1, &t);
    assert_true(b->out.inv_valid && b->out.use_ready);
    assert_false(insn_any_answer(b) || b->out.insn_ready[0]);
  }
  assert_true(rd->done && wr->done);
  b->in.inv_ready = true;
  b->in.ans_ready[0] = true;  // another port's
  (void)insn_clock(r, 1, &t);
  for (unsigned n = 0; n < 100; n++) {
    (void)insn_clock(r, 1, &t);
    assert_true(b->out.ans_valid[1] && b->out.use_ready);
    assert_false(b->out.ans_valid[0] || b->out.inv_valid || b->out.insn_ready[0]);
    code_is(&t, 0);
  }
  b->in.ans_ready[1] = true;
  assert_true(insn_clock(r, 1, &t));
  insn_run_t next = {.ready = NEVER, .inv = NEVER, .ans = NEVER};
  insn_finish(r, 0, &next);
  code_is(&next, 0);
  rig_free(r);
}

// After a stop the pins are open for 34 cycles at least; an end in CHECK asks for no rest.
static void test_rest(void **state) {
  (void)state;
  rig_t *r = insn_rig(1, 1);
  set_guest(r, 3, 5, false);
  bench_t *b = r->b;
  unsigned open = 0;
  unsigned stops = 0;
  rig_clocks(r, 40);
  b->in.ans_ready[0] = b->in.inv_ready = true;
  for (unsigned n = 0; n < 2000; n++) {
    b->in.insn[0] = insn_guest(CBIT_INSN_PVALIDATE, SPA(3), GPA(3), 0, stops & 1u);
    rig_clock(r);
    if (b->out.s_arready) {
      open++;
    } else {
      if (open != 0 && stops != 0) {
        assert_int_equal(open, REST_OPEN);
      }
      stops += open != 0;
      open = 0;
    }
  }
  assert_true(stops > 20);
  b->in.insn[0] = insn_guest(6, 0, 0, 0, 0);
  rig_clocks(r, 100);
  unsigned answers = 0;
  for (unsigned n = 0; n < 400; n++) {
    rig_clock(r);
    answers += b->out.ans_valid[0];
  }
  assert_int_equal(answers, 100);  // IDLE, TAKE, CHECK, ANS
  rig_free(r);
}

// ---- marks ----

static void test_marks(void **state) {
  (void)state;
  cbit_cyc_cfg_t cfg = insn_config(1, 1);
  cfg.rmp_use = 3;
  rig_t *r = insn_rig_cfg(&cfg);
  bench_t *b = r->b;
  const cbit_insn_t i = insn_update(SPA(5), GPA(5), 1, 0, 0, 5);
  // in which cycle from v on a mark is still seen: IDLE (0) and TAKE (1), no more in CHECK (2)
  for (unsigned at = 0; at < 4; at++) {
    entry_set(r, 5, 0, 0);
    rig_clocks(r, 40);
    insn_run_t t = insn_begin(r, 0, &i);
    bool marked = false;
    unsigned taken = 0;
    for (unsigned n = 0; !marked || t.ans == NEVER; n++) {
      if (n == at) {
        b->in.use_valid = true;
        b->in.use_set = true;
        b->in.use_slot = 2;
        b->in.use_page = 5;
      }
      const bool end = insn_clock(r, 0, &t);
      if (b->in.use_valid && b->out.use_ready) {
        marked = true;
        taken = n;
        b->in.use_valid = false;
      }
      assert_int_equal(b->out.use_ready, n < 2 || b->out.inv_valid || end);
      if (end) {
        break;
      }
    }
    code_is(&t, at < 2 ? 3 : 0);
    assert_true(marked);
    assert_true(at < 2 ? taken == at : t.v + taken == t.inv);
    insn_mark(r, 2, false, 5);
  }
  // other slots, other pages, slots that are not there
  entry_set(r, 5, 0, 0);
  insn_mark(r, 3, true, 5);
  insn_mark(r, 31, true, 5);
  insn_mark(r, 0, true, 6);
  insn_mark(r, 1, true, UINT64_C(1) << 39 | 5u);
  insn_run_t t = insn_do(r, &i);
  code_is(&t, 0);
  insn_mark(r, 0, true, 5);
  insn_mark(r, 1, true, 5);
  insn_mark(r, 0, false, 77);  // a clear does not look at the page
  t = insn_do(r, &i);
  code_is(&t, 3);
  insn_mark(r, 1, true, 6);
  t = insn_do(r, &i);
  code_is(&t, 0);
  // RMPREAD and RMPQUERY do not look
  insn_mark(r, 1, true, 5);
  const cbit_insn_t rd = insn_host(CBIT_INSN_RMPREAD, SPA(5));
  t = insn_do(r, &rd);
  code_is(&t, 0);
  rig_free(r);
}

// ---- counters, registers ----

static void test_counters(void **state) {
  (void)state;
  rig_t *r = insn_rig(1, 1);
  set_guest(r, 3, 5, false);
  bench_t *b = r->b;
  assert_int_equal(bench_reg_read(b, REG_CAP0) >> 16 & 3u, 3);
  assert_int_equal(bench_reg_read(b, REG_CNT_INSN), 0);
  const uint32_t rmp_reads = bench_reg_read(b, REG_CNT_RMP_READ);
  const uint32_t asks = bench_reg_read(b, REG_CNT_RMP_ASK);
  const uint64_t dram_reads = b->dram_reads;
  const uint64_t dram_writes = b->dram_writes;
  uint32_t stop = 0;
  for (unsigned n = 0; n < 6; n++) {
    const cbit_insn_t i = n == 5 ? insn_guest(7, 0, 0, 0, 0) : insn_guest(CBIT_INSN_PVALIDATE, SPA(3), GPA(3), 0, n < 4 ? n & 1u : 1u);
    const insn_run_t t = insn_do(r, &i);
    stop += t.stop;
  }
  assert_int_equal(bench_reg_read(b, REG_CNT_INSN), 6);
  assert_int_equal(bench_reg_read(b, REG_CNT_INSN_STOP), stop);
  assert_int_equal(bench_reg_read(b, REG_CNT_RMP_READ) - rmp_reads, 10);
  assert_int_equal(b->dram_reads - dram_reads, 10);
  assert_int_equal(b->dram_writes - dram_writes, 3);
  assert_int_equal(bench_reg_read(b, REG_CNT_RMP_ASK) - asks, 3);
  rig_free(r);
}

// RmpInsn = 0: no registers, no outputs, and the same cycles whatever its inputs say.
static void test_without(void **state) {
  (void)state;
  cbit_cyc_cfg_t cfg = insn_config(1, 0);
  rig_t *r = rig_new(&cfg, CBIT_MODE_XTS_L64, false, 1, 12, STATE_ON);
  bench_t *b = r->b;
  assert_int_equal(bench_reg_read(b, REG_CAP0) >> 16 & 3u, 1);
  for (unsigned addr = REG_CNT_INSN; addr <= REG_CNT_INSN_STOP; addr += 4) {
    b->in.l_arvalid = b->in.l_rready = true;
    b->in.l_araddr = (uint16_t)addr;
    do {
      rig_clock(r);
      b->in.l_arvalid = b->in.l_arvalid && !b->out.l_arready;
    } while (!b->out.l_rvalid);
    assert_int_equal(b->out.l_rresp, 2);
    assert_int_equal(b->out.l_rdata, 0);
  }
  b->in.l_rready = false;
  memset(b->in.insn, 0xff, sizeof b->in.insn);
  for (unsigned i = 0; i < CBIT_MAX_INSN; i++) {
    b->in.insn[i] = insn_host(CBIT_INSN_RMPREAD, SPA(3));
  }
  b->in.use_valid = b->in.inv_ready = true;
  for (unsigned n = 0; n < 100; n++) {
    rig_clock(r);
    assert_false(insn_any_answer(b) || b->out.inv_valid || b->out.use_ready || b->out.insn_ready[0] || !b->out.s_arready);
  }
  rig_free(r);
}

static void test_config(void **state) {
  (void)state;
  cbit_cyc_cfg_t cfg = insn_config(1, 8);
  assert_null(cbit_cyc_cfg_error(&cfg));
  cfg.rmp_insn = 9;
  assert_non_null(cbit_cyc_cfg_error(&cfg));
  cfg = insn_config(1, 1);
  cfg.rmp = 0;
  assert_non_null(cbit_cyc_cfg_error(&cfg));
  cfg = insn_config(1, 1);
  cfg.rmp_use = 0;
  assert_non_null(cbit_cyc_cfg_error(&cfg));
  cfg.rmp_use = 33;
  assert_non_null(cbit_cyc_cfg_error(&cfg));
  cfg.rmp_use = 32;
  assert_null(cbit_cyc_cfg_error(&cfg));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_cycles), cmocka_unit_test(test_example),  cmocka_unit_test(test_scan_rate),
      cmocka_unit_test(test_ports),  cmocka_unit_test(test_holds),    cmocka_unit_test(test_rest),
      cmocka_unit_test(test_marks),  cmocka_unit_test(test_counters), cmocka_unit_test(test_without),
      cmocka_unit_test(test_config)};
  return cmocka_run_group_tests_name("cyc_rmp_insn_time", tests, NULL, NULL);
}
