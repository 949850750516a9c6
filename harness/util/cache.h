/* cache.h - a folder of made things that any number of programs and users may fill at once.
 *
 *     sf_cache_slot slot;
 *     sf_err err = sf_cache_open(cache, "core-0123.so", NULL, &slot, msg);     waits while another program makes it
 *     if (err || slot.ready) return err;                                       it is there: slot.path can be used
 *     ... make `core.so` in slot.work, a folder of our own on the same disk ...
 *     return sf_cache_close(&slot, err ? NULL : "core.so", err, msg);          renamed to slot.path, or thrown away
 *
 * What is in the cache is complete, always: it gets there by one rename. Beside an entry that is being made lie its
 * lock, ENTRY.lock, and the folder it is made in, ENTRY.work-XXXXXX; both go when it is done. The lock is held by
 * whoever makes the entry and by the tools at work for him, so that what a killed program left can be told from what is
 * in use: the lock of a dead one is free. Locks are removed by those who hold them, and by nobody else; who has waited
 * for one that is gone begins anew (lock.h). */
#ifndef SF_UTIL_CACHE_H
#define SF_UTIL_CACHE_H

#include "util/paths.h"

typedef struct sf_cache_slot {
  bool ready;             /* the entry exists; nothing is held */
  int lock;               /* -1: not held */
  char path[SF_PATH_MAX]; /* the entry */
  char work[SF_PATH_MAX]; /* the folder to make it in */
  char lock_path[SF_PATH_MAX];
  const char *proof;
} sf_cache_slot;

/* sf_cache_has() - is the entry at path there: a file, or a folder with the file `proof` in it? */
bool sf_cache_has(const char *path, const char *proof);

/* sf_cache_open() - the entry `name` of the folder `cache`: a file, or a folder in which `proof` lies (NULL: a file; it
 * must stay). If it is not there, wait for whoever makes it; if it still is not, hold its lock: sf_cache_close() must
 * follow. A file counts as used now. */
SF_MUST_CHECK sf_err sf_cache_open(const char *cache, const char *name, const char *proof, sf_cache_slot *slot,
                                   sf_msg *msg);

/* sf_cache_close() - move `made` of slot->work ("" = the whole folder) into place, unless it is NULL; clean up; release
 * the lock. Returns err, or the error that came here. Harmless on a slot that was ready. */
SF_MUST_CHECK sf_err sf_cache_close(sf_cache_slot *slot, const char *made, sf_err err, sf_msg *msg);

/* sf_cache_tidy() - remove what killed programs left half made. */
void sf_cache_tidy(const char *cache);

/* sf_cache_prune() - of the files (not the folders) keep those `most` that were used last. An object that a program has
 * loaded stays loaded there. */
void sf_cache_prune(const char *cache, size_t most);

#endif
