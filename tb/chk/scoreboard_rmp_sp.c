// SPDX-License-Identifier: Apache-2.0
//
// scoreboard_rmp_sp.c - registers, start-up and fault records of the RMP check, learned from the AMD-SP port alone
//
// Rules: docs/units/rmp_init.md (commands, states, errors), docs/units/rmp.md ("Faults, registers, counters").
#include <stdio.h>
#include <string.h>

#include "chk/scoreboard_rmp_int.h"

#define SETTLE 3u  // cycles from the answer of a command until what it turned on is surely on

enum {
  REG_CTRL = 0x010,
  REG_FAULT_INFO = 0x080,
  REG_FAULT_GPA_HI = 0x090,
  REG_FAULT_POP = 0x094,
  REG_RMP_FAULT_ERR_HI = RMP_REG_FAULT_ERR + 4
};

static void fail(scoreboard_t *s, const char *what, uint64_t got, uint64_t want) {
  if (s->error[0] != '\0') return;
  snprintf(s->error, sizeof(s->error), "AMD-SP, RMP: %s, got 0x%llx, expected 0x%llx", what, (unsigned long long)got,
           (unsigned long long)want);
}

uint64_t sb_rmp_base(const sb_rmp_t *m) { return (uint64_t)m->base[1] << 32 | m->base[0]; }
uint64_t sb_rmp_last(const sb_rmp_t *m) { return (uint64_t)m->end[1] << 32 | m->end[0] | 0x1fff; }

void sb_rmp_cfg(const sb_rmp_t *m, cbit_rmp_cfg_t *cfg) {
  memset(cfg, 0, sizeof(*cfg));
  cfg->rmp_base = sb_rmp_base(m);
  cfg->rmp_end = sb_rmp_last(m);
  cfg->snp_en = 1;
  cfg->vmpl_en = m->ctrl & 1;
  cfg->iommu_snp = m->ctrl >> 2 & 1;
  cfg->segmented = m->cfg & 1;
  cfg->segment_shift = m->cfg >> 8 & 63;
}

void sb_rmp_reset(scoreboard_t *s) {
  sb_rmp_t *m = s->rmp;
  memset(m->base, 0, sizeof(m->base));
  memset(m->end, 0, sizeof(m->end));
  m->ctrl = m->cfg = 0;
  m->loaded = m->rst_open = false;
  memset(m->rst, 0, sizeof(m->rst));
  sb_base_forget(s);
  m->state = m->error = 0;
  m->lost = m->pending = m->cmd_open = false;
  m->settle = 0;
  m->have = 0;
  m->pool_n = 0;
  m->walk_n = m->walk_done = 0;
}

const sb_rmp_seen_t *sb_rmp_seen(const sb_rmp_t *m, uint64_t number) {
  return m->seen.number == number + 1 ? &m->seen : NULL;
}
const sb_rmp_event_t *sb_rmp_event(const sb_rmp_t *m) { return &m->event; }

// ---- commands ---------------------------------------------------------------------------------------------------

// The rule of FENCE that the registers break, in order; 0 = none.
static uint8_t range_error(const scoreboard_t *s) {
  const sb_rmp_t *m = s->rmp;
  uint64_t at = 0;
  if (sb_rmp_segmented(m)) return sb_rmp_seg_range(s);
  if ((m->base[0] >> 13 & 0x7f) != 0) return 1;
  if (sb_rmp_base(m) >> 13 > sb_rmp_last(m) >> 13) return 2;
  if ((sb_rmp_last(m) >> bench_cfg(s->bench)->spa_width) != 0) return 3;
  return sb_rmp_find(m, sb_rmp_last(m), &at) ? 0 : 4;
}

