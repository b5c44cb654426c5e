// SPDX-License-Identifier: Apache-2.0
//
// sp_regs.h - addresses and field positions of the secure processor's registers
//
// The table "Registers" of docs/units/sp.md as named constants; the words of KEY1, KEY2 and TEST_TWEAK and the counters
// lie 4 bytes apart. Bit positions are of the 32-bit word.

#ifndef CBIT_SP_REGS_H
#define CBIT_SP_REGS_H

enum {
  SP_ID = 0x000,
  SP_VERSION = 0x004,
  SP_CAP0 = 0x008,
  SP_CAP1 = 0x00C,
  SP_CTRL = 0x010,
  SP_LOCK = 0x014,
  SP_STATUS = 0x018,
  SP_TEST = 0x01C,
  SP_INTR_STATE = 0x020,
  SP_INTR_ENABLE = 0x024,
  SP_CMD = 0x030,
  SP_CMD_STATUS = 0x034,
  SP_KEY1_0 = 0x040,
  SP_KEY1_7 = 0x05C,
  SP_KEY2_0 = 0x060,
  SP_KEY2_7 = 0x07C,
  SP_FAULT_INFO = 0x080,
  SP_FAULT_ADDR_LO = 0x084,
  SP_FAULT_ADDR_HI = 0x088,
  SP_FAULT_GPA_LO = 0x08C,
  SP_FAULT_GPA_HI = 0x090,
  SP_FAULT_POP = 0x094,
  SP_FAULT_COUNT = 0x098,
  SP_TEST_TWEAK_0 = 0x0A0,
  SP_TEST_TWEAK_3 = 0x0AC,
  SP_RMP_BASE_LO = 0x0B0,  // from here on, CNT_RMP_* too, only with Rmp = 1
  SP_RMP_BASE_HI = 0x0B4,
  SP_RMP_END_LO = 0x0B8,
  SP_RMP_END_HI = 0x0BC,
  SP_RMP_CTRL = 0x0C0,
  SP_RMP_CMD = 0x0C4,
  SP_RMP_STATUS = 0x0C8,
  SP_RMP_CFG = 0x0CC,  // with RmpSeg = 1
  SP_RMP_FAULT_INFO = 0x0D0,
  SP_RMP_FAULT_ERR_LO = 0x0D4,
  SP_RMP_FAULT_ERR_HI = 0x0D8,
  SP_COUNTERS = 0x100
};

// Counters in the order of their addresses.
enum {
  SP_CNT_CYCLES = 0,
  SP_CNT_RD_BEATS_PLAIN,
  SP_CNT_RD_BEATS_ENC,
  SP_CNT_WR_BEATS_PLAIN,
  SP_CNT_WR_BEATS_ENC,
  SP_CNT_RMW,
  SP_CNT_FAULTS,
  SP_CNT_STALL_TWEAK_RD,
  SP_CNT_STALL_TWEAK_WR,
  SP_CNT_STALL_RMW,
  SP_CNT_STALL_HAZARD,
  SP_CNT_STALL_RD_TABLE,
  SP_CNT_STALL_WR_TABLE,
  SP_CNT_STALL_OUT,
  SP_CNT_RMP_ASK,
  SP_CNT_RMP_MISS,
  SP_CNT_RMP_READ,
  SP_CNT_STALL_RMP_RD,
  SP_CNT_STALL_RMP_WR,
  SP_CNT_INSN,  // from here on only with RmpInsn > 0
  SP_CNT_INSN_STOP,
  SP_CNT_CHK,  // from here on only with RmpChk > 0
  SP_CNT_STALL_CHK,
  SP_CNT_NUM
};

#define SP_ID_VALUE 0x43424954u       // "CBIT"
#define SP_VERSION_VALUE 0x00010000u

// CAP0
#define SP_CAP0_RMP_LSB 16u
#define SP_CAP0_RMP_INSN_LSB 17u
#define SP_CAP0_RMP_CHK_LSB 18u
#define SP_CAP0_RMP_SEG_LSB 19u

// CTRL
#define SP_CTRL_SMEE 0x1u
#define SP_CTRL_TSME 0x2u
#define SP_CTRL_MODE_LSB 4u
#define SP_CTRL_MODE_MASK 0xFu

// LOCK
#define SP_LOCK_CTRL 0x1u
#define SP_LOCK_TABLE 0x2u

// INTR_STATE, INTR_ENABLE
#define SP_INTR_FAULT 0x1u
#define SP_INTR_DROPPED 0x2u
#define SP_INTR_CMD 0x4u
#define SP_INTR_ALARM 0x8u
#define SP_INTR_ALL 0xFu

// CMD: op in [3:0], slot in [25:16]
#define SP_CMD_OP_MASK 0xFu
#define SP_CMD_SLOT_LSB 16u
#define SP_CMD_SLOT_MASK 0x3FFu

// RMP_BASE, RMP_END: bits 51:13 of an address over two words
#define SP_RMP_ADDR_MASK 0x000FFFFFFFFFE000u

// RMP_CTRL
#define SP_RMP_VMPL_EN 0x1u
#define SP_RMP_VMPL_SSS 0x2u
#define SP_RMP_IOMMU_SNP 0x4u

// RMP_CFG: seg_size in [13:8]
#define SP_RMP_SEG_EN 0x1u
#define SP_RMP_SEG_SIZE_LSB 8u
#define SP_RMP_CFG_MASK 0x3F01u

#define SP_RMP_CMD_OP_MASK 0xFu

// RMP_STATUS
#define SP_RMP_BUSY 0x10u
#define SP_RMP_LOADED 0x20u
#define SP_RMP_ERROR_LSB 8u

// RMP_FAULT_INFO: kind in [3:0]
#define SP_RMP_WHY_LSB 4u
#define SP_RMP_ROW_LSB 8u

// Command that the registers do themselves: a constant of the linear tweak table.
#define SP_OP_TWEAK_ENTRY 9u
#define SP_TWEAK_FIRST 4u
#define SP_TWEAK_LAST 51u

#endif  // CBIT_SP_REGS_H
