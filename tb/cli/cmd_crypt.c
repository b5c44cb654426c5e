// SPDX-License-Identifier: Apache-2.0
//
// cmd_crypt.c - the functional model alone as a filter: encrypts or decrypts a memory image, or measures its speed
//
// Input and output are memory as it lies at --base, in whole 16-byte blocks. Modes 3 to 5 take K1 and K2, modes 1 and 2 take K1
// and a table of tweak constants made from --kt (docs/crypto-modes.md). --speed puts OpenSSL beside it, where OpenSSL can
// compute the same bytes: XTS with the data unit of the mode.
#include <errno.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "cbit.h"
#include "cli/cmd.h"
#include "core/args.h"
#include "core/json.h"
#include "core/log.h"
#include "util/mode.h"

int cmd_crypt(int argc, char **argv);

#define CHUNK ((size_t)1 << 20)
#define SPEED_BYTES ((size_t)4 << 20)
#define SPEED_SECONDS 0.2

typedef struct crypt_args {
  bool encrypt, decrypt, speed, equal_keys;
  cbit_mode_t mode;
  const char *key, *key2, *kt, *kind, *json;
  uint64_t base;
  uint32_t bits;
} crypt_args_t;

typedef struct crypt_keys {
  uint8_t k1[32], k2[32];
  cbit_slot_key_t slot;
  cbit_tweak_table_t table;
} crypt_keys_t;

static bool is_linear(cbit_mode_t mode) { return mode == CBIT_MODE_XE_LIN || mode == CBIT_MODE_XEX_LIN; }
static bool is_xts(cbit_mode_t mode) { return mode >= CBIT_MODE_XEX_AES16; }

static bool make_table(const crypt_args_t *a, crypt_keys_t *k) {
  static const char *const kinds[] = {"full", "rep4", "zen1"};
  uint8_t kt[16];
  unsigned kind = 0;
  while (kind < 3 && a->kind != NULL && strcmp(a->kind, kinds[kind]) != 0) kind++;
  if (kind == 3) {
    log_error("option --kind: '%s' is none of full, rep4, zen1", a->kind);
    return false;
  }
  if (a->kt == NULL || !mode_hex(a->kt, kt, sizeof(kt))) {
    log_error("mode %s needs --kt: the boot key of the tweak constants, 16 bytes in hexadecimal", mode_name(a->mode));
    return false;
  }
  return cbit_tweak_table_make(&k->table, (cbit_tweak_kind_t)kind, kt) == CBIT_OK;
}

static bool make_keys(const crypt_args_t *a, crypt_keys_t *k) {
  const size_t len = a->bits / 8;
  memset(k, 0, sizeof(*k));
  if (a->mode == CBIT_MODE_NONE) return true;
  if (a->key == NULL || !mode_hex(a->key, k->k1, len)) {
    log_error("option --key: %zu bytes in hexadecimal are needed", len);
    return false;
  }
  if (is_linear(a->mode)) {
    return make_table(a, k) && cbit_slot_key_make(&k->slot, k->k1, NULL, a->bits) == CBIT_OK;
  }
  if (a->key2 == NULL || !mode_hex(a->key2, k->k2, len)) {
    log_error("option --key2: %zu bytes in hexadecimal are needed", len);
    return false;
  }
  if (cbit_key_equal(k->k1, k->k2, a->bits) && !a->equal_keys) {
    log_error("--key and --key2 are equal: the engine refuses such a pair (--equal-keys allows it, for published vectors)");
    return false;
  }
  return cbit_slot_key_make(&k->slot, k->k1, k->k2, a->bits) == CBIT_OK;
}

// ---- filter ----

static const char *reason(cbit_status_t rc) {
  if (rc == CBIT_ERR_RANGE) return "the image goes beyond 52 bits of address";
  if (rc == CBIT_ERR_ALIGN) return "--base is not a multiple of 16";
  return "the model refuses";
}

