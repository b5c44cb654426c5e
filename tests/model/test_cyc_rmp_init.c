// SPDX-License-Identifier: Apache-2.0
//
// test_cyc_rmp_init.c - start-up of the RMP unit, and its registers
//
// docs/units/rmp_init.md: order of the commands, when each is done, RANGE, VERIFY. docs/units/rmp.md: which accesses of
// the registers RMP_* are refused in which state, the record of a denial, the counters. The registers stand before the
// unit as in the engine; the test plays the port.

#include "rmp_bench.h"
#include "sp/sp_regs.h"

// ---- commands ----

static void test_order(void **state) {
  (void)state;
  for (unsigned from = RMP_OFF; from <= RMP_READY; from++) {
    for (unsigned op = 0; op < 16; op++) {
      bench_t *b = bench_default();
      unsigned busy;
      start_up(b, from);
      const bool known = op >= RMP_CMD_FENCE && op <= RMP_CMD_FLUSH2_DONE;
      const bool fits = known && op == from + 1u;
      const unsigned error = command(b, op, &busy);
      assert_int_equal(error, !known ? RMP_ERR_OP : fits ? RMP_ERR_NONE : RMP_ERR_STATE);
      assert_int_equal(b->net.rmp.state, fits ? op : from);
      assert_int_equal(b->net.rmp.chk_on, b->net.rmp.state >= RMP_ON);
      if (!fits || op != RMP_CMD_VERIFY) {
        assert_true(busy >= 1 && (busy == 1 || (op == RMP_CMD_FLUSH_DONE && busy <= 2)));
      }
      bench_free(b);
    }
  }
}

static void test_snp_en_needs_smee(void **state) {
  (void)state;
  bench_t *b = bench_default();
  start_up(b, RMP_CHECKED);
  b->net.ctrl.smee = false;
  assert_int_equal(command(b, RMP_CMD_SNP_EN, NULL), RMP_ERR_STATE);
  assert_int_equal(b->net.rmp.state, RMP_CHECKED);
  b->net.ctrl.smee = true;
  assert_int_equal(command(b, RMP_CMD_SNP_EN, NULL), RMP_ERR_NONE);  // and the error of before is gone
  rmp_cyc_reset(b->u);
  rmp_cyc_out(b->u, &b->net);
  assert_int_equal(b->net.rmp.state, RMP_OFF);
  bench_free(b);
}

// FLUSH_DONE waits until the write path has once been idle since FENCE.
static void test_flush_waits(void **state) {
  (void)state;
  bench_t *b = bench_default();
  b->net.wr_idle = true;
  ticks(b, 5);  // idle before FENCE does not count
  assert_int_equal(command(b, RMP_CMD_FENCE, NULL), RMP_ERR_NONE);
  b->net.wr_idle = false;
  b->net.rmp_cmd_we = true;
  b->net.rmp_cmd_op = RMP_CMD_FLUSH_DONE;
  tick(b);
  for (unsigned i = 0; i < 20; i++) {
    assert_true(b->net.rmp.busy);
    assert_int_equal(b->net.rmp.state, RMP_FENCED);
    tick(b);
  }
  b->net.wr_idle = true;
  tick(b);  // idle in this cycle
  b->net.wr_idle = false;
  assert_true(b->net.rmp.busy);
  tick(b);  // done
  assert_false(b->net.rmp.busy);
  assert_int_equal(b->net.rmp.state, RMP_FLUSHED);
  bench_free(b);
}

// Idle for one cycle between FENCE and FLUSH_DONE is enough.
static void test_flush_remembers(void **state) {
  (void)state;
  bench_t *b = bench_default();
  unsigned busy;
  assert_int_equal(command(b, RMP_CMD_FENCE, NULL), RMP_ERR_NONE);
  b->net.wr_idle = true;
  tick(b);
  b->net.wr_idle = false;
  ticks(b, 3);
  assert_int_equal(command(b, RMP_CMD_FLUSH_DONE, &busy), RMP_ERR_NONE);
  assert_int_equal(busy, 1);
  bench_free(b);
}

