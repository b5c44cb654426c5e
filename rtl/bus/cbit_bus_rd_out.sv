// SPDX-License-Identifier: Apache-2.0
//
// cbit_bus_rd_out: what goes to the R pins, and the read-modify-write data, behind the pipe.
//
// Where: inside cbit_bus_read, between cbit_lane, the head of rq (bypass) and the R pins.
// What: a beat that was shown on the R pins stays until it is taken. A decrypted beat that leaves
// the pipe and cannot go to the pins at once waits in the skid, so whether the pipe moves depends
// on one register, not on who gets the pins.
// Latency: 0 cycles to the R pins, 1 cycle to rmwd. Byte order: as in cbit_lane.
// Source: docs/units/bus_read.md (head of rq).
`include "cbit_assert.svh"

module cbit_bus_rd_out #(
  parameter int unsigned DataW = 128,
  localparam int unsigned IdW = 8
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  // beat of the last stage
  input  logic             p_valid_i,
  input  logic             p_enc_i,
  input  logic             p_plain_i,
  input  logic [IdW:0]     p_id_i,        // MSB: of a read-modify-write
  input  logic [7:0]       p_tag_i,
  input  logic [1:0]       p_resp_i,
  input  logic             p_last_i,
  input  logic [3:0]       p_row_i,
  input  logic [DataW-1:0] p_data_i,
  output logic             adv_o,         // the pipe moves
  // head of rq, if it may go by the bypass; known late
  input  logic             byp_i,
  input  logic             byp_plain_i,
  input  logic [IdW-1:0]   byp_id_i,
  input  logic [1:0]       byp_resp_i,
  input  logic             byp_last_i,
  input  logic [DataW-1:0] byp_data_i,
  output logic             byp_leaves_o,  // a head with byp_i does
  // in the next cycle the skid will hold a beat of that id, for each of four
  input  logic [3:0][IdW:0] match_id_i,
  output logic [3:0]       match_next_o,
  // R pins
  output logic             r_valid_o,
  input  logic             r_ready_i,
  output logic [IdW-1:0]   r_id_o,
  output logic [DataW-1:0] r_data_o,
  output logic [1:0]       r_resp_o,
  output logic             r_last_o,
  // data of a read-modify-write; there is no ready
  output logic             rmwd_valid_o,
  output logic [7:0]       rmwd_tag_o,
  output logic [3:0]       rmwd_row_o,
  output logic             rmwd_err_o,
  output logic [DataW-1:0] rmwd_data_o,
  // counters
  output logic             ev_plain_o,
  output logic             ev_enc_o
);

  typedef enum logic [1:0] {
    SEL_NONE,
    SEL_BYP,
    SEL_PIPE
  } sel_e;

  typedef struct packed {
    logic             plain;
    logic             enc;
    logic [IdW-1:0]   id;
    logic [1:0]       resp;
    logic             last;
    logic [DataW-1:0] data;
  } beat_t;

  beat_t      skid_q, out;
  logic       skid_valid_d, skid_valid_q, p_rmw, p_host;
  sel_e       sel, hold_d, hold_q;
  logic       waits, turn;          // a decrypted beat wants the pins; must get them now
  logic       pipe_first;           // the pins are its, whatever the head may do
  logic       out_leaves;
  logic [5:0] passed_d, passed_q;   // beats that went by while it waited

  assign p_rmw = p_valid_i && p_id_i[IdW];
  assign p_host = p_valid_i && !p_id_i[IdW];
  assign adv_o = !skid_valid_q;

  // ---- the beat that is first ----
  always_comb begin
    out = skid_q;
    if (!skid_valid_q) begin
      out = '{
        plain: p_plain_i, enc: p_enc_i, id: p_id_i[IdW-1:0], resp: p_resp_i, last: p_last_i,
        data: p_data_i
      };
    end
  end

  assign waits = skid_valid_q || p_host;
  assign turn = waits && passed_q == '1;
  assign pipe_first = hold_q == SEL_PIPE || (hold_q == SEL_NONE && turn);

  // ---- R pins: what was shown stays ----
  always_comb begin
    sel = SEL_NONE;
    if (hold_q != SEL_NONE) begin
      sel = hold_q;
    end else if (byp_i && !turn) begin
      sel = SEL_BYP;
    end else if (waits) begin
      sel = SEL_PIPE;
    end
  end

  assign r_valid_o = sel != SEL_NONE;
  assign hold_d = r_ready_i ? SEL_NONE : sel;
  assign byp_leaves_o = r_ready_i && !pipe_first;
  assign out_leaves = r_ready_i && sel == SEL_PIPE;
  always_comb begin
    if (sel == SEL_BYP) begin
      r_id_o = byp_id_i;
      r_data_o = byp_data_i;
      r_resp_o = byp_resp_i;
      r_last_o = byp_last_i;
    end else begin
      r_id_o = out.id;
      r_data_o = out.data;
      r_resp_o = out.resp;
      r_last_o = out.last;
    end
  end

  assign skid_valid_d = waits && !out_leaves;
  always_comb begin
    for (int unsigned k = 0; k < 4; k++) begin
      match_next_o[k] = skid_valid_d && {1'b0, out.id} == match_id_i[k];
    end
  end

  always_comb begin
    passed_d = passed_q;
    if (!waits || out_leaves) begin
      passed_d = '0;
    end else if (sel == SEL_BYP && r_ready_i && passed_q != '1) begin
      passed_d = passed_q + 6'd1;
    end
  end

  // ---- registers ----
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      skid_valid_q <= 1'b0;
      hold_q <= SEL_NONE;
      passed_q <= '0;
      rmwd_valid_o <= 1'b0;
    end else begin
      skid_valid_q <= skid_valid_d;
      hold_q <= hold_d;
      passed_q <= passed_d;
      rmwd_valid_o <= p_rmw && adv_o;
    end
  end

  // Data loads without a look at what it is for; only the valid bits know.
  always_ff @(posedge clk_i) begin
    skid_q <= out;
    rmwd_tag_o <= p_tag_i;
    rmwd_row_o <= p_row_i;
    rmwd_err_o <= p_resp_i[1];
    rmwd_data_o <= p_data_i;
  end

  assign ev_plain_o = r_ready_i &&
      ((sel == SEL_BYP && byp_plain_i) || (sel == SEL_PIPE && out.plain));
  assign ev_enc_o = r_ready_i && sel == SEL_PIPE && out.enc;

`ifdef CBIT_ASSERT_ON
  // What the pins of the last cycle offered and nobody took.
  logic              held_q;
  logic [DataW+10:0] now, prev_q;
  assign now = {r_id_o, r_data_o, r_resp_o, r_last_o};
  always_ff @(posedge clk_i) begin
    held_q <= rst_ni && r_valid_o && !r_ready_i;
    prev_q <= now;
  end
`endif
  `CBIT_ASSERT(BusReadRStable, !held_q || (r_valid_o && now == prev_q))
  `CBIT_ASSERT(BusReadBypHeld, hold_q != SEL_BYP || byp_i)
  `CBIT_ASSERT(BusReadPipeHeld, hold_q != SEL_PIPE || skid_valid_q)

endmodule
