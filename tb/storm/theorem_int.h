// SPDX-License-Identifier: Apache-2.0
//
// theorem_int.h - inside of the judge, shared by theorem*.c only
#ifndef TB_THEOREM_INT_H
#define TB_THEOREM_INT_H

#include "storm/theorem.h"

#define TH_PAGES 512u    // of a range
#define TH_FLIGHTS 64u
#define TH_LEVELS 4u
#define TH_IDS 256u

typedef struct th_page {
  bool assigned, large, valid;
  uint16_t asid;
  uint64_t gpa;              // page number
  uint8_t mask[TH_LEVELS];
  // T3: the last who came through, and the range's epoch when it asked
  bool tenant;
  uint16_t t_asid;
  uint64_t t_gpa, t_epoch;
} th_page_t;

typedef struct th_range {
  th_page_t page[TH_PAGES];
  uint64_t epoch;            // RMPUPDATE and PSMASH taken, and answered
} th_range_t;

typedef struct th_flight {   // an access to a watched page
  const host_txn_t *txn;     // NULL: free
  cbit_attr_t who;           // in truth
  uint64_t spa;
  size_t bytes;
  bool write, taken, done;
  bool right;                // was allowed at some instant since its address was taken
  bool leaked;               // bytes of it reached memory while it was not allowed
  th_why_t why;              // what was wrong with it last
  uint64_t epoch;
  uint8_t resp;
} th_flight_t;

struct theorem {
  bench_t *b;
  th_stats_t *st;
  uint64_t base, table;
  th_range_t range[TH_RANGES];
  th_flight_t flight[TH_FLIGHTS];
  bool pending;              // an instruction was taken and is not answered
  insn_req_t insn;
  uint32_t insn_range;       // TH_RANGES: none of ours
  uint32_t flying[TH_IDS], ids;  // requests under way by ID; IDs that have some
};

static inline uint32_t th_range_of(const theorem_t *t, uint64_t spa) {
  return spa < t->base || (spa - t->base) >> 21 >= TH_RANGES ? TH_RANGES : (uint32_t)((spa - t->base) >> 21);
}

static inline uint32_t th_page_of(uint64_t spa) { return (uint32_t)(spa >> 12 & (TH_PAGES - 1)); }

// Who owns what: an answered instruction goes into the ledger (theorem_ledger.c).
void th_apply(theorem_t *t, const insn_req_t *r, const cbit_insn_answer_t *a);

#endif  // TB_THEOREM_INT_H
