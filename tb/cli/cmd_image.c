// SPDX-License-Identifier: Apache-2.0
//
// cmd_image.c - takes any file as private memory of a guest and shows what lies in DRAM
//
// The file is written through the engine (RTL and model in lock-step), looked at from behind, compared with the functional
// model, and read back. A BMP or PPM/PGM is also drawn: as it is, with AES alone, and as it lies in DRAM (--png).
#include <stdlib.h>
#include <string.h>

#include "cli/cmd.h"
#include "core/args.h"
#include "core/bench.h"
#include "core/json.h"
#include "core/log.h"
#include "util/draw.h"
#include "util/file.h"
#include "util/mode.h"
#include "util/png.h"
#include "util/stats.h"

int cmd_image(int argc, char **argv);

#define ASID 1u
#define KEY_STREAM UINT64_C(0x696d61676500)
#define FILE_LIMIT (UINT64_C(256) << 10)

typedef struct image_args {
  bench_opt_t bench;
  cbit_mode_t mode;
  const char *out, *json;
  uint64_t base, limit;
  uint32_t lines;
  bool full, png;
} image_args_t;

typedef struct image {
  const image_args_t *a;
  const char *path;
  bench_t *b;
  uint8_t *plain, *dram, *back;
  size_t len;
  uint64_t whole;
  uint8_t key[64];
  cbit_slot_key_t slot_key;
  cbit_tweak_table_t table;
  bench_rsp_t wrote, read;
  uint32_t failed;
} image_t;

static void verdict(image_t *m, bool good, const char *what) {
  printf("  %s%-6s%s %s\n", log_colour(stdout, good ? LOG_GREEN : LOG_RED), good ? "ok" : "FAILED", log_colour(stdout, LOG_PLAIN),
         what);
  if (!good) m->failed++;
}

// Secure processor: mode, tweak constants where the mode needs them, a key pair from the seed.
static bool set_up(image_t *m) {
  rng_t seed, part;
  rng_seed(&seed, m->a->bench.seed);
  rng_split(&seed, KEY_STREAM, &part);
  rng_bytes(&part, m->key, sizeof(m->key));
  uint8_t kt[16];
  rng_bytes(&part, kt, sizeof(kt));
  if (cbit_slot_key_make(&m->slot_key, m->key, m->key + 32, bench_cfg(m->b)->key_bits) != CBIT_OK) return false;
  const bool linear = m->a->mode == CBIT_MODE_XE_LIN || m->a->mode == CBIT_MODE_XEX_LIN;
  if (m->a->mode == CBIT_MODE_XE_LIN) {  // this mode exists for study: it needs the debug strap
    bench_debug(m->b, true);
    bench_run(m->b, 2);
  }
  if (!bench_ctrl(m->b, m->a->mode, true, false)) {
    if (!bench_failed(m->b)) log_error("configuration %s refuses mode %s", engine_config_name(bench_engine(m->b)), mode_name(m->a->mode));
    return false;
  }
  if (linear) {
    cbit_tweak_table_make(&m->table, CBIT_TWEAK_FULL, kt);
    if (bench_tweak_table(m->b, &m->table) != CBIT_KEY_OK) return false;
  }
  return bench_key_load(m->b, ASID, m->key, m->key + 32) == CBIT_KEY_OK && bench_slot_activate(m->b, ASID) == CBIT_KEY_OK;
}

static void describe(image_t *m, const char *name, const uint8_t *data) {
  const double zstd = stats_zstd(data, m->len);
  printf("%s\n", name);
  file_hexdump(stdout, "  ", m->a->base, data, m->len < (size_t)m->a->lines * 16 ? m->len : (size_t)m->a->lines * 16);
  printf("  entropy %.3f bits a byte (random data of this length: %.3f), deflate to %.1f %%", stats_entropy(data, m->len),
         stats_entropy_random(m->len), stats_deflate(data, m->len));
  if (zstd >= 0) printf(", zstd to %.1f %%", zstd);
  printf(", %zu of %zu blocks repeat an earlier one\n", stats_repeats(data, m->len), m->len / 16);
}

static void describe_json(json_t *j, const image_t *m, const char *name, const uint8_t *data) {
  json_object(j, name);
  json_hex(j, "first", data, m->len < 64 ? m->len : 64);
  json_real(j, "entropy", stats_entropy(data, m->len));
  json_real(j, "deflate_percent", stats_deflate(data, m->len));
  json_real(j, "zstd_percent", stats_zstd(data, m->len));
  json_u64(j, "repeated_blocks", stats_repeats(data, m->len));
  json_close(j);
}

