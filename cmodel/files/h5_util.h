/* h5_util.h - careful HDF5 reading for the file formats: nothing is allocated or read before its rank, size and type
 * have been checked, links out of the file are refused, and every failure is one line that names the object. */
#ifndef SYNFIRE_H5_UTIL_H
#define SYNFIRE_H5_UTIL_H

#include <hdf5.h>

#include "synfire/base.h"

/* sf_h5_guard() - run attempt(path), which must read the file and free what it got, in a child process first:
 * SF_EFORMAT if that crashes or does not end, else SF_OK, whatever attempt() found. Call it before sf_h5_open(). */
SF_MUST_CHECK sf_err sf_h5_guard(const char *path, void (*attempt)(const char *path), sf_msg *msg);

/* true: sf_h5_guard() does nothing: sf_files_trust(), and fuzzing, where a fault of ours in the child would look like
 * one of the library. */
extern bool sf_h5_unguarded;

/* A location in a file and its name for messages ("core/0/neuron", "" for the root). */
typedef struct sf_h5 {
  hid_t id;
  char name[96];
} sf_h5;

/* sf_h5_open(), sf_h5_create() - also turn HDF5's own error printing off. Close with sf_h5_close_file(). */
SF_MUST_CHECK sf_err sf_h5_open(const char *path, sf_h5 *root, sf_msg *msg);
SF_MUST_CHECK sf_err sf_h5_create(const char *path, sf_h5 *root, sf_msg *msg);
/* SF_EIO if something that was written could not be flushed. */
sf_err sf_h5_close_file(sf_h5 *root, sf_msg *msg);

/* sf_h5_group() - open a child group; *present = false (and nothing opened) if there is none. */
SF_MUST_CHECK sf_err sf_h5_group(const sf_h5 *at, const char *name, bool *present, sf_h5 *out, sf_msg *msg);
SF_MUST_CHECK sf_err sf_h5_make_group(const sf_h5 *at, const char *name, sf_h5 *out, sf_msg *msg);
void sf_h5_close(sf_h5 *group);

/* sf_h5_only() - refuse any child of a group (links) or attribute (attributes) that is not in the list of n names.
 * Taken beside them, and not read: attributes `name` and `comment`, those that tools write by themselves (dimension
 * scales, netCDF-4, PyTables, MATLAB, R), and datasets that are dimension scales. */
SF_MUST_CHECK sf_err sf_h5_only(const sf_h5 *at, bool attributes, const char *const *known, size_t n, sf_msg *msg);
/* sf_h5_children() - the number of links in a group. */
SF_MUST_CHECK sf_err sf_h5_children(const sf_h5 *at, uint64_t *count, sf_msg *msg);

/* sf_h5_int() - an integer (or boolean) attribute in lo .. hi; *value is untouched if there is none. */
SF_MUST_CHECK sf_err sf_h5_int(const sf_h5 *at, const char *name, int64_t lo, int64_t hi, bool *present, int64_t *value,
                               sf_msg *msg);
/* sf_h5_string() - a string attribute shorter than room; "" if there is none. */
SF_MUST_CHECK sf_err sf_h5_string(const sf_h5 *at, const char *name, char *text, size_t room, sf_msg *msg);

/* sf_h5_dims() - rank 1 or 2 sizes of an integer dataset, each within max[i]; *present = false if there is none. */
SF_MUST_CHECK sf_err sf_h5_dims(const sf_h5 *at, const char *name, int rank, const uint64_t *max, uint64_t *dims,
                                bool *present, sf_msg *msg);
/* sf_h5_read() - a rank 1 dataset of exactly n integers, every one in lo .. hi, into out, an array of 1-, 2- or 4-byte
 * integers (size) in two's complement. Nothing happens, and *present = false, if there is none. */
SF_MUST_CHECK sf_err sf_h5_read(const sf_h5 *at, const char *name, uint64_t n, int64_t lo, int64_t hi, void *out,
                                size_t size, bool *present, sf_msg *msg);
/* sf_h5_read2() - the same for a rank 2 dataset of rows * columns. */
SF_MUST_CHECK sf_err sf_h5_read2(const sf_h5 *at, const char *name, uint64_t rows, uint64_t columns, int64_t lo,
                                 int64_t hi, void *out, size_t size, bool *present, sf_msg *msg);

/* Writing. type is the memory and the file type; the dataset is compressed where it is large. */
SF_MUST_CHECK sf_err sf_h5_put_int(const sf_h5 *at, const char *name, int64_t value, sf_msg *msg);
SF_MUST_CHECK sf_err sf_h5_put_string(const sf_h5 *at, const char *name, const char *text, sf_msg *msg);
SF_MUST_CHECK sf_err sf_h5_put(const sf_h5 *at, const char *name, int rank, const uint64_t *dims, hid_t type,
                               const void *data, sf_msg *msg);

#endif
