// SPDX-License-Identifier: Apache-2.0
//
// cbit_bus_wgeom: where the beats and chunks of the head write burst lie in its page.
//
// Where: beside the address queue of the write path; it sees the same pushes and pops and keeps two
// places too. What a chunk needs to be begun (rows, whether it ends the burst) is made from the
// pins when the burst is queued, and for a later chunk of the burst while the one before passes, so
// that it is in registers when its first beat comes.
// Latency: a burst pushed or popped at an edge, a beat at an edge: seen in the next cycle.
// Source: docs/units/bus_write.md, section Gather; AXI4 (Arm IHI 0022) A3.4. Reset: empty.
//
// A row is one beat of the data bus, a window 16 rows. A legal burst stays in its page; what is
// said of a refused one means nothing.
`include "cbit_assert.svh"

module cbit_bus_wgeom
  import cbit_pkg::*;
#(
  parameter int unsigned Lanes = 1,
  localparam int unsigned ByteW = 4 + $clog2(Lanes),   // address bits inside a row
  localparam int unsigned WinLsb = ByteW + 4           // address bits inside a window
) (
  input  logic              clk_i,
  input  logic              rst_ni,
  // burst that is queued
  input  logic              push_i,
  input  logic [27:0]       addr_i,
  input  logic [7:0]        len_i,
  input  logic [2:0]        size_i,
  input  logic [1:0]        burst_i,
  // head burst, as it is queued; it goes; a beat of it is gathered
  input  logic              pop_i,
  input  logic [3:0]        head_len_i,
  input  logic [2:0]        head_size_i,
  input  logic [1:0]        head_burst_i,
  input  logic              direct_i,      // if it goes now, it is direct
  input  logic              off_last_i,    // the next beat is its last
  input  logic              may_i,         // beat_i, or the burst is refused for good
  input  logic              leave_i,       // with may_i: pop_i, but for the last beat gathered
  input  logic              beat_i,
  // another burst, or none, is the head from the next cycle on; page of the second burst, which
  // it would be. That is the one on the pins, if there is room for it
  output logic              load_o,
  output logic              room_o,
  output logic [15:0]       second_page_o,
  // beat that is next
  output logic [11:WinLsb]  win_o,
  output logic [3:0]        row_o,
  output logic [3:0]        row_next_o,    // row of the beat after it
  output logic              win_end_o,     // the beat after it is in the next window
  // chunk that begins with it, if none is open
  output logic [3:0]        row_lo_o,
  output logic [3:0]        row_hi_o,
  output logic [3:0]        rows_m_o,      // number of rows - 1
  output logic              burst_end_o    // the chunk ends the burst
);

  typedef struct packed {
    logic [11:0]      adr;       // of the next beat
    logic [11:WinLsb] end_win;   // of the burst's last byte
    logic [3:0]       end_row;
    logic [3:0]       lo;
    logic [3:0]       hi;
    logic [3:0]       rows_m;
    logic             last;
  } geom_t;

  geom_t       in, second_q, head_d, head_q;
  logic [15:0] second_page_q;
  logic        step;
  logic [1:0] count_q;

  // ---- burst on the pins ----
  logic [6:0]  in_size_m;             // bytes of a beat - 1
  logic [11:0] in_al, in_cont_m;      // aligned address, bytes of a WRAP container - 1
  logic [11:0] in_len, in_end, in_span;
  logic [3:0]  in_row, in_cont_r;
  logic        in_same;

  assign in_size_m = 7'((8'd1 << size_i) - 8'd1);
  assign in_al = addr_i[11:0] & ~12'(in_size_m);
  assign in_len = 12'(len_i) << size_i;
  assign in_end = (in_al + in_len) | 12'(in_size_m);
  assign in_span = 12'(in_al[ByteW-1:0]) + in_len;
  assign in_cont_m = (12'(len_i[3:0]) << size_i) | 12'(in_size_m);
  assign in_cont_r = 4'(in_cont_m >> ByteW);
  assign in_row = addr_i[WinLsb-1:ByteW];
  assign in_same = in_end[11:WinLsb] == addr_i[11:WinLsb];

  always_comb begin
    in = '0;
    in.adr = addr_i[11:0];
    in.end_win = in_end[11:WinLsb];
    in.end_row = in_end[WinLsb-1:ByteW];
    in.lo = in_row;
    in.hi = in_row;
    in.last = 1'b1;
    case (burst_i)
      BURST_INCR: begin
        in.hi = in_same ? in.end_row : 4'd15;
        in.rows_m = in_same ? in_span[WinLsb-1:ByteW] : ~in_row;
        in.last = in_same;
      end
      BURST_WRAP: begin
        in.lo = in_row & ~in_cont_r;
        in.hi = in_row | in_cont_r;
        in.rows_m = in_cont_r;
      end
      default: ;   // FIXED: one row, one address
    endcase
  end

  // ---- address of the beat after the next ----
  logic [6:0]  size_m;
  logic [11:0] cont_m, move_m, adr_inc, adr_next;
  logic        next_last;

  assign size_m = 7'((8'd1 << head_size_i) - 8'd1);
  assign cont_m = (12'(head_len_i) << head_size_i) | 12'(size_m);
  assign adr_inc = (head_q.adr | 12'(size_m)) + 12'd1;
  assign next_last = head_q.end_win == head_q.adr[11:WinLsb] + (12-WinLsb)'(1);

  // a mask of the bits that move, not a choice of the old address: that would make a clock enable of
  // its own, behind the late one
  always_comb begin
    case (head_burst_i)
      BURST_INCR: move_m = '1;
      BURST_WRAP: move_m = cont_m;
      default: move_m = '0;
    endcase
    adr_next = (head_q.adr & ~move_m) | (adr_inc & move_m);
  end

  // ---- places; what is loaded while a place is empty means nothing ----
  logic empty, room, fresh;

  assign empty = count_q == 2'd0;
  assign room = count_q != 2'd2;
  assign step = leave_i || empty || may_i;
  assign fresh = off_last_i || direct_i || empty;   // with step: not a further beat
  assign load_o = step && fresh;
  assign room_o = room;
  assign second_page_o = second_page_q;

  always_comb begin
    head_d = head_q;
    if (fresh) begin
      head_d = room ? in : second_q;
    end else begin
      // a further chunk of a burst begins with a window; while one is open nobody asks
      head_d.adr = adr_next;
      head_d.lo = '0;
      head_d.hi = next_last ? head_q.end_row : 4'd15;
      head_d.rows_m = next_last ? head_q.end_row : 4'd15;
      head_d.last = next_last;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      count_q <= '0;
    end else if (push_i != pop_i) begin
      count_q <= push_i ? count_q + 2'd1 : count_q - 2'd1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (room) begin
      second_q <= in;
      second_page_q <= addr_i[27:12];
    end
    if (step) begin
      head_q <= head_d;
    end
  end

  assign win_o = head_q.adr[11:WinLsb];
  assign row_o = head_q.adr[WinLsb-1:ByteW];
  assign row_next_o = adr_next[WinLsb-1:ByteW];
  assign win_end_o = head_burst_i == BURST_INCR && (head_q.adr[WinLsb-1:0] | WinLsb'(size_m)) == '1;
  assign row_lo_o = head_q.lo;
  assign row_hi_o = head_q.hi;
  assign rows_m_o = head_q.rows_m;
  assign burst_end_o = head_q.last;

  // only rows and windows of the end are asked for
  logic unused_end;
  assign unused_end = ^{in_end[ByteW-1:0], in_span};

  `CBIT_ASSERT(WGeomCount, count_q <= 2'd2 && !(pop_i && empty) && !(push_i && !room))
  `CBIT_ASSERT(WGeomLoad, !pop_i || off_last_i || direct_i)
  `CBIT_ASSERT(WGeomLeave, pop_i == (leave_i || (may_i && off_last_i)))
  `CBIT_ASSERT(WGeomNext, !beat_i || may_i)
  `CBIT_ASSERT(WGeomStay, !beat_i || pop_i || !(off_last_i || direct_i))
  `CBIT_ASSERT(WGeomRows, !beat_i || rows_m_o == row_hi_o - row_lo_o)

endmodule
