// SPDX-License-Identifier: Apache-2.0
//
// cmd_storm.c - several processors, devices and a hostile host at once, against four theorems
#include <string.h>

#include "cli/cmd.h"
#include "core/log.h"
#include "storm/storm.h"

#define TESTED 6000u  // actions from which on a run must have put everything to the test

typedef struct storm_args {
  bench_opt_t bench;
  storm_opt_t storm;
  uint64_t cores, devices;
  bool no_scoreboard;
} storm_args_t;

static bool parse_break(void *to, const char *value, char err[TB_ERR_LEN]) {
  static const char *const name[] = {"none", "owner", "vmpl", "gpa", "once"};
  for (uint32_t i = 0; i < sizeof(name) / sizeof(name[0]); i++) {
    if (strcmp(value, name[i]) != 0) continue;
    *(storm_break_t *)to = (storm_break_t)i;
    return true;
  }
  snprintf(err, TB_ERR_LEN, "'%s' is not none, owner, vmpl, gpa or once", value);
  return false;
}

static const char *const break_option[] = {"", " --break owner", " --break vmpl", " --break gpa", " --break once"};

#define N(x) (unsigned long long)(x)

static void print(const storm_stats_t *s, uint64_t cycles) {
  static const char *const insn[] = {"RMPUPDATE", "PSMASH", "RMPREAD", "PVALIDATE", "RMPADJUST", "RMPQUERY"};
  const th_stats_t *t = &s->th;
  printf("%llu actions, %llu cycles: %llu accesses of processors (%llu out of a TLB, %llu entries dropped by inv), %llu of devices "
         "(%llu events, %llu entries dropped), %llu exits served, %llu attacks\n",
         N(s->actions), N(cycles), N(s->accesses), N(s->hits), N(s->dropped), N(s->dma), N(s->events), N(s->iotlb_dropped),
         N(s->exits), N(s->attacks));
  printf("ends:");
  for (uint32_t e = 0; e <= VCPU_FAILED; e++) {
    if (s->end[e] != 0) printf(" %s %llu", vcpu_end_name((vcpu_end_t)e), N(s->end[e]));
  }
  printf("; instructions (of them code 0):");
  for (uint32_t i = 0; i < 6; i++) {
    if (s->insn[i] != 0) printf(" %s %llu (%llu)", insn[i], N(s->insn[i]), N(s->insn_good[i]));
  }
  printf("\nat once: %llu of %llu requests met some of another requester, %llu of %llu instructions another port's\n", N(t->met),
         N(t->requests), N(t->queued), N(t->instructions));
  printf("T1 owner       broken %llu; %llu writes came through, %llu beats at memory on pages of guests; refused: host %llu, devices "
         "%llu, guests %llu\n",
         N(t->broken[TH_OWNER]), N(t->owner_writes), N(t->beats), N(t->host_refused), N(t->device_refused), N(t->guest_refused));
  printf("T2 private     broken %llu; %llu private accesses came through; refused for owner %llu, GPA %llu, size %llu, Validated %llu, "
         "VMPL %llu, while an entry changed %llu\n",
         N(t->broken[TH_PRIVATE]), N(t->passed), N(t->refused[TH_NOT_OWNER]), N(t->refused[TH_GPA]), N(t->refused[TH_SIZE]),
         N(t->refused[TH_NOT_VALID]), N(t->refused[TH_VMPL]), N(t->refused[TH_OK]));
  printf("T3 tenant      broken %llu; %llu accesses of others than the tenant, %llu changes of tenant, %llu entries compared\n",
         N(t->broken[TH_TENANT]), N(t->foreign), N(t->moved), N(t->entries));
  printf("T4 last value  broken %llu; %llu reads compared, %llu of them on pages that the host had touched; %llu exceptions in place "
         "of known bytes\n",
         N(t->broken[TH_LAST]), N(t->compared), N(t->shaken), N(t->excepted));
}

