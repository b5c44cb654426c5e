// SPDX-License-Identifier: Apache-2.0
//
// test_cyc_rmp_insn.c - the RMP instructions of the cycle model: every end of CHECK and DECIDE, what is written, errors
//
// docs/units/rmp_insn.md; the letters are the steps of docs/rmp.md section 5. Expected values are written down here, not
// computed by the model's functional layer; test_cyc_rmp_insn_random.c compares with that one.

#include "cyc_insn.h"

#define PAGE_HV 3u      // pages with the entries that their names say; the others are the hypervisor's
#define PAGE_GUEST 4u   // Guest-Valid, ASID 5
#define PAGE_INVALID 5u // Guest-Invalid, ASID 5
#define PAGE_FIXED 6u   // HV-Fixed
#define PAGE_RECLAIM 7u // assigned to nobody
#define RANGE 512u      // first page of the second range
#define GPA(page) (UINT64_C(0x12345000) + ((uint64_t)(page) << 12))
#define GPA2 UINT64_C(0x40000000)
#define MASKS UINT64_C(0xabc0000000030f1f)  // VMPL 0 everything, 1 without SSS, 2 read and write, 3 nothing; upper bits stay
#define SPA(page) ((uint64_t)(page) << 12)
#define NOT_COVERED SPA(RMP_PAGES)
#define TOP_PAGE UINT64_C(0x7fffffff80)  // a GPA page near the end: 511 more carry through bit 8 and wrap

enum { UPDATE = CBIT_INSN_RMPUPDATE, SMASH = CBIT_INSN_PSMASH, READ = CBIT_INSN_RMPREAD, PVAL = CBIT_INSN_PVALIDATE,
       ADJ = CBIT_INSN_RMPADJUST, QUERY = CBIT_INSN_RMPQUERY };

static uint64_t q1_guest(unsigned page, bool valid) {
  return Q1_A | Q1_OWNER(5, GPA(page) >> 12) | (valid ? Q1_VALID : 0);
}

static void fill(rig_t *r) {
  table_clear(r);
  entry_set(r, PAGE_GUEST, q1_guest(PAGE_GUEST, true), MASKS);
  entry_set(r, PAGE_INVALID, q1_guest(PAGE_INVALID, false), MASKS);
  entry_set(r, PAGE_FIXED, Q1_IMM, 0);
  entry_set(r, PAGE_RECLAIM, Q1_A, 0);
  entry_set(r, 0, Q1_COUNT(11), 0);
  bytes_store_le64(counter_at(r, 5), 100);
}

// The second range: one 2 MiB page of ASID 5.
static void fill_large(rig_t *r, bool valid) {
  entry_set(r, RANGE, Q1_A | Q1_LARGE | Q1_OWNER(5, GPA2 >> 12) | (valid ? Q1_VALID : 0), MASKS);
  for (unsigned i = 1; i < 512; i++) {
    entry_set(r, RANGE + i, Q1_A, 0);
  }
}

// Runs it; DRAM is as before.
static insn_run_t no_change(rig_t *r, const cbit_insn_t *insn) {
  uint8_t *before = malloc(BENCH_MEM_BYTES);
  assert_non_null(before);
  memcpy(before, r->b->mem, BENCH_MEM_BYTES);
  const insn_run_t t = insn_do(r, insn);
  assert_memory_equal(before, r->b->mem, BENCH_MEM_BYTES);
  assert_true(t.inv == NEVER);
  free(before);
  return t;
}

// It ends in CHECK: v + 3, nothing is read, nothing stands still.
static void ends_in_check(rig_t *r, const cbit_insn_t *insn, unsigned kind, unsigned code, uint64_t error) {
  const uint64_t reads = r->b->dram_reads;
  const insn_run_t t = no_change(r, insn);
  answer_is(&t, kind, code, 0, error);
  assert_int_equal(t.ready, t.v + 1u);
  assert_int_equal(t.ans, t.v + 3u);
  assert_int_equal(t.stop, 0);
  assert_int_equal(r->b->dram_reads, reads);
}

// It ends in DECIDE, with the entries of two pages or of one.
static insn_run_t ends_in_decide(rig_t *r, const cbit_insn_t *insn, unsigned kind, unsigned code, uint64_t error) {
  const unsigned reads = (unsigned)r->b->dram_reads;
  const insn_run_t t = no_change(r, insn);
  answer_is(&t, kind, code, 0, error);
  const unsigned n = (unsigned)r->b->dram_reads - reads;
  assert_true(n == 1u || n == 2u);
  assert_int_equal(t.ans, t.v + 8u + n + 1u + 10u);  // L = 1, S = 10
  assert_int_equal(t.stop, 5u + n + 1u + 10u);
  return t;
}

