// SPDX-License-Identifier: Apache-2.0
//
// rmp_init_cyc.c - start-up of the table: state, commands, VERIFY, and the count of table writes under way
//
// Pages: docs/units/rmp_init.md; rmp_chk.md for DRAIN, rmp_seg.md for SEG_LOAD and segmented tables. A command is at work
// from the cycle after its write; "done" is the cycle at whose end state, error and busy change.

#include <string.h>

#include "rmp/rmp_units.h"
#include "util/bits.h"

#define PAGE_LSB 12u
#define END_LAST_PAGE ((uint64_t)1 << PAGE_LSB)  // RMP_END names 8 KiB: its last page is the odd one
#define BASE_ALIGN_BITS 20u

void rmp_init_cyc_init(rmp_init_cyc_t *n, const cbit_cyc_cfg_t *cfg) {
  memset(n, 0, sizeof *n);
  n->spa_width = (uint8_t)cfg->spa_width;
  n->chk = cfg->rmp_chk != 0;
  n->seg = cfg->rmp_seg != 0;
}

void rmp_init_cyc_reset(rmp_init_cyc_t *n) {
  const rmp_init_cyc_t cfg = *n;
  memset(n, 0, sizeof *n);
  n->spa_width = cfg.spa_width;
  n->chk = cfg.chk;
  n->seg = cfg.seg;
}

static uint8_t next_count(const rmp_init_cyc_t *n, const cyc_net_t *net) {
  return (uint8_t)(n->tblw + net->tbl_begin - net->tbl_end);
}

bool rmp_init_cyc_tend(const rmp_init_cyc_t *n, const cyc_net_t *net) {
  return n->tblw != 0 && next_count(n, net) == 0;
}

// ---- VERIFY ----

static bool verifies(const rmp_init_cyc_t *n) {
  return n->busy && n->op == RMP_CMD_VERIFY && n->state == RMP_FILLED;
}

// The page in work, SPA[51:12]: in the command's first cycle the table's first.
static uint64_t verify_page(const rmp_init_cyc_t *n, const rmp_regs_t *regs) {
  return n->run ? n->page : regs->cfg.rmp_base >> PAGE_LSB;
}

// A page of a segmented table that has no entry: VERIFY ends. FENCE has looked at a contiguous one.
static bool uncovered(const rmp_init_cyc_t *n, const rmp_regs_t *regs) {
  uint64_t addr;
  return regs->cfg.segmented && !rmp_entry_addr(regs, verify_page(n, regs) << PAGE_LSB, &addr);
}

bool rmp_init_cyc_v_ask(const rmp_init_cyc_t *n, const rmp_regs_t *regs, uint64_t *v_spa) {
  *v_spa = verify_page(n, regs) << PAGE_LSB;
  return verifies(n) && !n->asked && !uncovered(n, regs);
}

static uint64_t last_page(const rmp_regs_t *regs) { return (regs->cfg.rmp_end | END_LAST_PAGE) >> PAGE_LSB; }

// page was the last of its table, or of its area; *next then is the area that follows, 0: none.
static bool at_last_page(const rmp_init_cyc_t *n, const rmp_regs_t *regs, unsigned *next) {
  *next = 0;
  if (!regs->cfg.segmented) {
    return n->page == last_page(regs);
  }
  const rmp_seg_area_t area = rmp_seg_area(regs->seg, regs->cfg.rmp_base, n->area);
  *next = rmp_seg_next_area(regs->seg, n->area);
  return n->page == area.first + area.pages - 1u;
}

// ---- commands ----

bool rmp_init_cyc_seg_work(const rmp_init_cyc_t *n, const rmp_regs_t *regs) {
  return n->busy && n->op == RMP_CMD_SEG_LOAD && n->state == RMP_FENCED && regs->cfg.segmented && !regs->seg->loaded &&
         n->idle;
}

// RANGE.
static bool range_wrong(const rmp_init_cyc_t *n, const rmp_regs_t *regs) {
  const cbit_rmp_cfg_t *cfg = &regs->cfg;
  uint64_t addr;
  if ((cfg->rmp_base & bits_mask(BASE_ALIGN_BITS)) != 0) {
    return true;
  }
  if (cfg->segmented) {
    return (cfg->rmp_base & ~bits_mask(n->spa_width)) != 0 || cfg->segment_shift < 30u || cfg->segment_shift > 40u;
  }
  return cfg->rmp_base > cfg->rmp_end || (cfg->rmp_end & ~bits_mask(n->spa_width)) != 0 ||
         !cbit_rmp_entry_addr(cfg, last_page(regs) << PAGE_LSB, &addr);
}

