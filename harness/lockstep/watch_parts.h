/* watch_parts.h - inside the watch: what watch.c and watch_host.c have in common, which is in watch_state.c. */
#ifndef SF_HARNESS_WATCH_PARTS_H
#define SF_HARNESS_WATCH_PARTS_H

#include "lockstep/watch.h"

enum { SF_NOT_YET = 2 }; /* of sf_watch.spike: no write-back in this tick yet */

/* sf_watch_found() - notes the first finding, of the cycle and tick that it is; false. */
bool sf_watch_found(sf_watch *w, const char *what, sf_place place, uint32_t at, int64_t expected, int64_t got);
void sf_watch_start_tick(sf_watch *w);
/* sf_watch_restart() - what reset and restart do; sf_watch_renew(): a new model, after routes or ring were written,
 * false with a finding where it cannot be; sf_watch_counters(): since the last reset. */
void sf_watch_restart(sf_watch *w);
bool sf_watch_renew(sf_watch *w);
sf_counters sf_watch_counters(const sf_watch *w);

/* watch_host.c: the access under way is over, o shows its answer. */
bool sf_watch_host_over(sf_watch *w, const sf_core_ports *o);

#endif
