// SPDX-License-Identifier: Apache-2.0
//
// crew.h - several requesters at once: each is a task that calls the blocking helpers of bench.h as if it were alone
//
//   crew_t *c = crew_new(b);
//   crew_add(c, core, &core0);       // void core(void *arg): bench_read(), bench_insn(), vcpu_access(), ...
//   crew_add(c, core, &core1);
//   bool alive = crew_run(c);        // clocks the bench until every task has returned
//   crew_free(c);
//
// Where a helper would clock, the task hands over; when all have, the bench is clocked once. So requests of different tasks
// are in flight together. Nothing runs in parallel: between two helpers a task is alone. Each task uses AXI IDs of its
// own (the record of a refusal is found by its ID). A task that waits is called again when something has ended.
// Stacks have CREW_STACK bytes. When the bench has failed every helper returns at once, and so must the tasks.
#ifndef TB_CREW_H
#define TB_CREW_H

#include "core/bench.h"

#define CREW_MAX 16u
#define CREW_STACK (UINT64_C(256) << 10)

typedef struct crew crew_t;

crew_t *crew_new(bench_t *b);
// At most CREW_MAX, before crew_run(). False: there are that many.
bool crew_add(crew_t *c, void (*fn)(void *arg), void *arg);
// False: the bench has failed. Every task has returned either way.
bool crew_run(crew_t *c);
uint64_t crew_switches(const crew_t *c);
void crew_free(crew_t *c);

#endif  // TB_CREW_H
