// SPDX-License-Identifier: Apache-2.0
//
// test_aes.c - the cipher against FIPS 197, the NIST vectors and OpenSSL
//
// Every vector runs on every path that this machine has (portable, AES instructions), both directions.

#include "vec.h"

#include <openssl/evp.h>

#include "crypto/aes_impl.h"
#include "util/bytes.h"
#include "util/hex.h"

// ---- S-box from its definition (FIPS 197 sections 4.4, 5.1.1) ----

static uint8_t gf_mul(uint8_t a, uint8_t b) {
  unsigned product = 0;
  for (unsigned i = 0; i < 8; i++) {
    product ^= ((unsigned)b >> i & 1u) ? (unsigned)a << i : 0u;
  }
  for (unsigned i = 14; i >= 8; i--) {
    product ^= (product >> i & 1u) ? 0x11bu << (i - 8) : 0u;
  }
  return (uint8_t)product;
}

static void test_sbox_definition(void **state) {
  (void)state;
  for (unsigned a = 0; a < 256; a++) {
    unsigned inverse = 0;
    for (unsigned b = 1; b < 256; b++) {
      if (gf_mul((uint8_t)a, (uint8_t)b) == 1) {
        inverse = b;
      }
    }
    unsigned s = 0;
    for (unsigned i = 0; i < 8; i++) {
      const unsigned bit = inverse >> i ^ inverse >> (i + 4) % 8 ^ inverse >> (i + 5) % 8 ^ inverse >> (i + 6) % 8 ^
                           inverse >> (i + 7) % 8 ^ 0x63u >> i;
      s |= (bit & 1u) << i;
    }
    assert_int_equal(cbit_aes_sbox[a], s);
    assert_int_equal(cbit_aes_inv_sbox[s], a);
  }
}

static void test_mix_columns_definition(void **state) {
  (void)state;
  static const uint8_t forward[4] = {2, 3, 1, 1};
  static const uint8_t inverse[4] = {14, 11, 13, 9};
  uint64_t rnd = 11;
  for (unsigned round = 0; round < 200; round++) {
    uint8_t in[16];
    uint8_t fwd[16];
    uint8_t inv[16];
    vec_random_bytes(&rnd, in, 16);
    memcpy(fwd, in, 16);
    cbit_aes_mix_columns(fwd);
    cbit_aes_inv_mix_columns(in, inv);
    for (unsigned i = 0; i < 16; i++) {
      unsigned f = 0;
      unsigned v = 0;
      for (unsigned j = 0; j < 4; j++) {
        f ^= gf_mul(in[4 * (i / 4) + j], forward[(j + 4 - i % 4) % 4]);
        v ^= gf_mul(in[4 * (i / 4) + j], inverse[(j + 4 - i % 4) % 4]);
      }
      assert_int_equal(fwd[i], f);
      assert_int_equal(inv[i], v);
    }
  }
}

static void test_shift_rows(void **state) {
  (void)state;
  // FIPS 197 section 5.1.2: row r moves left by r; bytes named by position, row + 4 * col
  static const uint8_t want[16] = {0, 5, 10, 15, 4, 9, 14, 3, 8, 13, 2, 7, 12, 1, 6, 11};
  uint8_t s[16];
  for (unsigned i = 0; i < 16; i++) {
    s[i] = (uint8_t)i;
  }
  cbit_aes_shift_rows(s);
  assert_memory_equal(s, want, 16);
  cbit_aes_inv_shift_rows(s);
  for (unsigned i = 0; i < 16; i++) {
    assert_int_equal(s[i], i);
  }
}

// ---- FIPS 197 ----

static void check_both(const uint8_t *key, unsigned key_bits, const uint8_t *pt, const uint8_t *ct, size_t blocks) {
  cbit_aes_key_t k;
  cbit_path_t paths[3];
  static uint8_t out[16 * 64];
  assert_true(blocks <= 64);
  assert_int_equal(cbit_aes_expand(&k, key, key_bits), 0);
  const unsigned n = vec_paths(paths);
  for (unsigned p = 0; p < n; p++) {
    assert_int_equal(cbit_aes_encrypt_blocks(paths[p], &k, pt, out, blocks), CBIT_OK);
    assert_memory_equal(out, ct, 16 * blocks);
    assert_int_equal(cbit_aes_decrypt_blocks(paths[p], &k, ct, out, blocks), CBIT_OK);
    assert_memory_equal(out, pt, 16 * blocks);
  }
}

