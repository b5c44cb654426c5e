// SPDX-License-Identifier: Apache-2.0
//
// scenario_cpu.c - processors of a scenario: tables, accesses by linear address, VMRUN (scenario_int.h, docs/cpu.md)
//
// One address space for each ASID, one virtual processor for each requester, all on one core; they come into being when a
// step speaks of them.
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "core/scenario_int.h"
#include "cpu/regs.h"

#define ASIDS 1024u
#define PAGES_MAX 65536u
#define VA_BITS 48u

typedef struct scn_cpu {
  space_t *space[ASIDS];
  vcpu_t **vcpu;  // by requester
  uint32_t vcpus;
  tlb_t tlb;
} scn_cpu_t;

// ---- reading ----------------------------------------------------------------------------------------------------

static bool canonical(uint64_t va) { return va >> (VA_BITS - 1) == 0 || va >> (VA_BITS - 1) == UINT64_C(0x1ffff); }

static bool linear(scn_op_t op) { return op >= SCN_OP_OWN_MAP && op <= SCN_OP_CPU_RMPQUERY; }

static bool check_map(scn_parser_t *p, const scn_step_t *st) {
  const scn_val_t *from = scn_arg(st, "address"), *to = scn_arg(st, "to"), *pages = scn_arg(st, "pages");
  const uint64_t inside = pt_bytes((uint32_t)scn_arg(st, "map")->num) - 1;
  const bool guest = st->spec->op == SCN_OP_OWN_MAP && scn_arg(st, "requester")->set;
  return !(scn_wrong(p, pages, pages->num == 0 || pages->num > PAGES_MAX, "1 to 65536 pages are expected") ||
           scn_wrong(p, from, (from->num & inside) != 0, "address is no multiple of the page size") ||
           scn_wrong(p, to, (to->num & inside) != 0, "address is no multiple of the page size") ||
           scn_wrong(p, to, guest && to->num >> 51 != 0, "guest address is above 51 bits") ||
           scn_wrong(p, to, to->num >> CBIT_SPA_BITS != 0, "address is above 52 bits"));
}

bool scn_cpu_check(scn_parser_t *p, const scn_step_t *st) {
  const scn_op_t op = st->spec->op;
  const scn_val_t *who = scn_arg(st, "requester"), *addr = scn_arg(st, "address"), *len = scn_arg(st, "length");
  const scn_val_t *slot = scn_arg(st, "slot"), *gva = scn_arg(st, "gva"), *vtom = scn_arg(st, "vtom");
  const cbit_attr_t *a = &p->s->who[who->num].attr;
  const bool tables = op == SCN_OP_NESTED_TABLES || op == SCN_OP_OWN_TABLES;
  const bool nested = op == SCN_OP_NESTED_MAP || op == SCN_OP_NESTED_UNMAP;
  if (scn_wrong(p, who, a->requester != CBIT_REQ_GUEST || a->asid == 0, "a guest with an ASID is expected here") ||
      scn_wrong(p, addr, linear(op) && !canonical(addr->num), "linear address is not canonical") ||
      scn_wrong(p, gva, !canonical(gva->num), "linear address is not canonical") ||
      scn_wrong(p, addr, nested && addr->num >> VA_BITS != 0, "guest address is above 48 bits") ||
      scn_wrong(p, addr, (tables || op >= SCN_OP_REG_SAVE) && addr->num >> CBIT_SPA_BITS != 0, "address is above 52 bits") ||
      scn_wrong(p, addr, tables && addr->num % PT_PAGE != 0, "tables begin at a page") ||
      scn_wrong(p, len, tables && (len->data != NULL || len->num % PT_PAGE != 0), "tables take whole pages") ||
      scn_wrong(p, slot, slot->num >= CBIT_MAX_USE, "slot of a mark is above 31") ||
      scn_wrong(p, scn_arg(st, "port"), scn_arg(st, "port")->num >= CBIT_MAX_INSN, "port is above 7") ||
      scn_wrong(p, scn_arg(st, "target"), scn_arg(st, "target")->num > 255, "target is above 255") ||
      scn_wrong(p, scn_arg(st, "perms"), scn_arg(st, "perms")->num > 31, "perms is above 31") ||
      scn_wrong(p, vtom, vtom->num % pt_bytes(PT_2M) != 0, "vTOM is a multiple of 2 MiB")) {
    return false;
  }
  return (op != SCN_OP_NESTED_MAP && op != SCN_OP_OWN_MAP) || check_map(p, st);
}

// ---- processors -------------------------------------------------------------------------------------------------

