// SPDX-License-Identifier: Apache-2.0
//
// test_cyc_rmp_chk_order.c - the check ports against changes: instructions, DRAIN, table writes, marks, counters, registers
//
// docs/units/rmp_chk.md, "Order of verdicts and changes", "Changes of other units", "Pages in use". At the pins of the
// whole model; "t" is the cycle of a question's handshake.

#include <stddef.h>

#include "cyc_chk.h"

#define PAGE_A 3u
#define S 10u  // stages with KeyBits 128
#define L 8u   // latencies of the DRAM, where cycles are counted
#define K 5u

static uint64_t spa_of(unsigned page) { return (uint64_t)page << 12; }

// Validated of a page of guest 5, or not.
static cbit_insn_t validate(unsigned page, bool set) {
  return insn_guest(CBIT_INSN_PVALIDATE, spa_of(page), rmp_gpa_page(page) << 12, 0, set);
}

static void settle(rig_t *r) { rig_clocks(r, 60); }

// ---- instructions: N3 to N6, N8 ----

// A question in each cycle around an instruction that takes the page away: an answer before inv may be the old one, from
// the first cycle of inv on only the new one; none is there while the instruction reads and writes.
static void test_insn_sweep(void **state) {
  (void)state;
  for (unsigned cached = 0; cached < 2; cached++) {
    for (unsigned at = 0; at < 90; at++) {
      rig_t *r = chk_rig(1, 2, 1);
      bench_t *b = r->b;
      chk_own(r, PAGE_A, 5);
      const cbit_chk_ask_t q = chk_guest(PAGE_A, 5, CBIT_RMP_OP_READ);
      if (cached) {
        const cbit_chk_answer_t a = chk_do(r, 0, &q);
        chk_passes(&a, 0, CBIT_RMP_ROW_11);
      }
      settle(r);
      const cbit_insn_t insn = validate(PAGE_A, false);
      insn_run_t t = insn_begin(r, 0, &insn);
      b->in.inv_ready = at % 3u != 0;
      b->in.chk_ans_ready[0] = false;
      bool asked = false;
      bool answered = false;
      bool insn_done = false;
      uint64_t seen = NEVER;
      for (unsigned k = 0; !answered || !insn_done; k++) {
        assert_true(k < 400);
        if (k == at) {
          b->in.chk_valid[0] = true;
          b->in.chk_req[0] = q;
        }
        b->in.chk_ans_ready[0] = k % 7u == 6;  // slow
        b->in.inv_ready = b->in.inv_ready || k % 16u == 15;
        const uint64_t now = b->cycle;
        if (!insn_done) {
          insn_done = insn_clock(r, 0, &t);
        } else {
          rig_clock(r);
        }
        if (b->in.chk_valid[0] && b->out.chk_ready[0]) {
          b->in.chk_valid[0] = false;
          asked = true;
        }
        if (b->out.chk_ans_valid[0]) {
          assert_true(asked);
          seen = seen == NEVER ? now : seen;
          if (b->in.chk_ans_ready[0]) {
            answered = true;
            const cbit_chk_answer_t *a = &b->out.chk_ans[0];
            if (t.inv != NEVER && now >= t.inv) {  // N4
              chk_is(a, true, CBIT_CHK_KEEP_NOT, CBIT_RMP_ROW_11, CBIT_RMP_WHY_VAL, CBIT_RMP_VC, 0x404);
            } else {
              chk_passes(a, 0, CBIT_RMP_ROW_11);
            }
          }
        }
        if (!b->out.s_arready && b->out.m_aw.valid) {  // WRITE
          assert_false(b->out.chk_ans_valid[0]);
        }
      }
      assert_int_equal(t.answer.kind, KIND_PASS);
      assert_true(t.inv < t.ans);
      rig_free(r);
    }
  }
}

