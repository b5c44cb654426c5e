// SPDX-License-Identifier: Apache-2.0
//
// test_cyc_rmp_chk.c - the check ports of the cycle model: cycles, credits, answers, order with changes of the table
//
// docs/units/rmp_chk.md, each row of its tables at the pins of the whole model. "t" is the cycle of a question's handshake.

#include <stddef.h>

#include "cyc_chk.h"

#define S 10u  // stages with KeyBits 128

// ---- cycles ----

static void test_hit_cycles(void **state) {
  (void)state;
  rig_t *r = chk_rig(1, 2, 0);
  cbit_chk_answer_t a;
  chk_own(r, 3, 5);
  const cbit_chk_ask_t any = chk_of(CBIT_RMP_REQ_AMD_SP, 15, 3);  // needs no table
  const cbit_chk_ask_t q = chk_guest(3, 5, CBIT_RMP_OP_READ);
  r->b->in.chk_ans_ready[0] = true;
  for (unsigned i = 0; i < 3; i++) {
    const uint64_t t = chk_ask(r, 0, &any);
    assert_int_equal(chk_wait(r, 0, &a), t + 3u);
    chk_passes(&a, 0, CBIT_RMP_ROW_19);
  }
  (void)chk_do(r, 0, &q);
  for (unsigned i = 0; i < 3; i++) {  // cached
    const uint64_t t = chk_ask(r, 0, &q);
    assert_int_equal(chk_wait(r, 0, &a), t + 3u);
    chk_passes(&a, 0, CBIT_RMP_ROW_11);
    rig_clock(r);
    assert_false(r->b->out.chk_ans_valid[0]);  // taken
  }
  rig_free(r);
}

// First AR in t + 4, answer S + 6 cycles behind the R pin of the last word (rmwd c = R + S + 2, answer c + 4).
static void test_miss_cycles(void **state) {
  (void)state;
  for (unsigned lanes = 1; lanes <= 4; lanes *= 2) {
    rig_t *r = chk_rig(lanes, 1, 0);
    static const struct {
      unsigned page, reads;
    } at[] = {{3, 2}, {4, 1}, {512, 1}, {515, 1}, {0, 0}};  // the base of a range is read once
    for (unsigned i = 0; i < sizeof at / sizeof at[0]; i++) {
      chk_own(r, at[i].page, 5);
    }
    r->b->in.chk_ans_ready[0] = true;
    for (unsigned i = 0; i < sizeof at / sizeof at[0]; i++) {
      const cbit_chk_ask_t q = chk_guest(at[i].page, 5, CBIT_RMP_OP_WRITE);
      const uint64_t t = chk_ask(r, 0, &q);
      unsigned ars = 0;
      uint64_t last = t + 3u - S - 6u;
      for (uint64_t now = t + 1u; !r->b->out.chk_ans_valid[0]; now++) {
        const unsigned waiting = r->b->rds;
        rig_clock(r);
        if (r->b->out.m_ar.valid) {
          assert_int_equal(now, t + 4u + ars);
          // places of C: RmpMiss + 4 + slot
          const unsigned which = at[i].reads - ars == 2u || at[i].page % 512u == 0 ? 0 : 1;
          assert_int_equal(r->b->out.m_ar.id & 15u, (2u * (4u + 4u + i % 4u) + which) & 15u);
          ars++;
        }
        if (r->b->rds < waiting) {  // its R
          last = now;
        }
        if (r->b->out.chk_ans_valid[0]) {
          assert_int_equal(now, last + S + 6u);
          chk_passes(&r->b->out.chk_ans[0], 0, CBIT_RMP_ROW_12);
        }
        assert_true(now < t + 200u);
      }
      assert_int_equal(ars, at[i].reads);
      rig_clock(r);
    }
    rig_free(r);
  }
}

static void test_two_ports(void **state) {
  (void)state;
  rig_t *r = chk_rig(1, 3, 0);
  bench_t *b = r->b;
  // in one cycle: 0 first, as the last winner is 2 after reset
  for (unsigned i = 0; i < 3; i++) {
    b->in.chk_valid[i] = true;
    b->in.chk_req[i] = chk_of(CBIT_RMP_REQ_AMD_SP, i, 3u + i);
    b->in.chk_ans_ready[i] = true;
  }
  rig_clock(r);  // t
  for (unsigned i = 0; i < 3; i++) {
    assert_true(b->out.chk_ready[i]);
    b->in.chk_valid[i] = false;
  }
  for (unsigned k = 1; k <= 6; k++) {
    rig_clock(r);
    for (unsigned i = 0; i < 3; i++) {
      assert_int_equal(b->out.chk_ans_valid[i], k == 3u + i);
    }
  }
  rig_free(r);
}

