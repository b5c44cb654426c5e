// SPDX-License-Identifier: Apache-2.0
//
// scenario_rmp.c - start-up of the RMP check, entries, marks and RMP instructions of a scenario (scenario_int.h)
//
// An instruction is judged at once: it must end with code 0 unless an expectation below it speaks of its end.
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "core/rmp_boot.h"
#include "core/scenario_int.h"
#include "util/bytes.h"

const char *scn_code_name(unsigned op, unsigned code) {
  static const char *const name[] = {"SUCCESS", "FAIL_INPUT", "FAIL_PERMISSION", "FAIL_INUSE", "FAIL_OVERLAP", "5",
                                     "FAIL_SIZEMISMATCH"};
  if (code == CBIT_RMP_FAIL_BADADDR && op == CBIT_INSN_PSMASH) return "FAIL_BADADDR";
  return code < sizeof(name) / sizeof(name[0]) ? name[code] : "?";
}

// ---- set-up -----------------------------------------------------------------------------------------------------

// The order of docs/units/rmp_init.md; the firmware's table has its own pages and nothing else.
static void start(scn_exec_t *x, const scn_step_t *st) {
  const uint64_t base = scn_arg(st, "base")->num;
  const uint64_t end = scn_arg(st, "end")->num | 0x1fff;
  const uint32_t ctrl = (scn_flag(st, "vmpl", true) ? 1u : 0u) | (scn_flag(st, "iommu", true) ? 4u : 0u);
  uint32_t error = 0;
  if (end < base || (end - base) >> 32 != 0) {
    scn_fail(x, "a table of 4 GiB at most is expected");
    return;
  }
  if (x->alias_found) {
    scn_boot_refuse(x, st);
    return;
  }
  x->rmp_base = base;
  x->rmp_end = end;
  bool good = bench_rmp_registers(x->b, base, end) && bench_sp_write(x->b, RMP_REG_CTRL, ctrl, NULL);
  for (uint32_t op = RMP_FENCE; good && op <= RMP_FLUSH2_DONE && error == 0; op++) {
    if (op == RMP_TABLE_DONE) good = scn_rmp_fill(x);
    if (good) error = bench_rmp_cmd(x->b, op, NULL);
    good = good && error != RMP_ERR_FAILED;
  }
  x->last.access = x->last.insn = false;
  x->last.command = true;
  x->last.refused = !good;
  x->last.error = error;
  if (bench_failed(x->b)) return;
  if (!good || error != 0) {
    scn_fail(x, good ? "a command of the start-up ended with error %u" : "the start-up was refused", error);
    return;
  }
  scn_cpu_flush(x);  // part of the start-up
  scn_note(x, "checks are on");
}

static void entry(scn_exec_t *x, const scn_step_t *st) {
  const rmp_words_t w = {scn_arg(st, "q1")->num, scn_arg(st, "q2")->num};
  if (!bench_rmp_write(x->b, rmp_entry_at(x->rmp_base, scn_arg(st, "address")->num), 1, w) && !bench_failed(x->b))
    scn_fail(x, "the write of the entry was refused");
  scn_cpu_flush(x);  // a store of the AMD-SP causes no inv: its firmware has the TLBs emptied
}

static void look(scn_exec_t *x, const scn_step_t *st) {
  uint8_t *raw = log_alloc(CBIT_RMP_ENTRY_BYTES);
  if (!bench_drain(x->b)) {
    free(raw);
    return;
  }
  const uint64_t at = rmp_entry_at(x->rmp_base, scn_arg(st, "address")->num);
  dram_peek(bench_dram(x->b), at, raw, CBIT_RMP_ENTRY_BYTES);
  scn_note(x, "0x%llx:0x%llx", (unsigned long long)le64_load(raw), (unsigned long long)le64_load(raw + 8));
  scn_last_set(x, raw, CBIT_RMP_ENTRY_BYTES);
  x->last.access = x->last.command = x->last.insn = false;
}

