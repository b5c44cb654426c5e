// SPDX-License-Identifier: Apache-2.0
//
// test_cyc_rmp_top.c - the whole cycle model with the check of the reverse map table (Rmp = 1)
//
// docs/units/rmp.md and its pages: cycles of hits and misses, start-up and guard, every denial with its record, data of
// allowed and denied bursts, tables that are rewritten under way, read errors, encrypted tables, wipes.

#include "cyc_rmp.h"

static cbit_cyc_cfg_t config(unsigned lanes) {
  cbit_cyc_cfg_t cfg;
  cbit_cyc_cfg_default(&cfg);
  cfg.lanes = lanes;
  cfg.modes_mask = 0x3f;
  cfg.rmp = 1;
  cfg.rmp_lines = 8;
  return cfg;
}

static void set_entry(rig_t *r, unsigned page, const cbit_rmp_entry_t *e) {
  uint8_t *raw = r->version[r->begun % RMP_VERSIONS].raw[page];
  cbit_rmp_entry_encode(e, raw);
  rig_store_entry(r, page, raw);
}

static void set_host(rig_t *r, unsigned page) { set_entry(r, page, &(cbit_rmp_entry_t){.assigned = 0}); }

static void set_guest(rig_t *r, unsigned page, unsigned asid) {
  set_entry(r, page, &(cbit_rmp_entry_t){.assigned = 1, .validated = 1, .asid = (uint16_t)asid,
                                         .gpa_page = rmp_gpa_page(page), .mask = {31, 31, 31, 31}});
}

static cbit_attr_t guest(unsigned page, unsigned asid) {
  return (cbit_attr_t){.requester = CBIT_REQ_GUEST, .cbit = 1, .asid = (uint16_t)asid, .snp = 1,
                       .gpa_page = rmp_gpa_page(page)};
}

static const cbit_attr_t host;

// ---- cycles ----

// Queues a burst and clocks until its address is taken; gives the cycle.
static uint64_t take_address(rig_t *r, bench_txn_t *t) {
  const unsigned at = (unsigned)(t - r->b->txn);
  while (r->start[at] == 0) {
    rig_clock(r);
  }
  return r->start[at] - 1u;
}

// The cycle in which the DRAM's AR is shown next; its ID in *id.
static uint64_t next_ar(rig_t *r, unsigned *id) {
  do {
    rig_clock(r);
  } while (!r->b->out.m_ar.valid);
  *id = r->b->out.m_ar.id;
  return r->b->cycle - 1u;
}

static uint64_t next_dram_r(rig_t *r) {
  do {
    rig_clock(r);
  } while (r->b->rds != 0);  // taken with its last beat
  return r->b->cycle - 1u;
}

// A read whose entries are not cached: AR of the walk in t + 3, S + 5 cycles after the last word's R the read's own AR.
static void check_miss(rig_t *r, unsigned page, unsigned words, const cbit_attr_t *attr) {
  unsigned id;
  const unsigned walk_id = 1u << r->b->cfg.id_width;
  const unsigned stages = r->b->cfg.key_bits == 128 ? 10 : 14;
  bench_txn_t *t = rig_queue(r, false, rmp_addr(page), 0, 1, attr);
  const uint64_t at = take_address(r, t);
  for (unsigned i = 0; i < words; i++) {
    assert_int_equal(next_ar(r, &id), at + 3u + i);
    assert_true((id & walk_id) != 0);
  }
  const uint64_t last = next_dram_r(r);
  assert_int_equal(next_ar(r, &id), last + stages + 5u);
  assert_int_equal(id, 1);
  rig_drain(r);
  assert_int_equal(t->resp, 0);
}