// ---- CHECK ----

static void test_check_all(void **state) {
  (void)state;
  const cbit_cyc_cfg_t cfg = insn_config(1, 1);
  rig_t *r = rig_new(&cfg, CBIT_MODE_XTS_L64, false, 1, 12, STATE_CHECKED);
  fill(r);
  for (unsigned op = 0; op < 8; op++) {  // checks are off
    const cbit_insn_t i = insn_guest(op, SPA(PAGE_GUEST), GPA(PAGE_GUEST), 0, 0);
    ends_in_check(r, &i, KIND_UD, 0, 0);
  }
  rmp_cmd_ok(r, CMD_SNP_EN, STATE_ON);
  for (unsigned op = 0; op < 8; op++) {
    cbit_insn_t i = insn_guest(op, SPA(PAGE_GUEST), GPA(PAGE_GUEST), 0, 0);
    i.cpl = (uint8_t)(1u + op % 3u);
    ends_in_check(r, &i, op >= 6 ? KIND_UD : KIND_GP, 0, 0);
    i.snp_active = false;
    ends_in_check(r, &i, op >= PVAL ? KIND_UD : KIND_GP, 0, 0);
    if (op >= PVAL) {
      i.cpl = 0;
      ends_in_check(r, &i, KIND_UD, 0, 0);
    }
  }
  rig_free(r);
}

static void input(rig_t *r, cbit_insn_t i) { ends_in_check(r, &i, KIND_PASS, 1, 0); }

static void test_check_host(void **state) {
  (void)state;
  rig_t *r = insn_rig(1, 1);
  fill(r);
  for (unsigned bit = 0; bit < 32; bit++) {  // U4a: bytes 08h to 0Bh
    cbit_insn_t i = insn_update(SPA(PAGE_HV), GPA(PAGE_HV), 1, 0, 0, 5);
    i.arg[8 + bit / 8] |= (uint8_t)(1u << bit % 8);
    if (bit % 8 != 0 || bit == 24) {
      input(r, i);
    }
  }
  input(r, insn_update(SPA(RANGE + 1), GPA2, 1, 1, 0, 5));          // U4b
  input(r, insn_update(SPA(RANGE), GPA2 + 0x1000, 1, 1, 0, 5));     // U4c
  input(r, insn_update(SPA(PAGE_HV), 0, 0, 0, 1, 0));               // U4d
  input(r, insn_update(SPA(PAGE_HV), 0, 0, 0, 0, 5));
  input(r, insn_update(SPA(PAGE_HV), GPA(3), 1, 0, 0, 1007));       // U4e
  input(r, insn_update(SPA(PAGE_HV), GPA(3), 1, 0, 0, 0x3ff));
  input(r, insn_update(SPA(PAGE_HV), GPA(3), 1, 0, 0, 0x10005));
  input(r, insn_update(SPA(PAGE_HV), UINT64_C(1) << 51, 1, 0, 0, 5));  // U4f
  input(r, insn_update(SPA(PAGE_HV), UINT64_C(1) << 63, 0, 0, 0, 0));
  input(r, insn_update(NOT_COVERED, GPA(3), 1, 0, 0, 5));           // U5
  input(r, insn_update(SPA(PAGE_HV) | UINT64_C(1) << 52, GPA(3), 1, 0, 0, 5));
  for (unsigned op = SMASH; op <= READ; op++) {  // P2, R3
    input(r, insn_host(op, NOT_COVERED));
    input(r, insn_host(op, SPA(RANGE) | UINT64_C(1) << 63));
  }
  input(r, insn_host(SMASH, SPA(RANGE + 1)));
  input(r, insn_host(SMASH, SPA(RANGE + 256)));
  fill_large(r, true);
  insn_mark(r, 2, true, RANGE + 511u);  // P3
  const cbit_insn_t i = insn_host(SMASH, SPA(RANGE));
  ends_in_check(r, &i, KIND_PASS, 3, 0);
  input(r, insn_host(SMASH, SPA(RANGE + 1)));  // P2 is first
  rig_free(r);
}

