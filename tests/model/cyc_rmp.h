// SPDX-License-Identifier: Apache-2.0
//
// cyc_rmp.h - a small reverse map table in the DRAM of the cycle model's bench, and what a check must say
//
// The table lies at 1 MiB and covers 4 MiB, itself included; pages 0 to 255 and 512 to 1023 are for tests, and from 1024
// on nothing is covered. What a check must say is made here from the tables of docs/units/rmp.md ("Attributes") and
// cbit_rmp_check(), from the table as it was at a given time: every write of an entry makes a new version of it.

#ifndef CBIT_TESTS_CYC_RMP_H
#define CBIT_TESTS_CYC_RMP_H

#ifndef BENCH_MEM_BYTES
#define BENCH_MEM_BYTES 0x800000u
#endif

#include "cbit_rmp.h"
#include "cyc_bench.h"

#define RMP_BASE UINT64_C(0x100000)
#define RMP_LAST UINT64_C(0x107fff)
#define RMP_ENTRIES (RMP_BASE + 0x4000u)
#define RMP_PAGES 1024u
#define RMP_PAGE 4096u
#define RMP_GUESTS 3u  // ASIDs 1 to 3 have keys
#define RMP_VERSIONS 64u

enum { REG_RMP_BASE = 0xB0, REG_RMP_END = 0xB8, REG_RMP_CTRL = 0xC0, REG_RMP_CMD = 0xC4, REG_RMP_STATUS = 0xC8,
       REG_RMP_FAULT_INFO = 0xD0, REG_RMP_FAULT_ERR_LO = 0xD4, REG_RMP_FAULT_ERR_HI = 0xD8,
       REG_CNT_RMP_ASK = 0x138, REG_CNT_RMP_MISS = 0x13C, REG_CNT_RMP_READ = 0x140, REG_CNT_STALL_RMP_RD = 0x144,
       REG_CNT_STALL_RMP_WR = 0x148 };
enum { CMD_FENCE = 1, CMD_FLUSH_DONE, CMD_TABLE_DONE, CMD_VERIFY, CMD_SNP_EN, CMD_FLUSH2_DONE };
enum { STATE_OFF = 0, STATE_FENCED, STATE_FLUSHED, STATE_FILLED, STATE_CHECKED, STATE_ON, STATE_READY };
enum { FAULT_CHECK = 8 };

typedef struct table {
  uint8_t raw[RMP_PAGES][CBIT_RMP_ENTRY_BYTES];
} table_t;

typedef struct rig {
  bench_t *b;
  unsigned mode;
  bool tsme;
  bool large;  // the range of page 512 has a 2 MiB entry
  uint32_t rmp_ctrl;
  cbit_slot_key_t key[RMP_GUESTS + 1];
  cbit_tweak_table_t tweaks;
  cbit_rmp_param_t param;
  table_t version[RMP_VERSIONS];
  unsigned begun;                          // last version whose write was begun
  unsigned ended;                          // last version whose B the AMD-SP took
  uint64_t start[BENCH_TXNS];              // per burst: handshake cycle + 1, 0 = not yet
  unsigned ended_at_start[BENCH_TXNS], begun_at_end[BENCH_TXNS];
} rig_t;

// What the unit should say.
typedef struct say {
  unsigned fault;  // 0, a fault of the route, or FAULT_CHECK
  bool enc;
  unsigned slot;
  unsigned row, why, kind;
  uint64_t error;
} say_t;

static inline uint64_t rmp_addr(unsigned page) { return (uint64_t)page * RMP_PAGE; }

// ---- reference ----

static inline unsigned rmp_op_of(const cbit_attr_t *a, bool write, unsigned *req) {
  static const uint8_t read_op[8] = {CBIT_RMP_OP_READ,    CBIT_RMP_OP_FETCH, CBIT_RMP_OP_PT_READ, CBIT_RMP_OP_PT_READ,
                                     CBIT_RMP_OP_READ,    CBIT_RMP_OP_NPT_READ, CBIT_RMP_OP_NPT_READ, CBIT_RMP_OP_READ};
  static const uint8_t write_op[8] = {CBIT_RMP_OP_WRITE, 15, CBIT_RMP_OP_PT_AD, CBIT_RMP_OP_PT_AD,
                                      CBIT_RMP_OP_WRITE, CBIT_RMP_OP_NPT_AD, CBIT_RMP_OP_NPT_AD, CBIT_RMP_OP_WRITE};
  if (a->access == CBIT_ACC_VMSA && (a->requester == CBIT_REQ_HOST || a->requester == CBIT_REQ_GUEST)) {
    *req = CBIT_RMP_REQ_HOST;
    return CBIT_RMP_OP_VMRUN_VMSA;
  }
  if (a->access == CBIT_ACC_LOG && a->requester != CBIT_REQ_DEVICE) {
    return 15;
  }
  return write ? write_op[a->access] : read_op[a->access];
}

