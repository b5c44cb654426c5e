// SPDX-License-Identifier: Apache-2.0
//
// engine.h - the engine under test behind one handle: golden model, RTL, or both in lock-step
//
// One clock cycle of every test is
//
//     const cbit_pins_out_t *out = engine_outputs(e);  // outputs of this cycle (registers only); lock-step compares
// here
//     ... compute the inputs `in` of this cycle ...
//     engine_clock(e, &in);                            // one clock edge on all sides with the same inputs
//
// Most programs do not call this: they use bench.h, which owns an engine and all drivers.
//
// Kinds: MODEL runs cbit_cyc of libcbit. RTL runs a shared object made by sim/verilator.mk (C interface: shim/dut.h).
// LOCKSTEP runs both and compares every pin at every clock; it hands out the outputs of the RTL. WIRE is no engine at
// all: the requester's pins are the DRAM's pins in the same cycle (only through bench.h), the reference for
// performance. The engine's own sources: docs/interfaces.md (pins), sim/configs.list (configurations).
#ifndef TB_ENGINE_H
#define TB_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cbit_cyc.h"

#define TB_ERR_LEN 512u  // length of an error text buffer

typedef enum engine_kind {
  ENGINE_LOCKSTEP = 0,
  ENGINE_MODEL = 1,
  ENGINE_RTL = 2,
  ENGINE_WIRE = 3
} engine_kind_t;

// How to open an engine. All zero = lock-step of configuration "default".
typedef struct engine_opt {
  engine_kind_t kind;
  const char *config;     // name in sim/configs.list; NULL = "default"
  const char *dut;        // a shared object in place of build/dut/<config>.so; the model takes its parameters from it
  bool wave;              // dump a window of cycles: uses build/dut/<config>.trace.so
  uint64_t wave_from;     // first and last cycle of the window
  uint64_t wave_to;
  const char *wave_file;  // NULL = build/waves/<config>-<from>.fst; the .gtkw save file lies beside it
} engine_opt_t;

// First difference between RTL and model. Values are hexadecimal text, most significant digit first.
typedef struct engine_mismatch {
  uint64_t cycle;
  const char *signal;  // pin name, as in docs/interfaces.md
  char rtl[2 * CBIT_MAX_BUS_BYTES + 4];
  char model[2 * CBIT_MAX_BUS_BYTES + 4];
} engine_mismatch_t;

typedef struct engine engine_t;

// Name <-> kind ("lockstep", "model", "rtl", "wire"). Parsing returns false for another text.
bool engine_kind_parse(const char *text, engine_kind_t *kind);
const char *engine_kind_name(engine_kind_t kind);

// Looks a configuration up in sim/configs.list. NULL name = "default". On false err holds one line that names the
// place.
bool engine_config_find(const char *name, cbit_cyc_cfg_t *cfg, char err[TB_ERR_LEN]);
// Calls visit for every configuration of the list in order; set is "test" or "regress".
bool engine_config_each(void (*visit)(void *arg, const char *name, const char *set, const char *params), void *arg,
                        char err[TB_ERR_LEN]);
// Path of a file of the project, from any working directory: $CBIT_ROOT, else the parent of the program's folder if it
// holds sim/configs.list, else the working directory. Returns buf.
char *engine_project_path(char *buf, size_t size, const char *relative);

// NULL on error, with one line in err.
engine_t *engine_open(const engine_opt_t *opt, char err[TB_ERR_LEN]);
void engine_close(engine_t *e);

// Outputs of this cycle; the pointer stays valid, its content until the next engine_clock(). In lock-step the
// comparison of this cycle has been made when it returns (once a cycle).
const cbit_pins_out_t *engine_outputs(engine_t *e);
void engine_clock(engine_t *e, const cbit_pins_in_t *in);

engine_kind_t engine_kind(const engine_t *e);
const cbit_cyc_cfg_t *engine_cfg(const engine_t *e);
const char *engine_config_name(const engine_t *e);  // name in the list, or the path of the shared object
const char *engine_dut_file(const engine_t *e);     // the shared object given by --dut, NULL if none was given
uint64_t engine_cycle(const engine_t *e);           // clocks given so far = number of the cycle now
const char *engine_wave_file(const engine_t *e);    // NULL if no wave is dumped

// Lock-step: NULL while RTL and model agree. Comparison counts of all fields, for the closing table.
const engine_mismatch_t *engine_first_mismatch(const engine_t *e);
uint64_t engine_compared_total(const engine_t *e);
size_t engine_compared_fields(const engine_t *e);
const char *engine_compared_field(const engine_t *e, size_t i, uint64_t *count);

#endif  // TB_ENGINE_H
