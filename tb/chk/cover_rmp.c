// SPDX-License-Identifier: Apache-2.0
//
// cover_rmp.c - sampling of the RMP check's points: what the scoreboard found out of each request and access
#include "chk/cover_int.h"
#include "chk/scoreboard_rmp.h"
#include "core/rmp_boot.h"

void cover_rmp_done(cover_t *c, const host_txn_t *t, const sb_rmp_seen_t *x) {
  cbit_attr_t who;
  uint64_t spa = 0;
  if (x == NULL) return;
  const uint32_t op = x->write;
  const bool lookup[] = {x->hit, x->miss, x->first, x->base_2m, x->both, x->redo, x->walk_error,
                         x->known && !x->walk_error, x->known && x->base_2m, x->known && x->walk_error};
  for (uint32_t i = 0; i < sizeof(lookup) / sizeof(lookup[0]); i++) {
    if (lookup[i]) cover_hit(c, COVER_RMP_LOOKUP, i, op, 0, 0);
  }
  if (x->both) cover_hit(c, COVER_RMP_LOOKUP, 4, !op, 0, 0);  // seen when the second of them ends
  if (x->walk_error) cover_hit(c, COVER_RMP_WHY, CBIT_RMP_WHY_READ, 0, 0, 0);
  if (!x->sure) return;
  bench_request_view(c->bench, &t->req, &who, &spa);
  const uint32_t how = x->guard ? 3 : x->hit ? 0 : x->miss ? 1 : x->table ? 4 : 2;
  const uint32_t more = t->req.burst == AXI_INCR && cover_windows(spa, &t->req, bench_bus_bytes(c->bench)) > 0;
  if (x->denied && how < 4) cover_hit(c, COVER_RMP_DENIED, how, op, more, 0);
  if (x->guard) return;
  cover_hit(c, COVER_RMP_ROW, x->say.row, x->denied, 0, 0);
  if (x->denied) cover_hit(c, COVER_RMP_WHY, x->say.why, 0, 0, 0);
}

void cover_rmp_sp(cover_t *c, const sp_access_t *a, const sb_rmp_event_t *x) {
  const uint32_t reg = a->offset & 0xffcu;
  const bool seg = reg == RMP_REG_CFG && bench_cfg(c->bench)->rmp_seg != 0;
  if (a->write && ((reg >= RMP_REG_BASE && reg <= RMP_REG_CMD) || reg == 0x010 || seg)) {
    const uint32_t bin = seg ? 5 : reg == 0x010 ? 4 : reg == RMP_REG_CMD ? 3 : reg == RMP_REG_CTRL ? 2 : reg >= RMP_REG_END ? 1 : 0;
    cover_hit(c, COVER_RMP_REGISTER, bin, a->resp != 0, 0, 0);
  }
  if (x->ended && (x->error <= 4 || x->error == 15)) {
    const uint32_t op = x->op >= 1 && x->op <= 8 && x->error != 15 ? x->op : 0;
    cover_hit(c, COVER_RMP_COMMAND, op, x->error == 15 ? 5u : x->error, 0, 0);
    if (x->range != 0) cover_hit(c, COVER_RMP_RANGE, x->range - 1u, 0, 0, 0);
  }
  if (x->record && x->kind < 10) cover_hit(c, COVER_RMP_RECORD, x->kind, 0, 0, 0);
}
