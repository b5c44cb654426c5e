// SPDX-License-Identifier: Apache-2.0
//
// cbit_aes_inv_round: one round of the equivalent inverse AES cipher.
//
// Where: stage of cbit_aes. InvSubBytes, InvShiftRows, InvMixColumns (not in the final round),
// AddRoundKey. Latency: InReg = 1: one cycle, the register stands before the S-boxes; rk_i is
// wanted in the cycle after the block was taken. InReg = 0: combinational.
// Source: FIPS 197 (2023), section 5.3.5. Byte order: cbit_aes_pkg.
module cbit_aes_inv_round #(
  parameter int unsigned Sbox = 0,    // 0 table in LUTs, 1 block RAM, 2 tower field
  parameter int unsigned InReg = 1,   // 1: register in front; a must with Sbox = 1
  parameter int unsigned Final = 0    // 1: last round, no InvMixColumns
) (
  input  logic         clk_i,
  input  logic         en_i,
  input  logic [127:0] st_i,
  input  logic [127:0] rk_i,   // key of the inverse cipher: through InvMixColumns
  output logic [127:0] st_o
);

  logic [127:0] sub, shifted;

  cbit_aes_sbox #(
    .Sbox   (Sbox),
    .Inverse(1),
    .Bytes  (16),
    .InReg  (InReg)
  ) u_sbox (
    .clk_i,
    .en_i,
    .a_i(st_i),
    .y_o(sub)
  );

  assign shifted = cbit_aes_pkg::inv_shift_rows(sub);

  if (Final != 0) begin : gen_final
    assign st_o = shifted ^ rk_i;
  end else begin : gen_mix
    assign st_o = cbit_aes_pkg::inv_mix_columns(shifted) ^ rk_i;
  end

endmodule