static void test_check_guest(void **state) {
  (void)state;
  rig_t *r = insn_rig(1, 1);
  fill(r);
  const uint64_t spa = SPA(PAGE_GUEST);
  const uint64_t gpa = GPA(PAGE_GUEST);
  cbit_insn_t i = insn_guest(PVAL, spa, gpa, 0, 1);
  i.vmpl = 1;
  i.ec = false;
  ends_in_check(r, &i, KIND_PASS, 2, 0);  // V3, before V6
  input(r, insn_guest(PVAL, spa, gpa, 2, 1));  // V4
  input(r, insn_guest(PVAL, spa, GPA(PAGE_GUEST), 1, 1));
  input(r, insn_guest(ADJ, spa, gpa, 2, 1));  // A3
  input(r, insn_guest(ADJ, spa, gpa, UINT64_C(1) << 32, 1));
  input(r, insn_guest(ADJ, spa, gpa, 1, 1));
  static const uint8_t reserved[] = {13, 14, 15, 17, 18, 40, 62, 63};
  for (unsigned k = 0; k < sizeof reserved; k++) {
    input(r, insn_guest(ADJ, spa, gpa, 0, 1 | UINT64_C(1) << reserved[k]));
  }
  for (unsigned op = ADJ; op <= QUERY; op++) {
    input(r, insn_guest(op, spa, gpa, 0, 4));  // A4, Q3
    input(r, insn_guest(op, spa, gpa, 0, 255));
    i = insn_guest(op, spa, gpa, 0, 1);
    i.vmpl = 2;
    ends_in_check(r, &i, KIND_PASS, 2, 0);  // A5, Q4
  }
  i = insn_guest(ADJ, spa, gpa, 0, 2);
  i.vmpl = 2;
  ends_in_check(r, &i, KIND_PASS, 2, 0);  // A5
  for (unsigned op = PVAL; op <= QUERY; op++) {
    i = insn_guest(op, NOT_COVERED, gpa, 0, 1);
    ends_in_check(r, &i, KIND_NPF, 0, NPF_ERROR);  // V7, A9, Q6
    i.ec = false;
    if (op != QUERY) {
      input(r, i);  // V6, A8
    } else {
      ends_in_check(r, &i, KIND_NPF, 0, NPF_ERROR);
    }
  }
  insn_mark(r, 0, true, PAGE_GUEST);
  insn_mark(r, 3, true, RANGE + 77u);
  for (unsigned op = PVAL; op <= ADJ; op++) {
    i = insn_guest(op, spa, gpa, 0, 1);
    ends_in_check(r, &i, KIND_PASS, 3, 0);  // V6b, A8b
    i = insn_guest(op, SPA(RANGE), GPA2, 1, 1);
    ends_in_check(r, &i, KIND_PASS, 3, 0);
    i.ec = false;
    input(r, i);
  }
  rig_free(r);
}

// ---- DECIDE ----

static void decided(rig_t *r, cbit_insn_t i, unsigned code) { (void)ends_in_decide(r, &i, KIND_PASS, code, 0); }

static void test_decide_host(void **state) {
  (void)state;
  rig_t *r = insn_rig(1, 1);
  fill(r);
  // U7 before U8, both before U9
  insn_mark(r, 1, true, PAGE_FIXED);
  entry_set(r, 0, Q1_OWNER(0x3ff, 0), 0);
  decided(r, insn_update(SPA(PAGE_FIXED), GPA(6), 1, 0, 0, 5), 4);
  entry_set(r, 0, Q1_COUNT(11), 0);
  decided(r, insn_update(SPA(PAGE_FIXED), GPA(6), 1, 0, 0, 5), 3);
  insn_mark(r, 1, true, RANGE + 300u);  // the page of the slot is another one now; the 2 MiB form sees all of its range
  decided(r, insn_update(SPA(PAGE_FIXED), GPA(6), 1, 0, 0, 5), 2);  // U9
  decided(r, insn_update(SPA(RANGE), GPA2, 1, 1, 0, 5), 3);
  insn_mark(r, 1, false, 0);
  // U9 by the base entry, U10
  fill_large(r, true);
  decided(r, insn_update(SPA(RANGE + 3), GPA2, 1, 0, 0, 5), 4);
  decided(r, insn_update(SPA(RANGE), GPA2, 1, 0, 0, 5), 4);
  entry_set(r, RANGE, Q1_A | Q1_LARGE | Q1_IMM | Q1_LOCK, 0);
  decided(r, insn_update(SPA(RANGE + 3), GPA2, 1, 0, 0, 5), 2);
  // U11
  entry_set(r, RANGE, Q1_COUNT(1), 0);
  decided(r, insn_update(SPA(RANGE), GPA2, 1, 1, 0, 5), 4);
  entry_set(r, RANGE, Q1_COUNT(1) | Q1_IMM, 0);
  decided(r, insn_update(SPA(RANGE), GPA2, 1, 1, 0, 5), 2);
  // P4, P5, P6
  decided(r, insn_host(SMASH, SPA(RANGE) | 0xabc), 2);
  entry_set(r, RANGE, Q1_IMM | Q1_OWNER(0x3ff, 0), 0);
  decided(r, insn_host(SMASH, SPA(RANGE)), 3);
  entry_set(r, RANGE, Q1_A | Q1_OWNER(5, 0), 0);
  decided(r, insn_host(SMASH, SPA(RANGE)), 4);
  rig_free(r);
}

