// SPDX-License-Identifier: Apache-2.0
//
// rmp_units.h - the RMP unit in the request paths, as its parts share it
//
// rmp_unit_cyc.c: the whole at the border of cyc_net_t; rmp_ask_cyc.c: attributes to a question and its verdict;
// rmp_cache_cyc.c: questions, cached entries and verdicts of one port; rmp_walker_cyc.c: reads of entries, and the merge
// with RMW; rmp_init_cyc.c: start-up; rmp_seg_units.h: the segment table; rmp_insn_units.h: the instructions;
// rmp_chk_units.h: the check ports. Pages: docs/units/rmp.md, rmp_cache.md, rmp_walker.md, rmp_init.md. Verdicts come from
// the functional layer (cbit_rmp.h). With Rmp = 0 nothing of it exists: rmp_cyc_size() is 0.
//
// Everything that rmp_cyc_out() gives depends on registers alone. rmp_cyc_step() takes what the steps of bus_read,
// bus_write and sp put into the net in the same clock, so it comes after them.
//
// Registers are those of the pages, sized for the largest configuration; bits per place are masks. Kept in another form:
// - step D of a cache holds its verdict, made when D is loaded: RMP_CTRL, RMP_BASE and RMP_END cannot change while checks
//   are on, so a verdict that needs them is the same one cycle early;
// - a tag holds all bits of the SPA above the index, whatever SpaWidth is;
// - a base word that comes with a miss stands in base[s] of its place at once: nothing else is written there until a
//   restart reads both words again. So there is no hb[s].

#ifndef CBIT_RMP_UNITS_H
#define CBIT_RMP_UNITS_H

#include "cbit_rmp.h"
#include "prim/cyc_util.h"
#include "rmp/rmp_seg_units.h"
#include "top/units_cyc.h"

#define RMP_MAX_LINES 256u
#define RMP_MAX_MISS 8u
#define RMP_RD_SLOTS 2u
#define RMP_MAX_PLACES (2u * RMP_MAX_MISS + 4u)  // of the walker: R, W, VERIFY, one that is never used, C
#define RMP_WRQ_DEPTH 2u

// RMP_STATUS and RMP_CMD (rmp_init.md).
typedef enum rmp_state {
  RMP_OFF = 0,
  RMP_FENCED = 1,
  RMP_FLUSHED = 2,
  RMP_FILLED = 3,
  RMP_CHECKED = 4,
  RMP_ON = 5,
  RMP_READY = 6
} rmp_state_t;

typedef enum rmp_cmd {
  RMP_CMD_FENCE = 1,
  RMP_CMD_FLUSH_DONE = 2,
  RMP_CMD_TABLE_DONE = 3,
  RMP_CMD_VERIFY = 4,
  RMP_CMD_SNP_EN = 5,
  RMP_CMD_FLUSH2_DONE = 6,
  RMP_CMD_DRAIN = 7,    // with RmpChk > 0
  RMP_CMD_SEG_LOAD = 8  // with RmpSeg = 1
} rmp_cmd_t;

typedef enum rmp_err {
  RMP_ERR_NONE = 0,
  RMP_ERR_RANGE = 1,
  RMP_ERR_STATE = 2,
  RMP_ERR_VERIFY = 3,
  RMP_ERR_SEGMENT = 4,
  RMP_ERR_OP = 15
} rmp_err_t;

// An entry as caches and walker keep it: its bits 95:0.
typedef struct rmp_word {
  uint64_t q1;
  uint32_t q2;
} rmp_word_t;

// What a check looks at beside the question and the entries: registers of this cycle, and parameters.
typedef struct rmp_regs {
  cbit_rmp_param_t param;
  cbit_rmp_cfg_t cfg;  // snp_en 1
  bool vmpl_sss;
  const rmp_seg_cyc_t *seg;  // cfg.segmented alone
} rmp_regs_t;

// cbit_rmp_addr: address of the entry of spa, and whether it is covered.
static inline bool rmp_entry_addr(const rmp_regs_t *regs, uint64_t spa, uint64_t *addr) {
  if (regs->cfg.segmented) {
    return rmp_seg_entry_addr(regs->seg, regs->cfg.segment_shift, spa, addr);
  }
  return cbit_rmp_entry_addr(&regs->cfg, spa, addr) != 0;
}

// A question of a bus request says all with its attributes; one of a check port has the inputs of the check themselves.
typedef struct rmp_question {
  uint64_t spa;
  uint64_t attr;     // raw: the GPA
  bool raw;          // of a check port; the members below are
  bool ec, ss, snp_active;
  uint8_t req, op, map_size, vmpl, cpl;
  uint16_t asid;
  bool in_use;       // the page is marked (RmpInuse)
} rmp_question_t;

typedef struct rmp_answer {
  bool deny;
  cyc_rmp_rec_t rec;  // zero for a pass
} rmp_answer_t;

