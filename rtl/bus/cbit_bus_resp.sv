// SPDX-License-Identifier: Apache-2.0
//
// cbit_bus_resp: write responses, from the DRAM and from the table, to the requester.
//
// Where: between the DRAM's B pins and the requester's B pins, beside the write table.
// Latency: B pin to B pin 1 cycle (queue bq). A response of the DRAM goes before an answer of the
// table; what was shown and not taken stays. A chunk that does not end its burst completes without
// the pins; its response is merged into the next chunk's (in the table).
// Source: docs/units/bus_write.md, section B. Reset: nothing held, queue empty.
`include "cbit_assert.svh"

module cbit_bus_resp
  import cbit_pkg::*;
#(
  parameter int unsigned NumWr = 64,
  localparam int unsigned EntW = $clog2(NumWr)
) (
  input  logic            clk_i,
  input  logic            rst_ni,
  // DRAM, B
  input  logic            m_b_valid_i,
  output logic            m_b_ready_o,
  input  logic [IdW-1:0]  m_b_id_i,
  input  logic [1:0]      m_b_resp_i,
  // requester, B
  output logic            s_b_valid_o,
  input  logic            s_b_ready_i,
  output logic [IdW-1:0]  s_b_id_o,
  output logic [1:0]      s_b_resp_o,
  // table: entry of the DRAM's response, entry with an answer of its own
  output logic [IdW-1:0]  find_id_o,
  input  logic            find_valid_i,
  input  logic            find_any_i,   // it is there, or answers of the ID go first
  input  logic [EntW-1:0] find_e_i,
  input  logic            own_valid_i,
  input  logic [EntW-1:0] own_e_i,
  // entry looked at
  output logic [EntW-1:0] e_o,
  input  logic [IdW-1:0]  id_i,
  input  logic [1:0]      acc_i,
  input  logic            bad_i,    // its own answer is SLVERR
  input  logic            last_i,   // it ends its burst
  // its completion, with the response of burst or chunk
  output logic            done_o,
  output logic [1:0]      resp_o
);

  typedef enum logic [1:0] {
    HoldNone,
    HoldBq,    // the response of the DRAM at the head of bq was shown
    HoldInj    // the answer of hold_e_q was shown
  } hold_e;

  hold_e           hold_d, hold_q;
  logic [EntW-1:0] hold_e_q;
  logic            bq_valid, bq_pop, from_bq, from_own, show;
  logic [1:0]      bq_resp, bq_count, own_resp;

  cbit_fifo #(
    .Width(IdW + 2),
    .Depth(2)
  ) u_bq (
    .clk_i,
    .rst_ni,
    .in_valid_i (m_b_valid_i),
    .in_ready_o (m_b_ready_o),
    .in_data_i  ({m_b_id_i, m_b_resp_i}),
    .out_valid_o(bq_valid),
    .out_ready_i(bq_pop),
    .out_data_o ({find_id_o, bq_resp}),
    .count_o    (bq_count)
  );

  // ---- pick ----
  always_comb begin
    from_bq = 1'b0;
    from_own = 1'b0;
    e_o = find_e_i;
    case (hold_q)
      HoldBq: from_bq = 1'b1;
      HoldInj: begin
        from_own = 1'b1;
        e_o = hold_e_q;
      end
      default: begin   // HoldNone
        from_bq = bq_valid && find_valid_i;
        from_own = !from_bq && own_valid_i;
        if (from_own) begin
          e_o = own_e_i;
        end
      end
    endcase
  end

  // ---- response, completion ----
  assign own_resp = from_bq ? bq_resp : (bad_i ? RESP_SLVERR : RESP_OKAY);
  assign resp_o = (acc_i > own_resp) ? acc_i : own_resp;
  assign show = (from_bq || from_own) && last_i;
  assign done_o = (from_bq || from_own) && (!last_i || s_b_ready_i);
  assign bq_pop = from_bq && done_o;
  assign s_b_valid_o = show;
  assign s_b_id_o = id_i;
  assign s_b_resp_o = resp_o;

  always_comb begin
    hold_d = HoldNone;
    if (show && !s_b_ready_i) begin
      hold_d = from_bq ? HoldBq : HoldInj;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      hold_q <= HoldNone;
    end else begin
      hold_q <= hold_d;
    end
    hold_e_q <= e_o;
  end

  logic unused_count;
  assign unused_count = ^{bq_count, find_any_i};

  // every DRAM response has its entry, and what is held is still what would be found
  `CBIT_ASSERT(RespMatch, !bq_valid || find_any_i)
  `CBIT_ASSERT(RespHold, hold_q != HoldBq || (bq_valid && find_valid_i))
  `CBIT_ASSERT(RespId, !from_bq || id_i == find_id_o)

endmodule
