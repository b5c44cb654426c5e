// SPDX-License-Identifier: Apache-2.0
//
// iommu.c - translation of device accesses, IOTLB (iommu.h)
#include "iommu/iommu.h"
#include "util/bytes.h"

#include <string.h>

// ---- IOTLB ------------------------------------------------------------------------------------------------------

static iotlb_entry_t *find(iommu_t *m, uint16_t device, uint64_t iova) {
  for (uint32_t i = 0; i < IOTLB_ENTRIES; i++) {
    iotlb_entry_t *e = &m->tlb[i];
    if (e->valid && e->device == device && (iova & ~(pt_bytes(e->size) - 1)) == e->iova) return e;
  }
  return NULL;
}

static void insert(iommu_t *m, const iotlb_entry_t *x, uint8_t verdict) {
  for (uint32_t i = 0; i < IOTLB_ENTRIES; i++) {  // one page, one entry, also after its size has changed
    iotlb_entry_t *e = &m->tlb[i];
    const uint64_t page = ~(pt_bytes(e->size > x->size ? e->size : x->size) - 1);
    if (e->device == x->device && (e->iova & page) == (x->iova & page)) e->valid = false;
  }
  iotlb_entry_t *e = &m->tlb[m->next];
  m->next = (m->next + 1) % IOTLB_ENTRIES;
  *e = *x;
  e->valid = true;
  e->passed = verdict;
}

void iommu_inv(void *arg, uint64_t spa) {
  iommu_t *m = arg;
  if (m->deaf) return;
  m->invs++;
  for (uint32_t i = 0; i < IOTLB_ENTRIES; i++) {
    iotlb_entry_t *e = &m->tlb[i];
    const bool in = e->size == PT_1G ? e->spa >> 30 == spa >> 30 : e->spa >> 21 == spa >> 21;
    if (!e->valid || !in) continue;
    e->valid = false;
    m->dropped++;
  }
}

void iommu_flush(iommu_t *m, uint16_t device) {
  for (uint32_t i = 0; i < IOTLB_ENTRIES; i++) m->tlb[i].valid = m->tlb[i].valid && m->tlb[i].device != device;
  m->invs++;  // a walk under way may have seen what was before
}

void iommu_flush_page(iommu_t *m, uint16_t device, uint64_t iova) {
  iotlb_entry_t *e = find(m, device, iova);
  if (e != NULL) e->valid = false;
  m->invs++;
}

void iommu_flush_all(iommu_t *m) {
  for (uint32_t i = 0; i < IOTLB_ENTRIES; i++) m->tlb[i].valid = false;
  m->invs++;
}

// ---- ends -------------------------------------------------------------------------------------------------------

static bool event(iommu_result_t *r, uint8_t code, uint16_t flags, uint8_t flags_rmp, uint64_t addr) {
  r->end = IOMMU_EVENT;
  r->event.code = code;
  r->event.flags = (uint16_t)(r->event.flags | flags);
  r->event.flags_rmp = flags_rmp;
  r->event.addr = addr;
  return false;
}

static bool refused(iommu_result_t *r, const bench_rsp_t *rsp, uint64_t iova) {
  uint8_t flags_rmp = 0;
  r->resp = rsp->resp;
  r->record = rsp->record;
  r->code = rsp->record.code;
  r->end = !rsp->ok ? IOMMU_FAILED : r->code != 0 ? IOMMU_REFUSED : IOMMU_ABORT;
  const uint8_t code = iommu_refusal(&rsp->record, &flags_rmp);
  if (r->end != IOMMU_REFUSED || code == IOEV_NONE) return false;
  r->event.tag = rsp->record.asid;  // 0 for a device of the host
  const uint64_t at = code == IOEV_RMP_HW ? rsp->record.addr & ~UINT64_C(7) : iova;
  return event(r, code, 0, flags_rmp, at);
}

// ---- tables: the IOMMU's own reads, with the attributes of a read of a host's device (not checked, row 20) --------

