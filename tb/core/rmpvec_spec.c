// SPDX-License-Identifier: Apache-2.0
//
// rmpvec_spec.c - what a line of the RMP known answers may hold (rmpvec_spec.h)
//
// Three tables: leading words of lines, keys before the arrow, keys behind it. Each row names the kinds of line it belongs to;
// the format is that of tests/vectors/rmp/README.md.
#include "core/rmpvec_spec.h"

#include <string.h>

_Static_assert(RK_COUNT <= 64 && RO_COUNT <= 64, "one bit per slot");

static const char *const words_req[] = {"HOST", "GUEST_NONSNP", "GUEST_SNP", "AMD_SP", "IOMMU_HOST", "IOMMU_GUEST", "IOMMU_SELF", NULL};
static const char *const words_op[] = {"READ", "WRITE", "FETCH", "PT_READ", "PT_AD", "VMRUN_VMCB", "VMRUN_VMSA", "VMRUN_AVIC",
                                       "HSAVE_WRMSR", "VMSAVE", "NPT_READ", "NPT_AD", NULL};
static const char *const words_map[] = {"4K", "2M", "1G", NULL};
static const char *const words_guest[] = {"PLAIN", "SEV", "ES", "SNP", NULL};
static const char *const words_paging[] = {"OTHER", "LONG", NULL};
static const char *const words_key_kind[] = {"HOST", "HOST_PTW", "GUEST_PLAIN", "GUEST_SEV", "GUEST_ES", "GUEST_SNP", "NPT_WALK",
                                             "VMSA", "VMCB", "AMD_SP_GUEST", "DMA", "DMA_TIO", "RMP", NULL};
static const char *const words_state[] = {"INVALID", "DEFAULT", "HYPERVISOR", "HV_FIXED", "FIRMWARE", "FIRMWARE_IOMMU", "RECLAIM",
                                          "CONTEXT", "METADATA", "PRE_GUEST", "PRE_SWAP", "GUEST_INVALID", "GUEST_VALID", NULL};
static const char *const words_owner[] = {"HV", "GUEST", "AMD_SP", "NONE", NULL};

#define BIT_KEY(name, slot, kinds) {name, slot, T_NUM, 1, kinds, 0, NULL}
#define NUM_KEY(name, slot, bits, kinds) {name, slot, T_NUM, bits, kinds, 0, NULL}

