// SPDX-License-Identifier: Apache-2.0
//
// cover_points.c - the plan of functional coverage: points, their bins, and what cannot happen
#include <stdio.h>

#include "chk/cover_int.h"
#include "chk/insn_step.h"

#define COUNT(a) (uint32_t)(sizeof(a) / sizeof((a)[0]))
#define AXIS(name, bins) {name, COUNT(bins), bins}
#define NONE {NULL, 0, NULL}

static const char *const op[] = {"read", "write"};
static const char *const cbit[] = {"C0", "C1"};
static const char *const yes[] = {"no", "yes"};
static const char *const burst[] = {"FIXED", "INCR", "WRAP", "reserved"};
static const char *const size[] = {"1B", "2B", "4B", "8B", "16B", "32B", "64B", "128B"};
static const char *const requester[] = {"host", "guest", "device", "sp"};
static const char *const access_kind[] = {"data", "fetch", "pt_walk", "ad_update", "vmsa", "5 to 7"};
static const char *const len[] = {"1", "2", "3-4", "5-8", "9-16", "17-64", "65-256"};
static const char *const align[] = {"bus", "size", "unaligned"};
static const char *const strobe[] = {"all", "none", "some", "mixed"};
static const char *const chunk[] = {"1", "2", "3", "4+"};
static const char *const partial[] = {"nothing", "full only", "one partial", "more partial"};
static const char *const mode[] = {"none", "xe_lin", "xex_lin", "xex_aes16", "xts_l64", "xts_p4k"};
static const char *const fault[] = {"ADDR", "PROTO", "DEVICE", "ASID", "SLOT", "EXCL", "WLAST", "CHECK"};
static const char *const resp[] = {"OKAY", "EXOKAY", "SLVERR", "DECERR"};
static const char *const depth[] = {"1", "2", "3-4", "5-8", "9+"};
static const char *const order[] = {"in order", "overtakes another ID", "beats interleave"};
static const char *const channel[] = {"s_aw", "s_w", "s_ar", "s_b", "s_r", "m_aw", "m_w", "m_ar", "m_b", "m_r"};
static const char *const stall[] = {"1", "2-3", "4-15", "16+"};
static const char *const together[] = {"s_r and m_r wait",         "s_b and m_b wait", "m_aw and m_w wait",
                                       "m_ar and m_aw wait",       "s_r and s_b wait", "s_aw and s_ar wait",
                                       "R and W data in one cycle"};
static const char *const dram_error[] = {"read", "engine's own read", "write"};
static const char *const bad[] = {"SLVERR", "DECERR"};
static const char *const command[] = {"LOAD",     "GENERATE", "ACTIVATE", "DEACTIVATE",  "WIPE",
                                      "WIPE_ALL", "FLUSH",    "QUERY",    "TWEAK_ENTRY", "other"};
static const char *const error[] = {"OK", "RANGE", "STATE", "KEY_EQUAL", "NEED_FLUSH", "ENTROPY", "ABORTED", "OP"};
static const char *const slot_command[] = {"LOAD", "GENERATE", "ACTIVATE", "DEACTIVATE", "WIPE", "QUERY"};
static const char *const slot_state[] = {"EMPTY", "LOADED", "ACTIVE", "DRAIN"};
static const char *const entropy[] = {"word",
                                      "one short of the repetition cutoff",
                                      "repetition cutoff",
                                      "one short of the proportion cutoff",
                                      "proportion cutoff",
                                      "end of a window",
                                      "GENERATE after an alarm"};
static const char *const reg[] = {"read-only", "CTRL", "read-write", "write-1", "key", "CMD", "write-only", "none"};
static const char *const lookup[] = {"hit",
                                     "miss",
                                     "first page of a range",
                                     "2 MiB entry",
                                     "both ports miss in one cycle",
                                     "walk again after a table write",
                                     "error of the walk",
                                     "the range's entry is cached",
                                     "2 MiB entry cached, 4 KiB mapping",
                                     "its own entry in error, the range's cached"};
