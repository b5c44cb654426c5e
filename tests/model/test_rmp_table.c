// SPDX-License-Identifier: Apache-2.0
//
// test_rmp_table.c - cbit_rmp_check() against the decision table of docs/rmp.md written down as data
//
// The oracle below knows the table of section 4.3, the order of section 4.4 and the fault bits of section 4.5 and nothing of
// the model's code: rows, needed permissions and fault kinds are arrays, and a row's checks are letters in their order.
// Three sweeps, each a full product: rmp_scenes.h.

#include "cbit_rmp.h"
#include "rmp_scenes.h"
#include "vec.h"

enum { K_PASS, K_PF, K_NPF, K_VC, K_GP, K_INV, K_IO, K_HALT };

typedef struct outcome {
  unsigned kind, code, fr, fl;
  uint64_t e1, e2;
} outcome_t;

// ---- the table ----

#define X 2u  // either value

// gate: letter of the parameter that must be 1 for the checks to run. checks, in order: H HVO with the mapping's size, h with
// 4 KiB, U in-use, c COV, a Assigned, n ASID, g GPA, i Immutable, s size equal, 4 a 4 KiB entry, v Validated, m mask, V the VMSA
// bit, F Firmware-IOMMU, ! always fails.
typedef struct row {
  uint8_t req, op, ec, tio, active;
  char gate;
  const char *checks;
  uint8_t fault;
} row_t;

#define PRIVATE "cangisvm"
static const row_t rows[] = {
    {HOST, RD, X, X, X, ' ', "", K_PASS},
    {HOST, FE, X, X, X, ' ', "", K_PASS},
    {HOST, WR, X, X, X, ' ', "UH", K_PF},
    {HOST, PA, X, X, X, ' ', "h", K_PF},
    {HOST, PR, X, X, X, 'p', "h", K_PF},
    {HOST, VC_, X, X, X, ' ', "h", K_GP},
    {HOST, HS, X, X, X, ' ', "h", K_GP},
    {HOST, VM, X, X, 1, ' ', "cani4V", K_INV},
    {HOST, VM, X, X, 0, ' ', "h", K_INV},
    {HOST, VA, X, X, X, ' ', "h", K_INV},
    {HOST, VS, X, X, X, ' ', "h", K_GP},
    {NONSNP, RD, X, X, X, ' ', "", K_PASS},
    {NONSNP, FE, X, X, X, ' ', "", K_PASS},
    {NONSNP, WR, X, X, X, ' ', "H", K_NPF},
    {NONSNP, PR, X, X, X, 'g', "H", K_NPF},
    {NONSNP, PA, X, X, X, ' ', "H", K_NPF},
    {NONSNP, NR, X, X, X, 'p', "h", K_NPF},
    {NONSNP, NA, X, X, X, ' ', "h", K_NPF},
    {NONSNP, VS, X, X, X, ' ', "H", K_NPF},
    {SNP, RD, 0, X, X, 's', "H", K_NPF},
    {SNP, WR, 0, X, X, ' ', "H", K_NPF},
    {SNP, RD, 1, X, X, ' ', PRIVATE, K_NPF},
    {SNP, WR, 1, X, X, ' ', PRIVATE, K_NPF},
    {SNP, FE, X, X, X, ' ', PRIVATE, K_NPF},
    {SNP, PR, X, X, X, ' ', PRIVATE, K_NPF},
    {SNP, PA, X, X, X, ' ', PRIVATE, K_NPF},
    {SNP, NR, X, X, X, 'p', "h", K_NPF},
    {SNP, NA, X, X, X, ' ', "h", K_NPF},
    {DEV, RD, X, X, X, 'd', "H", K_IO},
    {DEV, WR, X, X, X, ' ', "H", K_IO},
    {TDEV, RD, X, 0, X, ' ', "!", K_IO},
    {TDEV, WR, X, 0, X, ' ', "!", K_IO},
    {TDEV, RD, 0, 1, X, 'd', "H", K_IO},
    {TDEV, WR, 0, 1, X, ' ', "H", K_IO},
    {TDEV, RD, 1, 1, X, ' ', PRIVATE, K_IO},
    {TDEV, WR, 1, 1, X, ' ', PRIVATE, K_IO},
    {SELF, WR, X, X, X, 'i', "F", K_HALT},
    // pairs that nobody may send
    {HOST, NR, X, X, X, ' ', "0", K_GP},
    {HOST, NA, X, X, X, ' ', "0", K_GP},
};
#define ROWS (sizeof rows / sizeof rows[0])

