/* write.c - results of a sweep as CSV, JSON and Markdown. The page is in page.c. */
#define _GNU_SOURCE
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explore/columns.h"
#include "explore/rows.h"
#include "files/file_util.h"
#include "util/text.h"

/* ---- one value ---- */

static void number_text(double x, char out[40]) {
  if (x == floor(x) && fabs(x) < 1e15) snprintf(out, 40, "%.0f", x);
  else snprintf(out, 40, "%.10g", x);
}

/* As text, lists joined by blanks; "" for what is not there. The caller frees it. */
static char *value_text(const cJSON *item) {
  char number[40], *text = NULL;
  if (cJSON_IsNumber(item)) {
    number_text(item->valuedouble, number);
    return strdup(number);
  }
  if (cJSON_IsString(item)) return strdup(item->valuestring);
  if (cJSON_IsBool(item)) return strdup(cJSON_IsTrue(item) ? "1" : "0");
  if (!cJSON_IsArray(item)) return strdup("");
  size_t size;
  FILE *f = open_memstream(&text, &size);
  const cJSON *one;
  if (!f) return NULL;
  cJSON_ArrayForEach(one, item)
      fprintf(f, "%s%s", one == item->child ? "" : " ", cJSON_IsString(one) ? one->valuestring : "");
  fclose(f);
  return text;
}

/* ---- files ---- */

/* Quoted where RFC 4180 asks for it. */
static void csv_value(sf_text *t, const cJSON *item) {
  char *text = value_text(item);
  if (!text) {
    t->failed = true;
    return;
  }
  if (!text[strcspn(text, ",\"\r\n")]) {
    sf_text_add(t, "%s", text);
  } else {
    sf_text_add(t, "\"");
    for (const char *c = text; *c; c++) sf_text_add(t, *c == '"' ? "\"\"" : "%c", *c);
    sf_text_add(t, "\"");
  }
  free(text);
}

static sf_err finish(sf_text *t, const char *path, sf_msg *msg) {
  sf_err err = t->failed || !t->s ? sf_fail(msg, SF_ENOMEM, "%s: out of memory", path) : SF_OK;
  if (!err) err = sf_write_text(path, t->s, msg);
  sf_text_free(t);
  return err;
}

sf_err sf_rows_write_csv(const cJSON *results, const char *path, sf_msg *msg) {
  sf_text t = {0};
  const cJSON *columns = cJSON_GetObjectItemCaseSensitive(results, "columns");
  const cJSON *rows = cJSON_GetObjectItemCaseSensitive(results, "rows"), *row, *column;
  cJSON_ArrayForEach(column, columns)
      sf_text_add(&t, "%s%s", column == columns->child ? "" : ",", sf_row_text(column, "key"));
  sf_text_add(&t, "\n");
  cJSON_ArrayForEach(row, rows) {
    cJSON_ArrayForEach(column, columns) {
      if (column != columns->child) sf_text_add(&t, ",");
      csv_value(&t, cJSON_GetObjectItemCaseSensitive(row, sf_row_text(column, "key")));
    }
    sf_text_add(&t, "\n");
  }
  return finish(&t, path, msg);
}

/* From a folder to a file, both absolute: "../lint-0123". */
static char *relative(const char *folder, const char *file) {
  size_t same = 0;
  for (size_t i = 0; folder[i] && folder[i] == file[i]; i++)
    if (folder[i] == '/') same = i + 1;
  const size_t n = strlen(folder);
  if (strncmp(folder, file, n) == 0 && file[n] == '/') return strdup(file + n + 1);
  sf_text t = {0};
  sf_text_add(&t, "../");
  for (const char *c = folder + same; *c; c++)
    if (*c == '/') sf_text_add(&t, "../");
  sf_text_add(&t, "%s", file + same);
  return t.s;
}

/* Results whose logs are named as seen from the file. The caller deletes them. */
static cJSON *as_seen_from(const cJSON *results, const char *path) {
  char folder[SF_PATH_MAX], absolute[SF_PATH_MAX];
  cJSON *copy = cJSON_Duplicate(results, 1), *row, *log;
  snprintf(folder, sizeof folder, "%s", path);
  char *slash = strrchr(folder, '/');
  if (slash) *slash = '\0';
  if (!realpath(slash ? folder : ".", absolute)) return copy;
  cJSON_ArrayForEach(row, cJSON_GetObjectItemCaseSensitive(copy, "rows"))
      cJSON_ArrayForEach(log, cJSON_GetObjectItemCaseSensitive(row, "logs")) {
    if (!cJSON_IsString(log) || log->valuestring[0] != '/') continue;
    char *seen = relative(absolute, log->valuestring);
    if (seen) cJSON_SetValuestring(log, seen);
    free(seen);
  }
  return copy;
}

char *sf_rows_json_text(const cJSON *results, const char *path, bool indented) {
  cJSON *seen = as_seen_from(results, path);
  char *text = !seen ? NULL : indented ? cJSON_Print(seen) : cJSON_PrintUnformatted(seen);
  cJSON_Delete(seen);
  return text;
}

