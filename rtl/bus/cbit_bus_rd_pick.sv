// SPDX-License-Identifier: Apache-2.0
//
// cbit_bus_rd_pick: which refused burst gets the next beat of its answer: the lowest entry whose
// turn it is.
//
// Where: inside cbit_bus_rd_table. A search through all entries and then the look at the entry it
// found would be too long for one cycle, so the pick of the last cycle is kept, and only compared
// with the two entries at most that have joined since: one that was allocated as the first of its
// id, and one that came first because a beat of the DRAM ended the burst before it. An injected
// beat can take a candidate away; no beat is injected in the cycle behind one, which is the time
// for the search.
// Latency: the pick is that of the candidates of the cycle, from registers.
// Source: docs/units/bus_read.md (R side: cand, inj).
`include "cbit_assert.svh"

module cbit_bus_rd_pick #(
  parameter int unsigned NumRd = 32,
  localparam int unsigned IdxW = $clog2(NumRd)
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  // all candidates; for the search
  input  logic [NumRd-1:0] cand_i,
  // a refused burst was allocated at the last edge, and is the first of its id
  input  logic             new_i,
  input  logic [IdxW-1:0]  new_idx_i,
  // a refused burst came first at the last edge
  input  logic             next_i,
  input  logic [IdxW-1:0]  next_idx_i,
  // the pick
  output logic             valid_o,
  output logic [IdxW-1:0]  idx_o,
  output logic             next_o,       // it is the one that came first ...
  output logic             kept_o,       // ... or that was kept ...
  output logic [IdxW-1:0]  kept_idx_o,   // ... which is this
  input  logic             inj_i         // it gets a beat; never in two cycles in a row
);

  logic             kept_d, kept_q, inj_q;
  logic [IdxW-1:0]  kept_idx_d, kept_idx_q;
  logic             take_new, take_next;

  assign take_new = new_i && !(kept_q && kept_idx_q < new_idx_i) &&
                    !(next_i && next_idx_i < new_idx_i);
  assign take_next = next_i && !(kept_q && kept_idx_q < next_idx_i) &&
                     !(new_i && new_idx_i < next_idx_i);
  assign valid_o = kept_q || new_i || next_i;
  assign next_o = take_next;
  assign kept_o = !take_new && !take_next;
  assign kept_idx_o = kept_idx_q;
  always_comb begin
    idx_o = kept_idx_q;
    if (take_new) begin
      idx_o = new_idx_i;
    end
    if (take_next) begin
      idx_o = next_idx_i;
    end
  end

  // ---- search: lowest bit that is set, and its number ----
  logic [NumRd-1:0] below, lowest;
  logic [IdxW-1:0]  found;

  always_comb begin
    below = cand_i;   // some bit at or below this one is set
    for (int unsigned s = 1; s < NumRd; s = s * 2) begin
      below = below | (below << s);
    end
    lowest = cand_i & ~(below << 1);
  end

  cbit_onehot_idx #(.N(NumRd)) u_found (.onehot_i(lowest), .idx_o(found));

  assign kept_d = inj_q ? cand_i != '0 : valid_o;
  assign kept_idx_d = inj_q ? found : idx_o;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      kept_q <= 1'b0;
      inj_q <= 1'b0;
    end else begin
      kept_q <= kept_d;
      inj_q <= inj_i;
    end
    kept_idx_q <= kept_idx_d;
  end

  // in the cycle behind an injected beat nothing is picked
  `CBIT_ASSERT(RdPickPause, !(inj_q && inj_i))
  `CBIT_ASSERT(RdPickValid, inj_q || valid_o == (cand_i != '0))
  `CBIT_ASSERT(RdPickLowest, inj_q || !valid_o || idx_o == found)

endmodule
