/* mirror_build.h - the mirror made for its parameters: its sources, as they come with the program, compiled once more
 * with every parameter a constant (mirror/sizes.h), kept beside the Verilated RTL, loaded with dlopen. The bits are the
 * same, a cycle takes less time.
 *
 *     sf_made_mirror mirror;
 *     sf_mirror_load(&params, true, &mirror);
 *     if (mirror.calls->make(&params, &core, &msg)) ...
 *     mirror.calls->step(core, &in, &out);
 *     mirror.calls->release(core);
 *     sf_mirror_unload(&mirror);
 *
 * The object is found again by the content of all that went in: sources, parameters, compiler and flags. */
#ifndef SF_HARNESS_MIRROR_BUILD_H
#define SF_HARNESS_MIRROR_BUILD_H

#include "mirror/synfire_core.h"
#include "util/paths.h"

typedef struct sf_made_mirror {
  void *library; /* NULL: calls are the program's own */
  const sf_mirror *calls;
} sf_made_mirror;

/* sf_mirror_load() - the mirror made for p, or, if it is not to be made, the program's own, for any parameters. That
 * is taken too where the other cannot be made: no C compiler, no folder to build in, a source that does not compile;
 * the first time in a program, a line on standard error says why. The environment variable SYNFIRE_MIRROR overrides
 * `made`: "any" or "made". */
void sf_mirror_load(const sf_params *p, bool made, sf_made_mirror *mirror);
void sf_mirror_unload(sf_made_mirror *mirror); /* harmless on a zeroed struct */

/* sf_mirror_build() - so[SF_PATH_MAX] becomes the path of the object for p. The C compiler is $CC, else gcc, else cc.
 * SF_ETOOL with one line when it is missing or fails; SF_EIO. */
SF_MUST_CHECK sf_err sf_mirror_build(const sf_params *p, char so[SF_PATH_MAX], sf_msg *msg);

#endif
