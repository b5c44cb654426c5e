// SPDX-License-Identifier: Apache-2.0
//
// test_cyc_sp.c - the secure processor's registers, cycle by cycle
//
// docs/units/sp.md: AXI4-Lite timing, which accesses are refused, the rules of CTRL, LOCK, CMD, KEY and TEST, the tweak
// table, the fault log with its overflow, interrupts and counters. The unit stands alone; the test plays the key store,
// the bus units and the port.

#include <stdlib.h>

#include "sp/sp_regs.h"
#include "top/units_cyc.h"
#include "vec.h"

typedef struct bench {
  sp_cyc_t *u;
  cbit_cyc_cfg_t cfg;
  cyc_net_t net;
  cbit_pins_in_t in;
  cbit_pins_out_t out;
  unsigned cycle;
} bench_t;

static void tick(bench_t *b) {
  sp_cyc_step(b->u, &b->net, &b->in);
  b->cycle++;
  sp_cyc_out(b->u, &b->net, &b->out);
}

static void set_up_cfg(bench_t *b, const cbit_cyc_cfg_t *cfg) {
  memset(b, 0, sizeof *b);
  b->cfg = *cfg;
  b->u = aligned_alloc(64, (sp_cyc_size(cfg) + 63u) & ~(size_t)63u);
  assert_non_null(b->u);
  sp_cyc_init(b->u, cfg);
  b->in.rst_n = true;
  b->net.init_done = true;
  b->net.all_empty = true;
  sp_cyc_out(b->u, &b->net, &b->out);
}

static void set_up(bench_t *b) {
  cbit_cyc_cfg_t cfg;
  cbit_cyc_cfg_default(&cfg);
  cfg.modes_mask = 0x37;  // all but 3
  cfg.test_tweak = 1;
  set_up_cfg(b, &cfg);
}

static void tear_down(bench_t *b) { free(b->u); }

// A write with strobes; gives the response. It is executed in the last cycle but one.
static unsigned write_strb(bench_t *b, unsigned addr, uint32_t data, unsigned strb) {
  assert_true(b->out.l_awready && b->out.l_wready && !b->out.l_bvalid);
  b->in.l_awvalid = b->in.l_wvalid = true;
  b->in.l_awaddr = (uint16_t)addr;
  b->in.l_wdata = data;
  b->in.l_wstrb = (uint8_t)strb;
  tick(b);
  b->in.l_awvalid = b->in.l_wvalid = false;
  assert_false(b->out.l_bvalid);
  tick(b);
  assert_true(b->out.l_bvalid);
  const unsigned resp = b->out.l_bresp;
  b->in.l_bready = true;
  tick(b);
  b->in.l_bready = false;
  assert_false(b->out.l_bvalid);
  return resp;
}

static unsigned write(bench_t *b, unsigned addr, uint32_t data) { return write_strb(b, addr, data, 15); }

static unsigned read_resp(bench_t *b, unsigned addr, uint32_t *data) {
  assert_true(b->out.l_arready && !b->out.l_rvalid);
  b->in.l_arvalid = true;
  b->in.l_araddr = (uint16_t)addr;
  tick(b);
  b->in.l_arvalid = false;
  assert_false(b->out.l_rvalid);
  tick(b);
  assert_true(b->out.l_rvalid);
  const unsigned resp = b->out.l_rresp;
  *data = b->out.l_rdata;
  b->in.l_rready = true;
  tick(b);
  b->in.l_rready = false;
  assert_false(b->out.l_rvalid);
  return resp;
}

static uint32_t read(bench_t *b, unsigned addr) {
  uint32_t data;
  assert_int_equal(read_resp(b, addr, &data), 0);
  return data;
}

// ---- the port ----

