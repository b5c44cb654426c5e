// SPDX-License-Identifier: Apache-2.0
//
// hex.h - hexadecimal text and byte strings
//
// Used by tests and command-line programs that read vectors; not part of the public interface of the library.
// The first two digits are byte 0.

#ifndef CBIT_UTIL_HEX_H
#define CBIT_UTIL_HEX_H

#include <stddef.h>
#include <stdint.h>

// Reads hexadecimal digits up to the first other character. Returns the number of bytes, or -1 if the number of digits
// is odd or more than max bytes would be needed.
long hex_decode(const char *text, uint8_t *out, size_t max);

// Writes 2 * n lower-case digits and a terminating zero into text.
void hex_encode(const uint8_t *in, size_t n, char *text);

#endif  // CBIT_UTIL_HEX_H
