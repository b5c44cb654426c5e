// SPDX-License-Identifier: Apache-2.0
//
// gen_random_rmp.c - random start-up and traffic of the RMP check (gen_random.h)
//
// The secure processor sets the check up (registers over AXI4-Lite, the table over AXI4), mostly in order and with a
// good table, sometimes not. Then requests go to a few pages of a few ranges, mostly with the attributes that the
// page's entry asks for or with one of them wrong, while the secure processor rewrites entries. What it believes of
// the entries is what it wrote; of the state, what RMP_STATUS said.
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "core/rmp_boot.h"
#include "gen/gen_random_rmp.h"

#define CTRL 0x010u

// ---- entries ----------------------------------------------------------------------------------------------------

static rmp_words_t random_entry(gen_random_t *g, bool base) {
  static const uint8_t masks[] = {0x1f, 0x1f, 0x0f, 0x03, 0x01, 0x02, 0x0d, 0x00};
  rng_t *r = &g->rmp->r;
  cbit_rmp_entry_t e = {0};
  const uint32_t x = rng_below(r, 100);
  if (base && rng_pct(r, 50)) e.subpage_count = rng_pct(r, 50) ? 1 : rng_below(r, 512) & 511u;
  if (x < 14) return rmp_words_encode(&e);
  e.assigned = x >= 17;
  e.immutable = x < 17 || (x >= 22 && x < 42);  // 14..16: HV-Fixed; 17..21: Reclaim
  e.lock = x >= 22 && x < 42;
  if (x < 22 || x < 27) return rmp_words_encode(&e);  // 22..26: Firmware
  if (x < 32) {                                 // Firmware-IOMMU, Context
    if (x < 30) e.gpa_page = (uint64_t)2 << 36 | 1; else e.vmsa = 1;
    return rmp_words_encode(&e);
  }
  // 32..41: Pre-Guest and Pre-Swap; the rest guests
  e.asid = g->slot[rng_range(r, 1, GEN_SLOTS - 1)];
  if (base && g->insn != NULL && rng_pct(r, 8)) e.asid = CBIT_RMP_ASID_LOCKED;
  e.validated = rng_pct(r, 80);
  e.vmsa = rng_pct(r, 20);
  e.gpa_page = rng_u64(r) & (((uint64_t)1 << 39) - 1);
  for (uint32_t i = 0; i < 4; i++) e.mask[i] = i == 0 && rng_pct(r, 80) ? 0x1f : masks[rng_below(r, 8)];
  if (base && rng_pct(r, 45)) {
    e.page_size = 1;
    if (rng_pct(r, 90)) e.gpa_page &= ~(uint64_t)511;
  }
  return rmp_words_encode(&e);
}

static uint64_t entry_addr(const gen_rmp_t *m, uint64_t spa) { return gen_seg_entry(m, spa); }

// A write of n entries by the secure processor.
static void write_entries(gen_random_t *g, uint64_t addr, uint32_t n, rmp_words_t w, uint64_t step, uint32_t delay) {
  rng_t *r = &g->rmp->r;
  const cbit_attr_t who = {.requester = CBIT_REQ_SP};
  const uint32_t bus = bench_bus_bytes(g->b);
  act_t a = {.kind = ACT_WRITE, .entries = 1, .q1 = w.q1, .q2 = w.q2, .step = step};
  const uint32_t bytes = n == 1 ? 16 : bus;
  a.req.write = true;
  a.req.size = (uint8_t)__builtin_ctz(bytes);
  a.req.burst = AXI_INCR;
  a.req.len = (uint8_t)((n * 16 + bytes - 1) / bytes - 1);
  a.req.id = (uint16_t)(rng_pct(r, 50) ? 0 : rng_below(r, 1u << bench_cfg(g->b)->id_width));
  if (g->rmp->step == RST) a.req.id = 0;  // in order: what clears it first
  a.req.w_late = rng_pct(r, 30);
  a.req.ax_delay = delay;
  bench_request(g->b, &a.req, &who, addr);
  (void)gen_emit(g, &a);
}

