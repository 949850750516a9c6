/* page.c - results of a sweep as one self-contained page: the data as JSON, and explore/page.js, which draws
 * table and charts from it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explore/cache.h"
#include "explore/columns.h"
#include "explore/page.h"
#include "explore/rows.h"
#include "files/file_util.h"
#include "util/text.h"

static sf_err read_part(const char *name, char **text, sf_msg *msg) {
  char path[SF_PATH_MAX];
  size_t length;
  const sf_err err = sf_data_path(name, path, msg);
  return err ? err : sf_file_read(path, (size_t)1 << 22, text, &length, msg);
}

/* JSON inside a script element: "<" could end it, so it is written as its number. */
static void add_json(sf_text *t, const char *json) {
  for (const char *from = json; *from;) {
    const size_t n = strcspn(from, "<");
    sf_text_add(t, "%.*s", (int)n, from);
    from += n;
    if (*from == '<') {
      sf_text_add(t, "\\u003c");
      from++;
    }
  }
}

sf_err sf_page_write(const char *path, const char *kind, const char *title, const char *json, sf_msg *msg) {
  sf_text t = {0};
  char *style = NULL, *script = NULL;
  sf_err err =
      json ? read_part("harness/explore/page.css", &style, msg) : sf_fail(msg, SF_ENOMEM, "%s: out of memory", path);
  if (!err) err = read_part("harness/explore/page.js", &script, msg);
  if (!err) {
    sf_text_add(&t, "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
                    "content=\"width=device-width,initial-scale=1\"><title>");
    sf_text_html(&t, title);
    sf_text_add(&t,
                "</title>\n<style>\n%s</style></head>\n<body data-kind=\"%s\"><header><p class=\"soft\">synfire "
                "explore</p><h1>",
                style, kind);
    sf_text_html(&t, title);
    sf_text_add(&t, "</h1></header>\n<main id=\"main\"><noscript>This page draws its table and charts with the script "
                    "it carries; the "
                    "same numbers are in the CSV file beside it.</noscript></main>\n<script type=\"application/json\" "
                    "id=\"data\">");
    add_json(&t, json);
    sf_text_add(&t, "</script>\n<script>\n%s</script>\n</body></html>\n", script);
    if (t.failed) err = sf_fail(msg, SF_ENOMEM, "%s: out of memory", path);
  }
  if (!err) err = sf_write_text(path, t.s, msg);
  free(style);
  free(script);
  sf_text_free(&t);
  return err;
}

sf_err sf_rows_write_page(const cJSON *results, const char *path, sf_msg *msg) {
  char *json = sf_rows_json_text(results, path, false), title[160];
  snprintf(title, sizeof title, "Sweep %.100s", sf_row_text(results, "sweep"));
  const sf_err err = sf_page_write(path, "sweep", title, json, msg);
  cJSON_free(json);
  return err;
}
