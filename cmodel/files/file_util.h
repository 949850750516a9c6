/* file_util.h - whole files in, whole files out: reading with a bound, writing through a temporary file. */
#ifndef SYNFIRE_FILE_UTIL_H
#define SYNFIRE_FILE_UTIL_H

#include "synfire/base.h"

/* sf_file_read() - the whole file, at most `limit` bytes, with a 0 byte after it that *length does not count.
 * A byte-order mark at the beginning (UTF-8) is left out. The caller frees *text. SF_EIO: missing, not a regular file,
 * unreadable; SF_EFORMAT: larger than the limit. */
SF_MUST_CHECK sf_err sf_file_read(const char *path, size_t limit, char **text, size_t *length, sf_msg *msg);

/* sf_is_hdf5() - is this the beginning of an HDF5 file? */
bool sf_is_hdf5(const char *data, size_t n);

/* sf_file_is_hdf5() - does it begin with the HDF5 signature, or hold it after a block of another program's, at byte
 * 512, 1024, 2048 ...? SF_EIO as above, or if nothing stands there yet because it is open for writing; SF_EFORMAT if it
 * is empty. */
SF_MUST_CHECK sf_err sf_file_is_hdf5(const char *path, bool *yes, sf_msg *msg);

#define SF_LOCKED "is open for writing in another program: close it there first (in Python: file.close())"

/* sf_file_is_locked() - is it open for writing in another program that locks what it writes, as the HDF5 library
 * does? */
bool sf_file_is_locked(const char *path);

/* sf_not_text() - why these bytes are no text in UTF-8, "it ..."; NULL if nothing speaks against it. */
const char *sf_not_text(const char *data, size_t n);

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

/* sf_write_text() - a text that becomes the file `path` as a whole or not at all; text NULL is SF_ENOMEM. */
SF_MUST_CHECK sf_err sf_write_text(const char *path, const char *text, sf_msg *msg);

/* sf_new_files_remove() - remove every file under construction; a signal handler may call it, before the program
 * ends. */
void sf_new_files_remove(void);

/* sf_prefix() - put "path: " before the text of msg (NULL allowed) and hand err back. */
sf_err sf_prefix(sf_msg *msg, sf_err err, const char *path);

/* sf_rename() - in a message (NULL allowed) that begins with the path `from`, put the name `to` there. */
void sf_rename(sf_msg *msg, const char *from, const char *to);

#endif
