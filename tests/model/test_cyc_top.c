// SPDX-License-Identifier: Apache-2.0
//
// test_cyc_top.c - the whole cycle model: what is written through it, lies in DRAM, and is read back
//
// Random traffic of all burst types, sizes and strobes on all IDs at once, against a shadow of the plaintext and against
// cbit_crypt_encrypt() of it in DRAM, over modes, key sizes, lanes and table sizes; then latencies, faults, DRAM errors,
// reset and the configuration check.

#include "cyc_world.h"

// ---- random traffic ----

// In a round every ID either writes or reads, so that what a read must give is known.
static void random_round(world_t *w) {
  bench_t *b = w->b;
  const uint64_t writes = vec_random(&b->rnd) >> 48;
  const unsigned from = b->made;
  const unsigned ids = b->cfg.id_width >= 4 ? 16u : 1u << b->cfg.id_width;
  for (unsigned i = 0; i < 100; i++) {
    const unsigned id = (unsigned)(vec_random(&b->rnd) % ids);
    if (((writes >> id) & 1u) == 0) {
      queue_read(w, id);
    } else {
      const bool no = vec_random(&b->rnd) % 16u == 0;
      queue_write(w, id, no);
      bench_txn(b, b->made - 1)->beat = no ? 1 : 0;  // remembered: writes do not use it
    }
    while (bench_percent(b) < 30) {
      bench_clock(b);
    }
  }
  bench_drain(b);
  for (unsigned i = from; i < b->made; i++) {
    const bench_txn_t *t = bench_txn(b, i);
    if (t->write) {
      assert_int_equal(t->resp, t->beat != 0 ? 2 : 0);
    } else {
      check_read(w, t);
    }
  }
}

static void run_random(const cbit_cyc_cfg_t *cfg, unsigned mode, unsigned rounds, unsigned stall, uint64_t seed) {
  assert_null(cbit_cyc_cfg_error(cfg));
  world_t *w = world_new(cfg, mode, seed);
  w->b->stall = stall;
  for (unsigned i = 0; i < rounds; i++) {
    random_round(w);
  }
  check_dram(w);
  world_free(w);
}

static void test_random_modes(void **state) {
  (void)state;
  for (unsigned mode = 1; mode <= 5; mode++) {
    for (unsigned lanes = 1; lanes <= 4; lanes *= 2) {
      for (unsigned bits = 128; bits <= 256; bits += 128) {
        const cbit_cyc_cfg_t cfg = config(lanes, bits, 1);
        run_random(&cfg, mode, 12, 20, 1000 * mode + 10 * lanes + bits);
      }
    }
  }
}

static void test_random_stalls(void **state) {
  (void)state;
  static const unsigned stall[] = {0, 5, 50, 80};
  for (unsigned i = 0; i < 4; i++) {
    for (unsigned rounds_per_stage = 1; rounds_per_stage <= 2; rounds_per_stage++) {
      const cbit_cyc_cfg_t cfg = config(2, 128, rounds_per_stage);
      run_random(&cfg, CBIT_MODE_XTS_L64, 20, stall[i], 77 + i);
    }
  }
}

// The smallest and the largest tables.
static void test_random_tables(void **state) {
  (void)state;
  for (unsigned lanes = 1; lanes <= 4; lanes *= 2) {
    cbit_cyc_cfg_t cfg = config(lanes, 128, 1);
    cfg.num_rd = 4;
    cfg.num_wr = 4;
    cfg.num_row = 32;
    run_random(&cfg, CBIT_MODE_XTS_L64, 20, 10, 5 + lanes);
    cfg.num_rd = 64;
    cfg.num_wr = 128;
    cfg.num_row = 256;
    cfg.id_width = 8;
    run_random(&cfg, CBIT_MODE_XEX_AES16, 20, 10, 50 + lanes);
    cfg.id_width = 1;
    run_random(&cfg, CBIT_MODE_XTS_P4K, 20, 10, 500 + lanes);
  }
}

