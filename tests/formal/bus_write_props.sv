// SPDX-License-Identifier: Apache-2.0
//
// bus_write_props: AXI4 rules at the AW, W and B pins of the write path, on the requester's side and on that of the DRAM, while
// both let the other wait as they like, slots come and go and keys are killed. Bounded: what can happen in the steps that
// bus_write.sby names. Not in it: data, tweaks and old data (an encrypted burst waits for ever), W beats before their AW.
module bus_write_props
  import cbit_pkg::*;
(
  input logic        clk_i,
  input logic        rst_ni,
  input logic        kill_i,
  input logic        smee_i,
  input logic        tsme_i,
  input logic [3:0]  slot_active_i,
  input logic        aw_valid_i,
  input ax_req_t     aw_i,
  input logic        w_valid_i,
  input logic [15:0] w_strb_i,
  input logic        w_last_i,
  input logic        b_ready_i,
  input logic        m_aw_ready_i,
  input logic        m_w_ready_i,
  input logic        m_b_valid_i,
  input logic [8:0]  m_b_id_i,
  input logic [1:0]  m_b_resp_i,
  input logic        rmw_ready_i
);

  logic         aw_ready, w_ready, b_valid, m_aw_valid, m_w_valid, m_w_last, m_b_ready;
  logic [7:0]   b_id;
  logic [1:0]   b_resp;
  logic [15:0]  m_w_strb;
  ax_mem_t      m_aw;

  cbit_bus_write #(
    .Sbox(0), .RoundsPerStage(2), .KeySlots(16), .NumWr(4), .NumRow(32), .IdWidth(1), .SpaWidth(32)
  ) u_dut (
    .clk_i, .rst_ni, .init_done_i(1'b1), .kill_i, .smee_i, .tsme_i, .mode_i(4'd4), .slot_active_i({12'd0, slot_active_i}),
    .slot_active_next_i({12'd0, slot_active_i}), .slot_drain_i('0), .s_aw_valid_i(aw_valid_i), .s_aw_ready_o(aw_ready),
    .s_aw_i(aw_i), .s_w_valid_i(w_valid_i), .s_w_ready_o(w_ready), .s_w_data_i('0), .s_w_strb_i(w_strb_i), .s_w_last_i(w_last_i),
    .s_b_valid_o(b_valid), .s_b_ready_i(b_ready_i), .s_b_id_o(b_id), .s_b_resp_o(b_resp), .m_aw_valid_o(m_aw_valid),
    .m_aw_ready_i, .m_aw_o(m_aw), .m_w_valid_o(m_w_valid), .m_w_ready_i, .m_w_data_o(), .m_w_strb_o(m_w_strb),
    .m_w_last_o(m_w_last), .m_b_valid_i, .m_b_ready_o(m_b_ready), .m_b_id_i, .m_b_resp_i, .chk_valid_o(), .chk_req_o(),
    .chk_rsp_i('{valid: 1'b1, allow: 1'b1}), .ask_valid_o(), .ask_spa_o(), .ask_attr_o(), .ask_none_o(), .ask_pop_o(),
    .gate_wait_i(1'b0), .gate_deny_i(1'b0), .gate_tbl_i(1'b0), .gate_rec_i('0), .tbl_begin_o(), .tbl_end_o(), .idle_o(),
    .rmw_valid_o(), .rmw_next_o(), .rmw_ready_i, .rmw_spa_o(), .rmw_rows_o(), .rmw_slot_o(), .rmw_tag_o(), .rmw_cache_o(),
    .rmw_prot_o(), .rmw_qos_o(), .rmw_region_o(), .rmwd_valid_i(1'b0), .rmwd_tag_i('0), .rmwd_row_i('0), .rmwd_err_i(1'b0),
    .rmwd_data_i('0), .job_valid_o(), .job_o(), .tw_we_i(1'b0), .tw_entry_i('0), .tw_unit_i('0), .tw_t_i('0), .kw_valid_i(1'b0),
    .kw_slot_i('0), .kw_round_i('0), .kw_key_i('0), .fault_valid_o(), .fault_o(), .inflight_drain_o(), .ev_wr_plain_o(),
    .ev_wr_enc_o(), .ev_stall_tweak_o(), .ev_stall_rmw_o(), .ev_stall_hazard_o(), .ev_stall_table_o()
  );

  axi_write_rules #(.Drives(0), .Depth(7), .IdBits(8), .AwBits(8), .WBits(16)) u_requester (
    .clk_i, .rst_ni, .aw_valid_i, .aw_ready_i(aw_ready), .aw_id_i(aw_i.id), .aw_len_i(aw_i.len), .aw_i(aw_i.user[7:0]), .w_valid_i,
    .w_ready_i(w_ready), .w_last_i, .w_i(w_strb_i), .b_valid_i(b_valid), .b_ready_i, .b_id_i(b_id), .b_resp_i(b_resp)
  );

  axi_write_rules #(.Drives(1), .Depth(4), .IdBits(9), .AwBits($bits(ax_mem_t)), .WBits(16)) u_dram (
    .clk_i, .rst_ni, .aw_valid_i(m_aw_valid), .aw_ready_i(m_aw_ready_i), .aw_id_i(m_aw.id), .aw_len_i(m_aw.len), .aw_i(m_aw),
    .w_valid_i(m_w_valid), .w_ready_i(m_w_ready_i), .w_last_i(m_w_last), .w_i(m_w_strb), .b_valid_i(m_b_valid_i),
    .b_ready_i(m_b_ready), .b_id_i(m_b_id_i), .b_resp_i(m_b_resp_i)
  );

  logic init_q = 1'b0;
  logic done_q;   // a burst was answered
  always_ff @(posedge clk_i) begin
    init_q <= 1'b1;
    done_q <= rst_ni && (done_q || (b_valid && b_ready_i));
    if (!init_q) assume (!rst_ni);
    if (init_q) begin
      assume (smee_i == $past(smee_i) && tsme_i == $past(tsme_i));
      assume (rst_ni);
    end
    assume (aw_i.id < 8'd2 && aw_i.len < 8'd4);
    if (init_q && rst_ni) begin
      c_two: cover (b_valid && b_ready_i && done_q && b_resp == 2'd0);
      c_refused: cover (b_valid && b_resp == 2'd2);
      c_open: cover (u_dram.v_q[1] && m_w_valid && !m_w_last);
    end
  end

endmodule