static const char *const denied[] = {"hit", "miss", "no table needed", "guard"};
static const char *const windows[] = {"1", "more"};
// cbit_rmp_row_t, cbit_rmp_why_t, cbit_rmp_verdict_kind_t.
static const char *const row[] = {"none", "1",  "2",  "3a", "3b", "4",   "5a",  "5b", "6",   "7",  "8",  "9",  "10", "11",
                                  "12",   "13", "14", "15", "16", "17a", "17b", "18", "18c", "19", "20", "21", "22", "23"};
static const char *const verdict[] = {"pass", "deny"};
static const char *const why[] = {"none", "COV",  "GOWN_A", "GOWN",  "RMAP", "MUT",   "SIZE", "VAL",
                                  "VMPL", "HVO", "INUSE",  "VMSA", "STATE", "STUB", "ROW",  "READ"};
static const char *const record[] = {"guard",       "PF",          "NPF",         "VC",  "GP",
                                     "VMRUN_FAILS", "IOMMU_FAULT", "IOMMU_HALT", "MCE", "IOMMU_HW_ERR"};
static const char *const rmp_command[] = {"other",  "FENCE",  "FLUSH_DONE", "TABLE_DONE",
                                          "VERIFY", "SNP_EN", "FLUSH2_DONE", "DRAIN", "SEG_LOAD"};
static const char *const rmp_error[] = {"OK", "RANGE", "STATE", "VERIFY", "SEGMENT", "OP"};
static const char *const range[] = {"base not 1 MiB aligned", "base above end", "end above SpaWidth",
                                    "table does not cover itself", "size of a segment"};
static const char *const rmp_reg[] = {"RMP_BASE", "RMP_END", "RMP_CTRL", "RMP_CMD", "CTRL", "RMP_CFG"};
static const char *const taken[] = {"taken", "refused"};
static const char *const insn_op[] = {"RMPUPDATE", "PSMASH", "RMPREAD", "PVALIDATE", "RMPADJUST", "RMPQUERY"};
static const char *const insn_form[] = {"first page", "other page", "2 MiB form"};
static const char *const insn_base[] = {"base 4 KiB", "base 2 MiB"};
static const char *const insn_size[] = {"4 KiB form", "2 MiB form"};
static const char *const insn_counter[] = {"none", "leaves", "enters", "two ASIDs", "one ASID twice"};
static const char *const insn_error[] = {"before its writes", "of a write"};
static const char *const insn_event[] = {"reset", "kill", "mark"};
static const char *const insn_phase[] = {"asked", "drain", "read, decide", "write", "inv", "answer"};
static const char *const insn_drain[] = {"read", "write", "W owed", "table write", "RMW", "walk"};
static const char *const insn_inv[] = {"at once", "later", "after a read of its own"};
static const char *const insn_ports[] = {"alone", "another waits"};
static const char *const insn_marks[] = {"set", "clear", "slot beyond RmpUse"};
static const char *const chk_keep[] = {"4K", "2M", "1G", "not"};
static const char *const chk_map[] = {"4K", "2M", "1G", "3"};
static const char *const chk_event[] = {"checks off",
                                        "address beyond SpaWidth",
                                        "error of the walk",
                                        "changed between question and answer",
                                        "answered at once",
                                        "answered after a walk",
                                        "both credits used",
                                        "not ready",
                                        "answers of two ports in one cycle",
                                        "instruction taken with questions under way",
                                        "asked in a cycle of inv",
                                        "answer taken in a cycle of inv"};
static const char *const reg_resp[] = {"OKAY", "SLVERR"};

