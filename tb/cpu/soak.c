// SPDX-License-Identifier: Apache-2.0
//
// soak.c - random accesses of processors, judged by what software knows (soak.h)
#include "cpu/soak.h"

#include <stdlib.h>
#include <string.h>

#include "cbit_rmp.h"
#include "core/log.h"
#include "core/rmp_boot.h"
#include "cpu/soak_int.h"
#include "util/bytes.h"

static bool say(soak_t *k, const char *what, uint64_t a, uint64_t b) {
  bench_fail(k->b, "soak, action %llu: %s: 0x%llx, expected 0x%llx", (unsigned long long)k->st->actions, what,
             (unsigned long long)a, (unsigned long long)b);
  return false;
}

static bool good(soak_t *k, const char *what, pt_err_t e) {
  if (e != PT_OK && !bench_failed(k->b)) return say(k, what, (uint64_t)e, PT_OK);
  return !bench_failed(k->b);
}

// ---- instructions -----------------------------------------------------------------------------------------------

static bool play(soak_t *k, const insn_req_t *q, cbit_insn_answer_t *ans) {
  insn_port_t done;
  const uint32_t port = rng_below(&k->rng, bench_cfg(k->b)->rmp_insn);
  if (!bench_insn(k->b, port, q, &done)) return false;
  k->st->instructions++;
  *ans = done.ans;
  return true;
}

static bool must(soak_t *k, const char *what, const insn_req_t *q) {
  cbit_insn_answer_t a;
  if (!play(k, q, &a)) return false;
  return (a.kind == CBIT_RMP_PASS && a.code == 0) || say(k, what, a.code, 0);
}

static bool rmpupdate(soak_t *k, uint64_t spa, uint64_t gpa, uint32_t asid, bool large) {
  insn_req_t q;
  memset(&q, 0, sizeof(q));
  q.pins.op = CBIT_INSN_RMPUPDATE;
  q.pins.rax = spa;
  le64_store(q.pins.arg, asid != 0 ? gpa : 0);
  le64_store(q.pins.arg + 8, (asid != 0 ? 1u : 0u) | (large ? 0x100u : 0u) | (uint64_t)asid << 32);
  return must(k, "RMPUPDATE ended with", &q);
}

static void of_guest(insn_req_t *q, uint8_t op, uint32_t asid, uint64_t spa, uint64_t gpa, uint64_t rcx, uint64_t rdx) {
  memset(q, 0, sizeof(*q));
  q->pins.op = op;
  q->pins.asid = (uint16_t)asid;
  q->pins.snp_active = true;
  q->pins.ec = true;
  q->pins.spa_page = spa >> 12;
  q->pins.gpa_page = gpa >> 12;
  le64_store(q->pins.arg, rcx);
  le64_store(q->pins.arg + 8, rdx);
}

// ---- set-up -----------------------------------------------------------------------------------------------------

static bool start_checks(soak_t *k) {
  const uint64_t base = SOAK_TABLE, end = SOAK_TABLE + 0x43fff;
  const rmp_words_t none = {0, 0};
  if (!bench_ctrl(k->b, CBIT_MODE_XTS_L64, true, false) || !bench_rmp_registers(k->b, base, end)) return false;
  if (!bench_sp_write(k->b, RMP_REG_CTRL, 1, NULL)) return false;  // VMPLEn
  for (uint32_t op = RMP_FENCE; op <= RMP_FLUSH2_DONE; op++) {
    for (uint64_t at = base; op == RMP_TABLE_DONE && at <= end; at += 4096) {
      if (!bench_rmp_write(k->b, at, 256, none)) return false;
    }
    const uint32_t own = (uint32_t)((end - base) / 4096 + 1);
    if (op == RMP_TABLE_DONE && !bench_rmp_write(k->b, rmp_entry_at(base, base), own, rmp_words_firmware())) return false;
    if (bench_rmp_cmd(k->b, op, NULL) != 0) return false;
  }
  return true;
}

