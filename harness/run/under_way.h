/* under_way.h - what is still on its way when a run ends: spikes whose routes deliver at or after its end. Seen from
 * the spikes of the last ticks, so that it is the same on every backend. */
#ifndef SF_HARNESS_UNDER_WAY_H
#define SF_HARNESS_UNDER_WAY_H

#include "synfire/model.h"

typedef struct sf_under_way sf_under_way;

/* sf_under_way_new() - for runs of net, which must stay. The caller frees it; NULL is harmless there. */
SF_MUST_CHECK sf_err sf_under_way_new(const sf_network *net, sf_under_way **out, sf_msg *msg);
void sf_under_way_free(sf_under_way *w);

/* sf_under_way_start() - a run of `end` ticks from tick 0; 0: nothing will be counted. */
void sf_under_way_start(sf_under_way *w, uint32_t end);

/* sf_under_way_tick() - the spikes of one tick, in order. */
void sf_under_way_tick(sf_under_way *w, const sf_tick_result *tick);

/* sf_under_way_count() - events that have not arrived; those that meet on one axon in one tick are one. As
 * sf_model_under_way() of a model that ran the same ticks without input events for later ones. */
uint64_t sf_under_way_count(const sf_under_way *w);

#endif
