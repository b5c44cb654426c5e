// SPDX-License-Identifier: Apache-2.0
//
// bench.h - a whole test bench: engine, requester, DRAM, secure processor, entropy source, checks
//
// The usual program:
//
//   bench_opt_t opt = {0};                              // lock-step of configuration "default", fastest DRAM
//   char err[TB_ERR_LEN];
//   bench_t *b = bench_open(&opt, err);                 // NULL: print err, exit 1
//   if (!b || !bench_reset(b)) ...                      // reset, and the initial wipe of the key slots
//   bench_key_load(b, 5, k1, k2);                       // over the AMD-SP port, as firmware does
//   bench_slot_activate(b, 5);
//   cbit_attr_t who = {.requester = CBIT_REQ_GUEST, .asid = 5, .cbit = 1};
//   bench_ctrl(b, CBIT_MODE_XTS_L64, true, false);
//   bench_rsp_t rsp = bench_write(b, &who, 0x13000, data, 4096, NULL);
//   bench_close(b)                                      // true: nothing differed, and something was compared
//
// Blocking helpers clock the bench until their answer is there. Any function that clocks stops at once when the bench
// has failed (RTL and model differ, AXI4 broken, time-out, scoreboard); bench_failed() tells, bench_report() prints it.
// Byte strings are in memory order. Addresses are SPA without C-bit: the bench adds the carrier fields itself when the
// configuration has AttrFromAddr = 1.
#ifndef TB_BENCH_H
#define TB_BENCH_H

#include <stdio.h>

#include "cbit.h"
#include "core/args.h"
#include "core/engine.h"
#include "core/rng.h"
#include "drv/axi_dram.h"
#include "drv/axi_host.h"
#include "drv/chk_port.h"
#include "drv/insn_port.h"

#define BENCH_TIMEOUT_DEFAULT 200000u  // cycles without any handshake, while something is pending

// Same order as entropy_kind_t of drv/axil_sp.h.
typedef enum bench_entropy { BENCH_ENT_GOOD = 0, BENCH_ENT_STUCK, BENCH_ENT_BIASED, BENCH_ENT_SILENT } bench_entropy_t;

// All zero is a good start.
typedef struct bench_opt {
  engine_opt_t engine;
  dram_opt_t dram;
  host_opt_t host;
  uint64_t seed;          // for every random choice of the drivers
  bool debug;             // debug strap
  bool scoreboard;        // check read data and, at bench_scoreboard_check(), DRAM content against what was written
  bool cover;             // collect functional coverage
  const char *cover_file; // NULL = build/cover/<config>-<pid>.txt; merged by `cbit cover`
  FILE *log;              // one line for every finished transaction; NULL = none. The caller closes it
  uint32_t timeout;       // 0 = BENCH_TIMEOUT_DEFAULT
  const char *repeat;     // command that repeats this run, without --wave (printed in reports); NULL = not known
} bench_opt_t;

typedef struct bench bench_t;

// ---- life -------------------------------------------------------------------------------------------------------

bench_t *bench_open(const bench_opt_t *opt, char err[TB_ERR_LEN]);
// Ends the run. True if nothing failed and, in lock-step, something was compared. Prints nothing.
bool bench_close(bench_t *b);
// Reset for 4 cycles, then until STATUS.init_done. Drops transactions under way; DRAM content stays. False: failed.
bool bench_reset(bench_t *b);
// Only pulls reset for n cycles (no waiting afterwards).
bool bench_reset_pulse(bench_t *b, uint32_t n);

// ---- time -------------------------------------------------------------------------------------------------------

bool bench_step(bench_t *b);                      // one clock. False if the bench has failed
bool bench_run(bench_t *b, uint64_t cycles);      // that many, or until failure
bool bench_drain(bench_t *b);                     // until no transaction, SP access or DRAM burst is pending
uint64_t bench_cycle(const bench_t *b);

// ---- parts ------------------------------------------------------------------------------------------------------

engine_t *bench_engine(bench_t *b);
host_t *bench_host(bench_t *b);
dram_t *bench_dram(bench_t *b);
rng_t *bench_rng(bench_t *b);                     // for the program's own choices
const cbit_cyc_cfg_t *bench_cfg(const bench_t *b);
uint32_t bench_bus_bytes(const bench_t *b);
const cbit_pins_out_t *bench_outputs(bench_t *b); // pins of this cycle
bool bench_irq(bench_t *b);
void bench_debug(bench_t *b, bool on);            // straps, from the next cycle on
void bench_zeroise(bench_t *b, bool on);
void bench_entropy(bench_t *b, bench_entropy_t kind);

