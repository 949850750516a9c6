/* h5_data.c - the datasets of h5_util.h: nothing is read before rank, type, size and storage have been looked at. */
#include <stdio.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "files/h5_parts.h"

#define BLOCK 131072u /* elements converted at a time */

/* Are the sizes those of max (exact), or within them? */
static sf_err check_dims(const char *full, int rank, const hsize_t *size, const uint64_t *max, bool exact,
                         sf_msg *msg) {
  const unsigned long long s0 = size[0], s1 = size[1], m0 = max[0], m1 = rank > 1 ? max[1] : 1;
  if (exact ? s0 == m0 && s1 == m1 : s0 <= m0 && s1 <= m1) return SF_OK;
  const char *must = exact ? "must be" : "must be at most";
  if (rank == 1) return sf_fail(msg, SF_EFORMAT, "%s: has %llu elements: %s %llu", full, s0, must, m0);
  return sf_fail(msg, SF_EFORMAT, "%s: has %llu x %llu elements: %s %llu x %llu", full, s0, s1, must, m0, m1);
}

static sf_err check_type(hid_t type, hid_t space, int rank, const char *full, sf_msg *msg) {
  if (type < 0 || space < 0) return sf_fail(msg, SF_EFORMAT, "%s: is damaged and cannot be read", full);
  const H5T_class_t class =
      H5Tget_class(type); /* h5py writes booleans as an enumeration, which HDF5 converts as well */
  if ((class != H5T_INTEGER && class != H5T_ENUM) || H5Tget_size(type) > 8)
    return sf_fail(msg, SF_EFORMAT, "%s: must be of an integer type (8 to 64 bits)", full);
  if (H5Sget_simple_extent_type(space) != H5S_SIMPLE || H5Sget_simple_extent_ndims(space) != rank)
    return sf_fail(msg, SF_EFORMAT, "%s: must have %d dimension%s", full, rank, rank > 1 ? "s" : "");
  return SF_OK;
}

/* Is it of an integer type and of this rank, its sizes as max says? They are told. */
static sf_err check_set(hid_t set, const char *full, int rank, const uint64_t *max, bool exact, uint64_t *dims,
                        sf_msg *msg) {
  const hid_t type = H5Dget_type(set), space = H5Dget_space(set);
  hsize_t size[2] = {0, 1};
  sf_err err = check_type(type, space, rank, full, msg);
  if (!err && H5Sget_simple_extent_dims(space, size, NULL) < 0)
    err = sf_fail(msg, SF_EFORMAT, "%s: is damaged and cannot be read", full);
  if (!err) err = check_dims(full, rank, size, max, exact, msg);
  if (!err) err = sf_h5_storage_check(set, sizeof(int64_t) * size[0] * size[1], full, msg);
  for (int i = 0; i < rank; i++) dims[i] = size[i];
  if (type >= 0) H5Tclose(type);
  if (space >= 0) H5Sclose(space);
  return err;
}

/* Open such a dataset, without any attribute that means something elsewhere. *id = -1 if there is none. */
static sf_err dataset(const sf_h5 *at, const char *name, int rank, const uint64_t *max, bool exact, uint64_t *dims,
                      hid_t *id, sf_msg *msg) {
  char full[192];
  bool present;
  sf_h5 set = {-1, ""};
  sf_h5_full_name(at, name, full);
  *id = -1;
  sf_err err = sf_h5_child(at, name, &present, msg);
  if (err || !present) return err;
  set.id = H5Oopen(at->id, name, H5P_DEFAULT);
  if (set.id < 0) return sf_h5_damaged(msg, at, name);
  snprintf(set.name, sizeof set.name, "%.95s", full);
  if (H5Iget_type(set.id) != H5I_DATASET) err = sf_fail(msg, SF_EFORMAT, "%s: must be a dataset", full);
  if (!err) err = check_set(set.id, full, rank, max, exact, dims, msg);
  if (!err) err = sf_h5_only(&set, true, NULL, 0, msg);
  if (!err) *id = set.id;
  else H5Oclose(set.id);
  return err;
}

sf_err sf_h5_dims(const sf_h5 *at, const char *name, int rank, const uint64_t *max, uint64_t *dims, bool *present,
                  sf_msg *msg) {
  hid_t set;
  const sf_err err = dataset(at, name, rank, max, false, dims, &set, msg);
  *present = !err && set >= 0;
  if (set >= 0) H5Dclose(set);
  return err;
}

static void store(void *out, size_t size, uint64_t i, int64_t x) {
  if (size == 1) ((int8_t *)out)[i] = (int8_t)x;
  else if (size == 2) ((int16_t *)out)[i] = (int16_t)x;
  else ((int32_t *)out)[i] = (int32_t)x;
}

