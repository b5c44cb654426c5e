// SPDX-License-Identifier: Apache-2.0
//
// shadow.c - plaintext by address: pages in a hash table (shadow.h)
#include "util/shadow.h"

#include <stdlib.h>
#include <string.h>

#include "core/log.h"

#define PAGE 4096u
#define BUCKETS 4096u

typedef struct page {
  uint64_t number;
  struct page *next;
  uint8_t data[PAGE];
  uint8_t known[PAGE];
} page_t;

struct shadow {
  page_t *bucket[BUCKETS];
};

static size_t place(uint64_t number) { return (size_t)((number * 0x9e3779b97f4a7c15u) >> 52); }

static page_t *find(const shadow_t *s, uint64_t number) {
  page_t *p = s->bucket[place(number)];
  while (p != NULL && p->number != number) p = p->next;
  return p;
}

shadow_t *shadow_new(void) { return (shadow_t *)log_alloc(sizeof(shadow_t)); }

void shadow_clear(shadow_t *s) {
  for (size_t i = 0; i < BUCKETS; i++) {
    while (s->bucket[i] != NULL) {
      page_t *p = s->bucket[i];
      s->bucket[i] = p->next;
      free(p);
    }
  }
}

void shadow_free(shadow_t *s) {
  if (s == NULL) return;
  shadow_clear(s);
  free(s);
}

void shadow_write(shadow_t *s, uint64_t addr, const uint8_t *data, const uint8_t *mask, size_t len) {
  page_t *p = NULL;
  for (size_t i = 0; i < len; i++) {
    if (mask != NULL && mask[i] == 0) continue;
    const uint64_t number = (addr + i) / PAGE;
    if (p == NULL || p->number != number) p = find(s, number);
    if (p == NULL) {
      p = (page_t *)log_alloc(sizeof(page_t));
      p->number = number;
      p->next = s->bucket[place(number)];
      s->bucket[place(number)] = p;
    }
    p->data[(addr + i) % PAGE] = data[i];
    p->known[(addr + i) % PAGE] = 1;
  }
}

size_t shadow_read(const shadow_t *s, uint64_t addr, uint8_t *to, size_t len) {
  size_t known = 0;
  for (size_t i = 0; i < len;) {
    const size_t at = (size_t)((addr + i) % PAGE);
    const size_t n = len - i < PAGE - at ? len - i : PAGE - at;
    const page_t *p = find(s, (addr + i) / PAGE);
    if (p == NULL) {
      memset(to + i, 0, n);
    } else {
      memcpy(to + i, p->data + at, n);
      for (size_t k = 0; k < n; k++) known += p->known[at + k];
    }
    i += n;
  }
  return known;
}
