// SPDX-License-Identifier: Apache-2.0
//
// cbit_bus_rd_deny: denials of the RMP check that come after the burst's AR.
//
// Where: beside the AR side of cbit_bus_read. A read goes out while its verdict is being made, so a
// denial (now_deny_i, known late) goes to registers only: one cycle later it marks the entry, and
// is told to the fault log. A burst of several chunks is told of once, when its last AR has gone.
// Latency: 1 cycle. wait_o holds back the fault log's other record of the read path, that of a
// burst which is not started. Without the check (Rmp = 0): nothing but wires.
// Reset: nothing to tell.
// Source: docs/units/rmp.md, Changes of the read path, 3 and 5.
module cbit_bus_rd_deny
  import cbit_pkg::*;
#(
  parameter int unsigned Rmp = 0,
  parameter int unsigned IdxW = 5
) (
  input  logic            clk_i,
  input  logic            rst_ni,
  // AR handshake of the requester's burst; it is its last one; the entry it gets
  input  logic            take_i,
  input  logic            last_i,
  input  logic [IdxW-1:0] idx_i,
  // its verdict: made in this cycle (now), or in a register
  input  logic            now_i,
  input  logic            now_deny_i,
  input  logic            deny_i,
  input  rec_t            rec_i,
  // record of the head, and whether it is refused in this cycle
  input  logic            fault_valid_i,
  input  fault_t          fault_i,
  // the entry is denied
  output logic            late_o,
  output logic [IdxW-1:0] late_idx_o,
  // fault log
  output logic            wait_o,
  output logic            fault_valid_o,
  output fault_t          fault_o
);

  if (Rmp != 0) begin : gen_late
    logic            late_q, late_deny_q, told_q;
    logic [IdxW-1:0] late_idx_q;
    fault_t          told_rec_q;

    always_ff @(posedge clk_i) begin
      if (!rst_ni) begin
        late_q <= 1'b0;
        told_q <= 1'b0;
      end else begin
        late_q <= take_i && now_i;
        told_q <= take_i && last_i && (now_i ? now_deny_i : deny_i);
      end
    end

    always_ff @(posedge clk_i) begin
      late_deny_q <= now_deny_i;
      late_idx_q <= idx_i;
      told_rec_q <= fault_i;
      told_rec_q.code <= FAULT_CHECK;
      told_rec_q.rmp <= rec_i;
    end

    assign late_o = late_q && late_deny_q;
    assign late_idx_o = late_idx_q;
    assign wait_o = told_q;
    assign fault_valid_o = told_q || fault_valid_i;
    assign fault_o = told_q ? told_rec_q : fault_i;
  end else begin : gen_none
    logic unused_late;
    assign unused_late = ^{
      clk_i, rst_ni, take_i, last_i, idx_i, now_i, now_deny_i, deny_i, rec_i
    };
    assign late_o = 1'b0;
    assign late_idx_o = '0;
    assign wait_o = 1'b0;
    assign fault_valid_o = fault_valid_i;
    assign fault_o = fault_i;
  end

endmodule
