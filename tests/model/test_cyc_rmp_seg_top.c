// SPDX-License-Identifier: Apache-2.0
//
// test_cyc_rmp_seg_top.c - the whole cycle model with a segmented table: registers, start-up, accesses, instructions
//
// docs/units/rmp_seg.md. Two segments of 1 GiB with tables of 4 MiB; the bench's memory has 32 MiB, in which all addresses
// lie modulo its size.

#define BENCH_MEM_BYTES 0x2000000u

#include "cyc_chk.h"

#define MIB UINT64_C(0x100000)
#define GIB_PAGES 0x40000u
#define PAGE_0 0x10u                     // a page of segment 0, and the same of segment 1
#define PAGE_1 (GIB_PAGES + 0x10u)
#define PAGE_NONE (2u * GIB_PAGES + 5u)  // of segment 2: not covered

enum { REG_RMP_CFG = 0xCC, STATUS_LOADED = 0x20, CMD_SEG_LOAD = 8 };

// Entry of a page, in memory.
static uint8_t *seg_entry(rig_t *r, uint64_t page) {
  const uint64_t table = page < GIB_PAGES ? 4u * MIB : 8u * MIB;
  return r->b->mem + table + 16u * (page % GIB_PAGES);
}

static void seg_set(rig_t *r, uint64_t page, uint64_t q1, uint64_t q2) {
  bytes_store_le64(seg_entry(r, page), q1);
  bytes_store_le64(seg_entry(r, page) + 8, q2);
}

static void seg_is(rig_t *r, uint64_t page, uint64_t q1, uint64_t q2) {
  assert_int_equal(bytes_load_le64(seg_entry(r, page)), q1);
  assert_int_equal(bytes_load_le64(seg_entry(r, page) + 8), q2);
}

static cbit_cyc_cfg_t config(unsigned lanes) {
  cbit_cyc_cfg_t cfg = chk_config(lanes, 1, 1);
  cfg.rmp_seg = 1;
  return cfg;
}

// Before FENCE: tables that are free but for their own pages.
static rig_t *rig_off(unsigned lanes) {
  const cbit_cyc_cfg_t cfg = config(lanes);
  rig_t *r = rig_new(&cfg, CBIT_MODE_XTS_L64, false, 1, 12, STATE_OFF);
  memset(r->b->mem + RMP_BASE, 0, 0x6000);
  memset(r->b->mem + 4u * MIB, 0, 8u * MIB);
  for (uint64_t p = 0; p < 12u * MIB / RMP_PAGE; p++) {
    if ((p >= 0x100 && p < 0x106) || p >= 0x400) {
      seg_set(r, p, Q1_A | Q1_IMM | Q1_LOCK, 0);
    }
  }
  bytes_store_le64(r->b->mem + RMP_BASE + 0x4000u, 4u * MIB | 1u);
  bytes_store_le64(r->b->mem + RMP_BASE + 0x4008u, 8u * MIB | 77u);  // clipped to 1
  assert_int_equal(bench_reg_write(r->b, REG_RMP_END, 0), 0);        // not looked at
  assert_int_equal(bench_reg_write(r->b, REG_RMP_CFG, 30u << 8 | 1u), 0);
  return r;
}

static uint32_t verify(rig_t *r) {
  assert_int_equal(bench_reg_write(r->b, REG_RMP_CMD, CMD_VERIFY), 0);
  rig_clocks(r, 100000);
  return bench_reg_read(r->b, REG_RMP_STATUS);
}

static rig_t *rig_on(unsigned lanes) {
  rig_t *r = rig_off(lanes);
  const uint32_t reads = bench_reg_read(r->b, REG_CNT_RMP_READ);
  rmp_cmd_ok(r, CMD_FENCE, STATE_FENCED);
  rmp_cmd_ok(r, CMD_SEG_LOAD, STATE_FENCED | STATUS_LOADED);
  assert_int_equal(bench_reg_read(r->b, REG_CNT_RMP_READ) - reads, 256u / lanes);
  rmp_cmd_ok(r, CMD_FLUSH_DONE, STATE_FLUSHED | STATUS_LOADED);
  rmp_cmd_ok(r, CMD_TABLE_DONE, STATE_FILLED | STATUS_LOADED);
  assert_int_equal(verify(r), STATE_CHECKED | STATUS_LOADED);
  rmp_cmd_ok(r, CMD_SNP_EN, STATE_ON | STATUS_LOADED);
  memset(r->b->mem + RMP_BASE + 0x4000u, 0xa5, 0x1000);  // decides nothing any more
  return r;
}

