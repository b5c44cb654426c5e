// SPDX-License-Identifier: Apache-2.0
//
// bench_sp.c - what the secure processor's firmware does: registers, key commands, fault log (docs/units/sp.md)
//
// On a WIRE there is no secure processor: accesses answer OKAY with zeros, commands succeed, nothing is clocked.
#include <string.h>

#include "core/bench_int.h"
#include "core/rmp_boot.h"

enum {
  REG_CTRL = 0x010,
  REG_TEST = 0x01c,
  REG_CMD = 0x030,
  REG_CMD_STATUS = 0x034,
  REG_KEY1 = 0x040,
  REG_KEY2 = 0x060,
  REG_FAULT_INFO = 0x080,
  REG_FAULT_ADDR = 0x084,
  REG_FAULT_GPA = 0x08c,
  REG_FAULT_POP = 0x094,
  REG_TEST_TWEAK = 0x0a0,
  OP_TWEAK_ENTRY = 9,
  FAULT_CHECK = 8  // code of the fault log: the RMP check said no
};

bool bench_sp_start(bench_t *b, bool write, uint16_t offset, uint32_t value, uint8_t strb) {
  return bench_sp_start_skewed(b, write, offset, value, strb, 0, 0);
}

bool bench_sp_idle(const bench_t *b) { return !b->sp.busy && !b->sp.done; }

bool bench_sp_start_skewed(bench_t *b, bool write, uint16_t offset, uint32_t value, uint8_t strb, int32_t skew,
                           uint32_t wait) {
  if (b->wire || b->failed || !axil_start(&b->sp, write, offset, value, strb, skew, wait)) return false;
  if (b->sb != NULL) scoreboard_sp_start(b->sb, write, offset);
  return true;
}

bool bench_sp_poll(bench_t *b, uint32_t *value, uint8_t *resp) {
  sp_access_t a;
  if (!axil_poll(&b->sp, &a)) return false;
  if (value != NULL) *value = a.value;
  if (resp != NULL) *resp = a.resp;
  return true;
}

static bool access_blocking(bench_t *b, bool write, uint16_t offset, uint32_t *value, uint8_t strb, uint8_t *resp) {
  if (resp != NULL) *resp = 0;
  if (b->failed) return false;
  if (b->wire) {
    if (!write) *value = 0;
    return true;
  }
  // An access that was started without blocking ends first; its result is lost. That of another task is not.
  while (b->sp_taken || b->sp.busy) {
    if (!bench_step(b)) return false;
  }
  b->sp_taken = true;
  b->sp.done = false;
  if (!bench_sp_start(b, write, offset, *value, strb)) return false;
  uint32_t read = 0;
  while (!bench_sp_poll(b, &read, resp)) {
    if (!bench_step(b)) return false;
  }
  b->sp_taken = false;
  b->stirs++;
  if (!write) *value = read;
  return true;
}

bool bench_sp_write_strb(bench_t *b, uint16_t offset, uint32_t value, uint8_t strb, uint8_t *resp) {
  return access_blocking(b, true, offset, &value, strb, resp);
}

bool bench_sp_write(bench_t *b, uint16_t offset, uint32_t value, uint8_t *resp) {
  return access_blocking(b, true, offset, &value, 0xf, resp);
}

bool bench_sp_read(bench_t *b, uint16_t offset, uint32_t *value, uint8_t *resp) {
  *value = 0;
  return access_blocking(b, false, offset, value, 0, resp);
}

// ---- commands ---------------------------------------------------------------------------------------------------

uint32_t bench_cmd(bench_t *b, uint32_t op, uint32_t slot, cbit_slot_state_t *state) {
  uint8_t resp = 0;
  uint32_t status = 0;
  if (!bench_sp_write(b, REG_CMD, (op & 0xfu) | (slot & 0x3ffu) << 16, &resp)) return BENCH_KEY_ERR_FAILED;
  if (resp != 0) return BENCH_KEY_ERR_REFUSED;
  do {
    if (!bench_sp_read(b, REG_CMD_STATUS, &status, NULL)) return BENCH_KEY_ERR_FAILED;
  } while ((status & 1u) != 0);
  if (state != NULL) *state = (cbit_slot_state_t)(status >> 8 & 3u);
  return status >> 4 & 0xfu;
}

