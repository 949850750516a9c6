/* value.c - values in a sweep file: words, ranges, lists. */
#include <stdio.h>
#include <string.h>

#include "explore/parse.h"
#include "files/json_util.h"

/* ---- words and ranges ---- */

static const char *const step_name[SF_STEPS] = {"lint", "model", "lockstep", "synth", "route"};

const char *sf_step_name(sf_step step) { return step_name[step]; }

sf_err sf_steps_parse(const char *text, const char *what, unsigned *steps, sf_msg *msg) {
  unsigned got = 0;
  for (const char *at = text;; at++) {
    const size_t n = strcspn(at, ",");
    int step = 0;
    while (step < SF_STEPS && (strlen(step_name[step]) != n || strncmp(at, step_name[step], n) != 0)) step++;
    if (step == SF_STEPS)
      return sf_fail(msg, SF_EINVAL, "%s '%.*s': must be lint, model, lockstep, synth or route", what,
                     (int)(n < 40 ? n : 40), at);
    got |= 1u << step;
    at += n;
    if (!*at) break;
  }
  if (got & 1u << SF_STEP_ROUTE) got |= 1u << SF_STEP_SYNTH;
  *steps = got;
  return SF_OK;
}

/* What a value alone must be; how values go together is for sf_params_check(), point by point. */
#define WORDS_SF_NUMBER(field) \
  { NULL, NULL }
#define WORDS_SF_POWER WORDS_SF_NUMBER
#define WORDS_SF_WIDTH WORDS_SF_NUMBER
#define WORDS_SF_FLAG WORDS_SF_NUMBER
#define WORDS_SF_CHOICE(field) \
  { SF_WORDS_##field }
#define ROW(kind, name, rtl, field, standard, lo, hi) {#name, kind, lo, hi, WORDS_##kind(field)},
const sf_sweep_value sf_sweep_parameter[SF_N_PARAMS] = {SF_PARAMS(ROW)};

sf_err sf_sweep_check(size_t which, const cJSON *v, const char *what, sf_msg *msg) {
  const sf_sweep_value *p = &sf_sweep_parameter[which];
  int64_t n = 0;
  if (p->kind == SF_CHOICE) {
    if (cJSON_IsString(v) && (!strcmp(v->valuestring, p->word[0]) || !strcmp(v->valuestring, p->word[1]))) return SF_OK;
    return sf_fail(msg, SF_EINVAL, "%s: must be \"%s\" or \"%s\"", what, p->word[0], p->word[1]);
  }
  if (p->kind == SF_FLAG && cJSON_IsBool(v)) return SF_OK;
  const sf_err err = sf_json_value(v, what, p->lo, p->hi, &n, msg);
  if (err) return err;
  if ((p->kind == SF_POWER || p->kind == SF_WIDTH) && ((n & (n - 1)) != 0 || n == 0))
    return sf_fail(msg, SF_EINVAL, "%s = %lld: must be %s", what, (long long)n,
                   p->kind == SF_WIDTH ? "1, 2, 4, 8 or 16" : "a power of two");
  return SF_OK;
}

/* ---- lists and ranges ---- */

/* {"from", "to", "step" or "times"} as numbers into an array. */
static sf_err expand(const cJSON *range, const char *what, cJSON *out, sf_msg *msg) {
  static const char *const known[] = {"from", "to", "step", "times"};
  int64_t from = 0, to = 0, step = 0, times = 0;
  sf_err err = sf_json_keys(range, what, known, 4, msg);
  if (!err && (!cJSON_GetObjectItemCaseSensitive(range, "from") || !cJSON_GetObjectItemCaseSensitive(range, "to")))
    err = sf_fail(msg, SF_EFORMAT, "%s: a range needs from and to", what);
  if (!err) err = sf_json_int(range, what, "from", 0, UINT32_MAX, &from, msg);
  if (!err) err = sf_json_int(range, what, "to", from, UINT32_MAX, &to, msg);
  if (!err) err = sf_json_int(range, what, "step", 1, UINT32_MAX, &step, msg);
  if (!err) err = sf_json_int(range, what, "times", 2, 1024, &times, msg);
  if (!err && (step != 0) == (times != 0))
    err = sf_fail(msg, SF_EFORMAT, "%s: a range needs either step or times", what);
  if (!err && times && from == 0) err = sf_fail(msg, SF_EINVAL, "%s/from = 0: must be 1 or more with times", what);
  size_t n = 0;
  for (int64_t v = from; !err && v <= to; v = step ? v + step : v * times) {
    if (++n > SF_SWEEP_MAX_VALUES) return sf_fail(msg, SF_EINVAL, "%s: more than %d values", what, SF_SWEEP_MAX_VALUES);
    if (!cJSON_AddItemToArray(out, cJSON_CreateNumber((double)v))) return sf_fail(msg, SF_ENOMEM, "out of memory");
  }
  return err;
}

/* A value, a list of values or a range -> a list. The caller deletes *out. */
sf_err sf_sweep_list(const cJSON *item, const char *what, cJSON **out, sf_msg *msg) {
  cJSON *list = cJSON_CreateArray();
  sf_err err = list ? SF_OK : sf_fail(msg, SF_ENOMEM, "out of memory");
  if (!err && cJSON_IsObject(item)) {
    err = expand(item, what, list, msg);
  } else if (!err && cJSON_IsArray(item)) {
    const cJSON *v;
    size_t n = 0;
    cJSON_ArrayForEach(v, item) {
      if (!err && ++n > SF_SWEEP_MAX_VALUES)
        err = sf_fail(msg, SF_EINVAL, "%s: more than %d values", what, SF_SWEEP_MAX_VALUES);
      if (!err && !cJSON_AddItemToArray(list, cJSON_Duplicate(v, 0))) err = sf_fail(msg, SF_ENOMEM, "out of memory");
    }
    if (!err && n == 0) err = sf_fail(msg, SF_EINVAL, "%s: is empty: at least one value", what);
  } else if (!err && !cJSON_AddItemToArray(list, cJSON_Duplicate(item, 0))) {
    err = sf_fail(msg, SF_ENOMEM, "out of memory");
  }
  if (err) cJSON_Delete(list);
  else *out = list;
  return err;
}

/* The same for integers lo .. hi, into values[room]. */
sf_err sf_sweep_numbers(const cJSON *item, const char *what, int64_t lo, int64_t hi, size_t room, uint64_t *values,
                        uint32_t *n, sf_msg *msg) {
  cJSON *list = NULL;
  sf_err err = sf_sweep_list(item, what, &list, msg);
  if (err) return err;
  *n = 0;
  const cJSON *v;
  cJSON_ArrayForEach(v, list) {
    int64_t got = 0;
    if (!err && *n == room) err = sf_fail(msg, SF_EINVAL, "%s: more than %zu values", what, room);
    if (!err) err = sf_json_value(v, what, lo, hi, &got, msg);
    if (!err) values[(*n)++] = (uint64_t)got;
  }
  cJSON_Delete(list);
  return err;
}

const cJSON *sf_source_find(const sf_source *s, const char *key) {
  const cJSON *item = cJSON_GetObjectItemCaseSensitive(s->own, key);
  return item || s->own == s->common ? item : cJSON_GetObjectItemCaseSensitive(s->common, key);
}

const char *sf_source_at(const sf_source *s, const char *key, char out[160]) {
  snprintf(out, 160, "%.60s%s%.80s", s->where, *s->where ? "/" : "", key);
  return out;
}
