/* cache.h - results of steps, each in a folder of the cache (util/cache.h) named by a hash of all that determines it.
 *
 *     sf_entry e;
 *     sf_err err = sf_entry_open("synth", &hash, &e, msg);                waits while another process computes it
 *     if (err || e.ready) return err;                                     e.path holds result.json and logs
 *     ... compute in e.work ...
 *     return sf_entry_close(&e, keep, msg);                               renamed to e.path, or put aside */
#ifndef SF_HARNESS_EXPLORE_CACHE_H
#define SF_HARNESS_EXPLORE_CACHE_H

#include "util/cache.h"
#include "util/hash.h"

typedef sf_cache_slot sf_entry; /* e.path: build/explore/STEP-HASH */

/* sf_entry_path() - where the entry is or would be; true if it is there. */
bool sf_entry_path(const char *step, const sf_hash *hash, char path[SF_PATH_MAX]);

SF_MUST_CHECK sf_err sf_entry_open(const char *step, const sf_hash *hash, sf_entry *e, sf_msg *msg);
/* keep false: what was made is moved to PATH.failed, for its logs. SF_EIO when it cannot be renamed. */
SF_MUST_CHECK sf_err sf_entry_close(sf_entry *e, bool keep, sf_msg *msg);

/* sf_entry_tidy() - remove what stopped processes left half made. */
void sf_entry_tidy(void);

#endif
