/* report_synth.c - what the FPGA tools made of the core, from the JSON that `synfire synth` writes. */
#include <stdio.h>
#include <stdlib.h>

#include "files/file_util.h"
#include "files/json_util.h"
#include "report/report_parts.h"
#include "synth/target.h"

/* A count or a frequency: 0 for anything that cannot be one. */
static double number_of(const cJSON *object, const char *key) {
  const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
  return cJSON_IsNumber(item) && item->valuedouble > 0 && item->valuedouble < 1e18 ? item->valuedouble : 0;
}

static const char *text_of(const cJSON *object, const char *key) {
  const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
  return cJSON_IsString(item) ? item->valuestring : "";
}

static void add_resources(sf_text *t, const cJSON *root) {
  const cJSON *available = cJSON_GetObjectItemCaseSensitive(root, "available");
  sf_text_add(t, "<div class=\"wide\"><table><tr><th>resource</th><th class=\"n\">used</th><th "
                 "class=\"n\">of</th><th>share</th></tr>\n");
  for (int i = 0; i < SF_RES_COUNT; i++) {
    const char *key = sf_resource_key((sf_resource)i);
    const double used = number_of(root, key), all = number_of(available, key);
    if (used <= 0 && all <= 0) continue;
    sf_text_add(t, "<tr><th>%s</th><td class=\"n\">", sf_resource_title((sf_resource)i));
    sf_text_count(t, (uint64_t)used);
    sf_text_add(t, "</td><td class=\"n\">");
    if (all > 0) sf_text_count(t, (uint64_t)all);
    sf_text_add(t, "</td><td>");
    if (all > 0) {
      const double share = 100 * used / all;
      sf_text_add(t, "<span class=\"use\"><i%s style=\"width:%.0f%%\"></i></span> %.0f %%",
                  share > 90 ? " class=\"full\"" : "", share > 100 ? 100 : share, share);
    }
    sf_text_add(t, "</td></tr>\n");
  }
  sf_text_add(t, "</table></div>\n");
}

static void add_timing_row(sf_text *t, const char *name, double value, const char *fmt) {
  if (value <= 0) return;
  sf_text_add(t, "<tr><th>%s</th><td>", name);
  sf_text_add(t, fmt, value);
  sf_text_add(t, "</td></tr>\n");
}

static void add_timing(sf_text *t, const cJSON *root, const sf_report *r) {
  const double cycles = r->cycles;
  char fast[80], slow[80];
  snprintf(fast, sizeof fast, "%.30ss a second at the fastest clock", sf_report_unit(r));
  snprintf(slow, sizeof slow, "%.30ss a second at the bitstream's clock", sf_report_unit(r));
  const double fmax = number_of(root, "fmax_mhz"), board = number_of(root, "board_clock_mhz");
  const double lanes = number_of(cJSON_GetObjectItemCaseSensitive(root, "parameters"), "LANES");
  sf_text_add(t, "<div class=\"wide\"><table>\n");
  add_timing_row(t, "fastest clock, routed (nextpnr)", fmax, "%.2f MHz");
  add_timing_row(t, "the same by icetime", number_of(root, "fmax_icetime_mhz"), "%.2f MHz");
  add_timing_row(t, "aimed for", number_of(root, "freq_target_mhz"), "%.0f MHz");
  add_timing_row(t, "clock of the bitstream", board, "%.0f MHz");
  add_timing_row(t, "synaptic operations a second at the fastest clock", fmax * lanes / 1000, "%.2f billion");
  if (cycles > 0) {
    add_timing_row(t, fast, fmax * 1e6 / cycles, "%.0f");
    add_timing_row(t, slow, board * 1e6 / cycles, "%.0f");
  }
  sf_text_add(t, "</table></div>\n");
}

