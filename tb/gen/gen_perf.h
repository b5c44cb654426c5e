// SPDX-License-Identifier: Apache-2.0
//
// gen_perf.h - traffic for measurements: one kind of burst after the other, as fast as the bus takes them
//
// A flow is endless; the measurement decides where it begins and ends. The generator keeps a bounded number of bursts
// waiting, so that in a mix reads and writes stay in step (half and half) however unequal their speed is.
// The same seed gives the same bursts, whatever stands behind the pins.
#ifndef TB_GEN_PERF_H
#define TB_GEN_PERF_H

#include "core/bench.h"

#define GEN_PERF_FLYING 64u   // addresses under way in each direction
#define GEN_PERF_IDS 16u      // "many IDs"
#define GEN_PERF_KEYS 8u      // active slots that the ASID rotates over: 1..8

typedef enum gen_perf_op {
  GEN_PERF_READ = 0,
  GEN_PERF_WRITE,
  GEN_PERF_MIX,           // read, write, read, write
  GEN_PERF_PARTIAL,       // writes that leave a part of every block out, each in another window
  GEN_PERF_PARTIAL_SAME   // the same, one after the other through the same line
} gen_perf_op_t;

// Chooses address and attributes of burst n (of all, or of its direction in a mix) in place of the regions below.
typedef void (*gen_perf_choose_fn)(void *arg, rng_t *rng, bool write, uint64_t n, cbit_attr_t *who, uint64_t *spa);

typedef struct gen_perf_opt {
  gen_perf_op_t op;
  bool random;        // addresses; false: one after the other
  uint32_t burst;     // beats
  uint32_t ids;       // 1, or more: burst n has ID n mod ids
  bool cbit;
  uint32_t plain_pct; // of the reads, so many have C = 0, and an ID of the upper half of the IDs
  uint64_t seed;
  gen_perf_choose_fn choose;  // may be NULL; then `random`, `cbit` and `plain_pct` are not looked at
  void (*done)(void *arg, const host_txn_t *t);  // may be NULL: each burst that has ended
  void *arg;          // of both
} gen_perf_opt_t;

typedef struct gen_perf {
  bench_t *b;
  gen_perf_opt_t opt;
  rng_t rng;
  uint64_t n;          // bursts made
  uint64_t next[2];    // offsets of the next sequential read and write
  uint32_t waiting;    // most bursts queued or flying
  bool stopped;
  uint64_t done, errors;
} gen_perf_t;

const char *gen_perf_op_name(gen_perf_op_t op);
// Regions that a flow touches: reads, writes, reads with C = 0 in an encrypted flow. 1 MiB each.
extern const uint64_t gen_perf_read_base, gen_perf_write_base, gen_perf_plain_base;

void gen_perf_start(gen_perf_t *g, bench_t *b, const gen_perf_opt_t *opt);
// Number of IDs that "many" stands for: GEN_PERF_IDS, or all there are.
uint32_t gen_perf_ids(const bench_t *b);
// Before every clock: queues bursts while there is room, gives finished ones back.
void gen_perf_step(gen_perf_t *g);
// No new bursts; clocks until all have ended.
bool gen_perf_stop(gen_perf_t *g);

#endif  // TB_GEN_PERF_H
