// SPDX-License-Identifier: Apache-2.0
//
// test_cyc_rmp_seg.c - the segmented table: SEG_LOAD, lookups, guard and VERIFY, cycle by cycle
//
// docs/units/rmp_seg.md. The unit stands alone; rmp_bench.h plays its neighbours, and memory is what this file says: the
// segment table, entries that a test has set, and Firmware everywhere else. What a lookup must give is said by cbit_rmp_find().

#include "rmp_bench.h"

#define RST (T_BASE + 0x4000u)
#define ENTRIES 512u
#define SETS 128u
#define GIB (UINT64_C(1) << 30)
#define MIB (UINT64_C(1) << 20)

typedef struct world {
  bench_t *b;
  uint64_t rst[ENTRIES];
  struct {
    uint64_t addr, q1, q2;
  } set[SETS];
  unsigned sets;
  uint64_t asked[64];  // rows of the segment table that were read
  uint64_t rnd;
} world_t;

static void load(void *ctx, uint64_t addr, uint8_t *row) {
  const world_t *w = ctx;
  for (unsigned l = 0; l < w->b->cfg.lanes; l++, addr += 16u, row += 16) {
    bytes_store_le64(row, Q1_FIRMWARE);
    bytes_store_le64(row + 8, 0);
    if (addr - RST < 8u * ENTRIES) {
      bytes_store_le64(row, w->rst[(addr - RST) / 8u]);
      bytes_store_le64(row + 8, w->rst[(addr - RST) / 8u + 1u]);
    }
    for (unsigned i = 0; i < w->sets; i++) {
      if (w->set[i].addr == addr) {
        bytes_store_le64(row, w->set[i].q1);
        bytes_store_le64(row + 8, w->set[i].q2);
      }
    }
  }
}

static void set_entry(world_t *w, uint64_t addr, uint64_t q1, uint64_t q2) {
  assert_true(w->sets < SETS);
  w->set[w->sets].addr = addr;
  w->set[w->sets].q1 = q1;
  w->set[w->sets++].q2 = q2;
}

static cbit_cyc_cfg_t config(uint32_t lanes, uint32_t spa_width) {
  cbit_cyc_cfg_t cfg;
  cbit_cyc_cfg_default(&cfg);
  cfg.lanes = lanes;
  cfg.spa_width = spa_width;
  cfg.rmp_seg = 1;
  return cfg;
}

static world_t *world_new(const cbit_cyc_cfg_t *cfg, unsigned seg_size) {
  world_t *w = calloc(1, sizeof *w);
  assert_non_null(w);
  w->b = bench_new(cfg);
  w->b->load = load;
  w->b->ctx = w;
  w->b->net.rmp_reg.end = 0;  // not looked at
  w->b->net.rmp_reg.seg_en = true;
  w->b->net.rmp_reg.seg_size = (uint8_t)seg_size;
  w->b->net.wr_idle = true;
  w->rnd = 1;
  bench_out(w->b);
  return w;
}

static void world_free(world_t *w) {
  bench_free(w->b);
  free(w);
}

static void cmd_is(world_t *w, unsigned op, unsigned error, unsigned state) {
  assert_int_equal(command(w->b, op, NULL), error);
  assert_int_equal(w->b->net.rmp.state, state);
}

// The segment table of one segment that covers GiB 0, its table at 16 MiB.
static world_t *one_segment(uint32_t lanes, unsigned seg_size) {
  const cbit_cyc_cfg_t cfg = config(lanes, 40);
  world_t *w = world_new(&cfg, seg_size);
  w->rst[0] = 16u * MIB | 1u;
  cmd_is(w, RMP_CMD_FENCE, 0, RMP_FENCED);
  return w;
}

// Checks on without the pages of VERIFY being asked: those of a whole GiB cost a million cycles here.
static void checks_on(world_t *w) {
  cmd_is(w, RMP_CMD_FLUSH_DONE, 0, RMP_FLUSHED);
  cmd_is(w, RMP_CMD_TABLE_DONE, 0, RMP_FILLED);
  w->b->u->init.state = RMP_CHECKED;
  cmd_is(w, RMP_CMD_SNP_EN, 0, RMP_ON);
}

