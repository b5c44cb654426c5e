// SPDX-License-Identifier: Apache-2.0
//
// axi_read_rules: AR and R of an AXI4 port (Arm IHI 0022, A3.2.1, A3.3, A5.3). Drives = 1: the port of who sends AR, 0: of who
// sends R; the rules of that side are asserted, those of the other assumed.
//   - a valid stays until its ready, and the payload with it; valid is low in reset and after it,
//   - R beats belong to the oldest open AR of their ID, len + 1 of them, the last one and no other with RLAST.
// At most Depth bursts are open: an assertion if the engine sends AR, an assumption if it takes them.
module axi_read_rules #(
  parameter int unsigned Drives = 0,
  parameter int unsigned Depth = 6,
  parameter int unsigned IdBits = 9,
  parameter int unsigned ArBits = 64,
  parameter int unsigned RBits = 130
) (
  input logic              clk_i,
  input logic              rst_ni,
  input logic              ar_valid_i,
  input logic              ar_ready_i,
  input logic [IdBits-1:0] ar_id_i,
  input logic [7:0]        ar_len_i,
  input logic [ArBits-1:0] ar_i,       // the rest of it
  input logic              r_valid_i,
  input logic              r_ready_i,
  input logic [IdBits-1:0] r_id_i,
  input logic              r_last_i,
  input logic [RBits-1:0]  r_i
);

  // bursts that are open, oldest first
  logic [Depth-1:0]  v_q;
  logic [IdBits-1:0] id_q [Depth];
  logic [7:0]        left_q [Depth];
  logic [Depth-1:0]  hit, below;   // the oldest of the beat's ID; entries below that
  logic              some, take, last, send, full;

  always_comb begin
    hit = '0;
    below = '0;
    some = 1'b0;
    last = 1'b0;
    for (int unsigned i = 0; i < Depth; i++) begin
      below[i] = !some;
      hit[i] = !some && v_q[i] && id_q[i] == r_id_i;
      if (hit[i]) begin
        below[i] = 1'b0;
        last = left_q[i] == 8'd0;
      end
      some = some || hit[i];
    end
  end

  assign send = ar_valid_i && ar_ready_i;
  assign take = r_valid_i && r_ready_i;
  assign full = v_q == '1;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      v_q <= '0;
    end else begin
      for (int unsigned i = 0; i < Depth; i++) begin
        if (take && last && !below[i]) begin   // close the gap
          v_q[i] <= (i + 1 < Depth && v_q[(i + 1) % Depth]) ||
                    (send && v_q[i] && (i + 1 == Depth || !v_q[(i + 1) % Depth]));
          if (i + 1 < Depth && v_q[(i + 1) % Depth]) begin
            id_q[i] <= id_q[(i + 1) % Depth];
            left_q[i] <= left_q[(i + 1) % Depth];
          end else begin
            id_q[i] <= ar_id_i;
            left_q[i] <= ar_len_i;
          end
        end else begin
          if (send && !v_q[i] && (i == 0 || v_q[(i + Depth - 1) % Depth]) && !(take && last)) begin
            v_q[i] <= 1'b1;
            id_q[i] <= ar_id_i;
            left_q[i] <= ar_len_i;
          end
          if (take && hit[i]) left_q[i] <= left_q[i] - 8'd1;
        end
      end
    end
  end

  logic              init_q = 1'b0;
  logic              ar_was_q, r_was_q, rst_was_q;
  logic [IdBits+ArBits+7:0] ar_all_q;
  logic [IdBits+RBits:0]    r_all_q;

  always_ff @(posedge clk_i) begin
    init_q <= 1'b1;
    rst_was_q <= rst_ni;
    ar_was_q <= rst_ni && ar_valid_i && !ar_ready_i;
    r_was_q <= rst_ni && r_valid_i && !r_ready_i;
    ar_all_q <= {ar_id_i, ar_len_i, ar_i};
    r_all_q <= {r_id_i, r_last_i, r_i};
  end

  logic ar_stays, r_stays, r_asked, ar_reset, r_reset;
  assign ar_stays = !ar_was_q || (ar_valid_i && {ar_id_i, ar_len_i, ar_i} == ar_all_q);
  assign r_stays = !r_was_q || (r_valid_i && {r_id_i, r_last_i, r_i} == r_all_q);
  assign r_asked = !r_valid_i || (some && r_last_i == last);
  assign ar_reset = rst_was_q || !ar_valid_i;
  assign r_reset = rst_was_q || !r_valid_i;

  always_ff @(posedge clk_i) begin
    if (init_q && rst_ni) begin
      if (Drives != 0) begin
        a_ar_stays: assert (ar_stays);
        a_ar_reset: assert (ar_reset);
        a_ar_depth: assert (!(send && full));
        assume (r_stays && r_asked && r_reset);
      end else begin
        a_r_stays: assert (r_stays);
        a_r_reset: assert (r_reset);
        a_r_asked: assert (r_asked);
        assume (ar_stays && ar_reset && !(ar_valid_i && full));
      end
    end
  end

endmodule
