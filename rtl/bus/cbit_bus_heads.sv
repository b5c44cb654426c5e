// SPDX-License-Identifier: Apache-2.0
//
// cbit_bus_heads: the oldest live entry of every ID of a table.
//
// Where: read table (which entry does a beat of the DRAM belong to) and cbit_bus_wids (which write
// does a response of the DRAM belong to). AXI4 answers one ID in request order (Arm IHI 0022, A5.3),
// so that is the oldest live entry of the ID. Comparing the ID with all entries and then encoding
// which one it was takes too long for the number of the entry; here it is looked up.
// Latency: idx_o is combinational from find_id_i; both writes act at the edge, and for one ID in the
// same cycle the new entry wins. What is found for an ID without a live entry means nothing.
// Source: docs/units/bus_read.md (R side), bus_write.md (section B). Reset: late_q; the words are
// written before they mean something.
//
// Two memories, because a new entry and a completion may set the words of two IDs at one edge;
// late_q says which was written last.
module cbit_bus_heads #(
  parameter int unsigned Num = 32,        // entries
  parameter int unsigned IdW = 5,
  localparam int unsigned IdxW = $clog2(Num)
) (
  input  logic                 clk_i,
  input  logic                 rst_ni,
  // entry that would be allocated now, of an ID without a live one after this cycle; it need not be
  input  logic                 born_i,
  input  logic [IdW-1:0]       born_id_i,
  input  logic [IdxW-1:0]      born_idx_i,
  // an oldest entry is done; the next one of its ID, if there is one
  input  logic                 done_i,
  input  logic [IdW-1:0]       done_id_i,
  input  logic [IdxW-1:0]      next_idx_i,
  // lookup
  input  logic [IdW-1:0]       find_id_i,
  output logic [IdxW-1:0]      idx_o,
  // it is one of these two; which one is known later than they are
  output logic [1:0][IdxW-1:0] idx_either_o,
  output logic                 second_o
);

  logic [(1<<IdW)-1:0] late_q;
  logic [IdxW-1:0]     born_idx, next_idx;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      late_q <= '0;
    end else begin
      if (done_i) begin
        late_q[done_id_i] <= 1'b1;
      end
      if (born_i) begin
        late_q[born_id_i] <= 1'b0;
      end
    end
  end

  cbit_ram_1r1w #(.Width(IdxW), .Depth(1 << IdW), .Sync(0), .Style("distributed")) u_born (
    .clk_i,
    .we_i(born_i), .waddr_i(born_id_i), .wbe_i('1), .wdata_i(born_idx_i),
    .re_i(1'b1), .raddr_i(find_id_i), .rdata_o(born_idx)
  );

  cbit_ram_1r1w #(.Width(IdxW), .Depth(1 << IdW), .Sync(0), .Style("distributed")) u_next (
    .clk_i,
    .we_i(done_i), .waddr_i(done_id_i), .wbe_i('1), .wdata_i(next_idx_i),
    .re_i(1'b1), .raddr_i(find_id_i), .rdata_o(next_idx)
  );

  assign second_o = late_q[find_id_i];
  assign idx_either_o = {next_idx, born_idx};
  assign idx_o = idx_either_o[second_o];

endmodule
