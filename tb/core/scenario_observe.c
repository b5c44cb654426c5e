// SPDX-License-Identifier: Apache-2.0
//
// scenario_observe.c - what an attack came to: the bytes that attacker and victim see, who refused (scenario_int.h)
//
// The outcome follows from bytes and answers alone, never from what the scenario expects. Several `observe` steps: the
// worst counts, refusals are collected.
#include <ctype.h>
#include <stdarg.h>
#include <string.h>

#include "cbit_rmp.h"
#include "core/scenario_int.h"
#include "util/stats.h"

const char *scn_verdict_name(scn_verdict_t v) {
  static const char *const name[] = {"stopped", "noise", "succeeds"};
  return (unsigned)v < 3 ? name[v] : "?";
}

void scn_outcome_by(const scn_outcome_t *o, char *to, size_t size) {
  static const char *const head[] = {"", "encryption", "nothing"};
  size_t at = (size_t)snprintf(to, size, "%s", head[o->verdict]);
  for (uint32_t i = 0; i < o->refusals && at < size; i++) {
    const char *sep = i > 0 ? ", " : o->verdict != SCN_STOPPED ? "; refused besides: " : "";
    at += (size_t)snprintf(to + at, size - at, "%s%s%s%s", sep, o->refusal[i].by, o->refusal[i].fault[0] != '\0' ? " " : "",
                           o->refusal[i].fault);
  }
  if (to[0] == '\0') snprintf(to, size, "no refusal");
}

// ---- refusals -----------------------------------------------------------------------------------------------------

static bool refused(const scn_last_t *l) {
  if (l->cpu) return l->trap.end != VCPU_DONE;
  if (l->insn) return l->ans.kind != CBIT_RMP_PASS || l->ans.code != 0;
  if (l->command) return l->refused || l->error != 0;
  return l->access && l->resp > 1;
}

static void upper(char *to, size_t size, const char *words) {
  size_t n = 0;
  const char *from = strncmp(words, "guest ", 6) == 0 ? words + 6 : words;
  for (; *from != '\0' && n + 1 < size; from++) to[n++] = (char)toupper((unsigned char)*from);
  to[n] = '\0';
}

static void by_cpu(const vcpu_result_t *t, char *by, size_t size, char *fault, size_t fault_size) {
  static const char *const tables[] = {"", "page tables", "nested tables"};
  if (t->record.code != 0) bench_fault_by(&t->record, by, size, fault, fault_size);
  else snprintf(by, size, "%s", t->end == VCPU_INVALID ? "VMRUN" : t->end <= VCPU_NPF ? tables[t->end] : "memory");
  if (t->end == VCPU_REFUSED) fault[0] = '\0';  // no exception of a processor
  else if (t->error != 0) snprintf(fault, fault_size, "%s 0x%llx", vcpu_end_name(t->end), (unsigned long long)t->error);
  else snprintf(fault, fault_size, "%s", vcpu_end_name(t->end));
}

static void by_insn(const scn_exec_t *x, char *by, size_t size, char *fault, size_t fault_size) {
  const cbit_insn_answer_t *a = &x->last.ans;
  const char *words = x->acted->spec->words;
  char name[24];
  upper(name, sizeof(name), words);
  if (a->kind == CBIT_RMP_PASS) {
    snprintf(by, size, "%s %s", name, scn_code_name(strcmp(name, "PSMASH") == 0 ? CBIT_INSN_PSMASH : 0, a->code));
    return;
  }
  snprintf(by, size, "%s", name);
  snprintf(fault, fault_size, "%s%s 0x%llx", a->kind <= CBIT_RMP_GP ? "#" : "",
           cbit_rmp_verdict_name((cbit_rmp_verdict_kind_t)a->kind), (unsigned long long)a->error);
}