static void test_fips197_cipher(void **state) {
  (void)state;
  static const uint8_t want128[16] = {0x69, 0xc4, 0xe0, 0xd8, 0x6a, 0x7b, 0x04, 0x30,
                                      0xd8, 0xcd, 0xb7, 0x80, 0x70, 0xb4, 0xc5, 0x5a};
  static const uint8_t want256[16] = {0x8e, 0xa2, 0xb7, 0xca, 0x51, 0x67, 0x45, 0xbf,
                                      0xea, 0xfc, 0x49, 0x90, 0x4b, 0x49, 0x60, 0x89};
  uint8_t key[32];
  uint8_t pt[16];
  for (unsigned i = 0; i < 32; i++) {
    key[i] = (uint8_t)i;
    pt[i % 16] = (uint8_t)(0x11 * (i % 16));
  }
  check_both(key, 128, pt, want128, 1);
  check_both(key, 256, pt, want256, 1);
  // the single-block functions, in place
  cbit_aes_key_t k;
  assert_int_equal(cbit_aes_expand(&k, key, 256), 0);
  uint8_t s[16];
  memcpy(s, pt, 16);
  cbit_aes_encrypt(&k, s, s);
  assert_memory_equal(s, want256, 16);
  cbit_aes_decrypt(&k, s, s);
  assert_memory_equal(s, pt, 16);
}

static void check_round_key(const cbit_aes_key_t *k, unsigned round, const char *want) {
  uint8_t bytes[16];
  assert_int_equal(hex_decode(want, bytes, 16), 16);
  assert_memory_equal(cbit_aes_round_key(k, round), bytes, 16);
}

static void test_fips197_key_expansion(void **state) {
  (void)state;
  uint8_t key[32];
  cbit_aes_key_t k;
  // appendix A.1
  assert_int_equal(hex_decode("2b7e151628aed2a6abf7158809cf4f3c", key, 32), 16);
  assert_int_equal(cbit_aes_expand(&k, key, 128), 0);
  check_round_key(&k, 0, "2b7e151628aed2a6abf7158809cf4f3c");
  check_round_key(&k, 1, "a0fafe1788542cb123a339392a6c7605");
  check_round_key(&k, 9, "ac7766f319fadc2128d12941575c006e");
  check_round_key(&k, 10, "d014f9a8c9ee2589e13f0cc8b6630ca6");
  assert_null(cbit_aes_round_key(&k, 11));
  assert_null(cbit_aes_inv_round_key(&k, 11));
  // appendix A.3
  assert_int_equal(hex_decode("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4", key, 32), 32);
  assert_int_equal(cbit_aes_expand(&k, key, 256), 0);
  check_round_key(&k, 2, "9ba354118e6925afa51a8b5f2067fcde");
  check_round_key(&k, 3, "a8b09c1a93d194cdbe49846eb75d5b9a");
  check_round_key(&k, 14, "fe4890d1e6188d0b046df344706c631e");
  assert_null(cbit_aes_round_key(&k, 15));
  // decrypt keys by their definition, and the step function against the whole
  for (unsigned r = 0; r <= 14; r++) {
    uint8_t want[16];
    memcpy(want, cbit_aes_round_key(&k, 14 - r), 16);
    if (r != 0 && r != 14) {
      cbit_aes_inv_mix_columns(want, want);
    }
    assert_memory_equal(cbit_aes_inv_round_key(&k, r), want, 16);
    if (r >= 2) {
      cbit_aes_next_round_key(256, r, cbit_aes_round_key(&k, r - 2), cbit_aes_round_key(&k, r - 1), want);
      assert_memory_equal(cbit_aes_round_key(&k, r), want, 16);
    }
  }
  assert_int_equal(cbit_aes_expand(&k, key, 192), -1);
  assert_int_equal(cbit_aes_expand(&k, key, 0), -1);
  assert_int_equal(cbit_aes_expand(&k, NULL, 128), -1);
}

