/* spikes_file.c - reading spikes; see spikes_file.h. Collecting and writing them is in spikes_write.c. */
#include "files/spikes_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files/csv_util.h"
#include "files/file_util.h"
#include "files/h5_util.h"
#include "files/input_file.h"

#define MAX_CSV_BYTES ((size_t)1 << 28)
#define MAX_UNIT 65535

void sf_spikes_free(sf_spikes *s) {
  free(s->tick);
  free(s->unit);
  free(s->core);
  free(s->first);
  free(s->label);
  memset(s, 0, sizeof *s);
}

sf_spikes sf_spikes_sample(const sf_spikes *s, size_t sample) {
  const size_t from = s->first != NULL ? s->first[sample] : 0, to = s->first != NULL ? s->first[sample + 1] : s->n;
  return (sf_spikes){.n = to - from,
                     .tick = s->tick + from,
                     .unit = s->unit + from,
                     .core = s->core != NULL ? s->core + from : NULL,
                     .n_samples = 1,
                     .label = s->label != NULL ? s->label + sample : NULL,
                     .ticks = s->ticks};
}

sf_err sf_spikes_check(const sf_spikes *s, const sf_network *net, bool as_input, const char *path, sf_msg *msg) {
  const uint32_t classes = net->readout.n_classes;
  for (size_t i = 0; as_input && classes > 0 && s->label != NULL && i < s->n_samples; i++)
    if (s->label[i] < 0 || (uint32_t)s->label[i] >= classes)
      return sf_fail(msg, SF_EINVAL, "%.300s: label[%zu] = %d: must be 0 .. %u, the classes of the network", path, i,
                     (int)s->label[i], classes - 1);
  for (size_t i = 0; i < s->n; i++) {
    const uint32_t core = s->core != NULL ? s->core[i] : 0;
    if (core >= net->n_cores)
      return sf_fail(msg, SF_EINVAL, "%.300s: spike %zu (tick %u): core = %u: must be 0 .. %u", path, i, s->tick[i],
                     core, net->n_cores - 1);
    const uint32_t n = as_input ? net->core[core].axons : net->core[core].neurons;
    if (s->unit[i] >= n)
      return sf_fail(msg, SF_EINVAL, "%.300s: spike %zu (tick %u): %s = %u: must be 0 .. %u", path, i, s->tick[i],
                     as_input ? "axon" : "neuron", s->unit[i], n - 1);
  }
  return SF_OK;
}

/* ---- order -------------------------------------------------------------------------------------------------- */

typedef struct place {
  uint64_t key; /* sample, then tick */
  size_t at;
} place;

static int by_key(const void *a, const void *b) {
  const place *x = a, *y = b;
  if (x->key != y->key) return x->key < y->key ? -1 : 1;
  return x->at < y->at ? -1 : x->at > y->at; /* file order among equals */
}

static void permute(uint32_t *column, uint32_t *scratch, const place *order, size_t n) {
  for (size_t i = 0; i < n; i++) scratch[i] = column[order[i].at];
  memcpy(column, scratch, n * sizeof *column);
}

/* Sort by sample and tick where the file does not, and make s->first. sample may be NULL: all in sample 0. */
static sf_err arrange(sf_spikes *s, uint32_t *sample, sf_msg *msg) {
  bool sorted = true;
  for (size_t i = 1; i < s->n && sorted; i++) {
    if (sample != NULL && sample[i] != sample[i - 1]) sorted = sample[i] > sample[i - 1];
    else sorted = s->tick[i] >= s->tick[i - 1];
  }
  if (!sorted) {
    place *order = malloc(s->n * sizeof *order);
    uint32_t *scratch = malloc(s->n * sizeof *scratch);
    if (order != NULL && scratch != NULL) {
      for (size_t i = 0; i < s->n; i++)
        order[i] = (place){(uint64_t)(sample != NULL ? sample[i] : 0) << 32 | s->tick[i], i};
      qsort(order, s->n, sizeof *order, by_key);
      permute(s->tick, scratch, order, s->n);
      permute(s->unit, scratch, order, s->n);
      if (s->core != NULL) permute(s->core, scratch, order, s->n);
      if (sample != NULL) permute(sample, scratch, order, s->n);
    }
    const bool done = order != NULL && scratch != NULL;
    free(order);
    free(scratch);
    if (!done) return sf_fail(msg, SF_ENOMEM, "out of memory");
  }
  s->first = calloc(s->n_samples + 1, sizeof *s->first);
  if (s->first == NULL) return sf_fail(msg, SF_ENOMEM, "out of memory");
  for (size_t i = 0, k = 0; k <= s->n_samples; k++) {
    while (i < s->n && (sample != NULL ? sample[i] : 0) < k) i++;
    s->first[k] = i;
  }
  return SF_OK;
}

