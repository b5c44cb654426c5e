// SPDX-License-Identifier: Apache-2.0
//
// lane_cyc.c - one row through the lanes: tweaks of a row, and its value behind the AES pipe
//
// Called when a row enters a pipe; the pipes of bus_read and bus_write carry the value for S cycles.
// C = E_K1(P ^ T) ^ T, in mode 1 C = E_K1(P ^ T) (docs/crypto-modes.md). Block l of a row is bytes 16*l .. 16*l+15.

#include "crypto/lane_cyc.h"

#include "util/bytes.h"

// t[j] = t0 * alpha^(first + j) for j < n; first + n <= 4.
static void alpha_blocks(const uint8_t *t0, unsigned first, unsigned n, uint8_t *t) {
  uint64_t low = bytes_load_le64(t0);
  uint64_t high = bytes_load_le64(t0 + 8);
  for (unsigned j = 0; j < first + n; j++) {
    if (j >= first) {
      bytes_store_le64(t + 16 * (j - first), low);
      bytes_store_le64(t + 16 * (j - first) + 8, high);
    }
    const uint64_t carry = (uint64_t)0 - (high >> 63);
    high = (high << 1) | (low >> 63);
    low = (low << 1) ^ (carry & 0x87u);
  }
}

const uint8_t *cyc_lane_tweaks(bool line, unsigned lb, unsigned row, const uint8_t *units, uint8_t *buf) {
  const unsigned lane_bits = lb - 4u;
  const unsigned block = row << lane_bits;  // first block of the row, counted in the window
  if (!line) {
    return units + 16u * block;
  }
  const uint8_t *t0 = units + 16u * (block >> 2);
  if (lane_bits == 0 && (block & 3u) == 0) {
    return t0;
  }
  alpha_blocks(t0, block & 3u, 1u << lane_bits, buf);
  return buf;
}

static void xor_blocks(uint8_t *out, const uint8_t *a, const uint8_t *b, unsigned n) {
  for (unsigned i = 0; i < n; i++) {
    bytes_xor16(out + 16 * i, a + 16 * i, b + 16 * i);
  }
}

void cyc_lane_decrypt(const cbit_backend_t *be, unsigned mode, const cbit_aes_key_t *k1, const uint8_t *t,
                      const uint8_t *in, uint8_t *out, unsigned n) {
  if (mode == CBIT_MODE_XE_LIN) {
    be->decrypt(k1, in, out, n);
    xor_blocks(out, out, t, n);
  } else {
    be->xex_decrypt(k1, t, in, out, n);
  }
}

void cyc_lane_encrypt(const cbit_backend_t *be, unsigned mode, const cbit_aes_key_t *k1, const uint8_t *t,
                      const uint8_t *in, uint8_t *out, unsigned n) {
  if (mode == CBIT_MODE_XE_LIN) {
    xor_blocks(out, in, t, n);
    be->encrypt(k1, out, out, n);
  } else {
    be->xex_encrypt(k1, t, in, out, n);
  }
}
