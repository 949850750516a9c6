/* network_file.h - networks in files: HDF5 ("synfire-network", version 1) and, for small ones, JSON.
 * The formats are documented in harness/README.md. */
#ifndef SYNFIRE_NETWORK_FILE_H
#define SYNFIRE_NETWORK_FILE_H

#include "synfire/base.h"
#include "synfire/network.h"

/* sf_network_read() - read and check a network, HDF5 or JSON by its first bytes. *out is written only on SF_OK;
 * the caller frees it with sf_network_free(). Messages start with the path. */
SF_MUST_CHECK sf_err sf_network_read(const char *path, sf_network **out, sf_msg *msg);

/* sf_network_write() - check net and write it as HDF5 to a temporary file beside path, then rename it: path holds
 * either the whole network or what it held before. Fields that are at their default everywhere are left out. */
SF_MUST_CHECK sf_err sf_network_write(const char *path, const sf_network *net, sf_msg *msg);

#endif
