// SPDX-License-Identifier: Apache-2.0
//
// cbit_bus_wback: write entries with an answer of their own, and what earlier chunks hand on.
//
// Where: write table, for the response stage. That looks at one of two entries: one known from
// registers (of the DRAM's response, or held) or the lowest entry with an answer of its own.
// Latency: combinational from registers; what is written for an entry comes a cycle after its
// allocation, what is handed on to it a cycle after the completion that hands it on (bypassed).
// Source: docs/units/bus_write.md, section B (acc, bacc_q). Reset: nothing left, nothing handed on.
//
// The lowest entry with an answer is in a register. It is made at the end of the cycle before, from
// the lowest of all that stay and from the entries that get their answer in that cycle. Only of the
// entry that becomes the first of its ID in that cycle it is told in the cycle itself whether it has
// an answer: its number is too late for more.
`include "cbit_assert.svh"

module cbit_bus_wback
  import cbit_pkg::*;
#(
  parameter int unsigned NumWr = 64,
  localparam int unsigned EntW = $clog2(NumWr)
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  // of every entry: ANSWER; first of its ID (new_e_i, if new_i, since this cycle); ends its burst
  input  logic [NumWr-1:0] ans_i,
  input  logic [NumWr-1:0] first_i,
  input  logic             new_i,
  input  logic [EntW-1:0]  new_e_i,
  input  logic [NumWr-1:0] last_i,
  // entries that become ANSWER with the end of this cycle, and whether they are first of their ID
  // (true is not said of one that becomes the first in this cycle, by the completion of another)
  input  logic             em_ans_i,
  input  logic [EntW-1:0]  em_e_i,
  input  logic             em_first_i,
  input  logic             fault_i,
  input  logic             fault_first_i,
  // the lowest with an answer
  output logic             own_valid_o,
  output logic [EntW-1:0]  own_e_o,
  // entry looked at: the one from registers or that one
  input  logic             use_reg_i,
  input  logic [EntW-1:0]  reg_e_i,
  output logic [EntW-1:0]  e_o,
  output logic             last_o,
  input  logic             next_valid_i,   // it has a successor
  input  logic [EntW-1:0]  next_e_i,
  output logic [1:0]       acc_o,
  // its completion; the response, a cycle later
  input  logic             done_i,
  input  logic [1:0]       resp_q_i,
  // allocation
  input  logic             al_i,
  input  logic [EntW-1:0]  al_e_i,
  input  logic             al_first_i,     // first chunk of a burst
  input  logic             al_cont_i,      // a further one
  input  logic             al_pred_i       // an older entry of its ID stays
);

  // ---- in this cycle: own_q, or the entry that is first of its ID since now ----
  logic             own_valid_q, new_ans;
  logic [EntW-1:0]  own_e_q;

  assign new_ans = new_i && ans_i[new_e_i] && (!own_valid_q || new_e_i < own_e_q);
  assign own_valid_o = own_valid_q || new_ans;
  assign own_e_o = new_ans ? new_e_i : own_e_q;
  assign e_o = use_reg_i ? reg_e_i : own_e_o;
  assign last_o = use_reg_i ? last_i[reg_e_i] : new_ans ? last_i[new_e_i] : last_i[own_e_q];

  // ---- the lowest but own_q: a tree ----
  // Level k has a node at every multiple of 2^k: whether one of its 2^k entries has an answer, and the
  // number of the lowest of them. The bits between the nodes mean nothing. A level is a few words wide,
  // which a simulator is quick with; the gates are those of a tree of multiplexers.
  logic [NumWr-1:0] own_hot, any [EntW+1];
  logic [NumWr-1:0] num [EntW+1][EntW];   // bit of the number
  logic             other_valid;
  logic [EntW-1:0]  other_e;

  function automatic logic [NumWr-1:0] lower(input logic [NumWr-1:0] any_low,
                                             input logic [NumWr-1:0] x, input int unsigned step);
    return (any_low & x) | (~any_low & (x >> step));
  endfunction

  cbit_idx_onehot #(.N(NumWr)) u_own_hot (
    .en_i(own_valid_q), .idx_i(own_e_q), .onehot_o(own_hot)
  );

  always_comb begin
    any[0] = ans_i & first_i & ~own_hot;
    for (int unsigned b = 0; b < EntW; b++) begin
      num[0][b] = '0;
    end
    for (int unsigned k = 0; k < EntW; k++) begin
      any[k+1] = any[k] | (any[k] >> (1 << k));
      for (int unsigned b = 0; b < EntW; b++) begin
        num[k+1][b] = (b < k) ? lower(any[k], num[k][b], 1 << k) : (b == k) ? ~any[k] : '0;
      end
    end
    for (int unsigned b = 0; b < EntW; b++) begin
      other_e[b] = num[EntW][b][0];
    end
  end

  assign other_valid = any[EntW][0];

  // ---- for the next cycle ----
  logic            reg_own, drop_own, drop_new, stay_new, stay_valid;
  logic            em_come, fault_come, em_below, fault_below, em_win, fault_win;
  logic [EntW-1:0] stay_e;

  assign reg_own = own_valid_q && reg_e_i == own_e_q;
  assign drop_own = done_i && (use_reg_i ? reg_own : !new_ans);
  assign drop_new = done_i && !use_reg_i;
  assign stay_new = new_ans && !drop_new;

  // of those that stay
  assign stay_valid = drop_own ? other_valid : stay_new || own_valid_q;
  assign stay_e = drop_own ? other_e : stay_new ? new_e_i : own_e_q;

  // of those that come
  assign em_come = em_ans_i && em_first_i;
  assign fault_come = fault_i && fault_first_i;
  assign em_below = drop_own ? em_e_i < other_e : stay_new ? em_e_i < new_e_i : em_e_i < own_e_q;
  assign fault_below = drop_own ? al_e_i < other_e :
                       stay_new ? al_e_i < new_e_i : al_e_i < own_e_q;
  assign em_win = em_come && (!stay_valid || em_below) && !(fault_come && al_e_i < em_e_i);
  assign fault_win = fault_come && (!stay_valid || fault_below) && !(em_come && em_e_i < al_e_i);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      own_valid_q <= 1'b0;
    end else begin
      own_valid_q <= stay_valid || em_come || fault_come;
    end
    own_e_q <= em_win ? em_e_i : fault_win ? al_e_i : stay_e;
  end

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
      leave_q <= done_i && !last_o && !next_valid_i && !(al_i && al_first_i);
      al_was_q <= al_i;
    end
  end

  always_ff @(posedge clk_i) begin
    al_was_e_q <= al_e_i;
    cont_q <= al_cont_i;
    pred_q <= al_pred_i;
  end

  cbit_ram_1r1w #(.Width(3), .Depth(NumWr), .Sync(0), .Style("distributed")) u_early (
    .clk_i,
    .we_i(al_was_q), .waddr_i(al_was_e_q), .wbe_i('1),
    .wdata_i({pred_q, cont_q ? early : RESP_OKAY}),
    .re_i(1'b1), .raddr_i(e_o), .rdata_o({pred, left_acc})
  );

  // what the entry before handed on when it was done, written a cycle later
  logic            succ_q, hand_q, succ;
  logic [EntW-1:0] succ_e_q;
  logic [1:0]      hand_acc;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      succ_q <= 1'b0;
    end else begin
      succ_q <= done_i && next_valid_i;
    end
    succ_e_q <= next_e_i;
    hand_q <= !last_o;
  end

  assign hand_acc = hand_q ? resp_q_i : RESP_OKAY;

  cbit_ram_1r1w #(.Width(2), .Depth(NumWr), .Sync(0), .Style("distributed")) u_acc (
    .clk_i,
    .we_i(succ_q), .waddr_i(succ_e_q), .wbe_i('1), .wdata_i(hand_acc),
    .re_i(1'b1), .raddr_i(e_o), .rdata_o(merged_acc)
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

`ifdef CBIT_ASSERT_ON
  logic            low_valid;
  logic [EntW-1:0] low_e;

  always_comb begin
    low_valid = 1'b0;
    low_e = '0;
    for (int unsigned e = NumWr; e > 0; e--) begin
      if (ans_i[e-1] && first_i[e-1]) begin
        low_valid = 1'b1;
        low_e = EntW'(e - 1);
      end
    end
  end
`endif

  `CBIT_ASSERT(WBackOwn, own_valid_o == low_valid && (!low_valid || own_e_o == low_e))

endmodule
