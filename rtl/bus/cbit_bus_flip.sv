// SPDX-License-Identifier: Apache-2.0
//
// cbit_bus_flip: queue of two entries that stay where they are.
//
// Where: wide queues of the write path. As cbit_fifo with Depth = 2, but a pop moves a pointer and
// not the data: what pops is known late in a cycle, and here it reaches two registers only.
// Latency: an entry pushed at edge t is at the output from cycle t+1 on; one transfer a cycle.
// in_ready_o and out_valid_o come straight from registers, out_data_o through one multiplexer.
// Reset: empty; the data is not reset.
`include "cbit_assert.svh"

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

  logic [1:0]            full_d, full_q;   // places that hold an entry
  logic                  room_q, valid_q;    // what full_q says, for those who need it early
  logic                  in_ptr_q, out_ptr_q, push, pop;
  logic [1:0][Width-1:0] data_q;

  assign in_ready_o = room_q;
  assign out_valid_o = valid_q;
  assign in_ready_d_o = full_d != 2'b11;
  assign out_valid_d_o = full_d != 2'b00;
  assign out_data_o = data_q[out_ptr_q];
  assign push = in_valid_i && in_ready_o;
  assign pop = out_valid_o && out_ready_i;

  always_comb begin
    full_d = full_q;
    if (push) begin
      full_d[in_ptr_q] = 1'b1;
    end
    if (pop) begin
      full_d[out_ptr_q] = 1'b0;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      full_q <= '0;
      room_q <= 1'b1;
      valid_q <= 1'b0;
      in_ptr_q <= 1'b0;
      out_ptr_q <= 1'b0;
    end else begin
      full_q <= full_d;
      room_q <= in_ready_d_o;
      valid_q <= out_valid_d_o;
      in_ptr_q <= in_ptr_q ^ push;
      out_ptr_q <= out_ptr_q ^ pop;
    end
  end

  // a free place takes what is there; it counts with the push
  for (genvar i = 0; i < 2; i++) begin : gen_place
    always_ff @(posedge clk_i) begin
      if (!full_q[i]) begin
        data_q[i] <= in_data_i;
      end
    end
  end

  `CBIT_ASSERT_INIT(PairWidth, Width >= 1)

endmodule
