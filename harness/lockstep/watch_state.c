/* watch_state.c - what the watch keeps: made, started again, and the functional model made anew. */
#include "lockstep/watch_parts.h"

#include "model/model_probe.h"

#include <stdlib.h>

void sf_watch_free(sf_watch *w) {
  if (!w) return;
  sf_image_free(w->image);
  sf_model_free(w->model);
  free(w->ring);
  free(w->v);
  free(w->u);
  free(w->r);
  free(w->a);
  free(w->spike);
  free(w->when);
  free(w->out);
  free(w);
}

/* An image of zeros on hardware p. */
static sf_err blank_image(const sf_params *p, sf_image **out, sf_msg *msg) {
  sf_network *net = sf_network_new(1);
  if (!net) return sf_fail(msg, SF_ENOMEM, "out of memory");
  sf_core_net *c = &net->core[0];
  c->axons = 1;
  c->neurons = 1;
  c->n_profiles = 1;
  c->n_routes = 0;
  c->weight_bits = p->weight_bits;
  c->potential_bits = p->potential_bits;
  c->delay_slots = 2;
  sf_err err = sf_core_net_alloc(c, msg);
  if (!err) err = sf_image_new(net, 0, p, out, msg);
  sf_network_free(net);
  return err;
}

static sf_err make_model(sf_watch *w, sf_model **out, sf_msg *msg) {
  sf_network *net;
  sf_err err = sf_image_network(w->image, &net, msg);
  if (err) return err;
  err = sf_model_new(net, out, msg);
  sf_network_free(net);
  return err;
}

void sf_watch_start_tick(sf_watch *w) {
  memset(w->spike, SF_NOT_YET, w->p.neurons);
  w->n_out = 0;
}

sf_err sf_watch_new(const sf_params *p, sf_watch **out, sf_msg *msg) {
  sf_watch *w = calloc(1, sizeof *w);
  if (!w) return sf_fail(msg, SF_ENOMEM, "out of memory");
  const size_t n = p->neurons;
  w->p = *p;
  w->ring = calloc((size_t)p->delay_slots * p->axons, 1);
  w->v = calloc(n, sizeof *w->v);
  w->u = calloc(n, sizeof *w->u);
  w->r = calloc(n, sizeof *w->r);
  w->a = calloc(n, sizeof *w->a);
  w->spike = calloc(n, 1);
  w->when = calloc(n, sizeof *w->when);
  w->out_room = 256;
  w->out = calloc(w->out_room, sizeof *w->out);
  sf_err err = SF_OK;
  if (!w->ring || !w->v || !w->u || !w->r || !w->a || !w->spike || !w->when || !w->out)
    err = sf_fail(msg, SF_ENOMEM, "out of memory");
  if (!err) err = blank_image(p, &w->image, msg);
  if (!err) err = make_model(w, &w->model, msg);
  if (err) {
    sf_watch_free(w);
    return err;
  }
  sf_watch_start_tick(w);
  *out = w;
  return SF_OK;
}

bool sf_watch_found(sf_watch *w, const char *what, sf_place place, uint32_t at, int64_t expected, int64_t got) {
  if (w->failed) return false;
  w->failed = true;
  w->finding = (sf_finding){.what = what,
                            .place = place,
                            .at = at,
                            .tick = sf_model_tick(w->model),
                            .expected = expected,
                            .got = got,
                            .cycle = w->cycle};
  return false;
}

/* After a reset or restart: tick 0, no event, all state 0 (the model's v_init and u_init are 0 too). */
void sf_watch_restart(sf_watch *w) {
  sf_model_reset(w->model);
  memset(w->ring, 0, (size_t)w->p.delay_slots * w->p.axons);
  w->before = (sf_counters){0};
  w->axon_ops = 0;
  w->n_early = 0;
  w->busy = w->busy_total = 0;
  w->held = false;
  w->untimed = 0;
  w->rows = 0;
  sf_watch_start_tick(w);
}

sf_counters sf_watch_counters(const sf_watch *w) {
  sf_counters c = sf_model_counters(w->model, SF_ALL_CORES);
  c.ticks += w->before.ticks;
  c.events_in += w->before.events_in;
  c.events_out += w->before.events_out;
  c.merges += w->before.merges;
  c.dropped += w->before.dropped;
  c.active_axons += w->before.active_axons;
  return c;
}

/* The model cannot change its routes or lose an event: a new one takes over the state. */
bool sf_watch_renew(sf_watch *w) {
  sf_model *fresh;
  sf_msg msg;
  const uint32_t tick = sf_model_tick(w->model);
  if (!w->stale) return true;
  w->stale = false;
  if (make_model(w, &fresh, &msg)) {
    sf_watch_found(w, "functional model cannot be made", SF_AT_MESSAGE, 0, 0, 0);
    w->finding.why = msg;
    return false;
  }
  sf_model_set_tick(fresh, tick);
  for (uint32_t n = 0; n < w->p.neurons; n++)
    for (int f = SF_V; f <= SF_A; f++) {
      int32_t value = 0;
      if (sf_model_peek(w->model, 0, n, (sf_field)f, &value) || sf_model_poke(fresh, 0, n, (sf_field)f, value)) {
        sf_model_free(fresh);
        return sf_watch_found(w, "functional model refuses its own state", SF_AT_NOTHING, 0, 0, value);
      }
    }
  w->before = sf_watch_counters(w);
  uint32_t carried = 0;
  for (uint32_t d = 0; d < w->p.delay_slots; d++)
    for (uint32_t axon = 0; axon < w->p.axons; axon++)
      if (w->ring[(size_t)((tick + d) % w->p.delay_slots) * w->p.axons + axon]) {
        carried++;
        if (sf_model_inject(fresh, 0, axon, d))
          return sf_watch_found(w, "functional model refuses an event", SF_AT_NOTHING, 0, 0, 0);
      }
  w->before.events_in -= carried; /* counted a second time by the new one */
  sf_model_take_rest(fresh, w->model);
  sf_model_free(w->model);
  w->model = fresh;
  return true;
}
