/* scratch.h - a folder for the files of a test suite, and HDF5 files written as other people's tools write them. */
#ifndef SYNFIRE_TESTS_SCRATCH_H
#define SYNFIRE_TESTS_SCRATCH_H

#include <hdf5.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* scratch_begin() - make the folder; call it in main() before the tests run (each in a process of its own).
 * scratch_end() - remove it with all it holds. */
void scratch_begin(void);
void scratch_end(void);

/* scratch_path() - the path of `name` in the folder; static storage, four at a time. */
const char *scratch_path(const char *name);

/* scratch_write(), scratch_text() - make a file; the path is returned. scratch_read() - its bytes, malloc'ed. */
const char *scratch_write(const char *name, const void *data, size_t n);
const char *scratch_text(const char *name, const char *text);
char *scratch_read(const char *path, size_t *n);

/* scratch_count() - the number of files in the folder whose name begins with `prefix`. */
int scratch_count(const char *prefix);

/* Editing an HDF5 file. All fail the running test when HDF5 refuses. h5_new() writes the format of HDF5 1.6, as h5py
 * does by default; h5_edit() opens an existing file. Groups on the way are made; what has that name is replaced. */
hid_t h5_new(const char *path);
hid_t h5_edit(const char *path);
void h5_done(hid_t file);
void h5_delete(hid_t file, const char *name);
void h5_group(hid_t file, const char *name);
/* n = 0 columns: rank 1. file_type is what stands in the file; values are converted to it. */
void h5_ints(hid_t file, const char *name, hid_t file_type, uint64_t rows, uint64_t columns, const int64_t *values);
/* The same in chunks of chunk[2], compressed with `filter` (H5Z_FILTER_NONE: not); values NULL: nothing is written. */
void h5_chunks(hid_t file, const char *name, hid_t file_type, uint64_t rows, uint64_t columns, const hsize_t chunk[2],
               H5Z_filter_t filter, const int64_t *values);
void h5_attr_int(hid_t file, const char *object, const char *name, hid_t file_type, int64_t value);
void h5_attr_bool(hid_t file, const char *object, const char *name, bool value); /* h5py's enumeration */
void h5_attr_text(hid_t file, const char *object, const char *name, const char *text, bool variable);

#endif
