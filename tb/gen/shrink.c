// SPDX-License-Identifier: Apache-2.0
//
// shrink.c - delta debugging of a recorded run (shrink.h)
#include "gen/shrink.h"

#include <stdlib.h>
#include <string.h>

#include "core/log.h"

typedef struct shrink {
  act_list_t *l;
  const bench_opt_t *opt;
  char want[64];  // beginning of the reason: kind, and signal of a mismatch
  uint32_t trials, max;
  uint64_t fail_cycle;
} shrink_t;

// "MISMATCH signal=x": the values may differ from run to run.
static void signature(char to[64], const char *reason) {
  const size_t first = strcspn(reason, " ");
  size_t len = first;
  if (strncmp(reason, "MISMATCH", 8) == 0 && reason[first] == ' ') len = first + 1 + strcspn(reason + first + 1, " ");
  if (strncmp(reason, "ASSERT", 6) == 0) len = strlen(reason);
  snprintf(to, 64, "%.*s", (int)(len > 63 ? 63 : len), reason);
}

// Does the run without the skipped acts fail in the same way?
static bool fails(shrink_t *s, const bool *skip) {
  char err[TB_ERR_LEN];
  char got[64] = "";
  s->trials++;
  log_progress("shrinking, trial", s->trials, s->max);
  bench_t *b = bench_open(s->opt, err);
  if (b == NULL) return false;
  (void)act_list_run(b, s->l, skip);
  const bool failed = bench_failed(b);
  if (failed) {
    signature(got, bench_reason(b));
    s->fail_cycle = bench_cycle(b);
  }
  (void)bench_close(b);
  return failed && strcmp(got, s->want) == 0;
}

static void remove_skipped(act_list_t *l, const bool *skip) {
  size_t n = 0;
  for (size_t i = 0; i < l->n; i++) {
    if (skip[i]) {
      free(l->at[i].dram);
      free(l->at[i].host);
    } else {
      l->at[n++] = l->at[i];
    }
  }
  l->n = n;
}

// Acts after the failure do nothing.
static void cut_tail(shrink_t *s) {
  while (s->l->n > 0 && s->l->at[s->l->n - 1].cycle > s->fail_cycle) {
    s->l->n--;
    free(s->l->at[s->l->n].dram);
    free(s->l->at[s->l->n].host);
  }
  s->l->cycles = s->fail_cycle + 1;
}

// Moves the acts from `at` on, and the end, by this many cycles.
static void shift(act_list_t *l, size_t at, uint64_t cycles, bool earlier) {
  for (size_t i = at; i < l->n; i++) l->at[i].cycle = earlier ? l->at[i].cycle - cycles : l->at[i].cycle + cycles;
  l->cycles = earlier ? l->cycles - cycles : l->cycles + cycles;
}

// Tries the run without acts [at, end): first with their time taken out too, which makes all later trials shorter.
static bool try_skip(shrink_t *s, size_t at, size_t end) {
  bool *skip = log_alloc(s->l->n * sizeof(*skip));
  for (size_t i = at; i < end; i++) skip[i] = true;
  const uint64_t gap = end < s->l->n ? s->l->at[end].cycle - s->l->at[at].cycle : 0;
  bool good = false;
  if (gap > 200) {
    const uint64_t cut = gap - 10;
    shift(s->l, end, cut, true);
    good = fails(s, skip);
    if (!good) shift(s->l, end, cut, false);
  }
  good = good || fails(s, skip);
  if (good) {
    remove_skipped(s->l, skip);
    cut_tail(s);
  }
  free(skip);
  return good;
}

// Removes chunks, from halves down to single acts.
static void delete_chunks(shrink_t *s) {
  for (size_t chunk = (s->l->n + 1) / 2; chunk > 0 && s->trials < s->max;) {
    bool any = false;
    for (size_t at = 0; at < s->l->n && s->trials < s->max;) {
      if (try_skip(s, at, at + chunk < s->l->n ? at + chunk : s->l->n)) {
        any = true;  // the list moved up: the same place holds the next chunk
      } else {
        at += chunk;
      }
    }
    if (chunk > 1) {
      chunk /= 2;
    } else if (!any) {
      chunk = 0;
    }
  }
}

// Shorter bursts, plainer strobes and delays.
static void simplify(shrink_t *s) {
  for (size_t i = 0; i < s->l->n && s->trials < s->max; i++) {
    act_t *a = &s->l->at[i];
    if (a->kind != ACT_WRITE && a->kind != ACT_READ) continue;
    for (uint32_t step = 0; step < 3; step++) {
      const act_t before = *a;
      if (step == 0 && a->req.burst == AXI_INCR) a->req.len = 0;
      if (step == 1 && a->req.burst == AXI_INCR) a->req.len /= 2;
      if (step == 2) a->req.ax_delay = 0;
      if (memcmp(&before, a, sizeof(before)) == 0) continue;
      if (!fails(s, NULL)) *a = before;
    }
  }
}

// Takes idle time out from before each act.
static void close_gaps(shrink_t *s) {
  for (size_t i = 0; i < s->l->n && s->trials < s->max; i++) {
    const uint64_t before = i == 0 ? 0 : s->l->at[i - 1].cycle;
    const uint64_t gap = s->l->at[i].cycle - before;
    if (gap < 50) continue;
    const uint64_t cut = gap - 10;
    shift(s->l, i, cut, true);
    if (fails(s, NULL)) {
      cut_tail(s);
    } else {
      shift(s->l, i, cut, false);
    }
  }
}

uint32_t shrink_run(act_list_t *l, const bench_opt_t *opt, const char *reason, uint32_t max_trials) {
  shrink_t s = {.l = l, .opt = opt, .max = max_trials};
  signature(s.want, reason);
  if (!fails(&s, NULL)) {
    log_progress(NULL, 0, 0);
    return 0;  // the recorded list does not fail: nothing can be said
  }
  cut_tail(&s);
  delete_chunks(&s);
  simplify(&s);
  close_gaps(&s);
  delete_chunks(&s);
  // The last trial may have been one that did not fail: run once more for the final length.
  if (fails(&s, NULL)) cut_tail(&s);
  log_progress(NULL, 0, 0);
  return s.trials;
}
