// SPDX-License-Identifier: Apache-2.0
//
// engine.c - model, RTL, both in lock-step, or a wire, behind engine.h
#include "core/engine.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "chk/lockstep.h"
#include "core/engine_wire.h"
#include "core/log.h"
#include "core/wave.h"
#include "shim/dut.h"

// Functions of the shared object.
typedef struct dut_api {
  uint32_t (*abi_version)(void);
  void (*sizes)(size_t sizes[3]);
  void (*cfg)(cbit_cyc_cfg_t *cfg);
  dut_t *(*make)(void);
  void (*end)(dut_t *d);
  void (*outputs)(dut_t *d, cbit_pins_out_t *out);
  void (*clock)(dut_t *d, const cbit_pins_in_t *in);
  const char *(*error)(const dut_t *d);
  int (*trace_open)(dut_t *d, const char *path, uint64_t cycle);
  void (*trace_close)(dut_t *d);
  int (*coverage_write)(dut_t *d, const char *path);
} dut_api_t;

struct engine {
  engine_kind_t kind;
  cbit_cyc_cfg_t cfg;
  char name[PATH_MAX];
  char dut_file[PATH_MAX];
  bool dut_given;
  void *so;
  dut_api_t api;
  dut_t *dut;
  cbit_cyc_t *model;
  cbit_pins_out_t out_rtl, out_model;
  const cbit_pins_out_t *out;
  bool fresh;  // outputs of this cycle were fetched
  uint64_t cycle;
  lockstep_t lock;
  bool wave, wave_open;
  uint64_t wave_from, wave_to;
  char wave_file[PATH_MAX];
};

static const char *const kind_name[] = {"lockstep", "model", "rtl", "wire"};

bool engine_kind_parse(const char *text, engine_kind_t *kind) {
  for (unsigned i = 0; i < 4; i++) {
    if (strcmp(text, kind_name[i]) == 0) {
      *kind = (engine_kind_t)i;
      return true;
    }
  }
  return false;
}

const char *engine_kind_name(engine_kind_t kind) { return kind_name[kind]; }

// POSIX hands functions out as data pointers; copying the bytes keeps the compiler content.
static bool symbol(engine_t *e, const char *name, void *to, char err[TB_ERR_LEN]) {
  void *p = dlsym(e->so, name);
  if (p == NULL) {
    snprintf(err, TB_ERR_LEN, "%.300s has no function %s: not an engine made by sim/verilator.mk", e->dut_file, name);
    return false;
  }
  memcpy(to, &p, sizeof(p));
  return true;
}

static bool load(engine_t *e, char err[TB_ERR_LEN]) {
  char path[PATH_MAX + 2];
  snprintf(path, sizeof(path), "%s%s", strchr(e->dut_file, '/') != NULL ? "" : "./", e->dut_file);
  e->so = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (e->so == NULL) {
    snprintf(err, TB_ERR_LEN, "cannot load the engine: %.400s", dlerror());
    return false;
  }
  dut_api_t *a = &e->api;
  const bool ok = symbol(e, "dut_abi_version", &a->abi_version, err) && symbol(e, "dut_sizes", &a->sizes, err) &&
                  symbol(e, "dut_cfg", &a->cfg, err) && symbol(e, "dut_new", &a->make, err) &&
                  symbol(e, "dut_free", &a->end, err) && symbol(e, "dut_outputs", &a->outputs, err) &&
                  symbol(e, "dut_clock", &a->clock, err) && symbol(e, "dut_error", &a->error, err) &&
                  symbol(e, "dut_trace_open", &a->trace_open, err) &&
                  symbol(e, "dut_trace_close", &a->trace_close, err) &&
                  symbol(e, "dut_coverage_write", &a->coverage_write, err);
  if (!ok) return false;
  size_t sizes[3];
  a->sizes(sizes);
  if (a->abi_version() != DUT_ABI_VERSION || sizes[0] != sizeof(cbit_cyc_cfg_t) ||
      sizes[1] != sizeof(cbit_pins_in_t) || sizes[2] != sizeof(cbit_pins_out_t)) {
    snprintf(err, TB_ERR_LEN, "%.300s was built for another version of this program: build it again", e->dut_file);
    return false;
  }
  return true;
}

// A traced build older than the plain one beside it shows another engine.
static void warn_if_older(const char *traced) {
  char plain[PATH_MAX];
  struct stat t;
  struct stat p;
  const char *dot = strstr(traced, ".trace.so");
  if (dot == NULL) return;
  snprintf(plain, sizeof(plain), "%.*s.so", (int)(dot - traced), traced);
  if (stat(traced, &t) == 0 && stat(plain, &p) == 0 && t.st_mtime < p.st_mtime) {
    log_note("%s is older than %s: make -f sim/verilator.mk %s", traced, plain, traced);
  }
}

