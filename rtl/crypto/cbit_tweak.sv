// SPDX-License-Identifier: Apache-2.0
//
// cbit_tweak: from jobs of the read and the write table to their tweaks.
//
// Where: beside the lanes; the read and the write path push a job when a request is accepted and
// get one result per unit (a line in modes 4 and 5, a block in modes 1 to 3) written into their
// tables. Latency: job pushed in cycle p, granted in g = p+1 at the earliest, result on the
// outputs in g+2+S, usable from g+3+S on (S = AES stages). One unit per cycle and requester; with
// fewer than four lanes both requesters share one pipe, round robin. Nothing here stalls.
// Source: docs/crypto-modes.md and docs/units/tweak.md.
// Reset: no jobs, no results, linear table zero.
`include "cbit_assert.svh"

module cbit_tweak #(
  parameter int unsigned Lanes = 1,              // 1, 2, 4
  parameter int unsigned KeyBits = 128,          // 128, 256
  parameter int unsigned RoundsPerStage = 1,     // 1, 2
  parameter int unsigned TweakSbox = 2,          // 0 table in LUTs, 1 block RAM, 2 tower field
  parameter int unsigned KeySlots = 16,          // 16 to 1024
  parameter logic [5:0] ModesMask = 6'b010001,   // bit m: mode m is compiled in
  parameter int unsigned NumRd = 32,             // entries of the read table
  parameter int unsigned NumWr = 64,             // entries of the write table
  parameter int unsigned TestTweak = 0           // 1: override for test vectors compiled in
) (
  input  logic                 clk_i,
  input  logic                 rst_ni,
  // configuration
  input  logic [3:0]           mode_i,
  input  logic                 ovr_en_i,
  input  logic [127:0]         ovr_i,
  // jobs of the read table
  input  logic                 r_job_valid_i,
  input  cbit_pkg::tweak_job_t r_job_i,
  // jobs of the write table
  input  logic                 w_job_valid_i,
  input  cbit_pkg::tweak_job_t w_job_i,
  // results for the read table, with the first round key of the data key
  output logic                 tw_r_we_o,
  output logic [7:0]           tw_r_entry_o,
  output logic [5:0]           tw_r_unit_o,
  output logic [127:0]         tw_r_t_o,
  output logic [127:0]         tw_r_dk0_o,
  // results for the write table
  output logic                 tw_w_we_o,
  output logic [7:0]           tw_w_entry_o,
  output logic [5:0]           tw_w_unit_o,
  output logic [127:0]         tw_w_t_o,
  // round keys of K2, 0 .. N
  input  logic                 kw_valid_i,
  input  logic [9:0]           kw_slot_i,
  input  logic [3:0]           kw_round_i,
  input  logic [127:0]         kw_key_i,
  // round key 0 of the decrypt direction of K1
  input  logic                 kd_valid_i,
  input  logic [9:0]           kd_slot_i,
  input  logic [127:0]         kd_key_i,
  // linear table, index 4 .. 51
  input  logic                 tt_we_i,
  input  logic [5:0]           tt_index_i,
  input  logic [127:0]         tt_data_i
);

  localparam int unsigned SlotW = $clog2(KeySlots);
  localparam int unsigned WindowW = 8 + $clog2(Lanes);   // a window is 16 beats of the data bus
  localparam bit HasBlock = ModesMask[3:1] != '0;
  localparam bit HasLine = ModesMask[5:4] != '0;
  localparam int unsigned UnitW = HasBlock ? WindowW - 4 : WindowW - 6;
  localparam int unsigned Pipes = (Lanes == 4) ? 2 : 1;

  // ---- generators: index 0 read table, 1 write table ----
  logic [1:0]                  req, gnt;
  logic [1:0][7:0]             entry;
  logic [1:0][SlotW-1:0]       slot;
  logic [1:0][51:WindowW]      window;
  logic [1:0][UnitW-1:0]       num;

  cbit_tweak_gen #(
    .NumEntries(NumRd),
    .SlotW     (SlotW),
    .WindowW   (WindowW),
    .UnitW     (UnitW)
  ) u_gen_r (
    .clk_i,
    .rst_ni,
    .job_valid_i(r_job_valid_i),
    .job_i      (r_job_i),
    .req_o      (req[0]),
    .gnt_i      (gnt[0]),
    .entry_o    (entry[0]),
    .slot_o     (slot[0]),
    .window_o   (window[0]),
    .unit_o     (num[0])
  );

  cbit_tweak_gen #(
    .NumEntries(NumWr),
    .SlotW     (SlotW),
    .WindowW   (WindowW),
    .UnitW     (UnitW)
  ) u_gen_w (
    .clk_i,
    .rst_ni,
    .job_valid_i(w_job_valid_i),
    .job_i      (w_job_i),
    .req_o      (req[1]),
    .gnt_i      (gnt[1]),
    .entry_o    (entry[1]),
    .slot_o     (slot[1]),
    .window_o   (window[1]),
    .unit_o     (num[1])
  );

  // address bits 51:4 of a unit: the window, and the unit as line or as block in it
  logic             line_mode;
  logic [1:0][51:4] spa;

  assign line_mode = !HasBlock || (HasLine && (mode_i == 4'd4 || mode_i == 4'd5));

  for (genvar x = 0; x < 2; x++) begin : gen_spa
    if (HasBlock) begin : gen_both
      assign spa[x] = line_mode ? {window[x], num[x][UnitW-3:0], 2'b00} : {window[x], num[x]};
    end else begin : gen_line
      assign spa[x] = {window[x], num[x], 2'b00};
    end
  end

  // ---- pipes: one shared, or one for each ----
  logic [Pipes-1:0]            in_valid, in_read, out_read, out_write;
  logic [Pipes-1:0][7:0]       in_entry, out_entry;
  logic [Pipes-1:0][SlotW-1:0] in_slot;
  logic [Pipes-1:0][UnitW-1:0] in_unit, out_unit;
  logic [Pipes-1:0][51:4]      in_spa;
  logic [Pipes-1:0][127:0]     out_t, out_dk0;

  if (Pipes == 2) begin : gen_two
    assign gnt = req;
    assign in_valid = req;
    assign in_read = 2'b01;
    assign in_entry = entry;
    assign in_slot = slot;
    assign in_unit = num;
    assign in_spa = spa;
  end else begin : gen_one
    cbit_rr_arb #(
      .N(2)
    ) u_arb (
      .clk_i,
      .rst_ni,
      .req_i(req),
      .gnt_o(gnt),
      .ack_i(1'b1)
    );

    assign in_valid = |gnt;
    assign in_read = gnt[0];
    assign in_entry = gnt[0] ? entry[0] : entry[1];
    assign in_slot = gnt[0] ? slot[0] : slot[1];
    assign in_unit = gnt[0] ? num[0] : num[1];
    assign in_spa = gnt[0] ? spa[0] : spa[1];
  end

  for (genvar p = 0; p < Pipes; p++) begin : gen_pipe
    cbit_tweak_pipe #(
      .KeyBits       (KeyBits),
      .RoundsPerStage(RoundsPerStage),
      .Sbox          (TweakSbox),
      .KeySlots      (KeySlots),
      .SlotW         (SlotW),
      .UnitW         (UnitW),
      .ModesMask     (ModesMask),
      .HasRead       ((p == 0) ? 1 : 0),
      .TestTweak     (TestTweak)
    ) u_pipe (
      .clk_i,
      .rst_ni,
      .mode_i,
      .ovr_en_i,
      .ovr_i,
      .valid_i(in_valid[p]),
      .read_i (in_read[p]),
      .entry_i(in_entry[p]),
      .slot_i (in_slot[p]),
      .unit_i (in_unit[p]),
      .spa_i  (in_spa[p]),
      .read_valid_o (out_read[p]),
      .write_valid_o(out_write[p]),
      .entry_o(out_entry[p]),
      .unit_o (out_unit[p]),
      .t_o    (out_t[p]),
      .dk0_o  (out_dk0[p]),
      .kw_valid_i,
      .kw_slot_i,
      .kw_round_i,
      .kw_key_i,
      .kd_valid_i,
      .kd_slot_i,
      .kd_key_i,
      .tt_we_i,
      .tt_index_i,
      .tt_data_i
    );
  end

  // ---- results ----
  localparam int unsigned PipeW = Pipes - 1;   // pipe of the write table

  assign tw_r_we_o = out_read[0];
  assign tw_r_entry_o = out_entry[0];
  assign tw_r_unit_o = 6'(out_unit[0]);
  assign tw_r_t_o = out_t[0];
  assign tw_r_dk0_o = out_dk0[0];

  assign tw_w_we_o = out_write[PipeW];
  assign tw_w_entry_o = out_entry[PipeW];
  assign tw_w_unit_o = 6'(out_unit[PipeW]);
  assign tw_w_t_o = out_t[PipeW];

  logic unused_pipe;
  assign unused_pipe = ^{out_dk0[PipeW], out_write[0], out_read[PipeW], line_mode};

  `CBIT_ASSERT_INIT(TweakLanes, Lanes == 1 || Lanes == 2 || Lanes == 4)
  `CBIT_ASSERT_INIT(TweakTables, NumRd >= 2 && NumRd <= 256 && NumWr >= 2 && NumWr <= 256)

endmodule
