// SPDX-License-Identifier: Apache-2.0
//
// lockstep.c - pin by pin comparison (lockstep.h)
//
// Per cycle only lockstep_compare() runs: differences of the small pins are ORed together, without a branch per pin.
// The table of names is read when something differs, to say what.
#include "chk/lockstep.h"

#include <stdio.h>
#include <string.h>

typedef struct field {
  const char *name;
  lockstep_group_t group;
  size_t offset;
  size_t size;  // 0 = the data bus
} field_t;

#define F(pin, group, member) {pin, group, offsetof(cbit_pins_out_t, member), sizeof(((cbit_pins_out_t *)0)->member)}
#define DATA(pin, group, member) {pin, group, offsetof(cbit_pins_out_t, member), 0}
#define AX(pin, group, m)                                                                                             \
  F(pin "id_o", group, m.id), F(pin "addr_o", group, m.addr), F(pin "len_o", group, m.len),                           \
      F(pin "size_o", group, m.size), F(pin "burst_o", group, m.burst), F(pin "lock_o", group, m.lock),               \
      F(pin "cache_o", group, m.cache), F(pin "prot_o", group, m.prot), F(pin "qos_o", group, m.qos),                 \
      F(pin "region_o", group, m.region)

// Valids and readies first: a payload that differs only because its valid does is not the first thing to tell.
static const field_t fields[] = {
    F("s_axi_awready_o", LOCKSTEP_ALWAYS, s_awready),
    F("s_axi_wready_o", LOCKSTEP_ALWAYS, s_wready),
    F("s_axi_arready_o", LOCKSTEP_ALWAYS, s_arready),
    F("s_axi_bvalid_o", LOCKSTEP_ALWAYS, s_b.valid),
    F("s_axi_rvalid_o", LOCKSTEP_ALWAYS, s_r.valid),
    F("m_axi_awvalid_o", LOCKSTEP_ALWAYS, m_aw.valid),
    F("m_axi_wvalid_o", LOCKSTEP_ALWAYS, m_w.valid),
    F("m_axi_arvalid_o", LOCKSTEP_ALWAYS, m_ar.valid),
    F("m_axi_bready_o", LOCKSTEP_ALWAYS, m_bready),
    F("m_axi_rready_o", LOCKSTEP_ALWAYS, m_rready),
    F("s_axil_awready_o", LOCKSTEP_ALWAYS, l_awready),
    F("s_axil_wready_o", LOCKSTEP_ALWAYS, l_wready),
    F("s_axil_bvalid_o", LOCKSTEP_ALWAYS, l_bvalid),
    F("s_axil_arready_o", LOCKSTEP_ALWAYS, l_arready),
    F("s_axil_rvalid_o", LOCKSTEP_ALWAYS, l_rvalid),
    F("ent_ready_o", LOCKSTEP_ALWAYS, ent_ready),
    F("irq_o", LOCKSTEP_ALWAYS, irq),
    F("insn_ready_o", LOCKSTEP_INSN, insn_ready),
    F("ans_valid_o", LOCKSTEP_INSN, ans_valid),
    F("inv_valid_o", LOCKSTEP_INSN, inv_valid),
    F("use_ready_o", LOCKSTEP_INSN, use_ready),
    F("chk_ready_o", LOCKSTEP_CHK, chk_ready),
    F("chk_ans_valid_o", LOCKSTEP_CHK, chk_ans_valid),
    F("s_axi_bid_o", LOCKSTEP_S_B, s_b.id),
    F("s_axi_bresp_o", LOCKSTEP_S_B, s_b.resp),
    F("s_axi_rid_o", LOCKSTEP_S_R, s_r.id),
    F("s_axi_rresp_o", LOCKSTEP_S_R, s_r.resp),
    F("s_axi_rlast_o", LOCKSTEP_S_R, s_r.last),
    DATA("s_axi_rdata_o", LOCKSTEP_S_R, s_r.data),
    AX("m_axi_aw", LOCKSTEP_M_AW, m_aw),
    AX("m_axi_ar", LOCKSTEP_M_AR, m_ar),
    F("m_axi_wlast_o", LOCKSTEP_M_W, m_w.last),
    F("m_axi_wstrb_o", LOCKSTEP_M_W, m_w.strb),
    DATA("m_axi_wdata_o", LOCKSTEP_M_W, m_w.data),
    F("s_axil_bresp_o", LOCKSTEP_L_B, l_bresp),
    F("s_axil_rresp_o", LOCKSTEP_L_R, l_rresp),
    F("s_axil_rdata_o", LOCKSTEP_L_R, l_rdata),
    F("ans_kind_o", LOCKSTEP_ANS, ans.kind),
    F("ans_code_o", LOCKSTEP_ANS, ans.code),
    F("ans_cf_o", LOCKSTEP_ANS, ans.cf),
    F("ans_zf_o", LOCKSTEP_ANS, ans.zf),
    F("ans_error_o", LOCKSTEP_ANS, ans.error),
    F("ans_out_o", LOCKSTEP_ANS, ans.out),
    F("inv_page_o", LOCKSTEP_INV, inv_page),
    // of port 0; those of the others lie behind it
    F("chk_ans_o.deny", LOCKSTEP_CHK_ANS, chk_ans[0].deny),
    F("chk_ans_o.keep", LOCKSTEP_CHK_ANS, chk_ans[0].keep),
    F("chk_ans_o.row", LOCKSTEP_CHK_ANS, chk_ans[0].row),
    F("chk_ans_o.why", LOCKSTEP_CHK_ANS, chk_ans[0].why),
    F("chk_ans_o.kind", LOCKSTEP_CHK_ANS, chk_ans[0].kind),
    F("chk_ans_o.error", LOCKSTEP_CHK_ANS, chk_ans[0].error),
};
#define FIELDS (sizeof(fields) / sizeof(fields[0]))