// ---- SEG_LOAD ----

// The rows in order, one at a time: R = 256 / Lanes; busy from x + 1 to done.
static void test_load_cycles(void **state) {
  (void)state;
  for (uint32_t lanes = 1; lanes <= 4; lanes *= 2) {
    world_t *w = one_segment(lanes, 30);
    bench_t *b = w->b;
    b->latency = 9;  // L + S + 2
    b->net.ctrl.tsme = lanes == 2;
    bench_out(b);
    const unsigned rows = 256u / lanes;
    unsigned busy = 0;
    unsigned seen = 0;
    tick(b);  // idle_q after FENCE
    b->net.rmp_cmd_we = true;
    b->net.rmp_cmd_op = RMP_CMD_SEG_LOAD;
    tick(b);  // x
    for (; b->net.rmp.busy; busy++) {
      assert_false(b->net.rmp.loaded);
      if (b->net.int_req.valid) {  // x + 2, then every L + S + 4
        assert_int_equal(busy + 1u, 2u + seen * (b->latency + 2u));
        assert_int_equal(b->net.int_req.spa, RST + 16u * lanes * seen);
        assert_int_equal(b->net.int_req.tag, 0xfe);
        assert_int_equal(b->net.int_req.rows, 1);
        assert_int_equal(b->net.int_req.slot, 0);
        assert_int_equal(b->net.int_req.enc, lanes == 2);
        seen++;
      }
      tick(b);
    }
    assert_int_equal(seen, rows);
    assert_int_equal(busy, 2u + (rows - 1u) * (b->latency + 2u) + b->latency);  // x + 1 .. done
    assert_true(b->net.rmp.loaded);
    assert_int_equal(b->net.rmp.state, RMP_FENCED);
    assert_int_equal(b->net.rmp.error, 0);
    world_free(w);
  }
}

// Each kind of bad entry, in several rows: error 4 with the row's arrival, no later row is read, and it may be given again.
static void test_bad_entries(void **state) {
  (void)state;
  static const unsigned at[] = {0, 1, 7, 15, 16, 17, 511};
  for (uint32_t lanes = 1; lanes <= 4; lanes *= 2) {
    for (unsigned i = 0; i < sizeof at / sizeof at[0]; i++) {
      for (unsigned kind = 0; kind < 6; kind++) {
        world_t *w = one_segment(lanes, 36);
        bench_t *b = w->b;
        const unsigned e = at[i];
        const uint64_t good = w->rst[e];
        const bool low = e < 16;
        bool bad = true;
        switch (kind) {
          case 0:  // a bit above 51, also with size 0
            w->rst[e] = UINT64_C(1) << (52u + e % 12u);
            break;
          case 1:  // a size
            w->rst[e] = 1u;
            bad = !low;
            break;
          case 2:  // the table ends with SpaWidth: 4 MiB for 1 GiB
            w->rst[e] = ((UINT64_C(1) << 40) - 4u * MIB) | 1u;
            bad = !low;
            break;
          case 3:  // beyond it
            w->rst[e] = ((UINT64_C(1) << 40) - 3u * MIB) | 1u;
            break;
          case 4:  // clipped by the segment, 64 GiB: 256 MiB
            w->rst[e] = ((UINT64_C(1) << 40) - 256u * MIB) | 0xfffffu;
            bad = !low;
            break;
          default:  // clipped, and beyond
            w->rst[e] = ((UINT64_C(1) << 40) - 255u * MIB) | 64u;
            break;
        }
        const unsigned row = e / (2u * lanes);
        cmd_is(w, RMP_CMD_SEG_LOAD, bad ? RMP_ERR_SEGMENT : 0, RMP_FENCED);
        assert_int_equal(b->net.rmp.loaded, !bad);
        assert_int_equal(b->reads, bad ? row + 1u : 256u / lanes);
        if (bad) {
          ask_w(b, 16u * MIB, attr_host());  // a failed load guards nothing
          tick(b);
          assert_false(b->net.rmp.wr_deny);
          b->net.pop_w = true;
          tick(b);
          w->rst[e] = good;
          cmd_is(w, RMP_CMD_FLUSH_DONE, RMP_ERR_STATE, RMP_FENCED);
          cmd_is(w, RMP_CMD_SEG_LOAD, 0, RMP_FENCED);
          assert_int_equal(b->reads, row + 1u + 256u / lanes);
          ask_w(b, 16u * MIB, attr_host());
          tick(b);
          assert_true(b->net.rmp.wr_deny);
        }
        world_free(w);
      }
    }
  }
}