static inline unsigned rmp_req_of(const cbit_attr_t *a) {
  switch (a->requester) {
    case CBIT_REQ_HOST:
      return CBIT_RMP_REQ_HOST;
    case CBIT_REQ_GUEST:
      return a->snp ? CBIT_RMP_REQ_GUEST_SNP : CBIT_RMP_REQ_GUEST_NONSNP;
    case CBIT_REQ_SP:
      return CBIT_RMP_REQ_AMD_SP;
    default:
      return a->access == CBIT_ACC_LOG ? CBIT_RMP_REQ_IOMMU_SELF
             : a->asid != 0            ? CBIT_RMP_REQ_IOMMU_GUEST
                                       : CBIT_RMP_REQ_IOMMU_HOST;
  }
}

// own and base as in the given versions of the table; error: the table cannot be read.
static inline say_t rig_says(const rig_t *r, const bench_txn_t *t, const table_t *own, const table_t *base, bool error) {
  static const uint8_t active[CBIT_KEY_SLOTS_MAX] = {[0 ... CBIT_KEY_SLOTS_MAX - 1] = CBIT_SLOT_ACTIVE};
  const cbit_cyc_cfg_t *c = &r->b->cfg;
  const cbit_route_cfg_t cfg = {.smee = 1, .tsme = r->tsme, .mode = (uint8_t)r->mode, .spa_width = (uint8_t)c->spa_width,
                                .lanes = (uint8_t)c->lanes, .key_slots = (uint16_t)c->key_slots, .rmp = 1};
  const cbit_route_req_t route = {.addr = t->ax.addr, .user = t->ax.user, .len = t->ax.len, .size = t->ax.size,
                                  .burst = t->ax.burst, .lock = t->ax.lock};
  cbit_route_rsp_t rsp;
  cbit_route(&cfg, &route, active, &rsp);
  say_t s = {.fault = rsp.fault, .enc = rsp.enc != 0, .slot = rsp.slot};
  if (rsp.fault != 0) {
    return s;
  }
  const cbit_attr_t *a = &rsp.attr;
  const bool touch = rsp.spa >= RMP_BASE && rsp.spa <= RMP_LAST;
  if (t->write && touch && a->requester != CBIT_REQ_SP) {
    s.fault = FAULT_CHECK;  // the guard: no record
    return s;
  }
  unsigned req = rmp_req_of(a);
  const unsigned op = rmp_op_of(a, t->write, &req);
  const cbit_rmp_check_req_t q = {.spa = rsp.spa, .gpa = ((a->gpa_page & UINT64_C(0x7fffffffff)) << 12) | (rsp.spa & 0xfffu),
                                  .asid = a->asid, .req = (uint8_t)req, .op = (uint8_t)op, .map_size = a->page_size,
                                  .ec = a->cbit, .vmpl = a->vmpl, .cpl = a->user_mode ? 3 : 0, .ss = a->ss,
                                  .vmpl_sss = (r->rmp_ctrl >> 1) & 1u, .snp_active = a->snp};
  const cbit_rmp_cfg_t regs = {.rmp_base = RMP_BASE, .rmp_end = RMP_LAST, .snp_en = 1, .vmpl_en = r->rmp_ctrl & 1u,
                               .iommu_snp = (r->rmp_ctrl >> 2) & 1u};
  cbit_rmp_view_t view;
  memset(&view, 0, sizeof view);
  view.covered = rsp.spa < (uint64_t)RMP_PAGES * RMP_PAGE;
  view.error = view.covered && error;
  if (view.covered && !error) {
    const unsigned page = (unsigned)(rsp.spa / RMP_PAGE);
    cbit_rmp_entry_decode(base->raw[page & ~511u], &view.base);
    cbit_rmp_entry_decode((page & 511u) == 0 ? base->raw[page] : own->raw[page], &view.own);
  }
  cbit_rmp_verdict_t v;
  cbit_rmp_check(&r->param, &regs, &view, &q, &v);
  if (v.kind != CBIT_RMP_PASS) {
    s.fault = FAULT_CHECK;
    s.row = v.row;
    s.why = v.why;
    s.kind = v.kind;
    s.error = v.kind == CBIT_RMP_PF || v.kind == CBIT_RMP_VC ? v.code : v.kind == CBIT_RMP_NPF ? v.exitinfo1 : 0;
  }
  return s;
}

