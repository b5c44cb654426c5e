// SPDX-License-Identifier: Apache-2.0
//
// attack.h - threats played against protections: every cell of the matrix is a run of its own on a fresh engine
//
// A cell: keys and registers are set up for the protection, the victim (a guest with ASID 5) writes data that the bench
// knows, the attacker acts, the victim or the attacker reads. What they see is told apart by the bytes alone
// (attack_seen_t), the verdict follows from that alone, what refused an access from the engine's own fault log.
// Or a cell is a scenario of tests/attacks/ that tells itself what it observed (docs/scenario.md, "Attacks").
// attack_table.c holds the threats and what is expected of every cell, attack_published.c those that are no matrix,
// attack_stage.c the set-up and what plays share, attack_memory.c, attack_rmp.c and attack_search.c plays in C,
// attack_scenario.c plays scenarios, attack_report.c is the print and the JSON, attack_html.c the page.
//
// A page is given to the guest with RMPUPDATE and PVALIDATE. The plays of the start-up have the AMD-SP write entries.
#ifndef TB_ATTACK_H
#define TB_ATTACK_H

#include "core/bench.h"
#include "core/rmp_boot.h"
#include "core/scenario.h"

#define ATTACK_LEN 256u      // bytes of victim data, at this offset of its page
#define ATTACK_OFFSET 0x100u
#define ATTACK_FAULTS 4u     // different refusals kept of a cell
#define ATTACK_ASID 5u       // the victim
#define ATTACK_ASID_EVIL 6u  // a virtual machine of the attacker

#define ATTACK_CASES 6u      // cells of a threat, at most

typedef enum attack_prot { ATTACK_PLAIN, ATTACK_SME, ATTACK_SEV, ATTACK_ES, ATTACK_SNP, ATTACK_PROTS } attack_prot_t;
typedef enum attack_verdict { ATTACK_STOPPED, ATTACK_NOISE, ATTACK_SUCCEEDS } attack_verdict_t;  // worse is larger

// What bytes turned out to be.
typedef enum attack_seen {
  SEEN_NOTHING,  // nobody looked
  SEEN_OWN,      // the victim's data, as last written: plaintext
  SEEN_OLD,      // what the victim had written before
  SEEN_OTHER,    // data of another page of the victim
  SEEN_JUNK,     // the attacker's data
  SEEN_FLIPPED,  // the victim's data but for the bit that was flipped in memory
  SEEN_ZEROS,
  SEEN_CIPHER,   // what DRAM holds, and none of the above
  SEEN_NOISE,    // none of the above
  SEEN_NO_KEY    // registers: no word of the key
} attack_seen_t;

typedef struct attack_cell {
  bool run, failed;               // failed: the bench failed (reason); what was seen means nothing
  bool from_scenario;             // then `told` has what was seen and who refused
  scn_outcome_t told;
  bool done;                      // the play came to its end
  attack_seen_t attacker, victim;
  bool attacker_error, victim_error;
  attack_verdict_t verdict;
  uint32_t taken, refused;        // writes of the attacker
  bench_fault_t fault[ATTACK_FAULTS];
  uint32_t faults;
  const char *by;                 // what stopped it, where that is no entry of the fault log; NULL = none
  char note[200];                 // other evidence; "" = none
  uint64_t addr, cycles;          // of the evidence: SPA (or offset of a register); length of the run
  char reason[TB_ERR_LEN];
} attack_cell_t;

// A cell being played.
typedef struct attack_stage {
  bench_t *b;
  attack_prot_t prot;
  attack_cell_t *cell;
  rng_t rng;
  bool big;                       // the guest's memory is one 2 MiB page
  uint8_t k1[32], k2[32];         // of the victim's slot
  uint8_t now[ATTACK_LEN], old[ATTACK_LEN], other[ATTACK_LEN], junk[ATTACK_LEN];
  uint8_t bus[ATTACK_LEN];        // last written to the victim's data on the bus of the DRAM
} attack_stage_t;

// What a cell is expected to show: `by` (NULL: not looked at) must be among what the log says of it.
typedef struct attack_want {
  attack_verdict_t verdict;
  const char *why, *by;
} attack_want_t;

