// SPDX-License-Identifier: Apache-2.0
//
// test_cyc_rmp_random.c - random questions and table writes against the RMP unit, judged by the rules
//
// Both ports, and the check ports if there are some, ask what they like; readys, latencies, read errors and writes of the
// table are random. Each verdict must be
// one that cbit_rmp_check() gives with entries the table has held since the last table write that ended before the
// handshake (docs/units/rmp.md, "What is promised"). Questions are turned into inputs of the check here once more, from the
// page's tables. In the end nothing may be left waiting.

#include "rmp_bench.h"

#define RANGES 3u        // of 2 MiB, from 4 MiB on
#define PAGES 24u        // per range: its first ones
#define CHANGES 4096u
#define QUEUE 8u

typedef struct change {
  unsigned page;         // index 0 .. RANGES * PAGES - 1
  uint64_t q1, q2;
} change_t;

typedef struct question {
  uint64_t spa, attr;
  bool none;
  unsigned since;        // changes before this one are over
  bool raw;              // of a check port
  cbit_rmp_check_req_t req;
} question_t;

typedef struct port {
  bool write;
  unsigned depth, first, count;
  question_t q[QUEUE];
} port_t;

typedef struct world {
  bench_t *b;
  cbit_rmp_param_t param;
  uint64_t rnd;
  change_t change[CHANGES];
  unsigned changes;
  unsigned done;         // changes whose B has been taken
  bool open, stored;     // a write is under way; its data is in the table
  port_t port[2];
  port_t chk[CBIT_MAX_CHK];
  unsigned verdicts[2], misses, hits, chk_verdicts[2], drains;
} world_t;

static unsigned pick(world_t *w, unsigned n) { return (unsigned)(vec_random(&w->rnd) % n); }

static uint64_t page_of(unsigned index) { return 0x400u + (index / PAGES) * 512u + index % PAGES; }

// ---- table ----

// Well-formed ranges alone: base entries with PageSize 0 and sub entries as they like, or a large base of an owner.
static change_t random_change(world_t *w) {
  change_t c = {.page = pick(w, RANGES * PAGES)};
  const uint64_t page = page_of(c.page);
  switch (pick(w, 6)) {
    case 0:
      c.q1 = 0;
      break;
    case 1:
      c.q1 = Q1_FIRMWARE;
      break;
    case 2:
      c.q1 = Q1_GUEST(5, page) & ~(UINT64_C(1) << 62);
      break;
    default:
      c.q1 = Q1_GUEST(5 + pick(w, 2), page);
      break;
  }
  if (c.page % PAGES == 0) {
    c.q1 |= (uint64_t)pick(w, 2) << 3;  // SubpageCount
  }
  c.q2 = vec_random(&w->rnd);
  return c;
}

static void store(world_t *w, const change_t *c) { bench_entry(w->b, page_of(c->page), c->q1, c->q2); }

// Entry of a page after the first n changes.
static void entry_at(const world_t *w, unsigned page, unsigned n, cbit_rmp_entry_t *entry) {
  uint8_t raw[16];
  bytes_store_le64(raw, 0);
  bytes_store_le64(raw + 8, 0);
  for (unsigned i = n; i-- > 0;) {
    if (w->change[i].page == page) {
      bytes_store_le64(raw, w->change[i].q1);
      bytes_store_le64(raw + 8, w->change[i].q2);
      break;
    }
  }
  cbit_rmp_entry_decode(raw, entry);
}

static void write_table(world_t *w) {
  if (!w->open) {
    if (w->changes < CHANGES && pick(w, 60) == 0) {
      w->open = true;
      w->stored = false;
      w->b->net.tbl_begin = true;
    }
    return;
  }
  if (!w->stored && pick(w, 8) == 0) {
    w->change[w->changes] = random_change(w);
    store(w, &w->change[w->changes++]);
    w->stored = true;
  } else if (w->stored && pick(w, 8) == 0) {
    w->b->net.tbl_end = true;
    w->open = false;
    w->done = w->changes;
  }
}

// ---- questions ----

