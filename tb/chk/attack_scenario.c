// SPDX-License-Identifier: Apache-2.0
//
// attack_scenario.c - cells that are scenarios: variables of the cell in, outcome as the scenario observed it out (attack.h)
#include <stdlib.h>
#include <string.h>

#include "chk/attack.h"
#include "core/log.h"

#define SETS 12u
#define FILE_LIMIT (UINT64_C(256) << 10)

// Cuts "name=value name=value" into definitions, in place.
static uint32_t cut(char *text, scn_define_t define[SETS]) {
  uint32_t n = 0;
  char *rest = text;
  for (char *word = strtok_r(text, " ", &rest); word != NULL && n < SETS; word = strtok_r(NULL, " ", &rest)) {
    char *sign = strchr(word, '=');
    if (sign == NULL) continue;
    *sign = '\0';
    define[n++] = (scn_define_t){word, sign + 1};
  }
  return n;
}

static void take(attack_cell_t *cell, int rc) {
  const scn_outcome_t *o = &cell->told;
  cell->run = cell->from_scenario = true;
  cell->done = o->observed;
  cell->verdict = (attack_verdict_t)o->verdict;
  cell->addr = o->addr;
  cell->cycles = o->cycles;
  cell->failed = rc != 0 || !o->observed;
  if (!cell->failed) return;
  snprintf(cell->reason, sizeof(cell->reason), "%s",
           o->failure[0] != '\0' ? o->failure : rc != 0 ? "the bench stopped" : "nothing was observed");
}

bool attack_scenario(const attack_case_t *c, const bench_opt_t *opt, const char *dir, attack_cell_t *cell,
                     char err[TB_ERR_LEN]) {
  char path[512];
  char sets[256];
  scn_define_t define[SETS];
  scn_run_opt_t run = {.bench = *opt, .file_limit = FILE_LIMIT, .quiet = true, .outcome = &cell->told};
  memset(cell, 0, sizeof(*cell));
  if ((size_t)snprintf(path, sizeof(path), "%s/%s.scn", dir, c->scenario) >= sizeof(path) || strlen(c->set) >= sizeof(sets)) {
    snprintf(err, TB_ERR_LEN, "option --dir: the name is too long");
    return false;
  }
  memcpy(sets, c->set, strlen(c->set) + 1);
  scenario_t *s = scenario_parse_file(path, define, cut(sets, define), stderr);
  bool good = s != NULL && scenario_check(s, run.bench.engine.dut != NULL ? run.bench.engine.dut : run.bench.engine.config, stderr);
  if (good) {
    const int rc = scenario_run(s, &run);
    good = rc != 2;
    take(cell, rc);
  }
  if (!good) err[0] = '\0';  // what is wrong with a scenario is printed where it is found
  scenario_free(s);
  return good;
}
