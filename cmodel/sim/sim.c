/* sim.c - see sim.h: the functional model with what belongs to a network file around it. */
#include "synfire/sim.h"

#include <stdlib.h>
#include <string.h>

#include "network/run_ticks.h"
#include "synfire/cycles.h"
#include "synfire/files.h"

/* Spikes or output events as three arrays that grow. */
typedef struct record {
  size_t n, room;
  uint32_t *tick, *core, *unit;
} record;

typedef struct sim_core {
  sf_params smallest; /* the hardware it fits, ... */
  bool fits;          /* ... if it does */
  bool counts;        /* cycles of `built` are added up */
  sf_params built;
  uint32_t axons, neurons, delay_slots;
  uint64_t cycles;
} sim_core;

struct sf_sim {
  sf_model *model;
  uint32_t n_cores;
  sim_core *core;
  sf_readout readout; /* its neurons are owned here */
  int64_t *score;     /* [n_classes], SF_READ_SPIKES and SF_READ_FIRST */
  sf_msg note;        /* of the file */
  record spikes, outputs;
};

/* ---- making and freeing ------------------------------------------------------------------------------------- */

static void record_free(record *r) {
  free(r->tick);
  free(r->core);
  free(r->unit);
}

void sf_sim_close(sf_sim *s) {
  if (s == NULL) return;
  sf_model_free(s->model);
  free(s->core);
  free(s->readout.neuron);
  free(s->score);
  record_free(&s->spikes);
  record_free(&s->outputs);
  free(s);
}

static sf_err fill(sf_sim *s, const sf_network *net, sf_msg *msg) {
  const uint32_t classes = net->readout.n_classes;
  s->core = calloc(net->n_cores, sizeof *s->core);
  s->score = calloc((size_t)classes + 1, sizeof *s->score);
  s->readout.neuron = calloc((size_t)classes + 1, sizeof *s->readout.neuron);
  if (s->core == NULL || s->score == NULL || s->readout.neuron == NULL)
    return sf_fail(msg, SF_ENOMEM, "out of memory for %u cores and %u classes", net->n_cores, classes);
  s->n_cores = net->n_cores;
  s->note = net->note;
  s->readout.method = net->readout.method;
  s->readout.ticks = net->readout.ticks;
  s->readout.core = net->readout.core;
  s->readout.n_classes = classes;
  if (classes > 0) memcpy(s->readout.neuron, net->readout.neuron, classes * sizeof *s->readout.neuron);
  for (uint32_t i = 0; i < net->n_cores; i++) {
    sim_core *c = &s->core[i];
    c->axons = net->core[i].axons;
    c->neurons = net->core[i].neurons;
    c->delay_slots = net->core[i].delay_slots;
    c->fits = !sf_network_params(net, i, &c->smallest, NULL);
  }
  return SF_OK;
}

/* Takes the model over, also on error. */
static sf_err make(sf_model *model, const sf_network *net, sf_sim **out, sf_msg *msg) {
  sf_sim *s = calloc(1, sizeof *s);
  if (s == NULL) {
    sf_model_free(model);
    return sf_fail(msg, SF_ENOMEM, "out of memory");
  }
  s->model = model;
  const sf_err err = fill(s, net, msg);
  if (err) {
    sf_sim_close(s);
    return err;
  }
  sf_sim_reset(s);
  *out = s;
  return SF_OK;
}

static sf_err given(const void *argument, const char *name, sf_msg *msg) {
  return argument != NULL ? SF_OK : sf_fail(msg, SF_EINVAL, "%s is NULL", name);
}

sf_err sf_sim_new(const sf_network *net, sf_sim **out, sf_msg *msg) {
  sf_model *model;
  sf_err err = given(net, "net", msg);
  if (!err) err = given(out, "out", msg);
  if (!err) err = sf_model_new(net, &model, msg); /* checks the network */
  return err ? err : make(model, net, out, msg);
}

sf_err sf_sim_open(const char *path, sf_sim **out, sf_msg *msg) {
  sf_network *net;
  sf_model *model;
  sf_err err = given(path, "path", msg);
  if (!err) err = given(out, "out", msg);
  if (err) return err;
  err = sf_model_read(path, NULL, NULL, &net, &model, msg);
  if (err) return err;
  err = make(model, net, out, msg);
  sf_network_free(net);
  return err;
}