static void rewrite(gen_random_t *g, uint32_t i, uint32_t k, uint32_t delay) {
  gen_rmp_t *m = g->rmp;
  rng_t *r = &m->r;
  rmp_words_t *w = &m->entry[i][k];
  const uint64_t spa = m->range[i] + (uint64_t)m->page[k] * PAGE;
  cbit_rmp_entry_t e;
  if (gen_insn_owns(g, i)) return;
  rmp_words_decode(w, &e);
  const uint32_t x = rng_below(r, 100);
  if (x < 15) e.validated ^= 1;
  if (x >= 15 && x < 25) e.assigned ^= 1;
  if (x >= 25 && x < 35) e.mask[rng_below(r, 4)] ^= (uint8_t)(1u << rng_below(r, 5));
  *w = x < 35 ? rmp_words_encode(&e) : random_entry(g, k == 0);
  if (k + 1 < PAGES && k > 0 && m->page[k + 1] == m->page[k] + 1 && bench_bus_bytes(g->b) == 16 && rng_pct(r, 20)) {
    m->entry[i][k + 1] = (rmp_words_t){w->q1 + PAGE, w->q2};
    write_entries(g, entry_addr(m, spa), 2, *w, PAGE, delay);
  } else {
    write_entries(g, entry_addr(m, spa), 1, *w, 0, delay);
  }
}

// ---- start-up ---------------------------------------------------------------------------------------------------

void gen_rmp_new(gen_random_t *g, const rng_t *root) {
  gen_rmp_t *m = log_alloc(sizeof(*m));
  rng_split(root, 4, &m->r);
  g->rmp = m;
  if (bench_cfg(g->b)->rmp_insn != 0) gen_insn_new(g, root);
  if (bench_cfg(g->b)->rmp_chk != 0) gen_chk_new(g, root);
}

void gen_rmp_start(gen_random_t *g) {
  static const uint32_t mib[] = {4, 4, 16, 16, 80};
  gen_rmp_t *m = g->rmp;
  rng_t *r = &m->r;
  const uint32_t size = mib[rng_below(r, g->insn != NULL ? 3 : 5)];  // a small table is up soon
  const uint64_t top = (uint64_t)size << 20;
  m->covered = top;
  m->base = (uint64_t)rng_range(r, 1, size - 1) << 20;
  m->end = m->base + 0x4000 + top / PAGE * 16 - 1;
  if (m->end >= top) {
    m->base = (uint64_t)1 << 20;
    m->end = m->base + 0x4000 + top / PAGE * 16 - 1;
  }
  for (uint32_t i = 0; i < RANGES; i++) m->range[i] = (rng_u64(r) % top) & ~(RANGE - 1);
  if (top > 32 * RANGE) m->range[1] = m->range[0] ^ 32 * RANGE;  // the same line of the base entries
  if (m->range[1] >= top) m->range[1] = 0;
  if (rng_pct(r, 50)) m->range[2] = m->base & ~(RANGE - 1);      // where the table is
  const uint16_t near = (uint16_t)rng_range(r, 1, 400);
  const uint16_t page[PAGES] = {0, 1, 2, near, (uint16_t)(near + 1), (uint16_t)(near + 32), 511,
                                (uint16_t)rng_range(r, 3, 510)};
  memcpy(m->page, page, sizeof(page));
  memset(m->entry, 0, sizeof(m->entry));
  m->step = rng_pct(r, 5) ? GIVEN_UP : WAIT;
  m->begin = bench_cycle(g->b) + (rng_pct(r, 70) ? 300 : rng_range(r, 0, 3000));
  m->state = RMP_OFF;
  m->filled = m->tries = 0;
  m->spoilt = rng_pct(r, 15);
  m->tsme = rng_pct(r, 15);
  m->quiet = rng_pct(r, 75);
  memset(&m->seg, 0, sizeof(m->seg));
  if (bench_cfg(g->b)->rmp_seg != 0) gen_seg_start(g);
  if (g->insn != NULL) gen_insn_start(g);
}

