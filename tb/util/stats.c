// SPDX-License-Identifier: Apache-2.0
//
// stats.c - entropy, equal blocks, compressibility (stats.h)
#include "util/stats.h"

#include <dlfcn.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "core/log.h"

#define BLOCK 16u

double stats_entropy(const uint8_t *data, size_t len) {
  uint64_t count[256] = {0};
  if (len == 0) return 0;
  for (size_t i = 0; i < len; i++) count[data[i]]++;
  double h = 0;
  for (size_t i = 0; i < 256; i++) {
    if (count[i] == 0) continue;
    const double p = (double)count[i] / (double)len;
    h -= p * log2(p);
  }
  return h;
}

// Each of the 256 counts is binomial(n, 1/256): E[H] = log2 n - 256/n * sum over k of P(k) k log2 k. Long data: the first
// order of Miller and Madow.
double stats_entropy_random(size_t len) {
  if (len < 2) return 0;
  const double n = (double)len;
  if (len > 20000) return 8.0 - 255.0 / (2.0 * n * log(2.0));
  const double p = 1.0 / 256.0;
  double prob = pow(1.0 - p, n);
  double sum = 0;
  for (size_t k = 1; k <= len; k++) {
    prob *= (n - (double)k + 1.0) / (double)k * p / (1.0 - p);
    sum += prob * (double)k * log2((double)k);
    if ((double)k > n * p && prob < 1e-15) break;
  }
  return log2(n) - 256.0 / n * sum;
}

static int block_order(const void *a, const void *b) { return memcmp(a, b, BLOCK); }

size_t stats_repeats(const uint8_t *data, size_t len) {
  const size_t n = len / BLOCK;
  if (n < 2) return 0;
  uint8_t *sorted = (uint8_t *)log_alloc(n * BLOCK);
  memcpy(sorted, data, n * BLOCK);
  qsort(sorted, n, BLOCK, block_order);
  size_t equal = 0;
  for (size_t i = 1; i < n; i++) equal += memcmp(sorted + i * BLOCK, sorted + (i - 1) * BLOCK, BLOCK) == 0;
  free(sorted);
  return equal;
}

size_t stats_common(const uint8_t *a, const uint8_t *b, size_t len) {
  size_t equal = 0;
  for (size_t i = 0; i + BLOCK <= len; i += BLOCK) equal += memcmp(a + i, b + i, BLOCK) == 0;
  return equal;
}

double stats_bits_differ(const uint8_t *a, const uint8_t *b, size_t len) {
  if (len == 0) return 0;
  uint64_t bits = 0;
  for (size_t i = 0; i < len; i++) {
    for (unsigned x = (unsigned)(a[i] ^ b[i]); x != 0; x &= x - 1) bits++;
  }
  return (double)bits / (8.0 * (double)len);
}

double stats_deflate(const uint8_t *data, size_t len) {
  if (len == 0) return -1;
  uLongf size = compressBound((uLong)len);
  uint8_t *to = (uint8_t *)log_alloc(size);
  const int rc = compress2(to, &size, data, (uLong)len, 6);
  free(to);
  return rc == Z_OK ? 100.0 * (double)size / (double)len : -1;
}

typedef size_t (*zstd_bound_fn)(size_t);
typedef size_t (*zstd_compress_fn)(void *, size_t, const void *, size_t, int);
typedef unsigned (*zstd_error_fn)(size_t);

double stats_zstd(const uint8_t *data, size_t len) {
  void *so = len == 0 ? NULL : dlopen("libzstd.so.1", RTLD_NOW | RTLD_LOCAL);
  if (so == NULL) return -1;
  zstd_bound_fn bound = NULL;
  zstd_compress_fn compress_to = NULL;
  zstd_error_fn is_error = NULL;
  *(void **)&bound = dlsym(so, "ZSTD_compressBound");
  *(void **)&compress_to = dlsym(so, "ZSTD_compress");
  *(void **)&is_error = dlsym(so, "ZSTD_isError");
  double percent = -1;
  if (bound != NULL && compress_to != NULL && is_error != NULL) {
    const size_t size = bound(len);
    void *to = log_alloc(size);
    const size_t got = compress_to(to, size, data, len, 3);
    if (!is_error(got)) percent = 100.0 * (double)got / (double)len;
    free(to);
  }
  dlclose(so);
  return percent;
}

stats_noise_t stats_is_noise(const uint8_t *data, const uint8_t *plain, size_t len) {
  stats_noise_t s = {stats_bits_differ(data, plain, len), stats_entropy(data, len), false};
  if (len == 0) return s;
  const double chance = 5.0 * 0.5 / sqrt(8.0 * (double)len);
  const double margin = chance > 0.1 ? chance : 0.1;
  s.noise = s.differ > 0.5 - margin && s.differ < 0.5 + margin &&
            (len < 64 || s.entropy > stats_entropy_random(len) - 0.3);
  return s;
}
