// SPDX-License-Identifier: Apache-2.0
//
// vcpu.c - memory accesses of a virtual processor: TLB, requests, refusals as faults, VMRUN (docs/cpu.md)
#include "cpu/vcpu.h"

#include <string.h>

#include "cbit_rmp.h"

// Fields of a save area (docs/cpu.md, "Instructions and VMRUN").
enum { VMSA_BYTES = 1024, VMSA_VMPL = 0x0ca, VMSA_FEATURES = 0x3b0 };

static bool ended(vcpu_result_t *r, vcpu_end_t end, uint64_t error, uint64_t info) {
  r->end = end;
  r->error = error;
  r->info = info;
  return false;
}

// ---- requests ---------------------------------------------------------------------------------------------------

// The guard in front of the table leaves a record without kind and error: the codes of F1 and F2 for a write.
static bool guard_fault(const cbit_attr_t *who, uint64_t spa, uint64_t va, vcpu_result_t *r) {
  const uint64_t error = CBIT_RMP_ERR_P | CBIT_RMP_ERR_W | CBIT_RMP_ERR_RMP;
  if (who->requester == CBIT_REQ_HOST)
    return ended(r, VCPU_PF, error | (who->user_mode != 0 ? CBIT_RMP_ERR_US : 0), va);
  const bool walk = who->access == CBIT_ACC_AD_UPDATE;
  const bool ec = who->cbit != 0;
  return ended(r, VCPU_NPF,
               error | CBIT_RMP_ERR_US | (walk ? CBIT_RMP_ERR_WALK : CBIT_RMP_ERR_FINAL) | (ec ? CBIT_RMP_ERR_ENC : 0),
               who->gpa_page << 12 | (ec ? 0 : spa & (PT_PAGE - 1)));
}

// What software sees of a request that the engine refused.
static bool refusal(const cbit_attr_t *who, uint64_t spa, uint64_t va, vcpu_result_t *r) {
  const bench_fault_t *f = &r->record;
  if (f->code == 0) return ended(r, VCPU_MC, 0, va);  // the memory itself
  if (f->code != VCPU_CODE_CHECK) return ended(r, VCPU_REFUSED, f->code, va);
  const bool private_row = f->row >= CBIT_RMP_ROW_8 && f->row <= CBIT_RMP_ROW_12;
  switch (f->kind) {
    case CBIT_RMP_PASS: return guard_fault(who, spa, va, r);
    case CBIT_RMP_PF: return ended(r, VCPU_PF, f->error, va);
    case CBIT_RMP_NPF:  // [F3]; the page from the record: it is the engine's word that is judged
      return ended(r, VCPU_NPF, f->error, f->gpa_page << 12 | (private_row ? 0 : f->addr & (PT_PAGE - 1)));
    case CBIT_RMP_VC: return ended(r, VCPU_VC, f->error, va);
    case CBIT_RMP_GP: return ended(r, VCPU_GP, 0, va);
    case CBIT_RMP_VMRUN_FAILS: return ended(r, VCPU_INVALID, 0, va);
    case CBIT_RMP_MCE: return ended(r, VCPU_MC, 0, va);
    default: return ended(r, VCPU_REFUSED, f->code, va);
  }
}

bool vcpu_bus(vcpu_t *v, const cbit_attr_t *who, bool write, uint64_t spa, uint8_t *data, size_t len, uint64_t va,
              vcpu_result_t *r) {
  const bool table = who->access != CBIT_ACC_DATA && who->access != CBIT_ACC_FETCH;  // one beat of 8 bytes
  const bench_burst_t burst = {.id = v->id, .narrow = table ? 4 : 0};
  const bench_rsp_t rsp = write ? bench_write(v->s->b, who, spa, data, len, &burst)
                                : bench_read(v->s->b, who, spa, data, len, &burst);
  r->requests += rsp.bursts;
  r->resp = rsp.resp;
  r->record = rsp.record;
  if (!rsp.ok) return ended(r, VCPU_FAILED, 0, va);
  if (rsp.resp == 0) return true;
  if (write || rsp.resp != 2) return refusal(who, spa, va, r);
  for (size_t i = 0; i < len && rsp.fault != 0; i++) {
    if (data[i] == 0) continue;
    bench_fail(v->s->b, "a refused read at 0x%llx gave data", (unsigned long long)spa);
    return ended(r, VCPU_FAILED, 0, va);
  }
  return refusal(who, spa, va, r);
}

// ---- accesses ---------------------------------------------------------------------------------------------------

static bool sufficient(const vcpu_t *v, vcpu_op_t op, const xlate_t *x) {
  if (v->who.user_mode != 0 && !x->user) return false;
  return op == VCPU_WRITE ? x->write && x->dirty : op == VCPU_FETCH ? !x->nx : true;
}

static uint8_t verdict_of(const vcpu_t *v, vcpu_op_t op) {
  return (uint8_t)(1u << (op == VCPU_FETCH && v->who.user_mode != 0 ? 3u : (uint32_t)op));
}

