// SPDX-License-Identifier: Apache-2.0
//
// attack_report.c - the matrix as text and as JSON (attack.h)
#include <string.h>

#include "chk/attack.h"
#include "core/json.h"
#include "core/log.h"
#include "util/file.h"

static const char *const prot_name[ATTACK_PROTS] = {"plain", "SME", "SEV", "SEV-SNP"};
static const char *const verdict_name[] = {"stopped", "noise", "succeeds"};
// To the victim, and to the attacker.
static const char *const seen_name[] = {
    "-",     "its data",   "old data", "data of another page", "the attacker's data", "its data, one bit wrong",
    "zeros", "ciphertext", "noise",    "no word of the key"};
static const char *const got_name[] = {
    "-",     "plaintext",  "old plaintext", "other plaintext",   "its own data", "plaintext, one bit wrong",
    "zeros", "ciphertext", "noise",         "no word of the key"};

// What the engine alone cannot show, and what it would take.
static const struct {
  const char *what, *needs;
} not_run[] = {
    {"column SEV-ES", "CPU (VMRUN, VMEXIT): at the pins of the engine an SEV-ES guest is an SEV guest"},
    {"VM register state read after an exit", "CPU (save area at VMEXIT)"},
    {"host enters a guest through a save area of its own", "CPU (VMRUN, rows 17a, 17b), RMPADJUST"},
    {"host moves pages with RMPUPDATE, PSMASH; guest validates twice; VMPL0 gives rights", "instructions of the RMP"},
    {"mappings changed while translations are cached", "nested tables, TLB"},
    {"device behind an IOMMU with tables of the host", "IOMMU bench"},
    {"denial of service, by guest or by host", "CPU"},
    {"rollback of firmware (TCB)", "AMD-SP firmware, attestation"},
    {"interrupt and exception injection, CPUID, debug registers", "CPU"},
    {"branch predictor, cache, page-level and counter side channels", "CPU"},
};
#define NOT_RUN (sizeof(not_run) / sizeof(not_run[0]))

static bool shown(const attack_run_t *r, size_t i, uint32_t p) { return r->chosen[i] && r->cell[i][p].run; }

static void mechanism(const attack_cell_t *c, char *to, size_t size);

static bool differs(const attack_run_t *r, size_t i, uint32_t p) {
  char by[400];
  const attack_cell_t *c = &r->cell[i][p];
  const attack_want_t *w = &attack_threats[i].want[p];
  if (c->failed) return false;
  mechanism(c, by, sizeof(by));
  return c->verdict != w->verdict || (w->by != NULL && strstr(by, w->by) == NULL);
}

uint32_t attack_count(const attack_run_t *r, uint32_t *differing, uint32_t *failed) {
  uint32_t n = 0;
  *differing = *failed = 0;
  for (size_t i = 0; i < attack_threats_n; i++) {
    for (uint32_t p = 0; p < ATTACK_PROTS; p++) {
      if (!shown(r, i, p)) continue;
      n++;
      *failed += r->cell[i][p].failed;
      *differing += differs(r, i, p);
    }
  }
  return n;
}

// One refusal, from the record of the fault log.
static int fault_text(const bench_fault_t *f, char *to, size_t size) {
  const char *name = bench_fault_name(f->code);
  if (strcmp(name, "CHECK") != 0) return snprintf(to, size, "route %s", name);
  if (f->kind == 0 && f->row == 0 && f->why == 0) return snprintf(to, size, "guard");
  const char *kind = cbit_rmp_verdict_name((cbit_rmp_verdict_kind_t)f->kind);
  char code[24] = "";
  if (f->error != 0) snprintf(code, sizeof(code), " 0x%llx", (unsigned long long)f->error);
  return snprintf(to, size, "row %s %s %s%s%s", cbit_rmp_row_name((cbit_rmp_row_t)f->row),
                  cbit_rmp_why_name((cbit_rmp_why_t)f->why), f->kind <= CBIT_RMP_GP ? "#" : "", kind, code);
}

