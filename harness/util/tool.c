/* tool.c - see tool.h. */
#define _GNU_SOURCE
#include "util/tool.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/progress.h"

static bool is_program(const char *path) {
  struct stat st;
  return !stat(path, &st) && S_ISREG(st.st_mode) && !access(path, X_OK);
}

sf_err sf_tool_find(const char *name, const char *package, char path[SF_PATH_MAX], sf_msg *msg) {
  if (strchr(name, '/')) {
    if (is_program(name) && realpath(name, path)) return SF_OK;
    return sf_fail(msg, SF_ETOOL, "%s: no such program", name);
  }
  const char *list = getenv("PATH");
  for (const char *from = list ? list : ""; *from;) {
    const size_t n = strcspn(from, ":");
    const int got = snprintf(path, SF_PATH_MAX, "%.*s/%s", (int)n, n ? from : ".", name);
    if (got > 0 && got < SF_PATH_MAX && is_program(path)) return SF_OK;
    from += n + (from[n] == ':');
  }
  return sf_fail(msg, SF_ETOOL, "%s: not found in PATH (Debian package %s)", name, package ? package : name);
}

sf_err sf_tool_watch(const char *const *argv, const char *folder, const char *log, sf_process_meanwhile meanwhile,
                     void *self, int *status, sf_msg *msg) {
  int out, state = 0;
  pid_t pid;
  sf_err err = sf_process_log(log, &out, msg);
  if (err) return err;
  err = sf_process_start(&(sf_process_plan){.argv = argv, .folder = folder, .out = out, .err = out}, &pid, msg);
  close(out);
  if (!err) err = sf_process_wait(pid, meanwhile, self, &state, msg);
  if (!err) *status = sf_process_status(state);
  return err;
}

static void pulse(void *bar) { sf_progress_pulse(bar); }

sf_err sf_tool_run(const char *const *argv, const char *folder, const char *log, sf_progress *bar, int *status,
                   sf_msg *msg) {
  return sf_tool_watch(argv, folder, log, bar ? pulse : NULL, bar, status, msg);
}

/* The first line; the rest is read too, so that the program does not die of a closed pipe. */
static void first_line(int from, char *line, size_t size) {
  FILE *in = fdopen(from, "r");
  if (!in) {
    close(from);
    return;
  }
  if (!fgets(line, (int)size, in)) line[0] = '\0';
  while (fgetc(in) != EOF) {}
  fclose(in);
}

void sf_tool_line(const char *const *argv, char *line, size_t size) {
  int end[2], state;
  pid_t pid;
  line[0] = '\0';
  if (pipe2(end, O_CLOEXEC)) return;
  sf_err err = sf_process_start(&(sf_process_plan){.argv = argv, .out = end[1], .err = end[1]}, &pid, NULL);
  close(end[1]);
  first_line(end[0], line, size);
  if (!err) err = sf_process_wait(pid, NULL, NULL, &state, NULL);
  if (err || sf_process_status(state) != 0) line[0] = '\0';
  line[strcspn(line, "\r\n")] = '\0';
}

static bool next_line(FILE *in, char **text, size_t *room) {
  if (!in || getline(text, room, in) <= 0) return false;
  (*text)[strcspn(*text, "\r\n")] = '\0';
  return true;
}

size_t sf_log_warnings(const char *log, const char *harmless, char *line, size_t size) {
  char *text = NULL;
  size_t room = 0, n = 0;
  FILE *in = fopen(log, "r");
  line[0] = '\0';
  while (next_line(in, &text, &room)) {
    if (strncmp(text, "%Warning", 8) != 0 && strncmp(text, "Warning: ", 9) != 0) continue;
    if (harmless && strstr(text, harmless)) continue;
    if (n++ == 0) snprintf(line, size, "%s", text);
  }
  free(text);
  if (in) fclose(in);
  return n;
}

void sf_log_error(const char *log, char *line, size_t size) {
  static const char *const sign[] = {"%Error", "error:", "rror ", "%Warning"};
  char *text = NULL;
  size_t room = 0, best = sizeof sign / sizeof *sign + 1;
  snprintf(line, size, "no output");
  FILE *in = fopen(log, "r");
  while (next_line(in, &text, &room)) {
    size_t rank = 0;
    if (!text[strspn(text, " \t")]) continue;
    if (strstr(text, "Exiting due to")) continue; /* only counts what was said before */
    while (rank < sizeof sign / sizeof *sign && !strstr(text, sign[rank])) rank++;
    if (rank < best || rank == sizeof sign / sizeof *sign) {
      if (rank > best) continue;
      best = rank;
      snprintf(line, size, "%s", text);
    }
  }
  free(text);
  if (in) fclose(in);
  if (best != sizeof sign / sizeof *sign - 1) return;
  const size_t n = sf_log_warnings(log, NULL, line, size), used = strlen(line);
  if (n > 1) snprintf(line + used, size - used, " (first of %zu warnings)", n);
}
