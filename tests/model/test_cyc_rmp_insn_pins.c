// SPDX-License-Identifier: Apache-2.0
//
// test_cyc_rmp_insn_pins.c - the RMP instructions of the cycle model beside other traffic, and reset
//
// docs/units/rmp_insn.md, cbit_rmp_pins and the table of cases: what is closed and what is still taken, data of requesters
// beside instructions, cached entries afterwards, and what a reset leaves behind in each cycle.

#include "cyc_insn.h"

#define RANGE 512u
#define SPA(page) ((uint64_t)(page) << 12)
#define GPA(page) (UINT64_C(0x12345000) + SPA(page))
#define GPA2 UINT64_C(0x40000000)

static void set_guest(rig_t *r, unsigned page, unsigned asid, bool valid) {
  entry_set(r, page, Q1_A | Q1_OWNER(asid, GPA(page) >> 12) | (valid ? Q1_VALID : 0), 0x1f);
}

// ---- pins ----

// W beats that are owed at STOP are taken, and STOP waits; new requests are not, and a W before its AW never.
static void test_owed(void **state) {
  (void)state;
  rig_t *r = insn_rig(1, 1);
  set_guest(r, 3, 5, false);
  bench_t *b = r->b;
  rig_clocks(r, 40);
  const cbit_attr_t host = {.requester = CBIT_REQ_HOST};
  cbit_pins_in_t *in = &b->in;
  // by hand: a W without an AW
  in->s_w = (cbit_w_t){.valid = true, .strb = 0xffff};
  for (unsigned n = 0; n < 20; n++) {
    rig_clock(r);
    assert_false(b->out.s_wready);
  }
  in->s_w.valid = false;
  bench_txn_t *t = rig_queue(r, true, SPA(9), 3, 2, &host);
  vec_random_bytes(&b->rnd, t->data, 64);
  b->w_next = b->made;  // the bench leaves W alone
  while (b->aw_next < b->made) {
    rig_clock(r);
  }
  const cbit_insn_t i = insn_guest(CBIT_INSN_PVALIDATE, SPA(3), GPA(3), 0, 1);
  insn_run_t run = insn_begin(r, 0, &i);
  for (unsigned n = 0; n < 3; n++) {
    (void)insn_clock(r, 0, &run);
  }
  bench_txn_t *late[2] = {rig_queue(r, false, SPA(3), 0, 1, &host), NULL};
  uint64_t reads = 0;
  for (unsigned n = 0; n < 80; n++) {
    if (n == 30) {
      reads = b->dram_reads;  // the walk of the write is over
    }
    (void)insn_clock(r, 0, &run);
    assert_true(b->out.s_wready);
    assert_false(b->out.s_arready || b->out.s_awready || b->out.use_ready);
  }
  assert_int_equal(b->dram_reads, reads);
  for (unsigned k = 0; k < 4; k++) {
    in->s_w = (cbit_w_t){.valid = true, .last = k == 3, .strb = 0xffff};
    memcpy(in->s_w.data, t->data + 16u * k, 16);
    do {
      b->w_next = b->made + 1u;
      (void)insn_clock(r, 0, &run);
    } while (in->s_w.valid && !b->out.s_wready);
    in->s_w.valid = false;
  }
  in->s_w = (cbit_w_t){.valid = true, .strb = 0xffff};  // of a write that is still to come
  while (!insn_clock(r, 0, &run)) {
    b->w_next = b->made + 1u;
    assert_false(b->out.s_wready);
  }
  in->s_w.valid = false;
  b->w_next = b->made;
  code_is(&run, 0);
  rig_drain(r);
  assert_true(t->done && late[0]->done);
  assert_memory_equal(b->mem + SPA(9), t->data, 64);
  rig_free(r);
}

// A burst of a requester is on its way in DRAM.
static bool under_way(const bench_t *b) {
  bool any = false;
  for (unsigned i = 0; i < b->rds; i++) {
    any = any || (b->rd[i].ax.id >> b->cfg.id_width) == 0;
  }
  for (unsigned i = 0; i < b->wrs; i++) {
    any = any || b->wr[i].ax.addr < RMP_BASE || b->wr[i].ax.addr > RMP_LAST;
  }
  return any;
}