static uint64_t random_attr(world_t *w, uint64_t spa) {
  const unsigned requester = pick(w, 4) == 0 ? pick(w, 4) : CBIT_REQ_GUEST;
  const unsigned access = pick(w, 3) == 0 ? pick(w, 8) : 0;
  const uint64_t gpa_page = pick(w, 12) == 0 ? vec_random(&w->rnd) : spa >> 12;
  return CBIT_ATTR_PUT(REQUESTER, requester) | CBIT_ATTR_PUT(ACCESS, access) | CBIT_ATTR_PUT(USER, pick(w, 2)) |
         CBIT_ATTR_PUT(CBIT, pick(w, 4) != 0) | CBIT_ATTR_PUT(VMPL, pick(w, 8) / 5u) |
         CBIT_ATTR_PUT(ASID, pick(w, 12) == 0 ? 0 : 5 + pick(w, 2)) |
         CBIT_ATTR_PUT(PAGE_SIZE, pick(w, 6) == 0 ? pick(w, 4) : 0) | CBIT_ATTR_PUT(GPA_PAGE, gpa_page) |
         CBIT_ATTR_PUT(SNP, pick(w, 4) != 0) | CBIT_ATTR_PUT(SS, pick(w, 2));
}

static uint8_t op_code(unsigned requester, unsigned access, bool write) {
  static const uint8_t rd[8] = {CBIT_RMP_OP_READ,       CBIT_RMP_OP_FETCH,    CBIT_RMP_OP_PT_READ,  CBIT_RMP_OP_PT_READ,
                                CBIT_RMP_OP_VMRUN_VMSA, CBIT_RMP_OP_NPT_READ, CBIT_RMP_OP_NPT_READ, 15};
  static const uint8_t wr[8] = {CBIT_RMP_OP_WRITE,      15,                 CBIT_RMP_OP_PT_AD,  CBIT_RMP_OP_PT_AD,
                                CBIT_RMP_OP_VMRUN_VMSA, CBIT_RMP_OP_NPT_AD, CBIT_RMP_OP_NPT_AD, 15};
  if ((access == CBIT_ACC_LOG && requester == CBIT_REQ_DEVICE) ||
      (access == CBIT_ACC_VMSA && requester >= CBIT_REQ_DEVICE)) {
    return write ? CBIT_RMP_OP_WRITE : CBIT_RMP_OP_READ;
  }
  return write ? wr[access] : rd[access];
}

static cbit_rmp_check_req_t inputs(const question_t *q, bool write, const cyc_rmp_reg_t *reg) {
  cbit_attr_t a;
  cbit_attr_unpack(q->attr, &a);
  static const uint8_t plain[4] = {CBIT_RMP_REQ_HOST, CBIT_RMP_REQ_GUEST_NONSNP, CBIT_RMP_REQ_IOMMU_HOST,
                                   CBIT_RMP_REQ_AMD_SP};
  uint8_t req = plain[a.requester];
  if (a.requester == CBIT_REQ_GUEST && a.access == CBIT_ACC_VMSA) {
    req = CBIT_RMP_REQ_HOST;
  } else if (a.requester == CBIT_REQ_GUEST && a.snp) {
    req = CBIT_RMP_REQ_GUEST_SNP;
  } else if (a.requester == CBIT_REQ_DEVICE && a.access == CBIT_ACC_LOG) {
    req = CBIT_RMP_REQ_IOMMU_SELF;
  } else if (a.requester == CBIT_REQ_DEVICE && a.asid != 0) {
    req = CBIT_RMP_REQ_IOMMU_GUEST;
  }
  return (cbit_rmp_check_req_t){.spa = q->spa,
                                .gpa = ((a.gpa_page << 12) & UINT64_C(0x7ffffffffffff)) | (q->spa & 0xfffu),
                                .asid = a.asid,
                                .req = req,
                                .op = op_code(a.requester, a.access, write),
                                .map_size = a.page_size,
                                .ec = a.cbit,
                                .vmpl = a.vmpl,
                                .cpl = a.user_mode ? 3 : 0,
                                .ss = a.ss,
                                .vmpl_sss = reg->vmpl_sss,
                                .snp_active = a.snp};
}

