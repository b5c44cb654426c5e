// SPDX-License-Identifier: Apache-2.0
//
// scenario_iommu.c - the IOMMU of a scenario: device table, I/O page tables, accesses of devices (scenario_int.h, docs/iommu.md)
//
// One IOMMU. A device is a requester; its device id is its number in the order in which the requesters were made. With an
// ASID it is bound to that guest.
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "core/scenario_int.h"
#include "iommu/iommu.h"

#define PAGES_MAX 65536u
#define DEVICES_MAX 65536u
#define LOG_MAX 32768u

typedef struct scn_iommu {
  iommu_t m;
  iotab_t *tab;    // by requester; root 0: none yet
  io_dte_t *dte;
  uint32_t whos;
  // the last access
  bool any;
  iommu_result_t last;
  iommu_event_t seen;  // as it lies in the log
} scn_iommu_t;

// ---- reading ----------------------------------------------------------------------------------------------------

bool scn_iommu_check(scn_parser_t *p, const scn_step_t *st) {
  const scn_op_t op = st->spec->op;
  const scn_val_t *who = scn_arg(st, "requester"), *addr = scn_arg(st, "address"), *to = scn_arg(st, "to");
  const scn_val_t *len = scn_arg(st, "length"), *pages = scn_arg(st, "pages"), *n = scn_arg(st, "devices");
  const scn_val_t *levels = scn_arg(st, "levels"), *entries = scn_arg(st, "entries");
  const uint64_t inside = op == SCN_OP_IO_MAP ? pt_bytes((uint32_t)scn_arg(st, "map")->num) - 1 : PT_PAGE - 1;
  const bool physical = op == SCN_OP_IO_TABLES || op == SCN_OP_IOMMU_TABLE || op == SCN_OP_IOMMU_LOG;
  return !(scn_wrong(p, who, p->s->who[who->num].attr.requester != CBIT_REQ_DEVICE, "a device is expected here") ||
           scn_wrong(p, addr, physical && addr->num >> CBIT_SPA_BITS != 0, "address is above 52 bits") ||
           scn_wrong(p, addr, physical && addr->num % PT_PAGE != 0, "tables begin at a page") ||
           scn_wrong(p, len, op == SCN_OP_IO_TABLES && (len->data != NULL || len->num % PT_PAGE != 0), "tables take whole pages") ||
           scn_wrong(p, levels, levels->num == 0 || levels->num > IO_LEVELS_MAX, "1 to 6 levels are expected") ||
           scn_wrong(p, n, n->num == 0 || n->num > DEVICES_MAX, "1 to 65536 devices are expected") ||
           scn_wrong(p, entries, entries->num < 2 || entries->num > LOG_MAX, "2 to 32768 entries are expected") ||
           scn_wrong(p, pages, pages->num == 0 || pages->num > PAGES_MAX, "1 to 65536 pages are expected") ||
           scn_wrong(p, addr, op == SCN_OP_IO_MAP && (addr->num & inside) != 0, "address is no multiple of the page size") ||
           scn_wrong(p, to, (to->num & inside) != 0, "address is no multiple of the page size") ||
           scn_wrong(p, to, to->num >> CBIT_SPA_BITS != 0, "address is above 52 bits"));
}

// ---- the machine ------------------------------------------------------------------------------------------------

static scn_iommu_t *machine(scn_exec_t *x) {
  if (x->iommu != NULL) return x->iommu;
  scn_iommu_t *k = log_alloc(sizeof(*k));
  iommu_init(&k->m, x->b);
  k->whos = x->s->whos;
  k->tab = log_alloc(k->whos * sizeof(*k->tab));
  k->dte = log_alloc(k->whos * sizeof(*k->dte));
  x->iommu = k;
  scn_inv_listen(x);
  return k;
}

void scn_iommu_inv(scn_exec_t *x, uint64_t spa) {
  if (x->iommu != NULL) iommu_inv(&x->iommu->m, spa);
}

void scn_iommu_flush(scn_exec_t *x) {
  if (x->iommu != NULL) iommu_flush_all(&x->iommu->m);
}

