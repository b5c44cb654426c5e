// SPDX-License-Identifier: Apache-2.0
//
// cbit_aes: pipe of all rounds of AES in one direction, another key at any beat.
//
// Where: the lanes (both directions) and the tweak unit (encrypt).
// Latency: S = N / RoundsPerStage cycles, one beat a cycle. At an edge with en_i stage 1 takes
// blk_i and slot_i, stage s+1 takes the rounds of stage s, and the round keys of the slot that
// enters a stage are read for it. blk_o is the combinational result of the last stage. en_i = 0
// freezes all. There is no valid bit and nothing is reset: the caller carries valid and tag along.
// blk_i is already XORed with round key 0. Byte order: byte i of a block is blk[8*i +: 8].
// Source: FIPS 197 (2023), sections 5.1 and 5.3.5.
`include "cbit_assert.svh"

module cbit_aes #(
  parameter int unsigned KeyBits = 128,        // 128 or 256: 10 or 14 rounds
  parameter int unsigned RoundsPerStage = 1,   // 1 or 2
  parameter int unsigned Decrypt = 0,          // 1: equivalent inverse cipher
  // 0 table in LUTs, 1 block RAM, 2 tower field, 3 block RAM in the first stages and tower field behind
  parameter int unsigned Sbox = 0,
  parameter int unsigned Lanes = 1,            // blocks side by side, one slot for all
  parameter int unsigned KeySlots = 16         // 16 to 1024
) (
  input  logic                 clk_i,
  input  logic                 en_i,
  // block in, XORed with round key 0, and its key slot
  input  logic [9:0]           slot_i,
  input  logic [128*Lanes-1:0] blk_i,
  // block out, S enabled edges later
  output logic [128*Lanes-1:0] blk_o,
  // round key write port; round 0 is not kept here
  input  logic                 kw_valid_i,
  input  logic [9:0]           kw_slot_i,
  input  logic [3:0]           kw_round_i,
  input  logic [127:0]         kw_key_i
);

  localparam int unsigned Rounds = (KeyBits == 256) ? 14 : 10;
  localparam int unsigned Stages = Rounds / RoundsPerStage;
  localparam int unsigned SlotW = $clog2(KeySlots);
  localparam int unsigned MixedStages = 4;   // Sbox = 3: stages with block RAMs

  // entry 0 is the input, entry s the result of stage s
  logic [128*Lanes-1:0] st [Stages + 1];
  // entry s is the slot of the block in stage s; the last stage needs none
  logic [SlotW-1:0]     slot [Stages];

  assign st[0] = blk_i;
  assign blk_o = st[Stages];
  assign slot[0] = slot_i[SlotW-1:0];

  for (genvar s = 1; s < Stages; s++) begin : gen_slot
    always_ff @(posedge clk_i) begin
      if (en_i) begin
        slot[s] <= slot[s - 1];
      end
    end
  end

  for (genvar s = 0; s < Stages; s++) begin : gen_stage
    for (genvar r = 0; r < RoundsPerStage; r++) begin : gen_round
      localparam int unsigned Round = s * RoundsPerStage + r + 1;
      localparam int unsigned Final = (Round == Rounds) ? 1 : 0;
      localparam int unsigned InReg = (r == 0) ? 1 : 0;

      logic [127:0]         rk;
      logic [128*Lanes-1:0] st_in, st_out;

      if (r == 0) begin : gen_first
        assign st_in = st[s];
      end else begin : gen_second
        assign st_in = gen_round[r - 1].st_out;
      end

      if (r == RoundsPerStage - 1) begin : gen_result
        assign st[s + 1] = st_out;
      end

      // The keys of a slot are written only while no block of it is under way, so the word of a
      // read that meets a write is never used.
      cbit_ram_1r1w #(
        .Width  (128),
        .Depth  (KeySlots),
        .Sync   (1),
        .RwCheck(0)
      ) u_key (
        .clk_i,
        .we_i   (kw_valid_i && kw_round_i == 4'(Round)),
        .waddr_i(kw_slot_i[SlotW-1:0]),
        .wbe_i  ('1),
        .wdata_i(kw_key_i),
        .re_i   (en_i),
        .raddr_i(slot[s]),
        .rdata_o(rk)
      );

      // kind 3 shares the block RAMs that a part has left (ECP5-85F: 208, the data pipes take 160)
      localparam int unsigned StageSbox = (Sbox != 3) ? Sbox : (s < MixedStages) ? 1 : 2;

      for (genvar l = 0; l < Lanes; l++) begin : gen_lane
        if (Decrypt != 0) begin : gen_dec
          cbit_aes_inv_round #(
            .Sbox (StageSbox),
            .InReg(InReg),
            .Final(Final)
          ) u_round (
            .clk_i,
            .en_i,
            .st_i(st_in[128*l +: 128]),
            .rk_i(rk),
            .st_o(st_out[128*l +: 128])
          );
        end else begin : gen_enc
          cbit_aes_round #(
            .Sbox (StageSbox),
            .InReg(InReg),
            .Final(Final)
          ) u_round (
            .clk_i,
            .en_i,
            .st_i(st_in[128*l +: 128]),
            .rk_i(rk),
            .st_o(st_out[128*l +: 128])
          );
        end
      end
    end
  end

  if (SlotW < 10) begin : gen_unused
    // slots at or above KeySlots are refused by the route unit
    logic unused_slot;
    assign unused_slot = ^{slot_i[9:SlotW], kw_slot_i[9:SlotW]};
  end

  `CBIT_ASSERT_INIT(AesKeyBits, KeyBits == 128 || KeyBits == 256)
  `CBIT_ASSERT_INIT(AesRoundsPerStage, RoundsPerStage == 1 || RoundsPerStage == 2)
  `CBIT_ASSERT_INIT(AesRamOneRound, (Sbox != 1 && Sbox != 3) || RoundsPerStage == 1)
  `CBIT_ASSERT_INIT(AesLanes, Lanes == 1 || Lanes == 2 || Lanes == 4)
  `CBIT_ASSERT_INIT(AesKeySlots, KeySlots >= 2 && KeySlots <= 1024)

endmodule
