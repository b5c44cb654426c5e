// SPDX-License-Identifier: Apache-2.0
//
// scenario.h - the scenario language: a script of steps, parsed as a whole before anything runs
//
// A scenario is text, one step a line (docs/scenario.md). scenario_parse_buffer() turns it into a list of steps or prints
// every error it finds as "name:line:column: error: text". scenario_run() plays the steps on a bench.
//
// The parser takes any bytes. It opens no files; scenario_check() looks for what a scenario needs from outside (files, the
// configuration) so that nothing runs if something is missing.
#ifndef TB_SCENARIO_H
#define TB_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "cbit.h"
#include "core/bench.h"
#include "core/json.h"

#define SCN_ARGS 20u          // arguments of a step, at most
#define SCN_ERRORS_MAX 20u    // then the parser gives up
#define SCN_LINE_MAX 65536u   // characters of a line, variables put in
#define SCN_STEPS_MAX 100000u
#define SCN_DEPTH_MAX 8u      // data sources inside each other
#define SCN_LENGTH_MAX (UINT64_C(1) << 30)

typedef struct scn_pos {
  uint32_t line, col;  // from 1
} scn_pos_t;

// ---- data sources ----
typedef enum scn_data_kind {
  SCN_DATA_BYTES = 0,  // string, hex(...)
  SCN_DATA_NAME,       // number: index of a name
  SCN_DATA_FILE,       // text
  SCN_DATA_PATTERN,    // number: seed
  SCN_DATA_FILL,       // number: byte
  SCN_DATA_DRAWING,
  SCN_DATA_PAGES,      // sub, zeros up to whole pages
  SCN_DATA_PART,       // sub, number: offset, length
  SCN_DATA_ECB,        // sub with the keys of slot number, no tweak
  SCN_DATA_CIPHER      // sub with the keys of slot number at address addr, functional model
} scn_data_kind_t;

typedef struct scn_data {
  scn_data_kind_t kind;
  scn_pos_t pos;
  uint64_t number, length, addr;
  bool has_length;
  const char *text;
  const uint8_t *bytes;
  const struct scn_data *sub;
} scn_data_t;

