/* h5_util.c - careful HDF5 reading; see h5_util.h. Writing is in h5_write.c. */
#define _POSIX_C_SOURCE 200809L
#include "files/h5_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "files/file_util.h"
#include "files/input_file.h"

/* ---- files and groups --------------------------------------------------------------------------------------- */

const char *sf_h5_full_name(const sf_h5 *at, const char *name, char out[192]) {
  snprintf(out, 192, "%.96s%s%.90s", at->name, at->name[0] != '\0' ? "/" : "", name);
  return out;
}

sf_err sf_h5_damaged(sf_msg *msg, const sf_h5 *at, const char *name) {
  char full[192];
  return sf_fail(msg, SF_EFORMAT, "%s: is damaged and cannot be read", sf_h5_full_name(at, name, full));
}

/* Is the mark that a writing program leaves in the file's head (from version 3 of the head on) still there? */
static bool is_marked_open(const char *path) {
  unsigned char head[12] = {0};
  FILE *f = fopen(path, "rb");
  const size_t n = f != NULL ? fread(head, 1, sizeof head, f) : 0;
  if (f != NULL) fclose(f);
  return n == sizeof head && memcmp(head + 1, "HDF", 3) == 0 && head[8] >= 3 && (head[11] & 1) != 0;
}

/* HDF5 itself only says no. */
static sf_err why_not_opened(const char *path, sf_msg *msg) {
  if (sf_file_is_locked(path)) return sf_fail(msg, SF_EIO, SF_LOCKED);
  if (is_marked_open(path))
    return sf_fail(
        msg, SF_EFORMAT,
        "was not closed by the program that wrote it, or is open for writing there; if no program has it open, "
        "h5clear -s makes it readable");
  return sf_fail(msg, SF_EFORMAT, "is no HDF5 file, or truncated or damaged");
}

/* A copy of what came through a pipe (input_file.h) has no name, and HDF5 follows the link to the one that it had: from
 * memory, then. */
static hid_t open_copy(const char *path) {
  struct stat st;
  FILE *f = fopen(path, "rb");
  const size_t n = f != NULL && fstat(fileno(f), &st) == 0 ? (size_t)st.st_size : 0;
  char *image = n > 0 ? malloc(n) : NULL;
  const bool whole = image != NULL && fread(image, 1, n, f) == n;
  const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  hid_t id = -1;
  char name[64]; /* no file's: HDF5 refuses an image by the name of one */
  snprintf(name, sizeof name, "%.40s/copy", path);
  if (whole && H5Pset_fapl_core(access, 1 << 20, false) >= 0 && H5Pset_file_image(access, image, n) >= 0)
    id = H5Fopen(name, H5F_ACC_RDONLY, access);
  H5Pclose(access);
  free(image);
  if (f != NULL) fclose(f);
  return id;
}

