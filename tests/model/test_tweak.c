// SPDX-License-Identifier: Apache-2.0
//
// test_tweak.c - address to tweak: alpha, constants, the rule of each mode
//
// Alpha is held against a bit-by-bit multiplication written from IEEE 1619, the constants against the project's tables,
// T against worked examples and against OpenSSL's AES with the multiplications done here.

#include "vec.h"

#include <openssl/evp.h>

#include "util/bytes.h"
#include "util/hex.h"

// IEEE 1619 section 5.2: bytes from the lowest up, one bit at a time.
static void slow_alpha(uint8_t t[16]) {
  unsigned carry = 0;
  for (unsigned i = 0; i < 16; i++) {
    const unsigned shifted = ((unsigned)t[i] << 1) | carry;
    carry = shifted >> 8;
    t[i] = (uint8_t)shifted;
  }
  t[0] ^= carry ? 0x87 : 0;
}

static void openssl_block(const uint8_t *key, unsigned bits, const uint8_t in[16], uint8_t out[16]) {
  int n = 0;
  EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
  assert_int_equal(EVP_EncryptInit_ex(ctx, bits == 128 ? EVP_aes_128_ecb() : EVP_aes_256_ecb(), NULL, key, NULL), 1);
  assert_int_equal(EVP_CIPHER_CTX_set_padding(ctx, 0), 1);
  assert_int_equal(EVP_EncryptUpdate(ctx, out, &n, in, 16), 1);
  EVP_CIPHER_CTX_free(ctx);
}

static void test_alpha_powers(void **state) {
  (void)state;
  uint64_t rnd = 3;
  for (unsigned i = 0; i < 20; i++) {
    uint8_t start[16];
    uint8_t slow[16];
    vec_random_bytes(&rnd, start, 16);
    memcpy(slow, start, 16);
    for (unsigned power = 0; power < 700; power++) {
      uint8_t fast[16];
      memcpy(fast, start, 16);
      cbit_gf_mul_alpha(fast, power);
      assert_memory_equal(fast, slow, 16);
      slow_alpha(slow);
    }
  }
}

static void test_alpha_wrap(void **state) {
  (void)state;
  uint8_t t[16] = {0};
  t[15] = 0x80;
  const uint8_t want[16] = {0x87};
  cbit_gf_mul_alpha(t, 1);
  assert_memory_equal(t, want, 16);
}

static void check_table_file(const char *name, cbit_tweak_kind_t kind, unsigned rank) {
  static char line[VEC_LINE_MAX];
  FILE *file = vec_open(name);
  cbit_tweak_table_t table;
  uint8_t bytes[16];
  unsigned records = 0;
  assert_true(vec_line(file, line));
  assert_int_equal(vec_bytes(line, "KT", bytes, 16), 16);
  assert_int_equal(cbit_tweak_table_make(&table, kind, bytes), CBIT_OK);
  while (vec_line(file, line)) {
    const char *index = vec_item(line, "i");
    assert_non_null(index);
    const unsigned i = (unsigned)(index[0] - '0') * 10 + (unsigned)(index[1] - '0');
    assert_int_equal(i, 4 + records);
    assert_int_equal(vec_bytes(line, "t", bytes, 16), 16);
    assert_memory_equal(table.t[i - 4], bytes, 16);
    records++;
  }
  (void)fclose(file);
  assert_int_equal(records, 48);
  if (rank != 0) {
    assert_int_equal(cbit_tweak_table_rank(&table), rank);
  } else {
    assert_true(cbit_tweak_table_rank(&table) <= 32);
  }
}

static void test_tables(void **state) {
  (void)state;
  check_table_file("project/ttable_full.txt", CBIT_TWEAK_FULL, 48);
  check_table_file("project/ttable_rep4.txt", CBIT_TWEAK_REP4, 0);  // 32 free bits only
  check_table_file("project/ttable_zen1.txt", CBIT_TWEAK_ZEN1, 0);
  cbit_tweak_table_t table;
  const uint8_t kt[16] = {0};
  assert_int_equal(cbit_tweak_table_make(&table, (cbit_tweak_kind_t)3, kt), CBIT_ERR_ARG);
  assert_int_equal(cbit_tweak_table_make(NULL, CBIT_TWEAK_FULL, kt), CBIT_ERR_ARG);
  assert_int_equal(cbit_tweak_table_make(&table, CBIT_TWEAK_FULL, NULL), CBIT_ERR_ARG);
}

