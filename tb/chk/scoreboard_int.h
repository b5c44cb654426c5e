// SPDX-License-Identifier: Apache-2.0
//
// scoreboard_int.h - inside of the scoreboard: what it believes of the secure processor's side (scoreboard_sp.c), its
// image of memory (scoreboard_image.c), requests under way (scoreboard.c)
#ifndef TB_SCOREBOARD_INT_H
#define TB_SCOREBOARD_INT_H

#include "chk/scoreboard.h"
#include "chk/scoreboard_chk.h"
#include "chk/scoreboard_insn.h"
#include "chk/scoreboard_rmp.h"
#include "drv/dram_store.h"

#define SB_BLOCKS 256u  // blocks of 16 bytes in a page: a legal burst stays inside one page

// ---- belief -----------------------------------------------------------------------------------------------------

// What a new request would meet. Between the start of an access (or command) and its seen end, its outcome is open.
typedef struct sb_sp {
  const cbit_cyc_cfg_t *cfg;
  uint64_t cycle;
  uint8_t smee, tsme, mode;
  bool ctrl_open;            // a write of CTRL is under way
  bool cmd_open;             // a write of CMD is under way
  bool test_on, test_was;    // tweak override: nothing encrypted is checked; value before the write under way
  uint64_t test_cycle;       // last write of it
  uint8_t key1[32], key2[32];
  bool key_tainted;          // key registers were written while zeroise may have cleared them
  bool cmd_pending;          // accepted, end not seen
  bool cmd_tainted;          // zeroise came in between
  uint32_t cmd_op, cmd_slot;
  uint64_t cmd_done_cycle;   // of the write of CMD
  bool zeroise;
  uint64_t zeroise_cycle;    // last cycle in which the pin may still act
  uint32_t words[32];        // entropy words since the last command
  uint32_t words_n;
  uint8_t *state;            // cbit_slot_state_t, by slot
  bool *open;                // state of the slot is not known until the next wipe
  uint64_t *left;            // last cycle in which the slot left ACTIVE (or may have)
  uint64_t killed;           // last cycle in which all encrypted requests were killed, 0 = never
  cbit_slot_key_t *keys;
  cbit_tweak_table_t table;
  uint64_t table_cycle;      // last change of the table
  bool table_unknown, table_locked;
  char error[256];
} sb_sp_t;

void sb_sp_init(sb_sp_t *s, const cbit_cyc_cfg_t *cfg);
void sb_sp_free(sb_sp_t *s);
void sb_sp_reset(sb_sp_t *s);
void sb_sp_start(sb_sp_t *s, bool write, uint16_t offset);
void sb_sp_access(sb_sp_t *s, const sp_access_t *a);
void sb_sp_entropy(sb_sp_t *s, uint32_t word);
void sb_sp_zeroise(sb_sp_t *s, bool on);

typedef struct sb_verdict {
  bool open;      // not predictable
  uint8_t fault;  // cbit_fault_t
  uint8_t enc, mode;
  uint16_t slot;
  uint64_t spa;
} sb_verdict_t;
void sb_sp_verdict(const sb_sp_t *s, const host_req_t *r, sb_verdict_t *v);

// ---- image ------------------------------------------------------------------------------------------------------

// DRAM as it must be, with a flag for each block of 16 bytes: 0 known, 1 unknown.
typedef struct sb_image {
  store_t data;
  store_t flag;  // at address / 16
} sb_image_t;

void sb_image_init(sb_image_t *m);
void sb_image_free(sb_image_t *m);
// The page of spa; made with DRAM's content of now if it is not there.
uint8_t *sb_image_page(sb_image_t *m, const dram_t *dram, uint64_t spa);
// 256 flags of the page of spa.
uint8_t *sb_image_flags(sb_image_t *m, uint64_t spa);

// ---- requests under way -----------------------------------------------------------------------------------------

typedef struct entry {
  uint64_t number, page;         // page address
  uint64_t dram_errors;          // when it was accepted
  sb_verdict_t v;
  bool write, inert;             // inert: refused, touches nothing
  uint16_t id;
  uint16_t mask[SB_BLOCKS];      // bytes of each block it touches
  uint8_t open[SB_BLOCKS];       // outcome of the block left open
  uint32_t first, last;          // blocks touched: range
  cbit_slot_key_t key;  // of its slot when it was accepted: the slot may be wiped and loaded anew before it ends
  const host_txn_t *t;  // valid as long as the entry
  sb_ask_t ask;         // with the RMP check only
} entry_t;

struct scoreboard {
  const bench_t *bench;
  dram_t *dram;
  uint32_t bus;
  sb_sp_t sp;
  sb_image_t image;
  entry_t **live;
  uint32_t n, cap;
  scoreboard_stats_t stats;
  sb_rmp_t *rmp;    // NULL: built without the check
  sb_insn_t *insn;  // NULL: built without instruction ports
  sb_chk_t *chk;    // NULL: built without check ports
  char error[512];
};

// Makes the bench fail; the first complaint stays.
void sb_complain(scoreboard_t *s, const host_txn_t *t, const char *what, uint64_t addr, unsigned got, unsigned want);
// A refused request turns out to be one that may pass: from here on it touches memory.
void sb_entry_wake(scoreboard_t *s, entry_t *e);

#endif  // TB_SCOREBOARD_INT_H
