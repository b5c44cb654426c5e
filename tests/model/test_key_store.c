// SPDX-License-Identifier: Apache-2.0
//
// test_key_store.c - life of the key slots
//
// docs/units/key_store.md: every command in every state against the table, the errors in their order, the health tests
// at their limits, and a store walked through its life, with what the route says to its slots.

#include "vec.h"

#define SLOTS 16u

// ---- the rule ----

typedef struct transition {
  uint8_t err, next;
} transition_t;

#define E CBIT_SLOT_EMPTY
#define L CBIT_SLOT_LOADED
#define A CBIT_SLOT_ACTIVE
#define D CBIT_SLOT_DRAIN

// [op][state from EMPTY to DRAIN]
static const transition_t table[9][4] = {
    {{15, E}, {15, L}, {15, A}, {15, D}},  // 0: no such command
    {{0, L}, {2, L}, {2, A}, {2, D}},      // LOAD
    {{0, L}, {2, L}, {2, A}, {2, D}},      // GENERATE
    {{2, E}, {0, A}, {2, A}, {4, D}},      // ACTIVATE
    {{2, E}, {2, L}, {0, D}, {2, D}},      // DEACTIVATE
    {{2, E}, {0, E}, {2, A}, {2, D}},      // WIPE
    {{0, E}, {0, E}, {0, E}, {0, E}},      // WIPE_ALL
    {{0, E}, {0, L}, {0, A}, {0, E}},      // FLUSH
    {{0, E}, {0, L}, {0, A}, {0, D}},      // QUERY
};

static void test_rule_transitions(void **state) {
  (void)state;
  for (unsigned op = 0; op < 9; op++) {
    for (unsigned s = 0; s < 4; s++) {
      for (unsigned mode = 0; mode <= 5; mode++) {
        const cbit_key_query_t q = {
            .op = op, .slot = 3, .key_slots = SLOTS, .state = (uint8_t)s, .mode = (uint8_t)mode};
        cbit_slot_state_t next = E;
        assert_int_equal(cbit_key_rule(&q, &next), table[op][s].err);
        assert_int_equal(next, table[op][s].next);
        assert_int_equal(cbit_key_rule(&q, NULL), table[op][s].err);
      }
    }
  }
  for (unsigned op = 9; op < 40; op++) {
    const cbit_key_query_t q = {.op = op, .slot = 999, .key_slots = SLOTS};
    assert_int_equal(cbit_key_rule(&q, NULL), CBIT_KEY_ERR_OP);
  }
}

static void test_rule_error_order(void **state) {
  (void)state;
  for (unsigned op = 1; op <= 8; op++) {
    const int names_slot = op != CBIT_KEY_OP_WIPE_ALL && op != CBIT_KEY_OP_FLUSH;
    const cbit_key_query_t q = {
        .op = op, .slot = SLOTS, .key_slots = SLOTS, .state = D, .mode = 4, .key_equal = 1, .alarm = 1};
    assert_int_equal(cbit_key_rule(&q, NULL), names_slot ? CBIT_KEY_ERR_RANGE : CBIT_KEY_OK);
  }
  for (unsigned mode = 0; mode <= 5; mode++) {
    const int refuses = mode >= 3;
    cbit_key_query_t q = {
        .op = CBIT_KEY_OP_LOAD, .slot = 15, .key_slots = SLOTS, .mode = (uint8_t)mode, .key_equal = 1};
    cbit_slot_state_t next;
    assert_int_equal(cbit_key_rule(&q, &next), refuses ? CBIT_KEY_ERR_KEY_EQUAL : CBIT_KEY_OK);
    assert_int_equal(next, refuses ? E : L);
    q.alarm = 1;  // LOAD has no part in the entropy alarm
    assert_int_equal(cbit_key_rule(&q, NULL), refuses ? CBIT_KEY_ERR_KEY_EQUAL : CBIT_KEY_OK);
    q.op = CBIT_KEY_OP_GENERATE;
    assert_int_equal(cbit_key_rule(&q, NULL), CBIT_KEY_ERR_ENTROPY);
    q.state = A;
    assert_int_equal(cbit_key_rule(&q, NULL), CBIT_KEY_ERR_STATE);
  }
}

static void test_key_equal(void **state) {
  (void)state;
  uint8_t a[32] = {1, 2, 3};
  uint8_t b[32] = {1, 2, 3};
  assert_true(cbit_key_equal(a, b, 128) && cbit_key_equal(a, b, 256));
  b[16] = 1;  // outside of a 128 bit key
  assert_true(cbit_key_equal(a, b, 128));
  assert_false(cbit_key_equal(a, b, 256));
  b[15] = 0x80;
  assert_false(cbit_key_equal(a, b, 128));
}

// ---- health tests ----

