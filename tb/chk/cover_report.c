// SPDX-License-Identifier: Apache-2.0
//
// cover_report.c - coverage files, merging, and the report as text and HTML
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "chk/cover_int.h"

bool cover_write(const cover_t *c, const char *path, char err[TB_ERR_LEN]) {
  FILE *f = fopen(path, "w");
  if (f == NULL) {
    snprintf(err, TB_ERR_LEN, "cannot write coverage to %.300s: %s", path, strerror(errno));
    return false;
  }
  fprintf(f, "cbit-cover 1\n");
  for (uint32_t p = 0; p < COVER_POINTS; p++) {
    for (uint32_t i = 0; i < cover_bins(&cover_points[p]); i++) {
      char name[160];
      if (c->count[p][i] == 0) continue;
      cover_bin_name(&cover_points[p], i, name, sizeof(name));
      fprintf(f, "%s\t%s\t%" PRIu64 "\n", cover_points[p].name, name, c->count[p][i]);
    }
  }
  if (fclose(f) != 0) {
    snprintf(err, TB_ERR_LEN, "cannot write coverage to %.300s", path);
    return false;
  }
  return true;
}

static bool add(cover_t *c, const char *point, const char *bin, uint64_t count) {
  for (uint32_t p = 0; p < COVER_POINTS; p++) {
    if (strcmp(cover_points[p].name, point) != 0) continue;
    for (uint32_t i = 0; i < cover_bins(&cover_points[p]); i++) {
      char name[160];
      cover_bin_name(&cover_points[p], i, name, sizeof(name));
      if (strcmp(name, bin) != 0) continue;
      c->count[p][i] += count;
      return true;
    }
  }
  return false;
}

bool cover_read(cover_t *c, const char *path, char err[TB_ERR_LEN]) {
  char line[512];
  FILE *f = fopen(path, "r");
  if (f == NULL) {
    snprintf(err, TB_ERR_LEN, "cannot read %.300s: %s", path, strerror(errno));
    return false;
  }
  bool good = true;
  for (uint32_t n = 1; good && fgets(line, sizeof(line), f) != NULL; n++) {
    line[strcspn(line, "\r\n")] = '\0';
    if (n == 1) {
      good = strcmp(line, "cbit-cover 1") == 0;
    } else {
      char *save = NULL;
      const char *point = strtok_r(line, "\t", &save);
      const char *bin = strtok_r(NULL, "\t", &save);
      const char *count = strtok_r(NULL, "\t", &save);
      char *end = NULL;
      const uint64_t v = count != NULL ? strtoull(count, &end, 10) : 0;
      good = count != NULL && end != count && *end == '\0' && add(c, point, bin, v);
    }
    if (!good) snprintf(err, TB_ERR_LEN, "%.300s:%u: not a line of a coverage file of this program", path, n);
  }
  fclose(f);
  return good;
}

typedef struct sum {
  uint32_t bins, hit, unreachable, wrong;  // wrong: said to be unreachable, and hit
} sum_t;

static sum_t sum_of(const cover_t *c, uint32_t p) {
  sum_t s = {0};
  for (uint32_t i = 0; i < cover_bins(&cover_points[p]); i++) {
    const bool reached = c->count[p][i] != 0;
    if (cover_unreachable((cover_id_t)p, i) != NULL) {
      s.unreachable++;
      s.wrong += reached;
    } else {
      s.bins++;
      s.hit += reached;
    }
  }
  return s;
}

static sum_t total_of(const cover_t *c) {
  sum_t t = {0};
  for (uint32_t p = 0; p < COVER_POINTS; p++) {
    const sum_t s = sum_of(c, p);
    t.bins += s.bins;
    t.hit += s.hit;
    t.unreachable += s.unreachable;
    t.wrong += s.wrong;
  }
  return t;
}

static double percent(const sum_t *s) { return s->bins == 0 ? 100.0 : 100.0 * s->hit / s->bins; }

double cover_percent(const cover_t *c) {
  const sum_t t = total_of(c);
  return percent(&t);
}

void cover_report_text(const cover_t *c, FILE *to, bool missing_only) {
  char name[160];
  for (uint32_t p = 0; p < COVER_POINTS; p++) {
    const cover_point_t *point = &cover_points[p];
    const sum_t s = sum_of(c, p);
    if (missing_only && s.hit == s.bins && s.wrong == 0) continue;
    fprintf(to, "%-16s %4u of %4u  %5.1f %%   %s\n", point->name, s.hit, s.bins, percent(&s), point->about);
    for (uint32_t i = 0; i < cover_bins(point); i++) {
      const char *why = cover_unreachable((cover_id_t)p, i);
      cover_bin_name(point, i, name, sizeof(name));
      if (why != NULL && c->count[p][i] != 0) fprintf(to, "    listed as unreachable, but hit: %s (%s)\n", name, why);
      if (missing_only && why == NULL && c->count[p][i] == 0) fprintf(to, "    not hit: %s\n", name);
    }
  }
  const sum_t t = total_of(c);
  fprintf(to, "%-16s %4u of %4u  %5.1f %%   (%u bins cannot happen)\n", "all", t.hit, t.bins, percent(&t),
          t.unreachable);
}

bool cover_report_html(const cover_t *c, const char *path, char err[TB_ERR_LEN]) {
  char name[160];
  FILE *f = fopen(path, "w");
  if (f == NULL) {
    snprintf(err, TB_ERR_LEN, "cannot write %.300s: %s", path, strerror(errno));
    return false;
  }
  const sum_t t = total_of(c);
  fprintf(f,
          "<!doctype html><meta charset=\"utf-8\"><title>cbit functional coverage</title><style>"
          "body{font:15px sans-serif;margin:2em auto;max-width:60em}table{border-collapse:collapse;margin:.5em 0}"
          "td,th{padding:2px 10px;text-align:left;border-bottom:1px solid #ddd}td.n{text-align:right}"
          ".hit{background:#dff2df}.miss{background:#f7d6d6}.never{color:#888}summary{cursor:pointer}</style>"
          "<h1>Functional coverage</h1><p>%u of %u bins hit, %.1f %%; %u bins cannot happen and are listed with their "
          "reason.</p>\n",
          t.hit, t.bins, percent(&t), t.unreachable);
  for (uint32_t p = 0; p < COVER_POINTS; p++) {
    const cover_point_t *point = &cover_points[p];
    const sum_t s = sum_of(c, p);
    fprintf(f, "<details%s><summary><b>%s</b> %u of %u (%.1f %%): %s</summary><table><tr><th>bin<th>count\n",
            s.hit == s.bins ? "" : " open", point->name, s.hit, s.bins, percent(&s), point->about);
    for (uint32_t i = 0; i < cover_bins(point); i++) {
      const char *why = cover_unreachable((cover_id_t)p, i);
      cover_bin_name(point, i, name, sizeof(name));
      if (why != NULL) {
        fprintf(f, "<tr class=\"never\"><td>%s<td>%s\n", name, why);
      } else {
        fprintf(f, "<tr class=\"%s\"><td>%s<td class=\"n\">%" PRIu64 "\n", c->count[p][i] != 0 ? "hit" : "miss", name,
                c->count[p][i]);
      }
    }
    fprintf(f, "</table></details>\n");
  }
  if (fclose(f) != 0) {
    snprintf(err, TB_ERR_LEN, "cannot write %.300s", path);
    return false;
  }
  return true;
}
