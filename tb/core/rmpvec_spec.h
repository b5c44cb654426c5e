// SPDX-License-Identifier: Apache-2.0
//
// rmpvec_spec.h - what a line of the RMP known answers may hold: tables of rmpvec_spec.c for the reader rmpvec.c
#ifndef TB_RMPVEC_SPEC_H
#define TB_RMPVEC_SPEC_H

#include "core/rmpvec.h"

// Sets of kinds of line, and of slots.
#define RV_BIT(x) ((uint64_t)1 << (x))
#define RV_K(kind) (1u << RV_##kind)
#define RV_HOST (RV_K(RMPUPDATE) | RV_K(PSMASH) | RV_K(RMPREAD))
#define RV_GUEST (RV_K(PVALIDATE) | RV_K(RMPADJUST) | RV_K(RMPQUERY))
#define RV_INSN (RV_HOST | RV_GUEST)
#define RV_CHECK (RV_K(DECISION) | RV_K(ACCESS))

typedef enum rmpvec_type { T_NUM, T_ENTRY, T_NAME, T_WORD, T_PAGES, T_ADDR } rmpvec_type_t;

typedef struct rmpvec_key_spec {
  const char *name;
  uint8_t slot;
  uint8_t type;
  uint8_t bits;       // T_NUM: width of the value
  uint32_t kinds;     // lines that may have it
  uint32_t optional;  // of these, lines that may leave it out without a default
  const char *const *words;
} rmpvec_key_spec_t;

// Which lines may be answered by a verdict, and with which items.
typedef struct rmpvec_verdict_spec {
  uint32_t kinds;
  uint64_t items;
} rmpvec_verdict_spec_t;

extern const rmpvec_verdict_spec_t rmpvec_verdict_specs[RVV_COUNT];

// The key of this name for one of these kinds of line, before the arrow or behind it; NULL if there is none.
const rmpvec_key_spec_t *rmpvec_find_key(bool behind, const char *name, size_t len, uint32_t kinds);
// Row i of the same tables; NULL at their end.
const rmpvec_key_spec_t *rmpvec_key_row(bool behind, size_t i);
rmpvec_set_t rmpvec_set_of(rmpvec_kind_t kind);

#endif  // TB_RMPVEC_SPEC_H