static void test_read_cycles(void **state) {
  (void)state;
  for (unsigned key_bits = 128; key_bits <= 256; key_bits += 128) {
    cbit_cyc_cfg_t cfg = config(1);
    cfg.key_bits = key_bits;
    rig_t *r = rig_new(&cfg, CBIT_MODE_XTS_L64, false, 1, 11, STATE_CHECKED);
    set_host(r, 0);
    set_guest(r, 3, 1);
    set_guest(r, 4, 1);
    set_guest(r, 512, 2);
    rmp_cmd_ok(r, CMD_SNP_EN, STATE_ON);
    const cbit_attr_t g3 = guest(3, 1);
    const cbit_attr_t g4 = guest(4, 1);
    const cbit_attr_t g512 = guest(512, 2);
    const uint32_t reads = bench_reg_read(r->b, REG_CNT_RMP_READ);
    check_miss(r, 3, 2, &g3);
    check_miss(r, 4, 1, &g4);  // base is cached
    check_miss(r, 512, 1, &g512);
    assert_int_equal(bench_reg_read(r->b, REG_CNT_RMP_READ) - reads, 4);
    assert_int_equal(bench_reg_read(r->b, REG_CNT_RMP_MISS), 3);
    // now cached: AR one cycle behind the pins
    unsigned id;
    bench_txn_t *t = rig_queue(r, false, rmp_addr(3), 0, 1, &g3);
    const uint64_t at = take_address(r, t);
    assert_int_equal(next_ar(r, &id), at + 1u);
    assert_int_equal(id, 1);
    rig_drain(r);
    assert_int_equal(t->resp, 0);
    rig_free(r);
  }
}

// C = 0: AW two cycles behind the pins with the gate; a miss waits for its walk.
static void test_write_cycles(void **state) {
  (void)state;
  const cbit_cyc_cfg_t cfg = config(1);
  rig_t *r = rig_new(&cfg, CBIT_MODE_XTS_L64, false, 0, 12, STATE_CHECKED);
  set_host(r, 0);
  set_host(r, 5);
  rmp_cmd_ok(r, CMD_SNP_EN, STATE_ON);
  for (unsigned i = 0; i < 2; i++) {
    bench_txn_t *t = rig_queue(r, true, rmp_addr(5), 0, 1, &host);
    uint64_t at = take_address(r, t) + 2u;
    if (i == 0) {
      while (r->b->rds == 0) {
        rig_clock(r);
      }
      at = next_dram_r(r) + 10u + 6u;  // the pop of the gate in S + 5
    }
    while (!r->b->out.m_aw.valid) {
      rig_clock(r);
    }
    assert_int_equal(r->b->cycle - 1u, at);
    rig_drain(r);
    assert_int_equal(t->resp, 0);
  }
  rig_free(r);
}

// ---- start-up ----

