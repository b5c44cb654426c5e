// SPDX-License-Identifier: Apache-2.0
//
// rmp_cache_cyc.c - questions of one port, cached entries, verdicts
//
// Pages: docs/units/rmp_cache.md; rmp_chk.md for cache C and pages in use. A question is looked up in the cycle of its
// handshake (step L) and decided in the next (step D); a miss waits in its slot for the walker's verdict. Instances: R
// beside arq, W beside the gate, C of the check ports. What a cycle sees are the registers before its edge, so a step
// reads memories first and fills them last.

#include <string.h>

#include "cbit_attr.h"
#include "rmp/rmp_insn_units.h"
#include "util/bits.h"

#define BASE_LSB 21u
#define OWN_LSB 12u
#define Q1_PAGE_SIZE 2u

static bool has(const uint64_t *v, unsigned i) { return cyc_has(v[i >> 6], i & 63u); }
static void set(uint64_t *v, unsigned i) { v[i >> 6] |= cyc_bit(i & 63u); }

void rmp_cache_cyc_init(rmp_cache_cyc_t *c, const cbit_cyc_cfg_t *cfg, bool write, unsigned slots) {
  memset(c, 0, sizeof *c);
  c->write = write;
  c->slots = (uint8_t)slots;
  c->lw = (uint8_t)bits_log2(cfg->rmp_lines);
  c->konst = cfg->rmp_const != 0;
}

void rmp_cache_cyc_reset(rmp_cache_cyc_t *c) {
  memset(c->vo, 0, sizeof c->vo);
  memset(c->vb, 0, sizeof c->vb);
  memset(c->st, RMP_SLOT_PASS, sizeof c->st);
  memset(c->tbl, 0, sizeof c->tbl);
  c->wp = 0;
  c->rp = 0;
  c->count = 0;
  c->d_v = false;
}

rmp_cache_head_t rmp_cache_cyc_head(const rmp_cache_cyc_t *c) {
  rmp_cache_head_t head = {.now_deny = c->d_v && c->d_hit && c->d_deny};
  if (c->count == 0) {
    return head;
  }
  const bool in_d = c->d_v && c->d_slot == c->rp;
  head.now = in_d && c->d_hit;
  head.wait = in_d ? !c->d_hit : c->st[c->rp] == RMP_SLOT_WALK;
  head.deny = !in_d && c->st[c->rp] == RMP_SLOT_DENY;
  head.tbl = c->tbl[c->rp];
  head.rec = head.now ? c->d_rec : c->rec[c->rp];
  return head;
}

// ---- L ----

typedef struct look {
  unsigned index;
  uint64_t tag;
} look_t;

static look_t look_at(const rmp_cache_cyc_t *c, uint64_t spa, unsigned lsb) {
  const look_t look = {(unsigned)bits_get(spa, lsb, c->lw), spa >> (lsb + c->lw)};
  return look;
}

// Whether a memory holds the entry.
static bool holds(const uint64_t *valid, const rmp_line_t *line, look_t look) {
  return has(valid, look.index) && line[look.index].tag == look.tag;
}

// touch: RMP_BASE[51:13] <= spa[51:13] <= RMP_END[51:13], or what is of a segmented table.
static bool in_table(const rmp_regs_t *regs, uint64_t spa) {
  if (regs->cfg.segmented) {
    return rmp_seg_touch(regs->seg, regs->cfg.rmp_base, spa);
  }
  const uint64_t page = spa >> 13;
  return regs->cfg.rmp_base >> 13 <= page && page <= regs->cfg.rmp_end >> 13;
}

// Whether a 2 MiB base entry answers alone. For the other questions a row looks at the own entry too (rmp.md D2), and what
// the memory holds without a hit is another page's.
static bool base_alone(const rmp_regs_t *regs, const rmp_question_t *q, bool write, const rmp_word_t *base) {
  cbit_rmp_check_req_t req;
  rmp_ask(q, write, regs->vmpl_sss, &req);
  return (base->q1 & Q1_PAGE_SIZE) != 0 && req.req == CBIT_RMP_REQ_GUEST_SNP && req.map_size != CBIT_RMP_4K &&
         req.op != CBIT_RMP_OP_NPT_READ && req.op != CBIT_RMP_OP_NPT_AD;
}