/* ---- sizes -------------------------------------------------------------------------------------------------- */

/* Zeros for a core that does not exist. */
static const sim_core *core_of(const sf_sim *s, uint32_t core) {
  static const sim_core none;
  return s != NULL && core < s->n_cores ? &s->core[core] : &none;
}

const char *sf_sim_note(const sf_sim *s) { return s != NULL ? s->note.text : ""; }
uint32_t sf_sim_cores(const sf_sim *s) { return s != NULL ? s->n_cores : 0; }
uint32_t sf_sim_axons(const sf_sim *s, uint32_t core) { return core_of(s, core)->axons; }
uint32_t sf_sim_neurons(const sf_sim *s, uint32_t core) { return core_of(s, core)->neurons; }
uint32_t sf_sim_delay_slots(const sf_sim *s, uint32_t core) { return core_of(s, core)->delay_slots; }
uint32_t sf_sim_ticks(const sf_sim *s) { return sf_sim_classes(s) > 0 ? s->readout.ticks : 0; }
uint32_t sf_sim_classes(const sf_sim *s) { return s != NULL ? s->readout.n_classes : 0; }
sf_model *sf_sim_model(sf_sim *s) { return s != NULL ? s->model : NULL; }

uint32_t sf_sim_length(const sf_sim *s, uint32_t file_ticks, size_t n, const uint32_t *tick) {
  uint32_t slots = 0;
  for (uint32_t i = 0; i < sf_sim_cores(s); i++)
    if (s->core[i].delay_slots > slots) slots = s->core[i].delay_slots;
  return s != NULL ? sf_run_ticks(sf_sim_ticks(s), file_ticks, slots, tick != NULL ? n : 0, tick) : 0;
}

/* ---- the record --------------------------------------------------------------------------------------------- */

/* Room for n more; on failure the record is as it was. */
static bool record_room(record *r, size_t n) {
  if (r->room - r->n >= n) return true;
  const size_t room = (r->n + n) * 2;
  uint32_t **const arrays[] = {&r->tick, &r->core, &r->unit};
  for (size_t i = 0; i < 3; i++) {
    uint32_t *larger = realloc(*arrays[i], room * sizeof **arrays[i]);
    if (larger == NULL) return false;
    *arrays[i] = larger;
  }
  r->room = room;
  return true;
}

static void record_add(record *r, uint32_t tick, const sf_event *event, uint32_t n) {
  for (uint32_t i = 0; i < n; i++) {
    r->tick[r->n] = tick;
    r->core[r->n] = event[i].core;
    r->unit[r->n++] = event[i].neuron;
  }
}

static size_t record_look(const record *r, const uint32_t **tick, const uint32_t **core, const uint32_t **unit) {
  if (tick != NULL) *tick = r->tick;
  if (core != NULL) *core = r->core;
  if (unit != NULL) *unit = r->unit;
  return r->n;
}

static const record nothing;

size_t sf_sim_spikes(const sf_sim *s, const uint32_t **tick, const uint32_t **core, const uint32_t **neuron) {
  return record_look(s != NULL ? &s->spikes : &nothing, tick, core, neuron);
}

size_t sf_sim_outputs(const sf_sim *s, const uint32_t **tick, const uint32_t **core, const uint32_t **neuron) {
  return record_look(s != NULL ? &s->outputs : &nothing, tick, core, neuron);
}

void sf_sim_forget(sf_sim *s) {
  if (s != NULL) s->spikes.n = s->outputs.n = 0;
}

uint64_t sf_sim_under_way(const sf_sim *s) { return s != NULL ? sf_model_under_way(s->model, SF_ALL_CORES) : 0; }

/* ---- running ------------------------------------------------------------------------------------------------ */

void sf_sim_reset(sf_sim *s) {
  if (s == NULL) return;
  sf_model_reset(s->model);
  sf_sim_forget(s);
  for (uint32_t i = 0; i < s->n_cores; i++) s->core[i].cycles = 0;
  for (uint32_t c = 0; c < s->readout.n_classes; c++) s->score[c] = s->readout.method == SF_READ_FIRST ? INT64_MIN : 0;
}

