// SPDX-License-Identifier: Apache-2.0
//
// storm.c - several processors of two SNP guests, devices and a hostile host at once (storm.h)
#include "storm/storm.h"

#include <stdlib.h>
#include <string.h>

#include "core/crew.h"
#include "core/log.h"
#include "core/rmp_boot.h"
#include "storm/storm_int.h"

static bool good(storm_t *k, const char *what, pt_err_t e) {
  if (e != PT_OK && !bench_failed(k->b)) bench_fail(k->b, "STORM %s: %s", what, pagetab_error(e));
  return !bench_failed(k->b);
}

void st_noted(storm_t *k, uint8_t op, bool well) {
  k->st->insn[op]++;
  k->st->insn_good[op] += well;
}

bool st_count(storm_t *k) {
  if (k->over || bench_failed(k->b)) return false;
  k->st->actions++;
  log_progress("actions", k->st->actions, k->opt.actions);
  if (k->st->actions >= k->opt.actions) k->over = true;
  return true;
}

bool st_host_insn(storm_t *k, rng_t *r, uint8_t op, uint64_t spa, const uint8_t arg[16], uint8_t *code) {
  insn_req_t q;
  insn_port_t done;
  memset(&q, 0, sizeof(q));
  q.pins.op = op;
  q.pins.rax = spa;
  memcpy(q.pins.arg, arg, sizeof(q.pins.arg));
  if (rng_pct(r, 30)) q.hold = (uint8_t)rng_below(r, 8);
  if (rng_pct(r, 30)) q.inv_wait = (uint8_t)rng_below(r, 12);
  if (!bench_insn(k->b, rng_below(r, bench_cfg(k->b)->rmp_insn), &q, &done)) return false;
  *code = done.ans.kind == 0 ? done.ans.code : 255;
  st_noted(k, op, *code == 0);
  return true;
}

static void heard(void *arg, uint64_t spa) {
  storm_t *k = arg;
  for (uint32_t i = 0; i < k->opt.cores; i++) tlb_inv(&k->core[i].tlb, spa);
  tlb_inv(&k->host_tlb, spa);
  iommu_inv(&k->iommu, spa);
}

// What is broken on purpose lies between the requesters and the engine: RTL and model see the same.
static void fabric(void *arg, cbit_attr_t *who, uint64_t spa, bool write) {
  const storm_t *k = arg;
  uint64_t gpa = 0;
  const bool guest = who->requester == CBIT_REQ_GUEST && who->cbit != 0 && who->access <= CBIT_ACC_FETCH;
  if (k->opt.how == STORM_BREAK_OWNER && who->requester == CBIT_REQ_HOST && write && who->access == CBIT_ACC_DATA)
    who->requester = CBIT_REQ_SP;
  if (k->opt.how == STORM_BREAK_VMPL && guest) who->vmpl = 0;
  if (k->opt.how == STORM_BREAK_GPA && guest && theorem_gpa(k->th, spa, &gpa)) who->gpa_page = gpa;
}

// ---- set-up -----------------------------------------------------------------------------------------------------

static bool start_checks(storm_t *k) {
  const uint64_t base = ST_TABLE, end = ST_TABLE + 0x43fff;
  const rmp_words_t none = {0, 0}, log_page = {UINT64_C(0x8002000000001005), 0};  // Firmware-IOMMU
  if (!bench_ctrl(k->b, CBIT_MODE_XTS_L64, true, false) || !bench_rmp_registers(k->b, base, end)) return false;
  if (!bench_sp_write(k->b, RMP_REG_CTRL, 5, NULL)) return false;  // VMPLEn, iommu_snp
  for (uint32_t op = RMP_FENCE; op <= RMP_FLUSH2_DONE; op++) {
    for (uint64_t at = base; op == RMP_TABLE_DONE && at <= end; at += 4096) {
      if (!bench_rmp_write(k->b, at, 256, none)) return false;
    }
    const uint32_t own = (uint32_t)((end - base) / 4096 + 1);
    if (op == RMP_TABLE_DONE && !bench_rmp_write(k->b, rmp_entry_at(base, base), own, rmp_words_firmware())) return false;
    if (bench_rmp_cmd(k->b, op, NULL) != 0) return false;
  }
  return bench_rmp_write(k->b, rmp_entry_at(base, ST_LOG), 1, log_page);
}

