/* files.c - the files of a run: sources copied in, scripts and logs, keys. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files/file_util.h"
#include "synth/parts.h"
#include "verilated/rtl_list.h"

#define LOG_LIMIT ((size_t)1 << 30)

sf_err sf_synth_write(const char *folder, const char *name, const char *text, sf_msg *msg) {
  char path[SF_PATH_MAX];
  if (!sf_path_join(path, folder, name)) return sf_fail(msg, SF_EIO, "%s: path too long", folder);
  FILE *f = fopen(path, "w");
  bool good = f && fputs(text, f) >= 0;
  if (f) good = fclose(f) == 0 && good;
  return good ? SF_OK : sf_fail(msg, SF_EIO, "%s: %s", path, strerror(errno));
}

sf_err sf_synth_read(const char *folder, const char *name, char **text, size_t *length, sf_msg *msg) {
  char path[SF_PATH_MAX];
  if (!sf_path_join(path, folder, name)) return sf_fail(msg, SF_EIO, "%s: path too long", folder);
  return sf_file_read(path, LOG_LIMIT, text, length, msg);
}

/* ---- sources ---- */

/* A file of ours to src/; *source becomes "src/NAME", owned by the caller. */
static sf_err copy_source(const char *from, const char *folder, char **source, sf_msg *msg) {
  const char *slash = strrchr(from, '/');
  const size_t room = strlen(slash + 1) + 5;
  char *text, *name = malloc(room);
  size_t length;
  if (!name) return sf_fail(msg, SF_ENOMEM, "out of memory");
  snprintf(name, room, "src/%s", slash + 1);
  sf_err err = sf_file_read(from, (size_t)1 << 24, &text, &length, msg);
  if (!err) {
    err = sf_synth_write(folder, name, text, msg);
    free(text);
  }
  if (err) free(name);
  else *source = name;
  return err;
}

/* The board's constraints, for placement; a bare core has none. */
sf_err sf_synth_copy_constraints(const sf_synth_job *job, char **constraints, sf_msg *msg) {
  char path[SF_PATH_MAX], src[SF_PATH_MAX];
  sf_err err;
  if (!job->board) return SF_OK;
  if (!sf_path_join(src, job->folder, "src")) return sf_fail(msg, SF_EIO, "%s: path too long", job->folder);
  err = sf_make_folder(src, msg);
  if (!err) err = sf_data_path("synth/boards", src, msg);
  if (err) return err;
  if (!sf_path_join(path, src, job->target->constraints)) return sf_fail(msg, SF_EIO, "%s: path too long", src);
  return copy_source(path, job->folder, constraints, msg);
}

/* The map for adders is read by the script itself. */
sf_err sf_synth_copy_map(const sf_synth_job *job, sf_msg *msg) {
  char path[SF_PATH_MAX], *name;
  if (!job->target->ecp5) return SF_OK;
  sf_err err = sf_data_path("synth/ecp5_arith.v", path, msg);
  if (!err) err = copy_source(path, job->folder, &name, msg);
  if (!err) free(name);
  return err;
}

sf_err sf_synth_copy_sources(const sf_synth_job *job, char *sources[SF_SYNTH_SOURCES], sf_msg *msg) {
  char root[SF_PATH_MAX], path[SF_PATH_MAX], src[SF_PATH_MAX];
  sf_err err = sf_data_path("", root, msg);
  if (err) return err;
  if (!sf_path_join(src, job->folder, "src")) return sf_fail(msg, SF_EIO, "%s: path too long", job->folder);
  sf_remove_tree(src);
  err = sf_make_folder(src, msg);
  if (err) return err;
  sf_rtl_list rtl;
  size_t n = 0;
  err = sf_rtl_list_read(&rtl, msg);
  if (!err) err = sf_rtl_list_hard(&rtl, sf_synth_family(job->target), msg);
  for (size_t i = 0; i < rtl.n && !err; i++) {
    err = copy_source(rtl.file[i], job->folder, &sources[n], msg);
    if (!err) n++;
  }
  sf_rtl_list_free(&rtl);
  const char *const board[] = {job->target->board, "board_system", "board_reset", "uart", "uart_bridge", NULL};
  const char *const bare[] = {"bare_core", NULL};
  for (const char *const *b = job->board ? board : bare; *b && !err; b++) {
    snprintf(path, sizeof path, "%.3000s/synth/boards/%s.v", root, *b);
    err = copy_source(path, job->folder, &sources[n], msg);
    if (!err) n++;
  }
  sources[n] = NULL;
  return err;
}

/* ---- keys: what lies in the folder is from exactly this ---- */

void sf_synth_drop(const char *folder, const char *const *names) {
  char path[SF_PATH_MAX];
  for (; *names; names++)
    if (sf_path_join(path, folder, *names)) (void)remove(path);
}

bool sf_synth_has(const char *folder, const char *const *names, const char key[33]) {
  char *found, path[SF_PATH_MAX];
  size_t length;
  for (const char *const *name = names; *name; name++)
    if (!sf_path_join(path, folder, *name) || access(path, R_OK)) return false;
  if (sf_synth_read(folder, names[0], &found, &length, NULL)) return false;
  const bool same = length == 32 && memcmp(found, key, 32) == 0;
  free(found);
  return same;
}

/* A tool is its file and what it says of itself: two builds of one version may place differently. */
void sf_synth_hash_tool(sf_hash *h, const char *path, const char *version) {
  struct stat st = {0};
  (void)stat(path, &st);
  const int64_t what[] = {(int64_t)st.st_size, (int64_t)st.st_mtim.tv_sec, (int64_t)st.st_mtim.tv_nsec};
  sf_hash_text(h, path);
  sf_hash_text(h, version);
  sf_hash_bytes(h, what, sizeof what);
}