static bool open_guest(soak_t *k, uint32_t g) {
  soak_guest_t *u = &k->guest[g];
  const uint32_t asid = SOAK_ASID + g;
  const uint64_t ram = SOAK_RAM + g * pt_bytes(PT_2M);
  insn_req_t q;
  uint8_t key[64];
  rng_bytes(&k->rng, key, sizeof(key));
  if (bench_key_load(k->b, asid, key, key + 32) != 0 || bench_slot_activate(k->b, asid) != 0) return false;
  space_init(&u->space, k->b, (uint16_t)asid);
  for (uint32_t l = 0; l < SOAK_LEVELS; l++) {
    const cbit_attr_t who = {
        .requester = CBIT_REQ_GUEST, .asid = (uint16_t)asid, .cbit = 1, .snp = 1, .vmpl = (uint8_t)(l * 3)};
    vcpu_init(&u->vcpu[l], &u->space, &k->tlb, &who);
  }
  // 2 MiB for its own tables, validated, and open for both levels.
  if (!good(k, "nested tables", space_nested_tables(&u->space, SOAK_NESTED + g * 0x10000, 0x10000, false))) return false;
  if (!good(k, "nested map", space_nested_map(&u->space, 0, ram, 1, PT_2M, PT_W | PT_U, false))) return false;
  if (!rmpupdate(k, ram, 0, asid, true)) return false;
  of_guest(&q, CBIT_INSN_PVALIDATE, asid, ram, 0, 1, 1);
  if (!must(k, "PVALIDATE ended with", &q)) return false;
  of_guest(&q, CBIT_INSN_RMPADJUST, asid, ram, 0, 1, 3 | 3 << 8);
  return must(k, "RMPADJUST ended with", &q) &&
         good(k, "guest tables", space_own_tables(&u->space, 0x100000, 0x10000, false));
}

static bool open_host(soak_t *k) {
  const cbit_attr_t who = {.requester = CBIT_REQ_HOST};
  space_init(&k->host_space, k->b, 0);
  vcpu_init(&k->host, &k->host_space, &k->tlb, &who);
  if (!good(k, "host tables", space_own_tables(&k->host_space, SOAK_NESTED + 0x80000, 0x10000, false))) return false;
  pt_err_t e = PT_OK;
  for (uint32_t p = 0; p < SOAK_PAGES && e == PT_OK; p++) {
    const uint64_t range = ~(pt_bytes(PT_2M) - 1);
    e = space_own_map(&k->host_space, soak_hva(p, false), soak_spa(p), 1, PT_4K, PT_W | PT_U, false);
    if (e != PT_OK) break;
    e = space_own_map(&k->host_space, soak_hva(p, true) & range, soak_spa(p) & range, 1, PT_2M, PT_W | PT_U, false);
  }
  return good(k, "host map", e);
}

// ---- changes ----------------------------------------------------------------------------------------------------

static bool change_own(soak_t *k, uint32_t g, uint32_t v) {
  soak_guest_t *u = &k->guest[g];
  soak_map_t *m = &u->own[v];
  *m = (soak_map_t){.there = rng_pct(&k->rng, 90), .to = rng_below(&k->rng, SOAK_GPAS), .write = rng_pct(&k->rng, 80),
                    .user = rng_pct(&k->rng, 80), .nx = rng_pct(&k->rng, 20), .cbit = rng_pct(&k->rng, 75)};
  const uint64_t flags = (m->write ? PT_W : 0) | (m->user ? PT_U : 0) | (m->nx ? PT_NX : 0);
  // There first, so that an entry can be taken away.
  if (!good(k, "guest map", space_own_map(&u->space, soak_va(v), soak_gpa(m->to), 1, PT_4K, flags, m->cbit))) return false;
  if (!m->there && !good(k, "guest unmap", space_own_unmap(&u->space, soak_va(v)))) return false;
  tlb_drop_page(&k->tlb, (uint16_t)(SOAK_ASID + g), soak_va(v));
  return true;
}

static bool change_nested(soak_t *k, uint32_t g, uint32_t p) {
  soak_guest_t *u = &k->guest[g];
  soak_map_t *m = &u->nested[p];
  *m = (soak_map_t){.there = rng_pct(&k->rng, 90), .to = rng_below(&k->rng, SOAK_PAGES),
                    .write = rng_pct(&k->rng, 90), .user = true, .nx = rng_pct(&k->rng, 10)};
  const uint64_t flags = (m->write ? PT_W : 0) | PT_U | (m->nx ? PT_NX : 0);
  const pt_err_t e = space_nested_map(&u->space, soak_gpa(p), soak_spa(m->to), 1, PT_4K, flags, false);
  if (!good(k, "nested map", e)) return false;
  if (!m->there && !good(k, "nested unmap", space_nested_unmap(&u->space, soak_gpa(p)))) return false;
  tlb_drop_asid(&k->tlb, (uint16_t)(SOAK_ASID + g));
  return true;
}

