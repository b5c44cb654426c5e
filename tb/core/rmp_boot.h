// SPDX-License-Identifier: Apache-2.0
//
// rmp_boot.h - what the secure processor's firmware does for the RMP: registers, commands, entries of the table
//
// Numbers of docs/units/rmp.md ("Faults, registers, counters") and rmp_init.md, for every part of the test bench. The
// blocking helpers work on a bench (bench.h); the random generator makes the same accesses as acts of its own.
#ifndef TB_RMP_BOOT_H
#define TB_RMP_BOOT_H

#include "cbit_rmp.h"
#include "core/bench.h"

enum {
  RMP_REG_BASE = 0x0b0,
  RMP_REG_END = 0x0b8,
  RMP_REG_CTRL = 0x0c0,
  RMP_REG_CMD = 0x0c4,
  RMP_REG_STATUS = 0x0c8,
  RMP_REG_CFG = 0x0cc,
  RMP_REG_FAULT_INFO = 0x0d0,
  RMP_REG_FAULT_ERR = 0x0d4
};
enum { RMP_OFF = 0, RMP_FENCED, RMP_FLUSHED, RMP_FILLED, RMP_CHECKED, RMP_ON, RMP_READY };
enum { RMP_FENCE = 1, RMP_FLUSH_DONE, RMP_TABLE_DONE, RMP_VERIFY, RMP_SNP_EN, RMP_FLUSH2_DONE, RMP_DRAIN, RMP_SEG_LOAD };
enum { RMP_ERR_RANGE = 1, RMP_ERR_STATE, RMP_ERR_VERIFY, RMP_ERR_SEGMENT, RMP_ERR_OP = 15, RMP_ERR_FAILED = 255 };

#define RMP_STATUS_BUSY 0x10u
#define RMP_STATUS_LOADED 0x20u
#define RMP_HEAD_BYTES 0x4000u  // counters in front of the entries, or of the segment table
#define RMP_SEGMENTS 16u        // segments that the engine knows (docs/units/rmp_seg.md)

// An entry as two numbers.
typedef struct rmp_words {
  uint64_t q1, q2;
} rmp_words_t;

rmp_words_t rmp_words_encode(const cbit_rmp_entry_t *e);
void rmp_words_decode(const rmp_words_t *w, cbit_rmp_entry_t *e);
rmp_words_t rmp_words_firmware(void);  // state Firmware: the pages of the table itself
// Where the entry of a page lies in a contiguous table.
static inline uint64_t rmp_entry_at(uint64_t base, uint64_t spa) { return base + RMP_HEAD_BYTES + (spa >> 12) * 16; }

// ---- blocking ---------------------------------------------------------------------------------------------------

// RMP_BASE and RMP_END. False: refused or failed.
bool bench_rmp_registers(bench_t *b, uint64_t base, uint64_t end);
// Runs a command and waits for its end: error of RMP_STATUS, RMP_ERR_FAILED if the bench failed. state may be NULL.
uint32_t bench_rmp_cmd(bench_t *b, uint32_t op, uint32_t *state);
// The secure processor writes n entries from addr (address of an entry) on, all the same. False: refused or failed.
bool bench_rmp_write(bench_t *b, uint64_t addr, uint32_t n, rmp_words_t w);

#endif  // TB_RMP_BOOT_H
