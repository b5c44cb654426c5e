// SPDX-License-Identifier: Apache-2.0
//
// key_store.c - rules of the key slots
//
// Which command is allowed in which state and what it leaves behind (the command table of docs/units/key_store.md), the
// health tests of the entropy words (NIST SP 800-90B section 4.4), and a whole store that runs commands to their end.
// How many cycles that takes is the business of the cycle layer, which asks cbit_key_rule() for the verdicts.

#include <string.h>

#include "cbit.h"
#include "util/bytes.h"

#define HEALTH_REPEAT_CUTOFF 5u
#define HEALTH_WINDOW 512u
#define HEALTH_MATCH_CUTOFF 13u

// Modes whose two keys must differ (NIST SP 800-38E).
static int mode_needs_two_keys(unsigned mode) { return mode >= CBIT_MODE_XEX_AES16 && mode <= CBIT_MODE_XTS_P4K; }

cbit_key_err_t cbit_key_rule(const cbit_key_query_t *query, cbit_slot_state_t *next) {
  const int in_range = query->slot < query->key_slots;
  const unsigned state = query->state;
  cbit_slot_state_t to = (cbit_slot_state_t)state;
  cbit_key_err_t err = CBIT_KEY_OK;
  switch (query->op) {
    case CBIT_KEY_OP_LOAD:
    case CBIT_KEY_OP_GENERATE:
      if (!in_range) {
        err = CBIT_KEY_ERR_RANGE;
      } else if (state != CBIT_SLOT_EMPTY) {
        err = CBIT_KEY_ERR_STATE;
      } else if (query->op == CBIT_KEY_OP_GENERATE && query->alarm) {
        err = CBIT_KEY_ERR_ENTROPY;
      } else if (query->key_equal && mode_needs_two_keys(query->mode)) {
        err = CBIT_KEY_ERR_KEY_EQUAL;
      } else {
        to = CBIT_SLOT_LOADED;
      }
      break;
    case CBIT_KEY_OP_ACTIVATE:
      if (!in_range) {
        err = CBIT_KEY_ERR_RANGE;
      } else if (state == CBIT_SLOT_DRAIN) {
        err = CBIT_KEY_ERR_NEED_FLUSH;
      } else if (state != CBIT_SLOT_LOADED) {
        err = CBIT_KEY_ERR_STATE;
      } else {
        to = CBIT_SLOT_ACTIVE;
      }
      break;
    case CBIT_KEY_OP_DEACTIVATE:
      if (!in_range) {
        err = CBIT_KEY_ERR_RANGE;
      } else if (state != CBIT_SLOT_ACTIVE) {
        err = CBIT_KEY_ERR_STATE;
      } else {
        to = CBIT_SLOT_DRAIN;
      }
      break;
    case CBIT_KEY_OP_WIPE:
      if (!in_range) {
        err = CBIT_KEY_ERR_RANGE;
      } else if (state != CBIT_SLOT_LOADED) {
        err = CBIT_KEY_ERR_STATE;
      } else {
        to = CBIT_SLOT_EMPTY;
      }
      break;
    case CBIT_KEY_OP_WIPE_ALL:
      to = CBIT_SLOT_EMPTY;
      break;
    case CBIT_KEY_OP_FLUSH:
      if (state == CBIT_SLOT_DRAIN) {
        to = CBIT_SLOT_EMPTY;
      }
      break;
    case CBIT_KEY_OP_QUERY:
      err = in_range ? CBIT_KEY_OK : CBIT_KEY_ERR_RANGE;
      break;
    default:
      err = CBIT_KEY_ERR_OP;
      break;
  }
  if (next != NULL) {
    *next = to;
  }
  return err;
}

int cbit_key_equal(const uint8_t *key1, const uint8_t *key2, unsigned key_bits) {
  unsigned difference = 0;
  for (unsigned i = 0; i < key_bits / 8; i++) {
    difference |= (unsigned)(key1[i] ^ key2[i]);
  }
  return difference == 0;
}

int cbit_key_health_step(cbit_key_health_t *health, uint32_t word) {
  // Repetition count: the first of the equal words counts as 1.
  if (health->repeats > 0 && word == health->last) {
    health->repeats += health->repeats < HEALTH_REPEAT_CUTOFF;
  } else {
    health->repeats = 1;
  }
  health->last = word;
  // Adaptive proportion: the first word of a window is its reference and counts as the first occurrence.
  if (health->taken == 0) {
    health->reference = word;
    health->matches = 1;
  } else if (word == health->reference) {
    health->matches++;
  }
  health->taken = (health->taken + 1) % HEALTH_WINDOW;
  if (health->repeats >= HEALTH_REPEAT_CUTOFF || health->matches >= HEALTH_MATCH_CUTOFF) {
    health->alarm = 1;
  }
  return health->alarm != 0;
}

