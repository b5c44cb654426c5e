// SPDX-License-Identifier: Apache-2.0
//
// cbit_ent_health: continuous health tests on the words of the entropy port.
//
// Where: the key store; every word it takes passes here, counts run on across commands.
// Latency: alarm_next_o tells combinationally that the word taken in this cycle raises the alarm;
// alarm_o is the register behind it, sticky until reset. Reset: no alarm, no words seen.
// Source: NIST SP 800-90B, sections 4.4.1 (repetition count) and 4.4.2 (adaptive proportion), on
// 32-bit samples of a claimed min-entropy of 1 bit or more.
`include "cbit_assert.svh"

module cbit_ent_health #(
  parameter int unsigned RepCutoff = 5,     // this many equal words in a row, 2 to 255
  parameter int unsigned PropWindow = 512,  // words in a window, power of 2 up to 1024
  parameter int unsigned PropCutoff = 13    // this many times the first word of the window
) (
  input  logic        clk_i,
  input  logic        rst_ni,
  // a word is taken
  input  logic        valid_i,
  input  logic [31:0] word_i,
  // alarm
  output logic        alarm_next_o,
  output logic        alarm_o
);

  localparam int unsigned PosW = $clog2(PropWindow);

  // ---- repetition count ----
  // run_q = length of the run that ends with last_q; 0 before the first word
  logic [31:0] last_q;
  logic [7:0]  run_d, run_q;
  logic        rep_fail;

  always_comb begin
    run_d = 8'd1;
    if (run_q != 8'd0 && word_i == last_q) begin
      // stops at the cutoff: the alarm is sticky, longer runs add nothing
      run_d = (run_q >= 8'(RepCutoff)) ? run_q : run_q + 8'd1;
    end
  end

  assign rep_fail = run_d >= 8'(RepCutoff);

  // ---- adaptive proportion ----
  logic [31:0]     ref_q;
  logic [PosW-1:0] pos_q;    // place of the next word in its window
  logic [7:0]      hits_d, hits_q;
  logic            prop_fail, first;

  assign first = pos_q == '0;

  always_comb begin
    hits_d = hits_q;
    if (first) begin
      hits_d = 8'd1;
    end else if (word_i == ref_q && hits_q < 8'(PropCutoff)) begin
      hits_d = hits_q + 8'd1;
    end
  end

  assign prop_fail = hits_d >= 8'(PropCutoff);

  // ---- registers ----
  logic alarm_q;

  assign alarm_next_o = valid_i && (rep_fail || prop_fail);
  assign alarm_o = alarm_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      last_q <= '0;
      run_q <= '0;
      ref_q <= '0;
      pos_q <= '0;
      hits_q <= '0;
      alarm_q <= 1'b0;
    end else if (valid_i) begin
      last_q <= word_i;
      run_q <= run_d;
      if (first) begin
        ref_q <= word_i;
      end
      pos_q <= pos_q + PosW'(1);
      hits_q <= hits_d;
      alarm_q <= alarm_q || alarm_next_o;
    end
  end

  `CBIT_ASSERT_INIT(HealthRep, RepCutoff >= 2 && RepCutoff <= 255)
  `CBIT_ASSERT_INIT(HealthWindow, PropWindow == 2 ** PosW && PropWindow <= 1024)
  `CBIT_ASSERT_INIT(HealthProp, PropCutoff >= 2 && PropCutoff <= 255)

endmodule
