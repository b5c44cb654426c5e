// SPDX-License-Identifier: Apache-2.0
//
// axi_dram.c - the AXI4 memory behind the engine (axi_dram.h)
//
// Inside: bursts wait in tables in the order of their address; a data bus moves beats between the channel buffers and
// the store, one beat a cycle and direction (full duplex) or one beat a cycle in all (half duplex). Read data is taken
// from, write data put into the store when its beat moves on that bus; writes move in address order.
#include "drv/axi_dram.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "drv/axi_host.h"
#include "drv/dram_store.h"

#define MAX_BURSTS 256u
#define FIFO_BEATS 16u   // write beats accepted ahead of the data bus, read beats ahead of the R channel
#define MONITORS 8u
#define BANKS_MAX 64u

typedef struct burst {
  uint64_t addr, ready;  // first cycle in which data may move (reads) or the response be sent (writes)
  uint16_t id, beat;
  uint8_t len, size, type, lock, resp;
  uint8_t ex;            // exclusive access: 0 no, 1 succeeded, 2 failed
  uint16_t older;        // bursts of the same ID and direction before this one
} burst_t;

typedef struct table {
  burst_t at[MAX_BURSTS];  // [0..n) in the order of the addresses
  uint32_t n;
} table_t;

typedef struct w_beat {
  uint64_t strb;
  bool last;
  uint8_t data[CBIT_MAX_BUS_BYTES];
} w_beat_t;

typedef struct monitor {
  bool live;
  uint16_t id;
  uint64_t first, last;
} monitor_t;

struct dram {
  uint32_t bytes;
  dram_opt_t opt;
  store_t store;
  rng_t rng;
  table_t rd, wr, resp;  // reads; writes whose data is not complete; writes that wait for their response
  int32_t rd_now;        // read burst in the middle (without interleaving), -1 none
  w_beat_t w[FIFO_BEATS];
  uint32_t w_head, w_n;
  cbit_r_t r[FIFO_BEATS];
  uint32_t r_head, r_n;
  bool r_shown, b_shown;
  cbit_b_t b;
  uint64_t cycle;        // of the next drive
  bool bus_write;        // half duplex: direction, beats in it, idle cycles left
  uint32_t bus_run, bus_idle;
  uint64_t bank_row[BANKS_MAX], bank_free[BANKS_MAX];
  monitor_t mon[MONITORS];
  uint32_t mon_next;
  bool alias;
  uint64_t alias_mask, alias_match, alias_xor;
  dram_probe_fn probe;
  void *probe_arg;
  dram_stats_t stats;
  cbit_ax_out_t held[2];  // address offered and not taken: must stay
  char error[160];
};

dram_t *dram_new(uint32_t bus_bytes, const dram_opt_t *opt, const rng_t *rng) {
  dram_t *d = log_alloc(sizeof(*d));
  d->bytes = bus_bytes;
  d->rng = *rng;
  d->rd_now = -1;
  store_init(&d->store, opt->fill_random);
  dram_set_opt(d, opt);
  return d;
}

void dram_free(dram_t *d) {
  if (d == NULL) return;
  store_free(&d->store);
  free(d);
}

void dram_set_opt(dram_t *d, const dram_opt_t *opt) {
  d->opt = *opt;
  dram_opt_t *o = &d->opt;
  o->fill_random = d->store.noise;  // fixed at the start: content must not change by itself
  if (o->max_reads == 0) o->max_reads = 64;
  if (o->max_writes == 0) o->max_writes = 64;
  if (o->max_reads > MAX_BURSTS) o->max_reads = MAX_BURSTS;
  if (o->max_writes > MAX_BURSTS) o->max_writes = MAX_BURSTS;
  if (o->bank_count == 0) o->bank_count = 16;
  if (o->bank_count > BANKS_MAX) o->bank_count = BANKS_MAX;
  if (o->row_bytes == 0) o->row_bytes = 2048;
  if (o->run_beats == 0) o->run_beats = 16;
  if (o->lat_max < o->lat_min) o->lat_max = o->lat_min;
}

const dram_opt_t *dram_get_opt(const dram_t *d) { return &d->opt; }

void dram_reset(dram_t *d) {
  d->rd.n = d->wr.n = d->resp.n = 0;
  d->rd_now = -1;
  d->w_n = d->r_n = 0;
  d->r_shown = d->b_shown = false;
  d->held[0].valid = d->held[1].valid = false;
  memset(d->mon, 0, sizeof(d->mon));
  memset(d->bank_free, 0, sizeof(d->bank_free));
}

