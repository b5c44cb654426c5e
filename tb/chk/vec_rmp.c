// SPDX-License-Identifier: Apache-2.0
//
// vec_rmp.c - known answers of the reverse map table on the functional model (vec_rmp.h): all but the instructions
//
// Each function fills the model's structs from the slots of a record, calls the model once and compares.
#include "chk/vec_rmp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"

struct vec_rmp {
  vec_rmp_table_t *table;
  cbit_rmp_cfg_t cfg;  // of the last init
};

vec_rmp_t *vec_rmp_open(void) {
  vec_rmp_t *rig = log_alloc(sizeof(*rig));
  rig->table = vec_rmp_table_open();
  return rig;
}

void vec_rmp_close(vec_rmp_t *rig) {
  if (rig == NULL) return;
  vec_rmp_table_close(rig->table);
  free(rig);
}

bool vec_rmp_is_check(const rmpvec_record_t *r) { return r->kind != RV_INIT; }

vec_rmp_counts_t vec_rmp_count(const rmpvec_file_t *f) {
  vec_rmp_counts_t n = {0};
  bool sequence = false;
  for (size_t i = 0; i < f->n; i++) {
    const rmpvec_record_t *r = &f->record[i];
    n.checks += vec_rmp_is_check(r);
    if (r->kind == RV_INIT) {
      sequence = (r->in_has & ((uint64_t)1 << RK_SEQ)) != 0;
      n.sequences += sequence;
    } else if (r->kind == RV_ACCESS) {
      n.accesses++;
    } else if (f->set == RVS_INSTRUCTIONS) {
      n.in_sequences += sequence;
      n.singles += !sequence;
    }
  }
  return n;
}

// ---- decisions -------------------------------------------------------------------------------------------------------------

static uint8_t byte_of(const rmpvec_record_t *r, rmpvec_key_t key) { return (uint8_t)r->in[key]; }

static void access_param(const rmpvec_record_t *r, cbit_rmp_param_t *p) {
  cbit_rmp_param_init(p);
  p->chk_shared_read = byte_of(r, RK_P_SHARED_READ);
  p->chk_host_pt_read = byte_of(r, RK_P_HOST_PT_READ);
  p->chk_guest_pt_read = byte_of(r, RK_P_GUEST_PT_READ);
  p->chk_dma_read = byte_of(r, RK_P_DMA_READ);
  p->pt_vmpl_write = byte_of(r, RK_P_PT_VMPL_WRITE);
  p->hv_inuse_wr_allowed = byte_of(r, RK_P_HV_INUSE);
  p->tio = byte_of(r, RK_P_TIO);
  p->npf_us_always = byte_of(r, RK_P_US_ALWAYS);
}

static void access_req(const rmpvec_record_t *r, cbit_rmp_check_req_t *q) {
  memset(q, 0, sizeof(*q));
  q->spa = r->in[RK_SPA];
  q->gpa = r->in[RK_GPA];
  q->asid = (uint16_t)r->in[RK_ASID];
  q->req = byte_of(r, RK_REQ);
  q->op = byte_of(r, RK_OP);
  q->map_size = byte_of(r, RK_MAP);
  q->ec = byte_of(r, RK_EC);
  q->vmpl = byte_of(r, RK_VMPL);
  q->cpl = byte_of(r, RK_CPL);
  q->ss = byte_of(r, RK_SS);
  q->vmpl_sss = byte_of(r, RK_VMPL_SSS);
  q->snp_active = byte_of(r, RK_SNP_ACTIVE);
  q->in_use = byte_of(r, RK_INUSE);
}

static void show_verdict(char *to, size_t size, const char *word, uint32_t code, uint64_t info1, uint64_t info2, unsigned flags_rmp,
                         unsigned flags) {
  if (strcmp(word, "NPF") == 0) {
    snprintf(to, size, "NPF exitinfo1=0x%llx exitinfo2=0x%llx", (unsigned long long)info1, (unsigned long long)info2);
  } else if (strcmp(word, "PF") == 0 || strcmp(word, "VC") == 0) {
    snprintf(to, size, "%s code=0x%x", word, code);
  } else if (strcmp(word, "IOMMU") == 0) {
    snprintf(to, size, "IOMMU flags_rmp=0x%02x flags=0x%03x", flags_rmp, flags);
  } else {
    snprintf(to, size, "%s", word);
  }
}

