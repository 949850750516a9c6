/* gtkw.h - a save file for GTKWave beside a waveform of fst_dump.h: what differs first on top, then the scopes as
 * groups, the marker at the first difference. It names the waveform without its folder, so that both can be moved
 * together. */
#ifndef SF_HARNESS_GTKW_H
#define SF_HARNESS_GTKW_H

#include "lockstep/signals.h"

typedef struct sf_gtkw_view {
  const char *title;    /* of what is on top: "probe_v[1], cycle 40000" */
  const sf_signal *top; /* of the table that is given; NULL: none */
  uint32_t word;        /* of top, when it is wide */
  uint64_t from, at;    /* cycles: the window's first, the marker's */
} sf_gtkw_view;

/* sf_gtkw_path() - x.fst -> x.gtkw; other names get .gtkw at their end. path[size]. SF_EIO: too long. */
SF_MUST_CHECK sf_err sf_gtkw_path(const char *fst, char *path, size_t size, sf_msg *msg);

/* sf_gtkw_write() - the save file of the waveform at `fst`. SF_EIO with one line when that fails: the old file
 * stays. */
SF_MUST_CHECK sf_err sf_gtkw_write(const char *fst, const sf_signals *s, const sf_gtkw_view *view, sf_msg *msg);

#endif