// The state in which a command is allowed; -1: no such command. DRAIN has two and keeps the one there is.
static int state_before(const rmp_init_cyc_t *n) {
  switch (n->op) {
    case RMP_CMD_DRAIN:
      return !n->chk ? -1 : rmp_init_cyc_chk_on(n) ? n->state : RMP_ON;
    case RMP_CMD_SEG_LOAD:
      return n->seg ? RMP_FENCED : -1;
    case RMP_CMD_FENCE:
      return RMP_OFF;
    case RMP_CMD_FLUSH_DONE:
      return RMP_FENCED;
    case RMP_CMD_TABLE_DONE:
      return RMP_FLUSHED;
    case RMP_CMD_VERIFY:
      return RMP_FILLED;
    case RMP_CMD_SNP_EN:
      return RMP_CHECKED;
    case RMP_CMD_FLUSH2_DONE:
      return RMP_ON;
    default:
      return -1;
  }
}

// Error of the command, but for what VERIFY finds.
static rmp_err_t error_of(const rmp_init_cyc_t *n, const cyc_net_t *net, const rmp_init_in_t *in) {
  const bool segmented = in->regs->cfg.segmented != 0;
  const int from = state_before(n);
  if (from < 0) {
    return RMP_ERR_OP;
  }
  if (n->state != from || (n->op == RMP_CMD_SNP_EN && !net->ctrl.smee) ||
      (n->op == RMP_CMD_FLUSH_DONE && segmented && !in->seg_loaded) ||
      (n->op == RMP_CMD_SEG_LOAD && (!segmented || in->seg_loaded))) {
    return RMP_ERR_STATE;
  }
  return n->op == RMP_CMD_FENCE && range_wrong(n, in->regs) ? RMP_ERR_RANGE : RMP_ERR_NONE;
}

static void done(rmp_init_cyc_t *n, rmp_err_t error) {
  if (error == RMP_ERR_NONE && n->op != RMP_CMD_DRAIN && n->op != RMP_CMD_SEG_LOAD) {
    n->state++;  // each other command leads from its state to the next
  }
  if (error == RMP_ERR_NONE && (n->op == RMP_CMD_FENCE || n->op == RMP_CMD_SEG_LOAD)) {
    n->idle = false;  // more is guarded from now on
  }
  n->error = (uint8_t)error;
  n->busy = false;
  n->asked = false;
  n->run = false;
  n->area = 0;
}

static void step_verify(rmp_init_cyc_t *n, const rmp_init_in_t *in) {
  const rmp_regs_t *regs = in->regs;
  uint64_t v_spa;
  unsigned next;
  if (!n->asked && uncovered(n, regs)) {
    done(n, RMP_ERR_VERIFY);
    return;
  }
  if (rmp_init_cyc_v_ask(n, regs, &v_spa)) {
    n->asked = true;
    n->page = verify_page(n, regs);
  }
  n->run = true;
  if (!in->vdone) {
    return;
  }
  if (!in->vok) {
    done(n, RMP_ERR_VERIFY);
  } else if (!at_last_page(n, regs, &next)) {
    n->page++;
    n->asked = false;
  } else if (next == 0) {
    done(n, RMP_ERR_NONE);
  } else {
    n->area = (uint8_t)next;
    n->page = rmp_seg_area(regs->seg, regs->cfg.rmp_base, next).first;
    n->asked = false;
  }
}

// The command of this cycle is not done yet, if nothing refuses it.
static bool waits(const rmp_init_cyc_t *n, bool idle, bool chk_idle) {
  return n->op == RMP_CMD_FLUSH_DONE ? !idle : rmp_init_cyc_drain(n) && !chk_idle;
}

void rmp_init_cyc_step(rmp_init_cyc_t *n, const cyc_net_t *net, const rmp_init_in_t *in) {
  const bool idle = n->idle;
  const bool busy = n->busy;
  n->tblw = next_count(n, net);
  n->idle = idle || net->wr_idle;
  if (net->rmp_cmd_we) {
    n->busy = true;
    n->op = net->rmp_cmd_op;
  }
  if (!busy) {
    return;
  }
  if (verifies(n)) {
    step_verify(n, in);
  } else if (n->op == RMP_CMD_SEG_LOAD && error_of(n, net, in) == RMP_ERR_NONE) {
    if (in->seg.done) {
      done(n, in->seg.bad ? RMP_ERR_SEGMENT : RMP_ERR_NONE);
    }
  } else {
    const rmp_err_t error = error_of(n, net, in);
    if (error != RMP_ERR_NONE || !waits(n, idle, in->chk_idle)) {
      done(n, error);
    }
  }
}
