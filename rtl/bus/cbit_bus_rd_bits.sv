// SPDX-License-Identifier: Apache-2.0
//
// cbit_bus_rd_bits: what the head of the read queue needs of its entry at once.
//
// Where: beside the read queue (rq) of cbit_bus_read, in step with it, so that the head need not
// look its entry up in the table. Looked up when a beat of the DRAM comes in, and kept right while
// it waits:
//   dead            a wipe of all keys (kill) marks what waits too
//   walk, rem0, row how far the burst is: the head goes on by a beat, and what waits behind it or
//                   comes in may be of the same entry
//   seen            a tweak result came, at any time
// Meant for encrypted beats; what it says of others is not looked at. Latency: as rq, one cycle.
// Source: docs/units/bus_read.md (head of rq).
module cbit_bus_rd_bits #(
  parameter int unsigned IdxW = 5
) (
  input  logic            clk_i,
  input  logic            kill_i,
  // the queue: places that are taken, which is the head's, entries of both
  input  logic [1:0]      full_i,
  input  logic            head_i,
  input  logic [1:0][IdxW-1:0] idx_i,
  // the beat that comes in
  input  logic            in_same_i,     // of the same entry as the head
  input  logic            in_dead_i,
  input  logic            in_walk_i,
  input  logic            in_rem0_i,
  input  logic            in_seen_i,
  input  logic [3:0]      in_row_i,
  // the head goes on by a beat
  input  logic            step_i,
  input  logic            step_rem0_i,   // where its burst is then
  input  logic [3:0]      step_row_i,
  // a tweak result comes
  input  logic            tw_we_i,
  input  logic [IdxW-1:0] tw_idx_i,
  // the head
  output logic            dead_o,
  output logic            walk_o,
  output logic            rem0_o,
  output logic            seen_o,
  output logic [3:0]      row_o
);

  typedef struct packed {
    logic       dead;
    logic       walk;
    logic       rem0;
    logic       seen;
    logic [3:0] row;
  } bits_t;

  // a place that is free takes what comes in; the other one, if it waits, may be of the head's entry
  bits_t       in_now;
  bits_t [1:0] place_d, place_q;
  bits_t       head;
  logic        other_same_q;

  always_comb begin
    in_now = '{dead: in_dead_i, walk: in_walk_i, rem0: in_rem0_i, seen: in_seen_i, row: in_row_i};
    if (step_i && in_same_i) begin
      in_now.walk = 1'b1;
      in_now.rem0 = step_rem0_i;
      in_now.row = step_row_i;
    end
    place_d = place_q;
    for (int unsigned i = 0; i < 2; i++) begin
      if (tw_we_i && tw_idx_i == idx_i[i]) begin
        place_d[i].seen = 1'b1;
      end
      if (step_i && (head_i == 1'(i) || other_same_q)) begin
        place_d[i].walk = 1'b1;
        place_d[i].rem0 = step_rem0_i;
        place_d[i].row = step_row_i;
      end
      if (!full_i[i]) begin
        place_d[i] = in_now;
      end
      if (kill_i) begin
        place_d[i].dead = 1'b1;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    place_q <= place_d;
    if (full_i != 2'b11) begin
      other_same_q <= in_same_i;
    end
  end

  assign head = place_q[head_i];
  assign dead_o = head.dead;
  assign walk_o = head.walk;
  assign rem0_o = head.rem0;
  assign seen_o = head.seen;
  assign row_o = head.row;

endmodule
