// SPDX-License-Identifier: Apache-2.0
//
// dram_store.c - sparse memory (dram_store.h)
#include "drv/dram_store.h"

#include <stdlib.h>
#include <string.h>

#include "core/log.h"

#define STORE_BITS 8u

static uint64_t mix(uint64_t x) {
  x ^= x >> 33;
  x *= 0xff51afd7ed558ccdu;
  x ^= x >> 33;
  x *= 0xc4ceb9fe1a85ec53u;
  return x ^ (x >> 33);
}

static bool by_rule(const store_t *s, uint64_t addr) {
  return s->rule != NULL && addr >= s->rule_first && addr <= s->rule_last;
}

// Content of untouched memory: one byte that no rule speaks of.
static uint8_t background_byte(const store_t *s, uint64_t addr) {
  return (uint8_t)(s->noise ? mix((addr >> 3) + 0x6362u) >> (8 * (addr & 7)) : 0u);
}

static void background(const store_t *s, uint64_t addr, uint8_t *to, size_t len) {
  uint8_t piece[16] = {0};
  uint64_t have = UINT64_MAX;  // address of the piece
  for (size_t i = 0; i < len; i++) {
    const uint64_t a = addr + i;
    if (!by_rule(s, a)) {
      to[i] = background_byte(s, a);
      continue;
    }
    if (have != (a & ~(uint64_t)15)) {
      have = a & ~(uint64_t)15;
      s->rule(s->rule_arg, have, piece);
    }
    to[i] = piece[a & 15];
  }
}

void store_init(store_t *s, bool noise) {
  memset(s, 0, sizeof(*s));
  s->bits = STORE_BITS;
  s->noise = noise;
  s->bucket = log_alloc(sizeof(*s->bucket) << s->bits);
}

void store_clear(store_t *s) {
  for (size_t i = 0; i < (size_t)1 << s->bits; i++) {
    while (s->bucket[i] != NULL) {
      store_page_t *p = s->bucket[i];
      s->bucket[i] = p->next;
      free(p);
    }
  }
  s->pages = 0;
  s->last = NULL;
}

void store_free(store_t *s) {
  store_clear(s);
  free(s->bucket);
  s->bucket = NULL;
}

static store_page_t **place(const store_t *s, uint64_t number) {
  return &s->bucket[mix(number) & (((uint64_t)1 << s->bits) - 1)];
}

const store_page_t *store_find(const store_t *s, uint64_t addr) {
  const uint64_t number = addr / STORE_PAGE;
  if (s->last != NULL && s->last->number == number) return s->last;
  store_page_t *p = *place(s, number);
  while (p != NULL && p->number != number) p = p->next;
  return p;
}

static void grow(store_t *s) {
  store_page_t **old = s->bucket;
  const size_t count = (size_t)1 << s->bits;
  s->bits += 2;
  s->bucket = log_alloc(sizeof(*s->bucket) << s->bits);
  for (size_t i = 0; i < count; i++) {
    while (old[i] != NULL) {
      store_page_t *p = old[i];
      old[i] = p->next;
      store_page_t **to = place(s, p->number);
      p->next = *to;
      *to = p;
    }
  }
  free(old);
}

store_page_t *store_get(store_t *s, uint64_t addr) {
  const uint64_t number = addr / STORE_PAGE;
  if (s->last != NULL && s->last->number == number) return s->last;
  store_page_t **at = place(s, number);
  store_page_t *p = *at;
  while (p != NULL && p->number != number) p = p->next;
  if (p == NULL) {
    if (s->pages >= (size_t)4 << s->bits) {
      grow(s);
      at = place(s, number);
    }
    p = log_alloc(sizeof(*p));
    p->number = number;
    background(s, number * STORE_PAGE, p->data, STORE_PAGE);
    p->next = *at;
    *at = p;
    s->pages++;
  }
  s->last = p;
  return p;
}

void store_read(const store_t *s, uint64_t addr, void *to, size_t len) {
  uint8_t *out = to;
  while (len > 0) {
    const size_t off = (size_t)(addr % STORE_PAGE);
    const size_t n = len < STORE_PAGE - off ? len : STORE_PAGE - off;
    const store_page_t *p = store_find(s, addr);
    if (p != NULL) {
      memcpy(out, p->data + off, n);
    } else {
      background(s, addr, out, n);
    }
    out += n;
    addr += n;
    len -= n;
  }
}

void store_write(store_t *s, uint64_t addr, const void *from, size_t len) {
  const uint8_t *in = from;
  while (len > 0) {
    const size_t off = (size_t)(addr % STORE_PAGE);
    const size_t n = len < STORE_PAGE - off ? len : STORE_PAGE - off;
    memcpy(store_get(s, addr)->data + off, in, n);
    in += n;
    addr += n;
    len -= n;
  }
}

static int by_number(const void *a, const void *b) {
  const store_page_t *const *x = a;
  const store_page_t *const *y = b;
  return (*x)->number < (*y)->number ? -1 : (*x)->number > (*y)->number;
}

store_page_t **store_sorted(const store_t *s, size_t *count) {
  store_page_t **list = log_alloc(sizeof(*list) * (s->pages + 1));
  size_t n = 0;
  for (size_t i = 0; i < (size_t)1 << s->bits; i++) {
    for (store_page_t *p = s->bucket[i]; p != NULL; p = p->next) list[n++] = p;
  }
  qsort(list, n, sizeof(*list), by_number);
  *count = n;
  return list;
}