static uint32_t word_of(const uint8_t *p) {
  return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static bool write_words(bench_t *b, uint16_t reg, const uint8_t *bytes, uint32_t words) {
  for (uint32_t i = 0; i < words; i++) {
    if (!bench_sp_write(b, (uint16_t)(reg + 4 * i), bytes != NULL ? word_of(bytes + 4 * (size_t)i) : 0, NULL))
      return false;
  }
  return true;
}

uint32_t bench_key_load(bench_t *b, uint32_t slot, const uint8_t *k1, const uint8_t *k2) {
  const uint32_t words = bench_cfg(b)->key_bits / 32;
  if (!write_words(b, REG_KEY1, k1, words) || !write_words(b, REG_KEY2, k2, words)) return BENCH_KEY_ERR_FAILED;
  return bench_cmd(b, CBIT_KEY_OP_LOAD, slot, NULL);
}

uint32_t bench_slot_generate(bench_t *b, uint32_t slot) { return bench_cmd(b, CBIT_KEY_OP_GENERATE, slot, NULL); }
uint32_t bench_slot_activate(bench_t *b, uint32_t slot) { return bench_cmd(b, CBIT_KEY_OP_ACTIVATE, slot, NULL); }
uint32_t bench_slot_deactivate(bench_t *b, uint32_t slot) { return bench_cmd(b, CBIT_KEY_OP_DEACTIVATE, slot, NULL); }
uint32_t bench_slot_wipe(bench_t *b, uint32_t slot) { return bench_cmd(b, CBIT_KEY_OP_WIPE, slot, NULL); }
uint32_t bench_wipe_all(bench_t *b) { return bench_cmd(b, CBIT_KEY_OP_WIPE_ALL, 0, NULL); }
uint32_t bench_flush(bench_t *b) { return bench_cmd(b, CBIT_KEY_OP_FLUSH, 0, NULL); }
uint32_t bench_slot_query(bench_t *b, uint32_t slot, cbit_slot_state_t *state) {
  return bench_cmd(b, CBIT_KEY_OP_QUERY, slot, state);
}

uint32_t bench_tweak_table(bench_t *b, const cbit_tweak_table_t *table) {
  for (uint32_t i = 0; i < 48; i++) {
    if (!write_words(b, REG_KEY1, table->t[i], 4)) return BENCH_KEY_ERR_FAILED;
    const uint32_t error = bench_cmd(b, OP_TWEAK_ENTRY, i + 4, NULL);
    if (error != 0) return error;
  }
  return 0;
}

bool bench_ctrl(bench_t *b, cbit_mode_t mode, bool smee, bool tsme) {
  uint8_t resp = 0;
  const uint32_t value = (smee ? 1u : 0u) | (tsme ? 2u : 0u) | (uint32_t)mode << 4;
  return bench_sp_write(b, REG_CTRL, value, &resp) && resp == 0;
}

bool bench_test_tweak(bench_t *b, const uint8_t input[16]) {
  uint32_t on = 0;
  if (input != NULL && !write_words(b, REG_TEST_TWEAK, input, 4)) return false;
  if (!bench_sp_write(b, REG_TEST, input != NULL, NULL) || !bench_sp_read(b, REG_TEST, &on, NULL)) return false;
  return (on & 1u) == (input != NULL) || b->wire;
}

// ---- fault log --------------------------------------------------------------------------------------------------

bool bench_fault_pop(bench_t *b, bench_fault_t *f) {
  uint32_t info = 0;
  uint32_t lo = 0;
  uint32_t hi = 0;
  memset(f, 0, sizeof(*f));
  if (!bench_sp_read(b, REG_FAULT_INFO, &info, NULL)) return false;
  f->code = info & 0xf;
  if (f->code == 0) return true;
  f->write = (info >> 4 & 1) != 0;
  f->requester = info >> 5 & 3;
  f->access = info >> 7 & 7;
  f->cbit = (info >> 10 & 1) != 0;
  f->vmpl = info >> 11 & 3;
  f->user_mode = (info >> 13 & 1) != 0;
  f->asid = info >> 14 & 0x3ff;
  f->id = (uint16_t)(info >> 24);
  if (!bench_sp_read(b, REG_FAULT_ADDR, &lo, NULL) || !bench_sp_read(b, REG_FAULT_ADDR + 4, &hi, NULL)) return false;
  f->addr = (uint64_t)hi << 32 | lo;
  if (!bench_sp_read(b, REG_FAULT_GPA, &lo, NULL) || !bench_sp_read(b, REG_FAULT_GPA + 4, &hi, NULL)) return false;
  f->gpa_page = (uint64_t)hi << 32 | lo;
  if (bench_cfg(b)->rmp != 0) {
    if (!bench_sp_read(b, RMP_REG_FAULT_INFO, &info, NULL)) return false;
    if (!bench_sp_read(b, RMP_REG_FAULT_ERR, &lo, NULL)) return false;
    if (!bench_sp_read(b, RMP_REG_FAULT_ERR + 4, &hi, NULL)) return false;
    f->kind = info & 0xf;
    f->why = info >> 4 & 0xf;
    f->row = info >> 8 & 0x1f;
    f->error = (uint64_t)(hi & 0x3f) << 32 | lo;
  }
  return bench_sp_write(b, REG_FAULT_POP, 1, NULL);
}

// With one requester at a time the oldest record is its own.
bool bench_fault_of(bench_t *b, bool write, uint16_t id, bench_fault_t *f) {
  if (b->wait_fn == NULL) return bench_fault_pop(b, f);
  for (;;) {
    for (uint32_t i = 0; i < b->box_n; i++) {
      if (b->box[i].write != write || b->box[i].id != id) continue;
      *f = b->box[i];
      b->box[i] = b->box[--b->box_n];
      return true;
    }
    if (b->log_taken) {
      if (!bench_step(b)) return false;
      continue;
    }
    b->log_taken = true;
    const bool alive = bench_fault_pop(b, f);
    b->log_taken = false;
    b->stirs++;
    if (!alive || f->code == 0) return alive;  // an error of the memory leaves no record
    if (b->box_n == BENCH_BOX) {
      bench_fail(b, "fault log: %u records that nobody asks for", BENCH_BOX);
      return false;
    }
    b->box[b->box_n++] = *f;
  }
}

const char *bench_fault_name(uint8_t code) {
  // WLAST and CHECK come from the bus units, 1..6 from the route.
  static const char *const name[] = {"NONE", "ADDR", "PROTO", "DEVICE", "ASID", "SLOT", "EXCL", "WLAST", "CHECK"};
  return code < sizeof(name) / sizeof(name[0]) ? name[code] : "?";
}

void bench_fault_by(const bench_fault_t *f, char *by, size_t size, char *fault, size_t fault_size) {
  fault[0] = '\0';
  if (f->code != FAULT_CHECK) {
    snprintf(by, size, "route %s", bench_fault_name(f->code));
  } else if (f->kind == 0 && f->row == 0 && f->why == 0) {
    snprintf(by, size, "guard");
  } else {
    snprintf(by, size, "row %s %s", cbit_rmp_row_name((cbit_rmp_row_t)f->row), cbit_rmp_why_name((cbit_rmp_why_t)f->why));
    const int n = snprintf(fault, fault_size, "%s%s", f->kind <= CBIT_RMP_GP ? "#" : "",
                           cbit_rmp_verdict_name((cbit_rmp_verdict_kind_t)f->kind));
    if (f->error != 0 && n > 0 && (size_t)n < fault_size)
      snprintf(fault + n, fault_size - (size_t)n, " 0x%llx", (unsigned long long)f->error);
  }
}

const char *bench_key_err_name(uint32_t error) {
  switch (error) {
    case CBIT_KEY_OK: return "OK";
    case CBIT_KEY_ERR_RANGE: return "RANGE";
    case CBIT_KEY_ERR_STATE: return "STATE";
    case CBIT_KEY_ERR_KEY_EQUAL: return "KEY_EQUAL";
    case CBIT_KEY_ERR_NEED_FLUSH: return "NEED_FLUSH";
    case CBIT_KEY_ERR_ENTROPY: return "ENTROPY";
    case CBIT_KEY_ERR_ABORTED: return "ABORTED";
    case CBIT_KEY_ERR_OP: return "OP";
    case BENCH_KEY_ERR_FAILED: return "FAILED";
    case BENCH_KEY_ERR_REFUSED: return "REFUSED";
    default: return "?";
  }
}
