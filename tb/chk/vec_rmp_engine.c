// SPDX-License-Identifier: Apache-2.0
//
// vec_rmp_engine.c - known answers of RMP instructions on an engine (vec_rmp_engine.h)
#include "chk/vec_rmp_engine.h"

#include <stdlib.h>
#include <string.h>

#include "chk/vec_rmp.h"
#include "core/log.h"
#include "core/rmp_boot.h"

#define BASE 0x100000u
#define COVERED_RANGES 8u  // 16 MiB; range 0 holds the table
#define RANGES 7u          // for ranges of vectors, covered and not
#define RANGE_BITS 21u
#define ENTRIES ((uint32_t)COVERED_RANGES << 9)
#define TABLE_BYTES (RMP_HEAD_BYTES + ENTRIES * 16u)
#define END (BASE + TABLE_BYTES - 1u)
#define OUTSIDE 64u        // first range for those that are not covered
#define BIT(key) ((uint64_t)1 << (key))

// What the registers hold; checks_off: not started.
typedef struct check_mode {
  bool known, checks_off;
  uint32_t ctrl;
} check_mode_t;

struct vec_rmp_rig {
  bench_t *b;
  cbit_rmp_cfg_t cfg;  // of the vector's table
  check_mode_t mode;
  uint64_t range[2][RANGES];  // vectors' ranges: not covered, covered
  uint32_t ranges[2];
  bool full;                  // more ranges than there is room for
  bool stale;                 // DRAM does not hold the table wanted
  uint8_t *want;              // the table as it must be
  uint8_t *have;
};

vec_rmp_rig_t *vec_rmp_rig_open(const bench_opt_t *opt, char err[TB_ERR_LEN]) {
  bench_t *b = bench_open(opt, err);
  if (b == NULL) return NULL;
  vec_rmp_rig_t *rig = log_alloc(sizeof(*rig));
  rig->b = b;
  rig->want = log_alloc(TABLE_BYTES);
  rig->have = log_alloc(TABLE_BYTES);
  return rig;
}

bool vec_rmp_rig_close(vec_rmp_rig_t *rig) {
  const bool good = bench_close(rig->b);
  free(rig->want);
  free(rig->have);
  free(rig);
  return good;
}

bench_t *vec_rmp_rig_bench(vec_rmp_rig_t *rig) { return rig->b; }

// ---- the engine's table -----------------------------------------------------------------------------------------

// The page in the engine's memory that stands for one of the vector's.
static uint64_t place(vec_rmp_rig_t *rig, uint64_t spa) {
  const uint64_t low = spa & (((uint64_t)1 << 52) - 1);
  uint64_t at = 0;
  const uint32_t in = cbit_rmp_entry_addr(&rig->cfg, low, &at) != 0;
  uint32_t i = 0;
  while (i < rig->ranges[in] && rig->range[in][i] != low >> RANGE_BITS) i++;
  if (i == RANGES) {
    rig->full = true;
    return spa;
  }
  if (i == rig->ranges[in]) rig->range[in][rig->ranges[in]++] = low >> RANGE_BITS;
  const uint64_t to = in != 0 ? i + 1 : i + OUTSIDE;
  return (spa & ~(((uint64_t)1 << 52) - 1)) | to << RANGE_BITS | (low & (((uint64_t)1 << RANGE_BITS) - 1));
}

static uint8_t *entry_of(vec_rmp_rig_t *rig, uint64_t page) {
  return rig->want + RMP_HEAD_BYTES + (place(rig, page) >> 12 & (ENTRIES - 1)) * 16;
}

// Entries and counters of a vector into the table as it must be.
static void put(vec_rmp_rig_t *rig, const rmpvec_item_t *item) {
  if (item->kind == RVI_COUNTER) {
    uint8_t raw[16];
    rmpvec_bytes(item->q1, 0, raw);
    memcpy(rig->want + 8 * (item->from % 2048), raw, 8);
    return;
  }
  for (uint64_t page = item->from >> 12; page <= item->to >> 12; page++) {
    const uint64_t q1 = item->q1 + (item->steps ? page * 4096 - item->from : 0);
    rmpvec_bytes(q1, item->q2, entry_of(rig, page << 12));
  }
}

