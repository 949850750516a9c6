/* folder.c - see folder.h. */
#include "synth/folder.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files/file_util.h"
#include "util/apart.h"
#include "util/lock.h"
#include "util/paths.h"

void sf_synth_folder_name(sf_synth_job *job, const char *path) {
  if (job->config.name[0]) {
    snprintf(job->config_name, sizeof job->config_name, "%s", job->config.name);
  } else {
    const char *slash = strrchr(path, '/');
    snprintf(job->config_name, sizeof job->config_name, "%s", slash ? slash + 1 : path);
    char *dot = strrchr(job->config_name, '.');
    if (dot && dot != job->config_name) *dot = '\0';
  }
  for (char *c = job->config_name; *c; c++) /* it becomes part of a folder's name and of a table */
    if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-", *c)) *c = '_';
  if (job->config_name[0] == '.') job->config_name[0] = '_';
}

sf_err sf_synth_folder_open(sf_synth_job *job, const char *given, sf_msg *msg) {
  char path[SF_PATH_MAX], lock[SF_PATH_MAX + 16], name[160];
  sf_err err;
  if (given) {
    if (snprintf(path, sizeof path, "%s", given) >= (int)sizeof path)
      return sf_fail(msg, SF_EIO, "--out: path too long");
    err = sf_make_folder(path, msg);
    if (err) return err;
  } else {
    const bool same = strcmp(job->config_name, job->target->name) == 0;
    snprintf(name, sizeof name, "synth/%s%s%s%s", job->config_name, same ? "" : "-", same ? "" : job->target->name,
             job->board ? "" : "-core");
    err = sf_cache_path(name, path, msg);
    if (err) return err;
  }
  if (!realpath(path, job->folder)) return sf_fail(msg, SF_EIO, "%s: %s", path, strerror(errno));
  snprintf(lock, sizeof lock, "%s/.lock", job->folder);
  int fd; /* held until the program and its tools end */
  err = sf_lock_take(lock, SF_LOCK_MAKE, &fd, msg);
  if (err) return err;
  if (fd < 0) return sf_fail(msg, SF_EIO, "%s: another synfire synth is at work in this folder", path);
  return SF_OK;
}

sf_err sf_synth_folder_write(const sf_synth_job *job, const char *name, const char *text, sf_msg *msg) {
  char path[SF_PATH_MAX];
  sf_new_file file;
  if (!text) return sf_fail(msg, SF_ENOMEM, "out of memory");
  if (snprintf(path, sizeof path, "%s/%s", job->folder, name) >= (int)sizeof path)
    return sf_fail(msg, SF_EIO, "%s: path too long", job->folder);
  const sf_err err = sf_new_file_begin(path, &file, msg);
  if (err) return err;
  FILE *f = fopen(file.temp, "w");
  bool good = f && fputs(text, f) >= 0 && (!*text || text[strlen(text) - 1] == '\n' || fputc('\n', f) >= 0);
  if (f) good = fclose(f) == 0 && good;
  if (good) return sf_new_file_commit(&file, msg);
  sf_new_file_abort(&file);
  return sf_fail(msg, SF_EIO, "%s: cannot be written", path);
}

sf_err sf_synth_folder_apart(const sf_synth_job *job, const char *config, sf_msg *msg) {
  static const char *const names[] = {"src/",          "seed-*/",     ".lock",        "netlist.key", "place.key",
                                      "help.txt",      "result.json", "result.md",    "synth.ys",    "yosys.log",
                                      "yosys.out",     "stat.json",   "memories.txt", "parts.txt",   "netlist.json",
                                      "nextpnr.json",  "nextpnr.log", "nextpnr.out",  "routed.asc",  "routed.config",
                                      "icetime.txt",   "icetime.out", "icepack.out",  "ecppack.out", "bitstream.bin",
                                      "bitstream.bit", NULL};
  return sf_folder_apart("--out", job->folder, names, &(sf_file_role){"the argument", config}, 1, msg);
}

void sf_synth_folder_clear(const sf_synth_job *job) {
  static const char *const names[] = {"result.json", "result.md", "bitstream.bin", "bitstream.bit"};
  char path[SF_PATH_MAX];
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    if (snprintf(path, sizeof path, "%s/%s", job->folder, names[i]) < (int)sizeof path) (void)remove(path);
}
