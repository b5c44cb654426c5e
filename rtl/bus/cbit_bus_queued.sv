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
  input  logic                push_i,
  input  logic                push_enc_i,
  input  logic [SlotIdxW-1:0] push_slot_i,
  input  logic                pop_i,
  output logic                head_stale_o,
  output logic                drain_o
);

  // place 0 is the head; enc is 0 in an empty place
  logic [1:0]                enc_d, enc_q, stale_d, stale_q;
  logic [1:0][SlotIdxW-1:0]  slot_d, slot_q;
  logic [1:0]                count_d, count_q;

  always_comb begin
    enc_d = enc_q;
    slot_d = slot_q;
    stale_d = kill_i ? '1 : stale_q;
    count_d = count_q;
    if (pop_i) begin
      enc_d = {1'b0, enc_q[1]};
      slot_d[0] = slot_q[1];
      stale_d[0] = stale_d[1];
      count_d = count_q - 2'd1;
    end
    if (push_i) begin
      enc_d[count_d[0]] = push_enc_i;
      slot_d[count_d[0]] = push_slot_i;
      stale_d[count_d[0]] = 1'b0;
      count_d = count_d + 2'd1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      enc_q <= '0;
      stale_q <= '0;
      count_q <= '0;
    end else begin
      enc_q <= enc_d;
      stale_q <= stale_d;
      count_q <= count_d;
    end
  end

  always_ff @(posedge clk_i) begin
    slot_q <= slot_d;
  end

  assign head_stale_o = stale_q[0];
  assign drain_o = (enc_q[0] && slot_drain_i[slot_q[0]]) || (enc_q[1] && slot_drain_i[slot_q[1]]);

  `CBIT_ASSERT(QueuedCount, count_q <= 2'd2 && !(pop_i && count_q == '0))

endmodule
