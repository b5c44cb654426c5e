// SPDX-License-Identifier: Apache-2.0
//
// scenario_exec.c - plays the steps of a scenario on a bench (scenario_int.h)
//
// A step that makes something of its own accord is judged at once: an access must be answered with OKAY, a command must
// succeed, unless an expectation below it says otherwise. The first failure of the bench itself (a mismatch) ends the run.
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "core/scenario_int.h"
#include "util/file.h"

#define REG_LOCK 0x014u
#define KEY_STREAM UINT64_C(0x6b657973)  // label of the random stream of a slot's keys

void scn_note(scn_exec_t *x, const char *format, ...) {
  size_t n = strlen(x->note);
  if (n > 0 && n + 3 < sizeof(x->note)) {
    memcpy(x->note + n, "; ", 3);
    n += 2;
  }
  va_list ap;
  va_start(ap, format);
  vsnprintf(x->note + n, sizeof(x->note) - n, format, ap);
  va_end(ap);
}

void scn_fail(scn_exec_t *x, const char *format, ...) {
  char text[512];
  va_list ap;
  va_start(ap, format);
  vsnprintf(text, sizeof(text), format, ap);
  va_end(ap);
  x->bad = true;
  scn_note(x, "%s", text);
}

void scn_last_set(scn_exec_t *x, uint8_t *data, size_t len) {
  scn_bytes_free(&x->last.bytes);
  x->last.bytes.data = data;
  x->last.bytes.len = len;
  x->last.addr_known = false;
}

bool scn_out_file(scn_exec_t *x, const char *name, char *buf, size_t size) {
  char err[FILE_ERR_LEN];
  const char *dir = x->opt->out != NULL ? x->opt->out : "build/out";
  if (!file_make_dirs(dir, err)) {
    scn_fail(x, "%s", err);
    return false;
  }
  if (!file_join(buf, size, dir, name)) {
    scn_fail(x, "file name is too long");
    return false;
  }
  return true;
}

// ---- keys and control ----

// Keys that a scenario does not write itself come from the seed, one stream a slot.
static void draw_keys(scn_exec_t *x, uint64_t slot, uint8_t key[64]) {
  rng_t seed, part;
  rng_seed(&seed, x->opt->bench.seed);
  rng_split(&seed, KEY_STREAM + slot, &part);
  rng_bytes(&part, key, 64);
}

static bool given_key(scn_exec_t *x, const scn_val_t *v, uint8_t *key) {
  if (!v->set) return true;
  scn_bytes_t b;
  const uint32_t len = bench_cfg(x->b)->key_bits / 8;
  if (!scn_value(x, v->data, len, &b)) return false;
  const bool fits = b.len == len;
  if (fits) memcpy(key, b.data, len);
  else scn_fail(x, "a key of this configuration has %u bytes, here are %zu", len, b.len);
  scn_bytes_free(&b);
  return fits;
}

static uint32_t load(scn_exec_t *x, const scn_step_t *st, uint64_t slot) {
  uint8_t key[64];
  draw_keys(x, slot, key);
  if (!given_key(x, scn_arg(st, "k1"), key) || !given_key(x, scn_arg(st, "k2"), key + 32)) return BENCH_KEY_ERR_FAILED;
  const uint32_t error = bench_key_load(x->b, (uint32_t)slot, key, key + 32);
  if (error == CBIT_KEY_OK && slot < x->slots) {
    memcpy(x->keys[slot], key, 64);
    x->key_known[slot] = true;
  }
  return error;
}

static uint32_t run_key(scn_exec_t *x, const scn_step_t *st, uint64_t slot) {
  uint32_t error = 0;
  switch (st->spec->op) {
    case SCN_OP_KEY_OPEN:
      error = load(x, st, slot);
      return error == CBIT_KEY_OK ? bench_slot_activate(x->b, (uint32_t)slot) : error;
    case SCN_OP_KEY_LOAD: return load(x, st, slot);
    case SCN_OP_KEY_GENERATE:
      error = bench_slot_generate(x->b, (uint32_t)slot);
      if (error == CBIT_KEY_OK && slot < x->slots) x->key_known[slot] = false;
      return error;
    case SCN_OP_KEY_ACTIVATE: return bench_slot_activate(x->b, (uint32_t)slot);
    case SCN_OP_KEY_DEACTIVATE: return bench_slot_deactivate(x->b, (uint32_t)slot);
    case SCN_OP_KEY_WIPE: return bench_slot_wipe(x->b, (uint32_t)slot);
    case SCN_OP_KEY_QUERY: return bench_slot_query(x->b, (uint32_t)slot, &x->last.state);
    case SCN_OP_KEY_WIPE_ALL: return bench_wipe_all(x->b);
    case SCN_OP_KEY_FLUSH:
    default: return bench_flush(x->b);
  }
}

