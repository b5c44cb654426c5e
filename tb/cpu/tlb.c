// SPDX-License-Identifier: Apache-2.0
//
// tlb.c - translations of a processor (tlb.h)
#include "cpu/tlb.h"

#include <stddef.h>

static bool covers(const tlb_entry_t *e, uint16_t asid, uint64_t va) {
  return e->valid && e->asid == asid && (va & ~(pt_bytes(e->x.size) - 1)) == e->x.va;
}

tlb_entry_t *tlb_find(tlb_t *t, uint16_t asid, uint64_t va) {
  for (uint32_t i = 0; i < TLB_ENTRIES; i++) {
    if (covers(&t->entry[i], asid, va)) return &t->entry[i];
  }
  return NULL;
}

tlb_entry_t *tlb_insert(tlb_t *t, uint16_t asid, const xlate_t *x) {
  // Pages of another size may overlap this one after tables were changed: one page, one entry.
  for (uint32_t i = 0; i < TLB_ENTRIES; i++) {
    tlb_entry_t *e = &t->entry[i];
    if (covers(e, asid, x->va) || (e->valid && e->asid == asid && (e->x.va & ~(pt_bytes(x->size) - 1)) == x->va)) e->valid = false;
  }
  tlb_entry_t *e = &t->entry[t->next];
  t->next = (t->next + 1) % TLB_ENTRIES;
  *e = (tlb_entry_t){.valid = true, .asid = asid, .x = *x};
  return e;
}

uint32_t tlb_drop_range(tlb_t *t, uint64_t spa) {
  uint32_t n = 0;
  for (uint32_t i = 0; i < TLB_ENTRIES; i++) {
    tlb_entry_t *e = &t->entry[i];
    if (!e->valid || e->x.spa >> 21 != spa >> 21) continue;
    e->valid = false;
    n++;
  }
  return n;
}

uint32_t tlb_drop_page(tlb_t *t, uint16_t asid, uint64_t va) {
  uint32_t n = 0;
  for (tlb_entry_t *e = tlb_find(t, asid, va); e != NULL; e = tlb_find(t, asid, va)) {
    e->valid = false;
    n++;
  }
  return n;
}

uint32_t tlb_drop_asid(tlb_t *t, uint16_t asid) {
  uint32_t n = 0;
  for (uint32_t i = 0; i < TLB_ENTRIES; i++) {
    tlb_entry_t *e = &t->entry[i];
    if (!e->valid || e->asid != asid) continue;
    e->valid = false;
    n++;
  }
  return n;
}