// STOP waits for an answer that is not taken; what stands in the queue by then is judged afterwards (N3).
static void test_stop_waits(void **state) {
  (void)state;
  rig_t *r = chk_rig(1, 1, 1);
  bench_t *b = r->b;
  cbit_chk_answer_t a;
  chk_own(r, PAGE_A, 5);
  const cbit_chk_ask_t q = chk_guest(PAGE_A, 5, CBIT_RMP_OP_READ);
  (void)chk_do(r, 0, &q);
  settle(r);
  b->latency_r = L;
  b->latency_b = K;
  b->in.chk_ans_ready[0] = false;
  (void)chk_ask(r, 0, &q);
  rig_clocks(r, 4);
  const cbit_insn_t insn = validate(PAGE_A, false);
  insn_run_t t = insn_begin(r, 0, &insn);
  for (unsigned k = 0; k < 60; k++) {
    assert_false(insn_clock(r, 0, &t));
  }
  assert_true(t.stop > 50 && t.inv == NEVER);
  assert_int_equal(b->rds, 0);
  (void)chk_ask(r, 0, &q);
  (void)chk_ask(r, 0, &q);
  assert_true(b->out.chk_ans_valid[0]);
  rig_clock(r);
  assert_false(b->out.chk_ready[0]);  // both places are full, nothing is asked
  b->in.chk_ans_ready[0] = true;
  rig_clock(r);
  chk_passes(&b->out.chk_ans[0], 0, CBIT_RMP_ROW_11);
  const uint64_t last = b->cycle - 1u;  // A
  while (!insn_clock(r, 0, &t)) {
    assert_true(!b->out.chk_ans_valid[0] || t.inv != NEVER);
  }
  // chk_idle in A + 1, READ from A + 2; INV 12 + L + S + K behind it (rmp_insn.md, "Cycle tables")
  assert_int_equal(t.inv, last + 2u + 12u + L + S + K);
  for (unsigned i = 0; i < 2; i++) {
    if (!b->out.chk_ans_valid[0]) {
      (void)chk_wait(r, 0, &a);
    }
    chk_is(&b->out.chk_ans[0], true, CBIT_CHK_KEEP_NOT, CBIT_RMP_ROW_11, CBIT_RMP_WHY_VAL, CBIT_RMP_VC, 0x404);
    rig_clock(r);
  }
  rig_free(r);
}

// An instruction that writes nothing: questions stop, no inv, nothing is undone (N8).
static void test_no_write(void **state) {
  (void)state;
  rig_t *r = chk_rig(1, 1, 1);
  chk_own(r, PAGE_A, 5);
  const cbit_chk_ask_t q = chk_guest(PAGE_A, 5, CBIT_RMP_OP_READ);
  (void)chk_do(r, 0, &q);
  settle(r);
  const cbit_insn_t insn = insn_host(CBIT_INSN_RMPREAD, spa_of(PAGE_A));
  insn_run_t t = insn_begin(r, 0, &insn);
  for (unsigned k = 0; k < 4; k++) {  // STOP in v + 3
    assert_false(insn_clock(r, 0, &t));
  }
  assert_false(r->b->out.s_arready);
  r->b->in.chk_valid[0] = true;
  r->b->in.chk_req[0] = q;
  assert_false(insn_clock(r, 0, &t));
  r->b->in.chk_valid[0] = false;
  while (!insn_clock(r, 0, &t)) {
    assert_false(r->b->out.chk_ans_valid[0]);
  }
  assert_int_equal(t.invs, 0);
  cbit_chk_answer_t a;
  const uint64_t at = chk_wait(r, 0, &a);
  assert_int_equal(at, t.ans + 2u);  // L in ANS
  chk_passes(&a, 0, CBIT_RMP_ROW_11);
  rig_free(r);
}

// ---- DRAIN ----

static void test_drain(void **state) {
  (void)state;
  // without check ports it is no command, before SNP_EN it is refused
  cbit_cyc_cfg_t cfg = insn_config(1, 0);
  rig_t *r = rig_new(&cfg, CBIT_MODE_XTS_L64, false, 1, 12, STATE_ON);
  assert_int_equal(rmp_cmd(r, CMD_DRAIN), STATE_ON | 15u << 8);
  rig_free(r);
  cfg = chk_config(1, 2, 0);
  r = rig_new(&cfg, CBIT_MODE_XTS_L64, false, 1, 12, STATE_CHECKED);
  assert_int_equal(rmp_cmd(r, CMD_DRAIN), STATE_CHECKED | 2u << 8);
  rmp_cmd_ok(r, CMD_SNP_EN, STATE_ON);
  rmp_cmd_ok(r, CMD_DRAIN, STATE_ON);
  rmp_cmd_ok(r, CMD_FLUSH2_DONE, STATE_READY);
  rmp_cmd_ok(r, CMD_DRAIN, STATE_READY);
  // it waits for an answer that is not taken, and no question is asked meanwhile
  bench_t *b = r->b;
  table_clear(r);
  const cbit_chk_ask_t q = chk_of(CBIT_RMP_REQ_AMD_SP, 0, 3);
  (void)chk_ask(r, 0, &q);
  rig_clocks(r, 5);
  assert_int_equal(bench_reg_write(b, REG_RMP_CMD, CMD_DRAIN), 0);
  for (unsigned i = 0; i < 3; i++) {
    assert_int_equal(bench_reg_read(b, REG_RMP_STATUS), STATE_READY | 0x10u);
  }
  assert_int_equal(bench_reg_write(b, REG_RMP_CMD, CMD_DRAIN), 2);
  b->in.chk_ans_ready[1] = true;
  (void)chk_ask(r, 1, &q);
  for (unsigned i = 0; i < 20; i++) {
    rig_clock(r);
    assert_false(b->out.chk_ans_valid[1]);
  }
  b->in.chk_ans_ready[0] = true;
  rig_clock(r);  // A
  assert_true(b->out.chk_ans_valid[0]);
  // chk_idle in A + 1: done; L of the other in A + 2, its answer in A + 4
  for (unsigned i = 1; i <= 4; i++) {
    rig_clock(r);
    assert_int_equal(b->out.chk_ans_valid[1], i == 4);
  }
  assert_int_equal(bench_reg_read(b, REG_RMP_STATUS), STATE_READY);
  rig_free(r);
}

