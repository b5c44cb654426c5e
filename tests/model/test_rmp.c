// SPDX-License-Identifier: Apache-2.0
//
// test_rmp.c - the worked tables of docs/rmp.md: geometry, entries, states, decisions, effective C-bit and keys
//
// Each table of the page stands here once more as data, written by hand; test_rmp_insn.c has the instructions,
// test_rmp_table.c the whole decision table.

#include "cbit_rmp.h"
#include "util/bytes.h"
#include "vec.h"

static void raw_of(uint64_t q1, uint64_t q2, uint8_t raw[16]) {
  bytes_store_le64(raw, q1);
  bytes_store_le64(raw + 8, q2);
}

static cbit_rmp_entry_t entry_of(uint64_t q1, uint64_t q2) {
  uint8_t raw[16];
  cbit_rmp_entry_t e;
  raw_of(q1, q2, raw);
  cbit_rmp_entry_decode(raw, &e);
  return e;
}

// ---- section 1: geometry ----

static void test_contiguous(void **state) {
  (void)state;
  static const struct {
    uint64_t base, end, spa;
    int covered;
    uint64_t addr;
  } t[] = {{0x100000000, 0x1100fffff, 0x0, 1, 0x100004000},
           {0x100000000, 0x1100fffff, 0xfff, 1, 0x100004000},
           {0x100000000, 0x1100fffff, 0x1000, 1, 0x100004010},
           {0x100000000, 0x1100fffff, 0x200000, 1, 0x100006000},
           {0x100000000, 0x1100fffff, 0x100000000, 1, 0x101004000},
           {0x100000000, 0x1100fffff, 0x100fbff000, 1, 0x1100ffff0},
           {0x100000000, 0x1100fffff, 0x100fc00000, 0, 0x110100000},
           {0x100000, 0x1103fff, 0x0, 1, 0x104000},
           {0x100000, 0x1103fff, 0xfffff000, 1, 0x1103ff0},
           {0x100000, 0x1103fff, 0x100000000, 0, 0x1104000},
           {0x100000, 0x1102000, 0xffffffff, 1, 0x1103ff0},    // bits 12:0 of RMP_END are ones
           {0x101fff, 0x1103fff, 0x1000, 1, 0x104010},         // bits 12:0 of RMP_BASE are zeros
           {0x100000, 0x1103fff, UINT64_C(1) << 63, 0, 0}};    // not an SPA
  for (unsigned i = 0; i < sizeof t / sizeof t[0]; i++) {
    const cbit_rmp_cfg_t cfg = {.rmp_base = t[i].base, .rmp_end = t[i].end};
    uint64_t addr;
    assert_int_equal(cbit_rmp_entry_addr(&cfg, t[i].spa, &addr), t[i].covered);
    if (t[i].addr != 0) assert_int_equal(addr, t[i].addr);
  }
  const cbit_rmp_cfg_t cfg = {.rmp_base = 0x100000, .rmp_end = 0x1103fff};
  assert_int_equal(cbit_rmp_counter_addr(&cfg, 0), 0x100000);
  assert_int_equal(cbit_rmp_counter_addr(&cfg, 1006), 0x101f70);
}

// A memory of 512 segment-table entries at 0x104000.
static int rst_read8(void *ctx, uint64_t addr, uint64_t *value) {
  const uint64_t *rst = ctx;
  assert_true(addr >= 0x104000 && addr < 0x105000 && addr % 8 == 0);
  *value = rst[(addr - 0x104000) / 8];
  return *value == 0xdead ? 1 : 0;
}

