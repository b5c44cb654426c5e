// SPDX-License-Identifier: Apache-2.0
//
// rmp_insn_dec_props: what an RMP instruction must never do to the table, whatever is asked and whatever the table holds
// (docs/units/rmp_insn.md, "Worth proving"; rules: docs/rmp.md, sections 1.4 and 5). Written as promises to the owner of a page,
// not as the steps over again. Combinational: one look at any input is the whole proof (a clocked check is seen in the step
// after it).
//
// "writes" is what cbit_rmp_insn makes of it: neither CHECK nor DECIDE ended. place_i is any of the 512 pages of a range.
module rmp_insn_dec_props
  import cbit_pkg::*;
  import cbit_rmp_pkg::*;
(
  input logic       clk_i,
  input insn_req_t  req_i,
  input logic       chk_on_i,
  input logic       vmpl_en_i,
  input logic       covered_i,
  input logic       in_use_i,
  input logic       read_error_i,
  input rmp_entry_t other_i,   // own entry of a page that is not the first of its range
  input rmp_entry_t base_i,
  input logic [8:0] place_i
);

  rmp_entry_t       own, entry, sub, new_base;
  logic             wide, chk_end, dec_end, scan, one_count, range, at_base, sub_count, first;
  insn_ans_t        chk_ans, dec_ans;
  logic [127:0]     dec_out;
  logic [1:0]       count;
  logic [9:0]       old_asid, new_asid;
  logic [Items-1:0] todo;
  logic [10:0]      leave_add, enter_add;

  assign first = req_i.spa_page[20:12] == '0;
  assign own = first ? base_i : other_i;

  cbit_rmp_insn_dec u_dut (
    .req_i, .chk_on_i, .vmpl_en_i, .covered_i, .use_now_i(in_use_i), .used_i(in_use_i), .wide_o(wide),
    .chk_end_o(chk_end), .chk_ans_o(chk_ans), .read_error_i, .own_i(own), .base_i, .dec_end_o(dec_end),
    .dec_ans_o(dec_ans), .dec_out_o(dec_out), .scan_o(scan), .count_o(count), .old_asid_o(old_asid),
    .new_asid_o(new_asid), .one_count_o(one_count), .todo_o(todo), .range_o(range), .at_base_o(at_base),
    .entry_o(entry), .sub_o(sub), .sub_count_o(sub_count), .base_o(new_base), .leave_add_o(leave_add),
    .enter_add_o(enter_add)
  );

  // ---- words of the page ----
  logic        writes, update, smash, pvalidate, adjust, guest, big, host_page, gpa_fits;
  logic [63:0] rcx, rdx;
  logic [1:0]  vmpl;
  rmp_entry_t  auth, old, at_place;   // old: what stands where the first entry is written
  insn_page_t  operand;

  assign update = req_i.op == 3'd0;
  assign smash = req_i.op == 3'd1;
  assign pvalidate = req_i.op == 3'd3;
  assign adjust = req_i.op == 3'd4;
  assign guest = pvalidate || adjust;
  assign writes = !chk_end && !dec_end;
  assign operand = req_i.arg;
  assign {rdx, rcx} = req_i.arg;
  assign big = update ? operand.page_size : rcx == 64'd1 || (pvalidate && rcx[31:0] == 32'd1);
  assign vmpl = vmpl_en_i ? req_i.vmpl : 2'd0;
  assign auth = base_i.page_size ? base_i : own;
  assign old = at_base ? base_i : own;
  // the host gives its page in RAX; the unit puts it in spa_page
  assign host_page = req_i.spa_page == req_i.rax[51:12];
  assign gpa_fits = auth.page_size ? auth.gpa[38:9] == req_i.gpa_page[50:21] &&
                                     req_i.spa_page[20:12] == req_i.gpa_page[20:12] :
                                     auth.gpa == req_i.gpa_page;
  // the entry of page place_i after a write of the whole range
  always_comb begin
    at_place = place_i == '0 ? entry : sub;
    if (place_i != '0 && sub_count) at_place.gpa = sub.gpa + 39'(place_i);
  end

  // RMPUPDATE gives the page to whom it belongs, at the same GPA and size
  logic kept;
  assign kept = own.assigned && own.asid != '0 && own.asid == entry.asid && own.gpa == entry.gpa &&
                own.page_size == entry.page_size;

  function automatic rmp_entry_t only_assigned(input logic assigned);
    only_assigned = '0;
    only_assigned.assigned = assigned;
  endfunction

  // changes of the entry written
  rmp_entry_t diff, diff_base;
  assign diff = entry ^ auth;
  assign diff_base = new_base ^ base_i;

  always_ff @(posedge clk_i) begin
    assume (host_page || req_i.op > 3'd2);

    // ---- a write happens with code 0 only, and by four instructions only ----
    a_who_writes: assert (!writes || update || smash || guest);
    a_allowed: assert (!writes || (chk_on_i && req_i.cpl == 2'd0 && covered_i && !read_error_i &&
                                   (!guest || (req_i.snp_active && req_i.ec))));
    a_code_0: assert (!(!chk_end && dec_end && dec_ans.kind == RMP_PASS && dec_ans.code == INSN_SUCCESS) ||
                      req_i.op == 3'd2 || req_i.op == 3'd5 || (pvalidate && dec_ans.cf && auth.validated == rdx[0]));
    a_check_no_code_0: assert (!chk_end || chk_ans.kind != RMP_PASS || chk_ans.code != INSN_SUCCESS);
    a_unread: assert (!read_error_i || (dec_end && dec_ans.kind == RMP_MCE));
    a_off: assert (chk_on_i || (chk_end && chk_ans.kind == RMP_UD));
    a_flags: assert (chk_ans.zf == (chk_ans.kind == RMP_PASS && chk_ans.code == INSN_SUCCESS) &&
                     dec_ans.zf == (dec_ans.kind == RMP_PASS && dec_ans.code == INSN_SUCCESS) && !chk_ans.cf);
    a_no_code: assert ((chk_ans.kind == RMP_PASS || chk_ans.code == INSN_SUCCESS) &&
                       (dec_ans.kind == RMP_PASS || (dec_ans.code == INSN_SUCCESS && !dec_ans.cf)));
    a_out: assert (dec_out == '0 || (dec_end && dec_ans.kind == RMP_PASS && dec_ans.code == INSN_SUCCESS));

    // ---- entries that may not be changed ----
    a_immutable: assert (!writes || !auth.immutable);
    a_immutable_range: assert (!(writes && range) || base_i.page_size || scan);
    a_locked: assert (!(writes && !guest) || base_i.asid != 10'h3ff);
    a_owner: assert (!(writes && guest) || (auth.assigned && auth.asid == req_i.asid && req_i.asid != '0));
    a_gpa: assert (!(writes && guest) || gpa_fits);
    a_size: assert (!(writes && guest) || auth.page_size == big);
    a_validated_adjust: assert (!(writes && adjust) || auth.validated);
    a_place: assert (!(writes && guest) || at_base == base_i.page_size);
    a_in_use: assert (!(writes && in_use_i));
    a_in_use_wide: assert (!writes || wide == (smash || big));

    // ---- Validated ----
    a_validates: assert (!(writes && entry.validated && !old.validated) ||
                         (pvalidate && rdx[0] && vmpl == 2'd0 && req_i.ec && req_i.cpl == 2'd0));
    a_validates_range: assert (!(writes && range && at_place.validated) || (place_i == '0 && own.validated && update) ||
                               (smash && base_i.validated));
    a_revoked: assert (!(writes && update && (entry.asid != own.asid || entry.gpa != own.gpa ||
                                              entry.page_size != own.page_size || !own.assigned || !entry.assigned)) ||
                       !entry.validated);

    // ---- what RMPUPDATE gives ----
    a_update_vmsa: assert (!(writes && update && entry.vmsa) ||
                           (own.vmsa && entry.asid == own.asid && entry.gpa == own.gpa && entry.page_size == own.page_size));
    a_update_vmpl: assert (!(writes && update && entry.mask[3:1] != '0) ||
                           (entry.mask == own.mask && entry.asid == own.asid && entry.gpa == own.gpa &&
                            entry.page_size == own.page_size));
    a_update_asid: assert (!(writes && update) || (entry.asid != 10'h3ff && entry.asid <= 10'd1006));
    a_update_gpa: assert (!(writes && update && entry.asid == '0) || entry.gpa == '0);
    a_update_gpa_given: assert (!(writes && update && entry.asid != '0) ||
                                (64'({entry.gpa, 12'd0}) == {operand.gpa[63:12], 12'd0} &&
                                 (!big || entry.gpa[8:0] == '0)));
    a_update_as_asked: assert (!(writes && update) || (entry.assigned == operand.assigned &&
                               32'(entry.asid) == operand.asid && entry.immutable == operand.immutable &&
                               entry.lock == operand.immutable && entry.page_size == (operand.page_size && operand.assigned)));
    a_update_fresh: assert (!(writes && update && entry.assigned && !kept) ||
                            (entry[127:64] == 64'h1f && !entry.validated && !entry.vmsa));
    a_update_kept: assert (!(writes && update && entry.assigned && kept) ||
                           (entry[127:64] == own[127:64] && entry.validated == own.validated && entry.vmsa == own.vmsa));
    a_released: assert (!(writes && update && !entry.assigned) || (entry & ~(128'h1ff << 3)) == '0);

    // ---- what a guest's instruction changes ----
    a_pvalidate_bit: assert (!(writes && pvalidate) || diff == (128'd1 << 62));
    a_adjust_rest: assert (!(writes && adjust) ||
                           (diff & ~(128'd1 << 61) & ~(128'hff << (64 + 8 * rdx[1:0]))) == '0);
    a_adjust_weaker: assert (!(writes && adjust) ||
                             (diff.mask[0] == '0 && (vmpl < 2'd1 || diff.mask[1] == '0) &&
                              (vmpl < 2'd2 || diff.mask[2] == '0) && (vmpl < 2'd3 || diff.mask[3] == '0)));
    a_adjust_own: assert (!(writes && adjust && rdx[7:0] != 8'd0) ||
                          (entry.mask[rdx[1:0]] & ~{3'd0, auth.mask[vmpl][4:0]}) == '0);
    a_adjust_given: assert (!(writes && adjust && rdx[7:0] != 8'd0) || entry.mask[rdx[1:0]] == {3'd0, rdx[12:8]});
    a_adjust_vmsa: assert (!(writes && adjust && entry.vmsa != auth.vmsa) || vmpl == 2'd0);
    a_adjust_vmsa_4k: assert (!(writes && adjust && entry.vmsa) || !entry.page_size);
    a_adjust_vmsa_given: assert (!(writes && adjust) || entry.vmsa == rdx[16]);

    // ---- the range afterwards (1.4): all sub entries are alike, so one of them says how many are assigned ----
    a_range_update: assert (!(writes && update && big) ||
                            (range && entry.page_size == operand.assigned && entry.subpage_count == '0 &&
                             (place_i == '0 || at_place == only_assigned(operand.assigned))));
    a_range_smash: assert (!(writes && smash) || (range && !at_place.page_size && !at_place.immutable && !at_place.lock &&
                           at_place.subpage_count == (place_i == '0 ? 9'd511 : 9'd0)));
    a_range_smash_keeps: assert (!(writes && smash) ||
                                 (at_place.gpa == base_i.gpa + 39'(place_i) && at_place.assigned == base_i.assigned &&
                                  at_place.asid == base_i.asid && at_place.vmsa == base_i.vmsa &&
                                  at_place.validated == base_i.validated && at_place[127:64] == base_i[127:64]));
    a_range_items: assert (!writes || todo[1:0] == {range, 1'b1});
    a_range_whole: assert (!writes || range == (smash || (update && big)));
    // one page of a range: the count follows
    a_count_follows: assert (!(writes && update && !big && !first) ||
                             (todo[ITEM_BASE] ? new_base.subpage_count == base_i.subpage_count + 9'(entry.assigned) -
                                                                         9'(own.assigned) :
                                                entry.assigned == own.assigned));
    a_count_only: assert ((diff_base & ~(128'h1ff << 3)) == '0);
    a_count_sub: assert (!(writes && update && !big && !first) || entry.subpage_count == '0);
    a_count_first: assert (!(writes && update && !big && first) ||
                           (entry.subpage_count == base_i.subpage_count && !todo[ITEM_BASE]));
    a_count_else: assert (!writes || !todo[ITEM_BASE] || (update && !big));
    a_no_overlap: assert (!(writes && update && !big) || !base_i.page_size);
    a_no_overlap_range: assert (!(writes && update && big && !base_i.page_size) || base_i.subpage_count == '0);

    // ---- counters follow the entry (G8, U17) ----
    a_leave: assert (!(writes && todo[ITEM_LEAVE]) ||
                     (update && own.assigned && own.asid != '0 && old_asid == own.asid &&
                      leave_add == -(own.page_size ? 11'd512 : 11'd1)));
    a_enter: assert (!(writes && todo[ITEM_ENTER] && !one_count) ||
                     (update && entry.assigned && entry.asid != '0 && new_asid == entry.asid &&
                      enter_add == (entry.page_size ? 11'd512 : 11'd1)));
    a_two_counters: assert (!(writes && todo[ITEM_LEAVE] && todo[ITEM_ENTER]) || old_asid != new_asid);
    a_stay: assert (!(writes && one_count) ||
                    (own.assigned && entry.assigned && own.asid != '0 && own.asid == entry.asid && todo[ITEM_ENTER] &&
                     !todo[ITEM_LEAVE] &&
                     enter_add == (entry.page_size ? 11'd512 : 11'd1) - (own.page_size ? 11'd512 : 11'd1)));
    a_counted: assert (!writes || ((todo[ITEM_LEAVE] || one_count) == (update && own.assigned && own.asid != '0) &&
                                   todo[ITEM_ENTER] == (update && entry.assigned && entry.asid != '0)));
    a_counters_read: assert (!writes || (count[0] == (todo[ITEM_LEAVE] || one_count) &&
                                         count[1] == (todo[ITEM_ENTER] && !one_count)));

    // ---- what is shown: the entry of the page itself, or of who speaks for it ----
    a_read: assert (!(!chk_end && req_i.op == 3'd2 && !read_error_i) ||
                    (dec_out[63:0] == {13'd0, own.gpa, 12'd0} && dec_out[127:96] == 32'(own.asid) &&
                     dec_out[95:64] == {15'd0, own.immutable, 6'd0,
                                        base_i.page_size || base_i.assigned || base_i.subpage_count != '0,
                                        own.page_size, 7'd0, own.assigned}));
    a_query: assert (!(!chk_end && req_i.op == 3'd5 && dec_ans.zf) ||
                     (auth.assigned && auth.validated && auth.asid == req_i.asid && req_i.asid != '0 && gpa_fits &&
                      rdx[7:0] >= 8'(vmpl) &&
                      dec_out == {63'd0, auth.page_size, 47'd0, auth.vmsa, auth.mask[rdx[1:0]], 6'd0, rdx[1:0]}));

    // the conditions above are met: each promise is about something
    c_update: cover (writes && update && !big && !first && todo[ITEM_BASE] && todo[ITEM_LEAVE] == 1'b0 && todo[ITEM_ENTER]);
    c_update_keeps: cover (writes && update && entry.validated && entry.vmsa && entry.mask[3] != '0 && operand.immutable);
    c_update_release: cover (writes && update && !entry.assigned && own.validated && todo[ITEM_LEAVE]);
    c_update_first: cover (writes && update && !big && first && entry.subpage_count == 9'd7);
    c_update_range: cover (writes && update && big && scan && todo[ITEM_ENTER] && todo[ITEM_LEAVE] && place_i == 9'd300);
    c_update_stay: cover (writes && update && big && one_count && enter_add == 11'd511);
    c_smash: cover (writes && smash && place_i == 9'd511 && base_i.gpa[8:0] == 9'd1 && base_i.assigned);
    c_validate: cover (writes && pvalidate && !big && entry.validated && vmpl_en_i);
    c_validate_range: cover (writes && pvalidate && big && !entry.validated && at_base && !first);
    c_validate_same: cover (!chk_end && dec_end && pvalidate && dec_ans.cf);
    c_adjust: cover (writes && adjust && vmpl == 2'd1 && rdx[7:0] == 8'd3 && diff.mask[3] != '0);
    c_adjust_vmsa: cover (writes && adjust && rdx[7:0] == 8'd1 && diff.vmsa && entry.vmsa);
    c_adjust_0: cover (writes && adjust && rdx[7:0] == 8'd0 && rdx[12:8] != '0);
    c_query: cover (!chk_end && dec_end && req_i.op == 3'd5 && dec_ans.zf && dec_out[15:8] == 8'ha5 && dec_out[64]);
    c_read: cover (!chk_end && dec_end && req_i.op == 3'd2 && dec_ans.zf && dec_out[127:96] == 32'h3ff);
    c_in_use: cover (!chk_end && dec_end && update && in_use_i && dec_ans.code == INSN_FAIL_INUSE);
    c_sizem: cover (!chk_end && dec_end && pvalidate && dec_ans.error == 38'hd_8000_0005);
    c_npf: cover (chk_end && guest && chk_ans.error == 38'h5_8000_0005);
    c_vc: cover (!chk_end && dec_end && adjust && dec_ans.error == 38'h404);
  end

endmodule
