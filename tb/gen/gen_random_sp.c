// SPDX-License-Identifier: Apache-2.0
//
// gen_random_sp.c - what the random secure processor does (gen_random.h)
//
// It works through scripts of register accesses (load a key, take a slot out of use, read the log, ...), chosen by
// what it believes of the slots, and now and then does what it should not.
#include <string.h>

#include "gen/gen_random_int.h"

enum {
  CTRL = 0x010,
  LOCK = 0x014,
  TEST = 0x01c,
  INTR_STATE = 0x020,
  INTR_ENABLE = 0x024,
  CMD = 0x030,
  CMD_STATUS = 0x034
};

static void push(gen_random_t *g, bool write, uint32_t offset, uint32_t value, uint8_t strb) {
  if (g->n >= GEN_SCRIPT) return;
  g->script[g->n++] = (gen_access_t){.write = write, .strb = strb, .offset = (uint16_t)offset, .value = value};
}

static void push_write(gen_random_t *g, uint32_t offset, uint32_t value) { push(g, true, offset, value, 0xf); }
static void push_read(gen_random_t *g, uint32_t offset) { push(g, false, offset, 0, 0); }

static void push_cmd(gen_random_t *g, uint32_t op, uint32_t slot) {
  if (rng_pct(&g->sp, 25)) {  // the interrupt pin alone tells in which cycle the command ends
    push_write(g, INTR_ENABLE, 4u | (rng_pct(&g->sp, 20) ? rng_below(&g->sp, 16) : 0));
    push_write(g, INTR_STATE, 0xf);
  }
  push_write(g, CMD, op | slot << 16);
  if (rng_pct(&g->sp, 4)) push_write(g, CMD, rng_u32(&g->sp));  // while it runs
  if (rng_pct(&g->sp, 4)) push_write(g, 0x040 + 4 * rng_below(&g->sp, 16), rng_u32(&g->sp));
  push_read(g, CMD_STATUS);
  if (g->n < GEN_SCRIPT) g->script[g->n - 1].poll = 1;  // busy
}

static void push_keys(gen_random_t *g) {
  const uint32_t words = bench_cfg(g->b)->key_bits / 32;
  const bool equal = rng_pct(&g->sp, 4);
  uint32_t k1[8];
  for (uint32_t i = 0; i < words; i++) {
    k1[i] = rng_u32(&g->sp);
    push(g, true, 0x040 + 4 * i, k1[i], rng_pct(&g->sp, 3) ? (uint8_t)rng_below(&g->sp, 16) : 0xf);
  }
  for (uint32_t i = 0; i < words; i++) push_write(g, 0x060 + 4 * i, equal ? k1[i] : rng_u32(&g->sp));
}

static void load(gen_random_t *g, uint32_t i) {
  push_keys(g);
  push_cmd(g, CBIT_KEY_OP_LOAD, g->slot[i]);
  g->state[i] = CBIT_SLOT_LOADED;
}

static void activate(gen_random_t *g, uint32_t i) {
  push_cmd(g, CBIT_KEY_OP_ACTIVATE, g->slot[i]);
  g->state[i] = CBIT_SLOT_ACTIVE;
}

static void write_ctrl(gen_random_t *g) {
  const uint32_t smee = rng_pct(&g->sp, 90);
  const uint32_t tsme = rng_pct(&g->sp, 15);
  push_write(g, CTRL, smee | tsme << 1 | (uint32_t)g->mode << 4);
}

static void tweak_entries(gen_random_t *g, uint32_t n) {
  for (uint32_t i = 0; i < n; i++) {
    for (uint32_t w = 0; w < 4; w++) push_write(g, 0x040 + 4 * w, rng_u32(&g->sp));
    push_cmd(g, 9, rng_pct(&g->sp, 95) ? rng_range(&g->sp, 4, 51) : rng_below(&g->sp, 64));
  }
}

// Keys for a slot apart come and go unused: generated or loaded, wiped, again.
static void drill(gen_random_t *g) {
  rng_t *r = &g->sp;
  const uint32_t slot = rng_range(r, 2, bench_cfg(g->b)->key_slots - 2);
  const uint32_t generate_pct = g->drills != 0 ? 95 : 50;
  if (g->drills != 0) g->drills--;
  for (uint32_t i = rng_range(r, 1, 7); i > 0 && g->n + 40 < GEN_SCRIPT; i--) {
    if (rng_pct(r, generate_pct)) {
      push_cmd(g, CBIT_KEY_OP_GENERATE, slot);
    } else {
      push_keys(g);
      push_cmd(g, CBIT_KEY_OP_LOAD, slot);
    }
    static const uint8_t wrong[] = {CBIT_KEY_OP_LOAD, CBIT_KEY_OP_GENERATE, CBIT_KEY_OP_DEACTIVATE, CBIT_KEY_OP_QUERY};
    if (rng_pct(r, 10)) push_cmd(g, wrong[rng_below(r, 4)], slot);
    push_cmd(g, CBIT_KEY_OP_WIPE, slot);
  }
}

