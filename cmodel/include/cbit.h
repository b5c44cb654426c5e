// SPDX-License-Identifier: Apache-2.0
//
// cbit.h - the public door of libcbit, the golden model of the cbit memory-encryption engine
//
// What the library is: plain functions that answer what the engine answers - the ciphertext of a block at an address,
// the key a request is routed to, the state a key slot goes to - without clock cycles. It owns no memory, keeps no
// state between calls and starts no thread: every object is the caller's, so all functions may be called from any
// thread on different objects, and on the same object as long as nobody writes it.
//
// Reading order: 1 version, 2 AES, 3 tweaks, 4 encrypting memory, 5 attributes, 6 route, 7 key slots.
//
// A first program:
//
//   cbit_slot_key_t key;
//   if (cbit_slot_key_make(&key, k1, k2, 128) != CBIT_OK) return 1;
//   cbit_crypt_encrypt(CBIT_MODE_XTS_L64, &key, NULL, 0x130000000, plain, cipher, 4096);
//
// Byte order: keys, blocks and tweaks are byte strings in memory order; byte 0 is the byte at the lowest address and
// byte 0 of FIPS 197. In SystemVerilog byte i of a block is blk[8*i +: 8]. Addresses are ordinary numbers.
//
// This is a model for verification and study. The portable code looks up S-box tables with secret bytes, so it is not
// constant-time; do not protect real data with it.
//
// Sources: FIPS 197 (2023), IEEE Std 1619-2018, docs/crypto-modes.md, docs/units/{aes,tweak,route,key_store}.md.

#ifndef CBIT_H
#define CBIT_H

#include "cbit_types.h"

#if defined(__GNUC__)
#define CBIT_API __attribute__((visibility("default")))
#else
#define CBIT_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

// ---------------------------------------------------------------------------------------------------------------------
// 1. Version
//
// The structs below are allocated by the caller, so their sizes are part of the binary interface. CBIT_ABI_VERSION is
// the number in the name libcbit.so.N; it changes when a struct of this header changes its size or layout. A program
// that may meet another build of the shared library calls CBIT_CHECK_ABI() once and stops on anything but CBIT_OK.
// ---------------------------------------------------------------------------------------------------------------------

#define CBIT_VERSION_MAJOR 0
#define CBIT_VERSION_MINOR 1
#define CBIT_VERSION_PATCH 0
#define CBIT_VERSION_STRING "0.1.0"
#define CBIT_ABI_VERSION 1u

// Names of the structs whose sizes the library can tell.
typedef enum cbit_struct {
  CBIT_STRUCT_ATTR = 0,
  CBIT_STRUCT_AES_KEY = 1,
  CBIT_STRUCT_SLOT_KEY = 2,
  CBIT_STRUCT_TWEAK_TABLE = 3,
  CBIT_STRUCT_ROUTE_CFG = 4,
  CBIT_STRUCT_ROUTE_REQ = 5,
  CBIT_STRUCT_ROUTE_RSP = 6,
  CBIT_STRUCT_KEY_STORE = 7,
  CBIT_STRUCT_KEY_HEALTH = 8,
  CBIT_STRUCT_COUNT = 9
} cbit_struct_t;

// Version of the library in use, "major.minor.patch".
CBIT_API const char *cbit_version(void);

// Size in bytes of a struct as the library was built; 0 for an unknown name.
CBIT_API size_t cbit_struct_size(cbit_struct_t which);

// Compares version and sizes seen by the caller's compiler with those of the library: CBIT_OK or CBIT_ERR_ABI.
// sizes[i] is the size of struct i; count may be smaller than CBIT_STRUCT_COUNT of the library (older header).
CBIT_API cbit_status_t cbit_abi_check(uint32_t abi_version, const size_t *sizes, size_t count);

// ---------------------------------------------------------------------------------------------------------------------
// 2. AES (FIPS 197), 128 and 256 bit keys
// ---------------------------------------------------------------------------------------------------------------------

#define CBIT_AES_ROUNDS_MAX 14u

