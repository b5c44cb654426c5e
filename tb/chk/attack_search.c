// SPDX-License-Identifier: Apache-2.0
//
// attack_search.c - plays that need a loop: the search for tweak constants, the time that an entry of the table takes
// (attack.h)
#include <stdlib.h>
#include <string.h>

#include "chk/attack.h"
#include "core/log.h"

// ---- constants of mode xex_lin: SEVurity, IEEE S&P 2020 -----------------------------------------------------------
//
// C = E(P ^ T(a)) ^ T(a). P ^ C of two places is equal exactly when P ^ T is, so a table of chosen blocks at p and one at q
// give d = T(p) ^ T(q) by one comparison of both. The victim is the oracle: it stores what it is sent. The search space is
// restricted: the attacker knows all bits of the first word of d but the lowest `bits`.

#define P_SPA 0x401000u
#define Q_SPA 0x403000u  // differs in bit 13: d is the constant of that bit
#define Q_BIT 13u

typedef struct oracle {
  attack_stage_t *s;
  uint32_t known;  // of the first word of d
  uint32_t half;   // bits tried at each place
  uint8_t (*sum)[16];
} oracle_t;

static void pattern(uint32_t word, uint8_t block[16]) {
  for (uint32_t i = 0; i < 16; i++) block[i] = (uint8_t)(word >> (8 * (i % 4)));
}

static void mix(uint8_t *to, const uint8_t *a, const uint8_t *b) {
  for (uint32_t i = 0; i < 16; i++) to[i] = a[i] ^ b[i];
}

// The victim stores a block, the host reads what memory holds.
static void ask(attack_stage_t *s, uint64_t spa, const uint8_t plain[16], uint8_t cipher[16]) {
  const cbit_attr_t who = attack_guest(s, spa >> 12);
  const cbit_attr_t host = attack_host(false);
  const bench_rsp_t w = bench_write(s->b, &who, spa, plain, 16, NULL);
  const bench_rsp_t r = bench_read(s->b, &host, spa, cipher, 16, NULL);
  if (w.resp != 0 || r.resp != 0) bench_fail(s->b, "SETUP the oracle at 0x%llx was refused", (unsigned long long)spa);
}

// Block number i of a place: low half of the unknown bits at p, high half and what is known at q.
static void chosen(const oracle_t *o, bool q, uint32_t i, uint8_t block[16]) {
  pattern(q ? o->known | i << o->half : i, block);
}

static bool search(const oracle_t *o, uint8_t d[16]) {
  const uint32_t n = 1u << o->half;
  uint8_t plain[16];
  uint8_t cipher[16];
  for (uint32_t i = 0; i < n && !bench_failed(o->s->b); i++) {
    chosen(o, false, i, plain);
    ask(o->s, P_SPA, plain, cipher);
    mix(o->sum[i], plain, cipher);
  }
  for (uint32_t j = 0; j < n && !bench_failed(o->s->b); j++) {
    uint8_t sum[16];
    chosen(o, true, j, plain);
    ask(o->s, Q_SPA, plain, cipher);
    mix(sum, plain, cipher);
    for (uint32_t i = 0; i < n; i++) {
      if (memcmp(sum, o->sum[i], 16) != 0) continue;
      uint8_t other[16];
      chosen(o, false, i, other);
      mix(d, plain, other);
      return true;
    }
  }
  return false;
}

// Puts a block of the attacker's choice where the victim keeps a trusted one.
static void inject(attack_stage_t *s, const uint8_t d[16]) {
  static const uint8_t wanted[16] = "pwned by host!!!";
  static const uint8_t trusted[16] = "trusted command!";
  uint8_t block[16];
  uint8_t cipher[16];
  uint8_t seen[16] = {0};
  const cbit_attr_t who = attack_guest(s, Q_SPA >> 12);
  const cbit_attr_t host = attack_host(false);
  ask(s, Q_SPA, trusted, cipher);
  mix(block, wanted, d);
  ask(s, P_SPA, block, cipher);
  mix(cipher, cipher, d);
  (void)attack_write(s, &host, Q_SPA, cipher, 16);
  const bench_rsp_t r = bench_read(s->b, &who, Q_SPA, seen, 16, NULL);
  attack_cell_t *c = s->cell;
  c->addr = Q_SPA;
  c->victim_error = r.resp != 0;
  c->victim = memcmp(seen, wanted, 16) == 0 ? SEEN_JUNK : memcmp(seen, trusted, 16) == 0 ? SEEN_OWN : SEEN_NOISE;
  const bool safe = c->victim_error || c->victim == SEEN_OWN;
  attack_verdict(s, safe ? ATTACK_STOPPED : c->victim == SEEN_JUNK ? ATTACK_SUCCEEDS : ATTACK_NOISE);
}