// CTRL with g->mode; mode 1 wants the debug strap, so it mostly gets it.
static void set_mode(gen_random_t *g) {
  if (g->mode == 1 && rng_pct(&g->sp, 90)) gen_debug(g, true);
  write_ctrl(g);
}

void gen_push(gen_random_t *g, bool write, uint32_t offset, uint32_t value) {
  push(g, write, offset, value, write ? 0xf : 0);
}

void gen_sp_start(gen_random_t *g) {
  g->at = g->n = 0;
  g->flying = false;
  memset(g->state, CBIT_SLOT_EMPTY, sizeof(g->state));
  g->mode = (uint8_t)g->modes[rng_below(&g->sp, g->modes_n)];
  if (g->mode == 0 && rng_pct(&g->sp, 80)) g->mode = 4;
  if ((bench_cfg(g->b)->modes_mask >> g->mode & 1) == 0) g->mode = (uint8_t)bench_cfg(g->b)->default_mode;
  if (g->mode == 1) gen_debug(g, true);
  push_write(g, CTRL, 1u | (uint32_t)g->mode << 4);
  push_write(g, INTR_ENABLE, rng_below(&g->sp, 16));
  if (g->mode == 1 || g->mode == 2) tweak_entries(g, 6);
  g->started = false;
  const uint32_t x = rng_below(&g->sp, 100);
  if (g->flicker_end != 0 || x < 30) {
    if (g->flicker_end == 0) gen_flicker(g);
    g->drills = rng_range(&g->sp, 2, 6);
  } else if (x < 36) {  // more words than a window of the proportion test holds
    gen_entropy(g, BENCH_ENT_GOOD);
    g->drills = 30;
  }
  if (g->rmp != NULL) gen_rmp_start(g);
}

// First keys, one slot a script.
static bool start_more(gen_random_t *g) {
  for (uint32_t i = 0; i < GEN_SLOTS; i++) {
    if (g->state[i] == CBIT_SLOT_EMPTY) {
      load(g, i);
      if (rng_pct(&g->sp, 90)) activate(g, i);
      return true;
    }
  }
  return false;
}

static void noise(gen_random_t *g) {
  rng_t *r = &g->sp;
  uint32_t offset = rng_below(r, g->chk != NULL ? 0x160 : 0x150) & ~3u;
  const uint32_t x = rng_below(r, 100);
  if (x < 10) offset = rng_below(r, 4096);
  const bool write = rng_pct(r, 40);
  // These have their own scripts: a stray one would stop the whole traffic (lock, override) or hide what runs (CMD).
  if (write && ((offset & ~3u) == CTRL || (offset & ~3u) == LOCK || (offset & ~3u) == CMD || (offset & ~3u) == TEST))
    return;
  push(g, write, offset, rng_u32(r), rng_pct(r, 80) ? 0xf : (uint8_t)rng_below(r, 16));
}

static void read_log(gen_random_t *g) {
  push_read(g, 0x098);
  for (uint32_t i = rng_range(&g->sp, 1, 9); i > 0; i--) {
    for (uint32_t o = 0x080; o <= 0x090; o += 4) push_read(g, o);
    for (uint32_t o = 0x0d0; g->rmp != NULL && o <= 0x0d8; o += 4) push_read(g, o);
    push_write(g, 0x094, 0);
  }
  push_write(g, INTR_STATE, rng_below(&g->sp, 16));
}

// The next step in the life of a slot.
static void live(gen_random_t *g, uint32_t i) {
  rng_t *r = &g->sp;
  switch (g->state[i]) {
    case CBIT_SLOT_EMPTY:
      if (rng_pct(r, 20)) {
        push_cmd(g, CBIT_KEY_OP_GENERATE, g->slot[i]);
        g->state[i] = CBIT_SLOT_LOADED;
      } else {
        load(g, i);
      }
      if (rng_pct(r, 80)) activate(g, i);
      break;
    case CBIT_SLOT_LOADED:
      if (rng_pct(r, 80)) {
        activate(g, i);
      } else {
        push_cmd(g, CBIT_KEY_OP_WIPE, g->slot[i]);
        g->state[i] = CBIT_SLOT_EMPTY;
      }
      break;
    case CBIT_SLOT_ACTIVE:
      push_cmd(g, CBIT_KEY_OP_DEACTIVATE, g->slot[i]);
      g->state[i] = CBIT_SLOT_DRAIN;
      break;
    default:
      if (rng_pct(r, 20)) push_cmd(g, CBIT_KEY_OP_ACTIVATE, g->slot[i]);  // NEED_FLUSH
      if (rng_pct(r, 20)) push_cmd(g, rng_range(r, 1, 5), g->slot[i]);
      push_cmd(g, CBIT_KEY_OP_FLUSH, 0);
      for (uint32_t k = 0; k < GEN_SLOTS; k++) {
        if (g->state[k] == CBIT_SLOT_DRAIN) g->state[k] = CBIT_SLOT_EMPTY;
      }
      break;
  }
}

