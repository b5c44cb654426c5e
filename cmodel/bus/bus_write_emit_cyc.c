// SPDX-License-Identifier: Apache-2.0
//
// bus_write_emit_cyc.c - from the collected rows to the DRAM pins
//
// Read-modify-write of blocks written in part, the hazards between writes, emission of rows in order, and the cipher
// pipe: docs/units/bus_write.md, "RMW", "Emission" and "Kill". A row that goes at go1 in cycle t is in E2 in t + 1, in
// stage 1 of the pipe in t + 2 and, after S stages, in wo in t + 2 + S, if nothing stalls. A request for old memory that
// rm makes in t is at the read path's port in t + 1.

#include "bus/bus_write_units.h"
#include "util/bytes.h"

// Address bits that name what two writes may share: their window, or the page if one of them is wide (direct).
static uint64_t overlap_mask(const bus_write_cyc_t *u, bool wide) {
  const unsigned lsb = wide ? 12u : (unsigned)u->lb + 4u;
  return (((uint64_t)1 << 28) - 1u) & ~(((uint64_t)1 << lsb) - 1u);
}

// An entry of set (SENT and partial) that overlaps; WR_NONE: none. Such entries are never wide themselves.
static uint8_t find_sent_partial(const bus_write_cyc_t *u, const wr_mask_t *set, uint64_t spa, uint64_t mask) {
  for (unsigned i = 0; i < 2; i++) {
    for (uint64_t left = set->w[i]; left != 0; left &= left - 1u) {
      const unsigned e = 64u * i + cyc_lowest(left);
      if (((u->entry[e].spa ^ spa) & mask) == 0) {
        return (uint8_t)e;
      }
    }
  }
  return WR_NONE;
}

// No entry of the set of the cycle before has a new owner yet (DONE and FREE take a cycle each): its spa still holds.
bool wr_hazard_direct(const bus_write_cyc_t *u, uint64_t spa) {
  const wr_mask_t *set = &u->sent_partial_was;
  return wr_mask_any(set) && find_sent_partial(u, set, spa, overlap_mask(u, true)) != WR_NONE;
}

// What em sees from the next cycle on, by haze_q; called at the end of every clock, when sent_partial_was is that of
// before its edge. What sent_partial has beyond that is what em has sent in this clock: if em is past it, its last row
// went; if not, it is no longer READY and nobody asks. None of them has a new owner yet (as for a direct burst).
void wr_em_update(bus_write_cyc_t *u) {
  const wr_entry_t *entry = &u->entry[wr_index(u, u->em)];
  if (u->em == u->al || entry->st != WR_READY) {
    u->haz_known = false;
    return;
  }
  if (u->haz_known && (u->haz_by == WR_NONE || cyc_has(u->sent_partial_was.w[u->haz_by >> 6], u->haz_by & 63u))) {
    return;  // once the way is free it stays free, as only the entry at em can become SENT
  }
  const wr_mask_t set = {{u->sent_partial_was.w[0] | u->sent_partial.w[0],
                          u->sent_partial_was.w[1] | u->sent_partial.w[1]}};
  u->haz_known = true;
  u->haz_by = WR_NONE;
  if (wr_mask_any(&set)) {
    u->haz_by = find_sent_partial(u, &set, entry->spa, overlap_mask(u, false));
  }
}

// An older entry than rm's that was READY or SENT in the cycle before and overlaps. None of them has a new owner yet
// (as for a direct burst), and none is missed: what rm has passed was READY before.
static uint8_t find_older(const bus_write_cyc_t *u, const wr_entry_t *entry) {
  const uint32_t older = u->rm - u->fr;
  const uint64_t narrow = overlap_mask(u, false);
  const uint64_t wide = overlap_mask(u, true);
  for (unsigned i = 0; i < 2; i++) {
    for (uint64_t left = u->ready_sent_was.w[i]; left != 0; left &= left - 1u) {
      const unsigned e = 64u * i + cyc_lowest(left);
      const wr_entry_t *other = &u->entry[e];
      if (((other->spa ^ entry->spa) & (other->kind == WR_DIRECT ? wide : narrow)) == 0 &&
          wr_index(u, e - u->fr) < older) {
        return (uint8_t)e;
      }
    }
  }
  return WR_NONE;
}

// What rm sees from the next cycle on, by rmb_q; called at the end of every clock, when ready_sent_was is that of
// before its edge and rm that of after it.
void wr_rm_update(bus_write_cyc_t *u) {
  if (u->rm == u->al) {
    u->rm_look = WR_RM_WAIT;
    u->rm_by = WR_NONE;
    return;
  }
  const wr_entry_t *entry = &u->entry[wr_index(u, u->rm)];
  const bool same = u->rm_at == u->rm;
  u->rm_at = u->rm;
  if (entry->st == WR_GATHER) {
    u->rm_look = WR_RM_WAIT;
    u->rm_by = WR_NONE;
  } else if (entry->st != WR_READY || !entry->partial) {
    u->rm_look = WR_RM_SKIP;
    u->rm_by = WR_NONE;
  } else if (same && u->rm_look == WR_RM_REQUEST) {
    return;  // nothing can come into its way any more
  } else if (same && u->rm_look == WR_RM_BLOCKED && cyc_has(u->ready_sent_was.w[u->rm_by >> 6], u->rm_by & 63u)) {
    return;  // still the same one in the way
  } else {
    u->rm_by = find_older(u, entry);
    u->rm_look = u->rm_by != WR_NONE ? WR_RM_BLOCKED : WR_RM_REQUEST;
  }
}

