// SPDX-License-Identifier: Apache-2.0
//
// fuzz_vectors.c - the reader of known-answer files takes any bytes
#include "core/vecfile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  vec_file_t f;
  char err[VECFILE_ERR_LEN];
  if (vecfile_parse(&f, "fuzz.rsp", (const char *)data, size, err)) {
    // every byte of every record is there
    volatile uint8_t sum = 0;
    for (size_t i = 0; i < f.n; i++) {
      for (size_t k = 0; k < f.record[i].len; k++) sum = (uint8_t)(sum ^ f.record[i].pt[k] ^ f.record[i].ct[k]);
    }
    vecfile_free(&f);
  }
  return 0;
}
