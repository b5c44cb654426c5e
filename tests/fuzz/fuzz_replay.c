// SPDX-License-Identifier: Apache-2.0
//
// fuzz_replay.c - the reader of recorded runs (cbit random --replay) takes any bytes; what it takes it can write and read again
#include <stdlib.h>

#include "fuzz_file.h"
#include "gen/act.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static fuzz_file_t in = {.fd = -1}, out = {.fd = -1};
  char err[TB_ERR_LEN];
  act_list_t list = {0};
  if (act_list_read(&list, fuzz_file(&in, data, size), err)) {
    act_list_t again = {0};
    if (!act_list_write(&list, fuzz_file(&out, NULL, 0), "fuzz", err)) abort();
    if (!act_list_read(&again, out.path, err)) abort();
    if (again.n != list.n || again.cycles != list.cycles || again.seed != list.seed) abort();
    act_list_clear(&again);
  }
  act_list_clear(&list);
  return 0;
}