static unsigned access_resp(rig_t *r, bool write, uint64_t page, const cbit_attr_t *attr) {
  const bench_txn_t *t = rig_queue(r, write, page * RMP_PAGE, 0, 1, attr);
  rig_drain(r);
  return t->resp;
}

static const cbit_attr_t host = {.requester = CBIT_REQ_HOST};

// ---- registers ----

static void test_registers(void **state) {
  (void)state;
  uint32_t data;
  cbit_cyc_cfg_t cfg = config(1);
  cfg.rmp_seg = 0;
  rig_t *r = rig_new(&cfg, CBIT_MODE_XTS_L64, false, 1, 12, STATE_OFF);
  assert_int_equal(bench_reg_read(r->b, REG_CAP0) >> 16 & 15u, 7);
  assert_int_equal(bench_reg_try(r->b, REG_RMP_CFG, &data), 2);
  assert_int_equal(bench_reg_write(r->b, REG_RMP_CFG, 1), 2);
  rig_free(r);
  r = rig_off(1);
  assert_int_equal(bench_reg_read(r->b, REG_CAP0) >> 16 & 15u, 15);
  assert_int_equal(bench_reg_write(r->b, REG_RMP_CFG, UINT32_MAX), 0);
  assert_int_equal(bench_reg_read(r->b, REG_RMP_CFG), 0x3f01);
  assert_int_equal(rmp_cmd(r, CMD_FENCE), STATE_OFF | 1u << 8);  // seg_size 63
  // an instruction before FENCE finds no checks, whatever seg_size is
  const cbit_insn_t insn = insn_host(CBIT_INSN_RMPREAD, PAGE_1 * RMP_PAGE);
  const insn_run_t t = insn_do(r, &insn);
  answer_is(&t, KIND_UD, 0, 0, 0);
  assert_int_equal(bench_reg_write(r->b, REG_RMP_CFG, 30u << 8 | 1u), 0);
  rmp_cmd_ok(r, CMD_FENCE, STATE_FENCED);
  assert_int_equal(bench_reg_write(r->b, REG_RMP_CFG, 0), 2);  // refused
  assert_int_equal(bench_reg_read(r->b, REG_RMP_CFG), 30u << 8 | 1u);
  assert_int_equal(rmp_cmd(r, CMD_FLUSH_DONE), STATE_FENCED | 2u << 8);
  // the guard: control area and nothing else; the AMD-SP may
  assert_int_equal(access_resp(r, true, 0x105, &host), 2);
  assert_int_equal(access_resp(r, true, 0x106, &host), 0);
  assert_int_equal(access_resp(r, true, 0x400, &host), 0);
  bytes_store_le64(seg_entry(r, 0), 0);
  rmp_cmd_ok(r, CMD_SEG_LOAD, STATE_FENCED | STATUS_LOADED);
  assert_int_equal(access_resp(r, true, 0x3ff, &host), 0);
  assert_int_equal(access_resp(r, true, 0x400, &host), 2);
  assert_int_equal(access_resp(r, true, 0xbff, &host), 2);
  assert_int_equal(access_resp(r, true, 0xc00, &host), 0);
  assert_int_equal(bench_reg_read(r->b, REG_RMP_FAULT_INFO), 0);
  rig_free(r);
}

