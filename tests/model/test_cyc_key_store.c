// SPDX-License-Identifier: Apache-2.0
//
// test_cyc_key_store.c - the key store, cycle by cycle
//
// docs/units/key_store.md: duration, error and effect of every command from every state, the draw from the entropy port
// with both health tests, the flush walk, the initial wipe, the zeroise pin with its kill. The unit stands alone; the
// test plays the giver of commands, the entropy source and the bus units' answer about requests in flight.

#include <stdlib.h>

#include "top/units_cyc.h"
#include "vec.h"

#define SLOTS 16u

typedef struct bench {
  key_store_cyc_t *u;
  cyc_net_t net;
  cbit_pins_in_t in;
  cbit_pins_out_t out;
  unsigned n;      // rounds
  unsigned cycle;  // the cycle that net and out show
} bench_t;

static void show(bench_t *b) { key_store_cyc_out(b->u, &b->net, &b->out); }

// One clock; afterwards net and out are those of the next cycle.
static void tick(bench_t *b) {
  key_store_cyc_step(b->u, &b->net, &b->in);
  b->cycle++;
  show(b);
}

static void ticks(bench_t *b, unsigned n) {
  while (n-- > 0) {
    tick(b);
  }
}

// In reset; the first cycle with rst_n = 1 is the one shown.
static void set_up(bench_t *b, unsigned key_bits, unsigned slots) {
  cbit_cyc_cfg_t cfg;
  memset(b, 0, sizeof *b);
  cbit_cyc_cfg_default(&cfg);
  cfg.key_bits = key_bits;
  cfg.key_slots = slots;
  b->n = key_bits == 128 ? 10 : 14;
  b->u = aligned_alloc(64, (key_store_cyc_size(&cfg) + 63u) & ~(size_t)63u);
  assert_non_null(b->u);
  key_store_cyc_init(b->u, &cfg);
  b->in.rst_n = true;
  b->net.ctrl.mode = CBIT_MODE_XTS_L64;
  memset(b->net.key1, 0x11, sizeof b->net.key1);
  memset(b->net.key2, 0x22, sizeof b->net.key2);
  show(b);
}

// The same, after the initial wipe.
static void set_up_ready(bench_t *b, unsigned key_bits) {
  set_up(b, key_bits, SLOTS);
  ticks(b, SLOTS * (b->n + 1u));
  assert_true(b->net.init_done);
}

static void tear_down(bench_t *b) { free(b->u); }

// Gives a command in this cycle and keeps it until done. Returns how many cycles later done was shown.
static unsigned command(bench_t *b, unsigned op, unsigned slot, unsigned *err) {
  const unsigned t = b->cycle;
  b->net.cmd_valid = true;
  b->net.cmd_op = (uint8_t)op;
  b->net.cmd_slot = (uint16_t)slot;
  do {
    tick(b);
    assert_true(b->cycle - t < 50000);
  } while (!b->net.cmd_done);
  *err = b->net.cmd_err;
  const unsigned after = b->cycle - t;
  tick(b);  // the giver still shows it in the cycle of done: it must not be taken again
  assert_false(b->net.cmd_done);
  b->net.cmd_valid = false;
  tick(b);
  assert_false(b->net.cmd_done);
  return after;
}

static void expect(bench_t *b, unsigned op, unsigned slot, unsigned err, unsigned after) {
  unsigned got;
  assert_int_equal(command(b, op, slot, &got), after);
  assert_int_equal(got, err);
}

// Brings a slot into a state.
static void bring(bench_t *b, unsigned slot, unsigned state) {
  unsigned err;
  if (state >= CBIT_SLOT_LOADED) {
    (void)command(b, CBIT_KEY_OP_LOAD, slot, &err);
  }
  if (state >= CBIT_SLOT_ACTIVE) {
    (void)command(b, CBIT_KEY_OP_ACTIVATE, slot, &err);
  }
  if (state >= CBIT_SLOT_DRAIN) {
    (void)command(b, CBIT_KEY_OP_DEACTIVATE, slot, &err);
  }
  assert_int_equal(b->net.slot_state[slot], state);
}

static void assert_wiped(const bench_t *b, unsigned slot) {
  cbit_slot_key_t none;
  memset(&none, 0, sizeof none);
  none.k1.rounds = none.k2.rounds = b->n;
  assert_memory_equal(&b->net.slot_key[slot], &none, sizeof none);
  assert_int_equal(b->net.slot_state[slot], CBIT_SLOT_EMPTY);
}

