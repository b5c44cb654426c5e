// SPDX-License-Identifier: Apache-2.0
//
// cbit_rmp_stub: STUB on the check interface; every request is allowed.
//
// Where: in place of cbit_rmp in an engine without the RMP check (Rmp = 0, the default). Nothing of
// the RMP (ownership of guest pages, AMD APM volume 2, section 15.36) is enforced then: C-bit
// routing and keys alone protect memory.
// The read path and the write path ask one question per request and take the answer in the same
// cycle or later (rsp.valid = 0 makes the request wait). Latency: this stub answers at once,
// combinationally.
// Source: docs/units/rmp.md, section Parameters.
module cbit_rmp_stub
  import cbit_pkg::*;
(
  // question of the read path
  input  logic     rd_chk_valid_i,
  input  chk_req_t rd_chk_req_i,
  output chk_rsp_t rd_chk_rsp_o,
  // question of the write path
  input  logic     wr_chk_valid_i,
  input  chk_req_t wr_chk_req_i,
  output chk_rsp_t wr_chk_rsp_o
);

  assign rd_chk_rsp_o = '{valid: rd_chk_valid_i, allow: 1'b1};
  assign wr_chk_rsp_o = '{valid: wr_chk_valid_i, allow: 1'b1};

  logic unused_questions;
  assign unused_questions = ^{rd_chk_req_i, wr_chk_req_i};

endmodule
