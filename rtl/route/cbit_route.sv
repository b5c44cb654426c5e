// SPDX-License-Identifier: Apache-2.0
//
// cbit_route: from the attributes of a request to its effective key, or to a fault.
//
// Where: at the address channels, one instance for reads and one for writes; the verdict travels
// with the request. Latency: combinational.
// Source: docs/units/route.md (the two tables there are the two sections here), docs/units/rmp.md
// (Rmp = 1); AMD APM volume 2, sections 15.34 and 15.36; AXI4 burst rules: Arm IHI 0022, A3.
`include "cbit_assert.svh"

module cbit_route #(
  parameter int unsigned Lanes = 1,          // 1, 2, 4: data bus of 16 * Lanes bytes
  parameter int unsigned KeySlots = 16,      // 16 to 1024
  parameter int unsigned SpaWidth = 40,      // 32 to 52
  parameter int unsigned AttrFromAddr = 0,   // 1: C-bit and ASID come in the address
  parameter int unsigned CbitPos = 51,
  parameter int unsigned AsidLsb = 52,
  parameter int unsigned HostSlot = 0,       // slot of the host key, an ASID no guest has
  parameter int unsigned Rmp = 0,            // 1: access kinds 5 to 7 are legal
  localparam int unsigned SlotW = $clog2(KeySlots)
) (
  // address channel
  input  logic [63:0]         addr_i,
  input  logic [7:0]          len_i,
  input  logic [2:0]          size_i,
  input  logic [1:0]          burst_i,
  input  logic                lock_i,
  input  cbit_pkg::attr_t     user_i,
  // configuration and slot states
  input  logic                smee_i,
  input  logic                tsme_i,
  input  logic [3:0]          mode_i,
  input  logic [KeySlots-1:0] slot_active_i,
  // verdict
  output logic [51:0]         spa_o,
  output logic                enc_o,
  output logic [9:0]          slot_o,
  output logic [SlotW-1:0]    look_o,     // slot_o if it is encrypted; early, without the faults
  output logic [3:0]          fault_o,
  output cbit_pkg::attr_t     attr_o
);

  localparam int unsigned MaxSize = 4 + $clog2(Lanes);

  // ---- carrier of C-bit and ASID ----
  logic [63:0] addr;   // without the carrier bits
  logic        cbit;
  logic [9:0]  asid;

  if (AttrFromAddr != 0) begin : gen_from_addr
    localparam logic [63:0] Carrier = (64'd1 << CbitPos) | (64'h3ff << AsidLsb);
    assign addr = addr_i & ~Carrier;
    assign cbit = addr_i[CbitPos];
    assign asid = addr_i[AsidLsb +: 10];
  end else begin : gen_from_user
    assign addr = addr_i;
    assign cbit = user_i.cbit;
    assign asid = user_i.asid;
  end

  always_comb begin
    attr_o = user_i;
    attr_o.cbit = cbit;
    attr_o.asid = asid;
  end

  assign spa_o = addr[51:0];

  // ---- effective key; not encrypted is K0 ----
  logic       guest_private, bypass;
  logic       nested;    // a nested table: under the host's control, never with the guest's key
  logic       has_key;   // the key is not K0
  logic [9:0] slot;

  assign bypass = mode_i == 4'd0;
  assign nested = Rmp != 0 && (user_i.access == cbit_pkg::ACC_NPT_WALK ||
                               user_i.access == cbit_pkg::ACC_NPT_AD);
  assign guest_private = cbit || user_i.access == cbit_pkg::ACC_FETCH ||
                         user_i.access == cbit_pkg::ACC_PT_WALK ||
                         user_i.access == cbit_pkg::ACC_VMSA;

  always_comb begin
    // the "otherwise" of every requester: K0, or with TSME the host key
    has_key = tsme_i;
    slot = 10'(HostSlot);
    case (user_i.requester)
      cbit_pkg::REQ_HOST: begin
        if (cbit && smee_i) begin
          has_key = 1'b1;
        end
      end
      cbit_pkg::REQ_GUEST: begin
        if (smee_i && guest_private && !nested) begin
          has_key = 1'b1;
          slot = asid;
        end else if (smee_i && user_i.ncbit) begin
          has_key = 1'b1;
        end
      end
      cbit_pkg::REQ_DEVICE: begin
        if (cbit && asid == 10'd0 && smee_i) begin
          has_key = 1'b1;
        end
      end
      default: begin   // REQ_SP
        if (cbit && smee_i) begin
          has_key = 1'b1;
          slot = asid;
        end
      end
    endcase
    if (bypass) begin
      has_key = 1'b0;
    end
  end

  // ---- faults, first match wins ----
  logic bad_addr, bad_proto, bad_device, bad_asid, bad_slot, bad_excl;
  logic asid_too_big, slot_active;

  if (SpaWidth < 64) begin : gen_addr_limit
    assign bad_addr = |addr[63:SpaWidth];
  end else begin : gen_no_addr_limit
    assign bad_addr = 1'b0;
  end

  // size_mask: address bits inside one beat. An INCR burst stays in its page when its last beat
  // does, and beats do not cross a page when aligned to their size.
  logic [6:0]  size_mask;
  logic [15:0] last_beat;
  logic        misaligned;

  assign size_mask = 7'((8'd1 << size_i) - 8'd1);
  assign misaligned = (addr[6:0] & size_mask) != '0;
  assign last_beat = 16'({addr[11:7], addr[6:0] & ~size_mask}) + (16'(len_i) << size_i);

  always_comb begin
    bad_proto = 32'(size_i) > MaxSize || (Rmp == 0 && user_i.access > cbit_pkg::ACC_VMSA);
    case (burst_i)
      cbit_pkg::BURST_FIXED: begin
        bad_proto = bad_proto || len_i > 8'd15;
      end
      cbit_pkg::BURST_INCR: begin
        bad_proto = bad_proto || last_beat >= 16'd4096;
      end
      cbit_pkg::BURST_WRAP: begin
        bad_proto = bad_proto || misaligned ||
                    !(len_i == 8'd1 || len_i == 8'd3 || len_i == 8'd7 || len_i == 8'd15);
      end
      default: begin
        bad_proto = 1'b1;
      end
    endcase
  end

  assign bad_device = user_i.requester == cbit_pkg::REQ_DEVICE && cbit && asid != 10'd0;

  // A guest's ASID is checked whatever its key is, also with the engine bypassed.
  assign asid_too_big = 32'(asid) >= KeySlots;
  assign bad_asid = (user_i.requester == cbit_pkg::REQ_GUEST &&
                     (asid == 10'(HostSlot) || asid_too_big)) ||
                    (user_i.requester == cbit_pkg::REQ_SP && cbit && asid_too_big && !bypass);

  assign slot_active = slot_active_i[slot[SlotW-1:0]];
  assign bad_slot = has_key && !slot_active;
  assign bad_excl = has_key && lock_i;

  always_comb begin
    if (bad_addr) begin
      fault_o = cbit_pkg::FAULT_ADDR;
    end else if (bad_proto) begin
      fault_o = cbit_pkg::FAULT_PROTO;
    end else if (bad_device) begin
      fault_o = cbit_pkg::FAULT_DEVICE;
    end else if (bad_asid) begin
      fault_o = cbit_pkg::FAULT_ASID;
    end else if (bad_slot) begin
      fault_o = cbit_pkg::FAULT_SLOT;
    end else if (bad_excl) begin
      fault_o = cbit_pkg::FAULT_EXCL;
    end else begin
      fault_o = cbit_pkg::FAULT_NONE;
    end
  end

  assign enc_o = has_key && fault_o == cbit_pkg::FAULT_NONE;
  assign slot_o = enc_o ? slot : 10'd0;
  assign look_o = slot[SlotW-1:0];

  `CBIT_ASSERT_INIT(RouteLanes, Lanes == 1 || Lanes == 2 || Lanes == 4)
  `CBIT_ASSERT_INIT(RouteKeySlots, KeySlots >= 2 && KeySlots <= 1024 && HostSlot < KeySlots)
  `CBIT_ASSERT_INIT(RouteSpaWidth, SpaWidth >= 32 && SpaWidth <= 52)
  `CBIT_ASSERT_INIT(RouteRmp, Rmp <= 1)
  `CBIT_ASSERT_INIT(RouteCarrier, AttrFromAddr == 0 || (CbitPos < 64 && AsidLsb + 10 <= 64))

endmodule