static void test_range(void **state) {
  (void)state;
  static const struct {
    uint64_t base, end;
    uint32_t spa_width;
    bool ok;
  } range[] = {
      {T_BASE, T_END, 40, true},
      {T_BASE + 0x2000, T_END, 40, false},           // not at 1 MiB
      {T_BASE + 0x80000, T_END, 40, false},
      {2 * T_BASE, T_END, 40, false},                // ends before it begins
      {T_BASE, T_BASE + 0x4000 - 1, 40, false},      // counters alone
      {T_BASE, T_BASE + 0x6000 - 1, 40, true},       // 2 MiB, the table among them
      {2 * T_BASE, 2 * T_BASE + 0x6000 - 1, 40, false},  // 2 MiB, the table behind them
      {2 * T_BASE, 2 * T_BASE + 0x8000 - 1, 40, true},
      {UINT64_C(0x100000000), UINT64_C(0x1100FFFFF), 40, true},  // the first example of docs/rmp.md 1.3
      {UINT64_C(0x100000000), UINT64_C(0x1100FFFFF), 33, true},
      {UINT64_C(0x100000000), UINT64_C(0x1100FFFFF), 32, false},
      {0, UINT64_C(0xFFFFFFFFFFFFF), 52, true},
      {0, UINT64_C(0xFFFFFFFFFFFFF), 51, false},
      {0, 0, 40, false},
  };
  for (unsigned i = 0; i < sizeof range / sizeof range[0]; i++) {
    cbit_cyc_cfg_t cfg;
    cbit_cyc_cfg_default(&cfg);
    cfg.spa_width = range[i].spa_width;
    bench_t *b = bench_new(&cfg);
    b->net.rmp_reg.base = range[i].base & ~UINT64_C(0x1fff);
    b->net.rmp_reg.end = range[i].end & ~UINT64_C(0x1fff);
    assert_int_equal(command(b, RMP_CMD_FENCE, NULL), range[i].ok ? RMP_ERR_NONE : RMP_ERR_RANGE);
    assert_int_equal(b->net.rmp.state, range[i].ok ? RMP_FENCED : RMP_OFF);
    bench_free(b);
  }
}

// ---- VERIFY ----

// Every page of the table is asked for once, in order; the first of a range has one entry.
static void test_verify_pages(void **state) {
  (void)state;
  bench_t *b = bench_default();
  uint64_t page = T_FIRST_PAGE;
  start_up(b, RMP_FILLED);
  b->net.rmp_cmd_we = true;
  b->net.rmp_cmd_op = RMP_CMD_VERIFY;
  tick(b);  // x + 1: asks
  ticks(b, 2);
  assert_true(b->net.int_req.valid);  // x + 3
  while (b->net.rmp.busy) {
    if (b->net.int_req.valid) {
      const bool own = (b->net.int_req.tag & 1u) != 0;
      assert_int_equal(b->net.int_req.tag >> 1, 0x40u + b->cfg.rmp_miss + 2u);
      assert_int_equal(b->net.int_req.spa, T_BASE + T_ENTRIES + 16u * (own ? page : page & ~UINT64_C(511)));
      page += own;
    }
    tick(b);
  }
  assert_int_equal(page, T_LAST_PAGE + 1u);
  assert_int_equal(b->net.rmp.state, RMP_CHECKED);
  assert_int_equal(b->reads, 2u * (T_LAST_PAGE - T_FIRST_PAGE + 1u));
  bench_free(b);
}

