// SPDX-License-Identifier: Apache-2.0
//
// latency.h - latency histogram: exact up to 4095 cycles, one bin above
#ifndef TB_LATENCY_H
#define TB_LATENCY_H

#include <stdint.h>
#include <stdio.h>

#define LATENCY_BINS 4096u

typedef struct latency {
  uint64_t count, sum, min, max;
  uint32_t bin[LATENCY_BINS];  // the last one: everything longer
} latency_t;

void latency_clear(latency_t *l);
void latency_add(latency_t *l, uint64_t cycles);
// The smallest number of cycles that permille of 1000 samples do not exceed; 0 without samples.
uint64_t latency_quantile(const latency_t *l, uint32_t permille);
double latency_mean(const latency_t *l);
// One line: count, min, mean, median, 99 %, max.
void latency_print(const latency_t *l, const char *name, FILE *to);

#endif  // TB_LATENCY_H