// With the table as it is now.
static inline say_t rig_says_now(const rig_t *r, const bench_txn_t *t) {
  return rig_says(r, t, &r->version[r->begun % RMP_VERSIONS], &r->version[r->begun % RMP_VERSIONS], false);
}

// ---- entries ----

static inline void entry_firmware(uint8_t raw[CBIT_RMP_ENTRY_BYTES]) {
  const cbit_rmp_entry_t e = {.assigned = 1, .immutable = 1, .lock = 1};
  cbit_rmp_entry_encode(&e, raw);
}

// GPA page of a guest's page, by rule, so that RMAP passes often.
static inline uint64_t rmp_gpa_page(unsigned page) { return UINT64_C(0x40000) + page; }

// All kinds of entries, near to a page of a guest. Under a 2 MiB entry sub entries are assigned; their other fields are
// stale, without effect.
static inline void rig_entry(const rig_t *r, uint64_t *rnd, unsigned page, uint8_t raw[CBIT_RMP_ENTRY_BYTES]) {
  const bool large = r->large && page >= 512u;
  const uint64_t x = vec_random(rnd);
  cbit_rmp_entry_t e;
  memset(&e, 0, sizeof e);
  if (large || (x & 7u) >= 2) {
    e.assigned = 1;
    e.validated = (x >> 8 & 7u) != 0;
    e.asid = (uint16_t)((x >> 12) % (RMP_GUESTS + 1u));
    e.gpa_page = (x >> 20 & 7u) == 0 ? (x >> 24 & 0xffffu) : rmp_gpa_page(page);
    e.immutable = (x >> 40 & 7u) == 0;
    e.lock = e.immutable;
    e.vmsa = (x >> 43 & 7u) == 0;
    e.page_size = large && page == 512u;
    e.subpage_count = (x >> 47 & 3u) == 0 ? (uint16_t)(x >> 49 & 3u) : 0;
    for (unsigned i = 0; i < 4; i++) {
      e.mask[i] = (uint8_t)(vec_random(rnd) | vec_random(rnd));
    }
  }
  cbit_rmp_entry_encode(&e, raw);
}

// Where an entry lies, as DRAM holds it.
static inline void rig_store_entry(rig_t *r, unsigned page, const uint8_t raw[CBIT_RMP_ENTRY_BYTES]) {
  const uint64_t at = RMP_ENTRIES + 16u * page;
  if (r->tsme) {
    assert_int_equal(cbit_crypt_encrypt((cbit_mode_t)r->mode, &r->key[0], &r->tweaks, at, raw, r->b->mem + at, 16), CBIT_OK);
  } else {
    memcpy(r->b->mem + at, raw, 16);
  }
}

// ---- clocks ----

// One clock; notes when addresses were taken, bursts ended, and which versions of the table those cycles know.
static inline void rig_clock(rig_t *r) {
  bench_t *b = r->b;
  const uint64_t now = b->cycle;
  bench_clock(b);
  assert_true(b->cycle < 5000000u);
  for (unsigned side = 0; side < 2; side++) {
    const unsigned next = side == 0 ? b->ar_next : b->aw_next;
    if (next > 0 && bench_txn(b, next - 1u)->write == (side == 1) && r->start[(next - 1u) % BENCH_TXNS] == 0) {
      r->start[(next - 1u) % BENCH_TXNS] = now + 1u;
      r->ended_at_start[(next - 1u) % BENCH_TXNS] = r->ended;
    }
  }
}

static inline void rig_drain(rig_t *r) {
  for (unsigned i = 0; r->b->open > 0; i++) {
    assert_true(i < 100000);
    rig_clock(r);
  }
}

static inline bench_txn_t *rig_queue(rig_t *r, bool write, uint64_t addr, unsigned len, unsigned id, const cbit_attr_t *a) {
  const unsigned lb = r->b->bus == 16 ? 4 : r->b->bus == 32 ? 5 : 6;
  r->start[r->b->made % BENCH_TXNS] = 0;
  bench_txn_t *t = bench_queue(r->b, write, addr, len, lb, CBIT_BURST_INCR, id, a);
  for (unsigned k = 0; write && k <= len; k++) {
    t->strb[k] = bench_lanes(r->b, bench_beat(addr, len, lb, CBIT_BURST_INCR, k), lb);
  }
  return t;
}

