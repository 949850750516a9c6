/* store.h - the trained network and the encoded digits in the project's file formats. */
#ifndef SF_TRAIN_STORE_H
#define SF_TRAIN_STORE_H

#include "synfire/base.h"
#include "train/integer.h"

/* Where things lie in the core: axons 0..783 are pixels, 784..1023 the hidden neurons 0..239, and neurons 240..249
 * are the classes. Neurons 250..255 have no weights and never spike. */
#define SF_STORE_AXONS 1024
#define SF_STORE_NEURONS 256
#define SF_STORE_FIRST_OUT SF_SNN_HIDDEN

/* sf_store_network() - write the network as HDF5 to path, which holds either all of it or what it held before. */
SF_MUST_CHECK sf_err sf_store_network(const char *path, const struct sf_integer *net, sf_msg *msg);

/* sf_store_spikes() - write the input spikes and labels of a set of digits, one sample a digit. */
SF_MUST_CHECK sf_err sf_store_spikes(const char *path, const struct sf_mnist *set, uint32_t ticks, sf_msg *msg);

#endif
