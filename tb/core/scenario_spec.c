// SPDX-License-Identifier: Apache-2.0
//
// scenario_spec.c - the table of all steps: words, parameters, types (scenario_int.h)
//
// docs/scenario.md lists the same steps with examples. Steps with a common beginning: the longer one first.
#include <string.h>

#include "cbit_regs.h"
#include "core/scenario_int.h"

#define POS (SCN_POSITIONAL | SCN_REQUIRED)
#define CODES "none addr proto device asid slot excl wlast check"
#define KINDS "guard pf npf vc gp vmrun_fails iommu_fault iommu_halt mce iommu_hw_err"  // cbit_rmp_verdict_kind_t
#define ERRORS "ok range state key_equal need_flush entropy aborted op refused"
#define RESPS "okay exokay slverr decerr"
#define REQUESTERS "host guest device sp"

#define ACCESS_OPTIONS                                                                                                   \
  {"length", SCN_T_SIZE, 0, NULL}, {"cbit", SCN_T_BOOL, 0, NULL}, {"ncbit", SCN_T_BOOL, 0, NULL},                        \
      {"access", SCN_T_WORD, 0, "data fetch pt_walk ad_update vmsa reserved"},                                           \
      {"burst", SCN_T_WORD, 0, "incr fixed wrap reserved"}, {"size", SCN_T_NUM, 0, NULL}, {"len", SCN_T_NUM, 0, NULL},   \
      {"id", SCN_T_NUM, 0, NULL}, {"lock", SCN_T_BOOL, 0, NULL}, {"later", SCN_T_BOOL, 0, NULL}, {"whole", SCN_T_BOOL, 0, NULL},  \
      {"gpa", SCN_T_NUM, 0, NULL}, {"map", SCN_T_WORD, 0, "4k 2m 1g"}

#define WHO_OPTIONS                                                                                                      \
  {"vmpl", SCN_T_NUM, 0, NULL}, {"user", SCN_T_BOOL, 0, NULL}, {"cbit", SCN_T_BOOL, 0, NULL}, {"snp", SCN_T_BOOL, 0, NULL}

#define CMP_NUM {"cmp", SCN_T_CMP, POS, NULL}, {"value", SCN_T_NUM, POS, NULL}
#define CMP_REAL {"cmp", SCN_T_CMP, POS, NULL}, {"value", SCN_T_REAL, POS, NULL}
// Of RMP instructions. RIGHTS: what a guest's instruction says of its translation.
#define SIZE {"size", SCN_T_WORD, 0, "4k 2m"}
#define PORT {"port", SCN_T_NUM, 0, NULL}
#define CPL {"cpl", SCN_T_NUM, 0, NULL}
#define RIGHTS {"gpa", SCN_T_NUM, SCN_REQUIRED, NULL}, {"gva", SCN_T_NUM, 0, NULL}, {"ec", SCN_T_BOOL, 0, NULL}, PORT
#define SLOT {"slot", SCN_T_SLOT, POS, NULL}
#define ADDR {"address", SCN_T_NUM, POS, NULL}
#define WHO {"requester", SCN_T_WHO, POS, NULL}
// Of processors.
#define TO {"to", SCN_T_NUM, POS, NULL}
#define TABLES {"length", SCN_T_SIZE, SCN_REQUIRED, NULL}
#define LEAVES                                                                                                           \
  {"map", SCN_T_WORD, 0, "4k 2m 1g"}, {"pages", SCN_T_NUM, 0, NULL}, {"write", SCN_T_BOOL, 0, NULL},                     \
      {"exec", SCN_T_BOOL, 0, NULL}, {"cbit", SCN_T_BOOL, 0, NULL}
#define ADJUST                                                                                                           \
  {"target", SCN_T_NUM, SCN_REQUIRED, NULL}, {"perms", SCN_T_NUM, SCN_REQUIRED, NULL}, {"vmsa", SCN_T_BOOL, 0, NULL}
#define IO_RIGHTS {"read", SCN_T_BOOL, 0, NULL}, {"write", SCN_T_BOOL, 0, NULL}, {"cbit", SCN_T_BOOL, 0, NULL}
#define USER {"user", SCN_T_BOOL, 0, NULL}
#define LENGTH {"length", SCN_T_SIZE, SCN_REQUIRED, NULL}
#define STORE {"data", SCN_T_DATA, SCN_REQUIRED, NULL}, {"length", SCN_T_SIZE, 0, NULL}

