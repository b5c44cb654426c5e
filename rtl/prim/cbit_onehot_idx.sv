// SPDX-License-Identifier: Apache-2.0
//
// cbit_onehot_idx: number of the one bit that is set.
//
// Ports: onehot_i (at most one bit set), idx_o (its number; 0 if none is set).
// Latency: combinational. Every bit of the number is one wide OR, which becomes a tree.
// Source: docs/units/prim.md.

module cbit_onehot_idx #(
  parameter int unsigned N = 32,
  localparam int unsigned IdxW = $clog2(N)
) (
  input  logic [N-1:0]    onehot_i,
  output logic [IdxW-1:0] idx_o
);

  for (genvar b = 0; b < IdxW; b++) begin : gen_bit
    logic [N-1:0] odd;   // the bits whose number has bit b

    for (genvar i = 0; i < N; i++) begin : gen_odd
      assign odd[i] = i[b];
    end

    assign idx_o[b] = (onehot_i & odd) != '0;
  end

endmodule