static void test_segmented(void **state) {
  (void)state;
  uint64_t rst[512] = {0};
  uint64_t addr;
  const cbit_rmp_mem_t mem = {.ctx = rst, .read8 = rst_read8};
  cbit_rmp_cfg_t cfg = {.rmp_base = 0x100000, .segmented = 1, .segment_shift = 36};
  // the worked example: shift 36, SPA 90_0080_0000h: entry 9, index 800h
  rst[9] = UINT64_C(0x4000000000) | 64;
  assert_int_equal(cbit_rmp_rst_addr(&cfg, 0x9000800000, &addr), 1);
  assert_int_equal(addr, 0x104000 + 9 * 8);
  assert_int_equal(cbit_rmp_find(&cfg, &mem, 0x9000800000, &addr), 1);
  assert_int_equal(addr, 0x4000000000 + 0x800 * 16);
  // covered size in GiB: 63 GiB of the segment, then not
  rst[9] = UINT64_C(0x4000000000) | 63;
  assert_int_equal(cbit_rmp_find(&cfg, &mem, UINT64_C(0x9fbffff000), &addr), 1);
  assert_int_equal(cbit_rmp_find(&cfg, &mem, UINT64_C(0x9fc0000000), &addr), 0);
  // size 0: not covered; more than the segment: all of it
  assert_int_equal(cbit_rmp_find(&cfg, &mem, UINT64_C(0xa000000000), &addr), 0);
  rst[9] = UINT64_C(0x4000000000) | 0xfffff;
  assert_int_equal(cbit_rmp_find(&cfg, &mem, UINT64_C(0x9ffffff000), &addr), 1);
  assert_int_equal(addr, UINT64_C(0x4000000000) + UINT64_C(0xffffff) * 16);
  // beyond the 512 entries, beyond an SPA, an unreadable table
  assert_int_equal(cbit_rmp_find(&cfg, &mem, UINT64_C(512) << 36, &addr), 0);
  assert_int_equal(cbit_rmp_find(&cfg, &mem, UINT64_C(1) << 52, &addr), 0);
  rst[3] = 0xdead;
  assert_int_equal(cbit_rmp_find(&cfg, &mem, UINT64_C(3) << 36, &addr), -1);
  cbit_rmp_view_t view;
  cbit_rmp_view_load(&cfg, &mem, UINT64_C(3) << 36, &view);
  assert_int_equal(view.error, 1);
}

// ---- sections 2 and 3: entries and states ----

static void test_entries(void **state) {
  (void)state;
  static const struct {
    uint64_t q1, q2;
    cbit_rmp_state_t state;
    unsigned assigned, size, asid, subpages, vmsa;
    uint64_t gpa;  // byte address
  } t[] = {{0x6010fffffffff001, 0x1f, CBIT_RMP_GUEST_VALID, 1, 0, 2, 0, 1, 0xfffffffff000},
           {0x8000000000000ffd, 0x0f, CBIT_RMP_FIRMWARE, 1, 0, 0, 511, 0, 0},
           {0x80000000000007fd, 0, CBIT_RMP_FIRMWARE, 1, 0, 0, 255, 0, 0},
           {0x8000000000000005, 0, CBIT_RMP_FIRMWARE, 1, 0, 0, 0, 0, 0},
           {0xa000000000000005, 0, CBIT_RMP_CONTEXT, 1, 0, 0, 0, 1, 0},
           {0x0000000000000001, 0x77, CBIT_RMP_RECLAIM, 1, 0, 0, 0, 0, 0},
           {0x0000000000000004, 0, CBIT_RMP_HV_FIXED, 0, 0, 0, 0, 0, 0},
           {0x8002000000001005, 0, CBIT_RMP_FIRMWARE_IOMMU, 1, 0, 0, 0, 0, 0x2000000001000},
           {0x8001007654321005, 0, CBIT_RMP_METADATA, 1, 0, 0, 0, 0, 0x1007654321000},
           {0x0028000012345001, 0x1f, CBIT_RMP_GUEST_INVALID, 1, 0, 5, 0, 0, 0x12345000},
           {0x4028000012345001, 0x1f, CBIT_RMP_GUEST_VALID, 1, 0, 5, 0, 0, 0x12345000},
           {0x8028000012345005, 0x1f, CBIT_RMP_PRE_GUEST, 1, 0, 5, 0, 0, 0x12345000},
           {0xc028000012345005, 0x1f, CBIT_RMP_PRE_SWAP, 1, 0, 5, 0, 0, 0x12345000},
           {0x4028000040000003, 0x1f, CBIT_RMP_GUEST_VALID, 1, 1, 5, 0, 0, 0x40000000},
           {0, 0, CBIT_RMP_HYPERVISOR, 0, 0, 0, 0, 0, 0},
           {0x0028000000000000, 0, CBIT_RMP_INVALID, 0, 0, 5, 0, 0, 0},
           {0x4000000000000001, 0, CBIT_RMP_INVALID, 1, 0, 0, 0, 0, 0}};
  for (unsigned i = 0; i < sizeof t / sizeof t[0]; i++) {
    uint8_t raw[16];
    uint8_t back[16];
    const cbit_rmp_entry_t e = entry_of(t[i].q1, t[i].q2);
    assert_int_equal(e.assigned, t[i].assigned);
    assert_int_equal(e.page_size, t[i].size);
    assert_int_equal(e.asid, t[i].asid);
    assert_int_equal(e.subpage_count, t[i].subpages);
    assert_int_equal(e.vmsa, t[i].vmsa);
    assert_int_equal(e.gpa_page << 12, t[i].gpa);
    assert_int_equal(e.mask[0], t[i].q2 & 0xff);
    assert_int_equal(cbit_rmp_state(1, &e), t[i].state);
    assert_int_equal(cbit_rmp_state(0, &e), CBIT_RMP_DEFAULT);
    assert_int_equal(cbit_rmp_owner(0, &e), CBIT_RMP_OWNER_HV);
    raw_of(t[i].q1, t[i].q2, raw);
    cbit_rmp_entry_encode(&e, back);
    assert_memory_equal(raw, back, 16);
  }
}

