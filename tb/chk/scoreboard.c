// SPDX-License-Identifier: Apache-2.0
//
// scoreboard.c - expected read data and DRAM content (scoreboard.h)
//
// A request becomes an entry when its address is taken: verdict, page, and by blocks what it touches. Entries that
// overlap are compared then; what AXI4 leaves open is noted by block. When a write ends it goes into the image; when a
// read ends its data is compared with the image, decrypted as the verdict says.
#include "chk/scoreboard.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "chk/scoreboard_int.h"
#include "chk/scoreboard_rmp_int.h"
#include "core/log.h"

scoreboard_t *scoreboard_new(const bench_t *b, dram_t *dram) {
  scoreboard_t *s = log_alloc(sizeof(*s));
  s->bench = b;
  s->dram = dram;
  s->bus = bench_bus_bytes(b);
  sb_sp_init(&s->sp, bench_cfg(b));
  sb_image_init(&s->image);
  s->rmp = sb_rmp_new(s);
  s->insn = sb_insn_new(s);
  s->chk = sb_chk_new(s);
  return s;
}

void scoreboard_free(scoreboard_t *s) {
  if (s == NULL) return;
  for (uint32_t i = 0; i < s->cap; i++) free(s->live[i]);
  free(s->live);
  sb_sp_free(&s->sp);
  sb_image_free(&s->image);
  sb_rmp_free(s->rmp);
  sb_insn_free(s->insn);
  sb_chk_free(s->chk);
  free(s);
}

void sb_complain(scoreboard_t *s, const host_txn_t *t, const char *what, uint64_t addr, unsigned got, unsigned want) {
  if (s->error[0] != '\0') return;
  snprintf(s->error, sizeof(s->error), "txn=%" PRIu64 " %s id=%u at spa=0x%" PRIx64 ": %s, got 0x%x, expected 0x%x",
           t->number, t->req.write ? "write" : "read", t->req.id, addr, what, got, want);
}

// ---- entries ----------------------------------------------------------------------------------------------------

// Live entries are live[0..n), the rest of the array are spare ones.
static entry_t *entry_new(scoreboard_t *s) {
  if (s->n == s->cap) {
    const uint32_t cap = s->cap == 0 ? 64 : 2 * s->cap;
    s->live = log_realloc(s->live, cap * sizeof(entry_t *));
    for (uint32_t i = s->cap; i < cap; i++) s->live[i] = log_alloc(sizeof(entry_t));
    s->cap = cap;
  }
  return s->live[s->n++];
}

static void entry_drop(scoreboard_t *s, uint32_t i) {
  entry_t *e = s->live[i];
  s->live[i] = s->live[--s->n];
  s->live[s->n] = e;
}

// Which bytes of the page the burst touches: strobes of a write, lanes of a read.
static void entry_mask(const scoreboard_t *s, entry_t *e, const host_txn_t *t) {
  const host_req_t *r = &t->req;
  memset(e->mask, 0, sizeof(e->mask));
  memset(e->open, 0, sizeof(e->open));
  e->first = SB_BLOCKS;
  e->last = 0;
  for (uint32_t k = 0; k <= r->len; k++) {
    uint64_t lanes = e->write ? t->strb[k] : axi_beat_lanes(e->v.spa, r->len, r->size, r->burst, k, s->bus);
    if (lanes == 0) continue;
    const uint64_t a = axi_beat_addr(e->v.spa, r->len, r->size, r->burst, k) & ~(uint64_t)(s->bus - 1);
    uint32_t block = (uint32_t)(a % STORE_PAGE / 16);
    for (; lanes != 0; lanes >>= 16, block++) {
      if ((lanes & 0xffff) == 0) continue;
      e->mask[block] |= (uint16_t)lanes;
      if (block < e->first) e->first = block;
      if (block > e->last) e->last = block;
    }
  }
}

