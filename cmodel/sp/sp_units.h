// SPDX-License-Identifier: Apache-2.0
//
// sp_units.h - the registers behind the secure processor's port, as their three parts share them
//
// axil_cyc.c: AXI4-Lite to single accesses; csr_cyc.c: registers, commands, counters; fault_log_cyc.c: refused
// requests. Pages: docs/units/sp.md; rmp.md for the registers RMP_*. All members are registers of the hardware unless a
// comment says otherwise.

#ifndef CBIT_SP_UNITS_H
#define CBIT_SP_UNITS_H

#include "sp/sp_regs.h"
#include "top/units_cyc.h"

#define SP_FAULT_RECORDS 8u

// AXI responses.
#define SP_RESP_OKAY 0u
#define SP_RESP_SLVERR 2u

typedef struct axil_cyc {
  bool aw_valid, w_valid, ar_valid, b_valid, r_valid;
  uint8_t w_strb, b_resp, r_resp;
  uint16_t aw_addr, ar_addr;
  uint32_t w_data, r_data;
} axil_cyc_t;

typedef struct fault_log_cyc {
  cyc_fault_t record[SP_FAULT_RECORDS];  // ring, oldest at head
  uint8_t head, held;
  uint16_t dropped;
} fault_log_cyc_t;

struct sp_cyc {
  cbit_cyc_cfg_t cfg;
  axil_cyc_t axil;
  fault_log_cyc_t log;
  // csr
  bool smee, tsme;
  uint8_t mode;
  uint8_t lock;
  bool test_on;  // TEST[0] as written
  bool debug;    // the sampled strap
  bool irq;
  uint8_t intr_state, intr_enable;
  uint8_t cmd_op;
  uint16_t cmd_slot;
  bool cmd_pend;
  uint8_t cmd_err;
  uint16_t completed;
  uint8_t key1[32], key2[32];
  uint8_t test_tweak[16];
  uint32_t counter[SP_CNT_NUM];
  uint64_t rmp_base, rmp_end;  // bits 51:13
  uint8_t rmp_ctrl;            // as in RMP_CTRL
  uint16_t rmp_cfg;            // as in RMP_CFG
  cbit_tweak_table_t table;
  // A table entry written at the end of the last cycle. It enters the table at the beginning of the next step, because
  // the tweak unit, which steps after this one, still has to find the old table in the cycle of the write.
  bool table_we;
  uint8_t table_index;  // 0..47
  uint8_t table_data[16];
};

// axil_cyc.c. The access that is executed in this cycle; a write goes first.
typedef enum axil_access { AXIL_NONE = 0, AXIL_WRITE = 1, AXIL_READ = 2 } axil_access_t;
axil_access_t axil_cyc_access(const axil_cyc_t *a);
void axil_cyc_out(const axil_cyc_t *a, cbit_pins_out_t *out);
// One clock; resp and data are the answer to the access of this cycle.
void axil_cyc_step(axil_cyc_t *a, const cbit_pins_in_t *in, axil_access_t access, uint8_t resp, uint32_t data);

// fault_log_cyc.c
typedef struct fault_log_event {
  bool logged, dropped;
} fault_log_event_t;
void fault_log_cyc_reset(fault_log_cyc_t *log);
// The oldest record, NULL if there is none.
const cyc_fault_t *fault_log_cyc_oldest(const fault_log_cyc_t *log);
// One clock: pushes of both ports, and a pop.
fault_log_event_t fault_log_cyc_step(fault_log_cyc_t *log, const cyc_fault_t *port0, const cyc_fault_t *port1,
                                     bool pop);

#endif  // CBIT_SP_UNITS_H
