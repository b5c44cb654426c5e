// SPDX-License-Identifier: Apache-2.0
//
// test_crypt.c - whole memory through the cipher
//
// Project vectors of modes 1 to 5, the standard XTS vectors, OpenSSL's XTS as the judge of modes 3 to 5, and the paths
// against each other over every length and start within a page.

#include "vec.h"

#include <openssl/evp.h>
#include <stdlib.h>

#include "crypto/aes_impl.h"
#include "util/hex.h"

// ---- project vectors ----

static void read_table(const char *name, cbit_tweak_table_t *table) {
  static char line[VEC_LINE_MAX];
  FILE *file = vec_open(name);
  unsigned i = 0;
  while (vec_line(file, line)) {
    if (line[0] != '#') {
      assert_true(i < 48);
      assert_int_equal(vec_bytes(line, "t", table->t[i++], 16), 16);
    }
  }
  (void)fclose(file);
  assert_int_equal(i, 48);
}

static unsigned run_project(const char *name) {
  static char line[VEC_LINE_MAX];
  char path[128];
  cbit_path_t paths[3];
  cbit_tweak_table_t full;
  cbit_tweak_table_t zen1;
  const unsigned path_count = vec_paths(paths);
  unsigned records = 0;
  read_table("project/ttable_full.txt", &full);
  read_table("project/ttable_zen1.txt", &zen1);
  (void)snprintf(path, sizeof path, "project/%s", name);
  FILE *file = vec_open(path);
  while (vec_line(file, line)) {
    if (line[0] == '#') {
      continue;
    }
    uint8_t k1[32];
    uint8_t k2[32];
    uint8_t pt[64];
    uint8_t ct[64];
    uint8_t out[64];
    cbit_slot_key_t key;
    const cbit_mode_t mode = (cbit_mode_t)vec_number(line, "mode");
    const unsigned bits = (unsigned)vec_number(line, "ks");
    const uint64_t spa = vec_number(line, "pa");
    const cbit_tweak_table_t *table = strncmp(vec_item(line, "tset"), "ZEN1", 4) == 0 ? &zen1 : &full;
    assert_int_equal(vec_bytes(line, "k1", k1, 32), bits / 8);
    const int two_keys = vec_item(line, "k2")[0] != '-';
    if (two_keys) {
      assert_int_equal(vec_bytes(line, "k2", k2, 32), bits / 8);
    }
    assert_int_equal(cbit_slot_key_make(&key, k1, two_keys ? k2 : NULL, bits), CBIT_OK);
    assert_int_equal(vec_bytes(line, "pt", pt, 64), 64);
    assert_int_equal(vec_bytes(line, "ct", ct, 64), 64);
    for (unsigned p = 0; p < path_count; p++) {
      assert_int_equal(cbit_crypt_encrypt_on(paths[p], mode, &key, table, spa, pt, out, 64), CBIT_OK);
      assert_memory_equal(out, ct, 64);
      assert_int_equal(cbit_crypt_decrypt_on(paths[p], mode, &key, table, spa, ct, out, 64), CBIT_OK);
      assert_memory_equal(out, pt, 64);
      for (unsigned b = 0; b < 64; b += 16) {  // block by block
        assert_int_equal(cbit_crypt_decrypt_on(paths[p], mode, &key, table, spa + b, ct + b, out, 16), CBIT_OK);
        assert_memory_equal(out, pt + b, 16);
      }
    }
    records++;
  }
  (void)fclose(file);
  return records;
}

static void test_project_vectors(void **state) {
  (void)state;
  static const char *const names[] = {
      "mode1_xe_lin_128_full.txt",  "mode1_xe_lin_128_zen1.txt",  "mode2_xex_lin_128_full.txt",
      "mode2_xex_lin_128_zen1.txt", "mode2_xex_lin_256_full.txt", "mode3_xex_aes16_128.txt",
      "mode3_xex_aes16_256.txt",    "mode4_xts_l64_128.txt",      "mode4_xts_l64_256.txt",
      "mode5_xts_p4k_128.txt",      "mode5_xts_p4k_256.txt"};
  unsigned records = 0;
  for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
    const unsigned n = run_project(names[i]);
    assert_int_equal(n, 64);
    records += n;
  }
  print_message("project vectors: %u records\n", records);
}

// ---- standard XTS vectors ----

