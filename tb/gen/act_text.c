// SPDX-License-Identifier: Apache-2.0
//
// act_text.c - recorded stimulus as text (the form is described in act.h)
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "gen/act.h"

#define LINE 1024u

typedef struct field {
  const char *name;
  size_t offset, size;  // size: 1, 2, 4, 8 bytes; 0 = signed 4
  uint64_t max;         // 0 = whatever fits
} field_t;

#define A(n, m) {n, offsetof(act_t, m), sizeof(((act_t *)0)->m), 0}
#define AM(n, m, most) {n, offsetof(act_t, m), sizeof(((act_t *)0)->m), most}
#define D(m) {#m, offsetof(dram_opt_t, m), sizeof(((dram_opt_t *)0)->m), 0}
#define DB(m) {#m, offsetof(dram_opt_t, m), sizeof(((dram_opt_t *)0)->m), 1}  // bool
#define H(m) {#m, offsetof(host_opt_t, m), sizeof(((host_opt_t *)0)->m), 0}
#define END {NULL, 0, 0, 0}

// What reads and writes have in common. The limits are the widths of the pins.
#define REQ_FIELDS                                                                                                    \
  AM("id", req.id, 255), A("addr", req.addr), A("len", req.len), AM("size", req.size, 7), AM("burst", req.burst, 3),  \
      AM("lock", req.lock, 1), AM("cache", req.cache, 15), AM("prot", req.prot, 7), AM("qos", req.qos, 15),           \
      AM("region", req.region, 15), A("user", req.user), A("delay", req.ax_delay)

static const field_t read_fields[] = {REQ_FIELDS, END};
static const field_t write_fields[] = {REQ_FIELDS,
                                       A("late", req.w_late),
                                       AM("wlast", req.bad_wlast, 2),
                                       A("data", data),
                                       A("strobe", strobe),
                                       AM("entries", entries, 1),
                                       A("q1", q1),
                                       A("q2", q2),
                                       A("step", step),
                                       END};
static const field_t sp_fields[] = {AM("write", sp_write, 1),
                                    A("offset", sp_offset),
                                    A("value", sp_value),
                                    AM("strb", sp_strb, 15),
                                    {"skew", offsetof(act_t, sp_skew), 0, 0},
                                    A("wait", sp_wait),
                                    END};
static const field_t dram_fields[] = {
    D(latency),    D(lat_min),  D(lat_max),     D(bank_count),    D(row_bytes),    DB(half_duplex),  D(run_beats),
    D(turnaround), DB(reorder), DB(interleave), DB(no_exclusive), D(max_reads),    D(max_writes),    D(stall_aw),
    D(stall_w),    D(stall_ar), D(stall_r),     D(stall_b),       D(err_read_ppm), D(err_write_ppm), END};
static const field_t host_fields[] = {H(stall_r), H(stall_b), H(stall_aw), H(stall_w), H(stall_ar), H(max_reads),
                                      H(max_writes), END};
static const field_t on_fields[] = {A("on", value), END};
static const field_t kind_fields[] = {AM("kind", value, 3), END};
static const field_t reset_fields[] = {A("cycles", value), END};
static const field_t insn_fields[] = {AM("port", port, CBIT_MAX_INSN - 1),
                                      AM("op", insn.pins.op, 7),
                                      AM("cpl", insn.pins.cpl, 3),
                                      AM("asid", insn.pins.asid, 1023),
                                      AM("vmpl", insn.pins.vmpl, 3),
                                      AM("snp", insn.pins.snp_active, 1),
                                      AM("ec", insn.pins.ec, 1),
                                      AM("spa", insn.pins.spa_page, 0xffffffffff),
                                      AM("gpa", insn.pins.gpa_page, 0x7fffffffff),
                                      A("rax", insn.pins.rax),
                                      A("arg0", arg[0]),
                                      A("arg1", arg[1]),
                                      A("hold", insn.hold),
                                      A("wait", insn.wait),
                                      A("inv", insn.inv_wait),
                                      AM("look", insn.inv_look, 1),
                                      END};
static const field_t mark_fields[] = {AM("slot", mark.slot, CBIT_MAX_USE - 1), AM("set", mark.set, 1),
                                      AM("page", mark.page, 0xffffffffff), END};
