// SPDX-License-Identifier: Apache-2.0
//
// rmp_insn_cyc.c - the RMP instructions, cycle by cycle: ports, phases, reads of the table and writes to it
//
// Page: docs/units/rmp_insn.md, whose phases and registers these are. One instruction at a time: taken, checked; with the
// requester's pins closed and the engine drained its entries are read through the internal port, it is decided, and
// written through the write path as the AMD-SP would; then invalidation and answer. Latency: its "Cycle tables". All
// outputs come from registers.

#include <string.h>

#include "rmp/rmp_insn_units.h"
#include "util/bits.h"
#include "util/bytes.h"

#define COUNTER_BYTES 8u
#define RESP_ERROR 2u  // resp[1]

void rmp_insn_cyc_init(rmp_insn_cyc_t *u, const cbit_cyc_cfg_t *cfg) {
  memset(u, 0, sizeof *u);
  u->ports = (uint8_t)cfg->rmp_insn;
  u->slots_use = (uint8_t)cfg->rmp_use;
  u->lanes = (uint8_t)cfg->lanes;
  u->lb = (uint8_t)bits_log2(CBIT_BLOCK_BYTES * (uint64_t)cfg->lanes);
  u->unit = (uint8_t)(cfg->rmp_miss + 3u);
  rmp_insn_cyc_reset(u);
}

void rmp_insn_cyc_reset(rmp_insn_cyc_t *u) {
  u->ph = RMP_PH_IDLE;
  u->last = (uint8_t)(u->ports - 1u);
  u->rest = 0;
  u->use_v = 0;
  u->need = u->wait = 0;
  u->n = u->nw = 0;
  u->err = u->imm = false;
  u->todo = u->cur = u->beat = 0;
  u->aw = u->bw = u->werr = false;
  u->wn = 0;
  u->owed = 0;
}

// ---- outputs ----

void rmp_insn_cyc_out(const rmp_insn_cyc_t *u, cbit_pins_out_t *out) {
  memset(out->insn_ready, 0, sizeof out->insn_ready);
  memset(out->ans_valid, 0, sizeof out->ans_valid);
  out->ans = (cbit_insn_answer_t){0};
  out->inv_valid = false;
  out->inv_page = 0;
  out->use_ready = rmp_insn_cyc_use_ready(u);
  if (u->ph == RMP_PH_TAKE) {
    out->insn_ready[u->sel] = true;
  } else if (u->ph == RMP_PH_ANS) {
    out->ans_valid[u->sel] = true;
    out->ans = u->ans;
  } else if (u->ph == RMP_PH_INV) {
    const uint64_t spa = u->req.op <= CBIT_INSN_RMPREAD ? u->req.rax : u->req.spa_page << 12;
    out->inv_valid = true;
    out->inv_page = (uint32_t)bits_get(spa, 21, 31);
  }
}

rmp_walk_req_t rmp_insn_cyc_read(const rmp_insn_cyc_t *u, const rmp_regs_t *regs) {
  const rmp_insn_place_t place = rmp_insn_place(u, regs);
  const unsigned which = u->need != 0 ? cyc_lowest(u->need) : 0;
  uint64_t addr;
  if (u->ph == RMP_PH_SCAN) {
    addr = place.base + (((uint64_t)RMP_PAGES_2M / u->lanes - u->n) << u->lb);
  } else if (u->ph == RMP_PH_COUNT) {
    const rmp_insn_owners_t o = rmp_insn_owners(u, place.first);
    addr = cbit_rmp_counter_addr(&regs->cfg, which == 0 ? o.old_asid : o.new_asid);
  } else {
    addr = which == 0 ? place.base : place.own;
  }
  const rmp_walk_req_t rd = {addr & ~bits_mask(u->lb), (uint8_t)(CYC_TAG_WALK + 2u * u->unit + which)};
  return rd;
}

