// SPDX-License-Identifier: Apache-2.0
//
// attack_report.c - the matrix and the cells as text and as JSON (attack.h)
#include <errno.h>
#include <string.h>

#include "chk/attack.h"
#include "core/json.h"
#include "core/log.h"
#include "util/file.h"

#define TEXT 512u  // characters of a mechanism or sight

static const char *const verdict_name[] = {"stopped", "noise", "succeeds"};
const char *const attack_group_name[ATTACK_GROUPS] = {"matrix", "instructions", "published"};
static const char *const group_title[ATTACK_GROUPS] = {
    "threats against protections", "SEV-SNP by instructions: nested tables in memory, RMPUPDATE, PVALIDATE",
    "published attacks, where they work and where they are stopped"};
// To the victim, and to the attacker.
static const char *const seen_name[] = {
    "-",     "its data",   "old data", "data of another page", "the attacker's data", "its data, one bit wrong",
    "zeros", "ciphertext", "noise",    "no word of the key"};
static const char *const got_name[] = {
    "-",     "plaintext",  "old plaintext", "other plaintext",   "its own data", "plaintext, one bit wrong",
    "zeros", "ciphertext", "noise",         "no word of the key"};

// What is not played, and what it would take.
static const struct {
  const char *what, *needs;
} not_run[] = {
    {"device behind an IOMMU with tables of the host", "IOMMU bench"},
    {"stale lines of a cache (AT-10), dropped or written back later", "caches"},
    {"attacks that only ciphertext hiding, a counter mode or a MAC stop, on the side where they are stopped (AT-08, 09, 12, "
     "13, 15, 16, 19, 24)", "those functions"},
    {"launch measurement (AT-07), rollback of firmware (TCB)", "AMD-SP firmware, attestation"},
    {"interrupt and exception injection (AT-17), CPUID, debug registers", "a processor that executes"},
    {"faults injected into the engine (AT-21)", "redundancy"},
    {"branch predictor, cache, page-level and counter side channels", "a processor that executes"},
};
#define NOT_RUN (sizeof(not_run) / sizeof(not_run[0]))

// ---- pieces -------------------------------------------------------------------------------------------------------

bool attack_shown(const attack_run_t *r, size_t i, uint32_t n, attack_case_t *c) {
  return r->chosen[i] && attack_case_of(&attack_threats[i], n, c) && r->cell[i][n].run;
}

const char *attack_word(const attack_cell_t *cell) { return cell->failed ? "FAILED" : verdict_name[cell->verdict]; }

bool attack_differs(const attack_cell_t *cell, const attack_case_t *c) {
  char by[TEXT];
  if (cell->failed) return false;
  attack_mechanism(cell, by, sizeof(by));
  return cell->verdict != c->want.verdict || (c->want.by != NULL && strstr(by, c->want.by) == NULL);
}

uint32_t attack_count(const attack_run_t *r, uint32_t *differing, uint32_t *failed) {
  uint32_t n = 0;
  attack_case_t c;
  *differing = *failed = 0;
  for (size_t i = 0; i < attack_threats_n; i++) {
    for (uint32_t p = 0; p < ATTACK_CASES; p++) {
      if (!attack_shown(r, i, p, &c)) continue;
      n++;
      *failed += r->cell[i][p].failed;
      *differing += attack_differs(&r->cell[i][p], &c);
    }
  }
  return n;
}

// Puts words behind others; with a comma between.
static void add(char *to, size_t size, const char *a, const char *b) {
  const size_t n = strlen(to);
  snprintf(to + n, size - n, "%s%s%s%s", n > 0 ? ", " : "", a, a[0] != '\0' && b[0] != '\0' ? " " : "", b);
}

// Who refused, what with, or both, of a play in C.
static void faults(const attack_cell_t *c, bool by, bool code, char *to, size_t size) {
  char who[96];
  char what[40];
  to[0] = '\0';
  for (uint32_t i = 0; i < c->faults; i++) {
    bench_fault_by(&c->fault[i], who, sizeof(who), what, sizeof(what));
    if (code && !by && what[0] == '\0') continue;
    add(to, size, by ? who : "", code ? what : "");
  }
}

