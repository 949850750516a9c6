/* report.c - the result of a synthesis run as JSON, as Markdown, and as a few lines for the terminal. */
#include "synth/report.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "files/params_json.h"

/* Two decimals are what the timing model is worth, and keep committed results readable. */
static double rounded(double x) { return round(x * 100) / 100; }

static uint64_t synaptic_ops(const sf_synth_job *job, const sf_synth_result *r) {
  return (uint64_t)(r->timing.fmax_mhz * 1e6 * job->config.params.lanes);
}

/* The names are those of a sweep's columns. */
static void add_seeds(cJSON *root, const sf_synth_result *r) {
  cJSON_AddNumberToObject(root, "fmax_min_mhz", rounded(r->fmax_min_mhz));
  cJSON_AddNumberToObject(root, "fmax_max_mhz", rounded(r->fmax_max_mhz));
  cJSON_AddNumberToObject(root, "route_seeds", r->n_routed);
  cJSON *list = cJSON_AddArrayToObject(root, "seeds");
  for (uint32_t i = 0; i < r->n_seeds; i++) {
    const sf_synth_seed *s = &r->seed[i];
    cJSON *one = cJSON_CreateObject();
    cJSON_AddNumberToObject(one, "seed", s->seed);
    if (s->failure[0]) {
      cJSON_AddStringToObject(one, "failure", s->failure);
    } else {
      cJSON_AddNumberToObject(one, "fmax_mhz", rounded(s->fmax_mhz));
      if (s->icetime_mhz > 0) cJSON_AddNumberToObject(one, "fmax_icetime_mhz", rounded(s->icetime_mhz));
      cJSON_AddNumberToObject(one, "logic_cells", s->logic_cells);
    }
    cJSON_AddItemToArray(list, one);
  }
}

char *sf_synth_json(const sf_synth_job *job, const sf_synth_result *r, const char *verdict) {
  cJSON *root = cJSON_CreateObject();
  cJSON_AddStringToObject(root, "config", job->config_name);
  cJSON_AddStringToObject(root, "target", job->target->name);
  cJSON_AddStringToObject(root, "device", job->target->title);
  cJSON_AddStringToObject(root, "top", job->board ? job->target->board : "bare_core");
  cJSON_AddNumberToObject(root, "seed", r->n_seeds ? r->median_seed : job->seed);
  cJSON_AddBoolToObject(root, "passed", verdict == NULL);
  if (verdict) cJSON_AddStringToObject(root, "failure", verdict);
  cJSON_AddNumberToObject(root, "fmax_mhz", rounded(r->timing.fmax_mhz));
  if (r->icetime_mhz > 0) cJSON_AddNumberToObject(root, "fmax_icetime_mhz", rounded(r->icetime_mhz));
  if (r->n_routed) add_seeds(root, r);
  cJSON_AddNumberToObject(root, "freq_target_mhz", job->freq_mhz);
  if (r->board_clock_mhz) cJSON_AddNumberToObject(root, "board_clock_mhz", r->board_clock_mhz);
  cJSON_AddNumberToObject(root, "synaptic_ops_per_s", (double)synaptic_ops(job, r));
  for (int i = 0; i < SF_RES_COUNT; i++) cJSON_AddNumberToObject(root, sf_resource_key((sf_resource)i), r->used[i]);
  cJSON *available = cJSON_AddObjectToObject(root, "available");
  for (int i = 0; i < SF_RES_COUNT; i++)
    if (job->target->available[i])
      cJSON_AddNumberToObject(available, sf_resource_key((sf_resource)i), job->target->available[i]);
  cJSON *parts = cJSON_AddObjectToObject(root, "parts");
  for (int i = 0; i < SF_SYNTH_PARTS; i++) {
    cJSON *part = cJSON_AddObjectToObject(parts, r->part[i].name);
    cJSON_AddNumberToObject(part, "lut4", r->part[i].lut4);
    cJSON_AddNumberToObject(part, "ff", r->part[i].ff);
  }
  cJSON *path = cJSON_AddObjectToObject(root, "critical_path");
  cJSON_AddNumberToObject(path, "ns", rounded(r->timing.path_ns));
  cJSON_AddNumberToObject(path, "steps_left_out", r->timing.n_left_out);
  cJSON *steps = cJSON_AddArrayToObject(path, "steps");
  for (uint32_t i = 0; i < r->timing.n_step; i++) {
    cJSON *step = cJSON_CreateObject();
    cJSON_AddStringToObject(step, "name", r->timing.step[i].name);
    cJSON_AddNumberToObject(step, "logic_ns", rounded(r->timing.step[i].logic_ns));
    cJSON_AddNumberToObject(step, "routing_ns", rounded(r->timing.step[i].routing_ns));
    cJSON_AddItemToArray(steps, step);
  }
  cJSON *small = cJSON_AddArrayToObject(root, "small_memories_in_flip_flops");
  for (size_t i = 0; i < r->n_small; i++) {
    cJSON *memory = cJSON_CreateObject();
    cJSON_AddStringToObject(memory, "name", r->small[i].name);
    cJSON_AddNumberToObject(memory, "words", (double)r->small[i].words);
    cJSON_AddNumberToObject(memory, "width", (double)r->small[i].width);
    cJSON_AddItemToArray(small, memory);
  }
  if (r->warnings) {
    cJSON_AddNumberToObject(root, "yosys_warnings", (double)r->warnings);
    cJSON_AddStringToObject(root, "yosys_first", r->warned);
  }
  cJSON *tools = cJSON_AddObjectToObject(root, "tool_versions");
  cJSON_AddStringToObject(tools, "yosys", r->yosys);
  cJSON_AddStringToObject(tools, "nextpnr", r->nextpnr);
  sf_params_json(&job->config.params, cJSON_AddObjectToObject(root, "parameters"));
  char *text = cJSON_Print(root);
  cJSON_Delete(root);
  return text;
}

