// SPDX-License-Identifier: Apache-2.0
//
// log.h - messages for people: errors, notes, a progress line, colour
//
// Colour and progress only on a terminal, never when NO_COLOR is set (colour) or output goes to a file.
#ifndef TB_LOG_H
#define TB_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

// "cbit: error: ..." on stderr.
void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_note(const char *format, ...) __attribute__((format(printf, 1, 2)));
// Escape sequences, or "" where there is no colour.
typedef enum log_colour { LOG_PLAIN, LOG_RED, LOG_GREEN, LOG_YELLOW, LOG_BOLD } log_colour_t;
const char *log_colour(FILE *to, log_colour_t c);
// Rewrites one line on stderr (terminal only) at most ten times a second; done = 0 of total = 0 wipes it.
void log_progress(const char *what, uint64_t done, uint64_t total);
// Monotonic seconds.
double log_seconds(void);
// Prints a line of text and ends the program: out of memory and other conditions no caller can answer.
_Noreturn void log_die(const char *format, ...) __attribute__((format(printf, 1, 2)));
// calloc (zeroed) and realloc that end the program when memory runs out.
void *log_alloc(size_t size);
void *log_realloc(void *p, size_t size);

#endif  // TB_LOG_H
