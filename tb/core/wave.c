// SPDX-License-Identifier: Apache-2.0
//
// wave.c - names of wave files and the GTKWave save file beside them (wave.h)
//
// Time in the wave: cycle c begins with the rising edge at 10 * c.
#include "core/wave.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/args.h"

bool wave_window_parse(const char *text, uint64_t *from, uint64_t *to, char err[TB_ERR_LEN]) {
  char left[32];
  const char *colon = strchr(text, ':');
  if (colon != NULL && (size_t)(colon - text) < sizeof(left)) {
    snprintf(left, sizeof(left), "%.*s", (int)(colon - text), text);
    if (args_number(left, from) && args_number(colon + 1, to) && *from <= *to) return true;
  }
  snprintf(err, TB_ERR_LEN, "'%s' is not a window of cycles FROM:TO", text);
  return false;
}

static bool make_folders(const char *path, char err[TB_ERR_LEN]) {
  char part[PATH_MAX];
  snprintf(part, sizeof(part), "%s", path);
  for (char *p = part + 1; *p != '\0'; p++) {
    if (*p != '/') continue;
    *p = '\0';
    if (mkdir(part, 0777) != 0 && errno != EEXIST) {
      snprintf(err, TB_ERR_LEN, "cannot make folder %.400s: %s", part, strerror(errno));
      return false;
    }
    *p = '/';
  }
  return true;
}

bool wave_file_name(char *buf, size_t size, const engine_opt_t *opt, char err[TB_ERR_LEN]) {
  if (opt->wave_file != NULL) {
    snprintf(buf, size, "%s", opt->wave_file);
  } else {
    snprintf(buf, size, "build/waves/%s-%llu.fst", opt->config != NULL ? opt->config : "default",
             (unsigned long long)opt->wave_from);
  }
  return make_folders(buf, err);
}

// Placeholders of the template: widths that depend on the configuration, as the left bound of a range.
static bool placeholder(const char *name, size_t len, const cbit_cyc_cfg_t *cfg, unsigned *value) {
  const struct {
    const char *name;
    unsigned value;
  } known[] = {{"ID", cfg->id_width - 1},         {"MID", cfg->id_width},
               {"DATA", 128 * cfg->lanes - 1},    {"STRB", 16 * cfg->lanes - 1}};
  for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
    if (strlen(known[i].name) == len && strncmp(known[i].name, name, len) == 0) {
      *value = known[i].value;
      return true;
    }
  }
  return false;
}

bool wave_save_file(const char *fst, const cbit_cyc_cfg_t *cfg, uint64_t from, uint64_t to, char err[TB_ERR_LEN]) {
  char path[PATH_MAX];
  char real[PATH_MAX];
  char line[512];
  engine_project_path(path, sizeof(path), "sim/gtkw/cbit_top_flat.gtkw");
  FILE *in = fopen(path, "r");
  if (in == NULL) {
    snprintf(err, TB_ERR_LEN, "cannot read %.400s", path);
    return false;
  }
  const char *dot = strrchr(fst, '.');
  snprintf(path, sizeof(path), "%.*s.gtkw", (int)(dot != NULL ? dot - fst : (long)strlen(fst)), fst);
  FILE *out = fopen(path, "w");
  if (out == NULL) {
    snprintf(err, TB_ERR_LEN, "cannot write %.400s", path);
    fclose(in);
    return false;
  }
  fprintf(out, "[dumpfile] \"%s\"\n[savefile] \"%s\"\n", realpath(fst, real) != NULL ? real : fst, path);
  fprintf(out, "[timestart] %llu\n[size] 1600 1000\n[pos] 0 0\n", (unsigned long long)(10 * from));
  // Zoom z: 2^z pixels per time unit; about 1200 pixels for the window, at most 120 cycles of it.
  const uint64_t span = to - from + 1;
  int zoom = 0;
  while (zoom < 6 && (1200u >> (zoom + 1)) > 10 * span) zoom++;
  fprintf(out, "*%d.000000 %llu\n[signals_width] 260\n", zoom, (unsigned long long)(10 * to));
  while (fgets(line, sizeof(line), in) != NULL) {
    if (line[0] == '#') continue;
    for (const char *p = line; *p != '\0';) {
      const char *close = *p == '{' ? strchr(p, '}') : NULL;
      unsigned value = 0;
      if (close != NULL && placeholder(p + 1, (size_t)(close - p - 1), cfg, &value)) {
        fprintf(out, "%u", value);
        p = close + 1;
      } else {
        fputc(*p++, out);
      }
    }
  }
  fclose(in);
  if (fclose(out) != 0) {
    snprintf(err, TB_ERR_LEN, "cannot write %.400s", path);
    return false;
  }
  return true;
}
