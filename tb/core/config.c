// SPDX-License-Identifier: Apache-2.0
//
// config.c - reads sim/configs.list and finds files of the project
#include "core/config.h"

#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "core/engine.h"

#define CONFIG_LINE 1024u

char *engine_project_path(char *buf, size_t size, const char *relative) {
  const char *root = getenv("CBIT_ROOT");
  if (root != NULL && root[0] != '\0') {
    snprintf(buf, size, "%s/%s", root, relative);
    return buf;
  }
  if (access("sim/configs.list", R_OK) == 0) {
    snprintf(buf, size, "%s", relative);
    return buf;
  }
  char exe[PATH_MAX];
  const ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
  if (n > 0) {
    exe[n] = '\0';
    for (int up = 0; up < 2; up++) {  // the program lies one folder below the top
      char *slash = strrchr(exe, '/');
      if (slash != NULL) *slash = '\0';
    }
    char probe[PATH_MAX + 32];
    snprintf(probe, sizeof(probe), "%s/sim/configs.list", exe);
    if (access(probe, R_OK) == 0) {
      snprintf(buf, size, "%s/%s", exe, relative);
      return buf;
    }
  }
  snprintf(buf, size, "%s", relative);
  return buf;
}

bool engine_config_each(void (*visit)(void *arg, const char *name, const char *set, const char *params), void *arg,
                        char err[TB_ERR_LEN]) {
  char path[PATH_MAX];
  engine_project_path(path, sizeof(path), "sim/configs.list");
  FILE *f = fopen(path, "r");
  if (f == NULL) {
    snprintf(err, TB_ERR_LEN, "cannot read %.400s (run from the top of the project, or set CBIT_ROOT)", path);
    return false;
  }
  char line[CONFIG_LINE];
  while (fgets(line, sizeof(line), f) != NULL) {
    line[strcspn(line, "\r\n")] = '\0';
    if (line[0] == '#') continue;
    char *save = NULL;
    const char *name = strtok_r(line, " \t", &save);
    const char *set = name != NULL ? strtok_r(NULL, " \t", &save) : NULL;
    if (set == NULL) continue;
    visit(arg, name, set, save != NULL ? save : "");
  }
  fclose(f);
  return true;
}

typedef struct find {
  const char *name;
  cbit_cyc_cfg_t *cfg;
  bool found;
  char bad[64];
  char known[400];
} find_t;

static void find_visit(void *arg, const char *name, const char *set, const char *params) {
  find_t *f = arg;
  (void)set;
  const size_t len = strlen(f->known);
  snprintf(f->known + len, sizeof(f->known) - len, "%s%s", len > 0 ? ", " : "", name);
  if (f->found || strcmp(name, f->name) != 0) return;
  f->found = true;
  const char *bad = config_parse(f->cfg, params);
  if (bad != NULL) snprintf(f->bad, sizeof(f->bad), "%.*s", (int)strcspn(bad, " \t"), bad);
}

bool engine_config_find(const char *name, cbit_cyc_cfg_t *cfg, char err[TB_ERR_LEN]) {
  find_t f = {.name = name != NULL ? name : "default", .cfg = cfg};
  if (!engine_config_each(find_visit, &f, err)) return false;
  if (!f.found) {
    snprintf(err, TB_ERR_LEN, "no configuration '%s' in sim/configs.list (it has %s)", f.name, f.known);
    return false;
  }
  if (f.bad[0] != '\0') {
    snprintf(err, TB_ERR_LEN, "sim/configs.list, configuration %s: cannot use '%s'", f.name, f.bad);
    return false;
  }
  return true;
}
