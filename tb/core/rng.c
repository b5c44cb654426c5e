// SPDX-License-Identifier: Apache-2.0
//
// rng.c - seeding, splitting and bulk bytes of the generator in rng.h
#include "core/rng.h"

#include <string.h>

// splitmix64 (Steele, Lea, Flood): spreads a seed over the state, never all zero.
static uint64_t splitmix(uint64_t *x) {
  uint64_t z = (*x += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

void rng_seed(rng_t *r, uint64_t seed) {
  for (int i = 0; i < 4; i++) r->s[i] = splitmix(&seed);
}

void rng_split(const rng_t *parent, uint64_t label, rng_t *child) {
  uint64_t x = parent->s[0] ^ (parent->s[2] << 1) ^ (label * 0xd1342543de82ef95u);
  rng_seed(child, splitmix(&x) ^ parent->s[3]);
}

void rng_bytes(rng_t *r, void *to, size_t len) {
  uint8_t *p = to;
  while (len >= 8) {
    const uint64_t x = rng_u64(r);
    memcpy(p, &x, 8);
    p += 8;
    len -= 8;
  }
  if (len > 0) {
    const uint64_t x = rng_u64(r);
    memcpy(p, &x, len);
  }
}
