// SPDX-License-Identifier: Apache-2.0
//
// rmp_insn_units.h - the RMP instructions in the request paths, as their parts share it
//
// rmp_insn_cyc.c: ports, phases, reads and writes; rmp_insn_value_cyc.c: what an instruction makes of what was read, by
// the functional layer (cbit_rmp.h); rmp_pins_cyc.c: the requester's pins. Page: docs/units/rmp_insn.md. With RmpInsn = 0
// nothing of it exists.
//
// Registers are those of the page, sized for the largest configuration; bits per read or port are masks. Kept in another
// form:
// - used_q is looked up when it is needed: marks do not change from CHECK to WRITE;
// - the beats of the items are made at the end of the last phase before WRITE (image), and the answer with them; an error
//   that comes later replaces it.

#ifndef CBIT_RMP_INSN_UNITS_H
#define CBIT_RMP_INSN_UNITS_H

#include "rmp/rmp_impl.h"
#include "rmp/rmp_units.h"

#define RMP_INSN_REST 31u  // cycles after a stop until the next instruction is picked

typedef enum rmp_phase {
  RMP_PH_IDLE = 0,
  RMP_PH_TAKE,
  RMP_PH_CHECK,
  RMP_PH_STOP,
  RMP_PH_READ,
  RMP_PH_DECIDE,
  RMP_PH_SCAN,
  RMP_PH_COUNT,
  RMP_PH_WRITE,
  RMP_PH_INV,
  RMP_PH_ANS
} rmp_phase_t;

// Items of WRITE.
enum { RMP_ITEM_FIRST = 0, RMP_ITEM_HALF1, RMP_ITEM_BASE, RMP_ITEM_OLD, RMP_ITEM_NEW, RMP_ITEMS };

// Entries and counters as the instruction wants them.
typedef struct rmp_insn_image {
  uint8_t todo;                                      // bit item
  uint64_t addr[RMP_ITEMS];                          // of the entry, the half, the counter
  uint16_t index[RMP_ITEM_OLD];                      // of the entry, of the half's first one, in the range
  uint64_t counter[2];                               // items 3, 4
  uint8_t entry[RMP_PAGES_2M][CBIT_RMP_ENTRY_BYTES];  // of the range; what an item writes
} rmp_insn_image_t;

typedef struct rmp_insn_cyc {
  // configuration
  uint8_t ports, slots_use, lanes, lb;
  uint8_t unit;  // I, the number in tags
  // registers
  uint8_t ph;  // rmp_phase_t
  uint8_t last, sel;
  cbit_insn_t req;
  uint8_t rest;
  uint32_t use_v;
  uint64_t use_page[CBIT_MAX_USE];
  uint8_t need, wait;
  uint16_t n, nw;
  bool err, imm;
  uint8_t base[CBIT_RMP_ENTRY_BYTES], own[CBIT_RMP_ENTRY_BYTES];
  uint64_t cnt[2];
  uint8_t todo, cur, beat;
  bool aw, bw, werr;
  uint16_t wn;
  cbit_insn_answer_t ans;
  rmp_insn_image_t image;
  // cbit_rmp_pins
  uint16_t owed;
} rmp_insn_cyc_t;

// What a clock of the unit looks at beside its registers.
typedef struct rmp_insn_in {
  const rmp_regs_t *regs;
  bool chk_on;
  bool idle;                   // rd_idle, wr_idle and chk_idle
  bool rd_taken;               // rd_ready
  const cyc_rmw_data_t *word;  // arrival for I, NULL: none
  bool aw_ready, w_ready;
  const cbit_b_t *b;
} rmp_insn_in_t;

// ---- rmp_insn_cyc.c ----

