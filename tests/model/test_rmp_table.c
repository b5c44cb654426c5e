// SPDX-License-Identifier: Apache-2.0
//
// test_rmp_table.c - cbit_rmp_check() against the decision table of docs/rmp.md written down as data
//
// The oracle below knows the table of section 4.3, the order of section 4.4 and the fault bits of section 4.5 and nothing of
// the model's code: rows, needed permissions and fault kinds are arrays, and a row's checks are letters in their order.
// Three sweeps, each a full product of the values in its loops:
//   views   shape of the two entries x every field that a check looks at x covered x requester x op x C-bit x mapping size x
//           masks and privilege that decide otherwise
//   masks   all 32 masks x VMPL x CPL x shadow stack x VmplSSS x VMPLEn x parameters of the masks x requester x op
//   gates   all parameters and enables x in-use x snp_active x requester x op x C-bit x size x one view per outcome

#include "cbit_rmp.h"
#include "vec.h"

// ---- a scenario, in words of the table ----

typedef struct ent {
  unsigned a, p, i, v, vmsa, sub;
  unsigned asid;   // ASID field
  unsigned m4;     // its GPA is the request's as 4 KiB page
  unsigned m2;     // its GPA is the request's as 2 MiB page
  unsigned fwio;   // it decodes as Firmware-IOMMU
  unsigned mask;   // of the VMPL asked
} ent_t;

typedef struct scene {
  unsigned req, op, map, ec, asid, cpl, ss, sss, active, inuse;  // the request
  unsigned snp, vmplen, iommu;                                   // enables
  unsigned shr, hpt, gpt, dma, ptw, wra, tio, us;                // parameters
  unsigned cov;
  ent_t own, base;
  uint64_t gpa;
} scene_t;

enum { HOST, NONSNP, SNP, SP, DEV, TDEV, SELF };
enum { RD, WR, FE, PR, PA, VC_, VM, VA, HS, VS, NR, NA };
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

#define SPA_RANGE UINT64_C(0x7fe00000)
#define GPA_RANGE UINT64_C(0x12200)  // page number

static void put(const ent_t *e, uint64_t gpa_page, unsigned vmpl, cbit_rmp_entry_t *to) {
  memset(to, 0, sizeof *to);
  to->assigned = (uint8_t)e->a;
  to->page_size = (uint8_t)e->p;
  to->immutable = (uint8_t)e->i;
  to->lock = (uint8_t)e->i;
  to->validated = (uint8_t)e->v;
  to->vmsa = (uint8_t)e->vmsa;
  to->subpage_count = (uint16_t)e->sub;
  to->asid = (uint16_t)e->asid;
  to->gpa_page = gpa_page;
  for (unsigned i = 0; i < 4; i++) to->mask[i] = (uint8_t)(i == vmpl ? e->mask : ~e->mask);
}

typedef struct run {
  scene_t s;
  unsigned vmpl;
  uint64_t spa, own_gpa, base_gpa;
  cbit_rmp_param_t param;
  cbit_rmp_cfg_t cfg;
  cbit_rmp_view_t view;
  cbit_rmp_check_req_t req;
  uint64_t done, kinds[8];
} run_t;

static void load_view(run_t *u) {
  put(&u->s.own, u->own_gpa, u->vmpl, &u->view.own);
  put(&u->s.base, u->base_gpa, u->vmpl, &u->view.base);
  u->view.covered = (uint8_t)u->s.cov;
}

static void load_param(run_t *u) {
  const scene_t *s = &u->s;
  cbit_rmp_param_init(&u->param);
  u->param.chk_shared_read = (uint8_t)s->shr;
  u->param.chk_host_pt_read = (uint8_t)s->hpt;
  u->param.chk_guest_pt_read = (uint8_t)s->gpt;
  u->param.chk_dma_read = (uint8_t)s->dma;
  u->param.pt_vmpl_write = (uint8_t)s->ptw;
  u->param.hv_inuse_wr_allowed = (uint8_t)s->wra;
  u->param.tio = (uint8_t)s->tio;
  u->param.npf_us_always = (uint8_t)s->us;
  u->cfg.snp_en = (uint8_t)s->snp;
  u->cfg.vmpl_en = (uint8_t)s->vmplen;
  u->cfg.iommu_snp = (uint8_t)s->iommu;
}

