// SPDX-License-Identifier: Apache-2.0
//
// rmp_entry.c - an entry of the table as bits and as fields, and the parameters of a build
//
// Answers docs/rmp.md section 0.3 (parameters) and section 2.1 (layout). Everything else of the model works on fields.

#include <string.h>

#include "cbit_rmp.h"
#include "util/bits.h"
#include "util/bytes.h"

// The structs of the public header are part of the binary interface.
_Static_assert(sizeof(cbit_rmp_param_t) == 16, "binary interface");
_Static_assert(sizeof(cbit_rmp_cfg_t) == 24, "binary interface");
_Static_assert(sizeof(cbit_rmp_entry_t) == 32, "binary interface");
_Static_assert(sizeof(cbit_rmp_view_t) == 72, "binary interface");
_Static_assert(sizeof(cbit_rmp_check_req_t) == 32, "binary interface");
_Static_assert(sizeof(cbit_rmp_verdict_t) == 32, "binary interface");
_Static_assert(sizeof(cbit_rmp_host_insn_t) == 32, "binary interface");
_Static_assert(sizeof(cbit_rmp_guest_insn_t) == 48, "binary interface");
_Static_assert(sizeof(cbit_rmp_result_t) == 56, "binary interface");
_Static_assert(sizeof(cbit_rmp_ecbit_req_t) == 24, "binary interface");
_Static_assert(sizeof(cbit_rmp_key_req_t) == 8, "binary interface");

void cbit_rmp_param_init(cbit_rmp_param_t *param) {
  memset(param, 0, sizeof *param);
  param->chk_guest_pt_read = 1;
  param->hv_inuse_wr_allowed = 1;
  param->npf_us_always = 1;
  param->vmpl_mask_all = 0x1f;
  param->num_vmpl = 4;
  param->gpa_width = 51;
  param->num_asid = 1006;
  param->host_key = 1023;
}

void cbit_rmp_entry_decode(const uint8_t raw[CBIT_RMP_ENTRY_BYTES], cbit_rmp_entry_t *entry) {
  const uint64_t q1 = bytes_load_le64(raw);
  const uint64_t q2 = bytes_load_le64(raw + 8);
  entry->assigned = (uint8_t)bits_get(q1, 0, 1);
  entry->page_size = (uint8_t)bits_get(q1, 1, 1);
  entry->immutable = (uint8_t)bits_get(q1, 2, 1);
  entry->subpage_count = (uint16_t)bits_get(q1, 3, 9);
  entry->gpa_page = bits_get(q1, 12, 39);
  entry->asid = (uint16_t)bits_get(q1, 51, 10);
  entry->vmsa = (uint8_t)bits_get(q1, 61, 1);
  entry->validated = (uint8_t)bits_get(q1, 62, 1);
  entry->lock = (uint8_t)bits_get(q1, 63, 1);
  for (unsigned i = 0; i < 4; i++) {
    entry->mask[i] = (uint8_t)bits_get(q2, 8 * i, 8);
  }
  entry->key_select = (uint8_t)bits_get(q2, 32, 1);
  entry->rsvd = (uint16_t)bits_get(q2, 33, 16);
  entry->root_port = (uint8_t)bits_get(q2, 49, 5);
  entry->ide_stream = (uint8_t)bits_get(q2, 54, 8);
  entry->migration = (uint8_t)bits_get(q2, 62, 2);
}

void cbit_rmp_entry_encode(const cbit_rmp_entry_t *entry, uint8_t raw[CBIT_RMP_ENTRY_BYTES]) {
  uint64_t q1 = 0;
  uint64_t q2 = 0;
  q1 = bits_put(q1, 0, 1, entry->assigned);
  q1 = bits_put(q1, 1, 1, entry->page_size);
  q1 = bits_put(q1, 2, 1, entry->immutable);
  q1 = bits_put(q1, 3, 9, entry->subpage_count);
  q1 = bits_put(q1, 12, 39, entry->gpa_page);
  q1 = bits_put(q1, 51, 10, entry->asid);
  q1 = bits_put(q1, 61, 1, entry->vmsa);
  q1 = bits_put(q1, 62, 1, entry->validated);
  q1 = bits_put(q1, 63, 1, entry->lock);
  for (unsigned i = 0; i < 4; i++) {
    q2 = bits_put(q2, 8 * i, 8, entry->mask[i]);
  }
  q2 = bits_put(q2, 32, 1, entry->key_select);
  q2 = bits_put(q2, 33, 16, entry->rsvd);
  q2 = bits_put(q2, 49, 5, entry->root_port);
  q2 = bits_put(q2, 54, 8, entry->ide_stream);
  q2 = bits_put(q2, 62, 2, entry->migration);
  bytes_store_le64(raw, q1);
  bytes_store_le64(raw + 8, q2);
}