static char *begin(FILE **f, size_t *size, char **text) {
  *text = NULL;
  *f = open_memstream(text, size);
  return *f ? "" : NULL;
}

static void markdown_seeds(FILE *f, const sf_synth_result *r) {
  fprintf(f, "\nThe same netlist with %u seeds; what stands above and below is from seed %u, the middle one:\n\n",
          r->n_seeds, r->median_seed);
  fprintf(f, "| seed | Fmax MHz | icetime MHz | logic cells |\n| ---: | ---: | ---: | ---: |\n");
  for (uint32_t i = 0; i < r->n_seeds; i++) {
    const sf_synth_seed *s = &r->seed[i];
    char icetime[32] = "–";
    if (s->icetime_mhz > 0) snprintf(icetime, sizeof icetime, "%.2f", s->icetime_mhz);
    if (s->failure[0]) fprintf(f, "| %u | %s | | |\n", s->seed, s->failure);
    else fprintf(f, "| %u | %.2f | %s | %u |\n", s->seed, s->fmax_mhz, icetime, s->logic_cells);
  }
}

char *sf_synth_markdown(const sf_synth_job *job, const sf_synth_result *r, const char *verdict) {
  FILE *f;
  char *text;
  size_t size;
  if (!begin(&f, &size, &text)) return NULL;
  const sf_params *p = &job->config.params;
  fprintf(f, "# %s on %s\n\n", job->config_name, job->target->name);
  fprintf(f, "%u axons × %u neurons × %u bit, %u lanes, %u neuron lanes, leak by %s, weights in %s. Top: `%s`%s.\n\n",
          p->axons, p->neurons, p->weight_bits, p->lanes, p->neuron_lanes, p->leak_shift ? "shift" : "multiplication",
          p->spram ? "SPRAM" : "block RAM", job->board ? job->target->board : "bare_core",
          job->board ? " (with the serial port)" : " (ports through shift registers)");
  if (verdict) fprintf(f, "**Failed:** %s\n\n", verdict);
  fprintf(f, "| | |\n| --- | --- |\n| device | %s |\n| Fmax (nextpnr, routed) | %.2f MHz |\n", job->target->title,
          r->timing.fmax_mhz);
  if (r->n_routed)
    fprintf(f, "| which is the median of | %u seeds, %.2f to %.2f MHz |\n", r->n_routed, r->fmax_min_mhz,
            r->fmax_max_mhz);
  if (r->icetime_mhz > 0) fprintf(f, "| Fmax (icetime, same bitstream) | %.2f MHz |\n", r->icetime_mhz);
  if (r->board_clock_mhz) fprintf(f, "| clock of the bitstream | %u MHz |\n", r->board_clock_mhz);
  fprintf(f, "| synaptic operations per second at Fmax | %.2f billion |\n", (double)synaptic_ops(job, r) / 1e9);
  fprintf(f, "| aimed for, seed | %u MHz, %u |\n| tools | yosys %s, nextpnr %s |\n\n", job->freq_mhz,
          r->n_seeds ? r->median_seed : job->seed, r->yosys, r->nextpnr);
  fprintf(f, "| resource | used | available | share |\n| --- | ---: | ---: | ---: |\n");
  for (int i = 0; i < SF_RES_COUNT; i++) {
    const uint32_t used = r->used[i], all = job->target->available[i];
    if (all)
      fprintf(f, "| %s | %u | %u | %.0f %% |\n", sf_resource_title((sf_resource)i), used, all, 100.0 * used / all);
    else if (used) fprintf(f, "| %s | %u | | |\n", sf_resource_title((sf_resource)i), used);
  }
  if (r->n_routed) markdown_seeds(f, r);
  fprintf(f, "\n| part | LUT4 | flip-flops |\n| --- | ---: | ---: |\n");
  for (int i = 0; i < SF_SYNTH_PARTS; i++)
    fprintf(f, "| %s | %u | %u |\n", r->part[i].name, r->part[i].lut4, r->part[i].ff);
  fprintf(f, "\nCritical path, %.2f ns (cells that belong to one RTL name joined):\n\n", r->timing.path_ns);
  fprintf(f, "| RTL name | logic ns | routing ns |\n| --- | ---: | ---: |\n");
  for (uint32_t i = 0; i < r->timing.n_step; i++)
    fprintf(f, "| `%s` | %.2f | %.2f |\n", r->timing.step[i].name, r->timing.step[i].logic_ns,
            r->timing.step[i].routing_ns);
  if (r->timing.n_left_out) fprintf(f, "\n(%u more steps joined into the last but one.)\n", r->timing.n_left_out);
  if (r->n_small) {
    fprintf(f, "\nSmall memories that became flip-flops:");
    for (size_t i = 0; i < r->n_small; i++)
      fprintf(f, "%s `%s` (%llu × %llu)", i ? "," : "", r->small[i].name, (unsigned long long)r->small[i].words,
              (unsigned long long)r->small[i].width);
    fprintf(f, ".\n");
  }
  return fclose(f) == 0 ? text : NULL;
}

