// SPDX-License-Identifier: Apache-2.0
//
// file.c - whole files, folders, hexadecimal dumps (file.h)
#include "util/file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/log.h"

bool file_read_stream(FILE *from, size_t limit, uint8_t **data, size_t *len) {
  size_t cap = limit < 65536 ? limit + 1 : 65536;
  uint8_t *buf = (uint8_t *)log_alloc(cap);
  size_t n = 0;
  while (n < limit) {
    if (n == cap) {
      cap *= 2;
      buf = (uint8_t *)log_realloc(buf, cap);
    }
    const size_t want = (cap < limit ? cap : limit) - n;
    const size_t got = fread(buf + n, 1, want, from);
    n += got;
    if (got < want) break;
  }
  if (ferror(from)) {
    free(buf);
    return false;
  }
  *data = buf;
  *len = n;
  return true;
}

bool file_read(const char *path, size_t limit, uint8_t **data, size_t *len, uint64_t *whole, char err[FILE_ERR_LEN]) {
  FILE *f = fopen(path, "rb");
  if (f == NULL) {
    snprintf(err, FILE_ERR_LEN, "cannot read '%.300s': %s", path, strerror(errno));
    return false;
  }
  struct stat st;
  const bool known = fstat(fileno(f), &st) == 0;
  if (known && S_ISDIR(st.st_mode)) {
    snprintf(err, FILE_ERR_LEN, "cannot read '%.300s': it is a folder", path);
    fclose(f);
    return false;
  }
  errno = 0;
  const bool ok = file_read_stream(f, limit, data, len);
  if (!ok) snprintf(err, FILE_ERR_LEN, "cannot read '%.300s': %s", path, strerror(errno));
  fclose(f);
  if (ok && whole != NULL) *whole = known && S_ISREG(st.st_mode) ? (uint64_t)st.st_size : *len;
  return ok;
}

bool file_write(const char *path, const void *data, size_t len, char err[FILE_ERR_LEN]) {
  FILE *f = fopen(path, "wb");
  bool ok = f != NULL && fwrite(data, 1, len, f) == len;
  if (f != NULL) ok = fclose(f) == 0 && ok;
  if (!ok) snprintf(err, FILE_ERR_LEN, "cannot write '%.300s': %s", path, strerror(errno));
  return ok;
}

bool file_make_dirs(const char *path, char err[FILE_ERR_LEN]) {
  char buf[1024];
  if (strlen(path) >= sizeof(buf)) {
    snprintf(err, FILE_ERR_LEN, "name of a folder is too long");
    return false;
  }
  strcpy(buf, path);
  for (char *p = buf;; p++) {
    if ((*p == '/' && p != buf) || *p == '\0') {
      const char keep = *p;
      *p = '\0';
      if (mkdir(buf, 0777) != 0 && errno != EEXIST) {
        snprintf(err, FILE_ERR_LEN, "cannot make folder '%.300s': %s", buf, strerror(errno));
        return false;
      }
      *p = keep;
      if (keep == '\0') return true;
    }
  }
}

bool file_join(char *buf, size_t size, const char *dir, const char *name) {
  int n = 0;
  if (dir == NULL || name[0] == '/') {
    n = snprintf(buf, size, "%s", name);
  } else {
    n = snprintf(buf, size, "%s/%s", dir, name);
  }
  return n > 0 && (size_t)n < size;
}

void file_hexdump(FILE *to, const char *indent, uint64_t addr, const uint8_t *data, size_t len) {
  for (size_t i = 0; i < len; i += 16) {
    fprintf(to, "%s%010llx ", indent, (unsigned long long)(addr + i));
    for (size_t k = 0; k < 16; k++) {
      if (i + k < len) fprintf(to, "%s%02x", k == 8 ? "  " : " ", (unsigned)data[i + k]);
      else fprintf(to, "%s  ", k == 8 ? "  " : " ");
    }
    fprintf(to, "  |");
    for (size_t k = 0; k < 16 && i + k < len; k++) {
      const uint8_t c = data[i + k];
      fputc(c >= 0x20 && c < 0x7f ? c : '.', to);
    }
    fprintf(to, "|\n");
  }
}

const char *file_size_text(char buf[32], uint64_t bytes) {
  if (bytes >= 1u << 20 && bytes % (1u << 20) == 0) {
    snprintf(buf, 32, "%llu MiB", (unsigned long long)(bytes >> 20));
  } else if (bytes >= 1024 && bytes % 1024 == 0) {
    snprintf(buf, 32, "%llu KiB", (unsigned long long)(bytes >> 10));
  } else {
    snprintf(buf, 32, "%llu bytes", (unsigned long long)bytes);
  }
  return buf;
}
