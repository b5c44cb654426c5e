// SPDX-License-Identifier: Apache-2.0
//
// rmp_check.c - may this access pass, and with what fault if not
//
// Answers docs/rmp.md section 4, one function a question: what do the elementary checks say (4.2), which of the row's
// checks fails first (D5..D9), what does the fault record hold (4.5). Which row decides: rmp_row.c.

#include <string.h>

#include "rmp/rmp_impl.h"
#include "util/bits.h"

// ---- 4.2: the elementary checks ----

static int is_large(unsigned map_size) { return map_size != CBIT_RMP_4K; }

// HVO.
static int hypervisor_owned(const cbit_rmp_view_t *view, unsigned map_size) {
  if (!view->covered) {
    return 1;
  }
  return is_large(map_size) ? !view->base.assigned && view->base.subpage_count == 0 : !view->own.assigned;
}

// RMAP.
static int reverse_map_matches(const cbit_rmp_entry_t *auth, uint64_t spa, uint64_t gpa) {
  const uint64_t gpa_page = bits_get(gpa, 12, 39);
  if (auth->page_size == CBIT_RMP_4K) {
    return auth->gpa_page == gpa_page;
  }
  return auth->gpa_page >> 9 == gpa_page >> 9 && bits_get(spa, 12, 9) == bits_get(gpa, 12, 9);
}

cbit_rmp_why_t rmp_ownership_failure(const cbit_rmp_view_t *view, uint64_t spa, uint64_t gpa, unsigned asid) {
  const cbit_rmp_entry_t *auth = cbit_rmp_view_auth(view);
  if (!view->covered) {
    return CBIT_RMP_WHY_COV;
  }
  if (!auth->assigned) {
    return CBIT_RMP_WHY_GOWN_A;
  }
  if (asid == 0 || auth->asid != asid) {  // ASID 0 owns nothing
    return CBIT_RMP_WHY_GOWN;
  }
  if (!reverse_map_matches(auth, spa, gpa)) {
    return CBIT_RMP_WHY_RMAP;
  }
  return auth->immutable ? CBIT_RMP_WHY_MUT : CBIT_RMP_WHY_NONE;
}

// What an op needs of the mask (6.2). Devices have neither privilege levels nor shadow stacks.
static unsigned needed_permissions(const cbit_rmp_param_t *param, const cbit_rmp_check_req_t *req) {
  const int supervisor_ss = req->req == CBIT_RMP_REQ_GUEST_SNP && req->ss && req->cpl < 3 && req->vmpl_sss;
  const unsigned sss = supervisor_ss ? CBIT_RMP_PERM_SSS : 0;
  switch (req->op) {
    case CBIT_RMP_OP_READ:
      return CBIT_RMP_PERM_READ | sss;
    case CBIT_RMP_OP_WRITE:
      return CBIT_RMP_PERM_WRITE | sss;
    case CBIT_RMP_OP_FETCH:
      return req->cpl == 3 ? CBIT_RMP_PERM_EXEC_USER : CBIT_RMP_PERM_EXEC_SUPERVISOR;
    case CBIT_RMP_OP_PT_READ:
      return CBIT_RMP_PERM_READ | (param->pt_vmpl_write ? CBIT_RMP_PERM_WRITE : 0u);
    default:  // PT_AD
      return CBIT_RMP_PERM_READ | CBIT_RMP_PERM_WRITE;
  }
}

// VMPL.
static int vmpl_allows(const cbit_rmp_param_t *param, const cbit_rmp_check_req_t *req, unsigned mask) {
  const unsigned need = needed_permissions(param, req);
  const int data = req->op == CBIT_RMP_OP_READ || req->op == CBIT_RMP_OP_WRITE;
  const int illegal = (mask & CBIT_RMP_PERM_WRITE) != 0 && (mask & CBIT_RMP_PERM_READ) == 0;
  return (mask & need) == need && !(data && illegal);
}

// ---- D4..D9: the first check of the row that fails ----