static void test_health_repetition(void **state) {
  (void)state;
  cbit_key_health_t h;
  memset(&h, 0, sizeof h);
  for (unsigned i = 0; i < 4; i++) {
    assert_int_equal(cbit_key_health_step(&h, 0), 0);
  }
  assert_int_equal(cbit_key_health_step(&h, 1), 0);  // broken off just in time
  for (unsigned i = 0; i < 3; i++) {
    assert_int_equal(cbit_key_health_step(&h, 1), 0);
  }
  assert_int_equal(cbit_key_health_step(&h, 1), 1);  // the fifth
  assert_int_equal(cbit_key_health_step(&h, 2), 1);  // stays
  memset(&h, 0, sizeof h);
  assert_int_equal(cbit_key_health_step(&h, 1), 0);
}

static void test_health_proportion(void **state) {
  (void)state;
  cbit_key_health_t h;
  memset(&h, 0, sizeof h);
  uint32_t other = 1000;
  // window 1: reference 7, twelve occurrences, the last one in the last place: no alarm
  for (unsigned i = 0; i < 512; i++) {
    const int hit = i < 22 ? i % 2 == 0 : i == 511;
    assert_int_equal(cbit_key_health_step(&h, hit ? 7 : other++), 0);
  }
  // window 2: the reference is its own first word, so more of the old one do no harm
  assert_int_equal(cbit_key_health_step(&h, 9), 0);
  for (unsigned i = 0; i < 100; i++) {
    assert_int_equal(cbit_key_health_step(&h, i % 2 ? 7 : other++), 0);
  }
  // eleven more of the reference make twelve, the next is the thirteenth
  for (unsigned i = 0; i < 11; i++) {
    assert_int_equal(cbit_key_health_step(&h, 9), 0);
    assert_int_equal(cbit_key_health_step(&h, other++), 0);
  }
  assert_int_equal(cbit_key_health_step(&h, 9), 1);
  assert_int_equal(h.alarm, 1);
}

// ---- a store ----

typedef struct fixture {
  cbit_key_store_t store;
  uint8_t slot_state[SLOTS];
  cbit_slot_key_t keys[SLOTS];
} fixture_t;

static void set_up(fixture_t *f, unsigned bits, cbit_mode_t mode) {
  memset(f, 0xee, sizeof *f);
  assert_int_equal(cbit_key_store_init(&f->store, f->slot_state, f->keys, SLOTS, bits, mode), CBIT_OK);
}

static cbit_key_err_t cmd(fixture_t *f, unsigned op, unsigned slot) {
  return cbit_key_store_cmd(&f->store, op, slot, NULL, NULL, NULL);
}

static cbit_slot_state_t query(fixture_t *f, unsigned slot) {
  cbit_slot_state_t s = D;
  assert_int_equal(cbit_key_store_cmd(&f->store, CBIT_KEY_OP_QUERY, slot, NULL, NULL, &s), CBIT_KEY_OK);
  return s;
}

static int wiped(const cbit_slot_key_t *key, unsigned rounds) {
  static const cbit_aes_key_t zero;
  return memcmp(key->k1.rk, zero.rk, sizeof zero.rk) == 0 && memcmp(key->k1.inv, zero.inv, sizeof zero.inv) == 0 &&
         memcmp(key->k2.rk, zero.rk, sizeof zero.rk) == 0 && memcmp(key->k2.inv, zero.inv, sizeof zero.inv) == 0 &&
         key->k1.rounds == rounds && key->k2.rounds == rounds;
}