sf_err sf_rows_write_json(const cJSON *results, const char *path, sf_msg *msg) {
  sf_text t = {0};
  char *text = sf_rows_json_text(results, path, true);
  if (!text) return sf_fail(msg, SF_ENOMEM, "%s: out of memory", path);
  sf_text_add(&t, "%s\n", text);
  cJSON_free(text);
  return finish(&t, path, msg);
}

/* ---- the summary ---- */

static const char *const shown[] = {
    "target",          "AXONS",       "NEURONS",  "LANES",         "WEIGHT_BITS",      "network",
    "cycles_per_tick", "utilisation", "accuracy", "luts",          "luts_per_lane",    "block_ram",
    "spram",           "fmax_mhz",    "gops",     "samples_per_s", "energy_pj_per_op", "lockstep_cycles",
    "fronts"};
enum { N_SHOWN = sizeof shown / sizeof *shown };

static const char *title_of(const char *key) {
  for (size_t i = 0; i < sf_n_columns; i++)
    if (!strcmp(sf_columns[i].key, key)) return sf_columns[i].title;
  return key;
}

static void cell(sf_text *t, const cJSON *item) {
  if (cJSON_IsNumber(item)) {
    const double x = item->valuedouble;
    if (x == floor(x) && x >= 0 && x < 1e15) {
      sf_text_add(t, " ");
      sf_text_count(t, (uint64_t)x);
      sf_text_add(t, " |");
    } else {
      sf_text_add(t, " ");
      sf_text_number(t, x, 4);
      sf_text_add(t, " |");
    }
    return;
  }
  char *text = value_text(item);
  sf_text_add(t, " ");
  for (const char *c = text ? text : ""; *c; c++) sf_text_add(t, *c == '|' ? "\\|" : "%c", *c == '\n' ? ' ' : *c);
  sf_text_add(t, " |");
  free(text);
}

sf_err sf_rows_write_markdown(const cJSON *results, const char *path, sf_msg *msg) {
  sf_text t = {0};
  const cJSON *rows = cJSON_GetObjectItemCaseSensitive(results, "rows"), *row, *tool;
  bool used[N_SHOWN] = {false};
  for (int i = 0; i < N_SHOWN; i++) cJSON_ArrayForEach(row, rows) {
      const cJSON *item = cJSON_GetObjectItemCaseSensitive(row, shown[i]);
      used[i] = used[i] ||
                (item && (!cJSON_IsArray(item) || item->child) && !(cJSON_IsNumber(item) && item->valuedouble == 0));
    }
  sf_text_add(&t, "# Sweep %s\n\n%.0f points: %.0f ok, %.0f failed, %.0f with an error, %.0f not computed.",
              sf_row_text(results, "sweep"), sf_row_number(results, "points"), sf_row_number(results, "ok"),
              sf_row_number(results, "failed"), sf_row_number(results, "error"), sf_row_number(results, "missing"));
  sf_text_add(&t, " Made with");
  cJSON_ArrayForEach(tool, cJSON_GetObjectItemCaseSensitive(results, "tools")) sf_text_add(
      &t, "%s %s %s", tool->prev->next ? "," : "", tool->string, cJSON_IsString(tool) ? tool->valuestring : "");
  sf_text_add(&t, ".\n\n|");
  for (int i = 0; i < N_SHOWN; i++)
    if (used[i]) sf_text_add(&t, " %s |", title_of(shown[i]));
  sf_text_add(&t, "\n|");
  for (int i = 0; i < N_SHOWN; i++)
    if (used[i])
      sf_text_add(&t, " %s |",
                  !strcmp(shown[i], "target") || !strcmp(shown[i], "network") || !strcmp(shown[i], "fronts") ? "---"
                                                                                                             : "---:");
  sf_text_add(&t, "\n");
  cJSON_ArrayForEach(row, rows) {
    if (strcmp(sf_row_text(row, "status"), "ok")) continue;
    sf_text_add(&t, "|");
    for (int i = 0; i < N_SHOWN; i++)
      if (used[i]) cell(&t, cJSON_GetObjectItemCaseSensitive(row, shown[i]));
    sf_text_add(&t, "\n");
  }
  bool first = true;
  cJSON_ArrayForEach(row, rows) {
    if (!strcmp(sf_row_text(row, "status"), "ok")) continue;
    if (first)
      sf_text_add(&t, "\n| point | target | lanes | neurons | weight bits | status | reason |\n| ---: | --- | ---: | "
                      "---: | ---: | --- | --- |\n");
    first = false;
    static const char *const bad[] = {"point", "target", "LANES", "NEURONS", "WEIGHT_BITS", "status", "reason"};
    sf_text_add(&t, "|");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) cell(&t, cJSON_GetObjectItemCaseSensitive(row, bad[i]));
    sf_text_add(&t, "\n");
  }
  return finish(&t, path, msg);
}