static void mechanism(const attack_cell_t *c, char *to, size_t size) {
  to[0] = '\0';
  size_t at = 0;
  const char *besides = c->faults > 0 ? "; refused besides: " : "";
  if (c->verdict == ATTACK_NOISE) at += (size_t)snprintf(to, size, "encryption%s", besides);
  if (c->verdict == ATTACK_SUCCEEDS) at += (size_t)snprintf(to, size, "nothing%s", besides);
  for (uint32_t i = 0; i < c->faults && at < size; i++) {
    if (i > 0) at += (size_t)snprintf(to + at, size - at, ", ");
    if (at < size) at += (size_t)fault_text(&c->fault[i], to + at, size - at);
  }
  if (to[0] != '\0') return;
  snprintf(to, size, "%s", c->by != NULL ? c->by : "no refusal logged");
}

static const char *word(const attack_run_t *r, size_t i, uint32_t p) {
  if (!shown(r, i, p)) return "-";
  return r->cell[i][p].failed ? "FAILED" : verdict_name[r->cell[i][p].verdict];
}

static void print_cell(const attack_run_t *r, size_t i, uint32_t p, FILE *to) {
  char by[400];
  const attack_cell_t *c = &r->cell[i][p];
  if (c->failed) {
    fprintf(to, "  %-12s %-8s FAILED    %s\n", attack_threats[i].name, prot_name[p], c->reason);
    return;
  }
  mechanism(c, by, sizeof(by));
  fprintf(to, "  %-12s %-8s %-9s attacker got %s%s", attack_threats[i].name, prot_name[p], verdict_name[c->verdict],
          got_name[c->attacker], c->attacker_error ? " + error" : "");
  if (c->taken + c->refused > 0) fprintf(to, ", writes taken %u, refused %u", c->taken, c->refused);
  fprintf(to, "; victim saw %s%s; by %s; at 0x%llx", seen_name[c->victim], c->victim_error ? " + error" : "", by,
          (unsigned long long)c->addr);
  fprintf(to, "%s%s\n", c->note[0] != '\0' ? "; " : "", c->note);
}

void attack_print(const attack_run_t *r, FILE *to) {
  fprintf(to, "attack: configuration %s, engine %s, seed 0x%llx; every cell is a run of its own\n\n", r->config, r->engine,
          (unsigned long long)r->seed);
  fprintf(to, "%-56s %-9s %-9s %-9s %-9s %s\n", "threat", "plain", "SME", "SEV", "SEV-ES", "SEV-SNP");
  for (size_t i = 0; i < attack_threats_n; i++) {
    if (!r->chosen[i]) continue;
    fprintf(to, "%-56s %-9s %-9s %-9s %-9s %s\n", attack_threats[i].about, word(r, i, 0), word(r, i, 1), word(r, i, 2),
            attack_threats[i].table ? "-" : "not run", word(r, i, 3));
  }
  fprintf(to, "\nsucceeds: the attacker got plaintext, or the victim took what the attacker chose. noise: the attacker got\n"
              "ciphertext only, or the victim read noise without being told. stopped: no data and no change, or the victim\n"
              "got an error.\n");
  fprintf(to, "\nwhat was seen:\n");
  for (size_t i = 0; i < attack_threats_n; i++) {
    for (uint32_t p = 0; p < ATTACK_PROTS; p++) {
      if (shown(r, i, p)) print_cell(r, i, p, to);
    }
  }
  fprintf(to, "\nnot run yet, nothing is claimed:\n");
  for (size_t i = 0; i < NOT_RUN; i++) fprintf(to, "  %s: needs %s\n", not_run[i].what, not_run[i].needs);
  for (size_t i = 0; i < attack_threats_n; i++) {
    for (uint32_t p = 0; p < ATTACK_PROTS; p++) {
      if (!shown(r, i, p) || !differs(r, i, p)) continue;
      char by[400];
      const attack_want_t *w = &attack_threats[i].want[p];
      mechanism(&r->cell[i][p], by, sizeof(by));
      fprintf(to, "\nDIFFERS %s, %s: observed %s by %s, expected %s", attack_threats[i].name, prot_name[p],
              verdict_name[r->cell[i][p].verdict], by, verdict_name[w->verdict]);
      fprintf(to, "%s%s (%s)", w->by != NULL ? " by " : "", w->by != NULL ? w->by : "", w->why);
    }
  }
  uint32_t differing = 0;
  uint32_t failed = 0;
  const uint32_t n = attack_count(r, &differing, &failed);
  fprintf(to, "\nattack: %u cells, %u as expected, %u differ, %u failed, %.1f s\n", n, n - differing - failed, differing,
          failed, r->seconds);
}

