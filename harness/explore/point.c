/* point.c - a point of a sweep: its steps through the cache, its row from there. */
#define _GNU_SOURCE
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "explore/cache.h"
#include "explore/steps.h"
#include "files/file_util.h"
#include "files/json_util.h"
#include "files/params_json.h"
#include "run/samples.h"
#include "util/clock.h"

static void put(cJSON *values, const char *key, double x) { cJSON_AddNumberToObject(values, key, x); }

/* ---- a point ---- */

/* A finding follows from the inputs and would be found again; anything else may go better next time. */
static bool is_finding(sf_err err) { return err == SF_EFAIL || err == SF_EINVAL || err == SF_EFORMAT; }

static sf_err write_step(const char *folder, const sf_err err, const char *reason, cJSON *values, double seconds,
                         sf_msg *msg) {
  char path[SF_PATH_MAX + 16];
  cJSON *o = cJSON_CreateObject();
  cJSON_AddStringToObject(o, "status", err ? "failed" : "ok");
  if (err) cJSON_AddStringToObject(o, "reason", reason);
  cJSON_AddNumberToObject(o, "seconds", round(seconds * 10) / 10);
  cJSON_AddItemToObject(o, "values", cJSON_Duplicate(values, 1));
  char *text = cJSON_Print(o);
  cJSON_Delete(o);
  snprintf(path, sizeof path, "%s/result.json", folder);
  const sf_err wrote = sf_write_text(path, text, msg);
  cJSON_free(text);
  return wrote;
}

/* What an entry says: SF_OK, or SF_EFAIL with its reason. *values (NULL allowed) is the caller's. */
static sf_err read_step(const char *folder, cJSON **values, double *seconds, sf_msg *msg) {
  char path[SF_PATH_MAX + 16], *text, reason[400] = "";
  size_t length;
  cJSON *o;
  snprintf(path, sizeof path, "%s/result.json", folder);
  sf_err err = sf_file_read(path, (size_t)1 << 24, &text, &length, msg);
  if (err) return err;
  err = sf_json_parse(text, length, &o, msg);
  free(text);
  if (err) return sf_prefix(msg, SF_EIO, path);
  const cJSON *status = cJSON_GetObjectItemCaseSensitive(o, "status");
  const cJSON *why = cJSON_GetObjectItemCaseSensitive(o, "reason");
  const cJSON *time = cJSON_GetObjectItemCaseSensitive(o, "seconds");
  if (cJSON_IsString(why)) snprintf(reason, sizeof reason, "%s", why->valuestring);
  if (seconds && cJSON_IsNumber(time)) *seconds += time->valuedouble;
  if (values) *values = cJSON_DetachItemFromObjectCaseSensitive(o, "values");
  err = cJSON_IsString(status) && !strcmp(status->valuestring, "ok") ? SF_OK : sf_fail(msg, SF_EFAIL, "%s", reason);
  cJSON_Delete(o);
  return err;
}

static sf_err one_step(const sf_point *p, sf_step step, uint32_t seed, sf_msg *msg) {
  sf_hash h;
  sf_entry e;
  sf_err err = sf_step_key(p, step, seed, &h, msg);
  if (!err) err = sf_entry_open(sf_step_name(step), &h, &e, msg);
  if (err) return err;
  if (e.ready) return read_step(e.path, NULL, NULL, msg);
  cJSON *values = cJSON_CreateObject();
  const double start = sf_seconds_now();
  err = values ? sf_step_run(p, step, seed, e.work, values, msg) : sf_fail(msg, SF_ENOMEM, "out of memory");
  const bool keep = !err || is_finding(err);
  sf_msg wrote = {""};
  sf_err end = keep ? write_step(e.work, err, msg->text, values, sf_seconds_now() - start, &wrote) : SF_OK;
  cJSON_Delete(values);
  const sf_err closed = sf_entry_close(&e, keep && !end, &wrote);
  if (!end) end = closed;
  if (end) return sf_fail(msg, end, "%s", wrote.text);
  return !err ? SF_OK : keep ? SF_EFAIL : err;
}

