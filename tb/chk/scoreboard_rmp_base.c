// SPDX-License-Identifier: Apache-2.0
//
// scoreboard_rmp_base.c - which reads of base entries are needed (scoreboard_rmp_int.h)
//
// A range's base entry is surely cached once a request to it has passed that needed the table, until the AMD-SP stores
// something, an instruction comes, or a question about another range of the same line may have taken its place. All of that
// is seen at the pins, so it is known of less than what the caches have. A read of a row of the table must then be the own
// entry of a request under way, or the base entry of one that could not know it. Rule: docs/units/rmp_walker.md.
#include <stdio.h>
#include <string.h>

#include "chk/scoreboard_rmp_int.h"

#define RANGE_BITS 21u
#define GHOST_CYCLES 3000u  // for which a walk whose request is gone may still begin

static uint32_t line_of(const scoreboard_t *s, uint64_t spa) {
  return (uint32_t)(spa >> RANGE_BITS) & (bench_cfg(s->bench)->rmp_lines - 1u);
}

// Any write of the AMD-SP counts: it may touch the table, also one that is refused.
static bool is_store(const scoreboard_t *s, const entry_t *e) {
  cbit_attr_t who;
  uint64_t spa = 0;
  if (!e->write) return false;
  bench_request_view(s->bench, &e->t->req, &who, &spa);
  return who.requester == CBIT_REQ_SP;
}

static bool stores_live(const scoreboard_t *s) {
  for (uint32_t i = 0; i < s->n; i++) {
    if (is_store(s, s->live[i])) return true;
  }
  return false;
}

void sb_base_forget(scoreboard_t *s) {
  sb_rmp_t *m = s->rmp;
  m->stores++;
  memset(m->known, 0, sizeof(m->known));
  for (uint32_t i = 0; i < s->n; i++) s->live[i]->ask.known = false;
}

void sb_base_ask(scoreboard_t *s, entry_t *e) {
  sb_rmp_t *m = s->rmp;
  sb_ask_t *a = &e->ask;
  if (is_store(s, e)) sb_base_forget(s);
  a->stores = m->stores;
  if (!a->asked || !a->table) return;
  const uint32_t line = line_of(s, e->v.spa);
  const bool same = m->known[line].v && m->known[line].range == e->v.spa >> RANGE_BITS;
  a->known = same && !a->loose && !stores_live(s);
  if (!same) m->known[line].v = false;
}

void sb_base_chk(scoreboard_t *s, const sb_ask_t *a) {
  sb_rmp_t *m = s->rmp;
  const uint32_t line = line_of(s, a->q.spa);
  if (a->table && m->known[line].range != a->q.spa >> RANGE_BITS) m->known[line].v = false;
}

void sb_base_done(scoreboard_t *s, const entry_t *e, const host_txn_t *t, uint64_t cycle) {
  sb_rmp_t *m = s->rmp;
  const sb_ask_t *a = &e->ask;
  if (is_store(s, e)) sb_base_forget(s);
  if (!a->asked || !a->table) return;
  if (t->resp >= 2) {
    m->ghost[m->ghosts % SB_RMP_GHOSTS].base_addr = a->base_addr;
    m->ghost[m->ghosts++ % SB_RMP_GHOSTS].cycle = cycle;
    return;
  }
  const uint32_t line = line_of(s, e->v.spa);
  const uint64_t range = e->v.spa >> RANGE_BITS;
  if (a->loose || a->stores != m->stores || stores_live(s) || s->sp.tsme != 0 || bench_cfg(s->bench)->rmp_const != 0 ||
      dram_stats(s->dram)->errors != e->dram_errors)
    return;
  for (uint32_t i = 0; i < s->n; i++) {
    const entry_t *o = s->live[i];
    if (!o->ask.asked || o == e) continue;
    if (o->ask.loose || (o->ask.table && line_of(s, o->v.spa) == line && o->v.spa >> RANGE_BITS != range)) return;
  }
  if (sb_chk_may_fill(s, line, range)) return;
  m->known[line].v = true;
  m->known[line].range = range;
}

// The read may be that of a write which covers a block in part.
static bool merged(const scoreboard_t *s, uint64_t row) {
  for (uint32_t i = 0; i < s->n; i++) {
    const entry_t *w = s->live[i];
    if (!w->write || w->inert || w->page != (row & ~(uint64_t)(STORE_PAGE - 1))) continue;
    for (uint32_t k = 0; k < s->bus / 16; k++) {
      if (w->mask[row % STORE_PAGE / 16 + k] != 0) return true;
    }
  }
  return false;
}

void sb_base_read(scoreboard_t *s, uint64_t addr, uint64_t cycle) {
  sb_rmp_t *m = s->rmp;
  const uint64_t row = ~(uint64_t)(s->bus - 1);
  bool wanted = m->state < RMP_ON || m->lost || m->cmd_open || sb_insn_busy(s) || sb_chk_wants(s, addr) || merged(s, addr);
  for (uint32_t i = 0; i < s->n; i++) {
    sb_ask_t *a = &s->live[i]->ask;
    if (!a->asked || a->loose) {
      wanted = wanted || a->loose;
      continue;
    }
    if (!a->table) continue;
    const bool own = ((a->first ? a->base_addr : a->own_addr) & row) == addr;
    const bool base = !a->first && (a->base_addr & row) == addr;
    wanted = wanted || own || (base && !a->known);
    a->reads_base = a->reads_base || base;
  }
  for (uint32_t i = 0; i < SB_RMP_GHOSTS && i < m->ghosts; i++)
    wanted = wanted || ((m->ghost[i].base_addr & row) == addr && cycle - m->ghost[i].cycle < GHOST_CYCLES);
  if (wanted || s->error[0] != '\0') return;
  snprintf(s->error, sizeof(s->error), "the engine reads the table at 0x%llx, a base entry that its caches have",
           (unsigned long long)addr);
}
