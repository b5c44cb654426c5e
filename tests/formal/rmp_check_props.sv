// SPDX-License-Identifier: Apache-2.0
//
// rmp_check_props: what cbit_rmp_check must never do, whatever the request and whatever the table holds (docs/rmp.md). Written as
// promises to the owner of a page, not as the decision table over again. Combinational: one look at any input is the whole
// proof (a clocked check is seen in the step after it).
//
// Two copies of the check: the second one sees the same request over another table (x_own_i, x_base_i), for the promises that
// something does not count. cbit_rmp_addr is held against the formula of G2 in full width.
module rmp_check_props
  import cbit_rmp_pkg::*;
(
  input logic         clk_i,
  input rmp_req_e     req_i,
  input rmp_op_e      op_i,
  input logic [51:0]  spa_i,
  input logic [50:0]  gpa_i,
  input rmp_size_e    map_size_i,
  input logic         ec_i,
  input logic [9:0]   asid_i,
  input logic [1:0]   vmpl_i,
  input logic [1:0]   cpl_i,
  input logic         ss_i,
  input logic         vmpl_sss_i,
  input logic         snp_active_i,
  input logic         in_use_i,
  input logic         snp_en_i,
  input logic         vmpl_en_i,
  input logic         iommu_snp_i,
  input rmp_param_t   param_i,
  input logic         covered_i,
  input logic         read_error_i,
  input logic         x_read_error_i,
  input rmp_entry_t   own_i,
  input rmp_entry_t   base_i,
  input rmp_entry_t   x_own_i,
  input rmp_entry_t   x_base_i,
  input logic [51:13] rmp_base_i,
  input logic [51:13] rmp_end_i,
  input logic [63:0]  addr_spa_i,
  input logic [20:0]  addr_place_i   // another byte of the same range
);

  typedef struct packed {
    logic needs_table;
    rmp_verdict_e kind;
    logic [37:0] error;
    logic [50:0] exitinfo2;
    logic [7:0] flags_rmp;
    logic [11:0] flags;
    rmp_row_e row;
    rmp_why_e why;
  } out_t;

  out_t v, x;

  cbit_rmp_check u_dut (
    .req_i, .op_i, .spa_i, .gpa_i, .map_size_i, .ec_i, .asid_i, .vmpl_i, .cpl_i, .ss_i, .vmpl_sss_i,
    .snp_active_i, .in_use_i, .snp_en_i, .vmpl_en_i, .iommu_snp_i, .param_i, .covered_i,
    .read_error_i, .own_i, .base_i,
    .needs_table_o(v.needs_table), .kind_o(v.kind), .error_o(v.error), .exitinfo2_o(v.exitinfo2),
    .flags_rmp_o(v.flags_rmp), .flags_o(v.flags), .row_o(v.row), .why_o(v.why)
  );

  cbit_rmp_check u_other (
    .req_i, .op_i, .spa_i, .gpa_i, .map_size_i, .ec_i, .asid_i, .vmpl_i, .cpl_i, .ss_i, .vmpl_sss_i,
    .snp_active_i, .in_use_i, .snp_en_i, .vmpl_en_i, .iommu_snp_i, .param_i, .covered_i,
    .read_error_i(x_read_error_i), .own_i(x_own_i), .base_i(x_base_i),
    .needs_table_o(x.needs_table), .kind_o(x.kind), .error_o(x.error), .exitinfo2_o(x.exitinfo2),
    .flags_rmp_o(x.flags_rmp), .flags_o(x.flags), .row_o(x.row), .why_o(x.why)
  );

  // ---- words of the page ----
  logic       pass, guest, host_owned, host_owned_4k, private_access, snp_private, device_private;
  logic       auth_big, map_big, gpa_fits, group1, vmpl_fits;
  logic [4:0] need, perm;
  rmp_entry_t auth;

  assign pass = v.kind == RMP_PASS;
  assign guest = req_i == RMP_REQ_GUEST_NONSNP || req_i == RMP_REQ_GUEST_SNP;
  assign map_big = map_size_i != RMP_4K;
  assign host_owned_4k = !covered_i || !own_i.assigned;
  assign host_owned = map_big ? !covered_i || !(base_i.assigned || base_i.subpage_count != '0) : host_owned_4k;
  assign snp_private = req_i == RMP_REQ_GUEST_SNP &&
                       (((op_i == RMP_OP_READ || op_i == RMP_OP_WRITE) && ec_i) || op_i == RMP_OP_FETCH ||
                        op_i == RMP_OP_PT_READ || op_i == RMP_OP_PT_AD);
  assign device_private = req_i == RMP_REQ_IOMMU_GUEST && ec_i && (op_i == RMP_OP_READ || op_i == RMP_OP_WRITE);
  assign private_access = snp_en_i && (snp_private || device_private);
  assign auth = base_i.page_size ? base_i : own_i;
  assign auth_big = auth.page_size;
  assign gpa_fits = auth_big ? auth.gpa[38:9] == gpa_i[50:21] && spa_i[20:12] == gpa_i[20:12] : auth.gpa == gpa_i[50:12];
  assign group1 = covered_i && auth.assigned && asid_i != '0 && auth.asid == asid_i && gpa_fits && !auth.immutable &&
                  auth_big == map_big;
  // 6.2
  assign perm = auth.mask[vmpl_i][4:0];
  always_comb begin
    need = '0;
    case (op_i)
      RMP_OP_READ: need = 5'h01;
      RMP_OP_WRITE: need = 5'h03;   // WRITE, and not without READ
      RMP_OP_FETCH: need = cpl_i == 2'd3 ? 5'h04 : 5'h08;
      RMP_OP_PT_READ: need = param_i.pt_vmpl_write ? 5'h03 : 5'h01;
      RMP_OP_PT_AD: need = 5'h03;
      default: ;
    endcase
    if (req_i == RMP_REQ_GUEST_SNP && op_i <= RMP_OP_WRITE && ss_i && vmpl_sss_i && cpl_i != 2'd3) need[4] = 1'b1;
  end
  assign vmpl_fits = !vmpl_en_i || (need & ~perm) == '0;

  always_ff @(posedge clk_i) begin
    // ---- who may write what is the hypervisor's ----
    a_host_write: assert (!(snp_en_i && req_i == RMP_REQ_HOST && op_i == RMP_OP_WRITE && pass) || host_owned);
    a_host_walk: assert (!(snp_en_i && req_i == RMP_REQ_HOST && op_i == RMP_OP_PT_AD && pass) || host_owned_4k);
    a_host_structure: assert (!(snp_en_i && req_i == RMP_REQ_HOST && op_i >= RMP_OP_VMRUN_VMCB && pass) || host_owned_4k ||
                              (op_i == RMP_OP_VMRUN_VMSA && snp_active_i));
    a_nonsnp_write: assert (!(snp_en_i && req_i == RMP_REQ_GUEST_NONSNP && pass &&
                              (op_i == RMP_OP_WRITE || op_i == RMP_OP_PT_AD || op_i == RMP_OP_VMSAVE)) || host_owned);
    a_nested_write: assert (!(snp_en_i && guest && op_i == RMP_OP_NPT_AD && pass) || host_owned_4k);
    a_shared_write: assert (!(snp_en_i && req_i == RMP_REQ_GUEST_SNP && op_i == RMP_OP_WRITE && !ec_i && pass) || host_owned);
    a_dma_write: assert (!(snp_en_i && (req_i == RMP_REQ_IOMMU_HOST || (req_i == RMP_REQ_IOMMU_GUEST && !ec_i)) &&
                           op_i != RMP_OP_READ && pass) || host_owned);
    a_tagged: assert (!(snp_en_i && req_i == RMP_REQ_IOMMU_GUEST && pass) || param_i.tio);
    a_log: assert (!(snp_en_i && iommu_snp_i && req_i == RMP_REQ_IOMMU_SELF && pass) ||
                   (covered_i && auth.assigned && auth.immutable && auth.lock && !auth.validated && auth.asid == '0 &&
                    auth.gpa == 39'h20_0000_0001 && !auth.vmsa));
    a_in_use: assert (!(snp_en_i && req_i == RMP_REQ_HOST && op_i == RMP_OP_WRITE && pass && in_use_i) ||
                      param_i.hv_inuse_wr_allowed);

    // and who may is not hindered
    a_host_write_free: assert (!(req_i == RMP_REQ_HOST && op_i == RMP_OP_WRITE && host_owned && !read_error_i &&
                                 (!in_use_i || param_i.hv_inuse_wr_allowed)) || pass);
    a_write_free: assert (!((guest || req_i == RMP_REQ_IOMMU_HOST) && op_i == RMP_OP_WRITE && host_owned && !read_error_i &&
                            !private_access) || pass);

    // ---- a private access has everything ----
    a_covered: assert (!(private_access && pass) || covered_i);
    a_assigned: assert (!(private_access && pass) || auth.assigned);
    a_owner: assert (!(private_access && pass) || (auth.asid == asid_i && asid_i != '0));
    a_gpa: assert (!(private_access && pass) || gpa_fits);
    a_mutable: assert (!(private_access && pass) || !auth.immutable);
    a_size: assert (!(private_access && pass) || auth_big == map_big);
    a_validated: assert (!(private_access && pass) || auth.validated);
    a_vmpl: assert (!(private_access && pass) || vmpl_fits);
    a_vmsa: assert (!(snp_en_i && req_i == RMP_REQ_HOST && op_i == RMP_OP_VMRUN_VMSA && snp_active_i && pass) ||
                    (covered_i && auth.assigned && auth.asid == asid_i && asid_i != '0 && !auth.immutable && !auth_big &&
                     auth.vmsa));
    // and passes when it has
    a_complete: assert (!(private_access && snp_private && group1 && auth.validated && vmpl_fits && !read_error_i) || pass);

    // ---- priority ----
    a_vc: assert (v.kind != RMP_VC || (snp_private && group1 && !auth.validated));
    a_vc_told: assert (!(private_access && snp_private && group1 && !auth.validated && !read_error_i) || v.kind == RMP_VC);
    a_vmpl_bit: assert (!v.error[36] || (private_access && group1 && auth.validated && !vmpl_fits));
    a_sss_bit: assert (!v.error[37] || (v.error[36] && vmpl_sss_i && perm[4]));
    a_event_order: assert (!(device_private && v.kind == RMP_IOMMU_FAULT && param_i.tio) ||
                           (v.flags_rmp[5] == (group1 && !auth.validated) &&
                            v.flags_rmp[6] == (group1 && auth.validated)));

    // ---- always free ----
    a_sp: assert (req_i != RMP_REQ_AMD_SP || pass);
    a_off: assert (snp_en_i || pass);
    a_host_read: assert (!(req_i == RMP_REQ_HOST && (op_i == RMP_OP_READ || op_i == RMP_OP_FETCH)) || pass);
    // never free
    a_unknown: assert (!snp_en_i || !(op_i > RMP_OP_NPT_AD || req_i > RMP_REQ_IOMMU_SELF) || req_i == RMP_REQ_AMD_SP || !pass);

    // ---- what does not count ----
    a_uncovered: assert (!(!covered_i && read_error_i == x_read_error_i) || v == x);
    a_stale: assert (!(private_access && base_i == x_base_i && base_i.page_size && read_error_i == x_read_error_i) || v == x);
    a_no_table: assert (v.needs_table == x.needs_table && (v.needs_table || v == x));
    a_unread: assert (!(read_error_i && x_read_error_i) || v == x);
    a_unread_refused: assert (!(v.needs_table && read_error_i) || v.kind == RMP_MCE || v.kind == RMP_IOMMU_HW_ERR);

    // ---- fault records ----
    a_pass_clean: assert (!pass || (v.error == '0 && v.exitinfo2 == '0 && v.flags_rmp == '0 && v.flags == '0 &&
                                    v.why == RMP_WHY_NONE));
    a_why: assert (pass == (v.why == RMP_WHY_NONE));
    a_error_kind: assert (v.error == '0 || v.kind == RMP_PF || v.kind == RMP_NPF || v.kind == RMP_VC);
    a_info2_kind: assert (v.exitinfo2 == '0 || (v.kind == RMP_NPF && v.exitinfo2[50:12] == gpa_i[50:12]));
    a_info2_private: assert (!(private_access && v.kind == RMP_NPF) || v.exitinfo2 == {gpa_i[50:12], 12'd0});
    a_event: assert ((v.kind == RMP_IOMMU_FAULT) == $onehot(v.flags_rmp));
    a_event_kind: assert (v.kind == RMP_IOMMU_FAULT || (v.flags_rmp == '0 && v.flags == '0));
    a_walk: assert (v.kind != RMP_NPF || v.error[33:32] == ((op_i == RMP_OP_PT_READ || op_i == RMP_OP_PT_AD) ? 2'b10 : 2'b01));
    a_guest_kinds: assert (!guest || pass || v.kind == RMP_NPF || v.kind == RMP_MCE ||
                           (v.kind == RMP_VC && req_i == RMP_REQ_GUEST_SNP));
    a_host_kinds: assert (req_i != RMP_REQ_HOST || pass || v.kind == RMP_PF || v.kind == RMP_GP || v.kind == RMP_VMRUN_FAILS ||
                          v.kind == RMP_MCE);

    // the conditions above are met: each promise is about something
    c_host_write: cover (snp_en_i && req_i == RMP_REQ_HOST && op_i == RMP_OP_WRITE && pass && map_big && covered_i &&
                         own_i.assigned);
    c_host_walk: cover (snp_en_i && req_i == RMP_REQ_HOST && op_i == RMP_OP_PT_AD && pass && map_big && covered_i &&
                        base_i.assigned);
    c_host_structure: cover (snp_en_i && req_i == RMP_REQ_HOST && op_i == RMP_OP_VMSAVE && pass && covered_i);
    c_nonsnp_write: cover (snp_en_i && req_i == RMP_REQ_GUEST_NONSNP && op_i == RMP_OP_VMSAVE && pass && covered_i && map_big);
    c_nested_write: cover (snp_en_i && guest && op_i == RMP_OP_NPT_AD && pass && covered_i);
    c_shared_write: cover (snp_en_i && req_i == RMP_REQ_GUEST_SNP && op_i == RMP_OP_WRITE && !ec_i && pass && covered_i);
    c_dma_write: cover (snp_en_i && req_i == RMP_REQ_IOMMU_HOST && op_i == RMP_OP_WRITE && pass && covered_i);
    c_tagged: cover (snp_en_i && req_i == RMP_REQ_IOMMU_GUEST && ec_i && op_i == RMP_OP_WRITE && pass);
    c_in_use: cover (v.why == RMP_WHY_INUSE);
    c_event_order: cover (device_private && v.flags_rmp == 8'h20);
    c_uncovered: cover (!covered_i && v.needs_table && own_i != x_own_i && base_i != x_base_i && v.kind == RMP_NPF);
    c_stale: cover (private_access && base_i.page_size && own_i != x_own_i && base_i == x_base_i && pass);
    c_private: cover (private_access && pass && vmpl_en_i && auth_big && base_i != own_i && map_size_i == RMP_1G);
    c_vc: cover (v.kind == RMP_VC && v.error == 38'h404);
    c_vmpl: cover (v.kind == RMP_NPF && v.error[37:36] == 2'b11);
    c_device: cover (v.kind == RMP_IOMMU_FAULT && v.flags_rmp == 8'h40);
    c_log: cover (pass && snp_en_i && req_i == RMP_REQ_IOMMU_SELF && iommu_snp_i);
    c_vmsa: cover (pass && snp_en_i && v.row == RMP_ROW_17A);
    c_mce: cover (v.kind == RMP_MCE);
  end

  // ---- addresses: G2 to G4 in 80 bits ----
  logic        covered, place_covered;
  logic [51:0] own_addr, base_addr, place_own, place_base;
  logic [79:0] formula;
  cbit_rmp_addr u_addr (
    .rmp_base_i, .rmp_end_i, .seg_en_i(1'b0), .seg_size_i('0), .seg_base_i('0), .seg_cov_i('0),
    .spa_i(addr_spa_i), .covered_o(covered), .own_addr_o(own_addr), .base_addr_o(base_addr)
  );
  cbit_rmp_addr u_place (
    .rmp_base_i, .rmp_end_i, .seg_en_i(1'b0), .seg_size_i('0), .seg_base_i('0), .seg_cov_i('0),
    .spa_i({addr_spa_i[63:21], addr_place_i}),
    .covered_o(place_covered), .own_addr_o(place_own), .base_addr_o(place_base)
  );
  assign formula = 80'({rmp_base_i, 13'd0}) + 80'h4000 + (80'(addr_spa_i) >> 12) * 80'd16;

  always_ff @(posedge clk_i) begin
    a_formula: assert (covered == (addr_spa_i < 64'h10_0000_0000_0000 && formula <= 80'({rmp_end_i, 13'h1fff})));
    a_own_addr: assert (!covered || own_addr == formula[51:0]);
    a_base_addr: assert (!covered || base_addr == {formula[51:13], 13'd0});
    a_range: assert (covered == place_covered && base_addr == place_base &&
                     place_own == base_addr + 52'(addr_place_i[20:12]) * 52'd16);
    c_last: cover (covered && formula == 80'({rmp_end_i, 13'h1ff0}) && addr_spa_i != '0);
  end

endmodule