/* Does event i go somewhere? */
static sf_err event_check(const sf_sim *s, size_t i, uint32_t axon, uint32_t core, sf_msg *msg) {
  if (core >= s->n_cores) return sf_fail(msg, SF_EINVAL, "core[%zu] = %u: must be 0 .. %u", i, core, s->n_cores - 1);
  if (axon >= s->core[core].axons)
    return sf_fail(msg, SF_EINVAL, "axon[%zu] = %u: must be 0 .. %u", i, axon, s->core[core].axons - 1);
  return SF_OK;
}

sf_err sf_sim_inject(sf_sim *s, size_t n, const uint32_t *axon, const uint32_t *core, const uint32_t *delay,
                     sf_msg *msg) {
  sf_err err = given(s, "the handle", msg);
  if (!err && n > 0) err = given(axon, "axon", msg);
  if (err) return err;
  for (size_t i = 0; i < n; i++) {
    const uint32_t to = core != NULL ? core[i] : 0;
    err = event_check(s, i, axon[i], to, msg);
    if (err) return err;
    if (delay != NULL && delay[i] >= s->core[to].delay_slots)
      return sf_fail(msg, SF_EINVAL, "delay[%zu] = %u: must be 0 .. %u", i, delay[i], s->core[to].delay_slots - 1);
  }
  for (size_t i = 0; i < n; i++)
    (void)sf_model_inject(s->model, core != NULL ? core[i] : 0, axon[i], delay != NULL ? delay[i] : 0);
  return SF_OK;
}

/* The scores that spikes alone decide. */
static void score_spikes(sf_sim *s, const sf_tick_result *t) {
  const sf_readout *r = &s->readout;
  if (r->n_classes == 0 || r->method == SF_READ_POTENTIAL) return;
  for (uint32_t i = 0; i < t->n_spikes; i++) {
    if (t->spike[i].core != r->core) continue;
    for (uint32_t c = 0; c < r->n_classes; c++) {
      if (r->neuron[c] != t->spike[i].neuron) continue;
      if (r->method == SF_READ_SPIKES) s->score[c]++;
      else if (s->score[c] == INT64_MIN) s->score[c] = -(int64_t)t->tick;
    }
  }
}

static sf_err one_tick(sf_sim *s, sf_msg *msg) {
  const sf_tick_result *t = sf_model_step(s->model);
  score_spikes(s, t);
  for (uint32_t i = 0; i < s->n_cores; i++)
    if (s->core[i].counts) s->core[i].cycles += sf_model_cycles(s->model, i, &s->core[i].built);
  if (!record_room(&s->spikes, t->n_spikes) || !record_room(&s->outputs, t->n_out))
    return sf_fail(msg, SF_ENOMEM, "out of memory for the spikes of tick %u", t->tick);
  record_add(&s->spikes, t->tick, t->spike, t->n_spikes);
  record_add(&s->outputs, t->tick, t->out, t->n_out);
  return SF_OK;
}

sf_err sf_sim_step(sf_sim *s, uint32_t ticks, sf_msg *msg) {
  sf_err err = given(s, "the handle", msg);
  if (err) return err;
  if (ticks > SF_MAX_TICK) return sf_fail(msg, SF_EINVAL, "ticks = %u: must be 0 .. %u", ticks, SF_MAX_TICK);
  for (uint32_t i = 0; i < ticks; i++) {
    err = one_tick(s, msg);
    if (err) return err;
  }
  return SF_OK;
}

