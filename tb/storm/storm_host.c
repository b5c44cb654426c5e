// SPDX-License-Identifier: Apache-2.0
//
// storm_host.c - the hostile host and the devices (storm.h)
//
// It serves the guests well enough for them to get memory at all, and in between does everything that software of the host
// can do to them. It never touches DRAM.
#include <string.h>

#include "storm/storm_int.h"
#include "util/bytes.h"

bool st_rmpupdate(storm_t *k, uint64_t spa, uint64_t gpa, uint32_t asid, bool large, uint8_t *code) {
  uint8_t arg[16];
  le64_store(arg, asid != 0 ? gpa : 0);
  le64_store(arg + 8, (asid != 0 ? 1u : 0u) | (large ? 0x100u : 0u) | (uint64_t)asid << 32);
  return st_host_insn(k, &k->rng, CBIT_INSN_RMPUPDATE, spa, arg, code);
}

// ---- book -------------------------------------------------------------------------------------------------------

// The guest's own view is told for the counts alone: what it holds there was shaken.
static void shake(storm_t *k, uint32_t guest, uint32_t region, uint32_t page) {
  k->guest[guest].region[region].page[page].shaken = true;
}

static bool give(storm_t *k, uint32_t range, uint32_t page, uint32_t guest, uint32_t region, uint32_t gpage, bool large, uint8_t *code) {
  for (uint32_t i = 0; i < ST_HOT; i++) {
    const st_book_t *e = &k->book[range][i];
    if ((large || i == page) && e->used) shake(k, e->guest, e->region, e->page);
  }
  if (!st_rmpupdate(k, st_spa(range, large ? 0 : page), st_gpa(region, large ? 0 : gpage), ST_ASID + guest, large, code)) return false;
  for (uint32_t i = 0; *code == 0 && i < ST_HOT; i++) {
    if (large || i == page) k->book[range][i] = (st_book_t){true, large, guest, region, large ? i : gpage};
  }
  return true;
}

static bool take(storm_t *k, uint32_t range, uint32_t page, uint8_t *code) {
  const bool large = k->book[range][page].large;
  for (uint32_t i = 0; i < ST_HOT; i++) {
    const st_book_t *e = &k->book[range][i];
    if ((large || i == page) && e->used) shake(k, e->guest, e->region, e->page);
  }
  if (!st_rmpupdate(k, st_spa(range, large ? 0 : page), 0, 0, large, code)) return false;
  for (uint32_t i = 0; *code == 0 && i < ST_HOT; i++) {
    if (large || i == page) k->book[range][i] = (st_book_t){0};
  }
  return true;
}

// A page that no guest uses any more.
static bool wasted(const storm_t *k, const st_book_t *e) {
  if (!e->used) return true;
  for (uint32_t i = 0; i < ST_LIVE; i++) {
    if (k->guest[e->guest].live[i] == e->region) return false;
  }
  return true;
}

static bool idle(const storm_t *k, uint32_t range) {
  for (uint32_t i = 0; i < ST_HOT; i++) {
    if (!wasted(k, &k->book[range][i])) return false;
  }
  return true;
}

// A page to give away: best one that nobody uses.
static uint32_t spare(storm_t *k) {
  const uint32_t all = ST_SMALL * ST_HOT;
  uint32_t n = rng_below(&k->rng, all);
  for (uint32_t i = 0; i < all && !wasted(k, &k->book[n / ST_HOT][n % ST_HOT]); i++) n = (n + 1) % all;
  return n;
}

// ---- nested tables ----------------------------------------------------------------------------------------------

static void flush(storm_t *k, uint32_t guest) {
  for (uint32_t i = 0; i < k->opt.cores; i++) tlb_drop_asid(&k->core[i].tlb, (uint16_t)(ST_ASID + guest));
}

// Whatever stood there. Where tables stand a large page cannot, and is not mapped.
static void map(storm_t *k, uint32_t guest, uint64_t gpa, uint64_t spa, pt_size_t size) {
  space_t *s = &k->guest[guest].space;
  const pt_err_t e = space_nested_map(s, gpa, spa, 1, size, PT_W | PT_U, false);
  if (e == PT_ERR_SIZE && size == PT_4K && space_nested_unmap(s, gpa) == PT_OK)
    (void)space_nested_map(s, gpa, spa, 1, size, PT_W | PT_U, false);
  if (rng_pct(&k->rng, 70)) flush(k, guest);  // or the processors go on with what they hold
}