// Finds the file and the parameters. With --dut the shared object says what it is.
static bool choose(engine_t *e, const engine_opt_t *opt, char err[TB_ERR_LEN]) {
  const bool rtl = e->kind == ENGINE_LOCKSTEP || e->kind == ENGINE_RTL;
  const char *config = opt->config != NULL ? opt->config : "default";
  snprintf(e->name, sizeof(e->name), "%s", opt->dut != NULL && rtl ? opt->dut : config);
  if (!rtl || opt->dut == NULL || opt->config != NULL) {
    if (!engine_config_find(config, &e->cfg, err)) return false;
  }
  if (!rtl) return true;
  if (opt->dut != NULL) {
    e->dut_given = true;
    snprintf(e->dut_file, sizeof(e->dut_file), "%s", opt->dut);
    // x.so with waves is x.trace.so beside it, if there is one.
    char traced[PATH_MAX + 8];
    const size_t len = strlen(opt->dut);
    const size_t stem = len > 3 && strcmp(opt->dut + len - 3, ".so") == 0 ? len - 3 : len;
    snprintf(traced, sizeof(traced), "%.*s.trace.so", (int)stem, opt->dut);
    if (opt->wave && access(traced, R_OK) == 0)
      snprintf(e->dut_file, sizeof(e->dut_file), "%.*s", PATH_MAX - 1, traced);
  } else {
    char rel[128];
    snprintf(rel, sizeof(rel), "build/dut/%.80s%s.so", config, opt->wave ? ".trace" : "");
    engine_project_path(e->dut_file, sizeof(e->dut_file), rel);
    if (access(e->dut_file, R_OK) != 0) {
      snprintf(err, TB_ERR_LEN, "%.300s is not there: make -f sim/verilator.mk %s", e->dut_file, rel);
      return false;
    }
  }
  if (opt->wave) warn_if_older(e->dut_file);
  if (!load(e, err)) return false;
  cbit_cyc_cfg_t built;
  e->api.cfg(&built);
  if (opt->dut != NULL && opt->config == NULL) {
    e->cfg = built;
  } else if (memcmp(&built, &e->cfg, sizeof(built)) != 0) {
    snprintf(err, TB_ERR_LEN, "%.200s was not built with the parameters of configuration %.80s in sim/configs.list",
             e->dut_file, config);
    return false;
  }
  return true;
}

engine_t *engine_open(const engine_opt_t *opt, char err[TB_ERR_LEN]) {
  engine_t *e = log_alloc(sizeof(*e));
  e->kind = opt->kind;
  if (!choose(e, opt, err)) goto fail;
  if (e->kind == ENGINE_LOCKSTEP || e->kind == ENGINE_MODEL) {
    const char *why = cbit_cyc_cfg_error(&e->cfg);
    if (why != NULL) {
      snprintf(err, TB_ERR_LEN, "the model refuses configuration %.200s: %.200s", e->name, why);
      goto fail;
    }
    e->model = cbit_cyc_create(&e->cfg);
    if (e->model == NULL) {
      snprintf(err, TB_ERR_LEN, "the model of configuration %.200s cannot be made", e->name);
      goto fail;
    }
  }
  if (e->so != NULL) {
    e->dut = e->api.make();
    e->api.outputs(e->dut, &e->out_rtl);
  }
  if (opt->wave) {
    if (e->so == NULL) {
      snprintf(err, TB_ERR_LEN, "option --wave: engine '%s' has no waves", engine_kind_name(e->kind));
      goto fail;
    }
    if (!wave_file_name(e->wave_file, sizeof(e->wave_file), opt, err)) goto fail;
    e->wave = true;
    e->wave_from = opt->wave_from;
    e->wave_to = opt->wave_to;
    // Ask now, not in the middle of the run.
    if (e->api.trace_open(e->dut, e->wave_file, 0) != 0) {
      snprintf(err, TB_ERR_LEN, "cannot dump waves to %.150s: %.150s has none built in, or the file cannot be written",
               e->wave_file, e->dut_file);
      goto fail;
    }
    e->api.trace_close(e->dut);
    if (!wave_save_file(e->wave_file, &e->cfg, e->wave_from, e->wave_to, err)) goto fail;
  }
  lockstep_init(&e->lock, 16 * e->cfg.lanes, e->cfg.rmp_insn != 0, e->cfg.rmp_chk);
  e->out = e->kind == ENGINE_MODEL || e->kind == ENGINE_WIRE ? &e->out_model : &e->out_rtl;
  return e;
fail:
  engine_close(e);
  return NULL;
}

