/* model_probe.h - the functional model under observation: what the lockstep harness has to see and to do between ticks
 * that no user of a model should. A door of this room: it needs no more of the model than the public header tells. */
#ifndef SYNFIRE_MODEL_PROBE_H
#define SYNFIRE_MODEL_PROBE_H

#include "synfire/model.h"

/* sf_model_due() - was this neuron (in range) updated by hardware of `lanes` lanes in the last tick? */
bool sf_model_due(const sf_model *m, uint32_t core, uint32_t lanes, uint32_t neuron);

/* sf_model_wake() - the host wrote to neurons or profiles: every group is due. What sf_model_poke() writes does that
 * itself. */
void sf_model_wake(sf_model *m, uint32_t core);

/* sf_model_poke_unseen() - a fault in one word of a neuron: groups that were quiet stay so. */
SF_MUST_CHECK sf_err sf_model_poke_unseen(sf_model *m, uint32_t core, uint32_t neuron, sf_field field, int32_t value);

/* sf_model_take_rest() - who rests, from a model of the same neurons in the same state. */
void sf_model_take_rest(sf_model *m, const sf_model *from);

#endif