// One port alone: 2 of 3 cycles. Two and more: one a cycle. A hit each.
static void test_rate(void **state) {
  (void)state;
  for (unsigned ports = 1; ports <= 3; ports++) {
    rig_t *r = chk_rig(1, 3, 0);
    bench_t *b = r->b;
    unsigned got[3] = {0};
    for (unsigned i = 0; i < ports; i++) {
      b->in.chk_valid[i] = true;
      b->in.chk_req[i] = chk_of(CBIT_RMP_REQ_HOST, CBIT_RMP_OP_READ, i);
      b->in.chk_ans_ready[i] = true;
    }
    const uint32_t before = bench_reg_read(b, REG_CNT_CHK);
    uint32_t pattern = 0;
    for (unsigned k = 0; k < 60; k++) {
      rig_clock(r);
      for (unsigned i = 0; i < ports; i++) {
        got[i] += b->out.chk_ans_valid[i];
        pattern = i == 0 ? pattern << 1 | b->out.chk_ans_valid[i] : pattern;
      }
    }
    assert_int_equal(got[0] + got[1] + got[2], ports == 1 ? 40 : 60);
    if (ports == 1) {  // 1 1 0 1 1 0
      assert_true((pattern & 0x3fu) == 0x36u || (pattern & 0x3fu) == 0x2du || (pattern & 0x3fu) == 0x1bu);
    } else if (ports == 2) {
      assert_int_equal(got[0], got[1]);
    } else {
      assert_true(got[0] == 20 && got[1] == 20 && got[2] == 20);
    }
    assert_true(bench_reg_read(b, REG_CNT_CHK) - before > 40);
    rig_free(r);
  }
}

// A port that takes nothing: two answers wait, two questions, and no more is taken; the other port goes on. Order is kept.
static void test_slow_port(void **state) {
  (void)state;
  rig_t *r = chk_rig(1, 2, 0);
  bench_t *b = r->b;
  unsigned taken = 0;
  b->in.chk_valid[0] = true;
  for (unsigned k = 0; k < 40; k++) {
    b->in.chk_req[0] = chk_of(CBIT_RMP_REQ_AMD_SP, 0, 0);
    b->in.chk_req[0].map_size = (uint8_t)(taken % 3u);  // keep tells which it is
    rig_clock(r);
    taken += b->out.chk_ready[0];
  }
  assert_int_equal(taken, 4);
  assert_false(b->out.chk_ready[0]);
  assert_true(b->out.chk_ans_valid[0]);
  const cbit_chk_ask_t host = chk_of(CBIT_RMP_REQ_HOST, CBIT_RMP_OP_READ, 9);
  for (unsigned i = 0; i < 5; i++) {
    const cbit_chk_answer_t a = chk_do(r, 1, &host);
    chk_passes(&a, 0, CBIT_RMP_ROW_1);
    assert_true(b->out.chk_ans_valid[0] && b->out.chk_ans[0].keep == 0);  // stays
  }
  b->in.chk_valid[0] = false;
  b->in.chk_ans_ready[0] = true;
  unsigned got = 0;
  for (unsigned k = 0; k < 20; k++) {
    rig_clock(r);
    if (b->out.chk_ans_valid[0]) {
      chk_passes(&b->out.chk_ans[0], got % 3u, CBIT_RMP_ROW_19);
      got++;
    }
  }
  assert_int_equal(got, 4);
  rig_free(r);
}

// One ring for all ports: a hit waits behind another port's miss.
static void test_hit_behind_miss(void **state) {
  (void)state;
  rig_t *r = chk_rig(1, 2, 0);
  cbit_chk_answer_t a;
  chk_own(r, 3, 5);
  r->b->in.chk_ans_ready[0] = r->b->in.chk_ans_ready[1] = true;
  const cbit_chk_ask_t miss = chk_guest(3, 5, CBIT_RMP_OP_READ);
  const cbit_chk_ask_t hit = chk_of(CBIT_RMP_REQ_AMD_SP, 0, 3);
  const uint64_t t = chk_ask(r, 0, &miss);
  (void)chk_ask(r, 1, &hit);
  const uint64_t at0 = chk_wait(r, 0, &a);
  assert_true(at0 > t + 10u);
  assert_false(r->b->out.chk_ans_valid[1]);
  assert_int_equal(chk_wait(r, 1, &a), at0 + 1u);
  chk_passes(&a, 0, CBIT_RMP_ROW_19);
  assert_true(bench_reg_read(r->b, REG_CNT_STALL_CHK) >= at0 - t - 4u);
  rig_free(r);
}

// ---- answers ----

