// SPDX-License-Identifier: Apache-2.0
//
// cbit_bus_write: the write path, from the requester's AW, W and B pins to those of the DRAM.
//
// Where: between the AXI4 pins of the engine; has old data read by the read path (rmw_*, rmwd_*),
// and tweaks made by the tweak unit (job_*, tw_*). This file: wiring, tweak jobs, the DRAM pins.
// Latency: C = 0 with the path empty: AW, W and B 1 cycle each. Encrypted: 27 cycles for one beat
// (AES-128, one round per stage), one beat a cycle. No output pin depends combinationally on an
// input pin. Byte order: byte i of the data bus is [8*i +: 8].
// Source: docs/units/bus_write.md, rmp.md (Rmp = 1: a gate behind route, 1 cycle more); AXI4 (Arm
// IHI 0022) A3.4 and A5. Reset: everything empty.
//
//  AW -> route -> awq(2) --+----- direct (C = 0, path empty) --------------------+-> AW
//  W ------------> wq(2) --+-> gather -> row ring -> E1 -> E2 -> pipe -> queues --+-> W
//                           \-> sink (faults)   ^ old data
//  B of the DRAM -> bq(2) -> entry -> B
`include "cbit_assert.svh"

module cbit_bus_write
  import cbit_pkg::*;
#(
  parameter int unsigned Lanes = 1,            // 1, 2, 4
  parameter int unsigned KeyBits = 128,        // 128, 256
  parameter int unsigned RoundsPerStage = 1,   // 1, 2
  parameter int unsigned Sbox = 1,             // 0 table, 1 block RAM, 2 tower field
  parameter int unsigned KeySlots = 16,        // 16 to 1024
  parameter int unsigned NumWr = 64,           // 4 to 128, a power of 2
  parameter int unsigned NumRow = 64,          // 32 to 256, a power of 2
  parameter int unsigned IdWidth = 4,          // 1 to 8: ID bits of the requester in use
  parameter int unsigned SpaWidth = 40,        // 32 to 52
  parameter logic [5:0]  ModesMask = 6'b010001,
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
  // requester, AW
  input  logic                 s_aw_valid_i,
  output logic                 s_aw_ready_o,
  input  ax_req_t              s_aw_i,
  // requester, W
  input  logic                 s_w_valid_i,
  output logic                 s_w_ready_o,
  input  logic [128*Lanes-1:0] s_w_data_i,
  input  logic [16*Lanes-1:0]  s_w_strb_i,
  input  logic                 s_w_last_i,
  // requester, B
  output logic                 s_b_valid_o,
  input  logic                 s_b_ready_i,
  output logic [7:0]           s_b_id_o,
  output logic [1:0]           s_b_resp_o,
  // DRAM, AW
  output logic                 m_aw_valid_o,
  input  logic                 m_aw_ready_i,
  output ax_mem_t              m_aw_o,
  // DRAM, W
  output logic                 m_w_valid_o,
  input  logic                 m_w_ready_i,
  output logic [128*Lanes-1:0] m_w_data_o,
  output logic [16*Lanes-1:0]  m_w_strb_o,
  output logic                 m_w_last_o,
  // DRAM, B
  input  logic                 m_b_valid_i,
  output logic                 m_b_ready_o,
  input  logic [8:0]           m_b_id_i,
  input  logic [1:0]           m_b_resp_i,
  // check, answered in the same cycle
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
  // a table write of the AMD-SP is let in; its response is taken; no write is on the way
  output logic                 tbl_begin_o,
  output logic                 tbl_end_o,
  output logic                 idle_o,
  // read-modify-write: request to the read path, data from it
  output logic                 rmw_valid_o,
  output logic                 rmw_next_o,     // in the next cycle
  input  logic                 rmw_ready_i,
  output logic [51:0]          rmw_spa_o,
  output logic [4:0]           rmw_rows_o,
  output logic [9:0]           rmw_slot_o,
  output logic [7:0]           rmw_tag_o,
  output logic [3:0]           rmw_cache_o,
  output logic [2:0]           rmw_prot_o,
  output logic [3:0]           rmw_qos_o,
  output logic [3:0]           rmw_region_o,
  input  logic                 rmwd_valid_i,
  input  logic [7:0]           rmwd_tag_i,
  input  logic [3:0]           rmwd_row_i,
  input  logic                 rmwd_err_i,
  input  logic [128*Lanes-1:0] rmwd_data_i,
  // tweak unit
  output logic                 job_valid_o,
  output tweak_job_t           job_o,
  input  logic                 tw_we_i,
  input  logic [7:0]           tw_entry_i,
  input  logic [5:0]           tw_unit_i,
  input  logic [127:0]         tw_t_i,
  // round keys of the encrypt direction, 0 .. N
  input  logic                 kw_valid_i,
  input  logic [9:0]           kw_slot_i,
  input  logic [3:0]           kw_round_i,
  input  logic [127:0]         kw_key_i,
  // fault log
  output logic                 fault_valid_o,
  output fault_t               fault_o,
  // a request in flight has a slot in state DRAIN
  output logic                 inflight_drain_o,
  // events for the counters
  output logic                 ev_wr_plain_o,
  output logic                 ev_wr_enc_o,
  output logic                 ev_stall_tweak_o,
  output logic                 ev_stall_rmw_o,
  output logic                 ev_stall_hazard_o,
  output logic                 ev_stall_table_o
);

  localparam int unsigned EntW = $clog2(NumWr);
  localparam int unsigned RowW = $clog2(NumRow);
  localparam int unsigned SlotIdxW = $clog2(KeySlots);
  localparam int unsigned LaneW = $clog2(Lanes);
  localparam int unsigned ByteW = 4 + LaneW;
  localparam int unsigned WinLsb = ByteW + 4;

  // ---- head of the queues: sink, direct or gather ----
  routed_t              head;
  logic [128*Lanes-1:0] w_data;
  logic [16*Lanes-1:0]  w_strb;
  logic                 gather_may, head_leave, head_load, wide;
  logic                 room;
  logic [15:0]          second_page;
  logic                 head_pop, started, off_last, alloc, alloc_but, dw_queue;
  logic                 sink_last, gather_beat, direct, direct_hs, dw_have, dw_valid, dw_last;
  logic                 afree, haz_head, open, rows_ok, ring_empty, emit_empty;
  logic                 head_drain, head_stale, head_stall_hazard;
  logic                 head_tbl, b_tbl, queues_empty, table_idle;
  // burst that is queued: from the pins, or from the gate
  logic                 push;
  logic [27:0]          push_addr;
  logic [7:0]           push_len;
  logic [2:0]           push_size;
  logic [1:0]           push_burst;

  cbit_bus_whead #(
    .Lanes       (Lanes),
    .KeySlots    (KeySlots),
    .SpaWidth    (SpaWidth),
    .AttrFromAddr(AttrFromAddr),
    .CbitPos     (CbitPos),
    .AsidLsb     (AsidLsb),
    .Rmp         (Rmp),
    .RmpMiss     (RmpMiss)
  ) u_head (
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
    .s_aw_valid_i,
    .s_aw_ready_o,
    .s_aw_i,
    .s_w_valid_i,
    .s_w_ready_o,
    .s_w_data_i,
    .s_w_strb_i,
    .s_w_last_i,
    .chk_valid_o,
    .chk_req_o,
    .chk_rsp_i,
    .ask_valid_o,
    .ask_spa_o,
    .ask_attr_o,
    .ask_none_o,
    .ask_pop_o,
    .gate_wait_i,
    .gate_deny_i,
    .gate_tbl_i,
    .gate_rec_i,
    .push_o           (push),
    .push_addr_o      (push_addr),
    .push_len_o       (push_len),
    .push_size_o      (push_size),
    .push_burst_o     (push_burst),
    .path_empty_i     (ring_empty && emit_empty),
    .afree_i          (afree),
    .haz_i            (haz_head),
    .open_i           (open),
    .rows_ok_i        (rows_ok),
    .head_o           (head),
    .head_pop_o       (head_pop),
    .head_leave_o     (head_leave),
    .started_o        (started),
    .wide_o           (wide),
    .off_last_o       (off_last),
    .w_data_o         (w_data),
    .w_strb_o         (w_strb),
    .sink_last_o      (sink_last),
    .gather_beat_o    (gather_beat),
    .gather_may_o     (gather_may),
    .alloc_o          (alloc),
    .alloc_but_o      (alloc_but),
    .direct_o         (direct),
    .direct_hs_o      (direct_hs),
    .m_aw_ready_i,
    .dw_have_o        (dw_have),
    .dw_queue_o       (dw_queue),
    .dw_valid_o       (dw_valid),
    .dw_last_o        (dw_last),
    .m_w_ready_i,
    .fault_valid_o,
    .fault_o,
    .head_stale_o     (head_stale),
    .drain_o          (head_drain),
    .head_tbl_o       (head_tbl),
    .empty_o          (queues_empty),
    .ev_stall_hazard_o(head_stall_hazard),
    .ev_stall_table_o
  );

  // ---- gather ----
  logic                start;   // first beat of a chunk
  logic [11:WinLsb]    win_lo;
  logic [3:0]          row_lo, row_hi;
  logic [4:0]          nrows, em_nrows;
  logic                burst_end, fin, fin_null, fin_partial, em_free;
  logic [RowW-1:0]     rdel, wr_row;
  logic [15:0]         fin_rowany;
  logic [3:0]          fin_first, fin_last, fin_pfirst, fin_plast;
  logic [16*Lanes-1:0] wr_mask;

  assign start = gather_beat && !open;

  cbit_bus_gather #(
    .Lanes (Lanes),
    .NumRow(NumRow)
  ) u_gather (
    .clk_i,
    .rst_ni,
    .push_i       (push),
    .push_addr_i  (push_addr),
    .push_len_i   (push_len),
    .push_size_i  (push_size),
    .push_burst_i (push_burst),
    .pop_i        (head_pop),
    .len_i        (head.len[3:0]),
    .size_i       (head.size),
    .burst_i      (head.burst),
    .enc_i        (head.enc),
    .off_last_i   (off_last),
    .direct_i     (wide),
    .may_i        (gather_may),
    .leave_i      (head_leave),
    .beat_i       (gather_beat),
    .strb_i       (w_strb),
    .open_o       (open),
    .load_o       (head_load),
    .room_o       (room),
    .second_page_o(second_page),
    .win_o        (win_lo),
    .row_lo_o     (row_lo),
    .row_hi_o     (row_hi),
    .nrows_o      (nrows),
    .burst_end_o  (burst_end),
    .rdel_o       (rdel),
    .rows_ok_o    (rows_ok),
    .fin_o        (fin),
    .fin_rowany_o (fin_rowany),
    .fin_first_o  (fin_first),
    .fin_last_o   (fin_last),
    .fin_null_o   (fin_null),
    .fin_partial_o(fin_partial),
    .fin_pfirst_o (fin_pfirst),
    .fin_plast_o  (fin_plast),
    .wr_row_o     (wr_row),
    .wr_mask_o    (wr_mask),
    .free_i       (em_free),
    .free_rows_i  (em_nrows)
  );

  // ---- tweak job of a chunk: from lane 0 of its first row to the last lane of its last ----
  localparam bit HasBlock = ModesMask[3:1] != '0;
  localparam bit HasLine = ModesMask[5:4] != '0;
  logic       line_mode;
  logic [5:0] unit_lo, unit_hi;
  spa_t       job_spa;

  if (HasBlock && HasLine) begin : gen_mode_any
    assign line_mode = mode_i == 4'd4 || mode_i == 4'd5;
  end else begin : gen_mode_fixed
    assign line_mode = HasLine;
  end

  always_comb begin
    job_spa = {head.spa[51:12], win_lo, row_lo, ByteW'(0)};
    if (line_mode) begin
      unit_lo = 6'(row_lo) >> (2 - LaneW);
      unit_hi = 6'(row_hi) >> (2 - LaneW);
      job_spa[5:4] = '0;
    end else begin
      unit_lo = 6'(row_lo) << LaneW;
      unit_hi = 6'((7'(row_hi) + 7'd1) << LaneW) - 6'd1;
    end
  end

  logic [EntW-1:0] al_e;

  assign job_valid_o = start && head.enc;
  assign job_o = '{
    entry: 8'(al_e), slot: head.slot, spa: job_spa, lo: unit_lo, hi: unit_hi, first: unit_lo
  };

  // ---- table ----
  logic                 em_valid, em_ready, em_sent, em_skip, em_enc, em_dead, em_null, em_partial;
  logic                 em_haz, em_rdone, em_rerr, em_tdone, em_tcome;
  logic                 em_next, em_send, em_answer, em_bad;
  logic [EntW-1:0]      em_e, aw_e, find_e, own_e, b_e;
  logic [5:0]           em_tunit;
  logic [SlotIdxW-1:0]  em_slot;
  logic [RowW-1:0]      em_rdel, old_place;
  logic [15:0]          em_rowany;
  logic [3:0]           em_first, em_last, aw_first, aw_last;
  logic                 aw_re, rmw_blocked, table_drain;

  typedef struct packed {
    logic [SpaW-1:0]     spa;
    logic [4:0]          rows;
    logic [SlotIdxW-1:0] slot;
    logic [EntW-1:0]     e;
    logic [14:0]         axi;
  } rmw_t;

  rmw_t                 rmw_in, rmw_out;
  logic                 rmw_push, rmw_room, rmw_room_d;
  logic [IdW-1:0]       aw_id, find_id, b_id;
  logic [SpaW-1:WinLsb] aw_win;
  logic [14:0]          aw_axi;
  logic [EntW-1:0]      next_e, bq_e, bq_next_e, own_next_e;
  logic [NumWr-1:0]     b_ans;
  logic                 find_any, own_valid, own_show, use_own;
  logic                 b_bad, b_dead, b_last, b_done, b_own_done;
  logic [1:0]           b_acc, b_resp_q;

  cbit_bus_wr_table #(
    .Lanes   (Lanes),
    .KeySlots(KeySlots),
    .NumWr   (NumWr),
    .NumRow  (NumRow),
    .IdWidth (IdWidth),
    .Rmp     (Rmp)
  ) u_table (
    .clk_i,
    .rst_ni,
    .kill_i,
    .slot_drain_i,
    .slot_active_i,
    .al_i          (alloc),
    .al_but_i      (alloc_but),
    .al_direct_i   (direct_hs),
    .al_wide_i     (wide),
    .al_fault_i    (sink_last),
    .al_enc_i      (start && head.enc),
    .al_id_i       (head.id),
    .al_win_i      ({head.spa[51:12], win_lo}),
    .al_axi_i      ({head.cache, head.prot, head.qos, head.region}),
    .al_slot_i     (head.slot[SlotIdxW-1:0]),
    .al_stale_i    (head_stale),
    .al_rdel_i     (rdel),
    .al_nrows_i    (nrows),
    .al_hi_i       (unit_hi),
    .al_last_i     (!start || burst_end),
    .al_tbl_i      (head_tbl),
    .al_first_i    (start && !started),
    .al_cont_i     (start && started),
    .al_e_o        (al_e),
    .load_i        (head_load),
    .load_pins_i   (room),
    .pins_page_i   (push_addr[27:12]),
    .second_page_i (second_page),
    .al_free_o     (afree),
    .haz_direct_o  (haz_head),
    .open_i        (open),
    .fin_i         (gather_beat && fin),
    .fin_rowany_i  (fin_rowany),
    .fin_first_i   (fin_first),
    .fin_last_i    (fin_last),
    .fin_null_i    (fin_null),
    .fin_partial_i (fin_partial),
    .fin_pfirst_i  (fin_pfirst),
    .fin_plast_i   (fin_plast),
    .em_valid_o    (em_valid),
    .em_e_o        (em_e),
    .em_ready_o    (em_ready),
    .em_sent_o     (em_sent),
    .em_skip_o     (em_skip),
    .em_enc_o      (em_enc),
    .em_dead_o     (em_dead),
    .em_null_o     (em_null),
    .em_partial_o  (em_partial),
    .em_haz_o      (em_haz),
    .em_rdone_o    (em_rdone),
    .em_rerr_o     (em_rerr),
    .em_tdone_o    (em_tdone),
    .em_tcome_o    (em_tcome),
    .em_tunit_o    (em_tunit),
    .em_slot_o     (em_slot),
    .em_rdel_o     (em_rdel),
    .em_nrows_o    (em_nrows),
    .em_rowany_o   (em_rowany),
    .em_first_o    (em_first),
    .em_last_o     (em_last),
    .em_next_i     (em_next),
    .em_send_i     (em_send),
    .em_answer_i   (em_answer),
    .em_bad_i      (em_bad),
    .aw_re_i       (aw_re),
    .aw_e_i        (aw_e),
    .aw_id_o       (aw_id),
    .aw_win_o      (aw_win),
    .aw_axi_o      (aw_axi),
    .aw_first_o    (aw_first),
    .aw_last_o     (aw_last),
    .rmw_valid_o   (rmw_push),
    .rmw_ready_i   (rmw_room),
    .rmw_spa_o     (rmw_in.spa),
    .rmw_rows_o    (rmw_in.rows),
    .rmw_slot_o    (rmw_in.slot),
    .rmw_e_o       (rmw_in.e),
    .rmw_axi_o     (rmw_in.axi),
    .rmw_blocked_o (rmw_blocked),
    .old_i         (rmwd_valid_i),
    .old_e_i       (rmwd_tag_i[EntW-1:0]),
    .old_row_i     (rmwd_row_i),
    .old_err_i     (rmwd_err_i),
    .old_place_o   (old_place),
    .tw_i          (tw_we_i),
    .tw_e_i        (tw_entry_i[EntW-1:0]),
    .tw_unit_i,
    .b_find_id_i   (find_id),
    .b_find_any_o  (find_any),
    .b_find_e_o    (find_e),
    .b_ans_o       (b_ans),
    .b_own_valid_o (own_valid),
    .b_own_e_o     (own_e),
    .b_own_show_i  (own_show),
    .b_bq_e_i      (bq_e),
    .b_bq_next_e_o (bq_next_e),
    .b_own_next_e_o(own_next_e),
    .b_use_own_i   (use_own),
    .b_e_i         (b_e),
    .b_id_o        (b_id),
    .b_acc_o       (b_acc),
    .b_bad_o       (b_bad),
    .b_dead_o      (b_dead),
    .b_last_o      (b_last),
    .b_tbl_o       (b_tbl),
    .b_next_e_o    (next_e),
    .b_done_i      (b_done),
    .b_own_done_i  (b_own_done),
    .b_resp_q_i    (b_resp_q),
    .empty_path_o  (ring_empty),
    .idle_o        (table_idle),
    .drain_o       (table_drain)
  );

  // ---- RMW requests: a queue, so that what decides on them is not in the read path's way ----
  cbit_bus_flip #(
    .Width($bits(rmw_t))
  ) u_rmwq (
    .clk_i,
    .rst_ni,
    .in_valid_i   (rmw_push),
    .in_ready_o   (rmw_room),
    .in_ready_d_o (rmw_room_d),
    .in_data_i    (rmw_in),
    .out_valid_o  (rmw_valid_o),
    .out_valid_d_o(rmw_next_o),
    .out_ready_i  (rmw_ready_i),
    .out_data_o   (rmw_out)
  );

  // The read path compares the tag with all its entries: that one comes straight from a register.
  logic            rmwe_room, rmwe_load;
  logic [1:0]      rmwe_places;
  logic [EntW-1:0] rmw_e, rmwe_second, rmwe_next;
  cbit_bus_pair #(
    .Width(EntW),
    .Eager(1)
  ) u_rmwq_e (
    .clk_i,
    .rst_ni,
    .in_valid_i  (rmw_push),
    .in_ready_o  (rmwe_room),
    .in_data_i   (rmw_in.e),
    .valid_o     (rmwe_places),
    .pop_i       (rmw_valid_o && rmw_ready_i),
    .first_o     (rmw_e),
    .second_o    (rmwe_second),
    .first_load_o(rmwe_load),
    .first_next_o(rmwe_next)
  );

  assign rmw_spa_o = rmw_out.spa;
  assign rmw_rows_o = rmw_out.rows;
  assign rmw_slot_o = 10'(rmw_out.slot);
  assign rmw_tag_o = 8'(rmw_e);
  assign {rmw_cache_o, rmw_prot_o, rmw_qos_o, rmw_region_o} = rmw_out.axi;
  assign inflight_drain_o = table_drain || head_drain;

  // ---- emission ----
  logic                 awo_valid, wo_valid, wo_last, wo_enc;
  ax_mem_t              awo;
  logic [128*Lanes-1:0] wo_data;
  logic [16*Lanes-1:0]  wo_strb;
  logic                 em_stall_hazard, w_direct;

  cbit_bus_emit #(
    .Lanes         (Lanes),
    .KeyBits       (KeyBits),
    .RoundsPerStage(RoundsPerStage),
    .Sbox          (Sbox),
    .KeySlots      (KeySlots),
    .NumWr         (NumWr),
    .NumRow        (NumRow),
    .ModesMask     (ModesMask)
  ) u_emit (
    .clk_i,
    .rst_ni,
    .kill_i,
    .mode_i,
    .row_we_i         (gather_beat),
    .row_place_i      (wr_row),
    .row_data_i       (w_data),
    .row_strb_i       (w_strb),
    .row_mask_i       (wr_mask),
    .old_we_i         (rmwd_valid_i),
    .old_place_i      (old_place),
    .old_data_i       (rmwd_data_i),
    .tw_we_i,
    .tw_e_i           (tw_entry_i[EntW-1:0]),
    .tw_unit_i,
    .tw_t_i,
    .kw_valid_i,
    .kw_slot_i,
    .kw_round_i,
    .kw_key_i,
    .em_valid_i       (em_valid),
    .em_e_i           (em_e),
    .em_ready_i       (em_ready),
    .em_sent_i        (em_sent),
    .em_skip_i        (em_skip),
    .em_enc_i         (em_enc),
    .em_dead_i        (em_dead),
    .em_null_i        (em_null),
    .em_partial_i     (em_partial),
    .em_haz_i         (em_haz),
    .em_rdone_i       (em_rdone),
    .em_rerr_i        (em_rerr),
    .em_tdone_i       (em_tdone),
    .em_tcome_i       (em_tcome),
    .em_tunit_i       (em_tunit),
    .em_slot_i        (em_slot),
    .em_rdel_i        (em_rdel),
    .em_rowany_i      (em_rowany),
    .em_first_i       (em_first),
    .em_last_i        (em_last),
    .em_next_o        (em_next),
    .em_send_o        (em_send),
    .em_answer_o      (em_answer),
    .em_bad_o         (em_bad),
    .em_free_o        (em_free),
    .aw_re_o          (aw_re),
    .aw_e_o           (aw_e),
    .aw_id_i          (aw_id),
    .aw_win_i         (aw_win),
    .aw_axi_i         (aw_axi),
    .aw_first_i       (aw_first),
    .aw_last_i        (aw_last),
    .awo_valid_o      (awo_valid),
    // while a burst is direct nothing comes from here
    .awo_ready_i      (m_aw_ready_i),
    .awo_o            (awo),
    .wo_valid_o       (wo_valid),
    .wo_ready_i       (m_w_ready_i && !dw_queue),
    .wo_data_o        (wo_data),
    .wo_strb_o        (wo_strb),
    .wo_last_o        (wo_last),
    .wo_enc_o         (wo_enc),
    .empty_o          (emit_empty),
    .ev_stall_tweak_o,
    .ev_stall_rmw_o,
    .ev_stall_hazard_o(em_stall_hazard)
  );

  // ---- DRAM pins ----
  always_comb begin
    // while a burst is direct, awo and wo are empty
    m_aw_o = awo;
    if (!awo_valid) begin
      m_aw_o = '{
        id: {1'b0, head.id}, addr: head.spa, len: head.len, size: head.size, burst: head.burst,
        lock: head.lock, cache: head.cache, prot: head.prot, qos: head.qos, region: head.region
      };
    end
  end

  assign m_aw_valid_o = direct || awo_valid;
  assign m_w_valid_o = dw_have ? dw_valid : wo_valid;
  assign w_direct = dw_queue || !wo_valid;
  assign m_w_data_o = w_direct ? w_data : wo_data;
  assign m_w_strb_o = w_direct ? w_strb : wo_strb;
  assign m_w_last_o = w_direct ? dw_last : wo_last;

  // ---- responses ----
  cbit_bus_resp #(
    .NumWr(NumWr)
  ) u_resp (
    .clk_i,
    .rst_ni,
    .m_b_valid_i,
    .m_b_ready_o,
    .m_b_id_i    (m_b_id_i[IdW-1:0]),
    .m_b_resp_i,
    .s_b_valid_o,
    .s_b_ready_i,
    .s_b_id_o,
    .s_b_resp_o,
    .find_id_o   (find_id),
    .find_any_i  (find_any),
    .find_e_i    (find_e),
    .ans_i       (b_ans),
    .own_valid_i (own_valid),
    .own_e_i     (own_e),
    .own_show_o  (own_show),
    .bq_e_o      (bq_e),
    .bq_next_e_i (bq_next_e),
    .own_next_e_i(own_next_e),
    .use_own_o   (use_own),
    .e_o         (b_e),
    .id_i        (b_id),
    .acc_i       (b_acc),
    .bad_i       (b_bad),
    .dead_i      (b_dead),
    .last_i      (b_last),
    .next_e_i    (next_e),
    .done_o      (b_done),
    .own_done_o  (b_own_done),
    .resp_q_o    (b_resp_q)
  );

  // ---- for the RMP check: table writes, idle ----
  assign tbl_begin_o = ask_pop_o && gate_tbl_i;
  assign tbl_end_o = s_b_valid_o && s_b_ready_i && b_tbl;
  assign idle_o = queues_empty && table_idle;

  // ---- events ----
  assign ev_wr_plain_o = m_w_valid_o && m_w_ready_i && (dw_have || !wo_enc);
  assign ev_wr_enc_o = m_w_valid_o && m_w_ready_i && !dw_have && wo_enc;
  assign ev_stall_hazard_o = em_stall_hazard || rmw_blocked || head_stall_hazard;

  logic unused_bits;
  assign unused_bits = ^{
    head, m_b_id_i[8], rmwd_tag_i, tw_entry_i, rmw_room_d, rmwe_places, rmwe_second, rmwe_load,
    rmwe_next
  };
  `CBIT_ASSERT(BusWriteRmwE, rmwe_room == rmw_room && rmwe_places[0] == rmw_valid_o && (!rmw_valid_o || rmw_e == rmw_out.e))

  // ---- assertions: what is offered stays; one user of W at a time ----
