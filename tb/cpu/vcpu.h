// SPDX-License-Identifier: Apache-2.0
//
// vcpu.h - a virtual processor: memory accesses by linear address, on the engine's bus (docs/cpu.md)
//
//   space_t s;                                  // tables: space.h
//   tlb_t tlb = {0};                            // of the core
//   bench_on_inv(b, tlb_inv, &tlb);             // it must hear of invalidations
//   vcpu_t v;
//   vcpu_init(&v, &s, &tlb, &who);              // who: ASID, VMPL, user, snp; requester GUEST, or HOST with ASID 0
//   vcpu_result_t r = vcpu_access(&v, VCPU_READ, va, data, 16);
//   if (r.end == VCPU_NPF) ... r.error is EXITINFO1, r.info EXITINFO2
//
// All accesses block: they clock the bench until they have ended. Bytes are in memory order.
#ifndef TB_VCPU_H
#define TB_VCPU_H

#include "cpu/space.h"
#include "cpu/tlb.h"

#define VCPU_CODE_CHECK 8u  // code of the fault log: refused by the check of the reverse map table (docs/units/bus_read.md)

typedef enum vcpu_op { VCPU_READ = 0, VCPU_WRITE = 1, VCPU_FETCH = 2 } vcpu_op_t;

typedef enum vcpu_end {
  VCPU_DONE = 0,
  VCPU_PF,       // error code; info = CR2
  VCPU_NPF,      // EXITINFO1; info = EXITINFO2
  VCPU_VC,       // 404h; info = CR2
  VCPU_GP,
  VCPU_MC,       // machine check; info = linear address
  VCPU_INVALID,  // VMEXIT_INVALID
  VCPU_REFUSED,  // the engine refused for a reason that no fault of a processor tells: error = code of the fault log
  VCPU_FAILED    // the bench has failed
} vcpu_end_t;

typedef struct vcpu_result {
  vcpu_end_t end;
  uint64_t error, info;
  size_t moved;          // bytes
  uint64_t gpa, spa;     // of the last byte range that was translated
  bool ec;               // its effective C-bit
  bool hit;              // the last page came out of the TLB
  uint32_t requests;     // on the bus, table accesses included
  uint8_t resp;          // of the request that ended it
  bench_fault_t record;  // code 0: none
} vcpu_result_t;

typedef struct vcpu {
  space_t *s;
  tlb_t *tlb;  // of the core it runs on
  cbit_attr_t who;
  uint16_t id;  // AXI ID of its requests: that of the core; 0 at first
} vcpu_t;

void vcpu_init(vcpu_t *v, space_t *s, tlb_t *tlb, const cbit_attr_t *who);
// len bytes from va on; data is read into or written from.
vcpu_result_t vcpu_access(vcpu_t *v, vcpu_op_t op, uint64_t va, uint8_t *data, size_t len);
// Translation alone, of a guest instruction with a linear address: checks of a read of one byte, no data request.
vcpu_result_t vcpu_translate(vcpu_t *v, uint64_t va);
// PVALIDATE, RMPADJUST, RMPQUERY (cbit_insn_op_t) at a linear address. DONE: it was played, *done has its answer; else the
// translation faulted. va, rcx and rdx as in the registers.
vcpu_result_t vcpu_insn(vcpu_t *v, uint32_t port, uint8_t op, uint64_t va, uint64_t rcx, uint64_t rdx, insn_port_t *done);
// VMRUN with a save area; slot of the mark. DONE: the mark stays until vcpu_vmexit().
vcpu_result_t vcpu_vmrun(vcpu_t *v, uint64_t spa, uint8_t slot);
bool vcpu_vmexit(vcpu_t *v, uint8_t slot);
const char *vcpu_end_name(vcpu_end_t end);     // "#PF", ...

// ---- inside: vcpu*.c ----

// A request on the bus. False: it did not end with OKAY, r tells how. va: for CR2.
bool vcpu_bus(vcpu_t *v, const cbit_attr_t *who, bool write, uint64_t spa, uint8_t *data, size_t len, uint64_t va,
              vcpu_result_t *r);
// Walks the tables for op at va; x = the translation of its page. False: a fault, in r.
bool vcpu_walk(vcpu_t *v, vcpu_op_t op, uint64_t va, xlate_t *x, vcpu_result_t *r);
// Effective C-bit of an access through this translation.
bool vcpu_ec(const vcpu_t *v, vcpu_op_t op, uint64_t va, const xlate_t *x);

#endif  // TB_VCPU_H