void scn_iommu_free(scn_exec_t *x) {
  if (x->iommu == NULL) return;
  free(x->iommu->tab);
  free(x->iommu->dte);
  free(x->iommu);
  x->iommu = NULL;
}

// ---- tables -----------------------------------------------------------------------------------------------------

static void write_entry(scn_exec_t *x, uint32_t who) {
  const scn_iommu_t *k = x->iommu;
  if (who >= k->m.devices) scn_fail(x, "the device table has %u entries, this is device %u", k->m.devices, who);
  else if (!iotab_device(x->b, k->m.table, (uint16_t)who, &k->dte[who], k->m.table_c) && !bench_failed(x->b))
    scn_fail(x, "the write of the device's entry was refused");
  else scn_note(x, "device %u", who);
}

static void table_step(scn_exec_t *x, const scn_step_t *st) {
  scn_iommu_t *k = machine(x);
  const scn_op_t op = st->spec->op;
  const uint32_t who = (uint32_t)scn_arg(st, "requester")->num;
  const uint64_t addr = scn_arg(st, "address")->num, to = scn_arg(st, "to")->num, len = scn_arg(st, "length")->num;
  const uint64_t pages = scn_arg(st, "pages")->set ? scn_arg(st, "pages")->num : 1;
  const bool c = scn_flag(st, "cbit", false);
  const uint64_t rights = (scn_flag(st, "read", true) ? IO_IR : 0) | (scn_flag(st, "write", true) ? IO_IW : 0);
  iotab_t *t = &k->tab[who];
  pt_err_t e = PT_OK;
  if (op == SCN_OP_IO_TABLES) {
    const uint8_t levels = (uint8_t)(scn_arg(st, "levels")->set ? scn_arg(st, "levels")->num : 4);
    const cbit_attr_t *a = &x->s->who[who].attr;
    e = iotab_init(t, x->b, addr, len, levels, c);
    k->dte[who] = (io_dte_t){.valid = true, .translate = true, .mode = levels, .root = addr, .c = c,
                             .read = (rights & IO_IR) != 0, .write = (rights & IO_IW) != 0, .domain = (uint16_t)who,
                             .asid = a->asid, .vmpl = a->vmpl};
    if (e == PT_OK) write_entry(x, who);
  } else if (op == SCN_OP_IO_DETACH) {
    k->dte[who].valid = false;
    write_entry(x, who);
  } else if (t->levels == 0) {
    scn_fail(x, "this device has no I/O tables yet (device tables)");
  } else {
    e = op == SCN_OP_IO_MAP ? iotab_map(t, addr, to, pages, (pt_size_t)scn_arg(st, "map")->num, rights, c) : iotab_unmap(t, addr);
  }
  if (e != PT_OK && !bench_failed(x->b)) scn_fail(x, "%s", pagetab_error(e));
}

// Zeros: no entry is valid.
static void device_table(scn_exec_t *x, const scn_step_t *st) {
  iommu_t *m = &machine(x)->m;
  const cbit_attr_t who = {.requester = CBIT_REQ_HOST, .cbit = scn_flag(st, "cbit", false)};
  const uint64_t addr = scn_arg(st, "address")->num;
  const uint32_t n = (uint32_t)scn_arg(st, "devices")->num;
  uint8_t *zeros = log_alloc((size_t)n * IO_DTE_BYTES);
  const bench_rsp_t rsp = bench_write(x->b, &who, addr, zeros, (size_t)n * IO_DTE_BYTES, NULL);
  free(zeros);
  iommu_device_table(m, addr, n, who.cbit != 0);
  if (rsp.ok && rsp.resp != 0) scn_fail(x, "the write of the device table was refused");
}

// ---- accesses ---------------------------------------------------------------------------------------------------

static const char *const end_name[] = {"done", "aborted", "error of the memory", "refused", "failed"};