static void heard(void *arg, uint64_t spa) {
  scn_exec_t *x = arg;
  if (x->cpu != NULL) tlb_inv(&x->cpu->tlb, spa);
  scn_iommu_inv(x, spa);
}

void scn_inv_listen(scn_exec_t *x) { bench_on_inv(x->b, heard, x); }

static scn_cpu_t *machine(scn_exec_t *x) {
  if (x->cpu != NULL) return x->cpu;
  scn_cpu_t *c = log_alloc(sizeof(scn_cpu_t));
  c->vcpus = x->s->whos;
  c->vcpu = log_alloc(c->vcpus * sizeof(vcpu_t *));
  x->cpu = c;
  scn_inv_listen(x);
  return c;
}

static uint32_t who_of(const scn_step_t *st) {
  return scn_arg(st, "requester")->set ? (uint32_t)scn_arg(st, "requester")->num : 0;  // 0: the host, always there
}

static space_t *space_of(scn_exec_t *x, const scn_step_t *st) {
  scn_cpu_t *c = machine(x);
  const uint16_t asid = x->s->who[who_of(st)].attr.asid;
  if (c->space[asid] == NULL) {
    c->space[asid] = log_alloc(sizeof(space_t));
    space_init(c->space[asid], x->b, asid);
  }
  return c->space[asid];
}

static vcpu_t *vcpu_of(scn_exec_t *x, const scn_step_t *st) {
  space_t *s = space_of(x, st);
  scn_cpu_t *c = machine(x);
  const uint32_t who = who_of(st);
  if (c->vcpu[who] == NULL) {
    c->vcpu[who] = log_alloc(sizeof(vcpu_t));
    vcpu_init(c->vcpu[who], s, &c->tlb, &x->s->who[who].attr);
  }
  if (who == 0) c->vcpu[0]->who.user_mode = scn_arg(st, "user")->num != 0;
  return c->vcpu[who];
}

void scn_cpu_flush(scn_exec_t *x) {
  if (x->cpu != NULL) tlb_drop_all(&x->cpu->tlb);
  scn_iommu_flush(x);
}

void scn_cpu_free(scn_exec_t *x) {
  if (x->cpu == NULL) return;
  for (uint32_t i = 0; i < x->cpu->vcpus; i++) free(x->cpu->vcpu[i]);
  for (uint32_t i = 0; i < ASIDS; i++) free(x->cpu->space[i]);
  free(x->cpu->vcpu);
  free(x->cpu);
  x->cpu = NULL;
}

// ---- tables -----------------------------------------------------------------------------------------------------

static void table_step(scn_exec_t *x, const scn_step_t *st) {
  space_t *s = space_of(x, st);
  const scn_op_t op = st->spec->op;
  const bool guest = scn_arg(st, "requester")->set, nested = op < SCN_OP_OWN_TABLES;
  const uint64_t addr = scn_arg(st, "address")->num, to = scn_arg(st, "to")->num, len = scn_arg(st, "length")->num;
  const uint64_t pages = scn_arg(st, "pages")->set ? scn_arg(st, "pages")->num : 1;
  const pt_size_t size = (pt_size_t)scn_arg(st, "map")->num;
  // All nested accesses are user accesses. A guest's pages are private and its own tables for both levels of privilege.
  const uint64_t rights = (scn_flag(st, "write", true) ? PT_W : 0) | (nested || scn_flag(st, "user", guest) ? PT_U : 0) |
                          (scn_flag(st, "exec", true) ? 0 : PT_NX);
  const bool cbit = scn_flag(st, "cbit", guest && op == SCN_OP_OWN_MAP && s->vtom == 0);
  pt_err_t e = PT_OK;
  switch (op) {
    case SCN_OP_NESTED_TABLES: e = space_nested_tables(s, addr, len, cbit); break;
    case SCN_OP_NESTED_MAP: e = space_nested_map(s, addr, to, pages, size, rights, cbit); break;
    case SCN_OP_NESTED_UNMAP: e = space_nested_unmap(s, addr); break;
    case SCN_OP_OWN_TABLES:
      s->vtom = scn_arg(st, "vtom")->num;
      e = space_own_tables(s, addr, len, cbit);
      break;
    case SCN_OP_OWN_MAP: e = space_own_map(s, addr, to, pages, size, rights, cbit); break;
    default: e = space_own_unmap(s, addr); break;
  }
  x->last.access = x->last.command = x->last.insn = false;
  if (e != PT_OK && !bench_failed(x->b)) scn_fail(x, "%s", pagetab_error(e));
}