static const rmpvec_key_spec_t in_keys[] = {
    {"row", RK_ROW, T_NAME, 0, RV_K(DECISION) | RV_K(KEY), 0, NULL},
    {"why", RK_WHY, T_NAME, 0, RV_K(DECISION), 0, NULL},
    BIT_KEY("snp", RK_SNP, RV_CHECK | RV_INSN),
    BIT_KEY("vmpl_en", RK_VMPL_EN, RV_CHECK | RV_GUEST),
    BIT_KEY("vmpl_sss", RK_VMPL_SSS, RV_CHECK),
    {"req", RK_REQ, T_WORD, 0, RV_CHECK, 0, words_req},
    {"op", RK_OP, T_WORD, 0, RV_CHECK | RV_K(ECBIT) | RV_K(KEY), RV_K(KEY), words_op},
    {"map", RK_MAP, T_WORD, 0, RV_CHECK, 0, words_map},
    {"ec", RK_EC, T_NUM, 1, RV_CHECK | RV_GUEST | RV_K(KEY), RV_K(KEY), NULL},
    {"asid", RK_ASID, T_NUM, 10, RV_CHECK | RV_GUEST | RV_K(KEY), RV_K(KEY), NULL},
    NUM_KEY("vmpl", RK_VMPL, 2, RV_CHECK | RV_GUEST),
    NUM_KEY("cpl", RK_CPL, 2, RV_CHECK | RV_INSN),
    BIT_KEY("ss", RK_SS, RV_CHECK),
    NUM_KEY("spa", RK_SPA, 64, RV_CHECK | RV_INSN | RV_K(FWWRITE) | RV_K(COVER) | RV_K(SEGMENT)),
    NUM_KEY("gpa", RK_GPA, 64, RV_CHECK | RV_GUEST | RV_K(ECBIT)),
    NUM_KEY("rmp_base", RK_RMP_BASE, 52, RV_K(DECISION) | RV_K(INIT) | RV_K(COVER)),
    NUM_KEY("rmp_end", RK_RMP_END, 52, RV_K(DECISION) | RV_K(INIT) | RV_K(COVER)),
    {"own", RK_OWN, T_ENTRY, 0, RV_K(DECISION), 0, NULL},
    {"base", RK_BASE, T_ENTRY, 0, RV_K(DECISION), 0, NULL},
    BIT_KEY("inuse", RK_INUSE, RV_CHECK),
    {"inuse", RK_INUSE, T_PAGES, 0, RV_INSN, 0, NULL},
    BIT_KEY("snp_active", RK_SNP_ACTIVE, RV_CHECK | RV_GUEST),
    BIT_KEY("iommu_snp", RK_IOMMU_SNP, RV_CHECK),
    BIT_KEY("CHK_SHARED_READ", RK_P_SHARED_READ, RV_CHECK),
    BIT_KEY("CHK_HOST_PT_READ", RK_P_HOST_PT_READ, RV_CHECK),
    BIT_KEY("CHK_GUEST_PT_READ", RK_P_GUEST_PT_READ, RV_CHECK),
    BIT_KEY("CHK_DMA_READ", RK_P_DMA_READ, RV_CHECK),
    BIT_KEY("PT_VMPL_WRITE", RK_P_PT_VMPL_WRITE, RV_CHECK),
    BIT_KEY("HV_INUSE_WR_ALLOWED", RK_P_HV_INUSE, RV_CHECK),
    BIT_KEY("TIO", RK_P_TIO, RV_CHECK),
    BIT_KEY("NPF_US_ALWAYS", RK_P_US_ALWAYS, RV_CHECK | RV_GUEST),
    BIT_KEY("PVALIDATE_VMPL_GP", RK_P_PVALIDATE_GP, RV_K(PVALIDATE)),
    NUM_KEY("VMPL_MASK_ALL", RK_P_MASK_ALL, 8, RV_K(RMPUPDATE)),
    NUM_KEY("NUM_ASID", RK_P_NUM_ASID, 10, RV_K(RMPUPDATE)),
    NUM_KEY("NUM_VMPL", RK_P_NUM_VMPL, 3, RV_K(RMPADJUST) | RV_K(RMPQUERY)),
    NUM_KEY("GPA_WIDTH", RK_P_GPA_WIDTH, 6, RV_K(RMPUPDATE)),
    NUM_KEY("HOST_KEY", RK_P_HOST_KEY, 10, RV_K(KEY)),
    {"case", RK_CASE, T_NUM, 32, RV_K(INIT), RV_K(INIT), NULL},
    {"seq", RK_SEQ, T_NUM, 32, RV_K(INIT), RV_K(INIT), NULL},
    BIT_KEY("lock", RK_LOCK, RV_INSN),
    NUM_KEY("op0", RK_OP0, 64, RV_K(RMPUPDATE)),
    NUM_KEY("op1", RK_OP1, 64, RV_K(RMPUPDATE)),
    NUM_KEY("gva", RK_GVA, 64, RV_GUEST),
    NUM_KEY("rcx", RK_RCX, 64, RV_K(RMPADJUST)),
    NUM_KEY("rdx", RK_RDX, 64, RV_K(RMPADJUST) | RV_K(RMPQUERY)),
    NUM_KEY("ecx", RK_RCX, 32, RV_K(PVALIDATE)),
    NUM_KEY("edx", RK_RDX, 32, RV_K(PVALIDATE)),
    NUM_KEY("q1", RK_Q1, 64, RV_K(FWWRITE)),
    NUM_KEY("q2", RK_Q2, 64, RV_K(FWWRITE)),
    {"kind", RK_KIND, T_WORD, 0, RV_K(ECBIT), 0, words_guest},
    {"kind", RK_KIND, T_WORD, 0, RV_K(KEY), 0, words_key_kind},
    {"paging", RK_PAGING, T_WORD, 0, RV_K(ECBIT), 0, words_paging},
    {"paging", RK_PAGING, T_NUM, 1, RV_K(KEY), RV_K(KEY), NULL},
    {"cbit", RK_CBIT, T_NUM, 1, RV_K(ECBIT) | RV_K(KEY), RV_K(KEY), NULL},
    BIT_KEY("vte", RK_VTE, RV_K(ECBIT)),
    BIT_KEY("vtom_en", RK_VTOM_EN, RV_K(ECBIT)),
    NUM_KEY("vtom", RK_VTOM, 64, RV_K(ECBIT)),
    BIT_KEY("smee", RK_SMEE, RV_K(KEY)),
    BIT_KEY("tsme", RK_TSME, RV_K(KEY)),
    {"tio", RK_TIO, T_NUM, 1, RV_K(KEY), RV_K(KEY), NULL},
    BIT_KEY("covered", RK_COVERED, RV_K(STATE)),
    {"entry", RK_ENTRY, T_ENTRY, 0, RV_K(STATE) | RV_K(ENTRY), 0, NULL},
    NUM_KEY("shift", RK_SHIFT, 6, RV_K(SEGMENT)),
    NUM_KEY("rst", RK_RST, 64, RV_K(SEGMENT)),
};

