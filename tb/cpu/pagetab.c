// SPDX-License-Identifier: Apache-2.0
//
// pagetab.c - page tables of x86-64 long mode (pagetab.h)
#include "cpu/pagetab.h"

#include <string.h>

pt_err_t pagetab_init(pagetab_t *t, const pt_mem_t *mem, uint64_t base, uint64_t bytes, uint64_t cbit, bool table_c) {
  memset(t, 0, sizeof(*t));
  if (base % PT_PAGE != 0 || bytes % PT_PAGE != 0) return PT_ERR_ALIGN;
  if (bytes < PT_PAGE) return PT_ERR_FULL;
  t->mem = *mem;
  t->root = base;
  t->next = base + PT_PAGE;
  t->end = base + bytes;
  t->cbit = cbit;
  t->table_c = table_c;
  return mem->clear(mem->arg, base) ? PT_OK : PT_ERR_MEM;
}

// Address of the entry of va in `level`, and the entry; tables on the way are made if make is set. PT_ERR_SIZE: a larger
// page stands above; *stop tells its level.
static pt_err_t reach(pagetab_t *t, uint64_t va, uint32_t level, bool make, uint64_t *at, uint64_t *entry, uint32_t *stop) {
  uint64_t table = t->root;
  for (uint32_t l = PT_LEVELS - 1;; l--) {
    *at = table + pt_index(va, l) * 8;
    *stop = l;
    if (!t->mem.load(t->mem.arg, *at, entry)) return PT_ERR_MEM;
    if (l == level) return PT_OK;
    if ((*entry & PT_P) != 0) {
      if ((*entry & PT_PS) != 0) return PT_ERR_SIZE;
      table = pt_addr(*entry, t->cbit);
      continue;
    }
    if (!make) return PT_ERR_NONE;
    if (t->next >= t->end) return PT_ERR_FULL;
    table = t->next;
    t->next += PT_PAGE;
    // The table is empty before anything points at it. Its rights are those of its leaves.
    const uint64_t link = table | PT_P | PT_W | PT_U | (t->table_c ? t->cbit : 0);
    if (!t->mem.clear(t->mem.arg, table) || !t->mem.store(t->mem.arg, *at, link)) return PT_ERR_MEM;
  }
}

pt_err_t pagetab_map(pagetab_t *t, uint64_t va, uint64_t pa, pt_size_t size, uint64_t flags) {
  uint64_t at = 0;
  uint64_t old = 0;
  uint32_t stop = 0;
  const uint64_t inside = pt_bytes(size) - 1;
  if ((va & inside) != 0 || (pa & inside) != 0) return PT_ERR_ALIGN;
  const pt_err_t e = reach(t, va, size, true, &at, &old, &stop);
  if (e != PT_OK) return e;
  const uint64_t leaf = pa | PT_P | (size != PT_4K ? PT_PS : 0) | (flags & (PT_W | PT_U | PT_NX | t->cbit));
  if (size != PT_4K && (old & PT_P) != 0 && (old & PT_PS) == 0) return PT_ERR_SIZE;
  return t->mem.store(t->mem.arg, at, leaf) ? PT_OK : PT_ERR_MEM;
}

// The leaf of va, whatever its size.
static pt_err_t leaf_of(const pagetab_t *t, uint64_t va, uint64_t *at, uint64_t *entry, uint32_t *level) {
  pagetab_t look = *t;  // nothing is made
  const pt_err_t e = reach(&look, va, 0, false, at, entry, level);
  if (e == PT_OK && (*entry & PT_P) == 0) return PT_ERR_NONE;
  return e == PT_ERR_SIZE ? PT_OK : e;
}

pt_err_t pagetab_unmap(pagetab_t *t, uint64_t va) {
  uint64_t at = 0;
  uint64_t entry = 0;
  uint32_t level = 0;
  const pt_err_t e = leaf_of(t, va, &at, &entry, &level);
  if (e != PT_OK) return e;
  return t->mem.store(t->mem.arg, at, 0) ? PT_OK : PT_ERR_MEM;
}

pt_err_t pagetab_find(const pagetab_t *t, uint64_t va, uint64_t *pa, pt_size_t *size) {
  uint64_t at = 0;
  uint64_t entry = 0;
  uint32_t level = 0;
  const pt_err_t e = leaf_of(t, va, &at, &entry, &level);
  if (e != PT_OK) return e;
  *size = (pt_size_t)level;
  *pa = (pt_addr(entry, t->cbit) & ~(pt_bytes(level) - 1)) | (va & (pt_bytes(level) - 1));
  return PT_OK;
}

const char *pagetab_error(pt_err_t e) {
  static const char *const text[] = {"ok", "no page is left for a table", "an address is no multiple of the size",
                                     "a mapping of another size is there", "nothing is mapped there",
                                     "the memory of the tables was not reached"};
  return (unsigned)e < sizeof(text) / sizeof(text[0]) ? text[e] : "?";
}