static void by_command(const scn_exec_t *x, char *by, size_t size) {
  static const char *const rmp[] = {"FENCE", "FLUSH_DONE", "TABLE_DONE", "VERIFY", "SNP_EN", "FLUSH2_DONE"};
  const scn_step_t *st = x->acted;
  const scn_op_t op = st->spec->op;
  const bool key = op >= SCN_OP_KEY_OPEN && op <= SCN_OP_KEY_WIPE_ALL;
  const bool boot = op == SCN_OP_RMP_START || (op == SCN_OP_RMP_COMMAND && scn_arg(st, "op")->num == 4);
  if (op == SCN_OP_ALIAS_CHECK || (boot && x->alias_found)) snprintf(by, size, "alias check");
  else if (op == SCN_OP_RMP_COMMAND) snprintf(by, size, "%s", rmp[scn_arg(st, "op")->num % 6]);
  else if (key) snprintf(by, size, "key store %s", bench_key_err_name(x->last.error));
  else upper(by, size, st->spec->words);
}

static void add_refusal(scn_exec_t *x) {
  scn_outcome_t *o = &x->outcome;
  char by[sizeof(o->refusal[0].by)] = "";
  char fault[sizeof(o->refusal[0].fault)] = "";
  const scn_last_t *l = &x->last;
  if (l->cpu) by_cpu(&l->trap, by, sizeof(by), fault, sizeof(fault));
  else if (l->insn) by_insn(x, by, sizeof(by), fault, sizeof(fault));
  else if (l->command) by_command(x, by, sizeof(by));
  else if (l->record.code != 0) bench_fault_by(&l->record, by, sizeof(by), fault, sizeof(fault));
  else snprintf(by, sizeof(by), "memory");
  scn_note(x, "refused by %s%s%s", by, fault[0] != '\0' ? " " : "", fault);
  for (uint32_t i = 0; i < o->refusals; i++) {
    if (strcmp(o->refusal[i].by, by) == 0 && strcmp(o->refusal[i].fault, fault) == 0) return;
  }
  if (o->refusals == SCN_REFUSALS) return;
  memcpy(o->refusal[o->refusals].by, by, sizeof(by));
  memcpy(o->refusal[o->refusals++].fault, fault, sizeof(fault));
}

// ---- what was seen ------------------------------------------------------------------------------------------------

static void saw(scn_exec_t *x, scn_verdict_t v, const char *who, const char *what) {
  scn_outcome_t *o = &x->outcome;
  const size_t n = strlen(o->seen);
  char text[96];
  snprintf(text, sizeof(text), "%s %s", who, what);
  scn_note(x, "%s: %s", text, scn_verdict_name(v));
  if (strstr(o->seen, text) == NULL) snprintf(o->seen + n, sizeof(o->seen) - n, "%s%s", n > 0 ? "; " : "", text);
  if (!o->observed || v > o->verdict) {
    o->verdict = v;
    o->addr = x->last.addr;
  }
  o->observed = true;
}

// The bytes of the step are those of `d`, or 16 bytes of them are at their place.
static bool same(scn_exec_t *x, const scn_data_t *d, bool part, bool *equal) {
  scn_bytes_t want;
  const scn_bytes_t *got = &x->last.bytes;
  if (got->data == NULL || got->len == 0) {
    scn_fail(x, "the step before gave no bytes");
    return false;
  }
  if (!scn_value(x, d, got->len, &want)) return false;
  if (want.len != got->len) {
    scn_fail(x, "%zu bytes were seen, compared with %zu", got->len, want.len);
    scn_bytes_free(&want);
    return false;
  }
  *equal = memcmp(got->data, want.data, got->len) == 0 || (part && stats_common(got->data, want.data, got->len) > 0);
  scn_bytes_free(&want);
  return true;
}

static bool zeros(const scn_bytes_t *b) {
  size_t n = 0;
  while (n < b->len && b->data[n] == 0) n++;
  return n == b->len;
}

static bool as_in_dram(scn_exec_t *x) {
  uint8_t dram[256];
  const scn_bytes_t *b = &x->last.bytes;
  if (!x->last.addr_known || b->len > sizeof(dram) || !bench_drain(x->b)) return false;
  dram_peek(bench_dram(x->b), x->last.addr, dram, b->len);
  return memcmp(dram, b->data, b->len) == 0;
}

