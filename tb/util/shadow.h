// SPDX-License-Identifier: Apache-2.0
//
// shadow.h - what was last written, in plain, by address: the reference for "plain" and "noise"
//
// A sparse copy of memory as its writers meant it, whoever they were and whatever key they used. Bytes never written are
// unknown.
#ifndef TB_UTIL_SHADOW_H
#define TB_UTIL_SHADOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct shadow shadow_t;

shadow_t *shadow_new(void);
void shadow_free(shadow_t *s);
// mask: one byte per byte, 0 = not written; NULL = all.
void shadow_write(shadow_t *s, uint64_t addr, const uint8_t *data, const uint8_t *mask, size_t len);
// Number of bytes known in the range; unknown ones are 0 in to.
size_t shadow_read(const shadow_t *s, uint64_t addr, uint8_t *to, size_t len);
void shadow_clear(shadow_t *s);

#endif  // TB_UTIL_SHADOW_H