static void test_initial_wipe(void **state) {
  (void)state;
  static const unsigned slots[] = {16, 17, 1024};
  for (unsigned bits = 128; bits <= 256; bits += 128) {
    for (unsigned i = 0; i < 3; i++) {
      bench_t b;
      set_up(&b, bits, slots[i]);
      const unsigned w = slots[i] * (b.n + 1u);
      b.net.cmd_valid = true;  // waits until the walk is over
      b.net.cmd_op = CBIT_KEY_OP_QUERY;
      for (unsigned c = 0; c < w; c++) {
        assert_false(b.net.init_done);
        assert_true(b.net.ks_busy);
        assert_false(b.net.kill);
        assert_false(b.net.cmd_done);
        tick(&b);
      }
      assert_true(b.net.init_done);
      assert_false(b.net.ks_busy);
      assert_true(b.net.all_empty);
      assert_false(b.net.cmd_done);
      tick(&b);
      assert_true(b.net.cmd_done);
      tear_down(&b);
    }
  }
}

// Cycles from acceptance to done without an error, slot 3 in the given state and the others EMPTY.
static unsigned duration(const bench_t *b, unsigned op, unsigned state) {
  switch (op) {
    case CBIT_KEY_OP_LOAD:
      return 2 * b->n + 4;
    case CBIT_KEY_OP_GENERATE:  // one word a cycle from t + 1 on; the last in u, then LOAD with u + 1 as its t + 1
      return 2u * (b->n == 10 ? 128u : 256u) / 32u + 2 * b->n + 4;
    case CBIT_KEY_OP_WIPE:
      return b->n + 2;
    case CBIT_KEY_OP_WIPE_ALL:
      return SLOTS * (b->n + 1) + 1;
    case CBIT_KEY_OP_FLUSH:  // nothing in flight: t + 1 waits, the walk begins in t + 2
      return 2 + SLOTS + (state == CBIT_SLOT_DRAIN ? b->n : 0);
    default:
      return 1;
  }
}

static void test_commands(void **state) {
  (void)state;
  for (unsigned bits = 128; bits <= 256; bits += 128) {
    for (unsigned op = 0; op < 16; op++) {
      for (unsigned s = 0; s < 4; s++) {
        bench_t b;
        set_up_ready(&b, bits);
        bring(&b, 3, s);
        const cbit_key_query_t q = {
            .op = op, .slot = 3, .key_slots = SLOTS, .state = (uint8_t)s, .mode = CBIT_MODE_XTS_L64};
        cbit_slot_state_t next;
        const cbit_key_err_t err = cbit_key_rule(&q, &next);
        uint64_t rnd = 5;
        b.in.ent_valid = true;
        const unsigned t = b.cycle;
        b.net.cmd_valid = true;
        b.net.cmd_op = (uint8_t)op;
        b.net.cmd_slot = 3;
        unsigned words = 0;
        do {
          b.in.ent_data = (uint32_t)vec_random(&rnd);  // a fresh word in each cycle
          words += b.out.ent_ready;
          tick(&b);
          assert_true(b.cycle - t < 5000);
          assert_int_equal(b.net.ks_busy, !b.net.cmd_done);
        } while (!b.net.cmd_done);
        assert_int_equal(b.net.cmd_err, err);
        assert_int_equal(b.cycle - t, err != CBIT_KEY_OK ? 1 : duration(&b, op, s));
        assert_int_equal(b.net.slot_state[3], next);
        assert_int_equal(b.net.all_empty, next == CBIT_SLOT_EMPTY);
        assert_int_equal(words, op == CBIT_KEY_OP_GENERATE && err == CBIT_KEY_OK ? 2 * bits / 32 : 0);
        assert_int_equal(b.net.slot_state_q, op == CBIT_KEY_OP_QUERY ? s : 0);
        b.net.cmd_valid = false;
        b.in.ent_valid = false;
        tick(&b);
        assert_false(b.net.cmd_done);
        if (next == CBIT_SLOT_EMPTY) {
          assert_wiped(&b, 3);
        }
        tear_down(&b);
      }
    }
  }
}