static void test_port_timing(void **state) {
  (void)state;
  bench_t b;
  set_up(&b);
  // AW first, W three cycles later, B taken late; AR meanwhile
  b.in.l_awvalid = true;
  b.in.l_awaddr = SP_INTR_ENABLE;
  tick(&b);
  assert_false(b.out.l_awready);
  assert_true(b.out.l_wready);
  b.in.l_awvalid = false;
  tick(&b);
  tick(&b);
  b.in.l_wvalid = true;
  b.in.l_wdata = 5;
  b.in.l_wstrb = 1;
  b.in.l_arvalid = true;
  b.in.l_araddr = SP_INTR_ENABLE + 3;  // bits 1:0 do not matter
  tick(&b);                            // t: W and AR taken
  b.in.l_wvalid = b.in.l_arvalid = false;
  assert_false(b.out.l_wready);
  assert_false(b.out.l_arready);
  tick(&b);  // t + 1: the write goes first
  assert_true(b.out.l_bvalid);
  assert_true(b.out.l_awready && b.out.l_wready);
  assert_false(b.out.l_rvalid);
  // the next write waits for B, and the read does not wait for it
  b.in.l_awvalid = b.in.l_wvalid = true;
  b.in.l_wdata = 6;
  tick(&b);  // t + 2: the read
  b.in.l_awvalid = b.in.l_wvalid = false;
  assert_true(b.out.l_rvalid);
  assert_int_equal(b.out.l_rdata, 5);
  assert_int_equal(b.out.l_rresp, 0);
  assert_true(b.out.l_arready);
  for (unsigned i = 0; i < 3; i++) {
    tick(&b);
    assert_true(b.out.l_bvalid && b.out.l_rvalid);
    assert_false(b.out.l_awready || b.out.l_wready);
    assert_int_equal(b.out.l_rdata, 5);
  }
  b.in.l_bready = true;
  tick(&b);
  b.in.l_bready = false;
  assert_false(b.out.l_bvalid);
  tick(&b);
  assert_true(b.out.l_bvalid);
  // a read is not executed while R stands
  b.in.l_bready = true;
  b.in.l_arvalid = true;
  tick(&b);
  b.in.l_arvalid = false;
  tick(&b);
  assert_false(b.out.l_arready);
  b.in.l_rready = true;
  tick(&b);
  assert_false(b.out.l_rvalid);
  assert_int_equal(b.out.l_rdata, 0);
  tick(&b);
  assert_true(b.out.l_rvalid);
  assert_int_equal(b.out.l_rdata, 6);
  tear_down(&b);
}

typedef enum access { NONE, RO, WO, RW } access_t;

static access_t access_of(unsigned addr) {
  switch (addr) {
    case SP_ID: case SP_VERSION: case SP_CAP0: case SP_CAP1: case SP_STATUS: case SP_CMD_STATUS: case SP_FAULT_INFO:
    case SP_FAULT_ADDR_LO: case SP_FAULT_ADDR_HI: case SP_FAULT_GPA_LO: case SP_FAULT_GPA_HI: case SP_FAULT_COUNT:
      return RO;
    case SP_CTRL: case SP_LOCK: case SP_TEST: case SP_INTR_STATE: case SP_INTR_ENABLE:
      return RW;
    case SP_CMD: case SP_FAULT_POP:
      return WO;
    default:
      if ((addr >= 0x40 && addr < 0x80) || (addr >= 0xA0 && addr < 0xB0)) {
        return WO;
      }
      return addr >= 0x100 && addr <= 0x134 ? RO : NONE;
  }
}

static void test_map(void **state) {
  (void)state;
  bench_t b;
  set_up(&b);
  for (unsigned addr = 0; addr < 0x1000; addr += 4) {
    uint32_t data;
    const access_t a = access_of(addr);
    assert_int_equal(read_resp(&b, addr, &data), a == RO || a == RW ? 0 : 2);
    if (a == NONE || a == WO) {
      assert_int_equal(data, 0);
    }
    if (addr != SP_CMD) {
      assert_int_equal(write(&b, addr, addr == SP_CTRL ? 0x40 : 0), a == WO || a == RW ? 0 : 2);
    }
  }
  tear_down(&b);
}

