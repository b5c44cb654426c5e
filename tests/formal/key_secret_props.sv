// SPDX-License-Identifier: Apache-2.0
//
// key_secret_props: no way from a key to a pin that can be read (SEC-KEY-1 of docs/security.md).
//
// Two copies of the key store get the same commands at the same time, but other keys and other random words. All outputs that
// are not key words are the same in every cycle: nobody who sees them learns anything of a key. Three bits are told on purpose,
// and assumed to be the same here: whether K1 = K2 (LOAD), whether the drawn keys are equal, and the verdict of the health test.
module key_secret_props
  import cbit_pkg::*;
#(
  parameter int unsigned KeyBits = 128,
  parameter int unsigned KeySlots = 4
) (
  input logic         clk_i,
  input logic         rst_ni,
  input logic         cmd_valid_i,
  input logic [3:0]   cmd_op_i,
  input slot_t        cmd_slot_i,
  input logic [255:0] key1_a_i,
  input logic [255:0] key2_a_i,
  input logic [255:0] key1_b_i,
  input logic [255:0] key2_b_i,
  input logic [3:0]   mode_i,
  input logic         zeroise_i,
  input logic         ent_valid_i,
  input logic [31:0]  ent_data_a_i,
  input logic [31:0]  ent_data_b_i,
  input logic         inflight_drain_i
);

  typedef struct packed {
    logic                done;
    logic [3:0]          err;
    logic [1:0]          state;
    logic                zeroise;
    logic                ent_ready;
    logic                ent_alarm;
    logic [KeySlots-1:0] active;
    logic [KeySlots-1:0] drain;
    logic [KeySlots-1:0] empty;
    logic                init_done;
    logic                busy;
    logic                kill;
    logic                e_valid;
    slot_t               e_slot;
    logic [3:0]          e_round;
    logic                d_valid;
    slot_t               d_slot;
    logic [3:0]          d_round;
    logic                t_valid;
    slot_t               t_slot;
    logic [3:0]          t_round;
  } seen_t;

  seen_t [1:0]        seen;
  logic [1:0][127:0]  e_key, d_key, t_key;
  logic [1:0][255:0]  key1, key2;
  logic [1:0][31:0]   ent_data;
  assign key1 = {key1_b_i, key1_a_i};
  assign key2 = {key2_b_i, key2_a_i};
  assign ent_data = {ent_data_b_i, ent_data_a_i};

  for (genvar c = 0; c < 2; c++) begin : gen_copy
    cbit_key_store #(
      .KeyBits (KeyBits),
      .KeySlots(KeySlots)
    ) u_dut (
      .clk_i,
      .rst_ni,
      .cmd_valid_i,
      .cmd_op_i,
      .cmd_slot_i,
      .key1_i       (key1[c]),
      .key2_i       (key2[c]),
      .mode_i,
      .cmd_done_o   (seen[c].done),
      .cmd_err_o    (seen[c].err),
      .slot_state_o (seen[c].state),
      .zeroise_i,
      .zeroise_o    (seen[c].zeroise),
      .ent_valid_i,
      .ent_ready_o  (seen[c].ent_ready),
      .ent_data_i   (ent_data[c]),
      .ent_alarm_o  (seen[c].ent_alarm),
      .slot_active_o(seen[c].active),
      .slot_drain_o (seen[c].drain),
      .slot_empty_o (seen[c].empty),
      .init_done_o  (seen[c].init_done),
      .busy_o       (seen[c].busy),
      .inflight_drain_i,
      .kill_o       (seen[c].kill),
      .kw_e_valid_o (seen[c].e_valid),
      .kw_e_slot_o  (seen[c].e_slot),
      .kw_e_round_o (seen[c].e_round),
      .kw_e_key_o   (e_key[c]),
      .kw_d_valid_o (seen[c].d_valid),
      .kw_d_slot_o  (seen[c].d_slot),
      .kw_d_round_o (seen[c].d_round),
      .kw_d_key_o   (d_key[c]),
      .kw_t_valid_o (seen[c].t_valid),
      .kw_t_slot_o  (seen[c].t_slot),
      .kw_t_round_o (seen[c].t_round),
      .kw_t_key_o   (t_key[c])
    );
  end

  // what is told on purpose
  logic told;
  assign told = gen_copy[0].u_dut.load_equal_q == gen_copy[1].u_dut.load_equal_q &&
                gen_copy[0].u_dut.drawn_equal == gen_copy[1].u_dut.drawn_equal &&
                gen_copy[0].u_dut.u_health.alarm_next_o == gen_copy[1].u_dut.u_health.alarm_next_o;

  logic init_q = 1'b0;
  always_ff @(posedge clk_i) begin
    init_q <= 1'b1;
    if (!init_q) assume (!rst_ni);
    assume (told);
  end

  always_ff @(posedge clk_i) begin
    if (init_q) begin
      a_same: assert (seen[0] == seen[1]);
      // the control registers, so that one step of induction is enough
      a_state: assert (gen_copy[0].u_dut.state_q == gen_copy[1].u_dut.state_q);
      a_slots: assert (gen_copy[0].u_dut.slots_q == gen_copy[1].u_dut.slots_q);
      a_slot: assert (gen_copy[0].u_dut.slot_q == gen_copy[1].u_dut.slot_q);
      a_walk: assert (gen_copy[0].u_dut.walk_q == gen_copy[1].u_dut.walk_q);
      a_round: assert (gen_copy[0].u_dut.round_q == gen_copy[1].u_dut.round_q);
      a_walk_cmd: assert (gen_copy[0].u_dut.walk_cmd_q == gen_copy[1].u_dut.walk_cmd_q);
      a_walk_err: assert (gen_copy[0].u_dut.walk_err_q == gen_copy[1].u_dut.walk_err_q);
      a_words: assert (gen_copy[0].u_dut.words_q == gen_copy[1].u_dut.words_q);
      a_expand: assert (gen_copy[0].u_dut.u_expand.busy_q == gen_copy[1].u_dut.u_expand.busy_q);
      a_expand_round: assert (gen_copy[0].u_dut.u_expand.round_q == gen_copy[1].u_dut.u_expand.round_q);
      // the copies do differ: a load of other keys writes other words
      c_differ: cover (seen[0].e_valid && e_key[0] != e_key[1] && d_key[0] != d_key[1]);
      c_differ_t: cover (seen[0].t_valid && t_key[0] != t_key[1]);
    end
  end

endmodule