// Requesters refuse what has no row in this way.
static const uint8_t no_row_fault[7] = {K_GP, K_NPF, K_NPF, K_PASS, K_IO, K_IO, K_IO};

// Needed permission bits: [op][cpl == 3]; PT_READ without PT_VMPL_WRITE.
static const uint8_t need_bits[5][2] = {{0x01, 0x01}, {0x02, 0x02}, {0x08, 0x04}, {0x01, 0x01}, {0x03, 0x03}};

// flags_rmp of the letters.
static unsigned flag_of(char c) {
  static const char letters[] = "Hcan!gisvm0";
  static const uint8_t flag[] = {1, 2, 2, 2, 2, 4, 8, 16, 32, 64, 1};
  return flag[strchr(letters, c) - letters];
}

static int gate_open(const scene_t *s, char gate) {
  switch (gate) {
    case 'p':
      return (int)s->hpt;
    case 'g':
      return (int)s->gpt;
    case 's':
      return (int)s->shr;
    case 'd':
      return (int)s->dma;
    case 'i':
      return (int)s->iommu;
    default:
      return 1;
  }
}

static int mask_refuses(const scene_t *s, unsigned mask) {
  unsigned need = need_bits[s->op][s->cpl == 3];
  if (!s->vmplen) return 0;
  if (s->op == PR && s->ptw) need = 3;
  if (s->op <= WR && s->req == SNP && s->ss && s->sss && s->cpl != 3) need += 16;
  return (need & ~mask) != 0 || (s->op <= WR && (mask & 3u) == 2u);
}

static int fails(const scene_t *s, char c) {
  const ent_t *auth = s->base.p ? &s->base : &s->own;
  const unsigned big = s->map > 0;
  switch (c) {
    case 'H':
      return s->cov && (big ? s->base.a || s->base.sub : s->own.a);
    case 'h':
      return s->cov && s->own.a;
    case 'U':
      return s->inuse && !s->wra;
    case 'c':
      return !s->cov;
    case 'a':
      return !auth->a;
    case 'n':
      return s->asid == 0 || auth->asid != s->asid;
    case 'g':
      return !(auth->p ? auth->m2 : auth->m4);
    case 'i':
      return (int)auth->i;
    case 's':
      return big != auth->p;
    case '4':
      return (int)auth->p;
    case 'v':
      return !auth->v;
    case 'm':
      return mask_refuses(s, auth->mask);
    case 'V':
      return !auth->vmsa;
    case 'F':
      return !(s->cov && auth->fwio);
    default:
      return 1;
  }
}

static unsigned bit(unsigned value, unsigned n) { return value ? 1u << n : 0; }

static void refuse(const scene_t *s, unsigned fault, char first, int private_row, outcome_t *o) {
  const ent_t *auth = s->base.p ? &s->base : &s->own;
  const unsigned w = s->op == WR || s->op == PA || s->op == NA || s->op == VS;
  const unsigned shadow = s->op <= WR && s->ss;
  o->kind = fault;
  if (fault == K_PF) {
    o->code = 0x80000001u + bit(w, 1) + bit(s->cpl == 3, 2) + bit(shadow, 6);
  } else if (fault == K_NPF && first == 'v') {
    o->kind = K_VC;
    o->code = 0x404;
  } else if (fault == K_NPF) {
    const unsigned low = 0x80000001u + bit(w, 1) + bit(s->us || s->cpl == 3, 2) + bit(s->op == FE, 4) + bit(shadow, 6);
    const unsigned high = (s->op == PR || s->op == PA ? 2u : 1u) + bit(private_row || s->ec, 2) +
                          (first == 'm' ? 16u + bit(s->sss && (auth->mask & 16u), 5) : 0);
    o->e1 = (uint64_t)high << 32 | low;
    o->e2 = private_row ? s->gpa >> 12 << 12 : s->gpa;
  } else if (fault == K_IO) {
    o->fr = flag_of(first);
    o->fl = w ? 0x20 : 0;
  }
}

