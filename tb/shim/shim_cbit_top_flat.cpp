// SPDX-License-Identifier: Apache-2.0
//
// shim_cbit_top_flat.cpp - the verilated cbit_top_flat behind the C interface of dut.h
//
// One dut_clock() = inputs, clock low, clock high. Byte lane i of a data bus is bits 8*i+7..8*i, which on the
// little-endian machines that run this is byte i of Verilator's words, so wide buses are copied with memcpy.
// Compile-time: DUT_PARAMS text of the parameters, of which RmpInsn > 0 comes with CBIT_RMP_INSN (docs/units/rmp_insn.md,
// "Ports"): without it the pins of the RMP instructions are not there and read as 0, and RmpChk > 0 with CBIT_RMP_CHK
// (docs/units/rmp_chk.md, "Pins"): without it those of the check ports are not there; DUT_MUTSEL an input `mutsel`
// (netlists with many mutants, chosen by the environment variable CBIT_MUTSEL); VM_TRACE_FST, VM_COVERAGE from Verilator.

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "Vdut.h"
#include "Vdut___024root.h"
#include "core/config.h"
#include "dut.h"
#include "verilated.h"
#if VM_TRACE_FST
#include "verilated_fst_c.h"
#endif
#if VM_COVERAGE
#include "verilated_cov.h"
#endif

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "byte order of the host is not supported"
#endif

#ifndef DUT_PARAMS
#define DUT_PARAMS "-"
#endif

struct dut {
  VerilatedContext *ctx;
  Vdut *top;
#if VM_TRACE_FST
  VerilatedFstC *fst;
#endif
  uint64_t cycle;
#ifdef CBIT_RMP_INSN
  uint32_t ports;
#endif
#ifdef CBIT_RMP_CHK
  uint32_t chk_ports;
#endif
};

// First failed assertion of this shared object. Verilator gives no instance here; one engine runs at a time.
static char first_error[512];

// Replaces Verilator's own, which would end the program: the bench reports the failure with its cycle.
void vl_stop(const char *filename, int linenum, const char *hier) VL_MT_UNSAFE {
  if (first_error[0] != '\0') return;
  std::snprintf(first_error, sizeof(first_error), "assertion in %s at %s:%d", hier, filename, linenum);
}
void vl_fatal(const char *filename, int linenum, const char *hier, const char *msg) VL_MT_UNSAFE {
  if (first_error[0] != '\0') return;
  std::snprintf(first_error, sizeof(first_error), "%s in %s at %s:%d", msg, hier, filename, linenum);
}

template <class T>
static inline void put_bytes(T &pin, const uint8_t *data) {
  std::memcpy(&pin, data, sizeof(pin));
}
template <class T>
static inline void get_bytes(uint8_t *data, const T &pin) {
  std::memcpy(data, &pin, sizeof(pin));
}

#if defined(CBIT_RMP_INSN) || defined(CBIT_RMP_CHK)
// The pins are one vector of ports, element i at bits [i*W +: W]: a number up to 64 bits for Verilator, else words of 32.
static inline uint32_t word_at(const CData &pin, uint32_t) { return pin; }
static inline uint32_t word_at(const SData &pin, uint32_t) { return pin; }
static inline uint32_t word_at(const IData &pin, uint32_t) { return pin; }
static inline uint32_t word_at(const QData &pin, uint32_t i) { return static_cast<uint32_t>(pin >> (32 * i)); }
template <std::size_t N>
static inline uint32_t word_at(const VlWide<N> &pin, uint32_t i) { return pin[i]; }
template <class T>
static inline bool bit_of(const T &pin, uint32_t at) { return (word_at(pin, at / 32) >> (at % 32) & 1u) != 0; }

