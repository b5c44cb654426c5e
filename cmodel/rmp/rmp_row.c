// SPDX-License-Identifier: Apache-2.0
//
// rmp_row.c - the row of the decision table that decides a request
//
// Answers docs/rmp.md section 4.3 (D4): requester and op, for SNP guests the effective C-bit, choose the row; the row
// chooses how a refusal is told. Names for reports stand at the end.

#include "rmp/rmp_impl.h"

static cbit_rmp_row_t row_of_host(unsigned op, int snp_active) {
  switch (op) {
    case CBIT_RMP_OP_READ:
    case CBIT_RMP_OP_FETCH:
      return CBIT_RMP_ROW_1;
    case CBIT_RMP_OP_WRITE:
      return CBIT_RMP_ROW_2;
    case CBIT_RMP_OP_PT_AD:
      return CBIT_RMP_ROW_3A;
    case CBIT_RMP_OP_PT_READ:
      return CBIT_RMP_ROW_3B;
    case CBIT_RMP_OP_VMRUN_VMCB:
      return CBIT_RMP_ROW_15;
    case CBIT_RMP_OP_HSAVE_WRMSR:
      return CBIT_RMP_ROW_16;
    case CBIT_RMP_OP_VMRUN_VMSA:
      return snp_active ? CBIT_RMP_ROW_17A : CBIT_RMP_ROW_17B;
    case CBIT_RMP_OP_VMRUN_AVIC:
      return CBIT_RMP_ROW_18;
    case CBIT_RMP_OP_VMSAVE:
      return CBIT_RMP_ROW_18C;
    default:
      return CBIT_RMP_ROW_NONE;
  }
}

static cbit_rmp_row_t row_of_nonsnp(unsigned op) {
  switch (op) {
    case CBIT_RMP_OP_READ:
    case CBIT_RMP_OP_FETCH:
      return CBIT_RMP_ROW_4;
    case CBIT_RMP_OP_WRITE:
      return CBIT_RMP_ROW_5A;
    case CBIT_RMP_OP_PT_READ:
    case CBIT_RMP_OP_PT_AD:
      return CBIT_RMP_ROW_5B;
    case CBIT_RMP_OP_NPT_READ:
      return CBIT_RMP_ROW_13;
    case CBIT_RMP_OP_NPT_AD:
      return CBIT_RMP_ROW_14;
    case CBIT_RMP_OP_VMSAVE:
      return CBIT_RMP_ROW_18C;
    default:
      return CBIT_RMP_ROW_NONE;
  }
}

static cbit_rmp_row_t row_of_snp(unsigned op, int ec) {
  switch (op) {
    case CBIT_RMP_OP_READ:
      return ec ? CBIT_RMP_ROW_11 : CBIT_RMP_ROW_6;
    case CBIT_RMP_OP_WRITE:
      return ec ? CBIT_RMP_ROW_12 : CBIT_RMP_ROW_7;
    case CBIT_RMP_OP_FETCH:  // private whatever ec is
      return CBIT_RMP_ROW_8;
    case CBIT_RMP_OP_PT_READ:
      return CBIT_RMP_ROW_9;
    case CBIT_RMP_OP_PT_AD:
      return CBIT_RMP_ROW_10;
    case CBIT_RMP_OP_NPT_READ:
      return CBIT_RMP_ROW_13;
    case CBIT_RMP_OP_NPT_AD:
      return CBIT_RMP_ROW_14;
    default:
      return CBIT_RMP_ROW_NONE;
  }
}