// Whether a verdict is one of those that the rules allow.
static bool allowed(const world_t *w, const question_t *q, bool write, bool deny, const cyc_rmp_rec_t *rec) {
  const cyc_rmp_reg_t *reg = &w->b->net.rmp_reg;
  const cbit_rmp_cfg_t cfg = {.rmp_base = reg->base,
                              .rmp_end = reg->end,
                              .snp_en = 1,
                              .vmpl_en = reg->vmpl_en,
                              .iommu_snp = reg->iommu_snp};
  if (q->none) {
    return !deny;
  }
  const bool sp = (q->attr & 3u) == CBIT_REQ_SP;
  if (!q->raw && write && !sp && q->spa >= T_BASE && q->spa <= T_END) {
    return deny && rec->row == 0 && rec->why == 0 && rec->kind == 0 && rec->error == 0;
  }
  const cbit_rmp_check_req_t req = q->raw ? q->req : inputs(q, write, reg);
  uint64_t addr;
  cbit_rmp_view_t view = {.covered = (uint8_t)cbit_rmp_entry_addr(&cfg, q->spa, &addr)};
  const uint64_t page = q->spa >> 12;
  const bool known = page >= 0x400u && page < 0x400u + RANGES * 512u && page % 512u < PAGES;
  const unsigned base = known ? (unsigned)((page - 0x400u) / 512u) * PAGES : 0;
  const unsigned own = base + (unsigned)(page % 512u);
  for (unsigned error = 0; error < (w->b->bad_addr != 0 ? 2u : 1u); error++) {
    view.error = (uint8_t)error;
    for (unsigned i = q->since; i <= w->changes; i++) {
      for (unsigned k = q->since; k <= w->changes; k++) {
        cbit_rmp_verdict_t v;
        if (known) {
          entry_at(w, own, i, &view.own);
          entry_at(w, base, own == base ? i : k, &view.base);
        } else if (view.covered) {  // the table's pages: the base of their range is free
          uint8_t raw[16];
          memcpy(raw, w->b->table + T_ENTRIES + 16u * page, sizeof raw);
          cbit_rmp_entry_decode(raw, &view.own);
          memcpy(raw, w->b->table + T_ENTRIES + 16u * (page & ~UINT64_C(511)), sizeof raw);
          cbit_rmp_entry_decode(raw, &view.base);
        }
        cbit_rmp_check(&w->param, &cfg, &view, &req, &v);
        if ((v.kind != CBIT_RMP_PASS) == deny &&
            (!deny || (rec->row == v.row && rec->why == v.why && rec->kind == v.kind &&
                       rec->error == (v.kind == CBIT_RMP_NPF ? v.exitinfo1 : v.code)))) {
          return true;
        }
      }
    }
  }
  return false;
}

static uint64_t random_spa(world_t *w) {
  const uint64_t offset = vec_random(&w->rnd) & 0xfffu;
  switch (pick(w, 16)) {
    case 0:
      return T_BASE + pick(w, T_BYTES);
    case 1:
      return ((uint64_t)T_PAGES << 12) + ((vec_random(&w->rnd) << 12) & UINT64_C(0x7fffffffff)) + offset;  // not covered
    default:
      return (page_of(pick(w, RANGES * PAGES)) << 12) + offset;
  }
}

static void ask(world_t *w, port_t *p) {
  if (p->count == p->depth || pick(w, 3) == 0) {
    return;
  }
  question_t *q = &p->q[(p->first + p->count) % QUEUE];
  q->spa = random_spa(w);
  q->attr = random_attr(w, q->spa);
  q->none = pick(w, 20) == 0;
  q->since = w->done;
  p->count++;
  const cyc_ask_t a = {.valid = true, .none = q->none, .spa = q->spa, .attr = q->attr};
  if (p->write) {
    w->b->net.ask_w = a;
  } else {
    w->b->net.ask_r = a;
  }
}

