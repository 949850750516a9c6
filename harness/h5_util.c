/* h5_util.c - careful HDF5 reading; see h5_util.h. Writing is in h5_write.c. */
#include "h5_util.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model_internal.h"

#define BLOCK 131072u                         /* elements converted at a time */
#define MAX_CHUNK_BYTES ((uint64_t)256 << 20) /* HDF5 holds a whole chunk in memory, whatever we read of it */
#define SUSPECT_BYTES ((uint64_t)64 << 20)    /* from this size on the file must hold what it claims ... */
#define MAX_COMPRESSION 4096u                 /* ... within what compression can do (deflate: 1032) */

/* ---- files and groups --------------------------------------------------------------------------------------- */

/* "core/0" + "weights" = "core/0/weights"; the root's name is "". */
static const char *full_name(const sf_h5 *at, const char *name, char out[192]) {
  snprintf(out, 192, "%.96s%s%.90s", at->name, at->name[0] != '\0' ? "/" : "", name);
  return out;
}

static sf_err damaged(sf_msg *msg, const sf_h5 *at, const char *name) {
  char full[192];
  return sf_fail(msg, SF_EFORMAT, "%s: is damaged and cannot be read", full_name(at, name, full));
}

sf_err sf_h5_open(const char *path, sf_h5 *root, sf_msg *msg) {
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
  root->name[0] = '\0';
  root->id = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
  if (root->id < 0) return sf_fail(msg, SF_EFORMAT, "is no HDF5 file, or truncated or damaged");
  return SF_OK;
}

sf_err sf_h5_close_file(sf_h5 *root, sf_msg *msg) {
  const herr_t bad = H5Fclose(root->id);
  root->id = -1;
  return bad < 0 ? sf_fail(msg, SF_EIO, "could not be written to the end") : SF_OK;
}

void sf_h5_close(sf_h5 *group) {
  if (group->id >= 0) H5Gclose(group->id);
  group->id = -1;
}

/* Is there a child of this name? Links that lead elsewhere (soft, external) are refused: a file must not make the
 * program open others. */
static sf_err child(const sf_h5 *at, const char *name, bool *present, sf_msg *msg) {
  char full[192];
  *present = false;
  const htri_t exists = H5Lexists(at->id, name, H5P_DEFAULT);
  if (exists < 0) return damaged(msg, at, name);
  if (exists == 0) return SF_OK;
  H5L_info_t info;
  if (H5Lget_info(at->id, name, &info, H5P_DEFAULT) < 0) return damaged(msg, at, name);
  if (info.type != H5L_TYPE_HARD)
    return sf_fail(msg, SF_EFORMAT, "%s: is a soft or external link, must be the object itself",
                   full_name(at, name, full));
  *present = true;
  return SF_OK;
}

sf_err sf_h5_group(const sf_h5 *at, const char *name, bool *present, sf_h5 *out, sf_msg *msg) {
  out->id = -1;
  const sf_err e = child(at, name, present, msg);
  if (e != SF_OK || !*present) return e;
  char full[192];
  full_name(at, name, full);
  const hid_t id = H5Oopen(at->id, name, H5P_DEFAULT);
  if (id < 0) return damaged(msg, at, name);
  if (H5Iget_type(id) != H5I_GROUP) {
    H5Oclose(id);
    return sf_fail(msg, SF_EFORMAT, "%s: must be a group", full);
  }
  out->id = id;
  snprintf(out->name, sizeof out->name, "%.90s", full);
  return SF_OK;
}

typedef struct names {
  const char *const *known;
  size_t n;
  char unknown[64];
} names;

static herr_t look_up(names *list, const char *name) {
  for (size_t i = 0; i < list->n; i++)
    if (strcmp(name, list->known[i]) == 0) return 0;
  snprintf(list->unknown, sizeof list->unknown, "%.60s", name);
  return 1;
}
static herr_t look_up_link(hid_t id, const char *name, const H5L_info_t *info, void *list) {
  (void)id, (void)info;
  return look_up(list, name);
}
static herr_t look_up_attribute(hid_t id, const char *name, const H5A_info_t *info, void *list) {
  (void)id, (void)info;
  return look_up(list, name);
}

