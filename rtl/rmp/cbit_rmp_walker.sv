// SPDX-License-Identifier: Apache-2.0
//
// cbit_rmp_walker: reads of RMP entries for questions that the caches could not answer.
//
//   miss ─▶ place ─issue─▶ wrq(2) ─▶ merge ─▶ DRAM ─▶ words ─pick─▶ E: check ─▶ verdict, fill
//
// Where: behind the caches and the start-up; every question that can be under way has a place: 0
// and 1 of reads, 2 to Miss+1 of writes, V = Miss+2 of VERIFY, Miss+4 and more of check ports (Chk).
// One read fetches one entry; a miss whose base entry was cached brings it along and reads its own
// alone.
// Latency: a miss told in cycle t is issued in t+1 at the earliest and asks at rd_valid_o in t+2;
// its last word in c is picked in c+1 and decided in c+2. One read and one verdict a cycle.
// A table write that ends meanwhile makes a place start again. Reset: no place in use.
// Byte order: an entry is 16 bytes of the bus row, byte 0 in bits 7:0.
// Source: docs/units/rmp_walker.md; rules: docs/rmp.md, section 4.
`include "cbit_assert.svh"

module cbit_rmp_walker
  import cbit_pkg::*;
  import cbit_rmp_pkg::*;
#(
  parameter int unsigned Lanes = 1,       // 1, 2, 4
  parameter int unsigned Miss = 4,        // 2, 4, 8: questions of writes in flight
  parameter int unsigned Const = 0,       // 1: nothing is filled
  parameter int unsigned SpaWidth = 40,   // 32 to 52
  parameter int unsigned Chk = 0,         // 1: there is a cache of the check ports
  parameter int unsigned Inuse = 0,       // 1: a page in use can refuse a write of the host
  parameter int unsigned Seg = 0,         // 1: the table can be segmented
  localparam int unsigned DataW = 128 * Lanes
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  // table writes under way, last such cycle
  input  logic             tbusy_i,
  input  logic             tend_i,
  // registers
  input  logic [51:13]     rmp_base_i,
  input  logic [51:13]     rmp_end_i,
  input  rmp_seg_t         seg_i,            // all 0 without Seg
  input  logic             vmpl_en_i,
  input  logic             vmpl_sss_i,
  input  logic             iommu_snp_i,
  // misses of the caches
  input  logic             r_miss_i,
  input  logic [2:0]       r_slot_i,
  input  spa_t             r_spa_i,
  input  attr_t            r_attr_i,
  input  logic             r_base_i,         // the base word is known
  input  logic [95:0]      r_base_word_i,
  input  logic             w_miss_i,
  input  logic [2:0]       w_slot_i,
  input  spa_t             w_spa_i,
  input  attr_t            w_attr_i,
  input  logic             w_base_i,
  input  logic [95:0]      w_base_word_i,
  input  logic             w_use_i,          // the page was marked as in use
  input  logic             c_miss_i,         // of the check ports
  input  logic [2:0]       c_slot_i,
  input  spa_t             c_spa_i,
  input  rmp_ask_t         c_what_i,
  input  logic             c_base_i,
  input  logic [95:0]      c_base_word_i,
  input  logic             c_use_i,
  // VERIFY
  input  logic             v_ask_i,
  input  logic [51:0]      v_spa_i,
  output logic             vdone_o,
  output logic             vok_o,
  // reads
  output logic             rd_valid_o,
  input  logic             rd_ready_i,
  output spa_t             rd_spa_o,
  output logic [7:0]       rd_tag_o,
  // their data
  input  logic             d_valid_i,
  input  logic [7:0]       d_tag_i,
  input  logic             d_err_i,
  input  logic [DataW-1:0] d_data_i,
  // verdict, to one of the caches
  output logic             r_v_valid_o,
  output logic [2:0]       r_v_slot_o,
  output logic             w_v_valid_o,
  output logic [2:0]       w_v_slot_o,
  output logic             c_v_valid_o,
  output logic [2:0]       c_v_slot_o,
  output logic             v_deny_o,
  output rec_t             v_rec_o,
  // entries, to all caches
  output logic             fill_o,
  output logic             fill_own_o,
  output spa_t             fill_spa_o,
  output logic [95:0]      fill_own_word_o,
  output logic [95:0]      fill_base_word_o
);

  localparam int unsigned RdPlaces = 2;
  localparam int unsigned PlaceV = Miss + 2;
  localparam int unsigned FirstC = Miss + 4;         // Miss+3 is the instruction unit's in tags
  localparam int unsigned Places = (Chk == 0) ? Miss + 3 : FirstC + Miss;
  localparam int unsigned PlaceW = $clog2(Places);
  localparam int unsigned MissW = $clog2(Miss);
  localparam int unsigned WordW = 96;                // q1 and the masks
  localparam int unsigned RowBits = 4 + $clog2(Lanes);
  localparam spa_t RowMask = ~SpaW'((64'd1 << RowBits) - 64'd1);

  typedef logic [PlaceW-1:0] place_t;

  // lowest place of a set; 0 for none
  function automatic place_t lowest(input logic [Places-1:0] set);
    place_t idx;
    idx = '0;
    for (int unsigned i = Places; i > 0; i--) begin
      if (set[i-1]) begin
        idx = PlaceW'(i - 1);
      end
    end
    return idx;
  endfunction

  // slot of a write's place, of a check port's
  function automatic logic [MissW-1:0] wr_slot(input place_t place);
    return MissW'(32'(place) - RdPlaces);
  endfunction

  function automatic logic [MissW-1:0] chk_slot(input place_t place);
    return MissW'(32'(place) - FirstC);
  endfunction

  function automatic logic of_chk(input place_t place);
    return Chk != 0 && 32'(place) >= FirstC;
  endfunction

  // ---- places ----
  logic [Places-1:0] start, start_first;   // a miss or VERIFY takes the place; own is base
  logic [Places-1:0] start_base;           // its base word is known
  logic [1:0]        start_lane [Places];  // own entry's place in a row, SPA[13:12]
  logic [Places-1:0] act_q, need_b_q, need_o_q, wait_b_q, wait_o_q, err_q, redo_q, first_q;
  logic [Places-1:0] hb_q;                 // the base word is that of the question
  logic [1:0]        lane_q [Places];
  logic [Places-1:0] issue_set, arrive_set, pick_set, restart_set;
  logic              issue_own, arrive_own;

  always_comb begin
    for (int unsigned s = 0; s < Places; s++) begin
      if (s < RdPlaces) begin
        start[s] = r_miss_i && 32'(r_slot_i) == s;
        start_first[s] = r_spa_i[20:12] == '0;
        start_lane[s] = r_spa_i[13:12];
        start_base[s] = r_base_i;
      end else if (s < PlaceV) begin
        start[s] = w_miss_i && 32'(w_slot_i) + RdPlaces == s;
        start_first[s] = w_spa_i[20:12] == '0;
        start_lane[s] = w_spa_i[13:12];
        start_base[s] = w_base_i;
      end else if (s < FirstC) begin
        start[s] = v_ask_i && s == PlaceV;
        start_first[s] = v_spa_i[20:12] == '0;
        start_lane[s] = v_spa_i[13:12];
        start_base[s] = 1'b0;
      end else begin
        start[s] = c_miss_i && 32'(c_slot_i) + FirstC == s;
        start_first[s] = c_spa_i[20:12] == '0;
        start_lane[s] = c_spa_i[13:12];
        start_base[s] = c_base_i;
      end
    end
  end

  for (genvar s = 0; s < Places; s++) begin : gen_place
    always_ff @(posedge clk_i) begin
      if (!rst_ni) begin
        act_q[s] <= 1'b0;
        need_b_q[s] <= 1'b0;
        need_o_q[s] <= 1'b0;
        wait_b_q[s] <= 1'b0;
        wait_o_q[s] <= 1'b0;
        err_q[s] <= 1'b0;
        redo_q[s] <= 1'b0;
        hb_q[s] <= 1'b0;
      end else begin
        if (start[s]) begin
          act_q[s] <= 1'b1;
        end else if (pick_set[s]) begin
          act_q[s] <= 1'b0;
        end

        if (start[s]) begin
          need_b_q[s] <= !start_base[s];
          need_o_q[s] <= !start_first[s];
        end else if (restart_set[s]) begin
          need_b_q[s] <= 1'b1;
          need_o_q[s] <= !first_q[s];
        end else if (issue_set[s]) begin
          if (issue_own) begin
            need_o_q[s] <= 1'b0;
          end else begin
            need_b_q[s] <= 1'b0;
          end
        end

        if (arrive_set[s] && !arrive_own) begin
          wait_b_q[s] <= 1'b0;
        end else if (issue_set[s] && !issue_own) begin
          wait_b_q[s] <= 1'b1;
        end
        if (arrive_set[s] && arrive_own) begin
          wait_o_q[s] <= 1'b0;
        end else if (issue_set[s] && issue_own) begin
          wait_o_q[s] <= 1'b1;
        end

        if (start[s] || restart_set[s]) begin
          err_q[s] <= 1'b0;
        end else if (arrive_set[s]) begin
          err_q[s] <= err_q[s] || d_err_i;
        end

        // what a question brings along may be older than the table write for which it restarts
        if (start[s]) begin
          hb_q[s] <= start_base[s];
        end else if (restart_set[s]) begin
          hb_q[s] <= 1'b0;
        end

        // what was fetched may be older than the table write that ends
        if (start[s] || restart_set[s]) begin
          redo_q[s] <= 1'b0;
        end else if (tend_i && act_q[s] && !pick_set[s]) begin
          redo_q[s] <= 1'b1;
        end
      end
      if (start[s]) begin
        first_q[s] <= start_first[s];
        lane_q[s] <= start_lane[s];
      end
    end
  end

  // ---- issue: one read a cycle, the lowest place that needs one, base first ----
  logic [Places-1:0] issue_want;
  place_t            issue_place;
  logic              issue, room;
  logic [SpaWidth-1:0] issue_r_spa, issue_w_spa, issue_c_spa, v_spa_q, issue_spa;
  logic [51:0]       own_addr, base_addr;
  spa_t              entry_addr;
  logic              cov;

  assign issue_want = need_b_q | need_o_q;
  assign issue_place = lowest(issue_want);
  assign issue = issue_want != '0 && room;
  assign issue_own = !need_b_q[issue_place];

  always_comb begin
    issue_set = '0;
    issue_set[issue_place] = issue;
    if (issue_place < PlaceW'(RdPlaces)) begin
      issue_spa = issue_r_spa;
    end else if (issue_place < PlaceW'(PlaceV)) begin
      issue_spa = issue_w_spa;
    end else if (!of_chk(issue_place)) begin
      issue_spa = v_spa_q;
    end else begin
      issue_spa = issue_c_spa;
    end
  end

  always_ff @(posedge clk_i) begin
    if (v_ask_i) begin
      v_spa_q <= v_spa_i[SpaWidth-1:0];
    end
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
    .spa_i      (64'(issue_spa)),
    .covered_o  (cov),
    .own_addr_o (own_addr),
    .base_addr_o(base_addr)
  );

  assign entry_addr = issue_own ? own_addr : base_addr;

  logic [1:0] unused_count;

  cbit_fifo #(
    .Width(SpaW + 8),
    .Depth(2)
  ) u_wrq (
    .clk_i,
    .rst_ni,
    .in_valid_i (issue),
    .in_ready_o (room),
    .in_data_i  ({entry_addr & RowMask, 1'b1, 6'(issue_place), issue_own}),
    .out_valid_o(rd_valid_o),
    .out_ready_i(rd_ready_i),
    .out_data_o ({rd_spa_o, rd_tag_o}),
    .count_o    (unused_count)
  );

  // ---- arrival ----
  place_t           arrive_place;
  logic [1:0]       arrive_lane;
  logic [WordW-1:0] arrive_word;

  assign arrive_place = d_tag_i[PlaceW:1];
  assign arrive_own = d_tag_i[0];
  assign arrive_lane = arrive_own ? lane_q[arrive_place] : 2'd0;

  always_comb begin
    arrive_set = '0;
    arrive_set[arrive_place] = d_valid_i;
  end

  if (Lanes == 1) begin : gen_one_lane
    assign arrive_word = d_data_i[WordW-1:0];
    logic unused_lane;
    assign unused_lane = ^{arrive_lane, d_data_i};
  end else begin : gen_lanes
    localparam int unsigned LaneW = $clog2(Lanes);
    logic [127:0] entry;
    assign entry = d_data_i[128*arrive_lane[LaneW-1:0] +: 128];
    assign arrive_word = entry[WordW-1:0];
    logic unused_lane;
    assign unused_lane = ^{arrive_lane, entry};
  end

  // ---- pick: the lowest place whose words are there ----
  logic [Places-1:0] ready;
  place_t            pick_place;
  logic              some_ready, pick;
  logic [WordW-1:0]  own_word, base_word;
  logic [WordW-1:0]  read_base_word, r_base_word, w_base_word, c_base_word;   // read; brought along
  spa_t              pick_spa;
  attr_t             pick_attr, pick_r_attr, pick_w_attr;
  logic [SpaWidth-1:0] pick_r_spa, pick_w_spa, pick_c_spa;
  logic              pick_use, pick_w_use, pick_c_use;
  rmp_ask_t          pick_ask, pick_bus_ask, pick_c_ask;

  assign ready = act_q & ~(need_b_q | need_o_q | wait_b_q | wait_o_q);
  assign some_ready = ready != '0;
  assign pick_place = lowest(ready);
  assign pick = some_ready && !redo_q[pick_place];

  always_comb begin
    pick_set = '0;
    pick_set[pick_place] = pick;
    restart_set = '0;
    restart_set[pick_place] = some_ready && redo_q[pick_place];
    pick_attr = (pick_place < PlaceW'(RdPlaces)) ? pick_r_attr : pick_w_attr;
    if (!hb_q[pick_place]) begin
      base_word = read_base_word;
    end else if (pick_place < PlaceW'(RdPlaces)) begin
      base_word = r_base_word;
    end else if (!of_chk(pick_place)) begin
      base_word = w_base_word;
    end else begin
      base_word = c_base_word;
    end
    if (pick_place < PlaceW'(RdPlaces)) begin
      pick_spa = SpaW'(pick_r_spa);
    end else if (pick_place < PlaceW'(PlaceV)) begin
      pick_spa = SpaW'(pick_w_spa);
    end else if (!of_chk(pick_place)) begin
      pick_spa = SpaW'(v_spa_q);
    end else begin
      pick_spa = SpaW'(pick_c_spa);
    end
    pick_use = of_chk(pick_place) ? pick_c_use : pick_w_use && pick_place >= PlaceW'(RdPlaces);
    pick_ask = of_chk(pick_place) ? pick_c_ask : pick_bus_ask;
  end

  cbit_rmp_ask u_ask (
    .write_i(pick_place >= PlaceW'(RdPlaces)),
    .spa_i  (pick_spa),
    .attr_i (pick_attr),
    .ask_o  (pick_bus_ask)
  );

  // ---- memories of the places: questions (two readers: issue, pick), words ----
  cbit_ram_1r1w #(.Width(SpaWidth), .Depth(RdPlaces), .Sync(0), .Style("distributed")) u_r_issue (
    .clk_i,
    .we_i   (r_miss_i),
    .waddr_i(r_slot_i[0]),
    .wbe_i  ('1),
    .wdata_i(r_spa_i[SpaWidth-1:0]),
    .re_i   (1'b1),
    .raddr_i(issue_place[0]),
    .rdata_o(issue_r_spa)
  );

  cbit_ram_1r1w #(.Width(SpaWidth), .Depth(Miss), .Sync(0), .Style("distributed")) u_w_issue (
    .clk_i,
    .we_i   (w_miss_i),
    .waddr_i(w_slot_i[MissW-1:0]),
    .wbe_i  ('1),
    .wdata_i(w_spa_i[SpaWidth-1:0]),
    .re_i   (1'b1),
    .raddr_i(wr_slot(issue_place)),
    .rdata_o(issue_w_spa)
  );

  cbit_ram_1r1w #(
    .Width(SpaWidth + UserW + WordW), .Depth(RdPlaces), .Sync(0), .Style("distributed")
  ) u_r_pick (
    .clk_i,
    .we_i   (r_miss_i),
    .waddr_i(r_slot_i[0]),
    .wbe_i  ('1),
    .wdata_i({r_spa_i[SpaWidth-1:0], r_attr_i, r_base_word_i}),
    .re_i   (1'b1),
    .raddr_i(pick_place[0]),
    .rdata_o({pick_r_spa, pick_r_attr, r_base_word})
  );

  logic [SpaWidth+UserW+WordW+Inuse-1:0] w_item, pick_w_item;

  if (Inuse != 0) begin : gen_w_use
    assign w_item = {w_use_i, w_spa_i[SpaWidth-1:0], w_attr_i, w_base_word_i};
    assign {pick_w_use, pick_w_spa, pick_w_attr, w_base_word} = pick_w_item;
  end else begin : gen_no_w_use
    assign w_item = {w_spa_i[SpaWidth-1:0], w_attr_i, w_base_word_i};
    assign {pick_w_spa, pick_w_attr, w_base_word} = pick_w_item;
    assign pick_w_use = 1'b0;
    logic unused_w_use;
    assign unused_w_use = w_use_i;
  end

  cbit_ram_1r1w #(
    .Width(SpaWidth + UserW + WordW + Inuse), .Depth(Miss), .Sync(0), .Style("distributed")
  ) u_w_pick (
    .clk_i,
    .we_i   (w_miss_i),
    .waddr_i(w_slot_i[MissW-1:0]),
    .wbe_i  ('1),
    .wdata_i(w_item),
    .re_i   (1'b1),
    .raddr_i(wr_slot(pick_place)),
    .rdata_o(pick_w_item)
  );

  if (Chk != 0) begin : gen_chk
    localparam int unsigned AskW = $bits(rmp_ask_t);

    cbit_ram_1r1w #(.Width(SpaWidth), .Depth(Miss), .Sync(0), .Style("distributed")) u_issue (
      .clk_i,
      .we_i   (c_miss_i),
      .waddr_i(c_slot_i[MissW-1:0]),
      .wbe_i  ('1),
      .wdata_i(c_spa_i[SpaWidth-1:0]),
      .re_i   (1'b1),
      .raddr_i(chk_slot(issue_place)),
      .rdata_o(issue_c_spa)
    );

    cbit_ram_1r1w #(
      .Width(1 + SpaWidth + AskW + WordW), .Depth(Miss), .Sync(0), .Style("distributed")
    ) u_pick (
      .clk_i,
      .we_i   (c_miss_i),
      .waddr_i(c_slot_i[MissW-1:0]),
      .wbe_i  ('1),
      .wdata_i({c_use_i, c_spa_i[SpaWidth-1:0], c_what_i, c_base_word_i}),
      .re_i   (1'b1),
      .raddr_i(chk_slot(pick_place)),
      .rdata_o({pick_c_use, pick_c_spa, pick_c_ask, c_base_word})
    );
  end else begin : gen_no_chk
    assign issue_c_spa = '0;
    assign pick_c_use = 1'b0;
    assign pick_c_spa = '0;
    assign pick_c_ask = '0;
    assign c_base_word = '0;
    logic unused_chk;
    assign unused_chk = ^{c_miss_i, c_slot_i, c_spa_i, c_what_i, c_base_i, c_base_word_i, c_use_i};
  end

  cbit_ram_1r1w #(.Width(WordW), .Depth(Places), .Sync(0), .Style("distributed")) u_own (
    .clk_i,
    .we_i   (d_valid_i && arrive_own),
    .waddr_i(arrive_place),
    .wbe_i  ('1),
    .wdata_i(arrive_word),
    .re_i   (1'b1),
    .raddr_i(pick_place),
    .rdata_o(own_word)
  );

  cbit_ram_1r1w #(.Width(WordW), .Depth(Places), .Sync(0), .Style("distributed")) u_base (
    .clk_i,
    .we_i   (d_valid_i && !arrive_own),
    .waddr_i(arrive_place),
    .wbe_i  ('1),
    .wdata_i(arrive_word),
    .re_i   (1'b1),
    .raddr_i(pick_place),
    .rdata_o(read_base_word)
  );

  // ---- E: decide ----
  logic                e_valid_q, e_first_q, e_err_q, e_nofill_q;
  place_t              e_place_q;
  logic [SpaWidth-1:0] e_spa_q;
  rmp_ask_t            e_what_q;
  rmp_entry_t          own, base, auth;
  logic [WordW-1:0]    e_own_q, e_base_q;
  logic                e_read, e_verify, e_chk, e_use_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      e_valid_q <= 1'b0;
    end else begin
      e_valid_q <= pick;
    end
    e_place_q <= pick_place;
    e_spa_q <= pick_spa[SpaWidth-1:0];
    e_what_q <= pick_ask;
    e_use_q <= pick_use;
    e_first_q <= first_q[pick_place];
    e_err_q <= err_q[pick_place];
    e_nofill_q <= tbusy_i;
    e_own_q <= first_q[pick_place] ? base_word : own_word;
    e_base_q <= base_word;
  end

  assign own = {32'd0, e_own_q};
  assign base = {32'd0, e_base_q};
  assign e_read = e_place_q < PlaceW'(RdPlaces);
  assign e_verify = e_place_q == PlaceW'(PlaceV);
  assign e_chk = of_chk(e_place_q);

  logic unused_needs;

  cbit_rmp_decide #(
    .Inuse(Inuse)
  ) u_check (
    .spa_i        (SpaW'(e_spa_q)),
    .what_i       (e_what_q),
    .vmpl_en_i,
    .vmpl_sss_i,
    .iommu_snp_i,
    .in_use_i     (e_use_q),
    .covered_i    (1'b1),
    .read_error_i (e_err_q),
    .own_i        (e_own_q),
    .base_i       (e_base_q),
    .needs_table_o(unused_needs),
    .deny_o       (v_deny_o),
    .rec_o        (v_rec_o)
  );

  assign r_v_valid_o = e_valid_q && e_read;
  assign r_v_slot_o = 3'(e_place_q[0]);
  assign w_v_valid_o = e_valid_q && !e_read && !e_verify && !e_chk;
  assign w_v_slot_o = 3'(wr_slot(e_place_q));
  assign c_v_valid_o = e_valid_q && e_chk;
  assign c_v_slot_o = 3'(chk_slot(e_place_q));

  // VERIFY: the page is Firmware (rmp.md 3.1, S3)
  assign auth = base.page_size ? base : own;
  assign vdone_o = e_valid_q && e_verify;
  assign vok_o = !e_err_q && auth.assigned && !auth.validated && auth.asid == '0 &&
                 auth.immutable && auth.lock && auth.gpa == '0 && !auth.vmsa;

  // with a table write under way, now or at the pick, the words may be old
  assign fill_o = e_valid_q && !e_verify && !e_err_q && !e_nofill_q && !tbusy_i && Const == 0;
  assign fill_own_o = !e_first_q;
  assign fill_spa_o = SpaW'(e_spa_q);
  assign fill_own_word_o = e_own_q;
  assign fill_base_word_o = e_base_q;

  // VERIFY's address comes with 52 bits, of which the table uses SpaWidth
  logic unused_bits;
  assign unused_bits = ^{r_slot_i, w_slot_i, v_spa_i, d_tag_i, cov, auth, r_spa_i, w_spa_i, c_spa_i,
                        c_slot_i};

  `CBIT_ASSERT_INIT(RmpMiss, Miss == 2 || Miss == 4 || Miss == 8)
  `CBIT_ASSERT_INIT(RmpWalkerChk, Chk <= 1 && Inuse <= 1)
  `CBIT_ASSERT_INIT(RmpWalkerLanes, Lanes == 1 || Lanes == 2 || Lanes == 4)
  `CBIT_ASSERT(RmpTag, !d_valid_i || (d_tag_i[7] &&
               (arrive_own ? wait_o_q[arrive_place] : wait_b_q[arrive_place])))
  `CBIT_ASSERT(RmpSpa, !issue || (cov && (seg_i.en ? rmp_in_seg(entry_addr[51:20], seg_i.base, seg_i.cov) :
               rmp_in_table(entry_addr[51:13], rmp_base_i, rmp_end_i, seg_i))))
  `CBIT_ASSERT(RmpPlaceFree, (start & act_q) == '0)
  `CBIT_ASSERT(RmpBaseNeed, (hb_q & (need_b_q | wait_b_q)) == '0)

endmodule