// ---- accesses ---------------------------------------------------------------------------------------------------

static void tell(scn_exec_t *x, const scn_step_t *st, const vcpu_result_t *r) {
  x->last.command = x->last.insn = false;
  x->last.access = x->last.cpu = true;
  x->last.write = st->spec->op == SCN_OP_CPU_WRITE;
  x->last.trap = *r;
  x->last.resp = r->resp;
  x->last.record = r->record;
  x->last.fault = r->record.code;
  if (r->end == VCPU_FAILED) return;  // the bench says why
  scn_note(x, "%s", vcpu_end_name(r->end));
  if (r->end == VCPU_DONE) {
    scn_note(x, "SPA 0x%llx", (unsigned long long)r->spa);
  } else {
    scn_note(x, "error 0x%llx at 0x%llx", (unsigned long long)r->error, (unsigned long long)r->info);
    if (!st->expects_bad) scn_fail(x, "nobody expected that");
  }
  scn_note(x, "%u request%s%s", r->requests, r->requests == 1 ? "" : "s", r->hit ? ", TLB hit" : "");
}

static void access_step(scn_exec_t *x, const scn_step_t *st) {
  vcpu_t *v = vcpu_of(x, st);
  const vcpu_op_t op = (vcpu_op_t)(st->spec->op - SCN_OP_CPU_READ);
  const uint64_t va = scn_arg(st, "address")->num;
  const uint64_t from = bench_cycle(x->b);
  uint64_t length = 0;
  scn_bytes_t d = {NULL, 0};
  if (!scn_size(x, scn_arg(st, "length"), &length)) return;
  if (op == VCPU_WRITE) {
    if (!scn_value(x, scn_arg(st, "data")->data, length, &d)) return;
    if (length > d.len) scn_fail(x, "length is %llu, but the data has %zu bytes", (unsigned long long)length, d.len);
    else if (length != 0) d.len = (size_t)length;
  } else {
    d.data = log_alloc((size_t)length);
    d.len = (size_t)length;
  }
  if (x->bad || d.len == 0 || d.len - 1 > UINT64_MAX - va) {
    if (!x->bad) scn_fail(x, "no bytes to move");
    scn_bytes_free(&d);
    return;
  }
  // Page by page, so that what was written is known by its SPA.
  vcpu_result_t sum;
  memset(&sum, 0, sizeof(sum));
  size_t moved = 0;
  while (moved < d.len && sum.end == VCPU_DONE) {
    const size_t room = (size_t)(PT_PAGE - ((va + moved) & (PT_PAGE - 1)));
    const size_t n = d.len - moved < room ? d.len - moved : room;
    const uint32_t before = sum.requests;
    sum = vcpu_access(v, op, va + moved, d.data + moved, n);
    if (sum.end == VCPU_DONE && op == VCPU_WRITE) shadow_write(x->shadow, sum.spa, d.data + moved, NULL, n);
    sum.requests += before;
    moved += n;
  }
  x->last.cycles = bench_cycle(x->b) - from;
  const bool one = d.len <= PT_PAGE - (va & (PT_PAGE - 1));
  scn_last_set(x, d.data, d.len);
  x->last.addr = sum.spa;
  x->last.addr_known = one && sum.end == VCPU_DONE;
  tell(x, st, &sum);
}

static void instruction(scn_exec_t *x, const scn_step_t *st) {
  vcpu_t *v = vcpu_of(x, st);
  const uint8_t op = (uint8_t)(CBIT_INSN_PVALIDATE + (st->spec->op - SCN_OP_CPU_PVALIDATE));
  const uint32_t port = (uint32_t)scn_arg(st, "port")->num;
  insn_port_t done;
  if (port >= bench_cfg(x->b)->rmp_insn) {
    scn_fail(x, "this configuration has %u instruction ports", bench_cfg(x->b)->rmp_insn);
    return;
  }
  const vcpu_result_t r =
      vcpu_insn(v, port, op, scn_arg(st, "address")->num, scn_arg(st, "size")->num, scn_insn_rdx(st, op), &done);
  if (r.end != VCPU_DONE) tell(x, st, &r);
  else scn_insn_done(x, st, &done);
}