// ---- AMD-SP port ------------------------------------------------------------------------------------------------

// AXI4-Lite access; *resp (may be NULL) = 0 OKAY, 2 SLVERR. False: bench failed.
bool bench_sp_write(bench_t *b, uint16_t offset, uint32_t value, uint8_t *resp);
bool bench_sp_write_strb(bench_t *b, uint16_t offset, uint32_t value, uint8_t strb, uint8_t *resp);
bool bench_sp_read(bench_t *b, uint16_t offset, uint32_t *value, uint8_t *resp);
// Not blocking: starts an access; poll until it answers true, which fills *value (reads) and *resp. One at a time.
bool bench_sp_start(bench_t *b, bool write, uint16_t offset, uint32_t value, uint8_t strb);
// The same with the halves of a write apart (skew cycles: < 0 data later, > 0 address later) and ready late by `wait`
// cycles.
bool bench_sp_start_skewed(bench_t *b, bool write, uint16_t offset, uint32_t value, uint8_t strb, int32_t skew,
                           uint32_t wait);
bool bench_sp_idle(const bench_t *b);
bool bench_sp_poll(bench_t *b, uint32_t *value, uint8_t *resp);

#define BENCH_KEY_ERR_FAILED 255u   // in place of a cbit_key_err_t: the bench failed
#define BENCH_KEY_ERR_REFUSED 254u  // the CMD write was answered with SLVERR (a command is pending)

// Runs a command (docs/units/sp.md, CMD) and waits for its end: error of CMD_STATUS. state (may be NULL): slot_state.
uint32_t bench_cmd(bench_t *b, uint32_t op, uint32_t slot, cbit_slot_state_t *state);
// Writes the key registers (KeyBits / 8 bytes each; k2 NULL = zeros), then LOAD.
uint32_t bench_key_load(bench_t *b, uint32_t slot, const uint8_t *k1, const uint8_t *k2);
uint32_t bench_slot_generate(bench_t *b, uint32_t slot);
uint32_t bench_slot_activate(bench_t *b, uint32_t slot);
uint32_t bench_slot_deactivate(bench_t *b, uint32_t slot);
uint32_t bench_slot_wipe(bench_t *b, uint32_t slot);
uint32_t bench_slot_query(bench_t *b, uint32_t slot, cbit_slot_state_t *state);
uint32_t bench_wipe_all(bench_t *b);
uint32_t bench_flush(bench_t *b);
// Writes the 48 constants of modes 1 and 2 with op 9.
uint32_t bench_tweak_table(bench_t *b, const cbit_tweak_table_t *table);
// CTRL. False: refused (SLVERR) or failed.
bool bench_ctrl(bench_t *b, cbit_mode_t mode, bool smee, bool tsme);
// Tweak override of the test build: input = NULL switches it off. False: refused or failed.
bool bench_test_tweak(bench_t *b, const uint8_t input[16]);

// A record of the fault log. code = 0: log empty.
typedef struct bench_fault {
  uint8_t code;  // cbit_fault_t and the further codes of docs/units
  bool write, cbit, user_mode;
  uint8_t requester, access, vmpl;
  uint16_t asid, id;
  uint64_t addr;
  uint64_t gpa_page;
  // code CHECK of an engine with the RMP check: what it said (cbit_rmp_verdict_kind_t, _row_t, _why_t); zeros: the guard
  uint8_t kind, row, why;
  uint64_t error;
} bench_fault_t;
// Reads and drops the oldest record. False: bench failed.
bool bench_fault_pop(bench_t *b, bench_fault_t *fault);
const char *bench_fault_name(uint8_t code);     // "NONE", "ADDR", ...
// Who refused ("row 2 HVO", "guard", "route SLOT") and with what ("#PF 0x80000003"; "": nothing that software sees).
void bench_fault_by(const bench_fault_t *f, char *by, size_t size, char *fault, size_t fault_size);
const char *bench_key_err_name(uint32_t error); // "OK", "RANGE", ...

// ---- memory accesses, blocking ----------------------------------------------------------------------------------