static bool is_half(const rmp_insn_cyc_t *u) { return (u->image.todo & (1u << RMP_ITEM_HALF1)) != 0 && u->cur <= RMP_ITEM_HALF1; }

static unsigned beats(const rmp_insn_cyc_t *u) { return is_half(u) ? RMP_PAGES_2M / 2u / u->lanes : 1u; }

void rmp_insn_cyc_aw(const rmp_insn_cyc_t *u, cbit_ax_in_t *aw) {
  const cbit_attr_t attr = {.requester = CBIT_REQ_SP, .access = CBIT_ACC_DATA};
  memset(aw, 0, sizeof *aw);
  aw->valid = u->aw;
  aw->addr = u->image.addr[u->cur] & ~bits_mask(u->lb);
  aw->len = (uint8_t)(beats(u) - 1u);
  aw->size = u->lb;
  aw->burst = CBIT_BURST_INCR;
  aw->user = cbit_attr_pack(&attr);
}

// A counter fills each 8 bytes of the row, an entry each lane; the strobe says which of them is meant. A half has
// entries side by side.
void rmp_insn_cyc_w(const rmp_insn_cyc_t *u, cbit_w_t *w) {
  const rmp_insn_image_t *image = &u->image;
  const uint64_t addr = image->addr[u->cur];
  const unsigned offset = (unsigned)(addr & bits_mask(u->lb));
  memset(w, 0, sizeof *w);
  w->valid = u->wn != 0;
  w->last = u->wn == 1u;
  if (u->cur >= RMP_ITEM_OLD) {
    for (unsigned i = 0; i < 2u * u->lanes; i++) {
      bytes_store_le64(w->data + COUNTER_BYTES * i, image->counter[u->cur - RMP_ITEM_OLD]);
    }
    w->strb = bits_mask(COUNTER_BYTES) << offset;
    return;
  }
  const unsigned index = image->index[u->cur] + (is_half(u) ? (unsigned)u->beat * u->lanes : 0u);
  for (unsigned l = 0; l < u->lanes && w->valid; l++) {
    memcpy(w->data + CBIT_RMP_ENTRY_BYTES * l, image->entry[index + (is_half(u) ? l : 0u)], CBIT_RMP_ENTRY_BYTES);
  }
  w->strb = is_half(u) ? bits_mask(CBIT_RMP_ENTRY_BYTES * u->lanes) : bits_mask(CBIT_RMP_ENTRY_BYTES) << offset;
}

// ---- the edge ----

static void pick(rmp_insn_cyc_t *u, const cbit_pins_in_t *pins) {
  uint32_t valid = 0;
  for (unsigned i = 0; i < u->ports; i++) {
    valid |= pins->insn[i].valid ? 1u << i : 0u;
  }
  if (valid != 0 && u->rest == 0) {
    u->sel = (uint8_t)cyc_rr_pick(valid, u->last, u->ports);
    u->last = u->sel;
    u->ph = RMP_PH_TAKE;
  }
}

static void take(rmp_insn_cyc_t *u, const cbit_insn_t *insn) {
  u->req = *insn;
  u->req.op &= 7u;
  u->req.cpl &= 3u;
  u->req.vmpl &= 3u;
  u->req.asid &= (uint16_t)bits_mask(CBIT_ASID_BITS);
  u->req.spa_page &= bits_mask(40);
  u->req.gpa_page &= bits_mask(39);
  u->err = u->imm = u->werr = false;
  u->ph = RMP_PH_CHECK;
}

static void end_mce(rmp_insn_cyc_t *u) { u->ans = (cbit_insn_answer_t){.kind = CBIT_RMP_MCE}; }

static void begin_write(rmp_insn_cyc_t *u) {
  u->todo = u->image.todo;
  u->ph = RMP_PH_WRITE;
}

