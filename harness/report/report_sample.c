/* report_sample.c - pictures of one sample passing through the layers, as SVG.
 *
 * Film strip: a column per tick, a row per layer: input pixels as they arrive on top of those that came before, hidden
 * neurons as a grid, the classes' scores as bars. Raster: the same spikes, unit against tick. */
#include <stdlib.h>

#include "report/report_parts.h"

#define CELL 100      /* width of a film strip picture */
#define STEP 116      /* from one tick to the next */
#define LEFT 120      /* room for the rows' names and the whole image */
#define MAX_SHOWN 16u /* ticks that are drawn */

static uint32_t shown_ticks(const sf_report_sample *s) { return s->ticks < MAX_SHOWN ? s->ticks : MAX_SHOWN; }

/* A square per unit, all in one path: units of `spikes` below `limit` whose tick is from .. to. */
static void add_squares(sf_text *t, const char *class, const sf_spikes *spikes, uint32_t from, uint32_t to,
                        uint32_t limit, uint32_t columns, double x, double y, double size) {
  sf_text_add(t, "<path class=\"%s\" d=\"", class);
  for (size_t i = 0; i < spikes->n; i++) {
    if (spikes->tick[i] < from || spikes->tick[i] > to || spikes->unit[i] >= limit) continue;
    const uint32_t row = spikes->unit[i] / columns, column = spikes->unit[i] % columns;
    sf_text_add(t, "M%.1f %.1fh%.1fv%.1fh-%.1fz", x + column * size, y + row * size, size, size, size);
  }
  sf_text_add(t, "\"/>");
}

static size_t count_spikes(const sf_spikes *spikes, uint32_t tick, uint32_t limit) {
  size_t n = 0;
  for (size_t i = 0; i < spikes->n; i++) n += spikes->tick[i] == tick && spikes->unit[i] < limit;
  return n;
}

static uint32_t grid_columns(uint32_t units) {
  uint32_t columns = 1;
  while (columns * columns < units) columns++;
  return columns;
}

/* The input as one picture: the earlier a pixel spikes, the brighter it is. */
static void add_image(sf_text *t, const sf_report_sample *s, uint32_t columns, double size, double y) {
  uint32_t last = 0;
  for (size_t i = 0; i < s->input->n; i++)
    if (s->input->tick[i] > last) last = s->input->tick[i];
  for (uint32_t tick = 0; tick <= last && tick < MAX_SHOWN; tick++) {
    sf_text_add(t, "<g opacity=\"%.2f\">", 1.0 - 0.8 * tick / (last + 1));
    add_squares(t, "px", s->input, tick, tick, s->inputs, columns, 0, y, size);
    sf_text_add(t, "</g>");
  }
}

static double score_of(const sf_report_sample *s, uint32_t tick, uint32_t class) {
  return (double)s->score[(size_t)tick * s->classes + class];
}

static void add_scores(sf_text *t, const sf_report_sample *s, uint32_t tick, double x, double y, double height,
                       double low, double high) {
  const double span = high > low ? high - low : 1, width = (double)CELL / s->classes;
  const double zero = y + height * (high / span);
  uint32_t best = 0;
  for (uint32_t c = 1; c < s->classes; c++)
    if (score_of(s, tick, c) > score_of(s, tick, best)) best = c;
  sf_text_add(t, "<path class=\"axis\" d=\"M%.1f %.1fh%d\"/>", x, zero, CELL);
  for (uint32_t c = 0; c < s->classes; c++) {
    const double v = score_of(s, tick, c), bar = height * (v < 0 ? -v : v) / span;
    sf_text_add(t, "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>",
                c == best ? "best" : "bar", x + c * width + 0.5, v < 0 ? zero : zero - bar, width - 1, bar);
    if (s->classes <= 10)
      sf_text_add(t, "<text class=\"tiny%s\" x=\"%.1f\" y=\"%.1f\">%u</text>", c == best ? " strong" : "",
                  x + (c + 0.5) * width, y + height + 12, c);
  }
}

