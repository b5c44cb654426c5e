// SPDX-License-Identifier: Apache-2.0
//
// rmp_init_cyc.c - start-up of the table: state, commands, VERIFY, and the count of table writes under way
//
// Pages: docs/units/rmp_init.md; rmp_chk.md for DRAIN. A command is at work from the cycle after its write; "done" is the
// cycle at whose end state, error and busy change.

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
}

void rmp_init_cyc_reset(rmp_init_cyc_t *n) {
  const rmp_init_cyc_t cfg = *n;
  memset(n, 0, sizeof *n);
  n->spa_width = cfg.spa_width;
  n->chk = cfg.chk;
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
static uint64_t verify_page(const rmp_init_cyc_t *n, const cyc_net_t *net) {
  return n->run ? n->page : net->rmp_reg.base >> PAGE_LSB;
}

bool rmp_init_cyc_v_ask(const rmp_init_cyc_t *n, const cyc_net_t *net, uint64_t *v_spa) {
  *v_spa = verify_page(n, net) << PAGE_LSB;
  return verifies(n) && !n->asked;
}

static uint64_t last_page(const cyc_net_t *net) { return (net->rmp_reg.end | END_LAST_PAGE) >> PAGE_LSB; }

// ---- commands ----

// RANGE.
static bool range_wrong(const rmp_init_cyc_t *n, const cyc_net_t *net) {
  const cbit_rmp_cfg_t cfg = {.rmp_base = net->rmp_reg.base, .rmp_end = net->rmp_reg.end};
  uint64_t addr;
  return (cfg.rmp_base & bits_mask(BASE_ALIGN_BITS)) != 0 || cfg.rmp_base > cfg.rmp_end ||
         (cfg.rmp_end & ~bits_mask(n->spa_width)) != 0 ||
         !cbit_rmp_entry_addr(&cfg, last_page(net) << PAGE_LSB, &addr);
}

// The state in which a command is allowed; -1: no such command. DRAIN has two and keeps the one there is.
static int state_before(const rmp_init_cyc_t *n) {
  switch (n->op) {
    case RMP_CMD_DRAIN:
      return !n->chk ? -1 : rmp_init_cyc_chk_on(n) ? n->state : RMP_ON;
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
static rmp_err_t error_of(const rmp_init_cyc_t *n, const cyc_net_t *net) {
  const int from = state_before(n);
  if (from < 0) {
    return RMP_ERR_OP;
  }
  if (n->state != from || (n->op == RMP_CMD_SNP_EN && !net->ctrl.smee)) {
    return RMP_ERR_STATE;
  }
  return n->op == RMP_CMD_FENCE && range_wrong(n, net) ? RMP_ERR_RANGE : RMP_ERR_NONE;
}

static void done(rmp_init_cyc_t *n, rmp_err_t error) {
  if (error == RMP_ERR_NONE && n->op != RMP_CMD_DRAIN) {
    n->state++;  // each other command leads from its state to the next
    if (n->op == RMP_CMD_FENCE) {
      n->idle = false;
    }
  }
  n->error = (uint8_t)error;
  n->busy = false;
  n->asked = false;
  n->run = false;
}

static void step_verify(rmp_init_cyc_t *n, const cyc_net_t *net, bool vdone, bool vok) {
  uint64_t v_spa;
  if (rmp_init_cyc_v_ask(n, net, &v_spa)) {
    n->asked = true;
    n->page = verify_page(n, net);
  }
  n->run = true;
  if (!vdone) {
    return;
  }
  if (!vok) {
    done(n, RMP_ERR_VERIFY);
  } else if (n->page == last_page(net)) {
    done(n, RMP_ERR_NONE);
  } else {
    n->page++;
    n->asked = false;
  }
}

// The command of this cycle is not done yet, though nothing refuses it.
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
    step_verify(n, net, in->vdone, in->vok);
  } else if (!waits(n, idle, in->chk_idle)) {
    done(n, error_of(n, net));
  }
}
