/* tool.h - running Yosys, nextpnr and their like with a progress line that names the phase (on top of tool.h). */
#ifndef SF_HARNESS_SYNTH_TOOL_H
#define SF_HARNESS_SYNTH_TOOL_H

#include "util/tool.h"

/* sf_synth_find() - like sf_tool_find(), and then in the folder of the ECP5 extra, build/ecp5/bin. */
SF_MUST_CHECK sf_err sf_synth_find(const char *name, const char *package, char path[SF_PATH_MAX], sf_msg *msg);

/* Which Yosys, nextpnr and ecppack serve a family. For the ECP5 there are two sets, which place differently: the native
 * tools in PATH, as Debian 13 packages them, and the WebAssembly builds from PyPI, "yowasp-...". Where nextpnr-ecp5 is
 * in PATH it serves, and the yosys and ecppack of PATH with it: one set, of one age, so that a result can be repeated
 * from its tools' names. The environment variable SYNFIRE_ECP5, "native" or "pypi", chooses a set. SF_ETOOL with one
 * line when the tool is missing, SF_EINVAL when the variable says something else. */
SF_MUST_CHECK sf_err sf_synth_yosys(bool ecp5, char path[SF_PATH_MAX], sf_msg *msg);
SF_MUST_CHECK sf_err sf_synth_nextpnr(bool ecp5, char path[SF_PATH_MAX], sf_msg *msg);
SF_MUST_CHECK sf_err sf_synth_ecppack(char path[SF_PATH_MAX], sf_msg *msg);

/* sf_synth_version() - the version in the output of `path flag`, such as "0.23" or "0.4-1+b1"; a build from PyPI has
 * " (YoWASP)" behind it. "unknown" if there is none. */
void sf_synth_version(const char *path, const char *flag, char *version, size_t size);

/* sf_synth_knows() - does the tool's --help name that option? Its output goes to a file in folder, for the moment. */
bool sf_synth_knows(const char *path, const char *option, const char *folder);

/* A phase of a tool: from when its log contains `mark`, the progress line says `phase`. {NULL, NULL} ends a table. */
typedef struct sf_synth_phase {
  const char *mark, *phase;
} sf_synth_phase;

/* sf_synth_run() - run argv in folder, its output in folder/output, until it ends; folder/log is watched for phases.
 * *status: its exit status. SF_ETOOL when it cannot be run at all. */
SF_MUST_CHECK sf_err sf_synth_run(const char *const *argv, const char *folder, const char *output, const char *log,
                                  const sf_synth_phase *phases, int *status, sf_msg *msg);

#endif