static bool same_view(const entry_t *a, const entry_t *b) {
  return !a->v.open && !b->v.open && a->v.enc == b->v.enc && a->v.slot == b->v.slot;
}

// Notes what is left open between a new request and one under way.
static void overlap(entry_t *new, entry_t *old) {
  if (new->page != old->page || (!new->write && !old->write)) return;
  // Writes with one ID are performed in order.
  if (new->write && old->write && new->id == old->id) return;
  const uint32_t first = new->first > old->first ? new->first : old->first;
  const uint32_t last = new->last < old->last ? new->last : old->last;
  // Two writes through the same key touch different bytes of a block: both arrive, whatever the order.
  const bool merge = new->write && old->write && same_view(new, old);
  for (uint32_t i = first; i <= last && i < SB_BLOCKS; i++) {
    if (merge ? (new->mask[i] & old->mask[i]) == 0 : new->mask[i] == 0 || old->mask[i] == 0) continue;
    new->open[i] = 1;
    old->open[i] = 1;
  }
}

static void touch(scoreboard_t *s, entry_t *e) {
  entry_mask(s, e, e->t);
  (void)sb_image_page(&s->image, s->dram, e->page);
  for (uint32_t i = 0; i < s->n; i++) {
    if (s->live[i] != e && !s->live[i]->inert) overlap(e, s->live[i]);
  }
}

void sb_entry_wake(scoreboard_t *s, entry_t *e) {
  e->inert = false;
  touch(s, e);
}

void scoreboard_addr(scoreboard_t *s, const host_txn_t *t, uint64_t cycle) {
  s->sp.cycle = cycle;
  entry_t *e = entry_new(s);
  e->number = t->number;
  e->write = t->req.write;
  e->id = t->req.id;
  e->dram_errors = dram_stats(s->dram)->errors;
  sb_sp_verdict(&s->sp, &t->req, &e->v);
  e->t = t;
  e->inert = !e->v.open && e->v.fault != 0;
  e->page = e->v.spa & ~(uint64_t)(STORE_PAGE - 1);
  e->first = 1;
  e->last = 0;
  if (s->rmp != NULL) sb_rmp_addr(s, e, cycle);
  if (e->v.enc && !e->v.open) e->key = s->sp.keys[e->v.slot];
  if (e->inert) return;
  touch(s, e);
  if (s->rmp != NULL && e->write) sb_rmp_table_begin(s, e);
}

// ---- the end of a write -----------------------------------------------------------------------------------------

static const cbit_tweak_table_t *table_of(const scoreboard_t *s) { return &s->sp.table; }

// Bytes of the burst by page offset, later beats over earlier ones.
static void write_bytes(const scoreboard_t *s, const entry_t *e, const host_txn_t *t, uint8_t *page) {
  const host_req_t *r = &t->req;
  for (uint32_t k = 0; k <= r->len; k++) {
    const uint64_t a = axi_beat_addr(e->v.spa, r->len, r->size, r->burst, k) & ~(uint64_t)(s->bus - 1);
    uint8_t *to = page + a % STORE_PAGE;
    for (uint32_t i = 0; i < s->bus; i++) {
      if ((t->strb[k] >> i & 1) != 0) to[i] = t->data[(size_t)k * s->bus + i];
    }
  }
}

static void set_unknown(scoreboard_t *s, const entry_t *e) {
  uint8_t *flags = sb_image_flags(&s->image, e->page);
  for (uint32_t i = e->first; i <= e->last && i < SB_BLOCKS; i++) flags[i] |= e->mask[i] != 0;
}

