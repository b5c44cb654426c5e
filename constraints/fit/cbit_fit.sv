// SPDX-License-Identifier: Apache-2.0
//
// cbit_fit: fit top for area and timing on FPGAs. Every input pin of the engine passes one flip-flop before it, every output
// pin one behind it, so that the clock found by the placer counts the paths from and to pins as well. Not for use in a system.
module cbit_fit #(
  parameter int unsigned Lanes = 1,
  parameter int unsigned KeyBits = 128,
  parameter int unsigned RoundsPerStage = 1,
  parameter int unsigned Sbox = 1,
  parameter int unsigned TweakSbox = 2,
  parameter int unsigned KeySlots = 16,
  parameter int unsigned IdWidth = 4,
  parameter int unsigned NumRd = 32,
  parameter int unsigned NumWr = 64,
  parameter int unsigned NumRow = 64,
  parameter int unsigned SpaWidth = 40,
  parameter logic [5:0] ModesMask = 6'b010001,
  localparam int unsigned D = 128 * Lanes
) (
  input logic clk_i,
  input logic rst_ni,
  // one bit per pin, in the order of the concatenations below
  input logic [541 + D + D / 8 + D + 2 * IdWidth + IdWidth + 1 + IdWidth + 1 - 1:0] in_i,
  output logic [300 + D + D / 8 + D + 2 * IdWidth + 2 * IdWidth + 2 - 1:0] out_o
);
  localparam int unsigned NI = $bits(in_i);
  localparam int unsigned NO = $bits(out_o);
  logic [NI-1:0] in_q;
  logic [NO-1:0] out_d, out_q;
  logic rst_q;
endmodule
