// SPDX-License-Identifier: Apache-2.0
//
// cbit_cyc.h: cycle layer of the golden model. One struct of pins in, one of pins out, one clock per call.
//
// Use: cbit_cyc_size() bytes from the caller -> cbit_cyc_init() -> every clock: cbit_cyc_outputs() (outputs of this
// cycle: they depend on registers only), then cbit_cyc_clock() with the inputs of this cycle (moves to the next).
// Byte order: data[i] is AXI byte lane i. Bit i of strb is the strobe of byte lane i. Pages: docs/units/*.md.
#ifndef CBIT_CYC_H
#define CBIT_CYC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CBIT_CYC_VERSION 4u
#define CBIT_MAX_BUS_BYTES 64u
#define CBIT_MAX_INSN 8u  // ports for RMP instructions
#define CBIT_MAX_USE 32u  // slots of pages in use
#define CBIT_MAX_CHK 8u   // check ports of an MMU or IOMMU

// Parameters of docs/interfaces.md; rmp_insn and rmp_use of docs/units/rmp_insn.md, rmp_chk and rmp_inuse of rmp_chk.md,
// rmp_seg of rmp_seg.md. struct_size = sizeof(cbit_cyc_cfg_t).
typedef struct cbit_cyc_cfg {
  uint32_t struct_size;
  uint32_t lanes, key_bits, rounds_per_stage, sbox, tweak_sbox, key_slots, id_width;
  uint32_t num_rd, num_wr, num_row, spa_width, modes_mask, default_mode;
  uint32_t attr_from_addr, cbit_pos, asid_lsb, test_tweak;
  uint32_t rmp, rmp_lines, rmp_miss, rmp_const;
  uint32_t rmp_insn, rmp_use;
  uint32_t rmp_chk, rmp_inuse, rmp_seg;
} cbit_cyc_cfg_t;

// Address channel on the requester side (AW or AR), inputs of the engine.
typedef struct cbit_ax_in {
  bool valid;
  uint16_t id;
  uint64_t addr;
  uint8_t len, size, burst, lock, cache, prot, qos, region;
  uint64_t user;
} cbit_ax_in_t;

// Address channel on the DRAM side, outputs of the engine.
typedef struct cbit_ax_out {
  bool valid;
  uint16_t id;
  uint64_t addr;
  uint8_t len, size, burst, lock, cache, prot, qos, region;
} cbit_ax_out_t;

typedef struct cbit_w {
  bool valid;
  bool last;
  uint64_t strb;
  uint8_t data[CBIT_MAX_BUS_BYTES];
} cbit_w_t;

typedef struct cbit_b {
  bool valid;
  uint16_t id;
  uint8_t resp;
} cbit_b_t;

typedef struct cbit_r {
  bool valid;
  uint16_t id;
  uint8_t resp;
  bool last;
  uint8_t data[CBIT_MAX_BUS_BYTES];
} cbit_r_t;

// An RMP instruction at one port, inputs of the engine (docs/units/rmp_insn.md, "Ports"). Members are right-aligned numbers;
// bits beyond a member's field are not looked at. Host instructions use op, cpl, rax and arg alone.
typedef struct cbit_insn {
  bool valid;
  bool snp_active, ec;
  uint8_t op;         // 3 bits, cbit_insn_op_t; 6 and 7 end with #UD
  uint8_t cpl, vmpl;  // 2 bits each
  uint16_t asid;      // 10 bits
  uint64_t spa_page;  // 40 bits: SPA[51:12]
  uint64_t gpa_page;  // 39 bits: GPA[50:12]
  uint64_t rax;       // host: SPA; guest: GVA
  uint8_t arg[16];    // byte 0 in bits 7:0. RMPUPDATE: the operand; guest: RCX in bytes 0..7, RDX in bytes 8..15
} cbit_insn_t;

typedef enum cbit_insn_op {
  CBIT_INSN_RMPUPDATE = 0,
  CBIT_INSN_PSMASH = 1,
  CBIT_INSN_RMPREAD = 2,
  CBIT_INSN_PVALIDATE = 3,
  CBIT_INSN_RMPADJUST = 4,
  CBIT_INSN_RMPQUERY = 5
} cbit_insn_op_t;

// Answer to an instruction, outputs of the engine; all zero while no ans_valid is set.
typedef struct cbit_insn_answer {
  uint8_t kind;    // 4 bits, cbit_rmp_verdict_kind_t: 0 PASS (it ended with a code), 2 NPF, 3 VC, 4 GP, 8 MCE, 10 UD
  uint8_t code;    // 4 bits; PASS: EAX
  bool cf, zf;     // PASS
  uint64_t error;  // 38 bits; NPF: EXITINFO1, VC: 404h
  uint8_t out[16]; // code 0 of RMPREAD: the buffer; of RMPQUERY: RDX in bytes 0..7, RCX in bytes 8..15
} cbit_insn_answer_t;

// A question at one check port, inputs of the engine (docs/units/rmp_chk.md, "Pins"; codes of rmp_check.md). Members are
// right-aligned numbers; bits beyond a member's field are not looked at.
typedef struct cbit_chk_ask {
  uint64_t spa_page;            // 40 bits: SPA[51:12]
  uint64_t gpa_page;            // 39 bits: GPA[50:12]
  uint16_t asid;                // 10 bits
  uint8_t req, op;              // 3 and 4 bits, cbit_rmp_req_t and cbit_rmp_op_t; others have no row
  uint8_t map_size, vmpl, cpl;  // 2 bits each; map_size: cbit_rmp_size_t, 3 as 1G
  bool ec, ss, snp_active;
} cbit_chk_ask_t;

