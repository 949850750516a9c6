/* signals.h - the ports and probes as a table: what reports, waveforms and faults need to name them one by one.
 * The table follows ports.h; the comparing itself does not use it (one memcmp, see lockstep.c). */
#ifndef SF_HARNESS_SIGNALS_H
#define SF_HARNESS_SIGNALS_H

#include "synfire/ports.h"

#define SF_ONE(...) +1
enum { SF_N_IN = 0 SF_CORE_IN(SF_ONE), SF_N_OUT = 0 SF_CORE_OUT(SF_ONE), SF_N_WIDE = 0 SF_CORE_WIDE(SF_ONE) };

typedef struct sf_signal {
  const char *name;   /* as in ports.h, without _i and _o */
  uint32_t width;     /* bits; of a wide signal: of one word that is shown */
  uint32_t words;     /* of a wide signal; 1 for others */
  int valid;          /* index in `out` of the signal that says whether this one means anything; -1: always does */
  bool is_signed;     /* shown as two's complement */
  const char *module; /* whose registers it shows: rtl/core/X.v and cmodel/mirror/X.c */
} sf_signal;

typedef struct sf_signals {
  sf_signal in[SF_N_IN], out[SF_N_OUT], wide[SF_N_WIDE];
  uint32_t wide_words;         /* of all wide signals together */
  uint32_t wide_at[SF_N_WIDE]; /* where each begins in an array of wide_words */
} sf_signals;

void sf_signals_of(const sf_params *p, sf_signals *s);

/* All fields of these structures are of one type, so they are arrays too. */
static inline const uint32_t *sf_in_array(const sf_core_in *in) { return (const uint32_t *)in; }
static inline const uint32_t *sf_port_array(const sf_core_ports *o) { return (const uint32_t *)o; }
static inline const uint32_t *const *sf_wide_array(const sf_core_wide *w) { return (const uint32_t *const *)w; }

/* sf_signal_valid() - does output or wide signal s mean anything in this cycle? */
static inline bool sf_signal_valid(const sf_signal *s, const sf_core_ports *o) {
  return s->valid < 0 || sf_port_array(o)[s->valid];
}

const char *sf_phase_name(uint32_t phase);

#endif
