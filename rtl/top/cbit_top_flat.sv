// SPDX-License-Identifier: Apache-2.0
//
// cbit_top_flat: cbit_top with plain pins, for boards, benches and other people's tools.
//
// Where: outermost module; renames pins, nothing else. IDs have IdWidth bits on the requester side
// and IdWidth + 1 on the DRAM side, where the top bit marks the engine's own reads.
// Latency and reset: those of cbit_top. Pins and parameters: docs/interfaces.md.
// Ports for RMP instructions (docs/units/rmp_insn.md) are pins with the macro CBIT_RMP_INSN only,
// check ports (docs/units/rmp_chk.md) with CBIT_RMP_CHK.
`include "cbit_assert.svh"

module cbit_top_flat
  import cbit_pkg::*;
#(
  parameter int unsigned Lanes = 1,
  parameter int unsigned KeyBits = 128,
  parameter int unsigned RoundsPerStage = 1,
  parameter int unsigned Sbox = 1,
  parameter int unsigned TweakSbox = 3,
  parameter int unsigned KeySlots = 16,
  parameter int unsigned IdWidth = 4,            // 1 to 8
  parameter int unsigned NumRd = 32,
  parameter int unsigned NumWr = 64,
  parameter int unsigned NumRow = 64,
  parameter int unsigned SpaWidth = 40,
  parameter int unsigned ModesMask = 'b010001,   // 6 bits; an integer, as tools pass them
  parameter int unsigned DefaultMode = 4,
  parameter int unsigned AttrFromAddr = 0,
  parameter int unsigned CbitPos = 51,
  parameter int unsigned AsidLsb = 52,
  parameter int unsigned TestTweak = 0,
  parameter int unsigned Rmp = 0,
  parameter int unsigned RmpLines = 32,
  parameter int unsigned RmpMiss = 4,
  parameter int unsigned RmpConst = 0,
  parameter int unsigned RmpSeg = 0,
`ifdef CBIT_RMP_INSN
  parameter int unsigned RmpInsn = 0,            // 0 to 8
  parameter int unsigned RmpUse = 4,
  parameter int unsigned RmpInuse = 0,
  localparam int unsigned PortsI = (RmpInsn == 0) ? 1 : RmpInsn,
`endif
`ifdef CBIT_RMP_CHK
  parameter int unsigned RmpChk = 0,             // 0 to 8
  localparam int unsigned PortsC = (RmpChk == 0) ? 1 : RmpChk,
