// SPDX-License-Identifier: Apache-2.0
//
// scoreboard_sp.c - what the scoreboard believes of configuration, slots and keys, learned from the AMD-SP port alone
//
// The effect of a command is taken over when its end is seen (CMD_STATUS not busy, or the next command accepted). Its
// error code is checked against cbit_key_rule(). Sources: docs/units/sp.md, docs/units/key_store.md.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chk/scoreboard_int.h"
#include "core/log.h"

#define ZEROISE_SETTLE 6u  // cycles after a change of the pin in which it is open whether a request met it

void sb_sp_init(sb_sp_t *s, const cbit_cyc_cfg_t *cfg) {
  memset(s, 0, sizeof(*s));
  s->cfg = cfg;
  s->state = log_alloc(cfg->key_slots);
  s->open = log_alloc(cfg->key_slots * sizeof(*s->open));
  s->left = log_alloc(cfg->key_slots * sizeof(*s->left));
  s->keys = log_alloc(cfg->key_slots * sizeof(*s->keys));
  sb_sp_reset(s);
}

void sb_sp_free(sb_sp_t *s) {
  free(s->state);
  free(s->open);
  free(s->left);
  free(s->keys);
}

static void clear_keys(sb_sp_t *s) {
  memset(s->key1, 0, sizeof(s->key1));
  memset(s->key2, 0, sizeof(s->key2));
}

// All slots EMPTY; encrypted requests under way were killed.
static void wipe(sb_sp_t *s, uint64_t cycle) {
  memset(s->state, CBIT_SLOT_EMPTY, s->cfg->key_slots);
  memset(s->open, 0, s->cfg->key_slots * sizeof(*s->open));
  for (uint32_t i = 0; i < s->cfg->key_slots; i++) s->left[i] = cycle;
  s->killed = cycle;
}

void sb_sp_reset(sb_sp_t *s) {
  wipe(s, s->cycle);
  s->smee = s->tsme = 0;
  s->mode = (uint8_t)s->cfg->default_mode;
  s->ctrl_open = s->cmd_open = s->test_on = s->test_was = false;
  s->cmd_pending = s->cmd_tainted = s->key_tainted = false;
  s->words_n = 0;
  memset(&s->table, 0, sizeof(s->table));
  s->table_unknown = s->table_locked = false;
  s->table_cycle = s->cycle;
  clear_keys(s);
}

void sb_sp_start(sb_sp_t *s, bool write, uint16_t offset) {
  if (!write) return;
  if ((offset & 0xffc) == 0x010) s->ctrl_open = true;
  if ((offset & 0xffc) == 0x030) s->cmd_open = true;
  if ((offset & 0xffc) == 0x01c) s->test_on = true;
}

void sb_sp_entropy(sb_sp_t *s, uint32_t word) {
  if (s->words_n < sizeof(s->words) / sizeof(s->words[0])) s->words[s->words_n++] = word;
}

void sb_sp_zeroise(sb_sp_t *s, bool on) {
  if (on && !s->zeroise) {
    wipe(s, s->cycle + ZEROISE_SETTLE);
    clear_keys(s);
    if (s->cmd_pending || s->cmd_open) s->cmd_tainted = true;
  }
  if (on != s->zeroise) s->zeroise_cycle = s->cycle + ZEROISE_SETTLE;
  s->zeroise = on;
}

static void make_key(sb_sp_t *s, uint32_t slot) {
  uint8_t k[2][32];
  const uint32_t bytes = s->cfg->key_bits / 8;
  if (s->cmd_op == CBIT_KEY_OP_GENERATE) {
    if (s->words_n != 2 * bytes / 4) {
      s->open[slot] = true;
      return;
    }
    for (uint32_t i = 0; i < 2 * bytes; i++) k[i / bytes][i % bytes] = (uint8_t)(s->words[i / 4] >> (8 * (i % 4)));
  } else {
    if (s->key_tainted) {
      s->open[slot] = true;
      return;
    }
    memcpy(k[0], s->key1, 32);
    memcpy(k[1], s->key2, 32);
  }
  (void)cbit_slot_key_make(&s->keys[slot], k[0], k[1], s->cfg->key_bits);
}

