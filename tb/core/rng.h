// SPDX-License-Identifier: Apache-2.0
//
// rng.h - random numbers for tests: xoshiro256** (Blackman and Vigna, public domain), seeded by splitmix64
//
// One seed gives one run. rng_split() makes an independent stream from a parent and a label, so that adding a draw in
// one driver does not shift the numbers of another.
#ifndef TB_RNG_H
#define TB_RNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct rng {
  uint64_t s[4];
} rng_t;

void rng_seed(rng_t *r, uint64_t seed);
void rng_split(const rng_t *parent, uint64_t label, rng_t *child);
void rng_bytes(rng_t *r, void *to, size_t len);

static inline uint64_t rng_u64(rng_t *r) {
  const uint64_t x = r->s[1] * 5u;
  const uint64_t result = ((x << 7) | (x >> 57)) * 9u;
  const uint64_t t = r->s[1] << 17;
  r->s[2] ^= r->s[0];
  r->s[3] ^= r->s[1];
  r->s[1] ^= r->s[2];
  r->s[0] ^= r->s[3];
  r->s[2] ^= t;
  r->s[3] = (r->s[3] << 45) | (r->s[3] >> 19);
  return result;
}
static inline uint32_t rng_u32(rng_t *r) { return (uint32_t)(rng_u64(r) >> 32); }
// 0 .. n-1 (n > 0).
static inline uint32_t rng_below(rng_t *r, uint32_t n) { return (uint32_t)(((uint64_t)rng_u32(r) * n) >> 32); }
// lo .. hi, both included.
static inline uint32_t rng_range(rng_t *r, uint32_t lo, uint32_t hi) { return lo + rng_below(r, hi - lo + 1u); }
// True in percent of 100 cases.
static inline bool rng_pct(rng_t *r, uint32_t percent) { return rng_below(r, 100u) < percent; }

#endif  // TB_RNG_H
