// SPDX-License-Identifier: Apache-2.0
//
// bus_write_units.h - the write path, as its parts share it
//
// bus_write_cyc.c: pins and the order of a clock; bus_write_gather_cyc.c: what becomes of the oldest request (sink,
// direct, gather); bus_write_emit_cyc.c: read-modify-write, emission, pipe; bus_write_resp_cyc.c: responses and the
// entry queue of each id. Page: docs/units/bus_write.md; members carry its names where it has one.
//
// For speed the model keeps some things in another form than the hardware: `pos` is a queue per id, sets of entries are
// bit masks, and a beat is ciphered when it is read from the memories (go1): its bytes wait in one ring from E2 to the
// pins, while `pipe` says in which stages of the pipe there is one. `hazd_q` is no member: where it counts it is looked
// up for the head, in the set of entries of the cycle before. Nor is `rmb_q`: rm_look has it, from such a set too;
// nor `haze_q`: haz_by has it while the entry at em is READY.

#ifndef CBIT_BUS_WRITE_UNITS_H
#define CBIT_BUS_WRITE_UNITS_H

#include <string.h>

#include "bus/chunk_cyc.h"
#include "crypto/aes_impl.h"
#include "crypto/lane_cyc.h"
#include "prim/cyc_util.h"
#include "top/units_cyc.h"

#define WR_MAX_ENTRY 128u
#define WR_MAX_ROW 256u
#define WR_CHUNK_ROW 16u  // rows of the largest chunk
#define WR_MAX_UNIT 64u   // tweak units of a window
#define WR_BEATS 32u      // more than E2, the longest pipe and wo hold together; a power of 2
#define WR_DQ_DEPTH 4u
#define WR_MAX_GATE 8u
#define WR_RMWQ_DEPTH 2u
#define WR_NONE 0xFFu     // no entry

#define WR_RESP_OKAY 0u
#define WR_RESP_SLVERR 2u
#define WR_FAULT_WLAST 7u

typedef enum wr_state { WR_FREE = 0, WR_GATHER, WR_READY, WR_SENT, WR_ANSWER, WR_DONE } wr_state_t;
typedef enum wr_kind { WR_DIRECT = 0, WR_PLAIN, WR_ENC, WR_FAULT } wr_kind_t;
typedef enum wr_bhold { WR_HOLD_NONE = 0, WR_HOLD_BQ, WR_HOLD_INJ } wr_bhold_t;

// What rm sees at its entry in this cycle. REQUEST: one for rmwq, if that has room.
typedef enum wr_rm { WR_RM_WAIT = 0, WR_RM_SKIP, WR_RM_BLOCKED, WR_RM_REQUEST } wr_rm_t;

// A routed request in the gate or in awq.
typedef struct wr_req {
  cyc_burst_t burst;
  uint16_t id, slot;
  uint8_t fault;
  bool enc;
  bool stale;  // stood in the gate or in awq when all keys were wiped
  bool tbl;    // write of the table by the AMD-SP
  uint8_t lock, cache, prot, qos, region;
  uint64_t user;  // attributes as the log wants them
  uint64_t addr;  // {addr_hi, spa}
  cyc_rmp_rec_t rec;  // fault CHECK: what the check said
} wr_req_t;

typedef struct wr_entry {
  uint8_t st, kind;  // wr_state_t, wr_kind_t
  uint8_t acc, resp;
  bool last_chunk, partial, null, dead, rerr;
  bool tbl;
  uint8_t row0, nrows;
  uint8_t pfirst, plast, first, last;  // rows of the window
  uint8_t tleft, rleft;
  uint8_t next;  // the younger neighbour with the same id
  uint8_t cache, prot, qos, region;
  uint16_t id, slot;
  uint16_t tv;
  uint16_t rbase;
  uint64_t spa;
  uint64_t any, full;  // bit (row - row0) * lanes + lane
} wr_entry_t;

// A beat from E2 to the pins.
typedef struct wr_beat {
  uint64_t strb;
  uint8_t entry;
  bool first, last;
  bool enc;      // still to be ciphered when the keys are wiped
  bool counted;  // entry is ENC: the counters' view
  uint8_t data[CBIT_MAX_BUS_BYTES];
} wr_beat_t;

typedef struct wr_mask {
  uint64_t w[2];
} wr_mask_t;

struct bus_write_cyc {
  // configuration
  uint16_t id_mask;  // ID pins in use
  uint32_t num_wr, num_row, lanes, stages, key_slots;
  uint8_t lb;
  cbit_route_cfg_t route;
  uint64_t row_mask;  // all strobes of a row
  const cbit_backend_t *backend;

  // the gate in front of awq (cbit_bus_gate); num_gate = 0: none
  uint32_t num_gate;
  cyc_fifo_t gate_f;
  wr_req_t gate[WR_MAX_GATE];

  // queues at the pins
  cyc_fifo_t awq_f, wq_f, bq_f, dq_f;
  wr_req_t awq[2];
  cbit_w_t wq[2];
  cbit_b_t bq[2];

  // head
  uint16_t off_q;
  uint8_t sink_code;  // fault of a burst whose first beats are already sunk
  uint8_t bacc;       // worst answer of finished chunks of the burst at the head
  bool open;
  uint8_t open_e;
  uint16_t open_left;   // beats left of the open chunk
  uint64_t open_addr;   // address of its next beat
  uint64_t gm_q[16];

