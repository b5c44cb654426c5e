// SPDX-License-Identifier: Apache-2.0
//
// cbit_rmp_addr: where the entry of a page lies in a contiguous reverse map table, and whether the
// page is covered.
//
// Where: in front of a fetch of entries; covered_o goes on to cbit_rmp_check. Latency:
// combinational (carry chains). Source: docs/rmp.md, section 1.3 (G1 to G4).
module cbit_rmp_addr (
  // registers (1.1): bits 12:0 of the base count as zeros, of the end as ones (G1)
  input  logic [51:13] rmp_base_i,
  input  logic [51:13] rmp_end_i,
  // byte address; requesters with 52 bits put zeros above
  input  logic [63:0]  spa_i,
  output logic         covered_o,
  // of the own entry and of the base entry of its range; meaningless if not covered
  output logic [51:0]  own_addr_o,
  output logic [51:0]  base_addr_o
);

  // G2 in units of 8 KiB, the entries of one range: bits 12:0 of the base are zeros, so the place
  // in the range (SPA[20:12]) never carries, and a range is covered as a whole. One bit more than
  // an SPA: what would lie above the address space is not covered.
  localparam logic [39:0] Counters = 40'h4000 >> 13;
  logic [39:0] granule;

  assign granule = 40'(rmp_base_i) + 40'(spa_i[51:21]) + Counters;
  assign covered_o = spa_i[63:52] == '0 && granule <= {1'b0, rmp_end_i};
  assign base_addr_o = {granule[38:0], 13'd0};
  assign own_addr_o = {granule[38:0], spa_i[20:12], 4'd0};

  logic unused_offset;
  assign unused_offset = ^spa_i[11:0];

endmodule
