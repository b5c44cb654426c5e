// SPDX-License-Identifier: Apache-2.0
//
// test_rmp_check.c - cbit_rmp_check and cbit_rmp_addr in RTL, alone: known answers, full products, random inputs
//
// Usage: test_rmp_check [vectors | views | masks | gates | random]... [--step N] [--seed N] [--count N]
//
//   vectors  every record of tests/vectors/rmp/decisions.txt and coverage.txt; the entry address and covered come from
//            cbit_rmp_addr, so both units answer together
//   views, masks, gates   the full products of tests/model/rmp_scenes.h on RTL and functional model, all members of the verdict;
//            --step N takes every Nth group of requests (default 1: all)
//   random   --count requests (default 1000000) and as many addresses of --seed, full width, most of them one field away from
//            a pass; codes that nobody sends, read errors, all parameters
//
// Without names: all of them. A difference ends the run with "MISMATCH cycle=<number of the question> signal=<unit>.<output>".

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cbit_rmp.h"
#include "core/log.h"
#include "core/rmpvec.h"
#include "util/file.h"
#include "core/rng.h"
#include "dut_rmp.h"
#include "rmp_scenes.h"

typedef struct bench {
  dut_rmp_t *dut;
  uint64_t asked;    // questions in all
  uint64_t differ;   // answers that are not the expected ones
  uint64_t group, step;
} bench_t;

// ---- questions and answers ----

static void raw_halves(const cbit_rmp_entry_t *e, uint64_t q[2]) {
  uint8_t raw[CBIT_RMP_ENTRY_BYTES];
  cbit_rmp_entry_encode(e, raw);
  q[0] = rmpvec_half(raw);
  q[1] = rmpvec_half(raw + 8);
}

static void entry_of(const uint64_t q[2], cbit_rmp_entry_t *e) {
  uint8_t raw[CBIT_RMP_ENTRY_BYTES];
  rmpvec_bytes(q[0], q[1], raw);
  cbit_rmp_entry_decode(raw, e);
}

static uint8_t param_bits(const cbit_rmp_param_t *p) {
  return (uint8_t)((p->chk_shared_read ? DUT_RMP_CHK_SHARED_READ : 0) | (p->chk_host_pt_read ? DUT_RMP_CHK_HOST_PT_READ : 0) |
                   (p->chk_guest_pt_read ? DUT_RMP_CHK_GUEST_PT_READ : 0) | (p->chk_dma_read ? DUT_RMP_CHK_DMA_READ : 0) |
                   (p->pt_vmpl_write ? DUT_RMP_PT_VMPL_WRITE : 0) | (p->hv_inuse_wr_allowed ? DUT_RMP_HV_INUSE_WR_ALLOWED : 0) |
                   (p->tio ? DUT_RMP_TIO : 0) | (p->npf_us_always ? DUT_RMP_NPF_US_ALWAYS : 0));
}

// Everything but the entries.
static void fill_in(dut_rmp_in_t *in, const cbit_rmp_param_t *p, const cbit_rmp_cfg_t *cfg, const cbit_rmp_view_t *view,
                    const cbit_rmp_check_req_t *q) {
  in->spa = q->spa;
  in->gpa = q->gpa;
  in->asid = q->asid;
  in->req = q->req;
  in->op = q->op;
  in->map_size = q->map_size;
  in->ec = q->ec;
  in->vmpl = q->vmpl;
  in->cpl = q->cpl;
  in->ss = q->ss;
  in->vmpl_sss = q->vmpl_sss;
  in->snp_active = q->snp_active;
  in->in_use = q->in_use;
  in->snp_en = cfg->snp_en;
  in->vmpl_en = cfg->vmpl_en;
  in->iommu_snp = cfg->iommu_snp;
  in->param = param_bits(p);
  in->covered = view->covered;
  in->read_error = view->error;
}

