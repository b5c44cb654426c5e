// SPDX-License-Identifier: Apache-2.0
//
// draw.c - the drawing, pixels out of bytes, panels (draw.h)
#include "util/draw.h"

#include <stdlib.h>
#include <string.h>

#include "core/log.h"

#define MARGIN 12u        // around panels, in pixels
#define CAPTION_LINES 3u
#define CELL_W 6u         // a character with its gap
#define CELL_H 10u
#define SIDE_MAX 512u     // larger pictures are shown smaller
#define SIDE_MIN 96u

// 5 x 7 letters for ' ' to '_', one byte a column, bit 0 at the top. Small letters are shown as capitals.
static const uint8_t font[64][5] = {
    {0, 0, 0, 0, 0},          {0, 0, 0x5f, 0, 0},       {0, 7, 0, 7, 0},          {0x14, 0x7f, 0x14, 0x7f, 0x14},
    {0x24, 0x2a, 0x7f, 0x2a, 0x12}, {0x23, 0x13, 8, 0x64, 0x62}, {0x36, 0x49, 0x55, 0x22, 0x50}, {0, 5, 3, 0, 0},
    {0, 0x1c, 0x22, 0x41, 0}, {0, 0x41, 0x22, 0x1c, 0}, {0x14, 8, 0x3e, 8, 0x14}, {8, 8, 0x3e, 8, 8},
    {0, 0x50, 0x30, 0, 0},    {8, 8, 8, 8, 8},          {0, 0x60, 0x60, 0, 0},    {0x20, 0x10, 8, 4, 2},
    {0x3e, 0x51, 0x49, 0x45, 0x3e}, {0, 0x42, 0x7f, 0x40, 0}, {0x42, 0x61, 0x51, 0x49, 0x46}, {0x21, 0x41, 0x45, 0x4b, 0x31},
    {0x18, 0x14, 0x12, 0x7f, 0x10}, {0x27, 0x45, 0x45, 0x45, 0x39}, {0x3c, 0x4a, 0x49, 0x49, 0x30}, {1, 0x71, 9, 5, 3},
    {0x36, 0x49, 0x49, 0x49, 0x36}, {6, 0x49, 0x49, 0x29, 0x1e}, {0, 0x36, 0x36, 0, 0}, {0, 0x56, 0x36, 0, 0},
    {8, 0x14, 0x22, 0x41, 0}, {0x14, 0x14, 0x14, 0x14, 0x14}, {0, 0x41, 0x22, 0x14, 8}, {2, 1, 0x51, 9, 6},
    {0x32, 0x49, 0x79, 0x41, 0x3e}, {0x7e, 0x11, 0x11, 0x11, 0x7e}, {0x7f, 0x49, 0x49, 0x49, 0x36}, {0x3e, 0x41, 0x41, 0x41, 0x22},
    {0x7f, 0x41, 0x41, 0x22, 0x1c}, {0x7f, 0x49, 0x49, 0x49, 0x41}, {0x7f, 9, 9, 9, 1}, {0x3e, 0x41, 0x49, 0x49, 0x7a},
    {0x7f, 8, 8, 8, 0x7f},    {0, 0x41, 0x7f, 0x41, 0}, {0x20, 0x40, 0x41, 0x3f, 1}, {0x7f, 8, 0x14, 0x22, 0x41},
    {0x7f, 0x40, 0x40, 0x40, 0x40}, {0x7f, 2, 12, 2, 0x7f}, {0x7f, 4, 8, 0x10, 0x7f}, {0x3e, 0x41, 0x41, 0x41, 0x3e},
    {0x7f, 9, 9, 9, 6},       {0x3e, 0x41, 0x51, 0x21, 0x5e}, {0x7f, 9, 0x19, 0x29, 0x46}, {0x46, 0x49, 0x49, 0x49, 0x31},
    {1, 1, 0x7f, 1, 1},       {0x3f, 0x40, 0x40, 0x40, 0x3f}, {0x1f, 0x20, 0x40, 0x20, 0x1f}, {0x3f, 0x40, 0x38, 0x40, 0x3f},
    {0x63, 0x14, 8, 0x14, 0x63}, {7, 8, 0x70, 8, 7},    {0x61, 0x51, 0x49, 0x45, 0x43}, {0, 0x7f, 0x41, 0x41, 0},
    {2, 4, 8, 0x10, 0x20},    {0, 0x41, 0x41, 0x7f, 0}, {4, 2, 1, 2, 4},          {0x40, 0x40, 0x40, 0x40, 0x40}};

