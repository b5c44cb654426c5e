// SPDX-License-Identifier: Apache-2.0
//
// test_cyc_rmp_insn_random.c - random RMP instructions at the ports of the cycle model against the functional layer
//
// A shadow of the table, on which the functional layer does each instruction when it is answered: same answer, same table
// in DRAM (encrypted with TSME), nothing else written, inv exactly if entries were written. The table changes by
// instructions alone, so its own rules hold after each: counts of 2 MiB ranges (docs/rmp.md 1.4) and the counters (G8).
// Requests are mostly those that the entries allow, or nearly.

#include "cyc_insn.h"

#define ASIDS 3u
#define TABLE_BYTES (RMP_LAST + 1u - RMP_BASE)
#define SPA(page) ((uint64_t)(page) << 12)
#define USE_SLOTS 2u

typedef struct story {
  rig_t *r;
  uint8_t shadow[TABLE_BYTES];
  uint64_t use_page[USE_SLOTS];
  bool use[USE_SLOTS];
  cbit_rmp_cfg_t cfg;
  unsigned codes[8], faults[16], written[6], ops[6];
} story_t;

// ---- the functional layer on the shadow ----

static int read16(void *ctx, uint64_t addr, uint8_t raw[16]) {
  const story_t *s = ctx;
  memcpy(raw, s->shadow + (addr - RMP_BASE), 16);
  return 0;
}

static void write16(void *ctx, uint64_t addr, const uint8_t raw[16]) {
  story_t *s = ctx;
  memcpy(s->shadow + (addr - RMP_BASE), raw, 16);
}

static int read8(void *ctx, uint64_t addr, uint64_t *value) {
  const story_t *s = ctx;
  *value = bytes_load_le64(s->shadow + (addr - RMP_BASE));
  return 0;
}

static void write8(void *ctx, uint64_t addr, uint64_t value) {
  story_t *s = ctx;
  bytes_store_le64(s->shadow + (addr - RMP_BASE), value);
}

static int in_use(void *ctx, uint64_t spa, uint64_t bytes) {
  const story_t *s = ctx;
  for (unsigned i = 0; i < USE_SLOTS; i++) {
    if (s->use[i] && SPA(s->use_page[i]) >= spa && SPA(s->use_page[i]) - spa < bytes) {
      return 1;
    }
  }
  return 0;
}

static void reference(story_t *s, const cbit_insn_t *i, cbit_rmp_result_t *result) {
  const cbit_rmp_mem_t mem = {s, read16, write16, read8, write8, in_use};
  cbit_rmp_host_insn_t host = {.rax = i->rax, .cpl = i->cpl};
  const cbit_rmp_guest_insn_t guest = {.gva = i->rax, .rcx = bytes_load_le64(i->arg), .rdx = bytes_load_le64(i->arg + 8),
                                       .spa = SPA(i->spa_page), .gpa = SPA(i->gpa_page), .asid = i->asid, .ec = i->ec,
                                       .vmpl = i->vmpl, .cpl = i->cpl, .snp_active = i->snp_active};
  memcpy(host.operand, i->arg, 16);
  switch (i->op) {
    case CBIT_INSN_RMPUPDATE:
      cbit_rmp_rmpupdate(&s->r->param, &s->cfg, &mem, &host, result);
      break;
    case CBIT_INSN_PSMASH:
      cbit_rmp_psmash(&s->r->param, &s->cfg, &mem, &host, result);
      break;
    case CBIT_INSN_RMPREAD:
      cbit_rmp_rmpread(&s->r->param, &s->cfg, &mem, &host, result);
      break;
    case CBIT_INSN_PVALIDATE:
      cbit_rmp_pvalidate(&s->r->param, &s->cfg, &mem, &guest, result);
      break;
    case CBIT_INSN_RMPADJUST:
      cbit_rmp_rmpadjust(&s->r->param, &s->cfg, &mem, &guest, result);
      break;
    default:
      cbit_rmp_rmpquery(&s->r->param, &s->cfg, &mem, &guest, result);
      break;
  }
}

// ---- requests ----

static unsigned one_in(rig_t *r, unsigned n) { return vec_random(&r->b->rnd) % n == 0; }

