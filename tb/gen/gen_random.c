// SPDX-License-Identifier: Apache-2.0
//
// gen_random.c - random bus traffic and environment (gen_random.h)
#include "gen/gen_random.h"

#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "gen/gen_random_int.h"

gen_random_t *gen_random_new(bench_t *b, uint64_t seed, act_list_t *record) {
  gen_random_t *g = log_alloc(sizeof(*g));
  const cbit_cyc_cfg_t *c = bench_cfg(b);
  rng_t root;
  rng_seed(&root, seed ^ 0x67656e72616e64u);
  rng_split(&root, 1, &g->txn);
  rng_split(&root, 2, &g->sp);
  rng_split(&root, 3, &g->env);
  g->b = b;
  g->record = record;
  const uint64_t top = (uint64_t)1 << c->spa_width;
  for (uint32_t i = 0; i < GEN_PAGES; i++) g->page[i] = (rng_u64(&g->env) & (top - 1)) & ~(uint64_t)4095;
  g->page[1] = g->page[0] ^ 4096;
  g->page[2] = top - 4096;
  g->page[3] = 0;
  // Pages that differ in one high bit only: same line in every partial compare of addresses.
  g->page[4] = g->page[0] ^ (uint64_t)1 << rng_range(&g->env, 13, c->spa_width - 1);
  g->slot[0] = 0;
  g->slot[1] = 1;
  g->slot[2] = (uint16_t)(c->key_slots - 1);
  for (uint32_t i = 3; i < GEN_SLOTS; i++) g->slot[i] = (uint16_t)rng_range(&g->env, 2, c->key_slots - 2);
  // With many slots, two that differ in one high bit only: the same slot where a slot number is cut short.
  uint32_t bits = 0;
  while (c->key_slots >> (bits + 1) != 0) bits++;
  if (bits > 4) {
    const uint32_t other = g->slot[3] ^ 1u << (4 + g->slot[5] % (bits - 4));
    if (other >= 2 && other < c->key_slots) g->slot[5] = (uint16_t)other;
  }
  for (uint32_t m = 0; m < 6; m++) {
    if (m == 0 || (c->modes_mask >> m & 1) != 0) g->modes[g->modes_n++] = m;
  }
  if (c->rmp != 0) gen_rmp_new(g, &root);
  gen_sp_start(g);
  return g;
}

void gen_random_free(gen_random_t *g) {
  free(g->rmp);
  free(g->insn);
  free(g->chk);
  free(g);
}

bool gen_emit(gen_random_t *g, act_t *a) {
  a->cycle = bench_cycle(g->b);
  // Recorded first: an act that makes the bench fail belongs to the list.
  if (g->record != NULL) act_list_add(g->record, a);
  return act_play(g->b, a);
}

// ---- one transaction --------------------------------------------------------------------------------------------

static uint8_t pick_requester(rng_t *r) {
  const uint32_t x = rng_below(r, 100);
  return x < 30 ? CBIT_REQ_HOST : x < 80 ? CBIT_REQ_GUEST : x < 92 ? CBIT_REQ_DEVICE : CBIT_REQ_SP;
}

static void pick_attr(gen_random_t *g, cbit_attr_t *a) {
  rng_t *r = &g->txn;
  memset(a, 0, sizeof(*a));
  a->requester = pick_requester(r);
  const bool guest = a->requester == CBIT_REQ_GUEST;
  a->cbit = rng_pct(r, g->enc_pct);
  a->ncbit = rng_pct(r, 20);
  a->access = rng_pct(r, 80) ? CBIT_ACC_DATA : (uint8_t)rng_below(r, 5);
  a->user_mode = rng_pct(r, 50);
  a->vmpl = rng_below(r, 4) & 3u;
  a->page_size = rng_below(r, 4) & 3u;
  a->gpa_page = rng_u64(r) & 0xffffffffffu;
  const bool wants_slot = guest || a->requester == CBIT_REQ_SP;
  a->asid = wants_slot ? g->slot[rng_range(r, guest ? 1 : 0, GEN_SLOTS - 1)] : 0;
  if (!wants_slot && a->cbit == 0 && rng_pct(r, 20)) a->asid = g->slot[rng_below(r, GEN_SLOTS)];
}

static uint64_t pick_address(gen_random_t *g) {
  rng_t *r = &g->txn;
  const uint32_t x = rng_below(r, 100);
  const uint64_t page = g->page[x < 60 ? 0 : x < 75 ? 1 : rng_below(r, GEN_PAGES)];
  // Half of it in 512 bytes; the rest anywhere in the page.
  return page + (rng_pct(r, 50) ? rng_below(r, 512) : rng_below(r, 4096));
}