static void test_start(void **state) {
  (void)state;
  const cbit_cyc_cfg_t cfg = config(1);
  rig_t *r = rig_new(&cfg, CBIT_MODE_XTS_L64, false, 0, 13, STATE_OFF);
  bench_t *b = r->b;
  uint8_t bad[16];
  const cbit_rmp_entry_t none = {.assigned = 0};
  cbit_rmp_entry_encode(&none, bad);
  // OFF: nothing is checked, not even the table is guarded
  bench_txn_t *t = rig_queue(r, true, RMP_ENTRIES + 0x100 * 16u, 0, 1, &host);
  memcpy(t->data, bad, 16);
  rig_drain(r);
  assert_int_equal(t->resp, 0);
  rmp_cmd_ok(r, CMD_FENCE, STATE_FENCED);
  assert_int_equal(bench_reg_write(b, REG_RMP_BASE, 0), 2);
  assert_int_equal(rmp_cmd(r, CMD_TABLE_DONE), STATE_FENCED | 2u << 8);
  assert_int_equal(rmp_cmd(r, 9), STATE_FENCED | 15u << 8);
  rmp_cmd_ok(r, CMD_FLUSH_DONE, STATE_FLUSHED);
  rmp_cmd_ok(r, CMD_TABLE_DONE, STATE_FILLED);
  assert_int_equal(rmp_cmd(r, CMD_VERIFY), STATE_FILLED | 3u << 8);  // page 100h is not Firmware
  // the guard: no record of a check
  t = rig_queue(r, true, RMP_LAST & ~UINT64_C(15), 0, 1, &host);
  rig_drain(r);
  assert_int_equal(t->resp, 2);
  assert_int_equal(bench_reg_read(b, REG_FAULT_INFO) & 0x1fu, FAULT_CHECK | 1u << 4);
  assert_int_equal(bench_reg_read(b, REG_RMP_FAULT_INFO), 0);
  assert_int_equal(bench_reg_read(b, REG_RMP_FAULT_ERR_LO), 0);
  t = rig_queue(r, false, RMP_ENTRIES, 0, 1, &host);
  rig_drain(r);
  assert_int_equal(t->resp, 0);
  r->begun = r->ended = 0;
  t = rig_write_entry(r, 0x100, r->version[0].raw[0x100], 2);
  rig_drain(r);
  r->ended = r->begun;
  assert_int_equal(t->resp, 0);
  rmp_cmd_ok(r, CMD_VERIFY, STATE_CHECKED);
  rmp_cmd_ok(r, CMD_SNP_EN, STATE_ON);
  assert_int_equal(bench_reg_write(b, REG_CTRL, 1u | (unsigned)CBIT_MODE_XTS_L64 << 4), 2);
  rmp_cmd_ok(r, CMD_FLUSH2_DONE, STATE_READY);
  rig_free(r);
}

// ---- random traffic ----

static cbit_attr_t random_attr(uint64_t *rnd, unsigned page) {
  const uint64_t x = vec_random(rnd);
  cbit_attr_t a = {.requester = (uint8_t)(x & 3u), .vmpl = (uint8_t)(x >> 2 & 3u), .user_mode = (uint8_t)(x >> 4 & 1u),
                   .ncbit = (uint8_t)(x >> 6 & 1u), .snp = (x >> 7 & 7u) != 0, .ss = (x >> 10 & 7u) == 0};
  a.access = (x >> 13 & 1u) != 0 ? CBIT_ACC_DATA : (uint8_t)(x >> 14 & 7u);
  a.page_size = (x >> 17 & 3u) != 0 ? 0 : (uint8_t)(x >> 19 & 3u);
  a.gpa_page = (x >> 21 & 7u) == 0 ? (x >> 24 & 0xffffu) : rmp_gpa_page(page);
  a.asid = (uint16_t)((x >> 40) % (RMP_GUESTS + 1u));
  a.cbit = (x >> 45 & 3u) != 0;
  if (a.requester == CBIT_REQ_GUEST && a.asid == 0 && (x >> 48 & 7u) != 0) {
    a.asid = 1;
  }
  if (a.requester == CBIT_REQ_DEVICE && a.asid != 0 && (x >> 48 & 7u) != 0) {
    a.cbit = 0;
  }
  if (a.requester == CBIT_REQ_HOST && (x >> 51 & 3u) != 0) {
    a.asid = 0;
  }
  return a;
}

// Few pages, so that lines are hit and thrown out: reads even pages, writes odd ones.
static unsigned random_page(uint64_t *rnd, bool write) {
  static const uint16_t from[8] = {0, 16, 32, 512, 520, 768, 1024, 256};
  const uint64_t x = vec_random(rnd);
  const unsigned page = from[x >> 8 & 7u] + (unsigned)(x >> 16 & 6u);
  return page + (write ? 1u : 0u);
}

static void data_as_dram(const rig_t *r, const bench_txn_t *t, const say_t *s, const uint8_t *dram, uint8_t *plain) {
  const unsigned bytes = ((unsigned)t->ax.len + 1u) * r->b->bus;
  if (s->enc) {
    assert_int_equal(cbit_crypt_decrypt((cbit_mode_t)r->mode, &r->key[s->slot], &r->tweaks, t->ax.addr, dram, plain, bytes),
                     CBIT_OK);
  } else {
    memcpy(plain, dram, bytes);
  }
}

