// SPDX-License-Identifier: Apache-2.0
//
// draw.h - pictures of memory: a drawn test image, pixels out of bytes, panels side by side with captions
#ifndef TB_UTIL_DRAW_H
#define TB_UTIL_DRAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// ---- the drawing: a padlock and the letters "cbit" in flat colours ----
// 32 bits a pixel (blue, green, red, 255), top row first, as a frame buffer holds it: 4 pixels are one 16-byte block.
#define DRAW_WIDTH 192u
#define DRAW_HEIGHT 192u
#define DRAW_BYTES (DRAW_WIDTH * DRAW_HEIGHT * 4u)
void draw_padlock(uint8_t to[DRAW_BYTES]);

// ---- bytes as pixels ----
typedef struct draw_format {
  uint32_t width, height;
  size_t offset;   // of the first stored row in the bytes
  size_t stride;   // bytes a stored row
  uint8_t pixel;   // bytes a pixel: 1 grey, 3, 4
  bool rgb;        // red first (PPM); else blue first (BMP, frame buffer)
  bool bottom_up;  // first stored row is the lowest (BMP)
} draw_format_t;

// Recognises a BMP (24 or 32 bit, not compressed) or a PPM/PGM (P6, P5, 8 bit) and tells where its pixels lie. len is the size
// of the whole file, head its first head_len bytes. False: neither.
bool draw_recognise(const uint8_t *head, size_t head_len, uint64_t len, draw_format_t *format);

// ---- a sheet of panels ----
typedef struct draw_sheet {
  uint8_t *rgb;
  uint32_t width, height;
} draw_sheet_t;

void draw_sheet_init(draw_sheet_t *s);
void draw_sheet_free(draw_sheet_t *s);
// Adds a panel at the right: the picture in data (pixels beyond len are grey), the caption below it. Captions are cut into lines.
void draw_sheet_panel(draw_sheet_t *s, const char *caption, const draw_format_t *format, const uint8_t *data, size_t len);

#endif  // TB_UTIL_DRAW_H