void scn_key_step(scn_exec_t *x, const scn_step_t *st) {
  static const char *const state[] = {"EMPTY", "LOADED", "ACTIVE", "DRAIN"};
  const uint64_t from = bench_cycle(x->b);
  x->last.access = x->last.insn = false;
  x->last.command = true;
  x->last.refused = false;
  x->last.error = run_key(x, st, scn_arg(st, "slot")->num);
  if (x->bad || bench_failed(x->b)) return;
  x->last.cycles = bench_cycle(x->b) - from;
  if (st->spec->op == SCN_OP_KEY_QUERY) scn_note(x, "%s", state[x->last.state & 3]);
  else if (x->last.error != CBIT_KEY_OK || st->expects_bad) scn_note(x, "%s", bench_key_err_name(x->last.error));
  else scn_note(x, "done, %llu cycles with its register writes", (unsigned long long)x->last.cycles);
  if (x->last.error != CBIT_KEY_OK && !st->expects_bad) scn_fail(x, "the command failed");
}

static void refused_unless(scn_exec_t *x, const scn_step_t *st, bool done) {
  x->last.access = x->last.insn = false;
  x->last.command = true;
  x->last.refused = !done;
  x->last.error = 0;
  if (bench_failed(x->b)) return;
  if (!done) scn_note(x, "refused");
  if (!done && !st->expects_bad) scn_fail(x, "the register write was answered with SLVERR");
}

static void run_ctrl(scn_exec_t *x, const scn_step_t *st) {
  const scn_val_t *mode = scn_arg(st, "mode"), *smee = scn_arg(st, "smee"), *tsme = scn_arg(st, "tsme");
  const cbit_mode_t m = mode->set ? (cbit_mode_t)(mode->num % 6) : x->mode;
  const bool s = smee->set ? smee->num != 0 : x->smee, t = tsme->set ? tsme->num != 0 : x->tsme;
  const bool done = bench_ctrl(x->b, m, s, t);
  if (done) {
    x->mode = m;
    x->smee = s;
    x->tsme = t;
  }
  refused_unless(x, st, done);
}

static void run_tweaks(scn_exec_t *x, const scn_step_t *st) {
  uint8_t kt[16];
  rng_t r;
  rng_seed(&r, scn_arg(st, "seed")->num);
  rng_bytes(&r, kt, sizeof(kt));
  cbit_tweak_table_t table;
  if (cbit_tweak_table_make(&table, (cbit_tweak_kind_t)scn_arg(st, "kind")->num, kt) != CBIT_OK) {
    scn_fail(x, "no such table");
    return;
  }
  x->last.access = x->last.insn = false;
  x->last.command = true;
  x->last.refused = false;
  x->last.error = bench_tweak_table(x->b, &table);
  if (x->last.error == CBIT_KEY_OK) x->tweaks = table;
  scn_note(x, "%s, rank %u of 48", bench_key_err_name(x->last.error), cbit_tweak_table_rank(&table));
  if (x->last.error != CBIT_KEY_OK && !st->expects_bad) scn_fail(x, "the command failed");
}

static void run_reset(scn_exec_t *x) {
  while (x->flight != NULL) {  // reset drops them
    scn_flight_t *f = x->flight;
    x->flight = f->next;
    free(f);
  }
  bench_reset(x->b);
  scn_cpu_flush(x);
  x->mode = (cbit_mode_t)bench_cfg(x->b)->default_mode;
  x->smee = false;
  x->tsme = false;
  memset(x->counter_base, 0, sizeof(x->counter_base));
}

// ---- DRAM from behind ----

static bool fits(scn_exec_t *x, uint64_t addr, uint64_t len) {
  if (len > 0 && len <= SCN_LENGTH_MAX && addr < UINT64_C(1) << CBIT_SPA_BITS && addr + len <= UINT64_C(1) << CBIT_SPA_BITS) return true;
  scn_fail(x, "the range goes beyond 52 bits of address");
  return false;
}

