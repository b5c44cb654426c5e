// SPDX-License-Identifier: Apache-2.0
//
// rmpvec.h - reads the known answers of the reverse map table (tests/vectors/rmp/README.md) into records
//
// One record a line: "words and key=value -> words and key=value". Every key has a slot (rmpvec_key_t); a key that a record
// leaves out has the value of the file's "default" lines. A line that cannot be read is told as
// "file:line: error: token 'x': what". Plain parsing: nothing here knows what a verdict should be.
#ifndef TB_RMPVEC_H
#define TB_RMPVEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/bytes.h"

#define RMPVEC_ERR_LEN 512u
#define RMPVEC_ITEMS_MAX 4096u   // entries, counters, pages of one record
#define RMPVEC_RANGE_MAX 512u    // pages of entry[A..B]

// What a line is. The set of a file is that of its records.
typedef enum rmpvec_kind {
  RV_DECISION = 0,
  RV_INIT,
  RV_RMPUPDATE,
  RV_PSMASH,
  RV_PVALIDATE,
  RV_RMPADJUST,
  RV_RMPQUERY,
  RV_RMPREAD,
  RV_FWWRITE,
  RV_ACCESS,
  RV_ECBIT,
  RV_KEY,
  RV_STATE,
  RV_ENTRY,
  RV_COVER,
  RV_SEGMENT,
  RV_KINDS
} rmpvec_kind_t;

typedef enum rmpvec_set { RVS_DECISIONS = 0, RVS_INSTRUCTIONS, RVS_ROUTING, RVS_STATES, RVS_COVERAGE } rmpvec_set_t;

// Slots of values. A slot with _Q2 holds the second half of the entry before it.
typedef enum rmpvec_key {
  RK_ROW, RK_WHY, RK_SNP, RK_VMPL_EN, RK_VMPL_SSS, RK_REQ, RK_OP, RK_MAP, RK_EC, RK_ASID, RK_VMPL, RK_CPL, RK_SS, RK_SPA,
  RK_GPA, RK_RMP_BASE, RK_RMP_END, RK_OWN, RK_OWN_Q2, RK_BASE, RK_BASE_Q2, RK_INUSE, RK_SNP_ACTIVE, RK_IOMMU_SNP,
  RK_P_SHARED_READ, RK_P_HOST_PT_READ, RK_P_GUEST_PT_READ, RK_P_DMA_READ, RK_P_PT_VMPL_WRITE, RK_P_HV_INUSE, RK_P_TIO,
  RK_P_US_ALWAYS, RK_P_PVALIDATE_GP, RK_P_MASK_ALL, RK_P_NUM_ASID, RK_P_NUM_VMPL, RK_P_GPA_WIDTH, RK_P_HOST_KEY,
  RK_CASE, RK_SEQ, RK_LOCK, RK_OP0, RK_OP1, RK_GVA, RK_RCX, RK_RDX, RK_Q1, RK_Q2,
  RK_KIND, RK_PAGING, RK_CBIT, RK_VTE, RK_VTOM_EN, RK_VTOM, RK_SMEE, RK_TSME, RK_TIO,
  RK_COVERED, RK_ENTRY, RK_ENTRY_Q2, RK_SHIFT, RK_RST,
  RK_COUNT
} rmpvec_key_t;

// Slots of answers.
typedef enum rmpvec_out {
  RO_CODE, RO_CF, RO_ZF, RO_EXITINFO1, RO_EXITINFO2, RO_FLAGS_RMP, RO_FLAGS, RO_RDX, RO_RCX, RO_OUT0, RO_OUT1,
  RO_EC, RO_KEY, RO_COVERED, RO_ENTRY_ADDR, RO_STATE, RO_OWNER,
  RO_ASSIGNED, RO_PAGESIZE, RO_IMMUTABLE, RO_SUBCOUNT, RO_GPA, RO_ASID, RO_VMSA, RO_VALIDATED, RO_LOCK,
  RO_MASK0, RO_MASK1, RO_MASK2, RO_MASK3, RO_IKS, RO_RSVD, RO_ROOTPORT, RO_STREAM, RO_MIGRATION,
  RO_COUNT
} rmpvec_out_t;

