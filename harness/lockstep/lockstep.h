/* lockstep.h - RTL, mirror and functional model side by side: the engine behind `synfire check`.
 *
 * Every cycle the Verilated RTL and the C mirror get the same inputs, and every port and valid probe is compared; the
 * watch (watch.h) compares the functional model at every tick. The mirror goes ahead, some cycles but never past the
 * end of a tick; the RTL then does the same cycles in one go: each finds its code and data in the caches, where turn by
 * turn they would push each other out. The first difference stops the engine: sf_lockstep_step() returns false, perhaps
 * some cycles later, and l->mismatch says what, where and when. The last 64 cycles before it, and 8 after it, of both
 * sides are kept for the report and the waveform.
 *
 *     sf_lockstep *l;
 *     if (sf_lockstep_new(&params, &rtl, &options, &l, &msg)) ...
 *     sf_driver_init(&d, &params, sf_lockstep_engine(l));
 *     ... drive ...
 *     if (l->mismatch.found) sf_lockstep_report(l, stdout);
 */
#ifndef SF_HARNESS_LOCKSTEP_H
#define SF_HARNESS_LOCKSTEP_H

#include <stdio.h>

#include "lockstep/driver.h"
#include "lockstep/fst_dump.h"
#include "lockstep/watch.h"
#include "mirror/synfire_core.h"
#include "verilated/mirror_build.h"
#include "verilated/rtl_build.h"

enum {
  SF_KEPT = 64,                   /* cycles kept before a mismatch */
  SF_AFTER = 8,                   /* cycles clocked after it for the waveform */
  SF_AHEAD = 64,                  /* cycles that the mirror may be ahead of the RTL */
  SF_CYCLES = SF_KEPT + SF_AHEAD, /* cycles remembered; a power of 2 */
  SF_OTHERS = 8                   /* signals kept that differ beside the first */
};

/* What the mirror was given and showed in a cycle; the RTL is still to be compared with it, or agreed. */
typedef struct sf_past {
  bool live; /* after the first reset: the sides must be equal */
  uint32_t tick;
  sf_core_in in;
  sf_core_out out; /* wide probes, where they mean something, in a place of its own */
} sf_past;

/* A deliberate fault, to prove that the check sees one (`check --flip`). */
typedef struct sf_flip {
  bool on;
  uint64_t when;   /* cycle (from 1), or tick for a state of the functional model */
  char signal[64]; /* see sf_flip_parse() */
  uint32_t index;  /* lane or neuron */
  uint32_t bit;
} sf_flip;

typedef struct sf_lockstep_options {
  bool made;      /* take the mirror made for its parameters: worth its second where many cycles are to come */
  bool no_watch;  /* leave the functional model out */
  bool no_probes; /* the RTL is built without probes: its real ports are compared; the watch has the mirror's */
  sf_flip flip;
} sf_lockstep_options;

typedef struct sf_mismatch {
  bool found;
  bool stopped;  /* the RTL stopped itself: text holds why */
  bool by_watch; /* functional model against both clocked sides; finding holds what */
  uint64_t cycle;
  uint32_t tick;
  const char *signal; /* port or probe, or what the finding is about: a constant */
  int64_t lane;       /* of a wide probe; -1: none */
  const sf_signal *which;
  int64_t neuron; /* -1: none */
  int64_t expected, got;
  uint32_t width;
  uint32_t n_others; /* further signals that differ in this cycle; of them the first are kept */
  struct {
    const char *signal;
    int64_t lane;
  } other[SF_OTHERS];
  char text[300];
  sf_finding finding;
} sf_mismatch;

