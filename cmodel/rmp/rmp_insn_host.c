// SPDX-License-Identifier: Apache-2.0
//
// rmp_insn_host.c - the instructions of the host: RMPUPDATE, PSMASH, RMPREAD
//
// Answers docs/rmp.md sections 5.3 (RMPUPDATE), 5.6 (PSMASH) and 5.7 (RMPREAD); U, P and R are their steps. Also the
// ends that all instructions share (5.2). All reads come before the first write, so a table that cannot be read is left
// as it was.

#include <string.h>

#include "rmp/rmp_impl.h"
#include "util/bits.h"
#include "util/bytes.h"

// ---- 5.2: ends, and what is in use ----

void rmp_begin(cbit_rmp_result_t *result, uint64_t rcx, uint64_t rdx) {
  memset(result, 0, sizeof *result);
  result->rcx = rcx;
  result->rdx = rdx;
}

void rmp_end_code(cbit_rmp_result_t *result, cbit_rmp_code_t code) {
  result->kind = CBIT_RMP_PASS;
  result->code = (uint32_t)code;
  result->zf = code == CBIT_RMP_SUCCESS;
}

void rmp_end_fault(cbit_rmp_result_t *result, cbit_rmp_verdict_kind_t kind) { result->kind = (uint8_t)kind; }

int rmp_in_use(const cbit_rmp_mem_t *mem, uint64_t spa, cbit_rmp_size_t size) {
  if (mem->in_use == NULL) {
    return 0;
  }
  const unsigned shift = size == CBIT_RMP_4K ? 12 : 21;
  return mem->in_use(mem->ctx, spa & ~bits_mask(shift), (uint64_t)1 << shift);
}

// Steps 1 and 2 of all three. Returns 1 if the instruction ended.
static int host_refused(const cbit_rmp_cfg_t *cfg, const cbit_rmp_host_insn_t *insn, cbit_rmp_result_t *result) {
  if (!cfg->snp_en) {
    rmp_end_fault(result, CBIT_RMP_UD);
    return 1;
  }
  if (insn->cpl != 0) {
    rmp_end_fault(result, CBIT_RMP_GP);
    return 1;
  }
  return 0;
}

// ---- RMPUPDATE ----

// The operand (section 2.2).
typedef struct operand {
  uint64_t gpa;
  uint32_t asid;
  int assigned, immutable;
  cbit_rmp_size_t size;
} operand_t;

// An update on its way: from, to, and what the range looked like.
typedef struct update {
  operand_t op;
  rmp_range_t range;
  cbit_rmp_entry_t next;  // of the page itself
  struct {
    uint64_t addr, value;
    int used;
  } counter[2];  // of the old and of the new ASID
} update_t;

static uint64_t operand_q2(const uint8_t raw[16]) { return bytes_load_le64(raw + 8); }

static void operand_read(const uint8_t raw[16], operand_t *op) {
  const uint64_t q2 = operand_q2(raw);
  op->gpa = bytes_load_le64(raw);
  op->assigned = (int)bits_get(q2, 0, 1);
  op->size = bits_get(q2, 8, 1) ? CBIT_RMP_2M : CBIT_RMP_4K;
  op->immutable = (int)bits_get(q2, 16, 1);
  op->asid = (uint32_t)bits_get(q2, 32, 32);
}

// U4. spa is RAX.
static int operand_refused(const cbit_rmp_param_t *param, uint64_t q2, const operand_t *op, uint64_t spa) {
  const int offset_spa = bits_get(spa, 12, 9) != 0;
  const int offset_gpa = bits_get(op->gpa, 12, 9) != 0;
  return (q2 & UINT64_C(0xfffefefe)) != 0 ||                                                                  // U4a
         (op->size == CBIT_RMP_2M && offset_spa) ||                                                           // U4b
         (op->size == CBIT_RMP_2M && op->assigned && op->asid != 0 && offset_gpa) ||                          // U4c
         (!op->assigned && (op->immutable || op->asid != 0)) ||                                               // U4d
         op->asid > param->num_asid || op->asid == CBIT_RMP_ASID_LOCKED ||                                    // U4e
         (op->gpa & ~bits_mask(param->gpa_width < 51u ? param->gpa_width : 51u)) != 0;                        // U4f
}