static bool fetch(iommu_t *m, uint16_t axi, uint64_t at, bool c, uint8_t *to, size_t len, uint8_t code, uint64_t iova,
                  iommu_result_t *r) {
  const cbit_attr_t who = {.requester = CBIT_REQ_DEVICE, .cbit = c};
  const bench_burst_t burst = {.id = axi, .narrow = len == 8 ? 4 : 0};
  const bench_rsp_t rsp = bench_read(m->b, &who, at, to, len, &burst);
  r->requests += rsp.bursts;
  if (rsp.ok && rsp.resp == 0) return true;
  r->resp = rsp.resp;
  r->record = rsp.record;
  if (!rsp.ok) {
    r->end = IOMMU_FAILED;
    return false;
  }
  return event(r, code, 0, 0, code == IOEV_DTE_HW ? at : iova);
}

static bool device_entry(iommu_t *m, uint16_t axi, uint64_t iova, io_dte_t *d, iommu_result_t *r) {
  uint8_t raw[IO_DTE_BYTES];
  const uint16_t device = r->event.device;
  if (device >= m->devices) return event(r, IOEV_ILLEGAL_DTE, 0, 0, iova);
  if (!fetch(m, axi, m->table + (uint64_t)device * IO_DTE_BYTES, m->table_c, raw, sizeof(raw), IOEV_DTE_HW, iova, r)) return false;
  io_dte_decode(raw, m->cbit, d);
  // Without translation there is no mapping size: not with the reverse map table.
  if (!d->valid || !d->translate || d->mode == 0 || d->mode > IO_LEVELS_MAX || d->root >> bench_cfg(m->b)->spa_width != 0)
    return event(r, IOEV_ILLEGAL_DTE, IOEV_RZ, 0, iova);
  r->event.tag = d->domain;
  return true;
}

// Level l of the tables, 1 = the lowest. True: *x is complete.
static bool walk(iommu_t *m, uint16_t axi, uint64_t iova, bool write, iotlb_entry_t *x, iommu_result_t *r) {
  io_dte_t d;
  if (!device_entry(m, axi, iova, &d, r)) return false;
  *x = (iotlb_entry_t){.device = r->event.device, .read = d.read, .write = d.write, .asid = d.asid, .vmpl = d.vmpl};
  if (d.mode < IO_LEVELS_MAX && iova >> pt_shift(d.mode) != 0) return event(r, IOEV_PAGE_FAULT, 0, 0, iova);
  uint64_t table = d.root;
  bool c = d.c;
  for (uint32_t l = d.mode;; l--) {
    uint8_t raw[8];
    if (!fetch(m, axi, table + pt_index(iova, l - 1) * 8, c, raw, sizeof(raw), IOEV_TAB_HW, iova, r)) return false;
    const uint64_t e = le64_load(raw);
    const uint32_t next = (uint32_t)(e >> IO_NEXT_LSB & 7);
    const uint64_t to = pt_addr(e, m->cbit);
    if ((e & IO_PR) == 0) return event(r, IOEV_PAGE_FAULT, 0, 0, iova);
    // A leaf in level 1 to 3 at a multiple of its size, or the next level; levels are not skipped.
    const bool leaf = next == 0;
    if ((leaf ? l > 3 || (to & (pt_bytes(l - 1) - 1)) != 0 : next != l - 1) || to >> bench_cfg(m->b)->spa_width != 0)
      return event(r, IOEV_PAGE_FAULT, IOEV_PR | IOEV_RZ, 0, iova);
    x->read = x->read && (e & IO_IR) != 0;
    x->write = x->write && (e & IO_IW) != 0;
    c = (e & m->cbit) != 0;
    table = to;
    if (!leaf) continue;
    x->c = c;
    x->size = (pt_size_t)(l - 1);
    x->iova = iova & ~(pt_bytes(l - 1) - 1);
    x->spa = to;
    return (write ? x->write : x->read) || event(r, IOEV_PAGE_FAULT, IOEV_PR | IOEV_PE, 0, iova);
  }
}

