// SPDX-License-Identifier: Apache-2.0
//
// soak_want.c - what an access of the random run must come to, from lists (docs/rmp.md sections 4 and 6)
//
// Written from the rules by itself: no function of the check, of the walk or of the TLB is used here.
#include <string.h>

#include "cpu/soak_int.h"

enum { E_P = 1, E_W = 2, E_U = 4, E_ID = 16 };
#define E_RMP (UINT64_C(1) << 31)
#define E_FINAL (UINT64_C(1) << 32)
#define E_ENC (UINT64_C(1) << 34)
#define E_VMPL (UINT64_C(1) << 36)

static void fault(soak_want_t *w, vcpu_end_t end, uint64_t error, uint64_t info) {
  w->end = end;
  w->error = error;
  w->info = info;
}

static bool denies(const soak_map_t *m, vcpu_op_t op, bool user) {
  return (op == VCPU_WRITE && !m->write) || (op == VCPU_FETCH && m->nx) || (user && !m->user);
}

bool soak_want_paging(const soak_t *k, uint32_t g, uint32_t l, vcpu_op_t op, uint32_t slot, uint32_t inside,
                      soak_want_t *w) {
  const soak_guest_t *u = &k->guest[g];
  const soak_map_t *own = &u->own[slot], *nested = &u->nested[own->to];
  const bool user = u->vcpu[l].who.user_mode != 0;
  const uint64_t how = (op == VCPU_WRITE ? E_W : 0) | (op == VCPU_FETCH ? E_ID : 0);
  memset(w, 0, sizeof(*w));
  w->va = soak_va(slot) + inside;
  if (!own->there || denies(own, op, user)) {
    fault(w, VCPU_PF, how | (user ? E_U : 0) | (own->there ? E_P : 0), w->va);
    return false;
  }
  w->ec = own->cbit || op == VCPU_FETCH;
  if (!nested->there || denies(nested, op, false)) {
    fault(w, VCPU_NPF, how | E_U | E_FINAL | (w->ec ? E_ENC : 0) | (nested->there ? E_P : 0),
          soak_gpa(own->to) + (w->ec ? 0 : inside));
    return false;
  }
  w->page = nested->to;
  w->spa = soak_spa(nested->to) + inside;
  w->key = w->ec ? SOAK_ASID + g : 0;
  return true;
}

// Masks: read 1, write 2, execute 4 (CPL 3) or 8. A mask with write and without read allows no data access.
static bool mask_allows(uint8_t mask, vcpu_op_t op, bool user) {
  if (op == VCPU_FETCH) return (mask & (user ? 4 : 8)) != 0;
  if ((mask & 3) == 2) return false;
  return (mask & (op == VCPU_WRITE ? 2 : 1)) != 0;
}

void soak_want_guest(const soak_t *k, uint32_t g, uint32_t l, vcpu_op_t op, uint32_t slot, uint32_t inside,
                     soak_want_t *w) {
  if (!soak_want_paging(k, g, l, op, slot, inside, w)) return;
  const soak_page_t *e = &k->page[w->page];
  const uint64_t gpa = soak_gpa(k->guest[g].own[slot].to);
  const uint64_t how = E_P | E_U | E_RMP | E_FINAL | (op == VCPU_WRITE ? E_W : 0) | (op == VCPU_FETCH ? E_ID : 0);
  if (!w->ec) {
    if (op == VCPU_WRITE && e->asid != 0) fault(w, VCPU_NPF, how, gpa + inside);
  } else if (e->asid != SOAK_ASID + g || e->gpa != gpa) {
    fault(w, VCPU_NPF, how | E_ENC, gpa);
  } else if (!e->validated) {
    fault(w, VCPU_VC, 0x404, w->va);
  } else if (!mask_allows(e->mask[l], op, k->guest[g].vcpu[l].who.user_mode != 0)) {
    fault(w, VCPU_NPF, how | E_ENC | E_VMPL, gpa);
  }
}

void soak_want_host(const soak_t *k, vcpu_op_t op, uint32_t page, bool range, uint32_t inside, soak_want_t *w) {
  bool owned = k->page[page].asid != 0;
  memset(w, 0, sizeof(*w));
  for (uint32_t p = page & ~3u; range && p < (page & ~3u) + 4; p++) owned = owned || k->page[p].asid != 0;
  w->va = soak_hva(page, range) + inside;
  w->page = page;
  w->spa = soak_spa(page) + inside;
  if (op == VCPU_WRITE && owned) fault(w, VCPU_PF, E_P | E_W | E_RMP | (k->host.who.user_mode != 0 ? E_U : 0), w->va);
}

bool soak_data(soak_t *k, const soak_want_t *w, vcpu_op_t op, const uint8_t *data, uint32_t len) {
  soak_text_t *t = &k->text[w->page];
  const uint32_t at = (uint32_t)(w->spa & (PT_PAGE - 1));
  for (uint32_t i = 0; i < len; i++) {
    const uint32_t to = at + i;
    if (op == VCPU_WRITE) {
      // Under another key the rest of the block is nobody's any more.
      if (t->key[to / 16] != w->key) memset(&t->known[to & ~15u], 0, 16);
      t->key[to / 16] = w->key;
      t->byte[to] = data[i];
      t->known[to] = true;
      continue;
    }
    if (!t->known[to] || t->key[to / 16] != w->key) continue;
    k->st->compared++;
    if (t->byte[to] == data[i]) continue;
    bench_fail(k->b, "soak, action %llu: byte at SPA 0x%llx is 0x%02x, written was 0x%02x",
               (unsigned long long)k->st->actions, (unsigned long long)(w->spa + i), (unsigned)data[i], (unsigned)t->byte[to]);
    return false;
  }
  return true;
}
