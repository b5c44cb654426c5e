// SPDX-License-Identifier: Apache-2.0
//
// rmp_unit_cyc.c - the RMP unit as a whole: its parts wired, at the border of cyc_net_t
//
// Page: docs/units/rmp.md. Two caches, walker, start-up, merge; with RmpInsn > 0 the instructions and the requester's pins
// (docs/units/rmp_insn.md), with RmpChk > 0 the check ports with a third cache (rmp_chk.md); with RmpSeg = 1 the
// segment table (rmp_seg.md). All outputs come from registers.

#include <string.h>

#include "rmp/rmp_chk_units.h"
#include "rmp/rmp_insn_units.h"

_Static_assert(_Alignof(rmp_insn_cyc_t) <= _Alignof(rmp_cyc_t), "the instruction unit lies behind the rest");
_Static_assert(_Alignof(rmp_chk_cyc_t) <= _Alignof(rmp_insn_cyc_t), "the check ports lie behind both");

size_t rmp_cyc_size(const cbit_cyc_cfg_t *cfg) {
  if (cfg->rmp == 0) {
    return 0;
  }
  return sizeof(rmp_cyc_t) + (cfg->rmp_insn != 0 ? sizeof(rmp_insn_cyc_t) : 0) +
         (cfg->rmp_chk != 0 ? sizeof(rmp_chk_cyc_t) : 0);
}

void rmp_cyc_init(rmp_cyc_t *u, const cbit_cyc_cfg_t *cfg) {
  memset(u, 0, sizeof *u);
  uint8_t *next = (uint8_t *)(u + 1);
  cbit_rmp_param_init(&u->param);
  u->inuse = cfg->rmp_inuse != 0;
  u->param.hv_inuse_wr_allowed = !u->inuse;
  rmp_cache_cyc_init(&u->r, cfg, false, RMP_RD_SLOTS);
  rmp_cache_cyc_init(&u->w, cfg, true, cfg->rmp_miss);
  rmp_walker_cyc_init(&u->walker, cfg);
  rmp_init_cyc_init(&u->init, cfg);
  rmp_seg_cyc_init(&u->seg, cfg);
  if (cfg->rmp_insn != 0) {
    u->insn = (rmp_insn_cyc_t *)(void *)next;
    rmp_insn_cyc_init(u->insn, cfg);
    next += sizeof *u->insn;
  }
  if (cfg->rmp_chk != 0) {
    u->chk = (rmp_chk_cyc_t *)(void *)next;
    rmp_chk_cyc_init(u->chk, cfg);
  }
}

void rmp_cyc_reset(rmp_cyc_t *u) {
  rmp_cache_cyc_reset(&u->r);
  rmp_cache_cyc_reset(&u->w);
  rmp_walker_cyc_reset(&u->walker);
  rmp_init_cyc_reset(&u->init);
  rmp_seg_cyc_reset(&u->seg);
  if (u->insn != NULL) {
    rmp_insn_cyc_reset(u->insn);
  }
  if (u->chk != NULL) {
    rmp_chk_cyc_reset(u->chk);
  }
}

// The registers that the checks and instructions look at.
static inline void load_regs(const rmp_cyc_t *u, const cyc_net_t *net, rmp_regs_t *regs) {
  *regs = (rmp_regs_t){.param = u->param,
                       .cfg = {.rmp_base = net->rmp_reg.base,
                               .rmp_end = net->rmp_reg.end,
                               .snp_en = 1,
                               .vmpl_en = net->rmp_reg.vmpl_en,
                               .iommu_snp = net->rmp_reg.iommu_snp,
                               .segmented = net->rmp_reg.seg_en,
                               .segment_shift = net->rmp_reg.seg_size},
                       .vmpl_sss = net->rmp_reg.vmpl_sss,
                       .seg = &u->seg};
}

// Reads of the table are not encrypted, but for TSME (K15, K16).
static void show_walk(const rmp_walk_req_t *walk, const cyc_ctrl_t *ctrl, cyc_rmw_req_t *req) {
  *req = (cyc_rmw_req_t){.valid = true,
                         .spa = walk->spa,
                         .rows = 1,
                         .tag = walk->tag,
                         .enc = ctrl->tsme && ctrl->mode != CBIT_MODE_NONE};
}

