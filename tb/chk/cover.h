// SPDX-License-Identifier: Apache-2.0
//
// cover.h - functional coverage: named points and crosses, counted in C at the pins
//
// What is counted stands in cover_points.c (names, bins) and cover.c (sampling). A run writes a text file; `cbit cover`
// merges any number of them and reports. Bins that cannot happen are listed with their reason (cover_points.c) and
// left out of the sum; one that is hit all the same is an error of the list and reported.
#ifndef TB_COVER_H
#define TB_COVER_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "cbit_cyc.h"
#include "core/bench.h"
#include "drv/axil_sp.h"
#include "drv/chk_port.h"
#include "drv/insn_port.h"

typedef struct cover cover_t;

cover_t *cover_new(const bench_t *b);
void cover_free(cover_t *c);
void cover_cycle(cover_t *c, const cbit_pins_in_t *in, const cbit_pins_out_t *out);
void cover_addr(cover_t *c, const host_txn_t *t, uint32_t flying_same_id);
void cover_done(cover_t *c, const host_txn_t *t);
void cover_sp(cover_t *c, const sp_access_t *a, bool traffic);
// With the RMP check: what the scoreboard says of the request just finished (NULL: nothing), and of the access.
struct sb_rmp_seen;
struct sb_rmp_event;
void cover_rmp_done(cover_t *c, const host_txn_t *t, const struct sb_rmp_seen *x);
void cover_rmp_sp(cover_t *c, const sp_access_t *a, const struct sb_rmp_event *x);
// With instruction ports. meets: a bit for each bin of "insn_drain" that the instruction met when it was taken; flying:
// requests whose address was taken and that have not ended; x: what the scoreboard says of it (NULL: nothing).
#define COVER_INSN_MEETS 6u
struct sb_insn_seen;
void cover_insn_take(cover_t *c, const insn_drv_t *d, uint32_t port, uint32_t meets);
void cover_insn_cycle(cover_t *c, const cbit_pins_in_t *in, const cbit_pins_out_t *out, const insn_drv_t *d, uint32_t flying);
void cover_insn_mark(cover_t *c, const insn_mark_t *m, uint32_t uses);
void cover_insn_done(cover_t *c, const insn_port_t *p, const struct sb_insn_seen *x);
void cover_insn_reset(cover_t *c);
void cover_insn_kill(cover_t *c);
// With check ports: an answered question; every cycle. insn_taken: an instruction is taken in this one.
struct sb_chk_seen;
void cover_chk_done(cover_t *c, const chk_done_t *d, const struct sb_chk_seen *x);
void cover_chk_cycle(cover_t *c, const cbit_pins_in_t *in, const cbit_pins_out_t *out, const chk_drv_t *d, bool insn_taken);
void cover_reset(cover_t *c, bool traffic);
void cover_zeroise(cover_t *c, bool traffic);

// Text files: one line "point bin count". Reading adds up. False: text in err.
bool cover_write(const cover_t *c, const char *path, char err[TB_ERR_LEN]);
cover_t *cover_new_empty(void);
bool cover_read(cover_t *c, const char *path, char err[TB_ERR_LEN]);
// Percent of reachable bins hit; tables as text and HTML. missing_only: only what was not hit.
double cover_percent(const cover_t *c);
void cover_report_text(const cover_t *c, FILE *to, bool missing_only);
bool cover_report_html(const cover_t *c, const char *path, char err[TB_ERR_LEN]);

#endif  // TB_COVER_H