// Random traffic beside random instructions: nothing of a requester is under way or moves while the unit reads or writes.
static void test_traffic(void **state) {
  (void)state;
  for (unsigned lanes = 1; lanes <= 4; lanes *= 2) {
    cbit_cyc_cfg_t cfg = insn_config(lanes, 2);
    cfg.num_rd = lanes == 1 ? 32 : 4;
    cfg.num_wr = lanes == 1 ? 64 : 4;
    rig_t *r = insn_rig_cfg(&cfg);
    bench_t *b = r->b;
    const cbit_attr_t host = {.requester = CBIT_REQ_HOST};
    unsigned answers = 0;
    unsigned at_reads = 0;
    b->stall = 30;
    set_guest(r, 3, 5, true);
    for (unsigned n = 0; n < 60000; n++) {
      cbit_pins_in_t *in = &b->in;
      if (b->open < 12 && vec_random(&b->rnd) % 6u == 0) {
        const uint64_t x = vec_random(&b->rnd);
        const unsigned id = x >> 8 & 7u;
        bench_txn_t *t = rig_queue(r, (x & 1u) != 0, SPA(16u + id), (unsigned)(x >> 16 & 7u), id, &host);
        if (t->write) {
          memset(t->data, (int)(x >> 24 & 0xffu), sizeof t->data);
        }
      }
      for (unsigned p = 0; p < 2; p++) {
        if (!in->insn[p].valid && vec_random(&b->rnd) % 20u == 0) {
          in->insn[p] = insn_guest(CBIT_INSN_PVALIDATE, SPA(3), GPA(3), 0, vec_random(&b->rnd) & 1u);
        }
        in->ans_ready[p] = (vec_random(&b->rnd) & 1u) != 0;
      }
      in->inv_ready = (vec_random(&b->rnd) & 1u) != 0;
      rig_clock(r);
      const cbit_pins_out_t *o = &b->out;
      const unsigned top = 1u << cfg.id_width;
      const unsigned unit = top | (2u * (cfg.rmp_miss + 3u) & (top - 1u));  // and unit + 1: its reads
      const bool reads = o->m_ar.valid && (o->m_ar.id & ~1u) == unit;
      const bool writing = o->m_aw.valid && o->m_aw.addr >= RMP_BASE && o->m_aw.addr <= RMP_LAST;
      if (reads || writing) {
        assert_false(o->s_arready || o->s_awready || o->s_wready || o->s_b.valid || under_way(b));
        at_reads += reads;
      }
      for (unsigned p = 0; p < 2; p++) {
        if (o->insn_ready[p]) {
          in->insn[p].valid = false;
        }
        if (o->ans_valid[p]) {
          assert_int_equal(o->ans.kind, KIND_PASS);
          answers += in->ans_ready[p];
        }
      }
    }
    rig_drain(r);
    assert_true(answers > 200 && at_reads > 400);
    rig_free(r);
  }
}

// An access that was allowed is denied once the instruction is answered, though its entries were cached.
static void test_drop(void **state) {
  (void)state;
  rig_t *r = insn_rig(1, 1);
  set_guest(r, 3, 1, true);
  const cbit_attr_t guest = {.requester = CBIT_REQ_GUEST, .cbit = 1, .asid = 1, .snp = 1, .gpa_page = GPA(3) >> 12};
  for (unsigned n = 0; n < 2; n++) {
    const bench_txn_t *rd = rig_queue(r, false, SPA(3), 0, 1, &guest);
    const bench_txn_t *wr = rig_queue(r, true, SPA(3), 0, 2, &guest);
    rig_drain(r);
    assert_int_equal(rd->resp, 0);
    assert_int_equal(wr->resp, 0);
  }
  const uint64_t reads = r->b->dram_reads;
  bench_txn_t *hit = rig_queue(r, false, SPA(3), 0, 1, &guest);
  rig_drain(r);
  assert_int_equal(hit->resp, 0);
  assert_int_equal(r->b->dram_reads, reads + 1u);  // cached
  rig_clocks(r, 40);
  const cbit_insn_t i = insn_update(SPA(3), 0, 0, 0, 0, 0);
  insn_run_t t = insn_begin(r, 0, &i);
  while (t.inv == NEVER) {
    (void)insn_clock(r, 0, &t);
  }
  bench_txn_t *late = rig_queue(r, false, SPA(3), 0, 1, &guest);
  insn_finish(r, 0, &t);
  rig_drain(r);
  assert_int_equal(late->resp, 2);
  assert_int_equal(bench_reg_read(r->b, REG_FAULT_INFO) & 15u, FAULT_CHECK);
  rig_free(r);
}

// A read under way at STOP, in DRAM or still in front of it, ends first.
static void test_stop_waits_for_read(void **state) {
  (void)state;
  for (unsigned held = 0; held < 2; held++) {
    rig_t *r = insn_rig(1, 1);
    bench_t *b = r->b;
    const cbit_attr_t host = {.requester = CBIT_REQ_HOST};
    rig_clocks(r, 40);
    b->latency_r = 60;
    b->hold_dram = held != 0;
    const uint64_t before = b->dram_reads;
    const bench_txn_t *rd = rig_queue(r, false, SPA(3), 3, 1, &host);  // needs no walk
    const cbit_insn_t i = insn_host(CBIT_INSN_RMPREAD, SPA(3));
    insn_run_t t = insn_begin(r, 0, &i);
    for (unsigned n = 0; n < 50; n++) {
      (void)insn_clock(r, 0, &t);
    }
    b->hold_dram = false;
    while (!rd->done) {
      (void)insn_clock(r, 0, &t);
    }
    assert_int_equal(b->dram_reads - before, 1);
    insn_finish(r, 0, &t);
    code_is(&t, 0);
    rig_free(r);
  }
}

// ---- reset ----

