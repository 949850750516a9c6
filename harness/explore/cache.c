/* cache.c - see cache.h. */
#define _GNU_SOURCE
#include "explore/cache.h"

#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files/file_util.h"
#include "util/process.h"

static bool name_entry(const char *step, const sf_hash *hash, char path[SF_PATH_MAX], sf_msg *msg) {
  char folder[SF_PATH_MAX], hex[33];
  sf_hash_hex(hash, hex);
  if (sf_cache_path("explore", folder, msg)) return false;
  if (snprintf(path, SF_PATH_MAX, "%s/%s-%s", folder, step, hex) < SF_PATH_MAX - 64) return true;
  sf_fail(msg, SF_EIO, "%.80s...: path too long", folder);
  return false;
}

static bool is_there(const char *path) {
  char result[SF_PATH_MAX + 16];
  snprintf(result, sizeof result, "%s/result.json", path);
  return access(result, R_OK) == 0;
}

bool sf_entry_path(const char *step, const sf_hash *hash, char path[SF_PATH_MAX]) {
  path[0] = '\0';
  return name_entry(step, hash, path, NULL) && is_there(path);
}

sf_err sf_entry_open(const char *step, const sf_hash *hash, sf_entry *e, sf_msg *msg) {
  *e = (sf_entry){.lock = -1};
  if (!name_entry(step, hash, e->path, msg)) return SF_EIO;
  e->ready = is_there(e->path);
  if (e->ready) return SF_OK;
  snprintf(e->lock_path, sizeof e->lock_path, "%.*s.lock", SF_PATH_MAX - 32, e->path);
  const sf_err err = sf_lock_take(e->lock_path, SF_LOCK_WAIT | SF_LOCK_MAKE, &e->lock, msg);
  if (err) return err;
  /* Whoever held it has renamed the result into place before letting go, or has failed. */
  e->ready = is_there(e->path);
  if (e->ready) {
    unlink(e->lock_path);
    sf_lock_drop(&e->lock);
    return SF_OK;
  }
  snprintf(e->work, sizeof e->work, "%.*s.work-XXXXXX", SF_PATH_MAX - 32, e->path);
  if (!mkdtemp(e->work)) {
    const int why = errno;
    sf_lock_drop(&e->lock);
    return sf_fail(msg, SF_EIO, "%s: %s", e->work, strerror(why));
  }
  (void)chmod(e->work, 0755);
  return SF_OK;
}

sf_err sf_entry_close(sf_entry *e, bool keep, sf_msg *msg) {
  sf_err err = SF_OK;
  if (e->lock < 0) return SF_OK;
  if (keep) {
    sf_remove_tree(e->path); /* a folder without result.json: not ours, and in the way */
    if (rename(e->work, e->path)) err = sf_fail(msg, SF_EIO, "%s: %s", e->path, strerror(errno));
  }
  if (!keep || err) {
    char aside[SF_PATH_MAX];
    snprintf(aside, sizeof aside, "%.*s.failed", SF_PATH_MAX - 32, e->path);
    sf_remove_tree(aside);
    if (rename(e->work, aside)) sf_remove_tree(e->work);
  }
  /* Another process may wait on this file: it sees that it is gone, makes a new one, and finds the entry or computes
   * it. */
  unlink(e->lock_path);
  sf_lock_drop(&e->lock);
  return err;
}

void sf_entry_tidy(void) {
  char folder[SF_PATH_MAX], pattern[SF_PATH_MAX + 32];
  glob_t locks, left;
  if (sf_cache_path("explore", folder, NULL)) return;
  snprintf(pattern, sizeof pattern, "%s/*.lock", folder);
  if (glob(pattern, 0, NULL, &locks)) return;
  for (size_t i = 0; i < locks.gl_pathc; i++) {
    int lock;
    if (sf_lock_take(locks.gl_pathv[i], 0, &lock, NULL) || lock < 0) continue; /* somebody is at work there */
    snprintf(pattern, sizeof pattern, "%.*s.work-*", (int)(strlen(locks.gl_pathv[i]) - strlen(".lock")),
             locks.gl_pathv[i]);
    if (glob(pattern, 0, NULL, &left) == 0) {
      for (size_t k = 0; k < left.gl_pathc; k++) sf_remove_tree(left.gl_pathv[k]);
      globfree(&left);
    }
    unlink(locks.gl_pathv[i]);
    sf_lock_drop(&lock);
  }
  globfree(&locks);
}