static void test_verify_fails(void **state) {
  (void)state;
  rig_t *r = rig_off(2);
  rmp_cmd_ok(r, CMD_FENCE, STATE_FENCED);
  bytes_store_le64(r->b->mem + RMP_BASE + 0x4ff8u, 1u);
  assert_int_equal(rmp_cmd(r, CMD_SEG_LOAD), STATE_FENCED | 4u << 8);
  bytes_store_le64(r->b->mem + RMP_BASE + 0x4ff8u, 0);
  rmp_cmd_ok(r, CMD_SEG_LOAD, STATE_FENCED | STATUS_LOADED);
  rmp_cmd_ok(r, CMD_FLUSH_DONE, STATE_FLUSHED | STATUS_LOADED);
  rmp_cmd_ok(r, CMD_TABLE_DONE, STATE_FILLED | STATUS_LOADED);
  seg_set(r, 0xbff, 0, 0);  // the last page of the last table
  assert_int_equal(verify(r), STATE_FILLED | STATUS_LOADED | 3u << 8);
  seg_set(r, 0xbff, Q1_A | Q1_IMM | Q1_LOCK, 0);
  assert_int_equal(verify(r), STATE_CHECKED | STATUS_LOADED);
  rig_free(r);
}

// ---- accesses ----

static void test_access(void **state) {
  (void)state;
  for (unsigned lanes = 1; lanes <= 4; lanes *= 2) {
    rig_t *r = rig_on(lanes);
    bench_t *b = r->b;
    seg_set(r, PAGE_1 + 1u, Q1_A | Q1_VALID | Q1_OWNER(2, 7), 0x1f);
    assert_int_equal(access_resp(r, true, PAGE_0, &host), 0);
    assert_int_equal(access_resp(r, true, PAGE_1, &host), 0);
    assert_int_equal(access_resp(r, true, PAGE_0 + 1u, &host), 0);  // not the entry of segment 1
    assert_int_equal(access_resp(r, true, PAGE_1 + 1u, &host), 2);
    assert_int_equal(bench_reg_read(b, REG_RMP_FAULT_INFO),
                     CBIT_RMP_PF | (unsigned)CBIT_RMP_WHY_HVO << 4 | (unsigned)CBIT_RMP_ROW_2 << 8);
    assert_int_equal(access_resp(r, true, PAGE_NONE, &host), 0);  // the hypervisor's
    const cbit_attr_t guest = {.requester = CBIT_REQ_GUEST, .cbit = 1, .asid = 2, .snp = 1, .gpa_page = 7};
    assert_int_equal(access_resp(r, false, PAGE_1 + 1u, &guest), 0);
    assert_int_equal(access_resp(r, false, PAGE_1, &guest), 2);
    assert_int_equal(access_resp(r, false, PAGE_NONE, &guest), 2);
    // the check port says the same
    cbit_chk_ask_t q = chk_of(CBIT_RMP_REQ_GUEST_SNP, CBIT_RMP_OP_READ, 0);
    q.spa_page = PAGE_1 + 1u;
    q.gpa_page = 7;
    q.asid = 2;
    q.ec = true;
    cbit_chk_answer_t a = chk_do(r, 0, &q);
    chk_passes(&a, 0, CBIT_RMP_ROW_11);
    q.spa_page = PAGE_NONE;
    a = chk_do(r, 0, &q);
    chk_is(&a, true, CBIT_CHK_KEEP_NOT, CBIT_RMP_ROW_11, CBIT_RMP_WHY_COV, CBIT_RMP_NPF, NPF_ERROR);
    // a write of the AMD-SP into the second table: everything kept is dropped
    assert_int_equal(access_resp(r, true, PAGE_1, &host), 0);
    const cbit_attr_t sp = {.requester = CBIT_REQ_SP};
    const uint64_t at = 8u * MIB + 16u * PAGE_0;
    bench_txn_t *t = bench_queue(b, true, at, 0, 4, CBIT_BURST_INCR, 3, &sp);
    memset(t->data, 0, b->bus);
    bytes_store_le64(t->data + at % b->bus, Q1_A);
    t->strb[0] = UINT64_C(0xffff) << at % b->bus;
    rig_drain(r);
    assert_int_equal(t->resp, 0);
    assert_int_equal(access_resp(r, true, PAGE_1, &host), 2);
    rig_free(r);
  }
}

// ---- instructions ----

