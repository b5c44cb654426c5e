// SPDX-License-Identifier: Apache-2.0
//
// perf_rmp_insn.c - cycles of each RMP instruction, 4 KiB and 2 MiB forms, against docs/units/rmp_insn.md (perf_rmp.h)
//
// From the first cycle with insn_valid to the first with ans_valid, unit rested, no traffic, and the cycles for which the
// engine takes no address meanwhile (counter CNT_INSN_STOP). The formulas are those of "Cycle tables" of the page.
#include <stdio.h>
#include <string.h>

#include "chk/perf_rmp.h"
#include "core/rmp_boot.h"
#include "util/bytes.h"

#define CNT_INSN_STOP 0x150
#define REST 60u       // cycles before each instruction
#define COVERED_RANGES 16u
#define RANGE_BYTES ((uint64_t)1 << 21)
#define GPA UINT64_C(0x40000000)
#define ASID 5u

typedef struct insn_rig {
  perf_t *p;
  perf_rig_t r;       // `on` alone
  uint32_t dram;
  uint64_t l, k, s, m;  // as on the page: latencies of DRAM, stages, beats of half a range
} insn_rig_t;

typedef struct cost {
  uint64_t answer, stop;
} cost_t;

// ---- formulas of the page ---------------------------------------------------------------------------------------

// Ends in DECIDE after so many reads of entries.
static cost_t decided(const insn_rig_t *g, uint32_t reads) {
  return (cost_t){8 + reads + g->l + g->s, 5 + reads + g->l + g->s};
}

// PVALIDATE, RMPADJUST that write; first: the first page of its range.
static cost_t validated(const insn_rig_t *g, bool first) {
  const uint64_t n = g->l + g->s + g->k - (first ? 1 : 0);
  return (cost_t){17 + n, 13 + n};
}

// WRITE begins in w and its items take so long.
static cost_t written(uint64_t w, uint64_t items) { return (cost_t){w + items + 2, w + items - 2}; }

static uint64_t item(const insn_rig_t *g) { return 5 + g->k; }
static uint64_t halves(const insn_rig_t *g) { return 2 * (4 + g->m + g->k); }

// RMPUPDATE of a 4 KiB page that is not the first of its range: n items, r counters read.
static cost_t update_4k(const insn_rig_t *g, uint32_t n, uint32_t r) {
  const uint64_t d = 9 + g->l + g->s;
  return written(r == 0 ? d + 1 : d + r + g->l + g->s + 4, n * item(g));
}

// RMPUPDATE of a range; scan: it was 4 KiB pages.
static cost_t update_2m(const insn_rig_t *g, bool scan, uint32_t r) {
  const uint64_t d = 8 + g->l + g->s;
  const uint64_t f = d + 2 * g->m + g->l + g->s + 2;
  const uint64_t w = scan ? (r == 0 ? f + 2 : f + r + g->l + g->s + 5) : (r == 0 ? d + 1 : d + r + g->l + g->s + 4);
  return written(w, halves(g) + r * item(g));
}

static cost_t smash(const insn_rig_t *g) { return written(9 + g->l + g->s, halves(g)); }

// ---- one instruction --------------------------------------------------------------------------------------------

static bool insn(insn_rig_t *g, const char *what, const cbit_insn_t *pins, uint32_t beats, cost_t cost, bool judged) {
  perf_t *p = g->p;
  bench_t *b = g->r.on;
  const insn_req_t req = {.pins = *pins};
  insn_port_t got;
  uint32_t stop[2] = {0, 0};
  memset(&got, 0, sizeof(got));
  if (!bench_run(b, REST) || !bench_sp_read(b, CNT_INSN_STOP, &stop[0], NULL) || !bench_insn(b, 0, &req, &got) ||
      !bench_sp_read(b, CNT_INSN_STOP, &stop[1], NULL)) {
    return perf_alive(p, b);
  }
  if (got.ans.kind != CBIT_RMP_PASS || got.ans.code != 0) {
    bench_fail(b, "%s ended with kind %u code %u", what, got.ans.kind, got.ans.code);
    return perf_alive(p, b);
  }
  perf_row_t *r = perf_row_add(p, &g->r, PERF_RMP);
  const uint64_t stopped = stop[1] - stop[0];
  r->op = insn_name(pins->op);
  r->pattern = what;
  r->unit = "cycles";
  r->memory = "half";
  r->burst = beats;
  r->dram_latency = g->dram;
  r->encrypted_cycles = r->min_cycles = r->max_cycles = got.c_valid - got.c_ask;
  r->mean_cycles = r->value = (double)r->encrypted_cycles;
  r->limit = judged ? (double)cost.answer : -1;
  r->ok = !judged || (r->encrypted_cycles == cost.answer && stopped == cost.stop);
  snprintf(r->note, sizeof(r->note), "formula of the page %llu; stands still %llu (formula %llu)%s",
           (unsigned long long)cost.answer, (unsigned long long)stopped, (unsigned long long)cost.stop,
           judged ? "" : "; DRAM too slow for a row of the scan a cycle");
  snprintf(r->name, sizeof(r->name), "%s.insn.%s.%s.dram%u", r->config, r->op, what, g->dram);
  for (char *at = r->name; *at != '\0'; at++) *at = *at == ' ' || *at == ',' ? '_' : *at;
  return true;
}

static cbit_insn_t host(uint8_t op, uint64_t spa) { return (cbit_insn_t){.op = op, .rax = spa}; }

static cbit_insn_t update(uint64_t spa, bool assigned, bool large, uint32_t asid, uint64_t gpa) {
  cbit_insn_t i = host(CBIT_INSN_RMPUPDATE, spa);
  le64_store(i.arg, gpa);
  le64_store(i.arg + 8, (uint64_t)assigned | (uint64_t)large << 8 | (uint64_t)asid << 32);
  return i;
}

