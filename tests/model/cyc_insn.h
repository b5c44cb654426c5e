// SPDX-License-Identifier: Apache-2.0
//
// cyc_insn.h - RMP instructions at the ports of the cycle model: requests, one run with its cycles, entries in DRAM
//
// On the table of cyc_rmp.h (1 MiB, covers 4 MiB, two ranges). Cycles are those of the bench: a pin's value in cycle t is
// what cbit_cyc_outputs() gives before the clock of t.

#ifndef CBIT_TESTS_CYC_INSN_H
#define CBIT_TESTS_CYC_INSN_H

#include "cyc_rmp.h"
#include "util/bytes.h"

#define NEVER UINT64_MAX
#define NPF_ERROR UINT64_C(0x580000005)
#define NPF_SIZEM UINT64_C(0xd80000005)

enum { REG_CNT_INSN = 0x14C, REG_CNT_INSN_STOP = 0x150, REG_CAP0 = 8 };
enum { KIND_PASS = 0, KIND_NPF = 2, KIND_VC = 3, KIND_GP = 4, KIND_MCE = 8, KIND_UD = 10 };

// Quadword 1 of entries.
#define Q1_A UINT64_C(1)
#define Q1_LARGE UINT64_C(2)
#define Q1_IMM UINT64_C(4)
#define Q1_COUNT(n) ((uint64_t)(n) << 3)
#define Q1_OWNER(asid, gpa_page) (((uint64_t)(asid) << 51) | ((uint64_t)(gpa_page) << 12))
#define Q1_VMSA (UINT64_C(1) << 61)
#define Q1_VALID (UINT64_C(1) << 62)
#define Q1_LOCK (UINT64_C(1) << 63)

// ---- requests ----

static inline cbit_insn_t insn_host(unsigned op, uint64_t rax) {
  const cbit_insn_t i = {.valid = true, .op = (uint8_t)op, .rax = rax};
  return i;
}

static inline cbit_insn_t insn_update(uint64_t rax, uint64_t gpa, unsigned assigned, unsigned size, unsigned immutable,
                                      uint32_t asid) {
  cbit_insn_t i = insn_host(CBIT_INSN_RMPUPDATE, rax);
  bytes_store_le64(i.arg, gpa);
  i.arg[8] = (uint8_t)assigned;
  i.arg[9] = (uint8_t)size;
  i.arg[10] = (uint8_t)immutable;
  bytes_store_le32(i.arg + 12, asid);
  return i;
}

// Of ASID 5, private, VMPL0; the GVA is the GPA.
static inline cbit_insn_t insn_guest(unsigned op, uint64_t spa, uint64_t gpa, uint64_t rcx, uint64_t rdx) {
  cbit_insn_t i = {.valid = true, .snp_active = true, .ec = true, .op = (uint8_t)op, .asid = 5, .spa_page = spa >> 12,
                   .gpa_page = gpa >> 12, .rax = gpa};
  bytes_store_le64(i.arg, rcx);
  bytes_store_le64(i.arg + 8, rdx);
  return i;
}

// ---- the table in DRAM (not encrypted) ----

static inline uint8_t *entry_at(rig_t *r, unsigned page) { return r->b->mem + RMP_ENTRIES + 16u * page; }

static inline void entry_set(rig_t *r, unsigned page, uint64_t q1, uint64_t q2) {
  bytes_store_le64(entry_at(r, page), q1);
  bytes_store_le64(entry_at(r, page) + 8, q2);
}

static inline void entry_is(rig_t *r, unsigned page, uint64_t q1, uint64_t q2) {
  assert_int_equal(bytes_load_le64(entry_at(r, page)), q1);
  assert_int_equal(bytes_load_le64(entry_at(r, page) + 8), q2);
}

static inline uint8_t *counter_at(rig_t *r, unsigned asid) { return r->b->mem + RMP_BASE + 8u * asid; }

// All pages but those of the table the hypervisor's, all counters zero.
static inline void table_clear(rig_t *r) {
  memset(r->b->mem + RMP_BASE, 0, 0x4000);
  for (unsigned p = 0; p < RMP_PAGES; p++) {
    const bool table = p >= RMP_BASE / RMP_PAGE && p <= RMP_LAST / RMP_PAGE;
    entry_set(r, p, table ? Q1_A | Q1_IMM | Q1_LOCK : 0, 0);
  }
  entry_set(r, 0, Q1_COUNT(8), 0);
}

// ---- clocks ----

typedef struct insn_run {
  uint64_t v, ready, inv, ans;  // cycles: valid, ready, inv and answer first seen; NEVER
  unsigned stop;                // cycles with AR closed (without traffic: stop)
  uint32_t inv_page;
  unsigned invs;                // cycles with inv
  cbit_insn_answer_t answer;
} insn_run_t;