// ---- rmp_ask_cyc.c ----

// Inputs of the check: from the attributes (docs/units/rmp.md, "Attributes"), or those of a check port.
void rmp_ask(const rmp_question_t *question, bool write, bool vmpl_sss, cbit_rmp_check_req_t *req);
// Verdict on a question. own and base may be NULL if nothing depends on them (not covered, or error).
rmp_answer_t rmp_decide(const rmp_regs_t *regs, const rmp_question_t *question, bool write, bool covered, bool error,
                        const rmp_word_t *own, const rmp_word_t *base);
void rmp_word_decode(const rmp_word_t *word, cbit_rmp_entry_t *entry);
// needs_table_o of the check, for a question about a covered page.
static inline bool rmp_needs_table(const rmp_answer_t *with_error) {
  return with_error->rec.why == CBIT_RMP_WHY_READ;
}

static inline bool rmp_first_of_range(uint64_t spa) { return ((spa >> 12) & 511u) == 0; }

// ---- rmp_cache_cyc.c ----

typedef enum rmp_slot { RMP_SLOT_PASS = 0, RMP_SLOT_WALK = 1, RMP_SLOT_DENY = 2 } rmp_slot_t;

typedef struct rmp_line {
  uint64_t tag;
  rmp_word_t word;
} rmp_line_t;

typedef struct rmp_cache_cyc {
  bool write;
  uint8_t slots;
  uint8_t lw;  // log2(RmpLines)
  bool konst;
  uint64_t vo[RMP_MAX_LINES / 64u], vb[RMP_MAX_LINES / 64u];
  rmp_line_t own[RMP_MAX_LINES], base[RMP_MAX_LINES];
  uint8_t wp, rp, count;
  uint8_t st[RMP_MAX_MISS];  // rmp_slot_t
  bool tbl[RMP_MAX_MISS];
  cyc_rmp_rec_t rec[RMP_MAX_MISS];
  // D
  bool d_v, d_none, d_on, d_hit, d_deny;
  uint8_t d_slot;
  rmp_question_t d_q;
  cyc_rmp_rec_t d_rec;
  bool d_bhit;        // of a miss: d_base is the base entry of its range
  rmp_word_t d_base;
} rmp_cache_cyc_t;

typedef struct rmp_cache_head {
  bool wait, now, deny, now_deny, tbl;
  cyc_rmp_rec_t rec;
} rmp_cache_head_t;

// A verdict of the walker for a slot of this cache.
typedef struct rmp_wv {
  bool valid, deny;
  uint8_t slot;
  cyc_rmp_rec_t rec;
} rmp_wv_t;

typedef struct rmp_fill {
  bool valid, own;
  uint64_t spa;
  rmp_word_t own_word, base_word;
} rmp_fill_t;

struct rmp_insn_cyc;  // rmp_insn_units.h

typedef struct rmp_cache_in {
  bool chk_on, guard_on, tbusy;
  bool pop;
  const cyc_ask_t *ask;
  const rmp_question_t *raw;         // cache C: what is asked beside ask; else NULL
  const struct rmp_insn_cyc *marks;  // pages in use, for HOST WRITE; NULL: none is
  rmp_wv_t wv;
} rmp_cache_in_t;

// Slots: RMP_RD_SLOTS in R, RmpMiss in W and C.
void rmp_cache_cyc_init(rmp_cache_cyc_t *c, const cbit_cyc_cfg_t *cfg, bool write, unsigned slots);
void rmp_cache_cyc_reset(rmp_cache_cyc_t *c);
rmp_cache_head_t rmp_cache_cyc_head(const rmp_cache_cyc_t *c);
// Step D found a miss: d_q in slot d_slot goes to the walker.
static inline bool rmp_cache_cyc_miss(const rmp_cache_cyc_t *c) { return c->d_v && !c->d_hit; }
// miss_base, for a miss: its base entry d_base need not be read. tbusy is that of the cycle of D.
static inline bool rmp_cache_cyc_miss_base(const rmp_cache_cyc_t *c, bool tbusy) { return c->d_bhit && !tbusy; }
static inline bool rmp_cache_cyc_ev_ask(const rmp_cache_cyc_t *c) { return c->d_v && c->d_on && !c->d_none; }
void rmp_cache_cyc_step(rmp_cache_cyc_t *c, const rmp_regs_t *regs, const rmp_cache_in_t *in, const rmp_fill_t *fill);

// ---- rmp_walker_cyc.c ----

typedef enum rmp_sel { RMP_SEL_NONE = 0, RMP_SEL_RMW = 1, RMP_SEL_WALK = 2 } rmp_sel_t;

typedef struct rmp_walk_req {
  uint64_t spa;
  uint8_t tag;
} rmp_walk_req_t;

