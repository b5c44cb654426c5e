// SPDX-License-Identifier: Apache-2.0
//
// tlb.h - translations of a processor, with the verdicts of the check (docs/cpu.md, "TLB and its verdicts")
//
// A core has one; the host and all virtual processors that run on the core use it in turn.
#ifndef TB_TLB_H
#define TB_TLB_H

#include <stdbool.h>
#include <stdint.h>

#include "cpu/pagetab.h"

#define TLB_ENTRIES 64u

// What a walk found out about a page: addresses of its first byte, size of the page, and the rest of what a request needs.
typedef struct xlate {
  uint64_t va, gpa, spa;
  pt_size_t size;        // of this translation: the smaller of both mappings
  pt_size_t map;         // of the mapping that gave the SPA (attribute page_size)
  bool write, user, nx;  // rights: both tables together; user: of the own tables
  bool dirty;            // D is set on the whole path: a write needs no walk
  bool c, ncbit;         // C-bit of the own leaf, of the nested leaf
} xlate_t;

typedef struct tlb_entry {
  bool valid;
  uint16_t asid;
  uint8_t vmpl;    // a level's walk and verdicts are its own
  uint8_t passed;  // verdicts: bit 0 read, 1 write, 2 fetch at CPL 0 to 2, 3 fetch at CPL 3
  xlate_t x;
} tlb_entry_t;

typedef struct tlb {
  tlb_entry_t entry[TLB_ENTRIES];
  uint32_t next;     // place of the next new entry
  bool deaf;         // ignores invalidations: what the checks of the bench are tried with
  uint64_t dropped;  // entries by invalidations
  uint64_t invs;     // invalidations heard: what a walk found before one is not put in after it
} tlb_t;

// The entry of a page; NULL if there is none.
tlb_entry_t *tlb_find(tlb_t *t, uint16_t asid, uint8_t vmpl, uint64_t va);
// Puts a translation in, or in place of the entry of its page; verdicts start empty. x covers 2 MiB at most.
tlb_entry_t *tlb_insert(tlb_t *t, uint16_t asid, uint8_t vmpl, const xlate_t *x);
// Of every VMPL.
void tlb_drop_page(tlb_t *t, uint16_t asid, uint64_t va);
void tlb_drop_asid(tlb_t *t, uint16_t asid);
void tlb_drop_all(tlb_t *t);
// bench_inv_fn: drops what lies in the 2 MiB range of spa, of every ASID. arg is the tlb_t.
void tlb_inv(void *arg, uint64_t spa);

#endif  // TB_TLB_H
