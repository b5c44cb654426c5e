// SPDX-License-Identifier: Apache-2.0
//
// attack_memory.c - threats to the victim's memory: host, other VMs, mappings, devices, DRAM and its bus, keys (attack.h)
//
// An attacker that may choose tries everything; the cell shows the worst that came of it.
#include <string.h>

#include "chk/attack.h"

// ---- confidentiality ----------------------------------------------------------------------------------------------

void play_host_read(attack_stage_t *s) {
  attack_own(s, GPA_A, SPA_A, s->now);
  for (uint32_t c = 0; c < 2; c++) {
    const cbit_attr_t host = attack_host(c != 0);
    attack_read(s, &host, SPA_A, NULL);
  }
}

void play_vm_read(attack_stage_t *s) {
  attack_own(s, GPA_A, SPA_A, s->now);
  cbit_attr_t vm = attack_guest(s, GPA_A);
  vm.asid = ATTACK_ASID_EVIL;
  attack_read(s, &vm, SPA_A, NULL);
}

// The host runs a machine of its own under the victim's ASID, as a plain SEV guest.
void play_asid_theft(attack_stage_t *s) {
  attack_own(s, GPA_A, SPA_A, s->now);
  cbit_attr_t vm = attack_guest(s, GPA_B);
  vm.snp = 0;
  attack_read(s, &vm, SPA_A, NULL);
  const bool taken = attack_write(s, &vm, SPA_A + ATTACK_OFFSET, s->junk, ATTACK_LEN);
  attack_note(s, "its write was %s", taken ? "taken" : "refused");
}

void play_vmpl_read(attack_stage_t *s) {
  attack_own(s, GPA_A, SPA_A, s->now);
  cbit_attr_t part = attack_guest(s, GPA_A);
  part.vmpl = 1;
  attack_read(s, &part, SPA_A, NULL);
}

// ---- integrity ----------------------------------------------------------------------------------------------------

static void tries_write(attack_stage_t *s, const cbit_attr_t *who, uint32_t n) {
  for (uint32_t i = 0; i < n; i++) {
    attack_own(s, GPA_A, SPA_A, s->now);
    (void)attack_write(s, &who[i], SPA_A + ATTACK_OFFSET, s->junk, ATTACK_LEN);
    (void)attack_victim_read(s, GPA_A, SPA_A);
  }
}

void play_host_write(attack_stage_t *s) {
  const cbit_attr_t who[] = {attack_host(false), attack_host(true)};
  tries_write(s, who, 2);
}

void play_host_replay(attack_stage_t *s) {
  uint8_t kept[ATTACK_LEN];
  const cbit_attr_t host = attack_host(false);
  attack_own(s, GPA_A, SPA_A, s->old);
  attack_read(s, &host, SPA_A, kept);
  attack_own(s, GPA_A, SPA_A, s->now);
  const bool taken = attack_write(s, &host, SPA_A + ATTACK_OFFSET, kept, ATTACK_LEN);
  attack_note(s, "the host's write of the old bytes was %s", taken ? "taken" : "refused");
  (void)attack_victim_read(s, GPA_A, SPA_A);
}

// The nested tables lead a second page of the guest to the same memory.
void play_alias(attack_stage_t *s) {
  attack_own(s, GPA_A, SPA_A, s->now);
  attack_victim_write(s, GPA_B, SPA_A, s->other);
  (void)attack_victim_read(s, GPA_A, SPA_A);
}

void play_remap_own(attack_stage_t *s) {
  attack_own(s, GPA_A, SPA_A, s->now);
  attack_own(s, GPA_B, SPA_B, s->other);
  (void)attack_victim_read(s, GPA_A, SPA_B);
}

// Puts junk on a page of the host that the victim's page is moved to, C-bit off and on.
static void remap(attack_stage_t *s, uint64_t spa, bool give) {
  attack_own(s, GPA_A, SPA_A, s->now);
  for (uint32_t c = 0; c < 2; c++) {
    const cbit_attr_t host = attack_host(c != 0);
    const bool taken = attack_write(s, &host, spa + ATTACK_OFFSET, s->junk, ATTACK_LEN);
    if (!taken && c == 0) bench_fail(s->b, "SETUP the host cannot write its own page 0x%llx", (unsigned long long)spa);
    if (give && s->prot == ATTACK_SNP && c == 0) attack_give(s, spa, GPA_A, false);
    (void)attack_victim_read(s, GPA_A, spa);
  }
}

