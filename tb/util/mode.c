// SPDX-License-Identifier: Apache-2.0
//
// mode.c - names of the tweak modes, hexadecimal keys (mode.h)
#include "util/mode.h"
#include "util/bytes.h"

#include <stdio.h>
#include <string.h>

static const char *const names[] = {"none", "xe_lin", "xex_lin", "xex_aes16", "xts_l64", "xts_p4k"};

const char *mode_name(cbit_mode_t mode) { return (unsigned)mode < 6 ? names[mode] : "?"; }

bool mode_parse(const char *text, cbit_mode_t *mode) {
  for (unsigned i = 0; i < 6; i++) {
    const char number[2] = {(char)('0' + i), '\0'};
    if (strcmp(text, names[i]) == 0 || strcmp(text, number) == 0) {
      *mode = (cbit_mode_t)i;
      return true;
    }
  }
  return false;
}

bool mode_arg(void *to, const char *value, char *err) {
  if (mode_parse(value, (cbit_mode_t *)to)) return true;
  snprintf(err, 512, "'%.100s' is no mode (%s)", value, MODE_NAMES);
  return false;
}

bool mode_hex(const char *text, uint8_t *to, size_t len) {
  size_t digits = 0;
  memset(to, 0, len);
  for (; *text != '\0'; text++) {
    if (*text == ' ' || *text == '_' || *text == ':') continue;
    const unsigned v = hex_digit(*text);
    if (v > 15 || digits == 2 * len) return false;
    to[digits / 2] = (uint8_t)((unsigned)to[digits / 2] << 4 | v);
    digits++;
  }
  return digits == 2 * len;
}
