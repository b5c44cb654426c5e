// SPDX-License-Identifier: Apache-2.0
//
// cbit_bus_flip: queue of two entries that stay where they are.
//
// Where: wide queues of the bus units. As cbit_fifo with Depth = 2, but a pop moves a pointer and
// not the data: what pops is known late in a cycle, and here it reaches two registers only.
// Latency: an entry pushed at edge t is at the output from cycle t+1 on; one transfer a cycle.
// in_ready_o and out_valid_o come straight from registers, out_data_o through one multiplexer.
// Reset: empty; the data is not reset.
module cbit_bus_flip #(
  parameter int unsigned Width = 8
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  // push side
  input  logic             in_valid_i,
  output logic             in_ready_o,
  output logic             in_ready_d_o,   // in the next cycle
  input  logic [Width-1:0] in_data_i,
  // pop side
  output logic             out_valid_o,
  output logic             out_valid_d_o,  // in the next cycle
  input  logic             out_ready_i,
  output logic [Width-1:0] out_data_o
);

  logic [1:0]            unused_full;
  logic                  unused_head;
  logic [1:0][Width-1:0] unused_place;

  cbit_bus_places #(
    .Width(Width)
  ) u_places (
    .clk_i,
    .rst_ni,
    .in_valid_i,
    .in_ready_o,
    .in_ready_d_o,
    .in_data_i,
    .out_valid_o,
    .out_valid_d_o,
    .out_ready_i,
    .out_data_o,
    .full_o (unused_full),
    .head_o (unused_head),
    .place_o(unused_place)
  );

endmodule