static void test_rank(void **state) {
  (void)state;
  cbit_tweak_table_t table;
  memset(&table, 0, sizeof table);
  assert_int_equal(cbit_tweak_table_rank(&table), 0);
  for (unsigned i = 0; i < 48; i++) {  // one bit each, spread over both halves
    table.t[i][(i * 5 % 128) / 8] = (uint8_t)(1u << (i * 5 % 8));
  }
  assert_int_equal(cbit_tweak_table_rank(&table), 48);
  bytes_xor16(table.t[40], table.t[3], table.t[17]);  // a sum of two others
  assert_int_equal(cbit_tweak_table_rank(&table), 47);
  memcpy(table.t[41], table.t[0], 16);
  assert_int_equal(cbit_tweak_table_rank(&table), 46);
}

typedef struct tweak_example {
  cbit_mode_t mode;
  unsigned key_bits;
  cbit_tweak_kind_t kind;
  uint64_t spa;
  const char *pt;
  const char *t;
  const char *ct;
} tweak_example_t;

#define P_RAMP "00112233445566778899aabbccddeeff"
#define P_ZERO "00000000000000000000000000000000"
#define P_ONES "ffffffffffffffffffffffffffffffff"

// Worked examples: K1 = 00..0f, K2 = 10..1f, KT = 20..2f; AES-256: K1 = 00..1f, K2 = 20..3f.
static const tweak_example_t examples[] = {
    {CBIT_MODE_XE_LIN, 128, CBIT_TWEAK_ZEN1, 0x0, P_RAMP, "00000000000000000000000000000000",
     "69c4e0d86a7b0430d8cdb78070b4c55a"},
    {CBIT_MODE_XE_LIN, 128, CBIT_TWEAK_ZEN1, 0x10, P_RAMP, "82253838822538388225383882253838",
     "93ae23fbb748879f92104be48f20e953"},
    {CBIT_MODE_XE_LIN, 128, CBIT_TWEAK_ZEN1, 0x1000, P_RAMP, "23803c9723803c9723803c9723803c97",
     "36519c6c7a9d6ea89e32b2ca779fb75a"},
    {CBIT_MODE_XE_LIN, 128, CBIT_TWEAK_ZEN1, 0x1030, P_ZERO, "4dac03334dac03334dac03334dac0333",
     "501e8809b5b436c4de46180128e58155"},
    {CBIT_MODE_XE_LIN, 128, CBIT_TWEAK_ZEN1, 0x130000ff0, P_ONES, "36c1393536c1393536c1393536c13935",
     "ea5fd6b4ca3f24c2ee38d29bf6f40929"},
    {CBIT_MODE_XE_LIN, 128, CBIT_TWEAK_ZEN1, 0xffffffffffff0, P_RAMP, "db4a1dd3db4a1dd3db4a1dd3db4a1dd3",
     "0f347ca108916d358c9facc49394f31b"},
    {CBIT_MODE_XE_LIN, 128, CBIT_TWEAK_FULL, 0x0, P_RAMP, "00000000000000000000000000000000",
     "69c4e0d86a7b0430d8cdb78070b4c55a"},
    {CBIT_MODE_XE_LIN, 128, CBIT_TWEAK_FULL, 0x10, P_RAMP, "7135ca9522d849148fb4677128abcf77",
     "ea4fb8d78fba7c3da63b8064a2964255"},
    {CBIT_MODE_XE_LIN, 128, CBIT_TWEAK_FULL, 0x1000, P_RAMP, "23803c97026b4add180a21dfbaca00db",
     "029a97bfde337ceef282cf4925c2221b"},
    {CBIT_MODE_XE_LIN, 128, CBIT_TWEAK_FULL, 0x1030, P_ZERO, "f06de822b4dc69a229f90cdedffbdbc1",
     "4c22d43ce837152b1c2f625823ca1a6f"},
    {CBIT_MODE_XE_LIN, 128, CBIT_TWEAK_FULL, 0x130000ff0, P_ONES, "c504108966f171584fb885102dbdc0a2",
     "980278b7b01cb5d84e4599928506004d"},
    {CBIT_MODE_XE_LIN, 128, CBIT_TWEAK_FULL, 0xffffffffffff0, P_RAMP, "288f346f5b1b36ed82095e099e8948ab",
     "dee5447e6c9a4fe49d98a8e9e256c4fa"},
    {CBIT_MODE_XEX_LIN, 128, CBIT_TWEAK_ZEN1, 0x0, P_RAMP, "00000000000000000000000000000000",
     "69c4e0d86a7b0430d8cdb78070b4c55a"},
    {CBIT_MODE_XEX_LIN, 128, CBIT_TWEAK_ZEN1, 0x10, P_RAMP, "82253838822538388225383882253838",
     "118b1bc3356dbfa7103573dc0d05d16b"},
    {CBIT_MODE_XEX_LIN, 128, CBIT_TWEAK_ZEN1, 0x1000, P_RAMP, "23803c9723803c9723803c9723803c97",
     "15d1a0fb591d523fbdb28e5d541f8bcd"},
    {CBIT_MODE_XEX_LIN, 128, CBIT_TWEAK_ZEN1, 0x1030, P_ZERO, "4dac03334dac03334dac03334dac0333",
     "1db28b3af81835f793ea1b3265498266"},
    {CBIT_MODE_XEX_LIN, 128, CBIT_TWEAK_ZEN1, 0x130000ff0, P_ONES, "36c1393536c1393536c1393536c13935",
     "dc9eef81fcfe1df7d8f9ebaec035301c"},
    {CBIT_MODE_XEX_LIN, 128, CBIT_TWEAK_ZEN1, 0xffffffffffff0, P_RAMP, "db4a1dd3db4a1dd3db4a1dd3db4a1dd3",
     "d47e6172d3db70e657d5b11748deeec8"},
    {CBIT_MODE_XEX_LIN, 128, CBIT_TWEAK_FULL, 0x0, P_RAMP, "00000000000000000000000000000000",
     "69c4e0d86a7b0430d8cdb78070b4c55a"},
    {CBIT_MODE_XEX_LIN, 128, CBIT_TWEAK_FULL, 0x10, P_RAMP, "7135ca9522d849148fb4677128abcf77",
     "9b7a7242ad623529298fe7158a3d8d22"},
    {CBIT_MODE_XEX_LIN, 128, CBIT_TWEAK_FULL, 0x1000, P_RAMP, "23803c97026b4add180a21dfbaca00db",
     "211aab28dc583633ea88ee969f0822c0"},
    {CBIT_MODE_XEX_LIN, 128, CBIT_TWEAK_FULL, 0x1030, P_ZERO, "f06de822b4dc69a229f90cdedffbdbc1",
     "bc4f3c1e5ceb7c8935d66e86fc31c1ae"},
    {CBIT_MODE_XEX_LIN, 128, CBIT_TWEAK_FULL, 0x130000ff0, P_ONES, "c504108966f171584fb885102dbdc0a2",
     "5d06683ed6edc48001fd1c82a8bbc0ef"},
    {CBIT_MODE_XEX_LIN, 128, CBIT_TWEAK_FULL, 0xffffffffffff0, P_RAMP, "288f346f5b1b36ed82095e099e8948ab",
     "f66a7011378179091f91f6e07cdf8c51"},
    {CBIT_MODE_XEX_AES16, 128, CBIT_TWEAK_FULL, 0x0, P_RAMP, "eda330f90eecd16c003e5fb09bcff358",
     "171c69724dcf733f9aa6317d795153e4"},
    {CBIT_MODE_XEX_AES16, 128, CBIT_TWEAK_FULL, 0x10, P_RAMP, "6ad10777182284b7b39780b373630942",
     "ac0f5a931d555f32c189b35891efcc1c"},
    {CBIT_MODE_XEX_AES16, 128, CBIT_TWEAK_FULL, 0x1000, P_RAMP, "fc62d80e6773a8771ad0f2b69e53b8d2",
     "46dbf25a90a764448f912512a81b6c96"},
    {CBIT_MODE_XEX_AES16, 128, CBIT_TWEAK_FULL, 0x1030, P_ZERO, "e8c31b2dfb6e95159581439ba004dc69",
     "c3f2b56b92babb40969b4cfe3368b23c"},
    {CBIT_MODE_XEX_AES16, 128, CBIT_TWEAK_FULL, 0x130000ff0, P_ONES, "d392fecd09277434fac2baec5f74bb41",
     "27773f53312b086a6391cd59322490b9"},
    {CBIT_MODE_XEX_AES16, 128, CBIT_TWEAK_FULL, 0xffffffffffff0, P_RAMP, "7809d73f08ac4c66550f2240b5b89c20",
     "c7c025aa81e11daccb273702fe44757d"},
    {CBIT_MODE_XTS_L64, 128, CBIT_TWEAK_FULL, 0x0, P_RAMP, "eda330f90eecd16c003e5fb09bcff358",
     "171c69724dcf733f9aa6317d795153e4"},
    {CBIT_MODE_XTS_L64, 128, CBIT_TWEAK_FULL, 0x10, P_RAMP, "da4761f21dd8a3d9007cbe60379fe7b1",
     "9ff52cdc357a9ee84931e4d918f6e99a"},
    {CBIT_MODE_XTS_L64, 128, CBIT_TWEAK_FULL, 0x1000, P_RAMP, "6d199892b51446ff7ffa3be11a183f22",
     "8d855d451a21239d0b415db9d6fb7914"},
    {CBIT_MODE_XTS_L64, 128, CBIT_TWEAK_FULL, 0x1030, P_ZERO, "efcbc094aca530faffd3df09d7c0f811",
     "24208fa7d6458badec00bc6f31734098"},
    {CBIT_MODE_XTS_L64, 128, CBIT_TWEAK_FULL, 0x130000ff0, P_ONES, "6b4d2e26324ffe8686bb57223b1724ce",
     "a01d151abbd3ce5d6b8c84379098ccf1"},
    {CBIT_MODE_XTS_L64, 128, CBIT_TWEAK_FULL, 0xffffffffffff0, P_RAMP, "88a390bccc938533ec86430aedc84b3e",
     "7be6bacbabac3d63b4e22d1220d966e3"},
    {CBIT_MODE_XTS_L64, 256, CBIT_TWEAK_FULL, 0x0, P_RAMP, "f34744ebcd337f209c19e3ac13d82dec",
     "a38034920a5f4ead990482ea32f445b8"},
    {CBIT_MODE_XTS_L64, 256, CBIT_TWEAK_FULL, 0x10, P_RAMP, "618f88d69b67fe403833c65927b05bd8",
     "6c2b39f360140f00a0f3fab51abbb63c"},
    {CBIT_MODE_XTS_L64, 256, CBIT_TWEAK_FULL, 0x1000, P_RAMP, "87c14b5a2068a5982370c1730bc9456c",
     "3c8353fd76fdf4b562bcc0d379376edc"},
    {CBIT_MODE_XTS_L64, 256, CBIT_TWEAK_FULL, 0x1030, P_ZERO, "b10d5ed202412bc51c810b9e5b482e62",
     "98d4674a1cd2ae2f28e9542e8652d0a1"},
    {CBIT_MODE_XTS_L64, 256, CBIT_TWEAK_FULL, 0x130000ff0, P_ONES, "3a4008455d4de1100d3ccb7acd83cec8",
     "77bd82b6a16f6a186158eae37dbeecf7"},
    {CBIT_MODE_XTS_L64, 256, CBIT_TWEAK_FULL, 0xffffffffffff0, P_RAMP, "c08e96234b2f27d2e52ab30888c47f48",
     "5d3e179fe98ddd45043b4e2d49de7bf9"},
    {CBIT_MODE_XTS_P4K, 128, CBIT_TWEAK_FULL, 0x0, P_RAMP, "eda330f90eecd16c003e5fb09bcff358",
     "171c69724dcf733f9aa6317d795153e4"},
    {CBIT_MODE_XTS_P4K, 128, CBIT_TWEAK_FULL, 0x10, P_RAMP, "da4761f21dd8a3d9007cbe60379fe7b1",
     "9ff52cdc357a9ee84931e4d918f6e99a"},
    {CBIT_MODE_XTS_P4K, 128, CBIT_TWEAK_FULL, 0x1000, P_RAMP, "6ad10777182284b7b39780b373630942",
     "ac0f5a931d555f32c189b35891efcc1c"},
    {CBIT_MODE_XTS_P4K, 128, CBIT_TWEAK_FULL, 0x1030, P_ZERO, "5e8a3eb8c31021bc9dbd049c9d1b4b10",
     "0084077dee0be3e268fdb380aabdf274"},
    {CBIT_MODE_XTS_P4K, 128, CBIT_TWEAK_FULL, 0x130000ff0, P_ONES, "1c5305d1e813a294e2cc105e66d2ca5c",
     "40e7767135a0b9ad78e1fafd883725cd"},
    {CBIT_MODE_XTS_P4K, 128, CBIT_TWEAK_FULL, 0xffffffffffff0, P_RAMP, "f4cd601611a09b40e3edb8e54ff078f3",
     "186da9be789189c4bb83586bc1dc8ee7"},
};

