// SPDX-License-Identifier: Apache-2.0
//
// cbit_key_store: key slots and their life: load, generate, activate, deactivate, wipe, flush.
//
// Where: between the registers of the secure processor (commands) and the round-key memories of
// the AES pipes (key writes). Slot number = ASID, slot 0 = host. Keys leave this unit on the three
// key-write ports only; there is no read path.
// States of a slot: EMPTY -> LOADED -> ACTIVE -> DRAIN -> EMPTY. One command at a time; LOAD takes
// 2N + 4 cycles to its done (N = rounds), the others as listed in docs/units/key_store.md.
// Reset: all slots EMPTY, then all round keys of all slots are written with zero (init_done_o = 0
// until then). zeroise_i and WIPE_ALL do the same at any moment and raise kill_o for one cycle.
// Byte order: key byte i is bits [8*i +: 8]. Source: FIPS 197 (2023), sections 5.2 and 5.3.5.
`include "cbit_assert.svh"

module cbit_key_store
  import cbit_pkg::*;
#(
  parameter int unsigned KeyBits = 128,   // 128 or 256
  parameter int unsigned KeySlots = 16    // 16 to 1024
) (
  input  logic                clk_i,
  input  logic                rst_ni,
  // commands: valid is kept until done
  input  logic                cmd_valid_i,
  input  logic [3:0]          cmd_op_i,
  input  slot_t               cmd_slot_i,
  input  logic [255:0]        key1_i,
  input  logic [255:0]        key2_i,
  input  logic [3:0]          mode_i,
  output logic                cmd_done_o,
  output logic [3:0]          cmd_err_o,
  output logic [1:0]          slot_state_o,
  // pin: wipe everything now; zeroise_o is its sample
  input  logic                zeroise_i,
  output logic                zeroise_o,
  // entropy source
  input  logic                ent_valid_i,
  output logic                ent_ready_o,
  input  logic [31:0]         ent_data_i,
  output logic                ent_alarm_o,
  // state of the slots and of the unit
  output logic [KeySlots-1:0] slot_active_o,
  output logic [KeySlots-1:0] slot_active_next_o,   // in the next cycle
  output logic [KeySlots-1:0] slot_drain_o,
  output logic [KeySlots-1:0] slot_empty_o,
  output logic                init_done_o,
  output logic                busy_o,
  // requests in flight: some use a slot in DRAIN; all encrypted ones are dead from now on
  input  logic                inflight_drain_i,
  output logic                kill_o,
  // key writes: encrypt pipe, decrypt pipe, tweak pipe
  output logic                kw_e_valid_o,
  output slot_t               kw_e_slot_o,
  output logic [3:0]          kw_e_round_o,
  output logic [127:0]        kw_e_key_o,
  output logic                kw_d_valid_o,
  output slot_t               kw_d_slot_o,
  output logic [3:0]          kw_d_round_o,
  output logic [127:0]        kw_d_key_o,
  output logic                kw_t_valid_o,
  output slot_t               kw_t_slot_o,
  output logic [3:0]          kw_t_round_o,
  output logic [127:0]        kw_t_key_o
);

  localparam logic [3:0] Rounds = (KeyBits == 256) ? 4'd14 : 4'd10;
  localparam int unsigned IdxW = $clog2(KeySlots);
  localparam slot_t LastSlot = slot_t'(KeySlots - 1);
  localparam int unsigned GenWords = 2 * KeyBits / 32;

  // commands
  localparam logic [3:0] OP_LOAD = 4'd1;
  localparam logic [3:0] OP_GENERATE = 4'd2;
  localparam logic [3:0] OP_ACTIVATE = 4'd3;
  localparam logic [3:0] OP_DEACTIVATE = 4'd4;
  localparam logic [3:0] OP_WIPE = 4'd5;
  localparam logic [3:0] OP_WIPE_ALL = 4'd6;
  localparam logic [3:0] OP_FLUSH = 4'd7;
  localparam logic [3:0] OP_QUERY = 4'd8;
  // errors
  localparam logic [3:0] ERR_NONE = 4'd0;
  localparam logic [3:0] ERR_RANGE = 4'd1;
  localparam logic [3:0] ERR_STATE = 4'd2;
  localparam logic [3:0] ERR_KEY_EQUAL = 4'd3;
  localparam logic [3:0] ERR_NEED_FLUSH = 4'd4;
  localparam logic [3:0] ERR_ENTROPY = 4'd5;
  localparam logic [3:0] ERR_ABORTED = 4'd6;
  localparam logic [3:0] ERR_OP = 4'd15;

  typedef enum logic [3:0] {
    StWalk,       // zeros to every slot and round
    StIdle,
    StStart,      // K1 goes into the expansion
    StKey1,       // round keys of K1 come out; with the last one K2 goes in
    StKey2,       // round keys of K2 come out
    StDraw,       // words from the entropy port
    StDrawn,      // checks on what was drawn; K1 goes into the expansion
    StWipe,       // zeros to one slot
    StFlushWait,  // until no request uses a slot in DRAIN
    StFlushWalk   // zeros to the slots in DRAIN
  } state_e;

  state_e state_d, state_q;

  // ---- slot states ----
  // one vector for each bit of the states (EMPTY 0, LOADED 1, ACTIVE 2, DRAIN 3): what is told of
  // all slots is then a few operations on whole vectors
  logic [1:0][KeySlots-1:0] slots_d, slots_q;
  logic                     slots_clear;
  logic                     work_we, work_loaded;   // end of a LOAD, a wipe: LOADED or EMPTY
  logic [IdxW-1:0]          work_slot;
  logic                     open, close;            // ACTIVATE, DEACTIVATE: if the state is right
  logic [KeySlots-1:0]      cmd_sel, work_sel, opened, closed;

  // Each slot sees for itself whether it opens or closes: the state of the command's slot, which is
  // a choice among all of them, would be late for those who look at slot_active_next_o.
  assign opened = cmd_sel & {KeySlots{open}} & ~slots_q[1] & slots_q[0];
  assign closed = cmd_sel & {KeySlots{close}} & slots_q[1] & ~slots_q[0];

  always_comb begin
    for (int unsigned i = 0; i < KeySlots; i++) begin
      cmd_sel[i] = cmd_slot_i[IdxW-1:0] == IdxW'(i);
      work_sel[i] = work_we && work_slot == IdxW'(i);
    end
  end

  always_comb begin
    slots_d[1] = (slots_q[1] | opened) & ~work_sel;
    slots_d[0] = (((slots_q[0] & ~opened) | closed) & ~work_sel) |
                 (work_sel & {KeySlots{work_loaded}});
    if (slots_clear) begin
      slots_d = '0;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      slots_q <= '0;
    end else begin
      slots_q <= slots_d;
    end
  end

  // no slot that is ACTIVE, or becomes so, is loaded or wiped in the same cycle
  assign slot_active_next_o = ((slots_q[1] & ~slots_q[0] & ~closed) | opened) &
                              {KeySlots{!slots_clear}};
  assign slot_active_o = slots_q[1] & ~slots_q[0];
  assign slot_drain_o = slots_q[1] & slots_q[0];
  assign slot_empty_o = ~slots_q[1] & ~slots_q[0];

  // ---- command checks: on registers, in the cycle in which a command is taken ----
  logic            cmd_take, in_range, equal_matters, load_take;
  logic            load_equal_d, load_equal_q;   // K1 = K2 in the giver's registers
  logic            load_bad;
  logic [IdxW-1:0] cmd_idx;
  logic [1:0]      cmd_state;
  logic [3:0]      cmd_err;

  logic       zeroise_q, init_done_q, done_q;

  // done_q: the giver still shows the command that has just ended
  assign cmd_take = state_q == StIdle && init_done_q && cmd_valid_i && !done_q && !zeroise_q;
  if (KeySlots < 1024) begin : gen_range
    assign in_range = cmd_slot_i <= LastSlot;
  end else begin : gen_no_range
    assign in_range = 1'b1;
  end
  assign cmd_idx = cmd_slot_i[IdxW-1:0];
  assign cmd_state = in_range ? {slots_q[1][cmd_idx], slots_q[0][cmd_idx]} : SLOT_EMPTY;
  // with equal keys the modes that make the tweak with AES lose their proof (NIST SP 800-38E)
  assign equal_matters = mode_i == 4'd3 || mode_i == 4'd4 || mode_i == 4'd5;
  assign load_equal_d = key1_i[KeyBits-1:0] == key2_i[KeyBits-1:0];
  assign load_bad = equal_matters && load_equal_q;
  assign load_take = cmd_take && cmd_op_i == OP_LOAD && in_range && cmd_state == SLOT_EMPTY &&
                     !load_bad;
  assign open = cmd_take && cmd_op_i == OP_ACTIVATE && in_range;
  assign close = cmd_take && cmd_op_i == OP_DEACTIVATE && in_range;

  always_comb begin
    cmd_err = ERR_NONE;
    unique case (cmd_op_i)
      OP_LOAD: begin
        if (!in_range) cmd_err = ERR_RANGE;
        else if (cmd_state != SLOT_EMPTY) cmd_err = ERR_STATE;
        else if (load_bad) cmd_err = ERR_KEY_EQUAL;
      end
      OP_GENERATE: begin
        if (!in_range) cmd_err = ERR_RANGE;
        else if (cmd_state != SLOT_EMPTY) cmd_err = ERR_STATE;
        else if (ent_alarm_o) cmd_err = ERR_ENTROPY;
      end
      OP_ACTIVATE: begin
        if (!in_range) cmd_err = ERR_RANGE;
        else if (cmd_state == SLOT_DRAIN) cmd_err = ERR_NEED_FLUSH;
        else if (cmd_state != SLOT_LOADED) cmd_err = ERR_STATE;
      end
      OP_DEACTIVATE: begin
        if (!in_range) cmd_err = ERR_RANGE;
        else if (cmd_state != SLOT_ACTIVE) cmd_err = ERR_STATE;
      end
      OP_WIPE: begin
        if (!in_range) cmd_err = ERR_RANGE;
        else if (cmd_state != SLOT_LOADED) cmd_err = ERR_STATE;
      end
      OP_QUERY: begin
        if (!in_range) cmd_err = ERR_RANGE;
      end
      OP_WIPE_ALL, OP_FLUSH: cmd_err = ERR_NONE;
      default: cmd_err = ERR_OP;
    endcase
  end

  // ---- keys on their way to the expansion ----
  logic [KeyBits-1:0] k1_q, k2_q;
  logic               keys_clear;
  logic               drawn_equal, differ_q;   // differ: so far, the words of K2 and those of K1
  logic [4:0]         words_d, words_q;   // words still to draw

  logic ent_ready_d, ent_ready_q, ent_take, alarm_next;

  assign ent_take = ent_valid_i && ent_ready_q;
  assign drawn_equal = !differ_q;

  // drawn words are shifted in from the top: the first ends as word 0 of K1
  always_ff @(posedge clk_i) begin
    if (!rst_ni || keys_clear) begin
      k1_q <= '0;
      k2_q <= '0;
    end else if (load_take || ent_take) begin
      if (ent_ready_q) begin
        {k2_q, k1_q} <= {ent_data_i, k2_q, k1_q[KeyBits-1:32]};
      end else begin
        {k2_q, k1_q} <= {key2_i[KeyBits-1:0], key1_i[KeyBits-1:0]};
      end
    end
  end

  // While K2 is drawn, its next word meets the one of K1 at the bottom of k2_q.
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      load_equal_q <= 1'b0;
      differ_q <= 1'b0;
    end else begin
      load_equal_q <= load_equal_d;
      if (ent_take) begin
        differ_q <= words_q <= 5'(GenWords / 2) && (differ_q || ent_data_i != k2_q[31:0]);
      end
    end
  end

  cbit_ent_health u_health (
    .clk_i,
    .rst_ni,
    .valid_i     (ent_take),
    .word_i      (ent_data_i),
    .alarm_next_o(alarm_next),
    .alarm_o     (ent_alarm_o)
  );

  // ---- expansion ----
  logic               start;
  logic [KeyBits-1:0] start_key;
  logic               rk_valid, rk_last;
  logic [3:0]         rk_round;
  logic [127:0]       rk;

  logic               drawn_bad;   // what was drawn is not used

  assign start_key = (state_q == StKey1) ? k2_q : k1_q;
  assign rk_last = rk_round == Rounds;
  assign drawn_bad = ent_alarm_o || (equal_matters && drawn_equal);
  assign start = state_q == StStart || (state_q == StKey1 && rk_last) ||
                 (state_q == StDrawn && !drawn_bad);

  // zeroise also empties the key window of the expansion
  cbit_aes_key_expand #(
    .KeyBits(KeyBits)
  ) u_expand (
    .clk_i,
    .rst_ni    (rst_ni && !zeroise_q),
    .start_i   (start),
    .key_i     (start_key),
    .rk_valid_o(rk_valid),
    .rk_round_o(rk_round),
    .rk_o      (rk)
  );

  // ---- control ----
  slot_t      slot_d, slot_q;     // slot of the command
  slot_t      walk_d, walk_q;     // slot and round of a walk
  logic [3:0] round_d, round_q;
  logic       walk_cmd_d, walk_cmd_q;   // the walk ends a command ...
  logic [3:0] walk_err_d, walk_err_q;   // ... with this error
  logic       init_done_d, done_d, kill_d, kill_q;
  logic [3:0] err_d, err_q;
  logic [1:0] query_d, query_q;
  logic       walk_drain;         // flush: this slot is wiped

  assign walk_drain = slot_drain_o[walk_q[IdxW-1:0]];

  always_comb begin
    state_d = state_q;
    slot_d = slot_q;
    walk_d = walk_q;
    round_d = round_q;
    walk_cmd_d = walk_cmd_q;
    walk_err_d = walk_err_q;
    words_d = words_q;
    ent_ready_d = ent_ready_q;
    init_done_d = init_done_q;
    done_d = 1'b0;
    err_d = err_q;
    query_d = query_q;
    kill_d = 1'b0;
    keys_clear = 1'b0;
    slots_clear = 1'b0;
    work_we = 1'b0;

    unique case (state_q)
      StIdle: begin
        if (cmd_take) begin
          slot_d = cmd_slot_i;
          walk_d = '0;
          round_d = '0;
          err_d = cmd_err;
          if (cmd_err != ERR_NONE) begin
            done_d = 1'b1;
          end else begin
            unique case (cmd_op_i)
              OP_LOAD: state_d = StStart;
              OP_GENERATE: begin
                state_d = StDraw;
                words_d = 5'(GenWords);
                ent_ready_d = 1'b1;
              end
              OP_ACTIVATE, OP_DEACTIVATE: done_d = 1'b1;
              OP_WIPE: state_d = StWipe;
              OP_WIPE_ALL: begin
                state_d = StWalk;
                walk_cmd_d = 1'b1;
                walk_err_d = ERR_NONE;
                slots_clear = 1'b1;
                kill_d = 1'b1;
              end
              OP_FLUSH: state_d = StFlushWait;
              default: begin   // QUERY
                query_d = cmd_state;
                done_d = 1'b1;
              end
            endcase
          end
        end
      end

      StStart: state_d = StKey1;

      StKey1: begin
        if (rk_last) begin
          state_d = StKey2;
        end
      end

      StKey2: begin
        if (rk_last) begin
          work_we = 1'b1;
          keys_clear = 1'b1;
          done_d = 1'b1;
          state_d = StIdle;
        end
      end

      StDraw: begin
        if (ent_take) begin
          words_d = words_q - 5'd1;
          if (words_q == 5'd1 || alarm_next) begin
            ent_ready_d = 1'b0;
            state_d = StDrawn;
          end
        end
      end

      StDrawn: begin
        if (drawn_bad) begin
          err_d = ent_alarm_o ? ERR_ENTROPY : ERR_KEY_EQUAL;
          keys_clear = 1'b1;
          done_d = 1'b1;
          state_d = StIdle;
        end else begin
          state_d = StKey1;
        end
      end

      StWipe: begin
        round_d = round_q + 4'd1;
        if (round_q == Rounds) begin
          work_we = 1'b1;
          done_d = 1'b1;
          state_d = StIdle;
        end
      end

      StFlushWait: begin
        if (!inflight_drain_i) begin
          state_d = StFlushWalk;
        end
      end

      StFlushWalk: begin
        round_d = round_q + 4'd1;
        if (!walk_drain || round_q == Rounds) begin
          work_we = walk_drain;
          round_d = '0;
          walk_d = walk_q + slot_t'(1);
          if (walk_q == LastSlot) begin
            done_d = 1'b1;
            state_d = StIdle;
          end
        end
      end

      StWalk: begin
        round_d = round_q + 4'd1;
        if (round_q == Rounds) begin
          round_d = '0;
          walk_d = walk_q + slot_t'(1);
          if (walk_q == LastSlot) begin
            init_done_d = 1'b1;
            done_d = walk_cmd_q;
            err_d = walk_err_q;
            walk_cmd_d = 1'b0;
            state_d = StIdle;
          end
        end
      end

      default: state_d = StWalk;
    endcase

    // last, so that it wins over all of the above
    if (zeroise_q) begin
      state_d = StWalk;
      walk_d = '0;
      round_d = '0;
      // a walk that belongs to no command stays so; all other work is a command that is cut off
      walk_cmd_d = (state_q == StWalk) ? walk_cmd_q : state_q != StIdle;
      walk_err_d = ERR_ABORTED;
      ent_ready_d = 1'b0;
      init_done_d = init_done_q;
      done_d = 1'b0;
      err_d = err_q;
      kill_d = 1'b1;
      keys_clear = 1'b1;
      slots_clear = 1'b1;
    end
  end

  assign work_slot = (state_q == StFlushWalk) ? walk_q[IdxW-1:0] : slot_q[IdxW-1:0];
  assign work_loaded = state_q == StKey2;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= StWalk;
      slot_q <= '0;
      walk_q <= '0;
      round_q <= '0;
      walk_cmd_q <= 1'b0;
      walk_err_q <= ERR_NONE;
      words_q <= '0;
      ent_ready_q <= 1'b0;
      init_done_q <= 1'b0;
      done_q <= 1'b0;
      err_q <= ERR_NONE;
      query_q <= SLOT_EMPTY;
      kill_q <= 1'b0;
      zeroise_q <= 1'b0;
    end else begin
      state_q <= state_d;
      slot_q <= slot_d;
      walk_q <= walk_d;
      round_q <= round_d;
      walk_cmd_q <= walk_cmd_d;
      walk_err_q <= walk_err_d;
      words_q <= words_d;
      ent_ready_q <= ent_ready_d;
      init_done_q <= init_done_d;
      done_q <= done_d;
      err_q <= err_d;
      query_q <= query_d;
      kill_q <= kill_d;
      zeroise_q <= zeroise_i;
    end
  end

  // ---- key writes ----
  logic         wipe;
  slot_t        wipe_slot;
  logic [127:0] rk_inv;

  assign wipe = state_q == StWalk || state_q == StWipe || (state_q == StFlushWalk && walk_drain);
  assign wipe_slot = (state_q == StWipe) ? slot_q : walk_q;

  // equivalent inverse cipher: the inner round keys pass InvMixColumns, the order is reversed
  assign rk_inv = (rk_round == 4'd0 || rk_last) ? rk : cbit_aes_pkg::inv_mix_columns(rk);

  logic         kw_1, kw_2;   // a round key of K1, of K2
  logic         kw_e_valid_d, kw_d_valid_d, kw_t_valid_d;
  slot_t        kw_slot_d;
  logic [3:0]   kw_round_d, kw_d_round_d;
  logic [127:0] kw_e_key_d, kw_d_key_d, kw_t_key_d;

  assign kw_1 = state_q == StKey1;
  assign kw_2 = state_q == StKey2;
  assign kw_e_valid_d = wipe || kw_1;
  assign kw_d_valid_d = wipe || kw_1;
  assign kw_t_valid_d = wipe || kw_2;
  assign kw_slot_d = wipe ? wipe_slot : slot_q;
  assign kw_round_d = wipe ? round_q : rk_round;
  assign kw_d_round_d = wipe ? round_q : Rounds - rk_round;
  assign kw_e_key_d = kw_1 ? rk : '0;
  assign kw_d_key_d = kw_1 ? rk_inv : '0;
  assign kw_t_key_d = kw_2 ? rk : '0;

  // The memories of the pipes lie all over a part: the ports are registers. They hold a key in the
  // cycle in which it is written only.
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      kw_e_valid_o <= 1'b0;
      kw_d_valid_o <= 1'b0;
      kw_t_valid_o <= 1'b0;
      kw_e_key_o <= '0;
      kw_d_key_o <= '0;
      kw_t_key_o <= '0;
      kw_e_slot_o <= '0;
      kw_d_slot_o <= '0;
      kw_t_slot_o <= '0;
      kw_e_round_o <= '0;
      kw_d_round_o <= '0;
      kw_t_round_o <= '0;
    end else begin
      kw_e_valid_o <= kw_e_valid_d;
      kw_d_valid_o <= kw_d_valid_d;
      kw_t_valid_o <= kw_t_valid_d;
      kw_e_key_o <= kw_e_key_d;
      kw_d_key_o <= kw_d_key_d;
      kw_t_key_o <= kw_t_key_d;
      kw_e_slot_o <= kw_slot_d;
      kw_d_slot_o <= kw_slot_d;
      kw_t_slot_o <= kw_slot_d;
      kw_e_round_o <= kw_round_d;
      kw_d_round_o <= kw_d_round_d;
      kw_t_round_o <= kw_round_d;
    end
  end

  // ---- outputs ----
  assign cmd_done_o = done_q;
  assign cmd_err_o = err_q;
  assign slot_state_o = query_q;
  assign zeroise_o = zeroise_q;
  assign ent_ready_o = ent_ready_q;
  assign init_done_o = init_done_q;
  assign busy_o = state_q != StIdle;
  assign kill_o = kill_q;

  if (KeyBits == 128) begin : gen_unused
    logic unused_keys;
    assign unused_keys = ^{key1_i[255:128], key2_i[255:128]};
  end

  `CBIT_ASSERT_INIT(KeyStoreKeyBits, KeyBits == 128 || KeyBits == 256)
  `CBIT_ASSERT_INIT(KeyStoreSlots, KeySlots >= 2 && KeySlots <= 1024)
  `CBIT_ASSERT(KeyStoreExpand, rk_valid == (state_q == StKey1 || state_q == StKey2))
  `CBIT_ASSERT(KeyStoreDraw, ent_ready_q == (state_q == StDraw))
  `CBIT_ASSERT(KeyStoreWorkNotActive, state_q == StWalk || state_q == StIdle ||
               state_q == StFlushWait || state_q == StFlushWalk ||
               !slot_active_o[slot_q[IdxW-1:0]])
  `CBIT_ASSERT(KeyStoreActiveNext, slot_active_next_o == (slots_d[1] & ~slots_d[0]))
  // the giver's keys stand still from the cycle before the command on
  `CBIT_ASSUME(KeyStoreEqualAhead, !cmd_take || load_equal_q == load_equal_d)
  // the words of K2 that were drawn are at the top of k2_q, those of K1 they meet at that of k1_q
  `CBIT_ASSERT(KeyStoreDrawnEqual, (state_q != StDraw && state_q != StDrawn) || ent_alarm_o ||
               words_q > 5'(GenWords / 2) ||
               drawn_equal == (((k1_q ^ k2_q) >> {words_q, 5'd0}) == '0))
  // keys are here only while a command works on them
  `CBIT_ASSERT(KeyStoreNoKeyLeft, !(state_q == StIdle || state_q == StWalk)
               || (k1_q == '0 && k2_q == '0))
  // an encrypted request may meet a wiped key only after it was killed
  `CBIT_ASSERT(KeyStoreWipeNotActive, !wipe || !slot_active_o[wipe_slot[IdxW-1:0]])

endmodule
