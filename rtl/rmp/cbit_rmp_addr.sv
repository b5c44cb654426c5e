// SPDX-License-Identifier: Apache-2.0
//
// cbit_rmp_addr: where the entry of a page lies in the reverse map table, and whether the page is
// covered. With Seg = 1 the table can be a segmented one, whose segment table stands in registers.
//
// Where: in front of a fetch of entries; covered_o goes on to cbit_rmp_check. Latency:
// combinational (carry chains). Source: docs/rmp.md, sections 1.3 (G1 to G4) and 1.5 (G5 to G7);
// docs/units/rmp_seg.md.
module cbit_rmp_addr #(
  parameter int unsigned Seg = 0   // 1: seg_* are looked at
) (
  // registers (1.1): bits 12:0 of the base count as zeros, of the end as ones (G1)
  input  logic [51:13]       rmp_base_i,
  input  logic [51:13]       rmp_end_i,
  // segmented table: on, RmpSegSize, place and covered GiB of each segment's table
  input  logic               seg_en_i,
  input  logic [5:0]         seg_size_i,
  input  logic [15:0][51:20] seg_base_i,
  input  logic [15:0][10:0]  seg_cov_i,
  // byte address; requesters with 52 bits put zeros above
  input  logic [63:0]        spa_i,
  output logic               covered_o,
  // of the own entry and of the base entry of its range; meaningless if not covered
  output logic [51:0]        own_addr_o,
  output logic [51:0]        base_addr_o
);

  // G2 in units of 8 KiB, the entries of one range: bits 12:0 of the base are zeros, so the place
  // in the range (SPA[20:12]) never carries, and a range is covered as a whole. One bit more than
  // an SPA: what would lie above the address space is not covered.
  localparam logic [39:0] Counters = 40'h4000 >> 13;
  logic [39:0] flat;
  logic        flat_cov, cov;
  logic [38:0] granule;

  assign flat = 40'(rmp_base_i) + 40'(spa_i[51:21]) + Counters;
  assign flat_cov = flat <= {1'b0, rmp_end_i};

  if (Seg != 0) begin : gen_seg
    // G5 to G7, in GiB and in the same units: a segment is 2^n GiB, its table 4 MiB for each
    logic [5:0]  n;
    logic [21:0] gib, idx, offset;
    logic        seg_cov;
    logic [38:0] seg;

    assign n = seg_size_i - 6'd30;
    assign gib = spa_i[51:30];
    assign idx = gib >> n;
    assign offset = gib & ~(22'h3f_ffff << n);
    assign seg_cov = idx[21:4] == '0 && offset < 22'(seg_cov_i[idx[3:0]]);
    assign seg = {seg_base_i[idx[3:0]], 7'd0} + 39'({offset[9:0], spa_i[29:21]});
    assign cov = seg_en_i ? seg_cov : flat_cov;
    assign granule = seg_en_i ? seg : flat[38:0];
  end else begin : gen_flat
    assign cov = flat_cov;
    assign granule = flat[38:0];
    logic unused_seg;
    assign unused_seg = ^{seg_en_i, seg_size_i, seg_base_i, seg_cov_i};
  end

  assign covered_o = spa_i[63:52] == '0 && cov;
  assign base_addr_o = {granule, 13'd0};
  assign own_addr_o = {granule, spa_i[20:12], 4'd0};

  logic unused_offset;
  assign unused_offset = ^spa_i[11:0];

endmodule
