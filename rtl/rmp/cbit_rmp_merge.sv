// SPDX-License-Identifier: Apache-2.0
//
// cbit_rmp_merge: reads of the engine's own: read-modify-writes and walks share one port.
//
// Where: in front of the internal port of the read path. A request that was shown and not taken
// stays; else the two take turns. Latency: combinational from the requests, which are registers of
// their units, to the port. Reset: nothing held, read-modify-writes first.
// Source: docs/units/rmp.md, section cbit_rmp_merge.
`include "cbit_assert.svh"

module cbit_rmp_merge
  import cbit_pkg::*;
(
  input  logic       clk_i,
  input  logic       rst_ni,
  // configuration
  input  logic       tsme_i,
  input  logic [3:0] mode_i,
  // read-modify-writes of the write path
  input  logic       rmw_valid_i,
  output logic       rmw_ready_o,
  input  spa_t       rmw_spa_i,
  input  logic [4:0] rmw_rows_i,
  input  slot_t      rmw_slot_i,
  input  logic [7:0] rmw_tag_i,
  input  logic [3:0] rmw_cache_i,
  input  logic [2:0] rmw_prot_i,
  input  logic [3:0] rmw_qos_i,
  input  logic [3:0] rmw_region_i,
  // walks
  input  logic       rd_valid_i,
  output logic       rd_ready_o,
  input  spa_t       rd_spa_i,
  input  logic [7:0] rd_tag_i,
  // internal port of the read path
  output logic       int_valid_o,
  input  logic       int_ready_i,
  output spa_t       int_spa_o,
  output logic [4:0] int_rows_o,
  output logic       int_enc_o,
  output slot_t      int_slot_o,
  output logic [7:0] int_tag_o,
  output logic [3:0] int_cache_o,
  output logic [2:0] int_prot_o,
  output logic [3:0] int_qos_o,
  output logic [3:0] int_region_o
);

  typedef enum logic [1:0] {SelNone, SelRmw, SelWalk} sel_e;

  sel_e hold_q, sel;
  logic turn_q;   // 1: read-modify-writes first
  logic walk, taken;

  always_comb begin
    sel = SelNone;
    if (hold_q != SelNone) begin
      sel = hold_q;
    end else if (rmw_valid_i && (turn_q || !rd_valid_i)) begin
      sel = SelRmw;
    end else if (rd_valid_i) begin
      sel = SelWalk;
    end
  end

  assign walk = sel == SelWalk;
  assign int_valid_o = walk ? rd_valid_i : sel == SelRmw && rmw_valid_i;
  assign taken = int_valid_o && int_ready_i;
  assign rmw_ready_o = sel == SelRmw && int_ready_i;
  assign rd_ready_o = walk && int_ready_i;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      hold_q <= SelNone;
      turn_q <= 1'b1;
    end else begin
      hold_q <= (int_valid_o && !int_ready_i) ? sel : SelNone;
      if (taken) begin
        turn_q <= walk;
      end
    end
  end

  // The table is no secret (K15): only TSME encrypts it, as all memory, with the host's key.
  assign int_enc_o = !walk || (tsme_i && mode_i != 4'd0);
  assign int_spa_o = walk ? rd_spa_i : rmw_spa_i;
  assign int_rows_o = walk ? 5'd1 : rmw_rows_i;
  assign int_slot_o = walk ? '0 : rmw_slot_i;
  assign int_tag_o = walk ? rd_tag_i : rmw_tag_i;
  assign int_cache_o = walk ? '0 : rmw_cache_i;
  assign int_prot_o = walk ? '0 : rmw_prot_i;
  assign int_qos_o = walk ? '0 : rmw_qos_i;
  assign int_region_o = walk ? '0 : rmw_region_i;

  `CBIT_ASSERT(RmpMergeTag, (!rd_valid_i || rd_tag_i[7]) && (!rmw_valid_i || !rmw_tag_i[7]))
  `CBIT_ASSERT(RmpMergeHold, !(hold_q == SelRmw && !rmw_valid_i) &&
               !(hold_q == SelWalk && !rd_valid_i))

endmodule
