// SPDX-License-Identifier: Apache-2.0
//
// cbit_gf_mul: multiplication by alpha^(First * sel_i) in GF(2^128).
//
// Where: tweak unit (First = 4, six bits: lines of a page) and lanes (First = 1, two bits: blocks
// of a line). Combinational: Steps conditional multiplications by alpha^First, alpha^(2 * First),
// ... Source: IEEE Std 1619-2018, section 5.2. The 16 bytes are one little-endian number, that is
// v_i[127:0] as it stands; alpha = 2; polynomial x^128 + x^7 + x^2 + x + 1.
`include "cbit_assert.svh"

module cbit_gf_mul #(
  parameter int unsigned First = 1,   // power of alpha for sel_i[0]; First << (Steps-1) <= 128
  parameter int unsigned Steps = 2    // bits of sel_i
) (
  input  logic [127:0]     v_i,
  input  logic [Steps-1:0] sel_i,
  output logic [127:0]     v_o
);

  // value * alpha^power, power 1 to 128: the bits shifted out come back times x^7 + x^2 + x + 1,
  // and the few of those that are shifted out again (power above 121) come back once more.
  function automatic logic [127:0] mul_alpha(input logic [127:0] value, input int unsigned power);
    logic [127:0] out;   // bits shifted out
    logic [6:0]   more;  // of those, bits shifted out by the x^7, x^2 and x terms
    logic [13:0]  back;
    out = value >> (128 - power);
    more = out[127:121] ^ 7'(out[127:126]) ^ 7'(out[127]);
    back = 14'(more) ^ (14'(more) << 1) ^ (14'(more) << 2) ^ (14'(more) << 7);
    return (value << power) ^ out ^ (out << 1) ^ (out << 2) ^ (out << 7) ^ 128'(back);
  endfunction

  always_comb begin
    v_o = v_i;
    for (int unsigned s = 0; s < Steps; s++) begin
      if (sel_i[s]) begin
        v_o = mul_alpha(v_o, First << s);
      end
    end
  end

  `CBIT_ASSERT_INIT(GfMulPower, First >= 1 && Steps >= 1 && (First << (Steps - 1)) <= 128)

endmodule
