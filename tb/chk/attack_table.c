// SPDX-License-Identifier: Apache-2.0
//
// attack_table.c - the threats, and what is expected of every cell with its reason (attack.h)
//
// The rows follow the threat table of AMD's white paper "SEV-SNP: Strengthening VM Isolation" as far as the engine alone
// can show them. What is expected is written down before the run and never printed as a result.
#include "chk/attack.h"

#define CLEAR {ATTACK_SUCCEEDS, "memory is plain", "nothing"}
#define HOST_KEY {ATTACK_SUCCEEDS, "one key for all, and the host may use it", "nothing"}
#define NO_GPA {ATTACK_SUCCEEDS, "nothing ties memory to a guest address", "nothing"}
#define NO_VMPL {ATTACK_SUCCEEDS, "no privilege levels within a guest", "nothing"}
#define REPLAY {ATTACK_SUCCEEDS, "same key, same address: old ciphertext is valid whoever writes it", "nothing"}
#define REPEAT {ATTACK_SUCCEEDS, "XTS is deterministic: no freshness", "nothing"}
#define CIPHER {ATTACK_NOISE, "ciphertext, and no key", "encryption"}
#define UNNOTICED {ATTACK_NOISE, "bytes of others decrypt to noise; nobody is told", "encryption"}
#define KEYS {ATTACK_STOPPED, "no path from a key to a register that reads", "write-only key registers"}
#define STOPPED(why, by) {ATTACK_STOPPED, why, by}
#define NOT_RUN {ATTACK_STOPPED, "there is no table", NULL}
#define TABLE NOT_RUN, NOT_RUN, NOT_RUN, NOT_RUN
#define THEFT {ATTACK_SUCCEEDS, "the key goes by the ASID", "nothing"}
#define NO_DMA_KEY {ATTACK_NOISE, "no guest key for devices; the route refuses the claim of one", "route DEVICE"}
#define HOST_AREA {ATTACK_SUCCEEDS, "the registers lie in the host's memory", "nothing"}
#define DENIAL {ATTACK_SUCCEEDS, "not defended: a host may always stop a guest; it does not go on with other data", "nothing"}
#define MEMORY(play) ATTACK_MATRIX, NULL, NULL, false, false, play, NULL
#define TABLE_PLAY(play, own_start) ATTACK_MATRIX, NULL, NULL, true, own_start, play, NULL
#define SCENARIO(file) ATTACK_MATRIX, NULL, NULL, false, false, NULL, file
#define BY_INSN(property, row) ATTACK_INSN, property, attack_cases[row], false, false, NULL, NULL, {{ATTACK_STOPPED, NULL, NULL}}
#define PUBLISHED(source, row) ATTACK_PUBLISHED, source, attack_cases[row], false, false, NULL, NULL, {{ATTACK_STOPPED, NULL, NULL}}

