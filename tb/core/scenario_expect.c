// SPDX-License-Identifier: Apache-2.0
//
// scenario_expect.c - expectations: what a step gave against what the scenario says (scenario_int.h)
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "core/scenario_int.h"
#include "util/stats.h"

#define REG_FAULT_COUNT 0x098u

static const char *const cmp_text[] = {"==", "!=", "<", "<=", ">", ">="};

static bool compare(double a, uint64_t cmp, double b) {
  switch ((scn_cmp_t)cmp) {
    case SCN_EQ: return !(a < b) && !(a > b);
    case SCN_NE: return a < b || a > b;
    case SCN_LT: return a < b;
    case SCN_LE: return a <= b;
    case SCN_GT: return a > b;
    case SCN_GE:
    default: return a >= b;
  }
}

static bool compare_u64(uint64_t a, uint64_t cmp, uint64_t b) {
  const int order = a < b ? -1 : a > b;
  return compare(order, cmp, 0);
}

void scn_judge_number(scn_exec_t *x, const scn_step_t *st, const char *what, uint64_t value) {
  const scn_val_t *v = scn_arg(st, "value");
  scn_note(x, "%s %llu", what, (unsigned long long)value);
  if (!compare_u64(value, scn_arg(st, "cmp")->num, v->num)) {
    scn_fail(x, "expected %s %llu", cmp_text[scn_arg(st, "cmp")->num % 6], (unsigned long long)v->num);
  }
}

static void judge_real(scn_exec_t *x, const scn_step_t *st, const char *what, double value) {
  const scn_val_t *v = scn_arg(st, "value");
  scn_note(x, "%s %.3f", what, value);
  if (!compare(value, scn_arg(st, "cmp")->num, v->real)) {
    scn_fail(x, "expected %s %.3f", cmp_text[scn_arg(st, "cmp")->num % 6], v->real);
  }
}

static bool have_bytes(scn_exec_t *x) {
  if (x->last.bytes.data != NULL && x->last.bytes.len > 0) return true;
  scn_fail(x, "the step before gave no bytes");
  return false;
}

static void expect_data(scn_exec_t *x, const scn_step_t *st) {
  scn_bytes_t want;
  const scn_bytes_t *got = &x->last.bytes;
  const uint64_t cmp = scn_arg(st, "cmp")->num;
  if (cmp != SCN_EQ && cmp != SCN_NE) {
    scn_fail(x, "data is compared with == or != only");
    return;
  }
  if (!have_bytes(x) || !scn_value(x, scn_arg(st, "data")->data, got->len, &want)) return;
  const size_t n = got->len < want.len ? got->len : want.len;
  size_t at = 0;
  while (at < n && got->data[at] == want.data[at]) at++;
  const bool equal = got->len == want.len && at == n;
  if (equal) {
    scn_note(x, "%zu bytes are equal", n);
  } else if (at == n) {
    scn_note(x, "lengths differ: %zu bytes, compared with %zu", got->len, want.len);
  } else {
    size_t differ = 0;
    for (size_t i = at; i < n; i++) differ += got->data[i] != want.data[i];
    scn_note(x, "%zu of %zu bytes differ, first at +0x%zx: %02x, compared with %02x", differ, n, at, (unsigned)got->data[at],
             (unsigned)want.data[at]);
  }
  if (equal != (cmp == SCN_EQ)) scn_fail(x, cmp == SCN_EQ ? "expected equal bytes" : "expected different bytes");
  scn_bytes_free(&want);
}

// The plaintext that the last bytes are judged against: of=, or what was last written there.
static bool plain_of(scn_exec_t *x, const scn_step_t *st, scn_bytes_t *plain) {
  const scn_bytes_t *got = &x->last.bytes;
  plain->data = NULL;
  if (!have_bytes(x)) return false;
  if (scn_arg(st, "of")->set) {
    if (!scn_value(x, scn_arg(st, "of")->data, got->len, plain)) return false;
    if (plain->len >= got->len) return true;
    scn_fail(x, "of= has %zu bytes, needed are %zu", plain->len, got->len);
    scn_bytes_free(plain);
    return false;
  }
  if (!x->last.addr_known) {
    scn_fail(x, "the place of these bytes is not known; name the plaintext with of=");
    return false;
  }
  plain->data = (uint8_t *)log_alloc(got->len);
  plain->len = got->len;
  const size_t known = shadow_read(x->shadow, x->last.addr, plain->data, got->len);
  if (known == got->len) return true;
  scn_fail(x, "%zu of %zu bytes were never written; name the plaintext with of=", got->len - known, got->len);
  scn_bytes_free(plain);
  return false;
}

