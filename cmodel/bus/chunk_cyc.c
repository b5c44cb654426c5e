// SPDX-License-Identifier: Apache-2.0
//
// chunk_cyc.c - how an encrypted burst is cut into chunks of whole rows
//
// The tables of docs/units/bus_read.md ("Chunks of an encrypted burst") and docs/units/bus_write.md ("Gather"). Pure
// arithmetic on the burst and the number of beats already served; takes no cycle.

#include "bus/chunk_cyc.h"

#include "cbit.h"

static uint64_t align_down(uint64_t a, unsigned size) { return a & ~(((uint64_t)1 << size) - 1u); }

// Bytes of a WRAP burst's container; a power of two.
static uint64_t container_bytes(const cyc_burst_t *b) { return ((uint64_t)b->len + 1u) << b->size; }

uint64_t cyc_next_addr(const cyc_burst_t *b, uint64_t a) {
  const uint64_t next = align_down(a, b->size) + ((uint64_t)1 << b->size);
  if (b->burst == CBIT_BURST_FIXED) {
    return a;
  }
  if (b->burst == CBIT_BURST_WRAP) {
    const uint64_t inside = container_bytes(b) - 1u;
    return (b->spa & ~inside) | (next & inside);
  }
  return next;
}

// n beats from addr upwards; rows from the row of addr to the row of the last byte.
static void chunk_up(const cyc_burst_t *b, uint64_t addr, unsigned n, cyc_chunk_t *c) {
  const uint64_t last_byte = align_down(addr, b->size) + ((uint64_t)n << b->size) - 1u;
  c->addr = addr;
  c->n = (uint16_t)n;
  c->row = cyc_row(addr, b->lb);
  c->row0 = c->row;
  c->rows = (uint8_t)((last_byte >> b->lb) - (addr >> b->lb) + 1u);
  c->wmask = 0;
  c->stay = false;
}

// All beats of the burst in the row of addr.
static void chunk_stay(const cyc_burst_t *b, cyc_chunk_t *c) {
  c->addr = b->spa;
  c->n = (uint16_t)(b->len + 1u);
  c->row = cyc_row(b->spa, b->lb);
  c->row0 = c->row;
  c->rows = 1;
  c->wmask = 0;
  c->stay = true;
}

static void chunk_incr(const cyc_burst_t *b, unsigned off, cyc_chunk_t *c) {
  const uint64_t start = align_down(b->spa, b->size) + ((uint64_t)off << b->size);
  const uint64_t addr = off == 0 ? b->spa : start;
  const uint64_t window = (uint64_t)16 << b->lb;
  const uint64_t room = (window - (start & (window - 1u))) >> b->size;
  const unsigned left = (unsigned)b->len + 1u - off;
  chunk_up(b, addr, left < room ? left : (unsigned)room, c);
}

void cyc_chunk_read(const cyc_burst_t *b, unsigned off, cyc_chunk_t *c) {
  const unsigned beats = (unsigned)b->len + 1u;
  const uint64_t bytes = container_bytes(b);
  if (b->burst == CBIT_BURST_FIXED || (b->burst == CBIT_BURST_WRAP && bytes <= ((uint64_t)1 << b->lb))) {
    chunk_stay(b, c);
  } else if (b->burst != CBIT_BURST_WRAP) {
    chunk_incr(b, off, c);
  } else if (b->size == b->lb) {
    // DRAM wraps as the requester does.
    c->addr = b->spa;
    c->n = (uint16_t)beats;
    c->rows = (uint8_t)beats;
    c->row = cyc_row(b->spa, b->lb);
    c->row0 = cyc_row(b->spa & ~(bytes - 1u), b->lb);
    c->wmask = b->len;
    c->stay = false;
  } else if (off == 0) {
    // Up to the end of the container; all of it if the burst begins at its start.
    const uint64_t inside = b->spa & (bytes - 1u);
    chunk_up(b, b->spa, (unsigned)((bytes - inside) >> b->size), c);
  } else {
    chunk_up(b, b->spa & ~(bytes - 1u), beats - off, c);
  }
  c->last = off + c->n == beats;
}

void cyc_chunk_write(const cyc_burst_t *b, unsigned off, cyc_chunk_t *c) {
  const unsigned beats = (unsigned)b->len + 1u;
  if (b->burst == CBIT_BURST_FIXED) {
    chunk_stay(b, c);
  } else if (b->burst != CBIT_BURST_WRAP) {
    chunk_incr(b, off, c);
  } else {
    const uint64_t bytes = container_bytes(b);
    chunk_up(b, b->spa & ~(bytes - 1u), beats, c);
    c->addr = b->spa;
    c->row = cyc_row(b->spa, b->lb);
  }
  c->last = off + c->n == beats;
}