// Expanded key for both directions. Fill it with cbit_aes_expand(); read round keys with the two functions below.
// Plain data without pointers: it may be copied, and holds secrets.
typedef struct cbit_aes_key {
  uint8_t rk[CBIT_AES_ROUNDS_MAX + 1][16];   // w[0..N]
  uint8_t inv[CBIT_AES_ROUNDS_MAX + 1][16];  // d[0..N] of the equivalent inverse cipher
  uint32_t rounds;                           // N: 10 or 14
  uint32_t reserved[3];
} cbit_aes_key_t;

// Expands key (key_bits / 8 bytes, key_bits = 128 or 256). Returns 0, or -1 for another length (k is left alone).
CBIT_API int cbit_aes_expand(cbit_aes_key_t *k, const uint8_t *key, unsigned key_bits);

// One block. in and out may be the same.
CBIT_API void cbit_aes_encrypt(const cbit_aes_key_t *k, const uint8_t in[16], uint8_t out[16]);
CBIT_API void cbit_aes_decrypt(const cbit_aes_key_t *k, const uint8_t in[16], uint8_t out[16]);

// Round key w[round] (round 0..N) and round key d[round] of the decrypt direction, in the order in which the equivalent
// inverse cipher uses them: d[0] = w[N], d[i] = InvMixColumns(w[N-i]), d[N] = w[0]. NULL if round > N.
CBIT_API const uint8_t *cbit_aes_round_key(const cbit_aes_key_t *k, unsigned round);
CBIT_API const uint8_t *cbit_aes_inv_round_key(const cbit_aes_key_t *k, unsigned round);

// One round of the data path, round key addition included: SubBytes, ShiftRows, MixColumns (not when last != 0),
// AddRoundKey; and the same for the equivalent inverse cipher. in and out may be the same.
// The whole cipher is: XOR round key 0, then rounds 1..N with last = (round == N).
CBIT_API void cbit_aes_round(const uint8_t in[16], const uint8_t round_key[16], int last, uint8_t out[16]);
CBIT_API void cbit_aes_inv_round(const uint8_t in[16], const uint8_t round_key[16], int last, uint8_t out[16]);

// Transforms w[i], 0 < i < N, into a decrypt round key.
CBIT_API void cbit_aes_inv_mix_columns(const uint8_t in[16], uint8_t out[16]);

// One step of the key expansion as hardware makes it: round key r from the 16-byte round keys before it.
// AES-128: prev = w[r-1] (prev2 unused, may be NULL), r = 1..10. AES-256: prev2 = w[r-2], prev = w[r-1], r = 2..14.
CBIT_API void cbit_aes_next_round_key(unsigned key_bits, unsigned r, const uint8_t *prev2, const uint8_t *prev,
                                      uint8_t out[16]);

// The ways to compute many blocks. AUTO is the fastest that this processor runs; naming one is for tests and
// measurements.
typedef enum cbit_path {
  CBIT_PATH_AUTO = 0,
  CBIT_PATH_PORTABLE = 1,  // plain C, always there
  CBIT_PATH_AESNI = 2,     // x86 AES instructions, 128 bit registers
  CBIT_PATH_VAES512 = 3    // x86 AES instructions, 512 bit registers
} cbit_path_t;

// 1 if the path runs here, else 0; and the name of a path ("?" if unknown).
CBIT_API int cbit_path_available(cbit_path_t path);
CBIT_API cbit_path_t cbit_path_best(void);
CBIT_API const char *cbit_path_name(cbit_path_t path);

// n independent blocks (ECB) on a chosen path. in == out is allowed, other overlap is not.
CBIT_API cbit_status_t cbit_aes_encrypt_blocks(cbit_path_t path, const cbit_aes_key_t *k, const uint8_t *in,
                                               uint8_t *out, size_t n);
CBIT_API cbit_status_t cbit_aes_decrypt_blocks(cbit_path_t path, const cbit_aes_key_t *k, const uint8_t *in,
                                               uint8_t *out, size_t n);

// ---------------------------------------------------------------------------------------------------------------------
// 3. Tweaks
// ---------------------------------------------------------------------------------------------------------------------

