// SPDX-License-Identifier: Apache-2.0
//
// iotab.c - device table and I/O page tables in memory (iotab.h)
#include "iommu/iotab.h"
#include "util/bytes.h"
#include "cpu/space.h"

#include <string.h>

#define RIGHTS (IO_IR | IO_IW)

void io_dte_encode(const io_dte_t *d, uint64_t cbit, uint8_t raw[IO_DTE_BYTES]) {
  le64_store(raw, (d->valid ? IO_DTE_V : 0) | (d->translate ? IO_DTE_TV : 0) | (uint64_t)d->mode << IO_DTE_MODE_LSB |
               d->root | (d->c ? cbit : 0) | (d->read ? IO_IR : 0) | (d->write ? IO_IW : 0));
  le64_store(raw + 8, d->domain);
  le64_store(raw + 16, 0);
  le64_store(raw + 24, (uint64_t)(d->asid & 0x3ff) | (uint64_t)(d->vmpl & 3) << 10);
}

void io_dte_decode(const uint8_t raw[IO_DTE_BYTES], uint64_t cbit, io_dte_t *d) {
  const uint64_t q = le64_load(raw), bound = le64_load(raw + 24);
  *d = (io_dte_t){.valid = (q & IO_DTE_V) != 0, .translate = (q & IO_DTE_TV) != 0,
                  .mode = (uint8_t)(q >> IO_DTE_MODE_LSB & 7), .root = pt_addr(q, cbit), .c = (q & cbit) != 0,
                  .read = (q & IO_IR) != 0, .write = (q & IO_IW) != 0, .domain = (uint16_t)le64_load(raw + 8),
                  .asid = (uint16_t)(bound & 0x3ff), .vmpl = (uint8_t)(bound >> 10 & 3)};
}

// ---- tables -----------------------------------------------------------------------------------------------------

pt_err_t iotab_init(iotab_t *t, bench_t *b, uint64_t base, uint64_t bytes, uint8_t levels, bool c) {
  memset(t, 0, sizeof(*t));
  if (base % PT_PAGE != 0 || bytes % PT_PAGE != 0) return PT_ERR_ALIGN;
  if (bytes < PT_PAGE) return PT_ERR_FULL;
  if (levels == 0 || levels > IO_LEVELS_MAX) return PT_ERR_SIZE;
  *t = (iotab_t){.b = b, .cbit = UINT64_C(1) << bench_cfg(b)->cbit_pos, .table_c = c, .levels = levels, .root = base,
                 .next = base + PT_PAGE, .end = base + bytes};
  return space_host_clear(b, c, base) ? PT_OK : PT_ERR_MEM;
}

// The entry of iova in `level` (1 = the lowest); tables on the way are made if make is set.
static pt_err_t reach(iotab_t *t, uint64_t iova, uint32_t level, bool make, uint64_t *at, uint64_t *entry, uint32_t *stop) {
  uint64_t table = t->root;
  for (uint32_t l = t->levels;; l--) {
    *at = table + pt_index(iova, l - 1) * 8;
    *stop = l;
    if (!space_host_load(t->b, t->table_c, *at, entry)) return PT_ERR_MEM;
    if (l == level) return PT_OK;
    if ((*entry & IO_PR) != 0) {
      if ((*entry >> IO_NEXT_LSB & 7) == 0) return PT_ERR_SIZE;
      table = pt_addr(*entry, t->cbit);
      continue;
    }
    if (!make) return PT_ERR_NONE;
    if (t->next >= t->end) return PT_ERR_FULL;
    table = t->next;
    t->next += PT_PAGE;
    const uint64_t link = table | IO_PR | (uint64_t)(l - 1) << IO_NEXT_LSB | RIGHTS | (t->table_c ? t->cbit : 0);
    if (!space_host_clear(t->b, t->table_c, table) || !space_host_store(t->b, t->table_c, *at, link)) return PT_ERR_MEM;
  }
}

static pt_err_t map_one(iotab_t *t, uint64_t iova, uint64_t spa, pt_size_t size, uint64_t leaf) {
  uint64_t at = 0;
  uint64_t old = 0;
  uint32_t stop = 0;
  if (((iova | spa) & (pt_bytes(size) - 1)) != 0) return PT_ERR_ALIGN;
  if (size + 1u > t->levels || (t->levels < IO_LEVELS_MAX && iova >> pt_shift(t->levels) != 0)) return PT_ERR_NONE;
  const pt_err_t e = reach(t, iova, size + 1u, true, &at, &old, &stop);
  if (e != PT_OK) return e;
  if ((old & IO_PR) != 0 && (old >> IO_NEXT_LSB & 7) != 0) return PT_ERR_SIZE;
  return space_host_store(t->b, t->table_c, at, spa | leaf) ? PT_OK : PT_ERR_MEM;
}

pt_err_t iotab_map(iotab_t *t, uint64_t iova, uint64_t spa, uint64_t pages, pt_size_t size, uint64_t flags, bool c) {
  pt_err_t e = PT_OK;
  for (uint64_t i = 0; i < pages && e == PT_OK; i++)
    e = map_one(t, iova + i * pt_bytes(size), spa + i * pt_bytes(size), size, IO_PR | (flags & RIGHTS) | (c ? t->cbit : 0));
  return e;
}

pt_err_t iotab_unmap(iotab_t *t, uint64_t iova) {
  uint64_t at = 0;
  uint64_t entry = 0;
  uint32_t stop = 0;
  const pt_err_t e = reach(t, iova, 1, false, &at, &entry, &stop);
  if (e != PT_OK && e != PT_ERR_SIZE) return e;  // a larger leaf: that one goes
  if ((entry & IO_PR) == 0) return PT_ERR_NONE;
  return space_host_store(t->b, t->table_c, at, 0) ? PT_OK : PT_ERR_MEM;
}

bool iotab_device(bench_t *b, uint64_t table, uint16_t device, const io_dte_t *d, bool c) {
  const cbit_attr_t who = {.requester = CBIT_REQ_HOST, .cbit = c};
  uint8_t raw[IO_DTE_BYTES];
  io_dte_encode(d, UINT64_C(1) << bench_cfg(b)->cbit_pos, raw);
  const bench_rsp_t rsp = bench_write(b, &who, table + (uint64_t)device * IO_DTE_BYTES, raw, sizeof(raw), NULL);
  return rsp.ok && rsp.resp == 0;
}
