// SPDX-License-Identifier: Apache-2.0
//
// iotab.h - device table and I/O page tables in the memory behind the engine, as host software writes them (docs/iommu.md)
//
// Entries of 8 bytes, little-endian: bit 0 present, 11:9 level of the next table (0 = a leaf), 51:12 address without the
// C-bit, 61 read, 62 write. A leaf stands in level 1 (4 KiB), 2 (2 MiB) or 3 (1 GiB). All functions clock the bench.
#ifndef TB_IOTAB_H
#define TB_IOTAB_H

#include "core/bench.h"
#include "cpu/pagetab.h"

#define IO_PR (UINT64_C(1) << 0)
#define IO_NEXT_LSB 9u
#define IO_IR (UINT64_C(1) << 61)
#define IO_IW (UINT64_C(1) << 62)
#define IO_LEVELS_MAX 6u

#define IO_DTE_BYTES 32u
#define IO_DTE_V (UINT64_C(1) << 0)   // first word
#define IO_DTE_TV (UINT64_C(1) << 1)
#define IO_DTE_MODE_LSB 9u            // levels

// Contents of an entry of the device table.
typedef struct io_dte {
  bool valid, translate;  // V, TV
  uint8_t mode;           // levels of the I/O tables, 1 to 6
  uint64_t root;
  bool c;                 // C-bit of the root
  bool read, write;       // IR, IW
  uint16_t domain;
  uint16_t asid;          // the guest that the device is bound to; 0 = none
  uint8_t vmpl;
} io_dte_t;

typedef struct iotab {
  bench_t *b;
  uint64_t cbit;  // mask in an entry
  bool table_c;   // C-bit of entries that point at a table, and of the root
  uint8_t levels;
  uint64_t root, next, end;
} iotab_t;

void io_dte_encode(const io_dte_t *d, uint64_t cbit, uint8_t raw[IO_DTE_BYTES]);
void io_dte_decode(const uint8_t raw[IO_DTE_BYTES], uint64_t cbit, io_dte_t *d);

// Tables in [base, base + bytes); clears the root. c: with the host's key.
pt_err_t iotab_init(iotab_t *t, bench_t *b, uint64_t base, uint64_t bytes, uint8_t levels, bool c);
// pages leaves in a row; one of the same size that is there is replaced. flags: IO_IR, IO_IW.
pt_err_t iotab_map(iotab_t *t, uint64_t iova, uint64_t spa, uint64_t pages, pt_size_t size, uint64_t flags, bool c);
pt_err_t iotab_unmap(iotab_t *t, uint64_t iova);
// Writes entry `device` of the device table at `table`; c: with the host's key. False: refused or failed.
bool iotab_device(bench_t *b, uint64_t table, uint16_t device, const io_dte_t *d, bool c);

#endif  // TB_IOTAB_H