// IEEE 1619: the data unit number fits an address, so mode 5 plays them as they are. Lengths that are not a multiple of
// a block (ciphertext stealing) are skipped.
static void test_ieee1619(void **state) {
  (void)state;
  static char line[VEC_LINE_MAX];
  cbit_path_t paths[3];
  const unsigned path_count = vec_paths(paths);
  FILE *file = vec_open("nist/ieee1619/ieee1619_xts.txt");
  unsigned records = 0;
  while (vec_line(file, line)) {
    static uint8_t pt[512];
    static uint8_t ct[512];
    static uint8_t out[512];
    uint8_t k1[16];
    uint8_t k2[16];
    cbit_slot_key_t key;
    if (line[0] == '#') {
      continue;
    }
    const uint64_t unit = strtoull(vec_item(line, "dun"), NULL, 16);
    const size_t n = vec_bytes(line, "pt", pt, sizeof pt);
    assert_int_equal(vec_bytes(line, "ct", ct, sizeof ct), n);
    if (n % 16 != 0) {
      continue;
    }
    assert_int_equal(vec_bytes(line, "key1", k1, 16), 16);
    assert_int_equal(vec_bytes(line, "key2", k2, 16), 16);
    assert_int_equal(cbit_slot_key_make(&key, k1, k2, 128), CBIT_OK);
    for (unsigned p = 0; p < path_count; p++) {
      assert_int_equal(cbit_crypt_encrypt_on(paths[p], CBIT_MODE_XTS_P4K, &key, NULL, unit << 12, pt, out, n), CBIT_OK);
      assert_memory_equal(out, ct, n);
      assert_int_equal(cbit_crypt_decrypt_on(paths[p], CBIT_MODE_XTS_P4K, &key, NULL, unit << 12, ct, out, n), CBIT_OK);
      assert_memory_equal(out, pt, n);
    }
    records++;
  }
  (void)fclose(file);
  print_message("IEEE 1619: %u records\n", records);
  assert_int_equal(records, 4);
}

// CAVP: the tweak is any 16 bytes, so the override carries it, and the lane ciphers block by block.
static unsigned run_xtsgen(const char *name, unsigned bits) {
  static char line[VEC_LINE_MAX];
  FILE *file = vec_open(name);
  unsigned unit_bits = 0;
  unsigned records = 0;
  uint8_t keys[64];
  uint8_t tweak[16];
  uint8_t text[2][64];
  long got[2] = {0, 0};
  while (vec_line(file, line)) {
    const char *value;
    if ((value = vec_cavp(line, "DataUnitLen")) != NULL) {
      unit_bits = (unsigned)atoi(value);
    } else if ((value = vec_cavp(line, "Key")) != NULL) {
      assert_int_equal(hex_decode(value, keys, 64), 2 * bits / 8);
    } else if ((value = vec_cavp(line, "i")) != NULL) {
      assert_int_equal(hex_decode(value, tweak, 16), 16);
    } else if ((value = vec_cavp(line, "PT")) != NULL) {
      got[0] = hex_decode(value, text[0], 64);
    } else if ((value = vec_cavp(line, "CT")) != NULL) {
      got[1] = hex_decode(value, text[1], 64);
    }
    if (got[0] == 0 || got[1] == 0) {
      continue;
    }
    if (unit_bits % 128 == 0) {
      cbit_slot_key_t key;
      assert_int_equal(got[0], unit_bits / 8);
      assert_int_equal(cbit_slot_key_make(&key, keys, keys + bits / 8, bits), CBIT_OK);
      for (unsigned b = 0; b < unit_bits / 8; b += 16) {
        uint8_t t[16];
        uint8_t out[16];
        assert_int_equal(cbit_tweak_override(CBIT_MODE_XTS_P4K, &key, NULL, b, tweak, t), CBIT_OK);
        assert_int_equal(cbit_lane_encrypt(CBIT_MODE_XTS_P4K, &key.k1, t, text[0] + b, out), CBIT_OK);
        assert_memory_equal(out, text[1] + b, 16);
        assert_int_equal(cbit_lane_decrypt(CBIT_MODE_XTS_P4K, &key.k1, t, text[1] + b, out), CBIT_OK);
        assert_memory_equal(out, text[0] + b, 16);
      }
      records++;
    }
    got[0] = got[1] = 0;
  }
  (void)fclose(file);
  return records;
}

