// SPDX-License-Identifier: Apache-2.0
//
// scoreboard_rmp_int.h - inside of the scoreboard's RMP part: requests (scoreboard_rmp.c), registers and log
// (scoreboard_rmp_sp.c)
#ifndef TB_SCOREBOARD_RMP_INT_H
#define TB_SCOREBOARD_RMP_INT_H

#include "chk/scoreboard_int.h"
#include "core/rmp_boot.h"

#define SB_RMP_POOL 8192u  // denied requests remembered for the fault log
#define SB_RMP_WORDS 8u    // of a record: INFO, ADDR (2), GPA (2), RMP_FAULT_INFO, RMP_FAULT_ERR (2)
#define SB_RMP_PAIRS 8u
#define SB_RMP_LINES 256u  // of base entries, at most
#define SB_RMP_GHOSTS 32u

// What the record of a denied request may say.
typedef struct sb_rmp_past {
  uint32_t info;
  uint64_t addr, gpa;
  bool loose, read_error;
  uint32_t n;
  sb_say_t says[SB_RMP_SAYS];
} sb_rmp_past_t;

struct sb_rmp {
  cbit_rmp_param_t param;
  // registers, as the AMD-SP's accesses tell
  uint32_t base[2], end[2], ctrl, cfg;
  bool loaded, rst_open;       // SEG_LOAD has ended well; what it read is not known
  uint64_t rst[RMP_SEGMENTS];  // as it read them
  uint8_t state, error, op;
  bool lost;       // which state it is is not known until RMP_STATUS is read
  bool pending;    // a command that takes time: its end was not seen
  bool foreseen;   // want_* hold
  uint8_t want_state, want_error;
  uint64_t cmd_done, settle, on_cycle;
  bool cmd_open;   // a write of RMP_CMD is under way
  uint64_t table_writes, seen_writes, seen_errors;  // now, and before VERIFY was written
  // the record at the head of the log
  uint32_t word[SB_RMP_WORDS];
  uint32_t have;  // bits
  sb_rmp_past_t *pool;
  uint64_t pool_n;
  uint64_t pair[2][SB_RMP_PAIRS];  // cycles of addresses that missed, reads and writes
  uint32_t pair_n[2];
  bool walk[64];   // own reads of the engine under way, in order: is it of the table?
  uint64_t walk_at[64];
  uint32_t walk_n, walk_done;
  sb_rmp_seen_t seen;
  sb_rmp_event_t event;
  // base entries that the caches surely have (scoreboard_rmp_base.c)
  struct {
    bool v;
    uint64_t range;
  } known[SB_RMP_LINES];
  uint64_t stores;          // writes of the AMD-SP begun or ended, instructions taken or ended
  struct {
    uint64_t base_addr, cycle;
  } ghost[SB_RMP_GHOSTS];   // requests that ended refused: their walks may go on
  uint32_t ghosts;
};

uint64_t sb_rmp_base(const sb_rmp_t *m);
uint64_t sb_rmp_last(const sb_rmp_t *m);
void sb_rmp_cfg(const sb_rmp_t *m, cbit_rmp_cfg_t *cfg);
bool sb_rmp_segmented(const sb_rmp_t *m);
uint64_t sb_rmp_rst(const sb_rmp_t *m, uint64_t addr);  // an entry of the segment table, by its address
uint8_t sb_rmp_seg_range(const scoreboard_t *s);        // rule of FENCE that is broken, 0 none
// Reads the segment table from the shadow; *good: no entry is refused. False: cannot be told.
bool sb_rmp_seg_load(scoreboard_t *s, bool *good);
// Calls page for the pages that VERIFY asks for, until *good is false. False: a call returned false.
bool sb_rmp_seg_each(scoreboard_t *s, bool (*page)(scoreboard_t *s, uint64_t spa, bool *good), bool *good);
// As cbit_rmp_find(), with the segments as SEG_LOAD read them.
bool sb_rmp_find(const sb_rmp_t *m, uint64_t spa, uint64_t *addr);
// Is it not known whether checks are on?
bool sb_rmp_unsure(const sb_rmp_t *m, uint64_t cycle);
// A question whose q and use are filled in: what the table may say to it now. Checks are on. again: a question that
// came before, to be judged by the table of now; but: a write that does not count.
void sb_ask_judge(scoreboard_t *s, sb_ask_t *a);
void sb_ask_again(scoreboard_t *s, sb_ask_t *a, const entry_t *but);
// A store to the table begins. True: it adds to what the question may find.
bool sb_ask_store(scoreboard_t *s, sb_ask_t *a, const entry_t *w);
bool sb_ask_touched(const sb_ask_t *a, const entry_t *w);  // does the write touch an entry of the question?
bool sb_ask_private(const sb_ask_t *a);                    // rows 8 to 12
bool sb_ask_may_own(const sb_rmp_t *m, const sb_ask_t *a); // by the bits of the entries
bool sb_ask_record(const sb_ask_t *a, const sb_say_t *say); // is it one of the ways to be denied?
// What a read error makes of the question.
void sb_ask_read_error(const sb_rmp_t *m, const sb_ask_t *a, sb_say_t *say);
// 16 bytes of the table as the shadow has them. False: not known.
bool sb_rmp_shadow(scoreboard_t *s, uint64_t addr, uint8_t raw[CBIT_RMP_ENTRY_BYTES]);
// The 16 bytes as memory holds them: encrypted where the table is (TSME). The other way round.
void sb_rmp_seal(scoreboard_t *s, uint64_t addr, const uint8_t plain[CBIT_RMP_ENTRY_BYTES], uint8_t sealed[CBIT_RMP_ENTRY_BYTES]);
void sb_rmp_open(scoreboard_t *s, uint64_t addr, const uint8_t sealed[CBIT_RMP_ENTRY_BYTES], uint8_t plain[CBIT_RMP_ENTRY_BYTES]);
void sb_rmp_past(scoreboard_t *s, const entry_t *e, sb_rmp_past_t *p);

// Reads of base entries against what the caches surely have (docs/units/rmp_walker.md, "One read for a miss ..."): apart
// from the model, a base entry may be read for a question only if the cache could not know it.
void sb_base_ask(scoreboard_t *s, entry_t *e);    // a request's address was taken, after everything else about it
void sb_base_done(scoreboard_t *s, const entry_t *e, const host_txn_t *t, uint64_t cycle);
void sb_base_chk(scoreboard_t *s, const sb_ask_t *a);  // a question at a check port
void sb_base_forget(scoreboard_t *s);             // caches may be empty from here on
void sb_base_read(scoreboard_t *s, uint64_t addr, uint64_t cycle);  // the engine reads this row of the table

#endif  // TB_SCOREBOARD_RMP_INT_H
