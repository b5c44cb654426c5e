// SPDX-License-Identifier: Apache-2.0
//
// scoreboard_chk.h - what the check ports must answer, from the functional layer of the model alone
//
// A question may be judged in any cycle from its handshake on (the pins do not show which), so it gets every verdict of a
// content that the table had from then to the first cycle of its answer: the shadow, what stores of the AMD-SP under way
// would make of it, what stores that begin meanwhile would. What the page promises narrows that (docs/units/rmp_chk.md,
// "Order of verdicts and changes"): N2 an answer is not by entries from before a store whose B was taken before the
// question; N3, N4 once an instruction writes, an answer that was not taken is by what the instruction leaves. So whoever
// drops what he kept at inv never holds a wrong answer; that is tried too: each port keeps answers as long as their keep
// says, drops what inv, or a store of the AMD-SP, covers, and the rest must hold by the shadow after every inv.
// keep is compared with the page's table, and by its meaning: a passed 2 MiB answer holds for another page of the range.
// Left open: answers that met a change of the check's state, or a table that is not known.
#ifndef TB_SCOREBOARD_CHK_H
#define TB_SCOREBOARD_CHK_H

#include "cbit_rmp.h"
#include "drv/chk_port.h"

struct scoreboard;
struct entry;
typedef struct sb_chk sb_chk_t;

// An answered question, for coverage. sure: it was one answer that was possible.
typedef struct sb_chk_seen {
  bool sure, off, high, table, read_error, changed;  // off: checks were off; changed: an instruction or store came between
  cbit_chk_answer_t ans;
} sb_chk_seen_t;

sb_chk_t *sb_chk_new(const struct scoreboard *s);  // NULL without check ports
void sb_chk_free(sb_chk_t *c);
void sb_chk_reset(struct scoreboard *s);
void sb_chk_ask(struct scoreboard *s, uint32_t port, const chk_req_t *r, uint64_t cycle);
void sb_chk_valid(struct scoreboard *s, uint32_t port, const cbit_chk_answer_t *a, uint64_t cycle);
void sb_chk_answer(struct scoreboard *s, uint32_t port, const chk_done_t *d);
// What changes the table, the marks, the state; each does nothing without check ports.
void sb_chk_store_begin(struct scoreboard *s, const struct entry *w);
void sb_chk_store_end(struct scoreboard *s, const struct entry *w, uint64_t cycle);
void sb_chk_changed(struct scoreboard *s, uint64_t cycle);          // an instruction has written
void sb_chk_inv(struct scoreboard *s, uint64_t page, bool unknown); // SPA[51:21]; unknown: what it wrote is not known
void sb_chk_mark(struct scoreboard *s, uint64_t page);              // a mark was set or cleared
void sb_chk_drained(struct scoreboard *s);                          // DRAIN has ended, and no store since it was given
// For the check of base reads: may a question fill another range's base entry into this line; does one explain a read?
bool sb_chk_may_fill(const struct scoreboard *s, uint32_t line, uint64_t range);
bool sb_chk_wants(const struct scoreboard *s, uint64_t row);
const sb_chk_seen_t *sb_chk_seen(const sb_chk_t *c);

#endif  // TB_SCOREBOARD_CHK_H
