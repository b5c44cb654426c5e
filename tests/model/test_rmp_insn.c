// SPDX-License-Identifier: Apache-2.0
//
// test_rmp_insn.c - the RMP instructions of docs/rmp.md section 5 on a small table
//
// A table for 4 MiB (two ranges of 2 MiB) in an array of bytes. The many single cases stand in tests/vectors/rmp; here are
// the instruction rows of the worked table (section 4.9), stories over several instructions, and what vectors cannot
// show: tables that cannot be read, and that nothing is written before all is read.

#include "cbit_rmp.h"
#include "vec.h"

#define BASE UINT64_C(0x100000)
#define BYTES 0x8000u

typedef struct world {
  uint8_t bytes[BYTES];
  cbit_rmp_param_t param;
  cbit_rmp_cfg_t cfg;
  cbit_rmp_mem_t mem;
  uint64_t in_use;      // page, or all ones for none
  unsigned reads_left;  // reads until an error
  unsigned writes;
  cbit_rmp_result_t r;
} world_t;

static uint8_t *at(world_t *w, uint64_t addr, unsigned n) {
  assert_true(addr >= BASE && addr + n <= BASE + BYTES && addr % n == 0);
  return &w->bytes[addr - BASE];
}

static int read_fails(world_t *w) {
  if (w->reads_left == 0) return 1;
  w->reads_left--;
  return 0;
}

static int read16(void *ctx, uint64_t addr, uint8_t raw[16]) {
  world_t *w = ctx;
  memcpy(raw, at(w, addr, 16), 16);
  return read_fails(w);
}

static void write16(void *ctx, uint64_t addr, const uint8_t raw[16]) {
  world_t *w = ctx;
  memcpy(at(w, addr, 16), raw, 16);
  w->writes++;
}

static int read8(void *ctx, uint64_t addr, uint64_t *value) {
  world_t *w = ctx;
  const uint8_t *p = at(w, addr, 8);
  *value = 0;
  for (unsigned i = 0; i < 8; i++) *value |= (uint64_t)p[i] << (8 * i);
  return read_fails(w);
}

static void write8(void *ctx, uint64_t addr, uint64_t value) {
  world_t *w = ctx;
  uint8_t *p = at(w, addr, 8);
  for (unsigned i = 0; i < 8; i++) p[i] = (uint8_t)(value >> (8 * i));
  w->writes++;
}

static int in_use(void *ctx, uint64_t spa, uint64_t bytes) {
  const world_t *w = ctx;
  return w->in_use >= spa && w->in_use - spa < bytes;
}

static void setup(world_t *w) {
  memset(w, 0, sizeof *w);
  cbit_rmp_param_init(&w->param);
  w->cfg = (cbit_rmp_cfg_t){.rmp_base = BASE, .rmp_end = BASE + BYTES - 1, .snp_en = 1, .vmpl_en = 1, .iommu_snp = 1};
  w->mem = (cbit_rmp_mem_t){w, read16, write16, read8, write8, in_use};
  w->in_use = UINT64_MAX;
  w->reads_left = 1000000;
}

static void put(world_t *w, uint64_t spa, uint64_t q1, uint64_t q2) {
  uint8_t *p = at(w, BASE + 0x4000 + (spa >> 12) * 16, 16);
  for (unsigned i = 0; i < 8; i++) {
    p[i] = (uint8_t)(q1 >> (8 * i));
    p[8 + i] = (uint8_t)(q2 >> (8 * i));
  }
}

static void expect_entry(world_t *w, uint64_t spa, uint64_t q1, uint64_t q2) {
  uint64_t got[2] = {0, 0};
  const uint8_t *p = at(w, BASE + 0x4000 + (spa >> 12) * 16, 16);
  for (unsigned i = 0; i < 16; i++) got[i / 8] |= (uint64_t)p[i] << (8 * (i % 8));
  assert_int_equal(got[0], q1);
  assert_int_equal(got[1], q2);
}

static void expect_counter(world_t *w, unsigned asid, uint64_t want) {
  uint64_t got;
  (void)read8(w, BASE + 8 * asid, &got);
  assert_int_equal(got, want);
}

static void expect_code(const world_t *w, cbit_rmp_code_t code, unsigned cf) {
  assert_int_equal(w->r.kind, CBIT_RMP_PASS);
  assert_int_equal(w->r.code, code);
  assert_int_equal(w->r.cf, cf);
  assert_int_equal(w->r.zf, code == 0);
}

