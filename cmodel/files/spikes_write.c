/* spikes_write.c - collecting and writing spikes; see spikes_file.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files/file_util.h"
#include "files/h5_util.h"
#include "files/spikes_file.h"

#define FIRST_ROOM 1024u

/* ---- collecting --------------------------------------------------------------------------------------------- */

/* The arrays have room for FIRST_ROOM elements, then for the next power of two: so a full one is known by its
 * length. */
static bool is_full(size_t n) { return n == 0 || (n >= FIRST_ROOM && (n & (n - 1)) == 0); }

static bool grow(void *column, size_t n, size_t element) {
  void **at = column, *larger = realloc(*at, (n == 0 ? FIRST_ROOM : 2 * n) * element);
  if (larger != NULL) *at = larger;
  return larger != NULL;
}

/* Let `first` know samples 0 .. n_samples - 1; new ones begin at the end. first[] has n_samples + 1 elements. */
static bool begin_samples(sf_spikes *s, size_t n_samples) {
  if (s->first == NULL) {
    if (!grow(&s->first, 0, sizeof *s->first)) return false;
    s->first[0] = 0;
    s->n_samples = 0;
  }
  while (s->n_samples < n_samples) {
    if (is_full(s->n_samples + 1) && !grow(&s->first, s->n_samples + 1, sizeof *s->first)) return false;
    s->first[++s->n_samples] = s->n;
  }
  return true;
}

sf_err sf_spikes_add(sf_spikes *s, size_t sample, uint32_t tick, uint32_t core, uint32_t unit, sf_msg *msg) {
  if (sample >= SF_MAX_SAMPLES || s->n >= SF_MAX_SPIKES)
    return sf_fail(msg, SF_EINVAL, "more than %zu samples or %zu spikes", SF_MAX_SAMPLES, SF_MAX_SPIKES);
  if (tick > SF_MAX_TICK) return sf_fail(msg, SF_EINVAL, "tick = %u: must be 0 .. %u", tick, SF_MAX_TICK);
  const bool new_sample = s->first == NULL || sample >= s->n_samples;
  if ((!new_sample && sample + 1 != s->n_samples) ||
      (!new_sample && s->n > s->first[sample] && tick < s->tick[s->n - 1]))
    return sf_fail(msg, SF_EINVAL, "sample %zu tick %u: added after a later one", sample, tick);
  bool ok = begin_samples(s, sample + 1);
  if (ok && is_full(s->n)) {
    ok = grow(&s->tick, s->n, sizeof *s->tick) && grow(&s->unit, s->n, sizeof *s->unit);
    if (ok && s->core != NULL) ok = grow(&s->core, s->n, sizeof *s->core);
  }
  if (ok && core != 0 && s->core == NULL) {
    size_t room = FIRST_ROOM;
    while (room <= s->n) room *= 2;
    s->core = calloc(room, sizeof *s->core);
    ok = s->core != NULL;
  }
  if (!ok) return sf_fail(msg, SF_ENOMEM, "out of memory for %zu spikes", s->n);
  s->tick[s->n] = tick;
  s->unit[s->n] = unit;
  if (s->core != NULL) s->core[s->n] = core;
  s->first[s->n_samples] = ++s->n;
  return SF_OK;
}

sf_err sf_spikes_finish(sf_spikes *s, size_t n_samples, sf_msg *msg) {
  if (n_samples < 1 || n_samples > SF_MAX_SAMPLES || (s->first != NULL && n_samples < s->n_samples))
    return sf_fail(msg, SF_EINVAL, "%zu samples: must be %zu .. %zu", n_samples, s->n_samples > 0 ? s->n_samples : 1,
                   SF_MAX_SAMPLES);
  return begin_samples(s, n_samples) ? SF_OK : sf_fail(msg, SF_ENOMEM, "out of memory for %zu samples", n_samples);
}

/* ---- writing ------------------------------------------------------------------------------------------------ */

static bool has_cores(const sf_spikes *s) {
  for (size_t i = 0; s->core != NULL && i < s->n; i++)
    if (s->core[i] != 0) return true;
  return false;
}

