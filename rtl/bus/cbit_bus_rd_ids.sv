// SPDX-License-Identifier: Apache-2.0
//
// cbit_bus_rd_ids: the oldest live read entry of every ID of the DRAM side.
//
// Where: inside cbit_bus_rd_table. Beats of one ID come in request order (Arm IHI 0022, A5.3), so
// a beat belongs to the oldest live entry of its ID. Comparing the ID with all entries and then
// encoding which one it was takes too long for the number of the entry; here it is looked up.
// Latency: idx_o is combinational from beat_id_i; both writes act at the edge.
// What is found for an ID without a live entry means nothing. Refused bursts get no beats: the
// table need not know when one of them is done.
// Source: docs/units/bus_read.md (R side: entry of a beat). Reset: none needed, words are written
// before they mean something; late_q is reset all the same.
//
// Two memories, because an allocation and a completion may set the words of two IDs at one edge;
// late_q says which was written last.
`include "cbit_assert.svh"

module cbit_bus_rd_ids #(
  parameter int unsigned NumRd = 32,
  parameter int unsigned MemIdW = 5,      // bits of the IDs of the DRAM side
  localparam int unsigned IdxW = $clog2(NumRd)
) (
  input  logic              clk_i,
  input  logic              rst_ni,
  // entry that would be allocated now, of an ID without a live one; it need not be
  input  logic              alloc_i,
  input  logic [MemIdW-1:0] alloc_id_i,
  input  logic [IdxW-1:0]   alloc_idx_i,
  // the beat; with it the entry is done, and this one comes next if there is one
  input  logic [MemIdW-1:0] beat_id_i,
  output logic [IdxW-1:0]   idx_o,
  // it is one of these two; which one is known later than they are
  output logic [1:0][IdxW-1:0] idx_either_o,
  output logic              second_o,
  input  logic              done_i,
  input  logic [IdxW-1:0]   next_idx_i
);

  logic [(1<<MemIdW)-1:0] late_q;
  logic [IdxW-1:0]        born_idx, next_idx;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      late_q <= '0;
    end else begin
      if (done_i) begin
        late_q[beat_id_i] <= 1'b1;
      end
      if (alloc_i) begin
        late_q[alloc_id_i] <= 1'b0;
      end
    end
  end

  cbit_ram_1r1w #(.Width(IdxW), .Depth(1 << MemIdW), .Sync(0), .Style("distributed")) u_born (
    .clk_i,
    .we_i(alloc_i), .waddr_i(alloc_id_i), .wbe_i('1), .wdata_i(alloc_idx_i),
    .re_i(1'b1), .raddr_i(beat_id_i), .rdata_o(born_idx)
  );

  cbit_ram_1r1w #(.Width(IdxW), .Depth(1 << MemIdW), .Sync(0), .Style("distributed")) u_next (
    .clk_i,
    .we_i(done_i), .waddr_i(beat_id_i), .wbe_i('1), .wdata_i(next_idx_i),
    .re_i(1'b1), .raddr_i(beat_id_i), .rdata_o(next_idx)
  );

  assign second_o = late_q[beat_id_i];
  assign idx_either_o = {next_idx, born_idx};
  assign idx_o = idx_either_o[second_o];

  `CBIT_ASSERT(RdIdsApart, !(alloc_i && done_i && alloc_id_i == beat_id_i))

endmodule
