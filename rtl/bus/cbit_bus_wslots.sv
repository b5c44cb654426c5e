// SPDX-License-Identifier: Apache-2.0
//
// cbit_bus_wslots: is a live encrypted write using a slot that is to be drained?
//
// Where: write table. One counter per slot of the live (not FREE, not DONE) encrypted entries, in
// place of a slot comparison in every entry. Latency: an allocation or completion at an edge is
// seen in the next cycle; drain_o is combinational from registers and slot_drain_i.
// Source: docs/units/bus_write.md ("In flight"). Reset: all counters zero.
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

  localparam int unsigned CountW = $clog2(NumWr + 1);

  logic [KeySlots-1:0] inc, dec, used;

  always_comb begin
    inc = '0;
    inc[inc_slot_i] = inc_i;
    dec = '0;
    dec[dec_slot_i] = dec_i;
  end

  for (genvar s = 0; s < KeySlots; s++) begin : gen_slot
    logic [CountW-1:0] count_q;

    always_ff @(posedge clk_i) begin
      if (!rst_ni) begin
        count_q <= '0;
      end else if (inc[s] != dec[s]) begin
        count_q <= inc[s] ? count_q + CountW'(1) : count_q - CountW'(1);
      end
    end

    assign used[s] = count_q != '0;

    `CBIT_ASSERT(WSlotsCount, !dec[s] || used[s])
  end

  assign drain_o = |(used & slot_drain_i);

endmodule
