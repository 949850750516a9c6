/* fst_dump.c - see fst_dump.h. The writer is fstapi.c, which comes with Verilator. */
#include "lockstep/fst_dump.h"

#include <stdio.h>
#include <stdlib.h>

#include "files/file_util.h"
#include "fstapi.h"

typedef struct dump {
  void *fst;
  fstHandle clock, cycle, tick;
  fstHandle in[SF_N_IN];
  fstHandle out[2][SF_N_OUT];
  fstHandle *wide[2]; /* one a word, or one a signal where words are packed */
  fstHandle diff[SF_N_OUT + SF_N_WIDE];
  char *bits; /* room for the longest value */
} dump;

static bool packed(const sf_signal *s) { return !s->is_signed; }

static fstHandle variable(dump *d, const char *name, uint32_t width, bool is_signed) {
  return fstWriterCreateVar(d->fst, is_signed ? FST_VT_VCD_INTEGER : FST_VT_VCD_WIRE, FST_VD_IMPLICIT, width, name, 0);
}

static void scope(dump *d, const char *name) { fstWriterSetScope(d->fst, FST_ST_VCD_MODULE, name, NULL); }
static void end_scope(dump *d) { fstWriterSetUpscope(d->fst); }

static void declare_side(dump *d, const sf_signals *s, int side) {
  char name[128];
  scope(d, side ? "rtl" : "model");
  for (int i = 0; i < SF_N_OUT; i++) d->out[side][i] = variable(d, s->out[i].name, s->out[i].width, false);
  for (int i = 0; i < SF_N_WIDE; i++) {
    const sf_signal *w = &s->wide[i];
    fstHandle *at = d->wide[side] + s->wide_at[i];
    if (packed(w)) {
      *at = variable(d, w->name, 32 * w->words, false);
      continue;
    }
    scope(d, w->name);
    for (uint32_t k = 0; k < w->words; k++) {
      snprintf(name, sizeof name, "lane%u", (unsigned)k);
      at[k] = variable(d, name, 32, true);
    }
    end_scope(d);
  }
  end_scope(d);
}

static void declare(dump *d, const sf_signals *s) {
  fstWriterSetTimescale(d->fst, -9);
  fstWriterSetVersion(d->fst, "synfire lockstep");
  scope(d, "lockstep");
  d->clock = variable(d, "clk", 1, false);
  d->cycle = variable(d, "cycle", 64, false);
  d->tick = variable(d, "tick", 32, false);
  scope(d, "in");
  for (int i = 0; i < SF_N_IN; i++) d->in[i] = variable(d, s->in[i].name, s->in[i].width, false);
  end_scope(d);
  declare_side(d, s, 1);
  declare_side(d, s, 0);
  scope(d, "diff");
  for (int i = 0; i < SF_N_OUT; i++) d->diff[i] = variable(d, s->out[i].name, 1, false);
  for (int i = 0; i < SF_N_WIDE; i++) d->diff[SF_N_OUT + i] = variable(d, s->wide[i].name, 1, false);
  end_scope(d);
  end_scope(d);
}

static void emit(dump *d, fstHandle h, const uint32_t *word, uint32_t width, bool known) {
  char *c = d->bits;
  for (uint32_t bit = width; bit-- > 0;) *c++ = !known ? 'x' : word[bit / 32] >> bit % 32 & 1 ? '1' : '0';
  fstWriterEmitValueChange(d->fst, h, d->bits);
}

static void emit_number(dump *d, fstHandle h, uint64_t value, uint32_t width) {
  const uint32_t word[2] = {(uint32_t)value, (uint32_t)(value >> 32)};
  emit(d, h, word, width, true);
}