/* ---- HDF5 --------------------------------------------------------------------------------------------------- */

static sf_err read_column(const sf_h5 *root, const char *name, size_t n, int64_t lo, int64_t hi, void *column,
                          bool *present, sf_msg *msg) {
  void **to = column;
  uint64_t dims[1];
  static const uint64_t most = SF_MAX_SPIKES; /* sf_h5_read() asks for n exactly */
  sf_err err = sf_h5_dims(root, name, 1, &most, dims, present, msg);
  if (err || !*present) return err;
  *to = malloc((n + 1) * 4);
  if (*to == NULL) return sf_fail(msg, SF_ENOMEM, "%s: out of memory", name);
  return sf_h5_read(root, name, n, lo, hi, *to, 4, present, msg);
}

static sf_err required(bool present, const char *name, sf_msg *msg) {
  return present ? SF_OK : sf_fail(msg, SF_EFORMAT, "the dataset %s is missing", name);
}

sf_err sf_spikes_end_check(const sf_spikes *s, sf_msg *msg) {
  for (size_t i = 0; s->ticks != 0 && i < s->n; i++)
    if (s->tick[i] >= s->ticks)
      return sf_fail(msg, SF_EINVAL, "tick[%zu] = %u: must be 0 .. %u: attribute ticks = %u", i, s->tick[i],
                     s->ticks - 1, s->ticks);
  return SF_OK;
}

/* How many samples: the attribute, else the labels, else the largest sample number. */
static sf_err count_samples(const sf_h5 *root, sf_spikes *s, const uint32_t *sample, sf_msg *msg) {
  static const uint64_t most = SF_MAX_SAMPLES;
  bool stated, labelled;
  int64_t samples = 1;
  uint64_t labels[1];
  sf_err err = sf_h5_int(root, "samples", 1, (int64_t)SF_MAX_SAMPLES, &stated, &samples, msg);
  if (err) return err;
  err = sf_h5_dims(root, "label", 1, &most, labels, &labelled, msg);
  if (err) return err;
  if (labelled && labels[0] == 0) return sf_fail(msg, SF_EFORMAT, "label: is empty");
  if (labelled && stated && labels[0] != (uint64_t)samples)
    return sf_fail(msg, SF_EFORMAT, "label: has %llu elements: attribute samples = %lld", (unsigned long long)labels[0],
                   (long long)samples);
  if (labelled) samples = (int64_t)labels[0];
  for (size_t i = 0; sample != NULL && i < s->n; i++)
    if (sample[i] >= (uint64_t)samples) {
      if (stated || labelled)
        return sf_fail(msg, SF_EINVAL, "sample[%zu] = %u: must be 0 .. %lld", i, sample[i], (long long)samples - 1);
      samples = (int64_t)sample[i] + 1;
    }
  s->n_samples = (size_t)samples;
  return read_column(root, "label", s->n_samples, INT32_MIN, INT32_MAX, &s->label, &labelled, msg);
}

static sf_err read_columns(const sf_h5 *root, sf_spikes *s, uint32_t **sample, sf_msg *msg) {
  static const char *const members[] = {"tick", "unit", "core", "sample", "label"};
  static const char *const attributes[] = {"format", "version", "ticks", "samples"};
  static const uint64_t most = SF_MAX_SPIKES;
  char format[32];
  uint64_t n[1];
  int64_t value = 0;
  bool present;
  sf_err err = sf_h5_string(root, "format", format, sizeof format, msg);
  if (err) return err;
  if (format[0] != '\0' && strcmp(format, "synfire-spikes") != 0)
    return sf_fail(msg, SF_EFORMAT, "attribute format = \"%s\": must be \"synfire-spikes\"", format);
  err = sf_h5_int(root, "version", 1, 1, &present, &value, msg);
  if (err) return err;
  err = sf_h5_only(root, true, attributes, sizeof attributes / sizeof attributes[0], msg);
  if (err) return err;
  err = sf_h5_only(root, false, members, sizeof members / sizeof members[0], msg);
  if (err) return err;
  value = 0;
  err = sf_h5_int(root, "ticks", 0, SF_MAX_TICK, &present, &value, msg);
  if (err) return err;
  s->ticks = (uint32_t)value;
  err = sf_h5_dims(root, "tick", 1, &most, n, &present, msg);
  if (err) return err;
  err = required(present, "tick", msg);
  if (err) return err;
  s->n = (size_t)n[0];
  err = read_column(root, "tick", s->n, 0, SF_MAX_TICK, &s->tick, &present, msg);
  if (err) return err;
  err = sf_spikes_end_check(s, msg);
  if (err) return err;
  err = read_column(root, "unit", s->n, 0, MAX_UNIT, &s->unit, &present, msg);
  if (err) return err;
  err = required(present, "unit", msg);
  if (err) return err;
  err = read_column(root, "core", s->n, 0, SF_MAX_CORES - 1, &s->core, &present, msg);
  if (err) return err;
  err = read_column(root, "sample", s->n, 0, (int64_t)SF_MAX_SAMPLES - 1, sample, &present, msg);
  if (err) return err;
  return count_samples(root, s, *sample, msg);
}

