// SPDX-License-Identifier: Apache-2.0
//
// key_store_cyc.c - the key store, cycle by cycle
//
// States of the slots, the commands with their exact durations, the draw from the entropy port with its health tests,
// the wipe walk and the zeroise pin: docs/units/key_store.md. Verdicts come from cbit_key_rule(), expanded keys from
// cbit_slot_key_make(). The hardware writes round keys one by one; here the keys of a slot become usable as a whole at
// the end of the cycle in which the slot becomes LOADED, and are wiped as a whole. Nobody can see the difference: no
// request uses a slot while its round keys are written, and what a wipe catches in flight is killed.

#include <string.h>

#include "top/units_cyc.h"
#include "util/bytes.h"

typedef enum ks_phase {
  KS_IDLE = 0,
  KS_WALK = 1,   // wipe of all slots: after reset, WIPE_ALL, zeroise
  KS_LOAD = 2,   // key expansion, K1 then K2
  KS_WIPE = 3,   // zeros to the round keys of one slot
  KS_DRAW = 4,   // GENERATE takes words
  KS_CHECK = 5,  // GENERATE has its words: K1 = K2 ?
  KS_FAIL = 6,   // GENERATE met the alarm
  KS_WAIT = 7,   // FLUSH waits until nothing in flight uses a DRAIN slot
  KS_FLUSH = 8   // FLUSH walks the slots
} ks_phase_t;

struct key_store_cyc {
  uint32_t key_slots;
  uint32_t key_bits;
  uint32_t rounds;       // N
  uint32_t left;         // cycles of the phase (KS_FLUSH: of its slot) still to come, this one included
  uint32_t not_empty;    // slots that are not EMPTY
  uint32_t words;        // words of GENERATE taken
  uint16_t slot;         // of the running command, or of the FLUSH walk
  uint8_t phase;         // ks_phase_t
  uint8_t cmd_err;
  uint8_t slot_state_q;  // answer of the last QUERY
  bool cmd_done;
  bool running;          // a command is in work: it owes a done
  bool aborted;          // the zeroise pin ended a command: the walk's end tells
  bool init_done;
  bool kill;
  bool zeroise;          // the sampled pin
  bool ent_ready;
  cbit_key_health_t health;
  uint8_t keys_q[64];    // k1_q, then k2_q, key_bits / 8 bytes each
  uint8_t state[CBIT_KEY_SLOTS_MAX];
  cbit_slot_key_t keys[];  // [key_slots]
};

static uint32_t walk_cycles(const key_store_cyc_t *u) { return u->key_slots * (u->rounds + 1u); }

static void set_state(key_store_cyc_t *u, uint32_t slot, unsigned state) {
  u->not_empty -= u->state[slot] != CBIT_SLOT_EMPTY;
  u->not_empty += state != CBIT_SLOT_EMPTY;
  u->state[slot] = (uint8_t)state;
}

// Wiped round keys are zeros in every round; their number stays.
static void wipe_slot(key_store_cyc_t *u, uint32_t slot) {
  memset(&u->keys[slot], 0, sizeof u->keys[slot]);
  u->keys[slot].k1.rounds = u->rounds;
  u->keys[slot].k2.rounds = u->rounds;
  set_state(u, slot, CBIT_SLOT_EMPTY);
}

static void start_walk(key_store_cyc_t *u) {
  for (uint32_t slot = 0; slot < u->key_slots; slot++) {
    wipe_slot(u, slot);
  }
  u->phase = KS_WALK;
  u->left = walk_cycles(u);
}

// Sets the answer registers at the end of this cycle.
static void answer(key_store_cyc_t *u, cbit_key_err_t err) {
  u->cmd_done = true;
  u->cmd_err = (uint8_t)err;
  u->running = false;
  u->phase = KS_IDLE;
  memset(u->keys_q, 0, sizeof u->keys_q);
}

static cbit_key_query_t make_query(const key_store_cyc_t *u, unsigned op, unsigned slot, const cyc_net_t *net) {
  cbit_key_query_t query;
  memset(&query, 0, sizeof query);
  query.op = op;
  query.slot = slot;
  query.key_slots = u->key_slots;
  query.state = slot < u->key_slots ? u->state[slot] : (uint8_t)CBIT_SLOT_EMPTY;
  query.mode = net->ctrl.mode;
  query.alarm = u->health.alarm != 0;
  return query;
}

