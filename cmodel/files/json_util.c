/* json_util.c - see json_util.h. */
#include "files/json_util.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files/file_util.h"

static const char *key_name(const char *what, const char *key, char out[160]) {
  snprintf(out, 160, "%.90s%s%.60s", what, what[0] != '\0' ? "/" : "", key);
  return out;
}

sf_err sf_json_parse(const char *text, size_t length, cJSON **out, sf_msg *msg) {
  const char *why_not = sf_not_text(text, length);
  if (why_not != NULL) return sf_fail(msg, SF_EFORMAT, "is not JSON: %s", why_not);
  const char *end = text;
  /* length + 1: the 0 byte after the text, by which cJSON sees that nothing follows the object. */
  cJSON *root = cJSON_ParseWithLengthOpts(text, length + 1, &end, 1);
  if (root == NULL) {
    size_t line = 1;
    for (const char *c = text; end != NULL && c < end; c++) line += *c == '\n';
    return sf_fail(msg, SF_EFORMAT, "line %zu: is not valid JSON", line);
  }
  if (!cJSON_IsObject(root)) {
    cJSON_Delete(root);
    return sf_fail(msg, SF_EFORMAT, "is no JSON object: must be { ... }");
  }
  *out = root;
  return SF_OK;
}

/* "known: a b c" of an unknown key. */
static sf_err unknown_key(const char *what, const char *key, const char *const *known, size_t n, bool comment,
                          sf_msg *msg) {
  char name[160], text[320] = "";
  size_t used = 0;
  for (size_t k = 0; k < n && used < sizeof text; k++)
    used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", k > 0 ? " " : "", known[k]);
  return sf_fail(msg, SF_EFORMAT, "unknown key %s; known: %s%s", key_name(what, key, name), text,
                 comment ? "" : " comment");
}

sf_err sf_json_keys(const cJSON *object, const char *what, const char *const *known, size_t n, sf_msg *msg) {
  char name[160];
  const char *where = what[0] != '\0' ? what : "the file";
  if (!cJSON_IsObject(object)) return sf_fail(msg, SF_EFORMAT, "%s: must be an object { ... }", where);
  bool seen[33] = {false}, lists_comment = false; /* n <= 32, and comment */
  for (size_t i = 0; i < n; i++) lists_comment = lists_comment || strcmp(known[i], SF_JSON_COMMENT) == 0;
  const cJSON *item;
  cJSON_ArrayForEach(item, object) {
    size_t i = 0;
    while (i < n && strcmp(item->string, known[i]) != 0) i++;
    if (i == n && !sf_json_is_comment(item)) return unknown_key(what, item->string, known, n, lists_comment, msg);
    if (seen[i]) return sf_fail(msg, SF_EFORMAT, "key %s: stands there twice", key_name(what, item->string, name));
    seen[i] = true;
  }
  return SF_OK;
}

sf_err sf_json_value(const cJSON *item, const char *what, int64_t lo, int64_t hi, int64_t *value, sf_msg *msg) {
  const double x = cJSON_IsNumber(item) ? item->valuedouble : NAN;
  if (floor(x) != x) /* also for NaN */
    return sf_fail(msg, SF_EFORMAT, "%s: must be an integer, %lld .. %lld", what, (long long)lo, (long long)hi);
  if (fabs(x) >= 9007199254740992.0) /* beyond, the number that stands there is not known to the last digit */
    return sf_fail(msg, SF_EINVAL, "%s is far out of range: must be %lld .. %lld", what, (long long)lo, (long long)hi);
  const int64_t n = (int64_t)x;
  if (n < lo || n > hi)
    return sf_fail(msg, SF_EINVAL, "%s = %lld: must be %lld .. %lld", what, (long long)n, (long long)lo, (long long)hi);
  *value = n;
  return SF_OK;
}

sf_err sf_json_int(const cJSON *object, const char *what, const char *key, int64_t lo, int64_t hi, int64_t *value,
                   sf_msg *msg) {
  char name[160];
  const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
  return item == NULL ? SF_OK : sf_json_value(item, key_name(what, key, name), lo, hi, value, msg);
}

sf_err sf_json_bool(const cJSON *object, const char *what, const char *key, bool *value, sf_msg *msg) {
  char name[160];
  const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
  if (item == NULL) return SF_OK;
  if (cJSON_IsBool(item)) {
    *value = cJSON_IsTrue(item) != 0;
    return SF_OK;
  }
  if (!cJSON_IsNumber(item) || (item->valuedouble != 0 && item->valuedouble != 1))
    return sf_fail(msg, SF_EFORMAT, "%s: must be true, false, 1 or 0", key_name(what, key, name));
  *value = item->valuedouble == 1;
  return SF_OK;
}

sf_err sf_json_text(const cJSON *object, const char *what, const char *key, char *text, size_t room, sf_msg *msg) {
  char name[160];
  const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
  if (item == NULL) return SF_OK;
  if (!cJSON_IsString(item) || strlen(item->valuestring) >= room)
    return sf_fail(msg, SF_EFORMAT, "%s: must be a string of at most %zu characters", key_name(what, key, name),
                   room - 1);
  memcpy(text, item->valuestring, strlen(item->valuestring) + 1);
  return SF_OK;
}

sf_err sf_json_array(const cJSON *object, const char *what, const char *key, size_t most, const cJSON **out, size_t *n,
                     sf_msg *msg) {
  char name[160];
  *out = cJSON_GetObjectItemCaseSensitive(object, key);
  *n = 0;
  if (*out == NULL) return SF_OK;
  if (!cJSON_IsArray(*out)) return sf_fail(msg, SF_EFORMAT, "%s: must be an array [ ... ]", key_name(what, key, name));
  *n = (size_t)cJSON_GetArraySize(*out);
  if (*n > most)
    return sf_fail(msg, SF_EINVAL, "%s: has %zu elements: must be at most %zu", key_name(what, key, name), *n, most);
  return SF_OK;
}