sf_err sf_h5_only(const sf_h5 *at, bool attributes, const char *const *known, size_t n, sf_msg *msg) {
  names list = {known, n, ""};
  const herr_t found = attributes ? H5Aiterate2(at->id, H5_INDEX_NAME, H5_ITER_INC, NULL, look_up_attribute, &list)
                                  : H5Literate(at->id, H5_INDEX_NAME, H5_ITER_INC, NULL, look_up_link, &list);
  if (found < 0) return damaged(msg, at, attributes ? "(attributes)" : "(contents)");
  if (found == 0) return SF_OK;
  char text[320] = "";
  for (size_t i = 0, used = 0; i < n && used < sizeof text; i++)
    used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", i > 0 ? " " : "", known[i]);
  return sf_fail(msg, SF_EFORMAT, "%s%sunknown %s \"%s\"; known: %s", at->name, at->name[0] != '\0' ? ": " : "",
                 attributes ? "attribute" : "member", list.unknown, text);
}

sf_err sf_h5_children(const sf_h5 *at, uint64_t *count, sf_msg *msg) {
  H5G_info_t info;
  if (H5Gget_info(at->id, &info) < 0) return damaged(msg, at, "(contents)");
  *count = info.nlinks;
  return SF_OK;
}

/* ---- attributes --------------------------------------------------------------------------------------------- */

/* Open an attribute that must hold one element of class a or b. *id = -1 if there is none. */
static sf_err attribute(const sf_h5 *at, const char *name, H5T_class_t a, H5T_class_t b, const char *what, hid_t *id,
                        sf_msg *msg) {
  char full[192];
  *id = -1;
  const htri_t exists = H5Aexists(at->id, name);
  if (exists < 0) return damaged(msg, at, name);
  if (exists == 0) return SF_OK;
  const hid_t attr = H5Aopen(at->id, name, H5P_DEFAULT);
  if (attr < 0) return damaged(msg, at, name);
  const hid_t type = H5Aget_type(attr), space = H5Aget_space(attr);
  const H5T_class_t class = type < 0 ? H5T_NO_CLASS : H5Tget_class(type);
  const hssize_t points = space < 0 ? 0 : H5Sget_simple_extent_npoints(space);
  const size_t size = type < 0 ? 0 : H5Tget_size(type);
  if (type >= 0) H5Tclose(type);
  if (space >= 0) H5Sclose(space);
  if ((class != a && class != b) || points != 1 || size > 65536) {
    H5Aclose(attr);
    return sf_fail(msg, SF_EFORMAT, "attribute %s: must be %s", full_name(at, name, full), what);
  }
  *id = attr;
  return SF_OK;
}

sf_err sf_h5_int(const sf_h5 *at, const char *name, int64_t lo, int64_t hi, bool *present, int64_t *value,
                 sf_msg *msg) {
  char full[192];
  hid_t attr;
  *present = false;
  /* h5py writes booleans as an enumeration; HDF5 converts those as well. */
  const sf_err e = attribute(at, name, H5T_INTEGER, H5T_ENUM, "one integer", &attr, msg);
  if (e != SF_OK || attr < 0) return e;
  long long x = 0;
  const herr_t bad = H5Aread(attr, H5T_NATIVE_LLONG, &x);
  H5Aclose(attr);
  if (bad < 0) return damaged(msg, at, name);
  if (x < lo || x > hi)
    return sf_fail(msg, SF_EINVAL, "attribute %s = %lld: must be %lld .. %lld", full_name(at, name, full), x,
                   (long long)lo, (long long)hi);
  *present = true;
  *value = x;
  return SF_OK;
}

sf_err sf_h5_string(const sf_h5 *at, const char *name, char *text, size_t room, sf_msg *msg) {
  char full[192];
  hid_t attr;
  text[0] = '\0';
  const sf_err e = attribute(at, name, H5T_STRING, H5T_STRING, "one string", &attr, msg);
  if (e != SF_OK || attr < 0) return e;
  const hid_t type = H5Aget_type(attr);
  const size_t size = H5Tget_size(type);
  char *fixed = NULL, *variable = NULL;
  herr_t bad = -1;
  const bool is_variable = H5Tis_variable_str(type) > 0;
  if (is_variable) bad = H5Aread(attr, type, &variable);
  else if ((fixed = calloc(1, size + 1)) != NULL) bad = H5Aread(attr, type, fixed);
  const char *got = is_variable ? variable : fixed;
  const bool fits = bad >= 0 && got != NULL && strlen(got) < room;
  if (fits) memcpy(text, got, strlen(got) + 1);
  free(fixed);
  if (variable != NULL) H5free_memory(variable);
  H5Tclose(type);
  H5Aclose(attr);
  if (bad < 0) return damaged(msg, at, name);
  if (!fits)
    return sf_fail(msg, SF_EFORMAT, "attribute %s: must be a string of at most %zu characters",
                   full_name(at, name, full), room - 1);
  return SF_OK;
}

/* ---- datasets ----------------------------------------------------------------------------------------------- */