static uint64_t row_bits(const bus_write_cyc_t *u, uint64_t blocks, unsigned r) {
  return (blocks >> (r * u->lanes)) & (((uint64_t)1 << u->lanes) - 1u);
}

// Plain bytes of a row to be ciphered: what was written, over what memory held.
static void merge_row(const bus_write_cyc_t *u, const wr_entry_t *entry, unsigned r, unsigned row, uint8_t *out) {
  const uint8_t *data = &u->data_mem[row << u->lb];
  if (row_bits(u, entry->any, r) == row_bits(u, entry->full, r)) {
    wr_copy_row(out, data, u->lanes);  // no block is partial; those without any byte are dropped later
    return;
  }
  const uint8_t *old = &u->old_mem[row << u->lb];
  for (unsigned i = 0; i < 16u * u->lanes; i += 8) {
    const uint64_t m = wr_expand8(u->mask_mem[row] >> i);
    bytes_store_le64(out + i, (bytes_load_le64(data + i) & m) | (bytes_load_le64(old + i) & ~m));
  }
}

static void cipher_row(const bus_write_cyc_t *u, const cyc_net_t *net, unsigned e, unsigned r, unsigned row,
                       wr_beat_t *b) {
  const wr_entry_t *entry = &u->entry[e];
  const cbit_aes_key_t *k1 = &net->slot_key[entry->slot].k1;
  const unsigned lanes = u->lanes;
  uint8_t buf[4 * CBIT_BLOCK_BYTES];
  const uint8_t *t =
      cyc_lane_tweaks(net->ctrl.line_mode, u->lb, entry->row0 + r, &u->tweak_mem[e * WR_MAX_UNIT * 16u], buf);
  merge_row(u, entry, r, row, b->data);
  cyc_lane_encrypt(u->backend, net->ctrl.mode, k1, t, b->data, b->data, lanes);
  const uint64_t any = row_bits(u, entry->any, r);
  b->strb = 0;
  for (unsigned l = 0; l < lanes; l++) {
    if (((any >> l) & 1u) != 0) {
      b->strb |= (uint64_t)0xFFFF << (16u * l);
    } else {
      memset(b->data + 16u * l, 0, 16);
    }
  }
}

static void plain_row(const bus_write_cyc_t *u, unsigned row, wr_beat_t *b) {
  const uint8_t *data = &u->data_mem[row << u->lb];
  b->strb = u->mask_mem[row];
  for (unsigned i = 0; i < 16u * u->lanes; i += 8) {
    bytes_store_le64(b->data + i, bytes_load_le64(data + i) & wr_expand8(b->strb >> i));
  }
}

static void no_row(const bus_write_cyc_t *u, wr_beat_t *b) {
  b->strb = 0;
  memset(b->data, 0, 16u * u->lanes);
}

// go1: row g of the entry at em leaves the memories.
static void send_row(bus_write_cyc_t *u, const cyc_net_t *net, unsigned e, unsigned g) {
  wr_entry_t *entry = &u->entry[e];
  wr_beat_t *b = &u->beat[u->beat_tail & (WR_BEATS - 1u)];
  const unsigned r = g - entry->row0;
  const unsigned row = (entry->rbase + r) & (u->num_row - 1u);
  b->entry = (uint8_t)e;
  b->first = entry->st == WR_READY;
  b->last = g == entry->last;
  b->counted = entry->kind == WR_ENC;
  b->enc = b->counted && !entry->dead;
  if (!b->counted) {
    plain_row(u, row, b);
  } else if (b->enc && row_bits(u, entry->any, r) != 0) {
    cipher_row(u, net, e, r, row, b);
  } else {
    no_row(u, b);
  }
  u->beat_tail++;
  u->e2 = true;
  if (b->first) {
    entry->st = WR_SENT;
    if (entry->partial) {
      wr_mask_set(&u->sent_partial, e);
    }
  }
  u->g = (uint8_t)(g + 1u);
}

static void next_em(bus_write_cyc_t *u, unsigned rows) {
  u->em++;
  u->rf += rows;
  u->haz_known = false;
}

static void emit_row(bus_write_cyc_t *u, cyc_net_t *net, unsigned e, bool others) {
  const wr_entry_t *entry = &u->entry[e];
  const unsigned g = entry->st == WR_READY ? entry->first : u->g;
  const bool enc = entry->kind == WR_ENC;
  if (!others || u->e2 || (enc && g == entry->last && entry->tleft != 0)) {
    return;
  }
  if (enc && !entry->dead && row_bits(u, entry->any, g - entry->row0) != 0 &&
      ((entry->tv >> cyc_tweak_line(net->ctrl.line_mode, u->lb, g)) & 1u) == 0) {
    net->ev.stall_tweak_wr = true;
    return;
  }
  send_row(u, net, e, g);
  if (g == entry->last) {
    next_em(u, entry->nrows);
  }
}

