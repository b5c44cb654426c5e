// SPDX-License-Identifier: Apache-2.0
//
// rmp_scenes.h - requests and table entries for the checks of the reverse map table: three full products
//
// Shared by test_rmp_table.c (the model against the table of docs/rmp.md written down as data) and tests/unit/test_rmp_check.c
// (the RTL against the model). A scene says in words of the page what a request and its two entries are; the sweeps below visit
// every combination of the values in their loops, with the same scene as structs of the check:
//   views   shape of the two entries x every field that a check looks at x covered x requester x op x C-bit x mapping size x
//           masks and privilege that decide otherwise
//   masks   all 32 masks x VMPL x CPL x shadow stack x VmplSSS x VMPLEn x parameters of the masks x requester x op
//   gates   all parameters and enables x in-use x snp_active x requester x op x C-bit x size x one view per outcome
//
// begin() before each sweep.
#ifndef CBIT_TESTS_RMP_SCENES_H
#define CBIT_TESTS_RMP_SCENES_H

#include <string.h>

#include "cbit_rmp.h"

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

// ---- the same for the check ----

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

typedef struct run run_t;
struct run {
  scene_t s;
  unsigned vmpl;
  uint64_t spa, own_gpa, base_gpa;
  cbit_rmp_param_t param;
  cbit_rmp_cfg_t cfg;
  cbit_rmp_view_t view;
  cbit_rmp_check_req_t req;
  void (*visit)(run_t *u);  // answers s.req, s.op, s.ec, s.active; the mapping size is its own loop
  void *ctx;                // of the visitor
  uint64_t done, kinds[CBIT_RMP_UD];
};

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

static void begin(run_t *u, void (*visit)(run_t *), void *ctx) {
  memset(u, 0, sizeof *u);
  u->visit = visit;
  u->ctx = ctx;
  u->s.snp = u->s.vmplen = u->s.iommu = u->s.gpt = u->s.wra = u->s.us = u->s.cov = 1;
  u->s.asid = 5;
  load_param(u);
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
        u->visit(u);
      }
    }
  }
}

static void sweep_views(run_t *u) {
  static const uint8_t masks[] = {0x00, 0x02, 0x05, 0x1b};
  u->vmpl = 2;
  for (unsigned k = 0; k < 16; k++) {
    for (unsigned fields = 0; fields < 256; fields++) {
      for (unsigned m = 0; m < 2 * sizeof masks; m++) {
        u->s.cpl = m & 1u ? 3 : 0;
        shape(u, k, fields, masks[m >> 1]);
        for (u->s.cov = 0; u->s.cov < 2; u->s.cov++) {
          u->view.covered = (uint8_t)u->s.cov;
          all_requests(u);
        }
      }
    }
  }
}

// ---- sweep 2: masks ----

static void sweep_masks(run_t *u) {
  for (unsigned k = 0; k < 1u << 15; k++) {
    u->s.sss = k & 1u;
    u->s.ss = k >> 1 & 1u;
    u->s.vmplen = k >> 2 & 1u;
    u->s.ptw = k >> 3 & 1u;
    u->s.us = k >> 4 & 1u;
    u->s.cpl = k >> 5 & 3u;
    u->vmpl = k >> 7 & 3u;
    u->s.tio = k >> 9 & 1u;
    load_param(u);
    const unsigned mask = k >> 10 & 31u;
    shape(u, 5 - 1, 0x05, mask | (k & 7u) << 5);  // validated, the owner's: a 4 KiB sub page; bits 7:5 are noise
    all_requests(u);
    shape(u, 12, 0x05, mask);
    all_requests(u);
  }
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

static void sweep_gates(run_t *u) {
  for (unsigned k = 0; k < 1u << 11; k++) {
    for (unsigned view = 0; view < 10; view++) {
      gate_view(u, view);
      u->s.shr = k & 1u;
      u->s.hpt = k >> 1 & 1u;
      u->s.gpt = k >> 2 & 1u;
      u->s.dma = k >> 3 & 1u;
      u->s.ptw = k >> 4 & 1u;
      u->s.wra = k >> 5 & 1u;
      u->s.tio = k >> 6 & 1u;
      u->s.us = k >> 7 & 1u;
      u->s.snp = k >> 8 & 1u;
      u->s.iommu = k >> 9 & 1u;
      u->s.inuse = k >> 10 & 1u;
      load_param(u);
      all_requests(u);
    }
  }
}

#endif  // CBIT_TESTS_RMP_SCENES_H
