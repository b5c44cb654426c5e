// SPDX-License-Identifier: Apache-2.0
//
// json.c - the JSON writer of json.h
#include "core/json.h"

#include <math.h>
#include <string.h>

static void put_text(FILE *to, const char *s) {
  fputc('"', to);
  for (; *s != '\0'; s++) {
    const unsigned char c = (unsigned char)*s;
    if (c == '"' || c == '\\') {
      fputc('\\', to);
      fputc(c, to);
    } else if (c < 0x20) {
      fprintf(to, "\\u%04x", c);
    } else {
      fputc(c, to);
    }
  }
  fputc('"', to);
}

// Comma, line break, indentation, key.
static void lead(json_t *j, const char *key) {
  if (j->any[j->depth]) fputc(',', j->to);
  j->any[j->depth] = true;
  fputc('\n', j->to);
  for (uint32_t i = 0; i <= j->depth; i++) fputs("  ", j->to);
  if (key != NULL) {
    put_text(j->to, key);
    fputs(": ", j->to);
  }
}

static void open_level(json_t *j, const char *key, char open, char close) {
  lead(j, key);
  fputc(open, j->to);
  if (j->depth + 1 < JSON_DEPTH) j->depth++;
  j->any[j->depth] = false;
  j->close[j->depth] = close;
}

void json_begin(json_t *j, FILE *to) {
  memset(j, 0, sizeof(*j));
  j->to = to;
  j->close[0] = '}';
  fputc('{', to);
}

void json_close(json_t *j) {
  if (j->depth == 0) return;
  const bool any = j->any[j->depth];
  const char c = j->close[j->depth];
  j->depth--;
  if (any) {
    fputc('\n', j->to);
    for (uint32_t i = 0; i <= j->depth; i++) fputs("  ", j->to);
  }
  fputc(c, j->to);
}

void json_end(json_t *j) {
  while (j->depth > 0) json_close(j);
  fputs("\n}\n", j->to);
}

void json_object(json_t *j, const char *key) { open_level(j, key, '{', '}'); }
void json_array(json_t *j, const char *key) { open_level(j, key, '[', ']'); }

void json_text(json_t *j, const char *key, const char *value) {
  lead(j, key);
  put_text(j->to, value);
}

void json_u64(json_t *j, const char *key, uint64_t value) {
  lead(j, key);
  fprintf(j->to, "%llu", (unsigned long long)value);
}

void json_i64(json_t *j, const char *key, int64_t value) {
  lead(j, key);
  fprintf(j->to, "%lld", (long long)value);
}

void json_real(json_t *j, const char *key, double value) {
  lead(j, key);
  if (isfinite(value)) {
    fprintf(j->to, "%.6g", value);
  } else {
    fputs("null", j->to);
  }
}

void json_bool(json_t *j, const char *key, bool value) {
  lead(j, key);
  fputs(value ? "true" : "false", j->to);
}

void json_hex(json_t *j, const char *key, const uint8_t *bytes, size_t len) {
  lead(j, key);
  fputc('"', j->to);
  for (size_t i = 0; i < len; i++) fprintf(j->to, "%02x", bytes[i]);
  fputc('"', j->to);
}