static void test_load_error(void **state) {
  (void)state;
  static const unsigned rows[] = {0, 7, 8, 255};
  for (unsigned i = 0; i < 4; i++) {
    world_t *w = one_segment(1, 30);
    w->b->bad_addr = RST + 16u * rows[i];
    cmd_is(w, RMP_CMD_SEG_LOAD, RMP_ERR_SEGMENT, RMP_FENCED);
    assert_int_equal(w->b->reads, rows[i] + 1u);
    assert_false(w->b->net.rmp.loaded);
    w->b->bad_addr = 0;
    cmd_is(w, RMP_CMD_SEG_LOAD, 0, RMP_FENCED);
    world_free(w);
  }
}

// ---- commands ----

static void test_commands(void **state) {
  (void)state;
  cbit_cyc_cfg_t cfg = config(1, 40);
  world_t *w = world_new(&cfg, 30);
  bench_t *b = w->b;
  unsigned busy;
  cmd_is(w, RMP_CMD_SEG_LOAD, RMP_ERR_STATE, RMP_OFF);
  // RANGE
  static const struct {
    uint64_t base;
    unsigned seg_size;
    bool good;
  } at[] = {{T_BASE, 29, false}, {T_BASE, 41, false}, {T_BASE, 0, false}, {T_BASE, 63, false}, {T_BASE + 0x2000u, 30, false},
            {T_BASE + 0x80000u, 30, false}, {UINT64_C(1) << 40, 30, false}, {(UINT64_C(1) << 40) - MIB, 40, true}};
  for (unsigned i = 0; i < sizeof at / sizeof at[0]; i++) {
    b->net.rmp_reg.base = at[i].base;
    b->net.rmp_reg.seg_size = (uint8_t)at[i].seg_size;
    cmd_is(w, RMP_CMD_FENCE, at[i].good ? 0 : RMP_ERR_RANGE, at[i].good ? RMP_FENCED : RMP_OFF);
  }
  world_free(w);
  // idle_q: SEG_LOAD waits for it, and clears it
  w = one_segment(1, 30);
  b = w->b;
  assert_int_equal(command(b, RMP_CMD_FLUSH_DONE, &busy), RMP_ERR_STATE);  // not loaded
  world_free(w);
  w = world_new(&cfg, 30);
  b = w->b;
  w->rst[0] = 16u * MIB | 1u;
  b->net.wr_idle = false;
  cmd_is(w, RMP_CMD_FENCE, 0, RMP_FENCED);
  assert_int_equal(command(b, RMP_CMD_FLUSH_DONE, &busy), RMP_ERR_STATE);  // not loaded: idle_q = 0 is not waited for
  assert_int_equal(busy, 1);
  b->net.rmp_cmd_we = true;
  b->net.rmp_cmd_op = RMP_CMD_SEG_LOAD;
  for (unsigned i = 0; i < 50; i++) {
    tick(b);
    assert_false(b->net.int_req.valid);
  }
  b->net.wr_idle = true;
  tick(b);
  b->net.wr_idle = false;
  tick(b);  // work
  assert_true(b->net.int_req.valid);
  while (b->net.rmp.busy) {
    tick(b);
  }
  assert_true(b->net.rmp.loaded);
  cmd_is(w, RMP_CMD_SEG_LOAD, RMP_ERR_STATE, RMP_FENCED);  // loaded already
  b->net.rmp_cmd_we = true;
  b->net.rmp_cmd_op = RMP_CMD_FLUSH_DONE;
  ticks(b, 50);
  assert_true(b->net.rmp.busy);
  b->net.wr_idle = true;
  ticks(b, 2);
  assert_false(b->net.rmp.busy);
  assert_int_equal(b->net.rmp.state, RMP_FLUSHED);
  cmd_is(w, RMP_CMD_SEG_LOAD, RMP_ERR_STATE, RMP_FLUSHED);
  world_free(w);
  // contiguous, with and without the parameter
  for (uint32_t seg = 0; seg < 2; seg++) {
    cfg.rmp_seg = seg;
    b = bench_new(&cfg);
    b->net.wr_idle = true;
    assert_int_equal(command(b, RMP_CMD_FENCE, NULL), 0);
    assert_int_equal(command(b, RMP_CMD_SEG_LOAD, &busy), seg ? RMP_ERR_STATE : RMP_ERR_OP);
    assert_int_equal(busy, 1);
    start_up(b, RMP_READY);
    assert_int_equal(b->reads, 2u * (T_LAST_PAGE - T_FIRST_PAGE + 1u));
    bench_free(b);
  }
}

