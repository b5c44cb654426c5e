// SPDX-License-Identifier: Apache-2.0
//
// vcpu_walk.c - page walks of a virtual processor: own tables, nested tables, accessed and dirty bits (docs/cpu.md)
#include <string.h>

#include "cbit_rmp.h"
#include "cpu/vcpu.h"
#include "util/bytes.h"

#define ERR_RSV (UINT64_C(1) << 3)

// What an access asks of tables.
typedef struct want {
  bool write, user, fetch;
} want_t;

// One walk through one kind of tables.
typedef struct path {
  uint64_t table;                // CR3 or nested CR3
  bool c;                        // C-bit of the next table: of CR3, then of the entry above
  bool nested;
  uint64_t at[PT_LEVELS];        // SPA of the entries on the path
  uint64_t entry[PT_LEVELS];
  cbit_attr_t who[PT_LEVELS];    // attributes of their reads
  uint32_t leaf;                 // level of the leaf
  bool write, user, nx;          // rights of the path
} path_t;

// ---- faults -----------------------------------------------------------------------------------------------------

static bool page_fault(vcpu_result_t *r, uint64_t va, const want_t *w, uint64_t bits) {
  r->end = VCPU_PF;
  r->error = bits | (w->write ? CBIT_RMP_ERR_W : 0) | (w->user ? CBIT_RMP_ERR_US : 0) | (w->fetch ? CBIT_RMP_ERR_ID : 0);
  r->info = va;
  return false;
}

// walk: on behalf of a guest-table access, not of the final address.
static bool nested_fault(vcpu_result_t *r, uint64_t gpa, const want_t *w, bool walk, bool ec, uint64_t bits) {
  r->end = VCPU_NPF;
  r->error = bits | (w->write ? CBIT_RMP_ERR_W : 0) | CBIT_RMP_ERR_US | (w->fetch ? CBIT_RMP_ERR_ID : 0) |
             (walk ? CBIT_RMP_ERR_WALK : CBIT_RMP_ERR_FINAL) | (ec ? CBIT_RMP_ERR_ENC : 0);
  r->info = ec ? gpa & ~(PT_PAGE - 1) : gpa;
  return false;
}

// ---- entries ----------------------------------------------------------------------------------------------------

// Bits that must be 0: page size in level 4, the low address bits of a large page, address bits that memory has not
// (nested and host tables), with vTOM the C-bit of a guest's entries.
static bool reserved_bits(const vcpu_t *v, const path_t *p, uint64_t entry, uint32_t level) {
  const space_t *s = v->s;
  const bool large = level != 0 && (entry & PT_PS) != 0;
  const bool physical = p->nested || s->asid == 0;
  if (level == PT_LEVELS - 1 && large) return true;
  if (large && (pt_addr(entry, s->cbit) & (pt_bytes(level) - 1) & ~UINT64_C(0x1fff)) != 0) return true;  // bit 12: PAT
  if (physical && pt_addr(entry, s->cbit) >> bench_cfg(s->b)->spa_width != 0) return true;
  return !physical && s->vtom != 0 && (entry & s->cbit) != 0;
}

static bool load_entry(vcpu_t *v, const cbit_attr_t *who, uint64_t at, uint64_t va, uint64_t *entry, vcpu_result_t *r) {
  uint8_t raw[8];
  if (!vcpu_bus(v, who, false, at, raw, sizeof(raw), va, r)) return false;
  *entry = le64_load(raw);
  return true;
}

// A on every entry of the path, D on the leaf of a write.
static bool update_path(vcpu_t *v, path_t *p, bool dirty, uint64_t va, vcpu_result_t *r) {
  for (uint32_t l = PT_LEVELS; l-- > p->leaf;) {
    const uint64_t now = p->entry[l] | PT_A | (dirty && l == p->leaf ? PT_D : 0);
    if (now == p->entry[l]) continue;
    cbit_attr_t who = p->who[l];
    uint8_t raw[8];
    who.access = p->nested ? CBIT_ACC_NPT_AD : CBIT_ACC_AD_UPDATE;
    le64_store(raw, now);
    if (!vcpu_bus(v, &who, true, p->at[l], raw, sizeof(raw), va, r)) return false;
    p->entry[l] = now;
  }
  return true;
}

// Takes entry l into the path's rights. True: it is the leaf.
static bool step(path_t *p, uint32_t l, uint64_t cbit) {
  const uint64_t e = p->entry[l];
  p->write = p->write && (e & PT_W) != 0;
  p->user = p->user && (e & PT_U) != 0;
  p->nx = p->nx || (e & PT_NX) != 0;
  p->leaf = l;
  p->c = (e & cbit) != 0;
  if (l == 0 || (e & PT_PS) != 0) return true;
  p->table = pt_addr(e, cbit);
  return false;
}

static bool allows(const path_t *p, const want_t *w) {
  return (!w->write || p->write) && (!w->user || p->user) && (!w->fetch || !p->nx);
}

static uint64_t target(const path_t *p, uint64_t va, uint64_t cbit) {
  const uint64_t inside = pt_bytes(p->leaf) - 1;
  return (pt_addr(p->entry[p->leaf], cbit) & ~inside) | (va & inside);
}

// ---- nested walk ------------------------------------------------------------------------------------------------

// The check refused a nested-table access: the record has the page of gpa only, its other bits the processor knows [F3].
static bool nested_refused(uint64_t gpa, vcpu_result_t *r) {
  const uint64_t inside = PT_PAGE - 1;
  if (r->end == VCPU_NPF) r->info = (r->info & ~inside) | (gpa & inside);
  return false;
}