static void add_film(sf_text *t, const sf_report_sample *s) {
  const uint32_t ticks = shown_ticks(s);
  const uint32_t in_columns = s->image_side ? s->image_side : grid_columns(s->inputs);
  const uint32_t hidden_columns = grid_columns(s->hidden ? s->hidden : 1);
  const double in_size = (double)CELL / in_columns, hidden_size = (double)CELL / hidden_columns;
  const uint32_t hidden_rows = (s->hidden + hidden_columns - 1) / hidden_columns;
  const double y_in = 24, y_hidden = y_in + CELL + 30, y_out = y_hidden + hidden_rows * hidden_size + 30,
               out_height = 90;
  double low = 0, high = 0;
  for (uint32_t tick = 0; tick < ticks; tick++)
    for (uint32_t c = 0; c < s->classes; c++) {
      const double v = score_of(s, tick, c);
      low = v < low ? v : low;
      high = v > high ? v : high;
    }
  sf_text_add(t,
              "<div class=\"wide\"><svg class=\"film\" style=\"max-width:%upx\" viewBox=\"0 0 %u %.0f\" role=\"img\" "
              "aria-label=\"Every layer in every "
              "tick\">",
              LEFT + ticks * STEP - 16, LEFT + ticks * STEP - 16, y_out + out_height + 18);
  sf_text_add(t, "<text x=\"0\" y=\"14\">%s</text>", s->image_side ? "the image" : "inputs");
  sf_text_add(t, "<rect class=\"frame\" x=\"0\" y=\"%.0f\" width=\"%d\" height=\"%d\"/>", y_in, CELL, CELL);
  add_image(t, s, in_columns, in_size, y_in);
  sf_text_add(t, "<text x=\"0\" y=\"%.0f\">hidden</text><text x=\"0\" y=\"%.0f\" class=\"soft\">%u neurons</text>",
              y_hidden + 14, y_hidden + 32, s->hidden);
  sf_text_add(t, "<text x=\"0\" y=\"%.0f\">output</text><text x=\"0\" y=\"%.0f\" class=\"soft\">%u scores</text>",
              y_out + 14, y_out + 32, s->classes);
  for (uint32_t tick = 0; tick < ticks; tick++) {
    const double x = LEFT + tick * STEP;
    sf_text_add(t, "<text x=\"%.0f\" y=\"14\">tick %u</text>", x, tick);
    sf_text_add(t, "<rect class=\"frame\" x=\"%.0f\" y=\"%.0f\" width=\"%d\" height=\"%d\"/>", x, y_in, CELL, CELL);
    if (tick) add_squares(t, "past", s->input, 0, tick - 1, s->inputs, in_columns, x, y_in, in_size);
    add_squares(t, "px", s->input, tick, tick, s->inputs, in_columns, x, y_in, in_size);
    sf_text_add(t, "<text class=\"soft\" x=\"%.0f\" y=\"%.0f\">%zu spikes</text>", x, y_in + CELL + 16,
                count_spikes(s->input, tick, s->inputs));
    sf_text_add(t, "<rect class=\"frame\" x=\"%.0f\" y=\"%.0f\" width=\"%d\" height=\"%.1f\"/>", x, y_hidden, CELL,
                hidden_rows * hidden_size);
    add_squares(t, "hid", s->spikes, tick, tick, s->hidden, hidden_columns, x, y_hidden, hidden_size);
    sf_text_add(t, "<text class=\"soft\" x=\"%.0f\" y=\"%.0f\">%zu spikes</text>", x,
                y_hidden + hidden_rows * hidden_size + 16, count_spikes(s->spikes, tick, s->hidden));
    add_scores(t, s, tick, x, y_out, out_height, low, high);
  }
  sf_text_add(t, "</svg></div>\n");
}

/* Dashes, one per spike: x is the tick, y the unit. */
static void add_dashes(sf_text *t, const char *class, const sf_spikes *spikes, uint32_t ticks, uint32_t from,
                       uint32_t to, double x, double step, double y, double scale) {
  sf_text_add(t, "<path class=\"%s\" d=\"", class);
  for (size_t i = 0; i < spikes->n; i++) {
    if (spikes->tick[i] >= ticks || spikes->unit[i] < from || spikes->unit[i] >= to) continue;
    sf_text_add(t, "M%.1f %.1fh%.1f", x + spikes->tick[i] * step + 3, y + (spikes->unit[i] - from + 0.5) * scale,
                step - 6);
  }
  sf_text_add(t, "\"/>");
}

