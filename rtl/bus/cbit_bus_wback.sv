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

  // ---- lowest entry with an answer, with its properties: a tree, node 1 on top ----
  typedef struct packed {
    logic            last;
    logic            has_next;
    logic            bad;
    logic [EntW-1:0] e;
  } own_t;

  logic [2*NumWr-1:1] own_any;
  own_t               own [1:2*NumWr-1];

  always_comb begin
    for (int unsigned e = 0; e < NumWr; e++) begin
      own_any[NumWr + e] = own_i[e];
      own[NumWr + e] = '{last: last_i[e], has_next: has_next_i[e], bad: bad_i[e], e: EntW'(e)};
    end
    for (int unsigned i = NumWr - 1; i > 0; i--) begin
      own_any[i] = own_any[2 * i] || own_any[2 * i + 1];
      own[i] = own_any[2 * i] ? own[2 * i] : own[2 * i + 1];
    end
  end

  assign own_valid_o = own_any[1];
  assign own_e_o = own[1].e;
  assign own_bad_o = own[1].bad;

  assign e_o = use_reg_i ? reg_e_i : own[1].e;
  assign bank_o = use_reg_i ? reg_e_i[EntW-1:LowW] : own[1].e[EntW-1:LowW];
  for (genvar b = 0; b < Banks; b++) begin : gen_low
    assign low_o[b] = use_reg_i ? reg_e_i[LowW-1:0] : own[Banks + b].e[LowW-1:0];
  end

  assign last_o = use_reg_i ? last_i[reg_e_i] : own[1].last;
  assign next_valid_o = use_reg_i ? has_next_i[reg_e_i] : own[1].has_next;

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

  assign succ = succ_q && (use_reg_i ? reg_e_i == succ_e_q : own[1].e == succ_e_q);
  assign fault_new = al_was_q && !use_reg_i && own[1].e == al_was_e_q;

  always_comb begin
    given_acc = succ ? hand_acc : merged_acc;
    acc_o = (pred && given_acc > left_acc) ? given_acc : left_acc;
    if (fault_new) begin
      acc_o = RESP_OKAY;
    end
  end

endmodule