// ---- table writes: N2 ----

// The AMD-SP rewrites the entry and then the port asks: in the cycle in which it takes the B, or later, L is after it and
// the answer is the new one; a walk of before starts again.
static void test_table_write(void **state) {
  (void)state;
  rig_t *r = chk_rig(1, 1, 0);
  bench_t *b = r->b;
  uint8_t entry[2][16];
  chk_own(r, PAGE_A, 5);
  memcpy(entry[1], entry_at(r, PAGE_A), 16);
  memset(entry[0], 0, 16);
  b->in.chk_ans_ready[0] = true;
  b->latency_b = 20;
  const cbit_chk_ask_t q = chk_guest(PAGE_A, 5, CBIT_RMP_OP_READ);
  unsigned olds = 0;
  for (unsigned round = 0; round < 160; round++) {
    const unsigned to = round & 1u;
    const unsigned at = round / 2u;
    bench_txn_t *w = rig_write_entry(r, PAGE_A, entry[to], 2);
    uint64_t end = NEVER;
    bool valid = false;
    bool got = false;
    uint64_t asked = NEVER;
    for (unsigned k = 0; !got || end == NEVER; k++) {
      assert_true(k < 300);
      if (k == at) {
        b->in.chk_valid[0] = true;
        b->in.chk_req[0] = q;
        valid = true;
      }
      const uint64_t now = b->cycle;
      rig_clock(r);
      if (end == NEVER && w->done) {
        end = now;
      }
      if (valid && b->out.chk_ready[0]) {
        valid = b->in.chk_valid[0] = false;
        asked = now;
      }
      if (b->out.chk_ans_valid[0]) {
        got = true;
        const bool fresh = b->out.chk_ans[0].deny == (to == 0);
        olds += !fresh;
        assert_true(fresh || end == NEVER || asked + 1u < end);  // L = t + 1
      }
    }
    r->ended = r->begun;
  }
  assert_true(olds > 5 && olds < 120);
  rig_free(r);
}

// ---- pages in use ----