static void dram_move(scn_exec_t *x, const scn_step_t *st, uint64_t addr, uint64_t len) {
  const uint64_t other = scn_arg(st, "other")->num;
  if (!fits(x, addr, len) || !fits(x, other, len)) return;
  uint8_t *a = (uint8_t *)log_alloc((size_t)len), *b = (uint8_t *)log_alloc((size_t)len);
  dram_peek(bench_dram(x->b), addr, a, (size_t)len);
  dram_peek(bench_dram(x->b), other, b, (size_t)len);
  dram_poke(bench_dram(x->b), other, a, (size_t)len);
  if (st->spec->op == SCN_OP_DRAM_SWAP) dram_poke(bench_dram(x->b), addr, b, (size_t)len);
  free(a);
  free(b);
}

static void dram_tamper(scn_exec_t *x, const scn_step_t *st, uint64_t addr) {
  scn_bytes_t mask = {NULL, 0};
  const uint64_t bit = scn_arg(st, "bit")->num;
  if (scn_arg(st, "xor")->set) {
    if (!scn_value(x, scn_arg(st, "xor")->data, 1, &mask)) return;
  } else {
    mask.data = (uint8_t *)log_alloc(1);
    mask.data[0] = (uint8_t)(1u << (bit & 7));
    mask.len = 1;
    addr += bit / 8;
  }
  if (fits(x, addr, mask.len)) {
    uint8_t *now = (uint8_t *)log_alloc(mask.len);
    dram_peek(bench_dram(x->b), addr, now, mask.len);
    for (size_t i = 0; i < mask.len; i++) now[i] ^= mask.data[i];
    dram_poke(bench_dram(x->b), addr, now, mask.len);
    free(now);
  }
  scn_bytes_free(&mask);
}

static void dram_error(scn_exec_t *x, const scn_step_t *st, uint64_t addr, uint64_t len) {
  dram_opt_t o = *dram_get_opt(bench_dram(x->b));
  memset(o.err, 0, sizeof(o.err));
  if (scn_arg(st, "address")->set) {
    if (!fits(x, addr, len)) return;
    const uint64_t on = scn_arg(st, "on")->set ? scn_arg(st, "on")->num : 2;
    o.err[0] = (dram_err_range_t){addr, addr + len - 1, on != 1, on != 0, 2};
    if (scn_arg(st, "resp")->set) o.err[0].resp = (uint8_t)scn_arg(st, "resp")->num;
  }
  dram_set_opt(bench_dram(x->b), &o);
}

static void dram_timing(scn_exec_t *x, const scn_step_t *st) {
  dram_opt_t o = *dram_get_opt(bench_dram(x->b));
  const scn_val_t *max = scn_arg(st, "max"), *min = scn_arg(st, "min");
  o.latency = (dram_latency_t)scn_arg(st, "latency")->num;
  o.lat_min = (uint32_t)min->num;
  o.lat_max = max->set && max->num > min->num ? (uint32_t)max->num : o.lat_min;
  o.half_duplex = scn_arg(st, "half_duplex")->num != 0;
  o.turnaround = (uint32_t)scn_arg(st, "turnaround")->num;
  o.reorder = scn_arg(st, "reorder")->num != 0;
  o.interleave = scn_arg(st, "interleave")->num != 0;
  const uint8_t stall = (uint8_t)scn_arg(st, "stall")->num;
  o.stall_aw = o.stall_w = o.stall_ar = o.stall_r = o.stall_b = stall;
  dram_set_opt(bench_dram(x->b), &o);
}

static void dram_look(scn_exec_t *x, const scn_step_t *st, uint64_t addr, uint64_t len) {
  if (!fits(x, addr, len)) return;
  uint8_t *data = (uint8_t *)log_alloc((size_t)len);
  dram_peek(bench_dram(x->b), addr, data, (size_t)len);
  if (st->spec->op == SCN_OP_DRAM_SAVE) {
    char path[1024], err[FILE_ERR_LEN];
    if (scn_out_file(x, scn_arg(st, "file")->text, path, sizeof(path))) {
      if (file_write(path, data, (size_t)len, err)) scn_note(x, "%s", path);
      else scn_fail(x, "%s", err);
    }
    free(data);
    return;
  }
  scn_last_set(x, data, (size_t)len);
  x->last.access = x->last.insn = false;
  x->last.command = false;
  x->last.addr = addr;
  x->last.addr_known = true;
}