// What a burst did against what it should do: response and data. before: DRAM before it, for writes.
static void check_burst(const rig_t *r, const bench_txn_t *t, const say_t *s, const uint8_t *before) {
  const unsigned bytes = ((unsigned)t->ax.len + 1u) * r->b->bus;
  const uint8_t *dram = r->b->mem + t->ax.addr % BENCH_MEM_BYTES;
  static uint8_t plain[64 * CBIT_MAX_BUS_BYTES];
  assert_true(bytes <= sizeof plain);
  assert_int_equal(t->resp, s->fault != 0 ? 2 : 0);
  if (t->write && s->fault != 0) {
    assert_memory_equal(dram, before, bytes);
    return;
  }
  data_as_dram(r, t, s, dram, plain);
  if (!t->write && s->fault != 0) {
    memset(plain, 0, bytes);
  }
  assert_memory_equal(t->data, plain, bytes);
}

static bench_txn_t *random_burst(rig_t *r, bool write, unsigned page, unsigned id) {
  uint64_t *rnd = &r->b->rnd;
  cbit_attr_t a = random_attr(rnd, page);
  if (write && a.requester == CBIT_REQ_SP && page >= 0x100 && page <= 0x107) {
    a.requester = CBIT_REQ_HOST;  // the AMD-SP writes the table with rig_write_entry() only
    a.asid = 0;
  }
  const unsigned beats = RMP_PAGE / r->b->bus;
  const unsigned len = (unsigned)(vec_random(rnd) % ((vec_random(rnd) & 3u) == 0 ? 40u : 3u));
  const unsigned beat = (unsigned)(vec_random(rnd) % (beats - len));
  bench_txn_t *t = rig_queue(r, write, rmp_addr(page) + (uint64_t)beat * r->b->bus, len, id, &a);
  if (write) {
    vec_random_bytes(rnd, t->data, (size_t)(len + 1u) * r->b->bus);
  }
  return t;
}

static void check_record(rig_t *r, const bench_txn_t *t, const say_t *s) {
  bench_t *b = r->b;
  assert_int_equal(bench_reg_read(b, REG_FAULT_COUNT), s->fault != 0);
  const uint32_t info = bench_reg_read(b, REG_FAULT_INFO);
  assert_int_equal(info & 15u, s->fault);
  if (s->fault != 0) {
    assert_int_equal(info >> 4 & 1u, t->write);
    assert_int_equal(info >> 24, t->ax.id);
    assert_int_equal(bench_reg_read(b, REG_FAULT_ADDR_LO), (uint32_t)t->ax.addr);
  }
  assert_int_equal(bench_reg_read(b, REG_RMP_FAULT_INFO), s->kind | s->why << 4 | s->row << 8);
  assert_int_equal(bench_reg_read(b, REG_RMP_FAULT_ERR_LO), (uint32_t)s->error);
  assert_int_equal(bench_reg_read(b, REG_RMP_FAULT_ERR_HI), (uint32_t)(s->error >> 32));
  assert_int_equal(bench_reg_write(b, REG_FAULT_POP, 0), 0);
}

typedef struct tally {
  unsigned bursts, denied;
} tally_t;

