/* bench.c - see bench.h. All that is compared is measured in short turns, one after the other, so that whatever else
 * the machine does falls on all of them alike. */
#include "bench/bench.h"

#include <stdlib.h>
#include <string.h>

#include "lockstep/random_case.h"
#include "run/samples.h"
#include "util/clock.h"
#include "util/progress.h"

enum { TICKS = 24 };

/* A recorder between driver and mirror. */
typedef struct recorder {
  sf_core *mirror;
  sf_core_in *in;
  size_t n, room;
  bool on, full;
} recorder;

static bool record(void *self, const sf_core_in *in, sf_core_out *out) {
  recorder *r = self;
  if (r->on) {
    if (r->n == r->room) {
      sf_core_in *more = realloc(r->in, (r->room = r->room ? 2 * r->room : 4096) * sizeof *more);
      if (!more) {
        r->full = true;
        return false;
      }
      r->in = more;
    }
    r->in[r->n++] = *in;
  }
  sf_core_step(r->mirror, in, out);
  return true;
}

/* A network that stays alive on its input alone, with every neuron's rows filled. */
static sf_network *network(const sf_params *p) {
  sf_random r = sf_random_new(7, 7, 7);
  sf_network *net = sf_network_new(1);
  if (!net) return NULL;
  sf_core_net *c = &net->core[0];
  c->axons = p->axons;
  c->neurons = p->neurons;
  c->weight_bits = p->weight_bits;
  c->potential_bits = p->potential_bits;
  c->delay_slots = p->delay_slots;
  c->n_profiles = 1;
  c->n_routes = p->routes;
  if (sf_core_net_alloc(c, NULL)) {
    sf_network_free(net);
    return NULL;
  }
  for (uint32_t a = 0; a < c->axons; a++)
    for (uint32_t n = 0; n < c->neurons; n++) sf_core_set_weight(c, a, n, sf_random_range(&r, -8, 7));
  c->profiles[0].v_decay = 512;
  c->profiles[0].v_floor = -1000;
  for (uint32_t n = 0; n < c->neurons; n++) c->threshold[n] = 60 + (int32_t)sf_random_below(&r, 60);
  for (uint32_t i = 0; i < c->n_routes; i++)
    c->routes[i] = (sf_route){sf_random_below(&r, c->neurons), i % 4 ? 0 : SF_EXTERNAL, sf_random_below(&r, c->axons),
                              1 + sf_random_below(&r, 8)};
  return net;
}

static sf_err run_ticks(sf_driver *d, const sf_image *image, uint32_t active, sf_msg *msg) {
  sf_random r = sf_random_new(8, 8, 8);
  sf_err err = sf_driver_restart(d, image, msg);
  for (uint32_t t = 0; t < TICKS && !err; t++) {
    for (uint32_t i = 0; i < active; i++) sf_driver_event(d, sf_random_below(&r, d->p.axons), t + 1);
    sf_driver_tick(d);
    err = sf_driver_finish(d, msg);
    sf_driver_clear(d);
  }
  return err;
}

/* Inputs of one restart and TICKS ticks, recorded the second time, so that they can be replayed again and again. */
static sf_err record_inputs(const sf_params *p, const sf_image *image, uint32_t active, recorder *r, double *ops,
                            sf_msg *msg) {
  sf_driver d;
  uint32_t axons = 0;
  sf_err err = sf_core_new(p, &r->mirror, msg);
  if (err) return err;
  sf_driver_init(&d, p, (sf_engine){r, record});
  err = sf_driver_reset(&d, 2, msg);
  if (!err) err = sf_driver_load(&d, image, msg);
  if (!err) err = run_ticks(&d, image, active, msg);
  if (!err) {
    r->on = true;
    err = run_ticks(&d, image, active, msg);
    r->on = false;
    if (!err) err = sf_driver_ask(&d, sf_host_addr(SF_HOST_REGISTERS, SF_REG_AXON_OPS), &axons, msg);
  }
  if (r->full) err = sf_fail(msg, SF_ENOMEM, "out of memory");
  sf_driver_free(&d);
  sf_core_free(r->mirror);
  r->mirror = NULL;
  *ops = r->n ? (double)axons * p->lanes / (double)r->n : 0;
  return err;
}

/* ---- what is clocked ---- */

typedef struct subject {
  sf_made_mirror made;
  sf_core *mirror; /* of made */
  sf_rtl rtl;
  sf_lockstep *lockstep;
} subject;

static bool step_mirror(void *self, const sf_core_in *in, sf_core_out *out) {
  const subject *s = self;
  s->made.calls->step(s->mirror, in, out);
  return true;
}

