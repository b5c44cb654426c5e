// SPDX-License-Identifier: Apache-2.0
//
// cbit_bus_read: the read path, from the requester's AR and R pins to those of the DRAM.
//
// Where: between the AXI4 pins of the engine; takes the reads of the write path's
// read-modify-writes too (rmw_*; with Rmp = 1 also the walks of the RMP check: tag[7] = 1, and
// plain but for TSME), and has its tweaks made by the tweak unit (job_*, tw_*).
// Latency: AR pin to AR pin 1 cycle; R pin to R pin 1 cycle for C = 0 and 1 + S for C = 1 (S =
// stages of the decrypt pipe), given that the tweak is there. No output pin depends
// combinationally on an input pin. Byte order: byte i of the data bus is [8*i +: 8].
// Source: docs/units/bus_read.md, rmp.md (Rmp = 1); AXI4 (Arm IHI 0022) A3.4 and A5.
//
//  AR -> route -> arq(2) -> split / table -> AR of the DRAM
//                              ^
//  rmw ------------------------+
//  R of the DRAM -> table -> rq(2) -> head --- bypass ------------> R
//                                       \---- cbit_lane (S) -- skid / \-> rmwd
`include "cbit_assert.svh"

module cbit_bus_read
  import cbit_pkg::*;
#(
  parameter int unsigned Lanes = 1,            // 1, 2, 4
  parameter int unsigned KeyBits = 128,        // 128, 256
  parameter int unsigned RoundsPerStage = 1,   // 1, 2
  parameter int unsigned Sbox = 1,             // 0 table, 1 block RAM, 2 tower field
  parameter int unsigned KeySlots = 16,        // 16 to 1024
  parameter int unsigned NumRd = 32,           // 4 to 64
  parameter int unsigned IdWidth = 4,          // 1 to 8: ID bits of the requester in use
  parameter int unsigned SpaWidth = 40,        // 32 to 52
  parameter logic [5:0]  ModesMask = 6'b010001,
  parameter int unsigned AttrFromAddr = 0,
  parameter int unsigned CbitPos = 51,
  parameter int unsigned AsidLsb = 52,
  parameter int unsigned Rmp = 0               // 1: the RMP check may deny
) (
  input  logic                 clk_i,
  input  logic                 rst_ni,
  input  logic                 init_done_i,
  input  logic                 kill_i,
  // configuration, slot states
  input  logic                 smee_i,
  input  logic                 tsme_i,
  input  logic [3:0]           mode_i,
  input  logic [KeySlots-1:0]  slot_active_i,
  input  logic [KeySlots-1:0]  slot_active_next_i,
  input  logic [KeySlots-1:0]  slot_drain_i,
  // requester, AR
  input  logic                 s_ar_valid_i,
  output logic                 s_ar_ready_o,
  input  ax_req_t              s_ar_i,
  // requester, R
  output logic                 s_r_valid_o,
  input  logic                 s_r_ready_i,
  output logic [7:0]           s_r_id_o,
  output logic [128*Lanes-1:0] s_r_data_o,
  output logic [1:0]           s_r_resp_o,
  output logic                 s_r_last_o,
  // DRAM, AR
  output logic                 m_ar_valid_o,
  input  logic                 m_ar_ready_i,
  output ax_mem_t              m_ar_o,
  // DRAM, R
  input  logic                 m_r_valid_i,
  output logic                 m_r_ready_o,
  input  logic [8:0]           m_r_id_i,
  input  logic [128*Lanes-1:0] m_r_data_i,
  input  logic [1:0]           m_r_resp_i,
  input  logic                 m_r_last_i,
  // check of the head request
  output logic                 chk_valid_o,
  output chk_req_t             chk_req_o,
  input  chk_rsp_t             chk_rsp_i,
  // RMP check (Rmp = 1): question at the AR pins; the oldest one's request goes; the oldest one's
  // verdict is made in this cycle (late); its record
  output logic                 ask_valid_o,
  output spa_t                 ask_spa_o,
  output attr_t                ask_attr_o,
  output logic                 ask_none_o,
  output logic                 ask_pop_o,
  input  logic                 chk_now_i,
  input  logic                 chk_now_deny_i,
  input  rec_t                 chk_rec_i,
  output logic                 rd_idle_o,       // nothing queued, no entry in use
  // internal port: reads for read-modify-writes, and walks
  input  logic                 rmw_valid_i,
  input  logic                 rmw_next_i,     // Rmp = 0: rmw_valid_i in the next cycle
  output logic                 rmw_ready_o,
  input  logic [51:0]          rmw_spa_i,
  input  logic [4:0]           rmw_rows_i,
  input  logic                 rmw_enc_i,
  input  logic [9:0]           rmw_slot_i,
  input  logic [7:0]           rmw_tag_i,
  input  logic [3:0]           rmw_cache_i,
  input  logic [2:0]           rmw_prot_i,
  input  logic [3:0]           rmw_qos_i,
  input  logic [3:0]           rmw_region_i,
  // and their data; there is no ready
  output logic                 rmwd_valid_o,
  output logic [7:0]           rmwd_tag_o,
  output logic [3:0]           rmwd_row_o,
  output logic                 rmwd_err_o,
  output logic [128*Lanes-1:0] rmwd_data_o,
  // tweak unit
  output logic                 job_valid_o,
  output tweak_job_t           job_o,
  input  logic                 tw_we_i,
  input  logic [7:0]           tw_entry_i,
  input  logic [5:0]           tw_unit_i,
  input  logic [127:0]         tw_t_i,
  input  logic [127:0]         tw_dk0_i,
  // round keys of the decrypt direction
  input  logic                 kw_valid_i,
  input  logic [9:0]           kw_slot_i,
  input  logic [3:0]           kw_round_i,
  input  logic [127:0]         kw_key_i,
  // fault log
  output logic                 fault_valid_o,
  output fault_t               fault_o,
  // slot life cycle
  output logic                 inflight_drain_o,
  // counters
  output logic                 ev_rd_plain_o,
  output logic                 ev_rd_enc_o,
  output logic                 ev_rmw_o,
  output logic                 ev_stall_tweak_o,
  output logic                 ev_stall_table_o,
  output logic                 ev_stall_out_o
);

  localparam int unsigned DataW = 128 * Lanes;
  localparam int unsigned Lb = 4 + $clog2(Lanes);
  localparam int unsigned IdxW = $clog2(NumRd);
  localparam int unsigned SlotIdxW = $clog2(KeySlots);
  localparam bit          HasBlock = ModesMask[3:1] != '0;
  localparam bit          HasLine = ModesMask[5:4] != '0;
  localparam int unsigned TvN = HasBlock ? 16 : 4 * Lanes;   // words of tweaks of an entry
  // bits that no accepted address has are constants, so that synthesis drops what hangs on them
  localparam spa_t        SpaMask = spa_t'((64'd1 << SpaWidth) - 64'd1);
  // the DRAM side has no more ID bits than that; the entry keeps the whole tag
  localparam logic [7:0]  IdMask = 8'((32'd1 << IdWidth) - 32'd1);

  // id and kind of the entry come along, so that they need no look at the table at the head
  typedef struct packed {
    logic [IdxW-1:0]  idx;
    logic [IdW:0]     id;
    logic             enc;
    logic             fault;
    logic             deny;    // by the RMP check
    logic [1:0]       resp;
    logic             mlast;
  } rq_t;

  logic line;   // tweak units are lines; constant unless both kinds of modes are compiled in
  assign line = !HasBlock || (HasLine && mode_i[2]);

  // ---- AR pins -> route -> arq ----
  routed_t     head;
  logic [11:0] head_addr_hi;
  logic        head_valid, head_pop, head_stale, head_active, arq_drain, arq_empty, table_idle;
  // of the write path only
  logic        unused_push, unused_tbl;
  logic [27:0] unused_push_addr;
  logic [7:0]  unused_push_len;
  logic [2:0]  unused_push_size;
  logic [1:0]  unused_push_burst;
  rec_t        unused_rec;

  cbit_bus_front #(
    .Lanes       (Lanes),
    .KeySlots    (KeySlots),
    .SpaWidth    (SpaWidth),
    .AttrFromAddr(AttrFromAddr),
    .CbitPos     (CbitPos),
    .AsidLsb     (AsidLsb),
    .Rmp         (Rmp)
  ) u_front (
    .clk_i,
    .rst_ni,
    .init_done_i,
    .kill_i,
    .smee_i,
    .tsme_i,
    .mode_i,
    .slot_active_i,
    .slot_active_next_i,
    .slot_drain_i,
    .s_ax_valid_i  (s_ar_valid_i),
    .s_ax_ready_o  (s_ar_ready_o),
    .s_ax_i        (s_ar_i),
    .ask_valid_o,
    .ask_spa_o,
    .ask_attr_o,
    .ask_none_o,
    .ask_pop_o,
    .gate_wait_i   (1'b0),
    .gate_deny_i   (1'b0),
    .gate_tbl_i    (1'b0),
    .gate_rec_i    ('0),
    .push_o        (unused_push),
    .push_addr_o   (unused_push_addr),
    .push_len_o    (unused_push_len),
    .push_size_o   (unused_push_size),
    .push_burst_o  (unused_push_burst),
    .head_valid_o  (head_valid),
    .head_pop_i    (head_pop),
    .head_o        (head),
    .head_addr_hi_o(head_addr_hi),
    .head_stale_o  (head_stale),
    .head_active_o (head_active),
    .head_tbl_o    (unused_tbl),
    .head_rec_o    (unused_rec),
    .drain_o       (arq_drain),
    .empty_o       (arq_empty)
  );

  assign rd_idle_o = arq_empty && table_idle;

  // ---- what happens with the head: refused, waits, or goes out ----
  logic       lock_d, lock_q, lock_rmw_d, lock_rmw_q;
  logic       started, slot_ok;
  logic       chunk_later;           // a chunk of the head was taken (off != 0)
  logic [3:0] hf;
  logic       cand_rmw, cand_host, host_ok, host_fault;
  logic       free, id_refused, ar_take, fault_take, fault_wait;

  assign started = chunk_later || (lock_q && !lock_rmw_q);
  assign slot_ok = head_active && !head_stale;

  assign chk_valid_o = head_valid && !started;
  assign chk_req_o = '{write: 1'b0, spa: head.spa, enc: head.enc, attr: head.attr};

  // The order of the terms is that of time: the slot and the table are known last.
  logic head_bad, bad_slot, chk_deny, chk_allow;
  assign head_bad = head.fault != FAULT_NONE;
  assign bad_slot = head.enc && !slot_ok && !started;
  assign chk_deny = !started && chk_rsp_i.valid && !chk_rsp_i.allow;
  assign chk_allow = started || (chk_rsp_i.valid && chk_rsp_i.allow);

  always_comb begin
    hf = head.fault;
    if (!head_bad) begin
      if (bad_slot) begin
        hf = FAULT_SLOT;
      end else if (chk_deny) begin
        hf = FAULT_CHECK;
      end
    end
  end

  // whose turn it is waits in a register where it can be told a cycle ahead
  if (Rmp == 0) begin : gen_turn
    logic turn_rmw_q;
    always_ff @(posedge clk_i) begin
      turn_rmw_q <= rst_ni && (lock_d ? cand_rmw : rmw_next_i);
    end
    assign cand_rmw = turn_rmw_q;
    `CBIT_ASSERT(BusReadTurn, cand_rmw == (lock_q ? lock_rmw_q : rmw_valid_i))
  end else begin : gen_no_turn
    logic unused_next;
    assign unused_next = rmw_next_i;
    assign cand_rmw = lock_q ? lock_rmw_q : rmw_valid_i;
  end
  assign cand_host = !cand_rmw && head_valid;
  assign host_fault = (cand_host && (head_bad || chk_deny)) || (cand_host && bad_slot);
  // Data of a request behind a refused one of its id could come before that one is answered.
  assign host_ok = (cand_host && !head_bad && chk_allow) && !bad_slot && !id_refused;

  logic rmw_ok, ar_ready, host_take;
  assign rmw_ok = free && cand_rmw && rmw_valid_i;
  assign ar_ready = free && m_ar_ready_i;
  assign m_ar_valid_o = rmw_ok || (free && host_ok);
  assign host_take = ar_ready && host_ok;
  assign rmw_ready_o = rmw_ok && m_ar_ready_i;
  assign ar_take = rmw_ready_o || host_take;
  // also with its slot gone: the check's place is given back only once the walk has ended
  assign fault_take = free && host_fault && !(fault_wait || (Rmp != 0 && !chk_rsp_i.valid));

  assign lock_d = m_ar_valid_o && !m_ar_ready_i;
  assign lock_rmw_d = cand_rmw;

  // ---- the chunk ----
  logic [11:0] chunk_addr;
  logic [7:0]  chunk_m1, chunk_rest;
  logic        s_ends, head_ends, chunk_one;
  logic [3:0]  s_last_row, head_last_row;
  logic        chunk_final, chunk_stay, chunk_wrap;
  logic [3:0]  chunk_wmask, chunk_row, chunk_rows_m1;
  logic [5:0]  unit_lo, unit_hi, unit_first;
  logic [6:0]  unit_count;

  cbit_bus_split #(
    .Lanes(Lanes)
  ) u_split (
    .clk_i,
    .rst_ni,
    .s_burst_i   (s_ar_i.burst),
    .s_len_i     (s_ar_i.len),
    .s_size_i    (s_ar_i.size),
    .s_addr_i    (s_ar_i.addr[11:0]),
    .s_ends_o    (s_ends),
    .s_last_row_o(s_last_row),
    .burst_i     (head.burst),
    .len_i       (head.len),
    .size_i      (head.size),
    .addr_i      (head.spa[11:0]),
    .ends_i      (head_ends),
    .last_row_i  (head_last_row),
    .pop_i       (head_pop),
    .take_i      (host_take),
    .later_o     (chunk_later),
    .rest_o      (chunk_rest),
    .rmw_i       (cand_rmw),
    .rmw_row_i   (rmw_spa_i[Lb+3:Lb]),
    .rmw_rows_i  (rmw_rows_i),
    .line_i      (line),
    .addr_o      (chunk_addr),
    .beats_m1_o  (chunk_m1),
    .one_o       (chunk_one),
    .final_o     (chunk_final),
    .stay_o      (chunk_stay),
    .wmask_o     (chunk_wmask),
    .wrap_o      (chunk_wrap),
    .row_o       (chunk_row),
    .rows_m1_o   (chunk_rows_m1),
    .lo_o        (unit_lo),
    .hi_o        (unit_hi),
    .first_o     (unit_first),
    .units_o     (unit_count)
  );

  // what the pins said of the first chunk, and the id, beside arq and in step with it
  typedef struct packed {
    logic [IdW-1:0] id;
    logic           ends;
    logic [3:0]     last_row;
  } ahead_t;

  ahead_t         ahead_first, ahead_second, ahead_next;
  logic           ahead_room, ahead_load, head_load;
  logic [1:0]     ahead_places;
  logic [IdW-1:0] next_id;   // of the head after this one
  cbit_bus_pair #(
    .Width($bits(ahead_t))
  ) u_ahead (
    .clk_i,
    .rst_ni,
    .in_valid_i(s_ar_valid_i && init_done_i),
    .in_ready_o(ahead_room),
    .in_data_i ({s_ar_i.id, s_ends, s_last_row}),
    .valid_o   (ahead_places),
    .pop_i     (head_pop),
    .first_o   (ahead_first),
    .second_o  (ahead_second),
    .first_load_o(ahead_load),
    .first_next_o(ahead_next)
  );
  assign head_ends = ahead_first.ends;
  assign head_last_row = ahead_first.last_row;
  assign next_id = ahead_places[1] ? ahead_second.id : s_ar_i.id;
  assign head_load = head_pop || !ahead_places[0];

  logic burst_done;
  assign burst_done = !head.enc || chunk_final;
  assign head_pop = fault_take || ((ar_ready && burst_done) && host_ok);

  logic [IdW-1:0] rmw_id;
  assign rmw_id = rmw_tag_i & IdMask;

  // row-aligned address of the rows that are read
  spa_t row_spa;
  always_comb begin
    if (cand_rmw) begin
      row_spa = rmw_spa_i;
    end else begin
      row_spa = {head.spa[SpaW-1:12], chunk_addr};
    end
    row_spa[Lb-1:0] = '0;
    row_spa = row_spa & SpaMask;
  end

  always_comb begin
    m_ar_o.id = cand_rmw ? {1'b1, rmw_id} : {1'b0, head.id};
    m_ar_o.cache = head.cache;
    m_ar_o.prot = head.prot;
    m_ar_o.qos = head.qos;
    m_ar_o.region = head.region;
    m_ar_o.addr = row_spa;
    m_ar_o.len = {4'd0, chunk_wrap ? head.len[3:0] : chunk_rows_m1};
    m_ar_o.size = 3'(Lb);
    m_ar_o.burst = chunk_wrap ? BURST_WRAP : BURST_INCR;
    m_ar_o.lock = 1'b0;
    if (cand_rmw) begin
      m_ar_o.cache = rmw_cache_i;
      m_ar_o.prot = rmw_prot_i;
      m_ar_o.qos = rmw_qos_i;
      m_ar_o.region = rmw_region_i;
    end else if (!head.enc) begin
      m_ar_o.addr = head.spa & SpaMask;
      m_ar_o.len = head.len;
      m_ar_o.size = head.size;
      m_ar_o.burst = head.burst;
      m_ar_o.lock = head.lock;
    end
  end

  fault_t          head_rec;
  logic            late;
  logic [IdxW-1:0] free_idx, late_idx;
  assign head_rec = '{
    rmp: (hf == FAULT_CHECK) ? chk_rec_i : '0, code: hf, write: 1'b0, id: head.id, attr: head.attr,
    addr: {head_addr_hi, head.spa}
  };

  cbit_bus_rd_deny #(
    .Rmp (Rmp),
    .IdxW(IdxW)
  ) u_deny (
    .clk_i,
    .rst_ni,
    .take_i       (host_take),
    .last_i       (burst_done),
    .idx_i        (free_idx),
    .now_i        (chk_now_i),
    .now_deny_i   (chk_now_deny_i),
    .deny_i       (!chk_rsp_i.allow),
    .rec_i        (chk_rec_i),
    .fault_valid_i(fault_take),
    .fault_i      (head_rec),
    .late_o       (late),
    .late_idx_o   (late_idx),
    .wait_o       (fault_wait),
    .fault_valid_o,
    .fault_o
  );

  // ---- the new entry, and its job for the tweak unit ----
  logic             alloc, alloc_enc, alloc_ok, alloc_dead, alloc_deny, alloc_last, int_walk;
  logic             int_plain;
  slot_t            alloc_slot;
  logic [7:0]       alloc_rem;
  logic             alloc_rem0;

  assign alloc = ar_take || fault_take;
  assign int_plain = Rmp != 0 && cand_rmw && !rmw_enc_i;   // a walk
  assign alloc_enc = (cand_rmw || (head.enc && !host_fault)) && !int_plain;
  // A burst that is started goes on. In the cycle in which the verdict is made it is not yet here.
  assign alloc_deny = Rmp != 0 && !cand_rmw && !host_fault && !chk_rsp_i.allow;
  assign alloc_slot = cand_rmw ? rmw_slot_i : head.slot;
  // Its keys are gone: the slot is EMPTY, or LOADED again. A walk of the RMP check, which was not in
  // flight before, may meet them on their way out in DRAIN.
  assign int_walk = Rmp != 0 && cand_rmw && rmw_tag_i[7];
  assign alloc_ok = slot_active_i[alloc_slot[SlotIdxW-1:0]] ||
      (slot_drain_i[alloc_slot[SlotIdxW-1:0]] && !int_walk);
  assign alloc_dead = alloc_enc && (kill_i || !alloc_ok || (!cand_rmw && head_stale));
  assign alloc_last = cand_rmw || host_fault || burst_done;
  always_comb begin
    if (cand_rmw) begin
      alloc_rem = {4'd0, chunk_rows_m1};
      alloc_rem0 = rmw_rows_i == 5'd1;
    end else if (host_fault) begin
      alloc_rem = chunk_rest;
      alloc_rem0 = chunk_rest == '0;
    end else begin
      alloc_rem = chunk_m1;
      alloc_rem0 = chunk_one;
    end
  end

  assign job_valid_o = ar_take && alloc_enc;
  always_comb begin
    job_o.entry = 8'(free_idx);
    job_o.slot = alloc_slot;
    job_o.spa = row_spa;
    if (line) begin
      job_o.spa[5:4] = 2'd0;
    end
    job_o.lo = unit_lo;
    job_o.hi = unit_hi;
    job_o.first = unit_first;
  end

  // ---- R side: DRAM beats and answers to refused bursts -> rq ----
  logic            inj_valid, inj_last, inj, turn_q, beat;
  logic [IdxW-1:0] inj_idx, beat_idx;
  logic [IdW-1:0]  inj_id;
  logic            beat_enc, beat_deny;
  logic            rq_in_ready;
  rq_t             rq_in;

  assign inj = inj_valid && rq_in_ready && turn_q;
  assign m_r_ready_o = rq_in_ready && !inj;
  assign beat = m_r_valid_i && m_r_ready_o;

  // The data of an injected beat is not looked at.
  assign rq_in = '{
    idx: inj ? inj_idx : beat_idx,
    id: inj ? {1'b0, inj_id} : m_r_id_i,
    enc: !inj && beat_enc,
    fault: inj,
    deny: !inj && beat_deny,
    resp: inj ? RESP_SLVERR : m_r_resp_i,
    mlast: inj ? inj_last : m_r_last_i
  };

  rq_t        rq, rq_second, rq_next;
  logic       rq_valid, rq_pop, rq_load;
  logic [1:0] rq_places;
  cbit_bus_pair #(
    .Width($bits(rq_t)),
    .Eager(1)
  ) u_rq (
    .clk_i,
    .rst_ni,
    .in_valid_i(inj || beat),
    .in_ready_o(rq_in_ready),
    .in_data_i (rq_in),
    .valid_o   (rq_places),
    .pop_i     (rq_pop),
    .first_o   (rq),
    .second_o  (rq_second),
    .first_load_o(rq_load),
    .first_next_o(rq_next)
  );
  assign rq_valid = rq_places[0];

  // the data beside it: a pop, which is known late, moves a pointer there and nothing else
  logic             rqd_room, rqd_room_d, rqd_valid, rqd_valid_d;
  logic [DataW-1:0] rq_data;
  cbit_bus_flip #(
    .Width(DataW)
  ) u_rq_data (
    .clk_i,
    .rst_ni,
    .in_valid_i   (inj || beat),
    .in_ready_o   (rqd_room),
    .in_ready_d_o (rqd_room_d),
    .in_data_i    (m_r_data_i),
    .out_valid_o  (rqd_valid),
    .out_valid_d_o(rqd_valid_d),
    .out_ready_i  (rq_pop),
    .out_data_o   (rq_data)
  );

  // The tweak memory is wide, and the number of the head's entry is its address: a copy for each
  // part of it.
  logic [3:0][IdxW-1:0] head_idx_t;
  for (genvar c = 0; c < 4; c++) begin : gen_idx_copy
    cbit_reg_copy #(
      .Width(IdxW)
    ) u_copy (
      .clk_i,
      .en_i(rq_load),
      .d_i (rq_next.idx),
      .q_o (head_idx_t[c])
    );
  end

  // what the head must know of its entry at once waits beside rq
  logic       in_same, in_dead, in_walk, in_rem0, h_step, h_rem1;
  logic       h_dead, h_walk, h_rem0;
  logic [TvN:0] in_tv, h_tvs, tw_set;
  logic [3:0] in_row, h_row, h_row_next;

  // with RLAST an entry is done, and the next beat of the id is of another
  assign in_same = m_r_id_i == rq.id && !rq.mlast && !rq.fault;

  cbit_bus_rd_bits #(
    .IdxW(IdxW),
    .TvW (TvN + 1)
  ) u_bits (
    .clk_i,
    .kill_i,
    .places_i    (rq_places),
    .first_idx_i (rq.idx),
    .second_idx_i(rq_second.idx),
    .pop_i       (rq_pop),
    .in_same_i   (in_same),
    .in_dead_i   (in_dead),
    .in_walk_i   (in_walk),
    .in_rem0_i   (in_rem0),
    .in_tv_i     (in_tv),
    .in_row_i    (in_row),
    .step_i      (h_step),
    .step_rem0_i (h_rem1),
    .step_row_i  (h_row_next),
    .tw_we_i,
    .tw_idx_i    (tw_entry_i[IdxW-1:0]),
    .tw_set_i    (tw_set),
    .dead_o      (h_dead),
    .walk_o      (h_walk),
    .rem0_o      (h_rem0),
    .tv_o        (h_tvs),
    .row_o       (h_row)
  );

  // ---- the table ----
  logic             h_enc, h_fault, h_last_chunk, h_row_done, h_tv, h_tdone;
  logic [IdW:0]     h_id;
  logic [7:0]       h_tag;
  slot_t            h_slot;
  logic [DataW-1:0] h_t;
  logic [127:0]     h_dk0;
  logic             h_free, table_drain;

  cbit_bus_rd_table #(
    .Lanes    (Lanes),
    .NumRd    (NumRd),
    .KeySlots (KeySlots),
    .IdWidth  (IdWidth),
    .ModesMask(ModesMask),
    .Rmp      (Rmp)
  ) u_table (
    .clk_i,
    .rst_ni,
    .kill_i,
    .line_i         (line),
    .free_o         (free),
    .free_idx_o     (free_idx),
    .idle_o         (table_idle),
    .alloc_try_i    (head_valid || rmw_valid_i),
    .alloc_i        (alloc),
    .alloc_rmw_i    (cand_rmw),
    .alloc_id_i     (head.id),
    .alloc_rmw_id_i (rmw_id),
    .alloc_load_i   (head_load),
    .alloc_next_id_i(next_id),
    .alloc_tag_i    (rmw_tag_i),
    .alloc_enc_i    (alloc_enc),
    .alloc_fault_i  (host_fault),
    .alloc_dead_i   (alloc_dead),
    .alloc_deny_i   (alloc_deny),
    .alloc_last_i   (alloc_last),
    .alloc_slot_i   (alloc_slot),
    .alloc_row_i    (chunk_row),
    .alloc_col_i    (cand_rmw ? '0 : chunk_addr[Lb-1:0]),
    .alloc_rem_i    (alloc_rem),
    .alloc_rem0_i   (alloc_rem0),
    .alloc_size_i   (cand_rmw ? 3'(Lb) : head.size),
    .alloc_stay_i   (!cand_rmw && chunk_stay),
    .alloc_wmask_i  (chunk_wmask),
    .alloc_units_i  (unit_count),
    .id_refused_o   (id_refused),
    .late_i         (late),
    .late_idx_i     (late_idx),
    .inj_valid_o    (inj_valid),
    .inj_idx_o      (inj_idx),
    .inj_last_o     (inj_last),
    .inj_id_o       (inj_id),
    .inj_i          (inj),
    .beat_i         (beat),
    .beat_id_i      (m_r_id_i),
    .beat_last_i    (m_r_last_i),
    .beat_idx_o     (beat_idx),
    .beat_enc_o     (beat_enc),
    .beat_dead_o    (in_dead),
    .beat_deny_o    (beat_deny),
    .beat_walk_o    (in_walk),
    .beat_rem0_o    (in_rem0),
    .beat_tv_o      (in_tv),
    .beat_row_o     (in_row),
    .head_idx_i     (rq.idx),
    .head_idx_t_i   (head_idx_t),
    .head_walk_i    (h_walk),
    .head_rem0_i    (h_rem0),
    .head_tv_i      (h_tvs),
    .head_row_i     (h_row),
    .head_tag_o     (h_tag),
    .head_slot_o    (h_slot),
    .head_last_o    (h_last_chunk),
    .head_row_o     (h_row_next),
    .head_rem1_o    (h_rem1),
    .head_row_done_o(h_row_done),
    .head_tv_o      (h_tv),
    .head_tdone_o   (h_tdone),
    .head_t_o       (h_t),
    .head_dk0_o     (h_dk0),
    .head_step_i    (h_step),
    .head_free_i    (h_free),
    .tw_we_i,
    .tw_entry_i,
    .tw_unit_i,
    .tw_t_i,
    .tw_dk0_i,
    .tw_set_o       (tw_set),
    .slot_drain_i,
    .drain_o        (table_drain)
  );

  // ---- head of rq: by the bypass, into the pipe, or waits ----
  logic             crypt, h_plain, end_ok, ready_in, may_byp, byp, up_last, to_pipe;
  logic             adv, conflict_d, conflict_q;
  logic [DataW-1:0] beat_data;
  logic [1:0]       beat_resp;

  assign h_enc = rq.enc;
  assign h_fault = rq.fault;
  assign h_id = rq.id;
  assign crypt = h_enc && !h_dead && !rq.deny && !rq.resp[1];
  assign h_plain = !h_enc && !h_fault && !rq.deny;
  assign beat_data = (crypt || (h_plain && !rq.resp[1])) ? rq_data : '0;
  assign beat_resp = (((h_enc && h_dead) || rq.deny) && !rq.resp[1]) ? RESP_SLVERR : rq.resp;
  assign up_last = (h_enc ? h_rem0 : rq.mlast) && h_last_chunk;
  // The last beat of an entry stays until no tweak result can still come for it.
  assign end_ok = !h_enc || !h_rem0 || h_tdone;
  assign ready_in = (!crypt || h_tv) && end_ok;
  assign may_byp = rq_valid && !crypt && end_ok && !h_id[IdW];
  assign byp = may_byp && !conflict_q;

  // ---- a beat of the head's id is in the pipe or the skid: looked up a cycle ahead ----
  // for each that may be the head then: the one that is, the next in rq, a beat, an injected one
  logic [3:0][IdW:0] ids;
  logic [3:0]        lane_match, skid_match, under_way;
  assign ids = {{1'b0, inj_id}, m_r_id_i, rq_second.id, h_id};
  always_comb begin
    for (int unsigned k = 0; k < 4; k++) begin
      under_way[k] = lane_match[k] || skid_match[k] || (to_pipe && adv && ids[k] == h_id);
    end
    conflict_d = under_way[0];
    if (rq_pop || !rq_places[0]) begin
      conflict_d = rq_places[1] ? under_way[1] : inj ? under_way[3] : under_way[2];
    end
  end
  always_ff @(posedge clk_i) begin
    conflict_q <= conflict_d;
  end

  // ---- the pipe ----
  logic             p_valid, p_enc, p_plain, p_last, p_drain;
  logic [IdW:0]     p_id;
  logic [7:0]       p_tag;
  logic [1:0]       p_resp;
  logic [3:0]       p_row;
  logic [DataW-1:0] p_data;

  assign to_pipe = rq_valid && !byp && ready_in;

  cbit_lane #(
    .Lanes         (Lanes),
    .KeyBits       (KeyBits),
    .RoundsPerStage(RoundsPerStage),
    .Sbox          (Sbox),
    .KeySlots      (KeySlots),
    .ModesMask     (ModesMask)
  ) u_lane (
    .clk_i,
    .rst_ni,
    .kill_i,
    .mode_i,
    .in_valid_i (to_pipe),
    .in_crypt_i (crypt),
    .in_plain_i (h_plain),
    .in_id_i    (h_id),
    .in_tag_i   (h_tag),
    .in_resp_i  (beat_resp),
    .in_last_i  (up_last),
    .in_slot_i  (h_slot),
    .in_row_i   (h_row),
    .in_data_i  (beat_data),
    .in_t_i     (h_t),
    .in_dk0_i   (h_dk0),
    .adv_i      (adv),
    .out_valid_o(p_valid),
    .out_enc_o  (p_enc),
    .out_plain_o(p_plain),
    .out_id_o   (p_id),
    .out_tag_o  (p_tag),
    .out_resp_o (p_resp),
    .out_last_o (p_last),
    .out_row_o  (p_row),
    .out_data_o (p_data),
    .match_id_i  (ids),
    .match_next_o(lane_match),
    .slot_drain_i,
    .drain_o    (p_drain),
    .kw_valid_i,
    .kw_slot_i,
    .kw_round_i,
    .kw_key_i
  );

  // ---- R pins and RMW data ----
  logic byp_leaves;

  cbit_bus_rd_out #(
    .DataW(DataW)
  ) u_out (
    .clk_i,
    .rst_ni,
    .p_valid_i   (p_valid),
    .p_enc_i     (p_enc),
    .p_plain_i   (p_plain),
    .p_id_i      (p_id),
    .p_tag_i     (p_tag),
    .p_resp_i    (p_resp),
    .p_last_i    (p_last),
    .p_row_i     (p_row),
    .p_data_i    (p_data),
    .adv_o       (adv),
    .byp_i       (byp),
    .byp_plain_i (h_plain),
    .byp_id_i    (h_id[IdW-1:0]),
    .byp_resp_i  (beat_resp),
    .byp_last_i  (up_last),
    .byp_data_i  (beat_data),
    .byp_leaves_o(byp_leaves),
    .match_id_i  (ids),
    .match_next_o(skid_match),
    .r_valid_o   (s_r_valid_o),
    .r_ready_i   (s_r_ready_i),
    .r_id_o      (s_r_id_o),
    .r_data_o    (s_r_data_o),
    .r_resp_o    (s_r_resp_o),
    .r_last_o    (s_r_last_o),
    .rmwd_valid_o,
    .rmwd_tag_o,
    .rmwd_row_o,
    .rmwd_err_o,
    .rmwd_data_o,
    .ev_plain_o  (ev_rd_plain_o),
    .ev_enc_o    (ev_rd_enc_o)
  );

  // ---- the head leaves: whether by the bypass is known last ----
  logic leave_pipe;
  assign leave_pipe = rq_valid && ready_in && adv;

  logic h_end, h_pop;
  assign h_end = h_enc ? h_rem0 : rq.mlast;
  assign h_pop = !h_enc || h_row_done;
  assign h_step = byp ? byp_leaves && h_enc : leave_pipe && h_enc;
  assign h_free = byp ? byp_leaves && h_end : leave_pipe && h_end;
  assign rq_pop = byp ? byp_leaves && h_pop : leave_pipe && h_pop;

  // ---- registers ----
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      lock_q <= 1'b0;
      lock_rmw_q <= 1'b0;
      turn_q <= 1'b1;
    end else begin
      lock_q <= lock_d;
      lock_rmw_q <= lock_rmw_d;
      turn_q <= !inj;
    end
  end

  // ---- counters ----
  assign inflight_drain_o = table_drain || p_drain || arq_drain;

  assign ev_rmw_o = rmw_ready_o && !(Rmp != 0 && rmw_tag_i[7]);
  assign ev_stall_tweak_o = rq_valid && crypt && !h_tv;
  assign ev_stall_table_o = !free && (head_valid || rmw_valid_i);
  assign ev_stall_out_o = !adv;

  logic unused_bits;
  assign unused_bits = ^{
    rqd_room, rqd_room_d, rqd_valid, rqd_valid_d, rmw_enc_i, mode_i, rq_second, rq_next,
    ahead_first.id, ahead_room, ahead_second, ahead_load, ahead_next
  };

`ifdef CBIT_ASSERT_ON
  // What the pins of the last cycle offered and nobody took.
  logic    ar_held_q;
  ax_mem_t ar_prev_q;
  always_ff @(posedge clk_i) begin
    ar_held_q <= rst_ni && m_ar_valid_o && !m_ar_ready_i;
    ar_prev_q <= m_ar_o;
  end
`endif
  `CBIT_ASSERT(BusReadArStable, !ar_held_q || (m_ar_valid_o && m_ar_o == ar_prev_q))
  // a head whose entries are to be read does not go, and one that was offered does not become one
  `CBIT_ASSERT(RmpNoRead, Rmp == 0 || !host_take || chk_rsp_i.valid)
  `CBIT_ASSERT(RmpOffer, Rmp == 0 || !(lock_q && !lock_rmw_q) || chk_rsp_i.valid)
  `CBIT_ASSERT(BusReadData, rqd_room == rq_in_ready && rqd_valid == rq_valid)
  `CBIT_ASSERT(BusReadLastRow, !(rq_pop && h_enc) || h_rem0 == rq.mlast)
  `CBIT_ASSERT(BusReadChunkFits,
               !ar_take || cand_rmw || (chunk_m1 <= chunk_rest && (chunk_m1 == chunk_rest) ==
               burst_done) || !head.enc)
  `CBIT_ASSERT(BusReadRmwRows, !rmw_valid_i || (rmw_rows_i != '0 && rmw_rows_i <= 5'd16))
  `CBIT_ASSERT(BusReadRmwSpa, !rmw_valid_i || (rmw_spa_i & ~SpaMask) == '0)

  `CBIT_ASSERT_INIT(BusReadIdWidth, IdWidth >= 1 && IdWidth <= IdW)

endmodule