// One burst at a time, cached or not, with its record.
static void run_single(const cbit_cyc_cfg_t *cfg, unsigned mode, bool tsme, uint32_t ctrl, unsigned n, uint64_t seed,
                       tally_t *tally) {
  rig_t *r = rig_new(cfg, mode, tsme, ctrl, seed, STATE_ON);
  static uint8_t before[64 * CBIT_MAX_BUS_BYTES];
  for (unsigned i = 0; i < n; i++) {
    const bool write = (vec_random(&r->b->rnd) & 1u) != 0;
    const unsigned page = random_page(&r->b->rnd, write);
    r->b->stall = (i % 3u) * 30u;
    const bench_txn_t *t = random_burst(r, write, page, (unsigned)(vec_random(&r->b->rnd) & 15u));
    memcpy(before, r->b->mem + t->ax.addr % BENCH_MEM_BYTES, ((size_t)t->ax.len + 1u) * r->b->bus);
    rig_drain(r);
    r->b->stall = 0;
    for (unsigned k = 0; k < 4; k++) {
      rig_clock(r);
    }
    const say_t s = rig_says_now(r, t);
    check_burst(r, t, &s, before);
    check_record(r, t, &s);
    tally->bursts++;
    tally->denied += s.fault == FAULT_CHECK;
  }
  rig_free(r);
}

static void test_single(void **state) {
  (void)state;
  tally_t tally = {0, 0};
  for (unsigned i = 0; i < 12; i++) {
    cbit_cyc_cfg_t cfg = config(1u << i % 3u);
    cfg.rmp_const = i % 4u == 3;
    cfg.rmp_miss = 2u << i % 3u;
    cfg.key_bits = i % 2u != 0 ? 256 : 128;
    run_single(&cfg, i % 5u == 4 ? CBIT_MODE_NONE : CBIT_MODE_XTS_L64, i % 6u == 5 || i % 5u == 4, i % 8u, 400, 900 + i,
               &tally);
  }
  assert_true(tally.denied > tally.bursts / 10u && tally.denied < tally.bursts * 2u / 3u);
}

// Many bursts at once on all IDs; every write has a page of its own.
static void random_round(rig_t *r, tally_t *tally) {
  bench_t *b = r->b;
  enum { BURSTS = 100 };
  static uint8_t before[BURSTS][64 * CBIT_MAX_BUS_BYTES];
  bool used[2048] = {false};
  const unsigned from = b->made;
  for (unsigned i = 0; i < BURSTS; i++) {
    bool write = (vec_random(&b->rnd) & 1u) != 0;
    unsigned page = random_page(&b->rnd, write);
    if (write && used[page]) {
      write = false;
      page--;
    }
    used[page] = true;
    const bench_txn_t *t = random_burst(r, write, page, (unsigned)(vec_random(&b->rnd) & 15u));
    memcpy(before[i], b->mem + t->ax.addr % BENCH_MEM_BYTES, ((size_t)t->ax.len + 1u) * b->bus);
    while (bench_percent(b) < 30) {
      rig_clock(r);
    }
  }
  rig_drain(r);
  unsigned faults = 0;
  for (unsigned i = from; i < b->made; i++) {
    const bench_txn_t *t = bench_txn(b, i);
    const say_t s = rig_says_now(r, t);
    check_burst(r, t, &s, before[i - from]);
    faults += s.fault != 0;
    tally->bursts++;
    tally->denied += s.fault == FAULT_CHECK;
  }
  b->stall = 0;
  for (unsigned k = 0; k < 4; k++) {
    rig_clock(r);
  }
  const uint32_t count = bench_reg_read(b, REG_FAULT_COUNT);
  static uint32_t dropped;
  dropped = from == 0 ? 0 : dropped;
  assert_int_equal((count & 0xffu) + (count >> 16) - dropped, faults);
  dropped = count >> 16;
  for (unsigned k = count & 0xffu; k > 0; k--) {
    assert_int_equal(bench_reg_write(b, REG_FAULT_POP, 0), 0);
  }
}