/* Raw data in this file, in chunks that fit into memory, and as much of it as the size claims. */
static sf_err check_storage(hid_t set, uint64_t bytes, const char *full, sf_msg *msg) {
  const hid_t plist = H5Dget_create_plist(set);
  if (plist < 0) return sf_fail(msg, SF_EFORMAT, "%s: is damaged and cannot be read", full);
  const H5D_layout_t layout = H5Pget_layout(plist);
  const int outside = H5Pget_external_count(plist);
  uint64_t chunk = 0;
  if (layout == H5D_CHUNKED) {
    hsize_t d[H5S_MAX_RANK];
    const int rank = H5Pget_chunk(plist, H5S_MAX_RANK, d);
    chunk = rank < 0 ? UINT64_MAX : sizeof(int64_t);
    for (int i = 0; i < rank && chunk <= MAX_CHUNK_BYTES; i++)
      chunk = d[i] > MAX_CHUNK_BYTES ? UINT64_MAX : chunk * d[i];
  }
  H5Pclose(plist);
  if (outside != 0 || (layout != H5D_COMPACT && layout != H5D_CONTIGUOUS && layout != H5D_CHUNKED))
    return sf_fail(msg, SF_EFORMAT, "%s: must be stored in the file itself", full);
  if (chunk > MAX_CHUNK_BYTES) return sf_fail(msg, SF_EFORMAT, "%s: its chunks are larger than 256 MiB", full);
  if (bytes > SUSPECT_BYTES && H5Dget_storage_size(set) < bytes / MAX_COMPRESSION)
    return sf_fail(msg, SF_EFORMAT, "%s: claims %llu bytes that the file does not hold", full,
                   (unsigned long long)bytes);
  return SF_OK;
}

/* Are the sizes those of max (exact), or within them? */
static sf_err check_dims(const char *full, int rank, const hsize_t *size, const uint64_t *max, bool exact,
                         sf_msg *msg) {
  const unsigned long long s0 = size[0], s1 = size[1], m0 = max[0], m1 = rank > 1 ? max[1] : 1;
  if (exact ? s0 == m0 && s1 == m1 : s0 <= m0 && s1 <= m1) return SF_OK;
  const char *must = exact ? "must be" : "must be at most";
  if (rank == 1) return sf_fail(msg, SF_EFORMAT, "%s: has %llu elements: %s %llu", full, s0, must, m0);
  return sf_fail(msg, SF_EFORMAT, "%s: has %llu x %llu elements: %s %llu x %llu", full, s0, s1, must, m0, m1);
}

/* Open an integer dataset of this rank, its sizes as max says, and tell them. *id = -1 if there is none. */
static sf_err dataset(const sf_h5 *at, const char *name, int rank, const uint64_t *max, bool exact, uint64_t *dims,
                      hid_t *id, sf_msg *msg) {
  char full[192];
  full_name(at, name, full);
  bool present;
  *id = -1;
  sf_err e = child(at, name, &present, msg);
  if (e != SF_OK || !present) return e;
  const hid_t set = H5Oopen(at->id, name, H5P_DEFAULT);
  if (set < 0) return damaged(msg, at, name);
  if (H5Iget_type(set) != H5I_DATASET) {
    H5Oclose(set);
    return sf_fail(msg, SF_EFORMAT, "%s: must be a dataset", full);
  }
  const hid_t type = H5Dget_type(set), space = H5Dget_space(set);
  if (type < 0 || space < 0) e = damaged(msg, at, name);
  else if (H5Tget_class(type) != H5T_INTEGER || H5Tget_size(type) > 8)
    e = sf_fail(msg, SF_EFORMAT, "%s: must be of an integer type (8 to 64 bits)", full);
  else if (H5Sget_simple_extent_type(space) != H5S_SIMPLE || H5Sget_simple_extent_ndims(space) != rank)
    e = sf_fail(msg, SF_EFORMAT, "%s: must have %d dimension%s", full, rank, rank > 1 ? "s" : "");
  else {
    hsize_t size[2] = {0, 1};
    if (H5Sget_simple_extent_dims(space, size, NULL) < 0) e = damaged(msg, at, name);
    else e = check_dims(full, rank, size, max, exact, msg);
    if (e == SF_OK) e = check_storage(set, sizeof(int64_t) * size[0] * size[1], full, msg);
    for (int i = 0; i < rank; i++) dims[i] = size[i];
  }
  if (type >= 0) H5Tclose(type);
  if (space >= 0) H5Sclose(space);
  if (e == SF_OK) *id = set;
  else H5Dclose(set);
  return e;
}

