// SPDX-License-Identifier: Apache-2.0
//
// cbit_rmp_pkg: types of the reverse map table (RMP): entries, requests, parameters, verdicts.
//
// Rules: docs/rmp.md, whose sections are named below; codes: docs/units/rmp_check.md. Byte order:
// an entry is 16 bytes, little-endian, as one 128-bit value {q2, q1} (2.1): byte 0 is bits 7:0.
package cbit_rmp_pkg;

  localparam int unsigned GpaW = 51;   // most bits of a GPA (0.3)

  // entry (2.1); first member = top bits
  typedef struct packed {
    // q2
    logic [1:0] migration;
    logic [7:0] ide_stream;
    logic [4:0] root_port;
    logic [15:0] rsvd;
    logic key_select;
    logic [3:0][7:0] mask;   // permissions of VMPL 3, 2, 1, 0 (6.1)
    // q1
    logic lock;
    logic validated;
    logic vmsa;
    logic [9:0] asid;
    logic [38:0] gpa;        // GPA[50:12]
    logic [8:0] subpage_count;
    logic immutable;
    logic page_size;         // 1 = 2 MiB
    logic assigned;
  } rmp_entry_t;

  // bits of a mask (6.1)
  localparam int unsigned PERM_READ = 0;
  localparam int unsigned PERM_WRITE = 1;
  localparam int unsigned PERM_EXEC_USER = 2;
  localparam int unsigned PERM_EXEC_SUPERVISOR = 3;
  localparam int unsigned PERM_SSS = 4;

  // GPA field of a Firmware-IOMMU page: tag 2, low part 1 (3.1, S11)
  localparam logic [38:0] GPA_FW_IOMMU = {3'd2, 36'd1};

  // what a request may be (4.1)
  typedef enum logic [2:0] {
    RMP_REQ_HOST = 3'd0,
    RMP_REQ_GUEST_NONSNP = 3'd1,
    RMP_REQ_GUEST_SNP = 3'd2,
    RMP_REQ_AMD_SP = 3'd3,
    RMP_REQ_IOMMU_HOST = 3'd4,
    RMP_REQ_IOMMU_GUEST = 3'd5,
    RMP_REQ_IOMMU_SELF = 3'd6
  } rmp_req_e;

  typedef enum logic [3:0] {
    RMP_OP_READ = 4'd0,
    RMP_OP_WRITE = 4'd1,
    RMP_OP_FETCH = 4'd2,
    RMP_OP_PT_READ = 4'd3,
    RMP_OP_PT_AD = 4'd4,
    RMP_OP_VMRUN_VMCB = 4'd5,
    RMP_OP_VMRUN_VMSA = 4'd6,
    RMP_OP_VMRUN_AVIC = 4'd7,
    RMP_OP_HSAVE_WRMSR = 4'd8,
    RMP_OP_VMSAVE = 4'd9,
    RMP_OP_NPT_READ = 4'd10,
    RMP_OP_NPT_AD = 4'd11
  } rmp_op_e;

  // size of a mapping; the unused code 3 counts as 1G
  typedef enum logic [1:0] {
    RMP_4K = 2'd0,
    RMP_2M = 2'd1,
    RMP_1G = 2'd2
  } rmp_size_e;

  // start-up (docs/units/rmp_init.md): RMP_STATUS.state
  typedef enum logic [2:0] {
    RMP_OFF = 3'd0,
    RMP_FENCED = 3'd1,
    RMP_FLUSHED = 3'd2,
    RMP_FILLED = 3'd3,
    RMP_CHECKED = 3'd4,
    RMP_ON = 3'd5,
    RMP_READY = 3'd6
  } rmp_state_e;

  // segmented table (1.5, docs/units/rmp_seg.md): as many segments as have a register
  localparam int unsigned Segments = 16;
  localparam logic [5:0] SegUnit = 6'd63;   // number in tags of who reads the segment table

  // registers of a segmented table; all 0 without (RmpSeg = 0)
  typedef struct packed {
    logic en;
    logic [5:0] size;                       // a segment has 2^size bytes
    logic [Segments-1:0][51:20] base;       // SPA of its table
    logic [Segments-1:0][10:0] cov;         // GiB that the table covers
  } rmp_seg_t;

  // an SPA lies in a segment's table: 4 MiB for each GiB that it covers
  function automatic logic rmp_in_seg(input logic [51:20] spa,
                                      input logic [Segments-1:0][51:20] base,
                                      input logic [Segments-1:0][10:0] cov);
    logic [Segments-1:0] hit;
    for (int unsigned i = 0; i < Segments; i++) begin
      hit[i] = 32'(spa - base[i]) < 32'({cov[i], 2'd0});
    end
    return hit != '0;
  endfunction

  // an SPA lies in what the guard keeps: the table with its counters; of a segmented table the
  // control area (counters, segment table and the rest of its 8 KiB) and the segments' tables
  function automatic logic rmp_in_table(input logic [51:13] spa, input logic [51:13] rmp_base,
                                        input logic [51:13] rmp_end, input rmp_seg_t seg);
    logic flat, control, unused_size;
    unused_size = ^seg.size;
    flat = spa >= rmp_base && spa <= rmp_end;
    control = 39'(spa - rmp_base) <= 39'd2;
    return seg.en ? control || rmp_in_seg(spa[51:20], seg.base, seg.cov) : flat;
  endfunction

  // what a request asks: inputs of the check that come from its attributes (4.1)
  typedef struct packed {
    rmp_req_e req;
    rmp_op_e op;
    logic [GpaW-1:0] gpa;
    rmp_size_e map_size;
    logic ec;
    logic [9:0] asid;
    logic [1:0] vmpl;
    logic [1:0] cpl;
    logic ss;
    logic snp_active;
  } rmp_ask_t;

  // parameters of 0.3 that a check looks at
  typedef struct packed {
    logic chk_shared_read;
    logic chk_host_pt_read;
    logic chk_guest_pt_read;
    logic chk_dma_read;
    logic pt_vmpl_write;
    logic hv_inuse_wr_allowed;
    logic tio;
    logic npf_us_always;
  } rmp_param_t;

  localparam rmp_param_t RMP_PARAM_DEFAULT = '{
    chk_guest_pt_read: 1'b1, hv_inuse_wr_allowed: 1'b1, npf_us_always: 1'b1, default: 1'b0
  };

  // verdicts: pass, or how the requester is told (4.5)
  typedef enum logic [3:0] {
    RMP_PASS = 4'd0,
    RMP_PF = 4'd1,            // #PF
    RMP_NPF = 4'd2,           // #NPF
    RMP_VC = 4'd3,            // #VC in the guest
    RMP_GP = 4'd4,            // #GP(0)
    RMP_VMRUN_FAILS = 4'd5,   // VMEXIT_INVALID
    RMP_IOMMU_FAULT = 4'd6,   // event RMP_PAGE_FAULT
    RMP_IOMMU_HALT = 4'd7,    // the IOMMU halts its log
    RMP_MCE = 4'd8,           // the table cannot be read: machine check
    RMP_IOMMU_HW_ERR = 4'd9,  // the same for a device: event RMP_HW_ERR
    RMP_UD = 4'd10            // #UD, of instructions only
  } rmp_verdict_e;

  // elementary checks (4.2) and other reasons, for the log
  typedef enum logic [3:0] {
    RMP_WHY_NONE = 4'd0,
    RMP_WHY_COV = 4'd1,
    RMP_WHY_GOWN_A = 4'd2,
    RMP_WHY_GOWN = 4'd3,
    RMP_WHY_RMAP = 4'd4,
    RMP_WHY_MUT = 4'd5,
    RMP_WHY_SIZE = 4'd6,
    RMP_WHY_VAL = 4'd7,
    RMP_WHY_VMPL = 4'd8,
    RMP_WHY_HVO = 4'd9,
    RMP_WHY_INUSE = 4'd10,
    RMP_WHY_VMSA = 4'd11,
    RMP_WHY_STATE = 4'd12,   // not Firmware-IOMMU
    RMP_WHY_STUB = 4'd13,    // row 22 without trusted I/O
    RMP_WHY_ROW = 4'd14,     // pair without a row
    RMP_WHY_READ = 4'd15     // the table cannot be read
  } rmp_why_e;

  // rows of the decision table (4.3)
  typedef enum logic [4:0] {
    RMP_ROW_NONE = 5'd0,
    RMP_ROW_1 = 5'd1,
    RMP_ROW_2 = 5'd2,
    RMP_ROW_3A = 5'd3,
    RMP_ROW_3B = 5'd4,
    RMP_ROW_4 = 5'd5,
    RMP_ROW_5A = 5'd6,
    RMP_ROW_5B = 5'd7,
    RMP_ROW_6 = 5'd8,
    RMP_ROW_7 = 5'd9,
    RMP_ROW_8 = 5'd10,
    RMP_ROW_9 = 5'd11,
    RMP_ROW_10 = 5'd12,
    RMP_ROW_11 = 5'd13,
    RMP_ROW_12 = 5'd14,
    RMP_ROW_13 = 5'd15,
    RMP_ROW_14 = 5'd16,
    RMP_ROW_15 = 5'd17,
    RMP_ROW_16 = 5'd18,
    RMP_ROW_17A = 5'd19,
    RMP_ROW_17B = 5'd20,
    RMP_ROW_18 = 5'd21,
    RMP_ROW_18C = 5'd22,
    RMP_ROW_19 = 5'd23,
    RMP_ROW_20 = 5'd24,
    RMP_ROW_21 = 5'd25,
    RMP_ROW_22 = 5'd26,
    RMP_ROW_23 = 5'd27
  } rmp_row_e;

  // bits of a #PF error code and of EXITINFO1 (F1, F2)
  localparam int unsigned ERR_P = 0;
  localparam int unsigned ERR_W = 1;
  localparam int unsigned ERR_US = 2;
  localparam int unsigned ERR_ID = 4;
  localparam int unsigned ERR_SS = 6;
  localparam int unsigned ERR_RMP = 31;
  localparam int unsigned ERR_FINAL = 32;
  localparam int unsigned ERR_WALK = 33;
  localparam int unsigned ERR_ENC = 34;
  localparam int unsigned ERR_VMPL = 36;
  localparam int unsigned ERR_SSS = 37;
  localparam int unsigned ErrW = 38;
  localparam logic [ErrW-1:0] VC_NOT_VALIDATED = ErrW'('h404);

  localparam int unsigned ERR_SIZEM = 35;   // of instructions only (F4)

  // ---- instructions (section 5) ----
  typedef enum logic [2:0] {
    INSN_RMPUPDATE = 3'd0,
    INSN_PSMASH = 3'd1,
    INSN_RMPREAD = 3'd2,
    INSN_PVALIDATE = 3'd3,
    INSN_RMPADJUST = 3'd4,
    INSN_RMPQUERY = 3'd5
  } insn_op_e;

  // how an instruction ends (5.2); RMP_PASS: with a code
  typedef enum logic [3:0] {
    INSN_SUCCESS = 4'd0,
    INSN_FAIL_INPUT = 4'd1,
    INSN_FAIL_PERMISSION = 4'd2,
    INSN_FAIL_INUSE = 4'd3,
    INSN_FAIL_OVERLAP = 4'd4,        // of PSMASH: FAIL_BADADDR
    INSN_FAIL_SIZEMISMATCH = 4'd6
  } insn_code_e;

  typedef struct packed {
    rmp_verdict_e kind;
    insn_code_e code;
    logic cf;
    logic zf;
    logic [ErrW-1:0] error;
  } insn_ans_t;

  // operand of RMPUPDATE, output of RMPREAD (2.2); first member = top bits
  typedef struct packed {
    logic [31:0] asid;
    logic [7:0] zero;
    logic [6:0] zero_immutable;
    logic immutable;
    logic [5:0] zero_size;
    logic region;              // RMPREAD: HpageRegionStatus; of an operand zero
    logic page_size;
    logic [6:0] zero_assigned;
    logic assigned;
    logic [63:0] gpa;          // byte address
  } insn_page_t;

  // parameters of 0.3 that an instruction looks at
  localparam logic [31:0] NUM_ASID = 32'd1006;
  localparam logic [7:0] NUM_VMPL = 8'd4;
  localparam int unsigned GPA_WIDTH = 51;
  localparam logic [7:0] VMPL_MASK_ALL = 8'h1f;
  localparam logic [9:0] ASID_LOCKED = 10'h3ff;
  // work of a write phase: item of docs/units/rmp_insn.md
  localparam int unsigned ITEM_ENTRY = 0;   // the entry, or entries 0 to 255 of the range
  localparam int unsigned ITEM_HALF = 1;    // entries 256 to 511
  localparam int unsigned ITEM_BASE = 2;    // base entry with its new SubpageCount
  localparam int unsigned ITEM_LEAVE = 3;   // counter of the ASID that loses pages
  localparam int unsigned ITEM_ENTER = 4;   // counter of the ASID that gets them
  localparam int unsigned Items = 5;

  // flags of an IOMMU event (F5)
  localparam logic [11:0] EVENT_WRITE = 12'h020;

endpackage