char *sf_synth_summary(const sf_synth_job *job, const sf_synth_result *r) {
  FILE *f;
  char *text;
  size_t size;
  if (!begin(&f, &size, &text)) return NULL;
  fprintf(f, "%s on %s: %.1f MHz", job->config_name, job->target->title, r->timing.fmax_mhz);
  if (r->icetime_mhz > 0) fprintf(f, " (icetime %.1f)", r->icetime_mhz);
  if (r->n_routed) fprintf(f, ", median of %u seeds (%.1f to %.1f)", r->n_routed, r->fmax_min_mhz, r->fmax_max_mhz);
  fprintf(f, ", %.2f billion synaptic operations a second\n", (double)synaptic_ops(job, r) / 1e9);
  for (uint32_t i = 0; i < r->n_seeds; i++) {
    const sf_synth_seed *s = &r->seed[i];
    if (s->failure[0]) fprintf(f, "  seed %-7u %s\n", s->seed, s->failure);
    else
      fprintf(f, "  seed %-7u %6.1f MHz%s%s\n", s->seed, s->fmax_mhz, s->seed == r->median_seed ? ", the median" : "",
              s->kept ? " (from an earlier run)" : "");
  }
  for (int i = 0; i < SF_RES_COUNT; i++) {
    const uint32_t used = r->used[i], all = job->target->available[i];
    if (all)
      fprintf(f, "  %-12s %6u of %u (%.0f %%)\n", sf_resource_title((sf_resource)i), used, all, 100.0 * used / all);
    else if (used) fprintf(f, "  %-12s %6u\n", sf_resource_title((sf_resource)i), used);
  }
  if (r->timing.n_step)
    fprintf(f, "  critical path %.1f ns: %s -> %s\n", r->timing.path_ns, r->timing.step[0].name,
            r->timing.step[r->timing.n_step - 1].name);
  fprintf(f, "  tools         yosys %s, nextpnr %s\n", r->yosys, r->nextpnr);
  if (r->warnings)
    fprintf(f, "  yosys warns  %zu time%s, first: %s\n", r->warnings, r->warnings == 1 ? "" : "s", r->warned);
  return fclose(f) == 0 ? text : NULL;
}
