// SPDX-License-Identifier: Apache-2.0
//
// cbit_bus_rd_table: the entries of the read path, one per burst on the DRAM side.
//
// Where: inside cbit_bus_read; looked at from four places: allocation (AR side), the R pins of the
// DRAM (which entry does this beat belong to), the head of the read queue (what is this beat), and
// the results of the tweak unit.
// Latency: all answers are combinational from registers; changes are seen from the next cycle on.
// Source: docs/units/bus_read.md (registers, allocation, R side, head).
//
// What every entry must be asked at the same time (valid, done, kind, dead, id, slot) is in
// registers. All else is asked for one entry at a time and sits in small memories. Where a value
// has two writers (allocation and progress), there is a memory for each and a bit per entry that
// says which of the two holds: walk (progress of a burst) and seen (a tweak result came).
//
// Order of the entries of one id: only pos = 0 is ever asked, so instead of the position each
// entry keeps the entry it is behind (pred) and a bit that says it is first (pos = 0), which is set
// when pred is done. The youngest live entry of an id carries the tail bit. Which entry moves up
// when a beat of the DRAM ends one must be known for the very next beat: the entry behind the first
// one carries the second bit, and the id of the beat says that it moves.
//
// Timing: whether an entry is allocated, and whether a beat comes, is known late in a cycle. So the
// free entry is loaded in every cycle with what would be allocated, and the allocation itself is
// only its valid bit; and who comes first, or second, when an entry is done is seen in the next
// cycle.
`include "cbit_assert.svh"

module cbit_bus_rd_table
  import cbit_pkg::*;
#(
  parameter int unsigned Lanes = 1,       // 1, 2, 4
  parameter int unsigned NumRd = 32,      // entries, 4 to 64
  parameter int unsigned KeySlots = 16,
  parameter int unsigned IdWidth = 4,     // ID bits of the requester in use, the others are zero
  parameter logic [5:0]  ModesMask = 6'b010001,
  parameter int unsigned Rmp = 0,
  localparam int unsigned IdxW = $clog2(NumRd),
  localparam int unsigned Lb = 4 + $clog2(Lanes),
  localparam bit          HasBlock = ModesMask[3:1] != '0,
  localparam int unsigned TvN = HasBlock ? 16 : 4 * Lanes   // words of tweaks of an entry
) (
  input  logic                 clk_i,
  input  logic                 rst_ni,
  input  logic                 kill_i,
  input  logic                 line_i,          // tweak units are lines
  // allocation
  output logic                 free_o,
  output logic [IdxW-1:0]      free_idx_o,
  input  logic                 alloc_try_i,     // there is something to allocate; early ...
  input  logic                 alloc_i,         // ... and it is done; late
  input  logic                 alloc_rmw_i,     // for a read-modify-write
  input  logic [IdW-1:0]       alloc_id_i,      // of the requester's burst
  input  logic [IdW-1:0]       alloc_rmw_id_i,
  input  logic                 alloc_load_i,    // late: the requester's burst changes ...
  input  logic [IdW-1:0]       alloc_next_id_i, // ... to one of this id
  input  logic [7:0]           alloc_tag_i,     // of a read-modify-write
  input  logic                 alloc_enc_i,
  input  logic                 alloc_fault_i,   // it is refused; early
  input  logic                 alloc_dead_i,
  input  logic                 alloc_deny_i,    // the RMP check denies it, and it goes out
  input  logic                 alloc_last_i,    // last chunk of its burst
  input  slot_t                alloc_slot_i,
  input  logic [3:0]           alloc_row_i,
  input  logic [Lb-1:0]        alloc_col_i,
  input  logic [7:0]           alloc_rem_i,
  input  logic                 alloc_rem0_i,    // it is 0
  input  logic [2:0]           alloc_size_i,
  input  logic                 alloc_stay_i,
  input  logic [3:0]           alloc_wmask_i,
  input  logic [6:0]           alloc_units_i,
  output logic                 id_refused_o,    // a refused burst of alloc_id_i waits
  // the check denies it after all: the entry of the cycle before
  input  logic                 late_i,
  input  logic [IdxW-1:0]      late_idx_i,
  // answers to refused bursts
  output logic                 inj_valid_o,
  output logic [IdxW-1:0]      inj_idx_o,
  output logic                 inj_last_o,
  output logic [IdW-1:0]       inj_id_o,
  input  logic                 inj_i,
  // beats of the DRAM, not together with inj_i
  input  logic                 beat_i,
  input  logic [IdW:0]         beat_id_i,
  input  logic                 beat_last_i,
  output logic [IdxW-1:0]      beat_idx_o,
  output logic                 beat_enc_o,
  output logic                 beat_dead_o,
  output logic                 beat_deny_o,
  output logic                 beat_walk_o,
  output logic                 beat_rem0_o,
  output logic [TvN:0]         beat_tv_o,
  output logic [3:0]           beat_row_o,
  // entry of the head of the read queue
  input  logic [IdxW-1:0]      head_idx_i,
  input  logic [3:0][IdxW-1:0] head_idx_t_i,   // copies of it, for quarters of the tweaks
  input  logic                 head_walk_i,     // bits of the entry, kept beside the queue
  input  logic                 head_rem0_i,
  input  logic [TvN:0]         head_tv_i,
  input  logic [3:0]           head_row_i,
  output logic [7:0]           head_tag_o,
  output slot_t                head_slot_o,
  output logic                 head_last_o,     // last chunk
  output logic [3:0]           head_row_o,      // ENC: of the next beat
  output logic                 head_rem1_o,     // ENC: last beat but one
  output logic                 head_row_done_o, // ENC: last beat of its row
  output logic                 head_tv_o,       // tweak of the row is there
  output logic                 head_tdone_o,    // all tweak results are there
  output logic [128*Lanes-1:0] head_t_o,        // line modes: T of the line in lane 0
  output logic [127:0]         head_dk0_o,
  input  logic                 head_step_i,     // ENC: a beat left
  input  logic                 head_free_i,     // the last beat left
  // results of the tweak unit
  input  logic                 tw_we_i,
  input  logic [7:0]           tw_entry_i,
  input  logic [5:0]           tw_unit_i,
  input  logic [127:0]         tw_t_i,
  input  logic [127:0]         tw_dk0_i,
  output logic [TvN:0]         tw_set_o,        // the word that is complete with it; top: all are
  output logic                 idle_o,          // no entry is in use
  // slot life cycle
  input  logic [KeySlots-1:0]  slot_drain_i,
  output logic                 drain_o
);

  localparam int unsigned L = $clog2(Lanes);
  localparam int unsigned SlotIdxW = $clog2(KeySlots);
  localparam int unsigned TvW = $clog2(TvN);
  localparam int unsigned LeftW = HasBlock ? 7 : 5;          // at most 16 * Lanes or 4 * Lanes

  // what does not change while the entry lives
  typedef struct packed {
    logic               last;
    logic [SlotW-1:0]   slot;
    logic [2:0]         size;
    logic               stay;
    logic [3:0]         wmask;
    logic [7:0]         tag;
  } static_t;

  // where an encrypted burst is
  typedef struct packed {
    logic [Lb-1:0] col;
    logic [7:0]    rem;
  } walk_t;

  // state of the tweaks
  typedef struct packed {
    logic [TvN:0]     tv;      // which are there; top: all of them
    logic [LeftW-1:0] left;    // how many still come
  } tweak_t;

  // ---- what all entries are asked at once ----
  logic [NumRd-1:0]    v_d, v_q, live_d, live_q;   // live: v and not done
  logic [NumRd-1:0]    refused_d, refused_q;       // live and FAULT
  logic [NumRd-1:0]    dead_d, dead_q, enc_d, enc_q, fault_d, fault_q;
  logic [NumRd-1:0]    walk_d, walk_q, seen_d, seen_q;
  logic [NumRd-1:0]    first, first_beat, first_d, first_q, tail_d, tail_q;
  logic [NumRd-1:0]    second_d, second_q;   // right behind the first; or first
  logic [IdW:0]        id_q [NumRd];
  logic [IdxW-1:0]     pred_q [NumRd];

  // from each bit: whether it or one below it is set; steps of OR instead of a carry chain, which
  // would be slower
  function automatic logic [NumRd-1:0] upward(input logic [NumRd-1:0] x);
    logic [NumRd-1:0] below;
    below = x;
    for (int unsigned s = 1; s < NumRd; s = s * 2) begin
      below = below | (below << s);
    end
    return below;
  endfunction

  // ---- free entry: the lowest, and what will be it in the next cycle ----
  logic [NumRd-1:0] free_sel_d, free_sel_q, alloc_sel, head_sel;
  logic [NumRd-1:0] others, others_up;   // free entries but the lowest
  logic             under_first, under_second;
  logic [IdxW:0]    used_d, used_q;      // entries with v
  logic             full_d, full_q;

  assign free_o = !full_q;
  cbit_onehot_idx #(.N(NumRd)) u_free_idx (.onehot_i(free_sel_q), .idx_o(free_idx_o));
  assign alloc_sel = alloc_i ? free_sel_q : '0;
  assign head_sel = NumRd'(1) << head_idx_i;

  assign others = ~v_q & ~free_sel_q;
  assign others_up = upward(others);
  // the entry of the head, should it become free, would be the lowest
  assign under_first = full_q || head_idx_i < free_idx_o;
  assign under_second = !others_up[head_idx_i];
  // as ANDs and ORs: a choice of "as it was" would become a clock enable with all of this in front
  logic head_lowest;
  assign head_lowest = head_free_i && (alloc_i ? under_second : under_first);
  assign free_sel_d = ({NumRd{head_lowest}} & head_sel) |
                      ({NumRd{!head_lowest && alloc_i}} & others & ~(others_up << 1)) |
                      ({NumRd{!head_lowest && !alloc_i}} & free_sel_q);

  // "no entry is free" is kept in a register: the whole AR side waits for it
  always_comb begin
    used_d = used_q;
    full_d = full_q;
    if (alloc_i && !head_free_i) begin
      used_d = used_q + (IdxW+1)'(1);
      full_d = used_q == (IdxW+1)'(NumRd - 1);
    end else if (head_free_i && !alloc_i) begin
      used_d = used_q - (IdxW+1)'(1);
      full_d = 1'b0;
    end
  end

  // ---- first of an id: since when the entry before was done ----
  // an entry was done at the last edge ...
  logic             inj_gone_q;              // ... by an injected beat
  logic             moved_d, moved_q;        // ... by one of the DRAM, and one behind it moves up
  logic [NumRd-1:0] up_d, up_q;              // ... by one of the DRAM, of the id of these
  logic [IdxW-1:0]  link_idx_d, link_idx_q;  // inj_gone: the entry that was done; moved: the one
  logic [NumRd-1:0] linked;                  // that is first now; these are behind it

  // Behind a refused burst are refused ones only, so beats of the DRAM need not know of those.
  always_comb begin
    for (int unsigned e = 0; e < NumRd; e++) begin
      linked[e] = pred_q[e] == link_idx_q;
    end
    first_beat = first_q | (up_q & second_q);
    first = first_beat | ({NumRd{inj_gone_q}} & linked);
  end

  // ---- the head's step, which is known last, is in the table a cycle later: until then beside it ----
  logic             step_q;
  logic [IdxW-1:0]  step_idx_q;
  logic [NumRd-1:0] walk_now;

  always_ff @(posedge clk_i) begin
    step_q <= rst_ni && head_step_i;
    step_idx_q <= head_idx_i;
  end

  assign walk_now = walk_q | (step_q ? NumRd'(1) << step_idx_q : '0);

  // ---- which entry does the beat belong to; which is done with it ----
  logic [NumRd-1:0] id_hit, hit, inj_sel, done_sel, tw_sel;
  logic             beat_done, inj_done;

  always_comb begin
    for (int unsigned e = 0; e < NumRd; e++) begin
      id_hit[e] = id_q[e] == beat_id_i;
    end
  end
  assign hit = live_q & first_beat & ~fault_q & id_hit;
  assign tw_sel = tw_we_i ? NumRd'(1) << tw_entry_i[IdxW-1:0] : '0;
  assign beat_dead_o = (hit & dead_q) != '0;
  assign beat_walk_o = (hit & walk_now) != '0;

  // the check denies it: since its allocation, or since the cycle after, when its first beat may
  // come in
  if (Rmp != 0) begin : gen_deny
    logic [NumRd-1:0] deny_q, deny_now;

    assign deny_now = deny_q | (late_i ? NumRd'(1) << late_idx_i : '0);
    always_ff @(posedge clk_i) begin
      deny_q <= (deny_now & ~free_sel_q) | (free_sel_q & {NumRd{alloc_deny_i}});
    end
    assign beat_deny_o = (hit & deny_now) != '0;

    `CBIT_ASSERT(RdTableLate, !late_i || (v_q[late_idx_i] && !fault_q[late_idx_i]))
  end else begin : gen_no_deny
    logic unused_deny;
    assign unused_deny = ^{alloc_deny_i, late_i, late_idx_i};
    assign beat_deny_o = 1'b0;
  end

  assign inj_sel = NumRd'(1) << inj_idx_o;
  assign beat_done = beat_i && beat_last_i;
  assign inj_done = inj_i && inj_last_o;
  assign done_sel = (hit & {NumRd{beat_done}}) | (inj_sel & {NumRd{inj_done}});
  assign moved_d = beat_done && (hit & ~tail_q) != '0;

  // ---- place of a new entry: behind the youngest live one of its id ----
  logic [NumRd-1:0] id_next, id_rmw, own_d, own_q, alloc_match, alloc_pred;
  logic [NumRd-1:0] pred_host, pred_rmw;
  logic             own_new;
  logic [IdxW-1:0]  pred_host_idx, pred_rmw_idx, alloc_pred_idx;
  logic             alloc_first, alloc_second, alloc_up;

  // own: the entry has the id of the requester's burst. Known from a register: the ids are compared
  // when the burst becomes the one to be allocated.
  always_comb begin
    for (int unsigned e = 0; e < NumRd; e++) begin
      id_next[e] = id_q[e] == {1'b0, alloc_next_id_i};
      id_rmw[e] = id_q[e] == {1'b1, alloc_rmw_id_i};
    end
    own_new = !alloc_rmw_i && (!alloc_load_i || alloc_next_id_i == alloc_id_i);
    own_d = ((alloc_load_i ? id_next : own_q) & ~free_sel_q) | ({NumRd{own_new}} & free_sel_q);
    alloc_match = live_q & (alloc_rmw_i ? id_rmw : own_q);
  end
  always_ff @(posedge clk_i) begin
    own_q <= own_d;
  end
  assign alloc_pred = alloc_match & tail_q;
  // for whom it is allocated is late: found for both, and chosen at the end
  assign pred_host = live_q & own_q & tail_q;
  assign pred_rmw = live_q & id_rmw & tail_q;
  cbit_onehot_idx #(.N(NumRd)) u_pred_host (.onehot_i(pred_host), .idx_o(pred_host_idx));
  cbit_onehot_idx #(.N(NumRd)) u_pred_rmw (.onehot_i(pred_rmw), .idx_o(pred_rmw_idx));
  assign alloc_pred_idx = alloc_rmw_i ? pred_rmw_idx : pred_host_idx;
  assign alloc_first = alloc_rmw_i ? pred_rmw == '0 : pred_host == '0;
  assign alloc_second = alloc_rmw_i ? (pred_rmw & first) != '0 : (pred_host & first) != '0;
  // the beat is of the id of what is allocated
  assign alloc_up = alloc_rmw_i ? beat_id_i == {1'b1, alloc_rmw_id_i} :
                                  beat_id_i == {1'b0, alloc_id_i};
  assign up_d = {NumRd{beat_done}} &
                ((id_hit & ~free_sel_q) | (free_sel_q & {NumRd{alloc_up}}));

  // told a cycle ahead for the burst that is the head then (held_q); a refused head that makes way
  // for it is allocated
  always_ff @(posedge clk_i) begin
    id_refused_o <= alloc_load_i ?
        (refused_q & id_next) != '0 || (alloc_fault_i && alloc_next_id_i == alloc_id_i) :
        (refused_q & own_q) != '0;
  end

  // ---- the same entry as a number, looked up ----
  // Behind an entry that is the youngest comes the one that is allocated now, or none.
  // Refused bursts get no beats: which of them comes next is not kept there.
  logic                 born;
  logic [IdWidth:0]     born_id, beat_mem_id;   // bits in use
  logic [IdxW-1:0]      next_idx_d, behind_idx;
  logic [1:0][IdxW-1:0] beat_either;
  logic                 beat_second;
  assign born = alloc_try_i && alloc_first;
  assign born_id = alloc_rmw_i ? {1'b1, alloc_rmw_id_i[IdWidth-1:0]} :
                                 {1'b0, alloc_id_i[IdWidth-1:0]};
  assign beat_mem_id = {beat_id_i[IdW], beat_id_i[IdWidth-1:0]};
  assign behind_idx = (hit & tail_q) != '0 ? free_idx_o : next_idx_d;

  cbit_bus_heads #(
    .Num(NumRd),
    .IdW(IdWidth + 1)
  ) u_heads (
    .clk_i,
    .rst_ni,
    .born_i      (born),
    .born_id_i   (born_id),
    .born_idx_i  (free_idx_o),
    .done_i      (beat_done),
    .done_id_i   (beat_mem_id),
    .next_idx_i  (behind_idx),
    .find_id_i   (beat_mem_id),
    .idx_o       (beat_idx_o),
    .idx_either_o(beat_either),
    .second_o    (beat_second)
  );

  // ---- refused bursts whose turn it is: the lowest, chosen a cycle ahead ----
  logic [NumRd-1:0] cand, cand_up;
  logic [IdxW-1:0]  cand_idx;

  assign cand = refused_q & first;
  assign cand_up = upward(cand);
  cbit_onehot_idx #(.N(NumRd)) u_cand_idx (.onehot_i(cand & ~(cand_up << 1)), .idx_o(cand_idx));

  always_ff @(posedge clk_i) begin
    inj_valid_o <= rst_ni && cand != '0;
    inj_idx_o <= cand_idx;
  end

  logic       inj_walk, last_start, last_walk;
  logic [7:0] inj_rem, inj_rem_start, inj_rem_walk;

  assign inj_walk = walk_q[inj_idx_o];
  assign inj_rem = inj_walk ? inj_rem_walk : inj_rem_start;
  assign inj_last_o = inj_walk ? last_walk : last_start;

  // ---- the entry behind each: who is first now ----
  assign link_idx_d = inj_i ? inj_idx_o : next_idx_d;

  cbit_ram_1r1w #(
    .Width(IdxW), .Depth(NumRd), .Sync(0), .Style("distributed")
  ) u_behind (
    .clk_i, .we_i(alloc_try_i && !alloc_first), .waddr_i(alloc_pred_idx),
    .wbe_i('1), .wdata_i(free_idx_o), .re_i(1'b1), .raddr_i(beat_idx_o), .rdata_o(next_idx_d)
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      inj_gone_q <= 1'b0;
      moved_q <= 1'b0;
    end else begin
      inj_gone_q <= inj_done;
      moved_q <= moved_d;
    end
    link_idx_q <= link_idx_d;
    up_q <= up_d;
  end

  // ---- next state ----
  static_t alloc_static, head_static;
  walk_t   alloc_walk, head_start, head_walk, head_next, head_now;

  always_comb begin
    // late: what is allocated, and what is over
    v_d = v_q | alloc_sel;
    if (head_free_i) begin
      v_d = v_d & ~head_sel;
    end
    live_d = (live_q | alloc_sel) & ~done_sel;
    refused_d = refused_q & ~(inj_sel & {NumRd{inj_done}});
    if (alloc_fault_i) begin
      refused_d = refused_d | alloc_sel;
    end
    tail_d = (tail_q & ~(alloc_i ? alloc_match : '0)) | free_sel_q;
    // early: the free entry is loaded with what may be allocated
    enc_d = (enc_q & ~free_sel_q) | (free_sel_q & {NumRd{alloc_enc_i}});
    fault_d = (fault_q & ~free_sel_q) | (free_sel_q & {NumRd{alloc_fault_i}});
    first_d = (first & ~free_sel_q) | (free_sel_q & {NumRd{alloc_first}});
    second_d = ((second_q | ({NumRd{moved_q}} & linked)) & ~free_sel_q) |
               (free_sel_q & {NumRd{alloc_second}});
    dead_d = dead_q;
    if (kill_i) begin
      dead_d = dead_d | enc_q;
    end
    dead_d = (dead_d & ~free_sel_q) | (free_sel_q & {NumRd{alloc_dead_i}});
    walk_d = walk_now;
    if (inj_i) begin
      walk_d = walk_d | inj_sel;
    end
    walk_d = walk_d & ~free_sel_q;
    seen_d = (seen_q & ~free_sel_q) | tw_sel;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      v_q <= '0;
      live_q <= '0;
      refused_q <= '0;
      free_sel_q <= NumRd'(1);
      used_q <= '0;
      full_q <= 1'b0;
    end else begin
      v_q <= v_d;
      live_q <= live_d;
      refused_q <= refused_d;
      free_sel_q <= free_sel_d;
      used_q <= used_d;
      full_q <= full_d;
    end
    enc_q <= enc_d;
    fault_q <= fault_d;
    dead_q <= dead_d;
    walk_q <= walk_d;
    seen_q <= seen_d;
    first_q <= first_d;
    second_q <= second_d;
    tail_q <= tail_d;
  end

  assign idle_o = v_q == '0;

  for (genvar e = 0; e < NumRd; e++) begin : gen_entry
    always_ff @(posedge clk_i) begin
      if (free_sel_q[e]) begin
        id_q[e] <= {alloc_rmw_i, alloc_rmw_i ? alloc_rmw_id_i : alloc_id_i};
        pred_q[e] <= alloc_pred_idx;
      end
    end
  end

  // ---- memories of what allocation writes; the free entry is written ahead ----
  logic alloc_we;
  assign alloc_we = alloc_try_i && !full_q;
  assign alloc_static = '{
    last: alloc_last_i, slot: alloc_slot_i, size: alloc_size_i, stay: alloc_stay_i,
    wmask: alloc_wmask_i, tag: alloc_tag_i
  };
  assign alloc_walk = '{col: alloc_col_i, rem: alloc_rem_i};

  cbit_ram_1r1w #(
    .Width($bits(static_t)), .Depth(NumRd), .Sync(0), .Style("distributed")
  ) u_static (
    .clk_i, .we_i(alloc_we), .waddr_i(free_idx_o), .wbe_i('1), .wdata_i(alloc_static),
    .re_i(1'b1), .raddr_i(head_idx_i), .rdata_o(head_static)
  );
  cbit_ram_1r1w #(
    .Width($bits(walk_t)), .Depth(NumRd), .Sync(0), .Style("distributed")
  ) u_start (
    .clk_i, .we_i(alloc_we), .waddr_i(free_idx_o), .wbe_i('1), .wdata_i(alloc_walk),
    .re_i(1'b1), .raddr_i(head_idx_i), .rdata_o(head_start)
  );
  cbit_ram_1r1w #(
    .Width($bits(walk_t)), .Depth(NumRd), .Sync(0), .Style("distributed")
  ) u_walk (
    .clk_i, .we_i(head_step_i), .waddr_i(head_idx_i), .wbe_i('1), .wdata_i(head_next),
    .re_i(1'b1), .raddr_i(head_idx_i), .rdata_o(head_walk)
  );

  // where the burst of the entry that a beat belongs to is; for both entries that may be it
  typedef struct packed {
    logic       rem0;
    logic [3:0] row;
  } at_t;
  at_t [1:0]  either_start, either_went;
  logic [1:0] either_enc;
  for (genvar k = 0; k < 2; k++) begin : gen_either
    cbit_ram_1r1w #(
      .Width(1 + $bits(at_t)), .Depth(NumRd), .Sync(0), .Style("distributed")
    ) u_beat_start (
      .clk_i, .we_i(alloc_we), .waddr_i(free_idx_o), .wbe_i('1),
      .wdata_i({alloc_enc_i, alloc_rem0_i, alloc_row_i}),
      .re_i(1'b1), .raddr_i(beat_either[k]), .rdata_o({either_enc[k], either_start[k]})
    );
    cbit_ram_1r1w #(
      .Width($bits(at_t)), .Depth(NumRd), .Sync(0), .Style("distributed")
    ) u_beat_went (
      .clk_i, .we_i(head_step_i), .waddr_i(head_idx_i), .wbe_i('1),
      .wdata_i({head_rem1_o, head_row_o}),
      .re_i(1'b1), .raddr_i(beat_either[k]), .rdata_o(either_went[k])
    );
  end
  assign beat_enc_o = either_enc[beat_second];
  assign {beat_rem0_o, beat_row_o} = beat_walk_o ? either_went[beat_second] :
                                                   either_start[beat_second];

  cbit_ram_1r1w #(
    .Width(IdW + 8), .Depth(NumRd), .Sync(0), .Style("distributed")
  ) u_inj_start (
    .clk_i, .we_i(alloc_we), .waddr_i(free_idx_o), .wbe_i('1),
    .wdata_i({alloc_id_i, alloc_rem_i}),
    .re_i(1'b1), .raddr_i(inj_idx_o), .rdata_o({inj_id_o, inj_rem_start})
  );
  cbit_ram_1r1w #(
    .Width(8), .Depth(NumRd), .Sync(0), .Style("distributed")
  ) u_inj_walk (
    .clk_i, .we_i(inj_i), .waddr_i(inj_idx_o), .wbe_i('1), .wdata_i(inj_rem - 8'd1),
    .re_i(1'b1), .raddr_i(inj_idx_o), .rdata_o(inj_rem_walk)
  );
  // "that was the last one" is kept as a bit, for the beats of refused bursts too
  cbit_ram_1r1w #(
    .Width(1), .Depth(NumRd), .Sync(0), .Style("distributed")
  ) u_last_start (
    .clk_i, .we_i(alloc_we), .waddr_i(free_idx_o), .wbe_i('1), .wdata_i(alloc_rem0_i),
    .re_i(1'b1), .raddr_i(inj_idx_o), .rdata_o(last_start)
  );
  cbit_ram_1r1w #(
    .Width(1), .Depth(NumRd), .Sync(0), .Style("distributed")
  ) u_last_walk (
    .clk_i, .we_i(inj_i), .waddr_i(inj_idx_o), .wbe_i('1), .wdata_i(inj_rem == 8'd1),
    .re_i(1'b1), .raddr_i(inj_idx_o), .rdata_o(last_walk)
  );

  // ---- head of the read queue: where it is, and where its burst goes next ----
  logic [Lb-1:0] head_low;       // address bits inside a beat
  logic          head_col_end;   // the beat ends with its row
  logic [3:0]    head_row_inc;

  assign head_now = head_walk_i ? head_walk : head_start;
  assign head_low = ~({Lb{1'b1}} << head_static.size);
  assign head_col_end = (head_now.col | head_low) == '1;
  assign head_tag_o = head_static.tag;
  assign head_slot_o = head_static.slot;
  assign head_last_o = head_static.last;
  assign head_rem1_o = head_now.rem == 8'd1;
  assign head_row_done_o = head_rem0_i || (!head_static.stay && head_col_end);

  assign head_row_inc = head_row_i + 4'd1;
  always_comb begin
    head_next.rem = head_now.rem - 8'd1;
    head_next.col = (head_now.col | head_low) + Lb'(1);
    head_row_o = head_row_i;
    if (head_row_done_o) begin
      head_row_o = head_row_inc;
      if (head_static.wmask != '0) begin
        head_row_o = (head_row_i & ~head_static.wmask) | (head_row_inc & head_static.wmask);
      end
    end
  end

  // ---- tweaks: which are there, and how many still come ----
  logic [IdxW-1:0]  tw_idx;
  logic [LeftW-1:0] tw_left_start;
  logic [TvW-1:0]   tw_word, head_word;

  assign tw_idx = tw_entry_i[IdxW-1:0];

  if (HasBlock) begin : gen_word_block
    // a row's word: in block modes its blocks, one per bank; in line modes its line, in bank 0
    assign tw_word = line_i ? tw_unit_i[3:0] : 4'(tw_unit_i >> L);
    assign head_word = line_i ? (head_row_i >> (2 - L)) : head_row_i;
  end else begin : gen_word_line
    assign tw_word = tw_unit_i[TvW-1:0];
    assign head_word = TvW'(head_row_i >> (2 - L));
  end

  logic tw_full;   // with this unit the row or line is complete
  if (HasBlock && Lanes > 1) begin : gen_full_last
    assign tw_full = line_i || tw_unit_i[L-1:0] == L'(Lanes - 1);
  end else begin : gen_full_one
    assign tw_full = 1'b1;
  end

  cbit_ram_1r1w #(
    .Width(LeftW), .Depth(NumRd), .Sync(0), .Style("distributed")
  ) u_left_start (
    .clk_i, .we_i(alloc_we), .waddr_i(free_idx_o), .wbe_i('1), .wdata_i(LeftW'(alloc_units_i)),
    .re_i(1'b1), .raddr_i(tw_idx), .rdata_o(tw_left_start)
  );

  tweak_t tw_mem, tw_now, tw_next;
  cbit_ram_1r1w #(
    .Width($bits(tweak_t)), .Depth(NumRd), .Sync(0), .Style("distributed")
  ) u_seen (
    .clk_i, .we_i(tw_we_i), .waddr_i(tw_idx), .wbe_i('1), .wdata_i(tw_next),
    .re_i(1'b1), .raddr_i(tw_idx), .rdata_o(tw_mem)
  );

  always_comb begin
    tw_now = '{tv: '0, left: tw_left_start};
    if (seen_q[tw_idx]) begin
      tw_now = tw_mem;
    end
    tw_set_o = '0;
    tw_set_o[TvN] = tw_now.left == LeftW'(1);
    if (tw_full) begin
      tw_set_o[{1'b0, tw_word}] = 1'b1;
    end
    tw_next.tv = tw_now.tv | tw_set_o;
    tw_next.left = tw_now.left - LeftW'(1);
  end

  // for a beat that comes in; also the one that comes now
  logic         beat_seen, beat_tw;
  logic [TvN:0] beat_tv;
  assign beat_seen = (hit & seen_q) != '0;
  assign beat_tw = (hit & tw_sel) != '0;
  cbit_ram_1r1w #(
    .Width(TvN + 1), .Depth(NumRd), .Sync(0), .Style("distributed")
  ) u_beat_tv (
    .clk_i, .we_i(tw_we_i), .waddr_i(tw_idx), .wbe_i('1), .wdata_i(tw_next.tv),
    .re_i(1'b1), .raddr_i(beat_idx_o), .rdata_o(beat_tv)
  );
  assign beat_tv_o = (beat_tv & {(TvN + 1){beat_seen}}) | (tw_set_o & {(TvN + 1){beat_tw}});

  assign head_tv_o = head_tv_i[{1'b0, head_word}];
  assign head_tdone_o = head_tv_i[TvN];

  // ---- tweaks: the values; the number of the word, which is late, is on top of the address ----
  for (genvar l = 0; l < Lanes; l++) begin : gen_bank
    if (HasBlock || l == 0) begin : gen_mem
      logic bank_we;
      if (HasBlock && Lanes > 1) begin : gen_sel
        assign bank_we = tw_we_i && (line_i ? l == 0 : tw_unit_i[L-1:0] == L'(l));
      end else begin : gen_all
        assign bank_we = tw_we_i;
      end
      for (genvar c = 0; c < 4; c++) begin : gen_quarter
        cbit_ram_1r1w #(
          .Width(32), .Depth(TvN << IdxW), .Sync(0), .Style("distributed")
        ) u_t (
          .clk_i, .we_i(bank_we), .waddr_i({tw_word, tw_idx}), .wbe_i('1),
          .wdata_i(tw_t_i[32*c +: 32]), .re_i(1'b1), .raddr_i({head_word, head_idx_t_i[c]}),
          .rdata_o(head_t_o[128*l+32*c +: 32])
        );
      end
    end else begin : gen_none
      assign head_t_o[128*l +: 128] = '0;
    end
  end

  for (genvar c = 0; c < 4; c++) begin : gen_dk0
    cbit_ram_1r1w #(
      .Width(32), .Depth(NumRd), .Sync(0), .Style("distributed")
    ) u_dk0 (
      .clk_i, .we_i(tw_we_i), .waddr_i(tw_idx), .wbe_i('1), .wdata_i(tw_dk0_i[32*c +: 32]),
      .re_i(1'b1), .raddr_i(head_idx_t_i[c]), .rdata_o(head_dk0_o[32*c +: 32])
    );
  end

  // ---- slot life cycle ----
  cbit_bus_rd_drain #(
    .NumRd   (NumRd),
    .KeySlots(KeySlots)
  ) u_drain (
    .clk_i,
    .rst_ni,
    .slot_drain_i,
    .load_i     (free_sel_q),
    .load_slot_i(alloc_slot_i[SlotIdxW-1:0]),
    .used_i     (v_q & enc_q),
    .drain_o
  );

  logic unused_bits;
  assign unused_bits = ^{line_i, tw_entry_i[7:IdxW], tw_unit_i, alloc_units_i};

`ifdef CBIT_ASSERT_ON
  // first: since always, or since the entry before was done, at the last edge
  logic [NumRd-1:0] led_by;
  logic             gone_q;
  logic [IdxW-1:0]  gone_idx_q;
  always_ff @(posedge clk_i) begin
    gone_q <= rst_ni && (beat_done || inj_done);
    gone_idx_q <= inj_i ? inj_idx_o : beat_idx_o;
  end
  always_comb begin
    for (int unsigned e = 0; e < NumRd; e++) begin
      led_by[e] = gone_q && pred_q[e] == gone_idx_q;
    end
  end
`endif
  `CBIT_ASSERT(RdTableFirst, (live_q & (first ^ (first_q | led_by))) == '0)
  `CBIT_ASSERT(RdTableFirstBeat, (live_q & ~fault_q & (first ^ first_beat)) == '0)
  // the live entries of an id have one first and one youngest (looked at for the id that comes in)
  `CBIT_ASSERT(RdTableOneFirst,
               !alloc_i || alloc_match == '0 || $onehot(alloc_match & first))
  logic [NumRd-1:0] id_own;
  always_comb begin
    for (int unsigned e = 0; e < NumRd; e++) begin
      id_own[e] = id_q[e] == {1'b0, alloc_id_i};
    end
  end
  `CBIT_ASSERT(RdTableOwn, !alloc_try_i || alloc_rmw_i || (live_q & (own_q ^ id_own)) == '0)
  `CBIT_ASSERT(RdTableOneTail, !alloc_i || alloc_match == '0 || $onehot(alloc_pred))
  `CBIT_ASSERT(RdTableOneMatch, !beat_i || $onehot(hit))
  `CBIT_ASSERT(RdTableApart, !(born && beat_done && born_id == beat_mem_id))
  `CBIT_ASSERT(RdTableBeatIdx, !beat_i || hit == NumRd'(1) << beat_idx_o)
  `CBIT_ASSERT(RdTableAllocFree, !alloc_i || free_o)
  `CBIT_ASSERT(RdTableFull, full_q == (v_q == '1))
  `CBIT_ASSERT(RdTableRem0, !head_step_i || head_rem0_i == (head_now.rem == '0))
  `CBIT_ASSERT(RdTableBits, !head_step_i || head_walk_i == walk_now[head_idx_i])
  `CBIT_ASSERT(RdTableFree, full_q ? free_sel_q == '0 :
               free_sel_q == (~v_q & (v_q + NumRd'(1))))
  `CBIT_ASSERT(RdTableInj, !inj_i || (refused_q & first & inj_sel) != '0)
  `CBIT_ASSERT(RdTableInjLast, !inj_i || inj_last_o == (inj_rem == '0))
  `CBIT_ASSERT(RdTableOneSource, !(beat_i && inj_i))
  `CBIT_ASSERT(RdTableHeadLive, !(head_step_i || head_free_i) || v_q[head_idx_i])
  `CBIT_ASSERT(RdTableStepEnc, !head_step_i || enc_q[head_idx_i])
  `CBIT_ASSERT(RdTableFreeDone, !head_free_i || !live_q[head_idx_i])
  `CBIT_ASSERT(RdTableTweakLive, !tw_we_i || (v_q[tw_idx] && enc_q[tw_idx] && tw_now.left != '0))

  `CBIT_ASSERT_INIT(RdTableNumRd, NumRd >= 4 && NumRd <= 64)

endmodule
