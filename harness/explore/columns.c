/* columns.c - see columns.h. */
#include "explore/columns.h"

#include <math.h>
#include <stdbool.h>

const sf_column sf_columns[] = {{"point", "point"},
                                {"status", "status"},
                                {"failed_step", "failed in"},
                                {"reason", "reason"},
                                {"grid", "grid"},
                                {"target", "target"},
                                {"AXONS", "axons"},
                                {"NEURONS", "neurons"},
                                {"LANES", "lanes"},
                                {"NEURON_LANES", "neuron lanes"},
                                {"LEARNING_LANES", "learning lanes"},
                                {"WEIGHT_BITS", "weight bits"},
                                {"POTENTIAL_BITS", "potential bits"},
                                {"DELAY_SLOTS", "delay slots"},
                                {"PROFILES", "profiles"},
                                {"ROUTES", "routes"},
                                {"HAS_CURRENT", "current"},
                                {"HAS_REFRACTORY", "refractory"},
                                {"HAS_ADAPTATION", "adaptation"},
                                {"HAS_NOISE", "noise"},
                                {"LEAK", "leak"},
                                {"WEIGHT_MEMORY", "weight memory"},
                                {"network", "network"},
                                {"density", "density"},
                                {"events", "events a tick"},
                                {"ticks", "ticks"},
                                {"traffic_seed", "traffic seed"},
                                {"synapses", "synapses"},
                                {"weight_kib", "weights, KiB"},
                                {"lint", "lint"},
                                {"lint_first", "lint, first warning"},
                                {"samples", "samples"},
                                {"model_ticks", "ticks run"},
                                {"input_events", "input events"},
                                {"late_events", "input events after the end, left out"},
                                {"spikes", "spikes"},
                                {"output_events", "output events"},
                                {"active_axons", "active axons"},
                                {"synaptic_ops", "synaptic operations"},
                                {"cycles", "cycles"},
                                {"cycles_per_tick", "cycles a tick"},
                                {"ops_per_cycle", "operations a cycle"},
                                {"utilisation", "utilisation of lanes"},
                                {"correct", "right"},
                                {"accuracy", "accuracy"},
                                {"lockstep_cycles", "cycles in lockstep"},
                                {"lockstep_ticks", "ticks in lockstep"},
                                {"mismatches", "mismatches"},
                                {"occupancy", "occupancy of lanes"},
                                {"occupancy_least", "occupancy, least of a tick"},
                                {"lut4", "LUT4"},
                                {"ff", "flip-flops"},
                                {"carry", "carry cells"},
                                {"block_ram", "block RAM"},
                                {"lut_ram", "LUT RAM"},
                                {"spram", "SPRAM"},
                                {"dsp", "DSP"},
                                {"lut4_synapses", "LUT4 of the crossbar"},
                                {"ff_synapses", "flip-flops of the crossbar"},
                                {"lut4_neurons", "LUT4 of the neurons"},
                                {"ff_neurons", "flip-flops of the neurons"},
                                {"logic_cells", "logic cells, placed"},
                                {"luts", "LUTs"},
                                {"luts_per_lane", "LUTs a lane"},
                                {"lanes_per_block_ram", "lanes a block RAM"},
                                {"fmax_mhz", "clock, MHz"},
                                {"fmax_min_mhz", "slowest seed, MHz"},
                                {"fmax_max_mhz", "fastest seed, MHz"},
                                {"fmax_icetime_mhz", "icetime, MHz"},
                                {"route_seeds", "seeds"},
                                {"critical_ns", "critical path, ns"},
                                {"critical_from", "critical path from"},
                                {"critical_to", "critical path to"},
                                {"peak_gops", "peak, billion operations a second"},
                                {"gops", "billion operations a second"},
                                {"ticks_per_s", "ticks a second"},
                                {"samples_per_s", "samples a second"},
                                {"energy_pj_per_op", "energy proxy, pJ an operation"},
                                {"energy_nj_per_tick", "energy proxy, nJ a tick"},
                                {"yosys", "yosys"},
                                {"yosys_warnings", "warnings of yosys"},
                                {"yosys_first", "yosys, first warning"},
                                {"nextpnr", "nextpnr"},
                                {"seconds", "computed in, s"},
                                {"fronts", "on the front of"}};
const size_t sf_n_columns = sizeof sf_columns / sizeof *sf_columns;

cJSON *sf_columns_json(const cJSON *rows) {
  cJSON *list = cJSON_CreateArray();
  for (size_t i = 0; i < sf_n_columns; i++) {
    const cJSON *row;
    bool used = false;
    cJSON_ArrayForEach(row, rows) used = used || cJSON_HasObjectItem(row, sf_columns[i].key);
    if (!used) continue;
    cJSON *column = cJSON_CreateObject();
    cJSON_AddStringToObject(column, "key", sf_columns[i].key);
    cJSON_AddStringToObject(column, "title", sf_columns[i].title);
    cJSON_AddItemToArray(list, column);
  }
  return list;
}

double sf_row_number(const cJSON *row, const char *key) {
  const cJSON *item = cJSON_GetObjectItemCaseSensitive(row, key);
  return cJSON_IsNumber(item) && isfinite(item->valuedouble) ? item->valuedouble : NAN;
}

const char *sf_row_text(const cJSON *row, const char *key) {
  const cJSON *item = cJSON_GetObjectItemCaseSensitive(row, key);
  return cJSON_IsString(item) ? item->valuestring : "";
}