// The event as software finds it in the log.
static void look(scn_exec_t *x, scn_iommu_t *k) {
  const cbit_attr_t host = {.requester = CBIT_REQ_HOST, .cbit = k->m.log_c};
  uint8_t raw[IOMMU_EVENT_BYTES];
  memset(&k->seen, 0, sizeof(k->seen));
  if (!k->last.logged) return;
  const bench_rsp_t rsp = bench_read(x->b, &host, k->last.log_at, raw, sizeof(raw), NULL);
  if (!rsp.ok) return;
  iommu_event_decode(raw, &k->seen);
  const iommu_event_t *e = &k->seen;
  scn_note(x, "event %s flags=0x%x rmp=0x%x device=%u tag=%u at 0x%llx", iommu_event_name(e->code), e->flags, e->flags_rmp,
           e->device, e->tag, (unsigned long long)e->addr);
}

static void tell(scn_exec_t *x, const scn_step_t *st, scn_iommu_t *k) {
  const iommu_result_t *r = &k->last;
  k->any = true;
  x->last.command = x->last.insn = false;
  x->last.access = true;
  x->last.write = st->spec->op == SCN_OP_IO_WRITE;
  x->last.resp = r->resp;
  x->last.record = r->record;
  x->last.fault = r->record.code;
  if (r->end == IOMMU_FAILED) return;  // the bench says why
  scn_note(x, "%s", end_name[r->end]);
  if (r->end == IOMMU_DONE) {
    scn_note(x, "SPA 0x%llx", (unsigned long long)r->spa);
  } else {
    if (r->code != 0) scn_note(x, "fault %s", bench_fault_name(r->code));
    look(x, k);
    if (!st->expects_bad) scn_fail(x, "nobody expected that");
  }
  if (r->log_record.code != 0) scn_note(x, "the write of the event: fault %s", bench_fault_name(r->log_record.code));
  if (k->m.halted) scn_note(x, k->m.overflow ? "the log is full" : "the log is halted");
  scn_note(x, "%u request%s%s", r->requests, r->requests == 1 ? "" : "s", r->hit ? ", IOTLB hit" : "");
}

static void access_step(scn_exec_t *x, const scn_step_t *st) {
  scn_iommu_t *k = machine(x);
  const uint32_t who = (uint32_t)scn_arg(st, "requester")->num;
  const bool write = st->spec->op == SCN_OP_IO_WRITE;
  const uint64_t iova = scn_arg(st, "address")->num, from = bench_cycle(x->b);
  uint64_t length = 0;
  scn_bytes_t d = {NULL, 0};
  if (!scn_size(x, scn_arg(st, "length"), &length)) return;
  if (write && !scn_value(x, scn_arg(st, "data")->data, length, &d)) return;
  if (write && length > d.len) scn_fail(x, "length is %llu, but the data has %zu bytes", (unsigned long long)length, d.len);
  else if (length != 0) d.len = (size_t)length;
  if (!write) d.data = log_alloc(d.len == 0 ? 1 : d.len);
  if (x->bad || d.len == 0 || d.len - 1 > UINT64_MAX - iova) {
    if (!x->bad) scn_fail(x, "no bytes to move");
    scn_bytes_free(&d);
    return;
  }
  // Page by page, so that what was written is known by its SPA.
  size_t moved = 0;
  uint32_t requests = 0;
  do {
    const size_t room = (size_t)(PT_PAGE - ((iova + moved) & (PT_PAGE - 1)));
    const size_t n = d.len - moved < room ? d.len - moved : room;
    k->last = iommu_access(&k->m, (uint16_t)who, 0, write, iova + moved, d.data + moved, n);
    requests += k->last.requests;
    if (k->last.end == IOMMU_DONE && write) shadow_write(x->shadow, k->last.spa, d.data + moved, NULL, n);
    moved += n;
  } while (moved < d.len && k->last.end == IOMMU_DONE);
  if (k->last.end != IOMMU_DONE && !write && moved < d.len) memset(d.data + moved, 0xff, d.len - moved);
  k->last.requests = requests;
  x->last.cycles = bench_cycle(x->b) - from;
  const bool one = d.len <= PT_PAGE - (iova & (PT_PAGE - 1));
  scn_last_set(x, d.data, d.len);
  x->last.addr = k->last.spa;
  x->last.addr_known = one && k->last.end == IOMMU_DONE;
  tell(x, st, k);
}