// COUNT if there are counters to be changed (U17), else WRITE.
static void begin_count(rmp_insn_cyc_t *u, const rmp_regs_t *regs) {
  const rmp_insn_owners_t o = rmp_insn_owners(u, rmp_insn_place(u, regs).first);
  const bool same = o.leaves && o.old_asid == o.new_asid;
  if (u->req.op != CBIT_INSN_RMPUPDATE || !(o.leaves || o.enters)) {
    begin_write(u);
    return;
  }
  u->need = (uint8_t)((o.leaves ? 1u : 0u) | (o.enters && !same ? 2u : 0u));
  u->ph = RMP_PH_COUNT;
}

static void end_of_decide(rmp_insn_cyc_t *u, const rmp_regs_t *regs) {
  if (u->err) {
    end_mce(u);
    u->ph = RMP_PH_ANS;
  } else if (rmp_insn_decide(u, regs) != RMP_END_WRITE) {
    u->ph = RMP_PH_ANS;
  } else if (rmp_insn_scans(u)) {
    u->n = (uint16_t)(RMP_PAGES_2M / u->lanes);
    u->nw = 0;
    u->ph = RMP_PH_SCAN;
  } else {
    begin_count(u, regs);
  }
}

static void end_of_scan(rmp_insn_cyc_t *u, const rmp_regs_t *regs) {
  if (u->imm) {
    (void)rmp_insn_decide(u, regs);  // ends with U11b
    u->ph = RMP_PH_ANS;
  } else if (u->err) {
    end_mce(u);
    u->ph = RMP_PH_ANS;
  } else {
    begin_count(u, regs);
  }
}

static void end_of_count(rmp_insn_cyc_t *u, const rmp_regs_t *regs) {
  if (u->err) {
    end_mce(u);
    u->ph = RMP_PH_ANS;
    return;
  }
  (void)rmp_insn_decide(u, regs);  // with the counters
  begin_write(u);
}

static void load_item(rmp_insn_cyc_t *u) {
  u->cur = (uint8_t)cyc_lowest(u->todo);
  u->todo = (uint8_t)(u->todo & ~(1u << u->cur));
  u->aw = true;
  u->bw = true;
  u->wn = (uint16_t)beats(u);
  u->beat = 0;
}

static void step_write(rmp_insn_cyc_t *u, const rmp_insn_in_t *in) {
  if (!u->bw) {
    if (u->todo != 0) {
      load_item(u);
    } else {
      if (u->werr) {
        end_mce(u);
      }
      u->ph = RMP_PH_INV;
    }
    return;
  }
  if (u->aw && in->aw_ready) {
    u->aw = false;
  }
  if (u->wn != 0 && in->w_ready) {
    u->wn--;
    u->beat++;
  }
  if (in->b->valid) {
    u->bw = false;
    u->werr = u->werr || (in->b->resp & RESP_ERROR) != 0;
  }
}

static bool any_immutable(const rmp_insn_cyc_t *u, const uint8_t *row) {
  for (unsigned l = 0; l < u->lanes; l++) {
    cbit_rmp_entry_t entry;
    cbit_rmp_entry_decode(row + CBIT_RMP_ENTRY_BYTES * l, &entry);
    if (entry.immutable) {
      return true;
    }
  }
  return false;
}

// A row from DRAM, for the phase that asked for it.
static void arrive(rmp_insn_cyc_t *u, const rmp_regs_t *regs, const cyc_rmw_data_t *d) {
  const unsigned which = d->tag & 1u;
  if (u->ph == RMP_PH_SCAN) {
    const bool good = !u->err && !d->err;
    u->err = u->err || (d->err && !u->imm);
    u->imm = u->imm || (good && any_immutable(u, d->data));
    u->nw--;
    return;
  }
  const rmp_insn_place_t place = rmp_insn_place(u, regs);
  u->err = u->err || d->err;
  u->wait = (uint8_t)(u->wait & ~(1u << which));
  if (u->ph == RMP_PH_COUNT) {
    const rmp_insn_owners_t o = rmp_insn_owners(u, place.first);
    const uint64_t addr = cbit_rmp_counter_addr(&regs->cfg, which == 0 ? o.old_asid : o.new_asid);
    u->cnt[which] = bytes_load_le64(d->data + (addr & bits_mask(u->lb)));
  } else {
    const uint64_t addr = which == 0 ? place.base : place.own;
    memcpy(which == 0 ? u->base : u->own, d->data + (addr & bits_mask(u->lb)), CBIT_RMP_ENTRY_BYTES);
  }
}

