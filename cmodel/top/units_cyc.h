// SPDX-License-Identifier: Apache-2.0
//
// units_cyc.h: what passes between the units of the cycle layer inside one clock.
//
// Order in top_cyc.c, each clock: every unit's *_out() is a function of its registers, made in the order sp, key_store,
// tweak, bus_write, rmp, bus_read (each may look at the earlier ones' members); then the steps, in this order:
// bus_read_cyc_step, bus_write_cyc_step, key_store_cyc_step, sp_cyc_step, rmp_cyc_step, tweak_cyc_step. A step reads what
// the earlier ones put into cyc_net_t and moves its unit's registers to the next cycle. All arrays are sized by
// configuration: a unit gives its size with *_size(cfg) and is placed by the caller. With Rmp = 0 there is no rmp unit.
#ifndef CBIT_UNITS_CYC_H
#define CBIT_UNITS_CYC_H

#include "cbit.h"
#include "cbit_cyc.h"

#define CYC_FAULT_CHECK 8u  // fault code beyond those of the route: refused by the reverse map table

// What a check of the reverse map table said, as the fault log keeps it; codes of docs/units/rmp_check.md.
typedef struct cyc_rmp_rec {
  uint64_t error;  // 38 bits
  uint8_t row, why, kind;
} cyc_rmp_rec_t;

typedef struct cyc_fault {
  bool valid;
  uint8_t code;
  bool write;
  uint16_t id;
  uint64_t user;  // attributes packed as on AxUSER, with the effective C-bit and ASID
  uint64_t addr;
  cyc_rmp_rec_t rmp;  // code CHECK; all zero for the others
} cyc_fault_t;

typedef struct cyc_job {
  bool valid;
  uint8_t entry;
  uint16_t slot;
  uint64_t spa;
  uint8_t lo, hi, first;
} cyc_job_t;

typedef struct cyc_tweak_result {
  bool we;
  uint8_t entry, unit;
  uint8_t t[16];
} cyc_tweak_result_t;

typedef struct cyc_rmw_req {
  bool valid;
  uint64_t spa;
  uint8_t rows;
  uint16_t slot;
  uint8_t tag;
  uint8_t cache, prot, qos, region;
  bool enc;  // at the read path's internal port; bus_write's own are always encrypted
} cyc_rmw_req_t;

#define CYC_TAG_WALK 0x80u  // tag[7]: a read of the reverse map table, not a read-modify-write

typedef struct cyc_rmw_data {
  bool valid;
  uint8_t tag, row;
  bool err;
  uint8_t data[CBIT_MAX_BUS_BYTES];
} cyc_rmw_data_t;

// A question to a cache of the reverse map table: an address handshake at the requester's pins.
typedef struct cyc_ask {
  bool valid;
  bool none;  // the route refuses the request
  uint64_t spa;
  uint64_t attr;  // the attributes that travel on, packed as on AxUSER
} cyc_ask_t;

// One bit per counter event of a cycle (docs/units/sp.md, Counters), or a number of them.
typedef struct cyc_events {
  bool rd_plain, rd_enc, wr_plain, wr_enc, rmw, stall_tweak_rd, stall_tweak_wr, stall_rmw, stall_hazard;
  bool stall_rd_table, stall_wr_table, stall_out;
  bool rmp_read, stall_rmp_rd;  // bus_read
  bool stall_rmp_wr;            // bus_write
  uint8_t rmp_ask, rmp_miss;    // rmp: 0 to 2, with check ports to 3
  bool insn, insn_stop;         // rmp
  bool chk, stall_chk;          // rmp
} cyc_events_t;

// Configuration as the registers hold it in this cycle.
typedef struct cyc_ctrl {
  bool smee, tsme;
  uint8_t mode;
  bool line_mode;   // tweak units are lines: mode >= 4, or no block mode is compiled in
  bool ovr_en;      // tweak override active (TestTweak, debug strap and TEST[0])
  uint8_t ovr[16];  // its value
} cyc_ctrl_t;

