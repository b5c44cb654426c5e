// SPDX-License-Identifier: Apache-2.0
//
// tweak_cyc.c - the tweak unit: jobs of the two bus units in, tweaks out
//
// Two job queues and generators (R: reads, W: writes), and a pipe that never stalls: granted in cycle g, in P0 in g+1, in
// the AES stages from g+2 to g+1+S, in P1 in g+2+S, usable in g+3+S. With fewer than four lanes the pipe is shared, round
// robin; with four each requester has its own. Source: docs/units/tweak.md.
//
// Registers as the page lists them, but the pipe: a ring of S+2 places that is read and then written at one index, and the
// tweak is computed at the grant (mode, override and table are taken there; the round keys of a slot in use do not change,
// and after a kill nobody looks at the value).

#include <string.h>

#include "prim/cyc_util.h"
#include "top/units_cyc.h"
#include "util/bits.h"

enum { REQ_R = 0, REQ_W = 1, REQ_COUNT = 2 };

#define PIPE_MAX 16u   // S + 2 with S = 14
#define JOBS_MAX 128u  // largest table

typedef struct tweak_job {
  uint64_t spa;
  uint16_t slot;
  uint8_t entry, lo, hi, first;
} tweak_job_t;

// A queue of jobs and the generator that works on its head.
typedef struct tweak_gen {
  tweak_job_t job[JOBS_MAX];
  cyc_fifo_t q;
  uint8_t depth;
  uint8_t left;  // units still to do of the head job, 0 = not begun
  uint8_t unit;
} tweak_gen_t;

typedef struct tweak_place {
  uint8_t t[16];
  uint8_t valid, req, entry, unit;
} tweak_place_t;

struct tweak_cyc {
  tweak_place_t pipe[REQ_COUNT][PIPE_MAX];  // pipe[1] with four lanes only
  uint8_t pos;      // the place that P1 shows in this cycle, and that this cycle's grant takes
  uint8_t places;   // S + 2
  uint8_t busy;     // valid places
  uint8_t rr_last;
  uint8_t lane_bits;
  bool split;       // a pipe for each requester
  tweak_gen_t gen[REQ_COUNT];
};

size_t tweak_cyc_size(const cbit_cyc_cfg_t *cfg) {
  (void)cfg;
  return sizeof(tweak_cyc_t);
}

void tweak_cyc_init(tweak_cyc_t *u, const cbit_cyc_cfg_t *cfg) {
  memset(u, 0, sizeof *u);
  const unsigned rounds = cfg->key_bits == 256u ? 14u : 10u;
  u->places = (uint8_t)(rounds / cfg->rounds_per_stage + 2u);
  u->lane_bits = (uint8_t)bits_log2(cfg->lanes);
  u->split = cfg->lanes == 4u;
  u->gen[REQ_R].depth = (uint8_t)cfg->num_rd;
  u->gen[REQ_W].depth = (uint8_t)cfg->num_wr;
  tweak_cyc_reset(u);
}

void tweak_cyc_reset(tweak_cyc_t *u) {
  memset(u->pipe, 0, sizeof u->pipe);
  u->pos = 0;
  u->busy = 0;
  u->rr_last = REQ_COUNT - 1;
  for (unsigned r = 0; r < REQ_COUNT; r++) {
    cyc_fifo_reset(&u->gen[r].q);
    u->gen[r].left = 0;
    u->gen[r].unit = 0;
  }
}

static void show(const tweak_place_t *p, cyc_tweak_result_t *r) {
  r->we = true;
  r->entry = p->entry;
  r->unit = p->unit;
  memcpy(r->t, p->t, 16);
}

void tweak_cyc_out(const tweak_cyc_t *u, cyc_net_t *net) {
  net->tw_r.we = false;
  net->tw_w.we = false;
  if (u->busy == 0) {
    return;
  }
  const unsigned pipes = u->split ? 2u : 1u;
  for (unsigned i = 0; i < pipes; i++) {
    const tweak_place_t *p = &u->pipe[i][u->pos];
    if (p->valid) {
      show(p, p->req == REQ_R ? &net->tw_r : &net->tw_w);
    }
  }
}

// The generator's current unit goes into the place; the job is popped with its last unit.
static void grant(tweak_gen_t *g, unsigned req, unsigned lane_bits, const cyc_net_t *net, tweak_place_t *p) {
  const tweak_job_t *job = &g->job[g->q.head];
  const unsigned mode = net->ctrl.mode;
  const unsigned unit = g->left == 0 ? job->first : g->unit;
  const unsigned left = g->left == 0 ? (unsigned)job->hi - job->lo + 1u : g->left;

  // Units are lines or blocks of the window of the job.
  const unsigned unit_lsb = net->ctrl.line_mode ? 6u : 4u;
  const uint64_t window = bits_mask(8u + lane_bits);
  const uint64_t spa = (job->spa & ~window) | (((uint64_t)unit << unit_lsb) & window);
  if (cbit_tweak_override((cbit_mode_t)mode, &net->slot_key[job->slot], net->table, spa,
                          net->ctrl.ovr_en ? net->ctrl.ovr : NULL, p->t) != CBIT_OK) {
    memset(p->t, 0, 16);
  }
  p->valid = 1;
  p->req = (uint8_t)req;
  p->entry = job->entry;
  p->unit = (uint8_t)unit;

  g->left = (uint8_t)(left - 1u);
  g->unit = unit == job->hi ? job->lo : (uint8_t)(unit + 1u);
  if (g->left == 0) {
    cyc_fifo_pop(&g->q, g->depth);
  }
}

static void push(tweak_gen_t *g, const cyc_job_t *job) {
  if (!job->valid || cyc_fifo_full(&g->q, g->depth)) {  // never full: as deep as the table
    return;
  }
  tweak_job_t *j = &g->job[cyc_fifo_tail(&g->q, g->depth)];
  j->spa = job->spa;
  j->slot = job->slot;
  j->entry = job->entry;
  j->lo = job->lo;
  j->hi = job->hi;
  j->first = job->first;
  cyc_fifo_push(&g->q);
}

void tweak_cyc_step(tweak_cyc_t *u, cyc_net_t *net) {
  const uint32_t req = (cyc_fifo_empty(&u->gen[REQ_R].q) ? 0u : 1u) | (cyc_fifo_empty(&u->gen[REQ_W].q) ? 0u : 2u);
  if (req != 0 || u->busy != 0) {
    tweak_place_t *p = &u->pipe[0][u->pos];
    unsigned busy = u->busy - (unsigned)p->valid;
    p->valid = 0;
    if (u->split) {
      tweak_place_t *pw = &u->pipe[1][u->pos];
      busy -= (unsigned)pw->valid;
      pw->valid = 0;
      if ((req & 1u) != 0) {
        grant(&u->gen[REQ_R], REQ_R, u->lane_bits, net, p);
      }
      if ((req & 2u) != 0) {
        grant(&u->gen[REQ_W], REQ_W, u->lane_bits, net, pw);
      }
      busy += (unsigned)p->valid + pw->valid;
    } else if (req != 0) {
      const unsigned win = cyc_rr_pick(req, u->rr_last, REQ_COUNT);
      u->rr_last = (uint8_t)win;
      grant(&u->gen[win], win, u->lane_bits, net, p);
      busy++;
    }
    u->busy = (uint8_t)busy;
    u->pos = (uint8_t)(u->pos + 1u == u->places ? 0 : u->pos + 1u);
  }
  // Jobs of this cycle are at the head from the next one on.
  push(&u->gen[REQ_R], &net->job_r);
  push(&u->gen[REQ_W], &net->job_w);
}
