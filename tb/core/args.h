// SPDX-License-Identifier: Apache-2.0
//
// args.h - command line options from a table
//
// Options are --name VALUE or --name=VALUE, flags --name. "--" ends options. Errors name the option. Numbers: decimal,
// 0x hexadecimal, and the suffixes k, M, G (powers of 1000) or Ki, Mi, Gi.
#ifndef TB_ARGS_H
#define TB_ARGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum arg_kind {
  ARG_FLAG,  // bool: set to true
  ARG_TEXT,  // const char *
  ARG_U64,   // uint64_t
  ARG_U32,   // uint32_t
  ARG_CALL   // parse(to, value, err): returns false with a text in err (512 bytes)
} arg_kind_t;

typedef struct arg_option {
  const char *name;  // without the dashes; NULL ends the table
  arg_kind_t kind;
  void *to;
  const char *value_name;  // NULL for flags
  const char *help;
  bool (*parse)(void *to, const char *value, char *err);
} arg_option_t;

typedef struct arg_table {
  const char *usage;          // "random [options]"
  const char *about;          // one line
  const arg_option_t *options;
  uint32_t operands_min;
  uint32_t operands_max;      // UINT32_MAX = any number
} arg_table_t;

typedef enum arg_result { ARGS_OK = 0, ARGS_HELP = 1, ARGS_ERROR = 2 } arg_result_t;

// Parses argv[1..]. Operands are moved to the front of argv[1..]; *operands = their number. Prints help (stdout) or the
// error (stderr) itself: the caller returns 0 for ARGS_HELP and 2 for ARGS_ERROR.
arg_result_t args_parse(const arg_table_t *table, int argc, char **argv, uint32_t *operands);
bool args_number(const char *text, uint64_t *value);

#endif  // TB_ARGS_H
