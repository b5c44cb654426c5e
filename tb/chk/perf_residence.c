// SPDX-License-Identifier: Apache-2.0
//
// perf_residence.c - how long C = 0 read data stays in the engine while encrypted reads of other IDs pass (perf.h)
//
// Residence of a beat: cycles from its handshake at the DRAM pins to its handshake at the requester's pins; bypassed it is
// 1 (docs/units/bus_read.md). The C = 0 reads use IDs and addresses of their own. A beat is followed by its place in the
// row of C = 0 beats: the memory tells by address when one is put on its data bus, R handshakes are counted from the pins.
// The time that a beat stands at the DRAM pins until it is taken is told beside it.
#include <stdio.h>
#include <string.h>

#include "chk/perf.h"

#define BUS_FIFO 64u     // beats between the memory's data bus and its pins
#define INSIDE 1024u     // C = 0 beats in the engine
#define CNT_STALL_TWEAK_RD 0x11c  // docs/units/sp.md: cycles in which the head of the read queue waits for its tweak

typedef struct residence {
  bool on_bus[BUS_FIFO];   // C = 0?
  uint64_t bus_in, bus_out;
  uint64_t entered[INSIDE], shown[INSIDE];
  uint64_t in, out;
  bool head;               // a beat stands at the DRAM pins, since:
  uint64_t head_since;
  latency_t hist, pins;    // from the handshake, and from the first cycle at the pins
} residence_t;

static void probe(void *arg, bool write, uint64_t addr, const uint8_t *data, uint64_t strb, uint32_t bytes) {
  residence_t *s = arg;
  (void)data;
  (void)strb;
  (void)bytes;
  if (write) return;
  s->on_bus[s->bus_in++ % BUS_FIFO] = addr >= gen_perf_plain_base;
}

static bool clock_once(bench_t *b, residence_t *s, bool count) {
  const cbit_pins_out_t *pins = bench_outputs(b);
  const bool ready = pins->m_rready;
  const uint64_t now = bench_cycle(b);
  // The requester is always ready.
  if (pins->s_r.valid && pins->s_r.id >= gen_perf_ids(b) / 2) {
    const uint64_t k = s->out++ % INSIDE;
    if (count) latency_add(&s->hist, now - s->entered[k]);
    if (count) latency_add(&s->pins, now - s->shown[k]);
  }
  if (!bench_step(b)) return false;
  // The memory shows a beat from the cycle in which its bus moved it, until it is taken.
  if (s->bus_out == s->bus_in) return true;
  if (!s->head) s->head_since = now;
  s->head = !ready;
  if (ready && s->on_bus[s->bus_out++ % BUS_FIFO]) {
    s->entered[s->in % INSIDE] = now;
    s->shown[s->in++ % INSIDE] = s->head_since;
  }
  return true;
}

bool perf_residence(perf_t *p, perf_rig_t *rig, const perf_case_t *c) {
  static residence_t s;
  memset(&s, 0, sizeof(s));
  latency_clear(&s.hist);
  latency_clear(&s.pins);
  bench_t *b = rig->on;
  const gen_perf_opt_t o = {.op = c->op, .random = c->random, .burst = c->burst, .ids = gen_perf_ids(b), .cbit = true,
                            .plain_pct = 25, .seed = p->seed * 1000 + p->rows};
  perf_memory(b, c->half, c->mixed, PERF_DRAM_LATENCY);
  if (!bench_drain(b)) return perf_alive(p, b);
  uint32_t stalled[2] = {0, 0};
  if (!bench_sp_read(b, CNT_STALL_TWEAK_RD, &stalled[0], NULL)) return perf_alive(p, b);
  dram_set_probe(bench_dram(b), probe, &s);
  gen_perf_t g;
  gen_perf_start(&g, b, &o);
  bool alive = true;
  for (uint64_t i = 0; i < p->warm + 2 * p->beats && alive; i++) {
    gen_perf_step(&g);
    alive = clock_once(b, &s, i >= p->warm);
  }
  g.stopped = true;
  while (alive && (host_pending(bench_host(b)) != 0 || !dram_idle(bench_dram(b)))) {
    gen_perf_step(&g);
    alive = clock_once(b, &s, false);
  }
  dram_set_probe(bench_dram(b), NULL, NULL);
  gen_perf_stop(&g);
  if (alive && (s.in != s.out || s.hist.count == 0)) bench_fail(b, "C = 0 beats: %llu went in, %llu came out",
                                                                (unsigned long long)s.in, (unsigned long long)s.out);
  (void)bench_sp_read(b, CNT_STALL_TWEAK_RD, &stalled[1], NULL);
  if (!perf_alive(p, b)) return false;
  perf_row_t *r = perf_row_add(p, rig, PERF_RESIDENCE);
  r->op = c->op == GEN_PERF_MIX ? "C=0 in mix" : "C=0 in reads";
  r->pattern = c->mixed ? "reordered" : "random";
  r->memory = c->half ? "half" : "full";
  r->burst = c->burst;
  r->ids = o.ids;
  r->beats = s.hist.count;
  r->bypass_cycles = 1;
  r->encrypted_cycles = s.hist.max;
  r->added_latency = (int64_t)s.hist.max - 1;
  // Less than a line in both directions on two buses: the tweak pipe is the bottleneck, and a late tweak holds the queue.
  const bool late = c->op == GEN_PERF_MIX && !c->half && c->burst * 16 * rig->lanes < CBIT_LINE_BYTES;
  r->limit = late ? -1 : 1;
  r->ok = late || r->added_latency <= 1;
  int n = snprintf(r->note, sizeof(r->note), "residence ");
  uint64_t shown = 0;
  for (uint32_t k = 1; k <= 4; k++) {
    n += snprintf(r->note + n, sizeof(r->note) - (size_t)n, "%u: %.2f %%, ", k,
                  100.0 * (double)s.hist.bin[k] / (double)s.hist.count);
    shown += s.hist.bin[k];
  }
  n += snprintf(r->note + n, sizeof(r->note) - (size_t)n, "more: %.2f %%, longest %llu",
                100.0 * (double)(s.hist.count - shown) / (double)s.hist.count, (unsigned long long)s.hist.max);
  snprintf(r->note + n, sizeof(r->note) - (size_t)n,
           "; with the wait at the DRAM pins %.2f on average, longest %llu; tweak late in %u cycles", latency_mean(&s.pins),
           (unsigned long long)s.pins.max, stalled[1] - stalled[0]);
  snprintf(r->name, sizeof(r->name), "%s.mode%u.residence.%s.%s.b%u.%s", r->config, r->mode,
           c->op == GEN_PERF_MIX ? "mix" : "read", r->pattern, r->burst, r->memory);
  return true;
}
