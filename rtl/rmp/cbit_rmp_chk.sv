// SPDX-License-Identifier: Apache-2.0
//
// cbit_rmp_chk: ports on which an MMU or IOMMU asks before it keeps a translation.
//
//   port i ─▶ queue(2) ─┬─ round robin ─▶ cache C ─ verdict in order ─▶ keep ─▶ answers(2) ─▶ port i
//   port j ─▶ queue(2) ─┘  (not in hold)
//
// Where: beside the caches of the request paths, with a cache of its own (C) of which this unit is
// the requests' side: one ring of questions for all ports, in step with the cache's.
// Latency: a question taken in t is asked in t+1 and, if the cache answers, has its answer in t+3.
// One question a cycle; one port alone two of three cycles, for it has two places for answers.
// Stalls: with hold_i (an instruction stops, DRAIN) nothing is asked; a miss holds up what comes
// after it, of other ports too; an answer that is not taken holds up its own port alone.
// All outputs come from registers. Reset: no question, no answer. Source: docs/units/rmp_chk.md.
`include "cbit_assert.svh"

module cbit_rmp_chk
  import cbit_pkg::*;
  import cbit_rmp_pkg::*;
#(
  parameter int unsigned Ports = 1,      // 1 to 8
  parameter int unsigned Slots = 4,      // 2, 4, 8: questions in cache C
  parameter int unsigned Inuse = 0,      // 1: a mark of a page in use can refuse a write of the host
  parameter int unsigned SpaWidth = 40   // 32 to 52
) (
  input  logic                 clk_i,
  input  logic                 rst_ni,
  // start-up; what keeps questions back
  input  logic                 chk_on_i,
  input  logic                 hold_i,
  // questions
  input  logic [Ports-1:0]     chk_valid_i,
  output logic [Ports-1:0]     chk_ready_o,
  input  chk_ask_t [Ports-1:0] chk_req_i,
  // answers
  output logic [Ports-1:0]     chk_ans_valid_o,
  input  logic [Ports-1:0]     chk_ans_ready_i,
  output chk_ans_t [Ports-1:0] chk_ans_o,
  // cache C: questions
  output logic                 ask_valid_o,
  output spa_t                 ask_spa_o,
  output rmp_ask_t             ask_what_o,
  output logic                 ask_none_o,
  output logic                 pop_o,
  // cache C: verdict of the oldest
  input  logic                 head_wait_i,
  input  logic                 head_now_i,
  input  logic                 head_deny_i,
  input  logic                 now_deny_i,
  input  rec_t                 head_rec_i,
  // no question is in the cache, no answer waits
  output logic                 idle_o,
  // counters
  output logic                 ev_chk_o,
  output logic                 ev_stall_o
);

  localparam int unsigned PortW = (Ports > 1) ? $clog2(Ports) : 1;
  localparam int unsigned SlotIdxW = $clog2(Slots);
  localparam int unsigned CountW = $clog2(Slots + 1);
  localparam logic [1:0] Places = 2'd2;   // for answers of a port

  // how long an answer may be kept: page of the mapping for which it holds
  localparam logic [1:0] KEEP_4K = 2'd0;
  localparam logic [1:0] KEEP_2M = 2'd1;
  localparam logic [1:0] KEEP_1G = 2'd2;
  localparam logic [1:0] KEEP_NOT = 2'd3;

  typedef struct packed {
    logic [PortW-1:0] port;
    rmp_size_e map_size;
    logic host;
    logic on;     // checks were on in L
    logic high;   // an address that the engine does not have
  } item_t;

  // ---- queues of the ports ----
  logic [Ports-1:0]     some, ask, want, take;
  chk_ask_t [Ports-1:0] oldest;
  logic [1:0]           cred_q [Ports];
  logic [CountW-1:0]    count_q;
  logic                 pop;

  for (genvar i = 0; i < Ports; i++) begin : gen_port
    logic [1:0] unused_count;

    cbit_fifo #(
      .Width($bits(chk_ask_t)),
      .Depth(2)
    ) u_ask (
      .clk_i,
      .rst_ni,
      .in_valid_i (chk_valid_i[i]),
      .in_ready_o (chk_ready_o[i]),
      .in_data_i  (chk_req_i[i]),
      .out_valid_o(some[i]),
      .out_ready_i(ask[i]),
      .out_data_o (oldest[i]),
      .count_o    (unused_count)
    );

    // a place for the answer is reserved before the question is asked
    assign take[i] = chk_ans_valid_o[i] && chk_ans_ready_i[i];
    assign want[i] = some[i] && cred_q[i] != '0 && count_q != CountW'(Slots) && !hold_i;

    always_ff @(posedge clk_i) begin
      if (!rst_ni) begin
        cred_q[i] <= Places;
      end else begin
        cred_q[i] <= cred_q[i] - 2'(ask[i]) + 2'(take[i]);
      end
    end
  end

  // ---- ask ----
  logic asks;

  cbit_rr_arb #(
    .N(Ports)
  ) u_arb (
    .clk_i,
    .rst_ni,
    .req_i(want),
    .gnt_o(ask),
    .ack_i(asks)
  );

  chk_ask_t         req;
  logic [PortW-1:0] port;
  logic             high;

  assign asks = want != '0;

  always_comb begin
    req = '0;
    port = '0;
    for (int unsigned i = 0; i < Ports; i++) begin
      req |= ask[i] ? oldest[i] : '0;
      port |= ask[i] ? PortW'(i) : '0;
    end
  end

  if (SpaWidth < 52) begin : gen_high
    assign high = req.spa_page[51:SpaWidth] != '0;
  end else begin : gen_no_high
    assign high = 1'b0;
  end

  always_comb begin
    ask_what_o.req = rmp_req_e'(req.req);
    ask_what_o.op = rmp_op_e'(req.op);
    ask_what_o.gpa = {req.gpa_page, 12'd0};
    ask_what_o.map_size = rmp_size_e'(req.map_size);
    ask_what_o.ec = req.ec;
    ask_what_o.asid = req.asid;
    ask_what_o.vmpl = req.vmpl;
    ask_what_o.cpl = req.cpl;
    ask_what_o.ss = req.ss;
    ask_what_o.snp_active = req.snp_active;
  end

  assign ask_valid_o = asks;
  assign ask_spa_o = {req.spa_page, 12'd0};
  assign ask_none_o = high;

  // ---- ring of questions, in step with the cache's ----
  logic [SlotIdxW-1:0] wp_q, rp_q;
  item_t            item, head;

  assign item = '{port: port, map_size: ask_what_o.map_size, host: ask_what_o.req == RMP_REQ_HOST,
                  on: chk_on_i, high: high};
  assign pop = count_q != '0 && !head_wait_i;
  assign pop_o = pop;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      wp_q <= '0;
      rp_q <= '0;
      count_q <= '0;
    end else begin
      wp_q <= wp_q + SlotIdxW'(asks);
      rp_q <= rp_q + SlotIdxW'(pop);
      count_q <= count_q + CountW'(asks) - CountW'(pop);
    end
  end

  cbit_ram_1r1w #(
    .Width($bits(item_t)),
    .Depth(Slots),
    .Sync (0),
    .Style("distributed")
  ) u_ring (
    .clk_i,
    .we_i   (asks),
    .waddr_i(wp_q),
    .wbe_i  ('1),
    .wdata_i(item),
    .re_i   (1'b1),
    .raddr_i(rp_q),
    .rdata_o(head)
  );

  // ---- answer of the oldest ----
  logic       deny, not_kept;
  logic [1:0] keep_map, keep_range;
  rmp_row_e   row;
  chk_ans_t   ans;

  assign deny = head.high || (head_now_i ? now_deny_i : head_deny_i);
  assign row = rmp_row_e'(head_rec_i.row);
  // an answer to a write of the host is undone by a mark, of which nobody is told
  assign not_kept = deny || !head.on || (Inuse != 0 && row == RMP_ROW_2);
  assign keep_map = (head.map_size == RMP_4K || head.map_size == RMP_2M) ? head.map_size : KEEP_1G;
  assign keep_range = (head.map_size == RMP_4K) ? KEEP_4K : KEEP_2M;

  always_comb begin
    ans.deny = deny;
    ans.rec = head_rec_i;
    if (!deny) begin   // checks may be off
      ans.rec.why = RMP_WHY_NONE;
      ans.rec.kind = RMP_PASS;
      ans.rec.error = '0;
    end
    if (head.high) begin   // the route refuses the access itself
      ans.rec = '0;
    end

    case (row)
      // not looked at in the table
      RMP_ROW_1, RMP_ROW_3B, RMP_ROW_4, RMP_ROW_6, RMP_ROW_13, RMP_ROW_19,
      RMP_ROW_20: ans.keep = keep_map;
      // looked at in the size of the mapping, and not beyond a range
      RMP_ROW_2, RMP_ROW_5A, RMP_ROW_5B, RMP_ROW_7, RMP_ROW_8, RMP_ROW_9, RMP_ROW_10, RMP_ROW_11,
      RMP_ROW_12, RMP_ROW_21: ans.keep = keep_range;
      RMP_ROW_18C: ans.keep = head.host ? KEEP_4K : keep_range;
      default: ans.keep = KEEP_4K;
    endcase
    if (not_kept) begin
      ans.keep = KEEP_NOT;
    end
  end

  logic [Ports-1:0] room;   // for rules: there is a place, for it was reserved

  for (genvar i = 0; i < Ports; i++) begin : gen_answer
    logic [1:0] places;   // in use

    cbit_fifo #(
      .Width($bits(chk_ans_t)),
      .Depth(2)
    ) u_ans (
      .clk_i,
      .rst_ni,
      .in_valid_i (pop && head.port == PortW'(i)),
      .in_ready_o (room[i]),
      .in_data_i  (ans),
      .out_valid_o(chk_ans_valid_o[i]),
      .out_ready_i(chk_ans_ready_i[i]),
      .out_data_o (chk_ans_o[i]),
      .count_o    (places)
    );

    logic unused_places;
    assign unused_places = ^places;

`ifdef CBIT_ASSERT_ON
    // questions of this port in the ring
    logic [CountW-1:0] asked_q;
    logic              valid_q;
    chk_ask_t          req_q;

    always_ff @(posedge clk_i) begin
      if (!rst_ni) begin
        asked_q <= '0;
      end else begin
        asked_q <= asked_q + CountW'(ask[i]) - CountW'(pop && head.port == PortW'(i));
      end
      valid_q <= rst_ni && chk_valid_i[i] && !chk_ready_o[i];
      req_q <= chk_req_i[i];
    end

    `CBIT_ASSERT(ChkCredit, cred_q[i] <= Places &&
                 4'(cred_q[i]) + 4'(places) + 4'(asked_q) == 4'(Places))
    // valid and request stay until ready
    `CBIT_ASSUME(ChkRequest, !valid_q || (chk_valid_i[i] && chk_req_i[i] == req_q))
`endif
  end

  // ---- nothing is under way ----
  always_comb begin
    idle_o = count_q == '0;
    for (int unsigned i = 0; i < Ports; i++) begin
      if (cred_q[i] != Places) begin
        idle_o = 1'b0;
      end
    end
  end

  assign ev_chk_o = pop;
  assign ev_stall_o = head_wait_i;

  logic unused_bits;
  assign unused_bits = ^room;

  `CBIT_ASSERT_INIT(ChkPorts, Ports >= 1 && Ports <= 8)
  `CBIT_ASSERT_INIT(ChkSlots, Slots == 2 || Slots == 4 || Slots == 8)
  `CBIT_ASSERT_INIT(ChkSpa, SpaWidth >= 32 && SpaWidth <= 52)
  `CBIT_ASSERT(ChkHold, !ask_valid_o || !hold_i)
  `CBIT_ASSERT(ChkRoom, !pop || room[head.port])
  `CBIT_ASSERT(ChkKeep, !pop || ans.keep == KEEP_NOT || (!ans.deny && head.on))

endmodule
