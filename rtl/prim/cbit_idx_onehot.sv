// SPDX-License-Identifier: Apache-2.0
//
// cbit_idx_onehot: sets the one bit of a number.
//
// Ports: en_i, idx_i; onehot_o has bit idx_i set if en_i, else none.
// Latency: combinational. The number is decoded in two halves, of which en_i, which may be late,
// enters the upper one: one gate a bit behind it.
// Source: docs/units/prim.md.

module cbit_idx_onehot #(
  parameter int unsigned N = 32,   // a power of 2, 4 and more
  localparam int unsigned IdxW = $clog2(N)
) (
  input  logic            en_i,
  input  logic [IdxW-1:0] idx_i,
  output logic [N-1:0]    onehot_o
);

  localparam int unsigned LoW = IdxW / 2;
  logic [(1<<(IdxW-LoW))-1:0] hi;
  logic [(1<<LoW)-1:0]        lo;

  always_comb begin
    hi = '0;
    hi[idx_i[IdxW-1:LoW]] = en_i;
    lo = '0;
    lo[idx_i[LoW-1:0]] = 1'b1;
    for (int unsigned h = 0; h < (1 << (IdxW - LoW)); h++) begin
      onehot_o[h << LoW +: 1 << LoW] = {(1<<LoW){hi[h]}} & lo;
    end
  end

endmodule
