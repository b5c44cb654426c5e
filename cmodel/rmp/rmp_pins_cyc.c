// SPDX-License-Identifier: Apache-2.0
//
// rmp_pins_cyc.c - the requester's pins with RMP instructions: closed while one looks at the table, lent to its writes
//
// Page: docs/units/rmp_insn.md, "cbit_rmp_pins". No latency. A W beat is passed once its AW was taken, so that none stands
// in front of the unit's own; owed counts those that are still to come.

#include <stddef.h>
#include <string.h>

#include "rmp/rmp_insn_units.h"

void rmp_pins_cyc_out(const rmp_insn_cyc_t *u, cyc_net_t *net, cbit_pins_out_t *out) {
  const bool stop = rmp_insn_cyc_stop(u);
  const bool write = rmp_insn_cyc_write(u);
  net->eng = (cyc_eng_pins_t){out->s_arready, out->s_awready, out->s_wready, out->s_b};
  out->s_arready = out->s_arready && !stop;
  out->s_awready = out->s_awready && !stop;
  out->s_wready = out->s_wready && !write && u->owed != 0;
  if (write) {
    out->s_b = (cbit_b_t){0};
  }
}

void rmp_pins_cyc_in(const rmp_insn_cyc_t *u, const cbit_pins_in_t *in, cbit_pins_in_t *eng) {
  const bool stop = rmp_insn_cyc_stop(u);
  memcpy(eng, in, offsetof(cbit_pins_in_t, insn));  // bus units look at no other pins
  eng->s_ar.valid = in->s_ar.valid && !stop;
  eng->s_aw.valid = in->s_aw.valid && !stop;
  eng->s_w.valid = in->s_w.valid && u->owed != 0;
  if (rmp_insn_cyc_write(u)) {
    rmp_insn_cyc_aw(u, &eng->s_aw);
    rmp_insn_cyc_w(u, &eng->s_w);
    eng->s_bready = true;
  }
}

void rmp_pins_cyc_step(rmp_insn_cyc_t *u, const cyc_net_t *net, const cbit_pins_in_t *in) {
  const bool aw = in->s_aw.valid && net->eng.awready && !rmp_insn_cyc_stop(u);
  const bool w = in->s_w.valid && net->eng.wready && !rmp_insn_cyc_write(u) && u->owed != 0;
  u->owed = (uint16_t)(u->owed + (aw ? in->s_aw.len + 1u : 0u) - (w ? 1u : 0u));
}
