// SPDX-License-Identifier: Apache-2.0
//
// cbit_rmp.h - the reverse map table (RMP) of SEV-SNP: the functional golden model
//
// One entry of 16 bytes per 4 KiB page says who owns the page. This header answers what the unit answers: where an
// entry lies, what it says, whether an access may pass and with which fault record it is refused, what each RMP
// instruction does, which C-bit an access has and which key it is ciphered with. No clock cycles, no state, no memory:
// the table is the caller's, reached through two pairs of functions (section 4). All functions may be called from any
// thread.
//
// The rules and all numbers in brackets below are those of docs/rmp.md, whose steps the sources cite: G geometry,
// S states, D decision, F fault records, U/P/V/A/Q/R instructions, C effective C-bit, K keys. That page names its
// public sources: AMD64 Architecture Programmer's Manual volume 2 (24593) sections 15.34 to 15.36 and volume 3 (24594),
// SEV-SNP Firmware ABI (56860).
//
// Units and byte order: spa and gpa are byte addresses, the C-bit removed. A page number is an address >> 12. Entries,
// operands and output buffers are 16 bytes in memory order, little-endian: byte 0 holds bits 7:0 of quadword 1.
// A member of uint8_t that has no enumeration beside it is 0 or 1 unless its comment gives another range.
//
// Reading order: 1 parameters and set-up, 2 entries, 3 states, 4 memory and geometry, 5 checks, 6 instructions,
// 7 effective C-bit and key.

#ifndef CBIT_RMP_H
#define CBIT_RMP_H

#include "cbit.h"

