// SPDX-License-Identifier: Apache-2.0
//
// cbit_bus_wr_table: the ring of write entries: states, hazards, RMW requests, what came in.
//
// Where: between the head decision and the gather (allocate), the emission (em), the read path
// (RMW requests and old data), the tweak unit (results) and the response stage (completion).
// Latency: every event acts at the edge; all outputs are combinational from registers.
// Source: docs/units/bus_write.md. Reset: ring empty.
//
//   fr (oldest) <= em (next to emit) <= rm (next to look at for RMW) <= al (next free)
//
// Only what must be seen in all entries at once is in registers, one vector per property; words are
// in cbit_bus_winfo, the order per ID in cbit_bus_wids. Where the page counts or keeps a state per
// entry, the order in which things happen says the same:
// - Tweaks come job by job and upwards. So tleft = 0 of em's entry is "more entries have got their
//   last unit than em has passed", and tv of the entry they come for is "up to the last unit".
// - The rows of one read come in order: rleft = 0 after the request is "plast has come" (rdone).
// - Of the live entries that are not ANSWER, those before em are SENT, those from em on are READY,
//   but for em's own while its rows go out and the youngest while its chunk is open (GATHER).
// - Overlap is found once, against all older entries at the allocation, and kept as a vector; the
//   later questions are this vector AND the states asked for.
//
// What decides over an event comes late in a cycle, so what can be told before is told before:
// - The place that an allocation would take is written in every cycle in which it is FREE (fresh).
// - What is asked of em's entry is in registers, which follow its words until it is complete; how
//   the pointers stand to each other is in flags (em_is_al, em1_is_al, full_q). For rm's
//   entry it is the same.
// - Whether an entry is in the head's page is compared as the head enters its place.
`include "cbit_assert.svh"

module cbit_bus_wr_table
  import cbit_pkg::*;
#(
  parameter int unsigned Lanes = 1,
  parameter int unsigned KeySlots = 16,
  parameter int unsigned NumWr = 64,
  parameter int unsigned NumRow = 64,
  parameter int unsigned IdWidth = 4,          // ID bits in use, the others are zero
  parameter int unsigned Rmp = 0,              // 1: al_tbl_i is kept
  localparam int unsigned EntW = $clog2(NumWr),
  localparam int unsigned RowW = $clog2(NumRow),
  localparam int unsigned SlotIdxW = $clog2(KeySlots),
  localparam int unsigned ByteW = 4 + $clog2(Lanes),
  localparam int unsigned WinLsb = ByteW + 4
) (
  input  logic                clk_i,
  input  logic                rst_ni,
  input  logic                kill_i,
  input  logic [KeySlots-1:0] slot_drain_i,
  input  logic [KeySlots-1:0] slot_active_i,
  // allocation; neither direct nor fault: gathered. What is direct is known late
  input  logic                al_i,
  input  logic                al_but_i,        // al_i, but not direct
  input  logic                al_direct_i,     // al_i, and direct
  input  logic                al_wide_i,       // direct, if it is not refused; before al_i is known
  input  logic                al_fault_i,
  input  logic                al_enc_i,
  input  logic [IdW-1:0]      al_id_i,
  input  logic [SpaW-1:WinLsb] al_win_i,
  input  logic [14:0]         al_axi_i,
  input  logic [SlotIdxW-1:0] al_slot_i,
  input  logic                al_stale_i,      // accepted under keys that are wiped since
  input  logic [RowW-1:0]     al_rdel_i,
  input  logic [4:0]          al_nrows_i,
  input  logic [5:0]          al_hi_i,
  input  logic                al_last_i,
  input  logic                al_tbl_i,        // a write of the RMP table
  input  logic                al_first_i,      // gathered: first chunk of its burst
  input  logic                al_cont_i,       // gathered: a further chunk of its burst
  output logic [EntW-1:0]     al_e_o,
  // from the next cycle on al_* is of another burst, in the page on the pins or in that of the
  // second burst
  input  logic                load_i,
  input  logic                load_pins_i,
  input  logic [15:0]         pins_page_i,
  input  logic [15:0]         second_page_i,
  output logic                al_free_o,
  output logic                haz_direct_o,    // al_win_i as a direct burst met a hazard (hazd_q)
  // the youngest entry's chunk is open; last beat of it (or of the one allocated in this cycle)
  input  logic                open_i,
  input  logic                fin_i,
  input  logic [15:0]         fin_rowany_i,
  input  logic [3:0]          fin_first_i,
  input  logic [3:0]          fin_last_i,
  input  logic                fin_null_i,
  input  logic                fin_partial_i,
  input  logic [3:0]          fin_pfirst_i,
  input  logic [3:0]          fin_plast_i,
  // entry at em, and what the emission does with it
  output logic                em_valid_o,
  output logic [EntW-1:0]     em_e_o,
  output logic                em_ready_o,
  output logic                em_sent_o,
  output logic                em_skip_o,       // ANSWER or DONE
  output logic                em_enc_o,
  output logic                em_dead_o,
  output logic                em_null_o,
  output logic                em_partial_o,
  output logic                em_haz_o,
  output logic                em_rdone_o,
  output logic                em_rerr_o,
  output logic                em_tdone_o,      // no tweak result can still come
  output logic                em_tcome_o,      // its tweaks are there up to em_tunit_o
  output logic [5:0]          em_tunit_o,
  output logic [SlotIdxW-1:0] em_slot_o,
  output logic [RowW-1:0]     em_rdel_o,
  output logic [4:0]          em_nrows_o,
  output logic [15:0]         em_rowany_o,
  output logic [3:0]          em_first_o,
  output logic [3:0]          em_last_o,
  input  logic                em_next_i,       // em moves on
  input  logic                em_send_i,       // READY -> SENT: its first row goes
  input  logic                em_answer_i,     // READY -> ANSWER
  input  logic                em_bad_i,        // with SLVERR
  // address of an entry for the DRAM, one edge with aw_re_i after aw_e_i
  input  logic                aw_re_i,
  input  logic [EntW-1:0]     aw_e_i,
  output logic [IdW-1:0]      aw_id_o,
  output logic [SpaW-1:WinLsb] aw_win_o,
  output logic [14:0]         aw_axi_o,
  output logic [3:0]          aw_first_o,
  output logic [3:0]          aw_last_o,
  // RMW request
  output logic                rmw_valid_o,
  input  logic                rmw_ready_i,
  output logic [SpaW-1:0]     rmw_spa_o,
  output logic [4:0]          rmw_rows_o,
  output logic [SlotIdxW-1:0] rmw_slot_o,
  output logic [EntW-1:0]     rmw_e_o,
  output logic [14:0]         rmw_axi_o,
  output logic                rmw_blocked_o,   // rm's entry waits for an older overlapping one
  // RMW data; its place in the row ring
  input  logic                old_i,
  input  logic [EntW-1:0]     old_e_i,
  input  logic [3:0]          old_row_i,
  input  logic                old_err_i,
  output logic [RowW-1:0]     old_place_o,
  // tweak result
  input  logic                tw_i,
  input  logic [EntW-1:0]     tw_e_i,
  input  logic [5:0]          tw_unit_i,
  // response stage: first live entry of an ID; which entries are ANSWER
  input  logic [IdW-1:0]      b_find_id_i,
  output logic                b_find_any_o,    // the ID has a live entry
  output logic [EntW-1:0]     b_find_e_o,
  output logic [NumWr-1:0]    b_ans_o,
  // the lowest entry with an answer of its own (own_q)
  output logic                b_own_valid_o,
  output logic [EntW-1:0]     b_own_e_o,
  input  logic                b_own_show_i,
  // the next one of the ID, of the entry of the DRAM's response and of that one
  input  logic [EntW-1:0]     b_bq_e_i,
  output logic [EntW-1:0]     b_bq_next_e_o,
  output logic [EntW-1:0]     b_own_next_e_o,
  // the one of the two that is looked at, and its completion
  input  logic                b_use_own_i,
  input  logic [EntW-1:0]     b_e_i,
  output logic [IdW-1:0]      b_id_o,
  output logic [1:0]          b_acc_o,
  output logic                b_bad_o,         // ANSWER: with SLVERR
  output logic                b_dead_o,        // SENT: its keys are gone
  output logic                b_last_o,
  output logic                b_tbl_o,
  output logic [EntW-1:0]     b_next_e_o,      // the next live entry of its ID
  input  logic                b_done_i,
  input  logic                b_own_done_i,    // with an answer of its own
  input  logic [1:0]          b_resp_q_i,      // response of the cycle before
  // bookkeeping
  output logic                empty_path_o,    // em = al
  output logic                idle_o,          // fr = al
  output logic                drain_o          // a live encrypted entry has a slot in DRAIN
);

  // ---- pointers, with a wrap bit ----
  logic [EntW:0]    al_q, em_q, em1_q, rm_q, fr_q;   // em1_q = em_q + 1
  logic             em_is_al, em1_is_al, em2_is_al, em_move, rm_move, full_q;
  logic             rm_is_al_q, rm1_is_al_q, rm2_is_al;
  logic [EntW:0]    al1_q, rm1_q;                    // al_q + 1, rm_q + 1
  logic [EntW-1:0]  al_e, em_e, rm_e, fr_e;
  logic             rm_next, fr_next;
  // one-hot forms of the pointers; al_hot_q with al_free_o: that place is FREE, so what is kept
  // there may be written before it is known whether there is an allocation
  logic [NumWr-1:0] al_hot_q, em_hot_q, rm_hot_q, b_hot, fresh;
  logic [EntW-1:0]  young_e;   // the youngest entry

  assign al_e = al_q[EntW-1:0];
  assign em_e = em_q[EntW-1:0];
  assign rm_e = rm_q[EntW-1:0];
  assign fr_e = fr_q[EntW-1:0];
  assign al_free_o = !full_q;
  assign em_move = em_next_i || al_direct_i;
  assign rm_move = rm_next || al_direct_i;
  assign em2_is_al = em1_q[EntW-1:0] == young_e;
  assign rm2_is_al = rm1_q[EntW-1:0] == young_e;
  assign empty_path_o = em_is_al;
  assign idle_o = fr_q == al_q;
  assign al_e_o = al_e;
  assign em_e_o = em_e;
  assign young_e = al_e - EntW'(1);

  assign fresh = al_free_o ? al_hot_q : '0;

  // entry that is done
  cbit_idx_onehot #(.N(NumWr)) u_b_hot (.en_i(b_done_i), .idx_i(b_e_i), .onehot_o(b_hot));

  // ---- states and properties ----
  logic [NumWr-1:0] live_d, live_q;    // not FREE, not DONE
  logic [NumWr-1:0] ans_d, ans_q;      // ANSWER
  logic [NumWr-1:0] bad_d, bad_q;      // ANSWER with SLVERR
  logic [NumWr-1:0] sentp_d, sentp_q;  // SENT and partial
  logic [NumWr-1:0] past_d, past_q;    // rm has passed it
  logic [NumWr-1:0] wide_d, wide_q;    // DIRECT
  logic [NumWr-1:0] dead_d, dead_q;    // as of the page if encrypted
  logic [NumWr-1:0] rdone_d, rdone_q, rerr_d, rerr_q;
  logic             em_begun_q;        // rows of em's entry are sent, not all
  logic             old_last, old_bad, al_dead;
  logic             em_dead_d, em_dead_q, em_rdone_d, em_rdone_q, em_rerr_d, em_rerr_q;

  // its keys are gone: the slot is neither ACTIVE nor DRAIN
  assign al_dead = !(slot_active_i[al_slot_i] || slot_drain_i[al_slot_i]) || al_stale_i;

  always_comb begin
    live_d = live_q & ~b_hot;
    ans_d = ans_q & ~b_hot;
    sentp_d = sentp_q & ~b_hot;
    bad_d = bad_q | fresh;   // refused; of another entry it is set again with its answer
    wide_d = wide_q & ~fresh;
    dead_d = dead_q & ~fresh;
    past_d = past_q & ~fresh;
    rdone_d = rdone_q & ~fresh;
    rerr_d = rerr_q & ~fresh;
    // allocation
    if (al_i) begin
      live_d = live_d | al_hot_q;
    end
    if (al_i && al_fault_i) begin
      ans_d = ans_d | al_hot_q;
    end
    if (al_dead) begin
      dead_d = dead_d | fresh;
    end
    if (al_wide_i) begin
      wide_d = wide_d | fresh;
      past_d = past_d | fresh;
    end
    if (rm_next) begin
      past_d = past_d | rm_hot_q;
    end
    // emission
    if (em_send_i && em_partial_o) begin
      sentp_d = sentp_d | em_hot_q;
    end
    if (em_answer_i) begin
      ans_d = ans_d | em_hot_q;
      bad_d = bad_d & ~em_hot_q;
    end
    // a dead entry answers SLVERR, whatever it would answer else
    if (em_answer_i && (em_bad_i || em_dead_o || (em_enc_o && kill_i))) begin
      bad_d = bad_d | em_hot_q;
    end
    // what came in
    if (old_i && old_last) begin
      rdone_d[old_e_i] = 1'b1;
    end
    if (old_bad) begin
      rerr_d[old_e_i] = 1'b1;
    end
    // of no effect on an entry that is ANSWER (bad says all) or has its response on the pins (held)
    if (kill_i) begin
      dead_d = '1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      live_q <= '0;
      ans_q <= '0;
      sentp_q <= '0;
      em_begun_q <= 1'b0;
    end else begin
      live_q <= live_d;
      ans_q <= ans_d;
      sentp_q <= sentp_d;
      if (em_next_i || em_send_i) begin
        em_begun_q <= !em_next_i;
      end
    end
  end

  // set at the allocation
  always_ff @(posedge clk_i) begin
    bad_q <= bad_d;
    wide_q <= wide_d;
    dead_q <= dead_d;
    past_q <= past_d;
    rdone_q <= rdone_d;
    rerr_q <= rerr_d;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      al_q <= '0;
      em_q <= '0;
      em1_q <= (EntW+1)'(1);
      rm_q <= '0;
      rm1_q <= (EntW+1)'(1);
      al1_q <= (EntW+1)'(1);
      fr_q <= '0;
      em_is_al <= 1'b1;
      em1_is_al <= 1'b0;
      full_q <= 1'b0;
      rm_is_al_q <= 1'b1;
      rm1_is_al_q <= 1'b0;
    end else begin
      // a direct write is emitted when it is allocated; the path was empty
      if (al_i) begin
        al_q <= al1_q;
        al1_q <= al1_q + (EntW+1)'(1);
      end
      if (em_move) begin
        em_q <= em1_q;
        em1_q <= em1_q + (EntW+1)'(1);
      end
      if (rm_move) begin
        rm_q <= rm1_q;
        rm1_q <= rm1_q + (EntW+1)'(1);
      end
      fr_q <= fr_q + (EntW+1)'(fr_next);
      // what the pointers say of each other; with a direct write they all move
      if (al_but_i != em_next_i) begin
        em_is_al <= em_next_i && em1_is_al;
        em1_is_al <= em_next_i ? em2_is_al : em_is_al;
      end
      if (al_but_i != rm_next) begin
        rm_is_al_q <= rm_next && rm1_is_al_q;
        rm1_is_al_q <= rm_next ? rm2_is_al : rm_is_al_q;
      end
      if (al_i != fr_next) begin
        full_q <= al_i && al1_q == {!fr_q[EntW], fr_q[EntW-1:0]};
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      al_hot_q <= NumWr'(1);
      em_hot_q <= NumWr'(1);
      rm_hot_q <= NumWr'(1);
    end else begin
      if (al_i) begin
        al_hot_q <= {al_hot_q[NumWr-2:0], al_hot_q[NumWr-1]};
      end
      if (em_move) begin
        em_hot_q <= {em_hot_q[NumWr-2:0], em_hot_q[NumWr-1]};
      end
      if (rm_move) begin
        rm_hot_q <= {rm_hot_q[NumWr-2:0], rm_hot_q[NumWr-1]};
      end
    end
  end

  assign fr_next = fr_q != em_q && !live_q[fr_e];

  // ---- overlap: window numbers up to bit 27; a direct burst can be anywhere in its page ----
  logic             load_same;
  logic [NumWr-1:0] pins_page_hit, load_hit, second_hit_q, now_page_hit;
  logic [NumWr-1:0] same_page, same_win, older, em_older_come, rm_older_come;

  for (genvar e = 0; e < NumWr; e++) begin : gen_key
    logic [15:0]        page_q;
    logic [11-WinLsb:0] win_q;

    always_ff @(posedge clk_i) begin
      if (fresh[e]) begin
        page_q <= al_win_i[27:12];
        win_q <= al_win_i[11:WinLsb];
      end
    end

    assign pins_page_hit[e] = page_q == pins_page_i;
    assign now_page_hit[e] = page_q == al_win_i[27:12];
    assign same_win[e] = win_q == al_win_i[11:WinLsb];
  end

  // is the entry in the page of the head? told a cycle earlier, from the burst that will be it; for
  // one that waits behind the head it was told as it came
  assign load_same = load_pins_i ? al_win_i[27:12] == pins_page_i :
                                   al_win_i[27:12] == second_page_i;

  always_comb begin
    load_hit = ({NumWr{load_pins_i}} & pins_page_hit) | (~{NumWr{load_pins_i}} & second_hit_q);
    load_hit = (load_hit & ~fresh) | ({NumWr{load_same}} & fresh);
  end

  // whether another head came is known late: both vectors are kept, and chosen from in the next cycle
  logic             load_q;
  logic [NumWr-1:0] stay_hit_q;

  always_ff @(posedge clk_i) begin
    load_q <= load_i;
    second_hit_q <= load_hit;
    stay_hit_q <= same_page | fresh;
  end

  assign same_page = load_q ? second_hit_q : stay_hit_q;

  `CBIT_ASSERT(WrSamePage, !al_i || (live_q & (same_page ^ now_page_hit)) == '0)

  // Told a cycle ahead for the burst that is the head then. That none is missed, see the page: what
  // is still to be SENT is in the way of a direct burst by itself.
  // A place that is fresh has nothing SENT.
  logic haz_pins, haz_second, haz_come_q, haz_stay_q;
  assign haz_pins = |(pins_page_hit & sentp_q);
  assign haz_second = |(second_hit_q & sentp_q);

  always_ff @(posedge clk_i) begin
    haz_come_q <= load_pins_i ? haz_pins : haz_second;
    haz_stay_q <= |(same_page & sentp_q);
  end

  assign haz_direct_o = load_q ? haz_come_q : haz_stay_q;

  // entries at em are never older than a SENT one, those at rm never older than one rm has passed:
  // a number that was given anew since is not asked for
  assign older = same_page & (same_win | wide_q);

  logic [NumWr-1:0] em_older_q, rm_older_q;

  for (genvar p = 0; p < 2; p++) begin : gen_older
    logic [NumWr-1:0] rdata;
    cbit_ram_1r1w #(.Width(NumWr), .Depth(NumWr), .Sync(0), .Style("distributed")) u_older (
      .clk_i,
      .we_i(al_free_o), .waddr_i(al_e), .wbe_i('1), .wdata_i(older),
      .re_i(1'b1), .raddr_i((p == 0) ? em1_q[EntW-1:0] : rm1_q[EntW-1:0]), .rdata_o(rdata)
    );
  end

  // of em's and rm's entry: as in cbit_bus_winfo
  always_ff @(posedge clk_i) begin
    if (em_next_i || em_is_al) begin
      em_older_q <= em_older_come;
    end
    if (rm_next || rm_is_al_q) begin
      rm_older_q <= rm_older_come;
    end
  end

  assign em_older_come = (em_is_al || em1_is_al) ? older : gen_older[0].rdata;

  // haze_q: in the way of the entry that stays at em, or of the one that comes, for which the one
  // that is sent off counts too
  logic em_left;
  assign em_left = !em_is_al && em_partial_o && !em_skip_o && !em_answer_i;

  always_ff @(posedge clk_i) begin
    em_haz_o <= (em_next_i || em_is_al) ?
        |(em_older_come & (sentp_q | (em_hot_q & {NumWr{em_left}}))) : |(em_older_q & sentp_q);
  end

  assign rm_older_come = (rm_is_al_q || rm1_is_al_q) ? older : gen_older[1].rdata;

  // rmb_q: in the way of the entry that stays at rm, or of the one that comes, for which the one
  // that is passed counts too
  logic [NumWr-1:0] rm_busy, rm_busy_come;
  logic             rm_blocked;

  assign rm_busy = past_q & live_q & ~ans_q;
  assign rm_busy_come = rm_is_al_q ? rm_busy : (past_q | rm_hot_q) & live_q & ~ans_q;

  always_ff @(posedge clk_i) begin
    rm_blocked <= (rm_next || rm_is_al_q) ? |(rm_older_come & rm_busy_come) :
                                            |(rm_older_q & rm_busy);
  end

  // ---- RMW requests ----
  logic       rm_valid, rm_gather, rm_want, rm_partial;
  logic [3:0] rm_pfirst, rm_plast;
  logic [SpaW-1:WinLsb] rm_win;

  assign rm_valid = !rm_is_al_q;
  assign rm_gather = open_i && rm1_is_al_q;
  // of the entries that em has not passed only the refused ones are ANSWER or DONE
  assign rm_want = rm_valid && !rm_gather && rm_partial;
  assign rmw_valid_o = rm_want && !rm_blocked;
  assign rmw_blocked_o = rm_want && rm_blocked;
  // em never leaves rm behind: it passes an entry that wants its old data when that is there
  assign rm_next = (rm_valid && !rm_gather && !rm_want) || (rmw_valid_o && rmw_ready_i);
  assign rmw_spa_o = {rm_win, rm_pfirst, ByteW'(0)};
  assign rmw_rows_o = {1'b0, rm_plast} - {1'b0, rm_pfirst} + 5'd1;
  assign rmw_e_o = rm_e;

  // ---- tweaks: last units that came less encrypted entries that em has passed (which waits for
  //      them); of the next entry, the units that came ----
  logic [EntW:0] tcount_q;
  logic          tcome_q, tw_last, em_pass_enc;
  logic [5:0]    tunit_q, tw_hi;

  assign tw_last = tw_i && tw_unit_i == tw_hi;
  assign em_pass_enc = em_next_i && em_enc_o && !em_skip_o;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      tcount_q <= '0;
      tcome_q <= 1'b0;
    end else begin
      if (tw_last != em_pass_enc) begin
        tcount_q <= tw_last ? tcount_q + (EntW+1)'(1) : tcount_q - (EntW+1)'(1);
      end
      if (tw_i) begin
        tcome_q <= !tw_last;
      end
    end
    if (tw_i) begin
      tunit_q <= tw_unit_i;
    end
  end

  // ---- entry at em ----
  assign em_valid_o = !em_is_al;
  assign em_sent_o = em_begun_q;
  assign em_ready_o = !em_begun_q && !em_skip_o && !(open_i && em1_is_al);
  assign em_dead_o = em_enc_o && em_dead_q;
  assign em_rdone_o = em_rdone_q;
  assign em_rerr_o = em_rerr_q;

  // dead, rdone and rerr of em's entry, followed as in cbit_bus_winfo
  logic [NumWr-1:0] em1_hot;

  assign em1_hot = {em_hot_q[NumWr-2:0], em_hot_q[NumWr-1]};

  // em_next_i is late: the entry that stays and the one that comes are looked at side by side
  logic stay_dead, stay_rdone, stay_rerr, come_dead, come_rdone, come_rerr, old_stay, old_come;

  assign old_stay = old_i && old_e_i == em_e;
  assign old_come = old_i && old_e_i == em1_q[EntW-1:0];

  always_comb begin
    stay_dead = em_is_al ? al_dead : em_dead_q;
    stay_rdone = !em_is_al && (em_rdone_q || (old_stay && old_last));
    stay_rerr = !em_is_al && (em_rerr_q || (old_stay && old_bad));
    come_dead = em1_is_al ? al_dead : |(dead_q & em1_hot);
    come_rdone = !em1_is_al && (|(rdone_q & em1_hot) || (old_come && old_last));
    come_rerr = !em1_is_al && (|(rerr_q & em1_hot) || (old_come && old_bad));
    em_dead_d = (em_next_i ? come_dead : stay_dead) || kill_i;
    em_rdone_d = em_next_i ? come_rdone : stay_rdone;
    em_rerr_d = em_next_i ? come_rerr : stay_rerr;
  end

  always_ff @(posedge clk_i) begin
    em_dead_q <= em_dead_d;
    em_rdone_q <= em_rdone_d;
    em_rerr_q <= em_rerr_d;
  end
  assign em_tdone_o = !em_enc_o || tcount_q != '0;
  assign em_tcome_o = tcome_q && tcount_q == '0;
  assign em_tunit_o = tunit_q;

  // ---- responses ----
  logic [NumWr-1:0]    first;
  logic                next_valid, b_enc, has_pred;
  logic [EntW-1:0]     next_e;
  logic [SlotIdxW-1:0] b_slot;

  assign b_ans_o = ans_q;
  assign b_next_e_o = next_e;

  cbit_bus_wback #(
    .NumWr(NumWr)
  ) u_back (
    .clk_i,
    .rst_ni,
    .own_i       (ans_q & first),
    .own_valid_o (b_own_valid_o),
    .own_e_o     (b_own_e_o),
    .own_show_i  (b_own_show_i),
    .own_done_i  (b_own_done_i),
    .e_i         (b_e_i),
    .last_i      (b_last_o),
    .next_valid_i(next_valid),
    .next_e_i    (next_e),
    .acc_o       (b_acc_o),
    .done_i      (b_done_i),
    .resp_q_i    (b_resp_q_i),
    .al_i,
    .al_e_i      (al_e),
    .al_first_i,
    .al_cont_i,
    .al_pred_i   (has_pred)
  );

  assign b_bad_o = bad_q[b_e_i];
  assign b_dead_o = b_enc && dead_q[b_e_i];

  logic [IdWidth-1:0] b_id;
  assign b_id_o = IdW'(b_id);

  if (IdWidth < IdW) begin : gen_unused_id
    logic unused_id;
    assign unused_id = ^{al_id_i[IdW-1:IdWidth], b_find_id_i[IdW-1:IdWidth]};   // zero
  end

  cbit_bus_wids #(
    .NumWr(NumWr),
    .IdW  (IdWidth)
  ) u_ids (
    .clk_i,
    .rst_ni,
    .live_i      (live_q),
    .first_o     (first),
    .fresh_i     (fresh),
    .alloc_i     (al_i),
    .alloc_may_i (al_free_o),
    .alloc_e_i   (al_e),
    .alloc_id_i  (al_id_i[IdWidth-1:0]),
    .has_pred_o  (has_pred),
    .bq_e_i      (b_bq_e_i),
    .own_e_i     (b_own_e_o),
    .bq_next_e_o (b_bq_next_e_o),
    .own_next_e_o(b_own_next_e_o),
    .use_own_i   (b_use_own_i),
    .look_e_i    (b_e_i),
    .look_id_o   (b_id),
    .done_i      (b_done_i),
    .next_valid_o(next_valid),
    .next_e_o    (next_e),
    .find_id_i   (b_find_id_i[IdWidth-1:0]),
    .find_valid_o(b_find_any_o),
    .find_e_o    (b_find_e_o)
  );

  cbit_bus_wslots #(
    .KeySlots(KeySlots),
    .NumWr   (NumWr)
  ) u_slots (
    .clk_i,
    .rst_ni,
    .inc_i       (al_i && al_enc_i),
    .inc_slot_i  (al_slot_i),
    .dec_i       (b_done_i && b_enc),
    .dec_slot_i  (b_slot),
    .slot_drain_i,
    .drain_o
  );

  // ---- words of the entries ----
  logic [RowW-1:0] old_rdel;
  logic [3:0]      old_plast;

  assign old_place_o = old_rdel + RowW'(old_row_i);
  assign old_last = old_row_i == old_plast;
  assign old_bad = old_i && old_err_i;

  cbit_bus_winfo #(
    .NumWr   (NumWr),
    .SlotIdxW(SlotIdxW),
    .RowW    (RowW),
    .WinLsb  (WinLsb),
    .Rmp     (Rmp)
  ) u_info (
    .clk_i,
    .al_we_i     (al_free_o),
    .al_e_i      (al_e),
    .al_id_i,
    .al_win_i,
    .al_axi_i,
    .al_enc_i,
    .al_slot_i,
    .al_rdel_i,
    .al_nrows_i,
    .al_hi_i,
    .al_fault_i,
    .al_last_i,
    .al_tbl_i,
    .open_i,
    .fin_we_i    (fin_i),
    .fin_e_i     (open_i ? young_e : al_e),
    .fin_rowany_i,
    .fin_first_i,
    .fin_last_i,
    .fin_null_i,
    .fin_partial_i,
    .fin_pfirst_i,
    .fin_plast_i,
    .em_next_e_i (em1_q[EntW-1:0]),
    .em_next_i,
    .em_al_we_i  (em_is_al),
    .em_al_fresh_i(em_is_al || em1_is_al),
    .em_fin_we_i (em_is_al || (open_i && em1_is_al)),
    .em_fin_fresh_i(em_is_al || em1_is_al || (open_i && em2_is_al)),
    .em_skip_o,
    .em_enc_o,
    .em_slot_o,
    .em_rdel_o,
    .em_nrows_o,
    .em_rowany_o,
    .em_first_o,
    .em_last_o,
    .em_null_o,
    .em_partial_o,
    .rm_e_i      (rm_e),
    .rm_next_e_i (rm1_q[EntW-1:0]),
    .rm_next_i   (rm_next),
    .rm_we_i     (rm_is_al_q || (open_i && rm1_is_al_q)),
    .rm_fresh_i  (rm_is_al_q || rm1_is_al_q || (open_i && rm2_is_al)),
    .rm_win_o    (rm_win),
    .rm_axi_o    (rmw_axi_o),
    .rm_slot_o   (rmw_slot_o),
    .rm_want_o   (rm_partial),
    .rm_pfirst_o (rm_pfirst),
    .rm_plast_o  (rm_plast),
    .old_e_i,
    .old_rdel_o  (old_rdel),
    .old_plast_o (old_plast),
    .tw_e_i,
    .tw_hi_o     (tw_hi),
    .aw_re_i,
    .aw_e_i,
    .aw_id_o,
    .aw_win_o,
    .aw_axi_o,
    .aw_first_o,
    .aw_last_o,
    .b_bq_e_i,
    .b_own_e_i   (b_own_e_o),
    .b_use_own_i,
    .b_e_i,
    .b_last_o,
    .b_enc_o     (b_enc),
    .b_tbl_o,
    .b_slot_o    (b_slot)
  );

  // ---- assertions ----
  logic [EntW:0] em_age, rm_age, al_age;
  assign em_age = em_q - fr_q;
  assign rm_age = rm_q - fr_q;
  assign al_age = al_q - fr_q;

  `CBIT_ASSERT(WrRingOrder, em_age <= rm_age && rm_age <= al_age && 32'(al_age) <= NumWr)
  `CBIT_ASSERT(WrEmFlags, em_is_al || (em_dead_q == dead_q[em_e] && em_rdone_q == rdone_q[em_e] &&
               em_rerr_q == rerr_q[em_e]))
  `CBIT_ASSERT(WrPointers, em_is_al == (em_q == al_q) && em1_is_al == (em1_q == al_q) &&
               rm_is_al_q == (rm_q == al_q) && rm1_is_al_q == (rm1_q == al_q) &&
               full_q == (32'(al_age) == NumWr))
  `CBIT_ASSERT(WrAllocRoom, !al_i || al_free_o)
  `CBIT_ASSERT(WrRmFirst, !em_next_i || rm_q != em_q || rm_next)
  `CBIT_ASSERT(WrAllocKind, al_i == (al_but_i || al_direct_i) && !(al_but_i && al_direct_i))
  `CBIT_ASSERT(WrDirectEmpty, !(al_i && al_direct_i) || (em_q == al_q && rm_q == al_q))
  `CBIT_ASSERT(WrAnswerLive, ((ans_q | sentp_q) & ~live_q) == '0)
  `CBIT_ASSERT(WrTweakWanted, !tw_i || live_q[tw_e_i])
  `CBIT_ASSERT(WrTweakOrder, !(tw_i && tcome_q) || tw_unit_i == tunit_q + 6'd1)
  `CBIT_ASSERT(WrTweakCount, !em_pass_enc || tcount_q != '0)
  `CBIT_ASSERT(WrOldWanted, !old_i || (live_q[old_e_i] && past_q[old_e_i] && !rdone_q[old_e_i]))
  `CBIT_ASSERT(WrBegunLive, !em_begun_q || (em_valid_o && !em_skip_o))

endmodule