// Writes the low `bits` bits of value at bit `at` of a vector of words.
static inline void put_bits(uint32_t *words, uint32_t at, uint32_t bits, uint64_t value) {
  for (uint32_t n = 0; n < bits;) {
    const uint32_t off = (at + n) % 32;
    const uint32_t take = bits - n < 32 - off ? bits - n : 32 - off;
    const uint32_t mask = (take == 32 ? UINT32_MAX : (UINT32_C(1) << take) - 1) << off;
    uint32_t *w = &words[(at + n) / 32];
    *w = (*w & ~mask) | (static_cast<uint32_t>(value >> n) << off & mask);
    n += take;
  }
}
#endif

#ifdef CBIT_RMP_INSN
#define INSN_BITS 290u

// First member of the page's list at the top, so the last one comes first here.
static void put_insn(uint32_t *words, uint32_t at, const cbit_insn_t *i) {
  uint64_t half[2];
  std::memcpy(half, i->arg, sizeof(half));
  const struct {
    uint32_t bits;
    uint64_t value;
  } member[] = {{64, half[0]}, {64, half[1]}, {64, i->rax}, {39, i->gpa_page}, {40, i->spa_page}, {1, i->ec},
                {1, i->snp_active}, {2, i->vmpl}, {10, i->asid}, {2, i->cpl}, {3, i->op}};
  for (const auto &m : member) {
    put_bits(words, at, m.bits, m.value);
    at += m.bits;
  }
}
#endif

#ifdef CBIT_RMP_CHK
#define CHK_ASK_BITS 105u
#define CHK_ANS_BITS 54u

static void put_chk(uint32_t *words, uint32_t at, const cbit_chk_ask_t *q) {
  const struct {
    uint32_t bits;
    uint64_t value;
  } member[] = {{39, q->gpa_page}, {40, q->spa_page}, {1, q->snp_active}, {1, q->ss}, {2, q->cpl}, {2, q->vmpl},
                {10, q->asid}, {1, q->ec}, {2, q->map_size}, {4, q->op}, {3, q->req}};
  for (const auto &m : member) {
    put_bits(words, at, m.bits, m.value);
    at += m.bits;
  }
}

// `bits` bits of a vector of pins, from bit `at` on.
template <class T>
static inline uint64_t bits_of(const T &pin, uint32_t at, uint32_t bits) {
  uint64_t value = 0;
  for (uint32_t n = 0; n < bits;) {
    const uint32_t off = (at + n) % 32;
    const uint32_t take = bits - n < 32 - off ? bits - n : 32 - off;
    const uint32_t mask = take == 32 ? UINT32_MAX : (UINT32_C(1) << take) - 1;
    value |= static_cast<uint64_t>(word_at(pin, (at + n) / 32) >> off & mask) << n;
    n += take;
  }
  return value;
}

template <class T>
static void get_chk(cbit_chk_answer_t *a, const T &pin, uint32_t at) {
  a->error = bits_of(pin, at, 38);
  a->kind = static_cast<uint8_t>(bits_of(pin, at + 38, 4));
  a->why = static_cast<uint8_t>(bits_of(pin, at + 42, 4));
  a->row = static_cast<uint8_t>(bits_of(pin, at + 46, 5));
  a->keep = static_cast<uint8_t>(bits_of(pin, at + 51, 2));
  a->deny = bits_of(pin, at + 53, 1) != 0;
}
#endif

// Nothing in the engine acts on the falling edge, so an evaluation with the clock low only tells Verilator
// that the clock fell, at the price of all logic behind the inputs once more. If Verilator keeps the clock's last
// level under the name it has in 5.006, that is told directly (true); under another name there is an evaluation.
template <class R> static inline auto clock_fell(R *root, int) -> decltype(root->__Vtrigrprev__TOP__clk_i, true) {
  root->__Vtrigrprev__TOP__clk_i = 0;
  return true;
}
template <class R> static inline bool clock_fell(R *, long) { return false; }

