// SPDX-License-Identifier: Apache-2.0
//
// lane.c - blocks and whole memory through the cipher
//
// C = E_K1(P ^ T) ^ T (mode 1: without the second T), docs/crypto-modes.md, for one block with a ready tweak and for
// any stretch of memory. Long stretches go in batches: the tweaks of a batch first, then its blocks, both on the back
// end.

#include <string.h>

#include "crypto/aes_impl.h"
#include "util/bytes.h"

// Blocks of a batch: a page, so that mode 5 ciphers one data-unit number per page; its tweaks stay in the first cache.
#define BATCH_BLOCKS 256u

static int mode_known(cbit_mode_t mode) { return (int)mode >= CBIT_MODE_NONE && (int)mode <= CBIT_MODE_XTS_P4K; }

static void crypt_blocks(const cbit_backend_t *be, int decrypt, cbit_mode_t mode, const cbit_aes_key_t *k1,
                         const uint8_t *t, const uint8_t *in, uint8_t *out, size_t n) {
  if (mode == CBIT_MODE_NONE) {
    memmove(out, in, 16 * n);
  } else if (mode == CBIT_MODE_XE_LIN && !decrypt) {
    for (size_t i = 0; i < 16 * n; i++) {
      out[i] = (uint8_t)(in[i] ^ t[i]);
    }
    be->encrypt(k1, out, out, n);
  } else if (mode == CBIT_MODE_XE_LIN) {
    be->decrypt(k1, in, out, n);
    for (size_t i = 0; i < 16 * n; i++) {
      out[i] ^= t[i];
    }
  } else if (!decrypt) {
    be->xex_encrypt(k1, t, in, out, n);
  } else {
    be->xex_decrypt(k1, t, in, out, n);
  }
}

static cbit_status_t lane(int decrypt, cbit_mode_t mode, const cbit_aes_key_t *k1, const uint8_t *t, const uint8_t *in,
                          uint8_t *out) {
  if (!mode_known(mode)) {
    return CBIT_ERR_MODE;
  }
  if (in == NULL || out == NULL || (mode != CBIT_MODE_NONE && (k1 == NULL || t == NULL))) {
    return CBIT_ERR_ARG;
  }
  crypt_blocks(cbit_backend(CBIT_PATH_AUTO), decrypt, mode, k1, t, in, out, 1);
  return CBIT_OK;
}

static cbit_status_t crypt(int decrypt, cbit_path_t path, cbit_mode_t mode, const cbit_slot_key_t *key,
                           const cbit_tweak_table_t *table, uint64_t spa, const uint8_t *in, uint8_t *out, size_t len) {
  const cbit_backend_t *be = cbit_backend(path);
  if (be == NULL) {
    return CBIT_ERR_PATH;
  }
  if (!mode_known(mode)) {
    return CBIT_ERR_MODE;
  }
  const int linear = mode == CBIT_MODE_XE_LIN || mode == CBIT_MODE_XEX_LIN;
  if ((len > 0 && (in == NULL || out == NULL)) || (mode != CBIT_MODE_NONE && key == NULL) ||
      (linear && table == NULL)) {
    return CBIT_ERR_ARG;
  }
  if (spa % CBIT_BLOCK_BYTES != 0 || len % CBIT_BLOCK_BYTES != 0) {
    return CBIT_ERR_ALIGN;
  }
  const uint64_t end = (uint64_t)1 << CBIT_SPA_BITS;
  if (spa >= end || len > end - spa) {
    return CBIT_ERR_RANGE;
  }
  if (mode == CBIT_MODE_NONE) {
    if (len > 0) {
      memmove(out, in, len);
    }
    return CBIT_OK;
  }
  uint8_t t[CBIT_BLOCK_BYTES * BATCH_BLOCKS];
  size_t left = len / CBIT_BLOCK_BYTES;
  while (left > 0) {
    // Up to the next page boundary, so that no data unit is cut by a batch without need.
    const size_t room = BATCH_BLOCKS - (size_t)(spa / CBIT_BLOCK_BYTES) % BATCH_BLOCKS;
    const size_t n = left < room ? left : room;
    cbit_tweak_blocks(be, mode, key, table, spa, t, n);
    crypt_blocks(be, decrypt, mode, &key->k1, t, in, out, n);
    spa += 16 * n;
    in += 16 * n;
    out += 16 * n;
    left -= n;
  }
  return CBIT_OK;
}

cbit_status_t cbit_slot_key_make(cbit_slot_key_t *key, const uint8_t *k1, const uint8_t *k2, unsigned key_bits) {
  static const uint8_t none[32] = {0};
  if (key == NULL || cbit_aes_expand(&key->k1, k1, key_bits) != 0 ||
      cbit_aes_expand(&key->k2, k2 != NULL ? k2 : none, key_bits) != 0) {
    return CBIT_ERR_ARG;
  }
  return CBIT_OK;
}

cbit_status_t cbit_lane_encrypt(cbit_mode_t mode, const cbit_aes_key_t *k1, const uint8_t t[16], const uint8_t in[16],
                                uint8_t out[16]) {
  return lane(0, mode, k1, t, in, out);
}

cbit_status_t cbit_lane_decrypt(cbit_mode_t mode, const cbit_aes_key_t *k1, const uint8_t t[16], const uint8_t in[16],
                                uint8_t out[16]) {
  return lane(1, mode, k1, t, in, out);
}

cbit_status_t cbit_crypt_encrypt_on(cbit_path_t path, cbit_mode_t mode, const cbit_slot_key_t *key,
                                    const cbit_tweak_table_t *table, uint64_t spa, const uint8_t *in, uint8_t *out,
                                    size_t len) {
  return crypt(0, path, mode, key, table, spa, in, out, len);
}

cbit_status_t cbit_crypt_decrypt_on(cbit_path_t path, cbit_mode_t mode, const cbit_slot_key_t *key,
                                    const cbit_tweak_table_t *table, uint64_t spa, const uint8_t *in, uint8_t *out,
                                    size_t len) {
  return crypt(1, path, mode, key, table, spa, in, out, len);
}

cbit_status_t cbit_crypt_encrypt(cbit_mode_t mode, const cbit_slot_key_t *key, const cbit_tweak_table_t *table,
                                 uint64_t spa, const uint8_t *in, uint8_t *out, size_t len) {
  return crypt(0, CBIT_PATH_AUTO, mode, key, table, spa, in, out, len);
}

cbit_status_t cbit_crypt_decrypt(cbit_mode_t mode, const cbit_slot_key_t *key, const cbit_tweak_table_t *table,
                                 uint64_t spa, const uint8_t *in, uint8_t *out, size_t len) {
  return crypt(1, CBIT_PATH_AUTO, mode, key, table, spa, in, out, len);
}
