// SPDX-License-Identifier: Apache-2.0
//
// attack_published.c - cells that are no matrix: attacks by instructions, published attacks, each where it works and where
// it is stopped (attack.h)
//
// Where nothing of this engine stops an attack, only the working side stands here, and says so.
#include "chk/attack.h"

#define FILE_CASE(system, prot, config, file, set, verdict, why, by) \
  {system, prot, config, file, set, NULL, false, {verdict, why, by}}
#define SNPI(file, set, verdict, why, by) FILE_CASE("SEV-SNP", ATTACK_SNP, NULL, file, set, verdict, why, by)
#define SEV(file, set, verdict, why, by) FILE_CASE("SEV", ATTACK_SEV, NULL, file, set, verdict, why, by)
#define IN_C(system, prot, config, play, verdict, why, by) {system, prot, config, NULL, NULL, play, false, {verdict, why, by}}

const attack_case_t attack_cases[][ATTACK_CASES] = {
    [ATTACK_INSN_REPLAY] = {SNPI("insn_replay", "", ATTACK_STOPPED,
                                 "an assigned page takes no write of the host; taken and given again it is not validated",
                                 "row 2 HVO #PF 0x80000003, row 11 VAL #VC 0x404")},
    [ATTACK_INSN_CORRUPT] = {SNPI("insn_corrupt", "", ATTACK_STOPPED, "the entry names the owner, at every size of mapping",
                                  "row 2 HVO #PF 0x80000003, row 21 HVO IOMMU, row 12 GOWN #NPF 0x580000007")},
    [ATTACK_INSN_ALIAS] = {SNPI("insn_alias", "", ATTACK_STOPPED, "the entry names one guest address",
                                "row 12 RMAP #NPF 0x580000007, row 11 RMAP #NPF 0x580000005, PVALIDATE #NPF 0x580000005")},
    [ATTACK_INSN_REMAP] = {SNPI("insn_remap", "", ATTACK_STOPPED,
                                "changed nested table: the page is the host's; second RMPUPDATE: it was never validated",
                                "row 11 GOWN_A #NPF 0x580000005, row 11 VAL #VC 0x404, row 12 VAL #VC 0x404")},
    [ATTACK_INSN_TWICE] = {SNPI("insn_twice", "", ATTACK_NOISE,
                                "the instruction cannot know that another page was accepted before: the guest's own duty",
                                "encryption")},
    [ATTACK_INSN_SMASH] = {SNPI("insn_smash", "", ATTACK_STOPPED,
                                "pieces stay the guest's; its mapping no longer fits; a piece given again is not validated",
                                "row 2 HVO #PF 0x80000003, row 11 SIZE #NPF 0x580000005, row 11 VAL #VC 0x404")},
    [ATTACK_INSN_INUSE] = {SNPI("insn_inuse", "", ATTACK_STOPPED,
                                "the mark of VMRUN stops RMPUPDATE, the entry stops the write, VMSA and owner stop VMRUN",
                                "row 17a VMSA VMEXIT_INVALID, RMPUPDATE FAIL_INUSE, row 2 HVO #PF 0x80000003, "
                                "row 17a GOWN_A VMEXIT_INVALID")},
    [ATTACK_AT01] =
        {FILE_CASE("SEV, mode xe_lin", ATTACK_SEV, "full", "at01_block_move", "mode=xe_lin debug=on move=on", ATTACK_SUCCEEDS,
                   "mask on one side only, constants known", "nothing"),
         FILE_CASE("SEV, mode xts_l64", ATTACK_SEV, "full", "at01_block_move", "mode=xts_l64 debug=off move=on", ATTACK_NOISE,
                   "tweak by AES, on both sides: a moved block decrypts to noise, unnoticed", "encryption"),
         FILE_CASE("no debug strap", ATTACK_SEV, "full", "at01_block_move", "mode=xe_lin debug=off move=off", ATTACK_STOPPED,
                   "mode 1 needs the debug strap", "CTRL")},
    [ATTACK_AT02] =
        {IN_C("SEV, xex_lin, 32-bit constants", ATTACK_SEV, "full", play_xex_rep4, ATTACK_SUCCEEDS,
              "16 unknown bits are found with 2 x 256 chosen blocks", "nothing"),
         IN_C("SEV, xex_lin, 128-bit constants", ATTACK_SEV, "full", play_xex_full, ATTACK_NOISE,
              "none of 2^20 guesses is right", "encryption"),
         IN_C("SEV-SNP", ATTACK_SNP, NULL, play_host_write, ATTACK_STOPPED, "the block is put in by a write of the host",
              "row 2 HVO #PF")},
    [ATTACK_AT03] = {SEV("at03_remap", "snp=off", ATTACK_SUCCEEDS, "nothing ties memory to a guest address", "nothing"),
                     SNPI("at03_remap", "snp=on", ATTACK_STOPPED, "the entry holds the other guest address",
                          "row 11 RMAP #NPF 0x580000005")},
    [ATTACK_AT05] =
        {SEV("at05_io_oracle", "snp=off", ATTACK_SUCCEEDS, "ciphertext made by the guest itself is valid whoever writes it",
             "nothing"),
         SNPI("at05_io_oracle", "snp=on", ATTACK_STOPPED, "the host gets the ciphertext and cannot put it back",
              "row 2 HVO #PF 0x80000003"),
         FILE_CASE("SEV-SNP, device", ATTACK_SNP, NULL, "at05_io_oracle", "snp=on copy=off dma=on", ATTACK_STOPPED,
                   "no device writes an assigned page, none has a guest's key", "row 21 HVO IOMMU, route DEVICE")},
    [ATTACK_AT06] =
        {SEV("at06_crossline", "snp=off", ATTACK_SUCCEEDS, "the key goes by the ASID", "nothing"),
         FILE_CASE("SEV-SNP, no SNPActive", ATTACK_SNP, NULL, "at06_crossline", "snp=on", ATTACK_SUCCEEDS,
                   "row 4: reads of a guest without SNP are not checked; that no VM runs under another's ASID is the duty of a "
                   "part that is not built",
                   "nothing"),
         FILE_CASE("SEV-SNP, SNPActive", ATTACK_SNP, NULL, "at06_crossline", "asid=off vmsa=on", ATTACK_STOPPED,
                   "its save area is none of the victim's; another ASID fits no entry",
                   "row 17a GOWN_A VMEXIT_INVALID, row 17a GOWN VMEXIT_INVALID, row 11 GOWN #NPF 0x580000005"),
         FILE_CASE("SEV, ASID closed", ATTACK_SEV, NULL, "at06_crossline", "snp=off closed=on", ATTACK_STOPPED,
                   "the slot is in DRAIN", "route SLOT")},
    [ATTACK_AT09] =
        {SNPI("at09_repeat", "snp=on", ATTACK_SUCCEEDS, "reads pass, XTS is deterministic; no hiding, no counter mode here",
              "nothing"),
         FILE_CASE("SEV, mode xex_aes16", ATTACK_SEV, "full", "at09_repeat", "snp=off mode=xex_aes16", ATTACK_SUCCEEDS,
                   "deterministic as well", "nothing"),
         FILE_CASE("SEV, mode xts_p4k", ATTACK_SEV, "full", "at09_repeat", "snp=off mode=xts_p4k", ATTACK_SUCCEEDS,
                   "deterministic as well", "nothing")},
    [ATTACK_AT11] =
        {FILE_CASE("SEV-SNP, no alias check", ATTACK_SNP, NULL, "at11_badram", "check=off", ATTACK_SUCCEEDS,
                   "the second address is a page of the host's", "nothing; refused besides: row 2 HVO"),
         FILE_CASE("check by single bits", ATTACK_SNP, NULL, "at11_badram", "check=on quick=on", ATTACK_SUCCEEDS,
                   "the mask has three bits", "nothing; refused besides: row 2 HVO"),
         FILE_CASE("check of all pages", ATTACK_SNP, NULL, "at11_badram", "check=on quick=off start=off", ATTACK_STOPPED,
                   "both addresses are found, the start-up is refused", "alias check")},
    [ATTACK_AT12] = {SNPI("at12_battering", "", ATTACK_SUCCEEDS,
                          "the check at boot saw nothing wrong; no integrity and no freshness here", "nothing")},
    [ATTACK_AT14] =
        {FILE_CASE("table before FENCE", ATTACK_SNP, NULL, "at14_start", "late=on self=off safe=off run=on", ATTACK_SUCCEEDS,
                   "no guard yet, and VERIFY reads the entries of the table's own pages only", "nothing"),
         FILE_CASE("line over own entries", ATTACK_SNP, NULL, "at14_start", "late=off self=on safe=off run=off",
                   ATTACK_STOPPED, "a page of the table is not Firmware", "VERIFY"),
         FILE_CASE("safe order", ATTACK_SNP, NULL, "at14_start", "late=off self=off safe=on run=on", ATTACK_STOPPED,
                   "from FENCE on nobody else reaches the table", "guard, row 2 HVO #PF 0x80000003")},
    [ATTACK_AT18] =
        {FILE_CASE("SEV-SNP, stale entry", ATTACK_SNP, NULL, "at18_stale", "", ATTACK_STOPPED,
                   "RMPUPDATE drops what engine and processor hold before it ends",
                   "row 11 GOWN_A #NPF 0x580000005, row 2 HVO #PF 0x80000003, row 11 VAL #VC 0x404"),
         IN_C("SEV-SNP, timing", ATTACK_SNP, NULL, play_entry_time, ATTACK_SUCCEEDS,
              "an entry that must be fetched takes longer: somebody used it or not", "nothing"),
         IN_C("RmpConst=1, timing", ATTACK_SNP, "snpiconst", play_entry_time, ATTACK_STOPPED, "no entry is cached",
              "RmpConst")},
    [ATTACK_AT20] =
        {FILE_CASE("plain", ATTACK_PLAIN, NULL, "at20_cold", "tsme=off", ATTACK_SUCCEEDS, "memory is plain", "nothing"),
         FILE_CASE("TSME", ATTACK_SME, NULL, "at20_cold", "tsme=on", ATTACK_NOISE, "ciphertext, and no key", "encryption"),
         FILE_CASE("TSME, zeroised", ATTACK_SME, NULL, "at20_cold", "tsme=on zero=on", ATTACK_NOISE,
                   "ciphertext; the engine has no key to read with", "route SLOT")},
    [ATTACK_AT25] =
        {SEV("at25_reuse", "snp=off tlb=on", ATTACK_SUCCEEDS, "the host decides about the flush", "nothing"),
         SNPI("at25_reuse", "snp=on tlb=on", ATTACK_SUCCEEDS,
              "both pages are the guest's: no check of memory sees it; the forced flush of a processor with SNP is not built",
              "nothing"),
         FILE_CASE("SEV, flushed", ATTACK_SEV, NULL, "at25_reuse", "snp=off tlb=on flush=on", ATTACK_STOPPED,
                   "the flush, which is software's duty here", "no refusal"),
         FILE_CASE("slot used again", ATTACK_SEV, NULL, "at25_reuse", "snp=off tlb=off slot=on", ATTACK_STOPPED,
                   "a closed slot takes no key and no request before a flush",
                   "key store STATE, key store NEED_FLUSH, route SLOT")},
};