static void test_scan(void **state) {
  (void)state;
  for (unsigned lanes = 1; lanes <= 4; lanes *= 2) {
    rig_t *r = insn_rig(lanes, 1);
    static const unsigned at[] = {1, 2, 3, 255, 256, 508, 511};
    const cbit_insn_t i = insn_update(SPA(RANGE), GPA2, 1, 1, 0, 5);
    for (unsigned k = 0; k < sizeof at / sizeof at[0]; k++) {
      entry_set(r, RANGE + at[k], Q1_IMM, 0);
      insn_run_t t = no_change(r, &i);
      code_is(&t, 2);  // U11b
      assert_int_equal(t.ans, t.v + 8u + 11u + 512u / lanes + 11u + 4u);
      // an error in an older row, in the same, in a younger one
      const unsigned row = at[k] & ~(lanes - 1u);
      for (int d = -1; d <= 1; d++) {
        const int page = (int)row + d * (int)lanes;
        if (page >= (int)lanes && page < 512) {  // not base's own row: READ would see it
          r->b->bad_from = (uint64_t)(entry_at(r, RANGE + (unsigned)page) - r->b->mem);
          r->b->bad_to = r->b->bad_from + r->b->bus;
          t = no_change(r, &i);
          if (d <= 0) {
            answer_is(&t, KIND_MCE, 0, 0, 0);
          } else {
            code_is(&t, 2);
          }
        }
      }
      r->b->bad_to = 0;
      entry_set(r, RANGE + at[k], 0, 0);
    }
    // of another range: of no interest
    entry_set(r, RANGE - 1u, Q1_IMM, 0);
    insn_run_t t = insn_do(r, &i);
    code_is(&t, 0);
    rig_free(r);
  }
}

static void test_read(void **state) {
  (void)state;
  rig_t *r = insn_rig(2, 1);
  fill(r);
  fill_large(r, true);
  static const struct {
    unsigned page;
    uint64_t gpa;
    uint64_t rest;  // bytes 08h to 0Fh
  } t[] = {{PAGE_GUEST, UINT64_C(0x12349000), UINT64_C(0x500000201)}, {PAGE_FIXED, 0, UINT64_C(0x10200)},
           {RANGE, GPA2, UINT64_C(0x500000301)}, {RANGE + 7, 0, UINT64_C(0x201)}, {0, 0, UINT64_C(0x200)}};
  for (unsigned k = 0; k < sizeof t / sizeof t[0]; k++) {
    const cbit_insn_t i = insn_host(READ, SPA(t[k].page) | 0xfff);
    const insn_run_t run = ends_in_decide(r, &i, KIND_PASS, 0, 0);
    assert_int_equal(bytes_load_le64(run.answer.out), t[k].gpa);
    assert_int_equal(bytes_load_le64(run.answer.out + 8), t[k].rest);
  }
  entry_set(r, 0, 0, 0);
  entry_set(r, 9, Q1_OWNER(0x3ff, 9), 0);
  const cbit_insn_t i = insn_host(READ, SPA(9));
  const insn_run_t run = ends_in_decide(r, &i, KIND_PASS, 0, 0);
  assert_int_equal(bytes_load_le64(run.answer.out), 0x9000);
  assert_int_equal(bytes_load_le64(run.answer.out + 8), UINT64_C(0x3ff00000000));
  rig_free(r);
}

static cbit_insn_t as_vmpl(cbit_insn_t i, unsigned vmpl) {
  i.vmpl = (uint8_t)vmpl;
  return i;
}

