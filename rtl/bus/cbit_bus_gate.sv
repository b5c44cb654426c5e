// SPDX-License-Identifier: Apache-2.0
//
// cbit_bus_gate: writes wait here until the RMP check has said what it says of them.
//
// Where: inside cbit_bus_front, between route and awq; write path with the parameter Rmp only. The
// handshake that fills a place asks the write path's cache of the check; what leaves takes the
// verdict along. Places and questions are in step.
// Latency: a push at the end of a cycle is at the output in the next one; one request a cycle. A
// full gate takes nothing, also during a pop. Reset: empty.
// Beside the queue it keeps what the key slots have to know of its places, as cbit_bus_queued does
// for the queue behind it: slots in DRAIN, and whether all keys were wiped since.
// Source: docs/units/rmp.md, section cbit_bus_gate.
`include "cbit_assert.svh"

module cbit_bus_gate
  import cbit_pkg::*;
#(
  parameter int unsigned Places = 4,   // 2, 4, 8
  parameter int unsigned KeySlots = 16
) (
  input  logic                clk_i,
  input  logic                rst_ni,
  input  logic                kill_i,
  input  logic [KeySlots-1:0] slot_drain_i,
  // routed request, with its address pins 63:52
  input  logic                in_valid_i,
  output logic                in_ready_o,
  input  routed_t             in_i,
  input  logic [11:0]         in_addr_hi_i,
  // oldest one; stale: it stood here when all keys were wiped, at the latest in this cycle
  output logic                out_valid_o,
  input  logic                out_ready_i,
  output routed_t             out_o,
  output logic [11:0]         out_addr_hi_o,
  output logic                out_stale_o,
  // a place is encrypted and has a slot in DRAIN
  output logic                drain_o,
  output logic                empty_o
);

  localparam int unsigned CountW = $clog2(Places + 1);
  localparam int unsigned SlotIdxW = $clog2(KeySlots);

  logic [CountW-1:0] count, fill;   // fill: places that stay after the pop = place of the push
  logic              push, pop;

  cbit_fifo #(
    .Width($bits(routed_t) + 12),
    .Depth(Places)
  ) u_places (
    .clk_i,
    .rst_ni,
    .in_valid_i,
    .in_ready_o,
    .in_data_i  ({in_addr_hi_i, in_i}),
    .out_valid_o,
    .out_ready_i,
    .out_data_o ({out_addr_hi_o, out_o}),
    .count_o    (count)
  );

  assign push = in_valid_i && in_ready_o;
  assign pop = out_valid_o && out_ready_i;
  assign fill = pop ? count - CountW'(1) : count;

  // ---- what is asked of all places at once; place 0 is the oldest ----
  logic [Places-1:0]   enc_d, enc_q, stale_now, stale_d, stale_q;
  logic [SlotIdxW-1:0] slot_q [Places];

  assign stale_now = stale_q | {Places{kill_i}};

  always_comb begin
    enc_d = pop ? enc_q >> 1 : enc_q;
    stale_d = pop ? stale_now >> 1 : stale_now;
    for (int unsigned i = 0; i < Places; i++) begin
      if (push && fill == CountW'(i)) begin
        enc_d[i] = in_i.enc;
        stale_d[i] = 1'b0;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      enc_q <= '0;
      stale_q <= '0;
    end else begin
      enc_q <= enc_d;
      stale_q <= stale_d;
    end
  end

  for (genvar i = 0; i < Places; i++) begin : gen_slot
    logic [SlotIdxW-1:0] moved;

    if (i + 1 < Places) begin : gen_next
      assign moved = slot_q[i + 1];
    end else begin : gen_last
      assign moved = in_i.slot[SlotIdxW-1:0];
    end

    // the next free place takes what is offered; only the valid bits know
    always_ff @(posedge clk_i) begin
      if (fill == CountW'(i)) begin
        slot_q[i] <= in_i.slot[SlotIdxW-1:0];
      end else if (pop) begin
        slot_q[i] <= moved;
      end
    end
  end

  always_comb begin
    drain_o = 1'b0;
    for (int unsigned i = 0; i < Places; i++) begin
      if (enc_q[i] && slot_drain_i[slot_q[i]]) begin
        drain_o = 1'b1;
      end
    end
  end

  assign out_stale_o = stale_now[0];
  assign empty_o = !out_valid_o;

  `CBIT_ASSERT(GateEnc, (enc_q >> count) == '0)
  `CBIT_ASSERT_INIT(RmpMiss, Places == 2 || Places == 4 || Places == 8)

endmodule