void dram_clear(dram_t *d) { store_clear(&d->store); }

static uint64_t through_alias(const dram_t *d, uint64_t addr) {
  return d->alias && (addr & d->alias_mask) == d->alias_match ? addr ^ d->alias_xor : addr;
}

// ---- tables -----------------------------------------------------------------------------------------------------

static burst_t *table_push(table_t *t, const burst_t *b) {
  burst_t *e = &t->at[t->n];
  *e = *b;
  e->older = 0;
  for (uint32_t i = 0; i < t->n; i++) e->older = (uint16_t)(e->older + (t->at[i].id == b->id));
  t->n++;
  return e;
}

static void table_remove(table_t *t, uint32_t at) {
  const uint16_t id = t->at[at].id;
  t->n--;
  for (uint32_t i = at; i < t->n; i++) {
    t->at[i] = t->at[i + 1];
    if (t->at[i].id == id) t->at[i].older--;
  }
}

// A burst that may go next: the oldest ready one, or any ready one with reordering. -1: none.
static int32_t table_pick(dram_t *d, const table_t *t) {
  if (t->n == 0) return -1;
  if (!d->opt.reorder) return t->at[0].ready <= d->cycle ? 0 : -1;
  int32_t found[8];
  uint32_t n = 0;
  for (uint32_t i = 0; i < t->n && n < 8; i++) {
    if (t->at[i].older == 0 && t->at[i].ready <= d->cycle) found[n++] = (int32_t)i;
  }
  if (n == 0) return -1;
  return n == 1 ? found[0] : found[rng_below(&d->rng, n)];
}

// ---- time and errors --------------------------------------------------------------------------------------------

static uint64_t ready_at(dram_t *d, uint64_t addr) {
  const dram_opt_t *o = &d->opt;
  const uint64_t now = d->cycle + 1;
  switch (o->latency) {
    case DRAM_LAT_UNIFORM:
      return now + rng_range(&d->rng, o->lat_min, o->lat_max);
    case DRAM_LAT_BANK: {
      const uint64_t row = addr / o->row_bytes;
      const uint32_t bank = (uint32_t)(row % o->bank_count);
      const uint64_t start = d->bank_free[bank] > now ? d->bank_free[bank] : now;
      if (d->bank_row[bank] == row / o->bank_count + 1) return start + o->lat_min;
      d->bank_row[bank] = row / o->bank_count + 1;
      d->bank_free[bank] = start + (o->lat_max - o->lat_min);
      return start + o->lat_max;
    }
    case DRAM_LAT_FIXED:
    default:
      return now + o->lat_min;
  }
}

static uint8_t error_of(dram_t *d, uint64_t addr, bool write) {
  const dram_opt_t *o = &d->opt;
  for (uint32_t i = 0; i < DRAM_ERR_RANGES; i++) {
    const dram_err_range_t *e = &o->err[i];
    if (e->resp != 0 && (write ? e->on_write : e->on_read) && addr >= e->first && addr <= e->last) return e->resp;
  }
  const uint32_t ppm = write ? o->err_write_ppm : o->err_read_ppm;
  if (ppm != 0 && rng_below(&d->rng, 1000000u) < ppm) return rng_pct(&d->rng, 70) ? 2 : 3;
  return 0;
}

// ---- exclusive monitor ------------------------------------------------------------------------------------------

static void burst_range(const burst_t *b, uint64_t *first, uint64_t *last) {
  const uint64_t bytes = (uint64_t)(b->len + 1u) << b->size;
  *first = b->addr & ~(((uint64_t)1 << b->size) - 1);
  if (b->type == AXI_FIXED) {
    *last = *first + ((uint64_t)1 << b->size) - 1;
    return;
  }
  if (b->type == AXI_WRAP) *first = b->addr & ~(bytes - 1);
  *last = *first + bytes - 1;
}

static void monitor_set(dram_t *d, const burst_t *b) {
  monitor_t *m = NULL;
  for (uint32_t i = 0; i < MONITORS; i++) {
    if (d->mon[i].live && d->mon[i].id == b->id) m = &d->mon[i];
  }
  if (m == NULL) m = &d->mon[d->mon_next++ % MONITORS];
  m->live = true;
  m->id = b->id;
  burst_range(b, &m->first, &m->last);
}

