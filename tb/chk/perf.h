// SPDX-License-Identifier: Apache-2.0
//
// perf.h - measurements in cycles and in seconds, and their report (docs/performance.md)
//
// A configuration is measured with three benches on equal memories: a wire, the engine bypassed (mode 0), the engine on.
// Every clock of the last two is a lock-step of RTL and model, unless another kind of engine was asked for. Cycles do not
// depend on the machine; what is told in Hz or MB/s does.
#ifndef TB_PERF_H
#define TB_PERF_H

#include "chk/latency.h"
#include "core/bench.h"
#include "gen/gen_perf.h"

#define PERF_DRAM_LATENCY 20u  // cycles from address to data, or from the last data to the response
#define PERF_RATIO 0.99

typedef enum perf_kind {
  PERF_THROUGHPUT = 0,  // cycles for a number of beats
  PERF_LATENCY,         // cycles of one transaction on an idle bus
  PERF_RESIDENCE,       // cycles of C = 0 beats between DRAM pins and requester pins, in encrypted traffic
  PERF_COUNT,           // accesses of DRAM
  PERF_RMP              // the RMP check and RMP instructions: what is measured stands in `value`
} perf_kind_t;

typedef struct perf_row {
  perf_kind_t kind;
  char name[80];
  const char *config;
  uint32_t lanes, rounds_per_stage, key_bits, mode;
  const char *op, *pattern, *memory;
  uint32_t burst, ids, dram_latency;
  uint64_t beats;                                    // moved in the cycles below (throughput)
  uint64_t wire_cycles, bypass_cycles, plain_cycles, encrypted_cycles;  // 0 = not measured
  double wire_ratio;        // wire / bypass (throughput of the bypassed engine against a wire)
  double ratio;             // bypass / encrypted; partial writes: least possible / encrypted
  int64_t added_latency;    // encrypted - bypass
  uint64_t dram_reads, dram_writes;  // beats, engine on
  double limit, wire_limit;  // 0 = none: the row is told, not judged
  // With the RMP check on:
  const char *unit;          // PERF_RMP: of value and limit; limit < 0: told
  double value, mean_cycles;
  uint64_t off_cycles;       // the same with the check off, or of an engine without it; encryption on
  uint64_t min_cycles, max_cycles;
  uint64_t rmp_asks, rmp_misses, rmp_reads;  // counters, from before the flow to its end: questions, walks, DRAM reads
  bool ok;
  char note[256];
} perf_row_t;

typedef struct perf_speed {
  double rtl_hz, model_hz, lockstep_hz, wire_hz;                 // one lane, saturating traffic
  double rtl_snp_hz, model_snp_hz, lockstep_snp_hz;              // saturating traffic, RMP checks on, all hits
  double rtl_random_hz, model_random_hz, lockstep_random_hz;     // one lane, mixed accesses with stalls
  double crypt_mb_s, crypt_dec_mb_s, crypt_l64_mb_s, openssl_mb_s, openssl_dec_mb_s;
} perf_speed_t;

typedef struct perf {
  engine_kind_t kind;
  uint64_t seed;
  bool quick;
  uint64_t warm, beats;  // of one throughput row
  perf_row_t *row;
  size_t rows;
  bool have_speed;
  perf_speed_t speed;
  bool failed;  // a bench stopped: RTL and model differ, or worse (reported)
} perf_t;

// The three benches of a configuration.
typedef struct perf_rig {
  const char *config;
  cbit_mode_t mode;
  uint32_t lanes, rounds, stages;  // AES rounds, pipeline stages S
  bench_t *wire, *bypass, *on;
} perf_rig_t;

// One bench out of reset: the engine of a configuration; then encryption on, with keys for ASIDs 1 to GEN_PERF_KEYS.
bool perf_bench_open(perf_t *p, const char *config, engine_kind_t kind, bench_t **b);
bool perf_bench_on(perf_t *p, bench_t *b, cbit_mode_t mode);
bool perf_rig_open(perf_t *p, perf_rig_t *rig, const char *config, cbit_mode_t mode);
void perf_rig_close(perf_t *p, perf_rig_t *rig);
// A row with the names of the rig filled in; valid until the next one.
perf_row_t *perf_row_add(perf_t *p, const perf_rig_t *rig, perf_kind_t kind);
// True while nothing has failed; reports a bench that has, once.
bool perf_alive(perf_t *p, bench_t *b);

typedef struct perf_flow {
  uint64_t cycles, read_beats, write_beats, engine_reads, errors;
} perf_flow_t;

// Memory of the next flows and single accesses of b.
void perf_memory(bench_t *b, bool half_duplex, bool mixed, uint32_t latency);
// Runs a flow; counts from `warm` beats on, for `beats` beats on DRAM's data bus (partial writes: written beats).
bool perf_flow_run(perf_t *p, bench_t *b, const gen_perf_opt_t *opt, perf_flow_t *result);

// Rows of one kind each (perf_flow.c, perf_single.c, perf_residence.c).
typedef struct perf_case {
  gen_perf_op_t op;
  bool random, half;
  bool many;   // IDs
  bool plain;  // measure C = 0 traffic with the engine on, too
  bool mixed;  // DRAM reorders bursts and interleaves beats of different IDs
  uint32_t burst;
} perf_case_t;
// Sets limit and note of a throughput row: what the tweak pipe allows.
void perf_flow_limit(const perf_rig_t *rig, const perf_case_t *c, perf_row_t *r);
bool perf_throughput(perf_t *p, perf_rig_t *rig, const perf_case_t *c);
bool perf_partial_stream(perf_t *p, perf_rig_t *rig, bool half, bool same_line);
bool perf_latency(perf_t *p, perf_rig_t *rig, uint32_t dram_latency);
bool perf_single_writes(perf_t *p, perf_rig_t *rig);
bool perf_residence(perf_t *p, perf_rig_t *rig, const perf_case_t *c);

// One lane, configuration "full"; seconds per figure (perf_speed.c). snp: configuration for the figures with RMP checks
// on; NULL: none.
bool perf_speed_run(perf_t *p, const char *config, const char *snp, double seconds);

// perf_report.c
void perf_print(const perf_t *p, FILE *to);
bool perf_json(const perf_t *p, const char *path);

#endif  // TB_PERF_H