// ---- accesses ---------------------------------------------------------------------------------------------------

// Bytes of one page.
static bool access_page(iommu_t *m, uint16_t axi, bool write, uint64_t iova, uint8_t *data, size_t len, iommu_result_t *r) {
  const uint8_t verdict = write ? 2 : 1;
  const uint64_t invs = m->invs;
  const iotlb_entry_t *e = find(m, r->event.device, iova);
  iotlb_entry_t x;
  r->hit = e != NULL && (write ? e->write : e->read);
  const bool held = r->hit && (e->passed & verdict) != 0;
  if (r->hit) x = *e;
  else if (!walk(m, axi, iova, write, &x, r)) return false;
  r->spa = x.spa + (iova - x.iova);
  const cbit_attr_t who = {.requester = CBIT_REQ_DEVICE, .cbit = x.c, .ncbit = x.c, .asid = x.asid, .vmpl = x.vmpl,
                           .page_size = (uint8_t)x.size, .gpa_page = x.asid != 0 ? iova >> 12 : 0};
  const bench_burst_t burst = {.id = axi};
  const bench_rsp_t rsp = write ? bench_write(m->b, &who, r->spa, data, len, &burst)
                                : bench_read(m->b, &who, r->spa, data, len, &burst);
  r->requests += rsp.bursts;
  if (rsp.ok && rsp.resp == 0) {
    if (invs != m->invs) return true;  // may be of before the invalidation
    iotlb_entry_t *now = find(m, r->event.device, iova);
    if (now == NULL || now->spa != x.spa || now->size != x.size) insert(m, &x, verdict);
    else now->passed |= verdict;
    return true;
  }
  (void)refused(r, &rsp, iova);
  if (r->end == IOMMU_EVENT && held && invs == m->invs) {
    bench_fail(m->b, "verdict of the IOTLB: an access to SPA 0x%llx that the check let pass before is refused now, and no "
               "invalidation came in between", (unsigned long long)r->spa);
    r->end = IOMMU_FAILED;
  }
  if (!write && r->end != IOMMU_FAILED) memset(data, 0xff, len);  // 4.5
  return false;
}

iommu_result_t iommu_access(iommu_t *m, uint16_t device, uint16_t axi, bool write, uint64_t iova, uint8_t *data, size_t len) {
  iommu_result_t r;
  memset(&r, 0, sizeof(r));
  r.event.device = device;
  r.event.flags = write ? IOEV_RW : 0;
  while (r.moved < len) {
    const uint64_t at = iova + r.moved;
    const uint64_t room = PT_PAGE - (at & (PT_PAGE - 1));
    const size_t n = len - r.moved < room ? len - r.moved : (size_t)room;
    if (!access_page(m, axi, write, at, data + r.moved, n, &r)) break;
    r.moved += n;
  }
  if (r.end != IOMMU_DONE && r.end != IOMMU_FAILED && !write) memset(data + r.moved, 0xff, len - r.moved);
  if (r.end == IOMMU_EVENT) iommu_report(m, axi, &r);
  return r;
}

// ---- registers --------------------------------------------------------------------------------------------------

void iommu_init(iommu_t *m, bench_t *b) {
  memset(m, 0, sizeof(*m));
  m->b = b;
  m->cbit = UINT64_C(1) << bench_cfg(b)->cbit_pos;
}

void iommu_device_table(iommu_t *m, uint64_t spa, uint32_t devices, bool c) {
  m->table = spa;
  m->devices = devices;
  m->table_c = c;
  iommu_flush_all(m);
}

void iommu_event_log(iommu_t *m, uint64_t spa, uint32_t entries, bool c) {
  m->log = spa;
  m->log_n = entries;
  m->log_c = c;
  m->head = m->tail = 0;
  m->halted = m->overflow = false;
}
