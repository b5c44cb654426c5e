// SPDX-License-Identifier: Apache-2.0
//
// perf_speed.c - seconds: simulated cycles of RTL, model and lock-step, and bytes of the functional model (perf.h)
//
// Simulation is measured with the whole bench around the engine (requester, memory, checks of the protocol), as every test
// runs it. The functional model is measured beside OpenSSL: 4 KiB pieces with a new tweak each; EVP aes-128-xts is the same
// operation as mode 5. Best of several rounds, each side in turn, so that a busy machine hurts both alike.
#include <openssl/evp.h>
#include <string.h>

#include "chk/perf_rmp.h"
#include "core/log.h"
#include "gen/gen_random.h"

#define PIECE 4096u
#define PIECES 64u  // 256 KiB: stays in the second cache
#define CHECKED_PAGES ((uint64_t)1 << 17)  // of the RMP's table: 512 MiB
#define ROUNDS 7u
#define SLICES 5u

// Best rate of several slices: other work on the machine slows some of them.
typedef struct meter {
  double seconds, slice_start, best;
  uint64_t slice_cycle;
  uint32_t slices;
} meter_t;

static void meter_start(meter_t *m, uint64_t cycle, double seconds) {
  *m = (meter_t){.seconds = seconds / SLICES, .slice_start = log_seconds(), .slice_cycle = cycle};
}

// False: enough.
static bool meter_goes(meter_t *m, uint64_t cycle) {
  const double now = log_seconds();
  if (now - m->slice_start < m->seconds) return true;
  const double hz = (double)(cycle - m->slice_cycle) / (now - m->slice_start);
  if (hz > m->best) m->best = hz;
  m->slice_start = now;
  m->slice_cycle = cycle;
  return ++m->slices < SLICES;
}

static double metered(bench_t *b, const gen_perf_opt_t *o, double seconds) {
  perf_memory(b, true, false, PERF_DRAM_LATENCY);
  gen_perf_t g;
  gen_perf_start(&g, b, o);
  for (uint32_t i = 0; i < 500 && bench_step(b); i++) gen_perf_step(&g);
  meter_t m;
  meter_start(&m, bench_cycle(b), seconds);
  do {
    for (uint32_t i = 0; i < 500 && bench_step(b); i++) gen_perf_step(&g);
  } while (!bench_failed(b) && meter_goes(&m, bench_cycle(b)));
  gen_perf_stop(&g);
  return m.best;
}

static double under_traffic(perf_t *p, const char *config, engine_kind_t kind, double seconds) {
  const engine_kind_t keep = p->kind;
  p->kind = kind;
  perf_rig_t rig;
  const bool open = perf_rig_open(p, &rig, config, CBIT_MODE_XTS_L64);
  p->kind = keep;
  if (!open) return 0;
  bench_t *b = kind == ENGINE_WIRE ? rig.wire : rig.on;
  const gen_perf_opt_t o = {.op = GEN_PERF_MIX, .random = true, .burst = 4, .ids = gen_perf_ids(b), .cbit = true,
                            .seed = p->seed};
  const double hz = metered(b, &o, seconds);
  perf_alive(p, b);
  perf_rig_close(p, &rig);
  return p->failed ? 0 : hz;
}

// The same with the RMP check on, each question in the caches.
static double under_checks(perf_t *p, const char *config, engine_kind_t kind, double seconds) {
  bench_t *b = NULL;
  perf_rmp_table_t t;
  double hz = 0;
  if (perf_bench_open(p, config, kind, &b) && perf_bench_on(p, b, CBIT_MODE_XTS_L64) &&
      perf_rmp_start(p, b, &t, CHECKED_PAGES, PERF_RMP_4K)) {
    perf_rmp_flow_t f = {.t = &t, .pattern = PERF_RMP_HIT, .bytes = 4 * bench_bus_bytes(b)};
    const gen_perf_opt_t o = {.op = GEN_PERF_MIX, .burst = 4, .ids = gen_perf_ids(b), .choose = perf_rmp_choose, .arg = &f,
                              .seed = p->seed};
    hz = metered(b, &o, seconds);
    perf_alive(p, b);
  }
  if (b != NULL && !bench_close(b)) p->failed = true;
  return p->failed ? 0 : hz;
}

static double in_random(perf_t *p, const char *config, engine_kind_t kind, double seconds) {
  bench_opt_t opt = {.seed = p->seed, .debug = true};
  opt.engine.kind = kind;
  opt.engine.config = config;
  char err[TB_ERR_LEN];
  bench_t *b = bench_open(&opt, err);
  if (b == NULL) {
    log_error("%s", err);
    p->failed = true;
    return 0;
  }
  bench_reset_pulse(b, 4);
  gen_random_t *g = gen_random_new(b, p->seed, NULL);
  meter_t m;
  meter_start(&m, 0, seconds);
  do {
    for (uint32_t i = 0; i < 500 && gen_random_step(g) && bench_step(b); i++) {
      host_txn_t *t = NULL;
      while ((t = bench_poll(b)) != NULL) host_release(bench_host(b), t);
    }
  } while (!bench_failed(b) && meter_goes(&m, bench_cycle(b)));
  gen_random_free(g);
  perf_alive(p, b);
  bench_close(b);
  return p->failed ? 0 : m.best;
}