/* Where a point's last error is kept: by what the point is, not by its number, and by the RTL that it was computed
 * on. */
static bool error_path(const sf_sweep *s, const sf_point *p, unsigned steps, char path[SF_PATH_MAX]) {
  char folder[SF_PATH_MAX], hex[33];
  sf_hash h = sf_hash_new();
  sf_hash_text(&h, s->path);
  sf_key_params(&h, &p->params);
  sf_hash_text(&h, p->target ? p->target->name : "");
  sf_hash_text(&h, p->net->name);
  const uint64_t more[] = {p->net->seed, p->events,      p->ticks,         p->traffic_seed,
                           steps,        p->grid->board, p->grid->freq_mhz};
  sf_hash_bytes(&h, more, sizeof more);
  if (sf_key_rtl(&h, p->target ? sf_synth_family(p->target) : NULL, NULL)) return false;
  sf_hash_hex(&h, hex);
  return !sf_cache_path("explore", folder, NULL) &&
         snprintf(path, SF_PATH_MAX, "%s/point-%s.error", folder, hex) < SF_PATH_MAX;
}

void sf_point_error(const sf_sweep *s, const sf_point *p, unsigned steps, const char *text) {
  char path[SF_PATH_MAX];
  if (!error_path(s, p, steps, path)) return;
  if (!text) unlink(path);
  else if (sf_write_text(path, text, NULL)) unlink(path);
}

static sf_err run_all(const sf_point *p, unsigned steps, sf_msg *msg) {
  if (p->invalid) return sf_fail(msg, SF_EFAIL, "%s", p->invalid);
  for (int step = 0; step < SF_STEPS; step++) {
    if (!(steps & 1u << step)) continue;
    const uint32_t n = step == SF_STEP_ROUTE ? p->grid->n_seeds : 1;
    for (uint32_t i = 0; i < n; i++) {
      const sf_err err = one_step(p, (sf_step)step, p->grid->route_seed[i], msg);
      if (!err) continue;
      const sf_msg inner = *msg;
      return sf_fail(msg, err, "%s: %.490s", sf_step_name((sf_step)step), inner.text);
    }
  }
  return SF_OK;
}

sf_err sf_point_run(const sf_sweep *s, const sf_point *p, unsigned steps, sf_msg *msg) {
  const sf_err err = run_all(p, steps, msg);
  sf_point_error(s, p, steps, err && err != SF_EFAIL ? msg->text : NULL);
  return err;
}

/* ---- the row: values of the steps, put together ---- */

static void add_values(cJSON *row, cJSON *values) {
  while (values && values->child) {
    cJSON *item = values->child;
    char key[64];
    snprintf(key, sizeof key, "%s", item->string ? item->string : "?");
    cJSON_DetachItemViaPointer(values, item);
    if (cJSON_HasObjectItem(row, key)) cJSON_Delete(item);
    else cJSON_AddItemToObject(row, key, item);
  }
}

/* The middle one of the seeds (the lower of two middle ones), so that a lucky seed does not stand for a design. */
static void add_clocks(cJSON *row, double *fmax, uint32_t n) {
  for (uint32_t i = 1; i < n; i++)
    for (uint32_t j = i; j > 0 && fmax[j] < fmax[j - 1]; j--) {
      const double swap = fmax[j];
      fmax[j] = fmax[j - 1];
      fmax[j - 1] = swap;
    }
  cJSON_ReplaceItemInObjectCaseSensitive(row, "fmax_mhz", cJSON_CreateNumber(fmax[(n - 1) / 2]));
  put(row, "fmax_min_mhz", fmax[0]);
  put(row, "fmax_max_mhz", fmax[n - 1]);
  put(row, "route_seeds", n);
}