vec_result_t vec_rmp_access(const rmpvec_record_t *r, const cbit_rmp_cfg_t *cfg, const cbit_rmp_view_t *view) {
  cbit_rmp_param_t param;
  cbit_rmp_check_req_t req;
  cbit_rmp_verdict_t v;
  char want[80];
  char got[80];
  access_param(r, &param);
  access_req(r, &req);
  cbit_rmp_check(&param, cfg, view, &req, &v);
  show_verdict(want, sizeof(want), rmpvec_verdict_name(r->verdict), (uint32_t)r->out[RO_CODE], r->out[RO_EXITINFO1],
               r->out[RO_EXITINFO2], (unsigned)r->out[RO_FLAGS_RMP], (unsigned)r->out[RO_FLAGS]);
  show_verdict(got, sizeof(got), cbit_rmp_verdict_name((cbit_rmp_verdict_kind_t)v.kind), v.code, v.exitinfo1, v.exitinfo2,
               v.flags_rmp, v.flags);
  const char *row = cbit_rmp_row_name((cbit_rmp_row_t)v.row);
  const char *why = cbit_rmp_why_name((cbit_rmp_why_t)v.why);
  if (strcmp(want, got) != 0) return vec_fail("expected %s, got %s (row %s, %s)", want, got, row, why);
  if (r->kind != RV_DECISION) return vec_pass();
  // The reader's notes: row of the table, first check that fails.
  char note[RMPVEC_NAME_LEN + 1];
  rmpvec_name(r->in[RK_ROW], note);
  if (strcmp(note, row) != 0) return vec_fail("expected row %s, got row %s", note, row);
  rmpvec_name(r->in[RK_WHY], note);
  return strcmp(note, why) == 0 ? vec_pass() : vec_fail("expected first failing check %s, got %s", note, why);
}

static vec_result_t decision(const rmpvec_record_t *r) {
  uint8_t raw[16];
  cbit_rmp_view_t view;
  uint64_t addr;
  const cbit_rmp_cfg_t cfg = {.rmp_base = r->in[RK_RMP_BASE],
                              .rmp_end = r->in[RK_RMP_END],
                              .snp_en = byte_of(r, RK_SNP),
                              .vmpl_en = byte_of(r, RK_VMPL_EN),
                              .iommu_snp = byte_of(r, RK_IOMMU_SNP)};
  memset(&view, 0, sizeof(view));
  view.covered = (uint8_t)cbit_rmp_entry_addr(&cfg, r->in[RK_SPA], &addr);
  rmpvec_bytes(r->in[RK_OWN], r->in[RK_OWN_Q2], raw);
  cbit_rmp_entry_decode(raw, &view.own);
  rmpvec_bytes(r->in[RK_BASE], r->in[RK_BASE_Q2], raw);
  cbit_rmp_entry_decode(raw, &view.base);
  return vec_rmp_access(r, &cfg, &view);
}

// ---- routing ---------------------------------------------------------------------------------------------------------------

static vec_result_t ecbit(const rmpvec_record_t *r) {
  cbit_rmp_ecbit_req_t q;
  memset(&q, 0, sizeof(q));
  q.gpa = r->in[RK_GPA];
  q.vtom = r->in[RK_VTOM];
  q.guest = byte_of(r, RK_KIND);
  q.op = byte_of(r, RK_OP);
  q.paging_cbits = byte_of(r, RK_PAGING);
  q.cbit = byte_of(r, RK_CBIT);
  q.vte = byte_of(r, RK_VTE);
  q.vtom_en = byte_of(r, RK_VTOM_EN);
  const int want = r->verdict == RVV_PF_RSV ? -1 : (int)r->out[RO_EC];
  const int got = cbit_rmp_effective_cbit(&q);
  return want == got ? vec_pass() : vec_fail("expected effective C-bit %d, got %d (-1: PF_RSV)", want, got);
}

