// SPDX-License-Identifier: Apache-2.0
//
// csr_cyc.c - the secure processor's registers, its commands and the event counters
//
// What a read gives, which writes are refused, the life of a command, the interrupt: docs/units/sp.md. The commands
// themselves run in the key store, but for TWEAK_ENTRY. Reads give the registers of the cycle in which they are
// executed; writes and hardware events change them at its end, and where both meet hardware wins.
// The registers RMP_* and CNT_RMP_* (docs/units/rmp.md) are there with Rmp = 1 alone, CNT_INSN* (rmp_insn.md) with
// RmpInsn > 0, CNT_CHK and CNT_STALL_CHK (rmp_chk.md) with RmpChk > 0, RMP_CFG (rmp_seg.md) with RmpSeg = 1.

#include <string.h>

#include "rmp/rmp_units.h"
#include "sp/sp_units.h"
#include "util/bytes.h"

static bool mode_compiled(const sp_cyc_t *u, unsigned mode) {
  return mode == CBIT_MODE_NONE || (mode <= CBIT_MODE_XTS_P4K && ((u->cfg.modes_mask >> mode) & 1u) != 0);
}

// The override acts, and its switch can be seen, only where it is compiled in and the debug strap is set.
static bool override_on(const sp_cyc_t *u) { return u->test_on && u->debug && u->cfg.test_tweak != 0; }

static uint32_t read_ctrl(const sp_cyc_t *u) {
  return (u->smee ? SP_CTRL_SMEE : 0u) | (u->tsme ? SP_CTRL_TSME : 0u) | ((uint32_t)u->mode << SP_CTRL_MODE_LSB);
}

static uint32_t read_cap0(const cbit_cyc_cfg_t *c) {
  return c->lanes | (c->key_bits == 256u ? 1u << 3 : 0u) | (c->rounds_per_stage << 4) | (c->sbox << 6) |
         ((c->modes_mask & 0x3Fu) << 8) | ((c->attr_from_addr & 1u) << 14) | ((c->test_tweak & 1u) << 15) |
         ((c->rmp & 1u) << SP_CAP0_RMP_LSB) | (c->rmp_insn != 0 ? 1u << SP_CAP0_RMP_INSN_LSB : 0u) |
         (c->rmp_chk != 0 ? 1u << SP_CAP0_RMP_CHK_LSB : 0u) | (c->rmp_seg << SP_CAP0_RMP_SEG_LSB);
}

static uint32_t read_status(const sp_cyc_t *u, const cyc_net_t *net) {
  return (net->init_done ? 1u : 0u) | (net->ks_busy ? 2u : 0u) | (u->debug ? 4u : 0u) | (net->ent_alarm ? 8u : 0u) |
         (u->log.held > 0 ? 16u : 0u);
}

static uint32_t read_cmd_status(const sp_cyc_t *u, const cyc_net_t *net) {
  return (u->cmd_pend ? 1u : 0u) | ((uint32_t)u->cmd_err << 4) | ((uint32_t)net->slot_state_q << 8) |
         ((uint32_t)u->completed << 16);
}

// The registers of the oldest record; all zero without one.
static uint32_t read_fault(const sp_cyc_t *u, unsigned addr) {
  const cyc_fault_t *f = fault_log_cyc_oldest(&u->log);
  if (f == NULL) {
    return 0;
  }
  cbit_attr_t attr;
  cbit_attr_unpack(f->user, &attr);
  switch (addr) {
    case SP_FAULT_INFO:
      return f->code | (f->write ? 1u << 4 : 0u) | ((uint32_t)attr.requester << 5) | ((uint32_t)attr.access << 7) |
             ((uint32_t)attr.cbit << 10) | ((uint32_t)attr.vmpl << 11) | ((uint32_t)attr.user_mode << 13) |
             ((uint32_t)attr.asid << 14) | ((uint32_t)(f->id & 0xFFu) << 24);
    case SP_FAULT_ADDR_LO:
      return (uint32_t)f->addr;
    case SP_FAULT_ADDR_HI:
      return (uint32_t)(f->addr >> 32);
    case SP_FAULT_GPA_LO:
      return (uint32_t)attr.gpa_page;
    default:  // SP_FAULT_GPA_HI
      return (uint32_t)(attr.gpa_page >> 32);
  }
}

