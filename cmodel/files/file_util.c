/* file_util.c - see file_util.h. */
#define _POSIX_C_SOURCE 200809L
#include "files/file_util.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

sf_err sf_prefix(sf_msg *msg, sf_err err, const char *path) {
  if (msg == NULL) return err;
  const sf_msg inner = *msg;
  return sf_fail(msg, err, "%.200s: %.300s", path, inner.text);
}

void sf_rename(sf_msg *msg, const char *from, const char *to) {
  const size_t n = strlen(from);
  if (msg == NULL || strncmp(msg->text, from, n) != 0) return;
  const sf_msg inner = *msg;
  snprintf(msg->text, sizeof msg->text, "%.200s%.300s", to, inner.text + n);
}

bool sf_file_is_locked(const char *path) {
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  const bool locked = fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  if (fd >= 0) close(fd);
  return locked;
}

static sf_err open_regular(const char *path, FILE **f, sf_msg *msg) {
  struct stat st;
  if (stat(path, &st) != 0) return sf_fail(msg, SF_EIO, "%.300s: %s", path, strerror(errno));
  if (S_ISDIR(st.st_mode)) return sf_fail(msg, SF_EIO, "%.300s: is a folder", path);
  if (!S_ISREG(st.st_mode)) return sf_fail(msg, SF_EIO, "%.300s: is not a regular file", path);
  *f = fopen(path, "rb");
  if (*f == NULL) return sf_fail(msg, SF_EIO, "%.300s: %s", path, strerror(errno));
  return SF_OK;
}

sf_err sf_file_read(const char *path, size_t limit, char **text, size_t *length, sf_msg *msg) {
  FILE *f;
  const sf_err err = open_regular(path, &f, msg);
  if (err) return err;
  size_t n = 0, room = 65536;
  char *buffer = malloc(room);
  while (buffer != NULL) {
    n += fread(buffer + n, 1, room - 1 - n, f);
    if (n < room - 1 || n > limit) break;
    char *larger = realloc(buffer, room *= 2);
    if (larger == NULL) free(buffer);
    buffer = larger;
  }
  const bool broken = ferror(f) != 0;
  fclose(f);
  if (buffer == NULL) return sf_fail(msg, SF_ENOMEM, "%.300s: out of memory", path);
  if (broken || n > limit) {
    free(buffer);
    if (broken) return sf_fail(msg, SF_EIO, "%.300s: cannot be read", path);
    return sf_fail(msg, SF_EFORMAT, "%.300s: larger than %zu bytes", path, limit);
  }
  if (n >= 3 && memcmp(buffer, "\xef\xbb\xbf", 3) == 0) { /* a byte-order mark, as spreadsheets write */
    n -= 3;
    memmove(buffer, buffer + 3, n);
  }
  char *exact = realloc(buffer, n + 1); /* so that an address sanitizer sees a read past the end */
  if (exact != NULL) buffer = exact;
  buffer[n] = '\0';
  *text = buffer;
  *length = n;
  return SF_OK;
}

const char *sf_not_text(const char *data, size_t n) {
  if (n >= 2 && (memcmp(data, "\xff\xfe", 2) == 0 || memcmp(data, "\xfe\xff", 2) == 0))
    return "it is UTF-16, must be UTF-8";
  return memchr(data, '\0', n) != NULL ? "it has a 0 byte in it" : NULL;
}

bool sf_is_hdf5(const char *data, size_t n) { return n >= 8 && memcmp(data, "\x89HDF\r\n\x1a\n", 8) == 0; }

sf_err sf_file_is_hdf5(const char *path, bool *yes, sf_msg *msg) {
  char head[8];
  FILE *f;
  const sf_err err = open_regular(path, &f, msg);
  if (err) return err;
  size_t n = fread(head, 1, sizeof head, f);
  const bool empty = n == 0;
  *yes = sf_is_hdf5(head, n);
  for (long at = 512; !*yes && n == sizeof head && fseek(f, at, SEEK_SET) == 0 && at < LONG_MAX / 2; at *= 2) {
    n = fread(head, 1, sizeof head, f);
    *yes = sf_is_hdf5(head, n);
  }
  fclose(f);
  if (!*yes && sf_file_is_locked(path)) return sf_fail(msg, SF_EIO, "%.300s: " SF_LOCKED, path);
  return empty ? sf_fail(msg, SF_EFORMAT, "%.300s: the file is empty", path) : SF_OK;
}

/* Names of the files under construction, for sf_new_files_remove(); beyond so many at once, they stay. */
enum { MOST_NEW = 64 };
static _Atomic(char *) new_file[MOST_NEW];

static void change(char *from, char *to) {
  for (int i = 0; i < MOST_NEW; i++) {
    char *expected = from;
    if (atomic_compare_exchange_strong(&new_file[i], &expected, to)) return;
  }
}

void sf_new_files_remove(void) {
  for (int i = 0; i < MOST_NEW; i++) {
    const char *temp = atomic_load(&new_file[i]);
    if (temp != NULL) unlink(temp);
  }
}

sf_err sf_new_file_begin(const char *path, sf_new_file *f, sf_msg *msg) {
  struct stat st;
  if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
    return sf_fail(msg, SF_EIO, "%.300s: exists and is not a regular file", path);
  const size_t n = strlen(path) + 16;
  f->path = malloc(n);
  f->temp = malloc(n);
  if (f->path == NULL || f->temp == NULL) {
    free(f->path);
    free(f->temp);
    return sf_fail(msg, SF_ENOMEM, "out of memory");
  }
  snprintf(f->path, n, "%s", path);
  snprintf(f->temp, n, "%s.XXXXXX", path);
  const int fd = mkstemp(f->temp);
  if (fd < 0) {
    const sf_err err = sf_fail(msg, SF_EIO, "%.300s: cannot be written: %s", path, strerror(errno));
    free(f->path);
    free(f->temp);
    return err;
  }
  /* mkstemp() hides the file from others; give it the mode that a plain open() would have given it. */
  const mode_t mask = umask(0);
  umask(mask);
  (void)fchmod(fd, 0666 & ~mask);
  close(fd);
  change(NULL, f->temp);
  return SF_OK;
}

static void drop(sf_new_file *f) {
  if (f->temp != NULL) change(f->temp, NULL);
  free(f->path);
  free(f->temp);
  f->path = f->temp = NULL;
}

sf_err sf_new_file_commit(sf_new_file *f, sf_msg *msg) {
  sf_err err = SF_OK;
  if (rename(f->temp, f->path) != 0) {
    err = sf_fail(msg, SF_EIO, "%.300s: cannot be written: %s", f->path, strerror(errno));
    unlink(f->temp);
  }
  drop(f);
  return err;
}

void sf_new_file_abort(sf_new_file *f) {
  if (f->temp != NULL) unlink(f->temp);
  drop(f);
}

sf_err sf_write_text(const char *path, const char *text, sf_msg *msg) {
  sf_new_file file;
  if (text == NULL) return sf_fail(msg, SF_ENOMEM, "%s: out of memory", path);
  const sf_err err = sf_new_file_begin(path, &file, msg);
  if (err) return err;
  FILE *f = fopen(file.temp, "w");
  bool good = f != NULL && fputs(text, f) >= 0;
  if (f != NULL) good = fclose(f) == 0 && good;
  if (good) return sf_new_file_commit(&file, msg);
  sf_new_file_abort(&file);
  return sf_fail(msg, SF_EIO, "%s: cannot be written", path);
}
