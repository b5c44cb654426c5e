// SPDX-License-Identifier: Apache-2.0
//
// fuzz_rmpvec.c - the reader of RMP known answers takes any bytes, and the model takes every record that it lets through
#include "chk/vec_rmp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  rmpvec_file_t f;
  char err[RMPVEC_ERR_LEN];
  (void)rmpvec_is((const char *)data, size);
  if (!rmpvec_parse(&f, "fuzz.txt", (const char *)data, size, err)) return 0;
  vec_rmp_t *rig = vec_rmp_open();
  volatile unsigned passed = 0;
  for (size_t i = 0; i < f.n; i++) passed = passed + (vec_rmp_check(rig, &f, i).verdict == VEC_PASS);
  vec_rmp_close(rig);
  rmpvec_free(&f);
  return 0;
}
