// SPDX-License-Identifier: Apache-2.0
//
// vecfile.h - reads files of known answers into records
//
// Formats, told apart by their first line that is neither empty nor a comment (tests/vectors/README.md names the sources):
//
//   project  mode= ks= tset= slot= pa= k1= k2= ctr= pt= ct=       one record a line, modes 0..5
//   table    i= t=                                                constants of the linear tweak, KT in the first comment
//   ieee     name= key1= key2= dun= pt= ct=                       IEEE Std 1619, dun is a hexadecimal number
//   rsp      [ENCRYPT], COUNT = , KEY = , PLAINTEXT = , ...       NIST CAVP, ECB (known answers, multi-block, Monte Carlo)
//   rsp      [ENCRYPT], COUNT = , DataUnitLen = , Key = , i = ... NIST CAVP, XTS; also with DataUnitSeqNumber
//   core     ECB-AES128 (Encryption), Key is, Plaintext is, ...   NIST examples of FIPS 197 with intermediate values
//
// Lines may end in CR LF. Byte strings: the first two hexadecimal digits are byte 0. Any other line is an error, told as
// "file:line: what". Plain parsing: no engine, no cipher.
#ifndef TB_VECFILE_H
#define TB_VECFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cbit.h"

#define VECFILE_ERR_LEN 512u
#define VECFILE_TSET_LEN 16u

typedef enum vec_kind {
  VEC_PROJECT = 0,  // line of memory: mode, key, address
  VEC_ECB = 1,      // blocks under one key, no tweak
  VEC_MCT = 2,      // the same, 1000 chained steps from pt to ct (decrypt: from ct to pt)
  VEC_XTS = 3,      // a data unit and its tweak value
  VEC_TABLE = 4     // no records: vec_file_t.table
} vec_kind_t;

typedef struct vec_record {
  uint32_t line;      // where it begins
  bool decrypt;       // of a [DECRYPT] section: the answer is pt
  uint32_t count;     // COUNT of its section (MCT: outer iteration), else 0
  uint32_t key_bits;  // of each key: 128, 192 or 256
  uint8_t k1[32];
  uint8_t k2[32];
  bool has_k2;
  uint8_t mode;                 // PROJECT
  uint16_t slot;                // PROJECT
  uint64_t pa;                  // PROJECT
  char tset[VECFILE_TSET_LEN];  // PROJECT: kind of the table, "-" for none
  uint8_t tweak[16];            // XTS
  uint32_t bits;                // XTS: length of the data unit in bits (8 * len or less)
  const uint8_t *pt;
  const uint8_t *ct;
  size_t len;  // bytes of pt and of ct
} vec_record_t;

typedef struct vec_file {
  char *name;
  vec_kind_t kind;
  vec_record_t *record;
  size_t n;
  cbit_tweak_table_t table;  // TABLE
  bool has_kt;
  uint8_t kt[16];
  uint8_t *bytes;  // what pt and ct point into
} vec_file_t;

// Reads a file. False: one line in err ("file:line: what" or why it cannot be read), nothing to free.
bool vecfile_read(vec_file_t *f, const char *path, char err[VECFILE_ERR_LEN]);
// The bytes of a file, to be freed. NULL: one line in err.
char *vecfile_load(const char *path, size_t *size, char err[VECFILE_ERR_LEN]);
// The same as vecfile_read() from memory; name is for messages.
bool vecfile_parse(vec_file_t *f, const char *name, const char *text, size_t len, char err[VECFILE_ERR_LEN]);
void vecfile_free(vec_file_t *f);
const char *vecfile_kind_name(vec_kind_t kind);

#endif  // TB_VECFILE_H
