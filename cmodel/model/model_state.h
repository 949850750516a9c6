/* model_state.h - the arrays of a core: making, filling, freeing them. Rows and routes are the caller's. */
#ifndef SYNFIRE_MODEL_STATE_H
#define SYNFIRE_MODEL_STATE_H

#include "model/model_core.h"

/* sf_zeros() - n elements of `element` bytes on a cache line, large pages where it is worth it; never of size 0. NULL
 * when out of memory; free() frees them. */
void *sf_zeros(size_t n, size_t element);

/* sf_state_alloc() - all arrays of a core of these sizes; false when out of memory, and then too sf_state_free() frees
 * what there is. */
bool sf_state_alloc(sf_model_core *c, const sf_core_net *net);
void sf_state_free(sf_model_core *c);

/* sf_state_copy() - profiles, neurons and initial state of the network's core; sf_state_share(): of another core of the
 * same sizes, poked as it may be. */
void sf_state_copy(sf_model_core *c, const sf_core_net *net);
void sf_state_share(sf_model_core *c, const sf_model_core *from);

/* sf_state_reset() - tick 0, the initial state, no event under way. */
void sf_state_reset(sf_model_core *c);

#endif
