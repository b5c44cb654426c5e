// SPDX-License-Identifier: Apache-2.0
//
// vec.c - what the model tests share
//
// See vec.h.

#include "vec.h"

#include <stdlib.h>

#include "util/hex.h"

FILE *vec_open(const char *name) {
  char path[512];
  const char *folder = getenv("CBIT_VECTORS");
  (void)snprintf(path, sizeof path, "%s/%s", folder != NULL ? folder : "tests/vectors", name);
  FILE *file = fopen(path, "r");
  if (file == NULL) {
    print_error("cannot open %s (run from the top of the project)\n", path);
  }
  assert_non_null(file);
  return file;
}

int vec_line(FILE *file, char line[VEC_LINE_MAX]) {
  if (fgets(line, VEC_LINE_MAX, file) == NULL) {
    return 0;
  }
  line[strcspn(line, "\r\n")] = '\0';
  return 1;
}

const char *vec_item(const char *line, const char *key) {
  const size_t n = strlen(key);
  for (const char *p = line; p != NULL; p = strchr(p, ' ')) {
    while (*p == ' ') {
      p++;
    }
    if (strncmp(p, key, n) == 0 && p[n] == '=') {
      return p + n + 1;
    }
  }
  return NULL;
}

uint64_t vec_number(const char *line, const char *key) {
  const char *text = vec_item(line, key);
  assert_non_null(text);
  return strtoull(text, NULL, 0);
}

size_t vec_bytes(const char *line, const char *key, uint8_t *out, size_t max) {
  const char *text = vec_item(line, key);
  assert_non_null(text);
  const long n = hex_decode(text, out, max);
  assert_true(n >= 0);
  return (size_t)n;
}

const char *vec_cavp(const char *line, const char *key) {
  const size_t n = strlen(key);
  return strncmp(line, key, n) == 0 && strncmp(line + n, " = ", 3) == 0 ? line + n + 3 : NULL;
}

uint64_t vec_random(uint64_t *state) {
  uint64_t x = *state;
  x ^= x >> 12;
  x ^= x << 25;
  x ^= x >> 27;
  *state = x;
  return x * 0x2545f4914f6cdd1dULL;
}

void vec_random_bytes(uint64_t *state, uint8_t *out, size_t n) {
  for (size_t i = 0; i < n; i++) {
    out[i] = (uint8_t)(vec_random(state) >> 56);
  }
}

unsigned vec_paths(cbit_path_t paths[3]) {
  static const cbit_path_t all[3] = {CBIT_PATH_PORTABLE, CBIT_PATH_AESNI, CBIT_PATH_VAES512};
  unsigned n = 0;
  for (unsigned i = 0; i < 3; i++) {
    if (cbit_path_available(all[i])) {
      paths[n++] = all[i];
    }
  }
  return n;
}