static void test_store_life(void **state) {
  (void)state;
  static fixture_t f;
  uint64_t rnd = 12;
  for (unsigned bits = 128; bits <= 256; bits += 128) {
    const unsigned rounds = bits == 128 ? 10 : 14;
    uint8_t k1[32];
    uint8_t k2[32];
    cbit_slot_key_t want;
    vec_random_bytes(&rnd, k1, 32);
    vec_random_bytes(&rnd, k2, 32);
    set_up(&f, bits, CBIT_MODE_XTS_L64);
    for (unsigned s = 0; s < SLOTS; s++) {
      assert_int_equal(query(&f, s), E);
      assert_true(wiped(&f.keys[s], rounds));
    }
    assert_int_equal(cbit_slot_key_make(&want, k1, k2, bits), CBIT_OK);
    assert_int_equal(cbit_key_store_cmd(&f.store, CBIT_KEY_OP_LOAD, 5, k1, k2, NULL), CBIT_KEY_OK);
    assert_int_equal(query(&f, 5), L);
    assert_memory_equal(&f.keys[5], &want, sizeof want);
    assert_int_equal(cbit_key_store_cmd(&f.store, CBIT_KEY_OP_LOAD, 5, k2, k1, NULL), CBIT_KEY_ERR_STATE);
    assert_memory_equal(&f.keys[5], &want, sizeof want);
    assert_int_equal(cmd(&f, CBIT_KEY_OP_FLUSH, 0), CBIT_KEY_OK);  // touches DRAIN only
    assert_int_equal(query(&f, 5), L);
    assert_int_equal(cmd(&f, CBIT_KEY_OP_ACTIVATE, 5), CBIT_KEY_OK);
    assert_int_equal(query(&f, 5), A);
    assert_int_equal(cmd(&f, CBIT_KEY_OP_WIPE, 5), CBIT_KEY_ERR_STATE);
    assert_int_equal(cmd(&f, CBIT_KEY_OP_FLUSH, 0), CBIT_KEY_OK);
    assert_int_equal(query(&f, 5), A);
    assert_int_equal(cmd(&f, CBIT_KEY_OP_DEACTIVATE, 5), CBIT_KEY_OK);
    assert_int_equal(query(&f, 5), D);
    assert_int_equal(cmd(&f, CBIT_KEY_OP_ACTIVATE, 5), CBIT_KEY_ERR_NEED_FLUSH);
    assert_memory_equal(&f.keys[5], &want, sizeof want);  // requests in flight still need it
    assert_int_equal(cmd(&f, CBIT_KEY_OP_FLUSH, 0), CBIT_KEY_OK);
    assert_int_equal(query(&f, 5), E);
    assert_true(wiped(&f.keys[5], rounds));
    // a slot that was never used goes back at once
    assert_int_equal(cbit_key_store_cmd(&f.store, CBIT_KEY_OP_LOAD, 15, k1, k2, NULL), CBIT_KEY_OK);
    assert_int_equal(cmd(&f, CBIT_KEY_OP_WIPE, 15), CBIT_KEY_OK);
    assert_true(wiped(&f.keys[15], rounds));
    // all of them
    for (unsigned s = 0; s < SLOTS; s++) {
      assert_int_equal(cbit_key_store_cmd(&f.store, CBIT_KEY_OP_LOAD, s, k1, k2, NULL), CBIT_KEY_OK);
      assert_int_equal(s % 3 > 0 ? cmd(&f, CBIT_KEY_OP_ACTIVATE, s) : CBIT_KEY_OK, CBIT_KEY_OK);
      assert_int_equal(s % 3 > 1 ? cmd(&f, CBIT_KEY_OP_DEACTIVATE, s) : CBIT_KEY_OK, CBIT_KEY_OK);
    }
    assert_int_equal(cmd(&f, CBIT_KEY_OP_WIPE_ALL, 999), CBIT_KEY_OK);
    for (unsigned s = 0; s < SLOTS; s++) {
      assert_int_equal(query(&f, s), E);
      assert_true(wiped(&f.keys[s], rounds));
    }
  }
}

static void test_store_errors(void **state) {
  (void)state;
  static fixture_t f;
  const uint8_t k1[32] = {1};
  uint8_t k2[32] = {1};
  set_up(&f, 128, CBIT_MODE_XTS_L64);
  k2[20] = 9;  // beyond the 128 bits that count
  assert_int_equal(cbit_key_store_cmd(&f.store, CBIT_KEY_OP_LOAD, 1, k1, k2, NULL), CBIT_KEY_ERR_KEY_EQUAL);
  assert_int_equal(query(&f, 1), E);
  assert_true(wiped(&f.keys[1], 10));
  f.store.mode = CBIT_MODE_XEX_LIN;
  assert_int_equal(cbit_key_store_cmd(&f.store, CBIT_KEY_OP_LOAD, 1, k1, k2, NULL), CBIT_KEY_OK);
  assert_int_equal(cbit_key_store_cmd(&f.store, CBIT_KEY_OP_LOAD, SLOTS, k1, k2, NULL), CBIT_KEY_ERR_RANGE);
  assert_int_equal(cmd(&f, CBIT_KEY_OP_QUERY, SLOTS), CBIT_KEY_ERR_RANGE);
  assert_int_equal(cmd(&f, CBIT_KEY_OP_LOAD, 2), CBIT_KEY_ERR_OP);
  assert_int_equal(cmd(&f, CBIT_KEY_OP_GENERATE, 2), CBIT_KEY_ERR_OP);
  assert_int_equal(cmd(&f, 0, 2), CBIT_KEY_ERR_OP);
  assert_int_equal(cmd(&f, 9, 2), CBIT_KEY_ERR_OP);
  assert_int_equal(cbit_key_store_init(&f.store, f.slot_state, f.keys, SLOTS, 192, CBIT_MODE_XTS_L64), CBIT_ERR_ARG);
  assert_int_equal(cbit_key_store_init(&f.store, f.slot_state, f.keys, 0, 128, CBIT_MODE_XTS_L64), CBIT_ERR_ARG);
  assert_int_equal(cbit_key_store_init(&f.store, NULL, f.keys, SLOTS, 128, CBIT_MODE_XTS_L64), CBIT_ERR_ARG);
}

