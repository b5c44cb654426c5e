// SPDX-License-Identifier: Apache-2.0
//
// cbit_bus_front: the requester's address channel: routed on the pins, queued with its verdict.
//
// Where: first thing behind the AR and the AW pins; one instance for each path (arq, awq).
// Latency 1 cycle, one request a cycle; nothing is accepted before init_done_i. Beside the queue it
// keeps what the key slots have to know of queued requests (stale head, slots in DRAIN).
// Source: docs/units/route.md, bus_read.md and bus_write.md (arq, awq, stale). Reset: empty.
module cbit_bus_front
  import cbit_pkg::*;
#(
  parameter int unsigned Lanes = 1,
  parameter int unsigned KeySlots = 16,
  parameter int unsigned SpaWidth = 40,
  parameter int unsigned AttrFromAddr = 0,
  parameter int unsigned CbitPos = 51,
  parameter int unsigned AsidLsb = 52
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
  // oldest request; its address pins 63:52, for the fault log
  output logic                head_valid_o,
  input  logic                head_pop_i,
  output routed_t             head_o,
  output logic [11:0]         head_addr_hi_o,
  output logic                head_stale_o,
  output logic                head_active_o,   // its slot is ACTIVE, if it is encrypted
  // a queued encrypted request has a slot in DRAIN
  output logic                drain_o
);

  localparam int unsigned SlotIdxW = $clog2(KeySlots);

  routed_t    in;
  logic       room;
  logic [1:0] valid;
  logic [$bits(routed_t)+11:0] unused_second, unused_next;
  logic                        unused_load;

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
    .AsidLsb     (AsidLsb)
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
    .fault_o(in.fault),
    .attr_o (in.attr)
  );

  cbit_bus_pair #(
    .Width($bits(routed_t) + 12)
  ) u_queue (
    .clk_i,
    .rst_ni,
    .in_valid_i(s_ax_valid_i && init_done_i),
    .in_ready_o(room),
    .in_data_i ({s_ax_i.addr[63:52], in}),
    .valid_o   (valid),
    .pop_i     (head_pop_i),
    .first_o   ({head_addr_hi_o, head_o}),
    .second_o  (unused_second),
    .first_load_o(unused_load),
    .first_next_o(unused_next)
  );

  assign head_valid_o = valid[0];

  assign s_ax_ready_o = init_done_i && room;

  cbit_bus_queued #(
    .KeySlots(KeySlots)
  ) u_queued (
    .clk_i,
    .rst_ni,
    .kill_i,
    .slot_drain_i,
    .slot_active_next_i,
    .valid_i     (valid),
    .push_i      (s_ax_valid_i && s_ax_ready_o),
    .push_enc_i  (in.enc),
    .push_slot_i (in.slot[SlotIdxW-1:0]),
    .pop_i       (head_pop_i),
    .head_stale_o,
    .head_active_o,
    .drain_o
  );

endmodule