static sf_err put_samples(const sf_h5 *root, const sf_spikes *s, sf_msg *msg) {
  const uint64_t n[1] = {s->n}, samples[1] = {s->n_samples};
  sf_err err = SF_OK;
  if (s->n_samples > 1) {
    int32_t *column = malloc((s->n + 1) * sizeof *column);
    if (column == NULL) return sf_fail(msg, SF_ENOMEM, "out of memory");
    for (size_t k = 0; k < s->n_samples; k++)
      for (size_t i = s->first[k]; i < s->first[k + 1]; i++) column[i] = (int32_t)k;
    err = sf_h5_put(root, "sample", 1, n, H5T_NATIVE_INT32, column, msg);
    free(column);
  }
  if (!err && s->label != NULL) err = sf_h5_put(root, "label", 1, samples, H5T_NATIVE_INT32, s->label, msg);
  return err;
}

static sf_err put_root(const sf_h5 *root, const sf_spikes *s, sf_msg *msg) {
  const uint64_t n[1] = {s->n};
  sf_err err = sf_h5_put_string(root, "format", "synfire-spikes", msg);
  if (err) return err;
  err = sf_h5_put_int(root, "version", 1, msg);
  if (err) return err;
  err = sf_h5_put_int(root, "samples", (int64_t)s->n_samples, msg);
  if (err) return err;
  if (s->ticks != 0) err = sf_h5_put_int(root, "ticks", s->ticks, msg);
  if (!err) err = sf_h5_put(root, "tick", 1, n, H5T_NATIVE_UINT32, s->tick, msg);
  if (!err) err = sf_h5_put(root, "unit", 1, n, H5T_NATIVE_UINT32, s->unit, msg);
  if (!err && has_cores(s)) err = sf_h5_put(root, "core", 1, n, H5T_NATIVE_UINT32, s->core, msg);
  return err ? err : put_samples(root, s, msg);
}

static sf_err write_hdf5(const char *path, const sf_spikes *s, sf_msg *msg) {
  sf_h5 root;
  sf_err err = sf_h5_create(path, &root, msg);
  if (err) return err;
  err = put_root(&root, s, msg);
  const sf_err closed = sf_h5_close_file(&root, err ? NULL : msg);
  return err ? err : closed;
}

static sf_err write_csv(const char *path, const sf_spikes *s, sf_msg *msg) {
  const bool cores = has_cores(s);
  FILE *f = fopen(path, "w");
  if (f == NULL) return sf_fail(msg, SF_EIO, "could not be written");
  fputs(cores ? "tick,unit,core\n" : "tick,unit\n", f);
  for (size_t i = 0; i < s->n; i++) {
    if (cores) fprintf(f, "%u,%u,%u\n", s->tick[i], s->unit[i], s->core[i]);
    else fprintf(f, "%u,%u\n", s->tick[i], s->unit[i]);
  }
  const bool bad = ferror(f) != 0;
  return fclose(f) != 0 || bad ? sf_fail(msg, SF_EIO, "could not be written") : SF_OK;
}

sf_err sf_spikes_write(const char *path, const sf_spikes *s, sf_msg *msg) {
  const size_t length = strlen(path);
  const bool csv = length >= 4 && strcmp(path + length - 4, ".csv") == 0;
  if (csv && (s->n_samples > 1 || s->label != NULL))
    return sf_fail(msg, SF_EINVAL, "%.300s: CSV cannot hold samples or labels: write HDF5 (any other name)", path);
  sf_new_file file;
  sf_err err = sf_spikes_end_check(s, msg);
  if (err) return sf_prefix(msg, err, path);
  err = sf_new_file_begin(path, &file, msg);
  if (err) return err;
  err = csv ? write_csv(file.temp, s, msg) : write_hdf5(file.temp, s, msg);
  if (!err) return sf_new_file_commit(&file, msg);
  sf_new_file_abort(&file);
  return sf_prefix(msg, err, path);
}
