// SPDX-License-Identifier: Apache-2.0
//
// rmp_init_props: the start-up of the reverse map table goes one way (docs/units/rmp_init.md).
//
// page_i is any page, the same all the time; ok_q = the command VERIFY that is at work, or the last one, found it Firmware.
//   - a state is left for the next one only, by its own command and without an error; nothing but reset goes back,
//   - FENCED: the table is aligned, in the address space and covers itself (formula of docs/rmp.md, G2, in 64 bits),
//   - FLUSHED: the write path was idle in a cycle since FENCE; CHECKED: each page of the table was found Firmware; ON: with SMEE,
//   - DRAIN ends with the check ports idle and changes no state,
//   - VERIFY looks at pages of the table only, one question at a time.
// Environment: registers are held from FENCE on and while a command is at work; answers are to questions.
module rmp_init_props
  import cbit_rmp_pkg::*;
#(
  parameter int unsigned Induct = 1,   // 0: without the assertions that only the induction needs
  parameter int unsigned Chk = 1,      // 1: there are check ports, and DRAIN
  parameter int unsigned Small = 0     // covers: table of 24 KiB at 0
) (
  input logic         clk_i,
  input logic         rst_ni,
  input logic         cmd_we_i,
  input logic [3:0]   cmd_op_i,
  input logic [51:13] rmp_base_i,
  input logic [51:13] rmp_end_i,
  input logic         smee_i,
  input logic         wr_idle_i,
  input logic         tbl_begin_i,
  input logic         tbl_end_i,
  input logic         vdone_i,
  input logic         vok_i,
  input logic         chk_idle_i,
  input logic [51:12] page_i
);

  localparam logic [3:0] OpFlushDone = 4'd2, OpVerify = 4'd4, OpDrain = 4'd7;
  localparam logic [2:0] Off = 3'd0, Fenced = 3'd1, Flushed = 3'd2, Filled = 3'd3, Checked = 3'd4, On = 3'd5, Ready = 3'd6;

  logic        v_ask, guard_on, chk_on, tbusy, tend, busy, drain;
  logic [51:0] v_spa;
  logic [2:0]  state;
  logic [3:0]  error;

  cbit_rmp_init #(.Chk(Chk)) u_dut (
    .clk_i, .rst_ni, .cmd_we_i, .cmd_op_i, .rmp_base_i, .rmp_end_i, .seg_i('0), .smee_i, .wr_idle_i, .tbl_begin_i, .tbl_end_i,
    .v_ask_o(v_ask), .v_spa_o(v_spa), .vdone_i, .vok_i, .drain_o(drain), .chk_idle_i,
    .seg_work_o(), .seg_loaded_i(1'b0), .seg_done_i(1'b0), .seg_bad_i(1'b0), .guard_on_o(guard_on), .chk_on_o(chk_on), .tbusy_o(tbusy),
    .tend_o(tend), .state_o(state), .busy_o(busy), .error_o(error)
  );

  // ---- what was seen ----
  logic        init_q = 1'b0;
  logic        idle_q, open_q, ok_q;   // idle since FENCE; a question of VERIFY is open; page_i is Firmware
  logic [3:0]  op_q;                   // the command at work
  logic [51:12] asked_q;
  logic [7:0]  writes_q;
  logic        ok_now;

  assign ok_now = open_q && vdone_i && vok_i && asked_q == page_i;

  always_ff @(posedge clk_i) begin
    init_q <= 1'b1;
    if (!rst_ni) begin
      idle_q <= 1'b0;
      open_q <= 1'b0;
      ok_q <= 1'b0;
      writes_q <= '0;
    end else begin
      idle_q <= state == Fenced && (idle_q || wr_idle_i);
      open_q <= v_ask || (open_q && !vdone_i);
      if (cmd_we_i && cmd_op_i == OpVerify && state == Filled) ok_q <= 1'b0;
      else ok_q <= ok_q || ok_now;
      writes_q <= writes_q + 8'(tbl_begin_i) - 8'(tbl_end_i);
    end
    if (cmd_we_i) op_q <= cmd_op_i;
    if (v_ask) asked_q <= v_spa[51:12];
  end

  // ---- environment ----
  always_ff @(posedge clk_i) begin
    if (!init_q) assume (!rst_ni);
    if (init_q) begin
      assume (page_i == $past(page_i));
      assume (!$past(rst_ni) || !$past(guard_on || busy || cmd_we_i) ||
              (rmp_base_i == $past(rmp_base_i) && rmp_end_i == $past(rmp_end_i)));
    end
    assume (Small == 0 || (rmp_base_i == '0 && rmp_end_i == 39'd2));
    assume (!cmd_we_i || !busy);
    assume (!vdone_i || open_q);
    assume (!tbl_end_i || writes_q != '0);
    assume (!tbl_begin_i || tbl_end_i || writes_q != '1);
  end

  // ---- the table, in bytes ----
  logic [63:0] base, last, last_entry;
  logic        table_good, in_table;

  assign base = {12'd0, rmp_base_i, 13'd0};
  assign last = {12'd0, rmp_end_i, 13'h1fff};
  assign last_entry = base + 64'h4000 + (last >> 12) * 64'd16;
  assign table_good = base[19:0] == '0 && base <= last && last < (64'd1 << 40) && last_entry + 64'd15 <= last;
  assign in_table = {12'd0, page_i, 12'd0} >= base && {12'd0, page_i, 12'd0} <= last;

  always_ff @(posedge clk_i) begin
    if (init_q && rst_ni) begin
      a_guard: assert (guard_on == (state != Off) && state <= Ready);
      a_checks: assert (chk_on == (state == On || state == Ready));
      a_table: assert (!guard_on || table_good);
      a_verified: assert (!(state >= Checked && in_table) || ok_q);
      a_count: assert (tbusy == (writes_q != '0) && tend == (writes_q == 8'd1 && tbl_end_i && !tbl_begin_i));
      a_ask: assert (!v_ask || (busy && op_q == OpVerify && state == Filled && !open_q && v_spa[11:0] == '0 &&
                                v_spa >= base[51:0] && v_spa <= last[51:0]));
      // for the induction
      if (Induct != 0) begin
        a_run: assert (!(busy && state == Filled && op_q == OpVerify) ||
                       (open_q == u_dut.asked_q && (!open_q || u_dut.run_q) && (!open_q || asked_q == u_dut.page_q) &&
                        (!u_dut.run_q || ({u_dut.page_q, 12'd0} >= base[51:0] && {u_dut.page_q, 12'd0} <= last[51:0])) &&
                        (!u_dut.run_q || !in_table || u_dut.page_q <= page_i || ok_q)));
        a_no_run: assert ((busy && state == Filled && op_q == OpVerify) || (!u_dut.run_q && !u_dut.asked_q && !open_q));
        a_op: assert (!busy || op_q == u_dut.op_q);
        a_idle: assert (state != Fenced || !u_dut.idle_q || idle_q);
        a_writes: assert (u_dut.tblw_q == writes_q);
      end
    end
    if (init_q && rst_ni && $past(rst_ni)) begin
      a_one_way: assert (state == $past(state) || state == $past(state) + 3'd1);
      a_command: assert (state == $past(state) || ($past(busy) && !busy && 4'(state) == $past(op_q) && error == '0));
      a_result: assert (!($past(busy) && !busy) || (error == '0) == (state != $past(state) || (Chk != 0 && $past(drain))));
      // DRAIN: from ON and READY, done in a cycle with the check ports idle, and they ask nothing meanwhile
      a_drain: assert (drain == (Chk != 0 && busy && op_q == OpDrain && chk_on));
      a_drained: assert (!($past(drain) && !busy) || ($past(chk_idle_i) && error == '0 && state == $past(state)));
      a_drain_ends: assert (!($past(drain) && $past(chk_idle_i)) || !busy);
      a_drain_refused: assert (!($past(busy) && !busy && $past(op_q) == OpDrain && !$past(drain)) ||
                               error == ((Chk != 0) ? 4'd2 : 4'd15));
      a_error: assert ($past(busy) && !busy || error == $past(error));
      a_flushed: assert (!(state == Flushed && $past(state) == Fenced) || $past(idle_q));
      a_on: assert (!(state == On && $past(state) == Checked) || $past(smee_i));
      // commands end at once, but for those that wait for others
      a_quick: assert (!($past(busy) && busy) || op_q == OpFlushDone || op_q == OpVerify || drain);
      a_quick_state: assert (!($past(busy) && busy) || drain || (state == (op_q == OpVerify ? Filled : Fenced)));
    end
    if (init_q && rst_ni) begin
      c_ready: cover (state == Ready && in_table);
      c_not_firmware: cover (state == Filled && error == 4'd3 && ok_q);
      c_drained: cover (state == Ready && $past(drain) && !busy);
      c_late_idle: cover (state == Fenced && busy && !idle_q);
    end
  end

endmodule
