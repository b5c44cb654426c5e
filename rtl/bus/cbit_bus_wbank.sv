// SPDX-License-Identifier: Apache-2.0
//
// cbit_bus_wbank: small memory by entry number whose reader knows the low bits early for each bank.
//
// Where: write table, for what the response stage asks. The lowest entry with an answer is found by
// a tree: the lowest one inside each quarter of the table comes before which quarter it is, so each
// quarter is a memory with a read address of its own and the choice is made behind it.
// Latency: combinational read. Reset: none.

module cbit_bus_wbank #(
  parameter int unsigned Width = 4,
  parameter int unsigned Depth = 64,     // a power of 2
  parameter int unsigned Banks = 4,      // a power of 2, at most half of Depth
  localparam int unsigned AddrW = $clog2(Depth),
  localparam int unsigned BankW = $clog2(Banks),
  localparam int unsigned LowW = AddrW - BankW
) (
  input  logic                        clk_i,
  // write port
  input  logic                        we_i,
  input  logic [AddrW-1:0]            waddr_i,
  input  logic [Width-1:0]            wdata_i,
  // read port: address inside each bank, bank
  input  logic [Banks-1:0][LowW-1:0]  rlow_i,
  input  logic [BankW-1:0]            rbank_i,
  output logic [Width-1:0]            rdata_o
);

  logic [Banks-1:0][Width-1:0] rdata;

  for (genvar b = 0; b < Banks; b++) begin : gen_bank
    cbit_ram_1r1w #(
      .Width(Width), .Depth(Depth / Banks), .Sync(0), .Style("distributed")
    ) u_mem (
      .clk_i,
      .we_i(we_i && waddr_i[AddrW-1:LowW] == BankW'(b)), .waddr_i(waddr_i[LowW-1:0]),
      .wbe_i('1), .wdata_i,
      .re_i(1'b1), .raddr_i(rlow_i[b]), .rdata_o(rdata[b])
    );
  end

  assign rdata_o = rdata[rbank_i];

endmodule
