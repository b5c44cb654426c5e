// SPDX-License-Identifier: Apache-2.0
//
// version.c - version and struct sizes of the library
//
// The sizes below are the binary interface number 1 of libcbit. A change here needs a new CBIT_ABI_VERSION.

#include "cbit.h"

_Static_assert(sizeof(cbit_attr_t) == 24, "binary interface");
_Static_assert(sizeof(cbit_aes_key_t) == 496, "binary interface");
_Static_assert(sizeof(cbit_slot_key_t) == 992, "binary interface");
_Static_assert(sizeof(cbit_tweak_table_t) == 768, "binary interface");
_Static_assert(sizeof(cbit_route_cfg_t) == 16, "binary interface");
_Static_assert(sizeof(cbit_route_req_t) == 24, "binary interface");
_Static_assert(sizeof(cbit_route_rsp_t) == 40, "binary interface");
_Static_assert(sizeof(cbit_key_store_t) == 2 * sizeof(void *) + 40, "binary interface");
_Static_assert(sizeof(cbit_key_health_t) == 24, "binary interface");

static const size_t struct_sizes[CBIT_STRUCT_COUNT] = {
    [CBIT_STRUCT_ATTR] = sizeof(cbit_attr_t),
    [CBIT_STRUCT_AES_KEY] = sizeof(cbit_aes_key_t),
    [CBIT_STRUCT_SLOT_KEY] = sizeof(cbit_slot_key_t),
    [CBIT_STRUCT_TWEAK_TABLE] = sizeof(cbit_tweak_table_t),
    [CBIT_STRUCT_ROUTE_CFG] = sizeof(cbit_route_cfg_t),
    [CBIT_STRUCT_ROUTE_REQ] = sizeof(cbit_route_req_t),
    [CBIT_STRUCT_ROUTE_RSP] = sizeof(cbit_route_rsp_t),
    [CBIT_STRUCT_KEY_STORE] = sizeof(cbit_key_store_t),
    [CBIT_STRUCT_KEY_HEALTH] = sizeof(cbit_key_health_t),
};

const char *cbit_version(void) { return CBIT_VERSION_STRING; }

size_t cbit_struct_size(cbit_struct_t which) { return (unsigned)which < CBIT_STRUCT_COUNT ? struct_sizes[which] : 0; }

cbit_status_t cbit_abi_check(uint32_t abi_version, const size_t *sizes, size_t count) {
  if (abi_version != CBIT_ABI_VERSION || sizes == NULL || count > CBIT_STRUCT_COUNT) {
    return CBIT_ERR_ABI;
  }
  for (size_t i = 0; i < count; i++) {
    if (sizes[i] != struct_sizes[i]) {
      return CBIT_ERR_ABI;
    }
  }
  return CBIT_OK;
}