const cover_point_t cover_points[COVER_POINTS] = {
    [COVER_BURST] = {"burst",
                     "burst type, beat size, C-bit, direction",
                     {AXIS("burst", burst), AXIS("size", size), AXIS("cbit", cbit), AXIS("op", op)}},
    [COVER_WHO] = {"who",
                   "requester, access, C-bit, direction",
                   {AXIS("requester", requester), AXIS("access", access_kind), AXIS("cbit", cbit), AXIS("op", op)}},
    [COVER_NCBIT] = {"ncbit",
                     "nested C-bit by requester",
                     {AXIS("requester", requester), AXIS("cbit", cbit), AXIS("ncbit", yes), NONE}},
    [COVER_LEN] = {"len",
                   "beats by burst type",
                   {AXIS("beats", len), {"burst", 3, burst}, AXIS("cbit", cbit), AXIS("op", op)}},
    [COVER_ALIGN] = {"align",
                     "first address",
                     {AXIS("align", align), {"burst", 3, burst}, AXIS("cbit", cbit), AXIS("op", op)}},
    [COVER_STROBE] = {"strobe",
                      "strobes of a write burst over its lanes",
                      {AXIS("strobe", strobe), {"burst", 3, burst}, AXIS("cbit", cbit), NONE}},
    [COVER_CHUNK] = {"chunk",
                     "windows of 16 beats that a burst touches",
                     {AXIS("windows", chunk), AXIS("cbit", cbit), AXIS("op", op), NONE}},
    [COVER_PARTIAL] = {"partial",
                       "blocks of 16 bytes written in part, C-bit on",
                       {AXIS("blocks", partial), {"burst", 3, burst}, NONE, NONE}},
    [COVER_MODE] = {"mode", "tweak mode in traffic", {AXIS("mode", mode), AXIS("cbit", cbit), AXIS("op", op), NONE}},
    [COVER_FAULT] = {"fault", "records seen in the fault log", {AXIS("code", fault), AXIS("op", op), NONE, NONE}},
    [COVER_RESP] = {"resp", "responses", {AXIS("resp", resp), AXIS("cbit", cbit), AXIS("op", op), NONE}},
    [COVER_EXCLUSIVE] = {"exclusive",
                         "exclusive accesses",
                         {{"resp", 3, resp}, AXIS("cbit", cbit), AXIS("op", op), NONE}},
    [COVER_DEPTH] = {"depth", "transactions of one ID under way", {AXIS("depth", depth), AXIS("op", op), NONE, NONE}},
    [COVER_ORDER] = {"order", "order of the answers", {AXIS("order", order), AXIS("op", op), NONE, NONE}},
    [COVER_STALL] = {"stall",
                     "cycles for which a channel waits for ready",
                     {AXIS("channel", channel), AXIS("cycles", stall), NONE, NONE}},
    [COVER_TOGETHER] = {"together", "channels in the same cycle", {AXIS("what", together), NONE, NONE, NONE}},
    [COVER_DRAM_ERROR] = {"dram_error",
                          "errors of the memory by path",
                          {AXIS("path", dram_error), AXIS("resp", bad), NONE, NONE}},
    [COVER_COMMAND] = {"command",
                       "end of a command of the secure processor",
                       {AXIS("command", command), AXIS("error", error), NONE, NONE}},
    [COVER_COMMAND_TRAFFIC] = {"command_traffic",
                               "command while the bus is busy",
                               {AXIS("command", command), AXIS("traffic", yes), NONE, NONE}},
    [COVER_SLOT] = {"slot",
                    "command by state of its slot",
                    {AXIS("command", slot_command), AXIS("state", slot_state), NONE, NONE}},
    [COVER_ENTROPY] = {"entropy", "health tests of the entropy port", {AXIS("event", entropy), NONE, NONE, NONE}},
    [COVER_REGISTER] = {"register",
                        "access by kind of register",
                        {AXIS("kind", reg), AXIS("op", op), AXIS("resp", reg_resp), NONE}},
    [COVER_RESET] = {"reset", "reset in traffic", {AXIS("traffic", yes), NONE, NONE, NONE}},
    [COVER_ZEROISE] = {"zeroise", "zeroise pin in traffic", {AXIS("traffic", yes), NONE, NONE, NONE}},
    [COVER_KILLED] = {"killed",
                      "encrypted access under way when all keys were wiped",
                      {{"resp", 3, resp}, AXIS("op", op), NONE, NONE}},
    [COVER_IRQ] = {"irq", "interrupt pin", {AXIS("rises", yes), NONE, NONE, NONE}},
    [COVER_RMP_LOOKUP] = {"rmp_lookup",
                          "RMP check that needs the table",
                          {AXIS("what", lookup), AXIS("op", op), NONE, NONE}},
    [COVER_RMP_DENIED] = {"rmp_denied",
                          "burst denied by the RMP check: how, and windows of 16 beats",
                          {AXIS("how", denied), AXIS("op", op), AXIS("windows", windows), NONE}},
    [COVER_RMP_ROW] = {"rmp_row",
                       "row of the decision table",
                       {AXIS("row", row), AXIS("verdict", verdict), NONE, NONE}},
    [COVER_RMP_WHY] = {"rmp_why", "first check that failed", {AXIS("why", why), NONE, NONE, NONE}},
    [COVER_RMP_RECORD] = {"rmp_record",
                          "records of the RMP check read from the log",
                          {AXIS("kind", record), NONE, NONE, NONE}},
    [COVER_RMP_COMMAND] = {"rmp_command",
                           "end of a command of the RMP start-up",
                           {AXIS("command", rmp_command), AXIS("error", rmp_error), NONE, NONE}},
    [COVER_RMP_RANGE] = {"rmp_range", "FENCE refused, by rule", {AXIS("rule", range), NONE, NONE, NONE}},
    [COVER_RMP_REGISTER] = {"rmp_register",
                            "writes of registers that the RMP start-up fixes",
                            {AXIS("register", rmp_reg), AXIS("answer", taken), NONE, NONE}},
    [COVER_INSN_END] = {"insn_end", "step by which an RMP instruction ends", {{"step", INSN_STEPS, insn_step_name}, NONE, NONE, NONE}},
    [COVER_INSN_FORM] = {"insn_form",
                         "RMP instructions with code 0",
                         {AXIS("op", insn_op), AXIS("form", insn_form), AXIS("base", insn_base), NONE}},
    [COVER_INSN_COUNTER] = {"insn_counter",
                            "counters that an RMPUPDATE moves",
                            {AXIS("moves", insn_counter), AXIS("form", insn_size), NONE, NONE}},
    [COVER_INSN_MCE] = {"insn_mce",
                        "errors of the memory under an RMP instruction",
                        {AXIS("op", insn_op), AXIS("error", insn_error), NONE, NONE}},
    [COVER_INSN_PHASE] = {"insn_phase",
                          "what comes in a phase of an RMP instruction",
                          {AXIS("event", insn_event), AXIS("phase", insn_phase), NONE, NONE}},
    [COVER_INSN_DRAIN] = {"insn_drain",
                          "under way when an RMP instruction is taken",
                          {AXIS("what", insn_drain), NONE, NONE, NONE}},
    [COVER_INSN_INV] = {"insn_inv", "acknowledgement of an invalidation", {AXIS("when", insn_inv), NONE, NONE, NONE}},
    [COVER_INSN_PORTS] = {"insn_ports", "instruction ports", {AXIS("taken", insn_ports), NONE, NONE, NONE}},
    [COVER_INSN_MARK] = {"insn_mark", "marks of pages in use", {AXIS("mark", insn_marks), NONE, NONE, NONE}},
    [COVER_CHK_ROW] = {"chk_row", "row of a check port's question", {AXIS("row", row), AXIS("verdict", verdict), NONE, NONE}},
    [COVER_CHK_KEEP] = {"chk_keep", "what an answer may be kept for", {AXIS("keep", chk_keep), AXIS("map", chk_map), NONE, NONE}},
    [COVER_CHK_EVENT] = {"chk_event", "what questions of check ports meet", {AXIS("event", chk_event), NONE, NONE, NONE}},
};