static void attacker(scn_exec_t *x, const scn_step_t *st) {
  bool equal = false;
  if (refused(&x->last)) {
    add_refusal(x);
    saw(x, SCN_STOPPED, "attacker got", "an error");
  } else if (same(x, scn_arg(st, "data")->data, true, &equal)) {
    if (equal) saw(x, SCN_SUCCEEDS, "attacker got", "plaintext");
    else if (zeros(&x->last.bytes)) saw(x, SCN_STOPPED, "attacker got", "zeros");
    else saw(x, SCN_NOISE, "attacker got", as_in_dram(x) ? "ciphertext" : "noise");
  }
}

static void victim(scn_exec_t *x, const scn_step_t *st) {
  const scn_val_t *planted = scn_arg(st, "planted");
  bool own = false;
  bool theirs = false;
  if (refused(&x->last)) {
    add_refusal(x);
    saw(x, SCN_STOPPED, "victim got", "an error");
  } else if (same(x, scn_arg(st, "data")->data, false, &own)) {
    if (own) saw(x, SCN_STOPPED, "victim saw", "its data");
    else if (planted->set && !same(x, planted->data, true, &theirs)) return;
    else if (theirs) saw(x, SCN_SUCCEEDS, "victim saw", "what the attacker chose");
    else saw(x, SCN_NOISE, "victim saw", zeros(&x->last.bytes) ? "zeros" : "noise");
  }
}

static void attempt(scn_exec_t *x) {
  const scn_last_t *l = &x->last;
  if (!l->cpu && !l->insn && !l->command && !l->access) {
    scn_fail(x, "the step before is none that can be refused");
  } else if (refused(l)) {
    add_refusal(x);
    saw(x, SCN_STOPPED, "attempt", "refused");
  } else {
    scn_note(x, "it was taken");
  }
}

static void guess(scn_exec_t *x, const scn_step_t *st) {
  bool equal = false;
  const uint64_t cmp = scn_arg(st, "cmp")->num;
  if (cmp != SCN_EQ && cmp != SCN_NE) {
    scn_fail(x, "data is compared with == or != only");
    return;
  }
  if (refused(&x->last)) {
    add_refusal(x);
    saw(x, SCN_STOPPED, "attacker got", "an error");
  } else if (same(x, scn_arg(st, "data")->data, false, &equal)) {
    const bool learned = equal == (cmp == SCN_EQ);
    saw(x, learned ? SCN_SUCCEEDS : SCN_STOPPED, "attacker learned",
        !learned ? "nothing" : equal ? "that equal data is there" : "that other data is there");
  }
}

static void denial(scn_exec_t *x) {
  const vcpu_result_t *t = &x->last.trap;
  if (!x->last.cpu) {
    scn_fail(x, "the step before was no access of a processor");
  } else if (t->end != VCPU_DONE) {
    char what[64];
    snprintf(what, sizeof(what), "cannot go on: %s", vcpu_end_name(t->end));
    saw(x, SCN_SUCCEEDS, "victim", what);
  } else {
    saw(x, SCN_STOPPED, "victim", "goes on");
  }
}

static void expect_outcome(scn_exec_t *x, const scn_step_t *st) {
  char by[512];
  const scn_outcome_t *o = &x->outcome;
  const scn_val_t *want = scn_arg(st, "by");
  const scn_verdict_t v = (scn_verdict_t)scn_arg(st, "outcome")->num;
  if (!o->observed) {
    scn_fail(x, "nothing was observed yet");
    return;
  }
  scn_outcome_by(o, by, sizeof(by));
  scn_note(x, "%s by %s", scn_verdict_name(o->verdict), by);
  if (o->verdict != v) scn_fail(x, "expected %s", scn_verdict_name(v));
  else if (want->set && strstr(by, want->text) == NULL) scn_fail(x, "expected by '%.100s'", want->text);
}

void scn_observe_step(scn_exec_t *x, const scn_step_t *st) {
  switch (st->spec->op) {
    case SCN_OP_OBSERVE_ATTACKER: attacker(x, st); break;
    case SCN_OP_OBSERVE_VICTIM: victim(x, st); break;
    case SCN_OP_OBSERVE_ATTEMPT: attempt(x); break;
    case SCN_OP_OBSERVE_GUESS: guess(x, st); break;
    case SCN_OP_OBSERVE_DENIAL: denial(x); break;
    default: expect_outcome(x, st); break;
  }
}