static void command(gen_random_t *g, uint32_t op) {
  rng_t *r = &g->rmp->r;
  if (rng_pct(r, 14)) {  // out of order, mostly
    gen_push(g, true, RMP_REG_CMD, rng_pct(r, 85) ? rng_range(r, 1, 6) : rng_below(r, 16));
    gen_push(g, false, RMP_REG_STATUS, 0);
    g->script[g->n - 1].poll = 0x10;
  }
  gen_push(g, true, RMP_REG_CMD, op);
  if (op == RMP_VERIFY && rng_pct(r, 50)) gen_push(g, true, RMP_REG_CMD, rng_below(r, 16));  // while it runs
  if (op == RMP_VERIFY && rng_pct(r, 30)) gen_push(g, true, RMP_REG_BASE, rng_u32(r));
  gen_push(g, false, RMP_REG_STATUS, 0);
  g->script[g->n - 1].poll = 0x10;
}

static void registers(gen_random_t *g, uint64_t base, uint64_t end) {
  gen_push(g, true, RMP_REG_BASE, (uint32_t)base);
  gen_push(g, true, RMP_REG_BASE + 4, (uint32_t)(base >> 32));
  gen_push(g, true, RMP_REG_END, (uint32_t)end);
  gen_push(g, true, RMP_REG_END + 4, (uint32_t)(end >> 32));
}

static uint32_t cfg_of(const gen_rmp_t *m) { return (m->seg.on ? 1u : 0u) | m->seg.size << 8; }

// RMP_CFG, and a FENCE that a segmented table refuses.
static void segment_registers(gen_random_t *g) {
  gen_rmp_t *m = g->rmp;
  rng_t *r = &m->r;
  if (bench_cfg(g->b)->rmp_seg == 0) return;
  if (m->seg.on && rng_pct(r, 40)) {
    gen_push(g, true, RMP_REG_CFG, 1u | (rng_pct(r, 50) ? rng_below(r, 30) : rng_range(r, 41, 63)) << 8 | (rng_u32(r) & ~0x3f01u));
    gen_push(g, false, RMP_REG_CFG, 0);
    command(g, RMP_FENCE);
  }
  gen_push(g, true, RMP_REG_CFG, cfg_of(m));
  gen_push(g, false, RMP_REG_CFG, 0);
}

static void fence(gen_random_t *g) {
  gen_rmp_t *m = g->rmp;
  rng_t *r = &m->r;
  segment_registers(g);
  for (uint32_t n = rng_pct(r, 50) ? rng_range(r, 1, 3) : 0; n > 0; n--) {
    const uint64_t high = (uint64_t)1 << bench_cfg(g->b)->spa_width;
    switch (rng_below(r, 4)) {
      case 0: registers(g, m->base + ((uint64_t)rng_range(r, 1, 127) << 13), m->end); break;
      case 1: registers(g, m->base, m->base - 1); break;
      case 2: registers(g, m->base, m->end | high); break;
      default: registers(g, m->base, m->base + 0x3fff); break;
    }
    command(g, RMP_FENCE);
  }
  registers(g, m->base, m->end);
  for (uint32_t i = 0; i < 4; i++) gen_push(g, false, RMP_REG_BASE + 4 * i, 0);
  gen_push(g, true, RMP_REG_CTRL, (rng_pct(r, 85) ? 1u : 0u) | (rng_pct(r, 50) ? 2u : 0u) | (rng_pct(r, 70) ? 4u : 0u));
  gen_push(g, true, CTRL, 1u | (m->tsme ? 2u : 0u) | (uint32_t)g->mode << 4);
  command(g, RMP_FENCE);
}

static uint32_t firmware_writes(const gen_rmp_t *m) {
  if (m->seg.on) return gen_seg_firmware_writes(m);
  return (uint32_t)((m->end >> 12) - (m->base >> 12) + 1 + 255) / 256;
}

