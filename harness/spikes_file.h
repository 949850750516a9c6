/* spikes_file.h - input and output spikes in files; they are part of the library's public interface. */
#ifndef SYNFIRE_SPIKES_FILE_H
#define SYNFIRE_SPIKES_FILE_H

#include "synfire/files.h"

#endif
