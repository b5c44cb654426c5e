// SPDX-License-Identifier: Apache-2.0
//
// attack_stage.c - set-up of a cell, the victim, the attacker's accesses, telling bytes apart (attack.h)
#include <stdarg.h>
#include <string.h>

#include "chk/attack.h"
#include "util/bytes.h"

#define RMP_CTRL_VMPL_EN 1u
#define RMP_CTRL_IOMMU_SNP 4u

static void fill(rng_t *r, uint8_t *to, size_t n) {
  for (size_t i = 0; i < n; i++) to[i] = (uint8_t)rng_u32(r);
}

bool attack_keys(attack_stage_t *s) {
  static const uint16_t slot[] = {ATTACK_ASID, ATTACK_ASID_EVIL, 0};
  for (uint32_t i = 0; i < 3; i++) {
    uint8_t k1[32];
    uint8_t k2[32];
    fill(&s->rng, k1, sizeof(k1));
    fill(&s->rng, k2, sizeof(k2));
    if (i == 0) {
      memcpy(s->k1, k1, sizeof(k1));
      memcpy(s->k2, k2, sizeof(k2));
    }
    if (bench_key_load(s->b, slot[i], k1, k2) != 0 || bench_slot_activate(s->b, slot[i]) != 0) return false;
  }
  return true;
}

bool attack_table_registers(attack_stage_t *s) {
  return bench_rmp_registers(s->b, TABLE_BASE, TABLE_END) &&
         bench_sp_write(s->b, RMP_REG_CTRL, RMP_CTRL_VMPL_EN | RMP_CTRL_IOMMU_SNP, NULL);
}

bool attack_table_firmware(attack_stage_t *s) {
  const uint32_t pages = (uint32_t)((TABLE_END - TABLE_BASE + 1) >> 12);
  return bench_rmp_write(s->b, rmp_entry_at(TABLE_BASE, TABLE_BASE), pages, rmp_words_firmware());
}

static bool start_snp(attack_stage_t *s) {
  uint32_t state = RMP_OFF;
  if (!attack_table_registers(s) || bench_rmp_cmd(s->b, RMP_FENCE, NULL) != 0 ||
      bench_rmp_cmd(s->b, RMP_FLUSH_DONE, NULL) != 0 || !attack_table_firmware(s))
    return false;
  for (uint32_t op = RMP_TABLE_DONE; op <= RMP_FLUSH2_DONE; op++) {
    if (bench_rmp_cmd(s->b, op, &state) != 0) return false;
  }
  return state == RMP_READY;
}

// RMPUPDATE of the host, PVALIDATE of the victim.
static bool give(attack_stage_t *s, uint64_t spa, uint64_t gpa_page, bool validated) {
  insn_port_t done;
  insn_req_t q;
  memset(&q, 0, sizeof(q));
  q.pins.op = CBIT_INSN_RMPUPDATE;
  q.pins.rax = spa;
  le64_store(q.pins.arg, gpa_page << 12);
  q.pins.arg[8] = 1;  // Assigned
  q.pins.arg[12] = ATTACK_ASID;
  if (!bench_insn(s->b, 0, &q, &done) || done.ans.kind != CBIT_RMP_PASS || done.ans.code != 0) return false;
  if (!validated) return true;
  memset(&q, 0, sizeof(q));
  q.pins.op = CBIT_INSN_PVALIDATE;
  q.pins.rax = gpa_page << 12;
  q.pins.asid = ATTACK_ASID;
  q.pins.snp_active = 1;
  q.pins.ec = 1;
  q.pins.spa_page = spa >> 12;
  q.pins.gpa_page = gpa_page;
  q.pins.arg[8] = 1;
  return bench_insn(s->b, 0, &q, &done) && done.ans.kind == CBIT_RMP_PASS && done.ans.code == 0 && done.ans.cf == 0;
}

void attack_give(attack_stage_t *s, uint64_t spa, uint64_t gpa_page, bool validated) {
  if (!give(s, spa, gpa_page, validated))
    bench_fail(s->b, "SETUP page 0x%llx cannot be given to the victim", (unsigned long long)spa);
}

static bool open_stage(attack_stage_t *s, bool own_start) {
  if (!bench_reset(s->b) || !attack_keys(s)) return false;
  if (!bench_ctrl(s->b, CBIT_MODE_XTS_L64, s->prot != ATTACK_PLAIN, false)) return false;
  if (s->prot != ATTACK_SNP || own_start) return true;
  if (!start_snp(s)) return false;
  attack_give(s, SPA_A, GPA_A, true);
  attack_give(s, SPA_B, GPA_B, true);
  return !bench_failed(s->b);
}