static void test_decide_guest(void **state) {
  (void)state;
  rig_t *r = insn_rig(1, 1);
  fill(r);
  fill_large(r, true);
  const uint64_t spa = SPA(PAGE_GUEST);
  const uint64_t gpa = GPA(PAGE_GUEST);
  for (unsigned op = PVAL; op <= QUERY; op++) {
    cbit_insn_t i = insn_guest(op, SPA(PAGE_HV), GPA(PAGE_HV), 0, 1);
    (void)ends_in_decide(r, &i, KIND_NPF, 0, NPF_ERROR);  // GOWN_A
    i = insn_guest(op, spa, gpa, 0, 1);
    i.asid = 6;
    (void)ends_in_decide(r, &i, KIND_NPF, 0, NPF_ERROR);  // GOWN
    i = insn_guest(op, SPA(PAGE_RECLAIM), 0, 0, 1);
    i.asid = 0;
    (void)ends_in_decide(r, &i, KIND_NPF, 0, NPF_ERROR);
    i = insn_guest(op, spa, gpa + 0x1000, 0, 1);
    (void)ends_in_decide(r, &i, KIND_NPF, 0, NPF_ERROR);  // RMAP
    entry_set(r, PAGE_GUEST, q1_guest(PAGE_GUEST, true) | Q1_IMM | Q1_LOCK, MASKS);
    i = insn_guest(op, spa, gpa, 0, 1);
    (void)ends_in_decide(r, &i, KIND_NPF, 0, NPF_ERROR);  // MUT
    entry_set(r, PAGE_GUEST, q1_guest(PAGE_GUEST, true), MASKS);
    if (op != QUERY) {  // V9, A10; V10, A12
      i = insn_guest(op, SPA(RANGE + 3), GPA2 + 0x3000, 0, 1);
      (void)ends_in_decide(r, &i, KIND_NPF, 0, NPF_SIZEM);
      i = insn_guest(op, spa, gpa, 1, 1);
      i.rax = GPA2;  // the GVA is aligned, the page is not
      (void)ends_in_decide(r, &i, KIND_PASS, 6, 0);
    }
    if (op != PVAL) {  // A11, Q7
      i = insn_guest(op, SPA(PAGE_INVALID), GPA(PAGE_INVALID), 0, 1);
      (void)ends_in_decide(r, &i, KIND_VC, 0, 0x404);
    }
  }
  // V9 before V11, A10 before A11
  fill_large(r, false);
  cbit_insn_t i = insn_guest(PVAL, SPA(RANGE + 3), GPA2 + 0x3000, 0, 0);
  (void)ends_in_decide(r, &i, KIND_NPF, 0, NPF_SIZEM);
  i = insn_guest(ADJ, SPA(RANGE + 3), GPA2 + 0x3000, 0, 1);
  (void)ends_in_decide(r, &i, KIND_NPF, 0, NPF_SIZEM);
  fill_large(r, true);
  // V11: EDX[31:1] and RCX[63:32] are ignored
  i = insn_guest(PVAL, spa, gpa, UINT64_C(1) << 32, 0xffffffff);
  const insn_run_t t = no_change(r, &i);
  answer_is(&t, KIND_PASS, 0, 1, 0);
  // A6, A13, A14
  decided(r, as_vmpl(insn_guest(ADJ, spa, gpa, 0, 2 | 1 << 16), 1), 2);
  decided(r, as_vmpl(insn_guest(ADJ, spa, gpa, 0, 2 | 0x1000), 1), 2);  // VMPL1 has no SSS
  decided(r, as_vmpl(insn_guest(ADJ, spa, gpa, 0, 3 | 0x0400), 2), 2);
  decided(r, insn_guest(ADJ, SPA(RANGE), GPA2, 1, 1 | 1 << 16), 1);
  rig_free(r);
}

static void test_query(void **state) {
  (void)state;
  rig_t *r = insn_rig(4, 1);
  fill(r);
  fill_large(r, true);
  entry_set(r, PAGE_GUEST, q1_guest(PAGE_GUEST, true) | Q1_VMSA, UINT64_C(0xffffffffe30f9f1f));
  static const struct {
    unsigned page, target, vmpl;
    uint64_t gpa, rdx, rcx;
  } t[] = {{PAGE_GUEST, 0, 0, GPA(PAGE_GUEST), 0x11f00, 0},      {PAGE_GUEST, 1, 1, GPA(PAGE_GUEST), 0x19f01, 0},
           {PAGE_GUEST, 3, 1, GPA(PAGE_GUEST), 0x1e303, 0},      {RANGE, 2, 0, GPA2, 0x00302, 1},
           {RANGE + 9, 1, 1, GPA2 + 0x9000, 0x00f01, 1}};
  for (unsigned k = 0; k < sizeof t / sizeof t[0]; k++) {
    cbit_insn_t i = insn_guest(QUERY, SPA(t[k].page), t[k].gpa, 77, t[k].target | UINT64_C(0xabcdef00));
    i.vmpl = (uint8_t)t[k].vmpl;
    i.ec = k % 2 == 0;
    const insn_run_t run = ends_in_decide(r, &i, KIND_PASS, 0, 0);
    assert_int_equal(bytes_load_le64(run.answer.out), t[k].rdx);
    assert_int_equal(bytes_load_le64(run.answer.out + 8), t[k].rcx);
  }
  rig_free(r);
}

// ---- what is written ----

typedef struct picture {
  uint8_t mem[BENCH_MEM_BYTES];
} picture_t;

static void pic_entry(picture_t *p, unsigned page, uint64_t q1, uint64_t q2) {
  bytes_store_le64(p->mem + RMP_ENTRIES + 16u * page, q1);
  bytes_store_le64(p->mem + RMP_ENTRIES + 16u * page + 8u, q2);
}

