// SPDX-License-Identifier: Apache-2.0
//
// cbit_bus_front: the requester's address channel: routed on the pins, queued with its verdict.
//
// Where: first thing behind the AR and the AW pins; one instance for each path (arq, awq).
// Latency 1 cycle, one request a cycle; nothing is accepted before init_done_i. Beside the queue it
// keeps what the key slots have to know of queued requests (stale head, slots in DRAIN).
// RMP check (Rmp = 1): the handshake asks it (ask_*). On the write path (Gate = 1) the request
// waits for its verdict in a gate between route and queue, one more cycle; a denied one is queued
// with the fault CHECK. On the read path it is queued at once, and the head waits.
// Source: docs/units/route.md, bus_read.md and bus_write.md (arq, awq, stale), rmp.md (gate).
// Reset: empty.
`include "cbit_assert.svh"

module cbit_bus_front
  import cbit_pkg::*;
#(
  parameter int unsigned Lanes = 1,
  parameter int unsigned KeySlots = 16,
  parameter int unsigned SpaWidth = 40,
  parameter int unsigned AttrFromAddr = 0,
  parameter int unsigned CbitPos = 51,
  parameter int unsigned AsidLsb = 52,
  parameter int unsigned Rmp = 0,
  parameter int unsigned Gate = 0,      // 1: with the gate
  parameter int unsigned RmpMiss = 4    // its places
) (
  input  logic                clk_i,
  input  logic                rst_ni,
  input  logic                init_done_i,
  input  logic                kill_i,
  // configuration, slot states
  input  logic                smee_i,
  input  logic                tsme_i,
  input  logic [3:0]          mode_i,
  input  logic [KeySlots-1:0] slot_active_i,
  input  logic [KeySlots-1:0] slot_active_next_i,
  input  logic [KeySlots-1:0] slot_drain_i,
  // requester
  input  logic                s_ax_valid_i,
  output logic                s_ax_ready_o,
  input  ax_req_t             s_ax_i,
  // question to the check; the oldest one's request goes
  output logic                ask_valid_o,
  output spa_t                ask_spa_o,
  output attr_t               ask_attr_o,
  output logic                ask_none_o,      // refused by the route
  output logic                ask_pop_o,
  // gate: what the check says of the oldest one
  input  logic                gate_wait_i,
  input  logic                gate_deny_i,
  input  logic                gate_tbl_i,      // a table write of the AMD-SP
  input  rec_t                gate_rec_i,
  // request that goes into the queue; only the push is late
  output logic                push_o,
  output logic [27:0]         push_addr_o,
  output logic [7:0]          push_len_o,
  output logic [2:0]          push_size_o,
  output logic [1:0]          push_burst_o,
  // oldest request; its address pins 63:52, for the fault log
  output logic                head_valid_o,
  input  logic                head_pop_i,
  output routed_t             head_o,
  output logic [11:0]         head_addr_hi_o,
  output logic                head_stale_o,
  output logic                head_active_o,   // its slot is ACTIVE, if it is encrypted
  output logic                head_tbl_o,      // from the gate
  output rec_t                head_rec_o,
  // a queued encrypted request has a slot in DRAIN; nothing is queued
  output logic                drain_o,
  output logic                empty_o
);

  localparam int unsigned SlotIdxW = $clog2(KeySlots);

  // A pop is known late. What is looked at in the cycle is in a queue that shifts; the rest, which is
  // passed on or logged, stays where it is until it is popped.
  typedef struct packed {
    logic [11:0]      addr_hi;
    logic [SpaW-1:12] page;
    logic [3:0]       cache;
    logic [2:0]       prot;
    logic [3:0]       qos;
    logic [3:0]       region;
    attr_t            attr;
    rec_t             rec;
  } rest_t;

  routed_t           in, push_req;
  logic [SlotIdxW-1:0] in_look, push_look;   // slot if it is encrypted, known earlier
  routed_t           push_now, first;
  rest_t             push_rest, first_rest;
  logic              push_tbl, first_tbl;
  logic [11:0]       push_addr_hi;
  rec_t              push_rec;
  logic              room, push_try, push_stale, queue_drain;
  logic [1:0]        valid;

  assign in.id = s_ax_i.id;
  assign in.len = s_ax_i.len;
  assign in.size = s_ax_i.size;
  assign in.burst = s_ax_i.burst;
  assign in.lock = s_ax_i.lock;
  assign in.cache = s_ax_i.cache;
  assign in.prot = s_ax_i.prot;
  assign in.qos = s_ax_i.qos;
  assign in.region = s_ax_i.region;

  cbit_route #(
    .Lanes       (Lanes),
    .KeySlots    (KeySlots),
    .SpaWidth    (SpaWidth),
    .AttrFromAddr(AttrFromAddr),
    .CbitPos     (CbitPos),
    .AsidLsb     (AsidLsb),
    .Rmp         (Rmp)
  ) u_route (
    .addr_i (s_ax_i.addr),
    .len_i  (s_ax_i.len),
    .size_i (s_ax_i.size),
    .burst_i(s_ax_i.burst),
    .lock_i (s_ax_i.lock),
    .user_i (s_ax_i.user),
    .smee_i,
    .tsme_i,
    .mode_i,
    .slot_active_i,
    .spa_o  (in.spa),
    .enc_o  (in.enc),
    .slot_o (in.slot),
    .look_o (in_look),
    .fault_o(in.fault),
    .attr_o (in.attr)
  );

  assign ask_valid_o = s_ax_valid_i && s_ax_ready_o;
  assign ask_spa_o = in.spa;
  assign ask_attr_o = in.attr;
  assign ask_none_o = in.fault != FAULT_NONE;

  if (Gate != 0) begin : gen_gate
    routed_t     gate_req;
    logic        gate_room, gate_valid, gate_drain, gate_empty;
    logic [11:0] gate_addr_hi;

    cbit_bus_gate #(
      .Places  (RmpMiss),
      .KeySlots(KeySlots)
    ) u_gate (
      .clk_i,
      .rst_ni,
      .kill_i,
      .slot_drain_i,
      .in_valid_i   (s_ax_valid_i && init_done_i),
      .in_ready_o   (gate_room),
      .in_i         (in),
      .in_addr_hi_i (s_ax_i.addr[63:52]),
      .out_valid_o  (gate_valid),
      .out_ready_i  (room && !gate_wait_i),
      .out_o        (gate_req),
      .out_addr_hi_o(gate_addr_hi),
      .out_stale_o  (push_stale),
      .drain_o      (gate_drain),
      .empty_o      (gate_empty)
    );

    always_comb begin
      push_req = gate_req;
      if (gate_req.fault == FAULT_NONE && gate_deny_i) begin
        push_req.fault = FAULT_CHECK;
      end
    end

    assign s_ax_ready_o = init_done_i && gate_room;
    assign push_try = gate_valid && !gate_wait_i;
    assign push_o = push_try && room;
    assign push_addr_o = gate_req.spa[27:0];
    assign push_len_o = gate_req.len;
    assign push_size_o = gate_req.size;
    assign push_burst_o = gate_req.burst;
    assign push_look = push_req.slot[SlotIdxW-1:0];

    logic unused_look;
    assign unused_look = ^in_look;
    assign push_tbl = gate_tbl_i;
    assign push_addr_hi = gate_addr_hi;
    assign push_rec = gate_rec_i;
    assign ask_pop_o = push_o;
    assign drain_o = queue_drain || gate_drain;
    assign empty_o = gate_empty && !valid[0];
  end else begin : gen_pins
    logic unused_gate;
    assign unused_gate = ^{gate_wait_i, gate_deny_i, gate_tbl_i, gate_rec_i};

    assign push_req = in;
    assign push_look = in_look;
    assign push_stale = 1'b0;
    assign s_ax_ready_o = init_done_i && room;
    assign push_try = s_ax_valid_i && init_done_i;
    assign push_o = s_ax_valid_i && s_ax_ready_o;
    assign push_addr_o = s_ax_i.addr[27:0];
    assign push_len_o = s_ax_i.len;
    assign push_size_o = s_ax_i.size;
    assign push_burst_o = s_ax_i.burst;
    assign push_tbl = 1'b0;
    assign push_addr_hi = s_ax_i.addr[63:52];
    assign push_rec = '0;
    assign ask_pop_o = head_pop_i;
    assign drain_o = queue_drain;
    assign empty_o = !valid[0];
  end

  assign push_rest = '{
    addr_hi: push_addr_hi, page: push_req.spa[SpaW-1:12], cache: push_req.cache,
    prot: push_req.prot, qos: push_req.qos, region: push_req.region, attr: push_req.attr,
    rec: push_rec
  };

  always_comb begin
    push_now = push_req;
    push_now.spa[SpaW-1:12] = '0;
    push_now.cache = '0;
    push_now.prot = '0;
    push_now.qos = '0;
    push_now.region = '0;
    push_now.attr = '0;
  end

  logic [$bits(routed_t):0] unused_second, unused_next;
  logic                     unused_load;

  cbit_bus_pair #(
    .Width($bits(routed_t) + 1)
  ) u_queue (
    .clk_i,
    .rst_ni,
    .in_valid_i(push_try),
    .in_ready_o(room),
    .in_data_i ({push_tbl, push_now}),
    .valid_o   (valid),
    .pop_i     (head_pop_i),
    .first_o   ({first_tbl, first}),
    .second_o  (unused_second),
    .first_load_o(unused_load),
    .first_next_o(unused_next)
  );

  logic rest_room, rest_room_d, rest_valid, rest_valid_d;

  cbit_bus_flip #(
    .Width($bits(rest_t))
  ) u_rest (
    .clk_i,
    .rst_ni,
    .in_valid_i   (push_try),
    .in_ready_o   (rest_room),
    .in_ready_d_o (rest_room_d),
    .in_data_i    (push_rest),
    .out_valid_o  (rest_valid),
    .out_valid_d_o(rest_valid_d),
    .out_ready_i  (head_pop_i),
    .out_data_o   (first_rest)
  );

  always_comb begin
    head_o = first;
    head_o.spa[SpaW-1:12] = first_rest.page;
    head_o.cache = first_rest.cache;
    head_o.prot = first_rest.prot;
    head_o.qos = first_rest.qos;
    head_o.region = first_rest.region;
    head_o.attr = first_rest.attr;
  end

  assign head_addr_hi_o = first_rest.addr_hi;
  assign head_rec_o = first_rest.rec;
  assign head_tbl_o = first_tbl;

  logic unused_rest;
  assign unused_rest = ^{rest_room, rest_room_d, rest_valid, rest_valid_d};

  assign head_valid_o = valid[0];

  cbit_bus_queued #(
    .KeySlots(KeySlots)
  ) u_queued (
    .clk_i,
    .rst_ni,
    .kill_i,
    .slot_drain_i,
    .slot_active_next_i,
    .valid_i     (valid),
    .push_i      (push_o),
    .push_enc_i  (push_req.enc),
    .push_slot_i (push_look),
    .push_stale_i(push_stale),
    .pop_i       (head_pop_i),
    .head_stale_o,
    .head_active_o,
    .drain_o     (queue_drain)
  );

  `CBIT_ASSERT(FrontRest, rest_room == room && rest_valid == valid[0])

endmodule
