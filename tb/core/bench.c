// SPDX-License-Identifier: Apache-2.0
//
// bench.c - life of a bench and its clock (bench.h)
//
// Order within one cycle: outputs of the engine (and their comparison), all drivers put their inputs on the pins, all
// drivers and checkers look at both, one clock edge.
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/bench_int.h"
#include "core/log.h"
#include "core/wave.h"

#define RESET_CYCLES 4u

const char *const bench_class_name[BENCH_CLASSES] = {"read", "write", "read, C-bit", "write, C-bit"};

bool bench_arg_engine(void *to, const char *value, char err[TB_ERR_LEN]) {
  if (engine_kind_parse(value, to)) return true;
  snprintf(err, TB_ERR_LEN, "'%s' is not lockstep, model, rtl or wire", value);
  return false;
}

bool bench_arg_checked(void *to, const char *value, char err[TB_ERR_LEN]) {
  if (engine_kind_parse(value, to) && *(engine_kind_t *)to != ENGINE_WIRE) return true;
  snprintf(err, TB_ERR_LEN, "'%.40s' is not lockstep, rtl or model", value);
  return false;
}

bool bench_arg_wave(void *to, const char *value, char err[TB_ERR_LEN]) {
  engine_opt_t *o = to;
  o->wave = wave_window_parse(value, &o->wave_from, &o->wave_to, err);
  return o->wave;
}

// ---- events -----------------------------------------------------------------------------------------------------

static void on_addr(void *arg, const host_txn_t *t, uint64_t cycle) {
  bench_t *b = arg;
  if (b->sb != NULL) scoreboard_addr(b->sb, t, cycle);
  if (b->watch.addr != NULL) b->watch.addr(b->watch.arg, t);
  if (b->cover != NULL) cover_addr(b->cover, t, host_id_flying(b->host, t->req.write, t->req.id));
}

static void on_done(void *arg, const host_txn_t *t, uint64_t cycle) {
  bench_t *b = arg;
  bench_past_t *past = &b->past[b->past_n++ % BENCH_RECENT];
  *past = (bench_past_t){.number = t->number, .c_ax = t->c_ax, .c_done = cycle, .req = t->req, .resp = t->resp};
  if (b->opt.log != NULL) bench_print_past(b, past, b->opt.log);
  cbit_attr_t who;
  uint64_t spa = 0;
  bench_request_view(b, &t->req, &who, &spa);
  latency_add(&b->latency[(t->req.write ? 1u : 0u) + (who.cbit != 0 ? 2u : 0u)], cycle - t->c_ax);
  b->stirs++;
  if (b->watch.done != NULL) b->watch.done(b->watch.arg, t);
  if (b->sb != NULL) scoreboard_done(b->sb, t, cycle);
  if (b->cover == NULL) return;
  cover_done(b->cover, t);
  if (b->rmp) cover_rmp_done(b->cover, t, scoreboard_rmp_seen(b->sb, t->number));
}

static void on_beat(void *arg, bool write, uint64_t addr, const uint8_t *data, uint64_t strb, uint32_t bytes) {
  const bench_t *b = arg;
  (void)data;
  if (write && b->sb != NULL) scoreboard_probe(b->sb, addr, strb, bytes);
  if (write && b->watch.beat != NULL) b->watch.beat(b->watch.arg, addr, strb, bytes);
}

static void on_sp(void *arg, const sp_access_t *a) {
  bench_t *b = arg;
  b->stirs++;
  if (b->sb != NULL) scoreboard_sp(b->sb, a);
  if (b->cover == NULL) return;
  cover_sp(b->cover, a, host_pending(b->host) != 0);
  if (b->rmp) cover_rmp_sp(b->cover, a, scoreboard_rmp_event(b->sb));
}

