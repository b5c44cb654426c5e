// SPDX-License-Identifier: Apache-2.0
//
// perf_single.c - single transactions on an idle bus: latency, and what a write does to DRAM (perf.h)
//
// Latency of a read: from the address handshake to the handshake of the first data beat, at the requester's pins. Of a
// write: from the address handshake to the response; the data stands ready with the address. Samples are taken at several
// addresses and distances; they must all be equal.
#include <stdio.h>
#include <string.h>

#include "chk/perf.h"

#define SAMPLES 12u

typedef struct single {
  bool write, cbit;
  uint32_t beats;
  uint32_t partial;  // so many of the beats, from the second (or the only one) on, leave out half of a block
  uint32_t samples;
} single_t;

typedef struct span {
  uint64_t min, max;
  uint64_t dram_reads, dram_writes, write_bursts;  // of the last sample
} span_t;

static void fill(bench_t *b, const single_t *s, host_txn_t *t) {
  const uint32_t bus = bench_bus_bytes(b);
  const uint64_t all = bus == 64 ? ~(uint64_t)0 : ((uint64_t)1 << bus) - 1;
  const uint32_t first = s->beats > 1 ? 1 : 0;
  for (uint32_t k = 0; k < s->beats; k++) {
    memset(t->data + (size_t)k * bus, (int)(0x5a + k), bus);
    const bool part = k >= first && k < first + s->partial;
    t->strb[k] = part ? all & ~(uint64_t)0xff : all;
  }
}

static bool measure(perf_t *p, bench_t *b, const single_t *s, span_t *out) {
  uint8_t size = 0;
  while ((1u << size) < bench_bus_bytes(b)) size++;
  *out = (span_t){.min = UINT64_MAX};
  for (uint32_t i = 0; i < s->samples; i++) {
    host_req_t req = {.write = s->write, .id = (uint16_t)(i % gen_perf_ids(b)), .len = (uint8_t)(s->beats - 1), .size = size,
                      .burst = AXI_INCR};
    const cbit_attr_t who = {.requester = CBIT_REQ_GUEST, .asid = (uint16_t)(1 + i % GEN_PERF_KEYS), .cbit = s->cbit};
    bench_request(b, &req, &who, gen_perf_read_base + 0x1140 * (uint64_t)i / 64 * 64);
    host_txn_t *t = host_alloc(bench_host(b), &req);
    if (s->write) fill(b, s, t);
    if (!bench_drain(b) || !bench_run(b, 40 + 7 * i % 16)) return perf_alive(p, b);
    dram_stats_clear(bench_dram(b));
    bench_submit(b, t);
    if (!bench_drain(b)) return perf_alive(p, b);
    host_txn_t *done = bench_poll(b);
    const uint64_t cycles = done->c_first - done->c_ax;
    if (done->resp != 0 && !bench_failed(b)) bench_fail(b, "a single access was refused");
    host_release(bench_host(b), done);
    if (cycles < out->min) out->min = cycles;
    if (cycles > out->max) out->max = cycles;
    const dram_stats_t *d = dram_stats(bench_dram(b));
    out->dram_reads = d->read_beats;
    out->dram_writes = d->write_beats;
    out->write_bursts = d->write_bursts;
    if (bench_failed(b)) return perf_alive(p, b);
  }
  return true;
}

static void varies(perf_row_t *r, const char *what, const span_t *s) {
  if (s->min == s->max) return;
  r->ok = false;
  snprintf(r->note, sizeof(r->note), "%s varies: %llu to %llu", what, (unsigned long long)s->min,
           (unsigned long long)s->max);
}

static void latency_row(perf_t *p, perf_rig_t *rig, uint32_t dram_latency, const char *name, const char *op,
                        const span_t *wire, const span_t *bypass, const span_t *on, double limit, bool exact) {
  perf_row_t *r = perf_row_add(p, rig, PERF_LATENCY);
  r->op = op;
  r->pattern = "idle";
  r->memory = "half";
  r->burst = 1;
  r->ids = 1;
  r->dram_latency = dram_latency;
  r->wire_cycles = wire->max;
  r->bypass_cycles = bypass->max;
  r->encrypted_cycles = on->max;
  r->wire_ratio = (double)wire->max / (double)bypass->max;
  r->ratio = (double)bypass->max / (double)on->max;
  r->added_latency = (int64_t)on->max - (int64_t)bypass->max;
  r->dram_reads = on->dram_reads;
  r->dram_writes = on->dram_writes;
  r->limit = limit;
  if (limit >= 0) r->ok = exact ? r->added_latency == (int64_t)limit : r->added_latency <= (int64_t)limit;
  if (r->ok && limit >= 0) varies(r, "latency", on);
  snprintf(r->name, sizeof(r->name), "%s.mode%u.latency.%s.dram%u", r->config, r->mode, name, dram_latency);
}

