/* verilator.h - which Verilator makes the RTL's shared object, lints in sweeps, and is named where versions are. */
#ifndef SF_HARNESS_VERILATOR_H
#define SF_HARNESS_VERILATOR_H

#include "util/paths.h"

/* sf_verilator_find() - the program: what SYNFIRE_VERILATOR names (a path, or a name in PATH); else what `make
 * verilator` left in build/verilator; else the one in PATH. SF_ETOOL with one line when there is none. */
SF_MUST_CHECK sf_err sf_verilator_find(char path[SF_PATH_MAX], sf_msg *msg);

/* sf_verilator_version() - its first line of --version, or "" when there is none. */
void sf_verilator_version(char *line, size_t size);

#endif