static sf_err read_unguarded(const char *path, sf_spikes *s, sf_msg *msg) {
  sf_h5 root;
  uint32_t *sample = NULL;
  sf_err err = sf_h5_open(path, &root, msg);
  if (err) return err;
  err = read_columns(&root, s, &sample, msg);
  (void)sf_h5_close_file(&root, NULL);
  if (!err) err = arrange(s, sample, msg);
  free(sample);
  return err;
}

static void attempt(const char *path) {
  sf_spikes s = {0};
  if (!read_unguarded(path, &s, NULL)) sf_spikes_free(&s);
}

static sf_err read_hdf5(const sf_input *in, sf_spikes *s, sf_msg *msg) {
  sf_err err = sf_h5_guard(in->path, attempt, msg);
  if (!err) err = read_unguarded(in->path, s, msg);
  return err ? sf_prefix(msg, err, in->name) : SF_OK;
}

/* ---- CSV ---------------------------------------------------------------------------------------------------- */

static sf_err csv_line(sf_spikes *s, const sf_csv *csv, int *columns, sf_msg *msg) {
  static const char *const name[3] = {"tick", "unit", "core"};
  static const int64_t most[3] = {SF_MAX_TICK, MAX_UNIT, SF_MAX_CORES - 1};
  sf_csv_number value[3] = {{0}};
  char where[32];
  const int n = sf_csv_numbers(csv->line, 3, value);
  snprintf(where, sizeof where, "line %zu", csv->number);
  if (n < 2)
    return sf_fail(msg, SF_EFORMAT, "%s: \"%.40s\": must be tick,unit or tick,unit,core (whole numbers)", where,
                   csv->line);
  if (*columns != 0 && n != *columns)
    return sf_fail(msg, SF_EFORMAT, "%s: has %d columns, the lines before have %d", where, n, *columns);
  *columns = n;
  for (int i = 0; i < n; i++) {
    const sf_err err = sf_csv_range(&value[i], where, name[i], 0, most[i], msg);
    if (err) return err;
  }
  s->tick[s->n] = (uint32_t)value[0].value;
  s->unit[s->n] = (uint32_t)value[1].value;
  s->core[s->n] = (uint32_t)value[2].value;
  s->n++;
  return SF_OK;
}

static bool is_header(const char *line) {
  return sf_csv_is_header(line, "tick,unit") || sf_csv_is_header(line, "tick,unit,core");
}

static sf_err parse_csv(char *text, size_t length, sf_spikes *s, sf_msg *msg) {
  size_t lines = 1;
  int columns = 0;
  bool may_be_header = true;
  const char *why_not = sf_not_text(text, length);
  if (why_not != NULL) return sf_fail(msg, SF_EFORMAT, "is neither HDF5 nor text: %s", why_not);
  for (size_t i = 0; i < length; i++) lines += text[i] == '\n';
  s->tick = malloc(lines * sizeof *s->tick);
  s->unit = malloc(lines * sizeof *s->unit);
  s->core = malloc(lines * sizeof *s->core);
  if (s->tick == NULL || s->unit == NULL || s->core == NULL) return sf_fail(msg, SF_ENOMEM, "out of memory");
  for (sf_csv csv = {text, NULL, 0}; sf_csv_next(&csv); may_be_header = false) {
    const sf_err err = may_be_header && is_header(csv.line) ? SF_OK : csv_line(s, &csv, &columns, msg);
    if (err) return err;
  }
  if (columns != 3) {
    free(s->core);
    s->core = NULL;
  }
  s->n_samples = 1;
  return arrange(s, NULL, msg);
}

static sf_err read_csv(const sf_input *in, sf_spikes *s, sf_msg *msg) {
  char *text;
  size_t length;
  sf_err err = sf_file_read(in->path, MAX_CSV_BYTES, &text, &length, msg);
  if (err) {
    sf_rename(msg, in->path, in->name);
    return err;
  }
  err = parse_csv(text, length, s, msg);
  free(text);
  return err ? sf_prefix(msg, err, in->name) : SF_OK;
}

sf_err sf_spikes_read(const char *path, sf_spikes *out, sf_msg *msg) {
  sf_input in;
  sf_spikes s = {0};
  sf_err err = sf_input_open(path, &in, msg);
  if (err) return err;
  err = in.hdf5 ? read_hdf5(&in, &s, msg) : read_csv(&in, &s, msg);
  sf_input_close(&in);
  if (!err) *out = s;
  else sf_spikes_free(&s);
  return err;
}