static bool draw(image_t *m) {
  draw_format_t f;
  char dir_err[FILE_ERR_LEN], path[1024];
  if (!draw_recognise(m->plain, m->len, m->whole, &f)) {
    log_error("option --png: '%s' is neither a BMP (24 or 32 bit, not compressed) nor a PPM/PGM (P6, P5)", m->path);
    return false;
  }
  const char *dir = m->a->out != NULL ? m->a->out : "build/out";
  if (!file_make_dirs(dir, dir_err)) {
    log_error("%s", dir_err);
    return false;
  }
  uint8_t *ecb = (uint8_t *)log_alloc(m->len);
  memcpy(ecb, m->plain, m->len);
  cbit_aes_encrypt_blocks(CBIT_PATH_AUTO, &m->slot_key.k1, m->plain, ecb, m->len / 16);
  draw_sheet_t s;
  draw_sheet_init(&s);
  draw_sheet_panel(&s, "The file", &f, m->plain, m->len);
  draw_sheet_panel(&s, "AES alone, no address (functional model)", &f, ecb, m->len);
  draw_sheet_panel(&s, "DRAM behind the engine", &f, m->dram, m->len);
  free(ecb);
  const char *slash = strrchr(m->path, '/');
  char name[300];
  snprintf(name, sizeof(name), "%.255s.png", slash != NULL ? slash + 1 : m->path);
  const bool ok = file_join(path, sizeof(path), dir, name) && png_write(path, s.rgb, s.width, s.height);
  draw_sheet_free(&s);
  if (ok) printf("picture of %u x %u pixels: %s\n", f.width, f.height, path);
  else log_error("cannot write the picture into '%s'", dir);
  return ok;
}

static bool move(image_t *m) {
  const cbit_attr_t who = {.requester = CBIT_REQ_GUEST, .asid = ASID, .cbit = 1};
  m->wrote = bench_write(m->b, &who, m->a->base, m->plain, m->len, NULL);
  if (!m->wrote.ok || !bench_drain(m->b)) return false;
  dram_peek(bench_dram(m->b), m->a->base, m->dram, m->len);
  m->read = bench_read(m->b, &who, m->a->base, m->back, m->len, NULL);
  return m->read.ok;
}

static void judge(image_t *m) {
  const size_t blocks = m->len & ~(size_t)15;
  verdict(m, m->wrote.resp == 0 && m->read.resp == 0, "the engine answered every burst with OKAY");
  verdict(m, memcmp(m->back, m->plain, m->len) == 0, "the guest reads the file back identical");
  if (blocks > 0) {
    uint8_t *want = (uint8_t *)log_alloc(blocks);
    const cbit_status_t rc = cbit_crypt_encrypt(m->a->mode, &m->slot_key, &m->table, m->a->base, m->plain, want, blocks);
    verdict(m, rc == CBIT_OK && memcmp(want, m->dram, blocks) == 0, "DRAM holds what the functional model says");
    free(want);
  }
  const stats_noise_t n = stats_is_noise(m->dram, m->plain, m->len);
  char text[160];
  if (m->a->mode == CBIT_MODE_NONE) {
    verdict(m, memcmp(m->dram, m->plain, m->len) == 0, "mode none: DRAM holds the file in plain");
  } else {
    snprintf(text, sizeof(text), "DRAM holds noise: %.2f %% of the bits differ from the file", 100.0 * n.differ);
    verdict(m, n.noise, text);
  }
}

static uint64_t compared(bench_t *b) {
  engine_t *e = bench_engine(b);
  uint64_t cycles = 0, count = 0;
  if (engine_kind(e) != ENGINE_LOCKSTEP) return 0;
  for (size_t i = 0; i < engine_compared_fields(e); i++) {
    engine_compared_field(e, i, &count);
    if (count > cycles) cycles = count;
  }
  return cycles;
}

static void report_json(image_t *m, bool good) {
  FILE *f = fopen(m->a->json, "w");
  json_t j;
  if (f == NULL) {
    log_error("option --json: cannot write '%s'", m->a->json);
    m->failed++;
    return;
  }
  json_begin(&j, f);
  json_text(&j, "file", m->path);
  json_u64(&j, "bytes", m->len);
  json_u64(&j, "file_bytes", m->whole);
  json_text(&j, "mode", mode_name(m->a->mode));
  json_u64(&j, "base", m->a->base);
  describe_json(&j, m, "plain", m->plain);
  describe_json(&j, m, "dram", m->dram);
  json_u64(&j, "write_cycles", m->wrote.cycles);
  json_u64(&j, "read_cycles", m->read.cycles);
  json_u64(&j, "cycles_compared", compared(m->b));
  json_u64(&j, "mismatches", engine_first_mismatch(bench_engine(m->b)) != NULL);
  json_text(&j, "verdict", good ? "ok" : "FAILED");
  json_end(&j);
  if (fclose(f) != 0) m->failed++;
}

