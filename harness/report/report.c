/* report.c - see report.h: the page's frame, its summary and what ran; the pictures are in report_sample.c, the FPGA
 * part in report_synth.c. */
#include "report/report.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "files/file_util.h"
#include "report/report_parts.h"
#include "util/paths.h"

static const char style[] =
    ":root{color-scheme:light dark;--page:#fff;--ink:#1b2733;--soft:#5b6b7b;--line:#d5dde5;--box:#f4f7fa;--go:#0b6bcb;"
    "--hid:#b4530a;--past:#c3d9ef;--good:#1a7f37;--bad:#c62828}\n"
    "@media(prefers-color-scheme:dark){:root{--page:#0f151b;--ink:#e6edf3;--soft:#9fb0c0;--line:#2d3945;--box:#1a232c;"
    "--go:#6cb6ff;--hid:#f0a35e;--past:#274563;--good:#57c26f;--bad:#ff7b72}}\n"
    "*{box-sizing:border-box}body{margin:0 auto;padding:1.5rem 1rem "
    "4rem;max-width:66rem;background:var(--page);color:var(--ink);"
    "font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;font-variant-numeric:tabular-nums}\n"
    "h1{font-size:1.7rem;line-height:1.2;margin:.2rem 0}h2{font-size:1.25rem;margin:2.6rem 0 "
    ".6rem}h3{font-size:1.05rem;"
    "margin:1.6rem 0 .5rem}p{max-width:46rem}.soft{color:var(--soft)}.lead{font-size:1.1rem}\n"
    ".tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(11rem,1fr));gap:.8rem;margin:1.2rem 0}"
    ".tile{background:var(--box);border:1px solid var(--line);border-radius:.6rem;padding:.8rem 1rem}"
    ".tile b{display:block;font-size:1.6rem;line-height:1.25;overflow-wrap:anywhere}.tile "
    "span{color:var(--soft);font-size:.9rem}"
    ".tile.good b{color:var(--good)}.tile.bad b{color:var(--bad)}\n"
    "table{border-collapse:collapse}td,th{padding:.3rem .8rem .3rem 0;border-bottom:1px solid "
    "var(--line);text-align:left;"
    "vertical-align:top}th{font-weight:600}td.n,th.n{text-align:right}table.wide-first th{white-space:nowrap}\n"
    ".wide{overflow-x:auto;margin:.8rem 0}code,pre{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:.9em}"
    "pre{background:var(--box);border:1px solid var(--line);border-radius:.5rem;padding:.7rem 1rem;overflow-x:auto}\n"
    "summary{cursor:pointer;color:var(--go)}details{margin:.8rem 0}\n"
    ".matrix td,.matrix th{padding:.2rem .5rem;text-align:right;border:1px solid var(--line);font-size:.9rem}"
    ".matrix td[style]{background:color-mix(in srgb,var(--bad) var(--w),transparent)}.matrix "
    ".right{color:var(--good)}\n"
    ".use{display:inline-block;width:8rem;height:.7rem;border-radius:.35rem;background:var(--line);overflow:hidden}"
    ".use i{display:block;height:100%;background:var(--go)}.use i.full{background:var(--hid)}\n"
    "svg{display:block;width:100%;height:auto}.film,.raster{min-width:46rem}.bd{min-width:40rem}"
    ".film text,.raster text{fill:var(--ink);font-size:14px}.film .soft,.raster .soft{fill:var(--soft);font-size:13px}"
    ".film .tiny{fill:var(--soft);font-size:10px;text-anchor:middle}.film .strong{fill:var(--go);font-weight:700}"
    ".frame{fill:var(--box);stroke:var(--line)}.px{fill:var(--go)}.past{fill:var(--past)}.hid{fill:var(--hid)}"
    ".bar{fill:var(--past)}.best{fill:var(--go)}.axis{stroke:var(--line);fill:none}"
    ".dash{fill:none;stroke-width:1.2}.dash.px{stroke:var(--go)}.dash.hid{stroke:var(--hid)}.dash.best{stroke:var(--go)"
    ";"
    "stroke-width:3}\n";