bool gen_rmp_script(gen_random_t *g) {
  gen_rmp_t *m = g->rmp;
  rng_t *r = &m->r;
  switch (m->step) {
    case WAIT:
      // With TSME the table goes through slot 0.
      if (bench_cycle(g->b) < m->begin || (m->tsme && g->state[0] != CBIT_SLOT_ACTIVE)) return false;
      fence(g);
      m->step = FENCING;
      return true;
    case FENCING:
      if (m->state == RMP_OFF) {
        m->step = m->tries++ < 3 ? WAIT : GIVEN_UP;
        return false;
      }
      if (m->seg.on && !m->seg.loaded) {
        if (rng_pct(r, 20)) command(g, RMP_FLUSH_DONE);  // not yet
        m->total = gen_seg_rst_writes();
        m->filled = 0;
        m->step = RST;
        return true;
      }
      command(g, RMP_FLUSH_DONE);
      m->step = FLUSHING;
      return true;
    case RST:
      if (m->filled < m->total || (host_pending(bench_host(g->b)) != 0 && rng_below(r, 10000) != 0)) return true;
      command(g, RMP_SEG_LOAD);
      m->step = LOADING;
      return true;
    case LOADING:
      m->seg.bad = m->seg.bad && rng_pct(r, 30);
      m->step = m->seg.loaded ? FENCING : m->tries++ < 6 ? FENCING : GIVEN_UP;
      return false;
    case FLUSHING:
      m->total = firmware_writes(m) + RANGES * PAGES;
      m->filled = 0;
      m->step = FILLING;
      return true;
    case FILLING:  // gen_rmp_txn() writes; it ends when all is answered, mostly
      if (m->filled < m->total || (host_pending(bench_host(g->b)) != 0 && rng_below(r, 1000) != 0)) return true;
      if (m->state < RMP_FILLED) command(g, RMP_TABLE_DONE);
      if (rng_pct(r, 5)) {  // without SME nothing can be enabled
        gen_push(g, true, CTRL, (uint32_t)g->mode << 4);
        gen_push(g, true, RMP_REG_CMD, RMP_SNP_EN);
        gen_push(g, true, CTRL, 1u | (m->tsme ? 2u : 0u) | (uint32_t)g->mode << 4);
      }
      command(g, RMP_VERIFY);
      m->step = VERIFYING;
      return true;
    case VERIFYING:
      if (m->state < RMP_CHECKED) {
        m->begin = bench_cycle(g->b) + (m->tries++ < 2 ? 0 : rng_range(r, 500, 2500));
        m->spoilt = false;
        m->step = AGAIN;
        return false;
      }
      if (rng_pct(r, 10)) {
        gen_push(g, true, CTRL, (uint32_t)g->mode << 4);
        command(g, RMP_SNP_EN);
        gen_push(g, true, CTRL, 1u | (m->tsme ? 2u : 0u) | (uint32_t)g->mode << 4);
      }
      command(g, RMP_SNP_EN);
      if (rng_pct(r, 70)) command(g, RMP_FLUSH2_DONE);
      m->step = ENABLING;
      return true;
    case AGAIN:
      if (bench_cycle(g->b) < m->begin) return false;
      m->filled = 0;
      m->step = FILLING;
      return true;
    case ENABLING:
      m->step = m->state >= RMP_ON ? RUNNING : m->tries++ < 6 ? VERIFYING : GIVEN_UP;
      return false;
    default:
      if (g->chk != NULL && rng_pct(r, 12)) {  // as firmware does after it changed entries
        command(g, RMP_DRAIN);
        return true;
      }
      if (rng_pct(r, 4)) {  // what is fixed by now
        static const uint16_t fixed[] = {RMP_REG_BASE,    RMP_REG_BASE + 4, RMP_REG_END,
                                         RMP_REG_END + 4, RMP_REG_CTRL,     CTRL};
        for (uint32_t i = rng_range(r, 1, 3); i > 0; i--) gen_push(g, true, fixed[rng_below(r, 6)], rng_u32(r));
        if (bench_cfg(g->b)->rmp_seg != 0) gen_push(g, true, RMP_REG_CFG, rng_u32(r));
        if (rng_pct(r, 30)) command(g, rng_below(r, 16));
        gen_push(g, false, RMP_REG_STATUS, 0);
        return true;
      }
      if (!rng_pct(r, 15)) return false;
      for (uint32_t i = rng_range(r, 1, 9); i > 0; i--) {  // the fault log
        for (uint32_t o = 0x080; o <= 0x090; o += 4) gen_push(g, false, o, 0);
        for (uint32_t o = 0x0d0; o <= 0x0d8; o += 4) gen_push(g, false, o, 0);
        gen_push(g, true, 0x094, 0);
      }
      return true;
  }
}