static cbit_rmp_entry_t shadow_entry(const story_t *s, unsigned page) {
  cbit_rmp_entry_t e;
  cbit_rmp_entry_decode(s->shadow + (RMP_ENTRIES - RMP_BASE) + 16u * page, &e);
  return e;
}

// Few pages: the first ones of both ranges, and some that may be made large.
static unsigned some_page(rig_t *r) {
  const uint64_t x = vec_random(&r->b->rnd);
  const unsigned range = (x & 1u) != 0 ? 512 : 0;
  return (x >> 8 & 1u) == 0 ? range : range + (unsigned)(x >> 16 & 3u) + ((x >> 40 & 7u) == 0 ? 508u : 0);
}

static cbit_insn_t random_update(story_t *s, unsigned page) {
  rig_t *r = s->r;
  const uint64_t x = vec_random(&r->b->rnd);
  const unsigned assigned = (x & 3u) != 0;
  const unsigned size = (page & 511u) == 0 && page != 0 && (x >> 4 & 3u) == 0;
  const uint32_t asid = assigned ? (uint32_t)((x >> 8) % (ASIDS + 1u)) : 0;
  uint64_t gpa = rmp_gpa_page(page) << 12;
  if (one_in(r, 8)) {
    gpa ^= UINT64_C(1) << (12 + (x >> 16) % 42u);
  }
  cbit_insn_t i = insn_update(SPA(page), gpa, assigned, size, asid == 0 && assigned && one_in(r, 6), asid);
  if (one_in(r, 16)) {
    i.arg[vec_random(&r->b->rnd) % 16u] ^= (uint8_t)(1u << (x >> 32 & 7u));
  }
  return i;
}

static cbit_insn_t random_guest(story_t *s, unsigned op, unsigned page) {
  rig_t *r = s->r;
  const uint64_t x = vec_random(&r->b->rnd);
  const cbit_rmp_entry_t own = shadow_entry(s, page);
  const cbit_rmp_entry_t base = shadow_entry(s, page & ~511u);
  const bool large = base.page_size != 0;
  const cbit_rmp_entry_t *auth = large ? &base : &own;
  const uint64_t gpa_page = large ? (auth->gpa_page & ~UINT64_C(511)) | (page & 511u) : auth->gpa_page;
  const uint64_t rcx = one_in(r, 20) ? x & 3u : one_in(r, 5) ? !large : large;
  const uint64_t masks = (x >> 8 & 3u) | (x >> 12 & 0x1fu) << 8 | (one_in(r, 8) ? UINT64_C(1) << 16 : 0);
  const uint64_t rdx = op == CBIT_INSN_PVALIDATE ? !auth->validated : masks;
  cbit_insn_t i = insn_guest(op, SPA(page), gpa_page << 12, rcx, one_in(r, 8) ? rdx ^ UINT64_C(1) << (x >> 20 & 63u) : rdx);
  i.rax = one_in(r, 4) ? SPA(gpa_page) : SPA(gpa_page) & ~UINT64_C(0x1fffff);
  i.asid = one_in(r, 8) ? (uint16_t)(x >> 30 & 1023u) : auth->asid;
  i.vmpl = one_in(r, 3) ? x >> 40 & 3u : 0;
  i.gpa_page ^= one_in(r, 10) ? UINT64_C(1) << (x >> 44) % 39u : 0;
  i.ec = !one_in(r, 12);
  i.snp_active = !one_in(r, 20);
  return i;
}

static cbit_insn_t random_insn(story_t *s) {
  rig_t *r = s->r;
  static const uint8_t ops[] = {0, 0, 0, 0, 1, 2, 3, 3, 3, 4, 4, 4, 5};
  const unsigned op = ops[vec_random(&r->b->rnd) % sizeof ops];
  unsigned page = some_page(r);
  if (one_in(r, 40)) {
    page = RMP_PAGES + (unsigned)(vec_random(&r->b->rnd) & 1u) * 512u;
  }
  cbit_insn_t i;
  if (op >= CBIT_INSN_PVALIDATE) {
    i = random_guest(s, op, page % RMP_PAGES);
    i.spa_page = page;
  } else if (op == CBIT_INSN_RMPUPDATE) {
    i = random_update(s, page);
  } else {
    i = insn_host(op, SPA(op == CBIT_INSN_PSMASH && !one_in(r, 4) ? page & ~511u : page) | (vec_random(&r->b->rnd) & 0xfffu));
  }
  i.cpl = one_in(r, 40) ? 3 : 0;
  return i;
}