void attack_mechanism(const attack_cell_t *c, char *to, size_t size) {
  char list[TEXT];
  if (c->from_scenario) {
    scn_outcome_by(&c->told, to, size);
    return;
  }
  faults(c, true, true, list, sizeof(list));
  const char *head = c->verdict == ATTACK_NOISE ? "encryption" : c->verdict == ATTACK_SUCCEEDS ? "nothing" : "";
  if (head[0] == '\0' && list[0] == '\0') head = c->by != NULL ? c->by : "no refusal";
  snprintf(to, size, "%s%s%s", head, head[0] != '\0' && list[0] != '\0' ? "; refused besides: " : "", list);
}

void attack_codes(const attack_cell_t *c, char *to, size_t size) {
  to[0] = '\0';
  if (!c->from_scenario) {
    faults(c, false, true, to, size);
    return;
  }
  for (uint32_t i = 0; i < c->told.refusals; i++) {
    if (c->told.refusal[i].fault[0] != '\0') add(to, size, "", c->told.refusal[i].fault);
  }
}

// Without codes; what stopped a cell, or the word for what did not.
static void stopped_by(const attack_cell_t *c, char *to, size_t size) {
  to[0] = '\0';
  if (c->verdict != ATTACK_STOPPED) snprintf(to, size, "%s", c->verdict == ATTACK_NOISE ? "encryption" : "nothing");
  else if (!c->from_scenario) faults(c, true, false, to, size);
  else {
    for (uint32_t i = 0; i < c->told.refusals; i++) add(to, size, c->told.refusal[i].by, "");
  }
  if (to[0] == '\0') snprintf(to, size, "%s", c->by != NULL ? c->by : "no refusal");
}

void attack_sight(const attack_cell_t *c, char *to, size_t size) {
  if (c->from_scenario) {
    snprintf(to, size, "%s", c->told.seen);
    return;
  }
  size_t n = (size_t)snprintf(to, size, "attacker got %s%s", got_name[c->attacker], c->attacker_error ? " + error" : "");
  if (c->taken + c->refused > 0 && n < size)
    n += (size_t)snprintf(to + n, size - n, ", writes taken %u, refused %u", c->taken, c->refused);
  if (n < size) snprintf(to + n, size - n, "; victim saw %s%s", seen_name[c->victim], c->victim_error ? " + error" : "");
}

// ---- text ---------------------------------------------------------------------------------------------------------

static void print_cell(const attack_threat_t *t, const attack_case_t *c, const attack_cell_t *cell, FILE *to) {
  char by[TEXT];
  char sight[TEXT];
  if (cell->failed) {
    fprintf(to, "  %-12s %-30s FAILED    %s\n", t->name, c->system, cell->reason);
    return;
  }
  attack_mechanism(cell, by, sizeof(by));
  attack_sight(cell, sight, sizeof(sight));
  fprintf(to, "  %-12s %-30s %-9s by %s; %s; at 0x%llx", t->name, c->system, attack_word(cell), by, sight,
          (unsigned long long)cell->addr);
  fprintf(to, "%s%s\n", cell->note[0] != '\0' ? "; " : "", cell->note);
}

static const char *word(const attack_run_t *r, size_t i, uint32_t p) {
  attack_case_t c;
  return attack_shown(r, i, p, &c) ? attack_word(&r->cell[i][p]) : "-";
}

static bool any(const attack_run_t *r, attack_group_t g) {
  for (size_t i = 0; i < attack_threats_n; i++) {
    if (r->chosen[i] && attack_threats[i].group == g) return true;
  }
  return false;
}

