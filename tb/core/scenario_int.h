// SPDX-License-Identifier: Apache-2.0
//
// scenario_int.h - inside of the scenario language, shared by scenario*.c only
//
// Reading: scenario_lex.c makes words with columns out of lines, scenario_data.c reads data sources, scenario.c puts steps
// together by the table of scenario_spec.c. Running: scenario_exec.c plays steps, scenario_value.c makes the bytes of data
// sources, scenario_access.c reads and writes, scenario_rmp.c sets
// the RMP check up and issues its instructions, scenario_boot.c its start-up step by step, scenario_cpu.c has processors,
// scenario_expect.c judges, scenario_observe.c tells what an attack came to, scenario_show.c looks, scenario_report.c prints
// and writes JSON.
#ifndef TB_SCENARIO_INT_H
#define TB_SCENARIO_INT_H

#include "core/scenario.h"
#include "cpu/vcpu.h"
#include "util/draw.h"
#include "util/shadow.h"

// ---- reading ----

// A character of a line after variables were put in. lit: it came out of a variable and means only itself.
typedef struct scn_char {
  char c;
  bool lit;
  uint32_t col;
} scn_char_t;

typedef struct scn_token {
  uint32_t from, to;  // characters [from, to)
} scn_token_t;

#define SCN_TOKENS_MAX 64u

typedef struct scn_var {
  const char *name, *value;
  bool fixed;  // from the command line
  struct scn_var *next;
} scn_var_t;

typedef struct scn_parser {
  scenario_t *s;
  FILE *err;
  uint32_t errors;
  uint32_t line;
  scn_char_t *ch;
  uint32_t ch_n, ch_cap;
  uint32_t col_end;  // column after the line
  scn_token_t token[SCN_TOKENS_MAX];
  uint32_t tokens;
  scn_var_t *var;
} scn_parser_t;

void *scn_alloc(scenario_t *s, size_t size);
char *scn_text(scn_parser_t *p, uint32_t from, uint32_t to);  // characters as a string of the scenario
void scn_error(scn_parser_t *p, uint32_t col, const char *format, ...) __attribute__((format(printf, 3, 4)));
// An argument that is given and not what it must be: prints text, tells true.
bool scn_wrong(scn_parser_t *p, const scn_val_t *v, bool is, const char *text);
bool scn_flag(const scn_step_t *st, const char *name, bool without);  // an argument that is on or off; without: if it is not given
uint32_t scn_col(const scn_parser_t *p, uint32_t at);         // column of character `at` (or of the end)
// Splits a line into tokens, variables put in. False: error printed.
bool scn_lex_line(scn_parser_t *p, const char *line, size_t len);
bool scn_token_is(const scn_parser_t *p, uint32_t token, const char *word);
// Characters [from, to) as values. They print the error themselves.
bool scn_number(scn_parser_t *p, uint32_t from, uint32_t to, uint64_t *value);
bool scn_real(scn_parser_t *p, uint32_t from, uint32_t to, double *value);
bool scn_string(scn_parser_t *p, uint32_t from, uint32_t to, const uint8_t **bytes, size_t *len);  // "..."
bool scn_is_name(const scn_parser_t *p, uint32_t from, uint32_t to);
bool scn_same(const scn_parser_t *p, uint32_t from, uint32_t to, const char *word);
const scn_data_t *scn_data_parse(scn_parser_t *p, uint32_t from, uint32_t to, unsigned depth);
bool scn_slot(scn_parser_t *p, uint32_t from, uint32_t to, uint64_t *slot);
bool scn_who_find(const scn_parser_t *p, uint32_t from, uint32_t to, uint32_t *index);

// Table of all steps; ends with words = NULL. Longest match first.
extern const scn_spec_t scn_spec_table[];
const char *scn_resp_name(uint64_t resp);    // "SLVERR"
const char *scn_counter_name(unsigned i);  // NULL after the last
uint16_t scn_counter_offset(unsigned i);
#define SCN_COUNTERS 21u

// ---- running ----

typedef struct scn_bytes {
  uint8_t *data;
  size_t len;
} scn_bytes_t;

// What the last action gave.
typedef struct scn_last {
  bool access, command;   // a bus access; a command or CTRL write
  bool write;
  scn_bytes_t bytes;      // what was read, written, taken or seen in DRAM
  uint64_t addr;
  bool addr_known;        // bytes lie at addr
  uint8_t resp, fault;
  bench_fault_t record;
  uint32_t error;         // key command
  cbit_slot_state_t state;
  bool refused;
  uint64_t cycles;
  bool insn;              // an RMP instruction, with this answer
  cbit_insn_answer_t ans;
  bool cpu;               // an access of a processor, or VMRUN, with this end
  vcpu_result_t trap;
} scn_last_t;

typedef struct scn_sample {
  uint64_t *v;
  size_t n, cap;
} scn_sample_t;

typedef struct scn_speed {
  uint64_t bytes, cycles;
} scn_speed_t;

typedef struct scn_flight {  // an access with later=on
  host_txn_t *txn;
  const scn_step_t *step;
  uint64_t spa;
  size_t len;
  struct scn_flight *next;
} scn_flight_t;