// An answer that says 2M or 1G holds for the other pages too, by the table.
static void check_kept(const rig_t *r, const cbit_chk_ask_t *q, const cbit_chk_answer_t *a, const table_t *t, uint64_t *rnd) {
  for (unsigned i = 0; a->keep != CBIT_CHK_KEEP_NOT && a->keep != CBIT_CHK_KEEP_4K && i < 8; i++) {
    const uint64_t span = a->keep == CBIT_CHK_KEEP_2M ? 511u : 0x3ffffu;
    cbit_chk_ask_t other = *q;
    const uint64_t flip = vec_random(rnd) & span;
    if (((q->spa_page ^ q->gpa_page) & span) != 0) {
      continue;  // no mapping of this size
    }
    other.spa_page ^= flip;
    other.gpa_page ^= flip;
    assert_false(chk_says(r, &other, t, t).deny);
  }
}

// Three of four fit the page's entry.
static cbit_chk_ask_t random_question(const table_t *t, uint64_t *rnd) {
  static const uint16_t from[] = {0, 1, 8, 64, 510, 512, 513, 600, 768, 1020};
  const uint64_t x = vec_random(rnd);
  const unsigned p = from[(x & 0xffu) % (sizeof from / sizeof from[0])] + (unsigned)(x >> 8 & 7u);  // some are not covered
  cbit_rmp_entry_t e;
  cbit_rmp_entry_decode(t->raw[p < RMP_PAGES ? p : 0], &e);
  cbit_chk_ask_t q = {.spa_page = p, .gpa_page = rmp_gpa_page(p), .asid = e.asid, .req = (uint8_t)(x >> 18 & 7u),
                      .op = (uint8_t)(x >> 21 & 15u), .vmpl = (uint8_t)(x >> 25 & 3u), .cpl = (uint8_t)(x >> 27 & 3u),
                      .ec = (x >> 29 & 1u) != 0, .ss = (x >> 30 & 1u) != 0, .snp_active = (x >> 31 & 1u) != 0};
  q.map_size = (x >> 32 & 1u) != 0 ? (uint8_t)(x >> 33 & 3u) : 0;
  if ((x >> 35 & 3u) == 0) {
    q.asid = (uint16_t)(x >> 37 & 3u);
    q.gpa_page = x >> 40 & 0x7fu;
  }
  if ((x >> 50 & 1u) != 0) {
    q.req = (x >> 51 & 3u) != 0 ? CBIT_RMP_REQ_GUEST_SNP : q.req;
    q.op %= CBIT_RMP_OP_COUNT;
  } else if ((x >> 53 & 7u) == 0) {
    q.req = CBIT_RMP_REQ_HOST;
    q.op = CBIT_RMP_OP_VMRUN_VMSA;
  }
  return q;
}

// Every kind of question, hits and misses, over ranges that are well formed: what cbit_rmp_check() says, and keep.
static void test_answers(void **state) {
  (void)state;
  static table_t t;
  unsigned seen[CBIT_RMP_ROW_COUNT][2] = {{0}};
  unsigned keeps[4] = {0};
  for (unsigned run = 0; run < 8; run++) {
    cbit_cyc_cfg_t cfg = chk_config(1u << run % 3u, 8, 0);
    cfg.rmp_const = run == 7;
    cfg.rmp_miss = 2u << run % 3u;
    rig_t *r = rig_new(&cfg, CBIT_MODE_XTS_L64, run == 3, run, 12 + run, STATE_ON);
    uint64_t rnd = 77 + run;
    t = r->version[0];
    for (unsigned p = 0; p < RMP_PAGES; p++) {  // base entries with the count that 1.4 asks for
      uint8_t raw[16];
      cbit_rmp_entry_t e;
      memcpy(raw, t.raw[p], 16);
      cbit_rmp_entry_decode(raw, &e);
      e.subpage_count = 0;
      if (p >= 512 && r->large) {
        e.assigned = 1;
        e.page_size = p == 512;
      } else if (p % 512u == 0) {
        for (unsigned k = 1; k < 512; k++) {
          e.subpage_count = (uint16_t)(e.subpage_count + (t.raw[p + k][0] & 1u));
        }
      }
      cbit_rmp_entry_encode(&e, t.raw[p]);
      rig_store_entry(r, p, t.raw[p]);
    }
    for (unsigned i = 0; i < 3000; i++) {
      const cbit_chk_ask_t q = random_question(&t, &rnd);
      const cbit_chk_answer_t want = chk_says(r, &q, &t, &t);
      const cbit_chk_answer_t got = chk_do(r, i % 8u, &q);
      assert_true(chk_same(&want, &got));
      check_kept(r, &q, &got, &t, &rnd);
      seen[got.row][got.deny]++;
      keeps[got.keep]++;
    }
    rig_free(r);
  }
  for (unsigned row = 0; row < CBIT_RMP_ROW_COUNT; row++) {
    const bool never_passes = row == CBIT_RMP_ROW_NONE || row == CBIT_RMP_ROW_22;
    const bool never_fails = chk_keep_kind(row, 0) == 'm';
    if ((seen[row][0] != 0) == never_passes || (seen[row][1] != 0) == never_fails) {
      fail_msg("row %s: %u answers allow, %u deny", cbit_rmp_row_name((cbit_rmp_row_t)row), seen[row][0], seen[row][1]);
    }
  }
  assert_true(keeps[0] > 100 && keeps[1] > 100 && keeps[2] > 100 && keeps[3] > 100);
}