// The one who acknowledges an invalidation may have to end an access of its own first: a read of the page's range.
static bool on_inv_begin(void *arg, const insn_req_t *r, uint64_t cycle) {
  bench_t *b = arg;
  (void)cycle;
  const bool guest = r->pins.op >= CBIT_INSN_PVALIDATE;
  const uint64_t page = guest ? r->pins.spa_page << 12 : r->pins.rax & ~(uint64_t)4095;
  const cbit_attr_t who = {.requester = CBIT_REQ_HOST};
  host_req_t req = {.len = 1, .size = (uint8_t)__builtin_ctz(bench_bus_bytes(b)), .burst = AXI_INCR};
  bench_request(b, &req, &who, page & (((uint64_t)1 << bench_cfg(b)->spa_width) - 1));
  host_txn_t *t = host_alloc(b->host, &req);
  t->user = &b->insn;
  host_submit(b->host, t);
  return true;
}

static void inv_look_done(bench_t *b) {
  host_txn_t *t = host_poll_user(b->host, &b->insn);
  if (t == NULL) return;
  host_release(b->host, t);
  insn_inv_continue(&b->insn);
}

static void on_word(void *arg, uint32_t word) {
  bench_t *b = arg;
  if (b->sb != NULL) scoreboard_entropy(b->sb, word);
}

static void on_take(void *arg, uint32_t port, const insn_req_t *r, uint64_t cycle) {
  bench_t *b = arg;
  if (b->sb != NULL) scoreboard_insn_take(b->sb, port, r, cycle);
  if (b->watch.take != NULL) b->watch.take(b->watch.arg, r);
  if (b->cover != NULL) cover_insn_take(b->cover, &b->insn, port, bench_insn_meets(b));
}

static void on_answer(void *arg, uint32_t port, const insn_port_t *p, uint64_t cycle) {
  bench_t *b = arg;
  (void)cycle;
  b->stirs++;
  if (b->watch.answer != NULL) b->watch.answer(b->watch.arg, p);
  if (b->opt.log != NULL) bench_print_insn(port, p, b->opt.log);
  if (b->sb != NULL) scoreboard_insn_answer(b->sb, port, p);
  if (b->cover != NULL) cover_insn_done(b->cover, p, b->sb != NULL ? scoreboard_insn_seen(b->sb) : NULL);
}

static void on_inv(void *arg, uint64_t cycle) {
  bench_t *b = arg;
  if (b->sb != NULL) scoreboard_insn_inv(b->sb, b->insn.inv_page, cycle);
  if (b->inv_fn != NULL) b->inv_fn(b->inv_arg, (uint64_t)b->insn.inv_page << 21);
}

static void on_mark(void *arg, const insn_mark_t *m, uint64_t cycle) {
  bench_t *b = arg;
  (void)cycle;
  b->stirs++;
  if (b->sb != NULL) scoreboard_insn_mark(b->sb, m);
  if (b->cover != NULL) cover_insn_mark(b->cover, m, bench_cfg(b)->rmp_use);
}

// ---- life -------------------------------------------------------------------------------------------------------