static bool differs(bench_t *b, const char *signal, uint64_t rtl, uint64_t want, const dut_rmp_in_t *in, const char *where) {
  if (rtl == want) return false;
  b->differ++;
  printf("MISMATCH cycle=%" PRIu64 " signal=%s rtl=0x%" PRIx64 " expected=0x%" PRIx64 "%s%s\n", b->asked, signal, rtl, want,
         where[0] != '\0' ? " " : "", where);
  if (in != NULL) {
    printf("  request  req=%u op=%u map=%u ec=%u asid=%u vmpl=%u cpl=%u ss=%u vmpl_sss=%u snp_active=%u in_use=%u spa=0x%" PRIx64
           " gpa=0x%" PRIx64 "\n",
           in->req, in->op, in->map_size, in->ec, in->asid, in->vmpl, in->cpl, in->ss, in->vmpl_sss, in->snp_active, in->in_use,
           in->spa, in->gpa);
    printf("  enables  snp=%u vmpl=%u iommu=%u param=0x%02x covered=%u read_error=%u\n", in->snp_en, in->vmpl_en, in->iommu_snp,
           in->param, in->covered, in->read_error);
    printf("  entries  own=0x%" PRIx64 ":0x%" PRIx64 " base=0x%" PRIx64 ":0x%" PRIx64 "\n", in->own[0], in->own[1], in->base[0],
           in->base[1]);
  }
  return true;
}

// needs_table_o: a row needs the table if an unreadable one makes the model say so.
static void compare_need(bench_t *b, const cbit_rmp_param_t *p, const cbit_rmp_cfg_t *cfg, const cbit_rmp_check_req_t *q,
                         const dut_rmp_in_t *in) {
  const cbit_rmp_view_t unread = {.covered = 1, .error = 1};
  cbit_rmp_verdict_t v;
  dut_rmp_out_t got;
  cbit_rmp_check(p, cfg, &unread, q, &v);
  dut_rmp_check(b->dut, in, &got);
  (void)differs(b, "rmp_check.needs_table_o", got.needs_table, v.kind == CBIT_RMP_MCE || v.kind == CBIT_RMP_IOMMU_HW_ERR, in, "");
}

// One question to RTL and model: all members of the verdict.
static void compare(bench_t *b, const dut_rmp_in_t *in, const cbit_rmp_verdict_t *want) {
  dut_rmp_out_t got;
  b->asked++;
  dut_rmp_check(b->dut, in, &got);
  const uint64_t error = want->kind == CBIT_RMP_NPF ? want->exitinfo1 : want->code;
  if (((got.kind ^ want->kind) | (got.error ^ error) | (got.exitinfo2 ^ want->exitinfo2) | (got.flags_rmp ^ want->flags_rmp) |
       (uint64_t)(got.flags ^ want->flags) | (uint64_t)(got.row ^ want->row) | (uint64_t)(got.why ^ want->why)) == 0) {
    return;
  }
  (void)(differs(b, "rmp_check.kind_o", got.kind, want->kind, in, "") || differs(b, "rmp_check.error_o", got.error, error, in, "") ||
         differs(b, "rmp_check.exitinfo2_o", got.exitinfo2, want->exitinfo2, in, "") ||
         differs(b, "rmp_check.flags_rmp_o", got.flags_rmp, want->flags_rmp, in, "") ||
         differs(b, "rmp_check.flags_o", got.flags, want->flags, in, "") ||
         differs(b, "rmp_check.row_o", got.row, want->row, in, "") || differs(b, "rmp_check.why_o", got.why, want->why, in, ""));
}

// ---- known answers ----

static uint64_t name_of(const char *name) { return rmpvec_name_value(name); }