static void test_identity(void **state) {
  (void)state;
  bench_t b;
  set_up(&b);
  assert_int_equal(read(&b, SP_ID), 0x43424954);
  assert_int_equal(read(&b, SP_VERSION), 0x00010000);
  assert_int_equal(read(&b, SP_CAP0), 1u | (1u << 4) | (1u << 6) | (0x37u << 8) | (1u << 15));
  assert_int_equal(read(&b, SP_CAP1), 16u | (40u << 16));
  tear_down(&b);
  cbit_cyc_cfg_t cfg;
  cbit_cyc_cfg_default(&cfg);
  cfg.lanes = 4;
  cfg.key_bits = 256;
  cfg.rounds_per_stage = 2;
  cfg.sbox = 2;
  cfg.key_slots = 1024;
  cfg.spa_width = 52;
  cfg.attr_from_addr = 1;
  set_up_cfg(&b, &cfg);
  assert_int_equal(read(&b, SP_CAP0), 4u | 8u | (2u << 4) | (2u << 6) | (0x11u << 8) | (1u << 14));
  assert_int_equal(read(&b, SP_CAP1), 1024u | (52u << 16));
  tear_down(&b);
}

static void test_status(void **state) {
  (void)state;
  bench_t b;
  set_up(&b);
  b.net.init_done = false;
  assert_int_equal(read(&b, SP_STATUS), 0);
  b.net.init_done = true;
  assert_int_equal(read(&b, SP_STATUS), 1);
  b.net.ks_busy = true;
  assert_int_equal(read(&b, SP_STATUS), 3);
  b.net.ks_busy = false;
  b.in.debug = true;
  assert_int_equal(read(&b, SP_STATUS), 5);
  b.net.ent_alarm = true;
  assert_int_equal(read(&b, SP_STATUS), 13);
  tear_down(&b);
}

// ---- control ----

static void test_ctrl(void **state) {
  (void)state;
  bench_t b;
  set_up(&b);
  assert_int_equal(read(&b, SP_CTRL), 0x40);
  assert_int_equal(write(&b, SP_CTRL, 0xFFFFFF53), 0);
  assert_int_equal(read(&b, SP_CTRL), 0x53);
  assert_true(b.net.ctrl.smee && b.net.ctrl.tsme);
  assert_int_equal(b.net.ctrl.mode, 5);
  // not compiled in, above 5, and mode 1 without the strap: nothing at all changes
  static const unsigned refused[] = {1, 3, 6, 7, 8, 15};
  for (unsigned i = 0; i < 6; i++) {
    assert_int_equal(write(&b, SP_CTRL, refused[i] << 4), 2);
    assert_int_equal(read(&b, SP_CTRL), 0x53);
  }
  static const unsigned allowed[] = {0, 2, 4, 5};
  for (unsigned i = 0; i < 4; i++) {
    assert_int_equal(write(&b, SP_CTRL, allowed[i] << 4), 0);
    assert_int_equal(read(&b, SP_CTRL), allowed[i] << 4);
  }
  b.in.debug = true;
  assert_int_equal(write(&b, SP_CTRL, 0x11), 0);
  assert_int_equal(read(&b, SP_CTRL), 0x11);
  b.in.debug = false;
  assert_int_equal(write(&b, SP_CTRL, 0x12), 2);
  assert_int_equal(write(&b, SP_CTRL, 0x42), 0);
  // a slot in use: the mode stays, the switches may move
  b.net.all_empty = false;
  assert_int_equal(write(&b, SP_CTRL, 0x51), 2);
  assert_int_equal(write(&b, SP_CTRL, 0x41), 0);
  assert_int_equal(read(&b, SP_CTRL), 0x41);
  // without the strobe of its byte
  assert_int_equal(write_strb(&b, SP_CTRL, 0x42, 14), 0);
  assert_int_equal(read(&b, SP_CTRL), 0x41);
  b.net.all_empty = true;
  // locked
  assert_int_equal(write_strb(&b, SP_LOCK, 1, 14), 0);
  assert_int_equal(read(&b, SP_LOCK), 0);
  assert_int_equal(write(&b, SP_LOCK, 1), 0);
  assert_int_equal(write(&b, SP_LOCK, 0), 0);
  assert_int_equal(read(&b, SP_LOCK), 1);
  assert_int_equal(write(&b, SP_CTRL, 0x41), 2);
  assert_int_equal(write(&b, SP_CTRL, 0x40), 2);
  assert_int_equal(read(&b, SP_CTRL), 0x41);
  assert_int_equal(write(&b, SP_LOCK, 0xFFFFFFFE), 0);
  assert_int_equal(read(&b, SP_LOCK), 3);
  b.in.rst_n = false;
  tick(&b);
  b.in.rst_n = true;
  assert_int_equal(read(&b, SP_LOCK), 0);
  assert_int_equal(read(&b, SP_CTRL), 0x40);
  tear_down(&b);
}