static void set_status(cJSON *row, const char *status, const char *step, const char *reason) {
  cJSON_ReplaceItemInObjectCaseSensitive(row, "status", cJSON_CreateString(status));
  cJSON_AddStringToObject(row, "failed_step", step);
  cJSON_AddStringToObject(row, "reason", reason);
}

/* false: the row ends here. */
static bool add_step(const sf_point *p, sf_step step, uint32_t seed, cJSON *row, cJSON *logs, double *seconds,
                     double *fmax, const char *error) {
  sf_hash h;
  sf_msg msg = {""};
  char path[SF_PATH_MAX] = "", name[32];
  cJSON *values = NULL;
  sf_err err = sf_step_key(p, step, seed, &h, &msg);
  if (err) {
    set_status(row, "error", sf_step_name(step), error[0] ? error : msg.text);
    return false;
  }
  if (!sf_entry_path(sf_step_name(step), &h, path)) {
    set_status(row, error[0] ? "error" : "missing", sf_step_name(step), error[0] ? error : "not computed yet");
    strcat(path, ".failed");
    if (access(path, R_OK) == 0) cJSON_AddStringToObject(logs, sf_step_name(step), path);
    return false;
  }
  err = read_step(path, &values, seconds, &msg);
  if (step == SF_STEP_ROUTE) snprintf(name, sizeof name, "route %u", seed);
  else snprintf(name, sizeof name, "%s", sf_step_name(step));
  cJSON_AddStringToObject(logs, name, path);
  const cJSON *clock = cJSON_GetObjectItemCaseSensitive(values, "fmax_mhz");
  if (cJSON_IsNumber(clock)) *fmax = clock->valuedouble;
  cJSON_DeleteItemFromObjectCaseSensitive(values, "seed");
  add_values(row, values);
  cJSON_Delete(values);
  if (err) set_status(row, err == SF_EFAIL ? "failed" : "error", sf_step_name(step), msg.text);
  return !err;
}

cJSON *sf_point_row(const sf_sweep *s, const sf_point *p, unsigned steps) {
  cJSON *row = cJSON_CreateObject(), *logs = cJSON_CreateObject();
  char path[SF_PATH_MAX], *error = NULL;
  size_t length;
  double seconds = 0, fmax[SF_SWEEP_MAX_SEEDS];
  if (!row || !logs) {
    cJSON_Delete(row);
    cJSON_Delete(logs);
    return NULL;
  }
  put(row, "point", p->number);
  cJSON_AddStringToObject(row, "status", "ok");
  if (p->grid->name[0]) cJSON_AddStringToObject(row, "grid", p->grid->name);
  if (p->target) cJSON_AddStringToObject(row, "target", p->target->name);
  cJSON_AddStringToObject(row, "network", p->net->name);
  if (!p->net->spikes) {
    put(row, "density", p->net->density);
    put(row, "events", p->events);
    put(row, "ticks", p->ticks);
    put(row, "traffic_seed", (double)p->traffic_seed);
  }
  if (p->invalid) {
    set_status(row, "failed", "parameters", p->invalid);
    cJSON_AddItemToObject(row, "logs", logs);
    return row;
  }
  sf_params_json(&p->params, row);
  if (error_path(s, p, steps, path) && sf_file_read(path, 4096, &error, &length, NULL)) error = NULL;
  bool more = true;
  for (int step = 0; more && step < SF_STEPS; step++) {
    if (!(steps & 1u << step)) continue;
    const uint32_t n = step == SF_STEP_ROUTE ? p->grid->n_seeds : 1;
    for (uint32_t i = 0; more && i < n; i++)
      more = add_step(p, (sf_step)step, p->grid->route_seed[i], row, logs, &seconds, &fmax[i], error ? error : "");
    if (more && step == SF_STEP_ROUTE) add_clocks(row, fmax, n);
  }
  put(row, "seconds", round(seconds * 10) / 10);
  cJSON_AddItemToObject(row, "logs", logs);
  free(error);
  return row;
}