// The rounds chained by hand give the cipher; this is how the hardware pipe uses them.
static void test_rounds_make_cipher(void **state) {
  (void)state;
  uint64_t rnd = 5;
  for (unsigned i = 0; i < 200; i++) {
    uint8_t key[32];
    uint8_t pt[16];
    uint8_t s[16];
    uint8_t ct[16];
    cbit_aes_key_t k;
    vec_random_bytes(&rnd, key, 32);
    vec_random_bytes(&rnd, pt, 16);
    assert_int_equal(cbit_aes_expand(&k, key, i % 2 ? 128 : 256), 0);
    cbit_aes_encrypt(&k, pt, ct);
    bytes_xor16(s, pt, cbit_aes_round_key(&k, 0));
    for (unsigned r = 1; r <= k.rounds; r++) {
      cbit_aes_round(s, cbit_aes_round_key(&k, r), r == k.rounds, s);
    }
    assert_memory_equal(s, ct, 16);
    bytes_xor16(s, ct, cbit_aes_inv_round_key(&k, 0));
    for (unsigned r = 1; r <= k.rounds; r++) {
      cbit_aes_inv_round(s, cbit_aes_inv_round_key(&k, r), r == k.rounds, s);
    }
    assert_memory_equal(s, pt, 16);
  }
}

// ---- NIST examples with intermediate values ----

// Four words of eight digits at the end of a line; 0 if there are none.
static int example_block(const char *line, uint8_t out[16]) {
  const size_t n = strlen(line);
  if (n < 35) {
    return 0;
  }
  for (unsigned w = 0; w < 4; w++) {
    char word[9];
    memcpy(word, line + n - 35 + 9 * w, 8);
    word[8] = '\0';
    if (hex_decode(word, out + 4 * w, 4) != 4) {
      return 0;
    }
  }
  return 1;
}

// Follows the encryption trace of a file step by step. In one block of the file the names of the steps are printed
// apart from the values, so the steps are told by their order: first key, then four steps a round, three in the last.
static unsigned run_example(const char *name, const char *key_hex, unsigned key_bits) {
  static const char *const plain[4] = {"6bc1bee22e409f96e93d7e117393172a", "ae2d8a571e03ac9c9eb76fac45af8e51",
                                       "30c81c46a35ce411e5fbc1191a0a52ef", "f69f2445df4f9b17ad2b417be66c3710"};
  static char line[VEC_LINE_MAX];
  FILE *file = vec_open(name);
  uint8_t key[32];
  cbit_aes_key_t k;
  uint8_t s[16] = {0};
  uint8_t want[16];
  unsigned block = 0;
  unsigned round = 0;
  unsigned step = 3;  // of the round: 0 SubBytes, 1 ShiftRows, 2 MixColumns, 3 AddRoundKey
  unsigned steps = 0;
  int tracing = 0;
  assert_int_equal(hex_decode(key_hex, key, 32), key_bits / 8);
  assert_int_equal(cbit_aes_expand(&k, key, key_bits), 0);
  while (vec_line(file, line) && strstr(line, "Ciphertext is") == NULL) {
    tracing |= strncmp(line, "KeyAddition", 11) == 0;
    if (!tracing || !example_block(line, want)) {
      continue;
    }
    if (step == 0) {
      cbit_aes_sub_bytes(s);
    } else if (step == 1) {
      cbit_aes_shift_rows(s);
    } else if (step == 2) {
      cbit_aes_mix_columns(s);
    } else {
      if (round == 0) {  // a new block
        assert_true(block < 4);
        assert_int_equal(hex_decode(plain[block++], s, 16), 16);
      }
      bytes_xor16(s, s, cbit_aes_round_key(&k, round));
    }
    assert_memory_equal(s, want, 16);
    steps++;
    if (step == 3) {
      round = round == k.rounds ? 0 : round + 1;
      step = round == 0 ? 3 : 0;
    } else {
      step += step == 1 && round == k.rounds ? 2 : 1;
    }
  }
  (void)fclose(file);
  return steps;
}

static void test_nist_round_values(void **state) {
  (void)state;
  const unsigned steps128 = run_example("nist/nist-examples/AES_Core128.txt", "2b7e151628aed2a6abf7158809cf4f3c", 128);
  const unsigned steps256 = run_example("nist/nist-examples/AES_Core256.txt",
                                        "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4", 256);
  print_message("round values: %u steps\n", steps128 + steps256);
  assert_int_equal(steps128, 4 * 40);
  assert_int_equal(steps256, 4 * 56);
}

// ---- CAVP ----

