// SPDX-License-Identifier: Apache-2.0
//
// bus_write_resp_cyc.c - write responses, in order of each id
//
// Which entry answers next, what it says, and what its end means for the younger ones: docs/units/bus_write.md, "B".
// The page's `pos` (how many older entries of the same id are unfinished) is here the place in a queue per id.

#include "bus/bus_write_units.h"

void wr_id_push(bus_write_cyc_t *u, unsigned e) {
  wr_entry_t *entry = &u->entry[e];
  entry->next = WR_NONE;
  if (u->id_head[entry->id] == WR_NONE) {
    u->id_head[entry->id] = (uint8_t)e;
  } else {
    u->entry[u->id_tail[entry->id]].next = (uint8_t)e;
  }
  u->id_tail[entry->id] = (uint8_t)e;
  if (entry->st == WR_ANSWER && u->id_head[entry->id] == e) {
    wr_mask_set(&u->answer0, e);
  }
}

void wr_set_answer(bus_write_cyc_t *u, unsigned e, uint8_t resp) {
  wr_entry_t *entry = &u->entry[e];
  entry->st = WR_ANSWER;
  entry->resp = resp;
  wr_mask_clear(&u->ready_sent, e);
  if (u->id_head[entry->id] == e) {
    wr_mask_set(&u->answer0, e);
  }
}

static uint8_t max_resp(uint8_t a, uint8_t b) { return a > b ? a : b; }

// The entry that the head of bq answers, WR_NONE: none (yet).
static uint8_t match(const bus_write_cyc_t *u) {
  if (cyc_fifo_empty(&u->bq_f)) {
    return WR_NONE;
  }
  const uint16_t id = u->bq[u->bq_f.head].id;
  if (id > 0xFFu) {
    return WR_NONE;
  }
  const uint8_t e = u->id_head[id];
  return e != WR_NONE && u->entry[e].st == WR_SENT ? e : (uint8_t)WR_NONE;
}

static uint8_t lowest_answer(const bus_write_cyc_t *u) {
  if (u->answer0.w[0] != 0) {
    return (uint8_t)cyc_lowest(u->answer0.w[0]);
  }
  return u->answer0.w[1] != 0 ? (uint8_t)(64u + cyc_lowest(u->answer0.w[1])) : (uint8_t)WR_NONE;
}

wr_pick_t wr_pick_response(const bus_write_cyc_t *u) {
  wr_pick_t pick = {.entry = WR_NONE, .source = WR_HOLD_NONE, .resp = 0, .own = lowest_answer(u)};
  if (u->bhold != WR_HOLD_INJ) {
    pick.entry = match(u);
    pick.source = WR_HOLD_BQ;
  }
  if (u->bhold == WR_HOLD_INJ) {
    pick.entry = u->bhold_e;
    pick.source = WR_HOLD_INJ;
  } else if (u->bhold == WR_HOLD_NONE && pick.entry == WR_NONE) {
    pick.entry = u->own;
    pick.source = WR_HOLD_INJ;
  }
  if (pick.entry != WR_NONE) {
    const wr_entry_t *entry = &u->entry[pick.entry];
    const uint8_t own = pick.source == WR_HOLD_BQ ? u->bq[u->bq_f.head].resp : entry->resp;
    pick.resp = max_resp(entry->acc, own);
  }
  return pick;
}

// The oldest entry of its id is done.
static void complete(bus_write_cyc_t *u, unsigned e, uint8_t resp) {
  wr_entry_t *entry = &u->entry[e];
  const unsigned next = entry->next;
  entry->st = WR_DONE;
  wr_mask_clear(&u->ready_sent, e);
  wr_mask_clear(&u->sent_partial, e);
  wr_mask_clear(&u->answer0, e);
  u->id_head[entry->id] = (uint8_t)next;
  if (next == WR_NONE) {
    if (!entry->last_chunk) {
      u->bacc = max_resp(u->bacc, resp);  // for the burst's next chunk, which is still to come
    }
    return;
  }
  if (!entry->last_chunk) {
    u->entry[next].acc = max_resp(u->entry[next].acc, resp);
  }
  if (u->entry[next].st == WR_ANSWER) {
    wr_mask_set(&u->answer0, next);
  }
}

void wr_resp_step(bus_write_cyc_t *u, const cbit_pins_in_t *in, wr_pick_t pick) {
  u->own = pick.own;
  if (pick.entry == WR_NONE) {
    u->bhold = WR_HOLD_NONE;
    return;
  }
  if (u->entry[pick.entry].last_chunk && !in->s_bready) {
    u->bhold = pick.source;
    u->bhold_e = pick.entry;
    return;
  }
  u->bhold = WR_HOLD_NONE;
  if (pick.source == WR_HOLD_BQ) {
    cyc_fifo_pop(&u->bq_f, 2);
  } else {
    u->own = WR_NONE;  // j may be the very entry that completes
  }
  complete(u, pick.entry, pick.resp);
}