// Pins and DRAM of the bench as after a reset of everything.
static void bench_forget(bench_t *b) {
  b->in.m_r.valid = b->in.m_b.valid = false;
  b->rds = b->wrs = 0;
  b->w_in = b->w_used = 0;
  b->r_on = b->b_on = false;
  b->before.m_ar.valid = b->before.m_aw.valid = b->before.m_w.valid = false;
  b->in.insn[0].valid = false;
}

// The items that this DRAM has done: the entries and counter of a 2 MiB RMPUPDATE are old from some item on.
static unsigned done_items(rig_t *r, const uint8_t *before, const uint8_t *after) {
  const size_t at[] = {(size_t)(entry_at(r, RANGE) - r->b->mem), (size_t)(entry_at(r, RANGE + 256) - r->b->mem),
                       (size_t)(counter_at(r, 5) - r->b->mem)};
  static const size_t bytes[] = {4096, 4096, 8};
  unsigned n = 0;
  for (unsigned i = 0; i < 3; i++) {
    const bool is_new = memcmp(r->b->mem + at[i], after + at[i], bytes[i]) == 0;
    assert_true(is_new || memcmp(r->b->mem + at[i], before + at[i], bytes[i]) == 0);
    assert_true(!is_new || n == i);
    n += is_new;
  }
  return n;
}

static void test_reset(void **state) {
  (void)state;
  rig_t *r = insn_rig(4, 1);
  bench_t *b = r->b;
  const cbit_insn_t i = insn_update(SPA(RANGE), GPA2, 1, 1, 0, 5);
  uint8_t *before = malloc(BENCH_MEM_BYTES);
  uint8_t *after = malloc(BENCH_MEM_BYTES);
  assert_true(before != NULL && after != NULL);
  memcpy(before, b->mem, BENCH_MEM_BYTES);
  const insn_run_t whole = insn_do(r, &i);
  memcpy(after, b->mem, BENCH_MEM_BYTES);
  const unsigned cycles = (unsigned)(whole.ans - whole.v);
  unsigned seen = 0;
  for (unsigned at = 1; at <= cycles + 1u; at += at < 45 || at + 45u > cycles ? 1 : 7) {
    memcpy(b->mem, before, BENCH_MEM_BYTES);
    insn_mark(r, 0, true, 9);
    rig_clocks(r, 40);
    insn_run_t t = insn_begin(r, 0, &i);
    b->in.ans_ready[0] = false;
    for (unsigned n = 0; n < at; n++) {
      (void)insn_clock(r, 0, &t);
    }
    b->in.rst_n = false;
    bench_clock(b);
    b->in.rst_n = true;
    bench_forget(b);
    seen |= 1u << done_items(r, before, after);
    cbit_cyc_outputs(b->m, &b->out);
    assert_true(b->out.use_ready);
    assert_false(insn_any_answer(b) || b->out.inv_valid || b->out.insn_ready[0] || b->out.s_wready);
    memcpy(b->mem, before, BENCH_MEM_BYTES);
    b->in.ans_ready[0] = true;
    const cbit_insn_t off = insn_host(CBIT_INSN_RMPREAD, SPA(9));
    t = insn_begin(r, 0, &off);
    insn_finish(r, 0, &t);
    answer_is(&t, KIND_UD, 0, 0, 0);
    assert_int_equal(t.ans, t.v + 3u);  // no rest is left
    bench_start(b, CBIT_MODE_XTS_L64);
    rig_registers(r);
    for (unsigned op = CMD_FENCE; op <= CMD_SNP_EN; op++) {
      rmp_cmd_ok(r, op, op);
    }
    const cbit_insn_t nine = insn_update(SPA(9), 0, 0, 0, 0, 0);
    t = insn_do(r, &nine);
    code_is(&t, 0);  // the mark is gone
    assert_int_equal(bench_reg_read(b, REG_CNT_INSN), 2);
  }
  assert_int_equal(seen, 15);
  free(before);
  free(after);
  rig_free(r);
}

// W beats that were owed at a reset are forgotten.
static void test_reset_owed(void **state) {
  (void)state;
  rig_t *r = insn_rig(1, 1);
  bench_t *b = r->b;
  const cbit_attr_t host = {.requester = CBIT_REQ_HOST};
  (void)rig_queue(r, true, SPA(9), 3, 2, &host);
  b->w_next = b->made;  // the bench leaves W alone
  while (b->aw_next < b->made) {
    rig_clock(r);
  }
  rig_clock(r);
  assert_true(b->out.s_wready);
  b->in.rst_n = false;
  bench_clock(b);
  b->in.rst_n = true;
  bench_forget(b);
  bench_start(b, CBIT_MODE_XTS_L64);
  for (unsigned n = 0; n < 20; n++) {
    bench_clock(b);
    assert_true(b->out.s_awready);
    assert_false(b->out.s_wready);
  }
  rig_free(r);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_owed), cmocka_unit_test(test_traffic),
                                     cmocka_unit_test(test_stop_waits_for_read), cmocka_unit_test(test_drop),
                                     cmocka_unit_test(test_reset), cmocka_unit_test(test_reset_owed)};
  return cmocka_run_group_tests_name("cyc_rmp_insn_pins", tests, NULL, NULL);
}