static void test_verify_fails(void **state) {
  (void)state;
  static const uint64_t bad[] = {
      0,                                         // Hypervisor
      4,                                         // HV-Fixed
      1,                                         // Reclaim
      UINT64_C(0xA000000000000005),              // Context
      UINT64_C(0x8002000000001005),              // Firmware-IOMMU
      Q1_FIRMWARE & ~(UINT64_C(1) << 63),        // Lock 0
      Q1_FIRMWARE | UINT64_C(1) << 62,           // Validated
      Q1_FIRMWARE | UINT64_C(1) << 51,           // ASID 1
      Q1_FIRMWARE | UINT64_C(1) << 12,           // GPA field
  };
  static const uint64_t pages[] = {T_FIRST_PAGE, T_FIRST_PAGE + 7, T_LAST_PAGE};
  for (unsigned p = 0; p < 3; p++) {
    for (unsigned i = 0; i <= sizeof bad / sizeof bad[0]; i++) {
      bench_t *b = bench_default();
      start_up(b, RMP_FILLED);
      if (i < sizeof bad / sizeof bad[0]) {
        bench_entry(b, pages[p], bad[i], 0);
      } else {
        b->bad_addr = T_BASE + T_ENTRIES + 16u * pages[p];  // a read error
      }
      assert_int_equal(command(b, RMP_CMD_VERIFY, NULL), RMP_ERR_VERIFY);
      assert_int_equal(b->net.rmp.state, RMP_FILLED);
      assert_int_equal(b->reads, 2u * (pages[p] - T_FIRST_PAGE + 1u));
      assert_int_equal(command(b, RMP_CMD_SNP_EN, NULL), RMP_ERR_STATE);
      bench_entry(b, pages[p], Q1_FIRMWARE | 255u << 3, UINT64_MAX);  // SubpageCount and q2 do not count
      b->bad_addr = 0;
      assert_int_equal(command(b, RMP_CMD_VERIFY, NULL), RMP_ERR_NONE);  // from the beginning
      assert_int_equal(b->net.rmp.state, RMP_CHECKED);
      bench_free(b);
    }
  }
}

// A table write that ends while VERIFY reads: it reads again.
static void test_verify_redo(void **state) {
  (void)state;
  bench_t *b = bench_default();
  start_up(b, RMP_FILLED);
  b->net.rmp_cmd_we = true;
  b->net.rmp_cmd_op = RMP_CMD_VERIFY;
  tick(b);
  b->net.tbl_begin = true;
  ticks(b, 6);
  bench_entry(b, T_FIRST_PAGE, 0, 0);
  b->net.tbl_end = true;
  while (b->net.rmp.busy) {
    tick(b);
  }
  assert_int_equal(b->net.rmp.error, RMP_ERR_VERIFY);
  assert_int_equal(b->reads, 4);
  bench_free(b);
}

// ---- registers ----

typedef struct regs {
  bench_t *b;
  sp_cyc_t *sp;
  cbit_pins_in_t in;
  cbit_pins_out_t out;
} regs_t;

static void regs_set_up(regs_t *r, uint32_t rmp) {
  memset(r, 0, sizeof *r);
  r->b = bench_default();
  cbit_cyc_cfg_t cfg = r->b->cfg;
  cfg.rmp = rmp;
  r->sp = aligned_alloc(64, (sp_cyc_size(&cfg) + 63u) & ~(size_t)63u);
  assert_non_null(r->sp);
  sp_cyc_init(r->sp, &cfg);
  r->in.rst_n = true;
  r->b->net.all_empty = true;
  r->b->net.wr_idle = true;
  sp_cyc_out(r->sp, &r->b->net, &r->out);
}

static void regs_tear_down(regs_t *r) {
  free(r->sp);
  bench_free(r->b);
}

static void regs_tick(regs_t *r) {
  cyc_net_t *net = &r->b->net;
  sp_cyc_step(r->sp, net, &r->in);
  tick(r->b);
  net->fault_r_q.valid = net->fault_w_q.valid = false;
  memset(&net->ev_q, 0, sizeof net->ev_q);
  sp_cyc_out(r->sp, net, &r->out);
}

// Executed in the last cycle but one; the response is on the pins when it returns.
static unsigned put_strb(regs_t *r, unsigned addr, uint32_t data, unsigned strb) {
  r->in.l_awvalid = r->in.l_wvalid = true;
  r->in.l_awaddr = (uint16_t)addr;
  r->in.l_wdata = data;
  r->in.l_wstrb = (uint8_t)strb;
  regs_tick(r);
  r->in.l_awvalid = r->in.l_wvalid = false;
  regs_tick(r);
  assert_true(r->out.l_bvalid);
  const unsigned resp = r->out.l_bresp;
  r->in.l_bready = true;
  regs_tick(r);
  r->in.l_bready = false;
  return resp;
}