#define OUT_KEY(name, slot, bits, kinds) {name, slot, T_NUM, bits, kinds, 0, NULL}

static const rmpvec_key_spec_t out_keys[] = {
    OUT_KEY("code", RO_CODE, 32, RV_CHECK | RV_INSN | RV_K(STATE)),
    OUT_KEY("cf", RO_CF, 1, RV_INSN),
    OUT_KEY("zf", RO_ZF, 1, RV_INSN),
    OUT_KEY("exitinfo1", RO_EXITINFO1, 64, RV_CHECK | RV_INSN),
    OUT_KEY("exitinfo2", RO_EXITINFO2, 64, RV_CHECK | RV_INSN),
    OUT_KEY("flags_rmp", RO_FLAGS_RMP, 8, RV_CHECK),
    OUT_KEY("flags", RO_FLAGS, 12, RV_CHECK),
    OUT_KEY("rdx", RO_RDX, 64, RV_K(RMPQUERY)),
    OUT_KEY("rcx", RO_RCX, 64, RV_K(RMPQUERY)),
    OUT_KEY("out0", RO_OUT0, 64, RV_K(RMPREAD)),
    OUT_KEY("out1", RO_OUT1, 64, RV_K(RMPREAD)),
    OUT_KEY("ec", RO_EC, 1, RV_K(ECBIT)),
    OUT_KEY("key", RO_KEY, 10, RV_K(KEY)),
    OUT_KEY("covered", RO_COVERED, 1, RV_K(COVER) | RV_K(SEGMENT)),
    {"entry_addr", RO_ENTRY_ADDR, T_ADDR, 63, RV_K(COVER) | RV_K(SEGMENT), 0, NULL},
    {"state", RO_STATE, T_WORD, 0, RV_K(STATE), 0, words_state},
    {"owner", RO_OWNER, T_WORD, 0, RV_K(STATE), 0, words_owner},
    OUT_KEY("assigned", RO_ASSIGNED, 1, RV_K(ENTRY)),
    OUT_KEY("pagesize", RO_PAGESIZE, 1, RV_K(ENTRY)),
    OUT_KEY("immutable", RO_IMMUTABLE, 1, RV_K(ENTRY)),
    OUT_KEY("subcount", RO_SUBCOUNT, 9, RV_K(ENTRY)),
    OUT_KEY("gpa", RO_GPA, 39, RV_K(ENTRY)),
    OUT_KEY("asid", RO_ASID, 10, RV_K(ENTRY)),
    OUT_KEY("vmsa", RO_VMSA, 1, RV_K(ENTRY)),
    OUT_KEY("validated", RO_VALIDATED, 1, RV_K(ENTRY)),
    OUT_KEY("lock", RO_LOCK, 1, RV_K(ENTRY)),
    OUT_KEY("mask0", RO_MASK0, 8, RV_K(ENTRY)),
    OUT_KEY("mask1", RO_MASK1, 8, RV_K(ENTRY)),
    OUT_KEY("mask2", RO_MASK2, 8, RV_K(ENTRY)),
    OUT_KEY("mask3", RO_MASK3, 8, RV_K(ENTRY)),
    OUT_KEY("iks", RO_IKS, 1, RV_K(ENTRY)),
    OUT_KEY("rsvd", RO_RSVD, 16, RV_K(ENTRY)),
    OUT_KEY("rootport", RO_ROOTPORT, 5, RV_K(ENTRY)),
    OUT_KEY("stream", RO_STREAM, 8, RV_K(ENTRY)),
    OUT_KEY("migration", RO_MIGRATION, 2, RV_K(ENTRY)),
};

