// SPDX-License-Identifier: Apache-2.0
//
// vec_check.h - known answers (core/vecfile.h) put to the functional model and to an engine
//
// Functional: the plain functions of libcbit. Engine: a bench (model, RTL or lock-step); plaintext goes in as a write of a
// guest with C-bit, DRAM must then hold the ciphertext; ciphertext is laid into DRAM behind the engine's back and must
// come out as plaintext. What the hardware has no way to do is skipped, with a reason.
#ifndef TB_VEC_CHECK_H
#define TB_VEC_CHECK_H

#include "core/bench.h"
#include "core/vecfile.h"

#define VEC_MCT_STEPS 1000u

typedef enum vec_verdict { VEC_PASS = 0, VEC_FAIL, VEC_SKIP } vec_verdict_t;

typedef struct vec_result {
  vec_verdict_t verdict;
  char why[192];  // FAIL: what differs; SKIP: the reason, the same text for the same reason
} vec_result_t;

vec_result_t vec_pass(void);
vec_result_t vec_skip(const char *why);
vec_result_t vec_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
// Compares and tells the first differing byte.
vec_result_t vec_compare(const char *what, const uint8_t *want, const uint8_t *got, size_t len);

// Record i of f on the functional model, both directions, on every path this machine has. table: of the record's tset.
vec_result_t vec_model_check(const vec_file_t *f, size_t i, const cbit_tweak_table_t *table);
// A table file against cbit_tweak_table_make().
vec_result_t vec_model_table(const vec_file_t *f);

// An engine with what it holds now: mode, table, keys in slots.
typedef struct vec_rig vec_rig_t;
// NULL: one line in err.
vec_rig_t *vec_rig_open(const bench_opt_t *opt, char err[TB_ERR_LEN]);
bench_t *vec_rig_bench(vec_rig_t *rig);
uint32_t vec_rig_key_bits(vec_rig_t *rig);
// mct_outer: Monte Carlo records whose COUNT is at or above this are skipped.
vec_result_t vec_rig_check(vec_rig_t *rig, const vec_file_t *f, size_t i, const cbit_tweak_table_t *table,
                           uint32_t mct_outer);
bool vec_rig_close(vec_rig_t *rig);

#endif  // TB_VEC_CHECK_H