static void test_range(void **state) {
  (void)state;
  bench_t b;
  set_up_ready(&b, 128);
  for (unsigned op = 1; op <= 8; op++) {
    if (op != CBIT_KEY_OP_WIPE_ALL && op != CBIT_KEY_OP_FLUSH) {
      expect(&b, op, SLOTS, CBIT_KEY_ERR_RANGE, 1);
      expect(&b, op, 1023, CBIT_KEY_ERR_RANGE, 1);
    }
  }
  tear_down(&b);
}

static void test_load(void **state) {
  (void)state;
  for (unsigned bits = 128; bits <= 256; bits += 128) {
    bench_t b;
    set_up_ready(&b, bits);
    uint64_t rnd = bits;
    vec_random_bytes(&rnd, b.net.key1, 32);
    vec_random_bytes(&rnd, b.net.key2, 32);
    cbit_slot_key_t want;
    assert_int_equal(cbit_slot_key_make(&want, b.net.key1, b.net.key2, bits), CBIT_OK);
    // LOADED at the end of t + 2N + 3, and not before
    b.net.cmd_valid = true;
    b.net.cmd_op = CBIT_KEY_OP_LOAD;
    b.net.cmd_slot = 7;
    tick(&b);
    memset(b.net.key1, 0, 32);  // captured in cycle t
    memset(b.net.key2, 0, 32);
    ticks(&b, 2 * b.n + 2);
    assert_int_equal(b.net.slot_state[7], CBIT_SLOT_EMPTY);
    tick(&b);
    assert_int_equal(b.net.slot_state[7], CBIT_SLOT_LOADED);
    assert_true(b.net.cmd_done);
    assert_memory_equal(&b.net.slot_key[7], &want, sizeof want);
    b.net.cmd_valid = false;
    tick(&b);

    // K1 = K2: refused in the modes with two AES keys, over the key length alone
    memset(b.net.key1, 0x55, 32);
    memset(b.net.key2, 0x55, 32);
    for (unsigned mode = 0; mode <= 5; mode++) {
      const unsigned slot = 8 + mode;
      b.net.ctrl.mode = (uint8_t)mode;
      b.net.key2[bits / 8 - 1] = 0x55;
      if (bits == 128) {
        b.net.key2[31] = 0;  // beyond the key
      }
      expect(&b, CBIT_KEY_OP_LOAD, slot, mode >= 3 ? CBIT_KEY_ERR_KEY_EQUAL : CBIT_KEY_OK, mode >= 3 ? 1 : 2 * b.n + 4);
      b.net.key2[bits / 8 - 1] = 0x54;
      expect(&b, CBIT_KEY_OP_LOAD, slot, mode >= 3 ? CBIT_KEY_OK : CBIT_KEY_ERR_STATE, mode >= 3 ? 2 * b.n + 4 : 1);
    }
    tear_down(&b);
  }
}

// Starts GENERATE in this cycle and feeds words until done; a word is there in every gap-th cycle. Returns cycles to
// done.
static unsigned generate(bench_t *b, unsigned slot, const uint32_t *words, unsigned gap, unsigned *taken,
                         unsigned *last_taken) {
  const unsigned t = b->cycle;
  *taken = 0;
  b->net.cmd_valid = true;
  b->net.cmd_op = CBIT_KEY_OP_GENERATE;
  b->net.cmd_slot = (uint16_t)slot;
  do {
    b->in.ent_valid = (b->cycle - t) % gap == 0;
    b->in.ent_data = words[*taken];
    if (b->in.ent_valid && b->out.ent_ready) {
      ++*taken;
      *last_taken = b->cycle - t;
    }
    tick(b);
    assert_true(b->cycle - t < 5000);
  } while (!b->net.cmd_done);
  const unsigned after = b->cycle - t;
  b->net.cmd_valid = false;
  b->in.ent_valid = false;
  tick(b);
  return after;
}

