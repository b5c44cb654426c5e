// SPDX-License-Identifier: Apache-2.0
//
// rmp_boot.c - registers, commands and entries of the RMP (rmp_boot.h)
#include "core/rmp_boot.h"

#include <stdlib.h>

#include "core/log.h"
#include "util/bytes.h"

rmp_words_t rmp_words_encode(const cbit_rmp_entry_t *e) {
  uint8_t raw[CBIT_RMP_ENTRY_BYTES];
  cbit_rmp_entry_encode(e, raw);
  return (rmp_words_t){.q1 = le64_load(raw), .q2 = le64_load(raw + 8)};
}

static void words_raw(const rmp_words_t *w, uint8_t raw[CBIT_RMP_ENTRY_BYTES]) {
  le64_store(raw, w->q1);
  le64_store(raw + 8, w->q2);
}

void rmp_words_decode(const rmp_words_t *w, cbit_rmp_entry_t *e) {
  uint8_t raw[CBIT_RMP_ENTRY_BYTES];
  words_raw(w, raw);
  cbit_rmp_entry_decode(raw, e);
}

rmp_words_t rmp_words_firmware(void) {
  const cbit_rmp_entry_t e = {.assigned = 1, .immutable = 1, .lock = 1};
  return rmp_words_encode(&e);
}

bool bench_rmp_registers(bench_t *b, uint64_t base, uint64_t end) {
  const uint64_t value[2] = {base, end};
  for (uint32_t i = 0; i < 4; i++) {
    uint8_t resp = 0;
    const uint32_t word = (uint32_t)(value[i / 2] >> (32 * (i % 2)));
    if (!bench_sp_write(b, (uint16_t)(RMP_REG_BASE + 4 * i), word, &resp) || resp != 0) return false;
  }
  return true;
}

uint32_t bench_rmp_cmd(bench_t *b, uint32_t op, uint32_t *state) {
  uint32_t status = 0;
  if (!bench_sp_write(b, RMP_REG_CMD, op, NULL)) return RMP_ERR_FAILED;
  do {
    if (!bench_sp_read(b, RMP_REG_STATUS, &status, NULL)) return RMP_ERR_FAILED;
  } while ((status & RMP_STATUS_BUSY) != 0);
  if (state != NULL) *state = status & 7u;
  return status >> 8 & 0xfu;
}

bool bench_rmp_write(bench_t *b, uint64_t addr, uint32_t n, rmp_words_t w) {
  const cbit_attr_t sp = {.requester = CBIT_REQ_SP};
  uint8_t *bytes = log_alloc((size_t)n * CBIT_RMP_ENTRY_BYTES);
  for (uint32_t i = 0; i < n; i++) words_raw(&w, bytes + (size_t)i * CBIT_RMP_ENTRY_BYTES);
  const bench_rsp_t rsp = bench_write(b, &sp, addr, bytes, (size_t)n * CBIT_RMP_ENTRY_BYTES, NULL);
  free(bytes);
  return rsp.ok && rsp.resp == 0;
}
