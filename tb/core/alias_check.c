// SPDX-License-Identifier: Apache-2.0
//
// alias_check.c - finds pages that are reached by two addresses (alias_check.h)
#include "core/alias_check.h"
#include "util/bytes.h"

#include <string.h>

#define PAGE UINT64_C(4096)
#define LINE 64u

typedef struct checker {
  bench_t *b;
  cbit_aes_key_t key;
  alias_result_t *r;
  char *err;
} checker_t;

static const cbit_attr_t firmware = {.requester = CBIT_REQ_SP};

static bool answered(checker_t *c, const bench_rsp_t *rsp, uint64_t page) {
  c->r->accesses += rsp->bursts;
  if (rsp->ok && rsp->resp == 0) return true;
  if (rsp->ok) snprintf(c->err, TB_ERR_LEN, "the access to page 0x%llx was refused", (unsigned long long)page);
  else snprintf(c->err, TB_ERR_LEN, "the bench stopped");
  return false;
}

// Four blocks of a line: the address of the page with the number of the block beside it.
static void name_of(const checker_t *c, uint64_t page, uint8_t line[LINE]) {
  for (uint32_t k = 0; k < LINE / 16; k++) {
    uint8_t block[16] = {0};
    le64_store(block, page);
    block[15] = (uint8_t)k;
    cbit_aes_encrypt(&c->key, block, line + (size_t)k * 16);
  }
}

static bool put(checker_t *c, uint64_t page) {
  uint8_t line[LINE];
  name_of(c, page, line);
  const bench_rsp_t rsp = bench_write(c->b, &firmware, page, line, sizeof(line), NULL);
  return answered(c, &rsp, page);
}

// Reads a page's name back. False: an access failed; what was found is in the result.
static bool compare(checker_t *c, uint64_t page) {
  uint8_t line[LINE];
  uint8_t want[LINE];
  uint8_t block[16];
  const bench_rsp_t rsp = bench_read(c->b, &firmware, page, line, sizeof(line), NULL);
  if (!answered(c, &rsp, page)) return false;
  name_of(c, page, want);
  if (memcmp(line, want, sizeof(line)) == 0) return true;
  cbit_aes_decrypt(&c->key, line, block);
  const uint64_t other = le64_load(block);
  name_of(c, other, want);
  c->r->found = true;
  c->r->page = page;
  c->r->other = memcmp(line, want, sizeof(line)) == 0 ? other : page;
  return true;
}

static bool every_page(checker_t *c, uint64_t from, uint64_t to) {
  for (uint64_t page = from; page < to; page += PAGE) {
    if (!put(c, page)) return false;
  }
  for (uint64_t page = from; page < to && !c->r->found; page += PAGE) {
    if (!compare(c, page)) return false;
  }
  return true;
}

static bool one_bit(checker_t *c, uint64_t from, uint64_t to) {
  for (uint64_t bit = PAGE; bit != 0 && bit < to; bit <<= 1) {
    const uint64_t other = from ^ bit;
    if (other < from || other >= to) continue;
    if (!put(c, from) || !put(c, other) || !compare(c, from)) return false;
    if (c->r->found) break;
  }
  return true;
}

bool alias_check(bench_t *b, uint64_t from, uint64_t to, bool quick, alias_result_t *r, char err[TB_ERR_LEN]) {
  checker_t c = {.b = b, .r = r, .err = err};
  uint8_t key[16];
  memset(r, 0, sizeof(*r));
  rng_bytes(bench_rng(b), key, sizeof(key));
  if (cbit_aes_expand(&c.key, key, 128) != 0) return false;
  const bool good = quick ? one_bit(&c, from, to) : every_page(&c, from, to);
  memset(key, 0, sizeof(key));
  memset(&c.key, 0, sizeof(c.key));
  return good;
}
