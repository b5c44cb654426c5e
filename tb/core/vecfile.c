// SPDX-License-Identifier: Apache-2.0
//
// vecfile.c - files of known answers (vecfile.h)
//
// One pass over the text, a line at a time. A line goes to the reader of the file's format; the first line of content
// chooses it. Byte strings land in one pool, which is as large as the text and so can never be too small.
#include "core/vecfile.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "util/file.h"

#define FILE_MAX ((size_t)64 << 20)
#define LINE_MAX_BYTES ((size_t)1 << 20)

typedef enum format { FMT_NONE, FMT_PROJECT, FMT_TABLE, FMT_IEEE, FMT_RSP, FMT_CORE } format_t;
typedef enum core_part { CORE_SKIP, CORE_KEY, CORE_PT, CORE_CT } core_part_t;

typedef struct reader {
  vec_file_t *f;
  char *err;
  uint32_t line;
  format_t format;
  size_t cap, used;  // records, bytes of the pool
  bool mct;          // a comment named a Monte Carlo test
  // the record that is being put together (rsp, core)
  bool open, decrypt;
  bool has_key, has_pt, has_ct, has_tweak;
  size_t pt_len, ct_len;
  vec_record_t r;
  core_part_t part;
  bool any_section;
  uint64_t table_seen;
} reader_t;

static bool fail(reader_t *x, const char *format, ...) __attribute__((format(printf, 2, 3)));
static bool fail(reader_t *x, const char *format, ...) {
  char what[256];
  va_list ap;
  va_start(ap, format);
  vsnprintf(what, sizeof(what), format, ap);
  va_end(ap);
  snprintf(x->err, VECFILE_ERR_LEN, "%.200s:%u: error: %s", x->f->name, x->line, what);
  return false;
}

const char *vecfile_kind_name(vec_kind_t kind) {
  static const char *const name[] = {"project", "ECB", "ECB Monte Carlo", "XTS", "tweak table"};
  return (unsigned)kind < sizeof(name) / sizeof(name[0]) ? name[kind] : "?";
}

// ---- text ----------------------------------------------------------------------------------------------------------------