static void add_tile(sf_text *t, const char *kind, const char *number, const char *what) {
  sf_text_add(t, "<div class=\"tile %s\"><b>", kind);
  sf_text_html(t, number);
  sf_text_add(t, "</b><span>");
  sf_text_html(t, what);
  sf_text_add(t, "</span></div>\n");
}

static void add_summary(sf_text *t, const sf_report *r) {
  sf_text number = {0}, what = {0};
  sf_text_add(t, "<div class=\"tiles\">\n");
  if (r->samples && r->confusion) {
    sf_text_add(&number, "%.2f %%", 100.0 * (double)r->correct / (double)r->samples);
    sf_text_add(&what, "right of ");
    sf_text_count(&what, r->samples);
    sf_text_add(&what, " %ss", sf_report_unit(r));
    if (number.s && what.s) add_tile(t, "", number.s, what.s);
    sf_text_free(&number);
    sf_text_free(&what);
  }
  if (r->rtl_cycles) {
    sf_text_count(&number, r->rtl_mismatches);
    sf_text_add(&what, "mismatches between RTL and C model in ");
    sf_text_count(&what, r->rtl_cycles);
    sf_text_add(&what, " clock cycles");
    if (number.s && what.s)
      add_tile(t, r->rtl_mismatches || r->rtl_differing_answers ? "bad" : "good", number.s, what.s);
    sf_text_free(&number);
    sf_text_free(&what);
  }
  const struct {
    double value;
    const char *what;
  } mean[] = {{r->cycles, "clock cycles a"}, {r->synaptic_ops, "synaptic operations a"}};
  for (size_t i = 0; i < sizeof mean / sizeof *mean; i++) {
    if (mean[i].value <= 0) continue;
    sf_text_count(&number, (uint64_t)(mean[i].value + 0.5));
    sf_text_add(&what, "%s %s", mean[i].what, sf_report_unit(r));
    if (number.s && what.s) add_tile(t, "", number.s, what.s);
    sf_text_free(&number);
    sf_text_free(&what);
  }
  sf_text_add(t, "</div>\n");
}

static void add_row(sf_text *t, const char *name, const char *value) {
  if (!value || !*value) return;
  sf_text_add(t, "<tr><th>%s</th><td>", name);
  sf_text_html(t, value);
  sf_text_add(t, "</td></tr>\n");
}

static void add_what_ran(sf_text *t, const sf_report *r) {
  sf_text_add(t, "<section><h2>What ran</h2>\n<div class=\"wide\"><table class=\"wide-first\">\n");
  add_row(t, "network", r->network);
  add_row(t, "input", r->spikes);
  add_row(t, "configuration", r->config);
  if (r->params) {
    const sf_params *p = r->params;
    sf_text_add(t, "<tr><th>core</th><td>%u axons × %u neurons, ", p->axons, p->neurons);
    sf_text_count(t, (uint64_t)p->axons * p->neurons);
    sf_text_add(
        t, " synapses of %u bit; %u synapses and %u neurons a cycle; %u-bit potentials; %u delay slots</td></tr>\n",
        p->weight_bits, p->lanes, p->neuron_lanes, p->potential_bits, p->delay_slots);
  }
  if (r->samples) {
    sf_text_add(t, "<tr><th>functional model</th><td>");
    sf_text_count(t, r->samples);
    sf_text_add(t, " %ss", sf_report_unit(r));
    if (r->confusion) {
      sf_text_add(t, ", ");
      sf_text_count(t, r->correct);
      sf_text_add(t, " right");
    }
    if (r->model_seconds > 0) sf_text_add(t, ", in %.1f s", r->model_seconds);
    sf_text_add(t, "</td></tr>\n");
  }
  if (r->rtl_cycles) {
    sf_text_add(t, "<tr><th>RTL in lockstep</th><td>");
    sf_text_count(t, r->rtl_samples);
    sf_text_add(t, " %ss, every port and probe compared in each of ", sf_report_unit(r));
    sf_text_count(t, r->rtl_cycles);
    sf_text_add(t, " clock cycles: ");
    sf_text_count(t, r->rtl_mismatches);
    sf_text_add(t, " mismatches, ");
    sf_text_count(t, r->rtl_differing_answers);
    sf_text_add(t, " answers that differ from the functional model");
    if (r->rtl_seconds > 0) sf_text_add(t, ", in %.1f s", r->rtl_seconds);
    sf_text_add(t, "</td></tr>\n");
  }
  if (r->input_spikes > 0)
    sf_text_add(t, "<tr><th>activity</th><td>%.1f input spikes and %.1f neuron spikes a %s</td></tr>\n",
                r->input_spikes, r->hidden_spikes, sf_report_unit(r));
  add_row(t, "tools", r->versions);
  sf_text_add(t, "</table></div>\n");
  if (r->rtl_first_mismatch) {
    sf_text_add(t, "<pre>");
    sf_text_html(t, r->rtl_first_mismatch);
    sf_text_add(t, "</pre>\n");
  }
  sf_report_add_confusion(t, r);
  sf_text_add(t, "</section>\n");
}

