// SPDX-License-Identifier: Apache-2.0
//
// cbit_bus_rd_drain: whether some entry of the read table is encrypted with a slot in DRAIN.
//
// Where: inside cbit_bus_rd_table. Instead of one look at the slot states per entry, each entry
// keeps a bit: taken from the slot state at the allocation, and set when the slot goes into DRAIN
// later. One slot at a time goes there, by the command DEACTIVATE, so its number is compared.
// Latency: a slot that goes into DRAIN counts two cycles later; the first command that asks for it
// (FLUSH) looks at the earliest then. Entries that are allocated or leave count at once. All slots
// leave DRAIN together (a wipe of all keys), or one that no entry uses (FLUSH); what is told in the
// first cycle of a wipe of all keys is of no use to anybody, and of the cycle before.
// The state of an entry's slot at its allocation is looked up in the cycle after, among the states
// of the cycle before.
// Source: docs/units/bus_read.md (in flight), docs/units/key_store.md.
`include "cbit_assert.svh"

module cbit_bus_rd_drain #(
  parameter int unsigned NumRd = 32,
  parameter int unsigned KeySlots = 16,
  localparam int unsigned SlotIdxW = $clog2(KeySlots)
) (
  input  logic                clk_i,
  input  logic                rst_ni,
  input  logic [KeySlots-1:0] slot_drain_i,
  input  logic [NumRd-1:0]    load_i,      // entry that is loaded at the end of the cycle
  input  logic [SlotIdxW-1:0] load_slot_i,
  input  logic [NumRd-1:0]    used_i,      // entries that are encrypted and in use
  output logic                drain_o
);

  // ---- the slot that went into DRAIN ----
  logic                any, new_q;
  logic [KeySlots-1:0] prev_q, fresh;
  logic [SlotIdxW-1:0] slot_d, slot_q;

  assign any = slot_drain_i != '0;
  assign fresh = slot_drain_i & ~prev_q;

  cbit_onehot_idx #(.N(KeySlots)) u_slot (.onehot_i(fresh), .idx_o(slot_d));

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      prev_q <= '0;
      new_q <= 1'b0;
    end else begin
      prev_q <= slot_drain_i;
      new_q <= fresh != '0;
    end
    slot_q <= slot_d;
  end

  // ---- the entries ----
  logic [SlotIdxW-1:0] entry_q [NumRd];
  logic [SlotIdxW-1:0] load_slot_q;
  logic [NumRd-1:0]    load_q, hit, drain_q;
  logic                load_drain;

  always_ff @(posedge clk_i) begin
    load_q <= load_i;
    load_slot_q <= load_slot_i;
  end

  assign load_drain = prev_q[load_slot_q];

  for (genvar e = 0; e < NumRd; e++) begin : gen_entry
    always_ff @(posedge clk_i) begin
      if (load_i[e]) begin
        entry_q[e] <= load_slot_i;
      end
    end

    assign hit[e] = entry_q[e] == slot_q;
  end

  always_ff @(posedge clk_i) begin
    drain_q <= {NumRd{any}} & ((load_q & {NumRd{load_drain}}) | (~load_q & drain_q) |
                               ({NumRd{new_q}} & hit));
  end

  assign drain_o = (used_i & ~load_q & drain_q) != '0 ||
                   (load_drain && (used_i & load_q) != '0);

  `CBIT_ASSERT(RdDrainOneSlot, $onehot0(fresh))

endmodule
