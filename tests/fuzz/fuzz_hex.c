// SPDX-License-Identifier: Apache-2.0
//
// fuzz_hex.c - hexadecimal text: first byte the room for the answer; what was read is written the same
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "util/hex.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size == 0) return 0;
  const size_t max = data[0];
  uint8_t *out = malloc(max + 1);
  char *text = malloc(size);
  char *back = malloc(2 * max + 1);
  if (out == NULL || text == NULL || back == NULL) abort();
  memcpy(text, data + 1, size - 1);
  text[size - 1] = '\0';
  out[max] = 0xA5;
  const long n = hex_decode(text, out, max);
  if (out[max] != 0xA5 || n > (long)max) abort();
  if (n >= 0) {
    hex_encode(out, (size_t)n, back);
    for (size_t i = 0; i < 2 * (size_t)n; i++) {
      if (back[i] != tolower((unsigned char)text[i])) abort();
    }
  }
  free(out);
  free(text);
  free(back);
  return 0;
}