static void load_req(run_t *u) {
  const scene_t *s = &u->s;
  u->req.spa = u->spa;
  u->req.gpa = s->gpa;
  u->req.asid = (uint16_t)s->asid;
  u->req.req = (uint8_t)s->req;
  u->req.op = (uint8_t)s->op;
  u->req.map_size = (uint8_t)s->map;
  u->req.ec = (uint8_t)s->ec;
  u->req.vmpl = (uint8_t)u->vmpl;
  u->req.cpl = (uint8_t)s->cpl;
  u->req.ss = (uint8_t)s->ss;
  u->req.vmpl_sss = (uint8_t)s->sss;
  u->req.snp_active = (uint8_t)s->active;
  u->req.in_use = (uint8_t)s->inuse;
}

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

static void begin(run_t *u) {
  memset(u, 0, sizeof *u);
  u->s.snp = u->s.vmplen = u->s.iommu = u->s.gpt = u->s.wra = u->s.us = u->s.cov = 1;
  u->s.asid = 5;
  load_param(u);
}

static void report(const char *name, const run_t *u) {
  print_message("%s: %llu combinations: %llu pass, %llu #PF, %llu #NPF, %llu #VC, %llu #GP, %llu VMRUN, %llu IOMMU, %llu halt\n", name,
                (unsigned long long)u->done, (unsigned long long)u->kinds[0], (unsigned long long)u->kinds[1],
                (unsigned long long)u->kinds[2], (unsigned long long)u->kinds[3], (unsigned long long)u->kinds[4],
                (unsigned long long)u->kinds[5], (unsigned long long)u->kinds[6], (unsigned long long)u->kinds[7]);
}

// ---- sweep 1: views ----

// Fields of the entry that will be the authoritative one, and what they mean for the request.
static void fill(run_t *u, ent_t *e, uint64_t *entry_gpa, unsigned fields, uint64_t gpa_page) {
  static const unsigned match[4][2] = {{1, 1}, {0, 0}, {0, 1}, {0, 0}};  // {as 4 KiB, as 2 MiB}
  static const unsigned asid[4][2] = {{5, 5}, {6, 5}, {0, 5}, {0, 0}};   // {of the entry, of the request}
  const unsigned g = fields >> 4 & 3u;
  const unsigned n = fields >> 6 & 3u;
  e->a = fields & 1u;
  e->i = fields >> 1 & 1u;
  e->v = fields >> 2 & 1u;
  e->vmsa = fields >> 3 & 1u;
  e->m4 = match[g][0];
  e->m2 = match[g][1];
  e->asid = asid[n][0];
  u->s.asid = asid[n][1];
  *entry_gpa = gpa_page ^ (g == 1 ? (uint64_t)1 << 20 : g == 2 ? 1u : 0u);
  u->s.gpa = (gpa_page ^ (g == 3 ? 1u : 0u)) << 12 | 0x678;
}

// The 16 shapes: 0..3 the page is the base page, 4..11 a sub page of 4 KiB, 12..15 a sub page of a 2 MiB page.
static void shape(run_t *u, unsigned k, unsigned fields, unsigned mask) {
  const unsigned sub_page = k >= 4;
  const uint64_t gpa_page = GPA_RANGE + (sub_page ? 0x145u : 0u);
  scene_t *s = &u->s;
  // What the other entry holds must not matter: it would fit the request.
  const ent_t noise = {.v = 1, .asid = 5, .m4 = 1, .m2 = 1, .mask = ~mask & 0xffu};
  u->spa = SPA_RANGE + (sub_page ? 0x145u * 4096u : 0u) + 0x678u;
  s->own = s->base = noise;
  u->own_gpa = u->base_gpa = gpa_page;
  if (k < 4) {
    fill(u, &s->own, &u->own_gpa, fields, gpa_page);
    s->own.p = k & 1u;
    s->own.sub = (k >> 1) * 5u;
    s->own.mask = mask;
    s->base = s->own;
    u->base_gpa = u->own_gpa;
  } else if (k < 12) {
    fill(u, &s->own, &u->own_gpa, fields, gpa_page);
    s->own.mask = mask;
    s->own.p = k & 1u;
    s->base.a = k >> 1 & 1u;
    s->base.sub = k >= 8 ? 511u : 0u;
  } else {
    fill(u, &s->base, &u->base_gpa, fields, gpa_page);
    s->base.mask = mask;
    s->base.p = 1;
    s->own.a = k & 1u;
    s->base.sub = k >= 14 ? 1u : 0u;
  }
  load_view(u);
}

