// SPDX-License-Identifier: Apache-2.0
//
// axi_dram.h - the memory behind the engine: an AXI4 slave with a sparse store over the 52-bit address space
//
// Per cycle: dram_drive() puts this cycle's inputs of the engine (m_axi_*), dram_sample() sees which handshakes took
// place. Untouched memory reads as zeros unless a fill is chosen. Between them the test may look into the memory, or
// change it behind the engine's back (dram_peek, dram_poke): what an attacker with a probe on the bus does.
#ifndef TB_AXI_DRAM_H
#define TB_AXI_DRAM_H

#include "core/rng.h"
#include "cbit_cyc.h"

typedef enum dram_latency {
  DRAM_LAT_FIXED = 0,    // lat_min cycles from the AR (last W) handshake to the first data (response)
  DRAM_LAT_UNIFORM = 1,  // lat_min .. lat_max, drawn per burst
  DRAM_LAT_BANK = 2      // open rows: lat_min on a row hit, lat_max on a row miss, and the bank is busy meanwhile
} dram_latency_t;

#define DRAM_ERR_RANGES 8u

// An address range that answers with an error (inclusive bounds).
typedef struct dram_err_range {
  uint64_t first, last;
  bool on_read, on_write;
  uint8_t resp;  // 2 SLVERR, 3 DECERR
} dram_err_range_t;

// All zero = fixed latency 0, full duplex, in order, never stalls, never errs.
typedef struct dram_opt {
  dram_latency_t latency;
  uint32_t lat_min, lat_max;
  uint32_t bank_count;    // BANK: 0 = 16
  uint32_t row_bytes;     // BANK: 0 = 2048 (a power of 2)
  bool half_duplex;       // one data beat per cycle in one direction: a read beat or a write beat
  uint32_t run_beats;     // half duplex: beats after which the other direction gets its turn; 0 = 16
  uint32_t turnaround;    // half duplex: idle cycles at a change of direction
  bool reorder;           // bursts of different IDs may answer in any order (one ID: always in order)
  bool interleave;        // read beats of different IDs may alternate
  bool no_exclusive;      // a memory without exclusive monitor: answers OKAY, writes always
  uint32_t max_reads;     // accepted and not finished; 0 = 64 (at most 256)
  uint32_t max_writes;    // 0 = 64 (at most 256)
  uint8_t stall_aw, stall_w, stall_ar;  // percent of cycles with ready low
  uint8_t stall_r, stall_b;             // percent of cycles without a new beat or response, though there is one
  uint32_t err_read_ppm, err_write_ppm; // errors per million beats (reads) and bursts (writes)
  dram_err_range_t err[DRAM_ERR_RANGES];
  uint32_t engine_id_bit; // ID bit of the engine's own reads, for the counts; the bench fills it in
  bool fill_random;       // untouched memory reads as fixed noise (a function of the address) instead of zeros
} dram_opt_t;

typedef struct dram_stats {
  uint64_t read_bursts, read_beats, write_bursts, write_beats;
  uint64_t engine_reads;  // read bursts with the top ID bit: the engine's own (read-modify-write)
  uint64_t errors;        // responses with an error
  uint64_t busy_cycles;   // cycles in which a data beat moved
  uint64_t turns;         // changes of direction (half duplex)
} dram_stats_t;

// Called for every write beat as it reaches memory (after the alias) and for every read beat as it leaves: a bus probe.
typedef void (*dram_probe_fn)(void *arg, bool write, uint64_t addr, const uint8_t *data, uint64_t strb, uint32_t bytes);

typedef struct dram dram_t;

// bus_bytes = 16, 32 or 64. Never returns NULL (ends the program when memory runs out).
dram_t *dram_new(uint32_t bus_bytes, const dram_opt_t *opt, const rng_t *rng);
void dram_free(dram_t *d);
void dram_set_opt(dram_t *d, const dram_opt_t *opt);  // takes effect for bursts accepted from now on
const dram_opt_t *dram_get_opt(const dram_t *d);
void dram_reset(dram_t *d);  // forgets bursts under way; the content stays
void dram_clear(dram_t *d);  // forgets the content too

void dram_drive(dram_t *d, cbit_pins_in_t *in);
void dram_sample(dram_t *d, const cbit_pins_in_t *in, const cbit_pins_out_t *out, uint64_t cycle);
bool dram_idle(const dram_t *d);
// What is under way in the memory, one line without line end.
void dram_describe(const dram_t *d, char *to, size_t size);
const char *dram_protocol_error(const dram_t *d);  // the engine broke AXI4 towards the memory: text, else NULL

// The back door. Any length, any alignment, addresses below 2^52; the alias does not apply.
void dram_peek(const dram_t *d, uint64_t addr, void *to, size_t len);
void dram_poke(dram_t *d, uint64_t addr, const void *from, size_t len);
// What untouched memory from first to last (inclusive) reads as, in place of zeros or the fill: the 16 bytes at addr, a
// multiple of 16. For tables too large to be written out. NULL: no rule. Pages that were written keep their content.
typedef void (*dram_rule_fn)(void *arg, uint64_t addr, uint8_t to[16]);
void dram_set_rule(dram_t *d, uint64_t first, uint64_t last, dram_rule_fn rule, void *arg);
// All pages ever written, in ascending order: calls visit(arg, page address, 4096 bytes).
void dram_each_page(const dram_t *d, void (*visit)(void *arg, uint64_t addr, const uint8_t *page), void *arg);

// Address alias: an access through the bus to an address a with (a & match_mask) == match goes to a ^ xor_mask. Off:
// false.
void dram_alias(dram_t *d, bool on, uint64_t match_mask, uint64_t match, uint64_t xor_mask);
void dram_set_probe(dram_t *d, dram_probe_fn probe, void *arg);

const dram_stats_t *dram_stats(const dram_t *d);
void dram_stats_clear(dram_t *d);

#endif  // TB_AXI_DRAM_H
