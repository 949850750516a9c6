/* watch.c - the ports and probes of each cycle, compared with the functional model; see watch.h. */
#include "lockstep/watch_parts.h"

#include "model/model_probe.h"
#include "synfire/cycles.h"

#include <stdlib.h>

static bool found_neuron(sf_watch *w, const char *what, int64_t expected, int64_t got, uint32_t neuron) {
  sf_watch_found(w, what, SF_AT_NEURON, neuron, expected, got);
  w->finding.cycle = w->when[neuron / w->p.neuron_lanes];
  w->finding.tick--; /* the model has computed the tick already */
  return false;
}

static bool inject(sf_watch *w, uint32_t axon, uint32_t delay) {
  const uint32_t tick = sf_model_tick(w->model);
  if (sf_model_inject(w->model, 0, axon, delay))
    return sf_watch_found(w, "functional model refuses an event", SF_AT_INPUT, 0, 0, axon);
  if (axon < w->p.axons) w->ring[(size_t)((tick + delay) % w->p.delay_slots) * w->p.axons + axon] = 1;
  return true;
}

/* An event accepted while the core shows tick `tick` as the one it belongs to. */
static bool accept(sf_watch *w, uint32_t axon, uint32_t delay, uint32_t tick) {
  delay += tick - sf_model_tick(w->model); /* 1 more while the core is past the scan of a tick that is not done */
  if (!sf_watch_renew(w)) return false;
  if (delay < w->p.delay_slots) return inject(w, axon, delay);
  if (delay > w->p.delay_slots || w->n_early == sizeof w->early / sizeof *w->early)
    return sf_watch_found(w, "tick of an accepted event", SF_AT_INPUT, 0, sf_model_tick(w->model), tick);
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
    if (!more) return sf_watch_found(w, "out of memory", SF_AT_NOTHING, 0, 0, 0);
    w->out = more;
    w->out_room *= 2;
  }
  w->out[w->n_out++] = neuron;
  return true;
}

static bool compare_neuron(sf_watch *w, uint32_t n, bool spike) {
  int32_t v = 0, u = 0, r = 0, a = 0;
  /* A quiet neuron does not spike and has the state of the tick before; both are compared like any other's. */
  if (w->spike[n] == SF_NOT_YET && !sf_model_due(w->model, 0, w->p.lanes, n)) w->spike[n] = 0;
  if (w->spike[n] == SF_NOT_YET) return found_neuron(w, "no write-back", 1, 0, n);
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
    sf_watch_found(w, "cycles of the tick", SF_AT_CYCLES, 0, (int64_t)expected, (int64_t)w->busy);
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
    if (expected == got) continue;
    sf_watch_found(w, "output event", SF_AT_OUTPUT, i, expected, got);
    w->finding.tick--;
    return false;
  }
  if (!compare_cycles(w)) return false;
  count_occupancy(w);
  w->ticks++;
  follow_routes(w, t);
  sf_watch_start_tick(w);
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
    if (w->p.has_noise && sf_model_poke_seed(w->model, 0, 0)) return sf_watch_found(w, "seed", SF_AT_NOTHING, 0, 0, 0);
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
  if (w->n_out) return sf_watch_found(w, "output event after the last tick", SF_AT_END, 0, -1, w->out[0]);
  for (uint32_t n = 0; n < w->p.neurons; n++)
    if (w->spike[n] != SF_NOT_YET) return sf_watch_found(w, "write-back after the last tick", SF_AT_END, 0, 0, 1);
  return true;
}