// One cell: who is attacked, by which play or scenario, and what is expected.
typedef struct attack_case {
  const char *system;             // column, or the configuration in words
  attack_prot_t prot;
  const char *config;             // of sim/configs.list; NULL: that of the run
  const char *scenario, *set;     // file of tests/attacks/ without .scn, its variables "name=value ..."; NULL: play
  void (*play)(attack_stage_t *s);
  bool own_start;                 // the play itself starts the table up
  attack_want_t want;
} attack_case_t;

typedef enum attack_group { ATTACK_MATRIX, ATTACK_INSN, ATTACK_PUBLISHED, ATTACK_GROUPS } attack_group_t;

typedef struct attack_threat {
  const char *name, *about;
  attack_group_t group;
  const char *source;             // property of the white paper, or the publication; NULL in the matrix
  const attack_case_t *cases;     // of other groups than the matrix: up to ATTACK_CASES, the rest zero
  // the matrix: one play or scenario for all columns
  bool table;                     // concerns the table: SEV-SNP only
  bool own_start;
  void (*play)(attack_stage_t *s);
  const char *scenario;
  attack_want_t want[ATTACK_PROTS];
} attack_threat_t;

// Rows of attack_cases.
enum {
  ATTACK_INSN_REPLAY, ATTACK_INSN_CORRUPT, ATTACK_INSN_ALIAS, ATTACK_INSN_REMAP, ATTACK_INSN_TWICE, ATTACK_INSN_SMASH,
  ATTACK_INSN_INUSE,
  ATTACK_AT01, ATTACK_AT02, ATTACK_AT03, ATTACK_AT05, ATTACK_AT06, ATTACK_AT09, ATTACK_AT11, ATTACK_AT12,
  ATTACK_AT14, ATTACK_AT18, ATTACK_AT20, ATTACK_AT25
};

extern const attack_threat_t attack_threats[];
extern const size_t attack_threats_n;
extern const attack_case_t attack_cases[][ATTACK_CASES];  // attack_published.c
// Cell number n of a threat. False: there is none.
bool attack_case_of(const attack_threat_t *t, uint32_t n, attack_case_t *c);
const char *attack_prot_name(attack_prot_t p);

// ---- stage (attack_stage.c) ---------------------------------------------------------------------------------------

// Addresses: pages of the victim and pages of the host.
#define SPA_A 0x401000u
#define SPA_B 0x402000u
#define SPA_HOST 0x603000u
#define SPA_FRESH 0x604000u
#define GPA_A 0x40001u  // page numbers
#define GPA_B 0x40002u
#define TABLE_BASE UINT64_C(0x800000)
#define TABLE_END UINT64_C(0x813fff)  // covers 16 MiB

// Plays one cell. False: cannot be set up (err).
bool attack_play(const attack_case_t *c, const bench_opt_t *opt, attack_cell_t *cell, char err[TB_ERR_LEN]);
// The same for a scenario; dir: folder of the scenarios (attack_scenario.c). False with an empty err: already printed.
bool attack_scenario(const attack_case_t *c, const bench_opt_t *opt, const char *dir, attack_cell_t *cell,
                     char err[TB_ERR_LEN]);