static void decision(bench_t *b, const rmpvec_file_t *f, const rmpvec_record_t *r) {
  static const uint8_t kinds[RVV_COUNT] = {[RVV_PASS] = CBIT_RMP_PASS,           [RVV_PF] = CBIT_RMP_PF,
                                           [RVV_NPF] = CBIT_RMP_NPF,             [RVV_VC] = CBIT_RMP_VC,
                                           [RVV_GP] = CBIT_RMP_GP,               [RVV_INVALID] = CBIT_RMP_VMRUN_FAILS,
                                           [RVV_IOMMU] = CBIT_RMP_IOMMU_FAULT,   [RVV_IOMMU_HALT] = CBIT_RMP_IOMMU_HALT};
  static const struct {
    uint8_t bit;
    uint8_t key;
  } params[] = {{DUT_RMP_CHK_SHARED_READ, RK_P_SHARED_READ},     {DUT_RMP_CHK_HOST_PT_READ, RK_P_HOST_PT_READ},
                {DUT_RMP_CHK_GUEST_PT_READ, RK_P_GUEST_PT_READ}, {DUT_RMP_CHK_DMA_READ, RK_P_DMA_READ},
                {DUT_RMP_PT_VMPL_WRITE, RK_P_PT_VMPL_WRITE},     {DUT_RMP_HV_INUSE_WR_ALLOWED, RK_P_HV_INUSE},
                {DUT_RMP_TIO, RK_P_TIO},                         {DUT_RMP_NPF_US_ALWAYS, RK_P_US_ALWAYS}};
  dut_rmp_addr_out_t place;
  dut_rmp_out_t got;
  char where[64];
  b->asked++;
  dut_rmp_addr(b->dut, r->in[RK_RMP_BASE], r->in[RK_RMP_END], r->in[RK_SPA], &place);
  dut_rmp_in_t in = {.own = {r->in[RK_OWN], r->in[RK_OWN_Q2]},
                     .base = {r->in[RK_BASE], r->in[RK_BASE_Q2]},
                     .spa = r->in[RK_SPA],
                     .gpa = r->in[RK_GPA],
                     .asid = (uint16_t)r->in[RK_ASID],
                     .req = (uint8_t)r->in[RK_REQ],
                     .op = (uint8_t)r->in[RK_OP],
                     .map_size = (uint8_t)r->in[RK_MAP],
                     .ec = (uint8_t)r->in[RK_EC],
                     .vmpl = (uint8_t)r->in[RK_VMPL],
                     .cpl = (uint8_t)r->in[RK_CPL],
                     .ss = (uint8_t)r->in[RK_SS],
                     .vmpl_sss = (uint8_t)r->in[RK_VMPL_SSS],
                     .snp_active = (uint8_t)r->in[RK_SNP_ACTIVE],
                     .in_use = (uint8_t)r->in[RK_INUSE],
                     .snp_en = (uint8_t)r->in[RK_SNP],
                     .vmpl_en = (uint8_t)r->in[RK_VMPL_EN],
                     .iommu_snp = (uint8_t)r->in[RK_IOMMU_SNP],
                     .covered = place.covered};
  for (size_t i = 0; i < sizeof params / sizeof params[0]; i++) {
    if (r->in[params[i].key] != 0) in.param = (uint8_t)(in.param | params[i].bit);
  }
  dut_rmp_check(b->dut, &in, &got);
  // A slot of another verdict is 0 in the record, as the output that the kind does not use.
  const uint64_t error = r->verdict == RVV_NPF ? r->out[RO_EXITINFO1] : r->out[RO_CODE];
  const uint64_t row = name_of(cbit_rmp_row_name((cbit_rmp_row_t)got.row));
  const uint64_t why = name_of(cbit_rmp_why_name((cbit_rmp_why_t)got.why));
  snprintf(where, sizeof where, "%.40s:%u", f->name, r->line);
  (void)(differs(b, "rmp_check.kind_o", got.kind, kinds[r->verdict], &in, where) ||
         differs(b, "rmp_check.error_o", got.error, error, &in, where) ||
         differs(b, "rmp_check.exitinfo2_o", got.exitinfo2, r->out[RO_EXITINFO2], &in, where) ||
         differs(b, "rmp_check.flags_rmp_o", got.flags_rmp, r->out[RO_FLAGS_RMP], &in, where) ||
         differs(b, "rmp_check.flags_o", got.flags, r->out[RO_FLAGS], &in, where) ||
         differs(b, "rmp_check.row_o", row, r->in[RK_ROW], &in, where) ||
         differs(b, "rmp_check.why_o", why, r->in[RK_WHY], &in, where));
}

static void coverage(bench_t *b, const rmpvec_file_t *f, const rmpvec_record_t *r) {
  dut_rmp_addr_out_t got;
  char where[64];
  b->asked++;
  dut_rmp_addr(b->dut, r->in[RK_RMP_BASE], r->in[RK_RMP_END], r->in[RK_SPA], &got);
  snprintf(where, sizeof where, "%.40s:%u", f->name, r->line);
  const uint64_t own = r->out[RO_ENTRY_ADDR];
  if (differs(b, "rmp_addr.covered_o", got.covered, r->out[RO_COVERED], NULL, where)) return;
  if (own >> 52 != 0) return;  // not covered, and not an address
  (void)(differs(b, "rmp_addr.own_addr_o", got.own_addr, own, NULL, where) ||
         differs(b, "rmp_addr.base_addr_o", got.base_addr, own & ~UINT64_C(0x1fff), NULL, where));
}

