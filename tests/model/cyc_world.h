// SPDX-License-Identifier: Apache-2.0
//
// cyc_world.h - pages, keys and random bursts for tests of the whole cycle model
//
// Sixteen pages of memory, page p used by ID p alone, so that nothing depends on the order between IDs; a shadow of their
// plaintext, and what then must lie in DRAM by cbit_crypt_encrypt().

#ifndef CBIT_TESTS_CYC_WORLD_H
#define CBIT_TESTS_CYC_WORLD_H

#include "cyc_bench.h"

#define PAGE 4096u
#define PAGES (BENCH_MEM_BYTES / PAGE)
#define REFUSED_ID 15u  // page and ID of the refused reads

// Who owns a page: page p is used by ID p only, so that nothing depends on the order between IDs.
static inline bool page_encrypted(unsigned page) { return page % 4u != 3u; }
static inline unsigned page_slot(unsigned page) { return page % 6u; }

static inline cbit_attr_t page_attr(unsigned page) {
  cbit_attr_t attr;
  memset(&attr, 0, sizeof attr);
  attr.cbit = page_encrypted(page);
  if (attr.cbit && page_slot(page) != 0) {
    attr.requester = CBIT_REQ_GUEST;
    attr.asid = (uint16_t)page_slot(page);
  }
  return attr;
}

static inline uint64_t page_addr(unsigned page) { return BENCH_BASE + page * PAGE; }

typedef struct world {
  bench_t *b;
  unsigned mode;
  cbit_slot_key_t key[6];
  uint8_t raw[6][2][32];
  cbit_tweak_table_t table;
  uint8_t shadow[BENCH_MEM_BYTES];  // plaintext
} world_t;

static inline void load_table(world_t *w) {
  for (unsigned i = 0; i < 48; i++) {
    bench_key_words(w->b, REG_KEY1, w->table.t[i], 16);
    assert_int_equal(bench_cmd(w->b, OP_TWEAK, i + 4), 0);
  }
}

static inline void to_dram(const world_t *w, unsigned page, uint8_t *out) {
  const uint8_t *in = w->shadow + page * PAGE;
  if (page_encrypted(page)) {
    assert_int_equal(cbit_crypt_encrypt((cbit_mode_t)w->mode, &w->key[page_slot(page)], &w->table, page_addr(page), in,
                                        out, PAGE), CBIT_OK);
  } else {
    memcpy(out, in, PAGE);
  }
}

// twin: see bench_t.
static inline world_t *world_new_twin(const cbit_cyc_cfg_t *cfg, unsigned mode, uint64_t seed, cbit_cyc_t *twin) {
  world_t *w = calloc(1, sizeof *w);
  assert_non_null(w);
  w->b = bench_new(cfg, seed);
  w->b->twin = twin;
  w->mode = mode;
  bench_start(w->b, mode);
  vec_random_bytes(&seed, &w->raw[0][0][0], sizeof w->raw);
  for (unsigned s = 0; s < 6; s++) {
    bench_key(w->b, s, w->raw[s][0], w->raw[s][1]);
    assert_int_equal(cbit_slot_key_make(&w->key[s], w->raw[s][0], w->raw[s][1], cfg->key_bits), CBIT_OK);
  }
  assert_int_equal(cbit_tweak_table_make(&w->table, CBIT_TWEAK_FULL, w->raw[0][0]), CBIT_OK);
  if (mode == CBIT_MODE_XE_LIN || mode == CBIT_MODE_XEX_LIN) {
    load_table(w);
  }
  vec_random_bytes(&seed, w->shadow, sizeof w->shadow);
  for (unsigned p = 0; p < PAGES; p++) {
    to_dram(w, p, w->b->mem + p * PAGE);
  }
  return w;
}

static inline world_t *world_new(const cbit_cyc_cfg_t *cfg, unsigned mode, uint64_t seed) {
  return world_new_twin(cfg, mode, seed, NULL);
}

static inline void world_free(world_t *w) {
  bench_free(w->b);
  free(w);
}

static inline void check_dram(const world_t *w) {
  for (unsigned p = 0; p < PAGES; p++) {
    uint8_t want[PAGE];
    to_dram(w, p, want);
    assert_memory_equal(w->b->mem + p * PAGE, want, PAGE);
  }
}

// ---- random traffic ----

typedef struct shape {
  uint64_t addr;
  unsigned len, size, burst;
} shape_t;

