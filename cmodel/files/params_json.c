/* params_json.c - see params_json.h. */
#include "files/params_json.h"

#include <cjson/cJSON.h>

void sf_params_json(const sf_params *p, cJSON *o) {
  cJSON_AddNumberToObject(o, "AXONS", p->axons);
  cJSON_AddNumberToObject(o, "NEURONS", p->neurons);
  cJSON_AddNumberToObject(o, "LANES", p->lanes);
  cJSON_AddNumberToObject(o, "NEURON_LANES", p->neuron_lanes);
  cJSON_AddNumberToObject(o, "LEARNING_LANES", p->learning_lanes);
  cJSON_AddNumberToObject(o, "WEIGHT_BITS", p->weight_bits);
  cJSON_AddNumberToObject(o, "POTENTIAL_BITS", p->potential_bits);
  cJSON_AddNumberToObject(o, "DELAY_SLOTS", p->delay_slots);
  cJSON_AddNumberToObject(o, "PROFILES", p->profiles);
  cJSON_AddNumberToObject(o, "ROUTES", p->routes);
  cJSON_AddBoolToObject(o, "HAS_CURRENT", p->has_current);
  cJSON_AddBoolToObject(o, "HAS_REFRACTORY", p->has_refractory);
  cJSON_AddBoolToObject(o, "HAS_ADAPTATION", p->has_adaptation);
  cJSON_AddBoolToObject(o, "HAS_NOISE", p->has_noise);
  cJSON_AddStringToObject(o, "LEAK", p->leak_shift ? "shift" : "multiply");
  cJSON_AddStringToObject(o, "WEIGHT_MEMORY", p->spram ? "spram" : "block");
}
