// SPDX-License-Identifier: Apache-2.0
//
// bus_read_impl.h - what the files of the read path share: its registers
//
// Registers as docs/units/bus_read.md lists them, kept in shapes that make a cycle cheap:
// - `pos`: the entries with v, not done, of one ID form a list in order of allocation (first[], last[], next); pos = 0 is
//   the first of its list, and fault_first holds the FAULT entries that are first of theirs.
// - `cand_q` is the lowest entry of cand_set, which is fault_first as it was a cycle ago.
// - the pipe is a ring; as it moves as a whole, moving is one step of `oldest`. Beats carry their final value
//   (crypto/lane_cyc.h); `side` = 0 of the page's kill is data = 0 here.
// - the skid is a stage whose slot, row and tag nobody reads.
// - `held_q` is no member: where it counts it is looked up for the head, in the set of entries of the cycle before; an entry
//   that became done then keeps its ID for longer, until its last beat has left rq.
// - `conflict`: pipe_ids[] counts the valid stages of an ID, the skid included.
// An ID is 9 bits: MSB 1 = the internal port (RMW, and with Rmp = 1 walks of the reverse map table).
// The check of docs/units/rmp.md, "Changes of the read path": net->rmp is all zero with Rmp = 0, which allows everything.

#ifndef CBIT_BUS_READ_IMPL_H
#define CBIT_BUS_READ_IMPL_H

#include "bus/chunk_cyc.h"
#include "crypto/lane_cyc.h"
#include "prim/cyc_util.h"
#include "top/units_cyc.h"
#include "util/bits.h"

#define ENTRIES_MAX 64u
#define STAGES_MAX 14u
#define PASSED_MAX 63u  // plain beats that may go, one after another, before a decrypted one
#define IDS 512u
#define ID_RMW 256u
#define NO_ENTRY 0xffu
#define RESP_OKAY 0u
#define RESP_SLVERR 2u

enum { ARQ_DEPTH = 2, RQ_DEPTH = 2 };

typedef enum rd_kind { KIND_PLAIN, KIND_ENC, KIND_FAULT } rd_kind_t;
typedef enum rd_sel { SEL_NONE, SEL_BYP, SEL_PIPE } rd_sel_t;

// A routed request.
typedef struct rd_req {
  cbit_route_rsp_t route;
  uint16_t id;
  uint16_t addr_hi;  // address pins 63:52, for the log
  bool stale;        // stood in arq when all keys were wiped
  uint8_t len, size, burst, lock, cache, prot, qos, region;
} rd_req_t;

typedef struct rd_entry {
  uint16_t id;
  uint16_t slot;
  uint16_t tv;
  uint16_t col;
  uint8_t kind, row, rem, size, wmask, tleft;
  uint8_t tag;   // internal port: who asked
  uint8_t next;  // in the list of its ID
  bool last_chunk, stay;
} rd_entry_t;

typedef struct rd_beat {
  uint8_t e, resp;
  bool mlast;
  uint8_t data[CBIT_MAX_BUS_BYTES];
} rd_beat_t;

typedef struct rd_stage {
  bool valid, enc, last;
  bool plain;  // for the counters: a beat of a PLAIN entry that may be seen
  uint16_t id, slot;
  uint8_t resp, row, tag;
  uint8_t data[CBIT_MAX_BUS_BYTES];
} rd_stage_t;

struct bus_read_cyc {
  cyc_fifo_t arq, rq;
  rd_req_t arq_req[ARQ_DEPTH];
  rd_beat_t rq_beat[RQ_DEPTH];
  cyc_chunk_t chunk;  // of the head of arq from off_q on
  uint16_t off_q;
  bool lock_q, lock_rmw_q, turn_q;
  uint8_t hold_q;    // rd_sel_t
  uint8_t passed_q;  // plain beats that went before the beat that waits to leave

