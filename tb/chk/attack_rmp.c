// SPDX-License-Identifier: Apache-2.0
//
// attack_rmp.c - threats to the page-ownership table itself: writes, tampering in DRAM, its start-up (attack.h)
//
// The start-up plays are about a line of the table that the host wrote before the table was protected and that leaves a
// cache later ("dirty line", as in RMPocalypse, CCS 2025). The engine sees no cache: the line is a write of the host at
// the moment that the play chooses. Sources of the safe order: docs/units/rmp_init.md.
#include <string.h>

#include "chk/attack.h"

#define LINE 64u
#define GUEST_RANGE 0x400000u  // the victim's range of 2 MiB
#define GUEST_PAGES 0x40000u   // its first guest page

// Writes of every requester but the AMD-SP to the entry of the victim's page; then to the page.
void play_table_write(attack_stage_t *s) {
  static const uint8_t zeros[CBIT_RMP_ENTRY_BYTES];
  const uint64_t at = rmp_entry_at(TABLE_BASE, SPA_A);
  const cbit_attr_t who[] = {attack_host(false),
                             {.requester = CBIT_REQ_DEVICE},
                             {.requester = CBIT_REQ_GUEST, .asid = ATTACK_ASID_EVIL},
                             {.requester = CBIT_REQ_GUEST, .asid = ATTACK_ASID_EVIL, .snp = 1}};
  uint32_t taken = 0;
  attack_own(s, GPA_A, SPA_A, s->now);
  for (uint32_t i = 0; i < 4; i++) taken += attack_write(s, &who[i], at, zeros, sizeof(zeros));
  const bool page = attack_write(s, &who[0], SPA_A + ATTACK_OFFSET, s->junk, ATTACK_LEN);
  (void)attack_victim_read(s, GPA_A, SPA_A);
  if (taken != 0) attack_verdict(s, ATTACK_SUCCEEDS);
  s->cell->addr = at;
  attack_note(s, "%u of 4 writes of the entry taken, the write of the page %s", taken, page ? "taken" : "refused");
}

// Entries of the host's own pages push others out of the engine's caches.
void attack_push_out(attack_stage_t *s) {
  static const uint8_t zeros[16];
  const cbit_attr_t host = attack_host(false);
  for (uint32_t i = 0; i < 256 && !bench_failed(s->b); i++)
    (void)bench_write(s->b, &host, 0x200000u + 0x1000u * i, zeros, sizeof(zeros), NULL);
}

// The old bytes come back through the host's own writes, with the entry changed in DRAM meanwhile.
void play_table_dram(attack_stage_t *s) {
  static const uint8_t zeros[CBIT_RMP_ENTRY_BYTES];
  uint8_t entry[CBIT_RMP_ENTRY_BYTES];
  uint8_t kept[ATTACK_LEN];
  const uint64_t at = rmp_entry_at(TABLE_BASE, SPA_A);
  const cbit_attr_t host = attack_host(false);
  attack_own(s, GPA_A, SPA_A, s->old);
  attack_read(s, &host, SPA_A, kept);
  attack_own(s, GPA_A, SPA_A, s->now);
  if (!bench_drain(s->b)) return;
  dram_peek(bench_dram(s->b), at, entry, sizeof(entry));
  dram_poke(bench_dram(s->b), at, zeros, sizeof(zeros));
  attack_push_out(s);
  const bool taken = attack_write(s, &host, SPA_A + ATTACK_OFFSET, kept, ATTACK_LEN);
  if (!bench_drain(s->b)) return;
  dram_poke(bench_dram(s->b), at, entry, sizeof(entry));
  attack_push_out(s);
  (void)attack_victim_read(s, GPA_A, SPA_A);
  s->cell->addr = at;
  attack_note(s, "the host's write of the old bytes was %s", taken ? "taken" : "refused");
}

// ---- start-up -----------------------------------------------------------------------------------------------------

// The firmware's table: its own pages, and 2 MiB that belong to the victim.
static bool first_table(attack_stage_t *s) {
  const cbit_rmp_entry_t base = {.assigned = 1, .page_size = CBIT_RMP_2M, .asid = ATTACK_ASID, .gpa_page = GUEST_PAGES,
                                 .validated = 1, .mask = {0x1f, 0, 0, 0}};
  const cbit_rmp_entry_t sub = {.assigned = 1};
  s->big = true;
  return attack_table_firmware(s) &&
         bench_rmp_write(s->b, rmp_entry_at(TABLE_BASE, GUEST_RANGE), 1, rmp_words_encode(&base)) &&
         bench_rmp_write(s->b, rmp_entry_at(TABLE_BASE, GUEST_RANGE + 0x1000u), 511, rmp_words_encode(&sub));
}

// A line that would leave the 2 MiB entry as the victim needs it and make its second page (SPA_A) the host's.
static void dirty_line(uint8_t line[LINE]) {
  const cbit_rmp_entry_t base = {.assigned = 1, .page_size = CBIT_RMP_2M, .asid = ATTACK_ASID, .gpa_page = GUEST_PAGES,
                                 .validated = 1, .mask = {0x1f, 0, 0, 0}};
  memset(line, 0, LINE);
  cbit_rmp_entry_encode(&base, line);
}

// Commands first..last; false if one ends with an error.
static bool commands(attack_stage_t *s, uint32_t first, uint32_t last) {
  for (uint32_t op = first; op <= last; op++) {
    if (bench_rmp_cmd(s->b, op, NULL) != 0) return false;
  }
  return true;
}

