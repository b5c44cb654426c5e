// SPDX-License-Identifier: Apache-2.0
//
// rmp_unit_cyc.c - the RMP unit as a whole: its parts wired, at the border of cyc_net_t
//
// Page: docs/units/rmp.md. Two caches, walker, start-up, merge. All outputs come from registers.

#include <string.h>

#include "rmp/rmp_units.h"

size_t rmp_cyc_size(const cbit_cyc_cfg_t *cfg) { return cfg->rmp != 0 ? sizeof(rmp_cyc_t) : 0; }

void rmp_cyc_init(rmp_cyc_t *u, const cbit_cyc_cfg_t *cfg) {
  memset(u, 0, sizeof *u);
  cbit_rmp_param_init(&u->param);
  rmp_cache_cyc_init(&u->r, cfg, false);
  rmp_cache_cyc_init(&u->w, cfg, true);
  rmp_walker_cyc_init(&u->walker, cfg);
  rmp_init_cyc_init(&u->init, cfg);
}

void rmp_cyc_reset(rmp_cyc_t *u) {
  rmp_cache_cyc_reset(&u->r);
  rmp_cache_cyc_reset(&u->w);
  rmp_walker_cyc_reset(&u->walker);
  rmp_init_cyc_reset(&u->init);
}

// Table walks are not encrypted, but for TSME (K15, K16).
static void show_walk(const rmp_walker_cyc_t *w, const cyc_ctrl_t *ctrl, cyc_rmw_req_t *req) {
  const rmp_walk_req_t *walk = &w->wrq[w->wrq_f.head];
  *req = (cyc_rmw_req_t){.valid = true,
                         .spa = walk->spa,
                         .rows = 1,
                         .tag = walk->tag,
                         .enc = ctrl->tsme && ctrl->mode != CBIT_MODE_NONE};
}

static void show_internal(const rmp_cyc_t *u, cyc_net_t *net) {
  switch (rmp_merge_cyc_sel(&u->walker, net->rmw_req.valid)) {
    case RMP_SEL_RMW:
      net->int_req = net->rmw_req;
      net->int_req.enc = true;
      break;
    case RMP_SEL_WALK:
      show_walk(&u->walker, &net->ctrl, &net->int_req);
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
  };
  show_internal(u, net);
}

static void step_cache(rmp_cache_cyc_t *c, const rmp_cyc_t *u, const rmp_regs_t *regs, const cyc_ask_t *ask, bool pop,
                       const rmp_wv_t *wv, const rmp_fill_t *fill) {
  const rmp_cache_in_t in = {.chk_on = rmp_init_cyc_chk_on(&u->init),
                             .guard_on = rmp_init_cyc_guard_on(&u->init),
                             .tbusy = rmp_init_cyc_tbusy(&u->init),
                             .pop = pop,
                             .ask = ask,
                             .wv = *wv};
  rmp_cache_cyc_step(c, regs, &in, fill);
}

void rmp_cyc_step(rmp_cyc_t *u, cyc_net_t *net) {
  const rmp_regs_t regs = {.param = u->param,
                           .cfg = {.rmp_base = net->rmp_reg.base,
                                   .rmp_end = net->rmp_reg.end,
                                   .snp_en = 1,
                                   .vmpl_en = net->rmp_reg.vmpl_en,
                                   .iommu_snp = net->rmp_reg.iommu_snp},
                           .vmpl_sss = net->rmp_reg.vmpl_sss};
  rmp_walker_result_t result;
  rmp_walker_in_t walk = {.tbusy = rmp_init_cyc_tbusy(&u->init),
                          .tend = rmp_init_cyc_tend(&u->init, net),
                          .r = &u->r,
                          .w = &u->w,
                          .rmw_valid = net->rmw_req.valid,
                          .int_ready = net->int_ready};
  walk.v_ask = rmp_init_cyc_v_ask(&u->init, net, &walk.v_spa);
  if (net->rmw_data.valid && (net->rmw_data.tag & CYC_TAG_WALK) != 0) {
    walk.word = &net->rmw_data;
  }
  net->ev.rmp_ask = (uint8_t)(rmp_cache_cyc_ev_ask(&u->r) + rmp_cache_cyc_ev_ask(&u->w));
  net->ev.rmp_miss = (uint8_t)(rmp_cache_cyc_miss(&u->r) + rmp_cache_cyc_miss(&u->w));
  // Each part's edge leaves the registers that the next ones look at alone.
  rmp_walker_cyc_result(&u->walker, &regs, walk.tbusy, &result);
  rmp_walker_cyc_step(&u->walker, &regs, &walk);
  step_cache(&u->r, u, &regs, &net->ask_r, net->pop_r, &result.r, &result.fill);
  step_cache(&u->w, u, &regs, &net->ask_w, net->pop_w, &result.w, &result.fill);
  rmp_init_cyc_step(&u->init, net, result.vdone, result.vok);
}
