/* tables.c - tables and charts of a projection, as objects that page.js draws. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "explore/parts.h"

cJSON *sf_table_new(cJSON *root, const char *title, const char *note, const char *const *columns, size_t n) {
  cJSON *t = cJSON_CreateObject();
  cJSON_AddStringToObject(t, "title", title);
  cJSON_AddStringToObject(t, "note", note);
  cJSON *names = cJSON_AddArrayToObject(t, "columns");
  for (size_t i = 0; i < n; i++) cJSON_AddItemToArray(names, cJSON_CreateString(columns[i]));
  cJSON *rows = cJSON_AddArrayToObject(t, "rows");
  cJSON_AddItemToArray(cJSON_GetObjectItemCaseSensitive(root, "tables"), t);
  return rows;
}

cJSON *sf_table_row(cJSON *rows) {
  cJSON *row = cJSON_CreateArray();
  cJSON_AddItemToArray(rows, row);
  return row;
}
void sf_cell_text(cJSON *row, const char *text) { cJSON_AddItemToArray(row, cJSON_CreateString(text)); }

/* Counts as they are; four digits of what was computed. */
double sf_four_digits(double x) {
  char text[32];
  if (x == floor(x) && fabs(x) < 1e15) return x;
  snprintf(text, sizeof text, "%.4g", x);
  return strtod(text, NULL);
}

void sf_cell_number(cJSON *row, double x) {
  cJSON_AddItemToArray(row, isfinite(x) ? cJSON_CreateNumber(sf_four_digits(x)) : cJSON_CreateString(""));
}

cJSON *sf_chart_new(cJSON *root, const char *id, const char *title, const char *x, const char *y) {
  cJSON *c = cJSON_CreateObject();
  cJSON_AddStringToObject(c, "id", id);
  cJSON_AddStringToObject(c, "title", title);
  cJSON_AddStringToObject(c, "xname", x);
  cJSON_AddStringToObject(c, "yname", y);
  cJSON_AddArrayToObject(c, "points");
  cJSON_AddItemToArray(cJSON_GetObjectItemCaseSensitive(root, "charts"), c);
  return c;
}

void sf_chart_point(cJSON *on, const char *series, double x, double y, bool is_measured) {
  if (!isfinite(x) || !isfinite(y) || x <= 0 || y <= 0) return;
  cJSON *p = cJSON_CreateObject();
  cJSON_AddStringToObject(p, "series", series);
  cJSON_AddNumberToObject(p, "x", x);
  cJSON_AddNumberToObject(p, "y", y);
  cJSON_AddBoolToObject(p, "measured", is_measured);
  cJSON_AddItemToArray(cJSON_GetObjectItemCaseSensitive(on, "points"), p);
}

const char *sf_percent(double x, char out[32]) {
  if (isfinite(x)) snprintf(out, 32, "%.1f %%", 100 * x);
  else snprintf(out, 32, "-");
  return out;
}
