/* tool.h - other programs: finding them, running them with their output in a log, naming what they made. */
#ifndef SF_HARNESS_TOOL_H
#define SF_HARNESS_TOOL_H

#include <stdio.h>
#include <sys/types.h>

#include "synfire/base.h"
#include "util/paths.h"

struct sf_progress;

/* sf_tool_find() - where a program lies: its name looked up in PATH, or a path of its own. SF_ETOOL with one line that
 * names the Debian package (NULL: the same name) when there is none. */
SF_MUST_CHECK sf_err sf_tool_find(const char *name, const char *package, char path[SF_PATH_MAX], sf_msg *msg);

/* sf_tool_start() - start argv[0] (a path) in folder (NULL: here); input is empty, standard output and error are
 * appended to the file log. *pid is to be waited for by the calling thread; the tool and whatever it starts end when this
 * program does (process.h). */
SF_MUST_CHECK sf_err sf_tool_start(const char *const *argv, const char *folder, const char *log, pid_t *pid,
                                   sf_msg *msg);

/* sf_tool_wait() - wait for a child; *status is its exit status, 128 + signal if a signal ended it. bar, if not NULL,
 * is kept alive. */
SF_MUST_CHECK sf_err sf_tool_wait(pid_t pid, struct sf_progress *bar, int *status, sf_msg *msg);

/* sf_tool_run() - both. */
SF_MUST_CHECK sf_err sf_tool_run(const char *const *argv, const char *folder, const char *log, struct sf_progress *bar,
                                 int *status, sf_msg *msg);

/* sf_tool_line() - the first line of the output of argv, or "" when it cannot be run: for version lines. */
void sf_tool_line(const char *const *argv, char *line, size_t size);

/* sf_log_error() - the first line of a log that reports an error ("%Error", "error:"), else its first warning and how
 * many there are, else its last line. */
void sf_log_error(const char *log, char *line, size_t size);

/* sf_log_warnings() - how many warnings of Verilator or Yosys a log has, but for those with `harmless` in them (NULL: all
 * count); line becomes the first, or "". */
size_t sf_log_warnings(const char *log, const char *harmless, char *line, size_t size);

/* A content hash of 128 bits (FNV-1a), for names in a cache: it tells versions apart, not attackers. */
typedef struct sf_hash {
  unsigned __int128 h;
} sf_hash;

sf_hash sf_hash_new(void);
void sf_hash_bytes(sf_hash *hash, const void *data, size_t n);
void sf_hash_text(sf_hash *hash, const char *text); /* with its end, so that "ab","c" and "a","bc" differ */
SF_MUST_CHECK sf_err sf_hash_file(sf_hash *hash, const char *path, sf_msg *msg); /* name left out, content only */
void sf_hash_hex(const sf_hash *hash, char hex[33]);

/* sf_remove_tree() - remove a folder and what is in it, links not followed; what is not there is no error. */
void sf_remove_tree(const char *path);

#endif