static unsigned put(regs_t *r, unsigned addr, uint32_t data) { return put_strb(r, addr, data, 15); }

static unsigned get_resp(regs_t *r, unsigned addr, uint32_t *data) {
  r->in.l_arvalid = true;
  r->in.l_araddr = (uint16_t)addr;
  regs_tick(r);
  r->in.l_arvalid = false;
  regs_tick(r);
  assert_true(r->out.l_rvalid);
  *data = r->out.l_rdata;
  const unsigned resp = r->out.l_rresp;
  r->in.l_rready = true;
  regs_tick(r);
  r->in.l_rready = false;
  return resp;
}

static uint32_t get(regs_t *r, unsigned addr) {
  uint32_t data;
  assert_int_equal(get_resp(r, addr, &data), 0);
  return data;
}

static const unsigned rmp_addrs[] = {
    SP_RMP_BASE_LO,    SP_RMP_BASE_HI,      SP_RMP_END_LO,       SP_RMP_END_HI, SP_RMP_CTRL, SP_RMP_CMD, SP_RMP_STATUS,
    SP_RMP_FAULT_INFO, SP_RMP_FAULT_ERR_LO, SP_RMP_FAULT_ERR_HI, 0x0CC,         0x138,       0x13C,      0x140,
    0x144,             0x148,               0x14C};

static void test_map(void **state) {
  (void)state;
  for (uint32_t rmp = 0; rmp < 2; rmp++) {
    regs_t r;
    regs_set_up(&r, rmp);
    assert_int_equal(get(&r, SP_CAP0) >> 16, rmp);
    for (unsigned i = 0; i < sizeof rmp_addrs / sizeof rmp_addrs[0]; i++) {
      const unsigned a = rmp_addrs[i];
      const bool gap = a == 0x0CC || a == 0x14C;
      const bool writable = a <= SP_RMP_CMD;
      uint32_t data;
      assert_int_equal(get_resp(&r, a, &data), rmp && !gap && a != SP_RMP_CMD ? 0 : 2);
      assert_int_equal(data, a == SP_RMP_STATUS && rmp ? RMP_ERR_OP << 8 : 0);  // op 0 was written before
      assert_int_equal(put(&r, a, 0), rmp && writable ? 0 : 2);
    }
    regs_tear_down(&r);
  }
}