static uint32_t read_rmp_fault(const sp_cyc_t *u, unsigned addr) {
  const cyc_fault_t *f = fault_log_cyc_oldest(&u->log);
  if (f == NULL) {
    return 0;
  }
  switch (addr) {
    case SP_RMP_FAULT_INFO:
      return f->rmp.kind | ((uint32_t)f->rmp.why << SP_RMP_WHY_LSB) | ((uint32_t)f->rmp.row << SP_RMP_ROW_LSB);
    case SP_RMP_FAULT_ERR_LO:
      return (uint32_t)f->rmp.error;
    default:  // SP_RMP_FAULT_ERR_HI
      return (uint32_t)(f->rmp.error >> 32);
  }
}

// The readable ones of RMP_*.
static bool read_rmp(const sp_cyc_t *u, const cyc_net_t *net, unsigned addr, uint32_t *data) {
  if (u->cfg.rmp == 0) {
    return false;
  }
  switch (addr) {
    case SP_RMP_BASE_LO:
      *data = (uint32_t)u->rmp_base;
      return true;
    case SP_RMP_BASE_HI:
      *data = (uint32_t)(u->rmp_base >> 32);
      return true;
    case SP_RMP_END_LO:
      *data = (uint32_t)u->rmp_end;
      return true;
    case SP_RMP_END_HI:
      *data = (uint32_t)(u->rmp_end >> 32);
      return true;
    case SP_RMP_CTRL:
      *data = u->rmp_ctrl;
      return true;
    case SP_RMP_STATUS:
      *data = net->rmp.state | (net->rmp.busy ? SP_RMP_BUSY : 0u) | (net->rmp.loaded ? SP_RMP_LOADED : 0u) |
              ((uint32_t)net->rmp.error << SP_RMP_ERROR_LSB);
      return true;
    case SP_RMP_CFG:
      *data = u->rmp_cfg;
      return u->cfg.rmp_seg != 0;
    case SP_RMP_FAULT_INFO:
    case SP_RMP_FAULT_ERR_LO:
    case SP_RMP_FAULT_ERR_HI:
      *data = read_rmp_fault(u, addr);
      return true;
    default:
      return false;
  }
}

// Whether there is a counter of this number.
static bool has_counter(const sp_cyc_t *u, unsigned i) {
  const uint32_t need = i < SP_CNT_RMP_ASK ? 1u : i < SP_CNT_INSN ? u->cfg.rmp : i < SP_CNT_CHK ? u->cfg.rmp_insn : u->cfg.rmp_chk;
  return i < SP_CNT_NUM && need != 0;
}

// Value of a readable register; false: there is none at addr.
static bool csr_read(const sp_cyc_t *u, const cyc_net_t *net, unsigned addr, uint32_t *data) {
  *data = 0;
  switch (addr) {
    case SP_ID:
      *data = SP_ID_VALUE;
      return true;
    case SP_VERSION:
      *data = SP_VERSION_VALUE;
      return true;
    case SP_CAP0:
      *data = read_cap0(&u->cfg);
      return true;
    case SP_CAP1:
      *data = u->cfg.key_slots | (u->cfg.spa_width << 16);
      return true;
    case SP_CTRL:
      *data = read_ctrl(u);
      return true;
    case SP_LOCK:
      *data = u->lock;
      return true;
    case SP_STATUS:
      *data = read_status(u, net);
      return true;
    case SP_TEST:
      *data = override_on(u) ? 1u : 0u;
      return true;
    case SP_INTR_STATE:
      *data = u->intr_state;
      return true;
    case SP_INTR_ENABLE:
      *data = u->intr_enable;
      return true;
    case SP_CMD_STATUS:
      *data = read_cmd_status(u, net);
      return true;
    case SP_FAULT_INFO:
    case SP_FAULT_ADDR_LO:
    case SP_FAULT_ADDR_HI:
    case SP_FAULT_GPA_LO:
    case SP_FAULT_GPA_HI:
      *data = read_fault(u, addr);
      return true;
    case SP_FAULT_COUNT:
      *data = u->log.held | ((uint32_t)u->log.dropped << 16);
      return true;
    default:
      if (addr >= SP_COUNTERS && has_counter(u, (addr - SP_COUNTERS) / 4u)) {
        *data = u->counter[(addr - SP_COUNTERS) / 4u];
        return true;
      }
      return read_rmp(u, net, addr, data);
  }
}

// old with the bytes of data whose strobe is set.
static uint32_t merge(uint32_t old, uint32_t data, uint8_t strb) {
  uint32_t mask = 0;
  for (unsigned i = 0; i < 4; i++) {
    mask |= (((unsigned)strb >> i) & 1u) != 0 ? 0xFFu << (8u * i) : 0u;
  }
  return (old & ~mask) | (data & mask);
}

