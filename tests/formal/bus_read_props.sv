// SPDX-License-Identifier: Apache-2.0
//
// bus_read_props: AXI4 rules at the AR and R pins of the read path, on the requester's side and on that of the DRAM, while the
// DRAM interleaves the bursts of different IDs as it likes, slots come and go and keys are killed. Bounded: what can happen in the
// steps that bus_read.sby names. Not in it: tweaks (an encrypted burst waits for ever) and reads of the engine's own.
module bus_read_props
  import cbit_pkg::*;
(
  input logic         clk_i,
  input logic         rst_ni,
  input logic         kill_i,
  input logic         smee_i,
  input logic         tsme_i,
  input logic [3:0]   slot_active_i,
  input logic         ar_valid_i,
  input ax_req_t      ar_i,
  input logic         r_ready_i,
  input logic         m_ar_ready_i,
  input logic         m_r_valid_i,
  input logic [8:0]   m_r_id_i,
  input logic [127:0] m_r_data_i,
  input logic [1:0]   m_r_resp_i,
  input logic         m_r_last_i,
  input logic         allow_i
);

  logic         ar_ready, r_valid, r_last, m_ar_valid, m_r_ready;
  logic [7:0]   r_id;
  logic [127:0] r_data;
  logic [1:0]   r_resp;
  ax_mem_t      m_ar;

  cbit_bus_read #(
    .Sbox(0), .RoundsPerStage(2), .KeySlots(16), .NumRd(4), .IdWidth(1), .SpaWidth(32)
  ) u_dut (
    .clk_i, .rst_ni, .init_done_i(1'b1), .kill_i, .smee_i, .tsme_i, .mode_i(4'd4), .slot_active_i({12'd0, slot_active_i}),
    .slot_active_next_i({12'd0, slot_active_i}), .slot_drain_i('0), .s_ar_valid_i(ar_valid_i), .s_ar_ready_o(ar_ready),
    .s_ar_i(ar_i), .s_r_valid_o(r_valid), .s_r_ready_i(r_ready_i), .s_r_id_o(r_id), .s_r_data_o(r_data), .s_r_resp_o(r_resp),
    .s_r_last_o(r_last), .m_ar_valid_o(m_ar_valid), .m_ar_ready_i, .m_ar_o(m_ar), .m_r_valid_i, .m_r_ready_o(m_r_ready),
    .m_r_id_i, .m_r_data_i, .m_r_resp_i, .m_r_last_i, .chk_valid_o(), .chk_req_o(), .chk_rsp_i('{valid: 1'b1, allow: allow_i}),
    .ask_valid_o(), .ask_spa_o(), .ask_attr_o(), .ask_none_o(), .ask_pop_o(), .chk_now_i(1'b0), .chk_now_deny_i(1'b0),
    .chk_rec_i('0), .rd_idle_o(), .rmw_valid_i(1'b0), .rmw_next_i(1'b0), .rmw_ready_o(), .rmw_spa_i('0), .rmw_rows_i('0),
    .rmw_enc_i(1'b0), .rmw_slot_i('0), .rmw_tag_i('0), .rmw_cache_i('0), .rmw_prot_i('0), .rmw_qos_i('0), .rmw_region_i('0),
    .rmwd_valid_o(), .rmwd_tag_o(), .rmwd_row_o(), .rmwd_err_o(), .rmwd_data_o(), .job_valid_o(), .job_o(), .tw_we_i(1'b0),
    .tw_entry_i('0), .tw_unit_i('0), .tw_t_i('0), .tw_dk0_i('0), .kw_valid_i(1'b0), .kw_slot_i('0), .kw_round_i('0),
    .kw_key_i('0), .fault_valid_o(), .fault_o(), .inflight_drain_o(), .ev_rd_plain_o(), .ev_rd_enc_o(), .ev_rmw_o(),
    .ev_stall_tweak_o(), .ev_stall_table_o(), .ev_stall_out_o()
  );

  axi_read_rules #(.Drives(0), .Depth(7), .IdBits(8), .ArBits(8), .RBits(2)) u_requester (
    .clk_i, .rst_ni, .ar_valid_i, .ar_ready_i(ar_ready), .ar_id_i(ar_i.id), .ar_len_i(ar_i.len), .ar_i(ar_i.user[7:0]),
    .r_valid_i(r_valid), .r_ready_i, .r_id_i(r_id), .r_last_i(r_last), .r_i(r_resp)
  );

  axi_read_rules #(.Drives(1), .Depth(4), .IdBits(9), .ArBits($bits(ax_mem_t)), .RBits(2)) u_dram (
    .clk_i, .rst_ni, .ar_valid_i(m_ar_valid), .ar_ready_i(m_ar_ready_i), .ar_id_i(m_ar.id), .ar_len_i(m_ar.len), .ar_i(m_ar),
    .r_valid_i(m_r_valid_i), .r_ready_i(m_r_ready), .r_id_i(m_r_id_i), .r_last_i(m_r_last_i), .r_i(m_r_resp_i)
  );

  logic init_q = 1'b0;
  logic done_q;   // a burst of more than one beat was answered
  always_ff @(posedge clk_i) begin
    init_q <= 1'b1;
    done_q <= rst_ni && (done_q || (r_valid && r_ready_i && r_last));
    if (!init_q) assume (!rst_ni);
    if (init_q) begin
      assume (smee_i == $past(smee_i) && tsme_i == $past(tsme_i) && allow_i == $past(allow_i));
      assume (rst_ni);
    end
    assume (ar_i.id < 8'd2 && ar_i.len < 8'd4);
    if (init_q && rst_ni) begin
      c_two: cover (r_valid && r_last && r_ready_i && done_q && r_resp == 2'd0);
      c_refused: cover (r_valid && r_resp == 2'd2 && !r_last);
      c_full: cover (u_dram.v_q == '1);
    end
  end

endmodule