bool attack_play(const attack_case_t *t, const bench_opt_t *opt, attack_cell_t *cell, char err[TB_ERR_LEN]) {
  attack_stage_t s = {.prot = t->prot, .cell = cell};
  memset(cell, 0, sizeof(*cell));
  s.b = bench_open(opt, err);
  if (s.b == NULL) return false;
  rng_seed(&s.rng, opt->seed);
  fill(&s.rng, s.now, ATTACK_LEN);
  fill(&s.rng, s.old, ATTACK_LEN);
  fill(&s.rng, s.other, ATTACK_LEN);
  fill(&s.rng, s.junk, ATTACK_LEN);
  cell->run = true;
  if (!open_stage(&s, t->own_start)) bench_fail(s.b, "SETUP keys, registers or start-up of the table were refused");
  if (!bench_failed(s.b)) t->play(&s);
  if (!bench_failed(s.b)) (void)bench_drain(s.b);
  cell->cycles = bench_cycle(s.b);
  cell->failed = bench_failed(s.b);
  if (cell->failed) {
    snprintf(cell->reason, sizeof(cell->reason), "%.400s", bench_reason(s.b));
    bench_report(s.b, stderr);
  }
  if (!bench_close(s.b) && !cell->failed) {
    cell->failed = true;
    snprintf(cell->reason, sizeof(cell->reason), "nothing was compared");
  }
  return true;
}

// ---- who ----------------------------------------------------------------------------------------------------------

cbit_attr_t attack_guest(const attack_stage_t *s, uint64_t gpa_page) {
  cbit_attr_t a = {.requester = CBIT_REQ_GUEST, .asid = ATTACK_ASID, .gpa_page = gpa_page};
  a.ncbit = s->prot == ATTACK_SME;  // SME: the host sets the C-bit in the nested tables
  a.cbit = s->prot >= ATTACK_SEV;
  a.snp = s->prot == ATTACK_SNP;
  a.page_size = s->big;
  return a;
}

cbit_attr_t attack_host(bool cbit) { return (cbit_attr_t){.requester = CBIT_REQ_HOST, .cbit = cbit}; }

// ---- what is seen -------------------------------------------------------------------------------------------------

static void keep_fault(attack_stage_t *s, const bench_rsp_t *rsp) {
  attack_cell_t *c = s->cell;
  const bench_fault_t *f = &rsp->record;
  if (rsp->fault == 0) return;
  for (uint32_t i = 0; i < c->faults; i++) {
    if (c->fault[i].code == f->code && c->fault[i].row == f->row && c->fault[i].why == f->why) return;
  }
  if (c->faults < ATTACK_FAULTS) c->fault[c->faults++] = *f;
}

attack_seen_t attack_tell(const attack_stage_t *s, const uint8_t *data, uint64_t spa) {
  static const uint8_t zeros[ATTACK_LEN];
  uint8_t dram[ATTACK_LEN];
  if (memcmp(data, s->now, ATTACK_LEN) == 0) return SEEN_OWN;
  if (memcmp(data, s->old, ATTACK_LEN) == 0) return SEEN_OLD;
  if (memcmp(data, s->other, ATTACK_LEN) == 0) return SEEN_OTHER;
  if (memcmp(data, s->junk, ATTACK_LEN) == 0) return SEEN_JUNK;
  if (memcmp(data, zeros, ATTACK_LEN) == 0) return SEEN_ZEROS;
  uint32_t bits = 0;
  for (uint32_t i = 0; i < ATTACK_LEN; i++) bits += (uint32_t)__builtin_popcount(data[i] ^ s->now[i]);
  if (bits == 1) return SEEN_FLIPPED;
  dram_peek(bench_dram(s->b), spa, dram, ATTACK_LEN);
  return memcmp(data, dram, ATTACK_LEN) == 0 ? SEEN_CIPHER : SEEN_NOISE;
}

void attack_verdict(attack_stage_t *s, attack_verdict_t v) {
  if (v > s->cell->verdict) s->cell->verdict = v;
}

void attack_note(attack_stage_t *s, const char *format, ...) {
  va_list ap;
  va_start(ap, format);
  const size_t n = strlen(s->cell->note);
  if (n > 0 && n + 3 < sizeof(s->cell->note)) memcpy(s->cell->note + n, "; ", 3);
  const size_t at = strlen(s->cell->note);
  vsnprintf(s->cell->note + at, sizeof(s->cell->note) - at, format, ap);
  va_end(ap);
}

// ---- accesses -----------------------------------------------------------------------------------------------------

void attack_own(attack_stage_t *s, uint64_t gpa_page, uint64_t spa, const uint8_t *data) {
  uint8_t back[ATTACK_LEN] = {0};
  const cbit_attr_t who = attack_guest(s, gpa_page);
  const bench_rsp_t w = bench_write(s->b, &who, spa + ATTACK_OFFSET, data, ATTACK_LEN, NULL);
  const bench_rsp_t r = bench_read(s->b, &who, spa + ATTACK_OFFSET, back, ATTACK_LEN, NULL);
  if (w.resp != 0 || r.resp != 0 || memcmp(back, data, ATTACK_LEN) != 0)
    bench_fail(s->b, "SETUP the victim does not get its own data at 0x%llx (responses %u, %u)", (unsigned long long)spa,
               w.resp, r.resp);
}

