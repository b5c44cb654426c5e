// SPDX-License-Identifier: Apache-2.0
//
// cover.c - sampling of functional coverage (cover.h)
//
// Cheap where it runs every cycle (stalls); everything else is counted once a transaction or access.
#include "chk/cover.h"

#include <stdlib.h>
#include <string.h>

#include "chk/cover_int.h"
#include "core/log.h"

void cover_hit(cover_t *c, cover_id_t id, uint32_t a, uint32_t b, uint32_t d, uint32_t e) {
  const uint32_t at[COVER_AXES] = {a, b, d, e};
  c->count[id][cover_index(&cover_points[id], at)]++;
}

cover_t *cover_new_empty(void) {
  cover_t *c = log_alloc(sizeof(*c));
  for (uint32_t i = 0; i < COVER_POINTS; i++) c->count[i] = log_alloc(cover_bins(&cover_points[i]) * sizeof(uint64_t));
  c->r_id = -1;
  return c;
}

cover_t *cover_new(const bench_t *b) {
  cover_t *c = cover_new_empty();
  c->bench = b;
  c->mode = bench_cfg(b)->default_mode;
  return c;
}

void cover_free(cover_t *c) {
  if (c == NULL) return;
  for (uint32_t i = 0; i < COVER_POINTS; i++) free(c->count[i]);
  free(c);
}

// ---- every cycle ------------------------------------------------------------------------------------------------

static uint32_t stall_bin(uint32_t n) { return n < 2 ? 0 : n < 4 ? 1 : n < 16 ? 2 : 3; }

// Cutoffs and window of docs/units/key_store.md. A word that completes a run or count one short of its cutoff without an alarm
// counts as "one short".
static void cover_entropy(cover_t *c, uint32_t word) {
  const uint32_t rep_cutoff = 5;
  const uint32_t window = 512;
  const uint32_t prop_cutoff = 13;
  cover_hit(c, COVER_ENTROPY, 0, 0, 0, 0);
  c->ent_run = c->ent_run != 0 && word == c->ent_last ? c->ent_run + 1 : 1;
  c->ent_last = word;
  if (c->ent_pos == 0) {
    c->ent_ref = word;
    c->ent_hits = 0;
  }
  const bool counts = word == c->ent_ref;
  c->ent_hits += counts;
  c->ent_pos = (c->ent_pos + 1) % window;
  if (c->ent_alarm) return;
  const bool rep = c->ent_run >= rep_cutoff;
  const bool prop = counts && c->ent_hits >= prop_cutoff;
  if (rep) cover_hit(c, COVER_ENTROPY, 2, 0, 0, 0);
  if (prop) cover_hit(c, COVER_ENTROPY, 4, 0, 0, 0);
  c->ent_alarm = rep || prop;
  if (c->ent_alarm) return;
  if (c->ent_run == rep_cutoff - 1) cover_hit(c, COVER_ENTROPY, 1, 0, 0, 0);
  if (counts && c->ent_hits == prop_cutoff - 1) cover_hit(c, COVER_ENTROPY, 3, 0, 0, 0);
  if (c->ent_pos == 0) cover_hit(c, COVER_ENTROPY, 5, 0, 0, 0);
}

