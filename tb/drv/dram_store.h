// SPDX-License-Identifier: Apache-2.0
//
// dram_store.h - sparse memory: 4 KiB pages in a hash table over a 52-bit address space
#ifndef TB_DRAM_STORE_H
#define TB_DRAM_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STORE_PAGE 4096u

// Content of untouched memory in a range: the 16 bytes at addr, a multiple of 16.
typedef void (*store_rule_fn)(void *arg, uint64_t addr, uint8_t to[16]);

typedef struct store_page {
  uint64_t number;  // address >> 12
  struct store_page *next;
  uint8_t data[STORE_PAGE];
} store_page_t;

typedef struct store {
  store_page_t **bucket;
  uint32_t bits;  // 2^bits buckets
  size_t pages;
  bool noise;     // untouched memory: noise instead of zeros
  store_rule_fn rule;  // untouched memory from rule_first to rule_last; NULL: none
  void *rule_arg;
  uint64_t rule_first, rule_last;
  store_page_t *last;
} store_t;

void store_init(store_t *s, bool noise);
void store_clear(store_t *s);
void store_free(store_t *s);
// The page, or NULL if it was never written.
const store_page_t *store_find(const store_t *s, uint64_t addr);
// The page, made if it is not there.
store_page_t *store_get(store_t *s, uint64_t addr);
void store_read(const store_t *s, uint64_t addr, void *to, size_t len);
void store_write(store_t *s, uint64_t addr, const void *from, size_t len);
// Pages in ascending order; the array is the caller's to free().
store_page_t **store_sorted(const store_t *s, size_t *count);

#endif  // TB_DRAM_STORE_H
