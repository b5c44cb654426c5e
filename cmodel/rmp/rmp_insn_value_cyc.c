// SPDX-License-Identifier: Apache-2.0
//
// rmp_insn_value_cyc.c - what an RMP instruction makes of the words that the cycle layer has read
//
// Page: docs/units/rmp_insn.md, CHECK, DECIDE and the items of Writes. Tests, codes and new values are those of the
// functional layer: it runs on a table that knows the entries of the registers and notes what is to be written. In CHECK
// nothing of the table can be read, so an instruction that ends with a read error there is one that needs it.

#include <string.h>

#include "rmp/rmp_insn_units.h"
#include "util/bits.h"
#include "util/bytes.h"

#define PAGE_LSB 12u
#define RANGE_LSB 21u
#define HALF_BYTES (RMP_PAGES_2M / 2u * CBIT_RMP_ENTRY_BYTES)
#define Q1_IMMUTABLE 4u

// ---- the instruction's page ----

static bool is_host(const rmp_insn_cyc_t *u) { return u->req.op <= CBIT_INSN_RMPREAD; }

static uint64_t spa_of(const rmp_insn_cyc_t *u) { return is_host(u) ? u->req.rax : u->req.spa_page << PAGE_LSB; }

rmp_insn_place_t rmp_insn_place(const rmp_insn_cyc_t *u, const rmp_regs_t *regs) {
  const uint64_t spa = spa_of(u);
  rmp_insn_place_t p;
  (void)rmp_entry_addr(regs, spa, &p.own);
  (void)rmp_entry_addr(regs, spa & ~bits_mask(RANGE_LSB), &p.base);
  p.first = rmp_first_of_range(spa);
  return p;
}

bool rmp_insn_large(const rmp_insn_cyc_t *u) {
  return u->req.op == CBIT_INSN_RMPUPDATE && (u->req.arg[9] & 1u) != 0;
}

rmp_insn_owners_t rmp_insn_owners(const rmp_insn_cyc_t *u, bool first) {
  cbit_rmp_entry_t old;
  cbit_rmp_entry_decode(first ? u->base : u->own, &old);
  const unsigned new_asid = (unsigned)(bytes_load_le64(u->req.arg + 8) >> 32);
  const rmp_insn_owners_t o = {.leaves = old.assigned && old.asid != 0,
                               .enters = (u->req.arg[8] & 1u) != 0 && new_asid != 0,
                               .old_asid = old.asid,
                               .new_asid = new_asid};
  return o;
}

bool rmp_insn_scans(const rmp_insn_cyc_t *u) {
  cbit_rmp_entry_t base;
  cbit_rmp_entry_decode(u->base, &base);
  return rmp_insn_large(u) && base.page_size == CBIT_RMP_4K;
}

// ---- the table as the functional layer sees it ----

typedef struct sight {
  rmp_insn_cyc_t *u;
  const cbit_rmp_cfg_t *cfg;
  const rmp_seg_cyc_t *seg;
  rmp_insn_place_t place;
  bool known;  // the registers hold what was read
} sight_t;

static int sight_read16(void *ctx, uint64_t addr, uint8_t raw[16]) {
  const sight_t *s = ctx;
  if (!s->known) {
    return -1;
  }
  if (addr == s->place.base) {
    memcpy(raw, s->u->base, CBIT_RMP_ENTRY_BYTES);
  } else if (addr == s->place.own) {
    memcpy(raw, s->u->own, CBIT_RMP_ENTRY_BYTES);
  } else {  // U11b looks at one bit
    memset(raw, 0, CBIT_RMP_ENTRY_BYTES);
    raw[0] = s->u->imm ? Q1_IMMUTABLE : 0;
  }
  return 0;
}

// Which of the two counters lies at addr: 0 = old owner's, 1 = new owner's. With one ASID for both the old one's was read.
static unsigned counter_at(const sight_t *s, const rmp_insn_owners_t *o, uint64_t addr) {
  return o->leaves && addr == cbit_rmp_counter_addr(s->cfg, o->old_asid) ? 0 : 1;
}

// A counter, or an entry of the segment table, which is known in CHECK too.
static int sight_read8(void *ctx, uint64_t addr, uint64_t *value) {
  const sight_t *s = ctx;
  uint64_t rst;
  if (s->cfg->segmented && cbit_rmp_rst_addr(s->cfg, 0, &rst) != 0 && addr >= rst) {
    *value = rmp_seg_entry(s->seg, (unsigned)((addr - rst) / sizeof *value));
    return 0;
  }
  const rmp_insn_owners_t o = rmp_insn_owners(s->u, s->place.first);
  *value = s->u->cnt[counter_at(s, &o, addr)];
  return 0;
}

static void put_item(rmp_insn_image_t *image, unsigned item, uint64_t addr) {
  image->todo |= (uint8_t)(1u << item);
  image->addr[item] = addr;
}

static void put_entry(const sight_t *s, unsigned item, uint64_t addr) {
  put_item(&s->u->image, item, addr);
  s->u->image.index[item] = (uint16_t)((addr - s->place.base) / CBIT_RMP_ENTRY_BYTES);
}

static void sight_write16(void *ctx, uint64_t addr, const uint8_t raw[16]) {
  const sight_t *s = ctx;
  memcpy(s->u->image.entry[(addr - s->place.base) / CBIT_RMP_ENTRY_BYTES], raw, CBIT_RMP_ENTRY_BYTES);
  if (rmp_insn_large(s->u) || s->u->req.op == CBIT_INSN_PSMASH) {
    put_entry(s, RMP_ITEM_FIRST, s->place.base);
    put_entry(s, RMP_ITEM_HALF1, s->place.base + HALF_BYTES);
  } else {
    const bool count = s->u->req.op == CBIT_INSN_RMPUPDATE && addr != s->place.own;  // U16
    put_entry(s, count ? RMP_ITEM_BASE : RMP_ITEM_FIRST, addr);
  }
}

