// SPDX-License-Identifier: Apache-2.0
//
// cmd_cpu.c - random accesses of processors through page tables, against what software knows
#include <string.h>

#include "cli/cmd.h"
#include "core/log.h"
#include "cpu/soak.h"

static void print(const soak_stats_t *s, uint64_t cycles) {
  printf("%llu actions, %llu cycles: %llu accesses with %llu requests, %llu out of the TLB; %llu instructions, "
         "%llu entries dropped by inv; %llu bytes compared\n",
         (unsigned long long)s->actions, (unsigned long long)cycles, (unsigned long long)s->accesses,
         (unsigned long long)s->requests, (unsigned long long)s->hits, (unsigned long long)s->instructions, (unsigned long long)s->dropped,
         (unsigned long long)s->compared);
  printf("ends:");
  for (uint32_t e = 0; e <= VCPU_FAILED; e++) {
    if (s->end[e] != 0) printf(" %s %llu", vcpu_end_name((vcpu_end_t)e), (unsigned long long)s->end[e]);
  }
  printf("\n");
}

int cmd_cpu(int argc, char **argv) {
  bench_opt_t opt;
  uint64_t actions = 2000;
  char err[TB_ERR_LEN];
  char repeat[256];
  memset(&opt, 0, sizeof(opt));
  opt.seed = 1;
  opt.engine.config = "snpi";
  opt.scoreboard = true;
  const arg_option_t options[] = {BENCH_ARGS(&opt),
                                  {"actions", ARG_U64, &actions, "N", "how many (default 2000)", NULL},
                                  {NULL, ARG_FLAG, NULL, NULL, NULL, NULL}};
  const arg_table_t table = {"cpu [options]", "Plays random accesses of processors through page tables (docs/cpu.md).",
                             options, 0, 0};
  uint32_t operands = 0;
  const arg_result_t got = args_parse(&table, argc, argv, &operands);
  if (got != ARGS_OK) return got == ARGS_HELP ? 0 : 2;
  if ((opt.seed & 1) != 0) {  // every other seed: a memory that takes its time and answers in any order
    opt.dram = (dram_opt_t){.latency = DRAM_LAT_UNIFORM, .lat_min = 2, .lat_max = 40, .reorder = true,
                            .interleave = true, .stall_r = 20, .stall_b = 20, .stall_ar = 20, .stall_aw = 20, .stall_w = 20};
    opt.host = (host_opt_t){.stall_r = 20, .stall_b = 20};
  }
  snprintf(repeat, sizeof(repeat), "build/cbit cpu --config %s --seed %llu --actions %llu", opt.engine.config,
           (unsigned long long)opt.seed, (unsigned long long)actions);
  opt.repeat = repeat;
  bench_t *b = bench_open(&opt, err);
  if (b == NULL) {
    log_error("%s", err);
    return 2;
  }
  if (bench_cfg(b)->rmp_insn == 0) {
    log_error("configuration '%s' has no RMP instructions (RmpInsn in sim/configs.list)", opt.engine.config);
    bench_close(b);
    return 2;
  }
  soak_stats_t s;
  memset(&s, 0, sizeof(s));
  bool good = bench_reset(b) && soak_run(b, opt.seed, actions, &s);
  bench_report(b, stdout);
  print(&s, bench_cycle(b));
  // A run in which data was never compared or nothing was ever refused tells nothing.
  const bool empty = s.compared == 0 || s.end[VCPU_PF] == 0 || s.end[VCPU_NPF] == 0 || s.end[VCPU_VC] == 0;
  if (good && actions >= 1000 && empty) {
    printf("some kind of end never came\n");
    good = false;
  }
  if (!bench_close(b)) good = false;
  printf("%s cpu: seed 0x%llx\n", good ? "ok" : "FAILED", (unsigned long long)opt.seed);
  return good ? 0 : 1;
}