// Queues the AMD-SP's write of an entry: the next version of the table. One at a time.
static inline bench_txn_t *rig_write_entry(rig_t *r, unsigned page, const uint8_t raw[CBIT_RMP_ENTRY_BYTES], unsigned id) {
  const cbit_attr_t sp = {.requester = CBIT_REQ_SP};
  const uint64_t at = RMP_ENTRIES + 16u * page;
  assert_int_equal(r->begun, r->ended);
  r->version[(r->begun + 1u) % RMP_VERSIONS] = r->version[r->begun % RMP_VERSIONS];
  r->begun++;
  memcpy(r->version[r->begun % RMP_VERSIONS].raw[page], raw, 16);
  r->start[r->b->made % BENCH_TXNS] = 0;
  bench_txn_t *t = bench_queue(r->b, true, at, 0, 4, CBIT_BURST_INCR, id, &sp);
  memcpy(t->data + at % r->b->bus, raw, 16);
  t->strb[0] = UINT64_C(0xffff) << at % r->b->bus;
  return t;
}

// ---- start-up ----

static inline uint32_t rmp_cmd(rig_t *r, unsigned op) {
  assert_int_equal(bench_reg_write(r->b, REG_RMP_CMD, op), 0);
  uint32_t status = 0x10;
  for (unsigned i = 0; (status & 0x10u) != 0; i++) {
    assert_true(i < 10000);
    status = bench_reg_read(r->b, REG_RMP_STATUS);
  }
  return status;
}

static inline void rmp_cmd_ok(rig_t *r, unsigned op, unsigned state) { assert_int_equal(rmp_cmd(r, op), state); }

static inline void rig_registers(rig_t *r) {
  assert_int_equal(bench_reg_write(r->b, REG_RMP_BASE, (uint32_t)RMP_BASE), 0);
  assert_int_equal(bench_reg_write(r->b, REG_RMP_END, (uint32_t)RMP_LAST), 0);
  assert_int_equal(bench_reg_write(r->b, REG_RMP_CTRL, r->rmp_ctrl), 0);
}

// Keys, a table of random entries, the start-up up to the given state.
static inline rig_t *rig_new(const cbit_cyc_cfg_t *cfg, unsigned mode, bool tsme, uint32_t rmp_ctrl, uint64_t seed,
                             unsigned state) {
  rig_t *r = calloc(1, sizeof *r);
  assert_non_null(r);
  assert_null(cbit_cyc_cfg_error(cfg));
  r->b = bench_new(cfg, seed);
  r->mode = mode;
  r->tsme = tsme;
  r->rmp_ctrl = rmp_ctrl;
  r->large = (seed & 1u) != 0;
  cbit_rmp_param_init(&r->param);
  bench_start(r->b, mode);
  for (unsigned s = 0; s <= RMP_GUESTS; s++) {
    uint8_t k[2][32];
    vec_random_bytes(&seed, &k[0][0], sizeof k);
    bench_key(r->b, s, k[0], k[1]);
    assert_int_equal(cbit_slot_key_make(&r->key[s], k[0], k[1], cfg->key_bits), CBIT_OK);
  }
  assert_int_equal(bench_reg_write(r->b, REG_CTRL, 1u | (tsme ? 2u : 0u) | (mode << 4)), 0);
  assert_int_equal(cbit_tweak_table_make(&r->tweaks, CBIT_TWEAK_FULL, (const uint8_t[16]){0}), CBIT_OK);
  vec_random_bytes(&seed, r->b->mem, BENCH_MEM_BYTES / 2);
  for (unsigned p = 0; p < RMP_PAGES; p++) {
    if (p >= RMP_BASE / RMP_PAGE && p <= RMP_LAST / RMP_PAGE) {
      entry_firmware(r->version[0].raw[p]);
    } else {
      rig_entry(r, &seed, p, r->version[0].raw[p]);
    }
    rig_store_entry(r, p, r->version[0].raw[p]);
  }
  rig_registers(r);
  for (unsigned op = CMD_FENCE; op <= state; op++) {
    rmp_cmd_ok(r, op, op);
  }
  return r;
}

static inline void rig_free(rig_t *r) {
  bench_free(r->b);
  free(r);
}

#endif  // CBIT_TESTS_CYC_RMP_H