  // rings; they count on beyond the size, differences are what matters
  uint32_t al, em, rm, fr, ra, rf;
  wr_entry_t entry[WR_MAX_ENTRY];
  wr_mask_t ready_sent;    // READY or SENT
  wr_mask_t ready_sent_was;  // a cycle ago: what rmb_q goes by
  wr_mask_t sent_partial;  // SENT and partial
  wr_mask_t sent_partial_was;  // a cycle ago: what hazd_q and haze_q go by
  wr_mask_t answer0;       // ANSWER and pos = 0
  uint8_t id_head[256], id_tail[256];  // per id the entries that are not FREE and not DONE, oldest first

  // direct
  uint8_t dq[WR_DQ_DEPTH];
  uint8_t dw_q;
  bool wah_q;

  // emission
  uint8_t g;            // row sent last plus one
  bool haz_known;       // haz_by is that of the entry at em, which is READY
  uint8_t haz_by;       // haze_q: the entry in its way, WR_NONE
  uint8_t rm_look;      // wr_rm_t, for the entry at rm_at
  uint32_t rm_at;
  uint8_t rm_by;        // the entry in the way of rm's, WR_NONE
  cyc_fifo_t rmwq_f;    // requests to the read path
  cyc_rmw_req_t rmwq[WR_RMWQ_DEPTH];
  bool e2;
  uint32_t pipe;        // bit s - 1: stage s holds a beat
  wr_beat_t beat[WR_BEATS];
  uint32_t beat_head, beat_tail;  // count on like the rings
  uint32_t wo_n;        // the oldest beats that stand in wo
  cyc_fifo_t awo_f;
  uint8_t awo[2];       // entries

  // responses
  uint8_t bhold;        // wr_bhold_t
  uint8_t bhold_e;
  uint8_t own;          // own_q's entry, WR_NONE: not valid

  // memories
  uint64_t mask_mem[WR_MAX_ROW];
  uint8_t data_mem[WR_MAX_ROW * CBIT_MAX_BUS_BYTES];
  uint8_t old_mem[WR_MAX_ROW * CBIT_MAX_BUS_BYTES];
  uint8_t tweak_mem[WR_MAX_ENTRY * WR_MAX_UNIT * 16u];
};

// Head decision of a cycle.
typedef struct wr_decision {
  uint8_t hf;
  bool afree;
  bool room;            // an entry and the rows of the largest chunk are free
  bool sink, gather;
  bool direct;          // the DRAM AW pins show the head
  bool direct_haz;      // it would, but for hazd_q
  bool direct_full;     // it would, but for the table
} wr_decision_t;

// The response of a cycle; entry = WR_NONE: none.
typedef struct wr_pick {
  uint8_t entry;
  uint8_t source;  // wr_bhold_t
  uint8_t resp;
  uint8_t own;     // `j` of this cycle: own_q's next entry if none of its kind completes; WR_NONE: none
} wr_pick_t;

static inline unsigned wr_index(const bus_write_cyc_t *u, uint32_t pointer) { return pointer & (u->num_wr - 1u); }

static inline void wr_mask_set(wr_mask_t *m, unsigned i) { m->w[i >> 6] |= cyc_bit(i & 63u); }
static inline void wr_mask_clear(wr_mask_t *m, unsigned i) { m->w[i >> 6] &= ~cyc_bit(i & 63u); }
static inline bool wr_mask_any(const wr_mask_t *m) { return (m->w[0] | m->w[1]) != 0; }

// Bytes of a row, by blocks: a copy of a fixed size needs no call.
static inline void wr_copy_row(uint8_t *to, const uint8_t *from, unsigned lanes) {
  for (unsigned l = 0; l < lanes; l++) {
    memcpy(to + 16u * l, from + 16u * l, 16u);
  }
}

// Eight strobes as eight bytes of 0x00 or 0xFF, little-endian.
static inline uint64_t wr_expand8(uint64_t strb) {
  const uint64_t one = ((strb & 0xFFu) * 0x0101010101010101u) & 0x8040201008040201u;
  return (((one + 0x7F7F7F7F7F7F7F7Fu) >> 7) & 0x0101010101010101u) * 0xFFu;
}

// bus_write_gather_cyc.c
void wr_decide(const bus_write_cyc_t *u, const cyc_net_t *net, wr_decision_t *d);
void wr_head_step(bus_write_cyc_t *u, cyc_net_t *net, const cbit_pins_in_t *in, const wr_decision_t *d);
// Direct W: is there a current burst; its length (beats - 1).
bool wr_direct_w(const bus_write_cyc_t *u, const wr_decision_t *d, uint8_t *len);

// bus_write_emit_cyc.c
// hazd_q of this cycle, if the head is at spa.
bool wr_hazard_direct(const bus_write_cyc_t *u, uint64_t spa);
void wr_emit_step(bus_write_cyc_t *u, cyc_net_t *net);
void wr_em_update(bus_write_cyc_t *u);
void wr_rm_update(bus_write_cyc_t *u);
void wr_kill_beats(bus_write_cyc_t *u);

// bus_write_resp_cyc.c
wr_pick_t wr_pick_response(const bus_write_cyc_t *u);
void wr_resp_step(bus_write_cyc_t *u, const cbit_pins_in_t *in, wr_pick_t pick);
// Appends entry e to the queue of its id; st is set.
void wr_id_push(bus_write_cyc_t *u, unsigned e);
// Entry e becomes ANSWER with resp.
void wr_set_answer(bus_write_cyc_t *u, unsigned e, uint8_t resp);

#endif  // CBIT_BUS_WRITE_UNITS_H
