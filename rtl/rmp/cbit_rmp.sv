// SPDX-License-Identifier: Apache-2.0
//
// cbit_rmp: the check of the reverse map table (RMP) in the request paths.
//
//   address handshakes ──▶ cache R, cache W ── verdicts ──▶ bus_read, bus_write
//                             │ miss    ▲ verdict, fill
//                             ▼         │
//   RMW of bus_write ─▶ merge ◀─ walker ◀─ data of bus_read, tag[7] = 1
//                         │   ◀─ insn ◀─── of these: tag of its own   init: commands, state
//                         └──▶ internal port of bus_read
//   instruction ports ─▶ insn ─▶ stop, writes ─▶ cbit_rmp_pins        (RmpInsn > 0)
//   check ports ─▶ chk ─▶ cache C, beside R and W                     (RmpChk > 0)
//
// Where: beside the address queues of both paths; with the parameter Rmp of the engine only.
// Wiring: no logic of its own but the selection of read data by its tag, and of who reads.
// Latency: a hit 0 cycles for reads and 1 for writes (the gate); a miss one DRAM read.
// Reset: state OFF, no check, no guard. Source: docs/units/rmp.md and the pages of the parts.
`include "cbit_assert.svh"

module cbit_rmp
  import cbit_pkg::*;
#(
  parameter int unsigned Lanes = 1,       // 1, 2, 4
  parameter int unsigned RmpLines = 32,   // 8 to 256, power of 2: lines of each cache
  parameter int unsigned RmpMiss = 4,     // 2, 4, 8: questions of writes in flight
  parameter int unsigned RmpConst = 0,    // 1: nothing is cached
  parameter int unsigned SpaWidth = 40,   // 32 to 52
  parameter int unsigned RmpInsn = 0,     // 0 to 8: instruction ports
  parameter int unsigned RmpUse = 4,      // 1 to 32: marks of pages in use
  parameter int unsigned RmpInuse = 0,    // 1: they can refuse writes of the host
  parameter int unsigned RmpChk = 0,      // 0 to 8: check ports
  parameter int unsigned RmpSeg = 0,      // 1: the table can be segmented
  localparam int unsigned PortsI = (RmpInsn == 0) ? 1 : RmpInsn,
  localparam int unsigned PortsC = (RmpChk == 0) ? 1 : RmpChk,
  localparam int unsigned DataW = 128 * Lanes
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  // registers
  input  logic             smee_i,
  input  logic             tsme_i,
  input  logic [3:0]       mode_i,
  input  logic [51:13]     rmp_base_i,
  input  logic [51:13]     rmp_end_i,
  input  logic             vmpl_en_i,
  input  logic             vmpl_sss_i,
  input  logic             iommu_snp_i,
  input  logic             seg_en_i,      // 0 without RmpSeg
  input  logic [5:0]       seg_size_i,
  input  logic             cmd_we_i,
  input  logic [3:0]       cmd_op_i,
  output logic [2:0]       state_o,
  output logic             busy_o,
  output logic [3:0]       error_o,
  output logic             chk_on_o,
  output logic             loaded_o,
  // questions of the read path
  input  logic             rd_ask_valid_i,
  input  spa_t             rd_ask_spa_i,
  input  attr_t            rd_ask_attr_i,
  input  logic             rd_ask_none_i,
  input  logic             rd_pop_i,
  // verdict of its head
  output chk_rsp_t         rd_chk_rsp_o,
  output logic             rd_now_o,
  output logic             rd_now_deny_o,
  output rec_t             rd_rec_o,
  // questions of the write path
  input  logic             wr_ask_valid_i,
  input  spa_t             wr_ask_spa_i,
  input  attr_t            wr_ask_attr_i,
  input  logic             wr_ask_none_i,
  input  logic             wr_pop_i,
  // verdict of the gate's oldest
  output logic             wr_wait_o,
  output logic             wr_deny_o,
  output logic             wr_tbl_o,
  output rec_t             wr_rec_o,
  // table writes, idle write path
  input  logic             tbl_begin_i,
  input  logic             tbl_end_i,
  input  logic             wr_idle_i,
  // read-modify-writes of the write path
  input  logic             rmw_valid_i,
  output logic             rmw_ready_o,
  input  spa_t             rmw_spa_i,
  input  logic [4:0]       rmw_rows_i,
  input  slot_t            rmw_slot_i,
  input  logic [7:0]       rmw_tag_i,
  input  logic [3:0]       rmw_cache_i,
  input  logic [2:0]       rmw_prot_i,
  input  logic [3:0]       rmw_qos_i,
  input  logic [3:0]       rmw_region_i,
  // internal port of the read path
  output logic             int_valid_o,
  input  logic             int_ready_i,
  output spa_t             int_spa_o,
  output logic [4:0]       int_rows_o,
  output logic             int_enc_o,
  output slot_t            int_slot_o,
  output logic [7:0]       int_tag_o,
  output logic [3:0]       int_cache_o,
  output logic [2:0]       int_prot_o,
  output logic [3:0]       int_qos_o,
  output logic [3:0]       int_region_o,
  // its data; rmwd_valid_o: for the write path
  input  logic             rmwd_valid_i,
  input  logic [7:0]       rmwd_tag_i,
  input  logic             rmwd_err_i,
  input  logic [DataW-1:0] rmwd_data_i,
  output logic             rmwd_valid_o,
  // instructions (RmpInsn > 0; else nothing is looked at and all outputs are 0)
  input  logic [PortsI-1:0] insn_valid_i,
  output logic [PortsI-1:0] insn_ready_o,
  input  insn_req_t [PortsI-1:0] insn_req_i,
  output logic [PortsI-1:0] ans_valid_o,
  input  logic [PortsI-1:0] ans_ready_i,
  output logic [3:0]       ans_kind_o,
  output logic [3:0]       ans_code_o,
  output logic             ans_cf_o,
  output logic             ans_zf_o,
  output logic [37:0]      ans_error_o,
  output logic [127:0]     ans_out_o,
  output logic             inv_valid_o,
  input  logic             inv_ready_i,
  output logic [51:21]     inv_page_o,
  input  logic             use_valid_i,
  output logic             use_ready_o,
  input  logic [4:0]       use_slot_i,
  input  logic             use_set_i,
  input  logic [51:12]     use_page_i,
  // check ports (RmpChk > 0; else nothing is looked at and all outputs are 0)
  input  logic [PortsC-1:0] chk_valid_i,
  output logic [PortsC-1:0] chk_ready_o,
  input  chk_ask_t [PortsC-1:0] chk_req_i,
  output logic [PortsC-1:0] chk_ans_valid_o,
  input  logic [PortsC-1:0] chk_ans_ready_i,
  output chk_ans_t [PortsC-1:0] chk_ans_o,
  // instructions' side of cbit_rmp_pins; idle read path
  input  logic             rd_idle_i,
  output logic             stop_o,
  output logic             write_o,
  output logic             still_o,
  output logic             aw_valid_o,
  input  logic             aw_ready_i,
  output spa_t             aw_spa_o,
  output logic [7:0]       aw_len_o,
  output logic             w_valid_o,
  input  logic             w_ready_i,
  output logic [DataW-1:0] w_data_o,
  output logic [DataW/8-1:0] w_strb_o,
  output logic             w_last_o,
  input  logic             b_valid_i,
  input  logic [1:0]       b_resp_i,
  // counters; three: reads in bit 0, writes in bit 1, check ports in bit 2
  output logic [2:0]       ev_ask_o,
  output logic [2:0]       ev_miss_o,
  output logic             ev_read_o,
  output logic             ev_stall_rd_o,
  output logic             ev_stall_wr_o,
  output logic             ev_insn_o,
  output logic             ev_insn_stop_o,
  output logic             ev_chk_o,
  output logic             ev_stall_chk_o
);

  localparam int unsigned Chk = (RmpChk == 0) ? 0 : 1;
  localparam int unsigned Use = (RmpInuse == 0) ? 0 : RmpUse;   // marks that the check looks at
  localparam int unsigned Marks = (Use == 0) ? 1 : Use;

  logic guard_on, chk_on, tbusy, tend;
  logic chk_drain, chk_idle;   // check ports: ask nothing; nothing is under way

  // ---- start-up ----
  logic        v_ask, vdone, vok;
  logic [51:0] v_spa;
  logic        seg_work, seg_done, seg_bad;
  cbit_rmp_pkg::rmp_seg_t seg;

  cbit_rmp_init #(
    .SpaWidth(SpaWidth),
    .Chk     (Chk),
    .Seg     (RmpSeg)
  ) u_init (
    .clk_i,
    .rst_ni,
    .cmd_we_i,
    .cmd_op_i,
    .rmp_base_i,
    .rmp_end_i,
    .smee_i,
    .wr_idle_i,
    .tbl_begin_i,
    .tbl_end_i,
    .v_ask_o   (v_ask),
    .v_spa_o   (v_spa),
    .vdone_i   (vdone),
    .vok_i     (vok),
    .drain_o   (chk_drain),
    .chk_idle_i(chk_idle),
    .seg_i       (seg),
    .seg_work_o  (seg_work),
    .seg_loaded_i(loaded_o),
    .seg_done_i  (seg_done),
    .seg_bad_i   (seg_bad),
    .guard_on_o(guard_on),
    .chk_on_o  (chk_on),
    .tbusy_o   (tbusy),
    .tend_o    (tend),
    .state_o,
    .busy_o,
    .error_o
  );

  assign chk_on_o = chk_on;

  // ---- between caches and walker ----
  logic        r_miss, w_miss, c_miss, r_v_valid, w_v_valid, c_v_valid, v_deny, fill, fill_own;
  logic [2:0]  r_slot, w_slot, c_slot, r_v_slot, w_v_slot, c_v_slot;
  spa_t        r_spa, w_spa, c_spa, fill_spa;
  attr_t       r_attr, w_attr;
  logic        r_base, w_base, c_base, w_use, c_use, unused_r_use;
  logic [95:0] r_base_word, w_base_word, c_base_word;
  rec_t        v_rec;
  logic [95:0] fill_own_word, fill_base_word;
  logic [2:0]  asked, lines;   // of the caches, for rules
  cbit_rmp_pkg::rmp_ask_t c_what, unused_r_what, unused_w_what;

  // marks of pages in use, as the check sees them
  logic [Marks-1:0] use_v;
  logic [Marks-1:0][51:12] use_page;

  // ---- cache of the read path ----
  logic rd_wait, rd_deny, unused_rd_tbl;

  cbit_rmp_cache #(
    .Write   (0),
    .Slots   (2),
    .Lines   (RmpLines),
    .Const   (RmpConst),
    .SpaWidth(SpaWidth),
    .Inuse   (RmpInuse),
    .Seg     (RmpSeg)
  ) u_cache_r (
    .clk_i,
    .rst_ni,
    .chk_on_i        (chk_on),
    .guard_on_i      (guard_on),
    .tbusy_i         (tbusy),
    .rmp_base_i,
    .rmp_end_i,
    .seg_i           (seg),
    .vmpl_en_i,
    .vmpl_sss_i,
    .iommu_snp_i,
    .ask_valid_i     (rd_ask_valid_i),
    .ask_spa_i       (rd_ask_spa_i),
    .ask_attr_i      (rd_ask_attr_i),
    .use_v_i         (1'b0),
    .use_page_i      (40'd0),
    .ask_what_i      ('0),
    .ask_none_i      (rd_ask_none_i),
    .pop_i           (rd_pop_i),
    .head_wait_o     (rd_wait),
    .head_now_o      (rd_now_o),
    .head_deny_o     (rd_deny),
    .now_deny_o      (rd_now_deny_o),
    .head_tbl_o      (unused_rd_tbl),
    .head_rec_o      (rd_rec_o),
    .miss_o          (r_miss),
    .miss_slot_o     (r_slot),
    .miss_spa_o      (r_spa),
    .miss_attr_o     (r_attr),
    .miss_what_o     (unused_r_what),
    .miss_use_o      (unused_r_use),
    .miss_base_o     (r_base),
    .miss_base_word_o(r_base_word),
    .wv_valid_i      (r_v_valid),
    .wv_slot_i       (r_v_slot),
    .wv_deny_i       (v_deny),
    .wv_rec_i        (v_rec),
    .fill_i          (fill),
    .fill_own_i      (fill_own),
    .fill_spa_i      (fill_spa),
    .fill_own_word_i (fill_own_word),
    .fill_base_word_i(fill_base_word),
    .asked_o         (asked[0]),
    .lines_o         (lines[0]),
    .ev_ask_o        (ev_ask_o[0]),
    .ev_miss_o       (ev_miss_o[0])
  );

  assign rd_chk_rsp_o = '{valid: !rd_wait, allow: !rd_deny};
  assign ev_stall_rd_o = rd_wait;

  // ---- cache of the write path ----
  logic wr_now, wr_head_deny, wr_now_deny;

  cbit_rmp_cache #(
    .Write   (1),
    .Slots   (RmpMiss),
    .Lines   (RmpLines),
    .Const   (RmpConst),
    .Use     (Use),
    .SpaWidth(SpaWidth),
    .Inuse   (RmpInuse),
    .Seg     (RmpSeg)
  ) u_cache_w (
    .clk_i,
    .rst_ni,
    .chk_on_i        (chk_on),
    .guard_on_i      (guard_on),
    .tbusy_i         (tbusy),
    .rmp_base_i,
    .rmp_end_i,
    .seg_i           (seg),
    .vmpl_en_i,
    .vmpl_sss_i,
    .iommu_snp_i,
    .ask_valid_i     (wr_ask_valid_i),
    .ask_spa_i       (wr_ask_spa_i),
    .ask_attr_i      (wr_ask_attr_i),
    .use_v_i         (use_v),
    .use_page_i      (use_page),
    .ask_what_i      ('0),
    .ask_none_i      (wr_ask_none_i),
    .pop_i           (wr_pop_i),
    .head_wait_o     (wr_wait_o),
    .head_now_o      (wr_now),
    .head_deny_o     (wr_head_deny),
    .now_deny_o      (wr_now_deny),
    .head_tbl_o      (wr_tbl_o),
    .head_rec_o      (wr_rec_o),
    .miss_o          (w_miss),
    .miss_slot_o     (w_slot),
    .miss_spa_o      (w_spa),
    .miss_attr_o     (w_attr),
    .miss_what_o     (unused_w_what),
    .miss_use_o      (w_use),
    .miss_base_o     (w_base),
    .miss_base_word_o(w_base_word),
    .wv_valid_i      (w_v_valid),
    .wv_slot_i       (w_v_slot),
    .wv_deny_i       (v_deny),
    .wv_rec_i        (v_rec),
    .fill_i          (fill),
    .fill_own_i      (fill_own),
    .fill_spa_i      (fill_spa),
    .fill_own_word_i (fill_own_word),
    .fill_base_word_i(fill_base_word),
    .asked_o         (asked[1]),
    .lines_o         (lines[1]),
    .ev_ask_o        (ev_ask_o[1]),
    .ev_miss_o       (ev_miss_o[1])
  );

  assign wr_deny_o = wr_now ? wr_now_deny : wr_head_deny;
  assign ev_stall_wr_o = wr_wait_o;

  // ---- check ports, with a cache of their own ----
  if (RmpChk != 0) begin : gen_chk
    logic chk_hold, ask_valid, ask_none, pop, head_wait, head_now, head_deny, now_deny, unused_tbl;
    spa_t  ask_spa;
    rec_t  head_rec;
    attr_t unused_attr;
    cbit_rmp_pkg::rmp_ask_t ask_what;

    assign chk_hold = stop_o || chk_drain;

    cbit_rmp_chk #(
      .Ports   (RmpChk),
      .Slots   (RmpMiss),
      .Inuse   (RmpInuse),
      .SpaWidth(SpaWidth)
    ) u_chk (
      .clk_i,
      .rst_ni,
      .chk_on_i   (chk_on),
      .hold_i     (chk_hold),
      .chk_valid_i,
      .chk_ready_o,
      .chk_req_i,
      .chk_ans_valid_o,
      .chk_ans_ready_i,
      .chk_ans_o,
      .ask_valid_o(ask_valid),
      .ask_spa_o  (ask_spa),
      .ask_what_o (ask_what),
      .ask_none_o (ask_none),
      .pop_o      (pop),
      .head_wait_i(head_wait),
      .head_now_i (head_now),
      .head_deny_i(head_deny),
      .now_deny_i (now_deny),
      .head_rec_i (head_rec),
      .idle_o     (chk_idle),
      .ev_chk_o,
      .ev_stall_o (ev_stall_chk_o)
    );

    cbit_rmp_cache #(
      .Write   (0),
      .Slots   (RmpMiss),
      .Lines   (RmpLines),
      .Const   (RmpConst),
      .Raw     (1),
      .Use     (Use),
      .SpaWidth(SpaWidth),
      .Inuse   (RmpInuse),
      .Seg     (RmpSeg)
    ) u_cache_c (
      .clk_i,
      .rst_ni,
      .chk_on_i        (chk_on),
      .guard_on_i      (guard_on),
      .tbusy_i         (tbusy),
      .rmp_base_i,
      .rmp_end_i,
      .seg_i           (seg),
      .vmpl_en_i,
      .vmpl_sss_i,
      .iommu_snp_i,
      .use_v_i         (use_v),
      .use_page_i      (use_page),
      .ask_valid_i     (ask_valid),
      .ask_spa_i       (ask_spa),
      .ask_attr_i      ('0),
      .ask_what_i      (ask_what),
      .ask_none_i      (ask_none),
      .pop_i           (pop),
      .head_wait_o     (head_wait),
      .head_now_o      (head_now),
      .head_deny_o     (head_deny),
      .now_deny_o      (now_deny),
      .head_tbl_o      (unused_tbl),
      .head_rec_o      (head_rec),
      .miss_o          (c_miss),
      .miss_slot_o     (c_slot),
      .miss_spa_o      (c_spa),
      .miss_attr_o     (unused_attr),
      .miss_what_o     (c_what),
      .miss_use_o      (c_use),
      .miss_base_o     (c_base),
      .miss_base_word_o(c_base_word),
      .wv_valid_i      (c_v_valid),
      .wv_slot_i       (c_v_slot),
      .wv_deny_i       (v_deny),
      .wv_rec_i        (v_rec),
      .fill_i          (fill),
      .fill_own_i      (fill_own),
      .fill_spa_i      (fill_spa),
      .fill_own_word_i (fill_own_word),
      .fill_base_word_i(fill_base_word),
      .asked_o         (asked[2]),
      .lines_o         (lines[2]),
      .ev_ask_o        (ev_ask_o[2]),
      .ev_miss_o       (ev_miss_o[2])
    );

    // in an instruction no answer from before it is left
    `CBIT_ASSERT(ChkStill, !still_o || (chk_idle && chk_ans_valid_o == '0))
    // the ring goes in step with the cache's
    `CBIT_ASSERT(ChkRing, u_chk.count_q == u_cache_c.count_q)
  end else begin : gen_no_chk
    assign chk_ready_o = '0;
    assign chk_ans_valid_o = '0;
    assign chk_ans_o = '0;
    assign chk_idle = 1'b1;
    assign c_miss = 1'b0;
    assign c_slot = '0;
    assign c_spa = '0;
    assign c_what = '0;
    assign c_use = 1'b0;
    assign c_base = 1'b0;
    assign c_base_word = '0;
    assign asked[2] = 1'b0;
    assign lines[2] = 1'b0;
    assign ev_ask_o[2] = 1'b0;
    assign ev_miss_o[2] = 1'b0;
    assign ev_chk_o = 1'b0;
    assign ev_stall_chk_o = 1'b0;

    logic unused_chk;
    assign unused_chk = ^{chk_valid_i, chk_req_i, chk_ans_ready_i, chk_drain, c_v_valid, c_v_slot};
  end

  // ---- walker ----
  localparam int unsigned Unit = RmpMiss + 3;   // number of the instruction unit in tags
  logic       walk_valid, insn_rd_valid, seg_rd_valid, rd_valid, rd_ready;
  spa_t       walk_spa, insn_rd_spa, seg_rd_spa, rd_spa;
  logic [7:0] walk_tag, insn_rd_tag, seg_rd_tag, rd_tag;
  logic       to_insn, to_seg, walk_data, insn_data, seg_data;

  assign to_insn = RmpInsn != 0 && rmwd_tag_i[6:1] == 6'(Unit);
  assign to_seg = RmpSeg != 0 && rmwd_tag_i[6:1] == cbit_rmp_pkg::SegUnit;
  assign walk_data = rmwd_valid_i && rmwd_tag_i[7] && !to_insn && !to_seg;
  assign seg_data = rmwd_valid_i && rmwd_tag_i[7] && to_seg;
  assign insn_data = rmwd_valid_i && rmwd_tag_i[7] && to_insn;
  assign rmwd_valid_o = rmwd_valid_i && !rmwd_tag_i[7];

  cbit_rmp_walker #(
    .Lanes   (Lanes),
    .Miss    (RmpMiss),
    .Const   (RmpConst),
    .SpaWidth(SpaWidth),
    .Chk     (Chk),
    .Inuse   (RmpInuse),
    .Seg     (RmpSeg)
  ) u_walker (
    .clk_i,
    .rst_ni,
    .tbusy_i         (tbusy),
    .tend_i          (tend),
    .rmp_base_i,
    .rmp_end_i,
    .seg_i           (seg),
    .vmpl_en_i,
    .vmpl_sss_i,
    .iommu_snp_i,
    .r_miss_i        (r_miss),
    .r_slot_i        (r_slot),
    .r_spa_i         (r_spa),
    .r_attr_i        (r_attr),
    .r_base_i        (r_base),
    .r_base_word_i   (r_base_word),
    .w_miss_i        (w_miss),
    .w_slot_i        (w_slot),
    .w_spa_i         (w_spa),
    .w_attr_i        (w_attr),
    .w_base_i        (w_base),
    .w_base_word_i   (w_base_word),
    .w_use_i         (w_use),
    .c_miss_i        (c_miss),
    .c_slot_i        (c_slot),
    .c_spa_i         (c_spa),
    .c_what_i        (c_what),
    .c_base_i        (c_base),
    .c_base_word_i   (c_base_word),
    .c_use_i         (c_use),
    .v_ask_i         (v_ask),
    .v_spa_i         (v_spa),
    .vdone_o         (vdone),
    .vok_o           (vok),
    .rd_valid_o      (walk_valid),
    .rd_ready_i      (rd_ready),
    .rd_spa_o        (walk_spa),
    .rd_tag_o        (walk_tag),
    .d_valid_i       (walk_data),
    .d_tag_i         (rmwd_tag_i),
    .d_err_i         (rmwd_err_i),
    .d_data_i        (rmwd_data_i),
    .r_v_valid_o     (r_v_valid),
    .r_v_slot_o      (r_v_slot),
    .w_v_valid_o     (w_v_valid),
    .w_v_slot_o      (w_v_slot),
    .c_v_valid_o     (c_v_valid),
    .c_v_slot_o      (c_v_slot),
    .v_deny_o        (v_deny),
    .v_rec_o         (v_rec),
    .fill_o          (fill),
    .fill_own_o      (fill_own),
    .fill_spa_o      (fill_spa),
    .fill_own_word_o (fill_own_word),
    .fill_base_word_o(fill_base_word)
  );

  // ---- reads of the walker, of an instruction, of the segment table: never two ----
  assign rd_valid = walk_valid || insn_rd_valid || seg_rd_valid;

  always_comb begin
    rd_spa = walk_spa;
    rd_tag = walk_tag;
    if (insn_rd_valid) begin
      rd_spa = insn_rd_spa;
      rd_tag = insn_rd_tag;
    end
    if (seg_rd_valid) begin
      rd_spa = seg_rd_spa;
      rd_tag = seg_rd_tag;
    end
  end

  assign ev_read_o = rd_valid && rd_ready;

  // ---- one port for walks and read-modify-writes ----
  cbit_rmp_merge u_merge (
    .clk_i,
    .rst_ni,
    .tsme_i,
    .mode_i,
    .rmw_valid_i,
    .rmw_ready_o,
    .rmw_spa_i,
    .rmw_rows_i,
    .rmw_slot_i,
    .rmw_tag_i,
    .rmw_cache_i,
    .rmw_prot_i,
    .rmw_qos_i,
    .rmw_region_i,
    .rd_valid_i(rd_valid),
    .rd_ready_o(rd_ready),
    .rd_spa_i  (rd_spa),
    .rd_tag_i  (rd_tag),
    .int_valid_o,
    .int_ready_i,
    .int_spa_o,
    .int_rows_o,
    .int_enc_o,
    .int_slot_o,
    .int_tag_o,
    .int_cache_o,
    .int_prot_o,
    .int_qos_o,
    .int_region_o
  );

  // ---- segment table ----
  if (RmpSeg != 0) begin : gen_seg
    assign seg.en = seg_en_i;
    assign seg.size = seg_size_i;

    cbit_rmp_seg #(
      .Lanes   (Lanes),
      .SpaWidth(SpaWidth)
    ) u_seg (
      .clk_i,
      .rst_ni,
      .seg_en_i,
      .seg_size_i,
      .rmp_base_i,
      .work_i    (seg_work),
      .done_o    (seg_done),
      .bad_o     (seg_bad),
      .rd_valid_o(seg_rd_valid),
      .rd_ready_i(rd_ready),
      .rd_spa_o  (seg_rd_spa),
      .rd_tag_o  (seg_rd_tag),
      .d_valid_i (seg_data),
      .d_err_i   (rmwd_err_i),
      .d_data_i  (rmwd_data_i),
      .loaded_o,
      .base_o    (seg.base),
      .cov_o     (seg.cov)
    );
  end else begin : gen_no_seg
    assign seg = '0;
    assign loaded_o = 1'b0;
    assign seg_done = 1'b0;
    assign seg_bad = 1'b0;
    assign seg_rd_valid = 1'b0;
    assign seg_rd_spa = '0;
    assign seg_rd_tag = '0;
    logic unused_seg;
    assign unused_seg = ^{seg_en_i, seg_size_i, seg_work, seg_data};
  end

  // ---- instructions ----
  if (RmpInsn != 0) begin : gen_insn
    logic [RmpUse-1:0] mark_v;
    logic [RmpUse-1:0][51:12] mark_page;

    cbit_rmp_insn #(
      .Lanes(Lanes),
      .Unit (Unit),
      .Ports(RmpInsn),
      .Slots(RmpUse),
      .Seg  (RmpSeg)
    ) u_insn (
      .clk_i,
      .rst_ni,
      .chk_on_i  (chk_on),
      .vmpl_en_i,
      .rmp_base_i,
      .rmp_end_i,
      .seg_i     (seg),
      .insn_valid_i,
      .insn_ready_o,
      .insn_req_i,
      .ans_valid_o,
      .ans_ready_i,
      .ans_kind_o,
      .ans_code_o,
      .ans_cf_o,
      .ans_zf_o,
      .ans_error_o,
      .ans_out_o,
      .inv_valid_o,
      .inv_ready_i,
      .inv_page_o,
      .use_valid_i,
      .use_ready_o,
      .use_slot_i,
      .use_set_i,
      .use_page_i,
      .use_v_o   (mark_v),
      .use_page_o(mark_page),
      .rd_idle_i,
      .wr_idle_i,
      .chk_idle_i(chk_idle),
      .rd_valid_o(insn_rd_valid),
      .rd_ready_i(rd_ready),
      .rd_spa_o  (insn_rd_spa),
      .rd_tag_o  (insn_rd_tag),
      .d_valid_i (insn_data),
      .d_tag_i   (rmwd_tag_i),
      .d_err_i   (rmwd_err_i),
      .d_data_i  (rmwd_data_i),
      .stop_o,
      .write_o,
      .still_o,
      .aw_valid_o,
      .aw_ready_i,
      .aw_spa_o,
      .aw_len_o,
      .w_valid_o,
      .w_ready_i,
      .w_data_o,
      .w_strb_o,
      .w_last_o,
      .b_valid_i,
      .b_resp_i,
      .tbusy_i   (tbusy),
      .asked_i   (asked != '0),
      .lines_i   (lines != '0),
      .ev_insn_o,
      .ev_stop_o (ev_insn_stop_o)
    );

    if (RmpInuse != 0) begin : gen_use
      assign use_v = mark_v;
      assign use_page = mark_page;
    end else begin : gen_no_use
      assign use_v = '0;
      assign use_page = '0;
      logic unused_marks;
      assign unused_marks = ^{mark_v, mark_page};
    end
  end else begin : gen_no_insn
    assign use_v = '0;
    assign use_page = '0;
    assign insn_ready_o = '0;
    assign ans_valid_o = '0;
    assign ans_kind_o = '0;
    assign ans_code_o = '0;
    assign ans_cf_o = 1'b0;
    assign ans_zf_o = 1'b0;
    assign ans_error_o = '0;
    assign ans_out_o = '0;
    assign inv_valid_o = 1'b0;
    assign inv_page_o = '0;
    assign use_ready_o = 1'b0;
    assign insn_rd_valid = 1'b0;
    assign insn_rd_spa = '0;
    assign insn_rd_tag = '0;
    assign stop_o = 1'b0;
    assign write_o = 1'b0;
    assign still_o = 1'b0;
    assign aw_valid_o = 1'b0;
    assign aw_spa_o = '0;
    assign aw_len_o = '0;
    assign w_valid_o = 1'b0;
    assign w_data_o = '0;
    assign w_strb_o = '0;
    assign w_last_o = 1'b0;
    assign ev_insn_o = 1'b0;
    assign ev_insn_stop_o = 1'b0;

    logic unused_insn;
    assign unused_insn = ^{insn_valid_i, insn_req_i, ans_ready_i, inv_ready_i, use_valid_i,
                           use_slot_i, use_set_i, use_page_i, rd_idle_i, aw_ready_i, w_ready_i,
                           b_valid_i, b_resp_i, asked, lines, insn_data, chk_idle};
  end

  `CBIT_ASSERT_INIT(RmpChkPorts, RmpChk <= 8)
  `CBIT_ASSERT_INIT(RmpSegKind, RmpSeg <= 1)
  `CBIT_ASSERT_INIT(RmpInuseMarks, RmpInuse <= 1 && (RmpInuse == 0 || RmpInsn != 0))
  `CBIT_ASSERT(InsnAlone, !(walk_valid && insn_rd_valid))
  `CBIT_ASSERT(SegAlone, !seg_rd_valid || !(walk_valid || insn_rd_valid))
  // VERIFY runs before checks are on, an instruction stops the world only after
  `CBIT_ASSERT(InsnVerify, !(v_ask && stop_o))

endmodule
