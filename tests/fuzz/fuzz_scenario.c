// SPDX-License-Identifier: Apache-2.0
//
// fuzz_scenario.c - the scenario parser takes any bytes: it either gives steps or errors with places
#include "core/scenario.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static FILE *nowhere;
  if (nowhere == NULL) nowhere = fopen("/dev/null", "w");
  (void)scenario_parse_buffer("fuzz.scn", (const char *)data, size, nowhere);
  return 0;
}
