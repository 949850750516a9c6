/* apart.h - no output may be a file that is read, nor another output: however either is written, through links too. */
#ifndef SF_UTIL_APART_H
#define SF_UTIL_APART_H

#include "synfire/base.h"

typedef struct sf_file_role {
  const char *name; /* what it is called in a message: "--out", "the argument" */
  const char *path; /* NULL: not given */
} sf_file_role;

/* sf_files_apart() - SF_EINVAL with one line when one of out is also one of in, or a file that one of those names
 * (weights_csv of a network, networks and spikes of a sweep), or another one of out. "-" as an input is what standard
 * input is. */
SF_MUST_CHECK sf_err sf_files_apart(const sf_file_role *out, size_t n_out, const sf_file_role *in, size_t n_in,
                                    sf_msg *msg);

/* sf_folder_apart() - the same for a folder, which exists, that gets files of these names, and folders, whose names
 * are patterns and end with '/': nothing below those may be an input. names ends with NULL. */
SF_MUST_CHECK sf_err sf_folder_apart(const char *what, const char *folder, const char *const *names,
                                     const sf_file_role *in, size_t n_in, sf_msg *msg);

#endif