// Registers RMP_BASE, RMP_END (bits 51:13 in their place, the others 0), RMP_CTRL and RMP_CFG.
typedef struct cyc_rmp_reg {
  uint64_t base, end;
  bool vmpl_en, vmpl_sss, iommu_snp;
  bool seg_en;
  uint8_t seg_size;
} cyc_rmp_reg_t;

// What the rmp unit says from its registers (docs/units/rmp.md, "Pins"). All zero with Rmp = 0.
typedef struct cyc_rmp_out {
  // to bus_read: the head of arq
  bool rd_wait, rd_deny;    // head_wait, head_deny of cache R: the answer of chk is {not rd_wait, not rd_deny}
  bool rd_now, rd_now_deny; // head_now, now_deny
  cyc_rmp_rec_t rd_rec;
  // to bus_write: the gate's output
  bool wr_wait, wr_deny, wr_tbl;
  cyc_rmp_rec_t wr_rec;
  // to sp
  bool chk_on, busy, loaded;
  uint8_t state, error;
} cyc_rmp_out_t;

// The bus units' side of the requester's pins (docs/units/rmp_insn.md, cbit_rmp_pins), with RmpInsn > 0 alone.
typedef struct cyc_eng_pins {
  bool arready, awready, wready;
  cbit_b_t b;
} cyc_eng_pins_t;

// Everything that crosses unit borders in one clock.
typedef struct cyc_net {
  // from registers, valid for the whole cycle
  cyc_ctrl_t ctrl;                   // sp
  bool init_done, kill;              // key_store
  const uint8_t *slot_state;         // key_store: [key_slots], SLOT_* values
  const cbit_slot_key_t *slot_key;   // key_store: [key_slots] expanded keys
  const cbit_tweak_table_t *table;   // sp / tweak constants
  cyc_tweak_result_t tw_r, tw_w;     // tweak: written into the bus units' memories at this edge
  cyc_rmw_req_t rmw_req;             // bus_write: head of rmwq
  cyc_rmw_req_t int_req;             // internal port of bus_read: rmp's merge, with Rmp = 0 rmw_req
  cyc_rmw_data_t rmw_data;           // bus_read: its register rmwd; for bus_write without CYC_TAG_WALK, else for rmp
  cyc_rmp_reg_t rmp_reg;             // sp
  cyc_rmp_out_t rmp;                 // rmp
  bool rd_idle, wr_idle;             // bus_read, bus_write -> rmp
  cyc_eng_pins_t eng;                // bus units -> rmp
  bool inflight_rd, inflight_wr;     // bus units: something uses a slot in DRAIN
  bool cmd_valid;                    // sp -> key_store
  uint8_t cmd_op;
  uint16_t cmd_slot;
  uint8_t key1[32], key2[32];
  bool cmd_done;                     // key_store -> sp (registers)
  uint8_t cmd_err, slot_state_q;
  bool ks_busy, ent_alarm, all_empty;
  bool flush_wait;                   // key_store: a FLUSH asks for inflight_* in this cycle; else nobody looks at them
  bool zeroise_q;                    // key_store: the sampled zeroise pin
  cyc_fault_t fault_r_q, fault_w_q;  // top -> sp: what the bus units reported in the cycle before
  cyc_events_t ev_q;                 // top -> sp: likewise
  // made by the steps of this cycle
  bool int_ready;                    // bus_read: int_req is taken
  bool rmw_ready;                    // bus_read: it is rmw_req that is taken
  cyc_ask_t ask_r, ask_w;            // bus units -> rmp: X_ask_*
  bool pop_r, pop_w;                 // bus units -> rmp: X_pop
  bool tbl_begin, tbl_end;           // bus_write -> rmp
  bool rmp_cmd_we;                   // sp -> rmp: an accepted write of RMP_CMD is executed in this cycle
  uint8_t rmp_cmd_op;
  cyc_job_t job_r, job_w;
  cyc_fault_t fault_r, fault_w;      // bus units, to fault_*_q
  cyc_events_t ev;                   // bus units, to ev_q
} cyc_net_t;

typedef struct bus_read_cyc bus_read_cyc_t;
typedef struct bus_write_cyc bus_write_cyc_t;
typedef struct key_store_cyc key_store_cyc_t;
typedef struct sp_cyc sp_cyc_t;
typedef struct tweak_cyc tweak_cyc_t;
typedef struct rmp_cyc rmp_cyc_t;

