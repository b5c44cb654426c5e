// SPDX-License-Identifier: Apache-2.0
//
// perf_report.c - tables for people and JSON for programs (perf.h)
#include <stdio.h>
#include <string.h>

#include "chk/perf.h"
#include "core/json.h"
#include "core/log.h"
#include "util/file.h"

static double per_cycle(uint64_t beats, uint64_t cycles) { return cycles == 0 ? 0 : (double)beats / (double)cycles; }

static const char *verdict(const perf_row_t *r) {
  if (!r->ok) return "MISS";
  if (r->kind == PERF_RMP) return r->limit < 0 ? "told" : "ok";
  return r->limit <= 0 && r->kind != PERF_COUNT && !(r->kind == PERF_LATENCY && r->limit == 0) ? "told" : "ok";
}

// By how much a row misses, or its note.
static void remark(const perf_row_t *r, char *buf, size_t size) {
  size_t n = 0;
  buf[0] = '\0';
  if (!r->ok && r->kind == PERF_THROUGHPUT) {
    if (r->limit > 0 && r->ratio < r->limit) {
      n += (size_t)snprintf(buf + n, size - n, "engine on: %.4f below %.3f; ", r->limit - r->ratio, r->limit);
    }
    if (r->wire_limit > 0 && r->wire_ratio < r->wire_limit) {
      n += (size_t)snprintf(buf + n, size - n, "bypassed: %.4f below %.2f; ", r->wire_limit - r->wire_ratio, r->wire_limit);
    }
    if (r->plain_cycles != 0 && per_cycle(r->bypass_cycles, r->plain_cycles) < PERF_RATIO) {
      n += (size_t)snprintf(buf + n, size - n, "C=0: %.4f below %.2f; ",
                            PERF_RATIO - per_cycle(r->bypass_cycles, r->plain_cycles), PERF_RATIO);
    }
  } else if (!r->ok && r->kind == PERF_RMP) {
    n += (size_t)snprintf(buf + n, size - n, "%+.2f from the limit; ", r->value - r->limit);
  } else if (!r->ok && r->kind != PERF_COUNT && r->limit >= 0) {
    n += (size_t)snprintf(buf + n, size - n, "%+lld cycles from the limit; ",
                          (long long)(r->added_latency - (int64_t)r->limit));
  }
  if (n < size) snprintf(buf + n, size - n, "%s", r->note);
}

static void limit_text(const perf_row_t *r, char buf[24]) {
  if (r->kind == PERF_THROUGHPUT) {
    snprintf(buf, 24, r->limit > 0 ? "%.3f" : "-", r->limit);
  } else {
    snprintf(buf, 24, r->limit >= 0 ? "%.0f" : "-", r->limit);
  }
}

static void throughput(const perf_t *p, FILE *to) {
  const char *config = NULL;
  for (size_t i = 0; i < p->rows; i++) {
    const perf_row_t *r = &p->row[i];
    if (r->kind != PERF_THROUGHPUT) continue;
    if (config == NULL || strcmp(config, r->config) != 0) {
      fprintf(to, "\nthroughput, configuration %s: %u lane%s, AES-%u, %u round%s a stage (beats a cycle of %u bytes)\n",
              r->config, r->lanes, r->lanes > 1 ? "s" : "", r->key_bits, r->rounds_per_stage,
              r->rounds_per_stage > 1 ? "s" : "", 16 * r->lanes);
      fprintf(to, "%4s %-12s %-10s %5s %4s %-4s %7s %7s %7s %7s  %8s %7s %6s  %s\n", "mode", "op", "pattern", "burst", "ids",
              "mem", "wire", "bypass", "C=0", "C=1", "byp/wire", "on/byp", "limit", "");
      config = r->config;
    }
    char plain[16] = "-";
    char limit[24];
    char note[400];
    if (r->plain_cycles != 0) snprintf(plain, sizeof(plain), "%.4f", per_cycle(r->beats, r->plain_cycles));
    limit_text(r, limit);
    remark(r, note, sizeof(note));
    fprintf(to, "%4u %-12s %-10s %5u %4u %-4s %7.4f %7.4f %7s %7.4f  %8.4f %7.4f %6s  %-4s %s\n", r->mode, r->op, r->pattern,
            r->burst, r->ids, r->memory, per_cycle(r->beats, r->wire_cycles), per_cycle(r->beats, r->bypass_cycles), plain,
            per_cycle(r->beats, r->encrypted_cycles), r->wire_ratio, r->ratio, limit, verdict(r), note);
  }
}

