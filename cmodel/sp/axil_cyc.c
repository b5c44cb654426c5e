// SPDX-License-Identifier: Apache-2.0
//
// axil_cyc.c - AXI4-Lite to single register accesses
//
// One register per channel; an access is executed one cycle after it was taken, its answer is on the pins in the next
// (docs/units/sp.md, "AXI4-Lite timing"). Latency from address to response: 2 cycles.

#include "sp/sp_units.h"

axil_access_t axil_cyc_access(const axil_cyc_t *a) {
  if (a->aw_valid && a->w_valid && !a->b_valid) {
    return AXIL_WRITE;
  }
  return a->ar_valid && !a->r_valid ? AXIL_READ : AXIL_NONE;
}

void axil_cyc_out(const axil_cyc_t *a, cbit_pins_out_t *out) {
  out->l_awready = !a->aw_valid;
  out->l_wready = !a->w_valid;
  out->l_arready = !a->ar_valid;
  out->l_bvalid = a->b_valid;
  out->l_bresp = a->b_valid ? a->b_resp : 0u;
  out->l_rvalid = a->r_valid;
  out->l_rresp = a->r_valid ? a->r_resp : 0u;
  out->l_rdata = a->r_valid ? a->r_data : 0u;
}

void axil_cyc_step(axil_cyc_t *a, const cbit_pins_in_t *in, axil_access_t access, uint8_t resp, uint32_t data) {
  // answers; an access is executed only while its answer register is free, so taking and filling exclude each other
  if (access == AXIL_WRITE) {
    a->b_valid = true;
    a->b_resp = resp;
  } else if (in->l_bready) {
    a->b_valid = false;
  }
  if (access == AXIL_READ) {
    a->r_valid = true;
    a->r_resp = resp;
    a->r_data = data;
  } else if (in->l_rready) {
    a->r_valid = false;
  }
  // requests; likewise a register is filled only if it is free in this cycle
  if (access == AXIL_WRITE) {
    a->aw_valid = false;
    a->w_valid = false;
  } else {
    if (!a->aw_valid && in->l_awvalid) {
      a->aw_valid = true;
      a->aw_addr = in->l_awaddr;
    }
    if (!a->w_valid && in->l_wvalid) {
      a->w_valid = true;
      a->w_data = in->l_wdata;
      a->w_strb = in->l_wstrb;
    }
  }
  if (access == AXIL_READ) {
    a->ar_valid = false;
  } else if (!a->ar_valid && in->l_arvalid) {
    a->ar_valid = true;
    a->ar_addr = in->l_araddr;
  }
}