static void test_override(void **state) {
  (void)state;
  bench_t b;
  uint8_t want[16];
  set_up(&b);
  for (unsigned i = 0; i < 4; i++) {
    assert_int_equal(write(&b, SP_TEST_TWEAK_0 + 4 * i, 0x03020100u + 0x04040404u * i), 0);
  }
  assert_int_equal(write_strb(&b, SP_TEST_TWEAK_3, 0xAABBCCDD, 4), 0);
  for (unsigned i = 0; i < 16; i++) {
    want[i] = (uint8_t)i;
  }
  want[14] = 0xBB;
  assert_int_equal(write(&b, SP_TEST, 1), 0);
  assert_int_equal(read(&b, SP_TEST), 0);  // no strap
  assert_false(b.net.ctrl.ovr_en);
  b.in.debug = true;
  tick(&b);
  assert_int_equal(read(&b, SP_TEST), 1);
  assert_true(b.net.ctrl.ovr_en);
  assert_memory_equal(b.net.ctrl.ovr, want, 16);
  b.in.debug = false;
  tick(&b);
  assert_false(b.net.ctrl.ovr_en);
  tear_down(&b);
  cbit_cyc_cfg_t cfg;
  cbit_cyc_cfg_default(&cfg);
  set_up_cfg(&b, &cfg);  // not compiled in
  b.in.debug = true;
  assert_int_equal(write(&b, SP_TEST, 1), 0);
  assert_int_equal(read(&b, SP_TEST), 0);
  assert_false(b.net.ctrl.ovr_en);
  tear_down(&b);
}

// ---- commands and keys ----

static void write_keys(bench_t *b) {
  for (unsigned i = 0; i < 16; i++) {
    const uint32_t byte = 4 * i;
    const uint32_t word = byte | ((byte + 1) << 8) | ((byte + 2) << 16) | ((byte + 3) << 24);
    assert_int_equal(write(b, SP_KEY1_0 + 4 * i, word), 0);
  }
}

// The done event of the key store in this cycle.
static void store_done(bench_t *b, unsigned err) {
  b->net.cmd_done = true;
  b->net.cmd_err = (uint8_t)err;
  tick(b);
  b->net.cmd_done = false;
}

