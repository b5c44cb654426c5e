// SPDX-License-Identifier: Apache-2.0
//
// theorem_ledger.c - who owns what: the ledger, by the ends of instructions, and the table in memory against it (theorem.h)
//
// Written from docs/rmp.md sections 2 and 5 by itself. An instruction that ends well though its conditions do not hold
// breaks a theorem at once.
#include <string.h>

#include "storm/theorem_int.h"
#include "util/bytes.h"

#define VMPL0_ALL 0x1fu

// ---- instructions of the host -----------------------------------------------------------------------------------

static void set_page(th_page_t *p, bool assigned, bool large, uint16_t asid, uint64_t gpa) {
  const bool same = p->assigned && assigned && asid != 0 && p->asid == asid && p->gpa == gpa && p->large == large;
  if (same) return;  // Validated and masks stay
  p->assigned = assigned;
  p->large = assigned && large;
  p->valid = false;
  p->asid = assigned ? asid : 0;
  p->gpa = assigned && asid != 0 ? gpa : 0;
  memset(p->mask, 0, sizeof(p->mask));
  if (assigned) p->mask[0] = VMPL0_ALL;
}

static void rmpupdate(theorem_t *t, const cbit_insn_t *i) {
  th_range_t *r = &t->range[t->insn_range];
  const uint32_t page = th_page_of(i->rax);
  const bool assigned = (i->arg[8] & 1) != 0, large = (i->arg[9] & 1) != 0;
  const uint16_t asid = (uint16_t)(le64_load(i->arg + 8) >> 32);
  const uint64_t gpa = le64_load(i->arg) >> 12;
  if (!large) {
    if (r->page[0].large)
      theorem_broken(t, TH_TENANT, "RMPUPDATE of SPA 0x%llx succeeds inside of a page of 2 MiB", (unsigned long long)i->rax);
    set_page(&r->page[page], assigned, false, asid, gpa);
    return;
  }
  bool used = false;
  for (uint32_t k = 1; k < TH_PAGES; k++) used = used || (r->page[k].assigned && !r->page[k].large);
  if (used) theorem_broken(t, TH_TENANT, "RMPUPDATE of 2 MiB at 0x%llx succeeds over pages in use", (unsigned long long)i->rax);
  for (uint32_t k = 0; k < TH_PAGES; k++) set_page(&r->page[k], assigned, true, asid, gpa + k);
}

static void psmash(theorem_t *t, const cbit_insn_t *i) {
  th_range_t *r = &t->range[t->insn_range];
  if (!r->page[0].large) theorem_broken(t, TH_TENANT, "PSMASH of 0x%llx succeeds without a page of 2 MiB", (unsigned long long)i->rax);
  for (uint32_t k = 0; k < TH_PAGES; k++) r->page[k].large = false;
}

// ---- instructions of a guest ------------------------------------------------------------------------------------

static bool owns(theorem_t *t, const cbit_insn_t *i, const th_page_t *p, const char *name) {
  if (p->assigned && i->asid != 0 && p->asid == i->asid && p->gpa == i->gpa_page && i->ec) return true;
  theorem_broken(t, TH_PRIVATE, "%s of SPA 0x%llx by ASID %u, GPA 0x%llx, succeeds: not its page", name,
                 (unsigned long long)i->spa_page << 12, i->asid, (unsigned long long)i->gpa_page << 12);
  return false;
}

static void pvalidate(theorem_t *t, const cbit_insn_t *i, bool cf) {
  th_range_t *r = &t->range[t->insn_range];
  th_page_t *p = &r->page[i->spa_page & (TH_PAGES - 1)];
  const bool value = (i->arg[8] & 1) != 0, large = le64_load(i->arg) == 1;
  if (!owns(t, i, p, "PVALIDATE")) return;
  if (p->large != large || i->vmpl != 0)
    theorem_broken(t, TH_PRIVATE, "PVALIDATE of SPA 0x%llx succeeds at VMPL %u with the wrong size or level",
                   (unsigned long long)i->spa_page << 12, i->vmpl);
  if (cf != (p->valid == value))
    theorem_broken(t, TH_PRIVATE, "PVALIDATE of SPA 0x%llx ends with CF = %u, but Validated was %u", (unsigned long long)i->spa_page << 12,
                   cf, p->valid);
  if (!large) p->valid = value;
  for (uint32_t k = 0; large && k < TH_PAGES; k++) r->page[k].valid = value;
}

