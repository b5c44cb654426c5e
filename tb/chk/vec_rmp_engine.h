// SPDX-License-Identifier: Apache-2.0
//
// vec_rmp_engine.h - known answers of RMP instructions (core/rmpvec.h) put to an engine with instruction ports
//
// The tables of the vectors cover up to terabytes and lie anywhere; their start-up would check every page of them. So the
// engine has one table of its own, for 16 MiB, and each 2 MiB range of a vector takes the place of one of its ranges: of a
// covered one if the vector's is covered, else of one that is not. An instruction sees of an SPA whether it is covered,
// SPA[20:0] and the entries, so its answer is the same. Entries and counters are put into DRAM from behind; after each
// instruction they are compared with the vector, and nothing else may have changed in the ranges in use and the counters.
// Lines of other engines than this (other parameters, lock held) are skipped with their reason.
#ifndef TB_VEC_RMP_ENGINE_H
#define TB_VEC_RMP_ENGINE_H

#include "chk/vec_check.h"
#include "core/bench.h"
#include "core/rmpvec.h"

typedef struct vec_rmp_rig vec_rmp_rig_t;
// NULL on error, with one line in err.
vec_rmp_rig_t *vec_rmp_rig_open(const bench_opt_t *opt, char err[TB_ERR_LEN]);
bool vec_rmp_rig_close(vec_rmp_rig_t *rig);  // as bench_close()
bench_t *vec_rmp_rig_bench(vec_rmp_rig_t *rig);
// Record i of f, in the order of the file.
vec_result_t vec_rmp_rig_check(vec_rmp_rig_t *rig, const rmpvec_file_t *f, size_t i);

#endif  // TB_VEC_RMP_ENGINE_H