// Known-answer and multi-block files: every record has KEY, PLAINTEXT, CIPHERTEXT in either order.
static unsigned run_kat(const char *name) {
  FILE *file = vec_open(name);
  static char line[VEC_LINE_MAX];
  uint8_t key[32];
  static uint8_t text[2][1024];
  long key_bytes = 0;
  long bytes[2] = {0, 0};
  unsigned records = 0;
  while (vec_line(file, line)) {
    const char *value;
    if ((value = vec_cavp(line, "KEY")) != NULL) {
      key_bytes = hex_decode(value, key, 32);
    } else if ((value = vec_cavp(line, "PLAINTEXT")) != NULL) {
      bytes[0] = hex_decode(value, text[0], 1024);
    } else if ((value = vec_cavp(line, "CIPHERTEXT")) != NULL) {
      bytes[1] = hex_decode(value, text[1], 1024);
    }
    if (bytes[0] > 0 && bytes[1] > 0) {
      assert_true(key_bytes == 16 || key_bytes == 32);
      assert_int_equal(bytes[0], bytes[1]);
      check_both(key, 8 * (unsigned)key_bytes, text[0], text[1], (size_t)bytes[0] / 16);
      bytes[0] = bytes[1] = 0;
      records++;
    }
  }
  (void)fclose(file);
  return records;
}

static void test_cavp_kat(void **state) {
  (void)state;
  static const char *const kinds[] = {"GFSbox", "KeySbox", "VarKey", "VarTxt"};
  unsigned records = 0;
  for (unsigned i = 0; i < 4; i++) {
    for (unsigned bits = 128; bits <= 256; bits += 128) {
      char name[128];
      (void)snprintf(name, sizeof name, "nist/aes-ecb-kat/ECB%s%u.rsp", kinds[i], bits);
      records += run_kat(name);
    }
  }
  print_message("KAT: %u records\n", records);
  assert_int_equal(records, 1378);
}

static void test_cavp_mmt(void **state) {
  (void)state;
  const unsigned records = run_kat("nist/aes-ecb-mmt/ECBMMT128.rsp") + run_kat("nist/aes-ecb-mmt/ECBMMT256.rsp");
  print_message("MMT: %u records\n", records);
  assert_int_equal(records, 40);
}

// Monte Carlo: 1000 chained operations, the outcome makes the next key and text; the file checks every link.
static unsigned run_mct(const char *name, unsigned key_bits, cbit_path_t path) {
  FILE *file = vec_open(name);
  static char line[VEC_LINE_MAX];
  const size_t key_bytes = key_bits / 8;
  uint8_t key[32];
  uint8_t text[16];
  uint8_t next_key[32];
  uint8_t next_text[16];
  int decrypt = 0;
  int chained = 0;
  unsigned records = 0;
  while (vec_line(file, line)) {
    const char *value;
    if (line[0] == '[') {
      decrypt = strcmp(line, "[DECRYPT]") == 0;
      chained = 0;
    } else if ((value = vec_cavp(line, "KEY")) != NULL) {
      assert_int_equal(hex_decode(value, key, 32), (long)key_bytes);
      if (chained) {
        assert_memory_equal(key, next_key, key_bytes);
      }
    } else if ((value = vec_cavp(line, decrypt ? "CIPHERTEXT" : "PLAINTEXT")) != NULL) {
      assert_int_equal(hex_decode(value, text, 16), 16);
      if (chained) {
        assert_memory_equal(text, next_text, 16);
      }
    } else if ((value = vec_cavp(line, decrypt ? "PLAINTEXT" : "CIPHERTEXT")) != NULL) {
      uint8_t want[16];
      uint8_t last[32];  // second last and last output
      cbit_aes_key_t k;
      assert_int_equal(hex_decode(value, want, 16), 16);
      assert_int_equal(cbit_aes_expand(&k, key, key_bits), 0);
      memcpy(last + 16, text, 16);
      for (unsigned i = 0; i < 1000; i++) {
        memcpy(last, last + 16, 16);
        const cbit_status_t status = decrypt ? cbit_aes_decrypt_blocks(path, &k, last, last + 16, 1)
                                             : cbit_aes_encrypt_blocks(path, &k, last, last + 16, 1);
        assert_int_equal(status, CBIT_OK);
      }
      assert_memory_equal(last + 16, want, 16);
      for (size_t i = 0; i < key_bytes; i++) {
        next_key[i] = (uint8_t)(key[i] ^ last[32 - key_bytes + i]);
      }
      memcpy(next_text, want, 16);
      chained = 1;
      records++;
    }
  }
  (void)fclose(file);
  return records;
}

