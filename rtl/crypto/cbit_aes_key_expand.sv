// SPDX-License-Identifier: Apache-2.0
//
// cbit_aes_key_expand: AES key schedule, one round key a cycle.
//
// Where: the key store. start_i with key_i is taken when idle; the N+1 following cycles have
// rk_valid_o with rk_round_o = 0 .. N and rk_o = w[rk_round_o]. start_i is ignored in between, but
// in the last of these cycles a new start is taken, so passes can be back to back.
// After the last round the key window is cleared. Reset: idle, window zero.
// Source: FIPS 197 (2023), section 5.2. Key byte 0 is key_i[7:0]; word i of a round key is
// rk_o[32*i +: 32] with its first byte in the low bits.
`include "cbit_assert.svh"

module cbit_aes_key_expand #(
  parameter int unsigned KeyBits = 128,   // 128 or 256
  parameter int unsigned Sbox = 2         // 0 table in LUTs, 2 tower field
) (
  input  logic               clk_i,
  input  logic               rst_ni,
  input  logic               start_i,
  input  logic [KeyBits-1:0] key_i,
  output logic               rk_valid_o,
  output logic [3:0]         rk_round_o,
  output logic [127:0]       rk_o
);

  localparam int unsigned Rounds = (KeyBits == 256) ? 14 : 10;

  // window: the round key of this cycle in the low 128 bits (AES-256: the next one above it)
  logic [KeyBits-1:0] window_d, window_q, window_next;
  logic               busy_d, busy_q;
  logic [3:0]         round_d, round_q;
  logic [7:0]         rcon_d, rcon_q;
  logic               last, rotate, load, run;

  logic [31:0]  tail, sub_in, sub_out, mask;
  logic [127:0] fresh;   // the round key KeyBits/128 rounds ahead of the one in the low bits

  assign last = round_q == 4'(Rounds);

  // ---- one step of the schedule ----
  // AES-128: RotWord, SubWord and Rcon at every step; AES-256: at every second one, for the even
  // round keys, and SubWord alone for the odd ones.
  assign rotate = (KeyBits == 128) || !round_q[0];
  assign tail = window_q[KeyBits-1 -: 32];
  assign sub_in = rotate ? {tail[7:0], tail[31:8]} : tail;

  cbit_aes_sbox #(
    .Sbox   (Sbox),
    .Inverse(0),
    .Bytes  (4),
    .InReg  (0)
  ) u_sub_word (
    .clk_i,
    .en_i(1'b1),
    .a_i (sub_in),
    .y_o (sub_out)
  );

  assign mask = rotate ? sub_out ^ 32'(rcon_q) : sub_out;

  logic [31:0] fresh0, fresh1, fresh2, fresh3;
  assign fresh0 = window_q[31:0] ^ mask;
  assign fresh1 = window_q[63:32] ^ fresh0;
  assign fresh2 = window_q[95:64] ^ fresh1;
  assign fresh3 = window_q[127:96] ^ fresh2;
  assign fresh = {fresh3, fresh2, fresh1, fresh0};

  if (KeyBits == 256) begin : gen_window_256
    assign window_next = {fresh, window_q[KeyBits-1:128]};
  end else begin : gen_window_128
    assign window_next = fresh;
  end

  // ---- control ----
  // run comes from registers alone and load late: the window is an AND-OR of both, and zero while
  // there is neither
  assign run = busy_q && !last;
  assign load = start_i && !run;
  assign busy_d = run || load;
  assign window_d = ({KeyBits{load}} & key_i) | ({KeyBits{run}} & window_next);

  always_comb begin
    round_d = 4'd0;
    rcon_d = rcon_q;
    if (run) begin
      round_d = round_q + 4'd1;
      if (rotate) begin
        rcon_d = {rcon_q[6:0], 1'b0} ^ (rcon_q[7] ? 8'h1b : 8'h00);
      end
    end else begin
      rcon_d = 8'h01;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      busy_q <= 1'b0;
      round_q <= 4'd0;
      rcon_q <= 8'h01;
      window_q <= '0;
    end else begin
      busy_q <= busy_d;
      round_q <= round_d;
      rcon_q <= rcon_d;
      window_q <= window_d;
    end
  end

  assign rk_valid_o = busy_q;
  assign rk_round_o = round_q;
  assign rk_o = window_q[127:0];

  `CBIT_ASSERT_INIT(KeyExpandKeyBits, KeyBits == 128 || KeyBits == 256)
  `CBIT_ASSERT_INIT(KeyExpandSbox, Sbox == 0 || Sbox == 2)
  `CBIT_ASSERT(KeyExpandRound, round_q <= 4'(Rounds))
  `CBIT_ASSERT(KeyExpandCleared, busy_q || window_q == '0)

endmodule
