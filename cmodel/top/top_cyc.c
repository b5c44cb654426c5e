// SPDX-License-Identifier: Apache-2.0
//
// top_cyc.c - the cycle model as a whole: configuration, storage, and the order of the units inside a clock
//
// Pins and parameters: docs/interfaces.md. All outputs depend on registers only, so the model keeps the outputs of the
// cycle it stands in: a clock runs the units' steps on what crosses their borders (cyc_net_t), then makes the outputs and
// border values of the next cycle from the new registers. Order of the steps: see units_cyc.h. The model's only registers
// outside the units are those between the bus units' faults and events and the secure processor's side.

#include <stdlib.h>
#include <string.h>

// The public functions of the cycle layer leave the shared library.
#if defined(__GNUC__)
#pragma GCC visibility push(default)
#endif
#include "cbit_cyc.h"
#if defined(__GNUC__)
#pragma GCC visibility pop
#endif

#include "top/units_cyc.h"
#include "util/bytes.h"

#define PLACE_ALIGN 64u  // units begin on cache lines

struct cbit_cyc {
  cbit_cyc_cfg_t cfg;
  size_t size;
  bus_read_cyc_t *bus_read;
  bus_write_cyc_t *bus_write;
  key_store_cyc_t *key_store;
  sp_cyc_t *sp;
  tweak_cyc_t *tweak;
  rmp_cyc_t *rmp;  // NULL with Rmp = 0
  cyc_net_t net;
  cbit_pins_out_t out;
};

// ---- configuration ----

void cbit_cyc_cfg_default(cbit_cyc_cfg_t *cfg) {
  *cfg = (cbit_cyc_cfg_t){
      .struct_size = (uint32_t)sizeof *cfg,
      .lanes = 1,
      .key_bits = 128,
      .rounds_per_stage = 1,
      .sbox = 1,
      .tweak_sbox = 3,
      .key_slots = 16,
      .id_width = 4,
      .num_rd = 32,
      .num_wr = 64,
      .num_row = 64,
      .spa_width = 40,
      .modes_mask = 0x11,
      .default_mode = 4,
      .attr_from_addr = 0,
      .cbit_pos = 51,
      .asid_lsb = 52,
      .test_tweak = 0,
      .rmp = 0,
      .rmp_lines = 32,
      .rmp_miss = 4,
      .rmp_const = 0,
      .rmp_insn = 0,
      .rmp_use = 4,
      .rmp_chk = 0,
      .rmp_inuse = 0,
      .rmp_seg = 0,
  };
}

static bool in_range(uint32_t x, uint32_t low, uint32_t high) { return x >= low && x <= high; }

static bool power_of_2(uint32_t x) { return x != 0 && (x & (x - 1u)) == 0; }

static const char *carrier_error(const cbit_cyc_cfg_t *cfg) {
  if (cfg->attr_from_addr > 1) {
    return "attr_from_addr must be 0 or 1";
  }
  if (cfg->attr_from_addr == 0) {
    return NULL;  // the positions are not used
  }
  if (cfg->cbit_pos > 63) {
    return "cbit_pos must be 0..63";
  }
  if (cfg->asid_lsb > 54) {
    return "asid_lsb must be 0..54: the ASID has 10 of the 64 address bits";
  }
  if (in_range(cfg->cbit_pos, cfg->asid_lsb, cfg->asid_lsb + CBIT_ASID_BITS - 1u)) {
    return "cbit_pos lies inside the ASID field";
  }
  return NULL;
}

static const char *rmp_error(const cbit_cyc_cfg_t *cfg) {
  if (cfg->rmp > 1) {
    return "rmp must be 0 or 1";
  }
  if (!in_range(cfg->rmp_lines, 8, 256) || !power_of_2(cfg->rmp_lines)) {
    return "rmp_lines must be a power of two, 8..256";
  }
  if (!in_range(cfg->rmp_miss, 2, 8) || !power_of_2(cfg->rmp_miss)) {
    return "rmp_miss must be 2, 4 or 8";
  }
  if (cfg->rmp_const > 1) {
    return "rmp_const must be 0 or 1";
  }
  if (cfg->rmp_insn > CBIT_MAX_INSN) {
    return "rmp_insn must be 0..8";
  }
  if (cfg->rmp_insn != 0 && cfg->rmp == 0) {
    return "rmp_insn > 0 needs rmp = 1";
  }
  if (!in_range(cfg->rmp_use, 1, CBIT_MAX_USE)) {
    return "rmp_use must be 1..32";
  }
  if (cfg->rmp_chk > CBIT_MAX_CHK) {
    return "rmp_chk must be 0..8";
  }
  if (cfg->rmp_chk != 0 && cfg->rmp == 0) {
    return "rmp_chk > 0 needs rmp = 1";
  }
  if (cfg->rmp_inuse > 1) {
    return "rmp_inuse must be 0 or 1";
  }
  if (cfg->rmp_inuse != 0 && cfg->rmp_insn == 0) {
    return "rmp_inuse = 1 needs rmp_insn > 0";
  }
  if (cfg->rmp_seg > 1) {
    return "rmp_seg must be 0 or 1";
  }
  if (cfg->rmp_seg != 0 && cfg->rmp == 0) {
    return "rmp_seg = 1 needs rmp = 1";
  }
  return NULL;
}

