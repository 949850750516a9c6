/* apart.c - see apart.h. */
#define _GNU_SOURCE
#include "util/apart.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files/file_util.h"
#include "files/json_util.h"
#include "util/paths.h"

#define JSON_LIMIT ((size_t)1 << 28)

/* What a path leads to: a file that is there, or the place where it would be made. */
typedef struct place {
  bool there;
  struct stat st;
  char whole[SF_PATH_MAX];
} place;

static void split(const char *path, char folder[SF_PATH_MAX], const char **name) {
  const char *slash = strrchr(path, '/');
  snprintf(folder, SF_PATH_MAX, "%.*s", slash ? (int)(slash - path) + 1 : 2, slash ? path : "./");
  *name = slash ? slash + 1 : path;
}

/* Where a file that is not there would be made: its folder without links, and a link that leads nowhere followed. */
static void find_unmade(const char *path, place *p) {
  char at[SF_PATH_MAX], link[SF_PATH_MAX], folder[SF_PATH_MAX], whole[SF_PATH_MAX];
  snprintf(at, sizeof at, "%s", path);
  for (int i = 0; i < 16; i++) {
    const char *name;
    split(at, folder, &name);
    if (!realpath(folder, whole)) break; /* it cannot be made, which is for others to say */
    if (snprintf(p->whole, sizeof p->whole, "%s/%s", whole, name) >= (int)sizeof p->whole) break;
    const ssize_t n = readlink(p->whole, link, sizeof link - 1);
    if (n <= 0) return;
    link[n] = '\0';
    if (snprintf(at, sizeof at, "%s%s%s", link[0] == '/' ? "" : whole, link[0] == '/' ? "" : "/", link) >=
        (int)sizeof at)
      break;
  }
  p->whole[0] = '\0';
}

static void find(const char *path, place *p) {
  memset(p, 0, sizeof *p);
  p->there = stat(path, &p->st) == 0;
  if (!p->there) find_unmade(path, p);
  else if (!realpath(path, p->whole)) p->whole[0] = '\0';
}

static bool same(const place *a, const place *b) {
  if (a->there && b->there) return a->st.st_dev == b->st.st_dev && a->st.st_ino == b->st.st_ino;
  return !a->there && !b->there && a->whole[0] && !strcmp(a->whole, b->whole);
}

/* ---- inputs, and what they name ---- */

typedef struct input {
  char *text; /* how a message names it */
  place at;
} input;

typedef struct inputs {
  input *list;
  size_t n;
  bool full; /* of memory */
} inputs;

static void free_inputs(inputs *in) {
  for (size_t i = 0; i < in->n; i++) free(in->list[i].text);
  free(in->list);
}

static void add(inputs *in, const char *name, const char *path);

/* Strings that name files, relative to the folder of the file that they stand in. */
static void add_named(inputs *in, const cJSON *object, const char *folder) {
  static const char *const key[] = {"weights_csv", "file", "spikes"};
  const cJSON *item;
  cJSON_ArrayForEach(item, object) {
    char path[SF_PATH_MAX];
    if (cJSON_IsArray(item) || cJSON_IsObject(item)) add_named(in, item, folder);
    for (size_t i = 0; cJSON_IsString(item) && item->string && i < sizeof key / sizeof *key; i++) {
      const char *value = item->valuestring;
      if (strcmp(item->string, key[i]) != 0) continue;
      if (snprintf(path, sizeof path, "%s%s", value[0] == '/' ? "" : folder, value) < (int)sizeof path)
        add(in, key[i], path);
    }
  }
}

static void follow(inputs *in, const char *path) {
  char folder[SF_PATH_MAX], *text;
  const char *name;
  bool hdf5;
  size_t length;
  cJSON *json = NULL;
  if (sf_file_is_hdf5(path, &hdf5, NULL) || hdf5 || sf_file_read(path, JSON_LIMIT, &text, &length, NULL)) return;
  const bool names = strstr(text, "\"weights_csv\"") || strstr(text, "\"file\"") || strstr(text, "\"spikes\"");
  if (names && text[strspn(text, "\xEF\xBB\xBF \t\r\n")] == '{' && !sf_json_parse(text, length, &json, NULL)) {
    split(path, folder, &name);
    add_named(in, json, folder);
    cJSON_Delete(json);
  }
  free(text);
}