// The two keys of a slot: k1 = data key, k2 = tweak key (unused in modes 1 and 2).
typedef struct cbit_slot_key {
  cbit_aes_key_t k1;
  cbit_aes_key_t k2;
} cbit_slot_key_t;

// Constants of the linear modes 1 and 2: t[i - 4] is t_i, i = 4..51.
typedef struct cbit_tweak_table {
  uint8_t t[48][16];
} cbit_tweak_table_t;

typedef enum cbit_tweak_kind {
  CBIT_TWEAK_FULL = 0,  // t_i = AES-128_KT("cbit-twk" | 7 zero bytes | byte i)
  CBIT_TWEAK_REP4 = 1,  // first 4 bytes of that, four times
  CBIT_TWEAK_ZEN1 = 2   // REP4 with the published constants for i = 4, 5, 6
} cbit_tweak_kind_t;

// Expands both keys of a slot, key_bits = 128 or 256 each. k2 = NULL leaves the tweak key all zero (modes 1 and 2
// only). It does not refuse k1 = k2: that is a rule of the key store (section 7), needed here for published test
// vectors.
CBIT_API cbit_status_t cbit_slot_key_make(cbit_slot_key_t *key, const uint8_t *k1, const uint8_t *k2,
                                          unsigned key_bits);

// Makes a table from the boot key kt. A table is acceptable for use only with rank 48; the weak kinds exist for study.
CBIT_API cbit_status_t cbit_tweak_table_make(cbit_tweak_table_t *table, cbit_tweak_kind_t kind, const uint8_t kt[16]);

// Number of linearly independent constants, 0..48.
CBIT_API unsigned cbit_tweak_table_rank(const cbit_tweak_table_t *table);

// t = t * alpha^power in GF(2^128) of IEEE 1619 (x^128 + x^7 + x^2 + x + 1, little-endian). Takes time in power / 56.
CBIT_API void cbit_gf_mul_alpha(uint8_t t[16], unsigned power);

// T of the block that holds byte spa (bits 3:0 are ignored). Mode 0: zero. table is used in modes 1 and 2 only, key in
// modes 3 to 5 only; the unused one may be NULL. What the hardware stores for a line in modes 4 and 5 is T of its block
// 0: cbit_tweak(mode, key, table, spa & ~63, t).
CBIT_API cbit_status_t cbit_tweak(cbit_mode_t mode, const cbit_slot_key_t *key, const cbit_tweak_table_t *table,
                                  uint64_t spa, uint8_t t[16]);

// The same with the test override on: in modes 3 to 5 the AES input is input[] instead of the number made from the
// address, while the powers of alpha still come from the address. No effect in modes 0 to 2.
CBIT_API cbit_status_t cbit_tweak_override(cbit_mode_t mode, const cbit_slot_key_t *key,
                                           const cbit_tweak_table_t *table, uint64_t spa, const uint8_t input[16],
                                           uint8_t t[16]);

// ---------------------------------------------------------------------------------------------------------------------
// 4. Encrypting memory
// ---------------------------------------------------------------------------------------------------------------------

// One block through the lane with a ready tweak: the data path alone. Mode 0 copies.
CBIT_API cbit_status_t cbit_lane_encrypt(cbit_mode_t mode, const cbit_aes_key_t *k1, const uint8_t t[16],
                                         const uint8_t in[16], uint8_t out[16]);
CBIT_API cbit_status_t cbit_lane_decrypt(cbit_mode_t mode, const cbit_aes_key_t *k1, const uint8_t t[16],
                                         const uint8_t in[16], uint8_t out[16]);

// len bytes of memory that begin at spa; both multiples of 16, any number of lines and pages. in == out is allowed,
// other overlap is not. key and table as for cbit_tweak (modes 1 and 2 use key->k1 too).
CBIT_API cbit_status_t cbit_crypt_encrypt(cbit_mode_t mode, const cbit_slot_key_t *key, const cbit_tweak_table_t *table,
                                          uint64_t spa, const uint8_t *in, uint8_t *out, size_t len);
