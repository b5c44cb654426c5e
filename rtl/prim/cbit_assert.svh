// SPDX-License-Identifier: Apache-2.0
//
// cbit_assert.svh: assertion macros.
//
// CBIT_ASSERT(name, expr)       expr holds at every rising edge of clk_i with rst_ni high
// CBIT_ASSUME(name, expr)       the same as an assumption of a proof, an assertion in simulation
// CBIT_COVER(name, expr)        expr is reached
// CBIT_ASSERT_INIT(name, expr)  a rule about parameters, checked at elaboration by every tool
//
// The clock and the reset are the clk_i and rst_ni of the module that uses the macro. expr is plain
// boolean: implication a -> b is written !a || b. On in every simulation (Verilator --assert) and
// with FORMAL defined; a synthesis run (SYNTHESIS defined) leaves the clocked ones out.
// $past in expr needs a guard of its own, such as a flag that is set after the first edge.
`ifndef CBIT_ASSERT_SVH
`define CBIT_ASSERT_SVH

`ifdef FORMAL
  `define CBIT_ASSERT_ON
`else
  `ifndef SYNTHESIS
    `define CBIT_ASSERT_ON
  `endif
`endif

`ifdef CBIT_ASSERT_ON
  `define CBIT_ASSERT(name, expr) \
    always_ff @(posedge clk_i) begin \
      if (rst_ni) begin \
        name: assert (expr) else $error("%m: assertion failed"); \
      end \
    end
  `define CBIT_COVER(name, expr) \
    always_ff @(posedge clk_i) begin \
      if (rst_ni) begin \
        name: cover (expr); \
      end \
    end
`else
  `define CBIT_ASSERT(name, expr)
  `define CBIT_COVER(name, expr)
`endif

`ifdef FORMAL
  `define CBIT_ASSUME(name, expr) \
    always_ff @(posedge clk_i) begin \
      if (rst_ni) begin \
        name: assume (expr); \
      end \
    end
`else
  `define CBIT_ASSUME(name, expr) `CBIT_ASSERT(name, expr)
`endif

`define CBIT_ASSERT_INIT(name, expr) \
  if (!(expr)) begin : gen_``name \
    $error(`"parameter rule name is broken`"); \
  end

`endif
