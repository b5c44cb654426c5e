// SPDX-License-Identifier: Apache-2.0
//
// cbit_bus_gather: the beats of a write burst into chunks of whole rows.
//
// Where: between the head of the address queue and the write table. A row is one beat of the data
// bus; a chunk is what a burst does inside one window (16 rows). Data goes by the strobes into the
// row ring (memories in cbit_bus_emit); here are the ring's pointers and the masks of the open
// chunk, in cbit_bus_wgeom its addresses.
// Latency: a beat consumed in a cycle is in the memories, and the chunk's summary in the table, at
// the end of it. Stalls are decided outside (rows_ok_o says whether the ring has room).
// Source: docs/units/bus_write.md, section Gather; AXI4 (Arm IHI 0022) A3.4. Reset: nothing open,
// ring empty.
//
// A window's rows are visited in cyclic order, so of all row masks only two can still change: that
// of the row of the first beat (a narrow WRAP burst ends in it) and that of the latest row.
`include "cbit_assert.svh"

module cbit_bus_gather
  import cbit_pkg::*;
#(
  parameter int unsigned Lanes = 1,
  parameter int unsigned NumRow = 64,
  localparam int unsigned RowW = $clog2(NumRow),
  localparam int unsigned ByteW = 4 + $clog2(Lanes),   // address bits inside a row
  localparam int unsigned WinLsb = ByteW + 4           // address bits inside a window
) (
  input  logic                clk_i,
  input  logic                rst_ni,
  // burst that is queued; the head burst goes
  input  logic                push_i,
  input  logic [27:0]         push_addr_i,
  input  logic [7:0]          push_len_i,
  input  logic [2:0]          push_size_i,
  input  logic [1:0]          push_burst_i,
  input  logic                pop_i,
  // head burst; beat_i: a beat of it is gathered in this cycle, off_last_i: its last
  input  logic [3:0]          len_i,
  input  logic [2:0]          size_i,
  input  logic [1:0]          burst_i,
  input  logic                enc_i,
  input  logic                off_last_i,
  input  logic                direct_i,      // if it passes now, it is direct
  input  logic                may_i,         // beat_i, or the burst is refused for good
  input  logic                leave_i,       // the head goes, but for the last beat gathered
  input  logic                beat_i,
  input  logic [16*Lanes-1:0] strb_i,
  output logic                open_o,        // a chunk is open; else the beat starts one
  // another head from the next cycle on; room for a second burst, and its page if there is none
  output logic                load_o,
  output logic                room_o,
  output logic [15:0]         second_page_o,
  // the chunk that starts with this beat
  output logic [11:WinLsb]    win_o,         // its window in the page
  output logic [3:0]          row_lo_o,
  output logic [3:0]          row_hi_o,
  output logic [4:0]          nrows_o,
  output logic                burst_end_o,   // it ends the burst
  output logic [RowW-1:0]     rdel_o,        // place in the ring = rdel + row
  output logic                rows_ok_o,     // the ring has room for the longest chunk
  // the last beat of a chunk: summary of its masks
  output logic                fin_o,         // (without beat_i: would be the last)
  output logic [15:0]         fin_rowany_o,  // rows with any strobe
  output logic [3:0]          fin_first_o,
  output logic [3:0]          fin_last_o,
  output logic                fin_null_o,
  output logic                fin_partial_o, // encrypted and a block is written in part
  output logic [3:0]          fin_pfirst_o,
  output logic [3:0]          fin_plast_o,
  // row memories
  output logic [RowW-1:0]     wr_row_o,
  output logic [16*Lanes-1:0] wr_mask_o,
  // rows given back
  input  logic                free_i,
  input  logic [4:0]          free_rows_i
);

  // ---- where the head's next beat lies, and the chunk that would start with it ----
  logic [3:0] row, row_next, rows_m;
  logic       win_end;

  cbit_bus_wgeom #(
    .Lanes(Lanes)
  ) u_geom (
    .clk_i,
    .rst_ni,
    .push_i,
    .addr_i      (push_addr_i),
    .len_i       (push_len_i),
    .size_i      (push_size_i),
    .burst_i     (push_burst_i),
    .pop_i,
    .head_len_i  (len_i),
    .head_size_i (size_i),
    .head_burst_i(burst_i),
    .direct_i,
    .off_last_i,
    .may_i,
    .leave_i,
    .beat_i,
    .load_o,
    .room_o,
    .second_page_o,
    .win_o,
    .row_o       (row),
    .row_next_o  (row_next),
    .win_end_o   (win_end),
    .row_lo_o,
    .row_hi_o,
    .rows_m_o    (rows_m),
    .burst_end_o
  );

  assign nrows_o = {1'b0, rows_m} + 5'd1;
  assign fin_o = off_last_i || win_end;

  // ---- row ring ----
  logic [RowW-1:0] ra_q;               // next row
  localparam logic [RowW:0] RowsMost = (RowW+1)'(NumRow - 16);   // with room for a whole window
  logic [RowW:0]   used_d, used_q;     // rows in use
  logic [RowW:0]   used_more, used_less, used_both;
  logic            rows_ok_d;
  logic [RowW-1:0] rdel, rdel_q;
  logic            open_q, start;

  assign open_o = open_q;
  assign start = beat_i && !open_q;
  assign rdel_o = ra_q - RowW'(row_lo_o);
  assign rdel = open_q ? rdel_q : rdel_o;
  assign wr_row_o = rdel + RowW'(row);

  // what happens is known late: all sums are ready for it
  always_comb begin
    used_more = used_q + (RowW+1)'(nrows_o);
    used_less = used_q - (RowW+1)'(free_rows_i);
    used_both = used_q + (RowW+1)'(nrows_o) - (RowW+1)'(free_rows_i);
    case ({start, free_i})
      2'b10: {rows_ok_d, used_d} = {used_more <= RowsMost, used_more};
      2'b01: {rows_ok_d, used_d} = {used_less <= RowsMost, used_less};
      2'b11: {rows_ok_d, used_d} = {used_both <= RowsMost, used_both};
      default: {rows_ok_d, used_d} = {rows_ok_o, used_q};
    endcase
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      ra_q <= '0;
      used_q <= '0;
      rows_ok_o <= 1'b1;
      open_q <= 1'b0;
    end else begin
      if (start) begin
        ra_q <= ra_q + RowW'(nrows_o);
      end
      used_q <= used_d;
      rows_ok_o <= rows_ok_d;
      if (beat_i) begin
        open_q <= !fin_o;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (start) begin
      rdel_q <= rdel_o;
    end
  end

  // ---- masks of the open chunk ----
  // earlier: what the chunk has written of the row of the beat; where it is kept was found out with
  // the beat before
  logic [16*Lanes-1:0] first_mask_q, last_mask_q, earlier, mask;
  logic                same_q, again_q;   // the same row as last time; the chunk's first row again
  logic [3:0]          first_row_q;
  logic [15:0]         rowany_d, rowany_q, rowpart_d, rowpart_q;
  logic [Lanes-1:0]    blk_any, blk_part;

  assign earlier = same_q ? last_mask_q : (again_q ? first_mask_q : '0);
  assign mask = strb_i | earlier;

  for (genvar l = 0; l < Lanes; l++) begin : gen_lane
    assign blk_any[l] = mask[16*l +: 16] != '0;
    assign blk_part[l] = blk_any[l] && mask[16*l +: 16] != '1;
  end

  always_comb begin
    rowany_d = open_q ? rowany_q : '0;
    rowpart_d = open_q ? rowpart_q : '0;
    rowany_d[row] = |blk_any;
    rowpart_d[row] = |blk_part;
  end

  always_ff @(posedge clk_i) begin
    if (beat_i) begin
      rowany_q <= rowany_d;
      rowpart_q <= rowpart_d;
      if (!open_q) begin
        first_row_q <= row;
      end
      if (!open_q || row == first_row_q) begin
        first_mask_q <= mask;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      same_q <= 1'b0;
      again_q <= 1'b0;
    end else if (beat_i) begin
      same_q <= !fin_o && row_next == row;
      again_q <= !fin_o && row_next != row && open_q && row_next == first_row_q;
    end
    if (beat_i) begin
      last_mask_q <= mask;
    end
  end

  assign wr_mask_o = mask;

  // ---- summary ----
  // lowest or highest bit, by a tree; node 1 is on top
  function automatic logic [3:0] end_bit(input logic [15:0] bits, input logic highest);
    logic [31:1]      any;
    logic [31:1][3:0] idx;
    for (int unsigned i = 0; i < 16; i++) begin
      any[16 + i] = bits[i];
      idx[16 + i] = 4'(i);
    end
    for (int unsigned i = 15; i > 0; i--) begin
      any[i] = any[2 * i] || any[2 * i + 1];
      idx[i] = (highest ? any[2 * i + 1] : !any[2 * i]) ? idx[2 * i + 1] : idx[2 * i];
    end
    return idx[1];
  endfunction

  // of the rows written in part the one of this beat is known late
  logic [15:0] rest;
  logic [3:0]  rest_first, rest_last;

  // rows once written stay so: the first and the last of them are kept
  logic [3:0] first_any_d, first_any_q, last_any_d, last_any_q;
  logic       some_d, some_q;

  always_comb begin
    some_d = open_q && some_q;
    first_any_d = first_any_q;
    last_any_d = last_any_q;
    if (|blk_any) begin
      if (!some_d || row < first_any_q) begin
        first_any_d = row;
      end
      if (!some_d || row > last_any_q) begin
        last_any_d = row;
      end
      some_d = 1'b1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (beat_i) begin
      some_q <= some_d;
      first_any_q <= first_any_d;
      last_any_q <= last_any_d;
    end
  end

  assign fin_rowany_o = rowany_d;
  assign fin_null_o = !some_d;
  assign fin_partial_o = enc_i && (rest != '0 || |blk_part);   // the latter is late
  assign fin_first_o = first_any_d;
  assign fin_last_o = last_any_d;

  always_comb begin
    rest = open_q ? rowpart_q : '0;
    rest[row] = 1'b0;
    rest_first = end_bit(rest, 1'b0);
    rest_last = end_bit(rest, 1'b1);
    fin_pfirst_o = (|blk_part && (rest == '0 || row < rest_first)) ? row : rest_first;
    fin_plast_o = (|blk_part && (rest == '0 || row > rest_last)) ? row : rest_last;
  end


  `CBIT_ASSERT(GatherRing, 32'(used_q) <= NumRow)
  `CBIT_ASSERT(GatherRows, rows_ok_o == (used_q <= RowsMost))
  `CBIT_ASSERT(GatherRoom, !start || rows_ok_o)
  `CBIT_ASSERT(GatherFree, !free_i || (RowW+1)'(free_rows_i) <= used_q)

endmodule
