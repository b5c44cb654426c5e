// SPDX-License-Identifier: Apache-2.0
//
// fifo_props: cbit_fifo is a queue: what goes in comes out, once, in order, and never more than Depth entries.
//
// Beside the queue runs a list that shifts with every pop; the proof (k-induction) needs to know how the registers of the queue
// show the same list, so it looks at them by name.
module fifo_props #(
  parameter int unsigned Depth = 2,
  parameter int unsigned Wipe = 0
) (
  input logic       clk_i,
  input logic       rst_ni,
  input logic       in_valid_i,
  input logic [3:0] in_data_i,
  input logic       out_ready_i
);

  localparam int unsigned CountW = $clog2(Depth + 1);

  logic              in_ready, out_valid;
  logic [3:0]        out_data;
  logic [CountW-1:0] count;

  cbit_fifo #(
    .Width(4),
    .Depth(Depth),
    .Wipe (Wipe)
  ) u_dut (
    .clk_i,
    .rst_ni,
    .in_valid_i,
    .in_ready_o (in_ready),
    .in_data_i,
    .out_valid_o(out_valid),
    .out_ready_i,
    .out_data_o (out_data),
    .count_o    (count)
  );

  // the list: entry 0 is the oldest
  logic [Depth-1:0][3:0] list_d, list_q;
  logic [CountW-1:0]     held_d, held_q;
  logic                  push, pop;

  assign push = in_valid_i && in_ready;
  assign pop = out_valid && out_ready_i;

  always_comb begin
    list_d = list_q;
    held_d = held_q;
    if (pop) begin
      list_d = list_q >> 4;
      held_d = held_q - CountW'(1);
    end
    if (push) begin
      for (int unsigned i = 0; i < Depth; i++) begin
        if (held_d == CountW'(i)) list_d[i] = in_data_i;
      end
      held_d = held_d + CountW'(1);
    end
  end

  logic init_q = 1'b0;
  always_ff @(posedge clk_i) begin
    init_q <= 1'b1;
    if (!rst_ni) begin
      held_q <= '0;
    end else begin
      held_q <= held_d;
    end
    list_q <= list_d;
    if (!init_q) assume (!rst_ni);
  end

  always_ff @(posedge clk_i) begin
    if (init_q) begin
      a_count: assert (count == held_q && 32'(held_q) <= Depth);
      a_valid: assert (out_valid == (held_q != '0));
      a_ready: assert (in_ready == (32'(held_q) != Depth));
      a_data: assert (!out_valid || out_data == list_q[0]);
      c_full: cover (32'(held_q) == Depth);
      c_drained: cover (held_q == '0 && $past(held_q) != '0 && $past(rst_ni));
    end
  end

  // how the registers show the list
  if (Wipe != 0 || Depth <= 4) begin : gen_shift
    for (genvar i = 0; i < Depth; i++) begin : gen_entry
      always_ff @(posedge clk_i) begin
        if (init_q && 32'(held_q) > i) begin
          a_entry: assert (u_dut.gen_shift.data_q[i] == list_q[i]);
        end
      end
    end
  end else begin : gen_memory
    localparam int unsigned PtrW = $clog2(Depth);
    for (genvar i = 0; i < Depth; i++) begin : gen_entry
      logic [PtrW:0] place;
      assign place = {1'b0, u_dut.gen_memory.rptr_q} + (PtrW+1)'(i);
      always_ff @(posedge clk_i) begin
        if (init_q) begin
          a_ptr: assert (32'(u_dut.gen_memory.rptr_q) < Depth && 32'(u_dut.gen_memory.wptr_q) < Depth);
          a_dist: assert (((32'(u_dut.gen_memory.rptr_q) + 32'(held_q)) % Depth) == 32'(u_dut.gen_memory.wptr_q));
          if (32'(held_q) > i) begin
            a_entry: assert (u_dut.gen_memory.u_mem.gen_auto.mem_q[PtrW'(32'(place) % Depth)] == list_q[i]);
          end
        end
      end
    end
  end

endmodule
