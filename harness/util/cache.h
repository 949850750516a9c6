/* cache.h - a folder of built files that several programs may fill at once.
 *
 *     sf_cache_slot slot;
 *     if ((err = sf_cache_open(cache, name, "so", &slot, path, msg))) return err;
 *     if (slot.ready) return SF_OK;                    it is there: path can be used
 *     err = sf_cache_folder(&slot, folder, msg);       else: we hold its lock and build in a folder of our own
 *     ... make `core.so` in folder ...
 *     return sf_cache_close(&slot, err ? NULL : "core.so", err, msg);          renamed to path, or thrown away
 *
 * What is in the cache is complete, always: it gets there by one rename. Entries that were not used for longest are
 * removed when there are more than 400; so are the folders in which somebody built who was killed: whoever builds
 * holds a lock on the folder, and his compilers hold it with him. */
#ifndef SF_HARNESS_RTL_CACHE_H
#define SF_HARNESS_RTL_CACHE_H

#include "util/paths.h"

typedef struct sf_cache_slot {
  bool ready;            /* the entry exists; nothing is held */
  int lock, folder_lock; /* -1: not held */
  char cache[SF_PATH_MAX], name[64], path[SF_PATH_MAX], folder[SF_PATH_MAX];
} sf_cache_slot;

/* sf_cache_open() - path becomes cache/name.suffix. If it is not there, wait for whoever builds it; if it still is not,
 * hold the lock: sf_cache_close() must follow. */
SF_MUST_CHECK sf_err sf_cache_open(const char *cache, const char *name, const char *suffix, sf_cache_slot *slot,
                                   char path[SF_PATH_MAX], sf_msg *msg);

/* sf_cache_folder() - a fresh folder to build in. */
SF_MUST_CHECK sf_err sf_cache_folder(sf_cache_slot *slot, char folder[SF_PATH_MAX], sf_msg *msg);

/* sf_cache_close() - move `made` of the folder ("" = the whole folder) into place, unless it is NULL; clean up; release
 * the lock. Returns err, or the error that came here. */
SF_MUST_CHECK sf_err sf_cache_close(sf_cache_slot *slot, const char *made, sf_err err, sf_msg *msg);

#endif