// Pops the head of a port if its verdict is known.
static void answer(world_t *w, port_t *p) {
  const cyc_rmp_out_t *o = &w->b->net.rmp;
  if (p->count == 0) {
    assert_false(p->write ? o->wr_wait || o->wr_deny || o->wr_tbl : o->rd_wait || o->rd_now || o->rd_deny);
    return;
  }
  const bool deny = p->write ? o->wr_deny : o->rd_now ? o->rd_now_deny : o->rd_deny;
  if ((p->write ? o->wr_wait : o->rd_wait) || pick(w, 4) == 0) {
    return;
  }
  assert_true(allowed(w, &p->q[p->first], p->write, deny, p->write ? &o->wr_rec : &o->rd_rec));
  w->verdicts[deny]++;
  p->first = (p->first + 1u) % QUEUE;
  p->count--;
  if (p->write) {
    w->b->net.pop_w = true;
  } else {
    w->b->net.pop_r = true;
  }
}

// ---- check ports ----

static void new_chk_question(world_t *w, question_t *q, cbit_chk_ask_t *a) {
  *q = (question_t){.raw = true, .spa = random_spa(w) & ~UINT64_C(0xfff)};
  q->attr = random_attr(w, q->spa);
  q->req = inputs(q, pick(w, 2) != 0, &w->b->net.rmp_reg);
  q->req.spa = q->spa;
  q->req.gpa &= ~UINT64_C(0xfff);
  q->req.op = (uint8_t)(pick(w, 3) == 0 ? pick(w, 16) : q->req.op);
  q->req.req = (uint8_t)(pick(w, 8) == 0 ? pick(w, 8) : q->req.req);
  q->req.cpl = (uint8_t)pick(w, 4);
  *a = (cbit_chk_ask_t){.spa_page = q->spa >> 12, .gpa_page = q->req.gpa >> 12, .asid = q->req.asid, .req = q->req.req,
                        .op = q->req.op, .map_size = q->req.map_size, .vmpl = q->req.vmpl, .cpl = q->req.cpl,
                        .ec = q->req.ec, .ss = q->req.ss, .snp_active = q->req.snp_active};
}

// Before the clock: what the pins of this cycle take and give.
static void chk_port(world_t *w, unsigned i, bool more) {
  cbit_pins_in_t *in = &w->b->pins;
  const cbit_pins_out_t *out = &w->b->pout;
  port_t *p = &w->chk[i];
  question_t *next = &p->q[(p->first + p->count) % QUEUE];  // the one that is offered
  if (more && !in->chk_valid[i] && pick(w, 3) == 0) {
    in->chk_valid[i] = true;
    new_chk_question(w, next, &in->chk_req[i]);
  }
  in->chk_ans_ready[i] = !more || pick(w, 4) != 0;
  if (out->chk_ans_valid[i]) {
    assert_true(p->count > 0);
    if (in->chk_ans_ready[i]) {
      const cbit_chk_answer_t *a = &out->chk_ans[i];
      const question_t *q = &p->q[p->first];
      const cyc_rmp_rec_t rec = {.error = a->error, .row = a->row, .why = a->why, .kind = a->kind};
      assert_true(allowed(w, q, false, a->deny, &rec));
      assert_int_equal(a->row, cbit_rmp_check_row(&q->req));
      w->chk_verdicts[a->deny]++;
      p->first = (p->first + 1u) % QUEUE;
      p->count--;
    }
  }
  if (in->chk_valid[i] && out->chk_ready[i]) {
    next->since = w->done;
    p->count++;
  }
}

static void after_clock(world_t *w, const bool *taken) {
  for (unsigned i = 0; i < w->b->cfg.rmp_chk; i++) {
    w->b->pins.chk_valid[i] = w->b->pins.chk_valid[i] && !taken[i];
  }
}

static void clock_all(world_t *w, bool more) {
  bool taken[CBIT_MAX_CHK];
  bench_t *b = w->b;
  for (unsigned i = 0; i < b->cfg.rmp_chk; i++) {
    chk_port(w, i, more);
    taken[i] = b->pout.chk_ready[i];
  }
  if (b->cfg.rmp_chk != 0 && !b->net.rmp.busy && pick(w, 200) == 0) {
    b->net.rmp_cmd_we = true;
    b->net.rmp_cmd_op = RMP_CMD_DRAIN;
    w->drains++;
  }
  tick(b);
  after_clock(w, taken);
}

