/* file_kind.h - what kind of file it is: by content, not by name. */
#ifndef SF_FILES_FILE_KIND_H
#define SF_FILES_FILE_KIND_H

#include "files/input_file.h"

typedef enum sf_file_kind {
  SF_FILE_NETWORK,
  SF_FILE_SPIKES, /* HDF5 */
  SF_FILE_CSV,    /* neither HDF5 nor JSON: spikes, if anything */
  SF_FILE_CONFIG,
  SF_FILE_SWEEP,
  SF_FILE_RESULTS /* of explore or synth, or a projection */
} sf_file_kind;

/* sf_file_kind_of() - SF_EFORMAT with one line that names the file where it can be none of them. A misspelt network or
 * sweep is one: its reader says what is wrong with it. */
SF_MUST_CHECK sf_err sf_file_kind_of(const sf_input *in, sf_file_kind *is, sf_msg *msg);

#endif