`endif
  localparam int unsigned DataW = 128 * Lanes,
  localparam int unsigned MemIdW = IdWidth + 1   // DRAM side
) (
  input  logic               clk_i,
  input  logic               rst_ni,
  // straps
  input  logic               debug_i,
  input  logic               zeroise_i,
  // requester side, write address
  input  logic [IdWidth-1:0] s_axi_awid_i,
  input  logic [AddrW-1:0]   s_axi_awaddr_i,
  input  logic [7:0]         s_axi_awlen_i,
  input  logic [2:0]         s_axi_awsize_i,
  input  logic [1:0]         s_axi_awburst_i,
  input  logic               s_axi_awlock_i,
  input  logic [3:0]         s_axi_awcache_i,
  input  logic [2:0]         s_axi_awprot_i,
  input  logic [3:0]         s_axi_awqos_i,
  input  logic [3:0]         s_axi_awregion_i,
  input  logic [UserW-1:0]   s_axi_awuser_i,
  input  logic               s_axi_awvalid_i,
  output logic               s_axi_awready_o,
  // requester side, write data
  input  logic [DataW-1:0]   s_axi_wdata_i,
  input  logic [DataW/8-1:0] s_axi_wstrb_i,
  input  logic               s_axi_wlast_i,
  input  logic               s_axi_wvalid_i,
  output logic               s_axi_wready_o,
  // requester side, write response
  output logic [IdWidth-1:0] s_axi_bid_o,
  output logic [1:0]         s_axi_bresp_o,
  output logic               s_axi_bvalid_o,
  input  logic               s_axi_bready_i,
  // requester side, read address
  input  logic [IdWidth-1:0] s_axi_arid_i,
  input  logic [AddrW-1:0]   s_axi_araddr_i,
  input  logic [7:0]         s_axi_arlen_i,
  input  logic [2:0]         s_axi_arsize_i,
  input  logic [1:0]         s_axi_arburst_i,
  input  logic               s_axi_arlock_i,
  input  logic [3:0]         s_axi_arcache_i,
  input  logic [2:0]         s_axi_arprot_i,
  input  logic [3:0]         s_axi_arqos_i,
  input  logic [3:0]         s_axi_arregion_i,
  input  logic [UserW-1:0]   s_axi_aruser_i,
  input  logic               s_axi_arvalid_i,
  output logic               s_axi_arready_o,
  // requester side, read data
  output logic [IdWidth-1:0] s_axi_rid_o,
  output logic [DataW-1:0]   s_axi_rdata_o,
  output logic [1:0]         s_axi_rresp_o,
  output logic               s_axi_rlast_o,
  output logic               s_axi_rvalid_o,
  input  logic               s_axi_rready_i,
  // DRAM side, write address
  output logic [MemIdW-1:0]  m_axi_awid_o,
  output logic [SpaW-1:0]    m_axi_awaddr_o,
  output logic [7:0]         m_axi_awlen_o,
  output logic [2:0]         m_axi_awsize_o,
  output logic [1:0]         m_axi_awburst_o,
  output logic               m_axi_awlock_o,
  output logic [3:0]         m_axi_awcache_o,
  output logic [2:0]         m_axi_awprot_o,
  output logic [3:0]         m_axi_awqos_o,
  output logic [3:0]         m_axi_awregion_o,
  output logic               m_axi_awvalid_o,
  input  logic               m_axi_awready_i,
  // DRAM side, write data
  output logic [DataW-1:0]   m_axi_wdata_o,
  output logic [DataW/8-1:0] m_axi_wstrb_o,
  output logic               m_axi_wlast_o,
  output logic               m_axi_wvalid_o,
  input  logic               m_axi_wready_i,
  // DRAM side, write response
  input  logic [MemIdW-1:0]  m_axi_bid_i,
  input  logic [1:0]         m_axi_bresp_i,
  input  logic               m_axi_bvalid_i,
  output logic               m_axi_bready_o,
  // DRAM side, read address
  output logic [MemIdW-1:0]  m_axi_arid_o,
  output logic [SpaW-1:0]    m_axi_araddr_o,
  output logic [7:0]         m_axi_arlen_o,
  output logic [2:0]         m_axi_arsize_o,
  output logic [1:0]         m_axi_arburst_o,
  output logic               m_axi_arlock_o,
  output logic [3:0]         m_axi_arcache_o,
  output logic [2:0]         m_axi_arprot_o,
  output logic [3:0]         m_axi_arqos_o,
  output logic [3:0]         m_axi_arregion_o,
  output logic               m_axi_arvalid_o,
  input  logic               m_axi_arready_i,
  // DRAM side, read data
  input  logic [MemIdW-1:0]  m_axi_rid_i,
  input  logic [DataW-1:0]   m_axi_rdata_i,
  input  logic [1:0]         m_axi_rresp_i,
  input  logic               m_axi_rlast_i,
  input  logic               m_axi_rvalid_i,
  output logic               m_axi_rready_o,
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
`ifdef CBIT_RMP_INSN
  // RMP instructions: element i of an array at bits [i*W +: W]
  input  logic [PortsI-1:0]  insn_valid_i,
  output logic [PortsI-1:0]  insn_ready_o,
  input  logic [PortsI*$bits(insn_req_t)-1:0] insn_req_i,
  output logic [PortsI-1:0]  ans_valid_o,
  input  logic [PortsI-1:0]  ans_ready_i,
  output logic [3:0]         ans_kind_o,
  output logic [3:0]         ans_code_o,
  output logic               ans_cf_o,
  output logic               ans_zf_o,
  output logic [37:0]        ans_error_o,
  output logic [127:0]       ans_out_o,
  // ranges to be dropped
  output logic               inv_valid_o,
  input  logic               inv_ready_i,
  output logic [30:0]        inv_page_o,
  // marks of pages in use
  input  logic               use_valid_i,
  output logic               use_ready_o,
  input  logic [4:0]         use_slot_i,
  input  logic               use_set_i,
  input  logic [39:0]        use_page_i,
`endif
`ifdef CBIT_RMP_CHK
  // check ports: element i of an array at bits [i*W +: W]
  input  logic [PortsC-1:0]  chk_valid_i,
  output logic [PortsC-1:0]  chk_ready_o,
  input  logic [PortsC*$bits(chk_ask_t)-1:0] chk_req_i,
  output logic [PortsC-1:0]  chk_ans_valid_o,
  input  logic [PortsC-1:0]  chk_ans_ready_i,
  output logic [PortsC*$bits(chk_ans_t)-1:0] chk_ans_o,
