// SPDX-License-Identifier: Apache-2.0
//
// cbit_rmp_cache: questions, cached entries and verdicts of one address channel.
//
//   address handshake (t) ── L: tags, covered, guard ──▶ D (t+1): check ──▶ verdict of the slot
//                                                        └ no hit: miss ──▶ walker ──▶ verdict
//
// Where: beside the address queue of a path: R in step with arq, W with the gate; C with the ring of
// the check ports, whose questions come as the check asks them (Raw). A question takes a slot of a
// ring at the handshake, and leaves it when its request leaves the queue.
// Latency: a hit has its verdict in t+1, combinationally behind D's registers; a miss is told to
// the walker in t+1, and its verdict stands from the cycle after the walker's on. One question a
// cycle. A fill is seen by questions of the next cycle. Reset: no question, nothing cached.
// Source: docs/units/rmp_cache.md; rules: docs/rmp.md, section 4.
`include "cbit_assert.svh"

module cbit_rmp_cache
  import cbit_pkg::*;
  import cbit_rmp_pkg::*;
#(
  parameter int unsigned Write = 0,      // 1: the write path: guard, table writes
  parameter int unsigned Slots = 2,      // 2, 4, 8: questions in flight
  parameter int unsigned Lines = 32,     // 8 to 256, power of 2: own entries, and base entries
  parameter int unsigned Const = 0,      // 1: nothing is cached
  parameter int unsigned Raw = 0,        // 1: the question is ask_what_i, not made of attributes
  parameter int unsigned Use = 0,        // 0 to 32: marks of pages in use that it looks at
  parameter int unsigned SpaWidth = 40,  // 32 to 52
  parameter int unsigned Inuse = 0,      // 1: a page in use can refuse a write of the host
  parameter int unsigned Seg = 0,        // 1: the table can be segmented
  localparam int unsigned Marks = (Use == 0) ? 1 : Use
) (
  input  logic         clk_i,
  input  logic         rst_ni,
  // state of the table
  input  logic         chk_on_i,
  input  logic         guard_on_i,
  input  logic         tbusy_i,
  // registers
  input  logic [51:13] rmp_base_i,
  input  logic [51:13] rmp_end_i,
  input  rmp_seg_t     seg_i,         // all 0 without Seg
  input  logic         vmpl_en_i,
  input  logic         vmpl_sss_i,
  input  logic         iommu_snp_i,
  // marks of pages in use
  input  logic [Marks-1:0] use_v_i,
  input  logic [Marks-1:0][51:12] use_page_i,
  // questions
  input  logic         ask_valid_i,
  input  spa_t         ask_spa_i,
  input  attr_t        ask_attr_i,
  input  rmp_ask_t     ask_what_i,    // Raw
  input  logic         ask_none_i,    // the route refuses the request: nothing to ask
  input  logic         pop_i,
  // oldest question
  output logic         head_wait_o,   // a walk is to come
  output logic         head_now_o,    // in step D with a hit: its verdict is now_deny_o
  output logic         head_deny_o,   // its verdict is registered and is deny
  output logic         now_deny_o,
  output logic         head_tbl_o,    // a table write of the AMD-SP
  output rec_t         head_rec_o,
  // to the walker
  output logic         miss_o,
  output logic [2:0]   miss_slot_o,
  output spa_t         miss_spa_o,
  output attr_t        miss_attr_o,
  output rmp_ask_t     miss_what_o,       // Raw
  output logic         miss_use_o,        // the page was marked
  output logic         miss_base_o,       // the base word is known: that of D
  output logic [95:0]  miss_base_word_o,
  // verdict of the walker
  input  logic         wv_valid_i,
  input  logic [2:0]   wv_slot_i,
  input  logic         wv_deny_i,
  input  rec_t         wv_rec_i,
  // entries of the walker, bits 95:0
  input  logic         fill_i,
  input  logic         fill_own_i,    // the own entry too
  input  spa_t         fill_spa_i,
  input  logic [95:0]  fill_own_word_i,
  input  logic [95:0]  fill_base_word_i,
  // state, for rules: some question is open, some line is valid
  output logic         asked_o,
  output logic         lines_o,
  // counters
  output logic         ev_ask_o,
  output logic         ev_miss_o
);

  localparam int unsigned SlotIdxW = $clog2(Slots);
  localparam int unsigned CountW = $clog2(Slots + 1);
  localparam int unsigned LineW = $clog2(Lines);
  // a question that walks has no address bit at or above SpaWidth
  localparam int unsigned OwnTagW = SpaWidth - 12 - LineW;
  localparam int unsigned BaseTagW = SpaWidth - 21 - LineW;
  localparam int unsigned WordW = 96;   // q1 and the masks: all that a check looks at

  typedef enum logic [1:0] {StPass, StWalk, StDeny} st_e;

  // ---- step L: tags ----
  logic [LineW-1:0]    own_idx, base_idx;
  logic [OwnTagW-1:0]  own_tag;
  logic [BaseTagW-1:0] base_tag;
  logic [WordW-1:0]    own_word, base_word;
  logic [Lines-1:0]    vo_q, vb_q;   // lines that hold an entry
  logic                first, own_hit, base_hit;

  assign own_idx = ask_spa_i[12 +: LineW];
  assign base_idx = ask_spa_i[21 +: LineW];
  assign first = ask_spa_i[20:12] == '0;   // own and base are one entry
  assign own_hit = vo_q[own_idx] && own_tag == ask_spa_i[12+LineW +: OwnTagW];
  assign base_hit = vb_q[base_idx] && base_tag == ask_spa_i[21+LineW +: BaseTagW];

  cbit_ram_1r1w #(
    .Width(OwnTagW + WordW),
    .Depth(Lines),
    .Sync (0),
    .Style("distributed")
  ) u_own (
    .clk_i,
    .we_i   (fill_i && fill_own_i),
    .waddr_i(fill_spa_i[12 +: LineW]),
    .wbe_i  ('1),
    .wdata_i({fill_spa_i[12+LineW +: OwnTagW], fill_own_word_i}),
    .re_i   (1'b1),
    .raddr_i(own_idx),
    .rdata_o({own_tag, own_word})
  );

  cbit_ram_1r1w #(
    .Width(BaseTagW + WordW),
    .Depth(Lines),
    .Sync (0),
    .Style("distributed")
  ) u_base (
    .clk_i,
    .we_i   (fill_i),
    .waddr_i(fill_spa_i[21 +: LineW]),
    .wbe_i  ('1),
    .wdata_i({fill_spa_i[21+LineW +: BaseTagW], fill_base_word_i}),
    .re_i   (1'b1),
    .raddr_i(base_idx),
    .rdata_o({base_tag, base_word})
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni || tbusy_i) begin
      vo_q <= '0;
      vb_q <= '0;
    end else if (fill_i) begin
      vb_q[fill_spa_i[21 +: LineW]] <= 1'b1;
      if (fill_own_i) begin
        vo_q[fill_spa_i[12 +: LineW]] <= 1'b1;
      end
    end
  end

  // ---- step L: does the question need the table? ----
  rmp_ask_t   ask;
  rmp_entry_t base_entry;
  logic       cov, touch, sp, guard, tbl, needs_table, uses_table, base_alone, hit;
  logic [51:0] unused_own_addr, unused_base_addr;

  assign base_entry = {32'd0, base_word};

  if (Raw != 0) begin : gen_raw
    assign ask = ask_what_i;
  end else begin : gen_ask
    cbit_rmp_ask u_ask (
      .write_i(Write != 0),
      .spa_i  (ask_spa_i),
      .attr_i (ask_attr_i),
      .ask_o  (ask)
    );
    logic unused_what;
    assign unused_what = ^ask_what_i;
  end

  // the page itself, not its range: a write of the host is of one page
  logic used;

  if (Use != 0) begin : gen_use
    logic [Use-1:0] use_hit;
    for (genvar i = 0; i < Use; i++) begin : gen_mark
      assign use_hit[i] = use_v_i[i] && use_page_i[i] == ask_spa_i[51:12];
    end
    assign used = use_hit != '0;
  end else begin : gen_no_use
    assign used = 1'b0;
    logic unused_use;
    assign unused_use = ^{use_v_i, use_page_i};
  end

  cbit_rmp_addr #(
    .Seg(Seg)
  ) u_addr (
    .rmp_base_i,
    .rmp_end_i,
    .seg_en_i   (seg_i.en),
    .seg_size_i (seg_i.size),
    .seg_base_i (seg_i.base),
    .seg_cov_i  (seg_i.cov),
    .spa_i      (64'(ask_spa_i)),
    .covered_o  (cov),
    .own_addr_o (unused_own_addr),
    .base_addr_o(unused_base_addr)
  );

  // the question alone: the entries and the verdict are step D's
  logic unused_row_deny;
  rec_t unused_row_rec;

  cbit_rmp_decide #(
    .Inuse(Inuse)
  ) u_row (
    .spa_i        (ask_spa_i),
    .what_i       (ask),
    .vmpl_en_i,
    .vmpl_sss_i,
    .iommu_snp_i,
    .in_use_i     (1'b0),
    .covered_i    (1'b0),
    .read_error_i (1'b0),
    .own_i        ('0),
    .base_i       ('0),
    .needs_table_o(needs_table),
    .deny_o       (unused_row_deny),
    .rec_o        (unused_row_rec)
  );

  assign sp = ask_attr_i.requester == REQ_SP;
  assign touch = Write != 0 && guard_on_i &&
                 rmp_in_table(ask_spa_i[51:13], rmp_base_i, rmp_end_i, seg_i);
  assign guard = touch && !sp && !ask_none_i;
  assign tbl = touch && sp;
  assign uses_table = chk_on_i && !ask_none_i && !guard && needs_table && cov;
  // A base entry of 2 MiB answers alone only where no row looks at the own entry beside it: HVO of a
  // 4 KiB page does (D2), and what the memory holds without own_hit is another page's.
  assign base_alone = base_entry.page_size && ask.req == RMP_REQ_GUEST_SNP &&
                      ask.map_size != RMP_4K && ask.op != RMP_OP_NPT_READ &&
                      ask.op != RMP_OP_NPT_AD;
  assign hit = !uses_table || (Const == 0 && !tbusy_i && base_hit &&
                               (base_alone || first || own_hit));

  // ---- step D: registers ----
  logic                d_valid_q, d_hit_q, d_bhit_q, d_guard_q, d_ask_q, d_cov_q, d_use_q;
  logic [SlotIdxW-1:0] d_slot_q;
  logic [SpaWidth-1:0] d_spa_q;
  attr_t               d_attr_q;
  rmp_ask_t            d_what_q;
  logic [WordW-1:0]    d_own_q, d_base_q;
  logic [SlotIdxW-1:0] wp_q, rp_q;
  logic [CountW-1:0]   count_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      d_valid_q <= 1'b0;
    end else begin
      d_valid_q <= ask_valid_i;
    end
    if (ask_valid_i) begin
      d_slot_q <= wp_q;
      d_spa_q <= ask_spa_i[SpaWidth-1:0];
      d_attr_q <= ask_attr_i;
      d_what_q <= ask;
      d_hit_q <= hit;
      d_bhit_q <= Const == 0 && !tbusy_i && base_hit;
      d_guard_q <= guard;
      d_ask_q <= chk_on_i && !ask_none_i;
      d_cov_q <= cov;
      d_use_q <= used;
      d_own_q <= first ? base_word : own_word;
      d_base_q <= base_word;
    end
  end

  // ---- step D: verdict ----
  logic deny, denied, miss, unused_needs;
  rec_t d_rec, rec;

  cbit_rmp_decide #(
    .Inuse(Inuse)
  ) u_check (
    .spa_i        (SpaW'(d_spa_q)),
    .what_i       (d_what_q),
    .vmpl_en_i,
    .vmpl_sss_i,
    .iommu_snp_i,
    .in_use_i     (d_use_q),
    .covered_i    (d_cov_q),
    .read_error_i (1'b0),
    .own_i        (d_own_q),
    .base_i       (d_base_q),
    .needs_table_o(unused_needs),
    .deny_o       (denied),
    .rec_o        (rec)
  );

  assign deny = d_guard_q || (d_ask_q && denied);
  assign d_rec = d_guard_q ? '0 : rec;
  assign miss = d_valid_q && !d_hit_q;

  assign miss_o = miss;
  assign miss_slot_o = 3'(d_slot_q);
  assign miss_spa_o = SpaW'(d_spa_q);
  assign miss_attr_o = d_attr_q;
  assign miss_what_o = d_what_q;
  assign miss_use_o = d_use_q;
  // with a table write under way, in L or now, the walker reads the base anew: its end in this cycle
  // is no restart, for the place is not yet taken
  assign miss_base_o = miss && d_bhit_q && !tbusy_i;
  assign miss_base_word_o = d_base_q;

  // ---- ring of questions ----
  st_e              st_q [Slots];
  logic [Slots-1:0] tbl_q;
  logic [Slots-1:0] walked_q;   // whose record: the walker's, or D's

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      wp_q <= '0;
      rp_q <= '0;
      count_q <= '0;
      tbl_q <= '0;
    end else begin
      wp_q <= wp_q + SlotIdxW'(ask_valid_i);
      rp_q <= rp_q + SlotIdxW'(pop_i);
      count_q <= count_q + CountW'(ask_valid_i) - CountW'(pop_i);
      if (ask_valid_i) begin
        tbl_q[wp_q] <= tbl;
      end
    end
  end

  for (genvar i = 0; i < Slots; i++) begin : gen_slot
    always_ff @(posedge clk_i) begin
      if (!rst_ni) begin
        st_q[i] <= StPass;
        walked_q[i] <= 1'b0;
      end else if (d_valid_q && d_slot_q == SlotIdxW'(i)) begin
        if (!d_hit_q) begin
          st_q[i] <= StWalk;
        end else begin
          st_q[i] <= deny ? StDeny : StPass;
        end
        walked_q[i] <= 1'b0;
      end else if (wv_valid_i && wv_slot_i == 3'(i)) begin
        st_q[i] <= wv_deny_i ? StDeny : StPass;
        walked_q[i] <= 1'b1;
      end
    end
  end

  // records, one memory for each that writes them
  rec_t own_rec, walk_rec;

  cbit_ram_1r1w #(
    .Width($bits(rec_t)),
    .Depth(Slots),
    .Sync (0),
    .Style("distributed")
  ) u_rec (
    .clk_i,
    .we_i   (d_valid_q),
    .waddr_i(d_slot_q),
    .wbe_i  ('1),
    .wdata_i(d_rec),
    .re_i   (1'b1),
    .raddr_i(rp_q),
    .rdata_o(own_rec)
  );

  cbit_ram_1r1w #(
    .Width($bits(rec_t)),
    .Depth(Slots),
    .Sync (0),
    .Style("distributed")
  ) u_walk_rec (
    .clk_i,
    .we_i   (wv_valid_i),
    .waddr_i(wv_slot_i[SlotIdxW-1:0]),
    .wbe_i  ('1),
    .wdata_i(wv_rec_i),
    .re_i   (1'b1),
    .raddr_i(rp_q),
    .rdata_o(walk_rec)
  );

  // ---- oldest question ----
  logic some, in_d;

  assign some = count_q != '0;
  assign in_d = some && d_valid_q && d_slot_q == rp_q;
  assign head_now_o = in_d && d_hit_q;
  assign head_wait_o = in_d ? !d_hit_q : some && st_q[rp_q] == StWalk;
  assign head_deny_o = some && !in_d && st_q[rp_q] == StDeny;
  assign now_deny_o = deny;
  assign head_tbl_o = some && tbl_q[rp_q];
  assign head_rec_o = head_now_o ? d_rec : (walked_q[rp_q] ? walk_rec : own_rec);

  assign asked_o = some;
  assign lines_o = vo_q != '0 || vb_q != '0;
  assign ev_ask_o = d_valid_q && d_ask_q;
  assign ev_miss_o = miss;

  // the fill's place in its page does not count; upper bits are zero
  logic unused_bits;
  assign unused_bits = ^{fill_spa_i, wv_slot_i, base_entry};

  `CBIT_ASSERT_INIT(RmpLines, Lines >= 8 && Lines <= 256 && Lines == 2 ** LineW)
  `CBIT_ASSERT_INIT(RmpMiss, Slots == 2 || Slots == 4 || Slots == 8)
  `CBIT_ASSERT_INIT(RmpCacheUse, Use <= 32 && (Raw == 0 || Write == 0))
  `CBIT_ASSERT_INIT(RmpCacheSpa, SpaWidth >= 32 && SpaWidth <= 52)
  `CBIT_ASSERT(RmpSlot, (!ask_valid_i || count_q != CountW'(Slots)) && (!pop_i || some))
  `CBIT_ASSERT(RmpPopKnown, !pop_i || !head_wait_o)
  `CBIT_ASSERT(RmpFill, !fill_i || !tbusy_i)
  `CBIT_ASSERT(RmpVerdict, !d_valid_q || !wv_valid_i || 3'(d_slot_q) != wv_slot_i)
  // a cached base entry of a first page is a hit
  `CBIT_ASSERT(RmpBaseFirst, !miss_base_o || d_spa_q[20:12] != '0)
  // only a question that waits gets a verdict of the walker
  `CBIT_ASSERT(RmpVerdictWait, !wv_valid_i || st_q[wv_slot_i[SlotIdxW-1:0]] == StWalk)

`ifdef CBIT_ASSERT_ON
`ifndef FORMAL
  // a base line is filled anew with the word that it has: copies of the base memory for this rule,
  // which is about the walker and the table (a proof of the cache alone leaves the fills free)
  logic [BaseTagW+WordW-1:0] base_copy_q [Lines];
  logic [LineW-1:0]          fill_base_idx;

  assign fill_base_idx = fill_spa_i[21 +: LineW];

  always_ff @(posedge clk_i) begin
    if (fill_i) begin
      base_copy_q[fill_base_idx] <= {fill_spa_i[21+LineW +: BaseTagW], fill_base_word_i};
    end
  end

  `CBIT_ASSERT(RmpFillSame, !fill_i || !vb_q[fill_base_idx] ||
               base_copy_q[fill_base_idx][WordW +: BaseTagW] != fill_spa_i[21+LineW +: BaseTagW] ||
               base_copy_q[fill_base_idx][WordW-1:0] == fill_base_word_i)
`endif
`endif

endmodule
