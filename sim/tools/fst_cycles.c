// SPDX-License-Identifier: Apache-2.0
//
// fst_cycles.c - the values of some signals in each cycle of an FST wave of the bench, as text
//
// Usage: fst_cycles FILE.fst SIGNALS   SIGNALS holds one full signal name a line (TOP.cbit_top_flat...., no range).
// Output: "# cycle name name ...", then one line a cycle: its number and the values in hexadecimal.
// Units: the bench writes cycle c from its rising edge at 10*c on, and 10*c + 5 shows the inputs of the cycle, too (tb/shim/dut.h).
// Errors: one line with the place, exit code 2, no output but for a reader that stops in the middle. A signal that is not there,
// a bit that is not 0 or 1, and a wave without a whole cycle are errors.
// The reader of the format is the one that comes with Verilator (include/gtkwave/fstapi.c; sim/docs.mk).
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fstapi.h"

#define MAX_SIGNALS 256
#define MAX_NAME 512
#define MAX_BITS 512

typedef struct signal {
  char name[MAX_NAME];
  fstHandle handle;
  uint32_t bits;
  char value[MAX_BITS + 1];
} signal_t;

static signal_t signals[MAX_SIGNALS];
static size_t count;
static uint64_t now_cycle;
static int begun;
static uint64_t lines;

static _Noreturn void stop(const char *where, unsigned line, const char *what, const char *name) {
  if (line != 0) fprintf(stderr, "%s:%u:1: error: %s%s\n", where, line, what, name);
  if (line == 0) fprintf(stderr, "%s: error: %s%s\n", where, what, name);
  exit(2);
}

static void read_names(const char *path) {
  char line[MAX_NAME];   // with its end of line, so that a name fits
  FILE *f = fopen(path, "r");
  if (f == NULL) stop(path, 0, "cannot be read", "");
  unsigned at = 0;
  while (fgets(line, sizeof(line), f) != NULL) {
    at++;
    const size_t n = strcspn(line, "\n");
    if (line[n] != '\n') stop(path, at, "line too long or without an end", "");
    line[n] = '\0';
    if (n == 0 || line[0] == '#') continue;
    if (count == MAX_SIGNALS) stop(path, at, "too many signals", "");
    memcpy(signals[count++].name, line, n + 1);
  }
  fclose(f);
  if (count == 0) stop(path, 0, "names no signal", "");
}

// Gives each wanted signal its handle. A name in the file may have a range behind a blank.
static void find_handles(void *wave, const char *path) {
  char full[2 * MAX_NAME];
  const struct fstHier *h;
  while ((h = fstReaderIterateHier(wave)) != NULL) {
    if (h->htyp == FST_HT_SCOPE) {
      (void)fstReaderPushScope(wave, h->u.scope.name, NULL);
    } else if (h->htyp == FST_HT_UPSCOPE) {
      (void)fstReaderPopScope(wave);
    } else if (h->htyp == FST_HT_VAR) {
      const char *scope = fstReaderGetCurrentFlatScope(wave);
      snprintf(full, sizeof(full), "%s.%s", scope != NULL ? scope : "", h->u.var.name);
      full[strcspn(full, " ")] = '\0';
      for (size_t i = 0; i < count; i++) {
        if (strcmp(signals[i].name, full) != 0) continue;
        signals[i].handle = h->u.var.handle;
        signals[i].bits = h->u.var.length;
      }
    }
  }
  for (size_t i = 0; i < count; i++) {
    if (signals[i].handle == 0) stop(path, 0, "has no signal ", signals[i].name);
    if (signals[i].bits > MAX_BITS) stop(path, 0, "signal too wide: ", signals[i].name);
    memset(signals[i].value, '0', signals[i].bits);
  }
}

static void print_cycle(void) {
  printf("%llu", (unsigned long long)now_cycle);
  for (size_t i = 0; i < count; i++) {
    const signal_t *s = &signals[i];
    const uint32_t first = s->bits % 4 == 0 ? 4 : s->bits % 4;
    putchar(' ');
    for (uint32_t at = 0; at < s->bits;) {
      const uint32_t end = at == 0 ? first : at + 4;
      unsigned digit = 0;
      for (; at < end; at++) {
        if (s->value[at] != '0' && s->value[at] != '1') stop("wave", 0, "neither 0 nor 1: ", s->name);
        digit = 2 * digit + (s->value[at] == '1');
      }
      putchar("0123456789abcdef"[digit]);
    }
  }
  putchar('\n');
  lines++;
}

// Changes come in the order of time. What is known at 10*c + 5 is printed when a change behind it comes.
static void change(void *arg, uint64_t time, fstHandle handle, const unsigned char *value) {
  (void)arg;
  const uint64_t cycle = time < 5 ? 0 : (time - 5 + 9) / 10;   // the first cycle whose middle is not before `time`
  if (!begun) now_cycle = cycle;
  begun = 1;
  for (; now_cycle < cycle; now_cycle++) print_cycle();
  for (size_t i = 0; i < count; i++) {
    if (signals[i].handle == handle) memcpy(signals[i].value, value, signals[i].bits);
  }
}

int main(int argc, char **argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: fst_cycles FILE.fst SIGNALS\n");
    return 2;
  }
  read_names(argv[2]);
  void *wave = fstReaderOpen(argv[1]);
  if (wave == NULL) stop(argv[1], 0, "is no FST wave, or cannot be read", "");
  find_handles(wave, argv[1]);
  printf("# cycle");
  for (size_t i = 0; i < count; i++) printf(" %s", signals[i].name);
  printf("\n");
  fstReaderClrFacProcessMaskAll(wave);
  for (size_t i = 0; i < count; i++) fstReaderSetFacProcessMask(wave, signals[i].handle);
  if (fstReaderIterBlocks(wave, change, NULL, NULL) == 0 || !begun) stop(argv[1], 0, "has no change of these signals", "");
  const uint64_t end = fstReaderGetEndTime(wave);
  for (; 10 * now_cycle + 5 <= end; now_cycle++) print_cycle();
  fstReaderClose(wave);
  if (lines == 0) stop(argv[1], 0, "holds no whole cycle", "");
  return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 2;
}
