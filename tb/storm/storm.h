// SPDX-License-Identifier: Apache-2.0
//
// storm.h - several processors of two SNP guests, devices and a hostile host at once (docs/storm.md)
//
// Tasks of a crew (crew.h): each core runs virtual processors of both guests at two VMPLs; each device goes through the
// IOMMU; the host gives, takes, smashes and remaps pages as it likes, and writes where it likes. Whatever it does, the four
// theorems of theorem.h must hold.
#ifndef TB_STORM_H
#define TB_STORM_H

#include "cpu/vcpu.h"
#include "storm/theorem.h"

#define STORM_CORES_MAX 8u
#define STORM_DEVICES_MAX 4u

// A rule that is broken on purpose, the same for RTL and model: what the judge is tried with.
typedef enum storm_break {
  STORM_KEEP = 0,
  STORM_BREAK_OWNER,  // the fabric shows writes of the host as the AMD-SP's
  STORM_BREAK_VMPL,   // the fabric shows every guest access at VMPL 0
  STORM_BREAK_GPA,    // the fabric shows private accesses at the GPA that the page's entry has
  STORM_BREAK_ONCE    // guests validate a GPA again after #VC
} storm_break_t;

typedef struct storm_opt {
  uint64_t seed, actions;  // actions: of cores and devices together
  uint32_t cores, devices;
  storm_break_t how;
} storm_opt_t;

typedef struct storm_stats {
  uint64_t actions, accesses, hits, dropped, exits, attacks, dma, events, iotlb_dropped, switches;
  uint64_t end[VCPU_FAILED + 1];
  uint64_t insn[6], insn_good[6];  // by operation; ended with code 0
  th_stats_t th;
} storm_stats_t;

// Plays on an open bench that was reset. False: the bench has failed, or a theorem was broken.
bool storm_run(bench_t *b, const storm_opt_t *opt, storm_stats_t *stats);

#endif  // TB_STORM_H
