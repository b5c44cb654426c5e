// SPDX-License-Identifier: Apache-2.0
//
// rr_arb_props: cbit_rr_arb grants exactly one of those who ask, and nobody waits for more than N - 1 acknowledged grants.
module rr_arb_props #(
  parameter int unsigned N = 2
) (
  input logic         clk_i,
  input logic         rst_ni,
  input logic [N-1:0] req_i,
  input logic         ack_i
);

  logic [N-1:0] gnt;

  cbit_rr_arb #(
    .N(N)
  ) u_dut (
    .clk_i,
    .rst_ni,
    .req_i,
    .gnt_o(gnt),
    .ack_i
  );

  logic init_q = 1'b0;
  always_ff @(posedge clk_i) begin
    init_q <= 1'b1;
    if (!init_q) assume (!rst_ni);
  end

  always_comb begin
    a_onehot: assert ($countones(gnt) <= 1);
    a_asked: assert ((gnt & ~req_i) == '0);
    a_busy: assert ((req_i != '0) == (gnt != '0));
  end

  for (genvar i = 0; i < N; i++) begin : gen_wait
    // acknowledged grants to others while i has been asking without a break
    logic [7:0] waits_q;
    logic [7:0] gap;   // places from the last winner up to i: 1 .. N

    assign gap = (8'(u_dut.last_q) < 8'(i)) ? 8'(i) - 8'(u_dut.last_q) : 8'(i) + 8'(N) - 8'(u_dut.last_q);

    always_ff @(posedge clk_i) begin
      if (!rst_ni || !req_i[i] || (ack_i && gnt[i])) begin
        waits_q <= '0;
      end else if (ack_i && gnt != '0) begin
        waits_q <= waits_q + 8'd1;
      end
    end

    always_ff @(posedge clk_i) begin
      if (init_q) begin
        a_last: assert (32'(u_dut.last_q) < N);
        a_progress: assert (waits_q + gap <= 8'(N));
        a_fair: assert (waits_q <= 8'(N - 1));
        c_longest: cover (waits_q == 8'(N - 1) && rst_ni);
      end
    end
  end

endmodule