static void test_generate(void **state) {
  (void)state;
  for (unsigned bits = 128; bits <= 256; bits += 128) {
    for (unsigned gap = 1; gap <= 5; gap += 2) {
      bench_t b;
      uint32_t words[17];
      uint8_t key[64];
      uint64_t rnd = 9 + gap;
      const unsigned count = 2 * bits / 32;
      set_up_ready(&b, bits);
      for (unsigned i = 0; i <= count && i < 17; i++) {
        words[i] = (uint32_t)vec_random(&rnd);
        for (unsigned j = 0; j < 4 && i < count; j++) {
          key[4 * i + j] = (uint8_t)(words[i] >> (8 * j));
        }
      }
      unsigned taken;
      unsigned u = 0;
      assert_false(b.out.ent_ready);
      unsigned after = generate(&b, 2, words, gap, &taken, &u);
      assert_int_equal(taken, count);
      assert_int_equal(after, u + 2 * b.n + 4);
      assert_int_equal(b.net.cmd_err, CBIT_KEY_OK);
      cbit_slot_key_t want;
      assert_int_equal(cbit_slot_key_make(&want, key, key + bits / 8, bits), CBIT_OK);
      assert_memory_equal(&b.net.slot_key[2], &want, sizeof want);

      // K1 = K2 is told in u + 2
      memcpy(words + count / 2, words, count / 2 * sizeof words[0]);
      after = generate(&b, 4, words, gap, &taken, &u);
      assert_int_equal(after, u + 2);
      assert_int_equal(b.net.cmd_err, CBIT_KEY_ERR_KEY_EQUAL);
      b.net.ctrl.mode = CBIT_MODE_XEX_LIN;
      after = generate(&b, 4, words, gap, &taken, &u);
      assert_int_equal(after, u + 2 * b.n + 4);
      assert_int_equal(b.net.cmd_err, CBIT_KEY_OK);
      tear_down(&b);
    }
  }
}

static void test_health_repetition(void **state) {
  (void)state;
  bench_t b;
  unsigned taken;
  unsigned u = 0;
  set_up_ready(&b, 128);
  // four equal words at the end of one command and one at the start of the next
  static const uint32_t first[9] = {1, 2, 3, 4, 9, 9, 9, 9, 0};
  static const uint32_t second[9] = {9, 1, 2, 3, 4, 5, 6, 7, 0};
  (void)generate(&b, 0, first, 1, &taken, &u);
  assert_int_equal(b.net.cmd_err, CBIT_KEY_OK);
  assert_false(b.net.ent_alarm);
  const unsigned after = generate(&b, 1, second, 2, &taken, &u);
  assert_int_equal(after, u + 2);
  assert_int_equal(b.net.cmd_err, CBIT_KEY_ERR_ENTROPY);
  assert_int_equal(taken, 1);
  assert_true(b.net.ent_alarm);
  // sticky: at once, and no word is asked for; RANGE and STATE come first
  expect(&b, CBIT_KEY_OP_GENERATE, 1, CBIT_KEY_ERR_ENTROPY, 1);
  expect(&b, CBIT_KEY_OP_GENERATE, 0, CBIT_KEY_ERR_STATE, 1);
  expect(&b, CBIT_KEY_OP_GENERATE, 99, CBIT_KEY_ERR_RANGE, 1);
  expect(&b, CBIT_KEY_OP_LOAD, 1, CBIT_KEY_OK, 2 * b.n + 4);
  // until reset
  b.in.rst_n = false;
  tick(&b);
  assert_false(b.net.ent_alarm);
  assert_false(b.net.init_done);
  assert_wiped(&b, 0);
  tear_down(&b);
}

// The alarm on the last word wanted goes before everything else that could be said about the keys.
static void test_health_last_word(void **state) {
  (void)state;
  bench_t b;
  unsigned taken;
  unsigned u = 0;
  static const uint32_t words[9] = {1, 2, 3, 9, 9, 9, 9, 9, 0};
  set_up_ready(&b, 128);
  const unsigned after = generate(&b, 1, words, 1, &taken, &u);
  assert_int_equal(after, u + 2);
  assert_int_equal(taken, 8);
  assert_int_equal(b.net.cmd_err, CBIT_KEY_ERR_ENTROPY);
  assert_int_equal(b.net.slot_state[1], CBIT_SLOT_EMPTY);
  tear_down(&b);
}