static void test_round_trip(void **state) {
  (void)state;
  uint64_t seed = 0x5eed0071;
  for (unsigned i = 0; i < 100000; i++) {
    uint8_t raw[16];
    uint8_t back[16];
    cbit_rmp_entry_t e;
    vec_random_bytes(&seed, raw, 16);
    cbit_rmp_entry_decode(raw, &e);
    cbit_rmp_entry_encode(&e, back);
    assert_memory_equal(raw, back, 16);
  }
}

static void test_names(void **state) {
  (void)state;
  assert_string_equal(cbit_rmp_state_name(CBIT_RMP_GUEST_VALID), "GUEST_VALID");
  assert_string_equal(cbit_rmp_state_name((cbit_rmp_state_t)13), "?");
  assert_string_equal(cbit_rmp_row_name(CBIT_RMP_ROW_17A), "17a");
  assert_string_equal(cbit_rmp_row_name(CBIT_RMP_ROW_23), "23");
  assert_string_equal(cbit_rmp_row_name(CBIT_RMP_ROW_COUNT), "?");
  assert_string_equal(cbit_rmp_why_name(CBIT_RMP_WHY_READ), "READ");
  assert_string_equal(cbit_rmp_why_name(CBIT_RMP_WHY_COUNT), "?");
  assert_string_equal(cbit_rmp_verdict_name(CBIT_RMP_UD), "UD");
}

// ---- section 4.9: worked decisions ----

enum { HV, HVF, UNC, G4, G4_MASK2, GI, PG, G2, FW, BASE_OF_ONE, UNDER_ONE, G4_VMSA, SHAPES };

// Entries of the page and of its range.
static void view_of(unsigned shape, cbit_rmp_view_t *v) {
  static const struct {
    uint64_t own1, own2, base1, base2;
  } t[SHAPES] = {[HV] = {0, 0, 0, 0},
                 [HVF] = {4, 0, 0, 0},
                 [UNC] = {0x4028000012345001, 0x1f, 0, 0},  // must not count
                 [G4] = {0x4028000012345001, 0x0001031f, 8, 0},
                 [G4_MASK2] = {0x4028000012345001, 0x0001021f, 8, 0},
                 [GI] = {0x0028000012345001, 0x0001031f, 8, 0},
                 [PG] = {0x8028000012345005, 0x0001031f, 8, 0},
                 [G2] = {1, 0, 0x4028000040000003, 0x1f},
                 [FW] = {0x8000000000000005, 0, 8, 0},
                 [BASE_OF_ONE] = {8, 0, 8, 0},
                 [UNDER_ONE] = {0, 0, 8, 0},
                 [G4_VMSA] = {0x6028000012345001, 0x1f, 8, 0}};
  memset(v, 0, sizeof *v);
  v->own = entry_of(t[shape].own1, t[shape].own2);
  v->base = entry_of(t[shape].base1, t[shape].base2);
  v->covered = shape != UNC;
}

#define R(x) CBIT_RMP_REQ_##x
#define O(x) CBIT_RMP_OP_##x
#define NPF_RE UINT64_C(0x580000005)  // P, US, RMP, FINAL, ENC

