/* params_json.c - see params_json.h. */
#include "files/params_json.h"

#include <cjson/cJSON.h>

static void add_choice(cJSON *o, const char *name, bool value, const char *no, const char *yes) {
  cJSON_AddStringToObject(o, name, value ? yes : no);
}

void sf_params_json(const sf_params *p, cJSON *o) {
#define ADD_SF_NUMBER(name, field) cJSON_AddNumberToObject(o, name, p->field)
#define ADD_SF_POWER ADD_SF_NUMBER
#define ADD_SF_WIDTH ADD_SF_NUMBER
#define ADD_SF_FLAG(name, field) cJSON_AddBoolToObject(o, name, p->field)
#define ADD_SF_CHOICE(name, field) add_choice(o, name, p->field, SF_WORDS_##field)
#define ADD(kind, name, rtl, field, standard, lo, hi) ADD_##kind(#name, field);
  SF_PARAMS(ADD)
}
