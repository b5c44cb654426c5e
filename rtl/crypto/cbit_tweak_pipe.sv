// SPDX-License-Identifier: Apache-2.0
//
// cbit_tweak_pipe: one unit a cycle from address to tweak.
//
// Where: once in cbit_tweak, twice with four lanes. It never stalls.
// Latency: granted in cycle g (valid_i), register P0 in g+1, AES stages 1..S in g+2 .. g+1+S,
// register P1 (the outputs) in g+2+S. Mode, override and linear table are taken with the grant.
// The entry, the unit and what else belongs to a block wait in a small ring memory meanwhile.
// Source: docs/crypto-modes.md; IEEE Std 1619-2018, section 5.2, for modes 3 to 5. A block is a
// little-endian number: bit i of the AES input is blk[i].
// Reset: no unit under way. Code for a mode that is not compiled in is absent.
`include "cbit_assert.svh"

module cbit_tweak_pipe #(
  parameter int unsigned KeyBits = 128,
  parameter int unsigned RoundsPerStage = 1,
  parameter int unsigned Sbox = 2,
  parameter int unsigned KeySlots = 16,
  parameter int unsigned SlotW = 4,
  parameter int unsigned UnitW = 2,
  parameter logic [5:0] ModesMask = 6'b010001,   // bit m: mode m is compiled in
  parameter int unsigned HasRead = 1,            // 1: makes dk0 for the units of the read table
  parameter int unsigned TestTweak = 0           // 1: override compiled in
) (
  input  logic                clk_i,
  input  logic                rst_ni,
  // configuration
  input  logic [3:0]          mode_i,
  input  logic                ovr_en_i,
  input  logic [127:0]        ovr_i,
  // granted unit
  input  logic                valid_i,
  input  logic                read_i,    // 1: read table, 0: write table
  input  logic [7:0]          entry_i,
  input  logic [SlotW-1:0]    slot_i,
  input  logic [UnitW-1:0]    unit_i,
  input  logic [51:4]         spa_i,     // of the unit
  // result
  output logic                read_valid_o,    // it is for the read table ...
  output logic                write_valid_o,   // ... for the write table
  output logic [7:0]          entry_o,
  output logic [UnitW-1:0]    unit_o,
  output logic [127:0]        t_o,
  output logic [127:0]        dk0_o,
  // round keys of K2
  input  logic                kw_valid_i,
  input  logic [9:0]          kw_slot_i,
  input  logic [3:0]          kw_round_i,
  input  logic [127:0]        kw_key_i,
  // first round key of the decrypt direction of K1
  input  logic                kd_valid_i,
  input  logic [9:0]          kd_slot_i,
  input  logic [127:0]        kd_key_i,
  // linear table
  input  logic                tt_we_i,
  input  logic [5:0]          tt_index_i,
  input  logic [127:0]        tt_data_i
);

  localparam int unsigned Rounds = (KeyBits == 256) ? 14 : 10;
  localparam int unsigned Stages = Rounds / RoundsPerStage;
  localparam bit HasLinear = ModesMask[1] || ModesMask[2];
  localparam bit HasAes = ModesMask[3] || ModesMask[4] || ModesMask[5];
  // address bits of the AES input, as many as the mode with the longest number has
  localparam int unsigned NumW = ModesMask[3] ? 48 : ModesMask[4] ? 46 : ModesMask[5] ? 40 : 1;

  // ---- cycle g: what the unit needs ----
  logic            is_linear, is_page;
  logic [NumW-1:0] number;

  assign is_linear = HasLinear && (mode_i == 4'd1 || mode_i == 4'd2);
  assign is_page = ModesMask[5] && mode_i == 4'd5;

  always_comb begin
    number = '0;
    if (ModesMask[5] && (mode_i == 4'd5 || ModesMask[4:3] == 2'b00)) begin
      number = NumW'(spa_i[51:12]);
    end else if (ModesMask[4] && (mode_i == 4'd4 || !ModesMask[3])) begin
      number = NumW'(spa_i[51:6]);
    end else if (ModesMask[3]) begin
      number = NumW'(spa_i);
    end
  end

  // ---- cycle g+1: P0 and round key 0 ----
  logic [127:0] p0_in;   // AES input without key
  logic [127:0] rk0;

  if (TestTweak != 0) begin : gen_override
    logic [127:0] in_q;

    always_ff @(posedge clk_i) begin
      if (valid_i) begin
        in_q <= ovr_en_i ? ovr_i : 128'(number);
      end
    end

    assign p0_in = in_q;
  end else begin : gen_no_override
    logic [NumW-1:0] in_q;
    logic            unused_ovr;

    assign unused_ovr = ^{ovr_en_i, ovr_i};

    always_ff @(posedge clk_i) begin
      if (valid_i) begin
        in_q <= number;
      end
    end

    assign p0_in = 128'(in_q);
  end

  logic [127:0]     aes_out;   // of the last stage, in cycle g+1+S
  logic [SlotW-1:0] p0_slot_q;

  if (HasAes) begin : gen_aes
    cbit_ram_1r1w #(
      .Width  (128),
      .Depth  (KeySlots),
      .Sync   (1),
      .RwCheck(0)
    ) u_key0 (
      .clk_i,
      .we_i   (kw_valid_i && kw_round_i == 4'd0),
      .waddr_i(kw_slot_i[SlotW-1:0]),
      .wbe_i  ('1),
      .wdata_i(kw_key_i),
      .re_i   (valid_i),
      .raddr_i(slot_i),
      .rdata_o(rk0)
    );

    cbit_aes #(
      .KeyBits       (KeyBits),
      .RoundsPerStage(RoundsPerStage),
      .Decrypt       (0),
      .Sbox          (Sbox),
      .Lanes         (1),
      .KeySlots      (KeySlots)
    ) u_aes (
      .clk_i,
      .en_i  (1'b1),
      .slot_i(10'(p0_slot_q)),
      .blk_i (p0_in ^ rk0),
      .blk_o (aes_out),
      .kw_valid_i,
      .kw_slot_i,
      .kw_round_i,
      .kw_key_i
    );
  end else begin : gen_no_aes
    logic unused_keys;
    assign unused_keys = ^{kw_valid_i, kw_slot_i, kw_round_i, kw_key_i, p0_in, p0_slot_q};
    assign rk0 = '0;
    assign aes_out = rk0;
  end

  // ---- what travels along: P0, then the ring until the block is in the last stage ----
  typedef struct packed {
    logic             read;
    logic [7:0]       entry;
    logic [SlotW-1:0] slot;
    logic [UnitW-1:0] num;
  } tag_t;

  tag_t            p0_tag_q, end_tag;
  logic [Stages:0] valid_q;   // bit s: a unit in stage s (0: in P0)
  logic [3:0]      ring_q;    // place that takes the tag in P0 at the end of this cycle
  logic [3:0]      ring_end;  // place written S cycles ago

  assign p0_slot_q = p0_tag_q.slot;
  assign ring_end = ring_q - 4'(Stages);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      valid_q <= '0;
      ring_q <= '0;
    end else begin
      valid_q <= {valid_q[Stages-1:0], valid_i};
      ring_q <= ring_q + 4'd1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (valid_i) begin
      p0_tag_q.read <= read_i;
      p0_tag_q.entry <= entry_i;
      p0_tag_q.slot <= slot_i;
      p0_tag_q.num <= unit_i;
    end
  end

  cbit_ram_1r1w #(
    .Width($bits(tag_t)),
    .Depth(16),
    .Sync (0)
  ) u_tags (
    .clk_i,
    .we_i   (valid_q[0]),
    .waddr_i(ring_q),
    .wbe_i  ('1),
    .wdata_i(p0_tag_q),
    .re_i   (1'b1),
    .raddr_i(ring_end),
    .rdata_o(end_tag)
  );

  // ---- cycle g+1+S: mode 5 multiplies by alpha^(4 * line in the page) ----
  logic [127:0] scaled;

  if (ModesMask[5]) begin : gen_page
    logic [6:0] p0_line_q, end_line;   // {mode 5, spa[11:6]}
    logic [5:0] line;

    always_ff @(posedge clk_i) begin
      if (valid_i) begin
        p0_line_q <= {is_page, spa_i[11:6]};
      end
    end

    cbit_ram_1r1w #(
      .Width(7),
      .Depth(16),
      .Sync (0)
    ) u_lines (
      .clk_i,
      .we_i   (valid_q[0]),
      .waddr_i(ring_q),
      .wbe_i  ('1),
      .wdata_i(p0_line_q),
      .re_i   (1'b1),
      .raddr_i(ring_end),
      .rdata_o(end_line)
    );

    assign line = end_line[6] ? end_line[5:0] : 6'd0;

    cbit_gf_mul #(
      .First(4),
      .Steps(6)
    ) u_mul (
      .v_i  (aes_out),
      .sel_i(line),
      .v_o  (scaled)
    );
  end else begin : gen_no_page
    logic unused_page;
    assign unused_page = is_page;
    assign scaled = aes_out;
  end

  // ---- modes 1 and 2 replace it by the sum of table words, made at the grant ----
  logic [127:0] result;

  if (HasLinear) begin : gen_linear
    logic [127:0] table_q [48];   // t4 .. t51
    logic [128:0] p0_lin_q, end_lin;   // {mode 1 or 2, sum}

    for (genvar i = 0; i < 48; i++) begin : gen_word
      always_ff @(posedge clk_i) begin
        if (!rst_ni) begin
          table_q[i] <= '0;
        end else if (tt_we_i && tt_index_i == 6'(i + 4)) begin
          table_q[i] <= tt_data_i;
        end
      end
    end

    function automatic logic [127:0] table_sum(input logic [51:4] spa);
      logic [127:0] sum;
      sum = '0;
      for (int unsigned i = 0; i < 48; i++) begin
        if (spa[i + 4]) begin
          sum = sum ^ table_q[i];
        end
      end
      return sum;
    endfunction

    always_ff @(posedge clk_i) begin
      if (valid_i) begin
        p0_lin_q[128] <= is_linear;
        if (is_linear) begin
          p0_lin_q[127:0] <= table_sum(spa_i);
        end
      end
    end

    cbit_ram_1r1w #(
      .Width(129),
      .Depth(16),
      .Sync (0)
    ) u_sums (
      .clk_i,
      .we_i   (valid_q[0]),
      .waddr_i(ring_q),
      .wbe_i  ('1),
      .wdata_i(p0_lin_q),
      .re_i   (1'b1),
      .raddr_i(ring_end),
      .rdata_o(end_lin)
    );

    assign result = end_lin[128] ? end_lin[127:0] : scaled;
  end else begin : gen_no_linear
    logic unused_table;
    assign unused_table = ^{is_linear, tt_we_i, tt_index_i, tt_data_i};
    assign result = scaled;
  end

  // ---- cycle g+2+S: P1 ----
  logic [7:0]       p1_entry_q;
  logic [UnitW-1:0] p1_unit_q;
  logic [127:0]     p1_t_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      read_valid_o <= 1'b0;
      write_valid_o <= 1'b0;
    end else begin
      read_valid_o <= valid_q[Stages] && end_tag.read;
      write_valid_o <= valid_q[Stages] && !end_tag.read;
    end
  end

  always_ff @(posedge clk_i) begin
    if (valid_q[Stages]) begin
      p1_entry_q <= end_tag.entry;
      p1_unit_q <= end_tag.num;
      p1_t_q <= result;
    end
  end

  if (HasRead != 0) begin : gen_dk0
    cbit_ram_1r1w #(
      .Width  (128),
      .Depth  (KeySlots),
      .Sync   (1),
      .RwCheck(0)
    ) u_dk0 (
      .clk_i,
      .we_i   (kd_valid_i),
      .waddr_i(kd_slot_i[SlotW-1:0]),
      .wbe_i  ('1),
      .wdata_i(kd_key_i),
      .re_i   (valid_q[Stages] && end_tag.read),
      .raddr_i(end_tag.slot),
      .rdata_o(dk0_o)
    );
  end else begin : gen_no_dk0
    logic unused_dk0;
    assign unused_dk0 = ^{kd_valid_i, kd_slot_i, kd_key_i, end_tag.slot};
    assign dk0_o = '0;
  end

  assign entry_o = p1_entry_q;
  assign unit_o = p1_unit_q;
  assign t_o = p1_t_q;

  logic unused_bits;
  assign unused_bits = ^{spa_i, mode_i, kd_slot_i};

  `CBIT_ASSERT_INIT(TweakRing, Stages < 16)

endmodule