static bool vectors(bench_t *b) {
  static const char *const files[] = {"tests/vectors/rmp/decisions.txt", "tests/vectors/rmp/coverage.txt"};
  for (size_t i = 0; i < 2; i++) {
    rmpvec_file_t f;
    char err[RMPVEC_ERR_LEN];
    uint8_t *text;
    size_t len;
    char why[FILE_ERR_LEN];
    if (!file_read(files[i], (size_t)64 << 20, &text, &len, NULL, why)) {
      printf("test_rmp_check: %s\n", why);
      return false;
    }
    if (!rmpvec_parse(&f, files[i], (const char *)text, len, err)) {
      printf("test_rmp_check: %s: %s\n", files[i], err);
      free(text);
      return false;
    }
    uint64_t done = 0;
    uint64_t other = 0;
    for (size_t k = 0; k < f.n && b->differ == 0; k++) {
      const rmpvec_record_t *r = &f.record[k];
      if (r->kind == RV_DECISION) {
        decision(b, &f, r);
        done++;
      } else if (r->kind == RV_COVER) {
        coverage(b, &f, r);
        done++;
      } else {
        other++;  // segmented tables: cbit_rmp_addr is for contiguous ones
      }
    }
    printf("%s: %" PRIu64 " records on the RTL, %" PRIu64 " of segmented tables left out\n", files[i], done, other);
    rmpvec_free(&f);
    free(text);
    if (done == 0) return false;
  }
  return true;
}

// ---- full products ----

static void visit(run_t *u) {
  bench_t *b = u->ctx;
  if (b->differ != 0 || b->group++ % b->step != 0) return;
  dut_rmp_in_t in;
  cbit_rmp_verdict_t want;
  raw_halves(&u->view.own, in.own);
  raw_halves(&u->view.base, in.base);
  for (u->s.map = 0; u->s.map < 3; u->s.map++) {
    load_req(u);
    cbit_rmp_check(&u->param, &u->cfg, &u->view, &u->req, &want);
    fill_in(&in, &u->param, &u->cfg, &u->view, &u->req);
    compare(b, &in, &want);
    u->done++;
    u->kinds[want.kind]++;
  }
}

static void product(bench_t *b, const char *name, void (*sweep)(run_t *)) {
  run_t u;
  const double t = log_seconds();
  begin(&u, visit, b);
  b->group = 0;
  sweep(&u);
  printf("%s: %" PRIu64 " combinations, 1 of %" PRIu64 " groups: %" PRIu64 " pass, %" PRIu64 " #PF, %" PRIu64 " #NPF, %" PRIu64
         " #VC, %" PRIu64 " #GP, %" PRIu64 " VMRUN, %" PRIu64 " IOMMU, %" PRIu64 " halt; %.1f s\n",
         name, u.done, b->step, u.kinds[0], u.kinds[1], u.kinds[2], u.kinds[3], u.kinds[4], u.kinds[5], u.kinds[6], u.kinds[7],
         log_seconds() - t);
}

// ---- random ----

static uint8_t bits(rng_t *r, unsigned n) { return (uint8_t)(rng_u32(r) & ((1u << n) - 1u)); }

// An entry; keep is the percentage of fields that suit the request.
static void random_entry(rng_t *r, const cbit_rmp_check_req_t *q, uint32_t keep, cbit_rmp_entry_t *e) {
  uint64_t q12[2] = {rng_u64(r), rng_u64(r)};
  entry_of(q12, e);
  if (rng_pct(r, keep)) e->assigned = q->req == CBIT_RMP_REQ_GUEST_SNP || rng_pct(r, 50);
  if (rng_pct(r, keep)) e->page_size = q->map_size != 0;
  if (rng_pct(r, keep)) e->immutable = 0;
  if (rng_pct(r, keep)) e->validated = rng_pct(r, 85);
  if (rng_pct(r, keep)) e->vmsa = 1;
  if (rng_pct(r, keep)) e->asid = q->asid;
  if (rng_pct(r, keep)) e->gpa_page = q->gpa >> 12;
  if (rng_pct(r, 20)) e->gpa_page ^= (uint64_t)1 << rng_below(r, 39);
  if (rng_pct(r, 50)) e->subpage_count = rng_pct(r, 50) ? 0 : (uint16_t)(1u << rng_below(r, 9));
  if (q->req == CBIT_RMP_REQ_IOMMU_SELF && rng_pct(r, 80)) {  // Firmware-IOMMU, or one field away from it
    e->assigned = e->immutable = e->lock = 1;
    e->validated = e->vmsa = 0;
    e->asid = 0;
    e->gpa_page = (uint64_t)2 << 36 | 1u;
    switch (rng_below(r, 16)) {
      case 0: e->assigned = 0; break;
      case 1: e->immutable = 0; break;
      case 2: e->lock = 0; break;
      case 3: e->validated = 1; break;
      case 4: e->vmsa = 1; break;
      case 5: e->asid = (uint16_t)(1u << rng_below(r, 10)); break;
      case 6: e->gpa_page ^= (uint64_t)1 << rng_below(r, 39); break;
      default: break;
    }
  }
}

