// SPDX-License-Identifier: Apache-2.0
//
// rmp_insn_guest.c - the instructions of an SNP guest: PVALIDATE, RMPADJUST, RMPQUERY
//
// Answers docs/rmp.md sections 5.4, 5.5 and 5.7; V, A and Q are their steps. The translation of the linear address has
// been made by the processor: its faults come before the steps that look at the table.

#include <string.h>

#include "rmp/rmp_impl.h"
#include "util/bits.h"

// Bits of RDX of RMPADJUST and RMPQUERY.
#define RDX_VMSA 16u
#define RDX_RESERVED UINT64_C(0xfffffffffffee000)

// Steps 1 and 2 of all three. Returns 1 if the instruction ended.
static int guest_refused(const cbit_rmp_cfg_t *cfg, const cbit_rmp_guest_insn_t *insn, cbit_rmp_result_t *result) {
  if (!cfg->snp_en || !insn->snp_active) {
    rmp_end_fault(result, CBIT_RMP_UD);
    return 1;
  }
  if (insn->cpl != 0) {
    rmp_end_fault(result, CBIT_RMP_GP);
    return 1;
  }
  return 0;
}

// The level of the issuer (V3, A5, Q4): 0 where VMPLs are off.
static unsigned issuer_vmpl(const cbit_rmp_cfg_t *cfg, const cbit_rmp_guest_insn_t *insn) {
  return cfg->vmpl_en ? insn->vmpl & 3u : 0;
}

static void end_npf(const cbit_rmp_param_t *param, const cbit_rmp_guest_insn_t *insn, uint64_t extra,
                    cbit_rmp_result_t *result) {
  rmp_end_fault(result, CBIT_RMP_NPF);
  result->exitinfo1 = rmp_npf_common(param, insn->cpl) | CBIT_RMP_ERR_FINAL | CBIT_RMP_ERR_ENC | extra;  // F4
  result->exitinfo2 = rmp_npf_page(insn->gpa);
}

static void end_not_validated(cbit_rmp_result_t *result) {
  rmp_end_fault(result, CBIT_RMP_VC);
  result->code = CBIT_RMP_VC_NOT_VALIDATED;
}

// A size operand: 0 = 4 KiB, 1 = 2 MiB with an aligned address.
static int size_refused(uint64_t rcx, uint64_t gva) { return rcx > 1 || (rcx == 1 && bits_get(gva, 12, 9) != 0); }

// V6, V6a, V6b and A8, A8a, A8b: private, lock, in use. Returns 1 if the instruction ended.
static int access_refused(const cbit_rmp_mem_t *mem, const cbit_rmp_guest_insn_t *insn, cbit_rmp_size_t size,
                          cbit_rmp_result_t *result) {
  if (!insn->ec) {
    rmp_end_code(result, CBIT_RMP_FAIL_INPUT);
    return 1;
  }
  if (insn->lock_held || rmp_in_use(mem, insn->spa, size)) {
    rmp_end_code(result, CBIT_RMP_FAIL_INUSE);
    return 1;
  }
  return 0;
}

// V7, V8 and A9 and Q6: reads the view, and #NPF where the page is not the guest's. Returns 1 if the instruction ended.
static int page_refused(const cbit_rmp_param_t *param, const cbit_rmp_cfg_t *cfg, const cbit_rmp_mem_t *mem,
                        const cbit_rmp_guest_insn_t *insn, rmp_range_t *range, cbit_rmp_result_t *result) {
  const int covered = rmp_find_range(cfg, mem, insn->spa, range);
  if (covered < 0 || (covered == 1 && rmp_read_range(mem, range) != 0)) {
    rmp_end_fault(result, CBIT_RMP_MCE);
    return 1;
  }
  if (rmp_ownership_failure(&range->view, insn->spa, insn->gpa, insn->asid) != CBIT_RMP_WHY_NONE) {
    end_npf(param, insn, 0, result);
    return 1;
  }
  return 0;
}

// Writes the authoritative entry back.
static void store_auth(const cbit_rmp_mem_t *mem, const rmp_range_t *range, const cbit_rmp_entry_t *entry,
                       cbit_rmp_result_t *result) {
  rmp_store_entry(mem, range->view.base.page_size == CBIT_RMP_2M ? range->base_addr : range->own_addr, entry);
  result->changed = 1;
}

// ---- PVALIDATE ----

void cbit_rmp_pvalidate(const cbit_rmp_param_t *param, const cbit_rmp_cfg_t *cfg, const cbit_rmp_mem_t *mem,
                        const cbit_rmp_guest_insn_t *insn, cbit_rmp_result_t *result) {
  const uint64_t ecx = insn->rcx & bits_mask(32);
  const unsigned validate = (unsigned)(insn->rdx & 1u);
  rmp_range_t range;
  rmp_begin(result, insn->rcx, insn->rdx);
  if (guest_refused(cfg, insn, result)) {
    return;  // V1, V2
  }
  if (issuer_vmpl(cfg, insn) != 0) {  // V3
    if (param->pvalidate_vmpl_gp) {
      rmp_end_fault(result, CBIT_RMP_GP);
    } else {
      rmp_end_code(result, CBIT_RMP_FAIL_PERMISSION);
    }
    return;
  }
  if (size_refused(ecx, insn->gva)) {
    rmp_end_code(result, CBIT_RMP_FAIL_INPUT);  // V4
    return;
  }
  const cbit_rmp_size_t size = ecx == 1 ? CBIT_RMP_2M : CBIT_RMP_4K;
  if (access_refused(mem, insn, size, result) || page_refused(param, cfg, mem, insn, &range, result)) {
    return;  // V6..V8
  }
  cbit_rmp_entry_t auth = *cbit_rmp_view_auth(&range.view);
  if (auth.page_size == CBIT_RMP_2M && size == CBIT_RMP_4K) {
    end_npf(param, insn, CBIT_RMP_ERR_SIZEM, result);  // V9
  } else if (auth.page_size == CBIT_RMP_4K && size == CBIT_RMP_2M) {
    rmp_end_code(result, CBIT_RMP_FAIL_SIZEMISMATCH);  // V10
  } else if (auth.validated == validate) {
    rmp_end_code(result, CBIT_RMP_SUCCESS);  // V11
    result->cf = 1;
  } else {
    auth.validated = (uint8_t)validate;  // V12
    store_auth(mem, &range, &auth, result);
    rmp_end_code(result, CBIT_RMP_SUCCESS);
  }
}