// The error the rules ask for; false: cannot be told.
static bool predict(const sb_sp_t *s, uint32_t *error) {
  if (s->cmd_tainted || s->key_tainted || s->zeroise) return false;
  if (s->cmd_op == CBIT_KEY_OP_GENERATE) return false;  // entropy: left to the lock-step
  if (s->cmd_op == 9) {
    const bool linear = (s->cfg->modes_mask & (1u << CBIT_MODE_XE_LIN | 1u << CBIT_MODE_XEX_LIN)) != 0;
    *error = s->cmd_slot < 4 || s->cmd_slot > 51 ? 1 : s->table_locked || !linear ? 2 : 0;
    return true;
  }
  if (s->cmd_slot < s->cfg->key_slots && s->open[s->cmd_slot]) return false;
  const cbit_key_query_t q = {.op = s->cmd_op,
                              .slot = s->cmd_slot,
                              .key_slots = s->cfg->key_slots,
                              .state = s->cmd_slot < s->cfg->key_slots ? s->state[s->cmd_slot] : 0,
                              .mode = s->mode,
                              .key_equal = (uint8_t)cbit_key_equal(s->key1, s->key2, s->cfg->key_bits)};
  *error = (uint32_t)cbit_key_rule(&q, NULL);
  return true;
}

// The pending command has ended with this error.
static void command_ended(sb_sp_t *s, uint32_t error, uint64_t cycle) {
  const uint32_t slot = s->cmd_slot;
  uint32_t want = 0;
  if (error != 0xff && predict(s, &want) && want != error && s->error[0] == '\0') {
    snprintf(s->error, sizeof(s->error), "command %u on slot %u ended with error %s, the rules ask for %s", s->cmd_op,
             slot, bench_key_err_name(error), bench_key_err_name(want));
  }
  s->cmd_pending = false;
  if (error == 0 && slot < s->cfg->key_slots && s->cmd_tainted && s->cmd_op <= CBIT_KEY_OP_WIPE) {
    s->open[slot] = true;  // before or after the wipe: cannot be told
  } else if (error == 0) {
    switch (s->cmd_op) {
      case CBIT_KEY_OP_LOAD:
      case CBIT_KEY_OP_GENERATE:
        s->state[slot] = CBIT_SLOT_LOADED;
        make_key(s, slot);
        break;
      case CBIT_KEY_OP_ACTIVATE:
        s->state[slot] = CBIT_SLOT_ACTIVE;
        break;
      case CBIT_KEY_OP_DEACTIVATE:
        s->state[slot] = CBIT_SLOT_DRAIN;
        s->left[slot] = cycle;
        break;
      case CBIT_KEY_OP_WIPE:
        s->state[slot] = CBIT_SLOT_EMPTY;
        break;
      case CBIT_KEY_OP_WIPE_ALL:
        wipe(s, cycle);
        break;
      case CBIT_KEY_OP_FLUSH:
        for (uint32_t i = 0; i < s->cfg->key_slots; i++) {
          if (s->state[i] == CBIT_SLOT_DRAIN) s->state[i] = CBIT_SLOT_EMPTY;
        }
        break;
      case 9:
        if (slot >= 4 && slot < 52) memcpy(s->table.t[slot - 4], s->key1, 16);
        if (s->cmd_tainted || s->key_tainted) s->table_unknown = true;
        s->table_cycle = cycle;
        break;
      default:
        break;
    }
  }
  s->cmd_tainted = s->key_tainted = false;
  clear_keys(s);
}

// Keys and commands are taken only while no command is pending: the one before has ended, with the error of the rules.
static void infer_end(sb_sp_t *s, uint64_t cycle) {
  uint32_t error = 0;
  if (!s->cmd_pending) return;
  const bool known = predict(s, &error);
  const uint32_t slot = s->cmd_slot;
  const uint32_t op = s->cmd_op;
  if (!known) error = 0xff;
  command_ended(s, error, cycle);
  if (known) return;
  if (op == 9) s->table_unknown = true;
  for (uint32_t i = 0; i < s->cfg->key_slots; i++) {
    if (op <= CBIT_KEY_OP_WIPE ? i == slot : op == CBIT_KEY_OP_FLUSH && s->state[i] == CBIT_SLOT_DRAIN)
      s->open[i] = true;
  }
}

static void write_key(uint8_t *key, uint32_t word, const sp_access_t *a) {
  for (uint32_t i = 0; i < 4; i++) {
    if ((a->strb >> i & 1) != 0) key[4 * word + i] = (uint8_t)(a->value >> (8 * i));
  }
}

