// SPDX-License-Identifier: Apache-2.0
//
// vec_model.c - known answers on the functional model (vec_check.h)
//
// Sources of the procedures: NIST AESAVS (known answers, Monte Carlo), NIST XTSVS, IEEE Std 1619-2018 section 5.3.
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chk/vec_check.h"
#include "core/log.h"

vec_result_t vec_pass(void) { return (vec_result_t){.verdict = VEC_PASS}; }

vec_result_t vec_skip(const char *why) {
  vec_result_t r = {.verdict = VEC_SKIP};
  snprintf(r.why, sizeof(r.why), "%s", why);
  return r;
}

vec_result_t vec_fail(const char *format, ...) {
  vec_result_t r = {.verdict = VEC_FAIL};
  va_list ap;
  va_start(ap, format);
  vsnprintf(r.why, sizeof(r.why), format, ap);
  va_end(ap);
  return r;
}

vec_result_t vec_compare(const char *what, const uint8_t *want, const uint8_t *got, size_t len) {
  for (size_t i = 0; i < len; i++) {
    if (want[i] == got[i]) continue;
    char hex[2][33];
    const size_t at = i / 16 * 16;
    const size_t n = len - at < 16 ? len - at : 16;
    for (size_t k = 0; k < n; k++) {
      snprintf(hex[0] + 2 * k, 3, "%02x", want[at + k]);
      snprintf(hex[1] + 2 * k, 3, "%02x", got[at + k]);
    }
    return vec_fail("%s: byte %zu differs, block %zu should be %s and is %s", what, i, at / 16, hex[0], hex[1]);
  }
  return vec_pass();
}

static const cbit_path_t paths[] = {CBIT_PATH_PORTABLE, CBIT_PATH_AESNI, CBIT_PATH_VAES512};
#define PATHS (sizeof(paths) / sizeof(paths[0]))

static vec_result_t check_ecb(const vec_record_t *r, const cbit_aes_key_t *k, uint8_t *out) {
  vec_result_t v = vec_pass();
  for (size_t p = 0; p < PATHS && v.verdict == VEC_PASS; p++) {
    if (!cbit_path_available(paths[p])) continue;
    char what[64];
    snprintf(what, sizeof(what), "encrypt (%s)", cbit_path_name(paths[p]));
    if (cbit_aes_encrypt_blocks(paths[p], k, r->pt, out, r->len / 16) != CBIT_OK) return vec_fail("%s refused", what);
    v = vec_compare(what, r->ct, out, r->len);
    if (v.verdict != VEC_PASS) break;
    snprintf(what, sizeof(what), "decrypt (%s)", cbit_path_name(paths[p]));
    if (cbit_aes_decrypt_blocks(paths[p], k, r->ct, out, r->len / 16) != CBIT_OK) return vec_fail("%s refused", what);
    v = vec_compare(what, r->pt, out, r->len);
  }
  return v;
}

// One outer iteration of the Monte Carlo test; then key and text of the record that follows it in its section.
static vec_result_t check_mct(const vec_file_t *f, size_t i, const cbit_aes_key_t *k) {
  const vec_record_t *r = &f->record[i];
  uint8_t text[2][16];  // last and last but one
  memcpy(text[0], r->decrypt ? r->ct : r->pt, 16);
  memset(text[1], 0, 16);
  for (uint32_t step = 0; step < VEC_MCT_STEPS; step++) {
    memcpy(text[1], text[0], 16);
    if (r->decrypt) cbit_aes_decrypt(k, text[0], text[0]); else cbit_aes_encrypt(k, text[0], text[0]);
  }
  const vec_result_t v = vec_compare("1000th text", r->decrypt ? r->pt : r->ct, text[0], 16);
  if (v.verdict != VEC_PASS || i + 1 == f->n) return v;
  const vec_record_t *next = &f->record[i + 1];
  if (next->decrypt != r->decrypt || next->count != r->count + 1) return v;
  uint8_t key[32];
  const uint32_t bytes = r->key_bits / 8;
  memcpy(key, r->k1, bytes);
  for (uint32_t b = 0; b < 16; b++) {
    key[bytes - 16 + b] ^= text[0][b];
    if (bytes == 32) key[b] ^= text[1][b];
  }
  const vec_result_t chain = vec_compare("key of the next iteration", next->k1, key, bytes);
  if (chain.verdict != VEC_PASS) return chain;
  return vec_compare("text of the next iteration", next->decrypt ? next->ct : next->pt, text[0], 16);
}