`endif
  // interrupt
  output logic               irq_o
);

  // ---- requester side: pins to structs, IDs filled up with zeros ----
  ax_req_t        s_aw, s_ar;
  logic [IdW-1:0] s_b_id, s_r_id;

  assign s_aw = '{
    id: IdW'(s_axi_awid_i),
    addr: s_axi_awaddr_i,
    len: s_axi_awlen_i,
    size: s_axi_awsize_i,
    burst: s_axi_awburst_i,
    lock: s_axi_awlock_i,
    cache: s_axi_awcache_i,
    prot: s_axi_awprot_i,
    qos: s_axi_awqos_i,
    region: s_axi_awregion_i,
    user: attr_t'(s_axi_awuser_i)
  };

  assign s_ar = '{
    id: IdW'(s_axi_arid_i),
    addr: s_axi_araddr_i,
    len: s_axi_arlen_i,
    size: s_axi_arsize_i,
    burst: s_axi_arburst_i,
    lock: s_axi_arlock_i,
    cache: s_axi_arcache_i,
    prot: s_axi_arprot_i,
    qos: s_axi_arqos_i,
    region: s_axi_arregion_i,
    user: attr_t'(s_axi_aruser_i)
  };

  assign s_axi_bid_o = s_b_id[IdWidth-1:0];
  assign s_axi_rid_o = s_r_id[IdWidth-1:0];

  // ---- DRAM side: structs to pins, the top ID bit stays on top ----
  ax_mem_t      m_aw, m_ar;
  logic [IdW:0] m_b_id, m_r_id;

  assign m_axi_awid_o = {m_aw.id[IdW], m_aw.id[MemIdW-2:0]};
  assign m_axi_awaddr_o = m_aw.addr;
  assign m_axi_awlen_o = m_aw.len;
  assign m_axi_awsize_o = m_aw.size;
  assign m_axi_awburst_o = m_aw.burst;
  assign m_axi_awlock_o = m_aw.lock;
  assign m_axi_awcache_o = m_aw.cache;
  assign m_axi_awprot_o = m_aw.prot;
  assign m_axi_awqos_o = m_aw.qos;
  assign m_axi_awregion_o = m_aw.region;

  assign m_axi_arid_o = {m_ar.id[IdW], m_ar.id[MemIdW-2:0]};
  assign m_axi_araddr_o = m_ar.addr;
  assign m_axi_arlen_o = m_ar.len;
  assign m_axi_arsize_o = m_ar.size;
  assign m_axi_arburst_o = m_ar.burst;
  assign m_axi_arlock_o = m_ar.lock;
  assign m_axi_arcache_o = m_ar.cache;
  assign m_axi_arprot_o = m_ar.prot;
  assign m_axi_arqos_o = m_ar.qos;
  assign m_axi_arregion_o = m_ar.region;

  assign m_b_id = {m_axi_bid_i[MemIdW-1], IdW'(m_axi_bid_i[MemIdW-2:0])};
  assign m_r_id = {m_axi_rid_i[MemIdW-1], IdW'(m_axi_rid_i[MemIdW-2:0])};

`ifndef CBIT_RMP_INSN
  // cbit_top has the ports always
  localparam int unsigned RmpInsn = 0;
  localparam int unsigned RmpUse = 4;
  localparam int unsigned RmpInuse = 0;

  logic             insn_ready, ans_valid, ans_cf, ans_zf, inv_valid, use_ready;
  logic [3:0]       ans_kind, ans_code;
  logic [37:0]      ans_error;
  logic [127:0]     ans_out;
  logic [30:0]      inv_page;
`endif
`ifndef CBIT_RMP_CHK
  localparam int unsigned RmpChk = 0;

  logic             chk_ready, chk_ans_valid;
  chk_ans_t         chk_ans;