// Rows 8..12 and 22: D7, D8, D9.
static cbit_rmp_why_t private_failure(const cbit_rmp_param_t *param, const cbit_rmp_cfg_t *cfg,
                                      const cbit_rmp_view_t *view, const cbit_rmp_check_req_t *req) {
  const cbit_rmp_entry_t *auth = cbit_rmp_view_auth(view);
  const cbit_rmp_why_t why = rmp_ownership_failure(view, req->spa, req->gpa, req->asid);
  if (why != CBIT_RMP_WHY_NONE) {
    return why;
  }
  if (is_large(req->map_size) != (auth->page_size == CBIT_RMP_2M)) {
    return CBIT_RMP_WHY_SIZE;
  }
  if (!auth->validated) {
    return CBIT_RMP_WHY_VAL;
  }
  return cfg->vmpl_en && !vmpl_allows(param, req, auth->mask[req->vmpl & 3u]) ? CBIT_RMP_WHY_VMPL : CBIT_RMP_WHY_NONE;
}

// Row 17a. The GPA is compared with itself: VMRUN knows none.
static cbit_rmp_why_t vmsa_failure(const cbit_rmp_view_t *view, const cbit_rmp_check_req_t *req) {
  const cbit_rmp_entry_t *auth = cbit_rmp_view_auth(view);
  if (!view->covered) {
    return CBIT_RMP_WHY_COV;
  }
  if (!auth->assigned) {
    return CBIT_RMP_WHY_GOWN_A;
  }
  if (req->asid == 0 || auth->asid != req->asid) {
    return CBIT_RMP_WHY_GOWN;
  }
  if (auth->immutable) {
    return CBIT_RMP_WHY_MUT;
  }
  if (auth->page_size != CBIT_RMP_4K) {
    return CBIT_RMP_WHY_SIZE;
  }
  return auth->vmsa ? CBIT_RMP_WHY_NONE : CBIT_RMP_WHY_VMSA;
}

static cbit_rmp_why_t hvo_failure(const cbit_rmp_view_t *view, unsigned map_size) {
  return hypervisor_owned(view, map_size) ? CBIT_RMP_WHY_NONE : CBIT_RMP_WHY_HVO;
}

// Row 23.
static cbit_rmp_why_t iommu_self_failure(const cbit_rmp_cfg_t *cfg, const cbit_rmp_view_t *view) {
  const cbit_rmp_state_t state = cbit_rmp_state(view->covered, cbit_rmp_view_auth(view));
  return cfg->iommu_snp && state != CBIT_RMP_FIRMWARE_IOMMU ? CBIT_RMP_WHY_STATE : CBIT_RMP_WHY_NONE;
}

// Whether a row looks at the table at all.
static int row_checks(const cbit_rmp_param_t *param, const cbit_rmp_cfg_t *cfg, cbit_rmp_row_t row,
                      const cbit_rmp_check_req_t *req) {
  switch (row) {
    case CBIT_RMP_ROW_NONE:
    case CBIT_RMP_ROW_1:
    case CBIT_RMP_ROW_4:
    case CBIT_RMP_ROW_19:
      return 0;
    case CBIT_RMP_ROW_3B:
    case CBIT_RMP_ROW_13:
      return param->chk_host_pt_read;
    case CBIT_RMP_ROW_5B:
      return req->op == CBIT_RMP_OP_PT_AD || param->chk_guest_pt_read;
    case CBIT_RMP_ROW_6:
      return param->chk_shared_read;
    case CBIT_RMP_ROW_20:
      return param->chk_dma_read;
    case CBIT_RMP_ROW_22:
      return req->ec || req->op == CBIT_RMP_OP_WRITE || param->chk_dma_read;
    case CBIT_RMP_ROW_23:
      return cfg->iommu_snp;
    default:
      return 1;
  }
}