static vec_result_t check_xts(const vec_record_t *r, uint8_t *out) {
  cbit_slot_key_t key;
  if (cbit_slot_key_make(&key, r->k1, r->k2, r->key_bits) != CBIT_OK) return vec_fail("key refused");
  for (unsigned decrypt = 0; decrypt < 2; decrypt++) {
    const uint8_t *from = decrypt != 0 ? r->ct : r->pt;
    for (size_t j = 0; j < r->len / 16; j++) {
      uint8_t t[16];
      // Powers of alpha inside a page come from the address, as in the engine; beyond it by multiplication.
      const uint64_t spa = 16 * (uint64_t)(j % 256);
      if (cbit_tweak_override(CBIT_MODE_XTS_P4K, &key, NULL, spa, r->tweak, t) != CBIT_OK) return vec_fail("tweak refused");
      cbit_gf_mul_alpha(t, (unsigned)(j / 256 * 256));
      if (decrypt != 0) {
        (void)cbit_lane_decrypt(CBIT_MODE_XTS_P4K, &key.k1, t, from + 16 * j, out + 16 * j);
      } else {
        (void)cbit_lane_encrypt(CBIT_MODE_XTS_P4K, &key.k1, t, from + 16 * j, out + 16 * j);
      }
    }
    const vec_result_t v = vec_compare(decrypt != 0 ? "decrypt" : "encrypt", decrypt != 0 ? r->pt : r->ct, out, r->len);
    if (v.verdict != VEC_PASS) return v;
  }
  return vec_pass();
}

static vec_result_t check_project(const vec_record_t *r, const cbit_tweak_table_t *table, uint8_t *out) {
  cbit_slot_key_t key;
  const cbit_mode_t mode = (cbit_mode_t)r->mode;
  if (cbit_slot_key_make(&key, r->k1, r->has_k2 ? r->k2 : NULL, r->key_bits) != CBIT_OK) return vec_fail("key refused");
  vec_result_t v = vec_pass();
  for (size_t p = 0; p < PATHS && v.verdict == VEC_PASS; p++) {
    if (!cbit_path_available(paths[p])) continue;
    char what[64];
    snprintf(what, sizeof(what), "encrypt (%s)", cbit_path_name(paths[p]));
    if (cbit_crypt_encrypt_on(paths[p], mode, &key, table, r->pa, r->pt, out, r->len) != CBIT_OK) {
      return vec_fail("%s refused", what);
    }
    v = vec_compare(what, r->ct, out, r->len);
    if (v.verdict != VEC_PASS) break;
    snprintf(what, sizeof(what), "decrypt (%s)", cbit_path_name(paths[p]));
    if (cbit_crypt_decrypt_on(paths[p], mode, &key, table, r->pa, r->ct, out, r->len) != CBIT_OK) {
      return vec_fail("%s refused", what);
    }
    v = vec_compare(what, r->pt, out, r->len);
  }
  return v;
}

vec_result_t vec_model_check(const vec_file_t *f, size_t i, const cbit_tweak_table_t *table) {
  const vec_record_t *r = &f->record[i];
  if (r->key_bits == 192) return vec_skip("192-bit key");
  if (f->kind == VEC_XTS && r->bits % 128 != 0) return vec_skip("not whole blocks");
  cbit_aes_key_t k;
  if (cbit_aes_expand(&k, r->k1, r->key_bits) != 0) return vec_fail("key refused");
  uint8_t *out = log_alloc(r->len);
  vec_result_t v = vec_pass();
  switch (f->kind) {
    case VEC_ECB:
      v = check_ecb(r, &k, out);
      break;
    case VEC_MCT:
      v = check_mct(f, i, &k);
      break;
    case VEC_XTS:
      v = check_xts(r, out);
      break;
    case VEC_PROJECT:
      v = check_project(r, table, out);
      break;
    case VEC_TABLE:
    default:
      break;
  }
  free(out);
  return v;
}

vec_result_t vec_model_table(const vec_file_t *f) {
  if (!f->has_kt) return vec_skip("no boot key named");
  for (int kind = CBIT_TWEAK_FULL; kind <= CBIT_TWEAK_ZEN1; kind++) {
    cbit_tweak_table_t t;
    if (cbit_tweak_table_make(&t, (cbit_tweak_kind_t)kind, f->kt) != CBIT_OK) return vec_fail("table refused");
    if (memcmp(&t, &f->table, sizeof(t)) == 0) return vec_pass();
  }
  return vec_fail("no kind of table made from KT has these constants");
}