// RMPUPDATE with operand {gpa, assigned, size, immutable, asid}.
static void update(world_t *w, uint64_t spa, uint64_t gpa, unsigned assigned, unsigned size, unsigned immutable, uint32_t asid) {
  cbit_rmp_host_insn_t insn = {.rax = spa};
  for (unsigned i = 0; i < 8; i++) insn.operand[i] = (uint8_t)(gpa >> (8 * i));
  insn.operand[8] = (uint8_t)assigned;
  insn.operand[9] = (uint8_t)size;
  insn.operand[10] = (uint8_t)immutable;
  for (unsigned i = 0; i < 4; i++) insn.operand[12 + i] = (uint8_t)(asid >> (8 * i));
  cbit_rmp_rmpupdate(&w->param, &w->cfg, &w->mem, &insn, &w->r);
}

static void smash(world_t *w, uint64_t spa) {
  const cbit_rmp_host_insn_t insn = {.rax = spa};
  cbit_rmp_psmash(&w->param, &w->cfg, &w->mem, &insn, &w->r);
}

static cbit_rmp_guest_insn_t guest(uint64_t spa, uint64_t gpa, uint64_t rcx, uint64_t rdx) {
  const cbit_rmp_guest_insn_t insn = {.gva = gpa, .rcx = rcx, .rdx = rdx, .spa = spa, .gpa = gpa, .asid = 5, .ec = 1, .snp_active = 1};
  return insn;
}

static void pvalidate(world_t *w, uint64_t spa, uint64_t gpa, unsigned size, unsigned value) {
  const cbit_rmp_guest_insn_t insn = guest(spa, gpa, size, value);
  cbit_rmp_pvalidate(&w->param, &w->cfg, &w->mem, &insn, &w->r);
}

static void adjust(world_t *w, uint64_t spa, uint64_t gpa, unsigned size, unsigned vmpl, uint64_t rdx) {
  cbit_rmp_guest_insn_t insn = guest(spa, gpa, size, rdx);
  insn.vmpl = (uint8_t)vmpl;
  cbit_rmp_rmpadjust(&w->param, &w->cfg, &w->mem, &insn, &w->r);
}

// ---- rows 35..40 and 43 of the worked table ----

static void test_worked(void **state) {
  (void)state;
  world_t w;
  setup(&w);
  put(&w, 0x200000, 0x4028000040000003, 0x1f);  // G(2M)
  put(&w, 0x45000, 0x4028000012345001, 0x1f);   // G(4K)
  put(&w, 0x46000, 0x0028000012346001, 0x1f);   // GI(4K)
  put(&w, 0x47000, 4, 0);                       // HVF
  put(&w, 0x0, 2 << 3, 0);
  pvalidate(&w, 0x203000, 0x40003000, 0, 1);  // 35
  assert_int_equal(w.r.kind, CBIT_RMP_NPF);
  assert_int_equal(w.r.exitinfo1, 0xd80000005);
  assert_int_equal(w.r.exitinfo2, 0x40003000);
  const cbit_rmp_guest_insn_t two = {.rcx = 1, .rdx = 1, .spa = 0x45000, .gpa = 0x12345000, .asid = 5, .ec = 1, .snp_active = 1};
  cbit_rmp_pvalidate(&w.param, &w.cfg, &w.mem, &two, &w.r);  // 36
  expect_code(&w, CBIT_RMP_FAIL_SIZEMISMATCH, 0);
  pvalidate(&w, 0x45000, 0x12345000, 0, 1);  // 37
  expect_code(&w, CBIT_RMP_SUCCESS, 1);
  assert_int_equal(w.r.changed, 0);
  pvalidate(&w, 0x46000, 0x12346000, 0, 1);  // 38
  expect_code(&w, CBIT_RMP_SUCCESS, 0);
  assert_int_equal(w.r.changed, 1);
  expect_entry(&w, 0x46000, 0x4028000012346001, 0x1f);
  assert_int_equal(w.writes, 1);
  update(&w, 0x47000, 0x1000, 1, 0, 0, 5);  // 39
  expect_code(&w, CBIT_RMP_FAIL_PERMISSION, 0);
  w.in_use = 0x45000;
  update(&w, 0x45000, 0, 0, 0, 0, 0);  // 43
  expect_code(&w, CBIT_RMP_FAIL_INUSE, 0);
  w.in_use = UINT64_MAX;
  update(&w, 0x45000, 0, 0, 0, 0, 0);  // 40
  expect_code(&w, CBIT_RMP_SUCCESS, 0);
  expect_entry(&w, 0x45000, 0, 0);
  expect_entry(&w, 0x0, 1 << 3, 0);
}

// ---- the life of a page: assign, validate, share out, smash, give back ----