// Mostly to somebody who has the page in its nested tables.
static bool change_owner(soak_t *k) {
  uint32_t p = rng_below(&k->rng, SOAK_PAGES);
  const uint32_t g = rng_below(&k->rng, SOAK_GUESTS), at = rng_below(&k->rng, SOAK_GPAS);
  const soak_map_t *m = &k->guest[g].nested[at];
  if (m->there && rng_pct(&k->rng, 90)) p = m->to;
  soak_page_t *e = &k->page[p];
  const uint32_t asid = rng_pct(&k->rng, 90) ? SOAK_ASID + g : 0;
  if (!rmpupdate(k, soak_spa(p), soak_gpa(at), asid, false)) return false;
  if (asid == 0) *e = (soak_page_t){0};
  else if (e->asid != asid || e->gpa != soak_gpa(at))
    *e = (soak_page_t){.asid = asid, .gpa = soak_gpa(at), .mask = {0x1f, 0}};
  return true;
}

static bool adjust(soak_t *k) {
  soak_page_t *e = &k->page[rng_below(&k->rng, SOAK_PAGES)];
  const uint64_t spa = soak_spa((uint32_t)(e - k->page));
  const uint8_t mask = (uint8_t)(rng_pct(&k->rng, 60) ? 15 : rng_below(&k->rng, 16));
  insn_req_t q;
  if (e->asid == 0 || !e->validated) return true;
  of_guest(&q, CBIT_INSN_RMPADJUST, e->asid, spa, e->gpa, 0, 3 | (uint64_t)mask << 8);
  e->mask[1] = mask;
  return must(k, "RMPADJUST ended with", &q);
}

// ---- accesses ---------------------------------------------------------------------------------------------------

static bool judge(soak_t *k, const soak_want_t *w, const vcpu_result_t *r) {
  k->st->accesses++;
  k->st->end[r->end]++;
  k->st->hits += r->hit;
  k->st->requests += r->requests;
  if (r->end == VCPU_FAILED) return false;
  if (r->end != w->end) {
    bench_fail(k->b, "soak, action %llu: the access to 0x%llx ended with %s, error 0x%llx; expected %s, error 0x%llx",
               (unsigned long long)k->st->actions, (unsigned long long)w->va, vcpu_end_name(r->end),
               (unsigned long long)r->error, vcpu_end_name(w->end), (unsigned long long)w->error);
    return false;
  }
  if (r->error != w->error) return say(k, "error code", r->error, w->error);
  if (r->info != w->info) return say(k, "address of the fault", r->info, w->info);
  return w->end != VCPU_DONE || r->spa == w->spa || say(k, "SPA", r->spa, w->spa);
}

static bool access_random(soak_t *k) {
  const bool host = rng_pct(&k->rng, 20);
  // Often the place of an access that came through: the TLB is to be met, and what changed under it.
  const bool again = rng_pct(&k->rng, 60);
  const uint32_t g = again ? k->last_guest : rng_below(&k->rng, SOAK_GUESTS);
  const uint32_t l = again ? k->last_level : rng_below(&k->rng, SOAK_LEVELS);
  const uint32_t slot = again ? k->last_slot : rng_below(&k->rng, SOAK_VAS);
  vcpu_t *v = host ? &k->host : &k->guest[g].vcpu[l];
  const uint32_t pick = rng_below(&k->rng, 10);
  const vcpu_op_t op = pick < 5 ? VCPU_READ : pick < 9 ? VCPU_WRITE : VCPU_FETCH;
  const uint32_t inside = rng_below(&k->rng, 8) * 8 + rng_below(&k->rng, 8), len = rng_range(&k->rng, 1, 40);
  uint8_t data[64];
  soak_want_t w;
  v->who.user_mode = rng_pct(&k->rng, 20);
  if (host) soak_want_host(k, op, rng_below(&k->rng, SOAK_PAGES), rng_pct(&k->rng, 30), inside, &w);
  else soak_want_guest(k, g, l, op, slot, inside, &w);
  rng_bytes(&k->rng, data, sizeof(data));
  const vcpu_result_t r = vcpu_access(v, op, w.va, data, len);
  if (!judge(k, &w, &r)) return false;
  if (!host && w.end == VCPU_DONE) {
    k->last_guest = g;
    k->last_level = l;
    k->last_slot = slot;
  }
  return w.end != VCPU_DONE || soak_data(k, &w, op, data, len);
}

