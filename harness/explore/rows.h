/* rows.h - the results of a sweep: rows, what follows from them, and the files they are written to. */
#ifndef SF_HARNESS_EXPLORE_ROWS_H
#define SF_HARNESS_EXPLORE_ROWS_H

#include "explore/explore.h"

/* sf_rows_collect() - results of all points as one object: format, version, sweep, tools, columns, rows, counts. steps
 * 0: those of each grid. The caller deletes it; NULL with one line. */
SF_MUST_CHECK sf_err sf_rows_collect(const sf_sweep *s, unsigned steps, cJSON **out, sf_msg *msg);

/* sf_rows_derive() - add to a row what follows from its numbers: see sweeps/README.md, "Columns". */
void sf_rows_derive(cJSON *row);

/* sf_rows_fronts() - mark Pareto fronts among rows (an array) that have the values: "fronts" of a row is a list of
 * names. */
void sf_rows_fronts(cJSON *rows);

/* sf_pareto() - front[i]: no other point has gain at least as high and cost at most as high, one of them better. */
void sf_pareto(const double *gain, const double *cost, size_t n, bool *front);

/* Energy proxies in picojoules; the formula and where its numbers are from: sweeps/README.md. */
double sf_energy_pj(double row_reads, double neuron_updates, uint32_t axons, uint32_t neurons, uint32_t lanes,
                    uint32_t weight_bits, uint32_t potential_bits, bool leak_shift);

/* sf_rows_json_text() - results as JSON, logs named as seen from the file `path`; free with cJSON_free(). */
char *sf_rows_json_text(const cJSON *results, const char *path, bool indented);

/* The files. Each is written beside its place and renamed. logs in rows are made relative to the file's folder. */
SF_MUST_CHECK sf_err sf_rows_write_csv(const cJSON *results, const char *path, sf_msg *msg);
SF_MUST_CHECK sf_err sf_rows_write_json(const cJSON *results, const char *path, sf_msg *msg);
SF_MUST_CHECK sf_err sf_rows_write_markdown(const cJSON *results, const char *path, sf_msg *msg);
SF_MUST_CHECK sf_err sf_rows_write_page(const cJSON *results, const char *path, sf_msg *msg);

/* sf_rows_read() - results.json of an earlier sweep; checked to be one. */
SF_MUST_CHECK sf_err sf_rows_read(const char *path, cJSON **out, sf_msg *msg);

#endif
