// SPDX-License-Identifier: Apache-2.0
//
// rmp_units.h - the RMP unit in the request paths, as its parts and the units beside it see it
//
// rmp_cyc.c: the whole (reset, outputs, one clock) with the merge; rmp_ask_cyc.c: attributes to the inputs of the check;
// rmp_cache_cyc.c: questions, cached entries and verdicts of one port; rmp_walker_cyc.c: reads of entries;
// rmp_init_cyc.c: start-up. Pages: docs/units/rmp.md, rmp_cache.md, rmp_walker.md, rmp_init.md; members carry their names.
// Values come from the functional layer (cbit_rmp.h). Only for cfg->rmp = 1: with 0 nothing here is called.
//
// A clock, and who fills what:
//   1. the others' *_out fill the "registers" part of rmp_cyc_in_t;
//   2. rmp_cyc_out() fills rmp_cyc_out_t. All of it depends on registers alone: bus_read_cyc_out and every step may use it
//      (the read path needs rd_wait, rd_deny, int_*; the gate of the write path wr_*);
//   3. the steps of bus_read, bus_write and sp fill the "steps" part of rmp_cyc_in_t, every member in every cycle;
//   4. rmp_cyc_step(), last of the steps, takes both parts as they are then. It reads nothing of rmp_cyc_out_t.
// Each member of the in part says which cycle's value it is: that of the cycle that ends with this step.

#ifndef CBIT_RMP_UNITS_H
#define CBIT_RMP_UNITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cbit_cyc.h"
#include "cbit_rmp.h"

#define RMP_MAX_LINES 256u
#define RMP_MAX_MISS 8u
#define RMP_RD_SLOTS 2u
#define RMP_MAX_PLACES (RMP_MAX_MISS + 3u)  // walker: R, W and VERIFY
#define RMP_WRQ_DEPTH 2u

// Record of a denial, packed: {row[4:0], why[3:0], kind[3:0], error[37:0]}, 51 bits. Zero: no check said it (the guard).
#define RMP_REC_ERROR_BITS 38u
#define RMP_REC_KIND_LSB 38u
#define RMP_REC_WHY_LSB 42u
#define RMP_REC_ROW_LSB 46u

// RMP_STATUS.state and error, RMP_CMD.op (rmp_init.md).
typedef enum rmp_state {
  RMP_OFF = 0,
  RMP_FENCED = 1,
  RMP_FLUSHED = 2,
  RMP_FILLED = 3,
  RMP_CHECKED = 4,
  RMP_ON = 5,
  RMP_READY = 6
} rmp_state_t;

typedef enum rmp_op {
  RMP_OP_FENCE = 1,
  RMP_OP_FLUSH_DONE = 2,
  RMP_OP_TABLE_DONE = 3,
  RMP_OP_VERIFY = 4,
  RMP_OP_SNP_EN = 5,
  RMP_OP_FLUSH2_DONE = 6
} rmp_op_t;

typedef enum rmp_err {
  RMP_ERR_NONE = 0,
  RMP_ERR_RANGE = 1,
  RMP_ERR_STATE = 2,
  RMP_ERR_VERIFY = 3,
  RMP_ERR_OP = 15
} rmp_err_t;

// Events for the counters of RMP; they pass a register on their way as the bus units' do (net: rmp_ev -> rmp_ev_q).
typedef struct rmp_events {
  uint8_t ask, miss;  // 0..2
  bool read, stall_rd, stall_wr;
} rmp_events_t;

// What comes in (net->rmp_in).
typedef struct rmp_cyc_in {
  // ---- registers: before rmp_cyc_out ----
  bool smee, tsme;             // sp: CTRL
  uint8_t mode;
  uint64_t rmp_base, rmp_end;  // sp: byte addresses, bits 51:13, others zero
  bool vmpl_en, vmpl_sss, iommu_snp;  // sp: RMP_CTRL
  bool rmw_valid;              // bus_write: head of rmwq, a request of its own at the internal port
  bool rmwd_valid;             // bus_read: register rmwd; tag[7] = 0 too, which is not the walker's
  uint8_t rmwd_tag;
  bool rmwd_err;
  const uint8_t *rmwd_data;    // 16 * lanes bytes; may be NULL if not valid
  bool wr_idle;                // bus_write: gate empty, awq empty, fr = al
  // ---- steps: before rmp_cyc_step ----
  bool rd_ask_valid;           // bus_read: AR handshake at the pins, pushed into arq with this edge
  uint64_t rd_ask_spa;         // of the route
  uint64_t rd_ask_attr;        // attributes that travel on, packed as on AxUSER (cbit_attr_pack)
  bool rd_ask_none;            // the route refuses it
  bool rd_pop;                 // arq pops
  bool wr_ask_valid;           // bus_write: AW handshake at the pins, pushed into the gate
  uint64_t wr_ask_spa;
  uint64_t wr_ask_attr;
  bool wr_ask_none;
  bool wr_pop;                 // the gate pops
  bool tbl_begin;              // the gate pops with wr_tbl
  bool tbl_end;                // B handshake at the requester of an entry with tbl
  bool int_ready;              // bus_read: takes the request at the internal port in this cycle, whoever's it is
  bool cmd_we;                 // sp: accepted write of RMP_CMD
  uint8_t cmd_op;
} rmp_cyc_in_t;

// What goes out (net->rmp), from registers.
typedef struct rmp_cyc_out {
  // read path: rd_chk_rsp = {valid not rd_wait, allow not rd_deny}
  bool rd_wait, rd_deny;       // head_wait, head_deny of cache R
  bool rd_now, rd_now_deny;    // head_now, now_deny
  uint64_t rd_rec;             // head_rec, packed; meaningless but for a deny
  // write path: for the oldest place of the gate
  bool wr_wait, wr_deny, wr_tbl;
  uint64_t wr_rec;
  // internal port: at most one of both. RMW: the request of bus_write, enc 1, whose ready is int_ready in that case.
  // WALK: spa, tag and enc below; rows 1, cache, prot, qos, region and slot 0.
  bool int_rmw, int_walk;
  uint64_t walk_spa;
  uint8_t walk_tag;            // bit 7 is 1
  bool walk_enc;
  // sp
  uint8_t state;               // rmp_state_t
  bool busy;
  uint8_t error;               // rmp_err_t
  bool guard_on, chk_on;
  // the events but `read`; rmp_cyc_step gives all of them
  rmp_events_t ev;
} rmp_cyc_out_t;

typedef struct rmp_cyc rmp_cyc_t;

// Bytes of storage; 0 for cfg->rmp = 0 (then no other function may be called).
size_t rmp_cyc_size(const cbit_cyc_cfg_t *cfg);
void rmp_cyc_init(rmp_cyc_t *u, const cbit_cyc_cfg_t *cfg);
void rmp_cyc_reset(rmp_cyc_t *u);
void rmp_cyc_out(const rmp_cyc_t *u, const rmp_cyc_in_t *in, rmp_cyc_out_t *out);
// One clock out of reset; *ev gets the events of this cycle.
void rmp_cyc_step(rmp_cyc_t *u, const rmp_cyc_in_t *in, rmp_events_t *ev);

#endif  // CBIT_RMP_UNITS_H