// 2 MiB for its own tables, validated, and open for both levels; the rest of its memory as two windows of 1 GiB.
static bool open_guest(storm_t *k, uint32_t g) {
  st_guest_t *u = &k->guest[g];
  const uint16_t asid = (uint16_t)(ST_ASID + g);
  const uint64_t ram = ST_RAM + g * pt_bytes(PT_2M);
  insn_port_t done;
  uint8_t key[64];
  uint8_t code = 0;
  rng_bytes(&k->rng, key, sizeof(key));
  if (bench_key_load(k->b, asid, key, key + 32) != 0 || bench_slot_activate(k->b, asid) != 0) return false;
  memset(key, 0, sizeof(key));
  space_init(&u->space, k->b, asid);
  if (!good(k, "nested tables", space_nested_tables(&u->space, ST_NESTED + g * pt_bytes(PT_2M), pt_bytes(PT_2M), false))) return false;
  if (!good(k, "nested map", space_nested_map(&u->space, 0, ram, 1, PT_2M, PT_W | PT_U, false))) return false;
  if (!st_rmpupdate(k, ram, 0, asid, true, &code) || code != 0) return false;
  for (uint32_t i = 0; i < 2; i++) {
    insn_req_t q;
    memset(&q, 0, sizeof(q));
    q.pins.op = i == 0 ? CBIT_INSN_PVALIDATE : CBIT_INSN_RMPADJUST;
    q.pins.asid = asid;
    q.pins.snp_active = q.pins.ec = true;
    q.pins.spa_page = ram >> 12;
    q.pins.arg[0] = 1;
    q.pins.arg[8] = i == 0 ? 1 : 3;
    q.pins.arg[9] = i == 0 ? 0 : 3;
    if (!bench_insn(k->b, 0, &q, &done) || done.ans.kind != 0 || done.ans.code != 0) return false;
  }
  if (!good(k, "guest tables", space_own_tables(&u->space, 0x100000, 0x10000, false))) return false;
  if (!good(k, "guest map", space_own_map(&u->space, ST_OWN, ST_GPA, 1, PT_1G, PT_W | PT_U, true))) return false;
  if (!good(k, "guest map", space_own_map(&u->space, ST_SHARED, ST_GPA, 1, PT_1G, PT_W | PT_U, false))) return false;
  for (uint32_t r = 0; r < ST_REGIONS; r++) u->region[r].whole = rng_pct(&k->rng, 50);
  for (uint32_t i = 0; i < ST_LIVE; i++) u->live[i] = u->next++;
  for (uint32_t c = 0; c < k->opt.cores; c++) {
    for (uint32_t l = 0; l < ST_LEVELS; l++) {
      const cbit_attr_t who = {
          .requester = CBIT_REQ_GUEST, .asid = asid, .cbit = 1, .snp = 1, .vmpl = (uint8_t)(l * 3)};
      vcpu_init(&k->core[c].vcpu[g][l], &u->space, &k->core[c].tlb, &who);
      k->core[c].vcpu[g][l].id = (uint16_t)(1 + c);
    }
  }
  return true;
}

static bool open_host(storm_t *k) {
  const cbit_attr_t who = {.requester = CBIT_REQ_HOST};
  space_init(&k->host_space, k->b, 0);
  vcpu_init(&k->host, &k->host_space, &k->host_tlb, &who);
  if (!good(k, "host tables", space_own_tables(&k->host_space, ST_HOST, 0x20000, false))) return false;
  pt_err_t e = PT_OK;
  for (uint32_t r = 0; r < ST_RANGES && e == PT_OK; r++) {
    e = space_own_map(&k->host_space, st_hva(st_spa(r, 0), true), st_spa(r, 0), 1, PT_2M, PT_W | PT_U, false);
    if (e == PT_OK) e = space_own_map(&k->host_space, st_hva(st_spa(r, 0), false), st_spa(r, 0), ST_HOT, PT_4K, PT_W | PT_U, false);
  }
  return good(k, "host map", e);
}