static void expect_plain(scn_exec_t *x, const scn_step_t *st) {
  scn_bytes_t plain;
  if (!plain_of(x, st, &plain)) return;
  const scn_bytes_t *got = &x->last.bytes;
  if (st->spec->op == SCN_OP_EXPECT_PLAIN) {
    const bool equal = memcmp(got->data, plain.data, got->len) == 0;
    if (equal) scn_note(x, "%zu bytes are the plaintext as written", got->len);
    else scn_fail(x, "not the plaintext: %.2f %% of the bits differ", 100.0 * stats_bits_differ(got->data, plain.data, got->len));
  } else {
    const stats_noise_t s = stats_is_noise(got->data, plain.data, got->len);
    scn_note(x, "%.2f %% of the bits differ from the plaintext, entropy %.3f bits a byte (random data: %.3f)", 100.0 * s.differ,
             s.entropy, stats_entropy_random(got->len));
    if (!s.noise) scn_fail(x, "not noise");
  }
  scn_bytes_free(&plain);
}

static void expect_fault(scn_exec_t *x, const scn_step_t *st) {
  const uint8_t want = (uint8_t)scn_arg(st, "code")->num;
  const scn_last_t *l = &x->last;
  if (l->access) scn_note(x, "%s, record %s", scn_resp_name(l->resp), bench_fault_name(l->fault));
  else scn_note(x, "record %s", bench_fault_name(l->fault));
  if (l->access && want != 0 && l->resp != 2) scn_fail(x, "expected SLVERR");
  if (l->fault != want) scn_fail(x, "expected %s", bench_fault_name(want));
  if (l->access && want != 0 && !l->write && l->bytes.len > 0) {  // a refused read gives zeros
    size_t set = 0;
    for (size_t i = 0; i < l->bytes.len; i++) set += l->bytes.data[i] != 0;
    if (set > 0) scn_fail(x, "a refused read must give zeros, %zu bytes are not", set);
    else scn_note(x, "zeros");
  }
}

static void expect_record(scn_exec_t *x, const scn_step_t *st) {
  const bench_fault_t *f = &x->last.record;
  const struct {
    const char *name;
    uint64_t value;
  } field[] = {{"code", f->code}, {"write", f->write}, {"requester", f->requester}, {"asid", f->asid},
               {"cbit", f->cbit}, {"address", f->addr}, {"id", f->id}, {"kind", f->kind}, {"error", f->error}};
  if (f->code == 0) {
    scn_fail(x, "there is no record");
    return;
  }
  for (size_t i = 0; i < sizeof(field) / sizeof(field[0]); i++) {
    const scn_val_t *v = scn_arg(st, field[i].name);
    if (!v->set) continue;
    if (v->num == field[i].value) scn_note(x, "%s=0x%llx", field[i].name, (unsigned long long)field[i].value);
    else scn_fail(x, "%s is 0x%llx, expected 0x%llx", field[i].name, (unsigned long long)field[i].value, (unsigned long long)v->num);
  }
}

static void expect_resp(scn_exec_t *x, const scn_step_t *st) {
  const uint64_t want = scn_arg(st, "resp")->num;
  if (!x->last.access) {
    scn_fail(x, "the step before was no access");
    return;
  }
  scn_note(x, "%s", scn_resp_name(x->last.resp));
  if (x->last.resp != want) scn_fail(x, "expected %s", scn_resp_name(want));
}

static void expect_command(scn_exec_t *x, const scn_step_t *st) {
  static const uint32_t error[] = {0, 1, 2, 3, 4, 5, 6, 15, BENCH_KEY_ERR_REFUSED};
  static const char *const state[] = {"EMPTY", "LOADED", "ACTIVE", "DRAIN"};
  if (!x->last.command) {
    scn_fail(x, "the step before was no command");
  } else if (st->spec->op == SCN_OP_EXPECT_ERROR) {
    const uint32_t want = error[scn_arg(st, "error")->num % 9];
    scn_note(x, "%s", bench_key_err_name(x->last.error));
    if (x->last.error != want) scn_fail(x, "expected %s", bench_key_err_name(want));
  } else if (st->spec->op == SCN_OP_EXPECT_STATE) {
    const uint64_t want = scn_arg(st, "state")->num;
    scn_note(x, "%s", state[x->last.state & 3]);
    if (x->last.state != want) scn_fail(x, "expected %s", state[want & 3]);
  } else {
    if (x->last.refused) scn_note(x, "refused");
    else scn_fail(x, "it was not refused");
  }
}

