// SPDX-License-Identifier: Apache-2.0
//
// cbit_lane: the decrypt pipe of the read path with everything that travels along.
//
// Where: between the head of the read queue and the R pins (and the read-modify-write data).
// What: D_K1(C ^ T) ^ T on all lanes of a beat (mode 1: D_K1(C) ^ T); the first XOR is folded with
// round key 0 (dk0) into the input, the second is at the output. Beats that are not to be decrypted
// pass as they are.
// Latency: S = rounds / RoundsPerStage cycles, one beat a cycle; the whole pipe stands while adv_i
// is low. Byte order: byte i of the bus word is [8*i +: 8], lane l is [128*l +: 128].
// Source: docs/units/bus_read.md (pipe), docs/crypto-modes.md.
//
// All stages move together, so what only leaves at the end (side data, response, row) sits still in
// a small memory of S words with one pointer; only what must be seen or changed on the way (valid,
// enc, id, slot) is in registers. A kill clears the side data by a flag.
`include "cbit_assert.svh"

module cbit_lane
  import cbit_pkg::*;
#(
  parameter int unsigned Lanes = 1,            // 1, 2 or 4
  parameter int unsigned KeyBits = 128,        // 128 or 256
  parameter int unsigned RoundsPerStage = 1,   // 1 or 2
  parameter int unsigned Sbox = 1,             // 0 table, 1 block RAM, 2 tower field
  parameter int unsigned KeySlots = 16,        // 16 to 1024
  parameter logic [5:0]  ModesMask = 6'b010001
) (
  input  logic                 clk_i,
  input  logic                 rst_ni,
  input  logic                 kill_i,
  input  logic [3:0]           mode_i,
  // beat that enters at the end of a cycle with adv_i
  input  logic                 in_valid_i,
  input  logic                 in_crypt_i,    // decrypt it
  input  logic                 in_plain_i,    // C = 0; for the counters
  input  logic [IdW:0]         in_id_i,
  input  logic [7:0]           in_tag_i,
  input  logic [1:0]           in_resp_i,
  input  logic                 in_last_i,
  input  slot_t                in_slot_i,
  input  logic [3:0]           in_row_i,
  input  logic [128*Lanes-1:0] in_data_i,
  input  logic [128*Lanes-1:0] in_t_i,        // tweaks of the blocks; lane 0: T of a line
  input  logic [127:0]         in_dk0_i,
  input  logic                 adv_i,         // the pipe moves
  // oldest beat
  output logic                 out_valid_o,
  output logic                 out_enc_o,
  output logic                 out_plain_o,
  output logic [IdW:0]         out_id_o,
  output logic [7:0]           out_tag_o,
  output logic [1:0]           out_resp_o,
  output logic                 out_last_o,
  output logic [3:0]           out_row_o,
  output logic [128*Lanes-1:0] out_data_o,
  // looks at all stages, for each of four ids
  input  logic [3:0][IdW:0]    match_id_i,
  output logic [3:0]           match_next_o,  // in the next cycle a beat of it will be under way,
                                              // the one that enters now aside
  input  logic [KeySlots-1:0]  slot_drain_i,
  output logic                 drain_o,       // a decryption with such a slot is under way
  // round keys of the decrypt direction
  input  logic                 kw_valid_i,
  input  slot_t                kw_slot_i,
  input  logic [3:0]           kw_round_i,
  input  logic [127:0]         kw_key_i
);

  localparam int unsigned Rounds = (KeyBits == 256) ? 14 : 10;
  localparam int unsigned Stages = Rounds / RoundsPerStage;
  localparam int unsigned PtrW = $clog2(Stages);
  localparam int unsigned SlotIdxW = $clog2(KeySlots);
  localparam bit          HasBlock = ModesMask[3:1] != '0;
  localparam bit          HasLine = ModesMask[5:4] != '0;

  typedef struct packed {
    logic                 plain;
    logic [1:0]           resp;
    logic                 last;
    logic [3:0]           row;
    logic [7:0]           tag;
    logic [128*Lanes-1:0] side;
  } along_t;

  // index 0 is the first stage
  logic [Stages-1:0]   valid_d, valid_q, enc_d, enc_q, zero_d, zero_q;
  logic [IdW:0]        id_q [Stages];
  logic [SlotIdxW-1:0] slot_q [Stages];
  logic [PtrW-1:0]     ptr_q;
  along_t              along_in, along_out;
  logic [128*Lanes-1:0] tweak, aes_in, aes_out;

  // ---- tweaks of the blocks of this row: block j of a line has T * alpha^j, j = spa[5:4] ----
  // Mode 1, C = E(P ^ T), has no XOR on the side of the ciphertext.
  logic xor_in;
  assign xor_in = !(ModesMask[1] && mode_i == 4'd1);

  for (genvar l = 0; l < Lanes; l++) begin : gen_tweak
    logic [127:0] t_line;
    logic [1:0]   num;   // of the block in the line

    if (Lanes == 1) begin : gen_num1
      assign num = in_row_i[1:0];
    end else if (Lanes == 2) begin : gen_num2
      assign num = {in_row_i[0], 1'(l)};
    end else begin : gen_num4
      assign num = 2'(l);
    end

    cbit_gf_mul #(
      .First(1),
      .Steps(2)
    ) u_alpha (
      .v_i  (in_t_i[127:0]),
      .sel_i(num),
      .v_o  (t_line)
    );

    if (!HasLine) begin : gen_block
      logic unused_line;
      assign unused_line = ^t_line;
      assign tweak[128*l +: 128] = in_t_i[128*l +: 128];
    end else if (HasBlock) begin : gen_both
      assign tweak[128*l +: 128] = mode_i[2] ? t_line : in_t_i[128*l +: 128];
    end else begin : gen_line
      assign tweak[128*l +: 128] = t_line;
    end

    assign aes_in[128*l +: 128] =
        in_data_i[128*l +: 128] ^ in_dk0_i ^ (xor_in ? tweak[128*l +: 128] : '0);
  end

  // ---- what waits for the end ----
  always_comb begin
    along_in.plain = in_plain_i;
    along_in.resp = in_resp_i;
    along_in.last = in_last_i;
    along_in.row = in_row_i;
    along_in.tag = in_tag_i;
    along_in.side = in_data_i;
    if (in_crypt_i) begin
      along_in.side = tweak;
    end
  end

  cbit_ram_1r1w #(
    .Width($bits(along_t)),
    .Depth(Stages),
    .Sync (0),
    .Style("distributed")
  ) u_along (
    .clk_i,
    .we_i   (adv_i),
    .waddr_i(ptr_q),
    .wbe_i  ('1),
    .wdata_i(along_in),
    .re_i   (1'b1),
    .raddr_i(ptr_q),
    .rdata_o(along_out)
  );

  cbit_aes #(
    .KeyBits       (KeyBits),
    .RoundsPerStage(RoundsPerStage),
    .Decrypt       (1),
    .Sbox          (Sbox),
    .Lanes         (Lanes),
    .KeySlots      (KeySlots)
  ) u_aes (
    .clk_i,
    .en_i      (adv_i),
    .slot_i    (in_slot_i),
    .blk_i     (aes_in),
    .blk_o     (aes_out),
    .kw_valid_i,
    .kw_slot_i,
    .kw_round_i,
    .kw_key_i
  );

  // ---- the stages ----
  always_comb begin
    valid_d = valid_q;
    enc_d = enc_q;
    zero_d = zero_q;
    if (adv_i) begin
      valid_d = {valid_q[Stages-2:0], in_valid_i};
      enc_d = {enc_q[Stages-2:0], in_crypt_i};
      zero_d = {zero_q[Stages-2:0], 1'b0};
    end
    if (kill_i) begin
      // Also for the beat that enters now: its keys are being wiped. The one that leaves is
      // complete.
      zero_d = zero_d | enc_d;
      enc_d = '0;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      valid_q <= '0;
      ptr_q <= '0;
    end else begin
      valid_q <= valid_d;
      if (adv_i) begin
        ptr_q <= (ptr_q == PtrW'(Stages - 1)) ? '0 : ptr_q + PtrW'(1);
      end
    end
    enc_q <= enc_d;
    zero_q <= zero_d;
  end

  always_ff @(posedge clk_i) begin
    if (adv_i) begin
      id_q[0] <= in_id_i;
      slot_q[0] <= in_slot_i[SlotIdxW-1:0];
      for (int unsigned s = 1; s < Stages; s++) begin
        id_q[s] <= id_q[s - 1];
        slot_q[s] <= slot_q[s - 1];
      end
    end
  end

  always_comb begin
    match_next_o = '0;
    for (int unsigned k = 0; k < 4; k++) begin
      for (int unsigned s = 0; s < Stages; s++) begin
        if (valid_q[s] && id_q[s] == match_id_i[k] && !(adv_i && s == Stages - 1)) begin
          match_next_o[k] = 1'b1;
        end
      end
    end
  end

  always_comb begin
    drain_o = 1'b0;
    if (slot_drain_i != '0) begin
      for (int unsigned s = 0; s < Stages; s++) begin
        if (valid_q[s] && enc_q[s] && slot_drain_i[slot_q[s]]) begin
          drain_o = 1'b1;
        end
      end
    end
  end

  // ---- oldest beat ----
  assign out_valid_o = valid_q[Stages-1];
  assign out_enc_o = enc_q[Stages-1];
  assign out_id_o = id_q[Stages-1];
  assign out_plain_o = along_out.plain;
  assign out_last_o = along_out.last;
  assign out_row_o = along_out.row;
  assign out_tag_o = along_out.tag;
  assign out_resp_o = zero_q[Stages-1] ? RESP_SLVERR : along_out.resp;
  always_comb begin
    out_data_o = along_out.side;
    if (enc_q[Stages-1]) begin
      out_data_o = aes_out ^ along_out.side;
    end else if (zero_q[Stages-1]) begin
      out_data_o = '0;
    end
  end

  logic unused_t;
  assign unused_t = ^{in_t_i, mode_i};

  if (SlotIdxW < SlotW) begin : gen_unused_slot
    logic unused_slot;
    assign unused_slot = ^in_slot_i[SlotW-1:SlotIdxW];
  end

  `CBIT_ASSERT(LaneCryptOk, !(out_valid_o && out_enc_o) || !along_out.resp[1])
  `CBIT_ASSERT(LaneEncOrZero, (enc_q & zero_q & valid_q) == '0)

endmodule