static bool pass(const crypt_args_t *a, const crypt_keys_t *k, FILE *in, FILE *out, const char *in_name) {
  uint8_t *buf = (uint8_t *)log_alloc(CHUNK);
  uint64_t done = 0;
  bool ok = true;
  while (ok) {
    const size_t n = fread(buf, 1, CHUNK, in);
    if (ferror(in)) {
      log_error("cannot read '%s': %s", in_name, strerror(errno));
      ok = false;
    } else if (n % 16 != 0) {
      log_error("'%s' has %llu bytes: not whole 16-byte blocks", in_name, (unsigned long long)(done + n));
      ok = false;
    }
    if (!ok || n == 0) break;
    const cbit_status_t rc = a->encrypt ? cbit_crypt_encrypt(a->mode, &k->slot, &k->table, a->base + done, buf, buf, n)
                                        : cbit_crypt_decrypt(a->mode, &k->slot, &k->table, a->base + done, buf, buf, n);
    if (rc != CBIT_OK) {
      log_error("%s", reason(rc));
      ok = false;
    } else if (fwrite(buf, 1, n, out) != n) {
      log_error("cannot write: %s", strerror(errno));
      ok = false;
    }
    done += n;
    if (n < CHUNK) break;
  }
  memset(buf, 0, CHUNK);
  free(buf);
  return ok;
}

static int filter(const crypt_args_t *a, const crypt_keys_t *k, const char *in_name, const char *out_name) {
  const bool to_file = out_name != NULL && strcmp(out_name, "-") != 0;
  FILE *in = in_name != NULL && strcmp(in_name, "-") != 0 ? fopen(in_name, "rb") : stdin;
  if (in == NULL) {
    log_error("cannot read '%s': %s", in_name, strerror(errno));
    return 2;
  }
  // A file whose size can be told is judged before anything is written.
  if (in != stdin && fseek(in, 0, SEEK_END) == 0) {
    const long size = ftell(in);
    rewind(in);
    if (size > 0 && size % 16 != 0) {
      log_error("'%s' has %ld bytes: not whole 16-byte blocks", in_name, size);
      fclose(in);
      return 2;
    }
  }
  FILE *out = to_file ? fopen(out_name, "wb") : stdout;
  bool ok = out != NULL;
  if (!ok) log_error("cannot write '%s': %s", out_name, strerror(errno));
  ok = ok && pass(a, k, in, out, in != stdin ? in_name : "standard input");
  if (in != stdin) fclose(in);
  if (to_file && out != NULL && fclose(out) != 0) {
    log_error("cannot write '%s': %s", out_name, strerror(errno));
    ok = false;
  }
  if (to_file && !ok && out != NULL) remove(out_name);  // no half image
  return ok ? 0 : 2;
}

// ---- speed ----

// Bytes of an XTS data unit of a mode; the address divided by it is the data unit's number.
static unsigned unit_shift(cbit_mode_t mode) { return mode == CBIT_MODE_XEX_AES16 ? 4 : mode == CBIT_MODE_XTS_L64 ? 6 : 12; }

static bool openssl_encrypt(EVP_CIPHER_CTX *c, cbit_mode_t mode, uint64_t spa, const uint8_t *in, uint8_t *out, size_t len) {
  const unsigned shift = unit_shift(mode);
  const size_t unit = (size_t)1 << shift;
  for (size_t at = 0; at < len; at += unit) {
    const uint64_t number = (spa + at) >> shift;
    uint8_t iv[16] = {0};
    int n = 0;
    for (unsigned i = 0; i < 8; i++) iv[i] = (uint8_t)(number >> (8 * i));
    if (EVP_EncryptInit_ex(c, NULL, NULL, NULL, iv) != 1) return false;
    if (EVP_EncryptUpdate(c, out + at, &n, in + at, (int)unit) != 1 || n != (int)unit) return false;
  }
  return true;
}

// MB/s (10^6 bytes) of what do_it says; 0 if it cannot.
typedef struct speed_run {
  cbit_mode_t mode;
  cbit_path_t path;
  const crypt_keys_t *keys;
  EVP_CIPHER_CTX *ossl;  // set: OpenSSL
  bool decrypt;
  const uint8_t *in;
  uint8_t *out;
} speed_run_t;

static bool speed_once(const speed_run_t *r) {
  const uint64_t base = UINT64_C(1) << 32;
  if (r->ossl != NULL) return openssl_encrypt(r->ossl, r->mode, base, r->in, r->out, SPEED_BYTES);
  const crypt_keys_t *k = r->keys;
  return (r->decrypt ? cbit_crypt_decrypt_on(r->path, r->mode, &k->slot, &k->table, base, r->in, r->out, SPEED_BYTES)
                     : cbit_crypt_encrypt_on(r->path, r->mode, &k->slot, &k->table, base, r->in, r->out, SPEED_BYTES)) == CBIT_OK;
}