static void sight_write8(void *ctx, uint64_t addr, uint64_t value) {
  const sight_t *s = ctx;
  const rmp_insn_owners_t o = rmp_insn_owners(s->u, s->place.first);
  const bool is_new = o.enters && addr == cbit_rmp_counter_addr(s->cfg, o.new_asid);
  put_item(&s->u->image, is_new ? RMP_ITEM_NEW : RMP_ITEM_OLD, addr);
  s->u->image.counter[is_new ? 1 : 0] = value;
}

static int sight_in_use(void *ctx, uint64_t spa, uint64_t bytes) {
  const sight_t *s = ctx;
  const uint64_t first = spa >> PAGE_LSB;
  for (unsigned i = 0; i < s->u->slots_use; i++) {
    if (cyc_has(s->u->use_v, i) && s->u->use_page[i] - first < bytes >> PAGE_LSB) {
      return 1;
    }
  }
  return 0;
}

// ---- a run ----

static void run_host(const rmp_insn_cyc_t *u, const cbit_rmp_param_t *param, const cbit_rmp_cfg_t *cfg,
                     const cbit_rmp_mem_t *mem, cbit_rmp_result_t *result) {
  cbit_rmp_host_insn_t insn = {.rax = u->req.rax, .cpl = u->req.cpl};
  memcpy(insn.operand, u->req.arg, sizeof insn.operand);
  switch (u->req.op) {
    case CBIT_INSN_RMPUPDATE:
      cbit_rmp_rmpupdate(param, cfg, mem, &insn, result);
      break;
    case CBIT_INSN_PSMASH:
      cbit_rmp_psmash(param, cfg, mem, &insn, result);
      break;
    default:
      cbit_rmp_rmpread(param, cfg, mem, &insn, result);
      break;
  }
}

static void run_guest(const rmp_insn_cyc_t *u, const cbit_rmp_param_t *param, const cbit_rmp_cfg_t *cfg,
                      const cbit_rmp_mem_t *mem, cbit_rmp_result_t *result) {
  const cbit_rmp_guest_insn_t insn = {.gva = u->req.rax,
                                      .rcx = bytes_load_le64(u->req.arg),
                                      .rdx = bytes_load_le64(u->req.arg + 8),
                                      .spa = u->req.spa_page << PAGE_LSB,
                                      .gpa = u->req.gpa_page << PAGE_LSB,
                                      .asid = u->req.asid,
                                      .ec = u->req.ec,
                                      .vmpl = u->req.vmpl,
                                      .cpl = u->req.cpl,
                                      .snp_active = u->req.snp_active};
  switch (u->req.op) {
    case CBIT_INSN_PVALIDATE:
      cbit_rmp_pvalidate(param, cfg, mem, &insn, result);
      break;
    case CBIT_INSN_RMPADJUST:
      cbit_rmp_rmpadjust(param, cfg, mem, &insn, result);
      break;
    case CBIT_INSN_RMPQUERY:
      cbit_rmp_rmpquery(param, cfg, mem, &insn, result);
      break;
    default:  // no such instruction
      rmp_begin(result, 0, 0);
      rmp_end_fault(result, CBIT_RMP_UD);
      break;
  }
}

static void make_answer(const rmp_insn_cyc_t *u, const cbit_rmp_result_t *r, cbit_insn_answer_t *ans) {
  memset(ans, 0, sizeof *ans);
  ans->kind = r->kind;
  ans->cf = r->cf != 0;
  ans->zf = r->zf != 0;
  if (r->kind == CBIT_RMP_NPF) {
    ans->error = r->exitinfo1;
  } else if (r->kind == CBIT_RMP_VC) {
    ans->error = r->code;
  } else if (r->kind == CBIT_RMP_PASS) {
    ans->code = (uint8_t)r->code;
    if (r->code == CBIT_RMP_SUCCESS && u->req.op == CBIT_INSN_RMPREAD) {
      memcpy(ans->out, r->out, sizeof ans->out);
    } else if (r->code == CBIT_RMP_SUCCESS && u->req.op == CBIT_INSN_RMPQUERY) {
      bytes_store_le64(ans->out, r->rdx);
      bytes_store_le64(ans->out + 8, r->rcx);
    }
  }
}

static rmp_insn_end_t run(rmp_insn_cyc_t *u, const rmp_regs_t *regs, bool snp_en, bool known) {
  cbit_rmp_cfg_t cfg = regs->cfg;
  sight_t sight = {.u = u, .cfg = &cfg, .seg = regs->seg, .place = rmp_insn_place(u, regs), .known = known};
  const cbit_rmp_mem_t mem = {&sight, sight_read16, sight_write16, sight_read8, sight_write8, sight_in_use};
  cbit_rmp_result_t result;
  cfg.snp_en = snp_en;
  u->image.todo = 0;
  if (is_host(u)) {
    run_host(u, &regs->param, &cfg, &mem, &result);
  } else {
    run_guest(u, &regs->param, &cfg, &mem, &result);
  }
  make_answer(u, &result, &u->ans);
  if (result.kind == CBIT_RMP_MCE) {
    return RMP_END_TABLE;
  }
  return result.changed ? RMP_END_WRITE : RMP_END_ANSWER;
}

rmp_insn_end_t rmp_insn_check(rmp_insn_cyc_t *u, const rmp_regs_t *regs, bool chk_on) {
  return run(u, regs, chk_on, false);
}

rmp_insn_end_t rmp_insn_decide(rmp_insn_cyc_t *u, const rmp_regs_t *regs) { return run(u, regs, true, true); }
