// SPDX-License-Identifier: Apache-2.0
//
// file.h - whole files in and out, folders, hexadecimal dumps
#ifndef TB_UTIL_FILE_H
#define TB_UTIL_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define FILE_ERR_LEN 512u

// Reads at most limit bytes (pipes and devices too). *data is the caller's to free() and never NULL on success; *whole (may
// be NULL) = size of the file where it can be told, else the bytes read. False: one line in err.
bool file_read(const char *path, size_t limit, uint8_t **data, size_t *len, uint64_t *whole, char err[FILE_ERR_LEN]);
// The same from an open stream.
bool file_read_stream(FILE *from, size_t limit, uint8_t **data, size_t *len);
bool file_write(const char *path, const void *data, size_t len, char err[FILE_ERR_LEN]);
// Makes a folder and those above it.
bool file_make_dirs(const char *path, char err[FILE_ERR_LEN]);
// "dir/name" into buf; just name if dir is NULL or name is absolute. False: too long.
bool file_join(char *buf, size_t size, const char *dir, const char *name);
// Lines of 16 bytes with address and characters, each after `indent`.
void file_hexdump(FILE *to, const char *indent, uint64_t addr, const uint8_t *data, size_t len);
// "1.5 KiB", "262144 bytes": whole units only where they are exact.
const char *file_size_text(char buf[32], uint64_t bytes);

#endif  // TB_UTIL_FILE_H