static bool keys_equal(const key_store_cyc_t *u, const uint8_t *k1, const uint8_t *k2) {
  return cbit_key_equal(k1, k2, u->key_bits) != 0;
}

// Cycle t of a command.
static void accept(key_store_cyc_t *u, const cyc_net_t *net) {
  const unsigned op = net->cmd_op;
  const unsigned slot = net->cmd_slot;
  cbit_key_query_t query = make_query(u, op, slot, net);
  if (op == CBIT_KEY_OP_LOAD) {
    query.key_equal = keys_equal(u, net->key1, net->key2);
  }
  cbit_slot_state_t next;
  const cbit_key_err_t err = cbit_key_rule(&query, &next);
  if (err != CBIT_KEY_OK) {
    answer(u, err);
    return;
  }
  u->slot = (uint16_t)slot;
  u->running = true;
  switch (op) {
    case CBIT_KEY_OP_LOAD:
      memcpy(u->keys_q, net->key1, u->key_bits / 8);
      memcpy(u->keys_q + u->key_bits / 8, net->key2, u->key_bits / 8);
      u->phase = KS_LOAD;
      u->left = 2u * u->rounds + 3u;  // start, N + 1 rounds of K1, N + 1 rounds of K2
      break;
    case CBIT_KEY_OP_GENERATE:
      u->phase = KS_DRAW;
      u->words = 0;
      u->ent_ready = true;
      break;
    case CBIT_KEY_OP_WIPE:
      u->phase = KS_WIPE;
      u->left = u->rounds + 1u;
      break;
    case CBIT_KEY_OP_WIPE_ALL:
      start_walk(u);
      u->kill = true;
      break;
    case CBIT_KEY_OP_FLUSH:
      u->phase = KS_WAIT;
      break;
    case CBIT_KEY_OP_QUERY:
      u->slot_state_q = (uint8_t)next;
      answer(u, CBIT_KEY_OK);
      break;
    default:  // ACTIVATE, DEACTIVATE
      set_state(u, slot, next);
      answer(u, CBIT_KEY_OK);
      break;
  }
}

// A word of GENERATE was taken in this cycle.
static void draw(key_store_cyc_t *u, uint32_t word) {
  bytes_store_le32(u->keys_q + 4u * u->words, word);
  u->words++;
  if (u->health.alarm != 0) {
    u->phase = KS_FAIL;
    u->ent_ready = false;
  } else if (u->words == 2u * u->key_bits / 32u) {
    u->phase = KS_CHECK;
    u->ent_ready = false;
  }
}

static void check_drawn(key_store_cyc_t *u, const cyc_net_t *net) {
  cbit_key_query_t query = make_query(u, CBIT_KEY_OP_GENERATE, u->slot, net);
  query.key_equal = keys_equal(u, u->keys_q, u->keys_q + u->key_bits / 8);
  const cbit_key_err_t err = cbit_key_rule(&query, NULL);
  if (err != CBIT_KEY_OK) {
    answer(u, err);
    return;
  }
  // This cycle stands in the place of the start cycle of LOAD.
  u->phase = KS_LOAD;
  u->left = 2u * u->rounds + 2u;
}

static uint32_t flush_cycles(const key_store_cyc_t *u, uint32_t slot) {
  return u->state[slot] == CBIT_SLOT_DRAIN ? u->rounds + 1u : 1u;
}

static void flush_cycle(key_store_cyc_t *u) {
  u->left--;
  if (u->left > 0) {
    return;
  }
  if (u->state[u->slot] == CBIT_SLOT_DRAIN) {
    wipe_slot(u, u->slot);
  }
  u->slot++;
  if (u->slot == u->key_slots) {
    answer(u, CBIT_KEY_OK);
  } else {
    u->left = flush_cycles(u, u->slot);
  }
}

static void walk_cycle(key_store_cyc_t *u) {
  u->left--;
  if (u->left > 0) {
    return;
  }
  u->phase = KS_IDLE;
  u->init_done = true;
  if (u->aborted) {
    u->aborted = false;
    answer(u, CBIT_KEY_ERR_ABORTED);
  } else if (u->running) {
    answer(u, CBIT_KEY_OK);
  }
}

