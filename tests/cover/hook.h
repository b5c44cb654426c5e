// SPDX-License-Identifier: Apache-2.0
//
// hook.h - put in front of the shim of a build with coverage (-include): every engine writes its counts when it is freed
//
// To $CBIT_COVERAGE-<process>-<n>.dat; nothing without that variable.
#ifndef CBIT_COVER_HOOK_H
#define CBIT_COVER_HOOK_H

#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "dut.h"

extern "C" void dut_free_plain(dut_t *d);
extern "C" void dut_free(dut_t *d) {
  static int n = 0;
  const char *name = std::getenv("CBIT_COVERAGE");
  if (d != nullptr && name != nullptr) {
    char path[512];
    std::snprintf(path, sizeof(path), "%s-%ld-%d.dat", name, static_cast<long>(getpid()), n++);
    (void)dut_coverage_write(d, path);
  }
  dut_free_plain(d);
}
#define dut_free dut_free_plain

#endif  // CBIT_COVER_HOOK_H