static void test_cavp_xts(void **state) {
  (void)state;
  const unsigned records =
      run_xtsgen("nist/xts-tweak-hex/XTSGenAES128.rsp", 128) + run_xtsgen("nist/xts-tweak-hex/XTSGenAES256.rsp", 256);
  print_message("XTSGen: %u records\n", records);
  assert_int_equal(records, 1200);
}

// ---- OpenSSL ----

#define AREA 16384u

// One data unit by OpenSSL's XTS.
static void openssl_unit(EVP_CIPHER_CTX *ctx, uint64_t unit, const uint8_t *in, uint8_t *out, size_t len) {
  uint8_t iv[16] = {0};
  int n = 0;
  for (unsigned i = 0; i < 8; i++) {
    iv[i] = (uint8_t)(unit >> (8 * i));
  }
  assert_int_equal(EVP_CipherInit_ex(ctx, NULL, NULL, NULL, iv, -1), 1);
  assert_int_equal(EVP_CipherUpdate(ctx, out, &n, in, (int)len), 1);
  assert_int_equal(n, (int)len);
}

static void check_openssl_xts(cbit_mode_t mode, unsigned unit_lsb) {
  static uint8_t pt[AREA];
  static uint8_t ct[AREA];
  static uint8_t out[AREA];
  uint64_t rnd = 1000 + unit_lsb;
  cbit_path_t paths[3];
  const unsigned path_count = vec_paths(paths);
  for (unsigned round = 0; round < 6; round++) {
    const unsigned bits = round % 2 ? 128 : 256;
    const uint64_t spa = (vec_random(&rnd) >> (12 + 8 * (round / 2))) & ~(uint64_t)0xfff;
    uint8_t keys[64];
    cbit_slot_key_t key;
    vec_random_bytes(&rnd, keys, 64);
    vec_random_bytes(&rnd, pt, AREA);
    assert_int_equal(cbit_slot_key_make(&key, keys, keys + bits / 8, bits), CBIT_OK);
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    assert_int_equal(EVP_CipherInit_ex(ctx, bits == 128 ? EVP_aes_128_xts() : EVP_aes_256_xts(), NULL, keys, NULL, 1),
                     1);
    const size_t unit_bytes = (size_t)1 << unit_lsb;
    for (size_t i = 0; i < AREA; i += unit_bytes) {
      openssl_unit(ctx, (spa + i) >> unit_lsb, pt + i, ct + i, unit_bytes);
    }
    EVP_CIPHER_CTX_free(ctx);
    for (unsigned p = 0; p < path_count; p++) {
      assert_int_equal(cbit_crypt_encrypt_on(paths[p], mode, &key, NULL, spa, pt, out, AREA), CBIT_OK);
      assert_memory_equal(out, ct, AREA);
      assert_int_equal(cbit_crypt_decrypt_on(paths[p], mode, &key, NULL, spa, out, out, AREA), CBIT_OK);
      assert_memory_equal(out, pt, AREA);
    }
  }
}

static void test_openssl_mode3(void **state) {
  (void)state;
  check_openssl_xts(CBIT_MODE_XEX_AES16, 4);
}

static void test_openssl_mode4(void **state) {
  (void)state;
  check_openssl_xts(CBIT_MODE_XTS_L64, 6);
}

static void test_openssl_mode5(void **state) {
  (void)state;
  check_openssl_xts(CBIT_MODE_XTS_P4K, 12);
}

// ---- paths against each other ----