void sb_sp_access(sb_sp_t *s, const sp_access_t *a) {
  const uint32_t reg = a->offset & 0xffcu;
  if (!a->write) {
    if (reg == 0x034 && s->cmd_pending && a->c_start >= s->cmd_done_cycle && (a->value & 1) == 0) {
      command_ended(s, a->value >> 4 & 0xf, a->c_done);
    }
    return;
  }
  const bool taken = a->resp == 0;
  if (reg == 0x010) {
    s->ctrl_open = false;
    if (taken && (a->strb & 1) != 0) {
      s->smee = a->value & 1;
      s->tsme = a->value >> 1 & 1;
      s->mode = a->value >> 4 & 0xf;
    }
  } else if (reg == 0x014) {
    if (taken && (a->strb & 1) != 0 && (a->value & 2) != 0) s->table_locked = true;
  } else if (reg == 0x01c) {
    s->test_on = taken && (a->strb & 1) != 0 ? (a->value & 1) != 0 : s->test_was;
    s->test_was = s->test_on;
    s->test_cycle = a->c_done;
  } else if (reg >= 0x040 && reg < 0x080 && taken) {
    infer_end(s, a->c_done);
    write_key(reg < 0x060 ? s->key1 : s->key2, (reg & 0x1f) / 4, a);
    if (s->zeroise || a->c_start <= s->zeroise_cycle) s->key_tainted = true;
  } else if (reg == 0x030) {
    s->cmd_open = false;
    if (!taken) return;
    infer_end(s, a->c_done);
    // Strobes off leave the field at zero: the register is write-only and has no memory.
    uint32_t mask = 0;
    for (uint32_t i = 0; i < 4; i++) mask |= (a->strb >> i & 1u) != 0 ? 0xffu << (8 * i) : 0;
    s->cmd_pending = true;
    s->cmd_op = a->value & mask & 0xf;
    s->cmd_slot = (a->value & mask) >> 16 & 0x3ff;
    s->cmd_done_cycle = a->c_done;
    s->words_n = 0;
    if (s->zeroise || a->c_start <= s->zeroise_cycle) s->cmd_tainted = true;
    if (s->cmd_op == CBIT_KEY_OP_WIPE_ALL) wipe(s, a->c_done);
    if (s->cmd_op == 9) s->table_cycle = a->c_done;
  }
}

void sb_sp_verdict(const sb_sp_t *s, const host_req_t *r, sb_verdict_t *v) {
  const cbit_cyc_cfg_t *c = s->cfg;
  const cbit_route_cfg_t cfg = {.smee = s->smee,
                                .tsme = s->tsme,
                                .mode = s->mode,
                                .attr_from_addr = (uint8_t)c->attr_from_addr,
                                .cbit_pos = (uint8_t)c->cbit_pos,
                                .asid_lsb = (uint8_t)c->asid_lsb,
                                .spa_width = (uint8_t)c->spa_width,
                                .lanes = (uint8_t)c->lanes,
                                .key_slots = (uint16_t)c->key_slots,
                                .rmp = (uint8_t)c->rmp};
  const cbit_route_req_t req = {.addr = r->addr, .user = r->user, .len = r->len, .size = r->size, .burst = r->burst,
                                .lock = r->lock};
  cbit_route_rsp_t rsp;
  cbit_route(&cfg, &req, s->state, &rsp);
  *v = (sb_verdict_t){.fault = rsp.fault, .enc = rsp.enc, .slot = rsp.slot, .mode = s->mode, .spa = rsp.spa};
  if (rsp.fault >= CBIT_FAULT_ADDR && rsp.fault <= CBIT_FAULT_DEVICE) return;  // depends on nothing that changes
  if (s->ctrl_open) {
    v->open = true;
    return;
  }
  // Does it depend on slots at all? Ask again as if all were active.
  static const uint8_t active[CBIT_KEY_SLOTS_MAX] = {[0 ... CBIT_KEY_SLOTS_MAX - 1] = CBIT_SLOT_ACTIVE};
  cbit_route_rsp_t best;
  cbit_route(&cfg, &req, active, &best);
  if (best.enc == 0) return;
  const bool command = s->cmd_pending && (s->cmd_op == CBIT_KEY_OP_WIPE_ALL ||
                                          ((s->cmd_op == CBIT_KEY_OP_ACTIVATE || s->cmd_op == CBIT_KEY_OP_DEACTIVATE) &&
                                           s->cmd_slot == best.slot));
  v->open = s->cmd_open || command || s->open[best.slot] || s->test_on || s->cycle <= s->zeroise_cycle ||
            ((s->table_unknown || (s->cmd_pending && s->cmd_op == 9)) &&
             (s->mode == CBIT_MODE_XE_LIN || s->mode == CBIT_MODE_XEX_LIN));
  if (v->open) v->slot = best.slot;
}