typedef struct worked {
  unsigned number, shape, req, op, map, ec, asid, vmpl, cpl;
  uint64_t gpa;
  cbit_rmp_verdict_kind_t kind;
  uint64_t record;  // code or EXITINFO1
} worked_t;

static const worked_t worked[] = {
    {1, HV, R(HOST), O(WRITE), 0, 0, 0, 0, 0, 0, CBIT_RMP_PASS, 0},
    {2, HVF, R(HOST), O(WRITE), 0, 0, 0, 0, 0, 0, CBIT_RMP_PASS, 0},
    {3, UNC, R(HOST), O(WRITE), 0, 0, 0, 0, 0, 0, CBIT_RMP_PASS, 0},
    {4, G4, R(HOST), O(READ), 0, 0, 0, 0, 0, 0, CBIT_RMP_PASS, 0},
    {4, G4, R(HOST), O(FETCH), 0, 0, 0, 0, 0, 0, CBIT_RMP_PASS, 0},
    {5, G4, R(HOST), O(WRITE), 0, 0, 0, 0, 0, 0, CBIT_RMP_PF, 0x80000003},
    {5, G4, R(HOST), O(WRITE), 0, 0, 0, 0, 3, 0, CBIT_RMP_PF, 0x80000007},
    {6, UNDER_ONE, R(HOST), O(WRITE), 1, 0, 0, 0, 0, 0, CBIT_RMP_PF, 0x80000003},
    {7, UNDER_ONE, R(HOST), O(WRITE), 0, 0, 0, 0, 0, 0, CBIT_RMP_PASS, 0},
    {8, BASE_OF_ONE, R(HOST), O(WRITE), 2, 0, 0, 0, 0, 0, CBIT_RMP_PF, 0x80000003},
    {9, G2, R(HOST), O(WRITE), 0, 0, 0, 0, 0, 0, CBIT_RMP_PF, 0x80000003},
    {10, FW, R(HOST), O(WRITE), 0, 0, 0, 0, 0, 0, CBIT_RMP_PF, 0x80000003},
    {11, G4, R(GUEST_NONSNP), O(WRITE), 0, 0, 7, 0, 0, 0x1000, CBIT_RMP_NPF, 0x180000007},
    {12, G4, R(GUEST_NONSNP), O(READ), 0, 0, 7, 0, 0, 0x1000, CBIT_RMP_PASS, 0},
    {13, G4, R(GUEST_SNP), O(WRITE), 0, 0, 5, 0, 0, 0x12345000, CBIT_RMP_NPF, 0x180000007},
    {14, G4, R(GUEST_SNP), O(READ), 0, 0, 5, 0, 0, 0x12345000, CBIT_RMP_PASS, 0},
    {15, HV, R(GUEST_SNP), O(WRITE), 0, 0, 5, 0, 0, 0x12345000, CBIT_RMP_PASS, 0},
    {16, HV, R(GUEST_SNP), O(READ), 0, 1, 5, 0, 0, 0x12345000, CBIT_RMP_NPF, NPF_RE},
    {17, UNC, R(GUEST_SNP), O(READ), 0, 1, 5, 0, 0, 0x12345000, CBIT_RMP_NPF, NPF_RE},
    {18, G4, R(GUEST_SNP), O(WRITE), 0, 1, 5, 0, 0, 0x12345000, CBIT_RMP_PASS, 0},
    {19, G4, R(GUEST_SNP), O(READ), 0, 1, 6, 0, 3, 0x12345000, CBIT_RMP_NPF, NPF_RE},
    {20, G4, R(GUEST_SNP), O(WRITE), 0, 1, 5, 0, 0, 0x12346000, CBIT_RMP_NPF, NPF_RE | 2},
    {21, G4, R(GUEST_SNP), O(WRITE), 1, 1, 5, 0, 0, 0x12345000, CBIT_RMP_NPF, NPF_RE | 2},
    {22, GI, R(GUEST_SNP), O(WRITE), 0, 1, 5, 0, 0, 0x12345000, CBIT_RMP_VC, 0x404},
    {23, GI, R(GUEST_SNP), O(WRITE), 1, 1, 5, 0, 0, 0x12345000, CBIT_RMP_NPF, NPF_RE | 2},
    {24, GI, R(GUEST_SNP), O(WRITE), 0, 1, 5, 3, 0, 0x12345000, CBIT_RMP_VC, 0x404},
    {25, PG, R(GUEST_SNP), O(WRITE), 0, 1, 5, 0, 0, 0x12345000, CBIT_RMP_NPF, NPF_RE | 2},
    {26, G4, R(GUEST_SNP), O(WRITE), 0, 1, 5, 1, 0, 0x12345000, CBIT_RMP_PASS, 0},
    {27, G4, R(GUEST_SNP), O(READ), 0, 1, 5, 2, 0, 0x12345000, CBIT_RMP_PASS, 0},
    {28, G4, R(GUEST_SNP), O(WRITE), 0, 1, 5, 2, 3, 0x12345000, CBIT_RMP_NPF, 0x1580000007},
    {29, G4, R(GUEST_SNP), O(FETCH), 0, 1, 5, 1, 0, 0x12345000, CBIT_RMP_NPF, 0x1580000015},
    {30, G4, R(GUEST_SNP), O(READ), 0, 1, 5, 3, 0, 0x12345000, CBIT_RMP_NPF, 0x1580000005},
    {31, G4_MASK2, R(GUEST_SNP), O(WRITE), 0, 1, 5, 1, 0, 0x12345000, CBIT_RMP_NPF, 0x1580000007},
    {32, G2, R(GUEST_SNP), O(READ), 1, 1, 5, 0, 0, 0x40003000, CBIT_RMP_PASS, 0},
    {33, G2, R(GUEST_SNP), O(READ), 0, 1, 5, 0, 0, 0x40003000, CBIT_RMP_NPF, NPF_RE},
    {34, G2, R(GUEST_SNP), O(READ), 2, 1, 5, 0, 0, 0x40003000, CBIT_RMP_PASS, 0},
    {41, G4_VMSA, R(HOST), O(VMRUN_VMSA), 0, 0, 5, 0, 0, 0, CBIT_RMP_PASS, 0},
    {42, G4, R(HOST), O(VMRUN_VMSA), 0, 0, 5, 0, 0, 0, CBIT_RMP_VMRUN_FAILS, 0},
    {44, G4, R(HOST), O(VMRUN_VMCB), 0, 0, 0, 0, 0, 0, CBIT_RMP_GP, 0},
    {45, G4, R(IOMMU_HOST), O(WRITE), 0, 0, 0, 0, 0, 0, CBIT_RMP_IOMMU_FAULT, 0},
    {46, G4, R(GUEST_SNP), O(READ), 0, 1, 5, 0, 0, 0x12345000, CBIT_RMP_PASS, 0},
    {47, HV, R(GUEST_SNP), O(WRITE), 0, 0, 5, 0, 0, 0x92345000, CBIT_RMP_PASS, 0},
};