// ---- JSON ---------------------------------------------------------------------------------------------------------

static void json_cell(json_t *j, const attack_run_t *r, size_t i, uint32_t p) {
  char by[400];
  const attack_cell_t *c = &r->cell[i][p];
  const attack_want_t *w = &attack_threats[i].want[p];
  json_object(j, NULL);
  json_text(j, "threat", attack_threats[i].name);
  json_text(j, "about", attack_threats[i].about);
  json_text(j, "protection", prot_name[p]);
  json_text(j, "verdict", c->failed ? "failed" : verdict_name[c->verdict]);
  json_text(j, "expected", verdict_name[w->verdict]);
  json_text(j, "reason", w->why);
  if (w->by != NULL) json_text(j, "expected_by", w->by);
  json_bool(j, "as_expected", !c->failed && !differs(r, i, p));
  if (c->failed) json_text(j, "failure", c->reason);
  mechanism(c, by, sizeof(by));
  json_text(j, "attacker_got", got_name[c->attacker]);
  json_bool(j, "attacker_error", c->attacker_error);
  json_u64(j, "writes_taken", c->taken);
  json_u64(j, "writes_refused", c->refused);
  json_text(j, "victim_saw", seen_name[c->victim]);
  json_bool(j, "victim_error", c->victim_error);
  json_text(j, "mechanism", by);
  json_u64(j, "address", c->addr);
  json_text(j, "note", c->note);
  json_u64(j, "cycles", c->cycles);
  json_array(j, "refusals");
  for (uint32_t k = 0; k < c->faults; k++) {
    const bench_fault_t *f = &c->fault[k];
    json_object(j, NULL);
    json_text(j, "code", bench_fault_name(f->code));
    json_text(j, "row", cbit_rmp_row_name((cbit_rmp_row_t)f->row));
    json_text(j, "why", cbit_rmp_why_name((cbit_rmp_why_t)f->why));
    json_text(j, "kind", cbit_rmp_verdict_name((cbit_rmp_verdict_kind_t)f->kind));
    json_u64(j, "error", f->error);
    json_u64(j, "address", f->addr);
    json_bool(j, "write", f->write);
    json_u64(j, "requester", f->requester);
    json_close(j);
  }
  json_close(j);
  json_close(j);
}

// The folder of a file that is to be written.
static bool make_folder(const char *path, char err[TB_ERR_LEN]) {
  char dir[512];
  const char *slash = strrchr(path, '/');
  if (slash == NULL || slash == path || (size_t)(slash - path) >= sizeof(dir)) return true;
  snprintf(dir, sizeof(dir), "%.*s", (int)(slash - path), path);
  return file_make_dirs(dir, err);
}

bool attack_json(const attack_run_t *r, const char *path, char err[TB_ERR_LEN]) {
  if (!make_folder(path, err)) return false;
  FILE *f = fopen(path, "w");
  if (f == NULL) {
    snprintf(err, TB_ERR_LEN, "cannot write '%.200s'", path);
    return false;
  }
  uint32_t differing = 0;
  uint32_t failed = 0;
  json_t j;
  json_begin(&j, f);
  json_text(&j, "config", r->config);
  json_text(&j, "engine", r->engine);
  json_u64(&j, "seed", r->seed);
  json_u64(&j, "cells", attack_count(r, &differing, &failed));
  json_u64(&j, "differ", differing);
  json_u64(&j, "failed", failed);
  json_array(&j, "matrix");
  for (size_t i = 0; i < attack_threats_n; i++) {
    for (uint32_t p = 0; p < ATTACK_PROTS; p++) {
      if (shown(r, i, p)) json_cell(&j, r, i, p);
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
  const bool bad = ferror(f) != 0;
  if (fclose(f) == 0 && !bad) return true;
  snprintf(err, TB_ERR_LEN, "cannot write '%.200s'", path);
  return false;
}