static int nibble(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Hexadecimal digits of text[0..len) into out; spaces between bytes are allowed with gaps. -1: not that.
static long hex(const char *text, size_t len, bool gaps, uint8_t *out, size_t max) {
  size_t n = 0;
  for (size_t i = 0; i < len;) {
    if (gaps && text[i] == ' ') {
      i++;
      continue;
    }
    const int hi = nibble(text[i]);
    const int lo = i + 1 < len ? nibble(text[i + 1]) : -1;
    if (hi < 0 || lo < 0 || n == max) return -1;
    out[n++] = (uint8_t)(hi << 4 | lo);
    i += 2;
  }
  return (long)n;
}

static bool number(const char *text, size_t len, unsigned base, uint64_t *value) {
  uint64_t v = 0;
  if (base == 0) {
    base = 10;
    if (len > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
      base = 16;
      text += 2;
      len -= 2;
    }
  }
  if (len == 0) return false;
  for (size_t i = 0; i < len; i++) {
    const int d = nibble(text[i]);
    if (d < 0 || (unsigned)d >= base || v > (UINT64_MAX - (unsigned)d) / base) return false;
    v = v * base + (unsigned)d;
  }
  *value = v;
  return true;
}

static bool is(const char *text, size_t len, const char *word) {
  return len == strlen(word) && memcmp(text, word, len) == 0;
}

static bool begins(const char *text, size_t len, const char *word) {
  return len >= strlen(word) && memcmp(text, word, strlen(word)) == 0;
}

static const char *find(const char *text, size_t len, const char *word) {
  const size_t n = strlen(word);
  for (size_t i = 0; i + n <= len; i++) {
    if (memcmp(text + i, word, n) == 0) return text + i;
  }
  return NULL;
}

// Digits into the pool; *bytes = their number.
static bool pool(reader_t *x, const char *text, size_t len, const uint8_t **at, size_t *bytes, const char *item) {
  const long n = hex(text, len, true, x->f->bytes + x->used, len / 2);
  if (n <= 0) return fail(x, "%s: not a string of bytes in hexadecimal digits", item);
  *at = x->f->bytes + x->used;
  *bytes = (size_t)n;
  x->used += (size_t)n;
  return true;
}

// A key of 128, 192 or 256 bits, or two of them (XTS).
static bool key(reader_t *x, const char *text, size_t len, bool two) {
  uint8_t k[64];
  const long n = hex(text, len, true, k, sizeof(k));
  const long one = two ? n / 2 : n;
  if (n <= 0 || (two && n % 2 != 0) || !(one == 16 || one == 24 || one == 32)) {
    return fail(x, two ? "Key: not two keys of 128 or 256 bits" : "KEY: not a key of 128, 192 or 256 bits");
  }
  memcpy(x->r.k1, k, (size_t)one);
  if (two) memcpy(x->r.k2, k + one, (size_t)one);
  x->r.has_k2 = two;
  x->r.key_bits = (uint32_t)one * 8;
  x->has_key = true;
  return true;
}

static bool add(reader_t *x, const vec_record_t *r) {
  vec_file_t *f = x->f;
  if (f->n == x->cap) {
    x->cap = x->cap == 0 ? 64 : 2 * x->cap;
    f->record = log_realloc(f->record, x->cap * sizeof(*f->record));
  }
  f->record[f->n++] = *r;
  return true;
}

// ---- key=value lines: project, ieee, table -------------------------------------------------------------------------------

typedef struct item {
  const char *name;
  const char *value;
  size_t len;
} item_t;

// Splits "a=1 b=2" into the items asked for, each exactly once, no others.
static bool items(reader_t *x, const char *text, size_t len, item_t *item, size_t n) {
  for (size_t i = 0; i < n; i++) item[i].value = NULL;
  for (size_t at = 0; at < len;) {
    if (text[at] == ' ' || text[at] == '\t') {
      at++;
      continue;
    }
    size_t end = at;
    while (end < len && text[end] != ' ' && text[end] != '\t') end++;
    const char *eq = memchr(text + at, '=', end - at);
    if (eq == NULL) return fail(x, "'%.*s' is not an item name=value", (int)(end - at < 40 ? end - at : 40), text + at);
    const size_t name_len = (size_t)(eq - (text + at));
    size_t i = 0;
    while (i < n && !is(text + at, name_len, item[i].name)) i++;
    if (i == n) return fail(x, "unknown item '%.*s'", (int)(name_len < 40 ? name_len : 40), text + at);
    if (item[i].value != NULL) return fail(x, "item '%s' twice", item[i].name);
    item[i].value = eq + 1;
    item[i].len = (size_t)(text + end - (eq + 1));
    at = end;
  }
  for (size_t i = 0; i < n; i++) {
    if (item[i].value == NULL) return fail(x, "item '%s' is missing", item[i].name);
  }
  return true;
}

static bool texts(reader_t *x, vec_record_t *r, const item_t *pt, const item_t *ct) {
  size_t ct_len = 0;
  if (!pool(x, pt->value, pt->len, &r->pt, &r->len, "pt")) return false;
  if (!pool(x, ct->value, ct->len, &r->ct, &ct_len, "ct")) return false;
  return r->len == ct_len || fail(x, "pt has %zu bytes, ct %zu", r->len, ct_len);
}

static bool project_line(reader_t *x, const char *text, size_t len) {
  enum { MODE, KS, TSET, SLOT, PA, K1, K2, CTR, PT, CT, ITEMS };
  item_t it[ITEMS] = {{"mode", NULL, 0}, {"ks", NULL, 0}, {"tset", NULL, 0}, {"slot", NULL, 0}, {"pa", NULL, 0},
                      {"k1", NULL, 0},   {"k2", NULL, 0}, {"ctr", NULL, 0},  {"pt", NULL, 0},   {"ct", NULL, 0}};
  if (!items(x, text, len, it, ITEMS)) return false;
  vec_record_t r = {.line = x->line};
  uint64_t v = 0;
  if (!number(it[MODE].value, it[MODE].len, 10, &v) || v > 5) return fail(x, "mode: not 0 to 5");
  r.mode = (uint8_t)v;
  if (!number(it[KS].value, it[KS].len, 10, &v) || !(v == 128 || v == 256)) return fail(x, "ks: not 128 or 256");
  r.key_bits = (uint32_t)v;
  if (!number(it[SLOT].value, it[SLOT].len, 0, &v) || v >= CBIT_KEY_SLOTS_MAX) return fail(x, "slot: not 0 to 1023");
  r.slot = (uint16_t)v;
  if (!number(it[PA].value, it[PA].len, 0, &r.pa) || r.pa >> CBIT_SPA_BITS != 0 || r.pa % CBIT_BLOCK_BYTES != 0) {
    return fail(x, "pa: not the address of a block below 2^52");
  }
  const long want = (long)(r.key_bits / 8);
  if (hex(it[K1].value, it[K1].len, false, r.k1, sizeof(r.k1)) != want) {
    return fail(x, "k1: not a key of %u bits", r.key_bits);
  }
  r.has_k2 = !is(it[K2].value, it[K2].len, "-");
  if (r.has_k2 && hex(it[K2].value, it[K2].len, false, r.k2, sizeof(r.k2)) != want) {
    return fail(x, "k2: not a key of %u bits", r.key_bits);
  }
  if (!r.has_k2 && r.mode >= 3) return fail(x, "k2: mode %u needs it", r.mode);
  if (it[TSET].len == 0 || it[TSET].len >= sizeof(r.tset)) return fail(x, "tset: name too long or empty");
  memcpy(r.tset, it[TSET].value, it[TSET].len);
  const bool linear = r.mode == 1 || r.mode == 2;
  if (linear == (strcmp(r.tset, "-") == 0)) return fail(x, "tset: modes 1 and 2 need a table, other modes have none");
  for (const char *c = r.tset; *c != '\0'; c++) {
    if (!((*c >= 'A' && *c <= 'Z') || (*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') || *c == '-' || *c == '_')) {
      return fail(x, "tset: not a name");
    }
  }
  if (!is(it[CTR].value, it[CTR].len, "-")) return fail(x, "ctr: no mode uses a counter");
  if (!texts(x, &r, &it[PT], &it[CT])) return false;
  if (r.len % CBIT_BLOCK_BYTES != 0) return fail(x, "pt: not whole blocks");
  if (r.pa + r.len > (uint64_t)1 << CBIT_SPA_BITS) return fail(x, "pa: the record ends beyond 2^52");
  return add(x, &r);
}

static bool ieee_line(reader_t *x, const char *text, size_t len) {
  enum { NAME, KEY1, KEY2, DUN, PT, CT, ITEMS };
  item_t it[ITEMS] = {{"name", NULL, 0}, {"key1", NULL, 0}, {"key2", NULL, 0},
                      {"dun", NULL, 0},  {"pt", NULL, 0},   {"ct", NULL, 0}};
  if (!items(x, text, len, it, ITEMS)) return false;
  vec_record_t r = {.line = x->line, .has_k2 = true};
  uint64_t v = 0;
  const long n = hex(it[KEY1].value, it[KEY1].len, false, r.k1, sizeof(r.k1));
  if (!(n == 16 || n == 32)) return fail(x, "key1: not a key of 128 or 256 bits");
  if (hex(it[KEY2].value, it[KEY2].len, false, r.k2, sizeof(r.k2)) != n) return fail(x, "key2: not as long as key1");
  r.key_bits = (uint32_t)n * 8;
  if (!number(it[DUN].value, it[DUN].len, 16, &v)) return fail(x, "dun: not a hexadecimal number of up to 64 bits");
  for (unsigned i = 0; i < 8; i++) r.tweak[i] = (uint8_t)(v >> (8 * i));
  if (!texts(x, &r, &it[PT], &it[CT])) return false;
  r.bits = (uint32_t)(8 * r.len);
  return add(x, &r);
}

static bool table_line(reader_t *x, const char *text, size_t len) {
  item_t it[2] = {{"i", NULL, 0}, {"t", NULL, 0}};
  if (!items(x, text, len, it, 2)) return false;
  uint64_t i = 0;
  if (!number(it[0].value, it[0].len, 10, &i) || i < 4 || i > 51) return fail(x, "i: not 4 to 51");
  if ((x->table_seen >> i & 1) != 0) return fail(x, "i=%u twice", (unsigned)i);
  x->table_seen |= (uint64_t)1 << i;
  if (hex(it[1].value, it[1].len, false, x->f->table.t[i - 4], 16) != 16) return fail(x, "t: not 16 bytes");
  return true;
}

// ---- CAVP .rsp -----------------------------------------------------------------------------------------------------------

// Ends the record under way, if any.
static bool rsp_end(reader_t *x) {
  if (!x->open) return true;
  const uint32_t here = x->line;
  x->line = x->r.line;
  const bool xts = x->f->kind == VEC_XTS;
  if (!x->has_key) return fail(x, "record without a key");
  if (!x->has_pt || !x->has_ct) return fail(x, "record without %s", x->has_pt ? "ciphertext" : "plaintext");
  if (x->pt_len != x->ct_len) return fail(x, "plaintext has %zu bytes, ciphertext %zu", x->pt_len, x->ct_len);
  if (xts && !x->has_tweak) return fail(x, "record without a tweak (i or DataUnitSeqNumber)");
  if (!xts && x->pt_len % 16 != 0) return fail(x, "not whole blocks");
  if (x->f->kind == VEC_MCT && x->pt_len != 16) return fail(x, "a Monte Carlo record is one block");
  x->r.len = x->pt_len;
  if (x->r.bits == 0) x->r.bits = (uint32_t)(8 * x->r.len);
  if ((x->r.bits + 7) / 8 != x->r.len) return fail(x, "DataUnitLen is %u bits, the text has %zu bytes", x->r.bits, x->r.len);
  x->r.decrypt = x->decrypt;
  add(x, &x->r);
  x->line = here;
  x->open = x->has_key = x->has_pt = x->has_ct = x->has_tweak = false;
  return true;
}

static void rsp_begin(reader_t *x) {
  if (x->open) return;
  x->open = true;
  x->r = (vec_record_t){.line = x->line};
}

static bool rsp_kind(reader_t *x, bool xts) {
  const vec_kind_t kind = xts ? VEC_XTS : x->mct ? VEC_MCT : VEC_ECB;
  const bool first = x->f->n == 0 && !x->has_key && !x->has_pt && !x->has_ct && !x->has_tweak && x->r.bits == 0;
  if (!first && x->f->kind != kind) return fail(x, "items of ECB and of XTS in one file");
  x->f->kind = kind;
  return true;
}

static bool once(reader_t *x, bool seen, const char *name) { return !seen || fail(x, "%s twice in a record", name); }

static bool rsp_line(reader_t *x, const char *text, size_t len) {
  if (is(text, len, "[ENCRYPT]") || is(text, len, "[DECRYPT]")) {
    if (!rsp_end(x)) return false;
    x->decrypt = text[1] == 'D';
    return true;
  }
  const char *eq = memchr(text, '=', len);
  if (eq == NULL) return fail(x, "not a line of a CAVP file");
  size_t name_len = (size_t)(eq - text);
  while (name_len > 0 && text[name_len - 1] == ' ') name_len--;
  const char *value = eq + 1;
  size_t n = len - (size_t)(value - text);
  while (n > 0 && *value == ' ') value++, n--;
  uint64_t v = 0;
  if (is(text, name_len, "COUNT")) {
    if (!rsp_end(x)) return false;
    rsp_begin(x);
    if (!number(value, n, 10, &v) || v > UINT32_MAX) return fail(x, "COUNT: not a number");
    x->r.count = (uint32_t)v;
    return true;
  }
  rsp_begin(x);
  if (is(text, name_len, "KEY")) return once(x, x->has_key, "KEY") && rsp_kind(x, false) && key(x, value, n, false);
  if (is(text, name_len, "Key")) return once(x, x->has_key, "Key") && rsp_kind(x, true) && key(x, value, n, true);
  const bool pt = is(text, name_len, "PLAINTEXT");
  const bool ct = is(text, name_len, "CIPHERTEXT");
  const bool xts_pt = is(text, name_len, "PT");
  const bool xts_ct = is(text, name_len, "CT");
  if (pt || xts_pt) {
    if (!once(x, x->has_pt, "plaintext") || !rsp_kind(x, xts_pt)) return false;
    x->has_pt = true;
    return pool(x, value, n, &x->r.pt, &x->pt_len, "plaintext");
  }
  if (ct || xts_ct) {
    if (!once(x, x->has_ct, "ciphertext") || !rsp_kind(x, xts_ct)) return false;
    x->has_ct = true;
    return pool(x, value, n, &x->r.ct, &x->ct_len, "ciphertext");
  }
  if (is(text, name_len, "DataUnitLen")) {
    if (!rsp_kind(x, true)) return false;
    if (!number(value, n, 10, &v) || v == 0 || v > (1u << 24)) return fail(x, "DataUnitLen: not a length in bits");
    x->r.bits = (uint32_t)v;
    return true;
  }
  if (is(text, name_len, "i")) {
    if (!once(x, x->has_tweak, "i") || !rsp_kind(x, true)) return false;
    x->has_tweak = true;
    return hex(value, n, false, x->r.tweak, 16) == 16 || fail(x, "i: not a tweak of 16 bytes");
  }
  if (is(text, name_len, "DataUnitSeqNumber")) {
    if (!once(x, x->has_tweak, "DataUnitSeqNumber") || !rsp_kind(x, true)) return false;
    x->has_tweak = true;
    if (!number(value, n, 10, &v)) return fail(x, "DataUnitSeqNumber: not a number");
    for (unsigned i = 0; i < 8; i++) x->r.tweak[i] = (uint8_t)(v >> (8 * i));
    return true;
  }
  return fail(x, "unknown item '%.*s'", (int)(name_len < 40 ? name_len : 40), text);
}

// ---- NIST examples with intermediate values --------------------------------------------------------------------------------

static bool core_words(reader_t *x, const char *text, size_t len) {
  size_t *n = x->part == CORE_PT ? &x->pt_len : &x->ct_len;
  const uint8_t **at = x->part == CORE_PT ? &x->r.pt : &x->r.ct;
  const uint8_t *from = NULL;
  size_t bytes = 0;
  if (!pool(x, text, len, &from, &bytes, "text")) return false;
  if (*n == 0) {
    *at = from;
  } else if (*at + *n != from) {
    return fail(x, "text in two places");
  }
  *n += bytes;
  return true;
}

static bool core_line(reader_t *x, const char *text, size_t len) {
  static const char *const known[] = {"KeyAddition", "Substitution", "ShiftRow", "MixColumn", "InvMixColumn",
                                      "InvSubstitution", "InvShiftRow", "Round = ", "Block Cipher Modes",
                                      "Electronic Codebook", "-", "=", "*"};
  if (begins(text, len, "ECB-AES")) {
    if (!rsp_end(x)) return false;
    if (len < 10 || memchr(text, '(', len) == NULL) return fail(x, "not a title ECB-AES<bits> (Encryption|Decryption)");
    x->decrypt = find(text, len, "Decryption") != NULL;
    rsp_begin(x);
    x->pt_len = x->ct_len = 0;
    x->any_section = true;
    x->part = CORE_SKIP;
    return true;
  }
  // What stands before the first title is the common preface; its values are repeated in the sections.
  if (is(text, len, "Key is") || is(text, len, "Plaintext is") || is(text, len, "Ciphertext is")) {
    x->part = !x->any_section ? CORE_SKIP : text[0] == 'K' ? CORE_KEY : text[0] == 'P' ? CORE_PT : CORE_CT;
    x->has_pt |= x->part == CORE_PT;
    x->has_ct |= x->part == CORE_CT;
    x->r.has_k2 = false;
    return true;
  }
  for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
    if (begins(text, len, known[i])) {
      x->part = CORE_SKIP;
      return true;
    }
  }
  if (nibble(text[0]) < 0) return fail(x, "not a line of a NIST example file");
  if (x->part == CORE_PT || x->part == CORE_CT) return core_words(x, text, len);
  if (x->part == CORE_KEY) {
    // a key of 256 bits stands in two lines
    uint8_t k[32];
    const long n = hex(text, len, true, k, sizeof(k));
    const size_t have = x->has_key ? x->r.key_bits / 8 : 0;
    if (n <= 0 || have + (size_t)n > 32) return fail(x, "Key: not a key of 128, 192 or 256 bits");
    memcpy(x->r.k1 + have, k, (size_t)n);
    x->r.key_bits = (uint32_t)(8 * (have + (size_t)n));
    x->has_key = true;
    return true;
  }
  // Elsewhere: intermediate values that the page broke off their names.
  uint8_t any[16];
  return hex(text, len, true, any, sizeof(any)) > 0 || fail(x, "not a line of a NIST example file");
}

// ---- all formats ---------------------------------------------------------------------------------------------------------

static void comment(reader_t *x, const char *text, size_t len) {
  if (find(text, len, "MCT") != NULL || find(text, len, "Monte Carlo") != NULL) x->mct = true;
  const char *kt = find(text, len, "KT=");
  if (kt != NULL && !x->f->has_kt) {
    const size_t left = len - (size_t)(kt + 3 - text);
    x->f->has_kt = left >= 32 && hex(kt + 3, 32, false, x->f->kt, 16) == 16;
  }
}

static bool choose(reader_t *x, const char *text, size_t len) {
  x->f->kind = VEC_ECB;
  if (begins(text, len, "mode=")) {
    x->format = FMT_PROJECT;
    x->f->kind = VEC_PROJECT;
  } else if (begins(text, len, "name=")) {
    x->format = FMT_IEEE;
    x->f->kind = VEC_XTS;
  } else if (begins(text, len, "i=")) {
    x->format = FMT_TABLE;
    x->f->kind = VEC_TABLE;
  } else if (begins(text, len, "[") || begins(text, len, "COUNT") || begins(text, len, "KEY") || begins(text, len, "Key")) {
    x->format = FMT_RSP;
  } else if (begins(text, len, "Block Cipher Modes") || begins(text, len, "ECB-AES")) {
    x->format = FMT_CORE;
  } else {
    return fail(x, "not a vector file of a known format");
  }
  return true;
}

static bool one_line(reader_t *x, const char *text, size_t len) {
  while (len > 0 && (text[len - 1] == ' ' || text[len - 1] == '\t')) len--;
  if (memchr(text, '\0', len) != NULL) return fail(x, "not a text file");
  if (len > LINE_MAX_BYTES) return fail(x, "line too long");
  // An empty line ends nothing: some files have one inside a record. COUNT and the sections do.
  if (len == 0) return true;
  if (text[0] == '#') {
    comment(x, text, len);
    return true;
  }
  if (x->format == FMT_CORE && begins(text, len, "--")) return true;
  if (x->format == FMT_NONE && begins(text, len, "--")) return true;
  if (x->format == FMT_NONE && !choose(x, text, len)) return false;
  switch (x->format) {
    case FMT_PROJECT:
      return project_line(x, text, len);
    case FMT_IEEE:
      return ieee_line(x, text, len);
    case FMT_TABLE:
      return table_line(x, text, len);
    case FMT_CORE:
      return core_line(x, text, len);
    case FMT_RSP:
    case FMT_NONE:
    default:
      return rsp_line(x, text, len);
  }
}

static bool whole(reader_t *x, const char *text, size_t len) {
  for (size_t at = 0; at < len;) {
    const char *end = memchr(text + at, '\n', len - at);
    size_t n = end != NULL ? (size_t)(end - (text + at)) : len - at;
    const size_t step = n + 1;
    if (n > 0 && text[at + n - 1] == '\r') n--;
    x->line++;
    if (!one_line(x, text + at, n)) return false;
    at += step;
  }
  if ((x->format == FMT_RSP || x->format == FMT_CORE) && !rsp_end(x)) return false;
  if (x->format == FMT_TABLE && x->table_seen != (((uint64_t)1 << 52) - 16)) {
    return fail(x, "table without all of i = 4..51");
  }
  if (x->format == FMT_NONE || (x->format != FMT_TABLE && x->f->n == 0)) return fail(x, "no record in this file");
  return true;
}

bool vecfile_parse(vec_file_t *f, const char *name, const char *text, size_t len, char err[VECFILE_ERR_LEN]) {
  memset(f, 0, sizeof(*f));
  const size_t name_len = strlen(name);
  f->name = log_alloc(name_len + 1);
  memcpy(f->name, name, name_len);
  f->bytes = log_alloc(len + 1);
  reader_t x = {.f = f, .err = err, .mct = strstr(name, "MCT") != NULL};
  if (whole(&x, text, len)) return true;
  vecfile_free(f);
  return false;
}

char *vecfile_load(const char *path, size_t *size, char err[VECFILE_ERR_LEN]) {
  uint8_t *data;
  char why[FILE_ERR_LEN];
  if (!file_read(path, FILE_MAX + 1, &data, size, NULL, why)) {
    snprintf(err, VECFILE_ERR_LEN, "error: %.480s", why);
    return NULL;
  }
  if (*size <= FILE_MAX) return (char *)data;
  snprintf(err, VECFILE_ERR_LEN, "%.300s: error: larger than 64 MiB", path);
  free(data);
  return NULL;
}

bool vecfile_read(vec_file_t *f, const char *path, char err[VECFILE_ERR_LEN]) {
  size_t len;
  memset(f, 0, sizeof(*f));
  char *text = vecfile_load(path, &len, err);
  if (text == NULL) return false;
  const bool ok = vecfile_parse(f, path, text, len, err);
  free(text);
  return ok;
}

void vecfile_free(vec_file_t *f) {
  free(f->name);
  free(f->record);
  free(f->bytes);
  memset(f, 0, sizeof(*f));
}