static void test_life(void **state) {
  (void)state;
  world_t w;
  setup(&w);
  update(&w, 0x200000, 0x40000000, 1, 1, 0, 5);
  expect_code(&w, CBIT_RMP_SUCCESS, 0);
  expect_entry(&w, 0x200000, 0x0028000040000003, 0x1f);
  expect_entry(&w, 0x201000, 1, 0);
  expect_entry(&w, 0x3ff000, 1, 0);
  expect_counter(&w, 5, 512);
  pvalidate(&w, 0x200000, 0x40000000, 1, 1);
  expect_code(&w, CBIT_RMP_SUCCESS, 0);
  adjust(&w, 0x200000, 0x40000000, 1, 0, 2 | 0x300);  // VMPL2: read, write
  expect_code(&w, CBIT_RMP_SUCCESS, 0);
  expect_entry(&w, 0x200000, 0x4028000040000003, 0x0003001f);
  smash(&w, 0x200abc);
  expect_code(&w, CBIT_RMP_SUCCESS, 0);
  expect_entry(&w, 0x200000, 0x4028000040000ff9, 0x0003001f);
  expect_entry(&w, 0x3ff000, 0x40280000401ff001, 0x0003001f);
  expect_counter(&w, 5, 512);
  smash(&w, 0x200000);
  expect_code(&w, CBIT_RMP_FAIL_BADADDR, 0);
  update(&w, 0x3ff000, 0, 0, 0, 0, 0);
  expect_code(&w, CBIT_RMP_SUCCESS, 0);
  expect_entry(&w, 0x3ff000, 0, 0);
  expect_entry(&w, 0x200000, 0x4028000040000ff1, 0x0003001f);
  expect_counter(&w, 5, 511);
  update(&w, 0x201000, 0x40001000, 1, 0, 1, 5);  // same page: kept, becomes Pre-Swap
  expect_entry(&w, 0x201000, 0xc028000040001005, 0x0003001f);
  expect_counter(&w, 5, 511);
  update(&w, 0x202000, 0x40009000, 1, 0, 0, 6);  // another owner: forgotten
  expect_entry(&w, 0x202000, 0x0030000040009001, 0x1f);
  expect_counter(&w, 5, 510);
  expect_counter(&w, 6, 1);
}

// ---- RMPADJUST and RMPQUERY ----

static void test_levels(void **state) {
  (void)state;
  static const struct {
    unsigned vmpl;
    uint64_t rdx;
    cbit_rmp_code_t code;
    uint64_t mask;  // quadword 2 afterwards
  } t[] = {{0, 1 | 0x1f00, CBIT_RMP_SUCCESS, 0x070f1f1f},          // all to VMPL1
           {1, 2 | 0x0300, CBIT_RMP_SUCCESS, 0x07030f1f},          // less than it has
           {1, 2 | 0x1f00, CBIT_RMP_FAIL_PERMISSION, 0x070f0f1f},  // more than it has
           {1, 1 | 0x0100, CBIT_RMP_FAIL_PERMISSION, 0x070f0f1f},  // itself
           {2, 1 | 0x0100, CBIT_RMP_FAIL_PERMISSION, 0x070f0f1f},  // a stronger one
           {0, 0 | 0x0100, CBIT_RMP_SUCCESS, 0x070f0f1f},          // VMPL0 on itself: masks stay
           {0, 4 | 0x0100, CBIT_RMP_FAIL_INPUT, 0x070f0f1f},       // no such level
           {1, 3 | 0x0100 | 1 << 16, CBIT_RMP_FAIL_PERMISSION, 0x070f0f1f},
           {0, 3 | 0x2000, CBIT_RMP_FAIL_INPUT, 0x070f0f1f}};
  for (unsigned i = 0; i < sizeof t / sizeof t[0]; i++) {
    world_t w;
    setup(&w);
    put(&w, 0x1000, 0x4028000012345001, 0x070f0f1f);
    adjust(&w, 0x1000, 0x12345000, 0, t[i].vmpl, t[i].rdx);
    expect_code(&w, t[i].code, 0);
    expect_entry(&w, 0x1000, 0x4028000012345001, t[i].mask);
  }
  world_t w;
  setup(&w);
  put(&w, 0x1000, 0x4028000012345001, 0x070f0f1f);
  adjust(&w, 0x1000, 0x12345000, 0, 0, 0 | 1 << 16);  // VMSA bit at VMPL0 on itself
  expect_entry(&w, 0x1000, 0x6028000012345001, 0x070f0f1f);
  cbit_rmp_guest_insn_t insn = guest(0x1000, 0x12345000, 77, 0xabcdef03);
  insn.vmpl = 1;
  cbit_rmp_rmpquery(&w.param, &w.cfg, &w.mem, &insn, &w.r);
  expect_code(&w, CBIT_RMP_SUCCESS, 0);
  assert_int_equal(w.r.rdx, 0x10703);
  assert_int_equal(w.r.rcx, 0);
  insn.rdx = 0;
  cbit_rmp_rmpquery(&w.param, &w.cfg, &w.mem, &insn, &w.r);
  expect_code(&w, CBIT_RMP_FAIL_PERMISSION, 0);
  assert_int_equal(w.r.rcx, 77);
}