#define ANY 99u
typedef struct rule {
  cover_id_t id;
  uint32_t at[COVER_AXES];
  const char *why;
} rule_t;

static const rule_t rules[] = {
    {COVER_FAULT, {6, 0, ANY, ANY}, "reads have no WLAST"},
    {COVER_ORDER, {2, 1, ANY, ANY}, "a write has one response"},
    {COVER_KILLED, {1, ANY, ANY, ANY}, "exclusive accesses with encryption are refused"},
    {COVER_IRQ, {0, ANY, ANY, ANY}, "not an event"},
    {COVER_REGISTER, {0, 0, 1, ANY}, "read-only registers always answer reads"},
    {COVER_REGISTER, {0, 1, 0, ANY}, "read-only registers refuse writes"},
    {COVER_REGISTER, {1, 0, 1, ANY}, "CTRL always answers reads"},
    {COVER_REGISTER, {2, 0, 1, ANY}, "read-write registers always answer reads"},
    {COVER_REGISTER, {2, 1, 1, ANY}, "read-write registers other than CTRL take every write"},
    {COVER_REGISTER, {3, 0, 1, ANY}, "always answered"},
    {COVER_REGISTER, {3, 1, 1, ANY}, "always taken"},
    {COVER_REGISTER, {4, 0, 0, ANY}, "keys cannot be read"},
    {COVER_REGISTER, {5, 0, 0, ANY}, "CMD cannot be read"},
    {COVER_REGISTER, {6, 0, 0, ANY}, "write-only registers refuse reads"},
    {COVER_REGISTER, {6, 1, 1, ANY}, "FAULT_POP takes every write"},
    {COVER_RMP_DENIED, {3, 0, ANY, ANY}, "the guard refuses no reads"},
    {COVER_RMP_ROW, {0, 0, ANY, ANY}, "a pair without a row always fails"},
    {COVER_RMP_ROW, {17, ANY, ANY, ANY}, "no access code for VMRUN_VMCB"},
    {COVER_RMP_ROW, {18, ANY, ANY, ANY}, "no access code for HSAVE_WRMSR"},
    {COVER_RMP_ROW, {21, ANY, ANY, ANY}, "no access code for VMRUN_AVIC"},
    {COVER_RMP_ROW, {22, ANY, ANY, ANY}, "no access code for VMSAVE"},
    {COVER_RMP_ROW, {26, 0, ANY, ANY}, "no trusted I/O: row 22 always fails"},
    {COVER_RMP_WHY, {0, ANY, ANY, ANY}, "a denial has a reason"},
    {COVER_CHK_ROW, {0, 0, ANY, ANY}, "a pair without a row always fails"},
    {COVER_CHK_ROW, {26, 0, ANY, ANY}, "no trusted I/O: row 22 always fails"},
    {COVER_CHK_KEEP, {1, 0, ANY, ANY}, "a 4 KiB mapping"},
    {COVER_CHK_KEEP, {2, 0, ANY, ANY}, "a 4 KiB mapping"},
    {COVER_CHK_KEEP, {2, 1, ANY, ANY}, "a 2 MiB mapping"},
    {COVER_RMP_COMMAND, {0, 0, ANY, ANY}, "a command that does not exist"},
    {COVER_INSN_FORM, {1, 0, ANY, ANY}, "PSMASH has one form"},
    {COVER_INSN_FORM, {1, 1, ANY, ANY}, "PSMASH has one form"},
    {COVER_INSN_FORM, {1, 2, 0, ANY}, "P6"},
    {COVER_INSN_FORM, {2, 2, ANY, ANY}, "RMPREAD has no size"},
    {COVER_INSN_FORM, {5, 2, ANY, ANY}, "RMPQUERY has no size"},
    {COVER_INSN_FORM, {0, 0, 1, ANY}, "U10"},
    {COVER_INSN_FORM, {0, 1, 1, ANY}, "U10"},
    {COVER_INSN_FORM, {3, 0, 1, ANY}, "V9"},
    {COVER_INSN_FORM, {3, 1, 1, ANY}, "V9"},
    {COVER_INSN_FORM, {3, 2, 0, ANY}, "V10"},
    {COVER_INSN_FORM, {4, 0, 1, ANY}, "A10"},
    {COVER_INSN_FORM, {4, 1, 1, ANY}, "A10"},
    {COVER_INSN_FORM, {4, 2, 0, ANY}, "A12"},
    {COVER_INSN_MCE, {2, 1, ANY, ANY}, "RMPREAD writes nothing"},
    {COVER_INSN_MCE, {5, 1, ANY, ANY}, "RMPQUERY writes nothing"},
    {COVER_REGISTER, {7, 0, 0, ANY}, "no register there"},
    {COVER_REGISTER, {7, 1, 0, ANY}, "no register there"},
};