static void test_in_use(void **state) {
  (void)state;
  for (unsigned inuse = 0; inuse < 2; inuse++) {
    for (unsigned cached = 0; cached < 2; cached++) {
      cbit_cyc_cfg_t cfg = chk_config(1, 1, 1);
      cfg.rmp_inuse = inuse;
      rig_t *r = insn_rig_cfg(&cfg);
      const cbit_attr_t host = {.requester = CBIT_REQ_HOST};
      cbit_chk_ask_t q = chk_of(CBIT_RMP_REQ_HOST, CBIT_RMP_OP_WRITE, PAGE_A);
      cbit_chk_answer_t a;
      if (cached) {
        a = chk_do(r, 0, &q);
        chk_passes(&a, inuse ? CBIT_CHK_KEEP_NOT : CBIT_CHK_KEEP_4K, CBIT_RMP_ROW_2);
        (void)rig_queue(r, true, rmp_addr(PAGE_A), 0, 1, &host);
        rig_drain(r);
      }
      insn_mark(r, 2, true, PAGE_A);
      a = chk_do(r, 0, &q);
      if (inuse) {
        chk_is(&a, true, CBIT_CHK_KEEP_NOT, CBIT_RMP_ROW_2, CBIT_RMP_WHY_INUSE, CBIT_RMP_PF,
               CBIT_RMP_ERR_P | CBIT_RMP_ERR_W | CBIT_RMP_ERR_RMP);
      } else {
        chk_passes(&a, CBIT_CHK_KEEP_4K, CBIT_RMP_ROW_2);
      }
      const bench_txn_t *w = rig_queue(r, true, rmp_addr(PAGE_A), 0, 1, &host);
      rig_drain(r);
      assert_int_equal(w->resp, inuse ? 2 : 0);
      if (inuse) {
        assert_int_equal(bench_reg_read(r->b, REG_RMP_FAULT_INFO),
                         CBIT_RMP_PF | (unsigned)CBIT_RMP_WHY_INUSE << 4 | (unsigned)CBIT_RMP_ROW_2 << 8);
      }
      const bench_txn_t *rd = rig_queue(r, false, rmp_addr(PAGE_A), 0, 1, &host);
      rig_drain(r);
      assert_int_equal(rd->resp, 0);
      q.op = CBIT_RMP_OP_READ;
      a = chk_do(r, 0, &q);
      chk_passes(&a, 0, CBIT_RMP_ROW_1);
      // the 4 KiB page of spa alone; its neighbour, and the page in a mapping of 2 MiB
      q = chk_of(CBIT_RMP_REQ_HOST, CBIT_RMP_OP_WRITE, PAGE_A + 1u);
      a = chk_do(r, 0, &q);
      assert_false(a.deny);
      q.spa_page = RMP_PAGES + 5u;  // not covered
      a = chk_do(r, 0, &q);
      assert_false(a.deny);
      insn_mark(r, 3, true, RMP_PAGES + 5u);
      a = chk_do(r, 0, &q);
      assert_int_equal(a.deny, inuse);
      assert_int_equal(a.why, inuse ? CBIT_RMP_WHY_INUSE : 0);
      insn_mark(r, 3, false, 0);
      a = chk_do(r, 0, &q);
      assert_false(a.deny);
      // a DMA write is of another row
      q = chk_of(CBIT_RMP_REQ_IOMMU_HOST, CBIT_RMP_OP_WRITE, PAGE_A);
      a = chk_do(r, 0, &q);
      chk_passes(&a, 0, CBIT_RMP_ROW_21);
      rig_free(r);
    }
  }
}

// A mark with its handshake in m counts for L from m + 1 on; the verdict of a miss keeps what L saw.
static void test_mark_time(void **state) {
  (void)state;
  for (unsigned cached = 0; cached < 2; cached++) {
    for (unsigned at = 0; at < 6; at++) {
      cbit_cyc_cfg_t cfg = chk_config(1, 1, 1);
      cfg.rmp_inuse = 1;
      rig_t *r = insn_rig_cfg(&cfg);
      bench_t *b = r->b;
      const cbit_chk_ask_t q = chk_of(CBIT_RMP_REQ_HOST, CBIT_RMP_OP_WRITE, PAGE_A);
      if (cached) {
        (void)chk_do(r, 0, &q);
      }
      b->in.chk_ans_ready[0] = true;
      b->in.use_set = true;
      b->in.use_page = PAGE_A;
      cbit_chk_answer_t a = {0};
      bool got = false;
      for (unsigned k = 0; !got; k++) {  // t = 2, L = 3
        assert_true(k < 100);
        b->in.chk_valid[0] = k == 2;
        b->in.chk_req[0] = q;
        b->in.use_valid = k == at;
        rig_clock(r);
        if (b->out.chk_ans_valid[0]) {
          a = b->out.chk_ans[0];
          got = true;
        }
      }
      assert_int_equal(a.deny, at <= 2);
      assert_int_equal(a.keep, CBIT_CHK_KEEP_NOT);
      rig_free(r);
    }
  }
}

// ---- registers, counters, reset, configuration ----

static void test_registers(void **state) {
  (void)state;
  for (unsigned k = 0; k < 4; k++) {
    const unsigned insn = k & 1u;
    const unsigned ports = k & 2u;
    rig_t *r = chk_rig(1, ports, insn);
    uint32_t data;
    assert_int_equal(bench_reg_read(r->b, REG_CAP0) >> 16 & 7u, 1u | insn << 1 | (ports != 0 ? 4u : 0u));
    static const uint16_t addr[] = {REG_CNT_INSN, REG_CNT_INSN_STOP, REG_CNT_CHK, REG_CNT_STALL_CHK, 0x15C};
    for (unsigned i = 0; i < sizeof addr / sizeof addr[0]; i++) {
      const bool there = i < 2 ? insn != 0 : i < 4 && ports != 0;
      assert_int_equal(bench_reg_try(r->b, addr[i], &data), there ? 0 : 2);
    }
    rig_free(r);
  }
}

