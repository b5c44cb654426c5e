// SPDX-License-Identifier: Apache-2.0
//
// cyc_chk.h - questions at the check ports of the cycle model: requests, runs with their cycles, what an answer must say
//
// On the table of cyc_rmp.h and cyc_insn.h. What is expected is made here from docs/units/rmp_chk.md and cbit_rmp_check().

#ifndef CBIT_TESTS_CYC_CHK_H
#define CBIT_TESTS_CYC_CHK_H

#include "cyc_insn.h"

enum { REG_CNT_CHK = 0x154, REG_CNT_STALL_CHK = 0x158 };
enum { CMD_DRAIN = 7 };

// ---- questions ----

// Of an SNP guest, private, 4 KiB, with the GPA page that the tests' entries have.
static inline cbit_chk_ask_t chk_guest(unsigned page, unsigned asid, unsigned op) {
  const cbit_chk_ask_t q = {.spa_page = page, .gpa_page = rmp_gpa_page(page), .asid = (uint16_t)asid,
                            .req = CBIT_RMP_REQ_GUEST_SNP, .op = (uint8_t)op, .ec = true, .snp_active = true};
  return q;
}

static inline cbit_chk_ask_t chk_of(unsigned req, unsigned op, unsigned page) {
  const cbit_chk_ask_t q = {.spa_page = page, .req = (uint8_t)req, .op = (uint8_t)op};
  return q;
}

static inline void chk_own(rig_t *r, unsigned page, unsigned asid) {
  entry_set(r, page, Q1_A | Q1_VALID | Q1_OWNER(asid, rmp_gpa_page(page)), 0x1f);
}

// ---- what must be answered ----

// keep of an answer that allows, by its row: 'm' the mapping, 'r' 4K or 2M, '4' 4K.
static inline char chk_keep_kind(unsigned row, unsigned req) {
  static const char kind[CBIT_RMP_ROW_COUNT + 1] = {
      [CBIT_RMP_ROW_NONE] = '4', [CBIT_RMP_ROW_1] = 'm',   [CBIT_RMP_ROW_2] = 'r',    [CBIT_RMP_ROW_3A] = '4',
      [CBIT_RMP_ROW_3B] = 'm',   [CBIT_RMP_ROW_4] = 'm',   [CBIT_RMP_ROW_5A] = 'r',   [CBIT_RMP_ROW_5B] = 'r',
      [CBIT_RMP_ROW_6] = 'm',    [CBIT_RMP_ROW_7] = 'r',   [CBIT_RMP_ROW_8] = 'r',    [CBIT_RMP_ROW_9] = 'r',
      [CBIT_RMP_ROW_10] = 'r',   [CBIT_RMP_ROW_11] = 'r',  [CBIT_RMP_ROW_12] = 'r',   [CBIT_RMP_ROW_13] = 'm',
      [CBIT_RMP_ROW_14] = '4',   [CBIT_RMP_ROW_15] = '4',  [CBIT_RMP_ROW_16] = '4',   [CBIT_RMP_ROW_17A] = '4',
      [CBIT_RMP_ROW_17B] = '4',  [CBIT_RMP_ROW_18] = '4',  [CBIT_RMP_ROW_18C] = 'c',  [CBIT_RMP_ROW_19] = 'm',
      [CBIT_RMP_ROW_20] = 'm',   [CBIT_RMP_ROW_21] = 'r',  [CBIT_RMP_ROW_22] = '4',   [CBIT_RMP_ROW_23] = '4'};
  const char k = kind[row];
  return k != 'c' ? k : req == CBIT_RMP_REQ_HOST ? '4' : 'r';
}