sf_err sf_h5_open(const char *path, sf_h5 *root, sf_msg *msg) {
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
  root->name[0] = '\0';
  root->id = sf_is_copy(path) ? open_copy(path) : H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
  return root->id < 0 ? why_not_opened(path, msg) : SF_OK;
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

sf_err sf_h5_child(const sf_h5 *at, const char *name, bool *present, sf_msg *msg) {
  char full[192];
  *present = false;
  const htri_t exists = H5Lexists(at->id, name, H5P_DEFAULT);
  if (exists < 0) return sf_h5_damaged(msg, at, name);
  if (exists == 0) return SF_OK;
  H5L_info_t info;
  if (H5Lget_info(at->id, name, &info, H5P_DEFAULT) < 0) return sf_h5_damaged(msg, at, name);
  if (info.type != H5L_TYPE_HARD)
    return sf_fail(msg, SF_EFORMAT, "%s: is a soft or external link, must be the object itself",
                   sf_h5_full_name(at, name, full));
  *present = true;
  return SF_OK;
}

sf_err sf_h5_group(const sf_h5 *at, const char *name, bool *present, sf_h5 *out, sf_msg *msg) {
  out->id = -1;
  const sf_err err = sf_h5_child(at, name, present, msg);
  if (err || !*present) return err;
  char full[192];
  sf_h5_full_name(at, name, full);
  const hid_t id = H5Oopen(at->id, name, H5P_DEFAULT);
  if (id < 0) return sf_h5_damaged(msg, at, name);
  if (H5Iget_type(id) != H5I_GROUP) {
    H5Oclose(id);
    return sf_fail(msg, SF_EFORMAT, "%s: must be a group", full);
  }
  out->id = id;
  snprintf(out->name, sizeof out->name, "%.90s", full);
  return SF_OK;
}

sf_err sf_h5_children(const sf_h5 *at, uint64_t *count, sf_msg *msg) {
  H5G_info_t info;
  if (H5Gget_info(at->id, &info) < 0) return sf_h5_damaged(msg, at, "(contents)");
  *count = info.nlinks;
  return SF_OK;
}

bool sf_h5_is_u64(hid_t type) {
  return type >= 0 && H5Tget_size(type) == sizeof(uint64_t) && H5Tget_sign(type) == H5T_SGN_NONE;
}

const char *sf_h5_written(int64_t value, bool u64, char out[24]) {
  if (u64) snprintf(out, 24, "%llu", (unsigned long long)value);
  else snprintf(out, 24, "%lld", (long long)value);
  return out;
}

/* ---- attributes --------------------------------------------------------------------------------------------- */

/* Open an attribute that must hold one element of class a or b. *id = -1 if there is none. */
static sf_err attribute(const sf_h5 *at, const char *name, H5T_class_t a, H5T_class_t b, const char *what, hid_t *id,
                        sf_msg *msg) {
  char full[192];
  *id = -1;
  const htri_t exists = H5Aexists(at->id, name);
  if (exists < 0) return sf_h5_damaged(msg, at, name);
  if (exists == 0) return SF_OK;
  const hid_t attr = H5Aopen(at->id, name, H5P_DEFAULT);
  if (attr < 0) return sf_h5_damaged(msg, at, name);
  const hid_t type = H5Aget_type(attr), space = H5Aget_space(attr);
  const H5T_class_t class = type < 0 ? H5T_NO_CLASS : H5Tget_class(type);
  const hssize_t points = space < 0 ? 0 : H5Sget_simple_extent_npoints(space);
  const size_t size = type < 0 ? 0 : H5Tget_size(type);
  if (type >= 0) H5Tclose(type);
  if (space >= 0) H5Sclose(space);
  if ((class != a && class != b) || points != 1 || size > 65536) {
    H5Aclose(attr);
    return sf_fail(msg, SF_EFORMAT, "attribute %s: must be %s", sf_h5_full_name(at, name, full), what);
  }
  *id = attr;
  return SF_OK;
}

sf_err sf_h5_int(const sf_h5 *at, const char *name, int64_t lo, int64_t hi, bool *present, int64_t *value,
                 sf_msg *msg) {
  char full[192], text[24];
  hid_t attr;
  *present = false;
  /* h5py writes booleans as an enumeration; HDF5 converts those as well. */
  const sf_err err = attribute(at, name, H5T_INTEGER, H5T_ENUM, "one integer", &attr, msg);
  if (err || attr < 0) return err;
  int64_t x = 0;
  const hid_t type = H5Aget_type(attr);
  const bool u64 = sf_h5_is_u64(type);
  const herr_t bad = H5Aread(attr, u64 ? H5T_NATIVE_UINT64 : H5T_NATIVE_INT64, &x);
  if (type >= 0) H5Tclose(type);
  H5Aclose(attr);
  if (bad < 0) return sf_h5_damaged(msg, at, name);
  if (x < lo || x > hi || (u64 && x < 0))
    return sf_fail(msg, SF_EINVAL, "attribute %s = %s: must be %lld .. %lld", sf_h5_full_name(at, name, full),
                   sf_h5_written(x, u64, text), (long long)lo, (long long)hi);
  *present = true;
  *value = x;
  return SF_OK;
}

sf_err sf_h5_string(const sf_h5 *at, const char *name, char *text, size_t room, sf_msg *msg) {
  char full[192];
  hid_t attr;
  text[0] = '\0';
  const sf_err err = attribute(at, name, H5T_STRING, H5T_STRING, "one string", &attr, msg);
  if (err || attr < 0) return err;
  const hid_t type = H5Aget_type(attr);
  const size_t size = H5Tget_size(type);
  char *fixed = NULL, *variable = NULL;
  herr_t bad = -1;
  const bool is_variable = H5Tis_variable_str(type) > 0;
  if (is_variable) bad = H5Aread(attr, type, &variable);
  else {
    fixed = calloc(1, size + 1);
    if (fixed != NULL) bad = H5Aread(attr, type, fixed);
  }
  const char *got = is_variable ? variable : fixed;
  const bool fits = bad >= 0 && got != NULL && strlen(got) < room;
  if (fits) memcpy(text, got, strlen(got) + 1);
  free(fixed);
  if (variable != NULL) H5free_memory(variable);
  H5Tclose(type);
  H5Aclose(attr);
  if (bad < 0) return sf_h5_damaged(msg, at, name);
  if (!fits)
    return sf_fail(msg, SF_EFORMAT, "attribute %s: must be a string of at most %zu characters",
                   sf_h5_full_name(at, name, full), room - 1);
  return SF_OK;
}

/* ---- names -------------------------------------------------------------------------------------------------- */

/* Attributes that anybody may write, and those that tools write by themselves: dimension scales (h5py, netCDF),
 * netCDF-4, PyTables and pandas, MATLAB, R. */
static const char *const for_people[] = {"name", "comment"};
static const char *const by_tools[] = {"CLASS",
                                       "NAME",
                                       "REFERENCE_LIST",
                                       "DIMENSION_LIST",
                                       "DIMENSION_LABELS",
                                       "_NCProperties",
                                       "_Netcdf4Dimid",
                                       "_nc3_strict",
                                       "_Netcdf4Coordinates",
                                       "_FillValue",
                                       "TITLE",
                                       "VERSION",
                                       "FILTERS",
                                       "FLAVOR",
                                       "EXTDIM",
                                       "PYTABLES_FORMAT_VERSION",
                                       "MATLAB_class",
                                       "MATLAB_empty",
                                       "MATLAB_int_decode",
                                       "H5PATH",
                                       "rhdf5-NA.OK"};

static bool is_one_of(const char *name, const char *const *list, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (strcmp(name, list[i]) == 0) return true;
  return false;
}

typedef struct names {
  const char *const *known;
  size_t n;
  char unknown[64];
} names;

static herr_t look_up_attribute(hid_t id, const char *name, const H5A_info_t *info, void *list) {
  names *l = list;
  (void)id;
  (void)info;
  if (is_one_of(name, l->known, l->n) || is_one_of(name, for_people, sizeof for_people / sizeof for_people[0]) ||
      is_one_of(name, by_tools, sizeof by_tools / sizeof by_tools[0]))
    return 0;
  snprintf(l->unknown, sizeof l->unknown, "%.60s", name);
  return 1;
}

/* netCDF keeps every dimension as a dataset of its own beside those that have it. */
static bool is_dimension_scale(hid_t group, const char *name) {
  char class[32] = "";
  const hid_t id = H5Oopen(group, name, H5P_DEFAULT);
  const sf_h5 at = {id, ""};
  const bool is = id >= 0 && H5Iget_type(id) == H5I_DATASET && !sf_h5_string(&at, "CLASS", class, sizeof class, NULL) &&
                  strcmp(class, "DIMENSION_SCALE") == 0;
  if (id >= 0) H5Oclose(id);
  return is;
}

static herr_t look_up_link(hid_t id, const char *name, const H5L_info_t *info, void *list) {
  names *l = list;
  if (is_one_of(name, l->known, l->n) || (info->type == H5L_TYPE_HARD && is_dimension_scale(id, name))) return 0;
  snprintf(l->unknown, sizeof l->unknown, "%.60s", name);
  return 1;
}

sf_err sf_h5_only(const sf_h5 *at, bool attributes, const char *const *known, size_t n, sf_msg *msg) {
  names list = {known, n, ""};
  const herr_t found = attributes ? H5Aiterate2(at->id, H5_INDEX_NAME, H5_ITER_INC, NULL, look_up_attribute, &list)
                                  : H5Literate(at->id, H5_INDEX_NAME, H5_ITER_INC, NULL, look_up_link, &list);
  if (found < 0) return sf_h5_damaged(msg, at, attributes ? "(attributes)" : "(contents)");
  if (found == 0) return SF_OK;
  char text[320] = "";
  size_t used = 0;
  for (size_t i = 0; i < n && used < sizeof text; i++)
    used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", i > 0 ? " " : "", known[i]);
  if (attributes && used < sizeof text) snprintf(text + used, sizeof text - used, "%sname comment", n > 0 ? " " : "");
  return sf_fail(msg, SF_EFORMAT, "%s%sunknown %s \"%s\"; known: %s", at->name, at->name[0] != '\0' ? ": " : "",
                 attributes ? "attribute" : "member", list.unknown, text);
}