// ---- tables that cannot be read ----

typedef void (*act_fn)(world_t *w);
static void act_update(world_t *w) { update(w, 0x200000, 0x40000000, 1, 1, 0, 6); }
static void act_update_4k(world_t *w) { update(w, 0x1000, 0x40000000, 1, 0, 0, 6); }
static void act_smash(world_t *w) { smash(w, 0x200000); }
static void act_pvalidate(world_t *w) { pvalidate(w, 0x1000, 0x12345000, 0, 0); }
static void act_adjust(world_t *w) { adjust(w, 0x1000, 0x12345000, 0, 0, 1); }
static void act_query(world_t *w) {
  const cbit_rmp_guest_insn_t insn = guest(0x1000, 0x12345000, 0, 0);
  cbit_rmp_rmpquery(&w->param, &w->cfg, &w->mem, &insn, &w->r);
}
static void act_read(world_t *w) {
  const cbit_rmp_host_insn_t insn = {.rax = 0x1000};
  cbit_rmp_rmpread(&w->param, &w->cfg, &w->mem, &insn, &w->r);
}

static void test_read_errors(void **state) {
  (void)state;
  static const act_fn act[] = {act_update, act_update_4k, act_smash, act_pvalidate, act_adjust, act_query, act_read};
  for (unsigned a = 0; a < sizeof act / sizeof act[0]; a++) {
    unsigned n = 0;
    for (;; n++) {
      world_t w;
      setup(&w);
      w.mem.in_use = NULL;
      put(&w, 0x0, 1 << 3, 0);
      put(&w, 0x1000, 0x4028000012345001, 0x1f);
      put(&w, 0x200000, act[a] == act_smash ? 0x4028000040000003 : 0, 0);
      w.reads_left = n;
      act[a](&w);
      if (w.r.kind == CBIT_RMP_PASS) {
        assert_int_equal(w.r.code, CBIT_RMP_SUCCESS);
        break;
      }
      assert_int_equal(w.r.kind, CBIT_RMP_MCE);
      assert_int_equal(w.writes, 0);
      assert_int_equal(w.r.changed, 0);
    }
    assert_true(n > 0);
  }
}

// Refusals that need no table do not read it.
static void test_early_refusals(void **state) {
  (void)state;
  world_t w;
  setup(&w);
  w.reads_left = 0;
  w.cfg.snp_en = 0;
  act_read(&w);
  assert_int_equal(w.r.kind, CBIT_RMP_UD);
  act_query(&w);
  assert_int_equal(w.r.kind, CBIT_RMP_UD);
  w.cfg.snp_en = 1;
  const cbit_rmp_host_insn_t user = {.rax = 0x1000, .cpl = 3};
  cbit_rmp_rmpread(&w.param, &w.cfg, &w.mem, &user, &w.r);
  assert_int_equal(w.r.kind, CBIT_RMP_GP);
  const cbit_rmp_host_insn_t locked = {.rax = 0x1000, .lock_held = 1};
  cbit_rmp_rmpread(&w.param, &w.cfg, &w.mem, &locked, &w.r);
  expect_code(&w, CBIT_RMP_FAIL_INUSE, 0);
  cbit_rmp_rmpupdate(&w.param, &w.cfg, &w.mem, &locked, &w.r);
  expect_code(&w, CBIT_RMP_FAIL_INUSE, 0);
  update(&w, 0x400000, 0, 0, 0, 0, 0);
  expect_code(&w, CBIT_RMP_FAIL_INPUT, 0);
  w.param.pvalidate_vmpl_gp = 1;
  cbit_rmp_guest_insn_t insn = guest(0x1000, 0x12345000, 0, 1);
  insn.vmpl = 1;
  cbit_rmp_pvalidate(&w.param, &w.cfg, &w.mem, &insn, &w.r);
  assert_int_equal(w.r.kind, CBIT_RMP_GP);
  w.cfg.vmpl_en = 0;  // the level counts as 0
  w.reads_left = 9;
  cbit_rmp_pvalidate(&w.param, &w.cfg, &w.mem, &insn, &w.r);
  assert_int_equal(w.r.kind, CBIT_RMP_NPF);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_worked),      cmocka_unit_test(test_life),
                                     cmocka_unit_test(test_levels),      cmocka_unit_test(test_read_errors),
                                     cmocka_unit_test(test_early_refusals)};
  return cmocka_run_group_tests_name("rmp_insn", tests, NULL, NULL);
}
