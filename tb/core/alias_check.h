// SPDX-License-Identifier: Apache-2.0
//
// alias_check.h - what the secure processor's firmware does at boot against memory that is reached by two addresses
//
// A memory module that lies about its size (BadRAM, IEEE S&P 2025, CVE-2024-21944) makes two system addresses reach one
// cell. Found on servers were XOR masks of several address bits, different from range to range: flipping one bit at a time
// misses them all. The full check therefore names every page: it writes to one line of each page the page's own address,
// enciphered with a throw-away key, then reads all of them back. Whatever does not come back deciphers to the address that
// was written over it, so both are known. The module sees bytes that look random: it cannot answer with what it is asked for.
//
// To be done before the first key of a guest is loaded, again after every training of the memory; the content of the
// lines is lost. Source: "BadRAM", section on counter-measures; AMD-SB-3015.
#ifndef TB_ALIAS_CHECK_H
#define TB_ALIAS_CHECK_H

#include "core/bench.h"

typedef struct alias_result {
  bool found;
  uint64_t page, other;  // two addresses of one cell; other = page: its content came from nowhere known
  uint64_t accesses;     // on the bus
} alias_result_t;

// Checks [from, to), pages. quick: the page at `from` against the pages that differ from it in one address bit: what a
// simple test does. False: the bench failed, or an access was refused (text in err).
bool alias_check(bench_t *b, uint64_t from, uint64_t to, bool quick, alias_result_t *r, char err[TB_ERR_LEN]);

#endif  // TB_ALIAS_CHECK_H