static void test_worked(void **state) {
  (void)state;
  cbit_rmp_param_t param;
  cbit_rmp_param_init(&param);
  const cbit_rmp_cfg_t cfg = {.snp_en = 1, .vmpl_en = 1, .iommu_snp = 1};
  for (unsigned i = 0; i < sizeof worked / sizeof worked[0]; i++) {
    const worked_t *w = &worked[i];
    cbit_rmp_view_t view;
    cbit_rmp_verdict_t v;
    view_of(w->shape, &view);
    const cbit_rmp_check_req_t req = {.spa = w->shape == G2 ? 0x80003000 : 0x80145000,
                                      .gpa = w->gpa,
                                      .asid = (uint16_t)w->asid,
                                      .req = (uint8_t)w->req,
                                      .op = (uint8_t)w->op,
                                      .map_size = (uint8_t)w->map,
                                      .ec = (uint8_t)w->ec,
                                      .vmpl = (uint8_t)w->vmpl,
                                      .cpl = (uint8_t)w->cpl,
                                      .snp_active = 1};
    cbit_rmp_check(&param, &cfg, &view, &req, &v);
    if (v.kind != w->kind || (v.kind == CBIT_RMP_NPF ? v.exitinfo1 : v.code) != w->record) {
      fail_msg("row %u: %s, code %x, exitinfo1 %llx", w->number, cbit_rmp_verdict_name((cbit_rmp_verdict_kind_t)v.kind), v.code,
               (unsigned long long)v.exitinfo1);
    }
    if (v.kind == CBIT_RMP_IOMMU_FAULT) {
      assert_int_equal(v.flags_rmp, 1);
      assert_int_equal(v.flags, 0x20);
    }
  }
}

