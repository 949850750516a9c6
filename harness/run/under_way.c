/* under_way.c - see under_way.h. */
#include "run/under_way.h"

#include <stdlib.h>
#include <string.h>

typedef struct fan_out {
  uint32_t *first; /* [neurons + 1] into route */
  uint32_t *route; /* numbers of routes, by neuron */
  uint64_t *due;   /* [delay_slots * words]: the axons that something is due for, by tick modulo delay_slots */
  size_t words;
} fan_out;

struct sf_under_way {
  const sf_network *net;
  fan_out *core;
  uint32_t slots; /* of the core that has most: what is sent earlier arrives in time */
  uint32_t end;
  uint64_t count;
};

/* A counting sort; routes that leave the network are not in it. */
static bool make_core(const sf_core_net *c, fan_out *f) {
  f->words = (c->axons + 63) / 64;
  f->first = calloc((size_t)c->neurons + 2, sizeof *f->first);
  f->route = calloc((size_t)c->n_routes + 1, sizeof *f->route);
  f->due = calloc(c->delay_slots * f->words, sizeof *f->due);
  if (!f->first || !f->route || !f->due) return false;
  uint32_t *next = f->first + 1; /* until all are placed, that of neuron j stands one further */
  for (uint32_t i = 0; i < c->n_routes; i++)
    if (c->routes[i].core != SF_EXTERNAL) next[c->routes[i].neuron + 1]++;
  for (uint32_t j = 1; j <= c->neurons; j++) next[j] += next[j - 1];
  for (uint32_t i = 0; i < c->n_routes; i++)
    if (c->routes[i].core != SF_EXTERNAL) f->route[next[c->routes[i].neuron]++] = i;
  return true;
}

sf_err sf_under_way_new(const sf_network *net, sf_under_way **out, sf_msg *msg) {
  sf_under_way *w = calloc(1, sizeof *w);
  bool good = w && (w->core = calloc(net->n_cores, sizeof *w->core)) != NULL;
  if (w) w->net = net;
  for (uint32_t i = 0; good && i < net->n_cores; i++) {
    good = make_core(&net->core[i], &w->core[i]);
    if (net->core[i].delay_slots > w->slots) w->slots = net->core[i].delay_slots;
  }
  if (!good) {
    sf_under_way_free(w);
    return sf_fail(msg, SF_ENOMEM, "out of memory");
  }
  *out = w;
  return SF_OK;
}

void sf_under_way_free(sf_under_way *w) {
  if (!w) return;
  for (uint32_t i = 0; w->core && i < w->net->n_cores; i++) {
    free(w->core[i].first);
    free(w->core[i].route);
    free(w->core[i].due);
  }
  free(w->core);
  free(w);
}

void sf_under_way_start(sf_under_way *w, uint32_t end) {
  for (uint32_t i = 0; w->count && i < w->net->n_cores; i++)
    memset(w->core[i].due, 0, w->net->core[i].delay_slots * w->core[i].words * sizeof *w->core[i].due);
  w->end = end;
  w->count = 0;
}

/* A delay is shorter than the slots of the core where it ends, so that ticks from `end` on have a slot each. */
static void send(sf_under_way *w, const sf_route *r, uint32_t tick) {
  fan_out *to = &w->core[r->core];
  const uint32_t at = tick + r->delay;
  if (at < w->end) return;
  uint64_t *word = &to->due[(at & (w->net->core[r->core].delay_slots - 1)) * to->words + r->axon / 64];
  const uint64_t bit = (uint64_t)1 << r->axon % 64;
  w->count += (*word & bit) == 0;
  *word |= bit;
}

void sf_under_way_tick(sf_under_way *w, const sf_tick_result *t) {
  if (t->tick >= w->end || w->end - t->tick >= w->slots) return;
  for (uint32_t i = 0; i < t->n_spikes; i++) {
    const uint32_t core = t->spike[i].core, j = t->spike[i].neuron;
    const fan_out *f = &w->core[core];
    for (uint32_t k = f->first[j]; k < f->first[j + 1]; k++) send(w, &w->net->core[core].routes[f->route[k]], t->tick);
  }
}

uint64_t sf_under_way_count(const sf_under_way *w) { return w->count; }