uint32_t cover_bins(const cover_point_t *p) {
  uint32_t n = 1;
  for (uint32_t i = 0; i < COVER_AXES && p->axis[i].n != 0; i++) n *= p->axis[i].n;
  return n;
}

uint32_t cover_index(const cover_point_t *p, const uint32_t at[COVER_AXES]) {
  uint32_t index = 0;
  for (uint32_t i = 0; i < COVER_AXES && p->axis[i].n != 0; i++) index = index * p->axis[i].n + at[i];
  return index;
}

static void position(const cover_point_t *p, uint32_t bin, uint32_t at[COVER_AXES]) {
  for (uint32_t i = COVER_AXES; i-- > 0;) {
    at[i] = 0;
    if (p->axis[i].n == 0) continue;
    at[i] = bin % p->axis[i].n;
    bin /= p->axis[i].n;
  }
}

void cover_bin_name(const cover_point_t *p, uint32_t bin, char *to, size_t size_of) {
  uint32_t at[COVER_AXES];
  size_t n = 0;
  position(p, bin, at);
  to[0] = '\0';
  for (uint32_t i = 0; i < COVER_AXES && p->axis[i].n != 0 && n < size_of; i++) {
    n += (size_t)snprintf(to + n, size_of - n, "%s%s", i > 0 ? "/" : "", p->axis[i].bins[at[i]]);
  }
}

