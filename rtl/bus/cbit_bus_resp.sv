// SPDX-License-Identifier: Apache-2.0
//
// cbit_bus_resp: write responses, from the DRAM and from the table, to the requester.
//
// Where: between the DRAM's B pins and the requester's B pins, beside the write table.
// Latency: B pin to B pin 1 cycle (queue bq). A response of the DRAM goes before an answer of the
// table, which comes from a register (own_q); what was shown and not taken stays. A chunk that does not end its burst completes without
// the pins; its response is merged into the next chunk's (in the table).
// Source: docs/units/bus_write.md, section B. Reset: nothing held, queue empty.
`include "cbit_assert.svh"

module cbit_bus_resp
  import cbit_pkg::*;
#(
  parameter int unsigned NumWr = 64,
  localparam int unsigned EntW = $clog2(NumWr)
) (
  input  logic            clk_i,
  input  logic            rst_ni,
  // DRAM, B
  input  logic            m_b_valid_i,
  output logic            m_b_ready_o,
  input  logic [IdW-1:0]  m_b_id_i,
  input  logic [1:0]      m_b_resp_i,
  // requester, B
  output logic            s_b_valid_o,
  input  logic            s_b_ready_i,
  output logic [IdW-1:0]  s_b_id_o,
  output logic [1:0]      s_b_resp_o,
  // table: first live entry of an ID; which entries are ANSWER; the lowest of them that is the first
  // of its ID (own_q)
  output logic [IdW-1:0]   find_id_o,
  input  logic             find_any_i,   // there is one
  input  logic [EntW-1:0]  find_e_i,
  input  logic [NumWr-1:0] ans_i,
  input  logic             own_valid_i,
  input  logic [EntW-1:0]  own_e_i,
  output logic             own_show_o,   // it is looked at
  // entry of the response at bq's head, and what comes next of the ID of either
  output logic [EntW-1:0]  bq_e_o,
  input  logic [EntW-1:0]  bq_next_e_i,
  input  logic [EntW-1:0]  own_next_e_i,
  // entry looked at
  output logic             use_own_o,
  output logic [EntW-1:0]  e_o,
  input  logic [IdW-1:0]   id_i,
  input  logic [1:0]       acc_i,
  input  logic             bad_i,        // ANSWER: with SLVERR
  input  logic             dead_i,       // SENT: its keys are gone
  input  logic             last_i,       // it ends its burst
  input  logic [EntW-1:0]  next_e_i,     // first of its ID once it is done
  // its completion, with an answer of its own; the response of burst or chunk, a cycle later
  output logic             done_o,
  output logic             own_done_o,
  output logic [1:0]       resp_q_o
);

  typedef enum logic [1:0] {
    HoldNone,
    HoldBq,    // the response of the DRAM at the head of bq was shown
    HoldInj    // the answer of own_q's entry was shown
  } hold_e;

  hold_e           hold_d, hold_q;
  logic            bq_valid, bq_push, bq_pop, from_bq, from_own, show;
  logic [1:0]      bq_resp, own_resp, resp, resp_q;

  // ---- bq: responses of the DRAM, each with the first live entry of its ID ----
  // That one is looked up as the response comes in; when it is done, the next of its ID is it. The
  // DRAM answers what is SENT; so the first of the ID is SENT, or ANSWER (bq_ans_q) and goes first,
  // and stays what it is.
  logic [1:0][1:0]      bq_resp_d, bq_resp_q;
  logic [1:0][EntW-1:0] bq_e_d, bq_e_q;
  logic [1:0]           bq_ans_d, bq_ans_q;
  logic [1:0]           bq_hit, bq_count_d, bq_count_q;
  logic                 in_hit, in_ans, next_ans;
  logic [EntW-1:0]      in_e;

  assign m_b_ready_o = bq_count_q != 2'd2;
  assign bq_valid = bq_count_q != 2'd0;
  assign bq_push = m_b_valid_i && m_b_ready_o;
  assign bq_resp = bq_resp_q[0];
  assign find_id_o = m_b_id_i;

  for (genvar i = 0; i < 2; i++) begin : gen_hit
    assign bq_hit[i] = done_o && bq_e_q[i] == e_o;
  end

  assign next_ans = use_own_o ? ans_i[own_next_e_i] : ans_i[bq_next_e_i];
  assign in_hit = done_o && find_e_i == e_o;
  assign in_e = in_hit ? next_e_i : find_e_i;
  assign in_ans = in_hit ? next_ans : ans_i[find_e_i];

  always_comb begin
    bq_resp_d = bq_resp_q;
    bq_count_d = bq_count_q;
    for (int unsigned i = 0; i < 2; i++) begin
      bq_e_d[i] = bq_hit[i] ? next_e_i : bq_e_q[i];
      bq_ans_d[i] = bq_hit[i] ? next_ans : bq_ans_q[i];
    end
    if (bq_pop) begin
      bq_resp_d[0] = bq_resp_q[1];
      bq_e_d[0] = bq_e_d[1];
      bq_ans_d[0] = bq_ans_d[1];
      bq_count_d = bq_count_q - 2'd1;
    end
    if (bq_push) begin
      bq_resp_d[bq_count_d[0]] = m_b_resp_i;
      bq_e_d[bq_count_d[0]] = in_e;
      bq_ans_d[bq_count_d[0]] = in_ans;
      bq_count_d = bq_count_d + 2'd1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      bq_count_q <= '0;
    end else begin
      bq_count_q <= bq_count_d;
    end
    bq_resp_q <= bq_resp_d;
    bq_e_q <= bq_e_d;
    bq_ans_q <= bq_ans_d;
  end

  // ---- pick ----
  assign from_bq = hold_q == HoldBq || (hold_q == HoldNone && bq_valid && !bq_ans_q[0]);
  assign use_own_o = !from_bq;
  assign from_own = hold_q == HoldInj || (use_own_o && own_valid_i);
  assign own_show_o = from_own;
  assign bq_e_o = bq_e_q[0];
  assign e_o = use_own_o ? own_e_i : bq_e_q[0];

  // ---- response, completion ----
  always_comb begin
    own_resp = bad_i ? RESP_SLVERR : RESP_OKAY;
    if (from_bq) begin
      own_resp = (dead_i && bq_resp < RESP_SLVERR) ? RESP_SLVERR : bq_resp;
    end
    resp = (acc_i > own_resp) ? acc_i : own_resp;
    // what was shown stays
    if (hold_q != HoldNone) begin
      resp = resp_q;
    end
  end

  assign show = (from_bq || from_own) && last_i;
  assign done_o = (from_bq || from_own) && (!last_i || s_b_ready_i);
  assign own_done_o = from_own && (!last_i || s_b_ready_i);
  assign bq_pop = from_bq && (!last_i || s_b_ready_i);
  assign s_b_valid_o = show;
  assign s_b_id_o = id_i;
  assign s_b_resp_o = resp;
  assign resp_q_o = resp_q;

  always_comb begin
    hold_d = HoldNone;
    if (show && !s_b_ready_i) begin
      hold_d = from_bq ? HoldBq : HoldInj;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      hold_q <= HoldNone;
    end else begin
      hold_q <= hold_d;
    end
    resp_q <= resp;
  end

  // every DRAM response has its entry, and what is held is still what would be found
  `CBIT_ASSERT(RespMatch, !bq_push || find_any_i)
  `CBIT_ASSERT(RespHold, hold_q != HoldBq || (bq_valid && !bq_ans_q[0]))
  `CBIT_ASSERT(RespAns, !bq_valid || bq_ans_q[0] == ans_i[bq_e_q[0]])
  `CBIT_ASSERT(RespOwn, !from_own || ans_i[e_o])

`ifdef CBIT_ASSERT_ON
  logic [1:0][IdW-1:0] bq_id_d, bq_id_q;

  always_comb begin
    bq_id_d = bq_id_q;
    if (bq_pop) begin
      bq_id_d[0] = bq_id_q[1];
    end
    if (bq_push) begin
      bq_id_d[(bq_count_q - 2'(bq_pop)) == 2'd1] = m_b_id_i;
    end
  end

  always_ff @(posedge clk_i) begin
    bq_id_q <= bq_id_d;
  end

  `CBIT_ASSERT(RespId, !from_bq || id_i == bq_id_q[0])
`else
  logic unused_any;
  assign unused_any = find_any_i;
`endif

endmodule
