// SPDX-License-Identifier: Apache-2.0
//
// bench_int.h - inside of a bench, shared by bench*.c only
#ifndef TB_BENCH_INT_H
#define TB_BENCH_INT_H

#include "chk/cover.h"
#include "chk/latency.h"
#include "chk/scoreboard.h"
#include "core/bench.h"
#include "core/engine_wire.h"
#include "drv/axil_sp.h"
#include "drv/chk_port.h"
#include "drv/insn_port.h"

#define BENCH_RECENT 16u
#define BENCH_BOX 32u      // records of the fault log that wait for their requester
#define BENCH_CLASSES 4u  // read, write x C-bit off, on

// A finished transaction, for reports.
typedef struct bench_past {
  uint64_t number, c_ax, c_done;
  host_req_t req;
  uint8_t resp;
} bench_past_t;

struct bench {
  bench_opt_t opt;
  engine_t *engine;
  bool wire;
  host_t *host;
  dram_t *dram;
  axil_sp_t sp;
  entropy_t ent;
  insn_drv_t insn;
  chk_drv_t chk;
  bench_inv_fn inv_fn;  // bench_on_inv()
  void *inv_arg;
  bench_watch_t watch;
  bench_fabric_fn fabric;
  void *fabric_arg;
  // Several at once (crew.h): bench_step() of a task lets the others run. False: it was not called from a task.
  bool (*wait_fn)(void *arg);
  void *wait_arg;
  uint64_t stirs;                    // something ended that a task may wait for
  uint64_t wake;                     // cycle until which no task sleeps; UINT64_MAX: none sleeps
  bool sp_taken, log_taken;          // the AMD-SP port, the reading of a record are somebody's
  bool insn_taken[CBIT_MAX_INSN];
  bench_fault_t box[BENCH_BOX];
  uint32_t box_n;
  rng_t rng;
  cbit_pins_in_t in;
  cbit_pins_out_t none;  // what WIRE shows before its first cycle
  scoreboard_t *sb;
  bool rmp;  // the scoreboard follows the RMP check
  cover_t *cover;
  uint64_t cycle;
  uint64_t progress, progress_cycle;  // time-out: count of handshakes and when it last moved
  bool failed;
  char reason[1024];
  bench_past_t past[BENCH_RECENT];
  uint64_t past_n;
  latency_t latency[BENCH_CLASSES];
};

// One finished transaction as a line (bench_report.c).
void bench_print_past(const bench_t *b, const bench_past_t *p, FILE *to);
// An answered instruction (bench_insn.c).
// What is under way at the engine: bits in the order of the bins of "insn_drain".
uint32_t bench_insn_meets(bench_t *b);
// An answered question of a check port (bench_chk.c), and what hears of its events.
void bench_print_chk(uint32_t port, const chk_done_t *d, FILE *to);
void bench_chk_open(bench_t *b);
void bench_print_insn(uint32_t port, const insn_port_t *p, FILE *to);

// The record of a refused burst, by direction and ID: each task has an ID of its own. False: the bench failed (bench_sp.c).
bool bench_fault_of(bench_t *b, bool write, uint16_t id, bench_fault_t *f);

extern const char *const bench_class_name[BENCH_CLASSES];

#endif  // TB_BENCH_INT_H