static void dram_store(scn_exec_t *x, const scn_step_t *st, uint64_t addr, uint64_t len) {
  scn_bytes_t d;
  if (!scn_value(x, scn_arg(st, "data")->data, len, &d)) return;
  if (len > d.len) scn_fail(x, "length is %llu, but the data has %zu bytes", (unsigned long long)len, d.len);
  else if (fits(x, addr, len != 0 ? len : d.len)) dram_poke(bench_dram(x->b), addr, d.data, len != 0 ? (size_t)len : d.len);
  scn_bytes_free(&d);
}

void scn_dram_step(scn_exec_t *x, const scn_step_t *st) {
  const uint64_t addr = scn_arg(st, "address")->num;
  uint64_t len = 0;
  if (!scn_size(x, scn_arg(st, "length"), &len)) return;
  switch (st->spec->op) {
    case SCN_OP_DRAM_WRITE: dram_store(x, st, addr, len); break;
    case SCN_OP_DRAM_TAMPER: dram_tamper(x, st, addr); break;
    case SCN_OP_DRAM_SWAP:
    case SCN_OP_DRAM_COPY: dram_move(x, st, addr, len); break;
    case SCN_OP_DRAM_ALIAS:
      dram_alias(bench_dram(x->b), scn_arg(st, "mask")->set, scn_arg(st, "mask")->num, scn_arg(st, "match")->num,
                 scn_arg(st, "xor")->num);
      break;
    case SCN_OP_DRAM_ERROR: dram_error(x, st, addr, len); break;
    case SCN_OP_DRAM_TIMING: dram_timing(x, st); break;
    default: dram_look(x, st, addr, len); break;
  }
}

// ---- data ----

static void run_data(scn_exec_t *x, const scn_step_t *st) {
  scn_bytes_t b = {NULL, 0};
  const bool keep = st->spec->op == SCN_OP_KEEP;
  scn_bytes_t *to = &x->name[st->val[0].num];
  if (keep) {
    if (x->last.bytes.data == NULL) {
      scn_fail(x, "there is nothing to keep yet");
      return;
    }
    b.data = (uint8_t *)log_alloc(x->last.bytes.len == 0 ? 1 : x->last.bytes.len);
    b.len = x->last.bytes.len;
    memcpy(b.data, x->last.bytes.data, b.len);
  } else if (!scn_value(x, scn_arg(st, st->spec->op == SCN_OP_TAKE ? "data" : "value")->data, 0, &b)) {
    return;
  }
  if (st->spec->op == SCN_OP_TAKE) {
    scn_last_set(x, b.data, b.len);
    x->last.access = x->last.command = x->last.insn = false;
    return;
  }
  scn_bytes_free(to);
  *to = b;
  if (!keep) scn_note(x, "%zu bytes", b.len);
}

static void run_zeroise(scn_exec_t *x, const scn_step_t *st) {
  const uint64_t n = scn_arg(st, "cycles")->set ? scn_arg(st, "cycles")->num : 4;
  bench_zeroise(x->b, true);
  bench_run(x->b, n == 0 ? 1 : n);
  bench_zeroise(x->b, false);
  uint32_t status = 0;
  bench_run(x->b, 4);
  do {
    if (!bench_sp_read(x->b, 0x018, &status, NULL)) return;
  } while ((status & 2u) != 0);  // key store busy
}

static void run_lock(scn_exec_t *x, const scn_step_t *st) {
  static const uint32_t bits[] = {1, 2, 3};
  uint8_t resp = 0;
  const bool alive = bench_sp_write(x->b, REG_LOCK, bits[scn_arg(st, "what")->num % 3], &resp);
  refused_unless(x, st, alive && resp == 0);
}