static void firmware(vec_rmp_rig_t *rig) {
  const rmp_words_t w = rmp_words_firmware();
  for (uint32_t page = BASE >> 12; page <= END >> 12; page++)
    rmpvec_bytes(w.q1, w.q2, rig->want + RMP_HEAD_BYTES + (size_t)page * 16);
}

// The table in DRAM becomes the one wanted; a store of the AMD-SP has the engine forget what it holds.
static bool load(vec_rmp_rig_t *rig) {
  dram_poke(bench_dram(rig->b), BASE, rig->want, TABLE_BYTES);
  bench_forget(rig->b, BASE, TABLE_BYTES);
  rig->stale = false;
  return rig->mode.checks_off || bench_rmp_write(rig->b, rmp_entry_at(BASE, BASE), 1, rmp_words_firmware());
}

static bool restart(vec_rmp_rig_t *rig, const check_mode_t *m) {
  bench_t *b = rig->b;
  if (rig->mode.known && rig->mode.checks_off == m->checks_off && (m->checks_off || rig->mode.ctrl == m->ctrl)) return true;
  rig->mode = *m;
  if (!bench_reset(b)) return false;
  if (m->checks_off) return true;
  // Mode none: keys play no part.
  if (!bench_ctrl(b, CBIT_MODE_NONE, true, false) || !bench_rmp_registers(b, BASE, END) ||
      !bench_sp_write(b, RMP_REG_CTRL, m->ctrl, NULL))
    return false;
  firmware(rig);
  if (!load(rig)) return false;
  for (uint32_t op = RMP_FENCE; op <= RMP_FLUSH2_DONE; op++) {
    if (bench_rmp_cmd(b, op, NULL) != 0) return false;
  }
  return true;
}

static vec_result_t died(void) { return vec_fail("the bench stopped, see the report"); }

// Table against what it must be: all counters, all ranges in use.
static vec_result_t compare_table(vec_rmp_rig_t *rig) {
  const size_t used = RMP_HEAD_BYTES + ((size_t)(rig->ranges[1] + 1) << 9) * 16;
  dram_peek(bench_dram(rig->b), BASE, rig->have, used);
  for (size_t at = 0; at < used; at += 8) {
    if (memcmp(rig->want + at, rig->have + at, 8) == 0) continue;
    const unsigned long long want = rmpvec_half(rig->want + at);
    const unsigned long long have = rmpvec_half(rig->have + at);
    if (at < RMP_HEAD_BYTES) return vec_fail("counter of ASID %zu: expected %llu, got %llu", at / 8, want, have);
    const size_t page = (at - RMP_HEAD_BYTES) / 16;
    const uint64_t spa = page >> 9 == 0 ? page << 12 : rig->range[1][(page >> 9) - 1] << RANGE_BITS | (page & 511) << 12;
    return vec_fail("q%zu of the entry of page 0x%llx: expected 0x%llx, got 0x%llx", at / 8 % 2 + 1, (unsigned long long)spa,
                    want, have);
  }
  return vec_pass();
}

// ---- lines ------------------------------------------------------------------------------------------------------

static bool has(const rmpvec_record_t *r, rmpvec_key_t key) { return (r->in_has & BIT(key)) != 0; }

static bool other_param(const rmpvec_record_t *r) {
  static const struct {
    rmpvec_key_t key;
    uint64_t value;
  } is[] = {{RK_P_US_ALWAYS, 1},    {RK_P_PVALIDATE_GP, 0}, {RK_P_MASK_ALL, 0x1f}, {RK_P_NUM_ASID, 1006}, {RK_P_NUM_VMPL, 4},
            {RK_P_GPA_WIDTH, 51},   {RK_P_SHARED_READ, 0},  {RK_P_HOST_PT_READ, 0}, {RK_P_GUEST_PT_READ, 1},
            {RK_P_DMA_READ, 0},     {RK_P_PT_VMPL_WRITE, 0}, {RK_P_HV_INUSE, 1},    {RK_P_TIO, 0}};
  for (size_t i = 0; i < sizeof(is) / sizeof(is[0]); i++) {
    if (has(r, is[i].key) && r->in[is[i].key] != is[i].value) return true;
  }
  return false;
}