void gen_pick_burst(gen_random_t *g, host_req_t *q, uint64_t *spa) {
  rng_t *r = &g->txn;
  const uint32_t bus = bench_bus_bytes(g->b);
  const uint8_t lb = (uint8_t)__builtin_ctz(bus);
  q->size = rng_pct(r, 65) ? lb : (uint8_t)rng_below(r, lb + 1u);
  const uint64_t beat = (uint64_t)1 << q->size;
  const uint32_t kind = rng_below(r, 100);
  if (kind < 70) {
    q->burst = AXI_INCR;
    const uint64_t room = (4096 - (*spa & 4095 & ~(beat - 1))) / beat;  // beats to the end of the page
    const uint32_t most = room < 256 ? (uint32_t)room : 256;
    uint32_t n = rng_pct(r, g->long_pct) ? rng_range(r, 1, most) : rng_pct(r, 40) ? 1 : rng_range(r, 1, 9);
    if (rng_pct(r, 20)) n = (uint32_t)(64 / beat > 0 ? 64 / beat : 1);  // a line
    if (rng_pct(r, 3)) n = most;
    if (n > most) n = most;
    q->len = (uint8_t)(n - 1);
  } else if (kind < 88) {
    q->burst = AXI_WRAP;
    q->len = (uint8_t)((2u << rng_below(r, 4)) - 1);
    *spa &= ~(beat - 1);
  } else {
    q->burst = AXI_FIXED;
    q->len = (uint8_t)rng_below(r, 16);
  }
  if (q->burst != AXI_WRAP && rng_pct(r, 50)) *spa &= ~(uint64_t)(bus - 1);
}

static void spoil(gen_random_t *g, host_req_t *q, cbit_attr_t *who, uint64_t *spa) {
  rng_t *r = &g->txn;
  const cbit_cyc_cfg_t *c = bench_cfg(g->b);
  switch (rng_below(r, 14)) {
    case 0:  // address beyond the end
      *spa |= (uint64_t)1 << rng_range(r, c->spa_width < 52 ? c->spa_width : 51, c->attr_from_addr != 0 ? 51 : 63);
      break;
    case 1:
    case 11:
      q->burst = 3;
      if (rng_pct(r, 70)) q->size = (uint8_t)rng_below(r, 8);
      break;
    case 2:
    case 12:  // wider than the bus, mostly
      q->size = (uint8_t)rng_range(r, (uint32_t)__builtin_ctz(bench_bus_bytes(g->b)), 7);
      if (rng_pct(r, 60)) q->burst = (uint8_t)rng_below(r, 3);
      break;
    case 3:
      q->burst = AXI_WRAP;
      q->len = (uint8_t)(rng_pct(r, 70) ? rng_below(r, 20) : rng_below(r, 256));
      break;
    case 4:
      q->burst = AXI_WRAP;
      *spa |= 1;
      break;
    case 5:
      q->burst = AXI_FIXED;
      q->len = (uint8_t)(rng_pct(r, 70) ? rng_range(r, 12, 40) : rng_range(r, 64, 255));
      break;
    case 6:  // over the end of the page
      q->burst = AXI_INCR;
      *spa |= 0xf80;
      q->len = (uint8_t)rng_range(r, 8, 60);
      break;
    case 7:
    case 13:
      who->access = (uint8_t)rng_range(r, 4, 7);
      if (rng_pct(r, 70)) who->requester = (uint8_t)rng_below(r, 4);
      break;
    case 8:
      who->asid = rng_pct(r, 30) ? 0 : (uint16_t)rng_below(r, 1024);
      break;
    case 9:
      who->requester = CBIT_REQ_DEVICE;
      who->cbit = 1;
      who->asid = g->slot[rng_below(r, GEN_SLOTS)];
      break;
    default:
      q->bad_wlast = (uint8_t)rng_range(r, 1, 2);
      break;
  }
}

// The streams of configurations without the RMP check are fixed: replays and planted bugs name seeds.
static void make_txn(gen_random_t *g) {
  rng_t *r = &g->txn;
  act_t a = {0};
  host_req_t *q = &a.req;
  cbit_attr_t who;
  if (g->rmp != NULL && gen_rmp_txn(g)) return;
  pick_attr(g, &who);
  uint64_t spa = pick_address(g);
  gen_pick_burst(g, q, &spa);
  q->write = rng_pct(r, g->write_pct);
  gen_finish(g, &a, &who, spa);
}

