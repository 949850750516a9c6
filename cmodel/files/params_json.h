/* params_json.h - the parameters of a core as members of a JSON object, as in configuration files. */
#ifndef SYNFIRE_PARAMS_JSON_H
#define SYNFIRE_PARAMS_JSON_H

#include "synfire/params.h"

struct cJSON;

/* sf_params_json() - every parameter, under its name. */
void sf_params_json(const sf_params *p, struct cJSON *object);

#endif
