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
  uint32_t base[2], end[2], ctrl;
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
};

uint64_t sb_rmp_base(const sb_rmp_t *m);
uint64_t sb_rmp_last(const sb_rmp_t *m);
void sb_rmp_cfg(const sb_rmp_t *m, cbit_rmp_cfg_t *cfg);
// 16 bytes of the table as the shadow has them. False: not known.
bool sb_rmp_shadow(scoreboard_t *s, uint64_t addr, uint8_t raw[CBIT_RMP_ENTRY_BYTES]);
// The 16 bytes as memory holds them: encrypted where the table is (TSME). The other way round.
void sb_rmp_seal(scoreboard_t *s, uint64_t addr, const uint8_t plain[CBIT_RMP_ENTRY_BYTES], uint8_t sealed[CBIT_RMP_ENTRY_BYTES]);
void sb_rmp_open(scoreboard_t *s, uint64_t addr, const uint8_t sealed[CBIT_RMP_ENTRY_BYTES], uint8_t plain[CBIT_RMP_ENTRY_BYTES]);
void sb_rmp_past(scoreboard_t *s, const entry_t *e, sb_rmp_past_t *p);

#endif  // TB_SCOREBOARD_RMP_INT_H
