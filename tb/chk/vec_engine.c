// SPDX-License-Identifier: Apache-2.0
//
// vec_engine.c - known answers on an engine: cycle model, RTL or both in lock-step (vec_check.h)
//
// How each kind is put to hardware that knows only addresses:
//   project  the mode itself, the linear table written with command 9, the record's slot folded into the slots there are
//   ECB      mode 2 with a table of zeros: T = 0, so C = E_K1(P) at any address
//   XTS      mode 5 on a page of its own, with the tweak override of the test build as the tweak value
// A slot keeps its key for later records; all slots are wiped when one is needed for another key, or the mode changes
// (CTRL refuses a change of mode while a slot is in use).
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chk/vec_check.h"
#include "core/log.h"

typedef struct rig_slot {
  bool used;
  bool has_k2;
  uint8_t k1[32], k2[32];
} rig_slot_t;

struct vec_rig {
  bench_t *b;
  const cbit_cyc_cfg_t *cfg;
  bool set_up;
  cbit_mode_t mode;
  bool override_on;
  cbit_tweak_table_t table;  // as written; zeros after reset
  rig_slot_t slot[CBIT_KEY_SLOTS_MAX];
  uint32_t next;  // slot to try first for keys that have no slot of their own
  uint64_t page;  // next page for records that have no address of their own
};

vec_rig_t *vec_rig_open(const bench_opt_t *opt, char err[TB_ERR_LEN]) {
  bench_t *b = bench_open(opt, err);
  if (b == NULL) return NULL;
  vec_rig_t *rig = log_alloc(sizeof(*rig));
  rig->b = b;
  rig->cfg = bench_cfg(b);
  rig->mode = (cbit_mode_t)rig->cfg->default_mode;
  rig->next = 1;
  rig->page = 16;
  bench_reset(b);
  return rig;
}

bench_t *vec_rig_bench(vec_rig_t *rig) { return rig->b; }
uint32_t vec_rig_key_bits(vec_rig_t *rig) { return rig->cfg->key_bits; }

bool vec_rig_close(vec_rig_t *rig) {
  const bool good = bench_close(rig->b);
  free(rig);
  return good;
}

static vec_result_t died(void) { return vec_fail("the bench stopped, see the report"); }

static bool wipe(vec_rig_t *rig) {
  memset(rig->slot, 0, sizeof(rig->slot));
  rig->next = 1;
  return bench_wipe_all(rig->b) == CBIT_KEY_OK;
}

static bool set_mode(vec_rig_t *rig, cbit_mode_t mode) {
  if (rig->set_up && rig->mode == mode) return true;
  if (rig->mode != mode && !wipe(rig)) return false;
  rig->mode = mode;
  rig->set_up = true;
  return bench_ctrl(rig->b, mode, true, false);
}

static bool set_table(vec_rig_t *rig, const cbit_tweak_table_t *table) {
  if (memcmp(&rig->table, table, sizeof(*table)) == 0) return true;
  rig->table = *table;
  return bench_tweak_table(rig->b, table) == CBIT_KEY_OK;
}

static bool same_key(const vec_rig_t *rig, const rig_slot_t *s, const vec_record_t *r) {
  const size_t bytes = rig->cfg->key_bits / 8;
  return s->used && memcmp(s->k1, r->k1, bytes) == 0 && s->has_k2 == r->has_k2 &&
         (!r->has_k2 || memcmp(s->k2, r->k2, bytes) == 0);
}

// The slot that holds the record's keys, loading them if need be. want < 0: any. Error of the commands in *error.
static uint32_t place_key(vec_rig_t *rig, const vec_record_t *r, int32_t want, uint32_t *error) {
  *error = CBIT_KEY_OK;
  uint32_t n = 0;
  if (want >= 0) {
    n = (uint32_t)want;
    if (same_key(rig, &rig->slot[n], r)) return n;
    if (rig->slot[n].used && !wipe(rig)) *error = BENCH_KEY_ERR_FAILED;
  } else {
    for (uint32_t i = 1; i < rig->next; i++) {
      if (same_key(rig, &rig->slot[i], r)) return i;
    }
    while (rig->next < rig->cfg->key_slots && rig->slot[rig->next].used) rig->next++;
    if (rig->next == rig->cfg->key_slots && !wipe(rig)) *error = BENCH_KEY_ERR_FAILED;
    n = rig->next++;
  }
  if (*error == CBIT_KEY_OK) *error = bench_key_load(rig->b, n, r->k1, r->has_k2 ? r->k2 : NULL);
  if (*error == CBIT_KEY_OK) *error = bench_slot_activate(rig->b, n);
  if (*error != CBIT_KEY_OK) return n;
  rig_slot_t *s = &rig->slot[n];
  s->used = true;
  s->has_k2 = r->has_k2;
  memcpy(s->k1, r->k1, sizeof(s->k1));
  memcpy(s->k2, r->k2, sizeof(s->k2));
  return n;
}

static cbit_attr_t owner(uint32_t slot) {
  // Slot 0 belongs to the host.
  return (cbit_attr_t){.requester = slot == 0 ? CBIT_REQ_HOST : CBIT_REQ_GUEST, .asid = (uint16_t)slot, .cbit = 1};
}

static vec_result_t write_through(vec_rig_t *rig, const cbit_attr_t *who, uint64_t spa, const uint8_t *data, size_t len) {
  const bench_rsp_t rsp = bench_write(rig->b, who, spa, data, len, NULL);
  if (!rsp.ok) return died();
  return rsp.resp == 0 ? vec_pass() : vec_fail("write refused (%s)", bench_fault_name(rsp.fault));
}