void cover_cycle(cover_t *c, const cbit_pins_in_t *in, const cbit_pins_out_t *out) {
  c->cycle++;
  const bool wait[COVER_CHANNELS] = {in->s_aw.valid && !out->s_awready, in->s_w.valid && !out->s_wready,
                                     in->s_ar.valid && !out->s_arready, out->s_b.valid && !in->s_bready,
                                     out->s_r.valid && !in->s_rready,   out->m_aw.valid && !in->m_awready,
                                     out->m_w.valid && !in->m_wready,   out->m_ar.valid && !in->m_arready,
                                     in->m_b.valid && !out->m_bready,   in->m_r.valid && !out->m_rready};
  uint32_t any = 0;
  for (uint32_t i = 0; i < COVER_CHANNELS; i++) {
    if (wait[i]) {
      c->stall[i]++;
      any++;
    } else if (c->stall[i] != 0) {
      cover_hit(c, COVER_STALL, i, stall_bin(c->stall[i]), 0, 0);
      c->stall[i] = 0;
    }
  }
  if (any > 1) {
    const bool pairs[] = {wait[4] && wait[9], wait[3] && wait[8], wait[5] && wait[6],
                          wait[7] && wait[5], wait[4] && wait[3], wait[0] && wait[2]};
    for (uint32_t i = 0; i < 6; i++) {
      if (pairs[i]) cover_hit(c, COVER_TOGETHER, i, 0, 0, 0);
    }
  }
  const bool r = out->s_r.valid && in->s_rready;
  if (r) {
    if (in->s_w.valid && out->s_wready) cover_hit(c, COVER_TOGETHER, 6, 0, 0, 0);
    if (c->r_id >= 0 && c->r_id != out->s_r.id) cover_hit(c, COVER_ORDER, 2, 0, 0, 0);
    c->r_id = out->s_r.last ? -1 : (int32_t)out->s_r.id;
  }
  if (in->m_r.valid && out->m_rready && in->m_r.resp >= 2) {
    const uint32_t own = in->m_r.id >> bench_cfg(c->bench)->id_width & 1u;
    cover_hit(c, COVER_DRAM_ERROR, own, in->m_r.resp - 2u, 0, 0);
  }
  if (in->m_b.valid && out->m_bready && in->m_b.resp >= 2) cover_hit(c, COVER_DRAM_ERROR, 2, in->m_b.resp - 2u, 0, 0);
  if (in->ent_valid && out->ent_ready) cover_entropy(c, in->ent_data);
  if (out->irq && !c->irq) cover_hit(c, COVER_IRQ, 1, 0, 0, 0);
  c->irq = out->irq;
}

// ---- every transaction ------------------------------------------------------------------------------------------

static uint32_t len_bin(uint32_t beats) {
  static const uint32_t top[] = {1, 2, 4, 8, 16, 64};
  uint32_t i = 0;
  while (i < 6 && beats > top[i]) i++;
  return i;
}

// Strobes of the burst, and blocks written in part.
static void cover_strobes(cover_t *c, const host_txn_t *t, uint64_t spa, uint32_t cbit) {
  const host_req_t *r = &t->req;
  const uint32_t bus = bench_bus_bytes(c->bench);
  uint16_t mask[256] = {0};
  uint32_t all = 0;
  uint32_t none = 0;
  if ((1u << r->size) > bus) return;
  for (uint32_t k = 0; k <= r->len; k++) {
    const uint64_t lanes = axi_beat_lanes(spa, r->len, r->size, r->burst, k, bus);
    all += t->strb[k] == lanes;
    none += t->strb[k] == 0;
    uint32_t block = (uint32_t)((axi_beat_addr(spa, r->len, r->size, r->burst, k) & 4095 & ~(uint64_t)(bus - 1)) / 16);
    for (uint64_t s = t->strb[k]; s != 0; s >>= 16, block++) mask[block & 255] |= (uint16_t)s;
  }
  const uint32_t beats = r->len + 1u;
  const uint32_t bin = all == beats ? 0 : none == beats ? 1 : all != 0 || none != 0 ? 3 : 2;
  cover_hit(c, COVER_STROBE, bin, r->burst, cbit, 0);
  if (cbit == 0) return;
  uint32_t partial = 0;
  uint32_t full = 0;
  for (uint32_t i = 0; i < 256; i++) {
    partial += mask[i] != 0 && mask[i] != 0xffff;
    full += mask[i] == 0xffff;
  }
  cover_hit(c, COVER_PARTIAL, partial > 1 ? 3 : partial == 1 ? 2 : full != 0 ? 1 : 0, r->burst, 0, 0);
}

uint32_t cover_windows(uint64_t spa, const host_req_t *r, uint32_t bus) {
  const uint64_t window = 16 * (uint64_t)bus;
  const uint64_t first = spa / window;
  const uint64_t last = ((spa & ~(((uint64_t)1 << r->size) - 1)) + ((uint64_t)r->len << r->size)) / window;
  return last - first > 3 ? 3 : (uint32_t)(last - first);
}