// rcx: 1 = 2 MiB page; rdx by instruction.
static cbit_insn_t guest(uint8_t op, uint64_t spa, uint64_t gpa, uint64_t rcx, uint64_t rdx) {
  cbit_insn_t i = {.op = op, .snp_active = true, .ec = true, .asid = ASID, .spa_page = spa >> 12, .gpa_page = gpa >> 12,
                   .rax = gpa};
  le64_store(i.arg, rcx);
  le64_store(i.arg + 8, rdx);
  return i;
}

// ---- the rows ---------------------------------------------------------------------------------------------------

// A page that is not the first of its range, from the hypervisor to a guest and back.
static bool small(insn_rig_t *g, uint64_t range) {
  const uint64_t spa = range + 0x3000;
  const uint64_t gpa = GPA + 0x3000;
  const cbit_insn_t assign = update(spa, true, false, ASID, gpa);
  const cbit_insn_t moved = update(spa, true, false, ASID, gpa + 0x1000);
  const cbit_insn_t other = update(spa, true, false, ASID + 1, gpa);
  const cbit_insn_t release = update(spa, false, false, 0, 0);
  const cbit_insn_t plain = update(spa, true, false, 0, 0);
  const cbit_insn_t rd = host(CBIT_INSN_RMPREAD, spa);
  const cbit_insn_t valid = guest(CBIT_INSN_PVALIDATE, spa, gpa, 0, 1);
  const cbit_insn_t adjust = guest(CBIT_INSN_RMPADJUST, spa, gpa, 0, 1 | 0x100);
  const cbit_insn_t query = guest(CBIT_INSN_RMPQUERY, spa, gpa, 0, 1);
  return insn(g, "4K", &rd, 0, decided(g, 2), true) && insn(g, "4K assign", &assign, 3, update_4k(g, 3, 1), true) &&
         insn(g, "4K", &valid, 1, validated(g, false), true) && insn(g, "4K no change", &valid, 0, decided(g, 2), true) &&
         insn(g, "4K", &adjust, 1, validated(g, false), true) && insn(g, "4K", &query, 0, decided(g, 2), true) &&
         insn(g, "4K new GPA", &moved, 2, update_4k(g, 2, 1), true) &&
         insn(g, "4K to another", &other, 3, update_4k(g, 3, 2), true) &&
         insn(g, "4K release", &release, 3, update_4k(g, 3, 1), true) &&
         insn(g, "4K no ASID", &plain, 2, update_4k(g, 2, 0), true);
}

// A whole range; then as pages.
static bool large(insn_rig_t *g, uint64_t range) {
  const uint32_t two = 2 * (uint32_t)g->m;
  // The page: a row a cycle while an entry of the read table is taken again in time.
  const bool scans = bench_cfg(g->r.on)->num_rd > g->l + 2;
  const cbit_insn_t assign = update(range, true, true, ASID, GPA);
  const cbit_insn_t other = update(range, true, true, ASID + 1, GPA);
  const cbit_insn_t back = update(range, true, true, ASID, GPA);
  const cbit_insn_t rd = host(CBIT_INSN_RMPREAD, range);
  const cbit_insn_t valid = guest(CBIT_INSN_PVALIDATE, range, GPA, 1, 1);
  const cbit_insn_t adjust = guest(CBIT_INSN_RMPADJUST, range, GPA, 1, 1 | 0x100);
  const cbit_insn_t query = guest(CBIT_INSN_RMPQUERY, range, GPA, 1, 1);
  const cbit_insn_t split = host(CBIT_INSN_PSMASH, range);
  return insn(g, "2M assign (scan)", &assign, two + 1, update_2m(g, true, 1), scans) &&
         insn(g, "2M", &rd, 0, decided(g, 1), true) &&
         insn(g, "2M to another", &other, two + 2, update_2m(g, false, 2), true) &&
         insn(g, "2M back", &back, two + 2, update_2m(g, false, 2), true) &&
         insn(g, "2M", &valid, 1, validated(g, true), true) && insn(g, "2M no change", &valid, 0, decided(g, 1), true) &&
         insn(g, "2M", &adjust, 1, validated(g, true), true) && insn(g, "2M", &query, 0, decided(g, 1), true) &&
         insn(g, "2M", &split, two, smash(g), true);
}

bool perf_rmp_insn(perf_t *p, const char *config) {
  static const uint32_t dram[] = {PERF_DRAM_LATENCY, 5, 40};
  insn_rig_t g = {.p = p, .r = {.config = config, .mode = CBIT_MODE_XTS_L64}};
  perf_rmp_table_t t;
  bool good = perf_bench_open(p, config, p->kind, &g.r.on) && perf_bench_on(p, g.r.on, g.r.mode) &&
              perf_rmp_start(p, g.r.on, &t, COVERED_RANGES * 512, PERF_RMP_NONE);
  for (size_t i = 0; i < (p->quick ? 1 : sizeof(dram) / sizeof(dram[0])) && good; i++) {
    const cbit_cyc_cfg_t *cfg = bench_cfg(g.r.on);
    g.dram = dram[i];
    g.l = g.k = dram[i] + 1;
    g.s = (cfg->key_bits == 128 ? 10 : 14) / cfg->rounds_per_stage;
    g.m = 256 / cfg->lanes;
    perf_memory(g.r.on, true, false, dram[i]);
    good = small(&g, (1 + 2 * i) * RANGE_BYTES) && large(&g, (2 + 2 * i) * RANGE_BYTES);
  }
  if (g.r.on != NULL && !bench_close(g.r.on)) p->failed = true;
  return good;
}
