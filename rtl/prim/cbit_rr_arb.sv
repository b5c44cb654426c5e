// SPDX-License-Identifier: Apache-2.0
//
// cbit_rr_arb: round-robin pick of one of N requests.
//
// Latency: the grant is combinational. The winner is the first requesting index in the order
// last+1, last+2, ... modulo N, where last is the index of the last acknowledged winner (reset N-1,
// so index 0 is first after reset). The pointer moves at an edge with ack_i and a grant.
`include "cbit_assert.svh"

module cbit_rr_arb #(
  parameter int unsigned N = 2   // 1 and more
) (
  input  logic         clk_i,
  input  logic         rst_ni,
  input  logic [N-1:0] req_i,
  output logic [N-1:0] gnt_o,   // one-hot, or zero without a request
  input  logic         ack_i
);

  localparam int unsigned IdxW = (N > 1) ? $clog2(N) : 1;

  logic [IdxW-1:0] last_d, last_q;
  logic [N-1:0]    after, pick;

  // requests with an index above last go first; the lowest of the chosen set wins
  always_comb begin
    for (int unsigned i = 0; i < N; i++) begin
      after[i] = req_i[i] && (IdxW'(i) > last_q);
    end
  end

  assign pick = (after != '0) ? after : req_i;
  assign gnt_o = pick & (~pick + N'(1));

  always_comb begin
    last_d = last_q;
    for (int unsigned i = 0; i < N; i++) begin
      if (ack_i && gnt_o[i]) begin
        last_d = IdxW'(i);
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      last_q <= IdxW'(N - 1);
    end else begin
      last_q <= last_d;
    end
  end

  `CBIT_ASSERT_INIT(RrArbN, N >= 1)
  `CBIT_ASSERT(RrArbOneHot, (gnt_o & (gnt_o - N'(1))) == '0)
  `CBIT_ASSERT(RrArbOnlyAsked, (gnt_o & ~req_i) == '0)
  `CBIT_ASSERT(RrArbNoIdle, (req_i == '0) || (gnt_o != '0))

endmodule