static void request(vec_rmp_rig_t *rig, const rmpvec_record_t *r, insn_req_t *q) {
  static const uint8_t op[RV_KINDS] = {[RV_RMPUPDATE] = CBIT_INSN_RMPUPDATE, [RV_PSMASH] = CBIT_INSN_PSMASH,
                                       [RV_RMPREAD] = CBIT_INSN_RMPREAD,     [RV_PVALIDATE] = CBIT_INSN_PVALIDATE,
                                       [RV_RMPADJUST] = CBIT_INSN_RMPADJUST, [RV_RMPQUERY] = CBIT_INSN_RMPQUERY};
  cbit_insn_t *p = &q->pins;
  memset(q, 0, sizeof(*q));
  p->op = op[r->kind];
  p->cpl = (uint8_t)r->in[RK_CPL];
  if (p->op < CBIT_INSN_PVALIDATE) {
    p->rax = place(rig, r->in[RK_SPA]);
    rmpvec_bytes(r->in[RK_OP0], r->in[RK_OP1], p->arg);
    return;
  }
  p->rax = r->in[RK_GVA];
  rmpvec_bytes(r->in[RK_RCX], r->in[RK_RDX], p->arg);
  p->spa_page = place(rig, r->in[RK_SPA]) >> 12;
  p->gpa_page = r->in[RK_GPA] >> 12;
  p->asid = (uint16_t)r->in[RK_ASID];
  p->vmpl = (uint8_t)r->in[RK_VMPL];
  p->ec = r->in[RK_EC] != 0;
  p->snp_active = r->in[RK_SNP_ACTIVE] != 0;
}

// The answer as the functional layer would give it: registers that stay are the requester's.
static void result(const rmpvec_record_t *r, const cbit_insn_answer_t *a, cbit_rmp_result_t *v) {
  memset(v, 0, sizeof(*v));
  v->kind = a->kind;
  v->code = a->kind == CBIT_RMP_VC ? (uint32_t)a->error : a->code;
  v->cf = a->cf;
  v->zf = a->zf;
  v->rdx = r->in[RK_RDX];
  v->rcx = r->in[RK_RCX];
  if (a->kind == CBIT_RMP_NPF) {
    v->exitinfo1 = a->error;
    v->exitinfo2 = r->in[RK_GPA] & ~(uint64_t)4095;
  }
  if (a->kind != CBIT_RMP_PASS || a->code != 0) return;
  if (r->kind == RV_RMPREAD) memcpy(v->out, a->out, 16);
  if (r->kind != RV_RMPQUERY) return;
  v->rdx = rmpvec_half(a->out);
  v->rcx = rmpvec_half(a->out + 8);
}

static bool marks(vec_rmp_rig_t *rig, const rmpvec_file_t *f, const rmpvec_record_t *r, bool set) {
  for (size_t i = 0; i < r->in_items; i++) {
    const insn_mark_t m = {.slot = (uint8_t)i, .set = set, .page = place(rig, f->item[r->in_item + i].from) >> 12};
    if (!bench_insn_mark_now(rig->b, &m)) return false;
  }
  return true;
}

static vec_result_t instruction(vec_rmp_rig_t *rig, const rmpvec_file_t *f, const rmpvec_record_t *r) {
  insn_req_t q;
  insn_port_t done;
  cbit_rmp_result_t v;
  if (r->in[RK_LOCK] != 0) return vec_skip("lock held: the world stands still for an instruction");
  if (other_param(r)) return vec_skip("parameter that is not built in");
  if (r->in_items > bench_cfg(rig->b)->rmp_use) return vec_skip("more pages in use than RmpUse");
  request(rig, r, &q);
  if (!marks(rig, f, r, true)) return died();
  const uint32_t port = r->line % bench_cfg(rig->b)->rmp_insn;
  if (!bench_insn(rig->b, port, &q, &done) || !marks(rig, f, r, false)) return died();
  result(r, &done.ans, &v);
  return vec_rmp_insn_compare(r, &v);
}