const scn_spec_t scn_spec_table[] = {
    // processors; before `guest` and `host`, which begin with the same words
    {"nested tables", SCN_OP_NESTED_TABLES, {WHO, ADDR, TABLES, {"cbit", SCN_T_BOOL, 0, NULL}}},
    {"nested map", SCN_OP_NESTED_MAP, {WHO, ADDR, TO, LEAVES}},
    {"nested unmap", SCN_OP_NESTED_UNMAP, {WHO, ADDR}},
    {"guest tables", SCN_OP_OWN_TABLES, {WHO, ADDR, TABLES, {"vtom", SCN_T_NUM, 0, NULL}}},
    {"guest map", SCN_OP_OWN_MAP, {WHO, ADDR, TO, LEAVES, USER}},
    {"guest unmap", SCN_OP_OWN_UNMAP, {WHO, ADDR}},
    {"guest read", SCN_OP_CPU_READ, {WHO, ADDR, LENGTH}},
    {"guest write", SCN_OP_CPU_WRITE, {WHO, ADDR, STORE}},
    {"guest fetch", SCN_OP_CPU_FETCH, {WHO, ADDR, LENGTH}},
    {"guest pvalidate", SCN_OP_CPU_PVALIDATE, {WHO, ADDR, {"validated", SCN_T_BOOL, 0, NULL}, SIZE, PORT}},
    {"guest rmpadjust", SCN_OP_CPU_RMPADJUST, {WHO, ADDR, ADJUST, SIZE, PORT}},
    {"guest rmpquery", SCN_OP_CPU_RMPQUERY, {WHO, ADDR, {"target", SCN_T_NUM, SCN_REQUIRED, NULL}, PORT}},
    {"guest flush", SCN_OP_CPU_FLUSH, {WHO, {"gva", SCN_T_NUM, 0, NULL}}},
    {"host tables", SCN_OP_OWN_TABLES, {ADDR, TABLES, {"cbit", SCN_T_BOOL, 0, NULL}}},
    {"host map", SCN_OP_OWN_MAP, {ADDR, TO, LEAVES, USER}},
    {"host unmap", SCN_OP_OWN_UNMAP, {ADDR}},
    {"host read", SCN_OP_CPU_READ, {ADDR, LENGTH, USER}},
    {"host write", SCN_OP_CPU_WRITE, {ADDR, STORE, USER}},
    {"host fetch", SCN_OP_CPU_FETCH, {ADDR, LENGTH, USER}},
    {"host flush", SCN_OP_CPU_FLUSH, {{"gva", SCN_T_NUM, 0, NULL}}},
    {"cpu deaf", SCN_OP_CPU_DEAF, {{"on", SCN_T_BOOL, POS, NULL}}},
    {"registers save", SCN_OP_REG_SAVE, {WHO, ADDR, STORE, {"es", SCN_T_BOOL, 0, NULL}, {"cbit", SCN_T_BOOL, 0, NULL}}},
    {"registers load", SCN_OP_REG_LOAD, {WHO, ADDR, LENGTH, {"es", SCN_T_BOOL, 0, NULL}, {"cbit", SCN_T_BOOL, 0, NULL}}},
    {"vmrun", SCN_OP_VMRUN, {WHO, ADDR, {"slot", SCN_T_NUM, 0, NULL}}},
    {"vmexit", SCN_OP_VMEXIT, {WHO, {"slot", SCN_T_NUM, 0, NULL}}},
    // IOMMU; before `device`, which begins with the same word
    {"iommu table", SCN_OP_IOMMU_TABLE, {ADDR, {"devices", SCN_T_NUM, SCN_REQUIRED, NULL}, {"cbit", SCN_T_BOOL, 0, NULL}}},
    {"iommu log", SCN_OP_IOMMU_LOG, {ADDR, {"entries", SCN_T_NUM, SCN_REQUIRED, NULL}, {"cbit", SCN_T_BOOL, 0, NULL}}},
    {"iommu restart", SCN_OP_IOMMU_RESTART, {{NULL, SCN_T_NUM, 0, NULL}}},
    {"iommu deaf", SCN_OP_IOMMU_DEAF, {{"on", SCN_T_BOOL, POS, NULL}}},
    {"device tables", SCN_OP_IO_TABLES, {WHO, ADDR, TABLES, {"levels", SCN_T_NUM, 0, NULL}, IO_RIGHTS}},
    {"device detach", SCN_OP_IO_DETACH, {WHO}},
    {"device map", SCN_OP_IO_MAP,
     {WHO, ADDR, TO, {"map", SCN_T_WORD, 0, "4k 2m 1g"}, {"pages", SCN_T_NUM, 0, NULL}, IO_RIGHTS}},
    {"device unmap", SCN_OP_IO_UNMAP, {WHO, ADDR}},
    {"device flush", SCN_OP_IO_FLUSH, {WHO, {"iova", SCN_T_NUM, 0, NULL}}},
    {"device read", SCN_OP_IO_READ, {WHO, ADDR, LENGTH}},
    {"device write", SCN_OP_IO_WRITE, {WHO, ADDR, STORE}},
    // names and settings
    {"set", SCN_OP_SET, {{"name", SCN_T_NAME, POS, NULL}, {"=", SCN_T_IS, POS, NULL}, {"value", SCN_T_RAW, POS, NULL}}},
    {"config", SCN_OP_CONFIG, {{"name", SCN_T_RAW, POS, NULL}}},
    {"guest", SCN_OP_GUEST, {{"name", SCN_T_NAME, POS, NULL}, {"asid", SCN_T_NUM, SCN_REQUIRED, NULL}, WHO_OPTIONS}},
    {"host", SCN_OP_HOST, {{"name", SCN_T_NAME, POS, NULL}, {"asid", SCN_T_NUM, 0, NULL}, WHO_OPTIONS}},
    {"device", SCN_OP_DEVICE, {{"name", SCN_T_NAME, POS, NULL}, {"asid", SCN_T_NUM, 0, NULL}, WHO_OPTIONS}},
    {"sp", SCN_OP_SP, {{"name", SCN_T_NAME, POS, NULL}, {"asid", SCN_T_NUM, 0, NULL}, WHO_OPTIONS}},
    {"data", SCN_OP_DATA, {{"name", SCN_T_NEW, POS, NULL}, {"=", SCN_T_IS, POS, NULL}, {"value", SCN_T_DATA, POS, NULL}}},
    {"say", SCN_OP_SAY, {{"text", SCN_T_TEXT, POS, NULL}}},
    // engine
    {"reset", SCN_OP_RESET, {{NULL, SCN_T_NUM, 0, NULL}}},
    {"ctrl", SCN_OP_CTRL,
     {{"mode", SCN_T_WORD, 0, "none xe_lin xex_lin xex_aes16 xts_l64 xts_p4k 0 1 2 3 4 5"},
      {"smee", SCN_T_BOOL, 0, NULL},
      {"tsme", SCN_T_BOOL, 0, NULL}}},
    {"lock", SCN_OP_LOCK, {{"what", SCN_T_WORD, POS, "ctrl table all"}}},
    {"debug", SCN_OP_DEBUG, {{"on", SCN_T_BOOL, POS, NULL}}},
    {"zeroise", SCN_OP_ZEROISE, {{"cycles", SCN_T_NUM, 0, NULL}}},
    {"entropy", SCN_OP_ENTROPY, {{"kind", SCN_T_WORD, POS, "good stuck biased silent"}}},
    {"tweaks", SCN_OP_TWEAKS, {{"kind", SCN_T_WORD, POS, "full rep4 zen1"}, {"seed", SCN_T_NUM, 0, NULL}}},
    // keys
    {"key open", SCN_OP_KEY_OPEN, {SLOT}},
    {"key load", SCN_OP_KEY_LOAD, {SLOT, {"k1", SCN_T_DATA, 0, NULL}, {"k2", SCN_T_DATA, 0, NULL}}},
    {"key generate", SCN_OP_KEY_GENERATE, {SLOT}},
    {"key activate", SCN_OP_KEY_ACTIVATE, {SLOT}},
    {"key deactivate", SCN_OP_KEY_DEACTIVATE, {SLOT}},
    {"key wipe", SCN_OP_KEY_WIPE, {SLOT}},
    {"key query", SCN_OP_KEY_QUERY, {SLOT}},
    {"key flush", SCN_OP_KEY_FLUSH, {{NULL, SCN_T_NUM, 0, NULL}}},
    {"key wipe_all", SCN_OP_KEY_WIPE_ALL, {{NULL, SCN_T_NUM, 0, NULL}}},
    // bus
    {"write", SCN_OP_WRITE,
     {WHO, ADDR, {"data", SCN_T_DATA, SCN_REQUIRED, NULL}, ACCESS_OPTIONS, {"mask", SCN_T_DATA, 0, NULL}}},
    {"read", SCN_OP_READ, {WHO, ADDR, ACCESS_OPTIONS}},
    {"finish", SCN_OP_FINISH, {{NULL, SCN_T_NUM, 0, NULL}}},
    {"measure", SCN_OP_MEASURE,
     {WHO, ADDR, {"reads", SCN_T_NUM, 0, NULL}, {"length", SCN_T_NUM, 0, NULL}, {"cbit", SCN_T_BOOL, 0, NULL}}},
    {"take", SCN_OP_TAKE, {{"data", SCN_T_DATA, POS, NULL}}},
    {"keep", SCN_OP_KEEP, {{"name", SCN_T_NEW, POS, NULL}}},
    {"wait", SCN_OP_WAIT, {{"cycles", SCN_T_NUM, POS, NULL}}},
    // RMP check and its instructions
    {"rmp start", SCN_OP_RMP_START,
     {{"base", SCN_T_NUM, POS, NULL}, {"end", SCN_T_NUM, POS, NULL}, {"vmpl", SCN_T_BOOL, 0, NULL}, {"iommu", SCN_T_BOOL, 0, NULL}}},
    {"rmp setup", SCN_OP_RMP_SETUP,
     {{"base", SCN_T_NUM, POS, NULL}, {"end", SCN_T_NUM, POS, NULL}, {"vmpl", SCN_T_BOOL, 0, NULL}, {"iommu", SCN_T_BOOL, 0, NULL}}},
    {"rmp fill", SCN_OP_RMP_FILL, {{NULL, SCN_T_NUM, 0, NULL}}},
    {"rmp command", SCN_OP_RMP_COMMAND, {{"op", SCN_T_WORD, POS, "fence flush_done table_done verify snp_en flush2_done"}}},
    {"alias check", SCN_OP_ALIAS_CHECK,
     {{"from", SCN_T_NUM, POS, NULL}, {"end", SCN_T_NUM, POS, NULL}, {"quick", SCN_T_BOOL, 0, NULL}}},
    {"rmp entry", SCN_OP_RMP_ENTRY, {ADDR, {"q1", SCN_T_NUM, SCN_REQUIRED, NULL}, {"q2", SCN_T_NUM, 0, NULL}}},
    {"rmp look", SCN_OP_RMP_LOOK, {ADDR}},
    {"rmpmark clear", SCN_OP_RMP_CLEAR, {{"slot", SCN_T_NUM, POS, NULL}}},
    {"rmpmark", SCN_OP_RMP_MARK, {{"slot", SCN_T_NUM, POS, NULL}, ADDR}},
    {"rmpupdate", SCN_OP_RMPUPDATE,
     {ADDR, {"gpa", SCN_T_NUM, 0, NULL}, {"asid", SCN_T_NUM, 0, NULL}, {"assigned", SCN_T_BOOL, 0, NULL}, SIZE,
      {"immutable", SCN_T_BOOL, 0, NULL}, {"operand", SCN_T_DATA, 0, NULL}, CPL, PORT}},
    {"psmash", SCN_OP_PSMASH, {ADDR, CPL, PORT}},
    {"rmpread", SCN_OP_RMPREAD, {ADDR, CPL, PORT}},
    {"pvalidate", SCN_OP_PVALIDATE, {WHO, ADDR, RIGHTS, {"validated", SCN_T_BOOL, 0, NULL}, SIZE}},
    {"rmpadjust", SCN_OP_RMPADJUST,
     {WHO, ADDR, RIGHTS, ADJUST, SIZE}},
    {"rmpquery", SCN_OP_RMPQUERY, {WHO, ADDR, RIGHTS, {"target", SCN_T_NUM, SCN_REQUIRED, NULL}}},
    // DRAM, from behind
    {"dram read", SCN_OP_DRAM_READ, {ADDR, {"length", SCN_T_SIZE, SCN_REQUIRED, NULL}}},
    {"dram write", SCN_OP_DRAM_WRITE, {ADDR, {"data", SCN_T_DATA, SCN_REQUIRED, NULL}, {"length", SCN_T_SIZE, 0, NULL}}},
    {"dram tamper", SCN_OP_DRAM_TAMPER, {ADDR, {"bit", SCN_T_NUM, 0, NULL}, {"xor", SCN_T_DATA, 0, NULL}}},
    {"dram swap", SCN_OP_DRAM_SWAP,
     {ADDR, {"other", SCN_T_NUM, POS, NULL}, {"length", SCN_T_SIZE, SCN_REQUIRED, NULL}}},
    {"dram copy", SCN_OP_DRAM_COPY,
     {ADDR, {"other", SCN_T_NUM, POS, NULL}, {"length", SCN_T_SIZE, SCN_REQUIRED, NULL}}},
    {"dram alias off", SCN_OP_DRAM_ALIAS, {{NULL, SCN_T_NUM, 0, NULL}}},
    {"dram alias", SCN_OP_DRAM_ALIAS,
     {{"mask", SCN_T_NUM, SCN_REQUIRED, NULL}, {"match", SCN_T_NUM, SCN_REQUIRED, NULL}, {"xor", SCN_T_NUM, SCN_REQUIRED, NULL}}},
    {"dram error off", SCN_OP_DRAM_ERROR, {{NULL, SCN_T_NUM, 0, NULL}}},
    {"dram error", SCN_OP_DRAM_ERROR,
     {ADDR, {"length", SCN_T_SIZE, SCN_REQUIRED, NULL}, {"on", SCN_T_WORD, 0, "read write both"}, {"resp", SCN_T_WORD, 0, RESPS}}},
    {"dram timing", SCN_OP_DRAM_TIMING,
     {{"latency", SCN_T_WORD, 0, "fixed uniform bank"}, {"min", SCN_T_NUM, 0, NULL}, {"max", SCN_T_NUM, 0, NULL},
      {"half_duplex", SCN_T_BOOL, 0, NULL}, {"turnaround", SCN_T_NUM, 0, NULL}, {"reorder", SCN_T_BOOL, 0, NULL},
      {"interleave", SCN_T_BOOL, 0, NULL}, {"stall", SCN_T_NUM, 0, NULL}}},
    {"dram save", SCN_OP_DRAM_SAVE,
     {ADDR, {"file", SCN_T_TEXT, POS, NULL}, {"length", SCN_T_SIZE, SCN_REQUIRED, NULL}}},
    // looking
    {"show", SCN_OP_SHOW, {{"lines", SCN_T_NUM, 0, NULL}}},
    {"picture panel", SCN_OP_PANEL,
     {{"caption", SCN_T_TEXT, POS, NULL}, {"width", SCN_T_NUM, 0, NULL}, {"height", SCN_T_NUM, 0, NULL}, {"pixel", SCN_T_NUM, 0, NULL}}},
    {"picture save", SCN_OP_PICTURE, {{"file", SCN_T_TEXT, POS, NULL}}},
    {"log pop", SCN_OP_LOG_POP, {{NULL, SCN_T_NUM, 0, NULL}}},
    {"log show", SCN_OP_LOG_SHOW, {{NULL, SCN_T_NUM, 0, NULL}}},
    {"counters mark", SCN_OP_COUNTERS_MARK, {{NULL, SCN_T_NUM, 0, NULL}}},
    {"counters", SCN_OP_COUNTERS, {{NULL, SCN_T_NUM, 0, NULL}}},
    // judging
    {"expect data", SCN_OP_EXPECT_DATA, {{"cmp", SCN_T_CMP, POS, NULL}, {"data", SCN_T_DATA, POS, NULL}}},
    {"expect zeros", SCN_OP_EXPECT_ZEROS, {{NULL, SCN_T_NUM, 0, NULL}}},
    {"expect plain", SCN_OP_EXPECT_PLAIN, {{"of", SCN_T_DATA, 0, NULL}}},
    {"expect noise", SCN_OP_EXPECT_NOISE, {{"of", SCN_T_DATA, 0, NULL}}},
    {"expect fault", SCN_OP_EXPECT_FAULT, {{"code", SCN_T_WORD, POS, CODES}}},
    {"expect record", SCN_OP_EXPECT_RECORD,
     {{"code", SCN_T_WORD, 0, CODES}, {"write", SCN_T_BOOL, 0, NULL}, {"requester", SCN_T_WORD, 0, REQUESTERS},
      {"asid", SCN_T_NUM, 0, NULL}, {"cbit", SCN_T_BOOL, 0, NULL}, {"address", SCN_T_NUM, 0, NULL}, {"id", SCN_T_NUM, 0, NULL},
      {"kind", SCN_T_WORD, 0, KINDS}, {"error", SCN_T_NUM, 0, NULL}}},
    {"expect resp", SCN_OP_EXPECT_RESP, {{"resp", SCN_T_WORD, POS, RESPS}}},
    {"expect error", SCN_OP_EXPECT_ERROR, {{"error", SCN_T_WORD, POS, ERRORS}}},
    {"expect state", SCN_OP_EXPECT_STATE, {{"state", SCN_T_WORD, POS, "empty loaded active drain"}}},
    {"expect refused", SCN_OP_EXPECT_REFUSED, {{NULL, SCN_T_NUM, 0, NULL}}},
    {"expect entropy", SCN_OP_EXPECT_ENTROPY, {CMP_REAL}},
    {"expect repeats", SCN_OP_EXPECT_REPEATS, {CMP_NUM}},
    {"expect deflate", SCN_OP_EXPECT_DEFLATE, {CMP_REAL}},
    {"expect common", SCN_OP_EXPECT_COMMON, {{"data", SCN_T_DATA, POS, NULL}, CMP_NUM}},
    {"expect counter", SCN_OP_EXPECT_COUNTER,
     {{"name", SCN_T_WORD, POS,
       "cycles rd_beats_plain rd_beats_enc wr_beats_plain wr_beats_enc rmw faults stall_tweak_rd stall_tweak_wr stall_rmw "
       "stall_hazard stall_rd_table stall_wr_table stall_out rmp_ask rmp_miss rmp_read stall_rmp_rd stall_rmp_wr insn insn_stop"},
      CMP_NUM}},
    {"expect log", SCN_OP_EXPECT_LOG, {CMP_NUM}},
    {"expect irq", SCN_OP_EXPECT_IRQ, {{"on", SCN_T_BOOL, POS, NULL}}},
    {"expect cycles", SCN_OP_EXPECT_CYCLES, {CMP_NUM}},
    {"expect code", SCN_OP_EXPECT_CODE,
     {{"code", SCN_T_WORD, POS, "success fail_input fail_permission fail_inuse fail_overlap fail_badaddr fail_sizemismatch"}}},
    {"expect flags", SCN_OP_EXPECT_FLAGS, {{"cf", SCN_T_BOOL, 0, NULL}, {"zf", SCN_T_BOOL, 0, NULL}}},
    {"expect end", SCN_OP_EXPECT_END, {{"kind", SCN_T_WORD, POS, "code npf vc gp mce ud"}, {"error", SCN_T_NUM, 0, NULL}}},
    {"expect trap", SCN_OP_EXPECT_TRAP,
     {{"end", SCN_T_WORD, POS, "none pf npf vc gp mc invalid refused"}, {"error", SCN_T_NUM, 0, NULL}, {"at", SCN_T_NUM, 0, NULL}}},
    {"expect requests", SCN_OP_EXPECT_REQUESTS, {CMP_NUM}},
    {"expect tlb", SCN_OP_EXPECT_TLB, {{"hit", SCN_T_WORD, POS, "miss hit"}}},
    {"expect event", SCN_OP_EXPECT_EVENT,
     {{"event", SCN_T_WORD, POS, "none illegal_dte io_page_fault dev_tab_hw page_tab_hw rmp_page_fault rmp_hw"},
      {"flags", SCN_T_NUM, 0, NULL}, {"rmp", SCN_T_NUM, 0, NULL}, {"device", SCN_T_NUM, 0, NULL}, {"tag", SCN_T_NUM, 0, NULL},
      {"at", SCN_T_NUM, 0, NULL}}},
    {"expect dma", SCN_OP_EXPECT_DMA, {{"end", SCN_T_WORD, POS, "done aborted memory_error refused"}}},
    {"expect iotlb", SCN_OP_EXPECT_IOTLB, {{"hit", SCN_T_WORD, POS, "miss hit"}}},
    {"expect iommu", SCN_OP_EXPECT_IOLOG, {{"state", SCN_T_WORD, POS, "running halted full"}}},
    {"expect outcome", SCN_OP_EXPECT_OUTCOME,
     {{"outcome", SCN_T_WORD, POS, "stopped noise succeeds"}, {"by", SCN_T_TEXT, 0, NULL}}},
    // what an attack came to
    {"observe attacker", SCN_OP_OBSERVE_ATTACKER, {{"data", SCN_T_DATA, POS, NULL}}},
    {"observe victim", SCN_OP_OBSERVE_VICTIM, {{"data", SCN_T_DATA, POS, NULL}, {"planted", SCN_T_DATA, 0, NULL}}},
    {"observe attempt", SCN_OP_OBSERVE_ATTEMPT, {{NULL, SCN_T_NUM, 0, NULL}}},
    {"observe guess", SCN_OP_OBSERVE_GUESS, {{"cmp", SCN_T_CMP, POS, NULL}, {"data", SCN_T_DATA, POS, NULL}}},
    {"observe denial", SCN_OP_OBSERVE_DENIAL, {{NULL, SCN_T_NUM, 0, NULL}}},
    {NULL, SCN_OP_SET, {{NULL, SCN_T_NUM, 0, NULL}}}};

