/* driver.h - the bus driver: host accesses, input events and ticks, turned into the inputs of every clock cycle.
 *
 * It clocks an engine (the mirror, the Verilated RTL, or both in lockstep) and follows the handshakes: what is queued
 * is driven until it is accepted, what comes out is collected.
 *
 *     sf_driver_init(&d, &params, engine);
 *     sf_driver_reset(&d, 2);                              reset; then queue ...
 *     sf_driver_write(&d, addr, word);                     host accesses, in order
 *     sf_driver_event(&d, axon, tick);                     events, by the tick they are for
 *     sf_driver_tick(&d);                                  a tick: starts when the events queued for it are accepted
 *     if (sf_driver_finish(&d, &msg)) ...                  clock until all of it is done
 *     d.outs.at[i]                                         output events since sf_driver_clear()
 *
 * Host accesses, events and ticks are three queues that go on side by side: events for the next tick are accepted while
 * a tick runs. Every rule of the ports is in rtl/README.md. */
#ifndef SF_HARNESS_DRIVER_H
#define SF_HARNESS_DRIVER_H

#include "lockstep/image.h"
#include "synfire/ports.h"

/* What is clocked: one rising edge; false stops the driver (a mismatch was found). */
typedef struct sf_engine {
  void *self;
  bool (*step)(void *self, const sf_core_in *in, sf_core_out *out);
} sf_engine;

/* Queues: `at` from `head` to `tail`, growing. */
typedef struct sf_host_op {
  uint32_t addr, data;
  bool write;
} sf_host_op;
typedef struct sf_event_op {
  uint32_t axon, when;
  bool relative;
} sf_event_op; /* when: tick, or delay if relative */
typedef struct sf_out_event {
  uint32_t tick, neuron;
} sf_out_event;
#define SF_QUEUE(type)       \
  struct {                   \
    type *at;                \
    size_t head, tail, room; \
  }

/* Disturbances, each the chance out of 256 to hold back in a cycle; all 0: full speed. */
typedef struct sf_stalls {
  uint8_t out, in, host, tick;
  uint8_t out_burst; /* chance out of 256 / 64 that the reader goes away for up to 255 cycles */
  bool garbage;      /* random data on every input whose valid is 0 */
} sf_stalls;

typedef struct sf_driver {
  sf_params p;
  sf_engine engine;
  sf_core_in in;
  sf_core_out out;
  uint64_t cycle; /* rising edges so far */
  SF_QUEUE(sf_host_op) host;
  SF_QUEUE(sf_event_op) event;
  SF_QUEUE(uint64_t) tick;   /* events that must be accepted before it */
  SF_QUEUE(uint32_t) answer; /* of reads, in order */
  SF_QUEUE(sf_out_event) outs;
  uint64_t events_accepted, events_queued;
  uint64_t due[64];                                 /* events queued up to the last one for tick t, at t mod D */
  uint32_t ticks_queued, ticks_started, ticks_done; /* since reset or restart */
  bool host_busy, answer_due;                       /* an access was accepted and is not over */
  sf_host_op host_now;
  bool again;        /* an access cut off by a reset is to be made before the next tick */
  bool look;         /* before a write is made again, read what the first one has done */
  uint64_t progress; /* cycle of the last handshake */
  uint64_t patience; /* cycles without one before it is a timeout */
  bool disturbed;    /* stall is in use */
  sf_stalls stall;
  uint64_t random;
  uint32_t burst;
  sf_msg *msg;
  sf_err err; /* first error of a queue that could not grow, or of the engine */
} sf_driver;

void sf_driver_init(sf_driver *d, const sf_params *p, sf_engine engine);
void sf_driver_free(sf_driver *d);

/* sf_driver_disturb() - from now on, hold back at random; seed fixes how. */
void sf_driver_disturb(sf_driver *d, const sf_stalls *stall, uint64_t seed);

/* sf_driver_reset() - hold rst for `cycles` cycles. Queued events and ticks are dropped; host accesses stay, and one
 * that was under way is made again, with d->look after a read of the same address if it was a write. SF_EFAIL when the
 * engine stopped. */
SF_MUST_CHECK sf_err sf_driver_reset(sf_driver *d, uint32_t cycles, sf_msg *msg);

void sf_driver_write(sf_driver *d, uint32_t addr, uint32_t data);
void sf_driver_read(sf_driver *d, uint32_t addr); /* its answer becomes the next of d->answer */
/* tick: at most D-1 after the one that the core accepts events for */
void sf_driver_event(sf_driver *d, uint32_t axon, uint32_t tick);
void sf_driver_event_delay(sf_driver *d, uint32_t axon, uint32_t delay); /* from whatever tick it is accepted in */
void sf_driver_tick(sf_driver *d);                                       /* after the events queued for it */
void sf_driver_tick_any(sf_driver *d);                                   /* whenever the core takes it */

/* sf_driver_cycle() - one clock cycle. False: the engine stopped, or d->err is set. */
bool sf_driver_cycle(sf_driver *d);

/* sf_driver_busy() - is anything queued or under way? */
bool sf_driver_busy(const sf_driver *d);

/* sf_driver_finish() - clock until nothing is. SF_EFAIL: the engine stopped (msg is then empty: the engine knows why)
 * or nothing moved for d->patience cycles. */
SF_MUST_CHECK sf_err sf_driver_finish(sf_driver *d, sf_msg *msg);

/* sf_driver_clear() - forget collected answers and output events. */
void sf_driver_clear(sf_driver *d);

/* sf_driver_ask() - finish, then one host read. */
SF_MUST_CHECK sf_err sf_driver_ask(sf_driver *d, uint32_t addr, uint32_t *word, sf_msg *msg);

/* sf_driver_load() - write the whole image, then restart into the network's initial state. */
SF_MUST_CHECK sf_err sf_driver_load(sf_driver *d, const sf_image *image, sf_msg *msg);

/* sf_driver_restart() - CONTROL.restart, then v and u where they do not start at 0: tick 0 of a new sample. */
SF_MUST_CHECK sf_err sf_driver_restart(sf_driver *d, const sf_image *image, sf_msg *msg);

#endif