static void test_random(void **state) {
  (void)state;
  static const unsigned stall[] = {0, 20, 60};
  tally_t tally = {0, 0};
  for (unsigned i = 0; i < 12; i++) {
    cbit_cyc_cfg_t cfg = config(1u << i % 3u);
    cfg.rmp_const = i % 4u == 3;
    cfg.rmp_miss = 2u << i % 3u;
    cfg.rmp_lines = 8u << i % 3u;
    cfg.num_rd = i % 2u != 0 ? 4 : 32;
    cfg.num_wr = i % 2u != 0 ? 4 : 64;
    cfg.num_row = i % 2u != 0 ? 32 : 64;
    rig_t *r = rig_new(&cfg, i % 5u == 4 ? CBIT_MODE_XEX_AES16 : CBIT_MODE_XTS_L64, i % 6u == 5, i % 8u, 70 + i, STATE_ON);
    for (unsigned k = 0; k < 12; k++) {
      r->b->stall = stall[(i + k) % 3u];
      random_round(r, &tally);
    }
    rig_free(r);
  }
  assert_true(tally.denied > tally.bursts / 10u && tally.denied < tally.bursts * 2u / 3u);
}

// ---- a table that is rewritten under way ----

// A verdict must be that of a version which the burst may have seen: none from before a write whose B the AMD-SP had
// taken in the cycle of the address handshake, or before it.
static void check_version(rig_t *r, const bench_txn_t *t, unsigned at) {
  const unsigned first = r->ended_at_start[at];
  const unsigned last = r->begun_at_end[at];
  for (unsigned own = first; own <= last; own++) {
    for (unsigned base = first; base <= last; base++) {
      const say_t s = rig_says(r, t, &r->version[own % RMP_VERSIONS], &r->version[base % RMP_VERSIONS], false);
      if ((s.fault != 0) == (t->resp != 0)) {
        return;
      }
    }
  }
  fail_msg("burst of ID %u at %llx: verdict %u of no version %u..%u", t->ax.id, (unsigned long long)t->ax.addr, t->resp,
           first, last);
}

static void run_rewrite(rig_t *r, unsigned clocks) {
  bench_t *b = r->b;
  unsigned oldest = b->made;
  const bench_txn_t *table_write = NULL;
  for (unsigned i = 0; i < clocks; i++) {
    if (b->made - oldest < 60 && bench_percent(b) < 40) {
      const bool write = bench_percent(b) < 40;
      (void)random_burst(r, write, random_page(&b->rnd, write), (unsigned)(vec_random(&b->rnd) % 12u));
    }
    if (table_write == NULL && b->made - oldest < 60 && bench_percent(b) < 10) {
      uint8_t raw[CBIT_RMP_ENTRY_BYTES];
      const unsigned page = random_page(&b->rnd, bench_percent(b) < 50) % RMP_PAGES & ~(bench_percent(b) < 30 ? 511u : 0u);
      if (page < 0x100 || page > 0x107) {
        rig_entry(r, &b->rnd, page, raw);
        table_write = rig_write_entry(r, page, raw, 14);
      }
    }
    rig_clock(r);
    if (table_write != NULL && table_write->done) {
      assert_int_equal(table_write->resp, 0);
      r->ended = r->begun;
      table_write = NULL;
      for (unsigned side = 0; side < 2; side++) {  // an address handshake in the cycle of the B knows the new table
        const unsigned next = side == 0 ? b->ar_next : b->aw_next;
        const unsigned at = (next - 1u) % BENCH_TXNS;
        if (next > 0 && bench_txn(b, next - 1u)->write == (side == 1) && r->start[at] == b->cycle) {
          r->ended_at_start[at] = r->ended;
        }
      }
    }
    for (unsigned k = oldest; k < b->made; k++) {
      if (!bench_txn(b, k)->done) {
        r->begun_at_end[k % BENCH_TXNS] = r->begun;  // until it is done
      }
    }
    while (oldest < b->made && bench_txn(b, oldest)->done) {
      if (bench_txn(b, oldest)->ax.id != 14) {
        check_version(r, bench_txn(b, oldest), oldest % BENCH_TXNS);
      }
      oldest++;
    }
  }
  rig_drain(r);
  r->ended = r->begun;
}

