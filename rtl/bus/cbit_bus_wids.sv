// SPDX-License-Identifier: Apache-2.0
//
// cbit_bus_wids: the live write entries of every ID in request order.
//
// Where: write table. AXI4 wants the responses of one ID in request order (Arm IHI 0022, A5.3). The
// page keeps a position per entry; here the same order is a linked list per ID: position 0 is the
// bit first_o, "the entry with position 1" is the successor of the first one. So nothing is
// compared or counted over all entries.
// Latency: allocation and completion act at the edge; lookups are combinational from registers.
// Source: docs/units/bus_write.md, section B. Reset: all lists empty.
//
// The list of an ID is found by memories indexed by ID; busy_q says whether the ID has a live
// entry, that is, whether its words mean anything; it is read beside them, so that a response finds
// its entry after one memory read.
`include "cbit_assert.svh"

module cbit_bus_wids #(
  parameter int unsigned NumWr = 64,
  parameter int unsigned IdW = 8,
  localparam int unsigned EntW = $clog2(NumWr)
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  // entries that are not FREE and not DONE, and those of them at position 0 of their ID
  input  logic [NumWr-1:0] live_i,
  output logic [NumWr-1:0] first_o,
  // allocation at the end of this cycle; fresh: the free entry it would take, one-hot, or none
  input  logic [NumWr-1:0] fresh_i,
  input  logic             alloc_i,
  input  logic             alloc_may_i,    // there is a free entry
  input  logic [EntW-1:0]  alloc_e_i,
  input  logic [IdW-1:0]   alloc_id_i,
  output logic             has_pred_o,
  // the two entries that the response stage may look at, and the next one of the ID of each; the
  // one it looks at, its ID, and its completion at the end of this cycle
  input  logic [EntW-1:0]  bq_e_i,
  input  logic [EntW-1:0]  own_e_i,
  output logic [EntW-1:0]  bq_next_e_o,
  output logic [EntW-1:0]  own_next_e_o,
  input  logic             use_own_i,
  input  logic [EntW-1:0]  look_e_i,
  output logic [IdW-1:0]   look_id_o,
  input  logic             done_i,
  output logic             next_valid_o,   // a younger entry of the ID is in the table
  output logic [EntW-1:0]  next_e_o,
  // entry at position 0 of an ID
  input  logic [IdW-1:0]   find_id_i,
  output logic             find_valid_o,
  output logic [EntW-1:0]  find_e_o
);

  logic [NumWr-1:0]    first_d, first_q, has_next_d, has_next_q;
  logic [(1<<IdW)-1:0] busy_q;
  logic [EntW-1:0]     tail_e;
  logic                busy, has_pred, tail_look;
  // entry that becomes the first
  logic [EntW-1:0]  set_e;
  logic             set;
  logic [NumWr-1:0] set_hot;

  assign set_e = next_valid_o ? next_e_o : alloc_e_i;
  assign set = done_i && (next_valid_o || tail_look);
  cbit_idx_onehot #(.N(NumWr)) u_set_hot (.en_i(set), .idx_i(set_e), .onehot_o(set_hot));

  assign first_o = first_q;
  assign has_pred_o = has_pred;

  // ---- allocation: behind the youngest live entry of the ID, if that stays live ----
  assign tail_look = look_e_i == tail_e;
  assign busy = busy_q[alloc_id_i];
  assign has_pred = busy && !(done_i && tail_look);

  // That the entry has a younger one is in the vector a cycle later: until then beside it.
  logic             link_q;
  logic [EntW-1:0]  link_e_q;
  logic [NumWr-1:0] link_hot;

  always_ff @(posedge clk_i) begin
    link_q <= rst_ni && alloc_i && busy;
    link_e_q <= tail_e;
  end

  cbit_idx_onehot #(.N(NumWr)) u_link_hot (.en_i(link_q), .idx_i(link_e_q), .onehot_o(link_hot));

  // looked up for both, as the choice is late
  logic bq_has, own_has;
  assign bq_has = has_next_q[bq_e_i] || (link_q && link_e_q == bq_e_i);
  assign own_has = has_next_q[own_e_i] || (link_q && link_e_q == own_e_i);
  assign next_valid_o = use_own_i ? own_has : bq_has;

  // ---- completion: the successor becomes the first, be it the one that is allocated now ----
  // What is said of an entry that is not allocated, or is done, means nothing; with a full table
  // alloc_e_i is the oldest entry, the first of its ID anyway.
  always_comb begin
    first_d = first_q & ~fresh_i;
    has_next_d = has_next_q & ~fresh_i;
    if (!busy) begin
      first_d = first_d | fresh_i;
    end
    first_d = first_d | set_hot;
    has_next_d = has_next_d | link_hot;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      first_q <= '0;
      has_next_q <= '0;
      busy_q <= '0;
    end else begin
      first_q <= first_d;
      has_next_q <= has_next_d;
      if (done_i) begin
        busy_q[look_id_o] <= next_valid_o;
      end
      // after the completion: an entry of the same ID that comes now keeps it busy
      if (alloc_i) begin
        busy_q[alloc_id_i] <= 1'b1;
      end
    end
  end

  // ---- lookup ----
  assign find_valid_o = busy_q[find_id_i];

  logic [1:0][EntW-1:0] unused_either;
  logic                 unused_second;
  cbit_bus_heads #(
    .Num(NumWr),
    .IdW(IdW)
  ) u_heads (
    .clk_i,
    .rst_ni,
    .born_i      (!has_pred),
    .born_id_i   (alloc_id_i),
    .born_idx_i  (alloc_e_i),
    .done_i,
    .done_id_i   (look_id_o),
    .next_idx_i  (next_e_o),
    .find_id_i,
    .idx_o       (find_e_o),
    .idx_either_o(unused_either),
    .second_o    (unused_second)
  );

  // ---- memories by ID ----
  // Heads of an ID without a live entry, and the successor of an entry that has none, may be
  // written before it is known whether there is an allocation.
  cbit_ram_1r1w #(.Width(EntW), .Depth(1 << IdW), .Sync(0), .Style("distributed")) u_tail (
    .clk_i,
    .we_i(alloc_i), .waddr_i(alloc_id_i), .wbe_i('1), .wdata_i(alloc_e_i),
    .re_i(1'b1), .raddr_i(alloc_id_i), .rdata_o(tail_e)
  );

  // ---- memories by entry ----
  cbit_ram_1r1w #(.Width(EntW), .Depth(NumWr), .Sync(0), .Style("distributed")) u_bq_next (
    .clk_i,
    .we_i(busy), .waddr_i(tail_e), .wbe_i('1), .wdata_i(alloc_e_i),
    .re_i(1'b1), .raddr_i(bq_e_i), .rdata_o(bq_next_e_o)
  );

  cbit_ram_1r1w #(.Width(EntW), .Depth(NumWr), .Sync(0), .Style("distributed")) u_own_next (
    .clk_i,
    .we_i(busy), .waddr_i(tail_e), .wbe_i('1), .wdata_i(alloc_e_i),
    .re_i(1'b1), .raddr_i(own_e_i), .rdata_o(own_next_e_o)
  );

  assign next_e_o = use_own_i ? own_next_e_o : bq_next_e_o;

  cbit_ram_1r1w #(.Width(IdW), .Depth(NumWr), .Sync(0), .Style("distributed")) u_id (
    .clk_i,
    .we_i(alloc_may_i), .waddr_i(alloc_e_i), .wbe_i('1), .wdata_i(alloc_id_i),
    .re_i(1'b1), .raddr_i(look_e_i), .rdata_o(look_id_o)
  );

  // what is found is the first live entry; the tail is live; only the first of an ID completes
  `CBIT_ASSERT(WIdsHead, !find_valid_o || (live_i[find_e_o] && first_q[find_e_o]))
  `CBIT_ASSERT(WIdsTail, !(alloc_i && has_pred) || live_i[tail_e])
  `CBIT_ASSERT(WIdsDoneFirst, !done_i || (live_i[look_e_i] && first_q[look_e_i]))
  `CBIT_ASSERT(WIdsNextLive, !(done_i && next_valid_o) || (live_i[next_e_o] && !first_q[next_e_o]))

endmodule
