/* image.h - what the host bus writes into a core before it runs: every word of every memory, from a network.
 *
 * The address map is in synfire/host.h. A network may be smaller than the core: what it does not use is
 * filled too (no weight, threshold at its maximum, no route), so that nothing in the hardware stays random. */
#ifndef SF_HARNESS_IMAGE_H
#define SF_HARNESS_IMAGE_H

#include "synfire/host.h"
#include "synfire/model.h"
#include "synfire/network.h"
#include "synfire/params.h"

#define SF_NEURON_FIELDS 3 /* threshold, bias, profile: what an image holds of the fields of a neuron */

typedef struct sf_image {
  sf_params p;
  uint32_t n_weights; /* words */
  uint32_t *weights;  /* [n_weights] */
  uint32_t *neurons;  /* [neurons * SF_NEURON_FIELDS] */
  uint32_t *profiles; /* [profiles * SF_PROFILE_FIELDS] */
  uint32_t *pointers; /* [neurons] */
  uint32_t *routes;   /* [routes] */
  uint32_t seed;
  int32_t *v_init, *u_init; /* [neurons]: not kept by the hardware over a restart, written after each */
} sf_image;

/* sf_image_new() - the words for core `core` of net on hardware p; net must fit (sf_network_fit). The caller frees. */
SF_MUST_CHECK sf_err sf_image_new(const sf_network *net, uint32_t core, const sf_params *p, sf_image **out,
                                  sf_msg *msg);
void sf_image_free(sf_image *image); /* NULL is harmless */

/* sf_image_word() - the word at a host address that reads back what was written (weights, threshold .. profile,
 * profiles, routes), or NULL: state, registers, unmapped. */
uint32_t *sf_image_word(const sf_image *image, uint32_t addr);

/* sf_weight_place() - where the weight of an axon and a neuron lies: a row holds the weights of one axon to one group
 * of lanes, in sf_row_words() words. sf_weight_word(): of a word which weights it holds, those of `axon` to `count`
 * neurons from `neuron` on, the first in its lowest bits. sf_weight_value(): the weight in the lowest bits of
 * `bits`. */
typedef struct sf_weight_at {
  uint32_t word, bit;
} sf_weight_at;
typedef struct sf_word_weights {
  uint32_t axon, neuron, count;
} sf_word_weights;
sf_weight_at sf_weight_place(const sf_params *p, uint32_t axon, uint32_t neuron);
sf_word_weights sf_weight_word(const sf_params *p, uint32_t word);
int32_t sf_weight_value(const sf_params *p, uint32_t bits);

/* sf_image_parameter() - the value of parameter register SF_REG_PARAMETERS + i. */
uint32_t sf_image_parameter(const sf_params *p, uint32_t i);

/* sf_image_each() - every word of the image with its address, memories first, then SEED; stops when visit returns
 * something other than SF_OK and returns it. */
sf_err sf_image_each(const sf_image *image, sf_err (*visit)(void *self, uint32_t addr, uint32_t word), void *self);

/* sf_image_network() - the whole image as a network of one core of exactly the hardware's size and features, with
 * v_init and u_init 0: what the hardware is right after reset. For the functional model. The caller frees it. */
SF_MUST_CHECK sf_err sf_image_network(const sf_image *image, sf_network **out, sf_msg *msg);

/* sf_image_routes() - the routes of all neurons, an entry of two neurons' lists counted for each. */
uint64_t sf_image_routes(const sf_image *image);

#endif