static void test_command(void **state) {
  (void)state;
  bench_t b;
  static const uint8_t none[32] = {0};
  set_up(&b);
  write_keys(&b);
  assert_int_equal(write_strb(&b, SP_KEY2_7, 0xDEADBEEF, 2), 0);
  assert_false(b.net.cmd_valid);
  // offered from the cycle after execution on
  b.in.l_awvalid = b.in.l_wvalid = true;
  b.in.l_awaddr = SP_CMD;
  b.in.l_wdata = (7u << 16) | CBIT_KEY_OP_LOAD;
  b.in.l_wstrb = 15;
  tick(&b);
  b.in.l_awvalid = b.in.l_wvalid = false;
  assert_false(b.net.cmd_valid);
  tick(&b);
  assert_true(b.net.cmd_valid);
  assert_true(b.out.l_bvalid);
  b.in.l_bready = true;
  tick(&b);
  b.in.l_bready = false;
  assert_int_equal(b.net.cmd_op, CBIT_KEY_OP_LOAD);
  assert_int_equal(b.net.cmd_slot, 7);
  for (unsigned i = 0; i < 64; i++) {
    assert_int_equal(i < 32 ? b.net.key1[i] : b.net.key2[i - 32], i == 61 ? 0xBE : i);
  }
  assert_int_equal(read(&b, SP_CMD_STATUS), 1);
  // refused while it is pending
  assert_int_equal(write(&b, SP_CMD, CBIT_KEY_OP_QUERY), 2);
  for (unsigned a = SP_KEY1_0; a <= SP_KEY2_7; a += 4) {
    assert_int_equal(write(&b, a, 0xFFFFFFFF), 2);
  }
  for (unsigned a = SP_TEST_TWEAK_0; a <= SP_TEST_TWEAK_3; a += 4) {
    assert_int_equal(write(&b, a, 0xFFFFFFFF), 2);
  }
  assert_int_equal(b.net.cmd_op, CBIT_KEY_OP_LOAD);
  assert_int_equal(b.net.key1[0], 0);
  assert_int_equal(b.net.key1[31], 31);
  assert_true(b.net.cmd_valid);
  // the error of the last command stays until the next has ended
  store_done(&b, 0xF);
  assert_false(b.net.cmd_valid);
  assert_int_equal(read(&b, SP_CMD_STATUS), 0x000100F0);
  assert_int_equal(read(&b, SP_INTR_STATE), SP_INTR_CMD);
  // keys are cleared
  assert_int_equal(write(&b, SP_CMD, CBIT_KEY_OP_QUERY | (1023u << 16)), 0);
  assert_int_equal(b.net.cmd_slot, 1023);
  assert_memory_equal(b.net.key1, none, 32);
  assert_memory_equal(b.net.key2, none, 32);
  assert_int_equal(read(&b, SP_CMD_STATUS), 0x000100F1);
  b.net.slot_state_q = 3;
  store_done(&b, 0);
  assert_int_equal(read(&b, SP_CMD_STATUS), 0x00020300);
  // a write by bytes keeps the rest; unknown operations go to the key store as well
  assert_int_equal(write_strb(&b, SP_CMD, 10, 1), 0);
  assert_true(b.net.cmd_valid);
  assert_int_equal(b.net.cmd_op, 10);
  assert_int_equal(b.net.cmd_slot, 1023);
  store_done(&b, 15);
  // the number of commands wraps
  for (unsigned i = 3; i < 0x10000; i++) {
    assert_int_equal(write(&b, SP_CMD, CBIT_KEY_OP_QUERY), 0);
    store_done(&b, 0);
  }
  assert_int_equal(read(&b, SP_CMD_STATUS), 0x00000300);
  tear_down(&b);
}

static void test_zeroise_clears_keys(void **state) {
  (void)state;
  bench_t b;
  static const uint8_t none[32] = {0};
  set_up(&b);
  write_keys(&b);
  b.net.zeroise_q = true;
  tick(&b);
  b.net.zeroise_q = false;
  assert_int_equal(write(&b, SP_CMD, CBIT_KEY_OP_LOAD), 0);
  assert_memory_equal(b.net.key1, none, 32);
  assert_memory_equal(b.net.key2, none, 32);
  store_done(&b, CBIT_KEY_ERR_ABORTED);
  assert_int_equal(read(&b, SP_CMD_STATUS), 0x00010060);
  tear_down(&b);
}