static bool pvalidate(soak_t *k) {
  const uint32_t g = rng_below(&k->rng, SOAK_GUESTS), slot = rng_below(&k->rng, SOAK_VAS);
  vcpu_t *v = &k->guest[g].vcpu[0];
  const bool value = rng_pct(&k->rng, 85);
  insn_req_t q;
  cbit_insn_answer_t a;
  soak_want_t w;
  v->who.user_mode = 0;
  const bool there = soak_want_paging(k, g, 0, VCPU_READ, slot, 0, &w);
  const vcpu_result_t r = vcpu_translate(v, soak_va(slot));
  if (!judge(k, &w, &r) || !there) return !bench_failed(k->b);
  of_guest(&q, CBIT_INSN_PVALIDATE, v->who.asid, r.spa, r.gpa, 0, value);
  q.pins.rax = soak_va(slot);
  q.pins.ec = r.ec;
  if (!play(k, &q, &a)) return false;
  soak_page_t *e = &k->page[w.page];
  const bool owner = e->asid == v->who.asid && e->gpa == soak_gpa(k->guest[g].own[slot].to);
  if (!w.ec) return (a.kind == CBIT_RMP_PASS && a.code == CBIT_RMP_FAIL_INPUT) || say(k, "PVALIDATE of a shared page", a.code, 1);
  const uint64_t stranger = UINT64_C(0x580000005);
  if (!owner) return (a.kind == CBIT_RMP_NPF && a.error == stranger) || say(k, "PVALIDATE, not the owner", a.error, stranger);
  if (a.kind != CBIT_RMP_PASS || a.code != 0) return say(k, "PVALIDATE ended with", a.code, 0);
  if (a.cf != (e->validated == value)) return say(k, "CF of PVALIDATE", a.cf, e->validated == value);
  e->validated = value;
  return true;
}

static bool action(soak_t *k) {
  const uint32_t pick = rng_below(&k->rng, 100);
  const uint32_t g = rng_below(&k->rng, SOAK_GUESTS);
  // Changes are rare enough for accesses to come through, and for the TLB to hold something.
  if (pick < 80) return access_random(k);
  if (pick < 83) return change_own(k, g, rng_below(&k->rng, SOAK_VAS));
  if (pick < 84) return change_nested(k, g, rng_below(&k->rng, SOAK_GPAS));
  if (pick < 89) return change_owner(k);
  if (pick < 98) return pvalidate(k);
  return adjust(k);
}

bool soak_run(bench_t *b, uint64_t seed, uint64_t actions, soak_stats_t *stats) {
  soak_t *k = log_alloc(sizeof(*k));
  memset(stats, 0, sizeof(*stats));
  k->b = b;
  k->st = stats;
  rng_seed(&k->rng, seed);
  bench_on_inv(b, tlb_inv, &k->tlb);
  bool alive = start_checks(k) && open_host(k);
  for (uint32_t g = 0; alive && g < SOAK_GUESTS; g++) {
    alive = open_guest(k, g);
    for (uint32_t i = 0; alive && i < SOAK_VAS; i++) alive = change_own(k, g, i);
    for (uint32_t i = 0; alive && i < SOAK_GPAS; i++) alive = change_nested(k, g, i);
  }
  if (!alive && !bench_failed(b)) bench_fail(b, "soak: the set-up was refused");
  while (alive && stats->actions < actions) {
    alive = action(k);
    stats->actions++;
    log_progress("actions", stats->actions, actions);
  }
  log_progress(NULL, 0, 0);
  stats->dropped = k->tlb.dropped;
  bench_on_inv(b, NULL, NULL);
  memset(k, 0, sizeof(*k));
  free(k);
  return alive && bench_drain(b) && bench_scoreboard_check(b);
}
