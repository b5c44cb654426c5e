// SPDX-License-Identifier: Apache-2.0
//
// cbit_rmp_insn_dec: what an RMP instruction may do, and what the table says afterwards.
//
//   request ─▶ CHECK: does it end without the table?
//   request, own and base entry ─▶ DECIDE: does it end without a write? Else sub entries to look
//                                  at, counters to read, items to write and their contents
//
// Where: in cbit_rmp_insn, behind its registers; used in the phases CHECK, DECIDE and at the loads
// of WRITE. Latency: combinational. Entries count from DECIDE on, contents if nothing ended before.
// own_i = base_i for the first page of a range. Byte order: byte 0 of an entry is bits 7:0.
// Source: docs/units/rmp_insn.md; rules: docs/rmp.md, section 5 (steps are named here).
module cbit_rmp_insn_dec
  import cbit_pkg::*;
  import cbit_rmp_pkg::*;
(
  // the instruction; spa_page is that of the page for the host's too
  input  insn_req_t       req_i,
  // registers, coverage of the page
  input  logic            chk_on_i,
  input  logic            vmpl_en_i,
  input  logic            covered_i,
  // page (2 MiB form: a page of its range) in use: now, for CHECK; as it was then, for DECIDE
  input  logic            use_now_i,
  input  logic            used_i,
  output logic            wide_o,         // the instruction's page is the whole range
  // CHECK
  output logic            chk_end_o,
  output insn_ans_t       chk_ans_o,
  // DECIDE; out: buffer of RMPREAD, {RCX, RDX} of RMPQUERY
  input  logic            read_error_i,   // an entry could not be read
  input  rmp_entry_t      own_i,
  input  rmp_entry_t      base_i,
  output logic            dec_end_o,
  output insn_ans_t       dec_ans_o,
  output logic [127:0]    dec_out_o,
  // what goes on
  output logic            scan_o,         // sub entries must not be Immutable (U11b)
  output logic [1:0]      count_o,        // counters to read: of the old, of the new ASID
  output logic [9:0]      old_asid_o,     // ASIDs of these counters
  output logic [9:0]      new_asid_o,
  output logic            one_count_o,    // both are one counter: the old one's is read
  output logic [Items-1:0] todo_o,        // items to write
  // contents
  output logic            range_o,        // all 512 entries of the range are written
  output logic            at_base_o,      // the first entry written is at the base's place
  output rmp_entry_t      entry_o,        // that entry
  output rmp_entry_t      sub_o,          // entry i > 0 of the range ...
  output logic            sub_count_o,    // ... to whose GPA field i is to be added
  output rmp_entry_t      base_o,         // base with its new SubpageCount
  output logic [10:0]     leave_add_o,    // signed: what the old ASID's counter gets (ITEM_LEAVE)
  output logic [10:0]     enter_add_o     // what the new one's gets; of one counter: both together
);

  // ---- operands ----
  logic       guest, update, smash;
  logic       big;                     // 2 MiB form
  insn_page_t operand;
  logic [63:0] rcx, rdx;
  logic [7:0] target;                  // VMPL
  logic [1:0] vmpl;                    // current VMPL

  assign update = req_i.op == INSN_RMPUPDATE;
  assign smash = req_i.op == INSN_PSMASH;
  assign guest = req_i.op == INSN_PVALIDATE || req_i.op == INSN_RMPADJUST ||
                 req_i.op == INSN_RMPQUERY;
  assign operand = req_i.arg;
  assign rcx = req_i.arg[63:0];
  assign rdx = req_i.arg[127:64];
  assign big = update ? operand.page_size : rcx[0];
  assign target = rdx[7:0];
  assign vmpl = vmpl_en_i ? req_i.vmpl : 2'd0;
  assign wide_o = smash || big;

  // ---- ends ----
  function automatic insn_ans_t ends(input rmp_verdict_e kind);
    insn_ans_t ans;
    ans = '{kind: kind, code: INSN_SUCCESS, cf: 1'b0, zf: 1'b0, error: '0};
    if (kind == RMP_VC) begin
      ans.error = VC_NOT_VALIDATED;
    end
    if (kind == RMP_NPF) begin   // F4
      ans.error[ERR_P] = 1'b1;
      ans.error[ERR_US] = 1'b1;
      ans.error[ERR_RMP] = 1'b1;
      ans.error[ERR_FINAL] = 1'b1;
      ans.error[ERR_ENC] = 1'b1;
    end
    return ans;
  endfunction

  function automatic insn_ans_t code(input insn_code_e value);
    insn_ans_t ans;
    ans = ends(RMP_PASS);
    ans.code = value;
    ans.zf = value == INSN_SUCCESS;
    return ans;
  endfunction

  function automatic insn_ans_t sizem();
    insn_ans_t ans;
    ans = ends(RMP_NPF);
    ans.error[ERR_SIZEM] = 1'b1;
    return ans;
  endfunction

  // ---- CHECK ----
  logic place_rax, bad_operand;

  assign place_rax = req_i.rax[20:12] != '0;

  // U4a to U4f
  assign bad_operand = operand.zero != '0 || operand.zero_immutable != '0 ||
                       operand.zero_size != '0 || operand.region ||
                       operand.zero_assigned != '0 ||
                       (operand.page_size && place_rax) ||
                       (operand.page_size && operand.assigned && operand.asid != '0 &&
                        operand.gpa[20:12] != '0) ||
                       (!operand.assigned && (operand.immutable || operand.asid != '0)) ||
                       operand.asid > NUM_ASID || operand.asid == 32'(ASID_LOCKED) ||
                       operand.gpa[63:GPA_WIDTH] != '0;

  always_comb begin
    chk_end_o = 1'b1;
    chk_ans_o = ends(RMP_UD);
    if (!chk_on_i || req_i.op > INSN_RMPQUERY || (guest && !req_i.snp_active)) begin
      chk_ans_o = ends(RMP_UD);
    end else if (req_i.cpl != 2'd0) begin
      chk_ans_o = ends(RMP_GP);
    end else begin
      unique case (req_i.op)
        INSN_RMPUPDATE: begin   // U4, U5
          chk_ans_o = code(INSN_FAIL_INPUT);
          chk_end_o = bad_operand || !covered_i;
        end
        INSN_PSMASH: begin   // P2, P3
          chk_ans_o = code((place_rax || !covered_i) ? INSN_FAIL_INPUT : INSN_FAIL_INUSE);
          chk_end_o = place_rax || !covered_i || use_now_i;
        end
        INSN_RMPREAD: begin   // R3
          chk_ans_o = code(INSN_FAIL_INPUT);
          chk_end_o = !covered_i;
        end
        INSN_PVALIDATE: begin
          if (vmpl != 2'd0) begin   // V3
            chk_ans_o = code(INSN_FAIL_PERMISSION);
          end else if (rcx[31:1] != '0 || (rcx[0] && place_rax) || !req_i.ec) begin   // V4, V6
            chk_ans_o = code(INSN_FAIL_INPUT);
          end else if (use_now_i) begin   // V6b
            chk_ans_o = code(INSN_FAIL_INUSE);
          end else begin   // V7
            chk_ans_o = ends(RMP_NPF);
            chk_end_o = !covered_i;
          end
        end
        INSN_RMPADJUST: begin
          if (rcx[63:1] != '0 || (rcx[0] && place_rax) || rdx[15:13] != '0 ||
              rdx[63:17] != '0 || target >= NUM_VMPL) begin   // A3, A4
            chk_ans_o = code(INSN_FAIL_INPUT);
          end else if (target[1:0] < vmpl || (target[1:0] == vmpl && vmpl != 2'd0)) begin   // A5
            chk_ans_o = code(INSN_FAIL_PERMISSION);
          end else if (!req_i.ec) begin   // A8
            chk_ans_o = code(INSN_FAIL_INPUT);
          end else if (use_now_i) begin   // A8b
            chk_ans_o = code(INSN_FAIL_INUSE);
          end else begin   // A9
            chk_ans_o = ends(RMP_NPF);
            chk_end_o = !covered_i;
          end
        end
        default: begin   // RMPQUERY
          if (target >= NUM_VMPL) begin   // Q3
            chk_ans_o = code(INSN_FAIL_INPUT);
          end else if (target[1:0] < vmpl) begin   // Q4
            chk_ans_o = code(INSN_FAIL_PERMISSION);
          end else begin   // Q6
            chk_ans_o = ends(RMP_NPF);
            chk_end_o = !covered_i;
          end
        end
      endcase
    end
  end

  // ---- DECIDE ----
  rmp_entry_t auth;
  logic       gpa_equal, not_owner;
  logic [4:0] grant;                   // what the issuer may give

  assign auth = base_i.page_size ? base_i : own_i;
  assign gpa_equal = auth.gpa[38:9] == req_i.gpa_page[50:21] &&
                     (auth.page_size ? req_i.spa_page[20:12] : auth.gpa[8:0]) ==
                     req_i.gpa_page[20:12];
  // GOWN_A, GOWN, RMAP, MUT: one failure, told in one way
  assign not_owner = !auth.assigned || req_i.asid == '0 || auth.asid != req_i.asid ||
                     !gpa_equal || auth.immutable;
  assign grant = auth.mask[vmpl][4:0];

  always_comb begin
    dec_end_o = 1'b1;
    dec_ans_o = ends(RMP_MCE);
    if (!read_error_i) begin
      unique case (req_i.op)
        INSN_RMPUPDATE: begin
          if (base_i.asid == ASID_LOCKED) begin   // U7
            dec_ans_o = code(INSN_FAIL_OVERLAP);
          end else if (used_i) begin   // U8
            dec_ans_o = code(INSN_FAIL_INUSE);
          end else if (auth.immutable) begin   // U9
            dec_ans_o = code(INSN_FAIL_PERMISSION);
          end else begin   // U10, U11
            dec_ans_o = code(INSN_FAIL_OVERLAP);
            dec_end_o = big ? !base_i.page_size && base_i.subpage_count != '0 : base_i.page_size;
          end
        end
        INSN_PSMASH: begin
          if (base_i.asid == ASID_LOCKED) begin   // P4
            dec_ans_o = code(INSN_FAIL_INUSE);
          end else if (base_i.immutable) begin   // P5
            dec_ans_o = code(INSN_FAIL_PERMISSION);
          end else begin   // P6
            dec_ans_o = code(INSN_FAIL_OVERLAP);
            dec_end_o = !base_i.page_size;
          end
        end
        INSN_RMPREAD: dec_ans_o = code(INSN_SUCCESS);   // R5
        INSN_PVALIDATE: begin
          if (not_owner) begin   // V8
            dec_ans_o = ends(RMP_NPF);
          end else if (auth.page_size && !big) begin   // V9
            dec_ans_o = sizem();
          end else if (!auth.page_size && big) begin   // V10
            dec_ans_o = code(INSN_FAIL_SIZEMISMATCH);
          end else begin   // V11
            dec_ans_o = code(INSN_SUCCESS);
            dec_ans_o.cf = 1'b1;
            dec_end_o = auth.validated == rdx[0];
          end
        end
        INSN_RMPADJUST: begin
          if (not_owner) begin   // A9
            dec_ans_o = ends(RMP_NPF);
          end else if (auth.page_size && !big) begin   // A10
            dec_ans_o = sizem();
          end else if (!auth.validated) begin   // A11
            dec_ans_o = ends(RMP_VC);
          end else if (!auth.page_size && big) begin   // A12
            dec_ans_o = code(INSN_FAIL_SIZEMISMATCH);
          end else if ((rdx[16] != auth.vmsa && vmpl != 2'd0) ||
                       (target != '0 && (rdx[12:8] & ~grant) != '0)) begin   // A6, A13
            dec_ans_o = code(INSN_FAIL_PERMISSION);
          end else begin   // A14
            dec_ans_o = code(INSN_FAIL_INPUT);
            dec_end_o = rdx[16] && auth.page_size;
          end
        end
        default: begin   // RMPQUERY
          if (not_owner) begin   // Q6
            dec_ans_o = ends(RMP_NPF);
          end else begin   // Q7, Q8
            dec_ans_o = auth.validated ? code(INSN_SUCCESS) : ends(RMP_VC);
          end
        end
      endcase
    end
  end

  // R5: the own entry as it is stored
  insn_page_t shown;

  assign shown = '{
    asid: 32'(own_i.asid), immutable: own_i.immutable, page_size: own_i.page_size,
    region: base_i.page_size || base_i.assigned || base_i.subpage_count != '0,
    assigned: own_i.assigned, gpa: {13'd0, own_i.gpa, 12'd0}, default: '0
  };

  always_comb begin
    dec_out_o = '0;
    if (req_i.op == INSN_RMPREAD && !read_error_i) begin
      dec_out_o = shown;
    end
    if (req_i.op == INSN_RMPQUERY && dec_ans_o.kind == RMP_PASS) begin   // Q8
      dec_out_o[64] = auth.page_size;
      dec_out_o[16] = auth.vmsa;
      dec_out_o[15:8] = auth.mask[target[1:0]];
      dec_out_o[7:0] = target;
    end
  end

  // ---- new entries of RMPUPDATE ----
  rmp_entry_t  updated, plain_sub;   // of the page; of another page of the range
  logic        first, reset;
  logic [9:0]  new_asid;
  logic [38:0] stored_gpa;

  assign first = req_i.spa_page[20:12] == '0;
  assign new_asid = operand.asid[9:0];
  assign stored_gpa = (new_asid != '0) ? operand.gpa[50:12] : '0;
  // U12; old is own_i
  assign reset = new_asid == '0 || !own_i.assigned || own_i.asid != new_asid ||
                 own_i.gpa != stored_gpa || own_i.page_size != operand.page_size;

  always_comb begin   // U13 to U15
    updated = '0;
    if (operand.assigned) begin
      if (reset) begin
        updated.mask[0] = VMPL_MASK_ALL;
      end else begin
        updated = own_i;   // Validated, VMSA, q2
      end
      updated.assigned = 1'b1;
      updated.page_size = operand.page_size;
      updated.immutable = operand.immutable;
      updated.lock = operand.immutable;
      updated.gpa = stored_gpa;
      updated.asid = new_asid;
    end
    updated.subpage_count = (first && !operand.page_size) ? own_i.subpage_count : '0;
    plain_sub = '0;
    plain_sub.assigned = operand.assigned;
  end

  // ---- of PSMASH (P7), of the guest's instructions (V12, A15) ----
  rmp_entry_t smashed, adjusted;

  always_comb begin
    smashed = base_i;
    smashed.page_size = 1'b0;
    smashed.immutable = 1'b0;
    smashed.lock = 1'b0;
    smashed.subpage_count = '0;
    adjusted = auth;
    if (req_i.op == INSN_PVALIDATE) begin
      adjusted.validated = rdx[0];
    end else begin
      adjusted.vmsa = rdx[16];
      if (target[1:0] != 2'd0) begin
        adjusted.mask[target[1:0]] = {3'd0, rdx[12:8]};
      end
    end
  end

  always_comb begin
    if (update) begin
      entry_o = updated;
    end else if (smash) begin
      entry_o = smashed;
      entry_o.subpage_count = 9'd511;   // P8
    end else begin
      entry_o = adjusted;
    end
    base_o = base_i;   // U16
    base_o.subpage_count = base_i.subpage_count + 9'(operand.assigned) - 9'(own_i.assigned);
  end

  assign sub_o = smash ? smashed : plain_sub;
  assign sub_count_o = smash;
  assign range_o = smash || (update && big);
  assign at_base_o = range_o || (guest && base_i.page_size);

  // ---- counters (U17) and items ----
  logic        leaves, enters, same;
  logic [10:0] leave_pages, enter_pages;

  assign leaves = update && own_i.assigned && own_i.asid != '0;
  assign enters = update && operand.assigned && new_asid != '0;
  assign same = leaves && enters && own_i.asid == new_asid;
  assign leave_pages = own_i.page_size ? 11'd512 : 11'd1;
  assign enter_pages = operand.page_size ? 11'd512 : 11'd1;

  assign scan_o = update && big && !base_i.page_size;
  assign count_o = {enters && !same, leaves};
  assign one_count_o = same;
  assign old_asid_o = own_i.asid;
  assign new_asid_o = new_asid;
  assign leave_add_o = -leave_pages;
  assign enter_add_o = same ? enter_pages - leave_pages : enter_pages;

  always_comb begin
    todo_o = '0;
    todo_o[ITEM_ENTRY] = 1'b1;
    todo_o[ITEM_HALF] = range_o;
    todo_o[ITEM_BASE] = update && !big && !first && operand.assigned != own_i.assigned;
    todo_o[ITEM_LEAVE] = leaves && !same;
    todo_o[ITEM_ENTER] = enters;
  end

  // page addresses are looked at in part
  logic unused_bits;
  assign unused_bits = ^{req_i.spa_page[51:21], req_i.rax[63:21], req_i.rax[11:0],
                         operand.gpa[11:0], auth};

endmodule
