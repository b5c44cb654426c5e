// SPDX-License-Identifier: Apache-2.0
//
// attack_table.c - the threats, and what is expected of every cell with its reason (attack.h)
//
// The rows follow the threat table of AMD's white paper "SEV-SNP: Strengthening VM Isolation" as far as the engine alone
// can show them, and attacks published since. What is expected is written down before the run and never printed as a result.
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
#define TABLE NOT_RUN, NOT_RUN, NOT_RUN

// Order of a row: plain, SME, SEV, SEV-SNP.
const attack_threat_t attack_threats[] = {
    {"host-read", "host reads guest memory", false, false, play_host_read,
     {CLEAR, HOST_KEY, CIPHER, {ATTACK_NOISE, "as SEV: row 1, reads of the host are never refused", "encryption"}}},
    {"host-repeat", "host reads guest memory: does a value come back", false, false, play_host_repeat,
     {CLEAR, REPEAT, REPEAT, REPEAT}},
    {"vm-read", "another VM reads guest memory", false, false, play_vm_read,
     {CLEAR, HOST_KEY, CIPHER, STOPPED("the page belongs to another ASID", "row 11 GOWN #NPF")}},
    {"asid-theft", "VM of the host under the victim's ASID, without SNP", false, false, play_asid_theft,
     {CLEAR, HOST_KEY, {ATTACK_SUCCEEDS, "the key goes by the ASID", "nothing"},
      {ATTACK_SUCCEEDS, "row 4: reads of a guest without SNP are not checked. The engine believes ASID and SNPActive; that "
                        "no VM enters with another's ASID is VMRUN's duty, which is not built", "nothing"}}},
    {"vmpl-read", "less privileged part of the same guest reads (VMPL1)", false, false, play_vmpl_read,
     {CLEAR, NO_VMPL, NO_VMPL, STOPPED("the mask of VMPL1 is empty", "row 11 VMPL #NPF")}},
    {"host-write", "host overwrites guest memory (corruption)", false, false, play_host_write,
     {CLEAR, HOST_KEY, UNNOTICED, STOPPED("the page is assigned", "row 2 HVO #PF")}},
    {"host-replay", "host writes old ciphertext back (replay)", false, false, play_host_replay,
     {CLEAR, REPLAY, REPLAY, STOPPED("the page is assigned", "row 2 HVO #PF")}},
    {"alias", "two guest pages mapped to one page of memory", false, false, play_alias,
     {CLEAR, NO_GPA, NO_GPA, STOPPED("an entry holds one guest address", "row 12 RMAP #NPF")}},
    {"remap-own", "guest page moved to the memory of another of its pages", false, false, play_remap_own,
     {CLEAR, NO_GPA, NO_GPA, STOPPED("the entry holds the other guest address", "row 11 RMAP #NPF")}},
    {"remap-host", "guest page moved to a page of the host", false, false, play_remap_host,
     {CLEAR, HOST_KEY, UNNOTICED, STOPPED("the page is not assigned", "row 11 GOWN_A #NPF")}},
    {"remap-fresh", "guest page moved to a page it never validated", false, false, play_remap_fresh,
     {CLEAR, HOST_KEY, UNNOTICED, STOPPED("not validated: the guest is told", "row 11 VAL #VC 0x404")}},
    {"dma-read", "device reads guest memory", false, false, play_dma_read,
     {CLEAR, HOST_KEY, {ATTACK_NOISE, "no guest key for devices; the route refuses the claim of one", "route DEVICE"},
      {ATTACK_NOISE, "row 20: reads of the host's devices are not refused; requests with an ASID are", "row 22"}}},
    {"dma-write", "device writes guest memory", false, false, play_dma_write,
     {CLEAR, HOST_KEY, UNNOTICED, STOPPED("the page is assigned", "row 21 HVO IOMMU")}},
    {"cold-boot", "DRAM read after power was cut (offline analysis)", false, false, play_cold_boot,
     {CLEAR, CIPHER, CIPHER, CIPHER}},
    {"bus-observe", "probe on the DRAM bus: data", false, false, play_bus_observe, {CLEAR, CIPHER, CIPHER, CIPHER}},
    {"bus-repeat", "probe on the DRAM bus: does a value come back", false, false, play_bus_repeat,
     {CLEAR, REPEAT, REPEAT, REPEAT}},
    {"bus-flip", "one bit of DRAM is flipped (active corruption)", false, false, play_bus_flip,
     {CLEAR, UNNOTICED, UNNOTICED, UNNOTICED}},
    {"bus-replay", "old bytes put back in DRAM (active replay)", false, false, play_bus_replay,
     {CLEAR, REPLAY, REPLAY, {ATTACK_SUCCEEDS, "behind the check, no freshness: outside the threat model", "nothing"}}},
    {"key-readout", "every register read for words of a key", false, false, play_key_readout, {KEYS, KEYS, KEYS, KEYS}},
    {"table-write", "host, device or VM writes the table itself", true, false, play_table_write,
     {TABLE, STOPPED("the guard refuses all but the AMD-SP", "guard")}},
    {"table-dram", "entry changed in DRAM, then replay", true, false, play_table_dram,
     {TABLE, {ATTACK_SUCCEEDS, "the table lies in DRAM, clear and without integrity: outside the threat model",
              "nothing"}}},
    {"start-late", "start-up: table written before FENCE, then a dirty line", true, true, play_start_late,
     {TABLE, {ATTACK_SUCCEEDS, "wrong order: no guard yet, and VERIFY reads the entries of the table's own pages only",
              "nothing"}}},
    {"start-self", "the same, the line hits the table's own entries", true, true, play_start_self,
     {TABLE, STOPPED("a page of the table is not Firmware: the checks cannot be turned on", "VERIFY")}},
    {"start-safe", "start-up in the safe order, line before and after FENCE", true, true, play_start_safe,
     {TABLE, STOPPED("FLUSH_DONE waits for what was before FENCE, then the table is written; later lines meet the guard",
                     "guard")}},
};
const size_t attack_threats_n = sizeof(attack_threats) / sizeof(attack_threats[0]);
