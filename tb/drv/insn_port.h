// SPDX-License-Identifier: Apache-2.0
//
// insn_port.h - who issues RMP instructions: one driver for each instruction port, one for inv, one for marks
//
// Per cycle: insn_drive() puts this cycle's inputs of the engine (insn_*, ans_ready, inv_ready, use_*), insn_sample() sees
// which handshakes took place and whether the engine kept to the rules of docs/units/rmp_insn.md ("Ports"). A port has one
// instruction at a time; the pace of its answer and of the invalidation it causes travels with it, so that a recorded
// instruction is played again exactly.
#ifndef TB_INSN_PORT_H
#define TB_INSN_PORT_H

#include <stdbool.h>
#include <stdint.h>

#include "cbit_cyc.h"

#define INSN_MARKS 16u     // marks that wait
#define INSN_INV_MAX 40u   // cycles from inv_valid to inv_ready, at most

// An instruction and its pace.
typedef struct insn_req {
  cbit_insn_t pins;    // valid does not count
  uint8_t hold;        // cycles before it is shown
  uint8_t wait;        // cycles from ans_valid to ans_ready
  uint8_t inv_wait;    // cycles from inv_valid to inv_ready, if it comes to that
  uint8_t inv_look;    // 1: the one who acknowledges reads something through the engine first (on_inv_begin)
} insn_req_t;

typedef struct insn_port {
  bool busy, taken, done;  // an instruction is under way; was taken; an answer waits for insn_poll()
  insn_req_t req;
  uint32_t hold, wait;
  cbit_insn_answer_t ans;
  uint64_t c_ask, c_take, c_valid, c_done;  // cycles: first valid, ready, first ans_valid, its handshake
} insn_port_t;

typedef struct insn_mark {
  uint8_t slot, set;
  uint64_t page;
} insn_mark_t;

typedef struct insn_stats {
  uint64_t taken, answered, invs, marks;
} insn_stats_t;

// What the drivers tell; each may be NULL. on_inv_begin returns true if the acknowledgement has to wait for
// insn_inv_continue().
typedef struct insn_events {
  void (*on_take)(void *arg, uint32_t port, const insn_req_t *r, uint64_t cycle);
  void (*on_answer)(void *arg, uint32_t port, const insn_port_t *p, uint64_t cycle);
  bool (*on_inv_begin)(void *arg, const insn_req_t *r, uint64_t cycle);
  void (*on_inv)(void *arg, uint64_t cycle);
  void (*on_mark)(void *arg, const insn_mark_t *m, uint64_t cycle);
  void *arg;
} insn_events_t;

typedef struct insn_drv {
  uint32_t ports;
  insn_port_t port[CBIT_MAX_INSN];
  int32_t now;               // port whose instruction was taken and is not answered; -1 none
  bool inv_shown, inv_held;  // inv_valid was there in the cycle before; the acknowledgement is held
  uint32_t inv_left;
  uint32_t inv_page;
  bool ans_shown;
  insn_mark_t mark[INSN_MARKS];
  uint32_t mark_at, mark_n;
  insn_events_t ev;
  insn_stats_t stats;
  char error[160];
} insn_drv_t;

void insn_init(insn_drv_t *d, uint32_t ports);
void insn_reset(insn_drv_t *d);  // drops everything under way
// False: no such port, or it is busy, or its last answer was not fetched.
bool insn_start(insn_drv_t *d, uint32_t port, const insn_req_t *r);
// True once per instruction, when it was answered.
bool insn_poll(insn_drv_t *d, uint32_t port, insn_port_t *result);
// False: too many wait.
bool insn_mark(insn_drv_t *d, const insn_mark_t *m);
void insn_inv_continue(insn_drv_t *d);
bool insn_idle(const insn_drv_t *d);  // nothing asked, nothing to mark

void insn_drive(insn_drv_t *d, cbit_pins_in_t *in);
void insn_sample(insn_drv_t *d, const cbit_pins_in_t *in, const cbit_pins_out_t *out, uint64_t cycle);
const char *insn_protocol_error(const insn_drv_t *d);  // the engine broke the rules of the ports: text, else NULL
const char *insn_name(unsigned op);                    // "RMPUPDATE", ...; "?" if there is none

#endif  // TB_INSN_PORT_H
