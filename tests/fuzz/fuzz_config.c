// SPDX-License-Identifier: Apache-2.0
//
// fuzz_config.c - the list of configurations: first line the name that is looked up, then the list
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/engine.h"
#include "fuzz_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static fuzz_file_t list = {.fd = -1};
  static bool ready;
  char name[64];
  char err[TB_ERR_LEN];
  const uint8_t *end = memchr(data, '\n', size);
  const size_t len = end != NULL ? (size_t)(end - data) : size;
  snprintf(name, sizeof(name), "%.*s", (int)(len < 63 ? len : 63), (const char *)data);
  fuzz_file(&list, end != NULL ? end + 1 : data, end != NULL ? size - len - 1 : 0);
  if (!ready) {
    // a root of its own, in which the list is the file above
    char root[64] = "build/fuzz/root-XXXXXX", path[128];
    if (mkdtemp(root) == NULL) abort();
    snprintf(path, sizeof(path), "%s/sim", root);
    if (mkdir(path, 0777) != 0) abort();
    snprintf(path, sizeof(path), "%s/sim/configs.list", root);
    if (symlink(list.path, path) != 0 || setenv("CBIT_ROOT", root, 1) != 0) abort();
    ready = true;
  }
  cbit_cyc_cfg_t cfg;
  (void)engine_config_find(name, &cfg, err);
  return 0;
}