void engine_close(engine_t *e) {
  if (e == NULL) return;
  if (e->dut != NULL) e->api.end(e->dut);
  if (e->model != NULL) cbit_cyc_free(e->model);
  // The shared object stays loaded: opening it again (shrinking, several tests) is then free. The system unloads it.
  free(e);
}

const cbit_pins_out_t *engine_outputs(engine_t *e) {
  if (e->fresh) return e->out;
  e->fresh = true;
  switch (e->kind) {
    case ENGINE_LOCKSTEP:
      e->api.outputs(e->dut, &e->out_rtl);
      cbit_cyc_outputs(e->model, &e->out_model);
      // Before the first clock with reset low the registers of the RTL hold nothing yet.
      if (e->cycle > 0) lockstep_compare(&e->lock, e->cycle, &e->out_rtl, &e->out_model);
      break;
    case ENGINE_MODEL:
      cbit_cyc_outputs(e->model, &e->out_model);
      break;
    case ENGINE_RTL:
      e->api.outputs(e->dut, &e->out_rtl);
      break;
    case ENGINE_WIRE:
    default:
      break;
  }
  return e->out;
}

void engine_clock(engine_t *e, const cbit_pins_in_t *in) {
  if (e->wave && e->cycle >= e->wave_from && e->cycle <= e->wave_to && !e->wave_open) {
    e->wave_open = e->api.trace_open(e->dut, e->wave_file, e->cycle) == 0;
  } else if (e->wave_open && e->cycle > e->wave_to) {
    e->api.trace_close(e->dut);
    e->wave_open = false;
  }
  if (e->dut != NULL) e->api.clock(e->dut, in);
  if (e->model != NULL) cbit_cyc_clock(e->model, in);
  e->cycle++;
  e->fresh = false;
}

void engine_wire(engine_t *e, const cbit_pins_in_t *in) {
  cbit_pins_out_t *o = &e->out_model;
  const cbit_ax_in_t *const from[2] = {&in->s_aw, &in->s_ar};
  cbit_ax_out_t *const to[2] = {&o->m_aw, &o->m_ar};
  for (int i = 0; i < 2; i++) {
    to[i]->valid = from[i]->valid;
    if (!from[i]->valid) continue;
    to[i]->id = from[i]->id;
    to[i]->addr = from[i]->addr & (((uint64_t)1 << CBIT_WIRE_ADDR_BITS) - 1);
    to[i]->len = from[i]->len;
    to[i]->size = from[i]->size;
    to[i]->burst = from[i]->burst;
    to[i]->lock = from[i]->lock;
    to[i]->cache = from[i]->cache;
    to[i]->prot = from[i]->prot;
    to[i]->qos = from[i]->qos;
    to[i]->region = from[i]->region;
  }
  if (in->s_w.valid) o->m_w = in->s_w;
  o->m_w.valid = in->s_w.valid;
  if (in->m_r.valid) o->s_r = in->m_r;
  o->s_r.valid = in->m_r.valid;
  o->s_b = in->m_b;
  o->s_awready = in->m_awready;
  o->s_wready = in->m_wready;
  o->s_arready = in->m_arready;
  o->m_bready = in->s_bready;
  o->m_rready = in->s_rready;
}

engine_kind_t engine_kind(const engine_t *e) { return e->kind; }
const cbit_cyc_cfg_t *engine_cfg(const engine_t *e) { return &e->cfg; }
const char *engine_config_name(const engine_t *e) { return e->name; }
const char *engine_dut_file(const engine_t *e) { return e->dut_given ? e->dut_file : NULL; }
uint64_t engine_cycle(const engine_t *e) { return e->cycle; }
const char *engine_wave_file(const engine_t *e) { return e->wave ? e->wave_file : NULL; }
const engine_mismatch_t *engine_first_mismatch(const engine_t *e) { return e->lock.differs ? &e->lock.first : NULL; }
bool engine_differs(const engine_t *e) { return e->lock.differs; }
const char *engine_assertion(const engine_t *e) { return e->dut != NULL ? e->api.error(e->dut) : NULL; }
bool engine_coverage_write(engine_t *e, const char *path) {
  return e->dut != NULL && e->api.coverage_write(e->dut, path) == 0;
}
uint64_t engine_compared_total(const engine_t *e) { return lockstep_total(&e->lock); }
size_t engine_compared_fields(const engine_t *e) {
  (void)e;
  return lockstep_fields();
}
const char *engine_compared_field(const engine_t *e, size_t i, uint64_t *count) {
  return lockstep_field(&e->lock, i, count);
}
