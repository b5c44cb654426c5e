// SPDX-License-Identifier: Apache-2.0
//
// engine_wire.h - what only the bench needs of an engine: the wire kind, assertions of the RTL
#ifndef TB_ENGINE_WIRE_H
#define TB_ENGINE_WIRE_H

#include "core/engine.h"

#define CBIT_WIRE_ADDR_BITS 52

// Kind WIRE: fills the outputs of this cycle from the inputs of this cycle. Call it after all drivers have driven.
void engine_wire(engine_t *e, const cbit_pins_in_t *in);
bool engine_differs(const engine_t *e);
// Text of the first assertion that failed in the RTL, or NULL.
const char *engine_assertion(const engine_t *e);
// Line and user coverage of a .cov.so build. False: none built in.
bool engine_coverage_write(engine_t *e, const char *path);

#endif  // TB_ENGINE_WIRE_H