void play_remap_host(attack_stage_t *s) { remap(s, SPA_HOST, false); }
void play_remap_fresh(attack_stage_t *s) { remap(s, SPA_FRESH, true); }

// ---- devices ------------------------------------------------------------------------------------------------------

static const cbit_attr_t devices[] = {
    {.requester = CBIT_REQ_DEVICE},
    {.requester = CBIT_REQ_DEVICE, .cbit = 1},
    {.requester = CBIT_REQ_DEVICE, .asid = ATTACK_ASID},
    {.requester = CBIT_REQ_DEVICE, .asid = ATTACK_ASID, .cbit = 1}};
#define DEVICES (sizeof(devices) / sizeof(devices[0]))

void play_dma_read(attack_stage_t *s) {
  attack_own(s, GPA_A, SPA_A, s->now);
  for (uint32_t i = 0; i < DEVICES; i++) attack_read(s, &devices[i], SPA_A, NULL);
}

void play_dma_write(attack_stage_t *s) { tries_write(s, devices, DEVICES); }

// ---- the memory and its bus ---------------------------------------------------------------------------------------

// Power is cut, the DRAM keeps its content: once read with a probe, once through the engine with new keys.
void play_cold_boot(attack_stage_t *s) {
  uint8_t dram[ATTACK_LEN];
  attack_own(s, GPA_A, SPA_A, s->now);
  if (!bench_drain(s->b) || !bench_reset(s->b)) return;
  dram_peek(bench_dram(s->b), SPA_A + ATTACK_OFFSET, dram, ATTACK_LEN);
  s->cell->addr = SPA_A + ATTACK_OFFSET;
  const attack_seen_t seen = attack_tell(s, dram, SPA_A + ATTACK_OFFSET);
  attack_saw(s, seen, false);
  attack_verdict(s, seen == SEEN_OWN ? ATTACK_SUCCEEDS : ATTACK_NOISE);
  uint8_t again[ATTACK_LEN];
  if (!bench_ctrl(s->b, CBIT_MODE_XTS_L64, s->prot != ATTACK_PLAIN, false) ||
      bench_slot_generate(s->b, ATTACK_ASID) != 0 || bench_slot_activate(s->b, ATTACK_ASID) != 0 ||
      bench_slot_generate(s->b, 0) != 0 || bench_slot_activate(s->b, 0) != 0) {
    bench_fail(s->b, "SETUP no new keys after the reset");
    return;
  }
  cbit_attr_t who = attack_guest(s, GPA_A);
  attack_read(s, &who, SPA_A, again);
  const attack_seen_t through = attack_tell(s, again, SPA_A + ATTACK_OFFSET);
  if (through == SEEN_OWN) attack_verdict(s, ATTACK_SUCCEEDS);
  attack_note(s, "read through the engine after the reset: %s", through == SEEN_OWN ? "plaintext" : "noise");
}

void play_bus_observe(attack_stage_t *s) {
  attack_watch(s, SPA_A);
  attack_own(s, GPA_A, SPA_A, s->now);
  if (!bench_drain(s->b)) return;
  const attack_seen_t seen = attack_tell(s, s->bus, SPA_A + ATTACK_OFFSET);
  attack_saw(s, seen, false);
  attack_verdict(s, seen == SEEN_OWN ? ATTACK_SUCCEEDS : seen == SEEN_ZEROS ? ATTACK_STOPPED : ATTACK_NOISE);
  attack_note(s, "addresses, lengths and times are in the clear");
}

// What was seen of the same data twice, other data between: does it show that a value came back?
static void compare(attack_stage_t *s, uint8_t at[3][ATTACK_LEN]) {
  const bool same = memcmp(at[0], at[2], ATTACK_LEN) == 0;
  const bool differs = memcmp(at[0], at[1], ATTACK_LEN) != 0;
  s->cell->addr = SPA_A + ATTACK_OFFSET;
  attack_saw(s, attack_tell(s, at[2], SPA_A + ATTACK_OFFSET), false);
  attack_verdict(s, same && differs ? ATTACK_SUCCEEDS : ATTACK_STOPPED);
  attack_note(s, "equal data, equal bytes: %s; other data, other bytes: %s", same ? "yes" : "no", differs ? "yes" : "no");
}

