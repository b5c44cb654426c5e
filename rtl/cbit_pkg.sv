// SPDX-License-Identifier: Apache-2.0
//
// cbit_pkg: types and constants shared by all units.
//
// Widths here are the largest that any configuration uses; parameters of the units narrow them, and
// synthesis removes what stays constant. Byte order: byte i of a bus word is [8*i +: 8].
// Attribute layout: docs/attributes.md. AXI4: Arm IHI 0022 (AXI4), chapters A2 to A5.
package cbit_pkg;

  localparam int unsigned SpaW = 52;    // system physical address, C-bit removed
  localparam int unsigned AddrW = 64;   // address pins of the requester side
  localparam int unsigned IdW = 8;      // most ID bits on the requester side
  localparam int unsigned SlotW = 10;   // most key slots: 1024; ASID = slot number
  localparam int unsigned UserW = 64;   // AxUSER of the requester side

  typedef logic [SpaW-1:0] spa_t;
  typedef logic [SlotW-1:0] slot_t;

  // requester kinds
  localparam logic [1:0] REQ_HOST = 2'd0;
  localparam logic [1:0] REQ_GUEST = 2'd1;
  localparam logic [1:0] REQ_DEVICE = 2'd2;
  localparam logic [1:0] REQ_SP = 2'd3;
  // access kinds
  localparam logic [2:0] ACC_DATA = 3'd0;
  localparam logic [2:0] ACC_FETCH = 3'd1;
  localparam logic [2:0] ACC_PT_WALK = 3'd2;
  localparam logic [2:0] ACC_AD_UPDATE = 3'd3;
  localparam logic [2:0] ACC_VMSA = 3'd4;
  // with the RMP check only; refused without it
  localparam logic [2:0] ACC_NPT_WALK = 3'd5;
  localparam logic [2:0] ACC_NPT_AD = 3'd6;
  localparam logic [2:0] ACC_LOG = 3'd7;

  // attributes of a request, carried on AxUSER (docs/attributes.md); first member = top bits
  typedef struct packed {
    logic ss;
    logic snp;
    logic [39:0] gpa_page;
    logic [1:0] page_size;
    logic [9:0] asid;
    logic [1:0] vmpl;
    logic ncbit;
    logic cbit;
    logic user;
    logic [2:0] access;
    logic [1:0] requester;
  } attr_t;

  // fault codes (docs/units/route.md; CHECK comes from the RMP check interface)
  localparam logic [3:0] FAULT_NONE = 4'd0;
  localparam logic [3:0] FAULT_ADDR = 4'd1;
  localparam logic [3:0] FAULT_PROTO = 4'd2;
  localparam logic [3:0] FAULT_DEVICE = 4'd3;
  localparam logic [3:0] FAULT_ASID = 4'd4;
  localparam logic [3:0] FAULT_SLOT = 4'd5;
  localparam logic [3:0] FAULT_EXCL = 4'd6;
  localparam logic [3:0] FAULT_WLAST = 4'd7;
  localparam logic [3:0] FAULT_CHECK = 4'd8;

  // AXI responses and burst types
  localparam logic [1:0] RESP_OKAY = 2'd0;
  localparam logic [1:0] RESP_EXOKAY = 2'd1;
  localparam logic [1:0] RESP_SLVERR = 2'd2;
  localparam logic [1:0] RESP_DECERR = 2'd3;
  localparam logic [1:0] BURST_FIXED = 2'd0;
  localparam logic [1:0] BURST_INCR = 2'd1;
  localparam logic [1:0] BURST_WRAP = 2'd2;

  // address channel of the requester side (AW or AR), as on the pins
  typedef struct packed {
    logic [IdW-1:0] id;
    logic [AddrW-1:0] addr;
    logic [7:0] len;
    logic [2:0] size;
    logic [1:0] burst;
    logic lock;
    logic [3:0] cache;
    logic [2:0] prot;
    logic [3:0] qos;
    logic [3:0] region;
    attr_t user;
  } ax_req_t;

  // a request after routing, as it waits in the address queues
  typedef struct packed {
    logic [IdW-1:0] id;
    spa_t spa;
    logic [7:0] len;
    logic [2:0] size;
    logic [1:0] burst;
    logic lock;
    logic [3:0] cache;
    logic [2:0] prot;
    logic [3:0] qos;
    logic [3:0] region;
    attr_t attr;
    logic enc;
    slot_t slot;
    logic [3:0] fault;
  } routed_t;

  // address channel of the DRAM side; id has one bit more: 1 = a read of the engine's own
  typedef struct packed {
    logic [IdW:0] id;
    spa_t addr;
    logic [7:0] len;
    logic [2:0] size;
    logic [1:0] burst;
    logic lock;
    logic [3:0] cache;
    logic [2:0] prot;
    logic [3:0] qos;
    logic [3:0] region;
  } ax_mem_t;

  // a job for the tweak unit (docs/units/tweak.md)
  typedef struct packed {
    logic [7:0] entry;
    slot_t slot;
    spa_t spa;
    logic [5:0] lo;
    logic [5:0] hi;
    logic [5:0] first;
  } tweak_job_t;

  // what the RMP check said of a refused request, for the fault log (docs/units/rmp.md); codes:
  // docs/units/rmp_check.md
  typedef struct packed {
    logic [4:0] row;
    logic [3:0] why;
    logic [3:0] kind;
    logic [37:0] error;
  } rec_t;

  // a question of an MMU or IOMMU as it stands at its port, and the answer (docs/units/rmp_chk.md);
  // first member = top bits, codes: docs/units/rmp_check.md
  typedef struct packed {
    logic [2:0] req;
    logic [3:0] op;
    logic [1:0] map_size;
    logic ec;                // effective C-bit
    logic [9:0] asid;
    logic [1:0] vmpl;
    logic [1:0] cpl;
    logic ss;
    logic snp_active;
    logic [51:12] spa_page;
    logic [50:12] gpa_page;
  } chk_ask_t;

  typedef struct packed {
    logic deny;
    logic [1:0] keep;        // 0 4K, 1 2M, 2 1G: as long as nothing undoes it; 3 this access only
    rec_t rec;
  } chk_ans_t;

  // an RMP instruction as it stands at its port (docs/units/rmp_insn.md); first member = top bits
  typedef struct packed {
    logic [2:0] op;          // insn_op_e of cbit_rmp_pkg
    logic [1:0] cpl;
    logic [9:0] asid;        // from here to gpa_page: guests only
    logic [1:0] vmpl;
    logic snp_active;
    logic ec;                // effective C-bit of the translation
    logic [51:12] spa_page;
    logic [50:12] gpa_page;
    logic [63:0] rax;        // host: SPA; guest: GVA
    logic [127:0] arg;       // RMPUPDATE: operand, byte 0 in bits 7:0; guest: {RDX, RCX}
  } insn_req_t;

  // what the fault log takes (docs/units/sp.md); rmp: all zero for other codes than CHECK
  typedef struct packed {
    rec_t rmp;
    logic [3:0] code;
    logic write;
    logic [IdW-1:0] id;
    attr_t attr;
    logic [AddrW-1:0] addr;
  } fault_t;

  // check interface (rmp room): one question per request, answered in the same cycle
  typedef struct packed {
    logic write;
    spa_t spa;
    logic enc;
    attr_t attr;
  } chk_req_t;

  typedef struct packed {
    logic valid;
    logic allow;
  } chk_rsp_t;

  // slot states (docs/units/key_store.md)
  localparam logic [1:0] SLOT_EMPTY = 2'd0;
  localparam logic [1:0] SLOT_LOADED = 2'd1;
  localparam logic [1:0] SLOT_ACTIVE = 2'd2;
  localparam logic [1:0] SLOT_DRAIN = 2'd3;

endpackage