static void play_xex(attack_stage_t *s, cbit_tweak_kind_t kind, uint32_t half) {
  uint8_t kt[16];
  uint8_t d[16] = {0};
  uint32_t word = 0;
  cbit_tweak_table_t table;
  for (uint32_t i = 0; i < 16; i++) kt[i] = (uint8_t)rng_u32(&s->rng);
  bench_debug(s->b, true);  // 32-bit constants are for study only
  // The constants come before the first key.
  if (!bench_reset(s->b) || cbit_tweak_table_make(&table, kind, kt) != CBIT_OK || bench_tweak_table(s->b, &table) != 0 ||
      !bench_ctrl(s->b, CBIT_MODE_XEX_LIN, true, false) || !attack_keys(s)) {
    bench_fail(s->b, "SETUP mode xex_lin or its constants were refused");
    return;
  }
  for (uint32_t i = 0; i < 4; i++) word |= (uint32_t)table.t[Q_BIT - 4][i] << (8 * i);
  oracle_t o = {.s = s, .known = word & ~((1u << 2 * half) - 1), .half = half};
  o.sum = log_alloc(((size_t)1 << half) * sizeof(*o.sum));
  const bool found = search(&o, d);
  free(o.sum);
  if (bench_failed(s->b)) return;
  if (!found) pattern(word, d);  // the attacker has no better guess than the first word
  attack_note(s, "2 x %u chosen blocks, %u bits searched, constant %s", 1u << half, 2 * half, found ? "found" : "not found");
  inject(s, d);
}

void play_xex_rep4(attack_stage_t *s) { play_xex(s, CBIT_TWEAK_REP4, 8); }
void play_xex_full(attack_stage_t *s) { play_xex(s, CBIT_TWEAK_FULL, 10); }

// ---- time of an entry ---------------------------------------------------------------------------------------------

// The host writes a page of its own: with its entry in no cache, and at once again.
void play_entry_time(attack_stage_t *s) {
  uint64_t cycles[2][2] = {{0}};
  const cbit_attr_t host = attack_host(false);
  for (uint32_t round = 0; round < 2; round++) {
    attack_push_out(s);
    if (!bench_drain(s->b)) return;
    for (uint32_t k = 0; k < 2; k++) {
      const bench_rsp_t r = bench_write(s->b, &host, SPA_HOST, s->junk, 16, NULL);
      if (r.resp != 0) bench_fail(s->b, "SETUP the host cannot write its own page");
      cycles[round][k] = r.cycles;
      if (!bench_drain(s->b)) return;
    }
  }
  // a walk takes one cycle less where the range's entry is cached, so rounds differ; what tells is that the first access is slower
  const bool told = cycles[0][0] > cycles[0][1] && cycles[1][0] > cycles[1][1];
  const bool equal = cycles[0][0] == cycles[0][1] && cycles[1][0] == cycles[1][1];
  s->cell->addr = SPA_HOST;
  attack_verdict(s, equal ? ATTACK_STOPPED : told ? ATTACK_SUCCEEDS : ATTACK_NOISE);
  if (equal && bench_cfg(s->b)->rmp_const != 0) s->cell->by = "RmpConst";
  attack_note(s, "entry not cached %llu cycles, then %llu; once more %llu and %llu", (unsigned long long)cycles[0][0],
              (unsigned long long)cycles[0][1], (unsigned long long)cycles[1][0], (unsigned long long)cycles[1][1]);
}
