// SPDX-License-Identifier: Apache-2.0
//
// crew.c - several requesters at once, as coroutines (crew.h)
#include "core/crew.h"

#include <stdlib.h>
#include <ucontext.h>

#include "core/bench_int.h"
#include "core/log.h"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/common_interface_defs.h>
#define LEAVE(save, stack, size) __sanitizer_start_switch_fiber((save), (stack), (size))
#define ARRIVE(save, stack, size) __sanitizer_finish_switch_fiber((save), (stack), (size))
#else
#define LEAVE(save, stack, size) ((void)(save))
#define ARRIVE(save, stack, size) ((void)(save))
#endif

typedef struct task {
  ucontext_t at;
  void (*fn)(void *arg);
  void *arg;
  uint8_t *stack;
  bool ended;
  void *shadow;  // address sanitizer's
} task_t;

struct crew {
  bench_t *b;
  task_t task[CREW_MAX];
  uint32_t tasks;
  task_t *now;  // NULL: the scheduler
  ucontext_t home;
  void *shadow;
  const void *home_stack;
  size_t home_size;
  uint64_t switches;
};

// makecontext() passes numbers only.
static crew_t *starting;

static void enter(void) {
  crew_t *c = starting;
  task_t *t = c->now;
  ARRIVE(NULL, &c->home_stack, &c->home_size);
  t->fn(t->arg);
  t->ended = true;
  LEAVE(NULL, c->home_stack, c->home_size);
  setcontext(&c->home);
}

static void resume(crew_t *c, task_t *t) {
  c->now = t;
  c->switches++;
  starting = c;
  LEAVE(&c->shadow, t->stack, CREW_STACK);
  swapcontext(&c->home, &t->at);
  ARRIVE(c->shadow, NULL, NULL);
  c->now = NULL;
}

static bool hand_over(void *arg) {
  crew_t *c = arg;
  task_t *t = c->now;
  if (t == NULL) return false;
  LEAVE(&t->shadow, c->home_stack, c->home_size);
  swapcontext(&t->at, &c->home);
  ARRIVE(t->shadow, &c->home_stack, &c->home_size);
  return true;
}

crew_t *crew_new(bench_t *b) {
  crew_t *c = log_alloc(sizeof(*c));
  c->b = b;
  return c;
}

bool crew_add(crew_t *c, void (*fn)(void *arg), void *arg) {
  if (c->tasks == CREW_MAX) return false;
  task_t *t = &c->task[c->tasks++];
  t->fn = fn;
  t->arg = arg;
  t->stack = log_alloc(CREW_STACK);
  getcontext(&t->at);
  t->at.uc_stack.ss_sp = t->stack;
  t->at.uc_stack.ss_size = CREW_STACK;
  t->at.uc_link = NULL;
  makecontext(&t->at, enter, 0);
  return true;
}

// Everybody once. A lock that was given back late in the round stirs the next one.
static uint32_t round_of(crew_t *c) {
  uint32_t alive = 0;
  c->b->wake = UINT64_MAX;
  for (uint32_t i = 0; i < c->tasks; i++) {
    if (!c->task[i].ended) resume(c, &c->task[i]);
    alive += !c->task[i].ended;
  }
  return alive;
}

bool crew_run(crew_t *c) {
  bench_t *b = c->b;
  b->wait_fn = hand_over;
  b->wait_arg = c;
  uint64_t seen = b->stirs;
  while (round_of(c) != 0) {
    // A failed bench calls them until they are gone.
    while (b->stirs == seen && b->cycle < b->wake && bench_step(b)) continue;
    seen = b->stirs;
    if (!b->failed) (void)bench_step(b);
  }
  b->wait_fn = NULL;
  b->wake = UINT64_MAX;
  b->box_n = 0;
  return !b->failed;
}

uint64_t crew_switches(const crew_t *c) { return c->switches; }

void crew_free(crew_t *c) {
  if (c == NULL) return;
  for (uint32_t i = 0; i < c->tasks; i++) free(c->task[i].stack);
  free(c);
}
