// SPDX-License-Identifier: Apache-2.0
//
// rmp_insn_props: what an RMP instruction promises at the ports of its unit (docs/units/rmp_insn.md; rules: docs/rmp.md, section 5).
//
// range_i, place_i are any range's entries and any page in it but the first, the same all the time. mem_base_q, mem_own_q = what
// memory holds for the range's first page and for that one: the AMD-SP may change them while the world does not stand still, reads
// give them, writes change them. was_base_q, was_own_q = as they stood when the instruction's world began to stand still.
//   - one instruction at a time; a taken one has one answer, at its port, after its reads, writes, and the drop of the range,
//   - while it reads and writes, no requester's handshake on AR, AW, W, B, and before it the check ports were idle; all reads are done before the first write,
//   - marks do not change meanwhile, and no page that is marked is written,
//   - an Immutable entry does not change but for SubpageCount of a first page, RMPUPDATE never sets Validated, RMPADJUST gives
//     nobody more than its giver has; guests change what is theirs.
// The other assertions tie the registers to this (induction).
module rmp_insn_props
  import cbit_pkg::*;
  import cbit_rmp_pkg::*;
#(
  parameter int unsigned Induct = 1   // 0: without the assertions that only the induction needs
) (
  input logic            clk_i,
  input logic            rst_ni,
  input logic            chk_on_i,
  input logic            vmpl_en_i,
  input logic [51:13]    rmp_base_i,
  input logic [51:13]    rmp_end_i,
  input logic [1:0]      insn_valid_i,
  input insn_req_t [1:0] insn_req_i,
  input logic [1:0]      ans_ready_i,
  input logic            inv_ready_i,
  input logic            use_valid_i,
  input logic [4:0]      use_slot_i,
  input logic            use_set_i,
  input logic [51:12]    use_page_i,
  input logic            rd_idle_i,
  input logic            wr_idle_i,
  input logic            chk_idle_i,
  input logic            rd_ready_i,
  input logic            d_valid_i,
  input logic            d_which_i,
  input logic            d_err_i,
  input logic [127:0]    d_data_i,
  // pins and bus units
  input logic            h_ar_valid_i,
  input logic            h_aw_valid_i,
  input logic [7:0]      h_aw_len_i,
  input logic            h_w_valid_i,
  input logic            h_b_ready_i,
  input logic            e_ar_ready_i,
  input logic            e_aw_ready_i,
  input logic            e_w_ready_i,
  input logic            e_b_valid_i,
  input logic [1:0]      e_b_resp_i,
  // any
  input logic [51:13]    range_i,
  input logic [8:0]      place_i,
  input logic            slot_i,
  input logic            change_i,
  input rmp_entry_t      new_base_i,
  input rmp_entry_t      new_own_i
);

  logic [1:0]   ready, ans;
  logic [3:0]   kind, code;
  logic         cf, zf, inv, use_ready, rd_valid, stop, write, still, aw_valid, aw_ready, w_valid, w_ready, w_last, b_valid;
  logic [37:0]  error;
  logic [127:0] out, w_data;
  logic [51:21] inv_page;
  spa_t         rd_spa, aw_spa;
  logic [7:0]   rd_tag, aw_len;
  logic [15:0]  w_strb;
  logic [1:0]   b_resp;
  logic         h_ar_ready, h_aw_ready, h_w_ready, h_b_valid, e_aw_valid, e_w_valid, e_w_last, e_b_ready;
  ax_req_t      h_aw, e_aw;
  logic [1:0]   use_v;
  logic [1:0][51:12] use_page;

  always_comb begin
    h_aw = '0;
    h_aw.len = h_aw_len_i;
  end

  cbit_rmp_insn #(
    .Lanes(1), .Unit(5), .Ports(2), .Slots(2)
  ) u_dut (
    .clk_i, .rst_ni, .chk_on_i, .vmpl_en_i, .rmp_base_i, .rmp_end_i, .seg_i('0), .insn_valid_i, .insn_ready_o(ready), .insn_req_i,
    .ans_valid_o(ans), .ans_ready_i, .ans_kind_o(kind), .ans_code_o(code), .ans_cf_o(cf), .ans_zf_o(zf), .ans_error_o(error),
    .ans_out_o(out), .inv_valid_o(inv), .inv_ready_i, .inv_page_o(inv_page), .use_valid_i, .use_ready_o(use_ready), .use_slot_i,
    .use_set_i, .use_page_i, .use_v_o(use_v), .use_page_o(use_page), .rd_idle_i, .wr_idle_i, .chk_idle_i, .rd_valid_o(rd_valid), .rd_ready_i, .rd_spa_o(rd_spa), .rd_tag_o(rd_tag),
    .d_valid_i, .d_tag_i({1'b1, 6'd5, d_which_i}), .d_err_i, .d_data_i, .stop_o(stop), .write_o(write), .still_o(still),
    .aw_valid_o(aw_valid), .aw_ready_i(aw_ready), .aw_spa_o(aw_spa), .aw_len_o(aw_len), .w_valid_o(w_valid), .w_ready_i(w_ready),
    .w_data_o(w_data), .w_strb_o(w_strb), .w_last_o(w_last), .b_valid_i(b_valid), .b_resp_i(b_resp), .tbusy_i(1'b0),
    .asked_i(1'b0), .lines_i(1'b0), .ev_insn_o(), .ev_stop_o()
  );

  cbit_rmp_pins #(
    .Lanes(1), .RmpMiss(2)
  ) u_pins (
    .clk_i, .rst_ni, .stop_i(stop), .write_i(write), .still_i(still), .aw_valid_i(aw_valid), .aw_ready_o(aw_ready),
    .aw_spa_i(aw_spa), .aw_len_i(aw_len), .w_valid_i(w_valid), .w_ready_o(w_ready), .w_data_i(w_data), .w_strb_i(w_strb),
    .w_last_i(w_last), .b_valid_o(b_valid), .b_resp_o(b_resp), .h_ar_valid_i, .h_ar_ready_o(h_ar_ready), .h_aw_valid_i,
    .h_aw_ready_o(h_aw_ready), .h_aw_i(h_aw), .h_w_valid_i, .h_w_ready_o(h_w_ready), .h_w_data_i('0), .h_w_strb_i('0),
    .h_w_last_i(1'b0), .h_b_valid_o(h_b_valid), .h_b_ready_i, .e_ar_valid_o(), .e_ar_ready_i, .e_aw_valid_o(e_aw_valid),
    .e_aw_ready_i, .e_aw_o(e_aw), .e_w_valid_o(e_w_valid), .e_w_ready_i, .e_w_data_o(), .e_w_strb_o(), .e_w_last_o(e_w_last),
    .e_b_valid_i, .e_b_ready_o(e_b_ready), .e_b_resp_i
  );

  localparam logic [3:0] Idle = 4'd0, Take = 4'd1, Check = 4'd2, Stop = 4'd3, Read = 4'd4, Decide = 4'd5, Scan = 4'd6,
                         Count = 4'd7, Write = 4'd8, Inv = 4'd9, Ans = 4'd10;
  logic [3:0] ph;
  assign ph = u_dut.ph_q;

  logic init_q = 1'b0;
  always_ff @(posedge clk_i) init_q <= 1'b1;

  // ---- the instruction ----
  logic       busy_q, port_q, wrote_q, dropped_q;   // taken, not answered; a write of it was sent; its range was dropped since
  insn_req_t  req_q;
  insn_page_t operand;
  logic       update, smash, adjust, guest, big, wide;
  logic [1:0] vmpl, target;

  assign operand = req_q.arg;
  assign update = req_q.op == 3'd0;
  assign smash = req_q.op == 3'd1;
  assign adjust = req_q.op == 3'd4;
  assign guest = req_q.op == 3'd3 || adjust;
  assign big = update ? operand.page_size : req_q.arg[0];
  assign wide = smash || big;
  assign vmpl = vmpl_en_i ? req_q.vmpl : 2'd0;
  assign target = req_q.arg[65:64];

  logic aw_take, w_take, rd_take, take_page;
  assign aw_take = aw_valid && aw_ready;
  assign w_take = w_valid && w_ready;
  assign rd_take = rd_valid && rd_ready_i;
  assign take_page = insn_req_i[ready[1]].op < 3'd3;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      busy_q <= 1'b0;
      wrote_q <= 1'b0;
      dropped_q <= 1'b0;
    end else if (ready != '0) begin
      busy_q <= 1'b1;
      wrote_q <= 1'b0;
      dropped_q <= 1'b0;
    end else begin
      if ((ans & ans_ready_i) != '0) busy_q <= 1'b0;
      wrote_q <= wrote_q || aw_take || w_take;
      dropped_q <= (dropped_q || (inv && inv_ready_i)) && !aw_take && !w_take && !b_valid;
    end
    if (ready != '0) begin
      port_q <= ready[1];
      req_q <= insn_req_i[ready[1]];
      if (take_page) req_q.spa_page <= insn_req_i[ready[1]].rax[51:12];
    end
  end

  // ---- reads and writes under way: of the unit, of the requester ----
  logic [1:0]  out_q;          // READ and COUNT: base or old counter, own or new counter
  logic [9:0]  scan_q, row_q;  // SCAN: reads out; row of the next answer
  logic        aw_out_q;       // a burst's AW was taken, its B not
  logic [8:0]  beat_q;         // beats of the burst that were taken
  logic        burst_q;        // shown, B not taken
  logic [12:0] owed_q;         // W beats that the requester owes
  logic [4:0]  writes_q;       // AWs at the bus units without a B
  logic        h_aw_take, h_w_take, h_b_take, e_aw_take, e_b_take;

  assign h_aw_take = h_aw_valid_i && h_aw_ready;
  assign h_w_take = h_w_valid_i && h_w_ready;
  assign h_b_take = h_b_valid && h_b_ready_i;
  assign e_aw_take = e_aw_valid && e_aw_ready_i;
  assign e_b_take = e_b_valid_i && e_b_ready;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      out_q <= '0;
      scan_q <= '0;
      aw_out_q <= 1'b0;
      beat_q <= '0;
      owed_q <= '0;
      writes_q <= '0;
    end else begin
      if (ph != Scan) begin
        if (rd_take) out_q[rd_tag[0]] <= 1'b1;
        if (d_valid_i) out_q[d_which_i] <= 1'b0;
        scan_q <= '0;
        row_q <= '0;
      end else begin
        scan_q <= scan_q + 10'(rd_take) - 10'(d_valid_i);
        row_q <= row_q + 10'(d_valid_i);
      end
      aw_out_q <= (aw_out_q || aw_take) && !b_valid;
      beat_q <= b_valid ? '0 : beat_q + 9'(w_take);
      owed_q <= owed_q + (h_aw_take ? 13'(h_aw_len_i) + 13'd1 : '0) - 13'(h_w_take);
      writes_q <= writes_q + 5'(e_aw_take) - 5'(e_b_take);
    end
  end

  // ---- memory ----
  rmp_entry_t  mem_base_q, mem_own_q, was_base_q, was_own_q, auth, wrote;
  logic        mine, here;           // the instruction's range is range_i; its page is place_i
  logic [51:0] row;
  logic        hit_base, hit_own;    // a beat changes them

  assign mine = u_dut.granule_q == range_i;
  assign here = req_q.spa_page[20:12] == place_i;
  assign row = aw_spa + {39'd0, beat_q, 4'd0};
  assign hit_base = w_take && w_strb != '0 && row == {range_i, 13'd0};
  assign hit_own = w_take && w_strb != '0 && row == {range_i, place_i, 4'd0};
  assign wrote = w_data;
  assign auth = was_base_q.page_size ? was_base_q : was_own_q;

  always_ff @(posedge clk_i) begin
    if (hit_base) mem_base_q <= wrote;
    else if (!still && change_i) mem_base_q <= new_base_i;
    if (hit_own) mem_own_q <= wrote;
    else if (!still && change_i) mem_own_q <= new_own_i;
    if (!still) begin
      was_base_q <= change_i ? new_base_i : mem_base_q;
      was_own_q <= change_i ? new_own_i : mem_own_q;
    end
  end

  // ---- a mark ----
  logic         mark_q, marked;
  logic [51:12] mark_page_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) mark_q <= 1'b0;
    else if (use_valid_i && use_ready && use_slot_i == 5'(slot_i)) mark_q <= use_set_i;
    if (use_valid_i && use_ready && use_slot_i == 5'(slot_i)) mark_page_q <= use_page_i;
  end
  assign marked = mark_q && mark_page_q[51:21] == req_q.spa_page[51:21] &&
                  (wide || mark_page_q[20:12] == req_q.spa_page[20:12]);

  // ---- environment ----
  always_ff @(posedge clk_i) begin
    if (!init_q) assume (!rst_ni);
    if (init_q) begin
      assume (range_i == $past(range_i) && place_i == $past(place_i) && slot_i == $past(slot_i));
      assume (rmp_base_i == $past(rmp_base_i) && rmp_end_i == $past(rmp_end_i) && vmpl_en_i == $past(vmpl_en_i));
      assume (!$past(chk_on_i) || chk_on_i);
      assume (((~insn_valid_i & $past(insn_valid_i & ~ready)) == '0) || !$past(rst_ni));
      assume (!$past(rst_ni && insn_valid_i[0] && !ready[0]) || insn_req_i[0] == $past(insn_req_i[0]));
      assume (!$past(rst_ni && insn_valid_i[1] && !ready[1]) || insn_req_i[1] == $past(insn_req_i[1]));
      assume (!$past(rst_ni && e_b_valid_i && !e_b_ready) || e_b_valid_i);
    end
    assume (place_i != '0 && 40'(range_i) >= 40'(rmp_base_i) + 40'd2 && range_i <= rmp_end_i);
    // the write path is idle if nothing is owed, nothing unanswered
    assume (!wr_idle_i || (owed_q == '0 && writes_q == '0));
    assume (writes_q != '1 && owed_q < 13'h1f00);
    assume (!(e_b_valid_i && !write) || writes_q != '0);
    assume (!(e_b_valid_i && write) || (aw_out_q && burst_q && !w_valid));
    assume (!d_valid_i || (ph == Scan ? scan_q != '0 && !d_which_i : out_q[d_which_i]));
    // data: what memory holds
    assume (!(d_valid_i && !d_err_i && ph == Read && mine && !d_which_i) || d_data_i == mem_base_q);
    assume (!(d_valid_i && !d_err_i && ph == Read && mine && d_which_i && here) || d_data_i == mem_own_q);
    assume (!(d_valid_i && !d_err_i && ph == Scan && mine && row_q == 10'(place_i)) || d_data_i == mem_own_q);
  end
  assign burst_q = u_dut.bw_q;

  // ---- for the induction: the item that is written ----
  logic [4:0]  item_q;
  logic        half, one_entry, one_base, counter;
  rmp_entry_t  word_gpa, new_gpa, sub_gpa;
  always_ff @(posedge clk_i) if (u_dut.load) item_q <= u_dut.item;
  assign half = item_q[1] || (item_q[0] && u_dut.range);
  assign one_entry = item_q[0] && !u_dut.range;
  assign one_base = item_q[2];
  assign counter = item_q[3] || item_q[4];
  always_comb begin
    word_gpa = u_dut.word_q;
    new_gpa = u_dut.new_entry;
    sub_gpa = u_dut.sub_entry;
    word_gpa.gpa = '0;
    new_gpa.gpa = '0;
    sub_gpa.gpa = '0;
  end

  always_ff @(posedge clk_i) begin
    if (init_q && rst_ni) begin
      // ---- one at a time, one answer each ----
      a_one: assert (!(busy_q && ready != '0) && ready != 2'b11 && (ready & ~insn_valid_i) == '0);
      a_answer: assert (ans == '0 || (busy_q && ans == (2'b01 << port_q)));
      a_answer_last: assert (ans == '0 || (out_q == '0 && scan_q == '0 && !burst_q && !aw_valid && !w_valid && !rd_valid));
      a_inv_first: assert (ans == '0 || !wrote_q || dropped_q);
      a_inv: assert (!inv || (busy_q && !burst_q && !aw_valid && inv_page == req_q.spa_page[51:21]));
      a_no_answer_lost: assert (!busy_q || (ph != Idle && ph != Take));
      a_code: assert (ph < Inv || zf == (kind == 4'd0 && code == 4'd0));
      // ---- its reads and writes: of one instruction, in a world that stands still ----
      a_reads: assert (!rd_valid || (busy_q && still && !write));
      a_writes: assert (!(aw_valid || w_valid) || (busy_q && write && out_q == '0 && scan_q == '0));
      a_still: assert (!still || (!h_aw_take && !h_w_take && !h_b_take && !(h_ar_valid_i && h_ar_ready) && owed_q == '0));
      a_drained: assert (!(still && !$past(still)) || $past(rd_idle_i && wr_idle_i && chk_idle_i));
      a_who_writes: assert (!aw_valid || update || smash || guest);
      a_write_beats: assert (!(w_valid && w_ready) || w_last == (beat_q == 9'(aw_len)));
      a_write_place: assert (!aw_valid || (aw_spa[51:13] == (counter ? rmp_base_i : u_dut.granule_q) &&
                             (aw_len == '0 || (aw_len == 8'd255 && aw_spa[11:0] == '0))));
      a_reads_table: assert (!rd_valid || (rd_spa[51:13] >= rmp_base_i && rd_spa[51:13] <= rmp_end_i));
      a_reads_place: assert (!rd_valid || rd_spa[51:13] == (ph == Count ? rmp_base_i : u_dut.granule_q));
      a_writes_table: assert (!aw_valid || (aw_spa[51:13] >= rmp_base_i && aw_spa[51:13] <= rmp_end_i));
      a_b_own: assert (!write || writes_q == 5'(aw_out_q));
      // ---- marks ----
      a_marks_stay: assert (!use_ready || ph == Idle || ph == Take || ph == Inv || ph == Ans);
      a_mark_shown: assert (use_v[slot_i] == mark_q && (!mark_q || use_page[slot_i] == mark_page_q));
      a_mark_counts: assert (!aw_valid || !marked);
      // ---- entries ----
      a_immutable_base: assert (!hit_base || !was_base_q.immutable || ((wrote ^ mem_base_q) & ~(128'h1ff << 3)) == '0);
      a_immutable_own: assert (!hit_own || !auth.immutable);
      a_whole: assert (!(hit_base || hit_own) || w_strb == '1);
      a_update_validated: assert (!(update && hit_base && wrote.validated) || mem_base_q.validated);
      a_update_validated_own: assert (!(update && hit_own && wrote.validated) || mem_own_q.validated);
      a_adjust_base: assert (!(adjust && hit_base && target != 2'd0) ||
                             (wrote.mask[target] & ~{3'd0, was_base_q.mask[vmpl][4:0]}) == '0);
      a_adjust_own: assert (!(adjust && hit_own && target != 2'd0) ||
                            (wrote.mask[target] & ~{3'd0, was_own_q.mask[vmpl][4:0]}) == '0);
      a_adjust_weaker: assert (!(adjust && (hit_base || hit_own)) || target > vmpl || vmpl == 2'd0);
      a_adjust_rest: assert (!(adjust && hit_own) || ((wrote ^ mem_own_q) & ~(128'd1 << 61) &
                             ~(128'hff << (64 + 8 * target))) == '0);
      a_guest_base: assert (!(guest && hit_base) || (was_base_q.asid == req_q.asid && req_q.asid != '0 && was_base_q.assigned));
      a_guest_own: assert (!(guest && hit_own) || (was_own_q.asid == req_q.asid && req_q.asid != '0 && was_own_q.assigned &&
                           was_own_q.gpa[38:9] == req_q.gpa_page[50:21] && here &&
                           (was_own_q.gpa[8:0] == req_q.gpa_page[20:12] || was_own_q.page_size)));

      // ---- for the induction ----
      if (Induct != 0) begin
        a_ph: assert (ph <= Ans && stop == (ph >= Stop && ph <= Write) && write == (ph == Write));
        a_busy: assert (busy_q == (ph >= Check) && (ph < Take || u_dut.sel_q == 2'b01 || u_dut.sel_q == 2'b10) &&
                        (ph < Check || u_dut.sel_q == (2'b01 << port_q)));
        a_wrote: assert (ph < Check || ph > Count || !wrote_q);
        a_take: assert (ph != Take || (u_dut.sel_q & ~insn_valid_i) == '0);
        a_req: assert (ph < Check || u_dut.req_q == req_q);
        a_host: assert (ph < Check || req_q.op > 3'd2 || req_q.spa_page == req_q.rax[51:12]);
        a_open: assert (ph < Stop || ph > Write || (!u_dut.chk_end && chk_on_i));
        a_used: assert (ph < Stop || ph > Write || (u_dut.used_q == u_dut.use_now &&
                        40'(u_dut.granule_q) == 40'(rmp_base_i) + 40'(req_q.spa_page[51:21]) + 40'd2 && u_dut.granule_q <= rmp_end_i));
        a_mark: assert (u_dut.use_v_q[slot_i] == mark_q && (!mark_q || u_dut.use_page_q[slot_i] == mark_page_q));
        a_owed: assert (u_pins.owed_q == owed_q && (!still || owed_q == '0));
        a_writes_q: assert (!(still && !write) || writes_q == '0);
        a_out: assert (out_q == u_dut.wait_q && (u_dut.need_q & u_dut.wait_q) == '0 &&
                       (ph == Read || ph == Count || (u_dut.need_q == '0 && out_q == '0)));
        a_scan: assert (ph == Scan ? scan_q == u_dut.nw_q && 11'(row_q) + 11'(scan_q) == 11'(u_dut.row_q) &&
                                     u_dut.row_q <= 10'd512 && u_dut.scan
                                   : scan_q == '0);
        a_first: assert (ph != Read || !u_dut.first || (!u_dut.need_q[1] && !u_dut.wait_q[1]));
        a_burst: assert (write || (!u_dut.bw_q && !u_dut.aw_q && u_dut.wn_q == '0 && u_dut.todo_q == '0 && !aw_out_q &&
                                   beat_q == '0));
        a_bw: assert (u_dut.bw_q || (!u_dut.aw_q && u_dut.wn_q == '0 && beat_q == '0 && !aw_out_q));
        a_aw: assert (!u_dut.bw_q || u_dut.aw_q != aw_out_q);
        a_wn: assert (!u_dut.bw_q || 10'(u_dut.wn_q) + 10'(beat_q) == (u_dut.half_q ? 10'd256 : 10'd1));
        a_decided: assert (!(ph == Scan || ph == Count || ph == Write) || ((u_dut.err_q && ph != Write) || !u_dut.dec_end));
        a_read_base: assert (!(ph == Read && !u_dut.need_q[0] && !u_dut.wait_q[0] && !u_dut.err_q && mine) ||
                             u_dut.base_q == mem_base_q);
        a_read_first: assert (!(ph == Read && !u_dut.need_q[0] && !u_dut.wait_q[0] && u_dut.first) || u_dut.own_q == u_dut.base_q);
        a_read_own: assert (!(ph == Read && !u_dut.need_q[1] && !u_dut.wait_q[1] && !u_dut.err_q && mine && here) ||
                            u_dut.own_q == mem_own_q);
        a_known_base: assert (!(ph >= Decide && ph <= Write && mine && (ph != Decide || !u_dut.err_q)) || u_dut.base_q == was_base_q);
        a_known_first: assert (!(ph >= Decide && ph <= Write && u_dut.first) || u_dut.own_q == u_dut.base_q);
        a_known_own: assert (!(ph >= Decide && ph <= Write && mine && here && (ph != Decide || !u_dut.err_q)) ||
                             u_dut.own_q == was_own_q);
        a_was: assert (!(still && (!write || !mine)) || (mem_base_q == was_base_q && mem_own_q == was_own_q));
        a_scanned: assert (!(mine && (ph == Scan && row_q > 10'(place_i) && !u_dut.imm_q && !u_dut.err_q)) || !was_own_q.immutable);
        a_scan_done: assert (!(mine && (ph == Count || ph == Write) && u_dut.scan) || !was_own_q.immutable);
        a_todo: assert (!write || (u_dut.todo_q & ~u_dut.todo) == '0);
        a_item: assert (!u_dut.bw_q || ((item_q & (item_q - 5'd1)) == '0 && item_q != '0 && (item_q & ~u_dut.todo) == '0 &&
                        (item_q & u_dut.todo_q) == '0 && u_dut.half_q == half && u_dut.todo_q[0] == 1'b0));
        a_item_place: assert (!u_dut.bw_q || (aw_spa == (counter ? {rmp_base_i, aw_spa[12:4], 4'd0} :
                              {u_dut.granule_q, (one_entry && !u_dut.at_base) ? {req_q.spa_page[20:12], 4'd0} :
                                                item_q[1] ? 13'h1000 : 13'd0})));
        a_item_strb: assert (!u_dut.bw_q || counter || w_strb == '1);
        a_item_word: assert (!(u_dut.bw_q && one_entry) || u_dut.wn_q == '0 || u_dut.word_q == u_dut.new_entry);
        a_item_base: assert (!(u_dut.bw_q && one_base) || u_dut.wn_q == '0 || u_dut.word_q == u_dut.new_base);
        a_item_half: assert (!(u_dut.bw_q && half) || u_dut.wn_q == '0 ||
                             word_gpa == ((item_q[0] && beat_q == '0) ? new_gpa : sub_gpa));
        // a first page is written once with its count alone, or with the range
        a_base_once: assert (!(write && mine && u_dut.todo_q[2]) || mem_base_q == was_base_q);
        a_base_first: assert (!(u_dut.bw_q && mine && one_base && u_dut.wn_q != '0) || mem_base_q == was_base_q);
        a_entry_first: assert (!(u_dut.bw_q && mine && item_q[0] && beat_q == '0) ||
                               (mem_base_q == was_base_q && (!one_entry || mem_own_q == was_own_q)));
        a_entry_before: assert (!(write && mine && u_dut.todo_q[0]) || (mem_base_q == was_base_q && mem_own_q == was_own_q));
        a_own_later: assert (!(u_dut.bw_q && mine && half && 10'(beat_q) + (item_q[1] ? 10'd256 : 10'd0) <= 10'(place_i)) ||
                             mem_own_q == was_own_q);
        a_own_half: assert (!(write && mine && u_dut.todo_q[1] && place_i[8]) || mem_own_q == was_own_q);
      end
      // ---- the conditions above are met ----
      c_update: cover ((ans & ans_ready_i) != '0 && update && zf && kind == 4'd0);
      c_adjust: cover (adjust && hit_own && wrote != mem_own_q && target > vmpl);
      c_validate: cover ((ans & ans_ready_i) != '0 && req_q.op == 3'd3 && zf && !cf && port_q);
      c_query: cover (ans != '0 && req_q.op == 3'd5 && out != '0);
      c_mce: cover (ans != '0 && kind == 4'd8 && wrote_q);
      c_marked: cover (ans != '0 && marked && code == 4'd3);
    end
  end

endmodule
