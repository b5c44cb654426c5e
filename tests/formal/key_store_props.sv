// SPDX-License-Identifier: Apache-2.0
//
// key_store_props: life of the key words of one slot (SEC-KEY-2, SEC-KEY-3 of docs/security.md).
//
// slot_i is any slot, the same all the time. held_x[r] = the memory of port x (encrypt, decrypt, tweak) may hold a key word in
// round r of that slot: set by a write that is not part of a wipe, cleared by a written zero; after reset everything may.
// Writes count in the cycle before the port's register; a_port_* say that the register passes them on.
//   - a slot is LOADED or ACTIVE only with all rounds of all three ports written since it was EMPTY,
//   - a slot that is EMPTY, and not just being loaded or wiped, holds nothing in any round of any port,
//   - no key word is written to a slot in use, and a slot in DRAIN is wiped only after nothing of it was in flight.
// The other assertions tie the control registers to this, so that one step of induction is enough.
module key_store_props
  import cbit_pkg::*;
#(
  parameter int unsigned KeyBits = 128,
  parameter int unsigned KeySlots = 4
) (
  input logic         clk_i,
  input logic         rst_ni,
  input logic [1:0]   slot_i,
  input logic         cmd_valid_i,
  input logic [3:0]   cmd_op_i,
  input slot_t        cmd_slot_i,
  input logic [255:0] key1_i,
  input logic [255:0] key2_i,
  input logic [3:0]   mode_i,
  input logic         zeroise_i,
  input logic         ent_valid_i,
  input logic [31:0]  ent_data_i,
  input logic         inflight_drain_i
);

  localparam logic [3:0] Rounds = (KeyBits == 256) ? 4'd14 : 4'd10;
  localparam logic [15:0] All = (16'd2 << Rounds) - 16'd1;
  // state_e of cbit_key_store
  localparam logic [3:0] StWalk = 4'd0, StStart = 4'd2, StKey1 = 4'd3, StKey2 = 4'd4, StWipe = 4'd7,
                         StFlushWait = 4'd8, StFlushWalk = 4'd9;

  logic                init_done, kill;
  logic [KeySlots-1:0] active, drain, empty;
  logic                e_valid, d_valid, t_valid;
  slot_t               e_slot, d_slot, t_slot;
  logic [3:0]          e_round, d_round, t_round;
  logic [127:0]        e_key, d_key, t_key;

  cbit_key_store #(
    .KeyBits (KeyBits),
    .KeySlots(KeySlots)
  ) u_dut (
    .clk_i,
    .rst_ni,
    .cmd_valid_i,
    .cmd_op_i,
    .cmd_slot_i,
    .key1_i,
    .key2_i,
    .mode_i,
    .cmd_done_o   (),
    .cmd_err_o    (),
    .slot_state_o (),
    .zeroise_i,
    .zeroise_o    (),
    .ent_valid_i,
    .ent_ready_o  (),
    .ent_data_i,
    .ent_alarm_o  (),
    .slot_active_o(active),
    .slot_active_next_o(),
    .slot_drain_o (drain),
    .slot_empty_o (empty),
    .init_done_o  (init_done),
    .busy_o       (),
    .inflight_drain_i,
    .kill_o       (kill),
    .kw_e_valid_o (e_valid),
    .kw_e_slot_o  (e_slot),
    .kw_e_round_o (e_round),
    .kw_e_key_o   (e_key),
    .kw_d_valid_o (d_valid),
    .kw_d_slot_o  (d_slot),
    .kw_d_round_o (d_round),
    .kw_d_key_o   (d_key),
    .kw_t_valid_o (t_valid),
    .kw_t_slot_o  (t_slot),
    .kw_t_round_o (t_round),
    .kw_t_key_o   (t_key)
  );

  logic [3:0] state, walk_round, rk_round;
  slot_t      walk, work;   // slot of a walk, of a command
  logic       mine, wipe;   // the command works on the slot
  logic       is_active, is_empty, is_loaded, is_drain;
  assign state = u_dut.state_q;
  assign walk = u_dut.walk_q;
  assign work = u_dut.slot_q;
  assign walk_round = u_dut.round_q;
  assign rk_round = u_dut.u_expand.round_q;
  assign wipe = u_dut.wipe;
  assign mine = work == slot_t'(slot_i);
  assign is_active = active[slot_i];
  assign is_empty = empty[slot_i];
  assign is_drain = drain[slot_i];
  assign is_loaded = !is_active && !is_empty && !is_drain;

  // ---- what the memories may hold ----
  logic [15:0] held_e_q, held_d_q, held_t_q;
  logic        init_q = 1'b0;

  function automatic logic [15:0] held(input logic [15:0] now, input logic valid, input slot_t slot, input logic [1:0] which,
                                       input logic [3:0] round, input logic zero);
    logic [15:0] next;
    next = now;
    if (valid && slot == slot_t'(which)) next[round] = !zero;
    return next;
  endfunction

  always_ff @(posedge clk_i) begin
    init_q <= 1'b1;
    if (!init_q) assume (!rst_ni);
    if (init_q) assume (slot_i == $past(slot_i));
    if (!rst_ni) begin
      held_e_q <= All;
      held_d_q <= All;
      held_t_q <= All;
    end else begin
      held_e_q <= held(held_e_q, u_dut.kw_e_valid_d, u_dut.kw_slot_d, slot_i, u_dut.kw_round_d, wipe && u_dut.kw_e_key_d == '0);
      held_d_q <= held(held_d_q, u_dut.kw_d_valid_d, u_dut.kw_slot_d, slot_i, u_dut.kw_d_round_d, wipe && u_dut.kw_d_key_d == '0);
      held_t_q <= held(held_t_q, u_dut.kw_t_valid_d, u_dut.kw_slot_d, slot_i, u_dut.kw_round_d, wipe && u_dut.kw_t_key_d == '0);
    end
  end

  logic all_held, none_held, loading;
  assign all_held = held_e_q == All && held_d_q == All && held_t_q == All;
  assign none_held = held_e_q == '0 && held_d_q == '0 && held_t_q == '0;
  assign loading = mine && (state == StStart || state == StKey1 || state == StKey2);

  // rounds 0 .. n-1
  function automatic logic [15:0] below(input logic [3:0] n);
    return (16'd1 << n) - 16'd1;
  endfunction
  // rounds N, N-1 .. N-n+1: the decrypt direction is filled from the top
  function automatic logic [15:0] above(input logic [3:0] n);
    return All & ~((16'd2 << (Rounds - n)) - 16'd1);
  endfunction

  always_ff @(posedge clk_i) begin
    if (init_q && rst_ni && $past(rst_ni)) begin
      // ---- the promises ----
      a_active_complete: assert (!is_active || all_held);
      a_loaded_complete: assert (!is_loaded || all_held || (state == StWipe && mine));
      a_empty_clean: assert (!is_empty || none_held || state == StWalk || loading);
      a_no_write_in_use: assert (!(u_dut.kw_e_valid_d && u_dut.kw_slot_d == slot_t'(slot_i) && !wipe) || is_empty);
      a_wipe_not_active: assert (!(wipe && u_dut.kw_slot_d == slot_t'(slot_i)) || !is_active);
      a_port_e: assert ({e_valid, e_slot, e_round, e_key} ==
                        $past({u_dut.kw_e_valid_d, u_dut.kw_slot_d, u_dut.kw_round_d, u_dut.kw_e_key_d}));
      a_port_d: assert ({d_valid, d_slot, d_round, d_key} ==
                        $past({u_dut.kw_d_valid_d, u_dut.kw_slot_d, u_dut.kw_d_round_d, u_dut.kw_d_key_d}));
      a_port_t: assert ({t_valid, t_slot, t_round, t_key} ==
                        $past({u_dut.kw_t_valid_d, u_dut.kw_slot_d, u_dut.kw_round_d, u_dut.kw_t_key_d}));
      a_flush_waits: assert (!(state == StFlushWalk && $past(state) == StFlushWait) || !$past(inflight_drain_i));
      a_drain_stays: assert (!($past(is_drain) && !is_drain) || $past(state) == StFlushWalk || kill);
      a_kill_on_wipe: assert (!($past(is_active) && is_empty) || kill);
      a_init: assert (init_done || (state == StWalk && empty == '1));

      // ---- why they hold ----
      a_walk_empty: assert (state != StWalk || empty == '1);
      a_walk_range: assert (!(state == StWalk || state == StFlushWalk) || (32'(walk) < KeySlots && walk_round <= Rounds));
      a_wipe_range: assert (state != StWipe || walk_round <= Rounds);
      a_work_range: assert (!(state >= StStart && state <= StWipe) || 32'(work) < KeySlots);
      a_loading_empty: assert (!(state >= StStart && state < StWipe && mine) || is_empty);
      a_wipe_loaded: assert (!(state == StWipe && mine) || is_loaded);
      a_wait_start: assert (state != StFlushWait || (walk == '0 && walk_round == '0));
      a_walk_past: assert (!(state == StWalk && walk > slot_t'(slot_i)) || none_held);
      a_walk_now: assert (!(state == StWalk && walk == slot_t'(slot_i)) ||
                          ((held_e_q | held_d_q | held_t_q) & below(walk_round)) == '0);
      a_wipe_now: assert (!(state == StWipe && mine) || ((held_e_q | held_d_q | held_t_q) & below(walk_round)) == '0);
      a_flush_now: assert (!(state == StFlushWalk && walk == slot_t'(slot_i) && is_drain) ||
                           ((held_e_q | held_d_q | held_t_q) & below(walk_round)) == '0);
      a_flush_idle: assert (!(state == StFlushWalk && walk == slot_t'(slot_i) && !is_drain) || walk_round == '0);
      a_no_keys: assert ((state >= StStart && state < StWipe) || (u_dut.k1_q == '0 && u_dut.k2_q == '0));
      a_range: assert (((held_e_q | held_d_q | held_t_q) & ~All) == '0);
      a_round: assert (rk_round <= Rounds);
      a_start_idle: assert (!(state == StStart) || !u_dut.u_expand.busy_q);
      a_key1: assert (!(state == StKey1 && mine) ||
                      ((held_e_q & below(rk_round)) == below(rk_round) && (held_d_q & above(rk_round)) == above(rk_round)));
      a_key2: assert (!(state == StKey2 && mine) ||
                      (held_e_q == All && held_d_q == All && (held_t_q & below(rk_round)) == below(rk_round)));
    end
  end

endmodule
