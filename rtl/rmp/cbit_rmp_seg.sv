// SPDX-License-Identifier: Apache-2.0
//
// cbit_rmp_seg: the segment table (RST) in registers, and the command that loads it.
//
//   SEG_LOAD of init ─▶ row after row ─▶ merge ─▶ DRAM ─▶ checked, stored ─▶ base, cov
//
// Where: beside the start-up; its registers go to every cbit_rmp_addr and to the guard of cache W.
// Its reads share the walker's way to the internal port, under a number of their own.
// Latency: a row asked for with sreq_q is checked and stored at the end of the cycle in which its
// data is at rmwd; the next is asked for two cycles later. Nothing is read after the command.
// Reset: nothing is loaded, no segment covers anything. Byte order: an RST entry is 8 bytes of the
// bus row, little-endian. Source: docs/units/rmp_seg.md; rules: docs/rmp.md, 1.2 and 1.5.
`include "cbit_assert.svh"

module cbit_rmp_seg
  import cbit_pkg::*;
  import cbit_rmp_pkg::*;
#(
  parameter int unsigned Lanes = 1,       // 1, 2, 4
  parameter int unsigned SpaWidth = 40,   // 32 to 52
  localparam int unsigned DataW = 128 * Lanes
) (
  input  logic                     clk_i,
  input  logic                     rst_ni,
  // registers
  input  logic                     seg_en_i,
  input  logic [5:0]               seg_size_i,
  input  logic [51:13]             rmp_base_i,
  // start-up: SEG_LOAD is at work; it ends; with an error
  input  logic                     work_i,
  output logic                     done_o,
  output logic                     bad_o,
  // reads, and their data
  output logic                     rd_valid_o,
  input  logic                     rd_ready_i,
  output spa_t                     rd_spa_o,
  output logic [7:0]               rd_tag_o,
  input  logic                     d_valid_i,
  input  logic                     d_err_i,
  input  logic [DataW-1:0]         d_data_i,
  // segments
  output logic                     loaded_o,
  output logic [Segments-1:0][51:20] base_o,
  output logic [Segments-1:0][10:0]  cov_o
);

  localparam int unsigned Rows = 256 / Lanes;        // of the RST, 4 KiB
  localparam int unsigned Entries = 2 * Lanes;       // of a row
  localparam int unsigned BaseW = SpaWidth - 20;
  localparam logic [32:0] MemEnd = 33'd1 << BaseW;   // of the address space, in MiB

  // ---- SEG_LOAD, one row at a time ----
  logic       sreq_q, swait_q, loaded_q, last;
  logic [7:0] srow_q;

  assign last = srow_q == 8'(Rows - 1);
  assign done_o = d_valid_i && (bad_o || last);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      sreq_q <= 1'b0;
      swait_q <= 1'b0;
      srow_q <= '0;
      loaded_q <= 1'b0;
    end else begin
      if (work_i && !sreq_q && !swait_q) begin
        sreq_q <= 1'b1;
      end else if (rd_valid_o && rd_ready_i) begin
        sreq_q <= 1'b0;
        swait_q <= 1'b1;
      end else if (d_valid_i) begin
        swait_q <= 1'b0;
      end
      if (done_o) begin
        srow_q <= '0;
      end else if (d_valid_i) begin
        srow_q <= srow_q + 8'd1;
      end
      if (done_o && !bad_o) begin
        loaded_q <= 1'b1;
      end
    end
  end

  // RMP_BASE is a multiple of 1 MiB here (FENCE), so the place of a row never carries
  localparam logic [19:0] Rst = 20'h4000;
  assign rd_valid_o = sreq_q;
  assign rd_spa_o = {rmp_base_i[51:20], Rst | (20'(srow_q) << (4 + $clog2(Lanes)))};
  assign rd_tag_o = {1'b1, SegUnit, 1'b0};

  // ---- a row: check, and store ----
  logic [Entries-1:0][63:0] entry;
  logic [Entries-1:0][10:0] cov;
  logic [Entries-1:0]       bad;
  logic                     kept_row;   // its entries have a segment register
  logic [10:0]              most;       // GiB of a segment

  assign entry = d_data_i;
  assign most = 11'(12'd1 << (seg_size_i - 6'd30));
  assign kept_row = srow_q < 8'(Segments / Entries);

  always_comb begin
    for (int unsigned j = 0; j < Entries; j++) begin
      logic [32:0] table_end;   // in MiB
      cov[j] = (entry[j][19:0] < 20'(most)) ? entry[j][10:0] : most;
      table_end = 33'(entry[j][51:20]) + 33'({cov[j], 2'd0});
      bad[j] = entry[j][63:52] != '0 ||
               (entry[j][19:0] != '0 && (!kept_row || table_end > MemEnd));
    end
  end

  assign bad_o = d_err_i || bad != '0;

  logic [Segments-1:0][BaseW-1:0] base_q;
  logic [Segments-1:0][10:0]      cov_q;

  for (genvar i = 0; i < Segments; i++) begin : gen_segment
    logic store;
    assign store = d_valid_i && !bad_o && srow_q == 8'(i / Entries);

    always_ff @(posedge clk_i) begin
      if (!rst_ni) begin
        cov_q[i] <= '0;
      end else if (store) begin
        cov_q[i] <= cov[i % Entries];
      end
      if (store) begin
        base_q[i] <= entry[i % Entries][20 +: BaseW];
      end
    end

    // a load that fails covers and guards nothing
    assign base_o[i] = 32'(base_q[i]);
    assign cov_o[i] = loaded_q ? cov_q[i] : '0;
  end

  assign loaded_o = loaded_q;

  logic unused_bits;
  assign unused_bits = ^{rmp_base_i[19:13], seg_en_i};

  `CBIT_ASSERT_INIT(SegLanes, Lanes == 1 || Lanes == 2 || Lanes == 4)
  `CBIT_ASSERT_INIT(SegSpa, SpaWidth >= 32 && SpaWidth <= 52)
  `CBIT_ASSERT(SegTag, !d_valid_i || swait_q)

`ifdef CBIT_ASSERT_ON
  // once loaded, nothing of it changes
  logic                       seen_q, seg_en_q;
  logic [5:0]                 seg_size_q;
  logic [Segments-1:0][51:20] base_before_q;
  logic [Segments-1:0][10:0]  cov_before_q;

  always_ff @(posedge clk_i) begin
    seen_q <= rst_ni && loaded_q;
    seg_en_q <= seg_en_i;
    seg_size_q <= seg_size_i;
    base_before_q <= base_o;
    cov_before_q <= cov_o;
  end

  `CBIT_ASSERT(SegFix, !seen_q || (seg_en_i == seg_en_q && seg_size_i == seg_size_q &&
               base_o == base_before_q && cov_o == cov_before_q))
`endif

endmodule