bool perf_latency(perf_t *p, perf_rig_t *rig, uint32_t dram_latency) {
  span_t wire;
  span_t bypass;
  span_t plain;
  span_t on;
  single_t s = {.beats = 1, .samples = SAMPLES, .cbit = true};
  bench_t *all[3] = {rig->wire, rig->bypass, rig->on};
  for (size_t i = 0; i < 3; i++) perf_memory(all[i], true, false, dram_latency);
  if (!measure(p, rig->wire, &s, &wire) || !measure(p, rig->bypass, &s, &bypass) || !measure(p, rig->on, &s, &on)) {
    return false;
  }
  s.cbit = false;
  if (!measure(p, rig->on, &s, &plain)) return false;
  // The tweak is usable 4 + S cycles after the address, data stands at the pipe 2 + DRAM latency after it. With a faster
  // DRAM the tweak is what is waited for: told, not judged.
  const bool judged = dram_latency >= rig->stages + 2;
  latency_row(p, rig, dram_latency, "read", "read", &wire, &bypass, &on, judged ? (double)rig->stages : -1, true);
  if (!judged) {
    snprintf(p->row[p->rows - 1].note, sizeof(p->row[0].note), "DRAM is faster than the tweak (%u cycles)", rig->stages + 2);
  }
  latency_row(p, rig, dram_latency, "read_c0", "read C=0", &wire, &bypass, &plain, 1, false);
  latency_row(p, rig, dram_latency, "read_bypass", "read bypassed", &wire, &wire, &bypass, 2, true);
  snprintf(p->row[p->rows - 1].note, sizeof(p->row[0].note), "added by the bypassed engine to a wire");
  return true;
}

static bool judge_count(perf_row_t *r, uint64_t reads, uint64_t bursts, uint64_t got_bursts) {
  r->limit = (double)reads;
  r->ok = r->dram_reads == reads && got_bursts == bursts;
  snprintf(r->note, sizeof(r->note), "%llu DRAM reads (limit %llu), %llu write bursts (limit %llu)",
           (unsigned long long)r->dram_reads, (unsigned long long)reads, (unsigned long long)got_bursts,
           (unsigned long long)bursts);
  return r->ok;
}

// A write alone on the bus: latency of its response and accesses of DRAM.
static bool write_row(perf_t *p, perf_rig_t *rig, const char *name, const single_t *shape, uint64_t reads) {
  single_t s = *shape;
  span_t wire;
  span_t bypass;
  span_t on;
  s.write = s.cbit = true;
  s.samples = SAMPLES;
  if (!measure(p, rig->wire, &s, &wire) || !measure(p, rig->bypass, &s, &bypass) || !measure(p, rig->on, &s, &on)) {
    return false;
  }
  perf_row_t *r = perf_row_add(p, rig, PERF_COUNT);
  r->op = name;
  r->pattern = "idle";
  r->memory = "half";
  r->burst = s.beats;
  r->ids = 1;
  r->wire_cycles = wire.max;
  r->bypass_cycles = bypass.max;
  r->encrypted_cycles = on.max;
  r->wire_ratio = (double)wire.max / (double)bypass.max;
  r->ratio = (double)bypass.max / (double)on.max;
  r->added_latency = (int64_t)on.max - (int64_t)bypass.max;
  r->dram_reads = on.dram_reads;
  r->dram_writes = on.dram_writes;
  judge_count(r, reads, 1, on.write_bursts);
  snprintf(r->name, sizeof(r->name), "%s.mode%u.%s", r->config, r->mode, name);
  for (char *c = r->name; *c != '\0'; c++) *c = *c == ' ' ? '_' : *c;
  return true;
}

bool perf_single_writes(perf_t *p, perf_rig_t *rig) {
  const uint32_t line = CBIT_LINE_BYTES / (16 * rig->lanes);
  bench_t *all[3] = {rig->wire, rig->bypass, rig->on};
  for (size_t i = 0; i < 3; i++) perf_memory(all[i], true, false, PERF_DRAM_LATENCY);
  return write_row(p, rig, "write one beat", &(single_t){.beats = 1}, 0) &&
         write_row(p, rig, "write a line", &(single_t){.beats = line}, 0) &&
         write_row(p, rig, "write part of a beat", &(single_t){.beats = 1, .partial = 1}, 1) &&
         write_row(p, rig, "write a line but 8 bytes", &(single_t){.beats = line, .partial = 1}, 1);
}
