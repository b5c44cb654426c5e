// SPDX-License-Identifier: Apache-2.0
//
// cbit_ram_1r1w: memory with one write port and one read port.
//
// Where: the only place of the engine where a vendor memory could be put.
// Latency: Sync = 1: an edge with re_i takes the word at raddr_i as it was before that edge (a
// write at the same edge is not seen); without re_i the read register holds. Sync = 0:
// combinational read. Contents are not reset. Addresses at or above Depth are not allowed.
//
// Style picks the ram_style attribute: "block" (block RAM, wants Sync = 1), "distributed" (LUT RAM)
// or "auto" (the tool decides). Block RAM gives no defined word to a read that meets a write of the
// same address, so the tool adds a bypass register and comparators; RwCheck = 0 is the promise of
// the user that such a word is never used, and saves them. Simulation shows the old word in either
// case.
`include "cbit_assert.svh"

module cbit_ram_1r1w #(
  parameter int unsigned Width = 32,    // 1 and more; a multiple of 8 with ByteEn
  parameter int unsigned Depth = 16,    // 2 and more
  parameter int unsigned Sync = 1,      // 1: registered read
  parameter int unsigned ByteEn = 0,    // 0: wbe_i is ignored, a write takes the whole word
  parameter int unsigned RwCheck = 1,   // 0: a word read at the edge of its own write is never used
  parameter string Style = "auto",
  localparam int unsigned AddrW = (Depth > 1) ? $clog2(Depth) : 1,
  localparam int unsigned BeW = (Width + 7) / 8
) (
  input  logic             clk_i,
  // write port
  input  logic             we_i,
  input  logic [AddrW-1:0] waddr_i,
  input  logic [BeW-1:0]   wbe_i,
  input  logic [Width-1:0] wdata_i,
  // read port
  input  logic             re_i,
  input  logic [AddrW-1:0] raddr_i,
  output logic [Width-1:0] rdata_o
);

  // The branches differ in the attributes alone, which must be literals for every tool.
  `define CBIT_RAM_BODY \
    if (ByteEn != 0) begin : gen_bytes \
      always_ff @(posedge clk_i) begin \
        for (int unsigned i = 0; i < BeW; i++) begin \
          if (we_i && wbe_i[i]) begin \
            mem_q[waddr_i][8*i +: 8] <= wdata_i[8*i +: 8]; \
          end \
        end \
      end \
    end else begin : gen_word \
      always_ff @(posedge clk_i) begin \
        if (we_i) begin \
          mem_q[waddr_i] <= wdata_i; \
        end \
      end \
    end \
    if (Sync != 0) begin : gen_sync \
      logic [Width-1:0] rdata_q; \
      always_ff @(posedge clk_i) begin \
        if (re_i) begin \
          rdata_q <= mem_q[raddr_i]; \
        end \
      end \
      assign rdata_o = rdata_q; \
    end else begin : gen_async \
      assign rdata_o = mem_q[raddr_i]; \
    end

  if (Style == "block" && RwCheck != 0) begin : gen_block
    (* ram_style = "block" *) logic [Width-1:0] mem_q [Depth];
    `CBIT_RAM_BODY
  end else if (Style == "block") begin : gen_block_nocheck
    (* ram_style = "block", no_rw_check *) logic [Width-1:0] mem_q [Depth];
    `CBIT_RAM_BODY
  end else if (Style == "distributed") begin : gen_distributed
    (* ram_style = "distributed" *) logic [Width-1:0] mem_q [Depth];
    `CBIT_RAM_BODY
  end else if (RwCheck != 0) begin : gen_auto
    logic [Width-1:0] mem_q [Depth];
    `CBIT_RAM_BODY
  end else begin : gen_auto_nocheck
    (* no_rw_check *) logic [Width-1:0] mem_q [Depth];
    `CBIT_RAM_BODY
  end
  `undef CBIT_RAM_BODY

  logic unused_ports;
  assign unused_ports = ^{re_i, wbe_i};

  `CBIT_ASSERT_INIT(RamWidth, Width >= 1 && (ByteEn == 0 || Width % 8 == 0))
  `CBIT_ASSERT_INIT(RamDepth, Depth >= 2)
  `CBIT_ASSERT_INIT(RamStyle, Style == "auto" || Style == "block" || Style == "distributed")
  `CBIT_ASSERT_INIT(RamBlockSync, Style != "block" || Sync != 0)

endmodule
