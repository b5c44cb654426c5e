// SPDX-License-Identifier: Apache-2.0
//
// perf_rmp_single.c - what one check costs an access on an idle bus: hit and miss, reads and writes (perf_rmp.h)
//
// As perf_single.c: from the address handshake to the first data beat or the response, single beats, encrypted. Added is
// what the access takes more than the same one on an engine without the check (or with the check off). A miss reads the
// page's entry and the first one of its 2 MiB range, one after the other in the same latency; for the first page of a range
// these are one. By docs/units/rmp_cache.md and rmp_walker.md that adds the latency of DRAM, the stages and 7 cycles, or 8.
#include <stdio.h>
#include <string.h>

#include "chk/perf_rmp.h"

#define SAMPLES_HIT 24u
#define SAMPLES_MISS 64u
#define APART 100u  // ranges; SAMPLES_MISS times as many are there
#define WALK_ONE 7u
#define WALK_TWO 8u

// MISS: first question of a range, not its first page. MISS_KNOWN: a further page of a range.
typedef enum what { HIT, MISS, MISS_KNOWN, MISS_FIRST, WHATS } what_t;

typedef struct span {
  uint64_t min, max, sum, samples;
  perf_rmp_counts_t n;
} span_t;

static uint64_t page_of(const perf_rmp_table_t *t, what_t what, rng_t *rng, uint32_t i) {
  if (what == HIT) return t->free_page + t->lines + i % (t->lines / 2);
  if (what == MISS_KNOWN) return t->free_page + 2 + i;  // a page of its own each time, all of one range
  // Another range each time.
  const uint64_t first = t->free_page + (i * APART + rng_below(rng, APART)) * (uint64_t)512;
  return what == MISS_FIRST ? first : first + 1 + rng_below(rng, 511);
}

static bool access_one(perf_t *p, bench_t *b, const perf_rmp_table_t *t, uint64_t page, bool write, uint32_t i, span_t *s) {
  const uint32_t bus = bench_bus_bytes(b);
  host_req_t req = {.write = write, .id = (uint16_t)(i % gen_perf_ids(b)), .burst = AXI_INCR};
  while ((1u << req.size) < bus) req.size++;
  cbit_attr_t who;
  perf_rmp_who(t, page, &who);
  bench_request(b, &req, &who, page << 12 | (uint64_t)(i % 7) * 64);
  host_txn_t *x = host_alloc(bench_host(b), &req);
  memset(x->data, (int)(0x40 + i), bus);
  x->strb[0] = bus == 64 ? ~(uint64_t)0 : ((uint64_t)1 << bus) - 1;
  if (!bench_drain(b) || !bench_run(b, 40 + 7 * i % 16)) return perf_alive(p, b);
  bench_submit(b, x);
  if (!bench_drain(b)) return perf_alive(p, b);
  x = bench_poll(b);
  const uint64_t cycles = x->c_first - x->c_ax;
  if (x->resp != 0 && !bench_failed(b)) bench_fail(b, "a single access was refused");
  host_release(bench_host(b), x);
  if (s->samples++ == 0 || cycles < s->min) s->min = cycles;
  if (cycles > s->max) s->max = cycles;
  s->sum += cycles;
  return perf_alive(p, b);
}

// What a hit needs is fetched first, and not counted; before misses the caches are emptied.
static bool sample(perf_t *p, perf_rmp_rig_t *rig, bench_t *b, bool write, what_t what, span_t *s) {
  const bool on = b == rig->r.on;
  perf_rmp_table_t *t = &rig->t;
  perf_rmp_counts_t before = {0};
  rng_t rng;
  span_t fetch = {0};
  rng_seed(&rng, p->seed ^ 0x726d70u);
  *s = (span_t){0};
  if (on && !perf_rmp_relayout(p, b, t, PERF_RMP_4K)) return false;
  if (on && what == MISS_KNOWN && !access_one(p, b, t, t->free_page + 1, write, 0, &fetch)) return false;
  for (uint32_t i = 0; on && what == HIT && i < t->lines / 2; i++) {
    if (!access_one(p, b, t, page_of(t, what, &rng, i), write, i, &fetch)) return false;
  }
  if (on && !perf_rmp_count(p, b, &before)) return false;
  for (uint32_t i = 0; i < (what == HIT ? SAMPLES_HIT : SAMPLES_MISS); i++) {
    if (!access_one(p, b, t, page_of(t, what, &rng, i), write, i, s)) return false;
  }
  if (!on) return true;
  if (!perf_rmp_count(p, b, &s->n)) return false;
  s->n.asks -= before.asks;
  s->n.misses -= before.misses;
  s->n.reads -= before.reads;
  return true;
}