bench_t *bench_open(const bench_opt_t *opt, char err[TB_ERR_LEN]) {
  engine_t *e = engine_open(&opt->engine, err);
  if (e == NULL) return NULL;
  bench_t *b = log_alloc(sizeof(*b));
  b->opt = *opt;
  if (b->opt.timeout == 0) b->opt.timeout = BENCH_TIMEOUT_DEFAULT;
  b->engine = e;
  b->wire = engine_kind(e) == ENGINE_WIRE;
  rng_t seed;
  rng_t part;
  rng_seed(&seed, opt->seed);
  rng_split(&seed, 0, &b->rng);
  rng_split(&seed, 1, &part);
  b->host = host_new(bench_bus_bytes(b), &opt->host, &part);
  rng_split(&seed, 2, &part);
  dram_opt_t dram = opt->dram;
  dram.engine_id_bit = bench_cfg(b)->id_width;
  b->dram = dram_new(bench_bus_bytes(b), &dram, &part);
  rng_split(&seed, 3, &part);
  entropy_init(&b->ent, &part);
  axil_init(&b->sp);
  b->wake = UINT64_MAX;
  b->in.rst_n = true;
  b->in.debug = opt->debug;
  if (opt->scoreboard) {
    b->sb = scoreboard_new(b, b->dram);
    scoreboard_debug(b->sb, opt->debug);
    b->rmp = bench_cfg(b)->rmp != 0;
    if (b->rmp) dram_set_probe(b->dram, on_beat, b);
  }
  if (opt->cover) b->cover = cover_new(b);
  host_on_addr(b->host, on_addr, b);
  host_on_done(b->host, on_done, b);
  b->sp.on_done = on_sp;
  b->sp.on_done_arg = b;
  b->ent.on_word = on_word;
  b->ent.on_word_arg = b;
  insn_init(&b->insn, bench_cfg(b)->rmp_insn);
  b->insn.ev = (insn_events_t){.on_take = on_take, .on_answer = on_answer, .on_inv_begin = on_inv_begin,
                               .on_inv = on_inv, .on_mark = on_mark, .arg = b};
  bench_chk_open(b);
  return b;
}

static void write_cover(bench_t *b) {
  char path[512];
  char err[TB_ERR_LEN];
  if (b->opt.cover_file != NULL) {
    snprintf(path, sizeof(path), "%s", b->opt.cover_file);
  } else {
    char rel[256];
    const char *name = strrchr(engine_config_name(b->engine), '/');
    snprintf(rel, sizeof(rel), "build/cover/%.100s-%ld.txt", name != NULL ? name + 1 : engine_config_name(b->engine),
             (long)getpid());
    mkdir(engine_project_path(path, sizeof(path), "build"), 0777);
    mkdir(engine_project_path(path, sizeof(path), "build/cover"), 0777);
    engine_project_path(path, sizeof(path), rel);
  }
  if (!cover_write(b->cover, path, err)) log_error("%s", err);
}

bool bench_close(bench_t *b) {
  if (b == NULL) return false;
  bool good = !b->failed;
  if (engine_kind(b->engine) == ENGINE_LOCKSTEP && engine_compared_total(b->engine) == 0) good = false;
  if (b->cover != NULL) {
    write_cover(b);
    cover_free(b->cover);
  }
  scoreboard_free(b->sb);
  host_free(b->host);
  dram_free(b->dram);
  engine_close(b->engine);
  free(b);
  return good;
}

bool bench_reset_pulse(bench_t *b, uint32_t n) {
  if (b->cover != NULL) cover_reset(b->cover, host_pending(b->host) != 0);
  if (b->cover != NULL && b->insn.ports != 0) cover_insn_reset(b->cover);
  if (b->sb != NULL) scoreboard_reset(b->sb);
  host_reset(b->host);
  dram_reset(b->dram);
  axil_reset(&b->sp);
  insn_reset(&b->insn);
  chk_reset(&b->chk);
  b->ent.shown = false;
  b->in.rst_n = false;
  for (uint32_t i = 0; i < n && !b->failed; i++) bench_step(b);
  b->in.rst_n = true;
  return !b->failed;
}

bool bench_reset(bench_t *b) {
  if (!bench_reset_pulse(b, RESET_CYCLES)) return false;
  if (b->wire) return true;
  uint32_t status = 0;
  do {
    if (!bench_sp_read(b, 0x018, &status, NULL)) return false;
  } while ((status & 1u) == 0);
  return true;
}

// ---- the clock --------------------------------------------------------------------------------------------------

void bench_fail(bench_t *b, const char *format, ...) {
  if (b->failed) return;
  b->failed = true;
  va_list ap;
  va_start(ap, format);
  vsnprintf(b->reason, sizeof(b->reason), format, ap);
  va_end(ap);
}

