// SPDX-License-Identifier: Apache-2.0
//
// rmp_chk_units.h - the check ports of an MMU or IOMMU, as the RMP unit sees them
//
// rmp_chk_cyc.c: queues, round robin, cache C's ring and its answers. Page: docs/units/rmp_chk.md. With RmpChk = 0 nothing
// of it exists. Registers are those of the page, sized for the largest configuration. Kept in another form: the ring has
// the row of the question; that of an answer is always it.

#ifndef CBIT_RMP_CHK_UNITS_H
#define CBIT_RMP_CHK_UNITS_H

#include "rmp/rmp_units.h"

#define RMP_CHK_DEPTH 2u  // places of a port for questions, and for answers

// What the ring knows of a question that is in cache C.
typedef struct rmp_chk_place {
  uint8_t port, map_size, row, req;
  bool host_write, on, high;
} rmp_chk_place_t;

typedef struct rmp_chk_cyc {
  // configuration
  uint8_t ports, slots, spa_width;
  bool inuse;
  // registers
  cyc_fifo_t qi_f[CBIT_MAX_CHK], ai_f[CBIT_MAX_CHK];
  cbit_chk_ask_t qi[CBIT_MAX_CHK][RMP_CHK_DEPTH];
  cbit_chk_answer_t ai[CBIT_MAX_CHK][RMP_CHK_DEPTH];
  uint8_t cred[CBIT_MAX_CHK];
  uint8_t last;
  cyc_fifo_t ring_f;  // rp_q and count_q
  rmp_chk_place_t ring[RMP_MAX_MISS];
  rmp_cache_cyc_t cache;
} rmp_chk_cyc_t;

// What a clock of the unit looks at beside its registers.
typedef struct rmp_chk_in {
  const rmp_regs_t *regs;
  bool hold;
  rmp_cache_in_t cache;  // without ask, raw and pop
  const rmp_fill_t *fill;
} rmp_chk_in_t;

void rmp_chk_cyc_init(rmp_chk_cyc_t *u, const cbit_cyc_cfg_t *cfg);
void rmp_chk_cyc_reset(rmp_chk_cyc_t *u);
void rmp_chk_cyc_out(const rmp_chk_cyc_t *u, cbit_pins_out_t *out);
bool rmp_chk_cyc_idle(const rmp_chk_cyc_t *u);
void rmp_chk_cyc_step(rmp_chk_cyc_t *u, const rmp_chk_in_t *in, const cbit_pins_in_t *pins, cyc_events_t *ev);

#endif  // CBIT_RMP_CHK_UNITS_H
