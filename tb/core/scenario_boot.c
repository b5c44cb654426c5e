// SPDX-License-Identifier: Apache-2.0
//
// scenario_boot.c - what the secure processor does at boot, one step at a time: alias check, start-up of the RMP check
// (scenario_int.h)
//
// `rmp start` does the start-up in the safe order (docs/units/rmp_init.md). These steps leave the order to the scenario.
#include "core/alias_check.h"
#include "core/rmp_boot.h"
#include "core/scenario_int.h"

#define PAGE UINT64_C(4096)
#define PAGES_MAX UINT64_C(65536)

bool scn_boot_check(scn_parser_t *p, const scn_step_t *st) {
  const scn_val_t *from = scn_arg(st, "from"), *end = scn_arg(st, "end");
  if (st->spec->op != SCN_OP_ALIAS_CHECK) return true;
  if (from->num % PAGE != 0) {
    scn_error(p, from->pos.col, "address is no multiple of the page size");
  } else if (end->num % PAGE != PAGE - 1 || end->num < from->num || end->num >> CBIT_SPA_BITS != 0) {
    scn_error(p, end->pos.col, "the last byte of a page behind it is expected here");
  } else if (scn_arg(st, "quick")->num == 0 && (end->num - from->num) / PAGE >= PAGES_MAX) {
    scn_error(p, end->pos.col, "more than 65536 pages");
  } else {
    return true;
  }
  return false;
}

bool scn_rmp_fill(scn_exec_t *x) {
  // Zeros everywhere, then the table's own pages, a page of entries at a time.
  const rmp_words_t none = {0, 0};
  const uint64_t base = x->rmp_base;
  const uint64_t end = x->rmp_end;
  bool good = true;
  for (uint64_t at = base; good && at <= end; at += 4096) good = bench_rmp_write(x->b, at, 256, none);
  for (uint64_t page = base; good && page <= end; page += (uint64_t)256 << 12) {
    const uint64_t n = ((end - page) >> 12) + 1;
    good = bench_rmp_write(x->b, rmp_entry_at(base, page), n < 256 ? (uint32_t)n : 256, rmp_words_firmware());
  }
  return good;
}

// A command has ended: the last action.
static void ended(scn_exec_t *x, bool refused, uint32_t error) {
  x->last.access = x->last.insn = false;
  x->last.command = true;
  x->last.refused = refused;
  x->last.error = error;
}

void scn_boot_refuse(scn_exec_t *x, const scn_step_t *st) {
  ended(x, true, 0);
  scn_note(x, "not done: the alias check found a page with two addresses");
  if (!st->expects_bad) scn_fail(x, "refused");
}

static void setup(scn_exec_t *x, const scn_step_t *st) {
  const scn_val_t *vmpl = scn_arg(st, "vmpl"), *iommu = scn_arg(st, "iommu");
  const uint64_t base = scn_arg(st, "base")->num;
  const uint64_t end = scn_arg(st, "end")->num | 0x1fff;
  const uint32_t ctrl = (!vmpl->set || vmpl->num != 0 ? 1u : 0u) | (!iommu->set || iommu->num != 0 ? 4u : 0u);
  uint8_t resp = 0;
  if (end < base || (end - base) >> 32 != 0) {
    scn_fail(x, "a table of 4 GiB at most is expected");
    return;
  }
  const bool good = bench_rmp_registers(x->b, base, end) && bench_sp_write(x->b, RMP_REG_CTRL, ctrl, &resp) && resp == 0;
  if (bench_failed(x->b)) return;
  ended(x, !good, 0);
  if (!good && !st->expects_bad) scn_fail(x, "the registers were refused");
  if (!good) return;
  x->rmp_base = base;
  x->rmp_end = end;
}

static void fill(scn_exec_t *x, const scn_step_t *st) {
  const bool good = scn_rmp_fill(x);
  if (bench_failed(x->b)) return;
  ended(x, !good, 0);
  if (!good && !st->expects_bad) scn_fail(x, "a write of the secure processor was refused");
  scn_cpu_flush(x);
}

static void command(scn_exec_t *x, const scn_step_t *st) {
  static const char *const name[] = {"OFF", "FENCED", "FLUSHED", "FILLED", "CHECKED", "ON", "READY"};
  uint32_t state = RMP_OFF;
  const uint32_t op = RMP_FENCE + (uint32_t)scn_arg(st, "op")->num;
  if (op == RMP_SNP_EN && x->alias_found) {
    scn_boot_refuse(x, st);
    return;
  }
  const uint32_t error = bench_rmp_cmd(x->b, op, &state);
  if (bench_failed(x->b) || error == RMP_ERR_FAILED) return;
  ended(x, error != 0, 0);
  if (error != 0) scn_note(x, "error %u", error);
  scn_note(x, "state %s", state < sizeof(name) / sizeof(name[0]) ? name[state] : "?");
  if (error != 0 && !st->expects_bad) scn_fail(x, "the command failed");
  if (op == RMP_FLUSH2_DONE && error == 0) scn_cpu_flush(x);
}

static void aliases(scn_exec_t *x, const scn_step_t *st) {
  char err[TB_ERR_LEN] = "";
  alias_result_t r;
  const uint64_t from = scn_arg(st, "from")->num, to = scn_arg(st, "end")->num;
  const bool good = alias_check(x->b, from, to + 1, scn_arg(st, "quick")->num != 0, &r, err);
  if (bench_failed(x->b)) return;
  ended(x, good && r.found, 0);
  if (!good) {
    scn_fail(x, "%s", err);
    return;
  }
  x->alias_found = r.found;
  scn_note(x, "%llu accesses", (unsigned long long)r.accesses);
  if (!r.found) return;
  scn_note(x, "pages 0x%llx and 0x%llx are one", (unsigned long long)r.page, (unsigned long long)r.other);
  if (!st->expects_bad) scn_fail(x, "nobody expected an alias");
}

void scn_boot_step(scn_exec_t *x, const scn_step_t *st) {
  if (st->spec->op != SCN_OP_ALIAS_CHECK && bench_cfg(x->b)->rmp == 0) {
    scn_fail(x, "this configuration has no RMP check (Rmp=1 in sim/configs.list)");
    return;
  }
  switch (st->spec->op) {
    case SCN_OP_RMP_SETUP: setup(x, st); break;
    case SCN_OP_RMP_FILL: fill(x, st); break;
    case SCN_OP_RMP_COMMAND: command(x, st); break;
    default: aliases(x, st); break;
  }
}