typedef struct rmp_walker_cyc {
  uint8_t v_place;  // V
  uint8_t c_place;  // the first of C
  uint8_t lb, lanes;
  bool konst;
  uint32_t act, need_b, need_o, wait_b, wait_o, err, redo, first;  // bit s
  uint8_t lane[RMP_MAX_PLACES];
  rmp_question_t q[RMP_MAX_PLACES];
  rmp_word_t own[RMP_MAX_PLACES], base[RMP_MAX_PLACES];
  cyc_fifo_t wrq_f;
  rmp_walk_req_t wrq[RMP_WRQ_DEPTH];
  // E
  bool e_v, e_first, e_err, e_nofill;
  uint8_t e_s;
  rmp_question_t e_q;
  rmp_word_t e_own, e_base;
  // merge
  uint8_t hold_q;  // rmp_sel_t
  bool turn_q;
} rmp_walker_cyc_t;

// What E gives in this cycle.
typedef struct rmp_walker_result {
  rmp_wv_t r, w, c;
  rmp_fill_t fill;
  bool vdone, vok;
} rmp_walker_result_t;

typedef struct rmp_walker_in {
  bool tbusy, tend;
  const rmp_cache_cyc_t *r, *w, *c;  // their registers of this cycle: misses. c: NULL without check ports
  bool v_ask;
  uint64_t v_spa;
  bool rmw_valid, int_ready, other;  // other: as for the merge
  const cyc_rmw_data_t *word;  // an entry from DRAM, NULL: none
} rmp_walker_in_t;

void rmp_walker_cyc_init(rmp_walker_cyc_t *w, const cbit_cyc_cfg_t *cfg);
void rmp_walker_cyc_reset(rmp_walker_cyc_t *w);
// other: the instruction unit or SEG_LOAD has a read; then the walker has none, and WALK is that read.
rmp_sel_t rmp_merge_cyc_sel(const rmp_walker_cyc_t *w, bool rmw_valid, bool other);
void rmp_walker_cyc_result(const rmp_walker_cyc_t *w, const rmp_regs_t *regs, bool tbusy, rmp_walker_result_t *result);
void rmp_walker_cyc_step(rmp_walker_cyc_t *w, const rmp_regs_t *regs, const rmp_walker_in_t *in);

// ---- rmp_init_cyc.c ----

typedef struct rmp_init_cyc {
  uint8_t spa_width;
  bool chk;  // RmpChk > 0: DRAIN is a command
  bool seg;  // RmpSeg: SEG_LOAD is one
  bool busy, idle, asked, run;
  uint8_t op, state, error, tblw;
  uint64_t page;
  uint8_t area;
} rmp_init_cyc_t;

void rmp_init_cyc_init(rmp_init_cyc_t *n, const cbit_cyc_cfg_t *cfg);
void rmp_init_cyc_reset(rmp_init_cyc_t *n);
static inline bool rmp_init_cyc_guard_on(const rmp_init_cyc_t *n) { return n->state != RMP_OFF; }
static inline bool rmp_init_cyc_chk_on(const rmp_init_cyc_t *n) { return n->state >= RMP_ON; }
static inline bool rmp_init_cyc_tbusy(const rmp_init_cyc_t *n) { return n->tblw != 0; }
bool rmp_init_cyc_tend(const rmp_init_cyc_t *n, const cyc_net_t *net);
// No question of a check port is asked.
static inline bool rmp_init_cyc_drain(const rmp_init_cyc_t *n) {
  return n->chk && n->busy && n->op == RMP_CMD_DRAIN && rmp_init_cyc_chk_on(n);
}
// SEG_LOAD reads; regs: those of this cycle, as in the others here.
bool rmp_init_cyc_seg_work(const rmp_init_cyc_t *n, const rmp_regs_t *regs);
// VERIFY asks for a page in this cycle.
bool rmp_init_cyc_v_ask(const rmp_init_cyc_t *n, const rmp_regs_t *regs, uint64_t *v_spa);
// What a clock of the unit looks at beside its registers and net.
typedef struct rmp_init_in {
  const rmp_regs_t *regs;
  bool seg_loaded;         // in this cycle
  rmp_seg_result_t seg;
  bool vdone, vok;
  bool chk_idle;
} rmp_init_in_t;
void rmp_init_cyc_step(rmp_init_cyc_t *n, const cyc_net_t *net, const rmp_init_in_t *in);

// ---- the whole ----

struct rmp_chk_cyc;  // rmp_chk_units.h

struct rmp_cyc {
  cbit_rmp_param_t param;
  bool inuse;  // RmpInuse
  rmp_cache_cyc_t r, w;
  rmp_walker_cyc_t walker;
  rmp_init_cyc_t init;
  rmp_seg_cyc_t seg;
  struct rmp_insn_cyc *insn;  // behind this struct; NULL with RmpInsn = 0
  struct rmp_chk_cyc *chk;    // the last; NULL with RmpChk = 0
};

#endif  // CBIT_RMP_UNITS_H
