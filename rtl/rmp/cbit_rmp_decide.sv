// SPDX-License-Identifier: Apache-2.0
//
// cbit_rmp_decide: verdict on a bus request's question, as the request paths keep it.
//
// Where: in the caches (does the question need the table; step D) and in the walker (E), around
// cbit_rmp_check with what is fixed for bus requests and for those of an MMU: checks on, default
// parameters, but that a page in use can refuse a write of the host (Inuse).
// Latency: combinational. Words are bits 95:0 of entries: all that a check looks at.
// Source: docs/units/rmp.md (Attributes, Parameters), rmp_check.md.
module cbit_rmp_decide
  import cbit_pkg::*;
  import cbit_rmp_pkg::*;
#(
  parameter int unsigned Inuse = 0   // 1: HV_INUSE_WR_ALLOWED = 0
) (
  input  spa_t        spa_i,
  input  rmp_ask_t    what_i,
  // registers
  input  logic        vmpl_en_i,
  input  logic        vmpl_sss_i,
  input  logic        iommu_snp_i,
  input  logic        in_use_i,        // the page is marked; with Inuse = 1 only
  // what the table says
  input  logic        covered_i,
  input  logic        read_error_i,
  input  logic [95:0] own_i,
  input  logic [95:0] base_i,
  output logic        needs_table_o,   // of the question alone
  output logic        deny_o,
  output rec_t        rec_o
);

  function automatic rmp_param_t param();
    rmp_param_t p;
    p = RMP_PARAM_DEFAULT;
    p.hv_inuse_wr_allowed = Inuse == 0;
    return p;
  endfunction

  rmp_verdict_e    kind;
  rmp_row_e        row;
  rmp_why_e        why;
  logic [ErrW-1:0] error;
  // software makes these from the record
  logic [GpaW-1:0] unused_gpa;
  logic [7:0]      unused_flags_rmp;
  logic [11:0]     unused_flags;

  cbit_rmp_check u_check (
    .req_i        (what_i.req),
    .op_i         (what_i.op),
    .spa_i,
    .gpa_i        (what_i.gpa),
    .map_size_i   (what_i.map_size),
    .ec_i         (what_i.ec),
    .asid_i       (what_i.asid),
    .vmpl_i       (what_i.vmpl),
    .cpl_i        (what_i.cpl),
    .ss_i         (what_i.ss),
    .vmpl_sss_i,
    .snp_active_i (what_i.snp_active),
    .in_use_i,
    .snp_en_i     (1'b1),
    .vmpl_en_i,
    .iommu_snp_i,
    .param_i      (param()),
    .covered_i,
    .read_error_i,
    .own_i        ({32'd0, own_i}),
    .base_i       ({32'd0, base_i}),
    .needs_table_o,
    .kind_o       (kind),
    .error_o      (error),
    .exitinfo2_o  (unused_gpa),
    .flags_rmp_o  (unused_flags_rmp),
    .flags_o      (unused_flags),
    .row_o        (row),
    .why_o        (why)
  );

  assign deny_o = kind != RMP_PASS;
  assign rec_o = {row, why, kind, error};

endmodule
