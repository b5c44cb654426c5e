// SPDX-License-Identifier: Apache-2.0
//
// space.h - the page tables of one address space, in the memory behind the engine (docs/cpu.md, "Tables in memory")
//
// A guest (by ASID) has nested tables, which the host writes at SPAs, and tables of its own, which the AMD-SP writes with the
// guest's key: the GPA of an entry is translated by the nested tables first. The host (asid 0) has tables of its own only.
// All functions clock the bench.
#ifndef TB_SPACE_H
#define TB_SPACE_H

#include "core/bench.h"
#include "cpu/pagetab.h"

typedef struct space {
  bench_t *b;
  uint16_t asid;      // 0 = host
  uint64_t cbit;      // mask of the C-bit in entries
  bool nested_c;      // C-bit of nested CR3 and of nested entries that point at a table; host: of its own
  bool has_nested, has_own;
  pagetab_t nested, own;
  uint64_t vtom;      // 0 = off
} space_t;

// A table's entry, or a page of zeros, as the host's software reaches it: at an SPA, with the host's key or none. False: refused.
bool space_host_load(bench_t *b, bool cbit, uint64_t at, uint64_t *entry);
bool space_host_store(bench_t *b, bool cbit, uint64_t at, uint64_t entry);
bool space_host_clear(bench_t *b, bool cbit, uint64_t page);

void space_init(space_t *s, bench_t *b, uint16_t asid);
// Where the tables lie. cbit: the host's key over nested tables, and over the host's own.
pt_err_t space_nested_tables(space_t *s, uint64_t spa, uint64_t bytes, bool cbit);
pt_err_t space_own_tables(space_t *s, uint64_t base, uint64_t bytes, bool cbit);
// pages mappings of a size in a row, from gpa (va) on. flags: PT_W, PT_U, PT_NX; cbit: C-bit of the leaves.
pt_err_t space_nested_map(space_t *s, uint64_t gpa, uint64_t spa, uint64_t pages, pt_size_t size, uint64_t flags, bool cbit);
pt_err_t space_own_map(space_t *s, uint64_t va, uint64_t pa, uint64_t pages, pt_size_t size, uint64_t flags, bool cbit);
pt_err_t space_nested_unmap(space_t *s, uint64_t gpa);
pt_err_t space_own_unmap(space_t *s, uint64_t va);

#endif  // TB_SPACE_H
