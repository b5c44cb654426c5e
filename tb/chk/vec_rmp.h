// SPDX-License-Identifier: Apache-2.0
//
// vec_rmp.h - known answers of the reverse map table (core/rmpvec.h) put to the functional model (cbit_rmp.h)
#ifndef TB_VEC_RMP_H
#define TB_VEC_RMP_H

#include "cbit_rmp.h"
#include "chk/vec_check.h"
#include "core/rmpvec.h"

// What a set holds, for the report.
typedef struct vec_rmp_counts {
  uint32_t checks;                                      // lines that compare something
  uint32_t singles, sequences, in_sequences, accesses;  // instructions
} vec_rmp_counts_t;
vec_rmp_counts_t vec_rmp_count(const rmpvec_file_t *f);
// Whether a line compares something; an init line only prepares.
bool vec_rmp_is_check(const rmpvec_record_t *r);

// A run through one file: instructions work on the table that the lines before left.
typedef struct vec_rmp vec_rmp_t;
vec_rmp_t *vec_rmp_open(void);
void vec_rmp_close(vec_rmp_t *rig);
// Record i of f. Records of an instruction set are run in the order of the file.
vec_result_t vec_rmp_check(vec_rmp_t *rig, const rmpvec_file_t *f, size_t i);

// ---- parts ----

// A table in memory as entries by page, with what was written since vec_rmp_table_mark().
typedef struct vec_rmp_table vec_rmp_table_t;
vec_rmp_table_t *vec_rmp_table_open(void);
void vec_rmp_table_close(vec_rmp_table_t *t);
void vec_rmp_table_clear(vec_rmp_table_t *t, const cbit_rmp_cfg_t *cfg);
void vec_rmp_table_put(vec_rmp_table_t *t, const rmpvec_item_t *item);
void vec_rmp_table_mark(vec_rmp_table_t *t);
// What the model works on; in_use pages are the items of a record.
cbit_rmp_mem_t vec_rmp_table_mem(vec_rmp_table_t *t);
void vec_rmp_table_in_use(vec_rmp_table_t *t, const rmpvec_item_t *page, size_t n);
// Whether exactly the listed entries and counters changed since the mark, to the listed values.
vec_result_t vec_rmp_table_compare(const vec_rmp_table_t *t, const rmpvec_item_t *item, size_t n);

// An access against a view; also of instruction sequences.
vec_result_t vec_rmp_access(const rmpvec_record_t *r, const cbit_rmp_cfg_t *cfg, const cbit_rmp_view_t *view);
// How an instruction ended and what it returned, against a line.
vec_result_t vec_rmp_insn_compare(const rmpvec_record_t *r, const cbit_rmp_result_t *v);
// A line of an instruction set.
vec_result_t vec_rmp_insn(vec_rmp_table_t *t, const cbit_rmp_cfg_t *cfg, const rmpvec_file_t *f, const rmpvec_record_t *r);

#endif  // TB_VEC_RMP_H