// A write takes the reservations it touches. True if it held one of its own on exactly its range.
static bool monitor_write(dram_t *d, const burst_t *b) {
  uint64_t first = 0;
  uint64_t last = 0;
  bool own = false;
  bool known = false;
  for (uint32_t i = 0; i < MONITORS; i++) {
    monitor_t *m = &d->mon[i];
    if (!m->live) continue;
    if (!known) burst_range(b, &first, &last);
    known = true;
    if (m->last < first || m->first > last) continue;
    if (b->lock != 0 && m->id == b->id && m->first == first && m->last == last) own = true;
    if (b->lock == 0 || own) m->live = false;
  }
  return own;
}

// ---- data bus ---------------------------------------------------------------------------------------------------

static bool move_read(dram_t *d) {
  if (d->r_n == FIFO_BEATS) return false;
  int32_t i = d->rd_now;
  if (i < 0 || d->opt.interleave) i = table_pick(d, &d->rd);
  if (i < 0) return false;
  burst_t *b = &d->rd.at[i];
  const uint64_t addr = axi_beat_addr(b->addr, b->len, b->size, b->type, b->beat);
  const uint64_t row = addr & ~(uint64_t)(d->bytes - 1);
  cbit_r_t *r = &d->r[(d->r_head + d->r_n) % FIFO_BEATS];
  d->r_n++;
  r->valid = true;
  r->id = b->id;
  r->last = b->beat == b->len;
  r->resp = error_of(d, addr, false);
  if (r->resp == 0 && b->ex == 1) r->resp = 1;
  const uint64_t from = through_alias(d, row);
  const store_page_t *page = store_find(&d->store, from);
  if (r->resp >= 2) {
    d->stats.errors++;
    rng_bytes(&d->rng, r->data, d->bytes);  // what comes with an error is noise
  } else if (page != NULL) {
    memcpy(r->data, page->data + from % STORE_PAGE, d->bytes);
  } else {
    store_read(&d->store, from, r->data, d->bytes);
  }
  d->stats.read_beats++;
  if (d->probe != NULL) d->probe(d->probe_arg, false, from, r->data, ~(uint64_t)0, d->bytes);
  b->beat++;
  if (r->last) {
    table_remove(&d->rd, (uint32_t)i);
    d->rd_now = -1;
  } else {
    d->rd_now = i;
  }
  return true;
}

static bool move_write(dram_t *d) {
  if (d->w_n == 0 || d->wr.n == 0) return false;
  burst_t *b = &d->wr.at[0];
  w_beat_t *w = &d->w[d->w_head];
  const uint64_t addr = axi_beat_addr(b->addr, b->len, b->size, b->type, b->beat);
  const uint64_t to = through_alias(d, addr & ~(uint64_t)(d->bytes - 1));
  if (b->beat == 0) {
    b->resp = error_of(d, b->addr, true);
    const bool own = monitor_write(d, b);
    b->ex = b->lock == 0 || d->opt.no_exclusive ? 0 : own ? 1 : 2;
  }
  if (w->last != (b->beat == b->len) && d->error[0] == '\0') {
    snprintf(d->error, sizeof(d->error), "DRAM side: WLAST %s in beat %u of %u (AWADDR 0x%llx)",
             w->last ? "high" : "low", b->beat + 1u, b->len + 1u, (unsigned long long)b->addr);
  }
  if (b->resp < 2 && b->ex != 2 && w->strb != 0) {
    uint8_t *p = store_get(&d->store, to)->data + to % STORE_PAGE;
    for (uint32_t i = 0; i < d->bytes; i++) {
      if ((w->strb >> i & 1) != 0) p[i] = w->data[i];
    }
    if (d->probe != NULL) d->probe(d->probe_arg, true, to, w->data, w->strb, d->bytes);
  }
  d->stats.write_beats++;
  d->w_head = (d->w_head + 1) % FIFO_BEATS;
  d->w_n--;
  if (b->beat++ == b->len) {
    burst_t done = *b;
    if (done.resp == 0 && done.ex == 1) done.resp = 1;
    if (done.resp >= 2) d->stats.errors++;
    done.ready = ready_at(d, done.addr) - 1;
    table_remove(&d->wr, 0);
    table_push(&d->resp, &done);
  }
  return true;
}