// Every request to the view that is set up.
static void all_requests(run_t *u) {
  for (u->s.req = 0; u->s.req < 7; u->s.req++) {
    for (u->s.op = 0; u->s.op < 12; u->s.op++) {
      for (unsigned k = 0; k < 4; k++) {
        u->s.ec = k & 1u;
        u->s.active = k >> 1;
        if (u->s.active && u->s.op != VM) continue;  // no meaning elsewhere
        const row_t *r = row_for(&u->s);
        for (u->s.map = 0; u->s.map < 3; u->s.map++) compare(u, r);
      }
    }
  }
}

static void test_views(void **state) {
  (void)state;
  static const uint8_t masks[] = {0x00, 0x02, 0x05, 0x1b};
  run_t u;
  begin(&u);
  u.vmpl = 2;
  for (unsigned k = 0; k < 16; k++) {
    for (unsigned fields = 0; fields < 256; fields++) {
      for (unsigned m = 0; m < 2 * sizeof masks; m++) {
        u.s.cpl = m & 1u ? 3 : 0;
        shape(&u, k, fields, masks[m >> 1]);
        for (u.s.cov = 0; u.s.cov < 2; u.s.cov++) {
          u.view.covered = (uint8_t)u.s.cov;
          all_requests(&u);
        }
      }
    }
  }
  report("views", &u);
}

// ---- sweep 2: masks ----

static void test_masks(void **state) {
  (void)state;
  run_t u;
  begin(&u);
  for (unsigned k = 0; k < 1u << 15; k++) {
    u.s.sss = k & 1u;
    u.s.ss = k >> 1 & 1u;
    u.s.vmplen = k >> 2 & 1u;
    u.s.ptw = k >> 3 & 1u;
    u.s.us = k >> 4 & 1u;
    u.s.cpl = k >> 5 & 3u;
    u.vmpl = k >> 7 & 3u;
    u.s.tio = k >> 9 & 1u;
    load_param(&u);
    const unsigned mask = k >> 10 & 31u;
    shape(&u, 5 - 1, 0x05, mask | (k & 7u) << 5);  // validated, the owner's: a 4 KiB sub page; bits 7:5 are noise
    all_requests(&u);
    shape(&u, 12, 0x05, mask);
    all_requests(&u);
  }
  report("masks", &u);
}

// ---- sweep 3: gates ----

// Views that give each row's checks a reason to pass and to fail.
static void gate_view(run_t *u, unsigned k) {
  static const uint8_t shapes[] = {0, 4, 4, 12, 13, 4, 8, 0};
  static const uint8_t fields[] = {0x00, 0x00, 0x05, 0x05, 0x05, 0x0d, 0x00, 0x01};
  shape(u, shapes[k & 7u], fields[k & 7u], 0x03);
  u->s.cov = 1;
  if (k >= 8) {  // Firmware-IOMMU; then the same, not covered
    ent_t *e = &u->s.own;
    *e = (ent_t){.a = 1, .i = 1, .fwio = 1, .mask = 0};
    u->own_gpa = (uint64_t)2 << 36 | 1u;
    u->s.cov = k == 8;
  }
  load_view(u);
}

static void test_gates(void **state) {
  (void)state;
  run_t u;
  begin(&u);
  for (unsigned k = 0; k < 1u << 11; k++) {
    for (unsigned view = 0; view < 10; view++) {
      gate_view(&u, view);
      u.s.shr = k & 1u;
      u.s.hpt = k >> 1 & 1u;
      u.s.gpt = k >> 2 & 1u;
      u.s.dma = k >> 3 & 1u;
      u.s.ptw = k >> 4 & 1u;
      u.s.wra = k >> 5 & 1u;
      u.s.tio = k >> 6 & 1u;
      u.s.us = k >> 7 & 1u;
      u.s.snp = k >> 8 & 1u;
      u.s.iommu = k >> 9 & 1u;
      u.s.inuse = k >> 10 & 1u;
      load_param(&u);
      all_requests(&u);
    }
  }
  report("gates", &u);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_views), cmocka_unit_test(test_masks), cmocka_unit_test(test_gates)};
  return cmocka_run_group_tests_name("rmp_table", tests, NULL, NULL);
}