static void emit_cycle(dump *d, const sf_signals *s, const sf_kept *k) {
  bool known[2];
  emit_number(d, d->clock, 1, 1);
  emit_number(d, d->cycle, k->cycle, 64);
  emit_number(d, d->tick, k->tick, 32);
  for (int i = 0; i < SF_N_OUT; i++) {
    for (int side = 0; side < 2; side++) {
      known[side] = sf_signal_valid(&s->out[i], &k->side[side]);
      emit(d, d->out[side][i], &sf_port_array(&k->side[side])[i], s->out[i].width, known[side]);
    }
    emit_number(d, d->diff[i], sf_port_array(&k->side[0])[i] != sf_port_array(&k->side[1])[i], 1);
  }
  for (int i = 0; i < SF_N_WIDE; i++) {
    const sf_signal *w = &s->wide[i];
    const uint32_t at = s->wide_at[i];
    for (int side = 0; side < 2; side++) {
      const uint32_t *word = k->wide[side] + at;
      known[side] = sf_signal_valid(w, &k->side[side]);
      if (packed(w)) emit(d, d->wide[side][at], word, 32 * w->words, known[side]);
      else
        for (uint32_t n = 0; n < w->words; n++) emit(d, d->wide[side][at + n], &word[n], 32, known[side]);
    }
    emit_number(d, d->diff[SF_N_OUT + i],
                known[0] && known[1] && memcmp(k->wide[0] + at, k->wide[1] + at, w->words * sizeof(uint32_t)), 1);
  }
}

static void emit_inputs(dump *d, const sf_signals *s, const sf_kept *k) {
  for (int i = 0; i < SF_N_IN; i++) emit(d, d->in[i], &sf_in_array(&k->in)[i], s->in[i].width, true);
}

static void write_all(dump *d, const sf_signals *s, const sf_kept *const *kept, size_t n) {
  declare(d, s);
  for (size_t i = 0; i < n; i++) {
    const uint64_t edge = kept[i]->cycle * 10;
    fstWriterEmitTimeChange(d->fst, edge - 5);
    emit_number(d, d->clock, 0, 1);
    emit_inputs(d, s, kept[i]);
    fstWriterEmitTimeChange(d->fst, edge);
    emit_cycle(d, s, kept[i]);
  }
  if (n) fstWriterEmitTimeChange(d->fst, kept[n - 1]->cycle * 10 + 10);
}

/* The writer does not say whether the disk was full, and the reader trusts what it reads. A file is a row of blocks,
 * each with its kind in a byte and its length in the eight that follow: does the last one end where the file does? */
static bool is_whole(const char *path) {
  FILE *f = fopen(path, "rb");
  long at = 0, size = -1;
  bool sound = f && fseek(f, 0, SEEK_END) == 0 && (size = ftell(f)) > 0;
  while (sound && at < size) {
    unsigned char head[9];
    uint64_t length = 0;
    sound = fseek(f, at, SEEK_SET) == 0 && fread(head, 1, sizeof head, f) == sizeof head;
    for (int i = 1; i < 9; i++) length = length << 8 | head[i];
    sound = sound && length >= 8 && length < (uint64_t)(size - at);
    at += 1 + (long)length;
  }
  if (f) fclose(f);
  return sound;
}

sf_err sf_fst_write(const char *path, const sf_signals *s, const sf_kept *const *kept, size_t n, sf_msg *msg) {
  uint32_t longest = 64;
  dump d = {0};
  for (int i = 0; i < SF_N_WIDE; i++)
    if (32 * s->wide[i].words > longest) longest = 32 * s->wide[i].words;
  d.bits = malloc((size_t)longest + 1);
  d.wide[0] = calloc(s->wide_words, sizeof *d.wide[0]);
  d.wide[1] = calloc(s->wide_words, sizeof *d.wide[1]);
  if (!d.bits || !d.wide[0] || !d.wide[1]) {
    free(d.bits);
    free(d.wide[0]);
    free(d.wide[1]);
    return sf_fail(msg, SF_ENOMEM, "out of memory");
  }
  sf_new_file file;
  sf_err err = sf_new_file_begin(path, &file, msg);
  if (!err) {
    bool good = (d.fst = fstWriterCreate(file.temp, 1)) != NULL;
    if (good) {
      write_all(&d, s, kept, n);
      good = !fstWriterGetFseekFailed(d.fst);
      fstWriterClose(d.fst);
    }
    if (good && is_whole(file.temp)) err = sf_new_file_commit(&file, msg);
    else {
      sf_new_file_abort(&file);
      err = sf_fail(msg, SF_EIO, "%s: cannot be written", path);
    }
  }
  free(d.bits);
  free(d.wide[0]);
  free(d.wide[1]);
  return err;
}
