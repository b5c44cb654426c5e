// SPDX-License-Identifier: Apache-2.0
//
// scoreboard_rmp.h - what the scoreboard expects of the RMP check, from the functional layer of the model alone
//
// The shadow of the table is the scoreboard's image of DRAM. A request whose address is taken gets the entries that can
// answer it: what the image holds, and what writes under way would make of it; a write of the table that begins later
// adds to them. cbit_rmp_check() on every combination says what may become of it: mostly one thing. Rules:
// docs/units/rmp.md ("What is promised", "Attributes", "Faults"), rmp_init.md. Kept apart, as invariants that hold all
// run long: memory changes only by a write that may pass, and a private access passes only if the shadow says so by
// its bits, without cbit_rmp_check().
#ifndef TB_SCOREBOARD_RMP_H
#define TB_SCOREBOARD_RMP_H

#include <stdbool.h>

#include "cbit_cyc.h"
#include "cbit_rmp.h"
#include "drv/axil_sp.h"

#define SB_RMP_CANDS 6u  // contents of one entry that are possible at once
#define SB_RMP_SAYS 4u   // verdicts of one request that are possible at once

struct entry;
struct host_txn;
struct scoreboard;
typedef struct sb_rmp sb_rmp_t;

typedef struct sb_cands {
  uint8_t raw[SB_RMP_CANDS][CBIT_RMP_ENTRY_BYTES];
  uint32_t n;
} sb_cands_t;

typedef struct sb_say {
  uint8_t row, why, kind;
  uint64_t error;
} sb_say_t;

// A request's question.
typedef struct sb_ask {
  bool asked;     // checks or guard concern it; all else means nothing without
  bool guard;     // the guard refuses it
  bool loose;     // registers or table not known well enough: anything goes
  bool table;     // the row looks at the table, and the page is covered
  bool covered, first;
  bool may_pass, may_deny;
  uint32_t says_n;  // ways to be denied
  sb_say_t says[SB_RMP_SAYS];
  cbit_rmp_check_req_t q;
  uint8_t use;      // bit 0, 1: q.in_use may be 0, 1
  uint64_t own_addr, base_addr;
  sb_cands_t own, base;
  uint64_t c_ax;
  // for coverage: what the pins show of its walk
  bool walked, walk_shared, wrote, redo, pair, walk_error;
  bool known;          // the entry of its range was surely cached in the cycle of its address
  bool reads_base;     // a read of that entry alone was seen in its time
  uint64_t stores;     // of the AMD-SP when its address was taken
} sb_ask_t;

// A finished request, for coverage.
typedef struct sb_rmp_seen {
  uint64_t number;  // + 1
  bool write, denied, guard, table, first, base_2m, hit, miss, redo, both, walk_error, sure;
  bool known;  // a miss, and its range's entry was not read: the cache had it
  sb_say_t say;  // with sure: what was said
} sb_rmp_seen_t;

// What an access of the AMD-SP told, for coverage. All zero: nothing.
typedef struct sb_rmp_event {
  bool ended;         // a command has ended
  uint8_t op, error;
  uint8_t range;      // FENCE with error RANGE: the rule it broke, 1..4
  bool record;        // a record of the check was read whole
  uint8_t kind;
} sb_rmp_event_t;

sb_rmp_t *sb_rmp_new(struct scoreboard *s);  // NULL without the check
void sb_rmp_free(sb_rmp_t *m);
void sb_rmp_reset(struct scoreboard *s);
void sb_rmp_addr(struct scoreboard *s, struct entry *e, uint64_t cycle);
void sb_rmp_end(struct scoreboard *s, struct entry *e, const struct host_txn *t);
// A write that may touch the table begins, and has ended.
void sb_rmp_table_begin(struct scoreboard *s, const struct entry *w);
void sb_rmp_table_end(struct scoreboard *s, const struct entry *w, uint64_t cycle);
// May its walk have found no key (TSME)?
bool sb_rmp_key_moved(const struct scoreboard *s, const struct entry *e);
// Bits 0 and 1: the mark of a page in use may be clear, set.
uint8_t sb_rmp_use(const struct scoreboard *s, uint64_t spa);
void sb_rmp_sp_start(struct scoreboard *s, bool write, uint16_t offset);
void sb_rmp_sp(struct scoreboard *s, const sp_access_t *a);
void sb_rmp_cycle(struct scoreboard *s, const cbit_pins_in_t *in, const cbit_pins_out_t *out, uint64_t cycle);
void sb_rmp_probe(struct scoreboard *s, uint64_t addr, uint64_t strb, uint32_t bytes);
const sb_rmp_seen_t *sb_rmp_seen(const sb_rmp_t *m, uint64_t number);  // NULL: not about this one
bool sb_rmp_in_table(const sb_rmp_t *m, uint64_t spa);
uint32_t sb_rmp_own_reads(const sb_rmp_t *m);  // bit 0: a read-modify-write, bit 1: a read of the table is under way
const sb_rmp_event_t *sb_rmp_event(const sb_rmp_t *m);

#endif  // TB_SCOREBOARD_RMP_H