// ---- RMPADJUST ----

// RDX taken apart.
typedef struct adjust {
  unsigned target;  // VMPL, 0..255
  uint8_t mask;     // 5 bits
  uint8_t vmsa;
  unsigned current;  // level of the issuer
} adjust_t;

// A5: a level changes only weaker ones; VMPL0 may name itself for the VMSA bit.
static int target_refused(const adjust_t *a) {
  return a->target < a->current || (a->target == a->current && a->target > 0);
}

// A6, A13, A14, in this order. The entry is there, validated and of the right size.
static cbit_rmp_code_t adjust_obstacle(const adjust_t *a, const cbit_rmp_entry_t *auth) {
  if (a->vmsa != auth->vmsa && a->current != 0) {
    return CBIT_RMP_FAIL_PERMISSION;  // A6
  }
  if (a->target != 0 && (a->mask & ~auth->mask[a->current] & 0x1f) != 0) {
    return CBIT_RMP_FAIL_PERMISSION;  // A13
  }
  return a->vmsa && auth->page_size == CBIT_RMP_2M ? CBIT_RMP_FAIL_INPUT : CBIT_RMP_SUCCESS;  // A14
}

void cbit_rmp_rmpadjust(const cbit_rmp_param_t *param, const cbit_rmp_cfg_t *cfg, const cbit_rmp_mem_t *mem,
                        const cbit_rmp_guest_insn_t *insn, cbit_rmp_result_t *result) {
  const adjust_t a = {.target = (unsigned)bits_get(insn->rdx, 0, 8),
                      .mask = (uint8_t)bits_get(insn->rdx, 8, 5),
                      .vmsa = (uint8_t)bits_get(insn->rdx, RDX_VMSA, 1),
                      .current = issuer_vmpl(cfg, insn)};
  rmp_range_t range;
  rmp_begin(result, insn->rcx, insn->rdx);
  if (guest_refused(cfg, insn, result)) {
    return;  // A1, A2
  }
  if (size_refused(insn->rcx, insn->gva) || (insn->rdx & RDX_RESERVED) != 0 || a.target >= param->num_vmpl) {
    rmp_end_code(result, CBIT_RMP_FAIL_INPUT);  // A3, A4
    return;
  }
  if (target_refused(&a)) {
    rmp_end_code(result, CBIT_RMP_FAIL_PERMISSION);  // A5
    return;
  }
  const cbit_rmp_size_t size = insn->rcx == 1 ? CBIT_RMP_2M : CBIT_RMP_4K;
  if (access_refused(mem, insn, size, result) || page_refused(param, cfg, mem, insn, &range, result)) {
    return;  // A8, A9
  }
  cbit_rmp_entry_t auth = *cbit_rmp_view_auth(&range.view);
  if (auth.page_size == CBIT_RMP_2M && size == CBIT_RMP_4K) {
    end_npf(param, insn, CBIT_RMP_ERR_SIZEM, result);  // A10
    return;
  }
  if (!auth.validated) {
    end_not_validated(result);  // A11
    return;
  }
  if (auth.page_size == CBIT_RMP_4K && size == CBIT_RMP_2M) {
    rmp_end_code(result, CBIT_RMP_FAIL_SIZEMISMATCH);  // A12
    return;
  }
  const cbit_rmp_code_t code = adjust_obstacle(&a, &auth);
  if (code == CBIT_RMP_SUCCESS) {  // A15
    if (a.target != 0) {
      auth.mask[a.target & 3u] = a.mask;
    }
    auth.vmsa = a.vmsa;
    store_auth(mem, &range, &auth, result);
  }
  rmp_end_code(result, code);
}

// ---- RMPQUERY ----

void cbit_rmp_rmpquery(const cbit_rmp_param_t *param, const cbit_rmp_cfg_t *cfg, const cbit_rmp_mem_t *mem,
                       const cbit_rmp_guest_insn_t *insn, cbit_rmp_result_t *result) {
  const unsigned target = (unsigned)bits_get(insn->rdx, 0, 8);
  rmp_range_t range;
  rmp_begin(result, insn->rcx, insn->rdx);
  if (guest_refused(cfg, insn, result)) {
    return;  // Q1, Q2
  }
  if (target >= param->num_vmpl) {
    rmp_end_code(result, CBIT_RMP_FAIL_INPUT);  // Q3
    return;
  }
  if (target < issuer_vmpl(cfg, insn)) {
    rmp_end_code(result, CBIT_RMP_FAIL_PERMISSION);  // Q4
    return;
  }
  if (page_refused(param, cfg, mem, insn, &range, result)) {
    return;  // Q6
  }
  const cbit_rmp_entry_t *auth = cbit_rmp_view_auth(&range.view);
  if (!auth->validated) {
    end_not_validated(result);  // Q7
    return;
  }
  result->rdx = target | (uint64_t)auth->mask[target & 3u] << 8 | (uint64_t)auth->vmsa << RDX_VMSA;  // Q8
  result->rcx = auth->page_size;
  rmp_end_code(result, CBIT_RMP_SUCCESS);
}
