// SPDX-License-Identifier: Apache-2.0
//
// gf_mul_props: cbit_gf_mul is that many single steps of IEEE Std 1619-2018, section 5.2: shift left, and 0x87 for the bit that
// leaves. For both uses in the engine: alpha^0..3 (blocks of a line) and alpha^(4 * 0..63) (lines of a page). Combinational.
module gf_mul_props (
  input logic         clk_i,
  input logic [127:0] v_i,
  input logic [1:0]   line_sel_i,
  input logic [5:0]   page_sel_i
);

  // n single steps
  function automatic logic [127:0] steps(input logic [127:0] v, input int unsigned n);
    logic [127:0] out;
    out = v;
    for (int unsigned i = 0; i < n; i++) out = {out[126:0], 1'b0} ^ (out[127] ? 128'h87 : 128'h0);
    return out;
  endfunction

  // every power the engine uses, alone: 1, 2, 4 .. 128
  for (genvar p = 0; p < 8; p++) begin : gen_power
    logic [127:0] mul;
    cbit_gf_mul #(.First(1 << p), .Steps(1)) u_mul (.v_i, .sel_i(line_sel_i[0]), .v_o(mul));
    always_ff @(posedge clk_i) begin
      a_power: assert (mul == (line_sel_i[0] ? steps(v_i, 1 << p) : v_i));
    end
  end

  // and in a row, as they are used
  logic [127:0] line, page;
  cbit_gf_mul #(.First(1), .Steps(2)) u_line (.v_i, .sel_i(line_sel_i), .v_o(line));
  cbit_gf_mul #(.First(4), .Steps(6)) u_page (.v_i, .sel_i(page_sel_i), .v_o(page));

  logic [2:0][127:0] line_part;
  logic [6:0][127:0] page_part;
  assign line_part[0] = v_i;
  assign page_part[0] = v_i;
  for (genvar s = 0; s < 2; s++) begin : gen_line
    assign line_part[s + 1] = line_sel_i[s] ? steps(line_part[s], 1 << s) : line_part[s];
  end
  for (genvar s = 0; s < 6; s++) begin : gen_page
    assign page_part[s + 1] = page_sel_i[s] ? steps(page_part[s], 4 << s) : page_part[s];
  end

  always_ff @(posedge clk_i) begin
    a_line: assert (line == line_part[2]);
    a_page: assert (page == page_part[6]);
  end

endmodule
