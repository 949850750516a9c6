/* network_file.h - networks in files; they are part of the library's public interface. */
#ifndef SYNFIRE_NETWORK_FILE_H
#define SYNFIRE_NETWORK_FILE_H

#include "synfire/files.h"

#endif
