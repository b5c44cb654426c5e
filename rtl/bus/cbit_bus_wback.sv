// SPDX-License-Identifier: Apache-2.0
//
// cbit_bus_wback: write entries with an answer of their own, and what earlier chunks hand on.
//
// Where: write table, for the response stage. That looks at one of two entries: one known from
// registers (of the DRAM's response, or held) or the lowest entry with an answer of its own.
// Latency: combinational from registers; what is written for an entry comes a cycle after its
// allocation, what is handed on to it a cycle after the completion that hands it on (bypassed).
// Source: docs/units/bus_write.md, section B (acc, bacc_q). Reset: nothing left, nothing handed on.

module cbit_bus_wback
  import cbit_pkg::*;
#(
  parameter int unsigned NumWr = 64,
  parameter int unsigned Banks = 4,
  localparam int unsigned EntW = $clog2(NumWr),
  localparam int unsigned BankW = $clog2(Banks),
  localparam int unsigned LowW = EntW - BankW
) (
  input  logic                       clk_i,
  input  logic                       rst_ni,
  // of every entry: ANSWER and first of its ID; ends its burst; has a successor; answers SLVERR
  input  logic [NumWr-1:0]           own_i,
  input  logic [NumWr-1:0]           last_i,
  input  logic [NumWr-1:0]           has_next_i,
  input  logic [NumWr-1:0]           bad_i,
  // the lowest with an answer
  output logic                       own_valid_o,
  output logic [EntW-1:0]            own_e_o,
  output logic                       own_bad_o,
  // entry looked at: the one from registers or that one
  input  logic                       use_reg_i,
  input  logic [EntW-1:0]            reg_e_i,
  output logic [EntW-1:0]            e_o,
  output logic [Banks-1:0][LowW-1:0] low_o,          // read address of cbit_bus_wbank
  output logic [BankW-1:0]           bank_o,
  output logic                       last_o,
  output logic                       next_valid_o,
  input  logic [EntW-1:0]            next_e_i,
  output logic [1:0]                 acc_o,
  // its completion; the response, a cycle later
  input  logic                       done_i,
  input  logic [1:0]                 resp_q_i,
  // allocation
  input  logic                       al_i,
  input  logic [EntW-1:0]            al_e_i,
  input  logic                       al_first_i,     // first chunk of a burst
  input  logic                       al_cont_i,      // a further one
  input  logic                       al_pred_i       // an older entry of its ID stays
);

  // ---- lowest entry with an answer, with its properties: a tree ----
  // Level k has a node at every multiple of 2^k: whether one of its 2^k entries has an answer, and of
  // the lowest of them its properties and its number. The bits between the nodes mean nothing. A level
  // is a few words wide, which a simulator is quick with; the gates are those of a tree of multiplexers.
  logic [NumWr-1:0] any [EntW+1], last [EntW+1], has_next [EntW+1], bad [EntW+1];
  logic [NumWr-1:0] num [EntW+1][EntW];   // bit of the number

  function automatic logic [NumWr-1:0] lower(input logic [NumWr-1:0] any_low,
                                             input logic [NumWr-1:0] x, input int unsigned step);
    return (any_low & x) | (~any_low & (x >> step));
  endfunction

  always_comb begin
    any[0] = own_i;
    last[0] = last_i;
    has_next[0] = has_next_i;
    bad[0] = bad_i;
    for (int unsigned b = 0; b < EntW; b++) begin
      num[0][b] = '0;
    end
    for (int unsigned k = 0; k < EntW; k++) begin
      any[k+1] = any[k] | (any[k] >> (1 << k));
      last[k+1] = lower(any[k], last[k], 1 << k);
      has_next[k+1] = lower(any[k], has_next[k], 1 << k);
      bad[k+1] = lower(any[k], bad[k], 1 << k);
      for (int unsigned b = 0; b < EntW; b++) begin
        num[k+1][b] = (b < k) ? lower(any[k], num[k][b], 1 << k) : (b == k) ? ~any[k] : '0;
      end
    end
    for (int unsigned b = 0; b < EntW; b++) begin
      own_e_o[b] = num[EntW][b][0];
    end
    for (int unsigned i = 0; i < Banks; i++) begin
      for (int unsigned b = 0; b < LowW; b++) begin
        low_o[i][b] = use_reg_i ? reg_e_i[b] : num[LowW][b][i << LowW];
      end
    end
  end

  assign own_valid_o = any[EntW][0];
  assign own_bad_o = bad[EntW][0];

  assign e_o = use_reg_i ? reg_e_i : own_e_o;
  assign bank_o = e_o[EntW-1:LowW];

  assign last_o = use_reg_i ? last_i[reg_e_i] : last[EntW][0];
  assign next_valid_o = use_reg_i ? has_next_i[reg_e_i] : has_next[EntW][0];

  // ---- acc: what the chunks before handed on ----
  // Chunks that are done before their burst's next chunk comes leave their response in early_q for
  // it; the response of a cycle is put there in the next one. An entry's word is written a cycle
  // after its allocation: its response is looked for that early only if it was refused.
  logic            leave_q, cont_q, pred_q, al_was_q, fault_new, pred;
  logic [EntW-1:0] al_was_e_q;
  logic [1:0]      early, early_q, left_acc, merged_acc, given_acc;

  assign early = (leave_q && resp_q_i > early_q) ? resp_q_i : early_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      early_q <= RESP_OKAY;
      leave_q <= 1'b0;
      al_was_q <= 1'b0;
    end else begin
      early_q <= (al_i && al_first_i) ? RESP_OKAY : early;
      leave_q <= done_i && !last_o && !next_valid_o && !(al_i && al_first_i);
      al_was_q <= al_i;
    end
  end

  always_ff @(posedge clk_i) begin
    al_was_e_q <= al_e_i;
    cont_q <= al_cont_i;
    pred_q <= al_pred_i;
  end

  cbit_bus_wbank #(.Width(3), .Depth(NumWr), .Banks(Banks)) u_early (
    .clk_i,
    .we_i(al_was_q), .waddr_i(al_was_e_q), .wdata_i({pred_q, cont_q ? early : RESP_OKAY}),
    .rlow_i(low_o), .rbank_i(bank_o), .rdata_o({pred, left_acc})
  );

  // what the entry before handed on when it was done, written a cycle later
  logic            succ_q, hand_q, succ;
  logic [EntW-1:0] succ_e_q;
  logic [1:0]      hand_acc;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      succ_q <= 1'b0;
    end else begin
      succ_q <= done_i && next_valid_o;
    end
    succ_e_q <= next_e_i;
    hand_q <= !last_o;
  end

  assign hand_acc = hand_q ? resp_q_i : RESP_OKAY;

  cbit_bus_wbank #(.Width(2), .Depth(NumWr), .Banks(Banks)) u_acc (
    .clk_i,
    .we_i(succ_q), .waddr_i(succ_e_q), .wdata_i(hand_acc),
    .rlow_i(low_o), .rbank_i(bank_o), .rdata_o(merged_acc)
  );

  assign succ = succ_q && (use_reg_i ? reg_e_i == succ_e_q : own_e_o == succ_e_q);
  assign fault_new = al_was_q && !use_reg_i && own_e_o == al_was_e_q;

  always_comb begin
    given_acc = succ ? hand_acc : merged_acc;
    acc_o = (pred && given_acc > left_acc) ? given_acc : left_acc;
    if (fault_new) begin
      acc_o = RESP_OKAY;
    end
  end

endmodule
