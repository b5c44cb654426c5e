// SPDX-License-Identifier: Apache-2.0
//
// aes_impl.h - what the crypto files of the model share
//
// The S-box tables, the single steps of a round, and the back ends: a back end is one way to compute many blocks
// (portable C, or the AES instructions of a processor). All back ends give the same bytes; tests hold them against each
// other. Not installed.

#ifndef CBIT_CRYPTO_AES_IMPL_H
#define CBIT_CRYPTO_AES_IMPL_H

#include "cbit.h"

// FIPS 197 tables 4 and 6.
extern const uint8_t cbit_aes_sbox[256];
extern const uint8_t cbit_aes_inv_sbox[256];

// FIPS 197 sections 5.1.1 to 5.1.3, state in place; state[row][col] is byte row + 4 * col.
void cbit_aes_sub_bytes(uint8_t s[16]);
void cbit_aes_shift_rows(uint8_t s[16]);
void cbit_aes_mix_columns(uint8_t s[16]);

// FIPS 197 sections 5.3.1 and 5.3.2.
void cbit_aes_inv_shift_rows(uint8_t s[16]);
void cbit_aes_inv_sub_bytes(uint8_t s[16]);

// n blocks each. in == out is allowed. t is one tweak per block.
typedef struct cbit_backend {
  void (*encrypt)(const cbit_aes_key_t *k, const uint8_t *in, uint8_t *out, size_t n);
  void (*decrypt)(const cbit_aes_key_t *k, const uint8_t *in, uint8_t *out, size_t n);
  // out = cipher(in ^ t) ^ t
  void (*xex_encrypt)(const cbit_aes_key_t *k, const uint8_t *t, const uint8_t *in, uint8_t *out, size_t n);
  void (*xex_decrypt)(const cbit_aes_key_t *k, const uint8_t *t, const uint8_t *in, uint8_t *out, size_t n);
  // t[i] = t0 * alpha^i, i < n
  void (*alpha_run)(const uint8_t t0[16], uint8_t *t, size_t n);
  // t[4 * i + j] = line[i] * alpha^j, i < n, j < 4; line and t do not overlap
  void (*alpha_lines)(const uint8_t *line, uint8_t *t, size_t n);
} cbit_backend_t;

// The back end of a path (AUTO: the best), NULL if it does not run here.
const cbit_backend_t *cbit_backend(cbit_path_t path);

// aes_x86.c: NULL where the processor (or the compiler) lacks the instructions.
const cbit_backend_t *cbit_backend_aesni(void);
const cbit_backend_t *cbit_backend_vaes512(void);

// tweak.c: tweaks of n blocks from spa on, by the rule of cbit_tweak(). Arguments are already checked.
void cbit_tweak_blocks(const cbit_backend_t *be, cbit_mode_t mode, const cbit_slot_key_t *key,
                       const cbit_tweak_table_t *table, uint64_t spa, uint8_t *t, size_t n);

#endif  // CBIT_CRYPTO_AES_IMPL_H
