/* tool.h - other programs: finding them, running them with their output in a log, reading that. */
#ifndef SF_UTIL_TOOL_H
#define SF_UTIL_TOOL_H

#include "synfire/base.h"
#include "util/paths.h"
#include "util/process.h"

struct sf_progress;

/* sf_tool_find() - where a program lies: its name looked up in PATH, or a path of its own. SF_ETOOL with one line that
 * names the Debian package (NULL: the same name) when there is none. */
SF_MUST_CHECK sf_err sf_tool_find(const char *name, const char *package, char path[SF_PATH_MAX], sf_msg *msg);

/* sf_tool_watch() - run argv[0] (a path) in folder (NULL: here) to its end; input is empty, standard output and error
 * are appended to the file log. *status is its exit status, 128 + signal if a signal ended it; the tool and whatever it
 * starts end when this program does. meanwhile, if not NULL, as in process.h. */
SF_MUST_CHECK sf_err sf_tool_watch(const char *const *argv, const char *folder, const char *log,
                                   sf_process_meanwhile meanwhile, void *self, int *status, sf_msg *msg);

/* sf_tool_run() - the same; bar, if not NULL, is kept alive. */
SF_MUST_CHECK sf_err sf_tool_run(const char *const *argv, const char *folder, const char *log, struct sf_progress *bar,
                                 int *status, sf_msg *msg);

/* sf_tool_line() - the first line of the output of argv, or "" when it cannot be run: for version lines. */
void sf_tool_line(const char *const *argv, char *line, size_t size);

/* sf_log_error() - the first line of a log that reports an error ("%Error", "error:"), else its first warning and how
 * many there are, else its last line. */
void sf_log_error(const char *log, char *line, size_t size);

/* sf_log_warnings() - how many warnings of Verilator or Yosys a log has, but for those with `harmless` in them (NULL:
 * all count); line becomes the first, or "". */
size_t sf_log_warnings(const char *log, const char *harmless, char *line, size_t size);

#endif
