// SPDX-License-Identifier: Apache-2.0
//
// vec_rmp_chk.c - known decisions of the RMP check at a check port (vec_rmp_chk.h)
#include "chk/vec_rmp_chk.h"

#include <stdio.h>
#include <string.h>

#include "cbit_rmp.h"
#include "core/rmp_boot.h"

#define BASE 0x100000u
#define COVERED_RANGES 8u  // 16 MiB; range 0 holds the table
#define END (BASE + RMP_HEAD_BYTES + COVERED_RANGES * 512u * 16u - 1u)
#define RANGE_BITS 21u
#define BEYOND 64u         // range of pages that are not covered
#define MODES 9u           // checks off; the three bits of RMP_CTRL
#define BIT(key) ((uint64_t)1 << (key))

static bool has(const rmpvec_record_t *r, rmpvec_key_t key) { return (r->in_has & BIT(key)) != 0; }

// Registers that a line wants: 0 checks off, else 1 + RMP_CTRL.
static uint32_t mode_of(const rmpvec_record_t *r) {
  if (r->in[RK_SNP] == 0) return 0;
  return 1 + ((r->in[RK_VMPL_EN] != 0 ? 1u : 0u) | (r->in[RK_VMPL_SSS] != 0 ? 2u : 0u) | (r->in[RK_IOMMU_SNP] != 0 ? 4u : 0u));
}

static bool other_param(const bench_t *b, const rmpvec_record_t *r) {
  static const struct {
    rmpvec_key_t key;
    uint64_t value;
  } is[] = {{RK_P_US_ALWAYS, 1},      {RK_P_SHARED_READ, 0},   {RK_P_HOST_PT_READ, 0}, {RK_P_GUEST_PT_READ, 1},
            {RK_P_DMA_READ, 0},       {RK_P_PT_VMPL_WRITE, 0}, {RK_P_TIO, 0}};
  for (size_t i = 0; i < sizeof(is) / sizeof(is[0]); i++) {
    if (has(r, is[i].key) && r->in[is[i].key] != is[i].value) return true;
  }
  // Marks count for nothing with HV_INUSE_WR_ALLOWED = 1.
  const bool looks = bench_cfg(b)->rmp_inuse != 0;
  return looks == (r->in[RK_P_HV_INUSE] != 0) && (r->in[RK_INUSE] != 0 || looks);
}

static bool start(bench_t *b, uint32_t mode) {
  if (!bench_reset(b)) return false;
  if (mode == 0) return true;
  // Mode none: keys play no part.
  if (!bench_ctrl(b, CBIT_MODE_NONE, true, false) || !bench_rmp_registers(b, BASE, END) ||
      !bench_sp_write(b, RMP_REG_CTRL, mode - 1, NULL))
    return false;
  for (uint32_t op = RMP_FENCE; op <= RMP_FLUSH2_DONE; op++) {
    if (op == RMP_TABLE_DONE && !bench_rmp_write(b, rmp_entry_at(BASE, BASE), (END >> 12) - (BASE >> 12) + 1, rmp_words_firmware()))
      return false;
    if (bench_rmp_cmd(b, op, NULL) != 0) return false;
  }
  return true;
}

static void answer_text(char *to, size_t size, const char *kind, uint64_t error) {
  if (strcmp(kind, "PF") == 0 || strcmp(kind, "NPF") == 0 || strcmp(kind, "VC") == 0) {
    snprintf(to, size, "%s 0x%llx", kind, (unsigned long long)error);
  } else {
    snprintf(to, size, "%s", kind);
  }
}

static vec_result_t compare(const rmpvec_record_t *r, const cbit_chk_answer_t *a) {
  char want[48];
  char got[48];
  char note[RMPVEC_NAME_LEN + 1];
  const char *verdict = rmpvec_verdict_name(r->verdict);
  answer_text(want, sizeof(want), verdict, strcmp(verdict, "NPF") == 0 ? r->out[RO_EXITINFO1] : r->out[RO_CODE]);
  answer_text(got, sizeof(got), cbit_rmp_verdict_name((cbit_rmp_verdict_kind_t)a->kind), a->error);
  if (strcmp(want, got) != 0) return vec_fail("check port: expected %s, got %s", want, got);
  if (a->deny != (a->kind != CBIT_RMP_PASS)) return vec_fail("check port: deny %u with kind %u", a->deny, a->kind);
  rmpvec_name(r->in[RK_ROW], note);
  if (strcmp(note, cbit_rmp_row_name((cbit_rmp_row_t)a->row)) != 0)
    return vec_fail("check port: expected row %s, got row %s", note, cbit_rmp_row_name((cbit_rmp_row_t)a->row));
  rmpvec_name(r->in[RK_WHY], note);
  const char *why = cbit_rmp_why_name((cbit_rmp_why_t)a->why);
  if (strcmp(note, why) != 0) return vec_fail("check port: expected first failing check %s, got %s", note, why);
  if ((a->deny || r->in[RK_SNP] == 0) && a->keep != CBIT_CHK_KEEP_NOT) return vec_fail("check port: keep %u", a->keep);
  return vec_pass();
}