// E2 and the pipe have moved: u->e2 says whether E2 can take a beat.
static void emit(bus_write_cyc_t *u, cyc_net_t *net) {
  if (u->em == u->al) {
    return;
  }
  const unsigned e = wr_index(u, u->em);
  wr_entry_t *entry = &u->entry[e];
  const bool tweaks_in = entry->kind != WR_ENC || entry->tleft == 0;
  if (entry->st == WR_GATHER) {
    return;
  }
  if (entry->st == WR_ANSWER || entry->st == WR_DONE) {
    next_em(u, 0);
    return;
  }
  if (entry->st == WR_SENT) {
    emit_row(u, net, e, true);
    return;
  }
  if (entry->null) {
    if (tweaks_in) {
      wr_set_answer(u, e, WR_RESP_OKAY);
      next_em(u, entry->nrows);
    }
    return;
  }
  const bool rows_in = !entry->partial || (u->rm != u->em && entry->rleft == 0);
  const bool haz = u->haz_by != WR_NONE;  // READY: looked up at the end of the cycle before
  net->ev.stall_rmw = !rows_in;
  net->ev.stall_hazard = net->ev.stall_hazard || haz;
  if (!entry->dead && !(entry->partial && entry->rerr)) {
    emit_row(u, net, e, rows_in && !haz);
  } else if (rows_in && tweaks_in) {
    wr_set_answer(u, e, WR_RESP_SLVERR);
    next_em(u, entry->nrows);
  }
}

// The pipe moves if its last stage is empty or may go to the pins' queues (as they are before this edge).
static void move_pipe(bus_write_cyc_t *u, bool wo_full, bool awo_full) {
  const uint32_t last = (uint32_t)1 << (u->stages - 1u);
  const bool out = (u->pipe & last) != 0;
  if (out) {
    const wr_beat_t *b = &u->beat[(u->beat_head + u->wo_n) & (WR_BEATS - 1u)];
    if (wo_full || (b->first && awo_full)) {
      return;
    }
    u->wo_n++;
    if (b->first) {
      u->awo[cyc_fifo_tail(&u->awo_f, 2)] = b->entry;
      cyc_fifo_push(&u->awo_f);
    }
  }
  u->pipe = ((u->pipe & ~last) << 1) | (u->e2 ? 1u : 0u);
  u->e2 = false;
}

static void push_rmw(bus_write_cyc_t *u, unsigned e) {
  wr_entry_t *entry = &u->entry[e];
  const unsigned rows = entry->plast - entry->pfirst + 1u;
  u->rmwq[cyc_fifo_tail(&u->rmwq_f, WR_RMWQ_DEPTH)] = (cyc_rmw_req_t){
      .valid = true,
      .spa = cyc_row_addr(entry->spa, entry->pfirst, u->lb),
      .rows = (uint8_t)rows,
      .slot = entry->slot,
      .tag = (uint8_t)e,
      .cache = entry->cache,
      .prot = entry->prot,
      .qos = entry->qos,
      .region = entry->region,
      .enc = true,
  };
  cyc_fifo_push(&u->rmwq_f);
  entry->rleft = (uint8_t)rows;
}

static void rm_step(bus_write_cyc_t *u, cyc_net_t *net, bool em_moves_it) {
  const bool room = !cyc_fifo_full(&u->rmwq_f, WR_RMWQ_DEPTH);  // what leaves in this cycle makes none
  if (u->rm_look == WR_RM_BLOCKED) {
    net->ev.stall_hazard = true;
  }
  if (net->rmw_ready) {
    cyc_fifo_pop(&u->rmwq_f, WR_RMWQ_DEPTH);
  }
  if (u->rm_look == WR_RM_REQUEST && room) {
    push_rmw(u, wr_index(u, u->rm));
    u->rm++;
  } else if (u->rm_look == WR_RM_SKIP || em_moves_it) {
    u->rm++;
  }
}

void wr_emit_step(bus_write_cyc_t *u, cyc_net_t *net) {
  const uint32_t em = u->em;
  // wo_n and awo_f are those of before the edge: what the pins take is taken off after this
  move_pipe(u, u->wo_n >= 2u, cyc_fifo_full(&u->awo_f, 2));
  emit(u, net);
  rm_step(u, net, u->em != em && u->rm == em);
}

void wr_kill_beats(bus_write_cyc_t *u) {
  for (uint32_t i = u->beat_head + u->wo_n; i != u->beat_tail; i++) {
    wr_beat_t *b = &u->beat[i & (WR_BEATS - 1u)];
    if (b->enc) {
      b->enc = false;
      no_row(u, b);
    }
  }
}