// ---- one thing at a time ----

// Clocks without stalls until R is valid for the n-th time; gives how many.
static unsigned clocks_to_r(bench_t *b, unsigned n) {
  unsigned clocks = 0;
  for (unsigned seen = 0; seen < n; clocks++) {
    assert_true(clocks < 200);
    bench_clock(b);
    seen += b->out.s_r.valid;
  }
  return clocks;
}

// One read: clocks from AR pin to AR pin, and from the DRAM's R pin to the R pin. The DRAM answers late clocks after its AR.
static void read_latency(bench_t *b, unsigned page, unsigned late, unsigned *ar, unsigned *r) {
  const cbit_attr_t attr = page_attr(page);
  const bench_txn_t *t = one(b, false, page_addr(page), 0, 4, &attr);
  b->in.s_ar = t->ax;
  b->stall = 100;
  bench_clock(b);  // taken at the pins
  for (*ar = 0; !b->out.m_ar.valid; ++*ar) {
    bench_clock(b);
  }
  b->stall = 0;
  bench_clock(b);  // taken by the DRAM
  b->stall = 100;
  for (unsigned i = 1; i < late; i++) {
    bench_clock(b);
  }
  b->stall = 0;
  *r = clocks_to_r(b, 1) - 1;
  bench_drain(b);
}

static void test_latency(void **state) {
  (void)state;
  for (unsigned bits = 128; bits <= 256; bits += 128) {
    for (unsigned rounds_per_stage = 1; rounds_per_stage <= 2; rounds_per_stage++) {
      const cbit_cyc_cfg_t cfg = config(1, bits, rounds_per_stage);
      const unsigned stages = (bits == 128 ? 10 : 14) / rounds_per_stage;
      world_t *w = world_new(&cfg, CBIT_MODE_XTS_L64, 3);
      unsigned ar;
      unsigned r;
      read_latency(w->b, 3, 1, &ar, &r);
      assert_int_equal(ar, 1);
      assert_int_equal(r, 1);
      read_latency(w->b, 1, 40, &ar, &r);
      assert_int_equal(ar, 1);
      assert_int_equal(r, 1 + stages);
      // Data that comes right after its AR waits for the tweak, usable 4 + S cycles after the AR.
      read_latency(w->b, 1, 1, &ar, &r);
      assert_int_equal(r, 4 + stages + stages - 1);
      world_free(w);
    }
  }
}

// Beats of a refused read take every second place at most.
static void test_refused_pace(void **state) {
  (void)state;
  const cbit_cyc_cfg_t cfg = config(1, 128, 1);
  world_t *w = world_new(&cfg, CBIT_MODE_XTS_L64, 3);
  cbit_attr_t attr = page_attr(1);
  attr.access = 7;
  (void)one(w->b, false, page_addr(1), 15, 4, &attr);
  (void)clocks_to_r(w->b, 1);
  assert_int_equal(clocks_to_r(w->b, 15), 30);
  world_free(w);
}

static void test_partial_writes(void **state) {
  (void)state;
  const cbit_cyc_cfg_t cfg = config(1, 128, 1);
  world_t *w = world_new(&cfg, CBIT_MODE_XTS_L64, 4);
  bench_t *b = w->b;
  const cbit_attr_t attr = page_attr(1);
  one_done(b, true, page_addr(1), 15, 4, &attr);
  assert_int_equal(b->dram_reads, 0);  // blocks written in full are never read
  one_done(b, true, page_addr(1) + 0x104, 0, 2, &attr);
  assert_int_equal(b->dram_reads, 1);
  assert_int_equal(bench_reg_read(b, REG_CNT_RMW), 1);
  memset(w->shadow + PAGE, 0, 256);
  memset(w->shadow + PAGE + 0x104, 0, 4);
  check_dram(w);
  world_free(w);
}