// U11b: one of the 511 sub entries is Immutable. -1: read error.
static int any_sub_immutable(const cbit_rmp_mem_t *mem, const update_t *u) {
  if (u->op.size != CBIT_RMP_2M || u->range.view.base.page_size != CBIT_RMP_4K) {
    return 0;
  }
  for (unsigned i = 1; i < RMP_PAGES_2M; i++) {
    cbit_rmp_entry_t sub;
    if (rmp_load_entry(mem, u->range.base_addr + (uint64_t)i * CBIT_RMP_ENTRY_BYTES, &sub) != 0) {
      return -1;
    }
    if (sub.immutable) {
      return 1;
    }
  }
  return 0;
}

// U7..U11: what stands in the way, in the entries as they are.
static cbit_rmp_code_t update_obstacle(const cbit_rmp_mem_t *mem, uint64_t spa, const update_t *u) {
  const cbit_rmp_view_t *view = &u->range.view;
  if (view->base.asid == CBIT_RMP_ASID_LOCKED) {
    return CBIT_RMP_FAIL_OVERLAP;  // U7
  }
  if (rmp_in_use(mem, spa, u->op.size)) {
    return CBIT_RMP_FAIL_INUSE;  // U8
  }
  if (cbit_rmp_view_auth(view)->immutable) {
    return CBIT_RMP_FAIL_PERMISSION;  // U9
  }
  if (u->op.size == CBIT_RMP_4K && view->base.page_size == CBIT_RMP_2M) {
    return CBIT_RMP_FAIL_OVERLAP;  // U10
  }
  if (u->op.size == CBIT_RMP_2M && view->base.page_size == CBIT_RMP_4K && view->base.subpage_count != 0) {
    return CBIT_RMP_FAIL_OVERLAP;  // U11
  }
  return CBIT_RMP_SUCCESS;
}

// U12..U15: the new entry of the page.
static void make_next(const cbit_rmp_param_t *param, update_t *u) {
  const cbit_rmp_entry_t *old = &u->range.view.own;
  const operand_t *op = &u->op;
  cbit_rmp_entry_t *next = &u->next;
  memset(next, 0, sizeof *next);
  // U13, U14, U15: a base entry of 4 KiB goes on counting its sub pages.
  if (u->range.index == 0 && op->size == CBIT_RMP_4K) {
    next->subpage_count = old->subpage_count;
  }
  if (!op->assigned) {
    return;  // U13
  }
  next->assigned = 1;
  next->page_size = (uint8_t)op->size;
  next->immutable = (uint8_t)op->immutable;
  next->lock = (uint8_t)op->immutable;
  next->asid = (uint16_t)op->asid;
  next->gpa_page = op->asid != 0 ? bits_get(op->gpa, 12, 39) : 0;
  // U12: what was said about another page, or to another owner, is forgotten.
  const int reset = op->asid == 0 || !old->assigned || old->asid != op->asid || old->gpa_page != next->gpa_page ||
                    old->page_size != next->page_size;
  if (reset) {
    next->mask[0] = param->vmpl_mask_all;
    return;
  }
  next->validated = old->validated;
  next->vmsa = old->vmsa;
  memcpy(next->mask, old->mask, sizeof next->mask);
  next->key_select = old->key_select;
  next->rsvd = old->rsvd;
  next->root_port = old->root_port;
  next->ide_stream = old->ide_stream;
  next->migration = old->migration;
}

static uint64_t pages_of(unsigned page_size) { return page_size == CBIT_RMP_2M ? RMP_PAGES_2M : 1; }

