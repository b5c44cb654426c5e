// SPDX-License-Identifier: Apache-2.0
//
// attr.c - attributes of a request as AxUSER bits
//
// The field positions are generated from docs/spec/attributes.txt into cbit_attr.h; both directions use them.

#include <string.h>

#include "cbit.h"
#include "cbit_attr.h"

uint64_t cbit_attr_pack(const cbit_attr_t *attr) {
  return CBIT_ATTR_PUT(REQUESTER, attr->requester) | CBIT_ATTR_PUT(ACCESS, attr->access) |
         CBIT_ATTR_PUT(USER, attr->user_mode) | CBIT_ATTR_PUT(CBIT, attr->cbit) | CBIT_ATTR_PUT(NCBIT, attr->ncbit) |
         CBIT_ATTR_PUT(VMPL, attr->vmpl) | CBIT_ATTR_PUT(ASID, attr->asid) | CBIT_ATTR_PUT(PAGE_SIZE, attr->page_size) |
         CBIT_ATTR_PUT(GPA_PAGE, attr->gpa_page) | CBIT_ATTR_PUT(SNP, attr->snp) | CBIT_ATTR_PUT(SS, attr->ss);
}

void cbit_attr_unpack(uint64_t user, cbit_attr_t *attr) {
  memset(attr, 0, sizeof *attr);
  attr->requester = (uint8_t)CBIT_ATTR_GET(user, REQUESTER);
  attr->access = (uint8_t)CBIT_ATTR_GET(user, ACCESS);
  attr->user_mode = (uint8_t)CBIT_ATTR_GET(user, USER);
  attr->cbit = (uint8_t)CBIT_ATTR_GET(user, CBIT);
  attr->ncbit = (uint8_t)CBIT_ATTR_GET(user, NCBIT);
  attr->vmpl = (uint8_t)CBIT_ATTR_GET(user, VMPL);
  attr->asid = (uint16_t)CBIT_ATTR_GET(user, ASID);
  attr->page_size = (uint8_t)CBIT_ATTR_GET(user, PAGE_SIZE);
  attr->gpa_page = CBIT_ATTR_GET(user, GPA_PAGE);
  attr->snp = (uint8_t)CBIT_ATTR_GET(user, SNP);
  attr->ss = (uint8_t)CBIT_ATTR_GET(user, SS);
}