static void print_matrix(const attack_run_t *r, FILE *to) {
  fprintf(to, "%-56s %-9s %-9s %-9s %-9s %s\n", "threat", "plain", "SME", "SEV", "SEV-ES", "SEV-SNP");
  for (size_t i = 0; i < attack_threats_n; i++) {
    if (!r->chosen[i] || attack_threats[i].group != ATTACK_MATRIX) continue;
    fprintf(to, "%-56s %-9s %-9s %-9s %-9s %s\n", attack_threats[i].about, word(r, i, 0), word(r, i, 1), word(r, i, 2),
            word(r, i, 3), word(r, i, 4));
  }
}

static void print_list(const attack_run_t *r, attack_group_t g, FILE *to) {
  attack_case_t c;
  for (size_t i = 0; i < attack_threats_n; i++) {
    const attack_threat_t *t = &attack_threats[i];
    if (!r->chosen[i] || t->group != g) continue;
    fprintf(to, "%s: %s (%s)\n", t->name, t->about, t->source);
    for (uint32_t p = 0; p < ATTACK_CASES; p++) {
      char by[TEXT];
      if (!attack_shown(r, i, p, &c)) continue;
      attack_mechanism(&r->cell[i][p], by, sizeof(by));
      fprintf(to, "  %-32s %-9s by %s\n", c.system, attack_word(&r->cell[i][p]), r->cell[i][p].failed ? "-" : by);
    }
  }
}

static void print_differing(const attack_run_t *r, FILE *to) {
  attack_case_t c;
  for (size_t i = 0; i < attack_threats_n; i++) {
    for (uint32_t p = 0; p < ATTACK_CASES; p++) {
      char by[TEXT];
      if (!attack_shown(r, i, p, &c) || !attack_differs(&r->cell[i][p], &c)) continue;
      attack_mechanism(&r->cell[i][p], by, sizeof(by));
      fprintf(to, "\nDIFFERS %s, %s: observed %s by %s, expected %s", attack_threats[i].name, c.system,
              attack_word(&r->cell[i][p]), by, verdict_name[c.want.verdict]);
      fprintf(to, "%s%s (%s)\n", c.want.by != NULL ? " by " : "", c.want.by != NULL ? c.want.by : "", c.want.why);
    }
  }
}

void attack_print(const attack_run_t *r, FILE *to) {
  attack_case_t c;
  fprintf(to, "attack: configuration %s, engine %s, seed 0x%llx; every cell is a run of its own\n", r->config, r->engine,
          (unsigned long long)r->seed);
  for (uint32_t g = 0; g < ATTACK_GROUPS; g++) {
    if (!any(r, (attack_group_t)g)) continue;
    fprintf(to, "\n%s\n\n", group_title[g]);
    if (g == ATTACK_MATRIX) print_matrix(r, to);
    else print_list(r, (attack_group_t)g, to);
  }
  fprintf(to, "\nsucceeds: the attacker got plaintext, or the victim took what the attacker chose. noise: the attacker got\n"
              "ciphertext only, or the victim read noise without being told. stopped: no data and no change, or the victim\n"
              "got an error.\n");
  fprintf(to, "\nwhat was seen:\n");
  for (size_t i = 0; i < attack_threats_n; i++) {
    for (uint32_t p = 0; p < ATTACK_CASES; p++) {
      if (attack_shown(r, i, p, &c)) print_cell(&attack_threats[i], &c, &r->cell[i][p], to);
    }
  }
  fprintf(to, "\nnot run, nothing is claimed:\n");
  for (size_t i = 0; i < NOT_RUN; i++) fprintf(to, "  %s: needs %s\n", not_run[i].what, not_run[i].needs);
  print_differing(r, to);
  uint32_t differing = 0;
  uint32_t failed = 0;
  const uint32_t n = attack_count(r, &differing, &failed);
  fprintf(to, "\nattack: %u cells, %u as expected, %u differ, %u failed, %.1f s\n", n, n - differing - failed, differing,
          failed, r->seconds);
}

// ---- files --------------------------------------------------------------------------------------------------------

