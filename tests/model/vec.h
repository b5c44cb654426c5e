// SPDX-License-Identifier: Apache-2.0
//
// vec.h - what the model tests share
//
// Reading vector files, a small seeded random generator, comparing bytes. Vector files are looked for in tests/vectors,
// or in the folder that the environment variable CBIT_VECTORS names.

#ifndef CBIT_TESTS_VEC_H
#define CBIT_TESTS_VEC_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cbit.h"

#define VEC_LINE_MAX 16384

// Opens tests/vectors/<name>; fails the test if it is missing.
FILE *vec_open(const char *name);

// Next line without its line end; 0 at the end of the file.
int vec_line(FILE *file, char line[VEC_LINE_MAX]);

// Text after "key=" in a line of space-separated key=value items; NULL if there is none.
const char *vec_item(const char *line, const char *key);

// The same as a number, or as exactly n bytes (n = 0: any number up to max). Fails the test if it is missing.
uint64_t vec_number(const char *line, const char *key);
size_t vec_bytes(const char *line, const char *key, uint8_t *out, size_t max);

// Text after "KEY = " of a CAVP line, NULL if the line has another key.
const char *vec_cavp(const char *line, const char *key);

// xorshift64*; state must not be 0.
uint64_t vec_random(uint64_t *state);
void vec_random_bytes(uint64_t *state, uint8_t *out, size_t n);

// Paths that run on this machine; returns how many (at most 3).
unsigned vec_paths(cbit_path_t paths[3]);

#endif  // CBIT_TESTS_VEC_H
