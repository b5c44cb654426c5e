// SPDX-License-Identifier: Apache-2.0
//
// scoreboard.h - what memory must hold and what reads must return, from the functional layer of the model alone
//
// Independent of the cycle model: it watches the pins' transactions (address taken, finished) and the secure
// processor's accesses, asks cbit_route() for the verdict and cbit_crypt_*() for the ciphertext, and keeps its own
// image of DRAM. What AXI4 leaves open is marked unknown by blocks of 16 bytes instead of guessed: writes under way at
// the same time to the same blocks with different IDs, reads that overlap a write under way, requests that met a
// change of keys or of configuration. Counters say how much was checked and how much was not.
#ifndef TB_SCOREBOARD_H
#define TB_SCOREBOARD_H

#include <stdbool.h>
#include <stdio.h>

#include "cbit.h"
#include "core/bench.h"
#include "drv/axil_sp.h"
#include "drv/chk_port.h"
#include "drv/insn_port.h"

typedef struct scoreboard scoreboard_t;

typedef struct scoreboard_stats {
  uint64_t reads_checked, reads_skipped;    // transactions
  uint64_t bytes_checked, bytes_unknown;    // of reads
  uint64_t writes_applied, writes_unknown;  // transactions: applied to the image; outcome left open
  uint64_t faults_checked;                  // refused as predicted
  uint64_t dram_bytes_checked, dram_bytes_unknown;  // at the end
  uint64_t rmp_checked, rmp_open, rmp_denied;       // RMP check: verdict known, left open; denied
  uint64_t rmp_records;                             // its records in the fault log that were read
  uint64_t insn_checked, insn_open;                 // RMP instructions: answer known, left open
  uint64_t insn_ranges;                             // of them, those whose range and counters were recounted
  uint64_t chk_checked, chk_open, chk_denied;       // check ports: answer known, left open; denied
  uint64_t chk_kept, chk_held;                      // answers kept; looked at again after an inv, and they held
} scoreboard_stats_t;

scoreboard_t *scoreboard_new(const bench_t *b, dram_t *dram);
void scoreboard_free(scoreboard_t *s);

void scoreboard_addr(scoreboard_t *s, const host_txn_t *t, uint64_t cycle);
void scoreboard_done(scoreboard_t *s, const host_txn_t *t, uint64_t cycle);
void scoreboard_sp_start(scoreboard_t *s, bool write, uint16_t offset);
void scoreboard_sp(scoreboard_t *s, const sp_access_t *a);
void scoreboard_entropy(scoreboard_t *s, uint32_t word);
void scoreboard_debug(scoreboard_t *s, bool on);
void scoreboard_zeroise(scoreboard_t *s, bool on);
void scoreboard_reset(scoreboard_t *s);
// DRAM was changed behind the engine's back: forget these bytes.
void scoreboard_forget(scoreboard_t *s, uint64_t addr, uint64_t len);
// Pins of this cycle, and a write beat that reaches memory; needed with the RMP check only (scoreboard_rmp.h).
void scoreboard_cycle(scoreboard_t *s, const cbit_pins_in_t *in, const cbit_pins_out_t *out, uint64_t cycle);
void scoreboard_probe(scoreboard_t *s, uint64_t addr, uint64_t strb, uint32_t bytes);
// Outputs of this cycle before its handshakes; RMP instructions and marks (scoreboard_insn.h).
void scoreboard_cycle_begins(scoreboard_t *s, const cbit_pins_out_t *out, uint64_t cycle);
void scoreboard_insn_take(scoreboard_t *s, uint32_t port, const insn_req_t *r, uint64_t cycle);
void scoreboard_insn_answer(scoreboard_t *s, uint32_t port, const insn_port_t *p);
void scoreboard_insn_inv(scoreboard_t *s, uint32_t page, uint64_t cycle);
void scoreboard_insn_mark(scoreboard_t *s, const insn_mark_t *m);
// Check ports (scoreboard_chk.h).
void scoreboard_chk_ask(scoreboard_t *s, uint32_t port, const chk_req_t *r, uint64_t cycle);
void scoreboard_chk_valid(scoreboard_t *s, uint32_t port, const cbit_chk_answer_t *a, uint64_t cycle);
void scoreboard_chk_answer(scoreboard_t *s, uint32_t port, const chk_done_t *d);
struct sb_chk_seen;
const struct sb_chk_seen *scoreboard_chk_seen(const scoreboard_t *s);  // the last answer
bool scoreboard_in_table(const scoreboard_t *s, uint64_t spa);
// The engine's own reads under way: bit 0 read-modify-writes, bit 1 reads of the table.
uint32_t scoreboard_own_reads(const scoreboard_t *s);
struct sb_insn_seen;
const struct sb_insn_seen *scoreboard_insn_seen(const scoreboard_t *s);  // the last one answered
// Compares the image with DRAM. Nothing may be under way.
bool scoreboard_check_dram(scoreboard_t *s);
// First error, or NULL.
const char *scoreboard_error(const scoreboard_t *s);
const scoreboard_stats_t *scoreboard_stats(const scoreboard_t *s);
// What the last finished request, and the last access of the AMD-SP, were to the RMP check; NULL without one.
struct sb_rmp_seen;
struct sb_rmp_event;
const struct sb_rmp_seen *scoreboard_rmp_seen(const scoreboard_t *s, uint64_t number);
const struct sb_rmp_event *scoreboard_rmp_event(const scoreboard_t *s);

#endif  // TB_SCOREBOARD_H