static void add(inputs *in, const char *name, const char *path) {
  input *more = realloc(in->list, (in->n + 1) * sizeof *more);
  if (more) in->list = more;
  if (!more || asprintf(&more[in->n].text, "%s %s", name, path) < 0) {
    in->full = true;
    return;
  }
  place *at = &more[in->n++].at;
  find(path, at);
  if (!strcmp(path, "-")) at->there = fstat(STDIN_FILENO, &at->st) == 0;
  if (!at->there || !S_ISREG(at->st.st_mode)) return;
  for (size_t i = 0; i + 1 < in->n; i++)
    if (same(&in->list[i].at, at)) return; /* has been looked into */
  follow(in, path);
}

static inputs all_inputs(const sf_file_role *in, size_t n) {
  inputs all = {0};
  for (size_t i = 0; i < n; i++)
    if (in[i].path) add(&all, in[i].name, in[i].path);
  return all;
}

/* ---- outputs ---- */

static sf_err one_apart(const char *name, const char *path, const place *at, const inputs *in, sf_msg *msg) {
  for (size_t i = 0; i < in->n; i++)
    if (same(at, &in->list[i].at))
      return sf_fail(msg, SF_EINVAL, "%s %.200s is the same file as %.200s, which is read", name, path,
                     in->list[i].text);
  return SF_OK;
}

sf_err sf_files_apart(const sf_file_role *out, size_t n_out, const sf_file_role *in, size_t n_in, sf_msg *msg) {
  bool any = false;
  for (size_t i = 0; i < n_out; i++) any |= out[i].path != NULL;
  if (!any) return SF_OK;
  inputs all = all_inputs(in, n_in);
  sf_err err = all.full ? sf_fail(msg, SF_ENOMEM, "out of memory") : SF_OK;
  for (size_t i = 0; !err && i < n_out; i++) {
    place at, other;
    if (!out[i].path) continue;
    find(out[i].path, &at);
    err = one_apart(out[i].name, out[i].path, &at, &all, msg);
    for (size_t k = 0; !err && k < i; k++) {
      if (!out[k].path) continue;
      find(out[k].path, &other);
      if (same(&at, &other))
        err = sf_fail(msg, SF_EINVAL, "%s %.200s and %s %.200s are the same file", out[k].name, out[k].path,
                      out[i].name, out[i].path);
    }
  }
  free_inputs(&all);
  return err;
}

/* Does whole lie below a folder of that name (a pattern, with its '/') in root? */
static bool is_below(const char *root, const char *pattern, const char *whole) {
  char name[256];
  const size_t n = strlen(root);
  if (strncmp(whole, root, n) != 0 || whole[n] != '/') return false;
  const char *slash = strchr(whole + n + 1, '/');
  if (!slash) return false;
  snprintf(name, sizeof name, "%.*s", (int)(slash + 1 - (whole + n + 1)), whole + n + 1);
  return fnmatch(pattern, name, 0) == 0;
}

sf_err sf_folder_apart(const char *what, const char *folder, const char *const *names, const sf_file_role *in,
                       size_t n_in, sf_msg *msg) {
  char root[SF_PATH_MAX], path[SF_PATH_MAX];
  inputs all = all_inputs(in, n_in);
  sf_err err = all.full ? sf_fail(msg, SF_ENOMEM, "out of memory") : SF_OK;
  if (!err && !realpath(folder, root)) err = sf_fail(msg, SF_EIO, "%s: %s", folder, strerror(errno));
  for (; !err && *names; names++) {
    place at;
    if ((*names)[strlen(*names) - 1] == '/') {
      for (size_t i = 0; !err && i < all.n; i++)
        if (is_below(root, *names, all.list[i].at.whole))
          err = sf_fail(msg, SF_EINVAL, "%s %.200s: %.200s lies in its folder %s, which is made anew", what, folder,
                        all.list[i].text, *names);
      continue;
    }
    if (snprintf(path, sizeof path, "%s/%s", root, *names) >= (int)sizeof path) continue;
    find(path, &at);
    err = one_apart(what, path, &at, &all, msg);
  }
  free_inputs(&all);
  return err;
}