static void show_read(const rmp_cyc_t *u, bool insn, cyc_net_t *net) {
  if (insn) {
    rmp_regs_t regs;
    load_regs(u, net, &regs);
    const rmp_walk_req_t read = rmp_insn_cyc_read(u->insn, &regs);
    show_walk(&read, &net->ctrl, &net->int_req);
  } else if (u->seg.sreq) {
    const rmp_walk_req_t read = {rmp_seg_cyc_row(&u->seg, net->rmp_reg.base), CYC_TAG_WALK + 2u * RMP_SEG_UNIT};
    show_walk(&read, &net->ctrl, &net->int_req);
  } else {
    show_walk(&u->walker.wrq[u->walker.wrq_f.head], &net->ctrl, &net->int_req);
  }
}

static inline bool insn_reads(const rmp_cyc_t *u) { return u->insn != NULL && rmp_insn_cyc_reads(u->insn); }

static void show_internal(const rmp_cyc_t *u, cyc_net_t *net) {
  const bool insn = insn_reads(u);
  switch (rmp_merge_cyc_sel(&u->walker, net->rmw_req.valid, insn || u->seg.sreq)) {
    case RMP_SEL_RMW:
      net->int_req = net->rmw_req;
      net->int_req.enc = true;
      break;
    case RMP_SEL_WALK:
      show_read(u, insn, net);
      break;
    default:
      net->int_req.valid = false;
      break;
  }
}

void rmp_cyc_out(const rmp_cyc_t *u, cyc_net_t *net) {
  const rmp_cache_head_t r = rmp_cache_cyc_head(&u->r);
  const rmp_cache_head_t w = rmp_cache_cyc_head(&u->w);
  net->rmp = (cyc_rmp_out_t){
      .rd_wait = r.wait,
      .rd_deny = r.deny,
      .rd_now = r.now,
      .rd_now_deny = r.now_deny,
      .rd_rec = r.rec,
      .wr_wait = w.wait,
      .wr_deny = w.now ? w.now_deny : w.deny,
      .wr_tbl = w.tbl,
      .wr_rec = w.rec,
      .chk_on = rmp_init_cyc_chk_on(&u->init),
      .busy = u->init.busy,
      .state = u->init.state,
      .error = u->init.error,
      .loaded = u->seg.loaded,
  };
  show_internal(u, net);
}

// What the caches have in common; R asks no WRITE and needs no marks.
static rmp_cache_in_t cache_in(const rmp_cyc_t *u, bool marks, const rmp_wv_t *wv) {
  const rmp_cache_in_t in = {.chk_on = rmp_init_cyc_chk_on(&u->init),
                             .guard_on = rmp_init_cyc_guard_on(&u->init),
                             .tbusy = rmp_init_cyc_tbusy(&u->init),
                             .marks = marks && u->inuse ? u->insn : NULL,
                             .wv = *wv};
  return in;
}

static void step_caches(rmp_cyc_t *u, const cyc_net_t *net, const rmp_regs_t *regs, const rmp_walker_result_t *result) {
  rmp_cache_in_t r = cache_in(u, false, &result->r);
  rmp_cache_in_t w = cache_in(u, true, &result->w);
  r.ask = &net->ask_r;
  r.pop = net->pop_r;
  w.ask = &net->ask_w;
  w.pop = net->pop_w;
  rmp_cache_cyc_step(&u->r, regs, &r, &result->fill);
  rmp_cache_cyc_step(&u->w, regs, &w, &result->fill);
}

// ---- check ports ----

void rmp_cyc_chk_out(const rmp_cyc_t *u, cbit_pins_out_t *out) { rmp_chk_cyc_out(u->chk, out); }

static bool chk_idle(const rmp_cyc_t *u) { return u->chk == NULL || rmp_chk_cyc_idle(u->chk); }

static void step_chk(rmp_cyc_t *u, cyc_net_t *net, const cbit_pins_in_t *pins, const rmp_regs_t *regs,
                     const rmp_walker_result_t *result) {
  const rmp_chk_in_t in = {.regs = regs,
                           .hold = (u->insn != NULL && rmp_insn_cyc_stop(u->insn)) || rmp_init_cyc_drain(&u->init),
                           .cache = cache_in(u, true, &result->c),
                           .fill = &result->fill};
  net->ev.rmp_ask = (uint8_t)(net->ev.rmp_ask + rmp_cache_cyc_ev_ask(&u->chk->cache));
  net->ev.rmp_miss = (uint8_t)(net->ev.rmp_miss + rmp_cache_cyc_miss(&u->chk->cache));
  rmp_chk_cyc_step(u->chk, &in, pins, &net->ev);
}

// ---- instructions ----

void rmp_cyc_pins_out(const rmp_cyc_t *u, cyc_net_t *net, cbit_pins_out_t *out) {
  rmp_pins_cyc_out(u->insn, net, out);
  rmp_insn_cyc_out(u->insn, out);
}

