// SPDX-License-Identifier: Apache-2.0
//
// tlb.c - translations of a processor (tlb.h)
#include "cpu/tlb.h"

#include <stddef.h>

static bool covers(const tlb_entry_t *e, uint16_t asid, uint64_t va) {
  return e->valid && e->asid == asid && (va & ~(pt_bytes(e->x.size) - 1)) == e->x.va;
}

tlb_entry_t *tlb_find(tlb_t *t, uint16_t asid, uint8_t vmpl, uint64_t va) {
  for (uint32_t i = 0; i < TLB_ENTRIES; i++) {
    if (covers(&t->entry[i], asid, va) && t->entry[i].vmpl == vmpl) return &t->entry[i];
  }
  return NULL;
}

tlb_entry_t *tlb_insert(tlb_t *t, uint16_t asid, uint8_t vmpl, const xlate_t *x) {
  // Pages of another size may overlap this one after tables were changed: one page, one entry.
  for (uint32_t i = 0; i < TLB_ENTRIES; i++) {
    tlb_entry_t *e = &t->entry[i];
    const bool inside = e->asid == asid && (e->x.va & ~(pt_bytes(x->size) - 1)) == x->va;
    if (e->vmpl == vmpl && (covers(e, asid, x->va) || inside)) e->valid = false;
  }
  tlb_entry_t *e = &t->entry[t->next];
  t->next = (t->next + 1) % TLB_ENTRIES;
  *e = (tlb_entry_t){.valid = true, .asid = asid, .vmpl = vmpl, .x = *x};
  return e;
}

void tlb_drop_page(tlb_t *t, uint16_t asid, uint64_t va) {
  for (uint32_t i = 0; i < TLB_ENTRIES; i++) {
    if (covers(&t->entry[i], asid, va)) t->entry[i].valid = false;
  }
}

void tlb_drop_asid(tlb_t *t, uint16_t asid) {
  for (uint32_t i = 0; i < TLB_ENTRIES; i++) {
    if (t->entry[i].asid == asid) t->entry[i].valid = false;
  }
}

void tlb_drop_all(tlb_t *t) {
  for (uint32_t i = 0; i < TLB_ENTRIES; i++) t->entry[i].valid = false;
}

void tlb_inv(void *arg, uint64_t spa) {
  tlb_t *t = arg;
  if (!t->deaf) t->invs++;
  for (uint32_t i = 0; i < TLB_ENTRIES && !t->deaf; i++) {
    tlb_entry_t *e = &t->entry[i];
    if (!e->valid || e->x.spa >> 21 != spa >> 21) continue;
    e->valid = false;
    t->dropped++;
  }
}
