/* parts.h - what the files of the projection share: its tables and charts, a chip with its fits. */
#ifndef SF_HARNESS_EXPLORE_PARTS_H
#define SF_HARNESS_EXPLORE_PARTS_H

#include "explore/project.h"

typedef struct sf_chip {
  const sf_synth_target *target;
  sf_fitted fit[SF_LAWS];
  const cJSON *core_row; /* the measured core with most synapses, the fastest of those */
  sf_shape core;
  double per_chip; /* such cores, by the resource that runs out first */
  const char *runs_out;
} sf_chip;

/* tables.c: a table's rows; a row; its cells, numbers as sf_four_digits() has them, "" for none. */
cJSON *sf_table_new(cJSON *root, const char *title, const char *note, const char *const *columns, size_t n);
cJSON *sf_table_row(cJSON *rows);
void sf_cell_text(cJSON *row, const char *text);
void sf_cell_number(cJSON *row, double x);

/* A chart, and a point of it; what is not above 0 has none. */
cJSON *sf_chart_new(cJSON *root, const char *id, const char *title, const char *x, const char *y);
void sf_chart_point(cJSON *on, const char *series, double x, double y, bool is_measured);

/* sf_four_digits() - counts as they are, four digits of anything else. sf_percent() - "2.0 %", "-" for none. */
double sf_four_digits(double x);
const char *sf_percent(double x, char out[32]);

/* walls.c */
void sf_describe_fits(cJSON *root, const sf_chip *c, size_t n);
void sf_describe_walls(cJSON *root, const cJSON *all, const sf_chip *c, size_t n);

#endif