static void write_bytes(uint8_t *to, uint32_t data, uint8_t strb) {
  for (unsigned i = 0; i < 4; i++) {
    if ((((unsigned)strb >> i) & 1u) != 0) {
      to[i] = (uint8_t)(data >> (8u * i));
    }
  }
}

static bool write_ctrl(sp_cyc_t *u, const cyc_net_t *net, uint32_t data, uint8_t strb) {
  const uint32_t value = merge(read_ctrl(u), data, strb);
  const uint8_t mode = (uint8_t)((value >> SP_CTRL_MODE_LSB) & SP_CTRL_MODE_MASK);
  if ((u->lock & SP_LOCK_CTRL) != 0 || !mode_compiled(u, mode) || (mode == CBIT_MODE_XE_LIN && !u->debug) ||
      (mode != u->mode && !net->all_empty) || net->rmp.chk_on) {
    return false;
  }
  u->smee = (value & SP_CTRL_SMEE) != 0;
  u->tsme = (value & SP_CTRL_TSME) != 0;
  u->mode = mode;
  return true;
}

static bool write_cmd(sp_cyc_t *u, uint32_t data, uint8_t strb) {
  if (u->cmd_pend) {
    return false;
  }
  const uint32_t value = merge(u->cmd_op | ((uint32_t)u->cmd_slot << SP_CMD_SLOT_LSB), data, strb);
  u->cmd_op = (uint8_t)(value & SP_CMD_OP_MASK);
  u->cmd_slot = (uint16_t)((value >> SP_CMD_SLOT_LSB) & SP_CMD_SLOT_MASK);
  u->cmd_pend = true;
  return true;
}

// One word of RMP_BASE or RMP_END.
static uint64_t merge_address(uint64_t old, bool high, uint32_t data, uint8_t strb) {
  const unsigned lsb = high ? 32u : 0u;
  const uint64_t word = merge((uint32_t)(old >> lsb), data, strb);
  return ((old & ~((uint64_t)UINT32_MAX << lsb)) | (word << lsb)) & SP_RMP_ADDR_MASK;
}

// The writable ones of RMP_*. A refused write changes nothing.
static bool write_rmp(sp_cyc_t *u, cyc_net_t *net, unsigned addr, uint32_t data, uint8_t strb) {
  if (u->cfg.rmp == 0 || net->rmp.busy) {
    return false;
  }
  if (addr == SP_RMP_CMD) {
    net->rmp_cmd_we = true;
    net->rmp_cmd_op = (uint8_t)(merge(0, data, strb) & SP_RMP_CMD_OP_MASK);
    return true;
  }
  if (net->rmp.state != RMP_OFF) {
    return false;
  }
  switch (addr) {
    case SP_RMP_BASE_LO:
    case SP_RMP_BASE_HI:
      u->rmp_base = merge_address(u->rmp_base, addr == SP_RMP_BASE_HI, data, strb);
      return true;
    case SP_RMP_END_LO:
    case SP_RMP_END_HI:
      u->rmp_end = merge_address(u->rmp_end, addr == SP_RMP_END_HI, data, strb);
      return true;
    case SP_RMP_CTRL:
      u->rmp_ctrl =
          (uint8_t)(merge(u->rmp_ctrl, data, strb) & (SP_RMP_VMPL_EN | SP_RMP_VMPL_SSS | SP_RMP_IOMMU_SNP));
      return true;
    case SP_RMP_CFG:
      if (u->cfg.rmp_seg != 0) {
        u->rmp_cfg = (uint16_t)(merge(u->rmp_cfg, data, strb) & SP_RMP_CFG_MASK);
      }
      return u->cfg.rmp_seg != 0;
    default:
      return false;
  }
}