static void expect_zeros(scn_exec_t *x) {
  if (!have_bytes(x)) return;
  size_t set = 0;
  for (size_t i = 0; i < x->last.bytes.len; i++) set += x->last.bytes.data[i] != 0;
  if (set == 0) scn_note(x, "%zu bytes are zero", x->last.bytes.len);
  else scn_fail(x, "%zu of %zu bytes are not zero", set, x->last.bytes.len);
}

static void expect_common(scn_exec_t *x, const scn_step_t *st) {
  scn_bytes_t other;
  const scn_bytes_t *got = &x->last.bytes;
  if (!have_bytes(x) || !scn_value(x, scn_arg(st, "data")->data, got->len, &other)) return;
  const size_t n = got->len < other.len ? got->len : other.len;
  char what[96];
  snprintf(what, sizeof(what), "of %zu blocks equal at the same place:", n / 16);
  scn_judge_number(x, st, what, stats_common(got->data, other.data, n));
  scn_bytes_free(&other);
}

static void expect_counter(scn_exec_t *x, const scn_step_t *st) {
  const unsigned i = (unsigned)scn_arg(st, "name")->num % SCN_COUNTERS;
  uint32_t value = 0;
  if (i >= scn_counters(x)) {
    scn_fail(x, "this configuration has no such counter");
    return;
  }
  if (!bench_sp_read(x->b, scn_counter_offset(i), &value, NULL)) return;
  scn_judge_number(x, st, scn_counter_name(i), (uint32_t)(value - x->counter_base[i]));
}

void scn_expect_step(scn_exec_t *x, const scn_step_t *st) {
  const scn_last_t *l = &x->last;
  uint32_t count = 0;
  switch (st->spec->op) {
    case SCN_OP_EXPECT_DATA: expect_data(x, st); break;
    case SCN_OP_EXPECT_ZEROS: expect_zeros(x); break;
    case SCN_OP_EXPECT_PLAIN:
    case SCN_OP_EXPECT_NOISE: expect_plain(x, st); break;
    case SCN_OP_EXPECT_FAULT: expect_fault(x, st); break;
    case SCN_OP_EXPECT_RECORD: expect_record(x, st); break;
    case SCN_OP_EXPECT_RESP: expect_resp(x, st); break;
    case SCN_OP_EXPECT_ERROR:
    case SCN_OP_EXPECT_STATE:
    case SCN_OP_EXPECT_REFUSED: expect_command(x, st); break;
    case SCN_OP_EXPECT_ENTROPY:
      if (have_bytes(x)) judge_real(x, st, "entropy in bits a byte:", stats_entropy(l->bytes.data, l->bytes.len));
      break;
    case SCN_OP_EXPECT_REPEATS:
      if (have_bytes(x)) scn_judge_number(x, st, "16-byte blocks equal to an earlier one:", stats_repeats(l->bytes.data, l->bytes.len));
      break;
    case SCN_OP_EXPECT_DEFLATE:
      if (have_bytes(x)) judge_real(x, st, "deflated to percent:", stats_deflate(l->bytes.data, l->bytes.len));
      break;
    case SCN_OP_EXPECT_COMMON: expect_common(x, st); break;
    case SCN_OP_EXPECT_COUNTER: expect_counter(x, st); break;
    case SCN_OP_EXPECT_LOG:
      if (bench_sp_read(x->b, REG_FAULT_COUNT, &count, NULL)) scn_judge_number(x, st, "records held:", count & 0xff);
      break;
    case SCN_OP_EXPECT_IRQ:
      scn_note(x, "irq is %s", bench_irq(x->b) ? "on" : "off");
      if (bench_irq(x->b) != (scn_arg(st, "on")->num != 0)) scn_fail(x, "expected the opposite");
      break;
    case SCN_OP_EXPECT_CYCLES:
    default: scn_judge_number(x, st, "cycles:", l->cycles); break;
  }
}
