// SPDX-License-Identifier: Apache-2.0
//
// cbit_rmp_init: start-up of the reverse map table: state, commands, count of table writes.
//
// Where: between the registers of the secure processor and the check. The AMD-SP fences the table,
// fills it, has it verified and switches the checks on; only reset goes back.
// Latency: a command written in x is done in x+1 (its result is read from x+2 on), FLUSH_DONE when
// the write path has been idle, VERIFY when every page of the table was looked at, one after the
// other through the walker, DRAIN when no answer of a check port is under way. Reset: OFF, no check, no guard.
// Source: docs/units/rmp_init.md.
`include "cbit_assert.svh"

module cbit_rmp_init
  import cbit_rmp_pkg::*;
#(
  parameter int unsigned SpaWidth = 40,  // 32 to 52
  parameter int unsigned Chk = 0         // 1: there are check ports, and DRAIN
) (
  input  logic         clk_i,
  input  logic         rst_ni,
  // an accepted write of RMP_CMD, in its cycle
  input  logic         cmd_we_i,
  input  logic [3:0]   cmd_op_i,
  // registers
  input  logic [51:13] rmp_base_i,
  input  logic [51:13] rmp_end_i,
  input  logic         smee_i,
  // write path
  input  logic         wr_idle_i,
  input  logic         tbl_begin_i,   // a table write is under way
  input  logic         tbl_end_i,     // its response is taken
  // walker: is this page Firmware?
  output logic         v_ask_o,
  output logic [51:0]  v_spa_o,
  input  logic         vdone_i,
  input  logic         vok_i,
  // check ports: ask nothing; nothing is under way
  output logic         drain_o,
  input  logic         chk_idle_i,
  // what is on
  output logic         guard_on_o,
  output logic         chk_on_o,
  output logic         tbusy_o,       // table writes are under way
  output logic         tend_o,        // last such cycle
  // RMP_STATUS
  output logic [2:0]   state_o,
  output logic         busy_o,
  output logic [3:0]   error_o
);

  localparam logic [3:0] OP_FENCE = 4'd1;
  localparam logic [3:0] OP_FLUSH_DONE = 4'd2;
  localparam logic [3:0] OP_TABLE_DONE = 4'd3;
  localparam logic [3:0] OP_VERIFY = 4'd4;
  localparam logic [3:0] OP_SNP_EN = 4'd5;
  localparam logic [3:0] OP_FLUSH2_DONE = 4'd6;
  localparam logic [3:0] OP_DRAIN = 4'd7;
  localparam logic [3:0] ERR_NONE = 4'd0;
  localparam logic [3:0] ERR_RANGE = 4'd1;
  localparam logic [3:0] ERR_STATE = 4'd2;
  localparam logic [3:0] ERR_VERIFY = 4'd3;
  localparam logic [3:0] ERR_OP = 4'd15;

  rmp_state_e state_q, state_next;   // state_next: after the command
  logic       busy_q, done;
  logic [3:0] op_q, error_q, error;
  logic       idle_q;                // the write path was idle since FENCE

  // ---- RANGE: the table is aligned, in order, in the address space and covers itself ----
  logic        range_bad, last_cov;
  logic [51:0] unused_own_addr, unused_base_addr;
  logic [51:0] last_page;   // of the table

  assign last_page = {rmp_end_i, 1'b1, 12'd0};

  cbit_rmp_addr u_addr (
    .rmp_base_i,
    .rmp_end_i,
    .spa_i      (64'(last_page)),
    .covered_o  (last_cov),
    .own_addr_o (unused_own_addr),
    .base_addr_o(unused_base_addr)
  );

  logic end_high;   // the table ends above the address space

  if (SpaWidth < 52) begin : gen_end_limit
    assign end_high = rmp_end_i[51:SpaWidth] != '0;
  end else begin : gen_no_end_limit
    assign end_high = 1'b0;
  end

  assign range_bad = rmp_base_i[19:13] != '0 || rmp_base_i > rmp_end_i || end_high || !last_cov;

  // ---- VERIFY: page after page ----
  logic        verify, asked_q, run_q;   // run_q: page_q is set
  logic [39:0] page_q, page;
  logic        page_last;

  assign verify = busy_q && op_q == OP_VERIFY && state_q == RMP_FILLED;
  assign page = run_q ? page_q : {rmp_base_i, 1'b0};
  assign page_last = page_q == last_page[51:12];
  assign v_ask_o = verify && !asked_q;
  assign v_spa_o = {page, 12'd0};

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      asked_q <= 1'b0;
      run_q <= 1'b0;
      page_q <= '0;
    end else if (verify) begin
      run_q <= !done;
      if (done) begin
        asked_q <= 1'b0;
      end else if (v_ask_o) begin
        asked_q <= 1'b1;
        page_q <= page;
      end else if (vdone_i) begin
        asked_q <= 1'b0;
        page_q <= page_q + 40'd1;
      end
    end
  end

  // ---- commands ----
  always_comb begin
    done = busy_q;
    error = ERR_NONE;
    state_next = state_q;
    unique case (op_q)
      OP_FENCE: begin
        if (state_q != RMP_OFF) begin
          error = ERR_STATE;
        end else if (range_bad) begin
          error = ERR_RANGE;
        end else begin
          state_next = RMP_FENCED;
        end
      end
      OP_FLUSH_DONE: begin
        if (state_q != RMP_FENCED) begin
          error = ERR_STATE;
        end else begin
          done = busy_q && idle_q;
          state_next = RMP_FLUSHED;
        end
      end
      OP_TABLE_DONE: begin
        if (state_q != RMP_FLUSHED) begin
          error = ERR_STATE;
        end else begin
          state_next = RMP_FILLED;
        end
      end
      OP_VERIFY: begin
        if (state_q != RMP_FILLED) begin
          error = ERR_STATE;
        end else begin
          done = busy_q && vdone_i && (!vok_i || page_last);
          if (!vok_i) begin
            error = ERR_VERIFY;
          end else begin
            state_next = RMP_CHECKED;
          end
        end
      end
      OP_SNP_EN: begin
        if (state_q != RMP_CHECKED || !smee_i) begin
          error = ERR_STATE;
        end else begin
          state_next = RMP_ON;
        end
      end
      OP_FLUSH2_DONE: begin
        if (state_q != RMP_ON) begin
          error = ERR_STATE;
        end else begin
          state_next = RMP_READY;
        end
      end
      OP_DRAIN: begin
        if (Chk == 0) begin
          error = ERR_OP;
        end else if (!chk_on_o) begin
          error = ERR_STATE;
        end else begin
          done = busy_q && chk_idle_i;
        end
      end
      default: begin
        error = ERR_OP;
      end
    endcase
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      busy_q <= 1'b0;
      op_q <= '0;
      state_q <= RMP_OFF;
      error_q <= ERR_NONE;
      idle_q <= 1'b0;
    end else begin
      if (done) begin
        busy_q <= 1'b0;
        state_q <= state_next;
        error_q <= error;
      end else if (cmd_we_i) begin
        busy_q <= 1'b1;
        op_q <= cmd_op_i;
      end
      if (done && op_q == OP_FENCE && error == ERR_NONE) begin
        idle_q <= 1'b0;
      end else begin
        idle_q <= idle_q || wr_idle_i;
      end
    end
  end

  // ---- table writes under way ----
  logic [7:0] tblw_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      tblw_q <= '0;
    end else begin
      tblw_q <= tblw_q + 8'(tbl_begin_i) - 8'(tbl_end_i);
    end
  end

  assign tbusy_o = tblw_q != '0;
  assign tend_o = tblw_q == 8'd1 && tbl_end_i && !tbl_begin_i;

  assign drain_o = Chk != 0 && busy_q && op_q == OP_DRAIN && chk_on_o;
  assign guard_on_o = state_q != RMP_OFF;
  assign chk_on_o = state_q == RMP_ON || state_q == RMP_READY;
  assign state_o = state_q;
  assign busy_o = busy_q;
  assign error_o = error_q;

  `CBIT_ASSERT_INIT(RmpInitSpa, SpaWidth >= 32 && SpaWidth <= 52)
  `CBIT_ASSERT(RmpOneDrop, !tbl_end_i || tblw_q != '0)
  `CBIT_ASSERT(RmpCmdBusy, !cmd_we_i || !busy_q)
  `CBIT_ASSERT(RmpVerifyAnswer, !vdone_i || (verify && asked_q))

endmodule