static void latency(const perf_t *p, FILE *to) {
  bool head = false;
  for (size_t i = 0; i < p->rows; i++) {
    const perf_row_t *r = &p->row[i];
    if (r->kind != PERF_LATENCY && r->kind != PERF_COUNT) continue;
    if (!head) {
      fprintf(to, "\nsingle transactions on an idle bus (cycles, address handshake to first data or response)\n");
      fprintf(to, "%-10s %4s %-26s %5s %5s %6s %6s %6s %6s %6s  %s\n", "config", "mode", "what", "beats", "DRAM", "wire",
              "bypass", "on", "added", "limit", "");
      head = true;
    }
    char limit[24];
    char note[400];
    limit_text(r, limit);
    if (r->kind == PERF_COUNT) snprintf(limit, sizeof(limit), "-");
    remark(r, note, sizeof(note));
    fprintf(to, "%-10s %4u %-26s %5u %5u %6llu %6llu %6llu %6lld %6s  %-4s %s\n", r->config, r->mode, r->op, r->burst,
            r->dram_latency, (unsigned long long)r->wire_cycles, (unsigned long long)r->bypass_cycles,
            (unsigned long long)r->encrypted_cycles, (long long)r->added_latency, limit, verdict(r), note);
  }
}

static void residence(const perf_t *p, FILE *to) {
  bool head = false;
  for (size_t i = 0; i < p->rows; i++) {
    const perf_row_t *r = &p->row[i];
    if (r->kind != PERF_RESIDENCE) continue;
    if (!head) {
      fprintf(to, "\nC = 0 read beats among encrypted ones: cycles inside the engine (1 when bypassed)\n");
      fprintf(to, "%-10s %4s %-13s %-11s %5s %-4s %8s %6s %6s  %s\n", "config", "mode", "what", "pattern", "burst", "mem",
              "beats", "added", "limit", "");
      head = true;
    }
    char limit[24];
    char note[400];
    limit_text(r, limit);
    remark(r, note, sizeof(note));
    fprintf(to, "%-10s %4u %-13s %-11s %5u %-4s %8llu %6lld %6s  %-4s %s\n", r->config, r->mode, r->op, r->pattern, r->burst,
            r->memory, (unsigned long long)r->beats, (long long)r->added_latency, limit, verdict(r), note);
  }
}

static void rmp(const perf_t *p, FILE *to) {
  bool head = false;
  for (size_t i = 0; i < p->rows; i++) {
    const perf_row_t *r = &p->row[i];
    if (r->kind != PERF_RMP) continue;
    if (!head) {
      fprintf(to, "\nRMP check and RMP instructions (cycles; check off = the same access without the check)\n");
      fprintf(to, "%-8s %-10s %-16s %5s %-4s %4s %5s %5s %7s %5s  %7s %-17s %6s  %s\n", "config", "op", "what", "beats",
              "mem", "DRAM", "off", "min", "mean", "max", "value", "", "limit", "");
      head = true;
    }
    char limit[24];
    char off[24] = "-";
    char cycles[64];
    char note[400];
    snprintf(limit, sizeof(limit), r->limit >= 0 ? "%.0f" : "-", r->limit);
    snprintf(cycles, sizeof(cycles), "%5s %7s %5s", "-", "-", "-");
    if (r->max_cycles != 0) {
      snprintf(cycles, sizeof(cycles), "%5llu %7.1f %5llu", (unsigned long long)r->min_cycles, r->mean_cycles,
               (unsigned long long)r->max_cycles);
    }
    // Of a flow these are the cycles of all its beats.
    if (r->off_cycles != 0 && r->beats == 0) snprintf(off, sizeof(off), "%llu", (unsigned long long)r->off_cycles);
    remark(r, note, sizeof(note));
    fprintf(to, "%-8s %-10s %-16s %5u %-4s %4u %5s %s  %7.4g %-17s %6s  %-4s %s\n", r->config, r->op, r->pattern, r->burst,
            r->memory, r->dram_latency, off, cycles, r->value, r->unit, limit, verdict(r), note);
  }
}

static void speed(const perf_t *p, FILE *to) {
  const perf_speed_t *s = &p->speed;
  if (!p->have_speed) return;
  fprintf(to, "\nspeed on this machine (one lane, whole bench around the engine)\n");
  fprintf(to, "  simulated cycles a second   RTL %.0f   model %.0f   lock-step %.0f   bench alone (wire) %.0f\n", s->rtl_hz,
          s->model_hz, s->lockstep_hz, s->wire_hz);
  fprintf(to, "  the same in random tests    RTL %.0f   model %.0f   lock-step %.0f\n", s->rtl_random_hz, s->model_random_hz,
          s->lockstep_random_hz);
  if (s->model_snp_hz > 0) {
    fprintf(to, "  saturating, RMP check on    RTL %.0f   model %.0f   lock-step %.0f\n", s->rtl_snp_hz, s->model_snp_hz,
            s->lockstep_snp_hz);
  }
  fprintf(to, "  functional model, 4 KiB     mode 5 encrypt %.0f MB/s, decrypt %.0f MB/s; mode 4 encrypt %.0f MB/s\n",
          s->crypt_mb_s, s->crypt_dec_mb_s, s->crypt_l64_mb_s);
  fprintf(to, "  OpenSSL EVP aes-128-xts     encrypt %.0f MB/s, decrypt %.0f MB/s: model / OpenSSL = %.2f, %.2f\n",
          s->openssl_mb_s, s->openssl_dec_mb_s, s->openssl_mb_s > 0 ? s->crypt_mb_s / s->openssl_mb_s : 0,
          s->openssl_dec_mb_s > 0 ? s->crypt_dec_mb_s / s->openssl_dec_mb_s : 0);
}