// Is a page of the table the firmware's?
static bool page_good(scoreboard_t *s, uint64_t page, bool *good) {
  uint8_t raw[2][16];
  uint64_t at = 0;
  cbit_rmp_view_t view = {0};
  for (uint32_t i = 0; i < 2; i++) {
    if (!sb_rmp_find(s->rmp, i == 0 ? page : page & ~(((uint64_t)1 << 21) - 1), &at)) {
      *good = false;
      return true;
    }
    if (!sb_rmp_shadow(s, at, raw[i])) return false;
  }
  cbit_rmp_entry_decode(raw[0], &view.own);
  cbit_rmp_entry_decode(raw[1], &view.base);
  *good = cbit_rmp_state(1, cbit_rmp_view_auth(&view)) == CBIT_RMP_FIRMWARE;
  return true;
}

// Is every page of the table the firmware's? Puts the answer into *good; false: cannot be told.
static bool table_good(scoreboard_t *s, bool *good) {
  const sb_rmp_t *m = s->rmp;
  *good = true;
  if (sb_rmp_segmented(m)) return !m->rst_open && sb_rmp_seg_each(s, page_good, good);
  for (uint64_t page = sb_rmp_base(m); page < sb_rmp_last(m) && *good; page += 4096) {
    if (!page_good(s, page, good)) return false;
  }
  return true;
}

static void command_ended(scoreboard_t *s, uint8_t state, uint8_t error) {
  sb_rmp_t *m = s->rmp;
  m->pending = false;
  m->event.ended = true;
  m->event.op = m->op;
  m->event.error = error;
  m->event.range = m->op == RMP_FENCE && error == RMP_ERR_RANGE ? range_error(s) : 0;
  m->state = state;
  m->error = error;
  const bool still = m->seen_writes == m->table_writes && m->seen_errors == dram_stats(s->dram)->errors && s->sp.tsme == 0;
  if (m->op == RMP_SEG_LOAD && error == 0) {
    m->loaded = true;
    m->rst_open = !(m->foreseen && still);
  }
  if (m->op == RMP_DRAIN && error == 0 && m->seen_writes == m->table_writes) sb_chk_drained(s);
}

// Does the state allow it? Errors of what it does come later.
static bool state_good(const scoreboard_t *s, uint8_t op, uint8_t from) {
  const sb_rmp_t *m = s->rmp;
  switch (op) {
    case RMP_DRAIN: return from >= RMP_ON;
    case RMP_SEG_LOAD: return from == RMP_FENCED && sb_rmp_segmented(m) && !m->loaded;
    case RMP_FLUSH_DONE: return from == RMP_FENCED && (!sb_rmp_segmented(m) || m->loaded);
    case RMP_SNP_EN: return from == RMP_CHECKED && s->sp.smee != 0;
    default: return from == op - 1;
  }
}

static bool known_op(const scoreboard_t *s, uint8_t op) {
  const cbit_cyc_cfg_t *c = bench_cfg(s->bench);
  if (op == RMP_DRAIN) return c->rmp_chk != 0;
  if (op == RMP_SEG_LOAD) return c->rmp_seg != 0;
  return op >= RMP_FENCE && op <= RMP_FLUSH2_DONE;
}

// An accepted write of RMP_CMD.
static void command(scoreboard_t *s, uint8_t op, uint64_t cycle) {
  sb_rmp_t *m = s->rmp;
  if (m->pending) {  // that one was taken: the one before has ended
    if (m->foreseen) command_ended(s, m->want_state, m->want_error); else m->lost = true;
  }
  const uint8_t from = m->state;
  m->op = op;
  m->pending = false;
  m->cmd_done = cycle;
  m->foreseen = !m->lost;
  m->want_state = from;
  m->want_error = RMP_ERR_OP;
  if (m->lost) {  // whatever it does is seen in RMP_STATUS
    m->pending = true;
    return;
  }
  if (known_op(s, op)) {
    m->want_error = !state_good(s, op, from)                  ? RMP_ERR_STATE
                    : op == RMP_FENCE && range_error(s) != 0 ? RMP_ERR_RANGE
                                                             : 0;
    if (m->want_error == 0 && op <= RMP_FLUSH2_DONE) m->want_state = op;
  }
  if (op == RMP_VERIFY && m->want_error == 0) {
    bool good = false;
    m->foreseen = table_good(s, &good);
    m->pending = true;
    if (!good) {
      m->want_state = RMP_FILLED;
      m->want_error = RMP_ERR_VERIFY;
    }
  } else if (op == RMP_SEG_LOAD && m->want_error == 0) {
    bool good = false;
    m->foreseen = sb_rmp_seg_load(s, &good);
    m->pending = true;
    if (!good) m->want_error = RMP_ERR_SEGMENT;
  } else if (op == RMP_FLUSH_DONE || op == RMP_DRAIN) {
    m->pending = true;
  } else {
    command_ended(s, m->want_state, m->want_error);
    if (m->error == 0 && (op == RMP_FENCE || op == RMP_SNP_EN)) m->settle = cycle + SETTLE;
    if (m->error == 0 && op == RMP_SNP_EN) m->on_cycle = cycle;
  }
}

