/* scratch.c - see scratch.h. */
#define _GNU_SOURCE
#include "scratch.h"

#include <check.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[64];

/* The HDF5 library forgets some of its memory when a damaged file makes it give up; that is not ours to see. The leak
 * sanitizer asks for these functions by name. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_options(void);
const char *__lsan_default_options(void) { return "print_suppressions=0"; }
const char *__lsan_default_suppressions(void) { return "leak:libhdf5"; }

void scratch_begin(void) {
  /* In memory where that is possible: fuzzing writes tens of thousands of files. */
  strcpy(folder, access("/dev/shm", W_OK) == 0 ? "/dev/shm/synfire-test-XXXXXX" : "/tmp/synfire-test-XXXXXX");
  if (mkdtemp(folder) == NULL) {
    perror("mkdtemp");
    exit(EXIT_FAILURE);
  }
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
}

static int each(const char *prefix, bool remove_them) {
  int n = 0;
  DIR *dir = opendir(folder);
  for (struct dirent *entry = dir ? readdir(dir) : NULL; entry; entry = readdir(dir)) {
    if (entry->d_name[0] == '.' || strncmp(entry->d_name, prefix, strlen(prefix)) != 0) continue;
    n++;
    if (remove_them) unlink(scratch_path(entry->d_name));
  }
  if (dir != NULL) closedir(dir);
  return n;
}

void scratch_end(void) {
  each("", true);
  rmdir(folder);
}

int scratch_count(const char *prefix) { return each(prefix, false); }

const char *scratch_path(const char *name) {
  static char path[4][400];
  static int turn;
  turn = (turn + 1) % 4;
  snprintf(path[turn], sizeof path[0], "%s/%.256s", folder, name);
  return path[turn];
}

const char *scratch_write(const char *name, const void *data, size_t n) {
  const char *path = scratch_path(name);
  FILE *f = fopen(path, "wb");
  if (f == NULL || fwrite(data, 1, n, f) != n || fclose(f) != 0) ck_abort_msg("%s could not be written", path);
  return path;
}

const char *scratch_text(const char *name, const char *text) { return scratch_write(name, text, strlen(text)); }

char *scratch_read(const char *path, size_t *n) {
  FILE *f = fopen(path, "rb");
  if (f == NULL || fseek(f, 0, SEEK_END) != 0) ck_abort_msg("%s could not be read", path);
  *n = (size_t)ftell(f);
  rewind(f);
  char *data = malloc(*n + 1);
  if (data == NULL || fread(data, 1, *n, f) != *n) ck_abort_msg("%s could not be read", path);
  fclose(f);
  return data;
}

/* ---- HDF5 --------------------------------------------------------------------------------------------------- */

static hid_t must(hid_t id, const char *what) {
  if (id < 0) ck_abort_msg("HDF5: %s", what);
  return id;
}

hid_t h5_new(const char *path) { return must(H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT), path); }
hid_t h5_edit(const char *path) { return must(H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT), path); }
void h5_done(hid_t file) { must(H5Fclose(file), "close"); }

void h5_delete(hid_t file, const char *name) { must(H5Ldelete(file, name, H5P_DEFAULT), name); }

static bool exists(hid_t file, const char *name) {
  char part[200];
  for (const char *slash = strchr(name, '/'); slash; slash = strchr(slash + 1, '/')) {
    snprintf(part, sizeof part, "%.*s", (int)(slash - name), name);
    if (H5Lexists(file, part, H5P_DEFAULT) <= 0) return false;
  }
  return H5Lexists(file, name, H5P_DEFAULT) > 0;
}

static hid_t with_parents(void) {
  const hid_t plist = H5Pcreate(H5P_LINK_CREATE);
  H5Pset_create_intermediate_group(plist, 1);
  return plist;
}

void h5_group(hid_t file, const char *name) {
  const hid_t plist = with_parents();
  H5Gclose(must(H5Gcreate2(file, name, plist, H5P_DEFAULT, H5P_DEFAULT), name));
  H5Pclose(plist);
}

static void make_set(hid_t file, const char *name, hid_t file_type, uint64_t rows, uint64_t columns, hid_t create,
                     const int64_t *values) {
  const hsize_t dims[2] = {rows, columns};
  if (exists(file, name)) h5_delete(file, name);
  const hid_t plist = with_parents(), space = H5Screate_simple(columns > 0 ? 2 : 1, dims, NULL);
  const hid_t set = must(H5Dcreate2(file, name, file_type, space, plist, create, H5P_DEFAULT), name);
  if (rows > 0 && values != NULL) must(H5Dwrite(set, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, values), name);
  H5Dclose(set);
  H5Sclose(space);
  H5Pclose(plist);
}

void h5_ints(hid_t file, const char *name, hid_t file_type, uint64_t rows, uint64_t columns, const int64_t *values) {
  make_set(file, name, file_type, rows, columns, H5P_DEFAULT, values);
}

void h5_chunks(hid_t file, const char *name, hid_t file_type, uint64_t rows, uint64_t columns, const hsize_t chunk[2],
               H5Z_filter_t filter, const int64_t *values) {
  const hid_t create = H5Pcreate(H5P_DATASET_CREATE);
  must(H5Pset_chunk(create, columns > 0 ? 2 : 1, chunk), name);
  if (filter != H5Z_FILTER_NONE) must(H5Pset_filter(create, filter, 0, 1, (const unsigned[]){1}), name);
  make_set(file, name, file_type, rows, columns, create, values);
  H5Pclose(create);
}

static void attribute(hid_t file, const char *object, const char *name, hid_t type, hid_t memory, const void *value) {
  const hid_t at = must(H5Oopen(file, object, H5P_DEFAULT), object), space = H5Screate(H5S_SCALAR);
  if (H5Aexists(at, name) > 0) H5Adelete(at, name);
  const hid_t attr = must(H5Acreate2(at, name, type, space, H5P_DEFAULT, H5P_DEFAULT), name);
  must(H5Awrite(attr, memory, value), name);
  H5Aclose(attr);
  H5Sclose(space);
  H5Oclose(at);
}

void h5_attr_int(hid_t file, const char *object, const char *name, hid_t file_type, int64_t value) {
  attribute(file, object, name, file_type, H5T_NATIVE_INT64, &value);
}

void h5_attr_bool(hid_t file, const char *object, const char *name, bool value) {
  const hid_t type = H5Tenum_create(H5T_NATIVE_INT8);
  const int8_t no = 0, yes = 1, it = value;
  H5Tenum_insert(type, "FALSE", &no);
  H5Tenum_insert(type, "TRUE", &yes);
  attribute(file, object, name, type, type, &it);
  H5Tclose(type);
}

void h5_attr_text(hid_t file, const char *object, const char *name, const char *text, bool variable) {
  const hid_t type = H5Tcopy(H5T_C_S1);
  H5Tset_size(type, variable ? H5T_VARIABLE : strlen(text) + 1);
  if (variable) H5Tset_cset(type, H5T_CSET_UTF8);
  attribute(file, object, name, type, type, variable ? (const void *)&text : text);
  H5Tclose(type);
}
