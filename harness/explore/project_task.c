/* project_task.c - a projection from results, or from a sweep, with its files; see task.h. */
#define _GNU_SOURCE
#include "explore/task.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explore/columns.h"
#include "explore/page.h"
#include "explore/rows.h"
#include "files/file_util.h"
#include "util/apart.h"

/* Results and sweep are not overwritten. */
static sf_err apart(const char *path, const sf_explore_task *t, const char *out, sf_msg *msg) {
  static const char *const projected[] = {"projection.json", "projection.md", "projection.html", NULL};
  const sf_file_role in[] = {{"the argument", path}, {"--hosts", t->hosts}};
  return sf_folder_apart("--out", out, projected, in, 2, msg);
}

/* From results.json, or from what the cache has of a sweep. */
static sf_err read_results(const char *path, const sf_explore_task *t, cJSON **results, char out[SF_PATH_MAX],
                           sf_msg *msg) {
  sf_sweep *s;
  char copy[SF_PATH_MAX];
  sf_err err = sf_rows_read(path, results, msg);
  if (err == SF_EFORMAT && !sf_sweep_read(path, &s, NULL)) {
    err = sf_explore_open(s, t, out, msg);
    if (!err) err = sf_rows_collect(s, t->mask, results, msg);
    sf_sweep_free(s);
    return err;
  }
  if (err) return err;
  snprintf(copy, sizeof copy, "%s", t->out ? t->out : path);
  char *slash = t->out ? NULL : strrchr(copy, '/');
  if (slash) *(slash == copy ? slash + 1 : slash) = '\0';
  else if (!t->out) strcpy(copy, ".");
  if (t->out) err = sf_make_folder(copy, msg);
  if (!err && !realpath(copy, out)) err = sf_fail(msg, SF_EIO, "%s: %s", copy, strerror(errno));
  if (err) cJSON_Delete(*results);
  return err;
}

static sf_err write_all(const cJSON *projection, const char *folder, sf_explore_projection *o, sf_msg *msg) {
  char title[160], file[sizeof o->page];
  snprintf(title, sizeof title, "Projection from sweep %.100s", sf_row_text(projection, "sweep"));
  snprintf(file, sizeof file, "%s/projection.json", folder);
  sf_err err = sf_write_text(file, o->json, msg);
  snprintf(file, sizeof file, "%s/projection.md", folder);
  if (!err) err = sf_write_text(file, o->markdown, msg);
  snprintf(o->page, sizeof o->page, "%s/projection.html", folder);
  return err ? err : sf_page_write(o->page, "projection", title, o->json, msg);
}

sf_err sf_explore_project(const char *path, const sf_explore_task *t, const sf_assumed *assumed,
                          sf_explore_projection *o, sf_msg *msg) {
  char folder[SF_PATH_MAX];
  cJSON *results = NULL, *projection = NULL;
  *o = (sf_explore_projection){.json = NULL};
  sf_err err = read_results(path, t, &results, folder, msg);
  if (err) return err;
  err = apart(path, t, folder, msg);
  if (!err) {
    err = sf_project(results, assumed, &projection, msg);
    if (err) err = sf_prefix(msg, err, path);
  }
  cJSON_Delete(results);
  if (err) return err;
  o->json = cJSON_Print(projection);
  o->markdown = sf_project_markdown(projection);
  err = write_all(projection, folder, o, msg);
  cJSON_Delete(projection);
  return err;
}