// false: refused, or no writable register at addr.
static bool csr_write(sp_cyc_t *u, cyc_net_t *net, unsigned addr, uint32_t data, uint8_t strb, bool *pop) {
  const uint32_t set = merge(0, data, strb);
  switch (addr) {
    case SP_CTRL:
      return write_ctrl(u, net, data, strb);
    case SP_LOCK:
      u->lock = (uint8_t)(u->lock | (set & (SP_LOCK_CTRL | SP_LOCK_TABLE)));
      return true;
    case SP_TEST:
      u->test_on = (merge(u->test_on ? 1u : 0u, data, strb) & 1u) != 0;
      return true;
    case SP_INTR_STATE:
      u->intr_state = (uint8_t)(u->intr_state & ~set);
      return true;
    case SP_INTR_ENABLE:
      u->intr_enable = (uint8_t)(merge(u->intr_enable, data, strb) & SP_INTR_ALL);
      return true;
    case SP_CMD:
      return write_cmd(u, data, strb);
    case SP_FAULT_POP:
      *pop = true;
      return true;
    default:
      break;
  }
  uint8_t *bytes = NULL;
  if (addr >= SP_KEY1_0 && addr <= SP_KEY1_7) {
    bytes = u->key1 + (addr - SP_KEY1_0);
  } else if (addr >= SP_KEY2_0 && addr <= SP_KEY2_7) {
    bytes = u->key2 + (addr - SP_KEY2_0);
  } else if (addr >= SP_TEST_TWEAK_0 && addr <= SP_TEST_TWEAK_3) {
    bytes = u->test_tweak + (addr - SP_TEST_TWEAK_0);
  }
  if (bytes == NULL) {
    return write_rmp(u, net, addr, data, strb);
  }
  if (u->cmd_pend) {
    return false;
  }
  write_bytes(bytes, data, strb);
  return true;
}

// Command 9, done in the first cycle in which it is pending.
static cbit_key_err_t tweak_entry(sp_cyc_t *u) {
  if (u->cmd_slot < SP_TWEAK_FIRST || u->cmd_slot > SP_TWEAK_LAST) {
    return CBIT_KEY_ERR_RANGE;
  }
  const uint32_t linear = (1u << CBIT_MODE_XE_LIN) | (1u << CBIT_MODE_XEX_LIN);
  if ((u->lock & SP_LOCK_TABLE) != 0 || (u->cfg.modes_mask & linear) == 0) {
    return CBIT_KEY_ERR_STATE;
  }
  u->table_we = true;
  u->table_index = (uint8_t)(u->cmd_slot - SP_TWEAK_FIRST);
  memcpy(u->table_data, u->key1, 16);
  return CBIT_KEY_OK;
}

static void clear_keys(sp_cyc_t *u) {
  memset(u->key1, 0, sizeof u->key1);
  memset(u->key2, 0, sizeof u->key2);
}

// The done event of this cycle: of the command that was pending at its beginning.
static void command_cycle(sp_cyc_t *u, const cyc_net_t *net) {
  const bool own = u->cmd_op == SP_OP_TWEAK_ENTRY;
  if (!own && !net->cmd_done) {
    return;
  }
  u->cmd_err = own ? (uint8_t)tweak_entry(u) : net->cmd_err;
  u->completed++;
  u->cmd_pend = false;
  u->intr_state |= SP_INTR_CMD;
  clear_keys(u);
}

static void count(sp_cyc_t *u, const cyc_net_t *net) {
  const cyc_events_t *ev = &net->ev_q;
  uint32_t *c = u->counter;
  c[SP_CNT_CYCLES]++;
  c[SP_CNT_RD_BEATS_PLAIN] += ev->rd_plain;
  c[SP_CNT_RD_BEATS_ENC] += ev->rd_enc;
  c[SP_CNT_WR_BEATS_PLAIN] += ev->wr_plain;
  c[SP_CNT_WR_BEATS_ENC] += ev->wr_enc;
  c[SP_CNT_RMW] += ev->rmw;
  c[SP_CNT_FAULTS] += (uint32_t)net->fault_r_q.valid + (uint32_t)net->fault_w_q.valid;
  c[SP_CNT_STALL_TWEAK_RD] += ev->stall_tweak_rd;
  c[SP_CNT_STALL_TWEAK_WR] += ev->stall_tweak_wr;
  c[SP_CNT_STALL_RMW] += ev->stall_rmw;
  c[SP_CNT_STALL_HAZARD] += ev->stall_hazard;
  c[SP_CNT_STALL_RD_TABLE] += ev->stall_rd_table;
  c[SP_CNT_STALL_WR_TABLE] += ev->stall_wr_table;
  c[SP_CNT_STALL_OUT] += ev->stall_out;
  if (u->cfg.rmp != 0) {
    c[SP_CNT_RMP_ASK] += ev->rmp_ask;
    c[SP_CNT_RMP_MISS] += ev->rmp_miss;
    c[SP_CNT_RMP_READ] += ev->rmp_read;
    c[SP_CNT_STALL_RMP_RD] += ev->stall_rmp_rd;
    c[SP_CNT_STALL_RMP_WR] += ev->stall_rmp_wr;
  }
  if (u->cfg.rmp_insn != 0) {
    c[SP_CNT_INSN] += ev->insn;
    c[SP_CNT_INSN_STOP] += ev->insn_stop;
  }
  if (u->cfg.rmp_chk != 0) {
    c[SP_CNT_CHK] += ev->chk;
    c[SP_CNT_STALL_CHK] += ev->stall_chk;
  }
}