static void add_raster(sf_text *t, const sf_report_sample *s) {
  const uint32_t ticks = shown_ticks(s);
  const double step = 100, x = 110, in_height = 220, hidden_height = 200, out_height = 44;
  const double y_in = 24, y_hidden = y_in + in_height + 8, y_out = y_hidden + hidden_height + 8;
  const struct {
    const char *name;
    double y, height;
    uint32_t units;
  } row[] = {{"input", y_in, in_height, s->inputs},
             {"hidden", y_hidden, hidden_height, s->hidden},
             {"output", y_out, out_height, s->classes}};
  sf_text_add(t,
              "<div class=\"wide\"><svg class=\"raster\" style=\"max-width:%.0fpx\" viewBox=\"0 0 %.0f %.0f\" "
              "role=\"img\" aria-label=\"Spike raster\">",
              x + ticks * step, x + ticks * step, y_out + out_height + 4);
  for (size_t i = 0; i < 3; i++) {
    sf_text_add(t, "<rect class=\"frame\" x=\"%.0f\" y=\"%.1f\" width=\"%.0f\" height=\"%.1f\"/>", x, row[i].y,
                ticks * step, row[i].height);
    sf_text_add(t, "<text x=\"0\" y=\"%.0f\">%s</text><text class=\"soft\" x=\"0\" y=\"%.0f\">0 to %u</text>",
                row[i].y + 14, row[i].name, row[i].y + 32, row[i].units ? row[i].units - 1 : 0);
  }
  for (uint32_t tick = 0; tick < ticks; tick++) {
    sf_text_add(t, "<text class=\"soft\" x=\"%.0f\" y=\"14\">tick %u</text>", x + tick * step + 4, tick);
    if (tick) sf_text_add(t, "<path class=\"axis\" d=\"M%.0f %.0fV%.0f\"/>", x + tick * step, y_in, y_out + out_height);
  }
  add_dashes(t, "dash px", s->input, ticks, 0, s->inputs, x, step, y_in, in_height / (s->inputs ? s->inputs : 1));
  add_dashes(t, "dash hid", s->spikes, ticks, 0, s->hidden, x, step, y_hidden,
             hidden_height / (s->hidden ? s->hidden : 1));
  add_dashes(t, "dash best", s->spikes, ticks, s->hidden, s->hidden + s->classes, x, step, y_out,
             out_height / (s->classes ? s->classes : 1));
  sf_text_add(t, "</svg></div>\n");
}

void sf_report_add_sample(sf_text *t, const sf_report *r) {
  const sf_report_sample *s = r->sample;
  if (!s || !s->ticks || !s->classes || !s->inputs) return;
  sf_text_add(t, "<section><h2>One %s on its way</h2>\n<p>Number %zu of the file", sf_report_unit(r), s->number);
  if (s->label >= 0) sf_text_add(t, ", labelled <b>%d</b>, is read as <b>%u</b>", s->label, s->answer);
  else sf_text_add(t, " is read as <b>%u</b>", s->answer);
  sf_text_add(t,
              ". Every input spike is in the picture; the class is the output neuron with the highest score after the "
              "last tick.</p>\n");
  add_film(t, s);
  sf_text_add(t, "<details><summary>The same spikes as a raster</summary>\n");
  add_raster(t, s);
  sf_text_add(t, "</details></section>\n");
}

void sf_report_add_confusion(sf_text *t, const sf_report *r) {
  if (!r->confusion || !r->classes) return;
  uint32_t most = 1; /* of the wrong answers, for the shading */
  for (uint32_t i = 0; i < r->classes; i++)
    for (uint32_t j = 0; j < r->classes; j++)
      if (i != j && r->confusion[i * r->classes + j] > most) most = r->confusion[i * r->classes + j];
  sf_text_add(
      t,
      "<details><summary>Which classes are taken for which</summary>\n<div class=\"wide\"><table class=\"matrix\"><tr>"
      "<th>label</th>");
  for (uint32_t j = 0; j < r->classes; j++) sf_text_add(t, "<th>%u</th>", j);
  sf_text_add(t, "<th>right</th></tr>\n");
  for (uint32_t i = 0; i < r->classes; i++) {
    uint64_t all = 0;
    sf_text_add(t, "<tr><th>%u</th>", i);
    for (uint32_t j = 0; j < r->classes; j++) {
      const uint32_t n = r->confusion[i * r->classes + j];
      all += n;
      if (i == j) sf_text_add(t, "<td class=\"right\">%u</td>", n);
      else if (n) sf_text_add(t, "<td style=\"--w:%.0f%%\">%u</td>", 10 + 60.0 * n / most, n);
      else sf_text_add(t, "<td></td>");
    }
    sf_text_add(t, "<td>%.1f %%</td></tr>\n", all ? 100.0 * r->confusion[i * r->classes + i] / (double)all : 0.0);
  }
  sf_text_add(t, "</table></div></details>\n");
}