static void wipe_all(gen_random_t *g) {
  rng_t *r = &g->sp;
  push_cmd(g, CBIT_KEY_OP_WIPE_ALL, 0);
  memset(g->state, CBIT_SLOT_EMPTY, sizeof(g->state));
  if (rng_pct(r, 60)) {
    g->mode = (uint8_t)g->modes[rng_below(r, g->modes_n)];
    if (g->mode == 0 && rng_pct(r, 60)) g->mode = (uint8_t)bench_cfg(g->b)->default_mode;
    set_mode(g);
    if (g->mode == 1 || g->mode == 2) tweak_entries(g, 3);
  }
  g->started = false;
}

static void choose(gen_random_t *g) {
  rng_t *r = &g->sp;
  g->at = g->n = 0;
  if (g->rmp != NULL && gen_rmp_script(g)) return;
  if (g->drills != 0 || rng_pct(r, 4)) {
    if (g->drills == 0 && rng_pct(r, 20)) {
      gen_flicker(g);
      g->drills = rng_range(r, 2, 8);
    }
    drill(g);
    return;
  }
  if (!g->started) {
    if (start_more(g)) return;
    g->started = true;
  }
  const uint32_t x = rng_below(r, 1000);
  if (x < 250) {
    live(g, rng_below(r, GEN_SLOTS));
  } else if (x < 450) {
    read_log(g);
  } else if (x < 600) {
    const uint32_t end = g->chk != NULL ? 0x15c : g->insn != NULL ? 0x154 : g->rmp != NULL ? 0x14c : 0x138;
    for (uint32_t o = 0x100; o < end; o += 4) push_read(g, o);
  } else if (x < 660) {
    write_ctrl(g);
  } else if (x < 860) {
    for (uint32_t i = rng_range(r, 1, 8); i > 0; i--) noise(g);
  } else if (x < 900) {
    push_cmd(g, CBIT_KEY_OP_QUERY, g->slot[rng_below(r, GEN_SLOTS)]);
  } else if (x < 935) {
    // Anything, legal or not, on any slot.
    const uint32_t op = rng_pct(r, 60) ? rng_range(r, 1, 8) : rng_below(r, 16);
    if (op != CBIT_KEY_OP_WIPE_ALL)
      push_cmd(g, op, rng_pct(r, 50) ? g->slot[rng_below(r, GEN_SLOTS)] : rng_below(r, 1024));
  } else if (x < 960) {
    tweak_entries(g, rng_range(r, 1, 4));
  } else if (x < 975) {
    wipe_all(g);
  } else if (x < 985) {
    push_write(g, CTRL, rng_u32(r));  // mostly refused: mode not compiled in, slots in use
    push_read(g, CTRL);
    write_ctrl(g);
  } else if (x < 990) {
    if (bench_cfg(g->b)->test_tweak != 0) {
      for (uint32_t i = 0; i < 4; i++) push_write(g, 0x0a0 + 4 * i, rng_u32(r));
      push_write(g, TEST, 1);
      push_read(g, TEST);
      for (uint32_t o = 0x100; o < 0x138; o += 4) push_read(g, o);
      push_write(g, TEST, 0);
    }
  } else if (x < 992) {
    push_write(g, LOCK, rng_below(r, 4));
    write_ctrl(g);
  }
}

void gen_sp_step(gen_random_t *g) {
  uint32_t value = 0;
  if (g->flying) {
    if (!bench_sp_poll(g->b, &value, NULL)) return;
    g->flying = false;
    const gen_access_t *s = &g->script[g->at];
    if (!s->write && g->rmp != NULL) gen_rmp_polled(g, s->offset, value);
    const bool again = (value & s->poll) != 0;
    if (!again) g->at++;
    g->next_sp = bench_cycle(g->b) + (g->at < g->n ? rng_below(&g->sp, 4) : rng_below(&g->sp, g->sp_gap + 1));
    if (again) g->next_sp += rng_below(&g->sp, 24);
    return;
  }
  if (g->at >= g->n) choose(g);
  if (g->at >= g->n) return;
  const gen_access_t *s = &g->script[g->at];
  act_t a = {.kind = ACT_SP, .sp_write = s->write, .sp_offset = s->offset, .sp_value = s->value, .sp_strb = s->strb};
  if (rng_pct(&g->sp, 20)) a.sp_skew = (int32_t)rng_below(&g->sp, 7) - 3;
  if (rng_pct(&g->sp, 15)) a.sp_wait = rng_below(&g->sp, 6);
  g->flying = gen_emit(g, &a);
  const uint32_t op = s->value & 0xf;
  const bool walks = op == CBIT_KEY_OP_WIPE || op == CBIT_KEY_OP_WIPE_ALL || op == CBIT_KEY_OP_FLUSH;
  const uint32_t odds = walks || op == CBIT_KEY_OP_GENERATE ? 25 : op == CBIT_KEY_OP_LOAD ? 150 : 300;
  if (s->write && s->offset == CMD && rng_below(&g->sp, odds) == 0)
    g->zeroise_at = bench_cycle(g->b) + rng_range(&g->sp, 2, 30);
}