// How a range of bytes is cut into bursts. All zero or NULL = INCR, full bus width, as long as AXI4 allows, ID 0.
typedef struct bench_burst {
  uint16_t id;
  uint8_t narrow;     // 0 = full bus width, else n: beats of 2^(n-1) bytes
  uint8_t burst;      // 0 = INCR, 1 = FIXED, 2 = WRAP: these two are one burst as it is (len beats from addr)
  uint16_t max_beats; // 0 = 256
  uint8_t lock, cache, prot, qos, region;
  const uint8_t *mask;  // writes: one byte per data byte, 0 = strobe off; NULL = all on
} bench_burst_t;

typedef struct bench_rsp {
  bool ok;            // the bench still lives and every burst was answered
  uint8_t resp;       // worst response: 0 OKAY, 1 EXOKAY, 2 SLVERR, 3 DECERR
  uint8_t fault;      // with SLVERR: code of the record taken from the fault log, 0 if there was none
  bench_fault_t record;
  uint32_t bursts;
  uint64_t cycles;    // from the first address offered to the last response
  uint64_t first;     // cycles from the first address taken to the first read beat (write response)
} bench_rsp_t;

// len bytes at spa, any alignment; several bursts if they must be. Waits for the end of all of them.
bench_rsp_t bench_write(bench_t *b, const cbit_attr_t *who, uint64_t spa, const void *data, size_t len,
                        const bench_burst_t *burst);
bench_rsp_t bench_read(bench_t *b, const cbit_attr_t *who, uint64_t spa, void *data, size_t len,
                       const bench_burst_t *burst);

// ---- memory accesses, not blocking ------------------------------------------------------------------------------
// Take a transaction with host_alloc(bench_host(b), &req), fill data and strobes by beats, bench_submit() it, clock
// with bench_step(), collect with bench_poll(), give back with host_release(). bench_request() fills the address and
// user pins.

// Sets req->addr and req->user for an access of `who` to spa (the address carrier included).
void bench_request(const bench_t *b, host_req_t *req, const cbit_attr_t *who, uint64_t spa);
// Attributes and SPA of a request, as the engine sees them.
void bench_request_view(const bench_t *b, const host_req_t *req, cbit_attr_t *who, uint64_t *spa);
void bench_submit(bench_t *b, host_txn_t *t);
host_txn_t *bench_poll(bench_t *b);

// ---- RMP instructions (RmpInsn > 0) -------------------------------------------------------------------------------
// docs/units/rmp_insn.md, "Ports". Not blocking: start, clock with bench_step(), poll.

// False: no such port, or it has an instruction, or the answer of its last one was not fetched.
bool bench_insn_start(bench_t *b, uint32_t port, const insn_req_t *r);
bool bench_insn_poll(bench_t *b, uint32_t port, insn_port_t *result);
// Sets or clears a mark of a page in use, behind those that wait. False: too many wait.
bool bench_insn_mark(bench_t *b, const insn_mark_t *m);
bool bench_insn_idle(const bench_t *b);
bool bench_insn_free(const bench_t *b, uint32_t port);  // has no instruction
const insn_stats_t *bench_insn_stats(const bench_t *b);
// Blocking: one instruction; one mark. False: the bench failed, or there are no ports.
bool bench_insn(bench_t *b, uint32_t port, const insn_req_t *r, insn_port_t *result);
bool bench_insn_mark_now(bench_t *b, const insn_mark_t *m);
// Somebody who holds translations or verdicts: called in the cycle of inv_valid and inv_ready with the first address of the
// 2 MiB range. NULL: nobody.
typedef void (*bench_inv_fn)(void *arg, uint64_t spa);
void bench_on_inv(bench_t *b, bench_inv_fn fn, void *arg);

// ---- onlookers ----------------------------------------------------------------------------------------------------