static vec_result_t read_through(vec_rig_t *rig, const cbit_attr_t *who, uint64_t spa, uint8_t *data, size_t len) {
  const bench_rsp_t rsp = bench_read(rig->b, who, spa, data, len, NULL);
  if (!rsp.ok) return died();
  return rsp.resp == 0 ? vec_pass() : vec_fail("read refused (%s)", bench_fault_name(rsp.fault));
}

// Both directions at spa.
static vec_result_t both(vec_rig_t *rig, const cbit_attr_t *who, uint64_t spa, const vec_record_t *r) {
  uint8_t *out = log_alloc(r->len);
  vec_result_t v = write_through(rig, who, spa, r->pt, r->len);
  if (v.verdict == VEC_PASS) {
    dram_peek(bench_dram(rig->b), spa, out, r->len);
    v = vec_compare("DRAM after the write", r->ct, out, r->len);
  }
  if (v.verdict == VEC_PASS) {
    dram_poke(bench_dram(rig->b), spa, r->ct, r->len);
    v = read_through(rig, who, spa, out, r->len);
    if (v.verdict == VEC_PASS) v = vec_compare("read", r->pt, out, r->len);
  }
  free(out);
  return v;
}

static vec_result_t chain(vec_rig_t *rig, const cbit_attr_t *who, uint64_t spa, const vec_record_t *r) {
  uint8_t text[16];
  memcpy(text, r->decrypt ? r->ct : r->pt, 16);
  for (uint32_t step = 0; step < VEC_MCT_STEPS; step++) {
    if (r->decrypt) dram_poke(bench_dram(rig->b), spa, text, 16);
    const vec_result_t v = r->decrypt ? read_through(rig, who, spa, text, 16) : write_through(rig, who, spa, text, 16);
    if (v.verdict != VEC_PASS) return v;
    if (!r->decrypt) dram_peek(bench_dram(rig->b), spa, text, 16);
  }
  return vec_compare("1000th text", r->decrypt ? r->pt : r->ct, text, 16);
}

// A page of its own for a record without address, in the lower 2^31.
static uint64_t fresh_page(vec_rig_t *rig, size_t len) {
  const uint64_t at = rig->page;
  rig->page = (rig->page + (len + 4095) / 4096) & 0x3ffffu;
  if (rig->page < 16) rig->page = 16;
  return at * 4096;
}

vec_result_t vec_rig_check(vec_rig_t *rig, const vec_file_t *f, size_t i, const cbit_tweak_table_t *table,
                           uint32_t mct_outer) {
  static const cbit_tweak_table_t zeros;
  const vec_record_t *r = &f->record[i];
  if (r->key_bits == 192) return vec_skip("192-bit key");
  if (f->kind == VEC_XTS && r->bits % 128 != 0) return vec_skip("not whole blocks");
  if (r->key_bits != rig->cfg->key_bits) return vec_skip("other key size than the configuration");
  if (f->kind == VEC_XTS && r->len > CBIT_PAGE_BYTES) return vec_skip("data unit longer than a page");
  if (f->kind == VEC_XTS && rig->cfg->test_tweak == 0) return vec_skip("no tweak override built in");
  if (f->kind == VEC_MCT && r->count >= mct_outer) return vec_skip("Monte Carlo iteration left out (--full)");
  cbit_mode_t mode = CBIT_MODE_XEX_LIN;
  if (f->kind == VEC_XTS) mode = CBIT_MODE_XTS_P4K;
  if (f->kind == VEC_PROJECT) mode = (cbit_mode_t)r->mode;
  if (mode != CBIT_MODE_NONE && (rig->cfg->modes_mask >> mode & 1u) == 0) return vec_skip("mode not built in");
  if (f->kind == VEC_PROJECT && (r->pa + r->len - 1) >> rig->cfg->spa_width != 0) return vec_skip("address beyond SpaWidth");
  if (bench_failed(rig->b)) return died();

  if (!set_mode(rig, mode)) return bench_failed(rig->b) ? died() : vec_fail("CTRL refuses mode %d", (int)mode);
  const bool linear = mode == CBIT_MODE_XE_LIN || mode == CBIT_MODE_XEX_LIN;
  if (linear && !set_table(rig, f->kind == VEC_PROJECT ? table : &zeros)) {
    return bench_failed(rig->b) ? died() : vec_fail("tweak table refused");
  }
  if ((f->kind == VEC_XTS || rig->override_on) && !bench_test_tweak(rig->b, f->kind == VEC_XTS ? r->tweak : NULL)) {
    return bench_failed(rig->b) ? died() : vec_fail("tweak override refused");
  }
  rig->override_on = f->kind == VEC_XTS;

  uint32_t error = CBIT_KEY_OK;
  const int32_t want = f->kind == VEC_PROJECT ? (int32_t)(r->slot % rig->cfg->key_slots) : -1;
  const uint32_t slot = place_key(rig, r, want, &error);
  if (bench_failed(rig->b)) return died();
  if (mode >= CBIT_MODE_XEX_AES16 && memcmp(r->k1, r->k2, r->key_bits / 8) == 0) {
    return error == CBIT_KEY_ERR_KEY_EQUAL ? vec_skip("K1 = K2: the key store refuses it, as it must")
                                           : vec_fail("K1 = K2 was loaded (%s)", bench_key_err_name(error));
  }
  if (error != CBIT_KEY_OK) return vec_fail("key refused (%s)", bench_key_err_name(error));
  const cbit_attr_t who = owner(slot);
  switch (f->kind) {
    case VEC_MCT:
      return chain(rig, &who, fresh_page(rig, r->len), r);
    case VEC_PROJECT:
      return both(rig, &who, r->pa, r);
    case VEC_ECB:
    case VEC_XTS:
    case VEC_TABLE:
    default:
      return both(rig, &who, fresh_page(rig, r->len), r);
  }
}
