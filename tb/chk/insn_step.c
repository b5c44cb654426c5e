// SPDX-License-Identifier: Apache-2.0
//
// insn_step.c - ends of RMP instructions step by step (insn_step.h); steps as in docs/rmp.md 5.3 to 5.7, in that order
#include "chk/insn_step.h"
#include "util/bytes.h"

#define HIGHEST_ASID 1006u
#define VMPLS 4u

typedef struct end {
  uint8_t kind, code, sizem;
} end_t;

#define CODE(c) {CBIT_RMP_PASS, c, 0}
#define FAULT(k) {CBIT_RMP_##k, 0, 0}

const char *const insn_step_name[INSN_STEPS] = {
    "U1", "U2", "U4a", "U4b", "U4c", "U4d", "U4e", "U4f", "U5", "U7", "U8", "U9", "U10", "U11", "U11b", "U18",
    "P1 #UD", "P1 #GP", "P2", "P3", "P4", "P5", "P6", "P10",
    "R1", "R2", "R3", "R5",
    "V1", "V2", "V3", "V4", "V6", "V6b", "V7", "V8", "V9", "V10", "V11", "V12",
    "A1", "A2", "A3", "A4", "A5", "A8", "A8b", "A9", "A10", "A11", "A12", "A6", "A13", "A14", "A15",
    "Q1", "Q2", "Q3", "Q4", "Q6", "Q7", "Q8",
    "op 6, 7"};

static const end_t ends[INSN_STEPS] = {
    [STEP_U1] = FAULT(UD), [STEP_U2] = FAULT(GP), [STEP_U4A] = CODE(1), [STEP_U4B] = CODE(1), [STEP_U4C] = CODE(1),
    [STEP_U4D] = CODE(1), [STEP_U4E] = CODE(1), [STEP_U4F] = CODE(1), [STEP_U5] = CODE(1), [STEP_U7] = CODE(4),
    [STEP_U8] = CODE(3), [STEP_U9] = CODE(2), [STEP_U10] = CODE(4), [STEP_U11] = CODE(4), [STEP_U11B] = CODE(2),
    [STEP_U18] = CODE(0),
    [STEP_P1_UD] = FAULT(UD), [STEP_P1_GP] = FAULT(GP), [STEP_P2] = CODE(1), [STEP_P3] = CODE(3), [STEP_P4] = CODE(3),
    [STEP_P5] = CODE(2), [STEP_P6] = CODE(4), [STEP_P10] = CODE(0),
    [STEP_R1] = FAULT(UD), [STEP_R2] = FAULT(GP), [STEP_R3] = CODE(1), [STEP_R5] = CODE(0),
    [STEP_V1] = FAULT(UD), [STEP_V2] = FAULT(GP), [STEP_V3] = CODE(2), [STEP_V4] = CODE(1), [STEP_V6] = CODE(1),
    [STEP_V6B] = CODE(3), [STEP_V7] = FAULT(NPF), [STEP_V8] = FAULT(NPF), [STEP_V9] = {CBIT_RMP_NPF, 0, 1},
    [STEP_V10] = CODE(6), [STEP_V11] = CODE(0), [STEP_V12] = CODE(0),
    [STEP_A1] = FAULT(UD), [STEP_A2] = FAULT(GP), [STEP_A3] = CODE(1), [STEP_A4] = CODE(1), [STEP_A5] = CODE(2),
    [STEP_A8] = CODE(1), [STEP_A8B] = CODE(3), [STEP_A9] = FAULT(NPF), [STEP_A10] = {CBIT_RMP_NPF, 0, 1},
    [STEP_A11] = FAULT(VC), [STEP_A12] = CODE(6), [STEP_A6] = CODE(2), [STEP_A13] = CODE(2), [STEP_A14] = CODE(1),
    [STEP_A15] = CODE(0),
    [STEP_Q1] = FAULT(UD), [STEP_Q2] = FAULT(GP), [STEP_Q3] = CODE(1), [STEP_Q4] = CODE(2), [STEP_Q6] = FAULT(NPF),
    [STEP_Q7] = FAULT(VC), [STEP_Q8] = CODE(0),
    [STEP_NO_OP] = FAULT(UD)};

cbit_rmp_verdict_kind_t insn_step_end(insn_step_t step, uint32_t *code, bool *sizem) {
  *code = ends[step].code;
  *sizem = ends[step].sizem != 0;
  return (cbit_rmp_verdict_kind_t)ends[step].kind;
}

static const cbit_rmp_entry_t *auth_of(const insn_world_t *w) { return w->base.page_size != 0 ? &w->base : &w->own; }

static insn_step_t rmpupdate(const cbit_insn_t *i, const insn_world_t *w) {
  const uint8_t *op = i->arg;
  const uint64_t gpa = le64_load(op);
  const uint32_t asid = (uint32_t)(le64_load(op + 8) >> 32);
  const bool assigned = (op[8] & 1) != 0;
  const bool big = (op[9] & 1) != 0;
  const bool immutable = (op[10] & 1) != 0;
  if (!w->snp_en) return STEP_U1;
  if (i->cpl != 0) return STEP_U2;
  if (op[11] != 0 || op[8] > 1 || op[9] > 1 || op[10] > 1) return STEP_U4A;
  if (big && (i->rax >> 12 & 511) != 0) return STEP_U4B;
  if (big && assigned && asid != 0 && (gpa >> 12 & 511) != 0) return STEP_U4C;
  if (!assigned && (immutable || asid != 0)) return STEP_U4D;
  if (asid > HIGHEST_ASID || asid == CBIT_RMP_ASID_LOCKED) return STEP_U4E;
  if (gpa >> 51 != 0) return STEP_U4F;
  if (!w->covered) return STEP_U5;
  if (w->base.asid == CBIT_RMP_ASID_LOCKED) return STEP_U7;
  if (w->in_use) return STEP_U8;
  if (auth_of(w)->immutable != 0) return STEP_U9;
  if (!big && w->base.page_size != 0) return STEP_U10;
  if (big && w->base.page_size == 0 && w->base.subpage_count != 0) return STEP_U11;
  return big && w->base.page_size == 0 && w->immutable_sub ? STEP_U11B : STEP_U18;
}

