// SPDX-License-Identifier: Apache-2.0
//
// speed_crypt.c - speed of the functional layer beside OpenSSL
//
// 4 KiB pieces. OpenSSL's EVP aes-128-xts with a new tweak per piece is the same operation as mode 5 (data unit =
// page); mode 4 is shown beside it. Best of several rounds, each side in turn, so that a busy machine hurts both alike.
// The last line is the ratio mode 5 / OpenSSL; the exit code is 1 if it is below 0.5.

#define _POSIX_C_SOURCE 200809L

#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cbit.h"

#define PIECE 4096u
#define PIECES 64u  // 256 KiB: stays in the second cache
#define LOOPS 64u
#define ROUNDS 9u

static uint8_t area[PIECE * PIECES];

static double now(void) {
  struct timespec t;
  (void)clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double rate(double start, unsigned loops) { return (double)PIECE * PIECES * loops / 1e6 / (now() - start); }

static double run_cbit(cbit_path_t path, cbit_mode_t mode, int decrypt, const cbit_slot_key_t *key) {
  const unsigned loops = path == CBIT_PATH_PORTABLE ? 1 : LOOPS;
  const double start = now();
  for (unsigned i = 0; i < loops; i++) {
    for (unsigned p = 0; p < PIECES; p++) {
      uint8_t *piece = area + (size_t)PIECE * p;
      const uint64_t spa = (uint64_t)PIECE * p;
      if (decrypt) {
        (void)cbit_crypt_decrypt_on(path, mode, key, NULL, spa, piece, piece, PIECE);
      } else {
        (void)cbit_crypt_encrypt_on(path, mode, key, NULL, spa, piece, piece, PIECE);
      }
    }
  }
  return rate(start, loops);
}

static double run_openssl(EVP_CIPHER_CTX *ctx) {
  const double start = now();
  for (unsigned i = 0; i < LOOPS; i++) {
    for (unsigned p = 0; p < PIECES; p++) {
      uint8_t *piece = area + (size_t)PIECE * p;
      const uint8_t iv[16] = {(uint8_t)p};
      int n = 0;
      (void)EVP_CipherInit_ex(ctx, NULL, NULL, NULL, iv, -1);
      (void)EVP_CipherUpdate(ctx, piece, &n, piece, (int)PIECE);
    }
  }
  return rate(start, LOOPS);
}

static double larger(double a, double b) { return a > b ? a : b; }

int main(void) {
  uint8_t keys[32];
  cbit_slot_key_t key;
  EVP_CIPHER_CTX *ctx[2];
  for (unsigned i = 0; i < 32; i++) {
    keys[i] = (uint8_t)(i * 7 + 1);
  }
  if (cbit_slot_key_make(&key, keys, keys + 16, 128) != CBIT_OK) {
    return 2;
  }
  for (int dec = 0; dec < 2; dec++) {
    ctx[dec] = EVP_CIPHER_CTX_new();
    if (ctx[dec] == NULL || EVP_CipherInit_ex(ctx[dec], EVP_aes_128_xts(), NULL, keys, NULL, !dec) != 1) {
      return 2;
    }
  }
  memset(area, 0x5a, sizeof area);
  double ratio = 0;
  for (int dec = 0; dec < 2; dec++) {
    double best_openssl = 0;
    double best[4][2] = {{0, 0}};
    for (unsigned round = 0; round < ROUNDS; round++) {
      best_openssl = larger(best_openssl, run_openssl(ctx[dec]));
      for (int path = CBIT_PATH_AUTO; path <= CBIT_PATH_VAES512; path++) {
        for (unsigned m = 0; m < 2 && cbit_path_available((cbit_path_t)path); m++) {
          const cbit_mode_t mode = m ? CBIT_MODE_XTS_P4K : CBIT_MODE_XTS_L64;
          best[path][m] = larger(best[path][m], run_cbit((cbit_path_t)path, mode, dec, &key));
        }
      }
    }
    printf("%s aes-128, 4 KiB pieces: OpenSSL EVP xts %.0f MB/s\n", dec ? "decrypt" : "encrypt", best_openssl);
    for (int path = CBIT_PATH_AUTO; path <= CBIT_PATH_VAES512; path++) {
      if (cbit_path_available((cbit_path_t)path)) {
        printf("  cbit %-8s mode 5 %.0f MB/s (%.2f of OpenSSL), mode 4 %.0f MB/s\n", cbit_path_name((cbit_path_t)path),
               best[path][1], best[path][1] / best_openssl, best[path][0]);
      }
    }
    const double r = best[CBIT_PATH_AUTO][1] / best_openssl;
    ratio = dec ? (r < ratio ? r : ratio) : r;
    EVP_CIPHER_CTX_free(ctx[dec]);
  }
  printf("speed: %.2f of OpenSSL (limit 0.50)\n", ratio);
  return ratio < 0.5;
}
