// SPDX-License-Identifier: Apache-2.0
//
// regs.h - a guest's registers in memory: stored at an exit, loaded at VMRUN (docs/cpu.md, "Registers in a save area")
#ifndef TB_REGS_H
#define TB_REGS_H

#include "cpu/vcpu.h"

// Where a save area belongs. Plain guests and SEV: the state save area is the host's memory, written as the host writes,
// with the C-bit that the host's mapping has (cbit). SEV-ES and SEV-SNP (es): a page of the guest, its key, access VMSA.
typedef struct regs_area {
  bool es, cbit;
  uint64_t spa;
} regs_area_t;

// len bytes of registers at area->spa. The result tells as for any access; info = the address.
vcpu_result_t regs_move(vcpu_t *v, const regs_area_t *area, bool save, uint8_t *data, size_t len);

#endif  // TB_REGS_H