static void random_checks(bench_t *b, uint64_t seed, uint64_t count) {
  rng_t r;
  uint64_t kinds[CBIT_RMP_UD] = {0};
  rng_seed(&r, seed);
  for (uint64_t n = 0; n < count && b->differ == 0; n++) {
    cbit_rmp_param_t p;
    cbit_rmp_cfg_t cfg;
    cbit_rmp_view_t view;
    cbit_rmp_check_req_t q;
    cbit_rmp_verdict_t want;
    dut_rmp_in_t in;
    memset(&cfg, 0, sizeof cfg);
    memset(&view, 0, sizeof view);
    memset(&q, 0, sizeof q);
    cbit_rmp_param_init(&p);
    p.chk_shared_read = bits(&r, 1);
    p.chk_host_pt_read = bits(&r, 1);
    p.chk_guest_pt_read = bits(&r, 1);
    p.chk_dma_read = bits(&r, 1);
    p.pt_vmpl_write = bits(&r, 1);
    p.hv_inuse_wr_allowed = bits(&r, 1);
    p.tio = bits(&r, 1);
    p.npf_us_always = bits(&r, 1);
    cfg.snp_en = rng_pct(&r, 95);
    cfg.vmpl_en = rng_pct(&r, 80);
    cfg.iommu_snp = rng_pct(&r, 90);
    q.spa = rng_u64(&r) >> 12;
    q.gpa = rng_u64(&r) >> 13;
    if (rng_pct(&r, 70)) q.gpa = (q.gpa & ~UINT64_C(0x1ff000)) | (q.spa & UINT64_C(0x1ff000));
    if (rng_pct(&r, 20)) q.gpa ^= (uint64_t)1 << (12 + rng_below(&r, 9));
    q.asid = rng_pct(&r, 95) ? (uint16_t)(rng_u32(&r) & 0x3ffu) : 0;
    q.req = bits(&r, 3);
    if (rng_pct(&r, 30)) q.req = CBIT_RMP_REQ_GUEST_SNP;
    q.op = rng_pct(&r, 50) ? bits(&r, 1) : bits(&r, 4);
    q.map_size = rng_pct(&r, 50) ? 0 : bits(&r, 2);
    q.ec = rng_pct(&r, 70);
    q.vmpl = bits(&r, 2);
    q.cpl = bits(&r, 2);
    q.ss = bits(&r, 1);
    q.vmpl_sss = bits(&r, 1);
    q.snp_active = rng_pct(&r, 70);
    q.in_use = bits(&r, 1);
    view.covered = rng_pct(&r, 95);
    view.error = rng_pct(&r, 3);
    // one field of one entry at most does not suit, or a few, or many
    static const uint32_t keeps[] = {99, 99, 96, 50};
    random_entry(&r, &q, keeps[rng_below(&r, 4)], &view.own);
    random_entry(&r, &q, keeps[rng_below(&r, 4)], &view.base);
    if (rng_pct(&r, 10)) view.base = view.own;
    raw_halves(&view.own, in.own);
    raw_halves(&view.base, in.base);
    cbit_rmp_check(&p, &cfg, &view, &q, &want);
    fill_in(&in, &p, &cfg, &view, &q);
    compare(b, &in, &want);
    if (b->differ == 0) compare_need(b, &p, &cfg, &q, &in);
    kinds[want.kind]++;
  }
  printf("random: seed %" PRIu64 ", %" PRIu64 " requests:", seed, count);
  for (unsigned k = 0; k < CBIT_RMP_UD; k++) printf(" %s %" PRIu64, cbit_rmp_verdict_name((cbit_rmp_verdict_kind_t)k), kinds[k]);
  printf("\n");
}

