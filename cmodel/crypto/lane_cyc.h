// SPDX-License-Identifier: Apache-2.0
//
// lane_cyc.h - one row through the lanes: tweaks of a row, and its value behind the AES pipe
//
// The hardware computes a block round by round in S stages; round keys of a slot in use cannot change (the wipe of all
// keys kills what is in flight and replaces its value), so the model computes the value once, when a row enters a pipe,
// and only carries it. Sources: docs/units/bus_read.md ("Pipe entry"), docs/units/tweak.md, docs/crypto-modes.md.

#ifndef CBIT_CRYPTO_LANE_CYC_H
#define CBIT_CRYPTO_LANE_CYC_H

#include <stdbool.h>
#include <stdint.h>

#include "cbit.h"
#include "crypto/aes_impl.h"

// line: 1 in the line modes, where one tweak result serves a 64-byte line; 0 in the block modes (a 16-byte block).

// Index of a row's tweak-valid bit: the line of the row's first byte in the window (line modes), or the row (block modes).
static inline unsigned cyc_tweak_line(bool line, unsigned lb, unsigned row) {
  return line ? (row << (lb - 4u)) >> 2 : row;
}

// Takes the result of a unit into the tweak-valid bits of an entry: a line at once, a row with its last lane.
static inline uint16_t cyc_tweak_valid(bool line, unsigned lb, unsigned unit) {
  const unsigned lanes_mask = (1u << (lb - 4u)) - 1u;
  if (line) {
    return (uint16_t)(1u << (unit & 15u));
  }
  return (uint16_t)((unit & lanes_mask) == lanes_mask ? 1u << ((unit >> (lb - 4u)) & 15u) : 0u);
}

// T of the blocks of a row (16 bytes a lane) from an entry's tweak memory units[unit][16]. The answer is either a place in
// units or buf, which has room for four blocks.
const uint8_t *cyc_lane_tweaks(bool line, unsigned lb, unsigned row, const uint8_t *units, uint8_t *buf);

// A row of n = lanes blocks: out = plaintext of in, or ciphertext of in, with the tweaks t of its blocks.
void cyc_lane_decrypt(const cbit_backend_t *be, unsigned mode, const cbit_aes_key_t *k1, const uint8_t *t,
                      const uint8_t *in, uint8_t *out, unsigned n);
void cyc_lane_encrypt(const cbit_backend_t *be, unsigned mode, const cbit_aes_key_t *k1, const uint8_t *t,
                      const uint8_t *in, uint8_t *out, unsigned n);

#endif  // CBIT_CRYPTO_LANE_CYC_H