CBIT_API cbit_status_t cbit_crypt_decrypt(cbit_mode_t mode, const cbit_slot_key_t *key, const cbit_tweak_table_t *table,
                                          uint64_t spa, const uint8_t *in, uint8_t *out, size_t len);

// The same on a chosen path; CBIT_ERR_PATH if this processor cannot run it.
CBIT_API cbit_status_t cbit_crypt_encrypt_on(cbit_path_t path, cbit_mode_t mode, const cbit_slot_key_t *key,
                                             const cbit_tweak_table_t *table, uint64_t spa, const uint8_t *in,
                                             uint8_t *out, size_t len);
CBIT_API cbit_status_t cbit_crypt_decrypt_on(cbit_path_t path, cbit_mode_t mode, const cbit_slot_key_t *key,
                                             const cbit_tweak_table_t *table, uint64_t spa, const uint8_t *in,
                                             uint8_t *out, size_t len);

// ---------------------------------------------------------------------------------------------------------------------
// 5. Attributes (AxUSER)
// ---------------------------------------------------------------------------------------------------------------------

// Packs the members into AxUSER; bits of a member beyond its field are dropped.
CBIT_API uint64_t cbit_attr_pack(const cbit_attr_t *attr);

// Takes AxUSER apart.
CBIT_API void cbit_attr_unpack(uint64_t user, cbit_attr_t *attr);

// ---------------------------------------------------------------------------------------------------------------------
// 6. Route: attributes to effective key (docs/units/route.md)
// ---------------------------------------------------------------------------------------------------------------------

// Parameters of the build and the configuration registers.
typedef struct cbit_route_cfg {
  uint8_t smee;            // SME enable
  uint8_t tsme;            // transparent SME
  uint8_t mode;            // cbit_mode_t; 0 = engine bypassed
  uint8_t attr_from_addr;  // carrier: 1 = C-bit and ASID ride in the address
  uint8_t cbit_pos;        // carrier 1: address bit of the C-bit, 0..63
  uint8_t asid_lsb;        // carrier 1: lowest address bit of the ASID, 0..54
  uint8_t spa_width;       // 1..52
  uint8_t lanes;           // 1, 2 or 4: data bus of 16 * lanes bytes
  uint16_t key_slots;      // 16..1024
  uint16_t host_slot;      // slot of the host key; 0
  uint8_t rmp;             // 1: built with the RMP check; accesses 5..7 are legal
  uint8_t reserved[3];
} cbit_route_cfg_t;

// An address channel of AXI4.
typedef struct cbit_route_req {
  uint64_t addr;
  uint64_t user;  // AxUSER, see cbit_attr_unpack
  uint8_t len;    // AxLEN: beats - 1
  uint8_t size;   // AxSIZE: log2 of the bytes of a beat
  uint8_t burst;  // AxBURST
  uint8_t lock;   // AxLOCK
  uint8_t reserved[4];
} cbit_route_req_t;

// The verdict. Without encryption, and with a fault, enc and slot are 0.
typedef struct cbit_route_rsp {
  uint64_t spa;      // 52 bits, carrier fields removed
  cbit_attr_t attr;  // as received, C-bit and ASID from the address with carrier 1
  uint16_t slot;
  uint8_t enc;
  uint8_t fault;  // cbit_fault_t
  uint8_t reserved[4];
} cbit_route_rsp_t;

// slot_state[i] is the cbit_slot_state_t of slot i, key_slots of them.
CBIT_API void cbit_route(const cbit_route_cfg_t *cfg, const cbit_route_req_t *req, const uint8_t *slot_state,
                         cbit_route_rsp_t *rsp);

// ---------------------------------------------------------------------------------------------------------------------
// 7. Key slots (docs/units/key_store.md)
// ---------------------------------------------------------------------------------------------------------------------

// What the rule for one command needs to know.
typedef struct cbit_key_query {
  uint32_t op;  // cbit_key_op_t, or any other number
  uint32_t slot;
  uint32_t key_slots;
  uint8_t state;      // cbit_slot_state_t of the slot; ignored if the slot is out of range
  uint8_t mode;       // cbit_mode_t selected
  uint8_t key_equal;  // K1 = K2 over the key length (LOAD; GENERATE once the keys are drawn)
  uint8_t alarm;      // entropy health alarm (GENERATE)
} cbit_key_query_t;