static void replay(attack_stage_t *s) {
  uint8_t kept[ATTACK_LEN];
  const cbit_attr_t host = attack_host(false);
  attack_own(s, GPA_A, SPA_A, s->old);
  attack_read(s, &host, SPA_A, kept);
  attack_own(s, GPA_A, SPA_A, s->now);
  const bool taken = attack_write(s, &host, SPA_A + ATTACK_OFFSET, kept, ATTACK_LEN);
  attack_note(s, "then the host's write of old bytes to the victim's page was %s", taken ? "taken" : "refused");
  (void)attack_victim_read(s, GPA_A, SPA_A);
}

// The table is written before FENCE; the line comes after it.
void play_start_late(attack_stage_t *s) {
  uint8_t line[LINE];
  const cbit_attr_t host = attack_host(false);
  dirty_line(line);
  if (!attack_table_registers(s) || !first_table(s)) {
    bench_fail(s->b, "SETUP the AMD-SP cannot write the table");
    return;
  }
  const bool taken = attack_write(s, &host, rmp_entry_at(TABLE_BASE, GUEST_RANGE), line, LINE);
  const bool started = commands(s, RMP_FENCE, RMP_FLUSH2_DONE);
  attack_note(s, "line %s after the table was written, start-up %s", taken ? "taken" : "refused",
              started ? "ends READY" : "refused");
  if (started) replay(s);
  s->cell->addr = rmp_entry_at(TABLE_BASE, SPA_A);
}

// The same order, and the line hits the entry of a page of the table: that is what VERIFY looks at.
void play_start_self(attack_stage_t *s) {
  static const uint8_t zeros[LINE];
  uint32_t state = RMP_OFF;
  const cbit_attr_t host = attack_host(false);
  const uint64_t at = rmp_entry_at(TABLE_BASE, TABLE_BASE + 0xc000u);  // entries of four pages of the table: one line
  if (!attack_table_registers(s) || !first_table(s)) {
    bench_fail(s->b, "SETUP the AMD-SP cannot write the table");
    return;
  }
  const bool taken = attack_write(s, &host, at, zeros, LINE);
  if (!commands(s, RMP_FENCE, RMP_TABLE_DONE)) bench_fail(s->b, "SETUP a command of the start-up failed");
  const uint32_t verify = bench_rmp_cmd(s->b, RMP_VERIFY, NULL);
  const uint32_t enable = bench_rmp_cmd(s->b, RMP_SNP_EN, &state);
  attack_note(s, "line %s; VERIFY error %u, SNP_EN error %u, state %u (3 FILLED, 5 ON)", taken ? "taken" : "refused",
              verify, enable, state);
  if (verify == RMP_ERR_VERIFY) s->cell->by = "VERIFY";
  attack_verdict(s, taken && state >= RMP_CHECKED ? ATTACK_SUCCEEDS : ATTACK_STOPPED);
  s->cell->addr = at;
}

// The safe order: one copy of the line is on its way when FENCE is given, another comes after it.
void play_start_safe(attack_stage_t *s) {
  uint8_t line[LINE];
  host_opt_t late = {.stall_w = 100};
  const host_opt_t fast = {0};
  const cbit_attr_t who = attack_host(false);
  const uint64_t at = rmp_entry_at(TABLE_BASE, GUEST_RANGE);
  dirty_line(line);
  if (!attack_table_registers(s)) {
    bench_fail(s->b, "SETUP the registers of the table were refused");
    return;
  }
  // Its address is taken, its data held back.
  const uint32_t bus = bench_bus_bytes(s->b);
  host_req_t req = {.write = true, .len = (uint8_t)(LINE / bus - 1), .size = (uint8_t)__builtin_ctz(bus),
                    .burst = AXI_INCR};
  bench_request(s->b, &req, &who, at);
  host_set_opt(bench_host(s->b), &late);
  host_txn_t *t = host_alloc(bench_host(s->b), &req);
  t->user = s;
  for (uint32_t k = 0; k < LINE / bus; k++) {
    memcpy(t->data + (size_t)k * bus, line + (size_t)k * bus, bus);
    t->strb[k] = bus == 64 ? ~(uint64_t)0 : ((uint64_t)1 << bus) - 1;
  }
  bench_submit(s->b, t);
  if (!bench_run(s->b, 40)) return;
  if (!t->addr_taken || t->w_sent != 0) bench_fail(s->b, "SETUP the line is not queued in front of FENCE");
  if (bench_rmp_cmd(s->b, RMP_FENCE, NULL) != 0) bench_fail(s->b, "SETUP FENCE failed");
  uint32_t status = 0;
  if (!bench_sp_write(s->b, RMP_REG_CMD, RMP_FLUSH_DONE, NULL) || !bench_run(s->b, 200) ||
      !bench_sp_read(s->b, RMP_REG_STATUS, &status, NULL))
    return;
  if ((status & RMP_STATUS_BUSY) == 0)
    bench_fail(s->b, "RULE FLUSH_DONE ended while a write of before FENCE was under way");
  host_set_opt(bench_host(s->b), &fast);
  while (host_poll_user(bench_host(s->b), s) == NULL) {
    if (!bench_step(s->b)) return;
  }
  const uint8_t resp = t->resp;
  host_release(bench_host(s->b), t);
  do {
    if (!bench_sp_read(s->b, RMP_REG_STATUS, &status, NULL)) return;
  } while ((status & RMP_STATUS_BUSY) != 0);
  if ((status & 7) != RMP_FLUSHED || !first_table(s)) {
    bench_fail(s->b, "SETUP FLUSH_DONE or the table failed");
    return;
  }
  const bool after = attack_write(s, &who, at, line, LINE);
  const bool started = commands(s, RMP_TABLE_DONE, RMP_FLUSH2_DONE);
  attack_note(s, "line queued before FENCE: response %u, FLUSH_DONE waits for it; line after FENCE %s; start-up %s", resp,
              after ? "taken" : "refused", started ? "READY" : "refused");
  if (started) replay(s);
  s->cell->addr = at;
}
