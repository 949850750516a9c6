/* watch.h - the functional model beside a clocked core: it gets what the core accepts, and is compared at every tick.
 *
 * The watch sees the ports and probes of each cycle. Events that the core accepts go into the model; host writes that
 * the core has executed change it; at tick_done the model computes the same tick, and then its spikes, output events
 * and v, u, r, a of every neuron must be what the core wrote back and sent. Host reads are compared with what was
 * written, with the model's state, its counters and a delay ring of its own. */
#ifndef SF_HARNESS_WATCH_H
#define SF_HARNESS_WATCH_H

#include "lockstep/image.h"
#include "synfire/model.h"
#include "synfire/ports.h"

/* How busy the crossbar is while it integrates: from a tick's first axon to its last mark, in ticks with many active
 * axons, so that the rest of the tick, and lanes that wait for neurons, can be told from it. */
enum { SF_OCCUPIED_AXONS = 32 };
typedef struct sf_occupancy {
  uint64_t ticks;  /* ticks with at least SF_OCCUPIED_AXONS active axons */
  uint64_t cycles; /* of integration in them */
  uint64_t rows;   /* rows of weights added in them: one a cycle is all that the crossbar can do */
  double least;    /* of rows / cycles of a tick */
} sf_occupancy;
void sf_occupancy_add(sf_occupancy *to, const sf_occupancy *from);

/* Where something did not hold. */
typedef enum sf_place {
  SF_AT_NOTHING,
  SF_AT_NEURON,
  SF_AT_ADDRESS,
  SF_AT_OUTPUT,
  SF_AT_INPUT,
  SF_AT_CYCLES,
  SF_AT_END,
  SF_AT_MESSAGE
} sf_place;

/* What did not hold. */
typedef struct sf_finding {
  const char *what; /* "v", "spike", "output event", "host read" ...: a constant */
  sf_place place;
  uint32_t at; /* SF_AT_NEURON: which; SF_AT_ADDRESS: of the host bus; SF_AT_OUTPUT: number of the event in its tick */
  sf_msg why;  /* SF_AT_MESSAGE */
  uint32_t tick;
  int64_t expected; /* the functional model's */
  int64_t got;      /* the core's */
  uint64_t cycle;   /* when the core wrote it back or sent it */
} sf_finding;

typedef struct sf_watch {
  sf_params p;
  sf_image *image; /* what the host has written so far; owned */
  sf_model *model;
  uint8_t *ring;  /* [delay_slots * axons]: events under way */
  bool no_probes; /* PROBE = 0: tick and counters cannot be written */
  bool stale;     /* routes or ring were written: the model must be made anew before its next use */
  /* the tick under way, as the core shows it */
  int32_t *v, *u, *r, *a; /* [neurons] written back */
  uint8_t *spike;         /* [neurons] 0, 1; SF_NOT_YET: not written back */
  uint64_t *when;         /* [neurons / neuron_lanes] cycle of the write-back */
  uint32_t *out;          /* output events */
  size_t n_out, out_room;
  /* accepted for D ticks after the tick under way: the model takes them next */
  struct {
    uint32_t axon, delay;
  } early[4096];
  size_t n_early;
  /* the host access under way */
  bool pending, is_write;
  uint32_t addr, data;
  bool unsure; /* a reset cut off a write of unsure_data to unsure_addr: it was executed, or it was not */
  uint32_t unsure_addr, unsure_data;
  sf_counters before;    /* since the last reset: counted by models before the present one, and preset by the host */
  uint64_t axon_ops;     /* preset beside before.active_axons */
  uint64_t ticks, reads; /* compared */
  /* cycles of the tick under way; of all ticks since the last reset; ticks whose cycles were compared with the
   * formula */
  uint64_t busy, busy_total, timed;
  uint64_t first_issue, last_issue, rows; /* the crossbar in the tick under way; rows: added so far */
  sf_occupancy occupancy;
  bool held;                                   /* the output reader made the tick under way wait */
  uint32_t untimed;                            /* ticks to come whose ring slots the host may have marked as used */
  uint64_t spikes, active_axons, synaptic_ops; /* summed over everything, resets included */
  uint64_t cycle;
  bool failed;
  sf_finding finding; /* when failed */
  sf_core_ports last; /* ports before the coming edge */
} sf_watch;

/* sf_watch_new() - watch a core of image->p that has just been reset: nothing has been written yet, so the image starts
 * with what *image says only for the memories' sizes; every write is followed. The caller frees it. */
SF_MUST_CHECK sf_err sf_watch_new(const sf_params *p, sf_watch **out, sf_msg *msg);
void sf_watch_free(sf_watch *w);

/* The slow half of sf_watch_cycle(). */
bool sf_watch_look(sf_watch *w, const sf_core_in *in, const sf_core_out *out);

/* sf_watch_cycle() - one rising edge: the inputs before it, the ports and probes after it. False: w->finding says what
 * does not hold. */
static inline bool sf_watch_cycle(sf_watch *w, const sf_core_in *in, const sf_core_out *out) {
  const sf_core_ports *o = &out->port;
  bool good = true;
  w->cycle++;
  w->busy += o->probe_phase >= SF_PHASE_START;
  w->held |= w->last.out_valid & !in->out_ready;
  if (o->probe_issue_valid) {
    if (!w->rows) w->first_issue = w->cycle;
    w->last_issue = w->cycle;
    w->rows += o->probe_issue_axon_valid;
  }
  if (in->rst | in->in_valid | in->host_valid | w->pending | w->last.out_valid | o->probe_update_valid | o->tick_done)
    good = sf_watch_look(w, in, out);
  w->last = *o;
  return good;
}

/* sf_watch_drained() - at the end of a run: nothing may be left over. */
bool sf_watch_drained(sf_watch *w);

#endif
