// SPDX-License-Identifier: Apache-2.0
//
// shrink.h - makes a failing recorded run short
#ifndef TB_SHRINK_H
#define TB_SHRINK_H

#include "gen/act.h"

// Removes acts from the list while the run of what remains fails in the same way (same kind of failure and, for a
// mismatch, the same signal), by delta debugging (Zeller, Hildebrandt: ddmin); then shortens bursts and gaps. opt: how
// to open the bench; reason: how the run failed. Returns the number of trial runs; the list is the shortest one found.
uint32_t shrink_run(act_list_t *l, const bench_opt_t *opt, const char *reason, uint32_t max_trials);

#endif  // TB_SHRINK_H