static double speed_of(const speed_run_t *r) {
  if (!speed_once(r)) return 0;  // warm
  double best = 0;
  const double begin = log_seconds();
  do {
    const double from = log_seconds();
    speed_once(r);
    const double rate = (double)SPEED_BYTES / 1e6 / (log_seconds() - from + 1e-9);
    if (rate > best) best = rate;
  } while (log_seconds() - begin < SPEED_SECONDS);
  return best;
}

static void speed_row(json_t *j, uint32_t bits, cbit_mode_t mode, const char *who, double enc, double dec) {
  printf("  AES-%u  %-10s %-20s %10.0f", bits, mode_name(mode), who, enc);
  if (dec > 0) printf(" %10.0f", dec);
  printf("\n");
  if (j == NULL) return;
  json_object(j, NULL);
  json_u64(j, "bits", bits);
  json_text(j, "mode", mode_name(mode));
  json_text(j, "who", who);
  json_real(j, "encrypt_mb_s", enc);
  if (dec > 0) json_real(j, "decrypt_mb_s", dec);
  json_close(j);
}

// All paths of one mode; false if OpenSSL and the model differ.
static bool speed_mode(json_t *j, const crypt_keys_t *k, uint32_t bits, cbit_mode_t mode, const uint8_t *in, uint8_t *out, uint8_t *ref) {
  bool same = true;
  for (unsigned p = CBIT_PATH_PORTABLE; p <= CBIT_PATH_VAES512; p++) {
    if (!cbit_path_available((cbit_path_t)p)) continue;
    speed_run_t r = {mode, (cbit_path_t)p, k, NULL, false, in, out};
    char who[32];
    snprintf(who, sizeof(who), "cbit %s", cbit_path_name((cbit_path_t)p));
    const double enc = speed_of(&r);
    r.decrypt = true;
    speed_row(j, bits, mode, who, enc, speed_of(&r));
  }
  EVP_CIPHER_CTX *c = is_xts(mode) ? EVP_CIPHER_CTX_new() : NULL;
  if (c == NULL) return true;
  uint8_t key[64];
  memcpy(key, k->k1, bits / 8);
  memcpy(key + bits / 8, k->k2, bits / 8);
  if (EVP_EncryptInit_ex(c, bits == 128 ? EVP_aes_128_xts() : EVP_aes_256_xts(), NULL, key, NULL) == 1) {
    const speed_run_t r = {mode, CBIT_PATH_AUTO, k, c, false, in, ref};
    const double enc = speed_of(&r);
    if (enc > 0) {
      speed_row(j, bits, mode, "OpenSSL EVP xts", enc, 0);
      const speed_run_t own = {mode, CBIT_PATH_AUTO, k, NULL, false, in, out};
      same = speed_once(&own) && memcmp(out, ref, SPEED_BYTES) == 0;
      if (!same) log_error("AES-%u %s: OpenSSL and the model give different bytes", bits, mode_name(mode));
    }
  }
  EVP_CIPHER_CTX_free(c);
  return same;
}

