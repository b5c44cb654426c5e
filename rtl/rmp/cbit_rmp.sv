// SPDX-License-Identifier: Apache-2.0
//
// cbit_rmp: the check of the reverse map table (RMP) in the request paths.
//
//   address handshakes ──▶ cache R, cache W ── verdicts ──▶ bus_read, bus_write
//                             │ miss    ▲ verdict, fill
//                             ▼         │
//   RMW of bus_write ─▶ merge ◀─ walker ◀─ data of bus_read, tag[7] = 1
//                         └──▶ internal port of bus_read         init: commands, state
//
// Where: beside the address queues of both paths; with the parameter Rmp of the engine only.
// Wiring: no logic of its own but the selection of read data by its tag.
// Latency: a hit 0 cycles for reads and 1 for writes (the gate); a miss one DRAM read.
// Reset: state OFF, no check, no guard. Source: docs/units/rmp.md and the pages of the parts.
module cbit_rmp
  import cbit_pkg::*;
#(
  parameter int unsigned Lanes = 1,       // 1, 2, 4
  parameter int unsigned RmpLines = 32,   // 8 to 256, power of 2: lines of each cache
  parameter int unsigned RmpMiss = 4,     // 2, 4, 8: questions of writes in flight
  parameter int unsigned RmpConst = 0,    // 1: nothing is cached
  parameter int unsigned SpaWidth = 40,   // 32 to 52
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
  input  logic             cmd_we_i,
  input  logic [3:0]       cmd_op_i,
  output logic [2:0]       state_o,
  output logic             busy_o,
  output logic [3:0]       error_o,
  output logic             chk_on_o,
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
  // counters; pairs: reads in bit 0, writes in bit 1
  output logic [1:0]       ev_ask_o,
  output logic [1:0]       ev_miss_o,
  output logic             ev_read_o,
  output logic             ev_stall_rd_o,
  output logic             ev_stall_wr_o
);

  logic guard_on, chk_on, tbusy, tend;

  // ---- start-up ----
  logic        v_ask, vdone, vok;
  logic [51:0] v_spa;

  cbit_rmp_init #(
    .SpaWidth(SpaWidth)
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
  logic        r_miss, w_miss, r_v_valid, w_v_valid, v_deny, fill, fill_own;
  logic [2:0]  r_slot, w_slot, r_v_slot, w_v_slot;
  spa_t        r_spa, w_spa, fill_spa;
  attr_t       r_attr, w_attr;
  rec_t        v_rec;
  logic [95:0] fill_own_word, fill_base_word;

  // ---- cache of the read path ----
  logic rd_wait, rd_deny, unused_rd_tbl;

  cbit_rmp_cache #(
    .Write   (0),
    .Slots   (2),
    .Lines   (RmpLines),
    .Const   (RmpConst),
    .SpaWidth(SpaWidth)
  ) u_cache_r (
    .clk_i,
    .rst_ni,
    .chk_on_i        (chk_on),
    .guard_on_i      (guard_on),
    .tbusy_i         (tbusy),
    .rmp_base_i,
    .rmp_end_i,
    .vmpl_en_i,
    .vmpl_sss_i,
    .iommu_snp_i,
    .ask_valid_i     (rd_ask_valid_i),
    .ask_spa_i       (rd_ask_spa_i),
    .ask_attr_i      (rd_ask_attr_i),
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
    .wv_valid_i      (r_v_valid),
    .wv_slot_i       (r_v_slot),
    .wv_deny_i       (v_deny),
    .wv_rec_i        (v_rec),
    .fill_i          (fill),
    .fill_own_i      (fill_own),
    .fill_spa_i      (fill_spa),
    .fill_own_word_i (fill_own_word),
    .fill_base_word_i(fill_base_word),
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
    .SpaWidth(SpaWidth)
  ) u_cache_w (
    .clk_i,
    .rst_ni,
    .chk_on_i        (chk_on),
    .guard_on_i      (guard_on),
    .tbusy_i         (tbusy),
    .rmp_base_i,
    .rmp_end_i,
    .vmpl_en_i,
    .vmpl_sss_i,
    .iommu_snp_i,
    .ask_valid_i     (wr_ask_valid_i),
    .ask_spa_i       (wr_ask_spa_i),
    .ask_attr_i      (wr_ask_attr_i),
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
    .wv_valid_i      (w_v_valid),
    .wv_slot_i       (w_v_slot),
    .wv_deny_i       (v_deny),
    .wv_rec_i        (v_rec),
    .fill_i          (fill),
    .fill_own_i      (fill_own),
    .fill_spa_i      (fill_spa),
    .fill_own_word_i (fill_own_word),
    .fill_base_word_i(fill_base_word),
    .ev_ask_o        (ev_ask_o[1]),
    .ev_miss_o       (ev_miss_o[1])
  );

  assign wr_deny_o = wr_now ? wr_now_deny : wr_head_deny;
  assign ev_stall_wr_o = wr_wait_o;

  // ---- walker ----
  logic       walk_valid, walk_ready, walk_data;
  spa_t       walk_spa;
  logic [7:0] walk_tag;

  assign walk_data = rmwd_valid_i && rmwd_tag_i[7];
  assign rmwd_valid_o = rmwd_valid_i && !rmwd_tag_i[7];

  cbit_rmp_walker #(
    .Lanes   (Lanes),
    .Miss    (RmpMiss),
    .Const   (RmpConst),
    .SpaWidth(SpaWidth)
  ) u_walker (
    .clk_i,
    .rst_ni,
    .tbusy_i         (tbusy),
    .tend_i          (tend),
    .rmp_base_i,
    .rmp_end_i,
    .vmpl_en_i,
    .vmpl_sss_i,
    .iommu_snp_i,
    .r_miss_i        (r_miss),
    .r_slot_i        (r_slot),
    .r_spa_i         (r_spa),
    .r_attr_i        (r_attr),
    .w_miss_i        (w_miss),
    .w_slot_i        (w_slot),
    .w_spa_i         (w_spa),
    .w_attr_i        (w_attr),
    .v_ask_i         (v_ask),
    .v_spa_i         (v_spa),
    .vdone_o         (vdone),
    .vok_o           (vok),
    .rd_valid_o      (walk_valid),
    .rd_ready_i      (walk_ready),
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
    .v_deny_o        (v_deny),
    .v_rec_o         (v_rec),
    .fill_o          (fill),
    .fill_own_o      (fill_own),
    .fill_spa_o      (fill_spa),
    .fill_own_word_o (fill_own_word),
    .fill_base_word_o(fill_base_word)
  );

  assign ev_read_o = walk_valid && walk_ready;

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
    .rd_valid_i(walk_valid),
    .rd_ready_o(walk_ready),
    .rd_spa_i  (walk_spa),
    .rd_tag_i  (walk_tag),
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

endmodule
