// SPDX-License-Identifier: Apache-2.0
//
// cbit_fault_log: records of refused requests, oldest first.
//
// Where: bus units -> here -> registers of the secure processor. Two push ports, 0 from the read
// path, 1 from the write path; both may push in one cycle, port 0 is the older. A push that finds
// no room is dropped and counted; a pop in the same cycle makes no room.
// Latency: a record pushed at the end of cycle t is at head_o from t+1. head_o is all zero while
// the log is empty. Reset: empty, nothing dropped.
// Even and odd places are two memories, so that two records in one cycle meet two write ports. They
// are written ahead: the next free places take what may be pushed in every cycle, and a push is the
// count alone.
// Source: docs/units/sp.md.
`include "cbit_assert.svh"

module cbit_fault_log
  import cbit_pkg::*;
#(
  parameter int unsigned Depth = 8   // records, power of 2, 4 to 128
) (
  input  logic        clk_i,
  input  logic        rst_ni,
  // pushes
  input  logic        push0_valid_i,
  input  fault_t      push0_i,
  input  logic        push1_valid_i,
  input  fault_t      push1_i,
  // pop: drops the oldest record, if there is one
  input  logic        pop_i,
  // oldest record and counts
  output fault_t      head_o,
  output logic [7:0]  held_o,
  output logic [15:0] dropped_o,
  // events of this cycle
  output logic        ev_logged_o,
  output logic        ev_dropped_o
);

  localparam int unsigned PtrW = $clog2(Depth);
  localparam int unsigned CountW = $clog2(Depth + 1);

  logic [PtrW-1:0]   wptr_q, rptr_q;
  logic [CountW-1:0] count_q, count1;   // count1: count that port 1 sees
  logic [15:0]       dropped_q;
  logic              take0, take1, drop0, drop1, pop;
  logic [16:0]       dropped_sum;

  assign take0 = push0_valid_i && count_q != CountW'(Depth);
  assign count1 = count_q + CountW'(take0);
  assign take1 = push1_valid_i && count1 != CountW'(Depth);
  assign drop0 = push0_valid_i && !take0;
  assign drop1 = push1_valid_i && !take1;
  assign pop = pop_i && count_q != '0;
  assign dropped_sum = 17'(dropped_q) + 17'(drop0) + 17'(drop1);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      wptr_q <= '0;
      rptr_q <= '0;
      count_q <= '0;
      dropped_q <= '0;
    end else begin
      wptr_q <= wptr_q + PtrW'(take0) + PtrW'(take1);
      rptr_q <= rptr_q + PtrW'(pop);
      count_q <= count1 + CountW'(take1) - CountW'(pop);
      dropped_q <= dropped_sum[16] ? 16'hffff : dropped_sum[15:0];
    end
  end

  // ---- records ----
  fault_t [1:0] rec;   // at the read pointer, of both memories

  for (genvar b = 0; b < 2; b++) begin : gen_bank
    logic            first;   // the next free place is here; else it is the one behind it
    logic            room;
    logic [PtrW-2:0] waddr;
    fault_t          data;

    assign first = wptr_q[0] == 1'(b);
    assign waddr = wptr_q[PtrW-1:1] + (PtrW-1)'(b == 0 && wptr_q[0]);
    assign room = first ? count_q != CountW'(Depth) : count_q < CountW'(Depth - 1);
    assign data = (first && push0_valid_i) ? push0_i : push1_i;

    cbit_ram_1r1w #(
      .Width($bits(fault_t)), .Depth(Depth / 2), .Sync(0), .Style("distributed")
    ) u_rec (
      .clk_i, .we_i(room), .waddr_i(waddr), .wbe_i('1), .wdata_i(data),
      .re_i(1'b1), .raddr_i(rptr_q[PtrW-1:1]), .rdata_o(rec[b])
    );
  end

  assign head_o = (count_q != '0) ? rec[rptr_q[0]] : '0;
  assign held_o = 8'(count_q);
  assign dropped_o = dropped_q;
  assign ev_logged_o = take0 || take1;
  assign ev_dropped_o = drop0 || drop1;

  `CBIT_ASSERT_INIT(FaultLogDepth, Depth == 2 ** PtrW && Depth >= 4 && Depth <= 128)
  `CBIT_ASSERT(FaultLogCount, count_q <= CountW'(Depth))
  `CBIT_ASSERT(FaultLogCode, (!push0_valid_i || push0_i.code != FAULT_NONE)
               && (!push1_valid_i || push1_i.code != FAULT_NONE))

endmodule