static void test_worked_examples(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++) {
    const tweak_example_t *e = &examples[i];
    uint8_t bytes[64];
    uint8_t kt[16];
    cbit_slot_key_t key;
    cbit_tweak_table_t table;
    for (unsigned b = 0; b < 64; b++) {
      bytes[b] = (uint8_t)b;
      kt[b % 16] = (uint8_t)(0x20 + b % 16);
    }
    assert_int_equal(cbit_slot_key_make(&key, bytes, bytes + e->key_bits / 8, e->key_bits), CBIT_OK);
    assert_int_equal(cbit_tweak_table_make(&table, e->kind, kt), CBIT_OK);
    uint8_t pt[16];
    uint8_t t[16];
    uint8_t ct[16];
    uint8_t got[16];
    assert_int_equal(hex_decode(e->pt, pt, 16), 16);
    assert_int_equal(hex_decode(e->t, t, 16), 16);
    assert_int_equal(hex_decode(e->ct, ct, 16), 16);
    assert_int_equal(cbit_tweak(e->mode, &key, &table, e->spa, got), CBIT_OK);
    assert_memory_equal(got, t, 16);
    assert_int_equal(cbit_tweak(e->mode, &key, &table, e->spa + 15, got), CBIT_OK);
    assert_memory_equal(got, t, 16);
    assert_int_equal(cbit_lane_encrypt(e->mode, &key.k1, t, pt, got), CBIT_OK);
    assert_memory_equal(got, ct, 16);
    assert_int_equal(cbit_lane_decrypt(e->mode, &key.k1, t, ct, got), CBIT_OK);
    assert_memory_equal(got, pt, 16);
    assert_int_equal(cbit_crypt_encrypt(e->mode, &key, &table, e->spa, pt, got, 16), CBIT_OK);
    assert_memory_equal(got, ct, 16);
  }
  print_message("worked examples: %u\n", (unsigned)(sizeof examples / sizeof examples[0]));
}

