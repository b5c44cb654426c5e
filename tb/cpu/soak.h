// SPDX-License-Identifier: Apache-2.0
//
// soak.h - random accesses of processors, judged by what software knows (docs/cpu.md, "Random runs")
//
// Two SNP guests at two VMPLs each and the host share eight pages. Tables, owners and rights change all the time. What each
// access must come to is worked out from lists of what was mapped and assigned: no walk, no table in memory, no model.
#ifndef TB_SOAK_H
#define TB_SOAK_H

#include "core/bench.h"
#include "cpu/vcpu.h"

typedef struct soak_stats {
  uint64_t actions, accesses, instructions;
  uint64_t end[VCPU_FAILED + 1];  // accesses by their end
  uint64_t hits, requests, dropped, compared;  // compared: bytes of data
} soak_stats_t;

// Plays `actions` actions on an open bench that was reset. False: the bench has failed; it tells why.
bool soak_run(bench_t *b, uint64_t seed, uint64_t actions, soak_stats_t *stats);

#endif  // TB_SOAK_H
