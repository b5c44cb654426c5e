// SPDX-License-Identifier: Apache-2.0
//
// cbit_rmp_ask: from the attributes of a bus request to what the RMP check is asked.
//
// Where: in front of cbit_rmp_check, in the caches and in the walker. Latency: combinational.
// Source: docs/units/rmp.md, section Attributes (the two tables there are the two parts here).
module cbit_rmp_ask
  import cbit_pkg::*;
  import cbit_rmp_pkg::*;
(
  input  logic     write_i,   // asked on AW, not on AR
  input  spa_t     spa_i,
  input  attr_t    attr_i,
  output rmp_ask_t ask_o
);

  // has no row: refused, but for the AMD-SP
  localparam rmp_op_e OpNoRow = rmp_op_e'(4'd15);

  rmp_op_e data_op;
  logic    device, vmrun;

  assign data_op = write_i ? RMP_OP_WRITE : RMP_OP_READ;
  assign device = attr_i.requester == REQ_DEVICE;
  // a save area of the host's or of a guest's: VMRUN looks at it, so the host asks
  assign vmrun = attr_i.access == ACC_VMSA &&
                 (attr_i.requester == REQ_HOST || attr_i.requester == REQ_GUEST);

  always_comb begin
    ask_o.gpa = {attr_i.gpa_page[38:0], spa_i[11:0]};
    ask_o.map_size = rmp_size_e'(attr_i.page_size);
    ask_o.ec = attr_i.cbit;
    ask_o.asid = attr_i.asid;
    ask_o.vmpl = attr_i.vmpl;
    ask_o.cpl = attr_i.user ? 2'd3 : 2'd0;
    ask_o.ss = attr_i.ss;
    ask_o.snp_active = attr_i.snp;

    // ---- who asks ----
    case (attr_i.requester)
      REQ_HOST: ask_o.req = RMP_REQ_HOST;
      REQ_GUEST: ask_o.req = attr_i.snp ? RMP_REQ_GUEST_SNP : RMP_REQ_GUEST_NONSNP;
      REQ_SP: ask_o.req = RMP_REQ_AMD_SP;
      default: begin   // REQ_DEVICE
        if (attr_i.access == ACC_LOG) begin
          ask_o.req = RMP_REQ_IOMMU_SELF;
        end else begin
          ask_o.req = (attr_i.asid != '0) ? RMP_REQ_IOMMU_GUEST : RMP_REQ_IOMMU_HOST;
        end
      end
    endcase
    if (vmrun) begin
      ask_o.req = RMP_REQ_HOST;
    end

    // ---- for what ----
    case (attr_i.access)
      ACC_DATA: ask_o.op = data_op;
      ACC_FETCH: ask_o.op = write_i ? OpNoRow : RMP_OP_FETCH;
      ACC_PT_WALK, ACC_AD_UPDATE: ask_o.op = write_i ? RMP_OP_PT_AD : RMP_OP_PT_READ;
      ACC_VMSA: ask_o.op = vmrun ? RMP_OP_VMRUN_VMSA : data_op;
      ACC_NPT_WALK, ACC_NPT_AD: ask_o.op = write_i ? RMP_OP_NPT_AD : RMP_OP_NPT_READ;
      default: ask_o.op = device ? data_op : OpNoRow;   // ACC_LOG
    endcase
  end

  logic unused_bits;
  assign unused_bits = ^{spa_i[51:12], attr_i.ncbit, attr_i.gpa_page[39]};

endmodule