// Bytes of one page.
static bool access_page(vcpu_t *v, vcpu_op_t op, uint64_t va, uint8_t *data, size_t len, vcpu_result_t *r) {
  const uint8_t verdict = verdict_of(v, op);
  tlb_entry_t *e = tlb_find(v->tlb, v->who.asid, v->who.vmpl, va);
  const uint64_t invs = v->tlb->invs;
  xlate_t x;
  r->hit = e != NULL && sufficient(v, op, &e->x);
  const bool held = r->hit && (e->passed & verdict) != 0;
  if (r->hit) x = e->x;
  else if (!vcpu_walk(v, op, va, &x, r)) return false;
  const bool host = v->s->asid == 0;
  cbit_attr_t who = v->who;
  r->spa = x.spa + (va - x.va);
  r->gpa = host ? 0 : x.gpa + (va - x.va);
  r->ec = vcpu_ec(v, op, va, &x);
  who.access = op == VCPU_FETCH ? CBIT_ACC_FETCH : CBIT_ACC_DATA;
  who.cbit = r->ec;
  who.ncbit = x.ncbit;
  who.gpa_page = r->gpa >> 12;
  who.page_size = (uint8_t)x.map;
  if (!vcpu_bus(v, &who, op == VCPU_WRITE, r->spa, data, len, va, r)) {
    // An invalidation that came meanwhile takes the verdict away.
    if (held && r->record.code == VCPU_CODE_CHECK && invs == v->tlb->invs) {
      bench_fail(v->s->b,
                 "verdict of the TLB: an access to SPA 0x%llx that the check let pass before is refused now, and no "
                 "invalidation came in between",
                 (unsigned long long)r->spa);
      return ended(r, VCPU_FAILED, 0, va);
    }
    return false;
  }
  if (invs != v->tlb->invs) return true;  // may be of before the invalidation: neither translation nor verdict is kept
  if (!r->hit) e = tlb_insert(v->tlb, v->who.asid, v->who.vmpl, &x);
  e->passed |= verdict;
  return true;
}

vcpu_result_t vcpu_access(vcpu_t *v, vcpu_op_t op, uint64_t va, uint8_t *data, size_t len) {
  vcpu_result_t r;
  memset(&r, 0, sizeof(r));
  while (r.moved < len) {
    const uint64_t at = va + r.moved;
    const uint64_t room = PT_PAGE - (at & (PT_PAGE - 1));
    const size_t n = len - r.moved < room ? len - r.moved : (size_t)room;
    if (!access_page(v, op, at, data + r.moved, n, &r)) break;
    r.moved += n;
  }
  return r;
}

vcpu_result_t vcpu_translate(vcpu_t *v, uint64_t va) {
  vcpu_result_t r;
  xlate_t x;
  memset(&r, 0, sizeof(r));
  const tlb_entry_t *e = tlb_find(v->tlb, v->who.asid, v->who.vmpl, va);
  r.hit = e != NULL && sufficient(v, VCPU_READ, &e->x);
  if (r.hit) x = e->x;
  else if (!vcpu_walk(v, VCPU_READ, va, &x, &r)) return r;
  r.spa = x.spa + (va - x.va);
  r.gpa = x.gpa + (va - x.va);
  r.ec = vcpu_ec(v, VCPU_READ, va, &x);
  return r;
}

// ---- VMRUN ------------------------------------------------------------------------------------------------------

bool vcpu_vmexit(vcpu_t *v, uint8_t slot) {
  const insn_mark_t m = {.slot = slot};
  return bench_insn_mark_now(v->s->b, &m);
}

vcpu_result_t vcpu_vmrun(vcpu_t *v, uint64_t spa, uint8_t slot) {
  vcpu_result_t r;
  uint8_t area[VMSA_BYTES];
  const insn_mark_t m = {.slot = slot, .set = 1, .page = spa >> 12};
  const cbit_attr_t who = {
      .requester = CBIT_REQ_GUEST, .access = CBIT_ACC_VMSA, .cbit = 1, .asid = v->who.asid, .snp = v->who.snp};
  memset(&r, 0, sizeof(r));
  r.spa = spa;
  r.ec = true;
  if (spa % PT_PAGE != 0) {
    (void)ended(&r, VCPU_INVALID, 0, spa);
    return r;
  }
  // First the mark, then the check: an instruction in between must not take the page away.
  if (!bench_insn_mark_now(v->s->b, &m)) {
    (void)ended(&r, VCPU_FAILED, 0, spa);
    return r;
  }
  if (vcpu_bus(v, &who, false, spa, area, sizeof(area), spa, &r)) {
    if ((area[VMSA_FEATURES] & 1) != v->who.snp || area[VMSA_VMPL] != v->who.vmpl)
      (void)ended(&r, VCPU_INVALID, 0, spa);
  }
  if (r.end != VCPU_DONE && !vcpu_vmexit(v, slot)) r.end = VCPU_FAILED;
  return r;
}

// ---- life -------------------------------------------------------------------------------------------------------

void vcpu_init(vcpu_t *v, space_t *s, tlb_t *tlb, const cbit_attr_t *who) {
  memset(v, 0, sizeof(*v));
  v->s = s;
  v->tlb = tlb;
  v->who = *who;
  v->who.gpa_page = 0;
}

const char *vcpu_end_name(vcpu_end_t end) {
  static const char *const name[] = {
      "done", "#PF", "#NPF", "#VC", "#GP", "machine check", "VMEXIT_INVALID", "refused", "failed"};
  return (unsigned)end < sizeof(name) / sizeof(name[0]) ? name[end] : "?";
}
