/* h5_kind.h - what an HDF5 file holds, by what is in it and not by its name. */
#ifndef SYNFIRE_H5_KIND_H
#define SYNFIRE_H5_KIND_H

#include "synfire/base.h"

typedef enum sf_h5_kind { SF_H5_NETWORK, SF_H5_SPIKES, SF_H5_OTHER } sf_h5_kind;

/* sf_h5_kind_of() - a file that cannot be opened is a network: the reader of networks says what is the matter.
 * SF_EFORMAT: the HDF5 library crashes on it. */
SF_MUST_CHECK sf_err sf_h5_kind_of(const char *path, sf_h5_kind *kind, sf_msg *msg);

#endif