// T of modes 3 to 5 from OpenSSL's AES and the slow multiplication; the override takes the place of the AES input only.
static void test_tweak_definition(void **state) {
  (void)state;
  static const unsigned unit_lsb[6] = {0, 0, 0, 4, 6, 12};
  uint64_t rnd = 8;
  for (unsigned i = 0; i < 600; i++) {
    const cbit_mode_t mode = (cbit_mode_t)(3 + i % 3);
    const unsigned bits = i % 2 ? 128 : 256;
    const uint64_t spa = (vec_random(&rnd) >> 12) >> (i % 5 * 9);
    uint8_t k1[32];
    uint8_t k2[32];
    uint8_t input[16];
    uint8_t want[16];
    uint8_t got[16];
    cbit_slot_key_t key;
    vec_random_bytes(&rnd, k1, 32);
    vec_random_bytes(&rnd, k2, 32);
    assert_int_equal(cbit_slot_key_make(&key, k1, k2, bits), CBIT_OK);
    for (unsigned override = 0; override < 2; override++) {
      if (override) {
        vec_random_bytes(&rnd, input, 16);
      } else {
        bytes_store_le128(input, spa >> unit_lsb[mode]);
      }
      openssl_block(k2, bits, input, want);
      for (uint64_t j = (spa >> 4) % ((uint64_t)1 << (unit_lsb[mode] - 4)); j > 0; j--) {
        slow_alpha(want);
      }
      assert_int_equal(
          override ? cbit_tweak_override(mode, &key, NULL, spa, input, got) : cbit_tweak(mode, &key, NULL, spa, got),
          CBIT_OK);
      assert_memory_equal(got, want, 16);
    }
  }
}