static bool font_dot(char c, unsigned x, unsigned y) {
  if (c >= 'a' && c <= 'z') c = (char)(c - 'a' + 'A');
  if (c < ' ' || c > '_' || x >= 5 || y >= 7) return false;
  return (font[c - ' '][x] >> y & 1) != 0;
}

// ---- the drawing ----

static bool in_disc(int x, int y, int cx, int cy, int r) { return (x - cx) * (x - cx) + (y - cy) * (y - cy) < r * r; }

static uint32_t padlock_colour(int x, int y) {
  static const char word[] = "cbit";
  const uint32_t paper = 0xf2ead8u, brass = 0xd9a521u, steel = 0x7d8797u, hole = 0x2b2118u, ink = 0x1f4e79u;
  const int letter_x = (x - 24) / 6, letter_y = (y - 142) / 6;  // letters of 30 x 42 dots, 36 apart
  if (x >= 24 && y >= 142 && letter_x < 24 && letter_y < 7 && letter_x % 6 < 5) {
    // capitals of the font, for the drawing as for the captions
    if (font_dot(word[letter_x / 6], (unsigned)(letter_x % 6), (unsigned)letter_y)) return ink;
  }
  if (x >= 48 && x < 144 && y >= 64 && y < 130) {
    if (in_disc(x, y, 96, 90, 10) || (x >= 92 && x < 100 && y >= 90 && y < 116)) return hole;
    return brass;
  }
  const bool ring = in_disc(x, y, 96, 52, 40) && !in_disc(x, y, 96, 52, 26) && y < 52;
  const bool legs = y >= 52 && y < 64 && ((x >= 57 && x < 71) || (x > 121 && x < 136));
  return ring || legs ? steel : paper;
}

void draw_padlock(uint8_t to[DRAW_BYTES]) {
  for (unsigned y = 0; y < DRAW_HEIGHT; y++) {
    for (unsigned x = 0; x < DRAW_WIDTH; x++) {
      const uint32_t c = padlock_colour((int)x, (int)y);
      uint8_t *p = to + (y * DRAW_WIDTH + x) * 4u;
      p[0] = (uint8_t)c;
      p[1] = (uint8_t)(c >> 8);
      p[2] = (uint8_t)(c >> 16);
      p[3] = 255;
    }
  }
}

// ---- file formats ----