static void registers(scn_exec_t *x, const scn_step_t *st) {
  const bool save = st->spec->op == SCN_OP_REG_SAVE;
  const regs_area_t area = {scn_flag(st, "es", true), scn_flag(st, "cbit", false), scn_arg(st, "address")->num};
  uint64_t length = 0;
  scn_bytes_t d = {NULL, 0};
  if (!scn_size(x, scn_arg(st, "length"), &length)) return;
  if (save) {
    if (!scn_value(x, scn_arg(st, "data")->data, length, &d)) return;
    if (length > d.len) scn_fail(x, "length is %llu, but the data has %zu bytes", (unsigned long long)length, d.len);
    else if (length != 0) d.len = (size_t)length;
  } else {
    d.data = log_alloc((size_t)length);
    d.len = (size_t)length;
  }
  if (!x->bad && (d.len == 0 || d.len > PT_PAGE - area.spa % PT_PAGE)) scn_fail(x, "a save area lies in one page");
  if (x->bad) {
    scn_bytes_free(&d);
    return;
  }
  const vcpu_result_t r = regs_move(vcpu_of(x, st), &area, save, d.data, d.len);
  if (save && r.end == VCPU_DONE) shadow_write(x->shadow, area.spa, d.data, NULL, d.len);
  scn_last_set(x, d.data, d.len);
  x->last.addr = area.spa;
  x->last.addr_known = r.end == VCPU_DONE;
  tell(x, st, &r);
  x->last.write = save;
}

static void vmrun(scn_exec_t *x, const scn_step_t *st) {
  vcpu_t *v = vcpu_of(x, st);
  const uint8_t slot = (uint8_t)scn_arg(st, "slot")->num;
  if (bench_cfg(x->b)->rmp_insn == 0 || slot >= bench_cfg(x->b)->rmp_use) {
    scn_fail(x, "this configuration has no such slot for a page in use");
    return;
  }
  if (st->spec->op == SCN_OP_VMEXIT) {
    (void)vcpu_vmexit(v, slot);
    return;
  }
  const vcpu_result_t r = vcpu_vmrun(v, scn_arg(st, "address")->num, slot);
  tell(x, st, &r);
}

void scn_cpu_step(scn_exec_t *x, const scn_step_t *st) {
  const scn_op_t op = st->spec->op;
  if (op <= SCN_OP_OWN_UNMAP) {
    table_step(x, st);
  } else if (op <= SCN_OP_CPU_FETCH) {
    access_step(x, st);
  } else if (op <= SCN_OP_CPU_RMPQUERY) {
    instruction(x, st);
  } else if (op == SCN_OP_CPU_FLUSH) {
    const uint16_t asid = x->s->who[who_of(st)].attr.asid;
    if (scn_arg(st, "gva")->set) tlb_drop_page(&machine(x)->tlb, asid, scn_arg(st, "gva")->num);
    else tlb_drop_asid(&machine(x)->tlb, asid);
  } else if (op == SCN_OP_CPU_DEAF) {
    machine(x)->tlb.deaf = scn_arg(st, "on")->num != 0;
  } else if (op <= SCN_OP_REG_LOAD) {
    registers(x, st);
  } else {
    vmrun(x, st);
  }
}

// ---- judging ----------------------------------------------------------------------------------------------------

static void expect_trap(scn_exec_t *x, const scn_step_t *st) {
  const vcpu_result_t *r = &x->last.trap;
  const vcpu_end_t want = (vcpu_end_t)scn_arg(st, "end")->num;
  const scn_val_t *error = scn_arg(st, "error"), *at = scn_arg(st, "at");
  scn_note(x, "%s", vcpu_end_name(r->end));
  if (r->end != want) scn_fail(x, "expected %s", vcpu_end_name(want));
  if (error->set && r->error != error->num)
    scn_fail(x, "error is 0x%llx, expected 0x%llx", (unsigned long long)r->error, (unsigned long long)error->num);
  if (at->set && r->info != at->num)
    scn_fail(x, "it is at 0x%llx, expected 0x%llx", (unsigned long long)r->info, (unsigned long long)at->num);
}

void scn_cpu_expect(scn_exec_t *x, const scn_step_t *st) {
  if (!x->last.cpu) {
    scn_fail(x, "the step before was no access of a processor");
  } else if (st->spec->op == SCN_OP_EXPECT_TRAP) {
    expect_trap(x, st);
  } else if (st->spec->op == SCN_OP_EXPECT_REQUESTS) {
    scn_judge_number(x, st, "requests on the bus:", x->last.trap.requests);
  } else {
    const bool hit = scn_arg(st, "hit")->num != 0;
    scn_note(x, "%s", x->last.trap.hit ? "hit" : "miss");
    if (x->last.trap.hit != hit) scn_fail(x, "expected a %s", hit ? "hit" : "miss");
  }
}
