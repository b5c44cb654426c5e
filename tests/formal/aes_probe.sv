// SPDX-License-Identifier: Apache-2.0
//
// In place of cbit_aes in proofs about the bus: as many stages, and they move as the rounds do, but the block stays as it is.
module cbit_aes #(
  parameter int unsigned KeyBits = 128,
  parameter int unsigned RoundsPerStage = 1,
  parameter int unsigned Sbox = 1,
  parameter int unsigned Decrypt = 0,
  parameter int unsigned Lanes = 1,
  parameter int unsigned KeySlots = 16
) (
  input  logic                 clk_i,
  input  logic                 en_i,
  input  logic [9:0]           slot_i,
  input  logic [128*Lanes-1:0] blk_i,
  output logic [128*Lanes-1:0] blk_o,
  input  logic                 kw_valid_i,
  input  logic [9:0]           kw_slot_i,
  input  logic [3:0]           kw_round_i,
  input  logic [127:0]         kw_key_i
);

  localparam int unsigned Stages = ((KeyBits == 256) ? 14 : 10) / RoundsPerStage;
  logic [128*Lanes-1:0] st_q [Stages];

  always_ff @(posedge clk_i) begin
    if (en_i) begin
      st_q[0] <= blk_i;
      for (int unsigned s = 1; s < Stages; s++) st_q[s] <= st_q[s-1];
    end
  end

  assign blk_o = st_q[Stages-1];

endmodule