// ---- lookups ----

static int find_read8(void *ctx, uint64_t addr, uint64_t *value) {
  const world_t *w = ctx;
  *value = w->rst[(addr - RST) / 8u];
  return 0;
}

// Tables anywhere, sizes 0, 1, in between, the whole, beyond.
static void random_rst(world_t *w, unsigned seg_size, unsigned spa_width) {
  const uint64_t whole = UINT64_C(1) << (seg_size - 30u);
  for (unsigned i = 0; i < 16; i++) {
    const uint64_t x = vec_random(&w->rnd);
    uint64_t size = (x >> 8) % (whole + 1u);
    switch (x & 7u) {
      case 0:
        size = 0;
        break;
      case 1:
        size = 1;
        break;
      case 2:
        size = whole;
        break;
      case 3:
        size = whole + 1u + (x >> 8 & 0xffffu);
        break;
      default:
        break;
    }
    const uint64_t cov = size < whole ? size : whole;
    const uint64_t room = (UINT64_C(1) << (spa_width - 20u)) - 4u * cov;
    w->rst[i] = (vec_random(&w->rnd) % (room + 1u)) << 20 | size;
    if (size == 0) {
      w->rst[i] = vec_random(&w->rnd) & UINT64_C(0xffffffff) << 20;
    }
  }
}

// A page near a border of a segment, of its coverage, or anywhere.
static uint64_t border_spa(world_t *w, unsigned seg_size) {
  const uint64_t x = vec_random(&w->rnd);
  const uint64_t seg = (x >> 8 & 31u) << seg_size;
  const uint64_t cov = (w->rst[x >> 8 & 15u] & 0xfffffu) * GIB;
  uint64_t spa = vec_random(&w->rnd);
  switch (x & 7u) {
    case 0:
      spa = seg;
      break;
    case 1:
      spa = seg - 4096u;
      break;
    case 2:
      spa = seg + cov;
      break;
    case 3:
      spa = seg + cov - 4096u;
      break;
    case 4:
      spa = seg + vec_random(&w->rnd) % (cov + GIB);
      break;
    default:
      spa = seg + vec_random(&w->rnd) % (UINT64_C(1) << seg_size);
      break;
  }
  return spa & UINT64_C(0xffffffffff000);
}

