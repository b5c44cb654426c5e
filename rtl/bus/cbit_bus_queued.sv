// SPDX-License-Identifier: Apache-2.0
//
// cbit_bus_queued: what the key slots have to know of the requests in an address queue (arq, awq).
//
// Where: beside the two-entry address queue of a path; it sees the same pushes and pops.
// Tells whether a queued encrypted request uses a slot in DRAIN, and whether the head is stale: it
// stood in the queue when all keys were wiped, so a key loaded since is not its key.
// Latency: registers; a push at the end of a cycle counts from the next one. Reset: empty.
// Source: docs/units/bus_read.md and bus_write.md (stale, in flight).
`include "cbit_assert.svh"

module cbit_bus_queued #(
  parameter int unsigned KeySlots = 16,
  localparam int unsigned SlotIdxW = $clog2(KeySlots)
) (
  input  logic                clk_i,
  input  logic                rst_ni,
  input  logic                kill_i,
  input  logic [KeySlots-1:0] slot_drain_i,
  input  logic [KeySlots-1:0] slot_active_next_i,   // in the next cycle
  input  logic [1:0]          valid_i,       // places of the queue that are taken
  input  logic                push_i,
  input  logic                push_enc_i,
  input  logic [SlotIdxW-1:0] push_slot_i,
  input  logic                push_stale_i,  // it was stale where it comes from
  input  logic                pop_i,
  output logic                head_stale_o,
  output logic                head_active_o, // the head's slot is ACTIVE
  output logic                drain_o
);

  // place 0 is the head; what place 0 takes at a pop is chosen without the pop, which comes late
  logic [1:0]           enc_q, stale_d, stale_q;
  logic [SlotIdxW-1:0]  first_q, second_q;
  logic                 next_enc, next_stale, load_first, load_second;
  logic [SlotIdxW-1:0]  next_slot;

  assign next_enc = valid_i[1] ? enc_q[1] : push_i && push_enc_i;
  assign next_slot = valid_i[1] ? second_q : push_slot_i;
  assign next_stale = valid_i[1] ? stale_q[1] || kill_i : push_stale_i;
  assign load_first = pop_i || (push_i && !valid_i[0]);
  assign load_second = push_i && valid_i[0];

  always_comb begin
    stale_d = stale_q | {2{kill_i}};
    if (load_first) begin
      stale_d[0] = next_stale;
    end
    if (load_second) begin
      stale_d[1] = push_stale_i;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      enc_q <= '0;
      stale_q <= '0;
    end else begin
      if (load_first) begin
        enc_q[0] <= next_enc;
      end
      if (pop_i || load_second) begin
        enc_q[1] <= !pop_i && push_enc_i;
      end
      stale_q <= stale_d;
    end
  end

  // looked up a cycle ahead, for the head that stays and for the one that comes
  logic active_stay, active_come;
  assign active_stay = slot_active_next_i[first_q];
  assign active_come = slot_active_next_i[next_slot];

  always_ff @(posedge clk_i) begin
    head_active_o <= load_first ? active_come : active_stay;
    if (load_first) begin
      first_q <= next_slot;
    end
    if (load_second) begin
      second_q <= push_slot_i;
    end
  end

  assign head_stale_o = stale_q[0];
  assign drain_o = (enc_q[0] && slot_drain_i[first_q]) || (enc_q[1] && slot_drain_i[second_q]);

  `CBIT_ASSERT(QueuedRoom, !(push_i && valid_i[1]) && !(pop_i && !valid_i[0]))
  `CBIT_ASSERT(QueuedEnc, (enc_q & ~valid_i) == '0)

endmodule
