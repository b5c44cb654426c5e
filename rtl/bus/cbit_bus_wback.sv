// SPDX-License-Identifier: Apache-2.0
//
// cbit_bus_wback: write entries with an answer of their own, and what earlier chunks hand on.
//
// Where: write table, for the response stage.
// Latency: the lowest entry with an answer of its own is in a register, a cycle after it could be
// found, and gone for a cycle after its completion. Of the entry that is looked at: combinational.
// What is written for an entry comes a cycle after its allocation, what is handed on to it a cycle
// after the completion that hands it on (bypassed).
// Source: docs/units/bus_write.md, section B (own_q, acc, bacc_q). Reset: nothing found, nothing
// left, nothing handed on.

module cbit_bus_wback
  import cbit_pkg::*;
#(
  parameter int unsigned NumWr = 64,
  localparam int unsigned EntW = $clog2(NumWr)
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  // of every entry: ANSWER and first of its ID
  input  logic [NumWr-1:0] own_i,
  // the lowest of them (own_q); it stays while it is shown
  output logic             own_valid_o,
  output logic [EntW-1:0]  own_e_o,
  input  logic             own_show_i,
  input  logic             own_done_i,
  // entry looked at; it ends its burst; it has a successor, this one
  input  logic [EntW-1:0]  e_i,
  input  logic             last_i,
  input  logic             next_valid_i,
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

  // ---- lowest entry with an answer ----
  // Level k has a node at every multiple of 2^k: whether one of its 2^k entries has an answer, and
  // the number of the lowest of them. The bits between the nodes mean nothing. A level is a few
  // words wide, which a simulator is quick with; the gates are those of a tree of multiplexers.
  logic [NumWr-1:0] any [EntW+1];
  logic [NumWr-1:0] num [EntW+1][EntW];   // bit of the number

  function automatic logic [NumWr-1:0] lower(input logic [NumWr-1:0] any_low,
                                             input logic [NumWr-1:0] x, input int unsigned step);
    return (any_low & x) | (~any_low & (x >> step));
  endfunction

  always_comb begin
    any[0] = own_i;
    for (int unsigned b = 0; b < EntW; b++) begin
      num[0][b] = '0;
    end
    for (int unsigned k = 0; k < EntW; k++) begin
      any[k+1] = any[k] | (any[k] >> (1 << k));
      for (int unsigned b = 0; b < EntW; b++) begin
        num[k+1][b] = (b < k) ? lower(any[k], num[k][b], 1 << k) : (b == k) ? ~any[k] : '0;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      own_valid_o <= 1'b0;
    end else begin
      own_valid_o <= any[EntW][0] && !own_done_i;
    end
    if (!own_show_i) begin
      for (int unsigned b = 0; b < EntW; b++) begin
        own_e_o[b] <= num[EntW][b][0];
      end
    end
  end

  // ---- acc: what the chunks before handed on ----
  // Chunks that are done before their burst's next chunk comes leave their response in early_q for
  // it; the response of a cycle is put there in the next one. An entry's word is written a cycle
  // after its allocation, before it can be looked at.
  logic            leave_q, cont_q, pred_q, al_was_q, pred;
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
      leave_q <= done_i && !last_i && !next_valid_i && !(al_i && al_first_i);
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
    .re_i(1'b1), .raddr_i(e_i), .rdata_o({pred, left_acc})
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
    hand_q <= !last_i;
  end

  assign hand_acc = hand_q ? resp_q_i : RESP_OKAY;

  cbit_ram_1r1w #(.Width(2), .Depth(NumWr), .Sync(0), .Style("distributed")) u_acc (
    .clk_i,
    .we_i(succ_q), .waddr_i(succ_e_q), .wbe_i('1), .wdata_i(hand_acc),
    .re_i(1'b1), .raddr_i(e_i), .rdata_o(merged_acc)
  );

  assign succ = succ_q && e_i == succ_e_q;
  assign given_acc = succ ? hand_acc : merged_acc;
  assign acc_o = (pred && given_acc > left_acc) ? given_acc : left_acc;

endmodule
