/* synfire_core.c - C twin of rtl/synfire_core.v: wires the modules together.
 *
 * Every module's step function takes what its neighbours' registers show before the edge. Stepping the modules
 * against the flow of data (router, neurons, crossbar, axon stream, delay ring) gives that without copies; the few
 * wires that run the other way are read first. */
#include "mirror/synfire_core.h"

#include <stdlib.h>
#include <string.h>

sf_err sf_core_new(const sf_params *p, sf_core **core, sf_msg *msg) {
  const sf_err err = sf_params_check(p, msg);
  if (err != SF_OK) return err;
  const sf_sizes asked = sf_sizes_of(p);
  if (memcmp(&asked, SF_SIZES_MADE(&asked), sizeof asked) != 0)
    return sf_fail(msg, SF_EINVAL, "made for other parameters");
  sf_core *c = calloc(1, sizeof *c);
  if (!c) return sf_fail(msg, SF_ENOMEM, "out of memory");
  c->sizes = asked;
  const sf_sizes *const sizes = &c->sizes;
  sf_core_control_init(&c->control, sizes);
  sf_host_bus_init(&c->host, sizes);
  const bool ring = sf_delay_ring_new(&c->ring, sizes), stream = sf_axon_stream_new(&c->stream, sizes);
  const bool synapses = sf_crossbar_new(&c->synapses, sizes);
  const bool neurons = sf_neuron_lif_new(&c->neurons, sizes), router = sf_spike_router_new(&c->router, sizes);
  sf_quiet_groups_init(&c->quiet, sizes);
  if (!ring || !stream || !synapses || !neurons || !router) {
    sf_core_free(c);
    return sf_fail(msg, SF_ENOMEM, "out of memory");
  }
  *core = c;
  return SF_OK;
}

int32_t *sf_core_state(sf_core *core, const char *name, uint32_t index) {
  sf_neuron_lif *const n = &core->neurons;
  if (strcmp(name, "sum") == 0) return index < core->sizes.lanes ? &core->synapses.sum_q[index] : NULL;
  if (index >= core->sizes.neurons) return NULL;
  if (strcmp(name, "v") == 0) return &n->v[index];
  if (strcmp(name, "u") == 0) return &n->u_state[index];
  if (strcmp(name, "r") == 0) return (int32_t *)&n->r[index];
  if (strcmp(name, "a") == 0) return &n->a[index];
  if (strcmp(name, "threshold") == 0) return &n->threshold[index];
  if (strcmp(name, "bias") == 0) return &n->bias[index];
  return NULL;
}

void sf_core_no_probe(sf_core *c) { c->host.probe = false; }

void sf_core_free(sf_core *core) {
  if (!core) return;
  sf_delay_ring_free(&core->ring);
  sf_axon_stream_free(&core->stream);
  sf_crossbar_free(&core->synapses);
  sf_neuron_lif_free(&core->neurons);
  sf_spike_router_free(&core->router);
  free(core);
}

static uint32_t read_access(const sf_core *c, const sf_access *a) {
  switch (a->region) {
    case SF_ACCESS_WEIGHT:
      return c->synapses.weights.weights[a->address];
    case SF_ACCESS_NEURON:
      return sf_neuron_lif_host_neuron(&c->neurons, a->index, a->field);
    case SF_ACCESS_PROFILE:
      return sf_neuron_lif_host_profile(&c->neurons, a->index, a->field);
    case SF_ACCESS_POINTER:
      return c->router.pointers[a->index];
    case SF_ACCESS_ENTRY:
      return c->router.entries[a->index];
    case SF_ACCESS_RING:
      return c->ring.ring[a->index];
    default:
      return 0;
  }
}

static inline uint32_t where(bool valid, uint32_t value) { return valid ? value : 0; }

