// SPDX-License-Identifier: Apache-2.0
//
// dut_rmp.h - the C interface of the verilated cbit_rmp_check and cbit_rmp_addr, each alone (tests/unit/unit.mk)
//
// Both are combinational: inputs in, outputs out, no clock. Members are the ports of docs/units/rmp_check.md without _i and _o.
// An entry is {q1, q2}, the two halves of its 16 bytes as little-endian numbers (docs/rmp.md section 2.1).
#ifndef TB_DUT_RMP_H
#define TB_DUT_RMP_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Bits of dut_rmp_in_t.param.
enum {
  DUT_RMP_NPF_US_ALWAYS = 1,
  DUT_RMP_TIO = 2,
  DUT_RMP_HV_INUSE_WR_ALLOWED = 4,
  DUT_RMP_PT_VMPL_WRITE = 8,
  DUT_RMP_CHK_DMA_READ = 16,
  DUT_RMP_CHK_GUEST_PT_READ = 32,
  DUT_RMP_CHK_HOST_PT_READ = 64,
  DUT_RMP_CHK_SHARED_READ = 128
};

typedef struct dut_rmp_in {
  uint64_t own[2], base[2];
  uint64_t spa, gpa;
  uint16_t asid;
  uint8_t req, op, map_size, ec, vmpl, cpl, ss, vmpl_sss, snp_active, in_use;
  uint8_t snp_en, vmpl_en, iommu_snp, param;
  uint8_t covered, read_error;
} dut_rmp_in_t;

typedef struct dut_rmp_out {
  uint64_t error, exitinfo2;
  uint16_t flags;
  uint8_t flags_rmp, kind, row, why, needs_table;
} dut_rmp_out_t;

typedef struct dut_rmp_addr_out {
  uint64_t own_addr, base_addr;
  uint8_t covered;
} dut_rmp_addr_out_t;

typedef struct dut_rmp dut_rmp_t;

dut_rmp_t *dut_rmp_new(void);
void dut_rmp_free(dut_rmp_t *d);
void dut_rmp_check(dut_rmp_t *d, const dut_rmp_in_t *in, dut_rmp_out_t *out);
// rmp_base and rmp_end as in the registers; bits 12:0 are not connected.
void dut_rmp_addr(dut_rmp_t *d, uint64_t rmp_base, uint64_t rmp_end, uint64_t spa, dut_rmp_addr_out_t *out);

#ifdef __cplusplus
}
#endif

#endif  // TB_DUT_RMP_H
