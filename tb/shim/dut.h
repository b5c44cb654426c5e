// SPDX-License-Identifier: Apache-2.0
//
// dut.h - the C interface of a shared object that holds the verilated engine (build/dut/<config>.so)
//
// Same shape as the cycle model (cbit_cyc.h): outputs of this cycle, then one clock with the inputs of this cycle.
// A netlist, or RTL with a planted bug, is swapped in by building another shared object with the same functions.
// Loaded by core/engine.c; made by sim/verilator.mk from shim_cbit_top_flat.cpp.
#ifndef TB_DUT_H
#define TB_DUT_H

#include "cbit_cyc.h"

#ifdef __cplusplus
extern "C" {
#endif

// Changes whenever a function below or a pin struct changes.
#define DUT_ABI_VERSION (0x43420000u + 0x100u * CBIT_CYC_VERSION + 1u)

typedef struct dut dut_t;

uint32_t dut_abi_version(void);
// Sizes of cbit_cyc_cfg_t, cbit_pins_in_t, cbit_pins_out_t as compiled in.
void dut_sizes(size_t sizes[3]);
void dut_cfg(cbit_cyc_cfg_t *cfg);  // parameters it was built with
dut_t *dut_new(void);               // registers hold no reset yet: clock it with rst_n = 0
void dut_free(dut_t *d);
void dut_outputs(dut_t *d, cbit_pins_out_t *out);  // payloads whose valid is low are left as they are
void dut_clock(dut_t *d, const cbit_pins_in_t *in);
// Text of the first assertion that failed, or NULL.
const char *dut_error(const dut_t *d);
// Wave: 0, or -1 if this build has no trace. `cycle` is the number of the next cycle; time in the file = 10 * cycle.
int dut_trace_open(dut_t *d, const char *path, uint64_t cycle);
void dut_trace_close(dut_t *d);
// Line and user coverage: 0, or -1 if this build has none.
int dut_coverage_write(dut_t *d, const char *path);

#ifdef __cplusplus
}
#endif

#endif  // TB_DUT_H
