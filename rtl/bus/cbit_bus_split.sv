// SPDX-License-Identifier: Apache-2.0
//
// cbit_bus_split: the next chunk of an encrypted read burst, and the tweak units it needs.
//
// Where: bus read path, between the address queue and the DRAM address channel.
// Latency: none, combinational. The DRAM side of an encrypted read is whole rows (a row is one word
// of the data bus, B bytes) inside one window of 16 rows; this module says which rows, how many
// beats of the requester they serve, and what they look like on the DRAM side. A read-modify-write
// request brings its rows along and only needs the tweak units.
// Source: docs/units/bus_read.md (Chunks), docs/units/tweak.md (units); AXI4 (Arm IHI 0022) A3.4.
`include "cbit_assert.svh"

module cbit_bus_split
  import cbit_pkg::*;
#(
  parameter int unsigned Lanes = 1   // 1, 2 or 4
) (
  // the burst and the beats of it that earlier chunks took
  input  logic [1:0]  burst_i,
  input  logic [7:0]  len_i,
  input  logic [2:0]  size_i,
  input  logic [11:0] addr_i,     // low bits; no burst leaves its 4 KiB page
  input  logic [7:0]  off_i,
  // read-modify-write: these rows instead
  input  logic        rmw_i,
  input  logic [3:0]  rmw_row_i,
  input  logic [4:0]  rmw_rows_i,
  // 1: tweak units are lines, 0: blocks
  input  logic        line_i,
  // the chunk; the beats are of the burst alone, the rows of the burst or the request
  output logic [11:0] addr_o,     // address of its first beat
  output logic [7:0]  beats_m1_o,
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

  logic            is_wrap, full, small_wrap, whole;
  logic [11:0]     beat0, beat;            // beat numbers inside the page
  logic [WinW-1:0] win_mask;               // beats of a window, minus one
  logic [WinW-1:0] left;                   // beats up to the end of window or container, minus one
  logic [7:0]      rest;                   // beats up to the end of the burst, minus one
  logic [WinW-1:0] last_beat, last_byte;
  logic [3:0]      row_first, row_last;

  assign is_wrap = burst_i == BURST_WRAP;

  // A container is a power of two of beats, at most 16, and aligned: len is its mask.
  assign small_wrap = is_wrap && (len_i[3:0] >> (3'(Lb) - size_i)) == '0;
  assign full = is_wrap && size_i == 3'(Lb);
  assign stay_o = burst_i == BURST_FIXED || small_wrap;
  assign whole = stay_o || full;
  assign wrap_o = full && !rmw_i;
  assign wmask_o = (full && !rmw_i) ? len_i[3:0] : '0;

  // first beat of the chunk: a later chunk of a WRAP is at the start of the container
  assign beat0 = addr_i >> size_i;
  always_comb begin
    beat = beat0;
    if (is_wrap) begin
      if (off_i != '0) begin
        beat = beat0 & ~{8'd0, len_i[3:0]};
      end
    end else if (burst_i == BURST_INCR) begin
      beat = beat0 + {4'd0, off_i};
    end
  end
  assign addr_o = (off_i == '0) ? addr_i : beat << size_i;

  // beats of the chunk
  assign win_mask = {WinW{1'b1}} >> size_i;
  assign left = ~beat[WinW-1:0] & (is_wrap ? WinW'(len_i[3:0]) : win_mask);
  assign rest = len_i - off_i;
  always_comb begin
    if (whole || {2'd0, rest} <= 10'(left)) begin
      beats_m1_o = rest;
    end else begin
      beats_m1_o = 8'(left);
    end
  end
  assign final_o = beats_m1_o == rest;

  // rows of the chunk
  assign last_beat = (beat[WinW-1:0] & win_mask) + WinW'(beats_m1_o);
  assign last_byte = last_beat << size_i;
  always_comb begin
    if (rmw_i) begin
      row_o = rmw_row_i;
      row_first = rmw_row_i;
      row_last = rmw_row_i + (rmw_rows_i[3:0] - 4'd1);
    end else begin
      row_o = addr_o[Lb+3:Lb];
      row_first = row_o;
      row_last = last_byte[WinW-1:Lb];
      if (full) begin
        row_first = row_o & ~len_i[3:0];
        row_last = row_o | len_i[3:0];
      end else if (stay_o) begin
        row_last = row_o;
      end
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
  assign unused_bits = ^{rmw_rows_i[4], last_byte[Lb-1:0]};

  `CBIT_ASSERT_INIT(SplitLanes, Lanes == 1 || Lanes == 2 || Lanes == 4)

endmodule
