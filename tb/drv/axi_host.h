// SPDX-License-Identifier: Apache-2.0
//
// axi_host.h - the requester side: an AXI4 master that plays transactions exactly as they are given
//
// A transaction is one burst. Its data is kept by beats: beat b, byte lane l at data[b * bus_bytes + l], strobes one
// word a beat (bit l = lane l), as on the pins. Bursts are offered in the order of host_submit(), writes and reads
// apart; several with one ID may be under way. Nothing is checked on the way in: illegal bursts can be sent on purpose.
#ifndef TB_AXI_HOST_H
#define TB_AXI_HOST_H

#include "core/rng.h"
#include "cbit_cyc.h"

// AxBURST.
enum { AXI_FIXED = 0, AXI_INCR = 1, AXI_WRAP = 2 };

// What goes on the address pins. `user` is the packed attribute word (cbit_attr_pack).
typedef struct host_req {
  bool write;
  uint16_t id;
  uint64_t addr;
  uint8_t len, size, burst, lock, cache, prot, qos, region;  // as on the pins: len = beats - 1, size = log2(bytes)
  uint64_t user;
  uint32_t ax_delay;     // cycles to wait before the address is offered (after the one before it was taken)
  uint8_t w_late;        // writes: 1 = data is not offered before the address was taken; 0 = as soon as it is its turn
  uint8_t bad_wlast;     // writes: 1 = WLAST one beat early, 2 = no WLAST at the end (protocol error on purpose)
} host_req_t;

typedef enum host_txn_state { HOST_TXN_FREE = 0, HOST_TXN_QUEUED, HOST_TXN_FLYING, HOST_TXN_DONE } host_txn_state_t;

// A transaction and its record. The driver owns it until host_release().
typedef struct host_txn {
  host_req_t req;
  uint64_t number;       // counts submissions, from 0
  host_txn_state_t state;
  uint8_t *data;         // write: to send; read: as received. (len + 1) * bus_bytes
  uint64_t *strb;        // writes
  uint8_t resp;          // worst response (B, or the R beats)
  uint8_t *beat_resp;    // reads: response of each beat
  uint64_t c_submit;     // cycles: submitted, address offered, address taken, first and last W taken,
  uint64_t c_offer;      //         first R beat (B) taken, last R beat (B) taken
  uint64_t c_ax, c_w_first, c_w_last, c_first, c_done;
  void *user;            // for the caller
  // driver's own
  bool addr_taken;
  uint32_t w_sent, r_got, beats_cap;
  struct host_txn *next, *next_w, *next_id, *next_all, *prev_all;
} host_txn_t;

// All zero = as fast as possible.
typedef struct host_opt {
  uint8_t stall_r, stall_b;     // percent of cycles with ready low
  uint8_t stall_aw, stall_w, stall_ar;  // percent of cycles in which a waiting item is not offered yet
  uint32_t max_reads, max_writes;  // offered and not finished; 0 = no limit
} host_opt_t;

typedef struct host_stats {
  uint64_t reads, writes, read_beats, write_beats, errors;
  uint64_t stalled_ar, stalled_aw, stalled_w;  // cycles with valid and no ready
} host_stats_t;

typedef struct host host_t;
// Called when a transaction ends (before host_poll() can see it), and for every address handshake.
typedef void (*host_event_fn)(void *arg, const host_txn_t *t, uint64_t cycle);

host_t *host_new(uint32_t bus_bytes, const host_opt_t *opt, const rng_t *rng);
void host_free(host_t *h);
void host_set_opt(host_t *h, const host_opt_t *opt);
void host_reset(host_t *h);  // drops everything under way

// A transaction with buffers for req->len + 1 beats (strobes and data zero), not queued yet: fill data and strb, then
// host_submit(). Unfinished ones end with host_reset().
host_txn_t *host_alloc(host_t *h, const host_req_t *req);
void host_submit(host_t *h, host_txn_t *t);
// A finished transaction, in the order in which they ended; NULL if none waits. Give it back with host_release().
host_txn_t *host_poll(host_t *h);
void host_release(host_t *h, host_txn_t *t);
// The same, but only one whose `user` is this.
host_txn_t *host_poll_user(host_t *h, const void *user);
void host_on_done(host_t *h, host_event_fn fn, void *arg);
void host_on_addr(host_t *h, host_event_fn fn, void *arg);

void host_drive(host_t *h, cbit_pins_in_t *in);
void host_sample(host_t *h, const cbit_pins_in_t *in, const cbit_pins_out_t *out, uint64_t cycle);
uint32_t host_pending(const host_t *h);             // queued or flying
uint32_t host_reads_flying(const host_t *h);
uint32_t host_writes_flying(const host_t *h);
uint32_t host_id_flying(const host_t *h, bool write, uint16_t id);  // address taken, not finished, of one ID
const char *host_protocol_error(const host_t *h);   // the engine broke AXI4 or its ordering: text, else NULL
const host_stats_t *host_stats(const host_t *h);
void host_stats_clear(host_t *h);
// Visits what is queued or flying, oldest first (for reports).
void host_each_flying(const host_t *h, void (*visit)(void *arg, const host_txn_t *t), void *arg);

// Byte address of beat k of a burst as AXI4 (IHI 0022, A3.4.1) defines it; beat 0 keeps its unaligned address.
uint64_t axi_beat_addr(uint64_t addr, uint8_t len, uint8_t size, uint8_t burst, uint32_t k);
// Byte lanes that beat k may use, as a strobe mask.
uint64_t axi_beat_lanes(uint64_t addr, uint8_t len, uint8_t size, uint8_t burst, uint32_t k, uint32_t bus_bytes);

#endif  // TB_AXI_HOST_H