static void phase_cycle(key_store_cyc_t *u, const cyc_net_t *net, const cbit_pins_in_t *in, bool done_shown,
                        bool taken) {
  switch (u->phase) {
    case KS_WALK:
      walk_cycle(u);
      break;
    case KS_LOAD:
      u->left--;
      if (u->left == 0) {
        (void)cbit_slot_key_make(&u->keys[u->slot], u->keys_q, u->keys_q + u->key_bits / 8, u->key_bits);
        set_state(u, u->slot, CBIT_SLOT_LOADED);
        answer(u, CBIT_KEY_OK);
      }
      break;
    case KS_WIPE:
      u->left--;
      if (u->left == 0) {
        wipe_slot(u, u->slot);
        answer(u, CBIT_KEY_OK);
      }
      break;
    case KS_DRAW:
      if (taken) {
        draw(u, in->ent_data);
      }
      break;
    case KS_CHECK:
      check_drawn(u, net);
      break;
    case KS_FAIL:
      answer(u, CBIT_KEY_ERR_ENTROPY);
      break;
    case KS_WAIT:
      if (!net->inflight_rd && !net->inflight_wr) {
        u->phase = KS_FLUSH;
        u->slot = 0;
        u->left = flush_cycles(u, 0);
      }
      break;
    case KS_FLUSH:
      flush_cycle(u);
      break;
    default:  // KS_IDLE; in the cycle of done the giver still shows the command that has just ended
      if (u->init_done && net->cmd_valid && !done_shown) {
        accept(u, net);
      }
      break;
  }
}

size_t key_store_cyc_size(const cbit_cyc_cfg_t *cfg) {
  return sizeof(key_store_cyc_t) + cfg->key_slots * sizeof(cbit_slot_key_t);
}

void key_store_cyc_init(key_store_cyc_t *u, const cbit_cyc_cfg_t *cfg) {
  memset(u, 0, sizeof *u);
  u->key_slots = cfg->key_slots;
  u->key_bits = cfg->key_bits;
  u->rounds = cfg->key_bits == 128u ? 10u : 14u;
  key_store_cyc_reset(u);
}

void key_store_cyc_reset(key_store_cyc_t *u) {
  start_walk(u);
  u->cmd_done = false;
  u->cmd_err = 0;
  u->slot_state_q = 0;
  u->running = false;
  u->aborted = false;
  u->init_done = false;
  u->kill = false;
  u->zeroise = false;
  u->ent_ready = false;
  memset(&u->health, 0, sizeof u->health);
  memset(u->keys_q, 0, sizeof u->keys_q);
}

void key_store_cyc_out(const key_store_cyc_t *u, cyc_net_t *net, cbit_pins_out_t *out) {
  net->init_done = u->init_done;
  net->kill = u->kill;
  net->slot_state = u->state;
  net->slot_key = u->keys;
  net->cmd_done = u->cmd_done;
  net->cmd_err = u->cmd_err;
  net->slot_state_q = u->slot_state_q;
  net->ks_busy = u->phase != KS_IDLE;
  net->ent_alarm = u->health.alarm != 0;
  net->all_empty = u->not_empty == 0;
  net->flush_wait = u->phase == KS_WAIT;
  net->zeroise_q = u->zeroise;
  out->ent_ready = u->ent_ready;
}

void key_store_cyc_step(key_store_cyc_t *u, cyc_net_t *net, const cbit_pins_in_t *in) {
  if (!in->rst_n) {
    key_store_cyc_reset(u);
    return;
  }
  const bool done_shown = u->cmd_done;
  const bool zeroise = u->zeroise;
  u->zeroise = in->zeroise;
  u->cmd_done = false;
  u->kill = false;
  const bool taken = u->ent_ready && in->ent_valid;
  if (taken) {
    (void)cbit_key_health_step(&u->health, in->ent_data);
  }
  if (zeroise) {
    // Wins over everything; while the pin is held the walk begins anew in each cycle.
    u->aborted = u->aborted || u->running;
    u->running = false;
    u->ent_ready = false;
    memset(u->keys_q, 0, sizeof u->keys_q);
    start_walk(u);
    u->kill = true;
  } else {
    phase_cycle(u, net, in, done_shown, taken);
  }
}