// Order of a row: plain, SME, SEV, SEV-ES, SEV-SNP. Memory of an SEV-ES guest is that of an SEV guest at the pins.
const attack_threat_t attack_threats[] = {
    {"host-read", "host reads guest memory", MEMORY(play_host_read),
     {CLEAR, HOST_KEY, CIPHER, CIPHER, {ATTACK_NOISE, "as SEV: row 1, reads of the host are never refused", "encryption"}}},
    {"host-repeat", "host reads guest memory: does a value come back", MEMORY(play_host_repeat),
     {CLEAR, REPEAT, REPEAT, REPEAT, REPEAT}},
    {"vm-read", "another VM reads guest memory", MEMORY(play_vm_read),
     {CLEAR, HOST_KEY, CIPHER, CIPHER, STOPPED("the page belongs to another ASID", "row 11 GOWN #NPF")}},
    {"asid-theft", "VM of the host under the victim's ASID, without SNP", MEMORY(play_asid_theft),
     {CLEAR, HOST_KEY, THEFT, THEFT,
      {ATTACK_SUCCEEDS, "row 4: reads of a guest without SNP are not checked. The engine believes ASID and SNPActive; that "
                        "no VM enters with another's ASID is VMRUN's duty, which is not built", "nothing"}}},
    {"vmpl-read", "less privileged part of the same guest reads (VMPL1)", MEMORY(play_vmpl_read),
     {CLEAR, NO_VMPL, NO_VMPL, NO_VMPL, STOPPED("the mask of VMPL1 is empty", "row 11 VMPL #NPF")}},
    {"host-write", "host overwrites guest memory (corruption)", MEMORY(play_host_write),
     {CLEAR, HOST_KEY, UNNOTICED, UNNOTICED, STOPPED("the page is assigned", "row 2 HVO #PF")}},
    {"host-replay", "host writes old ciphertext back (replay)", MEMORY(play_host_replay),
     {CLEAR, REPLAY, REPLAY, REPLAY, STOPPED("the page is assigned", "row 2 HVO #PF")}},
    {"alias", "two guest pages mapped to one page of memory", MEMORY(play_alias),
     {CLEAR, NO_GPA, NO_GPA, NO_GPA, STOPPED("an entry holds one guest address", "row 12 RMAP #NPF")}},
    {"remap-own", "guest page moved to the memory of another of its pages", MEMORY(play_remap_own),
     {CLEAR, NO_GPA, NO_GPA, NO_GPA, STOPPED("the entry holds the other guest address", "row 11 RMAP #NPF")}},
    {"remap-host", "guest page moved to a page of the host", MEMORY(play_remap_host),
     {CLEAR, HOST_KEY, UNNOTICED, UNNOTICED, STOPPED("the page is not assigned", "row 11 GOWN_A #NPF")}},
    {"remap-fresh", "guest page moved to a page it never validated", MEMORY(play_remap_fresh),
     {CLEAR, HOST_KEY, UNNOTICED, UNNOTICED, STOPPED("not validated: the guest is told", "row 11 VAL #VC 0x404")}},
    {"dma-read", "device reads guest memory", MEMORY(play_dma_read),
     {CLEAR, HOST_KEY, NO_DMA_KEY, NO_DMA_KEY,
      {ATTACK_NOISE, "row 20: reads of the host's devices are not refused; requests with an ASID are", "row 22"}}},
    {"dma-write", "device writes guest memory", MEMORY(play_dma_write),
     {CLEAR, HOST_KEY, UNNOTICED, UNNOTICED, STOPPED("the page is assigned", "row 21 HVO IOMMU")}},
    {"cold-boot", "DRAM read after power was cut (offline analysis)", MEMORY(play_cold_boot),
     {CLEAR, CIPHER, CIPHER, CIPHER, CIPHER}},
    {"bus-observe", "probe on the DRAM bus: data", MEMORY(play_bus_observe), {CLEAR, CIPHER, CIPHER, CIPHER, CIPHER}},
    {"bus-repeat", "probe on the DRAM bus: does a value come back", MEMORY(play_bus_repeat),
     {CLEAR, REPEAT, REPEAT, REPEAT, REPEAT}},
    {"bus-flip", "one bit of DRAM is flipped (active corruption)", MEMORY(play_bus_flip),
     {CLEAR, UNNOTICED, UNNOTICED, UNNOTICED, UNNOTICED}},
    {"bus-replay", "old bytes put back in DRAM (active replay)", MEMORY(play_bus_replay),
     {CLEAR, REPLAY, REPLAY, REPLAY, {ATTACK_SUCCEEDS, "behind the check, no freshness: outside the threat model", "nothing"}}},
    {"key-readout", "every register read for words of a key", MEMORY(play_key_readout), {KEYS, KEYS, KEYS, KEYS, KEYS}},
    {"table-write", "host, device or VM writes the table itself", TABLE_PLAY(play_table_write, false),
     {TABLE, STOPPED("the guard refuses all but the AMD-SP", "guard")}},
    {"table-dram", "entry changed in DRAM, then replay", TABLE_PLAY(play_table_dram, false),
     {TABLE, {ATTACK_SUCCEEDS, "the table lies in DRAM, clear and without integrity: outside the threat model",
              "nothing"}}},
    {"start-late", "start-up: table written before FENCE, then a dirty line", TABLE_PLAY(play_start_late, true),
     {TABLE, {ATTACK_SUCCEEDS, "wrong order: no guard yet, and VERIFY reads the entries of the table's own pages only",
              "nothing"}}},
    {"start-self", "the same, the line hits the table's own entries", TABLE_PLAY(play_start_self, true),
     {TABLE, STOPPED("a page of the table is not Firmware: the checks cannot be turned on", "VERIFY")}},
    {"start-safe", "start-up in the safe order, line before and after FENCE", TABLE_PLAY(play_start_safe, true),
     {TABLE, STOPPED("FLUSH_DONE waits for what was before FENCE, then the table is written; later lines meet the guard",
                     "guard")}},
    {"save-read", "host reads guest registers (save area)", SCENARIO("save_read"),
     {HOST_AREA, HOST_AREA, HOST_AREA, CIPHER, CIPHER}},
    {"save-write", "host changes guest registers", SCENARIO("save_write"),
     {HOST_AREA, HOST_AREA, HOST_AREA,
      {ATTACK_NOISE, "registers decrypt to noise; the check value of a processor with SEV-ES is not built", "encryption"},
      STOPPED("the save area is a page of the guest", "row 2 HVO #PF")}},
    {"save-replay", "host puts registers of an earlier exit back", SCENARIO("save_replay"),
     {HOST_AREA, HOST_AREA, HOST_AREA,
      {ATTACK_SUCCEEDS, "old ciphertext is valid; the check value of a processor with SEV-ES is not built", "nothing"},
      STOPPED("the save area is a page of the guest", "row 2 HVO #PF")}},
    {"denial", "host denies service: takes a page away", SCENARIO("denial"),
     {DENIAL, DENIAL, DENIAL, DENIAL, DENIAL}},
    // ---- by instructions: nested tables in memory, RMPUPDATE, PVALIDATE
    {"insn-replay", "host writes old ciphertext back, takes and gives the page",
     BY_INSN("replay protection: only the owner writes", ATTACK_INSN_REPLAY)},
    {"insn-corrupt", "host, device, another guest write junk",
     BY_INSN("data corruption: only the owner writes", ATTACK_INSN_CORRUPT)},
    {"insn-alias", "two guest addresses led to one page",
     BY_INSN("aliasing: a page has one guest address", ATTACK_INSN_ALIAS)},
    {"insn-remap", "a guest address led to a second page, step by step",
     BY_INSN("remapping: a guest address has one page", ATTACK_INSN_REMAP)},
    {"insn-twice", "the guest itself accepts a second page for an address",
     BY_INSN("remapping: the guest validates once", ATTACK_INSN_TWICE)},
    {"insn-smash", "one page of a smashed range of 2 MiB replayed",
     BY_INSN("replay protection: what changed hands is validated again", ATTACK_INSN_SMASH)},
    {"insn-inuse", "save area taken from under a running processor",
     BY_INSN("save area: what VMRUN checked stays", ATTACK_INSN_INUSE)},
    // ---- published
    {"at01", "blocks of ciphertext moved",
     PUBLISHED("Du et al., 2017", ATTACK_AT01)},
    {"at02", "constants of the tweak found, chosen blocks put in",
     PUBLISHED("SEVurity, S&P 2020", ATTACK_AT02)},
    {"at03", "own pages of a guest swapped",
     PUBLISHED("Hetzelt and Buhren, VEE 2017; SEVered, EuroSec 2018", ATTACK_AT03)},
    {"at05", "I/O as an encryption oracle",
     PUBLISHED("Li et al., USENIX Security 2019", ATTACK_AT05)},
    {"at06", "a machine of the host under the victim's ASID",
     PUBLISHED("CrossLine, CCS 2021", ATTACK_AT06)},
    {"at09", "ciphertext tells when a value comes back",
     PUBLISHED("Li, Wilke et al., S&P 2022", ATTACK_AT09)},
    {"at11", "memory reached by two addresses from the start",
     PUBLISHED("BadRAM, S&P 2025", ATTACK_AT11)},
    {"at12", "memory reached by two addresses after the start",
     PUBLISHED("Battering RAM, S&P 2026", ATTACK_AT12)},
    {"at14", "table attacked while it is set up",
     PUBLISHED("RMPocalypse, CCS 2025", ATTACK_AT14)},
    {"at18", "cached entries of the table",
     PUBLISHED("A Close Look at RMP Entry Caching, 2025", ATTACK_AT18)},
    {"at20", "memory read after power was cut",
     PUBLISHED("cold boot, stolen modules", ATTACK_AT20)},
    {"at25", "left behind under an ASID",
     PUBLISHED("TLB Poisoning, ACSAC 2021", ATTACK_AT25)},
};
const size_t attack_threats_n = sizeof(attack_threats) / sizeof(attack_threats[0]);

