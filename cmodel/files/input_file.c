/* input_file.c - see input_file.h. */
#define _POSIX_C_SOURCE 200809L
#include "files/input_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files/file_util.h"

#define MOST_TEXT ((uint64_t)1 << 28)
#define MOST_HDF5 ((uint64_t)1 << 30) /* is read from memory */
#define COPIES "/proc/self/fd/"

bool sf_is_copy(const char *path) { return strncmp(path, COPIES, strlen(COPIES)) == 0; }

/* All that comes from `from`, to the copy. */
static sf_err copy_all(FILE *from, sf_input *in, sf_msg *msg) {
  char block[65536];
  uint64_t total = 0, most = MOST_TEXT;
  for (size_t n = 1; n > 0;) {
    n = fread(block, 1, sizeof block, from);
    if (ferror(from)) return sf_fail(msg, SF_EIO, "%.300s: cannot be read: %s", in->name, strerror(errno));
    if (total == 0 && sf_is_hdf5(block, n)) most = MOST_HDF5;
    total += n;
    if (total > most)
      return sf_fail(msg, SF_EFORMAT, "%.300s: larger than %llu bytes", in->name, (unsigned long long)most);
    if (fwrite(block, 1, n, in->copy) != n) break;
  }
  if (fflush(in->copy) != 0 || ferror(in->copy))
    return sf_fail(msg, SF_EIO, "%.300s: cannot be copied into a temporary file: %s", in->name, strerror(errno));
  return SF_OK;
}

static sf_err spool(const char *path, bool standard, sf_input *in, sf_msg *msg) {
  FILE *from = standard ? stdin : fopen(path, "rb");
  if (from == NULL) return sf_fail(msg, SF_EIO, "%.300s: %s", path, strerror(errno));
  in->copy = tmpfile();
  sf_err err = SF_OK;
  if (in->copy == NULL) err = sf_fail(msg, SF_EIO, "%.300s: no temporary file for it: %s", in->name, strerror(errno));
  if (!err) err = copy_all(from, in, msg);
  if (!standard) fclose(from);
  if (err) return err;
  snprintf(in->copy_path, sizeof in->copy_path, COPIES "%d", fileno(in->copy));
  in->path = in->copy_path;
  return SF_OK;
}

sf_err sf_input_open(const char *path, sf_input *in, sf_msg *msg) {
  struct stat st;
  const bool standard = strcmp(path, "-") == 0;
  *in = (sf_input){.path = path, .name = standard ? "standard input" : path};
  if (!standard && stat(path, &st) != 0) return sf_fail(msg, SF_EIO, "%.300s: %s", path, strerror(errno));
  const bool pipe = standard || S_ISFIFO(st.st_mode) || S_ISCHR(st.st_mode) || S_ISSOCK(st.st_mode);
  sf_err err = pipe ? spool(path, standard, in, msg) : SF_OK;
  if (!err) err = sf_file_is_hdf5(in->path, &in->hdf5, msg);
  if (err && pipe) sf_rename(msg, in->path, in->name);
  if (err) sf_input_close(in);
  return err;
}

void sf_input_close(sf_input *in) {
  if (in->copy != NULL) fclose(in->copy);
  in->copy = NULL;
}
