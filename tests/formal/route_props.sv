// SPDX-License-Identifier: Apache-2.0
//
// route_props: what cbit_route must never do, whatever the request (docs/units/route.md, docs/security.md). Written as promises
// to the owner of the data, not as the tables over again. Combinational: one look at any input is the whole proof (a clocked check is seen in the step after it).
module route_props
  import cbit_pkg::*;
#(
  parameter int unsigned Lanes = 1,
  parameter int unsigned KeySlots = 16,
  parameter int unsigned SpaWidth = 40,
  parameter int unsigned AttrFromAddr = 0
) (
  input logic                clk_i,
  input logic [63:0]         addr_i,
  input logic [7:0]          len_i,
  input logic [2:0]          size_i,
  input logic [1:0]          burst_i,
  input logic                lock_i,
  input logic [63:0]         user_i,
  input logic                smee_i,
  input logic                tsme_i,
  input logic [3:0]          mode_i,
  input logic [KeySlots-1:0] slot_active_i
);

  localparam int unsigned CbitPos = 51;
  localparam int unsigned AsidLsb = 52;
  localparam int unsigned SlotIdxW = $clog2(KeySlots);
  localparam logic [63:0] Carrier = (AttrFromAddr != 0) ? (64'd1 << CbitPos) | (64'h3ff << AsidLsb) : 64'd0;

  attr_t       user, attr;
  logic [51:0] spa;
  logic        enc, cbit;
  logic [9:0]  slot, asid;
  logic [SlotIdxW-1:0] look;
  logic [3:0]  fault;
  logic [63:0] addr;

  assign user = user_i;
  assign addr = addr_i & ~Carrier;
  assign cbit = (AttrFromAddr != 0) ? addr_i[CbitPos] : user.cbit;
  assign asid = (AttrFromAddr != 0) ? addr_i[AsidLsb +: 10] : user.asid;

  cbit_route #(
    .Lanes       (Lanes),
    .KeySlots    (KeySlots),
    .SpaWidth    (SpaWidth),
    .AttrFromAddr(AttrFromAddr),
    .CbitPos     (CbitPos),
    .AsidLsb     (AsidLsb)
  ) u_dut (
    .addr_i,
    .len_i,
    .size_i,
    .burst_i,
    .lock_i,
    .user_i (user),
    .smee_i,
    .tsme_i,
    .mode_i,
    .slot_active_i,
    .spa_o  (spa),
    .enc_o  (enc),
    .slot_o (slot),
    .look_o (look),
    .fault_o(fault),
    .attr_o (attr)
  );

  logic on, ok, private_access;
  assign on = smee_i && mode_i != 4'd0;
  assign ok = fault == FAULT_NONE;
  assign private_access = user.access == ACC_FETCH || user.access == ACC_PT_WALK || user.access == ACC_VMSA;

  logic [15:0] bytes, offset;   // of an INCR burst in its page
  assign bytes = (16'(len_i) + 16'd1) << size_i;
  assign offset = 16'(addr[11:0] & ~((12'd1 << size_i) - 12'd1));

  always_ff @(posedge clk_i) begin
    // nothing refused is ciphered, and nobody learns of a slot by it
    a_refused: assert (ok || (!enc && slot == 10'd0));
    a_plain_slot: assert (enc || slot == 10'd0);
    a_look: assert (!enc || look == slot[SlotIdxW-1:0]);
    // never plain for what a guest keeps private
    a_guest_cbit: assert (!(user.requester == REQ_GUEST && cbit && on && ok) || (enc && slot == asid));
    a_guest_fetch: assert (!(user.requester == REQ_GUEST && private_access && on && ok) || (enc && slot == asid));
    a_host_cbit: assert (!(user.requester == REQ_HOST && cbit && on && ok) || (enc && slot == 10'd0));
    a_sp_cbit: assert (!(user.requester == REQ_SP && cbit && on && ok) || (enc && slot == asid));
    a_tsme: assert (!(tsme_i && mode_i != 4'd0 && ok) || enc);
    // a key goes to nobody else
    a_other_slot: assert (!enc || slot == 10'd0 || slot == asid);
    a_guest_slot: assert (!enc || slot == 10'd0 || user.requester == REQ_GUEST || user.requester == REQ_SP);
    a_device: assert (!(user.requester == REQ_DEVICE && cbit && asid != 10'd0) || !ok);
    a_guest_host_key: assert (!(user.requester == REQ_GUEST && (asid == 10'd0 || 32'(asid) >= KeySlots)) || !ok);
    a_no_cbit: assert (!(user.requester == REQ_GUEST && !cbit && !private_access && enc) || slot == 10'd0);
    // only with a key that is live, in a mode that is on, not exclusive
    a_active: assert (!enc || (32'(slot) < KeySlots && slot_active_i[slot[SlotIdxW-1:0]]));
    a_mode: assert (!enc || mode_i != 4'd0);
    a_exclusive: assert (!enc || !lock_i);
    // addresses and bursts
    a_limit: assert ((fault == FAULT_ADDR) == ((addr >> SpaWidth) != '0));
    a_spa: assert (spa == addr[51:0]);
    a_page: assert (!(burst_i == BURST_INCR && offset + bytes > 16'd4096) || !ok);
    a_page_end: assert (!(burst_i == BURST_INCR && offset + bytes <= 16'd4096 && 32'(size_i) <= 4 + $clog2(Lanes) &&
                          user.access <= ACC_VMSA) || fault != FAULT_PROTO);
    a_size: assert (32'(size_i) <= 4 + $clog2(Lanes) || !ok);
    a_burst: assert (burst_i != 2'd3 || !ok);
    // what travels on
    a_attr: assert (attr.cbit == cbit && attr.asid == asid && attr.requester == user.requester &&
                    attr.access == user.access && attr.gpa_page == user.gpa_page && attr.vmpl == user.vmpl);
    c_guest: cover (enc && slot == 10'(KeySlots - 1));
    c_page_end: cover (ok && enc && burst_i == BURST_INCR && offset + bytes == 16'd4096 && len_i != '0);
  end

endmodule
