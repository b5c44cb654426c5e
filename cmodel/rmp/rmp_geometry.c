// SPDX-License-Identifier: Apache-2.0
//
// rmp_geometry.c - where the entry of a page lies, and whether there is one
//
// Answers docs/rmp.md section 1; G1.. are its rules. The contiguous table needs arithmetic alone; the segmented one
// reads one entry of the segment table first.

#include <string.h>

#include "rmp/rmp_impl.h"
#include "util/bits.h"

// Area of the counters at RMP_BASE.
#define BOOKKEEPING_BYTES 0x4000u
// Entries of the segment table, which follows the counters.
#define RST_ENTRIES 512u

// RMP_BASE and RMP_END name multiples of 8 KiB (G1).
static uint64_t table_base(const cbit_rmp_cfg_t *cfg) { return cfg->rmp_base & ~bits_mask(13); }
static uint64_t table_last(const cbit_rmp_cfg_t *cfg) { return cfg->rmp_end | bits_mask(13); }

int cbit_rmp_entry_addr(const cbit_rmp_cfg_t *cfg, uint64_t spa, uint64_t *addr) {
  *addr = table_base(cfg) + BOOKKEEPING_BYTES + (spa >> 12) * CBIT_RMP_ENTRY_BYTES;  // G2
  return (spa & ~bits_mask(CBIT_SPA_BITS)) == 0 && *addr <= table_last(cfg);         // G3, G4
}

int cbit_rmp_rst_addr(const cbit_rmp_cfg_t *cfg, uint64_t spa, uint64_t *addr) {
  const uint64_t index = cfg->segment_shift < 64 ? spa >> cfg->segment_shift : 0;  // G5
  const int exists = (spa & ~bits_mask(CBIT_SPA_BITS)) == 0 && index < RST_ENTRIES;
  *addr = exists ? table_base(cfg) + BOOKKEEPING_BYTES + 8 * index : 0;
  return exists;
}

int cbit_rmp_segment_entry_addr(unsigned segment_shift, uint64_t rst_entry, uint64_t spa, uint64_t *addr) {
  const uint64_t base = rst_entry & bits_mask(CBIT_SPA_BITS) & ~bits_mask(20);
  const uint64_t covered_bytes = bits_get(rst_entry, 0, 20) << 30;
  const uint64_t offset = spa & bits_mask(segment_shift);
  // A size beyond the segment covers the whole segment: offset never reaches it (G6).
  const int covered = (spa & ~bits_mask(CBIT_SPA_BITS)) == 0 && offset < covered_bytes;
  *addr = covered ? base + (offset >> 12) * CBIT_RMP_ENTRY_BYTES : 0;  // G7
  return covered;
}

int cbit_rmp_find(const cbit_rmp_cfg_t *cfg, const cbit_rmp_mem_t *mem, uint64_t spa, uint64_t *addr) {
  uint64_t rst_addr;
  uint64_t rst_entry;
  if (!cfg->segmented) {
    return cbit_rmp_entry_addr(cfg, spa, addr);
  }
  *addr = 0;
  if (!cbit_rmp_rst_addr(cfg, spa, &rst_addr)) {
    return 0;
  }
  if (mem->read8(mem->ctx, rst_addr, &rst_entry) != 0) {
    return -1;
  }
  return cbit_rmp_segment_entry_addr(cfg->segment_shift, rst_entry, spa, addr);
}

uint64_t cbit_rmp_counter_addr(const cbit_rmp_cfg_t *cfg, unsigned asid) {
  return table_base(cfg) + 8 * (uint64_t)(asid & bits_mask(11));  // G8
}

int rmp_load_entry(const cbit_rmp_mem_t *mem, uint64_t addr, cbit_rmp_entry_t *entry) {
  uint8_t raw[CBIT_RMP_ENTRY_BYTES];
  if (mem->read16(mem->ctx, addr, raw) != 0) {
    return -1;
  }
  cbit_rmp_entry_decode(raw, entry);
  return 0;
}

void rmp_store_entry(const cbit_rmp_mem_t *mem, uint64_t addr, const cbit_rmp_entry_t *entry) {
  uint8_t raw[CBIT_RMP_ENTRY_BYTES];
  cbit_rmp_entry_encode(entry, raw);
  mem->write16(mem->ctx, addr, raw);
}

int rmp_find_range(const cbit_rmp_cfg_t *cfg, const cbit_rmp_mem_t *mem, uint64_t spa, rmp_range_t *range) {
  memset(range, 0, sizeof *range);
  const int found = cbit_rmp_find(cfg, mem, spa, &range->own_addr);
  range->view.error = found < 0;
  range->view.covered = found == 1;
  // Entries of a 2 MiB range lie side by side, in a segment too.
  range->index = (unsigned)bits_get(spa, 12, 9);
  range->base_addr = range->own_addr - (uint64_t)range->index * CBIT_RMP_ENTRY_BYTES;
  return found;
}

int rmp_read_range(const cbit_rmp_mem_t *mem, rmp_range_t *range) {
  cbit_rmp_view_t *view = &range->view;
  if (rmp_load_entry(mem, range->own_addr, &view->own) != 0) {
    view->error = 1;
    return -1;
  }
  view->base = view->own;
  if (range->index != 0 && rmp_load_entry(mem, range->base_addr, &view->base) != 0) {
    view->error = 1;
    return -1;
  }
  return 0;
}

void cbit_rmp_view_load(const cbit_rmp_cfg_t *cfg, const cbit_rmp_mem_t *mem, uint64_t spa, cbit_rmp_view_t *view) {
  rmp_range_t range;
  if (rmp_find_range(cfg, mem, spa, &range) == 1) {
    (void)rmp_read_range(mem, &range);
  }
  *view = range.view;
}

const cbit_rmp_entry_t *cbit_rmp_view_auth(const cbit_rmp_view_t *view) {
  return view->base.page_size == CBIT_RMP_2M ? &view->base : &view->own;
}
