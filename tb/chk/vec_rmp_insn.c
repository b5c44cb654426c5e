// SPDX-License-Identifier: Apache-2.0
//
// vec_rmp_insn.c - known answers of the RMP instructions on the functional model (vec_rmp.h)
//
// A line is one instruction, one store of the secure processor, or one access, on the table that the lines before it left.
// Compared: how it ended, what it returned, and every entry and counter that changed.
#include <stdio.h>
#include <string.h>

#include "chk/vec_rmp.h"

typedef void (*host_fn)(const cbit_rmp_param_t *, const cbit_rmp_cfg_t *, const cbit_rmp_mem_t *, const cbit_rmp_host_insn_t *,
                        cbit_rmp_result_t *);
typedef void (*guest_fn)(const cbit_rmp_param_t *, const cbit_rmp_cfg_t *, const cbit_rmp_mem_t *, const cbit_rmp_guest_insn_t *,
                         cbit_rmp_result_t *);

static host_fn host_function(rmpvec_kind_t kind) {
  switch (kind) {
    case RV_RMPUPDATE:
      return cbit_rmp_rmpupdate;
    case RV_PSMASH:
      return cbit_rmp_psmash;
    case RV_RMPREAD:
      return cbit_rmp_rmpread;
    default:
      return NULL;
  }
}

static guest_fn guest_function(rmpvec_kind_t kind) {
  switch (kind) {
    case RV_PVALIDATE:
      return cbit_rmp_pvalidate;
    case RV_RMPADJUST:
      return cbit_rmp_rmpadjust;
    default:
      return cbit_rmp_rmpquery;
  }
}

static bool has(const rmpvec_record_t *r, rmpvec_key_t key) { return (r->in_has & ((uint64_t)1 << key)) != 0; }

// A parameter where the line has it.
static void set_param(const rmpvec_record_t *r, cbit_rmp_param_t *p) {
  cbit_rmp_param_init(p);
  if (has(r, RK_P_US_ALWAYS)) p->npf_us_always = (uint8_t)r->in[RK_P_US_ALWAYS];
  if (has(r, RK_P_PVALIDATE_GP)) p->pvalidate_vmpl_gp = (uint8_t)r->in[RK_P_PVALIDATE_GP];
  if (has(r, RK_P_MASK_ALL)) p->vmpl_mask_all = (uint8_t)r->in[RK_P_MASK_ALL];
  if (has(r, RK_P_NUM_ASID)) p->num_asid = (uint16_t)r->in[RK_P_NUM_ASID];
  if (has(r, RK_P_NUM_VMPL)) p->num_vmpl = (uint8_t)r->in[RK_P_NUM_VMPL];
  if (has(r, RK_P_GPA_WIDTH)) p->gpa_width = (uint8_t)r->in[RK_P_GPA_WIDTH];
}

static void show_result(char to[96], const cbit_rmp_result_t *v) {
  const cbit_rmp_verdict_kind_t kind = (cbit_rmp_verdict_kind_t)v->kind;
  if (kind == CBIT_RMP_PASS) {
    snprintf(to, 96, "code=%u cf=%u zf=%u", v->code, v->cf, v->zf);
  } else if (kind == CBIT_RMP_NPF) {
    snprintf(to, 96, "NPF exitinfo1=0x%llx exitinfo2=0x%llx", (unsigned long long)v->exitinfo1, (unsigned long long)v->exitinfo2);
  } else if (kind == CBIT_RMP_VC) {
    snprintf(to, 96, "VC code=0x%x", v->code);
  } else {
    snprintf(to, 96, "%s", cbit_rmp_verdict_name(kind));
  }
}

static void show_wanted(char to[96], const rmpvec_record_t *r) {
  cbit_rmp_result_t v;
  memset(&v, 0, sizeof(v));
  v.code = (uint32_t)r->out[RO_CODE];
  v.cf = (uint8_t)r->out[RO_CF];
  v.zf = (uint8_t)r->out[RO_ZF];
  v.exitinfo1 = r->out[RO_EXITINFO1];
  v.exitinfo2 = r->out[RO_EXITINFO2];
  v.kind = r->verdict == RVV_NPF ? CBIT_RMP_NPF : r->verdict == RVV_VC ? CBIT_RMP_VC : CBIT_RMP_PASS;
  if (r->verdict == RVV_GP || r->verdict == RVV_UD) {
    snprintf(to, 96, "%s", rmpvec_verdict_name(r->verdict));
  } else {
    show_result(to, &v);
  }
}

static vec_result_t compare_value(const rmpvec_record_t *r, rmpvec_out_t out, uint64_t got, uint64_t without) {
  const uint64_t want = (r->out_has & ((uint64_t)1 << out)) != 0 ? r->out[out] : without;
  if (want == got) return vec_pass();
  return vec_fail("%s: expected 0x%llx, got 0x%llx", rmpvec_out_name(out), (unsigned long long)want, (unsigned long long)got);
}