// Read-modify-writes wait for the DRAM's AR in the queue of two and behind it; then they go in order. The third comes
// into the queue only after the first has left, one cycle late; rm then passes a block written in full: one cycle is empty.
static void test_rmw_queue(void **state) {
  (void)state;
  const cbit_cyc_cfg_t cfg = config(1, 128, 1);
  world_t *w = world_new(&cfg, CBIT_MODE_XTS_L64, 4);
  bench_t *b = w->b;
  const cbit_attr_t attr = page_attr(1);
  b->hold_dram = true;
  for (unsigned i = 0; i < 5; i++) {
    const unsigned at = 256u * i + (i == 3 ? 0u : 4u);
    (void)one(b, true, page_addr(1) + at, 0, i == 3 ? 4 : 2, &attr);
    memset(w->shadow + PAGE + at, 0, i == 3 ? 16 : 4);
  }
  // Beat at the pins in t, gathered in t + 1, rm's decision in t + 2, at the read path in t + 3.
  for (unsigned i = 0; i < 4; i++) {
    bench_clock(b);
    assert_int_equal(b->out.m_ar.valid, i == 3);
  }
  for (unsigned i = 0; i < 40; i++) {
    bench_clock(b);
  }
  b->hold_dram = false;
  for (unsigned i = 0; i < 5; i++) {
    bench_clock(b);
    assert_int_equal(b->out.m_ar.valid, i != 3);
    assert_int_equal(b->out.m_ar.addr, i != 3 ? page_addr(1) + 256u * i : 0);
  }
  bench_drain(b);
  assert_int_equal(b->dram_reads, 4);
  assert_int_equal(bench_reg_read(b, REG_CNT_RMW), 4);
  check_dram(w);
  world_free(w);
}

// AR at the pins in t, refused in t + 1, pushed in t + 2, in INTR_STATE from t + 3, interrupt in t + 4.
static void test_fault_timing(void **state) {
  (void)state;
  const cbit_cyc_cfg_t cfg = config(1, 128, 1);
  world_t *w = world_new(&cfg, CBIT_MODE_XTS_L64, 4);
  bench_t *b = w->b;
  cbit_attr_t attr = page_attr(1);
  attr.access = 7;
  assert_int_equal(bench_reg_write(b, REG_INTR_ENABLE, 1), 0);
  (void)one(b, false, page_addr(1), 0, 4, &attr);
  for (unsigned i = 0; i < 5; i++) {
    bench_clock(b);
    assert_int_equal(b->out.irq, i == 4);
  }
  bench_drain(b);
  assert_int_equal(bench_reg_read(b, REG_CNT_FAULTS), 1);
  // A reset takes what stands between the unit and the log with it.
  (void)one(b, false, page_addr(1), 0, 4, &attr);
  bench_clock(b);
  bench_clock(b);
  b->stable = false;
  b->in.rst_n = false;
  bench_clock(b);
  b->in.rst_n = true;
  assert_int_equal(bench_reg_read(b, REG_CNT_FAULTS), 0);
  assert_int_equal(bench_reg_read(b, REG_FAULT_COUNT), 0);
  world_free(w);
}

static void expect_fault(world_t *w, bool write, uint64_t addr, const cbit_attr_t *attr, unsigned code) {
  bench_t *b = w->b;
  const uint64_t before = b->dram_reads + b->dram_writes;
  const bench_txn_t *t = one_done(b, write, addr, 3, 4, attr);
  assert_int_equal(t->resp, 2);
  if (!write) {
    static const uint8_t zeros[64];
    assert_memory_equal(t->data, zeros, 64);
  }
  assert_int_equal(b->dram_reads + b->dram_writes, before);
  const uint32_t info = bench_reg_read(b, REG_FAULT_INFO);
  assert_int_equal(info & 15u, code);
  assert_int_equal((info >> 4) & 1u, write);
  assert_int_equal((info >> 5) & 3u, attr->requester);
  assert_int_equal((info >> 14) & 1023u, attr->asid);
  assert_int_equal(info >> 24, 1);
  assert_int_equal(bench_reg_read(b, REG_FAULT_ADDR_LO), (uint32_t)addr);
  assert_int_equal(bench_reg_read(b, REG_FAULT_COUNT), 1);
  assert_int_equal(bench_reg_write(b, REG_FAULT_POP, 0), 0);
  assert_int_equal(bench_reg_read(b, REG_FAULT_INFO), 0);
}