void gen_finish(gen_random_t *g, act_t *act, const cbit_attr_t *attr, uint64_t spa) {
  rng_t *r = &g->txn;
  const cbit_cyc_cfg_t *c = bench_cfg(g->b);
  host_req_t *q = &act->req;
  cbit_attr_t who = *attr;
  if (rng_pct(r, g->lock_pct)) q->lock = 1;
  const uint32_t ids = 1u << c->id_width;
  q->id = (uint16_t)(rng_below(r, ids < g->id_spread ? ids : g->id_spread) * (rng_pct(r, 10) ? ids / 2 + 1 : 1) % ids);
  const uint64_t misc = rng_u64(r);
  q->cache = misc & 0xf;
  q->prot = misc >> 4 & 7;
  q->qos = misc >> 8 & 0xf;
  q->region = misc >> 12 & 0xf;
  if (rng_pct(r, g->illegal_pct)) spoil(g, q, &who, &spa);
  bench_request(g->b, q, &who, spa);
  if (g->exclusive.lock != 0 && rng_pct(r, 25)) {  // the write that belongs to an exclusive read
    *q = g->exclusive;
    q->write = true;
    g->exclusive.lock = 0;
  } else if (q->lock != 0 && !q->write) {
    g->exclusive = *q;
  }
  if (rng_pct(r, 15)) q->ax_delay = rng_below(r, 12);
  q->w_late = rng_pct(r, 30);
  act->kind = q->write ? ACT_WRITE : ACT_READ;
  if (q->write) {
    act->data = rng_u64(r);
    const uint32_t x = rng_below(r, 100);
    act->strobe = x < 55   ? STROBE_FULL
               : x < 80 ? STROBE_RANDOM
               : x < 83 ? STROBE_NONE
               : x < 93 ? STROBE_BLOCKS
                        : STROBE_BYTE;
  }
  (void)gen_emit(g, act);
}

// ---- environment ------------------------------------------------------------------------------------------------

static uint8_t stall(rng_t *r) {
  const uint32_t x = rng_below(r, 20);
  return (uint8_t)(x < 10 ? 0 : x < 16 ? rng_range(r, 1, 40) : x < 19 ? rng_range(r, 40, 90) : rng_range(r, 90, 97));
}

static void zeroise(gen_random_t *g) {
  act_t a = {.kind = ACT_ZEROISE, .value = 1};
  g->zeroise_end = bench_cycle(g->b) + rng_range(&g->env, 1, 30);
  (void)gen_emit(g, &a);
  memset(g->state, CBIT_SLOT_EMPTY, sizeof(g->state));
  g->started = false;
}

void gen_debug(gen_random_t *g, bool on) {
  act_t a = {.kind = ACT_DEBUG, .value = on};
  (void)gen_emit(g, &a);
}

void gen_entropy(gen_random_t *g, bench_entropy_t kind) {
  act_t a = {.kind = ACT_ENTROPY, .value = (uint32_t)kind};
  (void)gen_emit(g, &a);
}

static void reset(gen_random_t *g) {
  act_t a = {.kind = ACT_RESET, .value = rng_range(&g->env, 1, 5)};
  g->reset_at = 0;
  (void)gen_emit(g, &a);
  gen_sp_start(g);
}

// An alarm stays until reset, and no key is generated with it. Resets of many slots take too long.
static void reset_later(gen_random_t *g, uint32_t min, uint32_t max) {
  if (bench_cfg(g->b)->key_slots <= 128 && rng_pct(&g->env, 60))
    g->reset_at = bench_cycle(g->b) + rng_range(&g->env, min, max);
}

void gen_flicker(gen_random_t *g) {
  rng_t *r = &g->env;
  const uint64_t now = bench_cycle(g->b);
  g->flicker_next = now;
  g->flicker_on = false;
  g->flicker_long = rng_pct(r, 35);
  g->flicker_end = now + rng_range(r, 300, 1500);
  // Short runs go on after the reset: the first word after it, mostly one of them, is what the proportion test counts.
  reset_later(g, 200, g->flicker_long ? 3000 : 250);
}

static void flicker(gen_random_t *g) {
  rng_t *r = &g->env;
  const uint64_t now = bench_cycle(g->b);
  if (now >= g->flicker_end) {
    g->flicker_end = 0;
    gen_entropy(g, BENCH_ENT_GOOD);
    return;
  }
  g->flicker_on = !g->flicker_on;
  if (g->flicker_on) {
    gen_entropy(g, BENCH_ENT_STUCK);
    g->flicker_next = now + (g->flicker_long ? rng_range(r, 1, 40) : rng_range(r, 1, 3));
  } else {
    gen_entropy(g, rng_pct(r, 90) ? BENCH_ENT_GOOD : rng_pct(r, 50) ? BENCH_ENT_BIASED : BENCH_ENT_SILENT);
    g->flicker_next = now + rng_range(r, 2, 5);
  }
}