  // entry bits
  uint64_t v, enc, dead, deny, fault, fault_first, all;  // fault: FAULT and not done
  uint64_t cand_set;   // fault_first a cycle ago; its lowest is cand_q
  uint64_t fault_was;  // fault a cycle ago, and what was allocated then: held_q is what it says of the head
  rd_entry_t entry[ENTRIES_MAX];
  uint8_t first[IDS], last[IDS];

  // verdicts that come one cycle behind the DRAM AR
  bool late_v, late_deny;
  uint8_t late_e;
  cyc_fault_t prec;  // prec_q; valid is prec_v

  rd_stage_t pipe[STAGES_MAX];
  uint8_t oldest;      // the last stage
  uint8_t pipe_valid;  // valid stages
  uint8_t pipe_ids[IDS];
  rd_stage_t skid;      // a host's beat that left the pipe and could not go to the R pins at once
  cyc_rmw_data_t rmwd;  // on its way to bus_write

  cbit_route_cfg_t route_cfg;
  const cbit_backend_t *aes;
  bool rmp;
  uint16_t id_mask;
  uint8_t id_width, lb, lanes, stages;
  uint32_t bus_bytes;
  uint32_t tweak_bytes;  // of an entry's tweak memory
  uint8_t tweak[];       // [entry][unit][16]
};

// ---- ids ----

// On the DRAM side an ID has id_width + 1 bits, the top one for RMW.
static inline uint16_t id_of_rmw(const bus_read_cyc_t *u, unsigned tag) { return (uint16_t)(ID_RMW | (tag & u->id_mask)); }

static inline uint16_t id_to_pins(const bus_read_cyc_t *u, unsigned id) {
  return (uint16_t)((id & u->id_mask) | ((id & ID_RMW) != 0 ? 1u << u->id_width : 0u));
}

static inline unsigned id_from_pins(const bus_read_cyc_t *u, unsigned pins) {
  return (pins & u->id_mask) | (((pins >> u->id_width) & 1u) != 0 ? ID_RMW : 0u);
}

// ---- lists of IDs ----

// Puts entry e at the end of the list of its ID.
static inline void rd_list_append(bus_read_cyc_t *u, unsigned e) {
  rd_entry_t *n = &u->entry[e];
  n->next = NO_ENTRY;
  if (u->first[n->id] == NO_ENTRY) {
    u->first[n->id] = (uint8_t)e;
    if (n->kind == KIND_FAULT) {
      u->fault_first |= cyc_bit(e);
    }
  } else {
    u->entry[u->last[n->id]].next = (uint8_t)e;
  }
  u->last[n->id] = (uint8_t)e;
}

// Takes entry e, the first of its list, out: it becomes done.
static inline void rd_list_done(bus_read_cyc_t *u, unsigned e) {
  const rd_entry_t *n = &u->entry[e];
  u->fault &= ~cyc_bit(e);
  u->fault_first &= ~cyc_bit(e);
  u->first[n->id] = n->next;
  if (n->next != NO_ENTRY && u->entry[n->next].kind == KIND_FAULT) {
    u->fault_first |= cyc_bit(n->next);
  }
}

// ---- AR side (bus_read_ar_cyc.c) ----

// What the AR side does in this cycle, from registers.
typedef struct rd_ar {
  const rd_req_t *head;  // NULL: none
  uint8_t hf;            // fault of the head
  bool started, rmw, free;
  bool host;             // the head's turn, and its check is answered
  bool valid;            // DRAM AR
} rd_ar_t;

void cyc_rd_ar_decide(const bus_read_cyc_t *u, const cyc_net_t *net, rd_ar_t *d);
void cyc_rd_ar_show(const bus_read_cyc_t *u, const cyc_net_t *net, const rd_ar_t *d, cbit_ax_out_t *ar);

// The edge: DRAM AR handshake or fault, allocation into entry e (the lowest that was free before the edge, if any was),
// and the request at the pins if it is taken.
void cyc_rd_ar_step(bus_read_cyc_t *u, cyc_net_t *net, const rd_ar_t *d, unsigned e, bool ready,
                    const cbit_ax_in_t *taken);

#endif  // CBIT_BUS_READ_IMPL_H
