// SPDX-License-Identifier: Apache-2.0
//
// cbit_bus_wdelay: a word that arrives Len enabled edges later, as through Len registers.
//
// Where: beside the encrypt pipe, for what only its last stage needs. The word sits still in a
// small memory and a pointer moves, which is smaller than registers in every stage and spares the
// simulation their copying.
// Latency: Len edges with en_i. Reset: the pointer only; the caller carries the valid bits.
`include "cbit_assert.svh"

module cbit_bus_wdelay #(
  parameter int unsigned Width = 8,
  parameter int unsigned Len = 10   // 2 and more
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic             en_i,
  input  logic [Width-1:0] data_i,
  output logic [Width-1:0] data_o
);

  localparam int unsigned PtrW = $clog2(Len);

  logic [PtrW-1:0] ptr_q, ptr_next;

  assign ptr_next = (ptr_q == PtrW'(Len - 1)) ? '0 : ptr_q + PtrW'(1);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      ptr_q <= '0;
    end else if (en_i) begin
      ptr_q <= ptr_next;
    end
  end

  // the word read at an edge was written Len - 1 edges before: never the one being written
  cbit_ram_1r1w #(
    .Width  (Width),
    .Depth  (Len),
    .Sync   (1),
    .RwCheck(0),
    .Style  ("distributed")
  ) u_mem (
    .clk_i,
    .we_i   (en_i),
    .waddr_i(ptr_q),
    .wbe_i  ('1),
    .wdata_i(data_i),
    .re_i   (en_i),
    .raddr_i(ptr_next),
    .rdata_o(data_o)
  );

  `CBIT_ASSERT_INIT(WDelayLen, Len >= 2)

endmodule
