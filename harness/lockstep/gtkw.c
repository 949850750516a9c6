/* gtkw.c - see gtkw.h. The format has no description but GTKWave's own reader and writer (savefile.c): a line @FLAGS
 * holds for the signals after it, a line -TEXT is a comment or, with the flags of a group, its beginning and end. */
#include "lockstep/gtkw.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "files/file_util.h"
#include "util/paths.h"
#include "util/text.h"

/* GTKWave's flags. */
enum { RIGHT = 0x20, HEX = 0x2, DECIMAL = 0x4, BINARY = 0x8, SIGNED = 0x400, BLANK = 0x200 };
enum { GROUP = BLANK | 0x800000, GROUP_END = BLANK | 0x1000000, CLOSED = 0x400000 };
enum { LANES_SHOWN = 64 }; /* of a wide signal; all of them are in the tree of signals */

sf_err sf_gtkw_path(const char *fst, char *path, size_t size, sf_msg *msg) {
  const size_t n = strlen(fst), stem = n > 4 && !strcmp(fst + n - 4, ".fst") ? n - 4 : n;
  if (snprintf(path, size, "%.*s.gtkw", (int)stem, fst) < (int)size) return SF_OK;
  return sf_fail(msg, SF_EIO, "%.200s: path too long", fst);
}

static void group(sf_text *t, const char *name, bool closed) {
  sf_text_add(t, "@%x\n-%s\n", (unsigned)(closed ? GROUP | CLOSED : GROUP), name);
}
static void end_group(sf_text *t, const char *name, bool closed) {
  sf_text_add(t, "@%x\n-%s\n", (unsigned)(closed ? GROUP_END | CLOSED : GROUP_END), name);
}

/* shown: what GTKWave calls it instead of its name; "": the name. */
static void signal(sf_text *t, const char *scope, const char *name, const char *shown, uint32_t width,
                   unsigned format) {
  sf_text_add(t, "@%x\n", RIGHT | (width == 1 ? BINARY : format));
  if (*shown) sf_text_add(t, "+{%s} ", shown);
  sf_text_add(t, "lockstep.%s%s%s", scope, *scope ? "." : "", name);
  if (width > 1 && format != SIGNED) sf_text_add(t, "[%u:0]", (unsigned)width - 1); /* integers have no range */
  sf_text_add(t, "\n");
}

/* One word of a wide signal, as fst_dump.c declares it: packed ones are whole. */
static void word(sf_text *t, const char *scope, const sf_signal *w, const char *shown, uint32_t at) {
  char name[128];
  if (!w->is_signed) {
    signal(t, scope, w->name, shown, 32 * w->words, HEX);
    return;
  }
  snprintf(name, sizeof name, "%s.lane%u", w->name, (unsigned)at);
  signal(t, scope, name, shown, 32, SIGNED);
}

static bool is_wide(const sf_signals *s, const sf_signal *one) { return one >= s->wide && one < s->wide + SF_N_WIDE; }

/* What differs first, on both sides, and where they differ at all. */
static void show_top(sf_text *t, const sf_signals *s, const sf_gtkw_view *v) {
  group(t, v->title, false);
  static const char *const side[] = {"rtl", "model"};
  for (int i = 0; v->top && i < 2; i++) {
    if (is_wide(s, v->top)) word(t, side[i], v->top, side[i], v->word);
    else signal(t, side[i], v->top->name, side[i], v->top->width, HEX);
  }
  if (v->top) signal(t, "diff", v->top->name, "differ", 1, BINARY);
  end_group(t, v->title, false);
}

static void show_wide(sf_text *t, const char *scope, const sf_signal *w) {
  if (!w->is_signed) {
    word(t, scope, w, "", 0);
    return;
  }
  group(t, w->name, true);
  for (uint32_t i = 0; i < w->words && i < LANES_SHOWN; i++) word(t, scope, w, "", i);
  end_group(t, w->name, true);
}

static void show_side(sf_text *t, const char *scope, const sf_signals *s) {
  group(t, scope, false);
  for (int i = 0; i < SF_N_OUT; i++) signal(t, scope, s->out[i].name, "", s->out[i].width, HEX);
  for (int i = 0; i < SF_N_WIDE; i++) show_wide(t, scope, &s->wide[i]);
  end_group(t, scope, false);
}

static void show_inputs_and_differences(sf_text *t, const sf_signals *s, bool inputs) {
  const char *scope = inputs ? "in" : "diff";
  group(t, scope, false);
  for (int i = 0; inputs && i < SF_N_IN; i++) signal(t, scope, s->in[i].name, "", s->in[i].width, HEX);
  for (int i = 0; !inputs && i < SF_N_OUT; i++) signal(t, scope, s->out[i].name, "", 1, BINARY);
  for (int i = 0; !inputs && i < SF_N_WIDE; i++) signal(t, scope, s->wide[i].name, "", 1, BINARY);
  end_group(t, scope, false);
}

static const char *base(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

/* GTKWave looks for the waveform where it stood as seen from the save file: in the same folder. Names that the format
 * cannot hold are left out; such a waveform is given on GTKWave's command line. */
static void name_files(sf_text *t, const char *fst, const char *gtkw) {
  for (const char *c = base(fst); *c; c++)
    if (*c == '"' || iscntrl((unsigned char)*c)) return;
  sf_text_add(t, "[dumpfile] \"%s\"\n[savefile] \"%s\"\n", base(fst), base(gtkw));
}

sf_err sf_gtkw_write(const char *fst, const sf_signals *s, const sf_gtkw_view *v, sf_msg *msg) {
  char path[SF_PATH_MAX + 8];
  sf_err err = sf_gtkw_path(fst, path, sizeof path, msg);
  if (err) return err;
  sf_text t = {0};
  sf_text_add(&t, "[*] synfire lockstep: %s\n", v->title);
  name_files(&t, fst, path);
  const uint64_t first = v->at > v->from + 24 ? v->at - 24 : v->from;
  sf_text_add(&t, "[timestart] %llu\n", (unsigned long long)first * 10 - 5);
  sf_text_add(&t, "[sst_expanded] 1\n*-4.000000 %llu", (unsigned long long)v->at * 10);
  for (int i = 0; i < 26; i++) sf_text_add(&t, " -1"); /* the markers A to Z */
  sf_text_add(&t, "\n");
  signal(&t, "", "clk", "", 1, BINARY);
  signal(&t, "", "cycle", "", 64, DECIMAL);
  signal(&t, "", "tick", "", 32, DECIMAL);
  show_top(&t, s, v);
  show_inputs_and_differences(&t, s, true);
  show_side(&t, "model", s);
  show_side(&t, "rtl", s);
  show_inputs_and_differences(&t, s, false);
  err = sf_write_text(path, t.failed ? NULL : t.s, msg);
  sf_text_free(&t);
  return err;
}