typedef struct scn_exec {
  const scenario_t *s;
  const scn_run_opt_t *opt;
  bench_t *b;
  scn_bytes_t *name;      // data names
  shadow_t *shadow;
  scn_last_t last;
  uint8_t (*keys)[64];    // by slot: K1, K2 (32 bytes each)
  bool *key_known;
  cbit_tweak_table_t tweaks;
  uint32_t slots;
  cbit_mode_t mode;
  bool smee, tsme;
  draw_sheet_t sheet;
  uint32_t panels;
  uint32_t dump_lines;    // lines of the last bytes to print after this step
  uint32_t counter_base[SCN_COUNTERS];
  uint64_t rmp_base, rmp_end;  // of the last `rmp start` or `rmp setup`
  bool alias_found;       // by the last `alias check`
  scn_outcome_t outcome;
  const scn_step_t *acted;  // the last step that did something
  scn_flight_t *flight;
  struct scn_iommu *iommu;  // NULL: none yet
  struct scn_cpu *cpu;    // processors and address spaces; NULL: none yet
  // verdict
  const scn_step_t *step;
  bool bad;               // this step failed
  char note[1024];        // what it gave
  uint32_t steps_done, held, failed;
  scn_sample_t lat[2];    // reads, first beat: plain, encrypted
  scn_speed_t speed[4];   // reads plain, encrypted, writes plain, encrypted
  json_t *json;
  FILE *json_file;
} scn_exec_t;

// Counters that this configuration has.
static inline unsigned scn_counters(const scn_exec_t *x) {
  const cbit_cyc_cfg_t *c = bench_cfg(x->b);
  return c->rmp_insn != 0 ? SCN_COUNTERS : c->rmp != 0 ? SCN_COUNTERS - 2 : SCN_COUNTERS - 7;
}

void scn_note(scn_exec_t *x, const char *format, ...) __attribute__((format(printf, 2, 3)));
// The step failed: reason into the note.
void scn_fail(scn_exec_t *x, const char *format, ...) __attribute__((format(printf, 2, 3)));
void scn_bytes_free(scn_bytes_t *b);
void scn_last_set(scn_exec_t *x, uint8_t *data, size_t len);  // takes data over
// Bytes of a data source (the caller's to free). want: length where the source has none of its own (0: none known).
bool scn_value(scn_exec_t *x, const scn_data_t *d, uint64_t want, scn_bytes_t *to);
bool scn_size(scn_exec_t *x, const scn_val_t *v, uint64_t *size);
// A slot key of the functional model from the keys that were loaded.
bool scn_slot_key(scn_exec_t *x, uint64_t slot, cbit_slot_key_t *key);

void scn_access(scn_exec_t *x, const scn_step_t *st);        // write, read
void scn_finish(scn_exec_t *x);
void scn_measure(scn_exec_t *x, const scn_step_t *st);
void scn_key_step(scn_exec_t *x, const scn_step_t *st);
void scn_rmp_step(scn_exec_t *x, const scn_step_t *st);      // rmp start .. rmpquery
// An instruction that has ended: the last action, judged.
void scn_insn_done(scn_exec_t *x, const scn_step_t *st, const insn_port_t *done);
// RDX of PVALIDATE, RMPADJUST, RMPQUERY (cbit_insn_op_t) by the arguments of the step.
uint64_t scn_insn_rdx(const scn_step_t *st, unsigned op);
// value against the comparison of the step.
void scn_judge_number(scn_exec_t *x, const scn_step_t *st, const char *what, uint64_t value);
void scn_rmp_expect(scn_exec_t *x, const scn_step_t *st);    // expect code, flags, end
bool scn_cpu_check(scn_parser_t *p, const scn_step_t *st);   // rules between arguments of the steps below
void scn_cpu_step(scn_exec_t *x, const scn_step_t *st);      // nested tables .. vmexit
void scn_cpu_expect(scn_exec_t *x, const scn_step_t *st);    // expect trap, requests, tlb
bool scn_boot_check(scn_parser_t *p, const scn_step_t *st);
void scn_boot_step(scn_exec_t *x, const scn_step_t *st);     // alias check, rmp setup, fill, command
void scn_boot_refuse(scn_exec_t *x, const scn_step_t *st);   // the firmware does not start the check: two pages are one
bool scn_rmp_fill(scn_exec_t *x);                            // the firmware's first table
// observe ..: what the attack came to so far; expect outcome.
void scn_observe_step(scn_exec_t *x, const scn_step_t *st);
const char *scn_code_name(unsigned op, unsigned code);       // "FAIL_INUSE"
void scn_cpu_flush(scn_exec_t *x);                           // empties every TLB
void scn_cpu_free(scn_exec_t *x);
void scn_inv_listen(scn_exec_t *x);                          // processors and IOMMU hear the invalidate port
bool scn_iommu_check(scn_parser_t *p, const scn_step_t *st);
void scn_iommu_step(scn_exec_t *x, const scn_step_t *st);    // iommu table .. device write
void scn_iommu_expect(scn_exec_t *x, const scn_step_t *st);  // expect event, dma, iotlb, iommu
void scn_iommu_inv(scn_exec_t *x, uint64_t spa);
void scn_iommu_flush(scn_exec_t *x);
void scn_iommu_free(scn_exec_t *x);
void scn_dram_step(scn_exec_t *x, const scn_step_t *st);
void scn_expect_step(scn_exec_t *x, const scn_step_t *st);
void scn_show_step(scn_exec_t *x, const scn_step_t *st);     // show, panel, picture, log, counters
bool scn_out_file(scn_exec_t *x, const char *name, char *buf, size_t size);

void scn_report_begin(scn_exec_t *x);
void scn_report_step(scn_exec_t *x);
int scn_report_end(scn_exec_t *x);
void scn_sample_add(scn_sample_t *s, uint64_t v);

#endif  // TB_SCENARIO_INT_H
