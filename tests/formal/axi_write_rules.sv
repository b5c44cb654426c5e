// SPDX-License-Identifier: Apache-2.0
//
// axi_write_rules: AW, W and B of an AXI4 port (Arm IHI 0022, A3.2.1, A3.3, A5.3). Drives = 1: the port of who sends AW and W, 0:
// of who sends B; the rules of that side are asserted, those of the other assumed.
//   - a valid stays until its ready, and the payload with it; valid is low in reset and after it,
//   - W bursts come in the order of the AWs, none before its AW is shown, len + 1 beats each, the last one and no other with WLAST,
//   - one B for each AW, after the last of its beats, in the order of the AWs of its ID.
// At most Depth bursts are open: an assertion if the engine sends AW, an assumption if it takes them.
module axi_write_rules #(
  parameter int unsigned Drives = 0,
  parameter int unsigned Depth = 6,
  parameter int unsigned IdBits = 9,
  parameter int unsigned AwBits = 64,
  parameter int unsigned WBits = 144
) (
  input logic              clk_i,
  input logic              rst_ni,
  input logic              aw_valid_i,
  input logic              aw_ready_i,
  input logic [IdBits-1:0] aw_id_i,
  input logic [7:0]        aw_len_i,
  input logic [AwBits-1:0] aw_i,       // the rest of it
  input logic              w_valid_i,
  input logic              w_ready_i,
  input logic              w_last_i,
  input logic [WBits-1:0]  w_i,
  input logic              b_valid_i,
  input logic              b_ready_i,
  input logic [IdBits-1:0] b_id_i,
  input logic [1:0]        b_resp_i
);

  // bursts whose AW was taken and B not, oldest first; the first done_q of them have all their beats
  logic [Depth-1:0]  v_q, done_q;
  logic [IdBits-1:0] id_q [Depth];
  logic [7:0]        len_q [Depth];
  logic [7:0]        beat_q;          // of the W burst under way
  logic              early_q;         // it began before its AW was taken
  logic [Depth-1:0]  hit, below, mine;
  logic              some, took_b, sent_aw, sent_w, full, open, hit_done;
  logic [7:0]        len;             // of the burst to which W belongs

  always_comb begin
    hit = '0;
    below = '0;
    mine = '0;
    some = 1'b0;
    open = 1'b0;
    len = aw_len_i;
    hit_done = 1'b0;
    for (int unsigned i = 0; i < Depth; i++) begin
      below[i] = !some;
      hit[i] = !some && v_q[i] && id_q[i] == b_id_i;
      if (hit[i]) begin
        below[i] = 1'b0;
        hit_done = done_q[i];
      end
      some = some || hit[i];
      mine[i] = !open && v_q[i] && !done_q[i];
      if (mine[i]) len = len_q[i];
      open = open || mine[i];
    end
  end

  assign sent_aw = aw_valid_i && aw_ready_i;
  assign sent_w = w_valid_i && w_ready_i;
  assign took_b = b_valid_i && b_ready_i;
  assign full = v_q == '1;

  // a burst that is all sent before its AW is taken: early_q until then
  logic [Depth-1:0]  done_n;
  logic              new_done;
  assign new_done = !open && ((sent_w && w_last_i) || early_q);
  assign done_n = done_q | (mine & {Depth{sent_w && w_last_i}});

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      v_q <= '0;
      done_q <= '0;
      beat_q <= '0;
      early_q <= 1'b0;
    end else begin
      if (sent_w) beat_q <= w_last_i ? '0 : beat_q + 8'd1;
      early_q <= new_done && !sent_aw;
      for (int unsigned i = 0; i < Depth; i++) begin
        if (took_b && some && !below[i]) begin
          v_q[i] <= (i + 1 < Depth && v_q[(i + 1) % Depth]) ||
                    (sent_aw && v_q[i] && (i + 1 == Depth || !v_q[(i + 1) % Depth]));
          if (i + 1 < Depth && v_q[(i + 1) % Depth]) begin
            id_q[i] <= id_q[(i + 1) % Depth];
            len_q[i] <= len_q[(i + 1) % Depth];
            done_q[i] <= done_n[(i + 1) % Depth];
          end else begin
            id_q[i] <= aw_id_i;
            len_q[i] <= aw_len_i;
            done_q[i] <= new_done;
          end
        end else begin
          done_q[i] <= done_n[i];
          if (sent_aw && !v_q[i] && (i == 0 || v_q[(i + Depth - 1) % Depth]) && !(took_b && some)) begin
            v_q[i] <= 1'b1;
            id_q[i] <= aw_id_i;
            len_q[i] <= aw_len_i;
            done_q[i] <= new_done;
          end
        end
      end
    end
  end

  logic                     init_q = 1'b0;
  logic                     aw_was_q, w_was_q, b_was_q, rst_was_q;
  logic [IdBits+AwBits+7:0] aw_all_q;
  logic [WBits:0]           w_all_q;
  logic [IdBits+1:0]        b_all_q;

  always_ff @(posedge clk_i) begin
    init_q <= 1'b1;
    rst_was_q <= rst_ni;
    aw_was_q <= rst_ni && aw_valid_i && !aw_ready_i;
    w_was_q <= rst_ni && w_valid_i && !w_ready_i;
    b_was_q <= rst_ni && b_valid_i && !b_ready_i;
    aw_all_q <= {aw_id_i, aw_len_i, aw_i};
    w_all_q <= {w_last_i, w_i};
    b_all_q <= {b_id_i, b_resp_i};
  end

  logic aw_stays, w_stays, b_stays, w_owned, w_last, b_asked, aw_reset, b_reset;
  assign aw_stays = !aw_was_q || (aw_valid_i && {aw_id_i, aw_len_i, aw_i} == aw_all_q);
  assign w_stays = !w_was_q || (w_valid_i && {w_last_i, w_i} == w_all_q);
  assign b_stays = !b_was_q || (b_valid_i && {b_id_i, b_resp_i} == b_all_q);
  assign w_owned = !w_valid_i || open || (aw_valid_i && !early_q);
  assign w_last = !w_valid_i || w_last_i == (beat_q == len);
  assign b_asked = !b_valid_i || (some && hit_done);
  assign aw_reset = rst_was_q || (!aw_valid_i && !w_valid_i);
  assign b_reset = rst_was_q || !b_valid_i;

  always_ff @(posedge clk_i) begin
    if (init_q && rst_ni) begin
      if (Drives != 0) begin
        a_aw_stays: assert (aw_stays);
        a_w_stays: assert (w_stays);
        a_aw_reset: assert (aw_reset);
        a_w_owned: assert (w_owned);
        a_w_last: assert (w_last);
        a_aw_depth: assert (!(sent_aw && full));
        assume (b_stays && b_asked && b_reset);
      end else begin
        a_b_stays: assert (b_stays);
        a_b_reset: assert (b_reset);
        a_b_asked: assert (b_asked);
        assume (aw_stays && w_stays && aw_reset && w_owned && w_last && !(aw_valid_i && full));
      end
    end
  end

endmodule