// ---- steps ----
typedef enum scn_op {
  SCN_OP_SET = 0,  // these six leave no step behind
  SCN_OP_CONFIG,
  SCN_OP_GUEST,
  SCN_OP_HOST,
  SCN_OP_DEVICE,
  SCN_OP_SP,
  SCN_OP_SAY,
  SCN_OP_DATA,
  SCN_OP_RESET,
  SCN_OP_CTRL,
  SCN_OP_LOCK,
  SCN_OP_DEBUG,
  SCN_OP_ZEROISE,
  SCN_OP_ENTROPY,
  SCN_OP_TWEAKS,
  SCN_OP_KEY_OPEN,
  SCN_OP_KEY_LOAD,
  SCN_OP_KEY_GENERATE,
  SCN_OP_KEY_ACTIVATE,
  SCN_OP_KEY_DEACTIVATE,
  SCN_OP_KEY_WIPE,
  SCN_OP_KEY_QUERY,
  SCN_OP_KEY_FLUSH,
  SCN_OP_KEY_WIPE_ALL,
  SCN_OP_WRITE,
  SCN_OP_READ,
  SCN_OP_FINISH,
  SCN_OP_MEASURE,
  SCN_OP_TAKE,
  SCN_OP_KEEP,
  SCN_OP_DRAM_READ,
  SCN_OP_DRAM_WRITE,
  SCN_OP_DRAM_TAMPER,
  SCN_OP_DRAM_SWAP,
  SCN_OP_DRAM_COPY,
  SCN_OP_DRAM_ALIAS,
  SCN_OP_DRAM_ERROR,
  SCN_OP_DRAM_TIMING,
  SCN_OP_DRAM_SAVE,
  SCN_OP_SHOW,
  SCN_OP_PANEL,
  SCN_OP_PICTURE,
  SCN_OP_LOG_POP,
  SCN_OP_LOG_SHOW,
  SCN_OP_COUNTERS,
  SCN_OP_COUNTERS_MARK,
  SCN_OP_WAIT,
  SCN_OP_ALIAS_CHECK,
  SCN_OP_RMP_START,
  SCN_OP_RMP_SETUP,
  SCN_OP_RMP_FILL,
  SCN_OP_RMP_COMMAND,
  SCN_OP_RMP_ENTRY,
  SCN_OP_RMP_LOOK,
  SCN_OP_RMP_MARK,
  SCN_OP_RMP_CLEAR,
  SCN_OP_RMPUPDATE,  // these six in the order of cbit_insn_op_t
  SCN_OP_PSMASH,
  SCN_OP_RMPREAD,
  SCN_OP_PVALIDATE,
  SCN_OP_RMPADJUST,
  SCN_OP_RMPQUERY,
  SCN_OP_NESTED_TABLES,  // of processors, to VMEXIT
  SCN_OP_NESTED_MAP,
  SCN_OP_NESTED_UNMAP,
  SCN_OP_OWN_TABLES,
  SCN_OP_OWN_MAP,
  SCN_OP_OWN_UNMAP,
  SCN_OP_CPU_READ,  // these three in the order of vcpu_op_t
  SCN_OP_CPU_WRITE,
  SCN_OP_CPU_FETCH,
  SCN_OP_CPU_PVALIDATE,  // these three in the order of cbit_insn_op_t
  SCN_OP_CPU_RMPADJUST,
  SCN_OP_CPU_RMPQUERY,
  SCN_OP_CPU_FLUSH,
  SCN_OP_CPU_DEAF,
  SCN_OP_REG_SAVE,
  SCN_OP_REG_LOAD,
  SCN_OP_VMRUN,
  SCN_OP_VMEXIT,
  SCN_OP_IOMMU_TABLE,  // of the IOMMU, to IO_WRITE
  SCN_OP_IOMMU_LOG,
  SCN_OP_IOMMU_RESTART,
  SCN_OP_IOMMU_DEAF,
  SCN_OP_IO_TABLES,
  SCN_OP_IO_DETACH,
  SCN_OP_IO_MAP,
  SCN_OP_IO_UNMAP,
  SCN_OP_IO_FLUSH,
  SCN_OP_IO_READ,
  SCN_OP_IO_WRITE,
  SCN_OP_EXPECT_DATA,
  SCN_OP_EXPECT_ZEROS,
  SCN_OP_EXPECT_PLAIN,
  SCN_OP_EXPECT_NOISE,
  SCN_OP_EXPECT_FAULT,
  SCN_OP_EXPECT_RECORD,
  SCN_OP_EXPECT_RESP,
  SCN_OP_EXPECT_ERROR,
  SCN_OP_EXPECT_STATE,
  SCN_OP_EXPECT_REFUSED,
  SCN_OP_EXPECT_ENTROPY,
  SCN_OP_EXPECT_REPEATS,
  SCN_OP_EXPECT_DEFLATE,
  SCN_OP_EXPECT_COMMON,
  SCN_OP_EXPECT_COUNTER,
  SCN_OP_EXPECT_LOG,
  SCN_OP_EXPECT_IRQ,
  SCN_OP_EXPECT_CYCLES,
  SCN_OP_EXPECT_CODE,
  SCN_OP_EXPECT_FLAGS,
  SCN_OP_EXPECT_END,
  SCN_OP_EXPECT_TRAP,  // from here on of processors
  SCN_OP_EXPECT_REQUESTS,
  SCN_OP_EXPECT_TLB,
  SCN_OP_EXPECT_EVENT,  // from here on of the IOMMU
  SCN_OP_EXPECT_DMA,
  SCN_OP_EXPECT_IOTLB,
  SCN_OP_EXPECT_IOLOG,
  SCN_OP_EXPECT_OUTCOME,
  SCN_OP_OBSERVE_ATTACKER,  // from here on nothing is judged
  SCN_OP_OBSERVE_VICTIM,
  SCN_OP_OBSERVE_ATTEMPT,
  SCN_OP_OBSERVE_GUESS,
  SCN_OP_OBSERVE_DENIAL
} scn_op_t;

typedef enum scn_type {
  SCN_T_NUM,   // num
  SCN_T_REAL,  // real
  SCN_T_BOOL,  // num 0 or 1
  SCN_T_WORD,  // num = index into words
  SCN_T_CMP,   // num = scn_cmp_t
  SCN_T_WHO,   // num = index of a requester
  SCN_T_SLOT,  // num = slot
  SCN_T_SIZE,  // num, or data (a name whose size is meant)
  SCN_T_DATA,  // data
  SCN_T_NEW,   // num = index of a data name (made here)
  SCN_T_TEXT,  // text: a string
  SCN_T_NAME,  // text: a bare name
  SCN_T_RAW,   // text: a word or a string
  SCN_T_IS     // the sign =
} scn_type_t;

