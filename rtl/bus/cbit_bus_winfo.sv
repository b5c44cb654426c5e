// SPDX-License-Identifier: Apache-2.0
//
// cbit_bus_winfo: what a write entry keeps that nobody has to search, in small memories.
//
// Where: write table. Two words per entry: `al` written at the allocation, `fin` at the last beat
// of its chunk. Every place that asks by an entry number has a copy of the fields it needs.
// Latency: combinational read, except for the fields of em's entry, which are in registers, and for
// the AW fields, which come one enabled edge after their entry number. Reset: none; a word is read
// only for an entry that was allocated.
// Source: docs/units/bus_write.md, Registers.

module cbit_bus_winfo
  import cbit_pkg::*;
#(
  parameter int unsigned NumWr = 64,
  parameter int unsigned SlotIdxW = 4,
  parameter int unsigned RowW = 6,
  parameter int unsigned WinLsb = 8,
  parameter int unsigned Rmp = 0,            // 1: al_tbl_i is kept
  localparam int unsigned EntW = $clog2(NumWr)
) (
  input  logic                clk_i,
  // allocation; written whenever there is a free entry, the last write is that of the allocation
  input  logic                al_we_i,
  input  logic [EntW-1:0]     al_e_i,
  input  logic [IdW-1:0]      al_id_i,
  input  logic [SpaW-1:WinLsb] al_win_i,
  input  logic [14:0]         al_axi_i,      // cache, prot, qos, region
  input  logic                al_enc_i,
  input  logic [SlotIdxW-1:0] al_slot_i,
  input  logic [RowW-1:0]     al_rdel_i,
  input  logic [4:0]          al_nrows_i,
  input  logic [5:0]          al_hi_i,       // last tweak unit
  input  logic                al_fault_i,    // refused
  input  logic                al_last_i,     // its chunk ends the burst
  input  logic                al_tbl_i,      // a write of the RMP table
  // last beat of the chunk
  input  logic                open_i,        // the chunk was open before
  input  logic                fin_we_i,
  input  logic [EntW-1:0]     fin_e_i,
  input  logic [15:0]         fin_rowany_i,
  input  logic [3:0]          fin_first_i,
  input  logic [3:0]          fin_last_i,
  input  logic                fin_null_i,
  input  logic                fin_partial_i,
  input  logic [3:0]          fin_pfirst_i,
  input  logic [3:0]          fin_plast_i,
  // entry at em, in registers: they follow the writes while em's entry is not complete, and take
  // the word of the next entry as em moves on
  input  logic [EntW-1:0]     em_next_e_i,   // entry behind em's
  input  logic                em_next_i,     // em moves on
  input  logic                em_al_we_i,    // em's entry, or the one that will be it, is free,
  input  logic                em_al_fresh_i, // and al_* is what is to be kept of it
  input  logic                em_fin_we_i,   // or still open,
  input  logic                em_fin_fresh_i,// and fin_* is
  output logic                em_skip_o,     // refused
  output logic                em_enc_o,
  output logic [SlotIdxW-1:0] em_slot_o,
  output logic [RowW-1:0]     em_rdel_o,
  output logic [4:0]          em_nrows_o,
  output logic [15:0]         em_rowany_o,
  output logic [3:0]          em_first_o,
  output logic [3:0]          em_last_o,
  output logic                em_null_o,
  output logic                em_partial_o,
  // entry at rm; whether it wants a read-modify-write is in a register, as what em's entry has
  input  logic [EntW-1:0]     rm_e_i,
  input  logic [EntW-1:0]     rm_next_e_i,   // entry behind rm's
  input  logic                rm_next_i,     // rm moves on
  input  logic                rm_we_i,       // rm's entry, or the one that will be it, is free or
  input  logic                rm_fresh_i,    // open, and fin_* is what is to be kept of it
  output logic [SpaW-1:WinLsb] rm_win_o,
  output logic [14:0]         rm_axi_o,
  output logic [SlotIdxW-1:0] rm_slot_o,
  output logic                rm_want_o,     // partial; not of a refused one
  output logic [3:0]          rm_pfirst_o,
  output logic [3:0]          rm_plast_o,
  // entry of old data that comes in
  input  logic [EntW-1:0]     old_e_i,
  output logic [RowW-1:0]     old_rdel_o,
  output logic [3:0]          old_plast_o,
  // entry of a tweak that comes in
  input  logic [EntW-1:0]     tw_e_i,
  output logic [5:0]          tw_hi_o,
  // entry whose first row reaches the end of the pipe; one edge with aw_re_i later
  input  logic                aw_re_i,
  input  logic [EntW-1:0]     aw_e_i,
  output logic [IdW-1:0]      aw_id_o,
  output logic [SpaW-1:WinLsb] aw_win_o,
  output logic [14:0]         aw_axi_o,
  output logic [3:0]          aw_first_o,
  output logic [3:0]          aw_last_o,
  // entry at the response stage
  input  logic [EntW-1:0]     b_bq_e_i,      // it is this one,
  input  logic [EntW-1:0]     b_own_e_i,     // or this one
  input  logic                b_use_own_i,
  input  logic [EntW-1:0]     b_e_i,
  output logic                b_last_o,
  output logic                b_enc_o,
  output logic [SlotIdxW-1:0] b_slot_o,
  output logic                b_tbl_o
);

  localparam int unsigned WinW = SpaW - WinLsb;

  // ---- words written at the allocation ----
  logic [3:0] al_nrows_m, em_nrows_m;   // less one
  logic [SlotIdxW+RowW+5:0] al_em;

  assign al_nrows_m = 4'(al_nrows_i - 5'd1);
  assign em_nrows_o = {1'b0, em_nrows_m} + 5'd1;

  cbit_ram_1r1w #(
    .Width(SlotIdxW + RowW + 6), .Depth(NumWr), .Sync(0), .Style("distributed")
  ) u_al_em (
    .clk_i,
    .we_i(al_we_i), .waddr_i(al_e_i), .wbe_i('1),
    .wdata_i({al_fault_i, al_enc_i, al_slot_i, al_rdel_i, al_nrows_m}),
    .re_i(1'b1), .raddr_i(em_next_e_i), .rdata_o(al_em)
  );

  always_ff @(posedge clk_i) begin
    if (em_next_i || em_al_we_i) begin
      {em_skip_o, em_enc_o, em_slot_o, em_rdel_o, em_nrows_m} <= em_al_fresh_i ?
          {al_fault_i, al_enc_i, al_slot_i, al_rdel_i, al_nrows_m} : al_em;
    end
  end

  cbit_ram_1r1w #(
    .Width(WinW + 15 + SlotIdxW), .Depth(NumWr), .Sync(0), .Style("distributed")
  ) u_al_rm (
    .clk_i,
    .we_i(al_we_i), .waddr_i(al_e_i), .wbe_i('1),
    .wdata_i({al_win_i, al_axi_i, al_slot_i}),
    .re_i(1'b1), .raddr_i(rm_e_i), .rdata_o({rm_win_o, rm_axi_o, rm_slot_o})
  );

  cbit_ram_1r1w #(
    .Width(RowW), .Depth(NumWr), .Sync(0), .Style("distributed")
  ) u_al_old (
    .clk_i,
    .we_i(al_we_i), .waddr_i(al_e_i), .wbe_i('1), .wdata_i(al_rdel_i),
    .re_i(1'b1), .raddr_i(old_e_i), .rdata_o(old_rdel_o)
  );

  cbit_ram_1r1w #(
    .Width(6), .Depth(NumWr), .Sync(0), .Style("distributed")
  ) u_al_tw (
    .clk_i,
    .we_i(al_we_i), .waddr_i(al_e_i), .wbe_i('1), .wdata_i(al_hi_i),
    .re_i(1'b1), .raddr_i(tw_e_i), .rdata_o(tw_hi_o)
  );

  // an entry is sent several cycles after it was allocated: no read meets its own write
  cbit_ram_1r1w #(
    .Width(IdW + WinW + 15), .Depth(NumWr), .Sync(1), .RwCheck(0), .Style("block")
  ) u_al_aw (
    .clk_i,
    .we_i(al_we_i), .waddr_i(al_e_i), .wbe_i('1), .wdata_i({al_id_i, al_win_i, al_axi_i}),
    .re_i(aw_re_i), .raddr_i(aw_e_i), .rdata_o({aw_id_o, aw_win_o, aw_axi_o})
  );

  cbit_ram_1r1w #(
    .Width(SlotIdxW + 1), .Depth(NumWr), .Sync(0), .Style("distributed")
  ) u_al_b (
    .clk_i,
    .we_i(al_we_i), .waddr_i(al_e_i), .wbe_i('1), .wdata_i({al_enc_i, al_slot_i}),
    .re_i(1'b1), .raddr_i(b_e_i), .rdata_o({b_enc_o, b_slot_o})
  );

  // everything waits for this one: looked up for both
  logic bq_last, own_last;

  cbit_ram_1r1w #(.Width(1), .Depth(NumWr), .Sync(0), .Style("distributed")) u_bq_last (
    .clk_i,
    .we_i(al_we_i), .waddr_i(al_e_i), .wbe_i('1), .wdata_i(al_last_i),
    .re_i(1'b1), .raddr_i(b_bq_e_i), .rdata_o(bq_last)
  );

  cbit_ram_1r1w #(.Width(1), .Depth(NumWr), .Sync(0), .Style("distributed")) u_own_last (
    .clk_i,
    .we_i(al_we_i), .waddr_i(al_e_i), .wbe_i('1), .wdata_i(al_last_i),
    .re_i(1'b1), .raddr_i(b_own_e_i), .rdata_o(own_last)
  );

  assign b_last_o = b_use_own_i ? own_last : bq_last;

  if (Rmp != 0) begin : gen_tbl
    cbit_ram_1r1w #(.Width(1), .Depth(NumWr), .Sync(0), .Style("distributed")) u_al_tbl (
      .clk_i,
      .we_i(al_we_i), .waddr_i(al_e_i), .wbe_i('1), .wdata_i(al_tbl_i),
      .re_i(1'b1), .raddr_i(b_e_i), .rdata_o(b_tbl_o)
    );
  end else begin : gen_no_tbl
    logic unused_tbl;
    assign unused_tbl = al_tbl_i;
    assign b_tbl_o = 1'b0;
  end

  // ---- words written at the last beat of the chunk ----
  logic [25:0] fin_em;

  cbit_ram_1r1w #(
    .Width(26), .Depth(NumWr), .Sync(0), .Style("distributed")
  ) u_fin_em (
    .clk_i,
    .we_i(fin_we_i), .waddr_i(fin_e_i), .wbe_i('1),
    .wdata_i({fin_rowany_i, fin_first_i, fin_last_i, fin_null_i, fin_partial_i}),
    .re_i(1'b1), .raddr_i(em_next_e_i), .rdata_o(fin_em)
  );

  always_ff @(posedge clk_i) begin
    if (em_next_i || em_fin_we_i) begin
      {em_rowany_o, em_first_o, em_last_o, em_null_o, em_partial_o} <= em_fin_fresh_i ?
          {fin_rowany_i, fin_first_i, fin_last_i, fin_null_i, fin_partial_i} : fin_em;
    end
  end

  cbit_ram_1r1w #(
    .Width(8), .Depth(NumWr), .Sync(0), .Style("distributed")
  ) u_fin_rm (
    .clk_i,
    .we_i(fin_we_i), .waddr_i(fin_e_i), .wbe_i('1), .wdata_i({fin_pfirst_i, fin_plast_i}),
    .re_i(1'b1), .raddr_i(rm_e_i), .rdata_o({rm_pfirst_o, rm_plast_o})
  );

  // with no chunk open it is cleared in the place that an allocation would take: what is refused
  // has no last beat
  logic fin_want, rm_want;

  assign fin_want = fin_we_i && fin_partial_i;

  cbit_ram_1r1w #(
    .Width(1), .Depth(NumWr), .Sync(0), .Style("distributed")
  ) u_fin_want (
    .clk_i,
    .we_i(open_i ? fin_we_i : al_we_i), .waddr_i(fin_e_i), .wbe_i('1), .wdata_i(fin_want),
    .re_i(1'b1), .raddr_i(rm_next_e_i), .rdata_o(rm_want)
  );

  always_ff @(posedge clk_i) begin
    if (rm_next_i || rm_we_i) begin
      rm_want_o <= rm_fresh_i ? fin_want : rm_want;
    end
  end

  cbit_ram_1r1w #(
    .Width(4), .Depth(NumWr), .Sync(0), .Style("distributed")
  ) u_fin_old (
    .clk_i,
    .we_i(fin_we_i), .waddr_i(fin_e_i), .wbe_i('1), .wdata_i(fin_plast_i),
    .re_i(1'b1), .raddr_i(old_e_i), .rdata_o(old_plast_o)
  );

  cbit_ram_1r1w #(
    .Width(8), .Depth(NumWr), .Sync(1), .RwCheck(0), .Style("distributed")
  ) u_fin_aw (
    .clk_i,
    .we_i(fin_we_i), .waddr_i(fin_e_i), .wbe_i('1), .wdata_i({fin_first_i, fin_last_i}),
    .re_i(aw_re_i), .raddr_i(aw_e_i), .rdata_o({aw_first_o, aw_last_o})
  );

endmodule
