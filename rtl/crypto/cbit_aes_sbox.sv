// SPDX-License-Identifier: Apache-2.0
//
// cbit_aes_sbox: SubBytes or InvSubBytes of Bytes bytes, with or without a register in front.
//
// Where: first step of every AES round; without register also in the key expansion.
// Latency: InReg = 1: the bytes present at an edge with en_i are y_o (substituted) after that edge
// and until the next one with en_i, one cycle. InReg = 0: combinational. The kind of S-box does
// not change a cycle: for Sbox = 1 the register is the address register of the memories.
// Source: FIPS 197 (2023), sections 5.1.1 and 5.3.2. Byte i is a_i[8*i +: 8].
`include "cbit_assert.svh"

module cbit_aes_sbox #(
  parameter int unsigned Sbox = 0,      // 0 table in LUTs, 1 block RAM, 2 tower field
  parameter int unsigned Inverse = 0,   // 1: InvSubBytes
  parameter int unsigned Bytes = 16,    // 4 to 16, a multiple of 4
  parameter int unsigned InReg = 1      // 1: register in front; a must with Sbox = 1
) (
  input  logic               clk_i,
  input  logic               en_i,
  input  logic [8*Bytes-1:0] a_i,
  output logic [8*Bytes-1:0] y_o
);

  if (Sbox == 1) begin : gen_ram
    // Two bytes share one memory with two read ports (one 18 kbit block RAM on ECP5).
    for (genvar i = 0; i < Bytes; i += 2) begin : gen_pair
      (* ram_style = "block" *) logic [7:0] rom [256];
      logic [7:0] y0_q, y1_q;

      initial begin
        for (int j = 0; j < 256; j++) begin
          rom[j] = (Inverse != 0) ? cbit_aes_pkg::INV_SBOX[j] : cbit_aes_pkg::SBOX[j];
        end
      end

      always_ff @(posedge clk_i) begin
        if (en_i) begin
          y0_q <= rom[a_i[8*i +: 8]];
        end
      end

      always_ff @(posedge clk_i) begin
        if (en_i) begin
          y1_q <= rom[a_i[8*i + 8 +: 8]];
        end
      end

      assign y_o[8*i +: 16] = {y1_q, y0_q};
    end
  end else begin : gen_logic
    logic [8*Bytes-1:0] a;

    if (InReg != 0) begin : gen_reg
      logic [8*Bytes-1:0] a_q;

      always_ff @(posedge clk_i) begin
        if (en_i) begin
          a_q <= a_i;
        end
      end

      assign a = a_q;
    end else begin : gen_wire
      logic unused_clk;
      assign unused_clk = ^{clk_i, en_i};
      assign a = a_i;
    end

    if (Sbox == 2) begin : gen_tower
      if (Inverse != 0) begin : gen_inv
        assign y_o = (8*Bytes)'(cbit_aes_tower_pkg::inv_sub_bytes(128'(a)));
      end else begin : gen_fwd
        assign y_o = (8*Bytes)'(cbit_aes_tower_pkg::sub_bytes(128'(a)));
      end
    end else begin : gen_table
      for (genvar i = 0; i < Bytes; i += 4) begin : gen_word
        if (Inverse != 0) begin : gen_inv
          assign y_o[8*i +: 32] = {cbit_aes_pkg::INV_SBOX[a[8*i + 24 +: 8]],
                                   cbit_aes_pkg::INV_SBOX[a[8*i + 16 +: 8]],
                                   cbit_aes_pkg::INV_SBOX[a[8*i + 8 +: 8]],
                                   cbit_aes_pkg::INV_SBOX[a[8*i +: 8]]};
        end else begin : gen_fwd
          assign y_o[8*i +: 32] = {cbit_aes_pkg::SBOX[a[8*i + 24 +: 8]],
                                   cbit_aes_pkg::SBOX[a[8*i + 16 +: 8]],
                                   cbit_aes_pkg::SBOX[a[8*i + 8 +: 8]],
                                   cbit_aes_pkg::SBOX[a[8*i +: 8]]};
        end
      end
    end
  end

  `CBIT_ASSERT_INIT(SboxKind, Sbox <= 2)
  `CBIT_ASSERT_INIT(SboxBytes, Bytes >= 4 && Bytes <= 16 && Bytes % 4 == 0)
  `CBIT_ASSERT_INIT(SboxRamReg, Sbox != 1 || InReg != 0)

endmodule