#ifdef __cplusplus
extern "C" {
#endif

// ---------------------------------------------------------------------------------------------------------------------
// 1. Parameters and set-up
// ---------------------------------------------------------------------------------------------------------------------

// Parameters of a build; names and defaults in docs/rmp.md section 0.3. Fill it with cbit_rmp_param_init().
typedef struct cbit_rmp_param {
  uint8_t chk_shared_read;      // 0: reads of an SNP guest with C-bit 0 are not checked
  uint8_t chk_host_pt_read;     // 0: page-table reads of the host and nested-table reads are not checked
  uint8_t chk_guest_pt_read;    // 1: page-table reads of guests without SNP are checked
  uint8_t chk_dma_read;         // 0: DMA reads are not checked
  uint8_t pt_vmpl_write;        // 0: a guest page-table read needs the READ bit of its mask only
  uint8_t hv_inuse_wr_allowed;  // 1: the host may write pages that are in use
  uint8_t tio;                  // 0: no trusted I/O, tagged requests are refused
  uint8_t npf_us_always;        // 1: bit 2 of EXITINFO1 is always set
  uint8_t pvalidate_vmpl_gp;    // 0: PVALIDATE at VMPL 1..3 returns FAIL_PERMISSION; 1: #GP(0)
  uint8_t vmpl_mask_all;        // 1Fh: VMPL0 mask that RMPUPDATE gives
  uint8_t num_vmpl;             // 4; 1..4
  uint8_t gpa_width;            // 51; bits of a guest physical address, 13..51
  uint16_t num_asid;            // 1006; highest ASID
  uint16_t host_key;            // 1023; key id of the host key
} cbit_rmp_param_t;

CBIT_API void cbit_rmp_param_init(cbit_rmp_param_t *param);

// Registers that a check looks at.
typedef struct cbit_rmp_cfg {
  uint64_t rmp_base;      // RMP_BASE; bits 12:0 are taken as zeros
  uint64_t rmp_end;       // RMP_END, inclusive; bits 12:0 are taken as ones. Ignored when segmented
  uint8_t snp_en;         // SYSCFG.SNPEn
  uint8_t vmpl_en;        // SYSCFG.VMPLEn
  uint8_t iommu_snp;      // SNP is on in the IOMMU
  uint8_t segmented;      // RMP_CFG.SegRmpEn; 1 only in builds with RMP_SEGMENTED=1
  uint8_t segment_shift;  // RMP_CFG.RmpSegSize, 30..40: a segment covers 2^shift bytes
  uint8_t reserved[3];
} cbit_rmp_cfg_t;

// ---------------------------------------------------------------------------------------------------------------------
// 2. Entries (docs/rmp.md section 2; APM vol. 2 section 15.36)
// ---------------------------------------------------------------------------------------------------------------------

#define CBIT_RMP_ENTRY_BYTES 16u
#define CBIT_RMP_ASID_LOCKED 0x3ffu  // ASID of an entry that the firmware is changing

// Every bit of an entry, right-aligned.
typedef struct cbit_rmp_entry {
  uint64_t gpa_page;       // 39 bits: GPA[50:12]
  uint16_t asid;           // 10 bits; 0 = no guest
  uint16_t subpage_count;  // 9 bits: assigned sub entries of the range, in a base entry with page_size 0
  uint16_t rsvd;           // 16 bits: quadword 2 bits 48:33
  uint8_t assigned;
  uint8_t page_size;  // cbit_rmp_size_t, 4K or 2M
  uint8_t immutable;
  uint8_t vmsa;
  uint8_t validated;
  uint8_t lock;
  uint8_t mask[4];     // permission byte of VMPL 0..3 (CBIT_RMP_PERM_*)
  uint8_t key_select;  // ImplicitKeySelect
  uint8_t root_port;   // 5 bits
  uint8_t ide_stream;  // 8 bits
  uint8_t migration;   // 2 bits
} cbit_rmp_entry_t;

// Permission bits of a mask; bits 7:5 are reserved and have no effect.
#define CBIT_RMP_PERM_READ 0x01u
#define CBIT_RMP_PERM_WRITE 0x02u
#define CBIT_RMP_PERM_EXEC_USER 0x04u
#define CBIT_RMP_PERM_EXEC_SUPERVISOR 0x08u
#define CBIT_RMP_PERM_SSS 0x10u

// Decoding and encoding are inverse for all 2^128 values; bits of a member beyond its field are dropped.
CBIT_API void cbit_rmp_entry_decode(const uint8_t raw[CBIT_RMP_ENTRY_BYTES], cbit_rmp_entry_t *entry);
CBIT_API void cbit_rmp_entry_encode(const cbit_rmp_entry_t *entry, uint8_t raw[CBIT_RMP_ENTRY_BYTES]);

// ---------------------------------------------------------------------------------------------------------------------
// 3. Page states (docs/rmp.md section 3; firmware ABI 56860, page states)
// ---------------------------------------------------------------------------------------------------------------------

// The numbers are those of the firmware.
typedef enum cbit_rmp_state {
  CBIT_RMP_INVALID = 0,
  CBIT_RMP_DEFAULT = 1,  // not covered by the table
  CBIT_RMP_HYPERVISOR = 2,
  CBIT_RMP_HV_FIXED = 3,
  CBIT_RMP_FIRMWARE = 4,
  CBIT_RMP_FIRMWARE_IOMMU = 5,
  CBIT_RMP_RECLAIM = 6,
  CBIT_RMP_CONTEXT = 7,
  CBIT_RMP_METADATA = 8,
  CBIT_RMP_PRE_GUEST = 9,
  CBIT_RMP_PRE_SWAP = 10,
  CBIT_RMP_GUEST_INVALID = 11,
  CBIT_RMP_GUEST_VALID = 12
} cbit_rmp_state_t;

typedef enum cbit_rmp_owner {
  CBIT_RMP_OWNER_HV = 0,
  CBIT_RMP_OWNER_GUEST = 1,
  CBIT_RMP_OWNER_AMD_SP = 2,
  CBIT_RMP_OWNER_NONE = 3  // assigned to nobody (Reclaim)
} cbit_rmp_owner_t;

// State and owner of a page from its authoritative entry (cbit_rmp_view_auth). covered = 0: entry is not looked at.
CBIT_API cbit_rmp_state_t cbit_rmp_state(int covered, const cbit_rmp_entry_t *entry);
CBIT_API cbit_rmp_owner_t cbit_rmp_owner(int covered, const cbit_rmp_entry_t *entry);

// "GUEST_VALID"; "?" if unknown.
CBIT_API const char *cbit_rmp_state_name(cbit_rmp_state_t state);

// ---------------------------------------------------------------------------------------------------------------------
// 4. Memory and geometry (docs/rmp.md section 1)
// ---------------------------------------------------------------------------------------------------------------------

// The table as the caller keeps it. Addresses are SPAs of the table in memory: entries of 16 bytes at multiples of 16,
// counters and segment-table entries of 8 bytes (little-endian numbers) at multiples of 8. A read returns 0, or
// anything else for an uncorrectable error (D11). Checks use the reads alone. in_use may be NULL: no page is.
typedef struct cbit_rmp_mem {
  void *ctx;
  int (*read16)(void *ctx, uint64_t addr, uint8_t raw[16]);
  void (*write16)(void *ctx, uint64_t addr, const uint8_t raw[16]);
  int (*read8)(void *ctx, uint64_t addr, uint64_t *value);
  void (*write8)(void *ctx, uint64_t addr, uint64_t value);
  // 1 if any 4 KiB page of the bytes at spa (a multiple of 4096) is in use by a running virtual processor.
  int (*in_use)(void *ctx, uint64_t spa, uint64_t bytes);
} cbit_rmp_mem_t;

// Contiguous table [G1..G4]. Returns 1 if spa is covered. *addr is the entry address by the formula, covered or not.
CBIT_API int cbit_rmp_entry_addr(const cbit_rmp_cfg_t *cfg, uint64_t spa, uint64_t *addr);

// Segmented table [G5]: address of the segment-table entry of spa. Returns 0 (and *addr = 0) if there is none.
CBIT_API int cbit_rmp_rst_addr(const cbit_rmp_cfg_t *cfg, uint64_t spa, uint64_t *addr);
// [G6, G7] with that entry: returns 1 if spa is covered; *addr is the entry address (0 if not covered).
CBIT_API int cbit_rmp_segment_entry_addr(unsigned segment_shift, uint64_t rst_entry, uint64_t spa, uint64_t *addr);

// Either of them, by cfg; reads the segment table where there is one. 1 covered, 0 not covered, -1 read error.
CBIT_API int cbit_rmp_find(const cbit_rmp_cfg_t *cfg, const cbit_rmp_mem_t *mem, uint64_t spa, uint64_t *addr);

// [G8] address of the counter of an ASID.
CBIT_API uint64_t cbit_rmp_counter_addr(const cbit_rmp_cfg_t *cfg, unsigned asid);

// What a check sees of the table.
typedef struct cbit_rmp_view {
  cbit_rmp_entry_t own;   // entry of the page
  cbit_rmp_entry_t base;  // entry of the first page of its 2 MiB range
  uint8_t covered;        // 0: own and base mean nothing
  uint8_t error;          // 1: the table could not be read
  uint8_t reserved[6];
} cbit_rmp_view_t;

// Reads the view of a page.
CBIT_API void cbit_rmp_view_load(const cbit_rmp_cfg_t *cfg, const cbit_rmp_mem_t *mem, uint64_t spa,
                                 cbit_rmp_view_t *view);

// The authoritative entry: base if base.page_size is 2M, else own.
CBIT_API const cbit_rmp_entry_t *cbit_rmp_view_auth(const cbit_rmp_view_t *view);

// ---------------------------------------------------------------------------------------------------------------------
// 5. Access checks (docs/rmp.md section 4; APM vol. 2 section 15.36, table of RMP checks)
// ---------------------------------------------------------------------------------------------------------------------

typedef enum cbit_rmp_req {
  CBIT_RMP_REQ_HOST = 0,
  CBIT_RMP_REQ_GUEST_NONSNP = 1,
  CBIT_RMP_REQ_GUEST_SNP = 2,
  CBIT_RMP_REQ_AMD_SP = 3,
  CBIT_RMP_REQ_IOMMU_HOST = 4,   // device of the host
  CBIT_RMP_REQ_IOMMU_GUEST = 5,  // device bound to a guest (trusted I/O)
  CBIT_RMP_REQ_IOMMU_SELF = 6,   // logs of the IOMMU itself
  CBIT_RMP_REQ_COUNT = 7
} cbit_rmp_req_t;

typedef enum cbit_rmp_op {
  CBIT_RMP_OP_READ = 0,
  CBIT_RMP_OP_WRITE = 1,  // also atomic read-modify-write
  CBIT_RMP_OP_FETCH = 2,
  CBIT_RMP_OP_PT_READ = 3,     // walk of the requester's own page tables
  CBIT_RMP_OP_PT_AD = 4,       // update of accessed and dirty bits there
  CBIT_RMP_OP_VMRUN_VMCB = 5,  // VMRUN looks at the page of this structure
  CBIT_RMP_OP_VMRUN_VMSA = 6,
  CBIT_RMP_OP_VMRUN_AVIC = 7,
  CBIT_RMP_OP_HSAVE_WRMSR = 8,  // write of VM_HSAVE_PA
  CBIT_RMP_OP_VMSAVE = 9,
  CBIT_RMP_OP_NPT_READ = 10,  // walk of the nested tables on behalf of a guest
  CBIT_RMP_OP_NPT_AD = 11,
  CBIT_RMP_OP_COUNT = 12
} cbit_rmp_op_t;

typedef enum cbit_rmp_size { CBIT_RMP_4K = 0, CBIT_RMP_2M = 1, CBIT_RMP_1G = 2 } cbit_rmp_size_t;

typedef struct cbit_rmp_check_req {
  uint64_t spa;
  uint64_t gpa;        // guests and their devices
  uint16_t asid;       // 10 bits; guests and their devices
  uint8_t req;         // cbit_rmp_req_t
  uint8_t op;          // cbit_rmp_op_t
  uint8_t map_size;    // cbit_rmp_size_t of the translation that gave spa; 3 counts as 1G
  uint8_t ec;          // effective C-bit
  uint8_t vmpl;        // 0..3
  uint8_t cpl;         // 0..3
  uint8_t ss;          // shadow-stack access; only with READ and WRITE of a processor
  uint8_t vmpl_sss;    // SEV_FEATURES.VmplSSS of the guest
  uint8_t snp_active;  // VMRUN_VMSA: SEV_FEATURES.SNPActive of the VMSA
  uint8_t in_use;      // the 4 KiB page of spa is in use
  uint8_t reserved[4];
} cbit_rmp_check_req_t;

typedef enum cbit_rmp_verdict_kind {
  CBIT_RMP_PASS = 0,
  CBIT_RMP_PF = 1,            // #PF, code
  CBIT_RMP_NPF = 2,           // #NPF (VMEXIT 400h), exitinfo1, exitinfo2
  CBIT_RMP_VC = 3,            // #VC in the guest, code 404h
  CBIT_RMP_GP = 4,            // #GP(0)
  CBIT_RMP_VMRUN_FAILS = 5,   // VMEXIT_INVALID
  CBIT_RMP_IOMMU_FAULT = 6,   // aborted, event RMP_PAGE_FAULT: flags_rmp, flags
  CBIT_RMP_IOMMU_HALT = 7,    // the IOMMU halts its log, no event
  CBIT_RMP_MCE = 8,           // the table could not be read: machine check
  CBIT_RMP_IOMMU_HW_ERR = 9,  // the same for a device: event RMP_HW_ERR
  CBIT_RMP_UD = 10            // #UD; instructions only
} cbit_rmp_verdict_kind_t;

// Rows of the decision table, for reports and coverage.
typedef enum cbit_rmp_row {
  CBIT_RMP_ROW_NONE = 0,  // no row names this pair of requester and op
  CBIT_RMP_ROW_1,
  CBIT_RMP_ROW_2,
  CBIT_RMP_ROW_3A,
  CBIT_RMP_ROW_3B,
  CBIT_RMP_ROW_4,
  CBIT_RMP_ROW_5A,
  CBIT_RMP_ROW_5B,
  CBIT_RMP_ROW_6,
  CBIT_RMP_ROW_7,
  CBIT_RMP_ROW_8,
  CBIT_RMP_ROW_9,
  CBIT_RMP_ROW_10,
  CBIT_RMP_ROW_11,
  CBIT_RMP_ROW_12,
  CBIT_RMP_ROW_13,
  CBIT_RMP_ROW_14,
  CBIT_RMP_ROW_15,
  CBIT_RMP_ROW_16,
  CBIT_RMP_ROW_17A,
  CBIT_RMP_ROW_17B,
  CBIT_RMP_ROW_18,
  CBIT_RMP_ROW_18C,
  CBIT_RMP_ROW_19,
  CBIT_RMP_ROW_20,
  CBIT_RMP_ROW_21,
  CBIT_RMP_ROW_22,
  CBIT_RMP_ROW_23,
  CBIT_RMP_ROW_COUNT
} cbit_rmp_row_t;

// The elementary checks; a verdict names the first one that failed.
typedef enum cbit_rmp_why {
  CBIT_RMP_WHY_NONE = 0,  // none failed
  CBIT_RMP_WHY_COV,
  CBIT_RMP_WHY_GOWN_A,  // not assigned
  CBIT_RMP_WHY_GOWN,    // another ASID, or ASID 0
  CBIT_RMP_WHY_RMAP,
  CBIT_RMP_WHY_MUT,
  CBIT_RMP_WHY_SIZE,
  CBIT_RMP_WHY_VAL,
  CBIT_RMP_WHY_VMPL,
  CBIT_RMP_WHY_HVO,
  CBIT_RMP_WHY_INUSE,
  CBIT_RMP_WHY_VMSA,
  CBIT_RMP_WHY_STATE,  // not Firmware-IOMMU
  CBIT_RMP_WHY_STUB,   // trusted I/O is not there
  CBIT_RMP_WHY_ROW,    // no row
  CBIT_RMP_WHY_READ,   // the table could not be read
  CBIT_RMP_WHY_COUNT
} cbit_rmp_why_t;

typedef struct cbit_rmp_verdict {
  uint64_t exitinfo1;  // NPF
  uint64_t exitinfo2;  // NPF
  uint32_t code;       // PF, VC
  uint16_t flags;      // IOMMU_FAULT: dword 1 bits 27:16 of the event
  uint8_t flags_rmp;   // IOMMU_FAULT: dword 0 bits 23:16
  uint8_t kind;        // cbit_rmp_verdict_kind_t
  uint8_t row;         // cbit_rmp_row_t
  uint8_t why;         // cbit_rmp_why_t
  uint8_t reserved[6];
} cbit_rmp_verdict_t;

// Decides one access [D0..D11]. Members of the verdict that its kind does not use are 0.
CBIT_API void cbit_rmp_check(const cbit_rmp_param_t *param, const cbit_rmp_cfg_t *cfg, const cbit_rmp_view_t *view,
                             const cbit_rmp_check_req_t *req, cbit_rmp_verdict_t *verdict);

// [D4] the row that decides a request.
CBIT_API cbit_rmp_row_t cbit_rmp_check_row(const cbit_rmp_check_req_t *req);

// "17a", "GOWN", "NPF"; "-" for NONE, "?" if unknown.
CBIT_API const char *cbit_rmp_row_name(cbit_rmp_row_t row);
CBIT_API const char *cbit_rmp_why_name(cbit_rmp_why_t why);
CBIT_API const char *cbit_rmp_verdict_name(cbit_rmp_verdict_kind_t kind);

// Bits of the fault records [F1, F2].
#define CBIT_RMP_ERR_P ((uint64_t)1 << 0)
#define CBIT_RMP_ERR_W ((uint64_t)1 << 1)
#define CBIT_RMP_ERR_US ((uint64_t)1 << 2)
#define CBIT_RMP_ERR_ID ((uint64_t)1 << 4)
#define CBIT_RMP_ERR_SS ((uint64_t)1 << 6)
#define CBIT_RMP_ERR_RMP ((uint64_t)1 << 31)
#define CBIT_RMP_ERR_FINAL ((uint64_t)1 << 32)
#define CBIT_RMP_ERR_WALK ((uint64_t)1 << 33)
#define CBIT_RMP_ERR_ENC ((uint64_t)1 << 34)
#define CBIT_RMP_ERR_SIZEM ((uint64_t)1 << 35)
#define CBIT_RMP_ERR_VMPL ((uint64_t)1 << 36)
#define CBIT_RMP_ERR_SSS ((uint64_t)1 << 37)
#define CBIT_RMP_VC_NOT_VALIDATED 0x404u

// ---------------------------------------------------------------------------------------------------------------------
// 6. Instructions (docs/rmp.md section 5; APM vol. 3, instruction pages)
// ---------------------------------------------------------------------------------------------------------------------

typedef enum cbit_rmp_code {
  CBIT_RMP_SUCCESS = 0,
  CBIT_RMP_FAIL_INPUT = 1,
  CBIT_RMP_FAIL_PERMISSION = 2,
  CBIT_RMP_FAIL_INUSE = 3,
  CBIT_RMP_FAIL_OVERLAP = 4,  // RMPUPDATE
  CBIT_RMP_FAIL_BADADDR = 4,  // PSMASH
  CBIT_RMP_FAIL_SIZEMISMATCH = 6
} cbit_rmp_code_t;

// Host instructions: RMPUPDATE, PSMASH, RMPREAD.
typedef struct cbit_rmp_host_insn {
  uint64_t rax;         // SPA of the page
  uint8_t operand[16];  // RMPUPDATE: the operand that RCX points at
  uint8_t cpl;          // 0..3
  uint8_t lock_held;    // another processor holds the range lock for longer than the unit waits
  uint8_t reserved[6];
} cbit_rmp_host_insn_t;

// Guest instructions: PVALIDATE, RMPADJUST, RMPQUERY. gva, rcx and rdx are the registers; spa, gpa and ec are what the
// guest's and the nested tables made of gva.
typedef struct cbit_rmp_guest_insn {
  uint64_t gva;  // RAX
  uint64_t rcx;  // PVALIDATE: bits 31:0 count
  uint64_t rdx;  // PVALIDATE: bit 0 counts
  uint64_t spa;
  uint64_t gpa;
  uint16_t asid;       // 10 bits
  uint8_t ec;          // effective C-bit
  uint8_t vmpl;        // 0..3
  uint8_t cpl;         // 0..3
  uint8_t snp_active;  // SEV_FEATURES.SNPActive of the running VMSA
  uint8_t lock_held;
  uint8_t reserved;
} cbit_rmp_guest_insn_t;

typedef struct cbit_rmp_result {
  uint64_t exitinfo1;  // NPF
  uint64_t exitinfo2;  // NPF
  uint64_t rdx;        // RMPQUERY; otherwise as it went in
  uint64_t rcx;        // RMPQUERY; otherwise as it went in
  uint8_t out[16];     // RMPREAD with code 0: the output buffer, else zeros
  uint32_t code;       // PASS: EAX, cbit_rmp_code_t; VC: error code
  uint8_t kind;        // cbit_rmp_verdict_kind_t: PASS (it returned a code), NPF, VC, GP, UD or MCE
  uint8_t cf;          // PASS only, else 0
  uint8_t zf;          // PASS only, else 0
  uint8_t changed;     // entries of the 2 MiB range of the page were written: drop every cached line of the range
} cbit_rmp_result_t;

// Each runs to its end. All reads come before the first write; with any other end than code 0 nothing is written.
CBIT_API void cbit_rmp_rmpupdate(const cbit_rmp_param_t *param, const cbit_rmp_cfg_t *cfg, const cbit_rmp_mem_t *mem,
                                 const cbit_rmp_host_insn_t *insn, cbit_rmp_result_t *result);
CBIT_API void cbit_rmp_psmash(const cbit_rmp_param_t *param, const cbit_rmp_cfg_t *cfg, const cbit_rmp_mem_t *mem,
                              const cbit_rmp_host_insn_t *insn, cbit_rmp_result_t *result);
CBIT_API void cbit_rmp_rmpread(const cbit_rmp_param_t *param, const cbit_rmp_cfg_t *cfg, const cbit_rmp_mem_t *mem,
                               const cbit_rmp_host_insn_t *insn, cbit_rmp_result_t *result);
CBIT_API void cbit_rmp_pvalidate(const cbit_rmp_param_t *param, const cbit_rmp_cfg_t *cfg, const cbit_rmp_mem_t *mem,
                                 const cbit_rmp_guest_insn_t *insn, cbit_rmp_result_t *result);
CBIT_API void cbit_rmp_rmpadjust(const cbit_rmp_param_t *param, const cbit_rmp_cfg_t *cfg, const cbit_rmp_mem_t *mem,
                                 const cbit_rmp_guest_insn_t *insn, cbit_rmp_result_t *result);
CBIT_API void cbit_rmp_rmpquery(const cbit_rmp_param_t *param, const cbit_rmp_cfg_t *cfg, const cbit_rmp_mem_t *mem,
                                const cbit_rmp_guest_insn_t *insn, cbit_rmp_result_t *result);

// ---------------------------------------------------------------------------------------------------------------------
// 7. Effective C-bit and key (docs/rmp.md sections 7 and 8; APM vol. 2 sections 7.10, 15.34, 15.36)
// ---------------------------------------------------------------------------------------------------------------------

typedef enum cbit_rmp_guest {
  CBIT_RMP_GUEST_PLAIN = 0,  // no SEV
  CBIT_RMP_GUEST_SEV = 1,
  CBIT_RMP_GUEST_ES = 2,
  CBIT_RMP_GUEST_SNP = 3
} cbit_rmp_guest_t;

typedef struct cbit_rmp_ecbit_req {
  uint64_t gpa;          // byte address, as the guest's tables gave it
  uint64_t vtom;         // VIRTUAL_TOM
  uint8_t guest;         // cbit_rmp_guest_t
  uint8_t op;            // cbit_rmp_op_t: READ, WRITE, FETCH, PT_READ, PT_AD
  uint8_t paging_cbits;  // 1 = long mode or legacy PAE paging: guest table entries have a C-bit
  uint8_t cbit;          // that C-bit: of the leaf entry, for PT_* of the entry that points at the table
  uint8_t vte;           // VMCB VTE; counts for SEV without ES only
  uint8_t vtom_en;       // SEV_FEATURES.vTOM; counts for SNP only
  uint8_t reserved[2];
} cbit_rmp_ecbit_req_t;

// Effective C-bit [C1..C6]: 0 or 1, or -1: guest #PF with the reserved-bit error.
CBIT_API int cbit_rmp_effective_cbit(const cbit_rmp_ecbit_req_t *req);

// Who asks for a key.
typedef enum cbit_rmp_key_req_kind {
  CBIT_RMP_KEY_HOST = 0,
  CBIT_RMP_KEY_HOST_WALK = 1,
  CBIT_RMP_KEY_GUEST = 2,         // req->guest says which kind
  CBIT_RMP_KEY_NESTED_WALK = 3,   // walk of the nested tables
  CBIT_RMP_KEY_VMSA = 4,          // VMRUN and VMEXIT
  CBIT_RMP_KEY_VMCB = 5,          // VMCB, host save area, permission maps
  CBIT_RMP_KEY_SP_GUEST = 6,      // AMD-SP on behalf of a guest
  CBIT_RMP_KEY_DMA = 7,           // device of the host
  CBIT_RMP_KEY_DMA_GUEST = 8,     // device bound to a guest
  CBIT_RMP_KEY_RMP = 9            // reads and writes of the table itself
} cbit_rmp_key_req_kind_t;

typedef struct cbit_rmp_key_req {
  uint16_t asid;   // of the guest, of the VMSA, or bound to the device
  uint8_t kind;    // cbit_rmp_key_req_kind_t
  uint8_t guest;   // cbit_rmp_guest_t, for KEY_GUEST
  uint8_t op;      // cbit_rmp_op_t: READ, WRITE, FETCH, PT_READ, PT_AD, for KEY_GUEST
  uint8_t ec;      // effective C-bit, for KEY_GUEST and KEY_DMA_GUEST
  uint8_t cbit;    // C-bit of the entry that the row names (host, nested or I/O tables)
  uint8_t paging;  // 1 = host paging is on, for KEY_HOST
} cbit_rmp_key_req_t;

// Key id [K1..K17]: 0 = no encryption, 1..num_asid = the guest's, param->host_key = the host's.
CBIT_API unsigned cbit_rmp_key_id(const cbit_rmp_param_t *param, int smee, int tsme, const cbit_rmp_key_req_t *req);

#ifdef __cplusplus
}  // extern "C"
#endif

#endif  // CBIT_RMP_H
