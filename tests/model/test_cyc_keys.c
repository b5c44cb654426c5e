// SPDX-License-Identifier: Apache-2.0
//
// test_cyc_keys.c - keys under traffic in the whole cycle model
//
// The life of a slot with requests in flight, and the wipe of all keys by command and by the zeroise pin at many moments.

#include "cyc_world.h"

// DEACTIVATE, FLUSH, a new key: the old ciphertext is noise, the slot in between is refused.
static void test_slot_life(void **state) {
  (void)state;
  const cbit_cyc_cfg_t cfg = config(1, 128, 1);
  world_t *w = world_new(&cfg, CBIT_MODE_XTS_L64, 7);
  bench_t *b = w->b;
  const cbit_attr_t attr = page_attr(1);
  const unsigned slot = page_slot(1);
  // Two reads, while the DRAM takes nothing: the first is offered to it and will be served, the second not any more.
  b->stall = 0;
  bench_txn_t *first = one(b, false, page_addr(1), 15, 4, &attr);
  bench_txn_t *second = one(b, false, page_addr(1), 15, 4, &attr);
  b->hold_dram = true;
  for (unsigned i = 0; i < 20; i++) {
    bench_clock(b);
  }
  assert_int_equal(bench_cmd(b, OP_DEACTIVATE, slot), 0);
  assert_int_equal(bench_cmd(b, OP_ACTIVATE, slot), CBIT_KEY_ERR_NEED_FLUSH);
  assert_int_equal(bench_reg_write(b, REG_CMD, OP_FLUSH), 0);
  for (unsigned i = 0; i < 500; i++) {
    bench_clock(b);
  }
  assert_int_equal(bench_reg_read(b, REG_CMD_STATUS) & 1u, 1);  // FLUSH waits for the first
  b->hold_dram = false;
  bench_drain(b);
  assert_int_equal(first->resp, 0);
  check_read(w, first);
  assert_int_equal(second->resp, 2);
  for (unsigned i = 0; (bench_reg_read(b, REG_CMD_STATUS) & 1u) != 0; i++) {
    assert_true(i < 1000);
  }
  assert_int_equal(bench_cmd(b, OP_QUERY, slot), 0);
  assert_int_equal((bench_reg_read(b, REG_CMD_STATUS) >> 8) & 3u, CBIT_SLOT_EMPTY);
  bench_drain(b);
  assert_int_equal(one_done(b, false, page_addr(1), 3, 4, &attr)->resp, 2);
  bench_key(b, slot, w->raw[5][1], w->raw[5][0]);
  const bench_txn_t *t = one_done(b, false, page_addr(1) + 512, 3, 4, &attr);
  assert_int_equal(t->resp, 0);
  assert_memory_not_equal(t->data, w->shadow + PAGE + 512, 64);
  world_free(w);
}

// All keys go while traffic is under way: every answer is right data or an error with zeros, every line in DRAM is old or
// whole and new; then every encrypted request is refused.
static void wipe_under_traffic(unsigned lanes, unsigned wait, bool pin) {
  const cbit_cyc_cfg_t cfg = config(lanes, 128, 1);
  world_t *w = world_new(&cfg, CBIT_MODE_XTS_L64, 8 + wait);
  bench_t *b = w->b;
  static uint8_t old[BENCH_MEM_BYTES];
  memcpy(old, w->shadow, sizeof old);
  b->stall = 10;
  b->stable = false;
  for (unsigned i = 0; i < 80; i++) {
    const unsigned id = i % 12u;
    if (id % 2u != 0) {
      queue_write(w, id, false);
    } else {
      queue_read(w, id);
    }
  }
  for (unsigned i = 0; i < wait; i++) {
    bench_clock(b);
  }
  if (pin) {
    b->in.zeroise = true;
    bench_clock(b);
    b->in.zeroise = false;
  } else {
    assert_int_equal(bench_reg_write(b, REG_CMD, OP_WIPE_ALL), 0);
  }
  bench_drain(b);
  static const uint8_t zeros[CBIT_MAX_BUS_BYTES];
  for (unsigned i = 0; i < b->made; i++) {
    const bench_txn_t *t = bench_txn(b, i);
    if (t->write) {
      continue;
    }
    if (t->resp == 0) {
      check_read(w, t);
      continue;
    }
    // A burst may have lost its keys on the way: right data first, zeros after.
    for (unsigned k = 0; k <= t->ax.len; k++) {
      const uint64_t a = bench_beat(t->ax.addr, t->ax.len, t->ax.size, t->ax.burst, k) & ~(uint64_t)(b->bus - 1u);
      if (memcmp(t->data + (size_t)k * b->bus, zeros, b->bus) != 0) {
        assert_memory_equal(t->data + (size_t)k * b->bus, w->shadow + a % BENCH_MEM_BYTES, b->bus);
      }
    }
  }
  // Blocks of encrypted pages hold the encryption of the old plaintext, or of plaintext of some prefix of the writes; a
  // block that no write touched must be as it was.
  for (unsigned p = 0; p < 12; p++) {
    uint8_t was[PAGE];
    uint8_t now[PAGE];
    uint8_t plain[PAGE];
    if (!page_encrypted(p)) {
      continue;
    }
    assert_int_equal(cbit_crypt_encrypt((cbit_mode_t)w->mode, &w->key[page_slot(p)], NULL, page_addr(p), old + p * PAGE,
                                        was, PAGE), CBIT_OK);
    memcpy(now, b->mem + p * PAGE, PAGE);
    assert_int_equal(cbit_crypt_decrypt((cbit_mode_t)w->mode, &w->key[page_slot(p)], NULL, page_addr(p), now, plain,
                                        PAGE), CBIT_OK);
    for (unsigned i = 0; i < PAGE; i += 16) {
      if (memcmp(w->shadow + p * PAGE + i, old + p * PAGE + i, 16) == 0) {
        assert_memory_equal(now + i, was + i, 16);
      }
    }
  }
  const cbit_attr_t attr = page_attr(1);
  assert_int_equal(one_done(b, false, page_addr(1), 3, lanes == 1 ? 4 : 5, &attr)->resp, 2);
  assert_int_equal(one_done(b, true, page_addr(1), 3, lanes == 1 ? 4 : 5, &attr)->resp, 2);
  world_free(w);
}

static void test_wipe(void **state) {
  (void)state;
  for (unsigned wait = 1; wait < 300; wait += 23) {
    wipe_under_traffic(1, wait, false);
    wipe_under_traffic(2, wait, true);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_slot_life),
      cmocka_unit_test(test_wipe),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