static inline shape_t random_shape(world_t *w, unsigned page) {
  uint64_t *rnd = &w->b->rnd;
  const uint64_t r = vec_random(rnd);
  unsigned lb = 4;
  while ((1u << lb) < w->b->bus) {
    lb++;
  }
  shape_t s;
  s.size = (r & 1u) != 0 ? lb : (unsigned)((r >> 8) % (lb + 1u));
  s.burst = (unsigned)((r >> 16) % 5u);
  s.burst = s.burst > 2 ? CBIT_BURST_INCR : s.burst;
  s.addr = page_addr(page) + ((r >> 20) % PAGE);
  const uint64_t bytes = (uint64_t)1 << s.size;
  if (s.burst == CBIT_BURST_FIXED) {
    s.len = (unsigned)((r >> 40) % 16u);
  } else if (s.burst == CBIT_BURST_WRAP) {
    s.len = (2u << ((r >> 40) % 4u)) - 1u;
    s.addr &= ~(bytes - 1);
  } else {
    const unsigned room = (unsigned)((PAGE - (s.addr % PAGE & ~(bytes - 1))) >> s.size);
    s.len = (unsigned)((r >> 40) % ((r >> 60) == 0 ? 256u : 20u));
    s.len = s.len + 1u > room ? room - 1u : s.len;
  }
  return s;
}

static inline uint64_t random_strobe(uint64_t *rnd, unsigned kind) {
  switch (kind) {
    case 0:
      return vec_random(rnd);
    case 1:
      return vec_random(rnd) & vec_random(rnd) & vec_random(rnd);
    case 2:
      return 0;
    default:
      return UINT64_MAX;
  }
}

static inline void queue_write(world_t *w, unsigned id, bool refused) {
  bench_t *b = w->b;
  const shape_t s = random_shape(w, id);
  cbit_attr_t attr = page_attr(id);
  if (refused) {
    attr.requester = CBIT_REQ_DEVICE;
    attr.cbit = 1;
    attr.asid = 5;
  }
  bench_txn_t *t = bench_queue(b, true, s.addr, s.len, s.size, s.burst, id, &attr);
  const unsigned kind = (unsigned)(vec_random(&b->rnd) % 8u);
  vec_random_bytes(&b->rnd, t->data, (size_t)(s.len + 1u) * b->bus);
  for (unsigned k = 0; k <= s.len; k++) {
    const uint64_t a = bench_beat(s.addr, s.len, s.size, s.burst, k);
    t->strb[k] = bench_lanes(b, a, s.size) & random_strobe(&b->rnd, kind);
    for (unsigned i = 0; i < b->bus && !refused; i++) {
      if (((t->strb[k] >> i) & 1u) != 0) {
        w->shadow[((a & ~(uint64_t)(b->bus - 1u)) + i) % BENCH_MEM_BYTES] = t->data[k * b->bus + i];
      }
    }
  }
}

static inline void queue_read(world_t *w, unsigned id) {
  const shape_t s = random_shape(w, id);
  cbit_attr_t attr = page_attr(id);
  if (id == REFUSED_ID) {
    attr.access = 7;
  }
  (void)bench_queue(w->b, false, s.addr, s.len, s.size, s.burst, id, &attr);
}

static inline void check_read(const world_t *w, const bench_txn_t *t) {
  const bench_t *b = w->b;
  const bool refused = t->ax.id == REFUSED_ID;
  assert_int_equal(t->resp, refused ? 2 : 0);
  for (unsigned k = 0; k <= t->ax.len; k++) {
    const uint64_t a = bench_beat(t->ax.addr, t->ax.len, t->ax.size, t->ax.burst, k);
    const uint64_t lanes = bench_lanes(b, a, t->ax.size);
    for (unsigned i = 0; i < b->bus; i++) {
      if (((lanes >> i) & 1u) != 0) {
        const uint8_t want = refused ? 0 : w->shadow[((a & ~(uint64_t)(b->bus - 1u)) + i) % BENCH_MEM_BYTES];
        assert_int_equal(t->data[k * b->bus + i], want);
      }
    }
  }
}

// ---- one burst at a time ----

static inline cbit_cyc_cfg_t config(unsigned lanes, unsigned key_bits, unsigned rounds_per_stage) {
  cbit_cyc_cfg_t cfg;
  cbit_cyc_cfg_default(&cfg);
  cfg.lanes = lanes;
  cfg.key_bits = key_bits;
  cfg.rounds_per_stage = rounds_per_stage;
  cfg.sbox = rounds_per_stage == 1 ? 1 : 0;
  cfg.tweak_sbox = rounds_per_stage == 1 ? 3 : 2;
  cfg.modes_mask = 0x3f;
  return cfg;
}

static inline bench_txn_t *one(bench_t *b, bool write, uint64_t addr, unsigned len, unsigned size, const cbit_attr_t *attr) {
  bench_txn_t *t = bench_queue(b, write, addr, len, size, CBIT_BURST_INCR, 1, attr);
  for (unsigned k = 0; write && k <= len; k++) {
    t->strb[k] = bench_lanes(b, bench_beat(addr, len, size, CBIT_BURST_INCR, k), size);
  }
  return t;
}

static inline bench_txn_t *one_done(bench_t *b, bool write, uint64_t addr, unsigned len, unsigned size,
                             const cbit_attr_t *attr) {
  bench_txn_t *t = one(b, write, addr, len, size, attr);
  bench_drain(b);
  return t;
}

#endif  // CBIT_TESTS_CYC_WORLD_H
