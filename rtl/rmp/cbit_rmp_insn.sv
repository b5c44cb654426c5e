// SPDX-License-Identifier: Apache-2.0
//
// cbit_rmp_insn: the RMP instructions, one at a time, while no requester's access is under way.
//
//   ports ─▶ pick, take ─▶ CHECK ─▶ STOP: pins closed, all drained ─▶ READ ─▶ DECIDE ─▶ SCAN, COUNT
//                            └────────────── answer ◀── INV ◀── WRITE ◀──────────┴──────────┘
//
// Where: inside cbit_rmp, beside the walker; its reads share the walker's way to the internal port
// of the read path, its writes enter at the write pins (cbit_rmp_pins) as those of the AMD-SP.
// Latency: request to answer 3 cycles if it ends in CHECK, else one or two reads of DRAM, and for
// each item written one write; tables of cycles in the page. After a stop the pins stay open for
// Rest + 3 cycles at least.
// Stalls: the requesters' AR and AW with stop_o, their W and B with write_o; the check ports too.
// Reset: IDLE, no mark, no answer. Byte order: byte 0 of an entry, operand or buffer is bits 7:0.
// Source: docs/units/rmp_insn.md; rules: docs/rmp.md, section 5, in cbit_rmp_insn_dec.
`include "cbit_assert.svh"

module cbit_rmp_insn
  import cbit_pkg::*;
  import cbit_rmp_pkg::*;
#(
  parameter int unsigned Lanes = 1,   // 1, 2, 4
  parameter int unsigned Unit = 7,    // number of this unit in tags, RmpMiss + 3
  parameter int unsigned Ports = 1,   // 1 to 8
  parameter int unsigned Slots = 4,   // 1 to 32: marks of pages in use
  parameter int unsigned Seg = 0,     // 1: the table can be segmented
  localparam int unsigned DataW = 128 * Lanes,
  localparam int unsigned StrbW = 16 * Lanes
) (
  input  logic                  clk_i,
  input  logic                  rst_ni,
  // registers, start-up
  input  logic                  chk_on_i,
  input  logic                  vmpl_en_i,
  input  logic [51:13]          rmp_base_i,
  input  logic [51:13]          rmp_end_i,
  input  rmp_seg_t              seg_i,       // all 0 without Seg
  // instructions
  input  logic [Ports-1:0]      insn_valid_i,
  output logic [Ports-1:0]      insn_ready_o,
  input  insn_req_t [Ports-1:0] insn_req_i,
  // answers
  output logic [Ports-1:0]      ans_valid_o,
  input  logic [Ports-1:0]      ans_ready_i,
  output logic [3:0]            ans_kind_o,
  output logic [3:0]            ans_code_o,
  output logic                  ans_cf_o,
  output logic                  ans_zf_o,
  output logic [37:0]           ans_error_o,
  output logic [127:0]          ans_out_o,
  // range to be dropped by who holds something of it
  output logic                  inv_valid_o,
  input  logic                  inv_ready_i,
  output logic [51:21]          inv_page_o,
  // marks of pages in use
  input  logic                  use_valid_i,
  output logic                  use_ready_o,
  input  logic [4:0]            use_slot_i,
  input  logic                  use_set_i,
  input  logic [51:12]          use_page_i,
  output logic [Slots-1:0]      use_v_o,
  output logic [Slots-1:0][51:12] use_page_o,
  // nothing under way in the read path, in the write path, at the check ports
  input  logic                  rd_idle_i,
  input  logic                  wr_idle_i,
  input  logic                  chk_idle_i,
  // reads, and their data
  output logic                  rd_valid_o,
  input  logic                  rd_ready_i,
  output spa_t                  rd_spa_o,
  output logic [7:0]            rd_tag_o,
  input  logic                  d_valid_i,
  input  logic [7:0]            d_tag_i,
  input  logic                  d_err_i,
  input  logic [DataW-1:0]      d_data_i,
  // to cbit_rmp_pins: pins closed; phase WRITE; its bursts. still: READ to WRITE, for assertions
  output logic                  stop_o,
  output logic                  write_o,
  output logic                  still_o,
  output logic                  aw_valid_o,
  input  logic                  aw_ready_i,
  output spa_t                  aw_spa_o,
  output logic [7:0]            aw_len_o,
  output logic                  w_valid_o,
  input  logic                  w_ready_i,
  output logic [DataW-1:0]      w_data_o,
  output logic [StrbW-1:0]      w_strb_o,
  output logic                  w_last_o,
  input  logic                  b_valid_i,   // in WRITE only, and taken at once
  input  logic [1:0]            b_resp_i,
  // state of the check, for rules: table write under way, open question, valid line in a cache
  input  logic                  tbusy_i,
  input  logic                  asked_i,
  input  logic                  lines_i,
  // counters
  output logic                  ev_insn_o,
  output logic                  ev_stop_o
);

  localparam int unsigned L = $clog2(Lanes);
  localparam int unsigned Lb = 4 + L;                  // bytes of a bus row
  localparam int unsigned Rows = 512 / Lanes;          // of the entries of a range
  localparam int unsigned RowIdxW = 9 - L;
  localparam int unsigned Beats = Rows / 2;            // of half a range, one burst
  localparam logic [12:0] RowMask = ~13'((32'd1 << Lb) - 32'd1);
  localparam logic [1:0]  LaneMask = 2'(Lanes - 1);
  localparam logic [4:0]  Rest = 5'd31;

  typedef enum logic [3:0] {   // in this order: the pins are closed from StStop to StWrite
    StIdle, StTake, StCheck, StStop, StRead, StDecide, StScan, StCount, StWrite, StInv, StAns
  } phase_e;

  phase_e           ph_d, ph_q;
  logic             stop_q, write_q;   // of ph_q: STOP to WRITE; WRITE
  logic [4:0]       rest_q;
  logic [Ports-1:0] gnt, sel_q;
  logic             pick;

  // ---- pick and take ----
  assign pick = ph_q == StIdle && rest_q == '0 && insn_valid_i != '0;

  cbit_rr_arb #(
    .N(Ports)
  ) u_arb (
    .clk_i,
    .rst_ni,
    .req_i(insn_valid_i),
    .gnt_o(gnt),
    .ack_i(pick)
  );

  insn_req_t   req_d, req_q;
  logic        host;
  logic [11:0] high_q;   // host: SPA bits 63:52

  always_comb begin
    req_d = '0;
    for (int unsigned i = 0; i < Ports; i++) begin
      req_d |= sel_q[i] ? insn_req_i[i] : '0;
    end
    host = req_d.op < INSN_PVALIDATE;
    if (host) begin   // its page comes in RAX
      req_d.spa_page = req_d.rax[51:12];
    end
  end

  always_ff @(posedge clk_i) begin
    if (pick) begin
      sel_q <= gnt;
    end
    if (ph_q == StTake) begin
      req_q <= req_d;
      high_q <= host ? req_d.rax[63:52] : '0;
    end
  end

  assign insn_ready_o = (ph_q == StTake) ? sel_q : '0;

  // ---- marks of pages in use ----
  logic [Slots-1:0] use_v_q, use_hit;
  logic [51:12]     use_page_q [Slots];
  logic             wide, use_now, used_q;

  assign use_ready_o = ph_q == StIdle || ph_q == StTake || ph_q == StInv || ph_q == StAns;

  for (genvar i = 0; i < Slots; i++) begin : gen_mark
    logic take;
    assign take = use_valid_i && use_ready_o && use_slot_i == 5'(i);

    always_ff @(posedge clk_i) begin
      if (!rst_ni) begin
        use_v_q[i] <= 1'b0;
      end else if (take) begin
        use_v_q[i] <= use_set_i;
      end
      if (take) begin
        use_page_q[i] <= use_page_i;
      end
    end

    assign use_page_o[i] = use_page_q[i];
    assign use_hit[i] = use_v_q[i] && use_page_q[i][51:21] == req_q.spa_page[51:21] &&
                        (wide || use_page_q[i][20:12] == req_q.spa_page[20:12]);
  end

  assign use_v_o = use_v_q;
  assign use_now = use_hit != '0;

  // ---- place of the entries ----
  logic         covered;
  logic [51:0]  own_addr, base_addr;
  logic [51:13] granule_q;   // entries of the range
  logic [8:0]   place;       // of the page in it
  logic         first;

  cbit_rmp_addr #(
    .Seg(Seg)
  ) u_addr (
    .rmp_base_i,
    .rmp_end_i,
    .seg_en_i   (seg_i.en),
    .seg_size_i (seg_i.size),
    .seg_base_i (seg_i.base),
    .seg_cov_i  (seg_i.cov),
    .spa_i      ({high_q, req_q.spa_page, 12'd0}),
    .covered_o  (covered),
    .own_addr_o (own_addr),
    .base_addr_o(base_addr)
  );

  always_ff @(posedge clk_i) begin
    if (ph_q == StCheck) begin
      used_q <= use_now;
      granule_q <= base_addr[51:13];
    end
  end

  assign place = req_q.spa_page[20:12];
  assign first = place == '0;

  // ---- decisions ----
  rmp_entry_t       base_q, own_q, new_entry, sub_entry, new_base;
  logic             err_q, imm_q, chk_end, dec_end, scan, range, at_base, sub_count, one_count;
  insn_ans_t        chk_ans, dec_ans;
  logic [127:0]     dec_out;
  logic [1:0]       count;
  logic [9:0]       old_asid, new_asid;
  logic [Items-1:0] todo;
  logic [10:0]      leave_add, enter_add;

  cbit_rmp_insn_dec u_dec (
    .req_i       (req_q),
    .chk_on_i,
    .vmpl_en_i,
    .covered_i   (covered),
    .use_now_i   (use_now),
    .used_i      (used_q),
    .wide_o      (wide),
    .chk_end_o   (chk_end),
    .chk_ans_o   (chk_ans),
    .read_error_i(err_q),
    .own_i       (own_q),
    .base_i      (base_q),
    .dec_end_o   (dec_end),
    .dec_ans_o   (dec_ans),
    .dec_out_o   (dec_out),
    .scan_o      (scan),
    .count_o     (count),
    .old_asid_o  (old_asid),
    .new_asid_o  (new_asid),
    .one_count_o (one_count),
    .todo_o      (todo),
    .range_o     (range),
    .at_base_o   (at_base),
    .entry_o     (new_entry),
    .sub_o       (sub_entry),
    .sub_count_o (sub_count),
    .base_o      (new_base),
    .leave_add_o (leave_add),
    .enter_add_o (enter_add)
  );

  // ---- reads ----
  logic [1:0] need_d, need_q, wait_d, wait_q;   // of base and own, or of the two counters
  logic [9:0] row_q;                            // next row of SCAN
  logic [9:0] nw_q;                             // rows under way
  logic       rows_left, read_done, scan_done, scanning, which, rd_take, arrive_which;

  assign scanning = ph_q == StScan;
  assign rows_left = row_q != 10'(Rows);
  assign read_done = need_q == '0 && wait_q == '0;
  assign scan_done = !rows_left && nw_q == '0;
  assign which = !scanning && !need_q[0];
  assign rd_valid_o = scanning ? rows_left : need_q != '0;
  assign rd_take = rd_valid_o && rd_ready_i;
  assign rd_tag_o = {1'b1, 6'(Unit), which};
  assign arrive_which = d_tag_i[0];

  always_comb begin
    logic [12:0] low;
    low = '0;
    unique case (ph_q)
      StScan: low[12:Lb] = row_q[RowIdxW-1:0];
      StCount: low = {which ? new_asid : old_asid, 3'd0};
      default: low = which ? {place, 4'd0} : '0;
    endcase
    rd_spa_o = {(ph_q == StCount) ? rmp_base_i : granule_q, low & RowMask};
  end

  always_comb begin
    need_d = need_q;
    wait_d = wait_q;
    if (rd_take && !scanning) begin
      need_d[which] = 1'b0;
      wait_d[which] = 1'b1;
    end
    if (d_valid_i && !scanning) begin
      wait_d[arrive_which] = 1'b0;
    end
    if (ph_q == StStop && ph_d == StRead) begin
      need_d = {!first, 1'b1};
    end
    if (ph_q != StCount && ph_d == StCount) begin
      need_d = count;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      need_q <= '0;
      wait_q <= '0;
      row_q <= 10'(Rows);
      nw_q <= '0;
    end else begin
      need_q <= need_d;
      wait_q <= wait_d;
      if (ph_q == StDecide) begin
        row_q <= '0;
        nw_q <= '0;
      end else if (scanning) begin
        row_q <= row_q + 10'(rd_take);
        nw_q <= nw_q + 10'(rd_take) - 10'(d_valid_i);
      end
    end
  end

  // ---- arrivals: lane of an entry, word of a counter, Immutable of a row ----
  rmp_entry_t  base_word, own_word;
  logic [63:0] count_word;
  logic        row_immutable;

  assign base_word = d_data_i[127:0];

  if (Lanes == 1) begin : gen_one_lane
    assign own_word = d_data_i;
    logic word;
    assign word = arrive_which ? new_asid[0] : old_asid[0];
    assign count_word = word ? d_data_i[127:64] : d_data_i[63:0];
  end else begin : gen_lanes
    logic [L:0] word;
    assign own_word = d_data_i[128*place[L-1:0] +: 128];
    assign word = arrive_which ? new_asid[L:0] : old_asid[L:0];
    assign count_word = d_data_i[64*word +: 64];
  end

  always_comb begin
    row_immutable = 1'b0;
    for (int unsigned l = 0; l < Lanes; l++) begin
      row_immutable |= d_data_i[128*l + 2];   // Immutable (docs/rmp.md, 2.1)
    end
  end

  logic [1:0][63:0] cnt_q;

  always_ff @(posedge clk_i) begin
    if (d_valid_i && ph_q == StRead) begin
      if (!arrive_which) begin
        base_q <= base_word;
      end
      if (arrive_which || first) begin   // the first page's own entry is the base
        own_q <= arrive_which ? own_word : base_word;
      end
    end
    if (d_valid_i && ph_q == StCount) begin
      cnt_q[arrive_which] <= count_word;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || ph_q == StTake) begin
      err_q <= 1'b0;
      imm_q <= 1'b0;
    end else if (d_valid_i && scanning) begin
      err_q <= err_q || (d_err_i && !imm_q);
      imm_q <= imm_q || (!err_q && !d_err_i && row_immutable);
    end else if (d_valid_i) begin
      err_q <= err_q || d_err_i;
    end
  end

  // ---- writes: item after item, each with its answer before the next ----
  logic [Items-1:0]  todo_q, item;
  logic              load, aw_q, bw_q, werr_q, half_q, w_take, item_half, item_count;
  logic [8:0]        wn_q;               // beats left
  spa_t              aw_spa_q;
  rmp_entry_t        word_q;             // lane 0
  logic [StrbW-1:0]  strb_q;
  logic [12:0]       item_low;           // place of the entry or counter in 8 KiB
  logic [63:0]       count_new;

  assign load = write_q && !bw_q && todo_q != '0;
  assign item = todo_q & (~todo_q + Items'(1));   // the lowest
  assign item_half = item[ITEM_HALF] || (item[ITEM_ENTRY] && range);
  assign item_count = item[ITEM_LEAVE] || item[ITEM_ENTER];
  assign w_take = w_valid_o && w_ready_i;

  // U17; one counter for both ASIDs is the old one's. What is to be added is known since DECIDE and
  // a counter is loaded after COUNT: a cycle later is early enough, and the adder begins at once.
  logic        one_count_q;
  logic [10:0] leave_add_q, enter_add_q;

  always_ff @(posedge clk_i) begin
    one_count_q <= one_count;
    leave_add_q <= leave_add;
    enter_add_q <= enter_add;
  end

  assign count_new = ((item[ITEM_LEAVE] || one_count_q) ? cnt_q[0] : cnt_q[1]) +
                     64'(signed'(item[ITEM_LEAVE] ? leave_add_q : enter_add_q));

  always_comb begin
    item_low = '0;
    if (item[ITEM_ENTRY] && !at_base) begin
      item_low = {place, 4'd0};
    end else if (item[ITEM_HALF]) begin
      item_low = 13'h1000;
    end else if (item_count) begin
      item_low = {item[ITEM_LEAVE] ? old_asid : new_asid, 3'd0};
    end
  end

  // entry i of a range: GPA of entry 0 of the burst or of the beat, plus what is given
  function automatic rmp_entry_t sub_at(input rmp_entry_t sub, input logic counts,
                                        input logic [38:0] gpa, input logic [38:0] add);
    rmp_entry_t entry;
    entry = sub;
    entry.gpa = counts ? gpa + add : sub.gpa;
    return entry;
  endfunction

  always_ff @(posedge clk_i) begin
    if (load) begin
      aw_spa_q <= {item_count ? rmp_base_i : granule_q, item_low & RowMask};
      half_q <= item_half;
      for (int unsigned b = 0; b < StrbW; b++) begin
        // an entry's 16 bytes, a counter's 8, or all
        strb_q[b] <= item_half || ((item_low[5:4] & LaneMask) == 2'(b >> 4) &&
                                   (!item_count || item_low[3] == 1'(b >> 3)));
      end
      if (item_count) begin
        word_q <= {2{count_new}};
      end else if (item[ITEM_BASE]) begin
        word_q <= new_base;
      end else if (item[ITEM_HALF]) begin
        word_q <= sub_at(sub_entry, sub_count, sub_entry.gpa, 39'd256);
      end else begin
        word_q <= new_entry;
      end
    end else if (w_take) begin
      word_q <= sub_at(sub_entry, sub_count, word_q.gpa, 39'(Lanes));
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      todo_q <= '0;
      aw_q <= 1'b0;
      wn_q <= '0;
      bw_q <= 1'b0;
      werr_q <= 1'b0;
    end else begin
      if (load) begin
        todo_q <= todo_q & ~item;
        aw_q <= 1'b1;
        wn_q <= item_half ? 9'(Beats) : 9'd1;
        bw_q <= 1'b1;
      end else begin
        if (aw_ready_i) begin
          aw_q <= 1'b0;
        end
        if (w_take) begin
          wn_q <= wn_q - 9'd1;
        end
        if (b_valid_i) begin
          bw_q <= 1'b0;
          werr_q <= werr_q || b_resp_i[1];
        end
      end
      if (ph_q == StTake) begin
        werr_q <= 1'b0;
      end
      if (!write_q && ph_d == StWrite) begin
        todo_q <= todo;
      end
    end
  end

  assign aw_valid_o = aw_q;
  assign aw_spa_o = aw_spa_q;
  assign aw_len_o = half_q ? 8'(Beats - 1) : '0;
  assign w_valid_o = wn_q != '0;
  assign w_last_o = wn_q == 9'd1;
  assign w_strb_o = strb_q;
  assign w_data_o[127:0] = word_q;

  for (genvar l = 1; l < Lanes; l++) begin : gen_wlane
    assign w_data_o[128*l +: 128] = half_q ? sub_at(sub_entry, sub_count, word_q.gpa, 39'(l)) :
                                    word_q;
  end

  // ---- phases ----
  phase_e after_scan;

  always_comb begin
    after_scan = (count != '0) ? StCount : StWrite;
    ph_d = ph_q;
    unique case (ph_q)
      StIdle: if (pick) ph_d = StTake;
      StTake: ph_d = StCheck;
      StCheck: ph_d = chk_end ? StAns : StStop;
      StStop: if (rd_idle_i && wr_idle_i && chk_idle_i) ph_d = StRead;
      StRead: if (read_done) ph_d = StDecide;
      StDecide: ph_d = dec_end ? StAns : (scan ? StScan : after_scan);
      StScan: if (scan_done) ph_d = (imm_q || err_q) ? StAns : after_scan;
      StCount: if (read_done) ph_d = err_q ? StAns : StWrite;
      StWrite: if (!bw_q && todo_q == '0) ph_d = StInv;
      StInv: if (inv_ready_i) ph_d = StAns;
      StAns: if ((ans_ready_i & sel_q) != '0) ph_d = StIdle;
      default: ph_d = StIdle;
    endcase
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      ph_q <= StIdle;
      stop_q <= 1'b0;
      write_q <= 1'b0;
      rest_q <= '0;
    end else begin
      ph_q <= ph_d;
      stop_q <= ph_d >= StStop && ph_d <= StWrite;
      write_q <= ph_d == StWrite;
      if (stop_q) begin
        rest_q <= Rest;
      end else if (rest_q != '0) begin
        rest_q <= rest_q - 5'd1;
      end
    end
  end

  // ---- answer: of the last cycle before INV or ANS ----
  insn_ans_t    ans_d, ans_q;
  logic [127:0] out_q;

  always_comb begin
    ans_d = '{kind: RMP_MCE, code: INSN_SUCCESS, default: '0};
    if (ph_q == StCheck) begin
      ans_d = chk_ans;
    end else if (ph_q == StDecide) begin
      ans_d = dec_ans;
    end else if (scanning && imm_q) begin   // U11b
      ans_d = '{kind: RMP_PASS, code: INSN_FAIL_PERMISSION, default: '0};
    end else if (write_q && !werr_q) begin
      ans_d = '{kind: RMP_PASS, code: INSN_SUCCESS, zf: 1'b1, default: '0};
    end
  end

  always_ff @(posedge clk_i) begin
    if (ph_q == StCheck || stop_q) begin
      ans_q <= ans_d;
      out_q <= (ph_q == StDecide) ? dec_out : '0;
    end
  end

  assign ans_valid_o = (ph_q == StAns) ? sel_q : '0;
  assign {ans_kind_o, ans_code_o, ans_cf_o, ans_zf_o, ans_error_o} = ans_q;
  assign ans_out_o = out_q;
  assign inv_valid_o = ph_q == StInv;
  assign inv_page_o = req_q.spa_page[51:21];

  assign stop_o = stop_q;
  assign write_o = write_q;
  assign still_o = stop_q && ph_q != StStop;
  assign ev_insn_o = ph_q == StAns && ph_d == StIdle;
  assign ev_stop_o = stop_q;

  logic unused_bits;
  assign unused_bits = ^{own_addr, base_addr[12:0], d_tag_i[7:1], b_resp_i[0]};

  // ---- rules ----
  `CBIT_ASSERT_INIT(InsnPorts, Ports >= 1 && Ports <= 8)
  `CBIT_ASSERT_INIT(InsnMarks, Slots >= 1 && Slots <= 32)
  `CBIT_ASSERT_INIT(InsnLanes, Lanes == 1 || Lanes == 2 || Lanes == 4)
  // an arrival is one that is waited for
  `CBIT_ASSERT(InsnTag, !d_valid_i || (d_tag_i[7:1] == {1'b1, 6'(Unit)} &&
               (scanning ? nw_q != '0 && !arrive_which :
                (ph_q == StRead || ph_q == StCount) && wait_q[arrive_which])))
  `CBIT_ASSERT(InsnWait, (need_q & wait_q) == '0)
  `CBIT_ASSERT(InsnOneAnswer, (ans_valid_o & (ans_valid_o - Ports'(1))) == '0)
  `CBIT_ASSERT(InsnB, !b_valid_i || (write_q && bw_q && !aw_q && wn_q == '0))
  `CBIT_ASSERT(InsnRange, !aw_q || (rmp_in_table(aw_spa_q[51:13], rmp_base_i, rmp_end_i, seg_i) &&
               (!half_q || aw_spa_q[11:0] == '0)))
  // the world stands still; of the requester's pins: in cbit_rmp_pins
  `CBIT_ASSERT(InsnStill, !still_o || write_q || (wr_idle_i && !tbusy_i && !asked_i))
  `CBIT_ASSERT(InsnDrop, !(write_q && ph_d == StInv) || (!tbusy_i && !lines_i))

`ifdef CBIT_ASSERT_ON
  // valid and request stay until ready
  logic [Ports-1:0]      asked_q;
  insn_req_t [Ports-1:0] asked_req_q;

  always_ff @(posedge clk_i) begin
    asked_q <= rst_ni ? insn_valid_i & ~insn_ready_o : '0;
    asked_req_q <= insn_req_i;
  end

  for (genvar i = 0; i < Ports; i++) begin : gen_request
    `CBIT_ASSUME(InsnRequest, !asked_q[i] || (insn_valid_i[i] && insn_req_i[i] == asked_req_q[i]))
  end
`endif

endmodule
