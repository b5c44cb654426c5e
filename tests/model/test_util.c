// SPDX-License-Identifier: Apache-2.0
//
// test_util.c - attributes, version, small helpers
//
// AxUSER packing at its documented bit positions and round trips, the struct sizes of the binary interface, hexadecimal
// text, number fields.

#include "vec.h"

#include "util/bits.h"
#include "util/bytes.h"
#include "util/hex.h"

static void test_attr_positions(void **state) {
  (void)state;
  cbit_attr_t a;
  memset(&a, 0, sizeof a);
  assert_int_equal(cbit_attr_pack(&a), 0);
  a.requester = 3;
  assert_int_equal(cbit_attr_pack(&a), 0x3);
  a.requester = 0;
  a.access = 7;
  assert_int_equal(cbit_attr_pack(&a), 7u << 2);
  a.access = 0;
  a.user_mode = 1;
  assert_int_equal(cbit_attr_pack(&a), 1u << 5);
  a.user_mode = 0;
  a.cbit = 1;
  assert_int_equal(cbit_attr_pack(&a), 1u << 6);
  a.cbit = 0;
  a.ncbit = 1;
  assert_int_equal(cbit_attr_pack(&a), 1u << 7);
  a.ncbit = 0;
  a.vmpl = 3;
  assert_int_equal(cbit_attr_pack(&a), 3u << 8);
  a.vmpl = 0;
  a.asid = 1023;
  assert_int_equal(cbit_attr_pack(&a), 1023u << 10);
  a.asid = 0;
  a.page_size = 3;
  assert_int_equal(cbit_attr_pack(&a), 3u << 20);
  a.page_size = 0;
  a.gpa_page = ((uint64_t)1 << 40) - 1;
  assert_int_equal(cbit_attr_pack(&a), (((uint64_t)1 << 40) - 1) << 22);
  a.gpa_page = 0;
  a.snp = 1;
  assert_int_equal(cbit_attr_pack(&a), (uint64_t)1 << 62);
  a.snp = 0;
  a.ss = 1;
  assert_int_equal(cbit_attr_pack(&a), (uint64_t)1 << 63);
  // what does not fit is dropped and does not spill into a neighbour
  memset(&a, 0xff, sizeof a);
  assert_int_equal(cbit_attr_pack(&a), UINT64_MAX);
}

static void test_attr_round_trip(void **state) {
  (void)state;
  uint64_t rnd = 31;
  for (unsigned i = 0; i < 20000; i++) {
    const uint64_t user = vec_random(&rnd);
    cbit_attr_t a;
    cbit_attr_t b;
    cbit_attr_unpack(user, &a);
    assert_int_equal(cbit_attr_pack(&a), user);
    cbit_attr_unpack(cbit_attr_pack(&a), &b);
    assert_memory_equal(&a, &b, sizeof a);
  }
  for (unsigned bit = 0; bit < 64; bit++) {  // each bit alone lands in one place
    cbit_attr_t a;
    cbit_attr_unpack((uint64_t)1 << bit, &a);
    assert_int_equal(cbit_attr_pack(&a), (uint64_t)1 << bit);
  }
}

static void test_version(void **state) {
  (void)state;
  char text[32];
  size_t sizes[CBIT_STRUCT_COUNT + 1];
  (void)snprintf(text, sizeof text, "%d.%d.%d", CBIT_VERSION_MAJOR, CBIT_VERSION_MINOR, CBIT_VERSION_PATCH);
  assert_string_equal(cbit_version(), text);
  assert_string_equal(CBIT_VERSION_STRING, text);
  assert_int_equal(CBIT_CHECK_ABI(), CBIT_OK);
  for (unsigned i = 0; i < CBIT_STRUCT_COUNT; i++) {
    sizes[i] = cbit_struct_size((cbit_struct_t)i);
    assert_true(sizes[i] > 0);
  }
  sizes[CBIT_STRUCT_COUNT] = 0;
  assert_int_equal(cbit_struct_size(CBIT_STRUCT_COUNT), 0);
  assert_int_equal(cbit_struct_size(CBIT_STRUCT_SLOT_KEY), sizeof(cbit_slot_key_t));
  assert_int_equal(cbit_abi_check(CBIT_ABI_VERSION, sizes, 3), CBIT_OK);
  assert_int_equal(cbit_abi_check(CBIT_ABI_VERSION, sizes, CBIT_STRUCT_COUNT + 1), CBIT_ERR_ABI);
  assert_int_equal(cbit_abi_check(CBIT_ABI_VERSION + 1, sizes, 3), CBIT_ERR_ABI);
  assert_int_equal(cbit_abi_check(CBIT_ABI_VERSION, NULL, 3), CBIT_ERR_ABI);
  sizes[1]++;
  assert_int_equal(cbit_abi_check(CBIT_ABI_VERSION, sizes, 3), CBIT_ERR_ABI);
}

static void test_hex(void **state) {
  (void)state;
  uint8_t bytes[4] = {0};
  char text[16];
  const uint8_t want[4] = {0x00, 0x1f, 0xAB, 0xff};
  assert_int_equal(hex_decode("001fABff", bytes, 4), 4);
  assert_memory_equal(bytes, want, 4);
  hex_encode(bytes, 4, text);
  assert_string_equal(text, "001fabff");
  assert_int_equal(hex_decode("001f ct=", bytes, 4), 2);
  assert_int_equal(hex_decode("", bytes, 4), 0);
  assert_int_equal(hex_decode("-", bytes, 4), 0);
  assert_int_equal(hex_decode("001", bytes, 4), -1);
  assert_int_equal(hex_decode("0011223344", bytes, 4), -1);
}

static void test_fields(void **state) {
  (void)state;
  assert_int_equal(bits_mask(0), 0);
  assert_int_equal(bits_mask(1), 1);
  assert_true(bits_mask(64) == UINT64_MAX);
  assert_int_equal(bits_get(0xabcd, 4, 8), 0xbc);
  assert_int_equal(bits_get((uint64_t)3 << 62, 60, 10), 0xc);
  assert_int_equal(bits_get(5, 64, 3), 0);
  assert_int_equal(bits_put(0xffff, 4, 8, 0x123), 0xf23f);
  assert_true(bits_put(0, 63, 10, 3) == (uint64_t)1 << 63);
  assert_int_equal(bits_put(9, 64, 1, 1), 9);
  assert_int_equal(bits_log2(1), 0);
  assert_int_equal(bits_log2(64), 6);
  uint8_t b[16];
  bytes_store_le128(b, 0x0102030405060708u);
  const uint8_t want[16] = {8, 7, 6, 5, 4, 3, 2, 1};
  assert_memory_equal(b, want, 16);
  assert_true(bytes_load_le64(b) == 0x0102030405060708u);
  bytes_store_le32(b, 0xa1b2c3d4u);
  assert_int_equal(b[0], 0xd4);
  assert_int_equal(b[3], 0xa1);
  bytes_wipe(b, sizeof b);
  const uint8_t zero[16] = {0};
  assert_memory_equal(b, zero, 16);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_attr_positions), cmocka_unit_test(test_attr_round_trip),
      cmocka_unit_test(test_version),        cmocka_unit_test(test_hex),
      cmocka_unit_test(test_fields),
  };
  return cmocka_run_group_tests_name("util", tests, NULL, NULL);
}
