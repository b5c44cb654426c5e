// SPDX-License-Identifier: Apache-2.0
//
// attr.c - attributes of a request as AxUSER bits
//
// The layout stands in cbit_types.h; both directions walk the same field positions.

#include <string.h>

#include "cbit.h"
#include "util/bits.h"

enum {
  ATTR_REQUESTER_LSB = 0,
  ATTR_REQUESTER_BITS = 2,
  ATTR_ACCESS_LSB = 2,
  ATTR_ACCESS_BITS = 3,
  ATTR_USER_MODE_LSB = 5,
  ATTR_CBIT_LSB = 6,
  ATTR_NCBIT_LSB = 7,
  ATTR_VMPL_LSB = 8,
  ATTR_VMPL_BITS = 2,
  ATTR_ASID_LSB = 10,
  ATTR_ASID_BITS = 10,
  ATTR_PAGE_SIZE_LSB = 20,
  ATTR_PAGE_SIZE_BITS = 2,
  ATTR_GPA_PAGE_LSB = 22,
  ATTR_GPA_PAGE_BITS = 40
};

uint64_t cbit_attr_pack(const cbit_attr_t *attr) {
  uint64_t user = 0;
  user = bits_put(user, ATTR_REQUESTER_LSB, ATTR_REQUESTER_BITS, attr->requester);
  user = bits_put(user, ATTR_ACCESS_LSB, ATTR_ACCESS_BITS, attr->access);
  user = bits_put(user, ATTR_USER_MODE_LSB, 1, attr->user_mode);
  user = bits_put(user, ATTR_CBIT_LSB, 1, attr->cbit);
  user = bits_put(user, ATTR_NCBIT_LSB, 1, attr->ncbit);
  user = bits_put(user, ATTR_VMPL_LSB, ATTR_VMPL_BITS, attr->vmpl);
  user = bits_put(user, ATTR_ASID_LSB, ATTR_ASID_BITS, attr->asid);
  user = bits_put(user, ATTR_PAGE_SIZE_LSB, ATTR_PAGE_SIZE_BITS, attr->page_size);
  user = bits_put(user, ATTR_GPA_PAGE_LSB, ATTR_GPA_PAGE_BITS, attr->gpa_page);
  return user;
}

void cbit_attr_unpack(uint64_t user, cbit_attr_t *attr) {
  memset(attr, 0, sizeof *attr);
  attr->requester = (uint8_t)bits_get(user, ATTR_REQUESTER_LSB, ATTR_REQUESTER_BITS);
  attr->access = (uint8_t)bits_get(user, ATTR_ACCESS_LSB, ATTR_ACCESS_BITS);
  attr->user_mode = (uint8_t)bits_get(user, ATTR_USER_MODE_LSB, 1);
  attr->cbit = (uint8_t)bits_get(user, ATTR_CBIT_LSB, 1);
  attr->ncbit = (uint8_t)bits_get(user, ATTR_NCBIT_LSB, 1);
  attr->vmpl = (uint8_t)bits_get(user, ATTR_VMPL_LSB, ATTR_VMPL_BITS);
  attr->asid = (uint16_t)bits_get(user, ATTR_ASID_LSB, ATTR_ASID_BITS);
  attr->page_size = (uint8_t)bits_get(user, ATTR_PAGE_SIZE_LSB, ATTR_PAGE_SIZE_BITS);
  attr->gpa_page = bits_get(user, ATTR_GPA_PAGE_LSB, ATTR_GPA_PAGE_BITS);
}
