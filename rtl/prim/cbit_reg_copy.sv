// SPDX-License-Identifier: Apache-2.0
//
// cbit_reg_copy: one more copy of a register, for a part of its fan-out.
//
// Ports: q_o takes d_i at an edge with en_i; not reset.
// Latency: 1 cycle. Synthesis would merge equal registers again and drive all of the die from one;
// the module boundary is kept so that it does not.
// Source: docs/units/prim.md.

(* keep_hierarchy *)
module cbit_reg_copy #(
  parameter int unsigned Width = 1
) (
  input  logic             clk_i,
  input  logic             en_i,
  input  logic [Width-1:0] d_i,
  output logic [Width-1:0] q_o
);

  always_ff @(posedge clk_i) begin
    if (en_i) begin
      q_o <= d_i;
    end
  end

endmodule
