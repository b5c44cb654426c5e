// SPDX-License-Identifier: Apache-2.0
//
// bits.h - fields of numbers
//
// Small inline helpers for the model: cut a field out of a number, put one in. Field positions are written as (lowest
// bit, width), the way SystemVerilog writes x[lsb +: width].

#ifndef CBIT_UTIL_BITS_H
#define CBIT_UTIL_BITS_H

#include <stdint.h>

// The lowest width bits set, width 0..64.
static inline uint64_t bits_mask(unsigned width) { return width >= 64u ? UINT64_MAX : ((uint64_t)1 << width) - 1u; }

// x[lsb +: width]; bits beyond 63 read as 0.
static inline uint64_t bits_get(uint64_t x, unsigned lsb, unsigned width) {
  return lsb >= 64u ? 0u : (x >> lsb) & bits_mask(width);
}

// x with x[lsb +: width] replaced by the low bits of value.
static inline uint64_t bits_put(uint64_t x, unsigned lsb, unsigned width, uint64_t value) {
  if (lsb >= 64u) {
    return x;
  }
  const uint64_t mask = bits_mask(width) << lsb;
  return (x & ~mask) | ((value << lsb) & mask);
}

// log2 of a power of two.
static inline unsigned bits_log2(uint64_t x) {
  unsigned n = 0;
  while (x > 1u) {
    x >>= 1;
    n++;
  }
  return n;
}

#endif  // CBIT_UTIL_BITS_H
