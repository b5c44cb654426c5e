// SPDX-License-Identifier: Apache-2.0
//
// cbit_rmp_init: start-up of the reverse map table: state, commands, count of table writes.
//
// Where: between the registers of the secure processor and the check. The AMD-SP fences the table,
// fills it, has it verified and switches the checks on; only reset goes back.
// Latency: a command written in x is done in x+1 (its result is read from x+2 on), FLUSH_DONE when
// the write path has been idle, VERIFY when every page of the table was looked at, one after the
// other through the walker, SEG_LOAD when the segment table is read (cbit_rmp_seg), DRAIN when no answer of a check port is under way. Reset: OFF, no check, no guard.
// Source: docs/units/rmp_init.md; rmp_chk.md (DRAIN), rmp_seg.md (SEG_LOAD, VERIFY of segments).
`include "cbit_assert.svh"

module cbit_rmp_init
  import cbit_rmp_pkg::*;
#(
  parameter int unsigned SpaWidth = 40,  // 32 to 52
  parameter int unsigned Chk = 0,        // 1: there are check ports, and DRAIN
  parameter int unsigned Seg = 0         // 1: the table can be segmented; SEG_LOAD
) (
  input  logic         clk_i,
  input  logic         rst_ni,
  // an accepted write of RMP_CMD, in its cycle
  input  logic         cmd_we_i,
  input  logic [3:0]   cmd_op_i,
  // registers
  input  logic [51:13] rmp_base_i,
  input  logic [51:13] rmp_end_i,
  input  rmp_seg_t     seg_i,         // all 0 without Seg
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
  // segment table: read it; it is loaded; SEG_LOAD ends in this cycle, with an error
  output logic         seg_work_o,
  input  logic         seg_loaded_i,
  input  logic         seg_done_i,
  input  logic         seg_bad_i,
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

  localparam logic [5:0] SegSizeMin = 6'd30;   // of RMP_CFG
  localparam logic [5:0] SegSizeMax = 6'd40;
  localparam logic [3:0] OP_FENCE = 4'd1;
  localparam logic [3:0] OP_FLUSH_DONE = 4'd2;
  localparam logic [3:0] OP_TABLE_DONE = 4'd3;
  localparam logic [3:0] OP_VERIFY = 4'd4;
  localparam logic [3:0] OP_SNP_EN = 4'd5;
  localparam logic [3:0] OP_FLUSH2_DONE = 4'd6;
  localparam logic [3:0] OP_DRAIN = 4'd7;
  localparam logic [3:0] OP_SEG_LOAD = 4'd8;
  localparam logic [3:0] ERR_NONE = 4'd0;
  localparam logic [3:0] ERR_RANGE = 4'd1;
  localparam logic [3:0] ERR_STATE = 4'd2;
  localparam logic [3:0] ERR_VERIFY = 4'd3;
  localparam logic [3:0] ERR_SEGMENT = 4'd4;
  localparam logic [3:0] ERR_OP = 4'd15;

  rmp_state_e state_q, state_next;   // state_next: after the command
  logic       busy_q, done;
  logic [3:0] op_q, error_q, error;
  logic       idle_q;                // the write path was idle since FENCE

  // ---- RANGE: the table is aligned, in order, in the address space and covers itself; of a
  // segmented one, which is not loaded yet, what can be said of the registers ----
  logic        range_bad, place_cov, base_high;
  logic [51:0] unused_own_addr, unused_base_addr;
  logic [51:0] last_page;   // of the table
  logic [51:0] place;       // page whose entry is looked for
  logic [39:0] page;        // of VERIFY

  assign last_page = {rmp_end_i, 1'b1, 12'd0};
  assign place = seg_i.en ? {page, 12'd0} : last_page;

  cbit_rmp_addr #(
    .Seg(Seg)
  ) u_addr (
    .rmp_base_i,
    .rmp_end_i,
    .seg_en_i   (seg_i.en),
    .seg_size_i (seg_i.size),
    .seg_base_i (seg_i.base),
    .seg_cov_i  (seg_i.cov),
    .spa_i      (64'(place)),
    .covered_o  (place_cov),
    .own_addr_o (unused_own_addr),
    .base_addr_o(unused_base_addr)
  );

  logic end_high;   // the table ends above the address space

  if (SpaWidth < 52) begin : gen_end_limit
    assign end_high = rmp_end_i[51:SpaWidth] != '0;
    assign base_high = rmp_base_i[51:SpaWidth] != '0;
  end else begin : gen_no_end_limit
    assign end_high = 1'b0;
    assign base_high = 1'b0;
  end

  assign range_bad = rmp_base_i[19:13] != '0 ||
                     (seg_i.en ? base_high || seg_i.size < SegSizeMin || seg_i.size > SegSizeMax :
                                 rmp_base_i > rmp_end_i || end_high || !place_cov);

  // ---- VERIFY: page after page; of a segmented table area after area, 0 the control area ----
  logic        verify, asked_q, run_q;   // run_q: page_q is set
  logic [39:0] page_q, page_next, area_first;
  logic        page_last;                // last page of all
  logic        area_last;                // last page of its area: area_first is the next one
  logic        page_lost;                // the page is not covered

  assign verify = busy_q && op_q == OP_VERIFY && state_q == RMP_FILLED;
  assign page = run_q ? page_q : {rmp_base_i, 1'b0};
  assign page_next = page_q + 40'd1;
  assign v_ask_o = verify && !asked_q && !page_lost;
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
        page_q <= area_last ? area_first : page_next;
      end
    end
  end

  if (Seg != 0) begin : gen_seg
    localparam logic [7:0] ControlPages = 8'd6;
    logic [4:0]  area_q, area_next;   // area 1 + i: table of segment i
    logic [3:0]  segment;
    logic [39:0] area_end;            // first page behind the area
    logic        some_next;

    assign segment = 4'(area_q - 5'd1);

    always_comb begin
      some_next = 1'b0;
      area_next = '0;
      for (int unsigned i = Segments; i > 0; i--) begin
        if (5'(i) > area_q && seg_i.cov[i-1] != '0) begin
          some_next = 1'b1;
          area_next = 5'(i);
        end
      end
      // 4 MiB for a GiB: 1024 pages
      area_end = (area_q == '0) ? {rmp_base_i[51:20], ControlPages} :
                 {seg_i.base[segment] + 32'({seg_i.cov[segment], 2'd0}), 8'd0};
    end

    assign area_last = seg_i.en && page_next == area_end;
    assign area_first = {seg_i.base[4'(area_next - 5'd1)], 8'd0};
    assign page_last = seg_i.en ? area_last && !some_next : page_q == last_page[51:12];
    assign page_lost = verify && seg_i.en && !asked_q && !place_cov;

    always_ff @(posedge clk_i) begin
      if (!rst_ni || (verify && done)) begin
        area_q <= '0;
      end else if (verify && vdone_i && area_last) begin
        area_q <= area_next;
      end
    end
  end else begin : gen_flat
    assign area_last = 1'b0;
    assign area_first = '0;
    assign page_last = page_q == last_page[51:12];
    assign page_lost = 1'b0;
    logic unused_seg;
    assign unused_seg = ^{seg_i, seg_loaded_i, seg_done_i, seg_bad_i};
  end

  // ---- commands ----
  logic load;   // SEG_LOAD, in its right state

  assign load = op_q == OP_SEG_LOAD && Seg != 0 && state_q == RMP_FENCED && seg_i.en &&
                !seg_loaded_i;
  assign seg_work_o = busy_q && load && idle_q;

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
        if (state_q != RMP_FENCED || (seg_i.en && !seg_loaded_i)) begin
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
          done = busy_q && (page_lost || (vdone_i && (!vok_i || page_last)));
          if (page_lost || !vok_i) begin
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
      OP_SEG_LOAD: begin
        if (Seg == 0) begin
          error = ERR_OP;
        end else if (!load) begin
          error = ERR_STATE;
        end else begin
          done = busy_q && seg_done_i;
          error = seg_bad_i ? ERR_SEGMENT : ERR_NONE;
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
      // writes from before the guard, of the segments' tables too, are to be waited for
      if (done && error == ERR_NONE && (op_q == OP_FENCE || load)) begin
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
  `CBIT_ASSERT(SegShift, !seg_i.en || state_q == RMP_OFF ||
               (seg_i.size >= SegSizeMin && seg_i.size <= SegSizeMax))
  `CBIT_ASSERT(SegOn, !seg_i.en || state_q == RMP_OFF || state_q == RMP_FENCED || seg_loaded_i)
  `CBIT_ASSERT(RmpVerifyAnswer, !vdone_i || (verify && asked_q))

endmodule