static void test_refusals(void **state) {
  (void)state;
  regs_t r;
  regs_set_up(&r, 1);
  assert_int_equal(put(&r, SP_CTRL, 0x41), 0);
  // bytes, and the bits that are not there
  assert_int_equal(put(&r, SP_RMP_BASE_LO, 0xFFFFFFFFu), 0);
  assert_int_equal(put(&r, SP_RMP_BASE_HI, 0xFFFFFFFFu), 0);
  assert_int_equal(get(&r, SP_RMP_BASE_LO), 0xFFFFE000u);
  assert_int_equal(get(&r, SP_RMP_BASE_HI), 0x000FFFFFu);
  assert_int_equal(put_strb(&r, SP_RMP_BASE_LO, 0, 4), 0);
  assert_int_equal(get(&r, SP_RMP_BASE_LO), 0xFF00E000u);
  assert_int_equal(get(&r, SP_RMP_END_LO), 0);
  assert_int_equal(put(&r, SP_RMP_BASE_LO, (uint32_t)T_BASE), 0);
  assert_int_equal(put(&r, SP_RMP_BASE_HI, 0), 0);
  assert_int_equal(put(&r, SP_RMP_END_LO, (uint32_t)T_END), 0);
  assert_int_equal(put(&r, SP_RMP_END_HI, 0), 0);
  assert_int_equal(put(&r, SP_RMP_CTRL, 0xFFFFFFFFu), 0);
  assert_int_equal(get(&r, SP_RMP_CTRL), 7);
  // op is in byte 0
  assert_int_equal(put_strb(&r, SP_RMP_CMD, RMP_CMD_FENCE, 14), 0);
  assert_int_equal(get(&r, SP_RMP_STATUS), RMP_ERR_OP << 8);
  for (unsigned op = RMP_CMD_FENCE; op <= RMP_CMD_FLUSH2_DONE; op++) {
    assert_int_equal(put(&r, SP_CTRL, 0x41), op > RMP_ON ? 2 : 0);
    assert_int_equal(put(&r, SP_RMP_CMD, 0xFFFFFFF0u | op), 0);
    if (op == RMP_CMD_VERIFY) {  // busy for long
      assert_int_equal(get(&r, SP_RMP_STATUS), RMP_FILLED | 0x10u);
      assert_int_equal(put(&r, SP_RMP_CMD, RMP_CMD_SNP_EN), 2);
    }
    while (r.b->net.rmp.busy) {
      regs_tick(&r);
    }
    assert_int_equal(get(&r, SP_RMP_STATUS), op);
    for (unsigned a = SP_RMP_BASE_LO; a <= SP_RMP_CTRL; a += 4) {
      const uint32_t old = get(&r, a);
      assert_int_equal(put(&r, a, ~old), 2);
      assert_int_equal(get(&r, a), old);
    }
  }
  assert_int_equal(put(&r, SP_CTRL, 0x41), 2);
  assert_int_equal(get(&r, SP_CTRL), 0x41);
  regs_tear_down(&r);
}

static void test_record_and_counters(void **state) {
  (void)state;
  regs_t r;
  regs_set_up(&r, 1);
  cyc_net_t *net = &r.b->net;
  net->fault_r_q = (cyc_fault_t){
      .valid = true, .code = 8, .rmp = {.error = UINT64_C(0x1580000007), .row = 19, .why = 8, .kind = 2}};
  net->fault_w_q = (cyc_fault_t){.valid = true, .code = 5};
  net->ev_q = (cyc_events_t){.rmp_ask = 2, .rmp_miss = 1, .rmp_read = true, .stall_rmp_wr = true};
  regs_tick(&r);
  net->ev_q = (cyc_events_t){.rmp_ask = 1, .stall_rmp_rd = true, .stall_rmp_wr = true};
  regs_tick(&r);
  assert_int_equal(get(&r, SP_RMP_FAULT_INFO), 2u | (8u << 4) | (19u << 8));
  assert_int_equal(get(&r, SP_RMP_FAULT_ERR_LO), 0x80000007u);
  assert_int_equal(get(&r, SP_RMP_FAULT_ERR_HI), 0x15);
  assert_int_equal(put(&r, SP_FAULT_POP, 0), 0);
  assert_int_equal(get(&r, SP_FAULT_INFO), 5);
  assert_int_equal(get(&r, SP_RMP_FAULT_INFO), 0);
  assert_int_equal(put(&r, SP_FAULT_POP, 0), 0);
  assert_int_equal(get(&r, SP_RMP_FAULT_ERR_LO), 0);
  assert_int_equal(get(&r, 0x138), 3);
  assert_int_equal(get(&r, 0x13C), 1);
  assert_int_equal(get(&r, 0x140), 1);
  assert_int_equal(get(&r, 0x144), 1);
  assert_int_equal(get(&r, 0x148), 2);
  regs_tear_down(&r);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_order),        cmocka_unit_test(test_snp_en_needs_smee),
      cmocka_unit_test(test_flush_waits),  cmocka_unit_test(test_flush_remembers),
      cmocka_unit_test(test_range),
      cmocka_unit_test(test_verify_pages), cmocka_unit_test(test_verify_fails),
      cmocka_unit_test(test_verify_redo),  cmocka_unit_test(test_map),
      cmocka_unit_test(test_refusals),     cmocka_unit_test(test_record_and_counters),
  };
  return cmocka_run_group_tests_name("cyc_rmp_init", tests, NULL, NULL);
}