static void add_path(sf_text *t, const cJSON *root) {
  const cJSON *path = cJSON_GetObjectItemCaseSensitive(root, "critical_path"), *step = NULL;
  const cJSON *steps = cJSON_GetObjectItemCaseSensitive(path, "steps");
  if (!cJSON_IsArray(steps) || !steps->child) return;
  sf_text_add(
      t,
      "<details><summary>Critical path, %.1f ns</summary>\n<div class=\"wide\"><table><tr><th>register or net</th>"
      "<th class=\"n\">logic ns</th><th class=\"n\">routing ns</th></tr>\n",
      number_of(path, "ns"));
  cJSON_ArrayForEach(step, steps) {
    sf_text_add(t, "<tr><td><code>");
    sf_text_html(t, text_of(step, "name"));
    sf_text_add(t, "</code></td><td class=\"n\">%.2f</td><td class=\"n\">%.2f</td></tr>\n", number_of(step, "logic_ns"),
                number_of(step, "routing_ns"));
  }
  sf_text_add(t, "</table></div></details>\n");
}

static void add_parts(sf_text *t, const cJSON *root) {
  const cJSON *parts = cJSON_GetObjectItemCaseSensitive(root, "parts"), *part = NULL;
  if (!cJSON_IsObject(parts) || !parts->child) return;
  sf_text_add(t, "<details><summary>Which part takes how much</summary>\n<div class=\"wide\"><table><tr><th>part</th>"
                 "<th class=\"n\">LUT4</th><th class=\"n\">flip-flops</th></tr>\n");
  cJSON_ArrayForEach(part, parts) {
    sf_text_add(t, "<tr><td>");
    sf_text_html(t, part->string ? part->string : "");
    sf_text_add(t, "</td><td class=\"n\">");
    sf_text_count(t, (uint64_t)number_of(part, "lut4"));
    sf_text_add(t, "</td><td class=\"n\">");
    sf_text_count(t, (uint64_t)number_of(part, "ff"));
    sf_text_add(t, "</td></tr>\n");
  }
  sf_text_add(t, "</table></div></details>\n");
}

static void add_versions(sf_text *t, const cJSON *root) {
  const cJSON *tools = cJSON_GetObjectItemCaseSensitive(root, "tool_versions"), *tool = NULL;
  bool first = true;
  if (!cJSON_IsObject(tools)) return;
  sf_text_add(t, "<p class=\"soft\">Made with ");
  cJSON_ArrayForEach(tool, tools) {
    if (!cJSON_IsString(tool) || !tool->valuestring[0]) continue;
    if (!first) sf_text_add(t, ", ");
    sf_text_html(t, tool->string);
    sf_text_add(t, " ");
    sf_text_html(t, tool->valuestring);
    first = false;
  }
  sf_text_add(t, "; top module <code>");
  sf_text_html(t, text_of(root, "top"));
  sf_text_add(t, "</code>, seed %.0f.</p>\n", number_of(root, "seed"));
}

static void add_one(sf_text *t, const cJSON *root, const sf_report *r) {
  sf_text_add(t, "<section><h2>On the FPGA: ");
  sf_text_html(t, text_of(root, "device"));
  sf_text_add(t, "</h2>\n");
  if (text_of(root, "failure")[0]) {
    sf_text_add(t, "<p><b>Failed:</b> ");
    sf_text_html(t, text_of(root, "failure"));
    sf_text_add(t, "</p>\n");
  }
  add_timing(t, root, r);
  sf_text_add(t, "<h3>Area and memories</h3>\n");
  add_resources(t, root);
  add_parts(t, root);
  add_path(t, root);
  add_versions(t, root);
  sf_text_add(t, "</section>\n");
}

sf_err sf_report_add_synth(sf_text *t, const sf_report *r, sf_msg *msg) {
  for (size_t i = 0; i < r->n_synth; i++) {
    char *text = NULL;
    size_t length = 0;
    cJSON *root = NULL;
    sf_err err = sf_file_read(r->synth_json[i], 1 << 24, &text, &length, msg);
    if (err) return err;
    err = sf_json_parse(text, length, &root, msg);
    free(text);
    if (err) return sf_prefix(msg, err, r->synth_json[i]);
    if (!*text_of(root, "target") || !cJSON_GetObjectItemCaseSensitive(root, "fmax_mhz")) {
      cJSON_Delete(root);
      return sf_fail(msg, SF_EFORMAT, "%s: not a result of synfire synth: it has no target or no fmax_mhz",
                     r->synth_json[i]);
    }
    add_one(t, root, r);
    cJSON_Delete(root);
  }
  return SF_OK;
}
