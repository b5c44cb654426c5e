// SPDX-License-Identifier: Apache-2.0
//
// aes_key_expand.c - key expansion
//
// FIPS 197 section 5.2, made round key by round key as the hardware makes it: AES-128 needs the round key before,
// AES-256 a window of two. The round keys of the decrypt direction (section 5.3.5) are stored beside them.

#include <string.h>

#include "crypto/aes_impl.h"
#include "util/bytes.h"

// Rcon[i] = x^(i-1) in GF(2^8), i = 1..10; entry 0 is never used.
static const uint8_t aes_rcon[11] = {0x00, 0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0x1b, 0x36};

void cbit_aes_next_round_key(unsigned key_bits, unsigned r, const uint8_t *prev2, const uint8_t *prev,
                             uint8_t out[16]) {
  const int wide = key_bits == 256;
  const int rotate = !wide || r % 2 == 0;
  const uint8_t *base = wide ? prev2 : prev;  // the round key N_k words before
  uint8_t word[4];
  for (unsigned i = 0; i < 4; i++) {
    word[i] = cbit_aes_sbox[prev[12 + (rotate ? (i + 1) % 4 : i)]];
  }
  if (rotate) {
    word[0] ^= aes_rcon[(wide ? r / 2 : r) % 11];
  }
  uint8_t next[16] = {0};
  for (unsigned i = 0; i < 16; i++) {
    next[i] = (uint8_t)(base[i] ^ (i < 4 ? word[i] : next[i - 4]));
  }
  memcpy(out, next, 16);
}

int cbit_aes_expand(cbit_aes_key_t *k, const uint8_t *key, unsigned key_bits) {
  if (k == NULL || key == NULL || (key_bits != 128 && key_bits != 256)) {
    return -1;
  }
  memset(k, 0, sizeof *k);
  const unsigned rounds = key_bits == 128 ? 10 : 14;
  const unsigned given = key_bits / 128;  // round keys that are the key itself
  memcpy(k->rk, key, 16 * (size_t)given);
  for (unsigned r = given; r <= rounds; r++) {
    cbit_aes_next_round_key(key_bits, r, r >= 2 ? k->rk[r - 2] : NULL, k->rk[r - 1], k->rk[r]);
  }
  memcpy(k->inv[0], k->rk[rounds], 16);
  for (unsigned r = 1; r < rounds; r++) {
    cbit_aes_inv_mix_columns(k->rk[rounds - r], k->inv[r]);
  }
  memcpy(k->inv[rounds], k->rk[0], 16);
  k->rounds = rounds;
  return 0;
}

const uint8_t *cbit_aes_round_key(const cbit_aes_key_t *k, unsigned round) {
  return round <= k->rounds && round <= CBIT_AES_ROUNDS_MAX ? k->rk[round] : NULL;
}

const uint8_t *cbit_aes_inv_round_key(const cbit_aes_key_t *k, unsigned round) {
  return round <= k->rounds && round <= CBIT_AES_ROUNDS_MAX ? k->inv[round] : NULL;
}
