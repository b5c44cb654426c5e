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

#define CBIT_CYC_VERSION 2u
#define CBIT_MAX_BUS_BYTES 64u

// Parameters of docs/interfaces.md. struct_size = sizeof(cbit_cyc_cfg_t).
typedef struct cbit_cyc_cfg {
  uint32_t struct_size;
  uint32_t lanes, key_bits, rounds_per_stage, sbox, tweak_sbox, key_slots, id_width;
  uint32_t num_rd, num_wr, num_row, spa_width, modes_mask, default_mode;
  uint32_t attr_from_addr, cbit_pos, asid_lsb, test_tweak;
  uint32_t rmp, rmp_lines, rmp_miss, rmp_const;
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
// Outputs of this cycle. Payloads whose valid is false are zero here, and not to be compared.
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