const char *cbit_cyc_cfg_error(const cbit_cyc_cfg_t *cfg) {
  if (cfg == NULL) {
    return "no configuration given";
  }
  if (cfg->struct_size != sizeof *cfg) {
    return "struct_size is not sizeof(cbit_cyc_cfg_t): header and library do not belong together";
  }
  if (!in_range(cfg->lanes, 1, 4) || cfg->lanes == 3) {
    return "lanes must be 1, 2 or 4";
  }
  if (cfg->key_bits != 128 && cfg->key_bits != 256) {
    return "key_bits must be 128 or 256";
  }
  if (!in_range(cfg->rounds_per_stage, 1, 2)) {
    return "rounds_per_stage must be 1 or 2";
  }
  if (cfg->sbox > 2 || cfg->tweak_sbox > 3) {
    return "sbox must be 0 (table), 1 (block RAM) or 2 (tower field); tweak_sbox also 3 (block RAM and tower field)";
  }
  if (cfg->rounds_per_stage != 1 && (cfg->sbox == 1 || cfg->tweak_sbox == 1 || cfg->tweak_sbox == 3)) {
    return "an S-box in block RAM (1) needs rounds_per_stage 1";
  }
  if (!in_range(cfg->key_slots, 16, CBIT_KEY_SLOTS_MAX)) {
    return "key_slots must be 16..1024";
  }
  if (!in_range(cfg->id_width, 1, 8)) {
    return "id_width must be 1..8";
  }
  if (!in_range(cfg->num_rd, 4, 64)) {
    return "num_rd must be 4..64";
  }
  if (!in_range(cfg->num_wr, 4, 128) || !power_of_2(cfg->num_wr)) {
    return "num_wr must be a power of two, 4..128";
  }
  if (!in_range(cfg->num_row, 32, 256) || !power_of_2(cfg->num_row)) {
    return "num_row must be a power of two, 32..256";
  }
  if (!in_range(cfg->spa_width, 32, CBIT_SPA_BITS)) {
    return "spa_width must be 32..52";
  }
  if (cfg->modes_mask > 0x3f || (cfg->modes_mask & 1u) == 0) {
    return "modes_mask has bits 0..5 for the modes, and bit 0 is always set";
  }
  if (cfg->default_mode > 5 || ((cfg->modes_mask >> cfg->default_mode) & 1u) == 0) {
    return "default_mode is not in modes_mask";
  }
  if (cfg->test_tweak > 1) {
    return "test_tweak must be 0 or 1";
  }
  const char *const carrier = carrier_error(cfg);
  return carrier != NULL ? carrier : rmp_error(cfg);
}

// ---- storage ----

static size_t round_up(size_t n) { return (n + PLACE_ALIGN - 1u) & ~(size_t)(PLACE_ALIGN - 1u); }

size_t cbit_cyc_size(const cbit_cyc_cfg_t *cfg) {
  if (cbit_cyc_cfg_error(cfg) != NULL) {
    return 0;
  }
  return round_up(sizeof(cbit_cyc_t)) + round_up(bus_read_cyc_size(cfg)) + round_up(bus_write_cyc_size(cfg)) +
         round_up(key_store_cyc_size(cfg)) + round_up(sp_cyc_size(cfg)) + round_up(tweak_cyc_size(cfg)) +
         round_up(rmp_cyc_size(cfg));
}

// The next size bytes of the storage.
static void *place(uint8_t **next, size_t size) {
  uint8_t *p = *next;
  *next += round_up(size);
  return p;
}

// ---- a clock ----

// Outputs and border values of the cycle that the registers stand in. The bus units come last: they look at the others'.
// With Rmp = 0 net->rmp stays as cbit_cyc_init() makes it: zero, which allows everything.
static void make_outputs(cbit_cyc_t *m) {
  cyc_net_t *net = &m->net;
  cbit_pins_out_t *out = &m->out;
  memset(out, 0, offsetof(cbit_pins_out_t, insn_ready));  // the pins of the instructions, the last: rmp_cyc_pins_out()
  sp_cyc_out(m->sp, net, out);
  net->ctrl.line_mode = net->ctrl.mode >= CBIT_MODE_XTS_L64 || (m->cfg.modes_mask & 0x0eu) == 0;
  key_store_cyc_out(m->key_store, net, out);
  tweak_cyc_out(m->tweak, net);
  bus_write_cyc_out(m->bus_write, net, out);
  if (m->rmp != NULL) {
    rmp_cyc_out(m->rmp, net);
  } else {
    net->int_req = net->rmw_req;
  }
  bus_read_cyc_out(m->bus_read, net, out);
  if (m->cfg.rmp_insn != 0) {
    rmp_cyc_pins_out(m->rmp, net, out);
  }
  if (m->cfg.rmp_chk != 0) {
    rmp_cyc_chk_out(m->rmp, out);
  }
}