// What somebody sees who judges the run from outside; each may be NULL. `ask`: a burst of bench_read() or bench_write() is
// queued, who = the requester as the caller named it, before the fabric touched it. `beat`: a write beat at memory.
// `take`, `answer`: an RMP instruction.
typedef struct bench_watch {
  void (*ask)(void *arg, const host_txn_t *t, const cbit_attr_t *who, uint64_t spa, size_t bytes);
  void (*addr)(void *arg, const host_txn_t *t);
  void (*done)(void *arg, const host_txn_t *t);
  void (*beat)(void *arg, uint64_t addr, uint64_t strb, uint32_t bytes);
  void (*take)(void *arg, const insn_req_t *r);
  void (*answer)(void *arg, const insn_port_t *p);
  void *arg;
} bench_watch_t;
// NULL: nobody. After bench_open(), before the first access.
void bench_on_watch(bench_t *b, const bench_watch_t *watch);
// A fabric that changes the attributes of bench_read() and bench_write() on their way to the pins; NULL: it keeps them.
typedef void (*bench_fabric_fn)(void *arg, cbit_attr_t *who, uint64_t spa, bool write);
void bench_on_fabric(bench_t *b, bench_fabric_fn fn, void *arg);

// ---- check ports (RmpChk > 0) -----------------------------------------------------------------------------------
// docs/units/rmp_chk.md, "Pins". Not blocking: start, clock with bench_step(), poll. Answers come in the order of a port's
// questions.

// False: no such port, or its queue is full.
bool bench_chk_start(bench_t *b, uint32_t port, const chk_req_t *r);
bool bench_chk_poll(bench_t *b, uint32_t port, chk_done_t *result);
bool bench_chk_idle(const bench_t *b);
uint32_t bench_chk_pending(const bench_t *b, uint32_t port);  // questions that wait or are under way
const chk_stats_t *bench_chk_stats(const bench_t *b);
// Blocking: one question; drops answers that were not fetched. False: the bench failed, or there is no such port.
bool bench_chk(bench_t *b, uint32_t port, const chk_req_t *r, chk_done_t *result);

// ---- verdict ----------------------------------------------------------------------------------------------------

bool bench_failed(const bench_t *b);
// Why it failed, one line; "" if it did not.
const char *bench_reason(const bench_t *b);
// Makes the bench fail with a reason of the program's own (first reason wins).
void bench_fail(bench_t *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
// What failed, in the form of a MISMATCH or FAIL report: cycle, signal, both values, transactions in flight, the last
// 16, counts, and one command that repeats it with a wave window. Prints nothing if nothing failed.
void bench_report(bench_t *b, FILE *to);
// Table of comparisons per pin and totals of traffic (text).
void bench_summary(bench_t *b, FILE *to);
// The same as members of a JSON object that the caller has open.
struct json;
void bench_summary_json(bench_t *b, struct json *j);
// Drains, then checks DRAM content against what was written. False: differs (bench failed). True without a scoreboard.
bool bench_scoreboard_check(bench_t *b);
// Tells the scoreboard that DRAM was changed behind the engine's back (dram_poke, aliases).
void bench_forget(bench_t *b, uint64_t addr, uint64_t len);
// Latency from address taken to last response: samples of reads (write = false) or writes, C-bit off or on.
struct latency;
const struct latency *bench_latency(const bench_t *b, bool write, bool cbit);
void bench_latency_clear(bench_t *b);

// ---- command line -----------------------------------------------------------------------------------------------
// The options every command of the program shares. Put BENCH_ARGS(&opt) into an args table (args.h):
//   --config NAME  --dut FILE  --engine KIND  --seed N  --wave FROM:TO  --wave-file FILE

bool bench_arg_engine(void *to, const char *value, char err[TB_ERR_LEN]);
bool bench_arg_checked(void *to, const char *value, char err[TB_ERR_LEN]);  // all but wire, which checks nothing
bool bench_arg_wave(void *to, const char *value, char err[TB_ERR_LEN]);
#define BENCH_ARGS(opt)                                                                                              \
  {"config", ARG_TEXT, &(opt)->engine.config, "NAME", "configuration of sim/configs.list (default: default)", NULL}, \
      {"dut", ARG_TEXT, &(opt)->engine.dut, "FILE", "shared object to test in place of build/dut/NAME.so", NULL},    \
      {"engine", ARG_CALL, &(opt)->engine.kind, "KIND", "lockstep (default), model, rtl or wire", bench_arg_engine}, \
      {"seed", ARG_U64, &(opt)->seed, "N", "seed of every random choice", NULL},                                     \
      {"wave", ARG_CALL, &(opt)->engine, "FROM:TO", "dump these cycles as an FST wave", bench_arg_wave}, {           \
    "wave-file", ARG_TEXT, &(opt)->engine.wave_file, "FILE", "name of the wave file", NULL                           \
  }

#endif  // TB_BENCH_H
