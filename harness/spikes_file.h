/* spikes_file.h - input and output spikes in files: HDF5, or CSV ("tick,unit" or "tick,unit,core") for small ones.
 * The formats are documented in harness/README.md. */
#ifndef SYNFIRE_SPIKES_FILE_H
#define SYNFIRE_SPIKES_FILE_H

#include "synfire/base.h"
#include "synfire/network.h"

#define SF_MAX_TICK 2147483647u /* the last tick a file can name */
#define SF_MAX_SPIKES ((size_t)1 << 31)
#define SF_MAX_SAMPLES ((size_t)1 << 24)

/* Spikes of one or more samples, sorted by sample, then tick, else in file order. Each sample starts at tick 0. */
typedef struct sf_spikes {
  size_t n;         /* spikes of all samples */
  uint32_t *tick;   /* [n] 0 .. SF_MAX_TICK */
  uint32_t *unit;   /* [n] axon (input) or neuron (output) */
  uint32_t *core;   /* [n], or NULL: all in core 0 */
  size_t n_samples; /* >= 1; a file that knows no samples has one */
  size_t
      *first; /* [n_samples + 1] sample s is tick[first[s]] .. tick[first[s+1] - 1]; NULL only while n_samples is 0 */
  int32_t *label; /* [n_samples], or NULL */
  uint32_t ticks; /* ticks of one sample if the file says (attribute "ticks"), else 0 */
} sf_spikes;

/* sf_spikes_read() - read a whole file, HDF5 by its first bytes, else CSV. *out is written only on SF_OK; the caller
 * frees it. Messages start with the path and, for CSV, the line number. */
SF_MUST_CHECK sf_err sf_spikes_read(const char *path, sf_spikes *out, sf_msg *msg);

/* sf_spikes_free() - frees the arrays and zeroes *s; harmless on a zeroed struct. */
void sf_spikes_free(sf_spikes *s);

/* sf_spikes_sample() - a view of sample `sample` as a struct of its own: n_samples = 1, pointers into s, owned by s,
 * first = NULL. sample must be < s->n_samples. */
sf_spikes sf_spikes_sample(const sf_spikes *s, size_t sample);

/* sf_spikes_check() - do all cores and axons (as_input) or neurons (otherwise) exist in net? SF_EINVAL with one line
 * naming the first spike that does not fit. `path` only begins the message. */
SF_MUST_CHECK sf_err sf_spikes_check(const sf_spikes *s, const sf_network *net, bool as_input, const char *path,
                                     sf_msg *msg);

/* sf_spikes_write() - write to a temporary file beside path, then rename: CSV if path ends in ".csv", else HDF5.
 * CSV holds one sample and no labels (SF_EINVAL otherwise). The spikes must be in the order described above. */
SF_MUST_CHECK sf_err sf_spikes_write(const char *path, const sf_spikes *s, sf_msg *msg);

/* Collecting spikes while a network runs. Zero the struct, sf_spikes_add() in order of sample and tick (any number of
 * samples may stay empty), then sf_spikes_finish() with the number of samples before reading or writing. */
SF_MUST_CHECK sf_err sf_spikes_add(sf_spikes *s, size_t sample, uint32_t tick, uint32_t core, uint32_t unit,
                                   sf_msg *msg);
SF_MUST_CHECK sf_err sf_spikes_finish(sf_spikes *s, size_t n_samples, sf_msg *msg);

#endif
