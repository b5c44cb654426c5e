// SPDX-License-Identifier: Apache-2.0
//
// cbit_bus_pair: queue of two entries for places where the pop is known late in the cycle.
//
// Where: address queues (arq, awq) and the queue of the DRAM's read data (rq).
// Latency: as cbit_fifo of depth 2: a push at the end of a cycle is at the output in the next one.
// The pop is only the enable of the first place: what moves up, or comes in, is chosen without it.
// Both places can be looked at. Reset: empty; the data is not reset.
`include "cbit_assert.svh"

module cbit_bus_pair #(
  parameter int unsigned Width = 8,  // 1 and more
  parameter int unsigned Eager = 0   // 1: an empty queue takes in_data_i without a push too, as
                                     // what is not valid; the push, if late, enables nothing then
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  // push side
  input  logic             in_valid_i,
  output logic             in_ready_o,
  input  logic [Width-1:0] in_data_i,
  // pop side; pop_i only with valid_o[0]
  output logic [1:0]       valid_o,    // place 0 is the oldest entry
  input  logic             pop_i,
  output logic [Width-1:0] first_o,
  output logic [Width-1:0] second_o,
  // what place 0 takes at the end of the cycle, for copies of parts of it
  output logic             first_load_o,
  output logic [Width-1:0] first_next_o
);

  logic [1:0]       valid_d, valid_q;
  logic [Width-1:0] first_q, second_q;
  logic             push;

  assign in_ready_o = !valid_q[1];
  assign push = in_valid_i && !valid_q[1];

  always_comb begin
    valid_d[0] = valid_q[0] || push;
    valid_d[1] = valid_q[1] || (push && valid_q[0]);
    if (pop_i) begin
      valid_d = {1'b0, valid_q[1] || push};
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      valid_q <= '0;
    end else begin
      valid_q <= valid_d;
    end
  end

  always_ff @(posedge clk_i) begin
    if (first_load_o) begin
      first_q <= first_next_o;
    end
  end

  // with a pop at the same edge the entry goes to place 0, and what is here is not valid
  always_ff @(posedge clk_i) begin
    if (Eager != 0 ? !valid_q[1] : push && valid_q[0]) begin
      second_q <= in_data_i;
    end
  end

  assign first_load_o = pop_i || ((push || Eager != 0) && !valid_q[0]);
  assign first_next_o = valid_q[1] ? second_q : in_data_i;

  assign valid_o = valid_q;
  assign first_o = first_q;
  assign second_o = second_q;

  `CBIT_ASSERT_INIT(PairWidth, Width >= 1)
  `CBIT_ASSERT(PairOrder, valid_q != 2'b10)
  `CBIT_ASSERT(PairPop, !pop_i || valid_q[0])

endmodule