static void test_store_generate(void **state) {
  (void)state;
  static fixture_t f;
  for (unsigned bits = 128; bits <= 256; bits += 128) {
    const unsigned count = 2 * bits / 32;
    uint32_t words[16];
    uint8_t bytes[64];
    size_t used = 99;
    cbit_slot_key_t want;
    set_up(&f, bits, CBIT_MODE_XTS_L64);
    for (unsigned i = 0; i < count; i++) {
      words[i] = 0x03020100u + 0x04040404u * i;
    }
    for (unsigned i = 0; i < 64; i++) {
      bytes[i] = (uint8_t)i;
    }
    assert_int_equal(cbit_key_store_generate(&f.store, 4, words, &used), CBIT_KEY_OK);
    assert_int_equal(used, count);
    assert_int_equal(query(&f, 4), L);
    assert_int_equal(cbit_slot_key_make(&want, bytes, bytes + bits / 8, bits), CBIT_OK);
    assert_memory_equal(&f.keys[4], &want, sizeof want);
    // refused before a word is taken
    assert_int_equal(cbit_key_store_generate(&f.store, 4, words, &used), CBIT_KEY_ERR_STATE);
    assert_int_equal(used, 0);
    assert_int_equal(cbit_key_store_generate(&f.store, SLOTS, words, &used), CBIT_KEY_ERR_RANGE);
    // K1 = K2
    for (unsigned i = 0; i < count; i++) {
      words[i] = 77 + i % (count / 2);
    }
    assert_int_equal(cbit_key_store_generate(&f.store, 6, words, &used), CBIT_KEY_ERR_KEY_EQUAL);
    assert_int_equal(used, count);
    assert_true(wiped(&f.keys[6], bits == 128 ? 10 : 14));
    // stuck source: the fifth equal word ends it, and the alarm stays
    for (unsigned i = 0; i < count; i++) {
      words[i] = 5;
    }
    assert_int_equal(cbit_key_store_generate(&f.store, 6, words, &used), CBIT_KEY_ERR_ENTROPY);
    assert_int_equal(used, 5);
    for (unsigned i = 0; i < count; i++) {
      words[i] = i;
    }
    assert_int_equal(cbit_key_store_generate(&f.store, 6, words, NULL), CBIT_KEY_ERR_ENTROPY);
    assert_int_equal(query(&f, 6), E);
    assert_true(wiped(&f.keys[6], bits == 128 ? 10 : 14));
  }
}

// The state array of the store is what the route asks.
static void test_store_and_route(void **state) {
  (void)state;
  static fixture_t f;
  const uint8_t k1[16] = {1};
  const uint8_t k2[16] = {2};
  const cbit_attr_t attr = {.requester = CBIT_REQ_GUEST, .cbit = 1, .asid = 2};
  const cbit_route_cfg_t cfg = {.smee = 1, .mode = 4, .spa_width = 52, .lanes = 1, .key_slots = SLOTS};
  const cbit_route_req_t req = {.addr = 0x40, .size = 4, .burst = CBIT_BURST_INCR, .user = cbit_attr_pack(&attr)};
  cbit_route_rsp_t rsp;
  set_up(&f, 128, CBIT_MODE_XTS_L64);
  cbit_route(&cfg, &req, f.store.state, &rsp);
  assert_int_equal(rsp.fault, CBIT_FAULT_SLOT);
  assert_int_equal(cbit_key_store_cmd(&f.store, CBIT_KEY_OP_LOAD, 2, k1, k2, NULL), CBIT_KEY_OK);
  cbit_route(&cfg, &req, f.store.state, &rsp);
  assert_int_equal(rsp.fault, CBIT_FAULT_SLOT);
  assert_int_equal(cmd(&f, CBIT_KEY_OP_ACTIVATE, 2), CBIT_KEY_OK);
  cbit_route(&cfg, &req, f.store.state, &rsp);
  assert_int_equal(rsp.fault, CBIT_FAULT_NONE);
  assert_int_equal(rsp.slot, 2);
  assert_int_equal(cmd(&f, CBIT_KEY_OP_DEACTIVATE, 2), CBIT_KEY_OK);
  cbit_route(&cfg, &req, f.store.state, &rsp);
  assert_int_equal(rsp.fault, CBIT_FAULT_SLOT);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_rule_transitions),  cmocka_unit_test(test_rule_error_order),
      cmocka_unit_test(test_key_equal),         cmocka_unit_test(test_health_repetition),
      cmocka_unit_test(test_health_proportion), cmocka_unit_test(test_store_life),
      cmocka_unit_test(test_store_errors),      cmocka_unit_test(test_store_generate),
      cmocka_unit_test(test_store_and_route),
  };
  return cmocka_run_group_tests_name("key_store", tests, NULL, NULL);
}
