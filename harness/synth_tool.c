/* synth_tool.c - running Yosys, nextpnr and their like with a progress line that names the phase. */
#include "synth_tool.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "progress.h"

static bool join(char out[SF_PATH_MAX], const char *folder, const char *name) {
  return snprintf(out, SF_PATH_MAX, "%s/%s", folder, name) < SF_PATH_MAX;
}

sf_err sf_synth_find(const char *name, const char *package, char path[SF_PATH_MAX], sf_msg *msg) {
  char found[SF_PATH_MAX], extra[SF_PATH_MAX];
  if (sf_tool_find(name, package, found, NULL) == SF_OK) {
    if (found[0] == '/') {
      strcpy(path, found);
      return SF_OK;
    }
    char here[SF_PATH_MAX]; /* it will be started from another folder */
    if (getcwd(here, sizeof here) && join(path, here, found)) return SF_OK;
  }
  if (sf_data_path("build/ecp5/bin", extra, NULL) == SF_OK && join(path, extra, name) &&
      sf_tool_find(path, NULL, found, NULL) == SF_OK)
    return SF_OK;
  return sf_fail(msg, SF_ETOOL, "%s is not installed (%s)", name, package);
}

void sf_synth_version(const char *path, const char *flag, char *version, size_t size) {
  const char *const argv[] = {path, flag, NULL};
  char line[512];
  sf_tool_line(argv, line, sizeof line);
  if (strstr(line, "Preparing to run")) sf_tool_line(argv, line, sizeof line); /* YoWASP, the very first time */
  const char *from = strstr(line, "Version "); /* nextpnr: "PATH" -- Next Generation Place and Route (Version X) */
  from = from ? from + strlen("Version ") : strncmp(line, "Yosys ", 6) == 0 ? line + 6 : line;
  snprintf(version, size, "%.*s", (int)strcspn(from, " ()"), from);
  if (!version[0]) snprintf(version, size, "unknown");
}

/* The phase whose mark stands last in what has been added to the log since *seen; `phase` when there is none. */
static const char *phase_now(const char *path, long *seen, const sf_synth_phase *phases, const char *phase) {
  FILE *f = fopen(path, "r");
  if (!f) return phase;
  char chunk[65536];
  size_t n;
  if (fseek(f, *seen, SEEK_SET) == 0)
    while ((n = fread(chunk, 1, sizeof chunk - 1, f)) > 0) {
      chunk[n] = '\0';
      *seen += (long)n;
      const char *last = NULL;
      for (const sf_synth_phase *p = phases; p->mark; p++)
        for (const char *at = strstr(chunk, p->mark); at; at = strstr(at + 1, p->mark))
          if (!last || at > last) {
            last = at;
            phase = p->phase;
          }
    }
  fclose(f);
  return phase;
}

sf_err sf_synth_run(const char *const *argv, const char *folder, const char *output, const char *log,
                    const sf_synth_phase *phases, int *status, sf_msg *msg) {
  char out[SF_PATH_MAX], watched[SF_PATH_MAX];
  if (!join(out, folder, output) || !join(watched, folder, log)) return sf_fail(msg, SF_EIO, "%s: too long", folder);
  (void)remove(out);
  (void)remove(watched);
  const char *slash = strrchr(argv[0], '/'), *name = slash ? slash + 1 : argv[0];
  pid_t child;
  const sf_err err = sf_tool_start(argv, folder, out, &child, msg);
  if (err) return err;

  sf_progress bar;
  sf_progress_start(&bar, name, 0);
  long seen = 0;
  const char *phase = "starting";
  int state = 0;
  pid_t got;
  for (unsigned round = 0; (got = waitpid(child, &state, WNOHANG)) == 0 || (got < 0 && errno == EINTR); round++) {
    if (round % 16 == 15) sf_progress_note(&bar, phase = phase_now(watched, &seen, phases, phase));
    sf_progress_pulse(&bar);
    nanosleep(&(struct timespec){.tv_nsec = 20 * 1000 * 1000}, NULL);
  }
  sf_progress_finish(&bar);
  *status = WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state);
  if (*status == 127) return sf_fail(msg, SF_ETOOL, "%s cannot be run", argv[0]);
  return SF_OK;
}