static void run(uint64_t seed, uint32_t lanes, uint32_t lines, uint32_t miss, uint32_t konst, uint32_t chk) {
  cbit_cyc_cfg_t cfg;
  static world_t world;
  world_t *w = &world;
  memset(w, 0, sizeof *w);
  cbit_cyc_cfg_default(&cfg);
  cfg.lanes = lanes;
  cfg.rmp_lines = lines;
  cfg.rmp_miss = miss;
  cfg.rmp_const = konst;
  cfg.rmp_chk = chk;
  w->rnd = seed;
  w->b = bench_new(&cfg);
  bench_t *b = w->b;
  cbit_rmp_param_init(&w->param);
  w->port[0].depth = RMP_RD_SLOTS;
  w->port[1].write = true;
  w->port[1].depth = miss;
  b->net.rmp_reg.vmpl_en = pick(w, 2);
  b->net.rmp_reg.vmpl_sss = pick(w, 2);
  b->net.rmp_reg.iommu_snp = pick(w, 2);
  start_up(b, RMP_ON);
  for (unsigned i = 0; i < RANGES * PAGES; i++) {
    w->change[i] = random_change(w);
    w->change[i].page = i;
    w->change[i].q1 = i % 3u != 0 ? Q1_GUEST(5, page_of(i)) : w->change[i].q1;
    store(w, &w->change[i]);
  }
  w->changes = w->done = RANGES * PAGES;
  if (pick(w, 2) == 0) {
    b->bad_addr = (T_BASE + T_ENTRIES + page_of(pick(w, RANGES * PAGES)) * 16u) / (16u * lanes) * (16u * lanes);
  }
  for (unsigned i = 0; i < 20000u; i++) {
    b->latency = 1u + pick(w, 12);
    b->hold = pick(w, 5) == 0;
    b->net.rmw_req.valid = pick(w, 3) == 0 || (b->net.rmw_req.valid && !b->net.rmw_ready);
    rmp_cyc_out(b->u, &b->net);
    write_table(w);
    answer(w, &w->port[0]);
    answer(w, &w->port[1]);
    ask(w, &w->port[0]);
    ask(w, &w->port[1]);
    clock_all(w, true);
    w->misses += b->net.ev.rmp_miss;
    w->hits += b->net.ev.rmp_ask - b->net.ev.rmp_miss;
  }
  b->hold = false;
  for (unsigned i = 0; i < 500u; i++) {
    answer(w, &w->port[0]);
    answer(w, &w->port[1]);
    clock_all(w, false);
  }
  assert_int_equal(w->port[0].count + w->port[1].count, 0);
  for (unsigned i = 0; i < chk; i++) {
    assert_int_equal(w->chk[i].count, 0);
    assert_false(b->pins.chk_valid[i]);
  }
  assert_true(chk == 0 || (w->chk_verdicts[0] > 200 && w->chk_verdicts[1] > 200 && w->drains > 10));
  assert_int_equal(b->net.rmp.error, 0);
  assert_true(w->verdicts[0] > 1000 && w->verdicts[1] > 1000 && w->misses > 1000 && w->hits > 1000);
  bench_free(b);
}

static void test_random(void **state) {
  (void)state;
  static const uint32_t lanes[3] = {1, 2, 4};
  static const uint32_t lines[3] = {8, 32, 256};
  static const uint32_t miss[3] = {2, 4, 8};
  for (unsigned i = 0; i < 18; i++) {
    run(0x5eed0000u + i, lanes[i % 3u], lines[(i / 3u) % 3u], miss[(i / 2u) % 3u], i == 17, 0);
  }
}

static void test_random_chk(void **state) {
  (void)state;
  static const uint32_t ports[4] = {1, 2, 3, 8};
  for (unsigned i = 0; i < 12; i++) {
    run(0xc4ec0000u + i, 1u << i % 3u, 8u << 2u * (i / 3u % 3u), 2u << i / 2u % 3u, i == 11, ports[i % 4u]);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_random), cmocka_unit_test(test_random_chk)};
  return cmocka_run_group_tests_name("cyc_rmp_random", tests, NULL, NULL);
}