static int play(storm_args_t *a) {
  char err[TB_ERR_LEN];
  bench_t *b = bench_open(&a->bench, err);
  if (b == NULL) {
    log_error("%s", err);
    return 2;
  }
  const uint32_t ids = 1u << bench_cfg(b)->id_width;
  if (bench_cfg(b)->rmp_insn == 0 || 1 + a->cores + a->devices > ids) {
    if (bench_cfg(b)->rmp_insn == 0)
      log_error("configuration '%s' has no RMP instructions (RmpInsn in sim/configs.list)", a->bench.engine.config);
    else log_error("%llu cores and %llu devices need more than the %u IDs of this configuration", N(a->cores), N(a->devices), ids);
    bench_close(b);
    return 2;
  }
  storm_stats_t s;
  memset(&s, 0, sizeof(s));
  bool good = bench_reset(b) && storm_run(b, &a->storm, &s);
  bench_report(b, stdout);
  print(&s, bench_cycle(b));
  const char *never = theorem_untested(&s.th);
  if (good && a->storm.actions >= TESTED && never != NULL) {
    printf("not put to the test: %s\n", never);
    good = false;
  }
  if (!bench_close(b)) good = false;
  printf("%s storm: seed 0x%llx\n", good ? "ok" : "FAILED", N(a->bench.seed));
  return good ? 0 : 1;
}

int cmd_storm(int argc, char **argv) {
  storm_args_t a;
  char repeat[256];
  memset(&a, 0, sizeof(a));
  a.bench.seed = 1;
  a.bench.engine.config = "snpi";
  a.storm.actions = TESTED;
  a.cores = 3;
  a.devices = 2;
  const arg_option_t options[] = {
      BENCH_ARGS(&a.bench),
      {"actions", ARG_U64, &a.storm.actions, "N", "how many, of cores and devices together (default 6000)", NULL},
      {"cores", ARG_U64, &a.cores, "N", "1 to 8 (default 3)", NULL},
      {"devices", ARG_U64, &a.devices, "N", "0 to 4 (default 2)", NULL},
      {"break", ARG_CALL, &a.storm.how, "RULE", "owner, vmpl, gpa or once: break this rule on purpose", parse_break},
      {"no-scoreboard", ARG_FLAG, &a.no_scoreboard, NULL, "the theorems alone judge", NULL},
      {NULL, ARG_FLAG, NULL, NULL, NULL, NULL}};
  const arg_table_t table = {"storm [options]",
                             "Processors, devices and a hostile host at once, against four theorems (docs/storm.md).", options, 0, 0};
  uint32_t operands = 0;
  const arg_result_t got = args_parse(&table, argc, argv, &operands);
  if (got != ARGS_OK) return got == ARGS_HELP ? 0 : 2;
  if (a.cores == 0 || a.cores > STORM_CORES_MAX || a.devices > STORM_DEVICES_MAX || a.storm.actions == 0) {
    log_error("storm: 1 to %u cores, 0 to %u devices and at least one action are expected", STORM_CORES_MAX, STORM_DEVICES_MAX);
    return 2;
  }
  a.storm.seed = a.bench.seed;
  a.storm.cores = (uint32_t)a.cores;
  a.storm.devices = (uint32_t)a.devices;
  a.bench.scoreboard = !a.no_scoreboard;
  // Every other seed: a memory that takes its time and answers in any order, and requesters that stall.
  if ((a.bench.seed & 1) != 0) {
    a.bench.dram = (dram_opt_t){.latency = DRAM_LAT_UNIFORM, .lat_min = 2, .lat_max = 40, .reorder = true, .interleave = true,
                                .stall_r = 20, .stall_b = 20, .stall_ar = 20, .stall_aw = 20, .stall_w = 20};
    a.bench.host = (host_opt_t){.stall_r = 20, .stall_b = 20};
  }
  snprintf(repeat, sizeof(repeat), "build/cbit storm --config %s --seed %llu --actions %llu --cores %u --devices %u%s%s",
           a.bench.engine.config, N(a.bench.seed), N(a.storm.actions), a.storm.cores, a.storm.devices,
           a.no_scoreboard ? " --no-scoreboard" : "", break_option[a.storm.how]);
  a.bench.repeat = repeat;
  return play(&a);
}
