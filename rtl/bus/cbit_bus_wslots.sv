// SPDX-License-Identifier: Apache-2.0
//
// cbit_bus_wslots: is a live encrypted write using a slot that is to be drained?
//
// Where: write table. Counts the live (not FREE, not DONE) encrypted entries of each slot, in place
// of a slot comparison in every entry. Two memories by slot hold how many entries were begun and how
// many are done, modulo a power of 2 that is not below the number of entries; a bit a slot tells
// that they differ. So a slot costs one flip-flop and some LUT RAM, not an up/down counter.
// Latency: an allocation or completion at an edge is seen in the next cycle; drain_o is
// combinational from registers and slot_drain_i.
// Source: docs/units/bus_write.md ("In flight"). Reset: no slot used; then the memories are set, a
// slot a cycle, long before the wipe of the round keys ends and the first request comes.
`include "cbit_assert.svh"

module cbit_bus_wslots #(
  parameter int unsigned KeySlots = 16,
  parameter int unsigned NumWr = 64,
  localparam int unsigned SlotIdxW = $clog2(KeySlots)
) (
  input  logic                clk_i,
  input  logic                rst_ni,
  // an encrypted entry is allocated
  input  logic                inc_i,
  input  logic [SlotIdxW-1:0] inc_slot_i,
  // an encrypted entry is done
  input  logic                dec_i,
  input  logic [SlotIdxW-1:0] dec_slot_i,
  // slots in state DRAIN
  input  logic [KeySlots-1:0] slot_drain_i,
  output logic                drain_o
);

  localparam int unsigned CountW = $clog2(NumWr);

  // ---- what happens late in a cycle is counted in the next one ----
  logic                inc_q, dec_q;
  logic [SlotIdxW-1:0] inc_slot_q, dec_slot_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      inc_q <= 1'b0;
      dec_q <= 1'b0;
    end else begin
      inc_q <= inc_i;
      dec_q <= dec_i;
    end
    inc_slot_q <= inc_slot_i;
    dec_slot_q <= dec_slot_i;
  end

  // ---- the memories: entries begun, and one more than the entries done ----
  logic [SlotIdxW-1:0] walk_q;
  logic                ready_q;   // the walk is over
  logic [SlotIdxW-1:0] begun_slot, ended_slot;
  logic [CountW-1:0]   inc_begun, dec_begun, dec_ended, begun_next, ended_next;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      walk_q <= '0;
      ready_q <= 1'b0;
    end else if (!ready_q) begin
      walk_q <= walk_q + SlotIdxW'(1);
      ready_q <= walk_q == SlotIdxW'(KeySlots - 1);
    end
  end

  assign begun_slot = ready_q ? inc_slot_q : walk_q;
  assign begun_next = ready_q ? inc_begun + CountW'(1) : '0;
  assign ended_slot = ready_q ? dec_slot_q : walk_q;
  assign ended_next = ready_q ? dec_ended + CountW'(1) : CountW'(1);

  // begun: two read ports, so two copies
  cbit_ram_1r1w #(
    .Width(CountW), .Depth(KeySlots), .Sync(0), .Style("distributed")
  ) u_begun_inc (
    .clk_i, .we_i(inc_q || !ready_q), .waddr_i(begun_slot), .wbe_i('1), .wdata_i(begun_next),
    .re_i(1'b1), .raddr_i(inc_slot_q), .rdata_o(inc_begun)
  );

  cbit_ram_1r1w #(
    .Width(CountW), .Depth(KeySlots), .Sync(0), .Style("distributed")
  ) u_begun_dec (
    .clk_i, .we_i(inc_q || !ready_q), .waddr_i(begun_slot), .wbe_i('1), .wdata_i(begun_next),
    .re_i(1'b1), .raddr_i(dec_slot_q), .rdata_o(dec_begun)
  );

  cbit_ram_1r1w #(
    .Width(CountW), .Depth(KeySlots), .Sync(0), .Style("distributed")
  ) u_ended (
    .clk_i, .we_i(dec_q || !ready_q), .waddr_i(ended_slot), .wbe_i('1), .wdata_i(ended_next),
    .re_i(1'b1), .raddr_i(dec_slot_q), .rdata_o(dec_ended)
  );

  // ---- slots with live entries, what is still to be counted included ----
  logic [KeySlots-1:0] used, used_q;

  // the last assignment wins: a slot that loses its last entry and gets a new one stays used
  always_comb begin
    used = used_q;
    if (dec_q && dec_begun == dec_ended) begin
      used[dec_slot_q] = 1'b0;
    end
    if (inc_q) begin
      used[inc_slot_q] = 1'b1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      used_q <= '0;
    end else begin
      used_q <= used;
    end
  end

  assign drain_o = |(used & slot_drain_i);

  `CBIT_ASSERT(WSlotsUsed, !dec_q || used_q[dec_slot_q])
  `CBIT_ASSERT(WSlotsReady, ready_q || !(inc_q || dec_q))
  // one count more than this would look like none
  `CBIT_ASSERT_INIT(WSlotsNumWr, NumWr >= 2 && 2 ** CountW >= NumWr)

endmodule
