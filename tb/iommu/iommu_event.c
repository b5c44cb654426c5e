// SPDX-License-Identifier: Apache-2.0
//
// iommu_event.c - events of the IOMMU and their log (iommu.h; docs/rmp.md F5, rows 20 to 23)
#include <string.h>

#include "cbit_rmp.h"
#include "iommu/iommu.h"

#define CODE_CHECK 8u  // code of the fault log: the check of the reverse map table

// Bit of flags_rmp by the check that failed first [F5].
static uint8_t rmp_bit(uint8_t why) {
  switch (why) {
    case CBIT_RMP_WHY_COV:
    case CBIT_RMP_WHY_GOWN_A:
    case CBIT_RMP_WHY_GOWN:
    case CBIT_RMP_WHY_STUB: return 1u << 1;
    case CBIT_RMP_WHY_RMAP: return 1u << 2;
    case CBIT_RMP_WHY_MUT: return 1u << 3;
    case CBIT_RMP_WHY_SIZE: return 1u << 4;
    case CBIT_RMP_WHY_VAL: return 1u << 5;
    case CBIT_RMP_WHY_VMPL: return 1u << 6;
    default: return 1u << 0;  // HVO, no row; the guard of the table says nothing, and is the strictest HVO
  }
}

uint8_t iommu_refusal(const bench_fault_t *f, uint8_t *flags_rmp) {
  *flags_rmp = 0;
  if (f->code != CODE_CHECK) return IOEV_NONE;
  if (f->kind == CBIT_RMP_IOMMU_HW_ERR) return IOEV_RMP_HW;
  *flags_rmp = rmp_bit(f->why);
  return IOEV_RMP_FAULT;
}

void iommu_event_encode(const iommu_event_t *e, uint8_t raw[IOMMU_EVENT_BYTES]) {
  const uint32_t dw[4] = {(uint32_t)e->device | (uint32_t)e->flags_rmp << 16,
                          (uint32_t)e->tag | (uint32_t)(e->flags & 0xfff) << 16 | (uint32_t)e->code << 28,
                          (uint32_t)e->addr, (uint32_t)(e->addr >> 32)};
  for (uint32_t i = 0; i < IOMMU_EVENT_BYTES; i++) raw[i] = (uint8_t)(dw[i / 4] >> (8 * (i % 4)));
}

void iommu_event_decode(const uint8_t raw[IOMMU_EVENT_BYTES], iommu_event_t *e) {
  uint32_t dw[4] = {0, 0, 0, 0};
  for (uint32_t i = 0; i < IOMMU_EVENT_BYTES; i++) dw[i / 4] |= (uint32_t)raw[i] << (8 * (i % 4));
  *e = (iommu_event_t){.code = (uint8_t)(dw[1] >> 28), .flags_rmp = (uint8_t)(dw[0] >> 16), .device = (uint16_t)dw[0],
                       .tag = (uint16_t)dw[1], .flags = (uint16_t)(dw[1] >> 16 & 0xfff),
                       .addr = (uint64_t)dw[3] << 32 | dw[2]};
}

// Row 23: the IOMMU's own access. What the check refuses halts the log.
void iommu_report(iommu_t *m, uint16_t axi, iommu_result_t *r) {
  const cbit_attr_t self = {.requester = CBIT_REQ_DEVICE, .access = CBIT_ACC_LOG, .cbit = m->log_c};
  const bench_burst_t burst = {.id = axi};
  uint8_t raw[IOMMU_EVENT_BYTES];
  m->events++;
  if (m->log_n == 0 || m->halted) return;
  const uint32_t slot = m->tail, after = (slot + 1) % m->log_n;
  if (after == m->head) {
    m->overflow = m->halted = true;
    return;
  }
  m->tail = after;  // at once: events of several devices may be on their way together
  iommu_event_encode(&r->event, raw);
  const uint64_t at = m->log + (uint64_t)slot * IOMMU_EVENT_BYTES;
  const bench_rsp_t rsp = bench_write(m->b, &self, at, raw, sizeof(raw), &burst);
  r->logged = rsp.ok && rsp.resp == 0;
  r->log_at = at;
  r->log_record = rsp.record;
  if (!r->logged) m->halted = true;
}

void iommu_log_restart(iommu_t *m) {
  m->head = m->tail = 0;
  m->halted = m->overflow = false;
}

const char *iommu_event_name(uint8_t code) {
  switch (code) {
    case IOEV_NONE: return "none";
    case IOEV_ILLEGAL_DTE: return "ILLEGAL_DEV_TABLE_ENTRY";
    case IOEV_PAGE_FAULT: return "IO_PAGE_FAULT";
    case IOEV_DTE_HW: return "DEV_TAB_HARDWARE_ERROR";
    case IOEV_TAB_HW: return "PAGE_TAB_HARDWARE_ERROR";
    case IOEV_RMP_FAULT: return "RMP_PAGE_FAULT";
    case IOEV_RMP_HW: return "RMP_HW_ERR";
    default: return "?";
  }
}