static void apply(scoreboard_t *s, const entry_t *e, const host_txn_t *t) {
  uint8_t fresh[STORE_PAGE];
  uint8_t *page = sb_image_page(&s->image, s->dram, e->page);
  uint8_t *flags = sb_image_flags(&s->image, e->page);
  const cbit_slot_key_t *key = &e->key;
  const cbit_mode_t mode = (cbit_mode_t)e->v.mode;
  write_bytes(s, e, t, fresh);
  for (uint32_t i = e->first; i <= e->last && i < SB_BLOCKS; i++) {
    if (e->mask[i] == 0) continue;
    const uint64_t spa = e->page + 16 * (uint64_t)i;
    uint8_t *block = page + 16 * i;
    const bool full = e->mask[i] == 0xffff;
    if (e->open[i]) {
      flags[i] = 1;
      continue;
    }
    if (!full && flags[i] != 0) continue;  // what it is merged with is not known
    flags[i] = 0;
    if (e->v.enc && !full) (void)cbit_crypt_decrypt(mode, key, table_of(s), spa, block, block, 16);
    for (uint32_t k = 0; k < 16; k++) {
      if ((e->mask[i] >> k & 1) != 0) block[k] = fresh[16 * i + k];
    }
    if (e->v.enc) (void)cbit_crypt_encrypt(mode, key, table_of(s), spa, block, block, 16);
  }
}

// May this request have been refused or killed though the verdict was good?
static bool may_fail(const scoreboard_t *s, const entry_t *e, const host_txn_t *t) {
  if (dram_stats(s->dram)->errors != e->dram_errors) return true;
  if (s->rmp != NULL && sb_rmp_key_moved(s, e)) return true;
  if (!e->v.enc) return false;
  const bool pending =
      s->sp.cmd_open ||
      (s->sp.cmd_pending && (s->sp.cmd_op == CBIT_KEY_OP_DEACTIVATE || s->sp.cmd_op == CBIT_KEY_OP_WIPE_ALL));
  return pending || s->sp.zeroise || s->sp.left[e->v.slot] >= t->c_ax;
}

// A write that was answered lies in DRAM: compare at once, where no other write under way touches the block.
static void check_written(scoreboard_t *s, const entry_t *e, const host_txn_t *t) {
  const uint8_t *page = sb_image_page(&s->image, s->dram, e->page);
  const uint8_t *flags = sb_image_flags(&s->image, e->page);
  uint8_t real[STORE_PAGE];
  if (e->first > e->last) return;
  dram_peek(s->dram, e->page + 16 * e->first, real + 16 * e->first, 16 * (size_t)(e->last - e->first + 1));
  for (uint32_t i = e->first; i <= e->last; i++) {
    if (e->mask[i] == 0 || flags[i] != 0 || memcmp(real + 16 * i, page + 16 * i, 16) == 0) continue;
    bool shared = false;
    for (uint32_t k = 0; k < s->n && !shared; k++) {
      const entry_t *o = s->live[k];
      shared = o != e && o->write && !o->inert && o->page == e->page && o->mask[i] != 0;
    }
    if (shared) continue;
    const bool replaced = e->v.enc && memcmp(&e->key, &s->sp.keys[e->v.slot], sizeof(e->key)) != 0;
    sb_complain(s, t,
                t->resp == 2 ? "DRAM after a denied write"
                : replaced   ? "DRAM after a write whose key was replaced under it"
                             : "DRAM after a write",
                e->page + 16 * i, real[16 * i], page[16 * i]);
    return;
  }
}

// Did its tweaks change under it: table of the linear modes, test override?
static bool moved(const scoreboard_t *s, const entry_t *e, const host_txn_t *t) {
  const bool linear = e->v.mode == CBIT_MODE_XE_LIN || e->v.mode == CBIT_MODE_XEX_LIN;
  return e->v.enc && ((linear && s->sp.table_cycle >= t->c_ax) || s->sp.test_on || s->sp.test_cycle >= t->c_ax);
}