// With no table write under way a walk's entries are kept: the second read of a page finds them.
static void check_kept(rig_t *r) {
  const cbit_attr_t attr = guest(34, 1);
  uint32_t misses[3];
  r->b->stall = 0;
  for (unsigned i = 0; i < 3; i++) {
    misses[i] = bench_reg_read(r->b, REG_CNT_RMP_MISS);
    (void)rig_queue(r, false, rmp_addr(34), 0, 1, &attr);
    rig_drain(r);
  }
  assert_true(misses[1] - misses[0] <= 1u);
  assert_int_equal(misses[2], misses[1]);
}

static void test_rewrite(void **state) {
  (void)state;
  static const unsigned stall[] = {0, 10, 50};
  for (unsigned i = 0; i < 9; i++) {
    cbit_cyc_cfg_t cfg = config(1u << i % 3u);
    cfg.rmp_miss = 2u << i % 3u;
    cfg.rmp_lines = i < 3 ? 8 : 32;
    rig_t *r = rig_new(&cfg, CBIT_MODE_XTS_L64, i % 4u == 3, 1, 300 + i, STATE_ON);
    r->b->stall = stall[i / 3u];
    run_rewrite(r, 20000);
    assert_true(r->ended > 40);
    check_kept(r);
    rig_free(r);
  }
}

// The end of a table write in every cycle of a walk: what is kept afterwards is the new entry.
static void test_rewrite_sweep(void **state) {
  (void)state;
  const cbit_cyc_cfg_t cfg = config(1);
  rig_t *r = rig_new(&cfg, CBIT_MODE_XTS_L64, false, 0, 32, STATE_CHECKED);
  set_host(r, 0);
  set_guest(r, 6, 1);
  rmp_cmd_ok(r, CMD_SNP_EN, STATE_ON);
  const cbit_attr_t attr = guest(6, 1);
  uint8_t entry[2][CBIT_RMP_ENTRY_BYTES];
  memcpy(entry[1], r->version[0].raw[6], sizeof entry[1]);
  cbit_rmp_entry_encode(&(cbit_rmp_entry_t){.assigned = 0}, entry[0]);
  for (unsigned delay = 0; delay < 120; delay++) {
    const unsigned allow = delay & 1u;
    (void)rig_queue(r, false, rmp_addr(6), 0, 1, &attr);
    for (unsigned i = 0; i < delay / 2u; i++) {
      rig_clock(r);
    }
    (void)rig_write_entry(r, 6, entry[allow], 2);
    rig_drain(r);
    r->ended = r->begun;
    for (unsigned i = 0; i < 2; i++) {
      const bench_txn_t *t = rig_queue(r, i != 0, rmp_addr(6), 0, 1, &attr);
      rig_drain(r);
      assert_int_equal(t->resp, allow != 0 ? 0 : 2);
    }
    (void)rig_write_entry(r, 0, r->version[r->begun % RMP_VERSIONS].raw[0], 2);  // drops all lines
    rig_drain(r);
    r->ended = r->begun;
  }
  rig_free(r);
}

// ---- read errors, counters, wipe ----