// First matching error of a command, or CBIT_KEY_OK; *next is the state of the slot after the command ended (unchanged
// on an error). FLUSH and WIPE_ALL name no slot: *next is what becomes of a slot in query->state. next may be NULL.
CBIT_API cbit_key_err_t cbit_key_rule(const cbit_key_query_t *query, cbit_slot_state_t *next);

// 1 if K1 and K2 are equal over key_bits bits.
CBIT_API int cbit_key_equal(const uint8_t *key1, const uint8_t *key2, unsigned key_bits);

// Health tests of entropy words (NIST SP 800-90B section 4.4): repetition count, cutoff 5; adaptive proportion, window
// 512 words, cutoff 13. Start with all members 0. The alarm stays until the struct is zeroed (reset).
typedef struct cbit_key_health {
  uint32_t last;       // word before this one
  uint32_t reference;  // first word of the window
  uint32_t repeats;    // equal words in a row, 0 = no word yet
  uint32_t taken;      // words of the window so far, 0..511
  uint32_t matches;    // occurrences of the reference in the window
  uint32_t alarm;      // 1 = raised
} cbit_key_health_t;

// Takes one word; returns the alarm (1 = raised now or before).
CBIT_API int cbit_key_health_step(cbit_key_health_t *health, uint32_t word);

// A whole store on arrays of the caller: key_slots states and key_slots slot keys.
typedef struct cbit_key_store {
  uint8_t *state;  // cbit_slot_state_t each; give it to cbit_route()
  cbit_slot_key_t *keys;
  uint32_t key_slots;  // 16..1024
  uint32_t key_bits;   // 128 or 256
  uint32_t mode;       // cbit_mode_t selected; may be changed at any time
  uint32_t reserved;
  cbit_key_health_t health;
} cbit_key_store_t;

// Reset and initial wipe: all slots EMPTY, all round keys zero.
CBIT_API cbit_status_t cbit_key_store_init(cbit_key_store_t *store, uint8_t *state, cbit_slot_key_t *keys,
                                           unsigned key_slots, unsigned key_bits, cbit_mode_t mode);

// Runs a command to its end. key1, key2: key_bits / 8 bytes each, for LOAD (others ignore them; LOAD without them is
// CBIT_KEY_ERR_OP, as is GENERATE, which has its own function). QUERY puts the state into *state (may be NULL).
// FLUSH assumes that no request is in flight.
CBIT_API cbit_key_err_t cbit_key_store_cmd(cbit_key_store_t *store, unsigned op, unsigned slot, const uint8_t *key1,
                                           const uint8_t *key2, cbit_slot_state_t *state);

// GENERATE. words: what the entropy port gives, at least 2 * key_bits / 32 of them, K1 from its lowest word up, then
// K2; byte 0 of a key is bits 7:0 of its first word. *used (may be NULL) tells how many were taken.
CBIT_API cbit_key_err_t cbit_key_store_generate(cbit_key_store_t *store, unsigned slot, const uint32_t *words,
                                                size_t *used);

// Sizes of this header's structs, in the order of cbit_struct_t, against those of the library.
static inline cbit_status_t cbit_check_abi_inline(void) {
  const size_t sizes[CBIT_STRUCT_COUNT] = {
      sizeof(cbit_attr_t),        sizeof(cbit_aes_key_t),   sizeof(cbit_slot_key_t),
      sizeof(cbit_tweak_table_t), sizeof(cbit_route_cfg_t), sizeof(cbit_route_req_t),
      sizeof(cbit_route_rsp_t),   sizeof(cbit_key_store_t), sizeof(cbit_key_health_t)};
  return cbit_abi_check(CBIT_ABI_VERSION, sizes, CBIT_STRUCT_COUNT);
}
#define CBIT_CHECK_ABI() cbit_check_abi_inline()

#ifdef __cplusplus
}  // extern "C"
#endif

#endif  // CBIT_H
