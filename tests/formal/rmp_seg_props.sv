// SPDX-License-Identifier: Apache-2.0
//
// rmp_seg_props: cbit_rmp_addr with a segmented table, its registers free but for what FENCE and SEG_LOAD let pass
// (docs/units/rmp_seg.md). The steps G5 to G7 of docs/rmp.md, 1.5, are written out in 80 bits, with an RST whose entries
// from 16 on have size 0. Combinational: one look at any input is the whole proof.
module rmp_seg_props
  import cbit_rmp_pkg::*;
(
  input logic              clk_i,
  input rmp_seg_t          seg_i,
  input logic [51:13]      rmp_base_i,
  input logic [51:13]      rmp_end_i,
  input logic [63:0]       spa_i,
  input logic [20:0]       place_i,   // another byte of the same range
  input logic [63:0]       other_i    // another byte of the memory
);

  localparam logic [63:0] SpaEnd = 64'h10_0000_0000_0000;

  logic        cov, place_cov, other_cov;
  logic [51:0] own, base, place_own, place_base, other_own, other_base;

  cbit_rmp_addr #(.Seg(1)) u_addr (
    .rmp_base_i, .rmp_end_i, .seg_en_i(seg_i.en), .seg_size_i(seg_i.size), .seg_base_i(seg_i.base), .seg_cov_i(seg_i.cov),
    .spa_i, .covered_o(cov), .own_addr_o(own), .base_addr_o(base)
  );
  cbit_rmp_addr #(.Seg(1)) u_place (
    .rmp_base_i, .rmp_end_i, .seg_en_i(seg_i.en), .seg_size_i(seg_i.size), .seg_base_i(seg_i.base), .seg_cov_i(seg_i.cov),
    .spa_i({spa_i[63:21], place_i}), .covered_o(place_cov), .own_addr_o(place_own), .base_addr_o(place_base)
  );
  cbit_rmp_addr #(.Seg(1)) u_other (
    .rmp_base_i, .rmp_end_i, .seg_en_i(seg_i.en), .seg_size_i(seg_i.size), .seg_base_i(seg_i.base), .seg_cov_i(seg_i.cov),
    .spa_i(other_i), .covered_o(other_cov), .own_addr_o(other_own), .base_addr_o(other_base)
  );

  // ---- what FENCE and SEG_LOAD let pass ----
  logic [Segments-1:0] fits;
  logic                legal;

  for (genvar i = 0; i < Segments; i++) begin : gen_fits
    assign fits[i] = 12'(seg_i.cov[i]) <= (12'd1 << (seg_i.size - 6'd30)) &&
                     33'(seg_i.base[i]) + 33'({seg_i.cov[i], 2'd0}) <= 33'h1_0000_0000;
  end
  assign legal = seg_i.en && seg_i.size >= 6'd30 && seg_i.size <= 6'd40 && fits == '1;

  // ---- G5 to G7 in 80 bits ----
  logic [79:0] segment, offset, address, flat;
  logic [10:0] size;
  logic [31:0] table_base;
  logic        formula_cov;

  assign segment = 80'(spa_i) >> seg_i.size;
  assign offset = 80'(spa_i) & ((80'd1 << seg_i.size) - 80'd1);
  always_comb begin
    size = '0;
    table_base = '0;
    for (int unsigned i = 0; i < Segments; i++) begin
      if (segment == 80'(i)) begin
        size = seg_i.cov[i];
        table_base = seg_i.base[i];
      end
    end
  end
  assign formula_cov = spa_i < SpaEnd && offset < (80'(size) << 30);
  assign address = (80'(table_base) << 20) + (offset >> 12) * 80'd16;
  assign flat = 80'({rmp_base_i, 13'd0}) + 80'h4000 + (80'(spa_i) >> 12) * 80'd16;

  always_ff @(posedge clk_i) begin
    a_covered: assert (!legal || cov == formula_cov);
    a_own: assert (!(legal && cov) || 80'(own) == address);
    a_base: assert (!(legal && cov) || 80'(base) == {address[79:13], 13'd0});
    a_range: assert (!legal || (cov == place_cov && base == place_base &&
                                place_own == base + 52'(place_i[20:12]) * 52'd16));
    // an entry that is looked at lies where the guard stands
    a_touch: assert (!(legal && cov) || (rmp_in_seg(own[51:20], seg_i.base, seg_i.cov) &&
                                         rmp_in_table(base[51:13], rmp_base_i, rmp_end_i, seg_i)));
    // one entry for one page of a segment
    a_one: assert (!(legal && cov && other_cov) || own != other_own || spa_i[63:12] == other_i[63:12] ||
                   segment != 80'(other_i) >> seg_i.size);
    // the control area, and nothing beside the tables
    a_control: assert (!seg_i.en || !(spa_i[51:13] >= rmp_base_i && 40'(spa_i[51:13]) <= 40'(rmp_base_i) + 40'd2) ||
                       rmp_in_table(spa_i[51:13], rmp_base_i, rmp_end_i, seg_i));
    a_flat: assert (seg_i.en || (cov == (spa_i < SpaEnd && flat <= 80'({rmp_end_i, 13'h1fff})) &&
                                 (!cov || own == flat[51:0])));
    c_last: cover (legal && cov && segment == 80'd15 && seg_i.size == 6'd40 && offset[39:12] == '1);
    c_small: cover (legal && cov && seg_i.size == 6'd30 && offset[29:12] == '1);
    c_beyond: cover (legal && !cov && segment == 80'd16 && seg_i.size == 6'd36);
    c_flat: cover (!seg_i.en && cov);
  end

endmodule
