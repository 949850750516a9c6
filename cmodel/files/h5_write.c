/* h5_write.c - the writing half of h5_util.h. Files are the same bytes for the same content: no time stamps. */
#include <stdio.h>
#include <string.h>

#include "files/h5_util.h"

#define COMPRESS_FROM 65536u            /* bytes; smaller sets are stored as they are */
#define COMPRESS_TO ((uint64_t)4 << 20) /* from here on reading back at the speed of the disk counts for more */
#define CHUNK_BYTES (1u << 20)

static sf_err failed(sf_msg *msg, const sf_h5 *at, const char *name) {
  return sf_fail(msg, SF_EIO, "%s%s%s: could not be written", at->name, at->name[0] != '\0' ? "/" : "", name);
}

sf_err sf_h5_create(const char *path, sf_h5 *root, sf_msg *msg) {
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
  root->name[0] = '\0';
  /* The format of HDF5 1.8 and later: its metadata carry checksums, so that damage is noticed. */
  const hid_t access = H5Pcreate(H5P_FILE_ACCESS), create = H5Pcreate(H5P_FILE_CREATE);
  H5Pset_libver_bounds(access, H5F_LIBVER_V18, H5F_LIBVER_V18);
  H5Pset_obj_track_times(create, false);
  root->id = H5Fcreate(path, H5F_ACC_TRUNC, create, access);
  H5Pclose(access);
  H5Pclose(create);
  return root->id < 0 ? sf_fail(msg, SF_EIO, "cannot be created") : SF_OK;
}

sf_err sf_h5_make_group(const sf_h5 *at, const char *name, sf_h5 *out, sf_msg *msg) {
  const hid_t create = H5Pcreate(H5P_GROUP_CREATE);
  H5Pset_obj_track_times(create, false);
  out->id = H5Gcreate2(at->id, name, H5P_DEFAULT, create, H5P_DEFAULT);
  H5Pclose(create);
  snprintf(out->name, sizeof out->name, "%.60s%s%.30s", at->name, at->name[0] != '\0' ? "/" : "", name);
  return out->id < 0 ? failed(msg, at, name) : SF_OK;
}

sf_err sf_h5_put_int(const sf_h5 *at, const char *name, int64_t value, sf_msg *msg) {
  const hid_t space = H5Screate(H5S_SCALAR);
  const hid_t attr = H5Acreate2(at->id, name, H5T_STD_I64LE, space, H5P_DEFAULT, H5P_DEFAULT);
  const herr_t bad = attr < 0 ? -1 : H5Awrite(attr, H5T_NATIVE_INT64, &value);
  if (attr >= 0) H5Aclose(attr);
  H5Sclose(space);
  return bad < 0 ? failed(msg, at, name) : SF_OK;
}

sf_err sf_h5_put_string(const sf_h5 *at, const char *name, const char *text, sf_msg *msg) {
  const hid_t space = H5Screate(H5S_SCALAR), type = H5Tcopy(H5T_C_S1);
  H5Tset_size(type, strlen(text) + 1);
  const hid_t attr = H5Acreate2(at->id, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
  const herr_t bad = attr < 0 ? -1 : H5Awrite(attr, type, text);
  if (attr >= 0) H5Aclose(attr);
  H5Tclose(type);
  H5Sclose(space);
  return bad < 0 ? failed(msg, at, name) : SF_OK;
}

sf_err sf_h5_put(const sf_h5 *at, const char *name, int rank, const uint64_t *dims, hid_t type, const void *data,
                 sf_msg *msg) {
  hsize_t size[2] = {dims[0], rank > 1 ? dims[1] : 1};
  const uint64_t element = H5Tget_size(type), bytes = size[0] * size[1] * element;
  const hid_t create = H5Pcreate(H5P_DATASET_CREATE);
  H5Pset_obj_track_times(create, false);
  if (bytes >= COMPRESS_FROM && bytes < COMPRESS_TO && H5Zfilter_avail(H5Z_FILTER_DEFLATE) > 0) {
    const uint64_t row = size[1] * element;
    uint64_t rows = row >= CHUNK_BYTES ? 1 : CHUNK_BYTES / row;
    if (rows > size[0]) rows = size[0];
    const hsize_t chunk[2] = {rows, size[1]};
    H5Pset_chunk(create, rank, chunk);
    if (element > 1) H5Pset_shuffle(create);
    H5Pset_deflate(create, 6);
  }
  const hid_t space = H5Screate_simple(rank, size, NULL);
  const hid_t set = space < 0 ? -1 : H5Dcreate2(at->id, name, type, space, H5P_DEFAULT, create, H5P_DEFAULT);
  herr_t bad = set < 0 ? -1 : 0;
  if (bad >= 0 && bytes > 0) bad = H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data);
  if (set >= 0 && H5Dclose(set) < 0) bad = -1;
  if (space >= 0) H5Sclose(space);
  H5Pclose(create);
  return bad < 0 ? failed(msg, at, name) : SF_OK;
}