#define IN_KEYS (sizeof(in_keys) / sizeof(in_keys[0]))
#define OUT_KEYS (sizeof(out_keys) / sizeof(out_keys[0]))

// Words of lines. A line of the kind DECISION has none.
static const char *const kind_words[RV_KINDS] = {"row=", "init", "RMPUPDATE", "PSMASH", "PVALIDATE", "RMPADJUST", "RMPQUERY",
                                                 "RMPREAD", "FWWRITE", "ACCESS", "ECBIT", "KEY", "STATE", "ENTRY", "COVER", "SEGMENT"};
static const char *const verdict_words[RVV_COUNT] = {"", "PASS", "PF", "NPF", "VC", "GP", "INVALID", "IOMMU", "IOMMU_HALT", "UD", "PF_RSV"};

const rmpvec_verdict_spec_t rmpvec_verdict_specs[RVV_COUNT] = {
    [RVV_PASS] = {RV_CHECK, 0},
    [RVV_PF] = {RV_CHECK, RV_BIT(RO_CODE)},
    [RVV_NPF] = {RV_CHECK | RV_GUEST, RV_BIT(RO_EXITINFO1) | RV_BIT(RO_EXITINFO2)},
    [RVV_VC] = {RV_CHECK | RV_GUEST, RV_BIT(RO_CODE)},
    [RVV_GP] = {RV_CHECK | RV_INSN, 0},
    [RVV_INVALID] = {RV_CHECK, 0},
    [RVV_IOMMU] = {RV_CHECK, RV_BIT(RO_FLAGS_RMP) | RV_BIT(RO_FLAGS)},
    [RVV_IOMMU_HALT] = {RV_CHECK, 0},
    [RVV_UD] = {RV_INSN, 0},
    [RVV_PF_RSV] = {RV_K(ECBIT), 0},
};

rmpvec_set_t rmpvec_set_of(rmpvec_kind_t kind) {
  switch (kind) {
    case RV_DECISION:
      return RVS_DECISIONS;
    case RV_ECBIT:
    case RV_KEY:
      return RVS_ROUTING;
    case RV_STATE:
    case RV_ENTRY:
      return RVS_STATES;
    case RV_COVER:
    case RV_SEGMENT:
      return RVS_COVERAGE;
    default:
      return RVS_INSTRUCTIONS;
  }
}

const char *rmpvec_set_name(rmpvec_set_t set) {
  static const char *const name[] = {"RMP decisions", "RMP instructions", "RMP routing", "RMP states", "RMP coverage"};
  return (unsigned)set < sizeof(name) / sizeof(name[0]) ? name[set] : "?";
}

const char *rmpvec_kind_name(rmpvec_kind_t kind) { return (unsigned)kind < RV_KINDS ? kind_words[kind] : "?"; }

const char *rmpvec_verdict_name(rmpvec_verdict_t verdict) {
  return (unsigned)verdict < RVV_COUNT ? verdict_words[verdict] : "?";
}

const char *rmpvec_out_name(rmpvec_out_t out) {
  for (size_t i = 0; i < OUT_KEYS; i++) {
    if (out_keys[i].slot == (unsigned)out) return out_keys[i].name;
  }
  return "?";
}

void rmpvec_name(uint64_t value, char name[RMPVEC_NAME_LEN + 1]) {
  for (size_t i = 0; i < RMPVEC_NAME_LEN; i++) name[i] = (char)(uint8_t)(value >> (8 * i));
  name[RMPVEC_NAME_LEN] = '\0';
}

uint64_t rmpvec_name_value(const char *name) {
  uint64_t v = 0;
  for (size_t i = 0; i < RMPVEC_NAME_LEN && name[i] != '\0'; i++) v |= (uint64_t)(uint8_t)name[i] << (8 * i);
  return v;
}

const rmpvec_key_spec_t *rmpvec_key_row(bool behind, size_t i) {
  if (behind) return i < OUT_KEYS ? &out_keys[i] : NULL;
  return i < IN_KEYS ? &in_keys[i] : NULL;
}

const rmpvec_key_spec_t *rmpvec_find_key(bool behind, const char *name, size_t len, uint32_t kinds) {
  const rmpvec_key_spec_t *key;
  for (size_t i = 0; (key = rmpvec_key_row(behind, i)) != NULL; i++) {
    if ((key->kinds & kinds) != 0 && strlen(key->name) == len && memcmp(key->name, name, len) == 0) return key;
  }
  return NULL;
}