static const struct {
  const char *name;
  size_t offset;
} counter[SCN_COUNTERS] = {
    {"cycles", offsetof(cbit_regs_t, CNT_CYCLES)},
    {"rd_beats_plain", offsetof(cbit_regs_t, CNT_RD_BEATS_PLAIN)},
    {"rd_beats_enc", offsetof(cbit_regs_t, CNT_RD_BEATS_ENC)},
    {"wr_beats_plain", offsetof(cbit_regs_t, CNT_WR_BEATS_PLAIN)},
    {"wr_beats_enc", offsetof(cbit_regs_t, CNT_WR_BEATS_ENC)},
    {"rmw", offsetof(cbit_regs_t, CNT_RMW)},
    {"faults", offsetof(cbit_regs_t, CNT_FAULTS)},
    {"stall_tweak_rd", offsetof(cbit_regs_t, CNT_STALL_TWEAK_RD)},
    {"stall_tweak_wr", offsetof(cbit_regs_t, CNT_STALL_TWEAK_WR)},
    {"stall_rmw", offsetof(cbit_regs_t, CNT_STALL_RMW)},
    {"stall_hazard", offsetof(cbit_regs_t, CNT_STALL_HAZARD)},
    {"stall_rd_table", offsetof(cbit_regs_t, CNT_STALL_RD_TABLE)},
    {"stall_wr_table", offsetof(cbit_regs_t, CNT_STALL_WR_TABLE)},
    {"stall_out", offsetof(cbit_regs_t, CNT_STALL_OUT)},
    {"rmp_ask", offsetof(cbit_regs_t, CNT_RMP_ASK)},
    {"rmp_miss", offsetof(cbit_regs_t, CNT_RMP_MISS)},
    {"rmp_read", offsetof(cbit_regs_t, CNT_RMP_READ)},
    {"stall_rmp_rd", offsetof(cbit_regs_t, CNT_STALL_RMP_RD)},
    {"stall_rmp_wr", offsetof(cbit_regs_t, CNT_STALL_RMP_WR)},
    {"insn", offsetof(cbit_regs_t, CNT_INSN)},
    {"insn_stop", offsetof(cbit_regs_t, CNT_INSN_STOP)}};

const char *scn_counter_name(unsigned i) { return i < SCN_COUNTERS ? counter[i].name : NULL; }
uint16_t scn_counter_offset(unsigned i) { return (uint16_t)counter[i].offset; }

bool scn_wrong(scn_parser_t *p, const scn_val_t *v, bool is, const char *text) {
  if (v->set && is) scn_error(p, v->pos.col, "%s", text);
  return v->set && is;
}

bool scn_flag(const scn_step_t *st, const char *name, bool without) {
  const scn_val_t *v = scn_arg(st, name);
  return v->set ? v->num != 0 : without;
}

const char *scn_resp_name(uint64_t resp) {
  static const char *const name[] = {"OKAY", "EXOKAY", "SLVERR", "DECERR"};
  return name[resp & 3];
}

const scn_val_t *scn_arg(const scn_step_t *st, const char *name) {
  static const scn_val_t none;
  for (uint32_t i = 0; i < SCN_ARGS && st->spec->param[i].name != NULL; i++) {
    if (strcmp(st->spec->param[i].name, name) == 0) return &st->val[i];
  }
  return &none;
}
