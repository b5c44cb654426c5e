// SPDX-License-Identifier: Apache-2.0
//
// fuzz_file.h - the input of a fuzz target as a file in memory, for parsers that open files by name
#ifndef CBIT_FUZZ_FILE_H
#define CBIT_FUZZ_FILE_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

typedef struct fuzz_file {
  int fd;  // -1: not made yet
  char path[32];
} fuzz_file_t;

// Makes the file hold these bytes. Returns its path.
static inline const char *fuzz_file(fuzz_file_t *f, const uint8_t *data, size_t size) {
  if (f->fd < 0) {
    f->fd = memfd_create("fuzz", 0);
    if (f->fd < 0) abort();
    snprintf(f->path, sizeof(f->path), "/proc/self/fd/%d", f->fd);
  }
  if (ftruncate(f->fd, 0) != 0) abort();
  if (size > 0 && pwrite(f->fd, data, size, 0) != (ssize_t)size) abort();
  return f->path;
}

#endif  // CBIT_FUZZ_FILE_H