static perf_row_t *row_of(perf_t *p, perf_rmp_rig_t *rig, bool write, what_t what, uint32_t dram, const span_t *on) {
  static const char *const name[WHATS] = {"hit", "miss", "miss, known", "miss, first page"};
  perf_row_t *r = perf_row_add(p, &rig->r, PERF_RMP);
  r->op = write ? "write" : "read";
  r->pattern = name[what];
  r->memory = "half";
  r->burst = r->ids = 1;
  r->dram_latency = dram;
  r->encrypted_cycles = r->max_cycles = on->max;
  r->min_cycles = on->min;
  r->mean_cycles = (double)on->sum / (double)on->samples;
  r->rmp_asks = on->n.asks;
  r->rmp_misses = on->n.misses;
  r->rmp_reads = on->n.reads;
  return r;
}

static const char *const short_name[WHATS] = {"hit", "miss", "miss_known", "miss_first"};

// Reads of a walk by the pages named above.
static uint32_t walk_reads(const perf_rmp_rig_t *rig, what_t what) {
  const bool known = what == MISS_KNOWN && bench_cfg(rig->r.on)->rmp_const == 0;
  return what == HIT ? 0 : what == MISS_FIRST || known ? 1 : 2;
}

// Added cycles against `than`: exactly `limit`, for each sample.
static void added(perf_t *p, perf_rmp_rig_t *rig, bool write, what_t what, uint32_t dram, const span_t *on,
                  const span_t *than, const char *than_what, uint64_t limit) {
  perf_row_t *r = row_of(p, rig, write, what, dram, on);
  r->unit = "added cycles";
  r->off_cycles = than->max;
  r->added_latency = (int64_t)on->max - (int64_t)than->max;
  r->value = r->mean_cycles - (double)than->sum / (double)than->samples;
  r->limit = (double)limit;
  const bool equal = on->min == on->max && than->min == than->max;
  r->ok = equal && r->added_latency == (int64_t)limit && on->n.asks == on->samples &&
          on->n.misses == (what == HIT ? 0 : on->samples);
  snprintf(r->note, sizeof(r->note), "to %s%s", than_what, equal ? "" : "; VARIES");
  snprintf(r->name, sizeof(r->name), "%s.rmp.%s.%s.dram%u.%s", r->config, r->op,
           short_name[what], dram, than_what);
  for (char *at = r->name; *at != '\0'; at++) *at = *at == ' ' ? '_' : *at;
}

static void reads(perf_t *p, perf_rmp_rig_t *rig, bool write, what_t what, uint32_t dram, const span_t *on) {
  perf_row_t *r = row_of(p, rig, write, what, dram, on);
  r->unit = "DRAM reads a miss";
  r->value = on->n.misses == 0 ? 0 : (double)on->n.reads / (double)on->n.misses;
  r->limit = walk_reads(rig, what);
  r->ok = on->n.misses == on->samples && on->n.reads == on->samples * walk_reads(rig, what);
  static const char *const note[WHATS] = {"", "first question of a range: the page's entry and the range's, one DRAM latency",
                                          "the range's entry is cached", "page and range have one entry"};
  const bool again = what == MISS_KNOWN && walk_reads(rig, what) != 1;
  snprintf(r->note, sizeof(r->note), "%s", again ? "nothing is cached (RmpConst = 1)" : note[what]);
  snprintf(r->name, sizeof(r->name), "%s.rmp.%s.%s.reads", r->config, r->op, short_name[what]);
}

static bool one_latency(perf_t *p, perf_rmp_rig_t *rig, bool write, uint32_t dram) {
  bench_t *all[3] = {rig->r.on, rig->off, rig->without};
  for (size_t i = 0; i < 3; i++) {
    if (all[i] != NULL) perf_memory(all[i], true, false, dram);
  }
  // From an AR to its data on the page's count: one more than the latency of this memory.
  const uint32_t walk = dram + 1 + rig->r.stages;
  for (what_t what = HIT; what < WHATS; what++) {
    span_t on;
    span_t off;
    span_t bare;
    if (!sample(p, rig, rig->r.on, write, what, &on) || !sample(p, rig, rig->off, write, what, &off)) return false;
    const uint32_t reads_n = walk_reads(rig, what);
    const uint64_t limit = reads_n == 0 ? 0 : walk + (reads_n == 2 ? WALK_TWO : WALK_ONE);
    added(p, rig, write, what, dram, &on, &off, "check off", limit);
    if (rig->without != NULL) {
      if (!sample(p, rig, rig->without, write, what, &bare)) return false;
      added(p, rig, write, what, dram, &on, &bare, "Rmp = 0", limit + (write ? 1 : 0));
    }
    if (what != HIT && dram == PERF_DRAM_LATENCY) reads(p, rig, write, what, dram, &on);
  }
  return true;
}

bool perf_rmp_single(perf_t *p, perf_rmp_rig_t *rig) {
  static const uint32_t dram[] = {PERF_DRAM_LATENCY, 40, 80};
  for (size_t i = 0; i < (p->quick ? 1 : sizeof(dram) / sizeof(dram[0])); i++) {
    if (!one_latency(p, rig, false, dram[i]) || !one_latency(p, rig, true, dram[i])) return false;
  }
  return true;
}
