// SPDX-License-Identifier: Apache-2.0
//
// latency.c - latency histogram (latency.h)
#include "chk/latency.h"

#include <string.h>

void latency_clear(latency_t *l) { memset(l, 0, sizeof(*l)); }

void latency_add(latency_t *l, uint64_t cycles) {
  if (l->count == 0 || cycles < l->min) l->min = cycles;
  if (cycles > l->max) l->max = cycles;
  l->count++;
  l->sum += cycles;
  l->bin[cycles < LATENCY_BINS - 1 ? cycles : LATENCY_BINS - 1]++;
}

uint64_t latency_quantile(const latency_t *l, uint32_t permille) {
  if (l->count == 0) return 0;
  const uint64_t want = (l->count * permille + 999) / 1000;
  uint64_t seen = 0;
  for (uint32_t i = 0; i < LATENCY_BINS - 1; i++) {
    seen += l->bin[i];
    if (seen >= want && seen > 0) return i;
  }
  return l->max;
}

double latency_mean(const latency_t *l) { return l->count == 0 ? 0.0 : (double)l->sum / (double)l->count; }

void latency_print(const latency_t *l, const char *name, FILE *to) {
  if (l->count == 0) return;
  fprintf(to, "  %-16s %10llu  min %4llu  mean %7.1f  median %4llu  99%% %5llu  max %6llu\n", name,
          (unsigned long long)l->count, (unsigned long long)l->min, latency_mean(l),
          (unsigned long long)latency_quantile(l, 500), (unsigned long long)latency_quantile(l, 990),
          (unsigned long long)l->max);
}