static cbit_rmp_why_t row_failure(const cbit_rmp_param_t *param, const cbit_rmp_cfg_t *cfg, const cbit_rmp_view_t *view,
                                  const cbit_rmp_check_req_t *req, cbit_rmp_row_t row) {
  if (row == CBIT_RMP_ROW_NONE) {
    return CBIT_RMP_WHY_ROW;
  }
  if (row == CBIT_RMP_ROW_22 && !param->tio) {
    return CBIT_RMP_WHY_STUB;
  }
  if (!row_checks(param, cfg, row, req)) {
    return CBIT_RMP_WHY_NONE;
  }
  if (view->error) {
    return CBIT_RMP_WHY_READ;  // D11
  }
  switch (row) {
    case CBIT_RMP_ROW_2:
      if (req->in_use && !param->hv_inuse_wr_allowed) {
        return CBIT_RMP_WHY_INUSE;
      }
      return hvo_failure(view, req->map_size);
    case CBIT_RMP_ROW_8:
    case CBIT_RMP_ROW_9:
    case CBIT_RMP_ROW_10:
    case CBIT_RMP_ROW_11:
    case CBIT_RMP_ROW_12:
      return private_failure(param, cfg, view, req);
    case CBIT_RMP_ROW_22:
      return req->ec ? private_failure(param, cfg, view, req) : hvo_failure(view, req->map_size);
    case CBIT_RMP_ROW_17A:
      return vmsa_failure(view, req);
    case CBIT_RMP_ROW_23:
      return iommu_self_failure(cfg, view);
    case CBIT_RMP_ROW_5A:
    case CBIT_RMP_ROW_5B:
    case CBIT_RMP_ROW_6:
    case CBIT_RMP_ROW_7:
    case CBIT_RMP_ROW_20:
    case CBIT_RMP_ROW_21:
      return hvo_failure(view, req->map_size);
    case CBIT_RMP_ROW_18C:
      return hvo_failure(view, req->req == CBIT_RMP_REQ_HOST ? (unsigned)CBIT_RMP_4K : req->map_size);
    default:  // 3a, 3b, 13..16, 17b, 18: a single 4 KiB page
      return hvo_failure(view, CBIT_RMP_4K);
  }
}

// ---- 4.5: fault records ----

static int is_write(unsigned op) {
  return op == CBIT_RMP_OP_WRITE || op == CBIT_RMP_OP_PT_AD || op == CBIT_RMP_OP_NPT_AD || op == CBIT_RMP_OP_VMSAVE;
}

static int is_shadow_stack(const cbit_rmp_check_req_t *req) {
  return req->ss && (req->op == CBIT_RMP_OP_READ || req->op == CBIT_RMP_OP_WRITE);
}

// F1.
static uint32_t pf_code(const cbit_rmp_check_req_t *req) {
  return (uint32_t)(CBIT_RMP_ERR_P | CBIT_RMP_ERR_RMP | (is_write(req->op) ? CBIT_RMP_ERR_W : 0) |
                    (req->cpl == 3 ? CBIT_RMP_ERR_US : 0) | (is_shadow_stack(req) ? CBIT_RMP_ERR_SS : 0));
}

uint64_t rmp_npf_common(const cbit_rmp_param_t *param, unsigned cpl) {
  return CBIT_RMP_ERR_P | CBIT_RMP_ERR_RMP | (param->npf_us_always || cpl == 3 ? CBIT_RMP_ERR_US : 0);
}

uint64_t rmp_npf_page(uint64_t gpa) { return gpa & ~bits_mask(12); }

// F2, F3.
static void npf_record(const cbit_rmp_param_t *param, const cbit_rmp_view_t *view, const cbit_rmp_check_req_t *req,
                       cbit_rmp_verdict_t *v) {
  const int private_access = rmp_row_is_private((cbit_rmp_row_t)v->row);
  const int walk = req->op == CBIT_RMP_OP_PT_READ || req->op == CBIT_RMP_OP_PT_AD;
  uint64_t info = rmp_npf_common(param, req->cpl);
  info |= walk ? CBIT_RMP_ERR_WALK : CBIT_RMP_ERR_FINAL;
  info |= is_write(req->op) ? CBIT_RMP_ERR_W : 0;
  info |= req->op == CBIT_RMP_OP_FETCH ? CBIT_RMP_ERR_ID : 0;
  info |= is_shadow_stack(req) ? CBIT_RMP_ERR_SS : 0;
  info |= private_access || req->ec ? CBIT_RMP_ERR_ENC : 0;
  if (v->why == CBIT_RMP_WHY_VMPL) {
    const unsigned mask = cbit_rmp_view_auth(view)->mask[req->vmpl & 3u];
    info |= CBIT_RMP_ERR_VMPL;
    info |= req->vmpl_sss && (mask & CBIT_RMP_PERM_SSS) != 0 ? CBIT_RMP_ERR_SSS : 0;
  }
  v->exitinfo1 = info;
  v->exitinfo2 = private_access ? rmp_npf_page(req->gpa) : req->gpa;
}

