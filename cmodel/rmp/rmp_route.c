// SPDX-License-Identifier: Apache-2.0
//
// rmp_route.c - the effective C-bit of a guest access, and the key of a request
//
// Answers docs/rmp.md sections 7.2 (C1..C6) and 8.3 (rows K1..K17). These are the rules of the architecture with its
// key numbers (an ASID is the key id of its guest, the host's key is host_key); cbit_route() is what the engine makes
// of them on its key slots.

#include "cbit_rmp.h"

static int is_walk(unsigned op) { return op == CBIT_RMP_OP_PT_READ || op == CBIT_RMP_OP_PT_AD; }

int cbit_rmp_effective_cbit(const cbit_rmp_ecbit_req_t *req) {
  if (req->guest == CBIT_RMP_GUEST_PLAIN) {
    return 0;  // C1
  }
  if (req->guest == CBIT_RMP_GUEST_SEV && req->vte) {
    return 1;  // C2
  }
  const int vtom_on = req->guest == CBIT_RMP_GUEST_SNP && req->vtom_en;
  if (vtom_on && req->paging_cbits && req->cbit) {
    return -1;  // C3
  }
  if (req->op == CBIT_RMP_OP_FETCH || is_walk(req->op)) {
    return 1;  // C4
  }
  if (vtom_on) {
    return req->gpa < req->vtom;  // C5
  }
  return req->paging_cbits ? req->cbit != 0 : 1;  // C6
}

// The host key where the C-bit is set: rows K2 and those that say "as K1, K2".
static unsigned by_cbit(const cbit_rmp_param_t *param, int cbit) { return cbit ? param->host_key : 0; }

// Rows K6..K9, and K5 for a guest without SEV.
static unsigned key_of_guest(const cbit_rmp_param_t *param, const cbit_rmp_key_req_t *req) {
  if (req->guest == CBIT_RMP_GUEST_PLAIN) {
    return by_cbit(param, req->cbit);
  }
  const int own_key = req->ec || req->op == CBIT_RMP_OP_FETCH || is_walk(req->op);
  return own_key ? req->asid : by_cbit(param, req->cbit);
}

// Rows K1..K15: SMEE = 1, TSME = 0.
static unsigned key_with_smee(const cbit_rmp_param_t *param, const cbit_rmp_key_req_t *req) {
  switch (req->kind) {
    case CBIT_RMP_KEY_HOST:
      return by_cbit(param, req->cbit && req->paging);  // K1..K3
    case CBIT_RMP_KEY_GUEST:
      return key_of_guest(param, req);
    case CBIT_RMP_KEY_VMSA:
    case CBIT_RMP_KEY_SP_GUEST:
      return req->asid;  // K11, K13
    case CBIT_RMP_KEY_DMA_GUEST:
      return param->tio && req->ec ? req->asid : by_cbit(param, req->cbit);  // K14
    case CBIT_RMP_KEY_RMP:
      return 0;  // K15
    case CBIT_RMP_KEY_HOST_WALK:
    case CBIT_RMP_KEY_NESTED_WALK:
    case CBIT_RMP_KEY_VMCB:
    case CBIT_RMP_KEY_DMA:
    default:
      return by_cbit(param, req->cbit);  // K4, K10, K12, K14
  }
}

unsigned cbit_rmp_key_id(const cbit_rmp_param_t *param, int smee, int tsme, const cbit_rmp_key_req_t *req) {
  const unsigned key = smee ? key_with_smee(param, req) : 0;  // K17
  return key == 0 && tsme ? param->host_key : key;            // K16
}
