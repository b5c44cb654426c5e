// SPDX-License-Identifier: Apache-2.0
//
// scenario_value.c - the bytes of data sources while a scenario runs (scenario_int.h)
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "core/scenario_int.h"
#include "util/file.h"

#define PAGE 4096u

void scn_bytes_free(scn_bytes_t *b) {
  free(b->data);
  b->data = NULL;
  b->len = 0;
}

static void make(scn_bytes_t *to, size_t len) {
  to->data = (uint8_t *)log_alloc(len == 0 ? 1 : len);
  to->len = len;
}

static bool from_file(scn_exec_t *x, const scn_data_t *d, scn_bytes_t *to) {
  char err[FILE_ERR_LEN];
  uint64_t whole = 0;
  const size_t limit = x->opt->file_limit < SCN_LENGTH_MAX ? (size_t)x->opt->file_limit : (size_t)SCN_LENGTH_MAX;
  if (!file_read(d->text, limit, &to->data, &to->len, &whole, err)) {
    scn_fail(x, "%s", err);
    return false;
  }
  if (whole > to->len) {
    scn_note(x, "the first %llu of %llu bytes of '%s' are used (--full takes all)", (unsigned long long)to->len,
             (unsigned long long)whole, d->text);
  }
  return true;
}

bool scn_slot_key(scn_exec_t *x, uint64_t slot, cbit_slot_key_t *key) {
  if (slot >= x->slots || !x->key_known[slot]) {
    scn_fail(x, "the bench knows no key of slot %llu (only loaded keys are known, never generated ones)",
             (unsigned long long)slot);
    return false;
  }
  return cbit_slot_key_make(key, x->keys[slot], x->keys[slot] + 32, bench_cfg(x->b)->key_bits) == CBIT_OK;
}

// ecb: every block with the data key alone; cipher: as the functional model encrypts it at this address. Whole blocks only.
static bool encrypt(scn_exec_t *x, const scn_data_t *d, const scn_bytes_t *from, scn_bytes_t *to) {
  cbit_slot_key_t key;
  if (!scn_slot_key(x, d->number, &key)) return false;
  make(to, from->len & ~(size_t)15);
  const cbit_status_t rc =
      d->kind == SCN_DATA_ECB
          ? cbit_aes_encrypt_blocks(CBIT_PATH_AUTO, &key.k1, from->data, to->data, to->len / 16)
          : cbit_crypt_encrypt(x->mode, &key, &x->tweaks, d->addr, from->data, to->data, to->len);
  memset(&key, 0, sizeof(key));
  if (rc == CBIT_OK) return true;
  scn_bytes_free(to);
  scn_fail(x, "the functional model refuses: address 0x%llx is not a multiple of 16, or beyond 52 bits",
           (unsigned long long)d->addr);
  return false;
}

static bool from_sub(scn_exec_t *x, const scn_data_t *d, uint64_t want, scn_bytes_t *to) {
  scn_bytes_t sub = {NULL, 0};
  if (!scn_value(x, d->sub, d->kind == SCN_DATA_PART ? 0 : want, &sub)) return false;
  bool ok = true;
  if (d->kind == SCN_DATA_PAGES) {
    size_t len = (sub.len + PAGE - 1) / PAGE * PAGE;
    if (len == 0) len = PAGE;
    make(to, len);
    memcpy(to->data, sub.data, sub.len);
  } else if (d->kind == SCN_DATA_PART) {
    if (d->number > sub.len || d->length > sub.len - d->number) {
      scn_fail(x, "part() goes beyond its data of %zu bytes", sub.len);
      ok = false;
    } else {
      make(to, (size_t)d->length);
      memcpy(to->data, sub.data + d->number, to->len);
    }
  } else {
    ok = encrypt(x, d, &sub, to);
  }
  scn_bytes_free(&sub);
  return ok;
}

bool scn_value(scn_exec_t *x, const scn_data_t *d, uint64_t want, scn_bytes_t *to) {
  const uint64_t len = d->has_length ? d->length : want;
  to->data = NULL;
  to->len = 0;
  switch (d->kind) {
    case SCN_DATA_BYTES:
      make(to, (size_t)d->length);
      memcpy(to->data, d->bytes, to->len);
      return true;
    case SCN_DATA_NAME:
      if (x->name[d->number].data == NULL) {
        scn_fail(x, "data '%s' was not made: the step that makes it failed", x->s->data_name[d->number]);
        return false;
      }
      make(to, x->name[d->number].len);
      memcpy(to->data, x->name[d->number].data, to->len);
      return true;
    case SCN_DATA_FILE:
      return from_file(x, d, to);
    case SCN_DATA_PATTERN:
    case SCN_DATA_FILL:
      if (len == 0) {
        scn_fail(x, "no length: give it as second argument or as length=");
        return false;
      }
      make(to, (size_t)len);
      if (d->kind == SCN_DATA_FILL) {
        memset(to->data, (int)d->number, to->len);
      } else {
        rng_t r;
        rng_seed(&r, d->number);
        rng_bytes(&r, to->data, to->len);
      }
      return true;
    case SCN_DATA_DRAWING:
      make(to, DRAW_BYTES);
      draw_padlock(to->data);
      return true;
    case SCN_DATA_PAGES:
    case SCN_DATA_PART:
    case SCN_DATA_ECB:
    case SCN_DATA_CIPHER:
    default:
      return from_sub(x, d, want, to);
  }
}

bool scn_size(scn_exec_t *x, const scn_val_t *v, uint64_t *size) {
  *size = v->num;
  if (!v->set || v->data == NULL) return true;
  const scn_bytes_t *b = &x->name[v->data->number];
  if (b->data == NULL || b->len == 0) {
    scn_fail(x, "data '%s' has no bytes to take the length from", x->s->data_name[v->data->number]);
    return false;
  }
  *size = b->len;
  return true;
}

// ---- before anything runs ----

static bool check_data(const scenario_t *s, const scn_data_t *d, FILE *err) {
  for (; d != NULL; d = d->sub) {
    if (d->kind != SCN_DATA_FILE) continue;
    uint8_t *data = NULL;
    size_t len = 0;
    char text[FILE_ERR_LEN];
    if (!file_read(d->text, 1, &data, &len, NULL, text)) {
      fprintf(err, "%s:%u:%u: error: %s\n", s->name, d->pos.line, d->pos.col, text);
      return false;
    }
    free(data);
  }
  return true;
}

bool scenario_check(const scenario_t *s, const char *config, FILE *err) {
  bool ok = true;
  char text[TB_ERR_LEN];
  cbit_cyc_cfg_t cfg;
  if (config == NULL && s->config != NULL && !engine_config_find(s->config, &cfg, text)) {
    fprintf(err, "%s:%u:%u: error: %s\n", s->name, s->config_pos.line, s->config_pos.col, text);
    ok = false;
  }
  for (uint32_t i = 0; i < s->steps; i++) {
    for (uint32_t k = 0; k < SCN_ARGS; k++) ok = check_data(s, s->step[i].val[k].data, err) && ok;
  }
  return ok;
}
