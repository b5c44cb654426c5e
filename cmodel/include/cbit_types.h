// SPDX-License-Identifier: Apache-2.0
//
// cbit_types.h - types that every part of the cbit model shares
//
// Requests, attributes, fault codes, slot states: the words that the units say to each other, with the encodings of the
// hardware pins. Installed together with cbit.h; include cbit.h, which includes this file.
// Sources: docs/attributes.md, docs/crypto-modes.md, docs/units/route.md, docs/units/key_store.md.

#ifndef CBIT_TYPES_H
#define CBIT_TYPES_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Sizes of the memory units, in bytes, and of a system physical address (SPA), in bits (the C-bit is not part of an
// SPA).
#define CBIT_BLOCK_BYTES 16u
#define CBIT_LINE_BYTES 64u
#define CBIT_PAGE_BYTES 4096u
#define CBIT_SPA_BITS 52u
#define CBIT_ASID_BITS 10u
#define CBIT_KEY_SLOTS_MAX 1024u

// Result of a library function. Anything but CBIT_OK means: nothing was done, no output was written.
typedef enum cbit_status {
  CBIT_OK = 0,
  CBIT_ERR_ARG = 1,    // a null pointer or a value outside its set (key length, kind, path)
  CBIT_ERR_MODE = 2,   // not one of the modes 0..5
  CBIT_ERR_RANGE = 3,  // an address or address + length beyond 52 bits
  CBIT_ERR_ALIGN = 4,  // an address or length that is not a multiple of 16
  CBIT_ERR_PATH = 5,   // this processor cannot run the chosen path
  CBIT_ERR_ABI = 6     // header and library do not belong together
} cbit_status_t;

// Tweak modes (docs/crypto-modes.md).
typedef enum cbit_mode {
  CBIT_MODE_NONE = 0,       // C = P
  CBIT_MODE_XE_LIN = 1,     // C = E(P ^ T), linear T; for attack reproduction only
  CBIT_MODE_XEX_LIN = 2,    // C = E(P ^ T) ^ T, linear T
  CBIT_MODE_XEX_AES16 = 3,  // XTS with 16-byte data units
  CBIT_MODE_XTS_L64 = 4,    // XTS, data unit = line; the default
  CBIT_MODE_XTS_P4K = 5     // XTS, data unit = page
} cbit_mode_t;

// Who asks. All four codes of the two-bit field are in use.
typedef enum cbit_requester {
  CBIT_REQ_HOST = 0,
  CBIT_REQ_GUEST = 1,
  CBIT_REQ_DEVICE = 2,
  CBIT_REQ_SP = 3  // the secure processor
} cbit_requester_t;

// What for. Without the RMP check (cbit_route_cfg_t.rmp = 0) the route answers codes 5..7 with CBIT_FAULT_PROTO.
typedef enum cbit_access {
  CBIT_ACC_DATA = 0,
  CBIT_ACC_FETCH = 1,
  CBIT_ACC_PT_WALK = 2,
  CBIT_ACC_AD_UPDATE = 3,  // accessed/dirty bits of a page table; routed as DATA
  CBIT_ACC_VMSA = 4,       // save area of a virtual processor
  CBIT_ACC_NPT_WALK = 5,   // read of a nested page table
  CBIT_ACC_NPT_AD = 6,     // its accessed/dirty bits
  CBIT_ACC_LOG = 7         // log of the IOMMU
} cbit_access_t;

// AxBURST of AXI4. Code 3 is reserved.
typedef enum cbit_burst { CBIT_BURST_FIXED = 0, CBIT_BURST_INCR = 1, CBIT_BURST_WRAP = 2 } cbit_burst_t;

// Why a request was refused by the route, in order of precedence (docs/units/route.md).
typedef enum cbit_fault {
  CBIT_FAULT_NONE = 0,
  CBIT_FAULT_ADDR = 1,
  CBIT_FAULT_PROTO = 2,
  CBIT_FAULT_DEVICE = 3,
  CBIT_FAULT_ASID = 4,
  CBIT_FAULT_SLOT = 5,
  CBIT_FAULT_EXCL = 6
} cbit_fault_t;

// Life of a key slot (docs/units/key_store.md): EMPTY -> LOADED -> ACTIVE -> DRAIN -> EMPTY.
typedef enum cbit_slot_state {
  CBIT_SLOT_EMPTY = 0,
  CBIT_SLOT_LOADED = 1,
  CBIT_SLOT_ACTIVE = 2,
  CBIT_SLOT_DRAIN = 3
} cbit_slot_state_t;

// Commands of the key store.
typedef enum cbit_key_op {
  CBIT_KEY_OP_LOAD = 1,
  CBIT_KEY_OP_GENERATE = 2,
  CBIT_KEY_OP_ACTIVATE = 3,
  CBIT_KEY_OP_DEACTIVATE = 4,
  CBIT_KEY_OP_WIPE = 5,
  CBIT_KEY_OP_WIPE_ALL = 6,
  CBIT_KEY_OP_FLUSH = 7,
  CBIT_KEY_OP_QUERY = 8
} cbit_key_op_t;

// Error codes of the key store, as on cmd_err_o.
typedef enum cbit_key_err {
  CBIT_KEY_OK = 0,
  CBIT_KEY_ERR_RANGE = 1,       // slot >= number of slots
  CBIT_KEY_ERR_STATE = 2,       // command not allowed in this state
  CBIT_KEY_ERR_KEY_EQUAL = 3,   // K1 = K2 in mode 3, 4 or 5
  CBIT_KEY_ERR_NEED_FLUSH = 4,  // ACTIVATE of a slot that drains
  CBIT_KEY_ERR_ENTROPY = 5,     // health test of the entropy words failed
  CBIT_KEY_ERR_ABORTED = 6,     // the zeroise pin came in between
  CBIT_KEY_ERR_OP = 15          // no such command
} cbit_key_err_t;

// Attributes of a request, one member per field of AxUSER. Members are right-aligned numbers.
// AxUSER bits: [1:0] requester, [4:2] access, [5] user_mode, [6] cbit, [7] ncbit, [9:8] vmpl, [19:10] asid,
// [21:20] page_size, [61:22] gpa_page, [62] snp, [63] ss.
typedef struct cbit_attr {
  uint64_t gpa_page;  // 40 bits: guest physical address >> 12
  uint16_t asid;      // 10 bits
  uint8_t requester;  // cbit_requester_t
  uint8_t access;     // cbit_access_t
  uint8_t user_mode;  // 1 = user, 0 = supervisor
  uint8_t cbit;       // C-bit of the (guest) page table
  uint8_t ncbit;      // C-bit of the nested page table
  uint8_t vmpl;       // 0..3
  uint8_t page_size;  // size of the mapping, 2 bits
  uint8_t snp;        // the guest runs with SNPActive; access VMSA: SNPActive of the VMSA
  uint8_t ss;         // shadow-stack access
  uint8_t reserved[5];
} cbit_attr_t;

#ifdef __cplusplus
}  // extern "C"
#endif

#endif  // CBIT_TYPES_H