static void end_write(scoreboard_t *s, entry_t *e, const host_txn_t *t) {
  if (s->rmp != NULL && !e->inert && t->resp == 2 && !e->v.open && e->ask.may_deny && !may_fail(s, e, t)) {
    check_written(s, e, t);  // denied: as it was
    return;
  }
  if (e->inert) {
    if (t->resp != 2) sb_complain(s, t, "a refused write was answered", t->req.addr, t->resp, 2);
    s->stats.faults_checked++;
    return;
  }
  const bool tweaks_moved = moved(s, e, t);
  if (e->v.open || t->resp >= 2 || tweaks_moved || (e->v.enc && s->sp.killed >= t->c_ax)) {
    if (!e->v.open && t->resp >= 2 && !e->ask.may_deny && !may_fail(s, e, t)) {
      sb_complain(s, t, "a good write was refused", t->req.addr, t->resp, 0);
    }
    set_unknown(s, e);
    s->stats.writes_unknown++;
    return;
  }
  if (t->req.lock != 0 && t->resp == 0) {  // lost its reservation, or the memory has no monitor: its choice
    set_unknown(s, e);
    s->stats.writes_unknown++;
    return;
  }
  s->stats.writes_applied++;
  apply(s, e, t);
  check_written(s, e, t);
}

// ---- the end of a read ------------------------------------------------------------------------------------------

static bool all_zero(const scoreboard_t *s, const host_txn_t *t, uint32_t k) {
  uint8_t any = 0;
  for (uint32_t i = 0; i < s->bus; i++) any |= t->data[(size_t)k * s->bus + i];
  return any == 0;
}

static void end_read(scoreboard_t *s, entry_t *e, const host_txn_t *t) {
  const host_req_t *r = &t->req;
  for (uint32_t k = 0; k <= r->len; k++) {
    if (t->beat_resp[k] >= 2 && !all_zero(s, t, k)) sb_complain(s, t, "data in a beat with an error", r->addr, 1, 0);
    if (e->inert && (e->ask.asked ? t->beat_resp[k] < 2 : t->beat_resp[k] != 2))
      sb_complain(s, t, "a refused read was answered", r->addr, t->beat_resp[k], 2);
  }
  if (e->inert) {
    s->stats.faults_checked++;
    return;
  }
  const bool tweaks_moved = moved(s, e, t);
  if (e->v.open || tweaks_moved) {
    s->stats.reads_skipped++;
    return;
  }
  if (t->resp >= 2 && !e->ask.may_deny && !may_fail(s, e, t)) sb_complain(s, t, "a good read was refused", r->addr, t->resp, 0);
  const uint8_t *page = sb_image_page(&s->image, s->dram, e->page);
  const uint8_t *flags = sb_image_flags(&s->image, e->page);
  uint8_t plain[STORE_PAGE];
  uint8_t have[SB_BLOCKS] = {0};
  for (uint32_t k = 0; k <= r->len && s->error[0] == '\0'; k++) {
    if (t->beat_resp[k] >= 2) continue;
    const uint64_t row = axi_beat_addr(e->v.spa, r->len, r->size, r->burst, k) & ~(uint64_t)(s->bus - 1);
    const uint64_t lanes = axi_beat_lanes(e->v.spa, r->len, r->size, r->burst, k, s->bus);
    for (uint32_t j = 0; j < s->bus / 16; j++) {
      const uint32_t block = (uint32_t)(row % STORE_PAGE / 16) + j;
      const uint32_t mask = lanes >> (16 * j) & 0xffff;
      if (mask == 0) continue;
      const uint32_t bytes = (uint32_t)__builtin_popcount(mask);
      if (e->open[block] || flags[block] != 0) {
        s->stats.bytes_unknown += bytes;
        continue;
      }
      if (!have[block]) {
        have[block] = 1;
        memcpy(plain + 16 * block, page + 16 * block, 16);
        if (e->v.enc) {
          (void)cbit_crypt_decrypt((cbit_mode_t)e->v.mode, &e->key, table_of(s), e->page + 16 * block,
                                   page + 16 * block, plain + 16 * block, 16);
        }
      }
      s->stats.bytes_checked += bytes;
      const uint8_t *got = t->data + (size_t)k * s->bus + 16 * j;
      if (mask == 0xffff && memcmp(got, plain + 16 * block, 16) == 0) continue;
      for (uint32_t i = 0; i < 16; i++) {
        if ((mask >> i & 1) != 0 && got[i] != plain[16 * block + i]) {
          const bool killed = e->v.enc && s->sp.killed >= t->c_ax;
          sb_complain(s, t, killed ? "read data after all keys were wiped under it" : "read data",
                   e->page + 16 * block + i, got[i], plain[16 * block + i]);
          break;
        }
      }
    }
  }
  s->stats.reads_checked++;
}