static void new_profile(gen_random_t *g) {
  rng_t *r = &g->env;
  static const uint32_t gaps[] = {0, 2, 8, 40, 200};
  g->gap_max = rng_pct(r, 6) ? 3000 : gaps[rng_below(r, 5)];  // 3000: the engine comes to rest
  g->pending_max = rng_pct(r, 30) ? rng_range(r, 1, 6) : rng_range(r, 8, 160);
  g->write_pct = rng_pct(r, 70) ? rng_range(r, 30, 70) : rng_pct(r, 50) ? 100 : 0;
  g->illegal_pct = rng_pct(r, 45) ? 0 : rng_pct(r, 80) ? rng_range(r, 1, 15) : rng_range(r, 30, 90);
  g->enc_pct = rng_pct(r, 20) ? 0 : rng_pct(r, 30) ? 100 : rng_range(r, 20, 90);
  g->id_spread = rng_pct(r, 30) ? 1 : rng_pct(r, 50) ? 3 : 256;
  g->long_pct = rng_pct(r, 60) ? rng_below(r, 10) : rng_range(r, 30, 100);
  g->lock_pct = rng_pct(r, 15) ? 25 : 3;
  g->sp_gap = rng_pct(r, 30) ? 4 : rng_range(r, 10, 400);
  if (g->rmp != NULL) gen_rmp_profile(g);

  dram_opt_t d = {0};
  d.latency = (dram_latency_t)rng_below(r, 3);
  d.lat_min = rng_pct(r, 40) ? 0 : rng_below(r, 30);
  d.lat_max = d.lat_min + rng_below(r, 80);
  d.half_duplex = rng_pct(r, 30);
  d.turnaround = d.half_duplex ? rng_below(r, 3) : 0;
  d.run_beats = d.half_duplex ? rng_range(r, 1, 40) : 0;
  d.reorder = rng_pct(r, 50);
  d.interleave = d.reorder && rng_pct(r, 50);
  d.no_exclusive = rng_pct(r, 15);
  d.max_reads = rng_pct(r, 25) ? rng_range(r, 1, 4) : 0;
  d.max_writes = rng_pct(r, 25) ? rng_range(r, 1, 4) : 0;
  if (rng_pct(r, 60)) {
    d.stall_aw = stall(r);
    d.stall_w = stall(r);
    d.stall_ar = stall(r);
    d.stall_r = stall(r);
    d.stall_b = stall(r);
  }
  if (rng_pct(r, 15)) {
    d.err_read_ppm = rng_below(r, 40000);
    d.err_write_ppm = rng_below(r, 40000);
  }
  if (g->rmp != NULL) gen_rmp_dram(g, &d);
  act_t a = {.kind = ACT_DRAM, .dram = &d};
  (void)gen_emit(g, &a);

  host_opt_t h = {0};
  if (rng_pct(r, 60)) {
    h.stall_r = stall(r);
    h.stall_b = stall(r);
    h.stall_aw = stall(r);
    h.stall_w = stall(r);
    h.stall_ar = stall(r);
  }
  if (rng_pct(r, 15)) h.max_reads = rng_range(r, 1, 8);
  if (rng_pct(r, 15)) h.max_writes = rng_range(r, 1, 8);
  act_t ah = {.kind = ACT_HOST, .host = &h};
  (void)gen_emit(g, &ah);

  if (rng_pct(r, 20)) {
    const bool good = rng_pct(r, 75);
    gen_entropy(g, good ? BENCH_ENT_GOOD : (bench_entropy_t)rng_range(r, 1, 2));
    if (!good) reset_later(g, 1000, 5000);
  }
  if (rng_pct(r, 10)) gen_debug(g, rng_below(r, 2) != 0);
  if (rng_pct(r, 6)) zeroise(g);
  if (rng_pct(r, 5)) reset(g);
}

bool gen_random_step(gen_random_t *g) {
  const uint64_t now = bench_cycle(g->b);
  if (now >= g->next_env) {
    new_profile(g);
    g->next_env = bench_cycle(g->b) + rng_range(&g->env, 500, 6000);
    if (bench_failed(g->b)) return false;
  }
  if (g->zeroise_at != 0 && now >= g->zeroise_at) {  // in the middle of a command
    g->zeroise_at = 0;
    zeroise(g);
  }
  if (g->zeroise_end != 0 && now >= g->zeroise_end) {
    act_t a = {.kind = ACT_ZEROISE};
    g->zeroise_end = 0;
    (void)gen_emit(g, &a);
  }
  if (g->reset_at != 0 && now >= g->reset_at) reset(g);
  if (g->flicker_end != 0 && now >= g->flicker_next) flicker(g);
  if (now >= g->next_txn) {
    if (host_pending(bench_host(g->b)) < g->pending_max) {
      make_txn(g);
      const bool hurry = g->rmp != NULL && gen_rmp_filling(g);
      g->next_txn = now + 1 + rng_below(&g->txn, hurry ? 4 : g->gap_max + 1);
    } else {
      g->next_txn = now + 4;
    }
  }
  if (now >= g->next_sp) gen_sp_step(g);
  if (g->insn != NULL) gen_insn_step(g);
  if (g->chk != NULL) gen_chk_step(g);
  return true;
}
