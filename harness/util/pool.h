/* pool.h - the same work for many items on a few threads. */
#ifndef SF_UTIL_POOL_H
#define SF_UTIL_POOL_H

#include "synfire/base.h"

struct sf_progress;

/* Work on one item. worker: 0 .. jobs-1, for state of one's own. Anything but SF_OK stops the handing out. */
typedef sf_err (*sf_pool_work)(void *self, uint32_t worker, uint64_t item, sf_msg *msg);

/* sf_pool_run() - work(item) for every item 0 .. n-1, handed out in order to `jobs` threads; bar (NULL allowed) is
 * stepped by the calling thread. Items already under way are finished after an error; the error of the lowest item is
 * returned, with its message and *failed = the item. jobs 0: one a processor. */
SF_MUST_CHECK sf_err sf_pool_run(uint32_t jobs, uint64_t n, sf_pool_work work, void *self, struct sf_progress *bar,
                                 uint64_t *failed, sf_msg *msg);

/* sf_pool_jobs() - `wanted`, or the number of processors if that is 0; at least 1, at most n and 64. */
uint32_t sf_pool_jobs(uint32_t wanted, uint64_t n);

#endif