// ---- functional model beside OpenSSL -------------------------------------------------------------------------------------

static double rate(double start, uint32_t loops) {
  return (double)PIECE * PIECES * loops / 1e6 / (log_seconds() - start);
}

static double run_cbit(uint8_t *area, cbit_mode_t mode, bool decrypt, const cbit_slot_key_t *key, uint32_t loops) {
  const double start = log_seconds();
  for (uint32_t i = 0; i < loops; i++) {
    for (uint32_t n = 0; n < PIECES; n++) {
      uint8_t *piece = area + (size_t)PIECE * n;
      if (decrypt) {
        (void)cbit_crypt_decrypt(mode, key, NULL, (uint64_t)PIECE * n, piece, piece, PIECE);
      } else {
        (void)cbit_crypt_encrypt(mode, key, NULL, (uint64_t)PIECE * n, piece, piece, PIECE);
      }
    }
  }
  return rate(start, loops);
}

static double run_openssl(uint8_t *area, EVP_CIPHER_CTX *ctx, uint32_t loops) {
  const double start = log_seconds();
  for (uint32_t i = 0; i < loops; i++) {
    for (uint32_t n = 0; n < PIECES; n++) {
      uint8_t *piece = area + (size_t)PIECE * n;
      const uint8_t iv[16] = {(uint8_t)n};
      int len = 0;
      (void)EVP_CipherInit_ex(ctx, NULL, NULL, NULL, iv, -1);
      (void)EVP_CipherUpdate(ctx, piece, &len, piece, (int)PIECE);
    }
  }
  return rate(start, loops);
}

static void best(double *to, double value) {
  if (value > *to) *to = value;
}

static void functional(perf_t *p) {
  static uint8_t area[PIECE * PIECES];
  const uint32_t loops = p->quick ? 8 : 48;
  perf_speed_t *s = &p->speed;
  uint8_t keys[32];
  cbit_slot_key_t key;
  for (unsigned i = 0; i < 32; i++) keys[i] = (uint8_t)(i * 7 + 1);
  memset(area, 0x5a, sizeof(area));
  EVP_CIPHER_CTX *enc = EVP_CIPHER_CTX_new();
  EVP_CIPHER_CTX *dec = EVP_CIPHER_CTX_new();
  if (enc != NULL && dec != NULL && cbit_slot_key_make(&key, keys, keys + 16, 128) == CBIT_OK &&
      EVP_CipherInit_ex(enc, EVP_aes_128_xts(), NULL, keys, NULL, 1) == 1 &&
      EVP_CipherInit_ex(dec, EVP_aes_128_xts(), NULL, keys, NULL, 0) == 1) {
    for (uint32_t i = 0; i < ROUNDS; i++) {
      best(&s->openssl_mb_s, run_openssl(area, enc, loops));
      best(&s->crypt_mb_s, run_cbit(area, CBIT_MODE_XTS_P4K, false, &key, loops));
      best(&s->crypt_l64_mb_s, run_cbit(area, CBIT_MODE_XTS_L64, false, &key, loops));
      best(&s->openssl_dec_mb_s, run_openssl(area, dec, loops));
      best(&s->crypt_dec_mb_s, run_cbit(area, CBIT_MODE_XTS_P4K, true, &key, loops));
    }
  }
  EVP_CIPHER_CTX_free(enc);
  EVP_CIPHER_CTX_free(dec);
}

bool perf_speed_run(perf_t *p, const char *config, const char *snp, double seconds) {
  perf_speed_t *s = &p->speed;
  p->have_speed = true;
  s->wire_hz = under_traffic(p, config, ENGINE_WIRE, seconds / 2);
  s->model_hz = under_traffic(p, config, ENGINE_MODEL, seconds);
  s->model_random_hz = in_random(p, config, ENGINE_MODEL, seconds);
  if (p->kind != ENGINE_MODEL) {
    s->rtl_hz = under_traffic(p, config, ENGINE_RTL, seconds);
    s->lockstep_hz = under_traffic(p, config, ENGINE_LOCKSTEP, seconds);
    s->rtl_random_hz = in_random(p, config, ENGINE_RTL, seconds);
    s->lockstep_random_hz = in_random(p, config, ENGINE_LOCKSTEP, seconds);
  }
  if (snp != NULL) {
    s->model_snp_hz = under_checks(p, snp, ENGINE_MODEL, seconds);
    if (p->kind != ENGINE_MODEL) {
      s->rtl_snp_hz = under_checks(p, snp, ENGINE_RTL, seconds);
      s->lockstep_snp_hz = under_checks(p, snp, ENGINE_LOCKSTEP, seconds);
    }
  }
  functional(p);
  return !p->failed;
}
