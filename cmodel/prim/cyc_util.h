// SPDX-License-Identifier: Apache-2.0
//
// cyc_util.h - queues, round robin and bit masks of the cycle layer
//
// Twins of cbit_fifo and cbit_rr_arb (docs/units/prim.md) as index arithmetic: a queue is two small numbers, its entries
// are an array of the user. A push at an edge is at the head from the next cycle on; a full queue takes nothing, even if
// it pops in the same cycle - so the user asks cyc_fifo_full() before it moves anything.

#ifndef CBIT_PRIM_CYC_UTIL_H
#define CBIT_PRIM_CYC_UTIL_H

#include <stdbool.h>
#include <stdint.h>

// A queue of up to 255 entries: index of the oldest, and how many there are.
typedef struct cyc_fifo {
  uint8_t head;
  uint8_t count;
} cyc_fifo_t;

static inline void cyc_fifo_reset(cyc_fifo_t *f) {
  f->head = 0;
  f->count = 0;
}

static inline bool cyc_fifo_full(const cyc_fifo_t *f, unsigned depth) { return f->count >= depth; }

static inline bool cyc_fifo_empty(const cyc_fifo_t *f) { return f->count == 0; }

// Index at which the next entry is written; the caller fills it and then counts it with cyc_fifo_push().
static inline unsigned cyc_fifo_tail(const cyc_fifo_t *f, unsigned depth) {
  const unsigned i = (unsigned)f->head + f->count;
  return i >= depth ? i - depth : i;
}

static inline void cyc_fifo_push(cyc_fifo_t *f) { f->count = (uint8_t)(f->count + 1u); }

static inline void cyc_fifo_pop(cyc_fifo_t *f, unsigned depth) {
  const unsigned next = (unsigned)f->head + 1u;
  f->head = (uint8_t)(next >= depth ? 0 : next);
  f->count = (uint8_t)(f->count - 1u);
}

// Round robin: the first requester after the last winner; req must not be zero, n is at most 32.
static inline unsigned cyc_rr_pick(uint32_t req, unsigned last, unsigned n) {
  unsigned i = last;
  do {
    i = i + 1u >= n ? 0 : i + 1u;
  } while (((req >> i) & 1u) == 0);
  return i;
}

// Lowest set bit; x must not be zero.
static inline unsigned cyc_lowest(uint64_t x) {
#if defined(__GNUC__)
  return (unsigned)__builtin_ctzll(x);
#else
  unsigned i = 0;
  while (((x >> i) & 1u) == 0) {
    i++;
  }
  return i;
#endif
}

// Bit i of a 64-bit mask.
static inline uint64_t cyc_bit(unsigned i) { return (uint64_t)1 << i; }

static inline bool cyc_has(uint64_t mask, unsigned i) { return ((mask >> i) & 1u) != 0; }

#endif  // CBIT_PRIM_CYC_UTIL_H
