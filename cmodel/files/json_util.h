/* json_util.h - careful JSON reading on top of cJSON: one line for every kind of wrong value. */
#ifndef SYNFIRE_JSON_UTIL_H
#define SYNFIRE_JSON_UTIL_H

#include <cjson/cJSON.h>
#include <string.h>

#include "synfire/base.h"

/* sf_json_parse() - an object from text; SF_EFORMAT with the line number if it is none. Free with cJSON_Delete(). */
SF_MUST_CHECK sf_err sf_json_parse(const char *text, size_t length, cJSON **out, sf_msg *msg);

/* Every object may have a key "comment", with any value, for people. Code that goes through all keys of one skips
 * it. */
#define SF_JSON_COMMENT "comment"
static inline bool sf_json_is_comment(const cJSON *item) { return strcmp(item->string, SF_JSON_COMMENT) == 0; }

/* sf_json_keys() - is `object` an object with no key outside the n known ones (32 at most) and "comment", and none
 * twice? `what` names it. */
SF_MUST_CHECK sf_err sf_json_keys(const cJSON *object, const char *what, const char *const *known, size_t n,
                                  sf_msg *msg);

/* sf_json_value() - the integer that `item` must be, in lo .. hi; `what` names it. */
SF_MUST_CHECK sf_err sf_json_value(const cJSON *item, const char *what, int64_t lo, int64_t hi, int64_t *value,
                                   sf_msg *msg);

/* The same for a key of an object; left out, *value (the default) stays. `what` names the object ("" for none). */
SF_MUST_CHECK sf_err sf_json_int(const cJSON *object, const char *what, const char *key, int64_t lo, int64_t hi,
                                 int64_t *value, sf_msg *msg);
/* true, false, 1 or 0 */
SF_MUST_CHECK sf_err sf_json_bool(const cJSON *object, const char *what, const char *key, bool *value, sf_msg *msg);
/* A string shorter than room; left out, text stays. */
SF_MUST_CHECK sf_err sf_json_text(const cJSON *object, const char *what, const char *key, char *text, size_t room,
                                  sf_msg *msg);
/* An array, or NULL if left out; at most `most` elements. */
SF_MUST_CHECK sf_err sf_json_array(const cJSON *object, const char *what, const char *key, size_t most,
                                   const cJSON **out, size_t *n, sf_msg *msg);

#endif