static void test_linear_definition(void **state) {
  (void)state;
  uint64_t rnd = 21;
  cbit_tweak_table_t table;
  vec_random_bytes(&rnd, &table.t[0][0], sizeof table.t);
  const uint8_t input[16] = {0xaa};
  for (unsigned i = 0; i < 500; i++) {
    const uint64_t spa = vec_random(&rnd) >> 12;
    uint8_t want[16] = {0};
    uint8_t got[16];
    for (unsigned b = 4; b < 52; b++) {
      if (spa >> b & 1u) {
        bytes_xor16(want, want, table.t[b - 4]);
      }
    }
    assert_int_equal(cbit_tweak(i % 2 ? CBIT_MODE_XE_LIN : CBIT_MODE_XEX_LIN, NULL, &table, spa, got), CBIT_OK);
    assert_memory_equal(got, want, 16);
    // the override has no say in the linear modes
    assert_int_equal(cbit_tweak_override(CBIT_MODE_XEX_LIN, NULL, &table, spa, input, got), CBIT_OK);
    assert_memory_equal(got, want, 16);
  }
}

static void test_errors(void **state) {
  (void)state;
  const uint8_t bytes[32] = {0};
  const uint8_t zero[16] = {0};
  uint8_t t[16] = {1};
  cbit_slot_key_t key;
  assert_int_equal(cbit_slot_key_make(&key, bytes, bytes, 192), CBIT_ERR_ARG);
  assert_int_equal(cbit_slot_key_make(&key, NULL, bytes, 128), CBIT_ERR_ARG);
  assert_int_equal(cbit_slot_key_make(NULL, bytes, bytes, 128), CBIT_ERR_ARG);
  assert_int_equal(cbit_slot_key_make(&key, bytes, NULL, 128), CBIT_OK);
  assert_int_equal(cbit_tweak(CBIT_MODE_XTS_L64, &key, NULL, (uint64_t)1 << 52, t), CBIT_ERR_RANGE);
  assert_int_equal(cbit_tweak((cbit_mode_t)6, &key, NULL, 0, t), CBIT_ERR_MODE);
  assert_int_equal(cbit_tweak(CBIT_MODE_XTS_L64, NULL, NULL, 0, t), CBIT_ERR_ARG);
  assert_int_equal(cbit_tweak(CBIT_MODE_XEX_LIN, &key, NULL, 0, t), CBIT_ERR_ARG);
  assert_int_equal(cbit_tweak(CBIT_MODE_XTS_L64, &key, NULL, 0, NULL), CBIT_ERR_ARG);
  assert_int_equal(t[0], 1);
  assert_int_equal(cbit_tweak(CBIT_MODE_NONE, NULL, NULL, 0x1230, t), CBIT_OK);
  assert_memory_equal(t, zero, 16);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_alpha_powers),
      cmocka_unit_test(test_alpha_wrap),
      cmocka_unit_test(test_tables),
      cmocka_unit_test(test_rank),
      cmocka_unit_test(test_worked_examples),
      cmocka_unit_test(test_tweak_definition),
      cmocka_unit_test(test_linear_definition),
      cmocka_unit_test(test_errors),
  };
  return cmocka_run_group_tests_name("tweak", tests, NULL, NULL);
}