static void pic_counter(picture_t *p, unsigned asid, uint64_t n) { bytes_store_le64(p->mem + RMP_BASE + 8u * asid, n); }

// Code 0, DRAM is as in the picture, and inv was raised once for the range, two cycles after the last B.
static void writes(rig_t *r, picture_t *p, cbit_insn_t i, unsigned items) {
  const uint64_t before = r->b->dram_writes;
  const insn_run_t t = insn_do(r, &i);
  code_is(&t, 0);
  assert_int_equal(r->b->dram_writes - before, items);
  assert_memory_equal(p->mem, r->b->mem, BENCH_MEM_BYTES);
  assert_int_equal(t.invs, 1);
  assert_int_equal(t.inv_page, (i.op <= READ ? i.rax : SPA(i.spa_page)) >> 21);
  assert_int_equal(t.ans, t.inv + 1u);
}

static void test_writes_small(void **state) {
  (void)state;
  for (unsigned lanes = 1; lanes <= 4; lanes *= 2) {
    rig_t *r = insn_rig(lanes, 1);
    picture_t *p = malloc(sizeof *p);
    assert_non_null(p);
    fill(r);
    memcpy(p->mem, r->b->mem, BENCH_MEM_BYTES);
    // a page of the hypervisor for ASID 6: U14 reset, U16, U17
    pic_entry(p, PAGE_HV, Q1_A | Q1_OWNER(6, GPA(PAGE_HV) >> 12), 0x1f);
    pic_entry(p, 0, Q1_COUNT(12), 0);
    pic_counter(p, 6, 1);
    writes(r, p, insn_update(SPA(PAGE_HV) | 0xfff, GPA(PAGE_HV) | 0xabc, 1, 0, 0, 6), 3);
    // the same page, owner and GPA, Immutable: all is kept, and the counter is written with its old value
    pic_entry(p, PAGE_GUEST, q1_guest(PAGE_GUEST, true) | Q1_IMM | Q1_LOCK, MASKS);
    writes(r, p, insn_update(SPA(PAGE_GUEST), GPA(PAGE_GUEST), 1, 0, 1, 5), 2);
    // another GPA, another owner
    pic_entry(p, PAGE_INVALID, Q1_A | Q1_OWNER(6, GPA(9) >> 12), 0x1f);
    pic_counter(p, 5, 99);
    pic_counter(p, 6, 2);
    writes(r, p, insn_update(SPA(PAGE_INVALID), GPA(9), 1, 0, 0, 6), 3);
    pic_entry(p, PAGE_INVALID, Q1_A | Q1_OWNER(6, GPA(10) >> 12), 0x1f);
    writes(r, p, insn_update(SPA(PAGE_INVALID), GPA(10), 1, 0, 0, 6), 2);
    // given back: U13, U16, U17
    pic_entry(p, PAGE_INVALID, 0, 0);
    pic_entry(p, 0, Q1_COUNT(11), 0);
    pic_counter(p, 6, 1);
    writes(r, p, insn_update(SPA(PAGE_INVALID), 0, 0, 0, 0, 0), 3);
    // to the firmware: no GPA, no counter
    pic_entry(p, PAGE_RECLAIM, Q1_A | Q1_IMM | Q1_LOCK, 0x1f);
    writes(r, p, insn_update(SPA(PAGE_RECLAIM), GPA(1), 1, 0, 1, 0), 1);
    // the first page of a range keeps its count
    pic_entry(p, 0, Q1_A | Q1_COUNT(11) | Q1_OWNER(5, GPA(0) >> 12), 0x1f);
    pic_counter(p, 5, 100);
    writes(r, p, insn_update(0, GPA(0), 1, 0, 0, 5), 2);
    pic_entry(p, 0, Q1_COUNT(11), 0);
    pic_counter(p, 5, 99);
    writes(r, p, insn_update(0, 0, 0, 0, 0, 0), 2);
    free(p);
    rig_free(r);
  }
}