// The last of several devices is bound to the first guest.
static bool open_devices(storm_t *k) {
  const uint64_t table = ST_HOST + 0xe0000;
  iommu_init(&k->iommu, k->b);
  iommu_device_table(&k->iommu, table, STORM_DEVICES_MAX, false);
  iommu_event_log(&k->iommu, ST_LOG, ST_LOG_N, false);
  for (uint32_t d = 0; d < k->opt.devices; d++) {
    st_device_t *v = &k->device[d];
    const uint64_t root = ST_HOST + 0x20000 + d * 0x10000;
    const bool bound = d > 0 && d == k->opt.devices - 1;
    const io_dte_t e = {.valid = true, .translate = true, .mode = 4, .root = root, .read = true, .write = true,
                        .domain = (uint16_t)d, .asid = bound ? ST_ASID : 0};
    if (!good(k, "I/O tables", iotab_init(&v->tab, k->b, root, 0x10000, 4, false))) return false;
    pt_err_t err = PT_OK;
    for (uint32_t i = 0; i < ST_IOVAS && err == PT_OK; i++)
      err = iotab_map(&v->tab, ST_IOVA + i * PT_PAGE, st_spa(i % ST_SMALL, i / ST_SMALL), 1, PT_4K, IO_IR | IO_IW, false);
    if (!good(k, "I/O map", err) || !iotab_device(k->b, table, (uint16_t)d, &e, false)) return false;
  }
  return true;
}

// ---- the run ----------------------------------------------------------------------------------------------------

static bool play(storm_t *k) {
  crew_t *c = crew_new(k->b);
  rng_t seed;
  rng_seed(&seed, k->opt.seed);
  bool room = crew_add(c, st_host, k);
  for (uint32_t i = 0; i < k->opt.cores; i++) {
    rng_split(&seed, 16 + i, &k->core[i].rng);
    room = room && crew_add(c, st_core, &k->core[i]);
  }
  for (uint32_t i = 0; i < k->opt.devices; i++) {
    rng_split(&seed, 64 + i, &k->device[i].rng);
    room = room && crew_add(c, st_dev, &k->device[i]);
  }
  const bool alive = room && crew_run(c);
  k->st->switches = crew_switches(c);
  crew_free(c);
  return alive;
}

bool storm_run(bench_t *b, const storm_opt_t *opt, storm_stats_t *stats) {
  storm_t *k = log_alloc(sizeof(*k));
  memset(stats, 0, sizeof(*stats));
  k->b = b;
  k->st = stats;
  k->opt = *opt;
  rng_seed(&k->rng, opt->seed);
  k->whole = ST_SMALL;
  for (uint32_t i = 0; i < opt->cores; i++) k->core[i] = (st_core_t){.k = k, .number = i};
  for (uint32_t i = 0; i < opt->devices; i++) k->device[i] = (st_device_t){.k = k, .number = i};
  bool alive = start_checks(k);
  if (alive) {
    k->th = theorem_new(b, ST_RAM, ST_TABLE, &stats->th);
    bench_on_inv(b, heard, k);
    alive = open_devices(k) && open_host(k);
  }
  for (uint32_t g = 0; alive && g < ST_GUESTS; g++) alive = open_guest(k, g);
  if (!alive && !bench_failed(b)) bench_fail(b, "storm: the set-up was refused");
  bench_on_fabric(b, fabric, k);
  if (alive) alive = play(k);
  log_progress(NULL, 0, 0);
  alive = alive && bench_drain(b);
  for (uint32_t i = 0; i < opt->cores; i++) stats->dropped += k->core[i].tlb.dropped;
  stats->iotlb_dropped = k->iommu.dropped;
  theorem_free(k->th);
  bench_on_inv(b, NULL, NULL);
  bench_on_fabric(b, NULL, NULL);
  free(k);
  for (uint32_t i = 0; i < TH_COUNT; i++) alive = alive && stats->th.broken[i] == 0;
  return alive && bench_scoreboard_check(b);
}