void cover_addr(cover_t *c, const host_txn_t *t, uint32_t flying) {
  const host_req_t *r = &t->req;
  cbit_attr_t who;
  uint64_t spa = 0;
  bench_request_view(c->bench, r, &who, &spa);
  const uint32_t op = r->write;
  const uint32_t cbit = who.cbit;
  const uint32_t bus = bench_bus_bytes(c->bench);
  cover_hit(c, COVER_BURST, r->burst & 3u, r->size & 7u, cbit, op);
  cover_hit(c, COVER_WHO, who.requester, who.access < 5 ? who.access : 5u, cbit, op);
  cover_hit(c, COVER_NCBIT, who.requester, cbit, who.ncbit, 0);
  cover_hit(c, COVER_MODE, c->mode, cbit, op, 0);
  cover_hit(c, COVER_DEPTH, flying <= 1 ? 0 : flying == 2 ? 1 : flying <= 4 ? 2 : flying <= 8 ? 3 : 4, op, 0, 0);
  if (r->burst > 2) return;
  cover_hit(c, COVER_LEN, len_bin(r->len + 1u), r->burst, cbit, op);
  const uint64_t low = spa & (((uint64_t)1 << r->size) - 1);
  cover_hit(c, COVER_ALIGN, (spa & (bus - 1)) == 0 ? 0 : low == 0 ? 1 : 2, r->burst, cbit, op);
  if (r->burst == AXI_INCR) {
    cover_hit(c, COVER_CHUNK, cover_windows(spa, r, bus), cbit, op, 0);
  }
  if (r->write) cover_strobes(c, t, spa, cbit);
}

void cover_done(cover_t *c, const host_txn_t *t) {
  cbit_attr_t who;
  uint64_t spa = 0;
  bench_request_view(c->bench, &t->req, &who, &spa);
  const uint32_t op = t->req.write;
  cover_hit(c, COVER_RESP, t->resp & 3u, who.cbit, op, 0);
  if (t->req.lock != 0 && t->resp < 3) cover_hit(c, COVER_EXCLUSIVE, t->resp, who.cbit, op, 0);
  if (who.cbit != 0 && c->kill_cycle != 0 && c->kill_cycle >= t->c_ax && t->resp != 1 && t->resp < 3) {
    cover_hit(c, COVER_KILLED, t->resp, op, 0, 0);
  }
  // Overtaken: an earlier one of this direction ends after a later one.
  if (t->number + 1 < c->oldest_done[op]) cover_hit(c, COVER_ORDER, 1, op, 0, 0); else cover_hit(c, COVER_ORDER, 0, op, 0, 0);
  if (t->number + 1 > c->oldest_done[op]) c->oldest_done[op] = t->number + 1;
}

// ---- secure processor -------------------------------------------------------------------------------------------

// Kind of a register (docs/units/sp.md).
static uint32_t reg_kind(uint32_t o, bool rmp, bool insn, bool chk) {
  if (chk && (o == 0x154 || o == 0x158)) return 0;
  if (insn && (o == 0x14c || o == 0x150)) return 0;
  if (rmp && o >= 0x138 && o <= 0x148) return 0;
  if (o <= 0x00c || o == 0x018 || o == 0x034 || (o >= 0x080 && o <= 0x090) || o == 0x098 || (o >= 0x100 && o <= 0x134))
    return 0;
  if (o == 0x010) return 1;
  if (o == 0x01c || o == 0x024) return 2;
  if (o == 0x014 || o == 0x020) return 3;
  if (o >= 0x040 && o < 0x080) return 4;
  if (o == 0x030) return 5;
  if (o == 0x094) return 6;
  if (o >= 0x0a0 && o <= 0x0ac) return 4;
  return 7;
}

static uint32_t command_bin(uint32_t op) { return op >= 1 && op <= 9 ? op - 1 : 9; }

static void slots_empty(cover_t *c) {
  memset(c->slot, CBIT_SLOT_EMPTY, sizeof(c->slot));
  c->slots_lost = false;
}

// A command begins: in which state is its slot?
static void slot_command_begins(cover_t *c, uint32_t value) {
  static const uint8_t bin[16] = {[CBIT_KEY_OP_LOAD] = 1,       [CBIT_KEY_OP_GENERATE] = 2, [CBIT_KEY_OP_ACTIVATE] = 3,
                                  [CBIT_KEY_OP_DEACTIVATE] = 4, [CBIT_KEY_OP_WIPE] = 5,     [CBIT_KEY_OP_QUERY] = 6};
  c->slots_lost = c->slots_lost || c->cmd_open;
  c->cmd_open = true;
  c->cmd_op = value & 0xf;
  c->cmd_slot = value >> 16 & 0x3ff;
  if (bin[c->cmd_op] != 0 && !c->slots_lost && c->cmd_slot < bench_cfg(c->bench)->key_slots)
    cover_hit(c, COVER_SLOT, bin[c->cmd_op] - 1u, c->slot[c->cmd_slot], 0, 0);
  if (c->cmd_op == CBIT_KEY_OP_GENERATE && c->ent_alarm) cover_hit(c, COVER_ENTROPY, 6, 0, 0, 0);
}