static void read_taken(rmp_insn_cyc_t *u) {
  if (u->ph == RMP_PH_SCAN) {
    u->n--;
    u->nw++;
    return;
  }
  const uint8_t bit = (uint8_t)(1u << cyc_lowest(u->need));
  u->need = (uint8_t)(u->need & ~bit);
  u->wait = (uint8_t)(u->wait | bit);
}

// The phase by what its registers say in this cycle.
static void step_phase(rmp_insn_cyc_t *u, const rmp_insn_in_t *in, const cbit_pins_in_t *pins, cyc_events_t *ev) {
  const bool read_done = u->need == 0 && u->wait == 0 && u->n == 0 && u->nw == 0;
  switch (u->ph) {
    case RMP_PH_IDLE:
      pick(u, pins);
      break;
    case RMP_PH_TAKE:
      take(u, &pins->insn[u->sel]);
      break;
    case RMP_PH_CHECK:
      u->ph = rmp_insn_check(u, in->regs, in->chk_on) == RMP_END_TABLE ? RMP_PH_STOP : RMP_PH_ANS;
      break;
    case RMP_PH_STOP:
      if (in->idle) {
        u->need = rmp_insn_place(u, in->regs).first ? 1u : 3u;
        u->ph = RMP_PH_READ;
      }
      break;
    case RMP_PH_READ:
      u->ph = read_done ? RMP_PH_DECIDE : RMP_PH_READ;
      break;
    case RMP_PH_DECIDE:
      end_of_decide(u, in->regs);
      break;
    case RMP_PH_SCAN:
      if (read_done) {
        end_of_scan(u, in->regs);
      }
      break;
    case RMP_PH_COUNT:
      if (read_done) {
        end_of_count(u, in->regs);
      }
      break;
    case RMP_PH_WRITE:
      step_write(u, in);
      break;
    case RMP_PH_INV:
      u->ph = pins->inv_ready ? RMP_PH_ANS : RMP_PH_INV;
      break;
    default:  // ANS
      ev->insn = pins->ans_ready[u->sel];
      u->ph = ev->insn ? RMP_PH_IDLE : RMP_PH_ANS;
      break;
  }
}

static void step_marks(rmp_insn_cyc_t *u, const cbit_pins_in_t *pins) {
  const unsigned slot = pins->use_slot & (CBIT_MAX_USE - 1u);
  if (slot < u->slots_use) {
    u->use_v = pins->use_set ? u->use_v | 1u << slot : u->use_v & ~(1u << slot);
    u->use_page[slot] = pins->use_page & bits_mask(40);
  }
}

void rmp_insn_cyc_step(rmp_insn_cyc_t *u, const rmp_insn_in_t *in, const cbit_pins_in_t *pins, cyc_events_t *ev) {
  const bool stop = rmp_insn_cyc_stop(u);
  const bool mark = pins->use_valid && rmp_insn_cyc_use_ready(u);
  const uint8_t rest = u->rest;
  ev->insn_stop = stop;
  step_phase(u, in, pins, ev);
  u->rest = stop ? RMP_INSN_REST : (uint8_t)(rest != 0 ? rest - 1u : 0u);
  // A read that is taken or arrives belongs to a phase that lasts.
  if (in->rd_taken) {
    read_taken(u);
  }
  if (in->word != NULL) {
    arrive(u, in->regs, in->word);
  }
  if (mark) {
    step_marks(u, pins);
  }
}