// U17: reads the counters and works out their new values. -1: read error.
static int count_pages(const cbit_rmp_cfg_t *cfg, const cbit_rmp_mem_t *mem, update_t *u) {
  const cbit_rmp_entry_t *old = &u->range.view.own;
  const int leaves = old->assigned && old->asid != 0;
  const int enters = u->next.assigned && u->next.asid != 0;
  for (unsigned i = 0; i < 2; i++) {
    const cbit_rmp_entry_t *e = i == 0 ? old : &u->next;
    u->counter[i].used = i == 0 ? leaves : enters;
    u->counter[i].addr = cbit_rmp_counter_addr(cfg, e->asid);
    if (u->counter[i].used && mem->read8(mem->ctx, u->counter[i].addr, &u->counter[i].value) != 0) {
      return -1;
    }
  }
  if (leaves) {
    u->counter[0].value -= pages_of(old->page_size);
  }
  if (leaves && enters && old->asid == u->next.asid) {
    u->counter[1].value = u->counter[0].value;
    u->counter[0].used = 0;
  }
  if (enters) {
    u->counter[1].value += pages_of(u->next.page_size);
  }
  return 0;
}

// U13..U17.
static void write_update(const cbit_rmp_mem_t *mem, const update_t *u) {
  const cbit_rmp_view_t *view = &u->range.view;
  rmp_store_entry(mem, u->range.own_addr, &u->next);
  if (u->op.size == CBIT_RMP_2M) {
    cbit_rmp_entry_t sub;
    memset(&sub, 0, sizeof sub);
    sub.assigned = u->next.assigned;  // U13, U15
    for (unsigned i = 1; i < RMP_PAGES_2M; i++) {
      rmp_store_entry(mem, u->range.base_addr + (uint64_t)i * CBIT_RMP_ENTRY_BYTES, &sub);
    }
  } else if (u->range.index != 0 && u->next.assigned != view->own.assigned) {
    cbit_rmp_entry_t base = view->base;  // U16
    const unsigned count = u->next.assigned ? base.subpage_count + 1u : base.subpage_count - 1u;
    base.subpage_count = (uint16_t)(count & bits_mask(9));
    rmp_store_entry(mem, u->range.base_addr, &base);
  }
  for (unsigned i = 0; i < 2; i++) {
    if (u->counter[i].used) {
      mem->write8(mem->ctx, u->counter[i].addr, u->counter[i].value);
    }
  }
}

// U5..U11b: a code that ends the instruction, SUCCESS to go on, or -1 for a read error. Fills u->range.
static int update_prepare(const cbit_rmp_cfg_t *cfg, const cbit_rmp_mem_t *mem, const cbit_rmp_host_insn_t *insn,
                          update_t *u) {
  const int covered = rmp_find_range(cfg, mem, insn->rax, &u->range);
  if (covered <= 0) {
    return covered < 0 ? -1 : CBIT_RMP_FAIL_INPUT;  // U5: a range is covered as a whole or not at all
  }
  if (insn->lock_held) {
    return CBIT_RMP_FAIL_INUSE;  // U6
  }
  if (rmp_read_range(mem, &u->range) != 0) {
    return -1;
  }
  const cbit_rmp_code_t code = update_obstacle(mem, insn->rax, u);
  if (code != CBIT_RMP_SUCCESS) {
    return code;
  }
  const int immutable = any_sub_immutable(mem, u);
  return immutable > 0 ? CBIT_RMP_FAIL_PERMISSION : immutable;  // U11b
}

void cbit_rmp_rmpupdate(const cbit_rmp_param_t *param, const cbit_rmp_cfg_t *cfg, const cbit_rmp_mem_t *mem,
                        const cbit_rmp_host_insn_t *insn, cbit_rmp_result_t *result) {
  update_t u;
  rmp_begin(result, 0, 0);
  if (host_refused(cfg, insn, result)) {
    return;  // U1, U2
  }
  operand_read(insn->operand, &u.op);  // U3
  if (operand_refused(param, operand_q2(insn->operand), &u.op, insn->rax)) {
    rmp_end_code(result, CBIT_RMP_FAIL_INPUT);  // U4
    return;
  }
  int code = update_prepare(cfg, mem, insn, &u);
  if (code == CBIT_RMP_SUCCESS) {
    make_next(param, &u);
    code = count_pages(cfg, mem, &u);
  }
  if (code < 0) {
    rmp_end_fault(result, CBIT_RMP_MCE);
    return;
  }
  if (code == CBIT_RMP_SUCCESS) {
    write_update(mem, &u);
    result->changed = 1;  // U18
  }
  rmp_end_code(result, (cbit_rmp_code_t)code);
}

// ---- PSMASH ----

