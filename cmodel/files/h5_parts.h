/* h5_parts.h - what h5_util.c, h5_data.c, h5_storage.c and h5_guard.c share. */
#ifndef SYNFIRE_H5_PARTS_H
#define SYNFIRE_H5_PARTS_H

#include "files/h5_util.h"

/* "core/0" + "weights" = "core/0/weights"; the root's name is "". */
const char *sf_h5_full_name(const sf_h5 *at, const char *name, char out[192]);

sf_err sf_h5_damaged(sf_msg *msg, const sf_h5 *at, const char *name);

/* sf_h5_is_u64() - numbers that int64_t may not hold: read them as H5T_NATIVE_UINT64, for asked for int64_t HDF5 makes
 * those above INT64_MAX that number, or, where the byte order differs too, negative. What is below 0 then is out of
 * every range.
 * sf_h5_written() - a number as it stands in the file. */
bool sf_h5_is_u64(hid_t type);
const char *sf_h5_written(int64_t value, bool u64, char out[24]);

/* sf_h5_child() - is there a child of this name? Links that lead elsewhere (soft, external) are refused: a file must
 * not make the program open others. */
SF_MUST_CHECK sf_err sf_h5_child(const sf_h5 *at, const char *name, bool *present, sf_msg *msg);

/* sf_h5_storage_check() - raw data in this file, in chunks that fit into memory, and where `bytes` is so much that a
 * small file must not ask for it, as much of it as the size claims. */
SF_MUST_CHECK sf_err sf_h5_storage_check(hid_t set, uint64_t bytes, const char *full, sf_msg *msg);

/* sf_h5_storage_open() - the dataset `set` (closed here) opened anew for reading from the first row to the last, so
 * that no chunk is unpacked twice; -1 if that fails. Tells the guard what to expect. */
hid_t sf_h5_storage_open(hid_t set, const sf_h5 *at, const char *name, uint64_t bytes);

/* sf_h5_storage_fault() - why the values of a set cannot be read: a filter that is not there, else damage. */
sf_err sf_h5_storage_fault(hid_t set, const char *full, sf_msg *msg);

/* sf_h5_guard_expect() - in the child of sf_h5_guard(): what comes next may take the time that so many bytes in so many
 * chunks take. Nothing elsewhere. */
void sf_h5_guard_expect(uint64_t bytes, uint64_t chunks);

#endif