// 8 words a command; the reference twice in each: after 6 commands 12 times, one more is too many. A new window
// forgets.
static void test_health_proportion(void **state) {
  (void)state;
  for (unsigned skip = 0; skip < 2; skip++) {
    bench_t b;
    unsigned taken;
    unsigned u = 0;
    uint32_t fresh = 1000;
    set_up_ready(&b, 128);
    for (unsigned i = 0; i < 64 * skip; i++) {  // a whole window without anything special
      uint32_t words[9];
      for (unsigned k = 0; k < 9; k++) {
        words[k] = fresh++;
      }
      (void)generate(&b, i % SLOTS, words, 1, &taken, &u);
      assert_int_equal(b.net.cmd_err, CBIT_KEY_OK);
      expect(&b, CBIT_KEY_OP_WIPE, i % SLOTS, CBIT_KEY_OK, b.n + 2);
    }
    for (unsigned i = 0; i < 7; i++) {
      uint32_t words[9];
      for (unsigned k = 0; k < 9; k++) {
        words[k] = k == 0 || k == 5 ? 77 : fresh++;
      }
      (void)generate(&b, i, words, 1, &taken, &u);
      assert_int_equal(b.net.cmd_err, i < 6 ? CBIT_KEY_OK : CBIT_KEY_ERR_ENTROPY);
    }
    assert_int_equal(taken, 1);
    tear_down(&b);
  }
}

static void test_flush(void **state) {
  (void)state;
  bench_t b;
  set_up_ready(&b, 128);
  bring(&b, 0, CBIT_SLOT_DRAIN);
  bring(&b, 5, CBIT_SLOT_ACTIVE);
  bring(&b, 6, CBIT_SLOT_LOADED);
  bring(&b, 15, CBIT_SLOT_DRAIN);
  assert_false(b.net.flush_wait);
  b.net.cmd_valid = true;
  b.net.cmd_op = CBIT_KEY_OP_FLUSH;
  for (unsigned wait = 0; wait < 9; wait++) {  // cycle t and 8 in which something is in flight
    tick(&b);
    assert_true(b.net.flush_wait);
    b.net.inflight_rd = wait < 5;
    b.net.inflight_wr = wait >= 3 && wait < 8;
  }
  tick(&b);  // this was u; now the walk
  assert_false(b.net.flush_wait);
  b.net.inflight_rd = true;  // too late to matter
  ticks(&b, b.n);
  assert_int_equal(b.net.slot_state[0], CBIT_SLOT_DRAIN);
  tick(&b);
  assert_wiped(&b, 0);
  ticks(&b, 14 + b.n);
  assert_int_equal(b.net.slot_state[15], CBIT_SLOT_DRAIN);
  assert_false(b.net.cmd_done);
  tick(&b);
  assert_wiped(&b, 15);
  assert_true(b.net.cmd_done);
  assert_int_equal(b.net.cmd_err, CBIT_KEY_OK);
  assert_int_equal(b.net.slot_state[5], CBIT_SLOT_ACTIVE);
  assert_int_equal(b.net.slot_state[6], CBIT_SLOT_LOADED);
  tear_down(&b);
}

static void test_wipe_all(void **state) {
  (void)state;
  bench_t b;
  set_up_ready(&b, 256);
  bring(&b, 1, CBIT_SLOT_ACTIVE);
  bring(&b, 2, CBIT_SLOT_DRAIN);
  b.net.cmd_valid = true;
  b.net.cmd_op = CBIT_KEY_OP_WIPE_ALL;
  tick(&b);
  assert_true(b.net.kill);
  assert_true(b.net.init_done);
  assert_true(b.net.all_empty);
  tick(&b);
  assert_false(b.net.kill);
  ticks(&b, SLOTS * (b.n + 1) - 2);
  assert_false(b.net.cmd_done);
  tick(&b);
  assert_true(b.net.cmd_done);
  assert_true(b.net.init_done);
  assert_wiped(&b, 1);
  assert_wiped(&b, 2);
  tear_down(&b);
}

// The pin for `held` cycles, `at` cycles into a command.
static void zeroise(bench_t *b, unsigned op, unsigned at, unsigned held, bool aborts) {
  const unsigned w = SLOTS * (b->n + 1u);
  b->net.cmd_valid = op != 0;
  b->net.cmd_op = (uint8_t)op;
  b->net.cmd_slot = 3;
  ticks(b, at);
  b->in.zeroise = true;
  for (unsigned i = 0; i < held; i++) {
    assert_int_equal(b->net.zeroise_q, i > 0);
    tick(b);
    assert_int_equal(b->net.kill, i > 0);
  }
  b->in.zeroise = false;
  assert_true(b->net.zeroise_q);
  tick(b);  // the register is high in this cycle for the last time
  assert_false(b->net.zeroise_q);
  assert_true(b->net.kill);
  assert_true(b->net.all_empty);
  assert_false(b->out.ent_ready);
  for (unsigned i = 0; i < w; i++) {
    assert_int_equal(b->net.kill, i == 0);
    assert_true(b->net.ks_busy);
    assert_false(b->net.cmd_done);
    tick(b);
  }
  assert_int_equal(b->net.cmd_done, aborts);
  if (aborts) {
    assert_int_equal(b->net.cmd_err, CBIT_KEY_ERR_ABORTED);
  }
  assert_false(b->net.ks_busy);
  b->net.cmd_valid = false;
  tick(b);
  assert_false(b->net.cmd_done);
  assert_wiped(b, 3);
}

