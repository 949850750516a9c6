/* watch.c - see watch.h. */
#include "lockstep/watch.h"

#include "model/model_probe.h"
#include "synfire/cycles.h"

#include <stdio.h>
#include <stdlib.h>

#define NOT_YET 2

void sf_watch_free(sf_watch *w) {
  if (!w) return;
  sf_image_free(w->image);
  sf_model_free(w->model);
  free(w->ring), free(w->v), free(w->u), free(w->r), free(w->a), free(w->spike), free(w->when), free(w->out);
  free(w);
}

/* An image of zeros on hardware p. */
static sf_err blank_image(const sf_params *p, sf_image **out, sf_msg *msg) {
  sf_network *net = sf_network_new(1);
  if (!net) return sf_fail(msg, SF_ENOMEM, "out of memory");
  sf_core_net *c = &net->core[0];
  c->axons = 1, c->neurons = 1, c->n_profiles = 1, c->n_routes = 0;
  c->weight_bits = p->weight_bits, c->potential_bits = p->potential_bits, c->delay_slots = 2;
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

static void start_tick(sf_watch *w) {
  memset(w->spike, NOT_YET, w->p.neurons);
  w->n_out = 0;
}

sf_err sf_watch_new(const sf_params *p, sf_watch **out, sf_msg *msg) {
  sf_watch *w = calloc(1, sizeof *w);
  if (!w) return sf_fail(msg, SF_ENOMEM, "out of memory");
  const size_t n = p->neurons;
  w->p = *p;
  w->ring = calloc((size_t)p->delay_slots * p->axons, 1);
  w->v = calloc(n, sizeof *w->v), w->u = calloc(n, sizeof *w->u);
  w->r = calloc(n, sizeof *w->r), w->a = calloc(n, sizeof *w->a);
  w->spike = calloc(n, 1), w->when = calloc(n, sizeof *w->when);
  w->out_room = 256, w->out = calloc(w->out_room, sizeof *w->out);
  sf_err err = SF_OK;
  if (!w->ring || !w->v || !w->u || !w->r || !w->a || !w->spike || !w->when || !w->out)
    err = sf_fail(msg, SF_ENOMEM, "out of memory");
  if (!err) err = blank_image(p, &w->image, msg);
  if (!err) err = make_model(w, &w->model, msg);
  if (err) {
    sf_watch_free(w);
    return err;
  }
  start_tick(w);
  *out = w;
  return SF_OK;
}

bool sf_watch_found(sf_watch *w, const char *what, int64_t expected, int64_t got, uint64_t cycle, const char *where) {
  if (w->failed) return false;
  w->failed = true;
  w->finding = (sf_finding){.tick = sf_model_tick(w->model), .expected = expected, .got = got, .cycle = cycle};
  snprintf(w->finding.what, sizeof w->finding.what, "%.63s", what);
  snprintf(w->finding.where, sizeof w->finding.where, "%.127s", where);
  return false;
}

static bool found_neuron(sf_watch *w, const char *what, int64_t expected, int64_t got, uint32_t neuron) {
  char where[64];
  snprintf(where, sizeof where, "neuron %u", (unsigned)neuron);
  sf_watch_found(w, what, expected, got, w->when[neuron / w->p.neuron_lanes], where);
  w->finding.tick--; /* the model has computed the tick already */
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
  start_tick(w);
}

sf_counters sf_watch_counters(const sf_watch *w) {
  sf_counters c = sf_model_counters(w->model, SF_ALL_CORES);
  c.ticks += w->before.ticks, c.events_in += w->before.events_in, c.events_out += w->before.events_out;
  c.merges += w->before.merges, c.dropped += w->before.dropped, c.active_axons += w->before.active_axons;
  return c;
}

/* The model cannot change its routes or lose an event: a new one takes over the state. */
bool sf_watch_renew(sf_watch *w) {
  sf_model *fresh;
  sf_msg msg;
  const uint32_t tick = sf_model_tick(w->model);
  if (!w->stale) return true;
  w->stale = false;
  if (make_model(w, &fresh, &msg))
    return sf_watch_found(w, "functional model cannot be made", 0, 0, w->cycle, msg.text);
  sf_model_set_tick(fresh, tick);
  for (uint32_t n = 0; n < w->p.neurons; n++)
    for (int f = SF_V; f <= SF_A; f++) {
      int32_t value = 0;
      if (sf_model_peek(w->model, 0, n, (sf_field)f, &value) || sf_model_poke(fresh, 0, n, (sf_field)f, value)) {
        sf_model_free(fresh);
        return sf_watch_found(w, "functional model refuses its own state", 0, value, w->cycle, "");
      }
    }
  w->before = sf_watch_counters(w);
  uint32_t carried = 0;
  for (uint32_t d = 0; d < w->p.delay_slots; d++)
    for (uint32_t axon = 0; axon < w->p.axons; axon++)
      if (w->ring[(size_t)((tick + d) % w->p.delay_slots) * w->p.axons + axon]) {
        carried++;
        if (sf_model_inject(fresh, 0, axon, d))
          return sf_watch_found(w, "functional model refuses an event", 0, 0, w->cycle, "");
      }
  w->before.events_in -= carried; /* counted a second time by the new one */
  sf_model_take_rest(fresh, w->model);
  sf_model_free(w->model);
  w->model = fresh;
  return true;
}

static bool inject(sf_watch *w, uint32_t axon, uint32_t delay) {
  const uint32_t tick = sf_model_tick(w->model);
  if (sf_model_inject(w->model, 0, axon, delay))
    return sf_watch_found(w, "functional model refuses an event", 0, axon, w->cycle, "AER input");
  if (axon < w->p.axons) w->ring[(size_t)((tick + delay) % w->p.delay_slots) * w->p.axons + axon] = 1;
  return true;
}

/* An event accepted while the core shows tick `tick` as the one it belongs to. */
static bool accept(sf_watch *w, uint32_t axon, uint32_t delay, uint32_t tick) {
  delay += tick - sf_model_tick(w->model); /* 1 more while the core is past the scan of a tick that is not done */
  if (!sf_watch_renew(w)) return false;
  if (delay < w->p.delay_slots) return inject(w, axon, delay);
  if (delay > w->p.delay_slots || w->n_early == sizeof w->early / sizeof *w->early)
    return sf_watch_found(w, "tick of an accepted event", sf_model_tick(w->model), tick, w->cycle, "AER input");
  w->early[w->n_early].axon = axon;
  w->early[w->n_early++].delay = delay - 1;
  return true;
}

static void take_update(sf_watch *w, const sf_core_out *out) {
  const uint32_t u = w->p.neuron_lanes, first = out->port.probe_update_word * u;
  w->when[out->port.probe_update_word] = w->cycle;
  memcpy(w->v + first, out->wide.probe_v, u * sizeof *w->v);
  memcpy(w->u + first, out->wide.probe_u, u * sizeof *w->u);
  memcpy(w->r + first, out->wide.probe_r, u * sizeof *w->r);
  memcpy(w->a + first, out->wide.probe_a, u * sizeof *w->a);
  for (uint32_t i = 0; i < u; i++) w->spike[first + i] = out->wide.probe_spike[i / 32] >> i % 32 & 1;
}

static bool take_output(sf_watch *w, uint32_t neuron) {
  if (w->n_out == w->out_room) {
    uint32_t *more = realloc(w->out, 2 * w->out_room * sizeof *more);
    if (!more) return sf_watch_found(w, "out of memory", 0, 0, w->cycle, "");
    w->out = more;
    w->out_room *= 2;
  }
  w->out[w->n_out++] = neuron;
  return true;
}

static bool compare_neuron(sf_watch *w, uint32_t n, bool spike) {
  int32_t v = 0, u = 0, r = 0, a = 0;
  /* A quiet neuron does not spike and has the state of the tick before; both are compared like any other's. */
  if (w->spike[n] == NOT_YET && !sf_model_due(w->model, 0, w->p.lanes, n)) w->spike[n] = 0;
  if (w->spike[n] == NOT_YET) return found_neuron(w, "no write-back", 1, 0, n);
  if (w->spike[n] != spike) return found_neuron(w, "spike", spike, w->spike[n], n);
  if (sf_model_peek(w->model, 0, n, SF_V, &v) || sf_model_peek(w->model, 0, n, SF_U, &u) ||
      sf_model_peek(w->model, 0, n, SF_R, &r) || sf_model_peek(w->model, 0, n, SF_A, &a))
    return found_neuron(w, "functional model", 0, 0, n);
  if (v != w->v[n]) return found_neuron(w, "v", v, w->v[n], n);
  if (u != w->u[n]) return found_neuron(w, "u", u, w->u[n], n);
  if (r != w->r[n]) return found_neuron(w, "r", r, w->r[n], n);
  if (a != w->a[n]) return found_neuron(w, "a", a, w->a[n], n);
  return true;
}

/* The ring for what the tick just computed sent around. */
static void follow_routes(sf_watch *w, const sf_tick_result *t) {
  memset(w->ring + (size_t)(t->tick % w->p.delay_slots) * w->p.axons, 0, w->p.axons);
  for (uint32_t s = 0; s < t->n_spikes; s++) {
    const uint32_t pointer = w->image->pointers[t->spike[s].neuron];
    for (uint32_t i = pointer & 0xFFFF; pointer >> 31 && i < w->p.routes; i++) {
      const uint32_t entry = w->image->routes[i], slot = (t->tick + (entry >> 16 & 0x3FFF) + 1) % w->p.delay_slots;
      if (!(entry >> 30 & 1)) w->ring[(size_t)slot * w->p.axons + (entry & 0xFFFF)] = 1;
      if (entry >> 31) break;
    }
  }
}

/* The cycles the tick took against the formula; without one where somebody made the core wait, or where the host wrote
 * to the ring: a slot it wrote to is scanned even if it wrote zeros. */
static bool compare_cycles(sf_watch *w) {
  const uint64_t expected = sf_model_cycles(w->model, 0, &w->p);
  const bool known = !w->held && w->untimed == 0;
  if (known && expected != w->busy) {
    sf_watch_found(w, "cycles of the tick", (int64_t)expected, (int64_t)w->busy, w->cycle, "cycle formula");
    w->finding.tick--;
    return false;
  }
  w->timed += known;
  w->untimed -= w->untimed != 0;
  w->busy_total += w->busy;
  w->busy = 0;
  w->held = false;
  return true;
}

void sf_occupancy_add(sf_occupancy *to, const sf_occupancy *from) {
  if (from->ticks && (!to->ticks || from->least < to->least)) to->least = from->least;
  to->ticks += from->ticks;
  to->cycles += from->cycles;
  to->rows += from->rows;
}

static void count_occupancy(sf_watch *w) {
  const uint64_t cycles = w->last_issue - w->first_issue + 1, rows = w->rows;
  w->rows = 0;
  if (rows < (uint64_t)SF_OCCUPIED_AXONS * sf_groups(&w->p)) return;
  sf_occupancy_add(&w->occupancy, &(sf_occupancy){1, cycles, rows, (double)rows / (double)cycles});
}

static bool compare_tick(sf_watch *w) {
  if (!sf_watch_renew(w)) return false;
  const sf_counters was = sf_model_counters(w->model, SF_ALL_CORES);
  const sf_tick_result *t = sf_model_step(w->model);
  const sf_counters is = sf_model_counters(w->model, SF_ALL_CORES);
  w->spikes += t->n_spikes;
  w->active_axons += is.active_axons - was.active_axons;
  w->synaptic_ops += is.synaptic_ops - was.synaptic_ops;
  for (uint32_t n = 0, s = 0; n < w->p.neurons; n++) {
    const bool spike = s < t->n_spikes && t->spike[s].neuron == n;
    s += spike;
    if (!compare_neuron(w, n, spike)) return false;
  }
  for (uint32_t i = 0; i < t->n_out || i < w->n_out; i++) {
    const int64_t expected = i < t->n_out ? (int64_t)t->out[i].neuron : -1;
    const int64_t got = i < w->n_out ? (int64_t)w->out[i] : -1;
    char where[64];
    if (expected == got) continue;
    snprintf(where, sizeof where, "number %u of the tick; -1: none", (unsigned)i);
    sf_watch_found(w, "output event", expected, got, w->cycle, where);
    w->finding.tick--;
    return false;
  }
  if (!compare_cycles(w)) return false;
  count_occupancy(w);
  w->ticks++;
  follow_routes(w, t);
  start_tick(w);
  for (size_t i = 0; i < w->n_early; i++)
    if (!inject(w, w->early[i].axon, w->early[i].delay)) return false;
  w->n_early = 0;
  return true;
}

/* In the order in which things happen: transfers of this edge, then what it brought. */
bool sf_watch_look(sf_watch *w, const sf_core_in *in, const sf_core_out *out) {
  const sf_core_ports *o = &out->port;
  if (in->rst) {
    if (w->pending && w->is_write) { /* made again, or at least read, before the next tick: the driver sees to it */
      w->unsure = true;
      w->unsure_addr = w->addr;
      w->unsure_data = w->data;
    }
    w->pending = false;
    w->image->seed = 0;
    sf_watch_restart(w);
    if (w->p.has_noise && sf_model_poke_seed(w->model, 0, 0)) return sf_watch_found(w, "seed", 0, 0, w->cycle, "");
    return true;
  }
  if (in->in_valid && w->last.in_ready && !accept(w, in->in_axon, in->in_delay, w->last.tick)) return false;
  if (w->last.out_valid && in->out_ready && !take_output(w, w->last.out_neuron)) return false;
  if (o->probe_update_valid) take_update(w, out);
  if (o->tick_done && !compare_tick(w)) return false;
  if (w->pending && (w->is_write ? o->host_ready : o->host_rvalid) && !sf_watch_host_over(w, o)) return false;
  if (in->host_valid && w->last.host_ready) {
    w->pending = true;
    w->is_write = in->host_write;
    w->addr = in->host_addr;
    w->data = in->host_wdata;
  }
  return true;
}

bool sf_watch_drained(sf_watch *w) {
  if (w->failed) return false;
  if (w->n_out) return sf_watch_found(w, "output event after the last tick", -1, w->out[0], w->cycle, "end of the run");
  for (uint32_t n = 0; n < w->p.neurons; n++)
    if (w->spike[n] != NOT_YET)
      return sf_watch_found(w, "write-back after the last tick", 0, 1, w->cycle, "end of the run");
  return true;
}