bool gen_rmp_running(const gen_random_t *g) { return g->rmp->step == RUNNING; }
bool gen_rmp_filling(const gen_random_t *g) { return g->rmp->step == FILLING || g->rmp->step == RST; }

void gen_rmp_dram(gen_random_t *g, dram_opt_t *d) {
  const bool running = g->rmp->step == RUNNING;
  if (!running && rng_pct(&g->rmp->r, 75)) d->err_read_ppm = d->err_write_ppm = 0;  // or VERIFY hardly ever ends well
  if (running && rng_pct(&g->rmp->r, 20)) d->err_read_ppm = rng_below(&g->rmp->r, 250000);  // entries: one beat each
  if (running && g->insn != NULL) gen_insn_dram(g, d);
  if (!running && g->rmp->seg.on && rng_pct(&g->rmp->r, 80)) {  // its start-up is long
    d->lat_min = rng_below(&g->rmp->r, 3);
    d->lat_max = d->lat_min + rng_below(&g->rmp->r, 6);
    d->stall_aw = d->stall_w = d->stall_ar = d->stall_r = d->stall_b = 0;
    d->max_reads = 0;
  }
}

void gen_rmp_profile(gen_random_t *g) {
  rng_t *r = &g->rmp->r;
  if (rng_pct(r, 60) && g->gap_max > 8) g->gap_max = rng_below(r, 9);
  if (rng_pct(r, 60)) g->illegal_pct /= 8;
  if (rng_pct(r, 60) && g->pending_max < 16) g->pending_max = 16;
}

void gen_rmp_polled(gen_random_t *g, uint32_t offset, uint32_t value) {
  if ((offset & ~3u) != RMP_REG_STATUS || (value & RMP_STATUS_BUSY) != 0) return;
  g->rmp->state = value & 7;
  g->rmp->seg.loaded = (value & RMP_STATUS_LOADED) != 0;
}

// The next write of the first table.
static void fill(gen_random_t *g) {
  gen_rmp_t *m = g->rmp;
  const uint32_t i = m->filled++;
  const uint32_t head = firmware_writes(m);
  if (i < head && m->seg.on) {
    uint32_t n = 0;
    const uint64_t page = gen_seg_firmware_page(m, i, &n);
    write_entries(g, entry_addr(m, page), n, rmp_words_firmware(), 0, 0);
    return;
  }
  if (i < head) {
    const uint64_t first = (m->base >> 12) + 256 * (uint64_t)i;
    const uint64_t last = m->end >> 12;
    const uint32_t n = last - first > 255 ? 256 : (uint32_t)(last - first) + 1;
    write_entries(g, entry_addr(m, first << 12), n, rmp_words_firmware(), 0, 0);
    return;
  }
  const uint32_t k = (i - head) % PAGES;
  const uint32_t at = (i - head) / PAGES;
  const uint64_t spa = m->range[at] + (uint64_t)m->page[k] * PAGE;
  rmp_words_t *w = &m->entry[at][k];
  const bool table = gen_seg_in_table(m, spa);
  *w = table ? rmp_words_firmware() : gen_insn_owns(g, at) ? gen_insn_first(g, k) : random_entry(g, k == 0);
  write_entries(g, entry_addr(m, spa), 1, *w, 0, 0);
  if (m->spoilt && i + 1 == m->total) {
    const uint64_t in_it = PAGE * (uint64_t)rng_below(&m->r, (uint32_t)((m->end - m->base + 1) / PAGE));
    const uint64_t bad = m->seg.on ? gen_rmp_table_page(m, &m->r) : m->base + in_it;
    write_entries(g, entry_addr(m, bad), 1, random_entry(g, false), 0, 0);
  }
}

// The next write of the segment table.
static void fill_rst(gen_random_t *g) {
  rmp_words_t w;
  uint32_t n = 0;
  const uint64_t addr = gen_seg_rst_write(g, g->rmp->filled++, &w, &n);
  write_entries(g, addr, n, w, 0, 0);
}

// ---- traffic ----------------------------------------------------------------------------------------------------

