// SPDX-License-Identifier: Apache-2.0
//
// fault_log_cyc.c - the log of refused requests
//
// 8 records, two push ports (0: reads, 1: writes), one pop; what finds no room is counted (docs/units/sp.md, "Fault
// log"). A record pushed at the end of cycle t is seen from t + 1 on.

#include "sp/sp_units.h"

void fault_log_cyc_reset(fault_log_cyc_t *log) {
  log->head = 0;
  log->held = 0;
  log->dropped = 0;
}

const cyc_fault_t *fault_log_cyc_oldest(const fault_log_cyc_t *log) {
  return log->held > 0 ? &log->record[log->head] : NULL;
}

static void push(fault_log_cyc_t *log, const cyc_fault_t *record, fault_log_event_t *event) {
  if (!record->valid) {
    return;
  }
  if (log->held < SP_FAULT_RECORDS) {
    log->record[(log->head + log->held) % SP_FAULT_RECORDS] = *record;
    log->held++;
    event->logged = true;
  } else {
    log->dropped = (uint16_t)(log->dropped + (log->dropped < UINT16_MAX));
    event->dropped = true;
  }
}

fault_log_event_t fault_log_cyc_step(fault_log_cyc_t *log, const cyc_fault_t *port0, const cyc_fault_t *port1,
                                     bool pop) {
  fault_log_event_t event = {false, false};
  const bool popped = pop && log->held > 0;
  push(log, port0, &event);
  push(log, port1, &event);
  if (popped) {  // last: a pop makes no room for the pushes of its own cycle
    log->head = (uint8_t)((log->head + 1u) % SP_FAULT_RECORDS);
    log->held--;
  }
  return event;
}