static vec_result_t died(void) { return vec_fail("the bench stopped, see the report"); }

static bool mark(bench_t *b, uint64_t page, bool set) {
  const insn_mark_t m = {.slot = 0, .set = set, .page = page};
  return bench_insn_mark_now(b, &m);
}

static vec_result_t decision(bench_t *b, const rmpvec_record_t *r) {
  const cbit_rmp_cfg_t cfg = {.rmp_base = r->in[RK_RMP_BASE], .rmp_end = r->in[RK_RMP_END]};
  const uint64_t low = r->in[RK_SPA] & (BIT(RANGE_BITS) - 1);
  uint64_t at = 0;
  const bool covered = cbit_rmp_entry_addr(&cfg, r->in[RK_SPA], &at) != 0;
  const uint64_t range = (uint64_t)(covered ? 1 : BEYOND) << RANGE_BITS;
  const rmp_words_t own = {r->in[RK_OWN], r->in[RK_OWN_Q2]};
  const rmp_words_t base = {r->in[RK_BASE], r->in[RK_BASE_Q2]};
  const bool first = low >> 12 == 0;
  const bool marked = r->in[RK_INUSE] != 0 && bench_cfg(b)->rmp_inuse != 0;
  if (other_param(b, r)) return vec_skip("parameter that is not built in");
  if (covered && first && (own.q1 != base.q1 || own.q2 != base.q2)) return vec_skip("a first page has one entry");
  if (covered && r->in[RK_SNP] != 0 &&
      (!bench_rmp_write(b, rmp_entry_at(BASE, range | low), 1, own) || (!first && !bench_rmp_write(b, rmp_entry_at(BASE, range), 1, base))))
    return bench_failed(b) ? died() : vec_fail("a store of the AMD-SP was refused");
  if (marked && !mark(b, (range | low) >> 12, true)) return died();
  const chk_req_t q = {.pins = {.req = (uint8_t)r->in[RK_REQ], .op = (uint8_t)r->in[RK_OP], .map_size = (uint8_t)r->in[RK_MAP],
                                .ec = r->in[RK_EC] != 0, .asid = (uint16_t)r->in[RK_ASID], .vmpl = (uint8_t)r->in[RK_VMPL],
                                .cpl = (uint8_t)r->in[RK_CPL], .ss = r->in[RK_SS] != 0, .snp_active = r->in[RK_SNP_ACTIVE] != 0,
                                .spa_page = (range | low) >> 12, .gpa_page = r->in[RK_GPA] >> 12}};
  chk_done_t done;
  if (!bench_chk(b, r->line % bench_cfg(b)->rmp_chk, &q, &done)) return died();
  if (marked && !mark(b, (range | low) >> 12, false)) return died();
  return compare(r, &done.ans);
}

bool vec_rmp_chk_run(bench_t *b, const rmpvec_file_t *f, vec_rmp_chk_fn done, void *arg) {
  for (uint32_t mode = 0; mode < MODES; mode++) {
    bool started = false;
    for (size_t i = 0; i < f->n; i++) {
      const rmpvec_record_t *r = &f->record[i];
      if (r->kind != RV_DECISION || mode_of(r) != mode) continue;
      vec_result_t res = {.verdict = VEC_PASS};
      if (!started && !start(b, mode)) res = bench_failed(b) ? died() : vec_fail("the start-up of the check failed");
      started = true;
      if (res.verdict == VEC_PASS) res = decision(b, r);
      done(arg, r, &res);
      if (bench_failed(b) || (res.verdict == VEC_FAIL && strstr(res.why, "start-up") != NULL)) return false;
    }
  }
  return true;
}
