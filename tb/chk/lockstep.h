// SPDX-License-Identifier: Apache-2.0
//
// lockstep.h - compares every output pin of RTL and model in one cycle, and counts what was compared
//
// A payload is compared while its valid is high on both sides (docs/interfaces.md, "What holds when"); all its bytes,
// W data of unstrobed lanes included. Nothing else is left out.
#ifndef TB_LOCKSTEP_H
#define TB_LOCKSTEP_H

#include "core/engine.h"

// A group of pins that are compared together: their counts are equal.
typedef enum lockstep_group {
  LOCKSTEP_ALWAYS = 0,
  LOCKSTEP_S_B,
  LOCKSTEP_S_R,
  LOCKSTEP_M_AW,
  LOCKSTEP_M_AR,
  LOCKSTEP_M_W,
  LOCKSTEP_L_B,
  LOCKSTEP_L_R,
  LOCKSTEP_INSN,  // with ports for RMP instructions: every cycle
  LOCKSTEP_ANS,
  LOCKSTEP_INV,
  LOCKSTEP_CHK,      // with check ports: every cycle
  LOCKSTEP_CHK_ANS,  // answers, of all ports
  LOCKSTEP_GROUPS
} lockstep_group_t;

typedef struct lockstep {
  uint32_t bus_bytes;
  bool insn;
  uint32_t chk_ports;
  bool differs;
  uint64_t count[LOCKSTEP_GROUPS];
  engine_mismatch_t first;
} lockstep_t;

// insn: the engine has ports for RMP instructions. chk_ports: number of its check ports.
void lockstep_init(lockstep_t *l, uint32_t bus_bytes, bool insn, uint32_t chk_ports);
// False at a difference; the first one is kept.
bool lockstep_compare(lockstep_t *l, uint64_t cycle, const cbit_pins_out_t *rtl, const cbit_pins_out_t *model);
uint64_t lockstep_total(const lockstep_t *l);
size_t lockstep_fields(void);
const char *lockstep_field(const lockstep_t *l, size_t i, uint64_t *count);

#endif  // TB_LOCKSTEP_H