// P2..P6: as update_prepare().
static int smash_prepare(const cbit_rmp_cfg_t *cfg, const cbit_rmp_mem_t *mem, const cbit_rmp_host_insn_t *insn,
                         rmp_range_t *range) {
  const int covered = rmp_find_range(cfg, mem, insn->rax, range);
  if (range->index != 0 || covered <= 0) {
    return covered < 0 && range->index == 0 ? -1 : CBIT_RMP_FAIL_INPUT;  // P2
  }
  if (insn->lock_held || rmp_in_use(mem, insn->rax, CBIT_RMP_2M)) {
    return CBIT_RMP_FAIL_INUSE;  // P3
  }
  if (rmp_read_range(mem, range) != 0) {
    return -1;
  }
  const cbit_rmp_entry_t *base = &range->view.base;
  if (base->asid == CBIT_RMP_ASID_LOCKED) {
    return CBIT_RMP_FAIL_INUSE;  // P4
  }
  if (base->immutable) {
    return CBIT_RMP_FAIL_PERMISSION;  // P5
  }
  return base->page_size == CBIT_RMP_2M ? CBIT_RMP_SUCCESS : CBIT_RMP_FAIL_BADADDR;  // P6
}

void cbit_rmp_psmash(const cbit_rmp_param_t *param, const cbit_rmp_cfg_t *cfg, const cbit_rmp_mem_t *mem,
                     const cbit_rmp_host_insn_t *insn, cbit_rmp_result_t *result) {
  rmp_range_t range;
  (void)param;
  rmp_begin(result, 0, 0);
  if (host_refused(cfg, insn, result)) {
    return;  // P1
  }
  const int code = smash_prepare(cfg, mem, insn, &range);
  if (code < 0) {
    rmp_end_fault(result, CBIT_RMP_MCE);
    return;
  }
  if (code != CBIT_RMP_SUCCESS) {
    rmp_end_code(result, (cbit_rmp_code_t)code);
    return;
  }
  cbit_rmp_entry_t entry = range.view.base;
  entry.page_size = CBIT_RMP_4K;  // Immutable is 0 here
  entry.lock = 0;
  for (unsigned i = 0; i < RMP_PAGES_2M; i++) {  // P7, P8
    entry.gpa_page = (range.view.base.gpa_page + i) & bits_mask(39);
    entry.subpage_count = i == 0 ? RMP_PAGES_2M - 1 : 0;
    rmp_store_entry(mem, range.base_addr + (uint64_t)i * CBIT_RMP_ENTRY_BYTES, &entry);
  }
  result->changed = 1;  // P10
  rmp_end_code(result, CBIT_RMP_SUCCESS);
}

// ---- RMPREAD ----

void cbit_rmp_rmpread(const cbit_rmp_param_t *param, const cbit_rmp_cfg_t *cfg, const cbit_rmp_mem_t *mem,
                      const cbit_rmp_host_insn_t *insn, cbit_rmp_result_t *result) {
  rmp_range_t range;
  (void)param;
  rmp_begin(result, 0, 0);
  if (host_refused(cfg, insn, result)) {
    return;  // R1, R2
  }
  const int covered = rmp_find_range(cfg, mem, insn->rax, &range);
  if (covered == 0) {
    rmp_end_code(result, CBIT_RMP_FAIL_INPUT);  // R3
    return;
  }
  if (covered == 1 && insn->lock_held) {
    rmp_end_code(result, CBIT_RMP_FAIL_INUSE);  // R4
    return;
  }
  if (covered < 0 || rmp_read_range(mem, &range) != 0) {
    rmp_end_fault(result, CBIT_RMP_MCE);
    return;
  }
  const cbit_rmp_entry_t *own = &range.view.own;
  const cbit_rmp_entry_t *base = &range.view.base;
  const int region = base->page_size == CBIT_RMP_2M || base->assigned || base->subpage_count != 0;
  bytes_store_le64(result->out, own->gpa_page << 12);  // R5
  result->out[8] = own->assigned;
  result->out[9] = (uint8_t)(own->page_size | (region ? 2 : 0));
  result->out[10] = own->immutable;
  bytes_store_le32(result->out + 12, own->asid);
  rmp_end_code(result, CBIT_RMP_SUCCESS);
}
