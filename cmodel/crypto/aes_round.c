// SPDX-License-Identifier: Apache-2.0
//
// aes_round.c - one round of the cipher
//
// FIPS 197 section 5.1: SubBytes, ShiftRows, MixColumns, AddRoundKey, each as its own function so that a value can be
// printed after every step and laid beside the hardware. state[row][col] is byte row + 4 * col of the block.

#include "crypto/aes_impl.h"

#include <string.h>

#include "util/bytes.h"

// Multiplication by x in GF(2^8), polynomial x^8 + x^4 + x^3 + x + 1.
static uint8_t xtime(uint8_t a) { return (uint8_t)((a << 1) ^ ((a >> 7) * 0x1b)); }

void cbit_aes_sub_bytes(uint8_t s[16]) {
  for (unsigned i = 0; i < 16; i++) {
    s[i] = cbit_aes_sbox[s[i]];
  }
}

void cbit_aes_shift_rows(uint8_t s[16]) {
  uint8_t in[16];
  memcpy(in, s, 16);
  for (unsigned col = 0; col < 4; col++) {
    for (unsigned row = 0; row < 4; row++) {
      s[row + 4 * col] = in[row + 4 * ((col + row) % 4)];
    }
  }
}

void cbit_aes_mix_columns(uint8_t s[16]) {
  for (unsigned col = 0; col < 4; col++) {
    uint8_t *c = s + 4 * col;
    const uint8_t all = (uint8_t)(c[0] ^ c[1] ^ c[2] ^ c[3]);
    const uint8_t first = c[0];
    // 2a ^ 3b ^ c ^ d = a ^ (a^b^c^d) ^ 2(a^b)
    c[0] = (uint8_t)(c[0] ^ all ^ xtime((uint8_t)(c[0] ^ c[1])));
    c[1] = (uint8_t)(c[1] ^ all ^ xtime((uint8_t)(c[1] ^ c[2])));
    c[2] = (uint8_t)(c[2] ^ all ^ xtime((uint8_t)(c[2] ^ c[3])));
    c[3] = (uint8_t)(c[3] ^ all ^ xtime((uint8_t)(c[3] ^ first)));
  }
}

void cbit_aes_round(const uint8_t in[16], const uint8_t round_key[16], int last, uint8_t out[16]) {
  uint8_t s[16];
  memcpy(s, in, 16);
  cbit_aes_sub_bytes(s);
  cbit_aes_shift_rows(s);
  if (!last) {
    cbit_aes_mix_columns(s);
  }
  bytes_xor16(out, s, round_key);
}