static void test_writes_guest(void **state) {
  (void)state;
  for (unsigned lanes = 1; lanes <= 4; lanes *= 2) {
    rig_t *r = insn_rig(lanes, 1);
    picture_t *p = malloc(sizeof *p);
    assert_non_null(p);
    fill(r);
    fill_large(r, false);
    memcpy(p->mem, r->b->mem, BENCH_MEM_BYTES);
    const uint64_t spa = SPA(PAGE_INVALID);
    const uint64_t gpa = GPA(PAGE_INVALID);
    pic_entry(p, PAGE_INVALID, q1_guest(PAGE_INVALID, true), MASKS);
    writes(r, p, insn_guest(PVAL, spa, gpa, 0, 1), 1);
    pic_entry(p, RANGE, Q1_A | Q1_LARGE | Q1_VALID | Q1_OWNER(5, GPA2 >> 12), MASKS);
    writes(r, p, insn_guest(PVAL, SPA(RANGE), GPA2, 1, 1), 1);
    // a page inside the large one: the base entry is written
    pic_entry(p, RANGE, Q1_A | Q1_LARGE | Q1_OWNER(5, GPA2 >> 12), MASKS);
    cbit_insn_t i = insn_guest(PVAL, SPA(RANGE + 5), GPA2 + 0x5000, 1, 0);
    i.rax = GPA2;
    writes(r, p, i, 1);
    // masks and VMSA
    pic_entry(p, PAGE_INVALID, q1_guest(PAGE_INVALID, true) | Q1_VMSA, (MASKS & ~UINT64_C(0xff00)) | 0x0200);
    writes(r, p, insn_guest(ADJ, spa, gpa, 0, 1 | 0x0200 | 1 << 16), 1);
    pic_entry(p, PAGE_INVALID, q1_guest(PAGE_INVALID, true), (MASKS & ~UINT64_C(0xff00)) | 0x0200);
    writes(r, p, insn_guest(ADJ, spa, gpa, 0, 0 | 0x1500), 1);  // VMPL0 on itself: VMSA alone
    pic_entry(p, PAGE_INVALID, q1_guest(PAGE_INVALID, true), (MASKS & ~UINT64_C(0xff00ff00)) | 0x02000200);
    writes(r, p, as_vmpl(insn_guest(ADJ, spa, gpa, 0, 3 | 0x0200), 1), 1);  // WRITE without READ is kept as it is
    writes(r, p, as_vmpl(insn_guest(ADJ, spa, gpa, 0, 3 | 0x0200), 1), 1);  // the same again is written again
    free(p);
    rig_free(r);
  }
}

static void pic_range(picture_t *p, uint64_t q1, uint64_t q2, uint64_t sub) {
  for (unsigned i = 1; i < 512; i++) {
    pic_entry(p, RANGE + i, sub, 0);
  }
  pic_entry(p, RANGE, q1, q2);
}

static void test_writes_large(void **state) {
  (void)state;
  for (unsigned lanes = 1; lanes <= 4; lanes *= 2) {
    rig_t *r = insn_rig(lanes, 1);
    picture_t *p = malloc(sizeof *p);
    assert_non_null(p);
    fill(r);
    bytes_store_le64(counter_at(r, 6), UINT64_MAX - 1u);
    memcpy(p->mem, r->b->mem, BENCH_MEM_BYTES);
    // stale sub entries become Assigned alone; a counter wraps
    entry_set(r, RANGE + 9, Q1_OWNER(5, 9), MASKS);
    pic_range(p, Q1_A | Q1_LARGE | Q1_OWNER(6, GPA2 >> 12), 0x1f, Q1_A);
    pic_counter(p, 6, 510);
    writes(r, p, insn_update(SPA(RANGE), GPA2, 1, 1, 0, 6), 3);
    // another owner
    pic_range(p, Q1_A | Q1_LARGE | Q1_OWNER(5, GPA2 >> 12), 0x1f, Q1_A);
    pic_counter(p, 6, UINT64_MAX - 1u);
    pic_counter(p, 5, 612);
    writes(r, p, insn_update(SPA(RANGE), GPA2, 1, 1, 0, 5), 4);
    // PSMASH: P7, P8, with a carry out of the GPA
    const uint64_t kept = Q1_A | Q1_VALID | Q1_VMSA;
    entry_set(r, RANGE, kept | Q1_LARGE | Q1_LOCK | Q1_COUNT(7) | Q1_OWNER(5, TOP_PAGE), MASKS);
    for (unsigned i = 0; i < 512; i++) {
      pic_entry(p, RANGE + i, kept | Q1_OWNER(5, (TOP_PAGE + i) & UINT64_C(0x7fffffffff)), MASKS);
    }
    pic_entry(p, RANGE, kept | Q1_COUNT(511) | Q1_OWNER(5, TOP_PAGE), MASKS);
    writes(r, p, insn_host(SMASH, SPA(RANGE)), 2);
    // given back from a large page
    entry_set(r, RANGE, Q1_A | Q1_LARGE | Q1_OWNER(5, GPA2 >> 12), MASKS);
    pic_range(p, 0, 0, 0);
    pic_counter(p, 5, 100);
    writes(r, p, insn_update(SPA(RANGE), 0, 0, 1, 0, 0), 3);
    // the base page was assigned as a page of 4 KiB, with the same ASID: 100 - 1 + 512
    entry_set(r, RANGE, Q1_A | Q1_OWNER(5, GPA2 >> 12), MASKS);
    pic_range(p, Q1_A | Q1_LARGE | Q1_OWNER(5, GPA2 >> 12), 0x1f, Q1_A);
    pic_counter(p, 5, 611);
    writes(r, p, insn_update(SPA(RANGE), GPA2, 1, 1, 0, 5), 3);
    // to the firmware: no counter but the old one's
    pic_range(p, Q1_A | Q1_LARGE | Q1_IMM | Q1_LOCK, 0x1f, Q1_A);
    pic_counter(p, 5, 99);
    writes(r, p, insn_update(SPA(RANGE), 0x1000, 1, 1, 1, 0), 3);
    free(p);
    rig_free(r);
  }
}

