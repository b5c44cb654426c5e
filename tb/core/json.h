// SPDX-License-Identifier: Apache-2.0
//
// json.h - a small JSON writer: no tree, no allocation, commas and indentation kept right
#ifndef TB_JSON_H
#define TB_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define JSON_DEPTH 16u

struct json;  // so that other headers can name it
typedef struct json {
  FILE *to;
  uint32_t depth;
  bool any[JSON_DEPTH];   // a member was written at this depth
  char close[JSON_DEPTH];
} json_t;

void json_begin(json_t *j, FILE *to);  // opens the outermost object
void json_end(json_t *j);              // closes what is open, ends the line
// key = NULL inside an array.
void json_object(json_t *j, const char *key);
void json_array(json_t *j, const char *key);
void json_close(json_t *j);            // the innermost object or array
void json_text(json_t *j, const char *key, const char *value);
void json_u64(json_t *j, const char *key, uint64_t value);
void json_i64(json_t *j, const char *key, int64_t value);
void json_real(json_t *j, const char *key, double value);
void json_bool(json_t *j, const char *key, bool value);
void json_hex(json_t *j, const char *key, const uint8_t *bytes, size_t len);

#endif  // TB_JSON_H
