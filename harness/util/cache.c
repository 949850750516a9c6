/* cache.c - see cache.h. */
#define _GNU_SOURCE
#include "util/cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "util/process.h"
#include "util/tool.h"

#define MAX_ENTRIES 400

typedef struct entry {
  char name[96];
  struct timespec used;
} entry;

static int older(const void *a, const void *b) {
  const struct timespec *x = &((const entry *)a)->used, *y = &((const entry *)b)->used;
  if (x->tv_sec != y->tv_sec) return x->tv_sec < y->tv_sec ? -1 : 1;
  return (x->tv_nsec > y->tv_nsec) - (x->tv_nsec < y->tv_nsec);
}

/* Folders in which nobody builds any more: whoever made them was killed. */
static void tidy(const char *cache) {
  DIR *folder = opendir(cache);
  for (struct dirent *e; folder && (e = readdir(folder));) {
    char path[SF_PATH_MAX + 300];
    int lock;
    if (strncmp(e->d_name, "build-", 6)) continue;
    snprintf(path, sizeof path, "%s/%s", cache, e->d_name);
    if (access(path, W_OK | X_OK) || sf_lock_take(path, 0, &lock, NULL) || lock < 0) continue;
    sf_remove_tree(path);
    sf_lock_drop(&lock);
  }
  if (folder) closedir(folder);
}

/* Remove what was not used for longest; an object that another program has loaded stays loaded there. */
static void prune(const char *cache) {
  DIR *folder = opendir(cache);
  entry *list = NULL;
  size_t n = 0, room = 0;
  for (struct dirent *e; folder && (e = readdir(folder));) {
    struct stat st;
    const char *dot = strrchr(e->d_name, '.');
    if (!dot || (strcmp(dot, ".so") && strcmp(dot, ".log")) || strlen(e->d_name) >= sizeof list->name) continue;
    if (fstatat(dirfd(folder), e->d_name, &st, AT_SYMLINK_NOFOLLOW)) continue;
    if (n == room) {
      entry *more = realloc(list, (room = room ? 2 * room : 64) * sizeof *list);
      if (!more) break;
      list = more;
    }
    snprintf(list[n].name, sizeof list[n].name, "%s", e->d_name);
    list[n++].used = st.st_mtim;
  }
  if (n > MAX_ENTRIES) {
    qsort(list, n, sizeof *list, older);
    for (size_t i = 0; i < n - MAX_ENTRIES; i++) unlinkat(dirfd(folder), list[i].name, 0);
  }
  free(list);
  if (folder) closedir(folder);
}

sf_err sf_cache_open(const char *cache, const char *name, const char *suffix, sf_cache_slot *slot,
                     char path[SF_PATH_MAX], sf_msg *msg) {
  char lock[SF_PATH_MAX + 64];
  *slot = (sf_cache_slot){.lock = -1, .folder_lock = -1};
  if (snprintf(slot->path, sizeof slot->path, "%s/%s.%s", cache, name, suffix) >= SF_PATH_MAX - 64)
    return sf_fail(msg, SF_EIO, "%.80s...: path too long", cache);
  snprintf(slot->cache, sizeof slot->cache, "%s", cache);
  snprintf(slot->name, sizeof slot->name, "%s", name);
  snprintf(path, SF_PATH_MAX, "%s", slot->path);
  /* The time of the last use decides what is removed first; a rebuild in between is as good. */
  if (utimensat(AT_FDCWD, path, NULL, 0) == 0) {
    slot->ready = true;
    return SF_OK;
  }
  /* 64 lock files for all entries: they can never be removed without a race, so there must not be many. */
  unsigned which = 0;
  for (const char *c = name; *c; c++) which = which * 31 + (unsigned char)*c;
  snprintf(lock, sizeof lock, "%s/%s%u.lock", slot->cache, strncmp(name, "runtime", 7) ? "core" : "runtime",
           which % 64);
  const sf_err err = sf_lock_take(lock, SF_LOCK_WAIT | SF_LOCK_MAKE, &slot->lock, msg);
  if (err) return err;
  if (utimensat(AT_FDCWD, path, NULL, 0) == 0) { /* built while we waited */
    sf_lock_drop(&slot->lock);
    slot->ready = true;
  }
  return SF_OK;
}

sf_err sf_cache_folder(sf_cache_slot *slot, char folder[SF_PATH_MAX], sf_msg *msg) {
  tidy(slot->cache);
  for (;;) {
    if (snprintf(folder, SF_PATH_MAX, "%s/build-%.40s-XXXXXX", slot->cache, slot->name) >= SF_PATH_MAX ||
        !mkdtemp(folder))
      return sf_fail(msg, SF_EIO, "%s: no folder can be made: %s", slot->cache, strerror(errno));
    const sf_err err = sf_lock_take(folder, SF_LOCK_WAIT, &slot->folder_lock, msg);
    if (!err) break;
    if (access(folder, F_OK) == 0) return err;
    /* Before it was locked, somebody took it for one left behind. */
  }
  snprintf(slot->folder, sizeof slot->folder, "%s", folder);
  return SF_OK;
}

sf_err sf_cache_close(sf_cache_slot *slot, const char *made, sf_err err, sf_msg *msg) {
  if (!err && made && slot->folder[0]) {
    char from[SF_PATH_MAX + 64];
    snprintf(from, sizeof from, "%s%s%s", slot->folder, *made ? "/" : "", made);
    if (!*made) chmod(from, 0755);
    if (rename(from, slot->path)) err = sf_fail(msg, SF_EIO, "%s: %s", slot->path, strerror(errno));
  }
  if (slot->folder[0]) sf_remove_tree(slot->folder);
  sf_lock_drop(&slot->folder_lock);
  sf_lock_drop(&slot->lock);
  if (!err) prune(slot->cache);
  return err;
}
