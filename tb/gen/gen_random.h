// SPDX-License-Identifier: Apache-2.0
//
// gen_random.h - constrained random traffic over everything the pins allow
//
// Traffic: all bursts, sizes, strobes, requesters, keys; most of it legal, a few percent not; addresses on a few hot
// pages, so that accesses overlap. The secure processor meanwhile loads, activates, drains and wipes keys, changes the
// configuration, reads the log and the counters, and makes noise. The memory's and the requester's behaviour changes
// every few thousand cycles. Resets and zeroise come in between. It watches nothing of the engine but "the AMD-SP port
// is idle", the value of CMD_STATUS, and how many transactions wait: recorded acts replay the run.
#ifndef TB_GEN_RANDOM_H
#define TB_GEN_RANDOM_H

#include "gen/act.h"

typedef struct gen_random gen_random_t;

// record (may be NULL) gets every act played.
gen_random_t *gen_random_new(bench_t *b, uint64_t seed, act_list_t *record);
void gen_random_free(gen_random_t *g);
// Acts of this cycle; call it once before every bench_step(). False: the bench failed.
bool gen_random_step(gen_random_t *g);

#endif  // TB_GEN_RANDOM_H
