// SPDX-License-Identifier: Apache-2.0
//
// In place of cbit_rmp_decide in proofs of who decides, and on which words: the verdict shows the words it was made of. What the
// check makes of them is proven apart (rmp_check.sby); here it is a function of the question and of the words, and no more.
module cbit_rmp_decide
  import cbit_pkg::*;
  import cbit_rmp_pkg::*;
#(
  parameter int unsigned Inuse = 0
) (
  input  spa_t        spa_i,
  input  rmp_ask_t    what_i,
  input  logic        vmpl_en_i,
  input  logic        vmpl_sss_i,
  input  logic        iommu_snp_i,
  input  logic        in_use_i,
  input  logic        covered_i,
  input  logic        read_error_i,
  input  logic [95:0] own_i,
  input  logic [95:0] base_i,
  output logic        needs_table_o,
  output logic        deny_o,
  output rec_t        rec_o
);

  assign needs_table_o = what_i.ss;
  assign deny_o = read_error_i || own_i[95] != base_i[94] || (Inuse != 0 && in_use_i);
  assign rec_o = {own_i[24:0], base_i[24:0], read_error_i};

endmodule