static vec_result_t key(const rmpvec_record_t *r) {
  static const struct {
    cbit_rmp_key_req_kind_t kind;
    cbit_rmp_guest_t guest;
  } as[] = {[RVK_HOST] = {CBIT_RMP_KEY_HOST, CBIT_RMP_GUEST_PLAIN},
            [RVK_HOST_PTW] = {CBIT_RMP_KEY_HOST_WALK, CBIT_RMP_GUEST_PLAIN},
            [RVK_GUEST_PLAIN] = {CBIT_RMP_KEY_GUEST, CBIT_RMP_GUEST_PLAIN},
            [RVK_GUEST_SEV] = {CBIT_RMP_KEY_GUEST, CBIT_RMP_GUEST_SEV},
            [RVK_GUEST_ES] = {CBIT_RMP_KEY_GUEST, CBIT_RMP_GUEST_ES},
            [RVK_GUEST_SNP] = {CBIT_RMP_KEY_GUEST, CBIT_RMP_GUEST_SNP},
            [RVK_NPT_WALK] = {CBIT_RMP_KEY_NESTED_WALK, CBIT_RMP_GUEST_PLAIN},
            [RVK_VMSA] = {CBIT_RMP_KEY_VMSA, CBIT_RMP_GUEST_PLAIN},
            [RVK_VMCB] = {CBIT_RMP_KEY_VMCB, CBIT_RMP_GUEST_PLAIN},
            [RVK_AMD_SP_GUEST] = {CBIT_RMP_KEY_SP_GUEST, CBIT_RMP_GUEST_PLAIN},
            [RVK_DMA] = {CBIT_RMP_KEY_DMA, CBIT_RMP_GUEST_PLAIN},
            [RVK_DMA_TIO] = {CBIT_RMP_KEY_DMA_GUEST, CBIT_RMP_GUEST_PLAIN},
            [RVK_RMP] = {CBIT_RMP_KEY_RMP, CBIT_RMP_GUEST_PLAIN}};
  cbit_rmp_param_t param;
  cbit_rmp_param_init(&param);
  param.host_key = (uint16_t)r->in[RK_P_HOST_KEY];
  param.tio = byte_of(r, RK_TIO);
  const cbit_rmp_key_req_t q = {.asid = (uint16_t)r->in[RK_ASID],
                                .kind = (uint8_t)as[r->in[RK_KIND]].kind,
                                .guest = (uint8_t)as[r->in[RK_KIND]].guest,
                                .op = byte_of(r, RK_OP),
                                .ec = byte_of(r, RK_EC),
                                .cbit = byte_of(r, RK_CBIT),
                                .paging = byte_of(r, RK_PAGING)};
  const unsigned got = cbit_rmp_key_id(&param, byte_of(r, RK_SMEE), byte_of(r, RK_TSME), &q);
  return got == r->out[RO_KEY] ? vec_pass() : vec_fail("expected key %u, got %u", (unsigned)r->out[RO_KEY], got);
}

// ---- states and entries ----------------------------------------------------------------------------------------------------

static void record_entry(const rmpvec_record_t *r, uint8_t raw[16], cbit_rmp_entry_t *e) {
  rmpvec_bytes(r->in[RK_ENTRY], r->in[RK_ENTRY_Q2], raw);
  cbit_rmp_entry_decode(raw, e);
}

static vec_result_t state(const rmpvec_record_t *r) {
  uint8_t raw[16];
  cbit_rmp_entry_t e;
  record_entry(r, raw, &e);
  const cbit_rmp_state_t got = cbit_rmp_state((int)r->in[RK_COVERED], &e);
  const cbit_rmp_owner_t owner = cbit_rmp_owner((int)r->in[RK_COVERED], &e);
  if ((uint64_t)got != r->out[RO_STATE] || (uint64_t)got != r->out[RO_CODE]) {
    return vec_fail("expected state %s, code %u, got %s, code %u", cbit_rmp_state_name((cbit_rmp_state_t)r->out[RO_STATE]),
                    (unsigned)r->out[RO_CODE], cbit_rmp_state_name(got), (unsigned)got);
  }
  if ((uint64_t)owner == r->out[RO_OWNER]) return vec_pass();
  return vec_fail("expected owner %u, got %u", (unsigned)r->out[RO_OWNER], (unsigned)owner);
}