static void move(dram_t *d) {
  if (!d->opt.half_duplex) {
    const bool r = d->rd.n != 0 && move_read(d);
    const bool w = d->w_n != 0 && move_write(d);
    d->stats.busy_cycles += r || w;
    return;
  }
  if (d->bus_idle > 0) {
    d->bus_idle--;
    return;
  }
  // Stay while there is work and the turn lasts; the other direction gets its turn if it has work.
  for (int attempt = 0; attempt < 2; attempt++) {
    const bool other_waits = d->bus_write ? d->rd.n != 0 : d->w_n != 0;
    const bool over = d->bus_run >= d->opt.run_beats && other_waits;
    if (!over && (d->bus_write ? move_write(d) : move_read(d))) {
      d->bus_run++;
      d->stats.busy_cycles++;
      return;
    }
    if (!other_waits || attempt == 1) return;
    d->bus_write = !d->bus_write;
    d->bus_run = 0;
    d->stats.turns++;
    if (d->opt.turnaround > 0) {
      d->bus_idle = d->opt.turnaround - 1;
      return;
    }
  }
}

// ---- one cycle --------------------------------------------------------------------------------------------------

static bool stalled(dram_t *d, uint8_t percent) { return percent != 0 && rng_pct(&d->rng, percent); }

void dram_drive(dram_t *d, cbit_pins_in_t *in) {
  if ((d->rd.n | d->w_n) != 0) move(d);
  in->m_arready = d->rd.n < d->opt.max_reads && !stalled(d, d->opt.stall_ar);
  in->m_awready = d->wr.n + d->resp.n < d->opt.max_writes && !stalled(d, d->opt.stall_aw);
  in->m_wready = d->w_n < FIFO_BEATS && !stalled(d, d->opt.stall_w);
  if (!d->r_shown && d->r_n != 0 && !stalled(d, d->opt.stall_r)) {
    d->r_shown = true;
    const cbit_r_t *r = &d->r[d->r_head];
    in->m_r.id = r->id;
    in->m_r.resp = r->resp;
    in->m_r.last = r->last;
    memcpy(in->m_r.data, r->data, d->bytes);
  }
  in->m_r.valid = d->r_shown;
  if (!d->b_shown && d->resp.n != 0 && !stalled(d, d->opt.stall_b)) {
    const int32_t i = table_pick(d, &d->resp);
    if (i >= 0) {
      d->b_shown = true;
      in->m_b.id = d->resp.at[i].id;
      in->m_b.resp = d->resp.at[i].resp;
      table_remove(&d->resp, (uint32_t)i);
    }
  }
  in->m_b.valid = d->b_shown;
}

// The engine must hold an address until it is taken, and send legal bursts.
static void check_ax(dram_t *d, int which, const cbit_ax_out_t *ax, bool ready) {
  cbit_ax_out_t *h = &d->held[which];
  const char *name = which == 0 ? "AW" : "AR";
  if (d->error[0] == '\0') {
    if (h->valid && (!ax->valid || ax->addr != h->addr || ax->id != h->id || ax->len != h->len || ax->size != h->size ||
                     ax->burst != h->burst)) {
      snprintf(d->error, sizeof(d->error), "DRAM side: %s changed while it waited for ready (was id %u addr 0x%llx)",
               name, h->id, (unsigned long long)h->addr);
    } else if (ax->valid) {
      const uint64_t bytes = (uint64_t)(ax->len + 1u) << ax->size;
      const uint64_t start = ax->addr & ~(((uint64_t)1 << ax->size) - 1);
      const char *why = NULL;
      if ((1u << ax->size) > d->bytes) why = "beats wider than the bus";
      else if (ax->burst == 3) why = "burst type 3";
      else if (ax->burst == 1 && start / 4096 != (start + bytes - 1) / 4096) why = "INCR burst over a 4 KiB boundary";
      else if (ax->burst == 0 && ax->len > 15) why = "FIXED burst longer than 16";
      if (why != NULL) {
        snprintf(d->error, sizeof(d->error), "DRAM side: %s with %s (id %u addr 0x%llx len %u size %u)", name, why,
                 ax->id, (unsigned long long)ax->addr, ax->len, ax->size);
      }
    }
  }
  h->valid = ax->valid && !ready;
  if (h->valid) *h = *ax;
}

static void take_address(dram_t *d, table_t *t, const cbit_ax_out_t *ax, bool write) {
  burst_t b = {.addr = ax->addr, .id = ax->id, .len = ax->len, .size = ax->size, .type = ax->burst, .lock = ax->lock};
  if (!write) {
    b.ready = ready_at(d, ax->addr);
    if (ax->lock != 0 && !d->opt.no_exclusive) {
      b.ex = 1;
      monitor_set(d, &b);
    }
  }
  table_push(t, &b);
}