vec_result_t vec_rmp_insn_compare(const rmpvec_record_t *r, const cbit_rmp_result_t *v) {
  char want[96];
  char got[96];
  show_wanted(want, r);
  show_result(got, v);
  if (strcmp(want, got) != 0) return vec_fail("%s: expected %s, got %s", rmpvec_kind_name(r->kind), want, got);
  const struct {
    rmpvec_out_t out;
    uint64_t got, without;  // without: where the line has no such item
  } value[] = {{RO_RDX, v->rdx, r->in[RK_RDX]},
               {RO_RCX, v->rcx, r->in[RK_RCX]},
               {RO_OUT0, rmpvec_half(v->out), 0},
               {RO_OUT1, rmpvec_half(v->out + 8), 0}};
  for (size_t i = 0; i < sizeof(value) / sizeof(value[0]); i++) {
    const vec_result_t res = compare_value(r, value[i].out, value[i].got, value[i].without);
    if (res.verdict != VEC_PASS) return res;
  }
  return vec_pass();
}

static void run_host(const rmpvec_record_t *r, const cbit_rmp_param_t *param, const cbit_rmp_cfg_t *cfg, const cbit_rmp_mem_t *mem,
                     cbit_rmp_result_t *v) {
  cbit_rmp_host_insn_t insn;
  memset(&insn, 0, sizeof(insn));
  insn.rax = r->in[RK_SPA];
  rmpvec_bytes(r->in[RK_OP0], r->in[RK_OP1], insn.operand);
  insn.cpl = (uint8_t)r->in[RK_CPL];
  insn.lock_held = (uint8_t)r->in[RK_LOCK];
  host_function(r->kind)(param, cfg, mem, &insn, v);
}

static void run_guest(const rmpvec_record_t *r, const cbit_rmp_param_t *param, const cbit_rmp_cfg_t *cfg, const cbit_rmp_mem_t *mem,
                      cbit_rmp_result_t *v) {
  cbit_rmp_guest_insn_t insn;
  memset(&insn, 0, sizeof(insn));
  insn.gva = r->in[RK_GVA];
  insn.rcx = r->in[RK_RCX];
  insn.rdx = r->in[RK_RDX];
  insn.spa = r->in[RK_SPA];
  insn.gpa = r->in[RK_GPA];
  insn.asid = (uint16_t)r->in[RK_ASID];
  insn.ec = (uint8_t)r->in[RK_EC];
  insn.vmpl = (uint8_t)r->in[RK_VMPL];
  insn.cpl = (uint8_t)r->in[RK_CPL];
  insn.snp_active = (uint8_t)r->in[RK_SNP_ACTIVE];
  insn.lock_held = (uint8_t)r->in[RK_LOCK];
  guest_function(r->kind)(param, cfg, mem, &insn, v);
}

// Items first..first + n of a file; NULL where there are none.
static const rmpvec_item_t *items_at(const rmpvec_file_t *f, size_t first, size_t n) { return n != 0 ? &f->item[first] : NULL; }

vec_result_t vec_rmp_insn(vec_rmp_table_t *t, const cbit_rmp_cfg_t *last, const rmpvec_file_t *f, const rmpvec_record_t *r) {
  const cbit_rmp_mem_t mem = vec_rmp_table_mem(t);
  cbit_rmp_cfg_t cfg = *last;
  cfg.snp_en = (uint8_t)r->in[RK_SNP];
  cfg.vmpl_en = (uint8_t)r->in[RK_VMPL_EN];
  cfg.iommu_snp = (uint8_t)r->in[RK_IOMMU_SNP];
  if (r->kind == RV_ACCESS) {
    cbit_rmp_view_t view;
    cbit_rmp_view_load(&cfg, &mem, r->in[RK_SPA], &view);
    return vec_rmp_access(r, &cfg, &view);
  }
  vec_rmp_table_mark(t);
  vec_result_t res = vec_pass();
  if (r->kind == RV_FWWRITE) {
    uint64_t addr;
    uint8_t raw[16];
    rmpvec_bytes(r->in[RK_Q1], r->in[RK_Q2], raw);
    if (!cbit_rmp_entry_addr(&cfg, r->in[RK_SPA], &addr)) return vec_fail("page is not covered by the table");
    mem.write16(mem.ctx, addr, raw);
  } else {
    cbit_rmp_param_t param;
    cbit_rmp_result_t v;
    set_param(r, &param);
    vec_rmp_table_in_use(t, items_at(f, r->in_item, r->in_items), r->in_items);
    if (host_function(r->kind) != NULL) {
      run_host(r, &param, &cfg, &mem, &v);
    } else {
      run_guest(r, &param, &cfg, &mem, &v);
    }
    vec_rmp_table_in_use(t, NULL, 0);
    res = vec_rmp_insn_compare(r, &v);
  }
  return res.verdict == VEC_PASS ? vec_rmp_table_compare(t, items_at(f, r->out_item, r->out_items), r->out_items) : res;
}
