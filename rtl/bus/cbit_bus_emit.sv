// SPDX-License-Identifier: Apache-2.0
//
// cbit_bus_emit: from the row ring through the encrypt pipe to the DRAM's AW and W queues.
//
// Where: behind the write table and the gather; holds the row memories, the tweak memory and round
// key 0 of the encrypt direction. What: E_K1(P ^ T) ^ T on all lanes of a row; the first XOR is
// folded with round key 0 into the input, the second is at the output.
// Latency: a row let go in cycle t is in E2 in t+1, in the pipe's last stage in t+1+S (S = rounds /
// RoundsPerStage), on the queues' outputs in t+2+S; one row a cycle. The whole pipe stands while
// its last row finds no room. Byte order: byte i of a row is [8*i +: 8], lane l is [128*l +: 128].
// Source: docs/units/bus_write.md, Emission and Kill. Reset: pipe and queues empty.
`include "cbit_assert.svh"

module cbit_bus_emit
  import cbit_pkg::*;
#(
  parameter int unsigned Lanes = 1,
  parameter int unsigned KeyBits = 128,
  parameter int unsigned RoundsPerStage = 1,
  parameter int unsigned Sbox = 1,
  parameter int unsigned KeySlots = 16,
  parameter int unsigned NumWr = 64,
  parameter int unsigned NumRow = 64,
  parameter logic [5:0]  ModesMask = 6'b010001,
  localparam int unsigned EntW = $clog2(NumWr),
  localparam int unsigned RowW = $clog2(NumRow),
  localparam int unsigned SlotIdxW = $clog2(KeySlots),
  localparam int unsigned LaneW = $clog2(Lanes),
  localparam int unsigned ByteW = 4 + LaneW,
  localparam int unsigned WinLsb = ByteW + 4
) (
  input  logic                 clk_i,
  input  logic                 rst_ni,
  input  logic                 kill_i,
  input  logic [3:0]           mode_i,
  // gathered beats
  input  logic                 row_we_i,
  input  logic [RowW-1:0]      row_place_i,
  input  logic [128*Lanes-1:0] row_data_i,
  input  logic [16*Lanes-1:0]  row_strb_i,
  input  logic [16*Lanes-1:0]  row_mask_i,
  // old data of read-modify-writes
  input  logic                 old_we_i,
  input  logic [RowW-1:0]      old_place_i,
  input  logic [128*Lanes-1:0] old_data_i,
  // tweak results
  input  logic                 tw_we_i,
  input  logic [EntW-1:0]      tw_e_i,
  input  logic [5:0]           tw_unit_i,
  input  logic [127:0]         tw_t_i,
  // round keys of the encrypt direction
  input  logic                 kw_valid_i,
  input  logic [9:0]           kw_slot_i,
  input  logic [3:0]           kw_round_i,
  input  logic [127:0]         kw_key_i,
  // entry at em
  input  logic                 em_valid_i,
  input  logic [EntW-1:0]      em_e_i,
  input  logic                 em_ready_i,
  input  logic                 em_sent_i,
  input  logic                 em_skip_i,
  input  logic                 em_enc_i,
  input  logic                 em_dead_i,
  input  logic                 em_null_i,
  input  logic                 em_partial_i,
  input  logic                 em_haz_i,
  input  logic                 em_rdone_i,
  input  logic                 em_rerr_i,
  input  logic                 em_tdone_i,
  input  logic                 em_tcome_i,
  input  logic [5:0]           em_tunit_i,
  input  logic [SlotIdxW-1:0]  em_slot_i,
  input  logic [RowW-1:0]      em_rdel_i,
  input  logic [15:0]          em_rowany_i,
  input  logic [3:0]           em_first_i,
  input  logic [3:0]           em_last_i,
  output logic                 em_next_o,
  output logic                 em_send_o,
  output logic                 em_answer_o,
  output logic                 em_bad_o,
  output logic                 em_free_o,      // its rows are free
  // address of an entry from the table, one edge with aw_re_o later
  output logic                 aw_re_o,
  output logic [EntW-1:0]      aw_e_o,
  input  logic [IdW-1:0]       aw_id_i,
  input  logic [SpaW-1:WinLsb] aw_win_i,
  input  logic [14:0]          aw_axi_i,
  input  logic [3:0]           aw_first_i,
  input  logic [3:0]           aw_last_i,
  // queues to the DRAM
  output logic                 awo_valid_o,
  input  logic                 awo_ready_i,
  output ax_mem_t              awo_o,
  output logic                 wo_valid_o,
  input  logic                 wo_ready_i,
  output logic [128*Lanes-1:0] wo_data_o,
  output logic [16*Lanes-1:0]  wo_strb_o,
  output logic                 wo_last_o,
  output logic                 wo_enc_o,       // of an encrypted entry
  // nothing in E2, pipe and queues
  output logic                 empty_o,
  // events
  output logic                 ev_stall_tweak_o,
  output logic                 ev_stall_rmw_o,
  output logic                 ev_stall_hazard_o
);

  localparam int unsigned Rounds = (KeyBits == 256) ? 14 : 10;
  localparam int unsigned Stages = Rounds / RoundsPerStage;
  localparam bit          HasBlock = ModesMask[3:1] != '0;
  localparam bit          HasLine = ModesMask[5:4] != '0;
  localparam int unsigned W = 128 * Lanes;

  logic line_mode;   // tweak units are lines, else blocks

  if (HasBlock && HasLine) begin : gen_mode_any
    assign line_mode = mode_i == 4'd4 || mode_i == 4'd5;
  end else begin : gen_mode_fixed
    assign line_mode = HasLine;
  end

  // ---- E1: may the next row of em go? ----
  logic [3:0] row, row_next_q;
  logic [5:0] unit_need, unit_first, unit_next;   // last tweak unit of the row
  logic       broken, live_row, first_ok, tweak_ok, last_row, tdone_ok, room, skip, answer;
  logic       haz_ok, go_but, go;   // go_but: go, but for the hazard, which is known last
  logic       adv, adv_q, e2_valid_q;
  logic       stall_q, room_go;   // !adv and room, spared the many who ask for those

  // The first row and a further one are looked at side by side.
  function automatic logic [5:0] last_unit(input logic line, input logic [3:0] r);
    return line ? 6'(r) >> (2 - LaneW) : 6'((7'(r) + 7'd1) << LaneW) - 6'd1;
  endfunction

  assign row = em_sent_i ? row_next_q : em_first_i;
  assign last_row = em_sent_i ? row_next_q == em_last_i : em_first_i == em_last_i;
  assign unit_first = last_unit(line_mode, em_first_i);
  assign unit_next = last_unit(line_mode, row_next_q);
  assign unit_need = em_sent_i ? unit_next : unit_first;

  // dead, or old data that could not be read: answered with SLVERR, unless it is on its way
  assign broken = em_dead_i || (em_partial_i && em_rerr_i);
  assign live_row = em_valid_i && ((em_ready_i && !em_null_i && !broken) || em_sent_i);
  assign first_ok = em_sent_i || !em_partial_i || em_rdone_i;
  assign haz_ok = em_sent_i || !em_haz_i;
  // the first row is one that was written
  assign tweak_ok = !em_enc_i || em_dead_i || em_tdone_i ||
                    (em_sent_i ? !em_rowany_i[row_next_q] ||
                                 (em_tcome_i && unit_next <= em_tunit_i) :
                                 em_tcome_i && unit_first <= em_tunit_i);
  assign tdone_ok = !em_enc_i || !last_row || em_tdone_i;
  assign room = !e2_valid_q || adv;
  assign room_go = !e2_valid_q || !stall_q;
  assign go_but = live_row && first_ok && tweak_ok && tdone_ok && room_go;
  assign go = go_but && haz_ok;

  assign skip = em_valid_i && em_skip_i;
  assign answer = em_valid_i && em_ready_i && em_tdone_i &&
                  (em_null_i || (broken && (!em_partial_i || em_rdone_i)));

  assign em_send_o = go_but && em_ready_i && !em_haz_i;
  assign em_answer_o = answer;
  assign em_bad_o = !em_null_i;
  assign em_free_o = answer || (go_but && last_row && haz_ok);
  assign em_next_o = skip || answer || (go_but && last_row && haz_ok);

  assign ev_stall_tweak_o = live_row && first_ok && haz_ok && !tweak_ok && tdone_ok && room_go;
  assign ev_stall_rmw_o = em_valid_i && em_ready_i && !em_null_i && em_partial_i && !em_rdone_i;
  assign ev_stall_hazard_o = em_valid_i && em_ready_i && !em_null_i && em_haz_i;

  always_ff @(posedge clk_i) begin
    if (go) begin
      row_next_q <= row + 4'd1;
    end
  end

  // ---- memories, read at the end of the row's cycle in E1 ----
  // What is read was written at an earlier edge, or is not used. Whether the row goes is told by
  // e2_valid_q alone.
  logic [RowW-1:0]      place;
  logic [W-1:0]         data, old;
  logic [16*Lanes-1:0]  mask;
  logic [127:0]         ek0;
  logic [Lanes-1:0][127:0] tw_word;   // by lane; lines are in lane 0

  assign place = em_rdel_i + RowW'(row);

  cbit_ram_1r1w #(
    .Width(W), .Depth(NumRow), .Sync(1), .ByteEn(1), .RwCheck(0), .Style("block")
  ) u_data (
    .clk_i,
    .we_i(row_we_i), .waddr_i(row_place_i), .wbe_i(row_strb_i), .wdata_i(row_data_i),
    .re_i(room), .raddr_i(place), .rdata_o(data)
  );

  cbit_ram_1r1w #(
    .Width(16 * Lanes), .Depth(NumRow), .Sync(1), .RwCheck(0)
  ) u_mask (
    .clk_i,
    .we_i(row_we_i), .waddr_i(row_place_i), .wbe_i('1), .wdata_i(row_mask_i),
    .re_i(room), .raddr_i(place), .rdata_o(mask)
  );

  cbit_ram_1r1w #(
    .Width(W), .Depth(NumRow), .Sync(1), .RwCheck(0), .Style("block")
  ) u_old (
    .clk_i,
    .we_i(old_we_i), .waddr_i(old_place_i), .wbe_i('1), .wdata_i(old_data_i),
    .re_i(room), .raddr_i(place), .rdata_o(old)
  );

  cbit_ram_1r1w #(
    .Width(128), .Depth(KeySlots), .Sync(1), .RwCheck(0)
  ) u_ek0 (
    .clk_i,
    .we_i(kw_valid_i && kw_round_i == 4'd0), .waddr_i(kw_slot_i[SlotIdxW-1:0]), .wbe_i('1),
    .wdata_i(kw_key_i),
    .re_i(room), .raddr_i(em_slot_i), .rdata_o(ek0)
  );

  if (HasBlock) begin : gen_tweak_block
    // one memory per lane, a word per row; lines take the first words of lane 0
    logic [3:0] line_addr, wr_addr;
    assign line_addr = tw_unit_i[3:0];
    assign wr_addr = line_mode ? line_addr : 4'(tw_unit_i >> LaneW);

    for (genvar l = 0; l < Lanes; l++) begin : gen_lane
      logic mine;
      assign mine = line_mode ? (l == 0) : (32'(tw_unit_i) % Lanes == l);
      cbit_ram_1r1w #(
        .Width(128), .Depth(NumWr * 16), .Sync(1), .RwCheck(0), .Style("block")
      ) u_tweak (
        .clk_i,
        .we_i(tw_we_i && mine), .waddr_i({tw_e_i, wr_addr}), .wbe_i('1), .wdata_i(tw_t_i),
        .re_i(room), .raddr_i({em_e_i, line_mode ? unit_need[3:0] : row}), .rdata_o(tw_word[l])
      );
    end
  end else begin : gen_tweak_line
    localparam int unsigned LineW = 2 + LaneW;
    logic [127:0] line_word;
    cbit_ram_1r1w #(
      .Width(128), .Depth(NumWr << LineW), .Sync(1), .RwCheck(0), .Style("block")
    ) u_tweak (
      .clk_i,
      .we_i(tw_we_i), .waddr_i({tw_e_i, tw_unit_i[LineW-1:0]}), .wbe_i('1), .wdata_i(tw_t_i),
      .re_i(room), .raddr_i({em_e_i, unit_need[LineW-1:0]}), .rdata_o(line_word)
    );
    assign tw_word = {Lanes{line_word}};
  end

  // ---- E2: old and new data, tweak, round key 0 ----
  logic                e2_first_q, e2_last_q, e2_enc_q, e2_kind_q;
  logic [EntW-1:0]     e2_e_q;
  logic [1:0]          e2_row_q;
  logic [SlotIdxW-1:0] e2_slot_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      e2_valid_q <= 1'b0;
    end else if (room) begin
      e2_valid_q <= go;
    end
    if (room) begin
      e2_e_q <= em_e_i;
      e2_row_q <= row[1:0];
      e2_slot_q <= em_slot_i;
      e2_first_q <= em_ready_i;
      e2_last_q <= last_row;
      e2_kind_q <= em_enc_i;
    end
    if (kill_i) begin
      e2_enc_q <= 1'b0;
    end else if (room) begin
      e2_enc_q <= em_enc_i && !em_dead_i;
    end
  end

  logic [W-1:0]        merged, side_in, aes_in, aes_out;
  logic [16*Lanes-1:0] strb_in;
  logic [Lanes-1:0]    e2_any;   // the block is written
  logic                keep_t;   // mode 1 has no XOR at the output

  assign keep_t = !(ModesMask[1] && mode_i == 4'd1);

  for (genvar i = 0; i < 16 * Lanes; i++) begin : gen_byte
    assign merged[8*i +: 8] = mask[i] ? data[8*i +: 8] : (e2_kind_q ? old[8*i +: 8] : 8'd0);
  end

  for (genvar l = 0; l < Lanes; l++) begin : gen_lane
    logic [127:0] t_line, tweak;
    logic [1:0]   num;   // of the block in its line
    logic         any;

    assign e2_any[l] = any;

    if (Lanes == 1) begin : gen_num1
      assign num = e2_row_q;
    end else if (Lanes == 2) begin : gen_num2
      assign num = {e2_row_q[0], 1'(l)};
    end else begin : gen_num4
      assign num = 2'(l);
    end

    if (HasLine) begin : gen_line
      cbit_gf_mul #(
        .First(1),
        .Steps(2)
      ) u_alpha (
        .v_i  (tw_word[0]),
        .sel_i(num),
        .v_o  (t_line)
      );
    end else begin : gen_no_line
      logic unused_num;
      assign unused_num = ^num;
      assign t_line = '0;
    end

    assign tweak = line_mode ? t_line : tw_word[l];
    assign any = mask[16*l +: 16] != '0;
    assign aes_in[128*l +: 128] = merged[128*l +: 128] ^ ek0 ^ tweak;

    always_comb begin
      side_in[128*l +: 128] = '0;
      strb_in[16*l +: 16] = '0;
      if (!e2_kind_q) begin
        side_in[128*l +: 128] = merged[128*l +: 128];
        strb_in[16*l +: 16] = mask[16*l +: 16];
      end else if (any) begin
        side_in[128*l +: 128] = keep_t ? tweak : '0;
        strb_in[16*l +: 16] = '1;
      end
    end
  end

  if (Lanes == 4) begin : gen_unused_row
    logic unused_row;
    assign unused_row = ^e2_row_q;
  end else if (Lanes == 2) begin : gen_unused_row
    logic unused_row;
    assign unused_row = e2_row_q[1];
  end

  // ---- the pipe ----
  typedef struct packed {
    logic                kind;    // of an encrypted entry
    logic                first;
    logic                last;
    logic [16*Lanes-1:0] strb;
    logic [W-1:0]        side;
  } along_t;

  logic [Stages-1:0] valid_d, valid_q, enc_d, enc_q;   // index 0 is the first stage
  along_t            along_in, along_out;
  logic              out_valid, out_enc, awo_room, wo_room, out_take;
  logic              first_d, kind_d;   // of the stage before the last
  logic [Lanes-1:0]  any_d;

  assign along_in = '{
    kind: e2_kind_q, first: e2_first_q, last: e2_last_q, strb: strb_in, side: side_in
  };

  cbit_bus_wdelay #(
    .Width($bits(along_t)),
    .Len  (Stages)
  ) u_along (
    .clk_i,
    .rst_ni,
    .en_i  (adv),
    .data_i(along_in),
    .data_o(along_out)
  );

  // one stage earlier, to read the entry's address for the last stage, and to tell what goes out
  cbit_bus_wdelay #(
    .Width(EntW + Lanes + 2),
    .Len  (Stages - 1)
  ) u_entry (
    .clk_i,
    .rst_ni,
    .en_i  (adv),
    .data_i({e2_first_q, e2_kind_q, e2_any, e2_e_q}),
    .data_o({first_d, kind_d, any_d, aw_e_o})
  );

  assign aw_re_o = adv;

  cbit_aes #(
    .KeyBits       (KeyBits),
    .RoundsPerStage(RoundsPerStage),
    .Decrypt       (0),
    .Sbox          (Sbox),
    .Lanes         (Lanes),
    .KeySlots      (KeySlots)
  ) u_aes (
    .clk_i,
    .en_i   (adv),
    .slot_i (10'(e2_slot_q)),
    .blk_i  (aes_in),
    .blk_o  (aes_out),
    .kw_valid_i,
    .kw_slot_i,
    .kw_round_i,
    .kw_key_i
  );

  always_comb begin
    valid_d = valid_q;
    enc_d = enc_q;
    if (adv) begin
      valid_d = {valid_q[Stages-2:0], e2_valid_q};
      enc_d = {enc_q[Stages-2:0], e2_enc_q};
    end
    if (kill_i) begin
      enc_d = '0;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      valid_q <= '0;
    end else begin
      valid_q <= valid_d;
    end
    enc_q <= enc_d;
  end

  // ---- out of the last stage ----
  logic [W-1:0]        out_data;
  logic [16*Lanes-1:0] out_strb;

  assign out_valid = valid_q[Stages-1];
  assign out_enc = enc_q[Stages-1];
  assign out_take = out_valid && adv;

  // whether the last stage finds room is told by registers; first_d is first of the stage before
  logic awo_valid_d, wo_valid_d, empty_q;
  logic adv_d, out_valid_d, out_first_d, awo_room_d, wo_room_d;

  assign out_valid_d = adv ? valid_q[Stages-2] : out_valid;
  assign out_first_d = adv ? first_d : along_out.first;
  assign adv_d = !out_valid_d || (wo_room_d && (!out_first_d || awo_room_d));

  always_ff @(posedge clk_i) begin
    adv_q <= !rst_ni || adv_d;
    stall_q <= rst_ni && !adv_d;
  end

  assign adv = adv_q;

  // encrypted, but its key was killed: nothing; a block that is not written has no bit in side
  logic             out_dead_q;
  logic [Lanes-1:0] out_aes_q;

  always_ff @(posedge clk_i) begin
    out_dead_q <= (adv ? kind_d : along_out.kind) && !enc_d[Stages-1];
    if (adv) begin
      out_aes_q <= {Lanes{enc_d[Stages-1]}} & any_d;
    end else begin
      out_aes_q <= {Lanes{enc_d[Stages-1]}} & out_aes_q;
    end
  end

  assign out_strb = out_dead_q ? '0 : along_out.strb;

  for (genvar l = 0; l < Lanes; l++) begin : gen_out
    assign out_data[128*l +: 128] = (along_out.side[128*l +: 128] & {128{!out_dead_q}}) ^
                                    (aes_out[128*l +: 128] & {128{out_aes_q[l]}});
  end

  typedef struct packed {
    logic [IdW-1:0]       id;
    logic [SpaW-1:WinLsb] win;
    logic [3:0]           row;
    logic [3:0]           len;
    logic [14:0]          axi;
  } awo_t;

  awo_t       awo_in, awo_out;

  assign awo_in = '{
    id: aw_id_i, win: aw_win_i, row: aw_first_i, len: aw_last_i - aw_first_i, axi: aw_axi_i
  };

  cbit_bus_flip #(
    .Width($bits(awo_t))
  ) u_awo (
    .clk_i,
    .rst_ni,
    .in_valid_i (out_take && along_out.first),
    .in_ready_o (awo_room),
    .in_ready_d_o(awo_room_d),
    .in_data_i  (awo_in),
    .out_valid_o(awo_valid_o),
    .out_valid_d_o(awo_valid_d),
    .out_ready_i(awo_ready_i),
    .out_data_o (awo_out)
  );

  always_comb begin
    awo_o = '0;
    awo_o.id = {1'b0, awo_out.id};
    awo_o.addr = {awo_out.win, awo_out.row, ByteW'(0)};
    awo_o.len = 8'(awo_out.len);
    awo_o.size = 3'(ByteW);
    awo_o.burst = BURST_INCR;
    {awo_o.cache, awo_o.prot, awo_o.qos, awo_o.region} = awo_out.axi;
  end

  cbit_bus_flip #(
    .Width(W + 16 * Lanes + 2)
  ) u_wo (
    .clk_i,
    .rst_ni,
    .in_valid_i (out_take),
    .in_ready_o (wo_room),
    .in_ready_d_o(wo_room_d),
    .in_data_i  ({out_data, out_strb, along_out.last, along_out.kind}),
    .out_valid_o(wo_valid_o),
    .out_valid_d_o(wo_valid_d),
    .out_ready_i(wo_ready_i),
    .out_data_o ({wo_data_o, wo_strb_o, wo_last_o, wo_enc_o})
  );

  always_ff @(posedge clk_i) begin
    empty_q <= !rst_ni ||
               (!(room ? go : e2_valid_q) && valid_d == '0 && !awo_valid_d && !wo_valid_d);
  end

  assign empty_o = empty_q;

  logic unused_bits;
  assign unused_bits = ^{wo_room, awo_room, mode_i, tw_unit_i, kw_slot_i, unit_need, tw_word};

  `CBIT_ASSERT(EmitFirstAny, !(live_row && em_ready_i) || em_rowany_i[em_first_i])
  `CBIT_ASSERT(EmitOutDead, !out_valid || out_dead_q == (along_out.kind && !out_enc))
  `CBIT_ASSERT(EmitEncKind, !(out_valid && out_enc) || along_out.kind)
  `CBIT_ASSERT(EmitEmpty, empty_o == (!e2_valid_q && valid_q == '0 && !awo_valid_o && !wo_valid_o))
  `CBIT_ASSERT(EmitStall, stall_q == !adv_q)
  `CBIT_ASSERT(EmitAdv, adv == (!out_valid || (wo_room && (!along_out.first || awo_room))))
  `CBIT_ASSERT(EmitOneWay, 2'(go) + 2'(skip) + 2'(answer) <= 2'd1)
  `CBIT_ASSERT_INIT(EmitStages, Stages >= 3)

endmodule
