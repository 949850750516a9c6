/* folder.h - the folder of a synthesis: its name, its lock, what is written into it. */
#ifndef SF_SYNTH_FOLDER_H
#define SF_SYNTH_FOLDER_H

#include "synth/flow.h"

/* sf_synth_folder_name() - the name in reports: the configuration's own, else its file's without folder and ending. */
void sf_synth_folder_name(sf_synth_job *job, const char *path);

/* sf_synth_folder_open() - job->folder: `given`, or one in the cache; created, absolute, and ours alone until the
 * program ends. */
SF_MUST_CHECK sf_err sf_synth_folder_open(sf_synth_job *job, const char *given, sf_msg *msg);

/* sf_synth_folder_apart() - the configuration must not be a file that the run writes or removes. */
SF_MUST_CHECK sf_err sf_synth_folder_apart(const sf_synth_job *job, const char *config, sf_msg *msg);

void sf_synth_folder_clear(const sf_synth_job *job); /* of results of an earlier run */

/* sf_synth_folder_write() - file `name` in it; NULL as text is out of memory. */
SF_MUST_CHECK sf_err sf_synth_folder_write(const sf_synth_job *job, const char *name, const char *text, sf_msg *msg);

#endif