// Faults and events reach the log and the counters one cycle late (docs/units/sp.md).
static void register_reports(cyc_net_t *net) {
  net->fault_r_q = net->fault_r;
  net->fault_w_q = net->fault_w;
  net->ev_q = net->ev;
}

static void reset_reports(cyc_net_t *net) {
  net->fault_r_q.valid = false;
  net->fault_w_q.valid = false;
  memset(&net->ev_q, 0, sizeof net->ev_q);
}

// bus_in: the pins as the bus units see them.
static void step(cbit_cyc_t *m, const cbit_pins_in_t *in, const cbit_pins_in_t *bus_in) {
  cyc_net_t *net = &m->net;
  net->int_ready = false;
  net->rmw_ready = false;
  net->ask_r.valid = false;
  net->ask_w.valid = false;
  net->pop_r = false;
  net->pop_w = false;
  net->tbl_begin = false;
  net->tbl_end = false;
  net->rmp_cmd_we = false;
  net->job_r.valid = false;
  net->job_w.valid = false;
  net->fault_r.valid = false;
  net->fault_w.valid = false;
  memset(&net->ev, 0, sizeof net->ev);
  bus_read_cyc_step(m->bus_read, net, bus_in);
  bus_write_cyc_step(m->bus_write, net, bus_in);
  key_store_cyc_step(m->key_store, net, in);
  sp_cyc_step(m->sp, net, in);
  if (m->rmp != NULL) {
    rmp_cyc_step(m->rmp, net, in);
  }
  tweak_cyc_step(m->tweak, net);
  register_reports(net);
}

void cbit_cyc_reset(cbit_cyc_t *m) {
  bus_read_cyc_reset(m->bus_read);
  bus_write_cyc_reset(m->bus_write);
  key_store_cyc_reset(m->key_store);
  sp_cyc_reset(m->sp);
  tweak_cyc_reset(m->tweak);
  if (m->rmp != NULL) {
    rmp_cyc_reset(m->rmp);
  }
  reset_reports(&m->net);
  make_outputs(m);
}

static void step_behind_pins(cbit_cyc_t *m, const cbit_pins_in_t *in) {
  cbit_pins_in_t eng;
  rmp_cyc_pins_in(m->rmp, in, &eng);
  step(m, in, &eng);
}

void cbit_cyc_clock(cbit_cyc_t *m, const cbit_pins_in_t *in) {
  if (!in->rst_n) {
    cbit_cyc_reset(m);
    return;
  }
  if (m->cfg.rmp_insn == 0) {
    step(m, in, in);
  } else {
    step_behind_pins(m, in);
  }
  make_outputs(m);
}

// Without check ports their pins, the last, cost nothing.
void cbit_cyc_outputs(const cbit_cyc_t *m, cbit_pins_out_t *out) {
  if (m->cfg.rmp_chk != 0) {
    *out = m->out;
  } else {
    memcpy(out, &m->out, offsetof(cbit_pins_out_t, chk_ready));  // of constant size: no call
  }
}

// ---- life ----

cbit_cyc_t *cbit_cyc_init(void *mem, size_t size, const cbit_cyc_cfg_t *cfg) {
  const size_t need = cbit_cyc_size(cfg);
  if (mem == NULL || need == 0 || size < need || ((uintptr_t)mem & 15u) != 0) {
    return NULL;
  }
  uint8_t *next = mem;
  cbit_cyc_t *m = place(&next, sizeof *m);
  memset(m, 0, sizeof *m);
  m->cfg = *cfg;
  m->size = need;
  m->bus_read = place(&next, bus_read_cyc_size(cfg));
  m->bus_write = place(&next, bus_write_cyc_size(cfg));
  m->key_store = place(&next, key_store_cyc_size(cfg));
  m->sp = place(&next, sp_cyc_size(cfg));
  m->tweak = place(&next, tweak_cyc_size(cfg));
  if (cfg->rmp != 0) {
    m->rmp = place(&next, rmp_cyc_size(cfg));
    rmp_cyc_init(m->rmp, &m->cfg);
  }
  bus_read_cyc_init(m->bus_read, &m->cfg);
  bus_write_cyc_init(m->bus_write, &m->cfg);
  key_store_cyc_init(m->key_store, &m->cfg);
  sp_cyc_init(m->sp, &m->cfg);
  tweak_cyc_init(m->tweak, &m->cfg);
  make_outputs(m);
  return m;
}

void cbit_cyc_destroy(cbit_cyc_t *m) {
  if (m != NULL) {
    bytes_wipe(m, m->size);
  }
}

cbit_cyc_t *cbit_cyc_create(const cbit_cyc_cfg_t *cfg) {
  const size_t size = cbit_cyc_size(cfg);
  void *mem = size == 0 ? NULL : aligned_alloc(PLACE_ALIGN, size);
  cbit_cyc_t *m = mem == NULL ? NULL : cbit_cyc_init(mem, size, cfg);
  if (m == NULL) {
    free(mem);
  }
  return m;
}

void cbit_cyc_free(cbit_cyc_t *m) {
  cbit_cyc_destroy(m);
  free(m);
}