static void test_table_error(void **state) {
  (void)state;
  const cbit_cyc_cfg_t cfg = config(1);
  rig_t *r = rig_new(&cfg, CBIT_MODE_XTS_L64, false, 0, 21, STATE_CHECKED);
  bench_t *b = r->b;
  set_host(r, 0);
  set_host(r, 2);
  rmp_cmd_ok(r, CMD_SNP_EN, STATE_ON);
  const cbit_attr_t attr = {.requester = CBIT_REQ_GUEST, .asid = 1, .snp = 1};  // C = 0, shared
  b->bad_from = RMP_ENTRIES + 32u;
  b->bad_to = RMP_ENTRIES + 48u;
  const table_t *table = &r->version[0];
  for (unsigned i = 0; i < 2; i++) {  // nothing is kept of a walk that failed
    const bench_txn_t *t = rig_queue(r, true, rmp_addr(2), 3, 3, &attr);
    rig_drain(r);
    assert_int_equal(t->resp, 2);
    for (unsigned k = 0; k < 4; k++) {
      rig_clock(r);
    }
    const say_t s = rig_says(r, t, table, table, true);
    assert_int_equal(s.why, CBIT_RMP_WHY_READ);
    check_record(r, t, &s);
  }
  b->bad_to = b->bad_from = 0;
  const uint32_t reads = bench_reg_read(b, REG_CNT_RMP_READ);
  const uint32_t misses = bench_reg_read(b, REG_CNT_RMP_MISS);
  for (unsigned i = 0; i < 3; i++) {
    const bench_txn_t *t = rig_queue(r, true, rmp_addr(2), 3, 3, &attr);
    rig_drain(r);
    assert_int_equal(t->resp, 0);
  }
  assert_int_equal(bench_reg_read(b, REG_CNT_RMP_READ), reads + 2u);
  assert_int_equal(bench_reg_read(b, REG_CNT_RMP_MISS), misses + 1u);
  assert_int_equal(bench_reg_read(b, REG_CNT_RMP_ASK), 5);
  assert_int_equal(bench_reg_read(b, REG_CNT_RMW), 0);
  assert_true(bench_reg_read(b, REG_CNT_STALL_RMP_WR) > 50);
  assert_int_equal(bench_reg_read(b, REG_CNT_STALL_RMP_RD), 0);
  rig_free(r);
}

// A wipe of all keys under traffic: every burst still ends, and nothing is left over.
static void test_wipe(void **state) {
  (void)state;
  for (unsigned i = 0; i < 40; i++) {
    const cbit_cyc_cfg_t cfg = config(1u << i % 3u);
    rig_t *r = rig_new(&cfg, CBIT_MODE_XTS_L64, i % 2u != 0, 1, 400 + i, STATE_ON);
    bench_t *b = r->b;
    b->stall = i % 4u * 20u;
    for (unsigned k = 0; k < 60; k++) {
      const bool write = bench_percent(b) < 50;
      (void)random_burst(r, write, random_page(&b->rnd, write), k % 16u);
    }
    for (unsigned k = 0; k < 20u + 7u * i; k++) {
      rig_clock(r);
    }
    b->stable = false;
    b->in.zeroise = true;
    rig_clock(r);
    b->in.zeroise = false;
    rig_drain(r);
    rig_free(r);
  }
}

// Checks that are off: as without the unit, whatever the table says.
static void test_off(void **state) {
  (void)state;
  static uint8_t before[64 * CBIT_MAX_BUS_BYTES];
  for (unsigned st = STATE_OFF; st <= STATE_CHECKED; st++) {
    const cbit_cyc_cfg_t cfg = config(2);
    rig_t *r = rig_new(&cfg, CBIT_MODE_XTS_L64, false, 1, 500 + st, st);
    for (unsigned i = 0; i < 100; i++) {
      const bool write = bench_percent(r->b) < 50;
      const unsigned page = random_page(&r->b->rnd, write);
      if (page >= 0x100 && page <= 0x107) {
        continue;
      }
      const bench_txn_t *t = random_burst(r, write, page, i % 16u);
      memcpy(before, r->b->mem + t->ax.addr % BENCH_MEM_BYTES, ((size_t)t->ax.len + 1u) * r->b->bus);
      rig_drain(r);
      say_t s = rig_says_now(r, t);
      s.fault = s.fault == FAULT_CHECK ? 0 : s.fault;
      check_burst(r, t, &s, before);
    }
    assert_int_equal(bench_reg_read(r->b, REG_CNT_RMP_ASK), 0);
    rig_free(r);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_read_cycles), cmocka_unit_test(test_write_cycles), cmocka_unit_test(test_start),
      cmocka_unit_test(test_single),      cmocka_unit_test(test_random),       cmocka_unit_test(test_rewrite),
      cmocka_unit_test(test_rewrite_sweep),
      cmocka_unit_test(test_table_error), cmocka_unit_test(test_wipe),         cmocka_unit_test(test_off),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