static void test_cavp_mct(void **state) {
  (void)state;
  cbit_path_t paths[3];
  const unsigned n = vec_paths(paths);
  for (unsigned p = 0; p < n; p++) {
    const unsigned records = run_mct("nist/aes-ecb-mct/ECBMCT128.rsp", 128, paths[p]) +
                             run_mct("nist/aes-ecb-mct/ECBMCT256.rsp", 256, paths[p]);
    print_message("MCT on %s: %u records\n", cbit_path_name(paths[p]), records);
    assert_int_equal(records, 400);
  }
}

// ---- OpenSSL ----

static void test_openssl_ecb(void **state) {
  (void)state;
  uint64_t rnd = 99;
  for (unsigned i = 0; i < 300; i++) {
    const unsigned bits = i % 2 ? 128 : 256;
    const size_t blocks = 1 + (size_t)(vec_random(&rnd) >> 32) % 64;
    uint8_t key[32];
    static uint8_t pt[16 * 64];
    static uint8_t ct[16 * 64];
    int n = 0;
    vec_random_bytes(&rnd, key, 32);
    vec_random_bytes(&rnd, pt, 16 * blocks);
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    assert_int_equal(EVP_EncryptInit_ex(ctx, bits == 128 ? EVP_aes_128_ecb() : EVP_aes_256_ecb(), NULL, key, NULL), 1);
    assert_int_equal(EVP_CIPHER_CTX_set_padding(ctx, 0), 1);
    assert_int_equal(EVP_EncryptUpdate(ctx, ct, &n, pt, (int)(16 * blocks)), 1);
    assert_int_equal(n, (int)(16 * blocks));
    EVP_CIPHER_CTX_free(ctx);
    check_both(key, bits, pt, ct, blocks);
  }
}

static void test_paths(void **state) {
  (void)state;
  cbit_aes_key_t k;
  const uint8_t key[16] = {0};
  uint8_t block[16] = {0};
  assert_int_equal(cbit_aes_expand(&k, key, 128), 0);
  assert_true(cbit_path_available(CBIT_PATH_AUTO));
  assert_true(cbit_path_available(CBIT_PATH_PORTABLE));
  assert_true(cbit_path_available(cbit_path_best()));
  assert_false(cbit_path_available((cbit_path_t)4));
  assert_int_equal(cbit_aes_encrypt_blocks((cbit_path_t)4, &k, block, block, 1), CBIT_ERR_PATH);
  assert_int_equal(cbit_aes_encrypt_blocks(CBIT_PATH_AUTO, NULL, block, block, 1), CBIT_ERR_ARG);
  assert_int_equal(cbit_aes_decrypt_blocks(CBIT_PATH_AUTO, &k, NULL, block, 1), CBIT_ERR_ARG);
  assert_int_equal(cbit_aes_decrypt_blocks((cbit_path_t)4, &k, block, block, 1), CBIT_ERR_PATH);
  assert_int_equal(cbit_aes_encrypt_blocks(CBIT_PATH_AUTO, &k, NULL, NULL, 0), CBIT_OK);
  assert_string_equal(cbit_path_name(CBIT_PATH_AUTO), "auto");
  assert_string_equal(cbit_path_name((cbit_path_t)9), "?");
  print_message("best path here: %s\n", cbit_path_name(cbit_path_best()));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_sbox_definition),
      cmocka_unit_test(test_mix_columns_definition),
      cmocka_unit_test(test_shift_rows),
      cmocka_unit_test(test_fips197_cipher),
      cmocka_unit_test(test_fips197_key_expansion),
      cmocka_unit_test(test_rounds_make_cipher),
      cmocka_unit_test(test_nist_round_values),
      cmocka_unit_test(test_cavp_kat),
      cmocka_unit_test(test_cavp_mmt),
      cmocka_unit_test(test_cavp_mct),
      cmocka_unit_test(test_openssl_ecb),
      cmocka_unit_test(test_paths),
  };
  return cmocka_run_group_tests_name("aes", tests, NULL, NULL);
}