`endif

  cbit_top #(
    .Lanes         (Lanes),
    .KeyBits       (KeyBits),
    .RoundsPerStage(RoundsPerStage),
    .Sbox          (Sbox),
    .TweakSbox     (TweakSbox),
    .KeySlots      (KeySlots),
    .IdWidth       (IdWidth),
    .NumRd         (NumRd),
    .NumWr         (NumWr),
    .NumRow        (NumRow),
    .SpaWidth      (SpaWidth),
    .ModesMask     (6'(ModesMask)),
    .DefaultMode   (DefaultMode),
    .AttrFromAddr  (AttrFromAddr),
    .CbitPos       (CbitPos),
    .AsidLsb       (AsidLsb),
    .TestTweak     (TestTweak),
    .Rmp           (Rmp),
    .RmpLines      (RmpLines),
    .RmpMiss       (RmpMiss),
    .RmpConst      (RmpConst),
    .RmpInsn       (RmpInsn),
    .RmpUse        (RmpUse),
    .RmpInuse      (RmpInuse),
    .RmpChk        (RmpChk),
    .RmpSeg        (RmpSeg)
  ) u_top (
    .clk_i,
    .rst_ni,
    .debug_i,
    .zeroise_i,
    .s_ar_valid_i(s_axi_arvalid_i),
    .s_ar_ready_o(s_axi_arready_o),
    .s_ar_i      (s_ar),
    .s_r_valid_o (s_axi_rvalid_o),
    .s_r_ready_i (s_axi_rready_i),
    .s_r_id_o    (s_r_id),
    .s_r_data_o  (s_axi_rdata_o),
    .s_r_resp_o  (s_axi_rresp_o),
    .s_r_last_o  (s_axi_rlast_o),
    .s_aw_valid_i(s_axi_awvalid_i),
    .s_aw_ready_o(s_axi_awready_o),
    .s_aw_i      (s_aw),
    .s_w_valid_i (s_axi_wvalid_i),
    .s_w_ready_o (s_axi_wready_o),
    .s_w_data_i  (s_axi_wdata_i),
    .s_w_strb_i  (s_axi_wstrb_i),
    .s_w_last_i  (s_axi_wlast_i),
    .s_b_valid_o (s_axi_bvalid_o),
    .s_b_ready_i (s_axi_bready_i),
    .s_b_id_o    (s_b_id),
    .s_b_resp_o  (s_axi_bresp_o),
    .m_ar_valid_o(m_axi_arvalid_o),
    .m_ar_ready_i(m_axi_arready_i),
    .m_ar_o      (m_ar),
    .m_r_valid_i (m_axi_rvalid_i),
    .m_r_ready_o (m_axi_rready_o),
    .m_r_id_i    (m_r_id),
    .m_r_data_i  (m_axi_rdata_i),
    .m_r_resp_i  (m_axi_rresp_i),
    .m_r_last_i  (m_axi_rlast_i),
    .m_aw_valid_o(m_axi_awvalid_o),
    .m_aw_ready_i(m_axi_awready_i),
    .m_aw_o      (m_aw),
    .m_w_valid_o (m_axi_wvalid_o),
    .m_w_ready_i (m_axi_wready_i),
    .m_w_data_o  (m_axi_wdata_o),
    .m_w_strb_o  (m_axi_wstrb_o),
    .m_w_last_o  (m_axi_wlast_o),
    .m_b_valid_i (m_axi_bvalid_i),
    .m_b_ready_o (m_axi_bready_o),
    .m_b_id_i    (m_b_id),
    .m_b_resp_i  (m_axi_bresp_i),
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
    .ent_valid_i,
    .ent_ready_o,
    .ent_data_i,
`ifdef CBIT_RMP_INSN
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
`else
    .insn_valid_i(1'b0),
    .insn_ready_o(insn_ready),
    .insn_req_i  ('0),
    .ans_valid_o (ans_valid),
    .ans_ready_i (1'b0),
    .ans_kind_o  (ans_kind),
    .ans_code_o  (ans_code),
    .ans_cf_o    (ans_cf),
    .ans_zf_o    (ans_zf),
    .ans_error_o (ans_error),
    .ans_out_o   (ans_out),
    .inv_valid_o (inv_valid),
    .inv_ready_i (1'b0),
    .inv_page_o  (inv_page),
    .use_valid_i (1'b0),
    .use_ready_o (use_ready),
    .use_slot_i  (5'd0),
    .use_set_i   (1'b0),
    .use_page_i  (40'd0),
`endif
`ifdef CBIT_RMP_CHK
    .chk_valid_i,
    .chk_ready_o,
    .chk_req_i,
    .chk_ans_valid_o,
    .chk_ans_ready_i,
    .chk_ans_o,
`else
    .chk_valid_i    (1'b0),
    .chk_ready_o    (chk_ready),
    .chk_req_i      ('0),
    .chk_ans_valid_o(chk_ans_valid),
    .chk_ans_ready_i(1'b0),
    .chk_ans_o      (chk_ans),
`endif
    .irq_o
  );

`ifndef CBIT_RMP_INSN
  logic unused_insn;
  assign unused_insn = ^{insn_ready, ans_valid, ans_cf, ans_zf, inv_valid, use_ready, ans_kind,
                         ans_code, ans_error, ans_out, inv_page};
`endif

`ifndef CBIT_RMP_CHK
  logic unused_chk;
  assign unused_chk = ^{chk_ready, chk_ans_valid, chk_ans};
`endif

  if (IdWidth < IdW) begin : gen_unused
    // the engine gives back the IDs it got, so these are zero
    logic unused_ids;
    assign unused_ids = ^{s_b_id[IdW-1:IdWidth], s_r_id[IdW-1:IdWidth]};
  end

  if (MemIdW <= IdW) begin : gen_unused_mem
    logic unused_mem_ids;
    assign unused_mem_ids = ^{m_aw.id[IdW-1:MemIdW-1], m_ar.id[IdW-1:MemIdW-1]};
  end

  `CBIT_ASSERT_INIT(FlatModesMask, ModesMask < 64)

endmodule