/* Every field but those that show_lanes() knows; what means nothing is 0. */
static inline void show_ports(const sf_core *c, sf_core_ports *restrict o) {
  const sf_core_control *control = &c->control;
  const sf_delay_ring *ring = &c->ring;
  const sf_axon_stream *stream = &c->stream;
  const sf_spike_router *router = &c->router;
  const bool route = router->out_q, external = route && router->out_entry_q.external;
  const bool in_ready = sf_open(control) && (!route || external), event = ring->event_q;
  const bool axon = stream->issue_axon_valid, issue = axon | stream->issue_end;
  o->tick_ready = !control->tick_pending_q;
  o->tick_done = control->tick_done;
  o->tick = where(in_ready, control->tick_q);
  o->in_ready = in_ready;
  o->out_valid = external;
  o->out_neuron = where(external, router->out_entry_q.neuron);
  o->host_ready = !c->host.pending_q;
  o->host_rvalid = c->host.host_rvalid;
  o->host_rdata = where(c->host.host_rvalid, c->host.host_rdata);
  o->probe_phase = control->phase_q;
  o->probe_group = where(issue, stream->issue_group);
  o->probe_issue_valid = issue;
  o->probe_issue_end = stream->issue_end;
  o->probe_issue_axon = where(axon, stream->issue_axon);
  o->probe_issue_axon_valid = axon;
  o->probe_event_valid = event;
  o->probe_event_axon = where(event, ring->event_axon_q);
  o->probe_event_slot = where(event, ring->event_slot_q);
  o->probe_event_merged = event && sf_event_merged(ring);
  o->probe_route_valid = route;
  o->probe_route_external = external;
  o->probe_learn_valid = 0;
}

/* The probes of the lanes and of the neurons' write-back. */
static inline void show_lanes(const sf_core *c, sf_core_out *restrict out) {
  uint32_t row;
  const uint32_t at_lanes = sf_crossbar_at_lanes(&c->synapses, &row);
  out->port.probe_weight_valid = (at_lanes & SF_PIPE_AXON) != 0;
  out->port.probe_swap = (at_lanes & SF_PIPE_END) != 0;
  out->wide.probe_weights = sf_weight_memory_row(&c->synapses.weights, at_lanes & SF_PIPE_AXON ? row : 0);
  out->wide.probe_sum = (const uint32_t *)c->synapses.sum_q;
  const size_t at = sf_update_at(&c->neurons), from = at * SF_SIZES(&c->neurons)->neuron_lanes;
  out->wide.probe_spike = sf_update_spike(&c->neurons);
  out->wide.probe_v = (const uint32_t *)(c->neurons.pipe_v + from);
  out->wide.probe_u = (const uint32_t *)(c->neurons.pipe_u + from);
  out->wide.probe_r = c->neurons.pipe_r + from;
  out->wide.probe_a = (const uint32_t *)(c->neurons.pipe_a + from);
  out->port.probe_update_valid = sf_update_valid(&c->neurons);
  out->port.probe_update_word = where(sf_update_valid(&c->neurons), sf_update_word(&c->neurons));
}

/* Each module is stepped only where it could do something; the phases take turns, so most of them mostly rest.
 * with_host: false where neither the host nor a reset has to do with this cycle, as in most; the compiler makes a
 * copy without them. */
