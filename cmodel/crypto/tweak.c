// SPDX-License-Identifier: Apache-2.0
//
// tweak.c - address to tweak
//
// The rule of docs/crypto-modes.md: linear tweaks (modes 1, 2), AES of a data-unit number times a power of alpha (modes
// 3 to 5, IEEE Std 1619-2018 section 5.2), the constants of the linear modes, and multiplication by alpha. Numbers
// inside tweaks are little-endian; an address has 52 bits.

#include <string.h>

#include "crypto/aes_impl.h"
#include "util/bits.h"
#include "util/bytes.h"

#define TABLE_FIRST 4u   // the lowest address bit that names a block
#define TABLE_COUNT 48u  // address bits 4..51

// Batches of data-unit numbers are ciphered together; enough to fill the widest back end.
#define UNIT_BATCH 64u

void cbit_gf_mul_alpha(uint8_t t[16], unsigned power) {
  uint64_t low = bytes_load_le64(t);
  uint64_t high = bytes_load_le64(t + 8);
  while (power > 0) {
    // Up to 56 bits leave at the top; each comes back as 0x87 = x^7 + x^2 + x + 1, which still fits 64 bits.
    const unsigned n = power < 56 ? power : 56;
    // cppcheck-suppress shiftTooManyBits ; n is 1 to 56
    const uint64_t out = high >> (64 - n);
    // cppcheck-suppress shiftTooManyBits
    high = (high << n) | (low >> (64 - n));
    low = (low << n) ^ out ^ (out << 1) ^ (out << 2) ^ (out << 7);
    power -= n;
  }
  bytes_store_le64(t, low);
  bytes_store_le64(t + 8, high);
}

cbit_status_t cbit_tweak_table_make(cbit_tweak_table_t *table, cbit_tweak_kind_t kind, const uint8_t kt[16]) {
  // Published constants t4, t5, t6 of early parts (SEVurity, IEEE S&P 2020, table I).
  static const uint8_t zen1[3][4] = {{0x82, 0x25, 0x38, 0x38}, {0xec, 0x09, 0x07, 0x9c}, {0x40, 0x00, 0x00, 0x18}};
  cbit_aes_key_t k;
  if (table == NULL || (kind != CBIT_TWEAK_FULL && kind != CBIT_TWEAK_REP4 && kind != CBIT_TWEAK_ZEN1) ||
      cbit_aes_expand(&k, kt, 128) != 0) {
    return CBIT_ERR_ARG;
  }
  for (unsigned i = 0; i < TABLE_COUNT; i++) {
    uint8_t *t = table->t[i];
    uint8_t label[16] = {'c', 'b', 'i', 't', '-', 't', 'w', 'k'};
    label[15] = (uint8_t)(TABLE_FIRST + i);
    cbit_aes_encrypt(&k, label, t);
    if (kind == CBIT_TWEAK_ZEN1 && i < 3) {
      memcpy(t, zen1[i], 4);
    }
    if (kind != CBIT_TWEAK_FULL) {
      for (unsigned b = 4; b < 16; b++) {
        t[b] = t[b - 4];
      }
    }
  }
  bytes_wipe(&k, sizeof k);
  return CBIT_OK;
}

unsigned cbit_tweak_table_rank(const cbit_tweak_table_t *table) {
  // Gaussian elimination: basis[b] holds the vector whose highest bit is b.
  uint64_t basis[128][2];
  memset(basis, 0, sizeof basis);
  unsigned rank = 0;
  for (unsigned i = 0; i < TABLE_COUNT; i++) {
    uint64_t v[2] = {bytes_load_le64(table->t[i]), bytes_load_le64(table->t[i] + 8)};
    for (unsigned b = 128; b-- > 0;) {
      if (bits_get(v[b / 64], b % 64, 1) == 0) {
        continue;
      }
      if ((basis[b][0] | basis[b][1]) == 0) {
        basis[b][0] = v[0];
        basis[b][1] = v[1];
        rank++;
        break;
      }
      v[0] ^= basis[b][0];
      v[1] ^= basis[b][1];
    }
  }
  return rank;
}

// XOR of the constants of the set bits of a block number (spa >> 4).
static void linear_tweak(const cbit_tweak_table_t *table, uint64_t block, uint8_t t[16]) {
  memset(t, 0, 16);
  for (unsigned i = 0; i < TABLE_COUNT; i++) {
    if (bits_get(block, i, 1) != 0) {
      bytes_xor16(t, t, table->t[i]);
    }
  }
}

static void linear_blocks(const cbit_tweak_table_t *table, uint64_t block, uint8_t *t, size_t n) {
  for (size_t i = 0; i < n; i++) {
    if (i == 0) {
      linear_tweak(table, block, t);
      continue;
    }
    // From one block to the next the lowest set bit of the new number and all below it change.
    const uint64_t now = block + i;
    memcpy(t + 16 * i, t + 16 * (i - 1), 16);
    for (unsigned b = 0; b < TABLE_COUNT; b++) {
      bytes_xor16(t + 16 * i, t + 16 * i, table->t[b]);
      if (bits_get(now, b, 1) != 0) {
        break;
      }
    }
  }
}