// D11: a table that cannot be read stops what needs it, and nothing else.
static void test_read_error(void **state) {
  (void)state;
  cbit_rmp_param_t param;
  cbit_rmp_param_init(&param);
  const cbit_rmp_cfg_t cfg = {.snp_en = 1, .vmpl_en = 1, .iommu_snp = 1};
  static const struct {
    unsigned req, op, ec;
    cbit_rmp_verdict_kind_t kind;
  } t[] = {{R(HOST), O(READ), 0, CBIT_RMP_PASS},           {R(HOST), O(WRITE), 0, CBIT_RMP_MCE},
           {R(HOST), O(PT_READ), 0, CBIT_RMP_PASS},        {R(GUEST_SNP), O(READ), 0, CBIT_RMP_PASS},
           {R(GUEST_SNP), O(READ), 1, CBIT_RMP_MCE},       {R(AMD_SP), O(WRITE), 0, CBIT_RMP_PASS},
           {R(IOMMU_HOST), O(READ), 0, CBIT_RMP_PASS},     {R(IOMMU_HOST), O(WRITE), 0, CBIT_RMP_IOMMU_HW_ERR},
           {R(IOMMU_GUEST), O(WRITE), 1, CBIT_RMP_IOMMU_FAULT}, {R(IOMMU_SELF), O(WRITE), 0, CBIT_RMP_IOMMU_HW_ERR},
           {R(HOST), O(NPT_READ), 0, CBIT_RMP_GP}};
  for (unsigned i = 0; i < sizeof t / sizeof t[0]; i++) {
    const cbit_rmp_view_t view = {.error = 1};
    const cbit_rmp_check_req_t req = {.req = (uint8_t)t[i].req, .op = (uint8_t)t[i].op, .ec = (uint8_t)t[i].ec};
    cbit_rmp_verdict_t v;
    cbit_rmp_check(&param, &cfg, &view, &req, &v);
    assert_int_equal(v.kind, t[i].kind);
  }
}

// A request with codes beyond the enumerations is refused like an unnamed pair.
static void test_bad_codes(void **state) {
  (void)state;
  cbit_rmp_param_t param;
  cbit_rmp_param_init(&param);
  const cbit_rmp_cfg_t cfg = {.snp_en = 1, .vmpl_en = 1};
  cbit_rmp_view_t view;
  view_of(HV, &view);
  for (unsigned req = 0; req < 256; req++) {
    for (unsigned op = 0; op < 256; op++) {
      const cbit_rmp_check_req_t q = {.req = (uint8_t)req, .op = (uint8_t)op};
      cbit_rmp_verdict_t v;
      cbit_rmp_check(&param, &cfg, &view, &q, &v);
      if (req != CBIT_RMP_REQ_AMD_SP && (req >= 7 || op >= 12)) assert_int_not_equal(v.kind, CBIT_RMP_PASS);
    }
  }
}

// ---- sections 7 and 8 ----

static void test_effective_cbit(void **state) {
  (void)state;
  static const struct {
    cbit_rmp_ecbit_req_t q;
    int ec;
  } t[] = {{{.guest = 0, .op = O(FETCH), .paging_cbits = 1, .cbit = 1}, 0},                              // C1
           {{.guest = 1, .vte = 1, .paging_cbits = 1}, 1},                                               // C2
           {{.guest = 2, .vte = 1, .paging_cbits = 1}, 0},                                               // VTE is for SEV alone
           {{.guest = 3, .vtom_en = 1, .vtom = 0x80000000, .paging_cbits = 1, .cbit = 1}, -1},           // C3
           {{.guest = 3, .vtom_en = 1, .vtom = 0x80000000, .paging_cbits = 0, .cbit = 1}, 1},            // no C-bit there
           {{.guest = 3, .op = O(PT_READ), .paging_cbits = 1}, 1},                                       // C4
           {{.guest = 3, .vtom_en = 1, .vtom = 0x80000000, .gpa = 0x7fffffff, .paging_cbits = 1}, 1},    // C5
           {{.guest = 3, .vtom_en = 1, .vtom = 0x80000000, .gpa = 0x80000000, .paging_cbits = 1}, 0},
           {{.guest = 2, .vtom_en = 1, .vtom = 0x80000000, .gpa = 0, .paging_cbits = 1}, 0},             // vTOM is for SNP alone
           {{.guest = 3, .paging_cbits = 1, .cbit = 1}, 1},                                              // C6
           {{.guest = 3, .paging_cbits = 1, .cbit = 0}, 0},
           {{.guest = 3, .paging_cbits = 0, .cbit = 0}, 1}};
  for (unsigned i = 0; i < sizeof t / sizeof t[0]; i++) assert_int_equal(cbit_rmp_effective_cbit(&t[i].q), t[i].ec);
}

