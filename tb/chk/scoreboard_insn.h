// SPDX-License-Identifier: Apache-2.0
//
// scoreboard_insn.h - what RMP instructions must answer and make of the table, from the functional layer of the model
//
// An instruction that was taken is worked out once, when its effect can first be seen: at the first AW of its writes, its
// inv_valid, its ans_valid. Until then nothing but requests of before could change the table, and those have
// ended (docs/units/rmp_insn.md: the world stands still). cbit_rmp_*() runs on the scoreboard's shadow of the table and
// says how the instruction ends and what it writes; from that moment on the shadow holds what it writes, so requests
// taken from INV on are judged by the new entries. Held against it:
//   - kind, code, flags, error, output; insn_step.h as a second opinion on the end
//   - inv once for each instruction that wrote, before its answer, with the range of its page; never for others
//   - DRAM: every write between STOP and INV is one of the instruction's, and when inv_valid comes each of its blocks is
//     there. After MCE each block is the old or the new one
//   - entries by their bits: a range that was as docs/rmp.md 1.4 says is so again, and the counters moved by as many
//     pages as the range gained or lost for each ASID
// Left open: instructions that met a change of the check's state, or whose entries the scoreboard does not know.
#ifndef TB_SCOREBOARD_INSN_H
#define TB_SCOREBOARD_INSN_H

#include "cbit_rmp.h"
#include "chk/insn_step.h"
#include "drv/insn_port.h"

struct scoreboard;
typedef struct sb_insn sb_insn_t;

// An answered instruction, for coverage. sure: step holds.
typedef struct sb_insn_seen {
  bool sure;
  insn_step_t step;
  bool wrote, big, first, base_big;  // big: 2 MiB form; first: page of a base entry
  bool leaves, enters, same;         // RMPUPDATE: counters it moves; both of one ASID
  bool read_error, write_error;      // MCE, before and after its first write
} sb_insn_seen_t;

sb_insn_t *sb_insn_new(const struct scoreboard *s);  // NULL without instruction ports
void sb_insn_free(sb_insn_t *n);
void sb_insn_reset(struct scoreboard *s);
// Outputs of this cycle, before requests of this cycle are looked at.
void sb_insn_cycle_begins(struct scoreboard *s, const cbit_pins_out_t *out, uint64_t cycle);
void sb_insn_take(struct scoreboard *s, uint32_t port, const insn_req_t *r, uint64_t cycle);
void sb_insn_answer(struct scoreboard *s, uint32_t port, const insn_port_t *p);
void sb_insn_inv(struct scoreboard *s, uint32_t page, uint64_t cycle);
void sb_insn_mark(struct scoreboard *s, const insn_mark_t *m);
// A write beat that no request explains: is it this instruction's? addr is a multiple of 16.
bool sb_insn_writes(struct scoreboard *s, uint64_t addr);
bool sb_insn_busy(const struct scoreboard *s);
const sb_insn_seen_t *sb_insn_seen(const sb_insn_t *n);

#endif  // TB_SCOREBOARD_INSN_H
