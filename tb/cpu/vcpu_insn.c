// SPDX-License-Identifier: Apache-2.0
//
// vcpu_insn.c - RMP instructions of a guest by linear address: translation, then the instruction port (docs/rmp.md section 5)
#include <string.h>

#include "core/rmp_boot.h"
#include "cpu/vcpu.h"
#include "util/bytes.h"

// Steps that come before the translation: its faults must not hide their end [V1..V4, A1..A5, Q1..Q4]. The unit works that end
// out itself; *early only says that it will.
static bool before_translation(const vcpu_t *v, uint8_t op, uint64_t va, uint64_t rcx, uint64_t rdx, bool *early) {
  uint32_t status = 0;
  uint32_t ctrl = 0;
  if (!bench_sp_read(v->s->b, RMP_REG_STATUS, &status, NULL) || !bench_sp_read(v->s->b, RMP_REG_CTRL, &ctrl, NULL)) return false;
  const uint64_t now = (ctrl & 1) != 0 ? v->who.vmpl : 0, target = rdx & 0xff;
  const bool unaligned = rcx != 0 && op != CBIT_INSN_RMPQUERY && pt_index(va, 0) != 0;
  *early = (status & 7) < RMP_ON || v->who.snp == 0 || v->who.user_mode != 0 || unaligned;
  if (op == CBIT_INSN_PVALIDATE) *early = *early || now != 0;
  else *early = *early || target >= 4 || target < now || (op == CBIT_INSN_RMPADJUST && target == now && now != 0);
  return true;
}

vcpu_result_t vcpu_insn(vcpu_t *v, uint32_t port, uint8_t op, uint64_t va, uint64_t rcx, uint64_t rdx, insn_port_t *done) {
  vcpu_result_t r;
  insn_req_t q;
  bool early = false;
  memset(&r, 0, sizeof(r));
  memset(&q, 0, sizeof(q));
  if (!before_translation(v, op, va, rcx, rdx, &early)) {
    r.end = VCPU_FAILED;
    return r;
  }
  if (!early) r = vcpu_translate(v, va);
  if (r.end != VCPU_DONE) return r;
  q.pins.op = op;
  q.pins.rax = va;
  q.pins.cpl = v->who.user_mode != 0 ? 3 : 0;
  q.pins.asid = v->who.asid;
  q.pins.vmpl = v->who.vmpl;
  q.pins.snp_active = v->who.snp != 0;
  q.pins.ec = r.ec;
  q.pins.spa_page = r.spa >> 12;
  q.pins.gpa_page = r.gpa >> 12;
  le64_store(q.pins.arg, rcx);
  le64_store(q.pins.arg + 8, rdx);
  if (!bench_insn(v->s->b, port, &q, done)) r.end = VCPU_FAILED;
  return r;
}