// ---- service ----------------------------------------------------------------------------------------------------

// A #NPF of a guest: the page that it has already, or a new one.
static bool serve(storm_t *k) {
  const st_exit_t x = k->exit[0];
  memmove(k->exit, k->exit + 1, --k->exits * sizeof(*k->exit));
  k->st->exits++;
  uint8_t code = 0;
  for (uint32_t n = 0; n < ST_RANGES * ST_HOT; n++) {
    const st_book_t *e = &k->book[n / ST_HOT][n % ST_HOT];
    if (!e->used || e->guest != x.guest || e->region != x.region || e->page != x.page) continue;
    // A smashed page: its mapping of 2 MiB stays wrong for a while.
    if (!e->large && k->guest[x.guest].region[x.region].whole && rng_pct(&k->rng, 85)) return true;
    if (e->large) map(k, x.guest, st_gpa(x.region, 0), st_spa(n / ST_HOT, 0), PT_2M);
    else map(k, x.guest, st_gpa(x.region, x.page), st_spa(n / ST_HOT, n % ST_HOT), PT_4K);
    return true;
  }
  if (k->guest[x.guest].region[x.region].whole && rng_pct(&k->rng, 70)) {
    uint32_t range = ST_SMALL;
    while (range < ST_RANGES && (k->smashed[range] || !idle(k, range))) range++;
    for (uint32_t i = 0; range < ST_RANGES && i < ST_HOT; i++) {
      if (k->book[range][i].used && !take(k, range, i, &code)) return false;
    }
    if (range < ST_RANGES && !give(k, range, 0, x.guest, x.region, 0, true, &code)) return false;
    if (range < ST_RANGES && code == 0) {
      map(k, x.guest, st_gpa(x.region, 0), st_spa(range, 0), PT_2M);
      k->whole = range;
      return true;
    }
  }
  const uint32_t n = spare(k);
  if (k->book[n / ST_HOT][n % ST_HOT].used && !take(k, n / ST_HOT, n % ST_HOT, &code)) return false;
  if (!give(k, n / ST_HOT, n % ST_HOT, x.guest, x.region, x.page, false, &code)) return false;
  if (code == 0) map(k, x.guest, st_gpa(x.region, x.page), st_spa(n / ST_HOT, n % ST_HOT), PT_4K);
  return true;
}

// ---- attacks ----------------------------------------------------------------------------------------------------

static void access_host(storm_t *k, uint64_t spa, bool write) {
  uint8_t data[32];
  rng_bytes(&k->rng, data, sizeof(data));
  const uint64_t at = spa + rng_below(&k->rng, 32) * 16;
  (void)vcpu_access(&k->host, write ? VCPU_WRITE : VCPU_READ, st_hva(at, rng_pct(&k->rng, 30)), data, sizeof(data));
}

static bool smash(storm_t *k, uint32_t range) {
  uint8_t arg[16] = {0};
  uint8_t code = 0;
  if (!st_host_insn(k, &k->rng, CBIT_INSN_PSMASH, st_spa(range, 0), arg, &code)) return false;
  for (uint32_t i = 0; code == 0 && i < ST_HOT; i++) {
    st_book_t *e = &k->book[range][i];
    e->large = false;
    k->smashed[range] = true;
    if (e->used) shake(k, e->guest, e->region, e->page);
  }
  return true;
}

// Takes a page, writes there, gives it back: what the guest finds must not be the host's.
static bool poison(storm_t *k, uint32_t range, uint32_t page) {
  const st_book_t was = k->book[range][page];
  uint8_t code = 0;
  if (!take(k, range, page, &code)) return false;
  access_host(k, st_spa(range, page), true);
  if (was.used && rng_pct(&k->rng, 60)) return give(k, range, page, was.guest, was.region, was.page, was.large, &code);
  return true;
}

