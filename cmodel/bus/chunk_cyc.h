// SPDX-License-Identifier: Apache-2.0
//
// chunk_cyc.h - how an encrypted burst is cut into chunks of whole rows
//
// A row is one beat of the data bus (B = 16 * lanes bytes, lb = log2(B)), a window is 16 rows, aligned. A chunk is what one
// table entry serves; it never leaves its window. The rules differ for reads (docs/units/bus_read.md, "Chunks of an
// encrypted burst") and writes (docs/units/bus_write.md, "Gather") in WRAP bursts only: a write collects the rows of the
// whole container, a read asks DRAM for the rows in the order in which they are wanted.

#ifndef CBIT_BUS_CHUNK_CYC_H
#define CBIT_BUS_CHUNK_CYC_H

#include <stdbool.h>
#include <stdint.h>

// A burst as on the address channel. The route has refused what is not legal AXI4 before.
typedef struct cyc_burst {
  uint64_t spa;
  uint8_t len;    // beats - 1
  uint8_t size;   // log2 of the bytes of a beat
  uint8_t burst;  // cbit_burst_t
  uint8_t lb;     // log2 of the bytes of a row
} cyc_burst_t;

typedef struct cyc_chunk {
  uint64_t addr;   // of the first beat of the chunk
  uint16_t n;      // beats
  uint8_t rows;    // rows, 1..16
  uint8_t row0;    // lowest row
  uint8_t row;     // row of the first beat
  uint8_t wmask;   // read, full-width WRAP: rows - 1; else 0
  bool stay;       // all beats lie in one row (FIXED, or WRAP with a container of a row at most)
  bool last;       // the chunk ends the burst
} cyc_chunk_t;

// Row of an address in its window: spa[lb+3:lb].
static inline uint8_t cyc_row(uint64_t spa, unsigned lb) { return (uint8_t)((spa >> lb) & 15u); }

// Address of a row in the window of spa, row-aligned.
static inline uint64_t cyc_row_addr(uint64_t spa, unsigned row, unsigned lb) {
  return (spa & ~(((uint64_t)16 << lb) - 1u)) | ((uint64_t)row << lb);
}

// Address of the beat after the one at a: INCR align(a, size) + 2^size, WRAP the same inside the container, FIXED a.
uint64_t cyc_next_addr(const cyc_burst_t *b, uint64_t a);

// The chunk that begins at beat off (beats of earlier chunks of the burst).
void cyc_chunk_read(const cyc_burst_t *b, unsigned off, cyc_chunk_t *c);
void cyc_chunk_write(const cyc_burst_t *b, unsigned off, cyc_chunk_t *c);

// Units (docs/units/tweak.md) of a chunk's tweak job: lo..hi for rows row0 .. row0 + rows - 1, in full rows.
// line: 1 in the line modes, where a unit is a 64-byte line; 0 in the block modes.
static inline uint8_t cyc_unit_lo(unsigned row, unsigned lb, bool line) {
  const unsigned lane_bits = lb - 4u;
  return (uint8_t)(line ? (row << lane_bits) >> 2 : row << lane_bits);
}

static inline uint8_t cyc_unit_hi(unsigned row, unsigned lb, bool line) {
  const unsigned lane_bits = lb - 4u;
  const unsigned block = (row << lane_bits) | ((1u << lane_bits) - 1u);
  return (uint8_t)(line ? block >> 2 : block);
}

#endif  // CBIT_BUS_CHUNK_CYC_H
