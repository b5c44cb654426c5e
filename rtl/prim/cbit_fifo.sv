// SPDX-License-Identifier: Apache-2.0
//
// cbit_fifo: queue of Depth entries of Width bits.
//
// Where: every queue of the engine; with Depth = 2 the register slice at its pins.
// Latency: an entry pushed at edge t is at the output from cycle t+1 on; one transfer a cycle.
// in_ready_o and out_valid_o (and for small queues out_data_o) come straight from registers, so no
// combinational path crosses the queue. Stalls: in_ready_o is low while full, also during a pop.
// Reset: empty. Data is reset only with Wipe = 1 (queues that hold secrets).
//
// Up to four entries, and always with Wipe, the entries shift towards the output, so that the
// output is a register without a multiplexer behind it; deeper queues are a small memory. Whether
// there is a push is known late: the next free place takes what is offered in every cycle, and the
// push only counts it (not with Wipe, which keeps what was never pushed out of its registers).
`include "cbit_assert.svh"

module cbit_fifo #(
  parameter int unsigned Width = 8,   // 1 and more
  parameter int unsigned Depth = 2,   // 1 and more
  parameter int unsigned Wipe = 0,    // 1: reset clears the data too
  localparam int unsigned CountW = $clog2(Depth + 1)
) (
  input  logic              clk_i,
  input  logic              rst_ni,
  // push side
  input  logic              in_valid_i,
  output logic              in_ready_o,
  input  logic [Width-1:0]  in_data_i,
  // pop side
  output logic              out_valid_o,
  input  logic              out_ready_i,
  output logic [Width-1:0]  out_data_o,
  // entries held
  output logic [CountW-1:0] count_o
);

  logic [CountW-1:0] count_d, count_q;
  logic              push, pop;

  assign in_ready_o = count_q != CountW'(Depth);
  assign out_valid_o = count_q != '0;
  assign count_o = count_q;
  assign push = in_valid_i && in_ready_o;
  assign pop = out_valid_o && out_ready_i;

  always_comb begin
    count_d = count_q;
    if (push && !pop) begin
      count_d = count_q + CountW'(1);
    end else if (pop && !push) begin
      count_d = count_q - CountW'(1);
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      count_q <= '0;
    end else begin
      count_q <= count_d;
    end
  end

  if (Wipe != 0 || Depth <= 4) begin : gen_shift
    logic [Width-1:0]  data_q [Depth];
    logic [CountW-1:0] fill;   // entries that stay after the pop = place of the push

    assign fill = pop ? count_q - CountW'(1) : count_q;
    assign out_data_o = data_q[0];

    for (genvar i = 0; i < Depth; i++) begin : gen_entry
      logic [Width-1:0] moved;

      if (i + 1 < Depth) begin : gen_next
        assign moved = data_q[i + 1];
      end else begin : gen_last
        assign moved = in_data_i;   // the last entry is never filled by a shift
      end

      always_ff @(posedge clk_i) begin
        if (Wipe != 0 && !rst_ni) begin
          data_q[i] <= '0;
        end else if (fill == CountW'(i) && (Wipe == 0 || push)) begin
          data_q[i] <= in_data_i;
        end else if (pop) begin
          data_q[i] <= moved;
        end
      end
    end
  end else begin : gen_memory
    localparam int unsigned PtrW = $clog2(Depth);
    logic [PtrW-1:0] wptr_q, rptr_q;

    function automatic logic [PtrW-1:0] ptr_next(input logic [PtrW-1:0] ptr);
      return (ptr == PtrW'(Depth - 1)) ? '0 : ptr + PtrW'(1);
    endfunction

    always_ff @(posedge clk_i) begin
      if (!rst_ni) begin
        wptr_q <= '0;
        rptr_q <= '0;
      end else begin
        if (push) begin
          wptr_q <= ptr_next(wptr_q);
        end
        if (pop) begin
          rptr_q <= ptr_next(rptr_q);
        end
      end
    end

    cbit_ram_1r1w #(
      .Width(Width),
      .Depth(Depth),
      .Sync (0)
    ) u_mem (
      .clk_i,
      .we_i   (in_ready_o),
      .waddr_i(wptr_q),
      .wbe_i  ('1),
      .wdata_i(in_data_i),
      .re_i   (1'b1),
      .raddr_i(rptr_q),
      .rdata_o(out_data_o)
    );
  end

  `CBIT_ASSERT_INIT(FifoWidth, Width >= 1)
  `CBIT_ASSERT_INIT(FifoDepth, Depth >= 1)
  `CBIT_ASSERT(FifoCount, 32'(count_q) <= Depth)

endmodule
