// SPDX-License-Identifier: Apache-2.0
//
// gen_random_int.h - inside of the random generator: traffic (gen_random.c), secure processor (gen_random_sp.c), RMP
// check (gen_random_rmp.c), RMP instructions (gen_random_insn.c), check ports (gen_random_chk.c)
#ifndef TB_GEN_RANDOM_INT_H
#define TB_GEN_RANDOM_INT_H

#include "gen/gen_random.h"

#define GEN_SLOTS 6u     // slots in use, slot 0 among them
#define GEN_PAGES 6u
#define GEN_SCRIPT 128u  // accesses of one operation of the secure processor

// One access of the running operation.
typedef struct gen_access {
  uint8_t write, poll, strb;  // poll: repeat until these bits of the value are 0
  uint16_t offset;
  uint32_t value;
} gen_access_t;

typedef struct gen_rmp gen_rmp_t;
typedef struct gen_insn gen_insn_t;
typedef struct gen_chk gen_chk_t;

struct gen_random {
  bench_t *b;
  act_list_t *record;
  rng_t txn, sp, env;
  uint64_t next_txn, next_sp, next_env, zeroise_at, zeroise_end;
  host_req_t exclusive;  // last exclusive read; lock = 0: none
  // traffic profile
  uint32_t gap_max, pending_max, write_pct, illegal_pct, enc_pct, id_spread, long_pct, lock_pct;
  uint64_t page[GEN_PAGES];
  uint16_t slot[GEN_SLOTS];
  // secure processor
  gen_access_t script[GEN_SCRIPT];
  uint32_t at, n;
  bool flying;
  uint8_t state[GEN_SLOTS];  // what it believes of them
  bool started;
  uint32_t sp_gap;
  uint32_t modes[6], modes_n;
  uint8_t mode;
  // The entropy source repeats itself while keys are generated for a slot that nothing else uses. 0: not so.
  uint64_t flicker_next, flicker_end, reset_at;
  bool flicker_on, flicker_long;  // long: runs of a word up to the repetition cutoff
  uint32_t drills;                // scripts of that kind to come
  gen_rmp_t *rmp;                 // NULL: built without the RMP check
  gen_insn_t *insn;               // NULL: built without ports for RMP instructions
  gen_chk_t *chk;                 // NULL: built without check ports
};

// Plays an act now and records it. False: not played.
bool gen_emit(gen_random_t *g, act_t *a);
void gen_debug(gen_random_t *g, bool on);
void gen_entropy(gen_random_t *g, bench_entropy_t kind);
// Entropy that repeats itself, for some hundred cycles: soon a health test raises the alarm.
void gen_flicker(gen_random_t *g);
void gen_sp_start(gen_random_t *g);  // after reset: configuration and first keys
void gen_sp_step(gen_random_t *g);
void gen_push(gen_random_t *g, bool write, uint32_t offset, uint32_t value);  // an access for the script
void gen_pick_burst(gen_random_t *g, host_req_t *q, uint64_t *spa);
// Id, lock, hints, data and pace of a request whose direction, address, burst and attributes are chosen; plays it.
void gen_finish(gen_random_t *g, act_t *a, const cbit_attr_t *who, uint64_t spa);

void gen_rmp_new(gen_random_t *g, const rng_t *root);
void gen_rmp_start(gen_random_t *g);   // after reset
// A script of the secure processor that the RMP check needs now. False: none.
bool gen_rmp_script(gen_random_t *g);
void gen_rmp_polled(gen_random_t *g, uint32_t offset, uint32_t value);
// A request for the RMP check, or a pause that it needs. False: one of the other kind, please.
bool gen_rmp_txn(gen_random_t *g);
bool gen_rmp_filling(const gen_random_t *g);  // the secure processor waits for writes of the table
void gen_rmp_dram(gen_random_t *g, dram_opt_t *d);
bool gen_rmp_running(const gen_random_t *g);  // checks are on
void gen_rmp_profile(gen_random_t *g);        // more traffic than in other configurations

void gen_chk_new(gen_random_t *g, const rng_t *root);
void gen_chk_step(gen_random_t *g);           // questions that are due

void gen_insn_new(gen_random_t *g, const rng_t *root);
void gen_insn_start(gen_random_t *g);         // after reset
void gen_insn_step(gen_random_t *g);          // instructions and marks that are due
void gen_insn_dram(gen_random_t *g, dram_opt_t *d);

#endif  // TB_GEN_RANDOM_INT_H
