// SPDX-License-Identifier: Apache-2.0
//
// cbit_aes_tower_pkg: SubBytes and InvSubBytes as gates over a tower field, 16 bytes at a time.
//
// Where: cbit_aes_sbox with Sbox = 2. Combinational.
// The inversion in GF(2^8) is the middle of the straight-line circuit of J. Boyar and R. Peralta,
// "A small depth-16 circuit for the AES S-box" (IACR ePrint 2011/332): 62 gates that invert in
// GF(((2^2)^2)^2). The linear layers on both sides of it (change of basis, affine map; for the
// inverse S-box S^-1(x) = inv(A^-1(x ^ 63))) were drawn for few 4-input LUTs: of many ways to take
// out common sums the one that maps smallest, 65 LUT4 forward and 66 LUT4 inverse with
// Yosys 0.70 synth_ecp5 -nowidelut (wide LUT multiplexers blow these circuits up: leave them off).
// The circuit is written once on bit planes (bit k of all 16 bytes in one 16-bit vector): synthesis
// sees 16 equal circuits, simulation computes them in one go.
// Planes: plane k, bit i = bit k of byte i. In the circuit x0, s0 are the top bits (plane 7).
package cbit_aes_tower_pkg;

  typedef logic [15:0] plane_t;

  // 8 x 8 bit transposition: bit k of byte i goes to bit i of byte k (three rounds of block swaps)
  function automatic logic [63:0] transpose(input logic [63:0] in);
    logic [63:0] a, b;
    a = (in & 64'haa55_aa55_aa55_aa55) | ((in & 64'h00aa_00aa_00aa_00aa) << 7) |
        ((in >> 7) & 64'h00aa_00aa_00aa_00aa);
    b = (a & 64'hcccc_3333_cccc_3333) | ((a & 64'h0000_cccc_0000_cccc) << 14) |
        ((a >> 14) & 64'h0000_cccc_0000_cccc);
    return (b & 64'hf0f0_f0f0_0f0f_0f0f) | ((b & 64'h0000_0000_f0f0_f0f0) << 28) |
           ((b >> 28) & 64'h0000_0000_f0f0_f0f0);
  endfunction

  // the middle: y are the sums of input bits that it multiplies, z the products that make the
  // result
  function automatic void invert(
      input plane_t y0, input plane_t y1, input plane_t y2, input plane_t y3, input plane_t y4,
      input plane_t y5, input plane_t y6, input plane_t y7, input plane_t y8, input plane_t y9,
      input plane_t y10, input plane_t y11, input plane_t y12, input plane_t y13, input plane_t y14,
      input plane_t y15, input plane_t y16, input plane_t y17, input plane_t y18, input plane_t y19,
      input plane_t y20, input plane_t y21, output plane_t z0, output plane_t z1, output plane_t z2,
      output plane_t z3, output plane_t z4, output plane_t z5, output plane_t z6, output plane_t z7,
      output plane_t z8, output plane_t z9, output plane_t z10, output plane_t z11,
      output plane_t z12, output plane_t z13, output plane_t z14, output plane_t z15,
      output plane_t z16, output plane_t z17);
    plane_t t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14, t15, t16, t17, t18, t19, t20,
    t21, t22, t23, t24, t25, t26, t27, t28, t29, t30, t31, t32, t33, t34, t35, t36, t37, t38, t39,
    t40, t41, t42, t43, t44, t45;
    t2 = y12 & y15;  t3 = y3 & y6;  t4 = t3 ^ t2;
    t5 = y4 & y0;  t6 = t5 ^ t2;  t7 = y13 & y16;
    t8 = y5 & y1;  t9 = t8 ^ t7;  t10 = y2 & y7;
    t11 = t10 ^ t7;  t12 = y9 & y11;  t13 = y14 & y17;
    t14 = t13 ^ t12;  t15 = y8 & y10;  t16 = t15 ^ t12;
    t17 = t4 ^ t14;  t18 = t6 ^ t16;  t19 = t9 ^ t14;
    t20 = t11 ^ t16;  t21 = t17 ^ y20;  t22 = t18 ^ y19;
    t23 = t19 ^ y21;  t24 = t20 ^ y18;  t25 = t21 ^ t22;
    t26 = t21 & t23;  t27 = t24 ^ t26;  t28 = t25 & t27;
    t29 = t28 ^ t22;  t30 = t23 ^ t24;  t31 = t22 ^ t26;
    t32 = t31 & t30;  t33 = t32 ^ t24;  t34 = t23 ^ t33;
    t35 = t27 ^ t33;  t36 = t24 & t35;  t37 = t36 ^ t34;
    t38 = t27 ^ t36;  t39 = t29 & t38;  t40 = t25 ^ t39;
    t41 = t40 ^ t37;  t42 = t29 ^ t33;  t43 = t29 ^ t40;
    t44 = t33 ^ t37;  t45 = t42 ^ t41;  z0 = t44 & y15;
    z1 = t37 & y6;  z2 = t33 & y0;  z3 = t43 & y16;
    z4 = t40 & y1;  z5 = t29 & y7;  z6 = t42 & y11;
    z7 = t45 & y17;  z8 = t41 & y10;  z9 = t44 & y12;
    z10 = t37 & y3;  z11 = t33 & y4;  z12 = t43 & y13;
    z13 = t40 & y5;  z14 = t29 & y2;  z15 = t42 & y9;
    z16 = t45 & y14;  z17 = t41 & y8;
  endfunction

  // SubBytes, FIPS 197 section 5.1.1
  function automatic logic [127:0] sub_bytes(input logic [127:0] blk);
    logic [63:0] lo, hi;
    plane_t x0, x1, x2, x3, x4, x5, x6, x7, s0, s1, s2, s3, s4, s5, s6, s7;
    plane_t a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18,
    a19, a20, a21, a22, a23, a24, a25, a26;
    plane_t z0, z1, z2, z3, z4, z5, z6, z7, z8, z9, z10, z11, z12, z13, z14, z15, z16, z17;
    plane_t b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, b10, b11, b12, b13, b14, b15, b16, b17, b18,
    b19, b20, b21, b22, b23, b24, b25, b26, b27, b28, b29, b30, b31, b32;
    lo = transpose(blk[63:0]);
    hi = transpose(blk[127:64]);
    x0 = {hi[56 +: 8], lo[56 +: 8]};
    x1 = {hi[48 +: 8], lo[48 +: 8]};
    x2 = {hi[40 +: 8], lo[40 +: 8]};
    x3 = {hi[32 +: 8], lo[32 +: 8]};
    x4 = {hi[24 +: 8], lo[24 +: 8]};
    x5 = {hi[16 +: 8], lo[16 +: 8]};
    x6 = {hi[8 +: 8], lo[8 +: 8]};
    x7 = {hi[0 +: 8], lo[0 +: 8]};
    // upper linear layer
    a0 = x4 ^ x6;  a1 = x0 ^ x3;  a2 = x1 ^ x2;
    a3 = x5 ^ a0;  a4 = x7 ^ a2;  a5 = a0 ^ a1;
    a6 = x0 ^ x5;  a7 = x1 ^ a3;  a8 = x6 ^ a4;
    a9 = x5 ^ a1;  a10 = x2 ^ a3;  a11 = a2 ^ a5;
    a12 = x2 ^ a6;  a13 = x7 ^ a7;  a14 = a1 ^ a7;
    a15 = x3 ^ a3;  a16 = x0 ^ x6;  a17 = x2 ^ a9;
    a18 = a2 ^ a15;  a19 = x0 ^ a4;  a20 = x3 ^ a4;
    a21 = x6 ^ a9;  a22 = a6 ^ a8;  a23 = x7 ^ a5;
    a24 = x4 ^ a12;  a25 = x0 ^ a10;  a26 = x3 ^ x5;
    invert(x7, a4, a19, a22, a20, a8, a23, a13, a6, a1, a11, a7, a21, a16, a26, a5, a10, a17, a25,
    a18, a14, a24, z0, z1, z2, z3, z4, z5, z6, z7, z8, z9, z10, z11, z12, z13, z14, z15, z16, z17);
    // lower linear layer
    b0 = z15 ^ z16;  b1 = z10 ^ b0;  b2 = z9 ^ b1;
    b3 = z3 ^ z4;  b4 = z8 ^ z12;  b5 = z1 ^ b2;
    b6 = z0 ^ z2;  b7 = z7 ^ b3;  b8 = z13 ^ b0;
    b9 = z4 ^ z5;  b10 = z0 ^ b5;  b11 = z14 ^ b6;
    b12 = b4 ^ b11;  b13 = b7 ^ b12;  b14 = z3 ^ z5;
    b15 = z15 ^ z17;  b16 = z6 ^ b7;  b17 = b6 ^ b8;
    b18 = b5 ^ b9;  b19 = b4 ^ b9;  b20 = b14 ^ b17;
    b21 = z6 ^ b15;  b22 = z6 ^ b10;  b23 = b12 ^ b21;
    b24 = z7 ^ b22;  b25 = z7 ^ b19;  b26 = z12 ^ b20;
    b27 = b8 ^ b25;  b28 = b1 ^ b13;  b29 = z11 ^ b28;
    b30 = z2 ^ b18;  b31 = b3 ^ b10;  b32 = b2 ^ b16;
    s0 = b32;  s1 = ~b24;  s2 = ~b23;
    s3 = b31;  s4 = b30;  s5 = b29;
    s6 = ~b27;  s7 = ~b26;
    hi = {s0[15:8], s1[15:8], s2[15:8], s3[15:8], s4[15:8], s5[15:8], s6[15:8], s7[15:8]};
    lo = {s0[7:0], s1[7:0], s2[7:0], s3[7:0], s4[7:0], s5[7:0], s6[7:0], s7[7:0]};
    return {transpose(hi), transpose(lo)};
  endfunction

  // InvSubBytes, FIPS 197 section 5.3.2
  function automatic logic [127:0] inv_sub_bytes(input logic [127:0] blk);
    logic [63:0] lo, hi;
    plane_t x0, x1, x2, x3, x4, x5, x6, x7, s0, s1, s2, s3, s4, s5, s6, s7;
    plane_t a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18,
    a19, a20, a21, a22, a23, a24, a25, a26, a27, a28;
    plane_t z0, z1, z2, z3, z4, z5, z6, z7, z8, z9, z10, z11, z12, z13, z14, z15, z16, z17;
    plane_t b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, b10, b11, b12, b13, b14, b15, b16, b17, b18,
    b19, b20, b21, b22, b23, b24, b25, b26, b27, b28, b29, b30, b31, b32, b33, b34;
    lo = transpose(blk[63:0]);
    hi = transpose(blk[127:64]);
    x0 = {hi[56 +: 8], lo[56 +: 8]};
    x1 = ~{hi[48 +: 8], lo[48 +: 8]};
    x2 = ~{hi[40 +: 8], lo[40 +: 8]};
    x3 = {hi[32 +: 8], lo[32 +: 8]};
    x4 = {hi[24 +: 8], lo[24 +: 8]};
    x5 = {hi[16 +: 8], lo[16 +: 8]};
    x6 = ~{hi[8 +: 8], lo[8 +: 8]};
    x7 = ~{hi[0 +: 8], lo[0 +: 8]};
    // upper linear layer
    a0 = x1 ^ x3;  a1 = x6 ^ x7;  a2 = x3 ^ x4;
    a3 = x1 ^ x4;  a4 = a0 ^ a1;  a5 = x0 ^ x5;
    a6 = x2 ^ a0;  a7 = x0 ^ x1;  a8 = a1 ^ a3;
    a9 = x0 ^ a0;  a10 = x7 ^ a3;  a11 = x5 ^ a6;
    a12 = a1 ^ a2;  a13 = x5 ^ x6;  a14 = a2 ^ a13;
    a15 = x7 ^ a2;  a16 = x4 ^ a9;  a17 = x4 ^ x7;
    a18 = x0 ^ a10;  a19 = x0 ^ x3;  a20 = x7 ^ a6;
    a21 = x2 ^ a3;  a22 = x6 ^ a21;  a23 = a4 ^ a5;
    a24 = a5 ^ a8;  a25 = x2 ^ a2;  a26 = x2 ^ a4;
    a27 = a1 ^ a7;  a28 = x2 ^ a5;
    invert(a28, a15, a8, a19, a4, a0, a9, a26, a7, a2, a18, a23, a27, a12, a16, a11, a22, a14, a25,
    a17, a24, a20, z0, z1, z2, z3, z4, z5, z6, z7, z8, z9, z10, z11, z12, z13, z14, z15, z16, z17);
    // lower linear layer
    b0 = z6 ^ z15;  b1 = z12 ^ b0;  b2 = z16 ^ b1;
    b3 = z8 ^ z13;  b4 = b2 ^ b3;  b5 = z2 ^ z10;
    b6 = z3 ^ z4;  b7 = z5 ^ b4;  b8 = z1 ^ b5;
    b9 = b6 ^ b8;  b10 = z9 ^ z17;  b11 = z14 ^ b9;
    b12 = z7 ^ z13;  b13 = z0 ^ z4;  b14 = z1 ^ b13;
    b15 = b2 ^ b12;  b16 = z17 ^ b5;  b17 = b6 ^ b15;
    b18 = b0 ^ b11;  b19 = z11 ^ b10;  b20 = z11 ^ b2;
    b21 = b12 ^ b13;  b22 = z3 ^ b7;  b23 = b1 ^ b16;
    b24 = z5 ^ b21;  b25 = b23 ^ b24;  b26 = b7 ^ b14;
    b27 = b10 ^ b18;  b28 = z0 ^ z2;  b29 = z15 ^ b19;
    b30 = z11 ^ b25;  b31 = b4 ^ b28;  b32 = b3 ^ b27;
    b33 = b11 ^ b20;  b34 = z8 ^ b33;  s0 = b22;
    s1 = b32;  s2 = b34;  s3 = b31;
    s4 = b30;  s5 = b26;  s6 = b17;
    s7 = b29;
    hi = {s0[15:8], s1[15:8], s2[15:8], s3[15:8], s4[15:8], s5[15:8], s6[15:8], s7[15:8]};
    lo = {s0[7:0], s1[7:0], s2[7:0], s3[7:0], s4[7:0], s5[7:0], s6[7:0], s7[7:0]};
    return {transpose(hi), transpose(lo)};
  endfunction

endpackage
