// SPDX-License-Identifier: Apache-2.0
//
// stats.h - how much a range of bytes looks like noise: entropy, equal blocks, differing bits, what a compressor makes of it
#ifndef TB_UTIL_STATS_H
#define TB_UTIL_STATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Shannon entropy of the byte histogram, in bits a byte (0..8). 0 bytes: 0.
double stats_entropy(const uint8_t *data, size_t len);
// What uniformly random data of this length gives on average (less than 8 for short data).
double stats_entropy_random(size_t len);
// Number of 16-byte blocks that are equal to an earlier block; a last block that is not whole is left out.
size_t stats_repeats(const uint8_t *data, size_t len);
// Number of 16-byte blocks that are equal at the same place of both.
size_t stats_common(const uint8_t *a, const uint8_t *b, size_t len);
// Share of bits that differ, 0..1.
double stats_bits_differ(const uint8_t *a, const uint8_t *b, size_t len);

// Compressed size as percent of the original: zlib's deflate at level 6. -1 if it cannot be told (no bytes).
double stats_deflate(const uint8_t *data, size_t len);
// The same with libzstd at level 3, taken from the system when the program runs; -1 where it is not installed.
double stats_zstd(const uint8_t *data, size_t len);

// Is `data` noise with respect to `plain`? It is if about half of the bits differ (40 to 60 %, wider below 80 bytes as
// chance demands: 5 standard deviations) and, from 64 bytes on, if its entropy is that of random data less 0.3 bits.
typedef struct stats_noise {
  double differ;   // share of bits that differ
  double entropy;  // bits a byte
  bool noise;
} stats_noise_t;
stats_noise_t stats_is_noise(const uint8_t *data, const uint8_t *plain, size_t len);

#endif  // TB_UTIL_STATS_H