static void slot_command_ends(cover_t *c, uint32_t error) {
  uint8_t *s = &c->slot[c->cmd_slot];
  c->cmd_open = false;
  if (error == CBIT_KEY_ERR_ABORTED || (error == CBIT_KEY_OK && c->cmd_op == CBIT_KEY_OP_WIPE_ALL)) slots_empty(c);
  if (error != CBIT_KEY_OK) return;
  switch (c->cmd_op) {
    case CBIT_KEY_OP_LOAD:
    case CBIT_KEY_OP_GENERATE: *s = CBIT_SLOT_LOADED; break;
    case CBIT_KEY_OP_ACTIVATE: *s = CBIT_SLOT_ACTIVE; break;
    case CBIT_KEY_OP_DEACTIVATE: *s = CBIT_SLOT_DRAIN; break;
    case CBIT_KEY_OP_WIPE: *s = CBIT_SLOT_EMPTY; break;
    case CBIT_KEY_OP_FLUSH:
      for (uint32_t i = 0; i < sizeof(c->slot); i++) c->slot[i] = c->slot[i] == CBIT_SLOT_DRAIN ? 0 : c->slot[i];
      break;
    default: break;
  }
}

void cover_sp(cover_t *c, const sp_access_t *a, bool traffic) {
  const uint32_t reg = a->offset & 0xffcu;
  const bool rmp = bench_cfg(c->bench)->rmp != 0;
  if (!(rmp && reg >= 0x0b0 && reg <= 0x0d8))  // these have their own points
    cover_hit(c, COVER_REGISTER, reg_kind(reg, rmp, bench_cfg(c->bench)->rmp_insn != 0,
                                          bench_cfg(c->bench)->rmp_chk != 0), a->write, a->resp != 0, 0);
  if (a->write && a->resp == 0 && reg == 0x010 && (a->strb & 1) != 0 && (a->value >> 4 & 0xf) < 6)
    c->mode = a->value >> 4 & 0xf;
  if (a->write && a->resp == 0 && reg == 0x030) {
    uint32_t value = 0;
    for (uint32_t i = 0; i < 4; i++) value |= (a->strb >> i & 1) != 0 ? a->value & 0xffu << (8 * i) : 0;
    slot_command_begins(c, value);
    cover_hit(c, COVER_COMMAND_TRAFFIC, command_bin(c->cmd_op), traffic, 0, 0);
    if (c->cmd_op == CBIT_KEY_OP_WIPE_ALL) c->kill_cycle = a->c_done;
  }
  if (!a->write && reg == 0x034 && (a->value & 1) == 0 && c->cmd_open) {
    const uint32_t error = a->value >> 4 & 0xf;
    slot_command_ends(c, error);
    if (error <= 6 || error == 15) cover_hit(c, COVER_COMMAND, command_bin(c->cmd_op), error == 15 ? 7 : error, 0, 0);
  }
  if (!a->write && reg == 0x080 && (a->value & 0xf) >= 1 && (a->value & 0xf) <= 8) {
    cover_hit(c, COVER_FAULT, (a->value & 0xf) - 1, a->value >> 4 & 1, 0, 0);
  }
}

void cover_reset(cover_t *c, bool traffic) {
  cover_hit(c, COVER_RESET, traffic, 0, 0, 0);
  c->mode = bench_cfg(c->bench)->default_mode;
  c->cmd_open = false;
  slots_empty(c);
  c->ent_run = c->ent_pos = c->ent_hits = 0;
  c->ent_alarm = false;
  memset(c->stall, 0, sizeof(c->stall));
  c->r_id = -1;
}

void cover_zeroise(cover_t *c, bool traffic) {
  cover_hit(c, COVER_ZEROISE, traffic, 0, 0, 0);
  c->kill_cycle = bench_cycle(c->bench) + 3;
  slots_empty(c);
  c->slots_lost = c->cmd_open;  // did it end before, or was it aborted?
}
