// SPDX-License-Identifier: Apache-2.0
//
// cbit_bus_gather: the beats of a write burst into chunks of whole rows.
//
// Where: between the head of the address queue and the write table. A row is one beat of the data
// bus; a chunk is what a burst does inside one window (16 rows). Data goes by the strobes into the
// row ring (memories in cbit_bus_emit); here are the ring's pointers, the address of the next beat
// and the masks of the open chunk.
// Latency: a beat consumed in a cycle is in the memories, and the chunk's summary in the table, at
// the end of it. Stalls are decided outside (rows_ok_o says whether the ring has room).
// Source: docs/units/bus_write.md, section Gather; AXI4 (Arm IHI 0022) A3.4. Reset: nothing open,
// ring empty.
//
// A window's rows are visited in cyclic order, so of all row masks only two can still change: that
// of the row of the first beat (a narrow WRAP burst ends in it) and that of the latest other row.
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
  // head burst; beat_i: a beat of it is gathered in this cycle
  input  logic [11:0]         addr_i,
  input  logic [7:0]          len_i,
  input  logic [2:0]          size_i,
  input  logic [1:0]          burst_i,
  input  logic                enc_i,
  input  logic [7:0]          off_i,         // beats of the burst consumed before
  input  logic                beat_i,
  input  logic [16*Lanes-1:0] strb_i,
  output logic                open_o,        // a chunk is open; else the beat starts one
  // the chunk that starts with this beat
  output logic [11:WinLsb]    win_o,         // its window in the page
  output logic [3:0]          row_lo_o,
  output logic [3:0]          row_hi_o,
  output logic [4:0]          nrows_o,
  output logic                burst_end_o,   // it ends the burst
  output logic [RowW-1:0]     rdel_o,        // place in the ring = rdel + row
  output logic                rows_ok_o,     // the ring has room for it
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

  // ---- address of this beat and of the next ----
  logic [11:0] adr_d, adr_q;   // next beat, valid once a beat of the burst was gathered
  logic [11:0] adr, adr_al, adr_inc;
  logic [11:0] adr_end;        // last byte of the burst; a legal INCR burst stays in its page
  logic [7:0]  left;           // beats after this one
  logic [6:0]  size_m;         // bytes of a beat - 1
  logic [11:0] cont_m;         // bytes of a WRAP container - 1
  logic        same_win;

  assign adr = (off_i == '0) ? addr_i : adr_q;
  assign size_m = 7'((8'd1 << size_i) - 8'd1);
  assign adr_al = adr & ~12'(size_m);
  assign adr_inc = adr_al + 12'(size_m) + 12'd1;
  assign cont_m = (12'(len_i[3:0]) << size_i) | 12'(size_m);
  assign left = len_i - off_i;
  assign adr_end = (adr_al + (12'(left) << size_i)) | 12'(size_m);
  assign same_win = adr_end[11:WinLsb] == adr_al[11:WinLsb];

  // ---- rows of a chunk that starts here ----
  logic [3:0] row;

  assign row = adr[WinLsb-1:ByteW];

  always_comb begin
    row_lo_o = row;
    row_hi_o = row;
    burst_end_o = 1'b1;
    adr_d = adr;
    case (burst_i)
      BURST_INCR: begin
        row_hi_o = same_win ? adr_end[WinLsb-1:ByteW] : 4'd15;
        burst_end_o = same_win;
        adr_d = adr_inc;
      end
      BURST_WRAP: begin
        row_lo_o = 4'((adr & ~cont_m) >> ByteW);
        row_hi_o = 4'((adr | cont_m) >> ByteW);
        adr_d = (adr & ~cont_m) | (adr_inc & cont_m);
      end
      default: ;   // FIXED: one row, one address
    endcase
  end

  assign win_o = adr[11:WinLsb];
  assign nrows_o = {1'b0, row_hi_o} - {1'b0, row_lo_o} + 5'd1;
  assign fin_o = off_i == len_i || (burst_i == BURST_INCR && adr_inc[WinLsb-1:0] == '0);

  // ---- row ring: next row, oldest row ----
  logic [RowW:0]   ra_q, rf_q, used;
  logic [RowW-1:0] rdel, rdel_q;
  logic            open_q, start;

  assign open_o = open_q;
  assign start = beat_i && !open_q;
  assign used = ra_q - rf_q;
  assign rows_ok_o = (RowW+1)'(NumRow) - used >= (RowW+1)'(nrows_o);
  assign rdel_o = ra_q[RowW-1:0] - RowW'(row_lo_o);
  assign rdel = open_q ? rdel_q : rdel_o;
  assign wr_row_o = rdel + RowW'(row);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      ra_q <= '0;
      rf_q <= '0;
      open_q <= 1'b0;
    end else begin
      if (start) begin
        ra_q <= ra_q + (RowW+1)'(nrows_o);
      end
      if (free_i) begin
        rf_q <= rf_q + (RowW+1)'(free_rows_i);
      end
      if (beat_i) begin
        open_q <= !fin_o;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (beat_i) begin
      adr_q <= adr_d;
    end
    if (start) begin
      rdel_q <= rdel_o;
    end
  end

  // ---- masks of the open chunk ----
  logic [16*Lanes-1:0] first_mask_q, late_mask_q, mask;
  logic [3:0]          first_row_q, late_row_q;
  logic [15:0]         rowany_d, rowany_q, rowpart_d, rowpart_q;
  logic [Lanes-1:0]    blk_any, blk_part;

  always_comb begin
    mask = strb_i;
    if (open_q && row == first_row_q) begin
      mask = strb_i | first_mask_q;
    end else if (open_q && row == late_row_q) begin
      mask = strb_i | late_mask_q;
    end
  end

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
      if (!open_q || row == first_row_q) begin
        first_row_q <= row;
        first_mask_q <= mask;
      end
      if (!open_q || row != first_row_q) begin
        late_row_q <= row;
        late_mask_q <= mask;
      end
    end
  end

  assign wr_mask_o = mask;

  // only rows and windows of the end are asked for
  logic unused_end;
  assign unused_end = ^adr_end[ByteW-1:0];

  // ---- summary ----
  function automatic logic [3:0] lowest(input logic [15:0] bits);
    logic [3:0] idx;
    idx = '0;
    for (int unsigned i = 16; i > 0; i--) begin
      if (bits[i - 1]) begin
        idx = 4'(i - 1);
      end
    end
    return idx;
  endfunction

  function automatic logic [3:0] highest(input logic [15:0] bits);
    logic [3:0] idx;
    idx = '0;
    for (int unsigned i = 0; i < 16; i++) begin
      if (bits[i]) begin
        idx = 4'(i);
      end
    end
    return idx;
  endfunction

  assign fin_rowany_o = rowany_d;
  assign fin_null_o = rowany_d == '0;
  assign fin_partial_o = enc_i && rowpart_d != '0;
  assign fin_first_o = lowest(rowany_d);
  assign fin_last_o = highest(rowany_d);
  assign fin_pfirst_o = lowest(rowpart_d);
  assign fin_plast_o = highest(rowpart_d);

  `CBIT_ASSERT(GatherRing, 32'(used) <= NumRow)
  `CBIT_ASSERT(GatherRoom, !start || rows_ok_o)
  `CBIT_ASSERT(GatherFree, !free_i || (RowW+1)'(free_rows_i) <= used)

endmodule
