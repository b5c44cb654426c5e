// SPDX-License-Identifier: Apache-2.0
//
// aes_inv_round.c - one round of the equivalent inverse cipher
//
// FIPS 197 section 5.3.5: InvSubBytes, InvShiftRows, InvMixColumns, AddRoundKey, the same order of steps as the forward
// round, which works because the round keys went through InvMixColumns too (cbit_aes_inv_round_key).

#include <string.h>

#include "crypto/aes_impl.h"
#include "util/bytes.h"

static uint8_t xtime(uint8_t a) { return (uint8_t)((a << 1) ^ ((a >> 7) * 0x1b)); }

void cbit_aes_inv_sub_bytes(uint8_t s[16]) {
  for (unsigned i = 0; i < 16; i++) {
    s[i] = cbit_aes_inv_sbox[s[i]];
  }
}

void cbit_aes_inv_shift_rows(uint8_t s[16]) {
  uint8_t in[16];
  memcpy(in, s, 16);
  for (unsigned col = 0; col < 4; col++) {
    for (unsigned row = 0; row < 4; row++) {
      s[row + 4 * ((col + row) % 4)] = in[row + 4 * col];
    }
  }
}

// The matrix (0e 0b 0d 09) is MixColumns times (05 00 04 00): add 4(a^c) to a and c, 4(b^d) to b and d, then mix.
void cbit_aes_inv_mix_columns(const uint8_t in[16], uint8_t out[16]) {
  uint8_t s[16];
  for (unsigned i = 0; i < 16; i += 4) {
    const uint8_t even = xtime(xtime((uint8_t)(in[i] ^ in[i + 2])));
    const uint8_t odd = xtime(xtime((uint8_t)(in[i + 1] ^ in[i + 3])));
    s[i] = (uint8_t)(in[i] ^ even);
    s[i + 1] = (uint8_t)(in[i + 1] ^ odd);
    s[i + 2] = (uint8_t)(in[i + 2] ^ even);
    s[i + 3] = (uint8_t)(in[i + 3] ^ odd);
  }
  cbit_aes_mix_columns(s);
  memcpy(out, s, 16);
}

void cbit_aes_inv_round(const uint8_t in[16], const uint8_t round_key[16], int last, uint8_t out[16]) {
  uint8_t s[16];
  memcpy(s, in, 16);
  cbit_aes_inv_sub_bytes(s);
  cbit_aes_inv_shift_rows(s);
  if (!last) {
    cbit_aes_inv_mix_columns(s, s);
  }
  bytes_xor16(out, s, round_key);
}