void rmp_cyc_pins_in(const rmp_cyc_t *u, const cbit_pins_in_t *in, cbit_pins_in_t *eng) {
  rmp_pins_cyc_in(u->insn, in, eng);
}

// Words of the table for those who read it.
typedef struct words {
  const cyc_rmw_data_t *walk, *insn, *seg;
} words_t;

static words_t sort_word(const rmp_cyc_t *u, const cyc_rmw_data_t *word) {
  words_t words = {NULL, NULL, NULL};
  if (!word->valid || (word->tag & CYC_TAG_WALK) == 0) {
    return words;
  }
  const unsigned unit = (word->tag & (CYC_TAG_WALK - 1u)) >> 1;
  if (u->insn != NULL && unit == u->insn->unit) {
    words.insn = word;
  } else if (unit == RMP_SEG_UNIT) {
    words.seg = word;
  } else {
    words.walk = word;
  }
  return words;
}

static rmp_seg_result_t step_seg(rmp_cyc_t *u, const rmp_regs_t *regs, bool taken, const cyc_rmw_data_t *word) {
  const rmp_seg_in_t in = {.work = rmp_init_cyc_seg_work(&u->init, regs),
                           .rd_taken = u->seg.sreq && taken,
                           .seg_size = regs->cfg.segment_shift,
                           .word = word};
  return rmp_seg_cyc_step(&u->seg, &in);
}

// idle: of the check ports, by the registers of this cycle.
static void step_insn(rmp_cyc_t *u, cyc_net_t *net, const cbit_pins_in_t *pins, const rmp_regs_t *regs, bool idle, bool taken,
                      const cyc_rmw_data_t *word) {
  const rmp_insn_in_t in = {.regs = regs,
                            .chk_on = rmp_init_cyc_chk_on(&u->init),
                            .idle = net->rd_idle && net->wr_idle && idle,
                            .rd_taken = taken,
                            .word = word,
                            .aw_ready = net->eng.awready,
                            .w_ready = net->eng.wready,
                            .b = &net->eng.b};
  rmp_pins_cyc_step(u->insn, net, pins);  // by the phase of this cycle
  rmp_insn_cyc_step(u->insn, &in, pins, &net->ev);
}

// ---- the edge ----

void rmp_cyc_step(rmp_cyc_t *u, cyc_net_t *net, const cbit_pins_in_t *in) {
  rmp_regs_t regs;
  rmp_walker_result_t result;
  const bool insn_read = insn_reads(u);
  rmp_walker_in_t walk = {.tbusy = rmp_init_cyc_tbusy(&u->init),
                          .tend = rmp_init_cyc_tend(&u->init, net),
                          .r = &u->r,
                          .w = &u->w,
                          .c = u->chk != NULL ? &u->chk->cache : NULL,
                          .rmw_valid = net->rmw_req.valid,
                          .int_ready = net->int_ready,
                          .other = insn_read || u->seg.sreq};
  const bool read_taken = walk.other && net->int_ready && (net->int_req.tag & CYC_TAG_WALK) != 0;
  rmp_init_in_t init = {.regs = &regs, .chk_idle = chk_idle(u), .seg_loaded = u->seg.loaded};
  const words_t words = sort_word(u, &net->rmw_data);
  load_regs(u, net, &regs);
  walk.word = words.walk;
  walk.v_ask = rmp_init_cyc_v_ask(&u->init, &regs, &walk.v_spa);
  net->ev.rmp_ask = (uint8_t)(rmp_cache_cyc_ev_ask(&u->r) + rmp_cache_cyc_ev_ask(&u->w));
  net->ev.rmp_miss = (uint8_t)(rmp_cache_cyc_miss(&u->r) + rmp_cache_cyc_miss(&u->w));
  // Each part's edge leaves the registers that the next ones look at alone.
  rmp_walker_cyc_result(&u->walker, &regs, walk.tbusy, &result);
  rmp_walker_cyc_step(&u->walker, &regs, &walk);
  step_caches(u, net, &regs, &result);
  if (u->chk != NULL) {
    step_chk(u, net, in, &regs, &result);
  }
  if (u->insn != NULL) {
    step_insn(u, net, in, &regs, init.chk_idle, insn_read && read_taken, words.insn);
  }
  if (u->seg.exists) {
    init.seg = step_seg(u, &regs, read_taken, words.seg);
  }
  init.vdone = result.vdone;
  init.vok = result.vok;
  rmp_init_cyc_step(&u->init, net, &init);
}