static void status(scoreboard_t *s, const sp_access_t *a) {
  sb_rmp_t *m = s->rmp;
  const uint8_t state = a->value & 7;
  const uint8_t error = a->value >> 8 & 0xf;
  if ((a->value & 0x10) != 0) {
    if (!m->pending) fail(s, "busy without a command", a->value, m->state);
    return;
  }
  if (m->pending) {
    const bool moved = (m->op == RMP_VERIFY || m->op == RMP_SEG_LOAD) && (m->seen_writes != m->table_writes || s->sp.tsme != 0 ||
                                               m->seen_errors != dram_stats(s->dram)->errors);
    const uint32_t want = m->want_state | (uint32_t)m->want_error << 8;
    if (m->foreseen && !moved && (state | (uint32_t)error << 8) != want)
      fail(s, "state and error after a command that takes time", a->value, want);
    if (m->lost && state >= RMP_ON && m->state < RMP_ON) m->on_cycle = 0;
    command_ended(s, state, error);
    if (m->lost && m->op == RMP_SEG_LOAD) m->loaded = m->rst_open = (a->value & RMP_STATUS_LOADED) != 0;
    m->lost = false;
  } else if (!m->cmd_open && (state != m->state || error != m->error)) {
    fail(s, "RMP_STATUS", a->value, m->state | (uint32_t)m->error << 8);
  }
  if (!m->lost && !m->pending && !m->cmd_open && ((a->value & RMP_STATUS_LOADED) != 0) != m->loaded)
    fail(s, "RMP_STATUS.loaded", a->value, m->loaded ? RMP_STATUS_LOADED : 0);
}

// ---- fault log --------------------------------------------------------------------------------------------------

static bool record_fits(const sb_rmp_past_t *p, const sb_rmp_t *m) {
  if (p->info != m->word[0] || p->addr != ((uint64_t)m->word[2] << 32 | m->word[1]) ||
      p->gpa != ((uint64_t)m->word[4] << 32 | m->word[3]))
    return false;
  if (p->loose) return true;
  const uint8_t kind = m->word[5] & 0xf;
  const uint8_t why = m->word[5] >> 4 & 0xf;
  const uint8_t row = m->word[5] >> 8 & 0x1f;
  const uint64_t error = (uint64_t)m->word[7] << 32 | m->word[6];
  if (p->read_error && why == CBIT_RMP_WHY_READ && error == 0) return true;
  for (uint32_t i = 0; i < p->n; i++) {
    const sb_say_t *y = &p->says[i];
    if (y->kind == kind && y->why == why && y->row == row && y->error == error) return true;
  }
  return false;
}

// A record of the check was read whole: there must be a request that says so.
static void record(scoreboard_t *s) {
  sb_rmp_t *m = s->rmp;
  s->stats.rmp_records++;
  m->event.record = true;
  m->event.kind = m->word[5] & 0xf;
  for (uint32_t i = 0; i < s->n; i++) {
    sb_rmp_past_t p;
    if (!s->live[i]->ask.asked) continue;
    sb_rmp_past(s, s->live[i], &p);
    if (record_fits(&p, m)) return;
  }
  const uint64_t n = m->pool_n < SB_RMP_POOL ? m->pool_n : SB_RMP_POOL;
  for (uint64_t i = 0; i < n; i++) {
    if (record_fits(&m->pool[i], m)) return;
  }
  if (m->pool_n <= SB_RMP_POOL)
    fail(s, "a fault record that no denied request explains (RMP_FAULT_INFO)", m->word[5], 0);
}

