// SPDX-License-Identifier: Apache-2.0
//
// route.c - attributes to effective key
//
// Which key a request is ciphered with, or why it is refused: the tables of docs/units/route.md, row by row in the
// order of the page. Combinational in hardware; here a pure function.

#include <string.h>

#include "cbit.h"
#include "util/bits.h"

// An effective key: no encryption (K0), or a slot.
typedef struct route_key {
  int enc;
  uint32_t slot;
} route_key_t;

static route_key_t key_none(void) {
  const route_key_t key = {0, 0};
  return key;
}

static route_key_t key_slot(uint32_t slot) {
  const route_key_t key = {1, slot};
  return key;
}

static route_key_t key_host(const cbit_route_cfg_t *cfg) { return key_slot(cfg->host_slot); }

// K0, or HOSTKEY if tsme: what remains where no row gives a key.
static route_key_t key_default(const cbit_route_cfg_t *cfg) { return cfg->tsme ? key_host(cfg) : key_none(); }

// Table "Effective key"; numbers are its rows.
static route_key_t effective_key(const cbit_route_cfg_t *cfg, const cbit_attr_t *attr) {
  if (cfg->mode == CBIT_MODE_NONE) {  // 1
    return key_none();
  }
  switch (attr->requester) {
    case CBIT_REQ_HOST:
      return attr->cbit && cfg->smee ? key_host(cfg) : key_default(cfg);  // 2, 3
    case CBIT_REQ_GUEST: {
      const int always_private =
          attr->access == CBIT_ACC_FETCH || attr->access == CBIT_ACC_PT_WALK || attr->access == CBIT_ACC_VMSA;
      const int nested = attr->access == CBIT_ACC_NPT_WALK || attr->access == CBIT_ACC_NPT_AD;  // K10
      if (cfg->smee && !nested && (attr->cbit || always_private)) {                             // 4
        return key_slot(attr->asid);
      }
      if (cfg->smee && attr->ncbit) {  // 5
        return key_host(cfg);
      }
      return key_default(cfg);  // 6
    }
    case CBIT_REQ_DEVICE:
      if (attr->cbit && attr->asid == 0 && cfg->smee) {  // 7
        return key_host(cfg);
      }
      return key_default(cfg);        // 8
    default:                          // CBIT_REQ_SP
      if (attr->cbit && cfg->smee) {  // 9
        return attr->asid == 0 ? key_host(cfg) : key_slot(attr->asid);
      }
      return key_default(cfg);  // 10
  }
}

// Fault PROTO: not an AXI4 request, or a reserved encoding.
static int proto_illegal(const cbit_route_cfg_t *cfg, const cbit_route_req_t *req, uint64_t addr,
                         const cbit_attr_t *attr) {
  if (attr->access > CBIT_ACC_VMSA && !cfg->rmp) {
    return 1;
  }
  if (req->burst > CBIT_BURST_WRAP || req->size > bits_log2(CBIT_BLOCK_BYTES * (uint64_t)cfg->lanes)) {
    return 1;
  }
  const uint64_t beats = (uint64_t)req->len + 1;
  const uint64_t offset = addr & bits_mask(req->size);  // within the beat
  switch (req->burst) {
    case CBIT_BURST_FIXED:
      return req->len > 15;
    case CBIT_BURST_INCR:
      return (addr - offset) % CBIT_PAGE_BYTES + (beats << req->size) > CBIT_PAGE_BYTES;
    default:  // CBIT_BURST_WRAP
      return (beats != 2 && beats != 4 && beats != 8 && beats != 16) || offset != 0;
  }
}

// Fault ASID: the key belongs to an ASID that cannot be.
static int asid_impossible(const cbit_route_cfg_t *cfg, const cbit_attr_t *attr) {
  if (attr->requester == CBIT_REQ_GUEST) {  // with C = 0 and with the engine bypassed too
    return attr->asid == 0 || attr->asid == cfg->host_slot || attr->asid >= cfg->key_slots;
  }
  return attr->requester == CBIT_REQ_SP && cfg->mode != CBIT_MODE_NONE && attr->cbit && attr->asid >= cfg->key_slots;
}

void cbit_route(const cbit_route_cfg_t *cfg, const cbit_route_req_t *req, const uint8_t *slot_state,
                cbit_route_rsp_t *rsp) {
  cbit_attr_t attr;
  uint64_t addr = req->addr;
  cbit_attr_unpack(req->user, &attr);
  if (cfg->attr_from_addr) {
    attr.cbit = (uint8_t)bits_get(addr, cfg->cbit_pos, 1);
    attr.asid = (uint16_t)bits_get(addr, cfg->asid_lsb, CBIT_ASID_BITS);
    addr = bits_put(addr, cfg->cbit_pos, 1, 0);
    addr = bits_put(addr, cfg->asid_lsb, CBIT_ASID_BITS, 0);
  }

  const route_key_t key = effective_key(cfg, &attr);
  cbit_fault_t fault = CBIT_FAULT_NONE;
  if ((addr & ~bits_mask(cfg->spa_width)) != 0) {
    fault = CBIT_FAULT_ADDR;
  } else if (proto_illegal(cfg, req, addr, &attr)) {
    fault = CBIT_FAULT_PROTO;
  } else if (attr.requester == CBIT_REQ_DEVICE && attr.cbit && attr.asid != 0) {
    fault = CBIT_FAULT_DEVICE;
  } else if (asid_impossible(cfg, &attr)) {
    fault = CBIT_FAULT_ASID;
  } else if (key.enc && slot_state[key.slot] != CBIT_SLOT_ACTIVE) {
    fault = CBIT_FAULT_SLOT;
  } else if (key.enc && req->lock) {
    fault = CBIT_FAULT_EXCL;
  }

  memset(rsp, 0, sizeof *rsp);
  rsp->spa = addr & bits_mask(CBIT_SPA_BITS);
  rsp->attr = attr;
  rsp->fault = (uint8_t)fault;
  if (fault == CBIT_FAULT_NONE && key.enc) {
    rsp->enc = 1;
    rsp->slot = (uint16_t)key.slot;
  }
}
