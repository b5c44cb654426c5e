// SPDX-License-Identifier: Apache-2.0
//
// cbit_top: the engine, with structs at its edge.
//
// Where: between a fabric (requester side, s_*) and a DRAM controller (m_*); wiring only. For plain
// pins see cbit_top_flat, for what every pin means docs/interfaces.md.
//
//   s_ar ----> bus_read ----> m_ar       s_aw, s_w ----> bus_write ----> m_aw, m_w
//   s_r  <---- bus_read <---- m_r        s_b       <---- bus_write <---- m_b
//                  ^  ^------ rmw requests, old data -------^  ^
//                  |------------ tweak: jobs, results ---------|
//                  |------------ rmp: questions, verdicts -----|   (Rmp = 1; RMW requests too)
//   instructions --> rmp, which closes and uses the s_* pins for them  (RmpInsn > 0: rmp_pins)
//   questions of an MMU --> rmp --> answers                            (RmpChk > 0)
//   s_axil --> axil --> csr --> key_store --> round keys of bus_read, bus_write and tweak
//
// Latency: docs/units/bus_read.md and bus_write.md. No output depends combinationally on an input.
// Reset: all valids low; the bus accepts nothing until the key store has wiped all round keys.
`include "cbit_assert.svh"

module cbit_top
  import cbit_pkg::*;
#(
  parameter int unsigned Lanes = 1,              // 1, 2, 4: 128-bit blocks a clock
  parameter int unsigned KeyBits = 128,          // 128, 256
  parameter int unsigned RoundsPerStage = 1,     // 1, 2
  parameter int unsigned Sbox = 1,               // 0 table, 1 block RAM, 2 tower field
  parameter int unsigned TweakSbox = 3,          // the same for the tweak pipe
  parameter int unsigned KeySlots = 16,          // 16 to 1024
  parameter int unsigned IdWidth = 4,            // 1 to 8: ID bits in use, the others are zero
  parameter int unsigned NumRd = 32,             // 4 to 64: entries of the read table
  parameter int unsigned NumWr = 64,             // 4 to 128, power of 2: entries of the write table
  parameter int unsigned NumRow = 64,            // 32 to 256, power of 2: rows of write data
  parameter int unsigned SpaWidth = 40,          // 32 to 52: address bits
  parameter logic [5:0] ModesMask = 6'b010001,   // bit m: mode m compiled in; bit 0 always
  parameter int unsigned DefaultMode = 4,        // a mode of the mask
  parameter int unsigned AttrFromAddr = 0,       // 1: C-bit and ASID from address bits
  parameter int unsigned CbitPos = 51,           // their places
  parameter int unsigned AsidLsb = 52,
  parameter int unsigned TestTweak = 0,          // 1: tweak override for standard vectors
  parameter int unsigned Rmp = 0,                // 1: with the RMP check
  parameter int unsigned RmpLines = 32,          // 8 to 256, power of 2: lines of each cache of it
  parameter int unsigned RmpMiss = 4,            // 2, 4, 8: writes that wait for it
  parameter int unsigned RmpConst = 0,           // 1: it caches nothing
  parameter int unsigned RmpInsn = 0,            // 0 to 8: ports for RMP instructions; > 0: Rmp = 1
  parameter int unsigned RmpUse = 4,             // 1 to 32: marks of pages in use
  parameter int unsigned RmpInuse = 0,           // 1: they can refuse writes of the host; RmpInsn > 0
  parameter int unsigned RmpChk = 0,             // 0 to 8: check ports; > 0: Rmp = 1
  parameter int unsigned RmpSeg = 0,             // 1: the table can be segmented; Rmp = 1
  localparam int unsigned PortsI = (RmpInsn == 0) ? 1 : RmpInsn,
  localparam int unsigned PortsC = (RmpChk == 0) ? 1 : RmpChk,
  localparam int unsigned DataW = 128 * Lanes
) (
  input  logic               clk_i,
  input  logic               rst_ni,
  // straps
  input  logic               debug_i,
  input  logic               zeroise_i,
  // requester side, read
  input  logic               s_ar_valid_i,
  output logic               s_ar_ready_o,
  input  ax_req_t            s_ar_i,
  output logic               s_r_valid_o,
  input  logic               s_r_ready_i,
  output logic [IdW-1:0]     s_r_id_o,
  output logic [DataW-1:0]   s_r_data_o,
  output logic [1:0]         s_r_resp_o,
  output logic               s_r_last_o,
  // requester side, write
  input  logic               s_aw_valid_i,
  output logic               s_aw_ready_o,
  input  ax_req_t            s_aw_i,
  input  logic               s_w_valid_i,
  output logic               s_w_ready_o,
  input  logic [DataW-1:0]   s_w_data_i,
  input  logic [DataW/8-1:0] s_w_strb_i,
  input  logic               s_w_last_i,
  output logic               s_b_valid_o,
  input  logic               s_b_ready_i,
  output logic [IdW-1:0]     s_b_id_o,
  output logic [1:0]         s_b_resp_o,
  // DRAM side, read
  output logic               m_ar_valid_o,
  input  logic               m_ar_ready_i,
  output ax_mem_t            m_ar_o,
  input  logic               m_r_valid_i,
  output logic               m_r_ready_o,
  input  logic [IdW:0]       m_r_id_i,
  input  logic [DataW-1:0]   m_r_data_i,
  input  logic [1:0]         m_r_resp_i,
  input  logic               m_r_last_i,
  // DRAM side, write
  output logic               m_aw_valid_o,
  input  logic               m_aw_ready_i,
  output ax_mem_t            m_aw_o,
  output logic               m_w_valid_o,
  input  logic               m_w_ready_i,
  output logic [DataW-1:0]   m_w_data_o,
  output logic [DataW/8-1:0] m_w_strb_o,
  output logic               m_w_last_o,
  input  logic               m_b_valid_i,
  output logic               m_b_ready_o,
  input  logic [IdW:0]       m_b_id_i,
  input  logic [1:0]         m_b_resp_i,
  // AMD-SP
  input  logic [11:0]        s_axil_awaddr_i,
  input  logic [2:0]         s_axil_awprot_i,
  input  logic               s_axil_awvalid_i,
  output logic               s_axil_awready_o,
  input  logic [31:0]        s_axil_wdata_i,
  input  logic [3:0]         s_axil_wstrb_i,
  input  logic               s_axil_wvalid_i,
  output logic               s_axil_wready_o,
  output logic [1:0]         s_axil_bresp_o,
  output logic               s_axil_bvalid_o,
  input  logic               s_axil_bready_i,
  input  logic [11:0]        s_axil_araddr_i,
  input  logic [2:0]         s_axil_arprot_i,
  input  logic               s_axil_arvalid_i,
  output logic               s_axil_arready_o,
  output logic [31:0]        s_axil_rdata_o,
  output logic [1:0]         s_axil_rresp_o,
  output logic               s_axil_rvalid_o,
  input  logic               s_axil_rready_i,
  // entropy source
  input  logic               ent_valid_i,
  output logic               ent_ready_o,
  input  logic [31:0]        ent_data_i,
  // RMP instructions, answers, dropped ranges, marks (docs/units/rmp_insn.md); RmpInsn = 0: nothing
  // is looked at, all outputs are 0
  input  logic [PortsI-1:0]  insn_valid_i,
  output logic [PortsI-1:0]  insn_ready_o,
  input  insn_req_t [PortsI-1:0] insn_req_i,
  output logic [PortsI-1:0]  ans_valid_o,
  input  logic [PortsI-1:0]  ans_ready_i,
  output logic [3:0]         ans_kind_o,
  output logic [3:0]         ans_code_o,
  output logic               ans_cf_o,
  output logic               ans_zf_o,
  output logic [37:0]        ans_error_o,
  output logic [127:0]       ans_out_o,
  output logic               inv_valid_o,
  input  logic               inv_ready_i,
  output logic [51:21]       inv_page_o,
  input  logic               use_valid_i,
  output logic               use_ready_o,
  input  logic [4:0]         use_slot_i,
  input  logic               use_set_i,
  input  logic [51:12]       use_page_i,
  // check ports for an MMU or IOMMU (docs/units/rmp_chk.md); RmpChk = 0: the same
  input  logic [PortsC-1:0]  chk_valid_i,
  output logic [PortsC-1:0]  chk_ready_o,
  input  chk_ask_t [PortsC-1:0] chk_req_i,
  output logic [PortsC-1:0]  chk_ans_valid_o,
  input  logic [PortsC-1:0]  chk_ans_ready_i,
  output chk_ans_t [PortsC-1:0] chk_ans_o,
  // interrupt
  output logic               irq_o
);

  // ---- configuration and state ----
  logic                smee, tsme, ovr_en;
  logic [3:0]          mode;
  logic [127:0]        ovr;
  logic [KeySlots-1:0] slot_active, slot_active_next, slot_drain, slot_empty;
  logic                init_done, ks_busy, ent_alarm, zeroise, kill;
  logic                rd_inflight_drain, wr_inflight_drain;

  // ---- commands of the secure processor ----
  logic         reg_req, reg_write, reg_err;
  logic [11:0]  reg_addr;
  logic [31:0]  reg_wdata, reg_rdata;
  logic [3:0]   reg_wstrb;
  logic         cmd_valid, cmd_done;
  logic [3:0]   cmd_op, cmd_err;
  slot_t        cmd_slot;
  logic [1:0]   slot_state;
  logic [255:0] key1, key2;

  // ---- faults ----
  logic        rd_fault_valid, wr_fault_valid, fault_pop, ev_fault_logged, ev_fault_dropped;
  fault_t      rd_fault, wr_fault, fault_head;
  logic [7:0]  fault_held;
  logic [15:0] fault_dropped;

  // ---- key writes ----
  logic         kw_e_valid, kw_d_valid, kw_t_valid, kd_valid;
  slot_t        kw_e_slot, kw_d_slot, kw_t_slot;
  logic [3:0]   kw_e_round, kw_d_round, kw_t_round;
  logic [127:0] kw_e_key, kw_d_key, kw_t_key;

  // the first round key of the decrypt direction is kept beside the tweaks
  assign kd_valid = kw_d_valid && kw_d_round == 4'd0;

  // ---- tweaks ----
  logic         r_job_valid, w_job_valid, tw_r_we, tw_w_we, tt_we;
  tweak_job_t   r_job, w_job;
  logic [7:0]   tw_r_entry, tw_w_entry;
  logic [5:0]   tw_r_unit, tw_w_unit, tt_index;
  logic [127:0] tw_r_t, tw_r_dk0, tw_w_t, tt_data;

  // ---- checks ----
  logic         rd_chk_valid, wr_chk_valid;
  chk_req_t     rd_chk_req, wr_chk_req;
  chk_rsp_t     rd_chk_rsp, wr_chk_rsp;
  logic         rd_ask_valid, rd_ask_none, rd_ask_pop, rd_now, rd_now_deny;
  logic         wr_ask_valid, wr_ask_none, wr_ask_pop, gate_wait, gate_deny, gate_tbl;
  spa_t         rd_ask_spa, wr_ask_spa;
  attr_t        rd_ask_attr, wr_ask_attr;
  rec_t         rd_rec, gate_rec;
  logic         tbl_begin, tbl_end, wr_idle;
  logic [51:13] rmp_base, rmp_end;
  logic         rmp_vmpl_en, rmp_vmpl_sss, rmp_iommu_snp, rmp_cmd_we, rmp_busy, rmp_chk_on;
  logic [3:0]   rmp_cmd_op, rmp_error;
  logic [2:0]   rmp_state;
  logic         rmp_loaded, rmp_seg_en;
  logic [5:0]   rmp_seg_size;

  // ---- read-modify-write: request of the write path, old data from the read path ----
  logic             rmw_valid, rmw_next, rmw_ready, rmwd_valid, rmwd_err;
  spa_t             rmw_spa;
  logic [4:0]       rmw_rows;
  slot_t            rmw_slot;
  logic [7:0]       rmw_tag, rmwd_tag;
  logic [3:0]       rmw_cache, rmw_qos, rmw_region, rmwd_row;
  logic [2:0]       rmw_prot;
  logic [DataW-1:0] rmwd_data;
  // the read path's side of it: with the reads of the check
  logic             int_valid, int_ready, int_enc, intd_valid;
  spa_t             int_spa;
  logic [4:0]       int_rows;
  slot_t            int_slot;
  logic [7:0]       int_tag;
  logic [3:0]       int_cache, int_qos, int_region;
  logic [2:0]       int_prot;

  // ---- requester's pins as the bus units see them: closed and used by instructions ----
  logic               e_ar_valid, e_ar_ready, e_aw_valid, e_aw_ready;
  logic               e_w_valid, e_w_ready, e_w_last, e_b_valid, e_b_ready, rd_idle;
  ax_req_t            e_aw;
  logic [DataW-1:0]   e_w_data, insn_w_data;
  logic [DataW/8-1:0] e_w_strb, insn_w_strb;
  logic               insn_stop, insn_write, insn_still;
  logic               insn_aw_valid, insn_aw_ready, insn_w_valid, insn_w_ready, insn_w_last;
  logic               insn_b_valid;
  logic [1:0]         insn_b_resp;
  spa_t               insn_aw_spa;
  logic [7:0]         insn_aw_len;

  // ---- events ----
  logic ev_rd_plain, ev_rd_enc, ev_rmw, ev_rd_stall_tweak, ev_rd_stall_table, ev_stall_out;
  logic ev_wr_plain, ev_wr_enc, ev_wr_stall_tweak, ev_stall_rmw, ev_stall_hazard;
  logic ev_wr_stall_table;
  logic [2:0] ev_rmp_ask, ev_rmp_miss;   // of reads, writes, check ports
  logic ev_rmp_read, ev_stall_rmp_rd, ev_stall_rmp_wr, ev_insn, ev_insn_stop, ev_chk, ev_stall_chk;

  typedef struct packed {
    logic rd_fault, wr_fault, rd_plain, rd_enc, wr_plain, wr_enc, rmw, stall_tweak_rd, stall_tweak_wr;
    logic stall_rmw, stall_hazard, stall_rd_table, stall_wr_table, stall_out;
    logic [2:0] rmp_ask, rmp_miss;
    logic rmp_read, stall_rmp_rd, stall_rmp_wr, insn, insn_stop, chk, stall_chk;
  } events_t;

  events_t ev_q;
  fault_t  rd_fault_q, wr_fault_q;

  // ---- sp: the secure processor's side ----
  cbit_axil u_axil (
    .clk_i,
    .rst_ni,
    .s_axil_awaddr_i,
    .s_axil_awprot_i,
    .s_axil_awvalid_i,
    .s_axil_awready_o,
    .s_axil_wdata_i,
    .s_axil_wstrb_i,
    .s_axil_wvalid_i,
    .s_axil_wready_o,
    .s_axil_bresp_o,
    .s_axil_bvalid_o,
    .s_axil_bready_i,
    .s_axil_araddr_i,
    .s_axil_arprot_i,
    .s_axil_arvalid_i,
    .s_axil_arready_o,
    .s_axil_rdata_o,
    .s_axil_rresp_o,
    .s_axil_rvalid_o,
    .s_axil_rready_i,
    .reg_req_o  (reg_req),
    .reg_write_o(reg_write),
    .reg_addr_o (reg_addr),
    .reg_wdata_o(reg_wdata),
    .reg_wstrb_o(reg_wstrb),
    .reg_err_i  (reg_err),
    .reg_rdata_i(reg_rdata)
  );

  cbit_csr #(
    .Lanes         (Lanes),
    .KeyBits       (KeyBits),
    .RoundsPerStage(RoundsPerStage),
    .Sbox          (Sbox),
    .KeySlots      (KeySlots),
    .SpaWidth      (SpaWidth),
    .ModesMask     (ModesMask),
    .DefaultMode   (DefaultMode),
    .AttrFromAddr  (AttrFromAddr),
    .TestTweak     (TestTweak),
    .Rmp           (Rmp),
    .RmpInsn       (RmpInsn),
    .RmpChk        (RmpChk),
    .RmpSeg        (RmpSeg)
  ) u_csr (
    .clk_i,
    .rst_ni,
    .debug_i,
    .irq_o,
    .reg_req_i          (reg_req),
    .reg_write_i        (reg_write),
    .reg_addr_i         (reg_addr),
    .reg_wdata_i        (reg_wdata),
    .reg_wstrb_i        (reg_wstrb),
    .reg_err_o          (reg_err),
    .reg_rdata_o        (reg_rdata),
    .smee_o             (smee),
    .tsme_o             (tsme),
    .mode_o             (mode),
    .ovr_en_o           (ovr_en),
    .ovr_o              (ovr),
    .cmd_valid_o        (cmd_valid),
    .cmd_op_o           (cmd_op),
    .cmd_slot_o         (cmd_slot),
    .key1_o             (key1),
    .key2_o             (key2),
    .cmd_done_i         (cmd_done),
    .cmd_err_i          (cmd_err),
    .slot_state_i       (slot_state),
    .slots_used_i       (!(&slot_empty)),
    .init_done_i        (init_done),
    .busy_i             (ks_busy),
    .ent_alarm_i        (ent_alarm),
    .zeroise_i          (zeroise),
    .rmp_base_o         (rmp_base),
    .rmp_end_o          (rmp_end),
    .rmp_vmpl_en_o      (rmp_vmpl_en),
    .rmp_vmpl_sss_o     (rmp_vmpl_sss),
    .rmp_iommu_snp_o    (rmp_iommu_snp),
    .rmp_seg_en_o       (rmp_seg_en),
    .rmp_seg_size_o     (rmp_seg_size),
    .rmp_cmd_we_o       (rmp_cmd_we),
    .rmp_cmd_op_o       (rmp_cmd_op),
    .rmp_state_i        (rmp_state),
    .rmp_busy_i         (rmp_busy),
    .rmp_error_i        (rmp_error),
    .rmp_chk_on_i       (rmp_chk_on),
    .rmp_loaded_i       (rmp_loaded),
    .tt_we_o            (tt_we),
    .tt_index_o         (tt_index),
    .tt_data_o          (tt_data),
    .fault_pop_o        (fault_pop),
    .fault_head_i       (fault_head),
    .fault_held_i       (fault_held),
    .fault_dropped_i    (fault_dropped),
    .ev_fault_logged_i  (ev_fault_logged),
    .ev_fault_dropped_i (ev_fault_dropped),
    .ev_fault_i         ({ev_q.wr_fault, ev_q.rd_fault}),
    .ev_rd_plain_i      (ev_q.rd_plain),
    .ev_rd_enc_i        (ev_q.rd_enc),
    .ev_wr_plain_i      (ev_q.wr_plain),
    .ev_wr_enc_i        (ev_q.wr_enc),
    .ev_rmw_i           (ev_q.rmw),
    .ev_stall_tweak_rd_i(ev_q.stall_tweak_rd),
    .ev_stall_tweak_wr_i(ev_q.stall_tweak_wr),
    .ev_stall_rmw_i     (ev_q.stall_rmw),
    .ev_stall_hazard_i  (ev_q.stall_hazard),
    .ev_stall_rd_table_i(ev_q.stall_rd_table),
    .ev_stall_wr_table_i(ev_q.stall_wr_table),
    .ev_stall_out_i     (ev_q.stall_out),
    .ev_rmp_ask_i       (ev_q.rmp_ask),
    .ev_rmp_miss_i      (ev_q.rmp_miss),
    .ev_rmp_read_i      (ev_q.rmp_read),
    .ev_stall_rmp_rd_i  (ev_q.stall_rmp_rd),
    .ev_stall_rmp_wr_i  (ev_q.stall_rmp_wr),
    .ev_insn_i          (ev_q.insn),
    .ev_insn_stop_i     (ev_q.insn_stop),
    .ev_chk_i           (ev_q.chk),
    .ev_stall_chk_i     (ev_q.stall_chk)
  );

  // what the bus units report is known late in a cycle
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      ev_q <= '0;
    end else begin
      ev_q <= '{
        rd_fault: rd_fault_valid, wr_fault: wr_fault_valid,
        rd_plain: ev_rd_plain, rd_enc: ev_rd_enc, wr_plain: ev_wr_plain, wr_enc: ev_wr_enc,
        rmw: ev_rmw, stall_tweak_rd: ev_rd_stall_tweak, stall_tweak_wr: ev_wr_stall_tweak,
        stall_rmw: ev_stall_rmw, stall_hazard: ev_stall_hazard, stall_rd_table: ev_rd_stall_table,
        stall_wr_table: ev_wr_stall_table, stall_out: ev_stall_out,
        rmp_ask: ev_rmp_ask, rmp_miss: ev_rmp_miss, rmp_read: ev_rmp_read,
        stall_rmp_rd: ev_stall_rmp_rd, stall_rmp_wr: ev_stall_rmp_wr,
        insn: ev_insn, insn_stop: ev_insn_stop, chk: ev_chk, stall_chk: ev_stall_chk
      };
    end
    rd_fault_q <= rd_fault;
    wr_fault_q <= wr_fault;
  end

  cbit_fault_log u_fault_log (
    .clk_i,
    .rst_ni,
    .push0_valid_i(ev_q.rd_fault),
    .push0_i      (rd_fault_q),
    .push1_valid_i(ev_q.wr_fault),
    .push1_i      (wr_fault_q),
    .pop_i        (fault_pop),
    .head_o       (fault_head),
    .held_o       (fault_held),
    .dropped_o    (fault_dropped),
    .ev_logged_o  (ev_fault_logged),
    .ev_dropped_o (ev_fault_dropped)
  );

  // ---- keys ----
  cbit_key_store #(
    .KeyBits (KeyBits),
    .KeySlots(KeySlots)
  ) u_key_store (
    .clk_i,
    .rst_ni,
    .cmd_valid_i     (cmd_valid),
    .cmd_op_i        (cmd_op),
    .cmd_slot_i      (cmd_slot),
    .key1_i          (key1),
    .key2_i          (key2),
    .mode_i          (mode),
    .cmd_done_o      (cmd_done),
    .cmd_err_o       (cmd_err),
    .slot_state_o    (slot_state),
    .zeroise_i,
    .zeroise_o       (zeroise),
    .ent_valid_i,
    .ent_ready_o,
    .ent_data_i,
    .ent_alarm_o     (ent_alarm),
    .slot_active_o   (slot_active),
    .slot_active_next_o(slot_active_next),
    .slot_drain_o    (slot_drain),
    .slot_empty_o    (slot_empty),
    .init_done_o     (init_done),
    .busy_o          (ks_busy),
    .inflight_drain_i(rd_inflight_drain || wr_inflight_drain),
    .kill_o          (kill),
    .kw_e_valid_o    (kw_e_valid),
    .kw_e_slot_o     (kw_e_slot),
    .kw_e_round_o    (kw_e_round),
    .kw_e_key_o      (kw_e_key),
    .kw_d_valid_o    (kw_d_valid),
    .kw_d_slot_o     (kw_d_slot),
    .kw_d_round_o    (kw_d_round),
    .kw_d_key_o      (kw_d_key),
    .kw_t_valid_o    (kw_t_valid),
    .kw_t_slot_o     (kw_t_slot),
    .kw_t_round_o    (kw_t_round),
    .kw_t_key_o      (kw_t_key)
  );

  // ---- crypto: address to tweak ----
  cbit_tweak #(
    .Lanes         (Lanes),
    .KeyBits       (KeyBits),
    .RoundsPerStage(RoundsPerStage),
    .TweakSbox     (TweakSbox),
    .KeySlots      (KeySlots),
    .ModesMask     (ModesMask),
    .NumRd         (NumRd),
    .NumWr         (NumWr),
    .TestTweak     (TestTweak)
  ) u_tweak (
    .clk_i,
    .rst_ni,
    .mode_i       (mode),
    .ovr_en_i     (ovr_en),
    .ovr_i        (ovr),
    .r_job_valid_i(r_job_valid),
    .r_job_i      (r_job),
    .w_job_valid_i(w_job_valid),
    .w_job_i      (w_job),
    .tw_r_we_o    (tw_r_we),
    .tw_r_entry_o (tw_r_entry),
    .tw_r_unit_o  (tw_r_unit),
    .tw_r_t_o     (tw_r_t),
    .tw_r_dk0_o   (tw_r_dk0),
    .tw_w_we_o    (tw_w_we),
    .tw_w_entry_o (tw_w_entry),
    .tw_w_unit_o  (tw_w_unit),
    .tw_w_t_o     (tw_w_t),
    .kw_valid_i   (kw_t_valid),
    .kw_slot_i    (kw_t_slot),
    .kw_round_i   (kw_t_round),
    .kw_key_i     (kw_t_key),
    .kd_valid_i   (kd_valid),
    .kd_slot_i    (kw_d_slot),
    .kd_key_i     (kw_d_key),
    .tt_we_i      (tt_we),
    .tt_index_i   (tt_index),
    .tt_data_i    (tt_data)
  );

  // ---- rmp: check of every request ----
  if (Rmp != 0) begin : gen_rmp
    cbit_rmp #(
      .Lanes   (Lanes),
      .RmpLines(RmpLines),
      .RmpMiss (RmpMiss),
      .RmpConst(RmpConst),
      .SpaWidth(SpaWidth),
      .RmpInsn (RmpInsn),
      .RmpUse  (RmpUse),
      .RmpInuse(RmpInuse),
      .RmpChk  (RmpChk),
      .RmpSeg  (RmpSeg)
    ) u_rmp (
      .clk_i,
      .rst_ni,
      .smee_i        (smee),
      .tsme_i        (tsme),
      .mode_i        (mode),
      .rmp_base_i    (rmp_base),
      .rmp_end_i     (rmp_end),
      .vmpl_en_i     (rmp_vmpl_en),
      .vmpl_sss_i    (rmp_vmpl_sss),
      .iommu_snp_i   (rmp_iommu_snp),
      .seg_en_i      (rmp_seg_en),
      .seg_size_i    (rmp_seg_size),
      .cmd_we_i      (rmp_cmd_we),
      .cmd_op_i      (rmp_cmd_op),
      .state_o       (rmp_state),
      .busy_o        (rmp_busy),
      .error_o       (rmp_error),
      .chk_on_o      (rmp_chk_on),
      .loaded_o      (rmp_loaded),
      .rd_ask_valid_i(rd_ask_valid),
      .rd_ask_spa_i  (rd_ask_spa),
      .rd_ask_attr_i (rd_ask_attr),
      .rd_ask_none_i (rd_ask_none),
      .rd_pop_i      (rd_ask_pop),
      .rd_chk_rsp_o  (rd_chk_rsp),
      .rd_now_o      (rd_now),
      .rd_now_deny_o (rd_now_deny),
      .rd_rec_o      (rd_rec),
      .wr_ask_valid_i(wr_ask_valid),
      .wr_ask_spa_i  (wr_ask_spa),
      .wr_ask_attr_i (wr_ask_attr),
      .wr_ask_none_i (wr_ask_none),
      .wr_pop_i      (wr_ask_pop),
      .wr_wait_o     (gate_wait),
      .wr_deny_o     (gate_deny),
      .wr_tbl_o      (gate_tbl),
      .wr_rec_o      (gate_rec),
      .tbl_begin_i   (tbl_begin),
      .tbl_end_i     (tbl_end),
      .wr_idle_i     (wr_idle),
      .rmw_valid_i   (rmw_valid),
      .rmw_ready_o   (rmw_ready),
      .rmw_spa_i     (rmw_spa),
      .rmw_rows_i    (rmw_rows),
      .rmw_slot_i    (rmw_slot),
      .rmw_tag_i     (rmw_tag),
      .rmw_cache_i   (rmw_cache),
      .rmw_prot_i    (rmw_prot),
      .rmw_qos_i     (rmw_qos),
      .rmw_region_i  (rmw_region),
      .int_valid_o   (int_valid),
      .int_ready_i   (int_ready),
      .int_spa_o     (int_spa),
      .int_rows_o    (int_rows),
      .int_enc_o     (int_enc),
      .int_slot_o    (int_slot),
      .int_tag_o     (int_tag),
      .int_cache_o   (int_cache),
      .int_prot_o    (int_prot),
      .int_qos_o     (int_qos),
      .int_region_o  (int_region),
      .rmwd_valid_i  (intd_valid),
      .rmwd_tag_i    (rmwd_tag),
      .rmwd_err_i    (rmwd_err),
      .rmwd_data_i   (rmwd_data),
      .rmwd_valid_o  (rmwd_valid),
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
      .chk_valid_i,
      .chk_ready_o,
      .chk_req_i,
      .chk_ans_valid_o,
      .chk_ans_ready_i,
      .chk_ans_o,
      .rd_idle_i     (rd_idle),
      .stop_o        (insn_stop),
      .write_o       (insn_write),
      .still_o       (insn_still),
      .aw_valid_o    (insn_aw_valid),
      .aw_ready_i    (insn_aw_ready),
      .aw_spa_o      (insn_aw_spa),
      .aw_len_o      (insn_aw_len),
      .w_valid_o     (insn_w_valid),
      .w_ready_i     (insn_w_ready),
      .w_data_o      (insn_w_data),
      .w_strb_o      (insn_w_strb),
      .w_last_o      (insn_w_last),
      .b_valid_i     (insn_b_valid),
      .b_resp_i      (insn_b_resp),
      .ev_ask_o      (ev_rmp_ask),
      .ev_miss_o     (ev_rmp_miss),
      .ev_read_o     (ev_rmp_read),
      .ev_stall_rd_o (ev_stall_rmp_rd),
      .ev_stall_wr_o (ev_stall_rmp_wr),
      .ev_insn_o     (ev_insn),
      .ev_insn_stop_o(ev_insn_stop),
      .ev_chk_o      (ev_chk),
      .ev_stall_chk_o(ev_stall_chk)
    );

    // denied writes come as a fault of the request
    assign wr_chk_rsp = '{valid: 1'b1, allow: 1'b1};

    logic unused_chk;
    assign unused_chk = ^{rd_chk_valid, rd_chk_req, wr_chk_valid, wr_chk_req};
  end else begin : gen_no_rmp
    cbit_rmp_stub u_rmp (
      .rd_chk_valid_i(rd_chk_valid),
      .rd_chk_req_i  (rd_chk_req),
      .rd_chk_rsp_o  (rd_chk_rsp),
      .wr_chk_valid_i(wr_chk_valid),
      .wr_chk_req_i  (wr_chk_req),
      .wr_chk_rsp_o  (wr_chk_rsp)
    );

    assign rd_now = 1'b0;
    assign rd_now_deny = 1'b0;
    assign rd_rec = '0;
    assign gate_wait = 1'b0;
    assign gate_deny = 1'b0;
    assign gate_tbl = 1'b0;
    assign gate_rec = '0;
    assign rmp_state = cbit_rmp_pkg::RMP_OFF;
    assign rmp_busy = 1'b0;
    assign rmp_error = 4'd0;
    assign rmp_chk_on = 1'b0;
    assign rmp_loaded = 1'b0;

    // the read path's internal port is the write path's alone
    assign int_valid = rmw_valid;
    assign rmw_ready = int_ready;
    assign int_spa = rmw_spa;
    assign int_rows = rmw_rows;
    assign int_enc = 1'b1;
    assign int_slot = rmw_slot;
    assign int_tag = rmw_tag;
    assign int_cache = rmw_cache;
    assign int_prot = rmw_prot;
    assign int_qos = rmw_qos;
    assign int_region = rmw_region;
    assign rmwd_valid = intd_valid;

    assign ev_rmp_ask = '0;
    assign ev_rmp_miss = '0;
    assign ev_rmp_read = 1'b0;
    assign ev_stall_rmp_rd = 1'b0;
    assign ev_stall_rmp_wr = 1'b0;

    // no table, no instructions
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
    assign insn_stop = 1'b0;
    assign insn_write = 1'b0;
    assign insn_still = 1'b0;
    assign insn_aw_valid = 1'b0;
    assign insn_aw_spa = '0;
    assign insn_aw_len = '0;
    assign insn_w_valid = 1'b0;
    assign insn_w_data = '0;
    assign insn_w_strb = '0;
    assign insn_w_last = 1'b0;
    assign ev_insn = 1'b0;
    assign ev_insn_stop = 1'b0;

    assign chk_ready_o = '0;
    assign chk_ans_valid_o = '0;
    assign chk_ans_o = '0;
    assign ev_chk = 1'b0;
    assign ev_stall_chk = 1'b0;

    logic unused_rmp;
    assign unused_rmp = ^{
      rd_ask_valid, rd_ask_spa, rd_ask_attr, rd_ask_none, rd_ask_pop,
      wr_ask_valid, wr_ask_spa, wr_ask_attr, wr_ask_none, wr_ask_pop,
      rmp_base, rmp_end, rmp_vmpl_en, rmp_vmpl_sss, rmp_iommu_snp, rmp_cmd_we, rmp_cmd_op,
      tbl_begin, tbl_end, wr_idle, rd_idle,
      insn_valid_i, insn_req_i, ans_ready_i, inv_ready_i, use_valid_i, use_slot_i, use_set_i,
      use_page_i, insn_aw_ready, insn_w_ready, insn_b_valid, insn_b_resp,
      chk_valid_i, chk_req_i, chk_ans_ready_i, rmp_seg_en, rmp_seg_size
    };
  end

  // ---- rmp: the requester's pins while an instruction is under way ----
  if (RmpInsn != 0) begin : gen_pins
    cbit_rmp_pins #(
      .Lanes  (Lanes),
      .RmpMiss(RmpMiss)
    ) u_pins (
      .clk_i,
      .rst_ni,
      .stop_i      (insn_stop),
      .write_i     (insn_write),
      .still_i     (insn_still),
      .aw_valid_i  (insn_aw_valid),
      .aw_ready_o  (insn_aw_ready),
      .aw_spa_i    (insn_aw_spa),
      .aw_len_i    (insn_aw_len),
      .w_valid_i   (insn_w_valid),
      .w_ready_o   (insn_w_ready),
      .w_data_i    (insn_w_data),
      .w_strb_i    (insn_w_strb),
      .w_last_i    (insn_w_last),
      .b_valid_o   (insn_b_valid),
      .b_resp_o    (insn_b_resp),
      .h_ar_valid_i(s_ar_valid_i),
      .h_ar_ready_o(s_ar_ready_o),
      .h_aw_valid_i(s_aw_valid_i),
      .h_aw_ready_o(s_aw_ready_o),
      .h_aw_i      (s_aw_i),
      .h_w_valid_i (s_w_valid_i),
      .h_w_ready_o (s_w_ready_o),
      .h_w_data_i  (s_w_data_i),
      .h_w_strb_i  (s_w_strb_i),
      .h_w_last_i  (s_w_last_i),
      .h_b_valid_o (s_b_valid_o),
      .h_b_ready_i (s_b_ready_i),
      .e_ar_valid_o(e_ar_valid),
      .e_ar_ready_i(e_ar_ready),
      .e_aw_valid_o(e_aw_valid),
      .e_aw_ready_i(e_aw_ready),
      .e_aw_o      (e_aw),
      .e_w_valid_o (e_w_valid),
      .e_w_ready_i (e_w_ready),
      .e_w_data_o  (e_w_data),
      .e_w_strb_o  (e_w_strb),
      .e_w_last_o  (e_w_last),
      .e_b_valid_i (e_b_valid),
      .e_b_ready_o (e_b_ready),
      .e_b_resp_i  (s_b_resp_o)
    );
  end else begin : gen_no_pins
    assign e_ar_valid = s_ar_valid_i;
    assign s_ar_ready_o = e_ar_ready;
    assign e_aw_valid = s_aw_valid_i;
    assign s_aw_ready_o = e_aw_ready;
    assign e_aw = s_aw_i;
    assign e_w_valid = s_w_valid_i;
    assign s_w_ready_o = e_w_ready;
    assign e_w_data = s_w_data_i;
    assign e_w_strb = s_w_strb_i;
    assign e_w_last = s_w_last_i;
    assign s_b_valid_o = e_b_valid;
    assign e_b_ready = s_b_ready_i;
    assign insn_aw_ready = 1'b0;
    assign insn_w_ready = 1'b0;
    assign insn_b_valid = 1'b0;
    assign insn_b_resp = '0;

    logic unused_insn;
    assign unused_insn = ^{insn_stop, insn_write, insn_still, insn_aw_valid, insn_aw_spa,
                           insn_aw_len, insn_w_valid, insn_w_data, insn_w_strb, insn_w_last};
  end

  // ---- bus: read path ----
  cbit_bus_read #(
    .Lanes         (Lanes),
    .KeyBits       (KeyBits),
    .RoundsPerStage(RoundsPerStage),
    .Sbox          (Sbox),
    .KeySlots      (KeySlots),
    .IdWidth       (IdWidth),
    .NumRd         (NumRd),
    .SpaWidth      (SpaWidth),
    .ModesMask     (ModesMask),
    .AttrFromAddr  (AttrFromAddr),
    .CbitPos       (CbitPos),
    .AsidLsb       (AsidLsb),
    .Rmp           (Rmp)
  ) u_bus_read (
    .clk_i,
    .rst_ni,
    .init_done_i     (init_done),
    .kill_i          (kill),
    .smee_i          (smee),
    .tsme_i          (tsme),
    .mode_i          (mode),
    .slot_active_i   (slot_active),
    .slot_active_next_i(slot_active_next),
    .slot_drain_i    (slot_drain),
    .s_ar_valid_i    (e_ar_valid),
    .s_ar_ready_o    (e_ar_ready),
    .s_ar_i,
    .s_r_valid_o,
    .s_r_ready_i,
    .s_r_id_o,
    .s_r_data_o,
    .s_r_resp_o,
    .s_r_last_o,
    .m_ar_valid_o,
    .m_ar_ready_i,
    .m_ar_o,
    .m_r_valid_i,
    .m_r_ready_o,
    .m_r_id_i,
    .m_r_data_i,
    .m_r_resp_i,
    .m_r_last_i,
    .chk_valid_o     (rd_chk_valid),
    .chk_req_o       (rd_chk_req),
    .chk_rsp_i       (rd_chk_rsp),
    .ask_valid_o     (rd_ask_valid),
    .ask_spa_o       (rd_ask_spa),
    .ask_attr_o      (rd_ask_attr),
    .ask_none_o      (rd_ask_none),
    .ask_pop_o       (rd_ask_pop),
    .chk_now_i       (rd_now),
    .chk_now_deny_i  (rd_now_deny),
    .chk_rec_i       (rd_rec),
    .rd_idle_o       (rd_idle),
    .rmw_valid_i     (int_valid),
    .rmw_next_i      (rmw_next),
    .rmw_ready_o     (int_ready),
    .rmw_spa_i       (int_spa),
    .rmw_rows_i      (int_rows),
    .rmw_enc_i       (int_enc),
    .rmw_slot_i      (int_slot),
    .rmw_tag_i       (int_tag),
    .rmw_cache_i     (int_cache),
    .rmw_prot_i      (int_prot),
    .rmw_qos_i       (int_qos),
    .rmw_region_i    (int_region),
    .rmwd_valid_o    (intd_valid),
    .rmwd_tag_o      (rmwd_tag),
    .rmwd_row_o      (rmwd_row),
    .rmwd_err_o      (rmwd_err),
    .rmwd_data_o     (rmwd_data),
    .job_valid_o     (r_job_valid),
    .job_o           (r_job),
    .tw_we_i         (tw_r_we),
    .tw_entry_i      (tw_r_entry),
    .tw_unit_i       (tw_r_unit),
    .tw_t_i          (tw_r_t),
    .tw_dk0_i        (tw_r_dk0),
    .kw_valid_i      (kw_d_valid),
    .kw_slot_i       (kw_d_slot),
    .kw_round_i      (kw_d_round),
    .kw_key_i        (kw_d_key),
    .fault_valid_o   (rd_fault_valid),
    .fault_o         (rd_fault),
    .inflight_drain_o(rd_inflight_drain),
    .ev_rd_plain_o   (ev_rd_plain),
    .ev_rd_enc_o     (ev_rd_enc),
    .ev_rmw_o        (ev_rmw),
    .ev_stall_tweak_o(ev_rd_stall_tweak),
    .ev_stall_table_o(ev_rd_stall_table),
    .ev_stall_out_o  (ev_stall_out)
  );

  // ---- bus: write path ----
  cbit_bus_write #(
    .Lanes         (Lanes),
    .KeyBits       (KeyBits),
    .RoundsPerStage(RoundsPerStage),
    .IdWidth       (IdWidth),
    .Sbox          (Sbox),
    .KeySlots      (KeySlots),
    .NumWr         (NumWr),
    .NumRow        (NumRow),
    .SpaWidth      (SpaWidth),
    .ModesMask     (ModesMask),
    .AttrFromAddr  (AttrFromAddr),
    .CbitPos       (CbitPos),
    .AsidLsb       (AsidLsb),
    .Rmp           (Rmp),
    .RmpMiss       (RmpMiss)
  ) u_bus_write (
    .clk_i,
    .rst_ni,
    .init_done_i      (init_done),
    .kill_i           (kill),
    .smee_i           (smee),
    .tsme_i           (tsme),
    .mode_i           (mode),
    .slot_active_i    (slot_active),
    .slot_active_next_i(slot_active_next),
    .slot_drain_i     (slot_drain),
    .s_aw_valid_i     (e_aw_valid),
    .s_aw_ready_o     (e_aw_ready),
    .s_aw_i           (e_aw),
    .s_w_valid_i      (e_w_valid),
    .s_w_ready_o      (e_w_ready),
    .s_w_data_i       (e_w_data),
    .s_w_strb_i       (e_w_strb),
    .s_w_last_i       (e_w_last),
    .s_b_valid_o      (e_b_valid),
    .s_b_ready_i      (e_b_ready),
    .s_b_id_o,
    .s_b_resp_o,
    .m_aw_valid_o,
    .m_aw_ready_i,
    .m_aw_o,
    .m_w_valid_o,
    .m_w_ready_i,
    .m_w_data_o,
    .m_w_strb_o,
    .m_w_last_o,
    .m_b_valid_i,
    .m_b_ready_o,
    .m_b_id_i,
    .m_b_resp_i,
    .chk_valid_o      (wr_chk_valid),
    .chk_req_o        (wr_chk_req),
    .chk_rsp_i        (wr_chk_rsp),
    .ask_valid_o      (wr_ask_valid),
    .ask_spa_o        (wr_ask_spa),
    .ask_attr_o       (wr_ask_attr),
    .ask_none_o       (wr_ask_none),
    .ask_pop_o        (wr_ask_pop),
    .gate_wait_i      (gate_wait),
    .gate_deny_i      (gate_deny),
    .gate_tbl_i       (gate_tbl),
    .gate_rec_i       (gate_rec),
    .tbl_begin_o      (tbl_begin),
    .tbl_end_o        (tbl_end),
    .idle_o           (wr_idle),
    .rmw_valid_o      (rmw_valid),
    .rmw_next_o       (rmw_next),
    .rmw_ready_i      (rmw_ready),
    .rmw_spa_o        (rmw_spa),
    .rmw_rows_o       (rmw_rows),
    .rmw_slot_o       (rmw_slot),
    .rmw_tag_o        (rmw_tag),
    .rmw_cache_o      (rmw_cache),
    .rmw_prot_o       (rmw_prot),
    .rmw_qos_o        (rmw_qos),
    .rmw_region_o     (rmw_region),
    .rmwd_valid_i     (rmwd_valid),
    .rmwd_tag_i       (rmwd_tag),
    .rmwd_row_i       (rmwd_row),
    .rmwd_err_i       (rmwd_err),
    .rmwd_data_i      (rmwd_data),
    .job_valid_o      (w_job_valid),
    .job_o            (w_job),
    .tw_we_i          (tw_w_we),
    .tw_entry_i       (tw_w_entry),
    .tw_unit_i        (tw_w_unit),
    .tw_t_i           (tw_w_t),
    .kw_valid_i       (kw_e_valid),
    .kw_slot_i        (kw_e_slot),
    .kw_round_i       (kw_e_round),
    .kw_key_i         (kw_e_key),
    .fault_valid_o    (wr_fault_valid),
    .fault_o          (wr_fault),
    .inflight_drain_o (wr_inflight_drain),
    .ev_wr_plain_o    (ev_wr_plain),
    .ev_wr_enc_o      (ev_wr_enc),
    .ev_stall_tweak_o (ev_wr_stall_tweak),
    .ev_stall_rmw_o   (ev_stall_rmw),
    .ev_stall_hazard_o(ev_stall_hazard),
    .ev_stall_table_o (ev_wr_stall_table)
  );

  // ---- legal combinations of the parameters (docs/interfaces.md) ----
  `CBIT_ASSERT_INIT(TopLanes, Lanes == 1 || Lanes == 2 || Lanes == 4)
  `CBIT_ASSERT_INIT(TopKeyBits, KeyBits == 128 || KeyBits == 256)
  `CBIT_ASSERT_INIT(TopRoundsPerStage, RoundsPerStage == 1 || RoundsPerStage == 2)
  `CBIT_ASSERT_INIT(TopSbox, Sbox <= 2 && (Sbox != 1 || RoundsPerStage == 1))
  `CBIT_ASSERT_INIT(TopTweakSbox, TweakSbox <= 3 && ((TweakSbox != 1 && TweakSbox != 3) || RoundsPerStage == 1))
  `CBIT_ASSERT_INIT(TopKeySlots, KeySlots >= 16 && KeySlots <= 1024)
  `CBIT_ASSERT_INIT(TopIdWidth, IdWidth >= 1 && IdWidth <= IdW)
  `CBIT_ASSERT_INIT(TopNumRd, NumRd >= 4 && NumRd <= 64)
  `CBIT_ASSERT_INIT(TopNumWr, NumWr >= 4 && NumWr <= 128 && (NumWr & (NumWr - 1)) == 0)
  `CBIT_ASSERT_INIT(TopNumRow, NumRow >= 32 && NumRow <= 256 && (NumRow & (NumRow - 1)) == 0)
  `CBIT_ASSERT_INIT(TopSpaWidth, SpaWidth >= 32 && SpaWidth <= 52)
  `CBIT_ASSERT_INIT(TopModesMask, ModesMask[0])
  `CBIT_ASSERT_INIT(TopDefaultMode, DefaultMode <= 5 && 1'(ModesMask >> DefaultMode))
  `CBIT_ASSERT_INIT(TopCarrier, AttrFromAddr <= 1)
  // both carrier fields are address bits and do not overlap
  `CBIT_ASSERT_INIT(TopCarrierPlace, AttrFromAddr == 0 || (CbitPos < 64 && AsidLsb + 10 <= 64
                    && (CbitPos < AsidLsb || CbitPos >= AsidLsb + 10)))
  `CBIT_ASSERT_INIT(TopTestTweak, TestTweak <= 1)
  `CBIT_ASSERT_INIT(TopRmp, Rmp <= 1 && RmpConst <= 1)
  `CBIT_ASSERT_INIT(TopRmpLines, RmpLines >= 8 && RmpLines <= 256 &&
                    (RmpLines & (RmpLines - 1)) == 0)
  `CBIT_ASSERT_INIT(TopRmpMiss, RmpMiss == 2 || RmpMiss == 4 || RmpMiss == 8)
  `CBIT_ASSERT_INIT(TopRmpInsn, RmpInsn <= 8 && (RmpInsn == 0 || Rmp == 1))
  `CBIT_ASSERT_INIT(TopRmpUse, RmpUse >= 1 && RmpUse <= 32)
  `CBIT_ASSERT_INIT(TopRmpInuse, RmpInuse <= 1 && (RmpInuse == 0 || RmpInsn != 0))
  `CBIT_ASSERT_INIT(TopRmpSeg, RmpSeg <= 1 && (RmpSeg == 0 || Rmp == 1))
  `CBIT_ASSERT_INIT(TopRmpChk, RmpChk <= 8 && (RmpChk == 0 || Rmp == 1))

  // attr_t is what the attribute description says
  `include "cbit_attr_chk.svh"

endmodule