static void test_faults(void **state) {
  (void)state;
  const cbit_cyc_cfg_t cfg = config(1, 128, 1);
  world_t *w = world_new(&cfg, CBIT_MODE_XTS_L64, 5);
  for (unsigned write = 0; write < 2; write++) {
    cbit_attr_t attr = page_attr(1);
    expect_fault(w, write, page_addr(1) | (UINT64_C(1) << 40), &attr, CBIT_FAULT_ADDR);
    expect_fault(w, write, page_addr(1) + 0xff0, &attr, CBIT_FAULT_PROTO);
    attr.requester = CBIT_REQ_DEVICE;
    expect_fault(w, write, page_addr(1), &attr, CBIT_FAULT_DEVICE);
    attr.requester = CBIT_REQ_GUEST;
    attr.asid = 0;
    expect_fault(w, write, page_addr(1), &attr, CBIT_FAULT_ASID);
    attr.asid = 9;
    expect_fault(w, write, page_addr(1), &attr, CBIT_FAULT_SLOT);
  }
  check_dram(w);
  world_free(w);
}

static void test_dram_errors(void **state) {
  (void)state;
  const cbit_cyc_cfg_t cfg = config(1, 128, 1);
  world_t *w = world_new(&cfg, CBIT_MODE_XTS_L64, 6);
  bench_t *b = w->b;
  static const uint8_t zeros[64];
  b->bad_from = PAGE;
  b->bad_to = 4 * PAGE;
  for (unsigned page = 1; page <= 3; page += 2) {  // encrypted, plain
    const cbit_attr_t attr = page_attr(page);
    const bench_txn_t *t = one_done(b, false, page_addr(page), 3, 4, &attr);
    assert_int_equal(t->resp, 2);
    assert_memory_equal(t->data, zeros, 64);
    t = one_done(b, true, page_addr(page), 3, 4, &attr);
    assert_int_equal(t->resp, 2);
  }
  // The read of a read-modify-write fails: nothing is written.
  const cbit_attr_t attr = page_attr(1);
  const uint64_t writes = b->dram_writes;
  const bench_txn_t *t = one_done(b, true, page_addr(1) + 4, 0, 2, &attr);
  assert_int_equal(t->resp, 2);
  assert_int_equal(b->dram_writes, writes);
  world_free(w);
}

// Beats with errors do not wait for their tweaks, so entries end early; a late tweak must not meet the next owner.
static void test_early_ends(void **state) {
  (void)state;
  cbit_cyc_cfg_t cfg = config(1, 128, 1);
  cfg.num_rd = 4;
  world_t *w = world_new(&cfg, CBIT_MODE_XTS_L64, 9);
  bench_t *b = w->b;
  b->bad_from = PAGE;
  b->bad_to = 2 * PAGE;
  for (unsigned i = 0; i < 200; i++) {
    const unsigned page = i % 3u == 0 ? 2u : 1u;
    const cbit_attr_t attr = page_attr(page);
    (void)bench_queue(b, false, page_addr(page) + 64 * (i % 60u), 3, 4, CBIT_BURST_INCR, page, &attr);
  }
  bench_drain(b);
  for (unsigned i = 0; i < b->made; i++) {
    const bench_txn_t *t = bench_txn(b, i);
    assert_int_equal(t->resp, t->ax.id == 1 ? 2 : 0);
    if (t->ax.id == 2) {
      check_read(w, t);
    }
  }
  world_free(w);
}

// ---- the model as an object ----