static void mark(scn_exec_t *x, const scn_step_t *st) {
  insn_mark_t m = {.slot = (uint8_t)scn_arg(st, "slot")->num, .set = st->spec->op == SCN_OP_RMP_MARK};
  m.page = scn_arg(st, "address")->num >> 12;
  (void)bench_insn_mark_now(x->b, &m);
}

// ---- instructions -----------------------------------------------------------------------------------------------

static bool operand(scn_exec_t *x, const scn_step_t *st, uint8_t arg[16]) {
  if (!scn_arg(st, "operand")->set) {
    le64_store(arg, scn_arg(st, "gpa")->num);
    le64_store(arg + 8, (uint64_t)scn_flag(st, "assigned", true) | scn_arg(st, "size")->num << 8 |
                       (uint64_t)scn_flag(st, "immutable", false) << 16 | scn_arg(st, "asid")->num << 32);
    return true;
  }
  scn_bytes_t b;
  if (!scn_value(x, scn_arg(st, "operand")->data, 16, &b)) return false;
  const bool fits = b.len == 16;
  if (fits) memcpy(arg, b.data, 16);
  else scn_fail(x, "an operand has 16 bytes, here are %zu", b.len);
  scn_bytes_free(&b);
  return fits;
}

uint64_t scn_insn_rdx(const scn_step_t *st, unsigned op) {
  const uint64_t target = scn_arg(st, "target")->num;
  if (op == CBIT_INSN_PVALIDATE) return scn_flag(st, "validated", true);
  if (op == CBIT_INSN_RMPQUERY) return target;
  return target | scn_arg(st, "perms")->num << 8 | (uint64_t)scn_flag(st, "vmsa", false) << 16;
}

static bool request(scn_exec_t *x, const scn_step_t *st, insn_req_t *r) {
  cbit_insn_t *p = &r->pins;
  const uint64_t addr = scn_arg(st, "address")->num;
  memset(r, 0, sizeof(*r));
  p->op = (uint8_t)(st->spec->op - SCN_OP_RMPUPDATE);
  p->rax = addr;
  p->cpl = (uint8_t)scn_arg(st, "cpl")->num;
  if (p->op == CBIT_INSN_RMPUPDATE) return operand(x, st, p->arg);
  if (p->op < CBIT_INSN_PVALIDATE) return true;
  const cbit_attr_t *who = &x->s->who[scn_arg(st, "requester")->num].attr;
  p->cpl = who->user_mode != 0 ? 3 : 0;
  p->asid = who->asid;
  p->vmpl = who->vmpl;
  p->snp_active = who->snp != 0;
  p->ec = scn_flag(st, "ec", true);
  p->spa_page = addr >> 12;
  p->gpa_page = scn_arg(st, "gpa")->num >> 12;
  if (scn_arg(st, "gva")->set) p->rax = scn_arg(st, "gva")->num;
  le64_store(p->arg, scn_arg(st, "size")->num);
  le64_store(p->arg + 8, scn_insn_rdx(st, p->op));
  return true;
}

static void note_answer(scn_exec_t *x, unsigned op) {
  const cbit_insn_answer_t *a = &x->last.ans;
  const unsigned long long cycles = x->last.cycles;
  if (a->kind != CBIT_RMP_PASS) {
    scn_note(x, "%s", cbit_rmp_verdict_name((cbit_rmp_verdict_kind_t)a->kind));
    if (a->error != 0) scn_note(x, "error 0x%llx", (unsigned long long)a->error);
  } else {
    scn_note(x, "%s%s, %llu cycles", scn_code_name(op, a->code), a->cf ? ", CF" : "", cycles);
  }
}

void scn_insn_done(scn_exec_t *x, const scn_step_t *st, const insn_port_t *done) {
  x->last.access = x->last.command = false;
  x->last.insn = true;
  x->last.ans = done->ans;
  x->last.cycles = done->c_valid - done->c_ask;
  uint8_t *out = log_alloc(sizeof(done->ans.out));
  memcpy(out, done->ans.out, sizeof(done->ans.out));
  scn_last_set(x, out, sizeof(done->ans.out));
  note_answer(x, done->req.pins.op);
  if (!st->expects_bad && (done->ans.kind != CBIT_RMP_PASS || done->ans.code != 0)) scn_fail(x, "the instruction failed");
}