static const row_t *row_for(const scene_t *s) {
  for (size_t i = 0; i < ROWS; i++) {
    const row_t *r = &rows[i];
    if (r->req == s->req && r->op == s->op && (r->ec == X || r->ec == s->ec) && (r->tio == X || r->tio == s->tio) &&
        (r->active == X || r->active == s->active)) {
      return r;
    }
  }
  return NULL;
}

static void oracle(const scene_t *s, const row_t *r, outcome_t *o) {
  memset(o, 0, sizeof *o);
  if (!s->snp || s->req == SP) return;
  if (r == NULL) {
    refuse(s, no_row_fault[s->req], '0', 0, o);
    return;
  }
  if (!gate_open(s, r->gate)) return;
  for (const char *c = r->checks; *c != '\0'; c++) {
    if (!fails(s, *c)) continue;
    refuse(s, r->fault, *c, r->checks[0] == 'c', o);
    return;
  }
}

// ---- the model on the same scenario ----

static void compare(run_t *u, const row_t *r) {
  outcome_t want;
  cbit_rmp_verdict_t got;
  load_req(u);
  oracle(&u->s, r, &want);
  cbit_rmp_check(&u->param, &u->cfg, &u->view, &u->req, &got);
  u->done++;
  u->kinds[want.kind]++;
  if (want.kind == got.kind && want.code == got.code && want.e1 == got.exitinfo1 && want.e2 == got.exitinfo2 &&
      want.fr == got.flags_rmp && want.fl == got.flags) {
    return;
  }
  const scene_t *s = &u->s;
  fail_msg("req %u op %u map %u ec %u asid %u vmpl %u cpl %u ss %u covered %u own a%u p%u base a%u p%u: kind %u, model %s row %s %s",
           s->req, s->op, s->map, s->ec, s->asid, u->vmpl, s->cpl, s->ss, s->cov, s->own.a, s->own.p, s->base.a, s->base.p,
           want.kind, cbit_rmp_verdict_name((cbit_rmp_verdict_kind_t)got.kind), cbit_rmp_row_name((cbit_rmp_row_t)got.row),
           cbit_rmp_why_name((cbit_rmp_why_t)got.why));
}

static void visit(run_t *u) {
  const row_t *r = row_for(&u->s);
  for (u->s.map = 0; u->s.map < 3; u->s.map++) compare(u, r);
}

static void report(const char *name, const run_t *u) {
  print_message("%s: %llu combinations: %llu pass, %llu #PF, %llu #NPF, %llu #VC, %llu #GP, %llu VMRUN, %llu IOMMU, %llu halt\n", name,
                (unsigned long long)u->done, (unsigned long long)u->kinds[0], (unsigned long long)u->kinds[1],
                (unsigned long long)u->kinds[2], (unsigned long long)u->kinds[3], (unsigned long long)u->kinds[4],
                (unsigned long long)u->kinds[5], (unsigned long long)u->kinds[6], (unsigned long long)u->kinds[7]);
}

static void test_views(void **state) {
  (void)state;
  run_t u;
  begin(&u, visit, NULL);
  sweep_views(&u);
  report("views", &u);
}

static void test_masks(void **state) {
  (void)state;
  run_t u;
  begin(&u, visit, NULL);
  sweep_masks(&u);
  report("masks", &u);
}

static void test_gates(void **state) {
  (void)state;
  run_t u;
  begin(&u, visit, NULL);
  sweep_gates(&u);
  report("gates", &u);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_views), cmocka_unit_test(test_masks), cmocka_unit_test(test_gates)};
  return cmocka_run_group_tests_name("rmp_table", tests, NULL, NULL);
}
