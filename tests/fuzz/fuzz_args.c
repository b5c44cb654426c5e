// SPDX-License-Identifier: Apache-2.0
//
// fuzz_args.c - the command line of the program: one word a line
#include <stdlib.h>
#include <string.h>

#include "core/args.h"
#include "core/bench.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  bench_opt_t bench;
  memset(&bench, 0, sizeof(bench));
  uint64_t big = 0;
  uint32_t small = 0;
  bool flag = false;
  const arg_option_t options[] = {BENCH_ARGS(&bench),
                                  {"cycles", ARG_U64, &big, "N", "a number", NULL},
                                  {"jobs", ARG_U32, &small, "N", "a small number", NULL},
                                  {"quiet", ARG_FLAG, &flag, NULL, "a flag", NULL},
                                  {NULL, ARG_FLAG, NULL, NULL, NULL, NULL}};
  const arg_table_t table = {"fuzz [options] FILE...", "Nothing.", options, 0, 4};
  char *text = malloc(size + 1);
  if (text == NULL) return 0;
  memcpy(text, data, size);
  text[size] = '\0';
  char *argv[34] = {text};
  char name[] = "fuzz";
  int argc = 1;
  char *save = NULL;
  argv[0] = name;
  for (char *w = strtok_r(text, "\n", &save); w != NULL && argc < 33; w = strtok_r(NULL, "\n", &save)) argv[argc++] = w;
  uint32_t operands = 0;
  if (args_parse(&table, argc, argv, &operands) == ARGS_OK && operands > 4) abort();
  uint64_t value = 0;
  (void)args_number(argc > 1 ? argv[1] : "", &value);
  free(text);
  return 0;
}