static void test_tweak_entry(void **state) {
  (void)state;
  bench_t b;
  cbit_tweak_table_t want;
  memset(&want, 0, sizeof want);
  set_up(&b);
  unsigned done = 0;
  for (unsigned i = 0; i < 64; i++) {
    write_keys(&b);
    assert_int_equal(write(&b, SP_KEY1_0, i + 1), 0);
    // executed in x, done in x + 1; the table holds it from x + 2 on
    b.in.l_awvalid = b.in.l_wvalid = true;
    b.in.l_awaddr = SP_CMD;
    b.in.l_wdata = SP_OP_TWEAK_ENTRY | (i << 16);
    b.in.l_wstrb = 15;
    tick(&b);
    b.in.l_awvalid = b.in.l_wvalid = false;
    tick(&b);  // x
    assert_false(b.net.cmd_valid);
    b.in.l_bready = true;
    tick(&b);  // x + 1
    b.in.l_bready = false;
    assert_memory_equal(b.net.table, &want, sizeof want);  // as the tweak unit finds it in its step of x + 1
    done++;
    const bool ok = i >= 4 && i <= 51;
    if (ok) {
      for (unsigned k = 0; k < 16; k++) {
        want.t[i - 4][k] = (uint8_t)(k == 0 ? i + 1 : k < 4 ? 0 : k);
      }
    }
    assert_int_equal(read(&b, SP_CMD_STATUS), (done << 16) | (ok ? 0u : CBIT_KEY_ERR_RANGE << 4));
    assert_memory_equal(b.net.table, &want, sizeof want);
  }
  assert_int_equal(write(&b, SP_LOCK, 2), 0);
  assert_int_equal(write(&b, SP_CMD, SP_OP_TWEAK_ENTRY | (9u << 16)), 0);
  assert_int_equal((read(&b, SP_CMD_STATUS) >> 4) & 15u, CBIT_KEY_ERR_STATE);
  assert_int_equal(write(&b, SP_CMD, SP_OP_TWEAK_ENTRY | (52u << 16)), 0);
  assert_int_equal((read(&b, SP_CMD_STATUS) >> 4) & 15u, CBIT_KEY_ERR_RANGE);
  assert_memory_equal(b.net.table, &want, sizeof want);
  tear_down(&b);
  cbit_cyc_cfg_t cfg;
  cbit_cyc_cfg_default(&cfg);  // modes 0 and 4 alone
  set_up_cfg(&b, &cfg);
  assert_int_equal(write(&b, SP_CMD, SP_OP_TWEAK_ENTRY | (9u << 16)), 0);
  assert_int_equal((read(&b, SP_CMD_STATUS) >> 4) & 15u, CBIT_KEY_ERR_STATE);
  tear_down(&b);
}

// ---- fault log, interrupts, counters ----

static cyc_fault_t fault(unsigned i, bool is_write) {
  const cbit_attr_t attr = {.requester = (uint8_t)(i & 3u), .access = (uint8_t)(i % 5u), .user_mode = (uint8_t)(i & 1u),
                            .cbit = (uint8_t)((i >> 1) & 1u), .vmpl = (uint8_t)(3u - (i & 3u)),
                            .asid = (uint16_t)(1000u - i), .gpa_page = 0xABCDEF0000u + i};
  const cyc_fault_t f = {.valid = true, .code = (uint8_t)(1u + i % 8u), .write = is_write, .id = (uint16_t)(0xF0u - i),
                         .user = cbit_attr_pack(&attr), .addr = 0xFEDCBA9800000000u + 64u * i};
  return f;
}

// The oldest record is fault(i).
static void assert_oldest(bench_t *b, unsigned i, bool is_write) {
  const uint32_t info = (1u + i % 8u) | (is_write ? 16u : 0u) | ((i & 3u) << 5) | ((i % 5u) << 7) |
                        (((i >> 1) & 1u) << 10) | ((3u - (i & 3u)) << 11) | ((i & 1u) << 13) | ((1000u - i) << 14) |
                        ((0xF0u - i) << 24);
  assert_int_equal(read(b, SP_FAULT_INFO), info);
  assert_int_equal(read(b, SP_FAULT_ADDR_LO), 64 * i);
  assert_int_equal(read(b, SP_FAULT_ADDR_HI), 0xFEDCBA98);
  assert_int_equal(read(b, SP_FAULT_GPA_LO), 0xCDEF0000u + i);
  assert_int_equal(read(b, SP_FAULT_GPA_HI), 0xAB);
}

