// SPDX-License-Identifier: Apache-2.0
//
// sbox_props: the tower-field gates of cbit_aes_tower_pkg are the S-box table of FIPS 197, both directions, in any byte of a block.
// Combinational: one look at any input is the whole proof (a clocked check is seen in the step after it).
module sbox_props (
  input logic         clk_i,
  input logic [127:0] blk_i,
  input logic [3:0]   byte_i
);

  logic [7:0]   in, fwd, inv;
  logic [127:0] sub, isub;

  assign in = blk_i[8*byte_i +: 8];
  assign sub = cbit_aes_tower_pkg::sub_bytes(blk_i);
  assign isub = cbit_aes_tower_pkg::inv_sub_bytes(blk_i);
  assign fwd = sub[8*byte_i +: 8];
  assign inv = isub[8*byte_i +: 8];

  always_ff @(posedge clk_i) begin
    a_forward: assert (fwd == cbit_aes_pkg::SBOX[in]);
    a_inverse: assert (inv == cbit_aes_pkg::INV_SBOX[in]);
    a_undone: assert (cbit_aes_pkg::INV_SBOX[fwd] == in);
  end

endmodule