void perf_print(const perf_t *p, FILE *to) {
  latency(p, to);
  residence(p, to);
  throughput(p, to);
  rmp(p, to);
  speed(p, to);
}

static const char *kind_name(perf_kind_t k) {
  static const char *const name[] = {"throughput", "latency", "residence", "count", "rmp"};
  return name[k];
}

static void row_json(json_t *j, const perf_row_t *r) {
  json_object(j, NULL);
  json_text(j, "name", r->name);
  json_text(j, "kind", kind_name(r->kind));
  json_text(j, "config", r->config);
  json_u64(j, "lanes", r->lanes);
  json_u64(j, "rounds_per_stage", r->rounds_per_stage);
  json_u64(j, "key_bits", r->key_bits);
  json_u64(j, "mode", r->mode);
  json_text(j, "op", r->op);
  json_text(j, "pattern", r->pattern);
  json_u64(j, "burst", r->burst);
  json_u64(j, "ids", r->ids);
  json_text(j, "memory", r->memory);
  json_u64(j, "dram_latency", r->dram_latency);
  json_u64(j, "beats", r->beats);
  json_u64(j, "wire_cycles", r->wire_cycles);
  json_u64(j, "bypass_cycles", r->bypass_cycles);
  json_u64(j, "plain_cycles", r->plain_cycles);
  json_u64(j, "encrypted_cycles", r->encrypted_cycles);
  json_real(j, "wire_ratio", r->wire_ratio);
  json_real(j, "ratio", r->ratio);
  json_i64(j, "added_latency", r->added_latency);
  json_u64(j, "dram_reads", r->dram_reads);
  json_u64(j, "dram_writes", r->dram_writes);
  json_real(j, "limit", r->limit);
  if (r->kind == PERF_RMP) {
    json_text(j, "unit", r->unit);
    json_real(j, "value", r->value);
    json_u64(j, "min_cycles", r->min_cycles);
    json_real(j, "mean_cycles", r->mean_cycles);
    json_u64(j, "max_cycles", r->max_cycles);
  }
  if (r->kind == PERF_RMP || r->rmp_asks != 0) {
    json_u64(j, "off_cycles", r->off_cycles);
    json_u64(j, "rmp_asks", r->rmp_asks);
    json_u64(j, "rmp_misses", r->rmp_misses);
    json_u64(j, "rmp_reads", r->rmp_reads);
  }
  json_bool(j, "judged", strcmp(verdict(r), "told") != 0);
  json_bool(j, "ok", r->ok);
  json_text(j, "note", r->note);
  json_close(j);
}

bool perf_json(const perf_t *p, const char *path) {
  char folder[512];
  char err[FILE_ERR_LEN];
  snprintf(folder, sizeof(folder), "%s", path);
  char *slash = strrchr(folder, '/');
  if (slash != NULL && slash != folder) {
    *slash = '\0';
    if (!file_make_dirs(folder, err)) {
      log_error("%s", err);
      return false;
    }
  }
  FILE *to = fopen(path, "w");
  if (to == NULL) {
    log_error("cannot write %s", path);
    return false;
  }
  json_t j;
  json_begin(&j, to);
  json_array(&j, "rows");
  for (size_t i = 0; i < p->rows; i++) row_json(&j, &p->row[i]);
  json_close(&j);
  json_object(&j, "speed");
  const perf_speed_t *s = &p->speed;
  json_real(&j, "rtl_hz", s->rtl_hz);
  json_real(&j, "model_hz", s->model_hz);
  json_real(&j, "lockstep_hz", s->lockstep_hz);
  json_real(&j, "rtl_snp_hz", s->rtl_snp_hz);
  json_real(&j, "model_snp_hz", s->model_snp_hz);
  json_real(&j, "lockstep_snp_hz", s->lockstep_snp_hz);
  json_real(&j, "rtl_random_hz", s->rtl_random_hz);
  json_real(&j, "model_random_hz", s->model_random_hz);
  json_real(&j, "lockstep_random_hz", s->lockstep_random_hz);
  json_real(&j, "crypt_mb_s", s->crypt_mb_s);
  json_real(&j, "crypt_decrypt_mb_s", s->crypt_dec_mb_s);
  json_real(&j, "crypt_mode4_mb_s", s->crypt_l64_mb_s);
  json_real(&j, "openssl_mb_s", s->openssl_mb_s);
  json_real(&j, "openssl_decrypt_mb_s", s->openssl_dec_mb_s);
  json_close(&j);
  json_end(&j);
  if (fclose(to) == 0) return true;
  log_error("cannot write %s", path);
  return false;
}