sf_err sf_h5_dims(const sf_h5 *at, const char *name, int rank, const uint64_t *max, uint64_t *dims, bool *present,
                  sf_msg *msg) {
  hid_t set;
  const sf_err e = dataset(at, name, rank, max, false, dims, &set, msg);
  *present = e == SF_OK && set >= 0;
  if (set >= 0) H5Dclose(set);
  return e;
}

static void store(void *out, size_t size, uint64_t i, int64_t x) {
  if (size == 1) ((int8_t *)out)[i] = (int8_t)x;
  else if (size == 2) ((int16_t *)out)[i] = (int16_t)x;
  else ((int32_t *)out)[i] = (int32_t)x;
}

/* Are its elements signed bytes in the file, too? */
static bool is_bytes(hid_t set) {
  const hid_t type = H5Dget_type(set);
  const bool yes = type >= 0 && H5Tequal(type, H5T_NATIVE_INT8) > 0;
  if (type >= 0) H5Tclose(type);
  return yes;
}

/* Rows first .. first + n of a set of `columns` into buffer, as numbers of `type`. */
static herr_t read_rows(hid_t set, int rank, uint64_t first, uint64_t n, uint64_t columns, hid_t type, void *buffer) {
  const hsize_t start[2] = {first, 0}, count[2] = {n, columns};
  const hid_t file = H5Dget_space(set), memory = H5Screate_simple(rank, count, NULL);
  herr_t bad = file < 0 || memory < 0 ? -1 : 0;
  if (bad >= 0) bad = H5Sselect_hyperslab(file, H5S_SELECT_SET, start, NULL, count, NULL);
  if (bad >= 0) bad = H5Dread(set, type, memory, file, H5P_DEFAULT, buffer);
  if (file >= 0) H5Sclose(file);
  if (memory >= 0) H5Sclose(memory);
  return bad;
}

static sf_err read_checked(const sf_h5 *at, const char *name, int rank, uint64_t rows, uint64_t columns, int64_t lo,
                           int64_t hi, void *out, size_t size, bool *present, sf_msg *msg) {
  char full[192];
  full_name(at, name, full);
  const uint64_t want[2] = {rows, columns};
  uint64_t dims[2];
  hid_t set;
  *present = false;
  sf_err e = dataset(at, name, rank, want, true, dims, &set, msg);
  if (e != SF_OK || set < 0) return e;
  const uint64_t step = columns == 0 || columns >= BLOCK ? 1 : BLOCK / columns;
  int64_t *buffer = malloc((step * columns + 1) * sizeof *buffer);
  if (buffer == NULL) e = sf_fail(msg, SF_ENOMEM, "%s: out of memory", full);
  const bool bytes = size == 1 && is_bytes(set);
  for (uint64_t row = 0; row < rows && e == SF_OK; row += step) {
    const uint64_t n = rows - row < step ? rows - row : step;
    int8_t *const direct = (int8_t *)out + row * columns;
    if (bytes && read_rows(set, rank, row, n, columns, H5T_NATIVE_INT8, direct) >= 0 && sf_bytes_within(direct, n * columns, (int32_t)lo, (int32_t)hi))
      continue; /* otherwise the long way finds what is wrong, and where */
    if (read_rows(set, rank, row, n, columns, H5T_NATIVE_INT64, buffer) < 0) e = damaged(msg, at, name);
    for (uint64_t i = 0; i < n * columns && e == SF_OK; i++) {
      if (buffer[i] >= lo && buffer[i] <= hi) {
        store(out, size, row * columns + i, buffer[i]);
        continue;
      }
      char index[64];
      if (rank == 1) snprintf(index, sizeof index, "[%llu]", (unsigned long long)(row + i));
      else
        snprintf(index, sizeof index, "[%llu][%llu]", (unsigned long long)(row + i / columns),
                 (unsigned long long)(i % columns));
      e = sf_fail(msg, SF_EINVAL, "%s%s = %lld: must be %lld .. %lld", full, index, (long long)buffer[i], (long long)lo,
                  (long long)hi);
    }
  }
  free(buffer);
  H5Dclose(set);
  *present = e == SF_OK;
  return e;
}

sf_err sf_h5_read(const sf_h5 *at, const char *name, uint64_t n, int64_t lo, int64_t hi, void *out, size_t size,
                  bool *present, sf_msg *msg) {
  return read_checked(at, name, 1, n, 1, lo, hi, out, size, present, msg);
}

sf_err sf_h5_read2(const sf_h5 *at, const char *name, uint64_t rows, uint64_t columns, int64_t lo, int64_t hi,
                   void *out, size_t size, bool *present, sf_msg *msg) {
  return read_checked(at, name, 2, rows, columns, lo, hi, out, size, present, msg);
}