bool attack_keys(attack_stage_t *s);  // new ones: victim, another machine, host
cbit_attr_t attack_guest(const attack_stage_t *s, uint64_t gpa_page);  // the victim
cbit_attr_t attack_host(bool cbit);
// The victim puts its data there and finds it again, or the cell fails.
void attack_own(attack_stage_t *s, uint64_t gpa_page, uint64_t spa, const uint8_t *data);
// The victim writes and reads ATTACK_LEN bytes where the attacker lets it; a read becomes the cell's `victim` if it is
// worse than what it had.
void attack_victim_write(attack_stage_t *s, uint64_t gpa_page, uint64_t spa, const uint8_t *data);
attack_verdict_t attack_victim_read(attack_stage_t *s, uint64_t gpa_page, uint64_t spa);
// The attacker reads: the cell's `attacker` if it is worse than what it had, or bytes to keep, or writes.
void attack_read(attack_stage_t *s, const cbit_attr_t *who, uint64_t spa, uint8_t *keep);
bool attack_write(attack_stage_t *s, const cbit_attr_t *who, uint64_t spa, const void *data, size_t len);
void attack_saw(attack_stage_t *s, attack_seen_t seen, bool error);
attack_seen_t attack_tell(const attack_stage_t *s, const uint8_t *data, uint64_t spa);
void attack_verdict(attack_stage_t *s, attack_verdict_t v);  // keeps the worst
void attack_note(attack_stage_t *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
void attack_watch(attack_stage_t *s, uint64_t spa);          // fills s->bus from now on
// Table: its registers; entries of its own pages; a page given to the victim.
bool attack_table_registers(attack_stage_t *s);
bool attack_table_firmware(attack_stage_t *s);
void attack_give(attack_stage_t *s, uint64_t spa, uint64_t gpa_page, bool validated);

// ---- threats ------------------------------------------------------------------------------------------------------

void play_host_read(attack_stage_t *s);
void play_host_repeat(attack_stage_t *s);
void play_vm_read(attack_stage_t *s);
void play_asid_theft(attack_stage_t *s);
void play_vmpl_read(attack_stage_t *s);
void play_host_write(attack_stage_t *s);
void play_host_replay(attack_stage_t *s);
void play_alias(attack_stage_t *s);
void play_remap_own(attack_stage_t *s);
void play_remap_host(attack_stage_t *s);
void play_remap_fresh(attack_stage_t *s);
void play_dma_read(attack_stage_t *s);
void play_dma_write(attack_stage_t *s);
void play_cold_boot(attack_stage_t *s);
void play_bus_observe(attack_stage_t *s);
void play_bus_repeat(attack_stage_t *s);
void play_bus_flip(attack_stage_t *s);
void play_bus_replay(attack_stage_t *s);
void play_key_readout(attack_stage_t *s);
void play_table_write(attack_stage_t *s);
void play_table_dram(attack_stage_t *s);
void play_start_late(attack_stage_t *s);
void play_start_self(attack_stage_t *s);
void play_start_safe(attack_stage_t *s);
void play_xex_rep4(attack_stage_t *s);
void play_xex_full(attack_stage_t *s);
void play_entry_time(attack_stage_t *s);
void attack_push_out(attack_stage_t *s);  // entries of other pages fill the engine's caches

// ---- report (attack_report.c) -------------------------------------------------------------------------------------

typedef struct attack_run {
  const char *config, *engine;
  uint64_t seed;
  attack_cell_t (*cell)[ATTACK_CASES];  // one row for each threat
  const bool *chosen;
  double seconds;
} attack_run_t;

// Cells that were run; differing: how many have another verdict than expected, failed: how many did not end.
uint32_t attack_count(const attack_run_t *r, uint32_t *differing, uint32_t *failed);
void attack_print(const attack_run_t *r, FILE *to);
bool attack_json(const attack_run_t *r, const char *path, char err[TB_ERR_LEN]);
bool attack_html(const attack_run_t *r, const char *path, char err[TB_ERR_LEN]);
// Pieces for all three.
bool attack_shown(const attack_run_t *r, size_t i, uint32_t n, attack_case_t *c);  // the cell was run
bool attack_differs(const attack_cell_t *cell, const attack_case_t *c);
const char *attack_word(const attack_cell_t *cell);                                // verdict, or FAILED
void attack_mechanism(const attack_cell_t *cell, char *to, size_t size);           // "row 2 HVO #PF 0x80000003, ..."
void attack_codes(const attack_cell_t *cell, char *to, size_t size);               // only "#PF 0x80000003, ..."
void attack_sight(const attack_cell_t *cell, char *to, size_t size);               // what attacker and victim saw
extern const char *const attack_group_name[ATTACK_GROUPS];
// Opens a file for writing, makes its folder. NULL: err.
FILE *attack_open(const char *path, char err[TB_ERR_LEN]);
bool attack_close(FILE *f, const char *path, char err[TB_ERR_LEN]);

#endif  // TB_ATTACK_H
