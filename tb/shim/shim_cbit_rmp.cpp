// SPDX-License-Identifier: Apache-2.0
//
// shim_cbit_rmp.cpp - the verilated cbit_rmp_check and cbit_rmp_addr behind the C interface of dut_rmp.h
//
// One eval() a question; nothing is kept between two questions.

#include <cstdint>

#include "Vrmp_addr.h"
#include "Vrmp_check.h"
#include "dut_rmp.h"
#include "verilated.h"

struct dut_rmp {
  VerilatedContext *ctx;
  Vrmp_check *check;
  Vrmp_addr *addr;
};

template <class T>
static inline void put_entry(T &pin, const uint64_t q[2]) {
  pin[0] = static_cast<uint32_t>(q[0]);
  pin[1] = static_cast<uint32_t>(q[0] >> 32);
  pin[2] = static_cast<uint32_t>(q[1]);
  pin[3] = static_cast<uint32_t>(q[1] >> 32);
}

extern "C" {

dut_rmp_t *dut_rmp_new(void) {
  dut_rmp *d = new dut_rmp();
  d->ctx = new VerilatedContext;
  d->check = new Vrmp_check(d->ctx, "CHECK");
  d->addr = new Vrmp_addr(d->ctx, "ADDR");
  return d;
}

void dut_rmp_free(dut_rmp_t *d) {
  if (d == nullptr) return;
  Verilated::threadContextp(d->ctx);  // as in shim_cbit_top_flat.cpp
  d->check->final();
  d->addr->final();
  delete d->check;
  delete d->addr;
  delete d->ctx;
  Verilated::threadContextp(nullptr);
  delete d;
}

void dut_rmp_check(dut_rmp_t *d, const dut_rmp_in_t *in, dut_rmp_out_t *out) {
  Vrmp_check &t = *d->check;
  put_entry(t.own_i, in->own);
  put_entry(t.base_i, in->base);
  t.spa_i = in->spa & ((UINT64_C(1) << 52) - 1);
  t.gpa_i = in->gpa & ((UINT64_C(1) << 51) - 1);
  t.asid_i = in->asid & 0x3ffu;
  t.req_i = in->req & 7u;
  t.op_i = in->op & 15u;
  t.map_size_i = in->map_size & 3u;
  t.ec_i = in->ec & 1u;
  t.vmpl_i = in->vmpl & 3u;
  t.cpl_i = in->cpl & 3u;
  t.ss_i = in->ss & 1u;
  t.vmpl_sss_i = in->vmpl_sss & 1u;
  t.snp_active_i = in->snp_active & 1u;
  t.in_use_i = in->in_use & 1u;
  t.snp_en_i = in->snp_en & 1u;
  t.vmpl_en_i = in->vmpl_en & 1u;
  t.iommu_snp_i = in->iommu_snp & 1u;
  t.param_i = in->param;
  t.covered_i = in->covered & 1u;
  t.read_error_i = in->read_error & 1u;
  t.eval();
  out->error = t.error_o;
  out->exitinfo2 = t.exitinfo2_o;
  out->flags = t.flags_o;
  out->flags_rmp = t.flags_rmp_o;
  out->kind = t.kind_o;
  out->row = t.row_o;
  out->why = t.why_o;
  out->needs_table = t.needs_table_o;
}

void dut_rmp_addr(dut_rmp_t *d, uint64_t rmp_base, uint64_t rmp_end, uint64_t spa, dut_rmp_addr_out_t *out) {
  Vrmp_addr &t = *d->addr;
  const uint64_t mask = (UINT64_C(1) << 39) - 1;
  t.rmp_base_i = rmp_base >> 13 & mask;
  t.rmp_end_i = rmp_end >> 13 & mask;
  t.spa_i = spa;
  t.eval();
  out->own_addr = t.own_addr_o;
  out->base_addr = t.base_addr_o;
  out->covered = t.covered_o;
}

}  // extern "C"
