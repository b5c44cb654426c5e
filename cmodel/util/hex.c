// SPDX-License-Identifier: Apache-2.0
//
// hex.c - hexadecimal text and byte strings
//
// See hex.h.

#include "util/hex.h"

static int hex_digit(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  if (c >= 'a' && c <= 'f') {
    return c - 'a' + 10;
  }
  if (c >= 'A' && c <= 'F') {
    return c - 'A' + 10;
  }
  return -1;
}

long hex_decode(const char *text, uint8_t *out, size_t max) {
  size_t n = 0;
  for (;;) {
    const int high = hex_digit(text[2 * n]);
    if (high < 0) {
      return (long)n;
    }
    const int low = hex_digit(text[2 * n + 1]);
    if (low < 0 || n == max) {
      return -1;
    }
    out[n++] = (uint8_t)(16 * high + low);
  }
}

void hex_encode(const uint8_t *in, size_t n, char *text) {
  static const char digits[] = "0123456789abcdef";
  for (size_t i = 0; i < n; i++) {
    text[2 * i] = digits[in[i] >> 4];
    text[2 * i + 1] = digits[in[i] & 15];
  }
  text[2 * n] = '\0';
}