// Attributes that the entry asks for.
static void match(gen_random_t *g, cbit_attr_t *a, const cbit_rmp_entry_t *e, uint64_t spa, bool big) {
  rng_t *r = &g->rmp->r;
  a->page_size = (uint8_t)(big ? rng_range(r, 1, 3) : 0);
  a->gpa_page = rng_u64(r) & 0xffffffffffu;
  a->vmpl = rng_pct(r, 55) ? 0 : rng_below(r, 4) & 3u;
  a->user_mode = rng_pct(r, 40);
  a->ncbit = rng_pct(r, 15);
  a->ss = rng_pct(r, 12);
  if (e->asid != 0 && rng_pct(r, 80)) {
    a->requester = CBIT_REQ_GUEST;
    a->snp = a->cbit = 1;
    a->asid = e->asid;
    a->gpa_page = e->gpa_page;
    if (big) a->gpa_page = (e->gpa_page & ~(uint64_t)511) | (spa >> 12 & 511);
    a->access = rng_pct(r, 72) ? CBIT_ACC_DATA : (uint8_t)rng_range(r, 1, 3);
    if (e->vmsa != 0 && rng_pct(r, 40)) a->access = CBIT_ACC_VMSA;
    return;
  }
  const uint32_t x = rng_below(r, 100);
  a->requester = x < 35 ? CBIT_REQ_HOST : x < 70 ? CBIT_REQ_GUEST : x < 95 ? CBIT_REQ_DEVICE : CBIT_REQ_SP;
  a->access = rng_pct(r, 55) ? CBIT_ACC_DATA : (uint8_t)rng_below(r, 8);
  if (e->gpa_page >> 36 == 2 && a->requester == CBIT_REQ_DEVICE && rng_pct(r, 70)) a->access = CBIT_ACC_LOG;
  a->cbit = rng_pct(r, 30);
  a->snp = rng_pct(r, 50);
  if (a->requester == CBIT_REQ_GUEST) a->asid = g->slot[rng_range(r, 1, GEN_SLOTS - 1)];
  if (a->requester == CBIT_REQ_HOST && a->access == CBIT_ACC_VMSA) a->asid = e->asid;
  if (a->requester == CBIT_REQ_DEVICE) {
    if (rng_pct(r, 15)) a->asid = g->slot[rng_below(r, GEN_SLOTS)];
    if (a->asid != 0) a->cbit = 0;
  }
}

// One of them wrong.
static void miss(gen_random_t *g, cbit_attr_t *a) {
  rng_t *r = &g->rmp->r;
  switch (rng_below(r, 12)) {
    case 0: a->asid = g->slot[rng_range(r, 1, GEN_SLOTS - 1)]; break;
    case 1: a->gpa_page ^= (uint64_t)1 << rng_below(r, 39); break;
    case 2: a->vmpl = (uint8_t)rng_below(r, 4); break;
    case 3: a->page_size = (uint8_t)rng_below(r, 4); break;
    case 4: a->cbit ^= 1; break;
    case 5: a->snp ^= 1; break;
    case 6: a->access = (uint8_t)rng_below(r, 8); break;
    case 7: a->requester = CBIT_REQ_HOST; break;
    case 8: a->ss ^= 1; break;
    default:
      a->requester = CBIT_REQ_DEVICE;
      a->cbit = 0;
      a->asid = 0;
      break;
  }
}

static void pick_page(gen_rmp_t *m, uint32_t *i, uint32_t *k) {
  rng_t *r = &m->r;
  if (m->focus_left == 0) {
    m->focus_range = rng_pct(r, 50) ? 0 : rng_below(r, RANGES);
    m->focus_page = rng_below(r, PAGES);
    m->focus_left = rng_range(r, 5, 60);
    m->calm = rng_pct(r, 30);
  }
  m->focus_left--;
  const uint32_t x = rng_below(r, 100);
  *i = x < 60 ? m->focus_range : x < 75 ? 0 : rng_below(r, RANGES);
  *k = x < 45 ? m->focus_page : rng_pct(r, 50) ? rng_below(r, 4) : rng_below(r, PAGES);
}