// ---- checks ----

// Rules of the table that instructions keep.
static void check_rules(const story_t *s) {
  uint64_t owned[1024] = {0};
  for (unsigned range = 0; range < RMP_PAGES; range += 512) {
    const cbit_rmp_entry_t base = shadow_entry(s, range);
    unsigned assigned = 0;
    for (unsigned k = 0; k < 512; k++) {
      const cbit_rmp_entry_t e = shadow_entry(s, range + k);
      assigned += k != 0 && e.assigned;
      if (e.assigned && e.asid != 0 && (k == 0 || !base.page_size)) {
          owned[e.asid] += e.page_size ? 512u : 1u;
      }
      assert_false(k != 0 && e.page_size);
    }
    assert_int_equal(assigned, base.page_size ? 511u : base.subpage_count);
    assert_true(!base.page_size || base.subpage_count == 0);
  }
  for (unsigned a = 1; a < 1024; a++) {
    assert_int_equal(bytes_load_le64(s->shadow + 8u * a), owned[a]);
  }
}

// The shadow as DRAM has to hold it.
static void to_dram(const story_t *s, uint8_t *out) {
  const rig_t *r = s->r;
  if (!r->tsme) {
    memcpy(out, s->shadow, TABLE_BYTES);
    return;
  }
  const cbit_status_t status =
      cbit_crypt_encrypt((cbit_mode_t)r->mode, &r->key[0], &r->tweaks, RMP_BASE, s->shadow, out, TABLE_BYTES);
  assert_int_equal(status, CBIT_OK);
}

static void check_table(const story_t *s) {
  uint8_t *want = malloc(TABLE_BYTES);
  assert_non_null(want);
  to_dram(s, want);
  assert_memory_equal(s->r->b->mem + RMP_BASE, want, TABLE_BYTES);
  free(want);
}

static void store_shadow(story_t *s) { to_dram(s, s->r->b->mem + RMP_BASE); }

static void check_answer(story_t *s, const cbit_insn_t *i, const insn_run_t *t) {
  cbit_rmp_result_t want;
  uint8_t out[16] = {0};
  reference(s, i, &want);
  assert_int_equal(t->answer.kind, want.kind);
  assert_int_equal(t->answer.code, want.kind == CBIT_RMP_PASS ? want.code : 0);
  assert_int_equal(t->answer.cf, want.cf);
  assert_int_equal(t->answer.zf, want.zf);
  assert_int_equal(t->answer.error, want.kind == CBIT_RMP_NPF ? want.exitinfo1 : want.kind == CBIT_RMP_VC ? want.code : 0);
  if (want.zf && i->op == CBIT_INSN_RMPREAD) {
    memcpy(out, want.out, sizeof out);
  } else if (want.zf && i->op == CBIT_INSN_RMPQUERY) {
    bytes_store_le64(out, want.rdx);
    bytes_store_le64(out + 8, want.rcx);
  }
  assert_memory_equal(t->answer.out, out, sizeof out);
  assert_int_equal(t->invs != 0, want.changed);
  if (want.changed) {
    assert_int_equal(t->inv_page, (i->op <= CBIT_INSN_RMPREAD ? i->rax : SPA(i->spa_page)) >> 21);
  }
  s->ops[i->op]++;
  s->written[i->op] += want.changed;
  *(want.kind == CBIT_RMP_PASS ? &s->codes[want.code] : &s->faults[want.kind]) += 1u;
}

// ---- stories ----

static void set_shadow(story_t *s, unsigned page, const cbit_rmp_entry_t *e) {
  cbit_rmp_entry_encode(e, s->shadow + (RMP_ENTRIES - RMP_BASE) + 16u * page);
}