void scoreboard_done(scoreboard_t *s, const host_txn_t *t, uint64_t cycle) {
  s->sp.cycle = cycle;
  for (uint32_t i = 0; i < s->n; i++) {
    if (s->live[i]->number != t->number) continue;
    if (s->rmp != NULL) sb_rmp_end(s, s->live[i], t);
    if (t->req.write) end_write(s, s->live[i], t); else end_read(s, s->live[i], t);
    if (s->rmp != NULL && t->req.write) sb_rmp_table_end(s, s->live[i], cycle);
    if (s->rmp != NULL) sb_base_done(s, s->live[i], t, cycle);
    entry_drop(s, i);
    return;
  }
}

// ---- outside events ---------------------------------------------------------------------------------------------

void scoreboard_sp_start(scoreboard_t *s, bool write, uint16_t offset) {
  sb_sp_start(&s->sp, write, offset);
  if (s->rmp != NULL) sb_rmp_sp_start(s, write, offset);
}
void scoreboard_sp(scoreboard_t *s, const sp_access_t *a) {
  s->sp.cycle = a->c_done;
  sb_sp_access(&s->sp, a);
  if (s->rmp != NULL) sb_rmp_sp(s, a);
}
void scoreboard_entropy(scoreboard_t *s, uint32_t word) { sb_sp_entropy(&s->sp, word); }
void scoreboard_debug(scoreboard_t *s, bool on) {
  (void)s;
  (void)on;
}
void scoreboard_zeroise(scoreboard_t *s, bool on) {
  s->sp.cycle = bench_cycle(s->bench);
  sb_sp_zeroise(&s->sp, on);
}

void scoreboard_reset(scoreboard_t *s) {
  s->sp.cycle = bench_cycle(s->bench);
  for (uint32_t i = 0; i < s->n; i++) {
    if (s->live[i]->write && !s->live[i]->inert) set_unknown(s, s->live[i]);
  }
  s->n = 0;
  sb_insn_reset(s);
  sb_chk_reset(s);
  sb_sp_reset(&s->sp);
  if (s->rmp != NULL) sb_rmp_reset(s);
}

void scoreboard_forget(scoreboard_t *s, uint64_t addr, uint64_t len) {
  for (uint64_t a = addr & ~(uint64_t)15; a < addr + len; a += 16) {
    uint8_t *page = sb_image_page(&s->image, s->dram, a);
    dram_peek(s->dram, a, page + a % STORE_PAGE, 16);
    sb_image_flags(&s->image, a)[a % STORE_PAGE / 16] = 0;
  }
  for (uint32_t i = 0; i < s->n; i++) {
    entry_t *e = s->live[i];
    if (!e->inert && e->page < addr + len && e->page + STORE_PAGE > addr) memset(e->open, 1, sizeof(e->open));
  }
}