static void test_counters(void **state) {
  (void)state;
  rig_t *r = chk_rig(1, 2, 0);
  bench_t *b = r->b;
  const cbit_chk_ask_t q = chk_guest(PAGE_A, 5, CBIT_RMP_OP_READ);
  const cbit_chk_ask_t free_q = chk_of(CBIT_RMP_REQ_AMD_SP, 0, 3);
  const uint32_t reads = bench_reg_read(b, REG_CNT_RMP_READ);
  chk_own(r, PAGE_A, 5);
  b->latency_r = L;
  (void)chk_do(r, 0, &q);
  rig_clocks(r, 4);
  const uint32_t stall = bench_reg_read(b, REG_CNT_STALL_CHK);
  for (unsigned i = 0; i < 3; i++) {
    (void)chk_do(r, i & 1u, &q);
    (void)chk_do(r, i & 1u, &free_q);
  }
  rig_clocks(r, 4);
  assert_int_equal(bench_reg_read(b, REG_CNT_CHK), 7);
  assert_int_equal(bench_reg_read(b, REG_CNT_RMP_ASK), 7);
  assert_int_equal(bench_reg_read(b, REG_CNT_RMP_MISS), 1);
  assert_int_equal(bench_reg_read(b, REG_CNT_RMP_READ) - reads, 2);
  // from D = t + 2 to E = c + 2, with c = t + 5 + L + S + 2 for two reads
  assert_int_equal(stall, L + S + 8u);
  assert_int_equal(bench_reg_read(b, REG_CNT_STALL_CHK), stall);
  rig_free(r);
}

static void test_reset(void **state) {
  (void)state;
  rig_t *r = chk_rig(1, 2, 0);
  bench_t *b = r->b;
  const cbit_chk_ask_t q = chk_of(CBIT_RMP_REQ_AMD_SP, 0, 3);
  for (unsigned i = 0; i < 4; i++) {
    (void)chk_ask(r, 0, &q);
  }
  rig_clocks(r, 6);
  assert_true(b->out.chk_ans_valid[0] && !b->out.chk_ready[0]);
  b->stable = false;
  b->in.rst_n = false;
  rig_clock(r);
  rig_clock(r);
  assert_true(b->out.chk_ready[0] && b->out.chk_ready[1] && !b->out.chk_ans_valid[0]);
  b->in.rst_n = true;
  for (unsigned i = 0; i < 20; i++) {
    rig_clock(r);
    assert_false(b->out.chk_ans_valid[0]);
  }
  const cbit_chk_answer_t a = chk_do(r, 0, &q);  // all credits are back; checks are off
  chk_passes(&a, CBIT_CHK_KEEP_NOT, CBIT_RMP_ROW_19);
  rig_free(r);
}

static void test_config(void **state) {
  (void)state;
  static const struct {
    uint32_t rmp, insn, chk, inuse;
    bool good;
  } at[] = {{1, 0, 8, 0, true}, {1, 0, 9, 0, false}, {0, 0, 1, 0, false}, {1, 1, 0, 1, true},
            {1, 1, 0, 2, false}, {1, 0, 0, 1, false}, {1, 8, 8, 1, true}};
  for (unsigned i = 0; i < sizeof at / sizeof at[0]; i++) {
    cbit_cyc_cfg_t cfg;
    cbit_cyc_cfg_default(&cfg);
    cfg.rmp = at[i].rmp;
    cfg.rmp_insn = at[i].insn;
    cfg.rmp_chk = at[i].chk;
    cfg.rmp_inuse = at[i].inuse;
    assert_int_equal(cbit_cyc_cfg_error(&cfg) == NULL, at[i].good);
    assert_int_equal(cbit_cyc_size(&cfg) != 0, at[i].good);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_insn_sweep), cmocka_unit_test(test_stop_waits),  cmocka_unit_test(test_no_write),
      cmocka_unit_test(test_drain),      cmocka_unit_test(test_table_write), cmocka_unit_test(test_in_use),
      cmocka_unit_test(test_mark_time),  cmocka_unit_test(test_registers),   cmocka_unit_test(test_counters),
      cmocka_unit_test(test_reset),      cmocka_unit_test(test_config),
  };
  return cmocka_run_group_tests_name("cyc_rmp_chk_order", tests, NULL, NULL);
}