// Data units of one block: T = E_K2(block number).
static void xex_blocks(const cbit_backend_t *be, const cbit_aes_key_t *k2, uint64_t block, uint8_t *t, size_t n) {
  for (size_t i = 0; i < n; i++) {
    bytes_store_le128(t + 16 * i, block + i);
  }
  be->encrypt(k2, t, t, n);
}

// Data units of four blocks: the lines in batches; a stretch that cuts a line is made whole first.
static void line_blocks(const cbit_backend_t *be, const cbit_aes_key_t *k2, uint64_t block, uint8_t *t, size_t n) {
  uint8_t line[16 * UNIT_BATCH];
  while (n > 0) {
    const size_t skip = (size_t)(block % 4);  // blocks of the first line that are not wanted
    const size_t lines = skip + n > 4 * UNIT_BATCH ? UNIT_BATCH : (skip + n + 3) / 4;
    const size_t take = skip + n > 4 * lines ? 4 * lines - skip : n;
    xex_blocks(be, k2, block / 4, line, lines);
    if (take == 4 * lines) {
      be->alpha_lines(line, t, lines);
    } else {
      uint8_t all[64 * UNIT_BATCH];
      be->alpha_lines(line, all, lines);
      memcpy(t, all + 16 * skip, 16 * take);
    }
    block += take;
    t += 16 * take;
    n -= take;
  }
}

// Data units of a page: one AES, then a run of powers.
static void page_blocks(const cbit_backend_t *be, const cbit_aes_key_t *k2, uint64_t block, uint8_t *t, size_t n) {
  while (n > 0) {
    const unsigned skip = (unsigned)(block % 256);
    const size_t run = n < 256 - skip ? n : 256 - skip;
    uint8_t first[16];
    bytes_store_le128(first, block / 256);
    be->encrypt(k2, first, first, 1);
    cbit_gf_mul_alpha(first, skip);
    be->alpha_run(first, t, run);
    block += run;
    t += 16 * run;
    n -= run;
  }
}

void cbit_tweak_blocks(const cbit_backend_t *be, cbit_mode_t mode, const cbit_slot_key_t *key,
                       const cbit_tweak_table_t *table, uint64_t spa, uint8_t *t, size_t n) {
  const uint64_t block = spa / CBIT_BLOCK_BYTES;
  switch (mode) {
    case CBIT_MODE_XE_LIN:
    case CBIT_MODE_XEX_LIN:
      linear_blocks(table, block, t, n);
      break;
    case CBIT_MODE_XEX_AES16:
      xex_blocks(be, &key->k2, block, t, n);
      break;
    case CBIT_MODE_XTS_L64:
      line_blocks(be, &key->k2, block, t, n);
      break;
    case CBIT_MODE_XTS_P4K:
      page_blocks(be, &key->k2, block, t, n);
      break;
    case CBIT_MODE_NONE:
    default:
      memset(t, 0, 16 * n);
      break;
  }
}

cbit_status_t cbit_tweak_override(cbit_mode_t mode, const cbit_slot_key_t *key, const cbit_tweak_table_t *table,
                                  uint64_t spa, const uint8_t input[16], uint8_t t[16]) {
  if (t == NULL) {
    return CBIT_ERR_ARG;
  }
  if ((spa >> CBIT_SPA_BITS) != 0) {
    return CBIT_ERR_RANGE;
  }
  unsigned unit_lsb = 0;  // lowest address bit of the data-unit number
  switch (mode) {
    case CBIT_MODE_NONE:
      memset(t, 0, 16);
      return CBIT_OK;
    case CBIT_MODE_XE_LIN:
    case CBIT_MODE_XEX_LIN:
      if (table == NULL) {
        return CBIT_ERR_ARG;
      }
      linear_tweak(table, spa / CBIT_BLOCK_BYTES, t);
      return CBIT_OK;
    case CBIT_MODE_XEX_AES16:
      unit_lsb = 4;
      break;
    case CBIT_MODE_XTS_L64:
      unit_lsb = 6;
      break;
    case CBIT_MODE_XTS_P4K:
      unit_lsb = 12;
      break;
    default:
      return CBIT_ERR_MODE;
  }
  if (key == NULL) {
    return CBIT_ERR_ARG;
  }
  uint8_t unit[16];
  if (input != NULL) {
    memcpy(unit, input, 16);
  } else {
    bytes_store_le128(unit, spa >> unit_lsb);
  }
  cbit_aes_encrypt(&key->k2, unit, t);
  cbit_gf_mul_alpha(t, (unsigned)bits_get(spa, 4, unit_lsb - 4));
  return CBIT_OK;
}

cbit_status_t cbit_tweak(cbit_mode_t mode, const cbit_slot_key_t *key, const cbit_tweak_table_t *table, uint64_t spa,
                         uint8_t t[16]) {
  return cbit_tweak_override(mode, key, table, spa, NULL, t);
}
