// SPDX-License-Identifier: Apache-2.0
//
// mode.h - names of the tweak modes (docs/crypto-modes.md), hexadecimal keys
#ifndef TB_UTIL_MODE_H
#define TB_UTIL_MODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cbit.h"

#define MODE_NAMES "none xe_lin xex_lin xex_aes16 xts_l64 xts_p4k, or 0 to 5"

const char *mode_name(cbit_mode_t mode);
bool mode_parse(const char *text, cbit_mode_t *mode);
// Option parsers for args.h: to = cbit_mode_t *.
bool mode_arg(void *to, const char *value, char *err);
// Exactly len bytes in hexadecimal (spaces, '_' and ':' between digits are allowed).
bool mode_hex(const char *text, uint8_t *to, size_t len);

#endif  // TB_UTIL_MODE_H
