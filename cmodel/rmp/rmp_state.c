// SPDX-License-Identifier: Apache-2.0
//
// rmp_state.c - the state and the owner of a page
//
// Answers docs/rmp.md section 3.1: the rows S1..S13 in the order of the page, first match wins. The entry is the
// authoritative one of the page.

#include "cbit_rmp.h"
#include "util/bits.h"

// Marks in the GPA field of pages of the firmware (ASID 0): bits 38:36 are a tag, bits 35:0 the low part.
#define TAG_METADATA 1u
#define TAG_IOMMU 2u

static unsigned gpa_tag(const cbit_rmp_entry_t *e) { return (unsigned)bits_get(e->gpa_page, 36, 3); }
static uint64_t gpa_low(const cbit_rmp_entry_t *e) { return bits_get(e->gpa_page, 0, 36); }

// Assigned = 0.
static cbit_rmp_state_t unassigned(const cbit_rmp_entry_t *e) {
  if (e->validated || e->asid != 0) {
    return CBIT_RMP_INVALID;
  }
  if (!e->immutable) {
    return CBIT_RMP_HYPERVISOR;  // S1
  }
  return e->lock ? CBIT_RMP_INVALID : CBIT_RMP_HV_FIXED;  // S2
}

// Assigned = 1, ASID = 0, Validated = 0.
static cbit_rmp_state_t of_firmware(const cbit_rmp_entry_t *e) {
  if (!e->immutable && !e->lock) {
    return CBIT_RMP_RECLAIM;  // S4
  }
  if (!e->immutable || !e->lock) {
    return CBIT_RMP_INVALID;
  }
  if (e->gpa_page == 0) {
    return e->vmsa ? CBIT_RMP_CONTEXT : CBIT_RMP_FIRMWARE;  // S5, S3
  }
  if (gpa_tag(e) == TAG_METADATA && gpa_low(e) > 0) {
    return CBIT_RMP_METADATA;  // S6
  }
  if (gpa_tag(e) == TAG_IOMMU && gpa_low(e) == 1 && !e->vmsa) {
    return CBIT_RMP_FIRMWARE_IOMMU;  // S11
  }
  return CBIT_RMP_INVALID;
}

// Assigned = 1, ASID > 0.
static cbit_rmp_state_t of_guest(const cbit_rmp_entry_t *e) {
  if (e->immutable != e->lock) {
    return CBIT_RMP_INVALID;
  }
  if (e->immutable) {
    return e->validated ? CBIT_RMP_PRE_SWAP : CBIT_RMP_PRE_GUEST;  // S8, S7
  }
  return e->validated ? CBIT_RMP_GUEST_VALID : CBIT_RMP_GUEST_INVALID;  // S10, S9
}

cbit_rmp_state_t cbit_rmp_state(int covered, const cbit_rmp_entry_t *entry) {
  if (!covered) {
    return CBIT_RMP_DEFAULT;  // S13
  }
  if (!entry->assigned) {
    return unassigned(entry);
  }
  if (entry->asid != 0) {
    return of_guest(entry);
  }
  return entry->validated ? CBIT_RMP_INVALID : of_firmware(entry);
}

// S14..S17.
cbit_rmp_owner_t cbit_rmp_owner(int covered, const cbit_rmp_entry_t *entry) {
  if (!covered || !entry->assigned) {
    return CBIT_RMP_OWNER_HV;
  }
  if (entry->asid != 0) {
    return CBIT_RMP_OWNER_GUEST;
  }
  return entry->immutable ? CBIT_RMP_OWNER_AMD_SP : CBIT_RMP_OWNER_NONE;
}

const char *cbit_rmp_state_name(cbit_rmp_state_t state) {
  static const char *const name[] = {"INVALID",  "DEFAULT",   "HYPERVISOR", "HV_FIXED",      "FIRMWARE",
                                     "FIRMWARE_IOMMU", "RECLAIM", "CONTEXT",  "METADATA",      "PRE_GUEST",
                                     "PRE_SWAP", "GUEST_INVALID", "GUEST_VALID"};
  return (unsigned)state < sizeof name / sizeof name[0] ? name[state] : "?";
}
