/* network_format.h - what the network formats (HDF5, JSON) share: field names, their places in the structs, ranges. */
#ifndef SYNFIRE_NETWORK_FORMAT_H
#define SYNFIRE_NETWORK_FORMAT_H

#include "synfire/base.h"
#include "synfire/network.h"

#define SF_NETWORK_FORMAT "synfire-network"
#define SF_NETWORK_VERSION 2 /* that is written; 1 is read too: an HDF5 threshold left out is 0 there */

enum { SF_NEURON_FIELDS = 5, SF_ROUTE_FIELDS = 4, SF_ROUTE_CORE = 1, SF_NEURON_THRESHOLD = 0 };
extern const char *const sf_neuron_names[SF_NEURON_FIELDS];   /* threshold bias profile v_init u_init */
extern const char *const sf_profile_names[SF_PROFILE_FIELDS]; /* of SF_PROFILE_TABLE */
extern const char *const sf_route_names[SF_ROUTE_FIELDS];     /* neuron core axon delay */
extern const int64_t sf_route_max[SF_ROUTE_FIELDS];           /* the largest value any network can have */

/* Field f of a route. */
void sf_route_set(sf_route *r, size_t f, int32_t value);
int32_t sf_route_get(const sf_route *r, size_t f);

/* The range of a field in core c, by its sizes alone. */
void sf_neuron_range(const sf_core_net *c, size_t f, int64_t *lo, int64_t *hi);
void sf_profile_range(const sf_core_net *c, size_t f, int64_t *lo, int64_t *hi);
void sf_weight_range(uint32_t weight_bits, int64_t *lo, int64_t *hi);

/* sf_infer_features() - HAS_CURRENT, HAS_REFRACTORY, HAS_ADAPTATION, HAS_NOISE that the file does not state are 1 if a
 * value asks for them. */
void sf_infer_features(sf_core_net *c, const bool stated[4]);

/* "potential", "spikes", "first" */
SF_MUST_CHECK sf_err sf_read_method_parse(const char *text, sf_read_method *method, sf_msg *msg);
const char *sf_read_method_name(sf_read_method method);

/* sf_network_read_json() - network_json.c; as sf_network_read(), but messages do not start with the path. `beside` is a
 * path in the folder where the files lie that the network names: as a rule the same. */
SF_MUST_CHECK sf_err sf_network_read_json(const char *path, const char *beside, sf_network **out, sf_msg *msg);

#endif