// Which errors a command can end with (docs/units/key_store.md, sp.md); one bit for each of error[].
static const uint8_t command_errors[] = {
    [0] = 0x4f,  // LOAD: OK RANGE STATE KEY_EQUAL ABORTED
    [1] = 0x67,  // GENERATE: OK RANGE STATE ENTROPY ABORTED (equal keys would be chance: 2^-128)
    [2] = 0x17,  // ACTIVATE: OK RANGE STATE NEED_FLUSH
    [3] = 0x07, [4] = 0x47,  // DEACTIVATE; WIPE walks, so it can be aborted
    [5] = 0x41, [6] = 0x41,  // WIPE_ALL, FLUSH
    [7] = 0x03, [8] = 0x07,  // QUERY, TWEAK_ENTRY
    [9] = 0x80};

static const uint8_t rmp_errors[] = {0x20, 0x07, 0x05, 0x05, 0x0d, 0x05, 0x05, 0x05, 0x15};  // one bit for each of rmp_error[]
// Rows 1, 3b, 4, 6, 13, 19 and 20 with the parameters as they are.
static const uint32_t unchecked_rows = 1u << 1 | 1u << 4 | 1u << 5 | 1u << 8 | 1u << 15 | 1u << 23 | 1u << 24;

const char *cover_unreachable(cover_id_t id, uint32_t bin) {
  uint32_t at[COVER_AXES];
  position(&cover_points[id], bin, at);
  for (uint32_t r = 0; r < COUNT(rules); r++) {
    if (rules[r].id != id) continue;
    bool match = true;
    for (uint32_t i = 0; i < COVER_AXES; i++) match = match && (rules[r].at[i] == ANY || rules[r].at[i] == at[i]);
    if (match) return rules[r].why;
  }
  if ((id == COVER_RMP_ROW || id == COVER_CHK_ROW) && at[1] == 1 && (unchecked_rows >> at[0] & 1) != 0) return "a row without a check";
  if (id == COVER_RMP_COMMAND && (rmp_errors[at[0]] >> at[1] & 1) == 0) return "this command has no such error";
  if (id == COVER_COMMAND && (command_errors[at[0]] >> at[1] & 1) == 0) return "this command has no such error";
  return NULL;
}