/* What its elements are in the file. */
static void look_at_type(hid_t set, bool *bytes, bool *u64) {
  const hid_t type = H5Dget_type(set);
  *bytes = type >= 0 && H5Tequal(type, H5T_NATIVE_INT8) > 0;
  *u64 = sf_h5_is_u64(type);
  if (type >= 0) H5Tclose(type);
}

/* A part of a set into buffer, as numbers of `type`: count[0] rows from start[0], count[1] columns from start[1]. */
static herr_t read_part(hid_t set, int rank, const hsize_t start[2], const hsize_t count[2], hid_t type, void *buffer) {
  const hid_t file = H5Dget_space(set), memory = H5Screate_simple(rank, count, NULL);
  herr_t bad = file < 0 || memory < 0 ? -1 : 0;
  if (bad >= 0) bad = H5Sselect_hyperslab(file, H5S_SELECT_SET, start, NULL, count, NULL);
  if (bad >= 0) bad = H5Dread(set, type, memory, file, H5P_DEFAULT, buffer);
  if (file >= 0) H5Sclose(file);
  if (memory >= 0) H5Sclose(memory);
  return bad;
}

static sf_err out_of_range(int rank, const char *full, uint64_t row, uint64_t column, const char *value, int64_t lo,
                           int64_t hi, sf_msg *msg) {
  char index[64];
  if (rank == 1) snprintf(index, sizeof index, "[%llu]", (unsigned long long)row);
  else snprintf(index, sizeof index, "[%llu][%llu]", (unsigned long long)row, (unsigned long long)column);
  return sf_fail(msg, SF_EINVAL, "%s%s = %s: must be %lld .. %lld", full, index, value, (long long)lo, (long long)hi);
}

static sf_err read_checked(const sf_h5 *at, const char *name, int rank, uint64_t rows, uint64_t columns, int64_t lo,
                           int64_t hi, void *out, size_t size, bool *present, sf_msg *msg) {
  char full[192], text[24];
  sf_h5_full_name(at, name, full);
  const uint64_t want[2] = {rows, columns};
  uint64_t dims[2];
  bool bytes, u64;
  hid_t set;
  *present = false;
  sf_err err = dataset(at, name, rank, want, true, dims, &set, msg);
  if (err || set < 0) return err;
  set = sf_h5_storage_open(set, at, name, sizeof(int64_t) * rows * columns);
  if (set < 0) return sf_h5_damaged(msg, at, name);
  const uint64_t step = columns == 0 || columns >= BLOCK ? 1 : BLOCK / columns;
  int64_t *buffer = malloc((step * columns + 1) * sizeof *buffer);
  if (buffer == NULL) err = sf_fail(msg, SF_ENOMEM, "%s: out of memory", full);
  look_at_type(set, &bytes, &u64);
  for (uint64_t row = 0; row < rows && !err; row += step) {
    const uint64_t n = rows - row < step ? rows - row : step;
    const hsize_t start[2] = {row, 0}, count[2] = {n, columns};
    int8_t *const direct = (int8_t *)out + row * columns;
    if (bytes && size == 1 && read_part(set, rank, start, count, H5T_NATIVE_INT8, direct) >= 0 &&
        sf_bytes_within(direct, n * columns, (int32_t)lo, (int32_t)hi))
      continue; /* otherwise the long way finds what is wrong, and where */
    if (read_part(set, rank, start, count, u64 ? H5T_NATIVE_UINT64 : H5T_NATIVE_INT64, buffer) < 0)
      err = sf_h5_storage_fault(set, full, msg);
    for (uint64_t i = 0; i < n * columns && !err; i++) {
      if (buffer[i] >= lo && buffer[i] <= hi && !(u64 && buffer[i] < 0)) store(out, size, row * columns + i, buffer[i]);
      else
        err =
            out_of_range(rank, full, row + i / columns, i % columns, sf_h5_written(buffer[i], u64, text), lo, hi, msg);
    }
  }
  free(buffer);
  H5Dclose(set);
  *present = !err;
  return err;
}

sf_err sf_h5_read(const sf_h5 *at, const char *name, uint64_t n, int64_t lo, int64_t hi, void *out, size_t size,
                  bool *present, sf_msg *msg) {
  return read_checked(at, name, 1, n, 1, lo, hi, out, size, present, msg);
}

sf_err sf_h5_read2(const sf_h5 *at, const char *name, uint64_t rows, uint64_t columns, int64_t lo, int64_t hi,
                   void *out, size_t size, bool *present, sf_msg *msg) {
  return read_checked(at, name, 2, rows, columns, lo, hi, out, size, present, msg);
}
