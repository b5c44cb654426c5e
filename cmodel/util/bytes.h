// SPDX-License-Identifier: Apache-2.0
//
// bytes.h - numbers in byte strings, and blocks of 16 bytes
//
// Every conversion between numbers and bytes of the model goes through here, byte by byte, so that neither the byte
// order nor the alignment rules of the machine matter. Little-endian: byte 0 is the lowest.

#ifndef CBIT_UTIL_BYTES_H
#define CBIT_UTIL_BYTES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

// Spelled out rather than looped: compilers make one load or store of it.
static inline uint64_t bytes_load_le64(const uint8_t *p) {
  return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 | (uint64_t)p[3] << 24 | (uint64_t)p[4] << 32 |
         (uint64_t)p[5] << 40 | (uint64_t)p[6] << 48 | (uint64_t)p[7] << 56;
}

static inline void bytes_store_le32(uint8_t *p, uint32_t x) {
  p[0] = (uint8_t)x;
  p[1] = (uint8_t)(x >> 8);
  p[2] = (uint8_t)(x >> 16);
  p[3] = (uint8_t)(x >> 24);
}

static inline void bytes_store_le64(uint8_t *p, uint64_t x) {
  p[0] = (uint8_t)x;
  p[1] = (uint8_t)(x >> 8);
  p[2] = (uint8_t)(x >> 16);
  p[3] = (uint8_t)(x >> 24);
  p[4] = (uint8_t)(x >> 32);
  p[5] = (uint8_t)(x >> 40);
  p[6] = (uint8_t)(x >> 48);
  p[7] = (uint8_t)(x >> 56);
}

// A number as a 16-byte little-endian string (LE16 of docs/crypto-modes.md).
static inline void bytes_store_le128(uint8_t p[16], uint64_t x) {
  bytes_store_le64(p, x);
  memset(p + 8, 0, 8);
}

// out = a ^ b over one block; any of them may be the same.
static inline void bytes_xor16(uint8_t *out, const uint8_t *a, const uint8_t *b) {
  for (unsigned i = 0; i < 16; i++) {
    out[i] = (uint8_t)(a[i] ^ b[i]);
  }
}

// Clears memory that held keys; volatile, so that a compiler does not drop it as a dead store.
static inline void bytes_wipe(void *p, size_t n) {
  volatile uint8_t *v = p;
  while (n-- > 0) {
    *v++ = 0;
  }
}

#endif  // CBIT_UTIL_BYTES_H
