/* input_file.h - a file to read that may as well be standard input or a pipe: what cannot be read twice is copied
 * first. */
#ifndef SYNFIRE_INPUT_FILE_H
#define SYNFIRE_INPUT_FILE_H

#include <stdio.h>

#include "synfire/base.h"

typedef struct sf_input {
  const char *path; /* to open: what was asked for, or the copy; holds as long as the struct stays where it is */
  const char *name; /* for messages: what was asked for, or "standard input" */
  bool hdf5;        /* it begins with the HDF5 signature, possibly after a block of another program's */
  FILE *copy;
  char copy_path[32];
} sf_input;

/* sf_input_open() - look at `path`; "-" is standard input, which is read to its end here, as is every pipe. The copy
 * has no name and goes with the process. SF_EIO: not there, a folder, unreadable; SF_EFORMAT: empty, or more than 256
 * MiB (1 GiB of HDF5) through a pipe. Messages start with the name. */
SF_MUST_CHECK sf_err sf_input_open(const char *path, sf_input *in, sf_msg *msg);

/* sf_is_copy() - is this the path of such a copy? */
bool sf_is_copy(const char *path);

/* sf_input_close() - harmless on a zeroed struct. */
void sf_input_close(sf_input *in);

#endif
