/* files.h - networks and spikes in files. The formats are documented in harness/README.md ("Networks", "Spikes").
 *
 *     sf_network *net;
 *     if (sf_network_read("net.h5", &net, &msg)) ...      HDF5 or JSON, checked from end to end
 *     sf_spikes in;
 *     if (sf_spikes_read("in.csv", &in, &msg)) ...        HDF5 or CSV
 *     if (sf_spikes_check(&in, net, true, "in.csv", &msg)) ...
 *     sf_spikes_free(&in);
 *     sf_network_free(net);
 *
 * No file, however damaged, makes these calls crash: HDF5 files are tried in a child process first (sf_files_trust()).
 * They turn the HDF5 library's own error printing off, may set errno, and are not for two threads at once. */
#ifndef SYNFIRE_FILES_H
#define SYNFIRE_FILES_H

#include "synfire/base.h"
#include "synfire/model.h"
#include "synfire/network.h"

/* ---- networks ----------------------------------------------------------------------------------------------- */

/* sf_network_read() - read and check a network, HDF5 or JSON by its first bytes. *out is written only on SF_OK;
 * the caller frees it with sf_network_free(). "-" is standard input, and path may be a pipe. Messages start with the
 * path. */
SF_MUST_CHECK sf_err sf_network_read(const char *path, sf_network **out, sf_msg *msg);

/* sf_model_read() - read a network right into a model, the weights core by core, so that they are in memory once, at
 * their own width (sf_model_new_from()). *net, unless net is NULL, becomes the network without its weights (w8 = w16 =
 * NULL). progress (NULL: not) is called after each core. JSON, which is for small networks, is read as a whole
 * first. */
SF_MUST_CHECK sf_err sf_model_read(const char *path, void (*progress)(void *user, uint32_t done, uint32_t cores),
                                   void *user, sf_network **net, sf_model **model, sf_msg *msg);

/* sf_network_write() - check net and write it as HDF5 to a temporary file beside path, then rename it: path holds
 * either the whole network or what it held before. Fields that are at their default everywhere are left out.
 * SF_EINVAL for a core that learns: the format does not hold that yet. */
SF_MUST_CHECK sf_err sf_network_write(const char *path, const sf_network *net, sf_msg *msg);

/* ---- spikes ------------------------------------------------------------------------------------------------- */

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
  uint32_t ticks; /* of one sample if the file says (attribute "ticks"): every tick is below it; else 0 */
} sf_spikes;

/* sf_spikes_read() - read a whole file, HDF5 by its first bytes, else CSV. *out is written only on SF_OK; the caller
 * frees it. "-" is standard input, and path may be a pipe. Messages start with the path and, for CSV, the line
 * number. */
SF_MUST_CHECK sf_err sf_spikes_read(const char *path, sf_spikes *out, sf_msg *msg);

/* sf_spikes_free() - frees the arrays and zeroes *s; harmless on a zeroed struct. */
void sf_spikes_free(sf_spikes *s);

/* sf_spikes_sample() - a view of sample `sample` as a struct of its own: n_samples = 1, pointers into s, owned by s,
 * first = NULL. sample must be < s->n_samples. */
sf_spikes sf_spikes_sample(const sf_spikes *s, size_t sample);

/* sf_spikes_check() - do all cores and axons (as_input) or neurons (otherwise) exist in net, and, of an input for a
 * network with a readout, the classes that the labels name? SF_EINVAL with one line naming the first spike or label
 * that does not fit. `path` only begins the message. */
SF_MUST_CHECK sf_err sf_spikes_check(const sf_spikes *s, const sf_network *net, bool as_input, const char *path,
                                     sf_msg *msg);

/* sf_spikes_write() - write to a temporary file beside path, then rename: CSV if path ends in ".csv", else HDF5.
 * CSV holds one sample and no labels (SF_EINVAL otherwise, as for a spike at or after `ticks`). The spikes must be in
 * the order described above. */
SF_MUST_CHECK sf_err sf_spikes_write(const char *path, const sf_spikes *s, sf_msg *msg);

/* Collecting spikes while a network runs. Zero the struct, sf_spikes_add() in order of sample and tick (any number of
 * samples may stay empty), then sf_spikes_finish() with the number of samples before reading or writing. */
SF_MUST_CHECK sf_err sf_spikes_add(sf_spikes *s, size_t sample, uint32_t tick, uint32_t core, uint32_t unit,
                                   sf_msg *msg);
SF_MUST_CHECK sf_err sf_spikes_finish(sf_spikes *s, size_t n_samples, sf_msg *msg);

/* ---- trust -------------------------------------------------------------------------------------------------- */

/* sf_files_trust() - 1: read HDF5 files without trying them first, for files of one's own: half the time, no fork().
 * 0, as at the start: a damaged file costs an error and no more. Of the whole process. */
void sf_files_trust(int trusted);

#endif