static int speed(const crypt_args_t *a) {
  uint8_t *in = (uint8_t *)log_alloc(SPEED_BYTES), *out = (uint8_t *)log_alloc(SPEED_BYTES), *ref = (uint8_t *)log_alloc(SPEED_BYTES);
  FILE *f = a->json != NULL ? fopen(a->json, "w") : NULL;
  json_t j;
  bool ok = a->json == NULL || f != NULL;
  if (!ok) log_error("option --json: cannot write '%s'", a->json);
  for (size_t i = 0; i < SPEED_BYTES; i++) in[i] = (uint8_t)(i * 2654435761u >> 13);
  if (f != NULL) {
    json_begin(&j, f);
    json_u64(&j, "bytes", SPEED_BYTES);
    json_array(&j, "rows");
  }
  printf("speed in MB/s (10^6 bytes), one thread, %zu MiB at a time, best of %.1f s; OpenSSL is called once per data unit\n",
         SPEED_BYTES >> 20, SPEED_SECONDS);
  printf("  %-7s  %-10s %-20s %10s %10s\n", "key", "mode", "who", "encrypt", "decrypt");
  for (uint32_t bits = 128; bits <= 256; bits += 128) {
    crypt_keys_t k;
    memset(&k, 0, sizeof(k));
    for (unsigned i = 0; i < 32; i++) {
      k.k1[i] = (uint8_t)i;
      k.k2[i] = (uint8_t)(0x80 + i);
    }
    cbit_slot_key_make(&k.slot, k.k1, k.k2, bits);
    cbit_tweak_table_make(&k.table, CBIT_TWEAK_FULL, k.k1);
    for (unsigned m = CBIT_MODE_XEX_LIN; m <= CBIT_MODE_XTS_P4K; m++) {
      ok = speed_mode(f != NULL ? &j : NULL, &k, bits, (cbit_mode_t)m, in, out, ref) && ok;
    }
  }
  if (ok) printf("where OpenSSL has a line, its bytes and the model's are equal\n");
  if (f != NULL) {
    json_close(&j);
    json_bool(&j, "equal_to_openssl", ok);
    json_end(&j);
    ok = fclose(f) == 0 && ok;
  }
  free(in);
  free(out);
  free(ref);
  return ok ? 0 : 1;
}

int cmd_crypt(int argc, char **argv) {
  crypt_args_t a;
  memset(&a, 0, sizeof(a));
  a.mode = CBIT_MODE_XTS_L64;
  a.bits = 128;
  const arg_option_t options[] = {
      {"encrypt", ARG_FLAG, &a.encrypt, NULL, "plaintext in, ciphertext out", NULL},
      {"decrypt", ARG_FLAG, &a.decrypt, NULL, "ciphertext in, plaintext out", NULL},
      {"mode", ARG_CALL, &a.mode, "MODE", "tweak mode: " MODE_NAMES " (default xts_l64)", mode_arg},
      {"bits", ARG_U32, &a.bits, "N", "AES key size: 128 (default) or 256", NULL},
      {"key", ARG_TEXT, &a.key, "HEX", "K1, the data key", NULL},
      {"key2", ARG_TEXT, &a.key2, "HEX", "K2, the tweak key (modes 3 to 5)", NULL},
      {"kt", ARG_TEXT, &a.kt, "HEX", "boot key of the tweak constants (modes 1 and 2)", NULL},
      {"kind", ARG_TEXT, &a.kind, "KIND", "kind of constants: full (default), rep4, zen1", NULL},
      {"base", ARG_U64, &a.base, "ADDR", "address of the first byte (default 0)", NULL},
      {"equal-keys", ARG_FLAG, &a.equal_keys, NULL, "allow K1 = K2", NULL},
      {"speed", ARG_FLAG, &a.speed, NULL, "measure all modes, OpenSSL beside", NULL},
      {"json", ARG_TEXT, &a.json, "FILE", "speed as JSON", NULL},
      {NULL, ARG_FLAG, NULL, NULL, NULL, NULL}};
  const arg_table_t table = {"crypt --encrypt|--decrypt --key HEX --key2 HEX --base ADDR [options] [IN [OUT]]",
                             "Encrypts or decrypts a memory image with the functional model ('-' or nothing: standard input, output).",
                             options, 0, 2};
  uint32_t operands = 0;
  const arg_result_t r = args_parse(&table, argc, argv, &operands);
  if (r != ARGS_OK) return r == ARGS_HELP ? 0 : 2;
  if ((int)a.encrypt + (int)a.decrypt + (int)a.speed != 1) {
    log_error("one of --encrypt, --decrypt, --speed is needed");
    return 2;
  }
  if (a.speed) return speed(&a);
  if (a.bits != 128 && a.bits != 256) {
    log_error("option --bits: 128 or 256");
    return 2;
  }
  if (a.base % 16 != 0) {
    log_error("option --base: 0x%llx is not a multiple of 16", (unsigned long long)a.base);
    return 2;
  }
  crypt_keys_t k;
  if (!make_keys(&a, &k)) return 2;
  const int rc = filter(&a, &k, operands > 0 ? argv[1] : NULL, operands > 1 ? argv[2] : NULL);
  memset(&k, 0, sizeof(k));
  return rc;
}
