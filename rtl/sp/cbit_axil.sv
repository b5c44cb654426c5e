// SPDX-License-Identifier: Apache-2.0
//
// cbit_axil: AXI4-Lite to register accesses, one at a time.
//
// Where: pins of the secure processor's port -> here -> cbit_csr.
// Latency: AW and W taken in cycle t -> access in t+1 -> bvalid in t+2; AR the same to rvalid.
// The answer of an access comes in its own cycle. A write goes first if both are pending. Stalls:
// an access waits while the response register of its direction is full. No output pin depends
// combinationally on an input pin. Reset: nothing pending, all valids low, all readys high.
// Everything of an access is a register: which one comes next is found out a cycle ahead, on the
// pins, so that the registers of the secure processor have the whole cycle for it.
// AxPROT is ignored: the port belongs to the secure processor by wiring.
// Source: Arm IHI 0022 (AXI4), chapter B1.
`include "cbit_assert.svh"

module cbit_axil
  import cbit_pkg::*;
(
  input  logic        clk_i,
  input  logic        rst_ni,
  // AXI4-Lite
  input  logic [11:0] s_axil_awaddr_i,
  input  logic [2:0]  s_axil_awprot_i,
  input  logic        s_axil_awvalid_i,
  output logic        s_axil_awready_o,
  input  logic [31:0] s_axil_wdata_i,
  input  logic [3:0]  s_axil_wstrb_i,
  input  logic        s_axil_wvalid_i,
  output logic        s_axil_wready_o,
  output logic [1:0]  s_axil_bresp_o,
  output logic        s_axil_bvalid_o,
  input  logic        s_axil_bready_i,
  input  logic [11:0] s_axil_araddr_i,
  input  logic [2:0]  s_axil_arprot_i,
  input  logic        s_axil_arvalid_i,
  output logic        s_axil_arready_o,
  output logic [31:0] s_axil_rdata_o,
  output logic [1:0]  s_axil_rresp_o,
  output logic        s_axil_rvalid_o,
  input  logic        s_axil_rready_i,
  // register access; err and rdata are given in the same cycle. Word address: bits 1:0 are zero
  output logic        reg_req_o,
  output logic        reg_write_o,
  output logic [11:0] reg_addr_o,
  output logic [31:0] reg_wdata_o,
  output logic [3:0]  reg_wstrb_o,
  input  logic        reg_err_i,
  input  logic [31:0] reg_rdata_i
);

  logic        aw_valid_q, w_valid_q, ar_valid_q, b_valid_q, r_valid_q;
  logic [9:0]  aw_word_d, aw_word_q, ar_word_d, ar_word_q;   // address without bits 1:0
  logic [31:0] w_data_q, r_data_q;
  logic [3:0]  w_strb_q;
  logic        b_err_q, r_err_q;

  // the access of this cycle: exec_wr_q = aw and w valid, b not; exec_rd_q = ar valid, r not, and no
  // write
  logic       exec_wr_d, exec_wr_q, exec_rd_d, exec_rd_q, exec_q;
  logic [9:0] exec_word_q;

  // what was executed in this cycle is no longer pending in the next, and its response is
  assign exec_wr_d = !exec_wr_q && (aw_valid_q || s_axil_awvalid_i) &&
                     (w_valid_q || s_axil_wvalid_i) && (!b_valid_q || s_axil_bready_i);
  assign exec_rd_d = !exec_rd_q && (ar_valid_q || s_axil_arvalid_i) &&
                     (!r_valid_q || s_axil_rready_i) && !exec_wr_d;
  assign aw_word_d = (!aw_valid_q && s_axil_awvalid_i) ? s_axil_awaddr_i[11:2] : aw_word_q;
  assign ar_word_d = (!ar_valid_q && s_axil_arvalid_i) ? s_axil_araddr_i[11:2] : ar_word_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      exec_wr_q <= 1'b0;
      exec_rd_q <= 1'b0;
      exec_q <= 1'b0;
      exec_word_q <= '0;
    end else begin
      exec_wr_q <= exec_wr_d;
      exec_rd_q <= exec_rd_d;
      exec_q <= exec_wr_d || exec_rd_d;
      exec_word_q <= exec_wr_d ? aw_word_d : ar_word_d;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      aw_valid_q <= 1'b0;
      w_valid_q <= 1'b0;
      ar_valid_q <= 1'b0;
      b_valid_q <= 1'b0;
      r_valid_q <= 1'b0;
      aw_word_q <= '0;
      ar_word_q <= '0;
      w_data_q <= '0;
      w_strb_q <= '0;
      r_data_q <= '0;
      b_err_q <= 1'b0;
      r_err_q <= 1'b0;
    end else begin
      // ---- address and data in ----
      aw_word_q <= aw_word_d;
      ar_word_q <= ar_word_d;

      if (!aw_valid_q && s_axil_awvalid_i) begin
        aw_valid_q <= 1'b1;
      end else if (exec_wr_q) begin
        aw_valid_q <= 1'b0;
      end

      if (!w_valid_q && s_axil_wvalid_i) begin
        w_valid_q <= 1'b1;
        w_data_q <= s_axil_wdata_i;
        w_strb_q <= s_axil_wstrb_i;
      end else if (exec_wr_q) begin
        w_valid_q <= 1'b0;
        // it may be a piece of a key: leave no copy behind
        w_data_q <= '0;
      end

      if (!ar_valid_q && s_axil_arvalid_i) begin
        ar_valid_q <= 1'b1;
      end else if (exec_rd_q) begin
        ar_valid_q <= 1'b0;
      end

      // ---- responses out ----
      if (exec_wr_q) begin
        b_valid_q <= 1'b1;
        b_err_q <= reg_err_i;
      end else if (s_axil_bready_i) begin
        b_valid_q <= 1'b0;
      end

      if (exec_rd_q) begin
        r_valid_q <= 1'b1;
        r_err_q <= reg_err_i;
        r_data_q <= reg_rdata_i;
      end else if (s_axil_rready_i) begin
        r_valid_q <= 1'b0;
      end
    end
  end

  assign s_axil_awready_o = !aw_valid_q;
  assign s_axil_wready_o = !w_valid_q;
  assign s_axil_arready_o = !ar_valid_q;
  assign s_axil_bvalid_o = b_valid_q;
  assign s_axil_bresp_o = b_err_q ? RESP_SLVERR : RESP_OKAY;
  assign s_axil_rvalid_o = r_valid_q;
  assign s_axil_rresp_o = r_err_q ? RESP_SLVERR : RESP_OKAY;
  assign s_axil_rdata_o = r_data_q;

  assign reg_req_o = exec_q;
  assign reg_write_o = exec_wr_q;
  assign reg_addr_o = {exec_word_q, 2'b00};
  assign reg_wdata_o = w_data_q;
  assign reg_wstrb_o = w_strb_q;

  logic unused_pins;
  assign unused_pins = ^{s_axil_awprot_i, s_axil_arprot_i, s_axil_awaddr_i[1:0],
                         s_axil_araddr_i[1:0]};

  `CBIT_ASSERT(AxilWrite, exec_wr_q == (aw_valid_q && w_valid_q && !b_valid_q))
  `CBIT_ASSERT(AxilRead, exec_rd_q == (ar_valid_q && !r_valid_q && !exec_wr_q))
  `CBIT_ASSERT(AxilExec, exec_q == (exec_wr_q || exec_rd_q))
  `CBIT_ASSERT(AxilWord, !exec_q || exec_word_q == (exec_wr_q ? aw_word_q : ar_word_q))
  `CBIT_ASSERT(AxilOneAccess, !(exec_wr_q && exec_rd_q))
  `CBIT_ASSERT(AxilNoWordLeft, w_valid_q || w_data_q == '0)

endmodule