// With entries as in the given table; checks on, the page inside SpaWidth and not in use.
static inline cbit_chk_answer_t chk_says(const rig_t *r, const cbit_chk_ask_t *q, const table_t *own, const table_t *base) {
  const cbit_rmp_cfg_t regs = {.rmp_base = RMP_BASE, .rmp_end = RMP_LAST, .snp_en = 1, .vmpl_en = r->rmp_ctrl & 1u,
                               .iommu_snp = (r->rmp_ctrl >> 2) & 1u};
  const cbit_rmp_check_req_t req = {.spa = q->spa_page << 12, .gpa = q->gpa_page << 12, .asid = q->asid, .req = q->req,
                                    .op = q->op, .map_size = q->map_size, .ec = q->ec, .vmpl = q->vmpl, .cpl = q->cpl,
                                    .ss = q->ss, .vmpl_sss = (r->rmp_ctrl >> 1) & 1u, .snp_active = q->snp_active};
  cbit_rmp_view_t view = {.covered = q->spa_page < RMP_PAGES};
  cbit_rmp_verdict_t v;
  if (view.covered) {
    cbit_rmp_entry_decode(own->raw[q->spa_page], &view.own);
    cbit_rmp_entry_decode(base->raw[q->spa_page & ~UINT64_C(511)], &view.base);
    if ((q->spa_page & 511u) == 0) {
      view.own = view.base;
    }
  }
  cbit_rmp_check(&r->param, &regs, &view, &req, &v);
  cbit_chk_answer_t a = {.deny = v.kind != CBIT_RMP_PASS, .row = v.row, .why = v.why, .kind = v.kind, .keep = CBIT_CHK_KEEP_NOT};
  if (a.deny) {
    a.error = v.kind == CBIT_RMP_NPF ? v.exitinfo1 : v.code;
    return a;
  }
  const char k = chk_keep_kind(v.row, q->req);
  const unsigned map = q->map_size == 3 ? 2 : q->map_size;
  a.keep = (uint8_t)(k == 'm' ? map : k == '4' || map == 0 ? 0u : 1u);
  return a;
}

static inline bool chk_same(const cbit_chk_answer_t *a, const cbit_chk_answer_t *b) {
  return a->deny == b->deny && a->keep == b->keep && a->row == b->row && a->why == b->why && a->kind == b->kind &&
         a->error == b->error;
}

static inline void chk_table(rig_t *r, table_t *t) { memcpy(t->raw, r->b->mem + RMP_ENTRIES, sizeof t->raw); }

// ---- clocks ----

// A question until it is taken; gives the cycle.
static inline uint64_t chk_ask(rig_t *r, unsigned port, const cbit_chk_ask_t *q) {
  r->b->in.chk_valid[port] = true;
  r->b->in.chk_req[port] = *q;
  for (unsigned i = 0;; i++) {
    assert_true(i < 100000);
    rig_clock(r);
    if (r->b->out.chk_ready[port]) {
      r->b->in.chk_valid[port] = false;
      return r->b->cycle - 1u;
    }
  }
}

// Until an answer stands at the port; it is taken if ans_ready is set. Gives the cycle in which it was there first.
static inline uint64_t chk_wait(rig_t *r, unsigned port, cbit_chk_answer_t *a) {
  for (unsigned i = 0;; i++) {
    assert_true(i < 100000);
    rig_clock(r);
    if (r->b->out.chk_ans_valid[port]) {
      *a = r->b->out.chk_ans[port];
      return r->b->cycle - 1u;
    }
  }
}

static inline cbit_chk_answer_t chk_do(rig_t *r, unsigned port, const cbit_chk_ask_t *q) {
  cbit_chk_answer_t a;
  r->b->in.chk_ans_ready[port] = true;
  (void)chk_ask(r, port, q);
  (void)chk_wait(r, port, &a);
  return a;
}

static inline void chk_is(const cbit_chk_answer_t *a, bool deny, unsigned keep, unsigned row, unsigned why, unsigned kind,
                          uint64_t error) {
  assert_int_equal(a->deny, deny);
  assert_int_equal(a->keep, keep);
  assert_int_equal(a->row, row);
  assert_int_equal(a->why, why);
  assert_int_equal(a->kind, kind);
  assert_int_equal(a->error, error);
}

static inline void chk_passes(const cbit_chk_answer_t *a, unsigned keep, unsigned row) { chk_is(a, false, keep, row, 0, 0, 0); }

// ---- set-up ----

static inline cbit_cyc_cfg_t chk_config(unsigned lanes, unsigned ports, unsigned insn) {
  cbit_cyc_cfg_t cfg = insn_config(lanes, insn);
  cfg.rmp_chk = ports;
  return cfg;
}

static inline rig_t *chk_rig(unsigned lanes, unsigned ports, unsigned insn) {
  const cbit_cyc_cfg_t cfg = chk_config(lanes, ports, insn);
  return insn_rig_cfg(&cfg);
}

#endif  // CBIT_TESTS_CYC_CHK_H
