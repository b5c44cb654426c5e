// SPDX-License-Identifier: Apache-2.0
//
// aes.c - the cipher: blocks in, blocks out
//
// FIPS 197 sections 5.1 (cipher) and 5.3.5 (equivalent inverse cipher) on top of the single rounds, the portable back
// end, and the choice of a back end. Which one is chosen changes the speed only.

#include <string.h>

#include "crypto/aes_impl.h"
#include "util/bytes.h"

static void encrypt_block(const cbit_aes_key_t *k, const uint8_t *in, uint8_t *out) {
  uint8_t s[16];
  bytes_xor16(s, in, k->rk[0]);
  for (unsigned r = 1; r <= k->rounds; r++) {
    cbit_aes_round(s, k->rk[r], r == k->rounds, s);
  }
  memcpy(out, s, 16);
}

static void decrypt_block(const cbit_aes_key_t *k, const uint8_t *in, uint8_t *out) {
  uint8_t s[16];
  bytes_xor16(s, in, k->inv[0]);
  for (unsigned r = 1; r <= k->rounds; r++) {
    cbit_aes_inv_round(s, k->inv[r], r == k->rounds, s);
  }
  memcpy(out, s, 16);
}

static void portable_encrypt(const cbit_aes_key_t *k, const uint8_t *in, uint8_t *out, size_t n) {
  for (size_t i = 0; i < n; i++) {
    encrypt_block(k, in + 16 * i, out + 16 * i);
  }
}

static void portable_decrypt(const cbit_aes_key_t *k, const uint8_t *in, uint8_t *out, size_t n) {
  for (size_t i = 0; i < n; i++) {
    decrypt_block(k, in + 16 * i, out + 16 * i);
  }
}

static void portable_xex_encrypt(const cbit_aes_key_t *k, const uint8_t *t, const uint8_t *in, uint8_t *out, size_t n) {
  for (size_t i = 0; i < 16 * n; i += 16) {
    uint8_t s[16];
    bytes_xor16(s, in + i, t + i);
    encrypt_block(k, s, s);
    bytes_xor16(out + i, s, t + i);
  }
}

static void portable_xex_decrypt(const cbit_aes_key_t *k, const uint8_t *t, const uint8_t *in, uint8_t *out, size_t n) {
  for (size_t i = 0; i < 16 * n; i += 16) {
    uint8_t s[16];
    bytes_xor16(s, in + i, t + i);
    decrypt_block(k, s, s);
    bytes_xor16(out + i, s, t + i);
  }
}

static void portable_alpha_run(const uint8_t t0[16], uint8_t *t, size_t n) {
  uint8_t cur[16];
  memcpy(cur, t0, 16);
  for (size_t i = 0; i < n; i++) {
    memcpy(t + 16 * i, cur, 16);
    cbit_gf_mul_alpha(cur, 1);
  }
}

static void portable_alpha_lines(const uint8_t *line, uint8_t *t, size_t n) {
  for (size_t i = 0; i < n; i++) {
    portable_alpha_run(line + 16 * i, t + 64 * i, 4);
  }
}

static const cbit_backend_t backend_portable = {
    .encrypt = portable_encrypt,
    .decrypt = portable_decrypt,
    .xex_encrypt = portable_xex_encrypt,
    .xex_decrypt = portable_xex_decrypt,
    .alpha_run = portable_alpha_run,
    .alpha_lines = portable_alpha_lines,
};

const cbit_backend_t *cbit_backend(cbit_path_t path) {
  switch (path) {
    case CBIT_PATH_AUTO: {
      const cbit_backend_t *be = cbit_backend_vaes512();
      if (be == NULL) {
        be = cbit_backend_aesni();
      }
      return be != NULL ? be : &backend_portable;
    }
    case CBIT_PATH_PORTABLE:
      return &backend_portable;
    case CBIT_PATH_AESNI:
      return cbit_backend_aesni();
    case CBIT_PATH_VAES512:
      return cbit_backend_vaes512();
    default:
      return NULL;
  }
}

int cbit_path_available(cbit_path_t path) { return cbit_backend(path) != NULL; }

cbit_path_t cbit_path_best(void) {
  if (cbit_backend_vaes512() != NULL) {
    return CBIT_PATH_VAES512;
  }
  return cbit_backend_aesni() != NULL ? CBIT_PATH_AESNI : CBIT_PATH_PORTABLE;
}

const char *cbit_path_name(cbit_path_t path) {
  switch (path) {
    case CBIT_PATH_AUTO:
      return "auto";
    case CBIT_PATH_PORTABLE:
      return "portable";
    case CBIT_PATH_AESNI:
      return "aesni";
    case CBIT_PATH_VAES512:
      return "vaes512";
    default:
      return "?";
  }
}

void cbit_aes_encrypt(const cbit_aes_key_t *k, const uint8_t in[16], uint8_t out[16]) {
  cbit_backend(CBIT_PATH_AUTO)->encrypt(k, in, out, 1);
}

void cbit_aes_decrypt(const cbit_aes_key_t *k, const uint8_t in[16], uint8_t out[16]) {
  cbit_backend(CBIT_PATH_AUTO)->decrypt(k, in, out, 1);
}

cbit_status_t cbit_aes_encrypt_blocks(cbit_path_t path, const cbit_aes_key_t *k, const uint8_t *in, uint8_t *out,
                                      size_t n) {
  const cbit_backend_t *be = cbit_backend(path);
  if (be == NULL) {
    return CBIT_ERR_PATH;
  }
  if (k == NULL || (n > 0 && (in == NULL || out == NULL))) {
    return CBIT_ERR_ARG;
  }
  be->encrypt(k, in, out, n);
  return CBIT_OK;
}

cbit_status_t cbit_aes_decrypt_blocks(cbit_path_t path, const cbit_aes_key_t *k, const uint8_t *in, uint8_t *out,
                                      size_t n) {
  const cbit_backend_t *be = cbit_backend(path);
  if (be == NULL) {
    return CBIT_ERR_PATH;
  }
  if (k == NULL || (n > 0 && (in == NULL || out == NULL))) {
    return CBIT_ERR_ARG;
  }
  be->decrypt(k, in, out, n);
  return CBIT_OK;
}
