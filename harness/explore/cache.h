/* cache.h - results of steps, each in a folder named by a hash of everything that determines it.
 *
 *     sf_entry e;
 *     if ((err = sf_entry_open("synth", &hash, &e, msg))) return err;     waits while another process computes it
 *     if (e.ready) return SF_OK;                                          e.path holds result.json and logs
 *     ... compute in e.work, a folder of our own on the same disk ...
 *     return sf_entry_close(&e, keep, msg);                               renamed to e.path, or put aside
 *
 * What is in the cache is complete: it gets there by one rename. */
#ifndef SF_HARNESS_EXPLORE_CACHE_H
#define SF_HARNESS_EXPLORE_CACHE_H

#include "util/tool.h"

typedef struct sf_entry {
  bool ready;
  int lock;               /* -1: none held */
  char path[SF_PATH_MAX]; /* build/explore/STEP-HASH */
  char work[SF_PATH_MAX];
  char lock_path[SF_PATH_MAX];
} sf_entry;

/* sf_entry_path() - where the entry is or would be; true if it is there. */
bool sf_entry_path(const char *step, const sf_hash *hash, char path[SF_PATH_MAX]);

SF_MUST_CHECK sf_err sf_entry_open(const char *step, const sf_hash *hash, sf_entry *e, sf_msg *msg);
/* keep false: what was made is moved to PATH.failed, for its logs. SF_EIO when it cannot be renamed. */
SF_MUST_CHECK sf_err sf_entry_close(sf_entry *e, bool keep, sf_msg *msg);

/* sf_entry_tidy() - remove what stopped processes left half made. */
void sf_entry_tidy(void);

#endif
