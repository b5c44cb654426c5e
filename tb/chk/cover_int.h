// SPDX-License-Identifier: Apache-2.0
//
// cover_int.h - inside of coverage: the table of points (cover_points.c), counts (cover.c), reports (cover_report.c)
#ifndef TB_COVER_INT_H
#define TB_COVER_INT_H

#include "chk/cover.h"

#define COVER_AXES 4u

typedef struct cover_axis {
  const char *name;
  uint32_t n;
  const char *const *bins;
} cover_axis_t;

// A point is the cross of its axes; unused axes have n = 0.
typedef struct cover_point {
  const char *name, *about;
  cover_axis_t axis[COVER_AXES];
} cover_point_t;

typedef enum cover_id {
  COVER_BURST,
  COVER_WHO,
  COVER_NCBIT,
  COVER_LEN,
  COVER_ALIGN,
  COVER_STROBE,
  COVER_CHUNK,
  COVER_PARTIAL,
  COVER_MODE,
  COVER_FAULT,
  COVER_RESP,
  COVER_EXCLUSIVE,
  COVER_DEPTH,
  COVER_ORDER,
  COVER_STALL,
  COVER_TOGETHER,
  COVER_DRAM_ERROR,
  COVER_COMMAND,
  COVER_COMMAND_TRAFFIC,
  COVER_SLOT,
  COVER_ENTROPY,
  COVER_REGISTER,
  COVER_RESET,
  COVER_ZEROISE,
  COVER_KILLED,
  COVER_IRQ,
  COVER_RMP_LOOKUP,
  COVER_RMP_DENIED,
  COVER_RMP_ROW,
  COVER_RMP_WHY,
  COVER_RMP_RECORD,
  COVER_RMP_COMMAND,
  COVER_RMP_RANGE,
  COVER_RMP_REGISTER,
  COVER_INSN_END,
  COVER_INSN_FORM,
  COVER_INSN_COUNTER,
  COVER_INSN_MCE,
  COVER_INSN_PHASE,
  COVER_INSN_DRAIN,
  COVER_INSN_INV,
  COVER_INSN_PORTS,
  COVER_INSN_MARK,
  COVER_CHK_ROW,
  COVER_CHK_KEEP,
  COVER_CHK_EVENT,
  COVER_POINTS
} cover_id_t;

extern const cover_point_t cover_points[COVER_POINTS];

void cover_hit(cover_t *c, cover_id_t id, uint32_t a, uint32_t b, uint32_t d, uint32_t e);
// Windows of 16 beats that a burst touches, 1 to 4, as a bin.
uint32_t cover_windows(uint64_t spa, const host_req_t *r, uint32_t bus);
uint32_t cover_bins(const cover_point_t *p);
// Index of the bin with these positions on the axes.
uint32_t cover_index(const cover_point_t *p, const uint32_t at[COVER_AXES]);
// Name of bin i: axis values joined by '/'.
void cover_bin_name(const cover_point_t *p, uint32_t i, char *to, size_t size);
// Why a bin cannot happen, or NULL.
const char *cover_unreachable(cover_id_t id, uint32_t bin);

// State of sampling besides the counts.
#define COVER_CHANNELS 10u
struct cover {
  const bench_t *bench;
  uint64_t *count[COVER_POINTS];
  uint32_t mode;                      // last CTRL accepted
  uint32_t cmd_op;                    // last CMD accepted and not seen ending; 0 = none
  uint32_t cmd_slot;
  bool cmd_open;
  uint8_t slot[1024];                 // state of each slot, as far as ends of commands were seen
  bool slots_lost;                    // a command ended unseen: nothing is known till all slots are wiped
  uint32_t ent_last, ent_ref;         // health tests of the entropy port: last word, first word of the window
  uint32_t ent_run, ent_pos, ent_hits;
  bool ent_alarm;
  uint64_t kill_cycle, cycle;         // last kill (zeroise or WIPE_ALL)
  uint32_t stall[COVER_CHANNELS];     // cycles the channel waits for ready now
  int32_t r_id;                       // ID of the unfinished read burst last seen, -1 none
  uint64_t oldest_done[2];            // highest number of a finished transaction, reads and writes
  bool irq;
  uint32_t insn_phase;                // of the RMP instruction under way, by the pins
  bool insn_mark;                     // a mark waits
};

#endif  // TB_COVER_INT_H