static vec_result_t store(vec_rmp_rig_t *rig, const rmpvec_record_t *r) {
  const rmp_words_t w = {r->in[RK_Q1], r->in[RK_Q2]};
  rmpvec_bytes(w.q1, w.q2, entry_of(rig, r->in[RK_SPA]));
  if (bench_rmp_write(rig->b, rmp_entry_at(BASE, place(rig, r->in[RK_SPA])), 1, w)) return vec_pass();
  return bench_failed(rig->b) ? died() : vec_fail("the store of the AMD-SP was refused");
}

// ---- accesses ---------------------------------------------------------------------------------------------------

// Attributes of an access, and whether it is a write. False: no request of the engine's says that.
static bool attributes(const rmpvec_record_t *r, cbit_attr_t *a, bool *write) {
  const uint64_t op = r->in[RK_OP];
  memset(a, 0, sizeof(*a));
  *write = op == CBIT_RMP_OP_WRITE || op == CBIT_RMP_OP_PT_AD || op == CBIT_RMP_OP_NPT_AD;
  switch (op) {
    case CBIT_RMP_OP_READ:
    case CBIT_RMP_OP_WRITE: a->access = CBIT_ACC_DATA; break;
    case CBIT_RMP_OP_FETCH: a->access = CBIT_ACC_FETCH; break;
    case CBIT_RMP_OP_PT_READ: a->access = CBIT_ACC_PT_WALK; break;
    case CBIT_RMP_OP_PT_AD: a->access = CBIT_ACC_AD_UPDATE; break;
    case CBIT_RMP_OP_VMRUN_VMSA: a->access = CBIT_ACC_VMSA; break;
    case CBIT_RMP_OP_NPT_READ: a->access = CBIT_ACC_NPT_WALK; break;
    case CBIT_RMP_OP_NPT_AD: a->access = CBIT_ACC_NPT_AD; break;
    default: return false;
  }
  switch (r->in[RK_REQ]) {
    case CBIT_RMP_REQ_HOST: a->requester = CBIT_REQ_HOST; break;
    case CBIT_RMP_REQ_GUEST_SNP:
    case CBIT_RMP_REQ_GUEST_NONSNP: a->requester = CBIT_REQ_GUEST; break;
    case CBIT_RMP_REQ_IOMMU_HOST: a->requester = CBIT_REQ_DEVICE; break;
    default: return false;
  }
  a->snp = r->in[RK_REQ] == CBIT_RMP_REQ_GUEST_SNP || r->in[RK_SNP_ACTIVE] != 0;
  if (r->in[RK_REQ] == CBIT_RMP_REQ_GUEST_NONSNP) a->snp = 0;
  a->cbit = r->in[RK_EC] & 1;
  a->asid = a->requester == CBIT_REQ_DEVICE ? 0 : r->in[RK_ASID] & 1023;
  a->vmpl = r->in[RK_VMPL] & 3;
  a->user_mode = r->in[RK_CPL] == 3;
  a->ss = r->in[RK_SS] & 1;
  a->page_size = r->in[RK_MAP] & 3;
  a->gpa_page = r->in[RK_GPA] >> 12;
  return true;
}

