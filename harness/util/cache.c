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

#include "util/lock.h"

#define LOCK ".lock"
#define WORK ".work-"
#define LONGEST 64 /* what is put behind the path of an entry, and more */

/* ---- an entry ---- */

bool sf_cache_has(const char *path, const char *proof) {
  char inside[SF_PATH_MAX + LONGEST];
  if (!proof) return access(path, R_OK) == 0;
  snprintf(inside, sizeof inside, "%s/%s", path, proof);
  return access(inside, R_OK) == 0;
}

/* A file is marked as used; that another user's cannot be marked makes it no worse. */
static bool is_ready(const sf_cache_slot *slot) {
  if (!sf_cache_has(slot->path, slot->proof)) return false;
  if (!slot->proof) (void)utimensat(AT_FDCWD, slot->path, NULL, 0);
  return true;
}

static void let_go(sf_cache_slot *slot) {
  unlink(slot->lock_path);
  sf_lock_drop(&slot->lock);
}

static int is_work_name(const struct dirent *e) { return strstr(e->d_name, WORK) != NULL; }

/* What was left of an entry whose lock we hold: whoever was at work there is dead, or was still dying when we began to
 * wait. */
static void remove_left(const char *cache, const char *name) {
  char path[SF_PATH_MAX];
  struct dirent **list;
  const int n = scandir(cache, &list, is_work_name, NULL);
  for (int i = 0; i < n; i++) {
    const char *work = strstr(list[i]->d_name, WORK);
    const size_t entry = (size_t)(work - list[i]->d_name);
    const bool ours = strlen(name) == entry && !strncmp(list[i]->d_name, name, entry);
    if (ours && snprintf(path, sizeof path, "%s/%s", cache, list[i]->d_name) < SF_PATH_MAX) sf_remove_tree(path);
    free(list[i]);
  }
  if (n >= 0) free(list);
}

sf_err sf_cache_open(const char *cache, const char *name, const char *proof, sf_cache_slot *slot, sf_msg *msg) {
  *slot = (sf_cache_slot){.lock = -1, .proof = proof};
  if (snprintf(slot->path, SF_PATH_MAX, "%s/%s", cache, name) >= SF_PATH_MAX - LONGEST)
    return sf_fail(msg, SF_EIO, "%.80s...: path too long", cache);
  slot->ready = is_ready(slot);
  if (slot->ready) return SF_OK;
  const int length = (int)strlen(slot->path);
  snprintf(slot->lock_path, SF_PATH_MAX, "%.*s" LOCK, length, slot->path);
  const sf_err err = sf_lock_take(slot->lock_path, SF_LOCK_WAIT | SF_LOCK_MAKE, &slot->lock, msg);
  if (err) return err;
  /* Whoever held it has renamed the entry into place before letting go, or has failed. */
  slot->ready = is_ready(slot);
  if (slot->ready) {
    let_go(slot);
    return SF_OK;
  }
  remove_left(cache, name);
  snprintf(slot->work, SF_PATH_MAX, "%.*s" WORK "XXXXXX", length, slot->path);
  if (!mkdtemp(slot->work)) {
    const int why = errno;
    let_go(slot);
    return sf_fail(msg, SF_EIO, "%s: no folder can be made: %s", cache, strerror(why));
  }
  (void)chmod(slot->work, 0755);
  return SF_OK;
}

static sf_err put_in_place(const sf_cache_slot *slot, const char *made, sf_msg *msg) {
  char from[SF_PATH_MAX + LONGEST];
  snprintf(from, sizeof from, "%s%s%s", slot->work, *made ? "/" : "", made);
  if (!*made) sf_remove_tree(slot->path); /* a folder without what proves it: not ours, and in the way */
  return rename(from, slot->path) ? sf_fail(msg, SF_EIO, "%s: %s", slot->path, strerror(errno)) : SF_OK;
}

sf_err sf_cache_close(sf_cache_slot *slot, const char *made, sf_err err, sf_msg *msg) {
  if (slot->lock < 0) return err;
  if (!err && made) err = put_in_place(slot, made, msg);
  sf_remove_tree(slot->work);
  let_go(slot);
  return err;
}

/* ---- what killed programs left ---- */

static bool is_lock(const char *name) {
  const size_t n = strlen(name);
  return n > strlen(LOCK) && !strcmp(name + n - strlen(LOCK), LOCK);
}

static int is_lock_name(const struct dirent *e) { return is_lock(e->d_name); }

/* A lock or a folder of work: nobody is at work there when the entry's lock is free. */
static void tidy_one(const char *cache, const char *name) {
  char path[SF_PATH_MAX], lock_path[SF_PATH_MAX];
  const char *work = strstr(name, WORK);
  const int entry = work ? (int)(work - name) : (int)(strlen(name) - strlen(LOCK));
  int lock;
  if (snprintf(path, sizeof path, "%s/%s", cache, name) >= SF_PATH_MAX) return;
  if (snprintf(lock_path, sizeof lock_path, "%s/%.*s" LOCK, cache, entry, name) >= SF_PATH_MAX) return;
  if (access(path, F_OK)) return;
  if (sf_lock_take(lock_path, SF_LOCK_MAKE, &lock, NULL) || lock < 0) return;
  if (work) sf_remove_tree(path);
  unlink(lock_path);
  sf_lock_drop(&lock);
}

static void tidy_all(const char *cache, int (*wanted)(const struct dirent *)) {
  struct dirent **list;
  const int n = scandir(cache, &list, wanted, NULL);
  if (n < 0) return;
  for (int i = 0; i < n; i++) {
    tidy_one(cache, list[i]->d_name);
    free(list[i]);
  }
  free(list);
}

void sf_cache_tidy(const char *cache) {
  tidy_all(cache, is_work_name);
  tidy_all(cache, is_lock_name);
}

/* ---- what is used least ---- */

typedef struct used {
  char *name;
  struct timespec when;
} used;

static int by_use(const void *a, const void *b) {
  const struct timespec *x = &((const used *)a)->when, *y = &((const used *)b)->when;
  if (x->tv_sec != y->tv_sec) return x->tv_sec < y->tv_sec ? -1 : 1;
  return (x->tv_nsec > y->tv_nsec) - (x->tv_nsec < y->tv_nsec);
}

static int is_entry_name(const struct dirent *e) { return e->d_name[0] != '.' && !is_lock(e->d_name); }

void sf_cache_prune(const char *cache, size_t most) {
  struct dirent **list;
  const int found = scandir(cache, &list, is_entry_name, NULL);
  const int folder = open(cache, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  used *file = found > 0 ? calloc((size_t)found, sizeof *file) : NULL;
  size_t n = 0;
  for (int i = 0; file && i < found; i++) {
    struct stat st;
    if (fstatat(folder, list[i]->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode))
      file[n++] = (used){list[i]->d_name, st.st_mtim};
  }
  if (n > most) {
    qsort(file, n, sizeof *file, by_use);
    for (size_t i = 0; i < n - most; i++) unlinkat(folder, file[i].name, 0);
  }
  free(file);
  for (int i = 0; i < found; i++) free(list[i]);
  if (found >= 0) free(list);
  if (folder >= 0) close(folder);
}