// Counts everything that moves; no movement for long, with something pending, is a failure. Polling of the AMD-SP
// counts only when nothing else is pending.
static void watch_time(bench_t *b) {
  const host_stats_t *h = host_stats(b->host);
  const dram_stats_t *d = dram_stats(b->dram);
  const bool bus = host_pending(b->host) != 0 || !dram_idle(b->dram);
  const uint64_t moved = h->reads + h->writes + h->read_beats + h->write_beats + d->read_beats + d->write_beats +
                         d->read_bursts + d->write_bursts + b->ent.words + b->insn.stats.taken +
                         b->insn.stats.answered + b->insn.stats.marks + b->chk.stats.asked + b->chk.stats.answered;
  const bool insn = !insn_idle(&b->insn) || !chk_idle(&b->chk);
  if (!(bus || insn || b->sp.busy) || moved != b->progress || (!bus && !insn && b->sp.access.c_start > b->progress_cycle)) {
    b->progress = moved;
    b->progress_cycle = b->cycle;
  } else if (b->cycle - b->progress_cycle > b->opt.timeout) {
    bench_fail(b, "TIMEOUT nothing moved for %u cycles, %u transactions pending%s%s", b->opt.timeout,
               host_pending(b->host), b->sp.busy ? ", AMD-SP access pending" : "",
               insn ? ", RMP instruction, mark or question of a check port pending" : "");
  }
}

static void check_errors(bench_t *b) {
  const char *why = engine_assertion(b->engine);
  if (why != NULL) bench_fail(b, "ASSERT %s", why);
  why = host_protocol_error(b->host);
  if (why == NULL) why = dram_protocol_error(b->dram);
  if (why == NULL) why = insn_protocol_error(&b->insn);
  if (why == NULL) why = chk_protocol_error(&b->chk);
  if (why != NULL) bench_fail(b, "PROTOCOL %s", why);
  if (b->sb != NULL && scoreboard_error(b->sb) != NULL) bench_fail(b, "SCOREBOARD %s", scoreboard_error(b->sb));
}

static bool clock_once(bench_t *b) {
  const cbit_pins_out_t *out = engine_outputs(b->engine);
  if (engine_differs(b->engine)) {
    const engine_mismatch_t *m = engine_first_mismatch(b->engine);
    bench_fail(b, "MISMATCH signal=%s rtl=0x%s model=0x%s", m->signal, m->rtl, m->model);
    return false;
  }
  cbit_pins_in_t *in = &b->in;
  host_drive(b->host, in);
  dram_drive(b->dram, in);
  axil_drive(&b->sp, in);
  entropy_drive(&b->ent, in);
  insn_drive(&b->insn, in);
  chk_drive(&b->chk, in);
  if (!in->rst_n) in->m_arready = in->m_awready = in->m_wready = false;
  if (b->wire) engine_wire(b->engine, in);
  if (in->rst_n) {
    if (b->rmp) scoreboard_cycle_begins(b->sb, out, b->cycle);
    host_sample(b->host, in, out, b->cycle);
    dram_sample(b->dram, in, out, b->cycle);
    axil_sample(&b->sp, in, out, b->cycle);
    entropy_sample(&b->ent, in, out);
    const uint64_t taken = b->insn.stats.taken;
    insn_sample(&b->insn, in, out, b->cycle);
    chk_sample(&b->chk, in, out, b->cycle);
    if (b->insn.inv_held) inv_look_done(b);
    if (b->cover != NULL) cover_cycle(b->cover, in, out);
    if (b->cover != NULL && b->insn.ports != 0) {
      cover_insn_cycle(b->cover, in, out, &b->insn, host_reads_flying(b->host) + host_writes_flying(b->host));
    }
    if (b->cover != NULL && b->chk.ports != 0) cover_chk_cycle(b->cover, in, out, &b->chk, b->insn.stats.taken != taken);
    if (b->rmp) scoreboard_cycle(b->sb, in, out, b->cycle);
    check_errors(b);
  }
  engine_clock(b->engine, in);
  b->cycle++;
  if ((b->cycle & 0xff) == 0) watch_time(b);
  return !b->failed;
}