// The word that begins the answer; VERDICT_NONE: only key=value items follow the arrow.
typedef enum rmpvec_verdict {
  RVV_NONE = 0, RVV_PASS, RVV_PF, RVV_NPF, RVV_VC, RVV_GP, RVV_INVALID, RVV_IOMMU, RVV_IOMMU_HALT, RVV_UD, RVV_PF_RSV,
  RVV_COUNT
} rmpvec_verdict_t;

// Values of RK_KIND of a KEY record; those of an ECBIT record are 0 PLAIN, 1 SEV, 2 ES, 3 SNP.
typedef enum rmpvec_requester {
  RVK_HOST = 0, RVK_HOST_PTW, RVK_GUEST_PLAIN, RVK_GUEST_SEV, RVK_GUEST_ES, RVK_GUEST_SNP, RVK_NPT_WALK, RVK_VMSA, RVK_VMCB,
  RVK_AMD_SP_GUEST, RVK_DMA, RVK_DMA_TIO, RVK_RMP
} rmpvec_requester_t;

#define RMPVEC_NO_ADDR UINT64_MAX  // entry_addr=-
#define RMPVEC_NAME_LEN 8u         // RK_ROW and RK_WHY hold a name of up to 8 characters (rmpvec_name)

typedef enum rmpvec_item_kind { RVI_ENTRY = 0, RVI_COUNTER, RVI_PAGE } rmpvec_item_kind_t;

// entry[from..to]=q1:q2 (steps: q1 grows by a page each), asid_cnt[from]=q1, or a page of a list.
typedef struct rmpvec_item {
  uint64_t from, to, q1, q2;
  rmpvec_item_kind_t kind;
  bool steps;
} rmpvec_item_t;

typedef struct rmpvec_record {
  uint32_t line;
  rmpvec_kind_t kind;
  rmpvec_verdict_t verdict;
  uint64_t in[RK_COUNT];
  uint64_t in_has;  // bit per slot: given, or by default
  uint64_t out[RO_COUNT];
  uint64_t out_has;
  size_t in_item, in_items;    // of rmpvec_file_t.item
  size_t out_item, out_items;
} rmpvec_record_t;

typedef struct rmpvec_file {
  char *name;
  rmpvec_set_t set;
  rmpvec_record_t *record;
  size_t n;
  rmpvec_item_t *item;
  size_t items;
} rmpvec_file_t;

// Whether the first line of content is one of these sets.
bool rmpvec_is(const char *text, size_t len);
// False: one line in err, nothing to free. name is for messages.
bool rmpvec_parse(rmpvec_file_t *f, const char *name, const char *text, size_t len, char err[RMPVEC_ERR_LEN]);
void rmpvec_free(rmpvec_file_t *f);
const char *rmpvec_set_name(rmpvec_set_t set);
const char *rmpvec_kind_name(rmpvec_kind_t kind);
const char *rmpvec_verdict_name(rmpvec_verdict_t verdict);
const char *rmpvec_out_name(rmpvec_out_t out);
// The name in a slot of RK_ROW or RK_WHY.
void rmpvec_name(uint64_t value, char name[RMPVEC_NAME_LEN + 1]);
// A name as such a slot holds it.
uint64_t rmpvec_name_value(const char *name);

// The 16 bytes of an entry, little-endian, and the two numbers that records give them as.
static inline uint64_t rmpvec_half(const uint8_t raw[8]) {
  return le64_load(raw);
}

static inline void rmpvec_bytes(uint64_t q1, uint64_t q2, uint8_t raw[16]) {
  le64_store(raw, q1);
  le64_store(raw + 8, q2);
}

#endif  // TB_RMPVEC_H
