/* rtl_build.h - the Verilated RTL as a shared object: built once per parameter set, kept in a cache, loaded with
 * dlopen.
 *
 *     char so[SF_PATH_MAX];
 *     sf_rtl rtl;
 *     if (sf_rtl_build(&params, SF_RTL_PROBE, NULL, so, &msg) || sf_rtl_open(so, seed, &rtl, &msg)) ...
 *     rtl.step(rtl.core, &in, &out);
 *     sf_rtl_close(&rtl);
 *
 * The RTL is what rtl_list.h names. The
 * cache (sf_cache_path("rtl")) is keyed by the content of everything that goes in: parameters, RTL, shim, headers,
 * versions and flags; so a changed RTL is rebuilt and an unchanged one never. Any number of programs may build at
 * once: each object is made in a folder of its own under a lock, and renamed into place. */
#ifndef SF_HARNESS_RTL_BUILD_H
#define SF_HARNESS_RTL_BUILD_H

#include "synfire/params.h"
#include "synfire/ports.h"
#include "util/paths.h"

struct sf_progress;

enum {
  SF_RTL_PROBE = 1, /* with the probe ports; without, they are all 0 */
  SF_RTL_QUICK = 2  /* short build rather than fast simulation: for sets that are used once */
};

/* sf_rtl_build() - so[SF_PATH_MAX] becomes the path of the shared object for these parameters. bar (NULL allowed) is
 * kept alive while the compilers work. SF_ETOOL with one line when a tool is missing or refuses the RTL: its first
 * error and where the whole log is; SF_EIO. Warnings: sf_rtl_warnings(). */
SF_MUST_CHECK sf_err sf_rtl_build(const sf_params *p, unsigned flags, struct sf_progress *bar, char so[SF_PATH_MAX],
                                  sf_msg *msg);

/* sf_rtl_warnings() - how often Verilator warned when it made the object `so`; text becomes one line with the first
 * warning and where all are, or "". Warnings stop nothing: a newer Verilator finds more to say about the same RTL. */
size_t sf_rtl_warnings(const char *so, char *text, size_t size);

typedef struct sf_rtl {
  void *library, *core;
  void *(*make)(uint32_t random_seed);
  void (*release)(void *core);
  void (*step)(void *core, const sf_core_in *in, sf_core_out *out);
  bool (*step_equal)(void *core, const sf_core_in *in, const sf_core_out *want); /* step; are all outputs as wanted? */
  void (*show)(void *core, sf_core_out *out);                                    /* the outputs after the last step */
  const char *(*message)(void *core);                                            /* what stopped the RTL, or NULL */
} sf_rtl;

/* sf_rtl_open() - load the object and power its core up, every register and memory random by random_seed.
 * *rtl is written only on SF_OK; the caller closes it. */
SF_MUST_CHECK sf_err sf_rtl_open(const char *so, uint32_t random_seed, sf_rtl *rtl, sf_msg *msg);
void sf_rtl_close(sf_rtl *rtl); /* harmless on a zeroed struct */

#endif