static const field_t chk_fields[] = {AM("port", port, CBIT_MAX_CHK - 1),
                                     AM("req", chk.pins.req, 7),
                                     AM("op", chk.pins.op, 15),
                                     AM("map", chk.pins.map_size, 3),
                                     AM("ec", chk.pins.ec, 1),
                                     AM("asid", chk.pins.asid, 1023),
                                     AM("vmpl", chk.pins.vmpl, 3),
                                     AM("cpl", chk.pins.cpl, 3),
                                     AM("ss", chk.pins.ss, 1),
                                     AM("snp", chk.pins.snp_active, 1),
                                     AM("spa", chk.pins.spa_page, 0xffffffffff),
                                     AM("gpa", chk.pins.gpa_page, 0x7fffffffff),
                                     A("hold", chk.hold),
                                     A("wait", chk.wait),
                                     END};

static const struct {
  const char *name;
  const field_t *fields;
} kinds[ACT_KINDS] = {[ACT_WRITE] = {"write", write_fields}, [ACT_READ] = {"read", read_fields},
                      [ACT_SP] = {"sp", sp_fields},          [ACT_DRAM] = {"dram", dram_fields},
                      [ACT_HOST] = {"host", host_fields},    [ACT_ZEROISE] = {"zeroise", on_fields},
                      [ACT_DEBUG] = {"debug", on_fields},    [ACT_ENTROPY] = {"entropy", kind_fields},
                      [ACT_RESET] = {"reset", reset_fields},
                      [ACT_INSN] = {"insn", insn_fields},    [ACT_MARK] = {"mark", mark_fields},
                      [ACT_CHK] = {"chk", chk_fields}};

// Members live in the act, or in the profile it points to.
static uint8_t *base_of(const act_t *a) {
  if (a->kind == ACT_DRAM) return (uint8_t *)a->dram;
  if (a->kind == ACT_HOST) return (uint8_t *)a->host;
  return (uint8_t *)(uintptr_t)a;
}

static uint64_t get(const uint8_t *p, size_t size) {
  uint64_t v = 0;
  memcpy(&v, p, size == 0 ? 4 : size);  // little-endian hosts only, as the shim
  return v;
}

static void print_act(const act_t *a, FILE *to) {
  fprintf(to, "@%" PRIu64 " %s", a->cycle, kinds[a->kind].name);
  for (const field_t *f = kinds[a->kind].fields; f->name != NULL; f++) {
    const uint64_t v = get(base_of(a) + f->offset, f->size);
    if (v == 0) continue;
    if (f->size == 0) {
      fprintf(to, " %s=%" PRId32, f->name, (int32_t)(uint32_t)v);
    } else {
      fprintf(to, v > 9 && f->size > 2 ? " %s=0x%" PRIx64 : " %s=%" PRIu64, f->name, v);
    }
  }
  fputc('\n', to);
}

bool act_list_write(const act_list_t *l, const char *path, const char *comment, char err[TB_ERR_LEN]) {
  FILE *f = fopen(path, "w");
  if (f == NULL) {
    snprintf(err, TB_ERR_LEN, "cannot write %.300s: %s", path, strerror(errno));
    return false;
  }
  fprintf(f, "# cbit random --replay FILE plays this; the form is described in tb/gen/act.h\n");
  if (comment != NULL) fprintf(f, "# %s\n", comment);
  fprintf(f, "config %s\nengine %s\nseed 0x%" PRIx64 "\ncycles %" PRIu64 "\n", l->config, engine_kind_name(l->engine),
          l->seed, l->cycles);
  if (l->dut[0] != '\0') fprintf(f, "dut %s\n", l->dut);
  for (size_t i = 0; i < l->n; i++) print_act(&l->at[i], f);
  if (fclose(f) != 0) {
    snprintf(err, TB_ERR_LEN, "cannot write %.300s", path);
    return false;
  }
  return true;
}

// ---- reading ----------------------------------------------------------------------------------------------------

static bool number(const char *text, uint64_t *v) {
  char *end = NULL;
  errno = 0;
  if (text[0] == '-') {
    *v = (uint64_t)strtoll(text, &end, 0);
  } else {
    *v = strtoull(text, &end, 0);
  }
  return errno == 0 && end != text && *end == '\0';
}