static bool step_rtl(void *self, const sf_core_in *in, sf_core_out *out) {
  const sf_rtl *rtl = self;
  rtl->step(rtl->core, in, out);
  return true;
}

static sf_engine engine_of(subject *s) {
  if (s->lockstep) return sf_lockstep_engine(s->lockstep);
  if (s->mirror) return (sf_engine){s, step_mirror};
  return (sf_engine){&s->rtl, step_rtl};
}

static sf_err open_subject(int kind, const sf_params *p, const sf_image *image, sf_progress *bar, subject *s,
                           sf_msg *msg) {
  char so[SF_PATH_MAX];
  sf_err err = SF_OK;
  if (kind == SF_BENCH_MIRROR) {
    sf_mirror_load(p, true, &s->made);
    err = s->made.calls->make(p, &s->mirror, msg);
  } else {
    sf_rtl rtl;
    err = sf_rtl_build(p, kind == SF_BENCH_RTL ? 0 : SF_RTL_PROBE, bar, so, msg);
    if (!err) err = sf_rtl_open(so, 3, &rtl, msg);
    const sf_lockstep_options made = {.made = true};
    if (!err && kind == SF_BENCH_LOCKSTEP) err = sf_lockstep_new(p, &rtl, &made, &s->lockstep, msg);
    else if (!err) s->rtl = rtl;
  }
  if (err) return err;
  /* The same state as the recorder had when it began: loaded, and once through the ticks. */
  sf_driver d;
  sf_driver_init(&d, p, engine_of(s));
  err = sf_driver_reset(&d, 2, msg);
  if (!err) err = sf_driver_load(&d, image, msg);
  if (!err) err = run_ticks(&d, image, 0, msg);
  sf_driver_free(&d);
  return err;
}

static bool replay(subject *s, const recorder *r) {
  const sf_engine e = engine_of(s);
  sf_core_out out;
  bool good = true;
  for (size_t i = 0; i < r->n && good; i++) good = e.step(e.self, &r->in[i], &out);
  return good && (!s->lockstep || sf_lockstep_settle(s->lockstep));
}

static sf_err measure(subject *s, const recorder *r, double seconds, sf_progress *bar, sf_bench_cycles *result,
                      sf_msg *msg) {
  const double end = sf_seconds_now() + seconds;
  for (int k = 0; k < SF_BENCH_CYCLE_KINDS; k++) /* warm, and into the state that every replay ends in */
    if (!replay(&s[k], r) || !replay(&s[k], r))
      return sf_fail(msg, SF_EFAIL, "mismatch while measuring: run synfire check");
  do {
    result->cycles += r->n;
    for (int k = 0; k < SF_BENCH_CYCLE_KINDS; k++) {
      const double start = sf_seconds_now();
      if (!replay(&s[k], r)) return sf_fail(msg, SF_EFAIL, "mismatch while measuring: run synfire check");
      const double took = sf_seconds_now() - start, each = took / (double)r->n;
      result->seconds[k] += took;
      if (!result->best[k] || each < result->best[k]) result->best[k] = each;
    }
    if (bar) sf_progress_pulse(bar);
  } while (sf_seconds_now() < end);
  return SF_OK;
}

sf_err sf_bench_clocked(uint32_t lanes, uint32_t neuron_lanes, double seconds, sf_progress *bar,
                        sf_bench_cycles *result, sf_msg *msg) {
  sf_params p = sf_params_default();
  p.axons = p.neurons = 512;
  p.lanes = lanes;
  p.neuron_lanes = neuron_lanes;
  p.profiles = 16;
  p.routes = 512;
  *result = (sf_bench_cycles){.p = p, .active = 64};
  subject s[SF_BENCH_CYCLE_KINDS];
  memset(s, 0, sizeof s);
  recorder r = {0};
  sf_image *image = NULL;
  sf_network *net = network(&p);
  sf_err err = net ? sf_image_new(net, 0, &p, &image, msg) : sf_fail(msg, SF_ENOMEM, "out of memory");
  if (!err) err = record_inputs(&p, image, result->active, &r, &result->synaptic_ops_per_cycle, msg);
  for (int k = 0; k < SF_BENCH_CYCLE_KINDS && !err; k++) err = open_subject(k, &p, image, bar, &s[k], msg);
  if (!err) err = measure(s, &r, seconds, bar, result, msg);
  for (int k = 0; k < SF_BENCH_CYCLE_KINDS; k++) {
    if (s[k].mirror) s[k].made.calls->release(s[k].mirror);
    sf_mirror_unload(&s[k].made);
    sf_rtl_close(&s[k].rtl);
    sf_lockstep_free(s[k].lockstep);
  }
  free(r.in);
  sf_image_free(image);
  sf_network_free(net);
  return err;
}
