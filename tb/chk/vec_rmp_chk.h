// SPDX-License-Identifier: Apache-2.0
//
// vec_rmp_chk.h - known decisions of the RMP check (core/rmpvec.h) put to a check port of an engine (RmpChk > 0)
//
// The port takes the raw inputs of the check, so all rows run, also those that no bus request has (VMRUN_VMCB, VMRUN_AVIC,
// HSAVE_WRMSR, VMSAVE). As in vec_rmp_engine.h the engine has a table of its own for 16 MiB: a covered page takes the place of
// one with the same SPA[20:12] in it, one that is not covered lies beyond. Before each question the AMD-SP stores the page's
// entry and the range's. Compared: verdict, error, row, first check that fails, and that a denial is not to be kept.
// Lines are run in the order of the registers they want, not of the file: each change of these is a start-up.
// Lines with parameters that the engine does not have are skipped with their reason.
#ifndef TB_VEC_RMP_CHK_H
#define TB_VEC_RMP_CHK_H

#include "chk/vec_check.h"
#include "core/bench.h"
#include "core/rmpvec.h"

typedef void (*vec_rmp_chk_fn)(void *arg, const rmpvec_record_t *r, const vec_result_t *res);
// All decisions of f on a bench just opened. False: the bench failed; the rest was not run.
bool vec_rmp_chk_run(bench_t *b, const rmpvec_file_t *f, vec_rmp_chk_fn done, void *arg);

#endif  // TB_VEC_RMP_CHK_H