static void test_insn(void **state) {
  (void)state;
  for (unsigned lanes = 1; lanes <= 4; lanes *= 2) {
    rig_t *r = rig_on(lanes);
    const uint64_t gpa = UINT64_C(0x7000);
    // RMPUPDATE: entry in segment 1's table, counters in the control area, SubpageCount of the range's base
    cbit_insn_t insn = insn_update((uint64_t)PAGE_1 * RMP_PAGE, gpa, 1, 0, 0, 5);
    insn_run_t t = insn_do(r, &insn);
    code_is(&t, 0);
    assert_int_equal(t.inv_page, PAGE_1 >> 9);
    seg_is(r, PAGE_1, Q1_A | Q1_OWNER(5, 7), 0x1f);
    seg_is(r, GIB_PAGES, Q1_COUNT(1), 0);
    seg_is(r, PAGE_0, 0, 0);
    assert_int_equal(bytes_load_le64(counter_at(r, 5)), 1);
    insn = insn_guest(CBIT_INSN_PVALIDATE, (uint64_t)PAGE_1 * RMP_PAGE, gpa, 0, 1);
    t = insn_do(r, &insn);
    code_is(&t, 0);
    seg_is(r, PAGE_1, Q1_A | Q1_VALID | Q1_OWNER(5, 7), 0x1f);
    insn = insn_guest(CBIT_INSN_RMPADJUST, (uint64_t)PAGE_1 * RMP_PAGE, gpa, 0, 0x0301);
    t = insn_do(r, &insn);
    code_is(&t, 0);
    seg_is(r, PAGE_1, Q1_A | Q1_VALID | Q1_OWNER(5, 7), 0x31f);
    insn = insn_host(CBIT_INSN_RMPREAD, (uint64_t)PAGE_1 * RMP_PAGE);
    t = insn_do(r, &insn);
    code_is(&t, 0);
    assert_int_equal(bytes_load_le64(t.answer.out), gpa);
    // 2 MiB, and smashed
    insn = insn_update((uint64_t)(GIB_PAGES + 512u) * RMP_PAGE, 0, 1, 1, 0, 6);
    t = insn_do(r, &insn);
    code_is(&t, 0);
    seg_is(r, GIB_PAGES + 512u, Q1_A | Q1_LARGE | Q1_OWNER(6, 0), 0x1f);
    seg_is(r, GIB_PAGES + 1023u, Q1_A, 0);
    assert_int_equal(bytes_load_le64(counter_at(r, 6)), 512);
    insn = insn_host(CBIT_INSN_PSMASH, (uint64_t)(GIB_PAGES + 512u) * RMP_PAGE);
    t = insn_do(r, &insn);
    code_is(&t, 0);
    seg_is(r, GIB_PAGES + 512u, Q1_A | Q1_COUNT(511) | Q1_OWNER(6, 0), 0x1f);
    seg_is(r, GIB_PAGES + 1023u, Q1_A | Q1_OWNER(6, 511), 0x1f);
    // not covered
    insn = insn_update((uint64_t)PAGE_NONE * RMP_PAGE, 0, 1, 0, 0, 5);
    t = insn_do(r, &insn);
    code_is(&t, CBIT_RMP_FAIL_INPUT);
    insn = insn_host(CBIT_INSN_RMPREAD, UINT64_C(1) << 60 | (uint64_t)PAGE_0 * RMP_PAGE);
    t = insn_do(r, &insn);
    code_is(&t, CBIT_RMP_FAIL_INPUT);
    insn = insn_guest(CBIT_INSN_PVALIDATE, (uint64_t)PAGE_NONE * RMP_PAGE, gpa, 0, 1);
    t = insn_do(r, &insn);
    answer_is(&t, KIND_NPF, 0, 0, NPF_ERROR);
    rig_free(r);
  }
}

static void test_config(void **state) {
  (void)state;
  cbit_cyc_cfg_t cfg;
  cbit_cyc_cfg_default(&cfg);
  cfg.rmp_seg = 1;
  assert_non_null(cbit_cyc_cfg_error(&cfg));
  cfg.rmp = 1;
  assert_null(cbit_cyc_cfg_error(&cfg));
  cfg.rmp_seg = 2;
  assert_non_null(cbit_cyc_cfg_error(&cfg));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_registers), cmocka_unit_test(test_verify_fails), cmocka_unit_test(test_access),
      cmocka_unit_test(test_insn),      cmocka_unit_test(test_config),
  };
  return cmocka_run_group_tests_name("cyc_rmp_seg_top", tests, NULL, NULL);
}
