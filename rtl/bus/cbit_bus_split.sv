// SPDX-License-Identifier: Apache-2.0
//
// cbit_bus_split: the next chunk of an encrypted read burst, and the tweak units it needs.
//
// Where: bus read path, between the address queue and the DRAM address channel. The DRAM side of an
// encrypted read is whole rows (a row is one word of the data bus, B bytes) inside one window of 16
// rows; this module says which rows, how many beats of the requester they serve, and what they look
// like on the DRAM side. A read-modify-write request brings its rows along and only needs the tweak
// units.
// Latency: the chunk is combinational from the burst and from what was found out a cycle earlier:
// whether the chunk ends the burst, and its last row. For the first chunk this is seen on the pins
// (s_*) and waits beside the address queue; for a later one it is in registers since the chunk
// before it was taken.
// A container of a wrapping burst is a power of two of beats, at most 16, and aligned: len is its
// mask. Reset: the first chunk is next.
// Source: docs/units/bus_read.md (Chunks), docs/units/tweak.md (units); AXI4 (Arm IHI 0022) A3.4.
`include "cbit_assert.svh"

module cbit_bus_split
  import cbit_pkg::*;
#(
  parameter int unsigned Lanes = 1   // 1, 2 or 4
) (
  input  logic        clk_i,
  input  logic        rst_ni,
  // the burst on the pins
  input  logic [1:0]  s_burst_i,
  input  logic [7:0]  s_len_i,
  input  logic [2:0]  s_size_i,
  input  logic [11:0] s_addr_i,
  output logic        s_ends_o,      // its first chunk is all of it
  output logic [3:0]  s_last_row_o,  // of its first chunk
  // the oldest burst of the queue
  input  logic [1:0]  burst_i,
  input  logic [7:0]  len_i,
  input  logic [2:0]  size_i,
  input  logic [11:0] addr_i,     // low bits; no burst leaves its 4 KiB page
  input  logic        ends_i,
  input  logic [3:0]  last_row_i,
  input  logic        pop_i,      // it leaves
  input  logic        take_i,     // its chunk is taken, if pop_i does not say more
  output logic        later_o,    // chunks of it were taken
  output logic [7:0]  rest_o,     // beats up to its end, minus one
  // read-modify-write: these rows instead
  input  logic        rmw_i,
  input  logic [3:0]  rmw_row_i,
  input  logic [4:0]  rmw_rows_i,
  // 1: tweak units are lines, 0: blocks
  input  logic        line_i,
  // the chunk; the beats are of the burst alone, the rows of the burst or the request
  output logic [11:0] addr_o,     // address of its first beat
  output logic [7:0]  beats_m1_o,
  output logic        one_o,      // that is 0
  output logic        final_o,    // the burst is complete with it
  output logic        stay_o,     // all beats come from one row
  output logic [3:0]  wmask_o,    // row bits that count up; 0 = all
  output logic        wrap_o,     // a wrapping burst on the DRAM side too
  output logic [3:0]  row_o,      // first row
  output logic [3:0]  rows_m1_o,
  // tweak units
  output logic [5:0]  lo_o,
  output logic [5:0]  hi_o,
  output logic [5:0]  first_o,
  output logic [6:0]  units_o     // how many
);

  localparam int unsigned L = $clog2(Lanes);
  localparam int unsigned Lb = 4 + L;      // log2 of the bytes of a row
  localparam int unsigned WinW = Lb + 4;   // log2 of the bytes of a window

  // ---- on the pins: the first chunk ----
  logic [15:0] s_span, s_last;   // s_last: of the last beat
  logic [11:0] s_start, s_wrap_end;
  logic        s_stay, s_small;

  assign s_span = 16'(s_len_i) << s_size_i;
  assign s_start = s_addr_i & ({12{1'b1}} << s_size_i);
  assign s_last = 16'(s_start) + s_span;
  assign s_wrap_end = s_addr_i | s_span[11:0];
  assign s_small = s_burst_i == BURST_WRAP && (s_len_i[3:0] >> (3'(Lb) - s_size_i)) == '0;
  assign s_stay = s_burst_i == BURST_FIXED || s_small;

  always_comb begin
    s_ends_o = 1'b1;
    s_last_row_o = s_addr_i[WinW-1:Lb];
    if (s_burst_i == BURST_WRAP) begin
      // to the end of the container, which is the end of the burst if it starts at the start
      s_ends_o = s_small || s_size_i == 3'(Lb) || (s_addr_i & s_span[11:0]) == '0;
      s_last_row_o = s_wrap_end[WinW-1:Lb];
    end else if (!s_stay) begin
      s_ends_o = s_last[15:WinW] == (16-WinW)'(s_addr_i[11:WinW]);
      s_last_row_o = s_ends_o ? s_last[WinW-1:Lb] : 4'hf;
    end
  end

  // ---- the oldest burst: what the chunks before left ----
  logic             later_q, ends_d, ends_q, ends;
  logic [7:0]       rest_d, rest_q;
  logic [3:0]       last_row_d, last_row_q, last_row;
  logic [11:WinW]   window_q, window;

  logic             is_wrap, full, small_wrap;
  logic [WinW-1:0]  win_mask;         // beats of a window, minus one
  logic [WinW-1:0]  left;             // beats up to the end of window or container, minus one
  logic [WinW-1:0]  beat;             // beat number inside the window
  logic [11:0]      span, rest_span;

  assign is_wrap = burst_i == BURST_WRAP;
  assign small_wrap = is_wrap && (len_i[3:0] >> (3'(Lb) - size_i)) == '0;
  assign full = is_wrap && size_i == 3'(Lb);
  assign stay_o = burst_i == BURST_FIXED || small_wrap;
  assign wrap_o = full && !rmw_i;
  assign wmask_o = (full && !rmw_i) ? len_i[3:0] : '0;

  assign later_o = later_q;
  assign rest_o = later_q ? rest_q : len_i;
  assign ends = later_q ? ends_q : ends_i;
  assign last_row = later_q ? last_row_q : last_row_i;
  assign window = later_q ? window_q : addr_i[11:WinW];
  assign final_o = ends;

  // a later chunk of a WRAP is at the start of the container, of an INCR at that of a window
  assign span = 12'(len_i) << size_i;
  always_comb begin
    addr_o = addr_i;
    if (later_q) begin
      addr_o = is_wrap ? addr_i & ~span : {window_q, WinW'(0)};
    end
  end

  // beats of the chunk
  assign win_mask = {WinW{1'b1}} >> size_i;
  assign beat = (later_q && !is_wrap) ? '0 : addr_i[WinW-1:0] >> size_i;
  assign left = ~beat[WinW-1:0] & (is_wrap ? WinW'(len_i[3:0]) : win_mask);
  always_comb begin
    if (ends) begin
      beats_m1_o = rest_o;
      one_o = rest_o == '0;
    end else begin
      beats_m1_o = 8'(left);
      one_o = left[7:0] == '0;
    end
  end

  // the chunk after this one: not behind the last one, so this one is as long as can be
  assign rest_d = rest_o - 8'(left) - 8'd1;
  assign ends_d = is_wrap || (16'(rest_d) & ~16'(win_mask)) == '0;
  assign rest_span = 12'(rest_d) << size_i;
  always_comb begin
    last_row_d = 4'hf;
    if (is_wrap) begin
      last_row_d = 4'(((addr_i & ~span) | rest_span) >> Lb);
    end else if (ends_d) begin
      last_row_d = rest_span[WinW-1:Lb];
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      later_q <= 1'b0;
    end else if (pop_i) begin
      later_q <= 1'b0;
    end else if (take_i) begin
      later_q <= 1'b1;
    end
    if (take_i) begin
      rest_q <= rest_d;
      ends_q <= ends_d;
      last_row_q <= last_row_d;
      window_q <= window + (12-WinW)'(1);
    end
  end

  // rows of the chunk
  logic [3:0] row_first, row_last;
  always_comb begin
    if (rmw_i) begin
      row_o = rmw_row_i;
      row_first = rmw_row_i;
      row_last = rmw_row_i + (rmw_rows_i[3:0] - 4'd1);
    end else begin
      row_o = addr_o[Lb+3:Lb];
      row_first = full ? row_o & ~len_i[3:0] : row_o;
      row_last = last_row;
    end
  end
  assign rows_m1_o = row_last - row_first;

  // A row lies inside one line, and is Lanes blocks.
  always_comb begin
    if (line_i) begin
      lo_o = 6'(row_first) >> (2 - L);
      hi_o = 6'(row_last) >> (2 - L);
      first_o = 6'(row_o) >> (2 - L);
    end else begin
      lo_o = 6'(row_first) << L;
      hi_o = (6'(row_last) << L) | 6'(Lanes - 1);
      first_o = 6'(row_o) << L;
    end
  end
  assign units_o = {1'b0, hi_o} - {1'b0, lo_o} + 7'd1;

  logic unused_bits;
  assign unused_bits = ^{rmw_rows_i[4], left, rest_span, s_wrap_end, s_last};

  `CBIT_ASSERT_INIT(SplitLanes, Lanes == 1 || Lanes == 2 || Lanes == 4)

endmodule
