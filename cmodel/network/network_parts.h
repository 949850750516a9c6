/* network_parts.h - of network.c, what readers of files and models need beside synfire/network.h. */
#ifndef SYNFIRE_NETWORK_PARTS_H
#define SYNFIRE_NETWORK_PARTS_H

#include "synfire/network.h"

/* sf_network_check_all() - sf_network_check() with or without the weights. */
SF_MUST_CHECK sf_err sf_network_check_all(const sf_network *net, bool weights, sf_msg *msg);

/* sf_weights_check() - the weights of one core; `core` only names it in the message. */
SF_MUST_CHECK sf_err sf_weights_check(const sf_core_net *c, uint32_t core, sf_msg *msg);

/* sf_core_net_drop_weights() - the core goes on without its weights. */
void sf_core_net_drop_weights(sf_core_net *c);

/* sf_learning_free() - NULL is harmless. sf_learning_check() - c->learning, which is not NULL. */
void sf_learning_free(sf_learning *l);
SF_MUST_CHECK sf_err sf_learning_check(const sf_core_net *c, uint32_t core, sf_msg *msg);

#endif