// Hit and verdict of a question with checks on that is neither refused by the route nor by the guard.
static void look_up(rmp_cache_cyc_t *c, const rmp_regs_t *regs, const rmp_question_t *q, bool tbusy) {
  uint64_t addr;
  const bool covered = rmp_entry_addr(regs, q->spa, &addr);
  rmp_answer_t answer = rmp_decide(regs, q, c->write, covered, covered, NULL, NULL);
  if (rmp_needs_table(&answer)) {
    const bool first = rmp_first_of_range(q->spa);
    const look_t at_base = look_at(c, q->spa, BASE_LSB);
    const look_t at_own = look_at(c, q->spa, OWN_LSB);
    const rmp_word_t *base = &c->base[at_base.index].word;
    const rmp_word_t *own = &c->own[at_own.index].word;
    const bool base_hit = !c->konst && !tbusy && holds(c->vb, c->base, at_base);
    c->d_hit = base_hit && (first || holds(c->vo, c->own, at_own) || base_alone(regs, q, c->write, base));
    if (!c->d_hit) {
      c->d_bhit = base_hit;
      c->d_base = *base;
      return;
    }
    answer = rmp_decide(regs, q, c->write, true, false, first ? base : own, base);
  }
  c->d_deny = answer.deny;
  c->d_rec = answer.rec;
}

static void load_d(rmp_cache_cyc_t *c, const rmp_regs_t *regs, const rmp_cache_in_t *in) {
  const cyc_ask_t *ask = in->ask;
  const bool sp = CBIT_ATTR_GET(ask->attr, REQUESTER) == CBIT_REQ_SP;
  const bool touch = c->write && in->guard_on && in_table(regs, ask->spa);
  const bool guard = touch && !ask->none && !sp;
  c->tbl[c->wp] = touch && sp;
  c->d_slot = c->wp;
  c->d_q = in->raw != NULL ? *in->raw : (rmp_question_t){.spa = ask->spa, .attr = ask->attr};
  c->d_q.in_use = in->marks != NULL && rmp_insn_cyc_marked(in->marks, ask->spa);
  c->d_none = ask->none;
  c->d_on = in->chk_on;
  c->d_hit = true;
  c->d_deny = guard;
  memset(&c->d_rec, 0, sizeof c->d_rec);
  if (in->chk_on && !ask->none && !guard) {
    look_up(c, regs, &c->d_q, in->tbusy);
  }
}

// ---- the edge ----

static void write_slot(rmp_cache_cyc_t *c, unsigned slot, bool deny, const cyc_rmp_rec_t *rec) {
  c->st[slot] = deny ? RMP_SLOT_DENY : RMP_SLOT_PASS;
  c->rec[slot] = *rec;
}

static void take_fill(rmp_cache_cyc_t *c, const rmp_fill_t *fill) {
  const look_t base = look_at(c, fill->spa, BASE_LSB);
  c->base[base.index] = (rmp_line_t){base.tag, fill->base_word};
  set(c->vb, base.index);
  if (fill->own) {
    const look_t own = look_at(c, fill->spa, OWN_LSB);
    c->own[own.index] = (rmp_line_t){own.tag, fill->own_word};
    set(c->vo, own.index);
  }
}

static uint8_t next_of(const rmp_cache_cyc_t *c, uint8_t slot) {
  return (uint8_t)(slot + 1u == c->slots ? 0u : slot + 1u);
}

void rmp_cache_cyc_step(rmp_cache_cyc_t *c, const rmp_regs_t *regs, const rmp_cache_in_t *in, const rmp_fill_t *fill) {
  if (c->d_v) {
    if (c->d_hit) {
      write_slot(c, c->d_slot, c->d_deny, &c->d_rec);
    } else {
      c->st[c->d_slot] = RMP_SLOT_WALK;
    }
  }
  if (in->wv.valid) {
    write_slot(c, in->wv.slot, in->wv.deny, &in->wv.rec);
  }
  c->d_v = in->ask->valid;
  if (in->ask->valid) {
    load_d(c, regs, in);
    c->wp = next_of(c, c->wp);
    c->count++;
  }
  if (in->pop) {
    c->rp = next_of(c, c->rp);
    c->count--;
  }
  if (fill->valid) {
    take_fill(c, fill);
  }
  if (in->tbusy) {
    memset(c->vo, 0, sizeof c->vo);
    memset(c->vb, 0, sizeof c->vb);
  }
}