size_t sp_cyc_size(const cbit_cyc_cfg_t *cfg) {
  (void)cfg;
  return sizeof(sp_cyc_t);
}

void sp_cyc_init(sp_cyc_t *u, const cbit_cyc_cfg_t *cfg) {
  memset(u, 0, sizeof *u);
  u->cfg = *cfg;
  sp_cyc_reset(u);
}

void sp_cyc_reset(sp_cyc_t *u) {
  const cbit_cyc_cfg_t cfg = u->cfg;
  memset(u, 0, sizeof *u);
  u->cfg = cfg;
  u->mode = (uint8_t)cfg.default_mode;
  fault_log_cyc_reset(&u->log);
}

void sp_cyc_out(const sp_cyc_t *u, cyc_net_t *net, cbit_pins_out_t *out) {
  net->ctrl.smee = u->smee;
  net->ctrl.tsme = u->tsme;
  net->ctrl.mode = u->mode;
  net->ctrl.ovr_en = override_on(u);
  if (net->ctrl.ovr_en) {
    memcpy(net->ctrl.ovr, u->test_tweak, sizeof net->ctrl.ovr);
  }
  if (u->cfg.rmp != 0) {
    net->rmp_reg = (cyc_rmp_reg_t){.base = u->rmp_base,
                                   .end = u->rmp_end,
                                   .vmpl_en = (u->rmp_ctrl & SP_RMP_VMPL_EN) != 0,
                                   .vmpl_sss = (u->rmp_ctrl & SP_RMP_VMPL_SSS) != 0,
                                   .iommu_snp = (u->rmp_ctrl & SP_RMP_IOMMU_SNP) != 0,
                                   .seg_en = (u->rmp_cfg & SP_RMP_SEG_EN) != 0,
                                   .seg_size = (uint8_t)(u->rmp_cfg >> SP_RMP_SEG_SIZE_LSB)};
  }
  net->table = &u->table;
  net->cmd_valid = u->cmd_pend && u->cmd_op != SP_OP_TWEAK_ENTRY;
  if (net->cmd_valid) {
    net->cmd_op = u->cmd_op;
    net->cmd_slot = u->cmd_slot;
    memcpy(net->key1, u->key1, sizeof net->key1);
    memcpy(net->key2, u->key2, sizeof net->key2);
  }
  axil_cyc_out(&u->axil, out);
  out->irq = u->irq;
}

void sp_cyc_step(sp_cyc_t *u, cyc_net_t *net, const cbit_pins_in_t *in) {
  if (!in->rst_n) {
    sp_cyc_reset(u);
    return;
  }
  if (u->table_we) {
    memcpy(u->table.t[u->table_index], u->table_data, 16);
    u->table_we = false;
  }
  const bool pending = u->cmd_pend;
  const axil_access_t access = axil_cyc_access(&u->axil);
  bool ok = true;
  bool pop = false;
  uint32_t data = 0;
  net->rmp_cmd_we = false;
  u->irq = (u->intr_state & u->intr_enable) != 0;
  if (access == AXIL_READ) {
    ok = csr_read(u, net, u->axil.ar_addr & 0xFFCu, &data);
  } else if (access == AXIL_WRITE) {
    ok = csr_write(u, net, u->axil.aw_addr & 0xFFCu, u->axil.w_data, u->axil.w_strb, &pop);
  }
  if (pending) {
    command_cycle(u, net);
  }
  if (net->zeroise_q) {
    clear_keys(u);
  }
  if (pop || net->fault_r_q.valid || net->fault_w_q.valid) {
    const fault_log_event_t event = fault_log_cyc_step(&u->log, &net->fault_r_q, &net->fault_w_q, pop);
    u->intr_state |= event.logged ? SP_INTR_FAULT : 0u;
    u->intr_state |= event.dropped ? SP_INTR_DROPPED : 0u;
  }
  if (net->ent_alarm) {
    u->intr_state |= SP_INTR_ALARM;
  }
  count(u, net);
  u->debug = in->debug;
  axil_cyc_step(&u->axil, in, access, ok ? SP_RESP_OKAY : SP_RESP_SLVERR, data);
}