static insn_step_t psmash(const cbit_insn_t *i, const insn_world_t *w) {
  if (!w->snp_en) return STEP_P1_UD;
  if (i->cpl != 0) return STEP_P1_GP;
  if ((i->rax >> 12 & 511) != 0 || !w->covered) return STEP_P2;
  if (w->in_use) return STEP_P3;
  if (w->base.asid == CBIT_RMP_ASID_LOCKED) return STEP_P4;
  if (w->base.immutable != 0) return STEP_P5;
  return w->base.page_size == 0 ? STEP_P6 : STEP_P10;
}

// GOWN_A, GOWN, RMAP and MUT.
static bool owns(const cbit_insn_t *i, const insn_world_t *w) {
  const cbit_rmp_entry_t *a = auth_of(w);
  const bool place = a->page_size == 0 ? a->gpa_page == i->gpa_page
                                       : a->gpa_page >> 9 == i->gpa_page >> 9 && ((i->spa_page ^ i->gpa_page) & 511) == 0;
  return a->assigned != 0 && i->asid != 0 && a->asid == i->asid && place && a->immutable == 0;
}

static insn_step_t pvalidate(const cbit_insn_t *i, const insn_world_t *w) {
  const uint32_t ecx = (uint32_t)le64_load(i->arg);
  const cbit_rmp_entry_t *a = auth_of(w);
  if (!w->snp_en || !i->snp_active) return STEP_V1;
  if (i->cpl != 0) return STEP_V2;
  if (w->vmpl_en && i->vmpl != 0) return STEP_V3;
  if (ecx > 1 || (ecx == 1 && (i->rax >> 12 & 511) != 0)) return STEP_V4;
  if (!i->ec) return STEP_V6;
  if (w->in_use) return STEP_V6B;
  if (!w->covered) return STEP_V7;
  if (!owns(i, w)) return STEP_V8;
  if (a->page_size != 0 && ecx == 0) return STEP_V9;
  if (a->page_size == 0 && ecx == 1) return STEP_V10;
  return a->validated == (i->arg[8] & 1) ? STEP_V11 : STEP_V12;
}

static insn_step_t rmpadjust(const cbit_insn_t *i, const insn_world_t *w) {
  const uint64_t rcx = le64_load(i->arg);
  const uint64_t rdx = le64_load(i->arg + 8);
  const uint32_t vmpl = w->vmpl_en ? i->vmpl : 0;
  const uint32_t target = rdx & 0xff;
  const uint32_t asked = rdx >> 8 & 0x1f;
  const uint32_t vmsa = rdx >> 16 & 1;
  const cbit_rmp_entry_t *a = auth_of(w);
  if (!w->snp_en || !i->snp_active) return STEP_A1;
  if (i->cpl != 0) return STEP_A2;
  if (rcx > 1 || (rcx == 1 && (i->rax >> 12 & 511) != 0) || (rdx >> 13 & 7) != 0 || rdx >> 17 != 0) return STEP_A3;
  if (target >= VMPLS) return STEP_A4;
  if (target < vmpl || (target == vmpl && vmpl > 0)) return STEP_A5;
  if (!i->ec) return STEP_A8;
  if (w->in_use) return STEP_A8B;
  if (!w->covered || !owns(i, w)) return STEP_A9;
  if (a->page_size != 0 && rcx == 0) return STEP_A10;
  if (a->validated == 0) return STEP_A11;
  if (a->page_size == 0 && rcx == 1) return STEP_A12;
  if (vmsa != a->vmsa && vmpl != 0) return STEP_A6;
  if (target != 0 && (asked & ~(uint32_t)a->mask[vmpl]) != 0) return STEP_A13;
  return vmsa != 0 && a->page_size != 0 ? STEP_A14 : STEP_A15;
}

static insn_step_t rmpquery(const cbit_insn_t *i, const insn_world_t *w) {
  const uint32_t target = i->arg[8];
  if (!w->snp_en || !i->snp_active) return STEP_Q1;
  if (i->cpl != 0) return STEP_Q2;
  if (target >= VMPLS) return STEP_Q3;
  if (w->vmpl_en && target < i->vmpl) return STEP_Q4;
  if (!w->covered || !owns(i, w)) return STEP_Q6;
  return auth_of(w)->validated == 0 ? STEP_Q7 : STEP_Q8;
}

insn_step_t insn_step(const cbit_insn_t *i, const insn_world_t *w) {
  switch (i->op & 7) {
    case CBIT_INSN_RMPUPDATE: return rmpupdate(i, w);
    case CBIT_INSN_PSMASH: return psmash(i, w);
    case CBIT_INSN_RMPREAD: return !w->snp_en ? STEP_R1 : i->cpl != 0 ? STEP_R2 : !w->covered ? STEP_R3 : STEP_R5;
    case CBIT_INSN_PVALIDATE: return pvalidate(i, w);
    case CBIT_INSN_RMPADJUST: return rmpadjust(i, w);
    case CBIT_INSN_RMPQUERY: return rmpquery(i, w);
    default: return STEP_NO_OP;
  }
}