void play_bus_repeat(attack_stage_t *s) {
  uint8_t at[3][ATTACK_LEN];
  const uint8_t *const data[3] = {s->now, s->old, s->now};
  attack_watch(s, SPA_A);
  for (uint32_t i = 0; i < 3; i++) {
    attack_own(s, GPA_A, SPA_A, data[i]);
    if (!bench_drain(s->b)) return;
    memcpy(at[i], s->bus, ATTACK_LEN);
  }
  compare(s, at);
}

// The same without a probe: the host reads the page after each write.
void play_host_repeat(attack_stage_t *s) {
  uint8_t at[3][ATTACK_LEN] = {{0}};
  const uint8_t *const data[3] = {s->now, s->old, s->now};
  const cbit_attr_t host = attack_host(false);
  for (uint32_t i = 0; i < 3; i++) {
    attack_own(s, GPA_A, SPA_A, data[i]);
    attack_read(s, &host, SPA_A, at[i]);
  }
  compare(s, at);
}

void play_bus_flip(attack_stage_t *s) {
  uint8_t byte = 0;
  const uint64_t at = SPA_A + ATTACK_OFFSET + 5;
  attack_own(s, GPA_A, SPA_A, s->now);
  if (!bench_drain(s->b)) return;
  dram_peek(bench_dram(s->b), at, &byte, 1);
  byte ^= 1;
  dram_poke(bench_dram(s->b), at, &byte, 1);
  (void)attack_victim_read(s, GPA_A, SPA_A);
}

void play_bus_replay(attack_stage_t *s) {
  uint8_t kept[ATTACK_LEN];
  attack_own(s, GPA_A, SPA_A, s->old);
  if (!bench_drain(s->b)) return;
  dram_peek(bench_dram(s->b), SPA_A + ATTACK_OFFSET, kept, ATTACK_LEN);
  attack_own(s, GPA_A, SPA_A, s->now);
  if (!bench_drain(s->b)) return;
  dram_poke(bench_dram(s->b), SPA_A + ATTACK_OFFSET, kept, ATTACK_LEN);
  (void)attack_victim_read(s, GPA_A, SPA_A);
}

// ---- keys ---------------------------------------------------------------------------------------------------------

static bool is_key_word(const attack_stage_t *s, uint32_t value) {
  if (value == 0) return false;
  for (uint32_t i = 0; i + 4 <= sizeof(s->k1); i++) {
    uint32_t a = 0;
    uint32_t b = 0;
    memcpy(&a, s->k1 + i, 4);
    memcpy(&b, s->k2 + i, 4);
    if (value == a || value == b || value == __builtin_bswap32(a) || value == __builtin_bswap32(b)) return true;
  }
  return false;
}

// Every register of the AMD-SP port, with a key in its slot and while the words of one stand in the key registers.
void play_key_readout(attack_stage_t *s) {
  uint32_t found = 0;
  uint32_t refused = 0;
  uint32_t shown = 0;  // key registers that read other than zero
  s->cell->addr = 0x040;
  attack_own(s, GPA_A, SPA_A, s->now);
  for (uint32_t pass = 0; pass < 2; pass++) {
    for (uint32_t i = 0; pass == 1 && i < 8; i++) {
      uint32_t word = 0;
      memcpy(&word, s->k1 + 4 * i, 4);
      if (!bench_sp_write(s->b, (uint16_t)(0x040 + 4 * i), word, NULL)) return;
    }
    for (uint32_t offset = 0; offset < 0x400; offset += 4) {
      uint32_t value = 0;
      uint8_t resp = 0;
      if (!bench_sp_read(s->b, (uint16_t)offset, &value, &resp)) return;
      refused += resp != 0;
      shown += offset >= 0x040 && offset < 0x080 && value != 0;
      if (!is_key_word(s, value)) continue;
      found++;
      s->cell->addr = offset;
    }
  }
  attack_saw(s, found != 0 ? SEEN_OWN : SEEN_NO_KEY, false);
  attack_verdict(s, found != 0 ? ATTACK_SUCCEEDS : ATTACK_STOPPED);
  if (shown == 0) s->cell->by = "write-only key registers";
  attack_note(s, "512 reads of registers, %u refused; %u reads of key registers not zero, %u words of the key found",
              refused, shown, found);
}
