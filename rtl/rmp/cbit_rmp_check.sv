// SPDX-License-Identifier: Apache-2.0
//
// cbit_rmp_check: may this access pass? The decision of the reverse map table (RMP).
//
//   request ------> row of the table: which checks, and for which size
//   two entries --> the authoritative one --> elementary checks --> failures that this row counts
//                                                                     |
//   verdict, fault record <-- first failure in the order of 4.4 <-----+
//
// Where: behind the fetch of the own and the base entry of the page (cbit_rmp_addr says where they
// lie). Latency: combinational. Nothing of own_i and base_i counts if covered_i = 0.
// Source: docs/rmp.md, sections 2.1, 3.1 and 4; codes and outputs: docs/units/rmp_check.md.
module cbit_rmp_check
  import cbit_rmp_pkg::*;
(
  // request (4.1)
  input  rmp_req_e           req_i,
  input  rmp_op_e            op_i,
  input  logic [51:0]        spa_i,
  input  logic [GpaW-1:0]    gpa_i,
  input  rmp_size_e          map_size_i,
  input  logic               ec_i,
  input  logic [9:0]         asid_i,
  input  logic [1:0]         vmpl_i,
  input  logic [1:0]         cpl_i,
  input  logic               ss_i,
  input  logic               vmpl_sss_i,
  input  logic               snp_active_i,
  input  logic               in_use_i,
  // registers and parameters (0.3)
  input  logic               snp_en_i,
  input  logic               vmpl_en_i,
  input  logic               iommu_snp_i,
  input  rmp_param_t         param_i,
  // what the table says
  input  logic               covered_i,
  input  logic               read_error_i,   // it could not be read (D11)
  input  rmp_entry_t         own_i,
  input  rmp_entry_t         base_i,
  // does the row look at the table? From the request alone
  output logic               needs_table_o,
  // verdict and fault record (4.5); what the kind does not use is 0
  output rmp_verdict_e       kind_o,
  output logic [ErrW-1:0]    error_o,        // #PF error code, EXITINFO1 or #VC code
  output logic [GpaW-1:0]    exitinfo2_o,
  output logic [7:0]         flags_rmp_o,    // IOMMU event
  output logic [11:0]        flags_o,
  // for the log
  output rmp_row_e           row_o,
  output rmp_why_e           why_o
);

  // ---- D4: row of the table ----
  // one bit at most; none: nothing to check
  typedef struct packed {
    logic hvo;          // owned by the hypervisor
    logic guest_only;   // private: 4.4
    logic vmsa;         // row 17a
    logic state;        // row 23
    logic stub;         // always fails: row 22 without trusted I/O
    logic no_row;       // always fails: no row
  } chk_t;
  localparam chk_t ChkNone = '0;
  localparam chk_t ChkHvo = '{hvo: 1'b1, default: 1'b0};
  localparam chk_t ChkPrivate = '{guest_only: 1'b1, default: 1'b0};
  localparam chk_t ChkVmsa = '{vmsa: 1'b1, default: 1'b0};
  localparam chk_t ChkState = '{state: 1'b1, default: 1'b0};
  localparam chk_t ChkStub = '{stub: 1'b1, default: 1'b0};
  localparam chk_t ChkNoRow = '{no_row: 1'b1, default: 1'b0};

  chk_t     chk;
  rmp_row_e row;
  logic     only_4k;   // HVO is for 4 KiB whatever the mapping

  // HVO where a parameter asks for it
  function automatic chk_t hvo_if(input logic asked);
    return asked ? ChkHvo : ChkNone;
  endfunction

  always_comb begin
    row = RMP_ROW_NONE;
    chk = ChkNoRow;
    only_4k = 1'b0;
    case (req_i)
      RMP_REQ_HOST: begin
        only_4k = op_i != RMP_OP_WRITE;
        case (op_i)
          RMP_OP_READ, RMP_OP_FETCH: begin row = RMP_ROW_1; chk = ChkNone; end
          RMP_OP_WRITE: begin row = RMP_ROW_2; chk = ChkHvo; end
          RMP_OP_PT_AD: begin row = RMP_ROW_3A; chk = ChkHvo; end
          RMP_OP_PT_READ: begin row = RMP_ROW_3B; chk = hvo_if(param_i.chk_host_pt_read); end
          RMP_OP_VMRUN_VMCB: begin row = RMP_ROW_15; chk = ChkHvo; end
          RMP_OP_HSAVE_WRMSR: begin row = RMP_ROW_16; chk = ChkHvo; end
          RMP_OP_VMRUN_VMSA: begin
            row = snp_active_i ? RMP_ROW_17A : RMP_ROW_17B;
            chk = snp_active_i ? ChkVmsa : ChkHvo;
          end
          RMP_OP_VMRUN_AVIC: begin row = RMP_ROW_18; chk = ChkHvo; end
          RMP_OP_VMSAVE: begin row = RMP_ROW_18C; chk = ChkHvo; end
          default: ;
        endcase
      end
      RMP_REQ_GUEST_NONSNP: begin
        only_4k = op_i == RMP_OP_NPT_READ || op_i == RMP_OP_NPT_AD;
        case (op_i)
          RMP_OP_READ, RMP_OP_FETCH: begin row = RMP_ROW_4; chk = ChkNone; end
          RMP_OP_WRITE: begin row = RMP_ROW_5A; chk = ChkHvo; end
          RMP_OP_PT_AD: begin row = RMP_ROW_5B; chk = ChkHvo; end
          RMP_OP_PT_READ: begin row = RMP_ROW_5B; chk = hvo_if(param_i.chk_guest_pt_read); end
          RMP_OP_NPT_READ: begin row = RMP_ROW_13; chk = hvo_if(param_i.chk_host_pt_read); end
          RMP_OP_NPT_AD: begin row = RMP_ROW_14; chk = ChkHvo; end
          RMP_OP_VMSAVE: begin row = RMP_ROW_18C; chk = ChkHvo; end
          default: ;
        endcase
      end
      RMP_REQ_GUEST_SNP: begin
        only_4k = op_i == RMP_OP_NPT_READ || op_i == RMP_OP_NPT_AD;
        case (op_i)
          RMP_OP_READ: begin
            row = ec_i ? RMP_ROW_11 : RMP_ROW_6;
            chk = ec_i ? ChkPrivate : hvo_if(param_i.chk_shared_read);
          end
          RMP_OP_WRITE: begin
            row = ec_i ? RMP_ROW_12 : RMP_ROW_7;
            chk = ec_i ? ChkPrivate : ChkHvo;
          end
          RMP_OP_FETCH: begin row = RMP_ROW_8; chk = ChkPrivate; end
          RMP_OP_PT_READ: begin row = RMP_ROW_9; chk = ChkPrivate; end
          RMP_OP_PT_AD: begin row = RMP_ROW_10; chk = ChkPrivate; end
          RMP_OP_NPT_READ: begin row = RMP_ROW_13; chk = hvo_if(param_i.chk_host_pt_read); end
          RMP_OP_NPT_AD: begin row = RMP_ROW_14; chk = ChkHvo; end
          default: ;
        endcase
      end
      RMP_REQ_AMD_SP: begin row = RMP_ROW_19; chk = ChkNone; end
      RMP_REQ_IOMMU_HOST: begin
        case (op_i)
          RMP_OP_READ: begin row = RMP_ROW_20; chk = hvo_if(param_i.chk_dma_read); end
          RMP_OP_WRITE: begin row = RMP_ROW_21; chk = ChkHvo; end
          default: ;
        endcase
      end
      RMP_REQ_IOMMU_GUEST: begin
        if (op_i == RMP_OP_READ || op_i == RMP_OP_WRITE) begin
          row = RMP_ROW_22;
          if (!param_i.tio) begin
            chk = ChkStub;
          end else if (ec_i) begin
            chk = ChkPrivate;
          end else begin
            chk = hvo_if(op_i == RMP_OP_WRITE || param_i.chk_dma_read);
          end
        end
      end
      RMP_REQ_IOMMU_SELF: begin
        if (op_i == RMP_OP_WRITE) begin
          row = RMP_ROW_23;
          chk = iommu_snp_i ? ChkState : ChkNone;
        end
      end
      default: ;
    endcase
    if (!snp_en_i) begin   // D0
      chk = ChkNone;
    end
  end

  assign needs_table_o = chk.hvo || chk.guest_only || chk.vmsa || chk.state;

  // ---- D3: authoritative entry, field by field ----
  logic       big;          // it speaks for 2 MiB
  logic       assigned, immutable, validated, vmsa;
  logic [7:0] mask;         // of the VMPL that asks
  logic       asid_equal, gpa_equal, fw_iommu;

  assign big = base_i.page_size || own_i.page_size;
  assign assigned = base_i.page_size ? base_i.assigned : own_i.assigned;
  assign immutable = base_i.page_size ? base_i.immutable : own_i.immutable;
  assign validated = base_i.page_size ? base_i.validated : own_i.validated;
  assign vmsa = base_i.page_size ? base_i.vmsa : own_i.vmsa;
  assign mask = base_i.page_size ? base_i.mask[vmpl_i] : own_i.mask[vmpl_i];
  assign asid_equal = (base_i.page_size ? base_i.asid : own_i.asid) == asid_i;

  // A 2 MiB entry answers for the place in the range by the SPA's own bits. An entry of 4 KiB is
  // always the own one, so the base's bits 20:12 need no look.
  logic [38:0] gpa;
  assign gpa[38:9] = base_i.page_size ? base_i.gpa[38:9] : own_i.gpa[38:9];
  assign gpa[8:0] = big ? spa_i[20:12] : own_i.gpa[8:0];
  assign gpa_equal = gpa == gpa_i[50:12];

  // S11, of either entry
  rmp_entry_t [1:0] entry;
  logic [1:0]       is_fw_iommu;
  assign entry = {base_i, own_i};
  for (genvar e = 0; e < 2; e++) begin : gen_state
    assign is_fw_iommu[e] = entry[e].assigned && !entry[e].validated && entry[e].asid == '0 &&
                            entry[e].immutable && entry[e].lock &&
                            entry[e].gpa == GPA_FW_IOMMU && !entry[e].vmsa;
  end
  assign fw_iommu = is_fw_iommu[base_i.page_size];

  // ---- D2: owned by the hypervisor ----
  logic map_big, hvo_own, hvo_base, hvo;

  assign map_big = map_size_i != RMP_4K;
  assign hvo_own = !own_i.assigned;
  assign hvo_base = !base_i.assigned && base_i.subpage_count == '0;
  assign hvo = !covered_i || ((map_big && !only_4k) ? hvo_base : hvo_own);

  // ---- VMPL (6.2) ----
  logic data_op, needs_write, needs_sss, exec_ok, vmpl_ok;

  assign data_op = op_i == RMP_OP_READ || op_i == RMP_OP_WRITE;
  assign needs_write = op_i == RMP_OP_WRITE || op_i == RMP_OP_PT_AD ||
                       (op_i == RMP_OP_PT_READ && param_i.pt_vmpl_write);
  assign needs_sss = data_op && req_i == RMP_REQ_GUEST_SNP && ss_i && vmpl_sss_i && cpl_i != 2'd3;
  assign exec_ok = (cpl_i == 2'd3) ? mask[PERM_EXEC_USER] : mask[PERM_EXEC_SUPERVISOR];
  // WRITE without READ allows nothing, so every access but a fetch needs READ
  assign vmpl_ok = !vmpl_en_i ||
                   ((op_i == RMP_OP_FETCH) ? exec_ok :
                    mask[PERM_READ] && (mask[PERM_WRITE] || !needs_write) &&
                    (mask[PERM_SSS] || !needs_sss));

  // ---- failures that the row counts, by their codes ----
  logic [15:1] fail;    // each check alone
  logic [15:1] first;   // one bit at most: the first of them
  logic        owner_row, refused;

  assign owner_row = chk.guest_only || chk.vmsa;

  always_comb begin
    fail = '0;
    fail[RMP_WHY_COV] = owner_row && !covered_i;
    fail[RMP_WHY_GOWN_A] = owner_row && !assigned;
    fail[RMP_WHY_GOWN] = owner_row && !(asid_equal && asid_i != '0);
    fail[RMP_WHY_RMAP] = chk.guest_only && !gpa_equal;
    fail[RMP_WHY_MUT] = owner_row && immutable;
    fail[RMP_WHY_SIZE] = (chk.guest_only && map_big != big) || (chk.vmsa && big);
    fail[RMP_WHY_VAL] = chk.guest_only && !validated;
    fail[RMP_WHY_VMPL] = chk.guest_only && !vmpl_ok;
    fail[RMP_WHY_VMSA] = chk.vmsa && !vmsa;
    fail[RMP_WHY_INUSE] = row == RMP_ROW_2 && chk.hvo && in_use_i &&
                          !param_i.hv_inuse_wr_allowed;
    fail[RMP_WHY_HVO] = chk.hvo && !hvo;
    fail[RMP_WHY_STATE] = chk.state && !(covered_i && fw_iommu);
    fail[RMP_WHY_STUB] = chk.stub;
    fail[RMP_WHY_ROW] = chk.no_row;
    fail[RMP_WHY_READ] = needs_table_o && read_error_i;
  end

  assign refused = fail != '0;

  // The codes are in the order of the checks, but for two: an unreadable table comes before all,
  // and INUSE before HVO. Checks of different rows never fail together.
  always_comb begin
    first = '0;
    first[RMP_WHY_READ] = fail[RMP_WHY_READ];
    for (int unsigned i = 1; i < 15; i++) begin
      first[i] = fail[i] && !fail[RMP_WHY_READ];
      for (int unsigned k = 1; k < i; k++) begin
        if (fail[k]) begin
          first[i] = 1'b0;
        end
      end
    end
    if (fail[RMP_WHY_INUSE] && !fail[RMP_WHY_READ]) begin
      first[RMP_WHY_HVO] = 1'b0;
      first[RMP_WHY_INUSE] = 1'b1;
    end
  end

  // ---- how the requester is told (last columns of 4.3 and 4.4) ----
  always_comb begin
    kind_o = RMP_PASS;
    if (refused) begin
      case (req_i)
        RMP_REQ_HOST: begin
          case (op_i)
            RMP_OP_WRITE, RMP_OP_PT_READ, RMP_OP_PT_AD: kind_o = RMP_PF;
            RMP_OP_VMRUN_VMSA, RMP_OP_VMRUN_AVIC: kind_o = RMP_VMRUN_FAILS;
            default: kind_o = RMP_GP;
          endcase
        end
        RMP_REQ_GUEST_NONSNP: kind_o = RMP_NPF;
        RMP_REQ_GUEST_SNP: kind_o = first[RMP_WHY_VAL] ? RMP_VC : RMP_NPF;
        RMP_REQ_IOMMU_SELF: kind_o = (op_i == RMP_OP_WRITE) ? RMP_IOMMU_HALT : RMP_IOMMU_FAULT;
        default: kind_o = RMP_IOMMU_FAULT;
      endcase
      if (fail[RMP_WHY_READ]) begin
        kind_o = (req_i == RMP_REQ_HOST || req_i == RMP_REQ_GUEST_NONSNP ||
                  req_i == RMP_REQ_GUEST_SNP) ? RMP_MCE : RMP_IOMMU_HW_ERR;
      end
    end
  end

  // ---- fault records (F1 to F3, F5) ----
  logic writes, is_npf, walk;

  assign writes = op_i == RMP_OP_WRITE || op_i == RMP_OP_PT_AD || op_i == RMP_OP_NPT_AD ||
                  op_i == RMP_OP_VMSAVE;
  assign walk = op_i == RMP_OP_PT_READ || op_i == RMP_OP_PT_AD;
  assign is_npf = refused && !fail[RMP_WHY_READ] && !first[RMP_WHY_VAL] &&
                  (req_i == RMP_REQ_GUEST_NONSNP || req_i == RMP_REQ_GUEST_SNP);

  always_comb begin
    error_o = '0;
    if (is_npf || kind_o == RMP_PF) begin
      error_o[ERR_P] = 1'b1;
      error_o[ERR_W] = writes;
      error_o[ERR_US] = cpl_i == 2'd3 || (is_npf && param_i.npf_us_always);
      error_o[ERR_ID] = op_i == RMP_OP_FETCH;   // never of a #PF: the host's fetches pass
      error_o[ERR_SS] = data_op && ss_i;
      error_o[ERR_RMP] = 1'b1;
    end
    if (is_npf) begin
      error_o[ERR_FINAL] = !walk;
      error_o[ERR_WALK] = walk;
      error_o[ERR_ENC] = chk.guest_only || ec_i;
      error_o[ERR_VMPL] = first[RMP_WHY_VMPL];
      error_o[ERR_SSS] = first[RMP_WHY_VMPL] && vmpl_sss_i && mask[PERM_SSS];
    end
    if (kind_o == RMP_VC) begin
      error_o = VC_NOT_VALIDATED;
    end
  end

  assign exitinfo2_o[GpaW-1:12] = is_npf ? gpa_i[GpaW-1:12] : '0;
  assign exitinfo2_o[11:0] = (is_npf && !chk.guest_only) ? gpa_i[11:0] : '0;

  always_comb begin
    flags_rmp_o = '0;
    flags_o = '0;
    if (kind_o == RMP_IOMMU_FAULT) begin
      flags_rmp_o[0] = first[RMP_WHY_HVO] || first[RMP_WHY_ROW];
      flags_rmp_o[1] = first[RMP_WHY_COV] || first[RMP_WHY_GOWN_A] || first[RMP_WHY_GOWN] ||
                       first[RMP_WHY_STUB];
      flags_rmp_o[2] = first[RMP_WHY_RMAP];
      flags_rmp_o[3] = first[RMP_WHY_MUT];
      flags_rmp_o[4] = first[RMP_WHY_SIZE];
      flags_rmp_o[5] = first[RMP_WHY_VAL];
      flags_rmp_o[6] = first[RMP_WHY_VMPL];
      flags_o = writes ? EVENT_WRITE : '0;
    end
  end

  // ---- log ----
  logic [3:0] why;
  always_comb begin
    why = '0;
    for (int unsigned i = 1; i < 16; i++) begin
      why |= first[i] ? 4'(i) : 4'd0;
    end
  end
  assign row_o = row;
  assign why_o = rmp_why_e'(why);

  // 7:5 of a mask are reserved; the rest of an entry and of the SPA has no effect on a check
  logic unused_bits;
  assign unused_bits = ^{spa_i[51:21], spa_i[11:0], mask[7:5], entry};

endmodule