static void test_keys(void **state) {
  (void)state;
  static const struct {
    cbit_rmp_key_req_t q;
    unsigned key;  // SMEE = 1, TSME = 0
  } t[] = {{{.kind = CBIT_RMP_KEY_HOST, .paging = 1}, 0},
           {{.kind = CBIT_RMP_KEY_HOST, .paging = 1, .cbit = 1}, 1023},
           {{.kind = CBIT_RMP_KEY_HOST, .paging = 0, .cbit = 1}, 0},
           {{.kind = CBIT_RMP_KEY_HOST_WALK, .cbit = 1}, 1023},
           {{.kind = CBIT_RMP_KEY_GUEST, .guest = 0, .cbit = 1, .asid = 7, .ec = 1}, 1023},
           {{.kind = CBIT_RMP_KEY_GUEST, .guest = 3, .cbit = 1, .asid = 7, .ec = 1}, 7},
           {{.kind = CBIT_RMP_KEY_GUEST, .guest = 3, .cbit = 0, .asid = 7, .ec = 0}, 0},
           {{.kind = CBIT_RMP_KEY_GUEST, .guest = 3, .cbit = 1, .asid = 7, .ec = 0}, 1023},
           {{.kind = CBIT_RMP_KEY_GUEST, .guest = 1, .op = O(FETCH), .asid = 7}, 7},
           {{.kind = CBIT_RMP_KEY_NESTED_WALK, .cbit = 1}, 1023},
           {{.kind = CBIT_RMP_KEY_VMSA, .asid = 9}, 9},
           {{.kind = CBIT_RMP_KEY_VMCB, .cbit = 1}, 1023},
           {{.kind = CBIT_RMP_KEY_SP_GUEST, .asid = 9}, 9},
           {{.kind = CBIT_RMP_KEY_DMA, .cbit = 1, .asid = 9, .ec = 1}, 1023},
           {{.kind = CBIT_RMP_KEY_DMA_GUEST, .cbit = 0, .asid = 9, .ec = 1}, 0},  // without trusted I/O
           {{.kind = CBIT_RMP_KEY_RMP, .cbit = 1, .asid = 9, .ec = 1}, 0}};
  cbit_rmp_param_t param;
  cbit_rmp_param_init(&param);
  for (unsigned i = 0; i < sizeof t / sizeof t[0]; i++) {
    const unsigned key = t[i].key;
    assert_int_equal(cbit_rmp_key_id(&param, 1, 0, &t[i].q), key);
    assert_int_equal(cbit_rmp_key_id(&param, 1, 1, &t[i].q), key == 0 ? 1023 : key);
    assert_int_equal(cbit_rmp_key_id(&param, 0, 0, &t[i].q), 0);
    assert_int_equal(cbit_rmp_key_id(&param, 0, 1, &t[i].q), 1023);
  }
  const cbit_rmp_key_req_t device = {.kind = CBIT_RMP_KEY_DMA_GUEST, .asid = 9, .ec = 1};
  param.tio = 1;
  assert_int_equal(cbit_rmp_key_id(&param, 1, 0, &device), 9);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_contiguous), cmocka_unit_test(test_segmented),      cmocka_unit_test(test_entries),
      cmocka_unit_test(test_round_trip), cmocka_unit_test(test_names),          cmocka_unit_test(test_worked),
      cmocka_unit_test(test_read_error), cmocka_unit_test(test_bad_codes),      cmocka_unit_test(test_effective_cbit),
      cmocka_unit_test(test_keys)};
  return cmocka_run_group_tests_name("rmp", tests, NULL, NULL);
}