// What instructions cannot undo: the firmware gives its pages back. The second range is the hypervisor's, or one large page.
static void refresh(story_t *s) {
  static const cbit_rmp_entry_t none;
  static const cbit_rmp_entry_t assigned = {.assigned = 1};
  const bool large = one_in(s->r, 2);
  const uint8_t validated = one_in(s->r, 2) ? 1 : 0;
  const cbit_rmp_entry_t base = {.assigned = 1, .page_size = 1, .validated = validated, .asid = 1,
                                 .gpa_page = rmp_gpa_page(512), .mask = {0x1f, 0x0f, 0x03, 0}};
  for (unsigned p = 0; p < 512; p++) {
    cbit_rmp_entry_t e = shadow_entry(s, p);
    if (e.immutable && (p < RMP_BASE / RMP_PAGE || p > RMP_LAST / RMP_PAGE)) {
      e.immutable = e.lock = 0;
      set_shadow(s, p, &e);
    }
  }
  for (unsigned p = 512; p < RMP_PAGES; p++) {
    const cbit_rmp_entry_t e = shadow_entry(s, p);
    if (e.assigned && e.asid != 0) {
      uint8_t *count = s->shadow + 8u * e.asid;
      bytes_store_le64(count, bytes_load_le64(count) - (e.page_size ? 512u : 1u));
    }
    set_shadow(s, p, large ? &assigned : &none);
  }
  if (large) {
    set_shadow(s, 512, &base);
    bytes_store_le64(s->shadow + 8, bytes_load_le64(s->shadow + 8) + 512u);
  }
  store_shadow(s);
}

static void random_mark(story_t *s) {
  const unsigned slot = (unsigned)(vec_random(&s->r->b->rnd) % USE_SLOTS);
  s->use[slot] = one_in(s->r, 4);
  s->use_page[slot] = some_page(s->r);
  insn_mark(s->r, slot, s->use[slot], s->use_page[slot]);
}

static void tell(const cbit_cyc_cfg_t *cfg, unsigned mode, bool tsme, unsigned stall, unsigned rounds, story_t *sum) {
  story_t *s = calloc(1, sizeof *s);
  assert_non_null(s);
  rig_t *r = rig_new(cfg, mode, tsme, 1, 31u + stall, STATE_ON);
  s->r = r;
  s->cfg = (cbit_rmp_cfg_t){.rmp_base = RMP_BASE, .rmp_end = RMP_LAST, .snp_en = 1, .vmpl_en = 1};
  for (unsigned p = RMP_BASE / RMP_PAGE; p <= RMP_LAST / RMP_PAGE; p++) {
    entry_firmware(s->shadow + (RMP_ENTRIES - RMP_BASE) + 16u * p);
  }
  bytes_store_le64(s->shadow + (RMP_ENTRIES - RMP_BASE), Q1_COUNT(8));
  store_shadow(s);
  uint8_t *before = malloc(BENCH_MEM_BYTES);
  assert_non_null(before);
  memcpy(before, r->b->mem, BENCH_MEM_BYTES);
  r->b->stall = stall;
  for (unsigned n = 0; n < rounds; n++) {
    if (one_in(r, 6)) {
      random_mark(s);
    }
    if (one_in(r, 25)) {
      refresh(s);
    }
    const unsigned port = (unsigned)(vec_random(&r->b->rnd) % cfg->rmp_insn);
    const cbit_insn_t i = random_insn(s);
    insn_run_t t = insn_begin(r, port, &i);
    insn_finish(r, port, &t);
    check_answer(s, &i, &t);
    check_table(s);
    check_rules(s);
  }
  assert_memory_equal(before, r->b->mem, RMP_BASE);
  assert_memory_equal(before + RMP_LAST + 1u, r->b->mem + RMP_LAST + 1u, BENCH_MEM_BYTES - RMP_LAST - 1u);
  for (unsigned k = 0; k < 8; k++) {
    sum->codes[k] += s->codes[k];
  }
  for (unsigned k = 0; k < 16; k++) {
    sum->faults[k] += s->faults[k];
  }
  for (unsigned k = 0; k < 6; k++) {
    sum->written[k] += s->written[k];
    sum->ops[k] += s->ops[k];
  }
  free(before);
  rig_free(r);
  free(s);
}