void lockstep_init(lockstep_t *l, uint32_t bus_bytes, bool insn, uint32_t chk_ports) {
  memset(l, 0, sizeof(*l));
  l->insn = insn;
  l->chk_ports = chk_ports;
  l->bus_bytes = bus_bytes;
}

static bool answers(const cbit_pins_out_t *o) {
  bool any = false;
  for (uint32_t i = 0; i < CBIT_MAX_INSN; i++) any |= o->ans_valid[i];
  return any;
}

static bool group_valid(const cbit_pins_out_t *o, lockstep_group_t g) {
  switch (g) {
    case LOCKSTEP_S_B: return o->s_b.valid;
    case LOCKSTEP_S_R: return o->s_r.valid;
    case LOCKSTEP_M_AW: return o->m_aw.valid;
    case LOCKSTEP_M_AR: return o->m_ar.valid;
    case LOCKSTEP_M_W: return o->m_w.valid;
    case LOCKSTEP_L_B: return o->l_bvalid;
    case LOCKSTEP_L_R: return o->l_rvalid;
    case LOCKSTEP_ANS: return answers(o);
    case LOCKSTEP_INV: return o->inv_valid;
    case LOCKSTEP_ALWAYS:
    case LOCKSTEP_INSN:
    case LOCKSTEP_CHK:
    case LOCKSTEP_CHK_ANS:
    case LOCKSTEP_GROUPS:
    default: return true;
  }
}

static void hex(char *to, const uint8_t *bytes, size_t n) {
  for (size_t i = 0; i < n; i++) snprintf(to + 2 * i, 3, "%02x", bytes[n - 1 - i]);
}

// Notes the field if it differs; step: of the element of an array.
static bool note_first(lockstep_t *l, uint64_t cycle, const field_t *f, size_t step, const cbit_pins_out_t *rtl,
                       const cbit_pins_out_t *model) {
  const size_t size = f->size != 0 ? f->size : l->bus_bytes;
  const uint8_t *a = (const uint8_t *)rtl + f->offset + step;
  const uint8_t *b = (const uint8_t *)model + f->offset + step;
  if (memcmp(a, b, size) == 0) return false;
  l->first.cycle = cycle;
  l->first.signal = f->name;
  hex(l->first.rtl, a, size);
  hex(l->first.model, b, size);
  return true;
}

static void find_first(lockstep_t *l, uint64_t cycle, const cbit_pins_out_t *rtl, const cbit_pins_out_t *model) {
  for (size_t i = 0; i < FIELDS; i++) {
    const field_t *f = &fields[i];
    if (!group_valid(rtl, f->group) || !group_valid(model, f->group)) continue;
    for (uint32_t k = 0; f->group == LOCKSTEP_CHK_ANS && k < l->chk_ports; k++) {
      const bool both = rtl->chk_ans_valid[k] && model->chk_ans_valid[k];
      if (both && note_first(l, cycle, f, k * sizeof(cbit_chk_answer_t), rtl, model)) return;
    }
    if (f->group != LOCKSTEP_CHK_ANS && note_first(l, cycle, f, 0, rtl, model)) return;
  }
}

static uint64_t ax_differs(const cbit_ax_out_t *a, const cbit_ax_out_t *b) {
  return (uint64_t)(a->id ^ b->id) | (a->addr ^ b->addr) | (uint64_t)(a->len ^ b->len) | (uint64_t)(a->size ^ b->size) |
         (uint64_t)(a->burst ^ b->burst) | (uint64_t)(a->lock ^ b->lock) | (uint64_t)(a->cache ^ b->cache) |
         (uint64_t)(a->prot ^ b->prot) | (uint64_t)(a->qos ^ b->qos) | (uint64_t)(a->region ^ b->region);
}