void attack_victim_write(attack_stage_t *s, uint64_t gpa_page, uint64_t spa, const uint8_t *data) {
  const cbit_attr_t who = attack_guest(s, gpa_page);
  const bench_rsp_t rsp = bench_write(s->b, &who, spa + ATTACK_OFFSET, data, ATTACK_LEN, NULL);
  keep_fault(s, &rsp);
}

attack_verdict_t attack_victim_read(attack_stage_t *s, uint64_t gpa_page, uint64_t spa) {
  uint8_t data[ATTACK_LEN] = {0};
  const cbit_attr_t who = attack_guest(s, gpa_page);
  const bench_rsp_t rsp = bench_read(s->b, &who, spa + ATTACK_OFFSET, data, ATTACK_LEN, NULL);
  keep_fault(s, &rsp);
  const attack_seen_t seen = attack_tell(s, data, spa + ATTACK_OFFSET);
  // An error tells the victim; its own data means that nothing happened. Zeros without an error are none of its data.
  const attack_verdict_t v = rsp.resp != 0 || seen == SEEN_OWN ? ATTACK_STOPPED
                             : seen == SEEN_NOISE || seen == SEEN_CIPHER || seen == SEEN_ZEROS ? ATTACK_NOISE
                                                                                              : ATTACK_SUCCEEDS;
  attack_cell_t *c = s->cell;
  if (c->victim == SEEN_NOTHING || v > c->verdict) {
    c->victim = seen;
    c->victim_error = rsp.resp != 0;
    c->addr = spa + ATTACK_OFFSET;
  }
  attack_verdict(s, v);
  return v;
}

// How good a sight is for the attacker.
static attack_verdict_t worth(attack_seen_t seen) {
  if (seen == SEEN_OWN || seen == SEEN_OLD || seen == SEEN_OTHER || seen == SEEN_FLIPPED) return ATTACK_SUCCEEDS;
  return seen == SEEN_CIPHER || seen == SEEN_NOISE ? ATTACK_NOISE : ATTACK_STOPPED;
}

void attack_saw(attack_stage_t *s, attack_seen_t seen, bool error) {
  attack_cell_t *c = s->cell;
  // Of two sights of the same worth the ciphertext itself tells more than noise.
  const bool better = worth(seen) > worth(c->attacker) || (seen == SEEN_CIPHER && c->attacker == SEEN_NOISE);
  if (c->attacker != SEEN_NOTHING && !better) return;
  c->attacker = seen;
  c->attacker_error = error;
}

void attack_read(attack_stage_t *s, const cbit_attr_t *who, uint64_t spa, uint8_t *keep) {
  uint8_t data[ATTACK_LEN] = {0};
  const bench_rsp_t rsp = bench_read(s->b, who, spa + ATTACK_OFFSET, data, ATTACK_LEN, NULL);
  keep_fault(s, &rsp);
  if (keep != NULL) {
    memcpy(keep, data, ATTACK_LEN);
    return;
  }
  const attack_seen_t seen = attack_tell(s, data, spa + ATTACK_OFFSET);
  attack_saw(s, seen, rsp.resp != 0);
  attack_verdict(s, worth(seen));
  s->cell->addr = spa + ATTACK_OFFSET;
}

bool attack_write(attack_stage_t *s, const cbit_attr_t *who, uint64_t spa, const void *data, size_t len) {
  const bench_rsp_t rsp = bench_write(s->b, who, spa, data, len, NULL);
  keep_fault(s, &rsp);
  const bool taken = rsp.ok && rsp.resp == 0;
  s->cell->taken += taken;
  s->cell->refused += !taken;
  return taken;
}

// ---- the bus ------------------------------------------------------------------------------------------------------

static void on_beat(void *arg, bool write, uint64_t addr, const uint8_t *data, uint64_t strb, uint32_t bytes) {
  attack_stage_t *s = arg;
  if (!write) return;
  for (uint32_t i = 0; i < bytes; i++) {
    const uint64_t at = (addr & ~(uint64_t)(bytes - 1)) + i;
    if ((strb >> i & 1) == 0 || at < s->cell->addr || at >= s->cell->addr + ATTACK_LEN) continue;
    s->bus[at - s->cell->addr] = data[i];
  }
}

void attack_watch(attack_stage_t *s, uint64_t spa) {
  s->cell->addr = spa + ATTACK_OFFSET;
  dram_set_probe(bench_dram(s->b), on_beat, s);
}