// F5.
static uint8_t iommu_flags_rmp(cbit_rmp_why_t why) {
  switch (why) {
    case CBIT_RMP_WHY_COV:
    case CBIT_RMP_WHY_GOWN_A:
    case CBIT_RMP_WHY_GOWN:
    case CBIT_RMP_WHY_STUB:
      return 0x02;
    case CBIT_RMP_WHY_RMAP:
      return 0x04;
    case CBIT_RMP_WHY_MUT:
      return 0x08;
    case CBIT_RMP_WHY_SIZE:
      return 0x10;
    case CBIT_RMP_WHY_VAL:
      return 0x20;
    case CBIT_RMP_WHY_VMPL:
      return 0x40;
    default:  // HVO, or no row
      return 0x01;
  }
}

static void read_error(unsigned requester, cbit_rmp_verdict_t *v) {
  const int device = requester == CBIT_RMP_REQ_IOMMU_HOST || requester == CBIT_RMP_REQ_IOMMU_GUEST ||
                     requester == CBIT_RMP_REQ_IOMMU_SELF;
  v->kind = (uint8_t)(device ? CBIT_RMP_IOMMU_HW_ERR : CBIT_RMP_MCE);
}

void cbit_rmp_check(const cbit_rmp_param_t *param, const cbit_rmp_cfg_t *cfg, const cbit_rmp_view_t *view,
                    const cbit_rmp_check_req_t *req, cbit_rmp_verdict_t *verdict) {
  memset(verdict, 0, sizeof *verdict);
  const cbit_rmp_row_t row = cbit_rmp_check_row(req);
  verdict->row = (uint8_t)row;
  if (!cfg->snp_en) {
    return;  // D0
  }
  const cbit_rmp_why_t why = row_failure(param, cfg, view, req, row);
  verdict->why = (uint8_t)why;
  if (why == CBIT_RMP_WHY_NONE) {
    return;  // D10
  }
  if (why == CBIT_RMP_WHY_READ) {
    read_error(req->req, verdict);
    return;
  }
  switch (rmp_row_refusal(row, req->req)) {
    case RMP_REFUSE_PF:
      verdict->kind = CBIT_RMP_PF;
      verdict->code = pf_code(req);
      break;
    case RMP_REFUSE_GP:
      verdict->kind = CBIT_RMP_GP;
      break;
    case RMP_REFUSE_VMRUN:
      verdict->kind = CBIT_RMP_VMRUN_FAILS;
      break;
    case RMP_REFUSE_IOMMU:
      verdict->kind = CBIT_RMP_IOMMU_FAULT;
      verdict->flags_rmp = iommu_flags_rmp(why);
      verdict->flags = is_write(req->op) ? 0x020 : 0;
      break;
    case RMP_REFUSE_HALT:
      verdict->kind = CBIT_RMP_IOMMU_HALT;
      break;
    case RMP_REFUSE_NPF:
    case RMP_REFUSE_NEVER:  // rows without a check have no failure
    default:
      if (why == CBIT_RMP_WHY_VAL) {
        verdict->kind = CBIT_RMP_VC;
        verdict->code = CBIT_RMP_VC_NOT_VALIDATED;
      } else {
        verdict->kind = CBIT_RMP_NPF;
        npf_record(param, view, req, verdict);
      }
      break;
  }
}