static void run_step(scn_exec_t *x, const scn_step_t *st) {
  const scn_op_t op = st->spec->op;
  if (op < SCN_OP_EXPECT_DATA && op != SCN_OP_KEEP && op != SCN_OP_SHOW && op != SCN_OP_PANEL) {
    x->last.cpu = false;
    x->acted = st;
  }
  if (op >= SCN_OP_EXPECT_OUTCOME) scn_observe_step(x, st);
  else if (op >= SCN_OP_EXPECT_EVENT) scn_iommu_expect(x, st);
  else if (op >= SCN_OP_EXPECT_TRAP) scn_cpu_expect(x, st);
  else if (op >= SCN_OP_EXPECT_CODE) scn_rmp_expect(x, st);
  else if (op >= SCN_OP_EXPECT_DATA) scn_expect_step(x, st);
  else if (op >= SCN_OP_KEY_OPEN && op <= SCN_OP_KEY_WIPE_ALL) scn_key_step(x, st);
  else if (op >= SCN_OP_DRAM_READ && op <= SCN_OP_DRAM_SAVE) scn_dram_step(x, st);
  else if (op == SCN_OP_ALIAS_CHECK || (op >= SCN_OP_RMP_SETUP && op <= SCN_OP_RMP_COMMAND)) scn_boot_step(x, st);
  else if (op >= SCN_OP_RMP_START && op <= SCN_OP_RMPQUERY) scn_rmp_step(x, st);
  else if (op >= SCN_OP_NESTED_TABLES && op <= SCN_OP_VMEXIT) scn_cpu_step(x, st);
  else if (op >= SCN_OP_IOMMU_TABLE && op <= SCN_OP_IO_WRITE) scn_iommu_step(x, st);
  else if (op >= SCN_OP_SHOW && op <= SCN_OP_COUNTERS_MARK) scn_show_step(x, st);
  else {
    switch (op) {
      case SCN_OP_RESET: run_reset(x); break;
      case SCN_OP_CTRL: run_ctrl(x, st); break;
      case SCN_OP_LOCK: run_lock(x, st); break;
      case SCN_OP_DEBUG:
        bench_debug(x->b, scn_arg(st, "on")->num != 0);
        bench_run(x->b, 2);  // the strap is sampled into a register
        break;
      case SCN_OP_ZEROISE: run_zeroise(x, st); break;
      case SCN_OP_ENTROPY: bench_entropy(x->b, (bench_entropy_t)scn_arg(st, "kind")->num); break;
      case SCN_OP_TWEAKS: run_tweaks(x, st); break;
      case SCN_OP_WRITE:
      case SCN_OP_READ: scn_access(x, st); break;
      case SCN_OP_FINISH: scn_finish(x); break;
      case SCN_OP_MEASURE: scn_measure(x, st); break;
      case SCN_OP_DATA:
      case SCN_OP_TAKE:
      case SCN_OP_KEEP: run_data(x, st); break;
      case SCN_OP_WAIT: bench_run(x->b, scn_arg(st, "cycles")->num); break;
      default: break;  // say
    }
  }
}

static void end(scn_exec_t *x) {
  while (x->flight != NULL) {
    scn_flight_t *f = x->flight;
    x->flight = f->next;
    free(f);
  }
  scn_cpu_free(x);
  scn_iommu_free(x);
  for (uint32_t i = 0; i < x->s->data_names; i++) scn_bytes_free(&x->name[i]);
  free(x->name);
  if (x->keys != NULL) memset(x->keys, 0, x->slots * sizeof(*x->keys));
  free(x->keys);
  free(x->key_known);
  scn_bytes_free(&x->last.bytes);
  free(x->lat[0].v);
  free(x->lat[1].v);
  shadow_free(x->shadow);
  draw_sheet_free(&x->sheet);
}

int scenario_run(const scenario_t *s, const scn_run_opt_t *opt) {
  char err[TB_ERR_LEN];
  scn_exec_t *x = (scn_exec_t *)log_alloc(sizeof(scn_exec_t));
  bench_opt_t bench = opt->bench;
  if (bench.engine.config == NULL && bench.engine.dut == NULL) bench.engine.config = s->config;
  x->s = s;
  x->opt = opt;
  x->b = bench_open(&bench, err);
  if (x->b == NULL) {
    log_error("%s", err);
    free(x);
    return 2;
  }
  x->name = (scn_bytes_t *)log_alloc((s->data_names + 1) * sizeof(scn_bytes_t));
  x->shadow = shadow_new();
  x->slots = bench_cfg(x->b)->key_slots;
  x->keys = log_alloc(x->slots * sizeof(*x->keys));
  x->key_known = (bool *)log_alloc(x->slots * sizeof(bool));
  draw_sheet_init(&x->sheet);
  scn_report_begin(x);
  run_reset(x);
  for (uint32_t i = 0; i < s->steps && !bench_failed(x->b); i++) {
    x->step = &s->step[i];
    x->bad = false;
    x->note[0] = '\0';
    run_step(x, x->step);
    if (bench_failed(x->b)) {
      x->bad = true;
      scn_note(x, "the bench stopped in this step, see below");
    }
    scn_report_step(x);
  }
  if (!bench_failed(x->b) && bench_drain(x->b)) (void)bench_scoreboard_check(x->b);
  int rc = scn_report_end(x);
  if (!bench_close(x->b) && rc == 0) rc = 1;
  end(x);
  free(x);
  return rc;
}
