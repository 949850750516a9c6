/* columns.h - the columns of a sweep's results: one table for CSV, page and documentation. */
#ifndef SF_HARNESS_EXPLORE_COLUMNS_H
#define SF_HARNESS_EXPLORE_COLUMNS_H

#include <cjson/cJSON.h>
#include <stddef.h>

typedef struct sf_column {
  const char *key, *title; /* title: for people, with the unit */
} sf_column;

extern const sf_column sf_columns[];
extern const size_t sf_n_columns;

/* sf_columns_json() - [{"key", "title"}, ...] of those that at least one row has. */
cJSON *sf_columns_json(const cJSON *rows);

/* sf_row_number(), sf_row_text() - a value of a row; NAN, "" when it has none. */
double sf_row_number(const cJSON *row, const char *key);
const char *sf_row_text(const cJSON *row, const char *key);

#endif