// Answer to a question, outputs of the engine; all zero while the port's valid is not set.
typedef struct cbit_chk_answer {
  uint64_t error;          // 38 bits; #PF: error code, #NPF: EXITINFO1, #VC: 404h, else 0
  bool deny;
  uint8_t keep;            // cbit_chk_keep_t: for how much it may be kept
  uint8_t row, why, kind;  // 5, 4 and 4 bits; why and kind are 0 in an answer that allows
} cbit_chk_answer_t;

typedef enum cbit_chk_keep {
  CBIT_CHK_KEEP_4K = 0,
  CBIT_CHK_KEEP_2M = 1,
  CBIT_CHK_KEEP_1G = 2,
  CBIT_CHK_KEEP_NOT = 3  // for this access alone
} cbit_chk_keep_t;

typedef struct cbit_pins_in {
  bool rst_n;
  bool debug, zeroise;
  // requester side
  cbit_ax_in_t s_aw, s_ar;
  cbit_w_t s_w;
  bool s_bready, s_rready;
  // DRAM side
  bool m_awready, m_wready, m_arready;
  cbit_b_t m_b;
  cbit_r_t m_r;
  // AMD-SP AXI4-Lite
  bool l_awvalid, l_wvalid, l_bready, l_arvalid, l_rready;
  uint16_t l_awaddr, l_araddr;
  uint32_t l_wdata;
  uint8_t l_wstrb;
  // entropy
  bool ent_valid;
  uint32_t ent_data;
  // RMP instructions; looked at with rmp_insn > 0 alone, elements from rmp_insn on never
  cbit_insn_t insn[CBIT_MAX_INSN];
  bool ans_ready[CBIT_MAX_INSN];
  bool inv_ready;
  bool use_valid, use_set;
  uint8_t use_slot;   // 5 bits
  uint64_t use_page;  // 40 bits: SPA[51:12]
  // Check ports, the last members; looked at with rmp_chk > 0 alone, elements from rmp_chk on never
  bool chk_valid[CBIT_MAX_CHK], chk_ans_ready[CBIT_MAX_CHK];
  cbit_chk_ask_t chk_req[CBIT_MAX_CHK];
} cbit_pins_in_t;

typedef struct cbit_pins_out {
  // requester side
  bool s_awready, s_wready, s_arready;
  cbit_b_t s_b;
  cbit_r_t s_r;
  // DRAM side
  cbit_ax_out_t m_aw, m_ar;
  cbit_w_t m_w;
  bool m_bready, m_rready;
  // AMD-SP AXI4-Lite
  bool l_awready, l_wready, l_bvalid, l_arready, l_rvalid;
  uint8_t l_bresp, l_rresp;
  uint32_t l_rdata;
  bool ent_ready;
  bool irq;
  // RMP instructions; all zero with rmp_insn = 0
  bool insn_ready[CBIT_MAX_INSN], ans_valid[CBIT_MAX_INSN];
  cbit_insn_answer_t ans;
  bool inv_valid;
  bool use_ready;
  uint32_t inv_page;  // 31 bits: SPA[51:21]
  // Check ports, the last members; with rmp_chk = 0 cbit_cyc_outputs() leaves them as they are
  bool chk_ready[CBIT_MAX_CHK], chk_ans_valid[CBIT_MAX_CHK];
  cbit_chk_answer_t chk_ans[CBIT_MAX_CHK];
} cbit_pins_out_t;

typedef struct cbit_cyc cbit_cyc_t;

// Bytes of storage that a model of this configuration needs; 0 if the configuration is not allowed.
size_t cbit_cyc_size(const cbit_cyc_cfg_t *cfg);
// Why a configuration is not allowed (static text), or NULL if it is.
const char *cbit_cyc_cfg_error(const cbit_cyc_cfg_t *cfg);
// Default configuration of docs/interfaces.md.
void cbit_cyc_cfg_default(cbit_cyc_cfg_t *cfg);
// Puts the model into mem (size bytes, 16-byte aligned) in reset state. NULL if cfg or size do not fit.
cbit_cyc_t *cbit_cyc_init(void *mem, size_t size, const cbit_cyc_cfg_t *cfg);
// Registers to reset values (as a cycle with rst_n = 0 does).
void cbit_cyc_reset(cbit_cyc_t *m);
// Outputs of this cycle. Payloads whose valid is false are zero here, and not to be compared. The pins of the check ports
// are written with rmp_chk > 0 alone.
void cbit_cyc_outputs(const cbit_cyc_t *m, cbit_pins_out_t *out);
// One clock edge with the inputs of this cycle.
void cbit_cyc_clock(cbit_cyc_t *m, const cbit_pins_in_t *in);
// Wipes and ends (no memory is freed: it is the caller's).
void cbit_cyc_destroy(cbit_cyc_t *m);
// malloc-owning convenience: create and free.
cbit_cyc_t *cbit_cyc_create(const cbit_cyc_cfg_t *cfg);
void cbit_cyc_free(cbit_cyc_t *m);

#ifdef __cplusplus
}
#endif
#endif