// For each unit x: size of its storage; init into storage (reset state); reset; outputs from registers; one clock.
// *_out fills its pins of *out and its register-driven members of *net.
size_t bus_read_cyc_size(const cbit_cyc_cfg_t *cfg);
void bus_read_cyc_init(bus_read_cyc_t *u, const cbit_cyc_cfg_t *cfg);
void bus_read_cyc_reset(bus_read_cyc_t *u);
// net members from the other units' registers are filled in before bus units' *_out (they need slot states and ctrl)
void bus_read_cyc_out(const bus_read_cyc_t *u, cyc_net_t *net, cbit_pins_out_t *out);
void bus_read_cyc_step(bus_read_cyc_t *u, cyc_net_t *net, const cbit_pins_in_t *in);

size_t bus_write_cyc_size(const cbit_cyc_cfg_t *cfg);
void bus_write_cyc_init(bus_write_cyc_t *u, const cbit_cyc_cfg_t *cfg);
void bus_write_cyc_reset(bus_write_cyc_t *u);
void bus_write_cyc_out(const bus_write_cyc_t *u, cyc_net_t *net, cbit_pins_out_t *out);  // rmw_req before bus_read_cyc_out
void bus_write_cyc_step(bus_write_cyc_t *u, cyc_net_t *net, const cbit_pins_in_t *in);

size_t key_store_cyc_size(const cbit_cyc_cfg_t *cfg);
void key_store_cyc_init(key_store_cyc_t *u, const cbit_cyc_cfg_t *cfg);
void key_store_cyc_reset(key_store_cyc_t *u);
void key_store_cyc_out(const key_store_cyc_t *u, cyc_net_t *net, cbit_pins_out_t *out);
void key_store_cyc_step(key_store_cyc_t *u, cyc_net_t *net, const cbit_pins_in_t *in);

size_t sp_cyc_size(const cbit_cyc_cfg_t *cfg);
void sp_cyc_init(sp_cyc_t *u, const cbit_cyc_cfg_t *cfg);
void sp_cyc_reset(sp_cyc_t *u);
void sp_cyc_out(const sp_cyc_t *u, cyc_net_t *net, cbit_pins_out_t *out);
void sp_cyc_step(sp_cyc_t *u, cyc_net_t *net, const cbit_pins_in_t *in);

size_t tweak_cyc_size(const cbit_cyc_cfg_t *cfg);
void tweak_cyc_init(tweak_cyc_t *u, const cbit_cyc_cfg_t *cfg);
void tweak_cyc_reset(tweak_cyc_t *u);
void tweak_cyc_out(const tweak_cyc_t *u, cyc_net_t *net);
void tweak_cyc_step(tweak_cyc_t *u, cyc_net_t *net);

// *_out: net->rmp and net->int_req, from its registers and net members rmp_reg, ctrl and rmw_req.
// *_step: in is looked at with RmpInsn > 0 or RmpChk > 0 alone.
size_t rmp_cyc_size(const cbit_cyc_cfg_t *cfg);
void rmp_cyc_init(rmp_cyc_t *u, const cbit_cyc_cfg_t *cfg);
void rmp_cyc_reset(rmp_cyc_t *u);
void rmp_cyc_out(const rmp_cyc_t *u, cyc_net_t *net);
void rmp_cyc_step(rmp_cyc_t *u, cyc_net_t *net, const cbit_pins_in_t *in);
// With RmpInsn > 0, between the pins and the bus units: *_pins_out after the bus units' *_out, for the requester's pins of
// *out and those of the instructions; *_pins_in before their steps: eng is what they look at instead of in.
void rmp_cyc_pins_out(const rmp_cyc_t *u, cyc_net_t *net, cbit_pins_out_t *out);
void rmp_cyc_pins_in(const rmp_cyc_t *u, const cbit_pins_in_t *in, cbit_pins_in_t *eng);
// With RmpChk > 0: the pins of the check ports.
void rmp_cyc_chk_out(const rmp_cyc_t *u, cbit_pins_out_t *out);

#endif