static void io_change(storm_t *k, uint64_t spa) {
  st_device_t *d = &k->device[rng_below(&k->rng, k->opt.devices)];
  const bool large = rng_pct(&k->rng, 30);
  const uint64_t iova = ST_IOVA + (large ? UINT64_C(0x40000000) : rng_below(&k->rng, ST_IOVAS) * PT_PAGE);
  const uint64_t flags = IO_IR | (rng_pct(&k->rng, 90) ? IO_IW : 0);
  (void)iotab_map(&d->tab, iova, large ? spa & ~(pt_bytes(PT_2M) - 1) : spa, 1, large ? PT_2M : PT_4K, flags, false);
  if (rng_pct(&k->rng, 60)) iommu_flush(&k->iommu, (uint16_t)d->number);
}

static bool attack(storm_t *k) {
  const uint32_t range = rng_pct(&k->rng, 65) ? rng_below(&k->rng, ST_SMALL) : k->whole, page = rng_below(&k->rng, ST_HOT);
  const uint32_t guest = rng_below(&k->rng, ST_GUESTS), region = k->guest[guest].live[rng_below(&k->rng, ST_LIVE)];
  const uint32_t gpage = rng_below(&k->rng, ST_HOT), pick = rng_below(&k->rng, 100);
  const uint64_t spa = st_spa(range, page);
  const st_book_t e = k->book[range][page];
  uint8_t code = 0;
  k->st->attacks++;
  if (pick < 5) return give(k, range, page, guest, region, gpage, false, &code);
  if (pick < 7) return k->smashed[range] || give(k, range, 0, guest, region, 0, true, &code);
  if (pick < 10) return take(k, range, page, &code);
  if (pick < 16) return poison(k, range, page);
  if (pick < 20) return smash(k, k->whole);
  if (pick < 31 && e.used) return give(k, range, page, e.guest, e.region, e.page, e.large, &code);
  if (pick < 52) {
    if (rng_pct(&k->rng, 80)) map(k, guest, st_gpa(region, gpage), spa, PT_4K);
    else map(k, guest, st_gpa(region, 0), st_spa(range, 0), PT_2M);
    shake(k, guest, region, gpage);
  } else if (pick < 55) {
    (void)space_nested_unmap(&k->guest[guest].space, st_gpa(region, gpage));
  } else if (pick < 80) {
    access_host(k, spa, true);
  } else if (pick < 85 || k->opt.devices == 0) {
    access_host(k, spa, false);
  } else {
    io_change(k, spa);
  }
  return true;
}

void st_host(void *arg) {
  storm_t *k = arg;
  while (!k->over && !bench_failed(k->b)) {
    const bool serves = k->exits != 0 && rng_pct(&k->rng, 85);
    if (!(serves ? serve(k) : attack(k))) return;
    if (k->iommu.tail > ST_LOG_N / 2) iommu_log_restart(&k->iommu);
    (void)bench_run(k->b, rng_range(&k->rng, 1, k->exits != 0 ? 40 : 250));
  }
}

// ---- devices ----------------------------------------------------------------------------------------------------

void st_dev(void *arg) {
  st_device_t *d = arg;
  storm_t *k = d->k;
  while (st_count(k)) {
    uint8_t data[64];
    const bool large = rng_pct(&d->rng, 25);
    const uint64_t page = large ? UINT64_C(0x40000000) + rng_below(&d->rng, ST_HOT) * PT_PAGE : rng_below(&d->rng, ST_IOVAS) * PT_PAGE;
    const uint64_t iova = ST_IOVA + page + rng_below(&d->rng, 32) * 16;
    rng_bytes(&d->rng, data, sizeof(data));
    const iommu_result_t r = iommu_access(&k->iommu, (uint16_t)d->number, (uint16_t)(1 + k->opt.cores + d->number),
                                          rng_pct(&d->rng, 60), iova, data, rng_range(&d->rng, 1, 64));
    k->st->dma++;
    k->st->events += r.end == IOMMU_EVENT;
    if (r.end == IOMMU_EVENT && !r.logged && !bench_failed(k->b)) bench_fail(k->b, "STORM an event of the IOMMU was not logged");
    (void)bench_run(k->b, rng_range(&d->rng, 1, 800));
  }
}