bool bench_step(bench_t *b) {
  if (b->failed) return false;
  if (b->wait_fn != NULL && b->wait_fn(b->wait_arg)) return !b->failed;
  return clock_once(b);
}

bool bench_run(bench_t *b, uint64_t cycles) {
  const uint64_t until = b->cycle + cycles;
  while (b->cycle < until) {
    if (until < b->wake) b->wake = until;
    if (!bench_step(b)) return false;
  }
  return !b->failed;
}

bool bench_drain(bench_t *b) {
  while (host_pending(b->host) != 0 || b->sp.busy || !dram_idle(b->dram) || !insn_idle(&b->insn) ||
         !chk_idle(&b->chk)) {
    if (!bench_step(b)) return false;
  }
  return !b->failed;
}

// ---- parts ------------------------------------------------------------------------------------------------------

uint64_t bench_cycle(const bench_t *b) { return b->cycle; }
engine_t *bench_engine(bench_t *b) { return b->engine; }
host_t *bench_host(bench_t *b) { return b->host; }
dram_t *bench_dram(bench_t *b) { return b->dram; }
rng_t *bench_rng(bench_t *b) { return &b->rng; }
const cbit_cyc_cfg_t *bench_cfg(const bench_t *b) { return engine_cfg(b->engine); }
uint32_t bench_bus_bytes(const bench_t *b) { return 16 * engine_cfg(b->engine)->lanes; }
const cbit_pins_out_t *bench_outputs(bench_t *b) { return b->wire ? &b->none : engine_outputs(b->engine); }
bool bench_irq(bench_t *b) { return bench_outputs(b)->irq; }
bool bench_failed(const bench_t *b) { return b->failed; }
const char *bench_reason(const bench_t *b) { return b->failed ? b->reason : ""; }

void bench_debug(bench_t *b, bool on) {
  b->in.debug = on;
  if (b->sb != NULL) scoreboard_debug(b->sb, on);
}

void bench_zeroise(bench_t *b, bool on) {
  if (on && b->cover != NULL) cover_zeroise(b->cover, host_pending(b->host) != 0);
  if (on && b->cover != NULL && b->insn.ports != 0) cover_insn_kill(b->cover);
  b->in.zeroise = on;
  if (b->sb != NULL) scoreboard_zeroise(b->sb, on);
}

void bench_entropy(bench_t *b, bench_entropy_t kind) { b->ent.kind = (entropy_kind_t)kind; }

void bench_on_watch(bench_t *b, const bench_watch_t *watch) {
  b->watch = watch != NULL ? *watch : (bench_watch_t){0};
  if (b->watch.beat != NULL) dram_set_probe(b->dram, on_beat, b);
}

void bench_on_fabric(bench_t *b, bench_fabric_fn fn, void *arg) {
  b->fabric = fn;
  b->fabric_arg = arg;
}

void bench_forget(bench_t *b, uint64_t addr, uint64_t len) {
  if (b->sb != NULL) scoreboard_forget(b->sb, addr, len);
}

bool bench_scoreboard_check(bench_t *b) {
  if (b->sb == NULL) return true;
  if (!bench_drain(b)) return false;
  if (scoreboard_check_dram(b->sb)) return true;
  bench_fail(b, "SCOREBOARD %s", scoreboard_error(b->sb));
  return false;
}

const struct latency *bench_latency(const bench_t *b, bool write, bool cbit) {
  return &b->latency[(write ? 1u : 0u) + (cbit ? 2u : 0u)];
}

void bench_latency_clear(bench_t *b) {
  for (uint32_t i = 0; i < BENCH_CLASSES; i++) latency_clear(&b->latency[i]);
}