typedef struct sf_lockstep {
  sf_params p;
  sf_made_mirror made;
  sf_core *mirror; /* of made */
  sf_rtl rtl;      /* its core is NULL when there is none: mirror and functional model only */
  sf_watch *watch; /* NULL when left out */
  sf_lockstep_options options;
  sf_core_out got;   /* the RTL's cycle, when it differs */
  size_t port_bytes; /* of sf_core_ports that are compared */
  size_t bytes[SF_N_WIDE];
  bool live;                /* reset was seen: from now on the sides must be equal */
  uint64_t cycle, compared; /* cycles the mirror did; those the RTL agreed with since reset */
  uint64_t checked;         /* cycles the RTL did */
  uint64_t first;           /* the cycle in which `live` began */
  uint32_t tick;            /* ticks done since reset or restart */
  sf_signals signals;
  sf_past past[SF_CYCLES]; /* cycle c is at c % SF_CYCLES */
  /* After a mismatch: the cycles up to it, oldest first, then SF_AFTER more. */
  sf_kept kept[SF_KEPT + SF_AFTER];
  size_t n_kept;
  uint32_t *room, *kept_room;
  sf_mismatch mismatch;
} sf_lockstep;

/* sf_lockstep_new() - rtl may be NULL; otherwise it is taken over and closed by sf_lockstep_free(), also on error. */
SF_MUST_CHECK sf_err sf_lockstep_new(const sf_params *p, const sf_rtl *rtl, const sf_lockstep_options *options,
                                     sf_lockstep **out, sf_msg *msg);
void sf_lockstep_free(sf_lockstep *l); /* NULL is harmless */

/* sf_lockstep_step() - one rising edge of the mirror, and of the RTL now or soon; out is the mirror's; false:
 * mismatch. */
bool sf_lockstep_step(void *lockstep, const sf_core_in *in, sf_core_out *out);
static inline sf_engine sf_lockstep_engine(sf_lockstep *l) { return (sf_engine){l, sf_lockstep_step}; }

/* sf_lockstep_settle() - let the RTL catch up. False: a mismatch. At the end of a tick it has. */
bool sf_lockstep_settle(sf_lockstep *l);

/* sf_lockstep_drained() - at the end: something must have been compared, and nothing may be left over. SF_EFAIL with
 * l->mismatch filled, or with one line. */
SF_MUST_CHECK sf_err sf_lockstep_drained(sf_lockstep *l, sf_msg *msg);

/* sf_flip_parse() - "CYCLE:SIGNAL:BIT". SIGNAL is a port or probe of the mirror (out_neuron, probe_v[1], also as the
 * RTL calls it, probe_v_o[1]: that output is wrong for one cycle, the first from CYCLE on in which it is valid), a
 * state of the mirror (v[17], u[17], r[17], a[17], threshold[17], bias[17], sum[3]: wrong from CYCLE on) or of the
 * functional model (model.v[17] and so on; CYCLE is then a tick). SF_EINVAL with one line. */
SF_MUST_CHECK sf_err sf_flip_parse(const char *text, const sf_params *p, sf_flip *flip, sf_msg *msg);

/* lockstep_flip.c */
void sf_flip_before(sf_lockstep *l);                  /* states: before the edge */
void sf_flip_after(sf_lockstep *l, sf_core_out *out); /* outputs: after it */

/* lockstep_report.c: sf_lockstep_report() - what differs, when, where, and the last cycles side by side. rerun is the
 * command that repeats it (NULL allowed), fst the path of the waveform (NULL: none written). */
void sf_lockstep_report(const sf_lockstep *l, const char *rerun, const char *fst, FILE *out);

/* sf_mismatch_signal() - "probe_v[1]"; sf_finding_where(): "neuron 17", "address 0x20000003" ... Both return text. */
enum { SF_SIGNAL_TEXT = 64, SF_WHERE_TEXT = 128 };
const char *sf_mismatch_signal(const sf_mismatch *m, char text[SF_SIGNAL_TEXT]);
const char *sf_finding_where(const sf_finding *f, char text[SF_WHERE_TEXT]);

/* sf_lockstep_waveform() - write the kept cycles as an FST file and, after a mismatch, a save file for GTKWave beside
 * it (gtkw.h). SF_EIO with one line when that fails; then neither is left. */
SF_MUST_CHECK sf_err sf_lockstep_waveform(const sf_lockstep *l, const char *path, sf_msg *msg);

#endif