static void random_addresses(bench_t *b, uint64_t seed, uint64_t count) {
  rng_t r;
  uint64_t covered = 0;
  rng_seed(&r, seed ^ UINT64_C(0xadd2));
  for (uint64_t n = 0; n < count && b->differ == 0; n++) {
    const uint64_t top = (UINT64_C(1) << 52) - 1;
    cbit_rmp_cfg_t cfg;
    dut_rmp_addr_out_t got;
    uint64_t addr = 0;
    memset(&cfg, 0, sizeof cfg);
    cfg.rmp_base = rng_u64(&r) >> (12 + rng_below(&r, 40));
    cfg.rmp_end = rng_pct(&r, 80) ? (cfg.rmp_base + (rng_u64(&r) >> (12 + rng_below(&r, 40)))) & top : rng_u64(&r) >> 12;
    uint64_t spa = rng_u64(&r) >> (12 + rng_below(&r, 40));
    const uint64_t last = (((cfg.rmp_end | 0x1fff) - (cfg.rmp_base & ~UINT64_C(0x1fff)) - 0x4000) >> 4) << 12;
    if (rng_pct(&r, 50)) spa = (last + ((uint64_t)rng_below(&r, 5) << 12) - 0x2000) & top;  // around the end
    if (rng_pct(&r, 10)) spa = rng_u64(&r) >> rng_below(&r, 12);
    b->asked++;
    const int want = cbit_rmp_entry_addr(&cfg, spa, &addr);
    dut_rmp_addr(b->dut, cfg.rmp_base, cfg.rmp_end, spa, &got);
    char where[96];
    snprintf(where, sizeof where, "base=0x%" PRIx64 " end=0x%" PRIx64 " spa=0x%" PRIx64, cfg.rmp_base, cfg.rmp_end, spa);
    if (differs(b, "rmp_addr.covered_o", got.covered, (uint64_t)want, NULL, where) || !want) continue;
    covered++;
    (void)(differs(b, "rmp_addr.own_addr_o", got.own_addr, addr, NULL, where) ||
           differs(b, "rmp_addr.base_addr_o", got.base_addr, addr & ~UINT64_C(0x1fff), NULL, where));
  }
  printf("random: seed %" PRIu64 ", %" PRIu64 " addresses, %" PRIu64 " covered\n", seed, count, covered);
}

// ---- main ----

int main(int argc, char **argv) {
  static const char *const names[] = {"vectors", "views", "masks", "gates", "random"};
  bool run[5] = {false};
  bool any = false;
  bench_t b = {.step = 1};
  uint64_t seed = 1;
  uint64_t count = 1000000;
  for (int i = 1; i < argc; i++) {
    uint64_t *number = strcmp(argv[i], "--step") == 0    ? &b.step
                       : strcmp(argv[i], "--seed") == 0  ? &seed
                       : strcmp(argv[i], "--count") == 0 ? &count
                                                         : NULL;
    bool known = false;
    if (number != NULL && i + 1 < argc) {
      *number = strtoull(argv[++i], NULL, 0);
      continue;
    }
    for (unsigned k = 0; k < 5; k++) {
      if (strcmp(argv[i], names[k]) != 0) continue;
      run[k] = any = known = true;
    }
    if (!known) {
      fprintf(stderr, "usage: test_rmp_check [vectors | views | masks | gates | random]... [--step N] [--seed N] [--count N]\n");
      return 2;
    }
  }
  if (b.step == 0) b.step = 1;
  b.dut = dut_rmp_new();
  bool ok = true;
  if (run[0] || !any) ok = vectors(&b);
  if (ok && b.differ == 0 && (run[1] || !any)) product(&b, "views", sweep_views);
  if (ok && b.differ == 0 && (run[2] || !any)) product(&b, "masks", sweep_masks);
  if (ok && b.differ == 0 && (run[3] || !any)) product(&b, "gates", sweep_gates);
  if (ok && b.differ == 0 && (run[4] || !any)) {
    random_checks(&b, seed, count);
    random_addresses(&b, seed, count);
  }
  dut_rmp_free(b.dut);
  printf("rmp_check: %" PRIu64 " questions, %" PRIu64 " differ\n", b.asked, b.differ);
  return ok && b.differ == 0 && b.asked != 0 ? 0 : 1;
}