// To page k of range i. cold: to one of that range that is hardly ever in a cache.
static void request(gen_random_t *g, uint32_t i, uint32_t k, bool write, bool cold, uint32_t delay) {
  gen_rmp_t *m = g->rmp;
  rng_t *r = &m->r;
  uint64_t spa = m->range[i] + (uint64_t)m->page[k] * PAGE;
  cbit_attr_t who = {0};
  cbit_rmp_entry_t e;
  act_t a = {0};
  const uint32_t where = delay != 0 ? 99 : rng_below(r, 100);
  gen_insn_refresh(g, i, k);
  bool big = (m->entry[i][0].q1 & 2) != 0;
  rmp_words_decode(big ? &m->entry[i][0] : &m->entry[i][k], &e);
  if (where < 5) {                 // the table itself
    spa = gen_rmp_table_page(m, r);
    memset(&e, 0, sizeof(e));
  } else if (where < 9 || cold) {  // any page of the range
    spa = m->range[i] + (uint64_t)rng_below(r, 512) * PAGE;
  } else if (where < 13) {         // the border of what is covered
    spa = m->covered - (rng_pct(r, 50) ? PAGE : 0);
    memset(&e, 0, sizeof(e));
    big = false;
  }
  match(g, &who, &e, spa, big);
  if (where < 5 && who.requester == CBIT_REQ_SP) who.requester = CBIT_REQ_HOST;
  if (rng_pct(r, 30)) miss(g, &who);
  spa += rng_pct(r, 50) ? rng_below(r, 512) : rng_below(r, PAGE);
  gen_pick_burst(g, &a.req, &spa);
  a.req.write = write;
  a.req.ax_delay = delay;
  gen_finish(g, &a, &who, spa);
}

static void hot_request(gen_random_t *g) {
  gen_rmp_t *m = g->rmp;
  uint32_t i = 0;
  uint32_t k = 0;
  pick_page(m, &i, &k);
  if (rng_pct(&m->r, 8)) {  // both ports in one cycle, if nothing waits
    request(g, i, k, false, true, 0);
    request(g, rng_below(&m->r, RANGES), k, true, true, 0);
  } else {
    request(g, i, k, rng_pct(&g->txn, g->write_pct), false, 0);
  }
}

// Entries change while questions about them walk; others ask before and after.
static void race(gen_random_t *g) {
  gen_rmp_t *m = g->rmp;
  rng_t *r = &m->r;
  uint32_t i = 0;
  uint32_t k = 0;
  pick_page(m, &i, &k);
  rewrite(g, i, k, 0);  // the caches are empty after it
  for (uint32_t n = rng_range(r, 1, 3); n > 0; n--) request(g, i, k, false, false, rng_below(r, 30));
  rewrite(g, i, rng_pct(r, 50) ? 0 : k, rng_below(r, 60));
  for (uint32_t n = rng_range(r, 2, 5); n > 0; n--) request(g, i, k, rng_pct(r, 25), false, rng_below(r, 40));
  m->focus_range = i;
  m->focus_page = k;
  m->focus_left = rng_range(r, 10, 30);
  m->calm = true;
}

bool gen_rmp_txn(gen_random_t *g) {
  gen_rmp_t *m = g->rmp;
  rng_t *r = &m->r;
  switch (m->step) {
    case FILLING:
      if (m->filled < m->total) fill(g);
      return true;
    case RST:
      if (m->filled < m->total) fill_rst(g);
      return true;
    case RUNNING:
      if (m->seg.on && rng_pct(r, 2)) {  // nobody reads it any more
        write_entries(g, m->base + RMP_HEAD_BYTES + 16 * (uint64_t)rng_below(r, RMP_SEGMENTS / 2), 1, random_entry(g, false), 0, 0);
        return true;
      }
      if (!m->calm && rng_pct(r, 25)) {
        race(g);
        return true;
      }
      if (!m->calm && rng_pct(r, 6)) {
        uint32_t i = 0;
        uint32_t k = 0;
        pick_page(m, &i, &k);
        rewrite(g, i, k, 0);
        return true;
      }
      if (rng_pct(r, 12)) return false;
      hot_request(g);
      return true;
    case VERIFYING:
    case ENABLING:
      if (m->quiet) return true;
      if (!rng_pct(r, 20)) return false;
      hot_request(g);
      return true;
    default:
      if (!rng_pct(r, 20)) return false;
      hot_request(g);
      return true;
  }
}