cbit_rmp_row_t cbit_rmp_check_row(const cbit_rmp_check_req_t *req) {
  switch (req->req) {
    case CBIT_RMP_REQ_HOST:
      return row_of_host(req->op, req->snp_active);
    case CBIT_RMP_REQ_GUEST_NONSNP:
      return row_of_nonsnp(req->op);
    case CBIT_RMP_REQ_GUEST_SNP:
      return row_of_snp(req->op, req->ec);
    case CBIT_RMP_REQ_AMD_SP:
      return CBIT_RMP_ROW_19;
    case CBIT_RMP_REQ_IOMMU_HOST:
      return req->op == CBIT_RMP_OP_READ    ? CBIT_RMP_ROW_20
             : req->op == CBIT_RMP_OP_WRITE ? CBIT_RMP_ROW_21
                                            : CBIT_RMP_ROW_NONE;
    case CBIT_RMP_REQ_IOMMU_GUEST:
      return req->op == CBIT_RMP_OP_READ || req->op == CBIT_RMP_OP_WRITE ? CBIT_RMP_ROW_22 : CBIT_RMP_ROW_NONE;
    case CBIT_RMP_REQ_IOMMU_SELF:
      return req->op == CBIT_RMP_OP_WRITE ? CBIT_RMP_ROW_23 : CBIT_RMP_ROW_NONE;
    default:
      return CBIT_RMP_ROW_NONE;
  }
}

rmp_refusal_t rmp_row_refusal(cbit_rmp_row_t row, unsigned requester) {
  switch (row) {
    case CBIT_RMP_ROW_1:
    case CBIT_RMP_ROW_4:
    case CBIT_RMP_ROW_19:
      return RMP_REFUSE_NEVER;
    case CBIT_RMP_ROW_2:
    case CBIT_RMP_ROW_3A:
    case CBIT_RMP_ROW_3B:
      return RMP_REFUSE_PF;
    case CBIT_RMP_ROW_15:
    case CBIT_RMP_ROW_16:
      return RMP_REFUSE_GP;
    case CBIT_RMP_ROW_17A:
    case CBIT_RMP_ROW_17B:
    case CBIT_RMP_ROW_18:
      return RMP_REFUSE_VMRUN;
    case CBIT_RMP_ROW_20:
    case CBIT_RMP_ROW_21:
    case CBIT_RMP_ROW_22:
      return RMP_REFUSE_IOMMU;
    case CBIT_RMP_ROW_23:
      return RMP_REFUSE_HALT;
    case CBIT_RMP_ROW_18C:
    case CBIT_RMP_ROW_NONE:  // by the requester
      if (requester == CBIT_RMP_REQ_HOST) {
        return RMP_REFUSE_GP;
      }
      return requester == CBIT_RMP_REQ_GUEST_NONSNP || requester == CBIT_RMP_REQ_GUEST_SNP ? RMP_REFUSE_NPF
                                                                                           : RMP_REFUSE_IOMMU;
    default:
      return RMP_REFUSE_NPF;
  }
}

int rmp_row_is_private(cbit_rmp_row_t row) {
  return row == CBIT_RMP_ROW_8 || row == CBIT_RMP_ROW_9 || row == CBIT_RMP_ROW_10 || row == CBIT_RMP_ROW_11 ||
         row == CBIT_RMP_ROW_12;
}

#define NAME_OF(table, i) ((unsigned)(i) < sizeof(table) / sizeof(table)[0] ? (table)[i] : "?")

const char *cbit_rmp_row_name(cbit_rmp_row_t row) {
  static const char *const name[] = {"-",  "1",  "2",  "3a", "3b",  "4",   "5a", "5b",  "6",  "7",
                                     "8",  "9",  "10", "11", "12",  "13",  "14", "15",  "16", "17a",
                                     "17b", "18", "18c", "19", "20", "21",  "22", "23"};
  return NAME_OF(name, row);
}

const char *cbit_rmp_why_name(cbit_rmp_why_t why) {
  static const char *const name[] = {"-",    "COV", "GOWN_A", "GOWN",  "RMAP", "MUT",   "SIZE", "VAL",
                                     "VMPL", "HVO", "INUSE",  "VMSA", "STATE", "STUB", "ROW",  "READ"};
  return NAME_OF(name, why);
}

const char *cbit_rmp_verdict_name(cbit_rmp_verdict_kind_t kind) {
  static const char *const name[] = {"PASS",  "PF",         "NPF", "VC",           "GP", "INVALID",
                                     "IOMMU", "IOMMU_HALT", "MCE", "IOMMU_HW_ERR", "UD"};
  return NAME_OF(name, kind);
}
