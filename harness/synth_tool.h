/* synth_tool.h - running Yosys, nextpnr and their like with a progress line that names the phase (on top of tool.h). */
#ifndef SF_HARNESS_SYNTH_TOOL_H
#define SF_HARNESS_SYNTH_TOOL_H

#include "tool.h"

/* sf_synth_find() - like sf_tool_find(), and then in the folder of the ECP5 extra, build/ecp5/bin. */
SF_MUST_CHECK sf_err sf_synth_find(const char *name, const char *package, char path[SF_PATH_MAX], sf_msg *msg);

/* sf_synth_version() - the version in the output of `path flag`, such as "0.23" or "nextpnr-0.11.1"; "unknown" if none. */
void sf_synth_version(const char *path, const char *flag, char *version, size_t size);

/* A phase of a tool: from when its log contains `mark`, the progress line says `phase`. {NULL, NULL} ends a table. */
typedef struct sf_synth_phase { const char *mark, *phase; } sf_synth_phase;

/* sf_synth_run() - run argv in folder, its output in folder/output, until it ends; folder/log is watched for phases.
 * *status: its exit status. SF_ETOOL when it cannot be run at all. */
SF_MUST_CHECK sf_err sf_synth_run(const char *const *argv, const char *folder, const char *output, const char *log,
                                  const sf_synth_phase *phases, int *status, sf_msg *msg);

#endif
