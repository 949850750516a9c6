/* fst_dump.h - a waveform window of both sides of the lockstep as an FST file, for GTKWave.
 *
 * Scopes: `in` (both sides get these), `model` and `rtl` (ports and probes; x where a signal means nothing), `diff`
 * (one bit a signal: the sides differ). A cycle lasts 10 ns; its rising edge is at 10 * cycle; inputs change 5 ns
 * before. */
#ifndef SF_HARNESS_FST_DUMP_H
#define SF_HARNESS_FST_DUMP_H

#include "lockstep/signals.h"

/* One kept cycle: the inputs before the edge, what both sides showed after it. */
typedef struct sf_kept {
  uint64_t cycle;
  uint32_t tick;
  sf_core_in in;
  sf_core_ports side[2]; /* model, rtl */
  uint32_t *wide[2];     /* [wide_words] each */
} sf_kept;

/* sf_fst_write() - write n cycles, oldest first, to path. SF_EIO with one line when that fails: no file is left. */
SF_MUST_CHECK sf_err sf_fst_write(const char *path, const sf_signals *s, const sf_kept *const *kept, size_t n,
                                  sf_msg *msg);

#endif