static void test_config(void **state) {
  (void)state;
  cbit_cyc_cfg_t cfg;
  cbit_cyc_cfg_default(&cfg);
  assert_null(cbit_cyc_cfg_error(&cfg));
  assert_non_null(cbit_cyc_cfg_error(NULL));
  static const struct {
    size_t member;
    uint32_t value;
  } bad[] = {
      {offsetof(cbit_cyc_cfg_t, struct_size), 4}, {offsetof(cbit_cyc_cfg_t, lanes), 3},
      {offsetof(cbit_cyc_cfg_t, key_bits), 192},  {offsetof(cbit_cyc_cfg_t, rounds_per_stage), 2},  // S-box in RAM
      {offsetof(cbit_cyc_cfg_t, sbox), 3},        {offsetof(cbit_cyc_cfg_t, key_slots), 8},
      {offsetof(cbit_cyc_cfg_t, id_width), 9},    {offsetof(cbit_cyc_cfg_t, num_rd), 65},
      {offsetof(cbit_cyc_cfg_t, num_wr), 48},     {offsetof(cbit_cyc_cfg_t, num_row), 16},
      {offsetof(cbit_cyc_cfg_t, spa_width), 53},  {offsetof(cbit_cyc_cfg_t, modes_mask), 0x10},
      {offsetof(cbit_cyc_cfg_t, default_mode), 3}, {offsetof(cbit_cyc_cfg_t, attr_from_addr), 2},
  };
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    cbit_cyc_cfg_t c = cfg;
    memcpy((uint8_t *)&c + bad[i].member, &bad[i].value, sizeof bad[i].value);
    assert_non_null(cbit_cyc_cfg_error(&c));
    assert_int_equal(cbit_cyc_size(&c), 0);
    assert_null(cbit_cyc_create(&c));
  }
  cfg.attr_from_addr = 1;
  cfg.cbit_pos = 55;
  assert_non_null(cbit_cyc_cfg_error(&cfg));  // inside the ASID field
  cbit_cyc_cfg_default(&cfg);
  const size_t size = cbit_cyc_size(&cfg);
  uint8_t *mem = aligned_alloc(64, size + 64);
  assert_non_null(mem);
  assert_null(cbit_cyc_init(mem, size - 1, &cfg));
  assert_null(cbit_cyc_init(mem + 8, size, &cfg));
  cbit_cyc_t *m = cbit_cyc_init(mem + 16, size, &cfg);
  assert_non_null(m);
  cbit_cyc_destroy(m);
  for (size_t i = 0; i < size; i++) {
    assert_int_equal(mem[16 + i], 0);
  }
  free(mem);
}

// After a reset in the middle of traffic the model behaves as a new one.
static void test_reset(void **state) {
  (void)state;
  const cbit_cyc_cfg_t cfg = config(1, 128, 1);
  for (unsigned wait = 40; wait < 400; wait += 37) {
    world_t *w = world_new(&cfg, CBIT_MODE_XTS_L64, 11);
    for (unsigned i = 0; i < 60; i++) {
      if (i % 2u != 0) {
        queue_write(w, i % 16u, false);
      } else {
        queue_read(w, i % 16u);
      }
    }
    for (unsigned i = 0; i < wait; i++) {
      bench_clock(w->b);
    }
    w->b->in.rst_n = false;
    cbit_cyc_clock(w->b->m, &w->b->in);
    world_t *fresh = world_new_twin(&cfg, CBIT_MODE_XTS_L64, 12, w->b->m);
    for (unsigned i = 0; i < 3; i++) {
      random_round(fresh);
    }
    check_dram(fresh);
    world_free(fresh);
    world_free(w);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_config),        cmocka_unit_test(test_latency),       cmocka_unit_test(test_refused_pace),
      cmocka_unit_test(test_partial_writes), cmocka_unit_test(test_rmw_queue),    cmocka_unit_test(test_fault_timing),
      cmocka_unit_test(test_faults),        cmocka_unit_test(test_dram_errors),   cmocka_unit_test(test_early_ends),
      cmocka_unit_test(test_reset),         cmocka_unit_test(test_random_modes),  cmocka_unit_test(test_random_stalls),
      cmocka_unit_test(test_random_tables),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