const char *attack_prot_name(attack_prot_t p) {
  static const char *const name[ATTACK_PROTS] = {"plain", "SME", "SEV", "SEV-ES", "SEV-SNP"};
  return p < ATTACK_PROTS ? name[p] : "?";
}

bool attack_case_of(const attack_threat_t *t, uint32_t n, attack_case_t *c) {
  // es: registers with the guest's key; hostc, gc, nc: C-bit of the host's, the guest's, the nested mappings
  static const char *const set[ATTACK_PROTS] = {"snp=off es=off smee=off hostc=off gc=off nc=off",
                                                "snp=off es=off smee=on hostc=on gc=off nc=on",
                                                "snp=off es=off smee=on hostc=off gc=on nc=off",
                                                "snp=off es=on smee=on hostc=off gc=on nc=off",
                                                "snp=on es=on smee=on hostc=off gc=on nc=off"};
  if (t->group != ATTACK_MATRIX) {
    if (n >= ATTACK_CASES || t->cases[n].system == NULL) return false;
    *c = t->cases[n];
    return true;
  }
  if (n >= ATTACK_PROTS || (t->table && n != ATTACK_SNP)) return false;
  *c = (attack_case_t){.system = attack_prot_name((attack_prot_t)n),
                       .prot = (attack_prot_t)n,
                       .scenario = t->scenario,
                       .set = set[n],
                       .play = t->play,
                       .own_start = t->own_start,
                       .want = t->want[n]};
  return true;
}
