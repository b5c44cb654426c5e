// SPDX-License-Identifier: Apache-2.0
//
// attack_html.c - the cells as one page without anything from outside (attack.h)
#include "chk/attack.h"

static const char head[] =
    "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>cbit attack</title>\n<style>\n"
    "body{font:14px/1.4 sans-serif;margin:2em;max-width:78em}table{border-collapse:collapse;margin:1em 0}\n"
    "th,td{border:1px solid #bbb;padding:.25em .5em;text-align:left;vertical-align:top}th{background:#eee}\n"
    ".stopped{background:#d8f0d8}.noise{background:#fff3c4}.succeeds{background:#f8d4d0}\n"
    ".FAILED,.differs{background:#c00;color:#fff}small{color:#444}\n</style></head><body>\n";

static void text(FILE *f, const char *t) {
  for (; *t != '\0'; t++) {
    if (*t == '<') fputs("&lt;", f);
    else if (*t == '>') fputs("&gt;", f);
    else if (*t == '&') fputs("&amp;", f);
    else if (*t == '"') fputs("&quot;", f);
    else fputc(*t, f);
  }
}

static void cell(FILE *f, const attack_case_t *c, const attack_cell_t *cell, bool with_by) {
  char by[512];
  char sight[512];
  attack_mechanism(cell, by, sizeof(by));
  attack_sight(cell, sight, sizeof(sight));
  fprintf(f, "<td class=\"%s\" title=\"", attack_differs(cell, c) ? "differs" : attack_word(cell));
  text(f, cell->failed ? cell->reason : sight);
  fputs("\">", f);
  text(f, attack_word(cell));
  if (!with_by || cell->failed) {
    fputs("</td>", f);
    return;
  }
  fputs("</td><td>", f);
  text(f, by);
  fputs("</td><td><small>", f);
  text(f, c->want.why);
  fputs("</small></td>", f);
}

static void matrix(const attack_run_t *r, FILE *f) {
  attack_case_t c;
  fputs("<table><tr><th>threat</th>", f);
  for (uint32_t p = 0; p < ATTACK_PROTS; p++) fprintf(f, "<th>%s</th>", attack_prot_name((attack_prot_t)p));
  fputs("<th>SEV-SNP: by</th></tr>\n", f);
  for (size_t i = 0; i < attack_threats_n; i++) {
    char by[512] = "";
    if (!r->chosen[i] || attack_threats[i].group != ATTACK_MATRIX) continue;
    fputs("<tr><td>", f);
    text(f, attack_threats[i].about);
    fputs("</td>", f);
    for (uint32_t p = 0; p < ATTACK_PROTS; p++) {
      if (attack_shown(r, i, p, &c)) cell(f, &c, &r->cell[i][p], false);
      else fputs("<td>-</td>", f);
    }
    if (attack_shown(r, i, ATTACK_SNP, &c)) attack_mechanism(&r->cell[i][ATTACK_SNP], by, sizeof(by));
    fputs("<td>", f);
    text(f, by);
    fputs("</td></tr>\n", f);
  }
  fputs("</table>\n", f);
}

static void list(const attack_run_t *r, attack_group_t g, FILE *f) {
  attack_case_t c;
  fputs("<table><tr><th>attack</th><th>system</th><th>outcome</th><th>by</th><th>why</th></tr>\n", f);
  for (size_t i = 0; i < attack_threats_n; i++) {
    const attack_threat_t *t = &attack_threats[i];
    for (uint32_t p = 0; p < ATTACK_CASES; p++) {
      if (t->group != g || !attack_shown(r, i, p, &c)) continue;
      fputs("<tr><td>", f);
      text(f, t->name);
      fputs(": ", f);
      text(f, t->about);
      fputs("<br><small>", f);
      text(f, t->source);
      fputs("</small></td><td>", f);
      text(f, c.system);
      fputs("</td>", f);
      cell(f, &c, &r->cell[i][p], true);
      fputs("</tr>\n", f);
    }
  }
  fputs("</table>\n", f);
}

bool attack_html(const attack_run_t *r, const char *path, char err[TB_ERR_LEN]) {
  FILE *f = attack_open(path, err);
  if (f == NULL) return false;
  uint32_t differing = 0;
  uint32_t failed = 0;
  const uint32_t n = attack_count(r, &differing, &failed);
  fputs(head, f);
  fputs("<h1>Threats against protections</h1>\n<p>Configuration ", f);
  text(f, r->config);
  fprintf(f, ", engine %s, seed 0x%llx: %u cells, %u as expected, %u differ, %u failed.</p>\n", r->engine,
          (unsigned long long)r->seed, n, n - differing - failed, differing, failed);
  fputs("<p><b>succeeds</b>: the attacker got plaintext, or the victim took what the attacker chose. <b>noise</b>: the attacker got "
        "ciphertext only, or the victim read noise without being told. <b>stopped</b>: no data and no change, or the victim got "
        "an error.</p>\n", f);
  matrix(r, f);
  fputs("<h2>By instructions</h2>\n", f);
  list(r, ATTACK_INSN, f);
  fputs("<h2>Published attacks</h2>\n", f);
  list(r, ATTACK_PUBLISHED, f);
  fputs("</body></html>\n", f);
  return attack_close(f, path, err);
}
