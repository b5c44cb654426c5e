// SPDX-License-Identifier: Apache-2.0
//
// regs.c - a guest's registers in memory (regs.h)
#include "cpu/regs.h"

#include <string.h>

vcpu_result_t regs_move(vcpu_t *v, const regs_area_t *area, bool save, uint8_t *data, size_t len) {
  vcpu_result_t r;
  cbit_attr_t who = {.requester = CBIT_REQ_HOST, .cbit = area->cbit};
  memset(&r, 0, sizeof(r));
  if (area->es) {
    who = (cbit_attr_t){
        .requester = CBIT_REQ_GUEST, .access = CBIT_ACC_VMSA, .cbit = 1, .asid = v->who.asid, .snp = v->who.snp};
  }
  r.spa = area->spa;
  r.ec = who.cbit;
  if (vcpu_bus(v, &who, save, area->spa, data, len, area->spa, &r)) r.moved = len;
  return r;
}