// All lengths of 0..300 blocks from shifting starts; the slow answer is made block by block from cbit_tweak and the
// lane.
static void test_paths_agree(void **state) {
  (void)state;
  static uint8_t in[16 * 300];
  static uint8_t want[16 * 300];
  static uint8_t out[16 * 300 + 32];
  uint64_t rnd = 77;
  cbit_path_t paths[3];
  const unsigned path_count = vec_paths(paths);
  cbit_tweak_table_t table;
  vec_random_bytes(&rnd, &table.t[0][0], sizeof table.t);
  for (unsigned mode = 0; mode <= 5; mode++) {
    for (unsigned blocks = 0; blocks <= 300; blocks += blocks < 80 ? 1 : 11) {
      const unsigned bits = blocks % 2 ? 128 : 256;
      const uint64_t start = (vec_random(&rnd) >> 13) & ~(uint64_t)15;
      const size_t len = 16 * (size_t)blocks;
      uint8_t keys[64];
      cbit_slot_key_t key;
      vec_random_bytes(&rnd, keys, 64);
      vec_random_bytes(&rnd, in, len);
      assert_int_equal(cbit_slot_key_make(&key, keys, keys + 32, bits), CBIT_OK);
      for (size_t i = 0; i < len; i += 16) {
        uint8_t t[16];
        assert_int_equal(cbit_tweak((cbit_mode_t)mode, &key, &table, start + i, t), CBIT_OK);
        assert_int_equal(cbit_lane_encrypt((cbit_mode_t)mode, &key.k1, t, in + i, want + i), CBIT_OK);
      }
      for (unsigned p = 0; p < path_count; p++) {
        memset(out, 0x5a, sizeof out);
        assert_int_equal(cbit_crypt_encrypt_on(paths[p], (cbit_mode_t)mode, &key, &table, start, in, out + 16, len),
                         CBIT_OK);
        if (len > 0) {
          assert_memory_equal(out + 16, want, len);
        }
        for (unsigned i = 0; i < 16; i++) {  // nothing written before or behind
          assert_int_equal(out[i], 0x5a);
          assert_int_equal(out[16 + len + i], 0x5a);
        }
        assert_int_equal(
            cbit_crypt_decrypt_on(paths[p], (cbit_mode_t)mode, &key, &table, start, out + 16, out + 16, len), CBIT_OK);
        if (len > 0) {
          assert_memory_equal(out + 16, in, len);
        }
      }
    }
  }
}

// Runs of powers of alpha on every path: right values, and not a byte beyond the last block.
static void test_alpha_runs(void **state) {
  (void)state;
  static uint8_t out[16 * 4 * 41];
  uint64_t rnd = 55;
  cbit_path_t paths[3];
  const unsigned path_count = vec_paths(paths);
  for (unsigned p = 0; p < path_count; p++) {
    const cbit_backend_t *be = cbit_backend(paths[p]);
    for (size_t n = 0; n <= 40; n++) {
      uint8_t lines[16 * 41];
      vec_random_bytes(&rnd, lines, sizeof lines);
      memset(out, 0xa5, sizeof out);
      be->alpha_run(lines, out, n);
      for (size_t i = 0; i < n; i++) {
        uint8_t want[16];
        memcpy(want, lines, 16);
        cbit_gf_mul_alpha(want, (unsigned)i);
        assert_memory_equal(out + 16 * i, want, 16);
      }
      for (size_t i = 16 * n; i < sizeof out; i++) {
        assert_int_equal(out[i], 0xa5);
      }
      be->alpha_lines(lines, out, n);
      for (size_t i = 0; i < 4 * n; i++) {
        uint8_t want[16];
        memcpy(want, lines + 16 * (i / 4), 16);
        cbit_gf_mul_alpha(want, (unsigned)(i % 4));
        assert_memory_equal(out + 16 * i, want, 16);
      }
      for (size_t i = 64 * n; i < sizeof out; i++) {
        assert_int_equal(out[i], 0xa5);
      }
    }
  }
}

// A stretch gives the same bytes whole or cut anywhere.
static void test_pieces(void **state) {
  (void)state;
  static uint8_t in[12288];
  static uint8_t whole[12288];
  static uint8_t pieces[12288];
  uint64_t rnd = 4242;
  uint8_t keys[64];
  cbit_slot_key_t key;
  cbit_tweak_table_t table;
  vec_random_bytes(&rnd, keys, 64);
  vec_random_bytes(&rnd, in, sizeof in);
  vec_random_bytes(&rnd, &table.t[0][0], sizeof table.t);
  assert_int_equal(cbit_slot_key_make(&key, keys, keys + 32, 128), CBIT_OK);
  for (unsigned i = 0; i < 60; i++) {
    const cbit_mode_t mode = (cbit_mode_t)(i % 6);
    const uint64_t spa = (vec_random(&rnd) >> 13) & ~(uint64_t)15;
    assert_int_equal(cbit_crypt_encrypt(mode, &key, &table, spa, in, whole, sizeof in), CBIT_OK);
    for (size_t at = 0; at < sizeof in;) {
      size_t n = 16 * (1 + (size_t)(vec_random(&rnd) >> 40) % 200);
      n = n < sizeof in - at ? n : sizeof in - at;
      assert_int_equal(cbit_crypt_encrypt(mode, &key, &table, spa + at, in + at, pieces + at, n), CBIT_OK);
      at += n;
    }
    assert_memory_equal(pieces, whole, sizeof in);
    assert_int_equal(cbit_crypt_decrypt(mode, &key, &table, spa, whole, pieces, sizeof in), CBIT_OK);
    assert_memory_equal(pieces, in, sizeof in);
  }
}