void scn_iommu_step(scn_exec_t *x, const scn_step_t *st) {
  scn_iommu_t *k = machine(x);
  const scn_op_t op = st->spec->op;
  const uint16_t who = (uint16_t)scn_arg(st, "requester")->num;
  x->last.access = x->last.command = x->last.insn = false;
  k->any = false;
  switch (op) {
    case SCN_OP_IOMMU_TABLE: device_table(x, st); break;
    case SCN_OP_IOMMU_LOG:
      iommu_event_log(&k->m, scn_arg(st, "address")->num, (uint32_t)scn_arg(st, "entries")->num, scn_flag(st, "cbit", false));
      break;
    case SCN_OP_IOMMU_RESTART: iommu_log_restart(&k->m); break;
    case SCN_OP_IOMMU_DEAF: k->m.deaf = scn_arg(st, "on")->num != 0; break;
    case SCN_OP_IO_FLUSH:
      if (scn_arg(st, "iova")->set) iommu_flush_page(&k->m, who, scn_arg(st, "iova")->num);
      else iommu_flush(&k->m, who);
      break;
    case SCN_OP_IO_READ:
    case SCN_OP_IO_WRITE: access_step(x, st); break;
    default: table_step(x, st); break;
  }
}

// ---- judging ----------------------------------------------------------------------------------------------------

static void number(scn_exec_t *x, const scn_step_t *st, const char *name, uint64_t is) {
  const scn_val_t *v = scn_arg(st, name);
  if (v->set && v->num != is)
    scn_fail(x, "%s is 0x%llx, expected 0x%llx", name, (unsigned long long)is, (unsigned long long)v->num);
}

static void expect_event(scn_exec_t *x, const scn_step_t *st, const scn_iommu_t *k) {
  static const uint8_t code[] = {IOEV_NONE, IOEV_ILLEGAL_DTE, IOEV_PAGE_FAULT, IOEV_DTE_HW, IOEV_TAB_HW, IOEV_RMP_FAULT, IOEV_RMP_HW};
  const uint8_t want = code[scn_arg(st, "event")->num];
  scn_note(x, "%s", iommu_event_name(k->seen.code));
  if (k->seen.code != want) scn_fail(x, "expected %s", iommu_event_name(want));
  number(x, st, "flags", k->seen.flags);
  number(x, st, "rmp", k->seen.flags_rmp);
  number(x, st, "device", k->seen.device);
  number(x, st, "tag", k->seen.tag);
  number(x, st, "at", k->seen.addr);
}

void scn_iommu_expect(scn_exec_t *x, const scn_step_t *st) {
  scn_iommu_t *k = x->iommu;
  if (st->spec->op == SCN_OP_EXPECT_IOLOG) {
    const uint64_t is = k == NULL || !k->m.halted ? 0 : k->m.overflow ? 2 : 1;
    static const char *const name[] = {"running", "halted", "full"};
    scn_note(x, "%s", name[is]);
    if (is != scn_arg(st, "state")->num) scn_fail(x, "expected %s", name[scn_arg(st, "state")->num]);
  } else if (k == NULL || !k->any) {
    scn_fail(x, "the step before was no access of a device through the IOMMU");
  } else if (st->spec->op == SCN_OP_EXPECT_EVENT) {
    expect_event(x, st, k);
  } else if (st->spec->op == SCN_OP_EXPECT_DMA) {
    const uint64_t want = scn_arg(st, "end")->num;
    scn_note(x, "%s", end_name[k->last.end]);
    if ((uint64_t)k->last.end != want) scn_fail(x, "expected: %s", end_name[want]);
  } else {
    const bool hit = scn_arg(st, "hit")->num != 0;
    scn_note(x, "%s", k->last.hit ? "hit" : "miss");
    if (k->last.hit != hit) scn_fail(x, "expected a %s", hit ? "hit" : "miss");
  }
}