static inline bool insn_any_answer(const bench_t *b) {
  bool any = false;
  for (unsigned i = 0; i < CBIT_MAX_INSN; i++) {
    any = any || b->out.ans_valid[i];
  }
  return any;
}

// One clock of a run at a port; true once the answer was taken.
static inline bool insn_clock(rig_t *r, unsigned port, insn_run_t *t) {
  bench_t *b = r->b;
  const uint64_t now = b->cycle;
  rig_clock(r);
  const cbit_pins_out_t *o = &b->out;
  t->stop += !o->s_arready;
  if (o->insn_ready[port] && b->in.insn[port].valid) {
    assert_true(t->ready == NEVER);
    t->ready = now;
    b->in.insn[port].valid = false;
  }
  if (o->inv_valid) {
    t->inv = t->inv == NEVER ? now : t->inv;
    t->inv_page = o->inv_page;
    t->invs++;
  }
  if (o->ans_valid[port]) {
    t->ans = t->ans == NEVER ? now : t->ans;
    t->answer = o->ans;
    return b->in.ans_ready[port];
  }
  assert_true(!insn_any_answer(b) || b->cfg.rmp_insn > 1);
  return false;
}

static inline insn_run_t insn_begin(rig_t *r, unsigned port, const cbit_insn_t *insn) {
  const insn_run_t t = {.v = r->b->cycle, .ready = NEVER, .inv = NEVER, .ans = NEVER};
  r->b->in.insn[port] = *insn;
  r->b->in.ans_ready[port] = true;
  r->b->in.inv_ready = true;
  return t;
}

static inline void insn_finish(rig_t *r, unsigned port, insn_run_t *t) {
  for (unsigned i = 0; !insn_clock(r, port, t); i++) {
    assert_true(i < 100000);
  }
  rig_clock(r);  // ANS is over
  assert_false(r->b->out.ans_valid[port]);
}

static inline void rig_clocks(rig_t *r, unsigned n) {
  while (n-- > 0) {
    rig_clock(r);
  }
}

// From valid to the answer, the unit rested before.
static inline insn_run_t insn_do(rig_t *r, const cbit_insn_t *insn) {
  rig_clocks(r, 40);
  insn_run_t t = insn_begin(r, 0, insn);
  insn_finish(r, 0, &t);
  return t;
}

// Marks: from valid to ready.
static inline void insn_mark(rig_t *r, unsigned slot, bool set, uint64_t page) {
  cbit_pins_in_t *in = &r->b->in;
  in->use_valid = true;
  in->use_slot = (uint8_t)slot;
  in->use_set = set;
  in->use_page = page;
  do {
    rig_clock(r);
  } while (!r->b->out.use_ready);
  in->use_valid = false;
}

// ---- expectations ----

static inline void answer_is(const insn_run_t *t, unsigned kind, unsigned code, unsigned cf, uint64_t error) {
  static const uint8_t none[16];
  assert_int_equal(t->answer.kind, kind);
  assert_int_equal(t->answer.code, code);
  assert_int_equal(t->answer.cf, cf);
  assert_int_equal(t->answer.zf, kind == KIND_PASS && code == 0);
  assert_int_equal(t->answer.error, error);
  if (kind != KIND_PASS || code != 0) {
    assert_memory_equal(t->answer.out, none, sizeof none);
  }
}

static inline void code_is(const insn_run_t *t, unsigned code) { answer_is(t, KIND_PASS, code, 0, 0); }

// ---- set-up ----

static inline cbit_cyc_cfg_t insn_config(unsigned lanes, unsigned ports) {
  cbit_cyc_cfg_t cfg;
  cbit_cyc_cfg_default(&cfg);
  cfg.lanes = lanes;
  cfg.modes_mask = 0x3f;
  cfg.rmp = 1;
  cfg.rmp_lines = 8;
  cfg.rmp_insn = ports;
  return cfg;
}

// Checks on, VMPLs on, a clear table that is not encrypted.
static inline rig_t *insn_rig_cfg(const cbit_cyc_cfg_t *cfg) {
  rig_t *r = rig_new(cfg, CBIT_MODE_XTS_L64, false, 1, 12, STATE_ON);
  table_clear(r);
  return r;
}

static inline rig_t *insn_rig(unsigned lanes, unsigned ports) {
  const cbit_cyc_cfg_t cfg = insn_config(lanes, ports);
  return insn_rig_cfg(&cfg);
}

#endif  // CBIT_TESTS_CYC_INSN_H