void rmp_insn_cyc_init(rmp_insn_cyc_t *u, const cbit_cyc_cfg_t *cfg);
void rmp_insn_cyc_reset(rmp_insn_cyc_t *u);
static inline bool rmp_insn_cyc_stop(const rmp_insn_cyc_t *u) { return u->ph >= RMP_PH_STOP && u->ph <= RMP_PH_WRITE; }
static inline bool rmp_insn_cyc_write(const rmp_insn_cyc_t *u) { return u->ph == RMP_PH_WRITE; }
static inline bool rmp_insn_cyc_use_ready(const rmp_insn_cyc_t *u) { return u->ph <= RMP_PH_TAKE || u->ph >= RMP_PH_INV; }
// A slot of this cycle's marks names the page of spa.
static inline bool rmp_insn_cyc_marked(const rmp_insn_cyc_t *u, uint64_t spa) {
  for (uint32_t left = u->use_v; left != 0; left &= left - 1u) {
    if (u->use_page[cyc_lowest(left)] == spa >> 12) {
      return true;
    }
  }
  return false;
}
void rmp_insn_cyc_out(const rmp_insn_cyc_t *u, cbit_pins_out_t *out);
// rd_valid; its address and tag.
static inline bool rmp_insn_cyc_reads(const rmp_insn_cyc_t *u) { return u->need != 0 || u->n != 0; }
rmp_walk_req_t rmp_insn_cyc_read(const rmp_insn_cyc_t *u, const rmp_regs_t *regs);
// aw_valid, aw_spa, aw_len as a request at the pins; w_* as a beat.
void rmp_insn_cyc_aw(const rmp_insn_cyc_t *u, cbit_ax_in_t *aw);
void rmp_insn_cyc_w(const rmp_insn_cyc_t *u, cbit_w_t *w);
void rmp_insn_cyc_step(rmp_insn_cyc_t *u, const rmp_insn_in_t *in, const cbit_pins_in_t *pins, cyc_events_t *ev);

// ---- rmp_insn_value_cyc.c ----

// Where the entries of the instruction's page lie.
typedef struct rmp_insn_place {
  uint64_t own, base;  // addresses of the entries
  bool first;          // the page is the first of its range
} rmp_insn_place_t;
rmp_insn_place_t rmp_insn_place(const rmp_insn_cyc_t *u, const rmp_regs_t *regs);
// Operand of RMPUPDATE, 2 MiB form.
bool rmp_insn_large(const rmp_insn_cyc_t *u);
// U17: the old and the new owner of an RMPUPDATE; leaves and enters.
typedef struct rmp_insn_owners {
  bool leaves, enters;
  unsigned old_asid, new_asid;
} rmp_insn_owners_t;
rmp_insn_owners_t rmp_insn_owners(const rmp_insn_cyc_t *u, bool first);
// U11b is due: sub entries have to be looked at before this RMPUPDATE may write.
bool rmp_insn_scans(const rmp_insn_cyc_t *u);

// How an instruction goes on.
typedef enum rmp_insn_end {
  RMP_END_TABLE,   // it has to see the table
  RMP_END_ANSWER,  // it ended: u->ans
  RMP_END_WRITE    // it ends with u->ans, once u->image is written
} rmp_insn_end_t;

// CHECK: what can be said without the table.
rmp_insn_end_t rmp_insn_check(rmp_insn_cyc_t *u, const rmp_regs_t *regs, bool chk_on);
// With base, own, imm and cnt as they are; sub entries that were not looked at count as not Immutable.
rmp_insn_end_t rmp_insn_decide(rmp_insn_cyc_t *u, const rmp_regs_t *regs);

// ---- rmp_pins_cyc.c ----

// The requester's side of the pins from the engine's (out, in place); the engine's is kept in net->eng.
void rmp_pins_cyc_out(const rmp_insn_cyc_t *u, cyc_net_t *net, cbit_pins_out_t *out);
// What the bus units see: in with AR, AW, W and B as this unit passes them.
void rmp_pins_cyc_in(const rmp_insn_cyc_t *u, const cbit_pins_in_t *in, cbit_pins_in_t *eng);
void rmp_pins_cyc_step(rmp_insn_cyc_t *u, const cyc_net_t *net, const cbit_pins_in_t *in);

#endif  // CBIT_RMP_INSN_UNITS_H
