// SPDX-License-Identifier: Apache-2.0
//
// space.c - page tables of an address space in the memory behind the engine (space.h)
#include "cpu/space.h"
#include "util/bytes.h"

#include <string.h>

static const bench_burst_t word = {.narrow = 4};  // one beat of 8 bytes

static bool answered(const bench_rsp_t *rsp) { return rsp->ok && rsp->resp == 0; }

// ---- tables of the host: nested ones, and its own ----

bool space_host_load(bench_t *b, bool cbit, uint64_t at, uint64_t *entry) {
  const cbit_attr_t who = {.requester = CBIT_REQ_HOST, .cbit = cbit};
  uint8_t raw[8];
  const bench_rsp_t rsp = bench_read(b, &who, at, raw, sizeof(raw), &word);
  *entry = le64_load(raw);
  return answered(&rsp);
}

bool space_host_store(bench_t *b, bool cbit, uint64_t at, uint64_t entry) {
  const cbit_attr_t who = {.requester = CBIT_REQ_HOST, .cbit = cbit};
  uint8_t raw[8];
  le64_store(raw, entry);
  const bench_rsp_t rsp = bench_write(b, &who, at, raw, sizeof(raw), &word);
  return answered(&rsp);
}

bool space_host_clear(bench_t *b, bool cbit, uint64_t page) {
  static const uint8_t zeros[PT_PAGE];
  const cbit_attr_t who = {.requester = CBIT_REQ_HOST, .cbit = cbit};
  const bench_rsp_t rsp = bench_write(b, &who, page, zeros, sizeof(zeros), NULL);
  return answered(&rsp);
}

static bool host_load(void *arg, uint64_t at, uint64_t *entry) {
  const space_t *s = arg;
  return space_host_load(s->b, s->nested_c, at, entry);
}

static bool host_store(void *arg, uint64_t at, uint64_t entry) {
  const space_t *s = arg;
  return space_host_store(s->b, s->nested_c, at, entry);
}

static bool host_clear(void *arg, uint64_t page) {
  const space_t *s = arg;
  return space_host_clear(s->b, s->nested_c, page);
}

// ---- tables of a guest ----

// The AMD-SP with the guest's key.
static cbit_attr_t launch(const space_t *s) {
  return (cbit_attr_t){.requester = CBIT_REQ_SP, .asid = s->asid, .cbit = 1};
}

static bool guest_spa(const space_t *s, uint64_t gpa, uint64_t *spa) {
  pt_size_t size = PT_4K;
  return s->has_nested && pagetab_find(&s->nested, gpa, spa, &size) == PT_OK;
}

static bool guest_load(void *arg, uint64_t at, uint64_t *entry) {
  const space_t *s = arg;
  const cbit_attr_t who = launch(s);
  uint64_t spa = 0;
  uint8_t raw[8];
  if (!guest_spa(s, at, &spa)) return false;
  const bench_rsp_t rsp = bench_read(s->b, &who, spa, raw, sizeof(raw), &word);
  *entry = le64_load(raw);
  return answered(&rsp);
}

static bool guest_store(void *arg, uint64_t at, uint64_t entry) {
  const space_t *s = arg;
  const cbit_attr_t who = launch(s);
  uint64_t spa = 0;
  uint8_t raw[8];
  if (!guest_spa(s, at, &spa)) return false;
  le64_store(raw, entry);
  const bench_rsp_t rsp = bench_write(s->b, &who, spa, raw, sizeof(raw), &word);
  return answered(&rsp);
}

static bool guest_clear(void *arg, uint64_t page) {
  static const uint8_t zeros[PT_PAGE];
  const space_t *s = arg;
  const cbit_attr_t who = launch(s);
  uint64_t spa = 0;
  if (!guest_spa(s, page, &spa)) return false;
  const bench_rsp_t rsp = bench_write(s->b, &who, spa, zeros, sizeof(zeros), NULL);
  return answered(&rsp);
}

// ---- what the caller sees ----

void space_init(space_t *s, bench_t *b, uint16_t asid) {
  memset(s, 0, sizeof(*s));
  s->b = b;
  s->asid = asid;
  s->cbit = UINT64_C(1) << bench_cfg(b)->cbit_pos;
}

pt_err_t space_nested_tables(space_t *s, uint64_t spa, uint64_t bytes, bool cbit) {
  const pt_mem_t mem = {host_load, host_store, host_clear, s};
  s->nested_c = cbit;
  const pt_err_t e = pagetab_init(&s->nested, &mem, spa, bytes, s->cbit, cbit);
  s->has_nested = e == PT_OK;
  return e;
}

pt_err_t space_own_tables(space_t *s, uint64_t base, uint64_t bytes, bool cbit) {
  const pt_mem_t of_host = {host_load, host_store, host_clear, s};
  const pt_mem_t of_guest = {guest_load, guest_store, guest_clear, s};
  const bool guest = s->asid != 0;
  if (!guest) s->nested_c = cbit;
  const pt_err_t e = pagetab_init(&s->own, guest ? &of_guest : &of_host, base, bytes, s->cbit, guest ? s->vtom == 0 : cbit);
  s->has_own = e == PT_OK;
  return e;
}

static pt_err_t map(pagetab_t *t, uint64_t from, uint64_t to, uint64_t pages, pt_size_t size, uint64_t flags) {
  pt_err_t e = PT_OK;
  for (uint64_t i = 0; i < pages && e == PT_OK; i++)
    e = pagetab_map(t, from + i * pt_bytes(size), to + i * pt_bytes(size), size, flags);
  return e;
}

pt_err_t space_nested_map(space_t *s, uint64_t gpa, uint64_t spa, uint64_t pages, pt_size_t size, uint64_t flags, bool cbit) {
  if (!s->has_nested) return PT_ERR_NONE;
  return map(&s->nested, gpa, spa, pages, size, flags | (cbit ? s->cbit : 0));
}

pt_err_t space_own_map(space_t *s, uint64_t va, uint64_t pa, uint64_t pages, pt_size_t size, uint64_t flags, bool cbit) {
  if (!s->has_own) return PT_ERR_NONE;
  return map(&s->own, va, pa, pages, size, flags | (cbit ? s->cbit : 0));
}

pt_err_t space_nested_unmap(space_t *s, uint64_t gpa) { return s->has_nested ? pagetab_unmap(&s->nested, gpa) : PT_ERR_NONE; }
pt_err_t space_own_unmap(space_t *s, uint64_t va) { return s->has_own ? pagetab_unmap(&s->own, va) : PT_ERR_NONE; }
