// SPDX-License-Identifier: Apache-2.0
//
// rmp_walker_props: what the walker promises to who asks it (docs/units/rmp_walker.md).
//
// place_i is any place (0, 1 reads, 2, 3 writes, 4 VERIFY), the same all the time; its question is followed from the miss on.
//   - a question has one verdict, and nobody gets one who did not ask; none is lost: what it waits for is queued or at the DRAM,
//   - the verdict is made of the words that came for it, each by a read that was sent after the last end of a table write before
//     the pick (stale_b_q, stale_o_q: the word was sent for before one); the base word may also be the one that the question
//     brought along (brought_q), if no table write has ended since, and then it is not read,
//   - a read error denies, fills nothing, and is no Firmware page for VERIFY,
//   - a fill is what a question of this cycle was answered with, and no table write has begun or ended since it was read,
//   - reads go to the row of an entry of an open question, inside [RMP_BASE, RMP_END].
// Environment: a place asks again once it has its verdict, with a covered page (the caches see to it); data answer reads.
// cbit_rmp_decide is a probe. The other assertions tie the registers to this (induction).
module rmp_walker_props
  import cbit_pkg::*;
  import cbit_rmp_pkg::*;
#(
  parameter int unsigned Lanes = 1,
  parameter int unsigned Const = 0,
  parameter int unsigned Place = 7,  // 0 to 4: place_i is this one
  parameter int unsigned Alone = 0,  // covers: nobody else asks
  parameter int unsigned Induct = 1  // 0: without the assertions that only the induction needs
) (
  input logic                 clk_i,
  input logic                 rst_ni,
  input logic                 tbusy_i,
  input logic                 tend_i,
  input logic [51:13]         rmp_base_i,
  input logic [51:13]         rmp_end_i,
  input logic                 vmpl_en_i,
  input logic                 vmpl_sss_i,
  input logic                 iommu_snp_i,
  input logic                 r_miss_i,
  input logic [2:0]           r_slot_i,
  input spa_t                 r_spa_i,
  input attr_t                r_attr_i,
  input logic                 r_base_i,
  input logic [95:0]          r_base_word_i,
  input logic                 w_miss_i,
  input logic [2:0]           w_slot_i,
  input spa_t                 w_spa_i,
  input attr_t                w_attr_i,
  input logic                 w_base_i,
  input logic [95:0]          w_base_word_i,
  input logic                 v_ask_i,
  input logic [51:0]          v_spa_i,
  input logic                 rd_ready_i,
  input logic                 d_valid_i,
  input logic [7:0]           d_tag_i,
  input logic                 d_err_i,
  input logic [128*Lanes-1:0] d_data_i,
  input logic [2:0]           any_place_i
);

  localparam int unsigned Places = 5;
  logic [2:0] place_i;
  assign place_i = (Place < Places) ? 3'(Place) : any_place_i;
  localparam logic [51:0] RowMask = ~52'(16 * Lanes - 1);

  logic        vdone, vok, rd_valid, r_v_valid, w_v_valid, v_deny, fill, fill_own;
  spa_t        rd_spa, fill_spa;
  logic [7:0]  rd_tag;
  logic [2:0]  r_v_slot, w_v_slot;
  rec_t        v_rec;
  logic [95:0] fill_own_word, fill_base_word;

  cbit_rmp_walker #(
    .Lanes(Lanes), .Miss(2), .Const(Const), .SpaWidth(32)
  ) u_dut (
    .clk_i, .rst_ni, .tbusy_i, .tend_i, .rmp_base_i, .rmp_end_i, .seg_i('0), .vmpl_en_i, .vmpl_sss_i, .iommu_snp_i, .r_miss_i,
    .r_slot_i, .r_spa_i, .r_attr_i, .r_base_i, .r_base_word_i, .w_miss_i, .w_slot_i, .w_spa_i, .w_attr_i, .w_base_i, .w_base_word_i,
    .w_use_i(1'b0), .c_miss_i(1'b0), .c_slot_i('0), .c_spa_i('0), .c_what_i('0), .c_base_i(1'b0), .c_base_word_i('0),
    .c_use_i(1'b0), .v_ask_i, .v_spa_i, .vdone_o(vdone), .vok_o(vok),
    .rd_valid_o(rd_valid), .rd_ready_i, .rd_spa_o(rd_spa), .rd_tag_o(rd_tag), .d_valid_i, .d_tag_i, .d_err_i, .d_data_i,
    .r_v_valid_o(r_v_valid), .r_v_slot_o(r_v_slot), .w_v_valid_o(w_v_valid), .w_v_slot_o(w_v_slot),
    .c_v_valid_o(), .c_v_slot_o(), .v_deny_o(v_deny),
    .v_rec_o(v_rec), .fill_o(fill), .fill_own_o(fill_own), .fill_spa_o(fill_spa), .fill_own_word_o(fill_own_word),
    .fill_base_word_o(fill_base_word)
  );

  logic init_q = 1'b0;
  always_ff @(posedge clk_i) init_q <= 1'b1;

  // ---- who asked, who is answered, which reads are out ----
  logic [Places-1:0] start, verdict, open_q;
  logic [1:0]        out_q [Places];   // own, base
  logic              sent, is_verify;

  always_comb begin
    start = '0;
    verdict = '0;
    for (int unsigned i = 0; i < 2; i++) begin
      start[i] = r_miss_i && r_slot_i == 3'(i);
      start[i+2] = w_miss_i && w_slot_i == 3'(i);
      verdict[i] = r_v_valid && r_v_slot == 3'(i);
      verdict[i+2] = w_v_valid && w_v_slot == 3'(i);
    end
    start[4] = v_ask_i;
    verdict[4] = vdone;
  end

  assign sent = rd_valid && rd_ready_i;
  assign is_verify = place_i == 3'd4;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      open_q <= '0;
      for (int unsigned i = 0; i < Places; i++) out_q[i] <= '0;
    end else begin
      open_q <= (open_q | start) & ~verdict;
      for (int unsigned i = 0; i < Places; i++) begin
        for (int unsigned w = 0; w < 2; w++) begin
          if (sent && rd_tag[6:0] == {6'(i), 1'(w)}) out_q[i][w] <= 1'b1;
          else if (d_valid_i && d_tag_i[6:0] == {6'(i), 1'(w)}) out_q[i][w] <= 1'b0;
        end
      end
    end
  end

  // ---- the question of place_i ----
  spa_t        spa_q, ask_spa;
  attr_t       attr_q;
  logic        first, got_b_q, got_o_q, bad_b_q, bad_o_q, stale_b_q, stale_o_q, was_stale_b_q, was_stale_o_q;
  logic [95:0] word_b_q, word_o_q, lane_word;
  logic [1:0]  lane;
  logic        sent_b, sent_o, came_b, came_o, again_q;   // again: its walk was started once more
  logic        ask_base, brought_q, dropped_q;             // word_b_q came with the question; it did, and was read anew

  assign ask_spa = (place_i < 3'd2) ? r_spa_i : (place_i < 3'd4) ? w_spa_i : v_spa_i;
  assign ask_base = (place_i < 3'd2) ? r_base_i : (place_i < 3'd4) && w_base_i;
  assign first = spa_q[20:12] == '0;
  assign sent_b = sent && rd_tag[6:0] == {3'd0, place_i, 1'b0};
  assign sent_o = sent && rd_tag[6:0] == {3'd0, place_i, 1'b1};
  assign came_b = d_valid_i && d_tag_i[6:0] == {3'd0, place_i, 1'b0};
  assign came_o = d_valid_i && d_tag_i[6:0] == {3'd0, place_i, 1'b1};
  assign lane = came_o ? spa_q[13:12] & 2'(Lanes - 1) : 2'd0;

  always_comb begin
    lane_word = d_data_i[95:0];
    for (int unsigned l = 0; l < Lanes; l++) begin
      if (lane == 2'(l)) lane_word = d_data_i[128*l +: 96];
    end
  end

  always_ff @(posedge clk_i) begin
    if (start[place_i]) begin
      spa_q <= ask_spa;
      attr_q <= (place_i < 3'd2) ? r_attr_i : w_attr_i;
    end
    if (start[place_i] || sent_b) begin
      got_b_q <= !sent_b && ask_base;
      brought_q <= !sent_b && ask_base;
      bad_b_q <= 1'b0;
      stale_b_q <= 1'b0;
    end else begin
      got_b_q <= got_b_q || came_b;
      bad_b_q <= bad_b_q || (came_b && d_err_i);
      stale_b_q <= stale_b_q || tend_i;
    end
    if (start[place_i] || sent_o) begin
      got_o_q <= 1'b0;
      bad_o_q <= 1'b0;
      stale_o_q <= 1'b0;
    end else begin
      got_o_q <= got_o_q || came_o;
      bad_o_q <= bad_o_q || (came_o && d_err_i);
      stale_o_q <= stale_o_q || tend_i;
    end
    dropped_q <= !start[place_i] && (dropped_q || (sent_b && brought_q));
    again_q <= !start[place_i] && (again_q || (sent_b && got_b_q));
    was_stale_b_q <= stale_b_q;
    was_stale_o_q <= stale_o_q;
    if (start[place_i] && ask_base) word_b_q <= (place_i < 3'd2) ? r_base_word_i : w_base_word_i;
    else if (came_b) word_b_q <= lane_word;
    if (came_o) word_o_q <= lane_word;
  end

  logic        bad, is_answered;
  logic [95:0] own_word;
  rmp_entry_t  auth;
  assign bad = bad_b_q || (!first && bad_o_q);
  assign own_word = first ? word_b_q : word_o_q;
  assign auth = {32'd0, word_b_q[1] ? word_b_q : own_word};
  assign is_answered = verdict[place_i];

  // ---- the table; that this is G2 (docs/rmp.md, 1.3) is proven of cbit_rmp_addr (rmp_check.sby) ----
  function automatic logic [39:0] granule(input logic [51:0] spa);   // entries of a range: 8 KiB
    return 40'(rmp_base_i) + 40'(spa[51:21]) + 40'd2;
  endfunction

  function automatic logic [51:0] entry(input logic [51:0] spa, input logic own);
    logic [39:0] place;
    place = granule(spa);
    return {place[38:0], own ? spa[20:12] : 9'd0, 4'd0};
  endfunction

  function automatic logic covered(input logic [51:0] spa);
    return granule(spa) <= {1'b0, rmp_end_i};
  endfunction

  // ---- environment ----
  always_ff @(posedge clk_i) begin
    if (!init_q) assume (!rst_ni);
    if (init_q) begin
      assume (place_i == $past(place_i) && rmp_base_i == $past(rmp_base_i) && rmp_end_i == $past(rmp_end_i));
      assume (!($past(tbusy_i) && !$past(tend_i)) || tbusy_i);
      assume (!$past(tend_i) || !tbusy_i);
    end
    assume (place_i < 3'(Places));
    assume (!tend_i || tbusy_i);
    assume ((start & open_q) == '0);
    assume (Alone == 0 || (start & ~(Places'(1) << place_i)) == '0);
    assume (!r_miss_i || (r_slot_i < 3'd2 && r_spa_i[51:32] == '0 && covered(r_spa_i)));
    assume (!w_miss_i || (w_slot_i < 3'd2 && w_spa_i[51:32] == '0 && covered(w_spa_i)));
    assume (!v_ask_i || (v_spa_i[51:32] == '0 && covered(v_spa_i)));
    // a base word brought along is that of the table: no table write is under way; a first page has none (rmp_cache.sby)
    assume (!(r_miss_i && r_base_i) || (!tbusy_i && r_spa_i[20:12] != '0));
    assume (!(w_miss_i && w_base_i) || (!tbusy_i && w_spa_i[20:12] != '0));
    assume (!d_valid_i || (d_tag_i[7] && d_tag_i[6:1] < 6'(Places) && out_q[d_tag_i[3:1]][d_tag_i[0]]));
  end

  // ---- for the induction: places, and the queue of reads ----
  logic [Places-1:0] open_good, read_good;
  logic [1:0]        queued [Places];
  logic [31:0]       spa_of [Places];
  logic [59:0]       queue_q [2];
  logic [1:0]        queue_n;

  assign queue_q[0] = u_dut.u_wrq.gen_shift.data_q[0];
  assign queue_q[1] = u_dut.u_wrq.gen_shift.data_q[1];
  assign queue_n = u_dut.u_wrq.count_q;

  always_comb begin
    spa_of[0] = u_dut.u_r_issue.gen_distributed.mem_q[0];
    spa_of[1] = u_dut.u_r_issue.gen_distributed.mem_q[1];
    spa_of[2] = u_dut.u_w_issue.gen_distributed.mem_q[0];
    spa_of[3] = u_dut.u_w_issue.gen_distributed.mem_q[1];
    spa_of[4] = u_dut.v_spa_q;
    for (int unsigned i = 0; i < Places; i++) begin
      for (int unsigned w = 0; w < 2; w++) begin
        queued[i][w] = (queue_n != '0 && queue_q[0][6:0] == {6'(i), 1'(w)}) ||
                       (queue_n == 2'd2 && queue_q[1][6:0] == {6'(i), 1'(w)});
      end
      open_good[i] = open_q[i] == (u_dut.act_q[i] || (u_dut.e_valid_q && u_dut.e_place_q == 3'(i))) &&
                     !(u_dut.act_q[i] && u_dut.e_valid_q && u_dut.e_place_q == 3'(i));
      // a word is needed, queued or out, and but one of these; none of a place that is not in use
      read_good[i] = u_dut.wait_b_q[i] == (queued[i][0] || out_q[i][0]) && !(queued[i][0] && out_q[i][0]) &&
                     u_dut.wait_o_q[i] == (queued[i][1] || out_q[i][1]) && !(queued[i][1] && out_q[i][1]) &&
                     !(u_dut.need_b_q[i] && u_dut.wait_b_q[i]) && !(u_dut.need_o_q[i] && u_dut.wait_o_q[i]) &&
                     (u_dut.act_q[i] || !(u_dut.need_b_q[i] || u_dut.need_o_q[i] || u_dut.wait_b_q[i] || u_dut.wait_o_q[i])) &&
                     !(u_dut.first_q[i] && (u_dut.need_o_q[i] || u_dut.wait_o_q[i]));
    end
  end

  logic [32+UserW+95:0] item;   // question of place_i
  assign item = (place_i < 3'd2) ? u_dut.u_r_pick.gen_distributed.mem_q[place_i[0]] : u_dut.u_w_pick.gen_distributed.mem_q[place_i[0]];

  logic act, base_in, own_in;   // place_i is not answered; its words are in
  assign act = u_dut.act_q[place_i];
  assign base_in = act && !u_dut.need_b_q[place_i] && !u_dut.wait_b_q[place_i];
  assign own_in = act && !u_dut.need_o_q[place_i] && !u_dut.wait_o_q[place_i] && !first;

  always_ff @(posedge clk_i) begin
    if (init_q && rst_ni) begin
      // ---- one verdict for each question ----
      a_asked: assert ((verdict & ~open_q) == '0);
      a_one: assert ((verdict & (verdict - Places'(1))) == '0 && (r_v_valid || w_v_valid || vdone) == (verdict != '0));
      a_not_lost: assert (!open_q[place_i] || is_answered || u_dut.need_b_q[place_i] || u_dut.need_o_q[place_i] ||
                          queued[place_i] != '0 || out_q[place_i] != '0 || u_dut.ready[place_i]);
      // ---- made of what was read for it, and after the last table write ----
      a_in: assert (!is_answered || (got_b_q && (first || got_o_q)));
      a_fresh: assert (!is_answered || !(was_stale_b_q || (!first && was_stale_o_q)));
      a_words: assert (!is_answered || (u_dut.e_own_q == own_word && u_dut.e_base_q == word_b_q));
      a_verdict: assert (!is_answered || is_verify || (v_rec == {own_word[24:0], word_b_q[24:0], bad} &&
                         v_deny == (bad || own_word[95] != word_b_q[94])));
      a_question: assert (!is_answered || is_verify || (u_dut.e_spa_q == spa_q[31:0] && u_dut.e_what_q.asid == attr_q.asid &&
                          u_dut.e_what_q.vmpl == attr_q.vmpl && u_dut.e_what_q.ec == attr_q.cbit));
      a_firmware: assert (!(is_answered && is_verify) || vok == (!bad && auth.assigned && !auth.validated && auth.asid == '0 &&
                          auth.immutable && auth.lock && auth.gpa == '0 && !auth.vmsa));
      // ---- fills ----
      a_fill_asked: assert (!fill || r_v_valid || w_v_valid);
      a_fill: assert (!(fill && is_answered) || (fill_spa == spa_q && fill_own == !first && fill_base_word == word_b_q &&
                      (first || fill_own_word == word_o_q)));
      a_fill_error: assert (!(fill && is_answered) || !bad);
      a_fill_fresh: assert (!(fill && is_answered) || !(stale_b_q || (!first && stale_o_q) || tbusy_i || $past(tbusy_i)));
      a_fill_const: assert (!fill || Const == 0);
      // ---- reads ----
      a_read_open: assert (!rd_valid || (rd_tag[7] && rd_tag[6:1] < 6'(Places) && open_q[rd_tag[3:1]] &&
                           !out_q[rd_tag[3:1]][rd_tag[0]]));
      a_read_row: assert (!(rd_valid && rd_tag[6:1] == 6'(place_i)) ||
                          rd_spa == (entry(spa_q, rd_tag[0]) & RowMask));
      a_read_needed: assert (!(rd_valid && rd_tag[6:0] == {3'd0, place_i, 1'b0}) || !brought_q || stale_b_q);
      a_read_table: assert (!(rd_valid && rd_tag[6:1] == 6'(place_i)) ||
                            (rd_spa >= {rmp_base_i, 13'd0} && rd_spa <= {rmp_end_i, 13'h1fff}));
      // ---- for the induction ----
      if (Induct != 0) begin
        a_places: assert ((!u_dut.e_valid_q || u_dut.e_place_q < 3'(Places)) && open_good == '1 && read_good == '1);
        a_queue: assert (queue_n <= 2'd2 && (queue_n == 2'd0 || (queue_q[0][7] && queue_q[0][6:1] < 6'(Places))) &&
                         (queue_n != 2'd2 || (queue_q[1][7] && queue_q[1][6:1] < 6'(Places) &&
                         queue_q[1][6:0] != queue_q[0][6:0])));
        a_row_0: assert (!(queue_n != 2'd0 && queue_q[0][6:1] == 6'(place_i)) ||
                         queue_q[0][59:8] == (entry(spa_q, queue_q[0][0]) & RowMask));
        a_row_1: assert (!(queue_n == 2'd2 && queue_q[1][6:1] == 6'(place_i)) ||
                         queue_q[1][59:8] == (entry(spa_q, queue_q[1][0]) & RowMask));
        a_spa: assert (!act || (spa_of[place_i] == spa_q[31:0] && spa_q[51:32] == '0 && covered(spa_q) &&
                                 u_dut.first_q[place_i] == first && u_dut.lane_q[place_i] == spa_q[13:12]));
        a_spa_pick: assert (!act || is_verify || item[$bits(item)-1:96] == {spa_q[31:0], attr_q});
        a_hb: assert (!act || !u_dut.hb_q[place_i] || (brought_q && !is_verify && !first && item[95:0] == word_b_q &&
                      !u_dut.need_b_q[place_i] && !u_dut.wait_b_q[place_i]));
        a_brought: assert (!act || !brought_q || (!out_q[place_i][0] && got_b_q && !bad_b_q && !first &&
                           (u_dut.hb_q[place_i] || (stale_b_q && (u_dut.need_b_q[place_i] || queued[place_i][0])))));
        a_brought_redo: assert (!act || !brought_q || !u_dut.redo_q[place_i] || stale_b_q);
        a_base_in: assert (!base_in || (got_b_q && (brought_q == u_dut.hb_q[place_i]) &&
                          (brought_q || u_dut.u_base.gen_distributed.mem_q[place_i] == word_b_q)));
        a_own_in: assert (!own_in || (got_o_q && u_dut.u_own.gen_distributed.mem_q[place_i] == word_o_q));
        a_out: assert (!act || (!(out_q[place_i][0] && (got_b_q || bad_b_q)) && !(out_q[place_i][1] && (got_o_q || bad_o_q))));
        a_err: assert (!act || u_dut.err_q[place_i] == ((base_in && bad_b_q) || (own_in && bad_o_q)));
        a_redo: assert (!act || u_dut.redo_q[place_i] ||
                        (!(stale_b_q && (base_in || out_q[place_i][0])) && !(stale_o_q && (own_in || out_q[place_i][1]))));
        a_e: assert (!is_answered || (u_dut.e_spa_q == spa_q[31:0] && u_dut.e_first_q == first && u_dut.e_err_q == bad &&
                     spa_q[51:32] == '0));
      end
      // ---- the conditions above are met ----
      c_again: cover (is_answered && !is_verify && !first && fill && again_q);
      c_brought: cover (is_answered && brought_q && fill);
      c_dropped: cover (is_answered && dropped_q && fill);
      c_picked_at_end: cover (is_answered && stale_b_q && !is_verify);
      c_error: cover (is_answered && bad_o_q && !bad_b_q && !first && !is_verify);
      c_good: cover (is_answered && (is_verify ? vok : fill) && !first);
    end
  end

endmodule
