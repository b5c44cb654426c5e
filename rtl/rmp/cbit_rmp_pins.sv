// SPDX-License-Identifier: Apache-2.0
//
// cbit_rmp_pins: the requester's pins, closed and shared with the RMP instructions.
//
//   requester h ──▶ AR, AW, W, B ──▶ e bus units        R is not touched
//                        ▲ writes of cbit_rmp_insn, in its phase WRITE
//
// Where: between the pins and bus_read, bus_write; with instruction ports (RmpInsn > 0) only.
// Latency: combinational from the pins to the bus units' queues; all selects are registers. A W
// beat is taken one cycle after its AW at the earliest, so that none stands in front of the unit's.
// Stalls: AR and AW while stop_i; W and B while write_i; W without an AW to which it belongs.
// Reset: no beat owed. Source: docs/units/rmp_insn.md, section cbit_rmp_pins.
`include "cbit_assert.svh"

module cbit_rmp_pins
  import cbit_pkg::*;
#(
  parameter int unsigned Lanes = 1,     // 1, 2, 4
  parameter int unsigned RmpMiss = 4,   // 2, 4, 8: AWs that may be in the gate
  localparam int unsigned DataW = 128 * Lanes,
  localparam int unsigned StrbW = 16 * Lanes
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  // from cbit_rmp_insn: pins closed; phase WRITE; READ to WRITE (for assertions)
  input  logic             stop_i,
  input  logic             write_i,
  input  logic             still_i,
  // its bursts: one write of the AMD-SP at a time
  input  logic             aw_valid_i,
  output logic             aw_ready_o,
  input  spa_t             aw_spa_i,
  input  logic [7:0]       aw_len_i,
  input  logic             w_valid_i,
  output logic             w_ready_o,
  input  logic [DataW-1:0] w_data_i,
  input  logic [StrbW-1:0] w_strb_i,
  input  logic             w_last_i,
  output logic             b_valid_o,
  output logic [1:0]       b_resp_o,
  // requester
  input  logic             h_ar_valid_i,
  output logic             h_ar_ready_o,
  input  logic             h_aw_valid_i,
  output logic             h_aw_ready_o,
  input  ax_req_t          h_aw_i,
  input  logic             h_w_valid_i,
  output logic             h_w_ready_o,
  input  logic [DataW-1:0] h_w_data_i,
  input  logic [StrbW-1:0] h_w_strb_i,
  input  logic             h_w_last_i,
  output logic             h_b_valid_o,
  input  logic             h_b_ready_i,
  // bus units
  output logic             e_ar_valid_o,
  input  logic             e_ar_ready_i,
  output logic             e_aw_valid_o,
  input  logic             e_aw_ready_i,
  output ax_req_t          e_aw_o,
  output logic             e_w_valid_o,
  input  logic             e_w_ready_i,
  output logic [DataW-1:0] e_w_data_o,
  output logic [StrbW-1:0] e_w_strb_o,
  output logic             e_w_last_o,
  input  logic             e_b_valid_i,
  output logic             e_b_ready_o,
  input  logic [1:0]       e_b_resp_i
);

  localparam int unsigned OwedW = 13;
  localparam logic [2:0] FullSize = 3'(4 + $clog2(Lanes));

  // ---- W beats that the requester owes for its AWs ----
  logic [OwedW-1:0] owed_q;
  logic             owed, aw_take, w_take;

  assign owed = owed_q != '0;
  assign aw_take = h_aw_valid_i && h_aw_ready_o;
  assign w_take = h_w_valid_i && h_w_ready_o;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      owed_q <= '0;
    end else begin
      owed_q <= owed_q + (aw_take ? OwedW'(h_aw_i.len) + OwedW'(1) : '0) - OwedW'(w_take);
    end
  end

  // ---- AR ----
  assign e_ar_valid_o = h_ar_valid_i && !stop_i;
  assign h_ar_ready_o = e_ar_ready_i && !stop_i;

  // ---- AW ----
  ax_req_t unit_aw;

  always_comb begin
    unit_aw = '0;
    unit_aw.addr = {12'd0, aw_spa_i};
    unit_aw.len = aw_len_i;
    unit_aw.size = FullSize;
    unit_aw.burst = BURST_INCR;
    unit_aw.user.requester = REQ_SP;
    unit_aw.user.access = ACC_DATA;
  end

  assign e_aw_valid_o = write_i ? aw_valid_i : h_aw_valid_i && !stop_i;
  assign e_aw_o = write_i ? unit_aw : h_aw_i;
  assign h_aw_ready_o = e_aw_ready_i && !stop_i;
  assign aw_ready_o = e_aw_ready_i && write_i;

  // ---- W ----
  assign e_w_valid_o = write_i ? w_valid_i : h_w_valid_i && owed;
  assign e_w_data_o = write_i ? w_data_i : h_w_data_i;
  assign e_w_strb_o = write_i ? w_strb_i : h_w_strb_i;
  assign e_w_last_o = write_i ? w_last_i : h_w_last_i;
  assign h_w_ready_o = e_w_ready_i && !write_i && owed;
  assign w_ready_o = e_w_ready_i && write_i;

  // ---- B ----
  assign e_b_ready_o = write_i || h_b_ready_i;
  assign h_b_valid_o = e_b_valid_i && !write_i;
  assign b_valid_o = e_b_valid_i && write_i;
  assign b_resp_o = e_b_resp_i;

  `CBIT_ASSERT_INIT(PinsLanes, Lanes == 1 || Lanes == 2 || Lanes == 4)
  `CBIT_ASSERT(InsnOwed, (!w_take || owed) && 32'(owed_q) <= 256 * (RmpMiss + 7))
  // the world stands still
  `CBIT_ASSERT(InsnStill, !still_i || (!owed && !w_take && !aw_take &&
               !(h_b_valid_o && h_b_ready_i) && !(h_ar_valid_i && h_ar_ready_o)))
  `CBIT_ASSERT(PinsStop, !write_i || stop_i)

endmodule