static int play(image_t *m) {
  char size[32];
  printf("%s: %s as private memory of a guest at 0x%llx, engine %s, configuration %s, mode %s, seed 0x%llx\n", m->path,
         file_size_text(size, m->len), (unsigned long long)m->a->base, engine_kind_name(engine_kind(bench_engine(m->b))),
         engine_config_name(bench_engine(m->b)), mode_name(m->a->mode), (unsigned long long)m->a->bench.seed);
  if (m->whole > m->len) {
    printf("only the first %zu of %llu bytes are used (--full takes all)\n", m->len, (unsigned long long)m->whole);
  }
  bool good = bench_reset(m->b) && set_up(m) && move(m);
  if (good) {
    describe(m, "the file", m->plain);
    describe(m, "DRAM", m->dram);
    judge(m);
    printf("  writing %.2f bytes a cycle, reading %.2f, of %u\n", (double)m->len / (double)(m->wrote.cycles + 1),
           (double)m->len / (double)(m->read.cycles + 1), bench_bus_bytes(m->b));
    if (m->a->png && !draw(m)) m->failed++;
  } else if (!bench_failed(m->b)) {
    m->failed++;
  }
  bench_report(m->b, stdout);
  const bool lock = engine_kind(bench_engine(m->b)) == ENGINE_LOCKSTEP;
  const uint64_t cycles = compared(m->b);
  good = good && m->failed == 0 && !bench_failed(m->b) && (!lock || cycles > 0);
  if (lock) {
    printf("lock-step: %llu cycles compared, %llu values, %s\n", (unsigned long long)cycles,
           (unsigned long long)engine_compared_total(bench_engine(m->b)),
           engine_first_mismatch(bench_engine(m->b)) != NULL ? "a MISMATCH" : "0 mismatches");
  } else {
    printf("nothing was compared (engine %s)\n", engine_kind_name(engine_kind(bench_engine(m->b))));
  }
  if (m->a->json != NULL) report_json(m, good);
  printf("%s\n", good && m->failed == 0 ? "ok" : "FAILED");
  return good && m->failed == 0 ? 0 : 1;
}

static int run(const image_args_t *a, const char *path) {
  char err[FILE_ERR_LEN];
  image_t m;
  memset(&m, 0, sizeof(m));
  m.a = a;
  m.path = path;
  if (a->base % 16 != 0 || a->base >= UINT64_C(1) << 51) {
    log_error("option --base: must be a multiple of 16 below 2^51");
    return 2;
  }
  if (!file_read(path, a->full ? (size_t)1 << 30 : (size_t)a->limit, &m.plain, &m.len, &m.whole, err)) {
    log_error("%s", err);
    return 2;
  }
  int rc = 2;
  if (m.len == 0) {
    log_error("'%s' has no bytes", path);
  } else if ((m.b = bench_open(&a->bench, err)) == NULL) {
    log_error("%s", err);
  } else if (a->base + m.len > UINT64_C(1) << bench_cfg(m.b)->spa_width) {
    log_error("the file does not fit below 2^%u at this base", bench_cfg(m.b)->spa_width);
    bench_close(m.b);
  } else {
    m.dram = (uint8_t *)log_alloc(m.len);
    m.back = (uint8_t *)log_alloc(m.len);
    rc = play(&m);
    if (!bench_close(m.b) && rc == 0) rc = 1;
  }
  free(m.plain);
  free(m.dram);
  free(m.back);
  return rc;
}

int cmd_image(int argc, char **argv) {
  image_args_t a;
  memset(&a, 0, sizeof(a));
  a.bench.engine.config = "full";
  a.bench.seed = 1;
  a.mode = CBIT_MODE_XTS_L64;
  a.base = UINT64_C(1) << 32;
  a.limit = FILE_LIMIT;
  a.lines = 4;
  const arg_option_t options[] = {
      BENCH_ARGS(&a.bench),
      {"mode", ARG_CALL, &a.mode, "MODE", "tweak mode: " MODE_NAMES " (default xts_l64)", mode_arg},
      {"base", ARG_U64, &a.base, "ADDR", "address of the first byte (default 0x100000000)", NULL},
      {"png", ARG_FLAG, &a.png, NULL, "draw a BMP or PPM: file, AES alone, DRAM", NULL},
      {"out", ARG_TEXT, &a.out, "DIR", "folder for the picture (default build/out)", NULL},
      {"lines", ARG_U32, &a.lines, "N", "lines of the dumps (default 4)", NULL},
      {"full", ARG_FLAG, &a.full, NULL, "use the whole file, whatever its size", NULL},
      {"limit", ARG_U64, &a.limit, "BYTES", "use at most so much of it (default 256Ki)", NULL},
      {"json", ARG_TEXT, &a.json, "FILE", "report as JSON", NULL},
      {NULL, ARG_FLAG, NULL, NULL, NULL, NULL}};
  const arg_table_t table = {"image FILE [options]", "Writes a file through the engine as a guest's private memory.", options, 1, 1};
  uint32_t operands = 0;
  const arg_result_t r = args_parse(&table, argc, argv, &operands);
  if (r != ARGS_OK) return r == ARGS_HELP ? 0 : 2;
  if (a.limit == 0 || a.limit > (UINT64_C(1) << 30)) {
    log_error("option --limit: 1 byte to 1 GiB");
    return 2;
  }
  char repeat[2048];
  snprintf(repeat, sizeof(repeat), "build/cbit image '%.1000s' --config %.200s --engine %s --mode %s --base 0x%llx --seed 0x%llx --limit %llu%s",
           argv[1], a.bench.engine.config, engine_kind_name(a.bench.engine.kind), mode_name(a.mode), (unsigned long long)a.base,
           (unsigned long long)a.bench.seed, (unsigned long long)a.limit,
           a.full ? " --full" : "");
  a.bench.repeat = repeat;
  return run(&a, argv[1]);
}
