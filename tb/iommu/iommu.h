// SPDX-License-Identifier: Apache-2.0
//
// iommu.h - an IOMMU: accesses of devices by I/O virtual address, on the engine's bus (docs/iommu.md)
//
//   iommu_t m;
//   iommu_init(&m, b);
//   iommu_device_table(&m, spa, devices, false);       // contents: iotab.h
//   iommu_event_log(&m, spa, entries, false);          // with RMP_CTRL.iommu_snp a page of state Firmware-IOMMU
//   bench_on_inv(b, iommu_inv, &m);                    // it must hear of invalidations
//   iommu_result_t r = iommu_access(&m, device, true, iova, data, 64);
//   if (r.end == IOMMU_EVENT) ... r.event is what it logged, if r.logged
//
// All accesses block; tasks (crew.h) may share one IOMMU. Bytes are in memory order.
#ifndef TB_IOMMU_H
#define TB_IOMMU_H

#include "iommu/iotab.h"

#define IOTLB_ENTRIES 32u
#define IOMMU_EVENT_BYTES 16u

// Events of the log: code in bits 31:28 of the second word.
enum {
  IOEV_NONE = 0,
  IOEV_ILLEGAL_DTE = 1,  // ILLEGAL_DEV_TABLE_ENTRY
  IOEV_PAGE_FAULT = 2,   // IO_PAGE_FAULT
  IOEV_DTE_HW = 3,       // DEV_TAB_HARDWARE_ERROR
  IOEV_TAB_HW = 4,       // PAGE_TAB_HARDWARE_ERROR
  IOEV_RMP_FAULT = 13,   // RMP_PAGE_FAULT
  IOEV_RMP_HW = 14       // RMP_HW_ERR
};
// Flags of an event, bits 27:16 of its second word.
#define IOEV_PR 0x010u  // a mapping was there
#define IOEV_RW 0x020u  // a write
#define IOEV_PE 0x040u  // rights are missing
#define IOEV_RZ 0x080u  // reserved bits, or a form that is not built

typedef struct iommu_event {
  uint8_t code, flags_rmp;
  uint16_t device, tag, flags;  // tag: domain, or with RMP events the ASID of a bound device
  uint64_t addr;
} iommu_event_t;

typedef enum iommu_end {
  IOMMU_DONE = 0,
  IOMMU_EVENT,    // aborted, and an event
  IOMMU_ABORT,    // the memory answered with an error
  IOMMU_REFUSED,  // the engine refused for a reason that no event tells; code: that of the fault log
  IOMMU_FAILED    // the bench has failed
} iommu_end_t;

typedef struct iommu_result {
  iommu_end_t end;
  iommu_event_t event;
  bool logged;           // the event stands in the log, at log_at
  uint64_t log_at;
  bench_fault_t log_record;  // of the write of the event, if that was refused
  uint8_t code, resp;
  size_t moved;
  uint64_t spa;          // of the last range that was translated
  bool hit;              // the last page came out of the IOTLB
  uint32_t requests;     // on the bus, without the log's
  bench_fault_t record;  // of the request that ended it
} iommu_result_t;

typedef struct iotlb_entry {
  bool valid;
  uint16_t device;
  uint8_t passed;        // verdicts: bit 0 read, 1 write
  uint64_t iova, spa;
  pt_size_t size;
  bool read, write, c;
  uint16_t asid;         // of a bound device
  uint8_t vmpl;
} iotlb_entry_t;

typedef struct iommu {
  bench_t *b;
  uint64_t cbit;
  uint64_t table;        // device table
  uint32_t devices;
  bool table_c;
  uint64_t log;          // event log: a ring
  uint32_t log_n, head, tail;
  bool log_c, halted, overflow;
  iotlb_entry_t tlb[IOTLB_ENTRIES];
  uint32_t next;
  bool deaf;             // ignores invalidations
  uint64_t invs, dropped, events;
} iommu_t;

void iommu_init(iommu_t *m, bench_t *b);
// Registers: where the tables lie; c: with the host's key. Changing them drops what the IOTLB holds.
void iommu_device_table(iommu_t *m, uint64_t spa, uint32_t devices, bool c);
void iommu_event_log(iommu_t *m, uint64_t spa, uint32_t entries, bool c);
// Empties the log and starts it again.
void iommu_log_restart(iommu_t *m);
// len bytes from iova on. axi: ID of the requests. A read that is refused gives ones.
iommu_result_t iommu_access(iommu_t *m, uint16_t device, uint16_t axi, bool write, uint64_t iova, uint8_t *data, size_t len);
void iommu_flush(iommu_t *m, uint16_t device);
void iommu_flush_page(iommu_t *m, uint16_t device, uint64_t iova);
void iommu_flush_all(iommu_t *m);
// bench_inv_fn: drops what lies in the 2 MiB range of spa. arg is the iommu_t.
void iommu_inv(void *arg, uint64_t spa);
const char *iommu_event_name(uint8_t code);
void iommu_event_encode(const iommu_event_t *e, uint8_t raw[IOMMU_EVENT_BYTES]);
void iommu_event_decode(const uint8_t raw[IOMMU_EVENT_BYTES], iommu_event_t *e);

// ---- inside: iommu*.c ----

// What the engine's refusal of a request is called in the log; 0: no event tells it.
uint8_t iommu_refusal(const bench_fault_t *f, uint8_t *flags_rmp);
// Writes the event; a log that is halted or full takes none.
void iommu_report(iommu_t *m, uint16_t axi, iommu_result_t *r);

#endif  // TB_IOMMU_H