static void push(bench_t *b, const cyc_fault_t *r, const cyc_fault_t *w) {
  b->net.fault_r_q.valid = b->net.fault_w_q.valid = false;
  if (r != NULL) {
    b->net.fault_r_q = *r;
  }
  if (w != NULL) {
    b->net.fault_w_q = *w;
  }
  tick(b);
  b->net.fault_r_q.valid = b->net.fault_w_q.valid = false;
}

static void test_fault_log(void **state) {
  (void)state;
  bench_t b;
  set_up(&b);
  for (unsigned a = SP_FAULT_INFO; a <= SP_FAULT_GPA_HI; a += 4) {
    assert_int_equal(read(&b, a), 0);
  }
  assert_int_equal(write(&b, SP_FAULT_POP, 1), 0);  // nothing there
  assert_int_equal(read(&b, SP_FAULT_COUNT), 0);
  // seven: 0 alone, then pairs with port 0 first
  cyc_fault_t f = fault(0, true);
  push(&b, NULL, &f);
  assert_int_equal(read(&b, SP_STATUS), 0x11);
  for (unsigned i = 1; i < 7; i += 2) {
    const cyc_fault_t r = fault(i, false);
    const cyc_fault_t w = fault(i + 1, true);
    push(&b, &r, &w);
  }
  assert_int_equal(read(&b, SP_FAULT_COUNT), 7);
  assert_int_equal(read(&b, SP_INTR_STATE), SP_INTR_FAULT);
  // room for one: port 0 gets it
  cyc_fault_t g = fault(7, false);
  f = fault(90, true);
  push(&b, &g, &f);
  assert_int_equal(read(&b, SP_FAULT_COUNT), 0x00010008);
  assert_int_equal(read(&b, SP_INTR_STATE), SP_INTR_FAULT | SP_INTR_DROPPED);
  // a pop in the same cycle makes no room
  b.in.l_awvalid = b.in.l_wvalid = true;
  b.in.l_awaddr = SP_FAULT_POP;
  b.in.l_wstrb = 0;
  tick(&b);
  b.in.l_awvalid = b.in.l_wvalid = false;
  push(&b, &f, &f);
  b.in.l_bready = true;
  tick(&b);
  b.in.l_bready = false;
  assert_int_equal(read(&b, SP_FAULT_COUNT), 0x00030007);
  for (unsigned i = 1; i < 8; i++) {
    assert_oldest(&b, i, i % 2 == 0);
    assert_int_equal(write(&b, SP_FAULT_POP, 0), 0);
  }
  assert_int_equal(read(&b, SP_FAULT_INFO), 0);
  assert_int_equal(read(&b, SP_STATUS), 1);
  assert_int_equal(read(&b, SP_FAULT_COUNT), 0x00030000);
  // dropped saturates, also when two are dropped at once
  for (unsigned i = 0; i < 0x8010; i++) {
    push(&b, &f, &g);
  }
  assert_int_equal(read(&b, SP_FAULT_COUNT), 0xFFFF0008);
  assert_int_equal(read(&b, SP_COUNTERS + 4 * SP_CNT_FAULTS), 2 * 0x8010 + 7 + 2 + 2);
  tear_down(&b);
}

