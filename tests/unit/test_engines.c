// SPDX-License-Identifier: Apache-2.0
//
// test_engines.c - several engines of one shared object, closed in every order (tb/core/engine.h, tb/shim/dut.h)
//
// Verilator keeps the context of the last engine made per thread, and taking an engine down uses it. So each order of closing
// has to leave the engines that stay open alive, in lock-step with their models, and must come to an end: an alarm ends the
// program if it does not. Usage: test_engines [CONFIG]. Last line: "engines: N passed, N failed".
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/engine.h"

#define ENGINES 3u
#define RESET_CYCLES 4u
#define STEP_CYCLES 200u
#define LIMIT_SECONDS 20u

static const unsigned order[][ENGINES] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};

static char doing[128];

static void too_long(int sig) {
  (void)sig;
  static const char text[] = "test_engines: hangs: ";
  // write(2) alone is safe here; what it returns changes nothing.
  if (write(2, text, sizeof(text) - 1) < 0 || write(2, doing, strlen(doing)) < 0 || write(2, "\n", 1) < 0) _exit(2);
  _exit(1);
}

// Clocks an engine and says whether it still compares something and agrees with its model.
static bool runs(engine_t *e, unsigned cycles) {
  const uint64_t before = engine_compared_total(e);
  for (unsigned i = 0; i < cycles; i++) {
    (void)engine_outputs(e);
    cbit_pins_in_t in;
    memset(&in, 0, sizeof(in));
    in.rst_n = engine_cycle(e) >= RESET_CYCLES;
    in.s_bready = true;
    in.s_rready = true;
    engine_clock(e, &in);
  }
  return engine_compared_total(e) > before && engine_first_mismatch(e) == NULL;
}

static bool one_order(const char *config, const unsigned close_at[ENGINES]) {
  engine_t *e[ENGINES] = {NULL};
  char err[TB_ERR_LEN];
  const engine_opt_t opt = {.kind = ENGINE_LOCKSTEP, .config = config};
  bool good = true;
  for (unsigned i = 0; i < ENGINES; i++) {
    e[i] = engine_open(&opt, err);
    if (e[i] == NULL) {
      fprintf(stderr, "test_engines: %s\n", err);
      exit(2);
    }
    good = good && runs(e[i], STEP_CYCLES);
  }
  for (unsigned i = 0; i < ENGINES; i++) {
    snprintf(doing, sizeof(doing), "closing engine %u of %u, order %u %u %u", close_at[i], ENGINES, close_at[0], close_at[1],
             close_at[2]);
    engine_close(e[close_at[i]]);
    e[close_at[i]] = NULL;
    for (unsigned k = 0; k < ENGINES; k++) good = good && (e[k] == NULL || runs(e[k], STEP_CYCLES));
  }
  return good;
}

int main(int argc, char **argv) {
  unsigned passed = 0;
  unsigned failed = 0;
  if (argc > 2) {
    fprintf(stderr, "usage: test_engines [CONFIG]\n");
    return 2;
  }
  signal(SIGALRM, too_long);
  alarm(LIMIT_SECONDS);
  for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
    const bool good = one_order(argc == 2 ? argv[1] : "default", order[i]);
    if (good) passed++;
    if (!good) {
      failed++;
      fprintf(stderr, "test_engines: order %u %u %u: an engine left its model\n", order[i][0], order[i][1], order[i][2]);
    }
  }
  printf("engines: %u passed, %u failed\n", passed, failed);
  return failed == 0 && passed > 0 ? 0 : 1;
}