static void test_off_and_high(void **state) {
  (void)state;
  const cbit_cyc_cfg_t cfg = chk_config(1, 2, 0);
  rig_t *r = rig_new(&cfg, CBIT_MODE_XTS_L64, false, 1, 12, STATE_CHECKED);
  table_clear(r);
  cbit_chk_ask_t q = chk_guest(3, 5, CBIT_RMP_OP_READ);
  cbit_chk_answer_t a = chk_do(r, 0, &q);
  chk_passes(&a, CBIT_CHK_KEEP_NOT, CBIT_RMP_ROW_11);
  q.spa_page = UINT64_C(1) << 28;  // SpaWidth 40
  a = chk_do(r, 0, &q);
  chk_is(&a, true, CBIT_CHK_KEEP_NOT, 0, 0, 0, 0);
  rmp_cmd_ok(r, CMD_SNP_EN, STATE_ON);
  for (uint64_t bit = UINT64_C(1) << 28; bit <= UINT64_C(1) << 39; bit <<= 1) {
    q.spa_page = 3u | bit;
    a = chk_do(r, 1, &q);
    chk_is(&a, true, CBIT_CHK_KEEP_NOT, 0, 0, 0, 0);
  }
  assert_int_equal(bench_reg_read(r->b, REG_CNT_RMP_ASK), 0);
  q.spa_page = UINT64_C(1) << 27 | UINT64_C(1) << 40;  // bit 52 does not exist
  a = chk_do(r, 1, &q);
  chk_is(&a, true, CBIT_CHK_KEEP_NOT, CBIT_RMP_ROW_11, CBIT_RMP_WHY_COV, CBIT_RMP_NPF, NPF_ERROR);
  assert_int_equal(bench_reg_read(r->b, REG_CNT_RMP_ASK), 1);
  assert_int_equal(bench_reg_read(r->b, REG_FAULT_COUNT), 0);  // no record
  rig_free(r);
}

static void test_read_error(void **state) {
  (void)state;
  rig_t *r = chk_rig(1, 1, 0);
  chk_own(r, 3, 5);
  r->b->bad_from = RMP_ENTRIES + 48u;
  r->b->bad_to = RMP_ENTRIES + 64u;
  cbit_chk_ask_t q = chk_guest(3, 5, CBIT_RMP_OP_READ);
  cbit_chk_answer_t a = chk_do(r, 0, &q);
  chk_is(&a, true, CBIT_CHK_KEEP_NOT, CBIT_RMP_ROW_11, CBIT_RMP_WHY_READ, CBIT_RMP_MCE, 0);
  q = chk_of(CBIT_RMP_REQ_IOMMU_HOST, CBIT_RMP_OP_WRITE, 3);
  a = chk_do(r, 0, &q);
  chk_is(&a, true, CBIT_CHK_KEEP_NOT, CBIT_RMP_ROW_21, CBIT_RMP_WHY_READ, CBIT_RMP_IOMMU_HW_ERR, 0);
  r->b->bad_from = r->b->bad_to = 0;
  a = chk_do(r, 0, &q);
  chk_is(&a, true, CBIT_CHK_KEEP_NOT, CBIT_RMP_ROW_21, CBIT_RMP_WHY_HVO, CBIT_RMP_IOMMU_FAULT, 0);
  rig_free(r);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_hit_cycles), cmocka_unit_test(test_miss_cycles),  cmocka_unit_test(test_two_ports),
      cmocka_unit_test(test_rate),       cmocka_unit_test(test_slow_port),    cmocka_unit_test(test_hit_behind_miss),
      cmocka_unit_test(test_answers),    cmocka_unit_test(test_off_and_high), cmocka_unit_test(test_read_error),
  };
  return cmocka_run_group_tests_name("cyc_rmp_chk", tests, NULL, NULL);
}
