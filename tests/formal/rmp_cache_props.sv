// SPDX-License-Identifier: Apache-2.0
//
// rmp_cache_props: what a cache of RMP entries promises (docs/units/rmp_cache.md).
//
// Fresh. page_i is any page, the same all the time. own_q, base_q = the entries of its newest fill since the last cycle with a
// table write under way. A question about the page that is answered without a walk is answered with them, or, where a 2 MiB base
// entry speaks alone, with base_q. So no question asked in or after the last cycle of a table write (tbusy) is answered with what
// was filled before or in it.
// A miss brings along a base word only if it is that of the range's newest fill, with no table write under way since then and now.
// Each its own. mark_i picks any one question. It is answered in its step D, or told to the walker once; at the head it shows
// that verdict and its record, or waits; other questions' verdicts, and pops, do not touch it.
// cbit_rmp_decide is a probe. The other assertions tie the registers to this (induction).
module rmp_cache_props
  import cbit_pkg::*;
#(
  parameter int unsigned Write = 1,
  parameter int unsigned Slots = 2,
  parameter int unsigned Const = 0,
  parameter int unsigned Induct = 1   // 0: without the assertions that only the induction needs
) (
  input logic         clk_i,
  input logic         rst_ni,
  input logic         chk_on_i,
  input logic         guard_on_i,
  input logic         tbusy_i,
  input logic [51:13] rmp_base_i,
  input logic [51:13] rmp_end_i,
  input logic         vmpl_en_i,
  input logic         vmpl_sss_i,
  input logic         iommu_snp_i,
  input logic         ask_valid_i,
  input spa_t         ask_spa_i,
  input attr_t        ask_attr_i,
  input logic         ask_none_i,
  input logic         pop_i,
  input logic         wv_valid_i,
  input logic [2:0]   wv_slot_i,
  input logic         wv_deny_i,
  input rec_t         wv_rec_i,
  input logic         fill_i,
  input logic         fill_own_i,
  input spa_t         fill_spa_i,
  input logic [95:0]  fill_own_word_i,
  input logic [95:0]  fill_base_word_i,
  input logic [31:12] page_i,
  input logic         mark_i
);

  localparam int unsigned SlotIdxW = $clog2(Slots);
  localparam logic [1:0] StPass = 2'd0, StWalk = 2'd1, StDeny = 2'd2;

  logic        head_wait, head_now, head_deny, now_deny, head_tbl, miss, miss_base, asked, lines;
  logic [95:0] miss_base_word;
  rec_t       head_rec;
  logic [2:0] miss_slot;
  spa_t       miss_spa;
  attr_t      miss_attr;

  cbit_rmp_cache #(
    .Write(Write), .Slots(Slots), .Lines(8), .Const(Const), .SpaWidth(32)
  ) u_dut (
    .clk_i, .rst_ni, .chk_on_i, .guard_on_i, .tbusy_i, .rmp_base_i, .rmp_end_i, .seg_i('0), .vmpl_en_i, .vmpl_sss_i, .iommu_snp_i,
    .use_v_i('0), .use_page_i('0), .ask_valid_i, .ask_spa_i, .ask_attr_i, .ask_what_i('0), .ask_none_i, .pop_i, .head_wait_o(head_wait), .head_now_o(head_now),
    .head_deny_o(head_deny), .now_deny_o(now_deny), .head_tbl_o(head_tbl), .head_rec_o(head_rec), .miss_o(miss),
    .miss_slot_o(miss_slot), .miss_spa_o(miss_spa), .miss_attr_o(miss_attr),
    .miss_what_o(), .miss_use_o(), .miss_base_o(miss_base), .miss_base_word_o(miss_base_word), .wv_valid_i, .wv_slot_i, .wv_deny_i, .wv_rec_i,
    .fill_i, .fill_own_i, .fill_spa_i, .fill_own_word_i, .fill_base_word_i, .asked_o(asked), .lines_o(lines), .ev_ask_o(),
    .ev_miss_o()
  );

  logic init_q = 1'b0;
  always_ff @(posedge clk_i) init_q <= 1'b1;

  // ---- the page's newest fill since the last table write ----
  logic        own_v_q, base_v_q, filled_q;   // filled_q: since reset
  logic [95:0] own_q, base_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni || tbusy_i) begin
      own_v_q <= 1'b0;
      base_v_q <= 1'b0;
    end else if (fill_i) begin
      if (fill_own_i && fill_spa_i[31:12] == page_i) own_v_q <= 1'b1;
      if (fill_spa_i[31:21] == page_i[31:21]) base_v_q <= 1'b1;
    end
    filled_q <= rst_ni && (filled_q || own_v_q);
    if (fill_i && fill_own_i && fill_spa_i[31:12] == page_i) own_q <= fill_own_word_i;
    if (fill_i && fill_spa_i[31:21] == page_i[31:21]) base_q <= fill_base_word_i;
  end

  // ---- a question: what it needs (docs/rmp.md, 1.3; units/rmp.md), as its words stood when it was asked ----
  logic        covered, touch, sp, needs, in_d_q, needs_q, of_page_q, busy_q, alone_q, guard_q, plain_q, own_was_q, base_was_q;
  logic [95:0] own_then_q, base_then_q;

  assign covered = {12'd0, rmp_base_i, 13'd0} + 64'h4000 + 64'(ask_spa_i[31:12]) * 64'd16 <= {12'd0, rmp_end_i, 13'h1fff};
  assign sp = ask_attr_i.requester == REQ_SP;
  assign touch = Write != 0 && guard_on_i && ask_spa_i[51:13] >= rmp_base_i && ask_spa_i[51:13] <= rmp_end_i;
  assign needs = chk_on_i && !ask_none_i && !(touch && !sp) && ask_attr_i.ss && covered;

  always_ff @(posedge clk_i) begin
    in_d_q <= rst_ni && ask_valid_i;
    needs_q <= needs;
    of_page_q <= ask_spa_i[31:12] == page_i;
    busy_q <= tbusy_i;
    guard_q <= touch && !sp && !ask_none_i;
    plain_q <= !chk_on_i || ask_none_i;
    alone_q <= ask_attr_i.requester == REQ_GUEST && ask_attr_i.snp && ask_attr_i.page_size != 2'd0 &&
               ask_attr_i.access != ACC_NPT_WALK && ask_attr_i.access != ACC_NPT_AD && ask_attr_i.access != ACC_VMSA && base_q[1];
    own_was_q <= own_v_q;
    base_was_q <= base_v_q;
    own_then_q <= page_i[20:12] == '0 ? base_q : own_q;
    base_then_q <= base_q;
  end

  // ---- the ring, and any one question in it ----
  logic [3:0]          count_q;                   // questions in it
  logic [SlotIdxW-1:0] next_q, slot_q;            // slot of the next question, of the marked one
  logic [Slots-1:0]    walks_q;                   // slots told to the walker
  logic [3:0]          ahead_q;
  logic                m_q, told_q, known_q, deny_q, tbl_q, m_in_d;   // marked: told to the walker; its verdict is known
  spa_t                m_spa_q;
  attr_t               m_attr_q;
  rec_t                rec_q;

  assign m_in_d = m_q && !told_q && !known_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      count_q <= '0;
      next_q <= '0;
      walks_q <= '0;
      m_q <= 1'b0;
    end else begin
      count_q <= count_q + 4'(ask_valid_i) - 4'(pop_i);
      next_q <= next_q + SlotIdxW'(ask_valid_i);
      for (int unsigned i = 0; i < Slots; i++) begin
        walks_q[i] <= (walks_q[i] || (miss && miss_slot == 3'(i))) && !(wv_valid_i && wv_slot_i == 3'(i));
      end
      if (!m_q && ask_valid_i && mark_i) begin
        m_q <= 1'b1;
        ahead_q <= count_q - 4'(pop_i);
      end else if (m_q && pop_i) begin
        m_q <= ahead_q != '0;
        ahead_q <= ahead_q - 4'd1;
      end
    end
    if (!m_q) begin
      told_q <= 1'b0;
      known_q <= 1'b0;
      slot_q <= next_q;
      m_spa_q <= ask_spa_i;
      m_attr_q <= ask_attr_i;
      tbl_q <= touch && sp;
    end else if (m_in_d) begin
      told_q <= miss;
      known_q <= !miss;
      deny_q <= now_deny;
      rec_q <= guard_q ? '0 : {u_dut.d_own_q[24:0], u_dut.d_base_q[24:0], 1'b0};
    end else if (wv_valid_i && wv_slot_i == 3'(slot_q)) begin
      known_q <= 1'b1;
      told_q <= 1'b0;
      deny_q <= wv_deny_i;
      rec_q <= wv_rec_i;
    end
  end

  // ---- environment ----
  always_ff @(posedge clk_i) begin
    if (!init_q) assume (!rst_ni);
    if (init_q) assume (page_i == $past(page_i));
    assume (!ask_valid_i || count_q != 4'(Slots));
    assume (!ask_valid_i || ask_none_i || ask_spa_i[51:32] == '0);
    assume (!pop_i || (count_q != '0 && !head_wait));
    assume (!fill_i || !tbusy_i);
    assume (!wv_valid_i || (32'(wv_slot_i) < Slots && walks_q[wv_slot_i[SlotIdxW-1:0]]));
  end

  logic [2:0] own_line, base_line;
  assign own_line = page_i[14:12];
  assign base_line = page_i[23:21];

  // a slot walks if it was told to, and is one of a question
  logic [Slots-1:0] walks_good;
  logic [SlotIdxW-1:0] place;
  always_comb begin
    for (int unsigned i = 0; i < Slots; i++) begin
      place = SlotIdxW'(i) - u_dut.rp_q;
      walks_good[i] = walks_q[i] == (u_dut.st_q[i] == StWalk) &&
                      (!walks_q[i] || 4'(place) < count_q - 4'(in_d_q));
    end
  end

  always_ff @(posedge clk_i) begin
    if (init_q && rst_ni) begin
      // ---- fresh ----
      a_busy_walks: assert (!(in_d_q && needs_q && busy_q) || miss);
      a_base_fresh: assert (!(in_d_q && needs_q && of_page_q) || miss || (base_was_q && u_dut.d_base_q == base_then_q));
      a_own_fresh: assert (!(in_d_q && needs_q && of_page_q) || miss || alone_q ||
                           ((own_was_q || page_i[20:12] == '0) && u_dut.d_own_q == own_then_q));
      a_brought: assert (!miss_base || (miss && !busy_q && !tbusy_i && Const == 0));
      a_brought_fresh: assert (!(miss_base && of_page_q) || (base_was_q && miss_base_word == base_then_q));
      a_brought_further: assert (!(miss_base && of_page_q) || page_i[20:12] != '0);
      a_const: assert (!(in_d_q && needs_q && Const != 0) || miss);
      a_walks_only: assert (!miss || (in_d_q && needs_q));
      a_guard: assert (!(in_d_q && guard_q) || (!miss && now_deny));
      a_off: assert (!(in_d_q && plain_q && !guard_q) || (!miss && !now_deny));
      // ---- each its own ----
      a_told: assert (!(m_in_d && miss) || (miss_slot == 3'(slot_q) && miss_spa == m_spa_q && miss_attr == m_attr_q));
      a_told_once: assert (!miss || !walks_q[miss_slot[SlotIdxW-1:0]]);
      a_head_d: assert (!(m_in_d && ahead_q == '0) || (head_wait == miss && head_now == !miss && !head_deny));
      a_head_waits: assert (!(m_q && told_q && ahead_q == '0) || (head_wait && !head_now && !head_deny));
      a_head_known: assert (!(m_q && known_q && ahead_q == '0) ||
                            (!head_wait && !head_now && head_deny == deny_q && head_rec == rec_q));
      a_head_tbl: assert (!(m_q && ahead_q == '0) || head_tbl == tbl_q);
      a_empty: assert (count_q != '0 || (!head_wait && !head_now && !head_deny && !head_tbl && !asked));
      a_asked: assert (count_q == '0 || asked);
      // ---- for the induction ----
      if (Induct != 0) begin
        a_lines: assert (!(u_dut.vo_q[own_line] && u_dut.u_own.gen_distributed.mem_q[own_line][112:96] == page_i[31:15]) ||
                         (own_v_q && u_dut.u_own.gen_distributed.mem_q[own_line][95:0] == own_q));
        a_base_lines: assert (!(u_dut.vb_q[base_line] && u_dut.u_base.gen_distributed.mem_q[base_line][103:96] == page_i[31:24]) ||
                              (base_v_q && u_dut.u_base.gen_distributed.mem_q[base_line][95:0] == base_q));
        a_ring: assert (count_q == 4'(u_dut.count_q) && count_q <= 4'(Slots) && next_q == u_dut.wp_q &&
                        next_q == u_dut.rp_q + SlotIdxW'(count_q));
        a_d: assert (in_d_q == u_dut.d_valid_q && (!in_d_q || (count_q != '0 && u_dut.d_slot_q == next_q - SlotIdxW'(1) &&
                     u_dut.d_guard_q == guard_q && u_dut.d_ask_q == !plain_q)));
        a_mark: assert (!m_q || (ahead_q < count_q && slot_q == u_dut.rp_q + SlotIdxW'(ahead_q) && !(told_q && known_q) &&
                                 u_dut.tbl_q[slot_q] == tbl_q));
        a_mark_d: assert (!m_in_d || (in_d_q && u_dut.d_slot_q == slot_q && u_dut.d_attr_q == m_attr_q &&
                                      (u_dut.d_hit_q || m_spa_q == 52'(u_dut.d_spa_q)) && ahead_q == count_q - 4'd1));
        a_mark_not_d: assert (!m_q || m_in_d || !in_d_q || u_dut.d_slot_q != slot_q);
        a_mark_st: assert (!m_q || m_in_d || u_dut.st_q[slot_q] == (told_q ? StWalk : (deny_q ? StDeny : StPass)));
        a_mark_rec: assert (!(m_q && known_q) || rec_q == (u_dut.walked_q[slot_q] ?
                            u_dut.u_walk_rec.gen_distributed.mem_q[slot_q] : u_dut.u_rec.gen_distributed.mem_q[slot_q]));
        a_walks: assert (walks_good == '1);
      end
      // ---- the conditions above are met ----
      c_hit: cover (in_d_q && needs_q && of_page_q && !miss && !alone_q && page_i[20:12] != '0 && Const == 0);
      c_alone: cover (in_d_q && needs_q && of_page_q && !miss && alone_q && !own_was_q && page_i[20:12] != '0);
      c_walked: cover (m_q && known_q && ahead_q == '0 && u_dut.walked_q[slot_q] && head_deny && count_q == 4'(Slots));
      c_brought: cover (miss_base && of_page_q);
      c_brought_busy: cover (miss && of_page_q && base_was_q && !busy_q && tbusy_i);
      c_after_write: cover (in_d_q && needs_q && of_page_q && miss && !own_was_q && base_was_q && filled_q);
    end
  end

  logic unused_lines;
  assign unused_lines = lines;

endmodule