typedef enum scn_cmp { SCN_EQ, SCN_NE, SCN_LT, SCN_LE, SCN_GT, SCN_GE } scn_cmp_t;

typedef struct scn_val {
  bool set;
  scn_pos_t pos;
  uint64_t num;
  double real;
  const char *text;
  const scn_data_t *data;
} scn_val_t;

// A parameter of a step: positional, or written name=value.
enum { SCN_POSITIONAL = 1, SCN_REQUIRED = 2 };
typedef struct scn_param {
  const char *name;  // NULL ends the list
  scn_type_t type;
  unsigned flags;
  const char *words;  // WORD: the words, separated by spaces
} scn_param_t;

typedef struct scn_spec {
  const char *words;  // "dram read"
  scn_op_t op;
  scn_param_t param[SCN_ARGS];  // positional ones first
} scn_spec_t;

typedef struct scn_step {
  const scn_spec_t *spec;
  scn_pos_t pos;
  const char *text;    // the line as written, without comment
  bool expects_bad;    // an expectation below speaks of fault, response, error or refusal: OKAY is not implied
  scn_val_t val[SCN_ARGS];
} scn_step_t;

typedef struct scn_who {
  const char *name;
  scn_pos_t pos;
  cbit_attr_t attr;  // cbit is the default of its accesses
} scn_who_t;

typedef struct scenario {
  const char *name;          // as in messages
  const char *config;        // NULL: none named
  scn_pos_t config_pos;
  scn_step_t *step;
  uint32_t steps, steps_cap;
  scn_who_t *who;
  uint32_t whos, whos_cap;
  const char **data_name;
  uint32_t data_names, data_names_cap;
  struct scn_mem *mem;       // all strings and nodes
} scenario_t;

// The argument with this name; one that is not set if the step has none.
const scn_val_t *scn_arg(const scn_step_t *st, const char *name);

// name=value given on the command line: wins over `set` of the file.
typedef struct scn_define {
  const char *name, *value;
} scn_define_t;

// Parses len bytes (no end mark needed). NULL after errors, which are printed to err (NULL: not printed).
scenario_t *scenario_parse(const char *name, const char *buf, size_t len, const scn_define_t *define, uint32_t defines,
                           FILE *err);
// Parses and forgets: 0 well-formed, 1 errors. For fuzzing and syntax checks.
int scenario_parse_buffer(const char *name, const char *buf, size_t len, FILE *err);
scenario_t *scenario_parse_file(const char *path, const scn_define_t *define, uint32_t defines, FILE *err);
void scenario_free(scenario_t *s);
// Files readable, configuration known (config: from the command line, wins over the scenario's; may be NULL). False: printed.
bool scenario_check(const scenario_t *s, const char *config, FILE *err);

// ---- running ----

// What an attack came to, by the `observe` steps of a scenario: the worst of what was seen (docs/scenario.md, "Attacks").
typedef enum scn_verdict { SCN_STOPPED, SCN_NOISE, SCN_SUCCEEDS } scn_verdict_t;  // worse is larger
#define SCN_REFUSALS 6u
typedef struct scn_outcome {
  bool observed;                  // at least one `observe` said something
  scn_verdict_t verdict;
  struct {
    char by[96], fault[40];       // who refused; exception and error code ("": none)
  } refusal[SCN_REFUSALS];        // different ones, in order
  uint32_t refusals;
  char seen[240];                 // what attacker and victim saw
  uint64_t addr, cycles;
  char failure[TB_ERR_LEN];       // the first step that failed; "": none
} scn_outcome_t;

// Who stopped it: "row 2 HVO #PF 0x80000003, ..."; "encryption", "nothing" where it is noise, or succeeds.
void scn_outcome_by(const scn_outcome_t *o, char *to, size_t size);
const char *scn_verdict_name(scn_verdict_t v);

typedef struct scn_run_opt {
  bench_opt_t bench;
  uint64_t file_limit;  // bytes of a file that are used
  const char *out;      // folder for pictures and saved memory; NULL = build/out
  const char *dram_out; // DRAM image written at the end; NULL = none
  const char *json;     // report; NULL = none
  bool quiet;
  scn_outcome_t *outcome; // filled, and nothing is printed but a report of the bench; NULL = the usual print
} scn_run_opt_t;

// Plays it. 0: every expectation held (and in lock-step nothing differed and something was compared), 1: not, 2: could not start.
int scenario_run(const scenario_t *s, const scn_run_opt_t *opt);

#endif  // TB_SCENARIO_H
