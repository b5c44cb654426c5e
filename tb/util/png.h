// SPDX-License-Identifier: Apache-2.0
//
// png.h - writes an 8-bit RGB picture as PNG (RFC 2083; zlib compresses)
#ifndef TB_UTIL_PNG_H
#define TB_UTIL_PNG_H

#include <stdbool.h>
#include <stdint.h>

// rgb: height rows of width * 3 bytes, top row first. False: the file cannot be written.
bool png_write(const char *path, const uint8_t *rgb, uint32_t width, uint32_t height);

#endif  // TB_UTIL_PNG_H