static void test_interrupt(void **state) {
  (void)state;
  bench_t b;
  set_up(&b);
  const cyc_fault_t f = fault(1, false);
  assert_int_equal(write_strb(&b, SP_INTR_ENABLE, 0xFFFFFFFF, 14), 0);
  assert_int_equal(read(&b, SP_INTR_ENABLE), 0);
  assert_int_equal(write(&b, SP_INTR_ENABLE, 0xFFFFFFF9), 0);
  assert_int_equal(read(&b, SP_INTR_ENABLE), 9);
  push(&b, &f, NULL);  // in t; in INTR_STATE in t + 1, on the pin in t + 2
  assert_false(b.out.irq);
  tick(&b);
  assert_true(b.out.irq);
  assert_int_equal(write_strb(&b, SP_INTR_STATE, 15, 2), 0);  // strobe of another byte
  assert_int_equal(read(&b, SP_INTR_STATE), 1);
  assert_int_equal(write(&b, SP_INTR_STATE, 14), 0);
  assert_int_equal(read(&b, SP_INTR_STATE), 1);
  assert_int_equal(write(&b, SP_INTR_STATE, 1), 0);
  tick(&b);
  assert_false(b.out.irq);
  // set and clear in one cycle: set wins
  push(&b, &f, NULL);
  b.in.l_awvalid = b.in.l_wvalid = true;
  b.in.l_awaddr = SP_INTR_STATE;
  b.in.l_wdata = 15;
  b.in.l_wstrb = 15;
  tick(&b);
  b.in.l_awvalid = b.in.l_wvalid = false;
  push(&b, &f, NULL);  // executed in this cycle
  b.in.l_bready = true;
  tick(&b);
  b.in.l_bready = false;
  assert_int_equal(read(&b, SP_INTR_STATE), 1);
  assert_int_equal(write(&b, SP_INTR_STATE, 15), 0);
  // not enabled: no pin
  assert_int_equal(write(&b, SP_CMD, CBIT_KEY_OP_QUERY), 0);
  store_done(&b, 0);
  tick(&b);
  assert_false(b.out.irq);
  assert_int_equal(read(&b, SP_INTR_STATE), SP_INTR_CMD);
  // the alarm is sticky, and so is its bit
  b.net.ent_alarm = true;
  tick(&b);
  assert_false(b.out.irq);
  tick(&b);
  assert_true(b.out.irq);
  assert_int_equal(write(&b, SP_INTR_STATE, 15), 0);
  assert_int_equal(read(&b, SP_INTR_STATE), SP_INTR_ALARM);
  tear_down(&b);
}

static void test_counters(void **state) {
  (void)state;
  bench_t b;
  set_up(&b);
  bool *const event[SP_CNT_RMP_ASK] = {
      NULL, &b.net.ev_q.rd_plain, &b.net.ev_q.rd_enc, &b.net.ev_q.wr_plain, &b.net.ev_q.wr_enc, &b.net.ev_q.rmw, NULL,
      &b.net.ev_q.stall_tweak_rd, &b.net.ev_q.stall_tweak_wr, &b.net.ev_q.stall_rmw, &b.net.ev_q.stall_hazard,
      &b.net.ev_q.stall_rd_table, &b.net.ev_q.stall_wr_table, &b.net.ev_q.stall_out};
  for (unsigned i = 0; i < SP_CNT_RMP_ASK; i++) {
    for (unsigned k = 0; k < 10 + i && event[i] != NULL; k++) {
      *event[i] = true;
      tick(&b);
      *event[i] = false;
    }
  }
  for (unsigned i = 1; i < SP_CNT_RMP_ASK; i++) {
    assert_int_equal(read(&b, SP_COUNTERS + 4 * i), event[i] != NULL ? 10 + i : 0);
  }
  // the register in the cycle in which the read is executed, one cycle after this one
  const unsigned cycle = b.cycle;
  assert_int_equal(read(&b, SP_COUNTERS), cycle + 1);
  b.in.rst_n = false;
  tick(&b);
  b.in.rst_n = true;
  assert_int_equal(read(&b, SP_COUNTERS), 1);
  assert_int_equal(read(&b, SP_COUNTERS + 4), 0);
  tear_down(&b);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_port_timing), cmocka_unit_test(test_map),
      cmocka_unit_test(test_identity),    cmocka_unit_test(test_status),
      cmocka_unit_test(test_ctrl),        cmocka_unit_test(test_override),
      cmocka_unit_test(test_command),     cmocka_unit_test(test_zeroise_clears_keys),
      cmocka_unit_test(test_tweak_entry), cmocka_unit_test(test_fault_log),
      cmocka_unit_test(test_interrupt),   cmocka_unit_test(test_counters),
  };
  return cmocka_run_group_tests_name("cyc_sp", tests, NULL, NULL);
}
