// SPDX-License-Identifier: Apache-2.0
//
// scenario_show.c - steps that only look: bytes, pictures, fault log, counters (scenario_int.h)
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "core/scenario_int.h"
#include "util/png.h"
#include "util/stats.h"

#define REG_FAULT_COUNT 0x098u
#define SHOW_LINES 4u

static void show(scn_exec_t *x, const scn_step_t *st) {
  const scn_bytes_t *b = &x->last.bytes;
  if (b->data == NULL || b->len == 0) {
    scn_fail(x, "there is nothing to show yet");
    return;
  }
  char line[256];
  int n = snprintf(line, sizeof(line), "%zu bytes, entropy %.3f bits a byte, deflate to %.1f %%", b->len,
                   stats_entropy(b->data, b->len), stats_deflate(b->data, b->len));
  const double zstd = stats_zstd(b->data, b->len);
  if (zstd >= 0) n += snprintf(line + n, sizeof(line) - (size_t)n, ", zstd to %.1f %%", zstd);
  snprintf(line + n, sizeof(line) - (size_t)n, ", %zu of %zu blocks repeat an earlier one", stats_repeats(b->data, b->len), b->len / 16);
  scn_note(x, "%s", line);
  x->dump_lines = scn_arg(st, "lines")->set ? (uint32_t)scn_arg(st, "lines")->num : SHOW_LINES;
}

static void panel(scn_exec_t *x, const scn_step_t *st) {
  const scn_val_t *w = scn_arg(st, "width"), *h = scn_arg(st, "height"), *p = scn_arg(st, "pixel");
  draw_format_t f;
  memset(&f, 0, sizeof(f));
  f.width = w->set ? (uint32_t)w->num : DRAW_WIDTH;
  f.height = h->set ? (uint32_t)h->num : DRAW_HEIGHT;
  f.pixel = p->set ? (uint8_t)p->num : 4;
  f.stride = (size_t)f.width * f.pixel;
  if (f.width == 0 || f.height == 0 || f.pixel == 0 || f.pixel == 2) {
    scn_fail(x, "a panel needs a width, a height and pixels of 1, 3 or 4 bytes");
  } else if (x->last.bytes.data == NULL) {
    scn_fail(x, "there are no bytes to draw yet");
  } else if (x->panels >= 16) {
    scn_fail(x, "more than 16 panels in a picture");
  } else {
    draw_sheet_panel(&x->sheet, scn_arg(st, "caption")->text, &f, x->last.bytes.data, x->last.bytes.len);
    x->panels++;
    scn_note(x, "panel %u, %u x %u pixels", x->panels, f.width, f.height);
  }
}

static void picture(scn_exec_t *x, const scn_step_t *st) {
  char path[1024];
  if (x->panels == 0) {
    scn_fail(x, "no panel was added");
    return;
  }
  if (!scn_out_file(x, scn_arg(st, "file")->text, path, sizeof(path))) return;
  if (png_write(path, x->sheet.rgb, x->sheet.width, x->sheet.height)) scn_note(x, "written: %s", path);
  else scn_fail(x, "cannot write %s", path);
  draw_sheet_free(&x->sheet);
  x->panels = 0;
}

static void log_pop(scn_exec_t *x) {
  static const char *const who[] = {"host", "guest", "device", "sp"};
  bench_fault_t f;
  if (!bench_fault_pop(x->b, &f)) return;
  x->last.access = x->last.command = x->last.insn = false;
  x->last.record = f;
  x->last.fault = f.code;
  if (f.code == 0) {
    scn_note(x, "the log is empty");
  } else {
    scn_note(x, "%s: %s by %s asid=%u cbit=%u vmpl=%u id=%u at 0x%llx", bench_fault_name(f.code), f.write ? "write" : "read",
             who[f.requester & 3], f.asid, f.cbit ? 1u : 0u, f.vmpl, f.id, (unsigned long long)f.addr);
  }
}

// Values since the last mark (or reset).
static bool read_counters(scn_exec_t *x, uint32_t value[SCN_COUNTERS]) {
  for (unsigned i = 0; i < scn_counters(x); i++) {
    if (!bench_sp_read(x->b, scn_counter_offset(i), &value[i], NULL)) return false;
  }
  return true;
}

void scn_show_step(scn_exec_t *x, const scn_step_t *st) {
  uint32_t value[SCN_COUNTERS] = {0};
  switch (st->spec->op) {
    case SCN_OP_SHOW: show(x, st); break;
    case SCN_OP_PANEL: panel(x, st); break;
    case SCN_OP_PICTURE: picture(x, st); break;
    case SCN_OP_LOG_POP: log_pop(x); break;
    case SCN_OP_LOG_SHOW:
      if (bench_sp_read(x->b, REG_FAULT_COUNT, &value[0], NULL)) {
        scn_note(x, "%u records held, %u dropped because the log was full", value[0] & 0xff, value[0] >> 16);
      }
      break;
    case SCN_OP_COUNTERS_MARK:
      if (read_counters(x, value)) memcpy(x->counter_base, value, sizeof(value));
      break;
    case SCN_OP_COUNTERS:
    default:
      if (!read_counters(x, value)) break;
      for (unsigned i = 0; i < scn_counters(x); i++) {
        const uint32_t v = value[i] - x->counter_base[i];
        if (v != 0) scn_note(x, "%s %u", scn_counter_name(i), v);
      }
      break;
  }
}