static void test_lookup(void **state) {
  (void)state;
  static const struct {
    uint8_t seg_size, spa_width, lanes;
  } run[] = {{30, 36, 1}, {31, 36, 2}, {36, 40, 1}, {36, 40, 4}, {40, 52, 1}, {40, 44, 2}, {39, 52, 4}, {33, 52, 1}};
  unsigned seen[2] = {0, 0};
  for (unsigned i = 0; i < 3u * sizeof run / sizeof run[0]; i++) {
    const unsigned k = i % (unsigned)(sizeof run / sizeof run[0]);
    const cbit_cyc_cfg_t cfg = config(run[k].lanes, run[k].spa_width);
    world_t *w = world_new(&cfg, run[k].seg_size);
    bench_t *b = w->b;
    const cbit_rmp_cfg_t regs = {.rmp_base = T_BASE, .segmented = 1, .segment_shift = run[k].seg_size};
    const cbit_rmp_mem_t mem = {.ctx = w, .read8 = find_read8};
    w->rnd = 99 + i;
    random_rst(w, run[k].seg_size, run[k].spa_width);
    cmd_is(w, RMP_CMD_FENCE, 0, RMP_FENCED);
    cmd_is(w, RMP_CMD_SEG_LOAD, 0, RMP_FENCED);
    checks_on(w);
    const world_t copy = *w;
    memset(w->rst, 0xff, sizeof w->rst);  // what memory holds from now on decides nothing
    for (unsigned n = 0; n < 1500; n++) {
      const uint64_t reads = b->reads;
      memcpy(w->rst, copy.rst, sizeof w->rst);
      const uint64_t spa = border_spa(w, run[k].seg_size) & ((UINT64_C(1) << run[k].spa_width) - 1u);
      uint64_t own;
      uint64_t base;
      const int covered = cbit_rmp_find(&regs, &mem, spa, &own);
      assert_int_equal(cbit_rmp_find(&regs, &mem, spa & ~UINT64_C(0x1fffff), &base), covered);  // a range as a whole
      memset(w->rst, 0xff, sizeof w->rst);
      ask_r(b, spa, attr_guest(5, spa));
      tick(b);
      bool first_read = true;
      for (unsigned c = 0; b->net.rmp.rd_wait; c++) {
        assert_true(c < 100);
        if (b->net.int_req.valid) {
          const bool is_own = (b->net.int_req.tag & 1u) != 0;
          assert_int_equal(b->net.int_req.spa, (is_own ? own : base) & ~(uint64_t)(16u * run[k].lanes - 1u));
          first_read = false;
        }
        tick(b);
      }
      assert_true(b->net.rmp.rd_now ? b->net.rmp.rd_now_deny : b->net.rmp.rd_deny);
      assert_int_equal(b->net.rmp.rd_rec.why, covered ? CBIT_RMP_WHY_GOWN : CBIT_RMP_WHY_COV);  // Firmware
      assert_true(covered || b->reads == reads);
      assert_true(!covered || !first_read || b->net.rmp.rd_now);
      seen[covered]++;
      b->net.pop_r = true;
      tick(b);
    }
    world_free(w);
  }
  assert_true(seen[0] > 3000 && seen[1] > 3000);
}

// ---- guard ----

static void guard_is(bench_t *b, uint64_t spa, bool inside) {
  for (unsigned sp = 0; sp < 2; sp++) {
    ask_w(b, spa, sp ? attr_sp() : attr_host());
    tick(b);
    assert_false(b->net.rmp.wr_wait);
    assert_int_equal(b->net.rmp.wr_deny, inside && !sp);
    assert_int_equal(b->net.rmp.wr_tbl, inside && sp);
    b->net.pop_w = true;
    tick(b);
  }
}

