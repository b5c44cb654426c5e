// SPDX-License-Identifier: Apache-2.0
//
// insn_step.h - by which step of docs/rmp.md section 5 an RMP instruction ends, read off the bits of request and entries
//
// A second opinion beside the functional layer: nothing of cbit_rmp.h but its types is used. For coverage by step, and
// to hold the ends of the functional layer against.
#ifndef TB_INSN_STEP_H
#define TB_INSN_STEP_H

#include <stdbool.h>

#include "cbit_cyc.h"
#include "cbit_rmp.h"

typedef enum insn_step {
  STEP_U1, STEP_U2, STEP_U4A, STEP_U4B, STEP_U4C, STEP_U4D, STEP_U4E, STEP_U4F, STEP_U5, STEP_U7, STEP_U8, STEP_U9,
  STEP_U10, STEP_U11, STEP_U11B, STEP_U18,
  STEP_P1_UD, STEP_P1_GP, STEP_P2, STEP_P3, STEP_P4, STEP_P5, STEP_P6, STEP_P10,
  STEP_R1, STEP_R2, STEP_R3, STEP_R5,
  STEP_V1, STEP_V2, STEP_V3, STEP_V4, STEP_V6, STEP_V6B, STEP_V7, STEP_V8, STEP_V9, STEP_V10, STEP_V11, STEP_V12,
  STEP_A1, STEP_A2, STEP_A3, STEP_A4, STEP_A5, STEP_A8, STEP_A8B, STEP_A9, STEP_A10, STEP_A11, STEP_A12, STEP_A6,
  STEP_A13, STEP_A14, STEP_A15,
  STEP_Q1, STEP_Q2, STEP_Q3, STEP_Q4, STEP_Q6, STEP_Q7, STEP_Q8,
  STEP_NO_OP,  // op 6 and 7
  INSN_STEPS
} insn_step_t;

// What the step looks at beside the request. Entries mean something if covered only.
typedef struct insn_world {
  bool snp_en, vmpl_en, covered, in_use;
  bool immutable_sub;  // one of the other 511 entries of the range is immutable
  cbit_rmp_entry_t own, base;
} insn_world_t;

insn_step_t insn_step(const cbit_insn_t *i, const insn_world_t *w);
extern const char *const insn_step_name[INSN_STEPS];
// How the step ends; of *code for kind PASS only, *sizem for NPF.
cbit_rmp_verdict_kind_t insn_step_end(insn_step_t step, uint32_t *code, bool *sizem);

#endif  // TB_INSN_STEP_H
