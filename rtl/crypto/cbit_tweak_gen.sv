// SPDX-License-Identifier: Apache-2.0
//
// cbit_tweak_gen: job queue of one requester and the generator of its units.
//
// Where: twice in cbit_tweak, for the read table and for the write table.
// Latency: a job pushed at the end of cycle p asks for its first unit in cycle p+1; after a grant
// the next unit is asked for in the next cycle. Units run from first upwards and wrap from hi to
// lo, which is the order of a WRAP burst. The queue holds one job per table entry and cannot
// overflow. Reset: queue empty.
// Only what can differ is kept: slot and entry in the bits they need, and the address above the
// window; the offset in the window is the unit. The unit numbers, which say when a job is over,
// have a queue of their own: it is narrow, so it becomes LUT RAM and is read quickly, while the
// rest may be block RAM.
`include "cbit_assert.svh"

module cbit_tweak_gen #(
  parameter int unsigned NumEntries = 32,   // table entries of the requester = depth of the queue
  parameter int unsigned SlotW = 4,         // bits of a slot
  parameter int unsigned WindowW = 8,       // address bits inside a window
  parameter int unsigned UnitW = 2          // bits of a unit number
) (
  input  logic                       clk_i,
  input  logic                       rst_ni,
  // jobs
  input  logic                       job_valid_i,
  input  cbit_pkg::tweak_job_t       job_i,
  // current unit
  output logic                       req_o,
  input  logic                       gnt_i,
  output logic [7:0]                 entry_o,
  output logic [SlotW-1:0]           slot_o,
  output logic [51:WindowW]          window_o,
  output logic [UnitW-1:0]           unit_o
);

  localparam int unsigned EntryW = $clog2(NumEntries);
  localparam int unsigned CountW = $clog2(NumEntries + 1);

  typedef struct packed {
    logic [EntryW-1:0] entry;
    logic [SlotW-1:0]  slot;
    logic [51:WindowW] window;
  } job_t;

  typedef struct packed {
    logic [UnitW-1:0]  lo;
    logic [UnitW-1:0]  hi;
    logic [UnitW-1:0]  first;
  } units_t;

  job_t   push, head;
  units_t push_units, units_in;
  logic   ready, units_ready, units_valid, pop, last;
  logic [CountW-1:0] count, units_count;
  logic [UnitW:0]   todo, left_d, left_q;   // todo: units still to do, this one included
  logic [UnitW-1:0] unit_d, unit_q;

  assign push.entry = job_i.entry[EntryW-1:0];
  assign push.slot = job_i.slot[SlotW-1:0];
  assign push.window = job_i.spa[51:WindowW];
  assign push_units.lo = job_i.lo[UnitW-1:0];
  assign push_units.hi = job_i.hi[UnitW-1:0];
  assign push_units.first = job_i.first[UnitW-1:0];

  cbit_fifo #(
    .Width($bits(job_t)),
    .Depth(NumEntries)
  ) u_jobs (
    .clk_i,
    .rst_ni,
    .in_valid_i (job_valid_i),
    .in_ready_o (ready),
    .in_data_i  (push),
    .out_valid_o(req_o),
    .out_ready_i(pop),
    .out_data_o (head),
    .count_o    (count)
  );

  cbit_fifo #(
    .Width($bits(units_t)),
    .Depth(NumEntries)
  ) u_units (
    .clk_i,
    .rst_ni,
    .in_valid_i (job_valid_i),
    .in_ready_o (units_ready),
    .in_data_i  (push_units),
    .out_valid_o(units_valid),
    .out_ready_i(pop),
    .out_data_o (units_in),
    .count_o    (units_count)
  );

  // left_q = 0: the head job has not started, take all of it
  assign unit_o = (left_q == '0) ? units_in.first : unit_q;
  assign todo = (left_q == '0) ? {1'b0, units_in.hi} - {1'b0, units_in.lo} + (UnitW+1)'(1) : left_q;
  assign last = todo == (UnitW+1)'(1);
  assign pop = gnt_i && last;

  always_comb begin
    left_d = left_q;
    unit_d = unit_q;
    if (req_o && gnt_i) begin
      left_d = todo - (UnitW+1)'(1);
      unit_d = (unit_o == units_in.hi) ? units_in.lo : unit_o + UnitW'(1);
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      left_q <= '0;
      unit_q <= '0;
    end else begin
      left_q <= left_d;
      unit_q <= unit_d;
    end
  end

  assign entry_o = 8'(head.entry);
  assign slot_o = head.slot;
  assign window_o = head.window;

  logic unused_job;
  assign unused_job = ^{ready, count, units_ready, units_valid, units_count, job_i};

  `CBIT_ASSERT(TweakJobRoom, !job_valid_i || ready)
  `CBIT_ASSERT(TweakJobOrder, !job_valid_i || job_i.lo <= job_i.hi)
  `CBIT_ASSERT(TweakJobFirst, !job_valid_i || (job_i.first >= job_i.lo && job_i.first <= job_i.hi))
  `CBIT_ASSERT(TweakGrantAsked, !gnt_i || req_o)

endmodule