// ---- errors ----

static void bad_entry(rig_t *r, unsigned page) {
  r->b->bad_from = (uint64_t)(entry_at(r, page) - r->b->mem) & ~(uint64_t)(r->b->bus - 1u);
  r->b->bad_to = r->b->bad_from + r->b->bus;
}

static void test_read_errors(void **state) {
  (void)state;
  rig_t *r = insn_rig(1, 1);
  fill(r);
  for (unsigned op = 0; op <= QUERY; op++) {
    for (unsigned page = 0; page <= PAGE_FIXED; page += PAGE_FIXED) {  // base, own
      const uint64_t spa = op == SMASH ? 0 : SPA(PAGE_FIXED);
      cbit_insn_t i = insn_guest(op, spa, GPA(PAGE_FIXED), 0, 1);
      if (op <= READ) {
        i = op == UPDATE ? insn_update(spa, GPA(PAGE_FIXED), 1, 0, 0, 5) : insn_host(op, spa);
      }
      bad_entry(r, op == SMASH ? 0 : page);
      (void)ends_in_decide(r, &i, KIND_MCE, 0, 0);  // before U9 and all the others
    }
  }
  r->b->bad_to = 0;
  decided(r, insn_update(SPA(PAGE_FIXED), GPA(PAGE_FIXED), 1, 0, 0, 5), 2);  // the error is forgotten
  for (unsigned asid = 5; asid <= 6; asid++) {  // COUNT
    r->b->bad_from = (uint64_t)(counter_at(r, asid) - r->b->mem) & ~UINT64_C(15);
    r->b->bad_to = r->b->bad_from + 16u;
    const cbit_insn_t i = insn_update(SPA(PAGE_GUEST), GPA(PAGE_GUEST), 1, 0, 0, 6);
    const insn_run_t t = no_change(r, &i);
    answer_is(&t, KIND_MCE, 0, 0, 0);
  }
  r->b->bad_to = 0;
  const cbit_insn_t i = insn_update(SPA(PAGE_GUEST), GPA(PAGE_GUEST), 1, 0, 0, 6);
  const insn_run_t t = insn_do(r, &i);
  code_is(&t, 0);
  rig_free(r);
}

// A B with an error: the others go on, INV is done, the answer is MCE.
static void test_write_errors(void **state) {
  (void)state;
  for (unsigned page = 100; page <= 400; page += 300) {
    rig_t *r = insn_rig(1, 1);
    fill_large(r, true);
    bad_entry(r, RANGE + page);
    const cbit_insn_t smash = insn_host(SMASH, SPA(RANGE));
    insn_run_t t = insn_do(r, &smash);
    answer_is(&t, KIND_MCE, 0, 0, 0);
    assert_int_equal(t.invs, 1);
    entry_is(r, RANGE + 511, Q1_A | Q1_VALID | Q1_OWNER(5, (GPA2 >> 12) + 511), MASKS);
    r->b->bad_to = 0;
    const cbit_insn_t next = insn_guest(PVAL, SPA(RANGE + 7), GPA2 + 0x7000, 0, 0);
    t = insn_do(r, &next);
    code_is(&t, 0);  // the error is forgotten
    rig_free(r);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_check_all),    cmocka_unit_test(test_check_host),   cmocka_unit_test(test_check_guest),
      cmocka_unit_test(test_decide_host),  cmocka_unit_test(test_scan),         cmocka_unit_test(test_read),
      cmocka_unit_test(test_decide_guest), cmocka_unit_test(test_query),        cmocka_unit_test(test_writes_small),
      cmocka_unit_test(test_writes_guest), cmocka_unit_test(test_writes_large), cmocka_unit_test(test_read_errors),
      cmocka_unit_test(test_write_errors)};
  return cmocka_run_group_tests_name("cyc_rmp_insn", tests, NULL, NULL);
}