// gpa to *spa. walk: gpa is that of a guest-table entry; va: for CR2.
static bool nested_walk(vcpu_t *v, uint64_t gpa, const want_t *w, bool walk, bool ec, uint64_t va, path_t *p, uint64_t *spa,
                        vcpu_result_t *r) {
  const space_t *s = v->s;
  *p = (path_t){.table = s->nested.root, .c = s->nested_c, .nested = true, .write = true, .user = true};
  cbit_attr_t who = v->who;
  who.access = CBIT_ACC_NPT_WALK;
  who.cbit = ec;
  who.gpa_page = gpa >> 12;
  who.page_size = PT_4K;
  bool leaf = (gpa >> 48) != 0 || !s->has_nested;  // beyond four levels nothing can be mapped
  if (leaf) return nested_fault(r, gpa, w, walk, ec, 0);
  for (uint32_t l = PT_LEVELS; !leaf;) {
    l--;
    who.ncbit = p->c;
    p->at[l] = p->table + pt_index(gpa, l) * 8;
    p->who[l] = who;
    if (!load_entry(v, &who, p->at[l], va, &p->entry[l], r)) return nested_refused(gpa, r);
    if ((p->entry[l] & PT_P) == 0) return nested_fault(r, gpa, w, walk, ec, 0);
    if (reserved_bits(v, p, p->entry[l], l)) return nested_fault(r, gpa, w, walk, ec, CBIT_RMP_ERR_P | ERR_RSV);
    leaf = step(p, l, s->cbit);
  }
  if (!allows(p, w)) return nested_fault(r, gpa, w, walk, ec, CBIT_RMP_ERR_P);
  *spa = target(p, gpa, s->cbit);
  return update_path(v, p, w->write, va, r) || nested_refused(gpa, r);
}

// ---- own tables -------------------------------------------------------------------------------------------------

// Where the entry at address `at` of the own tables lies, and how it is read.
static bool own_entry(vcpu_t *v, path_t *p, uint32_t l, uint64_t at, uint64_t va, vcpu_result_t *r) {
  const want_t table = {.write = true, .user = true};  // at the nested level every guest-table access is a user's write
  cbit_attr_t *who = &p->who[l];
  path_t n;
  *who = v->who;
  who->access = CBIT_ACC_PT_WALK;
  who->page_size = PT_4K;
  who->cbit = p->c;
  p->at[l] = at;
  if (v->s->asid == 0) return true;
  if (!nested_walk(v, at, &table, true, true, va, &n, &p->at[l], r)) return false;
  who->cbit = 1;
  who->ncbit = n.c;
  who->gpa_page = at >> 12;
  who->page_size = (uint8_t)n.leaf;
  return true;
}

static bool own_walk(vcpu_t *v, uint64_t va, const want_t *w, path_t *p, uint64_t *pa, vcpu_result_t *r) {
  const space_t *s = v->s;
  *p = (path_t){.table = s->own.root, .c = s->asid == 0 && s->nested_c, .write = true, .user = true};
  bool leaf = !s->has_own;
  if (leaf) return page_fault(r, va, w, 0);
  for (uint32_t l = PT_LEVELS; !leaf;) {
    l--;
    if (!own_entry(v, p, l, p->table + pt_index(va, l) * 8, va, r)) return false;
    if (!load_entry(v, &p->who[l], p->at[l], va, &p->entry[l], r)) return false;
    if ((p->entry[l] & PT_P) == 0) return page_fault(r, va, w, 0);
    if (reserved_bits(v, p, p->entry[l], l)) return page_fault(r, va, w, CBIT_RMP_ERR_P | ERR_RSV);
    leaf = step(p, l, s->cbit);
  }
  if (!allows(p, w)) return page_fault(r, va, w, CBIT_RMP_ERR_P);
  *pa = target(p, va, s->cbit);
  return update_path(v, p, w->write, va, r);
}

bool vcpu_ec(const vcpu_t *v, vcpu_op_t op, uint64_t va, const xlate_t *x) {
  if (v->s->asid == 0) return x->c;
  if (op == VCPU_FETCH) return true;
  if (v->s->vtom != 0) return x->gpa + (va - x->va) < v->s->vtom;
  return x->c;
}

bool vcpu_walk(vcpu_t *v, vcpu_op_t op, uint64_t va, xlate_t *x, vcpu_result_t *r) {
  const space_t *s = v->s;
  const want_t own = {op == VCPU_WRITE, v->who.user_mode != 0, op == VCPU_FETCH};
  const want_t data = {own.write, true, own.fetch};
  path_t p;
  path_t n;
  uint64_t pa = 0;
  uint64_t spa = 0;
  memset(x, 0, sizeof(*x));
  if (!own_walk(v, va, &own, &p, &pa, r)) return false;
  x->c = p.c;
  x->write = p.write;
  x->user = p.user;
  x->nx = p.nx;
  x->dirty = (p.entry[p.leaf] & PT_D) != 0;
  x->map = x->size = (pt_size_t)p.leaf;
  spa = pa;
  if (s->asid != 0) {
    // The page of the translation is not known yet: only its byte counts for eC.
    const xlate_t byte = {.va = va, .gpa = pa, .c = p.c};
    if (!nested_walk(v, pa, &data, false, vcpu_ec(v, op, va, &byte), va, &n, &spa, r)) return false;
    x->write = x->write && n.write;
    x->nx = x->nx || n.nx;
    x->dirty = x->dirty && (n.entry[n.leaf] & PT_D) != 0;
    x->ncbit = n.c;
    x->map = (pt_size_t)n.leaf;
    if (x->map < x->size) x->size = x->map;
  }
  if (x->size > PT_2M) x->size = PT_2M;
  const uint64_t inside = pt_bytes(x->size) - 1;
  x->va = va & ~inside;
  x->gpa = s->asid != 0 ? pa & ~inside : 0;
  x->spa = spa & ~inside;
  return true;
}