// Wiped round keys are zeros in every round, which is not the expansion of a zero key; the number of rounds stays.
static void wipe_slot(cbit_key_store_t *store, uint32_t slot) {
  cbit_slot_key_t *key = &store->keys[slot];
  bytes_wipe(key, sizeof *key);
  key->k1.rounds = key->k2.rounds = store->key_bits == 128 ? 10 : 14;
  store->state[slot] = CBIT_SLOT_EMPTY;
}

cbit_status_t cbit_key_store_init(cbit_key_store_t *store, uint8_t *state, cbit_slot_key_t *keys, unsigned key_slots,
                                  unsigned key_bits, cbit_mode_t mode) {
  if (store == NULL || state == NULL || keys == NULL || key_slots == 0 || key_slots > CBIT_KEY_SLOTS_MAX ||
      (key_bits != 128 && key_bits != 256)) {
    return CBIT_ERR_ARG;
  }
  memset(store, 0, sizeof *store);
  store->state = state;
  store->keys = keys;
  store->key_slots = key_slots;
  store->key_bits = key_bits;
  store->mode = (uint32_t)mode;
  for (uint32_t slot = 0; slot < key_slots; slot++) {
    wipe_slot(store, slot);
  }
  return CBIT_OK;
}

static cbit_key_query_t make_query(const cbit_key_store_t *store, unsigned op, unsigned slot) {
  cbit_key_query_t query;
  memset(&query, 0, sizeof query);
  query.op = op;
  query.slot = slot;
  query.key_slots = store->key_slots;
  query.state = slot < store->key_slots ? store->state[slot] : (uint8_t)CBIT_SLOT_EMPTY;
  query.mode = (uint8_t)store->mode;
  query.alarm = store->health.alarm != 0;
  return query;
}

cbit_key_err_t cbit_key_store_cmd(cbit_key_store_t *store, unsigned op, unsigned slot, const uint8_t *key1,
                                  const uint8_t *key2, cbit_slot_state_t *state) {
  cbit_key_query_t query = make_query(store, op, slot);
  if (op == CBIT_KEY_OP_GENERATE || (op == CBIT_KEY_OP_LOAD && (key1 == NULL || key2 == NULL))) {
    return CBIT_KEY_ERR_OP;
  }
  if (op == CBIT_KEY_OP_LOAD) {
    query.key_equal = (uint8_t)cbit_key_equal(key1, key2, store->key_bits);
  }
  cbit_slot_state_t next;
  const cbit_key_err_t err = cbit_key_rule(&query, &next);
  if (err != CBIT_KEY_OK) {
    return err;
  }
  switch (op) {
    case CBIT_KEY_OP_LOAD:
      (void)cbit_slot_key_make(&store->keys[slot], key1, key2, store->key_bits);
      store->state[slot] = (uint8_t)next;
      break;
    case CBIT_KEY_OP_WIPE:
      wipe_slot(store, slot);
      break;
    case CBIT_KEY_OP_WIPE_ALL:
    case CBIT_KEY_OP_FLUSH:
      for (uint32_t s = 0; s < store->key_slots; s++) {
        if (op == CBIT_KEY_OP_WIPE_ALL || store->state[s] == CBIT_SLOT_DRAIN) {
          wipe_slot(store, s);
        }
      }
      break;
    case CBIT_KEY_OP_QUERY:
      if (state != NULL) {
        *state = next;
      }
      break;
    default:  // ACTIVATE, DEACTIVATE
      store->state[slot] = (uint8_t)next;
      break;
  }
  return CBIT_KEY_OK;
}

cbit_key_err_t cbit_key_store_generate(cbit_key_store_t *store, unsigned slot, const uint32_t *words, size_t *used) {
  uint8_t keys[64] = {0};  // K1, then K2
  const size_t key_bytes = store->key_bits / 8;
  size_t taken = 0;
  cbit_key_query_t query = make_query(store, CBIT_KEY_OP_GENERATE, slot);
  cbit_slot_state_t next;
  cbit_key_err_t err = cbit_key_rule(&query, &next);
  while (err == CBIT_KEY_OK && 4 * taken < 2 * key_bytes) {
    bytes_store_le32(keys + 4 * taken, words[taken]);
    if (cbit_key_health_step(&store->health, words[taken++])) {
      err = CBIT_KEY_ERR_ENTROPY;
    }
  }
  if (err == CBIT_KEY_OK) {
    query.key_equal = (uint8_t)cbit_key_equal(keys, keys + key_bytes, store->key_bits);
    err = cbit_key_rule(&query, &next);
  }
  if (err == CBIT_KEY_OK) {
    (void)cbit_slot_key_make(&store->keys[slot], keys, keys + key_bytes, store->key_bits);
    store->state[slot] = (uint8_t)next;
  }
  bytes_wipe(keys, sizeof keys);
  if (used != NULL) {
    *used = taken;
  }
  return err;
}
