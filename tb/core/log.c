// SPDX-License-Identifier: Apache-2.0
//
// log.c - messages, colour, progress line, checked allocation
#include "core/log.h"

#include <stdarg.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static void message(const char *kind, log_colour_t c, const char *format, va_list ap) {
  log_progress(NULL, 0, 0);
  fprintf(stderr, "cbit: %s%s%s: ", log_colour(stderr, c), kind, log_colour(stderr, LOG_PLAIN));
  vfprintf(stderr, format, ap);
  fputc('\n', stderr);
}

void log_error(const char *format, ...) {
  va_list ap;
  va_start(ap, format);
  message("error", LOG_RED, format, ap);
  va_end(ap);
}

void log_note(const char *format, ...) {
  va_list ap;
  va_start(ap, format);
  message("note", LOG_YELLOW, format, ap);
  va_end(ap);
}

void log_die(const char *format, ...) {
  va_list ap;
  va_start(ap, format);
  message("error", LOG_RED, format, ap);
  va_end(ap);
  exit(3);
}

const char *log_colour(FILE *to, log_colour_t c) {
  static const char *const code[] = {"\033[0m", "\033[31m", "\033[32m", "\033[33m", "\033[1m"};
  const char *no = getenv("NO_COLOR");
  if ((no != NULL && no[0] != '\0') || !isatty(fileno(to))) return "";
  return code[c];
}

double log_seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

void log_progress(const char *what, uint64_t done, uint64_t total) {
  static double last;
  static bool shown;
  if (done == 0 && total == 0) {
    if (shown) fputs("\r\033[K", stderr);
    shown = false;
    return;
  }
  if (!isatty(fileno(stderr))) return;
  const double now = log_seconds();
  if (now - last < 0.1) return;
  last = now;
  shown = true;
  const double part = total == 0 ? 0.0 : 100.0 * (double)done / (double)total;
  fprintf(stderr, "\r\033[K%s %5.1f %%  (%llu of %llu)", what, part, (unsigned long long)done,
          (unsigned long long)total);
  fflush(stderr);
}

void *log_alloc(size_t size) {
  void *p = calloc(1, size == 0 ? 1 : size);
  if (p == NULL) log_die("out of memory (%zu bytes)", size);
  return p;
}

void *log_realloc(void *old, size_t size) {
  void *p = realloc(old, size == 0 ? 1 : size);
  if (p == NULL) log_die("out of memory (%zu bytes)", size);
  return p;
}