static void test_zeroise(void **state) {
  (void)state;
  for (unsigned held = 1; held <= 3; held++) {
    bench_t b;
    set_up_ready(&b, 128);
    zeroise(&b, 0, 3, held, false);
    zeroise(&b, CBIT_KEY_OP_LOAD, 1, held, true);
    zeroise(&b, CBIT_KEY_OP_LOAD, 2 * b.n + 2, held, true);  // the register is high in its last cycle
    zeroise(&b, CBIT_KEY_OP_GENERATE, 4, held, true);
    zeroise(&b, CBIT_KEY_OP_WIPE_ALL, 20, held, true);
    bring(&b, 3, CBIT_SLOT_LOADED);
    zeroise(&b, CBIT_KEY_OP_WIPE, 4, held, true);
    bring(&b, 3, CBIT_SLOT_DRAIN);
    b.net.inflight_wr = true;
    zeroise(&b, CBIT_KEY_OP_FLUSH, 30, held, true);  // waiting
    b.net.inflight_wr = false;
    bring(&b, 3, CBIT_SLOT_DRAIN);
    zeroise(&b, CBIT_KEY_OP_FLUSH, 7, held, true);  // walking
    tear_down(&b);
  }
}

// A command that meets the pin while the unit is idle waits for the end of the walk; one that has just ended has ended.
static void test_zeroise_and_commands(void **state) {
  (void)state;
  bench_t b;
  set_up_ready(&b, 128);
  const unsigned w = SLOTS * (b.n + 1u);
  b.in.zeroise = true;
  tick(&b);
  b.in.zeroise = false;
  assert_true(b.net.zeroise_q);
  b.net.cmd_valid = true;
  b.net.cmd_op = CBIT_KEY_OP_LOAD;
  b.net.cmd_slot = 3;
  ticks(&b, 1 + w);
  assert_false(b.net.cmd_done);
  ticks(&b, 2 * b.n + 4);
  assert_true(b.net.cmd_done);
  assert_int_equal(b.net.cmd_err, CBIT_KEY_OK);
  b.net.cmd_valid = false;
  tick(&b);

  b.in.zeroise = true;
  b.net.cmd_valid = true;
  b.net.cmd_op = CBIT_KEY_OP_ACTIVATE;
  tick(&b);
  b.in.zeroise = false;
  assert_true(b.net.zeroise_q);
  assert_true(b.net.cmd_done);
  assert_int_equal(b.net.slot_state[3], CBIT_SLOT_ACTIVE);
  b.net.cmd_valid = false;
  tick(&b);
  assert_true(b.net.kill);
  assert_wiped(&b, 3);
  for (unsigned i = 0; i < w + 5; i++) {
    assert_false(b.net.cmd_done);
    tick(&b);
  }

  // during the initial wipe the walk begins anew, and init_done waits for it
  b.in.rst_n = false;
  tick(&b);
  b.in.rst_n = true;
  ticks(&b, w / 2);
  b.in.zeroise = true;
  tick(&b);
  b.in.zeroise = false;
  tick(&b);
  for (unsigned i = 0; i < w; i++) {
    assert_false(b.net.init_done);
    tick(&b);
  }
  assert_true(b.net.init_done);
  tear_down(&b);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_initial_wipe),       cmocka_unit_test(test_commands),
      cmocka_unit_test(test_range),              cmocka_unit_test(test_load),
      cmocka_unit_test(test_generate),           cmocka_unit_test(test_health_repetition),
      cmocka_unit_test(test_health_last_word),   cmocka_unit_test(test_health_proportion),
      cmocka_unit_test(test_flush),              cmocka_unit_test(test_wipe_all),
      cmocka_unit_test(test_zeroise),            cmocka_unit_test(test_zeroise_and_commands),
  };
  return cmocka_run_group_tests_name("cyc_key_store", tests, NULL, NULL);
}