static void rmpadjust(theorem_t *t, const cbit_insn_t *i) {
  th_range_t *r = &t->range[t->insn_range];
  th_page_t *p = &r->page[i->spa_page & (TH_PAGES - 1)];
  const uint64_t rdx = le64_load(i->arg + 8);
  const uint32_t target = (uint32_t)(rdx & 0xff);
  const uint8_t mask = (uint8_t)(rdx >> 8 & 0x1f);
  const bool large = le64_load(i->arg) == 1;
  if (!owns(t, i, p, "RMPADJUST") || target == 0 || target >= TH_LEVELS) return;
  if (!p->valid || target <= i->vmpl || (mask & ~p->mask[i->vmpl & 3]) != 0 || p->large != large)
    theorem_broken(t, TH_PRIVATE, "RMPADJUST of SPA 0x%llx at VMPL %u gives VMPL %u more than it may",
                   (unsigned long long)i->spa_page << 12, i->vmpl, target);
  if (!large) p->mask[target] = mask;
  for (uint32_t k = 0; large && k < TH_PAGES; k++) r->page[k].mask[target] = mask;
}

// ---- the table in memory ----------------------------------------------------------------------------------------

// One claim for each page: the base entry of 2 MiB, or its own.
static void compare_table(theorem_t *t) {
  static uint8_t raw[TH_PAGES * 16];
  const th_range_t *r = &t->range[t->insn_range];
  const uint64_t spa = t->base + ((uint64_t)t->insn_range << 21);
  dram_peek(bench_dram(t->b), t->table + 0x4000 + (spa >> 12) * 16, raw, sizeof(raw));
  const uint64_t base = le64_load(raw);
  for (uint32_t k = 0; k < TH_PAGES; k++) {
    const bool large = (base >> 1 & 1) != 0;
    const uint8_t *e = large ? raw : raw + (size_t)k * 16;
    const th_page_t *p = &r->page[k];
    const uint64_t q1 = le64_load(e), own = le64_load(raw + (size_t)k * 16);
    const uint64_t gpa = (q1 >> 12 & UINT64_C(0x7fffffffff)) + (large ? k : 0);
    const bool assigned = (q1 & 1) != 0;
    const uint16_t asid = (uint16_t)(q1 >> 51 & 0x3ff);
    t->st->entries++;
    const bool twice = large && k != 0 && own != 1;  // a sub entry: assigned, and nothing else
    const bool tenant = assigned == p->assigned && asid == p->asid && (asid == 0 || gpa == p->gpa) && large == p->large;
    if (twice || !tenant) {
      theorem_broken(t, TH_TENANT, "the table says of page %u of range 0x%llx: ASID %u, GPA 0x%llx%s; by the instructions ASID %u, "
                     "GPA 0x%llx",
                     k, (unsigned long long)spa, asid, (unsigned long long)gpa << 12, twice ? ", and an own entry beside" : "",
                     p->asid, (unsigned long long)p->gpa << 12);
      return;
    }
    const bool rights = (q1 >> 62 & 1) == p->valid && (asid == 0 || memcmp(e + 8, p->mask, TH_LEVELS) == 0);
    if (rights) continue;
    theorem_broken(t, TH_PRIVATE, "the table gives page %u of range 0x%llx Validated %u or masks that no instruction gave", k,
                   (unsigned long long)spa, (unsigned)(q1 >> 62 & 1));
    return;
  }
}

void th_apply(theorem_t *t, const insn_req_t *r, const cbit_insn_answer_t *a) {
  // kind 0: it ended with a code.
  if (a->kind == 0 && a->code == 0) {
    switch (r->pins.op) {
      case CBIT_INSN_RMPUPDATE: rmpupdate(t, &r->pins); break;
      case CBIT_INSN_PSMASH: psmash(t, &r->pins); break;
      case CBIT_INSN_PVALIDATE: pvalidate(t, &r->pins, a->cf); break;
      case CBIT_INSN_RMPADJUST: rmpadjust(t, &r->pins); break;
      default: break;
    }
  }
  if (r->pins.op != CBIT_INSN_RMPQUERY && r->pins.op != CBIT_INSN_RMPREAD) compare_table(t);
}