static void log_read(scoreboard_t *s, uint32_t reg, uint32_t value) {
  sb_rmp_t *m = s->rmp;
  const uint32_t i = reg <= REG_FAULT_GPA_HI ? (reg - REG_FAULT_INFO) / 4 : 5 + (reg - RMP_REG_FAULT_INFO) / 4;
  if (i == 0) m->have = (value & 0xf) == 8 ? 1 : 0;
  if (m->have == 0) return;
  m->word[i] = value;
  m->have |= 1u << i;
  if (m->have != (1u << SB_RMP_WORDS) - 1) return;
  m->have = 0;
  record(s);
}

// ---- accesses ---------------------------------------------------------------------------------------------------

void sb_rmp_sp_start(scoreboard_t *s, bool write, uint16_t offset) {
  if (!write || (offset & 0xffc) != RMP_REG_CMD) return;
  s->rmp->cmd_open = true;
  if (s->rmp->pending) return;
  s->rmp->seen_writes = s->rmp->table_writes;
  s->rmp->seen_errors = dram_stats(s->dram)->errors;
}

static void write_register(uint32_t *to, const sp_access_t *a, uint32_t keep) {
  for (uint32_t i = 0; i < 4; i++) {
    const uint32_t byte = 0xffu << (8 * i);
    if ((a->strb >> i & 1) != 0) *to = (*to & ~byte) | (a->value & byte & keep);
  }
}

static uint32_t *register_of(sb_rmp_t *m, bool seg, uint32_t reg, uint32_t *keep) {
  if (reg == RMP_REG_CFG && seg) {
    *keep = 0x3f01;
    return &m->cfg;
  }
  if (reg < RMP_REG_BASE || reg > RMP_REG_CTRL) return NULL;
  *keep = reg == RMP_REG_CTRL ? 7 : (reg & 4) != 0 ? 0xfffff : 0xffffe000;
  return reg == RMP_REG_CTRL ? &m->ctrl : reg < RMP_REG_END ? &m->base[reg >> 2 & 1] : &m->end[reg >> 2 & 1];
}

void sb_rmp_sp(scoreboard_t *s, const sp_access_t *a) {
  sb_rmp_t *m = s->rmp;
  const uint32_t reg = a->offset & 0xffcu;
  uint32_t keep = 0;
  uint32_t *to = register_of(m, bench_cfg(s->bench)->rmp_seg != 0, reg, &keep);
  memset(&m->event, 0, sizeof(m->event));
  if (!a->write) {
    if (to != NULL && a->value != *to) fail(s, "a register reads", a->value, *to);
    if (reg == RMP_REG_STATUS) status(s, a);
    const bool check = reg >= RMP_REG_FAULT_INFO && reg <= REG_RMP_FAULT_ERR_HI;
    if ((reg >= REG_FAULT_INFO && reg <= REG_FAULT_GPA_HI) || check) log_read(s, reg, a->value);
    return;
  }
  const bool taken = a->resp == 0;
  if (reg == REG_FAULT_POP) m->have = 0;
  if (reg == REG_CTRL && taken && m->state >= RMP_ON && !m->lost) fail(s, "CTRL written while checks are on", 0, 2);
  if (to != NULL) {
    if (!m->lost && !m->pending && taken != (m->state == RMP_OFF))
      fail(s, "write of a register", a->resp, taken ? 2 : 0);
    if (taken) write_register(to, a, keep);
  }
  if (reg == RMP_REG_CMD) {
    m->cmd_open = false;
    if (taken) {
      command(s, (a->strb & 1) != 0 ? a->value & 0xf : 0, a->c_done);
    } else if (!m->pending) {
      fail(s, "a command refused though none runs", a->resp, 0);
    }
  }
}
