// SPDX-License-Identifier: Apache-2.0
//
// png.c - a PNG writer: signature, IHDR, one IDAT, IEND (png.h)
#include "util/png.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "core/log.h"

static void put32(uint8_t *p, uint32_t v) {
  p[0] = (uint8_t)(v >> 24);
  p[1] = (uint8_t)(v >> 16);
  p[2] = (uint8_t)(v >> 8);
  p[3] = (uint8_t)v;
}

// Length, type, data, CRC over type and data.
static bool chunk(FILE *f, const char type[4], const uint8_t *data, uint32_t len) {
  uint8_t head[8], tail[4];
  put32(head, len);
  memcpy(head + 4, type, 4);
  uLong crc = crc32(crc32(0L, Z_NULL, 0), head + 4, 4);
  if (len > 0) crc = crc32(crc, data, len);
  put32(tail, (uint32_t)crc);
  return fwrite(head, 1, 8, f) == 8 && fwrite(data, 1, len, f) == len && fwrite(tail, 1, 4, f) == 4;
}

bool png_write(const char *path, const uint8_t *rgb, uint32_t width, uint32_t height) {
  static const uint8_t sign[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  const size_t row = (size_t)width * 3u;
  const size_t raw_len = (row + 1u) * height;  // filter byte 0 before each row
  if (width == 0 || height == 0 || raw_len > UINT32_MAX / 2u) return false;
  uint8_t *raw = (uint8_t *)log_alloc(raw_len);
  for (uint32_t y = 0; y < height; y++) memcpy(raw + (row + 1u) * y + 1u, rgb + row * y, row);
  uLongf size = compressBound((uLong)raw_len);
  uint8_t *packed = (uint8_t *)log_alloc(size);
  bool ok = compress2(packed, &size, raw, (uLong)raw_len, 6) == Z_OK;
  free(raw);
  FILE *f = ok ? fopen(path, "wb") : NULL;
  if (f != NULL) {
    uint8_t head[13] = {0};
    put32(head, width);
    put32(head + 4, height);
    head[8] = 8;  // bits a sample
    head[9] = 2;  // RGB
    ok = fwrite(sign, 1, 8, f) == 8 && chunk(f, "IHDR", head, 13) && chunk(f, "IDAT", packed, (uint32_t)size) &&
         chunk(f, "IEND", head, 0);
    ok = fclose(f) == 0 && ok;
  } else {
    ok = false;
  }
  free(packed);
  return ok;
}
