// SPDX-License-Identifier: Apache-2.0
//
// act.c - playing recorded stimulus (act.h)
#include "gen/act.h"

#include <stdlib.h>
#include <string.h>

#include "core/log.h"

void act_list_clear(act_list_t *l) {
  for (size_t i = 0; i < l->n; i++) {
    free(l->at[i].dram);
    free(l->at[i].host);
  }
  free(l->at);
  memset(l, 0, sizeof(*l));
}

void act_list_add(act_list_t *l, const act_t *a) {
  if (l->n == l->cap) {
    l->cap = l->cap == 0 ? 1024 : 2 * l->cap;
    l->at = log_realloc(l->at, l->cap * sizeof(*l->at));
  }
  act_t *to = &l->at[l->n++];
  *to = *a;
  if (a->dram != NULL) {
    to->dram = log_alloc(sizeof(*to->dram));
    *to->dram = *a->dram;
  }
  if (a->host != NULL) {
    to->host = log_alloc(sizeof(*to->host));
    *to->host = *a->host;
  }
}

static uint64_t strobes(rng_t *r, uint32_t kind, uint64_t lanes, uint32_t bus) {
  switch (kind) {
    case STROBE_RANDOM: return lanes & rng_u64(r);
    case STROBE_NONE: return 0;
    case STROBE_BLOCKS: {
      uint64_t m = lanes;
      for (uint32_t i = 0; i < bus / 16; i++) {
        if (rng_pct(r, 25)) m &= ~((uint64_t)0xffff << (16 * i));
      }
      return rng_pct(r, 10) ? m & ~((uint64_t)1 << rng_below(r, bus)) : m;
    }
    case STROBE_BYTE: return lanes & ((uint64_t)1 << rng_below(r, bus));
    case STROBE_FULL:
    default: return lanes;
  }
}

// RMP entries, by address: the first block of the burst is entry 0.
static void fill_entries(host_txn_t *t, const act_t *a, uint64_t spa, uint32_t bus) {
  for (uint32_t k = 0; k <= t->req.len; k++) {
    const uint64_t row = axi_beat_addr(spa, t->req.len, t->req.size, t->req.burst, k) & ~(uint64_t)(bus - 1);
    for (uint32_t j = 0; j < bus / 16; j++) {
      const uint64_t q[2] = {a->q1 + (row + 16 * j - (spa & ~(uint64_t)15)) / 16 * a->step, a->q2};
      for (uint32_t i = 0; i < 16; i++) t->data[(size_t)k * bus + 16 * j + i] = (uint8_t)(q[i / 8] >> (8 * (i % 8)));
    }
  }
}

static void play_txn(bench_t *b, const act_t *a) {
  host_txn_t *t = host_alloc(bench_host(b), &a->req);
  if (a->req.write) {
    const uint32_t bus = bench_bus_bytes(b);
    rng_t r;
    rng_seed(&r, a->data);
    rng_bytes(&r, t->data, (size_t)(a->req.len + 1u) * bus);
    cbit_attr_t who;
    uint64_t spa = 0;
    bench_request_view(b, &a->req, &who, &spa);
    if (a->entries != 0) fill_entries(t, a, spa, bus);
    const uint8_t size = (uint8_t)((1u << a->req.size) > bus ? 4 : a->req.size);  // refused anyway: any lanes do
    for (uint32_t k = 0; k <= a->req.len; k++) {
      t->strb[k] = strobes(&r, a->strobe, axi_beat_lanes(spa, a->req.len, size, a->req.burst, k, bus), bus);
    }
  }
  bench_submit(b, t);
}

bool act_play(bench_t *b, const act_t *a) {
  switch (a->kind) {
    case ACT_WRITE:
    case ACT_READ:
      play_txn(b, a);
      return true;
    case ACT_SP: {
      (void)bench_sp_poll(b, NULL, NULL);
      return bench_sp_start_skewed(b, a->sp_write != 0, (uint16_t)a->sp_offset, a->sp_value, (uint8_t)a->sp_strb,
                                   a->sp_skew, a->sp_wait);
    }
    case ACT_DRAM:
      dram_set_opt(bench_dram(b), a->dram);
      return true;
    case ACT_HOST:
      host_set_opt(bench_host(b), a->host);
      return true;
    case ACT_ZEROISE:
      bench_zeroise(b, a->value != 0);
      return true;
    case ACT_DEBUG:
      bench_debug(b, a->value != 0);
      return true;
    case ACT_ENTROPY:
      bench_entropy(b, (bench_entropy_t)(a->value & 3));
      return true;
    case ACT_RESET:
      return bench_reset_pulse(b, a->value);
    case ACT_INSN: {
      insn_req_t r = a->insn;
      for (uint32_t i = 0; i < sizeof(r.pins.arg); i++) r.pins.arg[i] = (uint8_t)(a->arg[i / 8] >> (8 * (i % 8)));
      (void)bench_insn_poll(b, a->port, NULL);
      return a->port >= bench_cfg(b)->rmp_insn || bench_insn_start(b, a->port, &r);
    }
    case ACT_CHK:
      return a->port >= bench_cfg(b)->rmp_chk || bench_chk_start(b, a->port, &a->chk);
    case ACT_MARK:
      return bench_cfg(b)->rmp_insn == 0 || bench_insn_mark(b, &a->mark);
    default:
      return true;
  }
}

static void collect(bench_t *b) {
  host_txn_t *t = NULL;
  while ((t = bench_poll(b)) != NULL) host_release(bench_host(b), t);
}

bool act_list_run(bench_t *b, const act_list_t *l, const bool *skip) {
  size_t i = 0;
  if (!bench_reset_pulse(b, 4)) return false;
  while (bench_cycle(b) < l->cycles) {
    while (i < l->n && (l->at[i].cycle <= bench_cycle(b) || (skip != NULL && skip[i]))) {
      if (!(skip != NULL && skip[i]) && !act_play(b, &l->at[i])) break;
      i++;
    }
    if (!bench_step(b)) return false;
    collect(b);
  }
  bench_zeroise(b, false);
  const bool good = bench_drain(b) && bench_scoreboard_check(b);
  collect(b);
  return good;
}