// One "name=value" of an act. False: text in why.
static bool set_field(act_t *a, char *word, char why[128]) {
  char *eq = strchr(word, '=');
  uint64_t v = 0;
  if (eq == NULL || !number(eq + 1, &v)) {
    snprintf(why, 128, "'%.60s' is not NAME=NUMBER", word);
    return false;
  }
  *eq = '\0';
  for (const field_t *f = kinds[a->kind].fields; f->name != NULL; f++) {
    if (strcmp(f->name, word) != 0) continue;
    if ((f->size != 0 && f->size < 8 && v >> (8 * f->size) != 0) || (f->max != 0 && v > f->max)) {
      snprintf(why, 128, "%.60s is too large", word);
      return false;
    }
    memcpy(base_of(a) + f->offset, &v, f->size == 0 ? 4 : f->size);
    return true;
  }
  snprintf(why, 128, "'%s' has no '%.60s'", kinds[a->kind].name, word);
  return false;
}

static bool parse_act(act_list_t *l, char *line, char why[128]) {
  dram_opt_t dram = {0};
  host_opt_t host = {0};
  act_t a = {.dram = &dram, .host = &host};
  char *save = NULL;
  char *word = strtok_r(line + 1, " \t", &save);
  if (word == NULL || !number(word, &a.cycle)) {
    snprintf(why, 128, "no cycle after @");
    return false;
  }
  word = strtok_r(NULL, " \t", &save);
  while (word != NULL && a.kind < ACT_KINDS && strcmp(kinds[a.kind].name, word) != 0) a.kind++;
  if (word == NULL || a.kind == ACT_KINDS) {
    snprintf(why, 128, "no act '%.60s'", word != NULL ? word : "");
    return false;
  }
  a.req.write = a.kind == ACT_WRITE;
  while ((word = strtok_r(NULL, " \t", &save)) != NULL) {
    if (!set_field(&a, word, why)) return false;
  }
  if (a.kind != ACT_DRAM) a.dram = NULL;
  if (a.kind != ACT_HOST) a.host = NULL;
  if (l->n > 0 && a.cycle < l->at[l->n - 1].cycle) {
    snprintf(why, 128, "cycle %" PRIu64 " comes after cycle %" PRIu64, a.cycle, l->at[l->n - 1].cycle);
    return false;
  }
  act_list_add(l, &a);
  return true;
}

static bool parse_head(act_list_t *l, char *line, char why[128]) {
  char *save = NULL;
  const char *name = strtok_r(line, " \t", &save);
  const char *value = strtok_r(NULL, " \t", &save);
  if (value == NULL) {
    snprintf(why, 128, "'%.60s' has no value", name);
    return false;
  }
  if (strcmp(name, "config") == 0) {
    snprintf(l->config, sizeof(l->config), "%s", value);
    return true;
  }
  if (strcmp(name, "dut") == 0) {
    snprintf(l->dut, sizeof(l->dut), "%s", value);
    return true;
  }
  if (strcmp(name, "engine") == 0 && engine_kind_parse(value, &l->engine)) return true;
  if (strcmp(name, "seed") == 0 && number(value, &l->seed)) return true;
  if (strcmp(name, "cycles") == 0 && number(value, &l->cycles)) return true;
  snprintf(why, 128, "cannot use '%.40s %.40s'", name, value);
  return false;
}

bool act_list_read(act_list_t *l, const char *path, char err[TB_ERR_LEN]) {
  memset(l, 0, sizeof(*l));
  snprintf(l->config, sizeof(l->config), "default");
  FILE *f = fopen(path, "r");
  if (f == NULL) {
    snprintf(err, TB_ERR_LEN, "cannot read %.300s: %s", path, strerror(errno));
    return false;
  }
  char line[LINE];
  char why[128];
  bool good = true;
  for (uint32_t n = 1; good && fgets(line, sizeof(line), f) != NULL; n++) {
    line[strcspn(line, "\r\n")] = '\0';
    if (line[0] == '#' || line[strspn(line, " \t")] == '\0') continue;
    good = line[0] == '@' ? parse_act(l, line, why) : parse_head(l, line, why);
    if (!good) snprintf(err, TB_ERR_LEN, "%.300s:%u: %s", path, n, why);
  }
  fclose(f);
  if (!good) act_list_clear(l);
  return good;
}