FILE *attack_open(const char *path, char err[TB_ERR_LEN]) {
  char dir[512];
  const char *slash = strrchr(path, '/');
  if (slash != NULL && slash != path && (size_t)(slash - path) < sizeof(dir)) {
    snprintf(dir, sizeof(dir), "%.*s", (int)(slash - path), path);
    if (!file_make_dirs(dir, err)) return NULL;
  }
  FILE *f = fopen(path, "w");
  if (f == NULL) snprintf(err, TB_ERR_LEN, "cannot write '%.200s': %s", path, strerror(errno));
  return f;
}

bool attack_close(FILE *f, const char *path, char err[TB_ERR_LEN]) {
  const bool bad = ferror(f) != 0;
  if (fclose(f) == 0 && !bad) return true;
  snprintf(err, TB_ERR_LEN, "cannot write '%.200s'", path);
  return false;
}

// ---- JSON ---------------------------------------------------------------------------------------------------------

static void json_cell(json_t *j, const attack_run_t *r, const attack_threat_t *t, const attack_case_t *c,
                      const attack_cell_t *cell) {
  char text[TEXT];
  json_object(j, NULL);
  json_text(j, "threat", t->name);
  json_text(j, "about", t->about);
  json_text(j, "group", attack_group_name[t->group]);
  if (t->source != NULL) json_text(j, t->group == ATTACK_INSN ? "property" : "publication", t->source);
  json_text(j, "system", c->system);
  json_text(j, "config", c->config != NULL ? c->config : r->config);
  json_text(j, "outcome", cell->failed ? "failed" : attack_word(cell));
  stopped_by(cell, text, sizeof(text));
  json_text(j, "stopped_by", cell->failed ? "" : text);
  attack_codes(cell, text, sizeof(text));
  json_text(j, "fault", text);
  json_text(j, "scenario", c->scenario != NULL ? c->scenario : "");
  json_text(j, "variables", c->set != NULL && c->scenario != NULL ? c->set : "");
  json_text(j, "expected", verdict_name[c->want.verdict]);
  json_text(j, "expected_by", c->want.by != NULL ? c->want.by : "");
  json_text(j, "reason", c->want.why);
  json_bool(j, "as_expected", !cell->failed && !attack_differs(cell, c));
  if (cell->failed) json_text(j, "failure", cell->reason);
  attack_mechanism(cell, text, sizeof(text));
  json_text(j, "mechanism", text);
  attack_sight(cell, text, sizeof(text));
  json_text(j, "seen", text);
  json_text(j, "note", cell->note);
  json_u64(j, "address", cell->addr);
  json_u64(j, "cycles", cell->cycles);
  json_close(j);
}

bool attack_json(const attack_run_t *r, const char *path, char err[TB_ERR_LEN]) {
  FILE *f = attack_open(path, err);
  if (f == NULL) return false;
  attack_case_t c;
  uint32_t differing = 0;
  uint32_t failed = 0;
  json_t j;
  json_begin(&j, f);
  json_text(&j, "config", r->config);
  json_text(&j, "engine", r->engine);
  json_u64(&j, "seed", r->seed);
  json_u64(&j, "count", attack_count(r, &differing, &failed));
  json_u64(&j, "differ", differing);
  json_u64(&j, "failed", failed);
  json_array(&j, "cells");
  for (size_t i = 0; i < attack_threats_n; i++) {
    for (uint32_t p = 0; p < ATTACK_CASES; p++) {
      if (attack_shown(r, i, p, &c)) json_cell(&j, r, &attack_threats[i], &c, &r->cell[i][p]);
    }
  }
  json_close(&j);
  json_array(&j, "not_run");
  for (size_t i = 0; i < NOT_RUN; i++) {
    json_object(&j, NULL);
    json_text(&j, "what", not_run[i].what);
    json_text(&j, "needs", not_run[i].needs);
    json_close(&j);
  }
  json_close(&j);
  json_end(&j);
  return attack_close(f, path, err);
}