static void test_guard(void **state) {
  (void)state;
  static const struct {
    uint8_t seg_size, spa_width;
  } run[] = {{30, 36}, {36, 40}, {40, 52}, {34, 52}};
  for (unsigned k = 0; k < sizeof run / sizeof run[0]; k++) {
    const cbit_cyc_cfg_t cfg = config(1, run[k].spa_width);
    world_t *w = world_new(&cfg, run[k].seg_size);
    bench_t *b = w->b;
    w->rnd = 7 + k;
    random_rst(w, run[k].seg_size, run[k].spa_width);
    guard_is(b, T_BASE, false);  // OFF
    cmd_is(w, RMP_CMD_FENCE, 0, RMP_FENCED);
    for (unsigned loaded = 0; loaded < 2; loaded++) {
      const uint64_t whole = UINT64_C(1) << (run[k].seg_size - 30u);
      for (unsigned n = 0; n < 16u * 6u + 6u; n++) {
        const uint64_t entry = w->rst[n % 16u];
        const uint64_t size = (entry & 0xfffffu) < whole ? entry & 0xfffffu : whole;
        const uint64_t first = entry & UINT64_C(0xffffffff) << 20;
        const uint64_t end = first + size * 4u * MIB;
        const uint64_t at[6] = {first, first - 16u, end - 16u, end, first + size * 2u * MIB, end - size * MIB};
        const uint64_t control[6] = {T_BASE, T_BASE - 16u, T_BASE + 0x4ff0u, T_BASE + 0x5ff0u, T_BASE + 0x6000u, T_BASE + 0x3000u};
        const uint64_t spa = (n < 96 ? at[n / 16u] : control[n - 96u]) & UINT64_C(0xfffffffffffff);
        bool inside = spa >= T_BASE && spa < T_BASE + 0x6000u;
        for (unsigned i = 0; loaded && i < 16; i++) {  // tables may overlap
          const uint64_t s = (w->rst[i] & 0xfffffu) < whole ? w->rst[i] & 0xfffffu : whole;
          const uint64_t f = w->rst[i] & UINT64_C(0xffffffff) << 20;
          inside = inside || (spa >= f && spa < f + s * 4u * MIB);
        }
        guard_is(b, spa, inside);
      }
      if (!loaded) {
        cmd_is(w, RMP_CMD_SEG_LOAD, 0, RMP_FENCED);
      }
    }
    world_free(w);
  }
}

// ---- VERIFY ----

// Runs VERIFY on segments with 1 GiB each; bad is the number of the page, counted over all areas, that is not Firmware,
// -1: none. Gives the pages that were asked.
static unsigned verify(world_t *w, const uint64_t *first, unsigned areas, long bad, unsigned error) {
  bench_t *b = w->b;
  const cbit_rmp_cfg_t regs = {.rmp_base = T_BASE, .segmented = 1, .segment_shift = b->net.rmp_reg.seg_size};
  const cbit_rmp_mem_t mem = {.ctx = w, .read8 = find_read8};
  unsigned n = 0;
  unsigned area = 0;
  unsigned page = 0;
  b->latency = 1;
  w->sets = 0;
  b->net.rmp_cmd_we = true;
  b->net.rmp_cmd_op = RMP_CMD_VERIFY;
  tick(b);
  while (b->net.rmp.busy) {
    if (b->net.int_req.valid && ((b->net.int_req.tag & 1u) != 0 || b->u->walker.first >> b->u->walker.v_place & 1u)) {
      uint64_t own;
      const uint64_t spa = first[area] + 4096u * page;
      assert_true(area < areas);
      assert_int_equal(cbit_rmp_find(&regs, &mem, spa, &own), 1);
      assert_int_equal(b->net.int_req.spa, own & ~(uint64_t)(16u * b->cfg.lanes - 1u));
      if ((long)n == bad) {
        set_entry(w, own, 1, 0);
      }
      n++;
      page++;
      if (page == (area == 0 ? 6u : 1024u)) {
        page = 0;
        area++;
      }
    }
    tick(b);
  }
  assert_int_equal(b->net.rmp.error, error);
  return n;
}

static world_t *verify_world(uint64_t where) {
  const cbit_cyc_cfg_t cfg = config(1, 40);
  world_t *w = world_new(&cfg, 30);
  w->rst[0] = 16u * MIB | 1u;
  w->rst[1] = 64u * MIB;           // size 0: no area
  w->rst[5] = where | 1u;
  w->rst[15] = 20u * MIB | 7u;     // clipped
  cmd_is(w, RMP_CMD_FENCE, 0, RMP_FENCED);
  cmd_is(w, RMP_CMD_SEG_LOAD, 0, RMP_FENCED);
  cmd_is(w, RMP_CMD_FLUSH_DONE, 0, RMP_FLUSHED);
  cmd_is(w, RMP_CMD_TABLE_DONE, 0, RMP_FILLED);
  return w;
}