static uint32_t le32(const uint8_t *p) {
  return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static bool fits(const draw_format_t *f, uint64_t len) {
  if (f->width == 0 || f->height == 0 || f->width > 16384 || f->height > 16384) return false;
  return f->offset + (uint64_t)f->stride * f->height <= len;
}

static bool recognise_bmp(const uint8_t *h, size_t n, draw_format_t *f) {
  if (n < 54 || h[0] != 'B' || h[1] != 'M' || le32(h + 14) < 40) return false;
  const uint32_t compression = le32(h + 30);
  const unsigned bits = (unsigned)h[28] | (unsigned)h[29] << 8;
  if ((bits != 24 && bits != 32) || (compression != 0 && !(compression == 3 && bits == 32))) return false;
  const uint32_t height = le32(h + 22);
  f->offset = le32(h + 10);
  f->width = le32(h + 18);
  f->bottom_up = (height & 0x80000000u) == 0;
  f->height = f->bottom_up ? height : 0u - height;
  f->pixel = (uint8_t)(bits / 8);
  f->stride = ((size_t)f->width * f->pixel + 3u) & ~(size_t)3u;
  f->rgb = false;
  return true;
}

static bool recognise_ppm(const uint8_t *h, size_t n, draw_format_t *f) {
  if (n < 8 || h[0] != 'P' || (h[1] != '6' && h[1] != '5')) return false;
  uint32_t number[3] = {0, 0, 0};
  size_t i = 2;
  for (unsigned k = 0; k < 3; k++) {
    while (i < n && (h[i] == ' ' || h[i] == '\t' || h[i] == '\n' || h[i] == '\r' || h[i] == '#')) {
      if (h[i] == '#') {
        while (i < n && h[i] != '\n') i++;
      } else {
        i++;
      }
    }
    if (i >= n || h[i] < '0' || h[i] > '9') return false;
    while (i < n && h[i] >= '0' && h[i] <= '9' && number[k] < 100000) number[k] = number[k] * 10 + (uint32_t)(h[i++] - '0');
  }
  if (number[2] != 255 || i >= n) return false;
  f->width = number[0];
  f->height = number[1];
  f->pixel = h[1] == '6' ? 3 : 1;
  f->offset = i + 1;
  f->stride = (size_t)f->width * f->pixel;
  f->rgb = true;
  f->bottom_up = false;
  return true;
}

bool draw_recognise(const uint8_t *head, size_t head_len, uint64_t len, draw_format_t *format) {
  memset(format, 0, sizeof(*format));
  return (recognise_bmp(head, head_len, format) || recognise_ppm(head, head_len, format)) && fits(format, len);
}

// ---- panels ----

void draw_sheet_init(draw_sheet_t *s) { memset(s, 0, sizeof(*s)); }

void draw_sheet_free(draw_sheet_t *s) {
  free(s->rgb);
  draw_sheet_init(s);
}

static void sheet_set(const draw_sheet_t *s, uint32_t x, uint32_t y, uint8_t r, uint8_t g, uint8_t b) {
  if (x >= s->width || y >= s->height) return;
  uint8_t *p = s->rgb + ((size_t)y * s->width + x) * 3u;
  p[0] = r;
  p[1] = g;
  p[2] = b;
}

static void sheet_grow(draw_sheet_t *s, uint32_t width, uint32_t height) {
  if (height < s->height) height = s->height;
  uint8_t *rgb = (uint8_t *)log_alloc((size_t)width * height * 3u);
  memset(rgb, 255, (size_t)width * height * 3u);
  for (uint32_t y = 0; y < s->height; y++) {
    memcpy(rgb + (size_t)y * width * 3u, s->rgb + (size_t)y * s->width * 3u, (size_t)s->width * 3u);
  }
  free(s->rgb);
  s->rgb = rgb;
  s->width = width;
  s->height = height;
}

// Words into lines of at most `columns` characters.
static void sheet_caption(const draw_sheet_t *s, const char *text, uint32_t x0, uint32_t y0, uint32_t columns) {
  uint32_t line = 0, col = 0;
  while (*text != '\0' && line < CAPTION_LINES) {
    const size_t word = strcspn(text, " ");
    if (col > 0 && col + word > columns) {
      line++;
      col = 0;
    }
    for (size_t i = 0; i < word && line < CAPTION_LINES; i++, col++) {
      if (col == columns) {
        line++;
        col = 0;
      }
      for (unsigned y = 0; y < 7; y++) {
        for (unsigned x = 0; x < 5; x++) {
          if (font_dot(text[i], x, y)) sheet_set(s, x0 + col * CELL_W + x, y0 + line * CELL_H + y, 30, 30, 30);
        }
      }
    }
    text += word;
    if (*text == ' ') {
      text++;
      col++;
    }
  }
}

void draw_sheet_panel(draw_sheet_t *s, const char *caption, const draw_format_t *f, const uint8_t *data, size_t len) {
  // Whole factor down to SIDE_MAX, or up to SIDE_MIN: no pixel is invented.
  const uint32_t side = f->width > f->height ? f->width : f->height;
  const uint32_t down = side > SIDE_MAX ? (side + SIDE_MAX - 1) / SIDE_MAX : 1;
  const uint32_t up = side < SIDE_MIN && side > 0 ? SIDE_MIN / side : 1;
  const uint32_t w = f->width / down * up, h = f->height / down * up;
  const uint32_t cell = w < SIDE_MIN ? SIDE_MIN : w;
  const uint32_t x0 = (s->width == 0 ? MARGIN : s->width), y0 = MARGIN;
  sheet_grow(s, x0 + cell + MARGIN, y0 + h + 8u + CAPTION_LINES * CELL_H + MARGIN / 2u);
  for (uint32_t y = 0; y < h; y++) {
    for (uint32_t x = 0; x < w; x++) {
      const uint32_t px = x / up * down, py = y / up * down;
      const size_t row = f->bottom_up ? f->height - 1u - py : py;
      const size_t at = f->offset + row * f->stride + (size_t)px * f->pixel;
      if (at + f->pixel > len) {
        sheet_set(s, x0 + x, y0 + y, 200, 200, 200);
      } else if (f->pixel == 1) {
        sheet_set(s, x0 + x, y0 + y, data[at], data[at], data[at]);
      } else if (f->rgb) {
        sheet_set(s, x0 + x, y0 + y, data[at], data[at + 1], data[at + 2]);
      } else {
        sheet_set(s, x0 + x, y0 + y, data[at + 2], data[at + 1], data[at]);
      }
    }
  }
  sheet_caption(s, caption, x0, y0 + h + 8u, cell / CELL_W);
}