bool scoreboard_check_dram(scoreboard_t *s) {
  size_t n = 0;
  store_page_t **list = store_sorted(&s->image.data, &n);
  uint8_t real[STORE_PAGE];
  for (size_t p = 0; p < n && s->error[0] == '\0'; p++) {
    const uint64_t spa = list[p]->number * STORE_PAGE;
    const uint8_t *flags = sb_image_flags(&s->image, spa);
    dram_peek(s->dram, spa, real, STORE_PAGE);
    for (uint32_t i = 0; i < SB_BLOCKS; i++) {
      if (flags[i] != 0) {
        s->stats.dram_bytes_unknown += 16;
        continue;
      }
      s->stats.dram_bytes_checked += 16;
      for (uint32_t k = 0; k < 16; k++) {
        const uint8_t want = list[p]->data[16 * i + k];
        if (real[16 * i + k] == want || s->error[0] != '\0') continue;
        snprintf(s->error, sizeof(s->error), "DRAM at 0x%" PRIx64 " holds 0x%02x, expected 0x%02x", spa + 16 * i + k,
                 real[16 * i + k], want);
      }
    }
  }
  free(list);
  return s->error[0] == '\0';
}

const char *scoreboard_error(const scoreboard_t *s) {
  if (s->error[0] != '\0') return s->error;
  return s->sp.error[0] != '\0' ? s->sp.error : NULL;
}
void scoreboard_cycle(scoreboard_t *s, const cbit_pins_in_t *in, const cbit_pins_out_t *out, uint64_t cycle) {
  if (s->rmp != NULL) sb_rmp_cycle(s, in, out, cycle);
}
void scoreboard_probe(scoreboard_t *s, uint64_t addr, uint64_t strb, uint32_t bytes) {
  if (s->rmp != NULL) sb_rmp_probe(s, addr, strb, bytes);
}
void scoreboard_cycle_begins(scoreboard_t *s, const cbit_pins_out_t *out, uint64_t cycle) { sb_insn_cycle_begins(s, out, cycle); }
void scoreboard_insn_take(scoreboard_t *s, uint32_t port, const insn_req_t *r, uint64_t cycle) { sb_insn_take(s, port, r, cycle); }
void scoreboard_insn_answer(scoreboard_t *s, uint32_t port, const insn_port_t *p) { sb_insn_answer(s, port, p); }
void scoreboard_insn_inv(scoreboard_t *s, uint32_t page, uint64_t cycle) { sb_insn_inv(s, page, cycle); }
void scoreboard_insn_mark(scoreboard_t *s, const insn_mark_t *m) { sb_insn_mark(s, m); }
void scoreboard_chk_ask(scoreboard_t *s, uint32_t port, const chk_req_t *r, uint64_t cycle) { sb_chk_ask(s, port, r, cycle); }
void scoreboard_chk_valid(scoreboard_t *s, uint32_t port, const cbit_chk_answer_t *a, uint64_t cycle) {
  sb_chk_valid(s, port, a, cycle);
}
void scoreboard_chk_answer(scoreboard_t *s, uint32_t port, const chk_done_t *d) { sb_chk_answer(s, port, d); }
const sb_chk_seen_t *scoreboard_chk_seen(const scoreboard_t *s) { return sb_chk_seen(s->chk); }
bool scoreboard_in_table(const scoreboard_t *s, uint64_t spa) { return s->rmp != NULL && sb_rmp_in_table(s->rmp, spa); }
uint32_t scoreboard_own_reads(const scoreboard_t *s) { return s->rmp != NULL ? sb_rmp_own_reads(s->rmp) : 0; }
const sb_insn_seen_t *scoreboard_insn_seen(const scoreboard_t *s) { return sb_insn_seen(s->insn); }
const sb_rmp_seen_t *scoreboard_rmp_seen(const scoreboard_t *s, uint64_t number) {
  return s->rmp != NULL ? sb_rmp_seen(s->rmp, number) : NULL;
}
const sb_rmp_event_t *scoreboard_rmp_event(const scoreboard_t *s) {
  return s->rmp != NULL ? sb_rmp_event(s->rmp) : NULL;
}
const scoreboard_stats_t *scoreboard_stats(const scoreboard_t *s) { return &s->stats; }
