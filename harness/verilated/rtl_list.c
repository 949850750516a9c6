/* rtl_list.c - see rtl_list.h. */
#define _GNU_SOURCE
#include "verilated/rtl_list.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "files/file_util.h"

#define LIST "synfire.f"
#define LIST_BYTES 65536

static bool readable(const char *folder, const char *name) {
  char path[SF_PATH_MAX + 64];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  return access(path, R_OK) == 0;
}

sf_err sf_rtl_folder(char path[SF_PATH_MAX], sf_msg *msg) {
  const char *set = getenv("SYNFIRE_RTL");
  if (!set || !*set) return sf_data_path("rtl", path, msg);
  if (!realpath(set, path)) return sf_fail(msg, SF_EIO, "SYNFIRE_RTL=%s: %s", set, strerror(errno));
  if (!readable(path, LIST) && !readable(path, "synfire_core.v"))
    return sf_fail(msg, SF_EIO, "SYNFIRE_RTL=%s: no synfire_core.v in that folder, nor a " LIST, set);
  return SF_OK;
}

static const char *base_name(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

static size_t place_of(const sf_rtl_list *list, const char *name) {
  size_t i = 0;
  while (i < list->n && strcmp(base_name(list->file[i]), base_name(name)) != 0) i++;
  return i;
}

/* folder/name becomes list->file[i]. */
static sf_err put(sf_rtl_list *list, size_t i, const char *name, sf_msg *msg) {
  char *path;
  if (asprintf(&path, "%s/%s", list->folder, name) < 0) return sf_fail(msg, SF_ENOMEM, "out of memory");
  if (i == list->n) list->n++;
  else free(list->file[i]);
  list->file[i] = path;
  return access(path, R_OK) ? sf_fail(msg, SF_EIO, "%s: %s", path, strerror(errno)) : SF_OK;
}

static sf_err add(sf_rtl_list *list, const char *name, sf_msg *msg) {
  if (list->n == SF_RTL_FILES)
    return sf_fail(msg, SF_EIO, "%s: more than %d Verilog files", list->folder, SF_RTL_FILES);
  if (place_of(list, name) < list->n)
    return sf_fail(msg, SF_EIO, "%s: %s: a file of that name twice", list->folder, name);
  return put(list, list->n, name, msg);
}

/* The file that stands in for the one of its name. */
static sf_err replace(sf_rtl_list *list, const char *name, sf_msg *msg) {
  const size_t i = place_of(list, name);
  if (i == list->n) return sf_fail(msg, SF_EIO, "%s: %s takes the place of no file of " LIST, list->folder, name);
  return put(list, i, name, msg);
}

/* name: the list, from list->folder. The files that it names, from its own folder, go to take(). */
static sf_err read_list(sf_rtl_list *list, const char *name, sf_err (*take)(sf_rtl_list *, const char *, sf_msg *),
                        sf_msg *msg) {
  char path[SF_PATH_MAX + 64], file[SF_PATH_MAX], *text = NULL, *save = NULL;
  const int within = (int)(base_name(name) - name);
  size_t length, files = 0;
  snprintf(path, sizeof path, "%s/%s", list->folder, name);
  sf_err err = sf_file_read(path, LIST_BYTES, &text, &length, msg);
  if (err) return err;
  for (char *line = strtok_r(text, "\r\n", &save); line && !err; line = strtok_r(NULL, "\r\n", &save)) {
    line += strspn(line, " \t");
    for (size_t n = strlen(line); n && strchr(" \t", line[n - 1]); n--) line[n - 1] = '\0';
    if (!*line || !strncmp(line, "//", 2)) continue;
    const int n = snprintf(file, sizeof file, "%.*s%s", within, name, line);
    err = (size_t)n < sizeof file ? take(list, file, msg) : sf_fail(msg, SF_EIO, "%s: a path too long", path);
    files++;
  }
  free(text);
  if (!err && files == 0) return sf_fail(msg, SF_EIO, "%s: names no file", path);
  return err;
}

static int is_source(const struct dirent *e) {
  const char *dot = strrchr(e->d_name, '.');
  return dot && e->d_name[0] != '.' && !strcmp(dot, ".v");
}

static sf_err scan_folder(sf_rtl_list *list, sf_msg *msg) {
  struct dirent **entry;
  const int n = scandir(list->folder, &entry, is_source, alphasort);
  sf_err err = SF_OK;
  if (n < 0) return sf_fail(msg, SF_EIO, "%s: %s", list->folder, strerror(errno));
  for (int i = 0; i < n; i++) {
    if (!err) err = add(list, entry[i]->d_name, msg);
    free(entry[i]);
  }
  free(entry);
  return err;
}

sf_err sf_rtl_list_read(sf_rtl_list *list, sf_msg *msg) {
  *list = (sf_rtl_list){.n = 0};
  sf_err err = sf_rtl_folder(list->folder, msg);
  if (!err) err = readable(list->folder, LIST) ? read_list(list, LIST, add, msg) : scan_folder(list, msg);
  if (err || !readable(list->folder, "lint.vlt")) return err;
  return asprintf(&list->waivers, "%s/lint.vlt", list->folder) < 0 ? sf_fail(msg, SF_ENOMEM, "out of memory") : SF_OK;
}

sf_err sf_rtl_list_hard(sf_rtl_list *list, const char *family, sf_msg *msg) {
  char name[64];
  snprintf(name, sizeof name, "hard/%.16s/%.16s.f", family, family);
  return readable(list->folder, LIST) && readable(list->folder, name) ? read_list(list, name, replace, msg) : SF_OK;
}

void sf_rtl_parameters(const sf_params *p, char flag[][SF_RTL_FLAG]) {
  size_t n = 0;
#define FLAG(kind, name, rtl, field, standard, lo, hi) \
  snprintf(flag[n++], SF_RTL_FLAG, "-G" #rtl "=%u", (unsigned)p->field);
  SF_PARAMS(FLAG)
#undef FLAG
}

size_t sf_rtl_arguments(const sf_rtl_list *list, const char **argv) {
  size_t n = 0;
  if (list->waivers) argv[n++] = list->waivers;
  for (size_t i = 0; i < list->n; i++) argv[n++] = list->file[i];
  return n;
}

void sf_rtl_list_free(sf_rtl_list *list) {
  for (size_t i = 0; i < list->n; i++) free(list->file[i]);
  free(list->waivers);
  *list = (sf_rtl_list){.n = 0};
}