static vec_result_t access_line(vec_rmp_rig_t *rig, const rmpvec_record_t *r) {
  static const uint8_t kind[RVV_COUNT] = {[RVV_PASS] = CBIT_RMP_PASS,    [RVV_PF] = CBIT_RMP_PF,
                                          [RVV_NPF] = CBIT_RMP_NPF,      [RVV_VC] = CBIT_RMP_VC,
                                          [RVV_GP] = CBIT_RMP_GP,        [RVV_INVALID] = CBIT_RMP_VMRUN_FAILS,
                                          [RVV_IOMMU] = CBIT_RMP_IOMMU_FAULT};
  cbit_attr_t who;
  bool write = false;
  uint8_t data[16] = {0};
  if (!attributes(r, &who, &write)) return vec_skip("no request of the engine says this");
  if (r->in[RK_INUSE] != 0 || other_param(r)) return vec_skip("parameter that is not built in");
  if (who.requester == CBIT_REQ_GUEST && (who.asid == 0 || who.asid >= bench_cfg(rig->b)->key_slots))
    return vec_skip("ASID beyond the slots of the configuration");
  const uint64_t spa = place(rig, r->in[RK_SPA]) & ~(uint64_t)15;
  const bench_rsp_t rsp = write ? bench_write(rig->b, &who, spa, data, 16, NULL) : bench_read(rig->b, &who, spa, data, 16, NULL);
  if (!rsp.ok) return died();
  const bench_fault_t *x = &rsp.record;
  const unsigned want = kind[r->verdict];
  const unsigned got = rsp.resp < 2 ? 0 : x->kind;
  if (want != got || (rsp.resp >= 2 && rsp.fault != 8))
    return vec_fail("access: expected %s, got response %u, fault %s, kind %u", rmpvec_verdict_name(r->verdict), rsp.resp,
                    bench_fault_name(rsp.fault), got);
  const uint64_t error = want == CBIT_RMP_NPF ? r->out[RO_EXITINFO1] : want == CBIT_RMP_PF || want == CBIT_RMP_VC ? r->out[RO_CODE] : 0;
  if (got == 0 || x->error == error) return vec_pass();
  return vec_fail("access: expected error 0x%llx, got 0x%llx", (unsigned long long)error, (unsigned long long)x->error);
}

// ---- any line ---------------------------------------------------------------------------------------------------

static void init(vec_rmp_rig_t *rig, const rmpvec_file_t *f, const rmpvec_record_t *r) {
  rig->cfg = (cbit_rmp_cfg_t){.rmp_base = r->in[RK_RMP_BASE], .rmp_end = r->in[RK_RMP_END]};
  rig->ranges[0] = rig->ranges[1] = 0;
  rig->full = false;
  memset(rig->want, 0, TABLE_BYTES);
  firmware(rig);
  for (size_t i = 0; i < r->in_items; i++) put(rig, &f->item[r->in_item + i]);
}

vec_result_t vec_rmp_rig_check(vec_rmp_rig_t *rig, const rmpvec_file_t *f, size_t i) {
  const rmpvec_record_t *r = &f->record[i];
  if (bench_cfg(rig->b)->rmp_insn == 0) return vec_skip("no instruction ports in this configuration");
  if (bench_failed(rig->b)) return died();
  if (r->kind == RV_INIT) {
    init(rig, f, r);
    rig->stale = true;
    return vec_pass();
  }
  if (rig->full) return vec_skip("more ranges than the engine's table has");
  check_mode_t m = {.known = true, .checks_off = r->kind != RV_FWWRITE && r->in[RK_SNP] == 0};
  m.ctrl = (r->in[RK_VMPL_EN] != 0 ? 1u : 0u) | (has(r, RK_VMPL_SSS) && r->in[RK_VMPL_SSS] != 0 ? 2u : 0u) |
           (has(r, RK_IOMMU_SNP) && r->in[RK_IOMMU_SNP] == 0 ? 0u : 4u);
  if (r->kind == RV_FWWRITE) m = rig->mode.known ? rig->mode : (check_mode_t){.known = true, .ctrl = 5};
  if (!restart(rig, &m)) return bench_failed(rig->b) ? died() : vec_fail("the start-up of the check failed");
  if (rig->stale && !load(rig)) return died();
  const vec_result_t res = r->kind == RV_FWWRITE ? store(rig, r) : r->kind == RV_ACCESS ? access_line(rig, r) : instruction(rig, f, r);
  // A line that is left out, or was wrong, does what it should have done.
  rig->stale = res.verdict != VEC_PASS;
  for (size_t k = 0; k < r->out_items; k++) put(rig, &f->item[r->out_item + k]);
  return res.verdict == VEC_PASS ? compare_table(rig) : res;
}