static inline void step(sf_core *c, const sf_core_in *in, sf_core_out *out, const bool with_host) {
  static const sf_access none = {.region = SF_ACCESS_NONE};
  sf_core_control *const control = &c->control;
  sf_delay_ring *const ring = &c->ring;
  sf_axon_stream *const stream = &c->stream;
  sf_spike_router *const router = &c->router;
  const uint32_t phase = control->phase_q;
  const bool rst = with_host && in->rst, grant = with_host && phase == SF_PHASE_HOST;
  const bool clear = with_host && phase == SF_PHASE_CLEAR, open = sf_open(control);
  const bool loop_valid = router->out_q && !router->out_entry_q.external;
  const bool out_valid = router->out_q && router->out_entry_q.external;
  const uint32_t loop_axon = router->out_entry_q.axon, loop_delay = router->out_entry_q.delay, tick = control->tick_q;
  sf_quiet_groups *const quiet = &c->quiet;
  const bool issue_valid = stream->issue_axon_valid | stream->issue_end, update_valid = sf_update_valid(&c->neurons);

  sf_access access;
  const sf_access *a = &none;
  if (grant) {
    access = sf_host_bus_access(&c->host, grant);
    a = &access;
  }
  const bool write = a->write && a->region != SF_ACCESS_NONE;
  const bool read_now = a->region != SF_ACCESS_NONE && !a->write;
  const uint32_t rdata = read_now ? read_access(c, a) : 0;

  const bool neuron_clear = clear && sf_neuron_clear(control);
  sf_host_bus *const host = &c->host;
  host->tick = control->tick_q;
  host->events_in_q += in->in_valid && open && !loop_valid;
  host->events_out_q += out_valid && in->out_ready;
  host->merges_q += ring->event_q && sf_event_merged(ring);
  host->dropped_q += ring->dropped_q;
  host->axon_ops_q += stream->issue_axon_valid;
  host->busy_q += phase >= SF_PHASE_START;
  const sf_core_control_in control_in = {.rst = rst,
                                         .tick_valid = in->tick_valid,
                                         .host_pending = with_host && c->host.pending_q,
                                         .host_done = grant && sf_host_done(&c->host, grant),
                                         .host_restart = grant && sf_host_restart(&c->host, grant),
                                         .preset = sf_host_preset(&c->host, grant) == 0x08,
                                         .preset_tick = c->host.wdata_q,
                                         .scan_done = stream->scan_done,
                                         .stream_done = stream->stream_done,
                                         .ring_empty = ring->used_q == 0,
                                         .groups_busy = sf_groups_busy(quiet),
                                         .router_busy = sf_router_busy(router)};

  if (control_in.router_busy || update_valid || write || rst)
    sf_spike_router_step(router, &(sf_spike_router_in){.rst = rst,
                                                       .update_valid = update_valid,
                                                       .update_word = sf_update_word(&c->neurons),
                                                       .update_spike = sf_update_spike(&c->neurons),
                                                       .loop_ready = open,
                                                       .out_ready = in->out_ready,
                                                       .host_pointer_we = write && a->region == SF_ACCESS_POINTER,
                                                       .host_entry_we = write && a->region == SF_ACCESS_ENTRY,
                                                       .host_index = a->index,
                                                       .host_wdata = a->wdata});
  const bool wake = neuron_clear || (write && (a->region == SF_ACCESS_NEURON || a->region == SF_ACCESS_PROFILE));
  const sf_quiet_groups_in quiet_in = {.rst = rst,
                                       .wake = wake,
                                       .begin = ring->fetch_q,
                                       .empty = sf_slot_empty(ring),
                                       .next = sf_mark(stream, quiet->none),
                                       .leaves = stream->next_mark_q,
                                       .update_valid = update_valid,
                                       .update_word = sf_update_word(&c->neurons),
                                       .update_rest = sf_update_rest(&c->neurons)};
  if (!sf_neuron_lif_idle(&c->neurons) || c->synapses.drain_q || clear || write || rst)
    sf_neuron_lif_step(&c->neurons, &(sf_neuron_lif_in){.rst = rst,
                                                        .drain_valid = c->synapses.drain_q,
                                                        .drain_word = sf_drain_word(&c->synapses),
                                                        .drain_sum = sf_crossbar_drain_sum(&c->synapses),
                                                        .seed = c->host.seed_q,
                                                        .tick = control->tick_now_q,
                                                        .clear = neuron_clear,
                                                        .clear_word = control->word_q,
                                                        .host_neuron_we = write && a->region == SF_ACCESS_NEURON,
                                                        .host_profile_we = write && a->region == SF_ACCESS_PROFILE,
                                                        .host_index = a->index,
                                                        .host_field = a->field,
                                                        .host_wdata = a->wdata});
  else sf_neuron_lif_pass(&c->neurons);
  if (!sf_crossbar_idle(&c->synapses) || issue_valid || write || rst)
    sf_crossbar_step(&c->synapses, &(sf_crossbar_in){.rst = rst,
                                                     .issue_axon_valid = stream->issue_axon_valid,
                                                     .issue_end = stream->issue_end,
                                                     .issue_axon = stream->issue_axon,
                                                     .issue_group = stream->issue_group,
                                                     .issue_base = stream->issue_base,
                                                     .host_we = write && a->region == SF_ACCESS_WEIGHT,
                                                     .host_address = a->address,
                                                     .host_wdata = a->wdata});
  else sf_crossbar_pass(&c->synapses);
  const bool event = open && (loop_valid || in->in_valid), keep = sf_keep(quiet);
  const bool word_take = sf_word_take(stream, ring->valid_q);
  if (!sf_axon_stream_idle(stream) || ring->fetch_q || ring->valid_q || keep || rst)
    sf_axon_stream_step(stream, &(sf_axon_stream_in){.rst = rst,
                                                     .begin = ring->fetch_q,
                                                     .empty = sf_slot_empty(ring),
                                                     .word_valid = ring->valid_q,
                                                     .word = word_take ? ring->ring[sf_scan_address(ring)] : 0,
                                                     .word_at = ring->word_q,
                                                     .none = quiet->none,
                                                     .last = quiet->last,
                                                     .tick_empty = quiet->empty,
                                                     .listed = quiet->listed,
                                                     .group = sf_marks_group(quiet),
                                                     .keep = keep,
                                                     .keep_at = quiet->kept_q,
                                                     .keep_group = quiet->group_q});
  if (!sf_delay_ring_idle(ring) || event || phase == SF_PHASE_START || clear || write || rst)
    sf_delay_ring_step(ring, &(sf_delay_ring_in){.rst = rst,
                                                 .in_valid = in->in_valid,
                                                 .in_axon = in->in_axon,
                                                 .in_delay = in->in_delay,
                                                 .loop_valid = loop_valid,
                                                 .loop_axon = loop_axon,
                                                 .loop_delay = loop_delay,
                                                 .open = open,
                                                 .slot = tick & SF_SIZES(ring)->slot_mask,
                                                 .start = phase == SF_PHASE_START,
                                                 .clear = clear,
                                                 .word_take = word_take,
                                                 .host_we = write && a->region == SF_ACCESS_RING,
                                                 .host_address = a->index,
                                                 .host_wdata = a->wdata});
  if (phase >= SF_PHASE_SCAN || quiet->valid_1_q || quiet->valid_q || wake || rst)
    sf_quiet_groups_step(quiet, &quiet_in);
  sf_core_control_step(control, &control_in);
  if (with_host)
    sf_host_bus_step(host, &(sf_host_bus_in){.rst = rst,
                                             .host_valid = in->host_valid,
                                             .host_write = in->host_write,
                                             .host_addr = in->host_addr,
                                             .host_wdata = in->host_wdata,
                                             .grant = grant,
                                             .clear = neuron_clear,
                                             .read_now = read_now,
                                             .rdata = rdata});

  show_ports(c, &out->port);
  show_lanes(c, out);
}

SF_FLATTEN static void step_alone(sf_core *c, const sf_core_in *in, sf_core_out *out) { step(c, in, out, false); }

void sf_core_step(sf_core *c, const sf_core_in *in, sf_core_out *out) {
  const uint32_t phase = c->control.phase_q;
  if (phase == SF_PHASE_HOST || phase == SF_PHASE_CLEAR || in->host_valid || in->rst ||
      c->host.pending_q | c->host.host_rvalid)
    step(c, in, out, true);
  else step_alone(c, in, out);
}

const sf_mirror sf_mirror_here = {sf_core_new, sf_core_free, sf_core_no_probe, sf_core_step, sf_core_state};