sf_err sf_sim_run(sf_sim *s, uint32_t ticks, size_t n, const uint32_t *tick, const uint32_t *axon, const uint32_t *core,
                  sf_msg *msg) {
  sf_err err = given(s, "the handle", msg);
  if (!err && n > 0) err = given(tick, "tick", msg);
  if (!err && n > 0) err = given(axon, "axon", msg);
  if (err) return err;
  if (ticks > SF_MAX_TICK) return sf_fail(msg, SF_EINVAL, "ticks = %u: must be 0 .. %u", ticks, SF_MAX_TICK);
  if (ticks == 0) ticks = sf_sim_length(s, 0, n, tick);
  for (size_t i = 0; i < n; i++) {
    err = event_check(s, i, axon[i], core != NULL ? core[i] : 0, msg);
    if (err) return err;
    if (i > 0 && tick[i] < tick[i - 1])
      return sf_fail(msg, SF_EINVAL, "tick[%zu] = %u: must not be less than the one before, %u", i, tick[i],
                     tick[i - 1]);
    if (tick[i] >= ticks)
      return sf_fail(msg, SF_EINVAL, "tick[%zu] = %u: must be 0 .. %u: the sample has %u ticks", i, tick[i], ticks - 1,
                     ticks);
  }
  sf_sim_reset(s);
  size_t next = 0;
  for (uint32_t t = 0; t < ticks; t++) {
    for (; next < n && tick[next] == t; next++)
      (void)sf_model_inject(s->model, core != NULL ? core[next] : 0, axon[next], 0);
    err = one_tick(s, msg);
    if (err) return err;
  }
  return SF_OK;
}

/* ---- looking ------------------------------------------------------------------------------------------------ */

sf_err sf_sim_read(const sf_sim *s, uint32_t core, uint32_t field, int32_t *out, sf_msg *msg) {
  sf_err err = given(s, "the handle", msg);
  if (!err) err = given(out, "out", msg);
  if (err) return err;
  if (core >= s->n_cores) return sf_fail(msg, SF_EINVAL, "core %u: must be 0 .. %u", core, s->n_cores - 1);
  if (field > SF_A) return sf_fail(msg, SF_EINVAL, "field %u: must be 0 .. %d", field, SF_A);
  for (uint32_t j = 0; j < s->core[core].neurons; j++)
    if (sf_model_peek(s->model, core, j, (sf_field)field, &out[j]))
      return sf_fail(msg, SF_EINVAL, "core %u, neuron %u: cannot be read", core, j);
  return SF_OK;
}

/* Brings the scores that potentials decide up to date; those that spikes decide are. */
static void score_now(const sf_sim *s) {
  const sf_readout *r = &s->readout;
  for (uint32_t c = 0; c < r->n_classes && r->method == SF_READ_POTENTIAL; c++) {
    int32_t v = 0;
    if (!sf_model_peek(s->model, r->core, r->neuron[c], SF_V, &v)) s->score[c] = v;
  }
}

int32_t sf_sim_answer(const sf_sim *s) {
  if (sf_sim_classes(s) == 0) return -1;
  score_now(s);
  return (int32_t)sf_readout_class(&s->readout, s->score);
}

void sf_sim_scores(const sf_sim *s, int64_t *out) {
  if (sf_sim_classes(s) == 0 || out == NULL) return;
  score_now(s);
  memcpy(out, s->score, s->readout.n_classes * sizeof *out);
}

uint64_t sf_sim_synaptic_ops(const sf_sim *s) {
  return s != NULL ? sf_model_counters(s->model, SF_ALL_CORES).synaptic_ops : 0;
}

sf_err sf_sim_hardware(sf_sim *s, uint32_t core, uint32_t lanes, uint32_t neuron_lanes, sf_msg *msg) {
  sf_err err = given(s, "the handle", msg);
  if (err) return err;
  if (core >= s->n_cores) return sf_fail(msg, SF_EINVAL, "core %u: must be 0 .. %u", core, s->n_cores - 1);
  sim_core *c = &s->core[core];
  if (!c->fits)
    return sf_fail(msg, SF_EINVAL, "core %u: one core of hardware does not hold it (`synfire check` says why)", core);
  sf_params p = c->smallest;
  if (lanes != 0) p.lanes = lanes;
  if (neuron_lanes != 0) p.neuron_lanes = neuron_lanes;
  else if (p.neuron_lanes > p.lanes) p.neuron_lanes = p.lanes;
  if (lanes != 0) p.neurons = (uint32_t)(((uint64_t)c->neurons + lanes - 1) / lanes * lanes);
  if (p.neurons < 16) p.neurons = 16;
  err = sf_params_check(&p, msg);
  if (err) return err;
  c->built = p;
  c->counts = true;
  c->cycles = 0;
  return SF_OK;
}

uint64_t sf_sim_cycles(const sf_sim *s, uint32_t core) { return core_of(s, core)->cycles; }