static void test_errors(void **state) {
  (void)state;
  const uint8_t bytes[64] = {1};
  const uint64_t top = (uint64_t)1 << 52;
  uint8_t out[64] = {7};
  cbit_slot_key_t key;
  const cbit_mode_t m = CBIT_MODE_XTS_L64;
  assert_int_equal(cbit_slot_key_make(&key, bytes, bytes + 16, 128), CBIT_OK);
  assert_int_equal(cbit_crypt_encrypt(m, &key, NULL, 8, bytes, out, 16), CBIT_ERR_ALIGN);
  assert_int_equal(cbit_crypt_encrypt(m, &key, NULL, 16, bytes, out, 15), CBIT_ERR_ALIGN);
  assert_int_equal(cbit_crypt_encrypt(m, &key, NULL, top, bytes, out, 16), CBIT_ERR_RANGE);
  assert_int_equal(cbit_crypt_encrypt(m, &key, NULL, top - 16, bytes, out, 32), CBIT_ERR_RANGE);
  assert_int_equal(cbit_crypt_encrypt((cbit_mode_t)6, &key, NULL, 0, bytes, out, 16), CBIT_ERR_MODE);
  assert_int_equal(cbit_crypt_encrypt(CBIT_MODE_XEX_LIN, &key, NULL, 0, bytes, out, 16), CBIT_ERR_ARG);
  assert_int_equal(cbit_crypt_encrypt(m, NULL, NULL, 0, bytes, out, 16), CBIT_ERR_ARG);
  assert_int_equal(cbit_crypt_encrypt(m, &key, NULL, 0, NULL, out, 16), CBIT_ERR_ARG);
  assert_int_equal(cbit_crypt_decrypt_on((cbit_path_t)4, m, &key, NULL, 0, bytes, out, 16), CBIT_ERR_PATH);
  assert_int_equal(cbit_lane_encrypt((cbit_mode_t)6, &key.k1, bytes, bytes, out), CBIT_ERR_MODE);
  assert_int_equal(cbit_lane_encrypt(m, NULL, bytes, bytes, out), CBIT_ERR_ARG);
  assert_int_equal(cbit_lane_decrypt(m, &key.k1, NULL, bytes, out), CBIT_ERR_ARG);
  assert_int_equal(out[0], 7);
  assert_int_equal(cbit_crypt_encrypt(m, &key, NULL, top - 16, bytes, out, 16), CBIT_OK);
  assert_int_equal(cbit_crypt_encrypt(m, &key, NULL, 0, NULL, NULL, 0), CBIT_OK);
  assert_int_equal(cbit_crypt_encrypt(CBIT_MODE_NONE, NULL, NULL, 0, bytes, out, 64), CBIT_OK);
  assert_memory_equal(out, bytes, 64);
  assert_int_equal(cbit_crypt_encrypt(CBIT_MODE_NONE, NULL, NULL, 0, NULL, NULL, 0), CBIT_OK);
  assert_int_equal(cbit_lane_decrypt(CBIT_MODE_NONE, NULL, NULL, bytes + 16, out), CBIT_OK);
  assert_memory_equal(out, bytes + 16, 16);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_project_vectors), cmocka_unit_test(test_ieee1619),
      cmocka_unit_test(test_cavp_xts),        cmocka_unit_test(test_openssl_mode3),
      cmocka_unit_test(test_openssl_mode4),   cmocka_unit_test(test_openssl_mode5),
      cmocka_unit_test(test_paths_agree),     cmocka_unit_test(test_alpha_runs),
      cmocka_unit_test(test_pieces),          cmocka_unit_test(test_errors),
  };
  return cmocka_run_group_tests_name("crypt", tests, NULL, NULL);
}