void dram_sample(dram_t *d, const cbit_pins_in_t *in, const cbit_pins_out_t *out, uint64_t cycle) {
  d->cycle = cycle;
  if (in->m_r.valid && out->m_rready) {
    d->r_shown = false;
    d->r_head = (d->r_head + 1) % FIFO_BEATS;
    d->r_n--;
  }
  if (in->m_b.valid && out->m_bready) d->b_shown = false;
  if (out->m_aw.valid || d->held[0].valid) check_ax(d, 0, &out->m_aw, in->m_awready);
  if (out->m_ar.valid || d->held[1].valid) check_ax(d, 1, &out->m_ar, in->m_arready);
  if (out->m_aw.valid && in->m_awready) {
    take_address(d, &d->wr, &out->m_aw, true);
    d->stats.write_bursts++;
  }
  if (out->m_ar.valid && in->m_arready) {
    take_address(d, &d->rd, &out->m_ar, false);
    d->stats.read_bursts++;
    d->stats.engine_reads += (out->m_ar.id >> d->opt.engine_id_bit) & 1u;
  }
  if (out->m_w.valid && in->m_wready) {
    w_beat_t *w = &d->w[(d->w_head + d->w_n) % FIFO_BEATS];
    w->strb = out->m_w.strb;
    w->last = out->m_w.last;
    memcpy(w->data, out->m_w.data, d->bytes);
    d->w_n++;
  }
  d->cycle = cycle + 1;
}

bool dram_idle(const dram_t *d) {
  return d->rd.n == 0 && d->wr.n == 0 && d->resp.n == 0 && d->w_n == 0 && d->r_n == 0 && !d->b_shown;
}

void dram_describe(const dram_t *d, char *to, size_t size) {
  snprintf(to, size,
           "reads=%u (first id=%u ready=%llu) writes=%u (first id=%u beat=%u/%u) w_beats=%u r_beats=%u responses=%u "
           "(first ready=%llu)%s%s",
           d->rd.n, d->rd.n != 0 ? d->rd.at[0].id : 0u, d->rd.n != 0 ? (unsigned long long)d->rd.at[0].ready : 0,
           d->wr.n, d->wr.n != 0 ? d->wr.at[0].id : 0u, d->wr.n != 0 ? d->wr.at[0].beat : 0u,
           d->wr.n != 0 ? d->wr.at[0].len + 1u : 0u, d->w_n, d->r_n, d->resp.n,
           d->resp.n != 0 ? (unsigned long long)d->resp.at[0].ready : 0, d->r_shown ? " R waits for ready" : "",
           d->b_shown ? " B waits for ready" : "");
}

const char *dram_protocol_error(const dram_t *d) { return d->error[0] != '\0' ? d->error : NULL; }

// ---- back door --------------------------------------------------------------------------------------------------

void dram_peek(const dram_t *d, uint64_t addr, void *to, size_t len) { store_read(&d->store, addr, to, len); }
void dram_poke(dram_t *d, uint64_t addr, const void *from, size_t len) { store_write(&d->store, addr, from, len); }

void dram_set_rule(dram_t *d, uint64_t first, uint64_t last, dram_rule_fn rule, void *arg) {
  d->store.rule = rule;
  d->store.rule_arg = arg;
  d->store.rule_first = first;
  d->store.rule_last = last;
}

void dram_each_page(const dram_t *d, void (*visit)(void *arg, uint64_t addr, const uint8_t *page), void *arg) {
  size_t n = 0;
  store_page_t **list = store_sorted(&d->store, &n);
  for (size_t i = 0; i < n; i++) visit(arg, list[i]->number * STORE_PAGE, list[i]->data);
  free(list);
}

void dram_alias(dram_t *d, bool on, uint64_t match_mask, uint64_t match, uint64_t xor_mask) {
  d->alias = on;
  d->alias_mask = match_mask;
  d->alias_match = match;
  d->alias_xor = xor_mask;
}

void dram_set_probe(dram_t *d, dram_probe_fn probe, void *arg) {
  d->probe = probe;
  d->probe_arg = arg;
}

const dram_stats_t *dram_stats(const dram_t *d) { return &d->stats; }
void dram_stats_clear(dram_t *d) { memset(&d->stats, 0, sizeof(d->stats)); }
