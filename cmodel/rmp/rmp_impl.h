// SPDX-License-Identifier: Apache-2.0
//
// rmp_impl.h - what the files of the RMP model share
//
// Not installed. Entries and ranges as the instructions work on them, and the elementary questions that checks and
// instructions ask alike (docs/rmp.md section 4.2).

#ifndef CBIT_RMP_IMPL_H
#define CBIT_RMP_IMPL_H

#include "cbit_rmp.h"

#define RMP_PAGES_2M 512u

// A page, its 2 MiB range, and where the entries of both lie.
typedef struct rmp_range {
  cbit_rmp_view_t view;
  uint64_t own_addr;
  uint64_t base_addr;
  unsigned index;  // of the page in its range, 0..511
} rmp_range_t;

// 0, or -1 if the entry could not be read.
int rmp_load_entry(const cbit_rmp_mem_t *mem, uint64_t addr, cbit_rmp_entry_t *entry);
void rmp_store_entry(const cbit_rmp_mem_t *mem, uint64_t addr, const cbit_rmp_entry_t *entry);
// Coverage and addresses: 1 covered, 0 not covered, -1 read error. The entries are left zero.
int rmp_find_range(const cbit_rmp_cfg_t *cfg, const cbit_rmp_mem_t *mem, uint64_t spa, rmp_range_t *range);
// Reads both entries of a covered page: 0, or -1 for a read error.
int rmp_read_range(const cbit_rmp_mem_t *mem, rmp_range_t *range);

// The row of the decision table refuses this way.
typedef enum rmp_refusal {
  RMP_REFUSE_NEVER,
  RMP_REFUSE_PF,
  RMP_REFUSE_NPF,  // or #VC
  RMP_REFUSE_GP,
  RMP_REFUSE_VMRUN,
  RMP_REFUSE_IOMMU,
  RMP_REFUSE_HALT
} rmp_refusal_t;
rmp_refusal_t rmp_row_refusal(cbit_rmp_row_t row, unsigned requester);
// 1 for rows 8..12.
int rmp_row_is_private(cbit_rmp_row_t row);

// First of COV, GOWN_A, GOWN, RMAP and MUT that fails, or NONE.
cbit_rmp_why_t rmp_ownership_failure(const cbit_rmp_view_t *view, uint64_t spa, uint64_t gpa, unsigned asid);

// EXITINFO1 bits that every RMP fault has: P, US, RMP (F2).
uint64_t rmp_npf_common(const cbit_rmp_param_t *param, unsigned cpl);
// EXITINFO2 of a private access: the page of the GPA (F3).
uint64_t rmp_npf_page(uint64_t gpa);

// Whether a page of the 4 KiB or 2 MiB request is in use.
int rmp_in_use(const cbit_rmp_mem_t *mem, uint64_t spa, cbit_rmp_size_t size);

// Ends of an instruction (section 5.2).
void rmp_begin(cbit_rmp_result_t *result, uint64_t rcx, uint64_t rdx);
void rmp_end_code(cbit_rmp_result_t *result, cbit_rmp_code_t code);
void rmp_end_fault(cbit_rmp_result_t *result, cbit_rmp_verdict_kind_t kind);

#endif  // CBIT_RMP_IMPL_H
