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
//   tv              which tweaks came (top bit: all of them), at any time
// Meant for encrypted beats; what it says of others is not looked at. Latency: as rq, one cycle.
// Source: docs/units/bus_read.md (head of rq).
module cbit_bus_rd_bits #(
  parameter int unsigned IdxW = 5,
  parameter int unsigned TvW = 5
) (
  input  logic            clk_i,
  input  logic            kill_i,
  // the queue: places that are taken, entries of both
  input  logic [1:0]      places_i,
  input  logic [IdxW-1:0] first_idx_i,
  input  logic [IdxW-1:0] second_idx_i,
  input  logic            pop_i,
  // the beat that comes in
  input  logic            in_same_i,     // of the same entry as the head
  input  logic            in_dead_i,
  input  logic            in_walk_i,
  input  logic            in_rem0_i,
  input  logic [TvW-1:0]  in_tv_i,
  input  logic [3:0]      in_row_i,
  // the head goes on by a beat
  input  logic            step_i,
  input  logic            step_rem0_i,   // where its burst is then
  input  logic [3:0]      step_row_i,
  // a tweak result comes
  input  logic            tw_we_i,
  input  logic [IdxW-1:0] tw_idx_i,
  input  logic [TvW-1:0]  tw_set_i,      // the bits of tv that it sets
  // the head
  output logic            dead_o,
  output logic            walk_o,
  output logic            rem0_o,
  output logic [TvW-1:0]  tv_o,
  output logic [3:0]      row_o
);

  typedef struct packed {
    logic       dead;
    logic       walk;
    logic       rem0;
    logic [TvW-1:0] tv;
    logic [3:0] row;
  } bits_t;

  // now: with what happens in this cycle, still in the same place
  bits_t first_now, second_now, in_now, first_d, first_q, second_d, second_q;
  logic  second_same_q;   // place 1 is of the same entry as the head

  always_comb begin
    first_now = first_q;
    second_now = second_q;
    in_now = '{dead: in_dead_i, walk: in_walk_i, rem0: in_rem0_i, tv: in_tv_i, row: in_row_i};
    if (tw_we_i && tw_idx_i == first_idx_i) begin
      first_now.tv = first_q.tv | tw_set_i;
    end
    if (tw_we_i && tw_idx_i == second_idx_i) begin
      second_now.tv = second_q.tv | tw_set_i;
    end
    if (step_i) begin
      first_now.walk = 1'b1;
      first_now.rem0 = step_rem0_i;
      first_now.row = step_row_i;
    end
    if (step_i && second_same_q) begin
      second_now.walk = 1'b1;
      second_now.rem0 = step_rem0_i;
      second_now.row = step_row_i;
    end
    if (step_i && in_same_i) begin
      in_now.walk = 1'b1;
      in_now.rem0 = step_rem0_i;
      in_now.row = step_row_i;
    end
    if (kill_i) begin
      first_now.dead = 1'b1;
      second_now.dead = 1'b1;
      in_now.dead = 1'b1;
    end
  end

  assign second_d = places_i[1] ? second_now : in_now;
  assign first_d = (pop_i || !places_i[0]) ? second_d : first_now;

  always_ff @(posedge clk_i) begin
    first_q <= first_d;
    second_q <= second_d;
    if (!places_i[1]) begin
      second_same_q <= in_same_i;
    end
  end

  assign dead_o = first_q.dead;
  assign walk_o = first_q.walk;
  assign rem0_o = first_q.rem0;
  assign tv_o = first_q.tv;
  assign row_o = first_q.row;

endmodule