static void instruction(scn_exec_t *x, const scn_step_t *st) {
  insn_req_t r;
  insn_port_t done;
  if (!request(x, st, &r)) return;
  const uint32_t port = (uint32_t)scn_arg(st, "port")->num;
  if (port >= bench_cfg(x->b)->rmp_insn) scn_fail(x, "this configuration has %u instruction ports", bench_cfg(x->b)->rmp_insn);
  else if (bench_insn(x->b, port, &r, &done)) scn_insn_done(x, st, &done);
}

void scn_rmp_step(scn_exec_t *x, const scn_step_t *st) {
  const cbit_cyc_cfg_t *c = bench_cfg(x->b);
  const bool check = st->spec->op <= SCN_OP_RMP_LOOK;
  if (check ? c->rmp == 0 : c->rmp_insn == 0) {
    scn_fail(x, check ? "this configuration has no RMP check (Rmp=1 in sim/configs.list)"
                      : "this configuration has no RMP instructions (RmpInsn in sim/configs.list)");
    return;
  }
  switch (st->spec->op) {
    case SCN_OP_RMP_START: start(x, st); break;
    case SCN_OP_RMP_ENTRY: entry(x, st); break;
    case SCN_OP_RMP_LOOK: look(x, st); break;
    case SCN_OP_RMP_MARK:
    case SCN_OP_RMP_CLEAR: mark(x, st); break;
    default: instruction(x, st); break;
  }
}

// ---- judging ----------------------------------------------------------------------------------------------------

static void expect_code(scn_exec_t *x, const scn_step_t *st) {
  static const uint8_t code[] = {0, 1, 2, 3, 4, 4, 6};
  const cbit_insn_answer_t *a = &x->last.ans;
  const uint8_t want = code[scn_arg(st, "code")->num % 7];
  if (a->kind != CBIT_RMP_PASS) {
    scn_fail(x, "it ended with %s, not with a code", cbit_rmp_verdict_name((cbit_rmp_verdict_kind_t)a->kind));
    return;
  }
  scn_note(x, "code %u", a->code);
  if (a->code != want) scn_fail(x, "expected %u", want);
}

static void expect_end(scn_exec_t *x, const scn_step_t *st) {
  static const uint8_t kind[] = {CBIT_RMP_PASS, CBIT_RMP_NPF, CBIT_RMP_VC, CBIT_RMP_GP, CBIT_RMP_MCE, CBIT_RMP_UD};
  const cbit_insn_answer_t *a = &x->last.ans;
  const uint8_t want = kind[scn_arg(st, "kind")->num % 6];
  const scn_val_t *error = scn_arg(st, "error");
  scn_note(x, "%s", cbit_rmp_verdict_name((cbit_rmp_verdict_kind_t)a->kind));
  if (a->kind != want) scn_fail(x, "expected %s", cbit_rmp_verdict_name((cbit_rmp_verdict_kind_t)want));
  if (error->set && a->error != error->num)
    scn_fail(x, "error is 0x%llx, expected 0x%llx", (unsigned long long)a->error, (unsigned long long)error->num);
}

void scn_rmp_expect(scn_exec_t *x, const scn_step_t *st) {
  if (!x->last.insn) {
    scn_fail(x, "the step before was no RMP instruction");
    return;
  }
  const scn_val_t *cf = scn_arg(st, "cf");
  const scn_val_t *zf = scn_arg(st, "zf");
  switch (st->spec->op) {
    case SCN_OP_EXPECT_CODE: expect_code(x, st); break;
    case SCN_OP_EXPECT_END: expect_end(x, st); break;
    default:
      scn_note(x, "CF %u ZF %u", x->last.ans.cf, x->last.ans.zf);
      if ((cf->set && x->last.ans.cf != (cf->num != 0)) || (zf->set && x->last.ans.zf != (zf->num != 0)))
        scn_fail(x, "expected other flags");
      break;
  }
}
