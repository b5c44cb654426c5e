// SPDX-License-Identifier: Apache-2.0
//
// axil_props: cbit_axil keeps to AXI4-Lite (Arm IHI 0022, chapter B1 and A3.2): what is offered stays until it is taken, every
// access is done once and answered once, with the answer of its own cycle; nothing is answered that was not asked.
module axil_props
  import cbit_pkg::*;
(
  input logic        clk_i,
  input logic        rst_ni,
  input logic [11:0] awaddr_i,
  input logic        awvalid_i,
  input logic [31:0] wdata_i,
  input logic [3:0]  wstrb_i,
  input logic        wvalid_i,
  input logic        bready_i,
  input logic [11:0] araddr_i,
  input logic        arvalid_i,
  input logic        rready_i,
  input logic        err_i,
  input logic [31:0] rdata_i
);

  logic        awready, wready, bvalid, arready, rvalid, req, write;
  logic [1:0]  bresp, rresp;
  logic [31:0] rdata, wdata;
  logic [11:0] addr;
  logic [3:0]  wstrb;

  cbit_axil u_dut (
    .clk_i,
    .rst_ni,
    .s_axil_awaddr_i (awaddr_i),
    .s_axil_awprot_i (3'd0),
    .s_axil_awvalid_i(awvalid_i),
    .s_axil_awready_o(awready),
    .s_axil_wdata_i  (wdata_i),
    .s_axil_wstrb_i  (wstrb_i),
    .s_axil_wvalid_i (wvalid_i),
    .s_axil_wready_o (wready),
    .s_axil_bresp_o  (bresp),
    .s_axil_bvalid_o (bvalid),
    .s_axil_bready_i (bready_i),
    .s_axil_araddr_i (araddr_i),
    .s_axil_arprot_i (3'd0),
    .s_axil_arvalid_i(arvalid_i),
    .s_axil_arready_o(arready),
    .s_axil_rdata_o  (rdata),
    .s_axil_rresp_o  (rresp),
    .s_axil_rvalid_o (rvalid),
    .s_axil_rready_i (rready_i),
    .reg_req_o       (req),
    .reg_write_o     (write),
    .reg_addr_o      (addr),
    .reg_wdata_o     (wdata),
    .reg_wstrb_o     (wstrb),
    .reg_err_i       (err_i),
    .reg_rdata_i     (rdata_i)
  );

  // ---- how many are under way ----
  logic [1:0] aw_q, w_q, ar_q;   // taken, not answered
  logic       init_q = 1'b0;
  always_ff @(posedge clk_i) begin
    init_q <= 1'b1;
    if (!init_q) assume (!rst_ni);
    if (!rst_ni) begin
      aw_q <= '0;
      w_q <= '0;
      ar_q <= '0;
    end else begin
      aw_q <= aw_q + 2'(awvalid_i && awready) - 2'(bvalid && bready_i);
      w_q <= w_q + 2'(wvalid_i && wready) - 2'(bvalid && bready_i);
      ar_q <= ar_q + 2'(arvalid_i && arready) - 2'(rvalid && rready_i);
    end
  end

  // ---- what a taken request becomes ----
  logic [11:0] awaddr_q, araddr_q;
  logic [31:0] wdata_q;
  logic [3:0]  wstrb_q;
  always_ff @(posedge clk_i) begin
    if (awvalid_i && awready) awaddr_q <= awaddr_i;
    if (wvalid_i && wready) begin
      wdata_q <= wdata_i;
      wstrb_q <= wstrb_i;
    end
    if (arvalid_i && arready) araddr_q <= araddr_i;
  end

  always_ff @(posedge clk_i) begin
    if (init_q && rst_ni && $past(rst_ni)) begin
      // offered responses stay as they are
      a_b_stays: assert (!$past(bvalid && !bready_i) || (bvalid && bresp == $past(bresp)));
      a_r_stays: assert (!$past(rvalid && !rready_i) || (rvalid && rresp == $past(rresp) && rdata == $past(rdata)));
      // a response appears one cycle after the access, with its answer
      a_b_from: assert (!(bvalid && !$past(bvalid)) || ($past(req && write) && bresp == {$past(err_i), 1'b0}));
      a_r_from: assert (!(rvalid && !$past(rvalid)) || ($past(req && !write) && rdata == $past(rdata_i) &&
                        rresp == {$past(err_i), 1'b0}));
      a_done: assert (!$past(req) || ($past(write) ? bvalid : rvalid));
    end
    if (init_q && rst_ni) begin
      // an access is one that was asked for
      a_write: assert (!(req && write) || (aw_q != '0 && w_q != '0 && !bvalid && addr == {awaddr_q[11:2], 2'b00} &&
                       wdata == wdata_q && wstrb == wstrb_q));
      a_read: assert (!(req && !write) || (ar_q != '0 && !rvalid && addr == {araddr_q[11:2], 2'b00}));
      // no response without a request, and no request lost
      a_b_asked: assert (!bvalid || (aw_q != '0 && w_q != '0));
      a_r_asked: assert (!rvalid || ar_q != '0);
      a_aw_count: assert (aw_q == 2'(!awready) + 2'(bvalid));
      a_w_count: assert (w_q == 2'(!wready) + 2'(bvalid));
      a_ar_count: assert (ar_q == 2'(!arready) + 2'(rvalid));
      a_aw_kept: assert (awready || u_dut.aw_word_q == awaddr_q[11:2]);
      a_w_kept: assert (wready || (u_dut.w_data_q == wdata_q && u_dut.w_strb_q == wstrb_q));
      a_ar_kept: assert (arready || u_dut.ar_word_q == araddr_q[11:2]);
      // a key word does not stay behind
      a_no_word: assert (!wready || u_dut.w_data_q == '0);
      c_both: cover (bvalid && rvalid && !bready_i && !rready_i);
    end
  end

endmodule