static void test_random(void **state) {
  (void)state;
  story_t *sum = calloc(1, sizeof *sum);
  assert_non_null(sum);
  for (unsigned lanes = 1; lanes <= 4; lanes *= 2) {
    cbit_cyc_cfg_t cfg = insn_config(lanes, lanes);
    tell(&cfg, CBIT_MODE_XTS_L64, false, 0, 400, sum);
    tell(&cfg, CBIT_MODE_XTS_L64, true, 0, 400, sum);
    cfg.num_rd = cfg.num_wr = 4;
    cfg.num_row = 32;
    cfg.rmp_miss = 2;
    cfg.rmp_const = 1;
    cfg.id_width = 1;
    tell(&cfg, CBIT_MODE_XEX_AES16, true, 40, 250, sum);
    cfg.rmp_miss = 8;
    cfg.key_bits = 256;
    tell(&cfg, CBIT_MODE_XTS_P4K, false, 40, 250, sum);
  }
  cbit_cyc_cfg_t cfg = insn_config(1, 1);
  cfg.attr_from_addr = 1;
  tell(&cfg, CBIT_MODE_XTS_L64, true, 20, 250, sum);
  // the mix must have been a mix
  static const uint8_t codes[] = {0, 1, 2, 3, 4, 6};
  static const uint8_t faults[] = {KIND_NPF, KIND_VC, KIND_GP, KIND_UD};
  for (unsigned k = 0; k < sizeof codes; k++) {
    assert_true(sum->codes[codes[k]] > 20);
  }
  for (unsigned k = 0; k < sizeof faults; k++) {
    assert_true(sum->faults[faults[k]] > 20);
  }
  for (unsigned op = 0; op < 6; op++) {
    assert_true(sum->ops[op] > 100);
    assert_true(op == CBIT_INSN_RMPREAD || op == CBIT_INSN_RMPQUERY ? sum->written[op] == 0 : sum->written[op] > 10);
  }
  assert_int_equal(sum->faults[KIND_MCE], 0);
  free(sum);
}

// With TSME and the host's key gone: reads end in a machine check, whether the key goes before or in between.
static void test_no_key(void **state) {
  (void)state;
  const cbit_cyc_cfg_t cfg = insn_config(1, 1);
  unsigned mce = 0;
  unsigned passed = 0;
  for (unsigned at = 0; at < 140; at++) {
    rig_t *r = rig_new(&cfg, CBIT_MODE_XTS_L64, true, 1, 33, STATE_ON);
    const cbit_rmp_entry_t e = {.assigned = 1, .asid = 5, .gpa_page = 9};
    uint8_t raw[16];
    cbit_rmp_entry_encode(&e, raw);
    rig_store_entry(r, 9, raw);
    r->b->latency_r = 10;
    rig_clocks(r, 40);
    const cbit_insn_t i = insn_guest(CBIT_INSN_PVALIDATE, SPA(9), SPA(9), 0, 1);
    insn_run_t t = insn_begin(r, 0, &i);
    bool done = false;
    r->b->stable = false;
    for (unsigned n = 0; n < at && !done; n++) {
      done = insn_clock(r, 0, &t);
    }
    r->b->in.zeroise = true;
    if (done) {
      rig_clock(r);
    } else {
      done = insn_clock(r, 0, &t);
    }
    r->b->in.zeroise = false;
    if (!done) {
      insn_finish(r, 0, &t);
    }
    assert_true(t.answer.kind == KIND_MCE || (t.answer.kind == KIND_PASS && t.answer.code == 0));
    mce += t.answer.kind == KIND_MCE;
    passed += t.answer.kind == KIND_PASS;
    insn_run_t next = insn_do(r, &i);
    answer_is(&next, KIND_MCE, 0, 0, 0);
    assert_true(next.inv == NEVER);
    rig_free(r);
  }
  assert_true(mce > 20 && passed > 5);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_random), cmocka_unit_test(test_no_key)};
  return cmocka_run_group_tests_name("cyc_rmp_insn_random", tests, NULL, NULL);
}
