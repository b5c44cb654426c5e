// SPDX-License-Identifier: Apache-2.0
//
// rmp_ask_cyc.c - from the attributes of a request to a question, and its verdict
//
// Combinational. Answers the tables of docs/units/rmp.md, "Attributes"; the verdict is cbit_rmp_check() with the
// parameters' defaults. Bits 127:96 of entries are not kept: no check looks at them (docs/rmp.md 2.1).

#include "cbit_attr.h"
#include "rmp/rmp_units.h"
#include "util/bits.h"
#include "util/bytes.h"

#define OP_NO_ROW 15u  // refused once checks are on, but for the AMD-SP

static uint8_t requester_of(unsigned requester, unsigned access, unsigned asid, bool snp) {
  switch (requester) {
    case CBIT_REQ_HOST:
      return CBIT_RMP_REQ_HOST;
    case CBIT_REQ_GUEST:
      if (access == CBIT_ACC_VMSA) {
        return CBIT_RMP_REQ_HOST;
      }
      return (uint8_t)(snp ? CBIT_RMP_REQ_GUEST_SNP : CBIT_RMP_REQ_GUEST_NONSNP);
    case CBIT_REQ_DEVICE:
      if (access == CBIT_ACC_LOG) {
        return CBIT_RMP_REQ_IOMMU_SELF;
      }
      return (uint8_t)(asid != 0 ? CBIT_RMP_REQ_IOMMU_GUEST : CBIT_RMP_REQ_IOMMU_HOST);
    default:
      return CBIT_RMP_REQ_AMD_SP;
  }
}

static uint8_t op_of(unsigned requester, unsigned access, bool write) {
  const unsigned plain = write ? CBIT_RMP_OP_WRITE : CBIT_RMP_OP_READ;
  switch (access) {
    case CBIT_ACC_DATA:
      return (uint8_t)plain;
    case CBIT_ACC_LOG:
      return (uint8_t)(requester == CBIT_REQ_DEVICE ? plain : OP_NO_ROW);
    case CBIT_ACC_FETCH:
      return (uint8_t)(write ? OP_NO_ROW : (unsigned)CBIT_RMP_OP_FETCH);
    case CBIT_ACC_PT_WALK:
    case CBIT_ACC_AD_UPDATE:
      return write ? CBIT_RMP_OP_PT_AD : CBIT_RMP_OP_PT_READ;
    case CBIT_ACC_VMSA:
      return (uint8_t)(requester == CBIT_REQ_HOST || requester == CBIT_REQ_GUEST ? (unsigned)CBIT_RMP_OP_VMRUN_VMSA
                                                                                 : plain);
    default:  // NPT_WALK, NPT_AD
      return write ? CBIT_RMP_OP_NPT_AD : CBIT_RMP_OP_NPT_READ;
  }
}

static void ask_raw(const rmp_question_t *q, bool vmpl_sss, cbit_rmp_check_req_t *req) {
  *req = (cbit_rmp_check_req_t){.spa = q->spa,
                                .gpa = q->attr,
                                .asid = q->asid,
                                .req = q->req,
                                .op = q->op,
                                .map_size = q->map_size,
                                .ec = q->ec,
                                .vmpl = q->vmpl,
                                .cpl = q->cpl,
                                .ss = q->ss,
                                .vmpl_sss = vmpl_sss,
                                .snp_active = q->snp_active,
                                .in_use = q->in_use};
}

void rmp_ask(const rmp_question_t *question, bool write, bool vmpl_sss, cbit_rmp_check_req_t *req) {
  if (question->raw) {
    ask_raw(question, vmpl_sss, req);
    return;
  }
  const uint64_t attr = question->attr;
  const unsigned requester = (unsigned)CBIT_ATTR_GET(attr, REQUESTER);
  const unsigned access = (unsigned)CBIT_ATTR_GET(attr, ACCESS);
  const uint16_t asid = (uint16_t)CBIT_ATTR_GET(attr, ASID);
  const bool snp = CBIT_ATTR_GET(attr, SNP) != 0;
  *req = (cbit_rmp_check_req_t){
      .spa = question->spa,
      .gpa = (bits_get(CBIT_ATTR_GET(attr, GPA_PAGE), 0, 39) << 12) | bits_get(question->spa, 0, 12),
      .asid = asid,
      .req = requester_of(requester, access, asid, snp),
      .op = op_of(requester, access, write),
      .map_size = (uint8_t)CBIT_ATTR_GET(attr, PAGE_SIZE),
      .ec = (uint8_t)CBIT_ATTR_GET(attr, CBIT),
      .vmpl = (uint8_t)CBIT_ATTR_GET(attr, VMPL),
      .cpl = CBIT_ATTR_GET(attr, USER) != 0 ? 3 : 0,
      .ss = (uint8_t)CBIT_ATTR_GET(attr, SS),
      .vmpl_sss = vmpl_sss,
      .snp_active = snp,
      .in_use = question->in_use,
  };
}

void rmp_word_decode(const rmp_word_t *word, cbit_rmp_entry_t *entry) {
  uint8_t raw[CBIT_RMP_ENTRY_BYTES];
  bytes_store_le64(raw, word->q1);
  bytes_store_le64(raw + 8, word->q2);
  cbit_rmp_entry_decode(raw, entry);
}

rmp_answer_t rmp_decide(const rmp_regs_t *regs, const rmp_question_t *question, bool write, bool covered, bool error,
                        const rmp_word_t *own, const rmp_word_t *base) {
  cbit_rmp_check_req_t req;
  cbit_rmp_view_t view = {.covered = covered, .error = error};
  cbit_rmp_verdict_t v;
  rmp_ask(question, write, regs->vmpl_sss, &req);
  if (own != NULL) {
    rmp_word_decode(own, &view.own);
  }
  if (base != NULL) {
    rmp_word_decode(base, &view.base);
  }
  cbit_rmp_check(&regs->param, &regs->cfg, &view, &req, &v);
  rmp_answer_t answer = {.deny = v.kind != CBIT_RMP_PASS};
  if (answer.deny) {
    answer.rec = (cyc_rmp_rec_t){
        .error = v.kind == CBIT_RMP_NPF ? v.exitinfo1 : v.code, .row = v.row, .why = v.why, .kind = v.kind};
  }
  return answer;
}