// Pins of the RMP instructions; without ports both sides hold zeros there.
static uint64_t insn_differs(lockstep_t *l, const cbit_pins_out_t *rtl, const cbit_pins_out_t *model) {
  uint64_t d = (uint64_t)(rtl->inv_valid ^ model->inv_valid) | (uint64_t)(rtl->use_ready ^ model->use_ready) |
               (uint64_t)(memcmp(rtl->insn_ready, model->insn_ready, sizeof(rtl->insn_ready)) != 0) |
               (uint64_t)(memcmp(rtl->ans_valid, model->ans_valid, sizeof(rtl->ans_valid)) != 0);
  l->count[LOCKSTEP_INSN]++;
  if (rtl->inv_valid && model->inv_valid) {
    l->count[LOCKSTEP_INV]++;
    d |= rtl->inv_page ^ model->inv_page;
  }
  if (answers(rtl) && answers(model)) {
    const cbit_insn_answer_t *a = &rtl->ans;
    const cbit_insn_answer_t *b = &model->ans;
    l->count[LOCKSTEP_ANS]++;
    d |= (uint64_t)(a->kind ^ b->kind) | (uint64_t)(a->code ^ b->code) | (uint64_t)(a->cf ^ b->cf) |
         (uint64_t)(a->zf ^ b->zf) | (a->error ^ b->error) | (uint64_t)(memcmp(a->out, b->out, sizeof(a->out)) != 0);
  }
  return d;
}

// Pins of the check ports; each answer with its own valid.
static uint64_t chk_differs(lockstep_t *l, const cbit_pins_out_t *rtl, const cbit_pins_out_t *model) {
  uint64_t d = 0;
  l->count[LOCKSTEP_CHK]++;
  for (uint32_t i = 0; i < l->chk_ports; i++) {
    const cbit_chk_answer_t *a = &rtl->chk_ans[i];
    const cbit_chk_answer_t *b = &model->chk_ans[i];
    d |= (uint64_t)(rtl->chk_ready[i] ^ model->chk_ready[i]) | (uint64_t)(rtl->chk_ans_valid[i] ^ model->chk_ans_valid[i]);
    if (!rtl->chk_ans_valid[i] || !model->chk_ans_valid[i]) continue;
    l->count[LOCKSTEP_CHK_ANS]++;
    d |= (uint64_t)(a->deny ^ b->deny) | (uint64_t)(a->keep ^ b->keep) | (uint64_t)(a->row ^ b->row) |
         (uint64_t)(a->why ^ b->why) | (uint64_t)(a->kind ^ b->kind) | (a->error ^ b->error);
  }
  return d;
}

bool lockstep_compare(lockstep_t *l, uint64_t cycle, const cbit_pins_out_t *rtl, const cbit_pins_out_t *model) {
#define D(m) (uint64_t)(rtl->m ^ model->m)
  uint64_t d = D(s_awready) | D(s_wready) | D(s_arready) | D(s_b.valid) | D(s_r.valid) | D(m_aw.valid) | D(m_w.valid) |
               D(m_ar.valid) | D(m_bready) | D(m_rready) | D(l_awready) | D(l_wready) | D(l_bvalid) | D(l_arready) |
               D(l_rvalid) | D(ent_ready) | D(irq);
  l->count[LOCKSTEP_ALWAYS]++;
  if (rtl->s_b.valid && model->s_b.valid) {
    l->count[LOCKSTEP_S_B]++;
    d |= D(s_b.id) | D(s_b.resp);
  }
  if (rtl->s_r.valid && model->s_r.valid) {
    l->count[LOCKSTEP_S_R]++;
    d |= D(s_r.id) | D(s_r.resp) | D(s_r.last) | (uint64_t)(memcmp(rtl->s_r.data, model->s_r.data, l->bus_bytes) != 0);
  }
  if (rtl->m_aw.valid && model->m_aw.valid) {
    l->count[LOCKSTEP_M_AW]++;
    d |= ax_differs(&rtl->m_aw, &model->m_aw);
  }
  if (rtl->m_ar.valid && model->m_ar.valid) {
    l->count[LOCKSTEP_M_AR]++;
    d |= ax_differs(&rtl->m_ar, &model->m_ar);
  }
  if (rtl->m_w.valid && model->m_w.valid) {
    l->count[LOCKSTEP_M_W]++;
    d |= D(m_w.last) | D(m_w.strb) | (uint64_t)(memcmp(rtl->m_w.data, model->m_w.data, l->bus_bytes) != 0);
  }
  if (rtl->l_bvalid && model->l_bvalid) {
    l->count[LOCKSTEP_L_B]++;
    d |= D(l_bresp);
  }
  if (rtl->l_rvalid && model->l_rvalid) {
    l->count[LOCKSTEP_L_R]++;
    d |= D(l_rresp) | D(l_rdata);
  }
#undef D
  if (l->insn) d |= insn_differs(l, rtl, model);
  if (l->chk_ports != 0) d |= chk_differs(l, rtl, model);
  if (d == 0) return true;
  if (!l->differs) {
    l->differs = true;
    find_first(l, cycle, rtl, model);
  }
  return false;
}

uint64_t lockstep_total(const lockstep_t *l) {
  uint64_t sum = 0;
  for (size_t i = 0; i < FIELDS; i++) sum += l->count[fields[i].group];
  return sum;
}

size_t lockstep_fields(void) { return FIELDS; }

const char *lockstep_field(const lockstep_t *l, size_t i, uint64_t *count) {
  *count = l->count[fields[i].group];
  return fields[i].name;
}
