/* explore_print.c - see explore_print.h. */
#include "verbs/explore_print.h"

#include <stdio.h>
#include <string.h>

#include "explore/columns.h"
#include "explore/rows.h"
#include "util/cli.h"

static void list_points(const sf_sweep *s, const sf_explore_task *t) {
  printf("point  target    axons neurons lanes  U  bits  %-20s events  status\n", "network");
  for (uint32_t i = 0; i < s->n_points; i++) {
    const sf_point *p = &s->point[i];
    cJSON *row = sf_point_row(s, p, sf_explore_steps(t, p));
    if (p->invalid) printf("%5u  %-8s  %s\n", i, p->target ? p->target->name : "", p->invalid);
    else
      printf("%5u  %-8s  %5u %7u %5u %2u %5u  %-20s %6u  %s\n", i, p->target ? p->target->name : "", p->params.axons,
             p->params.neurons, p->params.lanes, p->params.neuron_lanes, p->params.weight_bits, p->net->name, p->events,
             row ? sf_row_text(row, "status") : "");
    cJSON_Delete(row);
  }
}

static void list_json(const sf_sweep *s, const sf_explore_task *t) {
  cJSON *o = cJSON_CreateObject();
  cJSON_AddStringToObject(o, "sweep", s->name);
  cJSON_AddNumberToObject(o, "points", s->n_points);
  cJSON *rows = cJSON_AddArrayToObject(o, "rows");
  for (uint32_t i = 0; i < s->n_points; i++) {
    cJSON *row = sf_point_row(s, &s->point[i], sf_explore_steps(t, &s->point[i]));
    if (row) sf_rows_derive(row);
    cJSON_AddItemToArray(rows, row);
  }
  sf_cli_json(o);
}

void sf_print_points(const sf_sweep *s, const sf_explore_task *t, bool json) {
  if (json) list_json(s, t);
  else list_points(s, t);
}

static void print_faults(const cJSON *results) {
  const cJSON *row;
  int shown = 0;
  cJSON_ArrayForEach(row, cJSON_GetObjectItemCaseSensitive(results, "rows")) {
    if (!strcmp(sf_row_text(row, "status"), "ok")) continue;
    if (++shown > 10) continue;
    printf("  point %-5.0f %-8s %s: %.150s\n", sf_row_number(row, "point"), sf_row_text(row, "status"),
           sf_row_text(row, "failed_step"), sf_row_text(row, "reason"));
  }
  if (shown > 10) printf("  and %d more: see the report\n", shown - 10);
}

/* Of lint: no fault, but to be seen. Returns the number of points. */
static int print_warnings(const cJSON *results, bool quiet) {
  const cJSON *row, *first = NULL;
  int n = 0;
  cJSON_ArrayForEach(row, cJSON_GetObjectItemCaseSensitive(results, "rows")) {
    if (!cJSON_HasObjectItem(row, "lint_first")) continue;
    if (n++ == 0) first = row;
  }
  if (n && !quiet)
    printf("  lint: warnings at %d point%s; point %.0f, %s, first: %.300s\n", n, n == 1 ? "" : "s",
           sf_row_number(first, "point"), sf_row_text(first, "lint"), sf_row_text(first, "lint_first"));
  return n;
}

void sf_print_outcome(const sf_sweep *s, const sf_explore_outcome *o, bool json) {
  if (json) {
    cJSON *all = cJSON_CreateObject();
    static const char *const key[] = {"sweep", "points", "ok", "failed", "error", "missing"};
    for (size_t i = 0; i < sizeof key / sizeof *key; i++)
      cJSON_AddItemToObject(all, key[i], cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(o->results, key[i]), 1));
    cJSON_AddNumberToObject(all, "computed", o->computed);
    cJSON_AddNumberToObject(all, "lint_warnings", print_warnings(o->results, true));
    cJSON_AddStringToObject(all, "folder", o->folder);
    sf_cli_json(all);
  } else {
    printf("sweep %s: %u points, %d computed now; %.0f ok, %.0f failed, %.0f with an error, %.0f not computed\n",
           s->name, s->n_points, o->computed, sf_row_number(o->results, "ok"), sf_row_number(o->results, "failed"),
           sf_row_number(o->results, "error"), sf_row_number(o->results, "missing"));
    print_faults(o->results);
    (void)print_warnings(o->results, false);
    printf("  report %s/report.html, results.csv, results.json, results.md beside it\n", o->folder);
  }
}
