/* paths.c - see paths.h. */
#define _GNU_SOURCE
#include "util/paths.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MARK "rtl/synfire.f" /* the file by which the folder is known */

bool sf_path_join(char out[SF_PATH_MAX], const char *folder, const char *name) {
  return snprintf(out, SF_PATH_MAX, "%s%s%s", folder, *name ? "/" : "", name) < SF_PATH_MAX;
}

static sf_err join(char out[SF_PATH_MAX], const char *folder, const char *name, sf_msg *msg) {
  if (sf_path_join(out, folder, name)) return SF_OK;
  return sf_fail(msg, SF_EIO, "%.80s...: path longer than %d bytes", folder, SF_PATH_MAX);
}

static bool holds_mark(const char *folder) {
  char path[SF_PATH_MAX];
  return !join(path, folder, MARK, NULL) && access(path, R_OK) == 0;
}

/* The folder with the RTL: climb from the program's own folder. *tree says whether it is a source tree. */
static sf_err find_root(char root[SF_PATH_MAX], bool *tree, sf_msg *msg) {
  *tree = false;
  const char *set = getenv("SYNFIRE_DATA");
  if (set && *set) {
    if (!holds_mark(set)) return sf_fail(msg, SF_EIO, "SYNFIRE_DATA=%s: no %s in that folder", set, MARK);
    char resolved[SF_PATH_MAX];
    if (!realpath(set, resolved)) return sf_fail(msg, SF_EIO, "%s: %s", set, strerror(errno));
    return join(root, resolved, "", msg);
  }
  char exe[SF_PATH_MAX];
  const ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);
  if (n <= 0)
    return sf_fail(msg, SF_EIO, "/proc/self/exe: %s; set SYNFIRE_DATA to the synfire folder", strerror(errno));
  exe[n] = '\0';
  for (char *slash = strrchr(exe, '/'); slash && slash != exe; slash = strrchr(exe, '/')) {
    *slash = '\0';
    if (holds_mark(exe)) {
      *tree = true;
      return join(root, exe, "", msg);
    }
    char share[SF_PATH_MAX];
    if (!join(share, exe, "share/synfire", NULL) && holds_mark(share)) return join(root, share, "", msg);
  }
  return sf_fail(msg, SF_EIO, "%s not found above the program; set SYNFIRE_DATA to the synfire folder", MARK);
}

sf_err sf_data_path(const char *relative, char path[SF_PATH_MAX], sf_msg *msg) {
  char root[SF_PATH_MAX];
  bool tree;
  const sf_err err = find_root(root, &tree, msg);
  return err ? err : join(path, root, relative, msg);
}

sf_err sf_make_folder(const char *path, sf_msg *msg) {
  char part[SF_PATH_MAX];
  sf_err err = join(part, path, "", msg);
  if (err) return err;
  for (char *p = part + 1;; p++) {
    if (*p != '/' && *p != '\0') continue;
    const char kept = *p;
    *p = '\0';
    if (mkdir(part, 0777) != 0 && errno != EEXIST) return sf_fail(msg, SF_EIO, "%s: %s", part, strerror(errno));
    if (!kept) break;
    *p = kept;
  }
  struct stat info;
  if (stat(path, &info) != 0 || !S_ISDIR(info.st_mode)) return sf_fail(msg, SF_EIO, "%s: not a folder", path);
  return SF_OK;
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw) {
  (void)st;
  (void)flag;
  (void)ftw;
  return remove(path);
}

void sf_remove_tree(const char *path) { nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS); }

/* A folder of ours, made if it is missing; or one that belongs to somebody else. */
static bool is_ours(const char *base, const char *name, char path[SF_PATH_MAX]) {
  return !join(path, base, name, NULL) && !sf_make_folder(path, NULL) && access(path, W_OK | X_OK) == 0;
}

sf_err sf_cache_path(const char *name, char path[SF_PATH_MAX], sf_msg *msg) {
  char base[SF_PATH_MAX], root[SF_PATH_MAX];
  bool tree;
  const char *set = getenv("SYNFIRE_CACHE"), *xdg = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
  if (set && *set) {
    const sf_err err = join(path, set, name, msg);
    return err ? err : sf_make_folder(path, msg);
  }
  const bool in_tree = !find_root(root, &tree, NULL) && tree;
  if (in_tree && !join(base, root, "build", NULL) && is_ours(base, name, path)) return SF_OK;
  if (xdg && *xdg == '/') {
    if (!join(base, xdg, "synfire", NULL) && is_ours(base, name, path)) return SF_OK;
  } else if (home && *home) {
    if (!join(base, home, ".cache/synfire", NULL) && is_ours(base, name, path)) return SF_OK;
  }
  return sf_fail(msg, SF_EIO, "no folder for built files may be written%s%s%s: set SYNFIRE_CACHE or HOME",
                 in_tree ? ", neither " : "", in_tree ? root : "", in_tree ? "/build nor the user's cache" : "");
}
