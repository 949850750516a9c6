/* file_util.h - whole files in, whole files out: reading with a bound, writing through a temporary file. */
#ifndef SYNFIRE_FILE_UTIL_H
#define SYNFIRE_FILE_UTIL_H

#include "synfire/base.h"

/* sf_file_read() - the whole file, at most `limit` bytes, with a 0 byte after it that *length does not count.
 * The caller frees *text. SF_EIO: missing, not a regular file, unreadable; SF_EFORMAT: larger than the limit. */
SF_MUST_CHECK sf_err sf_file_read(const char *path, size_t limit, char **text, size_t *length, sf_msg *msg);

/* sf_file_is_hdf5() - does it begin with the HDF5 signature? SF_EIO as above, SF_EFORMAT if the file is empty. */
SF_MUST_CHECK sf_err sf_file_is_hdf5(const char *path, bool *yes, sf_msg *msg);

/* A file under construction beside `path`. After begin, either commit or abort. */
typedef struct sf_new_file {
  char *path, *temp; /* owned; freed by commit and abort */
} sf_new_file;

/* sf_new_file_begin() - make an empty temporary file in the folder of path. SF_EIO if that cannot be done, or if path
 * exists and is no regular file. */
SF_MUST_CHECK sf_err sf_new_file_begin(const char *path, sf_new_file *f, sf_msg *msg);

/* sf_new_file_commit() - the closed temporary file takes the name `path`; on failure it is removed. */
SF_MUST_CHECK sf_err sf_new_file_commit(sf_new_file *f, sf_msg *msg);

/* sf_new_file_abort() - remove the temporary file; path keeps what it had. */
void sf_new_file_abort(sf_new_file *f);

/* sf_new_files_remove() - remove every file under construction; a signal handler may call it, before the program ends. */
void sf_new_files_remove(void);

/* sf_prefix() - put "path: " before the text of msg (NULL allowed) and hand err back. */
sf_err sf_prefix(sf_msg *msg, sf_err err, const char *path);

#endif