static vec_result_t entry(const rmpvec_record_t *r) {
  uint8_t raw[16];
  uint8_t back[16];
  cbit_rmp_entry_t e;
  record_entry(r, raw, &e);
  const uint64_t got[RO_COUNT] = {[RO_ASSIGNED] = e.assigned,   [RO_PAGESIZE] = e.page_size,
                                  [RO_IMMUTABLE] = e.immutable, [RO_SUBCOUNT] = e.subpage_count,
                                  [RO_GPA] = e.gpa_page,        [RO_ASID] = e.asid,
                                  [RO_VMSA] = e.vmsa,           [RO_VALIDATED] = e.validated,
                                  [RO_LOCK] = e.lock,           [RO_MASK0] = e.mask[0],
                                  [RO_MASK1] = e.mask[1],       [RO_MASK2] = e.mask[2],
                                  [RO_MASK3] = e.mask[3],       [RO_IKS] = e.key_select,
                                  [RO_RSVD] = e.rsvd,           [RO_ROOTPORT] = e.root_port,
                                  [RO_STREAM] = e.ide_stream,   [RO_MIGRATION] = e.migration};
  for (unsigned i = RO_ASSIGNED; i <= RO_MIGRATION; i++) {
    if (got[i] == r->out[i]) continue;
    return vec_fail("%s: expected 0x%llx, got 0x%llx", rmpvec_out_name((rmpvec_out_t)i), (unsigned long long)r->out[i],
                    (unsigned long long)got[i]);
  }
  cbit_rmp_entry_encode(&e, back);
  return vec_compare("encoded again", raw, back, 16);
}

// ---- coverage --------------------------------------------------------------------------------------------------------------

static vec_result_t coverage(const rmpvec_record_t *r) {
  uint64_t addr = 0;
  int covered;
  if (r->kind == RV_COVER) {
    const cbit_rmp_cfg_t cfg = {.rmp_base = r->in[RK_RMP_BASE], .rmp_end = r->in[RK_RMP_END]};
    covered = cbit_rmp_entry_addr(&cfg, r->in[RK_SPA], &addr);
  } else {
    covered = cbit_rmp_segment_entry_addr((unsigned)r->in[RK_SHIFT], r->in[RK_RST], r->in[RK_SPA], &addr);
    if (!covered) addr = RMPVEC_NO_ADDR;
  }
  if ((uint64_t)covered == r->out[RO_COVERED] && addr == r->out[RO_ENTRY_ADDR]) return vec_pass();
  return vec_fail("expected covered=%u entry_addr=0x%llx, got covered=%d entry_addr=0x%llx", (unsigned)r->out[RO_COVERED],
                  (unsigned long long)r->out[RO_ENTRY_ADDR], covered, (unsigned long long)addr);
}

// ---- any record ------------------------------------------------------------------------------------------------------------

static void init(vec_rmp_t *rig, const rmpvec_file_t *f, const rmpvec_record_t *r) {
  rig->cfg = (cbit_rmp_cfg_t){.rmp_base = r->in[RK_RMP_BASE], .rmp_end = r->in[RK_RMP_END]};
  vec_rmp_table_clear(rig->table, &rig->cfg);
  for (size_t i = 0; i < r->in_items; i++) vec_rmp_table_put(rig->table, &f->item[r->in_item + i]);
}

vec_result_t vec_rmp_check(vec_rmp_t *rig, const rmpvec_file_t *f, size_t i) {
  const rmpvec_record_t *r = &f->record[i];
  switch (r->kind) {
    case RV_DECISION:
      return decision(r);
    case RV_ECBIT:
      return ecbit(r);
    case RV_KEY:
      return key(r);
    case RV_STATE:
      return state(r);
    case RV_ENTRY:
      return entry(r);
    case RV_COVER:
    case RV_SEGMENT:
      return coverage(r);
    case RV_INIT:
      init(rig, f, r);
      return vec_pass();
    default:
      return vec_rmp_insn(rig->table, &rig->cfg, f, r);
  }
}
