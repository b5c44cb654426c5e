// SPDX-License-Identifier: Apache-2.0
//
// axil_sp.h - the secure processor: one AXI4-Lite access at a time, and an entropy source
#ifndef TB_AXIL_SP_H
#define TB_AXIL_SP_H

#include "cbit_cyc.h"
#include "core/rng.h"

typedef struct sp_access {
  bool write;
  uint16_t offset;
  uint32_t value;  // written, or read
  uint8_t strb, resp;
  uint64_t c_start, c_done;
} sp_access_t;

typedef struct axil_sp {
  bool busy, done;       // an access runs; its result waits
  sp_access_t access;
  bool aw_sent, w_sent, ar_sent;
  uint32_t w_delay, aw_delay;  // data (address) of a write that comes later than the other half
  uint32_t ready_delay;
  uint64_t cycle;
  void (*on_done)(void *arg, const sp_access_t *a);
  void *on_done_arg;
} axil_sp_t;

void axil_init(axil_sp_t *s);
void axil_reset(axil_sp_t *s);
// False: one runs already. skew: -n = data n cycles after the address, +n = address n cycles after the data.
bool axil_start(axil_sp_t *s, bool write, uint16_t offset, uint32_t value, uint8_t strb, int32_t skew,
                uint32_t ready_delay);
// True once per access, when it has ended.
bool axil_poll(axil_sp_t *s, sp_access_t *result);
void axil_drive(axil_sp_t *s, cbit_pins_in_t *in);
void axil_sample(axil_sp_t *s, const cbit_pins_in_t *in, const cbit_pins_out_t *out, uint64_t cycle);

// Entropy source.
typedef enum entropy_kind { ENTROPY_GOOD = 0, ENTROPY_STUCK, ENTROPY_BIASED, ENTROPY_SILENT } entropy_kind_t;
typedef struct entropy {
  rng_t rng;
  entropy_kind_t kind;
  bool shown;
  uint64_t words;  // taken by the engine
  void (*on_word)(void *arg, uint32_t word);
  void *on_word_arg;
} entropy_t;

void entropy_init(entropy_t *e, const rng_t *rng);
void entropy_drive(entropy_t *e, cbit_pins_in_t *in);
void entropy_sample(entropy_t *e, const cbit_pins_in_t *in, const cbit_pins_out_t *out);

#endif  // TB_AXIL_SP_H