static void test_verify(void **state) {
  (void)state;
  const uint64_t first[4] = {T_BASE, 16u * MIB, 5u * GIB + 8u * MIB, 20u * MIB};  // in its own segment
  static const long bad[] = {0, 5, 6, 6 + 1023, 6 + 1024, 6 + 2047, 6 + 2048, 6 + 3071};
  for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    world_t *w = verify_world(first[2]);
    assert_int_equal(verify(w, first, 4, bad[i], RMP_ERR_VERIFY), bad[i] + 1);
    assert_int_equal(w->b->net.rmp.state, RMP_FILLED);
    if (i == 4) {  // again, from the first page
      assert_int_equal(verify(w, first, 4, -1, 0), 6 + 3 * 1024);
      assert_int_equal(w->b->net.rmp.state, RMP_CHECKED);
    }
    world_free(w);
  }
}

// A table outside what the segments cover: done in the cycle in which its page would be asked.
static void test_verify_uncovered(void **state) {
  (void)state;
  const uint64_t first[4] = {T_BASE, 16u * MIB, 2u * GIB, 0};
  world_t *w = verify_world(2u * GIB);  // segment 2 covers nothing
  assert_int_equal(verify(w, first, 2, -1, RMP_ERR_VERIFY), 6 + 1024);
  world_free(w);
  // half of the pages of a table lie in the next segment, which covers nothing
  w = verify_world(6u * GIB - 2u * MIB);
  const uint64_t half[4] = {T_BASE, 16u * MIB, 6u * GIB - 2u * MIB, 0};
  assert_int_equal(verify(w, half, 3, -1, RMP_ERR_VERIFY), 6 + 1024 + 512);
  world_free(w);
  // the control area: done x + 1
  const cbit_cyc_cfg_t cfg = config(1, 40);
  w = world_new(&cfg, 30);
  w->rst[3] = 3u * GIB | 1u;
  cmd_is(w, RMP_CMD_FENCE, 0, RMP_FENCED);
  cmd_is(w, RMP_CMD_SEG_LOAD, 0, RMP_FENCED);
  cmd_is(w, RMP_CMD_FLUSH_DONE, 0, RMP_FLUSHED);
  cmd_is(w, RMP_CMD_TABLE_DONE, 0, RMP_FILLED);
  const uint64_t reads = w->b->reads;
  unsigned busy;
  assert_int_equal(command(w->b, RMP_CMD_VERIFY, &busy), RMP_ERR_VERIFY);
  assert_int_equal(busy, 1);
  assert_int_equal(w->b->reads, reads);
  world_free(w);
}

// Reset in the middle of SEG_LOAD: nothing is loaded, and the command starts from row 0.
static void test_reset(void **state) {
  (void)state;
  world_t *w = one_segment(1, 30);
  bench_t *b = w->b;
  b->net.rmp_cmd_we = true;
  b->net.rmp_cmd_op = RMP_CMD_SEG_LOAD;
  ticks(b, 200);
  assert_true(b->reads > 20);
  rmp_cyc_reset(b->u);
  b->walks = 0;
  b->reads = 0;
  bench_out(b);
  assert_int_equal(b->net.rmp.state, RMP_OFF);
  assert_false(b->net.int_req.valid || b->net.rmp.loaded);
  cmd_is(w, RMP_CMD_FENCE, 0, RMP_FENCED);
  cmd_is(w, RMP_CMD_SEG_LOAD, 0, RMP_FENCED);
  assert_int_equal(b->reads, 256);
  rmp_cyc_reset(b->u);
  bench_out(b);
  assert_false(b->net.rmp.loaded);
  world_free(w);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_load_cycles), cmocka_unit_test(test_bad_entries), cmocka_unit_test(test_load_error),
      cmocka_unit_test(test_commands),    cmocka_unit_test(test_lookup),      cmocka_unit_test(test_guard),
      cmocka_unit_test(test_verify),      cmocka_unit_test(test_verify_uncovered), cmocka_unit_test(test_reset),
  };
  return cmocka_run_group_tests_name("cyc_rmp_seg", tests, NULL, NULL);
}
