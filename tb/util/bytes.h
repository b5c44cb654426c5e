// SPDX-License-Identifier: Apache-2.0
//
// bytes.h - numbers as bytes of memory, little-endian, and hexadecimal digits
//
// The model has its own (cmodel/util/bytes.h): what judges it shares no code with it.
#ifndef TB_UTIL_BYTES_H
#define TB_UTIL_BYTES_H

#include <stdint.h>

static inline uint64_t le64_load(const uint8_t *p) {
  uint64_t v = 0;
  for (uint32_t i = 0; i < 8; i++) v |= (uint64_t)p[i] << (8 * i);
  return v;
}

static inline void le64_store(uint8_t *p, uint64_t v) {
  for (uint32_t i = 0; i < 8; i++) p[i] = (uint8_t)(v >> (8 * i));
}

// Value of a hexadecimal digit; 99 if it is none.
static inline unsigned hex_digit(char c) {
  if (c >= '0' && c <= '9') return (unsigned)(c - '0');
  if (c >= 'a' && c <= 'f') return (unsigned)(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return (unsigned)(c - 'A' + 10);
  return 99;
}

#endif  // TB_UTIL_BYTES_H
