// SPDX-License-Identifier: Apache-2.0
//
// pagetab.h - page tables of x86-64 long mode, four levels, built in memory (docs/cpu.md, "Tables in memory")
//
// The builder owns no memory: it loads and stores entries through functions of the caller. Addresses are those of the
// memory where the tables lie (SPA for nested and host tables, GPA for a guest's), without C-bit.
#ifndef TB_PAGETAB_H
#define TB_PAGETAB_H

#include <stdbool.h>
#include <stdint.h>

#define PT_LEVELS 4u
#define PT_PAGE UINT64_C(4096)

// Bits of an entry.
#define PT_P (UINT64_C(1) << 0)
#define PT_W (UINT64_C(1) << 1)
#define PT_U (UINT64_C(1) << 2)
#define PT_A (UINT64_C(1) << 5)
#define PT_D (UINT64_C(1) << 6)
#define PT_PS (UINT64_C(1) << 7)
#define PT_NX (UINT64_C(1) << 63)

// Size of a mapping, as the attribute page_size: 0 = 4 KiB, 1 = 2 MiB, 2 = 1 GiB. It is the level of the leaf, too.
typedef enum pt_size { PT_4K = 0, PT_2M = 1, PT_1G = 2 } pt_size_t;

static inline uint32_t pt_shift(uint32_t level) { return 12 + 9 * level; }
static inline uint64_t pt_bytes(uint32_t level) { return UINT64_C(1) << pt_shift(level); }
static inline uint64_t pt_index(uint64_t va, uint32_t level) { return va >> pt_shift(level) & 511; }
// Address field, bits 51:12 without the C-bit (a mask; 0 = there is none).
static inline uint64_t pt_addr(uint64_t entry, uint64_t cbit) { return entry & ~cbit & UINT64_C(0xffffffffff000); }

// Memory as the builder sees it. False: it could not be reached.
typedef struct pt_mem {
  bool (*load)(void *arg, uint64_t at, uint64_t *entry);
  bool (*store)(void *arg, uint64_t at, uint64_t entry);
  bool (*clear)(void *arg, uint64_t page);  // zeros in 4 KiB
  void *arg;
} pt_mem_t;

typedef struct pagetab {
  pt_mem_t mem;
  uint64_t root;       // level 4
  uint64_t next, end;  // pages for further tables
  uint64_t cbit;       // mask of the C-bit in an entry
  bool table_c;        // entries that point at a table carry it
} pagetab_t;

typedef enum pt_err {
  PT_OK = 0,
  PT_ERR_FULL,   // no page left for a table
  PT_ERR_ALIGN,  // an address is no multiple of the size
  PT_ERR_SIZE,   // there are tables, or a larger page, where the leaf would stand
  PT_ERR_NONE,   // nothing is mapped there
  PT_ERR_MEM     // memory was not reached
} pt_err_t;

// Tables in [base, base + bytes), whole pages; clears the root.
pt_err_t pagetab_init(pagetab_t *t, const pt_mem_t *mem, uint64_t base, uint64_t bytes, uint64_t cbit, bool table_c);
// A leaf for va: flags are PT_W, PT_U, PT_NX and the C-bit. A leaf of the same size that is there is replaced.
pt_err_t pagetab_map(pagetab_t *t, uint64_t va, uint64_t pa, pt_size_t size, uint64_t flags);
pt_err_t pagetab_unmap(pagetab_t *t, uint64_t va);
// What va is mapped to, without regard to rights: address of the byte and size.
pt_err_t pagetab_find(const pagetab_t *t, uint64_t va, uint64_t *pa, pt_size_t *size);
const char *pagetab_error(pt_err_t e);

#endif  // TB_PAGETAB_H
