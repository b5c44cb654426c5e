// SPDX-License-Identifier: Apache-2.0
//
// cbit_csr: the generated register block and the rules around it.
//
// Where: cbit_axil gives one register access at a time, answered in the same cycle; configuration,
// keys and commands go from here to the units, their state and events come back.
// In front of the generated block stand the rules that need more than one register: refused writes
// (locks, legal modes, pending commands) reach it with no byte enabled. Behind it: the pending
// command, the linear table entry (the one command done here), counters of events, the interrupt.
// Latency: a register written in cycle x has its value from x+1; a command written in x is offered
// to the key store from x+1; irq_o is one cycle behind INTR_STATE.
// RMP: a command is told to its unit in the cycle of its write; without the check (Rmp = 0) its
// addresses answer as addresses without a register, as do those of instructions, check ports and
// segmented table without these.
// Keys: the key fields of the block have no software read path (write-only in the description).
// Byte order: byte 0 of a key is bits 7:0 of its word 0. Source: docs/units/sp.md.
`include "cbit_assert.svh"

module cbit_csr
  import cbit_pkg::*;
  import cbit_regs_addr_pkg::*;
#(
  parameter int unsigned Lanes = 1,
  parameter int unsigned KeyBits = 128,
  parameter int unsigned RoundsPerStage = 1,
  parameter int unsigned Sbox = 1,
  parameter int unsigned KeySlots = 16,
  parameter int unsigned SpaWidth = 40,
  parameter logic [5:0] ModesMask = 6'b010001,
  parameter int unsigned DefaultMode = 4,
  parameter int unsigned AttrFromAddr = 0,
  parameter int unsigned TestTweak = 0,
  parameter int unsigned Rmp = 0,       // 0: the registers of the RMP check are not there
  parameter int unsigned RmpInsn = 0,   // 0: nor those of its instructions
  parameter int unsigned RmpChk = 0,    // 0: nor those of the check ports
  parameter int unsigned RmpSeg = 0     // 0: nor that of the segmented table
) (
  input  logic         clk_i,
  input  logic         rst_ni,
  // straps and interrupt
  input  logic         debug_i,
  output logic         irq_o,
  // register access
  input  logic         reg_req_i,
  input  logic         reg_write_i,
  input  logic [11:0]  reg_addr_i,
  input  logic [31:0]  reg_wdata_i,
  input  logic [3:0]   reg_wstrb_i,
  output logic         reg_err_o,
  output logic [31:0]  reg_rdata_o,
  // configuration
  output logic         smee_o,
  output logic         tsme_o,
  output logic [3:0]   mode_o,
  output logic         ovr_en_o,
  output logic [127:0] ovr_o,
  // key store
  output logic         cmd_valid_o,
  output logic [3:0]   cmd_op_o,
  output slot_t        cmd_slot_o,
  output logic [255:0] key1_o,
  output logic [255:0] key2_o,
  input  logic         cmd_done_i,
  input  logic [3:0]   cmd_err_i,
  input  logic [1:0]   slot_state_i,
  input  logic         slots_used_i,   // some slot is not EMPTY
  input  logic         init_done_i,
  input  logic         busy_i,
  input  logic         ent_alarm_i,
  input  logic         zeroise_i,      // sample of the pin
  // RMP check: registers and commands out, state back
  output logic [51:13] rmp_base_o,
  output logic [51:13] rmp_end_o,
  output logic         rmp_vmpl_en_o,
  output logic         rmp_vmpl_sss_o,
  output logic         rmp_iommu_snp_o,
  output logic         rmp_seg_en_o,
  output logic [5:0]   rmp_seg_size_o,
  output logic         rmp_cmd_we_o,   // an accepted write of RMP_CMD, in its cycle
  output logic [3:0]   rmp_cmd_op_o,
  input  logic [2:0]   rmp_state_i,
  input  logic         rmp_busy_i,
  input  logic [3:0]   rmp_error_i,
  input  logic         rmp_chk_on_i,   // the state is ON or READY
  input  logic         rmp_loaded_i,   // the segment registers are loaded
  // linear tweak table
  output logic         tt_we_o,
  output logic [5:0]   tt_index_o,
  output logic [127:0] tt_data_o,
  // fault log
  output logic         fault_pop_o,
  input  fault_t       fault_head_i,
  input  logic [7:0]   fault_held_i,
  input  logic [15:0]  fault_dropped_i,
  input  logic         ev_fault_logged_i,
  input  logic         ev_fault_dropped_i,
  // events for the counters
  input  logic [1:0]   ev_fault_i,     // records of the read path, of the write path
  input  logic         ev_rd_plain_i,
  input  logic         ev_rd_enc_i,
  input  logic         ev_wr_plain_i,
  input  logic         ev_wr_enc_i,
  input  logic         ev_rmw_i,
  input  logic         ev_stall_tweak_rd_i,
  input  logic         ev_stall_tweak_wr_i,
  input  logic         ev_stall_rmw_i,
  input  logic         ev_stall_hazard_i,
  input  logic         ev_stall_rd_table_i,
  input  logic         ev_stall_wr_table_i,
  input  logic         ev_stall_out_i,
  input  logic [2:0]   ev_rmp_ask_i,   // one bit for reads, writes, check ports
  input  logic [2:0]   ev_rmp_miss_i,
  input  logic         ev_rmp_read_i,
  input  logic         ev_stall_rmp_rd_i,
  input  logic         ev_stall_rmp_wr_i,
  input  logic         ev_insn_i,
  input  logic         ev_insn_stop_i,
  input  logic         ev_chk_i,
  input  logic         ev_stall_chk_i
);

  localparam logic [3:0] OP_TWEAK_ENTRY = 4'd9;
  localparam logic [3:0] ERR_NONE = 4'd0;
  localparam logic [3:0] ERR_RANGE = 4'd1;
  localparam logic [3:0] ERR_STATE = 4'd2;
  localparam logic HasTable = ModesMask[1] || ModesMask[2];
  localparam logic [9:0] TableFirst = 10'd4;
  localparam logic [9:0] TableLast = 10'd51;
  // byte of CTRL that holds the mode
  localparam int unsigned ModeByte = 0;

  cbit_regs_pkg::cbit_regs__in_t  hwif_in;
  cbit_regs_pkg::cbit_regs__out_t hwif_out;

  logic debug_q, irq_q;

  // ---- the pending command ----
  logic        pend_d, pend_q;
  logic [3:0]  err_d, err_q;
  logic [15:0] completed_d, completed_q;
  logic        cmd_write, done, entry_cmd;
  logic [3:0]  op, entry_err;
  slot_t       slot;

  assign op = hwif_out.CMD.op.value;
  assign slot = hwif_out.CMD.slot.value;
  assign entry_cmd = pend_q && op == OP_TWEAK_ENTRY;

  always_comb begin
    entry_err = ERR_NONE;
    if (slot < TableFirst || slot > TableLast) begin
      entry_err = ERR_RANGE;
    end else if (hwif_out.LOCK.table_lock.value || !HasTable) begin
      entry_err = ERR_STATE;
    end
  end

  assign done = entry_cmd || cmd_done_i;

  always_comb begin
    pend_d = pend_q;
    err_d = err_q;
    completed_d = completed_q;
    if (done) begin
      pend_d = 1'b0;
      err_d = entry_cmd ? entry_err : cmd_err_i;
      completed_d = completed_q + 16'd1;
    end else if (cmd_write) begin
      pend_d = 1'b1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      pend_q <= 1'b0;
      err_q <= ERR_NONE;
      completed_q <= '0;
      debug_q <= 1'b0;
      irq_q <= 1'b0;
    end else begin
      pend_q <= pend_d;
      err_q <= err_d;
      completed_q <= completed_d;
      debug_q <= debug_i;
      irq_q <= (hwif_out.INTR_STATE.fault_logged.value && hwif_out.INTR_ENABLE.fault_logged.value)
          || (hwif_out.INTR_STATE.fault_dropped.value && hwif_out.INTR_ENABLE.fault_dropped.value)
          || (hwif_out.INTR_STATE.cmd_done.value && hwif_out.INTR_ENABLE.cmd_done.value)
          || (hwif_out.INTR_STATE.entropy_alarm.value && hwif_out.INTR_ENABLE.entropy_alarm.value);
    end
  end

  // ---- accesses that are refused ----
  logic       refuse, write, ctrl_bad, absent;
  logic [3:0] mode, mode_new;
  logic       mode_legal;

  assign write = reg_req_i && reg_write_i;
  assign mode = hwif_out.CTRL.mode.value;
  // what the field would hold after the write
  assign mode_new = reg_wstrb_i[ModeByte] ? reg_wdata_i[7:4] : mode;
  assign mode_legal = mode_new <= 4'd5 && 1'({2'b00, ModesMask} >> mode_new[2:0]);
  assign ctrl_bad = hwif_out.LOCK.ctrl_lock.value
      || !mode_legal
      || (mode_new == 4'd1 && !debug_q)   // weak by design: for study only
      || (mode_new != mode && slots_used_i)
      || rmp_chk_on_i;

  // registers that this build does not have
  always_comb begin
    unique case (reg_addr_i)
      ADDR_RMP_BASE_LO, ADDR_RMP_BASE_HI, ADDR_RMP_END_LO, ADDR_RMP_END_HI, ADDR_RMP_CTRL,
      ADDR_RMP_CMD, ADDR_RMP_STATUS, ADDR_RMP_FAULT_INFO, ADDR_RMP_FAULT_ERR_LO,
      ADDR_RMP_FAULT_ERR_HI, ADDR_CNT_RMP_ASK, ADDR_CNT_RMP_MISS, ADDR_CNT_RMP_READ,
      ADDR_CNT_STALL_RMP_RD, ADDR_CNT_STALL_RMP_WR: absent = Rmp == 0;
      ADDR_CNT_INSN, ADDR_CNT_INSN_STOP: absent = RmpInsn == 0;
      ADDR_CNT_CHK, ADDR_CNT_STALL_CHK: absent = RmpChk == 0;
      ADDR_RMP_CFG: absent = RmpSeg == 0;
      default: absent = 1'b0;
    endcase
  end

  always_comb begin
    refuse = absent;
    if (write) begin
      unique case (reg_addr_i)
        ADDR_CTRL: refuse = ctrl_bad;
        ADDR_CMD,
        ADDR_KEY1_0, ADDR_KEY1_1, ADDR_KEY1_2, ADDR_KEY1_3,
        ADDR_KEY1_4, ADDR_KEY1_5, ADDR_KEY1_6, ADDR_KEY1_7,
        ADDR_KEY2_0, ADDR_KEY2_1, ADDR_KEY2_2, ADDR_KEY2_3,
        ADDR_KEY2_4, ADDR_KEY2_5, ADDR_KEY2_6, ADDR_KEY2_7,
        ADDR_TEST_TWEAK_0, ADDR_TEST_TWEAK_1,
        ADDR_TEST_TWEAK_2, ADDR_TEST_TWEAK_3: refuse = pend_q;
        // the table stays where it was fenced
        ADDR_RMP_BASE_LO, ADDR_RMP_BASE_HI, ADDR_RMP_END_LO, ADDR_RMP_END_HI,
        ADDR_RMP_CTRL, ADDR_RMP_CFG: refuse = absent || rmp_state_i != cbit_rmp_pkg::RMP_OFF || rmp_busy_i;
        ADDR_RMP_CMD: refuse = absent || rmp_busy_i;
        default: refuse = absent;
      endcase
    end
  end

  assign cmd_write = write && reg_addr_i == ADDR_CMD && !refuse;
  assign fault_pop_o = write && reg_addr_i == ADDR_FAULT_POP;
  assign rmp_cmd_we_o = write && reg_addr_i == ADDR_RMP_CMD && !refuse;
  assign rmp_cmd_op_o = reg_wstrb_i[0] ? reg_wdata_i[3:0] : 4'd0;

  // ---- register block ----
  logic        rb_req, rb_rd_ack, rb_wr_ack, rb_rd_err, rb_wr_err, rb_stall_wr, rb_stall_rd;
  logic [31:0] rb_rdata, rb_biten;

  assign rb_req = reg_req_i;

  // Whether a write is refused is late, and the request opens every register: so a refused write is
  // one of no bytes. No register with a rule minds such a write.
  for (genvar i = 0; i < 4; i++) begin : gen_biten
    assign rb_biten[8*i +: 8] = {8{reg_wstrb_i[i] && !refuse}};
  end

  cbit_regs u_regs (
    .clk                 (clk_i),
    .rst_n               (rst_ni),
    .s_cpuif_req         (rb_req),
    .s_cpuif_req_is_wr   (reg_write_i),
    .s_cpuif_addr        (reg_addr_i),
    .s_cpuif_wr_data     (reg_wdata_i),
    .s_cpuif_wr_biten    (rb_biten),
    .s_cpuif_req_stall_wr(rb_stall_wr),
    .s_cpuif_req_stall_rd(rb_stall_rd),
    .s_cpuif_rd_ack      (rb_rd_ack),
    .s_cpuif_rd_err      (rb_rd_err),
    .s_cpuif_rd_data     (rb_rdata),
    .s_cpuif_wr_ack      (rb_wr_ack),
    .s_cpuif_wr_err      (rb_wr_err),
    .hwif_in,
    .hwif_out
  );

  logic test_on;

  assign test_on = TestTweak != 0 && debug_q;
  assign reg_err_o = refuse || (reg_write_i ? rb_wr_err : rb_rd_err);
  // TEST reads as what is in effect; the block reads as zero where there is nothing to read
  assign reg_rdata_o = (absent || (reg_addr_i == ADDR_TEST && !test_on)) ? '0 : rb_rdata;

  // ---- into the registers ----
  logic [1:0] rmp_ask, rmp_miss;   // events of a cycle

  assign rmp_ask = 2'(ev_rmp_ask_i[0]) + 2'(ev_rmp_ask_i[1]) + 2'(ev_rmp_ask_i[2]);
  assign rmp_miss = 2'(ev_rmp_miss_i[0]) + 2'(ev_rmp_miss_i[1]) + 2'(ev_rmp_miss_i[2]);

  always_comb begin
    hwif_in.default_mode = 4'(DefaultMode);
    hwif_in.key_clear = done || zeroise_i;

    hwif_in.CAP0.lanes.next = 3'(Lanes);
    hwif_in.CAP0.aes256.next = KeyBits == 256;
    hwif_in.CAP0.rounds_per_stage.next = 2'(RoundsPerStage);
    hwif_in.CAP0.sbox.next = 2'(Sbox);
    hwif_in.CAP0.modes.next = ModesMask;
    hwif_in.CAP0.carrier.next = AttrFromAddr != 0;
    hwif_in.CAP0.test_tweak.next = TestTweak != 0;
    hwif_in.CAP0.rmp.next = Rmp != 0;
    hwif_in.CAP0.rmp_insn.next = RmpInsn != 0;
    hwif_in.CAP0.rmp_chk.next = RmpChk != 0;
    hwif_in.CAP0.rmp_seg.next = RmpSeg != 0;
    hwif_in.CAP1.key_slots.next = 11'(KeySlots);
    hwif_in.CAP1.spa_width.next = 16'(SpaWidth);

    hwif_in.STATUS.init_done.next = init_done_i;
    hwif_in.STATUS.busy.next = busy_i;
    hwif_in.STATUS.debug.next = debug_q;
    hwif_in.STATUS.entropy_alarm.next = ent_alarm_i;
    hwif_in.STATUS.fault.next = fault_held_i != 8'd0;

    hwif_in.INTR_STATE.fault_logged.hwset = ev_fault_logged_i;
    hwif_in.INTR_STATE.fault_dropped.hwset = ev_fault_dropped_i;
    hwif_in.INTR_STATE.cmd_done.hwset = done;
    hwif_in.INTR_STATE.entropy_alarm.hwset = ent_alarm_i;

    hwif_in.CMD_STATUS.busy.next = pend_q;
    hwif_in.CMD_STATUS.error.next = err_q;
    hwif_in.CMD_STATUS.slot_state.next = slot_state_i;
    hwif_in.CMD_STATUS.completed.next = completed_q;

    hwif_in.FAULT_INFO.code.next = fault_head_i.code;
    hwif_in.FAULT_INFO.write.next = fault_head_i.write;
    hwif_in.FAULT_INFO.requester.next = fault_head_i.attr.requester;
    hwif_in.FAULT_INFO.access.next = fault_head_i.attr.access;
    hwif_in.FAULT_INFO.cbit.next = fault_head_i.attr.cbit;
    hwif_in.FAULT_INFO.vmpl.next = fault_head_i.attr.vmpl;
    hwif_in.FAULT_INFO.user.next = fault_head_i.attr.user;
    hwif_in.FAULT_INFO.asid.next = fault_head_i.attr.asid;
    hwif_in.FAULT_INFO.id.next = fault_head_i.id;
    hwif_in.FAULT_ADDR_LO.addr.next = fault_head_i.addr[31:0];
    hwif_in.FAULT_ADDR_HI.addr.next = fault_head_i.addr[63:32];
    hwif_in.FAULT_GPA_LO.page.next = fault_head_i.attr.gpa_page[31:0];
    hwif_in.FAULT_GPA_HI.page.next = fault_head_i.attr.gpa_page[39:32];
    hwif_in.FAULT_COUNT.held.next = fault_held_i;
    hwif_in.FAULT_COUNT.dropped.next = fault_dropped_i;

    hwif_in.RMP_STATUS.state.next = rmp_state_i;
    hwif_in.RMP_STATUS.busy.next = rmp_busy_i;
    hwif_in.RMP_STATUS.loaded.next = rmp_loaded_i;
    hwif_in.RMP_STATUS.error.next = rmp_error_i;
    hwif_in.RMP_CFG.seg_en.swwe = RmpSeg != 0;
    hwif_in.RMP_CFG.seg_size.swwe = RmpSeg != 0;
    hwif_in.RMP_FAULT_INFO.kind.next = fault_head_i.rmp.kind;
    hwif_in.RMP_FAULT_INFO.why.next = fault_head_i.rmp.why;
    hwif_in.RMP_FAULT_INFO.row.next = fault_head_i.rmp.row;
    hwif_in.RMP_FAULT_ERR_LO.error.next = fault_head_i.rmp.error[31:0];
    hwif_in.RMP_FAULT_ERR_HI.error.next = fault_head_i.rmp.error[37:32];

    hwif_in.CNT_CYCLES.count.incr = 1'b1;
    hwif_in.CNT_RD_BEATS_PLAIN.count.incr = ev_rd_plain_i;
    hwif_in.CNT_RD_BEATS_ENC.count.incr = ev_rd_enc_i;
    hwif_in.CNT_WR_BEATS_PLAIN.count.incr = ev_wr_plain_i;
    hwif_in.CNT_WR_BEATS_ENC.count.incr = ev_wr_enc_i;
    hwif_in.CNT_RMW.count.incr = ev_rmw_i;
    hwif_in.CNT_FAULTS.count.next =
        hwif_out.CNT_FAULTS.count.value + 32'(ev_fault_i[0]) + 32'(ev_fault_i[1]);
    hwif_in.CNT_STALL_TWEAK_RD.count.incr = ev_stall_tweak_rd_i;
    hwif_in.CNT_STALL_TWEAK_WR.count.incr = ev_stall_tweak_wr_i;
    hwif_in.CNT_STALL_RMW.count.incr = ev_stall_rmw_i;
    hwif_in.CNT_STALL_HAZARD.count.incr = ev_stall_hazard_i;
    hwif_in.CNT_STALL_RD_TABLE.count.incr = ev_stall_rd_table_i;
    hwif_in.CNT_STALL_WR_TABLE.count.incr = ev_stall_wr_table_i;
    hwif_in.CNT_STALL_OUT.count.incr = ev_stall_out_i;
    hwif_in.CNT_RMP_ASK.count.next = hwif_out.CNT_RMP_ASK.count.value + 32'(rmp_ask);
    hwif_in.CNT_RMP_MISS.count.next = hwif_out.CNT_RMP_MISS.count.value + 32'(rmp_miss);
    hwif_in.CNT_RMP_READ.count.incr = ev_rmp_read_i;
    hwif_in.CNT_STALL_RMP_RD.count.incr = ev_stall_rmp_rd_i;
    hwif_in.CNT_STALL_RMP_WR.count.incr = ev_stall_rmp_wr_i;
    hwif_in.CNT_INSN.count.incr = ev_insn_i;
    hwif_in.CNT_INSN_STOP.count.incr = ev_insn_stop_i;
    hwif_in.CNT_CHK.count.incr = ev_chk_i;
    hwif_in.CNT_STALL_CHK.count.incr = ev_stall_chk_i;
  end

  // ---- out of the registers ----
  assign smee_o = hwif_out.CTRL.smee.value;
  assign tsme_o = hwif_out.CTRL.tsme.value;
  assign mode_o = mode;
  assign irq_o = irq_q;

  assign ovr_en_o = hwif_out.TEST.tweak_override.value && test_on;
  assign ovr_o = {hwif_out.TEST_TWEAK_3.word.value, hwif_out.TEST_TWEAK_2.word.value,
                  hwif_out.TEST_TWEAK_1.word.value, hwif_out.TEST_TWEAK_0.word.value};

  assign cmd_valid_o = pend_q && op != OP_TWEAK_ENTRY;
  assign cmd_op_o = op;
  assign cmd_slot_o = slot;
  assign key1_o = {hwif_out.KEY1_7.word.value, hwif_out.KEY1_6.word.value,
                   hwif_out.KEY1_5.word.value, hwif_out.KEY1_4.word.value,
                   hwif_out.KEY1_3.word.value, hwif_out.KEY1_2.word.value,
                   hwif_out.KEY1_1.word.value, hwif_out.KEY1_0.word.value};
  assign key2_o = {hwif_out.KEY2_7.word.value, hwif_out.KEY2_6.word.value,
                   hwif_out.KEY2_5.word.value, hwif_out.KEY2_4.word.value,
                   hwif_out.KEY2_3.word.value, hwif_out.KEY2_2.word.value,
                   hwif_out.KEY2_1.word.value, hwif_out.KEY2_0.word.value};

  assign tt_we_o = entry_cmd && entry_err == ERR_NONE;
  assign tt_index_o = slot[5:0];
  assign tt_data_o = key1_o[127:0];

  assign rmp_base_o = {hwif_out.RMP_BASE_HI.addr.value, hwif_out.RMP_BASE_LO.addr.value};
  assign rmp_end_o = {hwif_out.RMP_END_HI.addr.value, hwif_out.RMP_END_LO.addr.value};
  assign rmp_vmpl_en_o = hwif_out.RMP_CTRL.vmpl_en.value;
  assign rmp_vmpl_sss_o = hwif_out.RMP_CTRL.vmpl_sss.value;
  assign rmp_iommu_snp_o = hwif_out.RMP_CTRL.iommu_snp.value;
  assign rmp_seg_en_o = hwif_out.RMP_CFG.seg_en.value;
  assign rmp_seg_size_o = hwif_out.RMP_CFG.seg_size.value;

  logic unused_csr;
  assign unused_csr = ^{fault_head_i.attr.ss, fault_head_i.attr.snp, fault_head_i.attr.page_size,
                        fault_head_i.attr.ncbit, rb_stall_wr, rb_stall_rd, rb_rd_ack, rb_wr_ack,
                        hwif_out.FAULT_POP.pop.value, hwif_out.RMP_CMD.op.value};

  // the block answers in the cycle of the access
  `CBIT_ASSERT(CsrAck, !rb_req || (reg_write_i ? rb_wr_ack : rb_rd_ack))
  `CBIT_ASSERT(CsrReadZero, !(rb_req && !reg_write_i && rb_rd_err) || rb_rdata == '0)
  `CBIT_ASSERT(CsrDonePending, !done || pend_q)
  `CBIT_ASSERT(CsrOneDone, !(entry_cmd && cmd_done_i))

endmodule
