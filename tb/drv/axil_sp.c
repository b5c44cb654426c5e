// SPDX-License-Identifier: Apache-2.0
//
// axil_sp.c - AXI4-Lite master of the secure processor and the entropy source (axil_sp.h)
#include "drv/axil_sp.h"

#include <string.h>

void axil_init(axil_sp_t *s) { memset(s, 0, sizeof(*s)); }

void axil_reset(axil_sp_t *s) {
  s->busy = s->done = false;
  s->aw_sent = s->w_sent = s->ar_sent = false;
}

bool axil_start(axil_sp_t *s, bool write, uint16_t offset, uint32_t value, uint8_t strb, int32_t skew,
                uint32_t ready_delay) {
  if (s->busy || s->done) return false;
  s->busy = true;
  s->access = (sp_access_t){.write = write, .offset = offset, .value = value, .strb = strb, .c_start = s->cycle};
  s->aw_sent = s->w_sent = s->ar_sent = false;
  s->w_delay = skew < 0 ? (uint32_t)-skew : 0;
  s->aw_delay = skew > 0 ? (uint32_t)skew : 0;
  s->ready_delay = ready_delay;
  return true;
}

bool axil_poll(axil_sp_t *s, sp_access_t *result) {
  if (!s->done) return false;
  s->done = false;
  *result = s->access;
  return true;
}

void axil_drive(axil_sp_t *s, cbit_pins_in_t *in) {
  if (!s->busy) {
    in->l_awvalid = in->l_wvalid = in->l_arvalid = false;
    in->l_bready = in->l_rready = true;
    return;
  }
  const sp_access_t *a = &s->access;
  in->l_awvalid = a->write && !s->aw_sent && s->aw_delay == 0;
  in->l_wvalid = a->write && !s->w_sent && s->w_delay == 0;
  in->l_arvalid = !a->write && !s->ar_sent;
  in->l_awaddr = in->l_araddr = a->offset;
  in->l_wdata = a->value;
  in->l_wstrb = a->strb;
  in->l_bready = in->l_rready = s->ready_delay == 0;
  if (s->aw_delay > 0) s->aw_delay--;
  if (s->w_delay > 0) s->w_delay--;
}

void axil_sample(axil_sp_t *s, const cbit_pins_in_t *in, const cbit_pins_out_t *out, uint64_t cycle) {
  s->cycle = cycle + 1;
  if (!s->busy) return;
  sp_access_t *a = &s->access;
  if (in->l_awvalid && out->l_awready) s->aw_sent = true;
  if (in->l_wvalid && out->l_wready) s->w_sent = true;
  if (in->l_arvalid && out->l_arready) s->ar_sent = true;
  const bool answer = a->write ? out->l_bvalid : out->l_rvalid;
  if (!answer) return;
  if (s->ready_delay > 0) {
    s->ready_delay--;
    return;
  }
  if (!(a->write ? in->l_bready : in->l_rready)) return;
  a->resp = a->write ? out->l_bresp : out->l_rresp;
  if (!a->write) a->value = out->l_rdata;
  a->c_done = cycle;
  s->busy = false;
  s->done = true;
  if (s->on_done != NULL) s->on_done(s->on_done_arg, a);
}

void entropy_init(entropy_t *e, const rng_t *rng) {
  memset(e, 0, sizeof(*e));
  e->rng = *rng;
}

void entropy_drive(entropy_t *e, cbit_pins_in_t *in) {
  if (!e->shown) {
    if (e->kind == ENTROPY_SILENT || (rng_u64(&e->rng) & 3u) == 0) {
      in->ent_valid = false;
      return;
    }
    switch (e->kind) {
      case ENTROPY_STUCK: in->ent_data = 0x5a5aa5a5u; break;
      case ENTROPY_BIASED: in->ent_data = rng_pct(&e->rng, 10) ? 0xffffffffu : rng_u32(&e->rng); break;
      case ENTROPY_GOOD:
      case ENTROPY_SILENT:
      default: in->ent_data = rng_u32(&e->rng); break;
    }
    e->shown = true;
  }
  in->ent_valid = true;
}

void entropy_sample(entropy_t *e, const cbit_pins_in_t *in, const cbit_pins_out_t *out) {
  if (!in->ent_valid || !out->ent_ready) return;
  e->shown = false;
  e->words++;
  if (e->on_word != NULL) e->on_word(e->on_word_arg, in->ent_data);
}