extern "C" {

uint32_t dut_abi_version(void) { return DUT_ABI_VERSION; }

void dut_sizes(size_t sizes[3]) {
  sizes[0] = sizeof(cbit_cyc_cfg_t);
  sizes[1] = sizeof(cbit_pins_in_t);
  sizes[2] = sizeof(cbit_pins_out_t);
}

void dut_cfg(cbit_cyc_cfg_t *cfg) { (void)config_parse(cfg, DUT_PARAMS); }

dut_t *dut_new(void) {
  dut *d = new dut();
  first_error[0] = '\0';
  d->ctx = new VerilatedContext;
  d->ctx->randReset(0);
#if VM_TRACE_FST
  d->ctx->traceEverOn(true);
  d->fst = nullptr;
#endif
  d->top = new Vdut(d->ctx, "TOP");
#ifdef CBIT_RMP_INSN
  cbit_cyc_cfg_t cfg;
  dut_cfg(&cfg);
  d->ports = cfg.rmp_insn < CBIT_MAX_INSN ? cfg.rmp_insn : CBIT_MAX_INSN;
#endif
#ifdef CBIT_RMP_CHK
  cbit_cyc_cfg_t built;
  dut_cfg(&built);
  d->chk_ports = built.rmp_chk < CBIT_MAX_CHK ? built.rmp_chk : CBIT_MAX_CHK;
#endif
#ifdef DUT_MUTSEL
  const char *sel = std::getenv("CBIT_MUTSEL");
  d->top->mutsel = sel != nullptr ? std::atoi(sel) : 0;
#endif
  d->top->clk_i = 0;
  d->top->rst_ni = 0;
  d->top->eval();
  return d;
}

void dut_free(dut_t *d) {
  if (d == nullptr) return;
  dut_trace_close(d);
  // Verilator takes scopes out of the context of this thread, which is that of the engine made last: tell it whose
  // these are. Afterwards the thread has none, not one that is gone.
  Verilated::threadContextp(d->ctx);
  d->top->final();
  delete d->top;
  delete d->ctx;
  Verilated::threadContextp(nullptr);
  delete d;
}

void dut_outputs(dut_t *d, cbit_pins_out_t *out) {
  const Vdut &t = *d->top;
  out->s_awready = t.s_axi_awready_o;
  out->s_wready = t.s_axi_wready_o;
  out->s_arready = t.s_axi_arready_o;
  out->s_b.valid = t.s_axi_bvalid_o;
  if (out->s_b.valid) {
    out->s_b.id = t.s_axi_bid_o;
    out->s_b.resp = t.s_axi_bresp_o;
  }
  out->s_r.valid = t.s_axi_rvalid_o;
  if (out->s_r.valid) {
    out->s_r.id = t.s_axi_rid_o;
    out->s_r.resp = t.s_axi_rresp_o;
    out->s_r.last = t.s_axi_rlast_o;
    get_bytes(out->s_r.data, t.s_axi_rdata_o);
  }
#define GET_AX(x, p)                            \
  out->x.valid = t.p##valid_o;                  \
  if (out->x.valid) {                           \
    out->x.id = t.p##id_o;                      \
    out->x.addr = t.p##addr_o;                  \
    out->x.len = t.p##len_o;                    \
    out->x.size = t.p##size_o;                  \
    out->x.burst = t.p##burst_o;                \
    out->x.lock = t.p##lock_o;                  \
    out->x.cache = t.p##cache_o;                \
    out->x.prot = t.p##prot_o;                  \
    out->x.qos = t.p##qos_o;                    \
    out->x.region = t.p##region_o;              \
  }
  GET_AX(m_aw, m_axi_aw)
  GET_AX(m_ar, m_axi_ar)
  out->m_w.valid = t.m_axi_wvalid_o;
  if (out->m_w.valid) {
    out->m_w.last = t.m_axi_wlast_o;
    out->m_w.strb = t.m_axi_wstrb_o;
    get_bytes(out->m_w.data, t.m_axi_wdata_o);
  }
  out->m_bready = t.m_axi_bready_o;
  out->m_rready = t.m_axi_rready_o;
  out->l_awready = t.s_axil_awready_o;
  out->l_wready = t.s_axil_wready_o;
  out->l_bvalid = t.s_axil_bvalid_o;
  out->l_bresp = t.s_axil_bresp_o;
  out->l_arready = t.s_axil_arready_o;
  out->l_rvalid = t.s_axil_rvalid_o;
  out->l_rresp = t.s_axil_rresp_o;
  out->l_rdata = t.s_axil_rdata_o;
  out->ent_ready = t.ent_ready_o;
  out->irq = t.irq_o;
#ifdef CBIT_RMP_INSN
  bool answer = false;
  for (uint32_t i = 0; i < d->ports; i++) {
    out->insn_ready[i] = bit_of(t.insn_ready_o, i);
    out->ans_valid[i] = bit_of(t.ans_valid_o, i);
    answer = answer || out->ans_valid[i];
  }
  if (answer) {
    out->ans.kind = t.ans_kind_o;
    out->ans.code = t.ans_code_o;
    out->ans.cf = t.ans_cf_o;
    out->ans.zf = t.ans_zf_o;
    out->ans.error = t.ans_error_o;
    get_bytes(out->ans.out, t.ans_out_o);
  }
  out->inv_valid = t.inv_valid_o;
  if (out->inv_valid) out->inv_page = t.inv_page_o;
  out->use_ready = t.use_ready_o;
#endif
#ifdef CBIT_RMP_CHK
  for (uint32_t i = 0; i < d->chk_ports; i++) {
    out->chk_ready[i] = bit_of(t.chk_ready_o, i);
    out->chk_ans_valid[i] = bit_of(t.chk_ans_valid_o, i);
    if (out->chk_ans_valid[i]) get_chk(&out->chk_ans[i], t.chk_ans_o, i * CHK_ANS_BITS);
  }
#endif
}

void dut_clock(dut_t *d, const cbit_pins_in_t *in) {
  Vdut &t = *d->top;
  t.rst_ni = in->rst_n;
  t.debug_i = in->debug;
  t.zeroise_i = in->zeroise;
#define PUT_AX(p, x)             \
  t.p##valid_i = in->x.valid;    \
  t.p##id_i = in->x.id;          \
  t.p##addr_i = in->x.addr;      \
  t.p##len_i = in->x.len;        \
  t.p##size_i = in->x.size;      \
  t.p##burst_i = in->x.burst;    \
  t.p##lock_i = in->x.lock;      \
  t.p##cache_i = in->x.cache;    \
  t.p##prot_i = in->x.prot;      \
  t.p##qos_i = in->x.qos;        \
  t.p##region_i = in->x.region;  \
  t.p##user_i = in->x.user;
  PUT_AX(s_axi_aw, s_aw)
  PUT_AX(s_axi_ar, s_ar)
  t.s_axi_wvalid_i = in->s_w.valid;
  if (in->s_w.valid) {
    t.s_axi_wlast_i = in->s_w.last;
    put_bytes(t.s_axi_wdata_i, in->s_w.data);
    t.s_axi_wstrb_i = in->s_w.strb;
  }
  t.s_axi_bready_i = in->s_bready;
  t.s_axi_rready_i = in->s_rready;
  t.m_axi_awready_i = in->m_awready;
  t.m_axi_wready_i = in->m_wready;
  t.m_axi_arready_i = in->m_arready;
  t.m_axi_bvalid_i = in->m_b.valid;
  t.m_axi_bid_i = in->m_b.id;
  t.m_axi_bresp_i = in->m_b.resp;
  t.m_axi_rvalid_i = in->m_r.valid;
  if (in->m_r.valid) {
    t.m_axi_rid_i = in->m_r.id;
    t.m_axi_rresp_i = in->m_r.resp;
    t.m_axi_rlast_i = in->m_r.last;
    put_bytes(t.m_axi_rdata_i, in->m_r.data);
  }
  t.s_axil_awvalid_i = in->l_awvalid;
  t.s_axil_awaddr_i = in->l_awaddr;
  t.s_axil_awprot_i = 0;
  t.s_axil_wvalid_i = in->l_wvalid;
  t.s_axil_wdata_i = in->l_wdata;
  t.s_axil_wstrb_i = in->l_wstrb;
  t.s_axil_bready_i = in->l_bready;
  t.s_axil_arvalid_i = in->l_arvalid;
  t.s_axil_araddr_i = in->l_araddr;
  t.s_axil_arprot_i = 0;
  t.s_axil_rready_i = in->l_rready;
  t.ent_valid_i = in->ent_valid;
  t.ent_data_i = in->ent_data;
#ifdef CBIT_RMP_INSN
  uint32_t words[CBIT_MAX_INSN * INSN_BITS / 32 + 1] = {0};
  uint32_t valid = 0;
  uint32_t ready = 0;
  for (uint32_t i = 0; i < d->ports; i++) {
    valid |= static_cast<uint32_t>(in->insn[i].valid) << i;
    ready |= static_cast<uint32_t>(in->ans_ready[i]) << i;
    if (in->insn[i].valid) put_insn(words, i * INSN_BITS, &in->insn[i]);
  }
  t.insn_valid_i = valid & 0xffu;
  if (valid != 0) put_bytes(t.insn_req_i, reinterpret_cast<const uint8_t *>(words));
  t.ans_ready_i = ready & 0xffu;
  t.inv_ready_i = in->inv_ready;
  t.use_valid_i = in->use_valid;
  t.use_slot_i = in->use_slot & 31u;
  t.use_set_i = in->use_set;
  t.use_page_i = in->use_page & ((UINT64_C(1) << 40) - 1);
#endif
#ifdef CBIT_RMP_CHK
  uint32_t ask[CBIT_MAX_CHK * CHK_ASK_BITS / 32 + 1] = {0};
  uint32_t asks = 0;
  uint32_t takes = 0;
  for (uint32_t i = 0; i < d->chk_ports; i++) {
    asks |= static_cast<uint32_t>(in->chk_valid[i]) << i;
    takes |= static_cast<uint32_t>(in->chk_ans_ready[i]) << i;
    if (in->chk_valid[i]) put_chk(ask, i * CHK_ASK_BITS, &in->chk_req[i]);
  }
  t.chk_valid_i = asks & 0xffu;
  if (asks != 0) put_bytes(t.chk_req_i, reinterpret_cast<const uint8_t *>(ask));
  t.chk_ans_ready_i = takes & 0xffu;
#endif

#if VM_TRACE_FST
  const bool fell = false;   // waves show the falling edge and what the inputs change before the next rising one
#else
  const bool fell = clock_fell(t.rootp, 0);
#endif
  if (!fell) {
    t.clk_i = 0;
    t.eval();
  }
#if VM_TRACE_FST
  if (d->fst != nullptr) d->fst->dump(10 * d->cycle + 5);
#endif
  t.clk_i = 1;
  t.eval();   // settles what depends on the inputs, then the rising edge
  d->cycle++;
#if VM_TRACE_FST
  if (d->fst != nullptr) d->fst->dump(10 * d->cycle);
#endif
}

const char *dut_error(const dut_t *d) {
  (void)d;
  return first_error[0] != '\0' ? first_error : nullptr;
}

int dut_trace_open(dut_t *d, const char *path, uint64_t cycle) {
#if VM_TRACE_FST
  dut_trace_close(d);
  d->fst = new VerilatedFstC;
  d->top->trace(d->fst, 99);
  d->cycle = cycle;
  d->fst->open(path);
  return d->fst->isOpen() ? 0 : -1;
#else
  (void)d;
  (void)path;
  (void)cycle;
  return -1;
#endif
}

void dut_trace_close(dut_t *d) {
#if VM_TRACE_FST
  if (d->fst != nullptr) {
    d->fst->close();
    delete d->fst;
    d->fst = nullptr;
  }
#else
  (void)d;
#endif
}

int dut_coverage_write(dut_t *d, const char *path) {
#if VM_COVERAGE
  d->ctx->coveragep()->write(path);
  return 0;
#else
  (void)d;
  (void)path;
  return -1;
#endif
}

}  // extern "C"
