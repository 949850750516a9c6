/* spikes_file.h - input and output spikes in files; they are part of the library's public interface. */
#ifndef SYNFIRE_SPIKES_FILE_H
#define SYNFIRE_SPIKES_FILE_H

#include "synfire/files.h"

/* sf_spikes_end_check() - is every tick below s->ticks, where that is given? SF_EINVAL names the first that is not. */
SF_MUST_CHECK sf_err sf_spikes_end_check(const sf_spikes *s, sf_msg *msg);

#endif
