// SPDX-License-Identifier: Apache-2.0
//
// chk_port.h - who asks at the check ports: an MMU or IOMMU at each of them (docs/units/rmp_chk.md, "Pins")
//
// Per cycle: chk_drive() puts this cycle's inputs of the engine (chk_valid, chk_req, chk_ans_ready), chk_sample() sees which
// handshakes took place and whether the engine kept to the rules of the port: answers come in the order of the questions,
// none without a question, each stays as it is until it is taken. A port has up to CHK_QUEUE questions that wait or are under
// way; the pace of a question and of its answer travels with it, so that a recorded one is played again exactly.
// An answer is taken in finite time whatever else is under way, as the page asks of an MMU.
#ifndef TB_CHK_PORT_H
#define TB_CHK_PORT_H

#include <stdbool.h>
#include <stdint.h>

#include "cbit_cyc.h"

#define CHK_QUEUE 16u
#define CHK_DONE 16u  // answers that wait for chk_poll(); older ones are dropped

typedef struct chk_req {
  cbit_chk_ask_t pins;
  uint8_t hold;  // cycles before it is shown, once it is the first to ask
  uint8_t wait;  // cycles from its answer's valid to ready
} chk_req_t;

typedef struct chk_done {
  chk_req_t req;
  cbit_chk_answer_t ans;
  uint64_t c_ask, c_take, c_valid, c_done;  // cycles: first valid, ready, answer's first valid, its handshake
} chk_done_t;

typedef struct chk_port {
  chk_done_t q[CHK_QUEUE];  // ring: those taken come first
  uint32_t at, n, taken;    // oldest; all; of them, taken by the engine
  uint32_t hold;            // left for the one that asks next
  uint32_t wait;            // left for the answer that is shown
  bool shown, asked;        // an answer, a question was there in the cycle before
  chk_done_t done[CHK_DONE];
  uint32_t done_at, done_n;
} chk_port_t;

typedef struct chk_stats {
  uint64_t asked, answered, denied;
} chk_stats_t;

// What the drivers tell; each may be NULL. number counts the questions of all ports, from 0, in the order of their handshakes.
typedef struct chk_events {
  void (*on_ask)(void *arg, uint32_t port, const chk_req_t *r, uint64_t cycle);
  void (*on_valid)(void *arg, uint32_t port, const cbit_chk_answer_t *a, uint64_t cycle);  // first cycle of the oldest's answer
  void (*on_answer)(void *arg, uint32_t port, const chk_done_t *d);
  void *arg;
} chk_events_t;

typedef struct chk_drv {
  uint32_t ports;
  chk_port_t port[CBIT_MAX_CHK];
  chk_events_t ev;
  chk_stats_t stats;
  char error[160];
} chk_drv_t;

void chk_init(chk_drv_t *d, uint32_t ports);
void chk_reset(chk_drv_t *d);  // drops everything under way
// False: no such port, or its queue is full.
bool chk_start(chk_drv_t *d, uint32_t port, const chk_req_t *r);
// True once per question, in their order, when it was answered.
bool chk_poll(chk_drv_t *d, uint32_t port, chk_done_t *result);
bool chk_idle(const chk_drv_t *d);  // nothing asked
uint32_t chk_pending(const chk_drv_t *d, uint32_t port);

void chk_drive(chk_drv_t *d, cbit_pins_in_t *in);
void chk_sample(chk_drv_t *d, const cbit_pins_in_t *in, const cbit_pins_out_t *out, uint64_t cycle);
const char *chk_protocol_error(const chk_drv_t *d);  // the engine broke the rules of the ports: text, else NULL

#endif  // TB_CHK_PORT_H
