// SPDX-License-Identifier: Apache-2.0
//
// cbit_bus_whead: the queues at the requester's AW and W pins, and what becomes of their heads.
//
// Where: front of the write path. The head burst is refused (sink: its data is thrown away), passed
// on unchanged (direct: C = 0 and nothing on the way) or gathered. W beats belong to the oldest
// burst that still wants some: direct bursts whose AW has passed, then the head.
// Latency: AW and W pins to queue outputs 1 cycle; all decisions in the same cycle, from registers
// and the answer of the check. With Rmp = 1 the gate in front of the queue adds 1 cycle, and
// denials come as a fault of the request.
// Source: docs/units/bus_write.md (Head decision, Direct W), rmp.md (Changes of the write path).
// Reset: queues empty, no burst begun.
`include "cbit_assert.svh"

module cbit_bus_whead
  import cbit_pkg::*;
#(
  parameter int unsigned Lanes = 1,
  parameter int unsigned KeySlots = 16,
  parameter int unsigned SpaWidth = 40,
  parameter int unsigned AttrFromAddr = 0,
  parameter int unsigned CbitPos = 51,
  parameter int unsigned AsidLsb = 52,
  parameter int unsigned Rmp = 0,              // 1: the gate of the RMP check is in front of awq
  parameter int unsigned RmpMiss = 4           // its places
) (
  input  logic                 clk_i,
  input  logic                 rst_ni,
  input  logic                 init_done_i,
  input  logic                 kill_i,
  // configuration, slot states
  input  logic                 smee_i,
  input  logic                 tsme_i,
  input  logic [3:0]           mode_i,
  input  logic [KeySlots-1:0]  slot_active_i,
  input  logic [KeySlots-1:0]  slot_active_next_i,
  input  logic [KeySlots-1:0]  slot_drain_i,
  // requester, AW and W
  input  logic                 s_aw_valid_i,
  output logic                 s_aw_ready_o,
  input  ax_req_t              s_aw_i,
  input  logic                 s_w_valid_i,
  output logic                 s_w_ready_o,
  input  logic [128*Lanes-1:0] s_w_data_i,
  input  logic [16*Lanes-1:0]  s_w_strb_i,
  input  logic                 s_w_last_i,
  // check
  output logic                 chk_valid_o,
  output chk_req_t             chk_req_o,
  input  chk_rsp_t             chk_rsp_i,
  // RMP check (Rmp = 1): question at the AW pins; the gate's oldest goes; what is said of that one
  output logic                 ask_valid_o,
  output spa_t                 ask_spa_o,
  output attr_t                ask_attr_o,
  output logic                 ask_none_o,
  output logic                 ask_pop_o,
  input  logic                 gate_wait_i,
  input  logic                 gate_deny_i,
  input  logic                 gate_tbl_i,
  input  rec_t                 gate_rec_i,
  // burst that is queued behind the head, or becomes it; only the push is late
  output logic                 push_o,
  output logic [27:0]          push_addr_o,
  output logic [7:0]           push_len_o,
  output logic [2:0]           push_size_o,
  output logic [1:0]           push_burst_o,
  // state of what lies behind
  input  logic                 path_empty_i,
  input  logic                 afree_i,        // the table has a free entry
  input  logic                 haz_i,          // the head as a direct burst meets a hazard
  input  logic                 open_i,         // a chunk is open
  input  logic                 rows_ok_i,      // the row ring has room for the head's chunk
  // head burst, with its address inside SpaWidth; a beat of it was consumed; this one is its last
  output routed_t              head_o,
  output logic                 head_pop_o,
  output logic                 head_leave_o,   // the same, but for the last beat gathered
  output logic                 started_o,
  output logic                 wide_o,         // if it passes now, it is direct or refused
  output logic                 off_last_o,
  output logic [128*Lanes-1:0] w_data_o,
  output logic [16*Lanes-1:0]  w_strb_o,
  output logic                 sink_last_o,    // a refused burst ends in this cycle
  output logic                 gather_beat_o,  // a beat is gathered in this cycle
  output logic                 gather_may_o,   // the same, but for the state of the slot
  output logic                 alloc_o,        // an entry is allocated, for whichever of them
  output logic                 alloc_but_o,    // the same, but not of a direct one
  // direct: AW offered, taken; W burst present, its beat offered
  output logic                 direct_o,
  output logic                 direct_hs_o,
  input  logic                 m_aw_ready_i,
  output logic                 dw_have_o,
  output logic                 dw_queue_o,    // of a burst whose AW has passed
  output logic                 dw_valid_o,
  output logic                 dw_last_o,
  input  logic                 m_w_ready_i,
  // fault log
  output logic                 fault_valid_o,
  output fault_t               fault_o,
  // the head stood here when all keys were wiped; a queued request has a slot in DRAIN
  output logic                 head_stale_o,
  output logic                 drain_o,
  // the head is a table write of the AMD-SP; no request is queued
  output logic                 head_tbl_o,
  output logic                 empty_o,
  // events
  output logic                 ev_stall_hazard_o,
  output logic                 ev_stall_table_o
);

  // a request without a fault has no address bit at or above SpaWidth; said so to synthesis
  localparam spa_t SpaMask = SpaW'((64'd1 << SpaWidth) - 64'd1);

  // ---- pin queues ----
  routed_t     head;
  logic [11:0] head_addr_hi;
  rec_t        head_rec;
  logic [1:0]  wq_count;
  logic        wq_room_d, wq_valid_d, wq_strb_room, wq_strb_valid;
  logic        head_active, head_valid, head_pop, wq_room, wq_valid, wq_pop, wq_last;
  logic [128*Lanes-1:0] wq_data;
  logic [16*Lanes-1:0]  wq_strb;

  cbit_bus_front #(
    .Lanes       (Lanes),
    .KeySlots    (KeySlots),
    .SpaWidth    (SpaWidth),
    .AttrFromAddr(AttrFromAddr),
    .CbitPos     (CbitPos),
    .AsidLsb     (AsidLsb),
    .Rmp         (Rmp),
    .Gate        (Rmp),
    .RmpMiss     (RmpMiss)
  ) u_front (
    .clk_i,
    .rst_ni,
    .init_done_i,
    .kill_i,
    .smee_i,
    .tsme_i,
    .mode_i,
    .slot_active_i,
    .slot_active_next_i,
    .slot_drain_i,
    .s_ax_valid_i  (s_aw_valid_i),
    .s_ax_ready_o  (s_aw_ready_o),
    .s_ax_i        (s_aw_i),
    .ask_valid_o,
    .ask_spa_o,
    .ask_attr_o,
    .ask_none_o,
    .ask_pop_o,
    .gate_wait_i,
    .gate_deny_i,
    .gate_tbl_i,
    .gate_rec_i,
    .push_o,
    .push_addr_o,
    .push_len_o,
    .push_size_o,
    .push_burst_o,
    .head_valid_o  (head_valid),
    .head_pop_i    (head_pop),
    .head_o        (head),
    .head_addr_hi_o(head_addr_hi),
    .head_stale_o,
    .head_active_o (head_active),
    .head_tbl_o,
    .head_rec_o    (head_rec),
    .drain_o,
    .empty_o
  );

  cbit_bus_flip #(
    .Width(128 * Lanes)
  ) u_wq (
    .clk_i,
    .rst_ni,
    .in_valid_i (s_w_valid_i && init_done_i),
    .in_ready_o (wq_room),
    .in_ready_d_o(wq_room_d),
    .in_data_i  (s_w_data_i),
    .out_valid_o(wq_valid),
    .out_valid_d_o(wq_valid_d),
    .out_ready_i(wq_pop),
    .out_data_o (wq_data)
  );

  // the same queue, for what is looked at in the cycle
  cbit_fifo #(
    .Width(16 * Lanes + 1),
    .Depth(2)
  ) u_wq_strb (
    .clk_i,
    .rst_ni,
    .in_valid_i (s_w_valid_i && init_done_i),
    .in_ready_o (wq_strb_room),
    .in_data_i  ({s_w_strb_i, s_w_last_i}),
    .out_valid_o(wq_strb_valid),
    .out_ready_i(wq_pop),
    .out_data_o ({wq_strb, wq_last}),
    .count_o    (wq_count)
  );

  assign s_w_ready_o = init_done_i && wq_room;

  // ---- head decision ----
  logic [7:0]           off_q;          // beats of the head burst consumed; started_q: not 0
  logic [3:0]           hf, hf_q;
  logic                 started_q, off_last, go;
  logic                 dnone_q;        // no W beat of a direct burst is to come or has come
  logic                 slot_bad, rest_none, none_q, sink_may, sink_beat, sink_last;
  logic [3:0]           head_fault, hf_rest;
  logic                 dq_room, direct_but, direct, direct_hs;
  logic                 gather_may, gather_beat, gather_but, beat, leave;

  always_comb begin
    head_o = head;
    head_o.spa = head.spa & SpaMask;
  end

  assign off_last = off_q == head.len;

  assign chk_valid_o = head_valid && !started_q;
  assign chk_req_o = '{write: 1'b1, spa: head.spa, enc: head.enc, attr: head.attr};

  // The verdict is fixed with the first beat that is consumed. Whether the slot is ACTIVE is known
  // last: slot_bad is kept out of all that can be told without it.
  assign slot_bad = !started_q && head.enc && (head_stale_o || !head_active);
  assign head_fault = head.fault;
  assign hf_rest = started_q ? hf_q :
                   (head_fault != FAULT_NONE) ? head_fault :
                   (chk_rsp_i.valid && !chk_rsp_i.allow) ? FAULT_CHECK : FAULT_NONE;
  assign rest_none = started_q ? none_q :
                     head_fault == FAULT_NONE && !(chk_rsp_i.valid && !chk_rsp_i.allow);

  always_comb begin
    hf = hf_rest;
    if (slot_bad && head_fault == FAULT_NONE) begin
      hf = FAULT_SLOT;
    end
  end

  assign go = head_valid && (started_q || chk_rsp_i.valid);

  // refused: the data is thrown away, the last beat makes the entry that answers
  assign sink_may = go && dnone_q && wq_valid;
  assign sink_beat = sink_may && afree_i && (slot_bad || !rest_none);
  assign sink_last = sink_beat && off_last;

  // plain and nothing on the way: the pins show the head
  assign direct_but = go && rest_none && !head.enc && !started_q && path_empty_i && dq_room;
  assign direct = direct_but && afree_i && !haz_i;
  assign direct_hs = direct && m_aw_ready_i;

  // encrypted, or plain behind encrypted
  assign gather_but = go && rest_none && dnone_q && wq_valid &&
                      (head.enc || (!path_empty_i && !head.lock) || started_q);
  assign gather_may = gather_but && (open_i || (afree_i && rows_ok_i));
  assign gather_beat = gather_may && !slot_bad;

  // allocation: a refused burst ends, a direct one passes, a chunk starts
  assign alloc_but_o = slot_bad ? sink_may && afree_i && off_last :
                       (sink_may && afree_i && off_last && !rest_none) || (gather_may && !open_i);
  assign alloc_o = alloc_but_o || direct_hs;

  // a beat of the head is consumed: what may be gathered is either gathered or, with its slot not
  // ACTIVE, thrown away
  assign beat = gather_may || sink_beat;
  assign head_pop = leave || (gather_may && off_last);
  assign leave = direct_hs || sink_last;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      off_q <= '0;
      started_q <= 1'b0;
    end else if (beat) begin
      off_q <= off_last ? '0 : off_q + 8'd1;
      started_q <= !off_last;
    end
    if (!started_q) begin
      hf_q <= hf;
      none_q <= rest_none && !slot_bad;
    end
  end

  // ---- W of direct bursts: those whose AW has passed, then the head's ----
  logic       dq_valid, dq_push, dq_pop, wah_d, wah_q, dw_have, dw_hs, dw_last;
  logic [7:0] dq_len, dw_q;
  logic [2:0] dq_count;

  cbit_fifo #(
    .Width(8),
    .Depth(4)
  ) u_dq (
    .clk_i,
    .rst_ni,
    .in_valid_i (dq_push),
    .in_ready_o (dq_room),
    .in_data_i  (head.len),
    .out_valid_o(dq_valid),
    .out_ready_i(dq_pop),
    .out_data_o (dq_len),
    .count_o    (dq_count)
  );

  // the hazard that a direct burst can meet is known late: it is kept out of all but the last gate
  assign dw_have = dq_valid || (direct && !wah_q);
  assign dw_hs = dw_have && wq_valid && m_w_ready_i;
  assign dw_last = dw_q == (dq_valid ? dq_len : head.len);
  assign dq_pop = dw_hs && dw_last && dq_valid;
  assign dq_push = direct_hs && !wah_q &&
                   !(wq_valid && m_w_ready_i && dw_q == head.len && !dq_valid);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      dw_q <= '0;
      wah_q <= 1'b0;
      dnone_q <= 1'b1;
    end else begin
      if (dw_hs) begin
        dw_q <= dw_last ? '0 : dw_q + 8'd1;
      end
      wah_q <= wah_d;
      dnone_q <= !dq_push && (!dq_valid || (dq_pop && dq_count == 3'd1)) && !wah_d &&
                 (dw_hs ? dw_last : dw_q == '0);
    end
  end

  always_comb begin
    wah_d = wah_q;
    if (direct_hs) begin
      wah_d = 1'b0;
    end else if (dw_hs && dw_last && !dq_valid) begin
      wah_d = 1'b1;
    end
  end

  assign wq_pop = beat || dw_hs;

  // ---- fault log: refused bursts, and W bursts whose WLAST is not where AWLEN says ----
  logic wlast_head, wlast_dq;

  assign wlast_head = (gather_beat && wq_last != off_last) ||
                      (dw_hs && !dq_valid && wq_last != dw_last);
  assign wlast_dq = dw_hs && dq_valid && wq_last != dw_last;   // its address is no longer known
  assign fault_valid_o = sink_last || wlast_head || wlast_dq;

  always_comb begin
    fault_o = '0;
    fault_o.write = 1'b1;
    // with dq not empty nothing of the head is consumed
    fault_o.code = (!dq_valid && hf != FAULT_NONE) ? hf : FAULT_WLAST;
    if (!dq_valid) begin
      fault_o.id = head.id;
      fault_o.attr = head.attr;
      fault_o.addr = {head_addr_hi, head.spa};
      if (hf == FAULT_CHECK) begin
        fault_o.rmp = head_rec;
      end
    end
  end

  // ---- to the other parts ----
  assign head_pop_o = head_pop;
  assign head_leave_o = leave;
  assign started_o = started_q;
  assign wide_o = !head.enc && off_q == '0 && path_empty_i;
  assign off_last_o = off_last;
  assign w_data_o = wq_data;
  assign w_strb_o = wq_strb;
  assign sink_last_o = sink_last;
  assign gather_beat_o = gather_beat;
  assign gather_may_o = gather_may;
  assign direct_o = direct;
  assign direct_hs_o = direct_hs;
  assign dw_have_o = dw_have;
  assign dw_queue_o = dq_valid;
  assign dw_valid_o = dw_have && wq_valid;
  assign dw_last_o = dw_last;

  assign ev_stall_hazard_o = direct_but && afree_i && haz_i;
  assign ev_stall_table_o = (sink_may && (slot_bad || !rest_none) && !afree_i) ||
                            (direct_but && !haz_i && !afree_i) ||
                            (gather_but && !slot_bad && !open_i && !(afree_i && rows_ok_i));

  logic unused_bits;
  assign unused_bits = ^{wq_count, wq_room_d, wq_valid_d, wq_strb_room, wq_strb_valid};

  `CBIT_ASSERT(WHeadNone, dnone_q == (!dq_valid && !wah_q && dw_q == '0))
  `CBIT_ASSERT(WHeadBeat, beat == (sink_beat || gather_beat))
  `CBIT_ASSERT(RmpNoWrite, head_fault != FAULT_CHECK || !(gather_beat || direct))
  `CBIT_ASSERT(WHeadOneUser, 2'(sink_beat) + 2'(gather_beat) + 2'(dw_hs) <= 2'd1)

endmodule