/* The diagram that rtl/README.md shows, taken over as it is; a page without it is still a page. */
static void add_diagram(sf_text *t) {
  char path[SF_PATH_MAX];
  char *svg = NULL;
  size_t length = 0;
  if (sf_data_path("rtl/doc/block-diagram.svg", path, NULL) || sf_file_read(path, 1 << 20, &svg, &length, NULL)) return;
  sf_text_add(t, "<section><h2>The core</h2>\n<div class=\"wide\">%s</div></section>\n", svg);
  free(svg);
}

static sf_err write_whole(const char *path, const sf_text *t, sf_msg *msg) {
  sf_new_file file;
  sf_err err = sf_new_file_begin(path, &file, msg);
  if (err) return err;
  FILE *f = fopen(file.temp, "w");
  const bool good = f && fwrite(t->s, 1, t->n, f) == t->n;
  const int why = errno;
  if ((f && fclose(f) != 0) || !good) {
    err = sf_fail(msg, SF_EIO, "%s: cannot be written: %s", path, strerror(good ? errno : why));
    sf_new_file_abort(&file);
    return err;
  }
  return sf_new_file_commit(&file, msg);
}

sf_err sf_report_write(const char *path, const sf_report *r, sf_msg *msg) {
  sf_text t = {0};
  char date[64];
  const time_t now = time(NULL);
  struct tm local;
  localtime_r(&now, &local);
  strftime(date, sizeof date, "%Y-%m-%d %H:%M", &local);
  sf_text_add(&t, "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                  "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>");
  sf_text_html(&t, r->title ? r->title : "synfire");
  sf_text_add(&t, "</title>\n<style>\n%s</style></head>\n<body>\n<header><p class=\"soft\">synfire report, %s</p><h1>",
              style, date);
  sf_text_html(&t, r->title ? r->title : "synfire");
  sf_text_add(&t, "</h1></header>\n<main>\n");
  add_summary(&t, r);
  add_what_ran(&t, r);
  sf_report_add_sample(&t, r);
  sf_err err = sf_report_add_synth(&t, r, msg);
  add_diagram(&t);
  if (r->n_commands) {
    sf_text_add(&t, "<section><h2>Do it again</h2>\n<pre>");
    for (size_t i = 0; i < r->n_commands; i++) {
      sf_text_html(&t, r->command[i]);
      sf_text_add(&t, "\n");
    }
    sf_text_add(&t, "</pre></section>\n");
  }
  sf_text_add(&t, "</main>\n</body></html>\n");
  if (!err && t.failed) err = sf_fail(msg, SF_ENOMEM, "%s: out of memory", path);
  if (!err) err = write_whole(path, &t, msg);
  sf_text_free(&t);
  return err;
}