`ifdef CBIT_ASSERT_ON
  logic    aw_wait_q, w_wait_q, rmw_wait_q, b_wait_q, direct_was_q;
  ax_mem_t aw_was_q;
  logic [144*Lanes:0] w_was_q;
  logic [74:0] rmw_was_q;
  logic [9:0]  b_was_q;

  always_ff @(posedge clk_i) begin
    aw_wait_q <= rst_ni && m_aw_valid_o && !m_aw_ready_i;
    aw_was_q <= m_aw_o;
    direct_was_q <= direct;
    w_wait_q <= rst_ni && m_w_valid_o && !m_w_ready_i;
    w_was_q <= {m_w_data_o, m_w_strb_o, m_w_last_o};
    rmw_wait_q <= rst_ni && rmw_valid_o && !rmw_ready_i;
    rmw_was_q <= {rmw_spa_o, rmw_rows_o, rmw_slot_o, rmw_tag_o};
    b_wait_q <= rst_ni && s_b_valid_o && !s_b_ready_i;
    b_was_q <= {s_b_id_o, s_b_resp_o};
  end

  `CBIT_ASSERT(WriteAwStable, !aw_wait_q || (m_aw_valid_o && m_aw_o == aw_was_q))
  `CBIT_ASSERT(WriteWStable, !w_wait_q || (m_w_valid_o &&
                             {m_w_data_o, m_w_strb_o, m_w_last_o} == w_was_q))
  `CBIT_ASSERT(WriteRmwStable, !rmw_wait_q || (rmw_valid_o &&
                               {rmw_spa_o, rmw_rows_o, rmw_slot_o, rmw_tag_o} == rmw_was_q))
  `CBIT_ASSERT(WriteBStable, !b_wait_q || (s_b_valid_o && {s_b_id_o, s_b_resp_o} == b_was_q))
  `CBIT_ASSERT(WriteDirectAlone, !direct || !awo_valid)
  `CBIT_ASSERT(WriteDirectWAlone, !dw_have || !wo_valid)
  `CBIT_ASSERT(WriteDirectKept, !(aw_wait_q && direct_was_q) || direct)
`endif

  `CBIT_ASSERT_INIT(WriteLanes, Lanes == 1 || Lanes == 2 || Lanes == 4)
  `CBIT_ASSERT_INIT(WriteNumWr, NumWr >= 4 && NumWr <= 128 && (NumWr & (NumWr - 1)) == 0)
  `CBIT_ASSERT_INIT(WriteNumRow, NumRow >= 32 && NumRow <= 256 && (NumRow & (NumRow - 1)) == 0)
  `CBIT_ASSERT_INIT(WriteSpaWidth, SpaWidth >= 32 && SpaWidth <= 52)

endmodule
